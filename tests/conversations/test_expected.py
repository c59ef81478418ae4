"""The truth about arriving: asked at 0, told at once, told again, and no deadline moves."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, select

from services.rules.grades import CaseSource
from storage.records import OrderState
from storage.tables import deadlines
from tests.conversation import Actor, Town
from tests.conversations.jobs import appointed, cases_of, hush, urgent

AWAY = ["5分钟后到", "10分钟后到", "20分钟后到", "30分钟后到"]


def _dues(connection: Connection) -> list[tuple[str, datetime, str]]:
    rows = connection.execute(select(deadlines.c.kind, deadlines.c.due_at, deadlines.c.state))
    return sorted((row.kind, row.due_at, str(row.state)) for row in rows)


def offered(actor: Actor) -> list[str]:
    """The minutes that the newest buttons offer."""
    return [label for label in actor.buttons() if label.endswith("分钟后到")]


async def taken(town: Town, wang: Actor, owner: Actor) -> datetime:
    """An appointment at 15:00 that Wang has; returns the appointed instant."""
    await appointed(town)
    await wang.presses_data("order.accept|1")
    await hush(owner, wang)
    order = await town.order()
    assert order.appointed_at is not None
    return order.appointed_at


async def test_3_5_at_the_agreed_minute_the_technician_says_when_and_the_owner_hears_it(
    town: Town, owner: Actor, wang: Actor
) -> None:
    at = await taken(town, wang, owner)
    assert offered(wang) == []  # days ahead there is nothing to say
    await town.until("15:00")
    assert "您到了吗" in await wang.hears()
    assert offered(wang) == AWAY
    await owner.hears()
    before = await town.look(_dues)
    await wang.presses("10分钟后到")
    assert wang.toast == "已告诉业主"
    assert "王建国 约 15:10 到" in await owner.hears()
    assert "已告诉业主：约 15:10 到" in wang.newest().text
    assert (await town.order()).expected_at == at + timedelta(minutes=10)
    assert await town.look(_dues) == before
    await town.until(at + timedelta(minutes=2, seconds=1))
    told = await owner.hears()
    assert "王建国 没有按约定时间到达" in told
    assert "师傅说约 15:10 到" in told
    (case,) = await cases_of(town)
    assert case.source == CaseSource.LATE_ARRIVAL
    await town.until("15:10")
    await wang.presses("已到达")
    assert (await town.verdicts())["punctuality"] == "missed"


async def test_3_5_where_no_time_was_given_the_owner_hears_that_and_then_the_answer(
    town: Town, owner: Actor, wang: Actor
) -> None:
    at = await taken(town, wang, owner)
    await town.until(at + timedelta(minutes=2))
    await owner.hears()
    await town.passes(seconds=1)
    told = await owner.hears()
    assert "我们正在问师傅什么时候到，知道了马上告诉您" in told
    assert offered(wang) == AWAY
    await town.passes(seconds=9)
    await wang.presses("20分钟后到")
    assert "王建国 约 15:23 到" in await owner.hears()  # 15:22:10, and never earlier than said


async def test_a_second_time_is_told_beside_the_first_and_the_same_one_once(
    town: Town, owner: Actor, wang: Actor
) -> None:
    at = await taken(town, wang, owner)
    await town.until(at)
    await owner.hears()
    await wang.presses("5分钟后到")
    await wang.presses("5分钟后到")
    assert (await owner.hears()).count("约 15:05 到") == 1
    await town.passes(minutes=1)
    await wang.presses("30分钟后到")
    assert "改说约 15:31 到（先前说的是 15:05）" in await owner.hears()
    assert (await town.history()).count("expected") == 2


async def test_a_time_that_has_passed_as_well_is_none(
    town: Town, owner: Actor, wang: Actor
) -> None:
    at = await taken(town, wang, owner)
    await town.until(at - timedelta(minutes=10))
    assert offered(wang) == AWAY  # since the reminder
    await wang.presses("5分钟后到")
    await town.until(at + timedelta(minutes=2))
    await owner.hears()
    await town.passes(seconds=1)
    told = await owner.hears()
    assert "我们正在问师傅什么时候到" in told
    assert "14:55" not in told


async def test_who_has_arrived_says_no_time_any_more(
    town: Town, owner: Actor, wang: Actor, li: Actor
) -> None:
    at = await taken(town, wang, owner)
    await wang.presses_data("order.expect|1|5")
    assert "还不用说几分钟后到" in await wang.hears()
    await town.until(at)
    button = wang.button("10分钟后到")
    assert button is not None
    await li.presses_data(button[1].data)
    assert "不归您办理" in await li.hears()
    await wang.presses("已到达")
    assert offered(wang) == []
    await owner.hears()
    await wang.presses_data(button[1].data)
    assert "现在是“已到达”" in await wang.hears()
    assert await owner.hears() == ""
    assert (await town.order()).expected_at is None


@pytest.mark.parametrize("town_url", ["sqlite"], indirect=True)
async def test_what_was_said_lapses_with_another_time_and_with_another_technician(
    town: Town, owner: Actor, wang: Actor, li: Actor
) -> None:
    at = await taken(town, wang, owner)
    await town.until(at)
    await wang.presses("30分钟后到")
    button = wang.button("5分钟后到")
    assert button is not None
    await owner.presses_data("order.move|1")
    await owner.types("今天18:00")
    assert (await town.order()).expected_at is None
    await wang.hears()
    await wang.presses_data(button[1].data)
    assert "约定时间是 今天 11月24日 周二 18:00，还不用说" in await wang.hears()
    await town.until("18:00")
    await wang.presses("10分钟后到")
    await wang.presses("转单")
    await wang.presses("赶不过来")
    assert (await town.order()).expected_at is None
    await owner.hears()
    await town.until("18:02")
    await town.passes(seconds=1)
    told = await owner.hears()
    assert "还没有师傅接单" in told
    assert "18:10" not in told


async def test_5_2_7_in_an_emergency_the_time_may_be_said_from_the_acceptance_on(
    town: Town, owner: Actor, wang: Actor, cs: Actor
) -> None:
    await urgent(owner)
    assert offered(wang) == []
    await wang.presses("接单")
    await town.passes(minutes=1)
    assert wang.buttons()[0] == "出发"  # the next step stays the first button
    assert offered(wang) == AWAY
    await owner.hears()
    before = await town.look(_dues)
    await wang.presses("5分钟后到")
    assert "王建国 约 10:06 到" in await owner.hears()
    assert await town.look(_dues) == before
    await cs.presses_data("desk.order|1")
    assert "师傅说约 10:06 到" in cs.newest().text
    await cs.presses_data("desk.history|1")
    assert "王建国 说约 今天 11月24日 周二 10:06 到" in cs.says()
    await wang.presses("出发")
    await wang.presses("10分钟后到")
    assert "改说约 10:11 到" in await owner.hears()
    await town.passes(minutes=9, seconds=1)
    assert (await town.verdicts())["emergency_arrival"] == "missed"
    assert (await town.order()).state is OrderState.SET_OUT


@pytest.mark.parametrize("town_url", ["sqlite"], indirect=True)
async def test_arriving_speaks_english_too(town: Town, owner: Actor, wang: Actor) -> None:
    for actor in (owner, wang):
        await actor.presses_data("language.set|en")
    at = await taken(town, wang, owner)
    await town.until(at)
    await wang.presses("In 20 min")
    assert "will be there at about 15:20" in await owner.hears()
    await town.until(at + timedelta(minutes=2, seconds=1))
    assert "They say they will be there at about 15:20" in await owner.hears()
