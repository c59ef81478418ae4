"""A spoken message as 微信客服 carries it: words, and under the last of them what can be tapped.

Everything is counted in the bytes of UTF-8, as WeCom counts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pydantic import JsonValue

from bot.channels.base import Button, Spoken
from bot.channels.wecom.pages import MOST_BYTES, head, pages, sound

Content = dict[str, JsonValue]
"""A message without its address: `msgtype`, and the field of that name."""

HEAD_BYTES = 1024
MOST_TAPPED = 10

_MOST_ITEMS = 50
_ID_BYTES = 128
_LABEL_BYTES = 128
_LINE_BYTES = 256

_SAID = "_said"
"""The id of an item that stands for its own words. No data is encoded so: a mark is followed by
two digits."""

_ENCODED = re.compile(r"(?:[A-Za-z0-9]|_[0-9A-F]{2})+")
_PLAIN = re.compile(rb"[A-Za-z0-9]")
_CUT = "…"


def words(spoken: Spoken, most: int | None = None) -> list[Content]:
    """The words and the menu, over several messages if they are too long for one.

    With `most`, over no more than that: what has no room is cut, never what can be tapped. Nothing
    where there is nothing to say.
    """
    text, items = sound(spoken.text), _items(spoken)
    if not items:
        return [_text(page) for page in _pages(text, most)]
    before, head = _parted(text)
    if before and most == 1:
        before, head = "", _cut(text, HEAD_BYTES)
    room = None if most is None else most - 1
    return [*(_text(page) for page in _pages(before, room)), _menu(head, items)]


def picture(media_id: str) -> Content:
    """A picture that WeCom has been given."""
    return {"msgtype": "image", "image": {"media_id": media_id}}


def encode(data: str) -> str:
    """A button's data in the letters, digits and underscores an item's id may have."""
    return "".join(
        chr(byte) if _PLAIN.match(bytes((byte,))) else f"_{byte:02X}" for byte in data.encode()
    )


def decode(menu_id: str) -> str | None:
    """The data of a tapped item; None where the item's own words are what is said."""
    if not _ENCODED.fullmatch(menu_id):
        return None
    plain = re.sub(r"_([0-9A-F]{2})", lambda mark: chr(int(mark[1], 16)), menu_id)
    return plain.encode("latin-1").decode(errors="replace")


# What can be tapped


def _items(spoken: Spoken) -> list[JsonValue]:
    buttons = [(encode(sound(one.data)), _numbered(one)) for row in spoken.rows for one in row]
    labels = [(_SAID, label) for row in spoken.menu or () for label in row]
    choices = [*buttons, *labels]
    # What cannot be tapped can still be typed.
    tapped = [_tapped(menu_id, label) for menu_id, label in choices[:MOST_TAPPED]]
    return [*tapped, *(_typed(label) for _, label in choices[MOST_TAPPED:_MOST_ITEMS])]


def _numbered(button: Button) -> str:
    return button.label if button.number is None else f"{button.number}. {button.label}"


def _tapped(menu_id: str, label: str) -> JsonValue:
    if not 0 < len(menu_id) <= _ID_BYTES:
        return _typed(label)
    shown = _cut(sound(label), _LABEL_BYTES) or _CUT
    return {"type": "click", "click": {"id": menu_id, "content": shown}}


def _typed(label: str) -> JsonValue:
    return {"type": "text", "text": {"content": _cut(sound(label), _LINE_BYTES) or _CUT}}


# Words


def _text(page: str) -> Content:
    return {"msgtype": "text", "text": {"content": page}}


def _menu(head: str, items: Sequence[JsonValue]) -> Content:
    menu: Content = {"list": [*items]}
    return {"msgtype": "msgmenu", "msgmenu": {"head_content": head, **menu} if head else menu}


def _parted(text: str) -> tuple[str, str]:
    """What goes before the menu and what stands over it: all the words if they fit, else the last
    line."""
    if _size(text) <= HEAD_BYTES:
        return "", text if text.strip() else ""
    before, _, last = text.rstrip().rpartition("\n")
    return (before, last) if before.strip() and _size(last) <= HEAD_BYTES else (text, "")


def _pages(text: str, most: int | None) -> list[str]:
    found = list(pages(text))
    if most is None or len(found) <= most:
        return found
    return [*found[: most - 1], _cut(found[most - 1] + _CUT, MOST_BYTES)] if most else []


def _cut(text: str, most: int) -> str:
    if _size(text) <= most:
        return text
    return head(text, most - _size(_CUT)).rstrip() + _CUT


def _size(text: str) -> int:
    return len(text.encode())
