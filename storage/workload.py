"""What a centre's technicians have on their hands or have been asked to take, in one statement."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, bindparam, or_, select

from storage.orders import OPEN_STATES
from storage.records import OfferState
from storage.tables import offers, orders
from storage.types import written


@dataclass(frozen=True, slots=True)
class Burden:
    """The part of an open order that takes somebody's time.

    `technician_id` has it; `asked_id` has an offer of it open (several rows where several have).
    """

    order_id: int
    technician_id: int | None
    asked_id: int | None
    skills: tuple[str, ...]
    minutes: int
    appointed_at: datetime | None
    reported_at: datetime
    limit_minutes: int | None


_OPEN = (
    select(
        orders.c.id,
        orders.c.technician_id,
        offers.c.person_id,
        orders.c.skills,
        orders.c.minutes,
        orders.c.appointed_at,
        orders.c.reported_at,
        orders.c.limit_minutes,
    )
    .select_from(orders)
    .outerjoin(
        offers, and_(offers.c.order_id == orders.c.id, offers.c.state == written(OfferState.OPEN))
    )
    .where(
        orders.c.state.in_([written(state) for state in OPEN_STATES]),
        or_(
            orders.c.centre_id == bindparam("centre_id"),
            orders.c.technician_id.in_(bindparam("people", expanding=True)),
        ),
    )
    .order_by(orders.c.id)
)


def open_burdens(
    connection: Connection, centre_id: int, technician_ids: Collection[int]
) -> list[Burden]:
    """Open orders of the centre, and those these technicians have from other centres."""
    rows = connection.execute(_OPEN, {"centre_id": centre_id, "people": sorted(technician_ids)})
    return [Burden(*row) for row in rows]
