"""The names our messages to customers have at WeCom: the same for every try of one delivery."""

from __future__ import annotations

import hashlib
import re
import zlib

_LONGEST = 32
_FIT = re.compile(r"[0-9A-Za-z_-]+")
_PART = re.compile(r"-p[0-9]+$")
_HASHED = 16


def named(key: str, text: str) -> str:
    """The key of a delivery with a mark of its words.

    Books restored from a backup count their messages anew: what WeCom knows under the bare number
    may then be another message, and would count as sent.
    """
    return f"{key}-{zlib.crc32(text.encode(errors='replace')):08x}"


def msgid(install: str, key: str, part: int = 0) -> str:
    """The name of a part of a delivery, counted from 0: up to 32 letters, digits, _ and -."""
    suffix = f"-p{part}" if part else ""
    name = f"{install}{key}{suffix}"
    if len(name) <= _LONGEST and _FIT.fullmatch(name):
        return name
    return f"{install}h{hashlib.sha256(key.encode()).hexdigest()[:_HASHED]}{suffix}"


def ref_of(name: str) -> str:
    """The delivery a message was a part of: the name of its first part."""
    return _PART.sub("", name)
