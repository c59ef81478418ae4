"""Each home is asked once: several sweeps at once, a restart, a clock set back, two months."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import Connection

from schedules.sweep import LEASE, Sweep
from services.desk import Desk
from storage import deadlines
from storage.records import VisitState
from tests.conversation import Actor, Telephones, Town, on_ordinary_telephones
from tests.conversations.visited import (
    asked,
    draw,
    many_homes,
    questionnaires_sent,
)
from tests.conversations.visits import every_visit, visit

HOMES = 30
QUESTION = "您对这次服务满意吗"

pytestmark = [pytest.mark.written, on_ordinary_telephones]


def _sweep(town: Town, name: str) -> Sweep:
    return Sweep(town.house.database, town.clock, name=name, open_desk=Desk, wake=lambda: None)


async def _draws(town: Town, *, times: int = 1) -> None:
    """So many homes, each drawn so many times; whoever comes first to a home asks it."""
    now = town.clock.now()

    def unit(connection: Connection) -> None:
        homes = many_homes(connection, count=HOMES, channel=Telephones.name, now=now)
        for home in homes * times:
            due_at = now + timedelta(days=7)
            draw(connection, now=now, order_id=None, room_id=home, due_at=due_at)

    await town.change(unit)


async def _each_home_heard_once(town: Town) -> None:
    await town.settles()
    heard = [
        "".join(shown.text for shown in screen).count(QUESTION)
        for key, screen in town.telephones.screens.items()
        if key.startswith("home-")
    ]
    assert heard == [1] * HOMES
    sent = await questionnaires_sent(town)
    assert len(sent) == len(set(sent)) == HOMES


async def test_5_4_2_two_sweeps_at_once_ask_each_home_once(town: Town) -> None:
    await _draws(town)
    fired = await asyncio.gather(_sweep(town, "one").once(), _sweep(town, "two").once())
    assert sum(fired) == HOMES
    await _each_home_heard_once(town)


async def test_3_6_a_home_drawn_for_two_months_and_due_twice_at_once_is_asked_once(
    town: Town,
) -> None:
    await _draws(town, times=2)
    await asyncio.gather(_sweep(town, "one").once(), _sweep(town, "two").once())
    while await town.house.sweep.once():
        pass
    await _each_home_heard_once(town)
    states = [one.state for one in await every_visit(town)]
    assert (states.count(VisitState.ASKED), states.count(VisitState.TASK)) == (HOMES, HOMES)
    assert {one.task_why for one in await every_visit(town)} == {"", "recent"}


async def test_5_4_2_a_process_that_dies_amid_the_asking_leaves_nobody_unasked_or_asked_twice(
    town: Town,
) -> None:
    await _draws(town)
    now, half = town.clock.now(), HOMES // 2
    claim = partial(deadlines.claim, by="killed", now=now, lease=LEASE, most=half)
    await town.change(claim)
    await town.house.sweep.once()
    await town.settles()
    town.restarts()
    await town.house.sweep.once()
    assert len(await questionnaires_sent(town)) == HOMES - half
    town.clock.step(LEASE + timedelta(seconds=1))
    await town.house.sweep.once()
    await _each_home_heard_once(town)


async def test_5_4_2_a_clock_set_back_asks_and_reminds_nobody_twice(
    town: Town, owner: Actor
) -> None:
    await asked(town)
    at = (await visit(town)).asked_at
    town.clock.step(timedelta(hours=-3))
    await town.fires()
    await town.passes(hours=26, minutes=59)
    assert owner.says().count(QUESTION) == 1
    assert (await visit(town)).asked_at == at
    await town.passes(minutes=1)
    town.clock.step(timedelta(hours=-1))
    await town.fires()
    await town.passes(hours=1)
    assert owner.says().count("还没有收到您的回答") == 1
