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
from pathlib import Path

import structlog

from bot.charts import Drawing

log = structlog.get_logger()

LONGEST_S = 15.0
"""A chart takes a second, the first one three; after this it is given up, and so is the process."""

REMEMBERED = 64

Keep = Callable[[bytes], Awaitable[Path]]
"""Stores a PNG and says where."""

Draw = Callable[[Drawing], Awaitable[Path | None]]
"""Draws a chart and says where the picture is; None where it cannot be drawn."""


class Studio:
    """Draws charts. The process starts with the first one and ends with `close`."""

    def __init__(self, keep: Keep) -> None:
        self._keep = keep
        self._pool: ProcessPoolExecutor | None = None
        self._drawn: dict[Drawing, Path] = {}
        self._at_work = asyncio.Lock()

    async def picture(self, drawing: Drawing) -> Path | None:
        """The chart as a picture; None where it cannot be drawn, which is logged."""
        async with self._at_work:
            known = self._drawn.get(drawing)
            if known is not None and known.exists():
                return known
            try:
                async with asyncio.timeout(LONGEST_S + 1):
                    path = await self._keep(await self._paint(drawing))
            except Exception:
                log.exception("chart-not-drawn")
                self._dismiss()
                return None
            self._remember(drawing, path)
            return path

    async def _paint(self, drawing: Drawing) -> bytes:
        if self._pool is None:
            # Forking would copy a process full of threads and open connections.
            apart = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(1, mp_context=apart, initializer=_settle_in)
        return await asyncio.get_running_loop().run_in_executor(self._pool, _paint, drawing)

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


def _paint(drawing: Drawing) -> bytes:
    """Paint, or end this process where it takes too long: a pool cannot stop what it has begun."""
    faulthandler.dump_traceback_later(LONGEST_S, exit=True)
    try:
        from bot.charts.paint import paint

        return paint(drawing)
    finally:
        faulthandler.cancel_dump_traceback_later()
