"""The company's app with its staff channel wired to an intake that is watched."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from io import BytesIO
from pathlib import Path

from PIL import Image

from bot.channels.base import Button, Delivered, Labels, Outcome, Receipt, Sending, Spoken
from bot.channels.wecom.api.client import WeComClient
from bot.channels.wecom.api.media import Media
from bot.channels.wecom.patience import Patience
from bot.channels.wecom.staff.app_menu import AppMenu
from bot.channels.wecom.staff.channel import WeComStaff
from bot.event import Event, Note, Trouble, What
from tests.emulators.wecom import WeComEmulator
from tests.emulators.wecom_people import Member
from tests.town import FakeClock
from tests.wecom.counter import HASTY as HASTY_CLIENT
from tests.wecom.counter import settings

HASTY = replace(
    HASTY_CLIENT,
    request_s=10.0,
    intake_s=10.0,
    first_s=0.01,
    longest_s=0.02,
    photo_tries=5,
    farewell_s=1.0,
)

LABELS = Labels(choose="确定", closed="已处理")


@dataclass
class Notes:
    """A memory that outlasts the channel."""

    now: Callable[[], datetime]
    kept: dict[str, Note] = field(default_factory=dict)

    async def recall(self, key: str) -> str | None:
        live = [note.value for note in await self.recall_all(key) if note.key == key]
        return live[0] if live else None

    async def recall_all(self, prefix: str) -> list[Note]:
        return [
            note
            for key, note in sorted(self.kept.items())
            if key.startswith(prefix) and (note.until is None or note.until > self.now())
        ]

    async def keep(self, note: Note) -> None:
        self.kept[note.key] = note

    async def forget(self, key: str) -> None:
        self.kept.pop(key, None)

    def spooled(self) -> list[str]:
        """The letters that are kept to be dealt with."""
        return [key for key in self.kept if key.startswith("spool:")]


@dataclass
class Desk:
    """An intake that keeps an event's notes and drops its repeats; it fails or waits as told."""

    notes: Notes
    events: list[Event] = field(default_factory=list)
    offered: list[str] = field(default_factory=list)
    failures: int = 0
    gate: asyncio.Event | None = None

    @property
    def said(self) -> list[What]:
        return [event.what for event in self.events]  # type: ignore[misc]

    async def intake(self, event: Event) -> Receipt:
        self.offered.append(event.dedup)
        if self.gate is not None:
            await self.gate.wait()
        if self.failures > 0:
            self.failures -= 1
            raise ConnectionError("the database is away")
        for note in event.notes:
            await self.notes.keep(note)
        if event.dedup not in [one.dedup for one in self.events]:
            self.events.append(event)
        return Receipt()

    async def keep(self, content: bytes) -> str | Trouble:
        if not content.startswith(b"\xff\xd8"):
            return Trouble.PHOTO_UNREADABLE
        return sha256(content).hexdigest()


@dataclass
class Office:
    """An emulated company, and the channel of the process that runs now."""

    wecom: WeComEmulator
    clock: FakeClock
    notes: Notes
    desk: Desk
    folder: Path
    menu: AppMenu = ()
    kf_news: Callable[[str, str], Awaitable[None]] | None = None
    patience: Patience = HASTY
    channel: WeComStaff | None = None
    _task: asyncio.Task[None] | None = None
    _client: WeComClient | None = None

    async def opens(self) -> WeComStaff:
        """A process begins: it sends and receives."""
        port = free_port()
        given = settings(self.wecom, callback_port=port, photo_max_bytes=200_000)
        self._client = WeComClient(given, self.patience)
        self.channel = WeComStaff(
            given,
            self._client,
            Media(self._client, self.patience),
            self.notes,
            self.desk.keep,
            self.clock.now,
            menu=self.menu,
            kf_news=self.kf_news,
            patience=self.patience,
        )
        self._task = asyncio.create_task(self.channel.run(self.desk.intake))
        self.wecom.callback_url = f"http://127.0.0.1:{port}/"
        await self.channel.listening()
        return self.channel

    async def closes(self) -> None:
        """The process ends."""
        if self._task is not None and self._client is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            await self._client.close()
        self._task = None

    async def restarts(self, **patience: float) -> WeComStaff:
        """Another process begins on the same notes; it knows nothing else.

        Given waits are its patience: a short one is for what is never to be waited for.
        """
        await self.closes()
        self.patience = replace(self.patience, **patience)  # type: ignore[arg-type]
        return await self.opens()

    async def sends(self, to: Member, text: str, *labels: str, key: str = "m1") -> Outcome:
        """One try at a message with buttons."""
        return await self._sends(sending(to, text, *labels, key=key))

    async def shows(self, to: Member, text: str, *labels: str, key: str = "m1") -> str | None:
        """A message that arrives; its reference."""
        outcome = await self.sends(to, text, *labels, key=key)
        assert isinstance(outcome, Delivered), outcome
        return outcome.ref

    async def changes(
        self, to: Member, ref: str | None, text: str, *labels: str, key: str = "m2"
    ) -> Outcome:
        """One try at a card's new face."""
        return await self._sends(replace(sending(to, text, *labels, key=key), replaces=ref))

    async def illustrates(self, to: Member, text: str, *colors: str, key: str = "m1") -> Outcome:
        """One try at a message with pictures."""
        photos = tuple(self._picture(color) for color in colors)
        given = sending(to, text, key=key)
        return await self._sends(replace(given, spoken=replace(given.spoken, photos=photos)))

    async def _sends(self, given: Sending) -> Outcome:
        assert self.channel is not None
        return await self.channel.send(given)

    def _picture(self, color: str) -> Path:
        path = self.folder / f"{color}.jpg"
        path.write_bytes(jpeg(color))
        return path


def sending(to: Member, text: str, *labels: str, key: str = "m1") -> Sending:
    """A delivery to a member, with a numbered button for each label."""
    rows = tuple(
        (Button(label, f"act|{number}", number),) for number, label in enumerate(labels, 1)
    )
    return Sending(to.userid.lower(), Spoken(text, rows, labels=LABELS), key)


@asynccontextmanager
async def open_office(folder: Path, **given: object) -> AsyncIterator[Office]:
    """The office with its channel running; nothing it asked of WeCom may have been wrong."""
    clock = FakeClock()
    notes = Notes(clock.now)
    async with WeComEmulator(now=clock.now) as wecom:
        office = Office(wecom, clock, notes, Desk(notes), folder, **given)  # type: ignore[arg-type]
        await office.opens()
        try:
            yield office
        finally:
            await office.closes()
        assert wecom.faults == []


async def until(true: Callable[[], bool], timeout_s: float = 10.0) -> None:
    """Wait for something to become true; a TimeoutError if it never does."""
    async with asyncio.timeout(timeout_s):
        while not true():  # noqa: ASYNC110 - what is waited for has no event
            await asyncio.sleep(0)


def jpeg(color: str = "teal", side: int = 40) -> bytes:
    """A small picture in one colour."""
    file = BytesIO()
    Image.new("RGB", (side, side), color).save(file, "JPEG")
    return file.getvalue()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
