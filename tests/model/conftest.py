"""The town the stories of the model begin in."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection

from tests.model.centre import opened


@pytest.fixture
def connection(sqlite_town: Path, tmp_path: Path) -> Iterator[Connection]:
    """The town on SQLite, for all the stories of a test."""
    path = tmp_path / "town.db"
    shutil.copy(sqlite_town, path)
    with opened(path) as connection:
        yield connection
