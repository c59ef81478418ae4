"""How every benchmark measures: two sides in turn, several times over, medians of what came out.

A machine is never quiet. The two sides of a ratio are therefore measured one right after the
other, and the ratio is the median of the rounds' own ratios.
"""

from __future__ import annotations

import gc
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from sqlalchemy.engine.interfaces import DBAPIConnection

Measure = Callable[[], Awaitable[float]]

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the result: a ratio (or what its name says), and the figures behind it."""

    name: str
    value: float
    figures: str

    def __str__(self) -> str:
        return f"{self.name:<28} {self.value:>8.3f}   {self.figures}"


async def alternate(ours: Measure, peers: Measure, rounds: int) -> tuple[float, float, float]:
    """Ours and the peer's median, and the median of the ratios of ours to the peer's."""
    pairs = []
    for _ in range(rounds):
        gc.collect()
        one = await ours()
        gc.collect()
        pairs.append((one, await peers()))
    return (
        median(one for one, _ in pairs),
        median(other for _, other in pairs),
        median(one / other for one, other in pairs),
    )


@contextmanager
def folder() -> Iterator[Path]:
    """A folder for one measurement's databases, gone after it."""
    with TemporaryDirectory(prefix="doorstep-bench-") as name:
        yield Path(name)


def megabytes(process: int | str, *, peak: bool = False) -> float:
    """The memory of a process by its id, or of this one ("self"), in MB: now, or at its peak."""
    entry = "VmHWM:" if peak else "VmRSS:"
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith(entry):
            return int(line.split()[1]) / 1024
    raise LookupError("the process is gone")


def safe_sqlite(connection: DBAPIConnection, _record: object) -> None:
    """A peer promises the disk what we do: WAL, and every commit flushed."""
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=60000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
