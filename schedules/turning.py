"""What keeps the sweep and the timetable going: each is turned again a moment after its last turn.

The moments are those of the event loop, whose clock nobody can set. A scheduler that waits for a
time of day stands still for an hour where the machine's clock is set back by one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine

import structlog

from schedules.sweep import Sweep
from schedules.timetable import Crank

log = structlog.get_logger()

SWEEP_EVERY_S = 0.2
CALENDAR_EVERY_S = 5.0


def keep_turning(sweep: Sweep, crank: Crank) -> list[asyncio.Task[None]]:
    """Start sweeping and looking at the timetable; the caller cancels the tasks.

    A turn never overlaps itself, and none is made up for: the rows know what is due. Cancelled, a
    task ends after the turn that is under way.
    """
    return [
        asyncio.create_task(_keep(sweep.once, SWEEP_EVERY_S), name="sweep"),
        asyncio.create_task(_keep(crank.once, CALENDAR_EVERY_S), name="crank"),
    ]


async def _keep(turn: Callable[[], Coroutine[object, object, int]], every_s: float) -> None:
    while True:
        under_way = asyncio.ensure_future(turn())
        try:
            await asyncio.shield(under_way)
        except asyncio.CancelledError:
            # Cut off in the middle of a statement, a database driver may never answer again.
            await asyncio.gather(under_way, return_exceptions=True)
            raise
        except Exception:
            # The database cannot be reached just now: what is due stays due.
            log.exception("turn-failed")
        await asyncio.sleep(every_s)
