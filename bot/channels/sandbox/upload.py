"""Reads one picture out of a posted form, never holding more of it than a phone may send."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from aiohttp import BodyPartReader, web

from bot.channels.sandbox.guards import RefusedError

PHOTO_BYTES = 10 * 1024 * 1024
"""The largest picture taken, as on Telegram."""

FORM_BYTES = 64 * 1024 * 1024
"""How much of a larger one is read (and dropped) so that the person can be told."""

_FIELD_BYTES = 16 * 1024


@dataclass(frozen=True, slots=True)
class Upload:
    """A posted picture; `photo` is None when it was larger than `PHOTO_BYTES`."""

    id: UUID
    caption: str
    photo: bytes | None


async def read_upload(request: web.Request) -> Upload:
    """Read a form of `id`, `caption` and `photo`.

    Raises `RefusedError`: 413 beyond `FORM_BYTES`, 400 if a part is missing or broken, 415 if it
    is no such form.
    """
    if request.content_type != "multipart/form-data":
        raise RefusedError(415, "not-a-form")
    fields: dict[str, bytes | None] = {}
    try:
        async for part in await request.multipart():
            if isinstance(part, BodyPartReader) and part.name in ("id", "caption", "photo"):
                keep = PHOTO_BYTES if part.name == "photo" else _FIELD_BYTES
                fields[part.name] = await _read(part, keep)
        identity = UUID((fields["id"] or b"").decode())
        caption = (fields.get("caption") or b"").decode().strip()
        return Upload(id=identity, caption=caption, photo=fields["photo"])
    except (KeyError, ValueError):
        raise RefusedError(400, "bad-form") from None


async def _read(part: BodyPartReader, keep: int) -> bytes | None:
    body = bytearray()
    size = 0
    while chunk := await part.read_chunk(256 * 1024):
        size += len(chunk)
        if size > FORM_BYTES:
            raise RefusedError(413, "too-large")
        if size <= keep:
            body += chunk
    return bytes(body) if size <= keep else None
