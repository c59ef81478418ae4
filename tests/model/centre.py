"""The house as the model sees it: its real services on a real database, one unit at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, create_engine

from schedules.sweep import BATCH, LEASE
from services import booking, due, urgent
from services.booking import Booking
from services.desk import Desk
from services.rules.emergencies import EmergencyKind
from storage import deadlines, people
from storage.records import Deadline, Person, Source
from tests.conversation import Telephones
from tests.town import TUESDAY_10

T = TypeVar("T")


@contextmanager
def opened(path: Path) -> Iterator[Connection]:
    """A connection on which a story begins and is undone, as often as one likes."""
    engine = create_engine(f"sqlite:///{path}", isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA foreign_keys=ON")
        yield connection
    engine.dispose()


class Centre:
    """The service centre of the town: what is asked of it is a unit that happens whole or not."""

    def __init__(self, connection: Connection, at: datetime = TUESDAY_10) -> None:
        self.now = at
        self._connection = connection
        self._say("BEGIN")

    def _say(self, words: str) -> None:
        self._connection.exec_driver_sql(words)

    def close(self) -> None:
        """The story never happened: the next begins in the same town."""
        self._say("ROLLBACK")

    def do(self, unit: Callable[[Desk], T]) -> T:
        """Run a unit as the dispatcher does; where the house says no, nothing of it stays."""
        self._say("SAVEPOINT unit")
        desk = Desk(self._connection, self.now)
        try:
            done = unit(desk)
        except BaseException:
            self._say("ROLLBACK TO unit")
            raise
        finally:
            self._say("RELEASE unit")
        desk.post()
        return done

    # What owners ask for

    def hears_of_an_emergency(self) -> None:
        """The owner reports a burst pipe."""
        report = urgent.Report(
            centre_id=1,
            kind=EmergencyKind.BURST_PIPE,
            place="3-1201",
            source=Source.OWNER,
            channel=Telephones.name,
            room_id=self._home(),
            person_id=self.person("owner").id,
        )
        self.do(lambda desk: urgent.report(desk, report))

    def books(self, code: str, slot: int) -> datetime:
        """The owner books an item at one of the free times, the next being 0; returns it."""
        item = self.do(lambda desk: booking.find_item(desk, 1, code))
        free = self.do(lambda desk: booking.next_free(desk, item, count=slot + 1))
        asked = Booking(
            centre_id=1,
            item_id=item.id,
            starts_at=free[-1],
            place="3-1201",
            contact_name="张伟",
            contact_phone="13800100001",
            source=Source.OWNER,
            channel=Telephones.name,
            room_id=self._home(),
            person_id=self.person("owner").id,
        )
        self.do(lambda desk: booking.book(desk, asked))
        return free[-1]

    def _home(self) -> int:
        owner = self.person("owner")
        ((_, room),) = self.look(lambda c: people.homes_of(c, owner.id))
        return room.id

    # What is on record

    def look(self, unit: Callable[[Connection], T]) -> T:
        """Read from the database."""
        return unit(self._connection)

    def changes(self) -> int:
        """How many rows have been written so far, undone ones counted."""
        return int(self.look(lambda c: c.exec_driver_sql("SELECT total_changes()").scalar_one()))

    def person(self, key: str) -> Person:
        """Somebody of the town."""
        known = people.who(self._connection, Telephones.name, key)
        assert known is not None
        return known[1]

    # Time

    def next_due(self) -> datetime | None:
        """When the next deadline falls due that nobody has claimed."""
        return deadlines.next_due(self._connection)

    def claim(self, by: str) -> list[Deadline]:
        """What one sweeper takes, to act on it now or later."""
        return self.do(
            lambda desk: deadlines.claim(
                desk.connection, by=by, now=desk.now, lease=LEASE, most=BATCH
            )
        )

    def fire(self, deadline: Deadline, by: str) -> bool:
        """One sweeper acts on one claim, if it is its own still; whether it did."""

        def unit(desk: Desk) -> bool:
            if not deadlines.take_effect(desk.connection, [deadline.id], by=by, at=desk.now):
                return False
            due.fire(desk, deadline)
            return True

        return self.do(unit)

    def sweep(self, by: str = "sweep") -> None:
        """All that is due happens, in order of time."""
        while claimed := self.claim(by):
            for deadline in claimed:
                self.fire(deadline, by)

    def live_until(self, at: datetime) -> None:
        """Time passes, and what falls due on the way happens at its time."""
        while (soonest := self.next_due()) is not None and soonest <= at:
            self.now = max(self.now, soonest)
            self.sweep()
        self.now = max(self.now, at)
        self.sweep()

    def step(self, by: timedelta) -> None:
        """The clock moves, forth or back, and nobody is there to act."""
        self.now += by
