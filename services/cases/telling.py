"""The customer and their case (§5.4.2): who looks after it, what was done, whether it is settled.

Two answers only. 没解决 is a second dissatisfied answer on one job: the case is serious and opened
anew (§3.4). Silence is none, and holds up nothing.
"""

from __future__ import annotations

from services import orders, residents, reveals
from services.cases import dues, face, hands, life
from services.cases.casebook import (
    CaseNotTaken,
    CaseStep,
    NothingToExplain,
    NothingToSettle,
    barrier_to,
    customer_of,
    household_of,
    matter,
    order_of,
    place_of,
    record,
    save,
)
from services.cases.opening import open_anew, raise_to
from services.desk import Desk
from services.due import on_due
from services.errors import NotFound, NotYours
from services.messages import Fact, Message, Moment, Word, do, say
from services.reveals import NumberClosed
from services.rules.grades import Grade
from storage import cases as store
from storage.records import Case, Deadline, Person, Resident

UNREACHED = "settle.unreached"
"""Due at once where no chat could carry a result (see `storage.outbox.has_own_way`)."""

# What we tell


def tell_taken(desk: Desk, case: Case, who: str) -> None:
    """The customer hears who is looking after it."""
    key, facts = _subject(desk, case, "case-owner-taken")
    desk.tell(customer_of(desk, case), say(key, **facts, who=who), matter=_filed_under(case))


def tell_result(desk: Desk, case: Case, by: int) -> Case:
    """What was done, and the question whether it is settled; whom no chat reaches is not told.

    For them the case goes on to ask for a telephone call.
    """
    if barrier_to(desk, case) is not None:
        return case
    told = save(desk, life.told(case, desk.now), CaseStep.TOLD, by)
    question = result_card(desk, told).as_card(_card_of(told), fresh=True)
    desk.tell(
        customer_of(desk, told),
        question,
        matter=_card_of(told),
        by_phone=True,
        essential=True,
    )
    return told


@on_due(UNREACHED)
def unreached(desk: Desk, deadline: Deadline) -> None:
    """It went out, and no chat has carried it: it was not told, and somebody calls (§5.4.2)."""
    case = store.get(desk.connection, deadline.subject_id)
    told_at = case.customer_told_at if case is not None else None
    if case is None or case.settled or told_at is None or deadline.due_at < told_at:
        return
    untold = save(desk, life.untold(case), CaseStep.RETURNED, None)
    dues.expect_call(desk, untold)
    face.refresh(desk, untold)


def result_card(desk: Desk, case: Case) -> Message:
    """What the customer sees of the case, with what they may answer now."""
    key, facts = _subject(desk, case, "case-owner-result")
    message = say(key, **facts)
    message = message.line(
        "case-owner-done", disposition=face.disposition(case), words=case.correction
    )
    if case.settled:
        message = message.line("case-owner-settled")
    else:
        message = message.line("case-owner-ask")
        message = message.row(do("settle.yes", case.id), do("settle.no", case.id))
    return message.as_card(_card_of(case))


def sorry_card(desk: Desk, case: Case, *, explained: bool = False) -> Message:
    """What the customer sees once they have said that it is not settled.

    A word on why helps whoever deals with it; nobody has to give one.
    """
    key, facts = _subject(desk, case, "case-owner-unsettled")
    face = say(key, **facts)
    face = face.line("case-owner-explained") if explained else face.row(do("settle.why", case.id))
    return face.as_card(_card_of(case))


def _subject(desk: Desk, case: Case, key: str) -> tuple[str, dict[str, Fact]]:
    """These words as they are said of an order or of a home, and how it is named to its people."""
    order = order_of(desk, case)
    about = Word(f"case-about-{case.source}".replace("_", "-"))
    if order is None:
        return f"{key}-home", {"place": place_of(desk, case), "about": about}
    return key, {"number": order.number, "title": orders.title(order), "about": about}


def _filed_under(case: Case) -> str:
    return matter(case) if case.order_id is None else f"order:{case.order_id}"


def _card_of(case: Case) -> str:
    return f"settle:{case.id}"


def _is_told(desk: Desk, case: Case, by: int) -> Case:
    if not life.is_untold(case):
        return case
    dues.drop(desk, case, dues.UNTOLD)
    return save(desk, life.told(case, desk.now), CaseStep.TOLD, by)


