"""One incident that several have reported: merged into the earliest, and all hear the same."""

from __future__ import annotations

from functools import partial

import pytest
from sqlalchemy import Connection, func, select, update

from bot.wording import Wording
from services.cards import JOINED_HEAR
from storage.records import DeadlineState, OrderState
from storage.tables import deadlines as deadline_rows
from storage.tables import orders, rooms
from tests.conversation import Actor, Town
from tests.conversations.jobs import cases_of, finishes, hush, urgent

NOT_YOURS = "不归您办理"
FIRST, SECOND = "YH261124-001", "YH261124-002"


def _move_in(connection: Connection, *, room_no: str, to: str) -> None:
    connection.execute(update(rooms).where(rooms.c.room_no == room_no).values(room_no=to))


async def neighbours(town: Town) -> None:
    """The neighbour lives below the owner, in the same building."""
    await town.change(partial(_move_in, room_no="5-802", to="3-1101"))


async def both_report(town: Town, owner: Actor, neighbour: Actor) -> None:
    """Orders 1 and 2, two minutes apart."""
    await neighbours(town)
    await urgent(owner)
    await town.passes(minutes=2)
    await urgent(neighbour)


async def merges(cs: Actor, order_id: int = 2, into: str = FIRST) -> None:
    """合并 from an order's card."""
    await cs.presses_data(f"desk.order|{order_id}")
    await cs.presses("合并", on=f"00{order_id}")
    await cs.presses(into)
    await cs.presses("确认合并")


def _pending(connection: Connection, *, order_id: int) -> list[str]:
    rows = select(deadline_rows.c.kind).where(
        deadline_rows.c.subject_id == order_id,
        deadline_rows.c.state == DeadlineState.PENDING,
        deadline_rows.c.kind.like("emergency%"),
    )
    return list(connection.execute(rows).scalars())


async def test_reading_9_a_later_report_joins_the_earlier_one(
    town: Town, owner: Actor, neighbour: Actor, cs: Actor, wang: Actor, li: Actor
) -> None:
    await both_report(town, owner, neighbour)
    await li.presses("接单", on=FIRST)
    await hush(owner, neighbour, wang, li)
    await merges(cs)
    first, second = await town.order(1), await town.order(2)
    assert (second.state, second.merged_into) == (OrderState.CANCELLED, first.id)
    assert first.state is OrderState.ACCEPTED
    assert (await town.history(2))[-1] == "merged"
    assert await town.look(partial(_pending, order_id=2)) == []
    assert (await town.verdicts(2))["emergency_arrival"] == "not_applicable"
    told = await neighbour.hears()
    assert f"{SECOND} 与更早的报修 {FIRST} 是同一件事，一起处理" in told
    assert "李志强 来处理" in told
    assert "最迟 10:10 到场" in told
    assert "3-1201" not in told  # nothing of the other household
    assert await owner.hears() == ""
    assert "您不用去" in await wang.hears()
    assert "又有一处报修：3-1101" in await li.hears()
    assert "同时处理：3-1101" in li.says()


async def test_reading_9_whoever_joined_hears_the_same_progress_to_the_end(
    town: Town, owner: Actor, neighbour: Actor, cs: Actor, wang: Actor
) -> None:
    await both_report(town, owner, neighbour)
    await merges(cs)
    await hush(owner, neighbour)
    await wang.presses("接单", on=FIRST)
    steps = (
        (None, "王建国 已接单", "王建国 已接单"),
        ("10分钟后到", "王建国 约 10:12 到", "王建国 约 10:12 到"),
        ("出发", "王建国 已出发", "王建国 已出发"),
        ("已到达", "王建国 已到达", "王建国 已到达"),
    )
    for label, own, theirs in steps:
        if label:
            await wang.presses(label)
        assert own in await owner.hears()
        assert theirs in await neighbour.hears()
        assert not neighbour.sees("还没到")  # whose buttons would be refused
    await wang.presses("已说明内容和价格")
    await wang.types("120")
    assert await neighbour.hears() == ""  # the price is between us and the first household
    await owner.presses("同意报价")
    await finishes(wang)
    assert "收费 ¥120" in await owner.hears()
    heard = await neighbour.hears()
    assert "已处理完" in heard
    assert "120" not in heard
    assert "满意吗" not in heard


