"""When a household is asked in chat, reminded and called (§3.6): seldom, with time to answer."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from services.rules.hours import alert_time, quiet_until
from services.rules.standard import Standard

LAST_CALLS = timedelta(hours=4)
"""So long before a visit must be made a person calls, though the household might still answer."""

SPACING = timedelta(seconds=4)
"""Between the questionnaires of one centre: what is urgent at that hour never waits behind them."""

PLACES = 900
"""Over so many places, an hour, what could not go out at its time is spread."""

TOLD_EVERY = timedelta(minutes=5)
"""Whoever is named for several visits in so long hears of them once."""

LATE = timedelta(minutes=5)
"""Whatever goes out later than this has waited for a process, and others with it."""


def places(first_at: datetime, standard: Standard, zone: ZoneInfo) -> Iterator[datetime]:
    """When one home after the other is asked from an instant on; quiet hours are left out."""
    at = first_at
    while True:
        at = quiet_until(at, standard.quiet_hours, zone)
        yield at
        at += SPACING


def place_after(at: datetime, number: int) -> datetime:
    """When number so-and-so goes out of all that were put off until `at`, so that no crowd does."""
    return at + number % PLACES * SPACING


def is_late(due_at: datetime, now: datetime) -> bool:
    """Whether it has been kept waiting, so that a crowd may be behind it."""
    return now - due_at > LATE


def may_ask_at(
    now: datetime, last_asked: datetime | None, standard: Standard, zone: ZoneInfo
) -> datetime:
    """When a home may next get a questionnaire: outside of quiet hours, not soon after its last."""
    rested = now
    if last_asked is not None:
        rested = max(now, last_asked + timedelta(days=standard.questionnaire_gap_days))
    return quiet_until(rested, standard.quiet_hours, zone)


def reminder_at(asked_at: datetime, standard: Standard, zone: ZoneInfo) -> datetime:
    """When the one reminder is due, outside of quiet hours."""
    due = asked_at + standard.questionnaire_reminder_after
    return quiet_until(due, standard.quiet_hours, zone)


def leaves_time(asked_at: datetime, due_at: datetime, standard: Standard, zone: ZoneInfo) -> bool:
    """Whether whoever is asked then can be reminded before the visit must be made."""
    return reminder_at(asked_at, standard, zone) < due_at


def call_at(reminded_at: datetime, due_at: datetime, standard: Standard) -> datetime:
    """When a person calls: ``questionnaire_call_after`` the reminder, yet in time for the visit."""
    usual = reminded_at + standard.questionnaire_call_after
    return max(reminded_at, min(usual, due_at - LAST_CALLS))


def told_at(now: datetime, standard: Standard, zone: ZoneInfo) -> datetime:
    """When visitors hear of what they are named for now: with all else of these minutes (§3.5)."""
    whole = now - timedelta(seconds=now.timestamp() % TOLD_EVERY.total_seconds())
    return alert_time(whole + TOLD_EVERY, standard.staff_alert_hours, zone)
