"""返修 (§5.2.2, §3.8): 没修好 brings us back for nothing, and counts once the fault is the same."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection, func, select, update

from storage.records import OrderKind, OrderState, Source, Trade
from storage.tables import orders, residents, staff
from tests.conversation import Actor, Town, known_as, on_one_database, on_ordinary_telephones
from tests.conversations.jobs import appointed, cases_of, finishes, hush, urgent
from tests.conversations.ledger import Job, entered
from tests.conversations.repairs import at_work, back_on_site, not_mended, repaired
from tests.conversations.test_figures import DECEMBER, figure, looks, opens

FIRST, SECOND = "YH261124-001", "YH261124-002"
FREE = "不收人工费"


async def reworks(town: Town) -> int:
    """How many orders repeat another."""
    linked = select(func.count()).where(orders.c.rework_of.is_not(None))
    return int(await town.look(lambda one: one.execute(linked).scalar_one()))


async def how_often(town: Town) -> str:
    """The rework rate of November, as the head reads it."""
    head = town.actor("head")
    await looks(head)
    return (await figure(head, "返修率")).partition("　")[0]


# 没修好


async def test_5_2_2_two_taps_bring_us_back_for_nothing(
    town: Town, owner: Actor, wang: Actor, li: Actor
) -> None:
    await repaired(town, owner, wang)
    await owner.presses_data("orders.show|1")
    await hush(owner, li)
    await owner.presses("没修好")
    heard = await owner.hears()
    for words in ("换水龙头", "3-1201", FIRST, "王建国", FREE, "今天 11月24日 周二 16:00"):
        assert words in heard
    await owner.presses("确认返修")
    heard = await owner.hears()
    assert f"已登记返修：换水龙头，单号 {SECOND}，今天 11月24日 周二 16:00 上门" in heard
    first, again = await town.order(1), await town.order(2)
    assert (again.rework_of, again.price_fen, again.rework_confirmed) == (first.id, 0, None)
    assert (again.kind, again.state) == (OrderKind.APPOINTMENT, OrderState.WAITING)
    same = ("room_id", "place", "item_id", "title_zh", "skills", "minutes", "quantity", "trade")
    assert [getattr(again, name) for name in same] == [getattr(first, name) for name in same]
    assert again.reported_at == town.clock.now()
    assert not again.owner_deferred
    heard = await li.hears()
    assert f"返修，{FREE}：上次 {FIRST}" in heard
    assert "（王建国）" in heard
    assert "¥" not in heard


@on_one_database
async def test_the_history_shows_the_link_both_ways(
    town: Town, owner: Actor, wang: Actor, cs: Actor
) -> None:
    await repaired(town, owner, wang)
    await not_mended(owner)
    await cs.presses_data("desk.history|1")
    assert f"业主说没修好，返修 {SECOND}（张伟）" in cs.newest().text
    await cs.presses_data("desk.history|2")
    assert f"返修 {FIRST}，{FREE}（张伟）" in cs.newest().text
    await cs.presses_data("desk.order|1")
    assert f"没修好：返修 {SECOND}（待派单）" in cs.newest().text
    await owner.presses_data("orders.show|1")
    assert f"没修好：返修 {SECOND}" in owner.newest().text
    await owner.presses_data("orders.show|2")
    assert f"返修：上次 {FIRST}" in owner.newest().text


async def test_another_time_a_word_and_a_picture_go_along(
    town: Town, owner: Actor, wang: Actor, li: Actor
) -> None:
    await repaired(town, owner, wang)
    await owner.presses_data("rework.start|1")
    await owner.types("还在滴水")
    photo = await owner.sends_photo()
    await owner.presses("选别的时间")
    await owner.types("明天上午10点")
    summary = owner.newest().text
    assert "明天 11月25日 周三 10:00" in summary
    assert "还在滴水" in summary
    await owner.presses("确认返修")
    again = await town.order(2)
    assert (again.note, again.photos) == ("还在滴水", (photo,))
    assert again.appointed_at == town.clock.now() + timedelta(hours=19)
    assert "还在滴水" in li.newest().text


@on_one_database
async def test_reading_14_a_time_after_the_24_hours_is_the_owner_s_own_choice(
    town: Town, owner: Actor, wang: Actor
) -> None:
    await repaired(town, owner, wang)
    await owner.presses_data("rework.start|1")
    await owner.presses("选别的时间")
    await owner.types("后天上午10点")
    await owner.presses("确认返修")
    assert (await town.order(2)).owner_deferred


@on_one_database
async def test_the_time_proposed_may_be_gone_by_the_second_tap(
    town: Town, owner: Actor, neighbour: Actor, wang: Actor
) -> None:
    await repaired(town, owner, wang)
    await owner.presses_data("rework.start|1")
    for _ in range(2):  # both plumbers have something else to do at four
        await booked_by(neighbour, "今天下午4点")
    await owner.presses("确认返修")
    assert "约不上了" in owner.newest().text
    assert await reworks(town) == 0


@on_one_database
async def test_where_nothing_else_is_free_by_the_second_tap_the_desk_has_it_by_itself(
    town: Town, owner: Actor, wang: Actor, cs: Actor
) -> None:
    await repaired(town, owner, wang)
    await owner.presses_data("rework.start|1")
    await town.change(_nobody_is_left)
    await hush(cs)
    await owner.presses("确认返修")
    assert "客服马上跟您约时间" in owner.newest().text
    again = await town.order(2)
    assert (again.rework_of, again.appointed_at) == (1, None)
    assert again.desk_since is not None
    assert "请与业主约时间并优先派单" in await cs.hears()


@on_one_database
async def test_3_4_rework_that_is_not_done_in_24_hours_is_serious(
    town: Town, owner: Actor, wang: Actor, business: Actor
) -> None:
    await repaired(town, owner, wang)
    await town.change(_nobody_is_left)
    await not_mended(owner)
    await town.passes(hours=24, minutes=1)
    [case] = await cases_of(town, 2)
    assert (case.source, case.grade) == ("missed_deadline", "serious")
    assert "严重 · 超过时限" in await business.hears()


def _nobody_is_left(connection: Connection) -> None:
    plumbers = staff.c.name.in_(("王建国", "李志强"))
    connection.execute(update(staff).where(plumbers).values(active=False))


@on_one_database
async def test_5_2_7_words_that_tell_of_danger_are_offered_as_an_emergency(
    town: Town, owner: Actor, wang: Actor
) -> None:
    await repaired(town, owner, wang)
    await owner.presses_data("rework.start|1")
    await owner.types("水管爆了")
    await owner.presses("紧急报修：水管爆裂")
    again = await town.order(2)
    assert (again.kind, again.rework_of) == (OrderKind.EMERGENCY, None)


@on_one_database
async def test_5_1_2_customer_service_register_it_for_a_caller(
    town: Town, owner: Actor, wang: Actor, cs: Actor, li: Actor
) -> None:
    await repaired(town, owner, wang)
    await cs.presses_data("desk.order|1")
    await hush(owner, li)
    await cs.presses("没修好（返修）")
    await cs.presses("确认返修")
    assert f"已登记返修 {SECOND}" in cs.says()
    again = await town.order(2)
    assert (again.source, again.channel) == (Source.PHONE, "phone")
    assert again.registered_by is not None
    assert again.person_id == (await town.order(1)).person_id
    assert FREE in await owner.hears()
    assert FREE in await li.hears()


@on_one_database
@pytest.mark.parametrize("typed", ["3-1201", "3栋1201室", "yh261124-001"])
async def test_the_desk_finds_the_repair_by_its_room_or_its_number(
    town: Town, owner: Actor, wang: Actor, cs: Actor, cs2: Actor, far_cs: Actor, typed: str
) -> None:
    await repaired(town, owner, wang)
    await cs.types(typed)
    assert "最近修好的：1 单" in cs.newest().text
    await cs.presses(FIRST)
    assert cs.sees("没修好（返修）")
    for other in (far_cs, wang):
        await hush(other)
        await other.types(typed)
        assert FIRST not in await other.hears()
    town.clock.step(timedelta(days=31))
    await hush(cs2)
    await cs2.types(typed)
    assert FIRST not in await cs2.hears()


@on_one_database
async def test_5_1_3_whoever_is_dissatisfied_is_offered_it_and_the_case_knows(
    town: Town, owner: Actor, wang: Actor, cs: Actor
) -> None:
    await repaired(town, owner, wang)
    await owner.presses("不满意")
    await owner.presses("没修好")
    await owner.presses("确认返修")
    again = (await town.order(2)).number
    assert f"业主说没修好，已登记返修 {again}" in cs.says()
    assert [case.source for case in await cases_of(town)] == ["dissatisfied"]


# Who may say it, and of what


@on_one_database
@pytest.mark.parametrize("result", ["没能解决", "没有施工"])
async def test_only_what_was_repaired_can_have_been_repaired_badly(
    town: Town, owner: Actor, wang: Actor, result: str
) -> None:
    await repaired(town, owner, wang, result)
    await owner.presses_data("orders.show|1")
    assert not owner.sees("没修好")
    await owner.presses_data("rework.start|1")
    assert "不能登记返修" in await owner.hears()
    assert await reworks(town) == 0


@on_one_database
async def test_housekeeping_is_no_repair(town: Town, owner: Actor, wang: Actor) -> None:
    await appointed(town, trade=Trade.HOUSEKEEPING)
    await wang.presses_data("order.accept|1")
    await town.until("15:00")
    await wang.presses_data("order.arrive|1")
    await wang.presses("已说明内容和价格")
    await wang.presses("¥40")
    await owner.presses("同意报价")
    await finishes(wang)
    await owner.presses_data("rework.start|1")
    assert "不能登记返修" in await owner.hears()


@on_one_database
@pytest.mark.parametrize(("hours", "may"), [(8.9, True), (9.1, False)])
async def test_3_8_it_is_rework_until_the_end_of_day_30_on_the_centre_s_calendar(
    town: Town, owner: Actor, wang: Actor, hours: float, may: bool
) -> None:
    await repaired(town, owner, wang)  # on 24 November, at three
    town.clock.step(timedelta(days=30, hours=hours))
    await owner.presses_data("orders.show|1")
    assert owner.sees("没修好") is may
    await owner.presses_data("rework.start|1")
    heard = await owner.hears()
    assert ("没修好？" in heard) is may
    assert ("超过 30 天不算返修" in heard) is not may


@on_one_database
async def test_while_somebody_is_coming_about_it_its_number_is_told(
    town: Town, owner: Actor, wang: Actor, li: Actor
) -> None:
    await repaired(town, owner, wang)
    await not_mended(owner)
    await li.presses("接单")
    await owner.presses_data("rework.start|1")
    assert f"{FIRST} 的返修已经登记：{SECOND} 现在是“已接单”（李志强" in await owner.hears()
    await owner.presses_data("orders.show|1")
    assert "没修好" not in owner.buttons()
    assert await reworks(town) == 1


async def test_two_taps_at_once_make_one_rework(town: Town, owner: Actor, wang: Actor) -> None:
    await repaired(town, owner, wang)
    await owner.presses_data("rework.start|1")
    await asyncio.gather(*[owner.presses("确认返修") for _ in range(2)])
    assert await reworks(town) == 1


@on_one_database
async def test_only_who_lives_there_may_say_so(
    town: Town, owner: Actor, wang: Actor, neighbour: Actor, stranger: Actor, far_cs: Actor
) -> None:
    await repaired(town, owner, wang)
    for other in (neighbour, stranger):
        await other.presses_data("rework.start|1")
        assert "不归您办理" in await other.hears()
    for other in (far_cs, wang, owner):
        await other.presses_data("desk.rework|1")
        assert "不归您办理" in await other.hears()
    gone = update(residents).where(residents.c.name == "张伟")
    await town.change(lambda one: one.execute(gone.values(ended_at=town.clock.now())).rowcount)
    await owner.presses_data("rework.start|1")
    assert "不归您办理" in await owner.hears()
    assert await reworks(town) == 0


# Placing it


async def test_after_an_emergency_the_desk_agrees_a_time_and_the_24_hours_run(
    town: Town, owner: Actor, wang: Actor, cs: Actor
) -> None:
    await urgent(owner)
    for step in ("accept", "arrive", "start"):
        await wang.presses_data(f"order.{step}|1")
    await finishes(wang)
    await town.passes(hours=3)
    await owner.presses_data("rework.start|1")
    assert "客服马上跟您约" in owner.newest().text
    assert owner.sees("紧急报修")
    assert not owner.sees("选别的时间")
    serial = open_form(owner)
    await owner.presses_data(f"form.back|{serial}|confirm")  # there is no question to go back to
    assert "客服马上跟您约" in owner.newest().text
    await hush(cs)
    await owner.presses("确认返修")
    assert "24 小时内修好" in owner.newest().text
    assert f"业主说 {FIRST} 没修好，请与业主约时间" in await cs.hears()
    again = await town.order(2)
    assert (again.kind, again.emergency) == (OrderKind.APPOINTMENT, "burst_pipe")
    assert (again.appointed_at, again.desk_since) == (None, again.reported_at)
    assert again.staff_told_at == again.reported_at
    await town.until(again.reported_at + timedelta(hours=24, seconds=2))
    assert (await town.verdicts(2))["minor_completion"] == "missed"
    assert [case.source for case in await cases_of(town, 2)] == ["missed_deadline"]


def open_form(owner: Actor) -> str:
    """The serial of the form that is open, as its buttons carry it."""
    found = owner.button("取消")
    assert found is not None
    return found[1].data.rpartition("|")[2]


@on_one_database
async def test_where_nothing_is_free_the_desk_agrees_a_time(
    town: Town, owner: Actor, wang: Actor, cs: Actor
) -> None:
    await repaired(town, owner, wang)
    await town.change(_nobody_is_left)
    await owner.presses_data("rework.start|1")
    await owner.presses("确认返修")
    assert (await town.order(2)).desk_since is not None
    await cs.presses_data("desk.move|2")
    assert "没有别的空闲时间" in cs.newest().text


@on_one_database
async def test_whoever_did_it_is_asked_last_but_is_asked(
    town: Town, owner: Actor, wang: Actor, li: Actor
) -> None:
    await repaired(town, owner, wang)
    await hush(wang)
    await not_mended(owner)
    assert li.sees("接单")
    assert SECOND not in await wang.hears()
    await li.presses("拒单")
    await li.presses("手头有活")
    assert SECOND in await wang.hears()
    await wang.presses("接单")
    assert (await town.order(2)).state is OrderState.ACCEPTED


@on_ordinary_telephones
async def test_it_stands_on_top_of_every_list_below_emergencies(
    town: Town, owner: Actor, wang: Actor, li: Actor, cs: Actor, neighbour: Actor
) -> None:
    await repaired(town, owner, wang)
    await booked_by(neighbour, "今天下午5点")
    await owner.presses_data("rework.start|1")
    await owner.presses("选别的时间")
    await owner.types("明天上午10点")
    await owner.presses("确认返修")
    await urgent(neighbour, "power_outage")
    await cs.presses_data("board.waiting")
    assert cs.buttons()[:3] == ["🚨 YH261124-004", "🔁 YH261124-003", "YH261124-002"]
    for number in (2, 3, 4):
        await cs.presses_data(f"desk.assign_to|{number}|{await person_id(town, 'li')}")
        await li.presses_data(f"order.accept|{number}")
    await li.presses_data("jobs.mine")
    listed = li.newest().buttons
    assert [label.label.partition("　")[0] for label in listed][1] == "返修"
    assert "停电" in listed[0].label
    await cs.presses_data("board.running")
    assert cs.buttons()[1] == "🔁 YH261124-003"


async def booked_by(somebody: Actor, at: str) -> None:
    """Another household's tap."""
    await somebody.presses_data("book.start")
    await somebody.presses("水暖")
    await somebody.presses("换水龙头")
    await somebody.types(at)
    await somebody.presses("确认预约")


