"""Changing what was agreed: another time (readings 12 and 13), or no visit at all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from services import availability, booking, cards, dispatch, orders, promises
from services.availability import Work
from services.booking import SlotTaken
from services.desk import Desk
from services.errors import DomainError, NotFound
from services.lifecycle import NOBODY_THERE
from services.messages import Moment, Rows, do, say
from services.rules.history import Step
from storage import centres, reschedules
from storage import orders as store
from storage.records import (
    OfferState,
    Order,
    OrderKind,
    OrderState,
    Person,
    RequestState,
    Reschedule,
    Role,
    Trade,
)

Check = Callable[[Desk, Order], Order]
"""Refuses what may not be done with an order now; gives back the order otherwise."""


class TooLateToMove(DomainError):
    """Somebody is on the way, or it is an emergency: only a person can help now."""

    key = "no-too-late-to-move"


class TooLateToCancel(DomainError):
    """Somebody is at the door or at work: customer service settle what happens."""

    key = "no-too-late-to-cancel"


class OthersJoined(DomainError):
    """Other households have reported the same emergency: one of them alone cannot call it off."""

    key = "no-others-joined"


class ProposalOver(DomainError):
    """The proposed time was answered, overtaken, or has passed."""

    key = "no-proposal-over"


def work_of(desk: Desk, order: Order) -> Work:
    """What the order takes, for finding it another time."""
    item = booking.item_of_order(desk, order)
    return Work(order.centre_id, order.skills, order.minutes, noisy=item is not None and item.noisy)


def movable(desk: Desk, order: Order) -> Order:
    """The order again, if its owner may still choose another time.

    After the agreed time it may still be done (nobody came, and somebody must): the miss of the
    old time is recorded and stands.

    Raises:
        OrderMoved: it is under work, finished or cancelled; TooLateToMove: somebody is on the way,
        or it is an emergency.
    """
    orders.require_state(desk, order, *NOBODY_THERE)
    if not orders.may_choose_time(order):
        raise TooLateToMove(number=order.number, rows=_a_person(order))
    return order


def _a_person(order: Order) -> Rows:
    """Who can help where the desk of the bot cannot."""
    helpers = [do("talk.start")]
    if order.technician_id is not None:
        helpers.insert(0, do("talk.worker", order.id))
    return (tuple(helpers),)


def move(desk: Desk, order: Order, starts_at: datetime, by: Person) -> Order:
    """改约 by the owner: the new time is agreed by asking for it, if our side is able (reading 13).

    Raises:
        OrderMoved, TooLateToMove: see `movable`; SlotTaken: the start is not free.
    """
    movable(desk, order)
    centres.lock(desk.connection, order.centre_id)
    work = work_of(desk, order)
    free: tuple[int, ...] = ()
    if availability.may_start(desk, work, starts_at):
        free = availability.free_technicians(desk, work, starts_at, besides=order.id)
    if not free:
        raise SlotTaken(at=Moment(starts_at, desk.centre(order.centre_id).zone))
    return _appoint(desk, order, starts_at, by, free, owners_choice=True)


def set_time(desk: Desk, order: Order, starts_at: datetime, by: Person) -> Order:
    """A new time the desk has agreed on the telephone; the desk may overbook.

    Raises:
        OrderMoved: it is under work, finished or cancelled; ProposalOver: a time that has passed.
    """
    orders.require_state(desk, order, *NOBODY_THERE)
    if starts_at <= desk.now:
        raise ProposalOver
    return agree_to(desk, order, starts_at, by)


def propose(desk: Desk, order: Order, starts_at: datetime, by: Person) -> None:
    """Ask the owner for another time; nothing changes until the owner taps 同意改约 (reading 13).

    Raises:
        OrderMoved: it is under work, finished or cancelled; ProposalOver: a time that has passed.
    """
    orders.require_state(desk, order, *NOBODY_THERE)
    if starts_at <= desk.now:
        raise ProposalOver
    reschedules.close_open(desk.connection, order.id, desk.now)
    key = reschedules.add(desk.connection, order.id, by.id, starts_at, desk.now)
    orders.note(desk, order, Step.RESCHEDULE_ASKED, by.id, to=starts_at.isoformat())
    zone = desk.centre(order.centre_id).zone
    question = say(
        "ask-move-consent",
        number=order.number,
        title=orders.title(order),
        old=Moment(order.appointed_at or order.reported_at, zone),
        new=Moment(starts_at, zone),
    ).row(do("move.agree", key), do("move.refuse", key))
    desk.tell(
        order.person_id, question.as_card(f"move:{key}"), matter=cards.matter(order), by_phone=True
    )


def agree(desk: Desk, reschedule_id: int, by: Person) -> Order:
    """同意改约. After the old time the new one is kept too, and the miss of the old one stands.

    Raises:
        NotYours: not of the household; ProposalOver: answered, overtaken, or past;
        OrderMoved: somebody is there already, or it is over.
    """
    asked = proposal(desk, reschedule_id)
    order = orders.for_resident(desk, asked.order_id, by)
    return record_agreement(desk, asked, order, by)


def refuse(desk: Desk, reschedule_id: int, by: Person) -> Order:
    """不同意: the agreed time stays as it is, and whoever asked is told.

    Raises:
        NotYours, ProposalOver: as for `agree`.
    """
    asked = proposal(desk, reschedule_id)
    order = orders.for_resident(desk, asked.order_id, by)
    return record_refusal(desk, asked, order, by)


def proposal(desk: Desk, reschedule_id: int) -> Reschedule:
    """What the owner was asked, locked for this unit.

    Raises:
        NotFound: nothing.
    """
    found = reschedules.get(desk.connection, reschedule_id)
    if found is None:
        raise NotFound
    return found


def record_agreement(desk: Desk, asked: Reschedule, order: Order, by: Person) -> Order:
    """The owner agrees to the proposed time: by their own tap, or through `by` of the desk.

    Raises:
        ProposalOver, OrderMoved: as for `agree`.
    """
    _require_open(asked)
    orders.require_state(desk, order, *NOBODY_THERE)
    if asked.starts_at <= desk.now:
        raise ProposalOver
    reschedules.answer(desk.connection, asked.id, RequestState.AGREED, desk.now)
    order = agree_to(desk, order, asked.starts_at, by)
    if asked.proposed_by not in (order.technician_id, by.id):
        _tell_proposer(desk, order, asked, "desk-move-agreed")
    return order


def record_refusal(desk: Desk, asked: Reschedule, order: Order, by: Person) -> Order:
    """The owner does not agree to the proposed time: by their own tap, or through the desk.

    Raises:
        ProposalOver: as for `agree`.
    """
    _require_open(asked)
    reschedules.answer(desk.connection, asked.id, RequestState.REFUSED, desk.now)
    orders.note(desk, order, Step.RESCHEDULE_REFUSED, by.id)
    if asked.proposed_by != by.id:
        _tell_proposer(desk, order, asked, "desk-move-refused")
    return order


def _require_open(asked: Reschedule) -> None:
    if asked.state is not RequestState.OPEN:
        raise ProposalOver


def _tell_proposer(desk: Desk, order: Order, proposal: Reschedule, key: str) -> None:
    zone = desk.centre(order.centre_id).zone
    message = say(key, number=order.number, new=Moment(proposal.starts_at, zone))
    desk.tell(proposal.proposed_by, message, matter=cards.matter(order))


def agree_to(
    desk: Desk, order: Order, starts_at: datetime, by: Person, *, owners_choice: bool = False
) -> Order:
    """A new time both sides have agreed to, whoever is free then; the desk may overbook.

    `owners_choice` says that the later time is the owner's own wish (reading 14).
    """
    centres.lock(desk.connection, order.centre_id)
    work = work_of(desk, order)
    free = availability.free_technicians(desk, work, starts_at, besides=order.id)
    return _appoint(desk, order, starts_at, by, free, owners_choice=owners_choice)


def go_on(desk: Desk, order: Order, by: Person) -> Order:
    """A held job goes on: it is its technician's next visit."""
    promises.resumed(desk, order)
    return orders.move(
        desk,
        order,
        OrderState.ACCEPTED,
        Step.RESUMED,
        by.id,
        held_for=None,
        held_until=None,
    )


