"""Which days are worked: weekdays, public holidays, and workdays moved to a weekend (调休)."""

from collections.abc import Hashable
from datetime import date
from enum import StrEnum
from typing import Protocol

_SATURDAY = 5


class DayKind(StrEnum):
    """What a calendar says of a day. `MOVED` is a day of the weekend that is worked (调休上班)."""

    WORKDAY = "workday"
    REST = "rest"
    HOLIDAY = "holiday"
    MOVED = "moved"

    @property
    def is_worked(self) -> bool:
        """Whether offices are open on such a day."""
        return self in (DayKind.WORKDAY, DayKind.MOVED)


class Workdays(Hashable, Protocol):
    """A calendar of working days; equal ones say the same of every day."""

    def kind(self, day: date) -> DayKind:
        """What kind of day this local day is."""
        ...


class PlainWeeks:
    """Monday to Friday, whatever is celebrated."""

    def kind(self, day: date) -> DayKind:
        """A workday from Monday to Friday, else a day of rest."""
        return DayKind.WORKDAY if day.weekday() < _SATURDAY else DayKind.REST


PLAIN_WEEKS = PlainWeeks()


def is_quiet(calendar: Workdays, day: date) -> bool:
    """Whether neighbours are at home and want to be: a weekend, moved or not, or a holiday.

    Noisy work is done on the other days (§3.12).
    """
    return day.weekday() >= _SATURDAY or calendar.kind(day) is DayKind.HOLIDAY
