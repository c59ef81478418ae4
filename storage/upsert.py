"""Insert, unless it is there already: what the two databases spell each in its dialect."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from sqlalchemy import Connection, Insert, Table
from sqlalchemy.dialects import postgresql, sqlite


def _insert(table: Table, dialect: str) -> postgresql.Insert | sqlite.Insert:
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


@cache
def _insert_ignore(table: Table, dialect: str) -> Insert:
    return _insert(table, dialect).on_conflict_do_nothing()


@cache
def _insert_or_change(table: Table, dialect: str, changing: tuple[str, ...]) -> Insert:
    statement = _insert(table, dialect)
    given = {name: statement.excluded[name] for name in changing}
    return statement.on_conflict_do_update(index_elements=[*table.primary_key], set_=given)


def insert_new(connection: Connection, table: Table, row: Mapping[str, object]) -> bool:
    """Insert `row`; False where a unique key says it is there already."""
    statement = _insert_ignore(table, connection.dialect.name)
    return connection.execute(statement, dict(row)).rowcount == 1


def put_row(
    connection: Connection, table: Table, row: Mapping[str, object], changing: tuple[str, ...]
) -> None:
    """Insert `row`; where its primary key is there already, change these columns of it."""
    statement = _insert_or_change(table, connection.dialect.name, changing)
    connection.execute(statement, dict(row))
