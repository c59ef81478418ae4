"""What reminders go by: visits that are awaited, reminders planned already, and who wants none."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, func, select

from storage.records import Order, OrderState
from storage.tables import muted, order_events, orders
from storage.upsert import insert_new

AWAITED = (OrderState.WAITING, OrderState.ACCEPTED, OrderState.SET_OUT)
"""The states of a visit that is still to come; one that is held has no time that holds."""

_AWAITED = (
    select(*orders.c)
    .where(
        orders.c.centre_id == bindparam("centre_id"),
        orders.c.state.in_(AWAITED),
        orders.c.merged_into.is_(None),
        orders.c.appointed_at > bindparam("after"),
        orders.c.appointed_at <= bindparam("until"),
    )
    .order_by(orders.c.appointed_at, orders.c.id)
)
_LATEST = (
    select(order_events.c.order_id, func.max(order_events.c.at))
    .where(
        order_events.c.order_id.in_(bindparam("order_ids", expanding=True)),
        order_events.c.what.in_(bindparam("steps", expanding=True)),
    )
    .group_by(order_events.c.order_id)
)
_MUTED_BY = select(muted.c.reminder).where(muted.c.person_id == bindparam("person_id"))
_MUTED_AMONG = select(muted.c.person_id).where(
    muted.c.person_id.in_(bindparam("people", expanding=True)),
    muted.c.reminder == bindparam("of_reminder"),
)


def awaited(
    connection: Connection, centre_id: int, after: datetime, until: datetime
) -> list[Order]:
    """The centre's visits appointed after one moment, until another (included), in their order."""
    asked = {"centre_id": centre_id, "after": after, "until": until}
    return [Order(*row) for row in connection.execute(_AWAITED, asked)]


def latest_steps(
    connection: Connection, order_ids: Collection[int], steps: Collection[str]
) -> dict[int, datetime]:
    """When one of these steps last happened to each of the orders."""
    asked = {"order_ids": sorted(order_ids), "steps": sorted(steps)}
    return {row[0]: row[1] for row in connection.execute(_LATEST, asked)}


def mute(connection: Connection, person_id: int, reminder: str, at: datetime) -> None:
    """The person wants no such reminder any more."""
    insert_new(connection, muted, {"person_id": person_id, "reminder": reminder, "at": at})


def unmute(connection: Connection, person_id: int, reminder: str) -> None:
    """The person wants it again."""
    connection.execute(
        delete(muted).where(muted.c.person_id == person_id, muted.c.reminder == reminder)
    )


def muted_by(connection: Connection, person_id: int) -> set[str]:
    """The reminders that the person has switched off."""
    return set(connection.execute(_MUTED_BY, {"person_id": person_id}).scalars())


def muted_among(connection: Connection, reminder: str, person_ids: Collection[int]) -> set[int]:
    """Those of these people who have switched this reminder off."""
    asked = {"people": sorted(person_ids), "of_reminder": reminder}
    return set(connection.execute(_MUTED_AMONG, asked).scalars())
