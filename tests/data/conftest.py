"""Empty books on both databases, and a hand that puts sheets into them."""

from __future__ import annotations

import csv
import io
import itertools
import shutil
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from sqlalchemy import text

from bot.sheets import read_sheet
from services.desk import Desk
from services.imports import How, ImportKind, Report, Sheet, import_sheet
from storage.database import Database, Unit, open_database
from storage.migrate import upgrade

T = TypeVar("T")

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)

CENTRE = "编码,名称,时区,电话\nYH,云湖花园,Asia/Shanghai,021-55500100\n"
ROLL = "房号,姓名,手机号,身份,到期日\n"
ROSTER = "姓名,手机号,岗位,技能,班次,企业微信账号,telegram_id\n"
CATALOGUE = (
    "code,name_zh,name_en,category,content_class,unit,price_cny,price_mode,minutes,skill,risk\n"
)

_numbers = itertools.count()


@dataclass(slots=True)
class Books:
    """A database with nothing but its schema, and the time."""

    database: Database
    folder: Path
    now: datetime = NOW

    def sheet(self, content: str | bytes) -> Sheet:
        """A sheet, by way of a file."""
        path = self.folder / "sheet.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read_sheet(path)

    async def take(
        self, kind: ImportKind, content: str, how: How | None = None, *, later: int = 0
    ) -> Report:
        """Import a sheet; `later` days go by before."""
        sheet = self.sheet(content)
        self.now += timedelta(days=later)
        return await self.do(lambda desk: import_sheet(desk, kind, sheet, how))

    async def do(self, unit: Callable[[Desk], T]) -> T:
        """Run something on a desk, and commit it."""
        return await self.database.write(lambda connection: unit(Desk(connection, self.now)))

    async def rows(self, query: str) -> list[tuple[object, ...]]:
        """What a query finds."""
        unit: Unit[list[tuple[object, ...]]] = lambda connection: [  # noqa: E731
            tuple(row) for row in connection.execute(text(query))
        ]
        return await self.database.read(unit)

    async def everything(self) -> dict[str, list[tuple[object, ...]]]:
        """All that imports write."""
        tables = ("centres", "rooms", "residents", "staff", "persons", "items")
        return {table: await self.rows(f"SELECT * FROM {table} ORDER BY id") for table in tables}  # noqa: S608


@pytest.fixture(scope="session")
def empty_postgres(postgres: Callable[[str, str | None], str]) -> str:
    """An empty PostgreSQL database at the newest schema, to be copied."""
    import asyncio

    async def build() -> None:
        database = open_database(postgres("empty", None))
        await database.migrate(upgrade)
        await database.close()

    asyncio.run(build())
    return "empty"


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same as a file."""
    import asyncio

    path = tmp_path_factory.mktemp("empty") / "empty.db"

    async def build() -> None:
        database = open_database(f"sqlite:///{path}")
        await database.migrate(upgrade)
        await database.close()

    asyncio.run(build())
    return path


@pytest.fixture
async def books(empty_sqlite: Path, tmp_path: Path) -> AsyncIterator[Books]:
    """Empty books on SQLite."""
    path = tmp_path / "books.db"
    shutil.copy(empty_sqlite, path)
    database = open_database(f"sqlite:///{path}")
    yield Books(database, tmp_path)
    await database.close()


@pytest.fixture
async def postgres_books(
    empty_postgres: str, postgres: Callable[[str, str | None], str], tmp_path: Path
) -> AsyncIterator[Books]:
    """Empty books on PostgreSQL."""
    database = open_database(postgres(f"books{next(_numbers)}", empty_postgres))
    yield Books(database, tmp_path)
    await database.close()


@pytest.fixture(params=["books", "postgres_books"])
def both(request: pytest.FixtureRequest) -> Books:
    """Empty books on each database."""
    found: Books = request.getfixturevalue(request.param)
    return found


def table(*rows: tuple[str, ...]) -> str:
    """Rows as CSV."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()
