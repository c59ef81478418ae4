"""The roster decides: leave, swaps, extra shifts, holidays; and nobody there is said at once."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Connection, select, update

from services import availability
from services.availability import Work
from services.desk import Desk
from services.imports import How, ImportKind, Line, Sheet, import_sheet
from storage.tables import endpoints, staff
from tests.conversation import Actor, Town, on_one_database
from tests.conversations.jobs import appointed, hush, urgent

pytestmark = on_one_database


HEADINGS = ("姓名", "日期", "班次", "原因", "换班对象")
TUESDAY = date(2026, 11, 24)
WEDNESDAY = TUESDAY + timedelta(days=1)


def local(day: date, hour: int, minute: int = 0) -> datetime:
    """That time of a day in Shanghai."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC) - timedelta(hours=8)


async def roster_says(town: Town, *lines: tuple[str, ...]) -> None:
    """The administrator imports days of the roster."""
    sheet = Sheet(HEADINGS, 1, tuple(Line(n, line) for n, line in enumerate(lines, start=2)))

    def unit(connection: Connection) -> None:
        desk = Desk(connection, town.clock.now())
        report = import_sheet(desk, ImportKind.DAYS, sheet, How(centre="YH"))
        assert report.written, report.problems

    await town.change(unit)


async def works(town: Town, name: str, shift: str) -> None:
    """The roster gives somebody another shift."""
    await town.change(
        lambda connection: (
            connection.execute(
                update(staff).where(staff.c.name == name).values(shift=shift)
            ).rowcount
        )
    )


async def left_the_chat(town: Town, *keys: str) -> None:
    """Their telephones take nothing any more."""
    gone = select(endpoints.c.id).where(endpoints.c.address.in_(keys))
    await town.change(
        lambda connection: (
            connection.execute(
                update(endpoints)
                .where(endpoints.c.id.in_(gone))
                .values(unreachable_at=town.clock.now())
            ).rowcount
        )
    )


async def bookable(town: Town, skill: str, *, noisy: bool = False, minutes: int = 60) -> set[str]:
    """The starts that can be booked, as local day and time."""

    def unit(connection: Connection) -> set[str]:
        desk = Desk(connection, town.clock.now())
        work = Work(1, (skill,), minutes, noisy)
        return {
            f"{slot.start.astimezone(desk.zone(1)):%d %H:%M}"
            for slot in availability.free_slots(desk, work)
        }

    return await town.look(unit)


# Leave, swaps, extra shifts


async def test_3_5_who_is_on_leave_is_neither_offered_jobs_nor_alerted(
    town: Town, owner: Actor, wang: Actor, li: Actor, cs: Actor, cs2: Actor
) -> None:
    await roster_says(
        town, ("王建国", "2026-11-24", "休", "请假", ""), ("陈静", "2026-11-24", "", "请假", "")
    )
    await appointed(town)
    assert li.sees("接单")
    await urgent(owner)
    assert not wang.sees("接单")
    assert "紧急报修" in await cs2.hears()
    assert cs.screen == []


async def test_a_day_off_leaves_the_night_that_began_before_it(
    town: Town, owner: Actor, wang: Actor, li: Actor
) -> None:
    await works(town, "王建国", "22:00-06:00")
    await works(town, "李志强", "08:00-16:00")
    await roster_says(town, ("王建国", "2026-11-25", "休", "休息", ""))
    await town.until(local(WEDNESDAY, 5, 59))
    await urgent(owner)
    assert wang.sees("接单")
    assert li.screen == []
    assert not {start for start in await bookable(town, "locksmith") if start.startswith("25 2")}


async def test_3_12_bookable_times_follow_leave_and_extra_shifts(town: Town) -> None:
    before = await bookable(town, "cleaner")
    assert {"25 08:00", "25 17:00", "26 08:00"} <= before
    assert "26 19:00" not in before
    await roster_says(
        town,
        ("赵秀兰", "2026-11-25", "休", "请假", ""),
        ("赵秀兰", "2026-11-26", "18:00-22:00", "加班", ""),
    )
    after = await bookable(town, "cleaner")
    assert not {start for start in after if start.startswith("25")}
    # The extra hours join those of the shift: a visit may begin in one and end in the other.
    extra = ("17:30", "18:00", "18:30", "19:00", "19:30", "20:00", "20:30")
    assert after - before == {f"26 {start}" for start in extra}


async def test_3_5_a_swap_moves_the_shift_to_the_colleague(
    town: Town, owner: Actor, wang: Actor, li: Actor
) -> None:
    await works(town, "王建国", "08:00-16:00")
    await works(town, "李志强", "16:00-24:00")
    await roster_says(town, ("王建国", "2026-11-24", "中班", "换班", "李志强"))
    await urgent(owner)
    assert li.sees("接单")
    assert wang.screen == []
    await town.until("17:00")
    await urgent(town.actor("neighbour"))
    assert wang.sees("接单")


async def test_who_comes_in_on_a_day_off_is_offered_emergencies(
    town: Town, owner: Actor, zhao: Actor, wang: Actor, li: Actor
) -> None:
    off = ("赵秀兰", "王建国", "李志强")
    await roster_says(town, *((name, "2026-11-24", "休", "休息", "") for name in off))
    await zhao.types("上班")
    await urgent(owner)
    assert zhao.sees("接单")
    assert wang.screen == []


