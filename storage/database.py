"""Where units of work run: `Database.write(unit)` commits one, `Database.read(unit)` only looks.

A unit is an ordinary synchronous function over one SQLAlchemy connection. On SQLite one thread
owns the only writing connection and commits up to 32 waiting units at once, each inside its own
savepoint, so one failing unit takes nobody with it and one disk flush serves them all. On
PostgreSQL a unit runs in its own transaction through `run_sync`, and again where the database
says that two transactions collided. Nobody learns a unit's result before its commit.
"""

from __future__ import annotations

import asyncio
import contextlib
import queue
import sqlite3
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from storage.express import Express

T = TypeVar("T")
Unit = Callable[[Connection], T]

UNITS_PER_COMMIT = 32
WAITING_UNITS = 1024
IDLE_CHECKPOINT_S = 5.0
POSTGRES_CONNECTIONS = 8
POSTGRES_TRIES = 6
COLLISIONS = {"40001", "40P01", "23505"}
"""Serialisation failure, deadlock, and two units inserting one key: safe to run the unit again."""

TROUBLE = {"08", "40", "53", "57", "58"}
"""Classes of SQLSTATE that tell of the database, not of what was asked: lost, full, shut down."""

SQLITE_TROUBLE = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_NOTADB,
}
"""The same in SQLite's words; its driver calls a mistyped statement operational, too."""


class Database(ABC):
    """A database that runs units of work."""

    @abstractmethod
    async def write(self, unit: Unit[T]) -> T:
        """Run `unit` and commit it; its exception rolls it back and is raised here."""

    @abstractmethod
    async def read(self, unit: Unit[T]) -> T:
        """Run `unit` on one consistent view; it must not write."""

    @abstractmethod
    async def migrate(self, change: Unit[None]) -> None:
        """Run a change of schema in one transaction."""

    @abstractmethod
    async def close(self) -> None:
        """Finish what waits, then let go of the database."""


def open_database(url: str) -> Database:
    """The database behind `sqlite:///path` or `postgresql://…`.

    Raises:
        ValueError: the URL names another kind of database.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite" and parsed.database:
        return SqliteDatabase(Path(parsed.database))
    if parsed.get_backend_name() == "postgresql":
        return PostgresDatabase(parsed.set(drivername="postgresql+asyncpg"))
    raise ValueError("the database must be sqlite:///PATH or postgresql://…")


def is_trouble(error: BaseException) -> bool:
    """Whether an error means that the database cannot serve now, whatever the unit was."""
    if isinstance(error, OSError | NoConnectionFree):
        return True
    told = error.orig if isinstance(error, DBAPIError) else error
    cut = isinstance(error, DBAPIError) and error.connection_invalidated
    state = getattr(told, "sqlstate", None) or ""
    code = getattr(told, "sqlite_errorcode", None) or 0
    return cut or state[:2] in TROUBLE or code & 0xFF in SQLITE_TROUBLE


@dataclass(slots=True)
class _Job:
    unit: Unit[Any]
    done: asyncio.Future[Any]
    result: Any = None
    error: BaseException | None = None


class SqliteDatabase(Database):
    """The embedded default: one file, one writer thread, any number of readers."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._writer_engine = create_engine(
            f"sqlite:///{path}", isolation_level="AUTOCOMMIT", hide_parameters=True
        )
        event.listen(self._writer_engine, "connect", _prepare_writer)
        self._reader_engine = create_async_engine(
            f"sqlite+aiosqlite:///{path}", pool_size=4, hide_parameters=True
        )
        event.listen(self._reader_engine.sync_engine, "connect", _prepare_reader)
        event.listen(self._reader_engine.sync_engine, "begin", _begin_reading)
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._room: asyncio.Semaphore | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._closed = False

    async def write(self, unit: Unit[T]) -> T:
        """Queue `unit` for the writer thread; waits for a place where the queue is full.

        Raises:
            RuntimeError: the database has been closed.
        """
        room = self._ready()
        await room.acquire()
        job = _Job(unit, asyncio.get_running_loop().create_future())
        job.done.add_done_callback(partial(_leave, room))
        self._jobs.put(job)
        # Shielded: once queued, a unit runs and commits whatever becomes of its awaiter.
        result: T = await asyncio.shield(job.done)
        return result

    async def read(self, unit: Unit[T]) -> T:
        """Run `unit` on a reader of its own, beside the writer."""
        async with self._reader_engine.connect() as connection:
            return await connection.run_sync(unit)

    async def migrate(self, change: Unit[None]) -> None:
        """Run a change of schema on the writer."""
        await self.write(change)

    async def close(self) -> None:
        """Drain the writer, then close both engines."""
        self._closed = True
        if self._thread is not None:
            self._jobs.put(None)
            await asyncio.to_thread(self._thread.join)
            self._thread = None
        self._writer_engine.dispose()
        await self._reader_engine.dispose()

    def _ready(self) -> asyncio.Semaphore:
        """Start the writer with the first unit, on the loop that uses it."""
        if self._closed:
            # Behind the writer's last unit nothing is run, so its awaiter would wait for ever.
            raise RuntimeError("the database is closed")
        if self._room is None or self._thread is None:
            self._room = asyncio.Semaphore(WAITING_UNITS)
            self._loop = asyncio.get_running_loop()
            writer = _Writer(self._writer_engine, self._jobs, self._hand_back)
            self._thread = threading.Thread(target=writer.run, name="sqlite-writer", daemon=True)
            self._thread.start()
        return self._room

    def _hand_back(self, batch: list[_Job]) -> None:
        """Called by the writer thread after the commit: release everybody who waits."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(_settle, batch)


def _leave(room: asyncio.Semaphore, done: asyncio.Future[Any]) -> None:
    """A unit's place is free when it has run, not when its awaiter goes away."""
    room.release()
    if not done.cancelled():
        done.exception()  # looked at: an error whose awaiter has gone is nobody's


