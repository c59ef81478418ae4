"""What goes out as one message: a letter by itself, or several of one chat.

Many alerts are told in brief, as a list (§3.5); where a platform counts messages, what waits is
said in one breath.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from services import briefs
from services.messages import Brief, Message, Saying, load_message
from storage import outbox
from storage.records import Outgoing


@dataclass(frozen=True, slots=True)
class Parcel:
    """The letters that one message carries, and the message; None where it cannot be read.

    `is_list`: they are told in brief, so that the message is the face of none of their cards.
    """

    letters: tuple[Outgoing, ...]
    message: Message | None
    is_list: bool = False

    @property
    def head(self) -> Outgoing:
        """The first of the letters."""
        return self.letters[0]

    @property
    def is_alone(self) -> bool:
        """Whether it carries one letter only."""
        return len(self.letters) == 1

    @property
    def key(self) -> str:
        """The same for every try of the same letters."""
        first, last = self.letters[0].id, self.letters[-1].id
        return f"m{first}" if self.is_alone else f"m{first}-{last}"

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


def joined(
    waiting: Sequence[Outgoing], fits: Callable[[Message], bool], apart: Collection[int] = ()
) -> Parcel:
    """As many of a chat's messages, given in their order, as can be said in one.

    What offers something to press ends it: two questions in one would mix their answers. Letters
    that are to go `apart` are joined with nothing; those that go a way of their own where no chat
    carries them, with nothing that would be telephoned.
    """
    parcel = alone(waiting[0])
    for letter in waiting[1:]:
        if parcel.head.id in apart or letter.id in apart:
            break
        longer = _one_more(parcel, letter)
        if longer is None or longer.message is None or not fits(longer.message):
            break
        parcel = longer
    return parcel


def parts_of(letter: Outgoing) -> int:
    """How many of a platform's messages a letter is, where each picture is one more."""
    message = _read(letter)
    return 1 if message is None else 1 + len(message.photos) + (message.chart is not None)


def _one_more(parcel: Parcel, letter: Outgoing) -> Parcel | None:
    before, message = parcel.message, _read(letter)
    if before is None or message is None or parcel.head.mirror or letter.mirror:
        return None
    if before.is_pictured or message.is_pictured or _ends_a_parcel(before):
        return None
    if outbox.has_own_way(letter.matter) and any(one.by_phone for one in parcel.letters):
        return None  # lost, it would take along on its way what is to be telephoned
    parts = (*before.parts, Saying("joined-line"), *message.parts)
    silent = before.silent and message.silent
    return Parcel((*parcel.letters, letter), replace(message, parts=parts, silent=silent))


def _ends_a_parcel(message: Message) -> bool:
    return bool(message.rows) or message.menu is not None or message.ask_contact


def half_of(parcel: Parcel) -> Parcel:
    """The first half of a list, or its first letter where that would be no list any more."""
    fewer = parcel.letters[: len(parcel.letters) // 2]
    return first_of(fewer, ()) if fewer else parcel


def _run(waiting: Sequence[Outgoing], apart: Collection[int]) -> list[tuple[Outgoing, Brief]]:
    run: list[tuple[Outgoing, Brief]] = []
    for letter in waiting:
        message = _read(letter)
        if message is None or message.brief is None or letter.is_edit or letter.id in apart:
            break
        run.append((letter, message.brief))
    return run


def _list(listed: Sequence[tuple[Outgoing, Brief]]) -> Parcel:
    message = briefs.together(_newest(listed))
    return Parcel(tuple(letter for letter, _ in listed), message, is_list=True)


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
