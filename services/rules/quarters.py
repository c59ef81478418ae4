"""Calendar quarters, and in which of them an agreement is visited (§5.4.4, reading 20)."""

from dataclasses import dataclass
from datetime import date, timedelta

_DAY = timedelta(days=1)
_MONTHS = 3


@dataclass(frozen=True, slots=True)
class Term:
    """From when until when an agreement holds: local days of its centre, all included."""

    signed_on: date
    starts_on: date
    last_on: date

    @property
    def first_on(self) -> date:
        """The first day on which it holds: never one before it was signed."""
        return max(self.signed_on, self.starts_on)


@dataclass(frozen=True, slots=True)
class QuarterlyVisit:
    """The visit of one quarter (its first day): until which local day it is to be made.

    `late_signed`: there was none in the quarter before, in the last days of which it was signed.
    """

    quarter: date
    until: date
    late_signed: bool = False


def quarter_of(day: date) -> date:
    """The first day of the quarter in which the day lies."""
    return date(day.year, day.month - (day.month - 1) % _MONTHS, 1)


def next_quarter(quarter: date) -> date:
    """The first day of the quarter that follows."""
    return quarter_of(quarter + timedelta(days=31 * _MONTHS))


def last_day(quarter: date) -> date:
    """The quarter's last day."""
    return next_quarter(quarter) - _DAY


def is_active(term: Term, quarter: date) -> bool:
    """Whether the agreement holds on any day of the quarter."""
    return term.first_on <= min(term.last_on, last_day(quarter)) and term.last_on >= quarter


def is_signed_late(term: Term, quarter: date, late_days: int) -> bool:
    """Whether it was signed in the quarter's last days, so that its visits begin in the next."""
    left = last_day(quarter) - term.signed_on
    return term.signed_on >= quarter and timedelta(0) <= left < late_days * _DAY


def visit_in(term: Term, quarter: date, late_days: int) -> QuarterlyVisit | None:
    """The quarter's visit; None where the agreement is not active, or was signed too late in it.

    It is due with the quarter, or with the agreement where that ends before.
    """
    if not is_active(term, quarter) or is_signed_late(term, quarter, late_days):
        return None
    before = quarter_of(quarter - _DAY)
    put_off = is_active(term, before) and is_signed_late(term, before, late_days)
    return QuarterlyVisit(quarter, min(term.last_on, last_day(quarter)), put_off)
