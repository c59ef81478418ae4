"""Each benchmark, in miniature, produces its lines; how fast anything was decides nothing here."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pytest

from benchmarks import (
    adding,
    booking,
    held,
    lateness,
    memory,
    outbox,
    promises,
    restart,
    sample_plan,
    stall,
    sweep,
)
from benchmarks.measure import Line
from services.due import _ON_DUE


@pytest.fixture(scope="module", autouse=True)
def _kind_of_its_own() -> Iterator[None]:
    """The deadline the benchmarks bring is none of the house's."""
    yield
    _ON_DUE.pop(promises.KIND, None)


def _figures(lines: list[Line], *names: str) -> bool:
    return [line.name for line in lines] == list(names) and all(
        math.isfinite(line.value) and line.value > 0 and str(line).startswith(line.name)
        for line in lines
    )


async def test_booking() -> None:
    lines = await booking.run(updates=26, rounds=1, pg_rounds=1)
    assert _figures(lines, "booking_vs_bare", "booking_vs_bare_postgresql")


async def test_restart() -> None:
    lines = await restart.run(pending=300, overdue=120, rounds=1)
    assert _figures(lines, "restart_vs_apscheduler")


async def test_stall() -> None:
    assert _figures(await stall.run(due=50, rounds=1), "stall_ms")


async def test_outbox() -> None:
    assert _figures(await outbox.run(many=30, few=3, times=5, rounds=1), "outbox_hot_lane")


async def test_memory() -> None:
    assert _figures(await memory.run(rest_s=0.1, rounds=1), "rss_sandbox")


async def test_sweep() -> None:
    *ratios, memory_mb = await sweep.run(many=300, few=150, due=120, rounds=1)
    assert _figures(ratios, "sweep_1m_vs_10k", "sweep_1m_vs_10k_empty")
    # Both sizes are so small that either process may be the larger one.
    assert memory_mb.name == "sweep_1m_memory_mb"
    assert math.isfinite(memory_mb.value)


async def test_lateness() -> None:
    lines = await lateness.run(due=120, within_s=0.3, rounds=1)
    assert _figures(lines, "lateness_p99_s", "lateness_p99_s_postgresql")


async def test_adding() -> None:
    lines = await adding.run(added=40, pending=10, rounds=1)
    assert _figures(lines, "deadline_vs_apscheduler_add")


async def test_sample_plan() -> None:
    lines = await sample_plan.run(many=2, homes=60, few=20)
    assert _figures(lines, "sample_plan_vs_core", "sample_plan_5000_vs_500", "sample_plan_peak_mb")


async def test_held() -> None:
    lines = await held.run(others=4, each=3, held=40, rounds=1)
    assert _figures(lines, "sends_while_one_is_held")
