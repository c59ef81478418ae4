"""A month's return visits for 100 centres of 5,000 households: drawn week by week, and queued.

Through the real timetable and the real sweep, in a process that does nothing else: every draw reads
who was served, keeps its list, writes the visits and the time at which each is asked; then all that
is to be asked falls due. Beside it are the same rows written by bare SQLAlchemy Core, many at once,
a transaction for each draw; and the same months of a tenth the households, by time for each.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, func, select

from benchmarks.measure import ROOT, Line, folder, megabytes, safe_sqlite
from schedules.sweep import Sweep
from schedules.timetable import Crank
from services.desk import Desk
from services.rules.standard import Standard
from services.visits import questionnaires  # noqa: F401  # what asks, so that somebody does
from services.visits.record import ASK
from storage.database import Database, open_database
from storage.records import OrderKind, OrderState, Source, Trade
from storage.tables import centres, deadlines, metadata, orders, rooms, sample_draws, visits

DRAWN_AT = [datetime(2026, 11, day, 0, 5, tzinfo=UTC) for day in (2, 9, 16, 23, 30)] + [
    datetime(2026, 12, 1, 0, 5, tzinfo=UTC)
]
"""The Mondays of the month, and the 1st of the next."""

ASKED_WITHIN = (timedelta(hours=18), timedelta(hours=1))
"""By then all fall due at once, late, and are put off by up to an hour; by then they are asked."""

DAY = timedelta(days=1)
AT_ONCE = 5_000


class Clock:
    """Shows what it is set to."""

    def __init__(self) -> None:
        self.at = DRAWN_AT[0] - DAY

    def now(self) -> datetime:
        """The time it shows."""
        return self.at


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds for drawing and queueing the month, and for all the asking; rows; peak memory."""

    drawing_s: float
    asking_s: float
    drawn: int
    peak_mb: float


def fill(connection: Connection, centre: int, homes: int) -> None:
    """A centre, its rooms, and a finished job in each, spread over the month."""
    connection.execute(
        centres.insert(),
        {"id": centre, "code": f"C{centre}", "name": "", "zone": "UTC", "phone": ""},
    )
    numbers = range((centre - 1) * homes + 1, centre * homes + 1)
    for start in range(0, homes, AT_ONCE):
        some = numbers[start : start + AT_ONCE]
        rows = [{"id": one, "centre_id": centre, "room_no": f"{one}"} for one in some]
        connection.execute(rooms.insert(), rows)
        connection.execute(orders.insert(), [_order(one, centre, homes) for one in some])


def _order(number: int, centre: int, homes: int) -> dict[str, object]:
    at = datetime(2026, 11, 1, tzinfo=UTC) + number % homes * (29 * DAY / homes)
    return {
        "id": number,
        "number": f"C{number}",
        "centre_id": centre,
        "room_id": number,
        "place": "",
        "contact_name": "",
        "contact_phone": "",
        "source": Source.OWNER,
        "channel": "bench",
        "kind": OrderKind.APPOINTMENT,
        "title_zh": "",
        "title_en": "",
        "trade": Trade.REPAIR if number % 3 else Trade.HOUSEKEEPING,
        "skills": (),
        "minutes": 40,
        "quantity": 1,
        "photos": (),
        "after_photos": (),
        "state": OrderState.FINISHED,
        "owner_deferred": False,
        "reported_at": at,
        "finished_at": at,
    }


async def prepare(place: Path, many: int, homes: int) -> Path:
    """A database in this folder with so many centres of so many households."""
    path = place / "doorstep.db"
    database = open_database(f"sqlite:///{path}")
    await database.write(metadata.create_all)
    for centre in range(1, many + 1):
        await database.write(partial(fill, centre=centre, homes=homes))
    await database.close()
    return path


