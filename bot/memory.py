"""What channels keep over restarts, in the house's own database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

from bot.event import Note
from storage import channel_notes
from storage.database import Database


class ChannelMemory:
    """The notes of one channel (see `Memory` of the port); `now` tells which are over."""

    def __init__(self, database: Database, channel: str, now: Callable[[], datetime]) -> None:
        self._database = database
        self._channel = channel
        self._now = now

    async def recall(self, key: str) -> str | None:
        """The note's value; None where there is none, or it is over."""
        return await self._database.read(
            partial(channel_notes.recall, channel=self._channel, key=key, now=self._now())
        )

    async def recall_all(self, prefix: str) -> list[Note]:
        """The notes whose keys begin so, by key."""
        rows = await self._database.read(
            partial(channel_notes.recall_all, channel=self._channel, prefix=prefix, now=self._now())
        )
        return [Note(key, value, until) for key, value, until in rows]

    async def keep(self, note: Note) -> None:
        """Keep a note, in the place of an earlier one with its key."""
        await self._database.write(
            partial(
                channel_notes.keep,
                channel=self._channel,
                key=note.key,
                value=note.value,
                until=note.until,
            )
        )

    async def forget(self, key: str) -> None:
        """Drop a note."""
        await self._database.write(partial(channel_notes.forget, channel=self._channel, key=key))
