"""The machine sleeps for five hours: at its waking the newest of each ladder speaks, and truly."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from storage import orders as store
from tests.conversation import Actor, Town
from tests.conversations.jobs import appointed, cases_of, hush, urgent

FIVE_HOURS = timedelta(hours=5)
UNTAKEN, NEAR, MISSED = "无人接单", "到场时限快到了", "超过到场时限"


async def sleeps(town: Town) -> None:
    """The process stands still, and then goes on as if nothing had been."""
    town.clock.step(FIVE_HOURS)
    await town.fires()


async def test_3_5_an_emergency_nobody_took_says_how_long_it_has_waited(
    town: Town, owner: Actor, cs: Actor, control: Actor, supervisor: Actor, head: Actor
) -> None:
    await urgent(owner)
    await hush(cs, control, supervisor, head)
    await sleeps(town)
    said = await head.hears()
    assert said.count("已 5 小时 无人接单") == 1
    assert said.count(MISSED) == 1
    assert UNTAKEN not in await supervisor.hears() + await control.hears()
    assert NEAR not in await cs.hears()
    verdicts = await town.look(partial(store.verdicts_of, order_id=1))
    missed_by = {row.rule: row.missed_by_s for row in verdicts if row.verdict == "missed"}
    assert missed_by == {"emergency_arrival": 4 * 3600 + 50 * 60}


async def test_3_5_an_appointment_slept_through_is_owned_up_to_once(
    town: Town, owner: Actor, wang: Actor
) -> None:
    await appointed(town, "12:00")
    await wang.presses("接单")
    await hush(owner, wang)
    await sleeps(town)
    told, asked = await owner.hears(), await wang.hears()
    assert told.count("没有按约定时间到达") == 1
    assert "提醒" not in told
    assert asked.count("已超过约定时间") == 1
    assert "还有 30 分钟" not in asked
    assert "您到了吗" not in asked
    assert len(await cases_of(town)) == 1


async def test_3_5_a_job_nobody_took_climbs_to_its_highest_stage_at_once(
    town: Town, owner: Actor, supervisor: Actor, head: Actor
) -> None:
    await appointed(town, "18:00")
    await hush(supervisor, head)
    await sleeps(town)
    assert "已 5 小时 无人接单" in await head.hears()
    assert UNTAKEN not in await supervisor.hears()


async def test_what_was_met_before_the_sleep_is_silent_after_it(
    town: Town, owner: Actor, wang: Actor, cs: Actor, head: Actor
) -> None:
    await urgent(owner)
    await wang.presses("接单")
    await town.passes(minutes=4)
    await wang.presses("已到达")
    await hush(owner, cs, head)
    await sleeps(town)
    assert await head.hears() == await cs.hears() == await owner.hears() == ""
    assert (await town.verdicts())["emergency_arrival"] == "met"
