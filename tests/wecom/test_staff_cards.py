"""What colleagues are shown: whole words within WeCom's limits, and what can be pressed."""

from __future__ import annotations

import re
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.base import Button, Labels, Spoken
from bot.channels.wecom.pages import MOST_BYTES
from bot.channels.wecom.staff.cards import CHOOSE, CLOSED, face_in_place, shown
from tests.emulators.wecom_cards import ButtonInteraction

LABELS = Labels(choose="确定", closed="已处理")


def spoken(text: str, *labels: str) -> Spoken:
    """Words over buttons, one to a row, numbered as the house numbers them."""
    rows = tuple(
        (Button(label, f"act|{number}", number),) for number, label in enumerate(labels, 1)
    )
    return Spoken(text, rows=rows, labels=LABELS)


def card_of(words: Spoken) -> dict[str, Any]:
    card = shown(words).card
    assert card is not None
    return dict(card)


def labels_of(card: dict[str, Any]) -> list[str]:
    return [button["text"] for button in card["button_list"]]


def test_words_alone_are_a_text() -> None:
    assert shown(spoken("您好。\n这里是到家服务台。")).texts == ("您好。\n这里是到家服务台。",)
    assert shown(spoken("您好。")).card is None


def test_a_job_is_a_card_with_title_pairs_and_words() -> None:
    card = card_of(
        spoken("工单 1　换水龙头\n房号：3-1201　张*\n备注: 厨房\n请带工具", "接单", "拒单")
    )
    assert shown(spoken("工单", "接单")).texts == ()
    assert card["main_title"] == {"title": "工单 1　换水龙头"}
    assert card["horizontal_content_list"] == [
        {"keyname": "房号", "value": "3-1201　张*"},
        {"keyname": "备注", "value": "厨房"},
    ]
    assert card["sub_title_text"] == "请带工具"
    assert [(one["text"], one["key"], one["style"]) for one in card["button_list"]] == [
        ("接单", "act|1", 1),
        ("拒单", "act|2", 2),
    ]


def test_a_time_of_day_or_an_address_is_no_pair() -> None:
    card = card_of(spoken("提醒\n15:00 王建国 上门\nhttps://a.example", "好"))
    assert "horizontal_content_list" not in card
    assert card["sub_title_text"] == "15:00 王建国 上门\nhttps://a.example"


def test_what_does_not_fit_goes_before_the_card_in_full() -> None:
    words = "题" * 50 + "\n" + "很长的说明" * 60
    given = shown(spoken(words, "好"))
    assert "".join(given.texts).replace("\n", "") == words.replace("\n", "")
    assert card_of(spoken(words, "好"))["main_title"]["title"] == "题" * 35 + "…"
    assert face_in_place(spoken(words, "好")) is None


def test_more_than_six_choices_keep_the_next_step_one_tap_away() -> None:
    card = card_of(spoken("工单", *(f"第{n}步" for n in range(1, 10))))
    assert labels_of(card) == ["第1步", "第2步", "第3步", "第4步", "第5步", "确定"]
    assert card["button_list"][-1]["key"] == CHOOSE
    options = card["button_selection"]["option_list"]
    assert [(one["id"], one["text"]) for one in options] == [
        ("act|6", "第6步"),
        ("act|7", "第7步"),
        ("act|8", "第8步"),
        ("act|9", "第9步"),
    ]


def test_longer_labels_are_all_in_the_list() -> None:
    card = card_of(spoken("改到哪天？", *(f"明天 周二 1{n}:00 上午" for n in range(8))))
    assert labels_of(card) == ["确定"]
    assert len(card["button_selection"]["option_list"]) == 8


def test_choices_no_card_can_carry_are_numbered_to_be_typed() -> None:
    labels = [f"很长很长很长很长很长的选项之{n}" for n in range(1, 17)]
    given = shown(spoken("哪一项？", *labels))
    assert given.card is None
    assert given.texts == (
        "\n".join(["哪一项？", *(f"{n}. {label}" for n, label in enumerate(labels, 1))]),
    )


