"""Orders, their append-only history, who was asked to take them, and their verdicts."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields, replace
from datetime import datetime

from sqlalchemy import Connection, bindparam, select, update

from storage.records import Offer, OfferState, Order, OrderEvent, OrderState, VerdictRow
from storage.tables import offers, order_events, orders, verdicts
from storage.types import written
from storage.upsert import insert_new

OPEN_STATES = tuple(
    state for state in OrderState if state not in (OrderState.FINISHED, OrderState.CANCELLED)
)

ON_SITE = (OrderState.ARRIVED, OrderState.EXPLAINED, OrderState.AGREED)
"""Somebody is at the home, and has not finished."""

_FIELDS = [field.name for field in fields(Order) if field.name != "id"]
_ADD = orders.insert()
_CHANGE = update(orders).where(orders.c.id == bindparam("order_key"))
_BY_ID = select(*orders.c).where(orders.c.id == bindparam("id")).with_for_update()
_BY_NUMBER = select(*orders.c).where(orders.c.number == bindparam("number"))
_RECORD = order_events.insert()
_EVENTS = (
    select(*order_events.c)
    .where(order_events.c.order_id == bindparam("order_id"))
    .order_by(order_events.c.id)
)
_OPEN_OF_TECHNICIANS = select(*orders.c).where(
    orders.c.technician_id.in_(bindparam("people", expanding=True)),
    orders.c.state.in_(OPEN_STATES),
)
_REWORKS_OF = (
    select(*orders.c).where(orders.c.rework_of == bindparam("first")).order_by(orders.c.id.desc())
)
_UNTOLD_REWORKS = select(*orders.c).where(
    orders.c.rework_of.is_not(None),
    orders.c.centre_id.in_(bindparam("centres", expanding=True)),
    orders.c.rework_confirmed.is_(None),
    orders.c.state == written(OrderState.FINISHED),
)
_OFFER = offers.insert()
_OFFERS_OF = (
    select(*offers.c).where(offers.c.order_id == bindparam("order_id")).order_by(offers.c.id)
)
_ANSWER_OFFERS = (
    update(offers)
    .where(offers.c.order_id == bindparam("of_order"), offers.c.state == written(OfferState.OPEN))
    .values(state=bindparam("answer"), answered_at=bindparam("at"))
)
_VERDICTS_OF = (
    select(*verdicts.c).where(verdicts.c.order_id == bindparam("order_id")).order_by(verdicts.c.id)
)


def add(connection: Connection, order: Order) -> Order:
    """Store a new order (its `id` is ignored) and return it with its key."""
    values = {name: getattr(order, name) for name in _FIELDS}
    known = {name: value for name, value in values.items() if value is not None}
    made = connection.execute(_ADD, known)  # of fifty columns, most are empty as yet
    return replace(order, id=_key(made.inserted_primary_key))


def _key(keys: Sequence[object] | None) -> int:
    if not keys:
        raise LookupError("the database gave no key")
    return int(str(keys[0]))


def get(connection: Connection, order_id: int) -> Order | None:
    """The order, its row locked until the commit."""
    row = connection.execute(_BY_ID, {"id": order_id}).one_or_none()
    return Order(*row) if row else None


def by_number(connection: Connection, number: str) -> Order | None:
    """The order of this number, to look at."""
    row = connection.execute(_BY_NUMBER, {"number": number}).one_or_none()
    return Order(*row) if row else None


def change(connection: Connection, order: Order, **changes: object) -> Order:
    """Store changed fields and return the order as it is now."""
    if changes:
        connection.execute(_CHANGE, {"order_key": order.id, **changes})
    return replace(order, **changes)  # type: ignore[arg-type]  # names are checked by `replace`


def record(
    connection: Connection,
    order_id: int,
    at: datetime,
    what: str,
    person_id: int | None,
    facts: Mapping[str, str | int],
) -> None:
    """Add a line to the order's history; lines are never changed."""
    connection.execute(
        _RECORD,
        {
            "order_id": order_id,
            "at": at,
            "what": what,
            "person_id": person_id,
            "facts": json.dumps(facts, ensure_ascii=False),
        },
    )


