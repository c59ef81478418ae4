"""Who can be written to: what each chat of theirs allows, and for whom that matters now."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, and_, bindparam, exists, or_, select

from storage.cases import UNSOLVED
from storage.orders import OPEN_STATES
from storage.records import Order, OutboxState
from storage.tables import cases, endpoints, orders, outbox, residents, rooms, windows


@dataclass(frozen=True, slots=True)
class Chat:
    """A chat account, and what its platform allows in it.

    `gone_at` is when it was found to take nothing any more (blocked, left). `until` and `left` are
    its window, None where the platform sets none; a colleague speaks there since `silenced_at`.
    """

    endpoint_id: int
    person_id: int
    gone_at: datetime | None = None
    until: datetime | None = None
    left: int | None = None
    silenced_at: datetime | None = None


_WITH_WINDOW = endpoints.outerjoin(windows, windows.c.endpoint_id == endpoints.c.id)
_CHATS = (
    select(
        endpoints.c.id,
        endpoints.c.person_id,
        endpoints.c.unreachable_at,
        windows.c.until,
        windows.c.left,
        windows.c.silenced_at,
    )
    .select_from(_WITH_WINDOW)
    .where(endpoints.c.person_id.in_(bindparam("people", expanding=True)))
    .order_by(endpoints.c.id)
)
_IS_OPEN = or_(
    windows.c.endpoint_id.is_(None),
    and_(
        windows.c.silenced_at.is_(None),
        windows.c.until > bindparam("now"),
        windows.c.left > 0,
    ),
)
_BOUND_UNREACHED = (
    select(residents.c.person_id)
    .join(rooms, rooms.c.id == residents.c.room_id)
    .where(
        rooms.c.centre_id == bindparam("centre"),
        residents.c.person_id.is_not(None),
        residents.c.ended_at.is_(None),
        or_(residents.c.until.is_(None), residents.c.until >= bindparam("today")),
        ~exists()
        .select_from(_WITH_WINDOW)
        .where(
            endpoints.c.person_id == residents.c.person_id,
            endpoints.c.unreachable_at.is_(None),
            _IS_OPEN,
        )
        .correlate(residents),
    )
)
_UNDER_A_CASE = select(cases.c.order_id).where(
    or_(
        cases.c.state.in_(UNSOLVED),
        and_(cases.c.corrected_at.is_not(None), cases.c.customer_told_at.is_(None)),
    )
)
_CONCERNED = (
    select(*orders.c)
    .where(
        orders.c.centre_id == bindparam("centre"),
        or_(orders.c.state.in_(OPEN_STATES), orders.c.id.in_(_UNDER_A_CASE)),
    )
    .order_by(orders.c.reported_at, orders.c.id)
)

_CARD_SENT = select(outbox.c.state, outbox.c.ref).where(
    outbox.c.endpoint_id.in_(
        select(endpoints.c.id).where(endpoints.c.person_id == bindparam("person"))
    ),
    outbox.c.card == bindparam("shows"),
    ~outbox.c.mirror,
)


def chats_of(connection: Connection, person_ids: Collection[int]) -> dict[int, list[Chat]]:
    """Every chat account of these people; who has none is not in it."""
    found: dict[int, list[Chat]] = {}
    for row in connection.execute(_CHATS, {"people": sorted(person_ids)}):
        found.setdefault(row.person_id, []).append(Chat(*row))
    return found


def bound_unreached(connection: Connection, centre_id: int, today: date, now: datetime) -> set[int]:
    """Those who are bound to a home of the centre and have no chat that can be written to.

    `today` is the centre's; a tenancy that was over before it is none.
    """
    bounds = {"centre": centre_id, "today": today, "now": now}
    return set(connection.execute(_BOUND_UNREACHED, bounds).scalars())


def concerned(connection: Connection, centre_id: int) -> list[Order]:
    """The centre's orders of which somebody waits to hear: open, or a case about them goes on."""
    return [Order(*row) for row in connection.execute(_CONCERNED, {"centre": centre_id})]


def has_seen(connection: Connection, person_id: int, card: str) -> bool | None:
    """Whether any face of a card has come to the person; None while the first still waits.

    What was told together with a later message has the platform's name of that one.
    """
    sent = connection.execute(_CARD_SENT, {"person": person_id, "shows": card}).all()
    if any(row.state is OutboxState.DELIVERED or row.ref is not None for row in sent):
        return True
    return None if any(row.state is OutboxState.QUEUED for row in sent) else False
