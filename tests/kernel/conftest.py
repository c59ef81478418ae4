"""What the tests of the kernel share: the log, kept instead of printed, and a bot for trial."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from structlog.typing import EventDict

from bot.photos import PhotoStore
from bot.wording import Wording
from storage.database import Database
from tests.conversation import Actor, Town
from tests.kernel.trial import Done, build_town, wording
from tests.town import FakeClock


@pytest.fixture(autouse=True)
def logged() -> Iterator[list[EventDict]]:
    """What was logged."""
    with structlog.testing.capture_logs() as entries:
        yield entries


@pytest.fixture(scope="session")
def words(tmp_path_factory: pytest.TempPathFactory) -> Wording:
    """The real words, and those of the trial bot."""
    return wording(tmp_path_factory.mktemp("words") / "locales")


@pytest.fixture
def done() -> Done:
    """What the trial's forms came to."""
    return Done()


@pytest.fixture
def trial(database: Database, clock: FakeClock, words: Wording, tmp_path: Path, done: Done) -> Town:
    """The trial bot on the town's database; who is not of the town is a stranger."""
    photos = PhotoStore(tmp_path / "photos", max_bytes=1_000_000)
    return build_town(database, clock, words, photos, done)


@pytest.fixture
def guest(trial: Town) -> Actor:
    """Somebody unknown to the town, with a telephone, speaking Chinese."""
    return trial.actor("guest")
