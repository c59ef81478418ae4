"""The simulated centre and its people, brought into the books by the imports that real ones use."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.demo import FOLDER
from bot.sheets import read_sheet
from bot.simulation.dice import Dice
from services import catalogue, residents, roster
from services.calendars import calendar
from services.desk import Desk
from services.imports import ImportKind, Line, Sheet, import_sheet
from services.rules.shifts import Shift
from services.rules.spans import Span
from services.rules.standard import Standard
from storage import centres, imports, people
from storage.records import Item, Person, Resident, Role, Room

CHANNEL = "simulation"
LOCALE = "zh-CN"
CODE = "SIM"
ZONE = ZoneInfo("Asia/Shanghai")

IN_CHAT = 0.62
"""The share of households whose owner has bound the room; the others telephone."""

DAYS_BETWEEN_LEAVES = 45.0
LEAVES = ((1, 50), (2, 25), (3, 15), (7, 10))
"""How many days somebody is on leave, and how often it is so many."""

STRANGERS = 12
"""People with a chat and no room, who may report an emergency all the same."""

TEAM = (
    ("cs", "", "desk"),
    ("control", "", "all"),
    ("supervisor", "", "08:00-20:00"),
    ("head", "", "day"),
    ("business", "", "day"),
    ("technician", "plumber,electrician,locksmith,handyman", "early"),
    ("technician", "plumber,electrician,handyman", "late"),
    ("technician", "plumber,electrician,locksmith,handyman", "night"),
    ("technician", "cleaner", "08:00-20:00"),
    ("technician", "cleaner", "Mon-Sat 08:30-17:30"),
    ("technician", "plumber,electrician,handyman,locksmith", "early"),
    ("technician", "appliance,cleaner", "day"),
    ("technician", "floor_care,cleaner", "day"),
    ("technician", "gardener", "08:00-18:00"),
    ("technician", "handyman,locksmith,plumber", "late"),
    ("technician", "plumber,electrician", "night"),
    ("cs,technician", "front_desk,concierge", "early"),
    ("technician", "cleaner", "08:00-20:00"),
    ("cs", "", "desk"),
    ("control", "", "night"),
)
"""Roles, skills and shift of the team in the order of need; a larger one begins anew at the top."""


class NotEmpty(Exception):
    """The database holds a centre already: a simulation begins with empty books."""


CALENDAR = calendar(Standard().holiday_calendar)

A_FORTNIGHT = 15
"""Longer than any row of holidays."""


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the staff; `away` are the local days of their leave."""

    person: Person
    roles: tuple[Role, ...]
    shift: Shift
    away: frozenset[date] = frozenset()

    def works_at(self, at: datetime) -> bool:
        """Whether they are on shift."""
        return any(span.contains(at) for span in self._times_from(at, -1, 1))

    def next_at_work(self, at: datetime) -> datetime:
        """The instant itself while they are on shift, else the beginning of the next one."""
        if self.works_at(at):
            return at
        return next(span.start for span in self._times_from(at, 0, A_FORTNIGHT) if span.start > at)

    def _times_from(self, at: datetime, first: int, end: int) -> Iterator[Span]:
        """The working times that start on these days, counted from the local day of `at`."""
        today = at.astimezone(ZONE).date()
        for day in (today + timedelta(days=ahead) for ahead in range(first, end)):
            if day not in self.away:
                yield from self.shift.windows(day, ZONE, CALENDAR)


