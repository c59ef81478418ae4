"""预约服务 from the first tap to the order, on both databases."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import Connection, func, select, update

from storage import people
from storage.records import OrderState, Relation, Source, Trade
from storage.tables import items, orders, residents, rooms, staff
from tests.conversation import Actor, Town, known_as, on_ordinary_telephones


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """That local time of a day of November 2026."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC) - timedelta(hours=8)


async def opens(actor: Actor, *labels: str) -> str:
    """Opens the menu and presses these labels; returns what was heard after the last."""
    if not actor.menu():
        await actor.commands("start")
    for label in labels:
        await actor.hears()
        await actor.presses(label)
    return await actor.hears()


async def to_summary(actor: Actor, category: str, item: str, when: str) -> str:
    """As far as the summary; the time is typed."""
    await opens(actor, "预约服务", category, item)
    await actor.types(when)
    return await actor.hears()


async def books(actor: Actor, category: str, item: str, when: str) -> str:
    """A whole booking; the time is typed."""
    summary = await to_summary(actor, category, item, when)
    assert "请确认" in summary, summary
    return await opens(actor, "确认预约")


async def count_orders(town: Town) -> int:
    """How many orders there are."""
    return int(
        await town.look(lambda one: one.execute(select(func.count()).select_from(orders)).scalar())
        or 0
    )


def field_data(actor: Actor, field: str, value: str) -> str:
    """Button data for a field of the form the actor has open, as a forger would write it."""
    serial = next(
        button.data.split("|")[1]
        for shown in reversed(actor.screen)
        for button in shown.buttons
        if button.data.startswith("form.")
    )
    return f"form.pick|{serial}|{field}|{value}"


def item_id(connection: Connection, code: str, centre_id: int = 1) -> int:
    found = connection.execute(
        select(items.c.id).where(items.c.code == code, items.c.centre_id == centre_id)
    )
    return int(found.scalar_one())


async def test_5_1_2_five_taps_make_an_order_with_every_column_of_the_intake_record(
    town: Town, owner: Actor, wang: Actor
) -> None:
    await owner.commands("start")
    for tap in ("预约服务", "水暖", "换水龙头", "明天", "确认预约"):
        await owner.presses(tap)
    heard = await owner.hears()
    order = await town.order()
    assert order.number in heard
    assert "换水龙头" in heard
    assert "3-1201" in heard
    assert owner.buttons() == ["改约", "取消", "我的订单"]
    assert (order.place, order.contact_name, order.source) == ("3-1201", "张伟", Source.OWNER)
    assert (order.title_zh, order.price_fen, order.minutes) == ("换水龙头", 4000, 40)
    assert order.trade is Trade.REPAIR
    assert order.appointed_at == at(25, 9)
    assert order.reported_at == order.staff_told_at == town.clock.now()
    assert "换水龙头" in await wang.hears()


async def test_the_item_carries_its_price_and_the_summary_the_sum(owner: Actor) -> None:
    await opens(owner, "预约服务", "水暖")
    assert "换水龙头 ¥40/个" in owner.buttons()
    assert "疏通马桶 ¥100/次" in owner.buttons()
    summary = await to_summary(owner, "水暖", "换水龙头", "明天下午3点")
    assert "¥40/个 × 1 = ¥40" in summary
    assert "您同意后才开始" in summary  # §5.2.3
    assert "40 分钟" in summary


@on_ordinary_telephones
async def test_the_choice_of_times_is_spread_over_the_days(owner: Actor) -> None:
    await opens(owner, "预约服务", "水暖", "换水龙头")
    offered = owner.buttons()
    assert offered[:4] == [
        "今天 周二 11:00",
        "今天 周二 14:00",
        "今天 周二 18:00",
        "明天 周三 09:00",
    ]
    assert len(offered) == 8 + 3
    assert offered[8] == "其他日期"


