"""Has charts drawn by a process of its own, one at a time, and remembers what was drawn."""

from __future__ import annotations

import asyncio
import faulthandler
import multiprocessing
import os
import signal
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from pathlib import Path

import structlog

from bot.charts import Drawing

log = structlog.get_logger()

PATIENCE_S = 12.0
"""A chart takes a second, the first one three. A message waits no longer for its picture, so that
with the time to send it a delivery stays within its lease."""

REMEMBERED = 64

Keep = Callable[[bytes], Awaitable[Path]]
"""Stores a PNG and says where."""

Draw = Callable[[Drawing], Awaitable[Path | None]]
"""Draws a chart and says where the picture is; None where it cannot be drawn."""


class Studio:
    """Draws charts. The process starts with the first one and ends with `close`.

    `patience_s` is how long one may take, the wait for others included.
    """

    def __init__(self, keep: Keep, *, patience_s: float = PATIENCE_S) -> None:
        self._keep = keep
        self._patience_s = patience_s
        self._pool: ProcessPoolExecutor | None = None
        self._drawn: dict[Drawing, Path] = {}
        self._at_work = asyncio.Lock()

    async def picture(self, drawing: Drawing) -> Path | None:
        """The chart as a picture; None where it cannot be drawn, which is logged."""
        try:
            async with asyncio.timeout(self._patience_s), self._at_work:
                return await self._picture(drawing)
        except BrokenProcessPool:
            log.exception("chart-not-drawn")
            self._dismiss()
        except Exception:
            log.exception("chart-not-drawn")
        return None

    async def _picture(self, drawing: Drawing) -> Path:
        known = self._drawn.get(drawing)
        if known is None or not known.exists():
            known = await self._keep(await self._paint(drawing))
            self._remember(drawing, known)
        return known

    async def _paint(self, drawing: Drawing) -> bytes:
        if self._pool is None:
            # Forking would copy a process full of threads and open connections.
            apart = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(1, mp_context=apart, initializer=_settle_in)
        paint = partial(_paint, drawing, self._patience_s)
        return await asyncio.get_running_loop().run_in_executor(self._pool, paint)

    def _remember(self, drawing: Drawing, path: Path) -> None:
        self._drawn.pop(drawing, None)
        self._drawn[drawing] = path
        if len(self._drawn) > REMEMBERED:
            del self._drawn[next(iter(self._drawn))]

    def _dismiss(self) -> None:
        """Let the process go without waiting for it; the next chart has a new one."""
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None

    async def close(self) -> None:
        """End the process, after what it is drawing."""
        pool, self._pool = self._pool, None
        if pool is not None:
            await asyncio.to_thread(pool.shutdown, cancel_futures=True)


# In the worker


def _settle_in() -> None:
    """Leave Ctrl-C to the house, and end with it even if it is killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_the_house, daemon=True).start()


def _end_with_the_house() -> None:
    house = multiprocessing.parent_process()
    if house is not None:
        house.join()
        os._exit(0)


def _paint(drawing: Drawing, at_most_s: float) -> bytes:
    """Paint, or end this process where it takes too long: a pool cannot stop what it has begun."""
    faulthandler.dump_traceback_later(at_most_s, exit=True)
    try:
        from bot.charts.paint import paint

        return paint(drawing)
    finally:
        faulthandler.cancel_dump_traceback_later()
