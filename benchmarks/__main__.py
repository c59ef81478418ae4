"""`python -m benchmarks`: every line as `name ratio`, with the figures it was made of.

A ratio is ours to the peer's: updates per second (more is better), else time or memory (less is
better); what has its unit in its name (`_ms`, `_s`, `_mb`) is a figure by itself. Names as
arguments run only those benchmarks.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Awaitable, Callable

from benchmarks import (
    adding,
    booking,
    callbacks,
    held,
    lateness,
    memory,
    outbox,
    restart,
    sample_plan,
    stall,
    sweep,
)
from benchmarks.measure import Line

BENCHMARKS: dict[str, Callable[[], Awaitable[list[Line]]]] = {
    "booking": booking.run,
    "restart": restart.run,
    "stall": stall.run,
    "outbox": outbox.run,
    "memory": memory.run,
    "sweep": sweep.run,
    "lateness": lateness.run,
    "adding": adding.run,
    "held": held.run,
    "callbacks": callbacks.run,
    "sample_plan": sample_plan.run,
}


async def main(names: list[str]) -> None:
    """Run the named benchmarks (all, by default) and print each line as soon as it is known."""
    for name in names or BENCHMARKS:
        for line in await BENCHMARKS[name]():
            print(line, flush=True)


if __name__ == "__main__":
    logging.disable(logging.INFO)
    asyncio.run(main(sys.argv[1:]))
