"""Words over several of WeCom's messages, which are counted in bytes."""

from __future__ import annotations

from functools import partial

from bot.channels.pages import pages as parted

MOST_BYTES = 2048
"""What is more is cut off by WeCom."""


def pages(text: str, most_bytes: int = MOST_BYTES) -> tuple[str, ...]:
    """The text in parts of so many bytes."""
    found = parted(sound(text), partial(head, most_bytes=most_bytes))
    return tuple(page for page in found if page.strip())


def head(text: str, most_bytes: int) -> str:
    """The longest beginning of so many bytes, with no character halved."""
    return text.encode()[:most_bytes].decode(errors="ignore")


def sound(text: str) -> str:
    """The text without halves of characters, which no request can carry."""
    return text.encode(errors="replace").decode()
