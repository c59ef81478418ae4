"""The customer and their case (§5.4.2): told the result, and asked whether it is settled."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import Connection, insert

from bot.event import Loss, Lost
from services.desk import Desk
from services.rules.grades import CaseSource
from services.visits import record as visits
from storage import visits as visit_store
from storage.records import Case, CaseState, Visit, VisitSource, VisitState
from storage.tables import agreements
from tests.conversation import Actor, Town, on_one_database
from tests.conversations.after_work import case_history, quiet, under_way
from tests.conversations.case_work import acts, case_now, corrected, dissatisfied, known, opens
from tests.conversations.reach import has_left, to_be_phoned


@on_one_database
async def test_5_4_2_the_customer_is_asked_and_says_that_it_is_settled(
    town: Town, owner: Actor, wang: Actor, cs: Actor
) -> None:
    await dissatisfied(owner, wang)
    await corrected(cs)
    await quiet(cs)
    await owner.presses("已解决")
    assert "谢谢" in await owner.hears()
    assert "业主说已解决" in await cs.hears()
    case = await case_now(town)
    assert (case.state, case.settled) == (CaseState.CORRECTED, True)  # it is not verified yet
    assert case.settled_at == town.clock.now()
    await owner.presses_data("settle.yes|1")
    assert (await case_history(town)).count("settled") == 1


async def test_3_4_not_settled_is_a_second_dissatisfied_answer(
    town: Town, owner: Actor, wang: Actor, cs: Actor, head: Actor, business: Actor
) -> None:
    await dissatisfied(owner, wang)
    await corrected(cs)
    await quiet(owner, cs, head, business)
    await owner.presses("没解决")
    assert "对不起" in await owner.hears()
    case = await case_now(town)
    assert (case.state, case.grade) == (CaseState.OPENED, "serious")
    assert (case.settled, case.customer_told_at) == (None, None)
    for one in (cs, head, business):
        assert "业主说没解决" in await one.hears()
    assert cs.sees("我来处理")
    await owner.presses_data("settle.no|1")  # once more says nothing new
    assert "正在处理" in await owner.hears()
    assert (await case_history(town)).count("unsettled") == 1


@on_one_database
async def test_3_4_not_settled_opens_even_a_closed_case_anew(
    town: Town, owner: Actor, wang: Actor, cs: Actor, supervisor: Actor
) -> None:
    await dissatisfied(owner, wang)
    await corrected(cs)
    await owner.presses("已解决")
    await supervisor.presses_data("case.verify|1")
    assert (await case_now(town)).state is CaseState.CLOSED
    await town.passes(hours=30)
    await owner.presses_data("settle.no|1")
    case = await case_now(town)
    assert (case.state, case.grade) == (CaseState.OPENED, "serious")


@on_one_database
@pytest.mark.parametrize("key", ["neighbour", "moved_out", "cs", "wang", "stranger"])
async def test_5_4_2_nobody_answers_for_the_household(
    town: Town, owner: Actor, wang: Actor, cs: Actor, key: str
) -> None:
    await dissatisfied(owner, wang)
    await corrected(cs)
    other = town.actor(key)
    for press in ("settle.yes|1", "settle.no|1"):
        await quiet(other)
        await other.presses_data(press)
        assert "不归您办理" in await other.hears()
    assert (await case_now(town)).settled is None


@pytest.mark.parametrize(
    ("label", "state", "settled"),
    [
        ("已告知：已解决", CaseState.CORRECTED, True),
        ("已告知：没表态", CaseState.CORRECTED, None),
        ("已告知：没解决", CaseState.OPENED, None),
    ],
)
@on_one_database
async def test_5_4_2_told_by_telephone_with_what_the_customer_says(
    town: Town,
    owner: Actor,
    wang: Actor,
    cs: Actor,
    label: str,
    state: CaseState,
    settled: bool | None,
) -> None:
    await dissatisfied(owner, wang)
    await has_left(town, "owner")
    await corrected(cs)
    await cs.presses(label)
    case = await case_now(town)
    assert (case.state, case.settled) == (state, settled)
    assert (await case_history(town)).count("told") == 1
    assert (case.grade == "serious") is (label == "已告知：没解决")


async def test_5_4_2_a_result_that_came_back_was_not_told_and_holds_up_the_end(
    town: Town, owner: Actor, wang: Actor, cs: Actor, supervisor: Actor
) -> None:
    await dissatisfied(owner, wang)
    await corrected(cs)
    lost = Lost(owner.newest().ref, Loss.OTHER)
    await supervisor.presses_data("case.verify|1")
    assert (await case_now(town)).state is CaseState.CLOSED
    await town.passes(minutes=1)
    await owner.does(lost)
    await town.fires()
    case = await case_now(town)
    assert (case.state, case.customer_told_at, case.closed_at) == (CaseState.VERIFIED, None, None)
    assert await to_be_phoned(town) == []
    await cs.presses_data("board.todo")
    assert "请电话告知业主" in cs.newest().text
    await cs.presses("不合格 C")
    await cs.presses("已告知：已解决")
    assert (await case_now(town)).state is CaseState.CLOSED


@on_one_database
async def test_5_4_2_who_answers_a_result_that_seemed_lost_has_read_it(
    town: Town, owner: Actor, wang: Actor, cs: Actor
) -> None:
    await dissatisfied(owner, wang)
    for words, label in (("补了一遍", "没解决"), ("换了新的", "已解决")):
        await corrected(cs, words)
        await owner.does(Lost(owner.newest().ref, Loss.OTHER))
        await town.fires()
        assert (await case_now(town)).customer_told_at is None
        await town.passes(minutes=1)
        await owner.presses(label)
    assert (await case_now(town)).settled


@on_one_database
async def test_5_4_2_whoever_says_it_is_not_settled_may_say_why(
    town: Town, owner: Actor, neighbour: Actor, wang: Actor, cs: Actor
) -> None:
    await dissatisfied(owner, wang)
    await owner.presses_data("settle.why|1")
    assert "没有要补充的" in await owner.hears()
    await corrected(cs)
    await owner.presses("没解决")
    await quiet(cs)
    await owner.presses("说说哪里没解决")
    await owner.types("阀门还在漏水")
    assert "已转给处理的人" in owner.says()
    assert "业主原话：阀门还在漏水" in await cs.hears()
    await neighbour.presses_data("settle.why|1")
    assert "不归您办理" in await neighbour.hears()
    await corrected(cs)
    await quiet(owner)
    await owner.presses_data("settle.why|1")
    assert "没有要补充的" in await owner.hears()


@on_one_database
async def test_5_4_2_who_reported_nothing_hears_what_it_is_about(
    town: Town, owner: Actor, wang: Actor, cs: Actor
) -> None:
    await under_way(owner, wang)
    await opens(town, CaseSource.LATE_ARRIVAL)
    await quiet(owner)
    await corrected(cs, "已道歉")
    heard = await owner.hears()
    assert "我们上门迟到的事，客服 陈静 正在跟进" in heard
    assert "我们上门迟到的事处理好了" in heard
    assert "您反映的问题" not in heard


# A home that was visited for an agreement, under which no order is on record


async def visited(town: Town, worker: str = "zhao") -> Case:
    """The owner's home has an agreement, and is dissatisfied with it: case 1."""

    def unit(desk: Desk) -> Case:
        room_id = _home_of(desk)
        today = town.clock.local().date()
        made = desk.connection.execute(
            insert(agreements).returning(agreements.c.id),
            {
                "number": "XY-1",
                "centre_id": 1,
                "room_id": room_id,
                "item_id": 1,
                "worker_id": known(desk, worker).id,
                "signed_on": today,
                "starts_on": today,
                "ends_on": today.replace(year=today.year + 1),
            },
        )
        blank = Visit(0, 1, room_id, VisitSource.QUARTERLY, VisitState.TASK, desk.now, desk.now)
        new = replace(blank, agreement_id=made.scalar_one())
        visit = visit_store.add(desk.connection, new)
        visits.answer(desk, visit, satisfied=False, by=known(desk, "cs2").id, respondent_id=None)
        [case] = _cases(desk.connection, visit.id)
        return case

    return await acts(town, unit)


