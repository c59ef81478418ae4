"""Agreements for long-term services (特约服务协议书): which home, what, by whom, until when."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import Connection, bindparam, func, select

from storage.records import Agreement, Item
from storage.tables import agreements, items

_LAST_ON = func.coalesce(agreements.c.ended_on, agreements.c.ends_on)
_BY_ID = select(*agreements.c).where(agreements.c.id == bindparam("id"))
_IN_FORCE = (
    agreements.c.centre_id == bindparam("centre"),
    agreements.c.starts_on <= bindparam("last"),
    bindparam("first") <= _LAST_ON,
)
_HOLDING = select(*agreements.c).where(*_IN_FORCE).order_by(agreements.c.id)
_SERVED = (
    select(agreements.c.id, agreements.c.room_id, *items.c)
    .join(items, items.c.id == agreements.c.item_id)
    .where(*_IN_FORCE)
    .order_by(agreements.c.id)
)


def get(connection: Connection, agreement_id: int) -> Agreement | None:
    """The agreement with this key."""
    row = connection.execute(_BY_ID, {"id": agreement_id}).one_or_none()
    return Agreement(*row) if row else None


def holding(connection: Connection, centre_id: int, first: date, last: date) -> list[Agreement]:
    """The centre's agreements that hold on any of these local days (both included)."""
    days = {"centre": centre_id, "first": first, "last": last}
    return [Agreement(*row) for row in connection.execute(_HOLDING, days)]


def served(
    connection: Connection, centre_id: int, first: date, last: date
) -> list[tuple[int, int, Item]]:
    """The same with what was agreed on: (agreement, room, item)."""
    days = {"centre": centre_id, "first": first, "last": last}
    return [(row[0], row[1], Item(*row[2:])) for row in connection.execute(_SERVED, days)]


def of_centres(connection: Connection, centre_ids: Collection[int]) -> list[Agreement]:
    """Every agreement of these centres, ended or not."""
    rows = connection.execute(
        select(*agreements.c)
        .where(agreements.c.centre_id.in_(centre_ids))
        .order_by(agreements.c.id)
    )
    return [Agreement(*row) for row in rows]
