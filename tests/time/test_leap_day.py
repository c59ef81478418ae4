"""29 February 2028, a Tuesday: a day like any other."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import update

from storage.tables import residents
from tests.conversation import Actor, Town
from tests.conversations.jobs import appointed, cases_of, hush
from tests.conversations.test_booking import books, count_orders, opens


def at(month: int, day: int, hour: int, minute: int = 0, second: int = 0) -> datetime:
    """That local time in Shanghai, in 2028."""
    return datetime(2028, month, day, hour, minute, second, tzinfo=UTC) - timedelta(hours=8)


@pytest.mark.parametrize(
    ("today", "words"),
    [
        (at(2, 28, 18), "明天下午3点"),
        (at(2, 24, 10), "2月29日下午3点"),
        (at(2, 27, 10), "Feb 29 3pm"),
    ],
)
async def test_5_2_2_an_appointment_on_the_leap_day(
    town: Town, owner: Actor, wang: Actor, today: datetime, words: str
) -> None:
    town.clock.at = today
    assert "已预约" in await books(owner, "水暖", "换水龙头", words)
    assert (await town.order()).appointed_at == at(2, 29, 15)
    await wang.presses("接单")
    await town.until(at(2, 29, 14, 29, 59))
    await hush(owner)
    await town.until(at(2, 29, 14, 30))
    assert "提醒：15:00 王建国 上门" in await owner.hears()
    await town.until(at(2, 29, 15))
    await wang.presses("已到达")
    assert (await town.verdicts())["punctuality"] == "met"


@pytest.mark.parametrize(
    ("reported", "limit"),
    [(at(2, 28, 16), at(2, 29, 16)), (at(2, 29, 16), at(3, 1, 16))],
)
async def test_reading_14_twenty_four_hours_lead_onto_the_leap_day_and_off_it(
    town: Town, owner: Actor, wang: Actor, reported: datetime, limit: datetime
) -> None:
    town.clock.at = reported
    await appointed(town, "18:00")
    await wang.presses("接单")
    await town.until("18:00")
    await wang.presses("已到达")
    await town.until(limit)
    assert await cases_of(town) == []
    await town.passes(seconds=1)
    assert len(await cases_of(town)) == 1


async def test_the_horizon_runs_over_the_leap_day_without_a_gap(town: Town, owner: Actor) -> None:
    town.clock.at = at(2, 25, 10)
    await opens(owner, "预约服务", "水暖", "换水龙头", "其他日期")
    days = [label.split()[0] for label in owner.buttons()]
    start = days.index("2月28日")
    assert days[start : start + 4] == ["2月28日", "2月29日", "3月1日", "3月2日"]


async def test_a_leap_day_in_a_year_without_one_is_no_time(town: Town, owner: Actor) -> None:
    town.clock.at = datetime(2027, 2, 20, 2, tzinfo=UTC)
    await opens(owner, "预约服务", "水暖", "换水龙头")
    await owner.types("2月29日下午3点")
    heard = await owner.hears()
    assert "请确认" not in heard
    assert owner.buttons()  # and there is a way to go on
    assert await count_orders(town) == 0


async def test_3_3_a_tenancy_that_ends_on_the_leap_day_counts_that_day(
    town: Town, tenant: Actor
) -> None:
    lease = update(residents).where(residents.c.name == "林一凡").values(until=date(2028, 2, 29))
    await town.change(lambda one: one.execute(lease).rowcount)
    town.clock.at = at(2, 29, 9)
    assert "已预约" in await books(tenant, "水暖", "换水龙头", "今天下午3点")
    town.clock.at = at(3, 1, 0)
    await tenant.hears()
    await tenant.presses("预约服务")
    assert "什么时间" not in await tenant.hears()
    assert not tenant.sees("确认预约")