def _home_of(desk: Desk) -> int:
    from storage import people

    ((_, room), *_) = people.homes_of(desk.connection, known(desk, "owner").id)
    return room.id


def _cases(connection: Connection, visit_id: int) -> list[Case]:
    from storage import cases

    return cases.of_visit(connection, visit_id)


async def test_5_4_4_a_case_about_a_home_goes_its_whole_way_without_an_order(
    town: Town, owner: Actor, neighbour: Actor, cs: Actor, supervisor: Actor
) -> None:
    await visited(town)
    assert "回访 3-1201，张伟" in await cs.hears()
    assert "服务人员：赵秀兰" in cs.says()
    await cs.presses("我来处理")
    assert "3-1201：您反映的问题，客服 陈静 正在跟进" in await owner.hears()
    await corrected(cs, "补做了一次保洁")
    assert "补做了一次保洁" in await owner.hears()
    await neighbour.presses_data("settle.no|1")
    assert "不归您办理" in await neighbour.hears()
    await owner.presses("已解决")
    await supervisor.presses_data("case.show|1")
    await supervisor.presses("有效")
    case = await case_now(town)
    assert (case.state, case.settled) == (CaseState.CLOSED, True)


@on_one_database
async def test_3_4_the_worker_of_an_agreement_does_not_verify_their_own_work(
    town: Town, cs: Actor, supervisor: Actor
) -> None:
    await visited(town, worker="supervisor")
    await corrected(cs)
    await quiet(supervisor)
    await supervisor.presses_data("case.verify|1")
    assert "您经手的" in await supervisor.hears()


@on_one_database
async def test_3_11_the_number_of_a_home_is_shown_while_there_is_a_call_to_make(
    town: Town, cs: Actor, supervisor: Actor, owner: Actor
) -> None:
    await visited(town)
    await has_left(town, "owner")
    await corrected(cs)
    assert "请打电话告知" in await cs.hears()
    await quiet(supervisor)
    await supervisor.presses_data("case.reveal|1")
    assert "不归您办理" in await supervisor.hears()
    await cs.presses("查看住户电话")
    assert "13800100001" in await cs.hears()
    assert (await case_history(town)).count("revealed") == 1
    await cs.presses_data("case.told|1")
    await quiet(cs)
    await cs.presses_data("case.reveal|1")
    assert "13800100001" not in await cs.hears()
