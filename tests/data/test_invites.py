"""One-time codes: for whom, for how long, and once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.desk import Desk
from services.imports import ImportKind
from services.invites import (
    ALPHABET,
    NoCentre,
    NoSuchCentre,
    Wanted,
    WhichCentre,
    invite_people,
    make_invite,
)
from storage import invites
from tests.data.conftest import CENTRE, ROLL, ROSTER, Books

WEEK = timedelta(days=7)
PEOPLE = (
    "3-1201,张伟,13800110001,业主,\n"
    "3-1201,余红,13800110003,家庭成员,\n"
    "5-0802,刘芳,13800110002,租户,2026-11-30\n"
    "1-0101,马强,13800110004,业主,\n"
)


@pytest.fixture
async def centre(both: Books) -> Books:
    """A centre with a few people, on each database."""
    await both.take(ImportKind.CENTRES, CENTRE)
    await both.take(ImportKind.RESIDENTS, ROLL + PEOPLE)
    await both.take(ImportKind.STAFF, ROSTER + "王建国,13800100001,服务人员 客服,水暖,全天,,\n")
    return both


async def _names(books: Books, wanted: Wanted) -> set[str]:
    made = await books.do(lambda desk: invite_people(desk, wanted, WEEK))
    assert all(set(one.code) <= set(ALPHABET) and len(one.code) == 8 for one in made)
    return {one.name for one in made}


async def test_a_code_is_good_once_until_its_time(centre: Books) -> None:
    def make(desk: Desk) -> str:
        return make_invite(desk, resident_id=1)

    code = await centre.do(make)
    ((stored,),) = await centre.rows("SELECT code_hash FROM invites")
    assert code not in str(stored)
    typed = f" {code[:4].lower()}-{code[4:]} "
    used = await centre.do(lambda desk: invites.use(desk.connection, typed, desk.now))
    assert used is not None
    assert (used.resident_id, used.used_at) == (1, centre.now)
    assert await centre.do(lambda desk: invites.use(desk.connection, code, desk.now)) is None
    late = await centre.do(make)
    centre.now += WEEK
    assert await centre.do(lambda desk: invites.use(desk.connection, late, desk.now)) is None
    assert await centre.do(lambda desk: invites.use(desk.connection, "", desk.now)) is None


async def test_whom_a_code_is_made_for(centre: Books) -> None:
    assert await _names(centre, Wanted(room="3栋1201室")) == {"张伟", "余红"}
    assert await _names(centre, Wanted(room="3-1201", name="余 红")) == {"余红"}
    assert await _names(centre, Wanted(staff="王建国")) == {"王建国"}
    assert await _names(centre, Wanted()) == {"张伟", "马强"}
    assert await _names(centre, Wanted(room="9-9999")) == set()
    assert await _names(centre, Wanted(room="5-0802")) == {"刘芳"}
    centre.now += WEEK
    assert await _names(centre, Wanted(room="5-0802")) == set()


async def test_who_is_bound_gets_a_code_only_by_name(centre: Books) -> None:
    def bind(desk: Desk) -> None:
        from storage import people
        from storage import residents as roll

        person = people.add_person(desk.connection, None, None, "zh-CN", desk.now)
        ((line, _),) = roll.lines_with_phone(desk.connection, "13800110001")
        roll.bind(desk.connection, line.id, person.id, desk.now)

    await centre.do(bind)
    assert await _names(centre, Wanted()) == {"马强"}
    assert await _names(centre, Wanted(room="3-1201", name="张伟")) == {"张伟"}


async def test_the_centre_must_be_clear(books: Books) -> None:
    with pytest.raises(NoCentre):
        await _names(books, Wanted())
    await books.take(ImportKind.CENTRES, CENTRE)
    await books.take(ImportKind.CENTRES, CENTRE.replace("YH", "NB"))
    with pytest.raises(WhichCentre):
        await _names(books, Wanted())
    with pytest.raises(NoSuchCentre):
        await _names(books, Wanted(centre="XX"))
    assert await _names(books, Wanted(centre="nb")) == set()


def test_a_code_is_for_exactly_one_line() -> None:
    with pytest.raises(ValueError, match="one line"):
        make_invite(Desk(None, None), resident_id=1, staff_id=1)  # type: ignore[arg-type]
