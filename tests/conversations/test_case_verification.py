"""From the correction to the end (§3.4): corrective action, verification by another, closing."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, update

from services import cases
from services.rules.grades import CaseSource, heads_told_by, plan_by
from services.rules.workdays import PLAIN_WEEKS
from storage.records import CaseState, DeadlineState, Role
from storage.tables import cases as case_rows
from storage.tables import deadlines, staff
from tests.conversation import Actor, Town, on_one_database
from tests.conversations.after_work import case_history, finished, quiet, under_way
from tests.conversations.case_work import (
    acted,
    acts,
    case_now,
    corrected,
    dissatisfied,
    fails,
    known,
    opens,
)
from tests.conversations.conftest import WECOM
from tests.conversations.reach import has_not_written_for_long

on_postgresql = pytest.mark.parametrize("town_url", [WECOM], indirect=True)
"""Two at once wait for each other's rows there alone."""

WEEK = timedelta(days=7)


async def has_roles(town: Town, name: str, *roles: Role) -> None:
    """Somebody of the staff holds these roles from now on."""

    def unit(connection: Connection) -> None:
        connection.execute(update(staff).where(staff.c.name == name).values(roles=roles))

    await town.change(unit)


async def later(town: Town, at: datetime) -> None:
    """It is that time, and what is due by then happens now."""
    town.clock.at = at
    await town.fires()


async def test_3_4_corrected_told_verified_by_somebody_else_and_closed(
    town: Town, owner: Actor, wang: Actor, cs: Actor, supervisor: Actor
) -> None:
    await dissatisfied(owner, wang)
    await corrected(cs)
    assert "解决了吗" in await owner.hears()
    await supervisor.presses_data("board.todo")
    assert "验证" in supervisor.newest().text
    await supervisor.presses("不合格 C")
    await quiet(cs, owner)
    await supervisor.presses("有效")
    case = await case_now(town)
    assert (case.state, case.effective, case.settled) == (CaseState.CLOSED, True, None)
    assert case.closed_at == case.verified_at == town.clock.now()
    heard = await cs.hears()
    assert "钱进 在" in heard
    assert "验证：有效" in heard
    assert "关闭" in heard
    assert await owner.hears() == ""
    steps = ["opened", "taken", "corrected", "told", "verified", "closed"]
    assert await case_history(town) == steps
    await supervisor.presses_data("board.todo")
    assert "待办都办完了" in supervisor.newest().text


@on_one_database
async def test_3_4_not_closed_before_the_customer_has_been_told(
    town: Town, owner: Actor, wang: Actor, cs: Actor, cs2: Actor, supervisor: Actor
) -> None:
    await dissatisfied(owner, wang)
    await has_not_written_for_long(town, "owner")
    await corrected(cs)
    await supervisor.presses_data("case.verify|1")
    assert (await case_now(town)).state is CaseState.VERIFIED
    assert "关闭" not in supervisor.newest().text
    await cs2.presses_data("case.show|1")  # whoever of the desk makes the call
    await cs2.presses("已告知：已解决")
    case = await case_now(town)
    assert (case.state, case.settled) == (CaseState.CLOSED, True)
    assert case.customer_told_at == case.settled_at == town.clock.now()
    assert "业主说已解决" in cs2.newest().text


@on_one_database
async def test_3_4_a_failed_verification_reopens_one_grade_higher(
    town: Town, owner: Actor, wang: Actor, cs: Actor, supervisor: Actor, head: Actor
) -> None:
    await dissatisfied(owner, wang)
    await corrected(cs)
    await town.passes(hours=3)
    await quiet(cs, head, owner)
    await supervisor.presses_data("case.show|1")
    await supervisor.presses("无效")
    await supervisor.types("接口还在滴水")
    case = await case_now(town)
    assert (case.state, case.grade) == (CaseState.OPENED, "serious")
    assert case.correct_by == town.clock.now() + timedelta(hours=72)
    assert case.verify_by == town.clock.now() + WEEK
    assert (case.verified_at, case.customer_told_at, case.correction) == (None, None, "")
    assert case.action_due is not None  # a serious one always asks for it
    for one in (cs, head):
        assert "钱进 验证无效：接口还在滴水" in await one.hears()
    assert await owner.hears() == ""  # until there is another result
    await owner.presses_data("settle.no|1")
    assert "正在处理" in await owner.hears()
    assert (await case_history(town)).count("reopened") == 1
    await corrected(cs, "换了接口")
    assert "换了接口" in await owner.hears()


