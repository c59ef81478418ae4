"""What somebody sent, without the characters that cannot be stored or that nobody can see."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

from bot.event import Command, Contact, Event, Photo, Place, Text

_LINE_ENDS = re.compile(r"\r\n?|[\u2028\u2029]")
_NEVER = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # PostgreSQL stores no NUL; the others show nothing
    "\ud800-\udfff"  # half a character, which no encoding takes
    "\u200b\u2060\ufeff"  # of no width: words that look equal would not be
    "\u202a-\u202e\u2066-\u2069]"  # turn round the words of ours that stand after them
)
_UNSEEN = ("Cc", "Cf", "Zl", "Zp", "Zs")


def plain(text: str) -> str:
    """The text as it can be stored and shown; empty where nothing in it can be seen.

    Joiners stay: emoji of several parts and some scripts are written with them.
    """
    kept = _NEVER.sub("", _LINE_ENDS.sub("\n", text))
    return kept if any(unicodedata.category(one) not in _UNSEEN for one in kept) else ""


def in_plain_words(event: Event) -> Event:
    """The event with its words made plain; what a button carried is checked by its handler."""
    match event.what:
        case Text(text):
            return replace(event, what=Text(plain(text)))
        case Command(name, argument):
            return replace(event, what=Command(name, plain(argument)))
        case Photo(sha256, caption):
            return replace(event, what=Photo(sha256, plain(caption)))
        case Contact(phone, own):
            return replace(event, what=Contact(plain(phone), own))
        case Place(latitude, longitude, label):
            return replace(event, what=Place(latitude, longitude, plain(label)))
        case _:
            return event
