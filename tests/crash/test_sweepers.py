"""Several sweeping processes on one database: each deadline is announced exactly once."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import sys
from asyncio.subprocess import PIPE, Process
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import Connection, make_url, select
from sqlalchemy.ext.asyncio import create_async_engine

from schedules.sweep import BATCH, LEASE, Sweep
from services import due
from services.clock import SystemClock
from services.desk import Desk
from services.visits import record as visits
from storage import deadlines as store
from storage.database import Database
from storage.tables import outbox
from tests.conversations import visited
from tests.crash import sweeper

SEEDS = int(os.environ.get("DOORSTEP_SOAK", "1"))
"""How many random runs a database; small by default."""

MANY = 100_000 if SEEDS > 1 else 2_000
SOME = 4_000 if SEEDS > 1 else 800
HOMES = 5_000 if SEEDS > 1 else 250

on_postgresql = pytest.mark.parametrize("town_url", ["postgresql"], indirect=True)
pytestmark = [pytest.mark.soak, pytest.mark.timeout(600)]


@dataclass
class Sweepers:
    """Processes that wait for the word to sweep one database."""

    processes: list[Process]

    def begin(self, *which: int) -> None:
        """Let these sweep."""
        for number in which:
            stdin = self.processes[number].stdin
            assert stdin is not None
            stdin.write(b"go\n")

    async def end(self) -> list[int | None]:
        """How many took effect in each one's hands; None of one that was killed."""
        ends = await asyncio.gather(*(process.communicate() for process in self.processes))
        return [int(told) if told else None for told, _ in ends]


@contextlib.asynccontextmanager
async def sweepers(
    url: str, dies_at: list[int], kind: str = sweeper.KIND
) -> AsyncIterator[Sweepers]:
    """One process for each number, ready; it is killed inside its so manieth deadline, if any."""
    epoch = SystemClock().now().isoformat()
    processes = [
        await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.crash.sweeper", url, epoch, str(one), kind),
            stdin=PIPE,
            stdout=PIPE,
        )
        for one in dies_at
    ]
    for process in processes:
        assert process.stdout is not None
        assert await process.stdout.readline() == b"ready\n"
    try:
        yield Sweepers(processes)
    finally:
        for process in processes:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()


@pytest.fixture
def announcing() -> Iterator[None]:
    """This process announces, too."""
    due.on_due(sweeper.KIND)(sweeper.announce)
    yield
    del due._ON_DUE[sweeper.KIND]


async def fill(database: Database, count: int) -> None:
    await database.write(partial(sweeper.fill, count=count, due_at=SystemClock().now()))


def announced(connection: Connection) -> Counter[str]:
    """What somebody was told of, and how often."""
    return Counter(map(str, connection.execute(select(outbox.c.matter)).scalars()))


left = partial(sweeper.left, kind=sweeper.KIND)


async def each_once(database: Database, count: int) -> None:
    """None lost, none twice."""
    assert await database.read(left) == 0
    assert await database.read(announced) == Counter(str(subject) for subject in range(count))


@on_postgresql
async def test_two_processes_share_what_is_due_and_announce_each_once(
    database: Database, town_url: str
) -> None:
    await fill(database, MANY)
    async with sweepers(town_url, [0, 0]) as both:
        both.begin(0, 1)
        shares = await both.end()
    assert sum(share or 0 for share in shares) == MANY
    assert all(share is not None and share >= MANY // 10 for share in shares), shares
    await each_once(database, MANY)


@on_postgresql
async def test_a_process_goes_on_while_another_holds_a_batch_in_an_open_transaction(
    database: Database, town_url: str, announcing: None
) -> None:
    """A row the other has locked is passed over: waited for, this would never end."""
    await fill(database, 3 * BATCH)
    clock = SystemClock()
    engine = create_async_engine(make_url(town_url).set(drivername="postgresql+asyncpg"))
    async with engine.connect() as other:
        claim = partial(store.claim, by="other", now=clock.now(), lease=LEASE, most=BATCH)
        held = await other.run_sync(claim)
        mine = Sweep(database, clock, name="mine", open_desk=Desk, wake=lambda: None)
        assert await mine.once() == 2 * BATCH
        await other.commit()
    await engine.dispose()
    told = await database.read(announced)
    assert len(held) == BATCH
    assert not {str(one.subject_id) for one in held} & set(told)
    assert set(told.values()) == {1}


@pytest.mark.parametrize("seed", range(SEEDS))
async def test_one_of_three_processes_is_killed_and_nothing_is_lost_or_doubled(
    database: Database, town_url: str, seed: int
) -> None:
    """Inside a unit with every other seed, else wherever it is."""
    chance, inside = random.Random(seed), seed % 2 == 0
    share = chance.uniform(0.05, 0.6)
    await fill(database, SOME)
    dies_at = chance.randrange(1, BATCH) if inside else 0
    async with sweepers(town_url, [dies_at, 0, 0]) as three:
        three.begin(0)
        if inside:
            await three.processes[0].wait()  # with a batch in its hands, and the others wait
        three.begin(1, 2)
        if not inside:
            await _comes_down_to(database, left, int(SOME * (1 - share)))
            three.processes[0].kill()
        shares = await three.end()
    assert shares[0] is None
    assert all(share is not None for share in shares[1:])
    await each_once(database, SOME)


async def _comes_down_to(
    database: Database, waiting: Callable[[Connection], int], few: int
) -> None:
    """Wait until no more than so many are still to take effect."""
    for _ in range(10_000):
        if await database.read(waiting) <= few:
            return
        await asyncio.sleep(0.005)
    raise AssertionError("nobody sweeps")


# Asking the homes of a centre


@pytest.mark.parametrize("seed", range(SEEDS))
async def test_5_4_2_each_home_is_asked_once_though_who_asks_is_killed_and_comes_again(
    database: Database, town_url: str, seed: int
) -> None:
    """One dies inside a unit; two go on beside each other, and one of them dies wherever it is."""
    chance = random.Random(seed)
    drawn = await database.write(_every_home_is_drawn)
    waiting = partial(sweeper.left, kind=visits.ASK)
    async with sweepers(town_url, [chance.randrange(1, BATCH), 0, 0], visits.ASK) as three:
        three.begin(0)
        await three.processes[0].wait()
        three.begin(1, 2)
        await _comes_down_to(database, waiting, int(HOMES * chance.uniform(0.2, 0.8)))
        three.processes[1].kill()
        await three.end()
    assert await database.read(waiting) == 0
    assert await database.read(_asked) == Counter(f"{visits.ASK}:{one}" for one in drawn)


def _every_home_is_drawn(connection: Connection) -> list[int]:
    now = SystemClock().now()
    homes = visited.many_homes(connection, count=HOMES, channel="phone", now=now)
    due_at = now + timedelta(days=365)
    return [
        visited.draw(
            connection,
            now=now,
            order_id=None,
            room_id=home,
            due_at=due_at,
            standard=sweeper.NEVER_QUIET,
        ).id
        for home in homes
    ]


def _asked(connection: Connection) -> Counter[str]:
    """The questionnaires that wait to be sent, by their names, whatever chat they go to."""
    named = connection.execute(select(outbox.c.once)).scalars()
    return Counter(str(once).partition("@")[0] for once in named)
