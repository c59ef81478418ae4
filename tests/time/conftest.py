"""The town elsewhere: the same people, by the clock of Berlin, which is changed twice a year."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from storage.tables import centres
from tests.conversation import Town

BERLIN = "Europe/Berlin"


@pytest.fixture
async def berlin(town: Town) -> Town:
    """The town, its centres living by Berlin's clock."""
    await town.change(lambda one: one.execute(update(centres).values(zone=BERLIN)).rowcount)
    town.zone = BERLIN
    return town
