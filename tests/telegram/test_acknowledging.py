"""An update is acknowledged after its intake has returned: nothing is lost, nobody holds up all."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from io import BytesIO

import pytest
from aiohttp import ClientSession

from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.settings import Mode
from bot.event import Text
from tests.emulators.telegram import (
    BREAKS,
    DROPS,
    GARBLED,
    GATEWAY,
    HANGS,
    TelegramEmulator,
    error,
    flood,
)
from tests.emulators.telegram_person import Person
from tests.telegram.conftest import HASTY, Desk, open_channel, running, until


async def test_nothing_is_acknowledged_before_the_intake_has_returned(
    channel: TelegramChannel, desk: Desk, zhang: Person, telegram: TelegramEmulator
) -> None:
    gate = desk.gates[zhang.address] = asyncio.Event()
    update = await zhang.types("一", wait=False)
    await until(lambda: desk.started == [f"u{update.update_id}"])
    assert not update.acknowledged.is_set()
    gate.set()
    await update.acknowledged.wait()
    assert desk.said == [Text("一")]


async def test_one_chat_in_order_and_others_beside_it(
    channel: TelegramChannel, desk: Desk, zhang: Person, li: Person
) -> None:
    gate = desk.gates[zhang.address] = asyncio.Event()
    await zhang.types("一", wait=False)
    await zhang.types("二", wait=False)
    last = await zhang.types("三", wait=False)
    await li.types("四", wait=False)
    await until(lambda: desk.said == [Text("四")])
    await li.types("五", wait=False)  # a later poll brings it, beside the chat that waits
    await until(lambda: desk.said == [Text("四"), Text("五")])
    gate.set()
    await last.acknowledged.wait()
    assert desk.said[2:] == [Text("一"), Text("二"), Text("三")]
    assert len(desk.started) == len(set(desk.started))


async def test_an_intake_that_fails_is_asked_again_with_the_same_event(
    channel: TelegramChannel, desk: Desk, zhang: Person
) -> None:
    desk.failures[zhang.address] = 2
    update = await zhang.types("一")
    assert desk.said == [Text("一")]
    assert desk.started == [f"u{update.update_id}"] * 3


async def test_an_update_nobody_can_take_is_given_up_and_the_chat_goes_on(
    polling: TelegramChannel, desk: Desk, zhang: Person, li: Person
) -> None:
    desk.failures[zhang.address] = 4
    await zhang.types("毒", wait=False)
    await li.types("四")
    await zhang.types("二")
    assert sorted(what.text for what in desk.said if isinstance(what, Text)) == ["二", "四"]


async def test_an_intake_that_never_returns_counts_as_failed(
    telegram: TelegramEmulator, desk: Desk, zhang: Person
) -> None:
    desk.gates[zhang.address] = asyncio.Event()
    async with running(
        open_channel(telegram, desk, Mode.POLLING, replace(HASTY, intake_s=0.02)), desk
    ):
        await zhang.types("一")
    assert desk.said == []
    assert len(desk.started) == 4


@pytest.mark.parametrize("mode", list(Mode))
async def test_a_crash_means_redelivery(
    mode: Mode, telegram: TelegramEmulator, desk: Desk, zhang: Person
) -> None:
    desk.gates[zhang.address] = asyncio.Event()
    async with running(open_channel(telegram, desk, mode, replace(HASTY, farewell_s=0.01)), desk):
        update = await zhang.types("一", wait=False)
        await until(lambda: len(desk.started) == 1)
    assert desk.events == []
    assert telegram.pending == [update.update_id]
    desk.gates.clear()
    async with running(open_channel(telegram, desk, mode), desk):
        await update.acknowledged.wait()
    assert [event.dedup for event in desk.events] == [f"u{update.update_id}"]


async def test_what_is_under_way_is_finished_when_the_channel_ends(
    telegram: TelegramEmulator, desk: Desk, zhang: Person
) -> None:
    gate = desk.gates[zhang.address] = asyncio.Event()
    async with running(open_channel(telegram, desk, Mode.POLLING), desk):
        await zhang.types("一", wait=False)
        await until(lambda: len(desk.started) == 1)
        asyncio.get_running_loop().call_later(0.05, gate.set)
    assert desk.said == [Text("一")]


async def test_a_redelivery_carries_the_same_key(
    channel: TelegramChannel, desk: Desk, zhang: Person, telegram: TelegramEmulator
) -> None:
    update = await zhang.types("一")
    await telegram.redeliver(update)
    await zhang.types("二")
    # A poll may know it already; what reaches the intake again is the very same event.
    assert [event.what for event in dict.fromkeys(desk.events)] == [Text("一"), Text("二")]


async def test_updates_in_another_order_are_all_taken_once(
    channel: TelegramChannel, desk: Desk, zhang: Person, telegram: TelegramEmulator
) -> None:
    telegram.hold()
    updates = [await zhang.types(word, wait=False) for word in ("一", "二", "三")]
    telegram.release(backwards=True)
    for update in updates:
        await update.acknowledged.wait()
    assert desk.said == [Text("三"), Text("二"), Text("一")]


async def test_more_updates_than_one_answer_holds(
    polling: TelegramChannel, desk: Desk, telegram: TelegramEmulator
) -> None:
    people = [telegram.person(f"住户{number}", 5000 + number) for number in range(40)]
    updates = [await each.types(str(n), wait=False) for n in range(6) for each in people]
    for update in updates:
        await update.acknowledged.wait()
    assert len({event.dedup for event in desk.events}) == len(desk.events) == 240
    for each in people:
        said = [event.what for event in desk.events if event.address == each.address]
        assert said == [Text(str(n)) for n in range(6)]


@pytest.mark.parametrize(
    "fault",
    [
        BREAKS,
        GATEWAY,
        GARBLED,
        DROPS,
        flood(1),
        error(409, "Conflict: terminated by other getUpdates request"),
        error(401, "Unauthorized"),
    ],
    ids=["500", "gateway", "garbled", "dropped", "flood", "conflict", "token"],
)
async def test_polling_goes_on_after_trouble(
    fault: object, telegram: TelegramEmulator, desk: Desk, zhang: Person
) -> None:
    telegram.fails("deleteWebhook", BREAKS)
    telegram.fails("getUpdates", fault)  # type: ignore[arg-type]
    async with running(open_channel(telegram, desk, Mode.POLLING), desk):
        await zhang.types("一")
    assert desk.said == [Text("一")]


async def test_a_poll_that_is_never_answered_is_let_go(
    telegram: TelegramEmulator, desk: Desk, zhang: Person
) -> None:
    telegram.fails("getUpdates", HANGS)
    async with running(open_channel(telegram, desk, Mode.POLLING), desk):
        await zhang.types("一")
    assert desk.said == [Text("一")]


async def test_changing_from_webhook_to_polling_and_back_loses_nothing(
    telegram: TelegramEmulator, desk: Desk, zhang: Person
) -> None:
    async with running(open_channel(telegram, desk, Mode.WEBHOOK), desk):
        await zhang.types("一")
    await zhang.types("二", wait=False)
    async with running(open_channel(telegram, desk, Mode.POLLING), desk):
        await zhang.types("三")
    telegram.fails("setWebhook", BREAKS)
    await zhang.types("四", wait=False)
    async with running(open_channel(telegram, desk, Mode.WEBHOOK), desk):
        await zhang.types("五")
    assert desk.said == [Text(word) for word in "一二三四五"]


async def test_calls_without_the_secret_are_turned_away_before_they_are_read(
    webhook: TelegramChannel, desk: Desk, telegram: TelegramEmulator
) -> None:
    await until(lambda: bool(telegram.calls_of("setWebhook")))
    call = telegram.calls_of("setWebhook")[0]
    url, secret = call.text("url"), call.text("secret_token")
    header = "X-Telegram-Bot-Api-Secret-Token"
    async with ClientSession() as http:
        for headers in ({}, {header: "wrong"}, {header: secret + "x"}, {header: "密"}):
            async with http.post(url, data=b"not even JSON", headers=headers) as answer:
                assert answer.status == 401
        async with http.post(url, data=b"not even JSON", headers={header: secret}) as answer:
            assert answer.status == 400
        async with http.post(
            url, data=BytesIO(bytes(2_000_000)), headers={header: secret}
        ) as answer:
            assert answer.status == 413
    assert desk.started == []


async def test_the_webhook_asks_for_what_is_taken_and_nothing_else(
    webhook: TelegramChannel, telegram: TelegramEmulator, desk: Desk, zhang: Person
) -> None:
    await zhang.types("一")
    (call,) = telegram.calls_of("setWebhook")
    assert call.strings("allowed_updates") == ["message", "callback_query", "my_chat_member"]
    assert not call.flag("drop_pending_updates")