async def test_reading_9_a_technician_of_the_later_one_takes_the_earlier_one_over(
    town: Town, owner: Actor, neighbour: Actor, cs: Actor, wang: Actor, li: Actor
) -> None:
    await both_report(town, owner, neighbour)
    await wang.presses("接单", on=SECOND)
    await wang.presses("出发")
    await town.passes(minutes=1)
    await hush(owner, neighbour, wang, li)
    await merges(cs)
    first, second = await town.order(1), await town.order(2)
    assert (first.technician_id, first.accepted_at) == (second.technician_id, town.clock.now())
    assert first.state is OrderState.SET_OUT
    assert "王建国 已接单，正在赶来" in await owner.hears()
    told = await neighbour.hears()
    assert "王建国 来处理（已出发）" in told
    assert "王建国 已接单" not in told  # one message says it all
    assert f"请按 {FIRST} 继续" in await wang.hears()
    assert "您不用去" in await li.hears()
    await town.passes(minutes=3)
    await wang.presses("已到达", on=FIRST)
    assert (await town.verdicts(1))["emergency_arrival"] == "met"
    assert "王建国 已到达" in await neighbour.hears()


async def test_reading_9_the_earlier_one_stays_whichever_card_was_pressed(
    town: Town, owner: Actor, neighbour: Actor, control: Actor, wang: Actor, li: Actor
) -> None:
    await both_report(town, owner, neighbour)
    await wang.presses("接单", on=FIRST)
    await li.presses("接单", on=SECOND)
    await li.hears()
    await merges(control, order_id=1, into=SECOND)
    assert f"{SECOND} 将并入较早的 {FIRST}" not in control.newest().text
    assert (await town.order(2)).merged_into == 1
    assert "（王建国）。您不用去" in await li.hears()
    await li.presses_data("order.arrive|2")
    assert "现在是“已合并处理”" in await li.hears()


async def test_reading_9_a_missed_limit_is_a_case_of_the_earlier_order_alone(
    town: Town, owner: Actor, neighbour: Actor, cs: Actor
) -> None:
    await both_report(town, owner, neighbour)
    await merges(cs)
    await town.passes(minutes=30)
    assert len(await cases_of(town, 1)) == 1
    assert await cases_of(town, 2) == []
    assert (await town.verdicts(1))["emergency_arrival"] == "missed"
    assert (await town.verdicts(2))["emergency_arrival"] == "not_applicable"


async def test_reading_9_words_and_pictures_of_who_joined_go_to_the_running_order(
    town: Town, owner: Actor, neighbour: Actor, cs: Actor, wang: Actor
) -> None:
    await both_report(town, owner, neighbour)
    await neighbour.types("卫生间天花板在滴水")
    before = await neighbour.sends_photo("blue")
    await wang.presses("接单", on=FIRST)
    await merges(cs)
    heard = await wang.hears()
    assert "卫生间天花板在滴水" in heard
    assert (await town.order(1)).photos == (before,)
    await neighbour.hears()
    await neighbour.types("现在走廊也有水了")
    assert f"已记在 {FIRST}" in await neighbour.hears()
    after = await neighbour.sends_photo("green")
    assert (await town.order(1)).photos == (before, after)
    assert "现在走廊也有水了" in await wang.hears()
    await neighbour.presses_data("urgent.report|burst_pipe|0")
    heard = await neighbour.hears()
    assert f"与更早的报修 {FIRST} 一起处理" in heard
    assert "3-1201" not in heard
    counted = await town.look(lambda one: one.execute(select(func.count(orders.c.id))).scalar_one())
    assert counted == 2


async def test_reading_9_a_merged_report_is_neither_cancelled_nor_rated_nor_reopened(
    town: Town, owner: Actor, neighbour: Actor, cs: Actor, wang: Actor
) -> None:
    await both_report(town, owner, neighbour)
    await wang.presses("接单", on=FIRST)
    await merges(cs)
    for data in ("order.cancel|2", "order.cancel_yes|2", "rate.yes|2", "order.move|2"):
        await neighbour.hears()
        await neighbour.presses_data(data)
        assert "已合并处理" in await neighbour.hears(), data
    await neighbour.presses_data("orders.show|2")
    shown = neighbour.newest()
    assert "状态：已合并处理" in shown.text
    assert "王建国 来处理（已接单）" in shown.text
    assert [button.label for button in shown.buttons] == ["联系客服", "我的订单"]
    await wang.presses("已到达", on=FIRST)
    await neighbour.presses_data("orders.show|2")
    assert "王建国 已在现场" in neighbour.newest().text
    assert (await town.order(2)).state is OrderState.CANCELLED


