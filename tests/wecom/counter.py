"""WeCom as the client meets it: a hasty client, a clock of its own, and answers of every kind."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web

from bot.channels.wecom.patience import Patience
from bot.channels.wecom.settings import WeComSettings
from tests.emulators.wecom import WeComEmulator

HASTY = Patience(
    request_s=0.4,
    upload_s=5.0,
    fetch_s=5.0,
    busy_s=3.0,
    limited_s=60.0,
    refused_s=60.0,
    renew_early_s=300.0,
)


@dataclass
class Ticks:
    """A steady clock that stands still until it is pushed."""

    seconds: float = 1000.0

    def __call__(self) -> float:
        return self.seconds


def settings(wecom: WeComEmulator, **changed: object) -> WeComSettings:
    """The settings for the emulated company's app."""
    values: dict[str, object] = {
        "corp_id": wecom.corp_id,
        "agent_id": wecom.agent_id,
        "secret": wecom.secret,
        "token": wecom.token,
        "aes_key": wecom.aes_key,
        "kf_accounts": [wecom.kf],
        "api_base": wecom.url,
        **changed,
    }
    return WeComSettings.model_validate(values)


@dataclass
class OddAnswers:
    """A server that answers what it is told to, by path, as WeCom or something in its way might."""

    port: int = 0
    answers: dict[str, tuple[bytes, int, dict[str, str]]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    in_pieces: bool = False
    """The length of an answer is not told before it has come."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def says(self, path: str, content: object, status: int = 200, **headers: str) -> None:
        """Answer a path with JSON, or with bytes as they are."""
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        kind = {"Content-Type": "application/json; charset=utf-8"}
        self.answers[path] = (body, status, {**kind, **headers})

    async def answer(self, request: web.Request) -> web.Response:
        path = request.path.removeprefix("/cgi-bin/")
        self.asked.append(path)
        body, status, headers = self.answers[path]
        told = _pieces(body) if self.in_pieces else body
        return web.Response(body=told, status=status, headers=headers)


async def _pieces(body: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(body), 10_000):
        yield body[start : start + 10_000]


@asynccontextmanager
async def odd_answers() -> AsyncIterator[OddAnswers]:
    """The server, running; it gives out tokens."""
    odd = OddAnswers()
    odd.says("gettoken", {"errcode": 0, "errmsg": "ok", "access_token": "T1", "expires_in": 7200})
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", odd.answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    odd.port = runner.addresses[0][1]
    try:
        yield odd
    finally:
        await runner.cleanup()