def _settle(batch: list[_Job]) -> None:
    for job in batch:
        if job.done.cancelled():
            continue
        if job.error is None:
            job.done.set_result(job.result)
        elif isinstance(job.error, Exception) and not isinstance(job.error, StopIteration):
            job.done.set_exception(job.error)
        else:
            # A future takes no StopIteration, and what ends a thread must not end the event loop.
            job.done.set_exception(RuntimeError(f"a unit raised {type(job.error).__name__}"))


class _Writer:
    """The writer thread: takes what waits, runs it, commits once, hands the results back."""

    def __init__(
        self,
        engine: Engine,
        jobs: queue.SimpleQueue[_Job | None],
        hand_back: Callable[[list[_Job]], None],
    ) -> None:
        self._engine = engine
        self._jobs = jobs
        self._hand_back = hand_back
        self._dirty = False

    def run(self) -> None:
        """Until told to stop, and then until nothing waits."""
        connection = Express(self._engine)
        with connection:
            stopping = False
            while not stopping:
                batch, stopping = self._take()
                if batch:
                    self._commit(connection, batch)
                    self._hand_back(batch)
                    self._dirty = True
                elif self._dirty and not stopping:
                    # Between bursts: keeps the log short, at a moment nobody waits.
                    with contextlib.suppress(DBAPIError):  # another day will do
                        connection.exec_driver_sql("PRAGMA wal_checkpoint(PASSIVE)")
                    self._dirty = False

    def _take(self) -> tuple[list[_Job], bool]:
        """The units that wait now (at least one, unless idle), and whether to stop after them."""
        batch: list[_Job] = []
        try:
            job = self._jobs.get(timeout=IDLE_CHECKPOINT_S if self._dirty else None)
            while job is not None:
                batch.append(job)
                if len(batch) == UNITS_PER_COMMIT:
                    return batch, False
                job = self._jobs.get_nowait()
        except queue.Empty:
            return batch, False
        return batch, True

    def _commit(self, connection: Express, batch: list[_Job]) -> None:
        try:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            for job in batch:
                self._run_one(connection, job)
            connection.exec_driver_sql("COMMIT")
        except Exception as error:
            for job in batch:
                job.error = error
            with contextlib.suppress(DBAPIError):  # the next BEGIN says it, if it matters still
                if connection.driver.in_transaction:
                    connection.exec_driver_sql("ROLLBACK")

    def _run_one(self, connection: Express, job: _Job) -> None:
        # Said to the driver itself: two words a unit, which SQLAlchemy makes ten times as long.
        driver = connection.driver
        driver.execute("SAVEPOINT unit")
        try:
            job.result = job.unit(connection)
        except BaseException as error:  # whatever it is, the writer thread must live on
            if not driver.in_transaction:
                raise  # the database itself gave up (disk full): nothing of the batch is left
            driver.execute("ROLLBACK TO unit")
            job.error = error
        driver.execute("RELEASE unit")


def _prepare_writer(raw: DBAPIConnection, _record: object) -> None:
    _pragmas(raw, "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000")
    _pragmas(raw, "temp_store=MEMORY")  # what a savepoint may undo is kept out of the file system


def _prepare_reader(raw: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own object
    raw.isolation_level = None  # the driver must not open transactions by itself
    _pragmas(raw, "busy_timeout=10000", "query_only=ON")


def _begin_reading(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")  # one view for all statements of the unit


def _pragmas(raw: DBAPIConnection, *pragmas: str) -> None:
    cursor = raw.cursor()
    for pragma in pragmas:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


class PostgresDatabase(Database):
    """The engine for several machines: each unit is one transaction, run again on collision."""

    def __init__(self, url: URL) -> None:
        self._engine: AsyncEngine = create_async_engine(
            url,
            pool_size=POSTGRES_CONNECTIONS,
            max_overflow=0,
            hide_parameters=True,
        )

    async def write(self, unit: Unit[T]) -> T:
        """Run `unit` in a transaction of its own."""
        for _ in range(POSTGRES_TRIES - 1):
            try:
                return await self._write_once(unit)
            except DBAPIError as error:
                # A connection that was cut (the server was started anew) says so to its next unit,
                # which runs again: as it would if whatever caused it were delivered again.
                cut = error.connection_invalidated
                if not cut and getattr(error.orig, "sqlstate", None) not in COLLISIONS:
                    raise
        return await self._write_once(unit)

    async def _write_once(self, unit: Unit[T]) -> T:
        async with self._engine.begin() as connection:
            return await connection.run_sync(unit)

    async def read(self, unit: Unit[T]) -> T:
        """Run `unit` in a read-only transaction on one snapshot."""
        async with self._engine.connect() as connection:
            await connection.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
            return await connection.run_sync(unit)

    async def migrate(self, change: Unit[None]) -> None:
        """Run a change of schema; PostgreSQL undoes it whole where it fails."""
        await self._write_once(change)

    async def close(self) -> None:
        """Close the pool."""
        await self._engine.dispose()
