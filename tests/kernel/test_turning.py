"""What turns the sweep and the timetable: again and again, whatever becomes of one turn."""

from __future__ import annotations

import asyncio
from typing import cast

import pytest
from structlog.typing import EventDict

from schedules import turning
from schedules.sweep import Sweep
from schedules.timetable import Crank

WANTED = 5


class Turned:
    """Counts its turns, and fails at the second."""

    def __init__(self) -> None:
        self.turns = 0
        self.under_way = 0
        self.enough = asyncio.Event()

    async def once(self) -> int:
        """One turn, which takes its time."""
        self.turns += 1
        self.under_way += 1
        assert self.under_way == 1, "a turn overlaps the one before"
        await asyncio.sleep(0)
        self.under_way -= 1
        if self.turns == 2:
            raise RuntimeError("the database is away")
        if self.turns == WANTED:
            self.enough.set()
        return 0


async def test_a_turn_that_fails_is_told_and_the_next_one_comes(
    monkeypatch: pytest.MonkeyPatch, logged: list[EventDict]
) -> None:
    monkeypatch.setattr(turning, "SWEEP_EVERY_S", 0.0)
    monkeypatch.setattr(turning, "CALENDAR_EVERY_S", 0.0)
    sweep, crank = Turned(), Turned()
    tasks = turning.keep_turning(cast(Sweep, sweep), cast(Crank, crank))
    await asyncio.gather(sweep.enough.wait(), crank.enough.wait())
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
    assert all(task.cancelled() for task in tasks)
    assert [entry["event"] for entry in logged] == ["turn-failed", "turn-failed"]
