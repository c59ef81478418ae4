"""Words over several of WeCom's messages, which are counted in bytes."""

from __future__ import annotations

MOST_BYTES = 2048
"""What is more is cut off by WeCom."""


def pages(text: str, most_bytes: int = MOST_BYTES) -> tuple[str, ...]:
    """The text in parts of so many bytes, parted at a line's end or a space if near."""
    text = text.encode(errors="replace").decode()  # no halves of characters
    found = []
    while len(head := _head(text, most_bytes)) < len(text):
        end = _good_end(head)
        found.append(text[:end].rstrip())
        text = text[end:].lstrip()
    return tuple(page for page in (*found, text) if page.strip())


def _head(text: str, most_bytes: int) -> str:
    """The longest beginning of so many bytes, with no character halved."""
    return text.encode()[:most_bytes].decode(errors="ignore")


def _good_end(head: str) -> int:
    for mark in ("\n", " "):
        end = head.rfind(mark)
        if end > len(head) // 2:
            return end
    return len(head)
