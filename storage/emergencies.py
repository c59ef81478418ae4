"""Emergencies that are running: found again by household, and by who reported them."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, select

from storage.orders import OPEN_STATES
from storage.records import Order, OrderKind
from storage.tables import orders

_RUNNING = (
    select(*orders.c)
    .where(orders.c.kind == OrderKind.EMERGENCY, orders.c.state.in_(OPEN_STATES))
    .order_by(orders.c.id)
)
_OF_ROOM = _RUNNING.where(
    orders.c.room_id == bindparam("room_id"), orders.c.emergency == bindparam("kind")
).limit(1)
_OF_STRANGER = _RUNNING.where(
    orders.c.room_id.is_(None),
    orders.c.person_id == bindparam("person_id"),
    orders.c.emergency == bindparam("kind"),
).limit(1)
_NEWEST_OF = (
    select(*orders.c)
    .where(
        orders.c.person_id == bindparam("person_id"),
        orders.c.kind == OrderKind.EMERGENCY,
        orders.c.state.in_(OPEN_STATES),
    )
    .order_by(orders.c.id.desc())
    .limit(1)
)


def running(
    connection: Connection, kind: str, *, room_id: int | None, person_id: int | None
) -> Order | None:
    """The household's earliest open emergency of a kind; a stranger's own, without a room."""
    if room_id is not None:
        found = connection.execute(_OF_ROOM, {"room_id": room_id, "kind": kind})
    else:
        found = connection.execute(_OF_STRANGER, {"person_id": person_id, "kind": kind})
    row = found.one_or_none()
    return Order(*row) if row else None


def newest_of(connection: Connection, person_id: int) -> Order | None:
    """The person's newest open emergency."""
    row = connection.execute(_NEWEST_OF, {"person_id": person_id}).one_or_none()
    return Order(*row) if row else None