def _appoint(
    desk: Desk,
    order: Order,
    starts_at: datetime,
    by: Person,
    free: tuple[int, ...],
    *,
    owners_choice: bool,
) -> Order:
    """The new time is agreed: deadlines anew, and somebody who can keep it."""
    if order.state is OrderState.HELD:
        order = go_on(desk, order, by)
    old = order.appointed_at
    deferred = owners_choice and (order.owner_deferred or _is_deferred(desk, order, starts_at))
    reschedules.close_open(desk.connection, order.id, desk.now)
    order = orders.change(
        desk,
        order,
        appointed_at=starts_at,
        owner_deferred=order.owner_deferred or deferred,
        early_consent_at=None,
        expected_at=None,
    )
    facts = {"from": old.isoformat()} if old else {}
    orders.note(
        desk,
        order,
        Step.RESCHEDULED,
        by.id,
        to=starts_at.isoformat(),
        deferred=int(deferred),
        **facts,
    )
    promises.appointment_moved(desk, order)
    if order.state is OrderState.WAITING:
        return _ask_for_new_time(desk, order, free)
    return _keep_or_hand_on(desk, order, by, free)


def _is_deferred(desk: Desk, order: Order, starts_at: datetime) -> bool:
    """Whether the owner moves a minor repair beyond its limit, before the limit (reading 14)."""
    limit = order.reported_at + promises.promised(desk, order).minor_within
    had_in_time = order.appointed_at is not None and order.appointed_at <= limit
    return order.trade is Trade.REPAIR and starts_at > limit and had_in_time and desk.now <= limit


