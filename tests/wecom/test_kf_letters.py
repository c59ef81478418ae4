"""What the news of a 微信客服 account say, however WeCom spells it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import JsonValue

from bot.channels.wecom.owners.news import (
    Ended,
    Entered,
    Failed,
    FailType,
    KfLetter,
    Picture,
    Spot,
    Taken,
    Tapped,
    Unsupported,
    What,
    Words,
    read_kf_letter,
)

Json = dict[str, JsonValue]

SENT: Json = {
    "msgid": "m1",
    "open_kfid": "wk1",
    "external_userid": "wm1",
    "send_time": 1700000000,
    "origin": 3,
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


def said(kind: str, content: JsonValue) -> What | None:
    letter = read_kf_letter({**SENT, "msgtype": kind, kind: content})
    return letter and letter.what


def happened(event_type: str, **fields: JsonValue) -> What | None:
    event: Json = {
        "event_type": event_type,
        "open_kfid": "wk1",
        "external_userid": "wm1",
        **fields,
    }
    raw: Json = {"msgid": "e1", "send_time": 1, "origin": 4, "msgtype": "event", "event": event}
    letter = read_kf_letter(raw)
    return letter and letter.what


def test_a_letter_says_who_and_when() -> None:
    raw: Json = {**SENT, "msgtype": "text", "text": {"content": "漏水"}}
    sent_at = datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
    assert read_kf_letter(raw) == KfLetter("m1", "wm1", sent_at, Words("漏水"))


@pytest.mark.parametrize(
    ("kind", "content", "what"),
    [
        ("text", {"content": "漏水", "menu_id": ""}, Words("漏水")),
        ("text", {"content": "1. 好", "menu_id": "ok"}, Tapped("ok", "1. 好")),
        ("text", {"content": "1. 好", "menu_id": 101}, Tapped("101", "1. 好")),
        ("text", {"content": None}, Words("")),
        ("image", {"media_id": "MID"}, Picture("MID")),
        (
            "location",
            {"latitude": 23.1, "longitude": "113.3", "name": "", "address": "云湖路1号"},
            Spot(23.1, 113.3, "云湖路1号"),
        ),
        ("voice", {"media_id": "MID"}, Unsupported()),
        ("business_card", {"userid": "chenjing"}, Unsupported()),
        ("a kind of tomorrow", {"anything": 1}, Unsupported()),
        ("image", {}, Unsupported()),
        ("location", {"latitude": 200, "longitude": 0}, Unsupported()),
        ("text", None, Unsupported()),
    ],
)
def test_what_a_customer_sends(kind: str, content: JsonValue, what: What) -> None:
    assert said(kind, content) == what


@pytest.mark.parametrize(
    ("event_type", "fields", "what"),
    [
        ("enter_session", {"scene": "door"}, None),
        ("enter_session", {"welcome_code": "WC", "scene_param": None}, Entered("", "WC")),
        ("enter_session", {"scene_param": "ABCD2345"}, Entered("ABCD2345", "")),
        ("enter_session", {"scene_param": "AB%2DCD'; --"}, Entered("ABCD", "")),
        ("enter_session", {"scene_param": "A" * 60}, Entered("A" * 16, "")),
        ("msg_send_fail", {"fail_msgid": "x", "fail_type": 4}, Failed("x", FailType(4))),
        ("msg_send_fail", {"fail_msgid": "x", "fail_type": "6"}, Failed("x", FailType(6))),
        ("msg_send_fail", {"fail_msgid": "x", "fail_type": 13}, Failed("x", FailType.OTHER)),
        ("session_status_change", {"change_type": 1, "msg_code": "MC"}, Taken()),
        ("session_status_change", {"change_type": 2}, Taken()),
        ("session_status_change", {"change_type": 4}, Taken()),
        ("session_status_change", {"change_type": 3, "msg_code": "MC"}, Ended("MC")),
        ("session_status_change", {"change_type": 3}, Ended("")),
        ("session_status_change", {"change_type": 9}, None),
        ("user_recall_msg", {"recall_msgid": "m1"}, None),
        ("servicer_status_change", {"status": 2}, None),
        ("an event of tomorrow", {}, None),
    ],
)
def test_what_happens(event_type: str, fields: Json, what: What | None) -> None:
    assert happened(event_type, **fields) == what


def test_what_a_servicer_writes_is_for_the_customer_alone() -> None:
    raw: Json = {**SENT, "origin": 5, "msgtype": "text", "text": {"content": "您好"}}
    assert read_kf_letter(raw) is None


@pytest.mark.parametrize("missing", ["msgid", "external_userid", "origin", "msgtype"])
def test_what_is_of_nobody_is_nothing_to_us(missing: str) -> None:
    raw: Json = {**SENT, "msgtype": "text", "text": {"content": "漏水"}}
    del raw[missing]
    assert read_kf_letter(raw) is None


@pytest.mark.parametrize("seconds", [None, 10**18, -(10**18)])
def test_a_time_that_is_none_takes_nothing_from_what_was_said(seconds: int | None) -> None:
    raw: Json = {**SENT, "send_time": seconds, "msgtype": "text", "text": {"content": "漏水"}}
    assert read_kf_letter(raw) == KfLetter("m1", "wm1", None, Words("漏水"))


@given(st.dictionaries(st.sampled_from([*SENT, "msgtype", "event", "text"]), JSON))
@settings(max_examples=60, deadline=None)
def test_nothing_that_comes_breaks_the_reading(raw: Json) -> None:
    for kind in ("text", "image", "location", "event"):
        read_kf_letter({**SENT, "msgtype": kind, "event": raw, kind: raw, **raw})
    read_kf_letter(raw)
