"""The first word, the menus, the language, what is stored, and what nobody understood."""

from __future__ import annotations

from functools import partial

import pytest
from sqlalchemy import Connection

from bot.event import Command, Event, Text
from storage import people
from storage.records import Role
from storage.tables import staff
from tests.conversation import Actor, Town, known_as, on_ordinary_telephones


async def test_a_stranger_is_offered_an_emergency_a_binding_and_a_language(
    stranger: Actor,
) -> None:
    await stranger.commands("start")
    heard = await stranger.hears()
    assert "绑定房屋" in heard
    assert "02000000001" in heard  # no chat may be of use yet, so the telephones are told
    assert stranger.menu() == ["紧急报修", "绑定房屋", "语言"]


async def test_a_resident_is_greeted_by_name_and_room(owner: Actor) -> None:
    await owner.commands("start")
    heard = await owner.hears()
    assert "张伟" in heard
    assert "3-1201" in heard
    assert owner.menu() == ["预约服务", "紧急报修", "我的订单", "联系客服", "更多"]


@on_ordinary_telephones
@pytest.mark.parametrize(
    ("key", "menu"),
    [
        ("wang", ["我的任务", "下班", "呼叫控制中心", "更多"]),
        ("cs", ["待派单", "处理中", "待办", "联系不上", "回访", "代客登记", "更多"]),
        ("control", ["待派单", "处理中", "待办", "联系不上", "代客登记", "更多"]),
        ("supervisor", ["待审批", "处理中", "待办", "联系不上", "回访", "本月指标", "更多"]),
        ("head", ["待审批", "处理中", "待办", "联系不上", "回访", "本月指标", "更多"]),
        ("business", ["待审批", "待办", "本月指标", "更多"]),
    ],
)
async def test_each_role_has_its_menu(town: Town, key: str, menu: list[str]) -> None:
    actor = town.actor(key)
    await actor.commands("start")
    assert actor.menu() == menu


@on_ordinary_telephones
async def test_a_technician_off_duty_is_offered_to_go_on(town: Town, zhao: Actor) -> None:
    await town.until("19:00")  # her shift has ended at six
    await zhao.commands("start")
    assert "上班" in zhao.menu()
    assert "下班" not in zhao.menu()


async def test_several_roles_and_a_home_share_one_menu_without_repeats(
    town: Town, owner: Actor
) -> None:
    def also_staff(connection: Connection) -> None:
        endpoint = known_as(connection, "owner")
        assert endpoint is not None
        connection.execute(
            staff.insert().values(
                centre_id=1,
                person_id=endpoint[1].id,
                name="张伟",
                phone="13800299999",
                roles=(Role.CS, Role.SUPERVISOR),
                skills=(),
                shift="全天",
                active=True,
            )
        )

    await town.change(also_staff)
    await owner.commands("start")
    menu = owner.menu()
    assert len(menu) == len(set(menu))
    assert {"待派单", "待审批", "预约服务"} <= set(menu)
    assert menu[-1] == "更多"


async def test_help_says_what_can_be_done(owner: Actor, wang: Actor) -> None:
    await owner.commands("help")
    assert "预约服务" in await owner.hears()
    await wang.commands("help")
    assert "我的任务" in await wang.hears()


async def test_start_puts_away_what_was_being_filled_in(stranger: Actor) -> None:
    await stranger.commands("start")
    await stranger.presses("绑定房屋")
    await stranger.presses("我有验证码")
    await stranger.commands("start")
    await stranger.hears()
    await stranger.types("ABCD2345")  # no longer an answer
    assert "没有看懂" in await stranger.hears()


# Language


async def test_the_language_is_switched_and_the_menu_with_it(owner: Actor) -> None:
    await owner.commands("start")
    await owner.presses("更多")
    await owner.presses("语言")
    await owner.hears()
    await owner.presses("English")
    assert "English" in await owner.hears()
    assert owner.menu()[-1] == "More"
    await owner.types("more")
    await owner.presses("Language")
    await owner.presses("中文")
    assert owner.menu()[-1] == "更多"


async def test_language_command_and_a_language_nobody_speaks(stranger: Actor) -> None:
    await stranger.commands("language")
    assert stranger.sees("中文")
    assert stranger.sees("English")
    await stranger.presses_data("language.set|tlh")
    assert stranger.toast == "这个按钮已经失效"


@pytest.mark.parametrize(
    ("hint", "word"), [("zh-hans", "您好"), (None, "您好"), ("en-GB", "Hello"), ("fr", "Hello")]
)
async def test_the_platforms_hint_decides_the_first_language(
    town: Town, hint: str | None, word: str
) -> None:
    await town.house.dispatcher.take(
        Event(
            town.channel_of("somebody"),
            "first",
            "somebody",
            Command("start"),
            town.clock.now(),
            hint,
        )
    )
    assert word in await town.actor("somebody").hears()


