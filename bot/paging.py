"""More choices than a platform has buttons for come page by page."""

from __future__ import annotations

import zlib
from collections.abc import Iterable

from services.messages import Action, Message, Rows, do, say

MORE = "choices.more"


def first_page(rows: Rows, most: int | None) -> tuple[Rows, Action | None]:
    """The rows of the first page, and what leads to the next where there is one."""
    every = _every(rows)
    if most is None or len(every) <= most:
        return rows, None
    shown = most - 1
    return tuple((action,) for action in every[:shown]), do(MORE, shown, _mark(every))


def shown(rows: Rows, most: int | None) -> list[Action]:
    """What stands under the message, in order: its numbers pick from this."""
    page, more = first_page(rows, most)
    return [*_every(page), *([more] if more else [])]


def reachable(rows: Rows, most: int | None) -> list[Action]:
    """All that may be chosen by its words, on whichever page it stands."""
    _, more = first_page(rows, most)
    return [*_every(rows), *([more] if more else [])]


def next_page(data: str, newest: Iterable[Message]) -> Message | None:
    """What stands on the page after that under which `data` was pressed.

    None where it is no such button; an empty one where its message is long gone.
    """
    name, *args = data.split("|")
    if name != MORE:
        return None
    for message in newest:
        every = _every(message.rows)
        further = every[_whole(args[0]) :] if len(args) == 2 and args[1] == _mark(every) else []
        if further:
            return say("choices-further", *further)
    return say("choices-gone")


def _every(rows: Rows) -> list[Action]:
    return [action for row in rows for action in row]


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 3 else 0


def _mark(actions: Iterable[Action]) -> str:
    """Tells these choices from others."""
    return f"{zlib.crc32(chr(10).join(action.data for action in actions).encode()):08x}"
