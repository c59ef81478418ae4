"""A restart at the very second of a deadline: it takes effect once, whoever held it before."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from schedules.sweep import LEASE
from storage import deadlines
from tests.conversation import Actor, Town
from tests.conversations.jobs import cases_of, urgent

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
MISSED = "超过到场时限"


@pytest.mark.parametrize("off", [-SECOND, 0 * SECOND, SECOND], ids=["before", "at", "after"])
async def test_5_2_7_a_restart_around_the_second_of_the_limit(
    town: Town, owner: Actor, wang: Actor, head: Actor, off: timedelta
) -> None:
    await urgent(owner)
    await wang.presses("接单")
    due_at = town.clock.now() + 10 * MINUTE + SECOND
    await town.until(due_at - 2 * SECOND)
    town.clock.at = due_at + off
    town.restarts()
    await town.fires()
    assert head.says().count(MISSED) == int(off >= 0 * SECOND)
    town.restarts()
    await town.fires()
    await town.passes(minutes=5)
    assert head.says().count(MISSED) == 1
    assert len(await cases_of(town)) == 1


@pytest.mark.parametrize("off", [0 * SECOND, SECOND], ids=["at", "after"])
async def test_5_2_7_a_process_killed_with_the_claim_in_its_hands(
    town: Town, town_url: str, owner: Actor, wang: Actor, head: Actor, off: timedelta
) -> None:
    """Alone on an embedded database the next one takes over at once; else the lease runs out."""
    await urgent(owner)
    await wang.presses("接单")
    due_at = town.clock.now() + 10 * MINUTE + SECOND
    await town.until(due_at - 2 * SECOND)
    town.clock.at = due_at + off
    claim = partial(deadlines.claim, by="killed", now=town.clock.now(), lease=LEASE, most=100)
    assert len(await town.change(claim)) == 1
    town.restarts()
    if town_url.startswith("sqlite"):
        await town.house.take_over()
    else:
        assert await town.house.sweep.once() == 0
        town.clock.step(LEASE)
        assert await town.house.sweep.once() == 0
        town.clock.step(SECOND)
    await town.fires()
    await town.passes(minutes=5)
    assert head.says().count(MISSED) == 1
    assert len(await cases_of(town)) == 1
    assert (await town.verdicts())["emergency_arrival"] == "missed"
