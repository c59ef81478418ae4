"""Return visits (回访, §5.4.2): what one is about, what the household answers, and how it ends.

Who is drawn is the affair of `samples`, asking in chat of `questionnaires`, visiting in person of
`visiting`; all of them write down here. Two answers only, satisfied and dissatisfied; silence is
none.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from services import cases, orders, residents
from services.cases import Home
from services.desk import Desk
from services.due import minute_of
from services.errors import DomainError, NotFound
from services.messages import Message, Moment, Word, say
from services.rules import questionnaires as rules
from services.rules.grades import CaseSource
from services.visits import visitors
from storage import deadlines
from storage import visits as store
from storage.records import Deadline, Order, Person, Resident, Visit, VisitState

ASK = "visit.ask"
"""The deadline at which a drawn household is asked in chat, or becomes a person's task."""

NAMED = "visit.named"
"""The deadline, one a centre for a few minutes, at which visitors hear what waits for them."""

REPLACE = "visit.replace"
"""Due at once where a drawn household gave no answer: another of its stratum takes its place."""


class VisitOver(DomainError):
    """The visit has its answer, or is over: nothing more is asked."""

    key = "no-visit-over"


def load(desk: Desk, visit_id: int) -> Visit:
    """The visit, locked for this unit.

    Raises:
        NotFound: there is none.
    """
    visit = store.get(desk.connection, visit_id)
    if visit is None:
        raise NotFound
    return visit


def matter(visit: Visit) -> str:
    """What messages about the visit are filed under; also the name of its card."""
    return f"visit:{visit.id}"


def plan_to_ask(desk: Desk, centre_id: int, visit_ids: Sequence[int], first_at: datetime) -> None:
    """From an instant on these drawn households are asked, one by one, each at its time (§3.6)."""
    places = rules.places(first_at, desk.standard(centre_id), desk.zone(centre_id))
    dues = list(zip(visit_ids, places, strict=False))
    deadlines.add_each(desk.connection, ASK, dues, at=desk.now)


def put_off(desk: Desk, deadline: Deadline, at: datetime) -> None:
    """What is due about a visit waits until an instant, and from then on for its place.

    After an outage, or at the end of quiet hours, thousands may wait: neither the sweep nor a
    platform can take them at once without keeping an alert waiting.
    """
    due_at = rules.place_after(at, deadline.subject_id)
    version = minute_of(due_at)
    deadlines.add(
        desk.connection, deadline.kind, deadline.subject_id, due_at, at=desk.now, version=version
    )


def is_open(visit: Visit) -> bool:
    """Whether anything is still to be done about it."""
    return visit.state in store.OPEN


def order_of(desk: Desk, visit: Visit) -> Order | None:
    """The service it asks about; None for an agreement under which nothing is on record yet."""
    return orders.load(desk, visit.order_id) if visit.order_id is not None else None


def subject(desk: Desk, visit: Visit) -> Message:
    """Which service it asks about, as the household knows it: what, when, and who came."""
    order = order_of(desk, visit)
    if order is None:
        return say("visit-about-agreement")
    day = Moment(order.finished_at or order.reported_at, desk.centre(visit.centre_id).zone, "day")
    about_it = say("visit-about", number=order.number, title=orders.title(order), at=day)
    who = orders.technician_name(desk, order)
    return about_it.line("visit-about-who", who=who) if who else about_it


def household(desk: Desk, visit: Visit) -> list[Resident]:
    """Who lives in the home today, as the roll has it."""
    return residents.living_in(desk, visit.centre_id, visit.room_id)


def line_of(desk: Desk, visit: Visit, person: Person) -> Resident | None:
    """The line of the roll by which the person lives in that home today; None where they do not."""
    return next((one for one in household(desk, visit) if one.person_id == person.id), None)


# Answers


