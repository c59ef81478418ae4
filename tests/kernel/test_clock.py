"""The house's clock: steady whatever becomes of the machine's, which it believes after a while."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.typing import EventDict

from services.clock import CORRECTION, NOTHING, SteadyClock, SystemClock, uptime
from tests.town import TUESDAY_10

NO_TIME = timedelta(0)
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)


@dataclass
class Machine:
    """Two clocks: one that somebody sets, and one that nobody can."""

    wall: datetime = TUESDAY_10
    steady: timedelta = timedelta(days=40)
    clock: SteadyClock = field(init=False)

    def __post_init__(self) -> None:
        self.clock = SteadyClock(lambda: self.wall, lambda: self.steady)

    def passes(self, by: timedelta, *, every: timedelta = MINUTE) -> None:
        """Time passes, and the house looks at its clock on the way."""
        end = self.steady + by
        while self.steady < end:
            step = min(every, end - self.steady)
            self.steady += step
            self.wall += step
            self.clock.now()

    def is_set(self, by: timedelta) -> None:
        """Somebody sets the wall clock."""
        self.wall += by


def events(logged: Iterable[EventDict]) -> list[tuple[str, float]]:
    return [(str(entry["event"]), float(entry["seconds"])) for entry in logged]


def test_it_begins_with_the_wall_clock_and_goes_at_its_pace(logged: list[EventDict]) -> None:
    machine = Machine()
    assert machine.clock.now() == TUESDAY_10
    machine.passes(3 * HOUR)
    assert machine.clock.now() == machine.wall == TUESDAY_10 + 3 * HOUR
    assert logged == []


@pytest.mark.parametrize("step", [HOUR, -HOUR, 3 * SECOND, -3 * SECOND])
def test_5_2_7_a_step_moves_no_promise_for_ten_minutes_and_is_believed_then(
    step: timedelta, logged: list[EventDict]
) -> None:
    machine = Machine()
    machine.is_set(step)
    assert machine.clock.now() == TUESDAY_10
    machine.passes(CORRECTION - SECOND)
    assert machine.clock.now() == TUESDAY_10 + CORRECTION - SECOND
    seconds = step.total_seconds()
    assert events(logged) == [("clock-stepped", seconds)]
    machine.passes(SECOND)
    assert machine.clock.now() == machine.wall
    machine.passes(HOUR)
    assert machine.clock.now() == machine.wall
    assert events(logged) == [("clock-stepped", seconds), ("clock-corrected", seconds)]


def test_a_slip_that_is_mended_is_never_believed(logged: list[EventDict]) -> None:
    machine = Machine()
    for slip in (HOUR, -HOUR, HOUR):
        machine.is_set(slip)
        machine.passes(CORRECTION - MINUTE)
        machine.is_set(-slip)
        machine.passes(CORRECTION)
        assert machine.clock.now() == machine.wall
    assert {event for event, _ in events(logged)} == {"clock-stepped"}
    assert len(logged) == 3


def test_a_wall_clock_that_is_set_again_is_watched_anew() -> None:
    machine = Machine()
    machine.is_set(HOUR)
    machine.passes(CORRECTION - MINUTE)
    machine.is_set(HOUR)
    machine.passes(CORRECTION - MINUTE)
    assert machine.clock.now() == machine.wall - 2 * HOUR
    machine.passes(2 * MINUTE)
    assert machine.clock.now() == machine.wall


def test_a_leap_second_is_no_step(logged: list[EventDict]) -> None:
    machine = Machine()
    machine.is_set(-SECOND)
    machine.passes(HOUR)
    assert machine.clock.now() == machine.wall + SECOND
    assert logged == []


def test_a_machine_that_slept_wakes_at_the_right_time(logged: list[EventDict]) -> None:
    machine = Machine()
    machine.passes(5 * HOUR, every=5 * HOUR)
    assert machine.clock.now() == TUESDAY_10 + 5 * HOUR
    assert logged == []


STEPS = st.lists(
    st.tuples(
        # How somebody sets the wall clock, mostly not at all.
        st.one_of(st.just(NO_TIME), st.just(NO_TIME), st.timedeltas(-3 * HOUR, 3 * HOUR)),
        st.timedeltas(NO_TIME, 12 * MINUTE),  # how long until the next look
    ),
    max_size=40,
)


@given(STEPS)
def test_whatever_the_wall_clock_does_time_goes_on_but_for_a_correction(
    steps: list[tuple[timedelta, timedelta]],
) -> None:
    """Between two looks goes by what went by, unless the wall clock's time is taken there.

    It is taken only where the wall clock was ahead by the same at every look of ten minutes: what
    began when both agreed is measured right that long.
    """
    machine = Machine()
    apart: list[tuple[timedelta, timedelta]] = []  # looks since the last correction: when, how far
    last = machine.clock.now()
    for setting, pause in steps:
        machine.is_set(setting)
        machine.steady += pause
        machine.wall += pause
        expected = last + pause
        apart.append((machine.steady, machine.wall - expected))
        last = machine.clock.now()
        if last != expected:
            assert last == machine.wall
            assert _agreed_for(apart) >= CORRECTION
            apart = []


def _agreed_for(apart: list[tuple[timedelta, timedelta]]) -> timedelta:
    """How long the wall clock has been off by what it is off by at the last look."""
    looked_at, by = apart[-1]
    since = looked_at
    for at, far in reversed(apart):
        if abs(far) <= NOTHING or abs(far - by) > 2 * NOTHING:
            break
        since = at
    return looked_at - since


def test_threads_may_ask_at_once() -> None:
    clock = SteadyClock()
    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(lambda _: clock.now(), range(400)))
    assert max(told) - min(told) < MINUTE
    assert all(one.tzinfo is UTC for one in told)


def test_the_machines_own_clocks() -> None:
    assert abs(SteadyClock().now() - SystemClock().now()) < MINUTE
    assert NO_TIME < uptime() <= uptime()
