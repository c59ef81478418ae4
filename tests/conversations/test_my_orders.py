"""我的订单: what is open, another time, calling off; and never anybody else's order."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import Connection, select, update

from storage.records import OrderState, Relation
from storage.tables import order_events, orders, reschedules, residents, rooms
from tests.conversation import Actor, Town, known_as, on_ordinary_telephones
from tests.conversations.jobs import cases_of


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """That local time of a day of November 2026."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC) - timedelta(hours=8)


async def books(
    actor: Actor, when: str = "明天下午3点", category: str = "水暖", item: str = "换水龙头"
) -> None:
    """A whole booking; the time is typed."""
    if not actor.menu():
        await actor.commands("start")
    for label in ("预约服务", category, item):
        await actor.presses(label)
    await actor.types(when)
    await actor.presses("确认预约")
    assert "已预约" in await actor.hears()


async def hush(*actors: Actor) -> None:
    """What these have heard so far is heard."""
    for actor in actors:
        await actor.hears()


# The list and the card


async def test_my_orders_says_number_item_time_state_and_technician(
    owner: Actor, wang: Actor
) -> None:
    await books(owner)
    await wang.presses("接单")
    await books(owner, "后天上午9点", "保洁", "钟点保洁")
    await hush(owner)
    await owner.types("我的订单")
    heard = await owner.hears()
    assert "未完成的订单：2 个" in heard
    assert "YH261124-001　换水龙头　明天 11月25日 周三 15:00　已接单（王建国）" in heard
    assert "YH261124-002　钟点保洁　后天 11月26日 周四 09:00　待派单" in heard
    assert owner.buttons()[:2] == ["钟点保洁 后天 周四 09:00", "换水龙头 明天 周三 15:00"]


async def test_the_card_offers_what_can_be_done_now(owner: Actor, wang: Actor) -> None:
    await books(owner)
    await owner.types("我的订单")
    await owner.presses("换水龙头")
    heard = await owner.hears()
    for words in ("YH261124-001", "房屋：3-1201", "明天 11月25日 周三 15:00", "¥40", "暂无人接单"):
        assert words in heard
    assert owner.buttons() == ["改约", "取消", "联系客服", "我的订单"]
    await wang.presses("接单")
    await wang.presses("出发")
    await owner.types("我的订单")
    await owner.presses("换水龙头")
    assert "联系师傅" in owner.buttons()
    assert "改约" not in owner.buttons()


async def test_without_orders_there_is_a_way_to_book(owner: Actor) -> None:
    await owner.types("我的订单")
    assert "没有未完成的订单" in await owner.hears()
    assert owner.buttons() == ["预约服务"]


@on_ordinary_telephones
async def test_earlier_orders_are_ten_to_a_page(town: Town, owner: Actor) -> None:
    for _ in range(2):
        await books(owner)
    await town.change(
        lambda one: one.execute(update(orders).values(state=OrderState.CANCELLED)).rowcount
    )

    def more(number: int) -> str:
        return f"YH261120-{number:03d}"

    def copy_rows(connection: object) -> None:
        from sqlalchemy import Connection

        assert isinstance(connection, Connection)
        row = dict(connection.execute(select(orders).limit(1)).mappings().one())
        row.pop("id")
        for number in range(10):
            connection.execute(orders.insert().values({**row, "number": more(number)}))

    await town.change(copy_rows)
    await owner.types("我的订单")
    await owner.presses("以前的订单")
    assert sum("换水龙头" in label for label in owner.buttons()) == 10
    await owner.presses("更早的")
    assert sum("换水龙头" in label for label in owner.buttons()) == 2
    assert "更早的" not in owner.buttons()
    await owner.presses_data("orders.past|900")
    assert "没有更早的订单了" in await owner.hears()


