"""趋势图: the figures of six months as a picture, drawn in another process."""

from __future__ import annotations

import asyncio
import multiprocessing
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from fontTools.ttLib import TTFont
from PIL import Image
from pylopdf_fonts_zh_cn import sans_path

from bot.channels.sandbox.photos import find_photo
from bot.charts import Drawing
from bot.charts.studio import Draw, Studio
from bot.photos import PhotoStore
from bot.wording import Wording
from services import figures
from services.messages import Chart, Curve, Moment, Saying
from services.rules.figures import month_of
from services.rules.response_times import Rule
from tests.conversation import Actor, Town
from tests.conversations.ledger import MET, MISSED, Job, entered
from tests.town import TUESDAY_10, ZONE

LANGUAGES = ("zh-CN", "en")


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    """One drawing process for all these tests."""
    store = PhotoStore(tmp_path_factory.mktemp("pictures"), max_bytes=10_000_000)
    opened = Studio(store.keep_drawing, patience_s=90)
    yield opened
    asyncio.run(opened.close())


@pytest.fixture
def draw(studio: Studio) -> Draw:
    """Charts are drawn."""
    return studio.picture


async def test_the_trend_is_a_picture_in_the_reader_s_language(
    town: Town, cs: Actor, head: Actor
) -> None:
    await entered(
        town,
        Job(due="2026-09-20 10:00", verdicts={Rule.EMERGENCY_ARRIVAL: MISSED}),
        Job(due="2026-11-20 10:00", verdicts={Rule.EMERGENCY_ARRIVAL: MET}),
    )
    await head.presses_data("language.set|en")
    pictures = []
    for reader, button in ((cs, "趋势图"), (head, "Trend")):
        await reader.presses_data("figures.show")
        await reader.presses(button)
        (path,) = reader.newest().spoken.photos
        pictures.append(path)
        with Image.open(path) as picture:
            assert picture.format == "PNG"
            assert picture.size == (1280, 960)
        assert 20_000 < path.stat().st_size < 1_000_000
        assert find_photo(path.parent, path.stem) == (path, "image/png")
    assert pictures[0] != pictures[1]
    assert "近 6 个月的趋势" in cs.newest().text
    assert "trend of 6 months" in head.newest().text


async def test_a_chart_is_drawn_once_and_sent_again_from_the_folder(studio: Studio) -> None:
    first = await studio.picture(_drawing("en"))
    assert first is not None
    written = first.stat().st_mtime_ns
    assert await studio.picture(_drawing("en")) == first
    assert first.stat().st_mtime_ns == written


async def test_a_chart_whose_process_dies_is_given_up_and_the_next_one_is_drawn(
    tmp_path: Path,
) -> None:
    others = set(multiprocessing.active_children())
    studio = Studio(PhotoStore(tmp_path, max_bytes=1).keep_drawing, patience_s=90)
    assert await studio.picture(_drawing("en"))
    (worker,) = set(multiprocessing.active_children()) - others
    worker.kill()
    assert await studio.picture(_drawing("zh-CN")) is None
    assert await studio.picture(_drawing("zh-CN"))
    await studio.close()
    assert set(multiprocessing.active_children()) <= others
    assert "matplotlib" not in sys.modules  # all this while we have drawn nothing ourselves


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_character_of_a_chart_is_in_its_font(language: str) -> None:
    drawing = _drawing(language)
    panels = [text for panel in drawing.panels for text in (panel.title, panel.now, panel.aim)]
    text = "".join((drawing.title, *drawing.months, *panels, "0123456789.%"))
    with TTFont(sans_path(), lazy=True) as font:
        missing = {one for one in text if ord(one) not in font.getBestCmap()}
    assert not missing


def _drawing(language: str) -> Drawing:
    """A chart of every curve we show, one of them empty."""
    months = [month_of(date(2026, 11, 1), later) for later in range(-5, 1)]
    curves = [
        Curve(
            Saying(f"figure-{measure}"),
            points=tuple((place * month, 10 * place) for month in range(6)),
            target=(None, 1, 100)[place % 3],
            at_most=place % 3 == 1,
        )
        for place, measure in enumerate(figures.CHARTED)
    ]
    chart = Chart(
        title=Saying("chart-title", {"where": "云湖花园服务中心"}),
        months=tuple(Moment(one.bounds(ZoneInfo(ZONE))[0], ZONE, "month") for one in months),
        curves=tuple(curves),
    )
    return Wording().drawing(chart, language, TUESDAY_10)
