"""The figures a centre is judged by (§5.2.2, §3.8): what counts, in which month, and the target."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Protocol
from zoneinfo import ZoneInfo

from services.rules.response_times import Verdict


class Measure(StrEnum):
    """What is counted, in the order in which it is shown; `figure-…` are its names."""

    EMERGENCY = "emergency"
    MINOR = "minor"
    MINOR_DEFERRED = "minor-deferred"
    MAJOR = "major"
    PUNCTUAL = "punctual"
    PUNCTUAL_REPAIR = "punctual-repair"
    STAFF_TOLD = "staff-told"
    REWORK = "rework"
    FELT_ON_TIME = "felt-on-time"
    RATED = "rated"
    SATISFACTION = "satisfaction"
    VISITED = "visited"


class Outcome(StrEnum):
    """How one job counts: above and below the line, below it only, or not at all but shown."""

    HIT = "hit"
    MISS = "miss"
    WAIVED = "waived"


@dataclass(frozen=True, slots=True)
class Target:
    """A share in whole percent that is to be reached, or not to be exceeded."""

    percent: int
    at_most: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """A share as its two numbers, never as a quotient, and what was waived beside it.

    Figures of several centres are added up: numerators and denominators, never averages.
    """

    hits: int = 0
    total: int = 0
    waived: int = 0
    target: Target | None = None

    def __add__(self, other: Figure) -> Figure:
        """Both together, against this one's target."""
        return replace(
            self,
            hits=self.hits + other.hits,
            total=self.total + other.total,
            waived=self.waived + other.waived,
        )

    def against(self, target: Target | None) -> Figure:
        """The same numbers, to be judged by a target."""
        return replace(self, target=target)

    def meets(self) -> bool | None:
        """Whether the target is met, compared in integers; None where nothing can be said.

        There is nothing to say without a target, and of an empty denominator (reading 22).
        """
        if self.target is None or self.total == 0:
            return None
        share, asked = 100 * self.hits, self.target.percent * self.total
        return share <= asked if self.target.at_most else share >= asked

    def tenths(self) -> int | None:
        """The share in tenths of a percent; None for an empty denominator.

        Rounded against us, so that what is shown meets a target exactly where the share does:
        1999 of 2000 is 99.9 %, not 100.0 %.
        """
        if self.total == 0:
            return None
        at_most = self.target is not None and self.target.at_most
        return -(-1000 * self.hits // self.total) if at_most else 1000 * self.hits // self.total

    def is_empty(self) -> bool:
        """Whether there is no job behind it at all."""
        return not (self.hits or self.total or self.waived)


def counted(outcome: Outcome, jobs: int = 1) -> Figure:
    """So many jobs of one outcome."""
    match outcome:
        case Outcome.HIT:
            return Figure(hits=jobs, total=jobs)
        case Outcome.MISS:
            return Figure(total=jobs)
        case Outcome.WAIVED:
            return Figure(waived=jobs)


def timely(verdict: Verdict, also: Verdict | None, *, cancelled: bool) -> Outcome | None:
    """How a promise counts; None where it does not (§3.8, reading 25).

    The first verdict decides whether the job counts and in which month; `also` is a second rule
    that must be kept too (an emergency's start, a minor repair's arrival): it can only spoil.
    A miss stays a miss though the order was cancelled; a cancelled order without one is nothing.
    """
    if verdict in (Verdict.NOT_APPLICABLE, Verdict.PENDING):
        return None
    if Verdict.MISSED in (verdict, also):
        return Outcome.MISS
    if cancelled:
        return None
    return Outcome.WAIVED if verdict is Verdict.WAIVED else Outcome.HIT


# Periods

YEARS = range(2000, 2101)
"""What may be asked for; at the ends of the calendar a local midnight has no instant."""


@dataclass(frozen=True, slots=True)
class Period:
    """Days of a centre's calendar, `until` not included.

    Raises:
        ValueError: it ends before it begins.
    """

    first: date
    until: date

    def __post_init__(self) -> None:
        if self.until <= self.first:
            raise ValueError("a period ends after it begins")

    def bounds(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """The instants (UTC) from which, and before which, it lasts on the clocks of `zone`."""
        return _midnight(self.first, zone), _midnight(self.until, zone)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, zone).astimezone(UTC)


def month_of(day: date, later: int = 0) -> Period:
    """The calendar month of a day, or one so many months later (earlier, if negative).

    Raises:
        ValueError: the calendar has no such month.
    """
    first = _month_start(day.year * 12 + day.month - 1 + later)
    return Period(first, _month_start(first.year * 12 + first.month))


def _month_start(months: int) -> date:
    year, month = divmod(months, 12)
    return date(year, month + 1, 1)


# Rework


class Repair(Protocol):
    """A repair by what makes two of them the same: the room and the fault.

    `fault` is the catalogue item or the kind of emergency; `at` is when it was reported, or, of
    one completed, when it was finished.
    """

    @property
    def order_id(self) -> int: ...
    @property
    def room_id(self) -> int: ...
    @property
    def fault(self) -> str: ...
    @property
    def at(self) -> datetime: ...


def reworks(
    reports: Iterable[Repair], completed: Iterable[Repair], days: int, zone: ZoneInfo
) -> dict[int, int]:
    """Which of the reports repeat a repair completed at most `days` days before (§3.8).

    Days are those of the calendar in `zone`: the last one counts to its end. Returns the second
    report's order with the one it repeats, the latest if there are several.
    """
    known = defaultdict[tuple[int, str], list[Repair]](list)
    for done in completed:
        known[done.room_id, done.fault].append(done)
    found: dict[int, int] = {}
    for report in reports:
        alike = known.get((report.room_id, report.fault), ())
        earlier = [done for done in alike if _is_soon_after(report, done, days, zone)]
        if earlier:
            found[report.order_id] = max(earlier, key=lambda done: done.at).order_id
    return found


def _is_soon_after(report: Repair, done: Repair, days: int, zone: ZoneInfo) -> bool:
    if report.order_id == done.order_id or report.at < done.at:
        return False
    return is_within_days(report.at, done.at, days, zone)


def is_within_days(at: datetime, completed_at: datetime, days: int, zone: ZoneInfo) -> bool:
    """Whether an instant is at most `days` days after a completion, on the calendar of `zone`.

    The last day counts to its end (§3.8).
    """
    last_day = completed_at.astimezone(zone).date() + timedelta(days=days)
    return at.astimezone(zone).date() <= last_day
