"""What several conversations begin with: a job under way, a finished one, a dissatisfied owner."""

from __future__ import annotations

from functools import partial

from sqlalchemy import Connection, update

from storage import cases
from storage.records import Case, CaseEvent
from storage.tables import orders
from tests.conversation import Actor, Town


async def under_way(owner: Actor, technician: Actor) -> None:
    """The owner has reported a burst pipe (order 1), and the technician is on the way."""
    await owner.presses_data("urgent.report|burst_pipe|0")
    await technician.presses("接单")


async def finished(owner: Actor, technician: Actor) -> None:
    """The technician came at once, and the work is done."""
    await under_way(owner, technician)
    await finishes(technician)


async def finishes(technician: Actor) -> None:
    """From the way to the end of order 1."""
    await technician.presses_data("order.arrive|1")
    await technician.presses_data("order.start|1")
    await technician.presses_data("order.finish|1")
    await technician.presses_data(technician.newest().buttons[0].data)


async def quiet(*actors: Actor) -> None:
    """Everything said so far has been heard."""
    for actor in actors:
        await actor.hears()


async def only_by_phone(town: Town) -> None:
    """Order 1 was a caller's: nobody in chat ordered it."""

    def forget(connection: Connection) -> None:
        connection.execute(update(orders).where(orders.c.id == 1).values(person_id=None))

    await town.change(forget)


async def cases_of(town: Town, order_id: int = 1) -> list[Case]:
    """The cases about an order."""
    return await town.look(partial(_cases, order_id=order_id))


def _cases(connection: Connection, order_id: int) -> list[Case]:
    return cases.of_order(connection, order_id)


async def case_history(town: Town, case_id: int = 1) -> list[str]:
    """What has happened to a case."""

    def read(connection: Connection) -> list[CaseEvent]:
        return cases.history(connection, case_id)

    return [event.what for event in await town.look(read)]