@on_ordinary_telephones
async def test_another_day_is_a_tap_and_another(owner: Actor, town: Town) -> None:
    await opens(owner, "预约服务", "水暖", "换水龙头", "其他日期")
    assert "11月28日 周六" in owner.buttons()
    await owner.presses("11月28日 周六")
    assert "可约的时间" in await owner.hears()
    assert owner.buttons()[:2] == ["08:00", "08:30"]
    assert "更多" in owner.buttons()
    await owner.presses("10:30")
    await owner.presses("确认预约")
    assert (await town.order()).appointed_at == at(28, 10, 30)


@pytest.mark.parametrize(
    ("words", "start"),
    [
        ("明天下午3点", at(25, 15)),
        ("tomorrow 3pm", at(25, 15)),
        ("后天上午十点半", at(26, 10, 30)),
        ("周五晚上7点", at(27, 19)),
    ],
)
async def test_a_time_may_be_typed(town: Town, owner: Actor, words: str, start: datetime) -> None:
    assert "已预约" in await books(owner, "水暖", "换水龙头", words)
    assert (await town.order()).appointed_at == start


async def test_a_typed_day_shows_its_times(owner: Actor) -> None:
    heard = await to_summary(owner, "水暖", "换水龙头", "后天")
    assert "11月26日" in heard
    assert "09:30" in owner.buttons()


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("今天10点半", "约不上"),  # less than an hour's notice
        ("今天上午9点", "已经过去"),
        ("明天凌晨3点", "约不上"),  # the night shift is for emergencies
        ("12月24日下午3点", "约不上"),  # beyond the horizon
        ("明天下午3点10分", "约不上"),  # off the grid
    ],
)
async def test_a_time_that_cannot_be_had_is_refused_kindly_with_the_nearest(
    town: Town, owner: Actor, words: str, answer: str
) -> None:
    heard = await to_summary(owner, "水暖", "换水龙头", words)
    assert answer in heard
    assert "最近可约" in heard
    await owner.presses(owner.buttons()[0])
    await owner.presses("确认预约")
    assert await count_orders(town) == 1


async def test_words_that_name_no_time_ask_again(owner: Actor) -> None:
    heard = await to_summary(owner, "水暖", "换水龙头", "你们是哪里的")
    assert "没有看懂" in heard
    assert "其他日期" in owner.buttons()


async def test_an_item_may_be_named_at_once(owner: Actor) -> None:
    await opens(owner, "预约服务")
    await owner.types("换水龙头")
    assert "什么时间上门" in await owner.hears()


async def test_a_number_picks_a_choice(owner: Actor, town: Town) -> None:
    await opens(owner, "预约服务", "水暖")
    for _ in range(2):  # the first item, the first time
        await owner.types("1")
    assert "换水龙头" in await owner.hears()
    await owner.types("1")  # 确认预约
    assert await count_orders(town) == 1


# The gate (§3 note)


async def test_3_note_an_item_under_review_is_listed_last_and_says_why_it_cannot_be_booked(
    owner: Actor, town: Town
) -> None:
    await opens(owner, "预约服务", "水暖")
    labels = owner.buttons()
    assert labels.index("暗管漏水检测维修（暂不可约）") > labels.index("疏通马桶 ¥100/次")
    await owner.presses("暗管漏水检测维修（暂不可约）")
    heard = await owner.hears()
    assert "需业务部门评估后才能提供" in heard
    assert "换水龙头 ¥40/个" in owner.buttons()  # and the list is still there to go on
    assert await count_orders(town) == 0


async def test_3_note_work_that_is_not_ours_says_whom_to_ask(owner: Actor) -> None:
    await opens(owner, "预约服务", "燃气")
    await owner.presses("燃气具改装移位（暂不可约）")
    heard = await owner.hears()
    assert "燃气公司" in heard
    assert owner.buttons()[-3:] == ["没有我要的", "返回", "取消"]


async def test_3_note_typed_words_do_not_get_around_the_gate(owner: Actor, town: Town) -> None:
    await opens(owner, "预约服务")
    await owner.types("暗管漏水检测维修")
    assert "需业务部门评估" in await owner.hears()
    await owner.types("擦外窗")
    assert "什么时间" not in await owner.hears()
    assert await count_orders(town) == 0


