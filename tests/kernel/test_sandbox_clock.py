"""The sandbox's clock: ahead of the real one, never back, past nothing that falls due."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.sandbox_clock import SandboxClock
from services.clock import SystemClock

ZONE = ZoneInfo("Asia/Shanghai")
HOUR = timedelta(hours=1)
A_MOMENT = timedelta(minutes=1)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A clock that somebody has set to the real time, so that tests count from there."""
    path = tmp_path / "clock.txt"
    path.write_text("0.0")
    return path


class Dues:
    """What falls due, and when it was settled by the clock."""

    def __init__(self, clock: SandboxClock, *at: datetime) -> None:
        self.clock = clock
        self.open = sorted(at)
        self.settled: list[tuple[datetime, datetime]] = []

    async def next_due(self) -> datetime | None:
        return self.open[0] if self.open else None

    async def settle(self) -> None:
        now = self.clock.now()
        while self.open and self.open[0] <= now:
            self.settled.append((self.open.pop(0), now))


def near(one: datetime, other: datetime) -> bool:
    return abs(one - other) < A_MOMENT


def test_it_runs_with_the_real_clock(file: Path) -> None:
    clock = SandboxClock(file, ZONE, SystemClock())
    assert near(clock.now(), datetime.now(UTC))
    assert clock.now() <= clock.now()
    assert clock.zone is ZONE


def test_a_first_visit_begins_on_a_working_morning(tmp_path: Path) -> None:
    local = SandboxClock(tmp_path / "new.txt", ZONE, SystemClock()).now().astimezone(ZONE)
    assert (local.hour, local.minute) == (10, 0)
    assert local.weekday() < 5
    assert local >= datetime.now(ZONE) - A_MOMENT


async def test_it_is_pushed_forward_and_never_back(file: Path) -> None:
    clock = SandboxClock(file, ZONE, SystemClock())
    begin = clock.now()
    await clock.advance(3 * HOUR)
    assert near(clock.now(), begin + 3 * HOUR)
    await clock.advance_to(begin)
    assert near(clock.now(), begin + 3 * HOUR)


async def test_what_falls_due_on_the_way_happens_at_its_time(file: Path) -> None:
    clock = SandboxClock(file, ZONE, SystemClock())
    begin = clock.now()
    at = [begin + n * HOUR for n in (1, 2, 30)]
    dues = Dues(clock, *at)
    clock.drive(dues.next_due, dues.settle)
    await clock.advance(24 * HOUR)
    assert [due for due, _ in dues.settled] == at[:2]
    assert all(near(due, when) for due, when in dues.settled)
    assert near(clock.now(), begin + 24 * HOUR)


async def test_the_timetable_has_its_turn_on_a_long_way_without_deadlines(file: Path) -> None:
    clock = SandboxClock(file, ZONE, SystemClock())
    begin = clock.now()
    turns: list[datetime] = []

    async def next_due() -> None:
        """Nothing is planned."""

    async def settle() -> None:
        turns.append(clock.now())

    clock.drive(next_due, settle)
    await clock.advance(30 * HOUR)
    assert [round((turn - begin) / HOUR) for turn in turns] == [6, 12, 18, 24, 30]


async def test_what_was_overdue_happens_now_and_not_in_the_past(file: Path) -> None:
    clock = SandboxClock(file, ZONE, SystemClock())
    begin = clock.now()
    dues = Dues(clock, begin - 5 * HOUR)
    clock.drive(dues.next_due, dues.settle)
    await clock.advance(HOUR)
    ((_, when),) = dues.settled
    assert near(when, begin)


async def test_a_restart_does_not_turn_time_back(file: Path) -> None:
    clock = SandboxClock(file, ZONE, SystemClock())
    await clock.advance(48 * HOUR)
    assert near(SandboxClock(file, ZONE, SystemClock()).now(), clock.now())


async def test_a_kill_on_the_way_does_not_turn_time_back(file: Path) -> None:
    clock = SandboxClock(file, ZONE, SystemClock())
    begin = clock.now()
    stuck, stays = asyncio.Event(), asyncio.Event()

    async def next_due() -> datetime:
        return begin + 6 * HOUR

    async def settle() -> None:
        stuck.set()
        await stays.wait()

    clock.drive(next_due, settle)
    advancing = asyncio.create_task(clock.advance(24 * HOUR))
    await stuck.wait()
    advancing.cancel()
    await asyncio.wait([advancing])
    assert near(SandboxClock(file, ZONE, SystemClock()).now(), begin + 6 * HOUR)


async def test_the_file_is_whole_at_every_moment(file: Path) -> None:
    clock = SandboxClock(file, ZONE, SystemClock())
    for _ in range(20):
        await clock.advance(HOUR)
        assert near(SandboxClock(file, ZONE, SystemClock()).now(), clock.now())
    assert [path.name for path in file.parent.iterdir()] == [file.name]  # no half files
