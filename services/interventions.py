"""What the desk does to an order when it steps in: places it, calls it off, speaks for a caller."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services import cards, changes, dispatch, orders, promises, reach, serving
from services.desk import Desk
from services.errors import DomainError
from services.lifecycle import BEFORE_ARRIVAL, NOBODY_THERE
from services.messages import do, say
from services.rules.history import Step
from storage import orders as store
from storage.records import OfferState, Order, OrderKind, OrderState, Person, Role, Staff

CANCEL_REASONS = ("owner", "duplicate", "mistake", "no-answer", "other")
DOWNGRADE_REASONS = ("checked-by-phone", "owner-says", "no-danger")


class NotByPhone(DomainError):
    """The customer can be written to: consent is given in chat, by their own tap."""

    key = "no-not-by-phone"


# 派单


@dataclass(frozen=True, slots=True)
class Candidate:
    """A technician for 派单: whether free at the time, what they are on now, how much they have."""

    line: Staff
    free: bool
    doing: Order | None
    open_jobs: int


def candidates(desk: Desk, order: Order) -> list[Candidate]:
    """Who could be given the order by hand, the free ones first."""
    listed = dispatch.assignable(desk, order)
    jobs = store.open_of(desk.connection, [line.person_id for line, _ in listed])
    found = []
    for line, free in listed:
        theirs = [job for job in jobs if job.technician_id == line.person_id]
        under_way = [job for job in theirs if job.state is not OrderState.ACCEPTED]
        doing = under_way[0] if under_way else None
        found.append(Candidate(line, free, doing, len(theirs)))
    return found


class OnlyCustomerService(DomainError):
    """Whether an emergency is none, customer service alone decide (reading 11)."""

    key = "no-only-customer-service"


class AskedAlready(DomainError):
    """That technician has the order, or is the one who is being asked."""

    key = "no-asked-already"


def assign(desk: Desk, order_id: int, person_id: int, by: Person) -> Order:
    """派单 to a chosen technician; pressing twice asks once.

    Raises:
        AskedAlready; NotYours, NobodyToAssign, OrderMoved: see `dispatch.assign`.
    """
    order = orders.for_desk(desk, order_id, by)
    offers = store.offers_of(desk.connection, order.id)
    asked = {offer.person_id for offer in offers if offer.state is OfferState.OPEN}
    if person_id == order.technician_id or asked == {person_id}:
        who = orders.staff_name(desk, person_id)
        raise AskedAlready(number=order.number, who=who, state=orders.state_word(order))
    return dispatch.assign(desk, order_id, person_id, by)


# Calling off


def require_cancellable(desk: Desk, order_id: int, by: Person) -> Order:
    """The order, if the desk may still call it off.

    Raises:
        NotYours: not the desk of that centre; OrderMoved: work has begun, or all is over.
    """
    order = orders.for_desk(desk, order_id, by)
    orders.require_state(desk, order, *NOBODY_THERE, OrderState.ARRIVED, OrderState.EXPLAINED)
    return order


def cancel(desk: Desk, order_id: int, by: Person, reason: str) -> Order:
    """Call an order off, with a reason; owner, technician and everybody asked are told.

    Raises:
        NotYours, OrderMoved: see `require_cancellable`.
    """
    order = require_cancellable(desk, order_id, by)
    if reason not in CANCEL_REASONS:
        raise orders.moved(desk, order)
    order = changes.call_off(desk, order, by, because=reason)
    cards.tell_household(desk, order, "owner-cancelled-by-desk")
    return order


def withdraw_offers(desk: Desk, order: Order) -> None:
    """Nobody is asked any more; those who were see it on their card."""
    asked = [
        offer
        for offer in store.offers_of(desk.connection, order.id)
        if offer.state is OfferState.OPEN
    ]
    store.close_offers(desk.connection, order.id, OfferState.WITHDRAWN, desk.now)
    for offer in asked:
        card = cards.gone_card(desk, order)
        desk.tell(offer.person_id, card, matter=cards.matter(order), everywhere=True)


# Another time


class EmergencyHasNoTime(DomainError):
    """An emergency is attended at once; only its next visit can be given a time."""

    key = "no-time-for-emergency"


def require_movable(desk: Desk, order_id: int, by: Person) -> Order:
    """The order, if the desk may agree another time for it.

    Raises:
        NotYours: not the desk of that centre; OrderMoved: somebody is there, or all is over;
        EmergencyHasNoTime.
    """
    order = orders.for_desk(desk, order_id, by)
    orders.require_state(desk, order, *NOBODY_THERE)
    if order.kind is OrderKind.EMERGENCY and order.started_at is None:
        decides = orders.holds(desk, by, order.centre_id, Role.CS)
        rows = ((do("desk.downgrade", order.id),),) if decides else ()
        raise EmergencyHasNoTime(number=order.number, rows=rows)
    return order


def move(desk: Desk, order_id: int, by: Person, starts_at: datetime) -> Order:
    """改约 from the desk: the owner is asked in chat; whom none can reach has agreed by phone.

    Raises:
        NotYours, OrderMoved, EmergencyHasNoTime: see `require_movable`;
        ProposalOver: a time that has passed.
    """
    order = require_movable(desk, order_id, by)
    if reach.of_customer(desk, order) is not None:
        return changes.set_time(desk, order, starts_at, by)
    changes.propose(desk, order, starts_at, by)
    return order


def answer_move(desk: Desk, reschedule_id: int, by: Person, *, agrees: bool) -> Order:
    """What the owner, whom the question did not reach, said to the new time on the telephone.

    Raises:
        NotYours: not the desk of that centre; NotByPhone: they can be written to;
        ProposalOver, OrderMoved: see `changes.agree`.
    """
    proposal = changes.proposal(desk, reschedule_id)
    order = orders.for_desk(desk, proposal.order_id, by)
    if reach.of_customer(desk, order) is None:
        raise NotByPhone(number=order.number)
    record = changes.record_agreement if agrees else changes.record_refusal
    return record(desk, proposal, order, by)


# No emergency after all


def require_downgradable(desk: Desk, order_id: int, by: Person) -> Order:
    """The emergency, if customer service may still make it an ordinary order: until the arrival.

    Raises:
        NotYours: not the desk of that centre; OnlyCustomerService: of the desk, with another role;
        OrderMoved: no emergency (any more), or attended: what was handled as one was one.
    """
    order = orders.for_desk(desk, order_id, by)
    if not orders.holds(desk, by, order.centre_id, Role.CS):
        raise OnlyCustomerService(number=order.number)
    orders.require_state(desk, order, *BEFORE_ARRIVAL)
    if order.kind is not OrderKind.EMERGENCY or order.started_at is not None:
        raise orders.moved(desk, order)
    return order


def downgrade(desk: Desk, order_id: int, by: Person, reason: str) -> Order:
    """An emergency becomes an ordinary repair, with a reason (reading 11).

    It stays the same order, with whoever has it. Its clock ran until now: a limit already missed
    stays missed, else it is waived. From here it is a minor repair, done within 24 hours of the
    report; customer service agree a time with the owner.

    Raises:
        NotYours, OnlyCustomerService, OrderMoved: see `require_downgradable`.
    """
    order = require_downgradable(desk, order_id, by)
    order = orders.change(desk, order, kind=OrderKind.APPOINTMENT, desk_since=None)
    orders.note(desk, order, Step.DOWNGRADED, by.id, reason=reason)
    promises.downgraded(desk, order)
    if order.state is OrderState.WAITING:
        withdraw_offers(desk, order)
        order = dispatch.to_desk(desk, order)
    else:
        head = say("job-downgraded", number=order.number, who=by.name or "—")
        desk.tell(order.technician_id, head, matter=cards.matter(order), everywhere=True)
        cards.update_technician(desk, order, fresh=True)
    cards.tell_household(desk, order, "owner-downgraded")
    return order


# Speaking for whom no chat can reach


def require_agreeable(desk: Desk, order_id: int, by: Person) -> Order:
    """The order whose price a caller must be asked about on the telephone.

    Raises:
        NotYours: not the desk of that centre; NotByPhone: the customer can answer in chat;
        OrderMoved: no price waits for an answer.
    """
    order = orders.for_desk(desk, order_id, by)
    if reach.of_customer(desk, order) is None:
        raise NotByPhone(number=order.number)
    orders.require_state(desk, order, OrderState.EXPLAINED)
    return order


def answer_for(desk: Desk, order_id: int, by: Person, price_fen: int, *, agrees: bool) -> Order:
    """What the caller said on the telephone to exactly this price (§5.2.3).

    Raises:
        NotYours, NotByPhone, OrderMoved: see `require_agreeable`; or the price has changed.
    """
    order = require_agreeable(desk, order_id, by)
    if order.quote_fen != price_fen:
        raise orders.moved(desk, order)
    if agrees:
        return serving.record_agreement(desk, order, by.id)
    return serving.record_refusal(desk, order, by.id)


# Notes


def add_note(desk: Desk, order_id: int, by: Person, words: str) -> Order:
    """A note of the desk in the order's history (the follow-up of §5.1.2).

    Raises:
        NotYours: not the desk of that centre.
    """
    order = orders.for_desk(desk, order_id, by)
    orders.note(desk, order, Step.NOTE_ADDED, by.id, words=words)
    return order
