"""The sandbox's clock: the machine's, pushed ahead, stepping through all that falls due between."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from services.clock import Clock

AFTERWARDS = timedelta(seconds=1)

STRIDE = timedelta(hours=6)
"""The timetable plans a day ahead: a longer step would pass by what it has not planned yet."""

SATURDAY = 5
OPENING = time(10, 0)
"""A first visit begins on a working morning, when everybody in the demo is on duty."""


class SandboxClock:
    """Runs at the pace of the machine's clock, ahead of it by as much as somebody has pushed it.

    How far is kept in a file, so that a restart does not turn time back. `next_due` tells what
    falls due next; `settle` runs what is due at the present moment and has it delivered.
    """

    def __init__(self, file: Path, zone: ZoneInfo, machine: Clock) -> None:
        self._file = file
        self._zone = zone
        self._machine = machine
        self._ahead = timedelta(seconds=float(file.read_text())) if file.exists() else timedelta(0)
        if not file.exists():
            self._set(_next_opening(machine.now().astimezone(zone)))
        self._next_due: Callable[[], Awaitable[datetime | None]] | None = None
        self._settle: Callable[[], Awaitable[None]] | None = None

    def drive(
        self,
        next_due: Callable[[], Awaitable[datetime | None]],
        settle: Callable[[], Awaitable[None]],
    ) -> None:
        """Connect the clock to what goes by it."""
        self._next_due, self._settle = next_due, settle

    @property
    def zone(self) -> ZoneInfo:
        """The centre's time zone."""
        return self._zone

    def now(self) -> datetime:
        """The centre's present time, aware, in UTC."""
        return self._machine.now() + self._ahead

    async def advance(self, by: timedelta) -> None:
        """Move the clock forward by so much."""
        await self.advance_to(self.now() + by)

    async def advance_to(self, at: datetime) -> None:
        """Move the clock forward to a moment, stopping at each deadline on the way.

        Where none is near it stops all the same, in strides, for the timetable to have its turn.
        """
        if self._next_due and self._settle:
            while (stop := _next_stop(self.now(), await self._next_due(), at)) is not None:
                self._set(max(stop, self.now()))
                await self._settle()
        self._set(max(at, self.now()))
        if self._settle:
            await self._settle()

    def _set(self, at: datetime) -> None:
        """Kept at each step, whole or not at all: a kill on the way must not turn time back."""
        self._ahead = at - self._machine.now()
        half = self._file.with_suffix(".part")
        half.write_text(str(self._ahead.total_seconds()))
        half.replace(self._file)


def _next_stop(now: datetime, due: datetime | None, target: datetime) -> datetime | None:
    """Where the clock stops next on its way; None where nothing is left before the target."""
    stride = now + STRIDE
    if due is not None and due <= min(stride, target):
        return due + AFTERWARDS
    return stride if stride < target else None


def _next_opening(now: datetime) -> datetime:
    """The next working morning, from a local time."""
    opening = datetime.combine(now.date(), OPENING, now.tzinfo)
    while opening < now or opening.weekday() >= SATURDAY:
        opening += timedelta(days=1)
    return opening
