"""Whatever is spoken comes as messages that 微信客服 takes, and nothing of it is lost."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.base import Button, Spoken
from bot.channels.wecom.owners import menus
from bot.channels.wecom.owners.menus import Content, decode, encode
from bot.channels.wecom.owners.msgids import msgid, named, ref_of
from tests.emulators.wecom_kf_messages import Look, SendOnEvent, demand_body, look
from tests.emulators.wecom_state import Corp

WORDS = (
    st.text(st.characters(), max_size=40)
    | st.text("漏水💧\n a", max_size=900)
    | (st.integers(0, 1500) | st.integers(335, 345)).map("水".__mul__)
    | st.builds(
        "{0:水<{1}}\n{0:漏<{2}}".format, st.just(""), st.integers(0, 700), st.integers(0, 400)
    )
)
LABELS = st.text(min_size=1, max_size=20) | st.integers(1, 70).map("水".__mul__)
BUTTONS = st.builds(Button, LABELS, st.text(max_size=64), st.none() | st.integers(1, 99))
ROWS = st.lists(st.lists(BUTTONS, min_size=1, max_size=3).map(tuple), max_size=25).map(
    tuple
) | st.integers(45, 60).map(((Button("好", "ok", 1),),).__mul__)
MENU = st.lists(st.lists(LABELS, min_size=1, max_size=3).map(tuple), max_size=5).map(tuple)
SPOKEN = st.builds(Spoken, WORDS, rows=ROWS) | st.builds(Spoken, WORDS, menu=MENU)


def shown(content: Content) -> Look:
    """What the emulated telephone makes of a message; refuses what breaks a limit."""
    said = SendOnEvent.model_validate({"code": "c", **content}, context=[])
    demand_body(said)
    return look(Corp(lambda: datetime(2026, 11, 24, tzinfo=UTC), "ww1", []), said)


def squeezed(text: str) -> str:
    return "".join(text.encode(errors="replace").decode().split())


@given(SPOKEN, st.none() | st.integers(1, 4))
@settings(max_examples=150, deadline=None)
def test_whatever_is_spoken_is_within_every_limit(spoken: Spoken, most: int | None) -> None:
    messages = menus.words(spoken, most)
    for message in messages:
        shown(message)
    assert most is None or len(messages) <= most


@given(SPOKEN)
@settings(max_examples=100, deadline=None)
def test_no_word_is_lost_where_there_is_room(spoken: Spoken) -> None:
    messages: list[Any] = menus.words(spoken)
    said = [
        one["text"]["content"] if "text" in one else one["msgmenu"].get("head_content", "")
        for one in messages
    ]
    assert squeezed("".join(said)) == squeezed(spoken.text)


@given(st.text())
def test_a_buttons_data_comes_back_as_it_was(data: str) -> None:
    written = encode(data)
    assert set(written) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_")
    assert decode(written) == data if data else written == ""


@given(st.text())
def test_whatever_a_press_brings_can_be_read(menu_id: str) -> None:
    data = decode(menu_id)
    assert data is None or isinstance(data, str)


def test_choices_are_numbered_and_stand_under_the_words() -> None:
    rows = ((Button("换水龙头", "book.item|7", 1),), (Button("更多", "choices.more|9"),))
    assert menus.words(Spoken("请选择项目", rows=rows)) == [
        {
            "msgtype": "msgmenu",
            "msgmenu": {
                "head_content": "请选择项目",
                "list": [
                    {
                        "type": "click",
                        "click": {"id": "book_2Eitem_7C7", "content": "1. 换水龙头"},
                    },
                    {"type": "click", "click": {"id": "choices_2Emore_7C9", "content": "更多"}},
                ],
            },
        }
    ]


def test_words_too_long_for_a_menu_go_before_it_but_for_their_last_line() -> None:
    rows = ((Button("好", "ok", 1),),)
    first, menu = menus.words(Spoken("水" * 400 + "\n可以吗？", rows=rows))
    assert first == {"msgtype": "text", "text": {"content": "水" * 400}}
    assert shown(menu).words == "可以吗？\n1. 好"


def test_where_only_one_message_is_allowed_its_words_are_cut_and_the_choices_stay() -> None:
    rows = ((Button("好", "ok", 1),),)
    (only,) = menus.words(Spoken("水" * 400 + "\n可以吗？", rows=rows), most=1)
    assert shown(only).words == "水" * 340 + "…\n1. 好"


def test_data_too_long_for_an_item_can_still_be_typed_by_its_number() -> None:
    (menu,) = menus.words(Spoken("选", rows=((Button("那一个", "|" * 64, 3),),)))
    assert shown(menu).words == "选\n3. 那一个"
    assert shown(menu).choices == ()


def test_the_standing_menu_is_shown_and_says_its_labels() -> None:
    (menu,) = menus.words(Spoken("您好", menu=(("预约服务", "紧急报修"), ("更多",))))
    assert [label for label, _ in shown(menu).choices] == ["预约服务", "紧急报修", "更多"]
    assert {decode(menu_id or "") for _, menu_id in shown(menu).choices} == {None}


@given(st.text(max_size=80), st.integers(0, 30))
def test_a_message_is_named_as_wecom_wants_and_its_delivery_is_known_by_it(
    key: str, part: int
) -> None:
    name = msgid("0a1b2c", key, part)
    assert 1 <= len(name) <= 32
    assert name.isascii()
    assert ref_of(name) == ref_of(msgid("0a1b2c", key)) if part else True
    assert part == 0 or name != msgid("0a1b2c", key)


def test_parts_of_one_delivery_share_its_name() -> None:
    assert msgid("0a1b2c", "m17-23") == "0a1b2cm17-23"
    assert msgid("0a1b2c", "m17-23", 2) == "0a1b2cm17-23-p2"
    assert ref_of("0a1b2cm17-23-p2") == "0a1b2cm17-23"


def test_no_more_messages_than_are_allowed_and_the_last_says_that_there_was_more() -> None:
    text = "\n".join("水" * 300 for _ in range(9))
    rows = ((Button("好", "ok", 1),),)
    first, menu = menus.words(Spoken(text, rows=rows), most=2)
    assert shown(first).words.endswith("…")
    assert shown(menu).words == "水" * 300 + "\n1. 好"
    assert [len(menus.words(Spoken(text), most)) for most in (1, 2, 3, None)] == [1, 2, 3, 5]


def test_another_message_under_the_same_number_has_another_name() -> None:
    assert named("m17", "已预约") != named("m17", "已取消")
    assert named("m17", "已预约") == named("m17", "已预约")
    assert ref_of(msgid("0a1b2c", named("m17", "已预约"), 3)) == msgid(
        "0a1b2c", named("m17", "已预约")
    )
