"""Colleagues whom the roster names by a WeCom account can be reached before they ever write."""

from __future__ import annotations

from functools import partial

from sqlalchemy import Connection, func, select

from bot.event import Event, Text
from services import staffing
from services.desk import Desk
from services.messages import say
from storage import people
from storage.tables import endpoints, outbox, staff
from tests.conversation import Actor, Town


async def _enlists(town: Town) -> None:
    await town.change(
        lambda connection: staffing.enlist(Desk(connection, town.clock.now()), "wecom")
    )


def _on_wecom(connection: Connection, *, name: str, userid: str, active: bool = True) -> None:
    connection.execute(
        staff.update().where(staff.c.name == name).values(wecom_userid=userid, active=active)
    )


async def _whose(town: Town, userid: str) -> str | None:
    known = await town.look(partial(people.who, channel="wecom", address=userid))
    return known[1].name if known else None


async def test_an_account_on_the_roster_can_be_written_to_first(town: Town) -> None:
    await town.change(partial(_on_wecom, name="王建国", userid="WangJianGuo"))
    await town.change(partial(_on_wecom, name="李志强", userid="lizhiqiang", active=False))
    await _enlists(town)
    assert await _whose(town, "wangjianguo") == "王建国"
    assert await _whose(town, "lizhiqiang") is None


async def test_enlisting_again_changes_nothing(town: Town) -> None:
    await town.change(partial(_on_wecom, name="王建国", userid="WangJianGuo"))
    await _enlists(town)
    count = select(func.count()).select_from(endpoints)
    before = await town.look(lambda connection: connection.execute(count).scalar_one())
    await _enlists(town)
    assert await town.look(lambda connection: connection.execute(count).scalar_one()) == before


async def test_a_chat_in_use_goes_before_one_never_opened(town: Town, wang: Actor) -> None:
    await town.change(partial(_on_wecom, name="王建国", userid="WangJianGuo"))
    await _enlists(town)

    def tell(connection: Connection) -> list[str]:
        known = people.who(connection, "wecom", "wangjianguo")
        assert known is not None
        desk = Desk(connection, town.clock.now())
        desk.tell(known[1].id, say("not-understood"))
        desk.post()
        return list(
            connection.execute(
                select(endpoints.c.channel).join(outbox, outbox.c.endpoint_id == endpoints.c.id)
            ).scalars()
        )

    assert await town.change(tell) == [town.telephones.name]


async def test_who_wrote_before_being_on_the_roster_is_recognised(town: Town) -> None:
    await town.house.dispatcher.take(
        Event("wecom", "d1", "wangjianguo", Text("你好"), town.clock.now(), "zh-CN")
    )
    assert await _whose(town, "wangjianguo") is None
    await town.change(partial(_on_wecom, name="王建国", userid="WangJianGuo"))
    await _enlists(town)
    assert await _whose(town, "wangjianguo") == "王建国"


async def test_a_userid_is_the_same_in_capitals_at_the_first_word(town: Town) -> None:
    await town.change(partial(_on_wecom, name="王建国", userid="WangJianGuo"))
    await town.house.dispatcher.take(
        Event("wecom", "d1", "wangjianguo", Text("你好"), town.clock.now(), "zh-CN")
    )
    assert await _whose(town, "wangjianguo") == "王建国"