async def person_id(town: Town, key: str) -> int:
    known = await town.look(lambda connection: known_as(connection, key))
    assert known is not None
    return known[1].id


# The same fault?


async def test_3_8_it_counts_once_the_technician_finds_the_same_fault(
    town: Town, owner: Actor, wang: Actor, li: Actor, cs: Actor
) -> None:
    await repaired(town, owner, wang)
    await not_mended(owner)
    await back_on_site(town, li)
    assert await how_often(town) == "0%（0/1）"
    await hush(cs)
    await li.presses("同一故障")
    assert "故障：同一故障" in li.newest().text
    assert "同一故障" not in li.buttons()
    [case] = await cases_of(town, 1)
    assert (case.source, case.grade) == ("rework", "general")
    assert await cases_of(town, 2) == []
    heard = await cs.hears()
    assert "返修" in heard
    assert f"返修 {SECOND}，李志强 判断“同一故障”" in heard
    assert await how_often(town) == "100%（1/1）"
    assert f"上次 {FIRST}" in await opens(town.actor("head"), "rework")
    for order_id in (1, 2):
        assert "rework_confirmed" in await town.history(order_id)
    order = await town.order(2)
    assert (order.rework_confirmed, order.rework_at) == (True, town.clock.now())


@on_one_database
async def test_3_8_another_fault_does_not_count_and_customer_service_hear_of_it(
    town: Town, owner: Actor, wang: Actor, li: Actor, cs: Actor
) -> None:
    await repaired(town, owner, wang)
    await not_mended(owner)
    await back_on_site(town, li)
    await hush(cs)
    await li.presses("不是同一故障")
    assert "李志强 说不是同一故障（上次 YH261124-001" in await cs.hears()
    assert await cases_of(town, 1) == []
    assert await how_often(town) == "0%（0/1）"
    await li.presses_data("rework.found|2|yes")
    assert "已登记“不是同一故障”" in await li.hears()
    await cs.presses_data("desk.order|2")
    await cs.presses("同一故障")
    assert await how_often(town) == "100%（1/1）"
    [case] = await cases_of(town, 1)
    assert case.source == "rework"
    assert "故障：同一故障" in li.says()
    await cs.presses_data("desk.order|2")
    await cs.presses("不是同一故障")
    assert await how_often(town) == "0%（0/1）"
    await cs.presses_data(f"case.show|{case.id}")
    assert "判断“不是同一故障”" in cs.says()
    history = await town.history(2)
    assert [step for step in history if step.startswith("rework_")] == [
        "rework_begun",
        "rework_denied",
        "rework_confirmed",
        "rework_denied",
    ]


