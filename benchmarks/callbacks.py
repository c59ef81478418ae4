"""Calls of WeCom's per second, beside a bare aiohttp handler that inserts one row.

Both are called by the same process over HTTP, sixteen at once, with the same sealed calls. Ours
verifies and opens the seal, pulls the account's news, runs the whole of 确认预约 (see `booking`)
and answers 200 after its commit. The peer opens the seal, adds one ORM object on aiosqlite,
commits, and answers. Neither writes to anybody: no relay runs.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from aiohttp import web
from defusedxml.ElementTree import fromstring
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import async_sessionmaker

from benchmarks.booking import Base, Order, engine_of, sqlite
from benchmarks.measure import ROOT, Line, alternate
from benchmarks.owners import CHANNEL, fill
from benchmarks.wecom_caller import CORP, KEY, KF, TOKEN, seal
from bot import house
from bot.channels.wecom.api.client import WeComClient
from bot.channels.wecom.api.media import Media
from bot.channels.wecom.owners.channel import WeComOwners
from bot.channels.wecom.patience import Patience
from bot.channels.wecom.settings import WeComSettings
from bot.channels.wecom.staff.channel import WeComStaff
from bot.memory import ChannelMemory
from services.clock import SystemClock
from services.rules.standard import Standard
from storage.database import open_database
from storage.migrate import upgrade
from storage.tables import endpoints, orders


@dataclass
class Caller:
    """The process that plays WeCom."""

    process: asyncio.subprocess.Process
    api: str

    async def calls(self, url: str) -> float:
        """Seconds it took to call the address for every owner."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{url}\n".encode())
        return float(await self.process.stdout.readline())


@asynccontextmanager
async def caller(how_many: int) -> AsyncIterator[Caller]:
    """WeCom, with so many owners about to press."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks.wecom_caller", str(how_many)),
        stdin=pipe,
        stdout=pipe,
        cwd=ROOT,
    )
    assert process.stdout is not None
    port = int(await process.stdout.readline())
    try:
        yield Caller(process, f"http://127.0.0.1:{port}")
    finally:
        await process.communicate(b"\n")


async def ours(how_many: int) -> float:
    """Bookings confirmed in a second."""
    with sqlite() as url:
        database = open_database(url)
        await database.migrate(upgrade)
        clock = SystemClock()
        await database.write(partial(fill, now=clock.now(), owners=how_many))
        await database.write(
            lambda one: one.execute(
                update(endpoints)
                .where(endpoints.c.channel == CHANNEL, ~endpoints.c.address.contains("-"))
                .values(channel=WeComOwners.name, address="wm" + endpoints.c.address + f"@{KF}")
            )
        )
        async with caller(how_many) as wecom:
            settings = WeComSettings.model_validate(
                {
                    "corp_id": CORP,
                    "agent_id": 1,
                    "secret": "s",
                    "token": TOKEN,
                    "aes_key": KEY,
                    "kf_accounts": [KF],
                    "api_base": wecom.api,
                    "callback_port": 0,
                }
            )
            patience = Patience(farewell_s=1.0)
            client = WeComClient(settings, patience)
            media = Media(client, patience)
            memory = partial(ChannelMemory, database, clock=clock)
            owners = WeComOwners(
                settings, client, media, memory(WeComOwners.name), _no_photo, clock.now, patience
            )
            staff = WeComStaff(
                settings,
                client,
                media,
                memory(WeComStaff.name),
                _no_photo,
                clock.now,
                kf_news=owners.news,
                patience=patience,
            )
            built = house.build(database, {}, clock, name="bench", photo=Path, company=Standard())
            running = [
                asyncio.create_task(one.run(built.dispatcher.take)) for one in (owners, staff)
            ]
            seconds = await wecom.calls(f"http://127.0.0.1:{await staff.listening()}/")
            for task in running:
                task.cancel()
            await asyncio.wait(running)
            await client.close()
        booked = select(func.count()).where(orders.c.staff_told_at.is_not(None))
        assert await database.read(lambda one: one.execute(booked).scalar_one()) == how_many
        await database.close()
    return how_many / seconds


async def _no_photo(_content: bytes) -> str:
    raise AssertionError("nobody sends a picture here")


async def bare(how_many: int) -> float:
    """Calls answered in a second by the peer."""
    with sqlite() as url:
        engine = engine_of(url)
        async with engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)
        sessions = async_sessionmaker(engine)
        opening = seal()

        async def take(request: web.Request) -> web.Response:
            encrypted = fromstring(await request.read()).findtext("Encrypt") or ""
            query = request.query
            stamp = opening.stamp(encrypted, query["timestamp"], query["nonce"])
            assert stamp.signature == query["msg_signature"]
            letter = fromstring(opening.open(encrypted, stamp))
            async with sessions() as session:
                session.add(Order(person=1, what=letter.findtext("Token") or ""))
                await session.commit()
            return web.Response()

        app = web.Application()
        app.router.add_post("/", take)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        async with caller(how_many) as wecom:
            seconds = await wecom.calls(f"http://127.0.0.1:{runner.addresses[0][1]}/")
        await runner.cleanup()
        async with sessions() as session:
            assert await session.scalar(select(func.count()).select_from(Order)) == how_many
        await engine.dispose()
    return how_many / seconds


async def run(calls: int = 480, rounds: int = 5) -> list[Line]:
    """The line `wecom_callbacks_vs_bare`: our calls per second to the peer's."""
    mine, theirs, ratio = await alternate(partial(ours, calls), partial(bare, calls), rounds)
    return [Line("wecom_callbacks_vs_bare", ratio, f"{mine:,.0f}/s beside {theirs:,.0f}/s")]
