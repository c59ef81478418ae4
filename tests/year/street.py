"""The homes of the year: who lives there, what chat they have, and how they are when asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from random import Random

from sqlalchemy import Connection

from storage import people, windows
from storage import residents as roll
from storage.records import Relation, Room
from storage.tables import rooms

HOMES = 60


class Chat(StrEnum):
    """How a household can be written to."""

    NONE = "none"
    OPEN = "open"
    WINDOW = "window"
    """Only for a while after they wrote, as WeCom's customers."""
    SHUT = "shut"
    """The books say open, the platform refuses: its window has closed before we thought."""
    LEFT = "left"
    """They have blocked us, which nobody knows until something is sent."""


class Pace(StrEnum):
    """When they answer what they are asked in chat."""

    AT_ONCE = "at_once"
    LATE = "late"
    REMINDED = "reminded"
    NEVER = "never"


CHATS = (Chat.OPEN,) * 9 + (Chat.NONE,) * 5 + (Chat.WINDOW,) * 4 + (Chat.SHUT, Chat.LEFT)
PACES = (Pace.AT_ONCE,) * 4 + (Pace.LATE,) * 3 + (Pace.REMINDED,) * 2 + (Pace.NEVER,)


@dataclass(slots=True)
class Household:
    """A home and the ways of who lives there. `key` is the address of their chat."""

    key: str
    room_no: str
    chat: Chat
    pace: Pace
    dice: Random
    room_id: int = 0
    seen: dict[str, int] = field(default_factory=dict)
    """How often each question has been on their screen."""

    @property
    def has_chat(self) -> bool:
        """Whether they ever wrote to us."""
        return self.chat is not Chat.NONE

    def happens(self, percent: int) -> bool:
        """Whether something comes about that does so in so many of a hundred cases."""
        return self.dice.randrange(100) < percent

    def minutes(self, least: int, most: int) -> int:
        """How long something takes them."""
        return self.dice.randint(least, most)


def households(seed: int) -> list[Household]:
    """Everybody on the street, the same for the same seed."""
    dice = Random(f"{seed}:street")
    return [
        Household(
            key=f"home-{number}",
            room_no=f"{7 + number // 20}-{1 + number % 20:02}01",
            chat=CHATS[number % len(CHATS)],
            pace=dice.choice(PACES),
            dice=Random(f"{seed}:home-{number}"),
        )
        for number in range(HOMES)
    ]


def build(
    connection: Connection, street: list[Household], centre_id: int, channel: str, now: datetime
) -> None:
    """Put the street on the roll of the centre; who has a chat is bound."""
    for number, home in enumerate(street):
        made = connection.execute(
            rooms.insert().values(centre_id=centre_id, room_no=home.room_no).returning(rooms.c.id)
        )
        home.room_id = Room(made.scalar_one(), centre_id, home.room_no).id
        name, phone = f"{SURNAMES[number % len(SURNAMES)]}某", f"138003{number:05}"
        line = roll.add_line(connection, home.room_id, name, phone, Relation.OWNER, None)
        if home.has_chat:
            person = people.add_person(connection, name, phone, "zh-CN", now)
            chat = people.add_endpoint(connection, person.id, channel, home.key, now)
            roll.bind(connection, line.id, person.id, now)
            if home.chat is Chat.WINDOW:
                windows.closes(connection, chat.id, now)


SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨"
