"""Quiet hours and alert hours, over midnight and over clock changes."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.rules.hours import DayWindow, alert_time, quiet_until
from services.rules.standard import Standard

SHANGHAI = ZoneInfo("Asia/Shanghai")
NEW_YORK = ZoneInfo("America/New_York")
STANDARD = Standard()
instants = st.datetimes(
    min_value=datetime(2025, 1, 1),  # noqa: DTZ001 - Hypothesis adds the zone
    max_value=datetime(2027, 1, 1),  # noqa: DTZ001 - Hypothesis adds the zone
    timezones=st.just(UTC),
)
zones = st.sampled_from([SHANGHAI, NEW_YORK, ZoneInfo("Australia/Lord_Howe")])


def local(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("window", "clock", "inside"),
    [
        ("09:00-22:00", "09:00:00", True),
        ("09:00-22:00", "22:00:00", False),
        ("20:30-09:00", "23:59:59", True),
        ("20:30-09:00", "08:59:59", True),
        ("20:30-09:00", "09:00:00", False),
        ("16:00-24:00", "23:59:59", True),
        ("16:00-24:00", "00:00:00", False),
        ("00:00-24:00", "00:00:00", True),
    ],
)
def test_day_window_is_half_open_and_may_run_over_midnight(
    window: str, clock: str, inside: bool
) -> None:
    assert DayWindow.parse(window).includes(local(f"2025-11-19T{clock}")) is inside


@pytest.mark.parametrize("text", ["", "9-12", "25:00-26:00", "24:30-08:00", "09:00", "09:60-10:00"])
def test_day_window_refuses_what_it_cannot_read(text: str) -> None:
    with pytest.raises(ValueError):
        DayWindow.parse(text)


@pytest.mark.parametrize(
    ("at", "sent"),
    [
        ("2025-11-19T11:59:59", "2025-11-19T11:59:59"),
        ("2025-11-19T12:00:00", "2025-11-19T14:00:00"),
        ("2025-11-19T14:00:00", "2025-11-19T14:00:00"),
        ("2025-11-19T20:30:00", "2025-11-20T09:00:00"),
        ("2025-11-20T00:00:00", "2025-11-20T09:00:00"),
        ("2025-11-20T08:59:59", "2025-11-20T09:00:00"),
    ],
)
def test_3_6_messages_wait_for_the_end_of_quiet_hours(at: str, sent: str) -> None:
    assert quiet_until(local(at), STANDARD.quiet_hours, SHANGHAI) == local(sent)


@pytest.mark.parametrize(
    ("night", "hours"), [("2026-03-07T21:00:00", 11), ("2026-10-31T21:00:00", 13)]
)
def test_3_6_quiet_hours_end_by_the_wall_clock_when_it_changes(night: str, hours: int) -> None:
    at = local(night, NEW_YORK).astimezone(UTC)
    assert quiet_until(at, STANDARD.quiet_hours, NEW_YORK) - at == timedelta(hours=hours)


@given(instants, zones)
def test_3_6_what_waited_is_sent_once_and_never_earlier(at: datetime, zone: ZoneInfo) -> None:
    sent = quiet_until(at, STANDARD.quiet_hours, zone)
    assert sent >= at
    assert quiet_until(sent, STANDARD.quiet_hours, zone) == sent
    assert not any(window.includes(sent.astimezone(zone)) for window in STANDARD.quiet_hours)


def test_3_6_quiet_times_that_touch_are_one() -> None:
    quiet = [DayWindow.parse("20:00-24:00"), DayWindow.parse("00:00-08:00")]
    assert quiet_until(local("2025-11-19T21:00:00"), quiet, SHANGHAI) == local(
        "2025-11-20T08:00:00"
    )


@pytest.mark.parametrize(
    ("at", "told"),
    [
        ("2025-11-19T08:29:59", "2025-11-19T08:30:00"),
        ("2025-11-19T08:30:00", "2025-11-19T08:30:00"),
        ("2025-11-19T21:59:59", "2025-11-19T21:59:59"),
        ("2025-11-19T22:00:00", "2025-11-20T08:30:00"),
    ],
)
def test_3_5_ordinary_staff_alerts_wait_for_the_morning(at: str, told: str) -> None:
    assert alert_time(local(at), STANDARD.staff_alert_hours, SHANGHAI) == local(told)


def test_a_window_that_a_clock_change_swallows_does_not_exist() -> None:
    spring = datetime(2026, 3, 8, tzinfo=NEW_YORK).date()
    assert DayWindow.parse("02:30-03:00").on(spring, NEW_YORK) is None