@on_one_database
@pytest.mark.parametrize(
    ("fault", "confirmed"), [("同一故障", True), ("不是同一故障", False), ("看不出来", None)]
)
async def test_3_8_finishing_asks_for_it_before_the_result(
    town: Town, owner: Actor, wang: Actor, li: Actor, cs: Actor, fault: str, confirmed: bool | None
) -> None:
    await repaired(town, owner, wang)
    await not_mended(owner)
    await back_on_site(town, li)
    await hush(owner, cs)
    await li.presses("完工")
    assert "是上次没修好的同一故障吗" in li.newest().text
    await li.presses(fault, on="是上次没修好的同一故障吗")
    await li.presses("已修好／已做完")
    order = await town.order(2)
    assert (order.state, order.amount_fen) == (OrderState.FINISHED, 0)
    assert order.rework_confirmed is confirmed
    assert "收费 ¥0" in await owner.hears()
    heard = await cs.hears()
    assert ("看不出是不是同一故障" in heard) is (confirmed is None)
    assert ("请核实" in heard) is (confirmed is not True)


@on_one_database
async def test_3_8_what_nobody_could_tell_waits_for_customer_service_on_their_list(
    town: Town, owner: Actor, wang: Actor, li: Actor, cs: Actor, supervisor: Actor
) -> None:
    await repaired(town, owner, wang)
    await not_mended(owner)
    await back_on_site(town, li)
    await cs.presses_data("board.todo")
    assert "返修" not in cs.newest().text  # whoever is on site says it first
    await li.presses("完工")
    await li.presses("看不出来")
    await li.presses("已修好／已做完")
    await supervisor.presses_data("board.todo")
    assert SECOND not in supervisor.newest().text
    await cs.presses_data("board.todo")
    assert f"返修 {SECOND}　换水龙头　是不是同一故障" in cs.newest().text
    await cs.presses(f"🔁 {SECOND}")
    await cs.presses("不是同一故障")
    await cs.presses_data("board.todo")
    assert SECOND not in cs.newest().text


