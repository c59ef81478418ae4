"""Every stage of every ladder (§3.5): who hears when; what has been met is not announced."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, update

from services import changes, promises
from services import orders as order_services
from services.desk import Desk
from services.rules.grades import CaseSource, Grade
from services.rules.history import Step
from storage import people
from storage.records import Size
from storage.tables import centres, orders, staff
from tests.conversation import Actor, Town, on_one_database
from tests.conversations.jobs import agreed, appointed, cases_of, finishes, hush, on_site, urgent

pytestmark = on_one_database


UNTAKEN, NEAR, MISSED = "分钟 无人接单", "到场时限快到了", "超过到场时限"
MINUTE = timedelta(minutes=1)


def local(hour: int, minute: int, second: int = 0, *, day: int = 24) -> datetime:
    """That time of a day of November 2026 in Shanghai."""
    return datetime(2026, 11, day, hour, minute, second, tzinfo=UTC) - timedelta(hours=8)


# Emergency: nobody has accepted


async def test_3_5_emergency_untaken_climbs_at_one_three_and_five_minutes(
    town: Town,
    owner: Actor,
    zhao: Actor,
    cs: Actor,
    control: Actor,
    supervisor: Actor,
    head: Actor,
) -> None:
    await urgent(owner)
    assert zhao.screen == []
    await hush(cs, control, supervisor, head)
    await town.passes(seconds=59)
    assert UNTAKEN not in cs.says() + control.says()
    await town.passes(seconds=1)
    assert UNTAKEN in await control.hears()
    assert UNTAKEN in await cs.hears()
    assert zhao.sees("接单")
    assert supervisor.screen == head.screen == []
    await town.passes(minutes=2)
    assert "已 3 分钟 无人接单" in await supervisor.hears()
    assert head.screen == []
    await town.passes(minutes=2)
    assert "已 5 分钟 无人接单" in await head.hears()
    # Each stage speaks once, to its own.
    assert await supervisor.hears() == await control.hears() == ""


async def test_reading_23_that_staff_were_told_is_on_record_at_once(
    town: Town, owner: Actor, wang: Actor
) -> None:
    """The figure counts jobs that are still open, too."""
    await urgent(owner)
    assert await town.verdicts() == {"staff_told": "met"}


async def test_an_emergency_that_is_taken_is_not_announced_as_untaken(
    town: Town, owner: Actor, wang: Actor, supervisor: Actor, head: Actor
) -> None:
    await urgent(owner)
    await town.passes(seconds=59)
    await wang.presses("接单")
    await town.passes(minutes=6)
    assert supervisor.screen == head.screen == []


async def test_an_emergency_given_back_climbs_anew(
    town: Town, owner: Actor, wang: Actor, li: Actor, supervisor: Actor
) -> None:
    await urgent(owner)
    await wang.presses("接单")
    await town.passes(minutes=4)
    await wang.presses("转单")
    await wang.presses("赶不过来")
    assert li.sees("接单")
    await town.passes(minutes=2)
    assert supervisor.screen == []
    await town.passes(minutes=1)
    assert UNTAKEN in await supervisor.hears()


async def test_3_5_a_reminder_that_comes_late_says_how_long_it_is_really(
    town: Town, wang: Actor
) -> None:
    await appointed(town)
    await wang.presses("接单")
    town.clock.at = local(14, 45)
    await town.fires()
    assert "还有 15 分钟" in await wang.hears()


async def test_3_5_who_was_called_and_stood_down_is_called_again(
    town: Town, owner: Actor, wang: Actor, zhao: Actor
) -> None:
    """After a minute everyone on duty, whatever the skill: the second time as well."""
    await urgent(owner)
    await town.passes(minutes=1)
    assert zhao.sees("接单")
    await wang.presses("接单")
    assert not zhao.sees("接单")
    await wang.presses("转单")
    await wang.presses("赶不过来")
    await town.passes(minutes=1)
    assert zhao.sees("接单")
    assert not wang.sees("接单")


async def test_3_5_where_the_only_one_able_gives_it_back_all_on_duty_are_asked_at_once(
    town: Town, owner: Actor, wang: Actor, li: Actor, zhao: Actor
) -> None:
    await urgent(owner, "lockout_risk")
    await wang.presses("接单")
    await wang.presses("转单")
    await wang.presses("赶不过来")
    assert li.sees("接单")
    assert zhao.sees("接单")


async def test_a_job_given_back_climbs_anew_however_far_its_ladder_had_gone(
    town: Town, wang: Actor, li: Actor, supervisor: Actor
) -> None:
    """The supervisor had been told; taken after all, and given back, it is nobody's again."""
    await appointed(town)
    await town.passes(minutes=30)
    assert "无人接单" in await supervisor.hears()
    await wang.presses_data("order.accept|1")  # an old card: late, but welcome
    await town.passes(minutes=10)
    await wang.presses("转单")
    await wang.presses("赶不过来")
    await town.passes(minutes=29)
    assert "无人接单" not in await supervisor.hears()
    await town.passes(minutes=1)
    assert "无人接单" in await supervisor.hears()


