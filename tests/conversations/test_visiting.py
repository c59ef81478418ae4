"""Return visits by people (§5.4): three taps, the evidence, and never on one's own work."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from functools import partial

from sqlalchemy import Connection, update

from services.rules.grades import Grade
from services.visits import record as visits_service
from storage import deadlines
from storage import visits as store
from storage.records import CaseState, DeadlineState, Role, VisitMethod, VisitState
from storage.tables import samples
from tests.conversation import Actor, Town, on_one_database
from tests.conversations.after_work import case_history, cases_of, finished, quiet
from tests.conversations.visits import (
    agreed,
    every_visit,
    id_of,
    is_also,
    sample,
    to_be_visited,
    visit,
)


async def replaced(town: Town, visit_id: int = 1) -> bool:
    """Whether another household is to be drawn in this one's place."""
    kinds = [visits_service.REPLACE]
    found = await town.look(partial(deadlines.of_subject, subject_id=visit_id, kinds=kinds))
    return bool(found) and all(one.state is not DeadlineState.DROPPED for one in found)


async def opens_the_visit(actor: Actor) -> None:
    """From the menu to the card."""
    await actor.types("回访")
    await actor.presses("3-1201")


async def told(actor: Actor, data: str) -> str:
    """What somebody hears to a press."""
    await actor.hears()
    await actor.presses_data(data)
    return await actor.hears()


# Who is named hears of it


@on_one_database
async def test_5_4_2_whoever_is_named_hears_once_of_all_that_came_together(
    town: Town, owner: Actor, wang: Actor, cs: Actor, cs2: Actor
) -> None:
    await finished(owner, wang)
    mine = await id_of(town, "cs")
    await quiet(cs, cs2)
    for _ in range(3):
        await to_be_visited(town, visitor_id=mine)
    assert "等您回访" not in await cs.hears()
    await town.passes(minutes=5)
    heard = await cs.hears()
    assert heard.count("等您回访") == 1
    assert "有 3 户等您回访，最早 12月8日 周二 截止" in heard
    await cs.presses("回访", on="等您回访")
    assert "等人回访：3 户" in cs.newest().text
    assert "等您回访" not in await cs2.hears()
    await town.passes(hours=2)
    assert "等您回访" not in await cs.hears()


@on_one_database
async def test_3_5_whoever_is_named_at_night_hears_in_the_morning(
    town: Town, owner: Actor, wang: Actor, cs: Actor
) -> None:
    await finished(owner, wang)
    await town.until("22:30")
    await to_be_visited(town, visitor_id=await id_of(town, "cs"))
    await quiet(cs)
    await town.passes(hours=9, minutes=30)
    assert "等您回访" not in await cs.hears()
    await town.passes(hours=1)
    assert "有 1 户等您回访" in await cs.hears()


# Three taps


async def test_5_4_1_three_taps_take_the_result(
    town: Town, owner: Actor, wang: Actor, cs: Actor
) -> None:
    await finished(owner, wang)
    await to_be_visited(town)
    await opens_the_visit(cs)
    for tap in ("电话", "满意", "准时"):
        await cs.presses(tap)
    done = await visit(town)
    assert (done.state, done.method) == (VisitState.DONE, VisitMethod.PHONE)
    assert (done.satisfied, done.on_time) == (True, True)
    assert done.visitor_id == await id_of(town, "cs")
    assert (done.respondent, done.respondent_id) == ("张伟", await id_of(town, "owner"))
    assert done.answered_at == done.ended_at == town.clock.now()
    assert "已做完" in cs.newest().text
    assert not await replaced(town)
    await cs.types("回访")
    assert "没有等人做的回访" in cs.newest().text


async def test_5_4_2_the_card_has_the_script_with_exactly_these_questions(
    town: Town, owner: Actor, wang: Actor, cs: Actor
) -> None:
    await finished(owner, wang)
    await to_be_visited(town)
    await opens_the_visit(cs)
    card = cs.newest().text
    for words in (
        "我是云湖花园服务中心的陈静",
        "水管爆裂",
        "王建国",
        "1. 这次服务您满意还是不满意？",
        "2. 服务人员来得准时还是不准时？",
        "3. 不满意的原因是什么？对我们其他服务还有什么意见？",
    ):
        assert words in card
    assert card.count("？") == 5  # the four questions of the standard, and ours to the visitor