@pytest.mark.parametrize(
    ("shift", "said_at", "until"),
    [
        ("08:00-18:00", 17, local(TUESDAY, 18)),
        ("08:00-18:00", 20, local(WEDNESDAY, 8)),
        ("08:00-18:00", 18, local(WEDNESDAY, 6)),
        ("全天", 17, local(WEDNESDAY, 5)),
    ],
)
@pytest.mark.parametrize("word", ["上班", "下班"])
async def test_what_is_said_of_duty_holds_until_the_roster_changes_or_twelve_hours(
    town: Town, zhao: Actor, shift: str, said_at: int, until: datetime, word: str
) -> None:
    await works(town, "赵秀兰", shift)
    await town.until(local(TUESDAY, said_at))
    await zhao.types(word)
    said = select(staff.c.duty_until).where(staff.c.name == "赵秀兰")
    assert await town.look(lambda connection: connection.execute(said).scalar_one()) == until


# The calendar


async def test_3_10_a_holiday_and_the_workday_moved_for_it(
    town: Town, owner: Actor, zhao: Actor
) -> None:
    """National Day 2026 is a Thursday; Saturday 10 October is worked in its place."""
    await works(town, "赵秀兰", "工作日 08:00-18:00")
    town.clock.at = local(date(2026, 9, 30), 10)
    starts = {start[:2] for start in await bookable(town, "cleaner")}
    assert starts == {"30"}
    town.clock.at = local(date(2026, 10, 7), 10)
    starts = {start[:2] for start in await bookable(town, "cleaner")}
    assert starts == {"08", "09", "10", "12", "13", "14"}


async def test_3_12_noisy_work_rests_on_holidays_and_on_moved_workdays(town: Town) -> None:
    town.clock.at = local(date(2026, 10, 7), 7)
    starts = {start[:2] for start in await bookable(town, "handyman", noisy=True)}
    assert starts == {"08", "09", "12", "13", "14"}


# Goes up at once, and says so


async def test_3_5_by_day_the_next_up_hears_and_is_told_why(
    town: Town, owner: Actor, control: Actor, supervisor: Actor, cs: Actor
) -> None:
    off = tuple((name, "2026-11-24", "休", "休息", "") for name in ("陈静", "吴敏", "孙立"))
    await roster_says(town, *off)
    await urgent(owner)
    heard = await supervisor.hears()
    assert heard.startswith("⏫ 客服无人当班，直接转给主管")
    assert "紧急报修" in heard
    assert supervisor.sees("派单")
    assert cs.screen == control.screen == []


async def test_3_5_in_the_evening_nobody_above_is_there_and_the_asked_are_told(
    town: Town, owner: Actor, supervisor: Actor, head: Actor, business: Actor
) -> None:
    await town.until("20:00")
    await appointed(town, "21:00")
    await town.until("20:30")
    heard = await supervisor.hears()
    assert "主管及以上现在无人当班，已通知不在班的主管" in heard
    assert "无人接单" in heard
    assert head.screen == business.screen == []


async def test_3_5_in_the_evening_a_head_who_came_in_hears_instead(
    town: Town, owner: Actor, supervisor: Actor, head: Actor
) -> None:
    await town.change(
        lambda connection: (
            connection.execute(
                update(staff)
                .where(staff.c.name == "周强")
                .values(duty=True, duty_until=local(TUESDAY, 23))
            ).rowcount
        )
    )
    await town.until("20:00")
    await appointed(town, "21:00")
    await town.until("20:30")
    assert "主管无人当班，直接转给部门负责人" in await head.hears()
    assert supervisor.screen == []


async def test_3_5_at_night_the_control_centre_stands_in_for_customer_service(
    town: Town, owner: Actor, control: Actor, cs: Actor
) -> None:
    await town.until("23:30")
    await hush(control, cs)
    await urgent(owner)
    assert "客服无人当班，直接转给控制中心" in await control.hears()
    assert await cs.hears() == ""


async def test_3_5_on_duty_and_out_of_reach_is_said_as_it_is(
    town: Town, owner: Actor, control: Actor
) -> None:
    await left_the_chat(town, "cs", "cs2")
    await urgent(owner)
    assert "客服当班的人联系不上，直接转给控制中心" in await control.hears()


async def test_3_5_where_no_chat_reaches_anybody_on_duty_those_off_duty_are_told(
    town: Town, owner: Actor, cs: Actor, cs2: Actor
) -> None:
    await works(town, "陈静", "夜班")
    await left_the_chat(town, "cs2", "control", "supervisor", "head", "business")
    await urgent(owner)
    assert "当班的人都联系不上，已通知不在班的客服" in await cs.hears()


async def test_3_5_who_is_there_hears_without_a_preface(
    town: Town, owner: Actor, cs: Actor
) -> None:
    await urgent(owner)
    assert (await cs.hears()).startswith("🚨 紧急报修")


async def test_3_5_the_preface_is_said_in_the_listeners_language(
    town: Town, owner: Actor, control: Actor
) -> None:
    await control.commands("language")
    await control.presses("English")
    await town.until("23:30")
    await hush(control)
    await urgent(owner)
    assert "No customer service on duty: passed up to the control centre." in await control.hears()


async def test_3_3_a_claim_is_passed_up_to_somebody_who_may_decide_on_it(
    town: Town, stranger: Actor, control: Actor, supervisor: Actor
) -> None:
    await roster_says(town, *((name, "2026-11-24", "休", "请假", "") for name in ("陈静", "吴敏")))
    await stranger.shares_contact("13800999999")
    await stranger.presses("云湖花园")
    await stranger.presses("业主")
    await stranger.types("6-601")
    await stranger.types("罗平")
    await stranger.presses("提交核对")
    assert "客服无人当班，直接转给主管" in await supervisor.hears()
    assert control.screen == []