@pytest.mark.parametrize(
    ("source", "grades"),
    [
        (CaseSource.INTERNAL_SLIP, ("minor", "general", "serious", "serious")),
        (CaseSource.LATE_ARRIVAL, ("general", "serious", "serious", "serious")),
    ],
)
@on_one_database
async def test_3_4_each_failure_is_one_grade_and_serious_stays_serious(
    town: Town,
    owner: Actor,
    wang: Actor,
    cs: Actor,
    business: Actor,
    source: CaseSource,
    grades: tuple[str, ...],
) -> None:
    await under_way(owner, wang)
    await opens(town, source)
    for grade in grades[:-1]:
        assert (await case_now(town)).grade == grade
        await corrected(cs)
        await acted(cs)
        await fails(business, "没有用")
    assert (await case_now(town)).grade == grades[-1]


# Who verifies


@on_one_database
async def test_3_4_a_serious_case_is_verified_by_the_business_department_alone(
    town: Town, owner: Actor, wang: Actor, cs: Actor, head: Actor, business: Actor
) -> None:
    await under_way(owner, wang)
    await opens(town, CaseSource.INJURY)
    await corrected(cs)
    await acted(cs)
    for other in (cs, head):
        await quiet(other)
        for press in ("case.verify|1", "case.fail|1"):
            await other.presses_data(press)
            assert "严重不合格，由业务管理部验证" in await other.hears()
    await business.presses_data("board.todo")
    await business.presses("不合格 C")
    await business.presses("有效")
    assert (await case_now(town)).state is CaseState.CLOSED


@on_one_database
async def test_3_4_the_verifier_is_never_who_dealt_with_it(
    town: Town, owner: Actor, wang: Actor, cs: Actor, supervisor: Actor, head: Actor
) -> None:
    await dissatisfied(owner, wang)
    await cs.presses_data("case.take|1")
    await supervisor.presses_data("case.correct|1")  # for the agent who has it
    await supervisor.presses("道歉说明")
    await supervisor.types("已当面道歉")
    assert not supervisor.sees("有效")
    await supervisor.presses_data("case.verify|1")
    assert "您经手的" in await supervisor.hears()
    await supervisor.presses_data("board.todo")
    assert "待办都办完了" in supervisor.newest().text
    await head.presses_data("case.verify|1")
    assert (await case_now(town)).state is CaseState.CLOSED


@on_one_database
@pytest.mark.parametrize("handed_on", [False, True])
async def test_3_4_the_verifier_is_never_the_person_at_fault(
    town: Town, owner: Actor, wang: Actor, li: Actor, cs: Actor, handed_on: bool
) -> None:
    await has_roles(town, "王建国", Role.TECHNICIAN, Role.SUPERVISOR)
    if handed_on:
        await under_way(owner, wang)
        await wang.presses_data("order.transfer_for|1|busy")
        await li.presses("接单")
        await opens(town, CaseSource.LATE_ARRIVAL)
    else:
        await dissatisfied(owner, wang)
    await corrected(cs)
    await quiet(wang)
    await wang.presses_data("case.verify|1")
    assert "您经手的" in await wang.hears()
    assert (await case_now(town)).state is CaseState.CORRECTED


@on_one_database
async def test_3_4_verified_once_and_only_what_is_corrected(
    town: Town, owner: Actor, wang: Actor, cs: Actor, supervisor: Actor, head: Actor
) -> None:
    await dissatisfied(owner, wang)
    await quiet(supervisor)
    await supervisor.presses_data("case.verify|1")
    assert "还没有处理完" in await supervisor.hears()
    await corrected(cs)
    await cs.presses_data("case.verify|1")
    assert "由主管" in await cs.hears()
    await supervisor.presses_data("case.verify|1")
    for press in ("case.verify|1", "case.fail|1"):
        await quiet(head)
        await head.presses_data(press)
        assert "已由 钱进 在" in await head.hears()
    assert (await case_history(town)).count("verified") == 1