async def test_5_4_2_a_dissatisfied_answer_opens_its_case_before_its_reason_is_known(
    town: Town, owner: Actor, wang: Actor, cs: Actor, supervisor: Actor
) -> None:
    await finished(owner, wang)
    await to_be_visited(town)
    await opens_the_visit(cs)
    await cs.presses("电话")
    await quiet(supervisor)
    await cs.presses("不满意")
    assert "回访：住户不满意" in await supervisor.hears()
    [case] = await cases_of(town)
    assert case.state is CaseState.OPENED
    await cs.presses("不准时")
    assert (await visit(town)).state is VisitState.TASK  # without its reason it is not done
    await cs.presses("态度")
    await cs.types("门厅的灯一直没人修")
    await cs.presses("记下")
    heard = await supervisor.hears()
    assert "业主说的原因：态度" in heard
    assert "门厅的灯一直没人修" in heard
    done = await visit(town)
    assert (done.state, done.satisfied, done.on_time) == (VisitState.DONE, False, False)
    assert (done.dislike, done.opinion) == ("attitude", "门厅的灯一直没人修")
    assert await case_history(town) == ["opened", "noted", "noted"]


@on_one_database
async def test_5_4_2_a_reason_in_their_own_words_and_one_put_off(
    town: Town, owner: Actor, wang: Actor, cs: Actor
) -> None:
    await finished(owner, wang)
    await to_be_visited(town)
    for tap in ("visiting.intercom", "visiting.dissatisfied", "visiting.ontime"):
        await cs.presses_data(f"{tap}|1")
    await cs.presses("取消")
    await opens_the_visit(cs)
    assert "还要记下不满意的原因" in cs.newest().text
    await cs.presses("记下原因")
    await cs.types("地板上留了泥")
    await cs.presses("记下")
    done = await visit(town)
    assert (done.dislike, done.dislike_words) == ("other", "地板上留了泥")
    assert (done.state, done.method) == (VisitState.DONE, VisitMethod.INTERCOM)


async def test_the_same_tap_twice_has_one_effect(
    town: Town, owner: Actor, wang: Actor, cs: Actor
) -> None:
    await finished(owner, wang)
    await to_be_visited(town)
    await cs.presses_data("visiting.phone|1")
    await asyncio.gather(*(cs.presses_data("visiting.dissatisfied|1") for _ in range(3)))
    assert await case_history(town) == ["opened"]
    assert "已记下满意与否" in cs.says()


# On site


async def visited_on_site(town: Town, cs: Actor, *taps: str) -> None:
    """The visit was made on site, and what the household said is on record."""
    for tap in ("on_site", *taps):
        await cs.presses_data(f"visiting.{tap}|1")


async def test_5_4_1_on_site_it_is_done_only_with_a_photo(
    town: Town, owner: Actor, wang: Actor, cs: Actor
) -> None:
    await finished(owner, wang)
    await to_be_visited(town)
    await visited_on_site(town, cs, "satisfied", "ontime")
    assert (await visit(town)).state is VisitState.EVIDENCE
    await cs.types("回访")
    assert "等上门凭据" in cs.newest().text
    await cs.presses("3-1201")
    await cs.presses("发照片")
    photo = await cs.sends_photo()
    done = await visit(town)
    assert (done.state, done.photo) == (VisitState.DONE, photo)
    assert "凭据：现场照片" in cs.newest().text
    await owner.presses("确认")
    assert "现在是“已做完”" in await owner.hears()


async def test_5_4_1_or_with_the_tap_of_who_lives_there(
    town: Town, owner: Actor, wang: Actor, cs: Actor
) -> None:
    await finished(owner, wang)
    await to_be_visited(town)
    await quiet(owner)
    await visited_on_site(town, cs, "satisfied", "late")
    asked = await owner.hears()
    assert "陈静" in asked
    assert "满意" in asked
    assert "不准时" in asked
    await quiet(cs)
    await owner.presses("确认")
    done = await visit(town)
    assert (done.state, done.photo) == (VisitState.DONE, None)
    assert done.confirmed_at == town.clock.now()
    assert done.respondent_id == await id_of(town, "owner")
    assert "住户在聊天里确认" in await cs.hears()