async def test_3_note_a_forged_pick_does_not_get_around_the_gate(owner: Actor, town: Town) -> None:
    await opens(owner, "预约服务", "水暖")
    closed = await town.look(partial(item_id, code="PL09"))
    await owner.presses_data(field_data(owner, "item", str(closed)))
    assert "这个选项刚刚没有了" in await owner.hears()
    elsewhere = await town.look(partial(item_id, code="PL01", centre_id=2))
    await owner.presses_data(field_data(owner, "item", str(elsewhere)))
    assert "这个选项刚刚没有了" in await owner.hears()
    assert await count_orders(town) == 0


async def test_3_note_an_item_withdrawn_while_the_form_was_open_is_not_booked(
    owner: Actor, town: Town
) -> None:
    await to_summary(owner, "水暖", "换水龙头", "明天下午3点")
    await town.change(
        lambda one: (
            one.execute(update(items).where(items.c.code == "PL01").values(risk="review")).rowcount
        )
    )
    await owner.presses("确认预约")
    assert "需业务部门评估" in await owner.hears()
    assert await count_orders(town) == 0


# Whose time it takes


async def test_a_start_is_offered_only_while_somebody_can_come(
    owner: Actor, neighbour: Actor
) -> None:
    """EL05 takes an electrician who is a handyman too: there is one, 李志强."""
    assert "已预约" in await books(owner, "电工", "装浴霸", "明天下午3点")
    heard = await to_summary(neighbour, "电工", "装浴霸", "明天下午3点")
    assert "约不上" in heard
    assert "明天 周三 15:00" not in neighbour.buttons()
    assert "明天 周三 16:00" not in neighbour.buttons()  # he travels a quarter of an hour
    assert "明天 周三 16:30" in neighbour.buttons()


async def test_a_job_for_either_of_two_leaves_room_for_one_that_only_one_can_do(
    owner: Actor, neighbour: Actor, li: Actor
) -> None:
    """An order nobody has taken still keeps one technician for itself."""
    await books(owner, "电工", "装浴霸", "明天下午3点")
    await li.presses("拒单")
    await li.presses("手头有活")  # now it waits at the desk, and only 李志强 could do it
    heard = await to_summary(neighbour, "水暖", "换水龙头", "明天下午3点")
    assert "请确认" in heard  # 王建国 can
    await neighbour.presses("确认预约")
    assert "已预约" in await neighbour.hears()
    await neighbour.presses("预约服务")
    await neighbour.presses("水暖")
    await neighbour.presses("疏通马桶")
    await neighbour.hears()
    await neighbour.types("明天下午3点")
    assert "约不上" in await neighbour.hears()


async def test_two_owners_confirm_the_last_free_time_and_one_gets_it(
    town: Town, owner: Actor, neighbour: Actor
) -> None:
    for actor in (owner, neighbour):
        assert "请确认" in await to_summary(actor, "电工", "装浴霸", "明天下午3点")
    await asyncio.gather(owner.presses("确认预约"), neighbour.presses("确认预约"))
    heard = [await owner.hears(), await neighbour.hears()]
    assert await count_orders(town) == 1
    assert sum("已预约" in one for one in heard) == 1
    loser, told = (neighbour, heard[1]) if "已预约" in heard[0] else (owner, heard[0])
    assert "刚被约走" in told
    await loser.presses("明天 周三 16:30")
    await loser.presses("确认预约")
    assert "已预约" in await loser.hears()


async def test_two_skills_go_to_who_has_both(owner: Actor, wang: Actor, li: Actor) -> None:
    await books(owner, "电工", "装浴霸", "明天下午3点")
    assert "装浴霸" in await li.hears()
    assert "装浴霸" not in await wang.hears()


@pytest.mark.parametrize(
    ("words", "free"),
    [
        ("明天上午9点", True),
        ("明天上午11点半", True),
        ("明天中午12点", False),
        ("明天下午1点半", False),
        ("明天下午5点半", True),
        ("明天下午6点", False),
        ("明天上午8点", False),
        ("周六上午10点", False),
    ],
)
async def test_3_12_noisy_work_has_its_hours(owner: Actor, words: str, free: bool) -> None:
    heard = await to_summary(owner, "安装", "打孔挂装", words)
    assert ("请确认" in heard) is free
    assert ("约不上" in heard) is not free


