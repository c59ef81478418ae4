"""When people are reminded (§3.5, §3.6): the rule's table, and what holds for every visit."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.rules.hours import DayWindow, quiet_until
from services.rules.reminders import (
    LEAST_NOTICE,
    day_reminded_of,
    evening_reminder,
    jobs_reminder,
    near_reminder,
    todo_reminder,
    was_just_agreed,
)
from services.rules.standard import Standard

SHANGHAI = ZoneInfo("Asia/Shanghai")
STANDARD = Standard()
MINUTE = timedelta(minutes=1)
minutes = st.integers(0, 366 * 24 * 60).map(lambda n: datetime(2026, 1, 1, tzinfo=UTC) + n * MINUTE)
zones = st.sampled_from(
    [SHANGHAI, ZoneInfo("America/New_York"), ZoneInfo("Australia/Lord_Howe"), ZoneInfo("UTC")]
)
windows = st.builds(
    DayWindow,
    st.times().map(lambda t: t.replace(microsecond=0, second=0)),
    st.times().map(lambda t: t.replace(microsecond=0, second=0)),
)


def local(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime.fromisoformat(f"2026-11-{text}").replace(tzinfo=zone)


def told(at: datetime | None) -> str | None:
    return None if at is None else f"{at.astimezone(SHANGHAI):%dT%H:%M}"


@pytest.mark.parametrize(
    ("visit", "reminded"),
    [
        ("15:00", "14:30"),
        ("12:29", "11:59"),  # half an hour before is the last permitted minute
        ("12:30", "11:59"),
        ("13:30", "11:59"),
        ("14:00", "11:59"),
        ("14:04", "11:59"),  # four minutes are too short a notice
        ("14:05", "14:00"),
        ("14:15", "14:00"),
        ("14:30", "14:00"),
        ("14:31", "14:01"),
        ("20:59", "20:29"),
        ("21:00", "20:29"),
        ("23:00", "20:29"),
        ("00:30", None),  # the last permitted minute lies on the day before
        ("08:00", None),
        ("09:00", None),
        ("09:04", None),
        ("09:05", "09:00"),
        ("09:30", "09:00"),
    ],
)
def test_3_6_half_an_hour_before_outside_of_quiet_hours(visit: str, reminded: str | None) -> None:
    at = near_reminder(local(f"25T{visit}"), STANDARD, SHANGHAI)
    assert told(at) == (reminded and f"25T{reminded}")


@given(minutes, zones)
def test_3_6_never_in_quiet_hours_never_after_the_visit_never_on_another_day(
    visit: datetime, zone: ZoneInfo
) -> None:
    at = near_reminder(visit, STANDARD, zone)
    if at is not None:
        assert quiet_until(at, STANDARD.quiet_hours, zone) == at
        assert at <= visit - LEAST_NOTICE
        assert at.astimezone(zone).date() == visit.astimezone(zone).date()


@given(minutes, windows, windows, st.integers(0, 240), zones)
def test_3_6_whatever_a_centre_calls_quiet(
    visit: datetime, one: DayWindow, other: DayWindow, ahead: int, zone: ZoneInfo
) -> None:
    if len(one.minutes() | other.minutes()) == 24 * 60:
        return
    overrides = {"quiet_hours": (one, other), "appointment_reminder": ahead * MINUTE}
    standard = STANDARD.with_overrides(overrides)
    at = near_reminder(visit, standard, zone)
    if at is not None:
        assert quiet_until(at, standard.quiet_hours, zone) == at
        assert at <= visit
    else:
        assert quiet_until(visit - ahead * MINUTE, standard.quiet_hours, zone) > visit - MINUTE * (
            ahead
        )


def test_3_5_the_evening_before_is_seven_o_clock() -> None:
    assert told(evening_reminder(local("25T00:00").date(), STANDARD, SHANGHAI)) == "24T19:00"


def test_3_6_a_quiet_evening_waits_for_the_morning() -> None:
    late = STANDARD.with_overrides({"evening_reminder_at": time(21, 0)})
    assert told(evening_reminder(local("25T00:00").date(), late, SHANGHAI)) == "25T09:00"


@given(st.dates(datetime(2026, 1, 2).date(), datetime(2026, 12, 30).date()), st.times(), zones)  # noqa: DTZ001 - days only
def test_3_5_an_evening_s_reminder_knows_its_day(
    day: datetime, clock: time, zone: ZoneInfo
) -> None:
    standard = STANDARD.with_overrides({"evening_reminder_at": clock.replace(fold=0)})
    assert day_reminded_of(evening_reminder(day, standard, zone), standard, zone) == day


@pytest.mark.parametrize(
    ("agreed", "left_out"),
    [("24T10:00", False), ("24T17:00", False), ("24T17:01", True), ("25T08:00", True)],
)
def test_3_5_what_was_agreed_after_five_is_not_repeated_at_seven(
    agreed: str, left_out: bool
) -> None:
    day = local("25T00:00").date()
    assert was_just_agreed(local(agreed), day, STANDARD, SHANGHAI) is left_out


@pytest.mark.parametrize(
    ("start", "end", "reminded"),
    [
        ("25T09:00", "25T18:00", "25T09:00"),
        ("25T08:00", "25T16:00", "25T08:30"),  # staff are not written to before half past eight
        ("25T00:00", "26T00:00", "25T08:30"),
        ("25T16:00", "26T00:00", "25T16:00"),
        ("25T00:00", "25T08:00", None),
        ("25T22:00", "26T06:00", None),
    ],
)
def test_3_5_the_day_s_jobs_as_the_shift_starts_within_alert_hours(
    start: str, end: str, reminded: str | None
) -> None:
    assert told(jobs_reminder(local(start), local(end), STANDARD, SHANGHAI)) == reminded


def test_3_6_the_desk_at_nine() -> None:
    assert told(todo_reminder(local("25T00:00").date(), STANDARD, SHANGHAI)) == "25T09:00"
