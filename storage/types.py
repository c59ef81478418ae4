"""Column types that keep their promises: instants are aware UTC, enumerations are themselves."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    DateTime,
    Dialect,
    Integer,
    String,
    Text,
    literal_column,
)
from sqlalchemy.types import TypeDecorator, TypeEngine

BigId = BigInteger().with_variant(Integer(), "sqlite")
"""A 64-bit key; SQLite numbers rows by itself only for columns it knows as INTEGER."""


def written(value: StrEnum | int) -> ColumnElement[Any]:
    """A value written into the statement itself instead of bound to it.

    For conditions on which a partial index hangs: with a bound value SQLite plans the statement
    anew at each run, which trebles the cost of a short one, and PostgreSQL may pass the index by.
    """
    return literal_column(f"'{value}'" if isinstance(value, StrEnum) else str(value))


class Instant(TypeDecorator[datetime]):
    """An aware UTC datetime.

    PostgreSQL has a type for it. SQLite keeps ISO text of fixed width, which sorts as time does.
    A naive datetime is refused: it would be somebody's guess of a zone.
    """

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """The type each database stores."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(String(32))
        return dialect.type_descriptor(DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> object:
        """Aware datetime → what the database stores."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored time must carry its zone")
        value = value.astimezone(UTC)
        return value.isoformat(timespec="microseconds") if dialect.name == "sqlite" else value

    def process_result_value(self, value: object, dialect: Dialect) -> datetime | None:
        """What the database stores → aware UTC datetime."""
        if isinstance(value, str):
            return datetime.fromisoformat(value)
        return value.astimezone(UTC) if isinstance(value, datetime) else None


class Listed(TypeDecorator[tuple[str, ...]]):
    """A short tuple of plain words (skills, roles, photo names), stored comma-separated."""

    impl = Text
    cache_ok = True

    def __init__(self, members: type[StrEnum] | None = None) -> None:
        super().__init__()
        self.members = members

    def process_bind_param(self, value: tuple[str, ...] | None, dialect: Dialect) -> str | None:
        """Words → text; a comma inside a word would make two of one."""
        if value is not None and any("," in word or not word for word in value):
            raise ValueError("a listed word must be non-empty and without commas")
        return None if value is None else ",".join(value)

    def process_result_value(self, value: object, dialect: Dialect) -> tuple[str, ...]:
        """Text → words, as members where the column has an enumeration."""
        words = tuple(str(value).split(",")) if value else ()
        return tuple(self.members(word) for word in words) if self.members else words


class Chosen(TypeDecorator[StrEnum]):
    """One member of a `StrEnum`, stored as its text."""

    impl = String(32)
    cache_ok = True

    def __init__(self, members: type[StrEnum]) -> None:
        super().__init__()
        self.members = members
        self._by_text = {one.value: one for one in members}

    def process_bind_param(self, value: StrEnum | None, dialect: Dialect) -> str | None:
        """Member → text; a plain string is checked to be one."""
        return None if value is None else self.members(value).value

    def process_result_value(self, value: object, dialect: Dialect) -> StrEnum | None:
        """Text → member."""
        # Calling an enumeration is as slow as all the rest of reading a short row.
        return None if value is None else self._by_text.get(str(value)) or self.members(str(value))
