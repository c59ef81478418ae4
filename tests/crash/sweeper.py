"""One sweeping process of several: `python -m tests.crash.sweeper URL EPOCH DIES_AT`.

It says `ready` and waits for a line; then it sweeps until nothing is pending and says how many
took effect in its hands. With DIES_AT above zero it is killed inside the unit of that deadline.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from schedules.sweep import Sweep
from services.clock import SystemClock
from services.desk import Desk
from services.due import OnDue, on_due
from services.messages import say
from storage.database import Database, open_database
from storage.records import Deadline, DeadlineState
from storage.tables import deadlines

KIND = "test.announce"
PEOPLE = 10
"""So few, that two processes meet in everybody's lane."""

PACE = 20
"""Time runs so many times as fast, that a lease of a killed process ends in moments."""


@dataclass
class FastClock:
    """The same for all processes of one epoch."""

    epoch: datetime

    def now(self) -> datetime:
        """The present instant of a fast time."""
        return self.epoch + PACE * (SystemClock().now() - self.epoch)


def announcing(dies_at: int) -> OnDue:
    """What falls due: somebody is told, once, unless the process is killed in the middle."""
    left = dies_at

    def announce(desk: Desk, deadline: Deadline) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        desk.tell(
            1 + deadline.subject_id % PEOPLE, say("not-understood"), matter=str(deadline.subject_id)
        )

    return announce


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


def is_any_pending(connection: Connection) -> bool:
    """Whether anything is left to announce."""
    waiting = select(deadlines.c.id).where(deadlines.c.state == DeadlineState.PENDING).limit(1)
    return connection.execute(waiting).first() is not None


async def sweep_all(database: Database, clock: FastClock, tell: Callable[[str], None]) -> None:
    """Say so when ready, wait for the word, and sweep until nothing is left."""
    sweep = Sweep(database, clock, name=f"p{os.getpid()}", open_desk=Desk, wake=lambda: None)
    await database.read(is_any_pending)
    tell("ready")
    await asyncio.to_thread(sys.stdin.readline)
    fired = 0
    while await database.read(is_any_pending):
        fired += await sweep.once()
        await asyncio.sleep(0.02)
    await database.close()
    tell(str(fired))


def main(url: str, epoch: str, dies_at: str) -> None:
    """Run one."""
    on_due(KIND)(announcing(int(dies_at)))
    clock = FastClock(datetime.fromisoformat(epoch))
    asyncio.run(sweep_all(open_database(url), clock, lambda line: print(line, flush=True)))  # noqa: T201 - it talks by its output


if __name__ == "__main__":
    main(*sys.argv[1:])
