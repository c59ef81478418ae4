"""代客登记: a caller's request becomes an order like any other, every column filled (§5.1.2)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from storage.records import OrderKind, OrderState, Source
from storage.tables import orders
from tests.conversation import Actor, Town

NOT_YOURS = "不归您办理"


async def _begins(cs: Actor, room: str = "3栋1201室", caller: str | None = "张*") -> None:
    """代客登记 up to who is calling."""
    await cs.commands("start")
    await cs.presses("代客登记")
    await cs.types(room)
    if caller:
        await cs.presses(caller)


async def _wants_a_tap(cs: Actor) -> None:
    for label in ("预约服务", "水暖", "换水龙头", "明天"):
        # The menu of an owner has the same label: the form's button is meant.
        await cs.presses(label, on=cs.newest().text)


async def _orders(town: Town) -> int:
    counted = await town.look(lambda one: one.execute(select(func.count(orders.c.id))).scalar_one())
    return int(counted)


async def test_5_1_2_every_column_of_the_intake_record_is_filled(
    town: Town, owner: Actor, cs: Actor, wang: Actor
) -> None:
    await _begins(cs)
    await _wants_a_tap(cs)
    await cs.types("厨房的龙头，要不锈钢的")
    await cs.presses("确认登记")
    order = await town.order()
    assert order.place == "3-1201"
    assert order.room_id is not None
    assert (order.contact_name, order.contact_phone) == ("张伟", "13800100001")
    assert order.appointed_at is not None
    assert (order.title_zh, order.note) == ("换水龙头", "厨房的龙头，要不锈钢的")
    assert order.price_fen == 4000
    assert (order.source, order.channel) == (Source.PHONE, "phone")
    assert order.registered_by is not None
    assert order.kind is OrderKind.APPOINTMENT
    assert order.staff_told_at == order.reported_at == town.clock.now()
    assert wang.sees("接单")
    assert "来源：电话（代客登记）" in cs.newest().text


async def test_a_bound_caller_hears_of_it_in_chat_as_well(
    town: Town, owner: Actor, cs: Actor, wang: Actor
) -> None:
    await _begins(cs)
    await _wants_a_tap(cs)
    assert "会同时收到消息" in cs.newest().text
    await cs.presses("确认登记")
    assert "客服已按您的电话登记：换水龙头" in await owner.hears()
    await wang.presses("接单")
    assert "王建国 已接单" in await owner.hears()


async def test_a_caller_without_a_chat_is_called_back(town: Town, cs: Actor) -> None:
    await _begins(cs, room="6-601", caller="罗*")
    await _wants_a_tap(cs)
    assert "没有聊天账号" in cs.newest().text
    await cs.presses("确认登记")
    order = await town.order()
    assert order.person_id is None
    assert order.contact_phone == "13800100006"


async def test_names_and_numbers_of_the_roll_are_masked(cs: Actor) -> None:
    await _begins(cs, caller=None)
    shown = " ".join(cs.buttons())
    assert "138****0001" in shown
    assert "张伟" not in shown
    await cs.presses("张*")
    await _wants_a_tap(cs)
    assert "13800100001" not in cs.newest().text


async def test_somebody_else_gives_name_and_number(town: Town, owner: Actor, cs: Actor) -> None:
    await _begins(cs, caller="其他人")
    await cs.types("张伟的保姆 王姨")
    await cs.types("call me")  # no number
    await cs.types("139 0000 1111")
    await _wants_a_tap(cs)
    await cs.presses("确认登记")
    order = await town.order()
    assert (order.contact_name, order.contact_phone) == ("张伟的保姆 王姨", "13900001111")
    assert (order.room_id is not None, order.person_id) == (True, None)
    assert not await owner.hears()


async def test_another_number_may_be_given_to_call_back(town: Town, cs: Actor) -> None:
    await _begins(cs)
    await _wants_a_tap(cs)
    await cs.presses("换回电号码")
    await cs.types("13900002222")
    await cs.presses("确认登记")
    assert (await town.order()).contact_phone == "13900002222"


async def test_who_has_moved_out_is_not_offered(cs: Actor) -> None:
    await _begins(cs, room="2-302", caller=None)
    assert not any("许*" in label for label in cs.buttons())
    assert "其他人" in cs.buttons()


@pytest.mark.parametrize("typed", ["3-1201", "3栋1201", "３－１２０１", "3#1201室"])
async def test_a_room_is_found_however_it_is_typed(cs: Actor, typed: str) -> None:
    await _begins(cs, room=typed, caller=None)
    assert "3-1201：来电的是谁" in cs.newest().text


async def test_an_unknown_room_is_asked_again(cs: Actor) -> None:
    await _begins(cs, room="99-9999", caller=None)
    assert "没有“99-9999”这个房号" in await cs.hears()
    await cs.types("3-1201")
    assert "来电的是谁" in cs.newest().text


async def test_rooms_of_another_centre_are_unknown(cs: Actor) -> None:
    await _begins(cs, room="1-101", caller=None)
    assert "没有“1-101”这个房号" in await cs.hears()


async def test_5_2_7_an_emergency_told_on_the_telephone_has_its_clock_at_once(
    town: Town, owner: Actor, cs: Actor, wang: Actor, li: Actor
) -> None:
    await _begins(cs)
    await cs.presses("🚨 紧急报修")
    await cs.presses("水管爆裂")
    assert "关上总水阀" in cs.newest().text  # read out before anything else
    await cs.presses("确认登记")
    order = await town.order()
    assert (order.kind, order.limit_minutes) == (OrderKind.EMERGENCY, 10)
    assert order.source is Source.PHONE
    assert wang.sees("接单")
    assert li.sees("接单")
    told = await owner.hears()
    assert "关上总水阀" in told
    assert "已按您的电话登记紧急报修" in told
    await town.passes(minutes=11)
    assert (await town.verdicts())["emergency_arrival"] == "missed"


async def test_reading_8_the_desk_asks_when_it_happened(
    town: Town, owner: Actor, cs: Actor
) -> None:
    await town.until("22:20")
    await _begins(cs)
    await cs.presses("🚨 紧急报修")
    await cs.presses("水管爆裂")
    await cs.presses("发生时间")
    for no_such_time in ("明天上午9点", "今天22:30", "昨晚10点", "很久了"):
        await cs.hears()
        await cs.types(no_such_time)
        assert "过去 24 小时之内的时间" in await cs.hears()
    await cs.types("21:40")
    assert "发生时间：今天 11月24日 周二 21:40" in cs.newest().text
    await cs.presses("确认登记")
    order = await town.order()
    assert (order.limit_minutes, order.reported_at) == (10, town.clock.now())
    assert order.occurred_at == town.clock.now() - timedelta(minutes=40)


async def test_reading_8_a_tap_says_how_long_ago_and_is_that_minute_for_good(
    town: Town, owner: Actor, cs: Actor
) -> None:
    await town.until("22:20")
    await _begins(cs)
    await cs.presses("🚨 紧急报修")
    await cs.presses("水管爆裂")
    await cs.presses("发生时间")
    assert cs.buttons()[:4] == ["10 分钟前", "30 分钟前", "1 小时前", "2 小时前"]
    serial = cs.newest().buttons[0].data.split("|")[1]
    await cs.presses_data(f"form.pick|{serial}|occurred|99999999")
    await cs.presses_data(f"form.pick|{serial}|occurred|0")
    await town.passes(minutes=15)
    await cs.presses("30 分钟前")
    await cs.presses("确认登记")
    order = await town.order()
    assert order.occurred_at == town.clock.now() - timedelta(minutes=45)
    assert order.limit_minutes == 10


async def test_a_place_not_on_the_roll_can_only_have_an_emergency(town: Town, cs: Actor) -> None:
    await cs.commands("start")
    await cs.presses("代客登记")
    await cs.presses("不在名册上的地方")
    await cs.types("3栋大堂")
    await cs.types("保安小刘")
    await cs.types("13900003333")
    assert "发生了什么" in cs.newest().text
    await cs.presses("电梯困人")
    await cs.presses("确认登记")
    order = await town.order()
    assert (order.place, order.room_id, order.person_id) == ("3栋大堂", None, None)


async def test_reading_9_the_same_emergency_told_again_is_the_running_order(
    town: Town, owner: Actor, cs: Actor
) -> None:
    await owner.presses_data("urgent.report|burst_pipe|0")
    await _begins(cs)
    await cs.presses("🚨 紧急报修")
    await cs.presses("水管爆裂")
    await cs.types("水已经到客厅了")
    await cs.presses("确认登记")
    assert "已经报过了" in await cs.hears()
    assert await _orders(town) == 1
    assert "水已经到客厅了" in (await town.order()).note


async def test_an_item_may_be_named_by_its_code(town: Town, cs: Actor) -> None:
    await _begins(cs)
    await cs.presses("预约服务", on="还是预约服务")
    await cs.types("pl04")
    await cs.presses("明天")
    await cs.presses("确认登记")
    assert (await town.order()).title_zh == "疏通马桶"


async def test_3_note_what_waits_for_its_risk_review_is_not_registered_either(
    town: Town, cs: Actor
) -> None:
    await _begins(cs)
    await cs.presses("预约服务", on="还是预约服务")
    await cs.types("HC06")
    assert "需业务部门评估" in await cs.hears()
    await cs.types("GS01")
    assert "不属于我们的服务范围" in await cs.hears()
    assert await _orders(town) == 0


async def test_how_many_and_a_typed_time(town: Town, cs: Actor) -> None:
    await _begins(cs)
    await cs.presses("预约服务", on="还是预约服务")
    await cs.types("PL01")
    await cs.types("明天下午3点")
    await cs.presses("数量")
    await cs.types("3个")
    await cs.presses("确认登记")
    order = await town.order()
    assert (order.quantity, order.price_fen, order.minutes) == (3, 12000, 120)
    assert order.appointed_at is not None
    assert order.appointed_at.hour == 7  # 15:00 in Shanghai


async def test_a_time_that_was_just_taken_is_asked_again(
    town: Town, cs: Actor, cs2: Actor, owner: Actor, neighbour: Actor
) -> None:
    await _begins(cs)
    await cs.presses("预约服务", on="还是预约服务")
    await cs.types("PL01")
    await cs.types("明天下午3点")
    for resident in (owner, neighbour):  # both plumbers are gone
        await resident.presses_data("book.start")
        for label in ("水暖", "换水龙头"):
            await resident.presses(label)
        await resident.types("明天下午3点")
        await resident.presses("确认预约")
    await cs.presses("确认登记")
    assert "刚被约走" in cs.newest().text
    assert await _orders(town) == 2
    await cs.presses("明天 周三 16:00")
    await cs.presses("确认登记")
    assert await _orders(town) == 3


async def test_confirming_twice_registers_once(town: Town, cs: Actor) -> None:
    await _begins(cs)
    await _wants_a_tap(cs)
    _, button = cs.button("确认登记") or (None, None)
    assert button is not None
    await cs.presses_data(button.data)
    await cs.presses_data(button.data)
    assert await _orders(town) == 1


async def test_going_back_and_cancelling_leave_nothing_behind(town: Town, cs: Actor) -> None:
    await _begins(cs)
    await cs.presses("返回")
    assert "来电的是谁" in cs.newest().text
    await cs.presses("返回")
    await cs.presses("取消")
    assert await _orders(town) == 0


async def test_only_the_desk_registers_for_others(
    owner: Actor, wang: Actor, stranger: Actor, control: Actor
) -> None:
    for actor in (owner, wang, stranger):
        await actor.presses_data("intake.start")
        assert NOT_YOURS in await actor.hears()
    await control.presses_data("intake.start")  # by night the control centre is the desk
    assert "房号是多少" in await control.hears()


async def test_whoever_serves_several_centres_says_which(
    town: Town, business: Actor, far_tech: Actor
) -> None:
    await business.presses_data("intake.start")
    await business.presses("溪山雅居")
    await business.types("1-101")
    await business.presses("沈*")
    await business.presses("🚨 紧急报修")
    await business.presses("停电")
    await business.presses("确认登记")
    assert far_tech.sees("接单")
    assert (await town.order()).number.startswith("XS")


async def test_the_intake_speaks_english_too(town: Town, cs: Actor) -> None:
    await cs.presses_data("language.set|en")
    await cs.presses_data("intake.start")
    await cs.types("3-1201")
    await cs.presses("张*")
    await cs.presses("🚨 Emergency")
    await cs.types("1")
    await cs.presses("Register")
    assert "Emergency registered" in await cs.hears()
    assert (await town.order()).state is OrderState.WAITING
