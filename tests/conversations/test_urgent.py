"""紧急报修: two taps, safety first, one clock, and nobody called twice for one thing."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import Connection, func, select, update

from storage import people
from storage.records import OrderState, Relation, Source
from storage.tables import orders, residents, rooms, staff
from tests.conversation import Actor, Town, known_as


async def count_orders(town: Town) -> int:
    """How many orders there are."""
    return int(
        await town.look(lambda one: one.execute(select(func.count()).select_from(orders)).scalar())
        or 0
    )


async def reports(actor: Actor, kind: str) -> str:
    """紧急报修 and the kind; returns the answer."""
    if not actor.menu():
        await actor.commands("start")
    await actor.presses("紧急报修")
    await actor.hears()
    await actor.presses(kind)
    return await actor.hears()


async def test_5_2_7_two_taps_call_out_everybody_with_the_skill(
    town: Town, owner: Actor, wang: Actor, li: Actor, zhao: Actor, cs: Actor
) -> None:
    heard = await reports(owner, "水管爆裂")
    order = await town.order()
    assert (order.emergency, order.place, order.limit_minutes) == ("burst_pipe", "3-1201", 10)
    assert order.reported_at == order.staff_told_at == town.clock.now()
    assert order.number in heard
    assert "10 分钟内到场：最迟 10:10" in heard
    assert "呼叫 2 位当班师傅" in heard
    assert owner.buttons() == ["联系客服", "取消"]
    for actor in (wang, li):
        assert "水管爆裂" in await actor.hears()
        assert actor.sees("接单")
    assert "水管爆裂" in await cs.hears()
    assert await zhao.hears() == ""


@pytest.mark.parametrize(
    ("kind", "first"),
    [
        ("水管爆裂", "关上总水阀"),
        ("燃气异味", "不要碰任何开关"),
        ("火情", "立即拨打 119"),
        ("漏电/冒烟", "关掉总电闸"),
        ("电梯困人", "不要扒门"),
    ],
)
async def test_3_9_safety_advice_is_said_before_anything_else(
    owner: Actor, kind: str, first: str
) -> None:
    heard = (await reports(owner, kind)).splitlines()
    assert heard[0] == "请先做好这几件事："
    assert first in heard[1]


@pytest.mark.parametrize("kind", ["燃气异味", "火情", "电梯困人"])
async def test_3_9_gas_fire_and_lift_alert_the_control_centre(
    owner: Actor, control: Actor, wang: Actor, zhao: Actor, kind: str
) -> None:
    await reports(owner, kind)
    assert kind in await control.hears()
    for actor in (wang, zhao):  # whoever is nearest, whatever the skill
        assert kind in await actor.hears()


@pytest.mark.parametrize(
    ("when", "limit"),
    [("08:59", 30), ("09:00", 10), ("21:59", 10), ("22:00", 10), ("22:01", 30), ("03:00", 30)],
)
async def test_reading_8_the_limit_is_fixed_by_the_minute_of_the_report(
    town: Town, owner: Actor, when: str, limit: int
) -> None:
    await town.until(when)
    assert f"{limit} 分钟内到场" in await reports(owner, "水管爆裂")
    assert (await town.order()).limit_minutes == limit


# Words


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("厨房水管爆了", "水管爆裂"),
        ("the pipe burst in my kitchen", "水管爆裂"),
        ("家里闻到煤气味", "燃气异味"),
        ("停电了", "停电"),
        ("有人被困在电梯里了", "电梯困人"),
    ],
)
async def test_3_9_words_that_sound_like_an_emergency_take_one_tap(
    town: Town, owner: Actor, words: str, kind: str
) -> None:
    await owner.types(words)
    assert f"听起来是紧急情况：{kind}" in await owner.hears()
    assert await count_orders(town) == 0
    await owner.presses(f"紧急报修：{kind}")
    assert "已报修" in await owner.hears()
    assert await count_orders(town) == 1


async def test_reading_8_a_time_in_the_owners_words_is_shown_and_fixes_the_limit(
    town: Town, owner: Actor, control: Actor
) -> None:
    await town.until("22:20")
    await owner.types("晚上九点半厨房水管就爆了")
    assert "发生时间：今天 11月24日 周二 21:30" in await owner.hears()
    await owner.presses("紧急报修：水管爆裂（今天 周二 21:30 发生）")
    heard = await owner.hears()
    assert "10 分钟内到场：最迟 22:30" in heard
    assert "发生时间：今天 11月24日 周二 21:30" in heard
    order = await town.order()
    assert order.occurred_at == datetime(2026, 11, 24, 13, 30, tzinfo=UTC)
    assert (order.limit_minutes, order.reported_at) == (10, town.clock.now())
    assert "发生时间" in control.newest().text
    await town.passes(minutes=10, seconds=1)
    assert (await town.verdicts())["emergency_arrival"] == "missed"


async def test_reading_8_an_old_button_still_reports_and_its_time_counts_for_a_day(
    town: Town, owner: Actor
) -> None:
    await town.until("22:20")
    await owner.types("晚上九点半水管爆了")
    shown, button = owner.button("紧急报修：水管爆裂") or (None, None)
    assert shown is not None
    assert button is not None
    await town.passes(hours=24)
    await owner.presses_data(button.data)
    order = await town.order()
    assert (order.occurred_at, order.limit_minutes) == (None, 30)
    ahead = int(town.clock.now().timestamp()) // 60 + 60
    await owner.presses_data(f"urgent.report|power_outage@{ahead}|0")
    assert (await town.order(2)).occurred_at is None


async def test_reading_8_a_strangers_words_say_when_too(town: Town, stranger: Actor) -> None:
    await town.until("23:10")
    await stranger.types("楼道半小时前就着火了")
    await stranger.presses("紧急报修：火情")
    await stranger.presses("云湖花园服务中心")
    await stranger.types("5栋楼道")
    order = await town.order()
    assert (order.limit_minutes, order.emergency) == (30, "fire_smoke")
    assert order.occurred_at == town.clock.now() - timedelta(minutes=30)


async def test_reading_8_other_is_asked_for_words_and_they_say_when(
    town: Town, owner: Actor
) -> None:
    await town.until("22:20")
    await reports(owner, "其他")
    await owner.types("今晚9点起闻到很浓的煤气味")
    assert "发生时间：今天 11月24日 周二 21:00" in await owner.hears()
    assert (await town.order()).limit_minutes == 10


@pytest.mark.parametrize("town_url", ["sqlite"], indirect=True)
async def test_reading_8_words_meant_for_a_person_or_a_booking_say_when_too(
    town: Town, owner: Actor
) -> None:
    await town.until("22:20")
    await owner.presses_data("book.start")
    for label in ("水暖", "换水龙头", "明天"):
        await owner.presses(label)
    await owner.types("晚上九点半水管爆了")
    assert "发生时间：今天 11月24日 周二 21:30" in await owner.hears()
    await owner.presses_data("form.cancel|1")
    await owner.presses_data("talk.start")
    await owner.types("晚上九点半水管爆了")
    await owner.presses("紧急报修", on="听起来是紧急情况。")
    order = await town.order()
    assert order.occurred_at == datetime(2026, 11, 24, 13, 30, tzinfo=UTC)
    assert order.limit_minutes == 10


async def test_words_that_were_no_emergency_lead_to_an_appointment(
    town: Town, owner: Actor
) -> None:
    await owner.types("水管爆了")
    await owner.presses("不是紧急情况")
    assert "没有报修" in await owner.hears()
    assert owner.buttons() == ["预约服务", "联系客服"]
    assert await count_orders(town) == 0


async def test_a_question_about_a_price_is_no_emergency(owner: Actor) -> None:
    await owner.types("换水管多少钱")
    assert "紧急情况" not in await owner.hears()


async def test_staff_talking_shop_report_nothing(town: Town, wang: Actor) -> None:
    await wang.types("水管爆裂的那单还缺配件")
    assert "听起来" not in await wang.hears()


async def test_words_and_pictures_after_the_report_go_to_the_order(
    town: Town, owner: Actor, wang: Actor
) -> None:
    await reports(owner, "水管爆裂")
    await wang.presses("接单")
    await wang.hears()
    await owner.types("在厨房水槽下面，门开着")
    assert "已记在 YH261124-001" in await owner.hears()
    photo = await owner.sends_photo(caption="就是这根")
    order = await town.order()
    assert order.photos == (photo,)
    assert order.note == "在厨房水槽下面，门开着\n就是这根"
    heard = await wang.hears()
    assert "在厨房水槽下面" in heard
    assert "就是这根" in heard
    assert any(shown.spoken.photos for shown in wang.screen)


async def test_water_after_a_burst_pipe_is_no_second_emergency_but_smoke_is(
    town: Town, owner: Actor
) -> None:
    await reports(owner, "水管爆裂")
    await owner.types("楼下说天花板漏水了")
    assert "听起来" not in await owner.hears()
    await owner.types("插座冒烟了")
    assert "听起来是紧急情况：漏电/冒烟" in await owner.hears()


async def test_words_long_after_the_report_are_not_taken_for_it(town: Town, owner: Actor) -> None:
    await reports(owner, "水管爆裂")
    await town.passes(minutes=16)
    await owner.hears()
    await owner.types("谢谢你们")
    assert "已记在" not in await owner.hears()


# One thing, one order (reading 9)


async def test_reading_9_the_same_thing_again_is_the_running_order(
    town: Town, owner: Actor, wang: Actor
) -> None:
    await reports(owner, "水管爆裂")
    await wang.presses("接单")
    await town.passes(minutes=4)
    heard = await reports(owner, "水管爆裂")
    assert "已经报过了" in heard
    assert "王建国" in heard
    assert "最迟 10:10" in heard  # the first report's clock
    assert await count_orders(town) == 1


async def test_reading_9_two_of_a_household_at_once_make_one_order(
    town: Town, owner: Actor
) -> None:
    where = town.channel_of("wife")
    family = await town.change(partial(_family_of_owner, key="wife", channel=where))
    assert family
    wife = town.actor("wife")
    for actor in (owner, wife):
        await actor.presses_data("urgent.start")
    await asyncio.gather(owner.presses("水管爆裂"), wife.presses("水管爆裂"))
    heard = [await owner.hears(), await wife.hears()]
    assert await count_orders(town) == 1
    assert sum("已经报过了" in one for one in heard) == 1


def _family_of_owner(connection: Connection, key: str, channel: str) -> int:
    at = datetime(2026, 11, 24, 1, tzinfo=UTC)
    person = people.add_person(connection, "李娜", "13800100099", "zh-CN", at)
    people.add_endpoint(connection, person.id, channel, key, at)
    room = connection.execute(select(rooms.c.id).where(rooms.c.room_no == "3-1201")).scalar_one()
    connection.execute(
        residents.insert().values(
            room_id=room,
            name="李娜",
            phone="13800100099",
            relation=Relation.FAMILY,
            person_id=person.id,
            bound_at=at,
        )
    )
    return person.id


async def test_another_household_or_another_kind_is_another_order(
    town: Town, owner: Actor, neighbour: Actor
) -> None:
    await reports(owner, "水管爆裂")
    await reports(neighbour, "水管爆裂")
    await reports(owner, "停电")
    assert await count_orders(town) == 3


async def test_after_the_work_is_over_it_is_a_new_emergency(town: Town, owner: Actor) -> None:
    await reports(owner, "水管爆裂")
    await town.change(
        lambda one: one.execute(update(orders).values(state=OrderState.FINISHED)).rowcount
    )
    assert "已报修" in await reports(owner, "水管爆裂")
    assert await count_orders(town) == 2


async def test_a_redelivered_tap_reports_once(town: Town, owner: Actor) -> None:
    await owner.commands("start")
    await owner.presses("紧急报修")
    found = owner.button("停电")
    assert found is not None
    from bot.event import Press

    for _ in range(2):
        await owner.does(Press(found[1].data, found[0].ref), dedup="the-same")
    assert await count_orders(town) == 1


# 其他


async def test_other_takes_one_line_and_the_control_centre_looks_at_it(
    town: Town, owner: Actor, cs: Actor, control: Actor, wang: Actor, zhao: Actor
) -> None:
    assert "一句话" in await reports(owner, "其他")
    assert await count_orders(town) == 0
    await owner.types("阳台上有个马蜂窝，孩子被蜇了")
    assert "已报修：其他" in await owner.hears()
    order = await town.order()
    assert (order.emergency, order.note) == ("other", "阳台上有个马蜂窝，孩子被蜇了")
    for actor in (cs, control, wang, zhao):
        assert "马蜂窝" in await actor.hears()


async def test_other_that_the_words_explain_gets_its_kind_and_its_advice(
    town: Town, owner: Actor
) -> None:
    await reports(owner, "其他")
    await owner.types("闻到很浓的煤气味")
    assert "不要碰任何开关" in await owner.hears()
    assert (await town.order()).emergency == "gas_smell"


# Which home


async def test_the_room_is_shown_and_can_be_changed_before_the_report(
    town: Town, owner: Actor
) -> None:
    def second_home(connection: Connection) -> None:
        known = known_as(connection, "owner")
        assert known is not None
        made = connection.execute(rooms.insert().values(centre_id=1, room_no="9-909"))
        connection.execute(
            residents.insert().values(
                room_id=made.inserted_primary_key[0],  # type: ignore[index]
                name="张伟",
                phone="13800100001",
                relation=Relation.OWNER,
                person_id=known[1].id,
                bound_at=datetime(2026, 11, 24, 3, tzinfo=UTC),
            )
        )

    await town.change(second_home)
    await owner.commands("start")
    await owner.presses("紧急报修")
    assert "房屋：9-909" in await owner.hears()
    await owner.presses("换房屋")
    await owner.presses("3-1201")
    assert "房屋：3-1201" in await owner.hears()
    await owner.presses("停电")
    assert (await town.order()).place == "3-1201"
    await owner.types("水管爆了")
    await owner.presses("换房屋")
    await owner.presses("9-909")
    await owner.presses("紧急报修：水管爆裂")
    assert (await town.order(2)).place == "9-909"


async def test_somebody_elses_room_cannot_be_reported_for(
    town: Town, owner: Actor, neighbour: Actor
) -> None:
    room = await town.look(
        lambda one: one.execute(select(rooms.c.id).where(rooms.c.room_no == "5-802")).scalar_one()
    )
    await owner.presses_data(f"urgent.report|burst_pipe|{room}")
    await owner.presses_data("urgent.report|no_such_kind|0")
    await owner.presses_data("urgent.report|burst_pipe")
    assert await count_orders(town) == 0


# Strangers (§3.3)


async def test_3_3_a_stranger_reports_by_centre_and_address_and_is_checked_at_the_door(
    town: Town, stranger: Actor, wang: Actor, far_tech: Actor
) -> None:
    await stranger.commands("start")
    await stranger.presses("紧急报修")
    await stranger.presses("水管爆裂")
    assert "哪个小区" in await stranger.hears()
    await stranger.presses("云湖花园服务中心")
    await stranger.hears()
    await stranger.types("3栋 1202，电话 138 1234 5678")
    heard = await stranger.hears()
    assert "关上总水阀" in heard
    assert "核对您的身份" in heard
    order = await town.order()
    assert (order.source, order.room_id) == (Source.STRANGER, None)
    assert order.place == "3栋 1202，电话 138 1234 5678"
    assert order.contact_phone == "13812345678"
    assert "水管爆裂" in await wang.hears()
    assert await far_tech.hears() == ""


async def test_3_3_a_strangers_words_are_recognised_too(town: Town, stranger: Actor) -> None:
    await stranger.types("楼道着火了")
    await stranger.presses("紧急报修：火情")
    await stranger.presses("云湖花园服务中心")
    await stranger.types("5栋楼道")
    assert (await town.order()).emergency == "fire_smoke"


async def test_3_3_a_strangers_second_report_of_the_same_is_the_running_one(
    town: Town, stranger: Actor
) -> None:
    for _ in range(2):
        await stranger.presses_data("urgent.report|burst_pipe|0")
        await stranger.presses("云湖花园服务中心")
        await stranger.types("3栋 1202")
    assert "已经报过了" in await stranger.hears()
    assert await count_orders(town) == 1


async def test_a_strangers_report_survives_a_restart(town: Town, stranger: Actor) -> None:
    await stranger.presses_data("urgent.report|burst_pipe|0")
    town.restarts()
    await stranger.presses("云湖花园服务中心")
    town.restarts()
    await stranger.types("3栋 1202")
    assert "已报修" in await stranger.hears()


async def test_a_very_long_address_is_cut_not_refused(town: Town, stranger: Actor) -> None:
    await stranger.presses_data("urgent.report|burst_pipe|0")
    await stranger.presses("云湖花园服务中心")
    await stranger.types("三" * 450)
    assert "已报修" in await stranger.hears()
    assert len((await town.order()).place) == 200


# Nobody there, false alarms, other conversations


async def test_with_nobody_on_duty_the_desk_is_called(
    town: Town, owner: Actor, control: Actor
) -> None:
    await town.change(
        lambda one: (
            one.execute(
                update(staff)
                .where(staff.c.shift == "全天", staff.c.skills != ())
                .values(active=False)
            ).rowcount
        )
    )
    await town.until("20:00")
    heard = await reports(owner, "水管爆裂")
    assert "客服和控制中心" in heard
    assert "水管爆裂" in await control.hears()


async def test_a_false_alarm_is_called_off_and_recorded(
    town: Town, owner: Actor, wang: Actor, li: Actor, cs: Actor
) -> None:
    await reports(owner, "停电")
    await wang.presses("接单")
    await wang.presses("出发")
    for actor in (wang, cs):
        await actor.hears()
    await owner.presses("取消", on="已报修")
    assert "如果险情还没有排除，请不要取消" in await owner.hears()
    assert (await town.order()).state is OrderState.SET_OUT
    await owner.presses("确认取消")
    assert "已取消" in await owner.hears()
    assert (await town.order()).state is OrderState.CANCELLED
    assert "取消" in await wang.hears()
    assert "已取消" in await cs.hears()
    await town.passes(minutes=40)
    assert await wang.hears() == ""  # no ladder runs on


async def test_after_arrival_a_person_settles_it(town: Town, owner: Actor, wang: Actor) -> None:
    await reports(owner, "停电")
    cancel = owner.button("取消")
    assert cancel is not None
    for label in ("接单", "出发", "已到达"):
        await wang.presses(label)
    await owner.hears()
    await owner.presses_data(cancel[1].data)
    heard = await owner.hears()
    assert "已经到达" in heard
    assert (await town.order()).state is OrderState.ARRIVED


async def test_an_open_form_gives_way_to_an_emergency(town: Town, owner: Actor) -> None:
    await owner.commands("start")
    await owner.presses("预约服务")
    await owner.presses("水暖")
    await reports(owner, "水管爆裂")
    await owner.types("在厨房")
    assert "已记在" in await owner.hears()
    assert (await town.order()).note == "在厨房"
