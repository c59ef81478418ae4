"""One person with two chats: each matter stays in the chat where it was dealt with last."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from bot.channels.base import CannotEdit, Unreachable
from storage.tables import last_used, phone_tasks
from tests.conversation import Actor, Town, on_ordinary_telephones
from tests.conversations.after_work import finished
from tests.conversations.jobs import appointed, hush, urgent


@pytest.fixture
async def owner_radio(owner: Actor) -> Actor:
    """The owner's other telephone."""
    return await owner.gets_another("radio")


@pytest.fixture
async def wang_radio(wang: Actor) -> Actor:
    """The technician's other telephone."""
    return await wang.gets_another("radio")


@pytest.fixture
async def cs_radio(cs: Actor) -> Actor:
    """The other telephone of customer service."""
    return await cs.gets_another("radio")


async def books(owner: Actor) -> None:
    """换水龙头 at the first time offered: order 1, which 王建国 is asked to take."""
    await owner.presses("预约服务")
    await owner.presses("水暖")
    await owner.presses("换水龙头")
    await owner.presses(owner.buttons()[0])
    await owner.presses("确认预约")


async def test_status_goes_where_the_order_was_placed_though_another_chat_was_used_since(
    town: Town, owner: Actor, owner_radio: Actor, wang: Actor
) -> None:
    await owner.commands("start")
    await books(owner)
    await town.passes(minutes=5)
    await owner_radio.commands("start")
    await hush(owner, owner_radio)
    await wang.presses("接单")
    assert "王建国" in await owner.hears()
    assert not await owner_radio.hears()


async def test_who_deals_with_the_order_in_the_other_chat_hears_of_it_there(
    town: Town, owner: Actor, owner_radio: Actor, wang: Actor
) -> None:
    await owner.commands("start")
    await books(owner)
    await town.passes(minutes=2)
    await owner_radio.commands("start")
    await owner_radio.presses("我的订单")
    await owner_radio.presses("换水龙头")
    await owner_radio.presses("改约")
    await owner_radio.presses(owner_radio.buttons()[1])
    await town.passes(minutes=2)
    await owner.commands("start")
    await hush(owner, owner_radio)
    await wang.presses("接单")
    assert "王建国" in await owner_radio.hears()


async def test_an_order_dealt_with_in_no_chat_is_told_of_in_the_one_used_last(
    town: Town, owner: Actor, owner_radio: Actor, wang: Actor
) -> None:
    await town.passes(minutes=5)
    await owner_radio.commands("start")
    await hush(owner, owner_radio)
    await appointed(town)  # customer service booked it
    await wang.presses("接单")
    assert "王建国" in await owner_radio.hears()
    assert not await owner.hears()


@on_ordinary_telephones
async def test_a_job_is_offered_on_both_chats_and_taken_on_one(
    town: Town, owner: Actor, wang: Actor, wang_radio: Actor
) -> None:
    await urgent(owner)
    assert wang.sees("接单")
    assert wang_radio.sees("接单")
    old = wang_radio.newest()
    await hush(wang, wang_radio)
    await wang.presses("接单")
    assert wang.sees("已到达")
    # The other card tells the same, and is not to be pressed any more; nothing came anew.
    assert wang_radio.newest() is old
    assert not old.buttons
    assert old.spoken.silent
    assert old.text in [shown.text for shown in wang.screen]
    await wang_radio.presses_data("order.accept|1")
    assert (await town.history()).count("accepted") == 1


async def test_a_card_that_cannot_be_edited_in_the_other_chat_stays_as_it_is(
    town: Town, owner: Actor, wang: Actor, wang_radio: Actor
) -> None:
    await urgent(owner)
    shown = len(wang_radio.screen)
    wang_radio.telephones.outcomes = [CannotEdit()]
    await wang.presses("接单")
    assert wang_radio.telephones.outcomes == []
    assert len(wang_radio.screen) == shown
    assert wang_radio.sees("接单")
    assert not await _calls(town)


async def test_an_alert_comes_on_both_chats_and_the_case_is_taken_on_one(
    town: Town, owner: Actor, wang: Actor, cs: Actor, cs_radio: Actor
) -> None:
    await finished(owner, wang)
    await hush(cs, cs_radio)
    await owner.presses("不满意")
    assert "不满意" in await cs.hears()
    assert "不满意" in await cs_radio.hears()
    await cs_radio.presses("我来处理")
    assert cs_radio.sees("记录处理结果")
    assert not cs.sees("我来处理")
    assert not cs.sees("记录处理结果")


async def test_a_chat_that_is_gone_falls_back_to_the_other_and_nobody_is_told_twice(
    town: Town, owner: Actor, owner_radio: Actor, wang: Actor
) -> None:
    await owner.commands("start")
    await town.passes(minutes=5)
    await owner_radio.commands("start")
    await books(owner_radio)
    await hush(owner, owner_radio)
    owner_radio.telephones.outcomes = [Unreachable("blocked")]
    await wang.presses("接单")
    heard = await owner.hears()
    assert heard.count("王建国") == 1
    assert not await owner_radio.hears()
    assert not await _calls(town)


async def test_an_offer_that_one_chat_cannot_take_is_not_repeated_in_the_other(
    town: Town, owner: Actor, wang: Actor, wang_radio: Actor
) -> None:
    wang_radio.telephones.outcomes = [Unreachable("blocked")]
    await urgent(owner)
    assert not wang_radio.screen
    assert [shown.edits for shown in wang.screen] == [0]
    assert wang.sees("接单")


async def test_a_form_open_in_one_chat_is_not_touched_by_what_is_done_in_the_other(
    town: Town, owner: Actor, owner_radio: Actor
) -> None:
    await owner.commands("start")
    await owner.presses("预约服务")
    await owner.presses("水暖")
    form = owner.newest()
    before = form.spoken
    await owner_radio.commands("start")
    await owner_radio.presses("预约服务")
    await owner_radio.presses("电工")
    await owner_radio.presses("取消")
    assert owner.newest() is form
    assert form.spoken == before
    await owner.presses("换水龙头")
    await owner.presses(owner.buttons()[0])
    await owner.presses("确认预约")
    assert await town.order()
    assert owner_radio.newest().text


async def test_somebody_with_one_chat_leaves_no_trace_of_where(
    town: Town, owner: Actor, wang: Actor
) -> None:
    await appointed(town)
    await wang.presses("接单")
    counted = select(func.count()).select_from(last_used)
    assert await town.look(lambda connection: connection.execute(counted).scalar_one()) == 0


async def _calls(town: Town) -> int:
    counted = select(func.count()).select_from(phone_tasks)
    return await town.look(lambda connection: connection.execute(counted).scalar_one())
