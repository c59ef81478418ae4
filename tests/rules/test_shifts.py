"""Roster text becomes working hours, and working hours become roster text."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.rules.hours import DayWindow
from services.rules.shifts import Shift, next_change, parse_shift, together, working_times
from services.rules.spans import Span
from services.rules.workdays import PLAIN_WEEKS
from tests.rules.festive import FESTIVE

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
WEDNESDAY = date(2025, 11, 19)
THURSDAY = WEDNESDAY + DAY
MONDAY = date(2026, 9, 28)
"""The week in which the holiday lies."""


def at(day: date, hour: int) -> datetime:
    """So many hours after the day's midnight in Shanghai."""
    return datetime.combine(day, time.min, SHANGHAI).astimezone(UTC) + hour * HOUR


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("早班", "08:00-16:00"),
        ("early", "08:00-16:00"),
        ("中班", "16:00-24:00"),
        ("Late", "16:00-24:00"),
        ("夜班", "00:00-08:00"),
        ("白班", "08:30-17:30"),
        ("行政班", "08:30-17:30"),
        ("day", "08:30-17:30"),
        ("客服班", "08:30-22:00"),
        ("desk", "08:30-22:00"),
        ("全天", "00:00-24:00"),
        ("24小时", "00:00-24:00"),
        ("all", "00:00-24:00"),
        ("8:00-16:00", "08:00-16:00"),
        ("０８：００－１６：００", "08:00-16:00"),
        ("22:00-06:00", "22:00-06:00"),
        ("早班、中班", "08:00-16:00,16:00-24:00"),
        ("14:00-18:00,08:00-12:00", "08:00-12:00,14:00-18:00"),
        ("周一至周五 08:30-17:30", "Mon-Fri 08:30-17:30"),
        ("周一到周五08:30-17:30", "Mon-Fri 08:30-17:30"),
        ("工作日 白班", "weekdays 08:30-17:30"),
        ("周末、周五 早班", "Fri,weekend 08:00-16:00"),
        ("周末,工作日 早班", "weekdays,weekend 08:00-16:00"),
        ("每天,工作日 早班", "Mon-Sun,weekdays 08:00-16:00"),
        ("周一,周三 早班", "Mon,Wed 08:00-16:00"),
        ("周一三五 早班", "Mon,Wed,Fri 08:00-16:00"),
        ("星期六、星期天 全天", "Sat,Sun 00:00-24:00"),
        ("Mon-Fri 09:00-18:00", "Mon-Fri 09:00-18:00"),
        ("monday - wednesday, Sat 09:00 - 18:00", "Mon-Wed,Sat 09:00-18:00"),
        ("Sat-Mon night", "Mon,Sat,Sun 00:00-08:00"),
        ("每天 早班", "08:00-16:00"),
    ],
)
def test_3_10_shifts_are_read_as_rosters_write_them(text: str, plain: str) -> None:
    assert str(parse_shift(text)) == plain


@pytest.mark.parametrize(
    "text",
    [
        "",
        "休息",
        "周一",
        "08:00",
        "8-16",
        "早班 周一",
        "早班 工作日",
        "周八 早班",
        "Mon-Foo 早班",
        "25:00-26:00",
    ],
)
def test_3_10_unclear_shifts_are_refused_with_a_reason(text: str) -> None:
    with pytest.raises(ValueError, match=r"not a shift|no working hours|before the hours"):
        parse_shift(text)


