"""Words over several messages, where a platform takes only so many at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator


def pages(text: str, head: Callable[[str], str]) -> Iterator[str]:
    """The text in parts, each a beginning that `head` allows, parted at a line's end or a space
    if near."""
    while len(first := head(text)) < len(text):
        end = _good_end(first)
        yield text[:end].rstrip()
        text = text[end:].lstrip()
    yield text


def _good_end(head: str) -> int:
    for mark in ("\n", " "):
        end = head.rfind(mark)
        if end > len(head) // 2:
            return end
    return len(head)