async def test_5_4_1_who_says_it_was_not_so_is_asked_again(
    town: Town, owner: Actor, wang: Actor, cs: Actor, supervisor: Actor
) -> None:
    await finished(owner, wang)
    await to_be_visited(town)
    await visited_on_site(town, cs, "satisfied", "ontime")
    await quiet(cs, supervisor)
    await owner.presses("不对")
    assert "会有人再跟您核实" in await owner.hears()
    for one in (cs, supervisor):
        assert "3-1201 的住户说上门回访的记录不对" in await one.hears()
    again = await visit(town)
    assert (again.state, again.satisfied, again.method) == (VisitState.TASK, None, None)
    assert again.visitor_id not in (None, await id_of(town, "cs"))
    await owner.presses_data("visited.confirm|1")
    assert "现在是“等人回访”" in await owner.hears()
    await cs.presses_data("visiting.phone|1")
    assert "住户怎么说？" in await supervisor.hears()
    await cs.presses("不满意")
    assert await case_history(town) == ["opened"]


@on_one_database
async def test_a_dispute_of_a_dissatisfied_answer_stands_in_its_case(
    town: Town, owner: Actor, wang: Actor, cs: Actor, supervisor: Actor
) -> None:
    await finished(owner, wang)
    await to_be_visited(town)
    await visited_on_site(town, cs, "dissatisfied", "ontime")
    await cs.presses("卫生")
    await cs.presses("记下")
    await owner.presses("不对")
    assert await case_history(town) == ["opened", "noted", "noted"]
    await cs.presses_data("case.show|1")
    assert "住户说回访的记录不对" in cs.says()
    await supervisor.presses_data("visiting.phone|1")
    await supervisor.presses("不满意")
    # The same answer again is no second dissatisfied one of the job.
    assert await case_history(town) == ["opened", "noted", "noted", "noted"]
    (case,) = await cases_of(town)
    assert case.grade == Grade.GENERAL


@on_one_database
async def test_only_who_lives_there_confirms(
    town: Town, owner: Actor, wang: Actor, cs: Actor
) -> None:
    await finished(owner, wang)
    await to_be_visited(town)
    await visited_on_site(town, cs, "satisfied", "ontime")
    for key in ("neighbour", "wang", "cs2", "stranger"):
        for tap in ("confirm", "wrong"):
            assert "不归您办理" in await told(town.actor(key), f"visited.{tap}|1")
    assert (await visit(town)).state is VisitState.EVIDENCE


@on_one_database
async def test_a_supervisor_sends_the_evidence_where_the_visitor_cannot(
    town: Town, owner: Actor, wang: Actor, cs: Actor, cs2: Actor, supervisor: Actor
) -> None:
    await finished(owner, wang)
    await to_be_visited(town)
    await visited_on_site(town, cs, "satisfied", "ontime")
    await cs2.presses_data("visiting.photo|1")
    assert "由 陈静 在做" in await cs2.hears()
    await supervisor.presses_data("visiting.photo|1")
    await supervisor.sends_photo()
    assert (await visit(town)).state is VisitState.DONE


# Nobody to ask


async def test_reading_5_after_two_tries_the_household_is_silent_and_another_is_drawn(
    town: Town, owner: Actor, wang: Actor, cs: Actor
) -> None:
    await finished(owner, wang)
    await to_be_visited(town, sample_id=await sample(town, 3))
    await cs.presses_data("visiting.phone|1")
    await cs.presses("没接通／没人")
    # Two hours later it would be noon, when households are left in peace (§3.6).
    assert "今天 11月24日 周二 14:00 以后再试" in cs.newest().text
    tried = await visit(town)
    assert (tried.state, tried.tries, tried.satisfied) == (VisitState.TASK, 1, None)
    await cs.types("回访")
    assert "已找过 1 次" in cs.newest().text
    await town.passes(hours=5)
    await cs.presses_data("visiting.intercom|1")
    await cs.presses("没接通／没人")
    silent = await visit(town)
    assert (silent.state, silent.tries, silent.satisfied) == (VisitState.SILENT, 2, None)
    assert await replaced(town)
    assert "按未答复结束" in cs.says()


