"""Pictures: checked by decoding, stripped of where and when, kept by the hash of what is left."""

from __future__ import annotations

import asyncio
import hashlib
import io
import warnings
from pathlib import Path

from bot.event import Trouble

LONGEST_SIDE = 2048
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
        with warnings.catch_warnings():
            # A picture that would unpack to hundreds of megapixels is refused, not warned of.
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=KINDS) as picture:
                upright = ImageOps.exif_transpose(picture).convert("RGB")
                upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
                drawn = io.BytesIO()
                upright.save(drawn, "JPEG", quality=85)
                return drawn.getvalue()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Warning):
        return None


def _write(path: Path, data: bytes) -> None:
    """All of the file or none: a kill in the middle leaves only a name nobody looks for."""
    half = path.with_suffix(".part")
    half.write_bytes(data)
    half.replace(path)
