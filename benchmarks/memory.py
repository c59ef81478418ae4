"""The running sandbox's memory at rest, beside a Python that has imported aiogram and no more.

`doorstep run` without any configuration, in an empty folder: database, relay, sweep and page.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Sequence
from functools import partial

from benchmarks.measure import ROOT, Line, alternate, folder, megabytes

SANDBOX = ("-m", "bot", "run", "--port", "0")
AIOGRAM = ("-c", "import aiogram, time; print('ready', flush=True); time.sleep(600)")


async def resident(arguments: Sequence[str], ready: bytes, rest_s: float) -> float:
    """Megabytes of a Python's memory (VmRSS), so long after it has said that it is ready."""
    with folder() as place:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *arguments,
            cwd=place,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        assert process.stdout is not None
        try:
            async for line in process.stdout:
                if ready in line:
                    break
            await asyncio.sleep(rest_s)
            return megabytes(process.pid)
        finally:
            process.terminate()
            await process.communicate()


async def run(rest_s: float = 4.0, rounds: int = 3) -> list[Line]:
    """The line `rss_sandbox`: our megabytes to the peer's."""
    mine, theirs, ratio = await alternate(
        partial(resident, SANDBOX, b"running", rest_s),
        partial(resident, AIOGRAM, b"ready", 1.0),
        rounds,
    )
    return [Line("rss_sandbox", ratio, f"{mine:.0f} MB beside {theirs:.0f} MB")]
