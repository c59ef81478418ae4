"""The channel port: what a platform is given to deliver, what it carries, what came of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bot.event import Event, Note, Trouble


@dataclass(frozen=True, slots=True)
class Button:
    """A labelled button under a message; `data` comes back in `Press`.

    `number` is what may be typed instead of tapping it; None where no number stands for it.
    """

    label: str
    data: str
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Labels:
    """Words of our own for what some platforms need besides the message's.

    `choose` confirms a choice from a list; `closed` stands where buttons stood that have done
    their work.
    """

    choose: str = ""
    closed: str = ""


@dataclass(frozen=True, slots=True)
class Spoken:
    """One message in the person's own words, ready to be shown. Text is plain: no markup is read.

    `rows` are buttons under the message; `menu` is the standing menu at the foot of the chat
    (labels that arrive as typed words; None leaves the present one); `ask_contact` is the label of
    a menu button that shares the person's phone number, where the platform has one. `silent` asks
    for no sound. A message has either `rows` or `menu`/`ask_contact`, never both.
    `photos` are files to show above the text.
    """

    text: str
    rows: tuple[tuple[Button, ...], ...] = ()
    menu: tuple[tuple[str, ...], ...] | None = None
    ask_contact: str | None = None
    photos: tuple[Path, ...] = ()
    silent: bool = False
    labels: Labels = Labels()


@dataclass(frozen=True, slots=True)
class Quota:
    """At most so many messages to one chat within any so many seconds, counted over restarts."""

    messages: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Limits:
    """What a platform carries: characters a message and a label, bytes of button data, and pace.

    `overall_per_s` bounds the whole channel, `chat_per_s` one chat after `chat_burst` at once.
    `quotas` are for a platform that drops the excess without a word. `choices` is how many
    buttons a message may have; what is more comes on further pages.
    """

    text: int
    caption: int
    label: int
    data_bytes: int
    overall_per_s: float
    chat_per_s: float
    chat_burst: int
    quotas: tuple[Quota, ...] = ()
    choices: int | None = None


@dataclass(frozen=True, slots=True)
class Delivered:
    """The platform took it; `ref` names the message there, for edits in place.

    `parts` is how many of the platform's messages it took.
    """

    ref: str | None
    parts: int = 1


@dataclass(frozen=True, slots=True)
class Retry:
    """Not now: try again in `seconds`; `everyone` when the whole channel is held, not one chat."""

    seconds: float
    everyone: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class WindowClosed:
    """The platform allows no message to this person just now (a service window has ended).

    `spent`: the window is open, but all messages that it allows have been sent.
    """

    spent: bool = False


@dataclass(frozen=True, slots=True)
class Silenced:
    """A colleague speaks with this person on the platform itself: say it when they are done."""


@dataclass(frozen=True, slots=True)
class Unreachable:
    """The person cannot be reached here any more (blocked us, left, deleted the account)."""

    reason: str = ""


@dataclass(frozen=True, slots=True)
class Rejected:
    """The platform will never take this message as it is; a fault of ours, logged.

    `sayable`: another platform may take it all the same, or somebody say it on the telephone.
    """

    reason: str
    sayable: bool = True


@dataclass(frozen=True, slots=True)
class CannotEdit:
    """The message to be replaced is gone or too old: send it anew."""


Outcome = Delivered | Retry | WindowClosed | Silenced | Unreachable | Rejected | CannotEdit


@dataclass(frozen=True, slots=True)
class Sending:
    """One delivery: to whom, what, and which earlier message it replaces in place.

    `key` is the same for every try of one delivery, for platforms that can drop repeats. `most`
    bounds how many of the platform's messages it may take (its words go before its pictures);
    None where they are not counted.
    """

    address: str
    spoken: Spoken
    key: str
    replaces: str | None = None
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the dispatcher says to the channel once an event is committed.

    `toast` is a short word to flash where the platform can (the answer to a tap); the
    conversation's own messages come through the relay.
    """

    toast: str | None = None


Intake = Callable[[Event], Awaitable[Receipt]]
"""Hands an event to the dispatcher; returns after the commit, when it may be acknowledged."""

KeepPhoto = Callable[[bytes], Awaitable[str | Trouble]]
"""Checks and stores a picture; returns its SHA-256, or why it cannot be taken."""


class Memory(Protocol):
    """What one channel keeps over restarts, beside the notes that come with events."""

    async def recall(self, key: str) -> str | None:
        """The note's value; None where there is none, or it is over."""
        ...

    async def recall_all(self, prefix: str) -> list[Note]:
        """The notes whose keys begin so, by key."""
        ...

    async def keep(self, note: Note) -> None:
        """Keep a note, in the place of an earlier one with its key."""
        ...

    async def forget(self, key: str) -> None:
        """Drop a note."""
        ...


class Channel(Protocol):
    """A chat platform. `run` takes events in until it is cancelled; `send` never raises for an
    outcome the platform can have: every failure is one of the outcomes."""

    name: str
    limits: Limits

    async def run(self, intake: Intake) -> None:
        """Receive until cancelled, handing each event to `intake` and acknowledging after it."""
        ...

    async def send(self, sending: Sending) -> Outcome:
        """Deliver one message, or say what came of it."""
        ...

    async def close(self) -> None:
        """Let go of connections and servers."""
        ...
