"""A bot's account, people who chat with it, and the channel wired to an intake that is watched."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO

import pytest
from PIL import Image

from bot.channels.base import Button, Delivered, Receipt, Sending, Spoken
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.patience import Patience
from bot.channels.telegram.settings import Mode, TelegramSettings
from bot.event import Event, Trouble, What
from tests.emulators.telegram import TelegramEmulator
from tests.emulators.telegram_person import Person

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
SECRET = "a-secret-for-tests-0123"

HASTY = Patience(
    first_s=0.01,
    longest_s=0.05,
    tries=4,
    intake_s=5.0,
    request_s=1.0,
    poll_margin_s=1,
    upload_s=5.0,
    photo_s=2,
    look_again_s=0.05,
    farewell_s=1.0,
)


@dataclass
class Desk:
    """An intake and a photo store that note what they get, and fail or wait as told."""

    events: list[Event] = field(default_factory=list)
    photos: dict[str, bytes] = field(default_factory=dict)
    receipt: Receipt = field(default_factory=Receipt)
    failures: dict[str, int] = field(default_factory=dict)
    """How often the intake still fails, by address."""
    gates: dict[str, asyncio.Event] = field(default_factory=dict)
    """The intake of such an address waits for its gate."""
    started: list[str] = field(default_factory=list)
    """The dedup keys offered to the intake, whatever came of it."""

    @property
    def said(self) -> list[What]:
        return [event.what for event in self.events]

    async def intake(self, event: Event) -> Receipt:
        self.started.append(event.dedup)
        if event.address in self.gates:
            await self.gates[event.address].wait()
        if self.failures.get(event.address, 0) > 0:
            self.failures[event.address] -= 1
            raise RuntimeError("the database is away")
        self.events.append(event)
        return self.receipt

    async def keep(self, content: bytes) -> str | Trouble:
        if not content.startswith(b"\xff\xd8"):
            return Trouble.PHOTO_UNREADABLE
        name = sha256(content).hexdigest()
        self.photos[name] = content
        return name


def jpeg(width: int = 40, height: int = 30) -> bytes:
    """A small picture in one colour."""
    file = BytesIO()
    Image.new("RGB", (width, height), "teal").save(file, "JPEG")
    return file.getvalue()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def settings(telegram: TelegramEmulator, mode: Mode = Mode.POLLING) -> TelegramSettings:
    port = free_port()
    return TelegramSettings.model_validate(
        {
            "token": telegram.token,
            "api_base": telegram.base_url,
            "mode": mode,
            "webhook_url": f"http://127.0.0.1:{port}/hook",
            "webhook_port": port,
            "webhook_secret": SECRET,
            "photo_max_bytes": 100_000,
            "poll_timeout_s": 1,
        }
    )


async def until(true: Callable[[], bool], timeout_s: float = 10.0) -> None:
    """Wait for something to become true; a TimeoutError if it never does."""
    async with asyncio.timeout(timeout_s):
        while not true():  # noqa: ASYNC110 - what is waited for has no event
            await asyncio.sleep(0.005)


@asynccontextmanager
async def running(channel: TelegramChannel, desk: Desk) -> AsyncIterator[TelegramChannel]:
    """The channel, receiving."""
    task = asyncio.create_task(channel.run(desk.intake))
    try:
        yield channel
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await channel.close()


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramEmulator]:
    async with TelegramEmulator() as emulator:
        yield emulator


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def zhang(telegram: TelegramEmulator) -> Person:
    return telegram.person("张伟", 1001)


@pytest.fixture
def li(telegram: TelegramEmulator) -> Person:
    return telegram.person("李娜", 1002, language=None)


def open_channel(
    telegram: TelegramEmulator, desk: Desk, mode: Mode, patience: Patience = HASTY
) -> TelegramChannel:
    """The channel, connected to the emulator, in a hurry."""
    return TelegramChannel(settings(telegram, mode), desk.keep, lambda: NOW, patience)


@pytest.fixture(params=list(Mode))
async def channel(
    request: pytest.FixtureRequest, telegram: TelegramEmulator, desk: Desk
) -> AsyncIterator[TelegramChannel]:
    """The channel receiving, once by polling and once by webhook."""
    async with running(open_channel(telegram, desk, request.param), desk) as channel:
        yield channel


@pytest.fixture
async def polling(telegram: TelegramEmulator, desk: Desk) -> AsyncIterator[TelegramChannel]:
    """The channel receiving by polling."""
    async with running(open_channel(telegram, desk, Mode.POLLING), desk) as channel:
        yield channel


@pytest.fixture
async def webhook(telegram: TelegramEmulator, desk: Desk) -> AsyncIterator[TelegramChannel]:
    """The channel receiving by webhook."""
    async with running(open_channel(telegram, desk, Mode.WEBHOOK), desk) as channel:
        yield channel


@pytest.fixture
async def sender(telegram: TelegramEmulator, desk: Desk) -> AsyncIterator[TelegramChannel]:
    """The channel, not receiving."""
    channel = open_channel(telegram, desk, Mode.POLLING)
    yield channel
    await channel.close()


def sending(person: Person, text: str, key: str = "k1", **fields: object) -> Sending:
    """A delivery to this person; `fields` are those of what is spoken, and `replaces`."""
    replaces = fields.pop("replaces", None)
    assert replaces is None or isinstance(replaces, str)
    spoken = replace(Spoken(text), **fields)  # type: ignore[arg-type]
    return Sending(person.address, spoken, key, replaces)


async def say(channel: TelegramChannel, person: Person, text: str, **buttons: str) -> str | None:
    """Send words with one row of buttons (label=data); returns the message's reference."""
    row = tuple(Button(label, data) for label, data in buttons.items())
    outcome = await channel.send(sending(person, text, rows=(row,)))
    assert isinstance(outcome, Delivered)
    return outcome.ref
