"""Listens for Telegram's calls, and answers 200 only once the update has been taken in."""

from __future__ import annotations

import asyncio
import hmac
from functools import partial

import structlog
from aiohttp import web
from pydantic import ValidationError

from bot.channels.lanes import Lanes
from bot.channels.telegram.parse import Heard, RawUpdate
from bot.channels.telegram.patience import Patience
from bot.channels.telegram.polling import Read, Take

_log = structlog.get_logger(__name__)

_SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name, not a secret
_LONGEST_BODY = 1_000_000
"""Bytes; an update holds at most a few messages, its pictures are named and not carried."""


class WebhookServer:
    """A server for Telegram's calls, which are told from others' by the shared secret."""

    def __init__(self, host: str, port: int, secret: str, lanes: Lanes, patience: Patience) -> None:
        self._host = host
        self._port = port
        self._secret = secret.encode()
        self._lanes = lanes
        self._patience = patience
        self._runner: web.AppRunner | None = None

    async def start(self, read: Read, take: Take) -> None:
        """Begin to listen. Raises OSError if the port is taken."""
        app = web.Application(client_max_size=_LONGEST_BODY)
        # Whatever the path: a reverse proxy may have rewritten it, and the secret decides.
        app.router.add_post("/{path:.*}", partial(self._receive, read, take))
        self._runner = web.AppRunner(
            app, access_log=None, shutdown_timeout=self._patience.farewell_s
        )
        await self._runner.setup()
        await web.TCPSite(self._runner, self._host, self._port).start()

    async def stop(self) -> None:
        """Stop listening; calls under way get a while to be answered."""
        if self._runner is not None:
            await self._runner.cleanup()

    async def _receive(self, read: Read, take: Take, request: web.Request) -> web.Response:
        given = request.headers.get(_SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode(errors="replace"), self._secret):
            return web.Response(status=401)
        try:
            update = RawUpdate.model_validate_json(await request.read())
        except ValidationError:
            return web.Response(status=400)
        heard = read(update)
        taken = heard is None or await self._take(heard, take)
        # After any other status Telegram brings the update again.
        return web.Response(status=200 if taken else 500)

    async def _take(self, heard: Heard, take: Take) -> bool:
        try:
            await self._lanes.start(heard.address, partial(self._once, heard, take))
        except Exception as error:  # whatever it is, Telegram must keep the update
            _log.warning(
                "telegram.intake_failed", update=heard.update_id, error=type(error).__name__
            )
            return False
        return True

    async def _once(self, heard: Heard, take: Take) -> None:
        async with self._lanes.places, asyncio.timeout(self._patience.intake_s):
            await take(heard)