async def test_nobody_with_the_skill_is_said_so(town: Town, owner: Actor) -> None:
    await town.change(
        lambda one: (
            one.execute(update(staff).where(staff.c.name == "赵秀兰").values(active=False)).rowcount
        )
    )
    heard = await opens(owner, "预约服务", "保洁", "钟点保洁")
    assert "近期没有可约的时间" in heard
    assert owner.buttons() == ["返回", "取消"]


async def test_an_offered_start_stays_bookable_while_the_summary_is_read(
    town: Town, owner: Actor
) -> None:
    await opens(owner, "预约服务", "水暖", "换水龙头", "今天 周二 11:00")
    await town.passes(minutes=5)
    await owner.presses("确认预约")
    assert "已预约" in await owner.hears()


async def test_a_start_that_has_come_too_near_is_not_booked(town: Town, owner: Actor) -> None:
    await opens(owner, "预约服务", "水暖", "换水龙头", "今天 周二 11:00")
    await town.passes(minutes=61)
    await owner.presses("确认预约")
    heard = await owner.hears()
    assert "约" in heard
    assert "已预约" not in heard
    assert await count_orders(town) == 0


async def test_a_start_of_an_older_screen_is_taken_while_it_is_free(
    town: Town, owner: Actor
) -> None:
    await opens(owner, "预约服务", "水暖", "换水龙头")
    await town.passes(hours=8)  # 18:00: the choice would now be another one
    await owner.presses("明天 周三 14:00")
    assert "请确认" in await owner.hears()


async def test_a_forged_start_in_the_past_is_refused(town: Town, owner: Actor) -> None:
    await opens(owner, "预约服务", "水暖", "换水龙头")
    for forged in (at(23, 9), at(24, 9), at(25, 3), at(25, 9, 7), datetime(2900, 1, 1, tzinfo=UTC)):
        await owner.presses_data(field_data(owner, "slot", str(int(forged.timestamp()))))
        assert "这个选项刚刚没有了" in await owner.hears()
    for junk in ("d9999-99-99", "d0001-01-01", "n5", "-5", "9" * 30, "days "):
        await owner.presses_data(field_data(owner, "slot", junk))
        assert "这个选项刚刚没有了" in await owner.hears()
    assert await count_orders(town) == 0


# Minor repairs (reading 14)


async def test_reading_14_a_repair_the_owner_puts_off_is_flagged(town: Town, owner: Actor) -> None:
    await books(owner, "水暖", "换水龙头", "周五下午3点")
    assert (await town.order()).owner_deferred


async def test_reading_14_a_repair_within_a_day_is_not(town: Town, owner: Actor) -> None:
    await books(owner, "水暖", "换水龙头", "明天上午9点")
    assert not (await town.order()).owner_deferred


async def test_reading_14_where_nothing_was_free_within_a_day_the_wait_is_ours(
    town: Town, owner: Actor
) -> None:
    def only_on_friday(connection: Connection) -> None:
        connection.execute(
            update(staff)
            .where(staff.c.name.in_(["王建国", "李志强"]))
            .values(shift="周五 08:00-18:00")
        )

    await town.change(only_on_friday)
    await books(owner, "水暖", "换水龙头", "周五下午3点")
    assert not (await town.order()).owner_deferred


async def test_cleaning_has_no_day_to_be_done_in(town: Town, owner: Actor) -> None:
    await books(owner, "保洁", "钟点保洁", "周五下午3点")
    order = await town.order()
    assert order.trade is Trade.HOUSEKEEPING
    assert not order.owner_deferred


# What may be added


async def test_a_quantity_changes_price_and_time(town: Town, owner: Actor) -> None:
    await to_summary(owner, "水暖", "换水龙头", "明天下午3点")
    await owner.presses("数量")
    await owner.presses("3个")
    heard = await owner.hears()
    assert "¥40/个 × 3 = ¥120" in heard
    assert "2 小时" in heard
    await owner.presses("数量")
    await owner.types("两个")
    assert "× 2 = ¥80" in await owner.hears()
    await owner.presses("确认预约")
    order = await town.order()
    assert (order.quantity, order.price_fen, order.minutes) == (2, 8000, 80)


