"""The month's sample of households to visit (§5.4.3, readings 1-6): drawn, replaced, concluded.

Every Monday at 00:05 by the centre's clock a part is drawn of the running month, so that asking
begins early, and on the 1st at 00:05 the rest of the month before; `rules.sampling` says whom. Each
draw keeps the list it was made from. A weekly draw that an outage swallowed is none: the next one
takes the same homes. The final one is made however late.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from pydantic import TypeAdapter

from services import alerts, catalogue, roster
from services.desk import Desk
from services.due import minute_of, on_due, write_new
from services.messages import Message, Moment, Saying, do, say
from services.rules import sampling
from services.rules.figures import Measure, Period, month_of
from services.rules.hours import instant
from services.rules.sampling import Household, Urn
from services.visits import record as visits
from storage import agreements, centres, deadlines
from storage import samples as store
from storage import visits as visit_store
from storage.records import Deadline, Sample, Trade, Visit, VisitSource, VisitState

DRAW = "sample.draw"
CONCLUDE = "sample.conclude"
SHORT = "sample.short"

AT = time(0, 5)
"""When draws are made, on the centre's clock (reading 6)."""

AHEAD = timedelta(days=7)
"""How long before its time a draw is planned: an outage of a week leaves none out."""

UNANSWERED = (VisitState.REFUSED, VisitState.SILENT, VisitState.NOT_MADE)

_A_DAY = timedelta(days=1)


# Planning


def plan(desk: Desk) -> None:
    """Write down the draws of the coming week, and the final ones that have been missed."""
    begun = defaultdict[int, list[date]](list)
    for centre_id, first in store.unfinished(desk.connection):
        begun[centre_id].append(first)
    coming = {
        (DRAW, centre.id, minute_of(at)): at
        for centre in centres.every(desk.connection)
        for at in _dues(desk, centre.id, begun[centre.id])
        if at <= desk.now + AHEAD
    }
    write_new(desk, coming)


def _dues(desk: Desk, centre_id: int, begun: Sequence[date]) -> Iterator[datetime]:
    """When the centre's draws fall due: next Monday's, this month's, those of months begun.

    The month before is drawn while it may be visited, though nothing of it was drawn before.
    """
    zone, today = desk.zone(centre_id), desk.today(centre_id)
    this = month_of(today)
    yield instant(today + timedelta(days=-today.weekday() % 7), AT, zone)
    yield instant(this.until, AT, zone)
    if desk.now < _visits_until(desk, centre_id, month_of(today, -1)):
        yield instant(this.first, AT, zone)
    for first in begun:
        yield instant(month_of(first).until, AT, zone)


def _visits_until(desk: Desk, centre_id: int, month: Period) -> datetime:
    """The end of the 3rd of the next month (reading 6)."""
    days = timedelta(days=desk.standard(centre_id).visits_until_day)
    return instant(month.until + days, time.min, desk.zone(centre_id))


# Who was served


def served(desk: Desk, centre_id: int, month: Period) -> tuple[Household, ...]:
    """The homes served in the month so far, each once, with its latest order (readings 3, 4).

    A home with an agreement in force is served; under one that begins today, nothing was done yet.
    """
    since, until = month.bounds(desk.zone(centre_id))
    kinds = defaultdict[int, set[Trade]](set)
    latest: dict[int, int] = {}
    found = store.served(desk.connection, centre_id, since, until, desk.now)
    for room_id, trade, order_id in found:
        kinds[room_id].add(trade)
        latest[room_id] = order_id
    last = min(month.until, desk.today(centre_id)) - _A_DAY
    agreed: dict[int, int] = {}
    for agreement_id, room_id, item in agreements.served(
        desk.connection, centre_id, month.first, last
    ):
        trade = catalogue.trade(item)
        if trade is not Trade.OTHER:
            kinds[room_id].add(trade)
            agreed[room_id] = agreement_id
    return tuple(
        Household(
            room_id,
            sampling.stratum_of(kinds[room_id]),
            latest.get(room_id),
            None if room_id in latest else agreed[room_id],
        )
        for room_id in sorted(kinds)
    )


def homes(desk: Desk, centre_id: int, month: Period) -> tuple[Household, ...]:
    """The homes of the month: those of the final draw's list, and before it those served so far."""
    sample = store.of_month(desk.connection, centre_id, month.first)
    if sample is None or sample.finally_drawn_at is None:
        return served(desk, centre_id, month)
    return load_urn(store.latest_draw(desk.connection, sample.id).candidates).served


def households(desk: Desk, centre_id: int, month: Period) -> int:
    """How many homes that is (N of §5.4.3)."""
    sample = store.of_month(desk.connection, centre_id, month.first)
    if sample is None or sample.households is None:
        return len(served(desk, centre_id, month))
    return sample.households


