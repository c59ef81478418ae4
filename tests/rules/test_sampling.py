"""Whom a month's sample takes (§5.4.3, readings 1-6): how many, who, and that it is fair."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.rules.sampling import (
    RANKS,
    Household,
    Urn,
    draw,
    quotas,
    rank,
    replacement,
    required,
    share,
    stratum_of,
)
from services.rules.standard import Standard

BOUNDS, PERCENTS = Standard().sample_bounds, Standard().sample_percents
LINE = min(PERCENTS)
KINDS = ("housekeeping", "housekeeping+repair", "repair")


# How many


@pytest.mark.parametrize(
    ("households", "percent", "visits"),
    [
        (0, 30, 0),
        (1, 30, 1),
        (2, 30, 1),
        (3, 30, 1),
        (4, 30, 2),
        (99, 30, 30),
        (100, 30, 30),
        (101, 20, 21),
        (300, 20, 60),
        (301, 10, 31),
        (5000, 10, 500),
        (5001, 10, 501),
    ],
)
def test_readings_1_and_2_both_bands_name_the_bound_and_shares_are_rounded_up(
    households: int, percent: int, visits: int
) -> None:
    assert share(households, BOUNDS, PERCENTS) == percent
    assert required(households, percent) == visits


@given(st.integers(0, 10_000), st.integers(0, 100))
def test_reading_2_never_too_few_and_never_one_too_many(households: int, percent: int) -> None:
    visits = required(households, percent)
    assert 100 * visits >= households * percent > 100 * (visits - 1)


@given(st.lists(st.integers(0, 2000), min_size=1, max_size=3), st.integers(0, 100))
def test_reading_3_the_quotas_of_the_strata_are_enough_together(
    sizes: list[int], percent: int
) -> None:
    whole = required(sum(sizes), percent)
    assert sum(required(size, percent) for size in sizes) >= whole


def test_reading_3_kinds_of_service_in_one_home_are_one_stratum() -> None:
    assert stratum_of(["repair", "housekeeping", "repair"]) == "housekeeping+repair"
    assert stratum_of(["repair"]) == "repair"


def test_reading_6_a_rank_is_the_same_for_ever() -> None:
    assert rank("5f1c", 1201) == 0x16562168B40CE0A0
    assert rank("5f1c", 1202) != rank("5f1c", 1201) != rank("5f1d", 1201)


# Who


def street(sizes: Sequence[int]) -> list[Household]:
    """Homes by stratum, numbered through."""
    kinds = [kind for kind, size in zip(KINDS, sizes, strict=False) for _ in range(size)]
    return [Household(room, kind) for room, kind in enumerate(kinds, start=1)]


def final(served: Sequence[Household]) -> Urn:
    return Urn(tuple(served), LINE, share(len(served), BOUNDS, PERCENTS))


@pytest.mark.parametrize("households", [0, 1, 2, 99, 100, 101, 300, 301, 5000])
def test_5_4_3_every_size_of_month_gets_what_it_must(households: int) -> None:
    one_home, rest = min(1, households), max(0, households - 1)
    urn = final(street((one_home, 0, rest)))
    chosen = Counter(one.stratum for one in draw(urn, "seed", ()))
    assert chosen.total() >= required(households, urn.percent or 0)
    assert set(chosen) == {one.stratum for one in urn.served}
    # Below the line there are as many as chance has it; else nobody is drawn beyond the quota.
    below = sum(rank("seed", one.room_id) * 100 < LINE * RANKS for one in urn.served)
    assert chosen.total() <= max(quotas(urn).total(), below + 1)


@dataclass(frozen=True)
class Month:
    """Homes by the week in which they were served, and a seed."""

    seed: str
    weeks: tuple[tuple[Household, ...], ...]

    def until(self, week: int) -> tuple[Household, ...]:
        return tuple(one for served in self.weeks[: week + 1] for one in served)


@st.composite
def months(draw_one: st.DrawFn) -> Month:
    homes = draw_one(st.lists(st.tuples(st.integers(0, 4), st.sampled_from(KINDS)), max_size=150))
    weeks: list[list[Household]] = [[], [], [], [], []]
    for room, (week, kind) in enumerate(homes, start=1):
        weeks[week].append(Household(room, kind))
    return Month(draw_one(st.text(max_size=8)), tuple(map(tuple, weeks)))


def rooms(chosen: Sequence[Household]) -> set[int]:
    return {one.room_id for one in chosen}


@given(months(), st.permutations(range(5)), st.integers(0, 5))
def test_5_4_3_weekly_draws_change_nothing_about_who_is_drawn(
    month: Month, order: list[int], weekly: int
) -> None:
    drawn: set[int] = set()
    for week in islice(order, weekly):
        fresh = rooms(draw(Urn(month.until(week), LINE), month.seed, drawn))
        assert not fresh & drawn
        drawn |= fresh
    at_once = rooms(draw(final(month.until(4)), month.seed, ()))
    assert drawn | rooms(draw(final(month.until(4)), month.seed, drawn)) == at_once


@given(months(), st.data())
def test_reading_5_who_gives_no_answer_is_made_up_for_while_anybody_is_left(
    month: Month, data: st.DataObject
) -> None:
    """Whenever homes fall silent: before the final draw, and after it, replacements too."""
    mute = data.draw(st.sets(st.integers(1, 150)), label="mute")
    drawn: list[int] = []
    lost: list[int] = []

    def fall_silent(urn: Urn) -> None:
        for room in drawn:  # grows as it goes: who replaces may fall silent, too
            if room in mute and room not in lost:
                lost.append(room)
                kind = next(one.stratum for one in urn.served if one.room_id == room)
                if (found := replacement(urn, month.seed, kind, drawn)) is not None:
                    drawn.append(found.room_id)

    for week in range(4):
        urn = Urn(month.until(week), LINE)
        drawn += [one.room_id for one in draw(urn, month.seed, drawn)]
        fall_silent(urn)
    urn = replace(final(month.until(4)), unanswered=tuple(lost))
    drawn += [one.room_id for one in draw(urn, month.seed, drawn)]
    fall_silent(urn)
    assert len(drawn) == len(set(drawn))
    enough = required(len(urn.served), urn.percent or 0) + len(lost)
    assert len(drawn) >= min(enough, len(urn.served))
    strata = {one.room_id: one.stratum for one in urn.served}
    assert {strata[room] for room in drawn} == set(strata.values())


@given(months())
def test_reading_6_the_same_seed_and_list_in_any_order_draw_the_same(month: Month) -> None:
    urn = final(month.until(4))
    turned = replace(urn, served=urn.served[::-1])
    assert draw(urn, month.seed, ()) == draw(turned, month.seed, ())


def test_reading_3_a_home_counts_in_the_stratum_it_has_come_to() -> None:
    """Drawn for a repair, cleaned since: at the end it is the one home with both."""
    both = Household(1, "housekeeping+repair")
    urn = Urn((both, Household(2, "repair")), line=0, percent=30)
    assert rooms(draw(urn, "seed", {1})) == {2}
    assert rooms(draw(urn, "seed", {2})) == {1}


def test_reading_5_a_replacement_is_of_the_same_stratum_while_it_has_any() -> None:
    urn = Urn(tuple(street((2, 0, 30))), line=0)
    first = replacement(urn, "seed", "housekeeping", {1})
    assert first == urn.served[1]
    other = replacement(urn, "seed", "housekeeping", {1, 2})
    assert other is not None
    assert rank("seed", other.room_id) == min(rank("seed", room) for room in range(3, 33))
    assert replacement(urn, "seed", "repair", set(range(1, 33))) is None


# That it is fair

SEEDS = 800
Draws = Callable[[str], set[int]]


def unevenness(draws: Draws, homes: int) -> float:
    """How unevenly so many homes are drawn over many seeds, in standard deviations (chi-square).

    Each draw takes some number n of the N homes; how often each home was taken is compared with
    the sum of n/N. Of a fair draw the statistic has N - 1 degrees of freedom; it is brought to a
    normal scale by the cube root (Wilson and Hilferty).
    """
    taken, expected, variance = Counter[int](), 0.0, 0.0
    for number in range(SEEDS):
        chosen = draws(f"seed {number}")
        taken.update(chosen)
        part = len(chosen) / homes
        expected += part
        variance += part * (1 - part)
    off = sum((taken[room] - expected) ** 2 for room in range(1, homes + 1))
    freedom = homes - 1
    chi_square = off / variance * freedom / homes
    spread = 2 / (9 * freedom)
    return float(((chi_square / freedom) ** (1 / 3) - (1 - spread)) / sqrt(spread))


HOMES = tuple(Household(room, "repair") for room in range(1, 41))
PARTS = (HOMES[:4], HOMES[:12], HOMES[:29], HOMES)
"""The homes as they are served: few in the first week, and each week more."""


@pytest.mark.parametrize("percent", PERCENTS)
def test_5_4_3_when_a_home_was_served_says_nothing_about_whether_it_is_drawn(percent: int) -> None:
    def month(seed: str) -> set[int]:
        drawn: set[int] = set()
        for part in PARTS:
            drawn |= rooms(draw(Urn(part, LINE), seed, drawn))
        return drawn | rooms(draw(Urn(HOMES, LINE, percent), seed, drawn))

    assert abs(unevenness(month, len(HOMES))) < 3


def test_5_4_3_a_share_of_each_week_would_not_have_been_fair() -> None:
    """What the line is for, and that the test above can tell: a quota of whoever is there yet."""

    def month(seed: str) -> set[int]:
        drawn: set[int] = set()
        for part in PARTS:
            drawn |= rooms(draw(Urn(part, 0, 30), seed, drawn))
        return drawn

    assert unevenness(month, len(HOMES)) > 10
