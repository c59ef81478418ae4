"""One simulation from empty books to its proof."""

from __future__ import annotations

import json
import tempfile
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

from bot.simulation.casework import Casework
from bot.simulation.centre import ZONE, Cast, open_centre
from bot.simulation.demand import Demand
from bot.simulation.desks import Desks
from bot.simulation.dice import Luck
from bot.simulation.figures import Figures, figures
from bot.simulation.outages import happen
from bot.simulation.proof import Proof, prove, read_books
from bot.simulation.residents import Residents
from bot.simulation.technicians import Technicians
from bot.simulation.world import World
from services.desk import Desk
from services.imports import Progress
from storage.database import Database
from storage.lone import open_alone
from storage.migrate import upgrade

START = datetime(2026, 3, 2, tzinfo=ZONE).astimezone(UTC)
"""A Monday at midnight, in the centre."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is simulated; `busy` multiplies what is usually wanted, `trouble` the outages."""

    seed: int = 1
    days: int = 90
    rooms: int = 2000
    staff: int = 20
    busy: float = 1.0
    trouble: float = 1.0


@dataclass(frozen=True, slots=True)
class Report:
    """What a simulation came to; the same plan gives the same report to the byte."""

    plan: Plan
    figures: Figures
    proof: Proof

    def as_json(self) -> str:
        """The report as one JSON object, its keys in order."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)


class Simulation:
    """A centre that has opened; `run` lets its time go by, in one go or in several."""

    def __init__(self, plan: Plan, database: Database, world: World) -> None:
        self.plan = plan
        self.database = database
        self.world = world
        self.end = START + timedelta(days=plan.days)

    @classmethod
    async def open(cls, plan: Plan, database: Database) -> Simulation:
        """Open the centre in an empty database.

        Raises:
            NotEmpty: there is a centre in it already.
        """
        await database.migrate(upgrade)
        luck = Luck(plan.seed)
        cast: Cast = await database.write(
            lambda connection: open_centre(
                Desk(connection, START),
                luck.of("centre"),
                rooms=plan.rooms,
                staff=plan.staff,
                days=plan.days,
            )
        )
        end = START + timedelta(days=plan.days)
        outages = happen(luck.of("outages"), START, end, plan.trouble)
        world = World(database, START, cast, outages, luck)
        Technicians(world)
        Casework(world)
        demand = Demand(world, Residents(world), Desks(world), plan.busy)
        demand.arrive(START, end)
        return cls(plan, database, world)

    async def run(self, until: datetime | None = None) -> None:
        """Let time go by until an instant, by default to the end."""
        await self.world.run(until or self.end)

    async def conclude(self) -> Report:
        """Count, and prove, what has come of it so far."""
        now = self.world.now
        books = await self.database.read(lambda connection: read_books(connection, now))
        return Report(
            self.plan,
            figures(books, self.world),
            prove(books, self.world.diary, self.world.outages, now),
        )


@dataclass(frozen=True, slots=True)
class Simulated:
    """A report, and how long it took by the real clock, which is no part of it."""

    report: Report
    seconds: float

    @property
    def orders_a_second(self) -> float:
        """Simulated orders a real second."""
        return self.report.figures.orders / max(self.seconds, 0.001)


async def simulate_centre(plan: Plan, url: str | None, progress: Progress) -> Simulated:
    """A simulation from the first day to the last, in the database at `url` or a temporary file.

    Raises:
        NotEmpty: there is a centre in the database. ValueError: no database of ours.
    """
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="doorstep-simulation-") as folder:
        database = open_alone(url or f"sqlite:///{folder}/simulation.db")
        try:
            simulation = await Simulation.open(plan, database)
            for day in range(1, plan.days + 1):
                progress(day - 1, plan.days)
                await simulation.run(START + timedelta(days=day))
            report = await simulation.conclude()
        finally:
            await database.close()
    return Simulated(report, time.monotonic() - began)
