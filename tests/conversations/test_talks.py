"""A human at any moment (§3.10), and the bot as the intercom between door and centre (§5.2.6)."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import Connection, update

from services.rules.history import Step
from storage import reveals, talks
from storage.records import Talk, TalkState
from storage.tables import staff
from tests.conversation import Actor, Town
from tests.conversations.after_work import finished, finishes, only_by_phone, quiet, under_way


async def talk(town: Town, talk_id: int = 1) -> Talk:
    """A talk as it is stored."""
    found = await town.change(lambda connection: talks.get(connection, talk_id))
    assert found is not None
    return found


async def live_talks(town: Town) -> int:
    """How many talks of the first ten are not over."""

    def count(connection: Connection) -> int:
        found = [talks.get(connection, talk_id) for talk_id in range(1, 11)]
        return sum(one is not None and one.state is not TalkState.CLOSED for one in found)

    return await town.change(count)


async def joined(owner: Actor, agent: Actor) -> None:
    """The owner has asked for customer service, and the agent has answered."""
    await owner.types("联系客服")
    await agent.presses("回复")
    await quiet(owner, agent)


# Owner and customer service


async def test_3_10_an_owner_reaches_a_human(
    town: Town, owner: Actor, cs: Actor, cs2: Actor, supervisor: Actor
) -> None:
    await quiet(supervisor)
    await owner.types("联系客服")
    heard = await owner.hears()
    assert "云湖花园服务中心的客服" in heard
    assert "08:30-22:00" in heard
    assert "02000000001" in heard
    for agent in (cs, cs2):
        assert "张伟（3-1201）找客服" in await agent.hears()
    assert await supervisor.hears() == ""
    await cs.presses("回复")
    assert "客服 陈静 已接起" in await owner.hears()
    assert "陈静 在" in await cs2.hears()
    assert not cs2.sees("回复")


async def test_words_go_both_ways_and_say_whose_they_are(owner: Actor, cs: Actor) -> None:
    await joined(owner, cs)
    await owner.types("师傅什么时候到")
    assert await cs.hears() == "张伟（3-1201）：师傅什么时候到"
    assert cs.buttons() == ["回复", "结束"]
    await cs.types("十分钟内")
    assert await owner.hears() == "客服 陈静：十分钟内"
    assert await cs.hears() == ""


async def test_photos_are_passed_on_with_their_words(town: Town, owner: Actor, cs: Actor) -> None:
    await joined(owner, cs)
    sent = await owner.sends_photo("red", "厨房")
    shown = cs.newest().spoken
    assert shown.photos == (town.photos.path(sent),)
    assert "厨房" in shown.text
    back = await cs.sends_photo("blue")
    assert owner.newest().spoken.photos == (town.photos.path(back),)
    assert "[照片]" in owner.newest().text


async def test_numbers_people_type_are_passed_on_and_ours_never_shown(
    owner: Actor, cs: Actor
) -> None:
    await joined(owner, cs)
    await owner.types("打 13900139000 找我")
    assert "13900139000" in await cs.hears()
    await cs.types("好的")
    everything = owner.says() + cs.says()
    assert "13800100001" not in everything
    assert "13800200003" not in everything


async def test_of_two_agents_the_first_has_the_talk(
    town: Town, owner: Actor, cs: Actor, cs2: Actor
) -> None:
    await owner.types("联系客服")
    await quiet(owner)
    await asyncio.gather(cs.presses("回复"), cs2.presses("回复"))
    assert (await owner.hears()).count("已接起") == 1
    agent, late = (cs, cs2) if cs.sees("结束对话") else (cs2, cs)
    assert agent.sees("结束对话")
    assert not late.sees("结束对话")
    await late.presses_data("talk.take|1")
    assert "接起了" in await late.hears()
    await quiet(owner)
    await late.types("我来回答")
    assert await owner.hears() == ""


async def test_a_double_tap_answers_once(owner: Actor, cs: Actor) -> None:
    await owner.types("联系客服")
    await cs.presses("回复")
    await quiet(owner)
    await cs.presses_data("talk.take|1")
    assert await owner.hears() == ""


async def test_who_asks_twice_has_one_talk(town: Town, owner: Actor, cs: Actor) -> None:
    await owner.types("联系客服")
    await quiet(cs)
    await owner.types("联系客服")
    assert await cs.hears() == ""
    assert await live_talks(town) == 1


async def test_words_before_anybody_answers_are_kept(
    town: Town, owner: Actor, cs: Actor, cs2: Actor
) -> None:
    await owner.types("联系客服")
    alerts = len(cs.screen)
    await quiet(owner, cs, cs2)
    await owner.types("洗衣机漏水")
    await owner.types("地上都湿了")
    sent = await owner.sends_photo()
    assert "已记下您发的 3 条" in await owner.hears()
    assert "地上都湿了" in await cs.hears()  # on the alert they have, in place
    assert len(cs.screen) == alerts
    town.restarts()
    await cs.presses("回复")
    told = [shown.text for shown in cs.screen[-3:]]
    assert [text.split("：")[1] for text in told] == ["洗衣机漏水", "地上都湿了", "[照片]"]
    assert cs.newest().spoken.photos == (town.photos.path(sent),)
    assert "地上都湿了" not in "\n".join(shown.text for shown in cs2.screen[alerts:])


@pytest.mark.parametrize("label", ["结束对话", "typed"])
async def test_the_owner_may_end_it(town: Town, owner: Actor, cs: Actor, label: str) -> None:
    await joined(owner, cs)
    await (owner.types("结束对话") if label == "typed" else owner.presses(label))
    assert "张伟 结束了对话" in await cs.hears()
    assert (await talk(town)).state is TalkState.CLOSED
    await owner.types("还有一件事")
    assert await cs.hears() == ""


async def test_the_agent_ends_it_and_the_owner_is_told(town: Town, owner: Actor, cs: Actor) -> None:
    await joined(owner, cs)
    await owner.types("谢谢")
    await cs.presses("结束")
    assert "陈静 结束了对话" in await owner.hears()
    assert owner.sees("联系客服")
    await quiet(cs)
    await owner.types("还有一件事")
    assert await cs.hears() == ""
    assert "没有看懂" in await owner.hears()  # and never as if somebody had read it


async def test_an_ended_talk_is_ended_once(town: Town, owner: Actor, cs: Actor) -> None:
    await joined(owner, cs)
    await cs.presses_data("talk.close|1")
    await quiet(owner)
    for late in (cs, owner):
        await late.presses_data("talk.close|1")
        assert "结束了" in await late.hears()
    await cs.presses_data("talk.take|1")
    assert "结束了" in await cs.hears()
    assert (await talk(town)).state is TalkState.CLOSED


async def test_giving_up_before_anybody_answers_takes_the_alert_back(
    owner: Actor, cs: Actor
) -> None:
    await owner.types("联系客服")
    await quiet(cs)
    await owner.presses("结束对话")
    assert "没有等到人接起" in await cs.hears()
    assert not cs.sees("回复")


async def test_menu_and_buttons_work_during_a_talk(owner: Actor, cs: Actor) -> None:
    await joined(owner, cs)
    await owner.types("我的订单")
    assert await cs.hears() == ""
    await owner.types("紧急报修")
    assert await cs.hears() == ""
    assert owner.sees("水管爆裂")


async def test_5_2_7_an_emergency_told_in_a_talk_is_passed_on_and_offered(
    town: Town, owner: Actor, cs: Actor, wang: Actor
) -> None:
    await joined(owner, cs)
    await owner.types("厨房水管爆了")
    assert "厨房水管爆了" in await cs.hears()
    assert "听起来是紧急情况" in await owner.hears()
    data = owner.newest().buttons[0].data
    assert data == "urgent.confirm|burst_pipe"
    await owner.presses_data(data)
    assert (await town.order()).emergency == "burst_pipe"
    assert wang.sees("接单")


async def test_an_agents_words_are_no_emergency(owner: Actor, cs: Actor) -> None:
    await joined(owner, cs)
    await cs.types("是水管爆了吗")
    assert "紧急情况" not in cs.says()
    assert "水管爆了" in await owner.hears()


async def test_a_number_typed_in_a_talk_is_words(town: Town, owner: Actor, cs: Actor) -> None:
    await joined(owner, cs)
    await owner.types("几个人来")
    await cs.types("2")
    assert "陈静：2" in await owner.hears()
    assert (await talk(town)).state is TalkState.OPEN


async def test_an_agent_has_several_talks_and_switches(
    owner: Actor, neighbour: Actor, cs: Actor
) -> None:
    await joined(owner, cs)
    await joined(neighbour, cs)
    await cs.types("刘女士您好")
    assert "刘女士您好" in await neighbour.hears()
    assert "已转给 刘芳" in await cs.hears()
    assert await owner.hears() == ""
    await owner.types("在吗")
    await cs.presses("回复", on="在吗")
    await cs.types("张先生您好")
    assert "张先生您好" in await owner.hears()
    assert await neighbour.hears() == ""


async def test_words_for_a_talk_that_has_just_ended_reach_nobody_else(
    owner: Actor, neighbour: Actor, cs: Actor
) -> None:
    await joined(owner, cs)
    await joined(neighbour, cs)
    await neighbour.presses("结束对话")
    await quiet(owner)
    await cs.types("您家的密码是 1234")
    assert await owner.hears() == ""
    assert "和 刘芳 的对话已经结束，刚才的话没有转出" in await cs.hears()
    await cs.types("张先生您好")  # with one talk left there is no doubt
    assert "张先生您好" in await owner.hears()


async def test_an_agent_who_chose_nobody_is_asked_whom_they_mean(
    owner: Actor, neighbour: Actor, tenant: Actor, cs: Actor
) -> None:
    for one in (owner, neighbour, tenant):
        await joined(one, cs)
    await tenant.presses("结束对话")
    await cs.types("好的")
    await cs.types("好的")
    assert "请先选回复谁" in await cs.hears()
    await cs.presses("回复 张伟")
    await cs.types("明天上午")
    assert "明天上午" in await owner.hears()
    assert "明天上午" not in await neighbour.hears()


@pytest.mark.parametrize("key", ["far_cs", "wang", "neighbour", "stranger"])
@pytest.mark.parametrize("data", ["talk.take|1", "talk.close|1", "talk.take|99"])
async def test_nobody_else_gets_into_a_talk(town: Town, owner: Actor, key: str, data: str) -> None:
    await owner.types("联系客服")
    await owner.types("门禁卡丢了")
    other = town.actor(key)
    await quiet(other)
    await other.presses_data(data)
    heard = await other.hears()
    assert "不归您办理" in heard
    assert "门禁卡" not in heard
    assert (await talk(town)).state is TalkState.WAITING


async def test_a_stranger_reaches_a_human_too(
    town: Town, stranger: Actor, cs: Actor, far_cs: Actor
) -> None:
    await quiet(cs, far_cs)
    await stranger.types("联系客服")
    await stranger.presses("溪山雅居")
    assert "未绑定的访客（未绑定房号）" in await far_cs.hears()
    assert await cs.hears() == ""
    await stranger.types("我想买房")
    await far_cs.presses("回复")
    assert "我想买房" in await far_cs.hears()


async def test_a_resident_cannot_choose_a_centre_that_is_not_theirs(
    town: Town, owner: Actor
) -> None:
    await owner.presses_data("talk.start_at|2")
    assert "不归您办理" in await owner.hears()
    assert await live_talks(town) == 0


async def test_at_night_the_control_centre_answers(
    town: Town, owner: Actor, cs: Actor, control: Actor
) -> None:
    await town.until("23:30")
    await quiet(cs, control)
    await owner.types("联系客服")
    assert "的控制中心" in await owner.hears()
    assert await cs.hears() == ""
    await control.presses("回复")
    await control.types("请讲")
    assert "孙立：请讲" in await owner.hears()


async def test_where_nobody_is_on_duty_the_owner_is_told_so(
    town: Town, far_owner: Actor, far_cs: Actor
) -> None:
    await town.until("23:30")
    await far_owner.types("联系客服")
    heard = await far_owner.hears()
    assert "现在没有人在班" in heard
    assert "02000000002" in heard
    assert "沈月" in await far_cs.hears()  # nobody else is left in the whole chain


async def test_untaken_for_ten_minutes_goes_to_the_supervisor(
    town: Town, owner: Actor, supervisor: Actor
) -> None:
    await owner.types("联系客服")
    await quiet(owner, supervisor)
    await town.passes(minutes=9)
    assert await supervisor.hears() == ""
    await town.passes(minutes=1)
    assert "十分钟没有人接起" in await supervisor.hears()
    assert "已再请主管来看" in await owner.hears()
    await supervisor.presses("回复")
    assert "钱进" in await owner.hears()


async def test_taken_in_time_alerts_nobody_further(
    town: Town, owner: Actor, cs: Actor, supervisor: Actor
) -> None:
    await joined(owner, cs)
    await quiet(supervisor)
    await town.passes(minutes=30)
    assert await supervisor.hears() == ""
    assert await owner.hears() == ""


async def test_3_5_untaken_at_night_waits_for_the_supervisors_morning(
    town: Town, owner: Actor, supervisor: Actor
) -> None:
    await town.until("23:30")
    await owner.types("联系客服")
    await quiet(owner, supervisor)
    await town.passes(minutes=10)
    assert "还没有人接起" in await owner.hears()
    await town.until("08:29")
    assert await supervisor.hears() == ""
    await town.until("08:30")
    assert "十分钟没有人接起" in await supervisor.hears()
    assert await owner.hears() == ""


async def test_a_talk_silent_for_half_a_day_is_over(town: Town, owner: Actor, cs: Actor) -> None:
    await joined(owner, cs)
    await town.passes(hours=11)
    await owner.types("在吗")
    await town.passes(hours=11)
    assert (await talk(town)).state is TalkState.OPEN
    await town.passes(hours=1)
    assert (await talk(town)).state is TalkState.CLOSED
    await quiet(cs)
    await owner.types("预约")
    assert await cs.hears() == ""


async def test_ending_where_there_is_no_talk(owner: Actor) -> None:
    await owner.types("结束对话")
    assert "没有进行中的对话" in await owner.hears()


async def test_a_talk_in_english(owner: Actor, cs: Actor) -> None:
    await owner.presses_data("language.set|en")
    await owner.types("Contact us")
    await cs.presses("回复")
    await quiet(owner)
    await cs.types("hello")
    assert "customer service: hello" in await owner.hears()


async def test_customer_service_write_to_an_orders_owner_first(
    owner: Actor, wang: Actor, cs: Actor
) -> None:
    await finished(owner, wang)
    await owner.presses_data("rate.no|1")
    await cs.presses("我来处理")
    await quiet(owner)
    await cs.presses("联系业主")
    await cs.types("今天下午方便再上门吗")
    assert "陈静：今天下午方便再上门吗" in await owner.hears()
    await owner.presses("取消")  # the form that asks for a reason would take the words
    await quiet(cs)
    await owner.types("三点以后")
    assert "三点以后" in await cs.hears()


# Technician and control centre


async def test_5_2_6_a_technician_calls_the_control_centre(
    wang: Actor, control: Actor, cs: Actor
) -> None:
    await quiet(cs)
    await wang.types("呼叫控制中心")
    assert "的控制中心" in await wang.hears()
    assert "服务人员 王建国" in await control.hears()
    assert await cs.hears() == ""
    await control.presses("回复")
    await wang.types("总阀关不上")
    assert "服务人员 王建国（没有指明订单）：总阀关不上" in await control.hears()
    await control.types("马上派人")
    assert "控制中心 孙立：马上派人" in await wang.hears()


async def test_5_2_6_about_a_job_the_control_centre_sees_which(
    owner: Actor, wang: Actor, control: Actor
) -> None:
    await under_way(owner, wang)
    await quiet(control)
    await wang.presses("呼叫控制中心")
    heard = await control.hears()
    assert "YH261124-001 3-1201" in heard
    assert "13800100001" not in heard


async def test_5_2_6_where_control_is_empty_customer_service_answer(
    town: Town, wang: Actor, cs: Actor
) -> None:
    def leave(connection: Connection) -> None:
        connection.execute(update(staff).where(staff.c.name == "孙立").values(active=False))

    await town.change(leave)
    await wang.types("呼叫控制中心")
    assert "的客服" in await wang.hears()
    assert "王建国" in await cs.hears()


async def test_only_staff_call_the_control_centre_and_about_their_own_jobs(
    town: Town, owner: Actor, wang: Actor, zhao: Actor, neighbour: Actor
) -> None:
    await under_way(owner, wang)
    for actor, data in (
        (neighbour, "talk.control"),
        (neighbour, "talk.control_about|1"),
        (zhao, "talk.control_about|1"),
    ):
        await actor.presses_data(data)
        assert "不归您办理" in await actor.hears()
    assert await live_talks(town) == 0


async def test_a_call_to_control_at_night_reaches_a_supervisor_after_ten_minutes(
    town: Town, wang: Actor, supervisor: Actor
) -> None:
    await town.until("23:30")
    await wang.types("呼叫控制中心")
    await quiet(supervisor)
    await town.passes(minutes=10)
    assert "十分钟没有人接起" in await supervisor.hears()


# At the door


async def test_5_2_6_technician_and_owner_talk_through_the_bot(owner: Actor, wang: Actor) -> None:
    await under_way(owner, wang)
    await quiet(owner, wang)
    await wang.presses("联系业主")
    assert "张*" in await wang.hears()
    await wang.types("我到楼下了，门禁打不开")
    heard = await owner.hears()
    assert "服务人员 王建国（YH261124-001 3-1201）：我到楼下了，门禁打不开" in heard
    await owner.types("按 1201 再按井号")
    assert "按 1201 再按井号" in await wang.hears()
    assert "张伟" not in wang.says()
    assert "13800100001" not in wang.says()
    assert "13800200000" not in owner.says()


async def test_5_2_6_the_owner_may_write_first_and_it_is_the_same_talk(
    town: Town, owner: Actor, wang: Actor
) -> None:
    await under_way(owner, wang)
    await owner.presses_data("talk.worker|1")
    await owner.types("请走北门")
    assert "张*" in await wang.hears()
    await wang.presses("回复")
    await wang.types("好的")
    assert "王建国" in await owner.hears()
    await wang.presses_data("talk.owner|1")
    assert await live_talks(town) == 1


async def test_the_talk_at_the_door_ends_with_the_job(
    town: Town, owner: Actor, wang: Actor
) -> None:
    await under_way(owner, wang)
    await wang.presses("联系业主")
    await wang.types("到了")
    await finishes(wang)
    await quiet(owner, wang)
    await wang.types("能加个微信吗")
    assert await owner.hears() == ""
    assert "没有转出" in await wang.hears()
    for actor, data in (
        (wang, "talk.owner|1"),
        (owner, "talk.worker|1"),
        (owner, "talk.take|1"),
    ):
        await actor.presses_data(data)
        assert "现在没有师傅在办" in await actor.hears()


async def test_only_the_two_of_a_live_job_talk_at_the_door(
    town: Town, owner: Actor, wang: Actor, li: Actor, zhao: Actor, neighbour: Actor, cs: Actor
) -> None:
    await under_way(owner, wang)
    await wang.presses("联系业主")
    await quiet(li, zhao, neighbour, cs)
    for actor, data in (
        (zhao, "talk.owner|1"),
        (neighbour, "talk.worker|1"),
        (neighbour, "talk.take|1"),
        (cs, "talk.take|1"),
        (li, "talk.close|1"),
    ):
        await actor.presses_data(data)
        assert "不归您办理" in await actor.hears()
    await li.presses_data("talk.owner|1")
    assert "已由 王建国" in await li.hears()
    assert await live_talks(town) == 1


async def test_before_anybody_has_the_job_there_is_nobody_to_write_to(owner: Actor) -> None:
    await owner.presses_data("urgent.report|burst_pipe|0")
    await quiet(owner)
    await owner.presses_data("talk.worker|1")
    assert "现在没有师傅在办" in await owner.hears()


async def test_a_caller_can_only_be_telephoned_by_the_desk(
    town: Town, owner: Actor, wang: Actor, cs: Actor
) -> None:
    await under_way(owner, wang)
    await only_by_phone(town)
    await wang.presses_data("talk.owner|1")
    assert "没有聊天账号" in await wang.hears()
    assert wang.buttons() == ["呼叫控制中心"]
    await cs.presses_data("talk.customer|1")
    assert cs.buttons() == ["查看业主电话"]


# The full number


async def test_3_11_customer_service_see_the_number_of_a_live_job_on_record(
    town: Town, owner: Actor, wang: Actor, cs: Actor
) -> None:
    await under_way(owner, wang)
    assert "13800100001" not in cs.says()
    await cs.presses_data("order.reveal|1")
    heard = await cs.hears()
    assert "13800100001" in heard
    assert "已记录" in heard
    assert (await town.history())[-1] == Step.REVEALED
    [(_, at)] = await town.look(lambda connection: reveals.of_order(connection, 1))
    assert at == town.clock.now()


@pytest.mark.parametrize("key", ["wang", "far_cs", "supervisor", "head", "business", "neighbour"])
async def test_3_11_nobody_else_sees_the_number(
    town: Town, owner: Actor, wang: Actor, key: str
) -> None:
    await under_way(owner, wang)
    actor = town.actor(key)
    await actor.presses_data("order.reveal|1")
    heard = await actor.hears()
    assert "不归您办理" in heard
    assert "13800100001" not in actor.says()
    assert Step.REVEALED not in await town.history()


async def test_3_11_when_the_job_is_over_the_number_is_closed(
    town: Town, owner: Actor, wang: Actor, cs: Actor
) -> None:
    await finished(owner, wang)
    await cs.presses_data("order.reveal|1")
    assert "不能再查看" in await cs.hears()
    await owner.presses_data("rate.no|1")
    await town.passes(minutes=1)
    await cs.presses_data("order.reveal|1")  # somebody must call about it again
    assert "13800100001" in await cs.hears()


async def test_a_late_word_after_an_outage_is_still_one_alert(
    town: Town, owner: Actor, supervisor: Actor
) -> None:
    await owner.types("联系客服")
    await quiet(supervisor)
    town.clock.step(timedelta(hours=3))
    await town.fires()
    await town.fires()
    assert (await supervisor.hears()).count("十分钟没有人接起") == 1
