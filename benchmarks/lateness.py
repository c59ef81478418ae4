"""How late deadlines take effect while 10,000 fall due within a minute, by the real clock.

The sweep is turned as in the running house. Lateness is from the due time to the instant at which
the deadline took effect, as its row says; of all of them the 99th percentile is told.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from functools import partial
from statistics import median, quantiles

from sqlalchemy import Connection, func, select

from benchmarks.booking import NewDatabase, postgres, sqlite
from benchmarks.measure import Line
from benchmarks.promises import fill, sweep_over
from schedules.timetable import Crank
from schedules.turning import keep_turning
from services.clock import SystemClock
from services.desk import Desk
from storage.database import Database, open_database
from storage.migrate import upgrade
from storage.records import DeadlineState
from storage.tables import deadlines

SOON = timedelta(seconds=3)
"""The first falls due when all are written and the sweep is turning."""

LOOK_EVERY_S = 0.5


async def lateness(new_database: NewDatabase, due: int, within_s: float) -> list[float]:
    """Seconds by which each of so many came late, spread evenly over the time."""
    with new_database() as url:
        database = open_database(url)
        await database.migrate(upgrade)
        first = datetime.now(UTC) + SOON
        dues = [first + timedelta(seconds=within_s * n / due) for n in range(due)]
        await database.write(partial(fill, dues=dues))
        crank = Crank(database, SystemClock(), open_desk=Desk, wake=lambda: None)
        turning = keep_turning(sweep_over(database), crank)
        await _all_fired(database)
        for task in turning:
            task.cancel()
        await asyncio.wait(turning)
        late = await database.read(_late)
        await database.close()
    assert len(late) == due
    return late


async def _all_fired(database: Database) -> None:
    pending = select(func.count()).where(deadlines.c.state == DeadlineState.PENDING)
    while True:
        await asyncio.sleep(LOOK_EVERY_S)
        if not await database.read(lambda one: one.execute(pending).scalar_one()):
            return


def _late(connection: Connection) -> list[float]:
    rows = connection.execute(select(deadlines.c.due_at, deadlines.c.fired_at))
    return [(fired_at - due_at).total_seconds() for due_at, fired_at in rows]


async def measure(
    name: str, new_database: NewDatabase, due: int, within_s: float, rounds: int
) -> Line:
    """One line: the 99th percentile, median of the rounds."""
    late = [await lateness(new_database, due, within_s) for _ in range(rounds)]
    p99 = median(quantiles(one, n=100)[98] for one in late)
    middle, worst = median(map(median, late)), max(map(max, late))
    figures = f"{due:,} due in {within_s:g} s: median {middle:.3f} s, worst {worst:.3f} s"
    return Line(name, p99, figures)


async def run(due: int = 10_000, within_s: float = 60.0, rounds: int = 3) -> list[Line]:
    """The lines `lateness_p99_s` and `lateness_p99_s_postgresql`, in seconds."""
    on_sqlite = await measure("lateness_p99_s", sqlite, due, within_s, rounds)
    with postgres() as new_database:
        name = "lateness_p99_s_postgresql"
        return [on_sqlite, await measure(name, new_database, due, within_s, rounds)]