@dataclass(frozen=True, slots=True)
class Household:
    """A room and who answers for it; without a person they telephone."""

    room: Room
    line: Resident
    person: Person | None


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody and everything there is at the start."""

    centre_id: int
    members: dict[int, Member]
    households: tuple[Household, ...]
    strangers: tuple[Person, ...]
    items: tuple[Item, ...]


def open_centre(desk: Desk, dice: Dice, *, rooms: int, staff: int, days: int) -> Cast:
    """Fill empty books with a centre of so many rooms and staff, and their leave in these days.

    Raises:
        NotEmpty: there is a centre in the books.
    """
    if centres.every(desk.connection):
        raise NotEmpty
    _take(desk, ImportKind.CENTRES, ("code", "name", "zone", "phone"), [_the_centre()])
    if not import_sheet(desk, ImportKind.CATALOGUE, read_sheet(FOLDER / "catalogue.csv")).written:
        raise ValueError("the demo catalogue is not good")
    roster_columns = ("name", "phone", "roles", "skills", "shift")
    _take(desk, ImportKind.STAFF, roster_columns, [_roster_line(one) for one in range(staff)])
    roll_columns = ("room", "name", "phone", "relation")
    _take(desk, ImportKind.RESIDENTS, roll_columns, [_roll_line(one) for one in range(rooms)])
    away = {_phone(one): _leave(desk, dice, days) for one in range(staff)}
    off = [(phone, f"{day}", "off") for phone, dates in away.items() for day in sorted(dates)]
    _take(desk, ImportKind.DAYS, ("phone", "date", "shift"), off)
    centre = centres.every(desk.connection)[0]
    return Cast(
        centre.id,
        _members(desk, centre.id, away),
        _households(desk, dice, centre.id),
        tuple(_stranger(desk, one) for one in range(STRANGERS)),
        tuple(catalogue.bookable(desk, centre.id)),
    )


def _take(
    desk: Desk, kind: ImportKind, headings: tuple[str, ...], rows: Iterable[tuple[str, ...]]
) -> None:
    lines = tuple(Line(number, cells) for number, cells in enumerate(rows, start=2))
    if not lines:
        return
    report = import_sheet(desk, kind, Sheet(headings, 1, lines))
    if not report.written:
        raise ValueError(f"simulated {kind}: {report.problems[:3]}")


def _the_centre() -> tuple[str, ...]:
    return CODE, CODE, ZONE.key, "021-55500199"


def _roster_line(number: int) -> tuple[str, ...]:
    roles, skills, shift = TEAM[number % len(TEAM)]
    return f"S{number + 1:03d}", _phone(number), roles, skills, shift


def _phone(number: int) -> str:
    return f"1370000{number + 1:04d}"


def _leave(desk: Desk, dice: Dice, days: int) -> frozenset[date]:
    """The days on which somebody is away, of so many from now on."""
    today, away = desk.now.astimezone(ZONE).date(), set[date]()
    day = dice.expovariate(1 / DAYS_BETWEEN_LEAVES)
    while day < days:
        first, length = today + timedelta(days=int(day)), dice.pick(LEAVES)
        away.update(first + timedelta(days=one) for one in range(length))
        day += length + dice.expovariate(1 / DAYS_BETWEEN_LEAVES)
    return frozenset(away)


def _roll_line(number: int) -> tuple[str, ...]:
    building, flat = divmod(number, 80)
    floor, door = divmod(flat, 4)
    room_no = f"{building + 1}-{floor + 1:02d}{door + 1:02d}"
    return room_no, f"R{number + 1:05d}", f"139{number + 1:08d}", "owner"


def _members(desk: Desk, centre_id: int, away: Mapping[str, frozenset[date]]) -> dict[int, Member]:
    members = {}
    for line in people.staff_in(desk.connection, centre_id):
        people.add_endpoint(desk.connection, line.person_id, CHANNEL, line.name, desk.now)
        person = people.person(desk.connection, line.person_id)
        shift = roster.shift_of(line.shift)
        members[person.id] = Member(person, line.roles, shift, away[line.phone])
    return members


def _households(desk: Desk, dice: Dice, centre_id: int) -> tuple[Household, ...]:
    rooms = imports.rooms_in(desk.connection, [centre_id])
    numbers = {room_id: room_no for (_, room_no), room_id in rooms.items()}
    found = []
    for line in imports.roll_of(desk.connection, [centre_id]):
        room = Room(line.room_id, centre_id, numbers[line.room_id])
        person = _bound(desk, line) if dice.chance(IN_CHAT) else None
        found.append(Household(room, line, person))
    return tuple(found)


def _bound(desk: Desk, line: Resident) -> Person:
    person = people.add_person(desk.connection, None, None, LOCALE, desk.now)
    people.add_endpoint(desk.connection, person.id, CHANNEL, line.name, desk.now)
    return residents.take_line(desk, person, line)


def _stranger(desk: Desk, number: int) -> Person:
    _, person = people.meet(desk.connection, CHANNEL, f"stranger-{number}", LOCALE, desk.now)
    return person
