"""Booking an appointment: the free times of an item, and the one way an order comes of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from services import availability as who
from services import catalogue, dispatch, orders, promises
from services.availability import Work
from services.catalogue import bookable, find_item
from services.desk import Desk
from services.errors import DomainError
from services.messages import Moment
from services.rules.slots import Slot
from storage import catalogue as items
from storage.records import Item, Order, OrderKind, Source, Trade

__all__ = [
    "Booking",
    "SlotTaken",
    "availability",
    "book",
    "bookable",
    "find_item",
    "next_free",
    "suggested",
    "work_of",
]

SUGGESTED = 8
"""How many starts are offered before anybody asks for more."""

_PARTS_OF_DAY = (9, 14, 18)
"""From which hour a start is a good one of the morning, the afternoon, the evening."""


class SlotTaken(DomainError):
    """The start is not free, or not any more: somebody was quicker, or it is too near."""

    key = "no-slot-taken"


@dataclass(frozen=True, slots=True)
class Booking:
    """What somebody wants at which time (the columns of the intake record, §5.1.2).

    `quantity` None is the usual one; hours for hourly items. `registered_by` is the member of
    staff who books for a caller; then `person_id` is the caller's, where we know them.
    """

    centre_id: int
    item_id: int
    starts_at: datetime
    place: str
    contact_name: str
    contact_phone: str
    source: Source
    channel: str
    room_id: int | None = None
    person_id: int | None = None
    registered_by: int | None = None
    quantity: int | None = None
    note: str = ""
    photos: tuple[str, ...] = ()


def work_of(item: Item, quantity: int | None = None) -> Work:
    """What the item takes: whose skills, for how long, and whether it is noisy."""
    minutes = catalogue.duration(item, quantity)
    return Work(item.centre_id, item.skills, minutes, item.noisy)


def availability(desk: Desk, item: Item, quantity: int | None = None) -> tuple[Slot, ...]:
    """Every start at which the item can be booked now, in order."""
    return who.free_slots(desk, work_of(item, quantity))


def next_free(
    desk: Desk,
    item: Item,
    *,
    quantity: int | None = None,
    after: datetime | None = None,
    count: int = SUGGESTED,
) -> list[datetime]:
    """The next so many free starts at or after an instant (now, by default)."""
    slots = availability(desk, item, quantity)
    return [slot.start for slot in slots if after is None or slot.start >= after][:count]


def suggested(starts: Sequence[datetime], zone: ZoneInfo, count: int = SUGGESTED) -> list[datetime]:
    """A helpful few of many starts: the very first, then one for each part of each day.

    In order of time; where the parts of the days are too few, the next free starts join them.
    """
    by_merit = dict.fromkeys([*starts[:1], *_one_a_part(starts, zone), *starts])
    return sorted([*by_merit][:count])


def _one_a_part(starts: Iterable[datetime], zone: ZoneInfo) -> list[datetime]:
    """The first start from nine, from two and from six o'clock of each local day."""
    first: dict[tuple[str, int], datetime] = {}
    for start in starts:
        local = start.astimezone(zone)
        hours = [hour for hour in _PARTS_OF_DAY if hour <= local.hour]
        if hours:
            first.setdefault((local.date().isoformat(), hours[-1]), start)
    return list(first.values())


def book(desk: Desk, booking: Booking) -> Order:
    """Make the order, promise its times and ask for a technician, all in this unit.

    Everything is checked again here, under the centre's lock, whoever books on which channel.

    Raises:
        NotOffered, UnderReview, Referred: the item is not to be sold (§3 note);
        SlotTaken: the start is not free.
    """
    desk.lock_centre(booking.centre_id)
    item = catalogue.item_of(desk, booking.centre_id, booking.item_id)
    catalogue.require_bookable(item)
    work = work_of(item, booking.quantity)
    return appoint(desk, _request(booking, item, work), work, booking.starts_at)


def appoint(desk: Desk, request: orders.Request, work: Work, start: datetime) -> Order:
    """Make an order for a start that is free, whatever it is for, and ask for a technician.

    To be called under the centre's lock: two who want one start must not both find it free.

    Raises:
        SlotTaken: the start is not free.
    """
    limit = desk.now + desk.standard(request.centre_id).minor_within
    repair_later = request.trade is Trade.REPAIR and start > limit
    earlier = ((desk.now, limit),) if repair_later else ()
    seen = who.look(desk, work, (start, start), *earlier)
    free = who.free_then(desk, work, seen, start) if who.may_start(desk, work, start) else ()
    if not free:
        raise SlotTaken(at=Moment(start, desk.centre(request.centre_id).zone))
    # Where no start in time was free, the wait is ours and not the owner's choice (reading 14).
    deferred = repair_later and who.is_any_free(desk, work, seen, limit)
    appointed = replace(request, appointed_at=start, owner_deferred=deferred)
    order = orders.store_request(desk, appointed)
    promises.promise(desk, order)
    return dispatch.begin(desk, order, free)


def _request(booking: Booking, item: Item, work: Work) -> orders.Request:
    quantity = booking.quantity or catalogue.usual_quantity(item) or 1
    return orders.Request(
        centre_id=booking.centre_id,
        room_id=booking.room_id,
        place=booking.place,
        person_id=booking.person_id,
        contact_name=booking.contact_name,
        contact_phone=booking.contact_phone,
        source=booking.source,
        channel=booking.channel,
        kind=OrderKind.APPOINTMENT,
        title=catalogue.title(item),
        trade=catalogue.trade(item),
        skills=item.skills,
        minutes=work.minutes,
        item_id=item.id,
        quantity=quantity,
        price_fen=catalogue.estimate(item, booking.quantity),
        note=booking.note,
        photos=booking.photos,
        registered_by=booking.registered_by,
    )


def item_of_order(desk: Desk, order: Order) -> Item | None:
    """The catalogue item an order was made from; an emergency has none."""
    return items.get(desk.connection, order.item_id) if order.item_id is not None else None