# Emergency: nobody has arrived


async def test_5_2_7_emergency_not_there_at_seventy_percent_and_at_the_limit(
    town: Town, owner: Actor, wang: Actor, cs: Actor, head: Actor
) -> None:
    await urgent(owner)
    await wang.presses("接单")
    await hush(wang, cs)
    await town.passes(minutes=6, seconds=59)
    assert await wang.hears() == await cs.hears() == ""
    await town.passes(seconds=1)
    assert NEAR in await wang.hears()
    assert f"{NEAR}，王建国 还没有到达" in await cs.hears()
    await town.passes(minutes=3)
    assert await cases_of(town) == []
    await town.passes(seconds=1)
    assert MISSED in await head.hears()
    (case,) = await cases_of(town)
    assert (case.source, case.grade) == (CaseSource.MISSED_EMERGENCY_LIMIT, Grade.SERIOUS)
    assert (await town.verdicts())["emergency_arrival"] == "missed"
    await wang.presses("已到达")
    assert (await town.verdicts())["emergency_arrival"] == "missed"
    assert len(await cases_of(town)) == 1


async def test_reading_8_exactly_on_the_limit_is_in_time(
    town: Town, owner: Actor, wang: Actor, head: Actor
) -> None:
    await urgent(owner)
    await wang.presses("接单")
    await town.passes(minutes=10)
    await wang.presses("已到达")
    await town.passes(minutes=5)
    assert (await town.verdicts())["emergency_arrival"] == "met"
    assert (await cases_of(town), head.screen) == ([], [])


@pytest.mark.parametrize(
    ("reported", "limit"),
    [
        (local(8, 59, 59), 30),
        (local(9, 0), 10),
        (local(21, 59), 10),
        (local(22, 0, 59), 10),
        (local(22, 1), 30),
        (local(3, 0, day=25), 30),
    ],
)
async def test_reading_8_the_limit_is_fixed_by_the_minute_of_the_report(
    town: Town, owner: Actor, control: Actor, reported: datetime, limit: int
) -> None:
    town.clock.at = reported
    await urgent(owner)
    assert (await town.order()).limit_minutes == limit
    # By night as by day: nobody waits for the hours of ordinary alerts.
    await town.passes(minutes=1)
    assert UNTAKEN in await control.hears()
    await town.until(reported + timedelta(minutes=limit))
    assert await cases_of(town) == []
    await town.passes(seconds=1)
    assert len(await cases_of(town)) == 1


# An ordinary job nobody has accepted


async def test_3_5_ordinary_untaken_climbs_at_ten_minutes_half_an_hour_and_two_hours(
    town: Town,
    owner: Actor,
    wang: Actor,
    li: Actor,
    cs: Actor,
    supervisor: Actor,
    head: Actor,
) -> None:
    await appointed(town, "18:00")
    assert wang.sees("接单")
    assert li.screen == []
    await hush(wang, cs)
    await town.passes(minutes=10)
    assert "接单时间已过" in await wang.hears()
    assert not wang.sees("接单")
    assert li.sees("接单")
    assert "已改问下一位" in await cs.hears()
    await town.passes(minutes=19)
    assert supervisor.screen == []
    await town.passes(minutes=1)
    assert "已 30 分钟 无人接单" in await supervisor.hears()
    await town.passes(minutes=89)
    assert head.screen == []
    await town.passes(minutes=1)
    assert "已 2 小时 无人接单" in await head.hears()


async def test_asking_the_next_technician_does_not_move_the_ladder(
    town: Town, owner: Actor, wang: Actor, li: Actor, supervisor: Actor
) -> None:
    await appointed(town, "18:00")
    await town.passes(minutes=8)
    await wang.presses("拒单")
    await wang.presses("手头有活")
    await town.passes(minutes=22)
    assert UNTAKEN in await supervisor.hears()


async def test_3_5_ordinary_alerts_wait_for_the_morning(
    town: Town, owner: Actor, wang: Actor, supervisor: Actor, head: Actor
) -> None:
    """Asked at 21:50: half an hour later it is night."""
    town.clock.at = local(21, 50)
    await appointed(town, "15:00")
    await town.until(local(8, 29, day=25))
    assert supervisor.screen == head.screen == []
    await town.until(local(8, 30, day=25))
    # Both stages wait for one morning: only the newest of a ladder speaks.
    assert UNTAKEN in head.says()
    assert supervisor.screen == []


