"""One member's letters in order, those of different members side by side, and none ever lost.

WeCom waits five seconds and tries three times. What cannot be dealt with at once is kept in our
own books first, and only then acknowledged; after a restart it is the first to be dealt with.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import structlog

from bot.channels.base import Memory
from bot.channels.wecom.patience import Patience
from bot.channels.wecom.staff.heard import Heard, Offer, dump, load
from bot.event import Note

_log = structlog.get_logger(__name__)

_AT_ONCE = 32
"""Letters under way over all members. A place is for a try, not for the pauses between tries."""

_PICTURES_AT_ONCE = 8
"""Pictures have places of their own: where WeCom is slow to hand them out, presses go on."""

_SPOOL = "spool:"

Work = Callable[[Heard, int], Awaitable[None]]
"""Deals with a letter that has failed so often before; returns after the commit, or raises."""


@dataclass(eq=False, slots=True)
class _Item:
    """A letter in its member's lane.

    `key` is where it is kept: until then nobody but WeCom would bring it again. It is begun once
    it `may_begin`, and over when `done` says so.
    """

    heard: Heard
    place: int
    key: str | None = None
    may_begin: asyncio.Event = field(default_factory=asyncio.Event)
    done: asyncio.Future[None] = field(default_factory=asyncio.Future)


class Spool:
    """The lanes of all members."""

    def __init__(self, memory: Memory, work: Work, patience: Patience) -> None:
        self._memory = memory
        self._work = work
        self._patience = patience
        self._places = asyncio.Semaphore(_AT_ONCE)
        self._picture_places = asyncio.Semaphore(_PICTURES_AT_ONCE)
        self._lanes: dict[str, deque[_Item]] = {}
        self._running: set[asyncio.Task[None]] = set()
        self._resting: set[asyncio.Task[None]] = set()
        self._last_place = 0

    async def resume(self) -> None:
        """Begin with what was kept before a restart, or by a process that is no more.

        What another process is dealing with may be begun here as well: an event is taken once.
        """
        for note in await self._memory.recall_all(_SPOOL):
            try:
                heard = load(note.value)
            except ValueError:  # of another version, which has not left it in order
                _log.error("wecom.kept_letter_unreadable")
                await self._memory.forget(note.key)
                continue
            if self._in_lane(heard) is not None:
                continue
            item = self._enter(heard)
            item.key = note.key
            item.may_begin.set()

    async def take(self, heard: Heard) -> None:
        """Returns once the letter is dealt with, or kept: then it may be acknowledged.

        Raises what went wrong with it; then WeCom must bring it again.
        """
        item = self._in_lane(heard)
        if item is None:
            lane = self._lanes.get(heard.userid, ())
            is_slow = isinstance(heard.what, Offer) or any(one.key for one in lane)
            item = self._enter(heard)
            if is_slow:
                await self._keep_first(item)
            item.may_begin.set()
        if item.key is None:
            await asyncio.wait([item.done], timeout=self._patience.at_once_s)
        if item.done.done():
            item.done.result()
        elif item.key is None:
            await self._keep(item)

    async def close(self) -> None:
        """Let what is under way finish for a while, then leave the rest to the next start."""
        for task in self._resting:
            task.cancel()
        if not self._running:
            return
        _, late = await asyncio.wait(self._running, timeout=self._patience.farewell_s)
        for task in late:
            task.cancel()
        if late:
            await asyncio.wait(late)

    def _in_lane(self, heard: Heard) -> _Item | None:
        lane = self._lanes.get(heard.userid, ())
        return next((one for one in lane if one.heard.dedup == heard.dedup), None)

    def _enter(self, heard: Heard) -> _Item:
        """Put a letter at the end of its member's lane."""
        # The order outlasts a restart: by the time of receipt, and later than any before it.
        self._last_place = max(self._last_place + 1, int(heard.received_at.timestamp() * 1e6))
        item = _Item(heard, self._last_place)
        item.done.add_done_callback(_looked_at)
        if heard.userid in self._lanes:
            self._lanes[heard.userid].append(item)
            return item
        self._lanes[heard.userid] = deque([item])
        task = asyncio.create_task(self._work_through(heard.userid))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return item

    async def _keep_first(self, item: _Item) -> None:
        """Keep a letter before it is begun; where that fails, it is out of the lane again."""
        try:
            await self._keep(item)
        except BaseException as error:
            self._drop(item, error)
            raise

    async def _keep(self, item: _Item) -> None:
        """Keep a letter, so that it may be acknowledged before it is dealt with."""
        key = f"{_SPOOL}{item.heard.userid}:{item.place:020d}"
        await self._memory.keep(Note(key, dump(item.heard)))
        if item.done.done():  # meanwhile
            await self._memory.forget(key)
            item.done.result()
        else:
            item.key = key

    def _drop(self, item: _Item, error: BaseException) -> None:
        if not item.done.done():
            failure = error if isinstance(error, Exception) else RuntimeError("not kept in time")
            item.done.set_exception(failure)
        item.may_begin.set()

    async def _work_through(self, userid: str) -> None:
        lane = self._lanes[userid]
        try:
            while lane:
                await lane[0].may_begin.wait()
                if not lane[0].done.done():
                    await self._deal_with(lane[0])
                lane.popleft()
        finally:
            del self._lanes[userid]

    async def _deal_with(self, item: _Item) -> None:
        failures = 0
        is_picture = isinstance(item.heard.what, Offer)
        places = self._picture_places if is_picture else self._places
        while True:
            try:
                async with places, asyncio.timeout(self._patience.intake_s):
                    await self._work(item.heard, failures)
            except Exception as error:  # whatever it is, the letter must not be lost
                failures += 1
                _log.warning(
                    "wecom.letter_failed",
                    call=item.heard.dedup,
                    error=type(error).__name__,
                    tries=failures,
                    kept=item.key is not None,
                )
                if item.key is None:
                    item.done.set_exception(error)
                    return
            else:
                item.done.set_result(None)
                await self._let_go(item)
                return
            await self._rest(self._patience.pause_s(failures))

    async def _rest(self, seconds: float) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - tells mypy that a lane runs in a task
        self._resting.add(task)
        try:
            await asyncio.sleep(seconds)
        finally:
            self._resting.discard(task)

    async def _let_go(self, item: _Item) -> None:
        if item.key is None:
            return
        try:
            await self._memory.forget(item.key)
        except Exception as error:  # it is dealt with; the next start finds that out
            _log.warning("wecom.letter_not_forgotten", error=type(error).__name__)


def _looked_at(done: asyncio.Future[None]) -> None:
    """Whoever brought the letter may have gone away; its failure is in the log."""
    if not done.cancelled():
        done.exception()
