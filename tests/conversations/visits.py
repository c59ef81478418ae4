"""What the stories of return visits begin with: a service, a visit about it, an agreement."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select, update

from services.desk import Desk
from services.visits import record as visits
from storage import imports
from storage import visits as store
from storage.records import (
    Agreement,
    Role,
    Sample,
    Trade,
    Visit,
    VisitMethod,
    VisitSource,
    VisitState,
)
from storage.tables import agreements, items, orders, rooms, samples, staff
from storage.tables import visits as visit_rows
from tests.conversation import Actor, Town, known_as
from tests.conversations.jobs import agreed as agreed_on
from tests.conversations.jobs import appointed, finishes

TWO_WEEKS = timedelta(days=14)


async def id_of(town: Town, key: str) -> int:
    """Somebody's person, by their key."""
    known = await town.look(partial(known_as, key=key))
    assert known is not None
    return known[1].id


async def cleaned(town: Town, technician: Actor, owner: Actor) -> None:
    """Order 1 is housekeeping, and done."""
    await being_cleaned(town, technician, owner)
    await finishes(technician)


async def being_cleaned(town: Town, technician: Actor, owner: Actor) -> None:
    """Order 1 is housekeeping, and somebody is at it."""
    await appointed(town, trade=Trade.HOUSEKEEPING, skills=("cleaner",))
    await agreed_on(town, technician, owner)


async def to_be_visited(town: Town, **changes: object) -> Visit:
    """A household of the month's sample that a person is to visit (visit 1, about order 1)."""

    def unit(connection: Connection) -> Visit:
        desk = Desk(connection, town.clock.now())
        order = connection.execute(select(orders).where(orders.c.id == 1)).one()
        drawn = Visit(
            id=0,
            centre_id=order.centre_id,
            room_id=order.room_id,
            source=VisitSource.SAMPLE,
            state=VisitState.ASKED,
            made_at=desk.now,
            due_at=desk.now + TWO_WEEKS,
            order_id=order.id,
            method=VisitMethod.QUESTIONNAIRE,
        )
        visit = store.add(connection, replace(drawn, **changes))  # type: ignore[arg-type]
        return visits.hand_over(desk, visit, "")

    return await town.change(unit)


async def sample(town: Town, required: int | None) -> int:
    """The running sample of this month."""

    def unit(connection: Connection) -> int:
        until = town.clock.now() + TWO_WEEKS
        made = Sample(0, 1, date(2026, 11, 1), "seed", until, required=required)
        values = {
            name: getattr(made, name)
            for name in ("centre_id", "month", "seed", "visits_until", "required")
        }
        result = connection.execute(samples.insert().returning(samples.c.id), values)
        return int(result.scalar_one())

    return await town.change(unit)


async def agreed(
    town: Town,
    *,
    signed: str = "2026-09-20",
    starts: str = "2026-10-01",
    ends: str = "2027-09-30",
    room: str = "3-1201",
    worker: str = "zhao",
    number: str = "XY-001",
) -> None:
    """An agreement for weekly cleaning."""
    worker_id = await id_of(town, worker)

    def unit(connection: Connection) -> None:
        room_id = connection.execute(select(rooms.c.id).where(rooms.c.room_no == room)).scalar_one()
        item_id = connection.execute(
            select(items.c.id).where(items.c.code == "HC01", items.c.centre_id == 1)
        ).scalar_one()
        dates = [date.fromisoformat(one) for one in (signed, starts, ends)]
        made = Agreement(0, number, 1, room_id, item_id, worker_id, *dates)
        imports.add(connection, [made], lambda _count: None)

    await town.change(unit)


async def ends_on(town: Town, day: str) -> None:
    """The agreement is stopped with this day as its last."""
    ended = date.fromisoformat(day)
    await town.change(
        lambda connection: connection.execute(update(agreements).values(ended_on=ended)) and None
    )


async def is_also(town: Town, name: str, *roles: Role) -> None:
    """Somebody on the roster holds these roles, as a small centre has it."""

    def unit(connection: Connection) -> None:
        connection.execute(update(staff).where(staff.c.name == name).values(roles=roles))

    await town.change(unit)


async def visit(town: Town, visit_id: int = 1) -> Visit:
    """A visit as it is stored."""
    found = await town.change(partial(store.get, visit_id=visit_id))
    assert found is not None
    return found


async def every_visit(town: Town) -> list[Visit]:
    """All there are."""

    def read(connection: Connection) -> list[Visit]:
        rows = connection.execute(select(*visit_rows.c).order_by(visit_rows.c.id))
        return [Visit(*row) for row in rows]

    return await town.look(read)


async def for_agreements(town: Town) -> list[Visit]:
    """Those that agreements ask for; the month's sample may have drawn the same homes."""
    return [one for one in await every_visit(town) if one.source is VisitSource.QUARTERLY]


async def on_the_day(town: Town, day: str, clock: str = "10:00") -> None:
    """It is another day; what fell due on the way happens now, as after an outage."""
    local = datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=ZoneInfo(town.zone))
    town.clock.at = local.astimezone(UTC)
    await town.fires()
