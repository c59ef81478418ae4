"""A customer's number in full: shown to the desk for a live job only, and logged (§3.11)."""

from __future__ import annotations

from services import orders, roster
from services.desk import Desk
from services.errors import DomainError, NotYours
from services.rules.history import Step
from storage import cases as case_store
from storage import orders as order_store
from storage import phone_tasks, visits
from storage import reveals as store
from storage.records import Order, Person, Role

MAY_SEE = (Role.CS, Role.CONTROL)
"""Customer service, and by night the control centre in their place."""


class NumberClosed(DomainError):
    """The job is over, so its customer's number is shown no more."""

    key = "no-number-closed"


def phone(desk: Desk, order_id: int, person: Person) -> Order:
    """The order, whose full `contact_phone` may be shown to this person now; each time is logged.

    A job is live until it is finished or cancelled, and again while somebody must call about it:
    a case is not corrected, its customer not told the result, a message could not be delivered, or
    a person is to make a return visit.

    Raises:
        NotYours: not of the centre's desk. NumberClosed: the job is over.
    """
    order = order_store.get(desk.connection, order_id)
    if order is None or not may_see(desk, order.centre_id, person):
        raise NotYours
    if not _is_live(desk, order):
        raise NumberClosed(number=order.number)
    store.add(desk.connection, person.id, order.id, desk.now)
    orders.note(desk, order, Step.REVEALED, person.id)
    return order


def may_see(desk: Desk, centre_id: int, person: Person) -> bool:
    """Of this very centre: the business department's reach over all centres is not meant here."""
    lines = roster.with_roles(desk, centre_id, MAY_SEE)
    return person.id in {line.person_id for line in lines}


def _is_live(desk: Desk, order: Order) -> bool:
    return (
        order.state in order_store.OPEN_STATES
        or _case_goes_on(desk, order)
        or _call_waits(desk, order)
        or _visit_waits(desk, order)
    )


def _case_goes_on(desk: Desk, order: Order) -> bool:
    return any(
        case.state in case_store.UNSOLVED or case.customer_told_at is None
        for case in case_store.of_order(desk.connection, order.id)
    )


def _call_waits(desk: Desk, order: Order) -> bool:
    waiting = phone_tasks.undone(desk.connection)
    return f"order:{order.id}" in {task.matter for task in waiting}


def _visit_waits(desk: Desk, order: Order) -> bool:
    known = visits.of_order(desk.connection, order.id)
    return any(visit.state in visits.BY_PEOPLE for visit in known)
