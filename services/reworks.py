"""Rework (返修, §5.2.2, §3.8): the owner says 没修好, and we come again without charging labour.

A rework is an order of its own, linked to the repair it repeats; its 24 hours run from the new
report. Whoever comes says whether it is the same fault, or customer service do: then the first
repair has its case (§3.4) and the rework rate its count. Until somebody has said so, it is none.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from services import (
    availability,
    booking,
    cards,
    cases,
    catalogue,
    changes,
    dispatch,
    intake,
    orders,
    promises,
    residents,
)
from services.desk import Desk
from services.errors import DomainError, NotYours
from services.messages import Fact, Message, Moment, Named, Word, do, say
from services.orders import Request
from services.residents import Home
from services.rules.figures import is_within_days
from services.rules.grades import CaseSource
from services.rules.history import Step
from services.rules.names import normalise_room
from storage import orders as store
from storage import residents as roll
from storage.records import Order, OrderKind, OrderState, Person, Role, Source

ANSWERS = {"yes": True, "no": False}
"""Whether it is the same fault, as buttons say it."""

LONGEST_NAME = 40
"""Nothing longer is a room or a number."""

JUDGES = (Role.CS,)
"""Who says in the end whether it is the same fault."""


class NotRepaired(DomainError):
    """It is no finished repair: what is wrong with it is another matter than rework."""

    key = "no-rework-of-this"


class TooLongAgo(DomainError):
    """More than the days within which the same fault is rework: it is a new repair."""

    key = "no-rework-too-late"


class ReworkUnderWay(DomainError):
    """Somebody is coming about it already: says which order that is, and how it stands."""

    key = "no-rework-under-way"


class FaultSettled(DomainError):
    """Whether it is the same fault has been said; only customer service change that."""

    key = "no-rework-settled"


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is said of a repair that did not last.

    `starts_at` is the time chosen for the new visit; None where the desk is to agree one.
    """

    order_id: int
    starts_at: datetime | None = None
    note: str = ""
    photos: tuple[str, ...] = ()


# Who may say so, and of what


def of_household(desk: Desk, order_id: int, by: Person) -> Order:
    """The repair, for somebody who lives where it was done.

    Raises:
        NotYours: not of its household, or not living there (any more); NotRepaired, TooLongAgo,
        ReworkUnderWay: see `require_reportable`.
    """
    order = orders.for_resident(desk, order_id, by)
    _home(desk, order, by)
    return require_reportable(desk, order)


def of_caller(desk: Desk, order_id: int, by: Person) -> Order:
    """The repair, for the desk of its centre, which has its household on the telephone.

    Raises:
        NotYours: not of that desk; NotRepaired, TooLongAgo, ReworkUnderWay: see
        `require_reportable`.
    """
    return require_reportable(desk, orders.for_desk(desk, order_id, by))


def require_reportable(desk: Desk, order: Order) -> Order:
    """The order again, if the same fault now would be rework of it (§3.8).

    Raises:
        NotRepaired: no repair, or not done; TooLongAgo: completed too many days ago on the
        centre's calendar; ReworkUnderWay: a rework of it is not finished yet.
    """
    if not cards.is_repaired(order) or order.finished_at is None:
        raise NotRepaired(number=order.number, state=orders.state_word(order))
    if _is_long_ago(desk, order):
        days = desk.standard(order.centre_id).rework_within_days
        finished = Moment(order.finished_at, desk.centre(order.centre_id).zone, "day")
        ways = ((do("book.start"),), (do("talk.start"),))
        raise TooLongAgo(rows=ways, number=order.number, finished=finished, days=days)
    for again in of_repair(desk, order):
        if orders.is_open(again):
            raise ReworkUnderWay(rows=(), first=order.number, **orders.where_it_stands(desk, again))
    return order


def of_repair(desk: Desk, order: Order) -> list[Order]:
    """The orders that repeat a repair, the newest first."""
    return store.reworks_of(desk.connection, order.id)


def may_report(desk: Desk, order: Order) -> bool:
    """Whether 没修好 can be said of the order now."""
    try:
        require_reportable(desk, order)
    except DomainError:
        return False
    return True


