"""Pictures: checked by decoding, stripped of where and when, kept by the hash of what is left."""

from __future__ import annotations

import asyncio
import hashlib
import io
import secrets
from pathlib import Path

from bot.event import Trouble

LONGEST_SIDE = 2048
MOST_PIXELS = 60_000_000
"""More than any telephone takes; a small file may unpack to far more, and to all our memory."""

KINDS = ("JPEG", "PNG", "WEBP")


class PhotoStore:
    """A folder of pictures named by their SHA-256."""

    def __init__(self, folder: Path, *, max_bytes: int) -> None:
        self.folder = folder
        self.max_bytes = max_bytes
        folder.mkdir(parents=True, exist_ok=True)

    def path(self, sha256: str) -> Path:
        """Where a picture is kept."""
        return self.folder / f"{sha256}.jpg"

    async def keep_drawing(self, png: bytes) -> Path:
        """Store a picture of our own making as it is; returns where it is kept."""
        path = self.folder / f"{hashlib.sha256(png).hexdigest()}.png"
        if not path.exists():
            await asyncio.to_thread(_write, path, png)
        return path

    async def keep(self, data: bytes) -> str | Trouble:
        """Check and store a picture; returns its name, or why it cannot be taken.

        What is stored is drawn anew: position and device that a telephone writes into its
        pictures are nobody's business (§3.11), and nothing but a picture survives it.
        """
        if len(data) > self.max_bytes:
            return Trouble.PHOTO_TOO_LARGE
        drawn = await asyncio.to_thread(_draw_anew, data)
        if drawn is None:
            return Trouble.PHOTO_UNREADABLE
        sha256 = hashlib.sha256(drawn).hexdigest()
        path = self.path(sha256)
        if not path.exists():
            await asyncio.to_thread(_write, path, drawn)
        return sha256


def _draw_anew(data: bytes) -> bytes | None:
    from PIL import Image, ImageOps  # 12 MB, wanted only once a picture comes

    try:
        with Image.open(io.BytesIO(data), formats=KINDS) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                return None
            upright = ImageOps.exif_transpose(picture).convert("RGB")
            upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            upright.info.clear()  # a comment would be written along
            drawn = io.BytesIO()
            upright.save(drawn, "JPEG", quality=85)
            return drawn.getvalue()
    except Exception:  # a broken picture breaks the decoder in more ways than it documents
        return None


def _write(path: Path, data: bytes) -> None:
    """All of the file or none: a kill in the middle leaves only a name nobody looks for."""
    half = path.with_suffix(
        f".{secrets.token_hex(4)}.part"
    )  # two may bring the same picture at once
    half.write_bytes(data)
    half.replace(path)
