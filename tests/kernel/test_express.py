"""The short way to SQLite: the very same as SQLAlchemy's, for every statement there is."""

from __future__ import annotations

import gc
import importlib
import pkgutil
import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import (
    BindParameter,
    Column,
    Connection,
    Delete,
    Engine,
    Executable,
    Insert,
    Integer,
    MetaData,
    Select,
    String,
    Table,
    Update,
    bindparam,
    create_engine,
    delete,
    func,
    literal,
    select,
    text,
    tuple_,
    update,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import (
    DBAPIError,
    IntegrityError,
    MultipleResultsFound,
    NoResultFound,
    SQLAlchemyError,
    StatementError,
)
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeDecorator, TypeEngine

import storage
from storage import database as module
from storage import inbox
from storage.database import Database
from storage.express import MOST_SHAPES, Done, Express, Found, Way
from storage.records import OrderState
from storage.types import Chosen, Instant, Listed
from tests.conversation import Actor, Town
from tests.conversations.jobs import appointed, finishes
from tests.kernel.test_types import NOON, Colour
from tests.town import TUESDAY_10

Result = Any
"""SQLAlchemy's, or what the short way gives in its place."""

on_sqlite = pytest.mark.parametrize("town_url", ["sqlite"], indirect=True)


class Doubting(Express):
    """Runs each statement both ways, each time undone, compares what came, and runs it then."""

    compared = 0
    """How many runs the short way took."""

    def execute(self, statement: Executable, *args: object, **options: object) -> Result:
        """The result, once both ways agree on it."""
        express = partial(super().execute, statement, *args, **options)
        for _ in range(2):
            self.tried(express)  # it is known after these
        short = self.tried(express)
        usual = self.tried(partial(Connection.execute, self, statement, *args, **options))
        assert short[1:] == usual[1:], str(statement)
        Doubting.compared += short[0] is not usual[0]
        return express()

    def tried(self, run: Callable[[], Result]) -> tuple[object, ...]:
        """What came of it, or went wrong; it is undone."""
        self.driver.execute("SAVEPOINT doubt")
        try:
            return told(run())
        except SQLAlchemyError as error:
            return (None, type(error), str(error))
        finally:
            self.driver.execute("ROLLBACK TO doubt")
            self.driver.execute("RELEASE doubt")


def told(result: Result) -> tuple[object, ...]:
    """All that can be read from a result, after its class."""
    if isinstance(result, Done):
        return (Done, result.rowcount, tuple(result.inserted_primary_key))
    if not isinstance(result, Found) and not result.returns_rows:
        is_one = result.context.isinsert and not result.context.executemany
        return (type(result), result.rowcount, tuple(result.inserted_primary_key) if is_one else ())
    rows = list(result)
    return (type(result), [tuple(row) for row in rows], [row._asdict() for row in rows])


metadata = MetaData()
things = Table(
    "things",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String, unique=True),
    Column("at", Instant),
    Column("tags", Listed()),
    Column("colour", Chosen(Colour)),
)
ALL = select(*things.c).order_by(things.c.id)
ADD = things.insert()
NAMED = select(*things.c).where(things.c.name.in_(bindparam("names", expanding=True)))
PAINT = update(things).where(things.c.id == bindparam("thing"))


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """An empty SQLite."""
    made = create_engine(
        f"sqlite:///{tmp_path / 'things.db'}", isolation_level="AUTOCOMMIT", hide_parameters=True
    )
    metadata.create_all(made)
    yield made
    made.dispose()


@pytest.fixture
def express(engine: Engine) -> Iterator[Express]:
    """A connection with the short way."""
    with Express(engine) as made:
        assert isinstance(made, Express)
        yield made


@pytest.fixture
def doubting(monkeypatch: pytest.MonkeyPatch) -> None:
    """The house does not believe in the short way."""
    monkeypatch.setattr(module, "Express", Doubting)


def known(express: Express, statement: Executable, *parameters: object) -> Result:
    """The result of the last of three runs, the first of which is the short way."""
    for _ in range(2):
        express.driver.execute("SAVEPOINT known")
        express.execute(statement, *parameters)
        express.driver.execute("ROLLBACK TO known")
        express.driver.execute("RELEASE known")
    return express.execute(statement, *parameters)


# Every statement there is


def _constants() -> Iterator[tuple[str, Executable]]:
    for found in pkgutil.iter_modules(storage.__path__, "storage."):
        for name, value in vars(importlib.import_module(found.name)).items():
            if isinstance(value, Select | Insert | Update | Delete) and name.isupper():
                yield f"{found.name}.{name}", value


