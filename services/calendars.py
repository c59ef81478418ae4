"""The calendar of working days that a centre keeps: a country's public holidays and moved workdays.

They come from the `holidays` package, which is maintained beside the decrees. For a year without a
decree yet it knows the statutory holidays, and no moved workdays.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from services.rules.standard import NO_CALENDAR
from services.rules.workdays import PLAIN_WEEKS, DayKind, Workdays

if TYPE_CHECKING:
    from holidays import HolidayBase

    from services.desk import Desk

LANGUAGES = {"zh-CN": "zh_CN", "en": "en_US"}
"""Our languages as the package names them; a calendar that lacks one speaks its own."""

_DAY = timedelta(days=1)
_ANY_YEAR = 2026
_YEARS_BACK = 3


@dataclass(frozen=True, slots=True)
class CountryCalendar:
    """The working days of a country ("CN") or of a part of one ("DE-BY")."""

    code: str

    def kind(self, day: date) -> DayKind:
        """What kind of day it is by law and decree."""
        return _kinds(self.code, day.year)[day.timetuple().tm_yday - 1]


@lru_cache(maxsize=64)
def calendar(code: str) -> Workdays:
    """The calendar of this code; of "none", Monday to Friday.

    Raises:
        ValueError: nobody keeps one.
    """
    if code == NO_CALENDAR:
        return PLAIN_WEEKS
    _year(code, _ANY_YEAR)
    return CountryCalendar(code)


def calendar_of(desk: Desk, centre_id: int) -> Workdays:
    """The calendar that a centre goes by."""
    return calendar(desk.standard(centre_id).holiday_calendar)


def holiday_name(code: str, day: date, language: str) -> str:
    """What is celebrated on a day, in one of our languages where it has them, or nothing."""
    return "" if code == NO_CALENDAR else str(_year(code, day.year, language).get(day, ""))


def knows_moved_days(code: str, year: int) -> bool:
    """Whether the decree of a year is known, where one of the years before it moved workdays."""
    if code == NO_CALENDAR:
        return True
    moves = [DayKind.MOVED in _kinds(code, year - back) for back in range(_YEARS_BACK + 1)]
    return moves[0] or not any(moves)


@lru_cache(maxsize=64)
def _kinds(code: str, year: int) -> tuple[DayKind, ...]:
    """Every day of a year, for days are asked about one by one, thousands of times."""
    book = _year(code, year)
    first = date(year, 1, 1)
    days = (first + n * _DAY for n in range((date(year + 1, 1, 1) - first).days))
    return tuple(_kind(book, day) for day in days)


def _kind(book: HolidayBase, day: date) -> DayKind:
    if book.is_working_day(day):
        return DayKind.MOVED if book.is_weekend(day) else DayKind.WORKDAY
    return DayKind.HOLIDAY if day in book else DayKind.REST


@lru_cache(maxsize=64)
def _year(code: str, year: int, language: str | None = None) -> HolidayBase:
    # It takes a tenth of a second to load, and many centres and commands never ask.
    from holidays import country_holidays

    country, _, part = code.partition("-")
    spoken = LANGUAGES.get(language or "")
    try:
        # What a new year's decree moves may lie in the last days of the year before it.
        return country_holidays(
            country, subdiv=part or None, years=(year, year + 1), language=spoken
        )
    except NotImplementedError:
        raise ValueError(f"no calendar of holidays is kept for {code!r}") from None