# Drawing


@on_due(DRAW, alone=True)
def draw(desk: Desk, deadline: Deadline) -> None:
    """A weekly draw of the running month; on the 1st the final one of the month before.

    Once a month is drawn finally, nothing is drawn of it any more, whatever falls due.
    """
    centre_id = deadline.subject_id
    day = deadline.due_at.astimezone(desk.zone(centre_id)).date()
    month = month_of(day - _A_DAY)
    sample = _begun(desk, centre_id, month)
    if sample.finally_drawn_at is None:
        _draw(desk, sample, month, final=day >= month.until)


def _begun(desk: Desk, centre_id: int, month: Period) -> Sample:
    """The sample of the month, locked; the first draw begins it."""
    until = _visits_until(desk, centre_id, month)
    if store.of_month(desk.connection, centre_id, month.first) is None:
        store.begin(
            desk.connection, Sample(0, centre_id, month.first, desk.new_seed(), visits_until=until)
        )
    sample = store.of_month(desk.connection, centre_id, month.first, lock=True)
    if sample is None:
        raise LookupError("a sample that was just begun")
    return sample


def _draw(desk: Desk, sample: Sample, month: Period, *, final: bool) -> None:
    known = visit_store.of_sample(desk.connection, sample.id)
    urn = _urn(desk, sample, month, known, final=final)
    chosen = sampling.draw(urn, sample.seed, {one.room_id for one in known})
    draw_id = store.add_draw(
        desk.connection, sample.id, desk.now, final=final, candidates=dump_urn(urn)
    )
    visit_store.add_all(
        desk.connection,
        [_visit(desk, sample, draw_id, VisitSource.SAMPLE, one) for one in chosen],
    )
    _plan_to_ask(desk, sample, store.visits_drawn(desk.connection, draw_id))
    if urn.percent is not None:
        _close_list(desk, sample, len(urn.served), urn.percent)


def _urn(desk: Desk, sample: Sample, month: Period, known: Sequence[Visit], *, final: bool) -> Urn:
    standard = desk.standard(sample.centre_id)
    homes = served(desk, sample.centre_id, month)
    percents = standard.sample_percents
    if not final:
        return Urn(homes, min(percents))
    return Urn(
        homes,
        min(percents),
        sampling.share(len(homes), standard.sample_bounds, percents),
        tuple(one.room_id for one in known if one.state in UNANSWERED),
    )


def _close_list(desk: Desk, sample: Sample, households: int, percent: int) -> None:
    """Nobody is added to the month any more: what must be visited is known, and until when."""
    store.change(
        desk.connection,
        sample,
        households=households,
        percent=percent,
        required=sampling.required(households, percent),
        finally_drawn_at=desk.now,
    )
    deadlines.add(desk.connection, CONCLUDE, sample.id, sample.visits_until, at=desk.now)


def _visit(
    desk: Desk,
    sample: Sample,
    draw_id: int,
    source: VisitSource,
    home: Household,
    replaces: int | None = None,
) -> Visit:
    return Visit(
        id=0,
        centre_id=sample.centre_id,
        room_id=home.room_id,
        source=source,
        state=VisitState.DRAWN,
        made_at=desk.now,
        due_at=sample.visits_until,
        order_id=home.order_id,
        agreement_id=home.agreement_id,
        sample_id=sample.id,
        draw_id=draw_id,
        stratum=home.stratum,
        replaces=replaces,
    )


def _plan_to_ask(desk: Desk, sample: Sample, visit_ids: Sequence[int]) -> None:
    """They are asked from now on; a month that was drawn too late to be visited asks nobody."""
    if desk.now < sample.visits_until:
        visits.plan_to_ask(desk, sample.centre_id, visit_ids, desk.now)


# Replacing


@on_due(visits.REPLACE)
def replace(desk: Desk, deadline: Deadline) -> None:
    """Another household of the stratum takes the place of one that gave no answer (reading 5).

    It is drawn from the list of the latest draw. Once the time for visits is over, nobody is.
    """
    lost = visits.load(desk, deadline.subject_id)
    if lost.sample_id is None:
        return
    sample = store.lock(desk.connection, lost.sample_id)
    known = visit_store.of_sample(desk.connection, sample.id)
    if desk.now >= sample.visits_until or any(one.replaces == lost.id for one in known):
        return
    drawn_from = store.latest_draw(desk.connection, sample.id)
    chosen = replacement(load_urn(drawn_from.candidates), sample, lost, known)
    if chosen is not None:
        source = VisitSource.REPLACEMENT
        new = _visit(desk, sample, drawn_from.id, source, chosen, replaces=lost.id)
        _plan_to_ask(desk, sample, [visit_store.add(desk.connection, new).id])