def _ask_for_new_time(desk: Desk, order: Order, free: tuple[int, ...]) -> Order:
    """Nobody had it yet: who is being asked and can come then sees the new time, else the next."""
    if order.desk_since is not None:
        dispatch.alert_desk(desk, order, (Role.CS,), say("desk-time-moved", number=order.number))
        return order
    still_asked = False
    for offer in store.offers_of(desk.connection, order.id):
        if offer.state is not OfferState.OPEN:
            continue
        if offer.person_id in free:
            still_asked = True
            card = cards.job_card(desk, order, offer.person_id, fresh=True)
        else:
            store.answer_offer(desk.connection, offer.id, OfferState.WITHDRAWN, desk.now)
            card = cards.gone_card(desk, order)
        desk.tell(offer.person_id, card, matter=cards.matter(order))
    return order if still_asked else dispatch.offer_next(desk, order, free)


def _keep_or_hand_on(desk: Desk, order: Order, by: Person, free: tuple[int, ...]) -> Order:
    """Whoever has it keeps it if free then; otherwise somebody else is asked."""
    technician = order.technician_id
    if technician in free and order.state is OrderState.ACCEPTED:
        zone = desk.centre(order.centre_id).zone
        new = Moment(order.appointed_at or desk.now, zone)
        told = say("job-time-moved", number=order.number, new=new)
        desk.tell(technician, told, matter=cards.matter(order))
        cards.update_technician(desk, order, fresh=True)
        return order
    order = dispatch.give_back(desk, order, by.id, Step.TRANSFERRED, "rescheduled")
    return dispatch.offer_next(desk, order, free)


def cancellable(desk: Desk, order: Order) -> Order:
    """The order again, if its owner may still call it off: until somebody has arrived.

    Raises:
        OrderMoved: it is over; TooLateToCancel: somebody is there; OthersJoined: others wait too.
    """
    if order.state in (OrderState.FINISHED, OrderState.CANCELLED):
        orders.require_state(desk, order, *NOBODY_THERE)
    if order.state not in NOBODY_THERE:
        raise TooLateToCancel(number=order.number, rows=_a_person(order))
    if cards.joined(desk, order):
        raise OthersJoined(number=order.number, rows=_a_person(order))
    return order


def cancel(desk: Desk, order: Order, by: Person) -> Order:
    """取消 by the household; once somebody has set out it is recorded as late.

    Raises:
        OrderMoved, TooLateToCancel, OthersJoined: see `cancellable`.
    """
    cancellable(desk, order)
    order = call_off(desk, order, by)
    if order.person_id != by.id:
        told = say("owner-cancelled-by-household", number=order.number, title=orders.title(order))
        desk.tell(order.person_id, told, matter=cards.matter(order), essential=True)
    return order


def call_off(desk: Desk, order: Order, by: Person, because: str = "") -> Order:
    """End an order nobody works on; whoever has it or is asked for it is told to stay.

    `because` is the reason for its history; without one, a late call-off says that it was late.

    Raises:
        OrderMoved: it is over, or work has begun that must be settled.
    """
    late = order.set_out_at is not None
    asked = _asked(desk, order)
    order = orders.move(
        desk,
        order,
        OrderState.CANCELLED,
        Step.CANCELLED,
        by.id,
        because=because or ("late" if late else ""),
        cancelled_at=desk.now,
        desk_since=None,
        held_for=None,
        held_until=None,
    )
    promises.ended(desk, order)
    reschedules.close_open(desk.connection, order.id, desk.now)
    store.close_offers(desk.connection, order.id, OfferState.WITHDRAWN, desk.now)
    key = "job-cancelled-late" if late else "job-cancelled"
    for person_id in sorted(asked):
        told = say(key, number=order.number, title=orders.title(order), place=order.place)
        card = told.as_card(cards.matter(order), fresh=True)
        desk.tell(person_id, card, matter=cards.matter(order), everywhere=True)
    if order.kind is OrderKind.EMERGENCY:
        head = say("desk-emergency-cancelled", number=order.number)
        dispatch.alert_desk(desk, order, (Role.CS,), head)
    return order


def _asked(desk: Desk, order: Order) -> set[int]:
    """Whoever has the order, or has an offer of it open."""
    if order.technician_id is not None:
        return {order.technician_id}
    offers = store.offers_of(desk.connection, order.id)
    return {offer.person_id for offer in offers if offer.state is OfferState.OPEN}
