"""大问题 (§5.2.2, reading 15): proposed on site, approved by a superior, answered by a person."""

from __future__ import annotations

import asyncio
from functools import partial

import pytest
from sqlalchemy import Connection, update

from storage import cases, majors
from storage.records import MajorClaim, RequestState, Size
from storage.tables import orders
from tests.conversation import Actor, Town, on_one_database

pytestmark = on_one_database


NOT_YOURS = "不归您办理"
REASON = "墙内暗管锈穿，要凿墙换管"


async def _on_site(owner: Actor, wang: Actor) -> None:
    """A burst pipe (order 1), with 王建国 on site."""
    await owner.presses_data("urgent.report|burst_pipe|0")
    await wang.presses("接单")
    await wang.presses("已到达")
    await wang.presses("开始处理")


async def _proposes(owner: Actor, wang: Actor) -> None:
    await _on_site(owner, wang)
    await wang.presses("大问题")
    await wang.types(REASON)


async def _approved(owner: Actor, wang: Actor, supervisor: Actor) -> None:
    await _proposes(owner, wang)
    await supervisor.presses("同意")


async def _answers(actor: Actor) -> None:
    await actor.presses("答复业主")
    await actor.types("墙内暗管锈穿")
    await actor.types("凿墙换 PPR 管")
    await actor.types("周五上午，约 800 元")
    await actor.presses("发给业主")


async def _claims(town: Town) -> list[MajorClaim]:
    return await town.look(partial(majors.of_order, order_id=1))


async def _cases(town: Town) -> list[str]:
    found = await town.look(partial(cases.of_order, order_id=1))
    return [case.source for case in found]


async def test_5_2_2_major_proposed_approved_and_answered(
    town: Town, owner: Actor, wang: Actor, supervisor: Actor, cs: Actor
) -> None:
    await _proposes(owner, wang)
    asked = await supervisor.hears()
    assert REASON in asked
    assert "明天 11月25日 周三 10:00 前决定" in asked
    assert (await town.order()).size is Size.MINOR
    await owner.hears()
    await supervisor.presses("同意")
    assert (await town.order()).size is Size.MAJOR
    assert "由专人告诉您原因、方案和时间" in await owner.hears()
    assert "请在 11月27日 周五 10:00 前答复业主" in await wang.hears()
    assert cs.sees("答复业主")
    await _answers(wang)
    told = await owner.hears()
    for words in ("墙内暗管锈穿", "凿墙换 PPR 管", "周五上午，约 800 元", "王建国"):
        assert words in told
    verdicts = await town.verdicts()
    assert verdicts["major_response"] == "met"
    assert "minor_completion" not in verdicts  # an emergency's own clock has run
    await town.passes(hours=80)
    assert await _cases(town) == []
    history = await town.history()
    assert [step for step in history if step.startswith("major")] == [
        "major_asked",
        "major_approved",
        "major_answered",
    ]


async def test_5_2_2_major_two_superiors_decide_and_the_first_counts(
    town: Town, owner: Actor, wang: Actor, supervisor: Actor, head: Actor
) -> None:
    await _proposes(owner, wang)
    await head.presses_data("approvals.list")
    await head.presses("YH261124-001")
    assert "同意" in head.buttons()
    await supervisor.presses("同意")
    await owner.hears()
    await head.presses("驳回")
    assert "已同意（钱进" in await head.hears()
    await head.presses_data("major.approve|1")
    assert "已同意（钱进" in await head.hears()
    assert not await owner.hears()
    assert (await town.history()).count("major_approved") == 1
    assert (await town.order()).size is Size.MAJOR


async def test_5_2_2_major_two_superiors_press_at_once(
    town: Town, owner: Actor, wang: Actor, supervisor: Actor, head: Actor
) -> None:
    await _proposes(owner, wang)
    await asyncio.gather(
        supervisor.presses_data("major.approve|1"), head.presses_data("major.refuse|1")
    )
    decided = [step for step in await town.history() if step in ("major_approved", "major_refused")]
    assert len(decided) == 1
    assert ((await town.order()).size is Size.MAJOR) == (decided == ["major_approved"])


