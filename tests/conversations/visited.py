"""What the stories of return visits begin with: a home that was served, and that is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection, select

from services import orders
from services.desk import Desk
from services.messages import Named
from services.rules.standard import Standard
from services.visits import record as visits
from storage import orders as order_store
from storage import people
from storage import residents as roll
from storage import visits as store
from storage.records import (
    OrderKind,
    OrderState,
    Relation,
    Result,
    Source,
    Trade,
    Visit,
    VisitSource,
    VisitState,
)
from storage.tables import outbox, rooms
from tests.conversation import Town, known_as
from tests.conversations.visits import visit


async def served(town: Town) -> None:
    """Order 1 of the owner's home is done, by 王建国, and its rating given."""

    def unit(connection: Connection) -> None:
        desk = Desk(connection, town.clock.now())
        order = orders.store_request(desk, _request(_person(connection, "owner")))
        order_store.change(
            connection,
            order,
            state=OrderState.FINISHED,
            result=Result.DONE,
            technician_id=_person(connection, "wang"),
            finished_at=desk.now,
            satisfied=True,
            rated_at=desk.now,
        )

    await town.change(unit)


def _person(connection: Connection, key: str) -> int:
    known = known_as(connection, key)
    assert known is not None
    return known[1].id


def _request(person_id: int) -> orders.Request:
    return orders.Request(
        centre_id=1,
        room_id=1,
        place="3-1201",
        person_id=person_id,
        contact_name="张伟",
        contact_phone="13800100001",
        source=Source.OWNER,
        channel="phone",
        kind=OrderKind.APPOINTMENT,
        title=Named("换水龙头", "Replace tap"),
        trade=Trade.REPAIR,
        skills=("plumber",),
        minutes=40,
    )


async def drawn(
    town: Town, *, order_id: int | None = 1, room_id: int = 1, days: float = 7
) -> Visit:
    """A home is drawn and due to be asked now; it must be visited within so many days."""

    now = town.clock.now()
    return await town.change(
        partial(draw, now=now, order_id=order_id, room_id=room_id, due_at=now + timedelta(days))
    )


def draw(
    connection: Connection,
    *,
    now: datetime,
    order_id: int | None,
    room_id: int,
    due_at: datetime,
    standard: Standard | None = None,
) -> Visit:
    """A home is drawn and due to be asked now, or when the standard's quiet hours are over."""
    new = Visit(
        id=0,
        centre_id=1,
        room_id=room_id,
        source=VisitSource.SAMPLE,
        state=VisitState.DRAWN,
        made_at=now,
        due_at=due_at,
        order_id=order_id,
    )
    stored = store.add(connection, new)
    desk = Desk(connection, now, company=standard or Standard())
    visits.plan_to_ask(desk, stored.centre_id, [stored.id], now)
    return stored


async def asked(town: Town, *, days: float = 7) -> Visit:
    """A served home is drawn, and asked by now."""
    await served(town)
    await drawn(town, days=days)
    await town.fires()
    return await visit(town)


def many_homes(connection: Connection, *, count: int, channel: str, now: datetime) -> list[int]:
    """So many homes, each with an owner who has a chat; returns their rooms."""
    numbers = [{"centre_id": 1, "room_no": f"9-{number}"} for number in range(count)]
    made = connection.execute(rooms.insert().returning(rooms.c.id), numbers)
    homes = sorted(made.scalars())
    for home in homes:
        person = people.add_person(connection, "住户", "13800100000", "zh-CN", now)
        people.add_endpoint(connection, person.id, channel, f"home-{home}", now)
        roll.bind(connection, _line(connection, home), person.id, now)
    return homes


def _line(connection: Connection, home: int) -> int:
    line = roll.add_line(connection, home, "住户", "13800100000", Relation.OWNER, None)
    return line.id


async def questionnaires_sent(town: Town) -> Sequence[str]:
    """The names of all questionnaires that were ever put on their way."""

    def read(connection: Connection) -> list[str]:
        named = select(outbox.c.once).where(outbox.c.once.like(f"{visits.ASK}:%"))
        return list(connection.execute(named).scalars())

    return await town.look(read)
