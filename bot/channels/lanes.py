"""The work of one chat in order, that of different chats side by side."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable


class Lanes:
    """A lane per chat; `places` bounds how much runs at once over all of them.

    A place is taken for a try, not for the pauses between tries, so that a few chats in trouble
    leave the others their places.
    """

    def __init__(self, width: int) -> None:
        self.places = asyncio.Semaphore(width)
        self._last: dict[str, asyncio.Task[None]] = {}
        self._running: set[asyncio.Task[None]] = set()

    def start(self, lane: str, work: Callable[[], Awaitable[None]]) -> asyncio.Task[None]:
        """Run `work` once all that was started on this lane before it has ended, well or not."""
        task = asyncio.create_task(_after(self._last.get(lane), work))
        self._last[lane] = task
        self._running.add(task)
        task.add_done_callback(lambda ended: self._forget(lane, ended))
        return task

    async def close(self, farewell_s: float) -> None:
        """Let what is under way finish within so many seconds, then cancel the rest."""
        if not self._running:
            return
        _, late = await asyncio.wait(self._running, timeout=farewell_s)
        for task in late:
            task.cancel()
        if late:
            await asyncio.wait(late)

    def _forget(self, lane: str, ended: asyncio.Task[None]) -> None:
        self._running.discard(ended)
        if self._last.get(lane) is ended:
            del self._last[lane]


async def _after(before: asyncio.Task[None] | None, work: Callable[[], Awaitable[None]]) -> None:
    if before is not None:
        await asyncio.wait([before])
    await work()
