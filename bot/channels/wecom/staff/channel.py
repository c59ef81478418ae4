"""The staff channel: colleagues in the company's own app, by cards and callbacks."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import NoReturn

import structlog

from bot.channels.base import Intake, KeepPhoto, Limits, Memory, Outcome, Quota, Sending
from bot.channels.wecom.api.client import WeComClient
from bot.channels.wecom.api.errors import WeComError
from bot.channels.wecom.api.media import Media
from bot.channels.wecom.calls.callbacks import CallbackServer
from bot.channels.wecom.calls.crypto import Seal
from bot.channels.wecom.calls.letters import KfNews, Letter
from bot.channels.wecom.patience import Patience
from bot.channels.wecom.photos import PhotoFetcher
from bot.channels.wecom.settings import WeComSettings
from bot.channels.wecom.staff import marks
from bot.channels.wecom.staff.app_menu import AppMenu, written
from bot.channels.wecom.staff.heard import CHANNEL, Heard, Offer, read
from bot.channels.wecom.staff.sender import Sender
from bot.channels.wecom.staff.spool import Spool
from bot.event import Trouble, Unusable, What

_log = structlog.get_logger(__name__)

KfNewsTaker = Callable[[str, str], Awaitable[None]]
"""Is told that a 微信客服 account (open_kfid) has news, and the token to fetch them with."""


class WeComStaff:
    """The company's app as a channel; addresses are userids in small letters.

    Its server takes WeCom's calls for 微信客服 as well, and hands them to `kf_news`. `client` and
    `media` are shared with the owners' channel, and closed by who made them.
    """

    name = CHANNEL
    limits = Limits(
        text=680,  # 2048 bytes, in which a Chinese character has three
        caption=680,
        label=64,
        data_bytes=64,
        overall_per_s=30.0,
        chat_per_s=20.0,
        chat_burst=20,
        # WeCom drops the 31st message in a minute, and the 1001st in an hour, without a word.
        quotas=(Quota(28, 60.0), Quota(950, 3600.0)),
    )

    def __init__(
        self,
        settings: WeComSettings,
        client: WeComClient,
        media: Media,
        memory: Memory,
        keep_photo: KeepPhoto,
        now: Callable[[], datetime],
        *,
        menu: AppMenu = (),
        kf_news: KfNewsTaker | None = None,
        patience: Patience | None = None,
    ) -> None:
        self._settings = settings
        self._client = client
        self._memory = memory
        self._now = now
        self._menu = menu
        self._kf_news = kf_news
        self._patience = patience or Patience()
        self._photos = PhotoFetcher(client, keep_photo, settings.photo_max_bytes)
        self._sender = Sender(client, media, memory, now, self._patience)
        self._server: CallbackServer | None = None
        self._opened = asyncio.Event()

    async def listening(self) -> int:
        """The port it listens on, once it does."""
        while (server := self._server) is None:
            await self._opened.wait()
        return server.port

    async def run(self, intake: Intake) -> None:
        """Receive until cancelled; a letter is acknowledged once it is dealt with, or kept."""
        spool = Spool(self._memory, partial(self._deal_with, intake), self._patience)
        server = CallbackServer(
            self._settings.callback_host,
            self._settings.callback_port,
            self._seal(),
            self._settings.agent_id,
            partial(self._take, spool),
            self._patience,
        )
        await spool.resume()
        menu = asyncio.create_task(self._put_up_menu())
        try:
            await server.start()
            self._server = server
            self._opened.set()
            await self._look_again(spool)
        finally:
            self._server = None
            self._opened.clear()
            menu.cancel()
            await server.stop()
            await spool.close()

    async def _look_again(self, spool: Spool) -> NoReturn:
        """Take over what a process on another machine had kept and did not live to deal with."""
        while True:
            await asyncio.sleep(self._patience.look_again_s)
            try:
                await spool.resume()
            except Exception as error:  # the next look comes
                _log.warning("wecom.kept_letters_not_read", error=type(error).__name__)

    async def send(self, sending: Sending) -> Outcome:
        """Deliver one message. A retry under the same key goes on where the last try stopped."""
        return await self._sender.send(sending)

    async def close(self) -> None:
        """Nothing of its own to let go of."""

    def _seal(self) -> Seal:
        settings = self._settings
        token, aes_key = settings.token.get_secret_value(), settings.aes_key.get_secret_value()
        return Seal(token, aes_key, settings.corp_id)

    async def _take(self, spool: Spool, letter: Letter) -> None:
        if isinstance(letter.what, KfNews):
            if self._kf_news is not None:
                await self._kf_news(letter.what.open_kfid, letter.what.token)
            return
        heard = read(letter, self._now())
        if heard is not None:
            await spool.take(heard)

    async def _deal_with(self, intake: Intake, heard: Heard, failures: int) -> None:
        if heard.greets and await self._memory.recall(marks.met(heard.userid)) is not None:
            return
        await intake(heard.event(await self._content(heard, failures)))

    async def _content(self, heard: Heard, failures: int) -> What:
        if not isinstance(heard.what, Offer):
            return heard.what
        try:
            return await self._photos.fetch(heard.what.media_id)
        except WeComError:
            if failures + 1 < self._patience.photo_tries:
                raise
            return Unusable(Trouble.PHOTO_UNREADABLE)

    async def _put_up_menu(self) -> None:
        """Until WeCom has taken it: without it everything works by words all the same."""
        failures = 0
        while self._menu:
            with suppress(WeComError):
                await self._client.create_menu(written(self._menu))
                return
            failures += 1
            _log.warning("wecom.menu_not_put_up", failures=failures)
            await asyncio.sleep(self._patience.pause_s(failures))
