"""Every calendar job on one screen, and the crank that turns them (APScheduler 3 triggers)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

import structlog
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger
from sqlalchemy import Connection

from services import reminders, upkeep
from services.clock import Clock
from services.desk import Desk, OpenDesk
from services.visits import quarterly, samples
from storage import calendar
from storage.database import Database

log = structlog.get_logger()


LOOK_BACK = (timedelta(minutes=1), timedelta(hours=1), timedelta(days=1))
"""Where the latest fire time is looked for first: a job of every minute has many in a day."""


@dataclass(frozen=True, slots=True)
class Job:
    """What is done, and when (UTC; jobs that follow a centre's clock look at it themselves).

    A row for each fire time keeps a job to one process, and is how a restart knows what it missed.
    One that is not `on_record` may run anywhere at any time: a second run finds nothing to do.
    """

    name: str
    when: BaseTrigger
    what: Callable[[Desk], None]
    on_record: bool = True


TIMETABLE = (
    Job("reminders.plan", CronTrigger(minute="*", timezone=UTC), reminders.plan, on_record=False),
    Job("samples.plan", CronTrigger(minute="*", timezone=UTC), samples.plan, on_record=False),
    Job("quarterly.plan", CronTrigger(minute="10", timezone=UTC), quarterly.plan),
    Job("forms.expire", CronTrigger(minute="*/5", timezone=UTC), upkeep.expire_forms),
    Job("inbox.forget", CronTrigger(hour="19", minute="10", timezone=UTC), upkeep.forget),
)


class Crank:
    """Runs the jobs of the timetable whose time has come, each once over all processes.

    Times missed while nobody ran are made up for by one run, for the latest of them.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        *,
        open_desk: OpenDesk,
        wake: Callable[[], None],
        jobs: tuple[Job, ...] = TIMETABLE,
    ) -> None:
        self._database = database
        self._open_desk = open_desk
        self._clock = clock
        self._wake = wake
        self._jobs = jobs
        self._next: dict[str, datetime] = {}
        self._last: dict[str, datetime] = {}

    async def once(self) -> int:
        """Run what is due; returns how many jobs ran here."""
        ran = 0
        for job in self._jobs:
            try:
                ran += await self._run_due(job)
            except Exception:
                # It is due still: tried again at the next turn, and the others are not kept.
                log.exception("job-failed", job=job.name)
        if ran:
            self._wake()
        return ran

    async def _run_due(self, job: Job) -> int:
        """Run the job for the latest fire time that has passed and was not run here, if any."""
        now = self._clock.now()
        if job.name not in self._next:
            last = await self._database.read(partial(calendar.last_run, job=job.name, now=now))
            self._next[job.name] = job.when.get_next_fire_time(last, last or now)
        due = self._next[job.name] = min(self._next[job.name], self._nearest(job, now))
        if due > now:
            return 0
        fire_at = _latest(job.when, due, now)
        ran = await self._database.write(partial(self._unit, job, fire_at))
        self._last[job.name] = fire_at
        self._next[job.name] = job.when.get_next_fire_time(fire_at, fire_at)
        return ran

    def _nearest(self, job: Job, now: datetime) -> datetime:
        """The next time by the clock as it stands: set back, it comes by times again that lie
        before the one waited for. A time that has just been run for is over."""
        nearest: datetime = job.when.get_next_fire_time(None, now)
        if nearest == self._last.get(job.name):
            nearest = job.when.get_next_fire_time(nearest, nearest)
        return nearest

    def _unit(self, job: Job, fire_at: datetime, connection: Connection) -> int:
        desk = self._open_desk(connection, self._clock.now())
        if job.on_record and not calendar.first_to_run(connection, job.name, fire_at, desk.now):
            return 0
        job.what(desk)
        desk.post()
        return 1


def _latest(when: BaseTrigger, due: datetime, now: datetime) -> datetime:
    """The last of the fire times from `due` on that have passed."""
    for back in LOOK_BACK:
        recent = when.get_next_fire_time(None, now - back)
        if due < recent <= now:
            due = recent
            break
    while (following := when.get_next_fire_time(due, due)) <= now:
        due = following
    return due
