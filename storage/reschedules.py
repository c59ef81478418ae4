"""New times proposed for orders, and what became of them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, bindparam, select, update

from storage.records import RequestState, Reschedule
from storage.tables import reschedules

_BY_ID = select(*reschedules.c).where(reschedules.c.id == bindparam("id")).with_for_update()
_CLOSE_OPEN = update(reschedules).where(
    reschedules.c.order_id == bindparam("of_order"), reschedules.c.state == RequestState.OPEN
)


def add(
    connection: Connection, order_id: int, proposed_by: int, starts_at: datetime, at: datetime
) -> int:
    """A new open proposal; returns its key."""
    made = connection.execute(
        reschedules.insert().values(
            order_id=order_id,
            proposed_by=proposed_by,
            starts_at=starts_at,
            proposed_at=at,
            state=RequestState.OPEN,
        )
    )
    keys = made.inserted_primary_key
    if not keys:
        raise LookupError("the database gave no key")
    return int(keys[0])


def get(connection: Connection, reschedule_id: int) -> Reschedule | None:
    """The proposal, its row locked until the commit."""
    row = connection.execute(_BY_ID, {"id": reschedule_id}).one_or_none()
    return Reschedule(*row) if row else None


def answer(connection: Connection, reschedule_id: int, state: RequestState, at: datetime) -> None:
    """Note the owner's answer."""
    connection.execute(
        update(reschedules)
        .where(reschedules.c.id == reschedule_id)
        .values(state=state, answered_at=at)
    )


def close_open(connection: Connection, order_id: int, at: datetime) -> None:
    """No proposal for the order is open any more: it was overtaken."""
    connection.execute(
        _CLOSE_OPEN.values(state=RequestState.REFUSED, answered_at=at), {"of_order": order_id}
    )
