"""The same house played over HTTP: on the sandbox's page, or over the Telegram Bot API."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

import aiohttp
from sqlalchemy import Connection, update

from bot import house
from bot.channels.base import Channel
from bot.channels.sandbox.channel import SandboxChannel
from bot.channels.sandbox.scene import Phone
from bot.channels.sandbox.settings import SandboxSettings
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.settings import Mode
from bot.house import House
from bot.photos import PhotoStore
from services.rules.standard import Standard
from storage.database import Database
from storage.tables import endpoints
from tests.conversation import Telephones
from tests.emulators.telegram import TelegramEmulator
from tests.emulators.telegram_person import Person as TelegramPerson
from tests.sandbox.hand import Hand
from tests.telegram.conftest import HASTY
from tests.telegram.conftest import settings as settings_for
from tests.town import RESIDENTS, STAFF, ZONE, FakeClock

PATIENCE_S = 15.0
FAREWELL_S = 10.0
KEYS = [line[0] for line in STAFF] + [line[0] for line in RESIDENTS]


class Somebody(Protocol):
    """A person with a telephone, whatever is on it."""

    async def types(self, text: str) -> object:
        """Types and sends."""

    async def presses(self, label: str) -> object:
        """Waits for a button or a menu entry that begins so, and presses it."""

    async def sees(self, words: str) -> object:
        """Waits until a message says so."""


@dataclass
class Stage:
    """A running house, everybody in it, and the clock."""

    house: House
    clock: FakeClock
    people: dict[str, Somebody]

    def __getattr__(self, key: str) -> Somebody:
        return self.people[key]

    async def reaches(self, local: str) -> None:
        """The clock stands at a local time of tomorrow; what is due has happened."""
        hour, minute = map(int, local.split(":"))
        day = self.clock.now().astimezone(ZoneInfo(ZONE)) + timedelta(days=1)
        self.clock.at = day.replace(hour=hour, minute=minute, second=0, microsecond=0)
        await self.house.crank.once()
        while await self.house.sweep.once():
            pass


@contextlib.asynccontextmanager
async def on_stage(
    kind: str, database: Database, clock: FakeClock, folder: Path
) -> AsyncIterator[Stage]:
    """The town on `kind`: sandbox, telegram-polling or telegram-webhook."""
    photos = PhotoStore(folder / "photos", max_bytes=10_000_000)
    opener = _sandbox if kind == "sandbox" else _telegram
    async with opener(kind, database, clock, photos, folder) as (channel, people):
        built = house.build(
            database,
            {channel.name: channel},
            clock,
            name="stage",
            photo=photos.path,
            company=Standard(),
        )
        running = [
            asyncio.create_task(built.relay.run()),
            asyncio.create_task(channel.run(built.dispatcher.take)),
        ]
        try:
            yield Stage(built, clock, await people())
        finally:
            for task in running:
                task.cancel()
            await asyncio.wait(running, timeout=FAREWELL_S)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(FAREWELL_S):
                    await channel.close()


async def _everybody_moves(database: Database, channel: str, addresses: dict[str, str]) -> None:
    """Everybody's chat account is one of this channel's."""

    def move(connection: Connection) -> None:
        for key, address in addresses.items():
            connection.execute(
                update(endpoints)
                .where(endpoints.c.channel == Telephones.name, endpoints.c.address == key)
                .values(channel=channel, address=address)
            )

    await database.write(move)


# The sandbox, over its HTTP


class StillClock:
    """The test's clock as the page wants it; nobody pushes it from the page here."""

    def __init__(self, clock: FakeClock) -> None:
        self._clock = clock
        self.zone = ZoneInfo(ZONE)

    def now(self) -> datetime:
        """The test's time."""
        return self._clock.now()

    async def advance(self, by: timedelta) -> None:
        """Forward."""
        self._clock.step(by)

    async def advance_to(self, at: datetime) -> None:
        """Forward to a moment."""
        self._clock.at = at