def named_by(desk: Desk, by: Person, typed: str) -> list[Order]:
    """The repairs a caller may mean, by the room or the order number that the desk types.

    Those of which 没修好 can be said now or is said already, in the centres of whoever types, the
    newest first; empty where the words are neither.
    """
    found: list[Order] = []
    if len(typed) <= LONGEST_NAME:
        mine = orders.centres_of(desk, by)
        for centre_id in mine:
            room = roll.room_named(desk.connection, centre_id, normalise_room(typed))
            rooms = [room.id] if room is not None else []
            found += store.of_residents(desk.connection, [], rooms, orders.MOST_REMEMBERED)
        numbered = store.by_number(desk.connection, typed.strip().upper())
        if numbered is not None and numbered.centre_id in mine:
            found.append(numbered)
    return [order for order in found if cards.is_repaired(order) and not _is_long_ago(desk, order)]


def _is_long_ago(desk: Desk, order: Order) -> bool:
    days, zone = desk.standard(order.centre_id).rework_within_days, desk.zone(order.centre_id)
    finished_at = order.finished_at
    return finished_at is None or not is_within_days(desk.now, finished_at, days, zone)


def _home(desk: Desk, order: Order, person: Person) -> Home:
    for home in residents.homes(desk, person):
        if home.room.id == order.room_id:
            return home
    raise NotYours


# 没修好


def earliest(desk: Desk, order: Order) -> datetime | None:
    """The first free start for coming again; None where the desk must agree a time.

    That is where nothing is free, after an emergency (what has to be done is not known by any
    item), and where the item may not be sold at present: then somebody looks at it first.
    """
    item = booking.item_of_order(desk, order)
    if item is None or not catalogue.is_bookable(item):
        return None
    slots = availability.free_slots(desk, changes.work_of(desk, order))
    return slots[0].start if slots else None


def report(desk: Desk, by: Person, said: Complaint, channel: str) -> Order:
    """没修好 by somebody of the household, in a chat of this channel: the rework, being placed.

    Raises:
        SlotTaken: the start is not free; NotYours and the refusals of `of_household`.
    """
    first = of_household(desk, said.order_id, by)
    home = _home(desk, first, by)
    return _begin(
        desk,
        first,
        said,
        person_id=by.id,
        contact_name=home.name,
        contact_phone=home.phone,
        source=Source.OWNER,
        channel=channel,
    )


def report_for(desk: Desk, by: Person, said: Complaint) -> Order:
    """The same for a caller, by the desk; who has a chat hears of it there, too.

    Raises:
        SlotTaken: the start is not free; NotYours and the refusals of `of_caller`.
    """
    first = of_caller(desk, said.order_id, by)
    again = _begin(
        desk,
        first,
        said,
        person_id=first.person_id,
        contact_name=first.contact_name,
        contact_phone=first.contact_phone,
        source=Source.PHONE,
        channel=intake.CHANNEL,
        registered_by=by.id,
    )
    desk.tell(again.person_id, outcome(desk, again), matter=cards.matter(again), by_phone=True)
    return again


def _begin(
    desk: Desk,
    first: Order,
    said: Complaint,
    *,
    person_id: int | None,
    contact_name: str,
    contact_phone: str,
    source: Source,
    channel: str,
    registered_by: int | None = None,
) -> Order:
    """The linked order: what was repaired once more, at no charge for labour."""
    request = Request(
        centre_id=first.centre_id,
        room_id=first.room_id,
        place=first.place,
        person_id=person_id,
        contact_name=contact_name,
        contact_phone=contact_phone,
        source=source,
        channel=channel,
        registered_by=registered_by,
        kind=OrderKind.APPOINTMENT,
        title=Named(first.title_zh, first.title_en),
        trade=first.trade,
        skills=first.skills,
        minutes=first.minutes,
        item_id=first.item_id,
        emergency=first.emergency,
        quantity=first.quantity,
        price_fen=0,
        note=said.note,
        photos=said.photos,
        rework_of=first.id,
    )
    again = _place(desk, first, request, said.starts_at)
    by = registered_by or person_id
    orders.note(desk, first, Step.REWORK_ASKED, by, other=again.number)
    orders.note(desk, again, Step.REWORK_BEGUN, by, other=first.number)
    fact = say("case-fact-rework-asked", number=again.number, at=_now(desk, again))
    cases.note_fact(desk, first, CaseSource.DISSATISFIED, fact, by)
    return again


def _place(desk: Desk, first: Order, request: Request, starts_at: datetime | None) -> Order:
    desk.lock_centre(request.centre_id)
    if starts_at is not None:
        return booking.appoint(desk, request, changes.work_of(desk, first), starts_at)
    order = orders.store_request(desk, request)
    promises.promise(desk, order)
    head = say("desk-rework", number=order.number, first=first.number)
    return dispatch.to_desk(desk, order, head)


