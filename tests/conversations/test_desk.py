"""The CS desk: its boards, an order's card, and everybody who may not touch it."""

from __future__ import annotations

from functools import partial

import pytest
from sqlalchemy import Connection, select, update

from bot.wording import Wording
from services.dispatch import DECLINE_REASONS
from services.interventions import CANCEL_REASONS, DOWNGRADE_REASONS
from services.rules.history import Step
from services.rules.response_times import Rule, Verdict
from services.serving import RETURN_REASONS
from storage import cases, people
from storage.records import OrderKind, OrderState, Result, Size
from storage.tables import endpoints, offers, orders
from tests.conversation import Actor, Town

NOT_YOURS = "不归您办理"


async def _books(owner: Actor) -> None:
    """The owner books a tap for tomorrow at nine (a repair; order 1)."""
    await owner.presses_data("book.start")
    for label in ("水暖", "换水龙头", "明天", "确认预约"):
        await owner.presses(label)


async def _reports(owner: Actor) -> None:
    """The owner reports a burst pipe (order 1)."""
    await owner.presses_data("urgent.report|burst_pipe|0")


async def _nobody_takes_it(wang: Actor, li: Actor) -> None:
    """Both plumbers decline, so the desk must place it."""
    for technician in (wang, li):
        await technician.presses("拒单")
        await technician.presses("手头有活")


async def _has_no_chat(town: Town, order_id: int = 1) -> None:
    """The order is a caller's, whom no chat reaches."""
    await town.change(partial(_set, order_id=order_id, person_id=None))


def _set(connection: Connection, *, order_id: int, **changes: object) -> None:
    connection.execute(update(orders).where(orders.c.id == order_id).values(**changes))


def _block(connection: Connection, address: str) -> None:
    """The platform says that this chat takes nothing any more."""
    endpoint = connection.execute(
        select(endpoints.c.id, endpoints.c.last_seen_at).where(endpoints.c.address == address)
    ).one()
    people.unreachable(connection, endpoint.id, endpoint.last_seen_at)


# Boards


@pytest.mark.parametrize(
    ("label", "words"),
    [("待派单", "现在没有待派的单"), ("处理中", "现在没有处理中的单"), ("待办", "待办都办完了")],
)
async def test_an_empty_board_says_so(cs: Actor, label: str, words: str) -> None:
    await cs.commands("start")
    await cs.presses(label)
    assert words in await cs.hears()


async def test_the_waiting_board_puts_emergencies_on_top_with_the_minutes_left(
    town: Town, owner: Actor, neighbour: Actor, cs: Actor, wang: Actor, li: Actor
) -> None:
    await _books(owner)
    await _nobody_takes_it(wang, li)
    await _reports(neighbour)
    await cs.commands("start")
    await cs.presses("待派单")
    board = cs.newest().text
    assert board.index("1. 🚨") < board.index("还剩 10 分钟") < board.index("2. ⚠️")
    assert "请派单" in board
    await town.passes(minutes=12)
    await cs.presses("待派单")
    assert "已超时 2 分钟" in cs.newest().text


async def test_a_button_of_the_board_opens_the_card(owner: Actor, cs: Actor) -> None:
    await _reports(owner)
    await cs.commands("start")
    await cs.presses("待派单")
    await cs.types("1")  # a number picks as well as the button
    assert "水管爆裂" in cs.newest().text
    assert "派单" in cs.buttons()


async def test_a_long_board_goes_over_pages(town: Town, owner: Actor, cs: Actor) -> None:
    await _reports(owner)
    await town.change(_multiply)
    await cs.commands("start")
    await cs.presses("待派单")
    assert "待派单：12 个" in cs.newest().text
    assert len(cs.newest().buttons) == 11
    await cs.presses("下一页（1/2）")
    assert len(cs.newest().buttons) == 3
    await cs.presses("下一页（2/2）")
    assert len(cs.newest().buttons) == 11


