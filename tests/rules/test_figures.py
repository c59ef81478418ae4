"""The arithmetic of the figures: shares in integers, months of a centre's calendar, rework."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.rules.figures import (
    Figure,
    Outcome,
    Period,
    Target,
    counted,
    month_of,
    reworks,
    timely,
)
from services.rules.response_times import Verdict

SHANGHAI = ZoneInfo("Asia/Shanghai")
ZONES = st.sampled_from([ZoneInfo(name) for name in ("Asia/Shanghai", "Europe/Paris", "UTC")])

AT_LEAST_95 = Target(95)
AT_MOST_1 = Target(1, at_most=True)

targets = st.builds(Target, st.integers(0, 100), st.booleans())
totals = st.integers(0, 5000)
figures = st.builds(Figure, st.integers(0, 5000), totals, st.integers(0, 50), st.none() | targets)
days = st.dates(date(2000, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize(
    ("hits", "total", "met"),
    [(95, 100, True), (94, 99, False), (94, 100, False), (19, 20, True), (0, 0, None)],
)
def test_reading_22_shares_are_compared_in_integers(
    hits: int, total: int, met: bool | None
) -> None:
    assert Figure(hits, total, target=AT_LEAST_95).meets() is met


@pytest.mark.parametrize(
    ("hits", "total", "met"),
    [(1, 100, True), (1, 99, False), (2, 200, True), (2, 199, False), (0, 5, True), (1, 0, None)],
)
def test_5_2_2_rework_is_at_most_one_percent(hits: int, total: int, met: bool | None) -> None:
    assert Figure(hits, total, target=AT_MOST_1).meets() is met


def test_reading_22_an_empty_denominator_is_no_hundred_percent() -> None:
    assert Figure(target=Target(0)).tenths() is None
    assert Figure(waived=3, target=Target(100)).meets() is None
    assert Figure(5, 5).meets() is None  # nothing was asked


@given(figures)
def test_reading_22_what_is_shown_meets_the_target_exactly_where_the_share_does(
    figure: Figure,
) -> None:
    tenths = figure.tenths()
    if figure.target is None or tenths is None:
        assert figure.meets() is None
    elif figure.target.at_most:
        assert figure.meets() == (tenths <= 10 * figure.target.percent)
    else:
        assert figure.meets() == (tenths >= 10 * figure.target.percent)


@given(figures, figures, figures)
def test_3_8_centres_are_added_up_in_any_order(a: Figure, b: Figure, c: Figure) -> None:
    together = a + b + c
    assert (together.hits, together.total) == (
        a.hits + b.hits + c.hits,
        a.total + b.total + c.total,
    )
    assert (a + (b + c)) == together
    assert (c + b + a).against(a.target) == together


def test_3_8_sums_are_no_averages() -> None:
    small, large = Figure(0, 1, target=AT_LEAST_95), Figure(99, 99)
    assert (small + large).meets() is True  # the average of 0 % and 100 % would be 50 %


# What counts


M, MISSED, WAIVED, NOT = Verdict.MET, Verdict.MISSED, Verdict.WAIVED, Verdict.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("verdict", "also", "cancelled", "outcome"),
    [
        (M, None, False, Outcome.HIT),
        (MISSED, None, False, Outcome.MISS),
        (WAIVED, None, False, Outcome.WAIVED),
        (NOT, None, False, None),
        (M, M, False, Outcome.HIT),
        (M, MISSED, False, Outcome.MISS),
        (WAIVED, MISSED, False, Outcome.MISS),
        (M, WAIVED, False, Outcome.HIT),
        (M, NOT, False, Outcome.HIT),
        (NOT, MISSED, False, None),
        (M, None, True, None),
        (WAIVED, None, True, None),
        (MISSED, None, True, Outcome.MISS),
        (Verdict.PENDING, None, False, None),
    ],
)
def test_reading_25_timely_is_both_rules_met(
    verdict: Verdict, also: Verdict | None, cancelled: bool, outcome: Outcome | None
) -> None:
    assert timely(verdict, also, cancelled=cancelled) is outcome


def test_3_8_waived_counts_as_neither_and_is_kept() -> None:
    assert counted(Outcome.WAIVED, 2) == Figure(waived=2)
    assert counted(Outcome.HIT, 2) + counted(Outcome.MISS) == Figure(hits=2, total=3)


# Periods


def test_a_month_is_the_centre_s_own() -> None:
    november = month_of(date(2026, 11, 24))
    assert (november.first, november.until) == (date(2026, 11, 1), date(2026, 12, 1))
    since, until = november.bounds(SHANGHAI)
    assert since == datetime(2026, 10, 31, 16, tzinfo=UTC)
    assert until == datetime(2026, 11, 30, 16, tzinfo=UTC)


@given(days, st.integers(-30, 30), ZONES)
def test_months_follow_each_other_without_a_gap(day: date, later: int, zone: ZoneInfo) -> None:
    month = month_of(day)
    assert month.first <= day < month.until
    one, following = month_of(day, later), month_of(day, later + 1)
    assert one.until == following.first
    assert one.bounds(zone)[1] == following.bounds(zone)[0]


@given(st.lists(days, min_size=3, max_size=3, unique=True), ZONES)
def test_two_periods_side_by_side_make_one(three: list[date], zone: ZoneInfo) -> None:
    parts = [Period(*pair).bounds(zone) for pair in pairwise(sorted(three))]
    whole = Period(min(three), max(three)).bounds(zone)
    assert (parts[0][0], parts[0][1], parts[1][1]) == (whole[0], parts[1][0], whole[1])


def test_a_period_does_not_end_before_it_begins() -> None:
    with pytest.raises(ValueError, match="after it begins"):
        Period(date(2026, 11, 2), date(2026, 11, 2))


# Rework


@dataclass(frozen=True)
class Repair:
    """A repair, as the rule sees it."""

    order_id: int
    room_id: int
    fault: str
    at: datetime


DONE = datetime(2026, 11, 1, 2, 0, tzinfo=UTC)  # 10:00 in Shanghai
FIRST = Repair(1, 7, "item", DONE)


def _again(at: datetime, *, room: int = 7, fault: str = "item") -> dict[int, int]:
    return reworks([Repair(2, room, fault, at)], [FIRST], 30, SHANGHAI)


@pytest.mark.parametrize(
    ("local", "is_rework"),
    [
        (datetime(2026, 11, 1, 10, 0, tzinfo=SHANGHAI), True),  # at once
        (datetime(2026, 11, 1, 9, 59, tzinfo=SHANGHAI), False),  # before it was done
        (datetime(2026, 12, 1, 23, 59, 59, tzinfo=SHANGHAI), True),  # the end of day 30
        (datetime(2026, 12, 2, 0, 0, tzinfo=SHANGHAI), False),  # day 31
    ],
)
def test_3_8_rework_counts_until_the_end_of_day_30(local: datetime, is_rework: bool) -> None:
    assert _again(local) == ({2: 1} if is_rework else {})


def test_3_8_rework_is_the_same_room_and_the_same_fault() -> None:
    soon = DONE + timedelta(days=3)
    assert _again(soon) == {2: 1}
    assert _again(soon, room=8) == {}
    assert _again(soon, fault="burst_pipe") == {}


repairs = st.builds(
    Repair,
    st.integers(1, 30),
    st.integers(1, 3),
    st.sampled_from(["item", "burst_pipe"]),
    st.integers(0, 90).map(lambda day: DONE + timedelta(days=day)),
)


@given(st.lists(repairs), st.lists(repairs), st.integers(1, 60), ZONES)
def test_3_8_every_rework_has_an_earlier_repair_of_its_own_kind(
    reports: list[Repair], completed: list[Repair], within: int, zone: ZoneInfo
) -> None:
    found = reworks(reports, completed, within, zone)
    alike = {
        report.order_id
        for report in reports
        for done in completed
        if (report.room_id, report.fault) == (done.room_id, done.fault)
        and report.order_id != done.order_id
        and timedelta(0) <= report.at - done.at
        and report.at.astimezone(zone).date()
        <= done.at.astimezone(zone).date() + timedelta(days=within)
    }
    assert set(found) == alike