@pytest.mark.parametrize(
    "data",
    ["orders.show|1", "order.move|1", "order.cancel|1", "order.cancel_yes|1"],
)
async def test_other_peoples_orders_are_nobodys_business(
    town: Town, owner: Actor, neighbour: Actor, stranger: Actor, far_owner: Actor, data: str
) -> None:
    await books(owner)
    for actor in (neighbour, stranger, far_owner):
        await hush(actor)
        await actor.presses_data(data)
        heard = await actor.hears()
        assert "不归您办理" in heard
        assert "换水龙头" not in heard
        await actor.presses_data(data.replace("|1", "|999"))
        assert await actor.hears() == heard  # and whether there is such an order is not told
    assert (await town.order()).state is OrderState.WAITING


# 改约 by the owner (readings 12 and 13)


async def test_reading_13_a_new_time_the_technician_can_keep_stays_with_them(
    town: Town, owner: Actor, wang: Actor
) -> None:
    await books(owner)
    await wang.presses("接单")
    await hush(owner, wang)
    await owner.presses("改约")
    assert "改到什么时间" in await owner.hears()
    await owner.types("后天上午10点")
    heard = await owner.hears()
    assert "已改约" in heard
    assert "王建国" in heard
    order = await town.order()
    assert (order.appointed_at, order.state) == (at(26, 10), OrderState.ACCEPTED)
    told = await wang.hears()
    assert "业主改了时间" in told
    assert "后天 11月26日 周四 10:00" in told
    assert "rescheduled" in await town.history()
    await town.until(at(25, 15, 30))  # the old time passes, and nobody is late
    assert await owner.hears() == ""
    assert "punctuality" not in await town.verdicts()
    await town.until(at(26, 9, 30))
    assert "还有 30 分钟" in await wang.hears()


async def test_a_new_time_the_technician_cannot_keep_goes_to_somebody_else(
    town: Town, owner: Actor, neighbour: Actor, wang: Actor, li: Actor
) -> None:
    await books(owner)
    await wang.presses("接单")
    await books(neighbour, "后天上午10点")
    await li.presses("拒单")
    await li.presses("手头有活")
    await wang.presses("接单")  # so he is busy then
    await hush(wang, li)
    await owner.presses("改约")
    await owner.types("后天上午10点")
    assert "正在请师傅接单" in await owner.hears()
    assert (await town.order()).technician_id is None
    assert "您不用去了" in await wang.hears()
    assert li.sees("接单")


async def test_an_order_nobody_has_accepted_is_offered_with_its_new_time(
    town: Town, owner: Actor, wang: Actor
) -> None:
    await books(owner)
    await hush(wang)
    await owner.presses("改约")
    await owner.types("后天上午10点")
    assert "后天 11月26日 周四 10:00" in await wang.hears()
    await wang.presses("接单")
    assert (await town.order()).state is OrderState.ACCEPTED


async def test_a_time_that_is_taken_cannot_be_moved_to(
    town: Town, owner: Actor, neighbour: Actor
) -> None:
    await books(owner, "明天下午3点", "电工", "装浴霸")
    await books(neighbour, "后天下午3点", "电工", "装浴霸")
    await owner.presses("改约")
    await owner.types("后天下午3点")
    assert "约不上" in await owner.hears()
    forged = owner.button("其他日期")
    assert forged is not None
    serial = forged[1].data.split("|")[1]
    await owner.presses_data(f"form.pick|{serial}|slot|{int(at(26, 15).timestamp())}")
    await owner.presses_data(f"form.pick|{serial}|slot|{int(at(23, 15).timestamp())}")
    assert (await town.order()).appointed_at == at(25, 15)


async def test_its_own_time_is_no_obstacle_to_moving_by_half_an_hour(
    town: Town, owner: Actor
) -> None:
    await books(owner, "明天下午3点", "电工", "装浴霸")
    await owner.presses("改约")
    await owner.types("明天下午3点半")
    assert "已改约" in await owner.hears()
    assert (await town.order()).appointed_at == at(25, 15, 30)


async def test_two_move_to_one_free_time_and_one_gets_it(
    town: Town, owner: Actor, neighbour: Actor
) -> None:
    await books(owner, "明天下午3点", "电工", "装浴霸")
    await books(neighbour, "明天上午9点", "电工", "装浴霸")
    for actor in (owner, neighbour):
        await actor.presses("改约")
        await actor.hears()
    await asyncio.gather(*(actor.types("后天下午3点") for actor in (owner, neighbour)))
    times = {(await town.order(one)).appointed_at for one in (1, 2)}
    assert len(times) == 2
    assert at(26, 15) in times


