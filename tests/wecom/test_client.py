"""The client: one token for all, every failure by its name, and nothing secret in any word."""

from __future__ import annotations

import asyncio
import traceback
from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from structlog.testing import capture_logs

from bot.channels.wecom.api.answers import FreshToken, SessionState
from bot.channels.wecom.api.client import WeComClient
from bot.channels.wecom.api.codes import Meaning, meaning_of
from bot.channels.wecom.api.errors import Busy, NoAnswer, Refused, WeComError
from bot.channels.wecom.api.media import Media
from bot.channels.wecom.api.tokens import Tokens
from bot.event import Trouble
from tests.emulators.wecom import WeComEmulator
from tests.town import TUESDAY_10, FakeClock
from tests.wecom.counter import HASTY, OddAnswers, Ticks, odd_answers, settings

HELLO = {"touser": "wangjianguo", "msgtype": "text", "text": {"content": "水管漏水 💧"}}
CARD = {
    "touser": "wangjianguo",
    "msgtype": "template_card",
    "template_card": {
        "card_type": "button_interaction",
        "main_title": {"title": "YH261124-001"},
        "task_id": "YH261124-001_1",
        "button_list": [{"text": "接单", "style": 1, "key": "order.accept:1"}],
    },
}
WORDS = {"msgtype": "text", "text": {"content": "您好"}}


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(TUESDAY_10)


@pytest.fixture
def ticks() -> Ticks:
    return Ticks()


@pytest.fixture
async def wecom(clock: FakeClock) -> AsyncIterator[WeComEmulator]:
    async with WeComEmulator(now=clock.now) as emulator:
        emulator.callback_url = "http://127.0.0.1:9/"
        emulator.member("wangjianguo", name="王建国")
        yield emulator


@pytest.fixture
async def client(wecom: WeComEmulator, ticks: Ticks) -> AsyncIterator[WeComClient]:
    client = WeComClient(settings(wecom), HASTY, ticks)
    yield client
    await client.close()


@pytest.fixture
async def odd() -> AsyncIterator[OddAnswers]:
    async with odd_answers() as server:
        yield server


@pytest.fixture
async def odd_client(
    odd: OddAnswers, wecom: WeComEmulator, ticks: Ticks
) -> AsyncIterator[WeComClient]:
    client = WeComClient(settings(wecom, api_base=odd.url), HASTY, ticks)
    yield client
    await client.close()


def _asked(wecom: WeComEmulator) -> Counter[str]:
    return Counter(call.path for call in wecom.calls)


def jpeg(side: int = 40) -> bytes:
    file = BytesIO()
    Image.effect_noise((side, side), 90).save(file, "JPEG")
    return file.getvalue()


# The token


async def test_ten_callers_at_once_share_one_token(
    client: WeComClient, wecom: WeComEmulator
) -> None:
    await asyncio.gather(*(client.send(HELLO) for _ in range(10)))
    await client.send(HELLO)
    assert _asked(wecom) == {"gettoken": 1, "message/send": 11}


async def test_who_stops_waiting_takes_the_token_from_nobody_else(
    client: WeComClient, wecom: WeComEmulator
) -> None:
    first = asyncio.create_task(client.sign_in())
    second = asyncio.create_task(client.sign_in())
    await asyncio.sleep(0)
    first.cancel()
    await second
    await asyncio.gather(first, return_exceptions=True)
    assert first.cancelled()
    assert _asked(wecom) == {"gettoken": 1}


async def test_a_token_is_renewed_five_minutes_before_its_end(
    client: WeComClient, wecom: WeComEmulator, ticks: Ticks
) -> None:
    await client.sign_in()
    ticks.seconds += 7200 - 301
    await client.sign_in()
    assert _asked(wecom) == {"gettoken": 1}
    ticks.seconds += 1
    await client.sign_in()
    assert _asked(wecom) == {"gettoken": 2}


@pytest.mark.parametrize("errcode", [40001, 40014, 42001])
async def test_a_token_that_dies_midway_is_replaced_and_the_call_goes_through(
    client: WeComClient, wecom: WeComEmulator, errcode: int
) -> None:
    await client.sign_in()
    wecom.fail("message/send", times=1, errcode=errcode)
    assert (await client.send(HELLO)).msgid
    assert _asked(wecom) == {"gettoken": 2, "message/send": 2}


async def test_an_expired_token_is_replaced_once_for_all_whom_it_failed(
    client: WeComClient, wecom: WeComEmulator, clock: FakeClock
) -> None:
    await client.sign_in()
    clock.step(timedelta(hours=3))
    await asyncio.gather(*(client.send(HELLO) for _ in range(5)))
    assert _asked(wecom)["gettoken"] == 2
    assert not wecom.faults


