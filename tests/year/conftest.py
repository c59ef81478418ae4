"""The year is lived on telephones of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import fresh_town
from tests.town import FakeClock
from tests.year.exchange import Exchange


@pytest.fixture
def telephones(clock: FakeClock) -> Exchange:
    """What everybody has in their hand."""
    return Exchange(clock)


@pytest.fixture
def town_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A town on SQLite: what a year asks of a database, the conversations ask on both."""
    with fresh_town(request, "sqlite", tmp_path) as url:
        yield url
