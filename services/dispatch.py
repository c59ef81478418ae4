"""Who gets a job: offers to the best technician, then the next, then customer service by hand.

An emergency is offered to everybody on duty with the skill at once, and the first 接单 wins. An
ordinary job is offered to one technician at a time: all the skills, on shift and free at the
appointed time, fewest open jobs. The promise to the owner never moves because of it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from functools import partial

from services import availability, cards, orders, promises, roster
from services.availability import Work
from services.desk import Desk
from services.due import on_due
from services.errors import DomainError, NotYours
from services.lifecycle import NOBODY_THERE
from services.messages import Message, say
from services.rules.emergencies import EmergencyKind, alerts_control_centre
from services.rules.history import Step
from storage import deadlines
from storage import orders as store
from storage.records import (
    Deadline,
    Offer,
    OfferState,
    Order,
    OrderKind,
    OrderState,
    Person,
    Role,
    Staff,
)

DECLINE_REASONS = ("busy", "far", "skill", "off-duty", "other")

OFFER_LAPSE = "offer.lapse"


class NobodyToAssign(DomainError):
    """That technician cannot be given this job (left, other centre, or lacks a skill)."""

    key = "no-cannot-assign"


def begin(desk: Desk, order: Order, free: Sequence[int] | None = None) -> Order:
    """Ask for somebody to take a new order; staff are told in this very unit (reading 23).

    `free` are the technicians known to be free at the appointed time, the best first, where the
    caller has just looked.
    """
    if order.kind is OrderKind.EMERGENCY:
        return _call_out(desk, order)
    if not free:
        return offer_next(desk, order, free)
    first = _fresh_eyes_first(desk, order, free)[0]
    return _offer(desk, order, first, promises.first_offer_until(desk, order), asked=0)


def _call_out(desk: Desk, order: Order) -> Order:
    """An emergency: everybody on duty with the skill, the desk, and for some the control centre."""
    able = roster.on_duty(desk, order.centre_id, Role.TECHNICIAN, skills=order.skills)
    called = able or roster.on_duty(desk, order.centre_id, Role.TECHNICIAN)
    _offer_to_all(desk, order, called)
    if not called:
        orders.note(desk, order, Step.TO_DESK, None)
    watching = [Role.CS]
    if not able or order.emergency is None or alerts_control_centre(EmergencyKind(order.emergency)):
        watching.append(Role.CONTROL)
    head = say("desk-emergency", title=orders.title(order), called=len(called))
    alert_desk(desk, order, watching, head)
    return promises.staff_told(desk, order)


def _offer_to_all(desk: Desk, order: Order, lines: Sequence[Staff]) -> None:
    until = desk.now + timedelta(minutes=order.limit_minutes or 0)
    for line in lines:
        store.offer(desk.connection, order.id, line.person_id, desk.now, until)
        _show_offer(desk, order, line.person_id, everywhere=True)
    if lines:
        orders.note(desk, order, Step.OFFERED, None, to=len(lines))


def _show_offer(desk: Desk, order: Order, person_id: int, *, everywhere: bool = False) -> None:
    """The job card with 接单, and the owner's pictures above it."""
    about = cards.matter(order)
    if order.photos:
        pictures = say("job-pictures", number=order.number).showing(*order.photos)
        desk.tell(person_id, pictures, matter=about, everywhere=everywhere)
    card = cards.job_card(desk, order, person_id, fresh=True)
    desk.tell(person_id, card, matter=about, everywhere=everywhere)


def alert_desk(
    desk: Desk,
    order: Order,
    roles: Sequence[Role],
    head: Message,
    *,
    besides: Collection[int] = (),
) -> None:
    """Tell the desk what happened, with the order's card and what each of them can do.

    `besides` are person ids who know already.
    """
    about = cards.matter(order)
    face = partial(cards.alert_for, desk, order, head)
    roster.alert(desk, order.centre_id, roles, face, matter=about, besides=besides)