# Cause and corrective action


@on_one_database
async def test_3_4_a_serious_case_asks_for_cause_and_action_before_it_is_verified(
    town: Town, owner: Actor, wang: Actor, cs: Actor, cs2: Actor, business: Actor
) -> None:
    await under_way(owner, wang)
    case = await opens(town, CaseSource.INJURY)
    assert case.action_due == plan_by(case.opened_at, town.clock.local().tzinfo, PLAIN_WEEKS)  # type: ignore[arg-type]
    await cs.presses_data("case.action|1")
    assert "请先接手" in await cs.hears()
    await corrected(cs)
    assert cs.sees("记录原因和纠正措施")
    await business.presses_data("case.show|1")
    assert not business.sees("有效")
    await business.presses_data("case.verify|1")
    assert "要先记录原因和纠正措施" in await business.hears()
    await quiet(cs2)
    await cs2.presses_data("case.action|1")
    assert "已由 陈静" in await cs2.hears()
    await acted(cs)
    assert "原因：接口没有试压" in cs.says()
    await cs.presses_data("case.action|1")
    assert "没有要记录的纠正措施" in await cs.hears()
    await business.presses_data("case.show|1")
    await business.presses("有效")
    case = await case_now(town)
    assert case.state is CaseState.CLOSED
    assert (case.cause, case.action_at) == ("接口没有试压", town.clock.now())


@on_one_database
async def test_3_4_the_second_of_a_type_in_a_month_asks_for_an_action_and_names_both(
    town: Town, owner: Actor, neighbour: Actor, wang: Actor, supervisor: Actor
) -> None:
    for one in (owner, neighbour):
        await one.presses_data("urgent.report|burst_pipe|0")
    other_type = await opens(town, CaseSource.LOSS)
    first = await opens(town, CaseSource.LATE_ARRIVAL)
    await quiet(supervisor)
    second = await opens(town, CaseSource.LATE_ARRIVAL, order_id=2)
    assert second.action_due is not None
    heard = await supervisor.hears()
    assert f"上一起 {first.number}，这一起 {second.number}" in heard
    assert "须记录原因和纠正措施" in heard
    for one in (other_type, first):  # what was opened before goes its way
        assert (await case_now(town, one.id)).action_due is None


@on_one_database
async def test_3_4_another_month_counts_from_one_by_the_centres_clock(
    town: Town, owner: Actor, neighbour: Actor
) -> None:
    for one in (owner, neighbour):
        await one.presses_data("urgent.report|burst_pipe|0")
    town.clock.step(timedelta(days=6, hours=13, minutes=59))  # 23:59 of the 30th
    assert (await opens(town, CaseSource.LATE_ARRIVAL)).action_due is None
    town.clock.step(timedelta(minutes=1))
    assert (await opens(town, CaseSource.LATE_ARRIVAL, order_id=2)).action_due is None


@on_one_database
async def test_3_4_an_action_that_is_overdue_is_told_to_the_head_once_in_staff_hours(
    town: Town, owner: Actor, wang: Actor, cs: Actor, head: Actor, business: Actor
) -> None:
    await under_way(owner, wang)
    case = await opens(town, CaseSource.INJURY)
    await corrected(cs)
    assert case.action_due is not None
    await later(town, case.action_due - timedelta(minutes=1))
    await quiet(head, business)
    await head.presses_data("board.todo")
    assert "纠正措施" not in head.newest().text
    await quiet(head)
    await later(town, case.action_due)  # midnight
    assert await head.hears() == ""
    await town.until("08:30")
    assert "到期还没有记录原因和纠正措施" in await head.hears()
    await later(town, town.clock.now() + timedelta(hours=24))
    assert "到期还没有记录" not in await head.hears()
    assert "到期还没有记录" not in await business.hears()
    await head.presses_data("board.todo")
    assert "记录原因和纠正措施" in head.newest().text


# When nobody verifies, or corrects


