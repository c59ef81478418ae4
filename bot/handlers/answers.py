"""Typed answers about people: what somebody wrote, as a room, a name or a telephone number."""

from __future__ import annotations

from services.rules.names import normalise_phone, normalise_room

LONGEST_ROOM = 32
LONGEST_NAME = 40
SHORTEST_PHONE = 7


def room_in(text: str) -> str | None:
    """A room number, made comparable with the roll's; None if it cannot be one."""
    room = normalise_room(text)
    return room if 0 < len(room) <= LONGEST_ROOM and "\n" not in text else None


def name_in(text: str) -> str | None:
    """A person's name; None for what is too long, or has digits (a number in the wrong place)."""
    name = " ".join(text.split())
    is_name = 0 < len(name) <= LONGEST_NAME and not any(letter.isdigit() for letter in name)
    return name if is_name else None


def phone_in(text: str) -> str | None:
    """A telephone number somebody can be reached at, normalised; None if it is none."""
    try:
        phone = normalise_phone(text)
    except ValueError:
        return None
    return phone if len(phone) >= SHORTEST_PHONE else None