def outcome(desk: Desk, again: Order) -> Message:
    """What is told of a rework that was registered: its number, its time, and what it costs."""
    at = Moment(again.appointed_at or again.reported_at, desk.centre(again.centre_id).zone)
    title = orders.title(again)
    if again.appointed_at is None:
        told = say("rework-begun-desk", number=again.number, title=title)
    else:
        told = say("rework-begun-at", number=again.number, title=title, at=at)
        told = told.line("booked-desk" if again.desk_since else "booked-asking")
    told = told.line("rework-free")
    if again.appointed_at is not None:
        told = told.row(do("order.move", again.id), do("order.cancel", again.id))
    return told.row(do("orders.mine"))


# The same fault?


def find(desk: Desk, order_id: int, by: Person, *, same: bool) -> Order:
    """The technician on site says whether it is the same fault.

    Raises:
        NotYours, OrderTaken: not this technician's; OrderMoved: no rework, or nobody is on site;
        FaultSettled: the opposite has been said.
    """
    order = orders.for_technician(desk, order_id, by)
    _require_rework(desk, order)
    orders.require_state(desk, order, *store.ON_SITE)
    if order.rework_confirmed is None:
        return _settle(desk, order, by, same=same)
    if order.rework_confirmed is not same:
        raise FaultSettled(rows=(), **_said(desk, order))
    return order


def judge(desk: Desk, order_id: int, by: Person, *, same: bool) -> Order:
    """Customer service say whether it is the same fault, whatever was said before.

    Raises:
        NotYours: not customer service of that centre; OrderMoved: no rework, or called off.
    """
    order = orders.for_desk(desk, order_id, by)
    if not orders.holds(desk, by, order.centre_id, *JUDGES):
        raise NotYours
    _require_rework(desk, order)
    if order.rework_confirmed is same:
        return order
    order = _settle(desk, order, by, same=same)
    if orders.is_open(order):
        cards.update_technician(desk, order)
    return order


def untold(desk: Desk, centre_ids: Collection[int]) -> list[Order]:
    """Rework of these centres that is finished, and nobody has said whether the fault is the same.

    Until customer service find out, it is missing from the rework rate (§3.8).
    """
    return store.untold_reworks(desk.connection, centre_ids)


def _require_rework(desk: Desk, order: Order) -> None:
    if order.rework_of is None or order.state is OrderState.CANCELLED:
        raise orders.moved(desk, order)


def _settle(desk: Desk, order: Order, by: Person, *, same: bool) -> Order:
    order = orders.change(desk, order, rework_confirmed=same, rework_by=by.id, rework_at=desk.now)
    first = _first(desk, order)
    step = Step.REWORK_CONFIRMED if same else Step.REWORK_DENIED
    orders.note(desk, order, step, by.id, other=first.number)
    orders.note(desk, first, step, by.id, other=order.number)
    fact = say("case-fact-rework", **_said(desk, order))
    if same:
        cases.open_case(desk, first, CaseSource.REWORK, fact, by=by.id)
    else:
        cases.note_fact(desk, first, CaseSource.REWORK, fact, by.id)
        if order.technician_id == by.id:
            _ask_service(desk, order, first, "desk-rework-denied")
    return order


def leave_open(desk: Desk, order: Order) -> None:
    """The technician could not tell: customer service find out."""
    _ask_service(desk, order, _first(desk, order), "desk-rework-untold")


def _ask_service(desk: Desk, order: Order, first: Order, key: str) -> None:
    """Where the owner and the technician differ, customer service look into it."""
    who = orders.technician_name(desk, order) or cards.NOBODY
    head = say(key, number=order.number, who=who, **cards.repair_facts(desk, first))
    dispatch.alert_desk(desk, order, JUDGES, head)


def _first(desk: Desk, order: Order) -> Order:
    if order.rework_of is None:
        raise LookupError(f"order {order.id} repeats no repair")
    return orders.load(desk, order.rework_of)


def _said(desk: Desk, order: Order) -> dict[str, Fact]:
    """What was found, by whom, and when."""
    by, at = order.rework_by, order.rework_at or desk.now
    return {
        "number": order.number,
        "found": Word("rework-same" if order.rework_confirmed else "rework-other"),
        "who": orders.staff_name(desk, by) if by is not None else cards.NOBODY,
        "at": Moment(at, desk.centre(order.centre_id).zone),
    }


def _now(desk: Desk, order: Order) -> Moment:
    return Moment(desk.now, desk.centre(order.centre_id).zone)