# What they answer


def settle(desk: Desk, case_id: int, person: Person, *, is_settled: bool) -> Case:
    """已解决 or 没解决, by somebody of the household.

    Raises:
        NotYours: not of this household. NothingToSettle: it is being dealt with.
    """
    case = _for_household(desk, case_id, person)
    if not life.is_solved(case):
        raise NothingToSettle(rows=((do("talk.start"),),))
    known = _is_told(desk, case, person.id)  # whoever answers has read it, lost or not
    return _answered(desk, known, person, is_settled=is_settled)


def to_explain(desk: Desk, case_id: int, person: Person) -> Case:
    """The case, for somebody of the household who may say what is not settled.

    Raises:
        NotYours: not of this household. NothingToExplain: it is settled, or there is a new result.
    """
    case = _for_household(desk, case_id, person)
    steps = [event.what for event in store.history(desk.connection, case.id)]
    if life.is_solved(case) or CaseStep.UNSETTLED not in steps:
        raise NothingToExplain(rows=((do("talk.start"),),))
    return case


def explain(desk: Desk, case_id: int, person: Person, words: str) -> Case:
    """What is not settled, in their own words; whoever deals with it reads them.

    Raises:
        As `to_explain`.
    """
    case = to_explain(desk, case_id, person)
    record(desk, case, CaseStep.NOTED, person.id, say("case-fact-words", words=words))
    face.refresh(desk, case)
    return case


def _for_household(desk: Desk, case_id: int, person: Person) -> Case:
    case = store.get(desk.connection, case_id)
    if case is None or not _is_of_household(desk, case, person):
        raise NotYours
    return case


def _is_of_household(desk: Desk, case: Case, person: Person) -> bool:
    order = order_of(desk, case)
    if person.id == case.person_id or (order and orders.is_resident_of(desk, order, person)):
        return True
    homes = residents.homes(desk, person) if order is None else []
    return case.room_id in {home.room.id for home in homes}


def told(desk: Desk, case_id: int, person: Person, *, is_settled: bool | None = None) -> Case:
    """The customer was told the result by telephone; `is_settled` is what they said of it, if any.

    Whoever of the desk makes the call records it.

    Raises:
        NotYours: not of the centre's desk. CaseNotTaken: nothing was recorded to be told.
    """
    case = hands.for_worker(desk, case_id, person)
    if not life.is_solved(case):
        raise CaseNotTaken(number=case.number)
    case = _is_told(desk, case, person.id)
    if is_settled is not None:
        return _answered(desk, case, person, is_settled=is_settled)
    return _shown(desk, close_where_done(desk, case), person)


def _answered(desk: Desk, case: Case, person: Person, *, is_settled: bool) -> Case:
    at = Moment(desk.now, desk.centre(case.centre_id).zone)
    if not is_settled:
        record(desk, case, CaseStep.UNSETTLED, person.id, say("case-fact-unsettled", at=at))
        return open_anew(desk, raise_to(desk, case, Grade.SERIOUS))
    if not case.settled:
        case = save(desk, life.settled(case, desk.now), CaseStep.SETTLED, person.id)
    return _shown(desk, close_where_done(desk, case), person)


def _shown(desk: Desk, case: Case, person: Person) -> Case:
    face.refresh(desk, case, besides=person.id)
    return case


def close_where_done(desk: Desk, case: Case) -> Case:
    """The end of the case, where it is verified and the customer told (§3.4)."""
    closed = life.closed(case, desk.now)
    return case if closed == case else save(desk, closed, CaseStep.CLOSED, None)


# By telephone


def number_of(desk: Desk, case_id: int, person: Person) -> tuple[Case, Resident]:
    """Whom to call about a home without an order, with their full number; each time is logged.

    Raises:
        NotYours: not of the centre's customer service or control centre. NumberClosed: there is
        nothing left to call about (§3.11). NotFound: nobody on the roll lives there now.
    """
    case = store.get(desk.connection, case_id)
    if case is None or case.order_id or not reveals.may_see(desk, case.centre_id, person):
        raise NotYours
    if case.customer_told_at is not None:
        raise NumberClosed(number=case.number)
    household = household_of(desk, case)
    if not household:
        raise NotFound
    record(desk, case, CaseStep.REVEALED, person.id)
    return case, household[0]
