"""Return visits as people see them: with the home, the service and the agreement they are about."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, Connection, Row, Select, bindparam, func, or_, select

from storage.orders import ON_SITE
from storage.records import (
    Agreement,
    Item,
    Order,
    OrderState,
    Room,
    Trade,
    Visit,
    VisitSource,
)
from storage.tables import agreements, items, orders, rooms, visits
from storage.visits import BY_PEOPLE, OPEN


@dataclass(frozen=True, slots=True)
class Seen:
    """A visit and what it is about: the home, its service, and the agreement with its item."""

    visit: Visit
    room: Room
    order: Order | None = None
    agreement: Agreement | None = None
    item: Item | None = None


_PARTS: tuple[tuple[type[Any], list[Column[Any]]], ...] = (
    (Visit, list(visits.c)),
    (Room, list(rooms.c)),
    (Order, list(orders.c)),
    (Agreement, list(agreements.c)),
    (Item, list(items.c)),
)
_SEEN = (
    select(*(column for _, columns in _PARTS for column in columns))
    .select_from(visits)
    .join(rooms, rooms.c.id == visits.c.room_id)
    .outerjoin(orders, orders.c.id == visits.c.order_id)
    .outerjoin(agreements, agreements.c.id == visits.c.agreement_id)
    .outerjoin(items, items.c.id == agreements.c.item_id)
)
_ONE = _SEEN.where(visits.c.id == bindparam("visit"))
_WAITING = _SEEN.where(
    visits.c.centre_id.in_(bindparam("centres", expanding=True)),
    visits.c.state.in_(BY_PEOPLE),
).order_by(visits.c.due_at, visits.c.id)
_BURDENS = (
    select(visits.c.visitor_id, func.count())
    .where(visits.c.centre_id == bindparam("centre"), visits.c.state.in_(BY_PEOPLE))
    .group_by(visits.c.visitor_id)
)
_HOUSEKEEPING = (
    select(*orders.c)
    .where(
        orders.c.centre_id.in_(bindparam("centres", expanding=True)),
        orders.c.trade == Trade.HOUSEKEEPING,
        orders.c.room_id.is_not(None),
        or_(
            orders.c.state.in_(ON_SITE),
            (orders.c.state == OrderState.FINISHED) & (orders.c.finished_at > bindparam("since")),
        ),
    )
    .order_by(orders.c.id.desc())
    .limit(bindparam("most"))
)
_SPOT_CHECK = select(*visits.c).where(
    visits.c.order_id == bindparam("order"),
    visits.c.source == VisitSource.SPOT_CHECK,
    visits.c.state.in_(OPEN),
)
_OF_QUARTER = select(*visits.c).where(
    visits.c.centre_id == bindparam("centre"), visits.c.quarter == bindparam("quarter")
)
_LATEST_OF_ITEM = (
    select(orders.c.id)
    .where(
        orders.c.room_id == bindparam("room"),
        orders.c.item_id == bindparam("item"),
        orders.c.state != OrderState.CANCELLED,
    )
    .order_by(orders.c.id.desc())
    .limit(1)
)


def seen(connection: Connection, visit_id: int) -> Seen:
    """The visit with what it is about; must exist."""
    (found,) = _seen(connection, _ONE, {"visit": visit_id})
    return found


def waiting(connection: Connection, centre_ids: Collection[int]) -> list[Seen]:
    """What waits for a person of these centres, the soonest due first."""
    return _seen(connection, _WAITING, {"centres": sorted(centre_ids)})


def _seen(connection: Connection, statement: Select[Any], asked: dict[str, object]) -> list[Seen]:
    return [Seen(*_parts(row)) for row in connection.execute(statement, asked)]


def _parts(row: Row[Any]) -> Iterator[Any]:
    """The records side by side in a row; None for one that is not there."""
    at = 0
    for kind, columns in _PARTS:
        values = row[at : at + len(columns)]
        yield None if values[0] is None else kind(*values)
        at += len(columns)


def burdens(connection: Connection, centre_id: int) -> dict[int, int]:
    """How many open visits each person of the centre is named for."""
    rows = connection.execute(_BURDENS, {"centre": centre_id})
    return {visitor: count for visitor, count in rows if visitor is not None}


def housekeeping(
    connection: Connection, centre_ids: Collection[int], since: datetime, most: int
) -> list[Order]:
    """Housekeeping of these centres that is being done, or was finished since; newest first."""
    asked = {"centres": sorted(centre_ids), "since": since, "most": most}
    return [Order(*row) for row in connection.execute(_HOUSEKEEPING, asked)]


def open_spot_check(connection: Connection, order_id: int) -> Visit | None:
    """The spot check of the order that is under way."""
    row = connection.execute(_SPOT_CHECK, {"order": order_id}).first()
    return Visit(*row) if row else None


def of_quarter(connection: Connection, centre_id: int, quarter: date) -> dict[int, Visit]:
    """The centre's quarterly visits of a quarter (its first day), by agreement."""
    rows = connection.execute(_OF_QUARTER, {"centre": centre_id, "quarter": quarter})
    found = [Visit(*row) for row in rows]
    return {one.agreement_id: one for one in found if one.agreement_id is not None}


def latest_of_item(connection: Connection, room_id: int, item_id: int) -> int | None:
    """The key of the home's latest order of an item of the catalogue."""
    asked = {"room": room_id, "item": item_id}
    return connection.execute(_LATEST_OF_ITEM, asked).scalar()
