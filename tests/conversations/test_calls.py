"""Telephone calls for what no chat could carry: one matter is one call, answered for the caller."""

from __future__ import annotations

from functools import partial

from sqlalchemy import Connection

from services import calls, changes
from services.desk import Desk
from services.messages import say
from storage import orders as order_store
from storage.records import OrderState
from tests.conversation import Actor, Town, known_as
from tests.conversations.jobs import appointed, on_site
from tests.conversations.reach import (
    has_not_written_for_long,
    may_be_told,
    to_be_phoned,
)


async def _price_waits(town: Town, wang: Actor) -> None:
    """The owner's window closed before anybody took the job; the technician has said a price."""
    await appointed(town)
    await has_not_written_for_long(town, "owner")
    await on_site(town, wang)
    await wang.presses("已说明内容和价格")
    await wang.presses("¥40")


async def test_3_10_texts_about_one_order_are_one_call(
    town: Town, wang: Actor, cs: Actor, cs2: Actor
) -> None:
    await _price_waits(town, wang)
    tasks = await to_be_phoned(town)
    assert len(tasks) == 5  # taken, set out, half an hour before, arrived, the price
    await cs.presses_data("board.todo")
    assert cs.newest().text.count("电话通知 张伟") == 1
    assert "5 条，最早" in cs.newest().text
    await cs.presses("电话 张伟")
    card = cs.newest().text
    told = ("已接单", "已出发", "提醒：15:00", "已到达", "的报价")
    places = [card.index(words) for words in told]
    assert places == sorted(places)
    assert "请问业主：同意报价、不同意？" in card
    await cs.presses("已拨打")
    assert await to_be_phoned(town) == []
    history = await town.look(partial(order_store.history, order_id=1))
    assert sum('"call"' in line.facts for line in history) == 5
    for task in tasks:
        await cs2.presses_data(f"phone.done|{task.id}")
        assert "陈静 已在" in await cs2.hears()


async def test_what_came_after_the_card_was_shown_stays_to_be_told(
    town: Town, wang: Actor, cs: Actor
) -> None:
    await appointed(town)
    await has_not_written_for_long(town, "owner")
    await wang.presses("接单")
    await cs.presses_data("board.todo")
    await cs.presses("电话 张伟")
    await wang.presses("出发")
    await cs.presses("已拨打")
    (left,) = await to_be_phoned(town)
    assert "owner-set-out" in left.message
    await cs.presses_data("phone.show|1")  # of the call as it was; it goes on with what is left
    assert "已出发" in cs.newest().text
    assert "已接单" not in cs.newest().text


async def test_a_long_call_is_read_card_by_card(town: Town, cs: Actor) -> None:
    await appointed(town)
    await has_not_written_for_long(town, "owner")
    await town.change(partial(_much_to_say, town, calls.MOST_READ + 2))
    await town.settles()
    await cs.presses_data("board.todo")
    await cs.presses("电话 张伟")
    await cs.presses("已拨打")
    assert len(await to_be_phoned(town)) == 2


def _much_to_say(town: Town, count: int, connection: Connection) -> None:
    known = known_as(connection, "owner")
    assert known is not None
    desk = Desk(connection, town.clock.now())
    for n in range(count):
        text = say("talk-sent-to", who=str(n))
        desk.tell(known[1].id, text, matter="order:1", by_phone=True)
    desk.post()


# Answered for whoever is on the telephone


async def test_5_2_3_the_price_is_agreed_to_on_the_telephone(
    town: Town, owner: Actor, wang: Actor, cs: Actor
) -> None:
    await _price_waits(town, wang)
    assert "请电话征得同意" in await cs.hears()
    assert "报价没能发给业主" in wang.says()
    await cs.presses_data("board.todo")
    await cs.presses("电话 张伟")
    await cs.presses("代为确认报价")
    await cs.presses("业主同意")
    order = await town.order()
    assert (order.state, order.quote_fen) == (OrderState.AGREED, 4000)
    assert "已同意报价 ¥40" in await wang.hears()


async def test_5_2_3_an_owner_who_writes_again_answers_for_themselves(
    town: Town, owner: Actor, wang: Actor, cs: Actor
) -> None:
    await _price_waits(town, wang)
    await may_be_told(town, "owner")
    assert not owner.sees("同意报价")
    await wang.presses("改报价")
    await wang.presses("¥40")
    assert owner.sees("同意报价")
    assert "收不到" not in wang.newest().text
    await cs.presses_data("desk.agree_for|1")
    assert "请由业主自己点" in await cs.hears()
    assert (await town.order()).state is OrderState.EXPLAINED


async def _new_time_waits(town: Town) -> None:
    """The desk has asked for another time while the owner's window was closed."""
    await appointed(town)
    await has_not_written_for_long(town, "owner")
    await town.change(partial(_asks_for_tomorrow, town))
    await town.settles()


def _asks_for_tomorrow(town: Town, connection: Connection) -> None:
    known = known_as(connection, "cs2")
    order = order_store.get(connection, 1)
    assert known is not None
    assert order is not None
    desk = Desk(connection, town.clock.now())
    changes.propose(desk, order, town._instant("09:30"), known[1])
    desk.post()


async def test_reading_13_a_new_time_is_agreed_to_on_the_telephone(
    town: Town, cs: Actor, cs2: Actor
) -> None:
    await _new_time_waits(town)
    await cs.presses_data("board.todo")
    await cs.presses("电话 张伟")
    assert "请问业主：同意改约、不同意？" in cs.newest().text
    await cs.presses("业主同意改约")
    assert (await town.order()).appointed_at == town._instant("09:30")
    assert "业主同意改约" in await cs2.hears()
    await cs.presses_data("desk.move_refused|1")
    assert "已经处理过" in await cs.hears()


async def test_reading_13_a_refusal_on_the_telephone_leaves_the_time(
    town: Town, cs: Actor, cs2: Actor
) -> None:
    await _new_time_waits(town)
    await cs.presses_data("desk.move_refused|1")
    assert (await town.order()).appointed_at == town._instant("15:00")
    assert "业主不同意改约" in await cs2.hears()


async def test_reading_13_nobody_answers_for_an_owner_who_can_be_asked(
    town: Town, cs: Actor
) -> None:
    await _new_time_waits(town)
    await may_be_told(town, "owner")
    for data in ("desk.move_agreed|1", "desk.move_refused|1"):
        await cs.presses_data(data)
        assert "请由业主自己点" in await cs.hears()
    assert (await town.order()).appointed_at == town._instant("15:00")


async def test_reading_13_the_desk_agrees_a_time_by_telephone_with_whom_no_chat_reaches(
    town: Town, cs: Actor
) -> None:
    await appointed(town)
    await has_not_written_for_long(town, "owner")
    await cs.presses_data("desk.move|1")
    await cs.types("后天上午10点")
    assert "先在电话里得到同意" in cs.newest().text
    old = (await town.order()).appointed_at
    await cs.presses("确认")
    assert (await town.order()).appointed_at != old