async def test_what_was_met_in_the_night_is_not_announced_in_the_morning(
    town: Town, owner: Actor, li: Actor, supervisor: Actor, head: Actor
) -> None:
    town.clock.at = local(21, 50)
    await appointed(town, "15:00")
    await town.until(local(6, 0, day=25))
    await li.presses("接单")
    await town.until(local(9, 0, day=25))
    assert supervisor.screen == head.screen == []


# An appointment


async def test_3_5_appointment_is_remembered_asked_about_and_missed(
    town: Town, owner: Actor, wang: Actor, cs: Actor
) -> None:
    await appointed(town)
    await wang.presses("接单")
    await town.until("14:29")
    await hush(owner, wang, cs)
    await town.until("14:30")
    assert "提醒：15:00 王建国 上门" in await owner.hears()
    assert "还有 30 分钟" in await wang.hears()
    await town.until("15:00")
    assert "您到了吗" in await wang.hears()
    assert await owner.hears() == ""
    await town.until(local(15, 2))
    assert await owner.hears() == ""
    await town.until(local(15, 2, 1))
    assert "没有按约定时间到达" in await owner.hears()
    assert owner.sees("联系客服")
    assert "已超过约定时间 2 分钟" in await wang.hears()
    (case,) = await cases_of(town)
    assert (case.source, case.grade) == (CaseSource.LATE_ARRIVAL, Grade.GENERAL)
    assert (await town.verdicts())["punctuality"] == "missed"


async def test_an_appointment_nobody_has_taken_alarms_the_desk_half_an_hour_before(
    town: Town, owner: Actor, supervisor: Actor
) -> None:
    await appointed(town, "10:50")
    await town.until("10:20")
    assert "仍然没有人接单" in await supervisor.hears()
    assert "提醒" not in owner.says()


async def test_who_is_there_is_neither_reminded_nor_missed(
    town: Town, owner: Actor, wang: Actor
) -> None:
    await appointed(town)
    await on_site(town, wang)
    await hush(owner, wang)
    await town.until("15:10")
    assert await owner.hears() == await wang.hears() == ""


async def test_after_an_outage_only_the_newest_stage_speaks(
    town: Town, owner: Actor, wang: Actor
) -> None:
    await appointed(town)
    await wang.presses("接单")
    await hush(owner, wang)
    town.clock.at = local(15, 20)  # nobody ran since
    town.restarts()
    await town.fires()
    said = await wang.hears()
    assert "已超过约定时间" in said
    assert "还有 30 分钟" not in said
    assert "您到了吗" not in said
    assert "提醒" not in await owner.hears()
    assert len(await cases_of(town)) == 1


async def test_after_an_outage_an_emergency_says_where_it_stands(
    town: Town, owner: Actor, supervisor: Actor, head: Actor
) -> None:
    await urgent(owner)
    town.clock.step(timedelta(minutes=7))
    town.restarts()
    await town.fires()
    assert supervisor.screen == []
    assert head.says().count("已 7 分钟 无人接单") == 1


# A minor repair's 24 hours (reading 14)


async def test_5_2_2_minor_repair_climbs_at_18_22_and_24_hours(
    town: Town, owner: Actor, wang: Actor, cs: Actor, head: Actor
) -> None:
    town.clock.at = local(16, 0)  # so that 18 and 22 hours later it is day
    await appointed(town, "18:00")
    await wang.presses("接单")
    await town.until("18:00")
    await wang.presses("已到达")
    await town.until(local(9, 59, day=25))
    await hush(wang, cs)
    await town.until(local(10, 0, day=25))
    assert "24 小时时限快到了" in await wang.hears()
    assert "24 小时时限快到了" in await cs.hears()
    assert head.screen == []
    await town.until(local(14, 0, day=25))
    assert "24 小时时限快到了" in await head.hears()
    await town.until(local(16, 0, day=25))
    assert await cases_of(town) == []
    await town.until(local(16, 0, 1, day=25))
    assert [case.source for case in await cases_of(town)] == [CaseSource.MISSED_DEADLINE]
    assert (await town.verdicts())["minor_completion"] == "missed"


async def test_two_stages_put_off_to_one_morning_speak_once(
    town: Town, owner: Actor, wang: Actor, head: Actor
) -> None:
    """Reported at ten: 18 hours later it is 04:00, 22 hours later 08:00; alerts begin at 08:30."""
    await appointed(town)
    await on_site(town, wang)
    await town.until(local(8, 29, day=25))
    await hush(wang)
    await town.until(local(8, 30, day=25))
    assert "24 小时时限快到了" in await head.hears()
    assert "24 小时时限快到了" not in await wang.hears()