def _multiply(connection: Connection) -> None:
    """Eleven more of the order there is."""
    row = dict(connection.execute(select(orders)).one()._mapping)
    del row["id"]
    for copy in range(11):
        connection.execute(orders.insert(), {**row, "number": f"YH261124-{copy + 100}"})


async def test_a_disputed_arrival_is_flagged_on_the_running_board(
    owner: Actor, cs: Actor, wang: Actor
) -> None:
    await _reports(owner)
    await wang.presses("接单")
    await wang.presses("已到达")
    await owner.presses("还没到")
    await cs.commands("start")
    await cs.presses("处理中")
    assert "业主说还没到" in cs.newest().text
    assert "王建国" in cs.newest().text


async def test_everybody_sees_the_boards_of_their_own_centres(
    owner: Actor, far_cs: Actor, business: Actor
) -> None:
    await _reports(owner)
    await far_cs.presses_data("board.waiting")
    assert "现在没有待派的单" in await far_cs.hears()
    await business.presses_data("board.waiting")
    assert "水管爆裂" in await business.hears()


@pytest.mark.parametrize("board", ["board.waiting", "board.running", "board.todo"])
async def test_boards_are_not_for_technicians_and_residents(
    owner: Actor, wang: Actor, board: str
) -> None:
    await _reports(owner)
    for actor in (owner, wang):
        await actor.hears()
        await actor.presses_data(board)
        assert NOT_YOURS in await actor.hears()


# Who may press


DESK_BUTTONS = (
    "desk.order|1",
    "desk.back|1",
    "desk.assign|1",
    "desk.assign_page|1|0",
    "desk.assign_to|1|2",
    "desk.cancel|1",
    "desk.cancel_for|1|owner",
    "desk.cancel_now|1|owner",
    "desk.agree_for|1",
    "desk.agreed|1|4000",
    "desk.disagreed|1|4000",
    "desk.downgrade|1",
    "desk.move|1",
    "desk.history|1",
    "desk.history_page|1|0",
    "desk.note|1",
)


async def test_no_button_of_the_desk_works_for_anybody_else(
    town: Town, owner: Actor, wang: Actor, far_cs: Actor, stranger: Actor
) -> None:
    await _reports(owner)
    await wang.presses("接单")
    before = await town.order()
    for actor in (wang, far_cs, owner, stranger):
        await actor.hears()
        for data in DESK_BUTTONS:
            await actor.presses_data(data)
            assert NOT_YOURS in await actor.hears(), (actor.key, data)
    assert await town.order() == before


async def test_buttons_of_orders_that_do_not_exist_tell_nothing(cs: Actor) -> None:
    for data in DESK_BUTTONS:
        await cs.presses_data(data.replace("|1", "|99", 1))
        assert NOT_YOURS in await cs.hears(), data


# 派单


async def test_the_desk_places_by_hand_what_nobody_took(
    town: Town, owner: Actor, cs: Actor, wang: Actor, li: Actor
) -> None:
    await _books(owner)
    await _nobody_takes_it(wang, li)
    await cs.presses("派单")
    asked = cs.newest().text
    assert "王建国" in asked
    assert "有空" in asked
    assert "赵秀兰" not in asked  # no plumber
    await cs.presses("李志强")
    assert "已派给 李志强" in await cs.hears()
    await li.presses("接单")
    assert (await town.order()).state is OrderState.ACCEPTED
    assert "assigned" in await town.history()
    assert (await town.order()).desk_since is None


async def test_who_is_on_a_job_is_said_with_the_job(
    town: Town, owner: Actor, neighbour: Actor, cs: Actor, wang: Actor
) -> None:
    await _reports(owner)
    await wang.presses("接单")
    await wang.presses("已到达")
    await _books(neighbour)
    await cs.presses_data("desk.assign|2")
    assert "王建国（电工、开锁、水暖）：正在做 水管爆裂（3-1201）" in cs.newest().text


