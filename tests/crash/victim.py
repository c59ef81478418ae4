"""The real process, started and killed: `doorstep run` with the sandbox and its own database."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import signal
import socket
import sys
from collections.abc import Mapping
from pathlib import Path

import aiohttp

from tests.sandbox.hand import Answer, Hand

STARTED_WITHIN_S = 60
DONE_WITHIN_S = 120
"""Longer than the leases of a killed process, which on PostgreSQL must run out."""


class Victim:
    """One process after another on the same data, each killed without warning."""

    def __init__(self, folder: Path, database_url: str | None = None) -> None:
        self.folder = folder
        self.database_url = database_url or f"sqlite:///{folder / 'doorstep.db'}"
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}/"
        self.kills = 0
        self.past = 0
        """The newest order there was before the service."""
        self._process: asyncio.subprocess.Process | None = None

    async def starts(self) -> None:
        """A new process; returns at once, while it is still starting."""
        environment = {
            **os.environ,
            "DOORSTEP_DATA__FOLDER": str(self.folder),
            "DOORSTEP_DATABASE__URL": self.database_url,
            "DOORSTEP_SANDBOX__PORT": str(self.port),
            "DOORSTEP_LOG__LEVEL": "error",
        }
        with (self.folder / "log.txt").open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "run", env=environment, stdout=log, stderr=log
            )

    async def answers(self) -> None:
        """Wait until the page is served."""
        async with asyncio.timeout(STARTED_WITHIN_S), aiohttp.ClientSession() as session:
            while True:
                with contextlib.suppress(aiohttp.ClientError):
                    async with session.get(self.url):
                        return
                await asyncio.sleep(0.05)

    async def is_killed(self) -> None:
        """SIGKILL, wherever it is, and a new process."""
        if self._process is not None:
            self._process.kill()
            await self._process.wait()
            self.kills += 1
        await self.starts()

    async def stops(self) -> None:
        """SIGTERM: it finishes what is under way."""
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)
            await asyncio.wait_for(self._process.wait(), DONE_WITHIN_S)

    def log(self) -> str:
        """What the processes complained of."""
        return (self.folder / "log.txt").read_text(errors="replace")


class Persistent(Hand):
    """A hand that tries again, with the same id, until the process that was killed is back.

    Every other thing it does, on average, is met by a kill within the next moments: before the
    process has it, inside the unit, after the commit, or amid the delivery of what follows.
    """

    def __init__(
        self, session: aiohttp.ClientSession, victim: Victim, chance: random.Random
    ) -> None:
        super().__init__(session, victim.url)
        self.victim = victim
        self._chance = chance

    async def post(self, path: str, body: Mapping[str, str | int | None]) -> Answer:
        """Post until somebody answers, while somebody else may kill who would."""
        killing = asyncio.create_task(self._kill()) if self._chance.random() < 0.5 else None
        answer = await self._post_until_answered(path, body)
        if killing is not None:
            await killing
        return answer

    async def _kill(self) -> None:
        await asyncio.sleep(self._chance.uniform(0.0, 0.12))
        await self.victim.is_killed()

    async def _post_until_answered(self, path: str, body: Mapping[str, str | int | None]) -> Answer:
        async with asyncio.timeout(STARTED_WITHIN_S):
            while True:
                try:
                    answer = await super().post(path, body)
                except (aiohttp.ClientError, TimeoutError, ValueError):
                    await asyncio.sleep(0.05)
                    continue
                if answer.status < 500:
                    return answer
                await asyncio.sleep(0.05)

    async def sees(self, address: str, label: str, on: str = "") -> tuple[str, str]:
        """Wait for a button on the telephone; returns the message's ref and the button's data."""
        async with asyncio.timeout(DONE_WITHIN_S):
            while True:
                try:
                    shown = (await self.phone(address)).bubbles
                except (aiohttp.ClientError, TimeoutError, ValueError):
                    shown = []
                for bubble in reversed(shown):
                    for button in (one for row in bubble.content.rows for one in row):
                        if button.label.startswith(label) and on in bubble.content.text:
                            return bubble.ref, button.data
                await asyncio.sleep(0.05)

    async def taps(self, address: str, label: str, on: str = "") -> None:
        """Wait for a button and press it, whatever happens to the process meanwhile."""
        ref, data = await self.sees(address, label, on)
        answer = await self.presses_old(address, ref, data)
        assert answer.status == 200, answer

    async def says(self, address: str, words: str) -> None:
        """Type words, whatever happens to the process meanwhile."""
        answer = await self.types(address, words)
        assert answer.status == 200, answer

    async def clock_reaches(self, local: str) -> None:
        """Push the centre's clock to a local time; killed half-way, it is pushed again."""
        async with asyncio.timeout(DONE_WITHIN_S):
            while True:
                answer = await self.moves_clock(to=local)
                if answer.status == 200 or answer.error == "past":
                    return
                await asyncio.sleep(0.1)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