async def test_an_old_tokens_refusal_that_comes_late_spoils_no_new_one(ticks: Ticks) -> None:
    fresh = iter([FreshToken("T1", 7200), FreshToken("T2", 7200)])

    async def fetch() -> FreshToken:
        return next(fresh)

    tokens = Tokens(fetch, ticks, HASTY)
    assert await tokens.current() == "T1"
    tokens.forget("T1")
    assert await tokens.current() == "T2"
    tokens.forget("T1")
    assert await tokens.current() == "T2"


async def test_a_token_refused_for_ever_ends_after_one_more_try(
    client: WeComClient, wecom: WeComEmulator, ticks: Ticks
) -> None:
    wecom.fail("message/send", times=1000, errcode=40014)
    for _ in range(5):
        with pytest.raises(Refused, match="40014 token"):
            await client.send(HELLO)
    assert _asked(wecom) == {"gettoken": 2, "message/send": 2}
    ticks.seconds += HASTY.refused_s
    with pytest.raises(Refused):
        await client.send(HELLO)
    assert _asked(wecom)["message/send"] == 4


async def test_a_wrong_secret_is_shown_once_a_minute_and_not_to_whoever_asks(
    wecom: WeComEmulator, ticks: Ticks
) -> None:
    client = WeComClient(settings(wecom, secret="another-apps-secret"), HASTY, ticks)
    with capture_logs() as logs:
        for _ in range(3):
            answers = await asyncio.gather(
                *(client.sign_in() for _ in range(4)), return_exceptions=True
            )
            assert [str(one) for one in answers] == ["40001 secret"] * 4
    assert _asked(wecom) == {"gettoken": 1}
    assert [log["event"] for log in logs] == ["wecom.wrong_secret"]
    ticks.seconds += HASTY.refused_s
    with pytest.raises(Refused):
        await client.sign_in()
    assert _asked(wecom) == {"gettoken": 2}
    await client.close()


async def test_a_secret_that_stops_being_taken_is_reported(
    client: WeComClient, wecom: WeComEmulator
) -> None:
    wecom.fail("message/send", times=2, errcode=40001)
    with capture_logs() as logs, pytest.raises(Refused, match="40001 secret"):
        await client.send(HELLO)
    assert [log["event"] for log in logs] == ["wecom.wrong_secret"]


async def test_too_many_tokens_asked_for_is_believed_while_it_holds(
    client: WeComClient, wecom: WeComEmulator, ticks: Ticks
) -> None:
    wecom.fail("gettoken", times=1, errcode=45009)
    for _ in range(3):
        with pytest.raises(Busy) as busy:
            await client.send(HELLO)
        assert (busy.value.seconds, busy.value.everyone) == (60.0, True)
    assert _asked(wecom) == {"gettoken": 1}
    ticks.seconds += 60
    assert (await client.send(HELLO)).msgid


async def test_a_short_lived_token_serves_half_its_life(
    odd: OddAnswers, odd_client: WeComClient, ticks: Ticks
) -> None:
    odd.says("gettoken", {"errcode": 0, "access_token": "T", "expires_in": 100})
    await odd_client.sign_in()
    ticks.seconds += 49
    await odd_client.sign_in()
    assert odd.asked == ["gettoken"]
    ticks.seconds += 1
    await odd_client.sign_in()
    assert odd.asked == ["gettoken", "gettoken"]


# What goes wrong


@pytest.mark.parametrize(
    ("fault", "seconds", "everyone"),
    [
        ({"errcode": -1}, 3.0, False),
        ({"errcode": 45033}, 3.0, False),
        ({"errcode": 45009}, 60.0, True),
        ({"status": 500}, 3.0, False),
        ({"status": 502}, 3.0, False),
        ({"status": 429}, 3.0, False),
    ],
)
async def test_busy_says_how_long_and_for_whom_and_tries_nothing_again(
    client: WeComClient,
    wecom: WeComEmulator,
    fault: dict[str, int],
    seconds: float,
    everyone: bool,
) -> None:
    wecom.fail("message/send", times=1, **fault)
    with pytest.raises(Busy) as busy:
        await client.send(HELLO)
    assert (busy.value.seconds, busy.value.everyone) == (seconds, everyone)
    assert _asked(wecom)["message/send"] == 1
    assert (await client.send(HELLO)).msgid