async def test_pressing_a_name_twice_asks_once(
    town: Town, owner: Actor, cs: Actor, li: Actor
) -> None:
    await _books(owner)
    await cs.presses_data("desk.assign|1")
    _, button = cs.button("李志强") or (None, None)
    assert button is not None
    await cs.presses_data(button.data)
    await li.hears()
    await cs.presses_data(button.data)
    assert "已经派给 李志强 了" in await cs.hears()
    assert not await li.hears()
    asked = await town.look(lambda one: one.execute(select(offers.c.id)).all())
    assert len(asked) == 2  # the first by the rules, the second by hand


async def test_whoever_has_the_order_is_told_that_a_colleague_goes(
    owner: Actor, cs: Actor, wang: Actor, li: Actor
) -> None:
    await _books(owner)
    await wang.presses("接单")
    await wang.hears()
    await cs.presses_data("desk.assign|1")
    await cs.presses("李志强")
    assert "您不用去了" in await wang.hears()
    assert li.sees("接单")


async def test_once_work_has_begun_nobody_else_is_sent(
    owner: Actor, cs: Actor, wang: Actor
) -> None:
    await _reports(owner)
    await cs.presses_data("desk.assign|1")
    _, somebody_else = cs.button("李志强") or (None, None)
    assert somebody_else is not None
    await wang.presses("接单")
    await wang.presses("已到达")
    await cs.presses_data(somebody_else.data)
    assert "现在是“已到达”（王建国" in await cs.hears()


# 取消订单


async def test_cancelling_takes_a_reason_and_a_confirmation(
    town: Town, owner: Actor, cs: Actor, wang: Actor
) -> None:
    await _books(owner)
    await wang.presses("接单")
    await cs.presses_data("desk.order|1")
    await cs.presses("取消订单")
    await cs.presses("重复登记")
    assert (await town.order()).state is OrderState.ACCEPTED
    await cs.presses("确认取消")
    assert (await town.order()).state is OrderState.CANCELLED
    assert "客服已取消订单" in await owner.hears()
    assert "您不用去了" in await wang.hears()
    await cs.presses("全部记录")
    assert "原因：重复登记" in cs.newest().text


async def test_an_old_cancel_button_gets_the_truth(town: Town, owner: Actor, cs: Actor) -> None:
    await _books(owner)
    await cs.presses_data("desk.cancel_now|1|owner")
    await owner.hears()
    await cs.presses_data("desk.cancel_now|1|owner")
    assert "现在是“已取消”" in await cs.hears()
    assert not await owner.hears()
    assert (await town.history()).count("cancelled") == 1


async def test_an_invented_reason_cancels_nothing(town: Town, owner: Actor, cs: Actor) -> None:
    await _books(owner)
    for data in ("desk.cancel_for|1|whim", "desk.cancel_now|1|whim"):
        await cs.presses_data(data)
    assert (await town.order()).state is OrderState.WAITING


# No emergency after all


async def test_reading_11_a_downgrade_needs_a_reason_and_waives_the_clock(
    town: Town, owner: Actor, cs: Actor, wang: Actor
) -> None:
    await _reports(owner)
    await wang.presses("接单")
    await town.passes(minutes=4)
    await cs.presses_data("desk.downgrade|1")
    assert "拿不准就按紧急处理" in await cs.hears()
    assert (await town.order()).kind is OrderKind.EMERGENCY
    await cs.types("只是水龙头滴水")
    order = await town.order()
    assert (order.kind, order.size, order.appointed_at) == (
        OrderKind.APPOINTMENT,
        Size.MINOR,
        None,
    )
    assert order.state is OrderState.ACCEPTED
    assert "已转为普通维修，24 小时内修好" in await owner.hears()
    assert "不是紧急情况了" in await wang.hears()
    await town.passes(minutes=30)
    assert (await town.verdicts())["emergency_arrival"] == "waived"
    assert await _cases(town) == []
    await cs.presses_data("desk.history|1")
    assert "原因：只是水龙头滴水" in cs.newest().text


