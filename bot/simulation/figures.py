"""What a simulated centre came to in figures, counted from the books."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from bot.simulation.diary import Did
from bot.simulation.outages import Outages
from bot.simulation.proof import ESCALATED, Books, stage_of
from bot.simulation.world import World
from services.rules.response_times import Rule, Verdict
from storage.audit import File
from storage.records import Deadline, OrderKind, OrderState

EMERGENCY = "emergency"


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    met: int
    of: int


@dataclass(frozen=True, slots=True)
class Lateness:
    """The outages, and what was late because of them: how many deadlines, and the longest wait."""

    outages: int
    minutes_down: int
    late: dict[str, int]
    longest_minutes: int


@dataclass(frozen=True, slots=True)
class Figures:
    """The counts of a simulation.

    `said_no` counts the presses that the rules refused. `refusals` are 拒单, `hand_overs` 转单.
    `holds` counts how often a job was held, `wanted_later` the owners who confirmed that it is
    their own wish, `merged` the reports that joined an earlier one,
    `reworks` the repairs that an owner said were not mended.
    """

    orders: int
    by_kind: dict[str, int]
    finished: int
    cancelled: int
    emergencies: Share
    minor: Share
    punctual: Share
    majors: Share
    refusals: int
    lapsed: int
    hand_overs: int
    holds: int
    wanted_later: int
    merged: int
    reworks: int
    escalations: dict[str, int]
    cases: dict[str, int]
    lateness: Lateness
    presses: int
    said_no: int


def figures(books: Books, world: World) -> Figures:
    """Count the books."""
    files = books.files
    steps = Counter(event.what for file in files for event in file.events)
    states = Counter(file.order.state for file in files)
    return Figures(
        orders=len(files),
        by_kind=_sorted(_kind(file) for file in files),
        finished=states[OrderState.FINISHED],
        cancelled=states[OrderState.CANCELLED],
        emergencies=_share(files, Rule.EMERGENCY_ARRIVAL),
        minor=_share(files, Rule.MINOR_COMPLETION),
        punctual=_share(files, Rule.PUNCTUALITY),
        majors=_share(files, Rule.MAJOR_RESPONSE),
        refusals=steps["declined"],
        lapsed=steps["lapsed"],
        hand_overs=steps["transferred"],
        holds=steps["held"],
        wanted_later=world.diary.count(Did.WANTED_LATER),
        merged=sum(file.order.merged_into is not None for file in files),
        reworks=sum(file.order.rework_of is not None for file in files),
        escalations=_sorted(stage for file in files for stage in _stages(file)),
        cases=_sorted(case.grade for file in files for case in file.cases),
        lateness=_lateness(books.fired, world.outages),
        presses=world.presses,
        said_no=world.refusals,
    )


def _sorted(names: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(names).items()))


def _kind(file: File) -> str:
    """Housekeeping, repair, other; or an emergency, also one that turned out to be none."""
    urgent = file.order.kind is OrderKind.EMERGENCY or file.order.emergency is not None
    return EMERGENCY if urgent else file.order.trade.value


def _share(files: Iterable[File], rule: Rule) -> Share:
    verdicts = Counter(
        row.verdict for file in files for row in file.verdicts if row.rule == rule.value
    )
    met = verdicts[Verdict.MET]
    return Share(met, met + verdicts[Verdict.MISSED])


def _stages(file: File) -> list[str]:
    return [stage_of(line) for line in file.events if line.what == ESCALATED]


def _lateness(fired: Iterable[Deadline], outages: Outages) -> Lateness:
    late = [row for row in fired if outages.at(row.due_at) is not None]
    waits = [row.fired_at - row.due_at for row in late if row.fired_at is not None]
    down = sum((one.end - one.start for one in outages.all), timedelta(0))
    return Lateness(
        outages=len(outages.all),
        minutes_down=down // timedelta(minutes=1),
        late=_sorted(row.kind for row in late),
        longest_minutes=max(waits, default=timedelta(0)) // timedelta(minutes=1),
    )
