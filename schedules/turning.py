"""What keeps the sweep and the timetable going: APScheduler turns the crank, and only that."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from schedules.sweep import Sweep
from schedules.timetable import Crank

SWEEP_EVERY_S = 0.2
CALENDAR_EVERY_S = 5.0


def keep_turning(sweep: Sweep, crank: Crank) -> AsyncIOScheduler:
    """Start sweeping and looking at the timetable; the caller shuts the scheduler down.

    One run never overlaps itself, and missed turns are one turn: the rows know what is due.
    """
    # A turn that takes longer than its interval is no news.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    scheduler = AsyncIOScheduler(
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    )
    at_once = datetime.now(UTC)
    scheduler.add_job(sweep.once, IntervalTrigger(seconds=SWEEP_EVERY_S), next_run_time=at_once)
    scheduler.add_job(crank.once, IntervalTrigger(seconds=CALENDAR_EVERY_S), next_run_time=at_once)
    scheduler.start()
    return scheduler