async def test_hours_are_the_quantity_of_hourly_work(town: Town, owner: Actor) -> None:
    summary = await to_summary(owner, "保洁", "钟点保洁", "明天下午2点")
    assert "¥50/小时 × 2 = ¥100" in summary
    await owner.presses("数量")
    await owner.presses("3小时")
    heard = await owner.hears()
    assert "= ¥150" in heard
    assert "3 小时" in heard
    await owner.presses("确认预约")
    order = await town.order()
    assert (order.quantity, order.price_fen, order.minutes) == (3, 15000, 180)


async def test_an_area_nobody_named_is_measured_on_site(town: Town, owner: Actor) -> None:
    summary = await to_summary(owner, "保洁", "深度保洁", "明天上午9点")
    assert "¥5/㎡，按实际数量计" in summary
    await owner.presses("数量")
    await owner.types("90")
    assert "× 90 = ¥450" in await owner.hears()
    await owner.presses("确认预约")
    assert (await town.order()).price_fen == 45000


async def test_what_is_free_says_so(owner: Actor) -> None:
    await opens(owner, "预约服务", "代办")
    assert "代收邮件快递 免费" in owner.buttons()
    assert "价格：免费" in await to_summary(owner, "代办", "代收邮件快递", "明天下午3点")


async def test_a_longer_job_than_the_gap_is_asked_for_another_time(
    town: Town, owner: Actor
) -> None:
    await to_summary(owner, "保洁", "钟点保洁", "明天下午4点")  # her shift ends at six
    await owner.presses("数量")
    await owner.presses("3小时")
    await owner.presses("确认预约")
    assert "请再选一个时间" in await owner.hears()
    assert await count_orders(town) == 0


async def test_a_note_and_photos_reach_the_technician(
    town: Town, owner: Actor, wang: Actor
) -> None:
    await to_summary(owner, "水暖", "换水龙头", "明天下午3点")
    await owner.types("按门铃，小孩在睡觉")
    assert "备注：按门铃" in await owner.hears()
    photo = await owner.sends_photo()
    assert "照片：1 张" in await owner.hears()
    await owner.presses("确认预约")
    order = await town.order()
    assert (order.note, order.photos) == ("按门铃，小孩在睡觉", (photo,))
    assert "按门铃" in await wang.hears()


async def test_a_note_that_sounds_like_an_emergency_offers_one(town: Town, owner: Actor) -> None:
    await to_summary(owner, "水暖", "换水龙头", "明天下午3点")
    await owner.types("水管爆了到处都是水")
    assert "听起来是紧急情况：水管爆裂" in await owner.hears()
    await owner.presses("紧急报修：水管爆裂")
    order = await town.order()
    assert order.emergency == "burst_pipe"


async def test_a_second_home_is_a_button_and_the_newest_the_default(
    town: Town, owner: Actor
) -> None:
    await opens(owner, "预约服务")
    assert not owner.sees("换房屋")
    await town.change(partial(_second_home, centre_id=1, room_no="9-909"))
    summary = await to_summary(owner, "水暖", "换水龙头", "明天下午3点")
    assert "9-909" in summary
    await owner.presses("换房屋")
    await owner.presses("3-1201")
    assert "3-1201" in await owner.hears()
    await owner.presses("确认预约")
    assert (await town.order()).place == "3-1201"


async def test_homes_in_two_centres_are_asked_for_first(town: Town, owner: Actor) -> None:
    await town.change(partial(_second_home, centre_id=2, room_no="1-110"))
    assert "哪套房屋" in await opens(owner, "预约服务")
    await owner.presses("1-110")
    await owner.presses("水暖")
    await owner.presses("换水龙头")
    await owner.presses("明天")
    await owner.presses("确认预约")
    order = await town.order()
    assert (order.centre_id, order.place) == (2, "1-110")
    assert order.number.startswith("XS")


