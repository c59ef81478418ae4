"""When a home is asked, reminded and called (§3.6): what holds at any time, in any zone."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from services.rules.hours import quiet_until
from services.rules.questionnaires import (
    LAST_CALLS,
    call_at,
    leaves_time,
    may_ask_at,
    reminder_at,
)
from services.rules.standard import Standard

STANDARD = Standard()
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
GAP = timedelta(days=30)
moments = st.integers(0, 366 * 24 * 60).map(lambda n: datetime(2026, 1, 1, tzinfo=UTC) + n * MINUTE)
spans = st.integers(0, 90 * 24 * 60).map(lambda n: n * MINUTE)
zones = st.sampled_from(
    [ZoneInfo(name) for name in ("Asia/Shanghai", "Europe/Berlin", "Australia/Lord_Howe")]
)


def is_quiet(at: datetime, zone: ZoneInfo) -> bool:
    return quiet_until(at, STANDARD.quiet_hours, zone) > at


@given(moments, spans, zones)
def test_3_6_no_home_is_asked_in_quiet_hours_or_twice_in_30_days(
    now: datetime, ago: timedelta, zone: ZoneInfo
) -> None:
    last = now - ago
    at = may_ask_at(now, last, STANDARD, zone)
    assert at >= now
    assert at - last >= GAP
    assert not is_quiet(at, zone)
    # Not a minute later than it must be.
    assert at == now or at - MINUTE < max(now, last + GAP) or is_quiet(at - MINUTE, zone)


@given(moments, zones)
def test_3_6_a_home_never_asked_waits_for_quiet_hours_alone(now: datetime, zone: ZoneInfo) -> None:
    assert may_ask_at(now, None, STANDARD, zone) == quiet_until(now, STANDARD.quiet_hours, zone)


@given(moments, spans, zones)
def test_3_6_the_reminder_comes_after_a_day_outside_of_quiet_hours_and_within_the_visits_time(
    asked: datetime, left: timedelta, zone: ZoneInfo
) -> None:
    at = reminder_at(asked, STANDARD, zone)
    assert DAY <= at - asked < 2 * DAY
    assert not is_quiet(at, zone)
    assert leaves_time(asked, asked + left, STANDARD, zone) == (at < asked + left)


@given(moments, spans)
def test_3_6_a_person_calls_a_day_after_the_reminder_and_while_there_is_time(
    reminded: datetime, left: timedelta
) -> None:
    due = reminded + left
    at = call_at(reminded, due, STANDARD)
    assert reminded <= at <= reminded + DAY
    assert at <= due
    assert at == reminded or due - at >= LAST_CALLS
    assert at == reminded + DAY or due - at <= LAST_CALLS
