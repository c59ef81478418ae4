"""The sweep: a deadline takes effect once, whoever else sweeps, fails or is killed meanwhile."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator, MutableMapping
from datetime import timedelta

import pytest
from sqlalchemy import Connection, func, select

from schedules import sweep as module
from schedules.sweep import Sweep
from services import due
from services.desk import Desk
from services.messages import say
from storage import deadlines
from storage.database import Database, open_database
from storage.records import Deadline, DeadlineState
from storage.tables import deadlines as table
from storage.tables import outbox as outbox_table
from tests.kernel.platform import newcomer, rows_of
from tests.town import TUESDAY_10, FakeClock

on_postgresql = pytest.mark.parametrize("town_url", ["postgresql"], indirect=True)
PERSON = 1
FAILS = 9


class Acts:
    """What the deadlines of these tests do: tell somebody, and fail for some subjects."""

    def __init__(self) -> None:
        self.failing: set[int] = set()
        self.ran: Counter[int] = Counter()

    def __call__(self, desk: Desk, deadline: Deadline) -> None:
        self.ran[deadline.subject_id] += 1
        desk.tell(PERSON, say("x"), matter=f"{deadline.subject_id}")
        if deadline.subject_id in self.failing:
            raise RuntimeError("a fault of ours")


@pytest.fixture
def acts() -> Iterator[Acts]:
    """Registers "test.act" for the length of a test."""
    acts = Acts()
    due.on_due("test.act")(acts)
    yield acts
    del due._ON_DUE["test.act"]


@pytest.fixture
def heavy() -> Iterator[list[tuple[int, int]]]:
    """Registers "test.heavy": which subject ran, and how many of "test.act" had by then."""
    ran: list[tuple[int, int]] = []
    queued = select(func.count()).where(outbox_table.c.matter.is_not(None))

    @due.on_due("test.heavy", alone=True)
    def work(desk: Desk, deadline: Deadline) -> None:
        ran.append((deadline.subject_id, desk.connection.execute(queued).scalar_one()))
        deadlines.add(desk.connection, "test.act", 100 + deadline.subject_id, TUESDAY_10)
        if deadline.subject_id == FAILS:
            raise RuntimeError("a fault of ours")

    yield ran
    del due._ON_DUE["test.heavy"]
    due._ALONE.discard("test.heavy")


def sweep(database: Database, clock: FakeClock, name: str = "one") -> Sweep:
    return Sweep(database, clock, name=name, open_desk=Desk, wake=lambda: None)


async def add(database: Database, count: int, first: int = 1) -> None:
    def unit(connection: Connection) -> None:
        for subject in range(first, first + count):
            deadlines.add(connection, "test.act", subject, TUESDAY_10)

    await database.write(unit)


async def effects(database: Database) -> list[int]:
    """The subjects that somebody was told of, each as often as it was told."""
    rows = await database.read(rows_of(select(outbox_table.c.matter)))
    return sorted(int(str(matter)) for (matter,) in rows)


async def pending(database: Database) -> list[int]:
    waiting = select(table.c.subject_id).where(table.c.state == DeadlineState.PENDING)
    return sorted(int(str(subject)) for (subject,) in await database.read(rows_of(waiting)))


async def test_nothing_happens_before_its_time(
    database: Database, clock: FakeClock, acts: Acts
) -> None:
    await add(database, 1)
    clock.step(-timedelta(microseconds=1))
    assert await sweep(database, clock).once() == 0
    clock.step(timedelta(microseconds=1))
    assert await sweep(database, clock).once() == 1
    assert await effects(database) == [1]


async def test_a_failure_leaves_nothing_and_is_tried_again_after_the_lease(
    database: Database, clock: FakeClock, acts: Acts, logged: list[MutableMapping[str, object]]
) -> None:
    await add(database, 3)
    acts.failing = {2}
    one = sweep(database, clock)
    assert await one.once() == 2
    assert await effects(database) == [1, 3]
    assert [entry["event"] for entry in logged] == ["deadline-failed"]
    tried = acts.ran[2]
    clock.step(module.LEASE)
    assert await one.once() == 0
    assert acts.ran[2] == tried
    acts.failing = set()
    clock.step(timedelta(seconds=1))
    assert await one.once() == 1
    assert await effects(database) == [1, 2, 3]


async def test_a_kind_nobody_knows_stays_for_the_version_that_does(
    database: Database, clock: FakeClock, acts: Acts
) -> None:
    await database.write(lambda c: deadlines.add(c, "test.of_tomorrow", 9, TUESDAY_10))
    await add(database, 1)
    assert await sweep(database, clock).once() == 1
    assert await pending(database) == [9]


async def test_what_fell_due_while_nobody_ran_happens_at_the_start(
    database: Database, clock: FakeClock, acts: Acts
) -> None:
    await add(database, 250)
    clock.step(timedelta(days=3))
    assert await sweep(database, clock).once() == 250
    assert await effects(database) == list(range(1, 251))


async def test_two_turns_at_once_are_one_after_the_other(
    database: Database, clock: FakeClock, acts: Acts
) -> None:
    """Whoever moves the clock on waits for what another turn has claimed."""
    await add(database, 30)
    one = sweep(database, clock)
    fired = await asyncio.gather(one.once(), one.once())
    assert sum(fired) == 30
    assert await pending(database) == []


async def test_somebody_is_woken_for_what_was_queued(
    database: Database, clock: FakeClock, acts: Acts
) -> None:
    woken: list[None] = []
    one = Sweep(database, clock, name="one", open_desk=Desk, wake=lambda: woken.append(None))
    assert await one.once() == 0
    assert woken == []
    await add(database, 1)
    await one.once()
    assert len(woken) == 1


@on_postgresql
async def test_two_processes_at_once_act_once(
    database: Database, town_url: str, clock: FakeClock, acts: Acts
) -> None:
    other = open_database(town_url)
    await add(database, 300)
    one, two = sweep(database, clock, "one"), sweep(other, clock, "two")

    async def keep_sweeping(sweeper: Sweep) -> int:
        fired = 0
        while await pending(database):
            fired += await sweeper.once()
        return fired

    fired = await asyncio.gather(keep_sweeping(one), keep_sweeping(two))
    await other.close()
    assert sum(fired) == 300
    assert await effects(database) == list(range(1, 301))


@on_postgresql
async def test_one_of_two_processes_is_killed_in_the_middle(
    database: Database, town_url: str, clock: FakeClock, acts: Acts
) -> None:
    """It had claimed a batch and acted on some of it: the rest is done by the other, once."""
    killed = open_database(town_url)
    await add(database, 120)

    def act_on_half(connection: Connection) -> None:
        batch = deadlines.claim(
            connection, by="killed", now=clock.now(), lease=module.LEASE, most=module.BATCH
        )
        desk = Desk(connection, clock.now())
        half = [one.id for one in batch[:50]]
        assert len(deadlines.take_effect(connection, half, by="killed", at=clock.now())) == 50
        for one in batch[:50]:
            acts(desk, one)
        desk.post()

    await killed.write(act_on_half)
    await killed.close()
    heir = sweep(database, clock, "heir")
    assert await heir.once() == 20  # what was never claimed
    clock.step(module.LEASE + timedelta(seconds=1))
    assert await heir.once() == 50
    assert await effects(database) == list(range(1, 121))


async def test_a_claim_lost_to_another_in_the_middle_has_no_effect(
    database: Database, clock: FakeClock, acts: Acts
) -> None:
    """A process that slept longer than its lease finds that another has acted."""
    await add(database, 1)
    slow = await database.write(
        lambda c: deadlines.claim(c, by="slow", now=clock.now(), lease=module.LEASE, most=1)
    )
    clock.step(module.LEASE + timedelta(seconds=1))
    assert await sweep(database, clock, "quick").once() == 1
    sleeper = sweep(database, clock, "slow")
    assert await sleeper._fire(slow) == 0
    assert await effects(database) == [1]


async def test_the_deadline_and_its_message_are_committed_together(
    database: Database, clock: FakeClock, acts: Acts
) -> None:
    chats = await newcomer(database, "phone:a")
    assert chats
    await add(database, 2)
    acts.failing = {1, 2}
    await sweep(database, clock).once()
    assert (await effects(database), await pending(database)) == ([], [1, 2])


async def test_heavy_work_comes_last_and_takes_nothing_light_with_it(
    database: Database,
    clock: FakeClock,
    acts: Acts,
    heavy: list[tuple[int, int]],
    logged: list[MutableMapping[str, object]],
) -> None:
    """Nothing light runs again where it fails, nor waits for all of it where it falls due since."""
    chats = await newcomer(database, "phone:a")
    assert chats

    def unit(connection: Connection) -> None:
        for subject in (7, 8, FAILS):
            earlier = TUESDAY_10 - timedelta(minutes=1)
            deadlines.add(connection, "test.heavy", subject, earlier)

    await database.write(unit)
    await add(database, 5)
    assert await sweep(database, clock).once() == 9
    assert heavy == [(7, 5), (8, 6), (FAILS, 7)]
    assert set(acts.ran.values()) == {1}
    assert await pending(database) == [FAILS]


def test_two_functions_for_one_kind_are_refused(acts: Acts) -> None:
    with pytest.raises(ValueError, match="two functions"):
        due.on_due("test.act")(acts)