shifts = st.builds(
    lambda ends, days, by_calendar: Shift(
        tuple(
            sorted(
                {DayWindow(time(a // 60, a % 60), time(b // 60, b % 60)) for a, b in ends}, key=str
            )
        ),
        frozenset(days),
        frozenset(by_calendar) if days else frozenset(by_calendar or {"weekdays"}),
    ),
    st.lists(st.tuples(st.integers(0, 1439), st.integers(0, 1439)), min_size=1, max_size=3),
    st.sets(st.integers(0, 6)),
    st.sets(st.sampled_from(["weekdays", "weekend"])),
)


@given(shifts)
def test_3_10_every_shift_survives_being_written_down(shift: Shift) -> None:
    assert parse_shift(str(shift)) == shift
    assert parse_shift(shift.hours_text()) == Shift(shift.hours)


def test_3_10_night_hours_belong_to_the_day_they_start_on() -> None:
    shift = parse_shift("周三 22:00-06:00")
    (span,) = shift.windows(WEDNESDAY, SHANGHAI, PLAIN_WEEKS)
    assert span == Span(at(WEDNESDAY, 22), at(THURSDAY, 6))
    assert shift.windows(THURSDAY, SHANGHAI, PLAIN_WEEKS) == ()


def test_3_10_shifts_that_touch_are_one_working_time() -> None:
    assert len(parse_shift("早班,中班").windows(WEDNESDAY, SHANGHAI, PLAIN_WEEKS)) == 1


# By the calendar


@pytest.mark.parametrize(
    ("text", "days"),
    [
        # Thursday 1 October is a holiday; Saturday 10 October is worked in its place.
        ("工作日 白班", {8, 9, 10, 12, 13, 14}),
        ("周末 白班", {1, 2, 3, 4, 5, 6, 7, 11}),
        ("周一至周五 白班", {1, 2, 5, 6, 7, 8, 9, 12, 13, 14}),
        ("工作日,周日 白班", {4, 8, 9, 10, 11, 12, 13, 14}),
        ("白班", set(range(1, 15))),
    ],
)
def test_3_10_workday_shifts_follow_the_calendar_and_weekdays_do_not(
    text: str, days: set[int]
) -> None:
    shift = parse_shift(text)
    october = [date(2026, 10, n) for n in range(1, 15)]
    assert {day.day for day in october if shift.is_on(day, FESTIVE)} == days


@given(st.dates(date(2026, 1, 1), date(2026, 12, 31)))
def test_3_10_workdays_and_weekend_together_leave_no_day_out(day: date) -> None:
    both = [parse_shift(f"{days} 早班").is_on(day, FESTIVE) for days in ("工作日", "周末")]
    assert sum(both) == 1


# Days that differ


@pytest.mark.parametrize(
    ("other", "hours"),
    [
        (None, [(WEDNESDAY, 0, 6)]),
        ("08:00-12:00", [(WEDNESDAY, 0, 6), (WEDNESDAY, 8, 12)]),
        ("20:00-04:00", [(WEDNESDAY, 0, 6), (WEDNESDAY, 20, 24), (THURSDAY, 0, 4)]),
    ],
)
def test_3_10_a_day_off_takes_the_night_that_starts_on_it_and_leaves_the_one_before(
    other: str | None, hours: list[tuple[date, int, int]]
) -> None:
    night = parse_shift("22:00-06:00")
    others = {WEDNESDAY: parse_shift(other) if other else None}
    days = [WEDNESDAY - DAY, WEDNESDAY]
    worked = working_times(night, others, days, SHANGHAI, PLAIN_WEEKS)
    first, last = at(WEDNESDAY, 0), at(THURSDAY, 24)
    found = {h for h in range(48) if any(s.contains(first + h * HOUR) for s in worked)}
    wanted = {h + 24 * (day - WEDNESDAY).days for day, a, b in hours for h in range(a, b)}
    assert found == wanted
    assert all(span.end <= last for span in worked)


@given(
    shifts,
    st.dictionaries(st.integers(0, 6), st.one_of(st.none(), shifts), max_size=4),
    st.integers(0, 7 * 24 * 60),
)
def test_3_10_an_instant_is_worked_where_the_shift_of_the_day_it_began_on_says_so(
    usual: Shift, changed: dict[int, Shift | None], minute: int
) -> None:
    """By arithmetic: in a zone without clock changes a window is so many minutes from midnight."""
    days = [MONDAY + n * DAY for n in range(-1, 8)]
    others = {MONDAY + n * DAY: shift for n, shift in changed.items()}
    worked = working_times(usual, others, days, SHANGHAI, FESTIVE)

    def works(day: date) -> bool:
        shift = others.get(day, usual)
        if shift is None or not shift.is_on(day, FESTIVE):
            return False
        since = minute - (day - MONDAY).days * 24 * 60
        return any(_begins(one) <= since < _begins(one) + _lasts(one) for one in shift.hours)

    expected = any(works(day) for day in days)
    assert any(s.contains(at(MONDAY, 0) + minute * MINUTE) for s in worked) is expected


def _begins(window: DayWindow) -> int:
    return window.start.hour * 60 + window.start.minute


def _lasts(window: DayWindow) -> int:
    end = window.end.hour * 60 + window.end.minute
    return (end - _begins(window)) % (24 * 60) or 24 * 60


@pytest.mark.parametrize(
    ("day", "hours"),
    # Berlin's clocks go forward on 29 March 2026 at two, and back on 25 October at three.
    [(date(2026, 3, 28), 7), (date(2026, 10, 24), 9), (date(2026, 7, 1), 8)],
)
def test_3_10_a_night_in_which_the_clocks_change_is_an_hour_longer_or_shorter(
    day: date, hours: int
) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    others = {day: parse_shift("22:00-06:00")}
    (span,) = working_times(parse_shift("早班"), others, [day], berlin, PLAIN_WEEKS)
    assert span.end - span.start == hours * HOUR


@pytest.mark.parametrize(
    ("shift", "hour", "change"),
    [
        ("08:00-18:00", 7, 8),
        ("08:00-18:00", 8, 18),
        ("08:00-18:00", 17, 18),
        ("08:00-18:00", 18, 32),
        ("早班,中班", 10, 24),
        ("22:00-06:00", 23, 30),
    ],
)
def test_3_10_the_next_change_is_when_work_begins_or_ends(
    shift: str, hour: int, change: int
) -> None:
    days = [MONDAY + n * DAY for n in range(-1, 3)]
    worked = working_times(parse_shift(shift), {}, days, SHANGHAI, PLAIN_WEEKS)
    assert next_change(worked, at(MONDAY, hour)) == at(MONDAY, change)


def test_3_10_round_the_clock_nothing_changes() -> None:
    worked = working_times(parse_shift("全天"), {}, [MONDAY], SHANGHAI, PLAIN_WEEKS)
    assert next_change(worked, at(MONDAY, 24)) is None


def test_3_10_extra_hours_are_added_to_those_of_the_day() -> None:
    extra = parse_shift("18:00-22:00")
    assert str(together(parse_shift("周三 早班"), extra)) == "08:00-16:00,18:00-22:00"
    assert together(None, extra) == extra
