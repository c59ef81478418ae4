"""The emulator speaks the Bot API: python-telegram-bot, which is not our library, agrees."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractContextManager
from datetime import timedelta
from io import BytesIO

import pytest
from aiohttp import ClientSession, web
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    KeyboardButton,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)
from telegram import Update as WireUpdate
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, RetryAfter, TelegramError

from tests.emulators.telegram import ANSWER_LOST, BREAKS, DROPS, TelegramEmulator, error, flood
from tests.emulators.telegram_person import Person, Tap
from tests.telegram.conftest import SECRET, free_port, jpeg, until

BUTTONS = InlineKeyboardMarkup([[InlineKeyboardButton("接单", callback_data="take:1")]])


def client(telegram: TelegramEmulator, token: str | None = None) -> Bot:
    return Bot(
        token or telegram.token,
        base_url=f"{telegram.base_url}/bot",
        base_file_url=f"{telegram.base_url}/file/bot",
    )


def refused(kind: type[TelegramError], words: str) -> AbstractContextManager[object]:
    """The call is refused with these words; the client changes their first letters."""
    return pytest.raises(kind, match=f"(?i){words}")


@pytest.fixture
async def bot(telegram: TelegramEmulator) -> AsyncIterator[Bot]:
    async with client(telegram) as bot:
        yield bot


async def test_who_the_bot_is_and_whose_token_it_takes(telegram: TelegramEmulator) -> None:
    async with client(telegram) as bot:
        assert bot.username == telegram.username
    with pytest.raises(InvalidToken):
        async with client(telegram, "700100200:somebody-elses-token"):
            pass


async def test_messages_buttons_and_menus(bot: Bot, zhang: Person) -> None:
    sent = await bot.send_message(zhang.id, "  您好 <b>  ", reply_markup=BUTTONS)
    assert sent.text == "您好 <b>"
    (heard,) = await zhang.hears("您好")
    assert heard.buttons == [["接单"]]
    assert heard.data_of("接单") == "take:1"

    contact = KeyboardButton("发送手机号", request_contact=True)
    menu = ReplyKeyboardMarkup([[contact], ["预约服务", "我的订单"]], resize_keyboard=True)
    await bot.send_message(zhang.id, "菜单", reply_markup=menu, disable_notification=True)
    assert zhang.menu == [["发送手机号"], ["预约服务", "我的订单"]]
    assert (await zhang.hears())[0].silent
    await bot.send_message(zhang.id, "收起", reply_markup=ReplyKeyboardRemove())
    assert zhang.menu == []


async def test_edits_and_deletions(bot: Bot, zhang: Person) -> None:
    sent = await bot.send_message(zhang.id, "待接单", reply_markup=BUTTONS)
    await zhang.hears()
    with refused(BadRequest, "message is not modified"):
        await bot.edit_message_text("待接单", zhang.id, sent.id, reply_markup=BUTTONS)
    await bot.edit_message_text("已接单", zhang.id, sent.id)
    (heard,) = await zhang.hears("已接单")
    assert heard.edited
    assert heard.labels == []
    await bot.edit_message_reply_markup(zhang.id, sent.id, reply_markup=BUTTONS)
    assert (await zhang.hears())[0].labels == ["接单"]
    await bot.delete_message(zhang.id, sent.id)
    assert zhang.chat == []
    with refused(BadRequest, "message to edit not found"):
        await bot.edit_message_text("?", zhang.id, sent.id)
    with refused(BadRequest, "message to delete not found"):
        await bot.delete_message(zhang.id, sent.id)


async def test_what_cannot_be_edited(bot: Bot, zhang: Person) -> None:
    with_menu = await bot.send_message(zhang.id, "x", reply_markup=ReplyKeyboardMarkup([["a"]]))
    with refused(BadRequest, "can't be edited"):
        await bot.edit_message_text("y", zhang.id, with_menu.id)
    photo = await bot.send_photo(zhang.id, jpeg())
    with refused(BadRequest, "there is no text in the message"):
        await bot.edit_message_text("y", zhang.id, photo.id)
    own = await zhang.types("我说的", wait=False)
    message_id = own.payload["message_id"]
    assert isinstance(message_id, int)
    with refused(BadRequest, "can't be edited"):
        await bot.edit_message_text("y", zhang.id, message_id)


async def test_photos_go_up_and_come_down(bot: Bot, zhang: Person) -> None:
    picture = jpeg(400, 300)
    await bot.send_photo(zhang.id, picture, caption="厨房")
    (heard,) = await zhang.hears("厨房")
    assert heard.photo == picture
    album = await bot.send_media_group(
        zhang.id, [InputMediaPhoto(jpeg()), InputMediaPhoto(picture)]
    )
    assert len({message.media_group_id for message in album}) == 1

    await zhang.sends_photo(picture, "卫生间", smaller=[jpeg()], wait=False)
    (update,) = await bot.get_updates(timeout=1)
    assert update.message is not None
    assert update.message.caption == "卫生间"
    file = await bot.get_file(update.message.photo[-1].file_id)
    assert bytes(await file.download_as_bytearray()) == picture


async def test_bad_photos_are_refused(bot: Bot, zhang: Person) -> None:
    with refused(BadRequest, "IMAGE_PROCESS_FAILED"):
        await bot.send_photo(zhang.id, BytesIO(b"no picture at all"))
    with refused(BadRequest, "PHOTO_INVALID_DIMENSIONS"):
        await bot.send_photo(zhang.id, jpeg(210, 10))
    with refused(BadRequest, "group send failed"):
        await bot.send_media_group(zhang.id, [InputMediaPhoto(jpeg())])
    with refused(BadRequest, "wrong file_id"):
        await bot.get_file("nothing")


@pytest.mark.parametrize(
    ("text", "why"),
    [("   ", "message text is empty"), ("长" * 4097, "message is too long"), ("🔧" * 2049, "long")],
    ids=["empty", "long", "astral"],
)
async def test_texts_that_do_not_fit(bot: Bot, zhang: Person, text: str, why: str) -> None:
    with refused(BadRequest, why):
        await bot.send_message(zhang.id, text)


async def test_button_data_is_at_most_64_bytes(bot: Bot, zhang: Person) -> None:
    for data, fits in (("接" * 21, True), ("接" * 21 + "xx", False)):
        markup = InlineKeyboardMarkup([[InlineKeyboardButton("a", callback_data=data)]])
        if fits:
            await bot.send_message(zhang.id, "x", reply_markup=markup)
        else:
            with refused(BadRequest, "BUTTON_DATA_INVALID"):
                await bot.send_message(zhang.id, "x", reply_markup=markup)


async def test_people_who_cannot_be_reached(
    bot: Bot, telegram: TelegramEmulator, zhang: Person
) -> None:
    with refused(BadRequest, "chat not found"):
        await bot.send_message(42, "x")
    stranger = telegram.person("陌生人", 7, stranger=True)
    with refused(Forbidden, "can't initiate"):
        await bot.send_message(stranger.id, "x")
    await stranger.starts(wait=False)
    await bot.send_message(stranger.id, "x")
    await zhang.blocks(wait=False)
    with refused(Forbidden, "blocked by the user"):
        await bot.send_message(zhang.id, "x")
    await zhang.unblocks(wait=False)
    await bot.send_message(zhang.id, "x")
    zhang.deletes_account()
    with refused(Forbidden, "deactivated"):
        await bot.send_message(zhang.id, "x")


async def test_polling_keeps_an_update_until_its_successor_is_asked_for(
    bot: Bot, telegram: TelegramEmulator, zhang: Person
) -> None:
    first = await zhang.types("一", wait=False)
    second = await zhang.types("二", wait=False)
    assert [u.update_id for u in await bot.get_updates(limit=1)] == [first.update_id]
    assert len(await bot.get_updates()) == 2
    (last,) = await bot.get_updates(offset=second.update_id)
    assert last.message is not None
    assert last.message.text == "二"
    assert first.acknowledged.is_set()
    assert not second.acknowledged.is_set()
    assert await bot.get_updates(offset=second.update_id + 1) == ()
    assert telegram.pending == []


async def test_a_long_poll_ends_with_the_first_update(bot: Bot, zhang: Person) -> None:
    waiting = asyncio.create_task(bot.get_updates(timeout=20))
    await zhang.starts("CODE7", wait=False)
    (update,) = await waiting
    assert update.message is not None
    assert update.message.text == "/start CODE7"
    assert update.message.entities[0].type == "bot_command"


async def test_one_poll_at_a_time_and_none_beside_a_webhook(
    bot: Bot, telegram: TelegramEmulator, zhang: Person
) -> None:
    older = asyncio.create_task(bot.get_updates(timeout=20))
    await until(lambda: len(telegram.calls_of("getUpdates")) == 1)
    async with client(telegram) as another:
        newer = asyncio.create_task(another.get_updates(timeout=20))
        with refused(Conflict, "terminated by other getUpdates"):
            await older
        await zhang.types("一", wait=False)
        assert len(await newer) == 1
    await bot.set_webhook(f"http://127.0.0.1:{free_port()}/")
    with refused(Conflict, "webhook is active"):
        await bot.get_updates()
    await bot.delete_webhook(drop_pending_updates=True)
    assert await bot.get_updates() == ()


async def test_updates_not_asked_for_do_not_come(bot: Bot, zhang: Person) -> None:
    await bot.get_updates(allowed_updates=["callback_query"])
    assert (await zhang.types("一", wait=False)).acknowledged.is_set()
    assert await bot.get_updates() == ()
    await bot.get_updates(allowed_updates=["message", "my_chat_member"])
    await zhang.blocks(wait=False)
    (update,) = await bot.get_updates()
    assert update.my_chat_member is not None
    assert update.my_chat_member.new_chat_member.status == "kicked"


async def test_taps_and_their_answers(bot: Bot, telegram: TelegramEmulator, zhang: Person) -> None:
    sent = await bot.send_message(zhang.id, "新任务", reply_markup=BUTTONS)
    tap = await zhang.presses("接单", wait=False)
    assert isinstance(tap, Tap)
    (update,) = await bot.get_updates()
    query = update.callback_query
    assert query is not None
    assert query.message is not None
    assert (query.data, query.message.message_id) == ("take:1", sent.id)
    with refused(BadRequest, "MESSAGE_TOO_LONG"):
        await query.answer("长" * 201)
    await query.answer("已接单")
    assert await tap.ends() == "已接单"
    with refused(BadRequest, "query is too old"):
        await query.answer("又一次")


async def test_contacts_and_documents(bot: Bot, zhang: Person) -> None:
    await zhang.shares_contact("8613800000001", wait=False)
    await zhang.shares_contact("13800000002", own=False, wait=False)
    await zhang.sends_file(jpeg(), "image/jpeg", wait=False)
    await zhang.speaks(wait=False)
    messages = [update.message for update in await bot.get_updates()]
    own, other = (message.contact for message in messages[:2] if message is not None)
    assert own is not None
    assert other is not None
    assert own.user_id == zhang.id
    assert other.user_id != zhang.id
    assert messages[2] is not None
    assert messages[2].document is not None
    assert messages[3] is not None
    assert messages[3].voice is not None


async def test_a_webhook_gets_the_secret_and_is_called_again_until_it_says_yes(
    bot: Bot, telegram: TelegramEmulator, zhang: Person
) -> None:
    seen: list[WireUpdate] = []

    async def receive(request: web.Request) -> web.Response:
        assert request.headers["X-Telegram-Bot-Api-Secret-Token"] == SECRET
        seen.append(WireUpdate.de_json(await request.json(), bot))
        return web.Response(status=500 if len(seen) == 1 else 200)

    app = web.Application()
    app.router.add_post("/hook", receive)
    runner = web.AppRunner(app)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        with refused(BadRequest, "HTTPS URL must be provided"):
            await bot.set_webhook("http://doorstep.example/hook")
        with refused(BadRequest, "unallowed characters"):
            await bot.set_webhook(f"http://127.0.0.1:{port}/hook", secret_token="with space")
        await bot.set_webhook(f"http://127.0.0.1:{port}/hook", secret_token=SECRET)
        await zhang.types("你好")
    finally:
        await runner.cleanup()
    assert len({update.update_id for update in seen}) == 1
    assert seen[1].message is not None
    assert seen[1].message.text == "你好"
    info = await bot.get_webhook_info()
    assert info.pending_update_count == 0
    assert "500" in str(info.last_error_message)


async def test_faults_are_met_once_each(
    bot: Bot, telegram: TelegramEmulator, zhang: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")  # else the client warns of its own future
    telegram.fails("sendMessage", flood(7))
    with pytest.raises(RetryAfter) as held:
        await bot.send_message(zhang.id, "x")
    assert held.value.retry_after == timedelta(seconds=7)
    for fault in (BREAKS, DROPS, ANSWER_LOST, error(400, "Bad Request: no")):
        telegram.fails("sendMessage", fault)
        with pytest.raises(TelegramError):
            await bot.send_message(zhang.id, "x")
    await bot.send_message(zhang.id, "y")
    assert [message.text for message in await zhang.hears()] == ["x", "y"]


async def test_commands_and_chat_actions(bot: Bot, zhang: Person) -> None:
    await bot.set_my_commands([("start", "开始"), ("help", "帮助")])
    assert [command.command for command in await bot.get_my_commands()] == ["start", "help"]
    assert await bot.get_my_commands(language_code="en") == ()
    with refused(BadRequest, "BOT_COMMAND_INVALID"):
        await bot.set_my_commands([("Start!", "x")])
    await bot.send_chat_action(zhang.id, "typing")
    with refused(BadRequest, "wrong parameter action"):
        await bot.send_chat_action(zhang.id, "sleeping")


async def test_calls_in_json_and_in_the_address_are_read_too(
    telegram: TelegramEmulator, zhang: Person
) -> None:
    base = f"{telegram.base_url}/bot{telegram.token}"
    markup = {"inline_keyboard": [[{"text": "好", "callback_data": "ok"}]]}
    async with ClientSession() as http:
        body = {"chat_id": zhang.id, "text": "json", "reply_markup": markup}
        assert (await http.post(f"{base}/sendMessage", json=body)).status == 200
        assert (await http.get(f"{base}/SENDMESSAGE?chat_id={zhang.id}&text=get")).status == 200
        wrong = {"chat_id": zhang.id, "text": "x", "reply_markup": "no json"}
        assert (await http.post(f"{base}/sendMessage", data=wrong)).status == 400
        text_button = {"inline_keyboard": [[{"text": "好"}]]}
        body["reply_markup"] = text_button
        assert (await http.post(f"{base}/sendMessage", json=body)).status == 400
        assert (await http.post(f"{base}/flyToTheMoon")).status == 404
        assert (await http.post(f"{telegram.base_url}/botnonsense/getMe")).status == 404
    assert [message.text for message in await zhang.hears()] == ["json", "get"]


async def test_held_updates_go_in_the_order_asked_for_and_come_again(
    bot: Bot, telegram: TelegramEmulator, zhang: Person
) -> None:
    telegram.hold()
    first = await zhang.types("一", wait=False)
    second = await zhang.types("二", wait=False)
    assert await bot.get_updates() == ()
    telegram.release(backwards=True)
    assert [u.update_id for u in await bot.get_updates()] == [second.update_id, first.update_id]
    assert await bot.get_updates(offset=second.update_id + 1) == ()
    await telegram.redeliver(first, wait=False)
    (again,) = await bot.get_updates(offset=second.update_id + 1)
    assert again.update_id == first.update_id
    await bot.get_updates(offset=first.update_id + 1)
    assert first.acknowledged.is_set()