def offer_next(desk: Desk, order: Order, free: Sequence[int] | None = None) -> Order:
    """Offer an ordinary job to the best technician not asked yet; else it goes to the desk."""
    offers = store.offers_of(desk.connection, order.id)
    known = {offer.person_id for offer in offers}
    ranked = _free_then(desk, order) if free is None else free
    candidates = [one for one in ranked if one not in known]
    if not candidates:
        return to_desk(desk, order)
    return offer_to(desk, order, candidates[0], asked=len(offers))


def _free_then(desk: Desk, order: Order) -> Sequence[int]:
    """Those who have the skills and are free at the appointed time, fewest open jobs first."""
    if order.appointed_at is None:
        return ()
    work = Work(order.centre_id, order.skills, order.minutes)
    free = availability.free_technicians(desk, work, order.appointed_at, besides=order.id)
    return _fresh_eyes_first(desk, order, free)


def _fresh_eyes_first(desk: Desk, order: Order, free: Sequence[int]) -> Sequence[int]:
    """Of rework, whoever did the repair comes last: who comes says whether it is the same fault."""
    if order.rework_of is None:
        return free
    former = orders.load(desk, order.rework_of).technician_id
    return sorted(free, key=lambda one: one == former)


def offer_to(desk: Desk, order: Order, person_id: int, asked: int) -> Order:
    """Ask one technician, who has a time limit to accept or decline; `asked` is how many were."""
    lapses_at = promises.expect_acceptance(desk, order)
    if asked:
        limit = desk.standard(order.centre_id).accept_steps[0]
        lapses_at = max(lapses_at, desk.now + limit)
    return _offer(desk, order, person_id, lapses_at, asked)


def _offer(desk: Desk, order: Order, person_id: int, lapses_at: datetime, asked: int) -> Order:
    store.offer(desk.connection, order.id, person_id, desk.now, lapses_at)
    deadlines.add(desk.connection, OFFER_LAPSE, order.id, lapses_at, at=desk.now, version=asked + 1)
    _show_offer(desk, order, person_id)
    orders.note(desk, order, Step.OFFERED, None, to=1)
    return promises.staff_told(desk, order)


def to_desk(desk: Desk, order: Order, head: Message | None = None) -> Order:
    """Customer service place it by hand (派单): nobody is left to ask, or as `head` says."""
    if order.desk_since is not None:
        return order
    order = orders.change(desk, order, desk_since=desk.now)
    orders.note(desk, order, Step.TO_DESK, None)
    promises.expect_acceptance(desk, order)
    why = head or say("desk-nobody-left", number=order.number)
    alert_desk(desk, order, (Role.CS,), why)
    return promises.staff_told(desk, order)


@on_due(OFFER_LAPSE)
def lapse(desk: Desk, deadline: Deadline) -> None:
    """An offer's time is over: the next technician is asked, and customer service know."""
    order = orders.load(desk, deadline.subject_id)
    offers = store.offers_of(desk.connection, order.id)
    still_open = [
        offer for offer in offers if offer.state is OfferState.OPEN and offer.expires_at <= desk.now
    ]
    if order.state is not OrderState.WAITING or not still_open:
        return
    for offer in still_open:
        store.answer_offer(desk.connection, offer.id, OfferState.LAPSED, desk.now)
        orders.note(desk, order, Step.LAPSED, offer.person_id)
        desk.tell(offer.person_id, _lapsed_card(order), matter=cards.matter(order))
    who = orders.staff_name(desk, still_open[0].person_id)
    head = say("desk-offer-lapsed", number=order.number, who=who)
    order = offer_next(desk, order)
    if order.desk_since is None:
        told = desk.standard(order.centre_id).accept_tell[0]
        alert_desk(desk, order, roster.roles_of(told), head)


def _lapsed_card(order: Order) -> Message:
    return say("job-lapsed", number=order.number, title=orders.title(order)).as_card(
        cards.matter(order)
    )


def accept(desk: Desk, order_id: int, by: Person) -> Order:
    """接单: the first wins, atomically; everybody else asked is told who has it.

    Raises:
        NotYours: the person was never asked; OrderTaken: a colleague was quicker;
        OrderMoved: it is not waiting for anybody, or not for this technician any more.
    """
    order = asked(desk, order_id, by)
    if order.state is not OrderState.WAITING:
        if order.technician_id not in (None, by.id):
            raise orders.taken(desk, order)
        raise orders.moved(desk, order)
    if not _is_welcome(desk, order, by):
        raise orders.moved(desk, order)
    order = orders.move(
        desk,
        order,
        OrderState.ACCEPTED,
        Step.ACCEPTED,
        by.id,
        technician_id=by.id,
        accepted_at=desk.now,
        desk_since=None,
    )
    _close_offers(desk, order, accepted_by=by.id)
    promises.taken(desk, order)
    _announce_accepted(desk, order)
    return order


