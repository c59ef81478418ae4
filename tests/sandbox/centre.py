"""A sandbox served on a free port, with its stand-in conversation, for as long as a test lasts."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from bot.channels.sandbox.channel import SandboxChannel
from bot.channels.sandbox.settings import SandboxSettings
from bot.photos import PhotoStore
from tests.sandbox.stand_in import APP_MENU, PHONES, StandIn, WorkingClock

T = TypeVar("T")


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
        app_menu=APP_MENU,
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


@dataclass(frozen=True, slots=True)
class CentreBesides:
    """A centre in a loop and thread of its own, for a test that waits on a browser."""

    centre: Centre
    loop: asyncio.AbstractEventLoop

    def does(self, work: Coroutine[None, None, T]) -> T:
        """Run something in the centre's loop and wait for it."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(10)


@contextmanager
def open_centre_besides(
    folder: Path, *, port: int = 0, clock: WorkingClock | None = None
) -> Iterator[CentreBesides]:
    """Serve a centre beside the test, until the block ends."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="sandbox")
    thread.start()
    opened = open_centre(folder, port=port, clock=clock)
    try:
        centre = asyncio.run_coroutine_threadsafe(opened.__aenter__(), loop).result(10)
        try:
            yield CentreBesides(centre, loop)
        finally:
            closing = opened.__aexit__(None, None, None)
            asyncio.run_coroutine_threadsafe(closing, loop).result(10)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()
