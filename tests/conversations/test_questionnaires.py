"""Return visits in chat: asked once, reminded once, then a person; and what a household answers."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import Connection, select, update

from bot.channels.base import Rejected, Unreachable
from bot.event import Loss, Lost
from services.desk import Desk
from services.rules.grades import Grade
from services.visits import questionnaires
from services.visits import record as visits
from storage.records import Relation, VisitMethod, VisitState
from storage.tables import orders, outbox, residents
from tests.conversation import Actor, Town, known_as, on_one_database, on_ordinary_telephones
from tests.conversations.after_work import case_history, cases_of, quiet
from tests.conversations.reach import (
    has_left,
    has_none_left,
    has_not_written_for_long,
    is_handed_back,
    is_spoken_with,
    is_taken_over,
    may_be_told,
    to_be_phoned,
)
from tests.conversations.visited import (
    asked,
    drawn,
    many_homes,
    questionnaires_sent,
    served,
)
from tests.conversations.visits import visit

QUESTION = "您对这次服务满意吗"
REMINDER = "还没有收到您的回答"
A_PLACE = 4
"""Seconds between two questionnaires; visit 1 has the second place of those put off."""

pytestmark = pytest.mark.written  # nobody worked, so there is no history


async def person_id(town: Town, key: str) -> int:
    def read(connection: Connection) -> int:
        known = known_as(connection, key)
        assert known is not None
        return known[1].id

    return await town.look(read)


async def reminded(town: Town) -> int:
    """How many reminders were ever put on their way."""
    named = select(outbox.c.once).where(outbox.c.once.like(f"{questionnaires.REMIND}:%"))
    return await town.look(lambda connection: len(connection.execute(named).all()))


async def lives_with_the_owner(town: Town, key: str, relation: Relation) -> None:
    """Somebody else of the town lives in the owner's home."""

    def unit(connection: Connection) -> None:
        known = known_as(connection, key)
        assert known is not None
        connection.execute(
            residents.insert().values(
                room_id=1,
                name=known[1].name,
                phone=known[1].phone,
                relation=relation,
                person_id=known[1].id,
                bound_at=town.clock.now(),
            )
        )

    await town.change(unit)


async def moves_out(town: Town, key: str) -> None:
    who = await person_id(town, key)

    def unit(connection: Connection) -> None:
        left = update(residents).where(residents.c.person_id == who)
        connection.execute(left.values(ended_at=town.clock.now()))

    await town.change(unit)


async def a_person_takes_the_answer(town: Town, *, satisfied: bool) -> None:
    """A colleague has telephoned, and writes it down."""

    def unit(connection: Connection) -> None:
        desk = Desk(connection, town.clock.now())
        open_visit = visits.load(desk, 1)
        answered = visits.answer(
            desk,
            open_visit,
            satisfied=satisfied,
            by=1,
            respondent_id=None,
            method=VisitMethod.PHONE,
        )
        visits.done(desk, answered)
        desk.post()

    await town.change(unit)
    await town.settles()


# The questions


@on_ordinary_telephones
async def test_5_4_2_satisfied_and_on_time_takes_two_taps_on_one_card(
    town: Town, owner: Actor
) -> None:
    await asked(town)
    heard = await owner.hears()
    assert QUESTION in heard
    assert "换水龙头" in heard
    assert "服务人员：王建国" in heard
    shown = owner.newest()
    await owner.presses("满意")
    assert (await visit(town)).state is VisitState.DONE
    await owner.presses("准时")
    stored = await visit(town)
    assert (stored.satisfied, stored.on_time) == (True, True)
    assert (stored.method, stored.respondent) == (VisitMethod.QUESTIONNAIRE, "张伟")
    assert stored.respondent_id == stored.asked_id == await person_id(town, "owner")
    assert owner.newest() is shown
    assert [button.label for button in shown.buttons] == ["修改回答"]
    assert await cases_of(town) == []


async def test_5_4_2_a_dissatisfied_tap_opens_the_case_and_alerts_before_any_reason(
    town: Town, owner: Actor, cs: Actor, supervisor: Actor
) -> None:
    await asked(town)
    await quiet(cs, supervisor)
    await owner.presses("不满意")
    for one in (cs, supervisor):
        assert "回访：住户不满意" in await one.hears()
    [case] = await cases_of(town)
    assert (case.source, case.grade) == ("dissatisfied", "general")
    assert (await visit(town)).state is VisitState.DONE


