"""等配件 and 等业主 (reading 14): a reason and a date, and no deadline moves by it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Connection, func, select

from services.desk import Desk
from services.orders import happenings
from services.rules.history import pauses
from storage.records import DeadlineState, HoldReason, OrderKind, OrderState
from storage.tables import deadlines
from tests.conversation import Actor, Town, on_one_database
from tests.conversations.jobs import agreed, appointed, cases_of, finishes, hush, urgent

pytestmark = on_one_database


async def _waits(technician: Actor, label: str, until: str = "明天 周三 14:00") -> None:
    """需再次上门, for this, until then."""
    await technician.presses("需再次上门")
    await technician.presses(label)
    await technician.presses(until)


async def _limit(town: Town) -> str:
    """When the 24 hours are over, as the pending deadline has it, on the centre's clock."""
    rows = await town.look(
        lambda connection: connection.execute(
            deadlines.select().where(
                deadlines.c.kind == "minor_completion.3",
                deadlines.c.state == DeadlineState.PENDING,
            )
        ).all()
    )
    (row,) = rows
    return f"{row.due_at + timedelta(hours=8):%d %H:%M:%S}"


async def test_parts_are_waited_for_with_a_reason_and_a_date(
    town: Town, owner: Actor, wang: Actor, cs: Actor
) -> None:
    await appointed(town)
    await agreed(town, wang, owner)
    await hush(owner, cs)
    await _waits(wang, "等配件")
    order = await town.order()
    assert (order.state, order.held_for) == (OrderState.HELD, HoldReason.PARTS)
    assert "王建国 预计 明天 11月25日 周三 14:00 再来" in await owner.hears()
    assert "暂停：王建国 等配件，到 明天" in await cs.hears()
    assert "等到：明天 11月25日 周三 14:00" in wang.says()
    assert wang.buttons()[:2] == ["继续", "再等"]
    await wang.presses("继续")
    order = await town.order()
    assert (order.state, order.held_until) == (OrderState.ACCEPTED, None)
    assert "王建国 会再次上门" in await owner.hears()
    assert wang.sees("出发")


async def test_reading_14_waiting_for_parts_moves_no_deadline(
    town: Town, owner: Actor, wang: Actor, cs: Actor, head: Actor
) -> None:
    """Reported at 10:00, the 24 hours end at 10:00 tomorrow, whatever is waited for."""
    await appointed(town)
    await agreed(town, wang, owner)
    before = await _limit(town)
    await _waits(wang, "等配件")
    assert await _limit(town) == before == "25 10:00:01"
    await town.until("10:01")
    assert (await town.verdicts())["minor_completion"] == "missed"
    assert [case.source for case in await cases_of(town)] == ["missed_deadline"]


async def test_reading_14_a_later_time_counts_once_the_owner_says_it_is_his(
    town: Town, owner: Actor, wang: Actor
) -> None:
    await appointed(town)
    await agreed(town, wang, owner)
    await _waits(wang, "等业主")
    assert await _limit(town) == "25 10:00:01"
    assert "王建国 说您希望改到 明天 11月25日 周三 14:00 再继续，对吗" in await owner.hears()
    await owner.presses("是，改到这个时间")
    order = await town.order()
    assert (order.state, order.owner_deferred) == (OrderState.ACCEPTED, True)
    assert await _limit(town) == "25 14:40:01"  # the end of the visit of forty minutes
    await town.until("14:00")
    await wang.presses("已到达")
    await wang.presses("已说明内容和价格")
    await wang.presses("¥40")
    await owner.presses("同意报价")
    await finishes(wang)
    verdicts = await town.verdicts()
    assert (verdicts["punctuality"], verdicts["minor_completion"]) == ("met", "met")
    assert await cases_of(town) == []


async def test_an_owner_who_did_not_ask_for_it_says_so(
    town: Town, owner: Actor, wang: Actor, cs: Actor
) -> None:
    await appointed(town)
    await agreed(town, wang, owner)
    await _waits(wang, "等业主")
    await hush(wang, cs)
    await owner.presses("不是，请尽快")
    assert "业主说没有要求改时间" in await wang.hears()
    assert "业主说没有要求改时间" in await cs.hears()
    order = await town.order()
    assert (order.state, order.owner_deferred) == (OrderState.ACCEPTED, False)
    assert await _limit(town) == "25 10:00:01"


