"""Working shifts as they are written in a roster: names, hours and weekdays."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from services.rules.hours import DayWindow, daily_spans
from services.rules.spans import Span

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
_GROUPS = {
    "每天": _EVERY_DAY,
    "daily": _EVERY_DAY,
    "工作日": frozenset(range(5)),
    "weekdays": frozenset(range(5)),
    "周末": frozenset({5, 6}),
    "weekend": frozenset({5, 6}),
}
_CHINESE_DAYS = re.compile(r"(?:周|星期|礼拜)([一二三四五六日天]+)")
_ENGLISH_DAY = re.compile(
    r"(mon)(?:day)?|(tue)s?(?:day)?|(wed)(?:nesday)?|(thu)r?s?(?:day)?|(fri)(?:day)?"
    r"|(sat)(?:urday)?|(sun)(?:day)?"
)
_RANGE = re.compile(r"\s*(?:至|到|[-–—~])\s*")


@dataclass(frozen=True, slots=True)
class Shift:
    """The hours a person works on each of the weekdays (Monday is 0), by the local wall clock.

    Hours that run over midnight belong to the day on which they start. As text it is the
    shortest form that ``parse_shift`` reads back: ``Mon-Fri 08:30-17:30``.
    """

    hours: tuple[DayWindow, ...]
    weekdays: frozenset[int] = _EVERY_DAY

    def windows(self, day: date, zone: ZoneInfo) -> tuple[Span, ...]:
        """The working times that start on this local day, as UTC spans in order."""
        if day.weekday() not in self.weekdays:
            return ()
        return daily_spans(self.hours, [day], zone)

    def on_duty(self, at: datetime, zone: ZoneInfo) -> bool:
        """Whether the person works at this instant."""
        today = at.astimezone(zone).date()
        days = (today - timedelta(days=1), today)
        return any(span.contains(at) for day in days for span in self.windows(day, zone))

    def __str__(self) -> str:
        hours = ",".join(map(str, self.hours))
        return hours if self.weekdays == _EVERY_DAY else f"{_days_text(self.weekdays)} {hours}"


def parse_shift(text: str) -> Shift:
    """Read a shift: names (早班, early) or hours (08:00-16:00), joined by commas, with weekdays
    before them (周一至周五, 周一,周三, Mon-Fri) where it is not every day.

    Raises ValueError with the part that was not understood.
    """
    plain = unicodedata.normalize("NFKC", text).strip().lower()
    plain = _RANGE.sub("-", plain)
    weekdays: frozenset[int] = frozenset()
    hours: list[DayWindow] = []
    for word in re.split(r"[,、;\s]+", re.sub(r"([一二三四五六日天])(?=\d)", r"\1 ", plain)):
        days = _days(word)
        if days and hours:
            raise ValueError(f"weekdays are written before the hours: {word!r}")
        if days:
            weekdays |= days
        else:
            hours.append(_hours(word))
    if not hours:
        raise ValueError(f"no working hours in {text!r}")
    return Shift(tuple(sorted(set(hours), key=str)), weekdays or _EVERY_DAY)


def _hours(word: str) -> DayWindow:
    try:
        return _NAMED[word] if word in _NAMED else DayWindow.parse(word)
    except ValueError as error:
        raise ValueError(f"not a shift: {word!r}; write 早班, early or 08:00-16:00") from error


def _days(word: str) -> frozenset[int]:
    """The weekdays a word names, empty when it names none."""
    if word in _GROUPS:
        return _GROUPS[word]
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


def _days_text(weekdays: frozenset[int]) -> str:
    """Runs of three days or more as ``Mon-Fri``, the rest one by one."""
    runs = []
    for _, run in groupby(enumerate(sorted(weekdays)), key=lambda pair: pair[1] - pair[0]):
        names = [_WEEKDAYS[day] for _, day in run]
        runs += [f"{names[0]}-{names[-1]}"] if len(names) > 2 else names
    return ",".join(runs)
