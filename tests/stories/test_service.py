"""The whole main job as people live it, on every channel: the same steps, the same outcome."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from bot.photos import PhotoStore
from services.desk import Desk
from services.invites import make_invite
from storage import orders
from storage.database import Database
from storage.records import OrderState
from storage.tables import residents, rooms
from tests.conversation import picture
from tests.stories import on_sandbox, on_telegram, on_wecom
from tests.stories.people import Somebody
from tests.stories.stage import Opener, Scene, Stage, on_stage
from tests.town import TUESDAY_10, FakeClock

CHANNELS: dict[str, Opener] = {
    "sandbox": on_sandbox.opened,
    "telegram-polling": on_telegram.opened,
    "telegram-webhook": on_telegram.opened,
    "wecom": on_wecom.opened,
}

pytestmark = pytest.mark.parametrize(
    ("stage", "town_url"),
    [
        ("sandbox", "sqlite"),
        ("telegram-polling", "postgresql"),
        ("telegram-webhook", "sqlite"),
        ("wecom", "postgresql"),
    ],
    indirect=True,
)


@pytest.fixture
async def stage(
    request: pytest.FixtureRequest, database: Database, clock: FakeClock, tmp_path: Path
) -> AsyncIterator[Stage]:
    """The house, running, on one of the channels."""
    photos = PhotoStore(tmp_path / "photos", max_bytes=10_000_000)
    scene = Scene(request.param, database, clock, photos, tmp_path)
    async with on_stage(CHANNELS[request.param], scene) as open_stage:
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
    await wang.presses("已说明内容和价格")
    await wang.presses("¥40")
    await owner.presses("同意报价")
    await owner.sees("王建国 已到达（14:57）")
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


async def test_a_stranger_is_known_by_a_code_and_books_with_numbers(
    stage: Stage, database: Database
) -> None:
    newcomer, wang = stage.newcomer, stage.wang
    code = await database.write(partial(_code, room="6-601"))
    await newcomer.types("/start")
    await newcomer.sees("请先绑定房屋")
    await newcomer.types(f"/start {code}")
    await newcomer.sees("6-601")
    await newcomer.types("预约服务")
    await newcomer.picks("水暖")
    await newcomer.picks("换水龙头")
    await newcomer.types("明天下午3点")
    await newcomer.picks("确认预约")
    await newcomer.sees("已预约，单号 YH261124-001")
    await wang.sees("6-601")


async def test_another_time_then_called_off(stage: Stage, database: Database) -> None:
    owner, wang = stage.owner, stage.wang
    await _books_a_tap(owner)
    await wang.presses("接单")
    await owner.sees("王建国 已接单")
    await owner.types("我的订单")
    await owner.presses("换水龙头")
    await owner.presses("改约")
    await owner.types("后天上午10点")
    await owner.sees("已改约")
    await wang.sees("业主改了时间")
    await owner.types("我的订单")
    await owner.presses("换水龙头")
    await owner.presses("取消")
    await owner.presses("确认取消")
    await wang.sees("您不用去了")
    order = await database.write(partial(orders.get, order_id=1))
    assert order is not None
    assert order.state is OrderState.CANCELLED


async def test_a_human_at_any_moment_and_pictures_both_ways(stage: Stage) -> None:
    owner, cs = stage.owner, stage.cs
    await owner.types("联系客服")
    await cs.sees("找客服")
    await cs.presses("回复")
    await owner.sees("客服 陈静 已接起")
    await owner.types("师傅什么时候到")
    await cs.sees("师傅什么时候到")
    await cs.types("十分钟内")
    await owner.sees("客服 陈静：十分钟内")
    before = await cs.pictures()
    await owner.sends_photo(picture("red"))
    await cs.sees_pictures(before + 1)
    await cs.presses("结束")
    await owner.sees("结束了对话")


async def test_customer_service_registers_a_caller(stage: Stage) -> None:
    cs, owner, wang = stage.cs, stage.owner, stage.wang
    await owner.types("/start")  # so that every platform lets us write to them
    await owner.sees("张伟，您好")
    await cs.types("代客登记")
    await cs.types("3栋1201室")
    await cs.presses("张*")
    for choice in ("预约服务", "水暖", "换水龙头", "明天"):
        await cs.picks(choice)
    await cs.presses("确认登记")
    await owner.sees("客服已按您的电话登记：换水龙头")
    await wang.presses("接单")
    await owner.sees("王建国 已接单")


async def test_a_job_declined_goes_to_the_next(stage: Stage) -> None:
    owner, wang, li = stage.owner, stage.wang, stage.li
    await _books_a_tap(owner)
    await wang.presses("拒单")
    await wang.presses("手头有活")
    await li.presses("接单")
    await owner.sees("李志强 已接单")
    await owner.types("我的订单")
    await owner.sees("李志强")


async def _books_a_tap(owner: Somebody) -> None:
    await owner.types("/start")
    await owner.presses("预约服务")
    await owner.presses("水暖")
    await owner.presses("换水龙头")
    await owner.types("明天下午3点")
    await owner.presses("确认预约")
    await owner.sees("已预约")


def _code(connection: Connection, *, room: str) -> str:
    """A one-time code for the owner of a room."""
    line = connection.execute(
        select(residents.c.id)
        .join(rooms, rooms.c.id == residents.c.room_id)
        .where(rooms.c.room_no == room)
    ).scalar_one()
    return make_invite(Desk(connection, TUESDAY_10), resident_id=line)


async def test_a_newcomer_speaks_english_and_gets_english(stage: Stage) -> None:
    owner = stage.neighbour
    await owner.types("/language")
    await owner.presses("English")
    await owner.presses("Emergency")
    await owner.sees("What is happening?")