def replacement(urn: Urn, sample: Sample, lost: Visit, drawn: Sequence[Visit]) -> Household | None:
    """Who comes in the place of a visit, where these are drawn by then."""
    strata = {one.room_id: one.stratum for one in urn.served}
    stratum = strata.get(lost.room_id, lost.stratum)
    return sampling.replacement(urn, sample.seed, stratum, {one.room_id for one in drawn})


# How it ends


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a month's sample has come. `required` is None until the final draw."""

    required: int | None
    drawn: int
    recorded: int
    refused: int
    silent: int
    not_made: int

    @property
    def is_short(self) -> bool:
        """Whether fewer have answered than must (§5.4.3)."""
        return self.required is not None and self.recorded < self.required


def standing(desk: Desk, sample: Sample) -> Standing:
    """The sample in numbers: what is asked for, and what came of the households drawn."""
    states = store.states(desk.connection, sample.id)
    return Standing(
        required=sample.required,
        drawn=sum(states.values()),
        recorded=states.get(VisitState.DONE, 0),
        refused=states.get(VisitState.REFUSED, 0),
        silent=states.get(VisitState.SILENT, 0),
        not_made=states.get(VisitState.NOT_MADE, 0),
    )


def running(desk: Desk, centre_id: int) -> Standing | None:
    """How the month stands whose households may be visited now; None where none was begun."""
    sample = store.running(desk.connection, centre_id, desk.now)
    return standing(desk, sample) if sample else None


@on_due(CONCLUDE)
def conclude(desk: Desk, deadline: Deadline) -> None:
    """The time for visits is over (reading 6): what is open ends, and nobody is drawn any more."""
    sample = store.lock(desk.connection, deadline.subject_id)
    store.end_open(desk.connection, sample.id, desk.now)
    store.change(desk.connection, sample, concluded_at=desk.now)
    if standing(desk, sample).is_short:
        deadlines.add(desk.connection, SHORT, sample.id, desk.now, at=desk.now)


@on_due(SHORT)
def tell_short(desk: Desk, deadline: Deadline) -> None:
    """Supervisor and head hear that too few were visited, and why, when staff may be alerted."""
    sample = store.lock(desk.connection, deadline.subject_id)
    if not roster.staff_hours_put_off(desk, sample.centre_id, deadline.kind, sample.id):
        card = _short_card(desk, sample)
        alerts.alert(desk, sample.centre_id, roster.SUPERIORS, card, f"sample:{sample.id}")


def _short_card(desk: Desk, sample: Sample) -> Message:
    so_far, centre = standing(desk, sample), desk.centre(sample.centre_id)
    since, _ = month_of(sample.month).bounds(desk.zone(centre.id))
    card = say(
        "sample-short",
        where=centre.name,
        month=Moment(since, centre.zone, "month"),
        households=sample.households or 0,
        required=so_far.required or 0,
        recorded=so_far.recorded,
    )
    card = card.line("sample-short-drawn", count=so_far.drawn)
    for key, count in (
        ("sample-short-refused", so_far.refused),
        ("sample-short-silent", so_far.silent),
        ("sample-short-not-made", so_far.not_made),
    ):
        card = card.line_if(count, key, count=count)
    month = sample.month.year * 100 + sample.month.month
    label = Saying(f"figures-label-{Measure.VISITED}")
    return card.row(do("figures.open", Measure.VISITED, centre.id, month, 0, label=label))


# The stored list


@dataclass(frozen=True, slots=True)
class _Stored:
    """An urn as it is kept: by stratum, for each home its room, order and agreement."""

    line: int
    percent: int | None
    unanswered: tuple[int, ...]
    strata: dict[str, list[tuple[int, int | None, int | None]]]


_STORED = TypeAdapter(_Stored)


def dump_urn(urn: Urn) -> str:
    """What a draw is made from, as JSON: thousands of homes, so their fields have no names."""
    strata = defaultdict[str, list[tuple[int, int | None, int | None]]](list)
    for one in urn.served:
        strata[one.stratum].append((one.room_id, one.order_id, one.agreement_id))
    stored = _Stored(urn.line, urn.percent, urn.unanswered, dict(strata))
    return _STORED.dump_json(stored).decode()


def load_urn(text: str) -> Urn:
    """What `dump_urn` wrote."""
    stored = _STORED.validate_json(text)
    homes = (
        Household(room_id, stratum, order_id, agreement_id)
        for stratum, of_stratum in stored.strata.items()
        for room_id, order_id, agreement_id in of_stratum
    )
    return Urn(tuple(homes), stored.line, stored.percent, stored.unanswered)
