"""The books as a whole: every order with all that belongs to it, and all messages handed out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, select, update

from storage.records import (
    Case,
    CaseEvent,
    Deadline,
    DeadlineState,
    Offer,
    Order,
    OrderEvent,
    OutboxState,
    VerdictRow,
)
from storage.tables import (
    case_events,
    cases,
    deadlines,
    lanes,
    offers,
    order_events,
    orders,
    outbox,
    verdicts,
)
from storage.types import written

OF_CASES = "case."
"""How the kinds of deadline begin whose subject is a case; every other is about an order."""

_NEW_LETTERS = (
    select(outbox.c.id, outbox.c.person_id, outbox.c.matter, outbox.c.message)
    .where(outbox.c.id > bindparam("after"))
    .order_by(outbox.c.id)
)
_DELIVER = (
    update(outbox)
    .where(outbox.c.id > bindparam("after"), outbox.c.state == OutboxState.QUEUED)
    .values(state=OutboxState.DELIVERED, ended_at=bindparam("at"))
)
_NEXT_DUE = select(func.min(deadlines.c.due_at)).where(
    deadlines.c.state == written(DeadlineState.PENDING), deadlines.c.claimed_by.is_(None)
)
_EMPTY_LANES = update(lanes).where(lanes.c.pending > written(0)).values(pending=0)


@dataclass(frozen=True, slots=True)
class Handed:
    """A message given to its reader."""

    id: int
    person_id: int
    matter: str | None
    message: str


@dataclass(slots=True)
class File:
    """One order and everything in the books about it, each in the order in which it was written."""

    order: Order
    events: list[OrderEvent] = field(default_factory=list)
    offers: list[Offer] = field(default_factory=list)
    verdicts: list[VerdictRow] = field(default_factory=list)
    cases: list[Case] = field(default_factory=list)
    case_events: list[CaseEvent] = field(default_factory=list)
    deadlines: list[Deadline] = field(default_factory=list)


def new_letters(connection: Connection, after: int) -> list[Handed]:
    """The messages newer than the id `after`, in order."""
    return [Handed(*row) for row in connection.execute(_NEW_LETTERS, {"after": after})]


def deliver(connection: Connection, after: int, at: datetime) -> None:
    """Every message that waits (they are newer than the id `after`) is delivered in one stroke."""
    connection.execute(_DELIVER, {"after": after, "at": at})
    connection.execute(_EMPTY_LANES)


def next_due(connection: Connection) -> datetime | None:
    """`deadlines.next_due` for who asks after each unit: the statement is built once."""
    soonest: datetime | None = connection.execute(_NEXT_DUE).scalar_one()
    return soonest


def files(connection: Connection) -> list[File]:
    """Every order's file, the oldest order first."""
    found = {
        row.id: File(Order(*row))
        for row in connection.execute(select(*orders.c).order_by(orders.c.id))
    }
    for row in connection.execute(select(*order_events.c).order_by(order_events.c.id)):
        found[row.order_id].events.append(OrderEvent(*row))
    for row in connection.execute(select(*offers.c).order_by(offers.c.id)):
        found[row.order_id].offers.append(Offer(*row))
    for row in connection.execute(select(*verdicts.c).order_by(verdicts.c.id)):
        found[row.order_id].verdicts.append(VerdictRow(*row))
    _add_cases(connection, found)
    about_orders = select(*deadlines.c).where(~deadlines.c.kind.startswith(OF_CASES))
    for row in connection.execute(about_orders.order_by(deadlines.c.id)):
        if row.subject_id in found:
            found[row.subject_id].deadlines.append(Deadline(*row))
    return list(found.values())


def _add_cases(connection: Connection, found: Mapping[int, File]) -> None:
    """Those about orders, each with its history in the order's file."""
    about_orders = select(*cases.c).where(cases.c.order_id.is_not(None)).order_by(cases.c.id)
    known = [Case(*row) for row in connection.execute(about_orders)]
    files_of = {case.id: found[case.order_id or 0] for case in known}
    for case in known:
        files_of[case.id].cases.append(case)
    for row in connection.execute(select(*case_events.c).order_by(case_events.c.id)):
        if row.case_id in files_of:
            files_of[row.case_id].case_events.append(CaseEvent(*row))


def fired(connection: Connection) -> list[Deadline]:
    """Every deadline that has taken effect, about whatever, by due time."""
    done = select(*deadlines.c).where(deadlines.c.state == DeadlineState.DONE)
    rows = connection.execute(done.order_by(deadlines.c.due_at, deadlines.c.id))
    return [Deadline(*row) for row in rows]


def overdue(connection: Connection, at: datetime) -> list[Deadline]:
    """Deadlines that still wait though they are due."""
    late = select(*deadlines.c).where(
        deadlines.c.state == written(DeadlineState.PENDING), deadlines.c.due_at <= at
    )
    rows = connection.execute(late.order_by(deadlines.c.due_at, deadlines.c.id))
    return [Deadline(*row) for row in rows]


def repeated_messages(connection: Connection) -> list[tuple[int, str | None]]:
    """Person and matter of each message that one chat was given twice in one instant."""
    letters = select(
        outbox.c.endpoint_id,
        outbox.c.created_at,
        outbox.c.person_id,
        outbox.c.matter,
        outbox.c.message,
    ).order_by(outbox.c.id)
    letters = letters.execution_options(yield_per=1000)  # they fill the memory of a small machine
    said: defaultdict[datetime, set[tuple[int, str]]] = defaultdict(set)
    repeated = []
    for row in connection.execute(letters):
        if (row.endpoint_id, row.message) in said[row.created_at]:
            repeated.append((row.person_id, row.matter))
        if len(said) > 1:  # letters are written in order of time: only one instant is open
            said = defaultdict(set, {row.created_at: said[row.created_at]})
        said[row.created_at].add((row.endpoint_id, row.message))
    return repeated
