"""Reminders (§3.5, §3.6): who is told when, once, of what is still true; and switching them off."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, update

from bot import house
from services import changes, orders
from services.desk import Desk
from services.rules.standard import Standard
from storage.database import open_database
from storage.records import HoldReason, OrderState, Trade
from storage.tables import centres, staff
from storage.tables import orders as order_rows
from tests.conversation import Actor, Town, known_as, on_one_database, on_ordinary_telephones
from tests.conversations.jobs import appointed, hush

MINUTE = timedelta(minutes=1)
EVENING, NEAR, JOBS, OPEN_ITEMS = "提醒：明天", "提醒：", "今天的任务", "今天的待办"


def local(hour: int, minute: int = 0, *, day: int = 24) -> datetime:
    """That time of a day of November 2026 in Shanghai."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC) - timedelta(hours=8)


async def awaited(
    town: Town, owner: Actor, *technicians: Actor, at: datetime | str = "15:00"
) -> None:
    """An appointment that somebody has taken, planned for; what was said so far is heard."""
    await appointed(town, at)
    for one in technicians:
        await one.presses("接单")
    await town.passes(minutes=1)
    await hush(owner, *technicians)


async def agreed_to(town: Town, at: datetime) -> None:
    """The owner has agreed to another time on the telephone."""

    def unit(connection: Connection) -> None:
        desk = Desk(connection, town.clock.now())
        known = known_as(connection, "cs")
        assert known is not None
        changes.set_time(desk, orders.load(desk, 1), at, known[1])
        desk.post()

    await town.change(unit)


def rewritten(**values: object) -> Callable[[Connection], None]:
    """A unit that changes every order by hand."""

    def unit(connection: Connection) -> None:
        connection.execute(update(order_rows).values(**values))

    return unit


# The evening before


async def test_3_5_the_evening_before_says_when_what_where_and_who_comes(
    town: Town, owner: Actor, wang: Actor
) -> None:
    await awaited(town, owner, wang, at=local(15, day=25))
    await town.until(local(18, 59))
    assert await owner.hears() == ""
    await town.until(local(19))
    assert await owner.hears() == (
        "提醒：明天 11月25日 周三 15:00 上门，换水龙头（YH261124-001），3-1201。\n上门人员：王建国"
    )
    assert owner.buttons() == ["改约", "取消", "提醒设置"]
    await owner.presses("取消")
    await owner.presses("确认取消")
    assert (await town.order()).state is OrderState.CANCELLED


async def test_3_5_several_visits_are_one_message(town: Town, owner: Actor, wang: Actor) -> None:
    await awaited(town, owner, at=local(11, day=25))
    await awaited(town, owner, wang, at=local(15, day=25))
    await town.until(local(19))
    heard = await owner.hears()
    assert heard.startswith("提醒：有 2 项约好的上门服务：\n明天 11月25日 周三 11:00")
    assert heard.count("上门人员：王建国") == 1  # the other visit nobody has taken yet
    assert owner.buttons()[:2] == ["改约 11:00 换水龙头", "取消 11:00 换水龙头"]
    await owner.presses("改约 15:00")
    assert "改到什么时间" in await owner.hears()


@pytest.mark.parametrize(("agreed", "told"), [(local(17), True), (local(17, 1), False)])
async def test_3_5_what_was_agreed_after_five_is_not_repeated_at_seven(
    town: Town, owner: Actor, agreed: datetime, told: bool
) -> None:
    town.clock.at = agreed
    await appointed(town, local(15, day=25))
    await hush(owner)
    await town.until(local(19))
    assert (EVENING in await owner.hears()) is told


@on_one_database
@pytest.mark.parametrize(
    "change",
    [
        rewritten(state=OrderState.CANCELLED),
        rewritten(state=OrderState.FINISHED),
        rewritten(state=OrderState.HELD, held_for=HoldReason.PARTS),
        rewritten(merged_into=1),
        rewritten(appointed_at=local(15, day=26)),
    ],
    ids=["cancelled", "finished", "held", "merged", "moved"],
)
@pytest.mark.written
async def test_3_5_what_is_not_true_any_more_is_not_announced(
    town: Town, owner: Actor, wang: Actor, change: Callable[[Connection], None]
) -> None:
    await awaited(town, owner, wang, at=local(15, day=25))
    await town.change(change)
    await town.until(local(19))
    await town.until(local(14, 59, day=25))
    assert NEAR not in await owner.hears()