async def test_3_6_three_questions_at_most_and_the_third_only_of_the_dissatisfied(
    town: Town, owner: Actor, cs: Actor
) -> None:
    await asked(town)
    await owner.presses("不满意")
    await owner.presses("不准时")
    heard = await owner.hears()
    assert "哪里不满意" in heard
    assert "对我们其他服务有意见" in heard
    await quiet(cs)
    await owner.presses("态度")
    assert "态度" in await cs.hears()
    stored = await visit(town)
    assert (stored.satisfied, stored.on_time, stored.dislike) == (False, False, "attitude")
    assert "价格" not in owner.buttons()
    assert "哪里不满意" not in owner.newest().text


async def test_5_4_2_the_reason_may_be_typed(town: Town, owner: Actor, cs: Actor) -> None:
    await asked(town)
    await owner.presses("不满意")
    await owner.presses("准时")
    await cs.presses("我来处理")  # of which the owner hears while they type
    await owner.types("走的时候没有收拾")
    stored = await visit(town)
    assert (stored.dislike, stored.dislike_words) == ("other", "走的时候没有收拾")
    assert "走的时候没有收拾" in cs.says()
    await owner.types("谢谢")
    assert (await visit(town)).dislike_words == "走的时候没有收拾"


async def test_5_4_2_everything_is_answered_by_numbers(town: Town, owner: Actor) -> None:
    await asked(town)
    for number in ("2", "1", "2"):
        await owner.types(number)
    stored = await visit(town)
    assert (stored.satisfied, stored.on_time, stored.dislike) == (False, True, "attitude")


async def test_5_4_2_opinions_on_other_services_are_one_more_tap_for_who_likes(
    town: Town, owner: Actor, cs: Actor
) -> None:
    await asked(town)
    await owner.presses("不满意")
    await owner.presses("准时")
    await owner.presses("对其他服务的意见")
    await owner.presses("返回")
    await owner.presses("对其他服务的意见")
    await owner.types("楼道灯坏了很久")
    stored = await visit(town)
    assert (stored.opinion, stored.dislike) == ("楼道灯坏了很久", None)
    assert "楼道灯坏了很久" in cs.says()
    assert "哪里不满意" in owner.says()
    await owner.presses("价格")
    assert (await visit(town)).dislike == "price"


@on_one_database
async def test_own_words_that_tell_of_an_emergency_offer_the_report(
    town: Town, owner: Actor
) -> None:
    await asked(town)
    await owner.presses("不满意")
    await owner.presses("准时")
    await owner.types("水管又爆了")
    assert "听起来是紧急情况" in await owner.hears()
    assert (await visit(town)).dislike_words == "水管又爆了"


@on_one_database
async def test_words_too_long_are_refused_and_may_be_said_shorter(town: Town, owner: Actor) -> None:
    await asked(town)
    await owner.presses("不满意")
    await owner.presses("准时")
    await owner.types("慢" * 501)
    assert "500" in await owner.hears()
    await owner.types("慢" * 500)
    assert (await visit(town)).dislike_words == "慢" * 500


@on_one_database
async def test_5_4_2_in_english(town: Town, owner: Actor) -> None:
    await served(town)
    await owner.presses_data("language.set|en")
    await drawn(town)
    await town.fires()
    await owner.presses("Dissatisfied")
    await owner.presses("Not on time")
    await owner.presses("price")
    assert "Reason: price" in await owner.hears()


async def test_a_visit_for_an_agreement_asks_about_no_order(town: Town, owner: Actor) -> None:
    await drawn(town, order_id=None)
    await town.fires()
    assert "协议约定的定点服务" in await owner.hears()
    await owner.presses("满意")
    stored = await visit(town)
    assert (stored.satisfied, stored.order_id) == (True, None)


# Who may answer, and once


async def test_5_4_2_a_second_tap_and_somebody_elses_get_the_truth_and_change_nothing(
    town: Town, owner: Actor, neighbour: Actor
) -> None:
    await asked(town)
    await lives_with_the_owner(town, "neighbour", Relation.FAMILY)
    await owner.presses_data("questionnaire.no|1")
    for one in (owner, neighbour):
        for data in ("questionnaire.no|1", "questionnaire.yes|1"):
            await quiet(one)
            await one.presses_data(data)
            assert "已经记下：“不满意”" in await one.hears()
    assert await case_history(town) == ["opened"]


