"""Insert unless it is there already: the one statement the two databases spell by dialect."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from sqlalchemy import Connection, Insert, Table
from sqlalchemy.dialects import postgresql, sqlite


@cache
def _insert_ignore(table: Table, dialect: str) -> Insert:
    maker = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return maker(table).on_conflict_do_nothing()


def insert_new(connection: Connection, table: Table, row: Mapping[str, object]) -> bool:
    """Insert `row`; False where a unique key says it is there already."""
    statement = _insert_ignore(table, connection.dialect.name)
    return connection.execute(statement, dict(row)).rowcount == 1
