"""A nonconformity (§5.1.3): somebody takes it, settles it, and tells the owner what was done."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import Connection, update

from services import cases, orders
from services.desk import Desk
from services.messages import say
from services.rules.grades import CaseSource
from storage.records import CaseState
from storage.tables import staff
from tests.conversation import Actor, Town, on_one_database
from tests.conversations.after_work import (
    case_history,
    cases_of,
    finished,
    finishes,
    only_by_phone,
    quiet,
    under_way,
)
from tests.conversations.case_work import acts, corrected, dissatisfied, opens
from tests.conversations.reach import has_not_written_for_long, to_be_phoned

# Taking


async def test_the_first_of_two_agents_has_it_and_the_other_sees_who(
    town: Town, owner: Actor, wang: Actor, cs: Actor, cs2: Actor, supervisor: Actor
) -> None:
    await dissatisfied(owner, wang)
    await quiet(cs, cs2, supervisor)
    await asyncio.gather(cs.presses("我来处理"), cs2.presses("我来处理"))
    [case] = await cases_of(town)
    assert case.state is CaseState.TAKEN
    assert case.handler_id is not None
    handler = "陈静" if cs.sees("记录处理结果") else "吴敏"
    assert cs.sees("记录处理结果") != cs2.sees("记录处理结果")
    assert f"{handler} 在" in await supervisor.hears()
    assert not supervisor.sees("我来处理")
    assert (await case_history(town)).count("taken") == 1


@on_one_database
async def test_the_owner_hears_who_is_looking_after_it(
    owner: Actor, wang: Actor, cs: Actor
) -> None:
    await dissatisfied(owner, wang)
    await quiet(owner)
    await cs.presses("我来处理")
    assert "陈静 正在跟进" in await owner.hears()
    await cs.presses_data("case.take|1")
    assert await owner.hears() == ""  # a double tap says nothing twice


@on_one_database
async def test_a_late_tap_hears_who_has_it(
    town: Town, owner: Actor, wang: Actor, cs: Actor, cs2: Actor
) -> None:
    await dissatisfied(owner, wang)
    await cs.presses("我来处理")
    await quiet(cs2)
    await town.passes(minutes=5)
    await cs2.presses_data("case.take|1")
    assert "已由 陈静 在 今天" in await cs2.hears()


@on_one_database
@pytest.mark.parametrize("key", ["far_cs", "wang", "neighbour", "business", "stranger"])
@pytest.mark.parametrize("data", ["case.take|1", "case.correct|1", "case.told|1"])
async def test_only_the_centre_may_work_on_its_cases(
    town: Town, owner: Actor, wang: Actor, key: str, data: str
) -> None:
    await dissatisfied(owner, wang)
    other = town.actor(key)
    await quiet(other)
    await other.presses_data(data)
    assert "不归您办理" in await other.hears()
    [case] = await cases_of(town)
    assert case.state is CaseState.OPENED


@on_one_database
@pytest.mark.parametrize(("key", "may"), [("far_cs", False), ("business", True), ("head", True)])
async def test_who_may_look_at_a_case(
    town: Town, owner: Actor, wang: Actor, key: str, may: bool
) -> None:
    await dissatisfied(owner, wang)
    viewer = town.actor(key)
    await viewer.presses_data("case.show|1")
    assert ("张伟" in await viewer.hears()) is may


@pytest.mark.parametrize("town_url", ["sqlite"], indirect=True)
async def test_a_case_opened_from_a_list_comes_at_the_foot_of_the_chat(
    owner: Actor, wang: Actor, cs: Actor
) -> None:
    await dissatisfied(owner, wang)
    await cs.presses_data("board.todo")
    await cs.presses("不合格")
    assert "业主不满意" in cs.newest().text
    offering = [shown for shown in cs.screen if "我来处理" in [one.label for one in shown.buttons]]
    assert offering == [cs.newest()]


# What was done


async def test_5_4_2_the_result_is_told_in_the_words_of_the_handler(
    town: Town, owner: Actor, wang: Actor, cs: Actor, supervisor: Actor
) -> None:
    await dissatisfied(owner, wang)
    await quiet(owner, supervisor)
    await corrected(cs)
    heard = await owner.hears()
    assert "重做" in heard
    assert "重新封好了接口，没有再收费" in heard
    assert "重新封好了接口" in await supervisor.hears()
    [case] = await cases_of(town)
    assert (case.state, case.disposition) == (CaseState.CORRECTED, "redo")
    assert case.correction == "重新封好了接口，没有再收费"
    assert case.customer_told_at == case.corrected_at == town.clock.now()
    assert await case_history(town) == ["opened", "taken", "corrected", "told"]


@on_one_database
async def test_a_corrected_case_says_that_it_still_waits_for_verification(
    owner: Actor, wang: Actor, cs: Actor
) -> None:
    await dissatisfied(owner, wang)
    await corrected(cs)
    assert "验证后才能关闭" in await cs.hears()


@on_one_database
async def test_a_result_is_recorded_once(
    town: Town, owner: Actor, wang: Actor, cs: Actor, supervisor: Actor
) -> None:
    await dissatisfied(owner, wang)
    await corrected(cs)
    await quiet(owner)
    for late in (cs, supervisor):
        await late.presses_data("case.correct|1")
        assert "处理完，结果已记录" in await late.hears()
    await cs.presses_data("case.take|1")
    assert await owner.hears() == ""


@on_one_database
async def test_nothing_is_recorded_about_a_case_nobody_has_taken(
    town: Town, owner: Actor, wang: Actor, cs: Actor
) -> None:
    await dissatisfied(owner, wang)
    await cs.presses_data("case.correct|1")
    assert "请先接手" in await cs.hears()
    await cs.presses_data("case.told|1")
    [case] = await cases_of(town)
    assert (case.state, case.customer_told_at) == (CaseState.OPENED, None)


@on_one_database
async def test_a_colleague_cannot_record_but_the_supervisor_can(
    town: Town, owner: Actor, wang: Actor, cs: Actor, cs2: Actor, supervisor: Actor
) -> None:
    await dissatisfied(owner, wang)
    await cs.presses("我来处理")
    await cs2.presses_data("case.correct|1")
    assert "已由 陈静" in await cs2.hears()
    await supervisor.presses_data("case.show|1")
    await supervisor.presses("记录处理结果")
    await supervisor.presses("道歉说明")
    await supervisor.types("已当面道歉")
    [case] = await cases_of(town)
    assert (case.state, case.correction) == (CaseState.CORRECTED, "已当面道歉")


@on_one_database
async def test_a_caller_is_told_by_telephone_and_until_then_not_told(
    town: Town, owner: Actor, wang: Actor, cs: Actor, supervisor: Actor
) -> None:
    await under_way(owner, wang)
    await only_by_phone(town)
    await finishes(wang)
    await opens(town, CaseSource.LOSS)
    await corrected(cs, "赔了一只花瓶")
    assert "请打电话告知" in await cs.hears()
    [case] = await cases_of(town)
    assert case.customer_told_at is None
    await supervisor.presses_data("case.show|1")
    assert supervisor.sees("已告知：没表态")
    assert not supervisor.sees("查看业主电话")  # the number is for customer service (§3.11)
    await cs.presses("查看业主电话")
    assert "13800100001" in await cs.hears()
    await cs.presses("已告知：没表态")
    [case] = await cases_of(town)
    assert case.customer_told_at == town.clock.now()
    await cs.presses_data("order.reveal|1")
    assert "不能再查看" in await cs.hears()  # nothing is left to call about


# One case for an order and a source


@on_one_database
async def test_a_repeat_is_added_to_the_case_there_is(
    town: Town, owner: Actor, wang: Actor, cs: Actor
) -> None:
    await under_way(owner, wang)
    await opens(town, CaseSource.LATE_ARRIVAL)
    shown = len(cs.screen)
    await quiet(cs)
    await opens(town, CaseSource.LATE_ARRIVAL, "又晚了")
    assert "又晚了" in await cs.hears()
    assert len(cs.screen) == shown
    assert len(await cases_of(town)) == 1
    assert await case_history(town) == ["opened", "repeated"]


@on_one_database
async def test_another_source_is_another_case_with_its_own_number(
    town: Town, owner: Actor, wang: Actor
) -> None:
    await dissatisfied(owner, wang)
    await opens(town, CaseSource.LATE_ARRIVAL)
    first, second = await cases_of(town)
    assert first.number != second.number
    assert first.number.startswith("CYH261124-")


async def test_two_discoverers_at_once_open_one_case(town: Town, owner: Actor, wang: Actor) -> None:
    await under_way(owner, wang)
    await asyncio.gather(*(opens(town, CaseSource.LATE_ARRIVAL) for _ in range(4)))
    assert len(await cases_of(town)) == 1


@on_one_database
async def test_dissatisfied_again_after_the_correction_opens_it_anew(
    town: Town, owner: Actor, wang: Actor, cs: Actor, head: Actor
) -> None:
    await dissatisfied(owner, wang)
    await corrected(cs)
    await owner.presses_data("rate.revise|1|yes")
    await town.passes(hours=1)
    await quiet(cs, head)
    await owner.presses_data("rate.revise|1|no")
    [case] = await cases_of(town)
    assert (case.state, case.grade) == (CaseState.OPENED, "serious")
    assert case.customer_told_at is None
    assert case.correct_by == town.clock.now() + timedelta(hours=72)
    assert "严重" in await head.hears()
    assert cs.sees("我来处理")


@on_one_database
async def test_work_goes_to_the_agent_with_the_fewest_cases(
    town: Town, owner: Actor, wang: Actor
) -> None:
    await under_way(owner, wang)
    first = await opens(town, CaseSource.LATE_ARRIVAL)
    second = await opens(town, CaseSource.LOSS)
    assert first.handler_id != second.handler_id


# Grades and ladders


@on_one_database
async def test_a_serious_case_tells_head_and_business_department_at_night_too(
    town: Town, owner: Actor, wang: Actor, head: Actor, business: Actor
) -> None:
    await under_way(owner, wang)
    await town.until("23:30")
    await quiet(head, business)
    await opens(town, CaseSource.INJURY)
    for one in (head, business):
        assert "有人受伤" in await one.hears()
        assert not one.newest().spoken.silent


async def test_5_1_3_a_dissatisfied_answer_at_night_alerts_at_once_without_a_sound(
    town: Town, owner: Actor, wang: Actor, cs: Actor, control: Actor, supervisor: Actor
) -> None:
    await finished(owner, wang)
    await town.until("23:30")
    await quiet(cs, control, supervisor)
    await owner.presses_data("rate.no|1")
    for one, notice in (
        (control, "客服无人当班，直接转给控制中心"),
        (supervisor, "主管及以上现在无人当班，已通知不在班的主管"),
    ):
        heard = await one.hears()
        assert "业主评不满意" in heard
        assert notice in heard
        assert one.newest().spoken.silent
    assert await cs.hears() == ""
    await control.presses("我来处理")
    assert "孙立 正在跟进" in await owner.hears()


async def test_3_5_untouched_for_two_hours_goes_to_the_head(
    town: Town, owner: Actor, wang: Actor, head: Actor
) -> None:
    await dissatisfied(owner, wang)
    await town.passes(minutes=119)
    assert "一直没有人处理" not in await head.hears()
    await town.passes(minutes=1)
    assert "一直没有人处理" in await head.hears()


@on_one_database
async def test_3_5_what_was_taken_meanwhile_is_not_announced(
    town: Town, owner: Actor, wang: Actor, cs: Actor, head: Actor, business: Actor
) -> None:
    await dissatisfied(owner, wang)
    await corrected(cs)
    await quiet(head, business)
    await town.passes(hours=30)
    assert await head.hears() == ""
    assert await business.hears() == ""


@on_one_database
async def test_3_5_uncorrected_for_a_day_goes_to_the_business_department(
    town: Town, owner: Actor, wang: Actor, cs: Actor, head: Actor, business: Actor
) -> None:
    await dissatisfied(owner, wang)
    await cs.presses("我来处理")
    await quiet(head, business)
    await town.passes(hours=23, minutes=59)
    assert await business.hears() == ""
    await town.passes(minutes=1)
    assert "报业务管理部" in await business.hears()
    assert await head.hears() == ""


@on_one_database
async def test_3_5_at_night_the_head_is_left_to_sleep_until_half_past_eight(
    town: Town, owner: Actor, wang: Actor, head: Actor
) -> None:
    await finished(owner, wang)
    await town.until("21:00")
    await owner.presses_data("rate.no|1")
    await quiet(head)
    await town.until("08:29")
    assert await head.hears() == ""
    await town.until("08:30")
    assert (await head.hears()).count("一直没有人处理") == 1


@on_one_database
async def test_3_5_after_an_outage_the_latest_stage_speaks_alone(
    town: Town, owner: Actor, wang: Actor, head: Actor, business: Actor
) -> None:
    await dissatisfied(owner, wang)
    await quiet(head, business)
    town.clock.step(timedelta(hours=25))
    await town.fires()
    assert await head.hears() == ""
    assert "报业务管理部" in await business.hears()


@on_one_database
async def test_a_case_in_english(owner: Actor, wang: Actor, cs: Actor) -> None:
    await owner.presses_data("language.set|en")
    await cs.presses_data("language.set|en")
    await dissatisfied(owner, wang)
    await cs.presses("I will handle it")
    await cs.presses("Record the result")
    await cs.presses("fee reduced")
    await cs.types("half the price")
    assert "Done: fee reduced. half the price" in await owner.hears()
    assert "closed only after that" in await cs.hears()


async def test_3_4_a_result_that_no_chat_can_carry_is_not_told_until_somebody_calls(
    town: Town, owner: Actor, wang: Actor, cs: Actor
) -> None:
    await finished(owner, wang)
    await owner.presses("不满意")
    await has_not_written_for_long(town, "owner")
    await cs.presses("我来处理")
    await cs.presses("记录处理结果")
    await cs.presses("重做")
    await cs.types("重新接了水管")
    [case] = await cases_of(town)
    assert case.customer_told_at is None
    assert "业主收不到消息，请打电话告知处理结果" in cs.says()
    assert not [one for one in await to_be_phoned(town) if "重新接了水管" in one.message]
    await cs.presses("已告知：没表态")
    [case] = await cases_of(town)
    assert case.customer_told_at == town.clock.now()


# The card says what is next


@on_one_database
async def test_whoever_has_it_keeps_their_steps_when_more_becomes_known(
    town: Town, owner: Actor, wang: Actor, cs: Actor, cs2: Actor
) -> None:
    await dissatisfied(owner, wang)
    await cs.presses("我来处理")
    await owner.presses("价格")
    assert "业主说的原因" in cs.says()
    assert cs.sees("记录处理结果")
    assert cs2.sees("查看")
    assert not cs2.sees("记录处理结果")


@on_one_database
async def test_opened_anew_it_tells_how_it_began_what_was_done_in_vain_and_since_when_it_waits(
    town: Town, owner: Actor, wang: Actor, cs: Actor, head: Actor
) -> None:
    await dissatisfied(owner, wang)
    for n in range(8):
        at = f"第{n}句话"
        await acts(town, partial(_noted, at))
    await corrected(cs)
    await town.passes(hours=3)
    await owner.presses("没解决")
    await cs.presses_data("case.show|1")
    card = cs.newest().text
    assert "今天 11月24日 周二 10:00：业主评不满意" in card
    assert "重做。重新封好了接口" in card
    assert "第7句话" in card
    assert "今天 11月24日 周二 13:00 起还没有人处理" in card
    await quiet(head)
    await town.passes(hours=2)
    assert "从 今天 11月24日 周二 13:00 起一直没有人处理" in await head.hears()


def _noted(words: str, desk: Desk) -> None:
    fact = say("case-fact-words", words=words)
    cases.note_fact(desk, orders.load(desk, 1), CaseSource.DISSATISFIED, fact, None)


@on_one_database
async def test_3_11_who_has_left_the_staff_sees_nothing_more_of_it(
    town: Town, owner: Actor, wang: Actor, cs: Actor, cs2: Actor
) -> None:
    await dissatisfied(owner, wang)
    await town.change(_has_left_us)
    await quiet(cs2)
    await cs.presses("我来处理")
    await owner.presses("价格")
    assert await cs2.hears() == ""
    assert cs2.newest().text.count("业主说的原因") == 0


def _has_left_us(connection: Connection) -> None:
    connection.execute(update(staff).where(staff.c.name == "吴敏").values(active=False))
