"""What the stories of nonconformity cases begin with: one opened, and how far it has come."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection

from services import cases, orders
from services.desk import Desk
from services.messages import say
from services.rules.grades import CaseSource
from storage import cases as store
from storage.records import Case, Person
from tests.conversation import Actor, Town, known_as
from tests.conversations.after_work import finished

T = TypeVar("T")


async def acts(town: Town, unit: Callable[[Desk], T]) -> T:
    """The house does something by itself, and everybody hears of it."""

    def run(connection: Connection) -> T:
        desk = Desk(connection, town.clock.now())
        done = unit(desk)
        desk.post()
        return done

    done = await town.change(run)
    await town.settles()
    return done


def known(desk: Desk, key: str) -> Person:
    """Somebody in town by their key."""
    found = known_as(desk.connection, key)
    assert found is not None
    return found[1]


async def opens(
    town: Town, source: CaseSource, at: str | None = None, *, order_id: int = 1
) -> Case:
    """Somebody finds a nonconformity about an order."""
    facts = say("case-fact-words", words=at) if at else None
    return await acts(
        town, lambda desk: cases.open_case(desk, orders.load(desk, order_id), source, facts)
    )


async def dissatisfied(owner: Actor, wang: Actor) -> None:
    """Order 1 is finished, and its owner is not satisfied: case 1."""
    await finished(owner, wang)
    await owner.presses_data("rate.no|1")


async def corrected(cs: Actor, words: str = "重新封好了接口，没有再收费", case_id: int = 1) -> None:
    """Customer service take the case and record what was done."""
    await cs.presses_data(f"case.take|{case_id}")
    await cs.presses_data(f"case.correct|{case_id}")
    await cs.presses("重做")
    await cs.types(words)


async def acted(actor: Actor, case_id: int = 1) -> None:
    """Cause and corrective action are recorded."""
    await actor.presses_data(f"case.action|{case_id}")
    await actor.types("接口没有试压")
    await actor.types("以后完工前都试压，王建国，周五前")


async def fails(actor: Actor, reason: str, case_id: int = 1) -> None:
    """无效, and why."""
    await actor.presses_data(f"case.fail|{case_id}")
    await actor.types(reason)


async def case_now(town: Town, case_id: int = 1) -> Case:
    """A case as it is stored."""
    found = await town.change(lambda connection: store.get(connection, case_id))
    assert found is not None
    return found
