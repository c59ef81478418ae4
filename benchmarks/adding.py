"""One deadline added, beside a job added to APScheduler's job store, both on SQLite.

Ours is a unit of work of its own, up to its commit, and sixteen wait at once, as presses do. The
peer's `add_job` holds the event loop until its commit, so it is called one by one; its scheduler
is paused, so that nothing but the adding is measured.
"""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta
from functools import partial

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.date import DateTrigger
from sqlalchemy import func, select

from benchmarks.booking import AT_ONCE
from benchmarks.measure import Line, alternate, folder
from benchmarks.peer_apscheduler import job_store, keep
from benchmarks.promises import KIND, due_times, prepare
from storage import deadlines as store
from storage.database import open_database
from storage.tables import deadlines

DAY = timedelta(days=1)


async def ours(added: int, pending: int, at_once: int) -> float:
    """Deadlines added in a second, each in a unit of its own."""
    with folder() as place:
        database = open_database(await prepare(place, due_times(pending, 1)))
        await database.read(store.next_due)
        waiting = iter(range(pending, pending + added))

        async def work() -> None:
            for subject in waiting:
                due_at = datetime.now(UTC) + DAY
                unit = partial(store.add, kind=KIND, subject_id=subject, due_at=due_at)
                assert await database.write(unit)

        began = time.perf_counter()
        await asyncio.gather(*(work() for _ in range(at_once)))
        speed = added / (time.perf_counter() - began)
        count = select(func.count()).select_from(deadlines)
        assert await database.read(lambda one: one.execute(count).scalar_one()) == pending + added
        await database.close()
    return speed


async def apscheduler(added: int) -> float:
    """Jobs the peer adds in a second."""
    with folder() as place:
        store = job_store(place)
        scheduler = AsyncIOScheduler(jobstores={"default": store}, timezone=UTC)
        scheduler.start(paused=True)
        began = time.perf_counter()
        for number in range(added):
            trigger = DateTrigger(datetime.now(UTC) + DAY)
            scheduler.add_job(keep, trigger, args=(number,), id=f"note:{number}")
        speed = added / (time.perf_counter() - began)
        assert len(store.get_all_jobs()) == added
        scheduler.shutdown(wait=False)
        await asyncio.sleep(0)  # it shuts down in a callback of the loop
    return speed


async def run(added: int = 2_000, pending: int = 10_000, rounds: int = 5) -> list[Line]:
    """The line `deadline_vs_apscheduler_add`: ours in a second to the peer's."""
    peer = partial(apscheduler, added)
    mine, theirs, ratio = await alternate(partial(ours, added, pending, AT_ONCE), peer, rounds)
    alone = await ours(added // 2, pending, 1)
    figures = f"{mine:,.0f}/s beside {theirs:,.0f}/s; ours one at a time {alone:,.0f}/s"
    return [Line("deadline_vs_apscheduler_add", ratio, figures)]
