"""A sample drawn again from the lists that were kept of it, and where that differs (reading 6)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from services.desk import Desk
from services.rules import sampling
from services.rules.sampling import Urn
from services.visits import samples
from storage import samples as store
from storage import visits as visit_store
from storage.records import Sample, SampleDraw, Visit, VisitSource


class Fault(StrEnum):
    """In what the record differs from what is drawn again."""

    LACKS = "lacks"
    BESIDE = "beside"
    HOUSEHOLDS = "households"
    REQUIRED = "required"


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference: of a room that should be drawn (or should not), or of a number."""

    fault: Fault
    room_id: int | None = None


@dataclass(frozen=True, slots=True)
class Retraced:
    """One draw as it is on record: what it was made from, whom it came to, and what differs.

    `visits` are those it drew and the replacements drawn from its list until the next draw.
    """

    draw: SampleDraw
    urn: Urn
    visits: tuple[Visit, ...]
    differences: tuple[Difference, ...]


def retrace(desk: Desk, sample: Sample) -> list[Retraced]:
    """Every draw of the sample made again, in its order, from its stored list and the seed."""
    visits = visit_store.of_sample(desk.connection, sample.id)
    before: list[Visit] = []
    retraced = []
    for draw in store.draws_of(desk.connection, sample.id):
        urn = samples.load_urn(draw.candidates)
        own = [one for one in visits if one.draw_id == draw.id]
        differences = (*_of_draw(sample, urn, own, before), *_of_numbers(sample, urn))
        retraced.append(Retraced(draw, urn, tuple(own), differences))
        before += own
    return retraced


def _of_draw(
    sample: Sample, urn: Urn, own: Sequence[Visit], before: Sequence[Visit]
) -> Iterator[Difference]:
    """Whom it should have drawn and did not, or the other way round; replacements one by one."""
    known = list(before)
    again = sampling.draw(urn, sample.seed, {one.room_id for one in known})
    first = [one for one in own if one.source is VisitSource.SAMPLE]
    yield from _compared({one.room_id for one in again}, {one.room_id for one in first})
    known += first
    by_id = {one.id: one for one in (*before, *own)}
    for visit in own:
        if visit.source is VisitSource.REPLACEMENT:
            lost = by_id.get(visit.replaces or 0, visit)
            home = samples.replacement(urn, sample, lost, known)
            yield from _compared({home.room_id} if home else set(), {visit.room_id})
            known.append(visit)


def _compared(again: set[int], on_record: set[int]) -> Iterator[Difference]:
    yield from (Difference(Fault.LACKS, room) for room in sorted(again - on_record))
    yield from (Difference(Fault.BESIDE, room) for room in sorted(on_record - again))


def _of_numbers(sample: Sample, urn: Urn) -> Iterator[Difference]:
    """The final draw also decides how many were served, and how many must be visited."""
    if urn.percent is None:
        return
    households = len(urn.served)
    if households != sample.households:
        yield Difference(Fault.HOUSEHOLDS)
    if sampling.required(households, urn.percent) != sample.required:
        yield Difference(Fault.REQUIRED)
