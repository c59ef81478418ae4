"""Owners whose booking form stands at its summary, each for a start of their own."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from bot.flow import CONFIRM
from bot.handlers.booking import BookingForm
from services import availability, booking
from services.desk import Desk
from storage import catalogue, conversations, people
from storage.records import Item, Relation, Role
from storage.tables import centres, residents, rooms, staff

OWNERS_OF_A_CENTRE = 24
TECHNICIANS_OF_A_CENTRE = 6
REPAIR = Item(
    id=0,
    centre_id=0,
    code="PL01",
    name_zh="换水龙头",
    name_en="Replace tap",
    category="plumbing",
    content_class="ordinary",
    unit="piece",
    price_fen=4000,
    price_mode="fixed",
    minutes=40,
    skills=("plumber",),
    risk="covered",
    noisy=False,
    active=True,
)
CLEANING = replace(
    REPAIR,
    code="HC01",
    name_zh="钟点保洁",
    name_en="Hourly cleaning",
    category="cleaning",
    unit="hour",
    price_fen=5000,
    price_mode="hourly",
    minutes=120,
    skills=("cleaner",),
)
CHANNEL = "telegram"


def fill(connection: Connection, *, now: datetime, owners: int) -> None:
    """As many owners as wanted, their address on Telegram being their number, from one.

    They are dealt out to the centres in turn, so that neighbours in number live apart.
    """
    desk = Desk(connection, now)
    how_many = -(-owners // OWNERS_OF_A_CENTRE)
    for centre in range(1, how_many + 1):
        _centre(desk, f"C{centre}", list(range(centre, owners + 1, how_many)))


def _centre(desk: Desk, code: str, owners: list[int]) -> None:
    made = desk.connection.execute(
        centres.insert().values(code=code, name=f"{code} 服务中心", zone="Asia/Shanghai", phone="")
    )
    centre_id = int((made.inserted_primary_key or (0,))[0])
    for number in range(TECHNICIANS_OF_A_CENTRE):
        _technician(desk, centre_id, f"{code}-{number}")
    for item in (REPAIR, CLEANING):
        catalogue.put(desk.connection, replace(item, centre_id=centre_id))
    listed = catalogue.active(desk.connection, centre_id)
    starts = availability.free_slots(desk, booking.work_of(listed[0]))
    for place, number in enumerate(owners):
        start = starts[place * len(starts) // len(owners)].start
        _owner(desk, centre_id, number, listed[place % len(listed)], start)


def _technician(desk: Desk, centre_id: int, key: str) -> None:
    person = people.add_person(desk.connection, f"师傅{key}", None, "zh-CN", desk.now)
    people.add_endpoint(desk.connection, person.id, CHANNEL, key, desk.now)
    desk.connection.execute(
        staff.insert().values(
            centre_id=centre_id,
            person_id=person.id,
            name=f"师傅{key}",
            phone=key,
            roles=(Role.TECHNICIAN,),
            skills=("cleaner", "plumber"),
            shift="全天",
            active=True,
        )
    )


def _owner(desk: Desk, centre_id: int, number: int, item: Item, start: datetime) -> None:
    """Somebody with a room, and the form filled in as far as 确认预约."""
    connection = desk.connection
    person = people.add_person(
        connection, f"业主{number}", f"1380000{number:04}", "zh-CN", desk.now
    )
    endpoint = people.add_endpoint(connection, person.id, CHANNEL, str(number), desk.now)
    made = connection.execute(rooms.insert().values(centre_id=centre_id, room_no=f"1-{number}"))
    room_id = int((made.inserted_primary_key or (0,))[0])
    connection.execute(
        residents.insert().values(
            room_id=room_id,
            name=person.name,
            phone=person.phone,
            relation=Relation.OWNER,
            person_id=person.id,
            bound_at=desk.now,
        )
    )
    draft = BookingForm(
        room=room_id, category=item.category, item=item.id, slot=int(start.timestamp())
    )
    conversations.keep_form(
        connection,
        endpoint.id,
        form="book",
        serial=1,
        step=CONFIRM,
        answers=draft.model_dump_json(exclude_unset=True),
        now=desk.now,
    )