@pytest.mark.parametrize("fault", [{"hang": True}, {"drop": "before"}, {"drop": "after"}])
async def test_no_answer_may_mean_that_it_was_done(
    client: WeComClient, wecom: WeComEmulator, fault: dict[str, object]
) -> None:
    wecom.fail("message/send", times=1, **fault)  # type: ignore[arg-type]
    with pytest.raises(NoAnswer) as silent:
        await client.send(HELLO)
    assert silent.value.maybe_done
    assert _asked(wecom)["message/send"] == 1
    assert (await client.send(HELLO)).msgid


async def test_where_nobody_listens_nothing_was_done(wecom: WeComEmulator) -> None:
    client = WeComClient(settings(wecom, api_base="http://127.0.0.1:9"), HASTY)
    with pytest.raises(NoAnswer) as silent:
        await client.send(HELLO)
    assert not silent.value.maybe_done
    await client.close()


@pytest.mark.parametrize(
    "content", [b"<html>gateway</html>", b"", b"[]", b'{"errmsg": "ok"}', b'{"errcode": "x"}']
)
async def test_an_answer_that_cannot_be_read_is_none(
    odd: OddAnswers, odd_client: WeComClient, content: bytes
) -> None:
    odd.says("message/send", content)
    with pytest.raises(NoAnswer, match="unreadable") as silent:
        await odd_client.send(HELLO)
    assert silent.value.maybe_done


@pytest.mark.parametrize("status", [301, 302, 404, 413])
async def test_another_server_in_the_way_is_a_matter_of_settings(
    odd: OddAnswers, odd_client: WeComClient, status: int
) -> None:
    odd.says("message/send", {}, status, Location=f"{odd.url}/elsewhere")
    with pytest.raises(Refused) as refused:
        await odd_client.send(HELLO)
    assert (refused.value.code, refused.value.meaning) == (status, Meaning.MISCONFIGURED)
    assert "/elsewhere" not in odd.asked, "the token went to another address"


async def test_no_secret_and_nobodys_id_in_any_log_or_exception(
    client: WeComClient, wecom: WeComEmulator, ticks: Ticks
) -> None:
    raised: list[WeComError] = []
    faults: list[dict[str, object]] = [
        *({"errcode": code} for code in (-1, 45009, 40014, 40058)),
        *({"status": 500}, {"hang": True}, {"drop": "before"}, {"drop": "after"}),
    ]
    with capture_logs() as logs:
        for fault in faults:
            times = 2 if fault.get("errcode") == 40014 else 1
            wecom.fail("message/send", times, **fault)  # type: ignore[arg-type]
            with pytest.raises(WeComError) as caught:
                await client.send(HELLO)
            raised.append(caught.value)
            ticks.seconds += HASTY.refused_s
    tokens = {call.query.get("access_token", "") for call in wecom.calls} - {""}
    assert tokens
    shown = repr(logs) + "".join(
        "".join(traceback.format_exception(one)) + repr(one) for one in raised
    )
    for secret in (*tokens, wecom.secret, "wangjianguo", "漏水"):
        assert secret not in shown


async def test_wecoms_own_text_is_kept_out_of_the_exceptions_words(
    odd: OddAnswers, odd_client: WeComClient
) -> None:
    odd.says("message/send", {"errcode": 60111, "errmsg": "userid zhangsan not found"})
    with pytest.raises(Refused) as refused:
        await odd_client.send(HELLO)
    assert str(refused.value) == "60111 nobody-there"
    assert refused.value.text == "userid zhangsan not found"


@pytest.mark.parametrize(
    ("code", "meaning"),
    [
        (-1, Meaning.BUSY),
        (40001, Meaning.SECRET),
        (42001, Meaning.TOKEN),
        (81013, Meaning.NOBODY_THERE),
        (95001, Meaning.BUDGET_SPENT),
        (95002, Meaning.WINDOW_CLOSED),
        (95018, Meaning.WITH_A_HUMAN),
        (42014, Meaning.DUPLICATE),
        (60140, Meaning.CANNOT_EDIT),
        (40007, Meaning.MEDIA_GONE),
        (95007, Meaning.NEWS_TOKEN_OVER),
        (60020, Meaning.MISCONFIGURED),
        (48007, Meaning.MISCONFIGURED),
        (40058, Meaning.OUR_FAULT),
        (123456, Meaning.OUR_FAULT),
    ],
)
def test_every_code_has_one_meaning(code: int, meaning: Meaning) -> None:
    assert meaning_of(code) is meaning
    assert Refused(code).meaning is meaning


