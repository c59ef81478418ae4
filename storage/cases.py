"""Nonconformity cases and their append-only history."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, select, update

from storage.records import Case, CaseEvent, CaseState
from storage.tables import case_events, cases

UNSOLVED = (CaseState.OPENED, CaseState.TAKEN)

_FIELDS = [field.name for field in fields(Case) if field.name != "id"]
_OF_VISIT = select(*cases.c).where(cases.c.visit_id == bindparam("visit")).order_by(cases.c.id)
_BY_ID = select(*cases.c).where(cases.c.id == bindparam("id")).with_for_update()
_OF_ORDER = select(*cases.c).where(cases.c.order_id == bindparam("order_id")).order_by(cases.c.id)
_HISTORY = (
    select(*case_events.c)
    .where(case_events.c.case_id == bindparam("case_id"))
    .order_by(case_events.c.id)
)


def add(connection: Connection, case: Case) -> Case:
    """Store a new case (its `id` is ignored) and return it with its key."""
    values = {name: getattr(case, name) for name in _FIELDS}
    made = connection.execute(cases.insert().returning(cases.c.id), values)
    return replace(case, id=made.scalar_one())


def get(connection: Connection, case_id: int) -> Case | None:
    """The case, its row locked until the commit."""
    row = connection.execute(_BY_ID, {"id": case_id}).one_or_none()
    return Case(*row) if row else None


def change(connection: Connection, case: Case, **changes: object) -> Case:
    """Store changed fields and return the case as it is now."""
    connection.execute(
        update(cases).where(cases.c.id == bindparam("case_key")).values(**changes),
        {"case_key": case.id},
    )
    return replace(case, **changes)  # type: ignore[arg-type]  # names are checked by `replace`


def of_order(connection: Connection, order_id: int) -> list[Case]:
    """Every case about the order, oldest first."""
    return [Case(*row) for row in connection.execute(_OF_ORDER, {"order_id": order_id})]


def of_visit(connection: Connection, visit_id: int) -> list[Case]:
    """Every case about a visit that had no order, oldest first."""
    return [Case(*row) for row in connection.execute(_OF_VISIT, {"visit": visit_id})]


def unsolved_in(connection: Connection, centre_id: int) -> list[Case]:
    """The centre's cases that wait for their correction, the soonest due first."""
    rows = connection.execute(
        select(*cases.c)
        .where(cases.c.centre_id == centre_id, cases.c.state.in_(UNSOLVED))
        .order_by(cases.c.correct_by, cases.c.id)
    )
    return [Case(*row) for row in rows]


def untold_in(connection: Connection, centre_id: int) -> list[Case]:
    """The centre's corrected cases whose customer does not know the result yet."""
    rows = connection.execute(
        select(*cases.c)
        .where(
            cases.c.centre_id == centre_id,
            cases.c.state == CaseState.CORRECTED,
            cases.c.customer_told_at.is_(None),
        )
        .order_by(cases.c.corrected_at, cases.c.id)
    )
    return [Case(*row) for row in rows]


def burdens(connection: Connection, centre_id: int) -> dict[int, int]:
    """How many unsolved cases each handler of the centre has."""
    rows = connection.execute(
        select(cases.c.handler_id, func.count())
        .where(cases.c.centre_id == centre_id, cases.c.state.in_(UNSOLVED))
        .group_by(cases.c.handler_id)
    )
    return {handler: count for handler, count in rows if handler is not None}


def record(
    connection: Connection, case_id: int, at: datetime, what: str, person_id: int | None, facts: str
) -> None:
    """Add a line to the case's history; lines are never changed."""
    connection.execute(
        case_events.insert(),
        {"case_id": case_id, "at": at, "what": what, "person_id": person_id, "facts": facts},
    )


def history(connection: Connection, case_id: int) -> list[CaseEvent]:
    """The case's history, oldest first."""
    return [CaseEvent(*row) for row in connection.execute(_HISTORY, {"case_id": case_id})]
