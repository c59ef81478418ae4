"""What the emulated WeCom refuses, with which errcode, and what it does beside its documents."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from aiohttp import ClientError, ClientSession, FormData

from tests.emulators.wecom import WeComEmulator
from tests.emulators.wecom_people import Customer, NoSuchButton
from tests.town import FakeClock
from tests.wecom.peers import JPEG, Ear, Raw

LONG = "长" * 200
OPTIONS = [{"id": "10", "text": "10 分钟"}, {"id": "30", "text": "30 分钟"}]
SELECTION = {"question_key": "eta", "title": "到达", "option_list": OPTIONS}
CLICK = {"type": "click", "click": {"id": "rate_1", "content": "满意"}}


def card(task_id: str = "T1", **more: object) -> dict[str, Any]:
    """A card with one button, or with `more` changed; None takes a field away."""
    whole = {
        "card_type": "button_interaction",
        "main_title": {"title": "换水龙头"},
        "task_id": task_id,
        "button_list": [{"text": "接单", "key": "accept:1"}],
        **more,
    }
    return {name: value for name, value in whole.items() if value is not None}


def buttons(count: int, **more: object) -> list[dict[str, object]]:
    return [{"text": "接单", "key": f"k{number}", **more} for number in range(count)]


@pytest.fixture
async def wecom(clock: FakeClock) -> AsyncIterator[WeComEmulator]:
    async with WeComEmulator(now=clock.now) as emulator:
        yield emulator


@pytest.fixture
async def ear(wecom: WeComEmulator) -> AsyncIterator[Ear]:
    async with Ear(wecom) as listening:
        yield listening


@pytest.fixture
async def http() -> AsyncIterator[ClientSession]:
    async with ClientSession() as session:
        yield session


@pytest.fixture
async def raw(wecom: WeComEmulator, http: ClientSession) -> Raw:
    return await Raw(wecom, http).signs_in()


@pytest.fixture
def zhang(wecom: WeComEmulator) -> Customer:
    return wecom.customer("wmOwner1", name="张伟")


def to_member(wecom: WeComEmulator, **more: object) -> dict[str, Any]:
    """A message/send to 王建国, or with `more` changed; None takes a field away."""
    whole: dict[str, Any] = {
        "touser": "wangjianguo",
        "msgtype": "text",
        "agentid": wecom.agent_id,
        "text": {"content": "您好"},
        **more,
    }
    return {name: value for name, value in whole.items() if value is not None}


def with_card(wecom: WeComEmulator, content: dict[str, Any], **more: object) -> dict[str, Any]:
    return to_member(wecom, msgtype="template_card", text=None, template_card=content, **more)


def to_owner(wecom: WeComEmulator, **more: object) -> dict[str, Any]:
    """A kf/send_msg to 张伟."""
    whole: dict[str, Any] = {
        "touser": "wmOwner1",
        "open_kfid": wecom.kf,
        "msgtype": "text",
        "text": {"content": "收到"},
        **more,
    }
    return {name: value for name, value in whole.items() if value is not None}


def with_menu(wecom: WeComEmulator, *items: dict[str, Any]) -> dict[str, Any]:
    menu = {"head_content": "满意吗？", "list": list(items)}
    return to_owner(wecom, msgtype="msgmenu", text=None, msgmenu=menu)


async def pulled(raw: Raw, wecom: WeComEmulator, **more: object) -> list[dict[str, Any]]:
    """What sync_msg brings from the beginning."""
    answer = await raw.posts("kf/sync_msg", {"open_kfid": wecom.kf, **more})
    assert answer["errcode"] == 0
    return list(answer["msg_list"])


async def last_event(raw: Raw, wecom: WeComEmulator) -> dict[str, Any]:
    return dict((await pulled(raw, wecom))[-1]["event"])


# Who may call


async def test_checks_come_in_the_platforms_order(
    wecom: WeComEmulator, http: ClientSession, clock: FakeClock
) -> None:
    raw = Raw(wecom, http)
    assert await raw.code("kf/send_msg", "no object") == 41001
    raw.token = "guessed"
    assert await raw.code("kf/send_msg", "no object") == 40014
    await raw.signs_in(wecom.another_app(may_kf=False).secret)
    clock.step(timedelta(hours=2))
    assert await raw.code("kf/send_msg", "no object") == 42001
    await raw.signs_in(wecom.another_app(may_kf=False).secret)
    wecom.trust(False)
    assert await raw.code("kf/send_msg", "no object") == 60020
    wecom.trust(True)
    assert await raw.code("kf/send_msg", "no object") == 48002
    assert await raw.code("message/send", "no object") == 40063
    assert await raw.code("message/send", to_member(wecom)) == 301002
    assert (await raw.gets("message/send"))["errcode"] == 40058
    assert await raw.code("message/fly", {}) == 40058
    await raw.signs_in(wecom.another_app().secret)
    assert await raw.code("kf/send_msg", to_owner(wecom)) == 48007


async def test_tokens_are_given_to_who_knows_the_secret_and_die(
    wecom: WeComEmulator, http: ClientSession, clock: FakeClock
) -> None:
    raw, ours = Raw(wecom, http), {"corpid": wecom.corp_id, "corpsecret": wecom.secret}
    wrong: list[tuple[dict[str, str], int]] = [
        ({"corpid": ""}, 41002),
        ({"corpsecret": ""}, 41004),
        ({"corpid": "wwother"}, 40013),
        ({"corpsecret": "guessed"}, 40001),
    ]
    for change, errcode in wrong:
        assert (await raw.gets("gettoken", **ours | change))["errcode"] == errcode
    first = await raw.gets("gettoken", **ours)
    clock.step(timedelta(seconds=200))
    again = await raw.gets("gettoken", **ours)
    assert again["access_token"] == first["access_token"]
    assert (first["expires_in"], again["expires_in"]) == (7200, 7000)
    await raw.signs_in()
    assert (await raw.gets("getcallbackip"))["ip_list"]
    wecom.revoke_tokens()
    assert (await raw.gets("getcallbackip"))["errcode"] == 40014


async def test_calls_fail_as_told_and_only_so_often(wecom: WeComEmulator, raw: Raw) -> None:
    wang, send = wecom.member("wangjianguo"), to_member(wecom)
    wecom.fail("message/send", times=2, errcode=45009)
    assert [await raw.code("message/send", send) for _ in range(3)] == [45009, 45009, 0]
    for drop, seen in (("before", 1), ("after", 2)):
        wecom.fail("message/send", drop=drop)  # type: ignore[arg-type]
        with pytest.raises(ClientError):
            await raw.code("message/send", send)
        assert len(wang.screen) == seen
    wecom.fail("message/send", status=500)
    with pytest.raises(ClientError):
        await raw.code("message/send", send)
    wecom.fail("message/send", hang=True)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await raw.code("message/send", send)
    assert len(wang.screen) == 2
    assert wecom.faults == []


async def test_a_page_learns_once_who_opened_it(
    wecom: WeComEmulator, raw: Raw, clock: FakeClock
) -> None:
    wang = wecom.member("wangjianguo")
    code, late = wecom.login_code(wang), wecom.login_code(wang)
    assert (await raw.gets("auth/getuserinfo", code=code))["userid"] == "wangjianguo"
    assert (await raw.gets("auth/getuserinfo", code=code))["errcode"] == 40029
    clock.step(timedelta(minutes=5))
    assert (await raw.gets("auth/getuserinfo", code=late))["errcode"] == 40029


# Messages to members


@pytest.mark.parametrize(
    ("change", "errcode"),
    [
        ({"touser": ""}, 82001),
        ({"touser": "|".join(f"u{n}" for n in range(1001))}, 40032),
        ({"touser": "", "toparty": "|".join(["1"] * 101)}, 82002),
        ({"touser": "", "totag": "|".join(["1"] * 101)}, 82003),
        ({"agentid": None}, 41011),
        ({"agentid": "1000002"}, 40056),
        ({"msgtype": "telegram"}, 40008),
        ({"msgtype": None}, 40008),
        ({"text": None}, 40063),
        ({"text": {"content": " "}}, 44004),
        ({"text": {"content": 7}}, 40058),
        ({"text": {"content": "a", "colour": "red"}}, 40058),
        ({"unheard_of": 1}, 40058),
        ({"safe": True}, 40058),
        ({"duplicate_check_interval": 14401}, 40058),
        ({"msgtype": "markdown", "text": None, "markdown": {"content": "长" * 683}}, 45002),
        ({"msgtype": "image", "text": None, "image": {}}, 41006),
        ({"msgtype": "news", "text": None, "news": {"articles": []}}, 40058),
    ],
)
async def test_a_wrong_message_is_refused_and_written_down(
    wecom: WeComEmulator, raw: Raw, change: dict[str, Any], errcode: int
) -> None:
    wang = wecom.member("wangjianguo")
    assert await raw.code("message/send", to_member(wecom, **change)) == errcode
    assert [fault.split()[1] for fault in wecom.faults] == [str(errcode)]
    assert wang.screen == []


@pytest.mark.parametrize(
    ("content", "errcode"),
    [
        (card(task_id=""), 42014),
        (card(task_id="空"), 42014),
        (card(task_id="t" * 129), 42014),
        (card(task_id="a:b"), 42014),
        (card(button_list=[]), 40058),
        (card(button_list=buttons(7)), 40058),
        (card(button_list=buttons(2, key="same")), 40058),
        (card(button_list=buttons(1, key="k" * 1025)), 40058),
        (card(button_list=buttons(1, style=5)), 40058),
        (card(button_list=[{"text": "接单"}]), 42018),
        (card(main_title={"title": ""}), 40058),
        (card(main_title={"title": "x", "colour": 1}), 40058),
        (card(horizontal_content_list=[{"keyname": "房号"}] * 7), 40058),
        (card(horizontal_content_list=[{"keyname": "房号", "type": 3}]), 40058),
        (card(button_selection=SELECTION | {"option_list": OPTIONS * 6}), 40058),
        (card(button_selection=SELECTION | {"disable": True}), 40058),
        (card(replace_text="已提交"), 40058),
        (card(jump_list=[]), 40058),
        (card(card_type="poem"), 40058),
        (card(card_type="text_notice", button_list=None), 40063),
        (card(card_type="vote_interaction", button_list=None), 40063),
    ],
)
async def test_a_wrong_card_is_refused_and_written_down(
    wecom: WeComEmulator, raw: Raw, content: dict[str, Any], errcode: int
) -> None:
    wang = wecom.member("wangjianguo")
    wecom.callback_url = "http://127.0.0.1:9/"
    assert await raw.code("message/send", with_card(wecom, content)) == errcode
    assert len(wecom.faults) == 1
    assert wang.screen == []


async def test_a_card_that_calls_back_needs_an_address_and_a_task_of_its_own(
    wecom: WeComEmulator, raw: Raw
) -> None:
    wecom.member("wangjianguo")
    send = with_card(wecom, card())
    assert await raw.code("message/send", send) == 40058
    wecom.callback_url = "http://127.0.0.1:9/"
    assert await raw.code("message/send", send) == 0
    assert await raw.code("message/send", send) == 42014
    assert wecom.faults == []


async def test_what_a_telephone_cuts_is_written_down(wecom: WeComEmulator, raw: Raw) -> None:
    wang = wecom.member("wangjianguo")
    wecom.callback_url = "http://127.0.0.1:9/"
    content = card(
        main_title={"title": LONG, "desc": LONG},
        sub_title_text=LONG,
        horizontal_content_list=[{"keyname": "房号", "value": LONG}],
        button_list=[{"text": LONG, "key": "k"}],
    )
    assert await raw.code("message/send", with_card(wecom, content)) == 0
    shown = wang.screen[-1]
    assert [len(line) for line in shown.text.splitlines()] == [36, 44, 3 + 30, 160]
    assert len(shown.buttons[0]) == 10
    assert len(wecom.cuts) == 5
    text = to_member(wecom, text={"content": "长" * 683})
    assert await raw.code("message/send", text) == 0
    assert wang.screen[-1].text == "长" * 682
    assert len(wecom.cuts) == 6


async def test_the_31st_message_in_a_minute_is_dropped_without_a_word(
    wecom: WeComEmulator, raw: Raw, clock: FakeClock
) -> None:
    wang = wecom.member("wangjianguo")
    for number in range(31):
        send = to_member(wecom, text={"content": str(number)})
        assert await raw.code("message/send", send) == 0
    assert len(wang.screen) == 30
    assert [each.why for each in wecom.dropped] == ["minute"]
    clock.step(timedelta(minutes=1))
    assert await raw.code("message/send", to_member(wecom)) == 0
    assert len(wang.screen) == 31
    wecom.limits.per_hour = 31
    clock.step(timedelta(minutes=1))
    assert await raw.code("message/send", to_member(wecom)) == 0
    assert [each.why for each in wecom.dropped] == ["minute", "hour"]


async def test_a_repeat_is_dropped_when_asked_whatever_flags_the_first_had(
    wecom: WeComEmulator, raw: Raw, clock: FakeClock
) -> None:
    wang = wecom.member("wangjianguo")
    check = {"enable_duplicate_check": 1, "duplicate_check_interval": 60}
    for more in ({}, check, {}, check | {"text": {"content": "别的"}}):
        assert await raw.code("message/send", to_member(wecom, **more)) == 0
    assert [shown.text for shown in wang.screen] == ["您好", "您好", "别的"]
    clock.step(timedelta(seconds=60))
    assert await raw.code("message/send", to_member(wecom, **check)) == 0
    assert len(wang.screen) == 4
    assert [each.why for each in wecom.dropped] == ["repeat"]


async def test_a_message_is_recalled_within_a_day_by_its_app(
    wecom: WeComEmulator, raw: Raw, http: ClientSession, clock: FakeClock
) -> None:
    wang = wecom.member("wangjianguo")
    first = (await raw.posts("message/send", to_member(wecom)))["msgid"]
    second = (await raw.posts("message/send", to_member(wecom)))["msgid"]
    other = await Raw(wecom, http).signs_in(wecom.another_app().secret)
    assert await other.code("message/recall", {"msgid": first}) == 40058
    assert await raw.code("message/recall", {"msgid": first}) == 0
    assert len(wang.screen) == 1
    clock.step(timedelta(hours=25))
    await raw.signs_in()
    assert await raw.code("message/recall", {"msgid": second}) == 42052


async def test_a_sends_code_changes_everybodys_card_and_a_clicks_code_the_clickers(
    wecom: WeComEmulator, raw: Raw, ear: Ear, clock: FakeClock
) -> None:
    wang, li = wecom.member("wangjianguo"), wecom.member("lizhiqiang")
    both = with_card(wecom, card(), touser="wangjianguo|lizhiqiang")
    sent = await raw.posts("message/send", both)

    def update(code: str, **more: object) -> dict[str, Any]:
        form = {"button": {"replace_name": "已接单"}, **more}
        named = {"userids": ["wangjianguo", "lizhiqiang"], "agentid": wecom.agent_id}
        return {**named, "response_code": code, **form}

    await li.presses("接单")
    clicked = ear.last["ResponseCode"]
    await li.presses("接单")
    assert ear.last["ResponseCode"] != clicked
    answer = await raw.posts("message/update_template_card", update(clicked))
    assert answer["invaliduser"] == ["wangjianguo"]
    assert (wang.screen[-1].buttons, li.screen[-1].buttons) == (("接单",), ())
    with pytest.raises(NoSuchButton):
        await li.presses("接单", seconds=0)

    path, code = "message/update_template_card", sent["response_code"]
    assert await raw.code(path, update(code, template_card=card("T2"))) == 40058
    assert await raw.code(path, update(code, button=None, template_card=card("T1"))) == 42014
    assert await raw.code(path, update(code)) == 0
    assert [each.screen[-1].edits for each in (wang, li)] == [1, 2]
    assert await raw.code(path, update(code)) == 60140

    late = (await raw.posts("message/send", with_card(wecom, card("T3"))))["response_code"]
    clock.step(timedelta(hours=72))
    await raw.signs_in()
    assert await raw.code(path, update(late)) == 60140


async def test_a_card_is_changed_by_the_app_that_sent_it(
    wecom: WeComEmulator, raw: Raw, http: ClientSession
) -> None:
    wecom.member("wangjianguo")
    wecom.callback_url = "http://127.0.0.1:9/"
    code = (await raw.posts("message/send", with_card(wecom, card())))["response_code"]
    app = wecom.another_app()
    other = await Raw(wecom, http).signs_in(app.secret)
    update = {
        "userids": ["wangjianguo"],
        "agentid": app.agent_id,
        "response_code": code,
        "button": {"replace_name": "已接单"},
    }
    assert await other.code("message/update_template_card", update) == 42015


async def test_options_come_with_the_press_in_either_spelling(
    wecom: WeComEmulator, raw: Raw, ear: Ear
) -> None:
    wang = wecom.member("wangjianguo")
    content = card(
        button_selection=SELECTION,
        action_menu={"action_list": [{"text": "静音", "key": "mute:1"}]},
    )
    assert await raw.code("message/send", with_card(wecom, content)) == 0
    assert wang.screen[-1].options == ("10 分钟", "30 分钟")
    await wang.chooses("30")
    item = ear.last["SelectedItems"]["SelectedItem"]
    assert item == {"QuestionKey": "eta", "OptionIds": {"OptionId": "30"}}
    wecom.quirks.misspells_option_ids = True
    await wang.presses("接单")
    assert ear.last["SelectedItems"]["SelectedItem"]["OpitonIds"] == {"OpitonId": "10"}
    await wang.presses("静音")
    assert (ear.last["Event"], ear.last["EventKey"]) == ("template_card_menu_event", "mute:1")


async def test_forms_and_votes_are_submitted(wecom: WeComEmulator, raw: Raw, ear: Ear) -> None:
    wang = wecom.member("wangjianguo")
    submit = {"text": "提交", "key": "submit:1"}
    asked = [SELECTION, SELECTION | {"question_key": "why"}]
    form = card(
        "F1",
        card_type="multiple_interaction",
        button_list=None,
        select_list=asked,
        submit_button=submit,
    )
    assert await raw.code("message/send", with_card(wecom, form)) == 0
    await wang.chooses("30")
    chosen = [each["OptionIds"]["OptionId"] for each in ear.last["SelectedItems"]["SelectedItem"]]
    assert chosen == ["30", "30"]
    vote = card(
        "V1",
        card_type="vote_interaction",
        button_list=None,
        checkbox={"question_key": "slot", "mode": 1, "option_list": OPTIONS},
        submit_button=submit,
    )
    assert await raw.code("message/send", with_card(wecom, vote)) == 0
    await wang.chooses("10", "30")
    item = ear.last["SelectedItems"]["SelectedItem"]
    assert item["OptionIds"]["OptionId"] == ["10", "30"]
    assert ear.last["EventKey"] == "submit:1"


# Files


async def test_media_last_three_days_and_fit_their_kind(
    wecom: WeComEmulator, raw: Raw, http: ClientSession, clock: FakeClock
) -> None:
    wecom.member("wangjianguo")

    async def upload(kind: str, content: bytes, name: str = "media") -> dict[str, Any]:
        form = FormData()
        form.add_field(name, BytesIO(content), filename="photo.jpg")
        query = {"access_token": raw.token, "type": kind}
        url = f"{wecom.url}/cgi-bin/media/upload"
        async with http.post(url, params=query, data=form) as answer:
            return dict(await answer.json())

    assert (await upload("image", b"\xff\xd8\xff"))["errcode"] == 40006
    assert (await upload("image", b"no picture at all"))["errcode"] == 40004
    assert (await upload("image", JPEG + bytes(10 * 2**20)))["errcode"] == 40009
    assert (await upload("voice", b"#!AMR" + bytes(2**21)))["errcode"] == 45001
    assert (await upload("image", JPEG, "picture"))["errcode"] == 44001
    media_id = (await upload("image", JPEG))["media_id"]
    image = {"msgtype": "image", "text": None, "image": {"media_id": media_id}}
    file = {"msgtype": "file", "text": None, "file": {"media_id": media_id}}
    assert await raw.code("message/send", to_member(wecom, **image)) == 0
    assert await raw.code("message/send", to_member(wecom, **file)) == 40007
    clock.step(timedelta(days=3, seconds=1))
    await raw.signs_in()
    assert await raw.code("message/send", to_member(wecom, **image)) == 40007


@pytest.mark.parametrize(
    ("content", "errcode"),
    [
        ([], 40058),
        ([{"type": "click", "name": "我", "key": "a"}] * 4, 40016),
        ([{"type": "press", "name": "我", "key": "a"}], 40017),
        ([{"type": "click", "name": "我的任务我的", "key": "a"}], 40018),
        ([{"type": "click", "name": "我"}], 40019),
        ([{"type": "view", "name": "我"}], 40020),
        ([{"name": "我", "sub_button": [{"type": "click", "name": "我", "key": "a"}] * 6}], 40023),
    ],
)
async def test_a_wrong_menu_is_refused(
    wecom: WeComEmulator, raw: Raw, content: list[Any], errcode: int
) -> None:
    agent = str(wecom.agent_id)
    assert await raw.code("menu/create", {"button": content}, agentid=agent) == errcode
    assert len(wecom.faults) == 1
    assert wecom.menu is None


# 微信客服


async def test_a_message_to_a_customer_is_checked_in_the_platforms_order(
    wecom: WeComEmulator, raw: Raw, zhang: Customer, clock: FakeClock
) -> None:
    path, wrong = "kf/send_msg", {"type": "song", "song": {}}

    async def code(**more: object) -> int:
        return await raw.code(path, {**with_menu(wecom, wrong), "msgid": "m1", **more})

    assert await code(open_kfid="") == 60251
    assert await code(open_kfid="x1") == 95000
    assert await code(open_kfid="wkNobody") == 95004
    assert await code(touser="wmNobody") == 40096
    assert await code() == 95018
    await zhang.types("在吗")
    assert await raw.code(path, to_owner(wecom, msgid="m1")) == 0
    clock.step(timedelta(hours=48, seconds=1))
    await raw.signs_in()
    assert await code() == 95002
    wecom.quirks.late_is_95018 = True
    assert await code() == 95018
    await zhang.types("在吗")
    for _ in range(5):
        assert await raw.code(path, to_owner(wecom)) == 0
    assert await code() == 95001
    await zhang.types("在吗")
    assert await code() == 40058
    assert wecom.faults[2:] == []
    assert await code(msgid="m2") == 95009
    assert await raw.code(path, with_menu(wecom, *[CLICK] * 11)) == 95008
    assert await raw.code(path, with_menu(wecom, CLICK)) == 0
    assert len(zhang.screen) == 7


@pytest.mark.parametrize(
    ("change", "errcode"),
    [
        ({"msgid": ""}, 40058),
        ({"msgid": "m" * 33}, 40058),
        ({"msgid": "a:b"}, 40058),
        ({"msgtype": "poem"}, 40008),
        ({"msgtype": "image"}, 40063),
        ({"image": {"media_id": "M"}}, 40058),
        ({"text": {"content": "长" * 683}}, 45002),
        ({"text": {"content": ""}}, 44004),
        ({"msgtype": "link", "text": None, "link": {"title": "t", "url": "https://x.y"}}, 40063),
    ],
)
async def test_a_wrong_message_to_a_customer_is_written_down(
    wecom: WeComEmulator, raw: Raw, zhang: Customer, change: dict[str, Any], errcode: int
) -> None:
    await zhang.types("在吗")
    assert await raw.code("kf/send_msg", to_owner(wecom, **change)) == errcode
    assert len(wecom.faults) == 1
    assert zhang.screen == []


@pytest.mark.parametrize(
    "click",
    [{"id": "rate#1", "content": "满意"}, {"id": "r", "content": "长" * 43}, {"id": "r"}],
)
async def test_a_wrong_menu_item_is_refused(
    wecom: WeComEmulator, raw: Raw, zhang: Customer, click: dict[str, str]
) -> None:
    await zhang.types("在吗")
    menu = with_menu(wecom, {"type": "click", "click": click})
    assert await raw.code("kf/send_msg", menu) in (40058, 40063)
    assert len(wecom.faults) == 1


async def test_what_is_not_delivered_is_told_later(
    wecom: WeComEmulator, raw: Raw, zhang: Customer
) -> None:
    await zhang.types("在吗")
    zhang.refuses = True
    assert await raw.code("kf/send_msg", to_owner(wecom, msgid="no")) == 0
    event = await last_event(raw, wecom)
    assert (event["fail_msgid"], event["fail_type"]) == ("no", 10)
    zhang.refuses = False
    wecom.quirks.sixth_fails_late = True
    for number in range(5):
        assert await raw.code("kf/send_msg", to_owner(wecom, msgid=f"m{number}")) == 0
    event = await last_event(raw, wecom)
    assert (event["fail_msgid"], event["fail_type"]) == ("m4", 6)
    assert len(zhang.screen) == 4


async def test_a_welcome_is_said_once_in_two_days_and_within_20_seconds(
    wecom: WeComEmulator, raw: Raw, zhang: Customer, clock: FakeClock
) -> None:
    path, hello = "kf/send_msg_on_event", {"msgtype": "text", "text": {"content": "欢迎"}}
    await zhang.enters()
    late = (await last_event(raw, wecom))["welcome_code"]
    clock.step(timedelta(seconds=20))
    assert await raw.code(path, {"code": late, **hello}) == 42003
    await zhang.enters(scene_param="INVITE-42")
    event = await last_event(raw, wecom)
    image = {"msgtype": "image", "image": {"media_id": "M"}}
    assert await raw.code(path, {"code": event["welcome_code"], **image}) == 40008
    assert await raw.code(path, {"code": event["welcome_code"], **hello}) == 0
    assert await raw.code(path, {"code": event["welcome_code"], **hello}) == 42022
    assert await raw.code(path, {"code": "guessed", **hello}) == 40029
    await zhang.enters()
    assert "welcome_code" not in await last_event(raw, wecom)
    clock.step(timedelta(hours=49))
    await raw.signs_in()
    await zhang.types("在吗")
    await zhang.enters()
    assert "welcome_code" not in await last_event(raw, wecom)


async def test_sessions_change_hands_by_the_table(
    wecom: WeComEmulator, raw: Raw, zhang: Customer
) -> None:
    for userid in ("chenjing", "wumin", "zhaolei"):
        wecom.member(userid)
    wecom.servicer("chenjing")
    wecom.servicer("wumin", receiving=False)
    who = {"open_kfid": wecom.kf, "external_userid": "wmOwner1"}

    async def to(state: int, servicer: str = "") -> dict[str, Any]:
        more = {"servicer_userid": servicer} if servicer else {}
        return await raw.posts("kf/service_state/trans", {**who, "service_state": state, **more})

    assert (await to(1))["errcode"] == 95013
    await zhang.types("在吗")
    assert "msg_code" not in await to(1)
    assert (await to(0))["errcode"] == 95016
    pool = await to(2)
    assert (await to(3, "zhaolei"))["errcode"] == 60253
    assert (await to(3, "wumin"))["errcode"] == 95019
    assert (await to(3))["errcode"] == 40058
    human = await to(3, "chenjing")
    assert wecom.state(zhang) == 3
    hello = {"msgtype": "text", "text": {"content": "转接中"}}
    path = "kf/send_msg_on_event"
    assert await raw.code(path, {"code": pool["msg_code"], **hello}) == 95018
    assert await raw.code(path, {"code": human["msg_code"], **hello}) == 0
    ended = await to(4)
    assert await raw.code(path, {"code": ended["msg_code"], **hello}) == 0
    assert (await to(1))["errcode"] == 95013
    assert len(zhang.screen) == 2


async def test_servicers_act_in_their_client(
    wecom: WeComEmulator, raw: Raw, zhang: Customer
) -> None:
    wecom.member("chenjing")
    await zhang.types("在吗")
    await wecom.takes(zhang, "chenjing")
    taken = await last_event(raw, wecom)
    assert (taken["change_type"], taken["new_servicer_userid"]) == (1, "chenjing")
    await wecom.says(zhang, "您好")
    said = (await pulled(raw, wecom))[-1]
    assert (said["origin"], said["servicer_userid"]) == (5, "chenjing")
    assert zhang.screen[-1].text == "您好"
    await wecom.takes(zhang, "wumin")
    assert (await last_event(raw, wecom))["change_type"] == 2
    await wecom.ends(zhang)
    ended = await last_event(raw, wecom)
    assert (ended["change_type"], wecom.state(zhang)) == (3, 4)
    bye = {"code": ended["msg_code"], "msgtype": "text", "text": {"content": "再见"}}
    assert await raw.code("kf/send_msg_on_event", bye) == 0
    wecom.quirks.assigns_to = "chenjing"
    await zhang.types("还有")
    assert wecom.state(zhang) == 3
    assert await raw.code("kf/send_msg", to_owner(wecom)) == 95018


async def test_the_log_is_read_in_pages_with_tokens_of_ten_minutes(
    wecom: WeComEmulator, raw: Raw, ear: Ear, zhang: Customer, clock: FakeClock
) -> None:
    for words in ("一", "二", "三"):
        await zhang.types(words)
    await zhang.recalls()
    pull = {"open_kfid": wecom.kf, "token": ear.last["Token"]}
    wecom.quirks.short_pages, wecom.quirks.empty_pages = 3, 1
    empty = await raw.posts("kf/sync_msg", pull)
    assert (empty["has_more"], empty["msg_list"]) == (1, [])
    first = await raw.posts("kf/sync_msg", pull | {"cursor": empty["next_cursor"]})
    assert [each["text"]["content"] for each in first["msg_list"]] == ["一", "二", "三"]
    rest = await raw.posts("kf/sync_msg", pull | {"cursor": first["next_cursor"]})
    assert (first["has_more"], rest["has_more"]) == (1, 0)
    assert rest["msg_list"][0]["event"]["recall_msgid"] == zhang.wrote[-1]
    assert await raw.code("kf/sync_msg", pull | {"cursor": "guessed"}) == 40058
    assert await raw.code("kf/sync_msg", pull | {"limit": 1001}) == 40058
    assert await raw.code("kf/sync_msg", {"cursor": ""}) == 60251
    clock.step(timedelta(minutes=10))
    assert await raw.code("kf/sync_msg", pull) == 95007
    clock.step(timedelta(days=3))
    await raw.signs_in()
    assert await pulled(raw, wecom) == []


async def test_a_customers_photo_is_fetched_or_comes_as_words(
    wecom: WeComEmulator, raw: Raw, http: ClientSession, zhang: Customer
) -> None:
    await zhang.sends_photo(JPEG)
    await zhang.sends_photo(JPEG + bytes(2_000_000))
    await zhang.sends_location(31.2, 121.4, "三号楼", "花园路 1 号")
    photo, words, where = await pulled(raw, wecom)
    query = {"access_token": raw.token, "media_id": photo["image"]["media_id"]}
    async with http.get(f"{wecom.url}/cgi-bin/media/get", params=query) as answer:
        assert await answer.read() == JPEG
    assert words["msgtype"] == "text"
    assert where["location"]["address"] == "花园路 1 号"


async def test_accounts_servicers_and_customers_are_listed(
    wecom: WeComEmulator, raw: Raw, ear: Ear, zhang: Customer, clock: FakeClock
) -> None:
    wecom.kf_account("wkOther", "水暖客服")
    accounts = (await raw.posts("kf/account/list", {"offset": 1}))["account_list"]
    assert [(each["open_kfid"], each["name"]) for each in accounts] == [("wkOther", "水暖客服")]
    await wecom.authorises("wkOther", ours=False)
    assert (ear.last["FromUserName"], ear.last["AuthDelOpenKfId"]) == ("sys", "wkOther")
    way = {"open_kfid": "wkOther", "scene": "inv1"}
    assert await raw.code("kf/add_contact_way", way) == 48007
    way["open_kfid"] = wecom.kf
    assert await raw.code("kf/add_contact_way", way | {"scene": "s" * 33}) == 40058

    wecom.member("chenjing")
    wish = {"open_kfid": wecom.kf, "userid_list": ["chenjing", "nobody"]}
    for said in ("success", "ignored"):
        results = (await raw.posts("kf/servicer/add", wish))["result_list"]
        assert [each["errmsg"] for each in results] == [said, "userid not found"]
    servicers = await raw.gets("kf/servicer/list", open_kfid=wecom.kf)
    assert servicers["servicer_list"] == [{"userid": "chenjing", "status": 0}]
    results = (await raw.posts("kf/servicer/del", wish))["result_list"]
    assert [each["errcode"] for each in results] == [0, 60253]

    await zhang.enters(scene_param="INVITE-42", scene="inv1")
    ask = {"external_userid_list": ["wmOwner1"], "need_enter_session_context": 1}
    (found,) = (await raw.posts("kf/customer/batchget", ask))["customer_list"]
    assert found["enter_session_context"]["scene_param"] == "INVITE-42"
    assert await raw.code("kf/customer/batchget", {"external_userid_list": ["w"] * 101}) == 40058
    clock.step(timedelta(hours=49))
    await raw.signs_in()
    gone = await raw.posts("kf/customer/batchget", ask)
    assert (gone["customer_list"], gone["invalid_external_userid"]) == ([], ["wmOwner1"])


# Callbacks


async def test_a_callback_comes_three_times_until_it_meets_200(
    wecom: WeComEmulator, ear: Ear
) -> None:
    wang = wecom.member("wangjianguo")
    wecom.courier.pause_s = 0
    ear.statuses = [500, 302, 200]
    taken = await wang.types("一")
    assert (taken.tries, taken.taken) == (3, True)
    ear.statuses = [201, 503, 500]
    lost = await wang.types("二")
    assert (lost.tries, lost.taken) == (3, False)
    assert {each["MsgId"] for each in ear.heard[3:]} == {ear.last["MsgId"]}
    assert (await wang.types("三")).tries == 1


async def test_callbacks_come_twice_never_or_the_other_way_round(
    wecom: WeComEmulator, ear: Ear
) -> None:
    wang = wecom.member("wangjianguo")
    wecom.hold()
    await wang.types("一")
    await wang.types("二")
    wecom.release(backwards=True)
    await wecom.quiet()
    assert [each["Content"] for each in ear.heard] == ["二", "一"]
    wecom.quirks.loses_callbacks = True
    await wang.types("三")
    wecom.quirks.loses_callbacks = False
    wecom.quirks.delivers_twice = wecom.quirks.empty_agent_id = True
    await wang.types("四")
    assert [each["Content"] for each in ear.heard[2:]] == ["四", "四"]
    assert not ear.last["AgentID"]


async def test_two_deeds_share_a_second_unless_they_are_one_and_the_same(
    wecom: WeComEmulator, ear: Ear
) -> None:
    wang = wecom.member("wangjianguo")
    for event in ("enter_agent", "subscribe", "enter_agent"):
        await wang.does(event)
    first, other, again = (int(each["CreateTime"]) for each in ear.heard)
    assert (first, again) == (other, other + 1)


async def test_a_callback_may_come_as_json(wecom: WeComEmulator, ear: Ear) -> None:
    wecom.quirks.json_callbacks = True
    assert (await wecom.member("wangjianguo").types("一")).taken
    assert ear.last["Content"] == "一"


async def test_an_address_that_is_slow_or_silent_is_given_up(
    wecom: WeComEmulator, ear: Ear
) -> None:
    wang = wecom.member("wangjianguo")
    wecom.courier.pause_s = 0
    wecom.courier.deadline_s = wecom.courier.verify_s = 0.05
    ear.sleeps = True
    assert not (await wang.types("一")).taken
    assert not await wecom.verify_callback()
    wecom.callback_url = "http://127.0.0.1:9/"
    lost = await wang.types("二")
    assert (lost.tries, lost.taken) == (3, False)
    wecom.callback_url = None
    assert (await wang.types("三")).tries == 0
