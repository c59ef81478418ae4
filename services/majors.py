"""Large problems (大问题; reading 15): a technician proposes, a superior decides, one tells."""

from __future__ import annotations

from datetime import datetime

from services import alerts, cards, orders, promises, roster
from services.desk import Desk
from services.due import on_due
from services.errors import DomainError, NotYours
from services.messages import Fact, Message, Moment, Word, do, say
from services.rules.history import Step
from services.rules.hours import alert_time
from services.rules.response_times import JUST_AFTER, major_plan
from storage import deadlines
from storage import majors as store
from storage.orders import ON_SITE, OPEN_STATES
from storage.records import (
    Deadline,
    MajorClaim,
    Order,
    Person,
    RequestState,
    Role,
    Size,
)

DECIDERS = (Role.SUPERVISOR, Role.HEAD)
"""Who decides, and in which order they are asked."""

ANSWERERS = (Role.CS, Role.SUPERVISOR, Role.HEAD)
"""Who may answer the owner besides the technician: a person; an automatic reply is none."""

REVIEW = "major.review"
LAPSE = "major.lapse"


class NoMajor(DomainError):
    """Only a minor repair, with its technician on site, can turn out to be a large problem."""

    key = "no-major-here"


class MajorTooLate(DomainError):
    """The first 24 hours are over: it stays a minor repair."""

    key = "no-major-too-late"


class MajorPending(DomainError):
    """The same is proposed already and waits for a decision."""

    key = "no-major-pending"


class MajorDecided(DomainError):
    """Somebody (or the end of the 24 hours) has decided already."""

    key = "no-major-decided"


class MajorAnswered(DomainError):
    """The owner has been answered already."""

    key = "no-major-answered"


def limit(desk: Desk, order: Order) -> datetime:
    """Until when it may be proposed and approved: the first 24 hours of the report."""
    return order.reported_at + promises.promised(desk, order).minor_within


def answer_due(desk: Desk, order: Order) -> datetime:
    """By when the owner must have been answered: 72 hours from the report."""
    return major_plan(order.reported_at, promises.promised(desk, order))[-1].at


# The proposal


def require_proposable(desk: Desk, order_id: int, by: Person) -> Order:
    """The order, if its technician may propose that it is a large problem now.

    Raises:
        NoMajor: no minor repair, or nobody is on site; MajorTooLate; MajorPending.
    """
    order = orders.for_technician(desk, order_id, by)
    if order.size is not Size.MINOR or order.state not in ON_SITE:
        raise NoMajor(number=order.number, state=orders.state_word(order))
    _require_in_time(desk, order)
    for claim in store.of_order(desk.connection, order.id):
        if claim.state is RequestState.OPEN:
            raise MajorPending(number=order.number, at=_moment(desk, order, claim.proposed_at))
    return order


def propose(desk: Desk, order_id: int, by: Person, reason: str) -> MajorClaim:
    """The technician on site proposes a large problem, with a reason; the supervisor is asked.

    Raises:
        NoMajor, MajorTooLate, MajorPending: see `require_proposable`.
    """
    order = require_proposable(desk, order_id, by)
    claim = store.add(desk.connection, order.id, by.id, reason, desk.now)
    orders.note(desk, order, Step.MAJOR_ASKED, by.id, reason=reason)
    lapses_at = limit(desk, order) + JUST_AFTER
    deadlines.add(desk.connection, LAPSE, order.id, lapses_at, at=desk.now, version=claim.id)
    _ask(desk, order, claim)
    return claim


def _require_in_time(desk: Desk, order: Order) -> None:
    if desk.now > limit(desk, order):
        raise MajorTooLate(number=order.number, until=_moment(desk, order, limit(desk, order)))


def _ask(desk: Desk, order: Order, claim: MajorClaim) -> None:
    """The card to the supervisors, else to the head; at night only where morning is too late."""
    morning = alert_time(
        desk.now, desk.standard(order.centre_id).staff_alert_hours, desk.zone(order.centre_id)
    )
    if morning < limit(desk, order) and roster.staff_hours_put_off(
        desk, order.centre_id, REVIEW, order.id
    ):
        return
    besides = (claim.proposed_by,)
    for role in DECIDERS:
        card = claim_card(desk, order, claim)
        if alerts.alert(desk, order.centre_id, (role,), card, card_name(claim), besides=besides):
            return


@on_due(REVIEW)
def ask_in_the_morning(desk: Desk, deadline: Deadline) -> None:
    """A proposal of the night reaches the supervisor when the alert hours begin."""
    order = orders.load(desk, deadline.subject_id)
    for claim in _undecided(desk, order):
        _ask(desk, order, claim)


