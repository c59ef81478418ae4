"""Units of work: committed together or not at all, released after the commit, tried again."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, func, select, text, update
from sqlalchemy.exc import DBAPIError, StatementError
from sqlalchemy.util import await_only

from storage import database as module
from storage import inbox
from storage.database import (
    Database,
    SqliteDatabase,
    is_trouble,
    open_database,
)
from storage.tables import centres
from storage.tables import inbox as inbox_table
from tests.town import TUESDAY_10

on_sqlite = pytest.mark.parametrize("town_url", ["sqlite"], indirect=True)
on_postgresql = pytest.mark.parametrize("town_url", ["postgresql"], indirect=True)


class Refused(Exception):
    """A unit's own reason to fail."""


def noting(key: str) -> Callable[[Connection], str]:
    """A unit that leaves a trace."""

    def unit(connection: Connection) -> str:
        assert inbox.first_time(connection, "test", key, TUESDAY_10)
        return key

    return unit


def failing(key: str, error: BaseException) -> Callable[[Connection], str]:
    """A unit that leaves a trace and then fails."""

    def unit(connection: Connection) -> str:
        noting(key)(connection)
        raise error

    return unit


async def noted(database: Database) -> list[str]:
    """The traces that are committed."""
    return await database.read(
        lambda connection: list(
            connection.execute(select(inbox_table.c.dedup).order_by(inbox_table.c.dedup)).scalars()
        )
    )


class Held:
    """A unit that stays in the writer until it is let go."""

    def __init__(self) -> None:
        self.reached = threading.Event()
        self.released = threading.Event()

    def __call__(self, _connection: Connection) -> None:
        self.reached.set()
        assert self.released.wait(30)

    async def until_reached(self) -> None:
        assert await asyncio.to_thread(self.reached.wait, 30)


# Both databases


async def test_a_unit_gives_back_its_result_and_is_committed(database: Database) -> None:
    assert await database.write(noting("a")) == "a"
    assert await noted(database) == ["a"]


async def test_a_failing_unit_raises_its_own_error_and_leaves_nothing(database: Database) -> None:
    with pytest.raises(Refused):
        await database.write(failing("a", Refused()))
    assert await noted(database) == []


async def test_one_failing_unit_takes_nobody_with_it(database: Database) -> None:
    units = [failing(f"{n:02}", Refused()) if n % 7 == 3 else noting(f"{n:02}") for n in range(40)]
    results = await asyncio.gather(
        *(database.write(unit) for unit in units), return_exceptions=True
    )
    failed = [n for n, result in enumerate(results) if isinstance(result, Refused)]
    assert failed == [n for n in range(40) if n % 7 == 3]
    assert await noted(database) == [f"{n:02}" for n in range(40) if n % 7 != 3]


async def test_an_error_no_future_takes_stops_nobody(database: Database) -> None:
    """A handler's `next()` of nothing raises StopIteration, which a future refuses."""
    await _fails_alone(database, StopIteration("no more"))


@on_sqlite
@pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit(3)])
async def test_an_error_that_ends_threads_does_not_end_the_writer(
    database: Database, error: BaseException
) -> None:
    await _fails_alone(database, error)


async def _fails_alone(database: Database, error: BaseException) -> None:
    failed, kept = await asyncio.gather(
        database.write(failing("a", error)), database.write(noting("b")), return_exceptions=True
    )
    assert isinstance(failed, Exception)
    assert kept == "b"
    assert await noted(database) == ["b"]


async def test_a_failing_statement_does_not_spoil_the_unit_after_it(database: Database) -> None:
    with pytest.raises(DBAPIError):
        await database.write(lambda connection: connection.execute(text("SELECT nonsense")))
    assert await database.write(noting("a")) == "a"


async def test_a_reader_cannot_write(database: Database) -> None:
    with pytest.raises(DBAPIError):
        await database.read(noting("a"))
    assert await noted(database) == []


async def test_a_reader_sees_one_moment(database: Database, town_url: str) -> None:
    """What is committed between two statements of a reading unit is not seen by the second."""
    counted = select(func.count()).select_from(inbox_table)
    written = threading.Event()

    def look_twice(connection: Connection) -> tuple[int, int]:
        first = connection.execute(counted).scalar_one()
        # The unit holds this thread's event loop on PostgreSQL, so another thread commits.
        worker = threading.Thread(target=_commit_elsewhere, args=(town_url, written))
        worker.start()
        assert written.wait(30)
        worker.join()
        return first, connection.execute(counted).scalar_one()

    assert await database.read(look_twice) == (0, 0)
    assert await noted(database) == ["elsewhere"]


def _commit_elsewhere(url: str, written: threading.Event) -> None:
    async def commit() -> None:
        other = open_database(url)
        await other.write(noting("elsewhere"))
        await other.close()

    asyncio.run(commit())
    written.set()


async def test_a_time_without_a_zone_is_refused(database: Database) -> None:
    naive = datetime(2026, 11, 24, 10, 0)  # noqa: DTZ001 - the mistake under test
    with pytest.raises(StatementError, match="zone"):
        await database.write(lambda connection: inbox.first_time(connection, "test", "a", naive))


