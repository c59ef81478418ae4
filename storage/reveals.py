"""The log of telephone numbers shown in full (§3.11)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select

from storage.tables import reveals


def add(connection: Connection, person_id: int, order_id: int, at: datetime) -> None:
    """Somebody was shown the full number of an order's customer."""
    connection.execute(reveals.insert().values(person_id=person_id, order_id=order_id, at=at))


def of_order(connection: Connection, order_id: int) -> list[tuple[int, datetime]]:
    """Who was shown the number of this order's customer, and when, oldest first."""
    rows = connection.execute(
        select(reveals.c.person_id, reveals.c.at)
        .where(reveals.c.order_id == order_id)
        .order_by(reveals.c.id)
    )
    return [(person_id, at) for person_id, at in rows]