async def test_law_8_only_who_lives_there_may_answer(
    town: Town, wang: Actor, neighbour: Actor, cs: Actor
) -> None:
    await asked(town)
    for stranger in (neighbour, wang, cs):
        for action in ("yes", "no", "ontime", "late", "change", "opinion", "keep"):
            await quiet(stranger)
            await stranger.presses_data(f"questionnaire.{action}|1")
            heard = await stranger.hears()
            assert "不归您办理" in heard
            assert "水龙头" not in heard
    assert (await visit(town)).state is VisitState.ASKED


@on_one_database
async def test_law_8_details_before_the_answer_and_forged_ones_are_none(
    town: Town, owner: Actor
) -> None:
    await asked(town)
    await quiet(owner)
    for data in ("ontime|1", "because|1|price", "revise|1|yes", "opinion|1"):
        await owner.presses_data(f"questionnaire.{data}")
        assert "请先回答满意或不满意" in await owner.hears()
    await owner.presses_data("questionnaire.yes|1")
    for data in ("because|1|price", "because|1|bad", "revise|1|maybe", "opinion|1", "yes|99"):
        await owner.presses_data(f"questionnaire.{data}")
    stored = await visit(town)
    assert (stored.satisfied, stored.dislike) == (True, None)


@on_ordinary_telephones
async def test_5_4_2_somebody_else_of_the_home_answers_and_the_card_asks_no_more(
    town: Town, owner: Actor, neighbour: Actor
) -> None:
    await asked(town)
    await lives_with_the_owner(town, "neighbour", Relation.FAMILY)
    shown = owner.newest()
    await neighbour.presses_data("questionnaire.yes|1")
    assert (await visit(town)).respondent == "刘芳"
    assert not shown.buttons
    assert "已有结果" in shown.text
    assert owner.newest() is shown


async def test_a_mistaken_tap_is_put_right_within_24_hours(
    town: Town, owner: Actor, cs: Actor
) -> None:
    await asked(town)
    await owner.presses("满意")
    first = (await visit(town)).answered_at
    await town.passes(hours=23)
    await quiet(cs)
    await owner.presses("修改回答")
    await owner.presses("不满意")
    assert "住户不满意" in await cs.hears()
    stored = await visit(town)
    assert (stored.satisfied, stored.answered_at) == (False, first)
    await town.passes(hours=1)
    await owner.presses_data("questionnaire.revise|1|yes")
    assert "超过了可以修改的时间" in await owner.hears()
    assert (await visit(town)).satisfied is False


async def test_5_1_3_a_mind_changed_to_satisfied_leaves_the_case_to_be_handled(
    town: Town, owner: Actor, cs: Actor
) -> None:
    await asked(town)
    await owner.presses("不满意")
    await owner.presses("准时")
    await owner.presses("态度")
    await quiet(cs)
    await owner.presses("修改回答")
    await owner.presses("返回")
    await owner.presses("修改回答")
    await owner.presses("满意")
    assert "仍须处理完" in await cs.hears()
    stored = await visit(town)
    assert (stored.satisfied, stored.dislike, stored.on_time) == (True, None, True)
    # Changed once more it is the answer there was, and no second dissatisfied one of the job.
    await owner.presses("修改回答")
    await owner.presses("不满意")
    (case,) = await cases_of(town)
    assert case.grade == Grade.GENERAL
    assert (await visit(town)).satisfied is False


# Whom we ask


async def test_5_4_2_whoever_ordered_is_asked_before_the_owner(
    town: Town, owner: Actor, neighbour: Actor
) -> None:
    await served(town)
    await lives_with_the_owner(town, "neighbour", Relation.TENANT)
    by = await person_id(town, "neighbour")
    await town.change(lambda one: one.execute(update(orders).values(person_id=by)))
    await drawn(town)
    await town.fires()
    assert QUESTION in await neighbour.hears()
    assert QUESTION not in await owner.hears()


