"""What the household says of a job (§5.1.3, §5.4.2): satisfied or not, on time or not, and why.

Two answers only (reading 24). A dissatisfied answer alerts customer service and their superior in
the very unit it is given in; the reason follows when it comes. Silence is kept as silence: it
never counts as satisfied. A question that no chat could carry was never asked.
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from services import cases, orders, reach, reworks
from services.desk import Desk
from services.due import minute_of, on_due
from services.errors import DomainError
from services.messages import Message, Moment, Word, do, say
from services.rules.grades import CaseSource
from services.rules.history import Step
from services.rules.hours import quiet_until
from storage import deadlines
from storage.records import Deadline, Order, OrderState, Person

REMIND = "rating.remind"
CLOSE = "rating.close"

REASONS = ("quality", "attitude", "late", "price", "hygiene", "other")
"""Why somebody may be dissatisfied; other words of their own count as "other"."""


class Answered(Protocol):
    """What a household has said of a job, at its end or at a return visit."""

    @property
    def satisfied(self) -> bool | None: ...
    @property
    def on_time(self) -> bool | None: ...


def result_word(answered: Answered) -> Word:
    """满意 or 不满意, as they answered."""
    return Word("rating-satisfied" if answered.satisfied else "rating-dissatisfied")


def timing_word(answered: Answered) -> Word:
    """准时 or 不准时, as they answered."""
    return Word("rating-on-time" if answered.on_time else "rating-late")


class AlreadyRated(DomainError):
    """The question has been answered; the answer may be changed only through 修改评价."""

    key = "no-already-rated"


class RatingSettled(DomainError):
    """The time to change the rating is over."""

    key = "no-rating-settled"


class RatingOver(DomainError):
    """The question was closed without an answer."""

    key = "no-rating-over"


class NotRated(DomainError):
    """A detail was given before the rating itself."""

    key = "no-not-rated"


# Asking


def ask(desk: Desk, order: Order) -> None:
    """Ask whoever ordered a finished job what they think of it, and remind them once (§3.6).

    The question comes with the status of their own job, so it does not wait for quiet hours to
    end. A caller without a chat is not asked: the question is closed at once, as not asked.
    """
    if order.person_id is None:
        _close(desk, order, "not-asked")
        return
    standard, zone = desk.standard(order.centre_id), desk.zone(order.centre_id)
    due = (order.finished_at or desk.now) + standard.rating_reminder_after
    at = quiet_until(due, standard.quiet_hours, zone)
    deadlines.add(desk.connection, REMIND, order.id, at, at=desk.now)
    desk.tell(order.person_id, card(desk, order), matter=f"order:{order.id}")


@on_due(REMIND)
def remind(desk: Desk, deadline: Deadline) -> None:
    """The one reminder; it waits for the end of quiet hours where it comes late.

    Whom the question has not reached is asked now; what still waits asks by itself.
    """
    order = orders.load(desk, deadline.subject_id)
    if not _is_open(order):
        return
    standard, zone = desk.standard(order.centre_id), desk.zone(order.centre_id)
    at = quiet_until(desk.now, standard.quiet_hours, zone)
    if at > desk.now:
        deadlines.add(desk.connection, REMIND, order.id, at, at=desk.now, version=minute_of(at))
        return
    closes_at = desk.now + standard.rating_closes_after_reminder
    deadlines.add(desk.connection, CLOSE, order.id, closes_at, at=desk.now)
    asked = _was_asked(desk, order)
    if asked is not None:
        _ask_again(desk, order, first=not asked)


def _ask_again(desk: Desk, order: Order, *, first: bool) -> None:
    """The question once more, or at last; only one that never came is worth a last message."""
    if first:
        again = card(desk, order)
    else:
        again = say("rate-reminder", number=order.number, title=orders.title(order))
        again = again.row(do("rate.yes", order.id), do("rate.no", order.id))
    desk.tell(
        order.person_id,
        again.as_card(_card(order), fresh=True),
        matter=f"order:{order.id}",
        essential=first,
    )


def _was_asked(desk: Desk, order: Order) -> bool | None:
    return reach.was_asked(desk, order.person_id, _card(order))


@on_due(CLOSE)
def close(desk: Desk, deadline: Deadline) -> None:
    """No answer in the time there was: recorded as no answer, never as satisfied.

    Where no question came to them, that is recorded instead: the household has left none open.
    """
    order = orders.load(desk, deadline.subject_id)
    if _is_open(order):
        _close(desk, order, "no-answer" if _was_asked(desk, order) else "not-reached")


def _close(desk: Desk, order: Order, why: str) -> None:
    closed = orders.change(desk, order, rating_closed_at=desk.now)
    orders.note(desk, closed, Step.RATING_CLOSED, None, reason=why)


def _is_open(order: Order) -> bool:
    return order.satisfied is None and order.rating_closed_at is None


# Answering


def answer(desk: Desk, order_id: int, person: Person, *, satisfied: bool) -> Order:
    """The first answer of somebody of the household (§5.1.3).

    Raises:
        NotYours: not of this household. OrderMoved: the job is not finished.
        AlreadyRated: there is an answer, which stays. RatingOver: the question is closed.
    """
    order = _of_household(desk, order_id, person)
    if order.rating_closed_at is not None:
        raise RatingOver(number=order.number, rows=((do("talk.start"),),))
    if order.satisfied is not None:
        raise _already(desk, order)
    deadlines.drop(desk.connection, order.id, [REMIND, CLOSE], at=desk.now)
    return _rate(desk, order, person, satisfied=satisfied, rated_at=desk.now)


def revise(desk: Desk, order_id: int, person: Person, *, satisfied: bool) -> Order:
    """A changed mind, within the time there is from the first answer (24 hours).

    Dissatisfied now opens a case as at first; satisfied now is noted with the case, which must be
    dealt with all the same.

    Raises:
        NotYours, OrderMoved, NotRated; AlreadyRated: that is the answer already.
        RatingSettled: the time is over.
    """
    order = changeable(desk, order_id, person)
    if order.satisfied is satisfied:
        raise _already(desk, order)
    changed = _rate(
        desk, order, person, satisfied=satisfied, dislike=None, dislike_words="", opinion=""
    )
    if satisfied:
        fact = say("case-fact-now-satisfied", at=_moment(desk, changed))
        cases.note_fact(desk, order, CaseSource.DISSATISFIED, fact, person.id)
    return changed


def _rate(desk: Desk, order: Order, person: Person, *, satisfied: bool, **changes: object) -> Order:
    rated = orders.change(desk, order, satisfied=satisfied, **changes)
    orders.note(
        desk, rated, Step.RATED, person.id, reason="satisfied" if satisfied else "dissatisfied"
    )
    if not satisfied:
        fact = say("case-fact-dissatisfied", at=_moment(desk, rated))
        cases.open_case(desk, rated, CaseSource.DISSATISFIED, fact, by=person.id)
    return rated


def answer_on_time(desk: Desk, order_id: int, person: Person, *, on_time: bool) -> Order:
    """准时 or 不准时, as the household felt it: a figure of its own, never a case by itself.

    Raises:
        As `revise`.
    """
    order = changeable(desk, order_id, person)
    if order.on_time is on_time:
        return order
    rated = orders.change(desk, order, on_time=on_time)
    orders.note(desk, rated, Step.RATED, person.id, reason="on-time" if on_time else "late")
    return rated


def give_reason(desk: Desk, order_id: int, person: Person, reason: str, words: str) -> Order:
    """Why somebody is dissatisfied (§5.4.2), added to the case that is open already.

    Raises:
        As `revise`; AlreadyRated: the answer is satisfied by now.
    """
    order = changeable(desk, order_id, person)
    if order.satisfied:
        raise _already(desk, order)
    told = orders.change(desk, order, dislike=reason, dislike_words=words)
    said = {"words": words} if words else {}
    orders.note(desk, told, Step.RATED, person.id, reason=f"because-{reason}", **said)
    fact = say("case-fact-reason", reason=Word(f"rating-because-{reason}"))
    fact = fact.line_if(words, "case-fact-words", words=words)
    cases.note_fact(desk, order, CaseSource.DISSATISFIED, fact, person.id)
    return told


def give_opinion(desk: Desk, order_id: int, person: Person, opinion: str) -> Order:
    """What somebody thinks of the centre's other work (§5.4.2).

    Raises:
        As `revise`.
    """
    order = changeable(desk, order_id, person)
    told = orders.change(desk, order, opinion=opinion)
    orders.note(desk, told, Step.RATED, person.id, reason="opinion", words=opinion)
    fact = say("case-fact-opinion", words=opinion)
    cases.note_fact(desk, order, CaseSource.DISSATISFIED, fact, person.id)
    return told


def changeable(desk: Desk, order_id: int, person: Person) -> Order:
    """The order, where this person may still change or complete its rating.

    Raises:
        NotYours, OrderMoved, RatingOver, NotRated, RatingSettled.
    """
    order = _of_household(desk, order_id, person)
    if order.rating_closed_at is not None:
        raise RatingOver(number=order.number, rows=((do("talk.start"),),))
    if order.satisfied is None:
        raise NotRated(number=order.number)
    if not _may_change(desk, order):
        raise RatingSettled(
            number=order.number, rating=result_word(order), rows=((do("talk.start"),),)
        )
    return order


def _of_household(desk: Desk, order_id: int, person: Person) -> Order:
    order = orders.for_resident(desk, order_id, person)
    orders.require_state(desk, order, OrderState.FINISHED)
    return order


def _may_change(desk: Desk, order: Order) -> bool:
    return may_be_changed(desk, order.centre_id, order.rated_at)


def may_be_changed(desk: Desk, centre_id: int, answered_at: datetime | None) -> bool:
    """Whether there is an answer, given so lately that a mistaken tap may be put right."""
    within = desk.standard(centre_id).rating_change_within
    return answered_at is not None and desk.now < answered_at + within


def _already(desk: Desk, order: Order) -> AlreadyRated:
    rows = ((do("rate.change", order.id),),) if _may_change(desk, order) else ()
    return AlreadyRated(number=order.number, rating=result_word(order), rows=rows)


def _moment(desk: Desk, order: Order) -> Moment:
    return Moment(desk.now, desk.centre(order.centre_id).zone)


# The card


def card(desk: Desk, order: Order) -> Message:
    """How the rating stands, with the questions that are open and the way to change it."""
    if order.satisfied is None:
        face = say("rate-ask", number=order.number, title=orders.title(order))
        if order.rating_closed_at is None:
            face = face.row(do("rate.yes", order.id), do("rate.no", order.id))
        return face.as_card(_card(order))
    key = "rate-kept-satisfied" if order.satisfied else "rate-kept-dissatisfied"
    face = say(key, number=order.number, title=orders.title(order))
    if order.dislike:
        face = face.line("rate-kept-reason", reason=Word(f"rating-because-{order.dislike}"))
    if order.on_time is not None:
        face = face.line("rate-kept-on-time", on_time=timing_word(order))
    if not _may_change(desk, order):
        return face.as_card(_card(order))
    if order.satisfied and order.on_time is None:
        face = face.line("rate-ask-on-time")
        face = face.row(do("rate.ontime", order.id), do("rate.late", order.id))
    if not order.satisfied and not order.dislike:
        face = face.row(do("rate.why", order.id))
    if not order.satisfied and reworks.may_report(desk, order):
        face = face.row(do("rework.start", order.id))
    return face.row(do("rate.change", order.id)).as_card(_card(order))


def change_card(desk: Desk, order_id: int, person: Person) -> Message:
    """修改评价: the question again, in its place.

    Raises:
        As `revise`.
    """
    order = changeable(desk, order_id, person)
    face = say("rate-change", number=order.number, rating=result_word(order))
    yes = do("rate.revise", order.id, "yes", label=do("rate.yes").saying)
    no = do("rate.revise", order.id, "no", label=do("rate.no").saying)
    return face.row(yes, no).row(do("rate.keep", order.id)).as_card(_card(order))


def keep_card(desk: Desk, order_id: int, person: Person) -> Message:
    """The rating as it is, after second thoughts about changing it.

    Raises:
        NotYours, OrderMoved.
    """
    return card(desk, _of_household(desk, order_id, person))


def _card(order: Order) -> str:
    return f"rate:{order.id}"