@on_one_database
async def test_who_has_said_it_is_not_asked_again_on_finishing(
    town: Town, owner: Actor, wang: Actor, li: Actor
) -> None:
    await repaired(town, owner, wang)
    await not_mended(owner)
    await back_on_site(town, li)
    await li.presses("同一故障")
    await finishes(li)
    assert (await town.order(2)).state is OrderState.FINISHED


@on_one_database
async def test_only_the_technician_on_site_and_customer_service_say_it(
    town: Town, owner: Actor, wang: Actor, li: Actor, supervisor: Actor, business: Actor
) -> None:
    await repaired(town, owner, wang)
    await not_mended(owner)
    await li.presses("接单")
    await li.presses_data("rework.found|2|yes")
    assert "已接单" in await li.hears()  # nobody has been there
    for other in (wang, owner, supervisor):
        await other.presses_data("rework.found|2|yes")
        assert "不归您办理" in await other.hears()
    for other in (wang, owner, supervisor, business):
        await other.presses_data("desk.rework_found|2|no")
        assert "不归您办理" in await other.hears()
    await li.presses_data("rework.found|2|perhaps")
    assert li.toast == "这个按钮已经失效"
    assert (await town.order(2)).rework_confirmed is None


@on_one_database
async def test_what_repeats_nothing_has_no_fault_to_compare(
    town: Town, owner: Actor, wang: Actor, cs: Actor
) -> None:
    await at_work(town, owner, wang)
    assert not wang.sees("同一故障")
    await wang.presses_data("rework.found|1|yes")
    await cs.presses_data("desk.rework_found|1|yes")
    assert (await town.order(1)).rework_confirmed is None
    assert await cases_of(town, 1) == []


