"""Fetches the pictures customers send: at once, since WeCom lets them go after three days."""

from __future__ import annotations

import asyncio

import structlog

from bot.channels.base import KeepPhoto
from bot.channels.wecom.client import WeComClient
from bot.channels.wecom.codes import Meaning
from bot.channels.wecom.errors import Refused, WeComError
from bot.channels.wecom.patience import Patience
from bot.event import Photo, Trouble, Unusable

_log = structlog.get_logger(__name__)

_FINAL = (Meaning.MEDIA_GONE, Meaning.OUR_FAULT)
_AT_ONCE = 4
"""Pictures held in memory at the same time."""


class Pictures:
    """Fetches a picture and hands it to be kept."""

    def __init__(
        self, client: WeComClient, keep: KeepPhoto, max_bytes: int, patience: Patience
    ) -> None:
        self._client = client
        self._keep = keep
        self._max_bytes = max_bytes
        self._patience = patience
        self._places = asyncio.Semaphore(_AT_ONCE)

    async def fetch(self, media_id: str) -> Photo | Unusable:
        """The kept picture, or why there is none; what fails is tried again for a while first.

        What goes wrong in keeping it (a full disk) is raised: the news is dealt with again.
        """
        try:
            async with asyncio.timeout(self._patience.photo_for_s):
                return await self._insist(media_id)
        except TimeoutError:
            return Unusable(Trouble.PHOTO_UNREADABLE)

    async def _insist(self, media_id: str) -> Photo | Unusable:
        failures = 0
        while True:
            try:
                return await self._once(media_id)
            except WeComError as error:
                failures += 1
                _log.warning("wecom.kf_picture_not_fetched", error=str(error), tries=failures)
                if isinstance(error, Refused) and error.meaning in _FINAL:
                    return Unusable(Trouble.PHOTO_UNREADABLE)
            await asyncio.sleep(self._patience.pause_s(failures))

    async def _once(self, media_id: str) -> Photo | Unusable:
        async with self._places:
            content = await self._client.fetch(media_id, self._max_bytes)
            kept = content if isinstance(content, Trouble) else await self._keep(content)
        return Unusable(kept) if isinstance(kept, Trouble) else Photo(kept)
