"""The sweep: claims deadlines that are due under a lease and runs each in a unit of its own.

A deadline takes effect once: the unit that marks it done is the unit that acts. A process that
dies in the middle leaves the row pending; its lease ends and another takes it. What fell due while
nobody was running is claimed at the next start, oldest first.
"""

from __future__ import annotations

import asyncio
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
LEASE = timedelta(seconds=60)


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

    async def once(self) -> int:
        """Fire all that is due now; returns how many took effect."""
        fired = 0
        while batch := await self._claim():
            done = await asyncio.gather(*(self._fire(deadline) for deadline in batch))
            fired += sum(done)
            if len(batch) < BATCH:
                break
        return fired

    async def _claim(self) -> list[Deadline]:
        return await self._database.write(
            partial(deadlines.claim, by=self._name, now=self._clock.now(), lease=LEASE, most=BATCH)
        )

    async def _fire(self, deadline: Deadline) -> bool:
        try:
            done, queued = await self._database.write(partial(self._unit, deadline))
        except Exception:
            # Left pending: tried again when the lease ends, so a passing fault loses nothing.
            log.exception("deadline-failed", kind=deadline.kind, subject=deadline.subject_id)
            return False
        if queued:
            self._wake()
        return done

    def _unit(self, deadline: Deadline, connection: Connection) -> tuple[bool, int]:
        desk = self._open_desk(connection, self._clock.now())
        if not deadlines.take_effect(connection, deadline.id, by=self._name, at=desk.now):
            return False, 0
        due.fire(desk, deadline)
        return True, desk.post()