async def test_reading_9_who_reported_first_cannot_call_it_off_for_the_others(
    town: Town, owner: Actor, neighbour: Actor, cs: Actor
) -> None:
    await both_report(town, owner, neighbour)
    await merges(cs)
    await owner.hears()
    await owner.presses_data("order.cancel_yes|1")
    assert "还有别的住户报了同一件事" in await owner.hears()
    assert (await town.order(1)).state is OrderState.WAITING
    await neighbour.hears()
    await cs.presses_data("desk.cancel_now|1|mistake")
    assert f"客服已取消 {FIRST}" in await neighbour.hears()


async def test_reading_9_what_cannot_be_merged_is_refused_politely(
    town: Town,
    owner: Actor,
    neighbour: Actor,
    tenant: Actor,
    far_owner: Actor,
    cs: Actor,
    wang: Actor,
) -> None:
    await both_report(town, owner, neighbour)
    await urgent(tenant)
    await urgent(far_owner)
    await merges(cs)
    refusals = {
        "desk.merge_now|2|1": f"{SECOND} 已经并入 {FIRST}",
        "desk.merge_now|3|2": f"{SECOND} 已经并入 {FIRST}",
        "desk.merge|2": f"{SECOND} 已经并入 {FIRST}",
        "desk.merge_now|1|1": "要两个不同的报修",
        "desk.merge_now|4|1": NOT_YOURS,
        "desk.merge_now|1|4": NOT_YOURS,
        "desk.merge_now|1|99": NOT_YOURS,
    }
    for data, words in refusals.items():
        await cs.hears()
        await cs.presses_data(data)
        assert words in await cs.hears(), data
    await wang.presses("接单", on="003")
    await wang.presses("已到达")
    await cs.hears()
    await cs.presses_data("desk.merge_now|1|3")  # somebody is at the door
    assert "现在是“已到达”" in await cs.hears()
    await wang.presses("开始处理")
    await finishes(wang)
    await cs.presses_data("desk.merge_now|3|1")
    assert "现在是“已完工”" in await cs.hears()
    assert [(await town.order(one)).merged_into for one in (1, 2, 3, 4)] == [None, 1, None, None]


async def test_reading_9_only_customer_service_and_control_centre_merge(
    town: Town, owner: Actor, neighbour: Actor, supervisor: Actor, head: Actor, business: Actor
) -> None:
    await both_report(town, owner, neighbour)
    for actor in (supervisor, head, business, owner):
        await actor.presses_data("desk.order|2")
        assert "合并" not in " ".join(actor.buttons())
        await actor.hears()
        for data in ("desk.merge|2", "desk.merge_with|2|1", "desk.merge_now|2|1"):
            await actor.presses_data(data)
            assert NOT_YOURS in await actor.hears(), (actor.key, data)
    assert (await town.order(2)).merged_into is None


async def test_reading_9_merged_into_one_that_is_merged_itself_all_follow_the_earliest(
    town: Town, owner: Actor, neighbour: Actor, tenant: Actor, cs: Actor, wang: Actor
) -> None:
    await both_report(town, owner, neighbour)
    await town.passes(minutes=1)
    await urgent(tenant)
    await merges(cs, order_id=3, into=SECOND)
    await hush(tenant, neighbour)
    await merges(cs, order_id=2, into=FIRST)
    assert [(await town.order(one)).merged_into for one in (1, 2, 3)] == [None, 1, 1]
    for actor in (tenant, neighbour):
        assert f"与更早的报修 {FIRST} 是同一件事" in await actor.hears()
    await cs.presses_data("desk.order|1")
    assert "另有 2 个报修" in cs.newest().text
    await wang.presses("接单", on=FIRST)
    for actor in (tenant, neighbour):
        assert "王建国 已接单" in await actor.hears()
    await cs.presses_data("board.running")
    assert "另有 2 个报修并入" in cs.newest().text
    await cs.hears()
    await cs.presses_data("desk.history|1")
    assert f"{SECOND} 并入（陈静）" in await cs.hears()
    await cs.presses_data("desk.history|3")
    assert f"并入 {SECOND}（陈静）" in await cs.hears()