async def test_noisy_hours_hold_for_a_new_time_too(town: Town, owner: Actor) -> None:
    await books(owner, "明天下午3点", "安装", "打孔挂装")
    await owner.presses("改约")
    await owner.types("周六上午10点")
    assert "约不上" in await owner.hears()


async def test_once_somebody_is_on_the_way_only_people_can_help(
    town: Town, owner: Actor, wang: Actor
) -> None:
    await books(owner)
    move = owner.button("改约")
    assert move is not None
    await wang.presses("接单")
    await wang.presses("出发")
    await hush(owner)
    await owner.presses_data(move[1].data)
    assert "已经在路上" in await owner.hears()
    assert owner.buttons() == ["联系师傅", "联系客服"]


async def test_reading_13_a_new_time_never_erases_a_miss(
    town: Town, owner: Actor, wang: Actor
) -> None:
    await books(owner)
    await wang.presses("接单")
    await town.until(at(25, 15, 3))
    assert (await town.verdicts())["punctuality"] == "missed"
    await owner.presses("改约")
    await owner.types("后天上午10点")
    assert "已改约" in await owner.hears()
    await town.until(at(26, 10))
    await wang.presses("已到达")
    assert (await town.verdicts())["punctuality"] == "missed"


async def test_reading_13_a_tap_after_the_old_time_comes_too_late_for_it(
    town: Town, owner: Actor, wang: Actor
) -> None:
    """Within the two minutes of grace nobody has come yet, and the old time is gone."""
    await books(owner)
    await wang.presses("接单")
    await town.until(at(25, 15, 1))
    await owner.presses("改约")
    await owner.types("后天上午10点")
    assert (await town.verdicts())["punctuality"] == "missed"


async def test_reading_14_moving_a_repair_beyond_a_day_is_the_owners_choice(
    town: Town, owner: Actor
) -> None:
    await books(owner, "今天下午3点")
    await owner.presses("改约")
    await owner.types("周五上午10点")
    assert (await town.order()).owner_deferred


async def test_reading_14_a_time_moved_back_into_the_day_is_late_after_the_day_like_any_other(
    town: Town, owner: Actor, wang: Actor
) -> None:
    await books(owner, "今天下午3点")
    for time in ("周五上午10点", "今天下午5点"):
        await owner.presses("改约")
        await owner.types(time)
    await wang.presses("接单")
    await town.passes(hours=25)
    assert (await town.verdicts())["minor_completion"] == "missed"
    assert "missed_deadline" in [case.source for case in await cases_of(town)]


async def test_reading_14_a_repair_that_is_late_already_is_not_put_off_by_moving_it(
    town: Town, owner: Actor, wang: Actor
) -> None:
    await books(owner, "今天下午3点")
    await wang.presses("接单")
    await town.passes(hours=25)
    await owner.presses("改约")
    await owner.types("周五上午10点")
    assert not (await town.order()).owner_deferred


async def test_a_form_for_another_time_survives_a_restart_and_can_be_left(
    town: Town, owner: Actor
) -> None:
    await books(owner)
    await owner.presses("改约")
    town.restarts()
    await owner.presses("后天")
    assert "已改约" in await owner.hears()
    await owner.presses("改约")
    await owner.presses("取消", on="改到什么时间")
    assert "没有保存任何内容" in await owner.hears()
    assert (await town.order()).state is OrderState.WAITING


# A new time that we propose


async def _propose(town: Town, cs: Actor, when: str = "后天上午10点") -> None:
    await cs.presses_data("desk.move|1")
    await cs.types(when)
    await cs.presses_data(_confirm(cs))


def _confirm(actor: Actor) -> str:
    return next(
        button.data
        for shown in reversed(actor.screen)
        for button in shown.buttons
        if button.data.startswith("form.done")
    )


