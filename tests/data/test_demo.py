"""The demo: a centre in which everything can be tried at any hour."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, select

from bot.demo import CENTRE, CHANNEL, DEMO_PHONES, DEMO_ZONE, FOLDER, GUEST, load_demo
from bot.demo.past import read_wishes
from services import catalogue, figures, residents, roster
from services.desk import Desk
from services.readiness import Level, look_over
from services.rules.figures import Measure
from services.rules.hours import DayWindow
from storage import centres, people
from storage import residents as roll
from storage.records import Centre, OrderState, Role
from storage.tables import orders
from tests.books import differences
from tests.data.conftest import Books


@pytest.fixture
async def demo(both: Books) -> Books:
    """The demo, on each database."""
    await both.do(load_demo)
    return both


def _centre(desk: Desk) -> Centre:
    found = centres.by_code(desk.connection, CENTRE)
    assert found is not None
    return found


async def test_again_changes_nothing(demo: Books) -> None:
    tables = ("endpoints", "conversations", "lanes", "persons", "residents", "staff", "items")
    tables += ("orders", "order_events", "deadlines")
    count = " UNION ALL ".join(f"SELECT '{one}', count(*) FROM {one}" for one in tables)  # noqa: S608
    before = await demo.everything(), await demo.rows(count)
    demo.now += timedelta(days=1)
    await demo.do(load_demo)
    assert (await demo.everything(), await demo.rows(count)) == before


async def test_nothing_is_missing(demo: Books) -> None:
    found = await demo.do(look_over)
    assert [one.saying.key for one in found if one.level is not Level.GOOD] == []


async def test_everybody_on_the_page_is_who_they_are(demo: Books) -> None:
    def whose(desk: Desk) -> dict[str, tuple[str | None, bool, int]]:
        found = {}
        for phone in DEMO_PHONES:
            known = people.who(desk.connection, CHANNEL, phone.address)
            if known is not None:
                _, person = known
                roles = [line.roles for line in people.staff_of(desk.connection, person.id)]
                homes = len(residents.homes(desk, person))
                right = roles == [(phone.role,)] if roles else phone.role == "owner"
                found[phone.address] = (person.phone, right, homes)
        return found

    numbers = {phone.address: phone.number for phone in DEMO_PHONES if phone.address != GUEST}
    assert await demo.do(whose) == {
        address: (number, True, 1 if address.startswith("owner") else 0)
        for address, number in numbers.items()
    }


async def test_the_guest_can_try_binding(demo: Books) -> None:
    guest = next(phone for phone in DEMO_PHONES if phone.address == GUEST)

    def bind(desk: Desk) -> list[str]:
        _, person = people.meet(desk.connection, CHANNEL, GUEST, "zh-CN", desk.now)
        bound = residents.bind_by_phone(desk, person, guest.number)
        return [home.room.room_no for home in bound.homes] if bound else []

    assert await demo.do(bind) == ["2-0602"]


async def test_an_emergency_finds_somebody_at_any_hour(books: Books) -> None:
    await books.do(load_demo)
    for hour in range(24 * 7):
        books.now = datetime(2026, 11, 23, tzinfo=UTC) + timedelta(hours=hour)

        def ready(desk: Desk) -> tuple[bool, ...]:
            centre = _centre(desk)
            skills = ("plumber", "electrician", "locksmith")
            found = [
                roster.on_duty(desk, centre.id, Role.TECHNICIAN, skills=(skill,))
                for skill in skills
            ]
            return (*map(bool, found), bool(roster.on_duty(desk, centre.id, Role.CONTROL)))

        assert all(await books.do(ready)), books.now


async def test_the_roll_is_invented(demo: Books) -> None:
    numbers = [str(phone) for (phone,) in await demo.rows("SELECT phone FROM residents")]
    numbers += [str(phone) for (phone,) in await demo.rows("SELECT phone FROM staff")]
    assert all(number.startswith("138001") for number in numbers)
    assert len(set(numbers)) == len(numbers)
    assert await demo.rows("SELECT count(*) FROM rooms") == [(120,)]


async def test_every_item_is_there_and_the_risky_ones_are_not_sold(demo: Books) -> None:
    def sold(desk: Desk) -> tuple[int, set[str]]:
        every = catalogue.listed(desk, _centre(desk).id)
        return len(every), {item.risk for item in every if catalogue.is_bookable(item)}

    assert await demo.do(sold) == (45, {"covered"})
    assert await demo.do(lambda desk: desk.zone(_centre(desk).id).key) == DEMO_ZONE


async def test_the_bound_owners_are_owners_of_their_rooms(demo: Books) -> None:
    def rooms(desk: Desk) -> list[str]:
        found = [roll.lines_with_phone(desk.connection, f"1380011000{n}") for n in (1, 2)]
        return [room.room_no for ((line, room),) in found if line.person_id is not None]

    assert await demo.do(rooms) == ["3-1201", "5-0802"]


# The past


@dataclass(frozen=True, slots=True)
class Service:
    """What the demo's past says of one order."""

    room_no: str
    trade: str
    state: str
    customer: int | None
    start: datetime
    end: datetime


