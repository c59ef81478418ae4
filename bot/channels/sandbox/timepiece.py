"""The page's hand on the centre's clock: one advance at a time, and how far it has come."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import structlog
from pydantic import AwareDatetime, BaseModel, ConfigDict

from bot.channels.sandbox.scene import ClockControl

_log = structlog.get_logger(__name__)

FARTHEST = timedelta(days=366)
"""The longest single advance; farther is more likely a slip of the hand than a wish."""

AFTER_THE_DRAW = time(9, 5)
"""On the 1st: the month's return visits are drawn, and quiet hours have ended."""

Advance = Literal["done", "busy", "past", "too-far", "failed"]


class Reading(BaseModel):
    """What the page shows of the clock; `start` and `target` only while it is being advanced."""

    model_config = ConfigDict(frozen=True)

    now: AwareDatetime
    zone: str
    start: AwareDatetime | None = None
    target: AwareDatetime | None = None


def month_end(now: datetime, zone: ZoneInfo) -> datetime:
    """When the month that runs in the zone has ended and its return visits are under way."""
    in_the_next = now.astimezone(zone).date().replace(day=1) + timedelta(days=32)
    return datetime.combine(in_the_next.replace(day=1), AFTER_THE_DRAW, zone)


class Timepiece:
    """Advances the clock once at a time and tells how far it has come."""

    def __init__(self, clock: ClockControl) -> None:
        self._clock = clock
        self._way: tuple[datetime, datetime] | None = None

    @property
    def zone(self) -> ZoneInfo:
        """The centre's time zone."""
        return self._clock.zone

    @property
    def advancing(self) -> bool:
        """Whether the clock is on its way to a target."""
        return self._way is not None

    def now(self) -> datetime:
        """The centre's present time."""
        return self._clock.now()

    def read(self) -> Reading:
        """The clock as the page shows it."""
        start, target = self._way or (None, None)
        return Reading(now=self.now(), zone=self.zone.key, start=start, target=target)

    async def advance(self, to: datetime | timedelta) -> Advance:
        """Advance by a length of time or to a moment (aware); says what came of it."""
        start = self.now()
        target = start + to if isinstance(to, timedelta) else to
        refusal = self._refusal(start, target)
        if refusal is not None:
            return refusal
        self._way = (start, target)
        try:
            if isinstance(to, timedelta):
                await self._clock.advance(to)
            else:
                await self._clock.advance_to(to)
        except Exception as error:
            # The clock's trouble is told on the page, which lives on.
            _log.error("sandbox.advance_failed", error=type(error).__name__)
            return "failed"
        finally:
            self._way = None
        return "done"

    def _refusal(self, start: datetime, target: datetime) -> Advance | None:
        if self.advancing:
            return "busy"
        if target <= start:
            return "past"
        return "too-far" if target - start > FARTHEST else None
