"""Who was alerted to a matter, and so holds its card."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from storage.tables import alerts, staff
from storage.upsert import insert_new

_ALERTED = (
    select(alerts.c.person_id)
    .where(
        alerts.c.matter == bindparam("matter"),
        alerts.c.person_id.in_(select(staff.c.person_id).where(staff.c.active)),
    )
    .order_by(alerts.c.person_id)
)


def add(connection: Connection, matter: str, person_ids: Collection[int], at: datetime) -> None:
    """These people have been shown the matter's card; the first time counts."""
    for person_id in person_ids:
        insert_new(connection, alerts, {"matter": matter, "person_id": person_id, "at": at})


def alerted(connection: Connection, matter: str) -> list[int]:
    """The ids of everybody who has been shown the matter's card, and is still of the staff."""
    return list(connection.execute(_ALERTED, {"matter": matter}).scalars())