async def test_an_old_question_confirms_nothing(town: Town, owner: Actor, wang: Actor) -> None:
    await appointed(town)
    await agreed(town, wang, owner)
    await _waits(wang, "等业主")
    found = owner.button("是，改到这个时间")
    assert found is not None
    await wang.presses("再等")
    await wang.types("周五上午10点")
    await owner.presses_data(found[1].data)
    assert (await town.order()).state is OrderState.HELD
    assert not (await town.order()).owner_deferred
    await owner.presses("是，改到这个时间")
    assert (await town.order()).appointed_at is not None
    assert await _limit(town) == "27 10:40:01"


async def test_when_the_date_comes_technician_and_desk_are_asked(
    town: Town, owner: Actor, wang: Actor, cs: Actor
) -> None:
    await appointed(town)
    await agreed(town, wang, owner)
    await _waits(wang, "等配件", "后天")
    await town.until("10:30")
    await hush(wang, cs)
    order = await town.order()
    assert order.held_until is not None
    await town.until(order.held_until)
    assert "等待到期了" in await wang.hears()
    assert "等待到期了：王建国 等配件" in await cs.hears()
    town.restarts()
    await town.passes(hours=1)
    assert "等待到期了" not in await wang.hears() + await cs.hears()


async def test_a_hold_until_the_same_time_again_is_asked_about(
    town: Town, owner: Actor, wang: Actor
) -> None:
    await appointed(town)
    await agreed(town, wang, owner)
    await _waits(wang, "等配件")
    await wang.presses("再等")
    await wang.presses("明天 周三 14:00")
    await wang.presses("继续")
    await wang.presses("已到达")
    await _waits(wang, "等配件")
    await hush(wang)
    await town.until("14:00")
    assert (await wang.hears()).count("等待到期了") == 1


async def test_a_hold_that_went_on_is_not_asked_about(
    town: Town, owner: Actor, wang: Actor, cs: Actor
) -> None:
    await appointed(town)
    await agreed(town, wang, owner)
    await _waits(wang, "等配件")
    await wang.presses("继续")
    await hush(wang, cs)
    await town.until("14:00")
    assert "等待到期了" not in await wang.hears() + await cs.hears()


async def test_pauses_are_read_from_the_history(town: Town, owner: Actor, wang: Actor) -> None:
    await appointed(town)
    await agreed(town, wang, owner)
    began = town.clock.now()
    await _waits(wang, "等配件")
    await town.passes(hours=2)
    await wang.presses("再等")
    await wang.presses("明天 周三 09:00")
    await town.passes(hours=1)
    await wang.presses("继续")
    lines = await town.look(lambda connection: happenings(Desk(connection, began), 1))
    first, second = pauses(lines)
    assert (first.since, first.ended_at) == (began, began + timedelta(hours=2))
    assert (second.since, second.ended_at) == (first.ended_at, began + timedelta(hours=3))
    assert (first.reason, second.reason) == ("parts", "parts")


async def test_a_held_job_may_be_moved_cancelled_or_given_to_another(
    town: Town, owner: Actor, wang: Actor, li: Actor, cs: Actor
) -> None:
    await appointed(town)
    await agreed(town, wang, owner)
    await _waits(wang, "等配件")
    await cs.presses_data("desk.assign_to|1|2")
    order = await town.order()
    assert (order.state, order.held_for) == (OrderState.WAITING, None)
    await li.presses("接单")
    assert (await town.order()).technician_id == 2


async def test_the_desk_goes_on_with_a_held_job(
    town: Town, owner: Actor, wang: Actor, cs: Actor
) -> None:
    await appointed(town)
    await agreed(town, wang, owner)
    await _waits(wang, "等配件")
    await hush(wang)
    await cs.presses_data("desk.order|1")
    assert "暂停（等配件）" in cs.newest().text
    await cs.presses("继续")
    assert (await town.order()).state is OrderState.ACCEPTED
    assert wang.sees("出发")


@pytest.mark.parametrize("typed", ["昨天10点", "不知道", "2020-01-01", "2099-01-01"])
async def test_a_hold_needs_a_time_to_come(
    town: Town, owner: Actor, wang: Actor, typed: str
) -> None:
    await appointed(town)
    await agreed(town, wang, owner)
    await wang.presses("需再次上门")
    await wang.presses("等配件")
    await wang.types(typed)
    assert (await town.order()).state is OrderState.AGREED


