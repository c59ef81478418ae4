"""Paints a chart as a PNG. Only the drawing process imports this: see `bot.charts.studio`.

One small panel for each figure: six lines over each other could not be told apart on a telephone,
and a rework of 1 % beside a satisfaction of 95 % would lie on the floor.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import cache

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from pylopdf_fonts_zh_cn import sans_path

from bot.charts import Drawing, Panel

WIDTH_IN, HEIGHT_IN, DPI = 8.0, 6.0, 160
COLUMNS = 2

PAPER, INK, FAINT, GRID = "#ffffff", "#1f2a2e", "#7a878c", "#e8edee"
CALM, GOOD, BAD = "#2b6f8f", "#1f7a5c", "#c2452d"
TINT = 0.10

LEFT, RIGHT, TOP, BOTTOM = 0.078, 0.972, 0.79, 0.06
LONG_TITLE = 26
"""Characters; a centre with a long name has it written smaller."""

ROOM_ABOVE = 0.12
"""Of a panel's height: how far its highest point stays from the words above."""


def paint(drawing: Drawing) -> bytes:
    """The chart as a PNG; the same chart gives the same bytes."""
    figure = Figure(figsize=(WIDTH_IN, HEIGHT_IN), dpi=DPI, facecolor=PAPER)
    FigureCanvasAgg(figure)
    size = 19 if len(drawing.title) <= LONG_TITLE else 12
    figure.text(LEFT, 0.94, drawing.title, font=_font(size), color=INK)
    rows = -(-len(drawing.panels) // COLUMNS)
    places = figure.subplots(rows, COLUMNS, squeeze=False).flatten()
    figure.subplots_adjust(LEFT, BOTTOM, RIGHT, TOP, wspace=0.22, hspace=1.3)
    for axes, panel in zip(places, drawing.panels, strict=False):
        _paint_panel(axes, panel, drawing.months)
    for spare in places[len(drawing.panels) :]:
        spare.set_axis_off()
    kept = io.BytesIO()
    figure.savefig(kept, format="png", metadata={"Software": None})
    return kept.getvalue()


def _paint_panel(axes: Axes, panel: Panel, months: Sequence[str]) -> None:
    shares = [None if point is None else point / 10 for point in panel.points]
    floor, ceiling = _range(shares, panel)
    _head(axes, panel)
    _frame(axes, months, floor, ceiling)
    if panel.target is not None:
        axes.axhline(panel.target, color=FAINT, linewidth=1.1, dashes=(5, 3), zorder=2)
    _line(axes, shares, _colour(panel), floor)


def _head(axes: Axes, panel: Panel) -> None:
    """The name and the newest value above the panel, the target at its right end."""
    above = axes.transAxes
    axes.text(0, 1.52, panel.title, transform=above, font=_font(14), color=INK)
    axes.text(0, 1.15, panel.now, transform=above, font=_font(15.5), color=_colour(panel))
    axes.text(1, 1.15, panel.aim, transform=above, font=_font(11.5), color=FAINT, ha="right")


def _frame(axes: Axes, months: Sequence[str], floor: float, ceiling: float) -> None:
    axes.set_facecolor(PAPER)
    axes.set_xlim(-0.35, len(months) - 0.65)
    axes.set_ylim(floor, ceiling + (ceiling - floor) * ROOM_ABOVE)
    axes.set_xticks(range(len(months)), months)
    axes.set_yticks([floor, (floor + ceiling) / 2, ceiling])
    axes.yaxis.set_major_formatter(lambda share, _place: f"{share:g}%")
    axes.tick_params(length=0, colors=FAINT, pad=4)
    for label in (*axes.get_xticklabels(), *axes.get_yticklabels()):
        label.set_fontproperties(_font(11.5))
    axes.grid(visible=True, axis="y", color=GRID, linewidth=0.9, zorder=0)
    axes.set_axisbelow(True)
    for spine in axes.spines.values():
        spine.set_visible(False)


def _line(axes: Axes, shares: Sequence[float | None], colour: str, floor: float) -> None:
    """The curve with a dot a month, the newest one large; a month without jobs is a gap."""
    places = range(len(shares))
    heights = [float("nan") if share is None else share for share in shares]
    axes.fill_between(places, heights, floor, color=colour, alpha=TINT, linewidth=0, zorder=1)
    axes.plot(places, heights, color=colour, linewidth=2.6, zorder=3, clip_on=False)
    sizes = [34] * (len(shares) - 1) + [95]
    axes.scatter(
        places,
        heights,
        s=sizes,
        color=colour,
        edgecolors=PAPER,
        linewidths=1.3,
        zorder=4,
        clip_on=False,
    )


def _range(shares: Sequence[float | None], panel: Panel) -> tuple[float, float]:
    """From where to where the panel goes: a low share from 0 up, a high one up to 100."""
    known = [share for share in shares if share is not None]
    if panel.at_most:
        return 0.0, float(max(2, *(_up(share, 2) for share in known), (panel.target or 0) * 2))
    lowest = min([*known, panel.target or 100, 90])
    return float(lowest // 10 * 10), 100.0


def _up(share: float, step: int) -> int:
    return int(-(-share // step) * step)


def _colour(panel: Panel) -> str:
    return CALM if panel.is_met is None else GOOD if panel.is_met else BAD


@cache
def _font(size: float) -> FontProperties:
    """Noto Sans SC as it comes with pip: what fonts a machine has is not ours to know."""
    return FontProperties(fname=str(sans_path()), size=size)
