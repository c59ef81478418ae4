"""The demo: a centre in which everything can be tried at any hour."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.demo import CENTRE, CHANNEL, DEMO_PHONES, DEMO_ZONE, GUEST, load_demo
from services import catalogue, residents, roster
from services.desk import Desk
from services.readiness import Level, look_over
from storage import centres, people
from storage import residents as roll
from storage.records import Centre, Role
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
