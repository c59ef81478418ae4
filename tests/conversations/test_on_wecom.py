"""What WeCom shows otherwise than most platforms: the same steps, and the same comes of them."""

from __future__ import annotations

import pytest

from tests.conversation import Actor, Town
from tests.conversations.after_work import finished
from tests.wecom_look import APP_MENU

pytestmark = pytest.mark.parametrize("town_url", ["wecom-postgresql"], indirect=True)


async def test_staff_have_one_menu_for_all_and_a_true_answer_to_what_is_not_theirs(
    wang: Actor, cs: Actor
) -> None:
    for actor in (wang, cs):
        await actor.commands("start")
        assert actor.menu() == [label for group in APP_MENU for label in group]
    await wang.presses("我的任务")
    assert "没有" in await wang.hears()
    await wang.presses("待派单")
    assert "不归您办理" in await wang.hears()


async def test_an_owners_menu_is_lines_to_tap_and_comes_when_asked_for(owner: Actor) -> None:
    await owner.types("菜单")
    assert owner.menu() == ["预约服务", "紧急报修", "我的订单", "联系客服", "更多"]
    await owner.presses("我的订单")
    assert "没有未完成的订单" in await owner.hears()


async def test_times_come_ten_lines_at_a_time(town: Town, owner: Actor) -> None:
    await owner.commands("start")
    for label in ("预约服务", "水暖", "换水龙头"):
        await owner.presses(label)
    assert len(owner.buttons()) == 10
    assert owner.buttons()[8:] == ["其他日期", "更多选项"]
    await owner.presses("更多选项")
    assert owner.buttons() == ["返回", "取消"]
    await owner.types("1")
    assert "请选项目" in await owner.hears()


async def test_the_times_of_a_day_are_all_within_reach(town: Town, owner: Actor) -> None:
    await owner.commands("start")
    for label in ("预约服务", "水暖", "换水龙头", "其他日期", "11月28日 周六"):
        await owner.presses(label)
    await owner.presses("10:30")
    await owner.presses("确认预约")
    order = await town.order()
    assert order.appointed_at is not None
    assert order.appointed_at.hour == 2  # 10:30 in Shanghai


async def test_earlier_orders_are_nine_to_a_page_and_the_rest_behind_it(
    town: Town, owner: Actor, wang: Actor
) -> None:
    await finished(owner, wang)
    await owner.types("我的订单")
    assert len(owner.buttons()) <= 10


async def test_each_answer_to_the_rating_is_a_message_of_its_own(
    town: Town, owner: Actor, wang: Actor
) -> None:
    await finished(owner, wang)
    asked = len(owner.screen)
    await owner.presses("满意")
    await owner.presses("不准时")
    assert len(owner.screen) == asked + 2
    order = await town.order()
    assert (order.satisfied, order.on_time) == (True, False)
    # The old lines can still be tapped; what was answered stays.
    await owner.presses("不满意")
    assert (await town.order()).satisfied is True


async def test_a_colleagues_card_has_its_next_step_and_changes_in_place(
    owner: Actor, wang: Actor
) -> None:
    await owner.presses_data("urgent.report|burst_pipe|0")
    assert wang.buttons()[0] == "接单"
    card = wang.newest()
    await wang.presses("接单")
    assert wang.newest() is card
    assert card.edits == 1
    assert card.buttons[0].label == "出发"
    assert all(len(button.label) <= 16 for button in card.buttons)
