"""Pictures: only what decodes, without where and when, once each."""

from __future__ import annotations

import asyncio
import io
import random
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image

from bot.event import Trouble
from bot.photos import LONGEST_SIDE, PhotoStore
from tests.conversation import picture


@pytest.fixture
def store(tmp_path: Path) -> PhotoStore:
    return PhotoStore(tmp_path / "photos", max_bytes=200_000)


async def kept(store: PhotoStore, data: bytes) -> Path:
    name = await store.keep(data)
    assert not isinstance(name, Trouble)
    return store.path(name)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
async def test_pictures_are_kept_as_jpeg(store: PhotoStore, kind: str) -> None:
    path = await kept(store, picture(kind=kind))
    with Image.open(path) as found:
        assert (found.format, found.mode) == ("JPEG", "RGB")


@pytest.mark.parametrize("mode", ["L", "LA", "P", "RGBA", "CMYK", "1"])
async def test_every_way_of_colouring_is_taken(store: PhotoStore, mode: str) -> None:
    data = io.BytesIO()
    Image.new(mode, (8, 8)).save(data, "JPEG" if mode == "CMYK" else "PNG")
    await kept(store, data.getvalue())


async def test_the_same_picture_has_the_same_name(store: PhotoStore) -> None:
    names = {await store.keep(picture("red")) for _ in range(3)}
    assert len(names) == 1
    assert await store.keep(picture("blue")) not in names


async def test_the_same_picture_twice_at_once_is_kept_once(store: PhotoStore) -> None:
    names = await asyncio.gather(*(store.keep(picture("red", (400, 300))) for _ in range(16)))
    assert len(set(names)) == 1
    assert len(list(store.folder.iterdir())) == 1


async def test_where_and_when_are_left_out(store: PhotoStore) -> None:
    exif = Image.Exif()
    exif[0x010F] = "a make of telephone"
    exif.get_ifd(0x8825).update({1: "N", 2: (23.0, 7.0, 33.0)})
    data = io.BytesIO()
    Image.new("RGB", (16, 16)).save(
        data, "JPEG", exif=exif, comment=b"at home", xmp=b"<x>23.1291 N</x>"
    )
    assert b"telephone" in data.getvalue()
    path = await kept(store, data.getvalue())
    found = path.read_bytes()
    for secret in (b"telephone", b"at home", b"23.1291", b"Exif"):
        assert secret not in found
    with Image.open(path) as drawn:
        assert not drawn.getexif()


async def test_a_picture_lying_on_its_side_is_put_upright(store: PhotoStore) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    data = io.BytesIO()
    Image.new("RGB", (30, 10)).save(data, "JPEG", exif=exif)
    with Image.open(await kept(store, data.getvalue())) as found:
        assert found.size == (10, 30)


async def test_a_large_picture_is_made_smaller(store: PhotoStore) -> None:
    with Image.open(await kept(store, picture(size=(5000, 1000)))) as found:
        assert max(found.size) == LONGEST_SIDE


async def test_more_bytes_than_allowed_are_too_large(store: PhotoStore) -> None:
    assert await store.keep(b"x" * 200_001) is Trouble.PHOTO_TOO_LARGE


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not a picture",
        b"GIF89a" + b"\0" * 50,
        b"%PDF-1.7",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        picture()[:200],
        picture(kind="PNG")[:40],
        picture(kind="WEBP")[:30],
    ],
)
async def test_what_is_no_whole_picture_is_unreadable(store: PhotoStore, data: bytes) -> None:
    assert await store.keep(data) is Trouble.PHOTO_UNREADABLE
    assert list(store.folder.iterdir()) == []


@pytest.mark.parametrize("side", [9_000, 12_000, 60_000])
async def test_a_picture_that_would_fill_the_memory_is_refused(
    store: PhotoStore, side: int
) -> None:
    """A few hundred bytes that claim to be many megapixels."""
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    data = b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(b"\0" * 9))
    assert await store.keep(data + _chunk(b"IEND", b"")) is Trouble.PHOTO_UNREADABLE


def _chunk(kind: bytes, data: bytes) -> bytes:
    body = kind + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))


async def test_broken_pictures_are_refused_however_they_break(store: PhotoStore) -> None:
    chance = random.Random(7)
    exif = Image.Exif()
    exif[0x0112] = 6
    exif.get_ifd(0x8825).update({1: "N", 2: (23.0, 7.0, 33.0)})
    data = io.BytesIO()
    Image.new("RGB", (16, 16), "red").save(data, "JPEG", exif=exif)
    wholes = [data.getvalue(), picture(kind="PNG"), picture(kind="WEBP")]
    for _ in range(300):
        broken = bytearray(chance.choice(wholes))
        for _ in range(chance.randint(1, 6)):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        name = await store.keep(bytes(broken))
        assert name is Trouble.PHOTO_UNREADABLE or store.path(str(name)).exists()
