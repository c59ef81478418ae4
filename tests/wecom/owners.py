"""The owners' channel over the emulator, called over HTTP, and an intake that is watched."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

from bot.channels.base import Button, Intake, Memory, Receipt, Sending, Spoken
from bot.channels.wecom.api.client import WeComClient
from bot.channels.wecom.api.media import Media
from bot.channels.wecom.calls.callbacks import CallbackServer
from bot.channels.wecom.calls.crypto import Seal
from bot.channels.wecom.calls.letters import KfNews, Letter
from bot.channels.wecom.owners.channel import WeComOwners
from bot.channels.wecom.patience import Patience
from bot.event import Event, News, Overheard, ReadOn, Trouble, What
from tests.emulators.wecom import WeComEmulator
from tests.wecom.counter import settings
from tests.wecom.office import Notes, jpeg

HASTY = Patience(
    request_s=0.3,
    upload_s=5.0,
    fetch_s=5.0,
    busy_s=0.01,
    limited_s=0.02,
    refused_s=0.05,
    callback_s=20.0,
    farewell_s=0.2,
    intake_s=5.0,
    first_s=0.01,
    longest_s=0.02,
    tries=20,
    photo_for_s=0.3,
    look_again_s=600.0,
)

OWNER = "wmOwner01"


@dataclass
class Desk:
    """Takes events in as the dispatcher does: each once, and its notes with it or not at all."""

    notes: Notes
    events: list[Event] = field(default_factory=list)
    overheard: list[str] = field(default_factory=list)
    """What was left to a colleague."""
    photos: dict[str, bytes] = field(default_factory=dict)
    failures: int = 0
    """So many of the next events are not taken: the database is away."""
    lives: int | None = None
    """So many more events are taken, and then no other until it is None again: a kill."""
    gates: dict[str, asyncio.Event] = field(default_factory=dict)
    """The intake of such an address waits for its gate."""
    at_once: int = 0
    most_at_once: int = 0

    @property
    def said(self) -> list[What | News]:
        """What people did, and what WeCom told, in the order it was committed."""
        return [event.what for event in self.events]

    async def intake(self, event: Event) -> Receipt:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await self._wait(event)
            self._commit(event)
        finally:
            self.at_once -= 1
        return Receipt()

    async def _wait(self, event: Event) -> None:
        await asyncio.sleep(0)
        if event.address in self.gates:
            await self.gates[event.address].wait()
        if self.lives == 0:
            await asyncio.Event().wait()
        if self.failures:
            self.failures -= 1
            raise RuntimeError("the database is away")

    def _commit(self, event: Event) -> None:
        self.notes.kept.update({note.key: note for note in event.notes})
        is_known = event.dedup in {one.dedup for one in self.events}
        if isinstance(event.what, ReadOn) or is_known or event.dedup in self.overheard:
            return
        if isinstance(event.what, Overheard):
            self.overheard.append(event.dedup)
            return
        self.events.append(event)
        if self.lives is not None:
            self.lives -= 1

    async def keep(self, content: bytes) -> str | Trouble:
        if not content.startswith(b"\xff\xd8"):
            return Trouble.PHOTO_UNREADABLE
        name = sha256(content).hexdigest()
        self.photos[name] = content
        return name


@asynccontextmanager
async def opened(
    wecom: WeComEmulator,
    memory: Memory,
    keep: Callable[[bytes], object],
    now: Callable[[], datetime],
    patience: Patience = HASTY,
    **changed: object,
) -> AsyncIterator[WeComOwners]:
    """The channel and the server that takes WeCom's calls; what comes in is not taken yet."""
    ours = settings(wecom, **changed)
    client = WeComClient(ours, patience)
    media = Media(client, patience)
    channel = WeComOwners(ours, client, media, memory, keep, now, patience)  # type: ignore[arg-type]

    async def take(letter: Letter) -> None:
        assert isinstance(letter.what, KfNews)
        await channel.news(letter.what.open_kfid, letter.what.token)

    seal = Seal(wecom.token, wecom.aes_key, wecom.corp_id)
    server = CallbackServer("127.0.0.1", 0, seal, wecom.agent_id, take, patience)
    await server.start()
    wecom.callback_url = f"http://127.0.0.1:{server.port}/"
    try:
        yield channel
    finally:
        await server.stop()
        await channel.close()
        await media.close()
        await client.close()


@asynccontextmanager
async def receiving(channel: WeComOwners, intake: Intake) -> AsyncIterator[None]:
    """The channel takes in what comes, until it is killed at the end."""
    running = asyncio.create_task(channel.run(intake))
    try:
        yield
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


@dataclass
class Shop:
    """A company's account, its channel, and what came in there."""

    wecom: WeComEmulator
    channel: WeComOwners
    desk: Desk

    async def hears(self, how_many: int) -> list[What | News]:
        """What was taken in, once it is so much."""
        await until(lambda: len(self.desk.events) >= how_many)
        await self.wecom.quiet()
        return self.desk.said

    def pulls(self) -> int:
        """How often the account was asked for its news."""
        return len(self.wecom.calls_of("kf/sync_msg"))

    def cursor(self) -> str:
        """How far the news have been dealt with, as it was kept."""
        note = self.desk.notes.kept.get(f"cursor:{self.wecom.kf}")
        return "" if note is None else note.value


@asynccontextmanager
async def shop(
    wecom: WeComEmulator, desk: Desk, patience: Patience = HASTY, **changed: object
) -> AsyncIterator[Shop]:
    """The shop, open."""
    book = desk.notes
    async with (
        opened(wecom, book, desk.keep, book.now, patience, **changed) as channel,
        receiving(channel, desk.intake),
    ):
        yield Shop(wecom, channel, desk)


async def until(true: Callable[[], bool], timeout_s: float = 10.0) -> None:
    """Wait for something to become true; a TimeoutError if it never does."""
    async with asyncio.timeout(timeout_s):
        while not true():  # noqa: ASYNC110 - what is waited for has no event
            await asyncio.sleep(0.005)


def photo(folder: Path, name: str = "a") -> Path:
    """A kept picture."""
    path = folder / f"{name}.jpg"
    path.write_bytes(jpeg())
    return path


def sending(
    wecom: WeComEmulator,
    text: str,
    *labels: str,
    key: str = "m1",
    most: int | None = None,
    photos: tuple[Path, ...] = (),
    to: str = OWNER,
) -> Sending:
    """A message to an owner, with numbered buttons."""
    rows = tuple(
        (Button(label, f"pick|{number}", number),) for number, label in enumerate(labels, 1)
    )
    spoken = Spoken(text, rows=rows, photos=photos)
    return Sending(f"{to}@{wecom.kf}", spoken, key, most=most)


def two_days(seconds: int = 0) -> timedelta:
    """How long a customer may be written to, and so much longer."""
    return timedelta(hours=48, seconds=seconds)