def test_a_url_of_another_kind_is_refused() -> None:
    for url in ("mysql://localhost/x", "sqlite://"):
        with pytest.raises(ValueError, match="sqlite:///PATH or postgresql"):
            open_database(url)


# SQLite: one writer, many units to a commit


@on_sqlite
async def test_units_that_wait_share_a_commit(database: SqliteDatabase) -> None:
    commits = _count_commits(database)
    held = Held()
    first = asyncio.create_task(database.write(held))
    await held.until_reached()
    waiting = [asyncio.create_task(database.write(noting(f"{n:02}"))) for n in range(40)]
    await asyncio.sleep(0)
    held.released.set()
    await asyncio.gather(first, *waiting)
    assert len(commits) == 3  # the held one, 32 that waited, and the rest


@on_sqlite
async def test_nobody_learns_a_result_before_the_commit(database: SqliteDatabase) -> None:
    quick = asyncio.create_task(database.write(noting("quick")))
    held = Held()
    blocking = asyncio.create_task(database.write(held))
    held_with_it = asyncio.create_task(database.write(noting("after")))
    await held.until_reached()
    # Whatever ran in the same batch as the held unit has no result yet, and is not to be seen.
    done = {task for task in (quick, held_with_it) if task.done()}
    assert {task.result() for task in done} == set(await noted(database))
    assert not held_with_it.done()
    held.released.set()
    await asyncio.gather(quick, blocking, held_with_it)
    assert await noted(database) == ["after", "quick"]


@on_sqlite
async def test_a_commit_that_fails_fails_them_all(database: SqliteDatabase) -> None:
    await database.write(lambda _connection: None)
    held = Held()
    first = asyncio.create_task(database.write(held))
    await held.until_reached()

    def orphan(connection: Connection) -> None:
        connection.execute(text("PRAGMA defer_foreign_keys = ON"))
        connection.execute(
            text("INSERT INTO order_events (order_id, at, what) VALUES (99, '2026', 'x')")
        )

    batch = [
        asyncio.create_task(database.write(noting("a"))),
        asyncio.create_task(database.write(orphan)),
        asyncio.create_task(database.write(noting("b"))),
    ]
    await asyncio.sleep(0)
    held.released.set()
    await first
    results = await asyncio.gather(*batch, return_exceptions=True)
    assert all(isinstance(result, DBAPIError) for result in results)
    assert await noted(database) == []
    assert await database.write(noting("c")) == "c"


@on_sqlite
async def test_a_unit_whose_awaiter_has_gone_still_commits(database: SqliteDatabase) -> None:
    held = Held()
    first = asyncio.create_task(database.write(held))
    await held.until_reached()
    gone = [
        asyncio.create_task(database.write(noting("a"))),
        asyncio.create_task(database.write(failing("b", Refused()))),
    ]
    await asyncio.sleep(0)
    for task in gone:
        task.cancel()
    await asyncio.wait(gone)
    held.released.set()
    await first
    await database.write(noting("c"))
    assert await noted(database) == ["a", "c"]


