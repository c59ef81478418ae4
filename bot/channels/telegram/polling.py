"""Asks Telegram for updates, and acknowledges each only once it has been taken in."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

import structlog
from aiogram import Bot
from aiogram.exceptions import (
    TelegramConflictError,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)
from aiogram.methods import TelegramMethod

from bot.channels.lanes import Lanes
from bot.channels.telegram.outcomes import FAILURES, Failure, reason_of
from bot.channels.telegram.parse import UPDATES_TAKEN, Heard, RawUpdate
from bot.channels.telegram.patience import Patience

_log = structlog.get_logger(__name__)

Read = Callable[[RawUpdate], Heard | None]
Take = Callable[[Heard], Awaitable[None]]


class _GetUpdates(TelegramMethod[list[RawUpdate]]):
    """The updates unread: with the library's own request, one it cannot read loses the batch."""

    __returning__ = list[RawUpdate]
    __api_method__ = "getUpdates"

    offset: int | None
    timeout: int
    allowed_updates: list[str] = UPDATES_TAKEN


class Poller:
    """Long polling. Telegram's window is the only queue: what a crash interrupts comes again."""

    def __init__(self, bot: Bot, lanes: Lanes, poll_timeout_s: int, patience: Patience) -> None:
        self._bot = bot
        self._lanes = lanes
        self._poll_timeout_s = poll_timeout_s
        self._patience = patience
        self._window: dict[int, asyncio.Task[None] | None] = {}
        self._failures = 0

    async def run(self, read: Read, take: Take) -> None:
        """Receive until cancelled."""
        offset: int | None = None
        while True:
            updates = await self._ask(offset)
            # The window always begins with the oldest update that is not done, so those behind it
            # come again and again: what is known already keeps its task.
            self._window = {
                update.update_id: self._window[update.update_id]
                if update.update_id in self._window
                else self._begin(read(update), take)
                for update in updates
            }
            await self._wait_a_little()
            offset = self._oldest_not_done(offset)

    def _begin(self, heard: Heard | None, take: Take) -> asyncio.Task[None] | None:
        if heard is None:
            return None
        return self._lanes.start(heard.address, partial(self._persist, heard, take))

    async def _wait_a_little(self) -> None:
        """Until all is done, or long enough for others to be let in beside a slow one."""
        pending = [task for task in self._window.values() if task is not None and not task.done()]
        if pending:
            await asyncio.wait(pending, timeout=self._patience.look_again_s)

    def _oldest_not_done(self, offset: int | None) -> int | None:
        for update_id, task in self._window.items():
            if task is not None and not task.done():
                return update_id
            offset = update_id + 1
        return offset

    async def _persist(self, heard: Heard, take: Take) -> None:
        """Offer an update until it is taken; give it up, with a log, rather than stop the chat."""
        for failures in range(1, self._patience.tries + 1):
            try:
                async with self._lanes.places, asyncio.timeout(self._patience.intake_s):
                    return await take(heard)
            except Exception as error:  # whatever it is, the update must not be lost
                _log.warning(
                    "telegram.intake_failed",
                    update=heard.update_id,
                    error=type(error).__name__,
                    tries=failures,
                )
            await asyncio.sleep(self._patience.pause_s(failures))
        _log.error("telegram.update_given_up", update=heard.update_id)
        return None

    async def _ask(self, offset: int | None) -> list[RawUpdate]:
        request = _GetUpdates(offset=offset, timeout=self._poll_timeout_s)
        try:
            updates = await self._bot(request, self._poll_timeout_s + self._patience.poll_margin_s)
        except FAILURES as error:
            self._failures += 1
            await self._back_off(error)
            return []
        self._failures = 0
        return updates

    async def _back_off(self, error: Failure) -> None:
        pause = self._patience.pause_s(self._failures)
        if isinstance(error, TelegramRetryAfter):
            pause = max(pause, float(error.retry_after))
        serious = isinstance(error, TelegramConflictError | TelegramUnauthorizedError)
        report = _log.error if serious else _log.warning
        report("telegram.no_updates", error=reason_of(error), failures=self._failures)
        await asyncio.sleep(pause)
