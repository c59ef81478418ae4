"""The schema's history leads to the tables in code, on both databases, and is applied once."""

from __future__ import annotations

import ast
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, create_engine, inspect, text

from storage import migrate
from storage.database import Database, open_database
from storage.migrate import newest, upgrade, version
from storage.tables import metadata


@pytest.fixture(params=["sqlite", "postgresql"])
async def blank(
    request: pytest.FixtureRequest, tmp_path: Path, postgres: Callable[[str, str | None], str]
) -> AsyncIterator[Database]:
    """A database without any table."""
    url = (
        f"sqlite:///{tmp_path}/blank.db"
        if request.param == "sqlite"
        else postgres(f"blank{request.node.name.replace('[', '_').rstrip(']')}"[:60].lower(), None)
    )
    database = open_database(url)
    yield database
    await database.close()


def _differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection)
    return list(compare_metadata(context, metadata))


async def test_the_migrations_lead_to_the_tables_in_code(blank: Database) -> None:
    await blank.migrate(upgrade)
    # On the writer: reflecting asks SQLite for PRAGMAs, which need no reader of their own.
    assert await blank.write(_differences) == []
    assert await blank.read(version) == newest()


async def test_an_empty_database_has_no_version(blank: Database) -> None:
    assert await blank.read(version) is None


async def test_a_second_upgrade_changes_nothing_and_keeps_what_was_entered(
    blank: Database,
) -> None:
    await blank.migrate(upgrade)
    await blank.write(
        lambda connection: connection.execute(
            text("INSERT INTO centres (code, name, zone, phone) VALUES ('A', 'a', 'UTC', '1')")
        )
    )
    await blank.migrate(upgrade)
    names = await blank.read(
        lambda connection: [
            tuple(row) for row in connection.execute(text("SELECT code FROM centres"))
        ]
    )
    assert names == [("A",)]


async def test_a_failing_migration_leaves_nothing_behind(blank: Database) -> None:
    def breaks(connection: Connection) -> None:
        upgrade(connection)
        raise RuntimeError("the power goes")

    with pytest.raises(RuntimeError):
        await blank.migrate(breaks)
    assert await blank.write(lambda connection: inspect(connection).get_table_names()) == []


def test_history_does_not_import_what_changes() -> None:
    for path in (migrate.MIGRATIONS / "versions").glob("r*.py"):
        imported = {
            alias.name if isinstance(node, ast.Import) else node.module
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Import | ast.ImportFrom)
            for alias in node.names
        }
        assert imported <= {"sqlalchemy", "alembic"}, path.name


def test_a_draft_leads_to_the_tables_in_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "versions").mkdir()
    monkeypatch.setattr(migrate, "MIGRATIONS", tmp_path)
    written = migrate._draft("All at once")
    assert written.name == "r0001_all_at_once.py"
    with create_engine("sqlite://").begin() as connection:
        upgrade(connection)
        assert _differences(connection) == []
    with pytest.raises(SystemExit):
        migrate._draft("Nothing")
