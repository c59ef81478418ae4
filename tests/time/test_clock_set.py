"""The house's own clock goes back or forward by an hour in the middle of an order.

It does so only where the machine's clock was corrected (`services.clock`); then no deadline is
lost, none is told twice, and no verdict is changed by it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import Connection, func, select

from storage import orders as store
from storage.records import DeadlineState, VerdictRow
from storage.tables import deadlines
from tests.conversation import Actor, Town
from tests.conversations.jobs import appointed, cases_of, urgent

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
NEAR, MISSED, UNTAKEN = "到场时限快到了", "超过到场时限", "分钟 无人接单"

both_ways = pytest.mark.parametrize("step", [-HOUR, HOUR], ids=["back", "forward"])


def overdue(connection: Connection, *, now: datetime) -> int:
    """How many deadlines are waited for that should have taken effect."""
    waiting = select(func.count()).where(
        deadlines.c.state == DeadlineState.PENDING, deadlines.c.due_at <= now
    )
    return connection.execute(waiting).scalar_one()


async def nothing_is_overdue(town: Town) -> bool:
    return await town.look(partial(overdue, now=town.clock.now())) == 0


async def verdict_rows(town: Town) -> dict[str, VerdictRow]:
    """The verdicts on the order, by rule."""
    return {row.rule: row for row in await town.look(partial(store.verdicts_of, order_id=1))}


@both_ways
@pytest.mark.parametrize("after", [2 * MINUTE, 8 * MINUTE], ids=["early", "late"])
async def test_5_2_7_no_stage_of_an_emergency_is_lost_or_told_twice(
    town: Town, owner: Actor, cs: Actor, head: Actor, step: timedelta, after: timedelta
) -> None:
    await urgent(owner)
    await town.until(town.clock.now() + after)
    town.clock.step(step)
    await town.passes(hours=3)
    assert await nothing_is_overdue(town)
    assert head.says().count(UNTAKEN) == head.says().count(MISSED) == 1
    assert cs.says().count(NEAR) <= 1
    assert len(await cases_of(town)) == 1
    assert (await town.verdicts())["emergency_arrival"] == "missed"


@both_ways
@pytest.mark.parametrize("at", ["14:20", "14:45", "15:01"])
async def test_5_2_2_no_stage_of_an_appointment_is_lost_or_told_twice(
    town: Town, owner: Actor, wang: Actor, step: timedelta, at: str
) -> None:
    await appointed(town)
    await wang.presses("接单")
    await town.until(at)
    town.clock.step(step)
    await town.passes(hours=3)
    assert owner.says().count("提醒：15:00") <= 1
    assert owner.says().count("没有按约定时间到达") == 1
    assert wang.says().count("已超过约定时间") == 1
    assert len(await cases_of(town)) == 1
    assert (await town.verdicts())["punctuality"] == "missed"


@both_ways
async def test_5_2_7_what_was_missed_stays_missed(
    town: Town, owner: Actor, wang: Actor, head: Actor, step: timedelta
) -> None:
    await urgent(owner)
    await wang.presses("接单")
    await town.passes(minutes=11)
    before = (await verdict_rows(town))["emergency_arrival"]
    town.clock.step(step)
    await wang.presses("已到达")
    await town.passes(hours=2)
    after = (await verdict_rows(town))["emergency_arrival"]
    assert (after.verdict, after.due_at) == ("missed", before.due_at)
    assert len(await cases_of(town)) == 1
    assert head.says().count(MISSED) == 1


async def test_reading_9_an_arrival_is_not_judged_before_its_report(
    town: Town, owner: Actor, wang: Actor
) -> None:
    """Set back, the clock shows an hour before the report: nothing on record says so."""
    await urgent(owner)
    reported_at = (await town.order()).reported_at
    await wang.presses("接单")
    await town.passes(minutes=6)
    town.clock.step(-HOUR)
    await wang.presses("已到达")
    await town.passes(minutes=5)
    arrival = (await verdict_rows(town))["emergency_arrival"]
    assert arrival.actual_at is not None
    assert arrival.actual_at >= reported_at


async def test_a_job_is_taken_and_done_over_two_settings_of_the_clock(
    town: Town, owner: Actor, wang: Actor, head: Actor
) -> None:
    await appointed(town)
    await wang.presses("接单")
    await town.until("14:00")
    town.clock.step(HOUR)
    await town.fires()
    town.clock.step(-HOUR)
    await town.until("14:58")
    await wang.presses("已到达")
    await town.passes(hours=30)
    assert (await town.history()).count("arrived") == 1
    assert await nothing_is_overdue(town)
