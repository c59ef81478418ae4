"""The sweep: claims deadlines that are due under a lease and runs them, a few to a unit of work.

A deadline takes effect once: the unit that marks it done is the unit that acts. A process that
dies in the middle leaves the row pending; its lease ends and another takes it. What fell due while
nobody was running is claimed at the next start, oldest first. Where one of a unit fails, each is
run again in a unit of its own, so that it takes nobody with it.
"""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import structlog
from sqlalchemy import Connection

from services import due
from services.clock import Clock
from services.desk import OpenDesk
from storage import deadlines
from storage.database import Database
from storage.records import Deadline

log = structlog.get_logger()

BATCH = 100
TOGETHER = 20
"""Deadlines to a unit: statements are shared, and no row stays locked for long."""

LEASE = timedelta(seconds=30)


class Sweep:
    """Fires what is due. `wake` is called when that has queued messages."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        *,
        name: str,
        open_desk: OpenDesk,
        wake: Callable[[], None],
    ) -> None:
        self._open_desk = open_desk
        self._database = database
        self._clock = clock
        self._name = name
        self._wake = wake
        self._turn = asyncio.Lock()

    async def once(self) -> int:
        """Fire all that is due now; returns how many took effect.

        Called twice at once, the second waits for the first: after it, nothing is under way.
        """
        async with self._turn:
            return await self._fire_due()

    async def _fire_due(self) -> int:
        fired, more = 0, True
        heavy = deque[Deadline]()
        while more:
            batch = await self._claim()
            heavy.extend(filter(due.is_alone, batch))
            for units in _units([one for one in batch if not due.is_alone(one)]):
                fired += sum(await asyncio.gather(*(self._fire(unit) for unit in units)))
            more = bool(heavy) or len(batch) == BATCH
            if heavy:
                # One at a time: what has fallen due since does not wait for all of them.
                fired += await self._fire([heavy.popleft()])
        return fired

    async def _claim(self) -> list[Deadline]:
        return await self._database.write(
            partial(deadlines.claim, by=self._name, now=self._clock.now(), lease=LEASE, most=BATCH)
        )

    async def _fire(self, together: list[Deadline]) -> int:
        try:
            fired, queued = await self._database.write(partial(self._unit, together))
        except Exception:
            if len(together) > 1:
                return sum([await self._fire([one]) for one in together])
            # Left pending: tried again when the lease ends, so a passing fault loses nothing.
            failed = together[0]
            log.exception("deadline-failed", kind=failed.kind, subject=failed.subject_id)
            return 0
        if queued:
            self._wake()
        return fired

    def _unit(self, together: list[Deadline], connection: Connection) -> tuple[int, int]:
        desk = self._open_desk(connection, self._clock.now())
        ids = [deadline.id for deadline in together]
        fired = deadlines.take_effect(connection, ids, by=self._name, at=desk.now)
        for deadline in together:
            if deadline.id in fired:
                due.fire(desk, deadline)
        return len(fired), desk.post()


def _units(batch: list[Deadline]) -> list[list[list[Deadline]]]:
    """Which deadlines share a unit: a list of rounds, each of units that may run side by side.

    What is due about one subject is spread over the rounds in order of time, for a deadline looks
    at whether a later one about its subject still waits, and may drop it.
    """
    rounds: list[list[Deadline]] = []
    earlier = Counter[int]()
    for deadline in batch:
        place = earlier[deadline.subject_id]
        earlier[deadline.subject_id] += 1
        if place == len(rounds):
            rounds.append([])
        rounds[place].append(deadline)
    return [
        [one[start : start + TOGETHER] for start in range(0, len(one), TOGETHER)] for one in rounds
    ]
