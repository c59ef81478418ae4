"""Days and times as people type them, in Chinese and English, understood as instants."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from services.rules.hours import instant
from services.rules.numerals import with_digits

_DAY = timedelta(days=1)
_HALF_DAY = timedelta(hours=12)
_WEEK = timedelta(days=7)
_HALF_YEAR = timedelta(days=180)
_YEARS = range(1900, 2100)


@dataclass(frozen=True, slots=True)
class DayOnly:
    """A day was named and no time of day."""

    day: date


@dataclass(frozen=True, slots=True)
class Past:
    """The words are clear, but that day, or that time of the day, is over."""

    day: date


def understand_time(
    text: str, *, now: datetime, zone: ZoneInfo
) -> datetime | DayOnly | Past | None:
    """The future UTC instant the words mean; a day without a time; a time that is over; or None.

    A time without a day is the next such time. An hour from 1 to 6 without 上午, 下午, am or pm
    lies within working hours, so 3点 is 15:00 (03:00 with its zero is taken as written). A
    weekday is the next one; 下周一 and "next Monday" lie in the week after this one, and weeks
    begin on Monday. A date without a year is the nearest one. Of a range, the start counts.
    Other words in the text do not matter.
    """
    words = _normalised(text)
    if at := _after_a_while(words, now):
        return at
    today = now.astimezone(zone).date()
    named, clocks = _day_and_clocks(words, today)
    if clocks:
        return _future(named or _Day(today, again_after=_DAY), clocks[0], now, zone)
    if named is None:
        return None
    return DayOnly(named.day) if named.day >= today else Past(named.day)


def understand_past(text: str, *, now: datetime, zone: ZoneInfo) -> datetime | None:
    """The UTC instant, not after `now`, at which the words say that something happened; or None.

    A time without a day is the last such time, an hour without 上午, 下午, am or pm the last such
    hour on a clock of twelve (09:00 with its zero is taken as written), a weekday the last one.
    A day alone says no instant.
    """
    words = _normalised(text)
    if at := _a_lengthago(words, now):
        return at
    today = now.astimezone(zone).date()
    named, clocks = _day_and_clocks(words, today)
    day = named or _Day(today, again_after=_DAY)
    meant = (at for clock in clocks for at in _backwards(day, clock, zone))
    return max((at for at in meant if at <= now), default=None)


def understand_day(text: str, *, now: datetime, zone: ZoneInfo) -> date | None:
    """The local day the words mean, today or later, whatever time they add; None otherwise."""
    meant = understand_time(text, now=now, zone=zone)
    if isinstance(meant, datetime):
        return meant.astimezone(zone).date()
    if meant is None or meant.day < now.astimezone(zone).date():
        return None
    return meant.day


# Times of the day ------------------------------------------------------------------------------

# Every way to write a clock time becomes 9:30, so that one pattern reads them all.
_CLOCK_FORMS = tuple(
    (re.compile(pattern), plain)
    for pattern, plain in (
        (r"(\d)\s*点半", r"\1:30"),
        (r"(\d)\s*[点时]1刻", r"\1:15"),
        (r"(\d)\s*[点时]3刻", r"\1:45"),
        (r"(\d)\s*[点时](\d)分", r"\1:0\2"),
        (r"(\d)\s*[点时]([0-5]\d)分?(?!\d)", r"\1:\2"),
        (r"(\d)\s*(?:点钟?|时|o'clock)", r"\1:00"),
        (r"\bhalf past (\d{1,2})\b", r"\1:30"),
        (r"\bat (\d{1,2})(?![\d:])", r"\1:00"),
        (r"(?<![\d:])(\d{1,2})\s*(?=[ap]\.?m\b)", r"\1:00 "),
    )
)
_CLOCK = re.compile(r"(?<!\d)(0?)(\d{1,2}):([0-5]\d)(?!\d)\s*(?:([ap])\.?m\b)?")
_HOUR_ALONE = re.compile(r"\s*\d{1,2}\s*")
_PERIOD = re.compile(
    r"(?P<night>凌晨|半夜)"
    r"|(?P<morning>早上|早晨|清晨|上午|早(?!点)|\bmorning\b)"
    r"|(?P<noon>中午|正午|\bnoon\b|\bmidday\b)"
    r"|(?P<afternoon>下午|午后|\bafternoon\b)"
    r"|(?P<evening>傍晚|晚上|晚间|夜里|晚(?![于点])|\bevening\b|\btonight\b|\bnight\b)"
)
_MERIDIEM = {"a": "night", "p": "afternoon"}


def _clocks(words: str) -> tuple[timedelta, ...]:
    """The times of day the words may mean, the likelier first; none where they name none.

    Each is wall-clock time since midnight and may reach 24:00; an hour that is not said to be of
    the morning or the afternoon may be of either.
    """
    named = _PERIOD.search(words)
    period = named.lastgroup if named else None
    found = _CLOCK.search(words)
    if found is None:
        return (timedelta(hours=12),) if period == "noon" else ()
    zero, digits, minute, meridiem = found.groups()
    period = _MERIDIEM.get(meridiem, period)
    hour = _hour(int(digits), period, as_written=bool(zero))
    clock = timedelta(hours=hour, minutes=int(minute))
    if int(digits) >= 24 and clock != _DAY:
        return ()
    is_of_either_half = period is None and not zero and 1 <= int(digits) <= 12
    return (clock, (clock + _HALF_DAY) % _DAY) if is_of_either_half else (clock,)


def _hour(hour: int, period: str | None, *, as_written: bool) -> int:
    """The hour on the 24-hour clock; 24 and more is after the midnight that ends the day."""
    if hour > 12 or hour == 0:
        return hour
    match period:
        case "night":
            return hour % 12
        case "afternoon":
            return hour % 12 + 12
        case "noon":
            return hour + 12 if hour <= 2 else hour
        case "evening":
            return hour + 12 if hour >= 5 else hour + 24
        case "morning":
            return hour
        case _:
            return hour + 12 if hour <= 6 and not as_written else hour


# Days ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Day:
    """A named day; one that comes again may move on once its time is over."""

    day: date
    again_after: timedelta | None = None


_OFFSETS = {
    "前天": -2,
    "昨": -1,
    "yesterday": -1,
    "今": 0,
    "today": 0,
    "this ": 0,
    "": 0,
    "明": 1,
    "tomorrow": 1,
    "后": 2,
    "day after tomorrow": 2,
    "大后": 3,
}
_RELATIVE = re.compile(
    r"(前天|yesterday|today|day after tomorrow|tomorrow|this (?=morning|afternoon|evening)"
    r"|(?=tonight))|(大后)天|([昨今明后])(?:[天日]|(?=[早晚]))"
)
_DAYS_AHEAD = re.compile(r"(\d{1,2})天(?:以|之)?后|\bin (\d{1,2}) days?\b")
_CHINESE_WEEKDAY = re.compile(r"(下下|下|本|这)?个?(?:周|星期|礼拜)([1-6日天])(?! ?次)")
_ENGLISH_WEEKDAY = re.compile(
    r"\b(?:(next|this)(?: week)? )?(?:(mon)(?:day)?|(tue)(?:s|sday)?|(wed)(?:nesday)?"
    r"|(thu)(?:rs?|rsday)?|(fri)(?:day)?|(sat)(?:urday)?|(sun)(?:day)?)\b"
)
_WEEKS_AHEAD = {"下下": 2, "下": 1, "next": 1, "本": 0, "这": 0, "this": 0}
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec"
_MONTH = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_ISO_DATE = re.compile(r"(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
_DATE = re.compile(r"(?<![\d/])(?:(\d{4}) ?[年/] ?)?(\d{1,2}) ?[月/] ?(\d{1,2})(?!\d) ?[日号]?")
_MONTH_FIRST = re.compile(rf"\b{_MONTH} (\d{{1,2}})(?:st|nd|rd|th)?\b(?!:)(?:,? (\d{{4}})\b)?")
_DAY_FIRST = re.compile(rf"\b(\d{{1,2}})(?:st|nd|rd|th)? (?:of )?{_MONTH}(?: (\d{{4}})\b)?")
_DAY_OF_MONTH = re.compile(r"(?<!\d)(\d{1,2})[号日](?!楼)")


def _relative(found: re.Match[str], today: date) -> _Day:
    word = next(group for group in found.groups() if group is not None)
    return _Day(today + _OFFSETS[word] * _DAY)


def _days_ahead(found: re.Match[str], today: date) -> _Day:
    return _Day(today + int(found[1] or found[2]) * _DAY)


def _chinese_weekday(found: re.Match[str], today: date) -> _Day:
    return _weekday(found[1], "123456日".index(found[2].replace("天", "日")), today)


def _english_weekday(found: re.Match[str], today: date) -> _Day:
    number = next(n for n in range(7) if found[n + 2])
    return _weekday(found[1], number, today)


def _weekday(which: str | None, number: int, today: date) -> _Day:
    if which is None:
        return _Day(today + (number - today.weekday()) % 7 * _DAY, again_after=_WEEK)
    monday = today - today.weekday() * _DAY
    return _Day(monday + _WEEKS_AHEAD[which] * _WEEK + number * _DAY)


def _numeric_date(found: re.Match[str], today: date) -> _Day | None:
    return _dated(found[1], int(found[2]), int(found[3]), today)


def _month_first(found: re.Match[str], today: date) -> _Day | None:
    return _dated(found[3], _month_number(found[1]), int(found[2]), today)


def _day_first(found: re.Match[str], today: date) -> _Day | None:
    return _dated(found[3], _month_number(found[2]), int(found[1]), today)


def _month_number(name: str) -> int:
    return _MONTHS.split().index(name[:3]) + 1


def _dated(year: str | None, month: int, day: int, today: date) -> _Day | None:
    """The date, without a year the nearest one; None where the calendar has no such day."""
    for candidate in (int(year),) if year else (today.year, today.year + 1):
        try:
            named = date(candidate, month, day)
        except ValueError:
            continue
        if candidate in _YEARS and (year or today - named <= _HALF_YEAR):
            return _Day(named)
    return None


def _day_of_month(found: re.Match[str], today: date) -> _Day | None:
    """The next day with this number, today included."""
    return next(
        (_Day(day) for n in range(62) if (day := today + n * _DAY).day == int(found[1])), None
    )


_DAY_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date], _Day | None]], ...] = (
    (_ISO_DATE, _numeric_date),
    (_DATE, _numeric_date),
    (_MONTH_FIRST, _month_first),
    (_DAY_FIRST, _day_first),
    (_CHINESE_WEEKDAY, _chinese_weekday),
    (_ENGLISH_WEEKDAY, _english_weekday),
    (_DAYS_AHEAD, _days_ahead),
    (_RELATIVE, _relative),
    (_DAY_OF_MONTH, _day_of_month),
)


def _named_day(words: str, today: date) -> tuple[_Day | None, str]:
    """The day the words name, and the words left for the time: none when no such day exists."""
    for form, read in _DAY_FORMS:
        if found := form.search(words):
            day = read(found, today)
            return day, f"{words[: found.start()]} {words[found.end() :]}" if day else ""
    return None, words


# Together --------------------------------------------------------------------------------------

_CHINESE_LENGTHS = (
    (r"(\d{1,2})(?:个半(?:小时|钟头)|(?:小时|钟头)半)", 60, 30),
    (r"(\d{1,2})个?(?:小时|钟头)", 60, 0),
    (r"(半)个?(?:小时|钟头)", 30, 0),
    (r"(\d{1,3})分钟?", 1, 0),
)
_ENGLISH_LENGTHS = (
    (r"(half) an hour", 30, 0),
    (r"(\d{1,2}|an?) h(?:ou)?rs?", 60, 0),
    (r"(\d{1,3}|a) min(?:ute)?s?", 1, 0),
)
_Length = tuple[re.Pattern[str], int, int]


def _lengths(chinese: str, english: str) -> tuple[_Length, ...]:
    """The ways to say a length of time from now, each set into the words of its language."""
    sayings = ((chinese, _CHINESE_LENGTHS), (english, _ENGLISH_LENGTHS))
    return tuple(
        (re.compile(around.format(length)), minutes, more)
        for around, lengths in sayings
        for length, minutes, more in lengths
    )


_AFTER = _lengths("{}(?:以|之)?后", r"\bin {}\b")
_AGO = _lengths("{}(?:以|之)?前", r"\b{} ago\b")


def _after_a_while(words: str, now: datetime) -> datetime | None:
    """``in 2 hours``, 半小时后: counted from now, to the minute."""
    length = _length(words, _AFTER)
    return (now + length).replace(second=0, microsecond=0) if length else None


def _a_lengthago(words: str, now: datetime) -> datetime | None:
    """``2 hours ago``, 半小时前: counted back from now, to the minute."""
    length = _length(words, _AGO)
    return (now - length).replace(second=0, microsecond=0) if length else None


def _length(words: str, ways: tuple[_Length, ...]) -> timedelta | None:
    for form, minutes, more in ways:
        if found := form.search(words):
            count = int(found[1]) if found[1].isdigit() else 1
            return timedelta(minutes=count * minutes + more) if count else None
    return None


def _day_and_clocks(words: str, today: date) -> tuple[_Day | None, tuple[timedelta, ...]]:
    """The day the words name, and the times of day they may mean."""
    named, rest = _named_day(words, today)
    return named, _clocks(f"{rest.strip()}:00" if named and _HOUR_ALONE.fullmatch(rest) else rest)


def _future(named: _Day, clock: timedelta, now: datetime, zone: ZoneInfo) -> datetime | Past:
    at = _at(named.day, clock, zone)
    if at <= now and named.again_after:
        at = _at(named.day + named.again_after, clock, zone)
    return at if at > now else Past(named.day)


def _backwards(named: _Day, clock: timedelta, zone: ZoneInfo) -> Iterator[datetime]:
    """The time on that day, and where the day comes again, on the one before it."""
    yield _at(named.day, clock, zone)
    if named.again_after:
        yield _at(named.day - named.again_after, clock, zone)


def _at(day: date, clock: timedelta, zone: ZoneInfo) -> datetime:
    days, since_midnight = divmod(clock, _DAY)
    hour, minute = divmod(since_midnight // timedelta(minutes=1), 60)
    return instant(day + days * _DAY, time(hour, minute), zone)


def _normalised(text: str) -> str:
    """Half-width, lower case, one space between words, numerals as digits, times as 9:30."""
    plain = re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text).lower().replace("’", "'"))
    # A space after the weekday keeps the numeral that follows it apart: 周一十点.
    plain = re.sub(r"((?:周|星期|礼拜)[一二三四五六日天])", r"\1 ", plain)
    plain = with_digits(plain)
    for form, colon in _CLOCK_FORMS:
        plain = form.sub(colon, plain)
    return plain
