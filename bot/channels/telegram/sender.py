"""Delivers a spoken message in as many requests as it takes, and says what came of it."""

from __future__ import annotations

import asyncio
from collections import OrderedDict

import structlog
from aiogram import Bot
from aiogram.methods import EditMessageText, SendMediaGroup, SendMessage, SendPhoto
from aiogram.types import Message

from bot.channels.base import CannotEdit, Delivered, Outcome, Rejected, Sending
from bot.channels.telegram.outcomes import FAILURES, outcome_of
from bot.channels.telegram.patience import Patience
from bot.channels.telegram.render import edit_request, photo_requests, text_requests

_log = structlog.get_logger(__name__)

_HALF_SENT_KEPT = 1000

_Request = SendMessage | SendPhoto | SendMediaGroup | EditMessageText


class Sender:
    """Sends and edits for one bot. No failure of Telegram's is raised: each is an outcome."""

    def __init__(self, bot: Bot, patience: Patience) -> None:
        self._bot = bot
        self._patience = patience
        self._half_sent: OrderedDict[str, int] = OrderedDict()

    async def send(self, sending: Sending) -> Outcome:
        """Deliver one message. A retry under the same key goes on where the last try stopped."""
        if sending.replaces is not None:
            return await self._edit(sending, sending.replaces)
        return await self._send_anew(sending)

    async def _edit(self, sending: Sending, replaces: str) -> Outcome:
        spoken = sending.spoken
        takes_menu = spoken.menu is not None or spoken.ask_contact is not None
        if takes_menu or not replaces.isdecimal():
            return CannotEdit()  # an edit in place can carry no menu
        request = edit_request(sending.address, int(replaces), spoken)
        return await self._deliver(request, self._patience.request_s, replaces)

    async def _send_anew(self, sending: Sending) -> Outcome:
        photos = photo_requests(sending.address, sending.spoken)
        texts = text_requests(sending.address, sending.spoken)
        # Counted from the end: a photo may have been deleted since the last try.
        left = self._half_sent.pop(sending.key, len(photos) + len(texts))
        outcome: Outcome = Delivered(None)
        for photo in photos[max(0, len(photos) + len(texts) - left) :]:
            outcome = await self._deliver(photo, self._patience.upload_s)
            if isinstance(outcome, Rejected):
                # The words matter more than the pictures above them.
                _log.error("telegram.photos_rejected", reason=outcome.reason)
            elif not isinstance(outcome, Delivered):
                return self._half(sending.key, left, outcome)
            left -= 1
        for text in texts[-left:]:
            outcome = await self._deliver(text, self._patience.request_s)
            if not isinstance(outcome, Delivered):
                return self._half(sending.key, left, outcome)
            left -= 1
        return outcome

    def _half(self, key: str, left: int, outcome: Outcome) -> Outcome:
        """Note how many requests are left, so that the next try repeats nothing that arrived."""
        self._half_sent[key] = left
        if len(self._half_sent) > _HALF_SENT_KEPT:
            self._half_sent.popitem(last=False)
        return outcome

    async def _deliver(
        self, request: _Request, seconds: float, replaces: str | None = None
    ) -> Outcome:
        try:
            async with asyncio.timeout(seconds):
                sent = await request.emit(self._bot)
        except FAILURES as error:
            return outcome_of(error, replaces)
        return Delivered(str(sent.message_id) if isinstance(sent, Message) else replaces)
