"""The whole main job as people live it, on every channel: the same steps, the same outcome."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest

from storage import orders
from storage.database import Database
from storage.records import OrderState
from tests.stories.stage import Stage, on_stage
from tests.town import FakeClock

CHANNELS = ("sandbox", "telegram-polling", "telegram-webhook")


@pytest.fixture(params=CHANNELS)
async def stage(
    request: pytest.FixtureRequest, database: Database, clock: FakeClock, tmp_path: Path
) -> AsyncIterator[Stage]:
    """The house, running, on one of the channels."""
    async with on_stage(request.param, database, clock, tmp_path) as open_stage:
        yield open_stage


async def test_from_booking_to_a_dissatisfied_rating_and_what_came_of_it(
    stage: Stage, database: Database
) -> None:
    owner, wang, cs, supervisor = stage.owner, stage.wang, stage.cs, stage.supervisor
    await owner.types("/start")
    await owner.presses("预约服务")
    await owner.presses("水暖")
    await owner.presses("换水龙头")
    await owner.types("明天下午3点")
    await owner.presses("确认预约")
    await owner.sees("已预约，单号 YH261124-001")

    await wang.presses("接单")
    await owner.sees("王建国 已接单")
    await stage.reaches("14:57")
    await owner.sees("提醒：15:00 王建国 上门")
    await wang.presses("出发")
    await owner.sees("王建国 已出发")
    await wang.presses("已到达")
    await owner.sees("王建国 已到达（14:57）")
    await wang.presses("已说明内容和价格")
    await wang.presses("¥40")
    await owner.presses("同意报价")
    await wang.sees("业主已同意报价 ¥40")
    await wang.presses("完工")
    await wang.presses("已修好")
    await owner.sees("已完工：换水龙头（YH261124-001），收费 ¥40。")

    await owner.presses("不满意")
    await cs.sees("业主评不满意")
    await supervisor.sees("业主评不满意")
    await owner.presses("技术或质量")
    await cs.presses("我来处理")
    await owner.sees("陈静")

    order = await database.write(partial(orders.get, order_id=1))
    assert order is not None
    assert order.state is OrderState.FINISHED
    assert order.satisfied is False
    verdicts = {
        row.rule: row.verdict
        for row in await database.read(partial(orders.verdicts_of, order_id=1))
    }
    assert verdicts["punctuality"] == "met"
    assert verdicts["staff_told"] == "met"


async def test_an_emergency_typed_in_words_is_taken_by_the_first(stage: Stage) -> None:
    owner, wang, li = stage.owner, stage.wang, stage.li
    await owner.types("厨房水管爆了")
    await owner.presses("紧急报修")
    await owner.sees("关上总水阀")
    await owner.sees("10 分钟")
    await li.presses("接单")
    await owner.sees("李志强 已接单，正在赶来")
    await wang.sees("李志强")
    await li.presses("出发")
    await li.presses("已到达")
    await li.presses("开始处理")
    await li.presses("完工")
    await li.presses("已修好")
    await owner.sees("收费 ¥0")


async def test_a_newcomer_speaks_english_and_gets_english(stage: Stage) -> None:
    owner = stage.neighbour
    await owner.types("/language")
    await owner.presses("English")
    await owner.presses("Emergency")
    await owner.sees("What is happening?")
