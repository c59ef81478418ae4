"""Windows of the local day: when it is quiet, when staff may be alerted."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from services.rules.spans import Span, merged

_DAY = timedelta(days=1)
_WINDOW = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)\s*[-–—~]\s*([01]?\d|2[0-4]):([0-5]\d)")


@dataclass(frozen=True, slots=True)
class DayWindow:
    """A part of every local day, from ``start`` (included) to ``end`` (excluded) by the wall clock.

    An end at or before the start lies on the next day, so 20:30-09:00 is a night
    and 00:00-00:00 the whole day.
    """

    start: time
    end: time

    @classmethod
    def parse(cls, text: str) -> "DayWindow":
        """Read ``09:00-22:00``; 24:00 is midnight. Raises ValueError for anything else."""
        found = _WINDOW.fullmatch(text.strip())
        if found is None:
            raise ValueError(f"not a window of the day such as 09:00-22:00: {text!r}")
        return cls(_clock(found[1], found[2]), _clock(found[3], found[4]))

    def __str__(self) -> str:
        end = "24:00" if self.end == time.min else f"{self.end:%H:%M}"
        return f"{self.start:%H:%M}-{end}"

    def includes(self, local: datetime) -> bool:
        """Whether the local wall-clock time lies in the window."""
        return self._holds(local.time())

    def includes_to_the_minute(self, local: datetime) -> bool:
        """The same compared by minutes, the closing minute included whole (reading 8)."""
        minute = local.time().replace(second=0, microsecond=0)
        return self._holds(minute) or minute == self.end

    def minutes(self) -> frozenset[int]:
        """The minutes of the day (0-1439) that lie in the window."""
        return _minutes_of(self)

    def on(self, day: date, zone: ZoneInfo) -> Span | None:
        """The window that starts on this local day; None if a clock change leaves nothing of it."""
        last_day = day if self.start < self.end else day + _DAY
        start, end = instant(day, self.start, zone), instant(last_day, self.end, zone)
        return Span(start, end) if start < end else None

    def _holds(self, clock: time) -> bool:
        if self.start < self.end:
            return self.start <= clock < self.end
        return clock >= self.start or clock < self.end


@lru_cache(maxsize=64)  # every standard that is read is checked by them
def _minutes_of(window: DayWindow) -> frozenset[int]:
    return frozenset(m for m in range(24 * 60) if window._holds(time(m // 60, m % 60)))


def instant(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """The UTC instant at which the zone's wall clock shows this; the first one if it does twice."""
    return datetime.combine(day, clock, zone).astimezone(UTC)


def daily_spans(
    windows: Iterable[DayWindow], days: Sequence[date], zone: ZoneInfo
) -> tuple[Span, ...]:
    """The windows that start on these local days, as spans joined where they touch."""
    spans = (window.on(day, zone) for window in windows for day in days)
    return merged(span for span in spans if span is not None)


def quiet_until(at: datetime, quiet: Sequence[DayWindow], zone: ZoneInfo) -> datetime:
    """When a message due at ``at`` may be sent: then, or at the end of the quiet time (§3.6)."""
    span = quiet_span(at, quiet, zone)
    return at if span is None else span.end


def quiet_span(at: datetime, quiet: Sequence[DayWindow], zone: ZoneInfo) -> Span | None:
    """The quiet time in which ``at`` lies, if it does (§3.6)."""
    return next((span for span in _around(at, tuple(quiet), zone) if span.contains(at)), None)


def alert_time(at: datetime, window: DayWindow, zone: ZoneInfo) -> datetime:
    """When staff may hear of what happens at ``at``: then, or when the window next opens (§3.5)."""
    return next(max(at, span.start) for span in _around(at, (window,), zone) if at < span.end)


def _around(at: datetime, windows: tuple[DayWindow, ...], zone: ZoneInfo) -> tuple[Span, ...]:
    return _spans_near(at.astimezone(zone).date(), windows, zone)


@lru_cache(maxsize=256)  # asked for many times a day, and the same all day
def _spans_near(today: date, windows: tuple[DayWindow, ...], zone: ZoneInfo) -> tuple[Span, ...]:
    return daily_spans(windows, [today + n * _DAY for n in (-1, 0, 1, 2)], zone)


def _clock(hour: str, minute: str) -> time:
    if hour == "24" and minute != "00":
        raise ValueError("the day ends at 24:00")
    return time(int(hour) % 24, int(minute))
