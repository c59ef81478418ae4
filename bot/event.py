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
    """A tap on a button: the data it carried (untrusted) and the message it was under."""

    data: str
    message_ref: str | None = None


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


class Trouble(StrEnum):
    """Why something a person sent could not be taken."""

    PHOTO_TOO_LARGE = "photo-too-large"
    PHOTO_UNREADABLE = "photo-unreadable"
    KIND_NOT_TAKEN = "kind-not-taken"


@dataclass(frozen=True, slots=True)
class Unusable:
    """Something was sent that we cannot take (a film, a broken picture): the person is told why."""

    trouble: Trouble


What = Text | Command | Press | Photo | Contact | Unusable


@dataclass(frozen=True, slots=True)
class Event:
    """One thing a person did.

    `dedup` is unique per channel: a redelivery carries the same key. `address` is the chat the
    answer goes to. `received_at` is the server's receipt in UTC (reading 9). `language` is the
    platform's hint (BCP 47), used only at the first contact.
    """

    channel: str
    dedup: str
    address: str
    what: What
    received_at: datetime
    language: str | None = None
