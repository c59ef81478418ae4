"""What is done in the street each day, made through the services as the demo's past is."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.demo import past
from bot.demo.past import Life, Plan, Wish
from services import reworks
from services.desk import Desk
from services.reworks import Complaint
from storage import centres
from tests.town import ZONE
from tests.year.street import Household

REGULARS = 8
"""Homes that want something every month: drawn again before their rest is over (§3.6)."""

SERVED = 22
BOTH = 4
"""Homes in which both kinds of service are wanted in one month."""

REWORKS = 1
"""Repairs of a month of which the home says 没修好."""

LATER = timedelta(days=2)
"""How long such a repair has lasted."""

SAME_FAULT = 70
"""Of a hundred of these so many are the same fault."""

HOUSEKEEPING = ("HC01", "GR01")
REPAIR = ("PL01", "PL04", "EL04")

IN_THE_MORNING = time(8, 31)
IN_THE_EVENING = time(19, 5)

CENTRE = 1


@dataclass(frozen=True, slots=True)
class Job:
    """A service that will be wanted on a day; `is_again` where the last repair did not last."""

    day: date
    home: Household
    item: str
    at: time
    is_again: bool = False


def jobs_of(month: date, street: list[Household], seed: int) -> list[Job]:
    """The month's services, spread over its days, the last day not left out."""
    dice = Random(f"{seed}:{month}")
    served = street[:REGULARS] + dice.sample(street[REGULARS:], SERVED - REGULARS)
    dice.shuffle(served)
    days = monthrange(month.year, month.month)[1]
    wanted = [(home, dice.choice(HOUSEKEEPING + REPAIR)) for home in served]
    for home, item in wanted[:BOTH]:
        wanted.append((home, dice.choice(REPAIR if item in HOUSEKEEPING else HOUSEKEEPING)))
    jobs = []
    for number, (home, item) in enumerate(wanted):
        day = month.replace(day=days - number * days // len(wanted))
        jobs.append(Job(day, home, item, time(dice.randint(10, 15))))
    last = month.replace(day=days)
    repairs = [job for job in jobs if job.item in REPAIR and job.day + LATER <= last]
    again = [replace(job, day=job.day + LATER, is_again=True) for job in repairs[-REWORKS:]]
    return jobs + again


def do(connection: Connection, jobs: list[Job], now: datetime) -> None:
    """Live through a day's jobs, on its evening."""
    zone = ZoneInfo(ZONE)
    centre = centres.get(connection, CENTRE)
    lives = []
    for number, job in enumerate(jobs):
        morning = datetime.combine(job.day, IN_THE_MORNING, zone).astimezone(UTC)
        plan = Plan(
            centre=centre,
            wish=Wish(job.home.room_no, job.item, job.at),
            registered=morning + timedelta(minutes=number),
            wanted=datetime.combine(job.day, job.at, zone).astimezone(UTC),
            until=now,
            channel="phone",
        )
        lives.append(_again_at(plan, job.home) if job.is_again else past.life(plan))
    past.live(Desk(connection, now), lives)


def _again_at(plan: Plan, home: Household) -> Life:
    """没修好: the home calls in the morning, and somebody comes the same day."""
    desk = yield plan.registered
    agent = past.at_the_desk(desk, plan.centre.id)
    repairs = reworks.named_by(desk, agent, home.room_no)
    first = next((one for one in repairs if reworks.may_report(desk, one)), None)
    start = reworks.earliest(desk, first) if first is not None else None
    if first is None or start is None or start + timedelta(minutes=first.minutes) > plan.until:
        return
    again = reworks.report_for(desk, agent, Complaint(first.id, start))
    yield from past.visit(desk, again, start, same_fault=home.happens(SAME_FAULT))
