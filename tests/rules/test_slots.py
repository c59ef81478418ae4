"""Slots are offered where somebody can do the whole job, and never twice."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import combinations, pairwise, product
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.rules.shifts import parse_shift
from services.rules.slots import (
    Availability,
    NoisyHours,
    Slot,
    Unassigned,
    free_starts,
    is_free,
    who_is_free,
    with_buffer,
)
from services.rules.spans import Span, common, merged, without
from services.rules.standard import Standard
from services.rules.workdays import PLAIN_WEEKS
from tests.rules.festive import FESTIVE

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOISY = NoisyHours(Standard().noisy_hours, PLAIN_WEEKS)
DAY = date(2025, 11, 19)  # a Wednesday
MINUTE = timedelta(minutes=1)


def at(clock: str, day: int = 19) -> datetime:
    return datetime.fromisoformat(f"2025-11-{day}T{clock}").replace(tzinfo=SHANGHAI).astimezone(UTC)


def span(start: str, end: str, day: int = 19) -> Span:
    return Span(at(start, day), at(end, day))


def starts(
    availability: Sequence[Availability],
    *,
    minutes: int = 60,
    now: datetime | None = None,
    noisy: bool = False,
    unassigned: Sequence[Unassigned] = (),
    lead: timedelta = 60 * MINUTE,
) -> list[str]:
    slots = free_starts(
        availability,
        minutes=minutes,
        noisy=NOISY if noisy else None,
        unassigned=unassigned,
        now=now or at("00:00"),
        lead=lead,
        grid=30 * MINUTE,
        horizon_days=7,
        zone=SHANGHAI,
    )
    return [f"{slot.start.astimezone(SHANGHAI):%d %H:%M}" for slot in slots]


def test_3_12_slots_lie_on_the_grid_and_hold_the_whole_job() -> None:
    wang = Availability(1, (span("08:10", "10:30"),))
    assert starts([wang]) == ["19 08:30", "19 09:00", "19 09:30"]


def test_3_12_a_job_may_run_over_shifts_that_touch() -> None:
    touching = Availability(1, (span("08:00", "09:00"), span("09:00", "10:00")))
    apart = Availability(1, (span("08:00", "09:00"), span("09:01", "10:00")))
    assert starts([touching], minutes=120) == ["19 08:00"]
    assert starts([apart], minutes=120) == []


def test_3_12_travel_time_is_kept_free_around_a_job() -> None:
    busy = with_buffer(span("10:00", "11:00"), 15 * MINUTE)
    wang = Availability(1, (span("08:00", "13:00"),), (busy,))
    assert starts([wang], minutes=45) == [
        "19 08:00",
        "19 08:30",
        "19 09:00",
        "19 11:30",
        "19 12:00",
    ]


def test_3_12_lead_time_and_horizon_bound_the_choice() -> None:
    shift = parse_shift("09:00-11:00")
    days = [DAY + timedelta(days=n) for n in range(-1, 12)]
    wang = Availability(
        1, tuple(s for day in days for s in shift.windows(day, SHANGHAI, PLAIN_WEEKS))
    )
    offered = starts([wang], now=at("08:31"))
    assert offered[:2] == ["19 10:00", "20 09:00"]
    assert offered[-1] == "26 10:00"
    assert starts([wang], lead=timedelta(days=9)) == []


def test_3_12_noisy_work_is_offered_on_weekdays_in_its_hours_only() -> None:
    friday, saturday = 21, 22
    wang = Availability(1, (span("08:00", "19:00", friday), span("08:00", "19:00", saturday)))
    offered = starts([wang], minutes=60, noisy=True)
    assert (offered[0], offered[-1]) == ("21 08:30", "21 17:00")
    assert not {"21 11:30", "21 12:00", "21 13:30", "22 09:00"} & set(offered)


def test_3_12_noisy_work_is_done_neither_on_a_holiday_nor_on_a_moved_workday() -> None:
    noisy = NoisyHours(Standard().noisy_hours, FESTIVE)
    october = [date(2026, 10, day) for day in range(1, 15)]
    spans = noisy.on(october, SHANGHAI)
    loud = sorted({one.start.astimezone(SHANGHAI).day for one in spans})
    assert loud == [8, 9, 12, 13, 14]


def test_3_12_slots_name_who_is_free() -> None:
    wang = Availability(1, (span("08:00", "10:00"),))
    li = Availability(2, (span("09:00", "11:00"),))
    slots = free_starts(
        [wang, li],
        minutes=60,
        now=at("00:00"),
        lead=0 * MINUTE,
        grid=60 * MINUTE,
        horizon_days=1,
        zone=SHANGHAI,
    )
    assert slots == (
        Slot(at("08:00"), (1,)),
        Slot(at("09:00"), (1, 2)),
        Slot(at("10:00"), (2,)),
    )


def test_3_12_an_unassigned_job_keeps_a_technician() -> None:
    both = [Availability(1, (span("08:00", "10:00"),)), Availability(2, (span("08:00", "10:00"),))]
    anyone = Unassigned(span("08:00", "10:00"), frozenset({1, 2}))
    only_wang = Unassigned(span("08:00", "10:00"), frozenset({1}))
    nobody = Unassigned(span("08:00", "10:00"), frozenset())

    def free(*unassigned: Unassigned) -> tuple[int, ...]:
        return who_is_free(both, at("08:30"), minutes=60, unassigned=unassigned, zone=SHANGHAI)

    assert free() == (1, 2)
    assert free(nobody) == (1, 2)
    assert free(anyone) == (1, 2)
    assert free(only_wang) == (2,)
    assert free(anyone, anyone) == ()
    assert free(anyone, only_wang) == ()


def test_3_12_a_rival_of_a_rival_counts_too() -> None:
    # The second job needs 1, so the first needs 2, so nobody is left for the slot.
    only_li = [Availability(2, (span("08:00", "09:00"),))]
    first = Unassigned(span("08:30", "10:00"), frozenset({1, 2}))
    second = Unassigned(span("09:30", "11:00"), frozenset({1}))
    assert starts(only_li, unassigned=[first, second]) == []


def test_5_2_2_is_free_keeps_its_own_buffer() -> None:
    wang = Availability(1, (span("08:00", "12:00"),), (span("10:00", "11:00"),))
    assert is_free(wang, at("09:00"), 60)
    assert not is_free(wang, at("09:00"), 60, buffer=15 * MINUTE)
    assert is_free(wang, at("08:45"), 60, buffer=15 * MINUTE)
    assert is_free(wang, at("11:00"), 60)
    assert not is_free(wang, at("11:30"), 60)


# Properties over one day cut into half-hours.

MIDNIGHT = at("00:00")


def half_hours(pair: tuple[int, int]) -> Span:
    start, length = pair
    return Span(MIDNIGHT + start * 30 * MINUTE, MIDNIGHT + (start + length) * 30 * MINUTE)


spans = st.tuples(st.integers(0, 40), st.integers(1, 12)).map(half_hours)
teams = st.lists(
    st.tuples(st.lists(spans, max_size=3), st.lists(spans, max_size=2)), min_size=1, max_size=3
).map(
    lambda rows: [
        Availability(number, tuple(working), tuple(busy))
        for number, (working, busy) in enumerate(rows)
    ]
)
open_jobs = st.lists(
    st.builds(Unassigned, spans, st.frozensets(st.integers(0, 2), max_size=3)), max_size=4
)


@given(teams, open_jobs, st.sampled_from([30, 60, 150]), st.booleans())
def test_3_12_the_list_and_the_single_question_agree(
    team: list[Availability], jobs: list[Unassigned], minutes: int, noisy: bool
) -> None:
    windows = NOISY if noisy else None
    offered = free_starts(
        team,
        minutes=minutes,
        noisy=windows,
        unassigned=jobs,
        now=MIDNIGHT,
        lead=0 * MINUTE,
        grid=30 * MINUTE,
        horizon_days=2,
        zone=SHANGHAI,
    )
    asked = [
        Slot(start, free)
        for n in range(3 * 48)
        if (start := MIDNIGHT + n * 30 * MINUTE)
        and (
            free := who_is_free(
                team,
                start,
                minutes=minutes,
                noisy=windows,
                unassigned=jobs,
                zone=SHANGHAI,
            )
        )
    ]
    assert list(offered) == asked


def everyone_is_served(jobs: Sequence[tuple[Span, frozenset[int]]]) -> bool:
    """By trying everything: each job gets a technician, none of them two jobs at a time."""
    return any(
        all(
            one != other or not jobs[a][0].overlaps(jobs[b][0])
            for (a, one), (b, other) in combinations(enumerate(choice), 2)
        )
        for choice in product(*(able for _, able in jobs))
    )


@settings(max_examples=200)
@given(teams, open_jobs)
def test_3_12_capacity_is_never_promised_twice(
    team: list[Availability], jobs: list[Unassigned]
) -> None:
    promised = [(job.span, job.technicians) for job in jobs if job.technicians]
    if not everyone_is_served(promised):
        return
    offered = free_starts(
        team,
        minutes=60,
        unassigned=jobs,
        now=MIDNIGHT,
        lead=0 * MINUTE,
        grid=30 * MINUTE,
        horizon_days=1,
        zone=SHANGHAI,
    )
    for slot in offered:
        job = Span(slot.start, slot.start + 60 * MINUTE)
        for technician in slot.technicians:
            assert everyone_is_served([*promised, (job, frozenset({technician}))])


# The arithmetic of spans.

span_lists = st.lists(spans, max_size=5)


def instants(spans: Sequence[Span]) -> set[int]:
    return {n for n in range(60) if any(one.contains(MIDNIGHT + n * 30 * MINUTE) for one in spans)}


@given(span_lists, span_lists)
def test_spans_are_sets_of_instants(ones: list[Span], others: list[Span]) -> None:
    assert instants(merged(ones)) == instants(ones)
    assert instants(without(ones, others)) == instants(ones) - instants(others)
    assert instants(common(ones, others)) == instants(ones) & instants(others)


@given(span_lists, span_lists)
def test_spans_come_in_order_and_apart(ones: list[Span], others: list[Span]) -> None:
    for result in (merged(ones), without(ones, others)):
        assert all(one.end <= other.start for one, other in pairwise(result))


@pytest.mark.parametrize("minutes", [0, -5])
def test_a_span_lasts(minutes: int) -> None:
    with pytest.raises(ValueError, match="ends after it starts"):
        Span(MIDNIGHT, MIDNIGHT + minutes * MINUTE)
