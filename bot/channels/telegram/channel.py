"""The Telegram channel: updates in by polling or webhook, messages out, one bot."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

import structlog
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import PRODUCTION, TelegramAPIServer
from aiogram.methods import AnswerCallbackQuery, DeleteWebhook, SetWebhook, TelegramMethod

from bot.channels.base import Intake, KeepPhoto, Limits, Outcome, Sending
from bot.channels.lanes import Lanes
from bot.channels.telegram.outcomes import FAILURES, reason_of
from bot.channels.telegram.parse import (
    CHANNEL,
    UPDATES_TAKEN,
    Heard,
    PhotoOffer,
    RawUpdate,
    read_update,
)
from bot.channels.telegram.patience import Patience
from bot.channels.telegram.photos import PhotoFetcher
from bot.channels.telegram.polling import Poller, Take
from bot.channels.telegram.render import TEXT_UNITS
from bot.channels.telegram.sender import Sender
from bot.channels.telegram.settings import Mode, TelegramSettings
from bot.channels.telegram.webhook import WebhookServer

_log = structlog.get_logger(__name__)

_CHATS_AT_ONCE = 32
_TOAST_LENGTH = 200


class TelegramUnavailableError(Exception):
    """Telegram did not answer, or refused the token; says why, and never the token."""


class TelegramChannel:
    """A Telegram bot as a channel. Only private chats are heard; groups are left alone."""

    name = CHANNEL
    limits = Limits(
        text=TEXT_UNITS,
        caption=1024,
        label=64,
        data_bytes=64,
        overall_per_s=30.0,
        chat_per_s=1.0,
        chat_burst=3,
    )

    def __init__(
        self,
        settings: TelegramSettings,
        keep_photo: KeepPhoto,
        now: Callable[[], datetime],
        patience: Patience | None = None,
    ) -> None:
        self._settings = settings
        self._now = now
        self._patience = patience or Patience()
        api = (
            PRODUCTION
            if settings.api_base is None
            else TelegramAPIServer.from_base(settings.api_base)
        )
        self._bot = Bot(settings.token.get_secret_value(), session=AiohttpSession(api=api))
        self._photos = PhotoFetcher(self._bot, keep_photo, settings.photo_max_bytes, self._patience)
        self._lanes = Lanes(_CHATS_AT_ONCE)
        self._sender = Sender(self._bot, self._patience)
        self._toasts: set[asyncio.Task[None]] = set()
        self._username: str | None = None

    async def username(self) -> str:
        """The bot's name for deep links, without the @.

        Raises TelegramUnavailableError: no answer, or the token was refused.
        """
        if self._username is None:
            try:
                async with asyncio.timeout(self._patience.request_s):
                    me = await self._bot.get_me()
            except FAILURES as error:
                raise TelegramUnavailableError(reason_of(error)) from None
            self._username = me.username or ""
        return self._username

    async def run(self, intake: Intake) -> None:
        """Receive until cancelled; an update is acknowledged after `intake` has returned."""
        try:
            if self._settings.mode is Mode.WEBHOOK:
                await self._listen(intake)
            else:
                await self._poll(intake)
        finally:
            await self._lanes.close(self._patience.farewell_s)

    async def send(self, sending: Sending) -> Outcome:
        """Deliver one message. A retry under the same key goes on where the last try stopped."""
        return await self._sender.send(sending)

    async def close(self) -> None:
        """Let the last toasts go out, then drop the connections."""
        if self._toasts:
            await asyncio.wait(self._toasts, timeout=self._patience.farewell_s)
        for toast in self._toasts:
            toast.cancel()
        await self._bot.session.close()

    async def _poll(self, intake: Intake) -> None:
        await self._insist(DeleteWebhook(drop_pending_updates=False))
        poller = Poller(self._bot, self._lanes, self._settings.poll_timeout_s, self._patience)
        await poller.run(self._read, self._taker(intake))

    async def _listen(self, intake: Intake) -> None:
        secret, url = self._settings.webhook_secret, self._settings.webhook_url
        if secret is None or url is None:
            raise ValueError("webhook mode needs webhook_url and webhook_secret")
        server = WebhookServer(
            self._settings.webhook_host,
            self._settings.webhook_port,
            secret.get_secret_value(),
            self._lanes,
            self._patience,
        )
        await server.start(self._read, self._taker(intake))
        try:
            await self._insist(
                SetWebhook(
                    url=url,
                    secret_token=secret.get_secret_value(),
                    allowed_updates=UPDATES_TAKEN,
                    max_connections=_CHATS_AT_ONCE,
                )
            )
            await asyncio.Event().wait()
        finally:
            await server.stop()

    def _read(self, update: RawUpdate) -> Heard | None:
        return read_update(update, self._now(), self._settings.photo_max_bytes)

    def _taker(self, intake: Intake) -> Take:
        async def take(heard: Heard) -> None:
            what = heard.what
            if isinstance(what, PhotoOffer):
                what = await self._photos.fetch(what)
            receipt = await intake(heard.event(what))
            if heard.query is not None:
                self._answer(heard.query, receipt.toast)

        return take

    def _answer(self, query: str, toast: str | None) -> None:
        """Stop the button's spinner, flashing a word; nothing waits for it."""
        task = asyncio.create_task(self._flash(query, toast))
        self._toasts.add(task)
        task.add_done_callback(self._toasts.discard)

    async def _flash(self, query: str, toast: str | None) -> None:
        text = None if toast is None else toast[:_TOAST_LENGTH]
        try:
            await self._ask(AnswerCallbackQuery(callback_query_id=query, text=text))
        except FAILURES as error:
            # Queries over a few minutes old are refused: the tap itself has long been dealt with.
            _log.info("telegram.tap_not_answered", error=reason_of(error))

    async def _insist(self, request: TelegramMethod[bool]) -> None:
        """Repeat a request until Telegram agrees: without it no update would come."""
        failures = 0
        while True:
            try:
                await self._ask(request)
            except FAILURES as error:
                failures += 1
                _log.error(
                    "telegram.not_ready", request=request.__api_method__, error=reason_of(error)
                )
                await asyncio.sleep(self._patience.pause_s(failures))
            else:
                return

    async def _ask(self, request: TelegramMethod[bool]) -> None:
        async with asyncio.timeout(self._patience.request_s):
            await request.emit(self._bot)
