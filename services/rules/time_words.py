"""Days and times as people type them, in Chinese and English, understood as instants."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class DayOnly:
    """A day was named and no time of day."""

    day: date


@dataclass(frozen=True, slots=True)
class Past:
    """The words are clear, but that day or time (on ``day``) is over."""

    day: date


def understand_time(
    text: str, *, now: datetime, zone: ZoneInfo
) -> datetime | DayOnly | Past | None:
    """The future UTC instant the words mean; a ``DayOnly``, a ``Past``, or None if they mean none."""
    return None


def understand_day(text: str, *, now: datetime, zone: ZoneInfo) -> date | None:
    """The local day the words mean, today or later, whatever time they add; None otherwise."""
    return None
