"""The year is lived on telephones of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from random import Random

import pytest

from schedules.timetable import TIMETABLE, Job
from services.visits import quarterly, samples
from tests.conftest import fresh_town
from tests.town import FakeClock
from tests.year.exchange import Exchange


@pytest.fixture
def telephones(clock: FakeClock) -> Exchange:
    """What everybody has in their hand."""
    return Exchange(clock)


@pytest.fixture
def new_seed(seed: int) -> Callable[[], str]:
    """Each draw of the year has dice of its own."""
    dice = Random(f"{seed}:lots")
    return partial(_seed, dice)


def _seed(dice: Random) -> str:
    return dice.randbytes(16).hex()


@pytest.fixture
def timetable() -> tuple[Job, ...]:
    """What plans return visits: every day's other reminders are two thirds of a year's work."""
    return tuple(job for job in TIMETABLE if job.what in (samples.plan, quarterly.plan))


@pytest.fixture
def town_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A town on SQLite: what a year asks of a database, the conversations ask on both."""
    with fresh_town(request, "sqlite", tmp_path) as url:
        yield url