# Shortly before


@on_one_database
@pytest.mark.parametrize(
    ("visit", "reminded"),
    [
        (local(15), local(14, 30)),
        (local(12, 30), local(11, 59)),
        (local(14, 15), local(14)),
        (local(21), local(20, 29)),
    ],
)
async def test_3_6_half_an_hour_before_outside_of_quiet_hours(
    town: Town, owner: Actor, wang: Actor, visit: datetime, reminded: datetime
) -> None:
    await awaited(town, owner, wang, at=visit)
    await town.until(reminded - MINUTE)
    assert NEAR not in await owner.hears()
    await town.until(reminded)
    assert f"提醒：{visit + timedelta(hours=8):%H:%M} 王建国 上门" in await owner.hears()
    assert owner.buttons() == ["改约", "取消", "提醒设置"]
    await town.until(visit)
    assert NEAR not in await owner.hears()


async def test_3_6_a_visit_at_nine_was_announced_the_evening_before(
    town: Town, owner: Actor, wang: Actor
) -> None:
    await awaited(town, owner, wang, at=local(9, day=25))
    await town.until(local(19))
    assert EVENING in await owner.hears()
    await town.until(local(9, day=25))
    assert NEAR not in await owner.hears()


async def test_3_5_a_moved_appointment_is_reminded_of_anew(
    town: Town, owner: Actor, wang: Actor
) -> None:
    await awaited(town, owner, wang)
    await agreed_to(town, local(16, 30))
    await hush(owner)
    await town.until(local(15, 59))
    assert NEAR not in await owner.hears()
    await town.until(local(16))
    assert "提醒：16:30 王建国 上门" in await owner.hears()


async def test_what_was_agreed_or_taken_a_moment_ago_needs_no_reminder(
    town: Town, owner: Actor, wang: Actor
) -> None:
    await awaited(town, owner, wang)
    await town.until(local(13))
    await agreed_to(town, local(14, 4))  # its reminder would have come before noon
    await town.until(local(14, 4))
    assert NEAR not in await owner.hears()


async def test_a_job_taken_after_its_reminder_s_time_was_told_of_by_that(
    town: Town, owner: Actor, wang: Actor
) -> None:
    town.clock.at = local(14, 25)
    await awaited(town, owner, at=local(15))
    await town.until(local(14, 34))
    await wang.presses("接单")
    await town.until(local(14, 59))
    heard = await owner.hears()
    assert "王建国 已接单" in heard
    assert NEAR not in heard


# The technician's day, the desk's morning


async def test_3_5_a_technician_hears_of_the_day_s_jobs_as_the_shift_starts(
    town: Town, zhao: Actor, li: Actor
) -> None:
    for hour in (14, 10):
        at = local(hour, day=25)
        await appointed(town, at, trade=Trade.HOUSEKEEPING, skills=("cleaner",))
        await zhao.presses("接单")
    await appointed(town, local(11, day=26), trade=Trade.HOUSEKEEPING, skills=("cleaner",))
    await zhao.presses("接单")
    await town.until(local(8, 29, day=25))
    await hush(zhao)
    await town.until(local(8, 30, day=25))  # the shift starts at eight, alerts half an hour later
    *_, heard = (await zhao.hears()).split(f"{JOBS}：")
    assert heard.splitlines() == [
        "2 个",
        "今天 11月25日 周三 10:00　换水龙头　3-1201",
        "今天 11月25日 周三 14:00　换水龙头　3-1201",
    ]
    assert li.screen == []  # nothing yet is not worth a message
    await zhao.presses("10:00 换水龙头")
    assert "工单 YH261124-002" in zhao.newest().text