@on_sqlite
async def test_a_full_queue_pushes_back(town_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three may wait; a fourth has no place, so it goes without a trace when its awaiter goes."""
    monkeypatch.setattr(module, "WAITING_UNITS", 4)
    database = open_database(town_url)
    held = Held()
    first = asyncio.create_task(database.write(held))
    await held.until_reached()
    waiting = [asyncio.create_task(database.write(noting(f"{n}"))) for n in range(5)]
    await asyncio.sleep(0)
    for task in waiting:
        task.cancel()
    await asyncio.wait(waiting)
    # Those who went away still have their places: their units have not run yet.
    late = asyncio.create_task(database.write(noting("late")))
    await asyncio.sleep(0)
    late.cancel()
    await asyncio.wait([late])
    held.released.set()
    await first
    await database.write(noting("next"))
    assert await noted(database) == ["0", "1", "2", "next"]
    await database.close()


@on_sqlite
async def test_close_drains_and_then_takes_nothing(town_url: str) -> None:
    database = open_database(town_url)
    held = Held()
    first = asyncio.create_task(database.write(held))
    await held.until_reached()
    waiting = [asyncio.create_task(database.write(noting(f"{n:02}"))) for n in range(40)]
    await asyncio.sleep(0)
    closing = asyncio.create_task(database.close())
    await asyncio.sleep(0)
    with pytest.raises(RuntimeError, match="closed"):
        await database.write(noting("too late"))
    held.released.set()
    await asyncio.gather(closing, first, *waiting)
    with pytest.raises(RuntimeError, match="closed"):
        await database.write(noting("too late"))
    again = open_database(town_url)
    assert len(await noted(again)) == 40
    await again.close()


async def test_what_a_killed_process_had_not_committed_is_gone(tmp_path: Path) -> None:
    """The file of a process that ends between two units holds whole units only."""
    path = tmp_path / "new.db"
    database = SqliteDatabase(path)
    await database.write(lambda connection: connection.execute(text("CREATE TABLE t (n INTEGER)")))
    held = Held()

    def half(connection: Connection) -> None:
        connection.execute(text("INSERT INTO t VALUES (1)"))
        held(connection)

    writing = asyncio.create_task(database.write(half))
    await held.until_reached()
    copy = tmp_path / "copy.db"  # what a reader of the same disk finds at this moment
    copy.write_bytes(path.read_bytes())
    wal = path.with_name("new.db-wal")
    copy.with_name("copy.db-wal").write_bytes(wal.read_bytes())
    held.released.set()
    await writing
    await database.close()
    found = SqliteDatabase(copy)
    count = await found.read(
        lambda connection: connection.execute(text("SELECT count(*) FROM t")).scalar_one()
    )
    assert count == 0
    await found.close()


def _count_commits(database: SqliteDatabase) -> list[str]:
    from sqlalchemy import event

    commits: list[str] = []

    def look(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement == "COMMIT":
            commits.append(statement)

    event.listen(database._writer_engine, "before_cursor_execute", look)
    return commits


# PostgreSQL: collisions are run again


@on_postgresql
async def test_units_that_lock_each_other_out_are_run_again(database: Database) -> None:
    tries: list[int] = []
    meeting = asyncio.Barrier(2)

    def crossing(first: int, then: int) -> Callable[[Connection], None]:
        def unit(connection: Connection) -> None:
            tries.append(first)
            _touch(connection, first)
            if tries.count(first) == 1:
                await_only(meeting.wait())
            _touch(connection, then)

        return unit

    await asyncio.gather(database.write(crossing(1, 2)), database.write(crossing(2, 1)))
    assert len(tries) > 2
    assert await _touched(database) == [2, 2]


def _touch(connection: Connection, centre_id: int) -> None:
    connection.execute(
        update(centres).where(centres.c.id == centre_id).values(number_seq=centres.c.number_seq + 1)
    )


async def _touched(database: Database) -> list[int]:
    return await database.read(
        lambda connection: list(
            connection.execute(select(centres.c.number_seq).order_by(centres.c.id)).scalars()
        )
    )


@on_postgresql
async def test_a_serialisation_failure_is_run_again(database: Database) -> None:
    tries = 0

    def unit(connection: Connection) -> str:
        nonlocal tries
        tries += 1
        if tries < 3:
            connection.execute(text("DO $$ BEGIN RAISE SQLSTATE '40001'; END $$"))
        return noting("a")(connection)

    assert await database.write(unit) == "a"
    assert tries == 3


@on_postgresql
async def test_it_gives_up_at_last(database: Database) -> None:
    tries = 0

    def unit(connection: Connection) -> None:
        nonlocal tries
        tries += 1
        connection.execute(text("DO $$ BEGIN RAISE SQLSTATE '40001'; END $$"))

    with pytest.raises(DBAPIError):
        await database.write(unit)
    assert tries == module.POSTGRES_TRIES


@on_postgresql
async def test_two_who_insert_one_key_both_succeed(database: Database) -> None:
    """The loser runs again, finds what the winner has made, and goes on with that."""
    tries = 0
    meeting = asyncio.Barrier(2)

    def find_or_make(connection: Connection) -> int:
        nonlocal tries
        tries += 1
        found = select(centres.c.id).where(centres.c.code == "NEW")
        known = connection.execute(found).scalar_one_or_none()
        if known is not None:
            return known
        await_only(meeting.wait())
        new = centres.insert().values(code="NEW", name="n", zone="UTC", phone="1")
        connection.execute(new)
        return connection.execute(found).scalar_one()

    first, second = await asyncio.gather(database.write(find_or_make), database.write(find_or_make))
    assert first == second
    assert tries == 3


@on_postgresql
async def test_connections_that_were_cut_are_replaced(database: Database, town_url: str) -> None:
    """After the server was restarted, the first units find it again (and are not half done)."""
    await asyncio.gather(*(database.write(noting(f"{n}")) for n in range(8)))
    other = open_database(town_url)
    await other.write(
        lambda connection: connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        ).all()
    )
    await other.close()
    assert await database.write(noting("after")) == "after"


# Whose fault an error is


@pytest.mark.parametrize(
    "statement", ["SELECT nonsense", "INSERT INTO inbox (channel) VALUES ('x')"]
)
async def test_a_mistyped_statement_is_no_trouble_of_the_database(
    database: Database, statement: str
) -> None:
    with pytest.raises(DBAPIError) as raised:
        await database.write(lambda connection: connection.execute(text(statement)))
    assert not is_trouble(raised.value)


async def test_a_database_that_others_hold_is_trouble(tmp_path: Path) -> None:
    path = tmp_path / "held.db"
    with sqlite3.connect(path, isolation_level=None) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(sqlite3.OperationalError) as raised:
            sqlite3.connect(path, timeout=0).execute("CREATE TABLE t (n)")
    other.close()
    assert is_trouble(raised.value)


async def test_a_database_that_is_not_there_is_trouble(tmp_path: Path) -> None:
    away = open_database("postgresql://nobody:x@127.0.0.1:1/nothing")
    with pytest.raises(ConnectionRefusedError) as raised:
        await away.write(noting("a"))
    await away.close()
    assert is_trouble(raised.value)
