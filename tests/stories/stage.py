"""The same house played over HTTP on any of its channels: the same steps, the same outcome."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, update

from bot import house
from bot.channels.base import Channel
from bot.house import House
from bot.photos import PhotoStore
from services.rules.standard import Standard
from storage.database import Database
from storage.tables import endpoints
from tests.conversation import Telephones
from tests.stories.people import Somebody
from tests.town import RESIDENTS, STAFF, ZONE, FakeClock

FAREWELL_S = 10.0
KEYS = [line[0] for line in STAFF] + [line[0] for line in RESIDENTS]


@dataclass(frozen=True)
class Scene:
    """What a platform is opened on."""

    kind: str
    database: Database
    clock: FakeClock
    photos: PhotoStore
    folder: Path


@dataclass(frozen=True)
class Opened:
    """A platform that runs: its channels, and everybody on it once the channels do."""

    channels: tuple[Channel, ...]
    people: Callable[[], Awaitable[Mapping[str, Somebody]]]


Opener = Callable[[Scene], AbstractAsyncContextManager[Opened]]


@dataclass
class Stage:
    """A running house, everybody in it, and the clock."""

    house: House
    clock: FakeClock
    people: Mapping[str, Somebody]

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
async def on_stage(opener: Opener, scene: Scene) -> AsyncIterator[Stage]:
    """The town on a platform."""
    async with opener(scene) as platform:
        built = house.build(
            scene.database,
            {channel.name: channel for channel in platform.channels},
            scene.clock,
            name="stage",
            photo=scene.photos.path,
            company=Standard(),
        )
        running = [asyncio.create_task(built.relay.run())]
        running += [
            asyncio.create_task(channel.run(built.dispatcher.take)) for channel in platform.channels
        ]
        try:
            yield Stage(built, scene.clock, await platform.people())
        finally:
            for task in running:
                task.cancel()
            await asyncio.wait(running, timeout=FAREWELL_S)
            for channel in platform.channels:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(FAREWELL_S):
                        await channel.close()


async def everybody_moves(database: Database, moves: Mapping[str, tuple[str, str]]) -> None:
    """Everybody's chat account is one of these: key → channel and address."""

    def move(connection: Connection) -> None:
        for key, (channel, address) in moves.items():
            connection.execute(
                update(endpoints)
                .where(endpoints.c.channel == Telephones.name, endpoints.c.address == key)
                .values(channel=channel, address=address)
            )

    await database.write(move)
