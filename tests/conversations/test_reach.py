"""An alert never goes to nobody while anybody up the house can be told."""

from __future__ import annotations

from sqlalchemy import Connection, select, update

from storage.tables import endpoints
from tests.conversation import Actor, Town


async def test_3_5_where_customer_service_cannot_be_reached_the_next_one_up_hears(
    town: Town, owner: Actor, cs: Actor, control: Actor
) -> None:
    await town.change(lambda connection: _left_the_chat(connection, town, "cs", "cs2"))
    await owner.types("厨房水管爆了")
    await owner.presses("紧急报修")
    assert "紧急报修：水管爆裂" in await control.hears()
    assert not await cs.hears()


def _left_the_chat(connection: Connection, town: Town, *keys: str) -> None:
    gone = select(endpoints.c.id).where(endpoints.c.address.in_(keys))
    connection.execute(
        update(endpoints).where(endpoints.c.id.in_(gone)).values(unreachable_at=town.clock.now())
    )
