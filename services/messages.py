"""What is said, not how it looks: a message is a key, typed facts, and the actions it offers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

MomentStyle = Literal["time", "day", "full", "short", "month", "exact"]


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time, shown on the clock of `zone`.

    `style`: "time" 15:00 · "day" 周二 11月24日 · "full" both, with 今天/明天 where that is true at
    the moment of speaking · "short" the same without the date where a day's name is enough
    (明天 周二 15:00), for buttons · "month" 2026年11月 · "exact" 2026-11-24
    15:00:01, for the record.
    """

    at: datetime
    zone: str
    style: MomentStyle = "full"
    kind: Literal["moment"] = "moment"


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in fen; None where the price is settled on site."""

    fen: int | None
    kind: Literal["money"] = "money"


@dataclass(frozen=True, slots=True)
class Minutes:
    """A length of time in whole minutes."""

    count: int
    kind: Literal["minutes"] = "minutes"


@dataclass(frozen=True, slots=True)
class Share:
    """A share in tenths of a percent; None where there is nothing to take a share of ("—")."""

    tenths: int | None
    kind: Literal["share"] = "share"


@dataclass(frozen=True, slots=True)
class Word:
    """A word of ours by its key, in the listener's language (a state, a skill, a reason)."""

    key: str
    kind: Literal["word"] = "word"


@dataclass(frozen=True, slots=True)
class Words:
    """Several words of ours, joined as the language joins a list."""

    keys: tuple[str, ...]
    kind: Literal["words"] = "words"


@dataclass(frozen=True, slots=True)
class Named:
    """A name that data carries in both languages (a catalogue item)."""

    zh: str
    en: str
    kind: Literal["named"] = "named"


Tagged = Annotated[
    Moment | Money | Minutes | Share | Word | Words | Named, Field(discriminator="kind")
]
Fact = str | int | Tagged
"""A typed value inside a message. A plain `str` is a name or somebody's words, shown as it is."""

Facts = Mapping[str, Fact]


@dataclass(frozen=True, slots=True)
class Saying:
    """A key and its facts: one paragraph of a message, or a label."""

    key: str
    facts: dict[str, Fact] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Action:
    """Something a person may tap: `name` finds the handler, `args` go to it.

    The label is the word `label`, by default the one of the action's own name. Args are strings
    without `|`, short enough for 64 bytes altogether.
    """

    name: str
    args: tuple[str, ...] = ()
    label: Saying | None = None

    @property
    def saying(self) -> Saying:
        """What stands on the button."""
        return self.label or Saying(f"do-{self.name.replace('.', '-').replace('_', '-')}")

    @property
    def data(self) -> str:
        """The action as a button carries it."""
        return "|".join((self.name, *self.args))


@dataclass(frozen=True, slots=True)
class Brief:
    """A message in one line, and the action that opens what it is about.

    Several that wait for one person at once may be told as one list of these lines. An `urgent`
    one is never: it goes before them, as a message of its own.
    """

    line: Saying
    open: Action
    urgent: bool = False


Rows = tuple[tuple[Action, ...], ...]


@dataclass(frozen=True, slots=True)
class Curve:
    """A share over the months: numerator and denominator of each, oldest first.

    `target` is in percent, to be reached or (`at_most`) not to be exceeded.
    """

    label: Saying
    points: tuple[tuple[int, int], ...]
    target: int | None = None
    at_most: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture as the numbers it shows: who delivers it draws it, in the listener's language."""

    title: Saying
    months: tuple[Moment, ...]
    curves: tuple[Curve, ...]


@dataclass(frozen=True, slots=True)
class Message:
    """One message to one person.

    `card` names what the message shows (an order, a form): a later message with the same card
    takes its place in the chat, unless it is `fresh`. `menu` replaces the standing menu.
    `photos` are SHA-256 names of stored pictures, shown with the text; `chart` is one that is yet
    to be drawn. `brief` is what is said of it where many messages wait at once.
    """

    parts: tuple[Saying, ...]
    rows: Rows = ()
    menu: Rows | None = None
    ask_contact: bool = False
    photos: tuple[str, ...] = ()
    card: str | None = None
    fresh: bool = False
    silent: bool = False
    chart: Chart | None = None
    brief: Brief | None = None

    @property
    def is_pictured(self) -> bool:
        """Whether pictures are shown with it."""
        return bool(self.photos) or self.chart is not None

    def line(self, key: str, **facts: Fact) -> Message:
        """The same message with one more paragraph."""
        return replace(self, parts=(*self.parts, Saying(key, facts)))

    def line_if(self, present: object, key: str, **facts: Fact) -> Message:
        """One more paragraph where there is something to say."""
        return self.line(key, **facts) if present else self

    def row(self, *actions: Action) -> Message:
        """The same message with one more row of buttons."""
        return replace(self, rows=(*self.rows, actions)) if actions else self

    def as_card(self, card: str, *, fresh: bool = False) -> Message:
        """The same message as the present face of `card`."""
        return replace(self, card=card, fresh=fresh)

    def with_menu(self, menu: Rows) -> Message:
        """The same message, setting the standing menu."""
        return replace(self, menu=menu)

    def showing(self, *photos: str) -> Message:
        """The same message with pictures."""
        return replace(self, photos=(*self.photos, *photos))

    def drawing(self, chart: Chart) -> Message:
        """The same message with a picture of these numbers."""
        return replace(self, chart=chart)

    def quietly(self) -> Message:
        """The same message without a sound."""
        return replace(self, silent=True)


def say(key: str, *actions: Action, **facts: Fact) -> Message:
    """A message of one paragraph, its actions one to a row."""
    return Message((Saying(key, facts),), rows=tuple((action,) for action in actions))


def do(name: str, *args: str | int, label: Saying | None = None) -> Action:
    """An action with its arguments, as handlers and services write it."""
    return Action(name, tuple(str(arg) for arg in args), label)


_MESSAGE = TypeAdapter(Message)


def dump_message(message: Message) -> str:
    """The message as JSON, for the outbox."""
    return _MESSAGE.dump_json(message, exclude_defaults=False).decode()


def load_message(text: str) -> Message:
    """The message that `dump_message` wrote."""
    return _MESSAGE.validate_json(text)
