"""When people are reminded: on the eve of a visit, shortly before it, and as their day begins."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from services.rules.hours import alert_time, instant, quiet_span, quiet_until
from services.rules.standard import Standard

LEAST_NOTICE = timedelta(minutes=5)
"""A reminder held back by the quiet hours is worth sending if it comes so long before the visit."""

JUST_TOLD = timedelta(hours=2)
"""What was agreed so shortly before the evening's reminder needs no reminding of."""

USEFUL_FOR = timedelta(hours=1)
"""A list for the beginning of a day that comes later than this is of no use any more."""

_MINUTE = timedelta(minutes=1)
_DAY = timedelta(days=1)


def near_reminder(appointed_at: datetime, standard: Standard, zone: ZoneInfo) -> datetime | None:
    """When a household is reminded shortly before a visit, outside of quiet hours (§3.5, §3.6).

    ``appointment_reminder`` ahead where that is permitted; else when the quiet time is over, where
    that leaves five minutes; else in the last permitted minute before it began. None where that
    minute lies on an earlier day: the evening's reminder has said it.
    """
    at = appointed_at - standard.appointment_reminder
    quiet = quiet_span(at, standard.quiet_hours, zone)
    if quiet is None:
        return at
    if quiet.end <= appointed_at - LEAST_NOTICE:
        return quiet.end
    before = quiet.start - _MINUTE
    return before if _day(before, zone) == _day(appointed_at, zone) else None


def evening_reminder(day: date, standard: Standard, zone: ZoneInfo) -> datetime:
    """When households hear of the visits of a local day: the evening before (§3.5).

    Where that is a quiet time, at its end, which may be in the morning of the day itself.
    """
    return quiet_until(_evening_before(day, standard, zone), standard.quiet_hours, zone)


def day_reminded_of(at: datetime, standard: Standard, zone: ZoneInfo) -> date:
    """The local day whose visits an evening's reminder is about, were it sent at this moment.

    From the evening on that is tomorrow; what had to wait for the morning is about today.
    """
    local = at.astimezone(zone)
    is_evening = local.time() >= standard.evening_reminder_at
    return local.date() + _DAY if is_evening else local.date()


def was_just_agreed(agreed_at: datetime, day: date, standard: Standard, zone: ZoneInfo) -> bool:
    """Whether a visit on this day was agreed too lately for the evening's reminder to repeat it."""
    return agreed_at > _evening_before(day, standard, zone) - JUST_TOLD


def todo_reminder(day: date, standard: Standard, zone: ZoneInfo) -> datetime:
    """When those who work at the desk on a local day hear of what is open (§3.6)."""
    at = instant(day, standard.todo_reminder_at, zone)
    return alert_time(at, standard.staff_alert_hours, zone)


def jobs_reminder(
    shift_start: datetime, shift_end: datetime, standard: Standard, zone: ZoneInfo
) -> datetime | None:
    """When a technician hears of the jobs of a shift: as it starts, within alert hours (§3.5).

    None where the shift is over before these begin.
    """
    at = alert_time(shift_start, standard.staff_alert_hours, zone)
    return at if at < shift_end else None


def _evening_before(day: date, standard: Standard, zone: ZoneInfo) -> datetime:
    return instant(day - _DAY, standard.evening_reminder_at, zone)


def _day(at: datetime, zone: ZoneInfo) -> date:
    return at.astimezone(zone).date()
