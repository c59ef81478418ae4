"""Working shifts as they are written in a roster: names, hours and weekdays."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from services.rules.hours import DayWindow, daily_spans
from services.rules.spans import Span, merged
from services.rules.workdays import Workdays

_NAMES = {
    ("早班", "early"): "08:00-16:00",
    ("中班", "late"): "16:00-24:00",
    ("夜班", "night"): "00:00-08:00",
    ("白班", "行政班", "day"): "08:30-17:30",
    ("客服班", "desk"): "08:30-22:00",
    ("全天", "24小时", "all"): "00:00-24:00",
}
_NAMED = {name: DayWindow.parse(hours) for names, hours in _NAMES.items() for name in names}
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_EVERY_DAY = frozenset(range(7))
_DAILY = ("每天", "daily")
_WORKDAYS, _REST_DAYS = "weekdays", "weekend"
_BY_CALENDAR = {
    _WORKDAYS: _WORKDAYS,
    "工作日": _WORKDAYS,
    _REST_DAYS: _REST_DAYS,
    "周末": _REST_DAYS,
}
"""What the calendar decides: 工作日 leave out public holidays and take in workdays moved to
a weekend; 周末 are all the other days, so that the two together leave none out."""

_CHINESE_DAYS = re.compile(r"(?:周|星期|礼拜)([一二三四五六日天]+)")
_ENGLISH_DAY = re.compile(
    r"(mon)(?:day)?|(tue)s?(?:day)?|(wed)(?:nesday)?|(thu)r?s?(?:day)?|(fri)(?:day)?"
    r"|(sat)(?:urday)?|(sun)(?:day)?"
)
_RANGE = re.compile(r"\s*(?:至|到|[-–—~])\s*")


@dataclass(frozen=True, slots=True)
class Shift:
    """The hours a person works, by the local wall clock, and the days on which they do.

    The days are weekdays (Monday is 0), and those that the calendar calls working days or days
    of rest (``by_calendar``). Hours that run over midnight belong to the day on which they start.
    As text it is the shortest form that ``parse_shift`` reads back: ``Mon-Fri 08:30-17:30``.
    """

    hours: tuple[DayWindow, ...]
    weekdays: frozenset[int] = _EVERY_DAY
    by_calendar: frozenset[str] = frozenset()

    @property
    def is_daily(self) -> bool:
        """Whether it names hours only, and so is worked on any day."""
        return self.weekdays == _EVERY_DAY

    def is_on(self, day: date, calendar: Workdays) -> bool:
        """Whether the shift is worked on this local day."""
        if day.weekday() in self.weekdays or not self.by_calendar:
            return day.weekday() in self.weekdays
        group = _WORKDAYS if calendar.kind(day).is_worked else _REST_DAYS
        return group in self.by_calendar

    def windows(self, day: date, zone: ZoneInfo, calendar: Workdays) -> tuple[Span, ...]:
        """The working times that start on this local day, as UTC spans in order."""
        return daily_spans(self.hours, [day], zone) if self.is_on(day, calendar) else ()

    def hours_text(self) -> str:
        """The hours alone, as ``parse_shift`` reads them for any day."""
        return ",".join(map(str, self.hours))

    def __str__(self) -> str:
        days = (*_days_text(self.weekdays), *sorted(self.by_calendar))
        return self.hours_text() if days == _DAILY_TEXT else f"{','.join(days)} {self.hours_text()}"


def working_times(
    usual: Shift,
    others: Mapping[date, Shift | None],
    days: Iterable[date],
    zone: ZoneInfo,
    calendar: Workdays,
) -> tuple[Span, ...]:
    """The working times that start on these local days, in order of the days.

    On a day of ``others`` that shift is worked instead of the usual one, whatever the weekday, and
    None is a day off. What started on the day before is not touched by it.
    """
    return tuple(
        span
        for day in days
        for shift in (others.get(day, usual),)
        if shift is not None
        for span in shift.windows(day, zone, calendar)
    )


def next_change(working: Iterable[Span], at: datetime) -> datetime | None:
    """When somebody next begins or ends to work after ``at``; shifts that touch are one."""
    ends = (end for span in merged(working) for end in (span.start, span.end))
    return next((end for end in ends if end > at), None)


def together(shift: Shift | None, extra: Shift) -> Shift:
    """The hours of both, for one day."""
    return Shift(tuple(sorted({*(shift.hours if shift else ()), *extra.hours}, key=str)))


def parse_shift(text: str) -> Shift:
    """Read a shift: names (早班, early) or hours (08:00-16:00), joined by commas, with the days
    before them (周一至周五, 周一,周三, Mon-Fri, 工作日) where it is not every day.

    Raises ValueError with the part that was not understood.
    """
    plain = unicodedata.normalize("NFKC", text).strip().lower()
    plain = _RANGE.sub("-", plain)
    weekdays: frozenset[int] = frozenset()
    by_calendar: frozenset[str] = frozenset()
    hours: list[DayWindow] = []
    for word in re.split(r"[,、;\s]+", re.sub(r"([一二三四五六日天])(?=\d)", r"\1 ", plain)):
        days, group = _days(word), _BY_CALENDAR.get(word)
        if (days or group) and hours:
            raise ValueError(f"weekdays are written before the hours: {word!r}")
        weekdays |= days
        by_calendar |= {group} if group else frozenset()
        if not (days or group):
            hours.append(_hours(word))
    if not hours:
        raise ValueError(f"no working hours in {text!r}")
    if not (weekdays or by_calendar):
        weekdays = _EVERY_DAY
    return Shift(tuple(sorted(set(hours), key=str)), weekdays, by_calendar)


def _hours(word: str) -> DayWindow:
    try:
        return _NAMED[word] if word in _NAMED else DayWindow.parse(word)
    except ValueError as error:
        raise ValueError(f"not a shift: {word!r}; write 早班, early or 08:00-16:00") from error


def _days(word: str) -> frozenset[int]:
    """The weekdays a word names, empty when it names none."""
    if word in _DAILY:
        return _EVERY_DAY
    ends = [_named_days(part) for part in word.split("-")]
    if len(ends) == 2 and all(len(end) == 1 for end in ends):
        first, last = ends[0][0], ends[1][0]
        return frozenset((first + n) % 7 for n in range((last - first) % 7 + 1))
    return frozenset(ends[0]) if len(ends) == 1 else frozenset()


def _named_days(word: str) -> tuple[int, ...]:
    if chinese := _CHINESE_DAYS.fullmatch(word):
        return tuple("一二三四五六日".index(day) for day in chinese[1].replace("天", "日"))
    if english := _ENGLISH_DAY.fullmatch(word):
        return (english.lastindex - 1,) if english.lastindex else ()
    return ()


def _days_text(weekdays: frozenset[int]) -> tuple[str, ...]:
    """Runs of three days or more as ``Mon-Fri``, the rest one by one."""
    runs: list[str] = []
    for _, run in groupby(enumerate(sorted(weekdays)), key=lambda pair: pair[1] - pair[0]):
        names = [_WEEKDAYS[day] for _, day in run]
        runs += [f"{names[0]}-{names[-1]}"] if len(names) > 2 else names
    return tuple(runs)


_DAILY_TEXT = _days_text(_EVERY_DAY)