CONSTANTS = dict(_constants())


def sample(bind: BindParameter[Any], many: int) -> object:
    """A value that a parameter may have; of a list so many."""
    if bind.expanding:
        return [_of_type(bind.type, n) for n in range(many)]
    return _of_type(bind.type, 0)


def _of_type(kind: TypeEngine[Any], number: int) -> object:
    if isinstance(kind, Instant):
        return NOON + timedelta(hours=number)
    if isinstance(kind, Chosen):
        return list(kind.members)[number % len(kind.members)]
    if isinstance(kind, Listed):
        return ("electrician",) if kind.members is None else tuple(kind.members)[:1]
    plain = {int: number + 1, bool: True, date: NOON.date(), str: f"w{number}"}
    return plain.get(kind.python_type, 1)


def wanted(statement: Executable, many: int) -> dict[str, object]:
    """Parameters for all that a statement asks for."""
    compiled = statement.compile(dialect=sqlite.dialect())  # type: ignore[attr-defined]
    assert isinstance(compiled, SQLCompiler)
    return {name: sample(bind, many) for name, bind in compiled.binds.items() if bind.required}


@on_sqlite
async def test_every_statement_of_storage_goes_both_ways_alike(
    doubting: None, database: Database
) -> None:
    """With lists of none, one and three; and every one of them is known after two runs."""
    assert len(CONSTANTS) > 80

    def unit(connection: Connection) -> list[str]:
        assert isinstance(connection, Doubting)
        # It is all undone before it is committed; what it hangs on may be missing until then.
        connection.driver.execute("PRAGMA defer_foreign_keys = ON")
        for statement in CONSTANTS.values():
            for many in (0, 1, 3):
                connection.tried(partial(connection.execute, statement, wanted(statement, many)))
        return [
            name
            for name, statement in CONSTANTS.items()
            if not any(connection._seen[statement].values())
        ]

    assert await database.write(unit) == []


@on_sqlite
async def test_a_whole_service_goes_both_ways_alike(
    doubting: None, town: Town, owner: Actor, wang: Actor, cs: Actor
) -> None:
    """From the booking to a dissatisfied rating and the case it opens."""
    before = Doubting.compared
    await _served(town, owner, wang)
    await owner.presses("不满意")
    await owner.presses("技术或质量")
    await cs.presses("我来处理")
    assert (await town.order()).state is OrderState.FINISHED
    assert Doubting.compared - before > 300


async def _served(town: Town, owner: Actor, wang: Actor) -> None:
    await appointed(town)
    for label in ("接单", "出发"):
        await wang.presses(label)
    await town.until("15:00")
    for label in ("已到达", "已说明内容和价格", "¥40"):
        await wang.presses(label)
    await owner.presses("同意报价")
    await finishes(wang)


ROW = st.fixed_dictionaries(
    {
        "name": st.none() | st.sampled_from("abc"),
        "at": st.none() | st.datetimes(timezones=st.just(UTC)),
        "tags": st.none() | st.lists(st.sampled_from(["x", "y z"]), max_size=2).map(tuple),
        "colour": st.none() | st.sampled_from(Colour),
    }
)


@given(st.lists(ROW, min_size=1, max_size=6), st.lists(st.sampled_from("abc"), max_size=3))
def test_whatever_is_kept_comes_back_alike(rows: list[dict[str, object]], names: list[str]) -> None:
    """NULLs, instants, members, words, lists of any length, and names that are taken."""
    engine = create_engine("sqlite://", isolation_level="AUTOCOMMIT", hide_parameters=True)
    metadata.create_all(engine)
    with Doubting(engine) as connection:
        for row in rows:
            if row["name"] is None or not connection.execute(NAMED, {"names": [row["name"]]}).all():
                connection.execute(ADD, row)
            else:
                with pytest.raises(IntegrityError):
                    connection.execute(ADD, row)
            connection.execute(PAINT, {"thing": 1, "colour": row["colour"]})
        connection.execute(NAMED, {"names": names})
        connection.execute(ALL)
    engine.dispose()


# What comes back


def test_rows_are_sqlalchemys_own(express: Express) -> None:
    express.execute(ADD, [{"name": name, "at": NOON, "colour": Colour.RED} for name in "ab"])
    found = known(express, ALL)
    assert isinstance(found, Found)
    first, second = found
    assert (first.name, first[1], first._mapping["name"], tuple(first)[1]) == ("a",) * 4
    assert (second.at, second.colour, second.tags) == (NOON, Colour.RED, ())
    assert known(express, ALL).scalars().all() == [1, 2]
    assert known(express, ALL).first() == first
    assert list(known(express, ALL).mappings())[1]["name"] == "b"


