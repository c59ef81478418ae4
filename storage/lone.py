"""SQLite for who is alone with the file and can begin anew after a crash, such as a simulation.

A unit runs at once where it is awaited, in a savepoint of its own, and many units share a commit:
neither a thread nor the disk is waited for at each of them. All else is as on the embedded default.
"""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from sqlalchemy import make_url

from storage.database import Database, SqliteDatabase, Unit, open_database
from storage.express import Express

T = TypeVar("T")

UNITS_TOGETHER = 1000


def open_alone(url: str) -> Database:
    """The database behind a URL as `open_database` knows it, for who is alone on it.

    Raises:
        ValueError: the URL names another kind of database.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite" and parsed.database:
        return LoneSqlite(Path(parsed.database))
    return open_database(url)


class LoneSqlite(SqliteDatabase):
    """One file, one connection, one thread: the caller's."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._connection: Express | None = None
        self._uncommitted = 0

    async def write(self, unit: Unit[T]) -> T:
        """Run `unit`; it is committed with those around it, and its exception undoes it alone."""
        connection = self._begun()
        driver = connection.driver
        driver.execute("SAVEPOINT unit")
        try:
            result = unit(connection)
        except BaseException:
            driver.execute("ROLLBACK TO unit")
            driver.execute("RELEASE unit")
            raise
        driver.execute("RELEASE unit")
        self._uncommitted += 1
        if self._uncommitted >= UNITS_TOGETHER:
            self._commit()
        return result

    async def read(self, unit: Unit[T]) -> T:
        """Run `unit` on what has been written, committed or not."""
        return unit(self._begun())

    async def close(self) -> None:
        """Commit what is left, then let go of the file."""
        if self._connection is not None:
            self._commit()
            self._connection.close()
            self._connection = None
        await super().close()

    def _begun(self) -> Express:
        if self._connection is None:
            self._connection = Express(self._writer_engine)
        if not self._connection.driver.in_transaction:
            self._connection.exec_driver_sql("BEGIN IMMEDIATE")
        return self._connection

    def _commit(self) -> None:
        if self._connection is not None and self._connection.driver.in_transaction:
            self._connection.exec_driver_sql("COMMIT")
        self._uncommitted = 0
