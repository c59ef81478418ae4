"""The sweep with 1,000,000 deadlines pending, beside the same with 10,000.

Firing a thousand that are due, a poll that finds nothing, and the memory of a process that does
both: what waits costs nothing until it is due. Each database is filled once and copied for every
measurement, so that both sides begin with a file nobody has worked in.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from benchmarks.measure import ROOT, Line, alternate, folder, megabytes
from benchmarks.promises import due_times, prepare, sweep_over
from storage import outbox
from storage.database import open_database

POLLS = 300
"""A poll is too short to be measured alone."""


async def firing(filled: Path, due: int) -> float:
    """Seconds for firing so many."""
    with copied(filled) as url:
        database = open_database(url)
        sweep = sweep_over(database)
        began = time.perf_counter()
        fired = await sweep.once()
        took = time.perf_counter() - began
        assert fired == await database.read(outbox.waiting) == due
        await database.close()
    return took


async def polling(filled: Path, due: int) -> float:
    """Seconds for one poll that finds nothing, after all that was due has fired."""
    with copied(filled) as url:
        database = open_database(url)
        sweep = sweep_over(database)
        assert await sweep.once() == due
        began = time.perf_counter()
        for _ in range(POLLS):
            assert await sweep.once() == 0
        took = time.perf_counter() - began
        await database.close()
    return took / POLLS


async def resident(filled: Path, due: int) -> float:
    """Megabytes of a process that does both, and never filled anything."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "benchmarks.sweep", str(filled), str(due)),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    told, _ = await process.communicate()
    assert process.returncode == 0
    return float(json.loads(told))


async def work(filled: Path, due: int) -> float:
    """What such a process does; its own megabytes at the end."""
    with copied(filled) as url:
        database = open_database(url)
        sweep = sweep_over(database)
        assert await sweep.once() == due
        for _ in range(POLLS):
            await sweep.once()
        size = megabytes("self")
        await database.close()
    return size


@contextmanager
def copied(filled: Path) -> Iterator[str]:
    """A copy of a filled database."""
    with folder() as place:
        shutil.copy(filled, place / "copy.db")
        yield f"sqlite:///{place / 'copy.db'}"


async def run(
    many: int = 1_000_000, few: int = 10_000, due: int = 1_000, rounds: int = 5
) -> list[Line]:
    """The lines `sweep_1m_vs_10k` (firing), `…_empty` (a poll) and `sweep_1m_memory_mb`."""
    with folder() as full, folder() as sparse:
        await prepare(full, due_times(many, due))
        await prepare(sparse, due_times(few, due))
        sides = [place / "doorstep.db" for place in (full, sparse)]
        fired, polled, sized = [
            await alternate(*(partial(measure, side, due) for side in sides), rounds)
            for measure in (firing, polling, resident)
        ]
    beside = f"with {many:,} pending beside {few:,}"
    figures = f"{fired[0]:.3f} s {beside} {fired[1]:.3f} s, while {due:,} fire"
    empty = f"{polled[0] * 1e6:,.0f} µs {beside} {polled[1] * 1e6:,.0f} µs"
    memory = f"{sized[0]:.1f} MB {beside} {sized[1]:.1f} MB"
    return [
        Line("sweep_1m_vs_10k", fired[2], figures),
        Line("sweep_1m_vs_10k_empty", polled[2], empty),
        Line("sweep_1m_memory_mb", sized[0] - sized[1], memory),
    ]


if __name__ == "__main__":
    print(json.dumps(asyncio.run(work(Path(sys.argv[1]), int(sys.argv[2])))))