@on_one_database
async def test_reading_5_a_refusal_stays_on_record_and_another_is_drawn(
    town: Town, owner: Actor, wang: Actor, cs: Actor
) -> None:
    await finished(owner, wang)
    await to_be_visited(town, sample_id=await sample(town, 3))
    await cs.presses_data("visiting.phone|1")
    await cs.presses("拒访")
    refused = await visit(town)
    assert (refused.state, refused.satisfied) == (VisitState.REFUSED, None)
    assert refused.visitor_id == await id_of(town, "cs")
    assert await replaced(town)


@on_one_database
async def test_another_way_may_be_chosen_until_somebody_has_answered(
    town: Town, owner: Actor, wang: Actor, cs: Actor
) -> None:
    await finished(owner, wang)
    await to_be_visited(town, asked_at=town.clock.now())
    await cs.presses_data("visiting.phone|1")
    await cs.presses("换方式")
    # Nobody is at it: what they were asked in chat they may answer there again.
    assert (await visit(town)).method is VisitMethod.QUESTIONNAIRE
    await cs.presses("对讲")
    await cs.presses("满意")
    await cs.presses_data("visiting.otherwise|1")
    assert "这个按钮已经不能用了" in cs.newest().text
    assert (await visit(town)).method is VisitMethod.INTERCOM


# Whose it is


@on_one_database
async def test_5_4_2_visits_are_named_to_who_has_fewest(
    town: Town, owner: Actor, wang: Actor
) -> None:
    await finished(owner, wang)
    named = [(await to_be_visited(town)).visitor_id for _ in range(4)]
    assert sorted(one or 0 for one in named) == sorted(
        2 * [await id_of(town, "cs"), await id_of(town, "cs2")]
    )


@on_one_database
async def test_nobody_visits_their_own_work(
    town: Town, owner: Actor, wang: Actor, cs: Actor, cs2: Actor
) -> None:
    await finished(owner, wang)
    await is_also(town, "王建国", Role.CS, Role.TECHNICIAN)
    named = {(await to_be_visited(town)).visitor_id for _ in range(3)}
    assert await id_of(town, "wang") not in named
    for tap in ("phone", "on_site", "intercom"):
        await wang.presses_data(f"visiting.{tap}|1")
        assert "不能由您回访" in await wang.hears()
    assert (await visit(town)).method is not VisitMethod.ON_SITE


@on_one_database
async def test_nor_does_who_once_had_the_job(
    town: Town, owner: Actor, wang: Actor, li: Actor
) -> None:
    await is_also(town, "王建国", Role.CS, Role.TECHNICIAN)
    await owner.presses_data("urgent.report|burst_pipe|0")
    await wang.presses_data("order.accept|1")
    await wang.presses_data("order.transfer_for|1|busy")
    await li.presses("接单")
    for step in ("arrive", "start", "finish"):
        await li.presses_data(f"order.{step}|1")
    await li.presses_data(li.newest().buttons[0].data)
    await to_be_visited(town)
    await wang.presses_data("visiting.phone|1")
    assert "不能由您回访" in await wang.hears()


@on_one_database
async def test_nor_does_who_handles_a_case_about_it(
    town: Town, owner: Actor, wang: Actor, cs: Actor, cs2: Actor
) -> None:
    await finished(owner, wang)
    await owner.presses_data("rate.no|1")
    await cs.presses_data("case.take|1")
    assert (await to_be_visited(town)).visitor_id == await id_of(town, "cs2")
    await cs.presses_data("visiting.phone|1")
    assert "不能由您回访" in await cs.hears()
    await cs2.presses_data("visiting.phone|1")
    assert (await visit(town)).method is VisitMethod.PHONE


