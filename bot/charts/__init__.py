"""Charts, drawn in a process of their own: what a picture shows, and who has it drawn.

The drawing library takes half a second to load and eighty megabytes, so neither is asked of the
house: only `paint` imports it, and `paint` is imported in the worker alone.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Panel:
    """One curve with its name above it.

    A point is in tenths of a percent, None for a month without jobs; the target is in percent.
    `now` says the newest point, `aim` the target, both in words; `is_met` colours the former.
    """

    title: str
    now: str
    aim: str
    points: tuple[int | None, ...]
    target: int | None
    at_most: bool
    is_met: bool | None


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart in the words of one language: what is on it, not how it looks."""

    title: str
    months: tuple[str, ...]
    panels: tuple[Panel, ...]