@on_due(LAPSE)
def lapse(desk: Desk, deadline: Deadline) -> None:
    """The 24 hours are over and nobody has approved it: it stays minor, and all are told so."""
    order = orders.load(desk, deadline.subject_id)
    for claim in _undecided(desk, order):
        store.decide(desk.connection, claim.id, RequestState.REFUSED, None, desk.now)
        orders.note(desk, order, Step.MAJOR_REFUSED, None, reason="late")
        _settle_cards(desk, order, claim.id)
        desk.tell(
            claim.proposed_by,
            say("job-major-lapsed", number=order.number, title=orders.title(order)),
            matter=cards.matter(order),
        )


def _undecided(desk: Desk, order: Order) -> list[MajorClaim]:
    if order.state not in OPEN_STATES:
        return []
    claims = store.of_order(desk.connection, order.id)
    return [claim for claim in claims if claim.state is RequestState.OPEN]


# The decision


def approve(desk: Desk, claim_id: int, by: Person) -> Order:
    """同意: a large problem from now on, to be answered within 72 hours of the report.

    Raises:
        NotYours: no superior of that centre, or one's own proposal; MajorDecided;
        MajorTooLate: the 24 hours are over, so it stays minor; OrderMoved: the job is over.
    """
    order, claim = _to_decide(desk, claim_id, by)
    _require_in_time(desk, order)
    store.decide(desk.connection, claim.id, RequestState.AGREED, by.id, desk.now)
    order = orders.change(desk, order, size=Size.MAJOR)
    orders.note(desk, order, Step.MAJOR_APPROVED, by.id)
    promises.became_major(desk, order)
    deadlines.drop(desk.connection, order.id, [LAPSE, REVIEW], at=desk.now)
    _settle_cards(desk, order, claim.id, by.id)
    _ask_for_answer(desk, order, by)
    return order


def refuse(desk: Desk, claim_id: int, by: Person) -> Order:
    """驳回: it stays a minor repair with its 24 hours.

    Raises:
        NotYours, MajorDecided, OrderMoved: as for `approve`.
    """
    order, claim = _to_decide(desk, claim_id, by)
    store.decide(desk.connection, claim.id, RequestState.REFUSED, by.id, desk.now)
    orders.note(desk, order, Step.MAJOR_REFUSED, by.id)
    deadlines.drop(desk.connection, order.id, [LAPSE, REVIEW], at=desk.now)
    _settle_cards(desk, order, claim.id, by.id)
    desk.tell(
        claim.proposed_by,
        say("job-major-refused", number=order.number, who=by.name or "—"),
        matter=cards.matter(order),
    )
    return order


def _to_decide(desk: Desk, claim_id: int, by: Person) -> tuple[Order, MajorClaim]:
    order, claim = claim_for(desk, claim_id, by)
    if claim.state is not RequestState.OPEN:
        raise MajorDecided(rows=(), **_decision(desk, order, claim))
    orders.require_state(desk, order, *OPEN_STATES)
    if claim.proposed_by == by.id:
        raise NotYours
    return order, claim


def claim_for(desk: Desk, claim_id: int, by: Person) -> tuple[Order, MajorClaim]:
    """The proposal and its order, for those who may decide on it.

    Raises:
        NotYours: no superior of that centre.
    """
    found = store.get(desk.connection, claim_id)
    if found is None:
        raise NotYours
    order = orders.for_desk(desk, found.order_id, by, *DECIDERS)  # locks the order first
    return order, store.get(desk.connection, claim_id) or found


def _ask_for_answer(desk: Desk, order: Order, by: Person) -> None:
    """Technician and customer service are asked to answer; the owner hears what is coming."""
    head = say(
        "job-major-approved",
        do("major.answer", order.id),
        number=order.number,
        title=orders.title(order),
        who=by.name or "—",
        due=_moment(desk, order, answer_due(desk, order)),
    )
    desk.tell(order.technician_id, head, matter=cards.matter(order))
    cards.update_technician(desk, order)
    besides = {by.id, order.technician_id or 0}
    roster.alert(
        desk, order.centre_id, (Role.CS,), head, matter=cards.matter(order), besides=besides
    )
    cards.tell_household(
        desk, order, "owner-major", due=_moment(desk, order, answer_due(desk, order))
    )


def _settle_cards(desk: Desk, order: Order, claim_id: int, *besides: int) -> None:
    """Everybody who was asked sees the decision on the card, without buttons."""
    claim = store.get(desk.connection, claim_id)
    if claim is not None:
        card = decided_card(desk, order, claim)
        alerts.refresh(desk, card_name(claim), card, besides=besides)


