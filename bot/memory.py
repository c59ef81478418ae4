"""What a channel keeps over restarts, in the house's own database."""

from __future__ import annotations

from functools import partial

from bot.event import Note
from services.clock import Clock
from storage import channel_notes
from storage.database import Database


class ChannelMemory:
    """The notes of one channel, beside those that come with its events."""

    def __init__(self, database: Database, channel: str, clock: Clock) -> None:
        self._database = database
        self._channel = channel
        self._clock = clock

    async def recall(self, key: str) -> str | None:
        """The note's value; None where there is none, or it is over."""
        now = self._clock.now()
        return await self._database.read(
            lambda connection: channel_notes.recall(connection, self._channel, key, now)
        )

    async def recall_all(self, prefix: str) -> list[Note]:
        """The notes whose keys begin so, by key."""
        now = self._clock.now()
        found = await self._database.read(
            lambda connection: channel_notes.recall_all(connection, self._channel, prefix, now)
        )
        return [Note(*one) for one in found]

    async def keep(self, note: Note) -> None:
        """Keep a note, in the place of an earlier one with its key."""
        await self._database.write(
            lambda connection: channel_notes.keep(
                connection, self._channel, note.key, note.value, note.until
            )
        )

    async def forget(self, key: str) -> None:
        """Drop a note."""
        await self._database.write(partial(channel_notes.forget, channel=self._channel, key=key))