async def test_reading_9_a_stranger_and_a_caller_join_an_owner(
    town: Town, owner: Actor, stranger: Actor, cs: Actor, wang: Actor
) -> None:
    await urgent(owner)
    await stranger.presses_data("urgent.report|critical_leak|0")
    await stranger.presses("云湖花园服务中心")
    await stranger.types("3栋一楼大堂")
    await cs.presses_data("intake.start")
    answers = ("不在名册上的地方", "3栋门厅", "保安小刘", "13900003333", "水管爆裂", "确认登记")
    for answer in answers:
        await (cs.presses(answer) if cs.button(answer) else cs.types(answer))
    for order_id in (2, 3):
        await merges(cs, order_id)
    assert [(await town.order(one)).merged_into for one in (2, 3)] == [1, 1]
    assert "一起处理" in await stranger.hears()
    await wang.presses("接单", on=FIRST)
    assert "王建国 已接单" in await stranger.hears()
    assert "同时处理：3栋门厅" in wang.says()


async def test_reading_9_a_likely_duplicate_is_said_with_one_tap_to_merge(
    town: Town, owner: Actor, neighbour: Actor, tenant: Actor, cs: Actor
) -> None:
    await both_report(town, owner, neighbour)
    alert = cs.newest()
    assert f"可能是同一件事：{FIRST}（3-1201，10:00 报修）" in alert.text
    await cs.presses(f"合并到 {FIRST}")
    assert "是同一件事吗？" in cs.newest().text + cs.says()
    assert (await town.order(2)).merged_into is None
    await cs.presses("确认合并")
    assert (await town.order(2)).merged_into == 1
    await urgent(tenant)  # another building
    assert "可能是同一件事" not in cs.newest().text


@pytest.mark.parametrize(
    ("kind", "after", "likely"),
    [("burst_pipe", 30, True), ("burst_pipe", 31, False), ("power_outage", 2, False)],
)
@pytest.mark.parametrize("town_url", ["sqlite"], indirect=True)
async def test_reading_9_likely_is_the_same_kind_and_building_within_half_an_hour(
    town: Town, owner: Actor, neighbour: Actor, cs: Actor, kind: str, after: int, likely: bool
) -> None:
    await neighbours(town)
    await urgent(owner)
    await town.passes(minutes=after)
    await urgent(neighbour, kind)
    await cs.presses_data("desk.order|2")
    assert ("可能是同一件事" in cs.newest().text) is likely


async def test_the_choice_lists_the_same_kind_first_and_nothing_of_yesterday(
    town: Town, owner: Actor, neighbour: Actor, tenant: Actor, cs: Actor
) -> None:
    await urgent(tenant, "no_water")
    await cs.presses_data("desk.merge|1")
    assert "没有可合并的" in cs.newest().text
    await town.passes(hours=7)
    await urgent(owner, "power_outage")
    await town.passes(minutes=1)
    await urgent(owner)
    await urgent(neighbour)
    await cs.presses_data("desk.merge|4")
    nearest, other = (await town.order(3)).number, (await town.order(2)).number
    assert cs.buttons() == [nearest, other, "返回"]
    assert f"{nearest}　水管爆裂　3-1201\n17:01 报修　待派单" in cs.newest().text


def test_every_word_for_those_who_joined_is_there() -> None:
    wording = Wording()
    missing = [
        key
        for pair in JOINED_HEAR.items()
        for key in pair
        for locale in wording.locales
        if not wording.has(key, locale)
    ]
    assert missing == []


@pytest.mark.parametrize("town_url", ["sqlite"], indirect=True)
async def test_merging_speaks_english_too(
    town: Town, owner: Actor, neighbour: Actor, cs: Actor, wang: Actor
) -> None:
    for actor in (neighbour, cs, wang):
        await actor.presses_data("language.set|en")
    await both_report(town, owner, neighbour)
    await wang.presses_data("order.accept|1")
    await cs.presses_data("desk.merge|2")
    await cs.presses(FIRST)
    await cs.presses("Yes, merge")
    heard = await neighbour.hears()
    assert f"is the same incident as the earlier report {FIRST}" in heard
    assert "On site by 10:10." in heard
    await wang.presses("In 5 min")
    assert "about 10:07" in await neighbour.hears()
