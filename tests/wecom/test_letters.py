"""What WeCom's calls say is read by name: in any order, CDATA or not, with much of it missing."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wechatpy.work import parse_message

from bot.channels.wecom.calls.letters import (
    CardPress,
    Entered,
    KfNews,
    Letter,
    MenuClick,
    Picture,
    Place,
    Selected,
    Subscribed,
    Unknown,
    Unsubscribed,
    Unsupported,
    What,
    Words,
    read_letter,
)
from bot.channels.wecom.calls.markup import Unreadable
from tests.wecom.calls import CORP, HELLO, event

HEAD = (
    "<ToUserName><![CDATA[ww1]]></ToUserName><FromUserName><![CDATA[ZhangSan]]></FromUserName>"
    "<CreateTime>1700000000</CreateTime>"
)
FOOT = "<MsgId>1234567890123456</MsgId><AgentID>1000002</AgentID>"


def message(kind: str, content: str) -> str:
    return f"<xml>{HEAD}<MsgType><![CDATA[{kind}]]></MsgType>{content}{FOOT}</xml>"


def happening(name: str, content: str = "<AgentID>1000002</AgentID>") -> str:
    return (
        f"<xml>{HEAD}<MsgType><![CDATA[event]]></MsgType><Event><![CDATA[{name}]]></Event>"
        f"{content}</xml>"
    )


def press(selected: str = "", code: str = "RC-click") -> str:
    return happening(
        "template_card_event",
        "<EventKey><![CDATA[accept:T1]]></EventKey><TaskId><![CDATA[T1_assign_01HXYZ]]></TaskId>"
        f"<CardType><![CDATA[button_interaction]]></CardType><ResponseCode><![CDATA[{code}]]>"
        f"</ResponseCode><AgentID>1000002</AgentID>{selected}",
    )


def read(content: str) -> Letter:
    return read_letter(content.encode())


CALLS: dict[str, tuple[str, What]] = {
    "text": (
        message("text", "<Content><![CDATA[厨房 <b> 漏水]]></Content>"),
        Words("厨房 <b> 漏水"),
    ),
    "image": (
        message("image", "<PicUrl><![CDATA[https://x/p]]></PicUrl><MediaId>MID</MediaId>"),
        Picture("MID"),
    ),
    "image without its picture": (
        message("image", "<PicUrl>https://x/p</PicUrl>"),
        Unsupported("image"),
    ),
    "location": (
        message(
            "location",
            "<Location_X>23.134</Location_X><Location_Y>-113.358</Location_Y><Scale>20</Scale>"
            "<Label><![CDATA[云溪苑]]></Label><AppType><![CDATA[wxwork]]></AppType>",
        ),
        Place(23.134, -113.358, "云溪苑"),
    ),
    "location without its place": (
        message("location", "<Location_X>23.134</Location_X><Location_Y>nan</Location_Y>"),
        Unsupported("location"),
    ),
    "voice": (
        message("voice", "<MediaId>MID</MediaId><Format>amr</Format>"),
        Unsupported("voice"),
    ),
    "video": (message("video", "<MediaId>MID</MediaId>"), Unsupported("video")),
    "link": (message("link", "<Title>标题</Title><Url>https://x</Url>"), Unsupported("link")),
    "file": (message("file", "<MediaId>MID</MediaId>"), Unsupported("file")),
    "a kind to come": (message("hologram", ""), Unsupported("hologram")),
    "press": (press(), CardPress("accept:T1", "T1_assign_01HXYZ", "RC-click", ())),
    "press in a card's menu": (
        happening(
            "template_card_menu_event",
            "<EventKey>mute:T1</EventKey><TaskId>T1</TaskId><ResponseCode>RC</ResponseCode>",
        ),
        CardPress("mute:T1", "T1", "RC", ()),
    ),
    "click": (happening("click", "<EventKey><![CDATA[MY]]></EventKey>"), MenuClick("MY")),
    "enter_agent": (happening("enter_agent", "<EventKey><![CDATA[]]></EventKey>"), Entered()),
    "subscribe": (happening("subscribe"), Subscribed()),
    "unsubscribe": (happening("unsubscribe"), Unsubscribed()),
    "LOCATION": (happening("LOCATION", "<Latitude>23.104</Latitude>"), Unknown("LOCATION")),
    "an event to come": (happening("telepathy"), Unknown("telepathy")),
}


@pytest.mark.parametrize(("content", "what"), CALLS.values(), ids=CALLS)
def test_each_kind_of_call_is_read(content: str, what: What) -> None:
    letter = read(content)
    assert letter.what == what
    assert letter.userid == "zhangsan"
    assert letter.created_at == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)


@pytest.mark.parametrize("kind", ["text", "image", "location", "voice", "click", "enter_agent"])
def test_another_library_reads_the_same(kind: str) -> None:
    content, what = CALLS[kind]
    theirs, ours = parse_message(content), read(content)
    assert theirs.source.lower() == ours.userid
    assert datetime.fromtimestamp(theirs.time, UTC) == ours.created_at
    assert ours.agent_id in (theirs.agent, None)
    if theirs.type != "event":
        assert str(theirs.id) == ours.fingerprint
    match what:
        case Words(text):
            assert theirs.content == text
        case Picture(media_id):
            assert theirs.media_id == media_id
        case Place(latitude, longitude, label):
            assert (theirs.location, theirs.label) == ((str(latitude), str(longitude)), label)
        case MenuClick(key):
            assert theirs.key == key


def test_news_of_a_kf_account_concern_nobody_in_particular() -> None:
    letter = read(
        "<xml><ToUserName><![CDATA[ww1]]></ToUserName><CreateTime>1700000000</CreateTime>"
        "<MsgType><![CDATA[event]]></MsgType><Event><![CDATA[kf_msg_or_event]]></Event>"
        "<Token><![CDATA[TOK1]]></Token><OpenKfId><![CDATA[wk1]]></OpenKfId></xml>"
    )
    assert letter.what == KfNews("wk1", "TOK1")
    assert (letter.userid, letter.agent_id) == ("", None)


@pytest.mark.parametrize("list_tag", ["OptionIds", "OpitonIds"])
@pytest.mark.parametrize("tag", ["OptionId", "OpitonId"])
@pytest.mark.parametrize("options", [(), ("10",), ("am", "下午")])
def test_what_was_selected_is_read_in_either_spelling(
    list_tag: str, tag: str, options: tuple[str, ...]
) -> None:
    ids = "".join(f"<{tag}><![CDATA[{option}]]></{tag}>" for option in options)
    one = (
        "<SelectedItem><QuestionKey><![CDATA[eta]]></QuestionKey>"
        f"<{list_tag}>{ids}</{list_tag}></SelectedItem>"
    )
    chosen = Selected("eta", options)
    for items, selected in ((one, (chosen,)), (one * 3, (chosen,) * 3), ("", ())):
        what = read(press(f"<SelectedItems>{items}</SelectedItems>")).what
        assert isinstance(what, CardPress)
        assert what.selected == selected


@pytest.mark.parametrize("tag", ["AgentID", "AgentId"])
@pytest.mark.parametrize(
    ("agent", "number"),
    [("1000002", 1000002), (" <![CDATA[1000002]]>\n", 1000002), ("", None), ("1_0", None)],
)
def test_the_app_is_read_in_either_spelling(tag: str, agent: str, number: int | None) -> None:
    assert read(happening("subscribe", f"<{tag}>{agent}</{tag}>")).agent_id == number


@pytest.mark.parametrize("time", ["", "soon", "99999999999", "-1", "１７０００００００"])
def test_a_time_that_is_none_costs_nobody_the_letter(time: str) -> None:
    letter = read(event("enter_agent", CreateTime=time))
    assert (letter.created_at, letter.what) == (None, Entered())


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ("<xml><FromUserName>z</FromUserName><MsgType>text</MsgType></xml>", Words("")),
        (
            "<xml><FromUserName>z</FromUserName><MsgType>event</MsgType>"
            "<Event>template_card_event</Event></xml>",
            CardPress("", "", "", ()),
        ),
        ("<xml><MsgType>event</MsgType><Event>kf_msg_or_event</Event></xml>", KfNews("", "")),
        ("<xml><MsgType>event</MsgType></xml>", Unknown("")),
    ],
)
def test_almost_everything_may_be_missing(content: str, what: What) -> None:
    letter = read(content)
    assert letter.what == what
    assert len(letter.fingerprint) == 40


@settings(max_examples=50, deadline=None)
@given(seed=st.integers(), spaces=st.text(" \t\n", max_size=3))
def test_neither_order_nor_space_nor_cdata_matter(seed: int, spaces: str) -> None:
    fields = {
        "ToUserName": CORP,
        "FromUserName": "ZhangSan",
        "CreateTime": "1700000000",
        "MsgType": "event",
        "Event": "template_card_event",
        "EventKey": "a|1",
        "TaskId": "T1",
        "ResponseCode": "RC",
        "AgentID": "1000002",
    }
    chance = random.Random(seed)
    shuffled = list(fields.items())
    chance.shuffle(shuffled)
    written = "".join(
        f"<{tag}>{spaces}{chance.choice([value, f'<![CDATA[{value}]]>'])}{spaces}</{tag}>"
        for tag, value in shuffled
    )
    first = event(**{"name": "template_card_event", **_without_head(fields)})
    assert read(f"<xml>{spaces}{written}<News>!</News>{spaces}</xml>") == read(first)


def _without_head(fields: dict[str, str]) -> dict[str, str]:
    return {tag: fields[tag] for tag in ("EventKey", "TaskId", "ResponseCode")}


class TestFingerprints:
    def test_a_message_is_known_by_its_id(self) -> None:
        assert read(HELLO).fingerprint == "1234567890123456"

    @pytest.mark.parametrize("odd", ["", "x" * 41, "1 2", "密"])
    def test_a_message_without_an_id_is_known_by_what_it_says(self, odd: str) -> None:
        content = HELLO.replace("1234567890123456", odd)
        other = content.replace("你好", "再见")
        assert read(content).fingerprint == read(content).fingerprint
        assert read(content).fingerprint != read(other).fingerprint
        assert len(read(content).fingerprint) == 40

    @pytest.mark.parametrize(
        "changed",
        [
            {"ToUserName": "ww2"},
            {"FromUserName": "lisi"},
            {"CreateTime": "1700000001"},
            {"Event": "template_card_menu_event"},
            {"EventKey": "accept:T2"},
            {"TaskId": "T2"},
            {"ResponseCode": "RC2"},
            {"AgentID": "1000003"},
        ],
        ids=lambda changed: next(iter(changed)),
    )
    def test_two_events_of_one_second_are_told_apart(self, changed: dict[str, str]) -> None:
        fields = {"EventKey": "accept:T1", "TaskId": "T1", "ResponseCode": "RC1"}
        one = read(event("template_card_event", **fields))
        other = read(event("template_card_event", **{**fields, **changed}))
        assert one.fingerprint == read(event("template_card_event", **fields)).fingerprint
        assert one.fingerprint != other.fingerprint

    def test_no_two_choices_look_alike(self) -> None:
        def chosen(*questions: tuple[str, ...]) -> str:
            items = "".join(
                f"<SelectedItem><QuestionKey>{key}</QuestionKey><OptionIds>"
                + "".join(f"<OptionId>{option}</OptionId>" for option in options)
                + "</OptionIds></SelectedItem>"
                for key, *options in questions
            )
            return read(press(f"<SelectedItems>{items}</SelectedItems>")).fingerprint

        prints = [
            chosen(),
            chosen(("q",)),
            chosen(("q", "a")),
            chosen(("q", "b")),
            chosen(("q", "a", "b")),
            chosen(("q", "a"), ("b",)),
            chosen(("q",), ("a", "b")),
        ]
        assert len(set(prints)) == len(prints)

    def test_news_of_two_kf_accounts_in_one_second_are_told_apart(self) -> None:
        news = [
            read(event("kf_msg_or_event", OpenKfId=account, Token=token)).fingerprint
            for account, token in (("wk1", "T1"), ("wk2", "T1"), ("wk1", "T2"))
        ]
        assert len(set(news)) == 3


BOMB = (
    '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'
    + HELLO.replace("你好", "&c;")
)
FILE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>' + HELLO.replace("你好", "&a;")

HOSTILE: dict[str, bytes] = {
    "nothing": b"",
    "no XML": b"hello",
    "JSON": b'{"MsgType":"text"}',
    "unfinished": HELLO.encode()[:-3],
    "more than one": HELLO.encode() * 2,
    "no Unicode": HELLO.encode("gb18030"),
    "a declared encoding": b'<?xml version="1.0" encoding="utf-16"?>' + HELLO.encode("utf-16-le"),
    "a null": HELLO.replace("你好", "\0").encode(),
    "half a surrogate": HELLO.replace("你好", "&#xD800;").encode(),
    "an unknown entity": HELLO.replace("你好", "&nbsp;").encode(),
    "a document type": ("<!DOCTYPE xml>" + HELLO).encode(),
    "a document type elsewhere": (
        '<!DOCTYPE xml SYSTEM "http://127.0.0.1/x.dtd">' + HELLO
    ).encode(),
    "a bomb": BOMB.encode(),
    "a file": FILE.encode(),
    "too much": HELLO.replace("你好", "你" * 70_000).encode(),
    "neither message nor event": b"<xml><FromUserName>z</FromUserName></xml>",
    "from nobody": HELLO.replace("ZhangSan", " ").encode(),
    "a press by nobody": press().replace("ZhangSan", "").encode(),
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_what_is_no_letter_is_refused_without_being_repeated(content: bytes) -> None:
    with pytest.raises(Unreadable) as refusal:
        read_letter(content)
    for word in ("你", "ha", "ZhangSan", "127.0.0.1", "nbsp"):
        assert word not in str(refusal.value)


def test_a_declared_encoding_is_not_believed() -> None:
    declared = '<?xml version="1.0" encoding="latin-1"?>' + HELLO
    assert read(declared) == read(HELLO)


def test_thousands_of_elements_in_one_another_do_no_harm() -> None:
    deep = "<a>" * 28_000 + "</a>" * 28_000
    assert read(message("text", deep)).what == Words("")
