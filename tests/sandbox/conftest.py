"""Fixtures: a centre in the test's own loop, and a centre with a browser in front of it."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from aiohttp import ClientSession
from PIL import Image
from selenium.webdriver import Chrome

from tests.sandbox.browser import MISSING, SandboxPage, open_browser, set_size
from tests.sandbox.centre import Centre, CentreBesides, open_centre, open_centre_besides
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


@pytest.fixture(scope="package")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    """One Chromium for all page tests; every centre has a port, so a memory, of its own."""
    if MISSING:
        pytest.skip(MISSING)
    with open_browser(tmp_path_factory.mktemp("chromium")) as chromium:
        yield chromium


@pytest.fixture
def besides(tmp_path: Path) -> Iterator[CentreBesides]:
    """A centre beside the test, with empty phones."""
    with open_centre_besides(tmp_path) as served:
        yield served


@pytest.fixture
def page(browser: Chrome, besides: CentreBesides) -> Iterator[SandboxPage]:
    """That centre's page on a wide screen; the browser must have had nothing to complain of."""
    set_size(browser, 1600, 1000)
    shown = SandboxPage(browser, besides.centre.url)
    yield shown
    complaints = shown.complaints()
    browser.get("about:blank")
    assert complaints == []
