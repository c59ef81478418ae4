"""The virtual clock and what happens on it: people's presses, deadlines falling due, the timetable.

Time jumps from one happening to the next. A press is one unit of work, as the dispatcher would make
of it: refused by the rules or committed, then the messages it caused are handed to their readers,
who may form intentions to press something themselves.
"""

from __future__ import annotations

import heapq
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from typing import TypedDict, Unpack

from sqlalchemy import Connection

from bot import house
from bot.simulation.centre import Cast, Member
from bot.simulation.diary import AGREES_A_TIME, Diary, Did, Known
from bot.simulation.dice import Dice, Luck
from bot.simulation.outages import Outages
from schedules.sweep import Sweep
from schedules.timetable import Crank
from services.desk import Desk
from services.errors import DomainError
from services.rules.standard import Standard
from storage import audit
from storage.audit import Handed
from storage.database import Database
from storage.records import Order, Person

After = Callable[[], None]
Act = Callable[[Desk], After]
"""What a person does in one unit of work; what it returns runs after the commit."""

Refused = Callable[[DomainError], None]

NAME = "simulation"

STANDARD = Standard()
"""The operating standard as it is written: the proof knows its numbers by heart."""

MINUTE = timedelta(minutes=1)
A_WHILE = timedelta(hours=6)
"""How long the timetable rests while nobody agrees to a time.

Its jobs come every minute, and mostly there is nothing for them to do: reminders are planned a
day ahead, so that only a visit agreed on since can need one any sooner.
"""

NOTICES = ("alert-passed-up", "alert-off-duty")
"""What an alert says first that reaches somebody else than was asked for."""

BACKLOG_MINUTES = 2 / 60
"""Within how many minutes of a restart the platform delivers what was pressed during an outage."""


