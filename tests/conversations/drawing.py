"""What stories of the month's sample begin with: streets of homes that were served, agreements."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial

from sqlalchemy import Connection, select

from services.desk import Desk
from services.visits import record as visiting
from storage import residents as roll
from storage import samples as store
from storage import visits
from storage.records import Sample, Trade, Visit, VisitState
from storage.tables import agreements, deadlines, items, rooms, staff
from tests.conversation import Town
from tests.conversations.ledger import Job, entered, local

NOVEMBER = date(2026, 11, 1)
FIRST = "2026-12-01 00:05"
"""When November is drawn finally."""


async def street(
    town: Town,
    homes: int,
    *,
    name: str = "9",
    finished: str = "2026-11-23 15:00",
    centre_id: int = 1,
    trade: Trade = Trade.REPAIR,
) -> None:
    """So many homes of a street, new where it is, and a finished job in each."""
    numbers = [f"{name}-{number}" for number in range(1, homes + 1)]

    def build(connection: Connection) -> None:
        known = select(rooms.c.room_no).where(rooms.c.centre_id == centre_id)
        there = set(connection.execute(known).scalars())
        new = [one for one in numbers if one not in there]
        if new:
            rows = [{"centre_id": centre_id, "room_no": one} for one in new]
            connection.execute(rooms.insert(), rows)

    await town.change(build)
    job = partial(
        Job, centre_id=centre_id, trade=trade, reported="2026-11-20 10:00", finished=finished
    )
    await entered(town, *(job(room=one) for one in numbers))


async def agreed(
    town: Town,
    room: str,
    *,
    item: str = "HC01",
    starts: date,
    ends: date,
    ended: date | None = None,
) -> None:
    """A home of the first centre with an agreement, which zhao is named to serve."""

    def sign(connection: Connection) -> None:
        of_room = select(rooms.c.id).where(rooms.c.room_no == room, rooms.c.centre_id == 1)
        of_item = select(items.c.id).where(items.c.code == item, items.c.centre_id == 1)
        worker = select(staff.c.person_id).where(staff.c.name == "赵秀兰")
        connection.execute(
            agreements.insert(),
            {
                "number": f"XY-{room}-{item}",
                "centre_id": 1,
                "room_id": connection.execute(of_room).scalar_one(),
                "item_id": connection.execute(of_item).scalar_one(),
                "worker_id": connection.execute(worker).scalar_one(),
                "signed_on": starts,
                "starts_on": starts,
                "ends_on": ends,
                "ended_on": ended,
            },
        )

    await town.change(sign)


async def it_is(town: Town, at: str) -> None:
    """The clock shows a local time, and what is due by then happens."""
    town.clock.at = local(at)
    await town.fires()


async def sample(town: Town, month: date = NOVEMBER, centre_id: int = 1) -> Sample | None:
    """The month's sample as it is stored."""
    return await town.look(partial(store.of_month, centre_id=centre_id, month=month))


async def drawn(town: Town, month: date = NOVEMBER, centre_id: int = 1) -> list[Visit]:
    """The visits of the month's sample, in the order of drawing."""
    found = await sample(town, month, centre_id)
    if found is None:
        return []
    return await town.look(partial(visits.of_sample, sample_id=found.id))


async def doors(town: Town, shown: Sequence[Visit]) -> list[str]:
    """The room numbers of these visits."""
    ids = [one.room_id for one in shown]
    known = await town.look(partial(roll.room_numbers, room_ids=ids))
    return [known[one] for one in ids]


async def asks(town: Town) -> list[tuple[int, str]]:
    """Every question that draws have planned, whether it was put off since: the visit, and when."""
    rows = select(deadlines.c.subject_id, deadlines.c.due_at).where(
        deadlines.c.kind == visiting.ASK, deadlines.c.version == 0
    )

    def read(connection: Connection) -> list[tuple[int, str]]:
        zone = Desk(connection, town.clock.now()).zone(1)
        found = connection.execute(rows.order_by(deadlines.c.due_at, deadlines.c.subject_id))
        return [(row[0], f"{row[1].astimezone(zone):%m-%d %H:%M:%S}") for row in found]

    return await town.look(read)


async def stand(town: Town, shown: Sequence[Visit], state: VisitState, **changes: object) -> None:
    """These visits stand there now, as an administrator's hand would write it."""

    def write(connection: Connection) -> None:
        for one in shown:
            visits.change(connection, one, state=state, **changes)

    await town.change(write)


async def ends(town: Town, one: Visit, state: VisitState) -> None:
    """A visit ends without an answer, and what follows from it happens."""

    def end(connection: Connection) -> None:
        desk = Desk(connection, town.clock.now())
        visiting.end_unanswered(desk, visiting.load(desk, one.id), state)
        desk.post()

    await town.change(end)
    await town.fires()


async def answers(town: Town, one: Visit, *, satisfied: bool) -> None:
    """A household answers, and its visit is done."""

    def answer(connection: Connection) -> None:
        desk = Desk(connection, town.clock.now())
        visit = visiting.load(desk, one.id)
        visit = visiting.answer(desk, visit, satisfied=satisfied, by=1, respondent_id=None)
        visiting.done(desk, visit)
        desk.post()

    await town.change(answer)
