"""The time, handed in: nothing in `services` looks at a clock by itself.

The running house goes by a `SteadyClock`. Somebody who sets the machine's clock by an hour, or a
time server that does, would otherwise make every promise due at once, or none for an hour.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Protocol

import structlog

log = structlog.get_logger()

NOTHING = timedelta(seconds=2)
"""By so much two clocks may differ and still agree (a leap second, a slow look)."""

CORRECTION = timedelta(minutes=10)
"""A wall clock that has shown another time for so long was corrected; before, it may be a slip."""


class Clock(Protocol):
    """Tells the time, aware and in UTC."""

    def now(self) -> datetime:
        """The present instant."""
        ...


def wall_time() -> datetime:
    """What the machine's clock shows, which anybody may set."""
    return datetime.now(UTC)


class SystemClock:
    """The machine's clock, for who asks once."""

    def now(self) -> datetime:
        """The present instant."""
        return wall_time()


def uptime() -> timedelta:
    """Time on a clock that nobody can set; it counts the time asleep, where there is such a one."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return timedelta(seconds=time.clock_gettime(time.CLOCK_BOOTTIME))
    return timedelta(seconds=time.monotonic())


class SteadyClock:
    """Takes the wall clock's time at the start and goes on by a clock that cannot be set.

    Where the wall clock then differs, and by the same for ten minutes, it is believed: the time
    jumps to it once, in either direction. So an interval that began when both agreed is measured
    right for ten minutes at least (§5.2.7), and a clock that was wrong at the start is mended.
    It may be asked from any thread.
    """

    def __init__(
        self,
        wall: Callable[[], datetime] = wall_time,
        steady: Callable[[], timedelta] = uptime,
    ) -> None:
        self._wall = wall
        self._steady = steady
        self._one_at_a_time = Lock()
        self._began_at = wall() - steady()
        self._apart = timedelta(0)
        self._apart_since: timedelta | None = None

    def now(self) -> datetime:
        """The house's present instant."""
        with self._one_at_a_time:
            steady = self._steady()
            self._compare(self._wall() - (self._began_at + steady), steady)
            return self._began_at + steady

    def _compare(self, apart: timedelta, steady: timedelta) -> None:
        """Note by how much the wall clock is ahead, and believe it once it has been for long."""
        if abs(apart) <= NOTHING:
            self._apart_since = None
        elif self._apart_since is None or abs(apart - self._apart) > NOTHING:
            self._apart, self._apart_since = apart, steady
            log.warning("clock-stepped", seconds=apart.total_seconds())
        elif steady - self._apart_since >= CORRECTION:
            self._began_at += apart
            self._apart_since = None
            log.warning("clock-corrected", seconds=apart.total_seconds())
