"""Every kind of thing a person does arrives as one neutral event, by polling and by webhook."""

from __future__ import annotations

import asyncio

import pytest

from bot.channels.base import Receipt
from bot.channels.telegram.channel import TelegramChannel
from bot.event import Command, Contact, Event, Photo, Press, Text, Trouble, Unusable, What
from tests.emulators.telegram import (
    BREAKS,
    DROPS,
    TelegramEmulator,
    error,
)
from tests.emulators.telegram_person import Person, Tap
from tests.emulators.telegram_request import Json
from tests.telegram.conftest import NOW, Desk, jpeg, say, sending, until


async def test_typed_words_become_an_event(
    channel: TelegramChannel, desk: Desk, zhang: Person, li: Person
) -> None:
    update = await zhang.types("水管漏水 <b>急</b>")
    await li.types("hello")
    assert desk.events == [
        Event(
            "telegram", f"u{update.update_id}", "1001", Text("水管漏水 <b>急</b>"), NOW, "zh-hans"
        ),
        Event("telegram", f"u{update.update_id + 1}", "1002", Text("hello"), NOW, None),
    ]


async def test_the_kinds_a_person_sends(
    channel: TelegramChannel, desk: Desk, zhang: Person
) -> None:
    for typed in ("/start", "/start ABC-7 ", "/Help@doorstep_demo_bot 订单", "/预约", "/ 12"):
        await zhang.types(typed)
    await zhang.shares_contact("8613800000001")
    await zhang.shares_contact("+8613800000001")
    await zhang.shares_contact("138 0000 0002", own=False)
    await zhang.speaks()
    await zhang.sends_file(b"%PDF", "application/pdf")
    await zhang.sends({"location": {"latitude": 22.5, "longitude": 114.0}})
    expected: list[What] = [
        Command("start"),
        Command("start", "ABC-7"),
        Command("help", "订单"),
        Text("/预约"),
        Text("/ 12"),
        Contact("+8613800000001", own=True),
        Contact("+8613800000001", own=True),
        Contact("138 0000 0002", own=False),
        *[Unusable(Trouble.KIND_NOT_TAKEN)] * 3,
    ]
    assert desk.said == expected


async def test_a_tap_arrives_and_is_answered_after_the_commit(
    channel: TelegramChannel, desk: Desk, zhang: Person, telegram: TelegramEmulator
) -> None:
    desk.receipt = Receipt(toast="已接单" * 100)
    ref = await say(channel, zhang, "新任务", 接单="take:1")
    tap = await zhang.presses("接单")
    assert isinstance(tap, Tap)
    assert desk.said == [Press("take:1", message_ref=ref)]
    assert await tap.ends() == ("已接单" * 100)[:200]
    assert len(telegram.calls_of("answerCallbackQuery")) == 1


async def test_a_tap_without_a_word_stops_its_spinner(
    channel: TelegramChannel, desk: Desk, zhang: Person
) -> None:
    await say(channel, zhang, "新任务", 接单="take:1")
    tap = await zhang.presses("接单")
    assert isinstance(tap, Tap)
    assert await tap.ends() is None


async def test_a_tap_too_old_to_be_answered_is_taken_all_the_same(
    polling: TelegramChannel, desk: Desk, zhang: Person, telegram: TelegramEmulator
) -> None:
    await say(polling, zhang, "新任务", 接单="take:1")
    telegram.hold()
    await zhang.presses("接单", wait=False)
    telegram.expire_taps()
    telegram.release()
    await zhang.types("然后")
    await until(lambda: len(telegram.calls_of("answerCallbackQuery")) == 1)
    assert desk.said == [Press("take:1", "1"), Text("然后")]


async def test_an_answer_that_hangs_holds_nobody_up(
    polling: TelegramChannel, desk: Desk, zhang: Person, telegram: TelegramEmulator
) -> None:
    telegram.fails("answerCallbackQuery", DROPS)
    await say(polling, zhang, "新任务", 接单="take:1")
    await zhang.presses("接单")
    await zhang.types("然后")
    assert desk.said == [Press("take:1", "1"), Text("然后")]


async def test_photos_are_fetched_and_kept_before_the_event(
    channel: TelegramChannel, desk: Desk, zhang: Person
) -> None:
    small, large = jpeg(), jpeg(400, 300)
    await zhang.sends_photo(large, "厨房", smaller=[small])
    await zhang.sends_file(small, "image/jpeg", caption="原图")
    kitchen, original = desk.said
    assert isinstance(kitchen, Photo)
    assert isinstance(original, Photo)
    assert (kitchen.caption, original.caption) == ("厨房", "原图")
    assert desk.photos == {kitchen.sha256: large, original.sha256: small}


async def test_an_album_is_a_photo_each(
    polling: TelegramChannel, desk: Desk, zhang: Person
) -> None:
    await zhang.sends_photo(jpeg(), album="7", wait=False)
    await zhang.sends_photo(jpeg(50, 50), album="7")
    assert [type(what) for what in desk.said] == [Photo, Photo]


