"""Working on a case (§5.4.2): taken, what was done recorded, cause and corrective action (§3.4)."""

from __future__ import annotations

from services import alerts, orders
from services.cases import dues, face, hands, life, telling
from services.cases.casebook import (
    CaseCorrected,
    CaseNotTaken,
    CaseStep,
    CaseTaken,
    NoActionAsked,
    matter,
    save,
    where_it_stands,
)
from services.desk import Desk
from services.messages import do
from storage.records import Case, CaseState, Person

DISPOSITIONS = ("redo", "repair", "apology", "fee-reduction", "compensation", "concession")
"""What may be done about a nonconformity (§3.4 of the procedure)."""


def take(desk: Desk, case_id: int, person: Person) -> Case:
    """我来处理: the first to press has it; the customer hears who is looking after it.

    Raises:
        NotYours: not customer service, control centre, supervisor or head of this centre.
        CaseTaken: a colleague has it. CaseCorrected: it is done.
    """
    case = hands.for_worker(desk, case_id, person)
    if life.is_solved(case):
        raise _corrected(desk, case)
    if case.state is CaseState.TAKEN:
        if case.handler_id == person.id:
            return case
        raise _taken(desk, case)
    taken = save(desk, life.taken(case, person.id, desk.now), CaseStep.TAKEN, person.id)
    dues.drop(desk, taken, dues.UNTOUCHED)
    telling.tell_taken(desk, taken, orders.staff_name(desk, person.id))
    alerts.join(desk, matter(taken), person.id)
    face.refresh(desk, taken, besides=person.id)
    return taken


def to_correct(desk: Desk, case_id: int, person: Person) -> Case:
    """The case, for whoever may now record what was done: its handler, or a superior.

    Raises:
        NotYours, CaseNotTaken, CaseTaken (a colleague's), CaseCorrected.
    """
    case = hands.for_worker(desk, case_id, person)
    if life.is_solved(case):
        raise _corrected(desk, case)
    return _for_recorder(desk, case, person)


def correct(desk: Desk, case_id: int, person: Person, disposition: str, words: str) -> Case:
    """Record what was done; the customer is told it in these words (§5.4.2).

    Whom no chat reaches now has not been told by this: the case asks for a telephone call.

    Raises:
        As `to_correct`.
    """
    case = to_correct(desk, case_id, person)
    case = life.corrected(case, disposition, words, desk.now)
    save(desk, case, CaseStep.CORRECTED, person.id, face.result(case))
    dues.drop(desk, case, dues.UNCORRECTED, dues.OVERDUE)
    dues.expect_verification(desk, case)
    case = telling.tell_result(desk, case, person.id)
    if life.is_untold(case):
        dues.expect_call(desk, case)
    face.refresh(desk, case, besides=person.id)
    return case


def to_act(desk: Desk, case_id: int, person: Person) -> Case:
    """The case, for whoever may now record its cause and corrective action.

    Raises:
        NotYours, CaseNotTaken, CaseTaken (a colleague's); NoActionAsked: none is, or it is there.
    """
    case = _for_recorder(desk, hands.for_worker(desk, case_id, person), person)
    if not life.waits_for_action(case):
        raise NoActionAsked(number=case.number)
    return case


def act(desk: Desk, case_id: int, person: Person, cause: str, action: str) -> Case:
    """Record why it came about and what keeps it from coming again (§3.4).

    Raises:
        As `to_act`.
    """
    case = to_act(desk, case_id, person)
    case = life.acted(case, cause, action, person.id, desk.now)
    save(desk, case, CaseStep.ACTED, person.id, face.action(case))
    dues.drop(desk, case, dues.UNPLANNED)
    face.refresh(desk, case, besides=person.id)
    return case


def _for_recorder(desk: Desk, case: Case, person: Person) -> Case:
    if case.state is CaseState.OPENED:
        raise CaseNotTaken(number=case.number, rows=((do("case.take", case.id),),))
    if not hands.may_record(desk, case, person):
        raise _taken(desk, case)
    return case


def _taken(desk: Desk, case: Case) -> CaseTaken:
    return CaseTaken(rows=(), **where_it_stands(desk, case))


def _corrected(desk: Desk, case: Case) -> CaseCorrected:
    return CaseCorrected(rows=(), **where_it_stands(desk, case))
