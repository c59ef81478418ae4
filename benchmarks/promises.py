"""Promises that wait, for the benchmarks: each one kept is a message in the outbox."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import Connection

from schedules.sweep import Sweep
from services.clock import SystemClock
from services.desk import Desk
from services.due import on_due
from services.messages import say
from services.rules.standard import Standard
from storage import people
from storage.database import Database, open_database
from storage.migrate import upgrade
from storage.records import Deadline, DeadlineState
from storage.tables import deadlines

PEOPLE = 200
KIND = "bench.note"


@on_due(KIND)
def note(desk: Desk, deadline: Deadline) -> None:
    """What falls due: somebody is told."""
    person_id = 1 + deadline.subject_id % PEOPLE
    desk.tell(person_id, say("not-understood"), matter=f"order:{deadline.subject_id}")


def due_times(pending: int, overdue: int) -> list[datetime]:
    """So many that fell due in the last hour, the others over the coming month."""
    now = datetime.now(UTC)
    past = [now - timedelta(seconds=3600 * n / overdue) for n in range(overdue)]
    coming = [now + timedelta(days=1, seconds=20 * n) for n in range(pending - overdue)]
    return past + coming


def fill(connection: Connection, dues: list[datetime]) -> None:
    """People with a chat each, and the promises."""
    now = datetime.now(UTC)
    for number in range(PEOPLE):
        person = people.add_person(connection, f"业主{number}", None, "zh-CN", now)
        people.add_endpoint(connection, person.id, "bench", str(number), now)
    rows = [
        {
            "once": f"{KIND}:{number}:0",
            "kind": KIND,
            "subject_id": number,
            "due_at": due_at,
            "state": DeadlineState.PENDING,
        }
        for number, due_at in enumerate(dues)
    ]
    connection.execute(deadlines.insert(), rows)


async def prepare(place: Path, dues: list[datetime]) -> str:
    """A database in this folder with a promise for each time; returns its URL."""
    url = f"sqlite:///{place / 'doorstep.db'}"
    database = open_database(url)
    await database.migrate(upgrade)
    await database.write(partial(fill, dues=dues))
    await database.close()
    return url


def sweep_over(database: Database) -> Sweep:
    """The sweep as the house builds it."""
    open_desk = partial(Desk, company=Standard())
    return Sweep(database, SystemClock(), name="bench", open_desk=open_desk, wake=lambda: None)
