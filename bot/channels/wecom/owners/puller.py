"""Fetches the news of one 微信客服 account: one pull at a time, however many calls announce it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

import structlog

from bot.channels.base import Intake, Memory
from bot.channels.lanes import Lanes
from bot.channels.wecom.api.answers import Page as Answer
from bot.channels.wecom.api.client import WeComClient
from bot.channels.wecom.api.codes import Meaning
from bot.channels.wecom.api.errors import Busy, Refused, WeComError
from bot.channels.wecom.owners.addresses import address_of
from bot.channels.wecom.owners.ledger import Ledger, Page
from bot.channels.wecom.owners.news import Entered, KfLetter, Said, read_kf_letter
from bot.channels.wecom.owners.reception import Reception
from bot.channels.wecom.patience import Patience
from bot.event import Note

_log = structlog.get_logger(__name__)

_OLD = timedelta(minutes=10)
"""Where it is not known what has been answered, nothing older is."""

_MOST_OPEN = 2000
"""Letters held in memory before further pages wait."""

_FIRST, _ON = "first", "on"
"""What a kept cursor belongs to: a first pull still under way, or those after it."""


@dataclass(slots=True)
class _Round:
    """One pull; once it has `pulled`, `open` is all that is still to be taken in.

    That may come from the pull before: it can have brought what is announced only now.
    """

    pulled: asyncio.Event = field(default_factory=asyncio.Event)
    open: frozenset[asyncio.Task[None]] = frozenset()


class Puller:
    """Reads an account's news in their order, and hands in those of different customers side by
    side. The cursor is kept with what was handed in: what a kill interrupts is read again, and
    what was committed already is known by its msgid."""

    def __init__(
        self,
        account: str,
        client: WeComClient,
        reception: Reception,
        memory: Memory,
        lanes: Lanes,
        now: Callable[[], datetime],
        patience: Patience,
    ) -> None:
        self._account = account
        self._client = client
        self._reception = reception
        self._memory = memory
        self._lanes = lanes
        self._now = now
        self._patience = patience
        self._key = f"cursor:{account}"
        self._cursor: str | None = None
        self._first = True
        self._too_old = 0
        self._token: str | None = None
        self._wanted = asyncio.Event()
        self._next = _Round()
        self._ledger = Ledger()
        self._keeping = asyncio.Lock()
        self._open: set[asyncio.Task[None]] = set()

    async def news(self, token: str) -> None:
        """There is news, to be fetched with this token; returns once it is taken in.

        Or when WeCom will not wait any longer: the pull goes on, and what it has not committed is
        read again after a restart.
        """
        self._token = token or self._token
        self._wanted.set()
        this = self._next
        with suppress(TimeoutError):
            async with asyncio.timeout(self._patience.callback_s - self._patience.margin_s):
                await this.pulled.wait()
                if this.open:
                    await asyncio.wait(this.open)

    async def run(self, intake: Intake) -> None:
        """Pull at once, then whenever there is news, and now and then without being told."""
        while True:
            this, self._next = self._next, _Round()
            self._wanted.clear()
            if not self._open and self._ledger.due() is None:
                await self._insist(self._recall)
            await self._pull(intake)
            this.open = frozenset(self._open)
            this.pulled.set()
            # Not `wait_for`: told and cancelled at one moment, it forgets the latter.
            with suppress(TimeoutError):
                async with asyncio.timeout(self._patience.look_again_s):
                    await self._wanted.wait()

    async def _recall(self) -> None:
        """How far this process has got before a restart, or another on the same database."""
        kept = await self._memory.recall(self._key)
        if kept is not None:
            phase, _, self._cursor = kept.partition(":")
            self._first = phase == _FIRST
            self._ledger.resume(kept)

    # Asking

    async def _pull(self, intake: Intake) -> None:
        """Read on until there is no more, however long WeCom will not answer."""
        token, self._token = self._token, None
        failures = idle = 0
        while True:
            try:
                answer = await self._client.kf_sync(self._account, self._cursor, token)
            except WeComError as error:
                if token is not None and _is_over(error):
                    token = None
                    continue
                failures += 1
                await self._back_off(error, failures)
                continue
            failures = 0
            idle = 0 if self._deal_out(answer, intake) else idle + 1
            if not answer.has_more:
                break
            await self._make_room(idle)
        await self._keep_up(intake)
        self._end_first()

    async def _make_room(self, idle: int) -> None:
        if idle > 1:  # it says that there is more, again and again, and brings nothing
            await asyncio.sleep(self._patience.pause_s(idle))
        while len(self._open) >= _MOST_OPEN:
            await asyncio.wait(self._open, return_when=asyncio.FIRST_COMPLETED)

    async def _back_off(self, error: WeComError, failures: int) -> None:
        pause = self._patience.pause_s(failures)
        if isinstance(error, Refused):
            _log.error("wecom.kf_no_news", code=error.code, means=error.meaning)
            if error.meaning is Meaning.OUR_FAULT and self._cursor:
                self._forget_cursor()
            pause = max(pause, self._patience.longest_s)
        else:
            _log.warning("wecom.kf_no_news", error=str(error), failures=failures)
        if isinstance(error, Busy):
            pause = max(pause, error.seconds)
        await asyncio.sleep(pause)

    def _forget_cursor(self) -> None:
        """WeCom knows it no longer; what is still stored there is read from its beginning."""
        self._cursor, self._first = None, True

    def _end_first(self) -> None:
        if self._first and self._too_old:
            _log.warning("wecom.kf_too_old_to_answer", count=self._too_old)
        self._first, self._too_old = False, 0

    # Dealing out

    def _deal_out(self, answer: Answer, intake: Intake) -> bool:
        """Give every letter of a page to its customer's lane; whether the page brought anything."""
        cursor = answer.next_cursor or self._cursor or ""
        if not answer.messages and cursor == (self._cursor or ""):
            return False
        self._cursor = cursor
        letters = [letter for raw in answer.messages if (letter := read_kf_letter(raw))]
        wanted = [letter for letter in letters if not self._is_too_old(letter)]
        self._too_old += len(letters) - len(wanted)
        phase = _FIRST if self._first and answer.has_more else _ON
        page = self._ledger.begin(f"{phase}:{cursor}", len(wanted))
        for letter in wanted:
            lane = address_of(letter.customer, self._account)
            task = self._lanes.start(lane, partial(self._deal_with, letter, page, intake))
            self._open.add(task)
            task.add_done_callback(self._open.discard)
        return True

    def _is_too_old(self, letter: KfLetter) -> bool:
        if not self._first or not isinstance(letter.what, Said | Entered):
            return False
        return letter.sent_at is not None and self._now() - letter.sent_at > _OLD

    async def _deal_with(self, letter: KfLetter, page: Page, intake: Intake) -> None:
        await self._insist(partial(self._take, letter, page, intake))
        self._ledger.done(page)
        await self._keep_up(intake)

    async def _take(self, letter: KfLetter, page: Page, intake: Intake) -> None:
        riding: list[str] = []

        def rides() -> tuple[Note, ...]:
            riding[:] = [mark] if (mark := self._ledger.rides_with_next(page)) else []
            return tuple(Note(self._key, mark) for mark in riding)

        await self._reception.take(letter, self._account, intake, rides)
        for mark in riding:
            self._ledger.kept(mark)

    async def _keep_up(self, intake: Intake) -> None:
        """Keep the cursor where everything before it has been dealt with."""
        async with self._keeping:
            mark = self._ledger.due()
            if mark is not None:
                note = Note(self._key, mark)
                await self._insist(partial(self._reception.read_on, intake, note))
                self._ledger.kept(mark)

    async def _insist(self, work: Callable[[], Awaitable[None]]) -> None:
        """Offer something until it is taken; give it up, with a log, rather than stop the chat."""
        for failures in range(1, self._patience.tries + 1):
            try:
                return await work()
            except Exception as error:  # whatever it is, the news must not be lost
                _log.warning("wecom.kf_not_taken", error=type(error).__name__, tries=failures)
            await asyncio.sleep(self._patience.pause_s(failures))
        _log.error("wecom.kf_given_up")
        return None


def _is_over(error: WeComError) -> bool:
    return isinstance(error, Refused) and error.meaning is Meaning.NEWS_TOKEN_OVER
