"""The truth about arriving: when the technician will be there, by their own word, told at once.

What is said is live status for the household (§3.6). It moves no deadline: a promise is judged by
the arrival alone.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from services import cards, orders, promises
from services.desk import Desk
from services.errors import DomainError
from services.messages import Moment, do
from services.rules.history import Step
from services.rules.response_times import arrival_window
from storage.records import Order, Person


class NotAtHand(DomainError):
    """The appointment is too far off for saying in how many minutes one will be there."""

    key = "no-not-at-hand"


def say_when(desk: Desk, order_id: int, by: Person, minutes: int) -> Order:
    """几分钟后到, before the arrival: recorded, and told to the household with the clock time.

    A second, different time is told again, beside the one said before.

    Raises:
        NotYours, OrderTaken: not this technician's; OrderMoved: somebody is there, or it is over,
        or no button of ours says so many minutes; NotAtHand: the appointment is far off.
    """
    order = orders.for_technician(desk, order_id, by)
    orders.require_state(desk, order, *cards.ON_THE_WAY)
    if minutes not in cards.MINUTES_AWAY:
        raise orders.moved(desk, order)
    if not cards.may_say_when(desk, order):
        raise _too_soon(desk, order)
    before, at = order.expected_at, _whole_minute(desk.now + timedelta(minutes=minutes))
    if at == before:
        return order
    order = orders.change(desk, order, expected_at=at)
    orders.note(desk, order, Step.EXPECTED, by.id, to=at.isoformat())
    _tell(desk, order, at, before)
    return order


def _too_soon(desk: Desk, order: Order) -> DomainError:
    if order.appointed_at is None:
        return orders.moved(desk, order)  # no emergency any more, and no time agreed yet
    zone = desk.centre(order.centre_id).zone
    return NotAtHand(number=order.number, at=Moment(order.appointed_at, zone))


def _whole_minute(at: datetime) -> datetime:
    """The minute that the clock will show: never an earlier one than was said."""
    floor = at.replace(second=0, microsecond=0)
    return floor if floor == at else floor + timedelta(minutes=1)


def _tell(desk: Desk, order: Order, at: datetime, before: datetime | None) -> None:
    zone = desk.centre(order.centre_id).zone
    talk = do("talk.worker", order.id)
    expected, late = Moment(at, zone, "time"), _is_late(desk, order, at)
    if before is None:
        cards.tell_household(desk, order, "owner-expected", talk, essential=late, at=expected)
    else:
        said = Moment(before, zone, "time")
        cards.tell_household(
            desk,
            order,
            "owner-expected-again",
            talk,
            essential=late,
            at=expected,
            before=said,
        )


def _is_late(desk: Desk, order: Order, at: datetime) -> bool:
    """Whether coming at that time breaks what was agreed (reading 12)."""
    if order.appointed_at is None:
        return False
    _, latest = arrival_window(order.appointed_at, promises.promised(desk, order))
    return at > latest


def tell_late(desk: Desk, order: Order) -> None:
    """The agreed time has passed: the household hears the truth, and the new time if there is one.

    A time that the technician said and that has passed as well is none.
    """
    movable = orders.may_choose_time(order)
    ways = (do("talk.start"), *((do("order.move", order.id),) if movable else ()))
    if order.technician_id is None:
        cards.tell_household(desk, order, "owner-late-nobody", *ways)
    elif order.expected_at is not None and order.expected_at > desk.now:
        at = Moment(order.expected_at, desk.centre(order.centre_id).zone, "time")
        cards.tell_household(desk, order, "owner-late-expected", *ways, at=at, movable=int(movable))
    else:
        cards.tell_household(desk, order, "owner-late", *ways, movable=int(movable))
