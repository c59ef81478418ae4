"""Killed again and again through a whole service, it loses nothing and doubles nothing."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import aiohttp
import asyncpg
import pytest
from sqlalchemy import func, select

from storage import outbox
from storage.database import open_database
from storage.tables import orders
from tests.conftest import MakeDatabase
from tests.crash.victim import Persistent, Victim

SEEDS = int(os.environ.get("DOORSTEP_SOAK", "1"))
"""How many random runs a database; small by default."""

STEPS = Counter(
    registered=1, offered=1, accepted=1, set_out=1, arrived=1, explained=1, agreed=1, finished=1
)
"""What a whole service leaves in the history, once each (ratings are told by their own rows)."""

pytestmark = [pytest.mark.soak, pytest.mark.timeout(300)]


@pytest.mark.parametrize("seed", range(SEEDS))
async def test_a_service_survives_kills_on_sqlite(seed: int, tmp_path: Path) -> None:
    victim = Victim(tmp_path)
    await _serve_under_kills(victim, random.Random(seed))
    with contextlib.closing(sqlite3.connect(tmp_path / "doorstep.db")) as books:
        _check({query: books.execute(query).fetchall() for query in QUERIES}, victim)


@pytest.mark.parametrize("seed", range(SEEDS))
async def test_a_service_survives_kills_on_postgresql(
    seed: int, tmp_path: Path, postgres: MakeDatabase
) -> None:
    url = postgres(f"crash{os.getpid()}x{seed}", None)
    victim = Victim(tmp_path, url)
    await _serve_under_kills(victim, random.Random(seed))
    books = await asyncpg.connect(url)
    rows = {query: [tuple(row) for row in await books.fetch(query)] for query in QUERIES}
    await books.close()
    _check(rows, victim)


async def _serve_under_kills(victim: Victim, chance: random.Random) -> None:
    """A whole service, while somebody kills the process at random moments; then a clean stop."""
    async with _hand(victim, chance) as hand:
        await _live_through_a_service(hand)
        await hand.sees("owner-1", "修改评价")
        await _settles(hand, victim)
        await victim.stops()
    assert victim.kills >= 2
    assert "incident" not in victim.log(), victim.log()


@contextlib.asynccontextmanager
async def _hand(victim: Victim, chance: random.Random) -> AsyncIterator[Persistent]:
    await victim.starts()
    timeout = aiohttp.ClientTimeout(total=20)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        yield Persistent(session, victim, chance)


async def _knows_the_past(victim: Victim) -> None:
    """The demo's orders of the days before are none of the service's."""
    database = open_database(victim.database_url)
    newest = select(func.max(orders.c.id))
    victim.past = await database.read(lambda books: books.execute(newest).scalar_one()) or 0
    await database.close()


async def _live_through_a_service(hand: Persistent) -> None:
    await hand.says("owner-1", "预约服务")
    await _knows_the_past(hand.victim)
    await hand.taps("owner-1", "水暖")
    await hand.taps("owner-1", "换水龙头")
    await hand.taps("owner-1", "明天 ")
    await hand.taps("owner-1", "确认预约")
    worker = await _who_is_asked(hand)
    await hand.taps(worker, "接单")
    visit = await _just_before_nine_tomorrow(hand)
    await hand.clock_reaches(visit)
    await hand.taps(worker, "出发")
    await hand.taps(worker, "已到达")
    await hand.taps(worker, "已说明内容和价格")
    await hand.taps(worker, "¥40")
    await hand.taps("owner-1", "同意报价")
    await hand.taps(worker, "完工")
    await hand.taps(worker, "已修好")
    await hand.taps("owner-1", "满意")
    await hand.taps("owner-1", "准时")


async def _who_is_asked(hand: Persistent) -> str:
    waiting = [asyncio.create_task(hand.sees(one, "接单")) for one in ("tech-1", "tech-2")]
    done, late = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    for task in late:
        task.cancel()
    return ("tech-1", "tech-2")[waiting.index(done.pop())]


async def _just_before_nine_tomorrow(hand: Persistent) -> str:
    """The first start tomorrow is 09:00; three minutes before it is punctual."""
    for _ in range(100):
        with contextlib.suppress(aiohttp.ClientError, TimeoutError, ValueError):
            async with hand.session.get(f"{hand.url}api/state") as response:
                clock = (await response.json())["clock"]
            now = datetime.fromisoformat(clock["now"]).astimezone(ZoneInfo(clock["zone"]))
            return f"{now.date() + timedelta(days=1)}T08:57"
        await asyncio.sleep(0.1)
    raise AssertionError("the sandbox told no time")


async def _settles(hand: Persistent, victim: Victim) -> None:
    """Everything has been delivered: none waits, not even for the lease of a killed process."""
    database = open_database(victim.database_url)
    shown = -1
    for _ in range(100):
        with contextlib.suppress(aiohttp.ClientError, TimeoutError, ValueError):
            state = await hand.state()
            if state.seq == shown and not await database.read(outbox.waiting):
                break
            shown = state.seq
        await asyncio.sleep(1.5)
    await database.close()


ORDERS = "SELECT id, state, satisfied, on_time FROM orders"
HISTORY = "SELECT order_id, what FROM order_events"
UNDELIVERED = "SELECT id FROM outbox WHERE state NOT IN ('delivered', 'superseded')"
WAITING = "SELECT endpoint_id FROM lanes WHERE pending <> 0"
DEADLINES = "SELECT once FROM deadlines"
ASKED = "SELECT order_id, person_id FROM offers WHERE state = 'accepted'"
VERDICTS = "SELECT order_id, rule, verdict FROM verdicts"
BY_ORDER = (ORDERS, HISTORY, ASKED, VERDICTS)
QUERIES = (ORDERS, HISTORY, UNDELIVERED, WAITING, DEADLINES, ASKED, VERDICTS)


def _check(rows: dict[str, list[tuple[object, ...]]], victim: Victim) -> None:
    """Every order, deadline and message exactly once, and nothing undelivered."""
    for query in BY_ORDER:
        rows[query] = [row for row in rows[query] if int(str(row[0])) > victim.past]
    ((_, state, satisfied, on_time),) = rows[ORDERS]
    assert (state, bool(satisfied), bool(on_time)) == ("finished", True, True)
    history = Counter(str(what) for _, what in rows[HISTORY])
    assert {step: history[step] for step in STEPS} == dict(STEPS), history
    assert not rows[UNDELIVERED]
    assert not rows[WAITING]
    assert len(rows[ASKED]) == 1
    promises = [once for (once,) in rows[DEADLINES]]
    assert len(promises) == len(set(promises))
    verdicts = {rule: verdict for _, rule, verdict in rows[VERDICTS]}
    assert verdicts["punctuality"] == "met"
    assert verdicts["minor_completion"] == "met"
