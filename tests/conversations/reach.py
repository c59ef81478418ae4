"""What a platform lets us say to somebody: their window open, used up or closed, or gone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from sqlalchemy import Connection

from storage import people, phone_tasks, windows
from storage.records import PhoneTask
from tests.conversation import Town, known_as


async def may_be_told(town: Town, key: str, messages: int = 5) -> None:
    """They wrote just now: 48 hours, and so many messages."""
    town.clock.step(timedelta(seconds=1))  # it is a later word than any before
    now = town.clock.now()
    opens = partial(windows.opens, until=now + timedelta(hours=48), left=messages, now=now)
    await _in_chat(town, key, opens)
    await town.settles()


async def has_one_left(town: Town, key: str) -> None:
    """All but the last message of the window has been used."""
    await _in_chat(town, key, partial(windows.closes, now=town.clock.now()))
    await may_be_told(town, key, 1)


async def has_not_written_for_long(town: Town, key: str) -> None:
    """Their window has closed just now."""
    await _in_chat(town, key, partial(windows.closes, now=town.clock.now()))


async def has_none_left(town: Town, key: str) -> None:
    """The window is open, and all its messages have been used."""
    await may_be_told(town, key)
    await _in_chat(town, key, partial(windows.is_spent, now=town.clock.now()))


async def is_spoken_with(town: Town, key: str) -> None:
    """A colleague speaks with them on the platform itself."""
    await may_be_told(town, key)
    await is_taken_over(town, key)


async def is_taken_over(town: Town, key: str) -> None:
    """A colleague takes over their chat on the platform, where a window is open."""
    await _in_chat(town, key, partial(windows.silence, now=town.clock.now()))


async def is_handed_back(town: Town, key: str) -> None:
    """The colleague is done."""
    await _in_chat(town, key, windows.hands_back)
    await town.settles()


async def has_left(town: Town, key: str) -> None:
    """Their chat takes nothing any more."""
    await _in_chat(town, key, partial(people.unreachable, at=town.clock.now()))


async def _in_chat(town: Town, key: str, act: Callable[[Connection, int], None]) -> None:
    def unit(connection: Connection) -> None:
        known = known_as(connection, key)
        assert known is not None
        act(connection, known[0].id)

    await town.change(unit)


async def to_be_phoned(town: Town) -> list[PhoneTask]:
    """What waits to be read out on the telephone."""
    return await town.look(phone_tasks.undone)
