"""代客登记: what a caller wants, registered by the desk in the same book as all else (§5.1.2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services import booking, cards, orders, residents, urgent
from services.booking import Booking
from services.desk import Desk
from services.errors import DomainError, NotYours
from services.messages import Action, Message, Moment, Money, Saying, do, say
from services.rules.emergencies import EmergencyKind, advice, occurrence
from services.rules.names import normalise_room
from services.urgent import Report, Reported
from storage import residents as roll
from storage.records import Order, Person, Resident, Room, Source

CHANNEL = "phone"


class RoomUnknown(DomainError):
    """The centre has no such room: the caller is asked again, or reports an emergency."""

    key = "no-room-known"


@dataclass(frozen=True, slots=True)
class Call:
    """Who is on the telephone, and for which place.

    `room` is None where the place is an address and no room of ours: then it is an emergency.
    `person_id` is the chat of the line of the roll, if it has one.
    """

    centre_id: int
    place: str
    name: str
    phone: str
    room: Room | None = None
    person_id: int | None = None
    note: str = ""


class CannotHaveOccurred(DomainError):
    """An emergency reported now occurred within the last 24 hours, and not in the future."""

    key = "no-cannot-have-occurred"


def occurred(desk: Desk, centre_id: int, typed: str) -> datetime:
    """When it happened, as the caller says (昨晚10点, 21:40).

    Raises:
        CannotHaveOccurred: no such time within reach.
    """
    at = occurrence(typed, now=desk.now, zone=desk.zone(centre_id))
    if at is None:
        raise CannotHaveOccurred
    return at


def require_desk(desk: Desk, by: Person, centre_id: int) -> None:
    """Only the desk of the centre registers for others.

    Raises:
        NotYours: not of that centre's desk.
    """
    if not orders.serves(desk, by, centre_id, *orders.DESK_ROLES):
        raise NotYours


def room_named(desk: Desk, centre_id: int, typed: str) -> Room:
    """The room somebody named on the telephone, however it was typed.

    Raises:
        RoomUnknown: the centre has none like it.
    """
    room = roll.room_named(desk.connection, centre_id, normalise_room(typed))
    if room is None:
        raise RoomUnknown(room=typed.strip()[:40], centre=desk.centre(centre_id).name)
    return room


def line_in(desk: Desk, room: Room, line_id: int) -> Resident | None:
    """One of those who live in the room."""
    living = residents.living_in(desk, room.centre_id, room.id)
    return next((line for line in living if line.id == line_id), None)


def book(
    desk: Desk,
    by: Person,
    call: Call,
    item_id: int,
    starts_at: datetime,
    quantity: int | None = None,
) -> Order:
    """An ordinary order for a caller, who hears of it in chat too if they have one.

    Raises:
        NotYours: not of that centre's desk; SlotTaken and the catalogue's refusals: see
        `booking.book`.
    """
    require_desk(desk, by, call.centre_id)
    if call.room is None:
        raise RoomUnknown(room=call.place, centre=desk.centre(call.centre_id).name)
    order = booking.book(
        desk,
        Booking(
            centre_id=call.centre_id,
            item_id=item_id,
            starts_at=starts_at,
            place=call.room.room_no,
            contact_name=call.name,
            contact_phone=call.phone,
            source=Source.PHONE,
            channel=CHANNEL,
            room_id=call.room.id,
            person_id=call.person_id,
            registered_by=by.id,
            quantity=quantity,
            note=call.note,
        ),
    )
    _confirm(desk, order, "owner-registered", do("order.move", order.id))
    return order


def report(
    desk: Desk,
    by: Person,
    call: Call,
    kind: EmergencyKind,
    occurred_at: datetime | None = None,
) -> Reported:
    """An emergency told on the telephone; its clock starts now, whenever it occurred (reading 9).

    Raises:
        NotYours: not of that centre's desk.
    """
    require_desk(desk, by, call.centre_id)
    reported = urgent.report(
        desk,
        Report(
            centre_id=call.centre_id,
            kind=kind,
            place=call.room.room_no if call.room else call.place,
            source=Source.PHONE,
            channel=CHANNEL,
            room_id=call.room.id if call.room else None,
            person_id=call.person_id,
            contact_name=call.name,
            contact_phone=call.phone,
            registered_by=by.id,
            note=call.note,
            occurred_at=occurred_at,
        ),
    )
    if not reported.again:
        _confirm(desk, reported.order, "owner-registered-emergency")
    return reported


def to_read_out(kind: EmergencyKind) -> tuple[Saying, ...]:
    """What the caller must be told first of all (§3.9)."""
    return tuple(Saying(f"advice-{one}".replace("_", "-")) for one in advice(kind))


def _confirm(desk: Desk, order: Order, key: str, *actions: Action) -> None:
    """What was registered, to the caller's chat, so that nothing is booked behind their back."""
    zone = desk.centre(order.centre_id).zone
    told = say(
        key,
        number=order.number,
        title=orders.title(order),
        place=order.place,
        at=Moment(order.appointed_at or order.reported_at, zone),
        price=Money(order.price_fen),
    )
    if order.emergency is not None:
        told = Message((*to_read_out(EmergencyKind(order.emergency)), *told.parts))
    desk.tell(order.person_id, told.row(*actions), matter=cards.matter(order), by_phone=True)
