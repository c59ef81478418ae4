"""What is done in the street each day, made through the services as the demo's past is."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.demo.past import Plan, Wish, life, live
from services.desk import Desk
from storage import centres
from tests.town import ZONE
from tests.year.street import Household

REGULARS = 12
"""Homes that want something every month: drawn again before their rest is over (§3.6)."""

SERVED = 28
BOTH = 4
"""Homes in which both kinds of service are wanted in one month."""

HOUSEKEEPING = ("HC01", "GR01")
REPAIR = ("PL01", "PL04", "EL04")

IN_THE_MORNING = time(8, 31)
IN_THE_EVENING = time(19, 5)

CENTRE = 1


@dataclass(frozen=True, slots=True)
class Job:
    """A service that will be wanted on a day."""

    day: date
    home: Household
    item: str
    at: time


def jobs_of(month: date, street: list[Household], seed: int) -> list[Job]:
    """The month's services, spread over its days, the last day not left out."""
    dice = Random(f"{seed}:{month}")
    served = street[:REGULARS] + dice.sample(street[REGULARS:], SERVED - REGULARS)
    dice.shuffle(served)
    days = monthrange(month.year, month.month)[1]
    wanted = [(home, dice.choice(HOUSEKEEPING + REPAIR)) for home in served]
    for home in served[:BOTH]:
        wanted += [(home, dice.choice(HOUSEKEEPING)), (home, dice.choice(REPAIR))]
    jobs = []
    for number, (home, item) in enumerate(wanted):
        day = month.replace(day=days - number * days // len(wanted))
        jobs.append(Job(day, home, item, time(dice.randint(10, 15))))
    return jobs


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
        lives.append(life(plan))
    live(Desk(connection, now), lives)
