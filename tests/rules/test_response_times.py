"""Due times and verdicts, to the second on both sides of every limit."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.rules.response_times import (
    DeadlineKind,
    Rule,
    Verdict,
    accept_plan,
    appointment_plan,
    arrival_window,
    dissatisfied_plan,
    emergency_plan,
    judge_arrival_window,
    judge_by,
    major_plan,
    minor_plan,
)
from services.rules.standard import Standard

SHANGHAI = ZoneInfo("Asia/Shanghai")
STANDARD = Standard()
NOON = datetime(2025, 11, 19, 12, tzinfo=SHANGHAI).astimezone(UTC)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)

gaps = st.timedeltas(timedelta(days=-3), timedelta(days=3))


@pytest.mark.parametrize("limit", [10, 30])
def test_5_2_7_emergency_plan_has_both_ladders_whole(limit: int) -> None:
    plan = emergency_plan(NOON, limit * MINUTE, STANDARD)
    assert [(due.kind, due.stage, due.at - NOON) for due in plan] == [
        (DeadlineKind.EMERGENCY_ACCEPT, 1, MINUTE),
        (DeadlineKind.EMERGENCY_ACCEPT, 2, 3 * MINUTE),
        (DeadlineKind.EMERGENCY_ACCEPT, 3, 5 * MINUTE),
        (DeadlineKind.EMERGENCY_ARRIVAL, 1, 0.7 * limit * MINUTE),
        (DeadlineKind.EMERGENCY_ARRIVAL, 2, limit * MINUTE),
    ]


@pytest.mark.parametrize(
    ("offered", "appointed", "counts_from"),
    [
        ("19T08:30", None, "19T08:30"),
        ("19T21:59", None, "19T21:59"),
        ("19T22:00", None, "20T08:30"),
        ("20T03:00", None, "20T08:30"),
        ("19T23:00", "20T10:00", "20T08:30"),
        ("19T23:00", "20T08:30", "19T23:00"),
        ("19T23:00", "20T07:00", "19T23:00"),
    ],
)
def test_3_5_ordinary_ladder_waits_for_the_morning_unless_the_job_is_nearer(
    offered: str, appointed: str | None, counts_from: str
) -> None:
    def local(text: str) -> datetime:
        return datetime.fromisoformat(f"2025-11-{text}").replace(tzinfo=SHANGHAI)

    plan = accept_plan(local(offered), STANDARD, SHANGHAI, local(appointed) if appointed else None)
    assert [due.at - local(counts_from) for due in plan] == [10 * MINUTE, 30 * MINUTE, 2 * HOUR]
    assert [due.stage for due in plan] == [1, 2, 3]


def test_5_2_2_appointment_plan_reminds_asks_and_finds_late() -> None:
    plan = appointment_plan(NOON, STANDARD)
    assert [due.at - NOON for due in plan] == [-30 * MINUTE, 0 * MINUTE, 2 * MINUTE]


def test_5_2_2_minor_repair_is_due_in_a_day() -> None:
    plan = minor_plan(NOON, None, STANDARD)
    assert [due.at - NOON for due in plan] == [18 * HOUR, 22 * HOUR, 24 * HOUR]
    assert not any(due.owner_deferred for due in plan)


@pytest.mark.parametrize("chosen", [2 * HOUR, 24 * HOUR])
def test_5_2_2_an_owner_who_chose_within_the_day_changes_nothing(chosen: timedelta) -> None:
    assert minor_plan(NOON, NOON + chosen, STANDARD) == minor_plan(NOON, None, STANDARD)


@given(st.timedeltas(24 * HOUR + SECOND, timedelta(days=30)))
def test_5_2_2_an_owner_who_chose_a_later_time_moves_the_limit_there(chosen: timedelta) -> None:
    plan = minor_plan(NOON, NOON + chosen, STANDARD)
    assert [due.at - (NOON + chosen) for due in plan] == [-6 * HOUR, -2 * HOUR, 0 * HOUR]
    assert all(due.owner_deferred for due in plan)


def test_5_2_2_major_issue_is_answered_in_three_days() -> None:
    plan = major_plan(NOON, STANDARD)
    assert [due.at - NOON for due in plan] == [48 * HOUR, 66 * HOUR, 72 * HOUR]


def test_5_1_3_dissatisfaction_climbs_from_its_second_step() -> None:
    plan = dissatisfied_plan(NOON, STANDARD)
    assert [(due.stage, due.at - NOON) for due in plan] == [(2, 2 * HOUR), (3, 24 * HOUR)]


@pytest.mark.parametrize(
    ("arrived", "consent", "verdict", "missed_by"),
    [
        (-5 * MINUTE - SECOND, False, Verdict.MISSED, SECOND),
        (-5 * MINUTE - SECOND, True, Verdict.WAIVED, None),
        (-5 * MINUTE, False, Verdict.MET, None),
        (0 * MINUTE, False, Verdict.MET, None),
        (2 * MINUTE, False, Verdict.MET, None),
        (2 * MINUTE + 0.9 * SECOND, False, Verdict.MET, None),
        (2 * MINUTE + SECOND, False, Verdict.MISSED, SECOND),
        (2 * MINUTE + SECOND, True, Verdict.MISSED, SECOND),
    ],
)
def test_5_2_2_arrival_is_punctual_from_five_early_to_two_late(
    arrived: timedelta, consent: bool, verdict: Verdict, missed_by: timedelta | None
) -> None:
    finding = judge_arrival_window(NOON, NOON + arrived, consent, STANDARD)
    assert (finding.verdict, finding.missed_by) == (verdict, missed_by)
    assert (finding.rule, finding.due_at) == (Rule.PUNCTUALITY, NOON)


@given(gaps, st.booleans())
def test_5_2_2_punctual_is_exactly_the_arrival_window(gap: timedelta, consent: bool) -> None:
    earliest, latest = arrival_window(NOON, STANDARD)
    arrived = (NOON + gap).replace(microsecond=0)
    finding = judge_arrival_window(NOON, arrived, consent, STANDARD)
    assert (finding.verdict is Verdict.MET) == (earliest <= arrived <= latest)
    assert (finding.missed_by is not None) == (finding.verdict is Verdict.MISSED)


@given(gaps, gaps)
def test_5_2_2_a_later_arrival_never_helps_once_it_is_late(
    one: timedelta, other: timedelta
) -> None:
    earlier, later = sorted((abs(one), abs(other)))
    first = judge_arrival_window(NOON, NOON + earlier, False, STANDARD)
    second = judge_arrival_window(NOON, NOON + later, False, STANDARD)
    assert (first.missed_by or timedelta(0)) <= (second.missed_by or timedelta(0))


@pytest.mark.parametrize(
    ("actual", "now", "verdict", "missed_by"),
    [
        (NOON, NOON + HOUR, Verdict.MET, None),
        (NOON - HOUR, NOON, Verdict.MET, None),
        (NOON + SECOND, NOON + HOUR, Verdict.MISSED, SECOND),
        (None, NOON, Verdict.PENDING, None),
        (None, NOON + SECOND, Verdict.MISSED, SECOND),
    ],
)
def test_5_2_7_exactly_on_the_limit_is_in_time(
    actual: datetime | None, now: datetime, verdict: Verdict, missed_by: timedelta | None
) -> None:
    finding = judge_by(Rule.EMERGENCY_ARRIVAL, NOON, actual, now)
    assert (finding.verdict, finding.missed_by) == (verdict, missed_by)


@given(gaps, gaps)
def test_5_2_7_a_verdict_is_monotone_in_the_delay(one: timedelta, other: timedelta) -> None:
    earlier, later = sorted((one, other))
    first = judge_by(Rule.MINOR_COMPLETION, NOON, NOON + earlier, NOON + later)
    second = judge_by(Rule.MINOR_COMPLETION, NOON, NOON + later, NOON + later)
    assert (first.missed_by or timedelta(0)) <= (second.missed_by or timedelta(0))


@given(gaps, gaps)
def test_5_2_2_an_open_promise_once_missed_stays_missed(one: timedelta, other: timedelta) -> None:
    earlier, later = sorted((one, other))
    missed = judge_by(Rule.MAJOR_RESPONSE, NOON, None, NOON + earlier).verdict is Verdict.MISSED
    still = judge_by(Rule.MAJOR_RESPONSE, NOON, None, NOON + later).verdict is Verdict.MISSED
    assert still or not missed
