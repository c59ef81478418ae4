"""The house put together: handlers, forms, words, relay, sweep and timetable over one database.

The composition root (`app`) and the tests build the same house; only channels and clock differ.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import ModuleType

from bot.channels.base import Channel
from bot.charts.studio import Draw
from bot.dispatcher import Dispatcher
from bot.flow import Forms
from bot.handlers import (
    approvals,
    binding,
    board,
    booking,
    cases,
    figures,
    holds,
    household,
    intake,
    jobs,
    language,
    mishaps,
    orders,
    questionnaires,
    ratings,
    reminders,
    reworks,
    start,
    talks,
    urgent,
    visits,
)
from bot.relay import Relay
from bot.router import Router
from bot.wording import Wording
from schedules.sweep import Sweep
from schedules.timetable import TIMETABLE, Crank, Job
from services import ladders
from services import reminders as reminding
from services.clock import Clock
from services.desk import Desk, chance
from services.rules.standard import Standard
from storage import deadlines, outbox
from storage.database import Database

CONVERSATIONS: tuple[ModuleType, ...] = (
    language,
    binding,
    household,
    booking,
    orders,
    reworks,
    jobs,
    mishaps,
    holds,
    ratings,
    cases,
    board,
    visits,
    intake,
    approvals,
    talks,
    questionnaires,
    urgent,
    figures,
    reminders,
    start,
)
"""In the order in which free words, pictures and contacts are offered to them."""

PROMISES = (ladders, reminding)
"""Imported for what they do when something falls due."""


def router() -> Router:
    """Every handler there is."""
    return Router("all").include(module.router for module in CONVERSATIONS)


def forms() -> Forms:
    """Every form there is."""
    return Forms([flow for module in CONVERSATIONS for flow in getattr(module, "flows", ())])


@dataclass(frozen=True, slots=True)
class House:
    """What runs: the dispatcher takes events, the relay delivers, the sweep minds the time."""

    database: Database
    dispatcher: Dispatcher
    relay: Relay
    sweep: Sweep
    crank: Crank

    async def take_over(self) -> None:
        """Take over what a killed process had leased; only where no other process runs."""
        await self.database.write(outbox.free_lanes)
        await self.database.write(deadlines.release)


def build(
    database: Database,
    channels: Mapping[str, Channel],
    clock: Clock,
    *,
    name: str,
    photo: Callable[[str], Path],
    company: Standard,
    draw: Draw | None = None,
    machine: Clock | None = None,
    new_seed: Callable[[], str] = chance,
    jobs: tuple[Job, ...] = TIMETABLE,
) -> House:
    """Put the house together. `name` tells this process from others on the same database.

    `clock` tells the centre's time, `machine` the time by which messages are paced; they differ
    where a sandbox pushes the centre's ahead. `draw` makes pictures of charts; without it their
    words go out alone. `new_seed` seeds what is drawn by lot; `jobs` is the timetable.
    """
    wording = Wording()
    open_desk = partial(Desk, company=company, new_seed=new_seed)
    relay = Relay(
        database, channels, wording, clock, name=name, photo=photo, draw=draw, machine=machine
    )
    return House(
        database=database,
        dispatcher=Dispatcher(
            database,
            router(),
            forms(),
            wording,
            open_desk=open_desk,
            wake=relay.wake,
            choices={one: channel.limits.choices for one, channel in channels.items()},
        ),
        relay=relay,
        sweep=Sweep(database, clock, name=name, open_desk=open_desk, wake=relay.wake),
        crank=Crank(database, clock, open_desk=open_desk, wake=relay.wake, jobs=jobs),
    )
