"""Pictures by the names WeCom has for them: uploaded once, and again before WeCom lets them go."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

from bot.channels.wecom.api.client import WeComClient
from bot.channels.wecom.api.codes import Meaning
from bot.channels.wecom.api.errands import Errands
from bot.channels.wecom.api.errors import Refused
from bot.channels.wecom.patience import Patience

T = TypeVar("T")

_KEPT = 10_000
"""Names remembered; the oldest are forgotten, and their pictures uploaded again where wanted."""


class Media:
    """The media_ids of the pictures in our folder, which are named by their SHA-256."""

    def __init__(
        self,
        client: WeComClient,
        patience: Patience | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._patience = patience or Patience()
        self._clock = clock
        self._errands = Errands[str]()
        self._known: OrderedDict[str, tuple[str, float]] = OrderedDict()

    async def media_id(self, picture: Path) -> str:
        """WeCom's name for a picture, which is uploaded if need be: once for all who ask.

        Raises:
            WeComError: it could not be uploaded.
            OSError: it cannot be read.
        """
        media_id, good_until = self._known.get(picture.name, ("", 0.0))
        if media_id and self._clock() < good_until:
            return media_id
        return await self._errands.run(picture.name, partial(self._upload, picture))

    async def given(self, picture: Path, send: Callable[[str], Awaitable[T]]) -> T:
        """What came of sending a picture by WeCom's name for it; where WeCom has let go of it
        (40007), it is uploaded and sent once more. Raises as `media_id` and `send` do."""
        media_id = await self.media_id(picture)
        try:
            return await send(media_id)
        except Refused as refusal:
            if refusal.meaning is not Meaning.MEDIA_GONE:
                raise
        self.forget(picture, media_id)
        return await send(await self.media_id(picture))

    def forget(self, picture: Path, media_id: str) -> None:
        """WeCom has let go of it (40007): the next who asks uploads it again."""
        if self._known.get(picture.name, ("", 0.0))[0] == media_id:
            del self._known[picture.name]

    async def close(self) -> None:
        """Break off what is being uploaded."""
        await self._errands.close()

    async def _upload(self, picture: Path) -> str:
        # Counted from before the upload: WeCom may have had it a while when its answer comes.
        good_until = self._clock() + self._patience.media_s
        media_id = await self._client.upload(picture)
        self._known[picture.name] = (media_id, good_until)
        self._known.move_to_end(picture.name)
        if len(self._known) > _KEPT:
            self._known.popitem(last=False)
        return media_id