async def test_5_2_2_major_refused_stays_minor_and_may_be_proposed_again(
    town: Town, owner: Actor, wang: Actor, supervisor: Actor
) -> None:
    await _proposes(owner, wang)
    await wang.hears()
    await supervisor.presses("驳回")
    assert "已驳回" in await supervisor.hears()
    assert "钱进 驳回了" in await wang.hears()
    assert (await town.order()).size is Size.MINOR
    await wang.presses("大问题")
    await wang.types("确实要凿墙")
    assert [claim.state for claim in await _claims(town)] == [
        RequestState.REFUSED,
        RequestState.OPEN,
    ]


async def test_5_2_2_major_not_approved_within_24_hours_stays_minor(
    town: Town, owner: Actor, wang: Actor, supervisor: Actor
) -> None:
    await _proposes(owner, wang)
    await town.passes(hours=24, seconds=2)
    assert (await town.order()).size is Size.MINOR
    assert "仍是小问题" in await wang.hears()
    await supervisor.presses_data("major.approve|1")
    assert "已驳回（系统" in await supervisor.hears()
    assert (await town.order()).size is Size.MINOR
    assert (await town.history()).count("major_refused") == 1


async def test_5_2_2_major_approved_at_the_last_moment_counts(
    town: Town, owner: Actor, wang: Actor, supervisor: Actor
) -> None:
    await _proposes(owner, wang)
    await town.passes(hours=24)
    await supervisor.presses("同意")
    assert (await town.order()).size is Size.MAJOR


async def test_5_2_2_major_is_not_proposed_after_24_hours(
    town: Town, owner: Actor, wang: Actor
) -> None:
    await _on_site(owner, wang)
    await town.passes(hours=24, minutes=1)
    await wang.presses("大问题")
    assert "已超过 24 小时" in await wang.hears()
    assert await _claims(town) == []


async def test_5_2_2_major_a_form_begun_in_time_and_sent_too_late_is_refused(
    town: Town, owner: Actor, wang: Actor
) -> None:
    await _on_site(owner, wang)
    await town.passes(hours=23)
    await wang.presses("大问题")
    await town.passes(hours=2)
    await wang.types(REASON)
    assert "已超过 24 小时" in await wang.hears()
    assert await _claims(town) == []


async def test_5_2_2_major_needs_a_minor_repair_and_its_technician_on_site(
    town: Town, owner: Actor, wang: Actor, li: Actor, cs: Actor
) -> None:
    await owner.presses_data("urgent.report|burst_pipe|0")
    await wang.presses("接单")
    await wang.presses_data("major.propose|1")
    assert "只有到场后的小修可以提" in await wang.hears()
    await wang.presses("已到达")
    for actor in (li, cs, owner):
        await actor.hears()
        await actor.presses_data("major.propose|1")
        assert await actor.hears()
    assert await _claims(town) == []
    await town.change(_is_housekeeping)
    await wang.presses_data("major.propose|1")
    assert "只有到场后的小修可以提" in await wang.hears()


def _is_housekeeping(connection: Connection) -> None:
    connection.execute(update(orders).values(size=None))


async def test_5_2_2_major_is_proposed_once(town: Town, owner: Actor, wang: Actor) -> None:
    await _proposes(owner, wang)
    await wang.presses("大问题")
    assert "正在等主管决定" in await wang.hears()
    assert len(await _claims(town)) == 1


@pytest.mark.parametrize("name", ["cs", "control", "wang", "li", "owner", "far_cs", "stranger"])
async def test_5_2_2_major_only_a_superior_of_the_centre_decides(
    town: Town, owner: Actor, wang: Actor, name: str
) -> None:
    await _proposes(owner, wang)
    actor = town.actor(name)
    await actor.hears()
    for data in ("major.show|1", "major.approve|1", "major.refuse|1", "approvals.list"):
        await actor.presses_data(data)
        assert NOT_YOURS in await actor.hears(), data
    assert [claim.state for claim in await _claims(town)] == [RequestState.OPEN]