# The answer


def require_answerable(desk: Desk, order_id: int, by: Person) -> tuple[Order, MajorClaim]:
    """The large problem that this person may answer now, and its approved proposal.

    Raises:
        NotYours: neither its technician nor of the desk; OrderMoved: no large problem, or over;
        MajorAnswered.
    """
    order = orders.load(desk, order_id)
    if order.technician_id != by.id and not orders.serves(desk, by, order.centre_id, *ANSWERERS):
        raise NotYours
    orders.require_state(desk, order, *OPEN_STATES)
    claims = store.of_order(desk.connection, order.id)
    agreed = [claim for claim in claims if claim.state is RequestState.AGREED]
    if order.size is not Size.MAJOR or not agreed:
        raise orders.moved(desk, order)
    claim = agreed[-1]
    if claim.answered_at is not None:
        raise MajorAnswered(number=order.number, at=_moment(desk, order, claim.answered_at))
    return order, claim


def answer(desk: Desk, order_id: int, by: Person, cause: str, plan: str, until: str) -> Order:
    """答复业主: cause, plan, and date or quote, told in these very words.

    Raises:
        NotYours, OrderMoved, MajorAnswered: see `require_answerable`.
    """
    order, claim = require_answerable(desk, order_id, by)
    store.answer(desk.connection, claim.id, cause, plan, until, desk.now)
    orders.note(desk, order, Step.MAJOR_ANSWERED, by.id, cause=cause, plan=plan, until=until)
    promises.answered(desk, order)
    cards.tell_household(
        desk,
        order,
        "owner-major-answer",
        do("talk.start"),
        by=by.name or "—",
        cause=cause,
        plan=plan,
        until=until,
    )
    if order.person_id is None:
        words = {"cause": cause, "plan": plan, "until": until}
        head = say("desk-major-read-out", number=order.number, **words)
        roster.alert(desk, order.centre_id, (Role.CS,), head, matter=cards.matter(order))
    return order


# What waits, and its cards


def undecided(desk: Desk, by: Person) -> list[tuple[MajorClaim, Order]]:
    """待审批: proposals that this person may still approve, the oldest report first."""
    mine = orders.centres_of(desk, by, *DECIDERS)
    found = [
        (claim, orders.load(desk, claim.order_id))
        for claim in store.undecided_in(desk.connection, mine)
        if claim.proposed_by != by.id
    ]
    return [(claim, order) for claim, order in found if desk.now <= limit(desk, order)]


def unanswered(desk: Desk, centre_ids: list[int]) -> list[Order]:
    """Large problems of these centres whose owner waits for an answer, the oldest first."""
    claims = store.unanswered_in(desk.connection, centre_ids)
    return [orders.load(desk, claim.order_id) for claim in claims]


def card_name(claim: MajorClaim) -> str:
    """What the proposal's card is called, and its messages are filed under."""
    return f"major:{claim.id}"


def card_for(desk: Desk, claim_id: int, by: Person) -> Message:
    """The proposal as it stands, for those who may decide on it.

    Raises:
        NotYours: no superior of that centre.
    """
    order, claim = claim_for(desk, claim_id, by)
    face = claim_card if claim.state is RequestState.OPEN else decided_card
    return face(desk, order, claim)


def claim_card(desk: Desk, order: Order, claim: MajorClaim) -> Message:
    """The proposal for those who decide: the job, the reason, until when; 同意 and 驳回."""
    card = say(
        "major-claim",
        number=order.number,
        title=orders.title(order),
        place=order.place,
        who=orders.staff_name(desk, claim.proposed_by),
        reason=claim.reason,
    ).line(
        "major-claim-times",
        reported=_moment(desk, order, order.reported_at),
        until=_moment(desk, order, limit(desk, order)),
    )
    buttons = (do("major.approve", claim.id), do("major.refuse", claim.id))
    return card.row(*buttons).as_card(card_name(claim))


def decided_card(desk: Desk, order: Order, claim: MajorClaim) -> Message:
    """What became of the proposal."""
    card = say("major-decided", **_decision(desk, order, claim), title=orders.title(order))
    return card.as_card(card_name(claim))


def _decision(desk: Desk, order: Order, claim: MajorClaim) -> dict[str, Fact]:
    by = claim.decided_by
    return {
        "number": order.number,
        "verdict": Word(f"major-{claim.state}"),
        "who": Word("by-itself") if by is None else orders.staff_name(desk, by),
        "at": _moment(desk, order, claim.decided_at or claim.proposed_at),
    }


def _moment(desk: Desk, order: Order, at: datetime) -> Moment:
    return Moment(at, desk.centre(order.centre_id).zone)