def _is_welcome(desk: Desk, order: Order, by: Person) -> bool:
    """Whether a 接单 still counts: late it does, and in an emergency after second thoughts too.

    Not where the job was taken from this technician, or given back: another is being asked.
    """
    mine = [one for one in store.offers_of(desk.connection, order.id) if one.person_id == by.id]
    welcome = {OfferState.OPEN, OfferState.LAPSED}
    if orders.is_urgent(order):
        welcome.add(OfferState.DECLINED)
    return mine[-1].state in welcome


def asked(desk: Desk, order_id: int, by: Person) -> Order:
    """The order, for a technician who was asked to take it and still works here."""
    order = store.get(desk.connection, order_id)
    offers = store.offers_of(desk.connection, order_id) if order else []
    works_here = order is not None and orders.serves(desk, by, order.centre_id, Role.TECHNICIAN)
    if order is None or not works_here or by.id not in {offer.person_id for offer in offers}:
        raise NotYours
    return order


def _close_offers(desk: Desk, order: Order, accepted_by: int | None) -> None:
    """Answer the open offers; those who need not go any more see it on their card."""
    for offer in store.offers_of(desk.connection, order.id):
        if offer.person_id == accepted_by and offer.state is OfferState.OPEN:
            store.answer_offer(desk.connection, offer.id, OfferState.ACCEPTED, desk.now)
        elif offer.state is OfferState.OPEN:
            store.answer_offer(desk.connection, offer.id, OfferState.WITHDRAWN, desk.now)
            desk.tell(
                offer.person_id,
                cards.gone_card(desk, order),
                matter=cards.matter(order),
                everywhere=True,
            )


def _announce_accepted(desk: Desk, order: Order) -> None:
    key = "owner-accepted-emergency" if orders.is_urgent(order) else "owner-accepted"
    cards.tell_household(desk, order, key)
    if orders.is_urgent(order):
        alert_desk(desk, order, (Role.CS,), say("desk-emergency-accepted", number=order.number))


def require_declinable(desk: Desk, order_id: int, by: Person) -> tuple[Order, Offer]:
    """The order and this technician's offer of it, which waits for an answer.

    Raises:
        NotYours: never asked; OrderMoved: not waiting any more, or answered already.
    """
    order = asked(desk, order_id, by)
    mine = [
        offer
        for offer in store.offers_of(desk.connection, order.id)
        if offer.person_id == by.id and offer.state is OfferState.OPEN
    ]
    if order.state is not OrderState.WAITING or not mine:
        raise orders.moved(desk, order)
    return order, mine[0]


def decline(desk: Desk, order_id: int, by: Person, reason: str) -> Order:
    """拒单 with a reason: the next is asked at once.

    Raises:
        NotYours, OrderMoved: see `require_declinable`; OrderMoved: no such reason.
    """
    order, offer = require_declinable(desk, order_id, by)
    if reason not in DECLINE_REASONS:
        raise orders.moved(desk, order)
    store.answer_offer(desk.connection, offer.id, OfferState.DECLINED, desk.now, reason)
    orders.note(desk, order, Step.DECLINED, by.id, reason=reason)
    others_asked = any(
        offer.state is OfferState.OPEN and offer.person_id != by.id
        for offer in store.offers_of(desk.connection, order.id)
    )
    if not orders.is_urgent(order):
        return offer_next(desk, order)
    return order if others_asked else to_desk(desk, order)


