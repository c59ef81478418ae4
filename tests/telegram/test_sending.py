"""What is spoken arrives as meant, and every answer of Telegram's is one of the outcomes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
import pytest_asyncio

from bot.channels.base import (
    Button,
    CannotEdit,
    Delivered,
    Outcome,
    Rejected,
    Retry,
    Unreachable,
)
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.settings import Mode
from tests.emulators.telegram import (
    ANSWER_LOST,
    BREAKS,
    DROPS,
    GARBLED,
    GATEWAY,
    HANGS,
    Fault,
    TelegramEmulator,
    error,
    flood,
)
from tests.emulators.telegram_person import Person
from tests.telegram.conftest import Desk, jpeg, open_channel, say, sending

pytestmark = pytest.mark.asyncio(loop_scope="module")

ROWS = ((Button("接单", "take:1"), Button("拒单", "leave:1")), (Button("呼叫控制中心", "call"),))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def telegram() -> AsyncIterator[TelegramEmulator]:
    """One account for all tests of this file: each has a new person, and no fault outlives it."""
    async with TelegramEmulator() as emulator:
        yield emulator


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def sender(telegram: TelegramEmulator) -> AsyncIterator[TelegramChannel]:
    """The channel, not receiving."""
    channel = open_channel(telegram, Desk(), Mode.POLLING)
    yield channel
    await channel.close()


async def test_words_and_buttons(sender: TelegramChannel, zhang: Person) -> None:
    outcome = await sender.send(sending(zhang, "新任务 <b>_*1*_ & [x](y)", rows=ROWS, silent=True))
    (heard,) = await zhang.hears()
    assert outcome == Delivered(str(heard.message_id))
    assert heard.text == "新任务 <b>_*1*_ & [x](y)"
    assert heard.buttons == [["接单", "拒单"], ["呼叫控制中心"]]
    assert heard.data_of("拒单") == "leave:1"
    assert heard.silent


async def test_the_menu_comes_stays_and_goes(sender: TelegramChannel, zhang: Person) -> None:
    menu = (("预约服务", "紧急报修"), ("更多",))
    await sender.send(sending(zhang, "您好", menu=menu, ask_contact="发送手机号"))
    assert zhang.menu == [["发送手机号"], ["预约服务", "紧急报修"], ["更多"]]
    (heard,) = await zhang.hears()
    assert heard.menu is not None
    assert heard.menu[0] == [{"text": "发送手机号", "request_contact": True}]
    await sender.send(sending(zhang, "您好", menu=menu))
    assert zhang.menu == [["预约服务", "紧急报修"], ["更多"]]
    await sender.send(sending(zhang, "稍等"))
    assert zhang.menu == [["预约服务", "紧急报修"], ["更多"]]
    await sender.send(sending(zhang, "再见", menu=()))
    assert zhang.menu == []


async def test_the_menu_is_small_and_stays_open(
    sender: TelegramChannel, telegram: TelegramEmulator, zhang: Person
) -> None:
    await sender.send(sending(zhang, "您好", menu=(("更多",),)))
    markup = telegram.calls_of("sendMessage")[-1].structure("reply_markup")
    assert isinstance(markup, dict)
    assert (markup["resize_keyboard"], markup["is_persistent"]) == (True, True)


@pytest.mark.parametrize(("count", "shape"), [(1, [1]), (2, [2]), (11, [10, 1])])
async def test_photos_come_before_the_words(
    sender: TelegramChannel, zhang: Person, tmp_path: Path, count: int, shape: list[int]
) -> None:
    files = photo_files(tmp_path, count)
    outcome = await sender.send(sending(zhang, "完工", photos=files, rows=ROWS))
    heard = await zhang.hears("完工")
    assert [message.photo for message in heard[:-1]] == [file.read_bytes() for file in files]
    assert outcome == Delivered(str(heard[-1].message_id))
    assert heard[-1].labels[0] == "接单"
    albums = [message.album for message in heard[:-1]]
    assert [albums.count(album) for album in dict.fromkeys(albums)] == shape


async def test_a_photo_that_is_gone_or_refused_does_not_keep_the_words_back(
    sender: TelegramChannel, zhang: Person, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"no picture")
    photos = (tmp_path / "deleted.jpg", broken)
    assert isinstance(await sender.send(sending(zhang, "完工", photos=photos)), Delivered)
    assert [message.text for message in await zhang.hears()] == ["完工"]


async def test_a_retry_goes_on_where_the_last_try_stopped(
    sender: TelegramChannel, telegram: TelegramEmulator, zhang: Person, tmp_path: Path
) -> None:
    job = sending(zhang, "完工", photos=photo_files(tmp_path, 1))
    telegram.fails("sendPhoto", flood(3))
    assert await sender.send(job) == Retry(3.0, reason="flood control")
    telegram.fails("sendMessage", BREAKS)
    assert isinstance(await sender.send(job), Retry)
    assert isinstance(await sender.send(job), Delivered)
    first, second = await zhang.hears()
    assert first.photo is not None
    assert second.text == "完工"
    await sender.send(sending(zhang, "完工", key="k2", photos=photo_files(tmp_path, 1)))
    assert len(await zhang.hears("完工")) == 2


def photo_files(folder: Path, count: int) -> tuple[Path, ...]:
    files = [folder / f"{number}.jpg" for number in range(count)]
    for number, file in enumerate(files):
        file.write_bytes(jpeg(40 + number, 30))
    return tuple(files)


@pytest.mark.parametrize(
    ("text", "lengths"),
    [
        ("长" * 4096, [4096]),
        ("长" * 4097, [4096, 1]),
        ("🔧" * 2049, [2048, 1]),
        ("x" + "🔧" * 2048, [2048, 1]),
        ("行" * 4000 + "\n" + "尾" * 200, [4000, 200]),
        ("word " * 1000, [4094, 904]),
        ("半\ud83d", [2]),
        ("\n" * 3 + "长" * 10, [10]),
    ],
    ids=["fits", "one over", "astral", "halved astral", "line", "words", "half", "blank head"],
)
async def test_long_words_are_parted(
    sender: TelegramChannel, zhang: Person, text: str, lengths: Sequence[int]
) -> None:
    outcome = await sender.send(sending(zhang, text, rows=ROWS))
    heard = await zhang.hears()
    assert outcome == Delivered(str(heard[-1].message_id))
    assert [len(message.text) for message in heard] == lengths
    assert [bool(message.labels) for message in heard] == [False] * (len(heard) - 1) + [True]


async def test_edits_in_place(sender: TelegramChannel, zhang: Person) -> None:
    ref = await say(sender, zhang, "待接单", 接单="take:1")
    assert await sender.send(
        sending(zhang, "已接单", replaces=ref, rows=((Button("出发", "go:1"),),))
    ) == Delivered(ref)
    assert await sender.send(
        sending(zhang, "已接单", replaces=ref, rows=((Button("出发", "go:1"),),))
    ) == Delivered(ref)
    assert zhang.chat[0].labels == ["出发"]
    assert await sender.send(sending(zhang, "🔧" * 3000, replaces=ref)) == Delivered(ref)
    (heard,) = await zhang.hears()
    assert heard.edited
    assert heard.labels == []
    assert heard.text == "🔧" * 2047 + "…"


async def test_what_cannot_be_edited_is_to_be_sent_anew(
    sender: TelegramChannel, zhang: Person
) -> None:
    ref = await say(sender, zhang, "待接单")
    menu = await sender.send(sending(zhang, "您好", menu=(("更多",),)))
    assert isinstance(menu, Delivered)
    for replaces, menu_now in (
        ("999", None),
        ("no-number", None),
        (menu.ref, None),
        (ref, (("更多",),)),
    ):
        outcome = await sender.send(sending(zhang, "新", replaces=replaces, menu=menu_now))
        assert outcome == CannotEdit()


async def test_people_who_cannot_be_reached(
    sender: TelegramChannel, telegram: TelegramEmulator, zhang: Person
) -> None:
    nobody = telegram.person("没有", 77)
    nobody.id = 78
    outcomes = [await sender.send(sending(nobody, "x"))]
    ref = await say(sender, zhang, "x")
    await zhang.blocks(wait=False)
    outcomes.append(await sender.send(sending(zhang, "x")))
    outcomes.append(await sender.send(sending(zhang, "y", replaces=ref)))
    await zhang.unblocks(wait=False)
    assert isinstance(await sender.send(sending(zhang, "x")), Delivered)
    zhang.deletes_account()
    outcomes.append(await sender.send(sending(zhang, "x")))
    assert [type(outcome) for outcome in outcomes] == [Unreachable] * 4


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        (flood(17), Retry(17.0, reason="flood control")),
        (error(429, "Too Many Requests"), Retry(3.0, reason="Too Many Requests")),
        (BREAKS, Retry(3.0, reason="server error")),
        (GATEWAY, Retry(3.0, reason="unreadable answer")),
        (GARBLED, Retry(3.0, reason="UnicodeDecodeError")),
        (DROPS, Retry(3.0, reason="TelegramNetworkError")),
        (ANSWER_LOST, Retry(3.0, reason="TelegramNetworkError")),
        (HANGS, Retry(3.0, reason="TimeoutError")),
        (error(401, "Unauthorized"), Retry(60.0, everyone=True, reason="token refused")),
        (error(413, "Request Entity Too Large"), Rejected("TelegramEntityTooLarge")),
        (error(400, "Bad Request: button 'a' of 'x'"), Rejected("Bad Request: button … of …")),
        (error(400, "Bad Request: chat not found"), Unreachable("Bad Request: chat not found")),
        (Fault(200, '{"ok": true, "result": {"message_id": 5}}'), Delivered("5")),
        (
            Fault(200, '{"ok": true, "result": "of tomorrow"}'),
            Retry(3.0, reason="unreadable answer"),
        ),
    ],
    ids=lambda value: None if isinstance(value, Fault) else type(value).__name__,
)
async def test_every_answer_is_an_outcome(
    sender: TelegramChannel,
    telegram: TelegramEmulator,
    zhang: Person,
    fault: Fault,
    outcome: Outcome,
) -> None:
    telegram.fails("sendMessage", fault)
    assert await sender.send(sending(zhang, "x")) == outcome


async def test_button_data_that_is_too_long_is_rejected(
    sender: TelegramChannel, zhang: Person
) -> None:
    outcome = await sender.send(sending(zhang, "x", rows=((Button("a", "长" * 22),),)))
    assert outcome == Rejected("Bad Request: BUTTON_DATA_INVALID")
    assert await sender.send(sending(zhang, " ")) == Rejected("Bad Request: message text is empty")


async def test_a_server_that_is_not_there(
    zhang: Person,
) -> None:
    async with TelegramEmulator() as gone:
        channel = open_channel(gone, Desk(), Mode.POLLING)
    assert await channel.send(sending(zhang, "x")) == Retry(3.0, reason="TelegramNetworkError")
    await channel.close()