@on_one_database
async def test_3_4_a_verification_that_is_overdue_is_told_one_rung_up(
    town: Town, owner: Actor, wang: Actor, cs: Actor, head: Actor, business: Actor
) -> None:
    await dissatisfied(owner, wang)
    opened = await case_now(town)
    await corrected(cs)
    assert opened.verify_by is not None
    await later(town, opened.verify_by - timedelta(minutes=1))
    await quiet(head, business)
    await business.presses_data("board.todo")
    assert "待办都办完了" in await business.hears()
    await later(town, town.clock.now() + timedelta(minutes=1))
    assert "到期还没有验证" in await head.hears()
    assert await business.hears() == ""
    await later(town, town.clock.now() + timedelta(hours=24))
    assert await head.hears() == ""
    await business.presses_data("board.todo")  # so that it never waits for somebody who is gone
    assert "验证" in business.newest().text


@on_one_database
async def test_3_4_a_serious_verification_is_told_business_and_head_by_night_too(
    town: Town, owner: Actor, wang: Actor, cs: Actor, head: Actor, business: Actor
) -> None:
    await finished(owner, wang)
    await town.until("23:30")
    case = await opens(town, CaseSource.INJURY)
    await town.until("09:00")
    await corrected(cs)
    await acted(cs)
    assert case.verify_by is not None
    await later(town, case.verify_by - timedelta(minutes=1))
    await quiet(head, business)
    await later(town, town.clock.now() + timedelta(minutes=1))
    for one in (head, business):
        assert "到期还没有验证" in await one.hears()


@on_one_database
async def test_3_4_what_was_corrected_too_late_is_verified_within_a_day(
    town: Town, owner: Actor, wang: Actor, cs: Actor, head: Actor
) -> None:
    await dissatisfied(owner, wang)
    town.clock.step(WEEK + timedelta(hours=1))
    await town.fires()
    await corrected(cs)
    await quiet(head)
    await later(town, town.clock.now() + timedelta(hours=23, minutes=59))
    assert await head.hears() == ""
    await later(town, town.clock.now() + timedelta(minutes=1))
    assert "到期还没有验证" in await head.hears()


@on_one_database
async def test_3_4_head_and_business_department_hear_of_a_serious_case_within_two_hours(
    town: Town, owner: Actor, wang: Actor, head: Actor, business: Actor
) -> None:
    await under_way(owner, wang)
    await quiet(head, business)
    case = await opens(town, CaseSource.INJURY)
    by = heads_told_by(case.grade, case.opened_at)  # type: ignore[arg-type]
    assert by is not None
    assert town.clock.now() <= by
    for one in (head, business):
        assert "有人受伤" in await one.hears()


@on_one_database
async def test_3_5_a_serious_case_is_alarmed_after_a_day_and_at_its_own_time(
    town: Town, owner: Actor, wang: Actor, cs: Actor, head: Actor, business: Actor
) -> None:
    await finished(owner, wang)
    case = await opens(town, CaseSource.INJURY)
    await cs.presses_data("case.take|1")
    await quiet(head, business)
    await later(town, case.opened_at + timedelta(hours=24))
    assert "报业务管理部" in await business.hears()
    assert "不合格" not in await head.hears()
    await later(town, case.correct_by - timedelta(minutes=1))
    assert "已超过处理时限" not in await business.hears() + await head.hears()
    await later(town, case.correct_by)
    for one in (head, business):
        assert "已超过处理时限" in await one.hears()


@on_one_database
async def test_3_4_a_minor_case_is_corrected_the_same_day_or_the_head_hears_of_it(
    town: Town, owner: Actor, wang: Actor, cs: Actor, head: Actor
) -> None:
    await under_way(owner, wang)
    case = await opens(town, CaseSource.INTERNAL_SLIP)
    await cs.presses_data("case.take|1")
    await town.until(case.correct_by)
    await quiet(head)
    await town.until("08:30")
    assert "已超过处理时限" in await head.hears()