async def test_5_4_2_where_who_ordered_has_moved_out_the_next_who_can_be_written_to_is_asked(
    town: Town, owner: Actor, neighbour: Actor, far_owner: Actor
) -> None:
    await served(town)
    await lives_with_the_owner(town, "far_owner", Relation.FAMILY)
    await lives_with_the_owner(town, "neighbour", Relation.TENANT)
    await moves_out(town, "owner")
    await has_not_written_for_long(town, "far_owner")
    await drawn(town)
    await town.fires()
    assert QUESTION in await neighbour.hears()
    assert QUESTION not in owner.says() + far_owner.says()
    assert (await visit(town)).asked_id == await person_id(town, "neighbour")


@on_one_database
@pytest.mark.parametrize(
    ("event", "why"),
    [
        (has_not_written_for_long, "closed"),
        (has_left, "gone"),
        (has_none_left, "spent"),
        (is_spoken_with, "spoken-with"),
        (moves_out, "no-chat"),
    ],
)
async def test_5_4_1_where_nobody_can_be_written_to_a_person_visits_and_nobody_was_asked(
    town: Town, owner: Actor, event: object, why: str
) -> None:
    await served(town)
    assert callable(event)
    await event(town, "owner")
    await drawn(town)
    await town.fires()
    stored = await visit(town)
    assert (stored.state, stored.task_why) == (VisitState.TASK, why)
    assert (stored.asked_at, stored.asked_id, stored.method) == (None, None, None)
    assert stored.task_since == town.clock.now()
    assert await questionnaires_sent(town) == []


# What no chat carried


@pytest.mark.parametrize("outcome", [Unreachable("blocked"), Rejected("filtered")])
async def test_5_4_1_what_no_chat_carried_is_a_visit_at_once_and_no_text_to_read_out(
    town: Town, owner: Actor, outcome: Unreachable | Rejected
) -> None:
    await served(town)
    await drawn(town)
    owner.telephones.outcomes = [outcome]
    await town.fires()
    await town.fires()
    stored = await visit(town)
    why = "gone" if isinstance(outcome, Unreachable) else "unreached"
    assert (stored.state, stored.task_why) == (VisitState.TASK, why)
    assert (stored.asked_at, stored.asked_id) == (None, None)
    assert await to_be_phoned(town) == []
    await town.passes(hours=72)
    assert REMINDER not in owner.says()


async def test_5_4_1_what_a_platform_lost_afterwards_was_not_asked(
    town: Town, owner: Actor
) -> None:
    await asked(town)
    await owner.does(Lost(owner.newest().ref, Loss.UNREACHABLE))
    await town.fires()
    stored = await visit(town)
    assert (stored.state, stored.task_why) == (VisitState.TASK, "gone")
    assert stored.asked_at is None
    assert await to_be_phoned(town) == []


async def test_5_4_2_who_sees_it_although_a_platform_said_it_was_lost_may_answer(
    town: Town, owner: Actor
) -> None:
    await asked(town)
    await owner.does(Lost(owner.newest().ref, Loss.OTHER))
    await town.fires()
    assert (await visit(town)).task_why == "unreached"
    await owner.presses("满意")
    stored = await visit(town)
    assert (stored.state, stored.satisfied) == (VisitState.DONE, True)
    assert stored.asked_at == town.clock.now()  # it counts for the next 30 days


async def test_5_4_1_another_chat_of_theirs_carries_it(town: Town, owner: Actor) -> None:
    radio = await owner.gets_another("radio")
    await served(town)
    await drawn(town)
    owner.telephones.outcomes = [Unreachable("blocked")]
    await town.fires()
    assert QUESTION in await radio.hears()
    await town.fires()
    assert (await visit(town)).state is VisitState.ASKED
    await radio.presses("满意")
    assert (await visit(town)).satisfied is True


async def test_5_4_1_a_questionnaire_held_for_a_day_is_taken_back_and_never_comes(
    town: Town, owner: Actor
) -> None:
    await served(town)
    await may_be_told(town, "owner")
    await drawn(town)
    await town.house.sweep.once()  # on its way, when a colleague begins to speak with them
    await is_taken_over(town, "owner")
    await town.settles()
    assert (await visit(town)).state is VisitState.ASKED
    await town.passes(hours=24)
    stored = await visit(town)
    assert (stored.state, stored.task_why) == (VisitState.TASK, "spoken-with")
    assert stored.asked_at is None
    await is_handed_back(town, "owner")
    assert QUESTION not in owner.says()


