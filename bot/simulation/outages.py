"""When the process is down: nobody sweeps and nobody can act; at the restart all comes at once."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.simulation.dice import Dice

DAYS_BETWEEN = 3.0
USUAL_MINUTES, SPREAD = 15.0, 1.2
LONGEST = timedelta(hours=6)
SHORTEST = timedelta(minutes=2)

FIRST_SWEEP = timedelta(milliseconds=200)
"""How long after a restart the sweep looks for the first time."""


@dataclass(frozen=True, slots=True)
class Outage:
    """The process is down from `start` until just before `end`."""

    start: datetime
    end: datetime


class Outages:
    """All outages of a simulation, in order of time, none touching another."""

    def __init__(self, outages: Sequence[Outage]) -> None:
        self.all = tuple(outages)
        self._starts = [outage.start for outage in self.all]

    def at(self, instant: datetime) -> Outage | None:
        """The outage during which an instant falls, if any."""
        place = bisect_right(self._starts, instant) - 1
        found = self.all[place] if place >= 0 else None
        return found if found is not None and instant < found.end else None

    def swept_at(self, due: datetime) -> datetime:
        """When what is due at an instant is seen: then, or with the first look after the outage."""
        outage = self.at(due)
        return due if outage is None else outage.end + FIRST_SWEEP


def happen(dice: Dice, start: datetime, end: datetime, trouble: float) -> Outages:
    """Outages of minutes to hours at random, `trouble` times as often as is usual.

    The process is up at the start and at the end.
    """
    found: list[Outage] = []
    at = start
    while True:
        at += timedelta(days=1) * dice.expovariate(trouble / DAYS_BETWEEN)
        at = at.replace(microsecond=0)
        until = at + min(max(dice.about(USUAL_MINUTES, SPREAD), SHORTEST), LONGEST)
        if until + timedelta(hours=1) >= end:
            return Outages(found)
        found.append(Outage(at, until))
        at = until + timedelta(minutes=10)
