"""Finds stored pictures by their SHA-256 name, and tells what they are by how they begin."""

from __future__ import annotations

import re
from pathlib import Path

_SHA256 = re.compile(r"[0-9a-f]{64}")
_SUFFIXES = ("", ".jpg", ".jpeg", ".png", ".webp")
_BEGINNINGS = ((b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"))


def photo_name(path: Path) -> str | None:
    """The SHA-256 a stored picture is named by, or None if the file is named otherwise."""
    return path.stem if _SHA256.fullmatch(path.stem) else None


def find_photo(folder: Path, name: str) -> tuple[Path, str] | None:
    """A picture in the folder and its media type; None if it is not there or no picture.

    `name` may be anything a browser asked for: only a SHA-256 is ever looked up.
    """
    if not _SHA256.fullmatch(name):
        return None
    for suffix in _SUFFIXES:
        path = folder / f"{name}{suffix}"
        if path.is_file():
            kind = _media_type(path)
            return (path, kind) if kind else None
    return None


def _media_type(path: Path) -> str | None:
    with path.open("rb") as file:
        head = file.read(12)
    if head[:4] == b"RIFF" and head[8:] == b"WEBP":
        return "image/webp"
    return next((kind for beginning, kind in _BEGINNINGS if head.startswith(beginning)), None)
