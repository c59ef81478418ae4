"""The pictures customers send, fetched as they are read: others' news go on meanwhile."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import structlog

from bot.channels.wecom.api.errors import WeComError
from bot.channels.wecom.patience import Patience
from bot.channels.wecom.photos import PhotoFetcher
from bot.event import Photo, Trouble, Unusable

_log = structlog.get_logger(__name__)


class Pictures:
    """Fetches pictures, and tries again for a while where that fails."""

    def __init__(self, photos: PhotoFetcher, patience: Patience) -> None:
        self._photos = photos
        self._patience = patience

    async def fetch(self, media_id: str) -> Photo | Unusable:
        """The kept picture, or why there is none.

        What goes wrong in keeping it (a full disk) is raised: the news is dealt with again.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(self._patience.photo_for_s):
                return await self._insist(media_id)
        return Unusable(Trouble.PHOTO_UNREADABLE)

    async def _insist(self, media_id: str) -> Photo | Unusable:
        failures = 0
        while True:
            try:
                return await self._photos.fetch(media_id)
            except WeComError as error:
                failures += 1
                _log.warning("wecom.kf_picture_not_fetched", error=str(error), tries=failures)
            await asyncio.sleep(self._patience.pause_s(failures))