async def test_the_list_of_approvals_says_plainly_when_it_is_empty(
    owner: Actor, wang: Actor, supervisor: Actor
) -> None:
    await supervisor.commands("start")
    await supervisor.presses("待审批")
    assert "没有待审批的事项" in await supervisor.hears()
    await _proposes(owner, wang)
    await supervisor.presses("待审批")
    assert "待审批：1 件" in supervisor.newest().text


async def test_3_5_a_proposal_of_the_night_reaches_the_supervisor_in_the_morning(
    town: Town, owner: Actor, wang: Actor, supervisor: Actor
) -> None:
    await town.until("23:00")
    await _proposes(owner, wang)
    assert REASON not in await supervisor.hears()
    await town.until("08:30")
    assert REASON in await supervisor.hears()


async def test_5_2_2_major_customer_service_may_answer_too_and_nobody_else(
    town: Town, owner: Actor, wang: Actor, li: Actor, supervisor: Actor, cs: Actor, far_cs: Actor
) -> None:
    await _approved(owner, wang, supervisor)
    for actor in (li, owner, far_cs):
        await actor.hears()
        await actor.presses_data("major.answer|1")
        assert NOT_YOURS in await actor.hears()
    await _answers(cs)
    assert "凿墙换 PPR 管" in await owner.hears()
    await wang.presses("答复业主")
    assert "答复过业主" in await wang.hears()
    assert (await town.history()).count("major_answered") == 1


async def test_5_2_2_major_unanswered_stands_on_the_todo_board(
    town: Town, owner: Actor, wang: Actor, supervisor: Actor, cs: Actor
) -> None:
    await _approved(owner, wang, supervisor)
    await cs.presses_data("board.todo")
    assert "大问题 YH261124-001" in cs.newest().text
    await cs.presses("答复 YH261124-001")
    assert "原因是什么" in cs.newest().text
    await cs.presses("取消")
    await _answers(wang)
    await cs.presses_data("board.todo")
    assert "大问题" not in cs.newest().text


async def test_5_2_2_major_unanswered_after_72_hours_is_a_miss_that_stays(
    town: Town, owner: Actor, wang: Actor, supervisor: Actor, head: Actor
) -> None:
    await _approved(owner, wang, supervisor)
    await town.passes(hours=73)
    assert (await town.verdicts())["major_response"] == "missed"
    assert "missed_deadline" in await _cases(town)
    await _answers(wang)
    assert "凿墙换 PPR 管" in await owner.hears()
    assert (await town.verdicts())["major_response"] == "missed"


async def test_5_2_2_major_reclassifying_hides_no_breach(
    town: Town, owner: Actor, wang: Actor, supervisor: Actor
) -> None:
    await owner.presses_data("urgent.report|burst_pipe|0")
    await wang.presses("接单")
    await town.passes(minutes=15)
    await wang.presses("已到达")
    await wang.presses("开始处理")
    await wang.presses("大问题")
    await wang.types(REASON)
    await supervisor.presses("同意")
    assert (await town.verdicts())["emergency_arrival"] == "missed"
    assert "missed_emergency_limit" in await _cases(town)


async def test_5_2_2_major_a_caller_without_a_chat_is_read_the_answer(
    town: Town, owner: Actor, wang: Actor, supervisor: Actor, cs: Actor
) -> None:
    await _approved(owner, wang, supervisor)
    await town.change(lambda one: one.execute(update(orders).values(person_id=None)))
    await _answers(wang)
    heard = await cs.hears()
    assert "请电话念给业主听" in heard
    assert "凿墙换 PPR 管" in heard


async def test_approvals_speak_english_too(
    town: Town, owner: Actor, wang: Actor, supervisor: Actor
) -> None:
    await supervisor.presses_data("language.set|en")
    await _proposes(owner, wang)
    assert "Major issue proposed" in await supervisor.hears()
    await supervisor.presses_data("approvals.list")
    assert "Approvals waiting: 1" in await supervisor.hears()
    await supervisor.presses("Approve")
    assert (await town.order()).size is Size.MAJOR
