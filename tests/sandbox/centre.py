"""A sandbox served on a free port, with its stand-in conversation, for as long as a test lasts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from bot.channels.sandbox.channel import SandboxChannel
from bot.channels.sandbox.settings import SandboxSettings
from bot.photos import PhotoStore
from tests.sandbox.stand_in import PHONES, StandIn, WorkingClock


@dataclass(frozen=True, slots=True)
class Centre:
    """One running sandbox and everything behind it."""

    url: str
    channel: SandboxChannel
    desk: StandIn
    clock: WorkingClock
    photos: PhotoStore


@asynccontextmanager
async def open_centre(
    folder: Path, *, port: int = 0, clock: WorkingClock | None = None
) -> AsyncIterator[Centre]:
    """Serve a centre whose files lie in `folder`; the same folder again is a restart."""
    clock = clock or WorkingClock()
    photos = PhotoStore(folder / "photos", max_bytes=10 * 1024 * 1024)
    desk = StandIn(photos)
    channel = SandboxChannel(
        settings=SandboxSettings(port=port),
        phones=PHONES,
        keep_photo=photos.keep,
        photo_folder=photos.folder,
        clock=clock,
        journal=folder / "sandbox.jsonl",
    )
    desk.speaks_through(channel)
    running = asyncio.create_task(channel.run(desk.take))
    try:
        url = await asyncio.wait_for(channel.url(), 10)
        yield Centre(url, channel, desk, clock, photos)
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        await channel.close()
