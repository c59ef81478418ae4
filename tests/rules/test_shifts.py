"""Roster text becomes working hours, and working hours become roster text."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.rules.hours import DayWindow
from services.rules.shifts import Shift, parse_shift

SHANGHAI = ZoneInfo("Asia/Shanghai")
WEDNESDAY = date(2025, 11, 19)


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
        ("工作日 白班", "Mon-Fri 08:30-17:30"),
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
    ["", "休息", "周一", "08:00", "8-16", "早班 周一", "周八 早班", "Mon-Foo 早班", "25:00-26:00"],
)
def test_3_10_unclear_shifts_are_refused_with_a_reason(text: str) -> None:
    with pytest.raises(ValueError, match=r"not a shift|no working hours|before the hours"):
        parse_shift(text)


shifts = st.builds(
    lambda ends, days: Shift(
        tuple(
            sorted(
                {DayWindow(time(a // 60, a % 60), time(b // 60, b % 60)) for a, b in ends}, key=str
            )
        ),
        frozenset(days),
    ),
    st.lists(st.tuples(st.integers(0, 1439), st.integers(0, 1439)), min_size=1, max_size=3),
    st.sets(st.integers(0, 6), min_size=1),
)


@given(shifts)
def test_3_10_every_shift_survives_being_written_down(shift: Shift) -> None:
    assert parse_shift(str(shift)) == shift


@given(shifts, st.integers(0, 7 * 24 * 60))
def test_3_10_on_duty_exactly_when_some_window_contains_the_instant(
    shift: Shift, minutes: int
) -> None:
    at = datetime(2025, 11, 17, tzinfo=UTC) + timedelta(minutes=minutes)
    days = [date(2025, 11, 15) + timedelta(days=n) for n in range(12)]
    expected = any(span.contains(at) for day in days for span in shift.windows(day, SHANGHAI))
    assert shift.on_duty(at, SHANGHAI) is expected


def test_3_10_night_hours_belong_to_the_day_they_start_on() -> None:
    shift = parse_shift("周三 22:00-06:00")
    (span,) = shift.windows(WEDNESDAY, SHANGHAI)
    assert span.end - span.start == timedelta(hours=8)
    assert shift.windows(WEDNESDAY + timedelta(days=1), SHANGHAI) == ()
    assert shift.on_duty(datetime(2025, 11, 20, 5, 59, tzinfo=SHANGHAI), SHANGHAI)
    assert not shift.on_duty(datetime(2025, 11, 20, 6, 0, tzinfo=SHANGHAI), SHANGHAI)
    assert not shift.on_duty(datetime(2025, 11, 19, 5, 59, tzinfo=SHANGHAI), SHANGHAI)


def test_3_10_shifts_that_touch_are_one_working_time() -> None:
    assert len(parse_shift("早班,中班").windows(WEDNESDAY, SHANGHAI)) == 1
