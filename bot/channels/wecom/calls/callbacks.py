"""Listens for WeCom's calls, and answers 200 only once what was sent has been taken in."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler
from pydantic import BaseModel, ValidationError

from bot.channels.wecom.calls.crypto import NotGenuine, Seal, Stamp
from bot.channels.wecom.calls.letters import Letter, Unknown, read_letter
from bot.channels.wecom.calls.markup import LONGEST, Unreadable, read_xml, text
from bot.channels.wecom.patience import Patience

_log = structlog.get_logger(__name__)

Take = Callable[[Letter], Awaitable[None]]
"""Takes a letter in; returns after the commit, when it may be acknowledged."""


class CallbackServer:
    """A server for WeCom's calls to one app, which are told from others' by the company's seal."""

    def __init__(
        self, host: str, port: int, seal: Seal, agent_id: int, take: Take, patience: Patience
    ) -> None:
        self._host = host
        self._port = port
        self._seal = seal
        self._agent_id = agent_id
        self._take = take
        self._patience = patience
        self._runner: web.AppRunner | None = None

    @property
    def port(self) -> int:
        """The port it listens on; where 0 was asked for, it is known once it has started."""
        listening = self._runner.addresses if self._runner is not None else []
        return int(listening[0][1]) if listening else self._port

    async def start(self) -> None:
        """Begin to listen. Raises OSError if the port is taken."""
        app = web.Application(client_max_size=LONGEST, middlewares=[_turn_away])
        # Whatever the path: a reverse proxy may have rewritten it, and the seal decides.
        app.router.add_get("/{path:.*}", self._verify, allow_head=False)
        app.router.add_post("/{path:.*}", self._receive)
        self._runner = web.AppRunner(
            app,
            access_log=None,
            shutdown_timeout=self._patience.farewell_s,
            auto_decompress=False,  # WeCom compresses nothing; a few bytes could become very many
        )
        await self._runner.setup()
        await web.TCPSite(self._runner, self._host, self._port).start()

    async def stop(self) -> None:
        """Stop listening; calls under way get a while to be answered."""
        if self._runner is not None:
            await self._runner.cleanup()

    async def _verify(self, request: web.Request) -> web.Response:
        # A plus that nobody escaped has become a space.
        echo = request.query.get("echostr", "").replace(" ", "+")
        word = self._seal.open(echo, _stamp(request))
        # The signature does not say what it is for: a letter that somebody caught on its way and
        # sent here as a word to be echoed would be read out to him.
        if b"<" in word:
            raise NotGenuine("a letter instead of an echo")
        return web.Response(body=word, content_type="text/plain")

    async def _receive(self, request: web.Request) -> web.Response:
        deadline = asyncio.get_running_loop().time() + self._patience.callback_s
        body = await _body(request, deadline)
        letter = read_letter(self._seal.open(_encrypted(body), _stamp(request)))
        if not self._concerns_us(letter):
            return web.Response()
        # After any other status than 200 WeCom calls again, three times in all.
        return web.Response(status=await self._hand_in(letter, deadline))

    def _concerns_us(self, letter: Letter) -> bool:
        if isinstance(letter.what, Unknown):
            return False
        return letter.agent_id is None or letter.agent_id == self._agent_id

    async def _hand_in(self, letter: Letter, deadline: float) -> int:
        try:
            async with asyncio.timeout_at(deadline):
                await self._take(letter)
        except Exception as error:  # whatever it is, WeCom must call again
            _log.warning("wecom.intake_failed", call=letter.fingerprint, error=type(error).__name__)
            return 503 if isinstance(error, TimeoutError) else 500
        return 200


@web.middleware
async def _turn_away(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer what is not ours with a status alone."""
    try:
        return await handler(request)
    except NotGenuine as error:
        status, reason = 403, str(error)
    except Unreadable as error:
        status, reason = 400, str(error)
    _log.info("wecom.call_refused", status=status, reason=reason)
    return web.Response(status=status)


def _stamp(request: web.Request) -> Stamp:
    query = request.query
    return Stamp(
        signature=query.get("msg_signature", ""),
        timestamp=query.get("timestamp", ""),
        nonce=query.get("nonce", ""),
    )


async def _body(request: web.Request, deadline: float) -> bytes:
    try:
        async with asyncio.timeout_at(deadline):
            return await request.read()
    except TimeoutError:
        raise web.HTTPRequestTimeout from None
    except (ConnectionError, web.RequestPayloadError):  # who called has hung up, or stammers
        raise web.HTTPBadRequest from None


class _JsonEnvelope(BaseModel):
    encrypt: str


def _encrypted(body: bytes) -> str:
    """What is sealed in an envelope: XML, or JSON where the app is set to it."""
    if not body.lstrip().startswith(b"{"):
        return text(read_xml(body), "Encrypt")
    try:
        return _JsonEnvelope.model_validate_json(body).encrypt
    except ValidationError:
        raise Unreadable("JSON envelope") from None