@on_one_database
async def test_3_4_what_was_due_before_it_was_opened_anew_is_due_no_more(
    town: Town, owner: Actor, wang: Actor, cs: Actor, supervisor: Actor, head: Actor
) -> None:
    await dissatisfied(owner, wang)
    due = (await case_now(town)).verify_by
    assert due is not None
    await corrected(cs)
    town.clock.at = due - timedelta(hours=2)
    await fails(supervisor, "还在滴水")
    await corrected(cs)
    await acted(cs)
    await quiet(head)
    await later(town, due + timedelta(hours=1))
    assert await head.hears() == ""


@on_postgresql
async def test_3_4_verified_in_the_very_moment_in_which_it_is_found_unsettled_it_is_open(
    town: Town, owner: Actor, wang: Actor, cs: Actor, supervisor: Actor
) -> None:
    await dissatisfied(owner, wang)
    await corrected(cs)
    await asyncio.gather(
        supervisor.presses_data("case.verify|1"), owner.presses_data("settle.no|1")
    )
    case = await case_now(town)
    assert (case.state, case.grade, case.verified_at) == (CaseState.OPENED, "serious", None)
    assert (await case_history(town))[-2:] == ["reopened", "action_asked"]


# What was open before there was a verification


@on_one_database
async def test_a_case_corrected_before_the_upgrade_waits_for_its_verification(
    town: Town, owner: Actor, wang: Actor, cs: Actor, supervisor: Actor
) -> None:
    await dissatisfied(owner, wang)
    await corrected(cs)

    def as_it_was(connection: Connection) -> None:
        gone = update(deadlines).where(deadlines.c.kind == "case.unverified")
        connection.execute(gone.values(state=DeadlineState.DROPPED))
        connection.execute(update(case_rows).values(person_id=None, room_id=None))

    await town.change(as_it_was)
    town.clock.step(timedelta(days=8))
    await owner.presses_data("settle.yes|1")
    assert "谢谢" in await owner.hears()
    await supervisor.presses_data("board.todo")
    await supervisor.presses("不合格 C")
    await supervisor.presses("有效")
    case = await case_now(town)
    assert (case.state, case.settled) == (CaseState.CLOSED, True)


@on_one_database
async def test_5_1_3_a_closed_case_that_comes_again_is_serious(
    town: Town, owner: Actor, wang: Actor, cs: Actor, supervisor: Actor, business: Actor
) -> None:
    await dissatisfied(owner, wang)
    await corrected(cs)
    await supervisor.presses_data("case.verify|1")
    await quiet(business)
    town.clock.step(timedelta(days=20))
    again = await opens(town, CaseSource.DISSATISFIED, "回访时说又漏了")
    assert (again.id, again.state, again.grade) == (1, CaseState.OPENED, "serious")
    assert (again.closed_at, again.verified_at, again.effective) == (None, None, None)
    assert "回访时说又漏了" in await business.hears()
    await acts(town, lambda desk: cases.take(desk, 1, known(desk, "cs")))
    assert (await case_now(town)).state is CaseState.TAKEN


@on_one_database
async def test_5_4_2_a_customer_whom_nobody_has_called_in_a_day_is_told_higher_up(
    town: Town, owner: Actor, wang: Actor, cs: Actor, supervisor: Actor, head: Actor
) -> None:
    await dissatisfied(owner, wang)
    await has_not_written_for_long(town, "owner")
    await corrected(cs)
    await supervisor.presses_data("case.verify|1")  # that is no call
    await quiet(head)
    await later(town, town.clock.now() + timedelta(hours=23, minutes=59))
    assert await head.hears() == ""
    await later(town, town.clock.now() + timedelta(minutes=1))
    assert "还没有人打电话告知" in await head.hears()
    await head.presses("查看")
    await head.presses("已告知：没表态")
    assert (await case_now(town)).state is CaseState.CLOSED


@on_one_database
async def test_5_4_2_whoever_has_been_called_in_time_is_not_told_of(
    town: Town, owner: Actor, wang: Actor, cs: Actor, head: Actor
) -> None:
    await dissatisfied(owner, wang)
    await has_not_written_for_long(town, "owner")
    await corrected(cs)
    await cs.presses("已告知：没表态")
    await quiet(head)
    await later(town, town.clock.now() + timedelta(hours=30))
    assert await head.hears() == ""
