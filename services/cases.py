"""Nonconformity cases (不合格品控制, §5.1.3): opened, taken, corrected, the customer told of it.

There is one case for an order and a source: what happens again is added to it, raises its grade
where the rules say so, and opens it anew where it was corrected already. Verification and closing
are not part of this module; a corrected case says that it still waits for them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from services import alerts, orders, reach, reveals, roster
from services.desk import Desk
from services.due import on_due
from services.errors import DomainError, NotYours
from services.messages import (
    Fact,
    Message,
    Moment,
    Rows,
    Saying,
    Word,
    do,
    dump_message,
    load_message,
    say,
)
from services.rules import grades
from services.rules.grades import CaseSource, Grade
from services.rules.hours import alert_time
from storage import cases as store
from storage import centres, deadlines, people
from storage.records import Case, CaseState, Deadline, Order, Person, Role

WORKERS = (Role.CS, Role.CONTROL, Role.SUPERVISOR, Role.HEAD)
"""Who may take a case of their centre: everybody to whom its first alert may be passed up."""

SUPERIORS = (Role.SUPERVISOR, Role.HEAD)

UNTOUCHED = "case.untouched"
UNCORRECTED = "case.uncorrected"

FACTS_SHOWN = 8

DISPOSITIONS = ("redo", "repair", "apology", "fee-reduction", "compensation", "concession")
"""What may be done about a nonconformity (§3.4 of the procedure)."""


class CaseStep(StrEnum):
    """What can happen to a case; one line of its history each."""

    OPENED = "opened"
    REPEATED = "repeated"
    RAISED = "raised"
    REOPENED = "reopened"
    NOTED = "noted"
    TAKEN = "taken"
    CORRECTED = "corrected"
    TOLD = "told"
    ESCALATED = "escalated"


class CaseTaken(DomainError):
    """Somebody is dealing with the case already."""

    key = "no-case-taken"


class CaseNotTaken(DomainError):
    """Nobody has taken the case yet, so no result can be recorded."""

    key = "no-case-not-taken"


class CaseCorrected(DomainError):
    """What was done about the case is on record already."""

    key = "no-case-corrected"


@dataclass(frozen=True, slots=True)
class Home:
    """What a case is about where there is no order: a home that was visited for an agreement.

    `person_id` is the customer to be told; None where no chat of theirs is known.
    """

    centre_id: int
    room_id: int
    visit_id: int
    person_id: int | None = None


# Opening


def open_case(
    desk: Desk,
    about: Order | Home,
    source: CaseSource,
    facts: Message | None = None,
    *,
    by: int | None = None,
    loss_fen: int = 0,
    redo: timedelta = timedelta(0),
) -> Case:
    """A nonconformity has come up (§5.1.3): its case, new or known.

    Customer service and their superior are alerted at once, for a serious case the head and the
    business department too. `facts` says what happened, in words every listener gets in their
    own language; `by` is who noticed. A repeat of the same source adds to the case there is.
    """
    known = _known(desk, about, source)
    if known is not None:
        grade = grades.grade_of(source, earlier_dissatisfied=True, loss_fen=loss_fen, redo=redo)
        return _repeat(desk, known, grade, facts, by)
    grade = grades.grade_of(source, loss_fen=loss_fen, redo=redo)
    case = store.add(desk.connection, _new_case(desk, about, source, grade))
    _record(desk, case, CaseStep.OPENED, by, facts)
    _expect(desk, case)
    _alert(desk, case)
    return case


def _known(desk: Desk, about: Order | Home, source: CaseSource) -> Case | None:
    if isinstance(about, Home):
        known = store.of_visit(desk.connection, about.visit_id)
        return next((case for case in known if case.source == source), None)
    orders.load(desk, about.id)  # its lock makes two discoverers open one case
    return case_about(desk, about.id, source)


def _new_case(desk: Desk, about: Order | Home, source: CaseSource, grade: Grade) -> Case:
    zone = desk.zone(about.centre_id)
    day = desk.now.astimezone(zone).strftime("%y%m%d")
    return Case(
        id=0,
        number=f"C{centres.next_number(desk.connection, about.centre_id, day)}",
        centre_id=about.centre_id,
        order_id=about.id if isinstance(about, Order) else None,
        room_id=about.room_id,
        visit_id=about.visit_id if isinstance(about, Home) else None,
        person_id=about.person_id,
        source=source,
        grade=grade,
        state=CaseState.OPENED,
        opened_at=desk.now,
        correct_by=grades.correct_by(grade, desk.now, zone),
        verify_by=grades.verify_by(grade, desk.now, zone),
        handler_id=_first_handler(desk, about.centre_id),
        taken_at=None,
        correction="",
        disposition=None,
        corrected_at=None,
        customer_told_at=None,
    )


def _first_handler(desk: Desk, centre_id: int) -> int | None:
    """Customer service on duty with the fewest unsolved cases; else a supervisor, else up."""
    lines = (
        roster.on_duty(desk, centre_id, Role.CS)
        or roster.on_duty(desk, centre_id, Role.SUPERVISOR)
        or roster.reach(desk, centre_id, (Role.CS, Role.SUPERVISOR))
    )
    burdens = store.burdens(desk.connection, centre_id)
    ids = [line.person_id for line in lines]
    return min(ids, key=lambda one: burdens.get(one, 0), default=None)


def _repeat(desk: Desk, case: Case, grade: Grade, facts: Message | None, by: int | None) -> Case:
    """The same thing again: a line in the history, perhaps a higher grade, perhaps all anew."""
    _record(desk, case, CaseStep.REPEATED, by, facts)
    raised = _rank(grade) > _rank(Grade(case.grade))
    if raised:
        case = _raise(desk, case, grade)
    if case.state is CaseState.CORRECTED:
        case = _reopen(desk, case)
    elif not raised:
        alerts.refresh(desk, matter(case), card(desk, case))
        return case
    _alert(desk, case)
    return case


def _rank(grade: Grade) -> int:
    return list(Grade).index(grade)


def _raise(desk: Desk, case: Case, grade: Grade) -> Case:
    """A higher grade never makes what was due earlier due later."""
    zone = desk.zone(case.centre_id)
    raised = store.change(
        desk.connection,
        case,
        grade=grade,
        correct_by=min(case.correct_by, grades.correct_by(grade, desk.now, zone)),
    )
    _record(desk, raised, CaseStep.RAISED, None)
    return raised


def _reopen(desk: Desk, case: Case) -> Case:
    """What was done did not help: the case is to be taken and corrected anew."""
    zone = desk.zone(case.centre_id)
    grade = Grade(case.grade)
    anew = store.change(
        desk.connection,
        case,
        state=CaseState.OPENED,
        correct_by=grades.correct_by(grade, desk.now, zone),
        verify_by=grades.verify_by(grade, desk.now, zone),
        taken_at=None,
        correction="",
        disposition=None,
        corrected_at=None,
        customer_told_at=None,
    )
    _record(desk, anew, CaseStep.REOPENED, None)
    _expect(desk, anew)
    return anew


def _expect(desk: Desk, case: Case) -> None:
    """The second and third step of the ladder (§3.5): untouched to the head, then business."""
    untouched, uncorrected = desk.standard(case.centre_id).dissatisfied_steps
    kinds = (UNTOUCHED, UNCORRECTED)
    version = deadlines.newest_version(desk.connection, case.id, kinds) + 1
    for kind, after in zip(kinds, (untouched, uncorrected), strict=True):
        deadlines.add(
            desk.connection, kind, case.id, desk.now + after, at=desk.now, version=version
        )


def _alert(desk: Desk, case: Case) -> None:
    """At once, whatever the hour (§5.1.3); by night only a serious case makes a sound."""
    serious = Grade(case.grade) is Grade.SERIOUS
    face = card(desk, case)
    hours = desk.standard(case.centre_id).staff_alert_hours
    by_day = alert_time(desk.now, hours, desk.zone(case.centre_id)) <= desk.now
    if not serious and not by_day:
        face = face.quietly()
    roles = [Role.CS, Role.SUPERVISOR]
    if serious:
        roles += [Role.HEAD, Role.BUSINESS]
    alerts.alert(desk, case.centre_id, roles, face, matter(case))


def note_fact(
    desk: Desk, about: Order | Home, source: CaseSource, facts: Message, by: int | None
) -> None:
    """Something more is known about a case (the reason, a change of mind); alerts show it too."""
    case = _known(desk, about, source)
    if case is not None:
        _record(desk, case, CaseStep.NOTED, by, facts)
        alerts.refresh(desk, matter(case), card(desk, case))


# Working on it


def take(desk: Desk, case_id: int, person: Person) -> Case:
    """我来处理: the first to press has it; the customer hears who is looking after it.

    Raises:
        NotYours: not customer service, control centre, supervisor or head of this centre.
        CaseTaken: a colleague has it. CaseCorrected: it is done.
    """
    case = _for_worker(desk, case_id, person)
    if case.state is CaseState.CORRECTED:
        raise _corrected(desk, case)
    if case.state is CaseState.TAKEN:
        if case.handler_id == person.id:
            return case
        raise _taken(desk, case)
    taken = store.change(
        desk.connection, case, state=CaseState.TAKEN, handler_id=person.id, taken_at=desk.now
    )
    _record(desk, taken, CaseStep.TAKEN, person.id)
    deadlines.drop(desk.connection, case.id, [UNTOUCHED], at=desk.now)
    order = _order(desk, taken)
    who = orders.staff_name(desk, person.id)
    looked_after = say("case-owner-taken", number=order.number, title=orders.title(order), who=who)
    desk.tell(order.person_id, looked_after, matter=f"order:{order.id}")
    alerts.refresh(desk, matter(taken), card(desk, taken), besides=[person.id])
    return taken


def to_correct(desk: Desk, case_id: int, person: Person) -> Case:
    """The case, for whoever may now record what was done: its handler, or a superior.

    Raises:
        NotYours, CaseNotTaken, CaseTaken (a colleague's), CaseCorrected.
    """
    case = _for_worker(desk, case_id, person)
    if case.state is CaseState.CORRECTED:
        raise _corrected(desk, case)
    if case.state is CaseState.OPENED:
        raise CaseNotTaken(number=case.number, rows=((do("case.take", case.id),),))
    if not _may_record(desk, case, person):
        raise _taken(desk, case)
    return case


def correct(desk: Desk, case_id: int, person: Person, disposition: str, words: str) -> Case:
    """Record what was done; the customer is told it in these words (§5.4.2).

    Whom no chat reaches now has not been told by this: the case asks for a telephone call.

    Raises:
        As `to_correct`.
    """
    case = to_correct(desk, case_id, person)
    order = _order(desk, case)
    told_at = desk.now if reach.of_customer(desk, order) is None else None
    done = store.change(
        desk.connection,
        case,
        state=CaseState.CORRECTED,
        disposition=disposition,
        correction=words,
        corrected_at=desk.now,
        customer_told_at=told_at,
    )
    _record(desk, done, CaseStep.CORRECTED, person.id, _result(done))
    deadlines.drop(desk.connection, case.id, [UNCORRECTED], at=desk.now)
    if told_at is not None:
        _record(desk, done, CaseStep.TOLD, person.id)
        result = say("case-owner-result", number=order.number, title=orders.title(order))
        result = result.line("case-owner-done", disposition=_disposition(done), words=words)
        about = f"order:{order.id}"
        desk.tell(order.person_id, result, matter=about, by_phone=True, essential=True)
    alerts.refresh(desk, matter(done), card(desk, done), besides=[person.id])
    return done


def told(desk: Desk, case_id: int, person: Person) -> Case:
    """The customer, whom no chat could reach, was told the result by telephone.

    Raises:
        NotYours, CaseTaken (a colleague's), CaseNotTaken (nothing was recorded to be told).
    """
    case = _for_worker(desk, case_id, person)
    if not _may_record(desk, case, person):
        raise _taken(desk, case)
    if case.state is not CaseState.CORRECTED:
        raise CaseNotTaken(number=case.number)
    if case.customer_told_at is None:
        case = store.change(desk.connection, case, customer_told_at=desk.now)
        _record(desk, case, CaseStep.TOLD, person.id)
        alerts.refresh(desk, matter(case), card(desk, case), besides=[person.id])
    return case


def _taken(desk: Desk, case: Case) -> CaseTaken:
    return CaseTaken(rows=(), **_where_it_stands(desk, case))


def _corrected(desk: Desk, case: Case) -> CaseCorrected:
    return CaseCorrected(rows=(), **_where_it_stands(desk, case))


def _for_worker(desk: Desk, case_id: int, person: Person) -> Case:
    case = store.get(desk.connection, case_id)
    if case is None or not _works_in(desk, case.centre_id, person, WORKERS):
        raise NotYours
    return case


def _works_in(desk: Desk, centre_id: int, person: Person, wanted: Sequence[Role]) -> bool:
    """Whether the person holds one of the roles in this very centre."""
    lines = roster.with_roles(desk, centre_id, wanted)
    return person.id in {line.person_id for line in lines}


def _may_record(desk: Desk, case: Case, person: Person) -> bool:
    return case.handler_id == person.id or _works_in(desk, case.centre_id, person, SUPERIORS)


# When nobody does


@on_due(UNTOUCHED)
def untouched(desk: Desk, deadline: Deadline) -> None:
    """Two hours and nobody has taken it: the head hears of it (§3.5)."""
    case = store.get(desk.connection, deadline.subject_id)
    if case is None or case.state is not CaseState.OPENED or _is_uncorrected(desk, case):
        return
    _escalate(desk, case, deadline, 0, "case-untouched")


@on_due(UNCORRECTED)
def uncorrected(desk: Desk, deadline: Deadline) -> None:
    """Twenty-four hours and nothing on record: the business department hears of it (§3.5)."""
    case = store.get(desk.connection, deadline.subject_id)
    if case is not None and case.state in store.UNSOLVED:
        _escalate(desk, case, deadline, 1, "case-uncorrected")


def _is_uncorrected(desk: Desk, case: Case) -> bool:
    """After an outage the latest stage speaks alone (§3.5)."""
    last = deadlines.of_subject(desk.connection, case.id, [UNCORRECTED])
    return bool(last) and last[-1].due_at <= desk.now


def _escalate(desk: Desk, case: Case, deadline: Deadline, step: int, key: str) -> None:
    serious = Grade(case.grade) is Grade.SERIOUS
    if not serious and roster.staff_hours_put_off(desk, case.centre_id, deadline.kind, case.id):
        return
    face = card(desk, case)
    opened = Moment(case.opened_at, desk.centre(case.centre_id).zone)
    head = Saying(key, {"number": case.number, "at": opened})
    alarm = Message((head, *face.parts), face.rows)
    told = desk.standard(case.centre_id).dissatisfied_tell[step]
    roles = roster.roles_of(told)
    alerts.alert(desk, case.centre_id, roles, alarm, matter(case))
    _record(desk, case, CaseStep.ESCALATED, None)


# Looking at it


def matter(case: Case) -> str:
    """What messages about the case are filed under; also the name of its card."""
    return f"case:{case.id}"


def case_about(desk: Desk, order_id: int, source: CaseSource) -> Case | None:
    """The case of this source about the order, if there is one, locked for this unit."""
    known = store.of_order(desk.connection, order_id)
    found = next((case for case in known if case.source == source), None)
    return store.get(desk.connection, found.id) if found else None


def show(desk: Desk, case_id: int, person: Person) -> Message:
    """The case's card for one of the desk, with what this person can do now.

    Raises:
        NotYours: neither staff of the centre's desk nor the business department.
    """
    case = store.get(desk.connection, case_id)
    if case is None or not orders.serves(desk, person, case.centre_id, *orders.DESK_ROLES):
        raise NotYours
    return card(desk, case, person)


def card(desk: Desk, case: Case, viewer: Person | None = None) -> Message:
    """How the case stands; without a viewer it offers only what the whole desk may press."""
    order = _order(desk, case)
    face = say(
        "case-head",
        number=case.number,
        grade=Word(f"grade-{case.grade}"),
        source=Word(f"case-source-{case.source}".replace("_", "-")),
    )
    face = face.line(
        "case-order",
        number=order.number,
        title=orders.title(order),
        place=order.place,
        owner=order.contact_name,
    )
    worker = orders.technician_name(desk, order)
    face = face.line("case-technician", who=worker) if worker else face
    for event in store.history(desk.connection, case.id)[-FACTS_SHOWN:]:
        if event.facts and event.what != CaseStep.CORRECTED:
            parts = load_message(event.facts).parts
            face = Message((*face.parts, *parts))
    face = _state_lines(desk, case, face)
    for row in _steps(desk, case, order, viewer):
        face = face.row(*row)
    return face.as_card(matter(case))


def _state_lines(desk: Desk, case: Case, face: Message) -> Message:
    zone = desk.centre(case.centre_id).zone
    facts = _where_it_stands(desk, case)
    facts["due"] = Moment(case.correct_by, zone)
    if case.state is not CaseState.CORRECTED:
        return face.line(f"case-is-{case.state}", **facts)
    result = _result(case).parts
    face = Message((*face.parts, *result)).line("case-is-corrected", **facts)
    if case.customer_told_at is None:
        face = face.line("case-tell-by-phone")
    else:
        face = face.line("case-customer-told", at=Moment(case.customer_told_at, zone))
    if case.verify_by is None:
        return face
    return face.line("case-awaits-verification", at=Moment(case.verify_by, zone))


def _where_it_stands(desk: Desk, case: Case) -> dict[str, Fact]:
    """The facts of a polite true answer: which case, who has it, since when."""
    since = case.corrected_at or case.taken_at or case.opened_at
    handler = case.handler_id
    return {
        "number": case.number,
        "who": orders.staff_name(desk, handler) if handler else Word("case-nobody"),
        "at": Moment(since, desk.centre(case.centre_id).zone),
    }


def _result(case: Case) -> Message:
    return say("case-result", disposition=_disposition(case), words=case.correction)


def _disposition(case: Case) -> Word:
    return Word(f"disposition-{case.disposition}")


def _steps(desk: Desk, case: Case, order: Order, viewer: Person | None) -> Rows:
    if case.state is CaseState.OPENED:
        return ((do("case.take", case.id),),)
    if viewer is None or not _may_record(desk, case, viewer):
        return ()
    ways = _ways_to_reach(desk, order, viewer)
    if case.state is CaseState.TAKEN:
        return ((do("case.correct", case.id),), *ways)
    return () if case.customer_told_at else ((do("case.told", case.id),), *ways)


def _ways_to_reach(desk: Desk, order: Order, viewer: Person) -> Rows:
    if reach.of_customer(desk, order) is None:
        return ((do("talk.customer", order.id),),)
    may_call = reveals.may_see(desk, order.centre_id, viewer)
    return ((do("order.reveal", order.id),),) if may_call else ()


def _order(desk: Desk, case: Case) -> Order:
    if case.order_id is None:
        raise LookupError(f"case {case.id} is about no order")
    return orders.load(desk, case.order_id)


def _record(
    desk: Desk, case: Case, step: CaseStep, by: int | None, facts: Message | None = None
) -> None:
    stored = dump_message(facts) if facts else ""
    store.record(desk.connection, case.id, desk.now, step, by, stored)


# The list of what is to be done (待办)


def todo(desk: Desk, person: Person) -> list[Case]:
    """What waits in the person's centres: unsolved cases, the soonest due first, then calls."""
    centre_ids = _centres_of(desk, person)
    unsolved = [case for one in centre_ids for case in store.unsolved_in(desk.connection, one)]
    untold = [case for one in centre_ids for case in store.untold_in(desk.connection, one)]
    return sorted(unsolved, key=lambda case: (case.correct_by, case.id)) + untold


def _centres_of(desk: Desk, person: Person) -> list[int]:
    lines = people.staff_of(desk.connection, person.id)
    return [line.centre_id for line in lines if set(WORKERS) & set(line.roles)]