async def test_a_repair_done_in_time_is_met_and_silent(
    town: Town, owner: Actor, wang: Actor, head: Actor
) -> None:
    await appointed(town)
    await agreed(town, wang, owner)
    await finishes(wang)
    await town.passes(hours=30)
    assert (await town.verdicts())["minor_completion"] == "met"
    assert head.screen == []
    assert await cases_of(town) == []


# A large problem's 72 hours (reading 15)


async def test_5_2_2_major_climbs_at_48_66_and_72_hours(
    town: Town, owner: Actor, wang: Actor, supervisor: Actor, head: Actor
) -> None:
    town.clock.at = local(15, 0)
    await appointed(town, "18:00")
    await wang.presses("接单")
    await town.until("18:00")
    await wang.presses("已到达")

    def enlarge(connection: Connection) -> None:
        connection.execute(update(orders).values(size=Size.MAJOR))
        desk = Desk(connection, town.clock.now())
        order = order_services.load(desk, 1)
        order_services.note(desk, order, Step.MAJOR_APPROVED, 6)
        promises.became_major(desk, order)

    await town.change(enlarge)
    await town.until(local(14, 59, day=26))
    await hush(supervisor, head)
    await town.until(local(15, 0, day=26))
    assert "72 小时答复时限快到了" in await supervisor.hears()
    assert await head.hears() == ""
    await town.until(local(9, 0, day=27))
    assert "72 小时答复时限快到了" in await head.hears()
    assert await cases_of(town) == []
    await town.until(local(15, 0, 1, day=27))
    assert [case.source for case in await cases_of(town)] == [CaseSource.MISSED_DEADLINE]
    verdicts = await town.verdicts()
    assert (verdicts["minor_completion"], verdicts["major_response"]) == (
        "not_applicable",
        "missed",
    )


# An alert never goes to nobody


async def test_3_5_where_nobody_of_the_role_is_there_the_next_up_is_told(
    town: Town, owner: Actor, supervisor: Actor, head: Actor
) -> None:
    def retire(connection: Connection) -> None:
        connection.execute(update(staff).where(staff.c.name == "钱进").values(active=False))

    await town.change(retire)
    await urgent(owner)
    await town.passes(minutes=3)
    assert supervisor.screen == []
    assert UNTAKEN in head.says()


async def test_a_cancelled_order_is_silent_for_ever(
    town: Town, owner: Actor, wang: Actor, supervisor: Actor, head: Actor
) -> None:
    await urgent(owner)

    def cancel(connection: Connection) -> None:
        desk = Desk(connection, town.clock.now())
        order = order_services.load(desk, 1)
        changes.call_off(desk, order, people.person(connection, order.person_id or 0))

    await town.change(cancel)
    await town.passes(hours=1)
    assert supervisor.screen == head.screen == []
    assert await cases_of(town) == []
    assert (await town.verdicts())["emergency_arrival"] == "not_applicable"


# A centre's own ladders


def _own(**values: object) -> Callable[[Connection], None]:
    """The first centre departs from the standard so."""

    def unit(connection: Connection) -> None:
        connection.execute(
            update(centres).where(centres.c.id == 1).values(overrides=json.dumps(values))
        )

    return unit


async def test_3_5_a_centre_chooses_when_and_who_hears_of_an_untaken_job(
    town: Town, cs: Actor, supervisor: Actor, control: Actor, head: Actor
) -> None:
    own = _own(accept_steps=["2 min", "3 min", "4 min"], accept_tell=["control", "head", "head"])
    await town.change(own)
    await appointed(town)
    await hush(cs, supervisor, control, head)
    await town.passes(minutes=2)
    assert "没有在时限内接单" in await control.hears()
    await town.passes(minutes=1)
    assert "无人接单" in await head.hears()
    assert await cs.hears() == await supervisor.hears() == ""


async def test_3_5_a_centre_lets_a_ladder_speak_at_night(
    town: Town, owner: Actor, wang: Actor, control: Actor
) -> None:
    """Eighteen hours after ten in the morning it is four at night."""
    await town.change(_own(night_ladders=["minor_completion"]))
    await appointed(town, "15:00")
    await wang.presses("接单")
    await hush(wang, control)
    await town.until(local(3, 59, day=25))
    assert "时限快到了" not in await control.hears()
    await town.until(local(4, 0, day=25))
    assert "24 小时时限快到了" in await control.hears()  # nobody else is on duty
    assert "24 小时时限快到了" in await wang.hears()
