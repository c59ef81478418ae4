"""Calendar jobs that have run: a row per job and fire time, so that each runs in one process."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, exists, func, select

from storage.tables import calendar_runs
from storage.upsert import insert_new


def last_run(connection: Connection, job: str, now: datetime) -> datetime | None:
    """The fire time the job last ran for; not one to come, by a clock since set back."""
    latest: datetime | None = connection.execute(
        select(func.max(calendar_runs.c.fire_at)).where(
            calendar_runs.c.job == job, calendar_runs.c.fire_at <= now
        )
    ).scalar_one()
    return latest


def first_to_run(connection: Connection, job: str, fire_at: datetime, now: datetime) -> bool:
    """Note that the job runs for this fire time; False where another process has."""
    row = {"job": job, "fire_at": fire_at, "ran_at": now}
    return insert_new(connection, calendar_runs, row)


def forget_before(connection: Connection, before: datetime) -> None:
    """Drop old runs, but the latest of each job: a restart asks what was missed since then."""
    later = calendar_runs.alias()
    connection.execute(
        delete(calendar_runs).where(
            calendar_runs.c.fire_at < before,
            exists().where(
                later.c.job == calendar_runs.c.job, later.c.fire_at > calendar_runs.c.fire_at
            ),
        )
    )