@dataclass
class SandboxPerson:
    """Somebody's telephone on the sandbox page, over HTTP."""

    hand: Hand
    address: str

    async def types(self, text: str) -> None:
        """Types and sends."""
        answer = await self.hand.types(self.address, text)
        assert answer.status == 200, answer

    async def presses(self, label: str) -> None:
        """Waits for the button, presses it; a menu entry is typed."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                shown = await self.hand.phone(self.address)
                if label in [entry for row in shown.menu.rows for entry in row]:
                    return await self.types(label)
                for bubble in reversed(shown.bubbles):
                    for button in (one for row in bubble.content.rows for one in row):
                        if button.label.startswith(label):
                            await self.hand.presses_old(self.address, bubble.ref, button.data)
                            return None
                await asyncio.sleep(0.02)

    async def sees(self, words: str) -> None:
        """Waits until a bubble says so."""
        texts: list[str] = []
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE_S):
                while True:
                    texts = (await self.hand.phone(self.address)).texts
                    if any(words in text for text in texts):
                        return
                    await asyncio.sleep(0.02)
        raise AssertionError(f"{self.address} never saw {words!r}, but {texts}")


@contextlib.asynccontextmanager
async def _sandbox(
    kind: str, database: Database, clock: FakeClock, photos: PhotoStore, folder: Path
) -> AsyncIterator[tuple[Channel, object]]:
    channel = SandboxChannel(
        settings=SandboxSettings(port=0),
        phones=[Phone(key, key, key, "", "", "owner") for key in KEYS],
        keep_photo=photos.keep,
        photo_folder=photos.folder,
        clock=StillClock(clock),
        journal=folder / "sandbox.jsonl",
    )
    await _everybody_moves(database, "sandbox", {key: key for key in KEYS})
    async with aiohttp.ClientSession() as session:

        async def people() -> dict[str, SandboxPerson]:
            hand = Hand(session, await channel.url())
            return {key: SandboxPerson(hand, key) for key in KEYS}

        yield channel, people


# Telegram, over the Bot API


@dataclass
class TelegramUser:
    """Somebody with Telegram; buttons may be named by how they begin."""

    person: TelegramPerson

    async def types(self, text: str) -> None:
        """Types and sends."""
        await self.person.types(text)

    async def presses(self, label: str) -> None:
        """Waits for the button that begins so, and presses it."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                whole = self._beginning_with(label)
                if whole is not None:
                    await self.person.presses(whole)
                    return
                await asyncio.sleep(0.02)

    def _beginning_with(self, label: str) -> str | None:
        for message in reversed(self.person.chat):
            for one in message.labels:
                if one.startswith(label):
                    return one
        entries = [entry for row in self.person.menu or [] for entry in row]
        return next((one for one in entries if one.startswith(label)), None)

    async def sees(self, words: str) -> None:
        """Waits until a message says so."""
        await self.person.sees(words, PATIENCE_S)


@contextlib.asynccontextmanager
async def _telegram(
    kind: str, database: Database, clock: FakeClock, photos: PhotoStore, folder: Path
) -> AsyncIterator[tuple[Channel, object]]:
    numbers = {key: 1000 + place for place, key in enumerate(KEYS)}
    await _everybody_moves(database, "telegram", {key: str(one) for key, one in numbers.items()})
    async with TelegramEmulator() as emulator:
        webhook = kind == "telegram-webhook"
        settings = settings_for(emulator, Mode.WEBHOOK if webhook else Mode.POLLING)
        channel = TelegramChannel(settings, photos.keep, clock.now, HASTY)
        # A story has more messages a second than a chat may get; the pace is tested by itself.
        channel.limits = replace(TelegramChannel.limits, chat_per_s=100.0, overall_per_s=1000.0)
        everybody = {
            key: TelegramUser(emulator.person(key, number, phone=_phone_of(key)))
            for key, number in numbers.items()
        }

        async def people() -> dict[str, TelegramUser]:
            return everybody

        yield channel, people


def _phone_of(key: str) -> str:
    phones = {line[0]: line[3] for line in RESIDENTS}
    return f"+86{phones.get(key, '13800000000')}"