async def test_reading_11_only_customer_service_may_downgrade(
    town: Town,
    owner: Actor,
    cs: Actor,
    control: Actor,
    supervisor: Actor,
    head: Actor,
    business: Actor,
) -> None:
    await _reports(owner)
    for actor in (control, supervisor, head, business):
        await actor.presses_data("desk.order|1")
        assert "转为普通维修" not in actor.buttons()
        await actor.presses_data("desk.downgrade|1")
        assert "只能由客服核实后决定" in await actor.hears(), actor.key
        await actor.presses_data("desk.move|1")
        assert "不能改约" in await actor.hears()
        assert "转为普通维修" not in actor.buttons()
    assert (await town.order()).kind is OrderKind.EMERGENCY
    assert cs.sees("转为普通维修")  # on the alert itself
    await town.passes(minutes=10, seconds=1)
    assert (await town.verdicts())["emergency_arrival"] == "missed"


async def test_5_2_2_a_downgraded_repair_has_24_hours_from_its_report(
    town: Town, owner: Actor, cs: Actor, wang: Actor
) -> None:
    await _reports(owner)
    await wang.presses("接单")
    await town.passes(minutes=5)
    await cs.presses_data("desk.downgrade|1")
    await cs.presses("业主说不急")
    await town.passes(hours=23, minutes=54)
    assert "minor_completion" not in await town.verdicts()
    await town.passes(minutes=2)
    assert (await town.verdicts())["minor_completion"] == "missed"
    assert len(await _cases(town)) == 1


async def test_a_limit_already_missed_stays_missed(
    town: Town, owner: Actor, cs: Actor, wang: Actor
) -> None:
    await _reports(owner)
    await wang.presses("接单")
    await town.passes(minutes=11)
    await cs.presses_data("desk.downgrade|1")
    await cs.presses("电话核实不紧急")
    assert (await town.verdicts())["emergency_arrival"] == "missed"


async def test_a_downgrade_before_anybody_accepted_goes_to_the_desk(
    town: Town, owner: Actor, cs: Actor, wang: Actor, li: Actor
) -> None:
    await _reports(owner)
    await cs.presses_data("desk.downgrade|1")
    await cs.presses("没有扩大的危险")
    order = await town.order()
    assert order.desk_since is not None
    assert "您不用去了" in await wang.hears()
    await cs.presses("派单")
    await cs.presses("李志强")
    await li.presses("接单")
    assert (await town.order()).technician_id is not None


async def test_an_attended_emergency_is_not_downgraded(
    town: Town, owner: Actor, cs: Actor, wang: Actor
) -> None:
    await _reports(owner)
    await wang.presses("接单")
    await wang.presses("已到达")
    await cs.presses_data("desk.downgrade|1")
    assert "现在是“已到达”" in await cs.hears()
    assert (await town.order()).kind is OrderKind.EMERGENCY


async def test_a_second_downgrade_has_no_effect(town: Town, owner: Actor, cs: Actor) -> None:
    await _reports(owner)
    await cs.presses_data("desk.downgrade|1")
    await cs.presses("业主说不急")
    await owner.hears()
    await cs.presses_data("desk.downgrade|1")
    assert not await owner.hears()
    assert (await town.history()).count("downgraded") == 1


async def _cases(town: Town) -> list[str]:
    found = await town.look(partial(cases.of_order, order_id=1))
    return [case.source for case in found]


# 改约


async def test_reading_13_the_owner_must_agree_to_the_desks_new_time(
    town: Town, owner: Actor, cs: Actor, wang: Actor
) -> None:
    await _books(owner)
    await wang.presses("接单")
    old = (await town.order()).appointed_at
    await cs.presses_data("desk.move|1")
    await cs.types("后天上午10点")
    await cs.presses("确认")
    assert (await town.order()).appointed_at == old
    assert "您同意才会改" in await owner.hears()
    await owner.presses("同意改约")
    assert (await town.order()).appointed_at != old
    assert "业主同意改约" in await cs.hears()