def give_back(desk: Desk, order: Order, by: int | None, step: Step, reason: str) -> Order:
    """Take the job from whoever has it and ask for somebody else (转单, a new time)."""
    had = order.technician_id
    order = orders.move(
        desk,
        order,
        OrderState.WAITING,
        step,
        by,
        because=reason,
        technician_id=None,
        accepted_at=None,
        set_out_at=None,
        arrived_at=None,
        expected_at=None,
        desk_since=None,
        held_for=None,
        held_until=None,
    )
    promises.given_back(desk, order)
    if had is not None and had != by:
        desk.tell(had, cards.gone_card(desk, order), matter=cards.matter(order))
    return order


def transfer(desk: Desk, order_id: int, by: Person, reason: str) -> Order:
    """转单 with a reason, before arrival: back to be offered; owner and desk are told."""
    order = orders.for_technician(desk, order_id, by)
    orders.require_state(desk, order, OrderState.ACCEPTED, OrderState.SET_OUT)
    if reason not in DECLINE_REASONS:
        raise orders.moved(desk, order)
    order = give_back(desk, order, by.id, Step.TRANSFERRED, reason)
    head = say("desk-transferred", number=order.number, who=by.name or "—")
    if orders.is_urgent(order):
        _reopen_offers(desk, order, besides=by.id)
    else:
        order = offer_next(desk, order)
    alert_desk(desk, order, (Role.CS,), head)
    cards.tell_household(desk, order, "owner-transferred")
    return order


def _reopen_offers(desk: Desk, order: Order, besides: int) -> None:
    """Ask everybody on duty with the skill again, but the one who gave it back."""
    able = roster.on_duty(desk, order.centre_id, Role.TECHNICIAN, skills=order.skills)
    everybody = roster.on_duty(desk, order.centre_id, Role.TECHNICIAN)
    others = [line for line in able if line.person_id != besides]
    _offer_to_all(desk, order, others or [one for one in everybody if one.person_id != besides])


def call_everybody(desk: Desk, order: Order) -> None:
    """An emergency nobody has taken: everyone on duty, whatever the skill (§3.5).

    Whoever stood down when a colleague took it is called again, but nobody who has an offer of it
    open, declined it, or gave it back.
    """
    offers = store.offers_of(desk.connection, order.id)
    newest = {offer.person_id: offer.state for offer in offers}
    to_ask = (None, OfferState.WITHDRAWN)
    everybody = roster.on_duty(desk, order.centre_id, Role.TECHNICIAN)
    _offer_to_all(desk, order, [one for one in everybody if newest.get(one.person_id) in to_ask])


def assignable(desk: Desk, order: Order) -> list[tuple[Staff, bool]]:
    """Technicians for 派单 by hand, and whether each is free then; the free ones first."""
    free = set(_free_then(desk, order))
    if orders.is_urgent(order):
        on_duty = roster.on_duty(desk, order.centre_id, Role.TECHNICIAN)
        free = {line.person_id for line in on_duty}
    lines = roster.technicians(desk, order.centre_id)
    able = [line for line in lines if set(order.skills) <= set(line.skills)] or lines
    listed = [(line, line.person_id in free) for line in able]
    return sorted(listed, key=lambda one: not one[1])


def assign(desk: Desk, order_id: int, person_id: int, by: Person) -> Order:
    """派单 by hand: the chosen technician is asked; whoever had it is told.

    Raises:
        NotYours: not the desk of that centre; NobodyToAssign; OrderMoved: work has begun.
    """
    order = orders.for_desk(desk, order_id, by)
    orders.require_state(desk, order, *NOBODY_THERE)
    lines = [line for line, _ in assignable(desk, order) if line.person_id == person_id]
    if not lines:
        raise NobodyToAssign(number=order.number)
    if order.state is not OrderState.WAITING:
        order = give_back(desk, order, by.id, Step.TRANSFERRED, "desk")
    offers = store.offers_of(desk.connection, order.id)
    for offer in offers:
        if offer.state is OfferState.OPEN:
            store.answer_offer(desk.connection, offer.id, OfferState.WITHDRAWN, desk.now)
            if offer.person_id != person_id:
                card = cards.gone_card(desk, order)
                desk.tell(offer.person_id, card, matter=cards.matter(order))
    order = orders.change(desk, order, desk_since=None)
    orders.note(desk, order, Step.ASSIGNED, by.id, to=person_id)
    return offer_to(desk, order, person_id, asked=len(offers))
