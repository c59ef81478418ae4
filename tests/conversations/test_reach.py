"""Who can be told: alerts find somebody up the house, and the desk sees whom no chat reaches."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, select, update

from services.reach import Why, barrier
from storage.reach import Chat
from storage.tables import endpoints
from tests.conversation import Actor, Town, on_ordinary_telephones
from tests.conversations.after_work import finished, only_by_phone
from tests.conversations.jobs import appointed
from tests.conversations.reach import (
    has_left,
    has_none_left,
    has_not_written_for_long,
    is_spoken_with,
    may_be_told,
)


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


# 联系不上


@on_ordinary_telephones
async def test_3_10_the_desk_sees_whom_no_chat_reaches_the_soonest_visit_first(
    town: Town, neighbour: Actor, cs: Actor
) -> None:
    await appointed(town)
    await neighbour.presses_data("urgent.report|burst_pipe|0")
    await has_not_written_for_long(town, "owner")
    await has_left(town, "neighbour")
    await has_not_written_for_long(town, "tenant")  # for whom nothing is open
    await cs.commands("start")
    await cs.presses("联系不上")
    head, urgent, gone, visit, closed, others = cs.newest().text.split("\n")
    assert "2 位" in head
    assert urgent.startswith("1. 5-802　刘芳　水管爆裂　紧急")
    assert "不收消息" in gone
    assert visit.startswith("2. 3-1201　张伟　换水龙头　今天 11月24日 周二 15:00")
    assert "微信客服窗口在 今天" in closed
    assert "10:00 关闭" in closed
    assert others == "另有 1 位已绑定的住户现在也收不到消息，他们没有要办的事。"
    await cs.presses("🚨")
    assert "5-802" in cs.newest().text


async def test_3_10_whoever_writes_again_leaves_the_board(town: Town, cs: Actor) -> None:
    await appointed(town)
    await has_not_written_for_long(town, "owner")
    await cs.presses_data("board.unreached")
    assert "张伟" in cs.newest().text
    await may_be_told(town, "owner")
    await cs.presses_data("board.unreached")
    assert cs.newest().text == "有事要办的业主，现在都能收到消息。"


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (is_spoken_with, "10:00 起同事正在微信客服里跟业主说话"),
        (has_none_left, "微信客服能发的条数在"),
        (has_left, "10:00 起聊天账号不收消息了"),
    ],
)
async def test_3_10_the_board_says_why_and_since_when(
    town: Town, cs: Actor, event: Callable[[Town, str], Awaitable[None]], words: str
) -> None:
    await appointed(town)
    await event(town, "owner")
    await town.passes(minutes=3)
    await cs.presses_data("board.unreached")
    assert words in cs.newest().text


async def test_3_10_a_caller_without_a_chat_and_an_open_case_are_on_the_board(
    town: Town, owner: Actor, wang: Actor, cs: Actor
) -> None:
    await finished(owner, wang)
    await cs.presses_data("board.unreached")
    assert "张伟" not in cs.newest().text
    await owner.presses("不满意")
    await has_not_written_for_long(town, "owner")
    await cs.presses_data("board.unreached")
    assert "张伟　水管爆裂　已完工，问题还没处理完" in cs.newest().text
    await only_by_phone(town)
    await cs.presses_data("board.unreached")
    assert "没有聊天账号" in cs.newest().text


@pytest.mark.parametrize(
    "event", [is_spoken_with, has_none_left, has_left, has_not_written_for_long]
)
async def test_3_10_the_boards_foot_counts_others_who_live_there(
    town: Town, cs: Actor, event: Callable[[Town, str], Awaitable[None]]
) -> None:
    for key in ("tenant", "moved_out", "far_owner"):
        await event(town, key)
    await cs.presses_data("board.unreached")
    assert "另有 1 位" in cs.newest().text
    await may_be_told(town, "neighbour")
    await event(town, "neighbour")
    await cs.presses_data("board.unreached")
    assert "另有 2 位" in cs.newest().text


async def test_one_person_with_two_orders_is_one_line(town: Town, owner: Actor, cs: Actor) -> None:
    await appointed(town)
    await owner.presses_data("urgent.report|burst_pipe|0")
    await has_not_written_for_long(town, "owner")
    await cs.presses_data("board.unreached")
    assert "1 位" in cs.newest().text
    assert "水管爆裂　紧急" in cs.newest().text
    assert "换水龙头" not in cs.newest().text


async def test_the_board_is_the_desks_own_and_of_its_centre(
    town: Town, owner: Actor, wang: Actor, far_cs: Actor, supervisor: Actor, control: Actor
) -> None:
    await appointed(town)
    await has_not_written_for_long(town, "owner")
    for one in (wang, owner):
        await may_be_told(town, "owner")
        await one.presses_data("board.unreached")
        assert "不归您办理" in one.newest().text
    await has_not_written_for_long(town, "owner")
    await far_cs.presses_data("board.unreached")
    assert "张伟" not in far_cs.newest().text
    for one in (supervisor, control):
        await one.presses_data("board.unreached")
        assert "张伟" in one.newest().text


# On the order's cards


async def test_3_10_the_orders_card_says_that_its_owner_must_be_phoned(
    town: Town, cs: Actor
) -> None:
    await appointed(town)
    await cs.presses_data("desk.order|1")
    assert "收不到消息" not in cs.newest().text
    await has_not_written_for_long(town, "owner")
    await cs.presses_data("desk.order|1")
    assert "业主现在收不到消息：微信客服窗口已于 今天" in cs.newest().text


async def test_5_2_6_a_technician_hears_it_when_the_visit_is_near(town: Town, wang: Actor) -> None:
    await appointed(town)
    await has_not_written_for_long(town, "owner")
    await wang.presses("接单")
    assert "收不到我们的消息" not in wang.says()
    await town.until("14:40")
    await wang.presses("出发")
    assert "见面时请业主先在聊天里发一句话" in wang.newest().text
    await may_be_told(town, "owner")
    await town.until("15:00")
    await wang.presses("已到达")
    assert "发一句话" not in wang.newest().text


# The arithmetic of it

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
moments = st.timedeltas(timedelta(hours=-72), timedelta(hours=72)).map(lambda gap: NOW + gap)
chats = st.builds(
    Chat,
    endpoint_id=st.integers(1, 9),
    person_id=st.just(1),
    gone_at=st.none() | moments,
    until=moments,
    left=st.integers(-1, 5),
    silenced_at=st.none() | moments,
)


@given(st.lists(chats, max_size=4))
def test_whoever_has_one_open_chat_can_be_written_to(several: list[Chat]) -> None:
    found = barrier(several, NOW)
    is_open = [
        one.gone_at is None and one.silenced_at is None and one.until > NOW and one.left > 0
        for one in several
        if one.until is not None and one.left is not None
    ]
    assert (found is None) == any(is_open)
    assert (found is not None and found.why is Why.NO_CHAT) == (not several)


@given(chats)
def test_a_chat_without_a_window_is_closed_by_leaving_it_alone(chat: Chat) -> None:
    bare = Chat(chat.endpoint_id, chat.person_id, gone_at=chat.gone_at)
    found = barrier([bare], NOW)
    assert (found is None) == (chat.gone_at is None)
    assert found is None or (found.why, found.since) == (Why.GONE, chat.gone_at)


@given(chats, chats)
def test_of_two_barriers_the_one_that_passes_sooner_is_said(one: Chat, other: Chat) -> None:
    found = [barrier([chat], NOW) for chat in (one, other)]
    both = barrier([one, other], NOW)
    if all(found):
        ranks = [list(Why).index(each.why) for each in found if each is not None]
        assert both is not None
        assert list(Why).index(both.why) == min(ranks)
