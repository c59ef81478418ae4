"""Fixtures: a centre in the test's own loop, and a centre with a browser in front of it."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientSession
from PIL import Image

from tests.sandbox.centre import Centre, open_centre
from tests.sandbox.hand import Hand


@pytest.fixture
async def centre(tmp_path: Path) -> AsyncIterator[Centre]:
    """A running sandbox with empty phones."""
    async with open_centre(tmp_path) as running:
        yield running


@pytest.fixture
async def hand(centre: Centre) -> AsyncIterator[Hand]:
    """Somebody who uses that sandbox over HTTP, as its page does."""
    async with ClientSession() as session:
        yield Hand(session, centre.url)


@pytest.fixture
def picture() -> bytes:
    """A small picture of a wall, in a format telephones send."""
    drawn = io.BytesIO()
    Image.new("RGB", (64, 48), (180, 120, 90)).save(drawn, "JPEG")
    return drawn.getvalue()
