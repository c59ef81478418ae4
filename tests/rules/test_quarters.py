"""Quarters and the visits of agreements (§5.4.4, reading 20): boundary days, and every term."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.rules.quarters import (
    Term,
    is_active,
    last_day,
    next_quarter,
    quarter_of,
    visit_in,
)

DAY = timedelta(days=1)
LATE = 14
days = st.dates(date(2024, 1, 1), date(2029, 12, 31))
terms = st.builds(
    lambda signed, wait, length: Term(signed, signed + wait * DAY, signed + (wait + length) * DAY),
    days,
    st.integers(-40, 120),
    st.integers(0, 800),
)


def day(text: str) -> date:
    return date.fromisoformat(text)


def term(signed: str, starts: str, last: str) -> Term:
    return Term(day(signed), day(starts), day(last))


def quarters_around(one: Term) -> list[date]:
    """Each quarter from well before the agreement until well after it."""
    found = [quarter_of(min(one.signed_on, one.starts_on) - 200 * DAY)]
    while found[-1] <= max(one.last_on, one.signed_on) + 200 * DAY:
        found.append(next_quarter(found[-1]))
    return found


@pytest.mark.parametrize(
    ("of", "first", "last"),
    [
        ("2026-01-01", "2026-01-01", "2026-03-31"),
        ("2026-03-31", "2026-01-01", "2026-03-31"),
        ("2026-04-01", "2026-04-01", "2026-06-30"),
        ("2028-02-29", "2028-01-01", "2028-03-31"),
        ("2026-11-24", "2026-10-01", "2026-12-31"),
        ("2026-12-31", "2026-10-01", "2026-12-31"),
    ],
)
def test_quarters_begin_and_end_with_the_calendars(of: str, first: str, last: str) -> None:
    assert (quarter_of(day(of)), last_day(quarter_of(day(of)))) == (day(first), day(last))


@given(days)
def test_each_day_lies_in_its_quarter_and_quarters_touch(one: date) -> None:
    quarter = quarter_of(one)
    assert quarter <= one <= last_day(quarter)
    assert next_quarter(quarter) == last_day(quarter) + DAY == quarter_of(last_day(quarter) + DAY)


@pytest.mark.parametrize(
    ("signed", "starts", "quarter", "due"),
    [
        ("2026-12-17", "2026-12-17", "2026-10-01", "2026-12-31"),  # fifteen days are left
        ("2026-12-18", "2026-12-18", "2026-10-01", None),  # the first of the last fourteen
        ("2026-12-31", "2026-12-31", "2026-10-01", None),
        ("2026-12-31", "2026-12-31", "2027-01-01", "2027-03-31"),
        ("2026-09-30", "2026-09-30", "2026-10-01", "2026-12-31"),
        ("2026-12-01", "2027-01-01", "2026-10-01", None),  # it does not hold yet
        ("2026-12-01", "2027-01-01", "2027-01-01", "2027-03-31"),
        ("2026-12-05", "2026-08-01", "2026-07-01", None),  # nothing was signed then
    ],
)
def test_reading_20_boundary_days(signed: str, starts: str, quarter: str, due: str | None) -> None:
    found = visit_in(term(signed, starts, "2028-01-31"), day(quarter), LATE)
    assert (found.until if found else None) == (day(due) if due else None)


@pytest.mark.parametrize(
    ("signed", "starts", "flagged"),
    [
        ("2026-12-18", "2026-12-18", True),
        ("2026-12-17", "2026-12-17", False),
        ("2026-12-18", "2027-01-01", False),  # there was no visit to put off
        ("2027-01-01", "2027-01-01", False),
    ],
)
def test_reading_20_a_visit_put_off_is_flagged(signed: str, starts: str, flagged: bool) -> None:
    found = visit_in(term(signed, starts, "2028-01-31"), day("2027-01-01"), LATE)
    assert found is not None
    assert found.late_signed is flagged


@pytest.mark.parametrize(
    ("last", "until"),
    [("2026-10-01", "2026-10-01"), ("2026-12-31", "2026-12-31"), ("2027-02-03", "2026-12-31")],
)
def test_5_4_4_it_is_due_with_the_agreement_where_that_ends_first(last: str, until: str) -> None:
    found = visit_in(term("2026-01-05", "2026-01-05", last), day("2026-10-01"), LATE)
    assert found is not None
    assert found.until == day(until)


@given(terms, st.integers(0, 60))
def test_5_4_4_every_active_quarter_has_one_visit_and_no_other_has_any(
    one: Term, late_days: int
) -> None:
    for quarter in quarters_around(one):
        of_quarter = [quarter + n * DAY for n in range((last_day(quarter) - quarter).days + 1)]
        holds = any(max(one.starts_on, one.signed_on) <= each <= one.last_on for each in of_quarter)
        signed_late = late_days > 0 and one.signed_on in of_quarter[-late_days:]
        found = visit_in(one, quarter, late_days)
        assert (found is not None) == (holds and not signed_late)
        assert is_active(one, quarter) is holds
        if found is not None:
            assert found.until == max(each for each in of_quarter if each <= one.last_on)


@given(terms, st.integers(0, 60))
def test_reading_20_only_the_first_visit_is_flagged(one: Term, late_days: int) -> None:
    found = [visit_in(one, quarter, late_days) for quarter in quarters_around(one)]
    made = [visit for visit in found if visit is not None]
    assert not any(visit.late_signed for visit in made[1:])
    if late_days == 0:
        assert not any(visit.late_signed for visit in made)
