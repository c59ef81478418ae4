"""One sweeping process of several: `python -m tests.crash.sweeper URL EPOCH DIES_AT KIND`.

It says `ready` and waits for a line; then it sweeps until nothing of the kind is pending and says
how many took effect in its hands. With DIES_AT above zero it is killed inside the unit of that
deadline. The kind is one made up here, which announces, or one of the house's own.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection, func, select

from schedules.sweep import Sweep
from services import due
from services.clock import SystemClock
from services.desk import Desk
from services.due import OnDue
from services.messages import say
from services.rules.standard import Standard
from services.visits import questionnaires  # noqa: F401 - it asks when that falls due
from storage.database import Database, open_database
from storage.records import Deadline, DeadlineState
from storage.tables import deadlines

KIND = "test.announce"
PEOPLE = 10
"""So few, that two processes meet in everybody's lane."""

PACE = 20
"""Time runs so many times as fast, that a lease of a killed process ends in moments."""


NEVER_QUIET = Standard(quiet_hours=())
"""Somebody runs this at night, too."""


@dataclass
class FastClock:
    """The same for all processes of one epoch."""

    epoch: datetime

    def now(self) -> datetime:
        """The present instant of a fast time."""
        return self.epoch + PACE * (SystemClock().now() - self.epoch)


def announce(desk: Desk, deadline: Deadline) -> None:
    """What falls due: somebody is told, once."""
    person_id = 1 + deadline.subject_id % PEOPLE
    desk.tell(person_id, say("not-understood"), matter=str(deadline.subject_id))


def dying(at: int, act: OnDue) -> OnDue:
    """The same, but the process is killed in the middle of its so manieth time."""
    times_left = at

    def act_or_die(desk: Desk, deadline: Deadline) -> None:
        nonlocal times_left
        times_left -= 1
        if times_left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        act(desk, deadline)

    return act_or_die


def fill(connection: Connection, *, count: int, due_at: datetime) -> None:
    """So many deadlines, due since long or a moment ago."""
    rows = [
        {
            "once": f"{KIND}:{subject}:0",
            "kind": KIND,
            "subject_id": subject,
            "due_at": due_at - timedelta(milliseconds=subject),
            "state": DeadlineState.PENDING,
        }
        for subject in range(count)
    ]
    connection.execute(deadlines.insert(), rows)


def left(connection: Connection, kind: str) -> int:
    """How many of a kind are still to take effect."""
    waiting = select(func.count()).where(
        deadlines.c.state == DeadlineState.PENDING, deadlines.c.kind == kind
    )
    return connection.execute(waiting).scalar_one()


async def sweep_all(
    database: Database, clock: FastClock, kind: str, tell: Callable[[str], None]
) -> None:
    """Say so when ready, wait for the word, and sweep until nothing is left."""
    open_desk = partial(Desk, company=NEVER_QUIET)
    sweep = Sweep(database, clock, name=f"p{os.getpid()}", open_desk=open_desk, wake=lambda: None)
    still_left = partial(left, kind=kind)
    await database.read(still_left)
    tell("ready")
    await asyncio.to_thread(sys.stdin.readline)
    fired = 0
    while await database.read(still_left):
        fired += await sweep.once()
        await asyncio.sleep(0.02)
    await database.close()
    tell(str(fired))


def main(url: str, epoch: str, dies_at: str, kind: str) -> None:
    """Run one."""
    due.on_due(KIND)(announce)
    due._ON_DUE[kind] = dying(int(dies_at), due._ON_DUE[kind])
    clock = FastClock(datetime.fromisoformat(epoch))
    told = partial(print, flush=True)
    asyncio.run(sweep_all(open_database(url), clock, kind, told))


if __name__ == "__main__":
    main(*sys.argv[1:])
