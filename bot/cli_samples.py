"""`doorstep sample show`: whom a month's sample drew, from what, and the same drawn again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table

from bot.cli_figures import WIDTH, periods
from bot.cli_words import say, spoken
from services.desk import Desk
from services.errors import DomainError
from services.invites import chosen_centre
from services.messages import Word, Words
from services.rules import sampling
from services.visits import retracing, samples
from services.visits.retracing import Difference, Retraced
from services.visits.samples import Standing
from storage import residents as roll
from storage import samples as store
from storage.records import Centre, Sample, Visit


class NoSample(DomainError):
    """Nothing was drawn of this month yet."""

    key = "cli-no-sample"


@dataclass(frozen=True, slots=True)
class Record:
    """A sample and its draws, with the numbers on the doors of its rooms."""

    centre: Centre
    sample: Sample
    standing: Standing
    draws: tuple[Retraced, ...]
    doors: dict[int, str]

    @property
    def is_sound(self) -> bool:
        """Whether every draw comes to the same again."""
        return not any(one.differences for one in self.draws)


def record(desk: Desk, code: str | None, month: str) -> Record:
    """The sample of a centre (by code, where there are several) and a month such as 2026-11.

    Raises:
        NoCentre, NoSuchCentre, WhichCentre, NotAMonth, NoSample.
    """
    centre = chosen_centre(desk, code)
    (period,) = periods(month, None, None)
    sample = store.of_month(desk.connection, centre.id, period.first)
    if sample is None:
        raise NoSample(code=centre.code, month=month)
    draws = tuple(retracing.retrace(desk, sample))
    listed = {home.room_id for one in draws for home in one.urn.served}
    visited = {visit.room_id for one in draws for visit in one.visits}
    doors = roll.room_numbers(desk.connection, sorted(listed | visited))
    return Record(centre, sample, samples.standing(desk, sample), draws, doors)


# Printing


def show(found: Record) -> None:
    """Print the sample, each draw, each household drawn, and what drawing again comes to."""
    console = Console(highlight=False, markup=False, emoji=False, width=WIDTH)
    for line in (*_head(found), *_draw_lines(found)):
        console.print(line)
    console.print(_table(found))
    for line in _verdict(found):
        console.print(line)


def _head(found: Record) -> Iterator[str]:
    sample, standing = found.sample, found.standing
    yield f"{found.centre.code} {found.centre.name} {sample.month:%Y-%m}"
    yield say("cli-sample-seed", seed=sample.seed)
    if sample.required is None:
        yield say("cli-sample-running")
    else:
        yield say(
            "cli-sample-asks",
            households=sample.households,
            percent=sample.percent,
            required=sample.required,
        )
    yield say("cli-sample-stands", drawn=standing.drawn, recorded=standing.recorded)


def _draw_lines(found: Record) -> Iterator[str]:
    """Each draw: when, by the centre's clock, from how many homes, and how many it came to."""
    zone = ZoneInfo(found.centre.zone)
    for number, one in enumerate(found.draws, start=1):
        yield say(
            "cli-sample-draw",
            n=number,
            at=f"{one.draw.drawn_at.astimezone(zone):%Y-%m-%d %H:%M}",
            what=Word("cli-sample-final" if one.draw.final else "cli-sample-weekly"),
            listed=len(one.urn.served),
            drawn=len(one.visits),
        )


def _table(found: Record) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0))
    for name in ("draw", "room", "stratum", "rank", "source", "state", "replaces"):
        table.add_column(say(f"cli-sample-column-{name}"), no_wrap=True)
    known = {visit.id: visit for one in found.draws for visit in one.visits}
    for number, one in enumerate(found.draws, start=1):
        strata = {home.room_id: home.stratum for home in one.urn.served}
        for visit in one.visits:
            replaced = known.get(visit.replaces or 0)
            table.add_row(
                str(number),
                _door(found, visit.room_id),
                _stratum(strata.get(visit.room_id, visit.stratum)),
                _rank(found.sample, visit),
                say(f"cli-sample-source-{visit.source}"),
                say(f"cli-sample-state-{visit.state}".replace("_", "-")),
                _door(found, replaced.room_id) if replaced else "",
            )
    return table


def _door(found: Record, room_id: int) -> str:
    return found.doors.get(room_id, str(room_id))


def _stratum(stratum: str) -> str:
    return str(spoken(Words(tuple(f"cli-sample-kind-{kind}" for kind in stratum.split("+")))))


def _rank(sample: Sample, visit: Visit) -> str:
    """As a percentage of all ranks, for that is what a share is compared with."""
    return f"{100 * sampling.rank(sample.seed, visit.room_id) / sampling.RANKS:.4f}"


def _verdict(found: Record) -> Sequence[str]:
    if found.is_sound:
        return [say("cli-sample-same")]
    return [
        say("cli-sample-differs"),
        *(
            _difference(found, number, difference)
            for number, one in enumerate(found.draws, start=1)
            for difference in one.differences
        ),
    ]


def _difference(found: Record, number: int, difference: Difference) -> str:
    room = "" if difference.room_id is None else _door(found, difference.room_id)
    return say(f"cli-sample-{difference.fault}", n=number, room=room)