async def test_nobody_else_holds_or_goes_on(
    town: Town, owner: Actor, wang: Actor, li: Actor, neighbour: Actor
) -> None:
    await appointed(town)
    await agreed(town, wang, owner)
    for actor in (li, neighbour, owner):
        await actor.presses_data("hold.start|1|parts")
    assert (await town.order()).state is OrderState.AGREED
    await _waits(wang, "等业主")
    second = int((await town.order()).held_until.timestamp())  # type: ignore[union-attr]
    for actor in (neighbour, li, wang):
        await actor.presses_data(f"hold.yes|1|{second}")
    for actor in (neighbour, li):
        await actor.presses_data("hold.over|1")
    assert (await town.order()).state is OrderState.HELD


async def test_the_two_reasons_are_all_there_are(town: Town, owner: Actor, wang: Actor) -> None:
    await appointed(town)
    await agreed(town, wang, owner)
    await wang.presses_data("hold.start|1|weather")
    assert "hold" not in " ".join(await town.history())
    assert (await town.order()).state is OrderState.AGREED


async def test_3_11_a_superior_who_goes_on_with_a_job_gets_the_card_of_a_superior(
    town: Town, owner: Actor, wang: Actor, supervisor: Actor
) -> None:
    """The customer's number is customer service's alone, whichever button brought the card."""
    await appointed(town)
    await agreed(town, wang, owner)
    await _waits(wang, "等配件")
    await supervisor.presses_data("hold.over|1")
    assert "状态：已接单" in supervisor.newest().text
    assert "派单" in supervisor.buttons()
    assert "查看业主电话" not in supervisor.buttons()


async def test_a_held_job_that_is_called_off_waits_for_nothing(
    town: Town, owner: Actor, wang: Actor, cs: Actor
) -> None:
    await appointed(town)
    await agreed(town, wang, owner)
    await _waits(wang, "等配件")
    await cs.presses_data("desk.cancel_now|1|owner")
    await cs.presses_data("desk.order|1")
    assert "已取消" in cs.newest().text
    assert "等到" not in cs.newest().text
    await owner.presses_data("order.show|1")
    assert "等到" not in owner.newest().text


async def _handled(owner: Actor, technician: Actor) -> None:
    """An emergency on site and begun."""
    await urgent(owner)
    await technician.presses("接单")
    await technician.presses("已到达")
    await technician.presses("开始处理")


async def test_reading_14_a_handled_emergency_that_waits_for_its_owner_has_no_24_hours(
    town: Town, owner: Actor, wang: Actor, cs: Actor, head: Actor
) -> None:
    await _handled(owner, wang)
    await _waits(wang, "等业主", "明天 周三 14:00")
    await owner.presses("是，改到这个时间")
    await hush(wang, cs, head)
    await town.until("09:00")  # past 18 and 22 hours of the report
    assert "小修" not in await cs.hears() + await head.hears()
    assert await town.look(_minor_deadlines) == 0


def _minor_deadlines(connection: Connection) -> int:
    rows = select(func.count()).where(deadlines.c.kind.like("minor_completion%"))
    return connection.execute(rows).scalar_one()


async def test_3_5_the_next_visit_of_a_handled_emergency_is_given_back_like_any_visit(
    town: Town, owner: Actor, wang: Actor, li: Actor, cs: Actor, supervisor: Actor
) -> None:
    """It has a time: nobody is called at once, and no supervisor after three minutes."""
    await _handled(owner, wang)
    await _waits(wang, "等业主", "明天 周三 14:00")
    await owner.presses("是，改到这个时间")
    await wang.presses("转单")
    await wang.presses("赶不过来")
    await town.passes(minutes=6)
    assert supervisor.screen == []
    assert not li.sees("接单")
    await cs.presses_data("board.waiting")
    assert "已超时" not in cs.newest().text
    assert "14:00" in cs.newest().text
    await cs.presses_data("desk.assign_to|1|2")
    await hush(owner)
    await li.presses("接单")
    assert "正在赶来" not in await owner.hears()


async def test_the_desk_agrees_on_the_next_visit_of_a_handled_emergency(
    town: Town, owner: Actor, wang: Actor, cs: Actor
) -> None:
    """需再次上门: it was an emergency, and stays one; 改约 leads somewhere (reading 11)."""
    await _handled(owner, wang)
    await wang.presses("需再次上门")
    await wang.presses("时间不够")
    await cs.presses_data("desk.order|1")
    assert "转为普通维修" not in cs.buttons()
    await cs.presses("改约")
    await cs.types("后天上午10点")
    await cs.presses("确认")
    await owner.presses("同意改约")
    assert (await town.order()).appointed_at is not None
    await cs.presses_data("desk.downgrade|1")
    assert (await town.order()).kind is OrderKind.EMERGENCY
    assert (await town.verdicts())["emergency_arrival"] == "met"
