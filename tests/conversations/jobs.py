"""What the stories of technicians begin with: a job of today, and how far it has come."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from sqlalchemy import Connection

from services import dispatch, orders, promises
from services.desk import Desk
from services.messages import Named
from storage import cases
from storage.records import Case, OrderKind, Source, Trade
from tests.conversation import Actor, Town, known_as


async def appointed(
    town: Town,
    at: str | datetime = "15:00",
    *,
    person: str = "owner",
    price_fen: int | None = 4000,
    trade: Trade = Trade.REPAIR,
    skills: tuple[str, ...] = ("plumber",),
) -> None:
    """Order 1: an appointment at a local time or an instant, offered to the first free then."""
    starts = town._instant(at) if isinstance(at, str) else at

    def unit(connection: Connection) -> None:
        desk = Desk(connection, town.clock.now())
        room, who = _home(connection, person)
        request = orders.Request(
            centre_id=1,
            room_id=room,
            place="3-1201",
            person_id=who,
            contact_name="张伟",
            contact_phone="13800100001",
            source=Source.OWNER,
            channel="phone",
            kind=OrderKind.APPOINTMENT,
            title=Named("换水龙头", "Replace tap"),
            trade=trade,
            skills=skills,
            minutes=40,
            price_fen=price_fen,
            appointed_at=starts,
        )
        order = orders.store_request(desk, request)
        promises.promise(desk, order)
        dispatch.begin(desk, order)
        desk.post()

    await town.change(unit)
    await town.settles()


def _home(connection: Connection, address: str) -> tuple[int, int]:
    from storage import people

    known = known_as(connection, address)
    assert known is not None
    ((_, room), *_) = people.homes_of(connection, known[1].id)
    return room.id, known[1].id


async def urgent(owner: Actor, kind: str = "burst_pipe") -> None:
    """Order 1: an emergency, as two taps report it."""
    await owner.presses_data(f"urgent.report|{kind}|0")


async def on_site(town: Town, technician: Actor) -> None:
    """Taken, set out for, and arrived at the agreed minute."""
    await technician.presses("接单")
    await technician.presses("出发")
    await town.until("15:00")
    await technician.presses("已到达")


async def agreed(town: Town, technician: Actor, owner: Actor) -> None:
    """On site, and the owner has agreed to the price of the booking."""
    await on_site(town, technician)
    await technician.presses("已说明内容和价格")
    await technician.presses("¥40")
    await owner.presses("同意报价")


async def finishes(technician: Actor, result: str = "已修好／已做完") -> None:
    """完工 with a result."""
    await technician.presses("完工")
    await technician.presses(result)


async def hush(*actors: Actor) -> None:
    """What these have heard so far is heard."""
    for actor in actors:
        await actor.hears()


async def cases_of(town: Town, order_id: int = 1) -> list[Case]:
    """The cases about an order."""
    return await town.look(partial(cases.of_order, order_id=order_id))