@on_one_database
async def test_where_nobody_of_customer_service_may_it_is_the_supervisors(
    town: Town, owner: Actor, wang: Actor
) -> None:
    await finished(owner, wang)
    for name in ("陈静", "吴敏"):
        await is_also(town, name, Role.CONTROL)
    await is_also(town, "王建国", Role.CS, Role.TECHNICIAN)
    assert (await to_be_visited(town)).visitor_id == await id_of(town, "supervisor")
    await is_also(town, "钱进", Role.TECHNICIAN)
    assert (await to_be_visited(town)).visitor_id is None


@on_one_database
async def test_who_taps_how_has_taken_it_over(
    town: Town, owner: Actor, wang: Actor, cs: Actor, cs2: Actor
) -> None:
    await finished(owner, wang)
    await to_be_visited(town)
    await cs.presses_data("visiting.phone|1")
    await cs2.presses_data("visiting.satisfied|1")
    assert "由 陈静 在做" in await cs2.hears()
    await cs2.presses_data("visiting.show|1")
    await cs2.presses("上门")
    await cs.presses_data("visiting.satisfied|1")
    assert "由 吴敏 在做" in await cs.hears()
    assert (await visit(town)).visitor_id == await id_of(town, "cs2")


@on_one_database
async def test_only_the_centre_makes_its_visits(town: Town, owner: Actor, wang: Actor) -> None:
    await finished(owner, wang)
    await to_be_visited(town)
    before = await every_visit(town)
    for key in ("far_cs", "wang", "control", "business", "owner"):
        for tap in ("show", "phone", "satisfied", "photo"):
            assert "不归您办理" in await told(town.actor(key), f"visiting.{tap}|1")
    assert await every_visit(town) == before


@on_one_database
async def test_an_old_button_hears_what_became_of_it(
    town: Town, owner: Actor, wang: Actor, cs: Actor, cs2: Actor
) -> None:
    await finished(owner, wang)
    await to_be_visited(town)
    for tap in ("phone", "satisfied", "ontime"):
        await cs.presses_data(f"visiting.{tap}|1")
    await town.passes(minutes=5)
    for tap in ("phone", "dissatisfied", "late", "nobody", "photo"):
        assert "3-1201 的回访现在是“已做完”（陈静，今天" in await told(cs2, f"visiting.{tap}|1")
    assert await cases_of(town) == []


@on_one_database
async def test_what_a_household_answers_in_chat_meanwhile_stands_on_the_card(
    town: Town, owner: Actor, wang: Actor, cs: Actor
) -> None:
    await finished(owner, wang)
    drawn = await to_be_visited(town)
    await opens_the_visit(cs)

    def answers(connection: Connection) -> None:
        now = town.clock.now()
        store.change(
            connection,
            drawn,
            satisfied=True,
            answered_at=now,
            state=VisitState.DONE,
            ended_at=now,
            visitor_id=None,
        )

    await town.change(answers)
    await cs.presses("电话")
    assert "现在是“住户已在聊天里回答”（住户，今天" in cs.newest().text
    await cs.presses_data("visiting.show|1")
    assert "已记录（聊天问卷）：满意" in cs.newest().text


# The number (§3.11)


async def test_3_11_the_number_is_masked_and_shown_by_a_logged_look_while_somebody_must_call(
    town: Town, owner: Actor, wang: Actor, cs: Actor, supervisor: Actor
) -> None:
    await finished(owner, wang)
    await cs.presses_data("order.reveal|1")
    assert "不能再查看" in cs.newest().text
    await to_be_visited(town)
    await opens_the_visit(cs)
    assert "张*　138****0001" in cs.newest().text
    assert "13800100001" not in cs.says()
    await cs.presses("查看业主电话")
    assert "13800100001" in cs.newest().text
    assert (await town.history()).count("revealed") == 1
    await supervisor.presses_data("visiting.show|1")
    assert "查看业主电话" not in supervisor.buttons()
    for tap in ("phone", "satisfied", "ontime"):
        await cs.presses_data(f"visiting.{tap}|1")
    await cs.presses_data("order.reveal|1")
    assert "不能再查看" in cs.newest().text