def test_few_labels_that_are_too_long_are_cut_on_the_buttons_and_whole_in_the_words() -> None:
    card = card_of(spoken("Job", "Explain content and price", "Arrived"))
    assert labels_of(card) == ["1 Explain…", "Arrived"]
    assert card["sub_title_text"] == "1. Explain content and price"


def test_two_buttons_that_do_the_same_are_one() -> None:
    twice = Spoken("单", rows=((Button("看", "a"), Button("再看", "a")),), labels=LABELS)
    assert labels_of(card_of(twice)) == ["看"]


def test_a_face_with_nothing_to_press_is_closed() -> None:
    face = face_in_place(spoken("工单 1\n已由李师傅接单"))
    assert face is not None
    assert face["replace_text"] == "已处理"
    assert face["button_list"] == [{"text": "已处理", "style": 1, "key": CLOSED}]


def test_nobodys_words_become_a_link() -> None:
    assert shown(spoken('看 <a href="https://evil.example">这里</a> <3')).texts == (
        '看 ＜a href="https://evil.example">这里＜/a> <3',
    )


_words = st.text(st.sampled_from("工单房号：: 1a<>/\n　🚨—" + "字" * 6), max_size=400)
_long = st.one_of(st.text(max_size=60), _words, _words.map(lambda text: text * 6))
_buttons = st.lists(
    st.builds(
        Button,
        st.text(min_size=1, max_size=64),
        st.text(st.characters(codec="utf-8", exclude_characters="\n"), min_size=1, max_size=16),
        st.none() | st.integers(1, 40),
    ),
    max_size=20,
)
_spoken = st.builds(
    lambda text, buttons, labels: Spoken(text, tuple((one,) for one in buttons), labels=labels),
    _long,
    _buttons,
    st.builds(Labels, st.text(max_size=20), st.text(max_size=20)),
)


def checked(card: object) -> ButtonInteraction:
    """The card as WeCom reads it: nothing wrong, nothing cut."""
    cuts: list[str] = []
    assert isinstance(card, dict)
    read = ButtonInteraction.model_validate({**card, "task_id": "t1"}, context=cuts)
    assert cuts == []
    return read


@given(_spoken)
@settings(max_examples=150, deadline=None)
def test_whatever_is_said_fits_and_nothing_is_lost(said: Spoken) -> None:
    given = shown(said)
    for text in given.texts:
        assert 0 < len(text.encode()) <= MOST_BYTES
        assert text.strip()
    read = None if given.card is None else checked(given.card)
    seen = [*given.texts, *([] if read is None else [*read.lines, *_labels(read)])]
    everything = _bare("".join(seen))
    for word in [*said.text.split(), *_distinct_labels(said)]:
        assert _bare(word) in everything
    if read is not None:
        carried = [one.key for one in read.button_list]
        carried += [one.id for each in read.selections for one in each.option_list]  # type: ignore[union-attr]
        assert {one.data for row in said.rows for one in row} <= set(carried)


@given(_spoken)
@settings(max_examples=100, deadline=None)
def test_a_card_that_changes_in_place_holds_everything_or_does_not_change(said: Spoken) -> None:
    face = face_in_place(said)
    if face is None:
        return
    read = checked(face)
    everything = _bare("".join([*read.lines, *_labels(read)]))
    for word in said.text.split():
        assert _bare(word) in everything


def _labels(read: ButtonInteraction) -> list[str]:
    options = [one.text for each in read.selections for one in each.option_list]
    return [*(one.text for one in read.button_list), *options]


def _distinct_labels(said: Spoken) -> list[str]:
    first: dict[str, str] = {}
    for row in said.rows:
        for one in row:
            first.setdefault(one.data, one.label)
    return list(first.values())


def _bare(text: str) -> str:
    """Without what may stand otherwise on a card: space, the sign between a name and a value."""
    text = text.encode(errors="replace").decode()
    return re.sub(r"[\s:：]", "", text.replace("＜", "<"))