async def test_3_5_who_is_off_hears_of_no_jobs(town: Town, zhao: Actor) -> None:
    await appointed(town, local(14, day=25), trade=Trade.HOUSEKEEPING, skills=("cleaner",))
    await zhao.presses("接单")
    await town.change(
        lambda c: c.execute(update(staff).where(staff.c.name == "赵秀兰").values(shift="周四 早班"))
    )
    await town.until(local(10, day=25))
    assert JOBS not in zhao.says()


async def test_3_6_the_desk_hears_at_nine_of_what_is_open(
    town: Town, owner: Actor, cs: Actor, cs2: Actor, supervisor: Actor, far_cs: Actor
) -> None:
    await owner.presses_data("talk.start")
    await owner.types("请问可以开发票吗")
    await town.until(local(8, 59, day=25))
    await hush(cs, cs2, supervisor)
    await town.until(local(9, day=25))
    for one in (cs, cs2):
        heard = await one.hears()
        assert "今天的待办：1 件\n1. 张伟 找客服" in heard
    await cs.presses("待办")
    assert "待办：1 件" in await cs.hears()
    assert OPEN_ITEMS not in supervisor.says() + far_cs.says()


async def test_3_6_whoever_stands_in_for_customer_service_hears_of_it(
    town: Town, owner: Actor, cs: Actor, control: Actor
) -> None:
    await owner.presses_data("talk.start")
    await town.change(
        lambda c: c.execute(
            update(staff).where(staff.c.name.in_(["陈静", "吴敏"])).values(shift="周四 客服班")
        )
    )
    await town.until(local(9, day=25))
    assert OPEN_ITEMS not in cs.says()
    assert OPEN_ITEMS in control.says()


async def test_3_6_where_nothing_is_open_nobody_is_told(town: Town, cs: Actor) -> None:
    await town.until(local(9, 1, day=25))
    assert cs.screen == []


# Once, whatever happens


async def test_3_5_after_an_outage_it_is_said_late_and_once(
    town: Town, owner: Actor, wang: Actor
) -> None:
    await awaited(town, owner, wang, at=local(15, day=25))
    town.clock.at = local(19, 40)
    for _ in range(2):
        town.restarts()
        await town.fires()
    assert (await owner.hears()).count(EVENING) == 1
    town.clock.at = local(14, 50, day=25)
    for _ in range(2):
        town.restarts()
        await town.fires()
    assert (await owner.hears()).count("提醒：15:00") == 1


async def test_3_6_after_an_outage_it_waits_for_the_morning(
    town: Town, owner: Actor, wang: Actor
) -> None:
    await awaited(town, owner, wang, at=local(15, day=25))
    town.clock.at = local(20, 31)
    await town.fires()
    await town.until(local(8, 59, day=25))
    assert await owner.hears() == ""
    await town.until(local(9, day=25))
    assert "提醒：今天 11月25日 周三 15:00 上门" in await owner.hears()


async def test_a_reminder_whose_time_is_over_is_not_sent(
    town: Town, owner: Actor, wang: Actor, zhao: Actor
) -> None:
    await awaited(town, owner, wang)
    town.clock.at = local(15)
    await town.fires()
    assert NEAR not in await owner.hears()
    assert JOBS not in wang.says()


async def test_a_clock_set_back_says_nothing_twice_and_stalls_nothing(
    town: Town, owner: Actor, wang: Actor
) -> None:
    await awaited(town, owner, wang)
    await town.until(local(14, 31))
    assert NEAR in await owner.hears()
    town.clock.step(timedelta(hours=-1))
    await agreed_to(town, local(14, 40))
    await town.passes(minutes=1)
    await hush(owner)
    await town.until(local(14, 10))
    assert "提醒：14:40 王建国 上门" in await owner.hears()
    await town.until(local(14, 39))
    assert NEAR not in await owner.hears()


@pytest.mark.parametrize("town_url", ["postgresql"], indirect=True)
async def test_two_processes_remind_once(
    town: Town, town_url: str, owner: Actor, wang: Actor
) -> None:
    await awaited(town, owner, wang, at=local(15, day=25))
    database = open_database(town_url)
    other = house.build(
        database,
        {town.telephones.name: town.telephones},
        town.clock,
        name="other",
        photo=town.photos.path,
        company=Standard(),
    )
    for at in (local(19), local(19, 1), local(14, 30, day=25), local(14, 31, day=25)):
        town.clock.at = at
        for turn in ("crank", "sweep"):
            await asyncio.gather(*(getattr(one, turn).once() for one in (town.house, other)))
        await town.settles()
    heard = await owner.hears()
    await database.close()
    assert (heard.count(EVENING), heard.count("提醒：15:00")) == (1, 1)