def test_a_row_that_is_not_alone(express: Express) -> None:
    found = known(express, ALL)
    with pytest.raises(NoResultFound):
        found.one()
    assert known(express, ALL).one_or_none() is None
    express.execute(ADD, {"name": "a"})
    assert known(express, ALL).one() == known(express, ALL).one_or_none()
    express.execute(ADD, {"name": "b"})
    for ask in ("one", "one_or_none", "scalar_one"):
        with pytest.raises(MultipleResultsFound):
            getattr(known(express, ALL), ask)()


def test_what_is_left_of_rows_is_given_once(express: Express) -> None:
    express.execute(ADD, [{"name": name} for name in "abc"])
    found = known(express, ALL)
    for row in found:
        assert row.name == "a"
        break
    assert [row.name for row in found.all()] == ["b", "c"]
    assert found.all() == []


def test_keys_and_counts(express: Express) -> None:
    made = known(express, ADD, {"name": "a"})
    assert isinstance(made, Done)
    assert (made.rowcount, made.inserted_primary_key) == (1, (1,))
    assert known(express, ADD, {"id": 7, "name": "b"}).inserted_primary_key == (7,)
    several = known(express, ADD, [{"name": "c"}, {"name": "d"}])
    assert (type(several), several.rowcount) == (Done, 2)
    gone = delete(things).where(things.c.id > 1)
    assert known(express, gone).rowcount == 3


def test_a_key_that_comes_with_the_statement(express: Express) -> None:
    """Each key is what SQLAlchemy says it is."""
    coded = Table("coded", MetaData(), Column("code", String, primary_key=True))
    coded.create(express)
    assert known(express, coded.insert().values(code="x")).inserted_primary_key == ("x",)
    assert known(express, coded.insert(), {"code": "y"}).inserted_primary_key == ("y",)


def test_sets_that_differ_in_their_names(express: Express) -> None:
    """A value that comes with the statement gives way to one that is given."""
    express.execute(ADD, [{"name": "a", "at": NOON}, {"name": "b", "at": TUESDAY_10}])
    rename = update(things).where(things.c.at == bindparam("then", NOON, Instant))
    known(express, rename, [{"name": "c"}, {"name": "d"}])
    express.execute(rename, [{"name": "c"}, {"name": "d", "then": TUESDAY_10}])
    assert express.execute(select(things.c.name)).scalars().all() == ["c", "d"]


def test_lists_in_any_dress(express: Express) -> None:
    express.execute(ADD, [{"name": name} for name in "abc"])
    for names in (("a",), ("a", "b"), ("a",), ("a", "b", "c"), {"a", "b"}, ()):
        for _ in range(3):
            assert len(express.execute(NAMED, {"names": names}).all()) == len(names)


def test_returning_and_locks(express: Express) -> None:
    """SQLite knows no FOR UPDATE; what a change returns is complete before the next statement."""
    express.execute(ADD, [{"name": "a"}, {"name": "b"}])
    back = update(things).values(colour=Colour.BLUE).returning(things.c.id, things.c.colour)
    found = known(express, back)
    assert isinstance(found, Found)
    assert found.all() == [(1, Colour.BLUE), (2, Colour.BLUE)]
    assert len(known(express, ALL.with_for_update()).all()) == 2


# Errors


def test_errors_are_sqlalchemys(express: Express) -> None:
    """Of the same class and words, and the parameters are not told."""
    known(express, ADD, {"name": "secret"})
    errors = []
    for execute in (express.execute, super(Express, express).execute):
        with pytest.raises(IntegrityError) as raised:
            execute(ADD, {"name": "secret"})
        errors.append(raised.value)
    short, usual = errors
    assert str(short) == str(usual)
    assert "secret" not in str(short)
    assert isinstance(short.orig, sqlite3.IntegrityError)
    assert short.orig.sqlite_errorcode == usual.orig.sqlite_errorcode  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("parameters", "kind"),
    [
        ({"name": "b", "at": datetime(2026, 11, 24)}, StatementError),  # noqa: DTZ001 - naive
        ({"name": "b", "at": "noon"}, StatementError),
        ({"name": object(), "at": NOON}, DBAPIError),
        ([{"name": "b", "at": NOON}, {"name": "c"}], StatementError),
    ],
)
def test_what_does_not_fit_is_said_by_sqlalchemy(
    express: Express, parameters: object, kind: type[Exception]
) -> None:
    known(express, ADD, {"name": "a", "at": NOON})
    known(express, ADD, [{"name": name, "at": NOON} for name in "xy"])
    with pytest.raises(kind) as raised:
        express.execute(ADD, parameters)
    with pytest.raises(kind) as usual:
        Connection.execute(express, ADD, parameters)  # type: ignore[call-overload]  # that is the test
    assert str(raised.value) == str(usual.value)
    assert express.execute(select(func.count()).select_from(things)).scalar_one() == 3