# My data


async def test_my_data_shows_what_is_stored_with_the_phone_masked(
    owner: Actor, tenant: Actor, cs: Actor
) -> None:
    await owner.commands("start")
    await owner.presses("更多")
    await owner.hears()
    await owner.presses("我的数据")
    heard = await owner.hears()
    assert "张伟" in heard
    assert "138****0001" in heard
    assert "13800100001" not in heard
    assert "3-1201" in heard
    assert "订单：0" in heard

    await tenant.types("我的数据")
    assert "2027-01-31" in await tenant.hears()
    await cs.types("我的数据")
    assert "客服" in await cs.hears()


async def test_my_data_of_a_stranger_is_nearly_empty(stranger: Actor) -> None:
    await stranger.types("我的数据")
    heard = await stranger.hears()
    assert "姓名" not in heard
    assert "房屋" not in heard


# What nobody understood


async def test_words_nobody_understands_get_the_menu(owner: Actor, stranger: Actor) -> None:
    await owner.types("春眠不觉晓")
    assert "没有看懂" in await owner.hears()
    assert "预约服务" in owner.menu()
    await stranger.types("春眠不觉晓")
    assert "绑定房屋" in await stranger.hears()
    assert "紧急报修" in stranger.menu()


async def test_a_photo_out_of_the_blue_may_be_a_repair(
    owner: Actor, stranger: Actor, cs: Actor
) -> None:
    await owner.sends_photo()
    assert "报修" in await owner.hears()
    assert owner.buttons() == ["紧急报修", "预约服务"]
    await stranger.sends_photo()
    assert stranger.buttons() == ["紧急报修", "绑定房屋"]
    await cs.sends_photo()
    assert "没有看懂" in await cs.hears()


# Staff accounts that the roster names


async def test_staff_are_known_at_their_first_word(town: Town) -> None:
    await town.change(partial(_on_telegram, name="王建国", telegram_id="700100"))
    await _says(town, "telegram", "700100", Text("你好"))
    known = await town.look(partial(people.who, channel="telegram", address="700100"))
    assert known is not None
    assert known[1].name == "王建国"


async def test_staff_entered_after_their_first_word_are_known_at_start(town: Town) -> None:
    await _says(town, "telegram", "700101", Text("你好"))
    await town.change(partial(_on_telegram, name="李志强", telegram_id="700101"))
    await _says(town, "telegram", "700101", Command("start"))
    known = await town.look(partial(people.who, channel="telegram", address="700101"))
    assert known is not None
    assert known[1].name == "李志强"


async def test_an_account_number_of_another_platform_is_nobody(town: Town) -> None:
    await town.change(partial(_on_telegram, name="王建国", telegram_id="700100"))
    await _says(town, "phone", "700100", Command("start"))
    known = await town.look(partial(known_as, key="700100"))
    assert known is not None
    assert known[1].name is None


@on_ordinary_telephones
async def test_who_has_left_the_roster_has_no_roles_at_once(town: Town, cs: Actor) -> None:
    await cs.commands("start")
    assert "待派单" in cs.menu()

    def leaves(connection: Connection) -> None:
        connection.execute(staff.update().where(staff.c.name == "陈静").values(active=False))

    await town.change(leaves)
    await cs.commands("start")
    assert cs.menu() == ["紧急报修", "绑定房屋", "语言"]


def _on_telegram(connection: Connection, *, name: str, telegram_id: str) -> None:
    connection.execute(staff.update().where(staff.c.name == name).values(telegram_id=telegram_id))


async def _says(town: Town, channel: str, address: str, what: Text | Command) -> None:
    dedup = f"{channel}-{address}-{type(what).__name__}"
    await town.house.dispatcher.take(
        Event(channel, dedup, address, what, town.clock.now(), "zh-CN")
    )


@pytest.mark.parametrize("word", ["菜单", "Menu", "menu"])
async def test_the_typed_word_brings_the_menu(town: Town, owner: Actor, word: str) -> None:
    await owner.commands("start")
    town.telephones.menus.clear()  # a chat without a menu at its foot
    await owner.types(word)
    assert "请选一项" in owner.newest().text
    assert owner.menu() == ["预约服务", "紧急报修", "我的订单", "联系客服", "更多"]


@pytest.mark.parametrize("word", ["帮助", "help"])
async def test_the_typed_word_brings_help(owner: Actor, word: str) -> None:
    await owner.types(word)
    assert "在这里可以做这些事" in owner.newest().text
    assert "随时可以输入“菜单”" in owner.newest().text
    assert "预约服务" in owner.menu()
