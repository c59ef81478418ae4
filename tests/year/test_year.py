"""A year of return visits and cases through the real dispatcher, relay, sweep and timetable."""

from __future__ import annotations

import os
from datetime import date

import pytest

from tests.conversation import Town
from tests.year import proof
from tests.year.exchange import Exchange
from tests.year.year import AFTER, MONTHS, live_through

LIVE = ("case-owner", "visiting-confirm")
"""What is said of their own case, and what is asked while somebody stands at their door."""

LAST_QUARTER = date(2027, 10, 1)
"""It is not over when the year ends."""

YEARS = int(os.environ.get("DOORSTEP_SOAK", "1"))


@pytest.mark.parametrize("seed", range(YEARS))
async def test_5_4_a_year_of_return_visits(town: Town, telephones: Exchange, seed: int) -> None:
    left = await live_through(town, telephones, seed)
    books = left.books
    assert [*proof.quotas(books, AFTER)] == []
    assert [*proof.draws(books)] == []
    assert [*proof.quiet(books, left.pressed, LIVE)] == []
    assert [*proof.rests(books)] == []
    assert [*proof.visitors(books)] == []
    assert [*proof.followed_up(books)] == []
    assert [*proof.repeated(books)] == []
    assert [*proof.quarterly(books, LAST_QUARTER)] == []
    assert proof.missed(books) == set()
    assert len(books.samples) >= MONTHS