# What is asked for


async def test_a_message_says_whom_it_did_not_reach_whatever_their_case(
    client: WeComClient, wecom: WeComEmulator
) -> None:
    sent = await client.send({**HELLO, "touser": "wangjianguo|ZhangSan|LiSi"})
    assert sent.invalid == {"zhangsan", "lisi"}
    with pytest.raises(Refused) as refused:
        await client.send({**HELLO, "touser": "ZhangSan"})
    assert refused.value.meaning is Meaning.NOBODY_THERE


async def test_a_message_without_a_licence_is_told_by_name(
    odd: OddAnswers, odd_client: WeComClient
) -> None:
    odd.says(
        "message/send",
        {"errcode": 0, "msgid": "M1", "invaliduser": "", "unlicenseduser": "LiSi|wangwu"},
    )
    sent = await odd_client.send(HELLO)
    assert (sent.invalid, sent.unlicensed) == (frozenset(), {"lisi", "wangwu"})


async def test_a_card_is_changed_once_by_its_code(
    client: WeComClient, wecom: WeComEmulator
) -> None:
    sent = await client.send(CARD)
    assert sent.response_code is not None
    change = {"button": {"replace_name": "已接单"}}
    left = await client.update_card(sent.response_code, ["wangjianguo", "ZhangSan"], change)
    assert left == {"zhangsan"}
    with pytest.raises(Refused) as refused:
        await client.update_card(sent.response_code, ["wangjianguo"], change)
    assert refused.value.meaning is Meaning.CANNOT_EDIT
    with pytest.raises(Refused) as repeated:
        await client.send(CARD)
    assert repeated.value.meaning is Meaning.DUPLICATE


async def test_the_app_gets_its_menu(client: WeComClient, wecom: WeComEmulator) -> None:
    await client.create_menu({"button": [{"type": "click", "name": "我的任务", "key": "MINE"}]})
    assert "我的任务" in repr(wecom.menu)
    await client.menu()


async def test_customers_are_written_to_by_name_of_the_message(
    client: WeComClient, wecom: WeComEmulator
) -> None:
    owner = wecom.customer("wmOwner1")
    await owner.enters()
    await owner.types("水管漏了")
    page = await client.kf_sync(wecom.kf, None)
    assert [message["msgtype"] for message in page.messages] == ["event", "text"]
    assert not page.has_more
    event = page.messages[0]["event"]
    assert isinstance(event, dict)
    welcome = await client.kf_send_on_event(str(event["welcome_code"]), WORDS)
    assert welcome
    assert await client.kf_send(wecom.kf, "wmOwner1", WORDS, msgid="outbox-1") == "outbox-1"
    assert (await client.kf_sync(wecom.kf, page.next_cursor)).messages == ()
    assert [shown.text for shown in owner.screen][-1] == "您好"
    assert not wecom.faults


async def test_a_session_says_who_has_it(client: WeComClient, wecom: WeComEmulator) -> None:
    owner = wecom.customer("wmOwner1")
    wecom.member("ChenJing", name="陈静")
    await owner.types("你好")
    session = await client.kf_state(wecom.kf, "wmOwner1")
    assert session.state is SessionState.NEW
    await wecom.takes(owner, "ChenJing")
    session = await client.kf_state(wecom.kf, "wmOwner1")
    assert session.state is SessionState.HUMAN
    with pytest.raises(Refused) as refused:
        await client.kf_send(wecom.kf, "wmOwner1", WORDS)
    assert refused.value.meaning is Meaning.WITH_A_HUMAN


@pytest.mark.parametrize("nothing", [{"msg_list": []}, {"msg_list": None}, {}])
async def test_a_page_may_be_empty_and_not_the_last(
    odd: OddAnswers, odd_client: WeComClient, nothing: dict[str, object]
) -> None:
    odd.says("kf/sync_msg", {"errcode": 0, "next_cursor": "C2", "has_more": 1, **nothing})
    page = await odd_client.kf_sync("wk1", "C1")
    assert (page.messages, page.next_cursor, page.has_more) == ((), "C2", True)


async def test_accounts_and_the_way_to_them(client: WeComClient, wecom: WeComEmulator) -> None:
    for number in range(150):
        wecom.kf_account(f"wk{number}", name=f"{number}号")
    accounts = await client.kf_accounts()
    assert len({one.open_kfid for one in accounts}) == 151
    assert all(one.ours for one in accounts)
    url = await client.kf_contact_way(wecom.kf, "doorstep")
    assert "enc_scene=" in url
    with pytest.raises(Refused) as refused:
        await client.kf_contact_way("wkNobodys", "doorstep")
    assert refused.value.meaning is Meaning.MISCONFIGURED
    assert not wecom.faults