# Lists


@on_one_database
async def test_a_colleague_sees_an_answered_visit_without_the_buttons_that_finish_it(
    town: Town, owner: Actor, wang: Actor, cs: Actor, cs2: Actor, supervisor: Actor
) -> None:
    await finished(owner, wang)
    await to_be_visited(town)
    for tap in ("phone", "satisfied"):
        await cs.presses_data(f"visiting.{tap}|1")
    for one, offered in ((cs2, []), (supervisor, ["准时", "不准时"])):
        await one.presses_data("visiting.show|1")
        assert [button.label for button in one.newest().buttons] == offered


@on_one_database
async def test_each_sees_in_todo_what_they_are_named_for_the_oldest_due_first(
    town: Town, owner: Actor, wang: Actor, cs: Actor, cs2: Actor
) -> None:
    await finished(owner, wang)
    later = await to_be_visited(town)
    sooner = await to_be_visited(
        town, visitor_id=later.visitor_id, due_at=later.due_at - timedelta(days=3)
    )
    named, other = (cs, cs2) if later.visitor_id == await id_of(town, "cs") else (cs2, cs)
    await named.types("待办")
    board = named.newest()
    assert "待办：2 件" in board.text
    assert board.text.index("12月5日 周六") < board.text.index("12月8日 周二")
    await named.presses_data(f"visiting.show|{sooner.id}")
    assert "怎么回访" in named.newest().text
    await other.types("待办")
    assert "待办都办完了" in other.newest().text
    await other.types("回访")
    assert "等人回访：2 户" in other.newest().text


async def test_5_4_3_the_board_says_how_the_month_stands(
    town: Town, owner: Actor, wang: Actor, cs: Actor, head: Actor
) -> None:
    await finished(owner, wang)
    sample_id = await sample(town, None)
    await to_be_visited(town, sample_id=sample_id)
    await head.types("回访")
    assert "本月已有结果 0 户；要回访多少户，月底抽定" in head.newest().text
    for tap in ("phone", "satisfied", "ontime"):
        await cs.presses_data(f"visiting.{tap}|1")
    await town.change(partial(_requires, count=3))
    await cs.types("回访")
    assert "本月已有结果 1 户，须达到 3 户" in cs.newest().text


def _requires(connection: Connection, count: int) -> None:
    connection.execute(update(samples).values(required=count))


@on_one_database
async def test_an_overdue_visit_is_marked(town: Town, owner: Actor, wang: Actor, cs: Actor) -> None:
    await finished(owner, wang)
    await to_be_visited(town, due_at=town.clock.now() + timedelta(hours=1))
    await town.passes(hours=2)
    await cs.types("回访")
    assert "⚠️ 逾期 3-1201" in cs.newest().text


async def test_a_visit_in_english(town: Town, owner: Actor, wang: Actor, cs: Actor) -> None:
    await finished(owner, wang)
    await to_be_visited(town)
    await cs.presses_data("language.set|en")
    await owner.presses_data("language.set|en")
    await cs.types("Return visits")
    assert "To be visited: 1" in cs.newest().text
    await cs.presses("3-1201")
    assert "Are you satisfied with the service, or dissatisfied?" in cs.newest().text
    for tap in ("On site", "Satisfied", "On time"):
        await cs.presses(tap)
    assert "came to your home (3-1201)" in await owner.hears()
    await owner.presses("Not so")
    assert "somebody will ask you again" in await owner.hears()


# Without an order


async def test_5_4_4_a_dissatisfied_answer_for_an_agreement_without_orders_opens_its_case(
    town: Town, owner: Actor, cs: Actor, supervisor: Actor
) -> None:
    await town.fires()
    await agreed(town)
    await town.passes(hours=1)
    await quiet(supervisor)
    await cs.presses_data("visiting.on_site|1")
    await cs.presses("不满意")
    assert "住户不满意" in await supervisor.hears()
    await cs.presses("准时")
    await cs.presses("卫生")
    await cs.presses("记下")
    assert (await visit(town)).state is VisitState.EVIDENCE
    assert await case_history(town) == ["opened", "noted"]
