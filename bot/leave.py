"""What a chat's service window leaves us to say: send, hold back, or find another way.

A platform may allow only some messages, and only for a while after somebody has written. One is
kept for what must be said (a question, an alarm); plain news waits for it and goes along.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot import parcels
from bot.parcels import Parcel
from services.messages import Message
from storage.records import Outgoing

RESERVE = 1
"""How many of a window's messages are kept for what is essential."""


@dataclass(frozen=True, slots=True)
class Go:
    """Send this, with at most so many of the platform's messages (None: they are not counted)."""

    parcel: Parcel
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Hold:
    """Keep it: until the person writes, more is to be said, or the window ends."""

    until: datetime | None


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """This chat cannot carry the letter: another chat of the person's, or the telephone."""

    letter: Outgoing


Leave = Go | Hold | Elsewhere


def leave_for(
    waiting: Sequence[Outgoing],
    now: datetime,
    fits: Callable[[Message], bool],
    apart: Collection[int] = (),
) -> Leave:
    """What may be done with the messages that wait in a chat with a window, in their order.

    `fits` tells whether a message made of several would still be one on the platform; letters that
    are to go `apart` are joined with nothing.
    """
    head = waiting[0]
    until, left = head.window_until or now, head.window_left or 0
    if head.silenced:
        return Hold(None)
    if until <= now:
        return Elsewhere(head)
    if left > RESERVE:
        parcel = parcels.joined(waiting, fits, apart)
        is_essential = any(letter.essential for letter in parcel.letters)
        return Go(parcel, left if is_essential else left - RESERVE)
    essential = next((letter for letter in waiting if letter.essential), None)
    if essential is None:
        return Hold(until)
    if left <= 0:
        return Elsewhere(essential)
    return Go(_with_the_essential(waiting, essential, fits, apart), left)


def _with_the_essential(
    waiting: Sequence[Outgoing],
    essential: Outgoing,
    fits: Callable[[Message], bool],
    apart: Collection[int],
) -> Parcel:
    """The last message there is: the essential one, with what waits before it if that fits."""
    parcel = parcels.joined(waiting, fits, apart)
    if essential in parcel.letters:
        return parcel
    return parcels.joined(waiting[waiting.index(essential) :], fits, apart)
