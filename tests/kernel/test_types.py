"""Column types give back what they were given: aware instants, words, members."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, Connection, Integer, MetaData, Table, create_engine, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import StatementError

from storage.database import Database
from storage.types import Chosen, Instant, Listed


class Colour(StrEnum):
    """Something to choose from."""

    RED = "red"
    BLUE = "blue"


metadata = MetaData()
things = Table(
    "things",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Instant),
    Column("tags", Listed()),
    Column("colours", Listed(Colour)),
    Column("colour", Chosen(Colour)),
)

SQLITE, POSTGRESQL = sqlite.dialect(), postgresql.dialect()
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=timezone(timedelta(hours=8)))


@pytest.fixture
def connection() -> Iterator[Connection]:
    engine = create_engine("sqlite://")
    metadata.create_all(engine)
    with engine.connect() as opened:
        yield opened
    engine.dispose()


async def test_both_databases_give_back_what_was_kept(database: Database) -> None:
    def unit(connection: Connection) -> tuple[object, ...]:
        metadata.create_all(connection)
        connection.execute(
            things.insert().values(
                at=NOON, tags=("a", "b c"), colours=(Colour.BLUE,), colour=Colour.RED
            )
        )
        return tuple(connection.execute(select(*list(things.c)[1:])).one())

    at, tags, colours, colour = await database.write(unit)
    assert at == NOON
    assert isinstance(at, datetime)
    assert at.utcoffset() == timedelta(0)
    assert (tags, colours) == (("a", "b c"), (Colour.BLUE,))
    assert colour is Colour.RED


async def test_both_databases_keep_nothing_as_nothing(database: Database) -> None:
    def unit(connection: Connection) -> tuple[object, ...]:
        metadata.create_all(connection)
        connection.execute(things.insert().values(tags=(), colours=()))
        return tuple(connection.execute(select(*list(things.c)[1:])).one())

    assert await database.write(unit) == (None, (), (), None)


@pytest.mark.parametrize(
    "values",
    [
        {"at": datetime(2026, 11, 24)},  # noqa: DTZ001 - the mistake under test
        {"tags": ("a,b",)},
        {"tags": ("",)},
        {"colour": "green"},
    ],
)
def test_what_would_not_come_back_is_refused(
    connection: Connection, values: dict[str, object]
) -> None:
    with pytest.raises((StatementError, ValueError)):
        connection.execute(things.insert().values(**values))


moments = st.datetimes(
    min_value=datetime(1900, 1, 2),  # noqa: DTZ001 - the zone is added below
    max_value=datetime(2999, 1, 1),  # noqa: DTZ001
    timezones=st.builds(lambda hours: timezone(timedelta(hours=hours)), st.integers(-12, 14)),
)


@given(moments, moments)
def test_in_sqlite_times_sort_as_text(one: datetime, other: datetime) -> None:
    kept = [str(Instant().process_bind_param(at, SQLITE)) for at in (one, other)]
    assert (kept[0] < kept[1]) == (one < other)
    assert len(kept[0]) == len(kept[1]) == 32
    assert Instant().process_result_value(kept[0], SQLITE) == one


@given(moments)
def test_in_postgresql_times_are_times(at: datetime) -> None:
    kept = Instant().process_bind_param(at, POSTGRESQL)
    assert isinstance(kept, datetime)
    assert kept.tzinfo is UTC
    assert Instant().process_result_value(kept, POSTGRESQL) == at


@given(st.lists(st.text(min_size=1).filter(lambda word: "," not in word)))
def test_words_come_back_as_they_were(words: list[str]) -> None:
    kept = Listed().process_bind_param(tuple(words), SQLITE)
    assert Listed().process_result_value(kept, SQLITE) == tuple(words)
