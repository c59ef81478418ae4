"""Bursts are batched (§3.5): after an outage everybody gets one list of what has fallen due."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Connection

from services import orders, promises
from services.desk import Desk
from services.messages import Named
from storage.records import OrderKind, Source, Trade
from tests.conversation import Actor, Shown, Town, on_one_database, on_ordinary_telephones
from tests.conversations.jobs import hush, urgent

MANY = 40
LIST, NOBODY = f"📋 {MANY} 条提醒：", "仍然没有人接单"


async def many_wait(town: Town) -> list[str]:
    """Forty orders for in forty minutes that nobody has taken; their numbers."""

    def unit(connection: Connection) -> list[str]:
        desk = Desk(connection, town.clock.now())
        return [_order(desk, n) for n in range(MANY)]

    return await town.change(unit)


def _order(desk: Desk, n: int) -> str:
    request = orders.Request(
        centre_id=1,
        room_id=None,
        place=f"7-{n:03}",
        person_id=None,
        contact_name="张伟",
        contact_phone="13800100001",
        source=Source.PHONE,
        channel="phone",
        kind=OrderKind.APPOINTMENT,
        title=Named("换水龙头", "Replace tap"),
        trade=Trade.REPAIR,
        skills=("plumber",),
        minutes=40,
        appointed_at=desk.now + timedelta(minutes=40),
    )
    order = orders.store_request(desk, request)
    promises.promise(desk, order)
    return order.number


async def wakes(town: Town, minutes: float) -> None:
    """Nobody ran for so long; then a new process does."""
    town.clock.step(timedelta(minutes=minutes))
    town.restarts()
    await town.fires()


def lists_of(actor: Actor) -> list[Shown]:
    """The lists on somebody's telephone."""
    return [shown for shown in actor.screen if "条提醒" in shown.text]


@on_ordinary_telephones
async def test_3_5_an_outage_over_forty_orders_is_one_list_for_each(
    town: Town, cs: Actor, cs2: Actor, supervisor: Actor, head: Actor
) -> None:
    numbers = await many_wait(town)
    await wakes(town, 11)
    for one in (cs, cs2, supervisor):
        (shown,) = one.screen
        assert shown.text.startswith(LIST)
        assert shown.text.count(NOBODY) == MANY
        assert all(shown.text.count(number) == 1 for number in numbers)
    assert head.screen == []
    await town.fires()
    await town.settles()
    assert len(cs.screen) == 1


async def test_3_5_a_list_leads_to_each_card_and_to_the_boards(town: Town, cs: Actor) -> None:
    numbers = await many_wait(town)
    await wakes(town, 11)
    assert len(cs.buttons()) == 13
    await cs.presses(f"查看 {numbers[3]}")
    assert numbers[3] in cs.newest().text
    assert cs.sees("派单")
    await cs.presses("待派单", on="条提醒")
    assert "待派单：40 个" in cs.newest().text


async def test_3_5_an_emergency_is_not_batched_away(
    town: Town, owner: Actor, cs: Actor, supervisor: Actor, head: Actor
) -> None:
    await many_wait(town)
    await urgent(owner)
    await hush(cs)
    before = len(cs.screen)
    await wakes(town, 11)
    texts = [shown.text for shown in cs.screen[before:]]
    (place,) = [at for at, text in enumerate(texts) if text.startswith(LIST)]
    emergencies = [at for at, text in enumerate(texts) if "水管爆裂" in text]
    assert emergencies == list(range(place))
    assert any("严重" in text for text in texts[:place])
    assert "水管爆裂" not in texts[place]
    assert [shown.text.count(NOBODY) for shown in lists_of(supervisor)] == [MANY]
    assert "超过到场时限" in head.says()


async def test_two_alerts_keep_their_cards(town: Town, cs: Actor) -> None:
    numbers = await many_wait(town)

    def all_but_two(connection: Connection) -> None:
        desk = Desk(connection, town.clock.now())
        for order_id in range(3, MANY + 1):
            promises.ended(desk, orders.load(desk, order_id))

    await town.change(all_but_two)
    await wakes(town, 11)
    assert [shown.text.count(NOBODY) for shown in cs.screen] == [1, 1]
    assert all(numbers[at] in cs.says() for at in (0, 1))
    assert cs.sees("派单")


@on_one_database
async def test_3_5_forty_cases_of_one_outage_are_lists_and_no_forty_cards(
    town: Town, cs: Actor, supervisor: Actor
) -> None:
    numbers = await many_wait(town)
    await wakes(town, 43)
    for one in (cs, supervisor):
        assert all("条提醒" in shown.text for shown in one.screen)
        assert one.says().count("到达超时") == len(numbers)