def _second_home(connection: Connection, centre_id: int, room_no: str) -> None:
    known = known_as(connection, "owner")
    assert known is not None
    made = connection.execute(rooms.insert().values(centre_id=centre_id, room_no=room_no))
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


# Ways back and out


@on_ordinary_telephones
async def test_back_goes_question_by_question(owner: Actor) -> None:
    await to_summary(owner, "水暖", "换水龙头", "明天下午3点")
    for expected in ("什么时间上门", "请选项目", "请选服务类别"):
        await owner.hears()
        await owner.presses("返回")
        assert expected in await owner.hears()
    assert "返回" not in owner.buttons()


async def test_cancel_leaves_nothing(town: Town, owner: Actor) -> None:
    await to_summary(owner, "水暖", "换水龙头", "明天下午3点")
    confirm = owner.button("确认预约")
    assert confirm is not None
    await owner.presses("取消")
    assert "没有保存任何内容" in await owner.hears()
    await owner.presses_data(confirm[1].data)
    assert owner.toast == "这张表单已经结束"
    assert await count_orders(town) == 0


async def test_a_restart_in_the_middle_loses_nothing(town: Town, owner: Actor) -> None:
    await to_summary(owner, "水暖", "换水龙头", "明天下午3点")
    town.restarts()
    await owner.presses("确认预约")
    assert "已预约" in await owner.hears()


async def test_confirming_twice_books_once(town: Town, owner: Actor) -> None:
    await to_summary(owner, "水暖", "换水龙头", "明天下午3点")
    confirm = owner.button("确认预约")
    assert confirm is not None
    await asyncio.gather(*(owner.presses_data(confirm[1].data) for _ in range(3)))
    assert await count_orders(town) == 1
    assert owner.toast in (None, "这张表单已经结束")


async def test_starting_anew_puts_the_old_form_away(town: Town, owner: Actor) -> None:
    await to_summary(owner, "水暖", "换水龙头", "明天下午3点")
    old = owner.button("确认预约")
    assert old is not None
    await opens(owner, "预约服务", "电工")
    await owner.presses_data(old[1].data)
    assert owner.toast == "这张表单已经结束"
    assert await count_orders(town) == 0


async def test_what_is_not_listed_leads_to_a_person(owner: Actor, cs: Actor) -> None:
    await opens(owner, "预约服务", "水暖", "没有我要的")
    await owner.types("想换一个浴缸")
    assert "浴缸" in await cs.hears()


# Who may


async def test_3_3_only_the_verified_book(
    town: Town, stranger: Actor, moved_out: Actor, wang: Actor
) -> None:
    for actor in (stranger, moved_out, wang):
        await actor.presses_data("book.start")
        assert "绑定房屋" in await actor.hears()
    assert await count_orders(town) == 0


async def test_somebody_who_moves_out_with_the_form_open_books_nothing(
    town: Town, owner: Actor
) -> None:
    await to_summary(owner, "水暖", "换水龙头", "明天下午3点")
    await town.change(
        lambda one: (
            one.execute(
                update(residents)
                .where(residents.c.name == "张伟")
                .values(ended_at=town.clock.now())
            ).rowcount
        )
    )
    await owner.presses("确认预约")
    assert "绑定房屋" in await owner.hears()
    assert await count_orders(town) == 0


async def test_a_tenant_books(town: Town, tenant: Actor) -> None:
    assert "已预约" in await books(tenant, "水暖", "换水龙头", "明天下午3点")
    assert (await town.order()).state is OrderState.WAITING


async def test_the_whole_booking_in_english(town: Town, owner: Actor) -> None:
    def speak_english(connection: Connection) -> None:
        known = known_as(connection, "owner")
        assert known is not None
        people.speak(connection, known[1].id, "en")

    await town.change(speak_english)
    await owner.commands("start")
    for tap in ("Book a service", "Plumbing", "Replace tap ¥40/pc", "tomorrow Wed 09:00"):
        await owner.presses(tap)
    assert "Price: ¥40/pc × 1 = ¥40" in await owner.hears()
    await owner.presses("Confirm booking")
    assert "Booked, number YH261124-001" in await owner.hears()