async def test_a_caller_without_a_chat_has_agreed_on_the_telephone(
    town: Town, owner: Actor, cs: Actor
) -> None:
    await _books(owner)
    await _has_no_chat(town)
    old = (await town.order()).appointed_at
    await cs.presses_data("desk.move|1")
    await cs.types("后天上午10点")
    assert "先在电话里得到同意" in cs.newest().text
    await cs.presses("确认")
    assert (await town.order()).appointed_at != old
    await cs.presses_data("desk.history|1")
    assert "（陈静）" in cs.newest().text


async def test_an_emergency_has_no_other_time(owner: Actor, cs: Actor) -> None:
    await _reports(owner)
    await cs.presses_data("desk.move|1")
    assert "不能改约" in await cs.hears()
    assert "转为普通维修" in cs.buttons()


# Speaking for a caller


async def _explains(wang: Actor, price: str = "120") -> None:
    await wang.presses("已到达")
    await wang.presses("已说明内容和价格")
    await wang.types(price)


async def test_5_2_3_the_desk_records_a_callers_consent_to_exactly_that_price(
    town: Town, owner: Actor, cs: Actor, wang: Actor
) -> None:
    await _reports(owner)
    await _has_no_chat(town)
    await wang.presses("接单")
    await _explains(wang)
    assert "请电话征得同意" in await cs.hears()
    await cs.presses("代为确认报价")
    assert "¥120" in cs.newest().text
    _, old = cs.button("业主同意") or (None, None)
    assert old is not None
    await wang.presses_data("order.explain|1")
    await wang.types("150")
    await cs.presses_data(old.data)
    assert (await town.order()).state is OrderState.EXPLAINED  # the price has changed meanwhile
    await cs.presses_data("desk.agree_for|1")
    await cs.presses("业主同意")
    order = await town.order()
    assert (order.state, order.quote_fen) == (OrderState.AGREED, 15000)
    assert "已同意报价 ¥150" in await wang.hears()
    await cs.presses_data("desk.agreed|1|15000")
    assert (await town.history()).count("agreed") == 1


async def test_5_2_3_a_caller_may_refuse_the_price(
    town: Town, owner: Actor, cs: Actor, wang: Actor
) -> None:
    await _reports(owner)
    await _has_no_chat(town)
    await wang.presses("接单")
    await _explains(wang)
    await cs.presses("代为确认报价")
    await cs.presses("业主不同意")
    assert (await town.order()).state is OrderState.ARRIVED
    assert "不同意报价" in await wang.hears()


async def test_5_2_3_nobody_agrees_for_an_owner_who_has_a_chat(
    town: Town, owner: Actor, cs: Actor, wang: Actor
) -> None:
    await _reports(owner)
    await wang.presses("接单")
    await _explains(wang)
    for data in ("desk.agree_for|1", "desk.agreed|1|12000"):
        await cs.presses_data(data)
        assert "请由业主自己点" in await cs.hears()
    assert (await town.order()).state is OrderState.EXPLAINED


# History and notes


async def test_the_history_tells_every_step_with_reasons_and_verdicts(
    town: Town, owner: Actor, cs: Actor, wang: Actor, li: Actor
) -> None:
    await _reports(owner)
    await wang.presses("接单")
    await wang.presses("转单")
    await wang.presses("不会做这项")
    await li.presses("接单")
    await town.passes(minutes=13)
    await li.presses("已到达")
    await cs.presses_data("desk.note|1")
    await cs.types("老人在家，请轻敲门")
    await cs.presses_data("desk.history|1")
    told = cs.newest().text
    for words in ("登记（张伟）", "转单（王建国）", "原因：不会做这项", "李志强 到达"):
        assert words in told
    assert "“老人在家，请轻敲门”" in told
    assert "超时 3 分钟：紧急到场" in told
    await cs.presses("返回")
    assert "状态：已到达（李志强）" in cs.newest().text


