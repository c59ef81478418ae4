"""Spot checks of housekeeping by return visit (抽查, §5.1.3), at any time.

They take the form of every return visit, and never count in a month's sample.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from services import orders
from services.desk import Desk
from services.errors import DomainError, NotYours
from services.messages import Action, Fact, Moment, do
from services.rules.hours import instant
from services.visits import visitors
from storage import orders as order_store
from storage import visiting as store
from storage import visits as visit_store
from storage.records import (
    Order,
    OrderState,
    Person,
    Role,
    Trade,
    Visit,
    VisitSource,
    VisitState,
)

CHECKERS = (Role.CS, Role.SUPERVISOR)
"""Who may check housekeeping of their centre."""

WITHIN = timedelta(days=30)
"""So long after it is finished a household remembers enough to be asked."""

MOST_LISTED = 40


class NotToBeChecked(DomainError):
    """It is no housekeeping, nobody has been there yet, or it was too long ago."""

    key = "no-spot-check"


def is_checkable(desk: Desk, order: Order) -> bool:
    """Whether the order is housekeeping in a home that is being done, or was lately."""
    if order.trade is not Trade.HOUSEKEEPING or order.room_id is None:
        return False
    if order.state in order_store.ON_SITE:
        return True
    is_finished = order.state is OrderState.FINISHED
    return is_finished and (order.finished_at or desk.now) > desk.now - WITHIN


def begin(desk: Desk, order_id: int, person: Person) -> Visit:
    """The order's spot check, new or under way, with this person named where it is new.

    It is due by the end of the next day.

    Raises:
        NotYours: neither customer service nor supervisor of this centre.
        NotToBeChecked: see `is_checkable`. visitors.OwnWork: somebody else must.
    """
    order = orders.for_desk(desk, order_id, person)
    if not orders.holds(desk, person, order.centre_id, *CHECKERS):
        raise NotYours
    if order.room_id is None or not is_checkable(desk, order):
        raise NotToBeChecked(number=order.number)
    visit = _new(desk, order, order.room_id, person)
    visitors.require_other(desk, visit, person)
    under_way = store.open_spot_check(desk.connection, order.id)
    return under_way or visit_store.add(desk.connection, visit)


def _new(desk: Desk, order: Order, room_id: int, person: Person) -> Visit:
    return Visit(
        id=0,
        centre_id=order.centre_id,
        room_id=room_id,
        source=VisitSource.SPOT_CHECK,
        state=VisitState.TASK,
        made_at=desk.now,
        due_at=_end_of_next_day(desk, order.centre_id),
        order_id=order.id,
        task_since=desk.now,
        visitor_id=person.id,
    )


def _end_of_next_day(desk: Desk, centre_id: int) -> datetime:
    after = desk.today(centre_id) + timedelta(days=2)
    return instant(after, time.min, desk.zone(centre_id))


def recent(desk: Desk, person: Person) -> Sequence[Order]:
    """The housekeeping that the person may check, newest first.

    Raises:
        NotYours: they are neither customer service nor supervisor anywhere.
    """
    mine = _centres_of(desk, person)
    if not mine:
        raise NotYours
    return store.housekeeping(desk.connection, mine, desk.now - WITHIN, MOST_LISTED)


def way(desk: Desk, person: Person) -> tuple[Action, ...]:
    """The way to that list, for whom there is one."""
    return (do("spot.list"),) if _centres_of(desk, person) else ()


def _centres_of(desk: Desk, person: Person) -> list[int]:
    return orders.centres_held(desk, person, *CHECKERS)


def facts(desk: Desk, order: Order) -> dict[str, Fact]:
    """An order as a line of that list shows it."""
    at = order.finished_at or order.arrived_at or order.reported_at
    return {
        "number": order.number,
        "title": orders.title(order),
        "place": order.place,
        "who": orders.technician_name(desk, order) or "—",
        "at": Moment(at, desk.centre(order.centre_id).zone),
    }
