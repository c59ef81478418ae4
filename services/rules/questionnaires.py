"""When a household is asked in chat, reminded and called (§3.6): seldom, with time to answer."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from services.rules.hours import quiet_until
from services.rules.standard import Standard

LAST_CALLS = timedelta(hours=4)
"""So long before a visit must be made a person calls, though the household might still answer."""


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
