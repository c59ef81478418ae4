"""Summer time begins on 28 March 2027 and ends on 31 October 2027: promises hold by true time.

In spring 02:00 is followed by 03:00, in autumn 02:59 by 02:00 once more.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update

from storage.tables import deadlines, staff
from tests.conversation import Actor, Town
from tests.conversations.jobs import appointed, cases_of, hush, urgent
from tests.conversations.test_booking import books, opens, to_summary
from tests.kernel.platform import rows_of
from tests.time.conftest import BERLIN

SPRING, AUTUMN = "2027-03-28", "2027-10-31"
EVE = {SPRING: "2027-03-27", AUTUMN: "2027-10-30"}
HOUR, MINUTE, SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)
both_changes = pytest.mark.parametrize("day", [SPRING, AUTUMN])


def at(day: str, clock: str, *, again: bool = False) -> datetime:
    """When the clock in Berlin shows this; `again`: for the second time that day."""
    local = datetime.fromisoformat(f"{day}T{clock}")
    return local.replace(tzinfo=ZoneInfo(BERLIN), fold=int(again)).astimezone(UTC)


def test_the_clock_is_changed_in_these_nights() -> None:
    """What the tests below rest on."""
    assert at(SPRING, "12:00") - at(EVE[SPRING], "12:00") == 23 * HOUR
    assert at(AUTUMN, "12:00") - at(EVE[AUTUMN], "12:00") == 25 * HOUR
    assert at(AUTUMN, "02:30", again=True) - at(AUTUMN, "02:30") == HOUR


# An appointment, and a limit in hours


@both_changes
async def test_5_2_2_an_appointment_is_kept_by_the_clock_on_the_wall(
    berlin: Town, owner: Actor, wang: Actor, day: str
) -> None:
    berlin.clock.at = at(EVE[day], "18:00")
    assert "明天" in await books(owner, "水暖", "换水龙头", "明天上午10点")
    assert (await berlin.order()).appointed_at == at(day, "10:00")
    await wang.presses("接单")
    await berlin.until(at(day, "09:29:59"))
    await hush(owner, wang)
    await berlin.until(at(day, "09:30"))
    assert "提醒：10:00 王建国 上门" in await owner.hears()
    await berlin.until(at(day, "10:02"))
    assert await owner.hears() == ""
    await berlin.until(at(day, "10:02:01"))
    assert "没有按约定时间到达" in await owner.hears()
    assert (await berlin.verdicts())["punctuality"] == "missed"


@both_changes
async def test_reading_12_five_minutes_early_are_five_minutes(
    berlin: Town, owner: Actor, wang: Actor, day: str
) -> None:
    berlin.clock.at = at(EVE[day], "18:00")
    await appointed(berlin, "10:00")
    await wang.presses("接单")
    await berlin.until(at(day, "09:55"))
    await wang.presses("已到达")
    assert (await berlin.verdicts())["punctuality"] == "met"


@pytest.mark.parametrize(("day", "shown"), [(SPRING, "17:00"), (AUTUMN, "15:00")])
async def test_reading_14_twenty_four_hours_are_twenty_four_hours(
    berlin: Town, owner: Actor, wang: Actor, day: str, shown: str
) -> None:
    """Reported at 16:00 the day before: on the day of the change the clock shows another hour."""
    berlin.clock.at = at(EVE[day], "16:00")
    await appointed(berlin, "18:00")
    await wang.presses("接单")
    await berlin.until("18:00")
    await wang.presses("已到达")
    limit = at(day, shown)
    assert limit == at(EVE[day], "16:00") + 24 * HOUR
    await berlin.until(limit)
    assert await cases_of(berlin) == []
    await berlin.passes(seconds=1)
    assert len(await cases_of(berlin)) == 1
    assert (await berlin.verdicts())["minor_completion"] == "missed"


@both_changes
async def test_3_5_what_waits_for_the_morning_comes_by_the_clock_on_the_wall(
    berlin: Town, owner: Actor, head: Actor, day: str
) -> None:
    berlin.clock.at = at(EVE[day], "21:50")
    await appointed(berlin, "15:00")
    await berlin.until(at(day, "08:29:59"))
    assert head.screen == []
    await berlin.until(at(day, "08:30"))
    assert "无人接单" in head.says()


@both_changes
async def test_the_free_times_of_the_day_are_those_of_any_day(
    berlin: Town, owner: Actor, day: str
) -> None:
    berlin.clock.at = at(EVE[day], "18:00")
    await opens(owner, "预约服务", "水暖", "换水龙头")
    await owner.types("明天")
    assert f"{int(day[5:7])}月{int(day[8:])}日" in await owner.hears()
    changed = owner.buttons()
    await owner.types("后天")
    assert owner.buttons() == changed
    assert changed[:2] == ["08:00", "08:30"]


# The emergency window by the local minute


@both_changes
@pytest.mark.parametrize(
    ("reported", "limit"),
    [("08:59:59", 30), ("09:00", 10)],
)
async def test_reading_8_the_limit_is_fixed_by_the_local_minute_of_that_day(
    berlin: Town, owner: Actor, day: str, reported: str, limit: int
) -> None:
    berlin.clock.at = at(day, reported)
    await urgent(owner)
    assert (await berlin.order()).limit_minutes == limit


@pytest.mark.parametrize(
    ("reported", "shown"),
    [
        (at(SPRING, "01:50"), "03:20"),  # 02:00 to 02:59 is left out
        (at(AUTUMN, "02:50"), "02:20"),  # and comes twice
    ],
)
async def test_reading_8_thirty_minutes_over_the_change_are_thirty_minutes(
    berlin: Town, owner: Actor, wang: Actor, head: Actor, reported: datetime, shown: str
) -> None:
    berlin.clock.at = reported
    await urgent(owner)
    assert f"最迟 {shown}" in await owner.hears()
    await wang.presses("接单")
    await berlin.until(reported + 30 * MINUTE)
    assert await cases_of(berlin) == []
    await berlin.passes(seconds=1)
    assert len(await cases_of(berlin)) == 1
    assert "超过到场时限" in head.says()


async def test_reading_8_an_arrival_that_the_clock_shows_before_the_report_is_in_time(
    berlin: Town, owner: Actor, wang: Actor
) -> None:
    """Reported at 02:50, there at 02:10: twenty minutes later."""
    berlin.clock.at = at(AUTUMN, "02:50")
    await urgent(owner)
    await wang.presses("接单")
    await berlin.until(at(AUTUMN, "02:10", again=True))
    await wang.presses("已到达")
    await berlin.passes(hours=1)
    assert (await berlin.verdicts())["emergency_arrival"] == "met"
    assert await cases_of(berlin) == []


async def test_reading_8_two_reports_of_the_same_minute_of_the_hour_that_comes_twice(
    berlin: Town, owner: Actor, neighbour: Actor
) -> None:
    """An hour lies between them: each has its own thirty minutes."""
    berlin.clock.at = at(AUTUMN, "02:30")
    await urgent(owner)
    await berlin.until(at(AUTUMN, "02:30", again=True))
    await urgent(neighbour)
    ladder = select(deadlines.c.subject_id, deadlines.c.due_at).where(
        deadlines.c.kind == "emergency_arrival.2"
    )
    dues = dict(await berlin.look(rows_of(ladder)))
    assert dues == {
        1: at(AUTUMN, "02:30", again=True) - 30 * MINUTE + SECOND,
        2: at(AUTUMN, "03:00") + SECOND,
    }


# A time that does not exist, or exists twice


@both_changes
async def test_a_visit_in_the_hour_of_the_change_is_refused_kindly(
    berlin: Town, owner: Actor, day: str
) -> None:
    berlin.clock.at = at(EVE[day], "18:00")
    heard = await to_summary(owner, "水暖", "换水龙头", "明天凌晨2点半")
    assert "约不上" in heard
    assert "最近可约" in heard
    assert "明天 周日 08:00" in owner.buttons()


@both_changes
async def test_a_form_left_open_over_the_change_is_still_there(
    berlin: Town, owner: Actor, day: str
) -> None:
    berlin.clock.at = at(EVE[day], "23:30")
    await opens(owner, "预约服务", "水暖", "换水龙头")
    await berlin.until(at(day, "03:30"))
    await owner.types("今天上午10点")
    assert "请确认" in await owner.hears()
    await owner.presses("确认预约")
    assert (await berlin.order()).appointed_at == at(day, "10:00")


# Shifts over the change


@both_changes
@pytest.mark.parametrize(
    ("reported", "called"),
    [("05:59:59", "wang"), ("06:00", "li")],
)
async def test_3_10_the_night_shift_ends_by_the_clock_on_the_wall(
    berlin: Town, owner: Actor, wang: Actor, li: Actor, day: str, reported: str, called: str
) -> None:
    hours = {"王建国": "22:00-06:00", "李志强": "06:00-22:00"}
    for name, shift in hours.items():
        line = update(staff).where(staff.c.name == name).values(shift=shift)
        await berlin.change(lambda one, line=line: one.execute(line).rowcount)
    berlin.clock.at = at(day, reported)
    await urgent(owner)
    told = {"wang": wang.sees("接单"), "li": li.sees("接单")}
    assert told == {"wang": called == "wang", "li": called == "li"}


@pytest.mark.parametrize("again", [False, True])
async def test_3_10_the_night_shift_works_the_hour_that_comes_twice_twice(
    berlin: Town, owner: Actor, wang: Actor, again: bool
) -> None:
    night = update(staff).where(staff.c.name == "王建国").values(shift="22:00-03:00")
    await berlin.change(lambda one: one.execute(night).rowcount)
    berlin.clock.at = at(AUTUMN, "02:59:59", again=again)
    await urgent(owner)
    assert wang.sees("接单")