async def test_the_largest_photo_within_the_limit_is_taken(
    polling: TelegramChannel, desk: Desk, zhang: Person
) -> None:
    medium, too_large = jpeg(400, 300), jpeg() + bytes(100_000)
    await zhang.sends_photo(too_large, smaller=[jpeg(), medium])
    await zhang.sends_file(too_large, "image/jpeg")
    assert list(desk.photos.values()) == [medium]
    assert desk.said[1] == Unusable(Trouble.PHOTO_TOO_LARGE)


async def test_a_photo_larger_than_it_says_is_not_read_to_its_end(
    polling: TelegramChannel, desk: Desk, zhang: Person, telegram: TelegramEmulator
) -> None:
    size: dict[str, Json] = {"file_id": telegram.store(bytes(200_000)), "file_unique_id": "x"}
    await zhang.sends({"photo": [{**size, "width": 1, "height": 1}]})
    await zhang.sends({"photo": [{**size, "file_id": "gone", "width": 1, "height": 1}]})
    assert desk.said == [Unusable(Trouble.PHOTO_TOO_LARGE), Unusable(Trouble.PHOTO_UNREADABLE)]
    assert desk.photos == {}


async def test_a_photo_that_is_none_is_said_to_be_unreadable(
    polling: TelegramChannel, desk: Desk, zhang: Person
) -> None:
    await zhang.sends_photo(b"no picture")
    assert desk.said == [Unusable(Trouble.PHOTO_UNREADABLE)]


async def test_a_download_that_breaks_is_tried_again_and_then_told(
    polling: TelegramChannel, desk: Desk, zhang: Person, telegram: TelegramEmulator
) -> None:
    telegram.fails("download", BREAKS)
    await zhang.sends_photo(jpeg())
    telegram.fails("getFile", DROPS)
    await zhang.sends_photo(jpeg())
    telegram.fails("download", BREAKS, times=2)
    await zhang.sends_photo(jpeg())
    telegram.fails("getFile", error(400, "Bad Request: file is too big"))
    await zhang.sends_photo(jpeg())
    telegram.fails("download", error(404, "Not Found"))
    await zhang.sends_photo(jpeg())
    assert [type(what) for what in desk.said[:2]] == [Photo, Photo]
    assert desk.said[2:] == [
        Unusable(Trouble.PHOTO_UNREADABLE),
        Unusable(Trouble.PHOTO_TOO_LARGE),
        Unusable(Trouble.PHOTO_UNREADABLE),
    ]


async def test_groups_and_notices_are_left_alone(
    channel: TelegramChannel, desk: Desk, zhang: Person, telegram: TelegramEmulator
) -> None:
    group: dict[str, Json] = {"id": -100, "type": "group", "title": "业主群"}
    sender: dict[str, Json] = {"id": 1001, "is_bot": False, "first_name": "张伟"}
    message: dict[str, Json] = {"message_id": 1, "date": 1, "chat": group, "from": sender}
    telegram.push(-100, "message", {**message, "text": "大家好"})
    query: dict[str, Json] = {"id": "1", "from": sender, "chat_instance": "c", "data": "take:1"}
    telegram.push(-100, "callback_query", {**query, "message": {**message, "text": "x"}})
    telegram.push(1001, "callback_query", query)
    await zhang.sends({"message_auto_delete_timer_changed": {"message_auto_delete_time": 86400}})
    await zhang.blocks()
    await zhang.unblocks()
    await zhang.types("你好")
    await until(lambda: telegram.pending == [])
    assert desk.said == [Text("你好")]


@pytest.mark.parametrize(
    "strange",
    [
        {"voice": "a shape newer than the library"},
        {"forward_origin": {"type": "from_the_moon"}, "text": "你好"},
        {"a_kind_of_tomorrow": {"x": 1}},
    ],
)
async def test_what_the_library_cannot_read_neither_stops_others_nor_goes_unanswered(
    channel: TelegramChannel, desk: Desk, zhang: Person, strange: dict[str, Json]
) -> None:
    await zhang.sends(strange)
    await zhang.types("还在吗")
    assert desk.said == [Unusable(Trouble.KIND_NOT_TAKEN), Text("还在吗")]


async def test_an_update_of_no_known_shape_is_passed_over(
    channel: TelegramChannel, desk: Desk, zhang: Person, telegram: TelegramEmulator
) -> None:
    telegram.push(1001, "message", {"chat": "nowhere"})
    telegram.push(1001, "brand_new_kind", {"x": 1})
    await zhang.types("你好")
    assert desk.said == [Text("你好")]


async def test_a_person_presses_what_is_still_to_come_and_what_is_no_longer_shown(
    polling: TelegramChannel, desk: Desk, zhang: Person
) -> None:
    pressing = asyncio.create_task(zhang.presses("接单"))
    ref = await say(polling, zhang, "新任务", 接单="take:1")
    await pressing
    (old,) = await zhang.hears()
    await polling.send(sending(zhang, "已被接走", replaces=ref))
    await zhang.hears("已被接走")
    await zhang.presses("接单", on=old)
    await polling.send(sending(zhang, "您好", menu=(("我的任务",),)))
    await zhang.presses("我的任务")
    assert desk.said == [Press("take:1", ref), Press("take:1", ref), Text("我的任务")]