# Files


@pytest.mark.parametrize("name", ["漏水 照片.jpg", 'a "quoted" name.jpg'])
async def test_a_file_goes_up_under_its_own_name_and_comes_down_whole(
    client: WeComClient, wecom: WeComEmulator, tmp_path: Path, name: str
) -> None:
    picture = tmp_path / name
    picture.write_bytes(jpeg(300))
    media_id = await client.upload(picture)
    assert await client.fetch(media_id, 1_000_000) == picture.read_bytes()
    (call,) = wecom.calls_of("media/upload")
    assert call.body == {"filename": name, "size": len(picture.read_bytes())}
    assert not wecom.faults


async def test_a_file_is_read_no_further_than_its_limit(
    client: WeComClient, wecom: WeComEmulator, tmp_path: Path
) -> None:
    picture = tmp_path / "large.jpg"
    picture.write_bytes(jpeg(600))
    media_id = await client.upload(picture)
    size = len(picture.read_bytes())
    assert await client.fetch(media_id, size - 1) is Trouble.PHOTO_TOO_LARGE
    assert await client.fetch(media_id, size) == picture.read_bytes()


async def test_a_file_too_large_is_noticed_without_a_length_told(
    odd: OddAnswers, odd_client: WeComClient
) -> None:
    odd.in_pieces = True
    odd.says("media/get", b"x" * 300_000, **{"Content-Type": "image/jpeg"})
    assert await odd_client.fetch("MID", 299_999) is Trouble.PHOTO_TOO_LARGE
    assert await odd_client.fetch("MID", 300_000) == b"x" * 300_000


@pytest.mark.parametrize("kind", ["application/json; charset=utf-8", "text/plain"])
async def test_words_in_place_of_a_file_say_why_there_is_none(
    odd: OddAnswers, odd_client: WeComClient, kind: str
) -> None:
    odd.says("media/get", {"errcode": 40007, "errmsg": "no"}, **{"Content-Type": kind})
    with pytest.raises(Refused) as refused:
        await odd_client.fetch("MID", 100)
    assert refused.value.meaning is Meaning.MEDIA_GONE


async def test_an_old_token_keeps_no_file_from_going_up(
    client: WeComClient, wecom: WeComEmulator, tmp_path: Path
) -> None:
    picture = tmp_path / "a.jpg"
    picture.write_bytes(jpeg())
    wecom.fail("media/upload", times=1, errcode=42001)
    assert await client.fetch(await client.upload(picture), 99_999)


# Pictures by WeCom's names


@pytest.fixture
async def media(client: WeComClient, ticks: Ticks) -> AsyncIterator[Media]:
    media = Media(client, HASTY, ticks)
    yield media
    await media.close()


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / f"{'a' * 64}.jpg"
    path.write_bytes(jpeg())
    return path


async def test_a_picture_goes_up_once_for_all_who_ask(
    media: Media, wecom: WeComEmulator, picture: Path
) -> None:
    names = await asyncio.gather(*(media.media_id(picture) for _ in range(5)))
    assert {*names, await media.media_id(picture)} == {names[0]}
    assert _asked(wecom)["media/upload"] == 1


async def test_a_picture_goes_up_again_an_hour_before_wecom_lets_it_go(
    media: Media, wecom: WeComEmulator, ticks: Ticks, picture: Path
) -> None:
    first = await media.media_id(picture)
    ticks.seconds += 71 * 3600 - 1
    assert await media.media_id(picture) == first
    ticks.seconds += 1
    assert await media.media_id(picture) != first
    assert _asked(wecom)["media/upload"] == 2


async def test_a_picture_wecom_lost_is_forgotten_but_not_its_successor(
    media: Media, picture: Path
) -> None:
    first = await media.media_id(picture)
    media.forget(picture, first)
    second = await media.media_id(picture)
    assert second != first
    media.forget(picture, first)
    assert await media.media_id(picture) == second


async def test_an_upload_that_failed_is_tried_by_the_next_who_asks(
    media: Media, wecom: WeComEmulator, picture: Path
) -> None:
    wecom.fail("media/upload", times=1, status=500)
    for answer in await asyncio.gather(
        *(media.media_id(picture) for _ in range(3)), return_exceptions=True
    ):
        assert isinstance(answer, Busy)
    assert await media.media_id(picture)
    assert _asked(wecom)["media/upload"] == 2
