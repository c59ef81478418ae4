"""Event: one neutral thing a person did on some channel, and the key that knows its repeats."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Text:
    """Words somebody typed, at most as long as the channel lets through."""

    text: str


@dataclass(frozen=True, slots=True)
class Command:
    """A slash command (`/start`), with what stood behind it; deep-link codes arrive as `start`."""

    name: str
    argument: str = ""


@dataclass(frozen=True, slots=True)
class Press:
    """A tap on a button: the data it carried (untrusted) and the message it was under.

    `flashes`: the platform can flash a short word in answer; elsewhere it comes as a message.
    """

    data: str
    message_ref: str | None = None
    flashes: bool = True


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture that has been fetched, checked and stored; `sha256` names the file."""

    sha256: str
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """A shared phone number; `own` only if the platform vouches that it is the sender's."""

    phone: str
    own: bool


@dataclass(frozen=True, slots=True)
class Place:
    """A point on the map: degrees (WGS-84, or as near as the platform gives it) and its name."""

    latitude: float
    longitude: float
    label: str = ""


class Trouble(StrEnum):
    """Why something a person sent could not be taken."""

    PHOTO_TOO_LARGE = "photo-too-large"
    PHOTO_UNREADABLE = "photo-unreadable"
    KIND_NOT_TAKEN = "kind-not-taken"


@dataclass(frozen=True, slots=True)
class Unusable:
    """Something was sent that we cannot take (a film, a broken picture): the person is told why."""

    trouble: Trouble


What = Text | Command | Press | Photo | Contact | Place | Unusable


class Loss(StrEnum):
    """Why a message that a platform had taken did not arrive after all."""

    WINDOW_CLOSED = "window-closed"
    BUDGET_SPENT = "budget-spent"
    UNREACHABLE = "unreachable"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Lost:
    """The message `ref`, taken by the platform a while ago, did not arrive."""

    ref: str
    loss: Loss


@dataclass(frozen=True, slots=True)
class TakenOver:
    """A colleague speaks with the person on the platform itself: we keep silent meanwhile."""


@dataclass(frozen=True, slots=True)
class HandedBack:
    """The colleague is done: we may speak again."""


@dataclass(frozen=True, slots=True)
class Overheard:
    """Something the person said to a colleague: known from now on, and never answered by us."""


@dataclass(frozen=True, slots=True)
class ReadOn:
    """Nothing that concerns anybody; only the event's notes are to be kept."""


News = Lost | TakenOver | HandedBack | Overheard | ReadOn
"""What a platform tells us of a chat; nobody did it to be answered."""


@dataclass(frozen=True, slots=True)
class Window:
    """How long, and with how many messages, the person may be written to from now on.

    For platforms that let a business speak only for a while after somebody has written to it.
    """

    until: datetime
    messages: int


@dataclass(frozen=True, slots=True)
class Note:
    """What a channel must know again after a restart; kept with the event, or not at all.

    `until` is when it is of no use any more (UTC); None: never.
    """

    key: str
    value: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """One thing a person did.

    `dedup` is unique per channel: a redelivery carries the same key. `address` is the chat the
    answer goes to. `received_at` is the server's receipt in UTC (reading 9). `language` is the
    platform's hint (BCP 47), used only at the first contact. `window` is the leave to speak that
    this gives us, where the platform has such a thing. `notes` are kept in the event's own
    transaction, also where the event itself turns out to be a repeat.
    """

    channel: str
    dedup: str
    address: str
    what: What | News
    received_at: datetime
    language: str | None = None
    window: Window | None = None
    notes: tuple[Note, ...] = ()
