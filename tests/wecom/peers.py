"""Peers of the emulator that share nothing with our channel: bare HTTP, and wechatpy."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self, TypeVar

from aiohttp import ClientSession, web
from wechatpy.exceptions import InvalidSignatureException
from wechatpy.work import WeChatClient, parse_message
from wechatpy.work.crypto import WeChatCrypto

from tests.emulators.wecom import WeComEmulator

JPEG = b"\xff\xd8\xff\xe0 a photo of a kitchen, said to be a JPEG"


T = TypeVar("T")


class Peer(WeChatClient):  # type: ignore[misc]
    """wechatpy's client, pointed at the emulator; it is synchronous."""

    def __init__(self, wecom: WeComEmulator) -> None:
        self.API_BASE_URL = f"{wecom.url}/cgi-bin/"
        super().__init__(wecom.corp_id, wecom.secret, auto_retry=False)

    def fetch_access_token(self) -> object:
        return self._fetch_access_token(
            url=f"{self.API_BASE_URL}gettoken",
            params={"corpid": self.corp_id, "corpsecret": self.secret},
        )

    def close(self) -> None:
        self._http.close()


class Raw:
    """Calls the API as bare HTTP, so that a test says every byte."""

    def __init__(self, wecom: WeComEmulator, http: ClientSession) -> None:
        self._wecom = wecom
        self._http = http
        self.token = ""

    async def signs_in(self, secret: str | None = None) -> Self:
        answer = await self.gets(
            "gettoken", corpid=self._wecom.corp_id, corpsecret=secret or self._wecom.secret
        )
        self.token = answer["access_token"]
        return self

    async def gets(self, path: str, **query: str) -> dict[str, Any]:
        async with self._http.get(self._address(path), params=self._query(query)) as answer:
            return dict(await answer.json())

    async def posts(self, path: str, body: object, **query: str) -> dict[str, Any]:
        address, asked = self._address(path), self._query(query)
        async with self._http.post(address, params=asked, json=body) as answer:
            return dict(await answer.json())

    async def code(self, path: str, body: object, **query: str) -> int:
        """The errcode of a call."""
        return int((await self.posts(path, body, **query))["errcode"])

    def _address(self, path: str) -> str:
        return f"{self._wecom.url}/cgi-bin/{path}"

    def _query(self, query: dict[str, str]) -> dict[str, str]:
        return {"access_token": self.token, **query} if self.token else query


@dataclass
class Ear:
    """A callback address that takes what wechatpy can decrypt, and answers as it is told to."""

    wecom: WeComEmulator
    heard: list[dict[str, Any]] = field(default_factory=list)
    parsed: list[Any] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    echoes: bool = True
    sleeps: bool = False
    """Never answers."""
    runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_get("/", self._verify)
        app.router.add_post("/", self._receive)
        self.runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self.runner.setup()
        await web.TCPSite(self.runner, "127.0.0.1", 0).start()
        self.wecom.callback_url = f"http://127.0.0.1:{self.runner.addresses[0][1]}/"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self.runner is not None
        await self.runner.cleanup()

    @property
    def last(self) -> dict[str, Any]:
        return self.heard[-1]

    def _crypto(self) -> WeChatCrypto:
        return WeChatCrypto(self.wecom.token, self.wecom.aes_key, self.wecom.corp_id)

    async def _verify(self, request: web.Request) -> web.Response:
        query = request.query
        if self.sleeps:
            await asyncio.Event().wait()
        plain = self._crypto().check_signature(
            query["msg_signature"], query["timestamp"], query["nonce"], query["echostr"]
        )
        return web.Response(text=plain if self.echoes else f'"{plain}"')

    async def _receive(self, request: web.Request) -> web.Response:
        query, body = request.query, await request.text()
        if self.sleeps:
            await asyncio.Event().wait()
        envelope: object = {"Encrypt": json.loads(body)["encrypt"]} if body[0] == "{" else body
        try:
            plain = self._crypto().decrypt_message(
                envelope, query["msg_signature"], query["timestamp"], query["nonce"]
            )
        except InvalidSignatureException:
            return web.Response(status=403)
        message = parse_message(plain)
        self.parsed.append(message)
        self.heard.append(dict(message._data))
        return web.Response(status=self.statuses.pop(0) if self.statuses else 200)


async def in_thread(call: Callable[..., T], *arguments: object, **named: object) -> T:
    """What a synchronous client answers, asked away from the loop the emulator runs on."""
    return await asyncio.to_thread(call, *arguments, **named)
