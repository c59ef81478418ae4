"""When a home is asked, reminded and called (§3.6): what holds at any time, in any zone."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from services.rules.hours import quiet_until
from services.rules.questionnaires import (
    LAST_CALLS,
    PLACES,
    SPACING,
    call_at,
    leaves_time,
    may_ask_at,
    place_after,
    places,
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


@settings(max_examples=10)
@given(moments, zones)
def test_3_6_homes_are_asked_one_by_one_also_across_quiet_hours(
    first: datetime, zone: ZoneInfo
) -> None:
    """A draw of thousands takes longer than a morning: noon must not gather those behind it."""
    dues = list(islice(places(first, STANDARD, zone), 4000))
    assert dues[0] == quiet_until(first, STANDARD.quiet_hours, zone)
    for one, other in pairwise(dues):
        following = one + SPACING
        assert other == following or is_quiet(following, zone)
        assert other >= following
        assert not is_quiet(other, zone)


def test_3_6_of_5000_put_off_at_once_few_go_out_together() -> None:
    at, first = datetime(2026, 12, 1, 9, tzinfo=UTC), 1234
    dues = [place_after(at, number) for number in range(first, first + 5000)]
    assert min(dues) == at
    assert max(Counter(dues).values()) <= -(-5000 // PLACES)
    assert max(dues) - at < PLACES * SPACING


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