# The 30 days, quiet hours, and the time that is left


async def test_3_6_a_home_is_asked_once_in_30_days_and_as_soon_as_they_are_over(
    town: Town, owner: Actor
) -> None:
    await asked(town)
    await owner.presses("满意")
    town.clock.step(timedelta(days=28))
    await town.fires()
    await quiet(owner)
    again = await drawn(town, days=10)
    await town.fires()
    assert (await visit(town, again.id)).state is VisitState.DRAWN
    await town.passes(hours=47)
    assert QUESTION not in await owner.hears()
    await town.passes(hours=1)
    await town.passes(seconds=again.id * A_PLACE)
    assert QUESTION in await owner.hears()
    assert (await visit(town, again.id)).asked_at == town.clock.now()


async def test_3_6_a_home_asked_lately_whose_visit_cannot_wait_is_a_persons(
    town: Town, owner: Actor
) -> None:
    await asked(town)
    town.clock.step(timedelta(days=7))
    await town.fires()
    await quiet(owner)
    again = await drawn(town, days=10)
    await town.fires()
    stored = await visit(town, again.id)
    assert (stored.state, stored.task_why, stored.asked_at) == (VisitState.TASK, "recent", None)
    assert QUESTION not in await owner.hears()


async def test_3_6_what_never_came_does_not_keep_a_home_from_being_asked(
    town: Town, owner: Actor
) -> None:
    await served(town)
    await drawn(town)
    owner.telephones.outcomes = [Rejected("filtered")]
    await town.fires()
    await town.fires()
    await drawn(town)
    await town.fires()
    assert [one.state for one in (await visit(town), await visit(town, 2))] == [
        VisitState.TASK,
        VisitState.ASKED,
    ]


@on_one_database
@pytest.mark.parametrize(("at", "until"), [("12:30", "14:00"), ("22:00", "09:00")])
async def test_3_6_quiet_hours_put_it_off_to_their_end(
    town: Town, owner: Actor, at: str, until: str
) -> None:
    await served(town)
    await town.until("11:59")
    await drawn(town)
    town.clock.at = town._instant(at)  # the process was down when it was due
    await town.fires()
    assert QUESTION not in await owner.hears()
    town.clock.at = town._instant(until) - timedelta(seconds=1)
    await town.fires()
    assert QUESTION not in await owner.hears()
    await town.passes(seconds=1 + A_PLACE)
    assert QUESTION in await owner.hears()


@on_one_database
async def test_3_6_what_an_outage_kept_waiting_goes_out_one_by_one(town: Town) -> None:
    """A platform takes thirty a second: thousands at once would keep an emergency waiting."""
    rooms = await town.change(partial(many_homes, count=9, channel="phone", now=town.clock.now()))
    for room in rooms:
        await drawn(town, order_id=None, room_id=room)
    town.clock.step(timedelta(hours=3, minutes=30))  # 13:30: in quiet hours, too
    await town.fires()
    assert await questionnaires_sent(town) == []
    await town.until("14:00")
    for sent in range(1, 10):
        await town.passes(seconds=A_PLACE)
        assert len(await questionnaires_sent(town)) == sent
    town.clock.step(timedelta(hours=25))
    await town.fires()
    assert await reminded(town) == 0
    await town.passes(hours=1)
    assert await reminded(town) == 9


@on_one_database
async def test_3_6_where_no_reminder_would_fit_a_person_visits_at_once(
    town: Town, owner: Actor
) -> None:
    await served(town)
    await drawn(town, days=1)
    await town.fires()
    stored = await visit(town)
    assert (stored.state, stored.task_why, stored.asked_at) == (VisitState.TASK, "late", None)
    assert QUESTION not in await owner.hears()


# The reminder, and then a person


