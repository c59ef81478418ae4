"""The year's clock: from one happening to the next, and people mean to do things in between."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from storage import deadlines
from tests.conversation import Shown, Town
from tests.year.exchange import Exchange

Act = Callable[[], Awaitable[None]]
Reader = Callable[[Shown], None]


class Calendar:
    """Lets what falls due and what people mean to do happen, each at its time."""

    def __init__(self, town: Town, exchange: Exchange) -> None:
        self.town = town
        self.readers: dict[str, Reader] = {}
        self._exchange = exchange
        self._agenda: list[tuple[datetime, int, Act]] = []
        self._serial = itertools.count()

    @property
    def now(self) -> datetime:
        """The present instant."""
        return self.town.clock.now()

    def later(self, act: Act, *, minutes: float = 0) -> None:
        """Somebody means to do something so many minutes from now."""
        self.at(self.now + timedelta(minutes=minutes), act)

    def at(self, moment: datetime, act: Act) -> None:
        """Somebody means to do something at that moment."""
        heapq.heappush(self._agenda, (moment, next(self._serial), act))

    async def runs(self, until: datetime) -> None:
        """Everything happens that happens before then; what arrives is read as it arrives."""
        while (at := await self._next()) is not None and at < until:
            self.town.clock.at = max(at, self.now)
            if self._agenda and self._agenda[0][0] <= at:
                await heapq.heappop(self._agenda)[2]()
            else:
                await self.town.fires()
            self._read()
        self.town.clock.at = until
        await self.town.fires()  # the timetable has its turn, though nothing may be due
        self._read()

    async def _next(self) -> datetime | None:
        # Asked of the writer: a reader's few words go to another thread and back one by one.
        due = await self.town.change(deadlines.next_due)
        planned = self._agenda[0][0] if self._agenda else None
        return min((at for at in (due, planned) if at is not None), default=None)

    def _read(self) -> None:
        for address, shown in self._exchange.arrivals():
            if address in self.readers:
                self.readers[address](shown)