def answer(
    desk: Desk,
    visit: Visit,
    *,
    satisfied: bool,
    by: int,
    respondent_id: int | None,
    **changes: object,
) -> Visit:
    """What the household says (§5.4.2). A dissatisfied answer opens its case in this very unit.

    Given again after a change of mind or a dispute it is the same answer, and no second one of
    the job (§3.4): its case hears of it and becomes no graver.

    `by` is who presses; `respondent_id` whose answer it is, None where no chat is known.
    `changes` are stored with it (its end, its method). An answer that is changed keeps its time.
    """
    answered = store.change(
        desk.connection,
        visit,
        satisfied=satisfied,
        answered_at=visit.answered_at or desk.now,
        respondent_id=respondent_id,
        **changes,
    )
    return answered if satisfied else _complained(desk, answered, by)


def _complained(desk: Desk, visit: Visit, by: int) -> Visit:
    at = Moment(desk.now, desk.centre(visit.centre_id).zone)
    fact = say("case-fact-visit-dissatisfied", at=at)
    if visit.complained_at is not None:
        cases.note_fact(desk, about(desk, visit), CaseSource.DISSATISFIED, fact, by)
        return visit
    cases.open_case(desk, about(desk, visit), CaseSource.DISSATISFIED, fact, by=by)
    return store.change(desk.connection, visit, complained_at=desk.now)


def about(desk: Desk, visit: Visit) -> Order | Home:
    """What a case that comes of the visit is about."""
    order = order_of(desk, visit)
    if order is not None:
        return order
    known = [line.person_id for line in household(desk, visit) if line.person_id is not None]
    customer = visit.respondent_id or next(iter(known), None)
    return Home(visit.centre_id, visit.room_id, visit.id, customer)


def give_reason(desk: Desk, visit: Visit, reason: str, words: str, by: int) -> Visit:
    """Why they are dissatisfied: one of `ratings.REASONS`, and their own words."""
    told = store.change(desk.connection, visit, dislike=reason, dislike_words=words)
    fact = say("case-fact-reason", reason=Word(f"rating-because-{reason}"))
    fact = fact.line_if(words, "case-fact-words", words=words)
    cases.note_fact(desk, about(desk, told), CaseSource.DISSATISFIED, fact, by)
    return told


def give_opinion(desk: Desk, visit: Visit, opinion: str, by: int) -> Visit:
    """What they think of the centre's other work (§5.4.2)."""
    told = store.change(desk.connection, visit, opinion=opinion)
    fact = say("case-fact-opinion", words=opinion)
    cases.note_fact(desk, about(desk, told), CaseSource.DISSATISFIED, fact, by)
    return told


def done(desk: Desk, visit: Visit, **changes: object) -> Visit:
    """It ends with a recorded answer, which alone fulfils a sample (reading 5)."""
    ended = store.change(
        desk.connection, visit, state=VisitState.DONE, ended_at=desk.now, **changes
    )
    close_in_chat(desk, ended, "visit-card-answered")
    return ended


def end_unanswered(desk: Desk, visit: Visit, state: VisitState) -> Visit:
    """It ends REFUSED or SILENT, which stays on record; in a sample another takes its place."""
    ended = store.change(desk.connection, visit, state=state, ended_at=desk.now)
    close_in_chat(desk, ended, "visit-card-over")
    if visit.sample_id is not None:
        deadlines.add(desk.connection, REPLACE, visit.id, desk.now, at=desk.now)
    return ended


def close_in_chat(desk: Desk, visit: Visit, key: str) -> None:
    """Whoever was asked in chat sees that nothing is left to answer; what waits never comes."""
    if visit.asked_id is not None:
        face = subject(desk, visit).line(key).as_card(matter(visit))
        desk.close(visit.asked_id, face)


def hand_over(desk: Desk, visit: Visit, why: str) -> Visit:
    """A person visits now, and who is named (§5.4.2); `why` is a word of ours (`visit-why-…`)."""
    handed = store.change(
        desk.connection,
        visit,
        state=VisitState.TASK,
        task_since=desk.now,
        task_why=why,
        visitor_id=visit.visitor_id or visitors.first(desk, visit),
    )
    standard, zone = desk.standard(visit.centre_id), desk.zone(visit.centre_id)
    tell_at = rules.told_at(desk.now, standard, zone)
    version = minute_of(tell_at)
    deadlines.add(desk.connection, NAMED, visit.centre_id, tell_at, at=desk.now, version=version)
    return handed
