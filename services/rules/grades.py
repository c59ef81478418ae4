"""Grades of nonconformity and what each demands: correction, plan, verification (§5.1.3, §3.4)."""

from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from services.rules.hours import instant
from services.rules.standard import Recipient
from services.rules.workdays import Workdays

SERIOUS_LOSS_FEN = 1000_00
"""A loss above this is serious (§3.4)."""

SERIOUS_REDO = timedelta(hours=24)
"""Redoing the work for longer than this is serious (§3.4)."""

PLAN_DAYS = 3
"""Working days for the corrective plan (§3.4)."""

_DAY = timedelta(days=1)


class Grade(StrEnum):
    """How grave a case is (§3.4)."""

    MINOR = "minor"
    GENERAL = "general"
    SERIOUS = "serious"


class CaseSource(StrEnum):
    """What opened a case (§3.4)."""

    INTERNAL_SLIP = "internal_slip"
    DISSATISFIED = "dissatisfied"
    LATE_ARRIVAL = "late_arrival"
    MISSED_DEADLINE = "missed_deadline"
    MISSED_EMERGENCY_LIMIT = "missed_emergency_limit"
    REWORK = "rework"
    LOSS = "loss"
    INJURY = "injury"
    SOILING = "soiling"
    DAMAGE = "damage"


VERIFIERS: dict[Grade, tuple[Recipient, ...]] = {
    Grade.MINOR: (Recipient.SUPERVISOR, Recipient.HEAD, Recipient.BUSINESS),
    Grade.GENERAL: (Recipient.SUPERVISOR, Recipient.HEAD, Recipient.BUSINESS),
    Grade.SERIOUS: (Recipient.BUSINESS,),
}
"""Who says whether what was done helped (§3.4); never anybody who had a hand in it."""

_SERIOUS_SOURCES = frozenset({CaseSource.INJURY, CaseSource.MISSED_EMERGENCY_LIMIT})


def grade_of(
    source: CaseSource,
    *,
    earlier_dissatisfied: bool = False,
    loss_fen: int = 0,
    redo: timedelta = timedelta(0),
) -> Grade:
    """The grade a case opens with (§3.4); only a slip the owner did not feel is ever minor.

    ``earlier_dissatisfied``: the same job already had a dissatisfied answer. ``loss_fen``: the
    loss known so far. ``redo``: how long doing the work again takes.
    """
    second_answer = source is CaseSource.DISSATISFIED and earlier_dissatisfied
    grave = loss_fen > SERIOUS_LOSS_FEN or redo > SERIOUS_REDO
    if source in _SERIOUS_SOURCES or second_answer or grave:
        return Grade.SERIOUS
    return Grade.MINOR if source is CaseSource.INTERNAL_SLIP else Grade.GENERAL


def one_higher(grade: Grade) -> Grade:
    """The grade after a failed verification (§3.4); serious stays serious."""
    return Grade.GENERAL if grade is Grade.MINOR else Grade.SERIOUS


def correct_by(grade: Grade, opened_at: datetime, zone: ZoneInfo) -> datetime:
    """When the correction is due (§3.4): the end of the local day, 24 hours, or 72 hours."""
    match grade:
        case Grade.MINOR:
            return _end_of_day(opened_at, zone)
        case Grade.GENERAL:
            return opened_at + timedelta(hours=24)
        case Grade.SERIOUS:
            return opened_at + timedelta(hours=72)


def verify_by(grade: Grade, opened_at: datetime, zone: ZoneInfo) -> datetime:
    """When the verification is due (§3.4): the same local day, else 7 days after opening."""
    return _end_of_day(opened_at, zone) if grade is Grade.MINOR else opened_at + 7 * _DAY


def heads_told_by(grade: Grade, opened_at: datetime) -> datetime | None:
    """When head and business department must know of a serious case (§3.4); None for others."""
    return opened_at + timedelta(hours=2) if grade is Grade.SERIOUS else None


def needs_corrective_action(grade: Grade, of_this_type_this_month: int) -> bool:
    """Whether the cause must be removed, not only the fault (§3.4).

    ``of_this_type_this_month`` counts the cases of one type in the calendar month, this included.
    """
    return grade is Grade.SERIOUS or (grade is Grade.GENERAL and of_this_type_this_month >= 2)


def plan_by(opened_at: datetime, zone: ZoneInfo, calendar: Workdays) -> datetime:
    """When the corrective plan is due (§3.4): the end of the third working day after opening."""
    day = opened_at.astimezone(zone).date()
    left = PLAN_DAYS
    while left:
        day += _DAY
        left -= calendar.kind(day).is_worked
    return instant(day + _DAY, time.min, zone)


def _end_of_day(at: datetime, zone: ZoneInfo) -> datetime:
    return instant(at.astimezone(zone).date() + _DAY, time.min, zone)