async def _past(books: Books) -> list[Service]:
    def read(connection: Connection) -> list[Service]:
        columns = ("place", "trade", "state", "person_id", "appointed_at", "finished_at")
        found = select(*(orders.c[name] for name in columns)).order_by(orders.c.finished_at)
        return [Service(*row) for row in connection.execute(found)]

    return await books.database.read(read)


async def test_the_month_that_runs_has_a_past_in_different_homes(demo: Books) -> None:
    past = await _past(demo)
    assert {one.state for one in past} == {OrderState.FINISHED}
    kinds = {room_no: {one.trade for one in past if one.room_no == room_no} for room_no in ROOMS}
    both = [room_no for room_no, trades in kinds.items() if len(trades) == 2]
    assert (len(past), len(kinds), both) == (14, 13, ["3-1201"])
    assert {one.room_no for one in past if one.customer is not None} == {"3-1201", "5-0802"}


ROOMS = {wish.room_no for wish in read_wishes(FOLDER / "history.csv")}


@pytest.mark.parametrize(
    ("now", "services"),
    [
        ("2026-11-24T10:00", 14),
        ("2027-03-31T10:00", 14),
        ("2026-11-02T10:00", 14),  # only a Sunday before it
        ("2026-12-01T10:00", 7),  # the month is two hours of work old
        ("2027-02-01T00:30", 0),
    ],
)
async def test_the_past_lies_in_the_days_there_are(books: Books, now: str, services: int) -> None:
    zone = ZoneInfo(DEMO_ZONE)
    today = datetime.fromisoformat(now).replace(tzinfo=zone)
    books.now = today.astimezone(UTC)
    await books.do(load_demo)
    past = await _past(books)
    assert len(past) == services
    by_day = DayWindow.parse("08:30-18:00")
    for one in past:
        begun, over = one.start.astimezone(zone), one.end.astimezone(zone)
        assert today.replace(day=1, hour=0, minute=0) <= begun < over <= today
        assert by_day.includes(begun)
        assert by_day.includes(over)


@pytest.mark.parametrize("day", [1, 2, 9, 24])
async def test_the_past_is_in_order_and_waits_for_nothing(books: Books, day: int) -> None:
    books.now = books.now.replace(day=day)
    await books.do(load_demo)
    assert await books.database.read(differences) == []
    assert await books.rows("SELECT count(*) FROM verdicts WHERE verdict = 'met'") != [(0,)]
    for what in (
        "verdicts WHERE verdict = 'missed'",
        "deadlines WHERE state = 'pending'",
        "outbox",
        "cases",
        "phone_tasks",
    ):
        assert await books.rows(f"SELECT count(*) FROM {what}") == [(0,)], what  # noqa: S608


async def test_3_8_the_months_figures_show_the_past(demo: Books) -> None:
    def minor(desk: Desk) -> tuple[int, int]:
        centre_ids = [_centre(desk).id]
        month = figures.this_month(desk, centre_ids)
        found = figures.count(desk, centre_ids, month)[Measure.MINOR]
        return found.hits, found.total

    assert await demo.do(minor) == (9, 9)
