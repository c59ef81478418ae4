"""Fetches the pictures people send before WeCom lets them go."""

from __future__ import annotations

import asyncio

from bot.channels.base import KeepPhoto
from bot.channels.wecom.api.client import WeComClient
from bot.channels.wecom.api.codes import Meaning
from bot.channels.wecom.api.errors import Refused
from bot.event import Photo, Trouble, Unusable

_AT_ONCE = 4
"""Pictures held in memory at the same time."""

_FOR_EVER = (Meaning.MEDIA_GONE, Meaning.OUR_FAULT)


class PhotoFetcher:
    """Fetches a picture from WeCom and hands it to be kept."""

    def __init__(self, client: WeComClient, keep: KeepPhoto, most_bytes: int) -> None:
        self._client = client
        self._keep = keep
        self._most_bytes = most_bytes
        self._places = asyncio.Semaphore(_AT_ONCE)

    async def fetch(self, media_id: str) -> Photo | Unusable:
        """The kept picture, or why there is none.

        Raises WeComError where another try may succeed. What goes wrong in keeping it (a full disk)
        is raised, too.
        """
        async with self._places:
            content = await self._content(media_id)
            kept = content if isinstance(content, Trouble) else await self._keep(content)
        return Unusable(kept) if isinstance(kept, Trouble) else Photo(kept)

    async def _content(self, media_id: str) -> bytes | Trouble:
        try:
            return await self._client.fetch(media_id, self._most_bytes)
        except Refused as refusal:
            if refusal.meaning in _FOR_EVER:
                return Trouble.PHOTO_UNREADABLE
            raise
