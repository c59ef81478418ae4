"""What goes out as one message: a letter of its own, or many alerts of one chat in brief (§3.5)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass

from services import briefs
from services.messages import Brief, Message, load_message
from storage.records import Outgoing


@dataclass(frozen=True, slots=True)
class Parcel:
    """The letters that one message carries, and the message; None where it cannot be read."""

    letters: tuple[Outgoing, ...]
    message: Message | None

    @property
    def head(self) -> Outgoing:
        """The first of the letters."""
        return self.letters[0]

    @property
    def is_list(self) -> bool:
        """Whether several are told in brief."""
        return len(self.letters) > 1

    @property
    def key(self) -> str:
        """The same for every try of the same letters."""
        first, last = self.letters[0].id, self.letters[-1].id
        return f"m{first}-{last}" if self.is_list else f"m{first}"

    @property
    def may_be_listed(self) -> bool:
        """Whether it is worth looking at what waits behind it."""
        brief = self.message.brief if self.message else None
        return brief is not None and not brief.urgent


def alone(letter: Outgoing) -> Parcel:
    """A letter by itself."""
    return Parcel((letter,), _read(letter))


def first_of(waiting: Sequence[Outgoing], apart: Collection[int]) -> Parcel:
    """What goes first of a chat's messages, given in their order.

    Alerts right behind one another are told in one list, which an urgent one among them precedes.
    Letters that are to go `apart` are never in a list; nor is an edit of a card that is shown.
    """
    run = _run(waiting, apart)
    listed = [(letter, brief) for letter, brief in run if not brief.urgent]
    if len(_newest(listed)) < briefs.FEWEST:
        return alone(waiting[0])
    urgent = [letter for letter, brief in run if brief.urgent]
    return alone(urgent[0]) if urgent else _list(listed)


def half_of(parcel: Parcel) -> Parcel:
    """The first half of a list, or its first letter where that would be no list any more."""
    fewer = parcel.letters[: len(parcel.letters) // 2]
    return first_of(fewer, ()) if fewer else parcel


def _run(waiting: Sequence[Outgoing], apart: Collection[int]) -> list[tuple[Outgoing, Brief]]:
    run: list[tuple[Outgoing, Brief]] = []
    for letter in waiting:
        message = _read(letter)
        is_edit = letter.replaces is not None and not letter.fresh
        if message is None or message.brief is None or is_edit or letter.id in apart:
            break
        run.append((letter, message.brief))
    return run


def _list(listed: Sequence[tuple[Outgoing, Brief]]) -> Parcel:
    message = briefs.together(_newest(listed))
    return Parcel(tuple(letter for letter, _ in listed), message)


def _newest(listed: Sequence[tuple[Outgoing, Brief]]) -> list[Brief]:
    """A line for each card, as it was last."""
    lines: dict[str, Brief] = {}
    for letter, brief in listed:
        about = letter.card or str(letter.id)
        lines.pop(about, None)
        lines[about] = brief
    return list(lines.values())


def _read(letter: Outgoing) -> Message | None:
    with suppress(ValueError):
        return load_message(letter.message)
    return None
