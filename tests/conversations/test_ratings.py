"""After the work: one tap, a second for the time, and a reason where somebody is dissatisfied."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from services.rules.history import Step
from storage import orders as order_store
from storage.records import CaseState
from tests.conversation import Actor, Town, on_ordinary_telephones
from tests.conversations.after_work import (
    case_history,
    cases_of,
    finished,
    finishes,
    only_by_phone,
    quiet,
    under_way,
)
from tests.conversations.reach import (
    has_not_written_for_long,
    is_handed_back,
    is_spoken_with,
    may_be_told,
)


@on_ordinary_telephones
async def test_satisfied_and_on_time_takes_two_taps(town: Town, owner: Actor, wang: Actor) -> None:
    await finished(owner, wang)
    assert "您满意吗" in await owner.hears()
    await owner.presses("满意")
    await owner.presses("准时")
    order = await town.order()
    assert (order.satisfied, order.on_time) == (True, True)
    assert order.rated_at == town.clock.now()
    assert not owner.sees("准时")
    assert await cases_of(town) == []


@on_ordinary_telephones
async def test_the_question_and_the_answers_are_one_card(owner: Actor, wang: Actor) -> None:
    await finished(owner, wang)
    asked = len(owner.screen)
    await owner.presses("满意")
    await owner.presses("不准时")
    assert len(owner.screen) == asked


async def test_5_1_3_a_dissatisfied_tap_alerts_cs_and_superior_at_once(
    town: Town, owner: Actor, wang: Actor, cs: Actor, supervisor: Actor, head: Actor
) -> None:
    await finished(owner, wang)
    await quiet(cs, supervisor, head)
    await owner.presses("不满意")
    for one in (cs, supervisor):
        assert "业主评不满意" in await one.hears()
        assert one.sees("我来处理")
    assert await head.hears() == ""
    [case] = await cases_of(town)
    assert (case.source, case.grade) == ("dissatisfied", "general")
    assert case.correct_by == town.clock.now() + timedelta(hours=24)
    assert case.verify_by == town.clock.now() + timedelta(days=7)


async def test_5_4_2_reason_and_opinions_are_asked_and_reach_the_case(
    town: Town, owner: Actor, wang: Actor, cs: Actor
) -> None:
    await finished(owner, wang)
    await quiet(cs)
    await owner.presses("不满意")
    assert "客服和主管已经收到" in await owner.hears()
    await owner.presses("态度")
    shown = len(cs.screen)
    assert "态度" in await cs.hears()
    await owner.types("楼道灯坏了很久")
    await owner.presses("准时")
    heard = await cs.hears()
    assert "楼道灯坏了很久" in heard
    assert len(cs.screen) == shown  # the card they were alerted with, in place
    order = await town.order()
    assert (order.dislike, order.opinion, order.on_time) == ("attitude", "楼道灯坏了很久", True)
    assert "谢谢" in await owner.hears()


async def test_5_4_2_a_reason_in_own_words(
    town: Town, owner: Actor, wang: Actor, cs: Actor
) -> None:
    await finished(owner, wang)
    await owner.presses("不满意")
    await owner.types("走的时候没有收拾")
    order = await town.order()
    assert (order.dislike, order.dislike_words) == ("other", "走的时候没有收拾")
    assert "走的时候没有收拾" in await cs.hears()


async def test_own_words_that_tell_of_an_emergency_offer_the_report(
    town: Town, owner: Actor, wang: Actor
) -> None:
    await finished(owner, wang)
    await owner.presses("不满意")
    await owner.types("水管又爆了")
    assert "听起来是紧急情况" in await owner.hears()
    assert (await town.order()).dislike_words == "水管又爆了"


async def test_the_alert_does_not_wait_for_the_reason(
    town: Town, owner: Actor, wang: Actor
) -> None:
    await finished(owner, wang)
    await owner.presses("不满意")
    await owner.presses("取消")
    order = await town.order()
    assert (order.satisfied, order.dislike) == (False, None)
    assert len(await cases_of(town)) == 1
    await owner.presses("补充原因")
    await owner.presses("价格")
    assert (await town.order()).dislike == "price"


async def test_not_on_time_alone_opens_no_case(
    town: Town, owner: Actor, wang: Actor, cs: Actor
) -> None:
    await finished(owner, wang)
    await owner.presses("满意")
    await quiet(cs)
    await owner.presses("不准时")
    assert (await town.order()).on_time is False
    assert await cases_of(town) == []
    assert await cs.hears() == ""
    await cs.presses_data("desk.history|1")
    assert "不准时" in await cs.hears()


async def test_double_taps_have_one_effect(
    town: Town, owner: Actor, wang: Actor, cs: Actor
) -> None:
    await finished(owner, wang)
    await quiet(cs)
    await owner.presses_data("rate.no|1")
    await cs.hears()
    await owner.presses_data("rate.no|1")
    assert "已经评了“不满意”" in await owner.hears()
    assert await cs.hears() == ""
    assert (await town.history()).count(Step.RATED) == 1
    assert await case_history(town) == ["opened"]


async def test_an_old_button_of_the_other_answer_changes_nothing(
    town: Town, owner: Actor, wang: Actor
) -> None:
    await finished(owner, wang)
    await owner.presses_data("rate.yes|1")
    await owner.presses_data("rate.no|1")
    assert "已经评了“满意”" in await owner.hears()
    assert (await town.order()).satisfied is True
    assert await cases_of(town) == []


async def test_a_mind_changed_to_dissatisfied_opens_a_case(
    town: Town, owner: Actor, wang: Actor, cs: Actor
) -> None:
    await finished(owner, wang)
    await owner.presses("满意")
    await town.passes(hours=23)
    await quiet(cs)
    await owner.presses("修改评价")
    await owner.presses("不满意")
    assert "业主评不满意" in await cs.hears()
    assert len(await cases_of(town)) == 1
    assert (await town.order()).rated_at == town.clock.now() - timedelta(hours=23)


async def test_a_mind_changed_to_satisfied_leaves_the_case_to_be_handled(
    town: Town, owner: Actor, wang: Actor, cs: Actor
) -> None:
    await finished(owner, wang)
    await owner.presses("不满意")
    await owner.presses("技术或质量")
    await quiet(cs)
    await owner.presses("修改评价")
    await owner.presses("满意")
    assert "改评满意，仍须处理完" in await cs.hears()
    [case] = await cases_of(town)
    assert case.state is CaseState.OPENED
    order = await town.order()
    assert (order.satisfied, order.dislike) == (True, None)


async def test_5_1_3_a_second_dissatisfied_answer_on_one_job_is_serious(
    town: Town, owner: Actor, wang: Actor, head: Actor, business: Actor
) -> None:
    await finished(owner, wang)
    await owner.presses("不满意")
    await owner.presses_data("rate.revise|1|yes")
    await quiet(head, business)
    await owner.presses_data("rate.revise|1|no")
    for one in (head, business):
        assert "严重" in await one.hears()
    [case] = await cases_of(town)
    assert case.grade == "serious"
    assert case.correct_by == case.opened_at + timedelta(hours=24)  # never later than it was


async def test_after_24_hours_the_rating_stands(town: Town, owner: Actor, wang: Actor) -> None:
    await finished(owner, wang)
    await owner.presses("满意")
    await town.passes(hours=24)
    for late in ("rate.change|1", "rate.revise|1|no", "rate.late|1"):
        await owner.presses_data(late)
        assert "超过了可以修改的时间" in await owner.hears()
    order = await town.order()
    assert (order.satisfied, order.on_time) == (True, None)
    assert await cases_of(town) == []


async def test_not_changed_after_all(town: Town, owner: Actor, wang: Actor) -> None:
    await finished(owner, wang)
    await owner.presses("满意")
    await owner.presses("修改评价")
    await owner.presses("不改了")
    assert (await town.order()).satisfied is True
    assert owner.sees("准时")


async def test_3_6_one_reminder_outside_quiet_hours_then_no_answer(
    town: Town, owner: Actor, wang: Actor
) -> None:
    await town.until("20:40")
    await finished(owner, wang)
    await quiet(owner)
    await town.until("20:39")
    await town.passes(hours=3)
    assert await owner.hears() == ""  # it would be due at 20:40, in quiet hours
    await town.until("09:00")
    assert "还没有收到您的评价" in await owner.hears()
    await town.passes(hours=23, minutes=59)
    assert (await town.order()).rating_closed_at is None
    await town.passes(minutes=1)
    order = await town.order()
    assert order.rating_closed_at == town.clock.now()
    assert order.satisfied is None
    assert await owner.hears() == ""
    assert (await town.history())[-1] == Step.RATING_CLOSED


async def test_a_reminder_that_fires_late_waits_for_the_end_of_quiet_hours(
    town: Town, owner: Actor, wang: Actor
) -> None:
    await finished(owner, wang)
    await quiet(owner)
    town.clock.step(timedelta(hours=26, minutes=30))  # down over the due time; it is 12:30 now
    await town.fires()
    assert await owner.hears() == ""
    await town.until("14:00")
    assert "还没有收到您的评价" in await owner.hears()


async def test_an_answer_to_the_reminder_counts(town: Town, owner: Actor, wang: Actor) -> None:
    await finished(owner, wang)
    await town.passes(hours=25)
    await owner.presses("满意")
    await town.passes(hours=72)
    order = await town.order()
    assert (order.satisfied, order.rating_closed_at) == (True, None)


async def test_whoever_answered_is_not_reminded(town: Town, owner: Actor, wang: Actor) -> None:
    await finished(owner, wang)
    await owner.presses("满意")
    await quiet(owner)
    await town.passes(hours=72)
    assert await owner.hears() == ""


async def test_silence_is_never_satisfied_and_a_late_tap_gets_the_truth(
    town: Town, owner: Actor, wang: Actor
) -> None:
    await finished(owner, wang)
    await town.passes(hours=72)
    await quiet(owner)
    for data in ("rate.yes|1", "rate.no|1", "rate.late|1"):
        await owner.presses_data(data)
        assert "评价已经截止" in await owner.hears()
    assert owner.sees("联系客服")
    assert (await town.order()).satisfied is None


async def test_only_the_household_may_rate(
    town: Town, owner: Actor, wang: Actor, neighbour: Actor, cs: Actor
) -> None:
    await finished(owner, wang)
    for stranger in (neighbour, wang, cs):
        await quiet(stranger)
        for data in ("rate.yes|1", "rate.no|1", "rate.late|1", "rate.change|1", "rate.why|1"):
            await stranger.presses_data(data)
            heard = await stranger.hears()
            assert "不归您办理" in heard
            assert "3-1201" not in heard
    assert (await town.order()).satisfied is None


async def test_forged_answers_are_no_answers(town: Town, owner: Actor, wang: Actor) -> None:
    await finished(owner, wang)
    await owner.presses_data("rate.late|1")
    assert "还没有评价" in await owner.hears()
    await owner.presses_data("rate.yes|1")
    for data in ("rate.revise|1|maybe", "rate.no|x", "rate.no", "rate.no|999"):
        await owner.presses_data(data)
    order = await town.order()
    assert (order.satisfied, order.on_time) == (True, None)
    assert await cases_of(town) == []


async def test_a_job_that_is_not_finished_cannot_be_rated(
    town: Town, owner: Actor, wang: Actor
) -> None:
    await under_way(owner, wang)
    await owner.presses_data("rate.no|1")
    assert (await town.order()).satisfied is None
    assert await cases_of(town) == []


async def test_a_caller_without_a_chat_is_not_asked(town: Town, owner: Actor, wang: Actor) -> None:
    await under_way(owner, wang)
    await only_by_phone(town)
    await finishes(wang)
    order = await town.order()
    assert order.rating_closed_at == order.finished_at
    assert order.satisfied is None


async def test_ratings_in_english(owner: Actor, wang: Actor) -> None:
    await owner.presses_data("language.set|en")
    await finished(owner, wang)
    await owner.presses("Dissatisfied")
    await owner.presses("late")
    await owner.presses("Not on time")
    heard = await owner.hears()
    assert "Reason: late" in heard


# What no chat could carry was never asked


async def _why_closed(town: Town) -> str:
    history = await town.look(partial(order_store.history, order_id=1))
    (closed,) = [line.facts for line in history if line.what == Step.RATING_CLOSED]
    return closed


async def test_5_4_2_a_question_that_never_came_is_not_left_unanswered(
    town: Town, owner: Actor, wang: Actor, cs: Actor
) -> None:
    await under_way(owner, wang)
    await has_not_written_for_long(town, "owner")
    await finishes(wang)
    await town.passes(hours=72)
    assert "您满意吗" not in await owner.hears()
    assert "not-reached" in await _why_closed(town)
    await cs.presses_data("desk.history|1")
    assert "消息没能送到，不算问过" in cs.says()


async def test_5_4_2_who_could_not_be_asked_is_asked_when_the_reminder_is_due(
    town: Town, owner: Actor, wang: Actor
) -> None:
    await under_way(owner, wang)
    await has_not_written_for_long(town, "owner")
    await finishes(wang)
    await may_be_told(town, "owner")
    await owner.hears()
    await town.passes(hours=25)
    heard = await owner.hears()
    assert "您满意吗" in heard
    assert "还没有收到您的评价" not in heard
    await town.passes(hours=72)
    assert "no-answer" in await _why_closed(town)


async def test_5_4_2_a_question_that_waits_for_a_colleagues_talk_is_not_doubled(
    town: Town, owner: Actor, wang: Actor
) -> None:
    await under_way(owner, wang)
    await is_spoken_with(town, "owner")
    await finishes(wang)
    await town.passes(hours=25)
    assert "您满意吗" not in await owner.hears()
    await is_handed_back(town, "owner")
    assert (await owner.hears()).count("您满意吗") == 1


async def test_5_4_2_silence_after_a_question_that_came_is_no_answer(
    town: Town, owner: Actor, wang: Actor
) -> None:
    await finished(owner, wang)
    await has_not_written_for_long(town, "owner")  # the reminder cannot come
    await town.passes(hours=72)
    assert "no-answer" in await _why_closed(town)