def test_a_list_that_is_missing_is_said_by_sqlalchemy(express: Express) -> None:
    known(express, NAMED, {"names": ["a"]})
    with pytest.raises(StatementError, match="names"):
        express.execute(NAMED, {})


@on_sqlite
async def test_a_failing_unit_takes_its_known_statements_back(database: Database) -> None:
    def fails(connection: Connection) -> None:
        for number in range(5):
            assert inbox.first_time(connection, "test", f"{number}", TUESDAY_10)
        raise LookupError

    for _ in range(2):
        with pytest.raises(LookupError):
            await database.write(fails)
    assert await database.write(lambda one: inbox.first_time(one, "test", "4", TUESDAY_10))


# What is not known


def test_a_statement_made_for_one_call_is_forgotten(express: Express) -> None:
    for _ in range(3):
        for number in range(20):
            express.execute(select(things.c.id).where(things.c.id == number))
    gc.collect()
    assert len(express._seen) <= 1  # SQLAlchemy keeps the one that it has compiled


def test_two_alike_keep_their_own_values(express: Express) -> None:
    """SQLAlchemy compiles them once for both."""
    express.execute(ADD, [{"name": "a"}, {"name": "b"}])
    one, other = (select(things.c.name).where(things.c.id == number) for number in (1, 2))
    for _ in range(4):
        assert express.execute(one).scalar_one() == "a"
        assert express.execute(other).scalar_one() == "b"


def test_ever_longer_lists_do_not_fill_the_memory(express: Express) -> None:
    for length in range(MOST_SHAPES + 20):
        express.execute(NAMED, {"names": ["a"] * length})
    assert len(express._seen[NAMED]) == MOST_SHAPES
    assert known(express, NAMED, {"names": ["a"] * 200}).all() == []


def test_what_depends_on_more_than_its_parameters_goes_the_ordinary_way(express: Express) -> None:
    """A default and a value that are asked for, a list of pairs, a name to be escaped."""
    says = ["early"]
    made = Table(
        "made",
        MetaData(),
        Column("id", Integer, primary_key=True),
        Column("what", String, default=lambda: says[0]),
    )
    made.create(express)
    called = select(literal("", String) + bindparam("what", callable_=lambda: says[0]))
    pairs = select(things.c.id).where(tuple_(things.c.id, things.c.name).in_([(1, "a")]))
    odd = select(things.c.id).where(things.c.name == bindparam("an (odd) name", "a"))
    statements = (made.insert(), called, pairs, odd)
    for statement in statements:
        known(express, statement)
        express.execute(delete(made))
    says[0] = "late"
    assert express.execute(called).scalar_one() == "late"
    express.execute(statements[0])
    assert express.execute(select(made.c.what)).scalar_one() == "late"
    assert not any(way for statement in statements for way in express._seen[statement].values())


def test_options_and_text_go_the_ordinary_way(express: Express) -> None:
    streamed = ALL.execution_options(yield_per=1)
    for _ in range(3):
        assert not isinstance(express.execute(streamed), Found)
        assert not isinstance(express.execute(text("SELECT 1")), Found)
        assert not isinstance(express.execute(ALL, execution_options={"yield_per": 1}), Found)


class Shouted(TypeDecorator[str]):
    """A type whose conversion is never the same twice."""

    impl = String
    cache_ok = True
    voice = 0

    def process_bind_param(self, value: str | None, dialect: object) -> str:  # noqa: ARG002 - as given
        """The word, ever louder."""
        Shouted.voice += 1
        return f"{value}{'!' * Shouted.voice}"


def test_a_way_that_comes_to_something_else_is_not_believed(express: Express) -> None:
    loud = select(literal("x", Shouted()))
    for _ in range(3):
        express.execute(loud)
    assert list(express._seen[loud].values()) == [None]
    assert all(isinstance(way, Way) for way in _ways_of(express, ALL))


def _ways_of(express: Express, statement: Executable) -> list[Way | None]:
    known(express, statement)
    return list(express._seen[statement].values())
