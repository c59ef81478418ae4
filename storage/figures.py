"""What figures are counted from: verdicts by due time, repairs and answers by completion.

Counting groups in the database, so that a month costs a handful of rows; opening a figure reads
the same rows one by one.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    String,
    and_,
    cast,
    func,
    or_,
    select,
)

from storage.records import Order, OrderState, Result, Trade
from storage.tables import orders, verdicts
from storage.types import written

_LEAD = verdicts.alias("lead")
_ALSO = verdicts.alias("also")
_CANCELLED = orders.c.state == written(OrderState.CANCELLED)
"""Written out: PostgreSQL does not take two bound values for one thing it is to group by."""

_FINISHED = orders.c.state == OrderState.FINISHED
_Wanted = Select[*tuple[Any, ...]]

AnswerColumn = ColumnElement[bool | None]
SATISFIED: AnswerColumn = orders.c.satisfied
ON_TIME: AnswerColumn = orders.c.on_time


@dataclass(frozen=True, slots=True)
class Span:
    """Where and when: these centres, from one instant on and before another."""

    centre_ids: tuple[int, ...]
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class PromiseOf:
    """Which promises: those of a rule, of one trade or all, of deferred repairs only or all.

    `also` is a second rule whose verdict on the same order is wanted beside it.
    """

    rule: str
    also: str | None = None
    trade: Trade | None = None
    deferred_only: bool = False


@dataclass(frozen=True, slots=True)
class PromiseCount:
    """How many promises came to the same verdicts."""

    verdict: str
    also: str | None
    cancelled: bool
    count: int


@dataclass(frozen=True, slots=True)
class PromiseKept:
    """One promise, and what became of it."""

    order_id: int
    verdict: str
    also: str | None
    cancelled: bool
    due_at: datetime
    actual_at: datetime | None
    missed_by_s: int | None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a household answered about a finished job."""

    order_id: int
    finished_at: datetime
    yes: bool


@dataclass(frozen=True, slots=True)
class Rework:
    """A repair of which somebody has found that it repeats another, reported at `at`."""

    order_id: int
    at: datetime
    repeats: int


@dataclass(frozen=True, slots=True)
class RepairSeen:
    """A repair of which the room and the fault are known, as rework is told by them.

    `fault` is a catalogue item or a kind of emergency; `at` is the report, or the completion.
    """

    order_id: int
    room_id: int
    fault: str
    at: datetime


# Promises


def promise_counts(connection: Connection, which: PromiseOf, span: Span) -> list[PromiseCount]:
    """The promises that fell due in the span, by verdict."""
    grouped = (_LEAD.c.verdict, _ALSO.c.verdict.label("also"), _CANCELLED)
    found = _promises(select(*grouped, func.count()), which, span).group_by(*grouped)
    return [PromiseCount(*row) for row in connection.execute(found)]


def promises(connection: Connection, which: PromiseOf, span: Span) -> list[PromiseKept]:
    """The same promises one by one, by due time."""
    columns = (
        orders.c.id,
        _LEAD.c.verdict,
        _ALSO.c.verdict.label("also"),
        _CANCELLED,
        _LEAD.c.due_at,
        _LEAD.c.actual_at,
        _LEAD.c.missed_by_s,
    )
    found = _promises(select(*columns), which, span).order_by(_LEAD.c.due_at, orders.c.id)
    return [PromiseKept(*row) for row in connection.execute(found)]


def _promises(wanted: _Wanted, which: PromiseOf, span: Span) -> _Wanted:
    found = wanted.select_from(_joined(which)).where(
        _LEAD.c.rule == which.rule,
        _LEAD.c.due_at >= span.since,
        _LEAD.c.due_at < span.until,
        orders.c.centre_id.in_(span.centre_ids),
    )
    if which.trade is not None:
        found = found.where(orders.c.trade == which.trade)
    return found.where(orders.c.owner_deferred) if which.deferred_only else found


def _joined(which: PromiseOf) -> FromClause:
    beside = and_(_ALSO.c.order_id == orders.c.id, _ALSO.c.rule == (which.also or ""))
    return _LEAD.join(orders, orders.c.id == _LEAD.c.order_id).outerjoin(_ALSO, beside)


# Answers


