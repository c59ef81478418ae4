"""Fetches the pictures people send, within a limit of size and of time."""

from __future__ import annotations

import asyncio

import structlog
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramNotFound
from aiohttp import ClientError, ClientResponseError

from bot.channels.base import KeepPhoto
from bot.channels.telegram.outcomes import FAILURES, Failure, reason_of
from bot.channels.telegram.parse import PhotoOffer
from bot.channels.telegram.patience import Patience
from bot.event import Photo, Trouble, Unusable

_log = structlog.get_logger(__name__)

_AT_ONCE = 4
"""Downloads held in memory at the same time."""

_TOO_BIG_TO_FETCH = "file is too big"
_GONE = (404, 410)


class PhotoFetcher:
    """Fetches a picture from Telegram and hands it to be kept."""

    def __init__(self, bot: Bot, keep: KeepPhoto, max_bytes: int, patience: Patience) -> None:
        self._bot = bot
        self._keep = keep
        self._max_bytes = max_bytes
        self._patience = patience
        self._places = asyncio.Semaphore(_AT_ONCE)

    async def fetch(self, offer: PhotoOffer) -> Photo | Unusable:
        """The kept picture, or why there is none; a download that fails is tried again first.

        What goes wrong in keeping it (a full disk) is raised: the update will come again.
        """
        async with self._places:
            content = await self._download(offer.file_id)
            if isinstance(content, Trouble):
                return Unusable(content)
            kept = await self._keep(content)
        return Unusable(kept) if isinstance(kept, Trouble) else Photo(kept, offer.caption)

    async def _download(self, file_id: str) -> bytes | Trouble:
        for failures in range(1, self._patience.photo_tries + 1):
            try:
                return await self._read(file_id)
            except (*FAILURES, ClientError) as error:
                final = _final(error)
                if final is not None:
                    return final
                _log.warning("telegram.photo_not_fetched", error=reason_of(error), tries=failures)
            await asyncio.sleep(self._patience.pause_s(failures))
        return Trouble.PHOTO_UNREADABLE

    async def _read(self, file_id: str) -> bytes | Trouble:
        file = await self._bot.get_file(file_id, request_timeout=self._patience.photo_s)
        if file.file_path is None:
            return Trouble.PHOTO_UNREADABLE
        url = self._bot.session.api.file_url(self._bot.token, file.file_path)
        content = bytearray()
        async for chunk in self._bot.session.stream_content(url, timeout=self._patience.photo_s):
            content += chunk
            if len(content) > self._max_bytes:
                return Trouble.PHOTO_TOO_LARGE
        return bytes(content)


def _final(error: Failure | ClientError) -> Trouble | None:
    """What is certain to fail again; None if another try may succeed."""
    if isinstance(error, TelegramBadRequest):
        too_big = _TOO_BIG_TO_FETCH in error.message
        return Trouble.PHOTO_TOO_LARGE if too_big else Trouble.PHOTO_UNREADABLE
    gone = isinstance(error, ClientResponseError) and error.status in _GONE
    return Trouble.PHOTO_UNREADABLE if gone or isinstance(error, TelegramNotFound) else None
