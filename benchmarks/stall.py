"""The longest time the event loop stands still while 1,000 deadlines fire, in milliseconds.

A task sleeps a millisecond at a time; the longest it overslept is what a person's press, a
webhook or a page would have waited. Beside it the same for APScheduler's job store.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine
from functools import partial

from benchmarks.measure import Line, alternate, folder
from benchmarks.peer_apscheduler import put_jobs, run_jobs
from benchmarks.promises import due_times, prepare, sweep_over
from storage.database import open_database

NAP_S = 0.001


async def longest_stall(work: Coroutine[object, object, object]) -> float:
    """Milliseconds by which a nap was overslept at most while the work was done."""
    worst = 0.0
    task = asyncio.ensure_future(work)
    while not task.done():
        began = time.perf_counter()
        await asyncio.sleep(NAP_S)
        worst = max(worst, time.perf_counter() - began - NAP_S)
    await task
    return worst * 1000


async def ours(due: int) -> float:
    """Milliseconds, while the sweep fires so many."""
    with folder() as place:
        database = open_database(await prepare(place, due_times(due, due)))
        stall = await longest_stall(sweep_over(database).once())
        await database.close()
    return stall


async def apscheduler(due: int) -> float:
    """Milliseconds, while the peer runs as many jobs."""
    with folder() as place:
        put_jobs(place, due_times(due, due))
        return await longest_stall(run_jobs(place, due))


async def run(due: int = 1_000, rounds: int = 7) -> list[Line]:
    """The line `stall_ms`: ours in milliseconds; the peer's stands among the figures."""
    mine, theirs, _ = await alternate(partial(ours, due), partial(apscheduler, due), rounds)
    figures = f"{mine:.1f} ms beside {theirs:.0f} ms, while {due:,} fire"
    return [Line("stall_ms", mine, figures)]
