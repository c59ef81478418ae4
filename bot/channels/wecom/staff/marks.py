"""The names of what the staff channel keeps: of cards, their codes, and who has been greeted.

A card is named by the task_id of its first face; each later face has one of its own, which begins
with that name, so that a press under any of them finds the card.
"""

from __future__ import annotations

import json
import zlib
from datetime import datetime, timedelta

from bot.event import Note

CODE_LIFE = timedelta(hours=72)
"""How long WeCom lets a card be changed with a code."""

_FACE = "@"
_LONGEST_REF = 64


def words_of(fields: object) -> str:
    """Tells a card by what it says.

    Where the books were set back to an earlier day, another message has the key of one that WeCom
    knows; by the key alone it would be taken for a repeat, and lost.
    """
    return f"{zlib.crc32(json.dumps(fields, sort_keys=True).encode()):08x}"


def first_face(install: str, key: str, words: str, number: int) -> str:
    """The task_id, and with it the name, of a card at its so manieth try."""
    return f"{install}-{key}-{words}-{number}"


def later_face(card: str, key: str, number: int) -> str:
    """The task_id of a card that is changed."""
    return f"{card}{_FACE}{key}-{number}"


def card_of(task_id: str) -> str | None:
    """The card a face belongs to; None where it is none of ours."""
    card = task_id.partition(_FACE)[0]
    return card if 0 < len(card) <= _LONGEST_REF else None


def codes_of(card: str) -> str:
    """How the keys of a card's codes begin; behind it they stand in the order of their age."""
    return f"code:{card}:"


def code(card: str, value: str, at: datetime) -> Note:
    """A code that came at that time, and may change the card once."""
    age = f"{int(at.timestamp() * 1000):015d}-{zlib.crc32(value.encode()):08x}"
    return Note(codes_of(card) + age, value, at + CODE_LIFE)


def failed(key: str) -> str:
    """How often a card was tried and known to have failed, by its sending's key."""
    return f"failed:{key}"


def met(userid: str) -> str:
    """A member has been greeted."""
    return f"met:{userid}"
