"""A start with 100,000 promises waiting, 2,000 of them overdue: how long until all 2,000 are kept.

Ours is what the process does at its start, without its channels: open the database, migrate, take
over leases, sweep once; each promise kept is a message in the outbox. The peer is APScheduler 3
with its SQLAlchemy job store on SQLite holding as many jobs; each job inserts one row and commits.
"""

from __future__ import annotations

import time
from functools import partial

from benchmarks.measure import Line, alternate, folder
from benchmarks.peer_apscheduler import put_jobs, run_jobs
from benchmarks.promises import due_times, prepare, sweep_over
from storage import deadlines, outbox
from storage.database import open_database
from storage.migrate import upgrade


async def ours(pending: int, overdue: int) -> float:
    """Seconds from opening the database until every overdue promise is kept."""
    with folder() as place:
        url = await prepare(place, due_times(pending, overdue))
        began = time.perf_counter()
        database = open_database(url)
        await database.migrate(upgrade)
        await database.write(outbox.free_lanes)
        await database.write(deadlines.release)
        kept = await sweep_over(database).once()
        took = time.perf_counter() - began
        assert kept == await database.read(outbox.waiting) == overdue
        await database.close()
    return took


async def apscheduler(pending: int, overdue: int) -> float:
    """Seconds from opening the job store until every overdue job is done."""
    with folder() as place:
        put_jobs(place, due_times(pending, overdue))
        began = time.perf_counter()
        await run_jobs(place, overdue)
        return time.perf_counter() - began


async def run(pending: int = 100_000, overdue: int = 2_000, rounds: int = 3) -> list[Line]:
    """The line `restart_vs_apscheduler`: our seconds to the peer's."""
    mine, theirs, ratio = await alternate(
        partial(ours, pending, overdue), partial(apscheduler, pending, overdue), rounds
    )
    figures = f"{overdue:,} of {pending:,} in {mine:.2f} s beside {theirs:.2f} s"
    return [Line("restart_vs_apscheduler", ratio, figures)]