class VirtualClock:
    """Stands still until the simulation moves it."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        """The simulated instant."""
        return self.at


@dataclass(frozen=True, slots=True)
class Letter:
    """A message as its reader sees it: what it is about, and what it offers to press."""

    person_id: int
    matter: str | None
    key: str
    offers: tuple[tuple[str, tuple[str, ...]], ...]

    def args_of(self, action: str) -> tuple[str, ...] | None:
        """The arguments of an offered action; None where it is not offered."""
        return next((args for name, args in self.offers if name == action), None)

    @property
    def order_id(self) -> int | None:
        """The order it is about."""
        kind, _, key = (self.matter or "").partition(":")
        return int(key) if kind == "order" and key.isdigit() else None


Reader = Callable[[Letter], None]


@dataclass(slots=True)
class Intention:
    """Something a person means to press. It lapses where they have changed their mind since."""

    person: Person
    topic: str
    act: Act
    refused: Refused
    is_live: bool = True


def nothing() -> None:
    """Nothing further comes of it."""


def shrug(_refusal: DomainError) -> None:
    """The house said no, and the person lets it be."""


class World:
    """One simulated centre. Behaviours see its clock, dice, cast and diary, and intend things."""

    def __init__(
        self, database: Database, start: datetime, cast: Cast, outages: Outages, luck: Luck
    ) -> None:
        self.clock = VirtualClock(start)
        self.cast = cast
        self.outages = outages
        self.luck = luck
        self.diary = Diary()
        self.readers: list[Reader] = []
        self.refusals = 0
        self.presses = 0
        self._database = database
        self._backlog: Dice = luck.of("backlog")
        self._agenda: list[tuple[datetime, int, Intention]] = []
        self._serial = count()
        self._minds: dict[tuple[int, str], Intention] = {}
        self._last_letter = 0
        self._delivered = 0
        self._next_due: datetime | None = None
        self._next_turn = start
        open_desk = partial(Desk, company=STANDARD, new_seed=luck.of("samples").token)
        self._sweep = Sweep(database, self.clock, name=NAME, open_desk=open_desk, wake=nothing)
        self._crank = Crank(database, self.clock, open_desk=open_desk, wake=nothing)
        # The house's promises need but be imported; its words would be read for nobody.
        self.promises = house.PROMISES

    # What behaviours use

    @property
    def now(self) -> datetime:
        """The simulated instant."""
        return self.clock.at

    def member(self, person_id: int) -> Member | None:
        """The member of staff, if they are one."""
        return self.cast.members.get(person_id)

    def intend(
        self, person: Person, topic: str, after: timedelta, act: Act, refused: Refused = shrug
    ) -> None:
        """The person means to press something later, instead of what else they meant on it."""
        self.forget(person.id, topic)
        intention = Intention(person, topic, act, refused)
        self._minds[person.id, topic] = intention
        self._put(self.now + max(after, timedelta(0)), intention)

    def forget(self, person_id: int, topic: str) -> None:
        """The person has changed their mind."""
        known = self._minds.pop((person_id, topic), None)
        if known is not None:
            known.is_live = False

    def means_to(self, person_id: int, topic: str) -> bool:
        """Whether the person has something in mind on a topic."""
        return (person_id, topic) in self._minds

    def note(self, order: Order, did: Did, person: Person) -> None:
        """Write what was just done into the diary."""
        self.diary.note(order, did, self.now, person.id)
        self._plan_reminders(did)

    def begin(self, order: Order, person: Person, **known: Unpack[Known]) -> None:
        """Write a new order into the diary."""
        self.diary.begin(order, self.now, person.id, **known)
        self._plan_reminders(Did.ASKED_FOR)

    def _plan_reminders(self, did: Did) -> None:
        """A time was agreed on: the timetable is due with the next full minute."""
        if did in AGREES_A_TIME:
            self._next_turn = min(self._next_turn, _next(MINUTE, self.now))

    # How time goes by

    async def run(self, until: datetime) -> None:
        """Let everything happen that happens until an instant, that instant included."""
        await self._hand_out()
        while (at := self._next_happening()) <= until:
            self.clock.at = max(at, self.clock.at)
            await self._happen()
        self.clock.at = until

    def _next_happening(self) -> datetime:
        coming = [self._up(self._next_turn)]
        if self._agenda:
            coming.append(self._agenda[0][0])
        if self._next_due is not None:
            coming.append(self._up(self._next_due))
        return min(coming)

    def _up(self, at: datetime) -> datetime:
        return self.outages.swept_at(at)

    async def _happen(self) -> None:
        """The one thing whose time it is; what is due comes before what is pressed."""
        if self._next_due is not None and self._up(self._next_due) <= self.now:
            await self._sweep.once()
            await self._hand_out()
        elif self._up(self._next_turn) <= self.now:
            self._next_turn = _next(A_WHILE, self.now)
            await self._deliver()
            if await self._crank.once():
                await self._hand_out()
        else:
            _, _, intention = heapq.heappop(self._agenda)
            await self._press(intention)

    async def _deliver(self) -> None:
        """What has been read leaves the outbox's lanes: they never grow long."""
        if self._last_letter > self._delivered:
            deliver = partial(audit.deliver, after=self._delivered, at=self.now)
            await self._database.write(deliver)
            self._delivered = self._last_letter

    async def _press(self, intention: Intention) -> None:
        outage = self.outages.at(self.now)
        if outage is not None:
            self._put(outage.end + self._backlog.within(0, BACKLOG_MINUTES), intention)
            return
        if not intention.is_live:
            return
        self._minds.pop((intention.person.id, intention.topic), None)
        self.presses += 1
        try:
            after, letters = await self._database.write(partial(self._unit, intention.act))
        except DomainError as refusal:
            self.refusals += 1
            intention.refused(refusal)
            return
        after()
        self._read(letters)

    def _put(self, at: datetime, intention: Intention) -> None:
        heapq.heappush(self._agenda, (at, next(self._serial), intention))

    def _unit(self, act: Act, connection: Connection) -> tuple[After, list[Handed]]:
        desk = Desk(connection, self.now, STANDARD)
        after = act(desk)
        return after, self._letters(connection) if desk.post() else self._silence(connection)

    async def _hand_out(self) -> None:
        self._read(await self._database.write(self._letters))

    def _letters(self, connection: Connection) -> list[Handed]:
        """What has been queued since; when something is due next is looked up, too."""
        self._next_due = audit.next_due(connection)
        return audit.new_letters(connection, self._last_letter)

    def _silence(self, connection: Connection) -> list[Handed]:
        self._next_due = audit.next_due(connection)
        return []

    def _read(self, letters: list[Handed]) -> None:
        for handed in letters:
            self._last_letter = max(self._last_letter, handed.id)
            letter = _letter(handed)
            if letter.order_id is not None and handed.person_id in self.cast.members:
                self.diary.staff_told(letter.order_id, self.now)
            for read in self.readers:
                read(letter)


class _Action(TypedDict):
    name: str
    args: list[str]


class _Saying(TypedDict):
    key: str


class _Message(TypedDict):
    """The part of a stored message that its reader acts on."""

    parts: list[_Saying]
    rows: list[list[_Action]]


def _letter(handed: Handed) -> Letter:
    said: _Message = json.loads(handed.message)
    offers = tuple(
        (action["name"], tuple(action["args"])) for row in said["rows"] for action in row
    )
    keys = [part["key"] for part in said["parts"]]
    # Why it comes to this reader stands before what it is about.
    about = next((key for key in keys if not key.startswith(NOTICES)), keys[0])
    return Letter(handed.person_id, handed.matter, about, offers)


def _next(step: timedelta, after: datetime) -> datetime:
    """The next of the times that lie so far apart, from midnight on."""
    day = after.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return day + ((after - day) // step + 1) * step