def answer_counts(connection: Connection, answer: AnswerColumn, span: Span) -> dict[bool, int]:
    """How many said yes, and how many no, about jobs finished in the span."""
    found = _answers(select(answer, func.count()), answer, span).group_by(answer)
    return {row[0]: row[1] for row in connection.execute(found)}


def answers(connection: Connection, answer: AnswerColumn, span: Span) -> list[Answer]:
    """The same answers one by one, by completion."""
    found = _answers(select(orders.c.id, orders.c.finished_at, answer), answer, span)
    return [Answer(*row) for row in connection.execute(found.order_by(orders.c.finished_at))]


def _answers(wanted: _Wanted, answer: AnswerColumn, span: Span) -> _Wanted:
    return wanted.where(answer.is_not(None), *_finished_in(span))


def _finished_in(span: Span) -> tuple[ColumnElement[bool], ...]:
    return (
        orders.c.centre_id.in_(span.centre_ids),
        orders.c.finished_at >= span.since,
        orders.c.finished_at < span.until,
    )


# Repairs


def completed(connection: Connection, span: Span) -> list[tuple[int, datetime]]:
    """Repairs completed in the span: orders and when they were finished."""
    found = select(orders.c.id, orders.c.finished_at).where(*_completed_in(span))
    return [(row[0], row[1]) for row in connection.execute(found)]


def completed_count(connection: Connection, span: Span) -> int:
    """How many repairs were completed in the span."""
    found = select(func.count()).select_from(orders).where(*_completed_in(span))
    return int(connection.execute(found).scalar_one())


def completed_repairs(connection: Connection, span: Span) -> list[RepairSeen]:
    """Repairs completed in the span, by what makes two of them the same."""
    return _repairs(connection, orders.c.finished_at, _completed_in(span))


def reported_repairs(connection: Connection, span: Span) -> list[RepairSeen]:
    """Repairs reported in the span: neither cancelled, nor an earlier report made again.

    Without those reported as rework: of them somebody says whether they are (`confirmed_reworks`).
    """
    conditions = (
        orders.c.centre_id.in_(span.centre_ids),
        orders.c.reported_at >= span.since,
        orders.c.reported_at < span.until,
        orders.c.trade == Trade.REPAIR,
        orders.c.merged_into.is_(None),
        orders.c.rework_of.is_(None),
        ~_CANCELLED,
    )
    return _repairs(connection, orders.c.reported_at, conditions)


def confirmed_reworks(connection: Connection, span: Span) -> list[Rework]:
    """Rework reported in the span that was found to be the same fault, by report.

    What was cancelled after that was rework all the same.
    """
    found = select(orders.c.id, orders.c.reported_at, orders.c.rework_of).where(
        orders.c.centre_id.in_(span.centre_ids),
        orders.c.reported_at >= span.since,
        orders.c.reported_at < span.until,
        orders.c.rework_of.is_not(None),
        orders.c.rework_confirmed.is_(True),
    )
    rows = connection.execute(found.order_by(orders.c.reported_at, orders.c.id))
    return [Rework(*row) for row in rows]


def _completed_in(span: Span) -> tuple[ColumnElement[bool], ...]:
    """Where no work was done, nothing was completed."""
    worked = or_(orders.c.result.is_(None), orders.c.result != Result.NO_WORK)
    return (*_finished_in(span), _FINISHED, orders.c.trade == Trade.REPAIR, worked)


_FAULT = func.coalesce(orders.c.emergency, cast(orders.c.item_id, String))


def _repairs(
    connection: Connection, at: ColumnElement[Any], conditions: Sequence[ColumnElement[bool]]
) -> list[RepairSeen]:
    known = (orders.c.room_id.is_not(None), _FAULT.is_not(None))
    found = select(orders.c.id, orders.c.room_id, _FAULT, at).where(*conditions, *known)
    return [RepairSeen(*row) for row in connection.execute(found).all()]


def jobs(connection: Connection, order_ids: Collection[int]) -> dict[int, Order]:
    """The orders behind a figure, by key; they are only looked at, so nothing is locked."""
    found = select(*orders.c).where(orders.c.id.in_(order_ids))
    return {row.id: Order(*row) for row in connection.execute(found)}
