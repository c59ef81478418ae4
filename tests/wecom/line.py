"""A server that listens for WeCom's calls on a port of its own, and somebody who calls it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import ClientResponse, ClientSession
from yarl import URL

from bot.channels.wecom.calls.callbacks import CallbackServer
from bot.channels.wecom.calls.crypto import Seal
from bot.channels.wecom.calls.letters import Letter
from bot.channels.wecom.patience import Patience
from tests.wecom.calls import AGENT, SEAL, envelope, query, stamped


@dataclass
class Desk:
    """Takes letters in and notes them; waits or fails as told."""

    started: list[Letter] = field(default_factory=list)
    taken: list[Letter] = field(default_factory=list)
    gate: asyncio.Event | None = None
    waits: asyncio.Event = field(default_factory=asyncio.Event)
    """Set once somebody waits at the gate."""
    failure: Exception | None = None

    async def take(self, letter: Letter) -> None:
        self.started.append(letter)
        if self.gate is not None:
            self.waits.set()
            await self.gate.wait()
        if self.failure is not None:
            raise self.failure
        self.taken.append(letter)


@dataclass(frozen=True)
class Answer:
    """What the server said."""

    status: int
    body: bytes
    content_type: str


class Line:
    """Calls the server over HTTP."""

    def __init__(self, http: ClientSession, server: CallbackServer, desk: Desk) -> None:
        self._http = http
        self.server = server
        self.desk = desk

    def url(self, path: str = "/", parts: dict[str, str] | None = None) -> URL:
        """An address at the server, its parts escaped as they should be."""
        return URL(f"http://127.0.0.1:{self.server.port}{path}").with_query(parts)

    async def ask(
        self, method: str, url: URL, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> Answer:
        """Send just this."""
        async with self._http.request(method, url, data=body, headers=headers) as answer:
            return await _read(answer)

    async def call(self, content: str | bytes, seal: Seal = SEAL, path: str = "/") -> int:
        """Send something sealed and signed as it should be; the status that came back."""
        encrypted = seal.seal(content.encode() if isinstance(content, str) else content)
        url = self.url(path, query(stamped(encrypted, seal)))
        return (await self.ask("POST", url, envelope(encrypted))).status

    async def verify(self, word: bytes, seal: Seal = SEAL) -> Answer:
        """Ask for a word to be echoed, as WeCom does when the address is saved."""
        encrypted = seal.seal(word)
        parts = {**query(stamped(encrypted, seal)), "echostr": encrypted}
        return await self.ask("GET", self.url(parts=parts))


async def _read(answer: ClientResponse) -> Answer:
    return Answer(answer.status, await answer.read(), answer.headers.get("Content-Type", ""))


@asynccontextmanager
async def listening(patience: Patience | None = None, agent_id: int = AGENT) -> AsyncIterator[Line]:
    """A server that is running."""
    desk = Desk()
    waits = patience or Patience()
    server = CallbackServer("127.0.0.1", 0, SEAL, agent_id, desk.take, waits)
    async with ClientSession() as http:
        await server.start()
        try:
            yield Line(http, server, desk)
        finally:
            await server.stop()