async def test_3_5_by_the_clock_of_the_centre(town: Town, owner: Actor, wang: Actor) -> None:
    await town.change(lambda c: c.execute(update(centres).values(zone="Asia/Tokyo")))
    await awaited(town, owner, wang, at=local(15, day=25))
    await town.until(local(17, 59))
    assert EVENING not in await owner.hears()
    await town.until(local(18))
    assert "提醒：明天 11月25日 周三 16:00 上门" in await owner.hears()


# Switching them off


@on_ordinary_telephones
async def test_3_6_a_reminder_is_switched_off_and_on_in_place(
    town: Town, owner: Actor, wang: Actor
) -> None:
    await awaited(town, owner, wang, at=local(15, day=25))
    await owner.presses_data("more.open")
    await owner.presses("提醒设置")
    shown = owner.newest()
    assert "✅ 前一天晚上的上门提醒\n✅ 上门前的提醒" in shown.text
    await owner.presses("关闭：前一天晚上的上门提醒")
    assert "⬜ 前一天晚上的上门提醒（已关闭）\n✅ 上门前的提醒" in shown.text
    assert (owner.toast, shown.edits, owner.newest()) == ("已关闭", 1, shown)
    await owner.hears()
    await town.until(local(19))
    assert EVENING not in await owner.hears()
    await town.until(local(14, 30, day=25))
    assert "提醒：15:00" in await owner.hears()
    await owner.presses("打开：前一天晚上的上门提醒")
    assert "✅ 前一天晚上的上门提醒\n" in shown.text


async def test_a_reminder_shortly_before_may_be_switched_off_the_technician_s_question_not(
    town: Town, owner: Actor, wang: Actor
) -> None:
    await awaited(town, owner, wang)
    for one, name in ((owner, "near"), (wang, "jobs")):
        await one.presses_data(f"reminders.set|{name}|off")
    await hush(owner, wang)
    await town.until(local(14, 30))
    assert NEAR not in await owner.hears()
    assert "还有 30 分钟" in await wang.hears()
    await town.until(local(8, 30, day=25))
    assert JOBS not in await wang.hears()


async def test_3_6_the_desk_may_switch_its_morning_off(
    town: Town, owner: Actor, cs: Actor, cs2: Actor
) -> None:
    await owner.presses_data("talk.start")
    await cs.presses_data("reminders.set|todo|off")
    await town.until(local(9, day=25))
    assert OPEN_ITEMS not in cs.says()
    assert OPEN_ITEMS in cs2.says()


@on_one_database
@pytest.mark.parametrize(
    ("who", "data", "answer"),
    [
        ("owner", "reminders.set|todo|off", "不归您办理"),
        ("cs", "reminders.set|near|off", "不归您办理"),
        ("zhao", "reminders.set|nonsense|off", "不归您办理"),
        ("stranger", "reminders.set|near|off", "不归您办理"),
        ("stranger", "reminders.open", "没有可以设置的提醒"),
    ],
)
async def test_only_one_s_own_reminders_are_switched(
    town: Town, who: str, data: str, answer: str
) -> None:
    actor = town.actor(who)
    await actor.presses_data(data)
    assert answer in await actor.hears()


async def test_a_switch_has_two_states(town: Town, owner: Actor) -> None:
    await owner.presses_data("reminders.set|near|sideways")
    assert owner.toast == "这个按钮已经失效"


async def test_who_has_moved_out_may_switch_off_the_reminders_of_visits_to_come(
    town: Town, owner: Actor, wang: Actor
) -> None:
    await awaited(town, owner, wang, at=local(15, day=25))
    await owner.presses_data("reminders.open")
    assert owner.sees("关闭：上门前的提醒")
