"""What a channel keeps over restarts: by key, by the beginning of keys, and for so long."""

from __future__ import annotations

from datetime import timedelta

from bot.channels.base import Memory
from bot.event import Note
from bot.memory import ChannelMemory
from services import upkeep
from services.desk import Desk
from storage.database import Database
from storage.tables import channel_notes
from tests.kernel.platform import rows_of
from tests.town import TUESDAY_10, FakeClock

SOON = TUESDAY_10 + timedelta(seconds=20)


def memory(database: Database, clock: FakeClock, channel: str = "phone") -> Memory:
    return ChannelMemory(database, channel, clock)


async def test_a_note_is_known_again_after_a_restart_until_it_is_forgotten(
    database: Database, clock: FakeClock
) -> None:
    await memory(database, clock).keep(Note("cursor", "1"))
    await memory(database, clock).keep(Note("cursor", "2"))
    assert await memory(database, clock).recall("cursor") == "2"
    await memory(database, clock).forget("cursor")
    assert await memory(database, clock).recall("cursor") is None
    await memory(database, clock).forget("cursor")  # what is not there may be forgotten, too


async def test_a_note_is_over_at_its_time_and_another_takes_its_place(
    database: Database, clock: FakeClock
) -> None:
    kept = memory(database, clock)
    await kept.keep(Note("code", "old", until=SOON))
    clock.at = SOON - timedelta(seconds=1)
    assert await kept.recall("code") == "old"
    clock.at = SOON
    assert await kept.recall("code") is None
    assert await kept.recall_all("code") == []
    await kept.keep(Note("code", "new"))
    assert await kept.recall("code") == "new"


async def test_notes_are_found_by_the_beginning_of_their_keys_whatever_stands_in_it(
    database: Database, clock: FakeClock
) -> None:
    """% and _ mean nothing but themselves, and capitals are not small letters."""
    kept = memory(database, clock)
    keys = ["card_1", "card_2", "cardX3", "CARD_4", "50%:a", "500:b", "other"]
    for key in keys:
        await kept.keep(Note(key, key.lower(), until=SOON if key == "card_2" else None))
    assert await kept.recall_all("card_") == [
        Note("card_1", "card_1"),
        Note("card_2", "card_2", until=SOON),
    ]
    assert await kept.recall_all("50%") == [Note("50%:a", "50%:a")]
    assert [note.key for note in await kept.recall_all("")] == sorted(keys)


async def test_each_channel_has_notes_of_its_own(database: Database, clock: FakeClock) -> None:
    await memory(database, clock, "phone").keep(Note("k", "1"))
    await memory(database, clock, "radio").keep(Note("k", "2"))
    await memory(database, clock, "radio").forget("k")
    assert await memory(database, clock, "phone").recall("k") == "1"
    assert await memory(database, clock, "radio").recall_all("") == []


async def test_upkeep_drops_what_is_over_and_nothing_else(
    database: Database, clock: FakeClock
) -> None:
    kept = memory(database, clock)
    for key, until in (("over", SOON), ("later", SOON + timedelta(seconds=2)), ("ever", None)):
        await kept.keep(Note(key, "v", until=until))
    await database.write(lambda c: upkeep.forget(Desk(c, SOON + timedelta(seconds=1))))
    rows = await database.read(rows_of(channel_notes.select().order_by(channel_notes.c.key)))
    assert [row[1] for row in rows] == ["ever", "later"]