async def test_a_long_history_goes_over_pages(town: Town, owner: Actor, cs: Actor) -> None:
    await _books(owner)
    for number in range(16):
        await cs.presses_data("desk.note|1")
        await cs.types(f"备注{number}")
    await cs.presses_data("desk.history|1")
    assert "备注15" not in cs.newest().text
    await cs.presses("下一页（1/2）")
    assert "备注15" in cs.newest().text
    assert "按时：及时通知服务人员" in cs.newest().text


def test_every_step_and_every_reason_of_ours_has_words() -> None:
    wording = Wording()
    keys = {f"history-{step}" for step in Step}
    keys |= {f"reason-{one}" for one in (*DECLINE_REASONS, *RETURN_REASONS, "desk", "rescheduled")}
    keys |= {f"cancel-reason-{one}" for one in (*CANCEL_REASONS, "late")}
    keys |= {f"downgrade-reason-{one}" for one in DOWNGRADE_REASONS}
    keys |= {f"result-{one}" for one in Result}
    keys |= {f"rule-{one}" for one in Rule}
    keys |= {f"verdict-{one}" for one in Verdict if one is not Verdict.PENDING}
    missing = {
        key
        for key in keys
        for locale in wording.locales
        if not wording.has(key.replace("_", "-"), locale)
    }
    assert not missing


# 待办


async def test_the_todo_board_lists_everything_that_waits(
    town: Town, owner: Actor, neighbour: Actor, stranger: Actor, cs: Actor, wang: Actor
) -> None:
    await _reports(owner)
    await wang.presses("接单")
    await town.passes(minutes=12)  # the limit is missed: a case
    await neighbour.presses_data("talk.start")
    await stranger.shares_contact("13800999999")
    await stranger.presses("云湖")
    await stranger.presses("业主")
    await stranger.types("6-601")
    await stranger.types("罗平")
    await stranger.presses("提交核对")
    await cs.commands("start")
    await cs.presses("待办")
    board = cs.newest().text
    assert "待办：3 件" in board
    assert "找客服" in board
    assert "绑定核对 6-601" in board
    assert "不合格" in board
    await cs.presses("核对 6-601")
    assert "同意" in cs.buttons()


async def test_what_no_chat_could_carry_is_read_out_on_the_telephone(
    town: Town, owner: Actor, cs: Actor, cs2: Actor, far_cs: Actor, wang: Actor
) -> None:
    await _books(owner)
    await town.change(partial(_block, address="owner"))
    await wang.presses("接单")
    await cs.commands("start")
    await cs.presses("待办")
    await cs.presses("电话 张伟")
    card = cs.newest().text
    assert "王建国 已接单：换水龙头" in card  # the very words
    assert "138****0001" in card
    assert "13800100001" not in card
    await far_cs.presses_data("phone.done|1")
    assert NOT_YOURS in await far_cs.hears()
    await cs.presses("已拨打")
    await cs2.presses_data("phone.done|1")
    assert "陈静 已在" in await cs2.hears()
    await cs.presses("待办")
    assert "待办都办完了" in cs.newest().text
    await cs.presses_data("desk.history|1")
    assert "陈静 已电话通知业主" in cs.newest().text


async def test_the_desk_speaks_english_too(town: Town, owner: Actor, cs: Actor) -> None:
    await _reports(owner)
    await cs.presses_data("language.set|en")
    await cs.presses_data("board.waiting")
    assert "To dispatch: 1" in cs.newest().text
    await cs.presses_data("desk.order|1")
    assert "Dispatch" in cs.buttons()
    await cs.presses_data("desk.history|1")
    assert "registered" in cs.newest().text
