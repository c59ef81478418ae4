"""What may take the last message that a platform allows, and what waits to go along with it."""

from __future__ import annotations

from functools import partial

from sqlalchemy import Connection

from services import interventions
from services.desk import Desk
from tests.conversation import Actor, Town, known_as
from tests.conversations.after_work import cases_of, finished
from tests.conversations.jobs import appointed
from tests.conversations.reach import has_one_left, may_be_told


async def test_3_10_progress_of_an_ordinary_job_leaves_the_last_message_for_the_price(
    town: Town, owner: Actor, wang: Actor
) -> None:
    await appointed(town)
    await has_one_left(town, "owner")
    await owner.hears()
    await wang.presses("接单")
    await town.until("14:29")
    await wang.presses("出发")
    await town.until("15:00")
    await wang.presses("已到达")
    assert "已出发" not in await owner.hears()
    await wang.presses("已说明内容和价格")
    await wang.presses("¥40")
    assert "的报价" in await owner.hears()
    assert owner.sees("同意报价")


async def test_5_2_7_all_about_an_emergency_may_have_the_last_message(
    town: Town, owner: Actor, wang: Actor
) -> None:
    await owner.presses_data("urgent.report|burst_pipe|0")
    await has_one_left(town, "owner")
    await wang.presses("接单")
    assert "正在赶来" in await owner.hears()


async def test_5_2_2_a_technician_who_comes_late_is_heard(
    town: Town, owner: Actor, wang: Actor
) -> None:
    await appointed(town)
    await wang.presses("接单")
    await town.until("14:50")
    await has_one_left(town, "owner")
    await owner.hears()
    await wang.presses("5分钟后到")
    assert await owner.hears() == ""  # in time: no more than progress
    await wang.presses("30分钟后到")
    assert "改说约 15:21 到" in await owner.hears()


async def test_5_2_2_a_visit_called_off_by_the_desk_is_heard(
    town: Town, owner: Actor, wang: Actor
) -> None:
    await appointed(town)
    await has_one_left(town, "owner")
    await town.change(partial(_calls_off, town))
    assert "客服已取消订单" in await owner.hears()


def _calls_off(town: Town, connection: Connection) -> None:
    known = known_as(connection, "cs")
    assert known is not None
    desk = Desk(connection, town.clock.now())
    interventions.cancel(desk, 1, known[1], "duplicate")
    desk.post()


async def test_5_4_2_a_cases_result_is_heard_and_who_looks_after_it_waits(
    town: Town, owner: Actor, wang: Actor, cs: Actor
) -> None:
    await finished(owner, wang)
    await owner.presses("不满意")
    await has_one_left(town, "owner")
    await owner.hears()
    assert len(await cases_of(town)) == 1
    await cs.presses("我来处理")
    assert await owner.hears() == ""
    await cs.presses("记录处理结果")
    await cs.presses("重做")
    await cs.types("重新接了水管")
    heard = await owner.hears()
    assert "正在跟进" in heard  # in the same message
    assert "重新接了水管" in heard


async def test_what_waited_goes_when_the_owner_writes(
    town: Town, owner: Actor, wang: Actor
) -> None:
    await appointed(town)
    await has_one_left(town, "owner")
    await owner.hears()
    await wang.presses("接单")
    assert await owner.hears() == ""
    await may_be_told(town, "owner")
    assert "已接单" in await owner.hears()