async def ours(*paths: Path) -> list[Took]:
    """The month of each database, one after the other, in a process of their own."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "benchmarks.sample_plan", *map(str, paths)),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    told, _ = await process.communicate()
    assert process.returncode == 0
    return [Took(**json.loads(line)) for line in told.splitlines()]


async def live(path: Path) -> Took:
    """What such a process does."""
    database, clock = open_database(f"sqlite:///{path}"), Clock()
    open_desk = partial(Desk, company=Standard(), new_seed=lambda: "bench")
    sweep = Sweep(database, clock, name="bench", open_desk=open_desk, wake=_nobody)
    crank = Crank(database, clock, open_desk=open_desk, wake=_nobody)
    drawing_s = asking_s = 0.0
    for clock.at in DRAWN_AT:
        began = time.perf_counter()
        await crank.once()
        await sweep.once()
        drawing_s += time.perf_counter() - began
        began = time.perf_counter()
        for passed in ASKED_WITHIN:
            clock.at += passed
            await sweep.once()
        asking_s += time.perf_counter() - began
    drawn = await _count(database)
    await database.close()
    return Took(drawing_s, asking_s, drawn, megabytes("self", peak=True))


def _nobody() -> None:
    """Nobody waits for what is queued."""


async def _count(database: Database) -> int:
    """How many visits there are; each has its time to be asked."""
    visit = select(func.count()).select_from(visits)
    planned = (deadlines.c.kind == ASK) & (deadlines.c.version == 0)
    ask = select(func.count()).select_from(deadlines).where(planned)

    def count(connection: Connection) -> tuple[int, int]:
        return connection.execute(visit).scalar_one(), connection.execute(ask).scalar_one()

    drawn, asked = await database.read(count)
    assert drawn == asked > 0
    return drawn


def bare(path: Path) -> float:
    """Seconds in which SQLAlchemy Core alone writes the rows that we came to."""
    with folder() as place:
        source, target = (
            create_engine(f"sqlite:///{path}"),
            create_engine(f"sqlite:///{place}/a.db"),
        )
        event.listen(target, "connect", safe_sqlite)
        metadata.create_all(target)
        took = 0.0
        with source.connect() as connection:
            for draw in connection.execute(select(sample_draws)).mappings().all():
                drawn = connection.execute(select(visits).where(visits.c.draw_id == draw["id"]))
                took += _written(target, dict(draw), [dict(row) for row in drawn.mappings()])
        source.dispose()
        target.dispose()
    return took


def _written(target: Engine, draw: dict[str, object], drawn: Sequence[dict[str, object]]) -> float:
    """One draw's rows in one transaction: the list, the visits, the times to ask."""
    asks = [
        {
            "once": f"{ASK}:{visit['id']}:0",
            "kind": ASK,
            "subject_id": visit["id"],
            "due_at": visit["due_at"],
            "version": 0,
            "state": "pending",
            "set_at": visit["made_at"],
        }
        for visit in drawn
    ]
    began = time.perf_counter()
    with target.begin() as connection:
        connection.execute(sample_draws.insert(), draw)
        if drawn:
            connection.execute(visits.insert(), list(drawn))
            connection.execute(deadlines.insert(), asks)
    return time.perf_counter() - began


async def run(many: int = 100, homes: int = 5_000, few: int = 500) -> list[Line]:
    """The lines `sample_plan_vs_core`, `sample_plan_5000_vs_500` and `sample_plan_peak_mb`."""
    with folder() as large, folder() as small:
        path = await prepare(large, many, homes)
        took, less = await ours(path, await prepare(small, many, few))
        peer_s = bare(path)
    each, each_of_few = took.drawing_s / (many * homes), less.drawing_s / (many * few)
    size = f"{many} centres of {homes:,} households"
    figures = f"{took.drawing_s:.1f} s for {size} ({took.drawn:,} drawn) beside {peer_s:.1f} s"
    asking = f"; all asked in {took.asking_s:.1f} s"
    beside = (
        f"{each * 1e6:.1f} µs a household of {homes:,} beside {each_of_few * 1e6:.1f} of {few:,}"
    )
    return [
        Line("sample_plan_vs_core", took.drawing_s / peer_s, figures + asking),
        Line("sample_plan_5000_vs_500", each / each_of_few, beside),
        Line("sample_plan_peak_mb", took.peak_mb, f"peak of the process that does it, {size}"),
    ]


if __name__ == "__main__":
    for name in sys.argv[1:]:
        print(json.dumps(asdict(asyncio.run(live(Path(name))))))