def history(connection: Connection, order_id: int) -> list[OrderEvent]:
    """The order's history, oldest first."""
    return [OrderEvent(*row) for row in connection.execute(_EVENTS, {"order_id": order_id})]


def of_residents(
    connection: Connection, person_ids: Collection[int], room_ids: Collection[int], most: int
) -> list[Order]:
    """Orders placed by these people or for these rooms, the newest first."""
    theirs = orders.c.person_id.in_(person_ids) | orders.c.room_id.in_(room_ids)
    rows = connection.execute(
        select(*orders.c).where(theirs).order_by(orders.c.id.desc()).limit(most)
    )
    return [Order(*row) for row in rows]


def reworks_of(connection: Connection, order_id: int) -> list[Order]:
    """The orders that repeat this repair, the newest first; they are only looked at."""
    return [Order(*row) for row in connection.execute(_REWORKS_OF, {"first": order_id})]


def untold_reworks(connection: Connection, centre_ids: Collection[int]) -> list[Order]:
    """Finished orders of which nobody could tell whether they repeat the fault."""
    rows = connection.execute(_UNTOLD_REWORKS, {"centres": sorted(centre_ids)})
    return [Order(*row) for row in rows]


def open_of(connection: Connection, technician_ids: Collection[int]) -> list[Order]:
    """Open orders in these technicians' hands, by appointment."""
    rows = connection.execute(_OPEN_OF_TECHNICIANS, {"people": sorted(technician_ids)})
    found = [Order(*row) for row in rows]
    return sorted(found, key=lambda order: (order.appointed_at or order.reported_at, order.id))


def in_states(
    connection: Connection, centre_id: int, states: Collection[OrderState]
) -> list[Order]:
    """The centre's orders in these states, oldest report first."""
    rows = connection.execute(
        select(*orders.c)
        .where(orders.c.centre_id == centre_id, orders.c.state.in_(states))
        .order_by(orders.c.reported_at, orders.c.id)
    )
    return [Order(*row) for row in rows]


def offer(
    connection: Connection, order_id: int, person_id: int, at: datetime, until: datetime
) -> None:
    """Note that a technician is asked to take the order."""
    connection.execute(
        _OFFER,
        {
            "order_id": order_id,
            "person_id": person_id,
            "offered_at": at,
            "expires_at": until,
            "state": OfferState.OPEN,
            "reason": "",
        },
    )


def offers_of(connection: Connection, order_id: int) -> list[Offer]:
    """Everybody who was asked, in order."""
    return [Offer(*row) for row in connection.execute(_OFFERS_OF, {"order_id": order_id})]


def answer_offer(
    connection: Connection, offer_id: int, state: OfferState, at: datetime, reason: str = ""
) -> None:
    """Close one offer."""
    connection.execute(
        update(offers)
        .where(offers.c.id == offer_id)
        .values(state=state, answered_at=at, reason=reason)
    )


def close_offers(connection: Connection, order_id: int, state: OfferState, at: datetime) -> None:
    """Close every open offer of the order."""
    connection.execute(_ANSWER_OFFERS, {"of_order": order_id, "answer": state, "at": at})


def keep_verdict(connection: Connection, row: VerdictRow) -> None:
    """Record what became of a promise (the `id` is ignored), in place of what is on record."""
    if not insert_new(connection, verdicts, _values(row)):
        same = (verdicts.c.order_id == row.order_id, verdicts.c.rule == row.rule)
        connection.execute(update(verdicts).where(*same).values(_values(row)))


def _values(row: VerdictRow) -> dict[str, object]:
    return {
        "order_id": row.order_id,
        "rule": row.rule,
        "verdict": row.verdict,
        "due_at": row.due_at,
        "actual_at": row.actual_at,
        "missed_by_s": row.missed_by_s,
        "recorded_at": row.recorded_at,
        "waived_by": row.waived_by,
        "why": row.why,
    }


def verdicts_of(connection: Connection, order_id: int) -> list[VerdictRow]:
    """The recorded verdicts of an order, one a rule."""
    return [VerdictRow(*row) for row in connection.execute(_VERDICTS_OF, {"order_id": order_id})]
