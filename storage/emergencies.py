"""Emergencies that are running: found again by household, by reporter, by centre; and who joined.

A report that was merged is answered by the earlier one of the same incident (`merged_into`).
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, bindparam, func, select, update

from storage.orders import OPEN_STATES
from storage.records import Order, OrderKind
from storage.tables import orders

_theirs = orders.alias("theirs")
_ANSWERING = (
    select(*orders.c)
    .join(_theirs, orders.c.id == func.coalesce(_theirs.c.merged_into, _theirs.c.id))
    .where(orders.c.kind == OrderKind.EMERGENCY, orders.c.state.in_(OPEN_STATES))
    .limit(1)
)
_OF_ROOM = _ANSWERING.where(
    _theirs.c.room_id == bindparam("room_id"), _theirs.c.emergency == bindparam("kind")
).order_by(orders.c.id)
_OF_STRANGER = _ANSWERING.where(
    _theirs.c.room_id.is_(None),
    _theirs.c.person_id == bindparam("person_id"),
    _theirs.c.emergency == bindparam("kind"),
).order_by(orders.c.id)
_NEWEST_OF = _ANSWERING.where(
    _theirs.c.person_id == bindparam("person_id"),
    _theirs.c.kind == OrderKind.EMERGENCY,
    _theirs.c.reported_at >= bindparam("since"),
).order_by(_theirs.c.id.desc())
_REPORTED_SINCE = (
    select(*orders.c)
    .where(
        orders.c.centre_id == bindparam("centre_id"),
        orders.c.reported_at >= bindparam("since"),
        orders.c.kind == OrderKind.EMERGENCY,
        orders.c.state.in_(OPEN_STATES),
    )
    .order_by(orders.c.reported_at, orders.c.id)
)
_JOINED = (
    select(*orders.c)
    .where(
        # Whoever joined reported later: the index of the centre's reports bounds the search.
        orders.c.centre_id == bindparam("centre_id"),
        orders.c.reported_at >= bindparam("since"),
        orders.c.merged_into == bindparam("order_id"),
    )
    .order_by(orders.c.id)
)
_REJOIN = (
    update(orders)
    .where(orders.c.merged_into == bindparam("old"))
    .values(merged_into=bindparam("new"))
)


def running(
    connection: Connection, kind: str, *, room_id: int | None, person_id: int | None
) -> Order | None:
    """What answers the household's reports of a kind and is open; a stranger's own, without a room.

    It is their earliest, or the earlier report of another household that theirs was merged into.
    """
    if room_id is not None:
        found = connection.execute(_OF_ROOM, {"room_id": room_id, "kind": kind})
    else:
        found = connection.execute(_OF_STRANGER, {"person_id": person_id, "kind": kind})
    row = found.one_or_none()
    return Order(*row) if row else None


def newest_of(connection: Connection, person_id: int, since: datetime) -> Order | None:
    """The open order that answers the newest emergency the person has reported since then."""
    asked = {"person_id": person_id, "since": since}
    row = connection.execute(_NEWEST_OF, asked).one_or_none()
    return Order(*row) if row else None


def reported_since(connection: Connection, centre_id: int, since: datetime) -> list[Order]:
    """The centre's open emergencies reported since then, the earliest report first."""
    rows = connection.execute(_REPORTED_SINCE, {"centre_id": centre_id, "since": since})
    return [Order(*row) for row in rows]


def joined(connection: Connection, order: Order) -> list[Order]:
    """The later reports that were merged into this one, in the order of their coming."""
    asked = {"centre_id": order.centre_id, "since": order.reported_at, "order_id": order.id}
    return [Order(*row) for row in connection.execute(_JOINED, asked)]


def rejoin(connection: Connection, old_id: int, new_id: int) -> None:
    """Whoever had joined the one order has joined the other."""
    connection.execute(_REJOIN, {"old": old_id, "new": new_id})