async def test_reading_13_our_new_time_counts_only_with_the_owners_tap(
    town: Town, owner: Actor, wang: Actor, cs: Actor
) -> None:
    await books(owner, "今天下午3点")
    await wang.presses("接单")
    await hush(owner, wang)
    await _propose(town, cs)
    heard = await owner.hears()
    assert "您同意才会改" in heard
    assert (await town.order()).appointed_at == at(24, 15)
    await hush(cs)
    await owner.presses("同意改约")
    assert "已改约" in await owner.hears()
    order = await town.order()
    assert (order.appointed_at, order.state) == (at(26, 10), OrderState.ACCEPTED)
    assert not order.owner_deferred  # it was our wish, not the owner's (reading 14)
    assert "业主同意改约" in await cs.hears()
    assert "业主改了时间" in await wang.hears()


async def test_a_refused_new_time_leaves_the_old_one(town: Town, owner: Actor, cs: Actor) -> None:
    await books(owner)
    await _propose(town, cs)
    await hush(owner, cs)
    await owner.presses("不同意")
    assert "不改时间，还是 明天" in await owner.hears()
    assert (await town.order()).appointed_at == at(25, 15)
    assert "业主不同意改约" in await cs.hears()


async def test_a_proposal_is_answered_once_and_a_newer_one_overtakes_it(
    town: Town, owner: Actor, cs: Actor
) -> None:
    await books(owner)
    await _propose(town, cs)
    await _propose(town, cs, "周五上午10点")
    rows = await town.look(
        lambda one: one.execute(select(reschedules.c.id).order_by(reschedules.c.id)).scalars().all()
    )
    await hush(owner)
    await owner.presses_data(f"move.agree|{rows[0]}")
    assert "已经处理过" in await owner.hears()
    await owner.presses_data(f"move.agree|{rows[1]}")
    assert (await town.order()).appointed_at == at(27, 10)
    await owner.presses_data(f"move.refuse|{rows[1]}")
    assert "已经处理过" in await owner.hears()


async def test_reading_13_agreeing_after_the_old_time_leaves_the_miss(
    town: Town, owner: Actor, wang: Actor, cs: Actor
) -> None:
    await books(owner)
    await wang.presses("接单")
    await _propose(town, cs)
    await town.until(at(25, 15, 5))
    await owner.presses("同意改约")
    assert (await town.order()).appointed_at == at(26, 10)
    assert (await town.verdicts())["punctuality"] == "missed"


async def test_a_proposed_time_that_has_passed_cannot_be_agreed_to(
    town: Town, owner: Actor, cs: Actor
) -> None:
    await books(owner)
    await _propose(town, cs)
    await town.until(at(26, 11))
    await owner.presses("同意改约")
    assert "时间已过" in await owner.hears()
    assert (await town.order()).appointed_at == at(25, 15)


async def test_nobody_else_agrees_for_the_owner(
    town: Town, owner: Actor, neighbour: Actor, cs: Actor
) -> None:
    await books(owner)
    await _propose(town, cs)
    key = await town.look(lambda one: one.execute(select(reschedules.c.id)).scalar_one())
    for actor in (neighbour, cs):
        await actor.presses_data(f"move.agree|{key}")
        assert "不归您办理" in await actor.hears()
    assert (await town.order()).appointed_at == at(25, 15)


# 取消


async def test_cancelling_asks_once_and_tells_the_technician(
    town: Town, owner: Actor, wang: Actor
) -> None:
    await books(owner)
    await wang.presses("接单")
    await hush(owner, wang)
    await owner.presses("取消", on="已预约")
    assert "要取消 换水龙头" in await owner.hears()
    assert (await town.order()).state is OrderState.ACCEPTED
    await owner.presses("确认取消")
    assert "已取消" in await owner.hears()
    assert (await town.order()).state is OrderState.CANCELLED
    assert "您不用去了" in await wang.hears()
    await town.passes(hours=48)
    assert await wang.hears() == ""  # nothing of it is waited for any more
    assert "missed" not in (await town.verdicts()).values()


