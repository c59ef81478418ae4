"""How grave a case is, and by when it is corrected, verified and planned."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.rules.grades import (
    VERIFIERS,
    CaseSource,
    Grade,
    correct_by,
    grade_of,
    heads_told_by,
    needs_corrective_action,
    one_higher,
    plan_by,
    verify_by,
)
from services.rules.standard import Recipient
from services.rules.workdays import PLAIN_WEEKS
from tests.rules.festive import FESTIVE

SHANGHAI = ZoneInfo("Asia/Shanghai")
OPENED = datetime(2025, 11, 19, 15, tzinfo=SHANGHAI)
MIDNIGHT = datetime(2025, 11, 20, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("source", "grade"),
    [
        (CaseSource.INTERNAL_SLIP, Grade.MINOR),
        (CaseSource.DISSATISFIED, Grade.GENERAL),
        (CaseSource.LATE_ARRIVAL, Grade.GENERAL),
        (CaseSource.MISSED_DEADLINE, Grade.GENERAL),
        (CaseSource.REWORK, Grade.GENERAL),
        (CaseSource.LOSS, Grade.GENERAL),
        (CaseSource.INJURY, Grade.SERIOUS),
        (CaseSource.MISSED_EMERGENCY_LIMIT, Grade.SERIOUS),
    ],
)
def test_5_1_3_each_source_has_its_grade(source: CaseSource, grade: Grade) -> None:
    assert grade_of(source) is grade


def test_5_1_3_second_dissatisfied_answer_on_a_job_is_serious() -> None:
    assert grade_of(CaseSource.DISSATISFIED, earlier_dissatisfied=True) is Grade.SERIOUS
    assert grade_of(CaseSource.LATE_ARRIVAL, earlier_dissatisfied=True) is Grade.GENERAL


@pytest.mark.parametrize(
    ("loss_fen", "hours", "grade"),
    [
        (1000_00, 0, Grade.GENERAL),
        (1000_01, 0, Grade.SERIOUS),
        (0, 24, Grade.GENERAL),
        (0, 25, Grade.SERIOUS),
    ],
)
def test_5_1_3_great_loss_and_long_redo_are_serious(
    loss_fen: int, hours: int, grade: Grade
) -> None:
    redo = timedelta(hours=hours)
    assert grade_of(CaseSource.REWORK, loss_fen=loss_fen, redo=redo) is grade


@given(st.booleans(), st.integers(0, 10_000_00), st.timedeltas(timedelta(0), timedelta(days=9)))
def test_5_1_3_a_dissatisfied_answer_is_never_minor(
    earlier: bool, loss_fen: int, redo: timedelta
) -> None:
    grade = grade_of(
        CaseSource.DISSATISFIED, earlier_dissatisfied=earlier, loss_fen=loss_fen, redo=redo
    )
    assert grade is not Grade.MINOR


@pytest.mark.parametrize(
    ("grade", "corrected", "verified"),
    [
        (Grade.MINOR, MIDNIGHT, MIDNIGHT),
        (Grade.GENERAL, OPENED + timedelta(hours=24), OPENED + timedelta(days=7)),
        (Grade.SERIOUS, OPENED + timedelta(hours=72), OPENED + timedelta(days=7)),
    ],
)
def test_5_1_3_correction_and_verification_are_due_by_grade(
    grade: Grade, corrected: datetime, verified: datetime
) -> None:
    assert correct_by(grade, OPENED, SHANGHAI) == corrected
    assert verify_by(grade, OPENED, SHANGHAI) == verified


def test_5_1_3_heads_hear_of_a_serious_case_within_two_hours() -> None:
    assert heads_told_by(Grade.SERIOUS, OPENED) == OPENED + timedelta(hours=2)
    assert heads_told_by(Grade.GENERAL, OPENED) is None


@pytest.mark.parametrize(
    ("grade", "count", "needed"),
    [
        (Grade.MINOR, 9, False),
        (Grade.GENERAL, 1, False),
        (Grade.GENERAL, 2, True),
        (Grade.SERIOUS, 1, True),
    ],
)
def test_5_1_3_corrective_action_for_the_second_of_a_type_and_every_serious_case(
    grade: Grade, count: int, needed: bool
) -> None:
    assert needs_corrective_action(grade, count) is needed


@pytest.mark.parametrize(
    ("opened", "ends"),
    [("19", "25"), ("20", "26"), ("21", "27"), ("22", "27"), ("23", "27"), ("17", "21")],
)
def test_5_1_3_corrective_plan_takes_three_working_days(opened: str, ends: str) -> None:
    at = datetime.fromisoformat(f"2025-11-{opened}T15:00").replace(tzinfo=SHANGHAI)
    end = datetime.fromisoformat(f"2025-11-{ends}T00:00").replace(tzinfo=SHANGHAI)
    assert plan_by(at, SHANGHAI, PLAIN_WEEKS) == end


@pytest.mark.parametrize(
    ("opened", "ends"),
    # The holiday ends on the 7th, and Saturday the 10th is worked.
    [("2026-09-29", "2026-10-10"), ("2026-10-03", "2026-10-11"), ("2026-10-09", "2026-10-14")],
)
def test_5_1_3_corrective_plan_counts_working_days_by_the_calendar(opened: str, ends: str) -> None:
    at = datetime.fromisoformat(f"{opened}T15:00").replace(tzinfo=SHANGHAI)
    end = datetime.fromisoformat(f"{ends}T00:00").replace(tzinfo=SHANGHAI)
    assert plan_by(at, SHANGHAI, FESTIVE) == end


def test_5_1_3_failed_verification_raises_the_grade() -> None:
    assert [one_higher(grade) for grade in Grade] == [Grade.GENERAL, Grade.SERIOUS, Grade.SERIOUS]


def test_3_4_serious_cases_are_the_business_departments_to_verify() -> None:
    assert VERIFIERS[Grade.SERIOUS] == (Recipient.BUSINESS,)
    for grade in (Grade.MINOR, Grade.GENERAL):
        assert Recipient.SUPERVISOR in VERIFIERS[grade]
    everybody = {one for roles in VERIFIERS.values() for one in roles}
    assert everybody.isdisjoint({Recipient.TECHNICIAN, Recipient.CS, Recipient.CONTROL})