async def test_3_6_one_reminder_after_24_hours_then_a_person_calls_and_the_card_still_counts(
    town: Town, owner: Actor
) -> None:
    await asked(town)
    await quiet(owner)
    await town.passes(hours=23, minutes=59)
    assert REMINDER not in await owner.hears()
    await town.passes(minutes=1)
    assert REMINDER in await owner.hears()
    await town.passes(hours=23, minutes=59)
    assert (await visit(town)).state is VisitState.ASKED
    await town.passes(minutes=1)
    stored = await visit(town)
    assert (stored.state, stored.task_why) == (VisitState.TASK, "silent")
    assert stored.asked_at is not None
    await town.passes(hours=48)
    assert REMINDER not in await owner.hears()
    await owner.presses("满意")
    stored = await visit(town)
    assert (stored.state, stored.satisfied, stored.visitor_id) == (VisitState.DONE, True, None)


@on_one_database
async def test_3_6_the_reminder_keeps_quiet_hours_even_where_it_comes_late(
    town: Town, owner: Actor
) -> None:
    await asked(town)
    await quiet(owner)
    town.clock.step(timedelta(hours=26, minutes=30))  # down over the due time; it is 12:30 now
    await town.fires()
    assert REMINDER not in await owner.hears()
    await town.until("14:00")
    await town.passes(seconds=A_PLACE)
    assert REMINDER in await owner.hears()


async def test_3_6_whoever_answered_is_neither_reminded_nor_called(
    town: Town, owner: Actor
) -> None:
    await asked(town)
    await owner.presses("满意")
    await quiet(owner)
    await town.passes(hours=72)
    assert REMINDER not in await owner.hears()
    assert (await visit(town)).state is VisitState.DONE


async def test_3_6_who_wants_no_reminder_is_asked_and_called_all_the_same(
    town: Town, owner: Actor
) -> None:
    await served(town)
    await owner.presses_data("reminders.open")
    await owner.presses("关闭：回访问卷的提醒")
    await drawn(town)
    await town.fires()
    assert QUESTION in await owner.hears()
    await town.passes(hours=24)
    assert REMINDER not in await owner.hears()
    await town.passes(hours=24)
    assert (await visit(town)).task_why == "silent"


@on_one_database
async def test_whoever_has_moved_out_meanwhile_is_not_reminded_and_may_not_answer(
    town: Town, owner: Actor
) -> None:
    await asked(town)
    await moves_out(town, "owner")
    await town.passes(hours=24)
    assert REMINDER not in await owner.hears()
    await owner.presses_data("questionnaire.yes|1")
    assert "不归您办理" in await owner.hears()
    assert (await visit(town)).satisfied is None


async def test_3_6_the_reminder_is_no_reason_for_a_telephone_call_before_its_time(
    town: Town, owner: Actor
) -> None:
    await asked(town)
    await has_not_written_for_long(town, "owner")
    await town.passes(hours=24)
    assert (await visit(town)).state is VisitState.ASKED
    assert await to_be_phoned(town) == []


# A person has the answer


@on_ordinary_telephones
async def test_5_4_2_the_card_asks_no_more_when_a_person_has_taken_the_answer(
    town: Town, owner: Actor
) -> None:
    await asked(town)
    shown = owner.newest()
    await a_person_takes_the_answer(town, satisfied=True)
    assert not shown.buttons
    assert "已有结果" in shown.text
    assert owner.newest() is shown


async def test_5_4_2_a_tap_after_a_person_has_taken_the_answer_gets_the_truth(
    town: Town, owner: Actor
) -> None:
    await asked(town)
    await a_person_takes_the_answer(town, satisfied=True)
    for data in ("no|1", "revise|1|no", "late|1"):
        await quiet(owner)
        await owner.presses_data(f"questionnaire.{data}")
        assert "同事已经记下您家对这次回访的回答：“满意”" in await owner.hears()
    assert (await visit(town)).satisfied is True
    assert await cases_of(town) == []


@on_ordinary_telephones
async def test_a_tap_after_the_end_gets_the_truth_and_the_card_says_so(
    town: Town, owner: Actor
) -> None:
    await asked(town)
    shown = owner.newest()

    def ends(connection: Connection) -> None:
        desk = Desk(connection, town.clock.now())
        visits.end_unanswered(desk, visits.load(desk, 1), VisitState.SILENT)
        desk.post()

    await town.change(ends)
    await town.settles()
    assert "已经结束" in shown.text
    assert not shown.buttons
    await quiet(owner)
    await owner.presses_data("questionnaire.no|1")
    assert "这份问卷已经结束" in await owner.hears()
    assert (await visit(town)).satisfied is None
    assert await cases_of(town) == []
