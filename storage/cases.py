"""Nonconformity cases and their append-only history."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import fields, replace
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, select, union, update

from storage.records import Case, CaseEvent, CaseState
from storage.tables import agreements, case_events, cases, order_events, orders, visits

UNSOLVED = (CaseState.OPENED, CaseState.TAKEN)
UNCLOSED = (*UNSOLVED, CaseState.CORRECTED, CaseState.VERIFIED)

_FIELDS = [field.name for field in fields(Case) if field.name != "id"]
_OF_VISIT = select(*cases.c).where(cases.c.visit_id == bindparam("visit")).order_by(cases.c.id)
_BY_ID = select(*cases.c).where(cases.c.id == bindparam("id")).with_for_update()
_OF_ORDER = select(*cases.c).where(cases.c.order_id == bindparam("order_id")).order_by(cases.c.id)
_ABOUT = cases.c.id.in_(bindparam("about", expanding=True))
_earlier = orders.alias()
_INVOLVED = union(
    select(cases.c.id, orders.c.technician_id)
    .join(orders, orders.c.id == cases.c.order_id)
    .where(_ABOUT, orders.c.technician_id.is_not(None)),
    # A rework says of the first visit that it mended nothing.
    select(cases.c.id, _earlier.c.technician_id)
    .join(orders, orders.c.id == cases.c.order_id)
    .join(_earlier, _earlier.c.id == orders.c.rework_of)
    .where(_ABOUT, _earlier.c.technician_id.is_not(None)),
    # Who had the job before it was handed on had a hand in it, too.
    select(cases.c.id, order_events.c.person_id)
    .join(order_events, order_events.c.order_id == cases.c.order_id)
    .where(_ABOUT, order_events.c.what == "accepted", order_events.c.person_id.is_not(None)),
    select(cases.c.id, agreements.c.worker_id)
    .join(visits, visits.c.id == cases.c.visit_id)
    .join(agreements, agreements.c.id == visits.c.agreement_id)
    .where(_ABOUT),
    select(cases.c.id, case_events.c.person_id)
    .join(case_events, case_events.c.case_id == cases.c.id)
    .where(_ABOUT, case_events.c.what == "corrected", case_events.c.person_id.is_not(None)),
)
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


def save(connection: Connection, case: Case) -> Case:
    """Store the case as it is now, and return it."""
    values = {name: getattr(case, name) for name in _FIELDS}
    connection.execute(
        update(cases).where(cases.c.id == bindparam("case_key")).values(values),
        {"case_key": case.id},
    )
    return case


def of_order(connection: Connection, order_id: int) -> list[Case]:
    """Every case about the order, oldest first."""
    return [Case(*row) for row in connection.execute(_OF_ORDER, {"order_id": order_id})]


def of_visit(connection: Connection, visit_id: int) -> list[Case]:
    """Every case about a visit that had no order, oldest first."""
    return [Case(*row) for row in connection.execute(_OF_VISIT, {"visit": visit_id})]


def unclosed_in(connection: Connection, centre_id: int) -> list[Case]:
    """The centre's cases about which something is still to be done, oldest first."""
    rows = connection.execute(
        select(*cases.c)
        .where(cases.c.centre_id == centre_id, cases.c.state.in_(UNCLOSED))
        .order_by(cases.c.id)
    )
    return [Case(*row) for row in rows]


def earlier_of_type(connection: Connection, case: Case, since: datetime) -> list[str]:
    """The numbers of the centre's cases of the same source before it, opened since an instant."""
    return list(
        connection.execute(
            select(cases.c.number)
            .where(
                cases.c.centre_id == case.centre_id,
                cases.c.source == case.source,
                cases.c.opened_at >= since,
                cases.c.id < case.id,
            )
            .order_by(cases.c.id)
        ).scalars()
    )


def involved_in(connection: Connection, case_ids: Collection[int]) -> dict[int, set[int]]:
    """Whose work each case is about, and who recorded what was done: none of them verifies it."""
    found: dict[int, set[int]] = {}
    if case_ids:
        for case_id, person_id in connection.execute(_INVOLVED, {"about": sorted(case_ids)}):
            found.setdefault(case_id, set()).add(person_id)
    return found


def agreement_worker(connection: Connection, visit_id: int | None) -> int | None:
    """Who is named in the agreement for which a home was visited; None where nobody is."""
    worker: int | None = connection.execute(
        select(agreements.c.worker_id)
        .join(visits, visits.c.agreement_id == agreements.c.id)
        .where(visits.c.id == visit_id)
    ).scalar()
    return worker


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
