"""SQLite's short way: a statement that is known goes straight to the driver.

A booking is twenty-one short statements. SQLite answers one in some ten microseconds; SQLAlchemy
spends forty more on finding out what to send and how to read what comes, and finds the same each
time: that was half of all the work there is on confirming a booking. So the first runs of a
statement are SQLAlchemy's. From one of them its text, the order and conversion of its parameters
and the making of its rows are kept, with the statement itself, and later runs repeat just that.

A way is believed only where it comes to the very text and values that SQLAlchemy had sent.
Whatever is not understood, and whatever cannot be converted, goes SQLAlchemy's ordinary way, so
that it is SQLAlchemy who says what is wrong with it. Who listens to SQLAlchemy's events of
executions does not hear of the short way; nobody here does.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import (
    BindParameter,
    Connection,
    CursorResult,
    Delete,
    Dialect,
    Engine,
    Executable,
    Insert,
    Row,
    Select,
    Update,
)
from sqlalchemy.engine import IteratorResult
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.engine.interfaces import ExecuteStyle
from sqlalchemy.engine.result import ResultMetaData
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import NullType, TupleType

MOST_SHAPES = 64
"""Ways kept of one statement; lists of ever new lengths must not fill the memory."""

Parameters = Mapping[str, Any]
Shape = tuple[object, ...]
Convert = Callable[[Any], Any]

_KNOWABLE = (Select, Insert, Update, Delete)


class Express(Connection):
    """A connection to SQLite that remembers how its statements are run.

    `driver` is the driver's own connection, one and the same as long as this one lives.
    """

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self.driver = _driver_of(self)
        # Weak, because a statement that is made for one call must not live on for having been seen.
        self._seen: WeakKeyDictionary[Executable, dict[Shape, Way | None]] = WeakKeyDictionary()

    def execute(
        self,
        statement: Executable,
        parameters: Any = None,  # noqa: ANN401 - as SQLAlchemy has it
        *,
        execution_options: Any = None,  # noqa: ANN401 - as SQLAlchemy has it
    ) -> Any:  # noqa: ANN401 - a CursorResult, or what storage uses of one
        """Run a statement, the short way where it is known.

        Raises:
            SQLAlchemyError: as `Connection.execute` does.
        """
        sets = _sets(parameters)
        ways = None if execution_options or not sets else self._ways(statement)
        if ways is None:
            return super().execute(statement, parameters, execution_options=execution_options)
        shape = _shape(sets)
        way = ways.get(shape)
        values = None if way is None else way.values(sets)
        if way is None or values is None:
            result = super().execute(statement, parameters)
            if shape not in ways and len(ways) < MOST_SHAPES:
                ways[shape] = learn(result, sets)
            return result
        return way.run(self.driver, values, sets[0])

    def _ways(self, statement: Executable) -> dict[Shape, Way | None] | None:
        """What is known of the statement; nothing at its first sight, it may be its last."""
        if not isinstance(statement, _KNOWABLE):
            return None
        ways = self._seen.get(statement)
        if ways is None:
            self._seen[statement] = {}
        return ways


def _driver_of(connection: Connection) -> sqlite3.Connection:
    driver = connection.connection.driver_connection
    if not isinstance(driver, sqlite3.Connection):
        raise TypeError("the connection is not SQLite's, or not a synchronous one")
    return driver


def _sets(parameters: object) -> Sequence[Parameters]:
    """The sets of parameters a statement is to run with; none where that is for SQLAlchemy."""
    if parameters is None:
        return ({},)
    if isinstance(parameters, dict):
        return (parameters,)
    return parameters if isinstance(parameters, list) else ()


def _shape(sets: Sequence[Parameters]) -> Shape:
    """What the text of a statement depends on: the names given, and how long the lists are."""
    first = sets[0]
    lengths = [len(value) for value in first.values() if type(value) is list]
    return (len(sets) > 1, *first, *lengths)


def _alike(sets: Sequence[Parameters]) -> bool:
    """Whether all sets give the same names."""
    return len(sets) == 1 or all(one.keys() == sets[0].keys() for one in sets)


@dataclass(frozen=True, slots=True)
class Way:
    """How a statement is run with parameters of one shape.

    `places` are the parameters in the order of the text, each with its conversion; `fixed` are
    those that came with the statement, converted; `parts` names the members of a given list;
    `keys` are the columns of the primary key where it inserts one row.
    """

    text: str
    places: tuple[tuple[str, Convert | None], ...]
    fixed: Parameters
    parts: tuple[tuple[str, tuple[str, ...]], ...]
    keys: tuple[str, ...]
    rows: Rows | None

    def values(self, sets: Sequence[Parameters]) -> list[tuple[object, ...]] | None:
        """What the driver is sent, a tuple for each set; None where a set does not fit."""
        try:
            return [self._converted(one) for one in sets] if _alike(sets) else None
        except Exception:  # whatever is wrong with them, SQLAlchemy says it
            return None

    def _converted(self, given: Parameters) -> tuple[object, ...]:
        if self.fixed or self.parts:
            given = {**self.fixed, **given}
            for name, parts in self.parts:
                given.update(zip(parts, given[name], strict=True))
        return tuple(
            [
                given[name] if convert is None else convert(given[name])
                for name, convert in self.places
            ]
        )

    def run(
        self, driver: sqlite3.Connection, values: list[tuple[object, ...]], given: Parameters
    ) -> Found | Done:
        """Run it on the driver."""
        try:
            if len(values) == 1:
                cursor = driver.execute(self.text, values[0])
            else:
                cursor = driver.executemany(self.text, values)
            if self.rows is not None:
                return Found(self.rows, cursor.fetchall(), cursor.rowcount)
            return Done(cursor.rowcount, cursor.lastrowid, self.keys, given)
        except sqlite3.Error as error:
            raise DBAPIError.instance(
                self.text, values, error, sqlite3.Error, hide_parameters=True
            ) from error


class Rows:
    """How SQLAlchemy makes the rows of a statement out of the driver's."""

    __slots__ = ("make", "metadata")

    def __init__(self, metadata: ResultMetaData) -> None:
        self.metadata = metadata
        self.make = partial(Row, metadata, metadata._effective_processors, metadata._key_to_index)


