"""Twelve months of a centre: its street, its desk, and what is done there every day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from random import Random
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, exists, select, update

from bot.channels.base import Button
from storage import people
from storage.records import CaseState, Role
from storage.tables import cases, items, staff, visits
from storage.visits import BY_PEOPLE
from tests.conversation import Town
from tests.town import ZONE
from tests.year import agreed, proof, work
from tests.year.calendar import Calendar
from tests.year.colleagues import Colleague
from tests.year.exchange import Exchange
from tests.year.residents import Resident
from tests.year.street import Chat, Household, build, households

BEGIN = date(2026, 12, 1)
MONTHS = 12
IDLE = date(2027, 6, 1)
"""In this month nobody opens the list of return visits."""

AFTERMATH = timedelta(days=25)
"""How long the last month's visits and cases are seen to."""

VISITING = ("cs", "cs2", "supervisor")
SITTINGS = {
    "cs": ("09:50", "13:20"),
    "cs2": ("15:40",),
    "supervisor": ("16:45",),
    "head": ("17:10",),
    "business": ("14:30",),
}
"""When each of them sits down, every day; at noon, too, though households have their rest then."""

IN_THE_MORNING = time(9, 30)
"""When they see whether there is anything to do today."""

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Left:
    """What the year has left behind: the books, and when each household did something."""

    books: proof.Books
    pressed: dict[str, set[datetime]]


async def live_through(town: Town, exchange: Exchange, seed: int) -> Left:
    """The year from its first day to the aftermath of its last month."""
    street = households(seed)
    calendar = Calendar(town, exchange)
    town.clock.at = _at(BEGIN - _DAY, time(12))
    await town.change(partial(_prepare, street=street, now=calendar.now))
    exchange.shut |= {home.key for home in street if home.chat is Chat.SHUT}
    exchange.left |= {home.key for home in street if home.chat is Chat.LEFT}
    residents = [Resident(calendar, home) for home in street if home.has_chat]
    colleagues = [_colleague(calendar, street, key) for key in SITTINGS]
    dice = Random(f"{seed}:days")
    for month in _months():
        jobs = work.jobs_of(month, street, seed)
        for resident in residents:
            _write_now_and_then(calendar, resident, month, dice)
        for day in _days(month):
            _plan_day(calendar, colleagues, day)
            done = [job for job in jobs if job.day == day]
            calendar.at(_at(day, work.IN_THE_EVENING), partial(_work, town, street, day, done))
            await calendar.runs(_at(day + _DAY, time.min))
    for number in range(AFTERMATH // _DAY):
        day = AFTER + number * _DAY
        _plan_day(calendar, colleagues, day)
        await calendar.runs(_at(day + _DAY, time.min))
    books = await town.look(partial(proof.read, work.CENTRE, exchange.deliveries))
    return Left(books, {one.home.key: one.pressed for one in residents})


def _at(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, ZoneInfo(ZONE)).astimezone(UTC)


def _after(months: int) -> date:
    ahead = BEGIN.month - 1 + months
    return date(BEGIN.year + ahead // 12, ahead % 12 + 1, 1)


AFTER = _after(MONTHS)
"""The first month that is not lived through."""


def _months() -> list[date]:
    return [_after(number) for number in range(MONTHS)]


def _days(month: date) -> list[date]:
    days = [month + number * _DAY for number in range(31)]
    return [day for day in days if day.month == month.month]


def _prepare(connection: Connection, street: list[Household], now: datetime) -> None:
    """The street's roll; and an agent who goes to homes, too: alone, she tends their plants."""
    build(connection, street, work.CENTRE, "phone", now)
    known = people.who(connection, "phone", "cs2")
    assert known is not None
    connection.execute(
        update(staff)
        .where(staff.c.person_id == known[1].id)
        .values(roles=(Role.CS, Role.TECHNICIAN), skills=("gardener",))
    )
    like = connection.execute(select(items).where(items.c.code == "PL01").limit(1)).one()
    plants = {
        "code": "GR01",
        "name_zh": "室内绿植养护",
        "name_en": "Indoor plant care",
        "category": "green",
        "skills": ("gardener",),
    }
    kept = {name: value for name, value in like._mapping.items() if name != "id"}
    connection.execute(items.insert().values({**kept, "centre_id": work.CENTRE, **plants}))
    before = {one.signed for one in agreed.SIGNED if one.signed < BEGIN}
    agreed.sign(connection, street, work.CENTRE, "phone", before)


async def _work(town: Town, street: list[Household], day: date, jobs: list[work.Job]) -> None:
    def unit(connection: Connection) -> None:
        work.do(connection, jobs, town.clock.now())
        agreed.sign(connection, street, work.CENTRE, "phone", {day})

    await town.change(unit)


def _write_now_and_then(calendar: Calendar, resident: Resident, month: date, dice: Random) -> None:
    """Who can only be answered for a while writes now and then, and most on the first."""
    if resident.home.chat not in (Chat.WINDOW, Chat.SHUT):
        return
    for day in (1, dice.randint(2, 28)):
        if dice.randrange(100) < 60:
            moment = _at(month.replace(day=day), time(dice.randint(7, 12), dice.randrange(60)))
            calendar.at(moment, resident.writes)


def _colleague(calendar: Calendar, street: list[Household], key: str) -> Colleague:
    by_room = {home.room_id: home for home in street}

    async def home_of(button: Button) -> Household:
        action, _, number = button.data.partition("|")
        table = visits if action.startswith("visiting") else cases
        room = select(table.c.room_id).where(table.c.id == int(number))
        return by_room[await calendar.town.look(lambda connection: connection.scalars(room).one())]

    return Colleague(calendar, calendar.town.actor(key), home_of)


def _plan_day(calendar: Calendar, colleagues: list[Colleague], day: date) -> None:
    calendar.at(_at(day, IN_THE_MORNING), partial(_plan_sittings, calendar, colleagues, day))


async def _plan_sittings(calendar: Calendar, colleagues: list[Colleague], day: date) -> None:
    """Who has something to do sits down today, if they come at all."""
    visits_wait, cases_wait = await calendar.town.look(_waits)
    for one in colleagues:
        makes_visits = visits_wait and one.actor.key in VISITING and day.replace(day=1) != IDLE
        for clock in SITTINGS[one.actor.key]:
            moment = _at(day, time.fromisoformat(clock))
            if makes_visits and one.is_here():
                calendar.at(moment, one.makes_visits)
            if cases_wait and one.is_here():
                calendar.at(moment, one.sees_to_cases)


def _waits(connection: Connection) -> tuple[bool, bool]:
    """Whether return visits wait for somebody, and whether cases do."""
    to_visit = exists().where(visits.c.state.in_(BY_PEOPLE))
    to_settle = exists().where(cases.c.state != CaseState.CLOSED)
    to_visit_now, to_settle_now = connection.execute(select(to_visit, to_settle)).one()
    return bool(to_visit_now), bool(to_settle_now)
