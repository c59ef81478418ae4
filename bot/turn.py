"""A handler's whole world: `Turn` comes in, `Reply` goes out."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.event import Event
from services.messages import Message, Saying, say
from storage.records import Conversation, Endpoint, Person, Role, Staff


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing a person did, and who they are to us.

    `staff` are the person's active roster lines (none for a resident); a person may be both.
    `conversation` is where this chat stood when the event came.
    """

    event: Event
    person: Person
    endpoint: Endpoint
    conversation: Conversation
    staff: tuple[Staff, ...] = ()

    def is_staff(self, *roles: Role) -> bool:
        """Whether the person holds any of these roles anywhere (of any role, if none is named)."""
        held = {role for line in self.staff for role in line.roles}
        return bool(held & set(roles)) if roles else bool(held)

    def roles_in(self, centre_id: int) -> tuple[Role, ...]:
        """The roles the person holds in this very centre."""
        return tuple(
            role for line in self.staff if line.centre_id == centre_id for role in line.roles
        )


@dataclass(frozen=True, slots=True)
class Reply:
    """What the person is told: messages in order, and a short word to flash on a tap."""

    messages: tuple[Message, ...] = ()
    toast: Saying | None = None

    def and_say(self, *messages: Message) -> Reply:
        """The same reply with further messages."""
        return replace(self, messages=(*self.messages, *messages))


def reply(*messages: Message, toast: str | None = None) -> Reply:
    """A reply of these messages."""
    return Reply(messages, Saying(toast) if toast else None)


def flash(key: str) -> Reply:
    """A reply that only flashes a short word."""
    return Reply((), Saying(key))


__all__ = ["Reply", "Turn", "flash", "reply", "say"]
