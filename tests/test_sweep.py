"""The sweep: what is due happens once, in order of time, and a failure takes nobody with it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import Connection, select

from schedules.sweep import BATCH, TOGETHER, Sweep
from services import due
from services.desk import Desk
from services.messages import say
from storage import deadlines as store
from storage.database import Database
from storage.records import Deadline, DeadlineState
from storage.tables import deadlines, outbox
from tests.town import TUESDAY_10, FakeClock

KIND, LATER = "test.note.1", "test.note.2"
BROKEN = 7


@pytest.fixture(autouse=True)
def kinds() -> Iterator[None]:
    """A deadline that tells somebody, unless a later one about the same still waits."""

    @due.on_due(KIND, LATER)
    def note(desk: Desk, deadline: Deadline) -> None:
        if deadline.subject_id == BROKEN:
            raise RuntimeError("broken")
        stages = store.of_subject(desk.connection, deadline.subject_id, [KIND, LATER])
        if not any(one.state is DeadlineState.PENDING and one.id != deadline.id for one in stages):
            desk.tell(1, say("not-understood"), matter=deadline.once)

    yield
    for kind in (KIND, LATER):
        del due._ON_DUE[kind]


def _sweep(database: Database, clock: FakeClock) -> Sweep:
    return Sweep(database, clock, name="test", open_desk=Desk, wake=lambda: None)


def _add(connection: Connection, *, subjects: range, kind: str = KIND) -> None:
    for subject in subjects:
        due_at = TUESDAY_10 - timedelta(minutes=10 if kind == KIND else 5)
        store.add(connection, kind, subject, due_at)


def _told(connection: Connection) -> list[str]:
    return list(connection.execute(select(outbox.c.matter).order_by(outbox.c.id)).scalars())


def _left(connection: Connection) -> list[int]:
    waiting = select(deadlines.c.subject_id).where(deadlines.c.state == DeadlineState.PENDING)
    return list(connection.execute(waiting).scalars())


async def test_more_than_a_batch_happens_once(database: Database, clock: FakeClock) -> None:
    many = range(100, 100 + BATCH + TOGETHER + 1)
    await database.write(partial(_add, subjects=many))
    sweep = _sweep(database, clock)
    assert await sweep.once() == len(many)
    assert await sweep.once() == 0
    told = await database.read(_told)
    assert sorted(told) == sorted(f"{KIND}:{subject}:0" for subject in many)


async def test_one_that_fails_takes_nobody_with_it(database: Database, clock: FakeClock) -> None:
    await database.write(partial(_add, subjects=range(1, 1 + TOGETHER)))
    assert await _sweep(database, clock).once() == TOGETHER - 1
    assert await database.read(_left) == [BROKEN]
    assert len(await database.read(_told)) == TOGETHER - 1


async def test_an_earlier_stage_still_sees_the_later_one_wait(
    database: Database, clock: FakeClock
) -> None:
    await database.write(partial(_add, subjects=range(100, 130)))
    await database.write(partial(_add, subjects=range(100, 130), kind=LATER))
    assert await _sweep(database, clock).once() == 60
    told = await database.read(_told)
    assert sorted(told) == [f"{LATER}:{subject}:0" for subject in range(100, 130)]


async def test_a_claim_that_was_lost_has_no_effect(database: Database, clock: FakeClock) -> None:
    await database.write(partial(_add, subjects=range(100, 101)))
    claim = partial(store.claim, by="other", now=clock.now(), lease=timedelta(minutes=1), most=9)
    (claimed,) = await database.write(claim)
    assert await _sweep(database, clock).once() == 0
    mine = partial(store.take_effect, deadline_ids=[claimed.id], by="test", at=clock.now())
    assert await database.write(mine) == set()
