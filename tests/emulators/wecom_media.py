"""Files: uploaded by the app or sent by people, kept three days (media/upload, media/get)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from tests.emulators.wecom_request import Answer, Asked, Refused, Upload, faulty
from tests.emulators.wecom_state import STORED_FOR, App, Corp, Endpoint

_MEGABYTE = 1024 * 1024
_LEAST = 5
_LARGEST = {
    "image": 10 * _MEGABYTE,
    "voice": 2 * _MEGABYTE,
    "video": 10 * _MEGABYTE,
    "file": 20 * _MEGABYTE,
}


def _anything(_: bytes) -> bool:
    return True


_LOOKS_LIKE: dict[str, Callable[[bytes], bool]] = {
    "image": lambda content: content.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")),
    "voice": lambda content: content.startswith(b"#!AMR"),
    "video": lambda content: content[4:8] == b"ftyp",
    "file": _anything,
}


@dataclass(frozen=True)
class Media:
    """A file on WeCom's server."""

    media_id: str
    kind: str
    content: bytes
    filename: str
    since: datetime

    @property
    def content_type(self) -> str:
        if self.kind != "image":
            return "application/octet-stream"
        return "image/png" if self.content.startswith(b"\x89PNG") else "image/jpeg"


class MediaStore:
    """All files of the company, whichever app or person they came from."""

    def __init__(self, corp: Corp) -> None:
        self._corp = corp
        self._files: dict[str, Media] = {}

    def endpoints(self) -> dict[str, Endpoint]:
        return {"media/upload": Endpoint("POST", self._upload)}

    def keep(self, kind: str, content: bytes, filename: str) -> Media:
        """Store a file under a new media_id."""
        media = Media(self._corp.name("MID"), kind, content, filename, self._corp.now())
        self._files[media.media_id] = media
        return media

    def find(self, media_id: str, kind: str | None = None) -> Media:
        """The file, of this kind if one is named; refused (40007) once it is three days old."""
        media = self._files.get(media_id)
        if media is None or self._corp.now() - media.since > STORED_FOR:
            raise Refused(40007, "invalid media_id")
        if kind is not None and media.kind != kind:
            raise faulty(40007, f"invalid media_id: a {media.kind}, not a {kind}")
        return media

    def asked_for(self, asked: Asked) -> Media:
        """The file a call of media/get asks for."""
        media_id = asked.query.get("media_id", "")
        if not media_id:
            raise faulty(41006, "missing media_id")
        return self.find(media_id)

    def _upload(self, _: App, asked: Asked) -> Answer:
        kind = asked.query.get("type", "")
        if kind not in _LARGEST:
            raise faulty(40005, "invalid file type")
        upload = asked.upload
        if upload is None or upload.field != "media" or not upload.filename:
            raise faulty(44001, "empty media data: no file in the field named media")
        _check(kind, upload)
        media = self.keep(kind, upload.content, upload.filename)
        return {
            "errmsg": "",
            "type": kind,
            "media_id": media.media_id,
            "created_at": str(int(media.since.timestamp())),
        }


def _check(kind: str, upload: Upload) -> None:
    if len(upload.content) <= _LEAST:
        raise faulty(40006, "invalid media size")
    if len(upload.content) > _LARGEST[kind]:
        raise faulty(40009 if kind == "image" else 45001, "media size out of limit")
    if not _LOOKS_LIKE[kind](upload.content):
        raise faulty(40004, f"invalid media type: this is no {kind}")