class Found(IteratorResult[Any]):
    """SQLAlchemy's own result, which answers what is asked most without detours."""

    def __init__(self, rows: Rows, found: Sequence[tuple[Any, ...]], rowcount: int) -> None:
        super().__init__(rows.metadata, iter(found))
        self.rowcount = rowcount
        self._make = rows.make

    def __iter__(self) -> Iterator[Any]:
        """The rows that are left."""
        return map(self._make, self.iterator)

    def all(self) -> Sequence[Any]:
        """The rows that are left, at once."""
        return list(map(self._make, self.iterator))

    def one(self) -> Any:  # noqa: ANN401 - a row
        """The only row, or SQLAlchemy's error."""
        found = list(self.iterator)
        if len(found) == 1:
            return self._make(found[0])
        self.iterator = iter(found)
        return super().one()

    def one_or_none(self) -> Any:  # noqa: ANN401 - a row
        """The only row, None where there is none, or SQLAlchemy's error."""
        found = list(self.iterator)
        if len(found) < 2:
            return self._make(found[0]) if found else None
        self.iterator = iter(found)
        return super().one_or_none()


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a statement that brings no rows."""

    rowcount: int
    lastrowid: int | None
    keys: tuple[str, ...]
    given: Parameters

    @property
    def inserted_primary_key(self) -> tuple[object, ...]:
        """The new row's key: what was given, else what the database gave."""
        return tuple(
            self.lastrowid if self.given.get(key) is None else self.given[key] for key in self.keys
        )


def learn(result: CursorResult[Any], sets: Sequence[Parameters]) -> Way | None:
    """The way a statement has just gone; None where it is not one to repeat."""
    try:
        return _learn(result, sets)
    except Exception:  # it has run, and well: that its way is not understood must not undo it
        return None


def _learn(result: CursorResult[Any], sets: Sequence[Parameters]) -> Way | None:
    context = result.context
    compiled = context.compiled
    if not isinstance(compiled, SQLCompiler) or not _repeats(context, compiled):
        return None
    said = compiled.construct_params(
        sets[0], extracted_parameters=context.extracted_parameters, escape_names=False
    )
    whole = compiled.construct_expanded_state(said)
    lists = {part: name for name, parts in whole.parameter_expansion.items() for part in parts}
    given, fixed, places = sets[0], {}, []
    for name in whole.positiontup or ():
        origin = lists.get(name, name)
        convert = _conversion(compiled.binds[origin], context.dialect)
        if origin not in given:
            value = whole.parameters[name]
            fixed[name], convert = value if convert is None else convert(value), None
        places.append((name, convert))
    keys = _keys(context)
    way = Way(
        text=whole.statement,
        places=tuple(places),
        fixed=fixed,
        parts=tuple(
            (name, tuple(parts))
            for name, parts in whole.parameter_expansion.items()
            if name in given
        ),
        keys=keys,
        rows=Rows(result._metadata) if result.returns_rows else None,
    )
    sent = (context.statement, context.parameters)
    return way if (way.text, way.values(sets)) == sent and not fixed.keys() & set(keys) else None


def _repeats(context: DefaultExecutionContext, compiled: SQLCompiler) -> bool:
    """Whether a run depends on nothing but the statement and the parameters."""
    binds = [*compiled.binds.values(), *(context.extracted_parameters or ())]
    return not (
        context.execution_options
        or context.execute_style is ExecuteStyle.INSERTMANYVALUES
        or compiled.insert_prefetch
        or compiled.update_prefetch
        or compiled.implicit_returning
        or compiled.literal_execute_params
        or any(bind.callable for bind in binds)
        or any(_is_open(bind) for bind in compiled.post_compile_params)
    )


def _is_open(bind: BindParameter[Any]) -> bool:
    """Whether the text of a list depends on what is in it, and not on its length alone."""
    return isinstance(bind.type, NullType | TupleType)


def _conversion(bind: BindParameter[Any], dialect: Dialect) -> Convert | None:
    return bind.type.dialect_impl(dialect).bind_processor(dialect)


def _keys(context: DefaultExecutionContext) -> tuple[str, ...]:
    """The columns of the primary key of the one row that is inserted."""
    statement = context.invoked_statement
    if isinstance(statement, Insert) and not context.executemany:
        return tuple(column.key for column in statement.table.primary_key)
    return ()