async def test_keeping_the_order_after_all(town: Town, owner: Actor) -> None:
    await books(owner)
    await owner.presses("取消", on="已预约")
    await owner.presses("不取消")
    assert "状态：待派单" in await owner.hears()
    assert (await town.order()).state is OrderState.WAITING


async def test_the_time_of_a_cancelled_order_is_free_again(owner: Actor, neighbour: Actor) -> None:
    await books(owner, "明天下午3点", "电工", "装浴霸")
    await owner.presses("取消", on="已预约")
    await owner.presses("确认取消")
    await books(neighbour, "明天下午3点", "电工", "装浴霸")


async def test_a_late_cancellation_is_recorded_as_such(
    town: Town, owner: Actor, wang: Actor
) -> None:
    await books(owner)
    await wang.presses("接单")
    await wang.presses("出发")
    await hush(owner, wang)
    await owner.presses("取消", on="已预约")
    assert "记为临时取消" in await owner.hears()
    await owner.presses("确认取消")
    assert "已记录您出发过" in await wang.hears()
    facts = await town.look(
        lambda one: one.execute(
            select(order_events.c.facts).where(order_events.c.what == "cancelled")
        ).scalar_one()
    )
    assert "late" in facts


async def test_after_arrival_customer_service_settle_it(
    town: Town, owner: Actor, wang: Actor
) -> None:
    await books(owner)
    await wang.presses("接单")
    await town.until(at(25, 14, 58))
    await wang.presses("已到达")
    await hush(owner)
    await owner.presses_data("order.cancel_yes|1")
    assert "已经到达" in await owner.hears()
    assert owner.sees("联系客服")
    assert (await town.order()).state is OrderState.ARRIVED


async def test_cancelling_twice_cancels_once(town: Town, owner: Actor) -> None:
    await books(owner)
    for _ in range(3):
        await owner.presses_data("order.cancel_yes|1")
    assert "现在是“已取消”" in await owner.hears()
    assert (await town.history()).count("cancelled") == 1


async def test_accepting_and_cancelling_at_once_leaves_one_truth(
    town: Town, owner: Actor, wang: Actor
) -> None:
    await books(owner)
    await asyncio.gather(wang.presses("接单"), owner.presses_data("order.cancel_yes|1"))
    order = await town.order()
    assert order.state is OrderState.CANCELLED
    assert "取消" in await wang.hears()


@pytest.mark.parametrize("data", ["order.move|1", "order.cancel|1", "order.cancel_yes|1"])
async def test_old_buttons_of_a_finished_order_tell_the_truth(
    town: Town, owner: Actor, data: str
) -> None:
    await books(owner)
    await town.change(
        lambda one: (
            one.execute(
                update(orders).values(state=OrderState.FINISHED, finished_at=town.clock.now())
            ).rowcount
        )
    )
    await hush(owner)
    await owner.presses_data(data)
    assert "现在是“已完工”" in await owner.hears()
    assert (await town.order()).state is OrderState.FINISHED


async def test_3_11_a_new_resident_does_not_see_what_the_former_ones_ordered(
    town: Town, owner: Actor, stranger: Actor
) -> None:
    await books(owner)
    await town.passes(hours=1)
    await stranger.commands("start")
    await town.change(partial(_moves_in, room_no="3-1201", at=town.clock.now()))
    await stranger.types("我的订单")
    assert "YH261124-001" not in await stranger.hears()
    await stranger.presses_data("orders.show|1")
    assert "换水龙头" not in await stranger.hears()


def _moves_in(connection: Connection, room_no: str, at: datetime) -> None:
    """The stranger is bound to the room from now on."""
    known = known_as(connection, "stranger")
    assert known is not None
    room_id = connection.execute(select(rooms.c.id).where(rooms.c.room_no == room_no)).scalar_one()
    connection.execute(
        residents.insert().values(
            room_id=room_id,
            name="梁秋",
            phone="13800199999",
            relation=Relation.FAMILY,
            person_id=known[1].id,
            bound_at=at,
        )
    )
