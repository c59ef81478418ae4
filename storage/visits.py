"""Return visits (回访记录, §5.4): what was drawn, asked and answered, one row a visit."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import fields, replace
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, select, update

from storage.records import Visit, VisitState
from storage.tables import visits

OPEN = (VisitState.DRAWN, VisitState.ASKED, VisitState.TASK, VisitState.EVIDENCE)
"""Something is still to be done about these."""

BY_PEOPLE = (VisitState.TASK, VisitState.EVIDENCE)

_FIELDS = [field.name for field in fields(Visit) if field.name != "id"]
_BY_ID = select(*visits.c).where(visits.c.id == bindparam("id")).with_for_update()
_OF_SAMPLE = (
    select(*visits.c).where(visits.c.sample_id == bindparam("sample")).order_by(visits.c.id)
)
_OF_ORDER = select(*visits.c).where(visits.c.order_id == bindparam("order")).order_by(visits.c.id)
_LAST_ASKED = (
    select(visits.c.room_id, func.max(visits.c.asked_at))
    .where(visits.c.room_id.in_(bindparam("rooms", expanding=True)), visits.c.asked_at.is_not(None))
    .group_by(visits.c.room_id)
)


def add(connection: Connection, visit: Visit) -> Visit:
    """Store a new visit (its `id` is ignored) and return it with its key."""
    values = {name: getattr(visit, name) for name in _FIELDS}
    made = connection.execute(visits.insert().returning(visits.c.id), values)
    return replace(visit, id=made.scalar_one())


def add_all(connection: Connection, new: Sequence[Visit]) -> None:
    """Store many new visits in one statement."""
    if new:
        rows = [{name: getattr(one, name) for name in _FIELDS} for one in new]
        connection.execute(visits.insert(), rows)


def get(connection: Connection, visit_id: int) -> Visit | None:
    """The visit, its row locked until the commit."""
    row = connection.execute(_BY_ID, {"id": visit_id}).one_or_none()
    return Visit(*row) if row else None


def change(connection: Connection, visit: Visit, **changes: object) -> Visit:
    """Store changed fields and return the visit as it is now."""
    connection.execute(
        update(visits).where(visits.c.id == bindparam("visit_key")).values(**changes),
        {"visit_key": visit.id},
    )
    return replace(visit, **changes)  # type: ignore[arg-type]  # names are checked by `replace`


def of_sample(connection: Connection, sample_id: int) -> list[Visit]:
    """Every visit drawn for a sample, in the order of drawing."""
    return [Visit(*row) for row in connection.execute(_OF_SAMPLE, {"sample": sample_id})]


def of_order(connection: Connection, order_id: int) -> list[Visit]:
    """Every visit about an order, oldest first."""
    return [Visit(*row) for row in connection.execute(_OF_ORDER, {"order": order_id})]


def last_asked(connection: Connection, room_ids: Collection[int]) -> dict[int, datetime]:
    """When each of these homes last got a questionnaire; who never did is not in it."""
    rows = connection.execute(_LAST_ASKED, {"rooms": sorted(room_ids)})
    return {room_id: at for room_id, at in rows if at is not None}