# What it costs


@on_one_database
async def test_5_2_3_materials_are_quoted_with_labour_free(
    town: Town, owner: Actor, wang: Actor, li: Actor
) -> None:
    await repaired(town, owner, wang)
    await not_mended(owner)
    await back_on_site(town, li)
    await li.presses("同一故障")
    await li.presses("已说明内容和价格")
    await li.types("15")
    heard = await owner.hears()
    assert "材料报价：换水龙头　¥15" in heard
    assert FREE in heard
    await owner.presses("同意报价")
    await finishes(li)
    assert (await town.order(2)).amount_fen == 1500


@on_one_database
async def test_5_2_3_another_fault_stays_free_unless_the_owner_agrees_to_a_price(
    town: Town, owner: Actor, wang: Actor, li: Actor
) -> None:
    await repaired(town, owner, wang)
    await not_mended(owner)
    await back_on_site(town, li)
    await li.presses("不是同一故障")
    await hush(owner)
    await li.presses("已说明内容和价格")
    await li.types("60")
    heard = await owner.hears()
    assert "的报价：换水龙头　¥60" in heard
    assert FREE not in heard
    await owner.presses("不同意")
    await finishes(li)
    assert (await town.order(2)).amount_fen == 0


@on_one_database
async def test_a_rework_may_not_last_either(
    town: Town, owner: Actor, wang: Actor, li: Actor
) -> None:
    await repaired(town, owner, wang)
    await not_mended(owner)
    await back_on_site(town, li)
    await li.presses("同一故障")
    await finishes(li)
    await owner.presses_data("rework.start|2")
    await owner.presses("确认返修")
    assert (await town.order(3)).rework_of == 2


# The figure


TAP = Job(reported="2026-11-01 09:00", finished="2026-11-01 10:00", item="PL01")
AGAIN = Job(reported="2026-11-10 09:00", item="PL01", rework_of=1, same_fault=True)


async def test_3_8_linked_reports_count_once_confirmed_in_the_month_of_the_second_report(
    town: Town, cs: Actor
) -> None:
    await entered(
        town,
        TAP,
        AGAIN,
        replace(AGAIN, same_fault=False),
        replace(AGAIN, same_fault=None),
        replace(AGAIN, item="PL04"),
        replace(AGAIN, reported="2026-11-30 23:59:59"),
        replace(AGAIN, reported="2026-12-01 00:00:00"),
        replace(AGAIN, rework_of=None, same_fault=None),
    )
    await looks(cs)
    assert "（4/1）" in await figure(cs, "返修率")  # three confirmed, and one without a link
    await looks(cs, DECEMBER)
    assert "—（1/0）" in await figure(cs, "返修率")
    assert (await opens(cs, "rework")).count("❌") == 4
