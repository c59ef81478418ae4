"""Who makes a return visit (§5.4.2): a named person, never on their own work."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from services import orders, roster
from services.desk import Desk
from services.errors import DomainError
from services.rules.history import Step
from storage import agreements, cases
from storage import orders as order_store
from storage import visiting as store
from storage.records import Person, Role, Staff, Visit

VISITORS = (Role.CS, Role.SUPERVISOR, Role.HEAD)
"""Who may make a return visit of their centre."""

_NAMED = (Role.CS, Role.SUPERVISOR)
_AT_WORK = {Step.ACCEPTED.value, Step.ARRIVED.value}


class OwnWork(DomainError):
    """The person did the work, or handles a case about it: somebody else asks about it."""

    key = "no-visit-own-work"


def require_other(desk: Desk, visit: Visit, person: Person) -> None:
    """Refuse whoever would ask about their own work.

    Raises:
        OwnWork: the person was the technician of the order at any time, is named in the agreement,
            or handles a case about the order.
    """
    if person.id in concerned(desk, visit):
        raise OwnWork


def may_go_on(desk: Desk, visit: Visit, person: Person) -> bool:
    """Whether the person may take its next step: its visitor; once answered, also a superior."""
    if visit.visitor_id == person.id:
        return True
    answered = visit.answered_at is not None
    return answered and orders.holds(desk, person, visit.centre_id, *roster.SUPERIORS)


def concerned(desk: Desk, visit: Visit) -> set[int]:
    """Whose work the visit is about: technicians, the named worker, handlers of cases.

    A case that came of this very visit bars nobody from finishing it.
    """
    found: set[int | None] = set()
    if visit.agreement_id is not None:
        agreement = agreements.get(desk.connection, visit.agreement_id)
        found.add(agreement.worker_id if agreement else None)
    if visit.order_id is not None:
        found |= _of_order(desk, visit.order_id)
        found |= {
            case.handler_id
            for case in cases.of_order(desk.connection, visit.order_id)
            if visit.answered_at is None or case.opened_at < visit.answered_at
        }
    return {one for one in found if one is not None}


def _of_order(desk: Desk, order_id: int) -> set[int | None]:
    history = order_store.history(desk.connection, order_id)
    at_work = {event.person_id for event in history if event.what in _AT_WORK}
    return at_work | {orders.load(desk, order_id).technician_id}


def first(desk: Desk, visit: Visit, *, besides: int | None = None) -> int | None:
    """Who is named to visit now: customer service on duty, else a supervisor, else nobody.

    Of several, whoever has the fewest open visits; never one whose work it is about, nor the
    person `besides`.
    """
    return _with_fewest(desk, visit, _who_is_there(desk, visit.centre_id), besides)


def _who_is_there(desk: Desk, centre_id: int) -> Iterator[Sequence[Staff]]:
    """Role by role, each looked up only where the one before has nobody: thousands are named."""
    for role in _NAMED:
        yield roster.on_duty(desk, centre_id, role)
    yield roster.with_roles(desk, centre_id, (Role.SUPERVISOR,))


def by_turns(desk: Desk, visit: Visit) -> int | None:
    """Who is named for a visit that has weeks of time: the same, on duty or not."""
    lines = (roster.with_roles(desk, visit.centre_id, (role,)) for role in _NAMED)
    return _with_fewest(desk, visit, lines)


def _with_fewest(
    desk: Desk, visit: Visit, ways: Iterable[Sequence[Staff]], besides: int | None = None
) -> int | None:
    barred = {*concerned(desk, visit), besides}
    burdens = store.burdens(desk.connection, visit.centre_id)
    for lines in ways:
        able = [line.person_id for line in lines if line.person_id not in barred]
        if able:
            return min(able, key=lambda one: burdens.get(one, 0))
    return None
