"""The figures of a period, for one centre or several added up, and the orders behind each (§3.8).

Every figure has one source, which counts it and lists what it counted by the same rows and rules:
a figure can always be opened to exactly the orders it was made of.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import reduce
from operator import add
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from services import cards, orders
from services.desk import Desk
from services.errors import NotYours
from services.messages import Chart, Curve, Fact, Minutes, Moment, Named, Saying, Word
from services.rules import figures as rules
from services.rules import sampling
from services.rules.figures import Figure, Measure, Outcome, Period, Target, counted
from services.rules.response_times import Rule, Verdict
from services.rules.standard import Standard
from services.visits import samples
from storage import figures as store
from storage import people
from storage import samples as sample_store
from storage.figures import PromiseOf, Span
from storage.records import Order, Person, Role, Trade, Visit, VisitState
from storage.samples import AgreementSeen, Months

READERS = (Role.CS, Role.SUPERVISOR, Role.HEAD)
"""Who sees the figures of their centre; the business department sees those of all."""

FEW_JOBS = 100
"""Below so many jobs one rework is more than a percent, so its count is told in words (§3.8)."""

MONTHS_SHOWN = 6

CHARTED = (
    Measure.EMERGENCY,
    Measure.MINOR,
    Measure.PUNCTUAL,
    Measure.REWORK,
    Measure.FELT_ON_TIME,
    Measure.RATED,
    Measure.SATISFACTION,
)

ALL: Final = tuple(Measure)

Figures = dict[Measure, Figure]

Served = Order | AgreementSeen
"""What a home was served by: most by an order, some under an agreement and no order yet."""


@dataclass(frozen=True, slots=True)
class Behind:
    """One order behind a figure: how it counts, the key of its line, and what the line tells.

    `at` is the time by which the figure's orders are listed: of a promise, when it was due. A home
    that was served under an agreement, and had nothing else done, has no order.
    """

    order_id: int | None
    outcome: Outcome
    key: str
    at: datetime
    due_at: datetime | None = None
    actual_at: datetime | None = None
    missed_by_s: int | None = None
    repeats: int | None = None
    agreement_id: int | None = None


class Source(Protocol):
    """Where a figure comes from."""

    def count(self, desk: Desk, span: Span) -> Figure:
        """The figure of a span, without a target."""
        ...

    def behind(self, desk: Desk, span: Span) -> Iterable[Behind]:
        """The orders it is made of."""
        ...


@dataclass(frozen=True, slots=True)
class Promises:
    """Verdicts by the time they fell due, open overdue ones included."""

    of: PromiseOf

    def count(self, desk: Desk, span: Span) -> Figure:
        """Each group of like verdicts, judged once."""
        rows = store.promise_counts(desk.connection, self.of, span)
        outcomes = [(_outcome(row), row.count) for row in rows]
        return _sum(counted(outcome, count) for outcome, count in outcomes if outcome)

    def behind(self, desk: Desk, span: Span) -> Iterable[Behind]:
        """Each verdict; a promise spoiled by the second rule says which one that was."""
        for row in store.promises(desk.connection, self.of, span):
            outcome = _outcome(row)
            if outcome is None:
                continue
            spoiled = outcome is Outcome.MISS and row.verdict != Verdict.MISSED
            key = f"figures-spoiled-{self.of.also}" if spoiled else f"figures-promise-{outcome}"
            yield Behind(
                row.order_id,
                outcome,
                key.replace("_", "-"),
                at=row.due_at,
                due_at=row.due_at,
                actual_at=row.actual_at,
                missed_by_s=row.missed_by_s,
            )


def _outcome(row: store.PromiseCount | store.PromiseKept) -> Outcome | None:
    also = Verdict(row.also) if row.also else None
    return rules.timely(Verdict(row.verdict), also, cancelled=row.cancelled)


@dataclass(frozen=True, slots=True)
class Answers:
    """What households answered right after jobs finished in the span; silence is not counted."""

    answer: store.AnswerColumn
    name: str

    def count(self, desk: Desk, span: Span) -> Figure:
        """Yes among all answers."""
        found = store.answer_counts(desk.connection, self.answer, span)
        return _sum(counted(_said(yes), count) for yes, count in found.items())

    def behind(self, desk: Desk, span: Span) -> Iterable[Behind]:
        """Each answer."""
        for row in store.answers(desk.connection, self.answer, span):
            outcome = _said(row.yes)
            key = f"figures-{self.name}-{outcome}"
            yield Behind(row.order_id, outcome, key, row.finished_at)


def _said(yes: bool) -> Outcome:
    return Outcome.HIT if yes else Outcome.MISS


class Rework:
    """Second reports in the span, over repairs completed in it; an order is listed once."""

    def count(self, desk: Desk, span: Span) -> Figure:
        """Two counts, of different orders: there may be rework where nothing was completed."""
        completed = store.completed_count(desk.connection, span)
        return Figure(hits=len(_repeated(desk, span)), total=completed)

    def behind(self, desk: Desk, span: Span) -> Iterable[Behind]:
        """The second reports, and the other repairs completed."""
        repeated = _repeated(desk, span)
        for one in repeated.values():
            yield Behind(one.order_id, Outcome.HIT, "figures-rework", one.at, repeats=one.repeats)
        for order_id, finished_at in store.completed(desk.connection, span):
            if order_id not in repeated:
                yield Behind(order_id, Outcome.MISS, "figures-completed", finished_at)


def _repeated(desk: Desk, span: Span) -> dict[int, store.Rework]:
    """The second reports by order, each with the repair it repeats.

    Of those reported as rework (没修好) the ones in which somebody has found the same fault; of
    all others those of the same room and fault, by each centre's own days.
    """
    found = {one.order_id: one for one in store.confirmed_reworks(desk.connection, span)}
    for centre_id in span.centre_ids:
        days = desk.standard(centre_id).rework_within_days
        here = replace(span, centre_ids=(centre_id,))
        reports = store.reported_repairs(desk.connection, here)
        before = replace(here, since=span.since - timedelta(days=days + 1))
        done = store.completed_repairs(desk.connection, before)
        earlier = rules.reworks(reports, done, days, desk.zone(centre_id))
        found |= {
            one.order_id: store.Rework(one.order_id, one.at, earlier[one.order_id])
            for one in reports
            if one.order_id in earlier
        }
    return found


class Satisfied:
    """What the households of the random sample answered; silence is not counted (reading 5).

    A month's sample has a home once, so that its one answer is what the household says. It counts
    in the month of service, which is the month the sample was drawn of.
    """

    def count(self, desk: Desk, span: Span) -> Figure:
        """The satisfied among the households that answered."""
        found = sample_store.answers(desk.connection, _months(desk, span))
        return _sum(counted(_said(yes), count) for yes, count in found.items())

    def behind(self, desk: Desk, span: Span) -> Iterable[Behind]:
        """Each answer."""
        for visit in sample_store.visits_of(desk.connection, _months(desk, span)):
            if _is_recorded(visit):
                outcome = _said(bool(visit.satisfied))
                yield _of_visit(visit, outcome, f"figures-satisfied-{outcome}")


class Visited:
    """Households with a recorded answer, over all that were served in the month (§5.4.3)."""

    def count(self, desk: Desk, span: Span) -> Figure:
        """Recorded answers of the sample over N; while the month runs, N so far."""
        recorded = sample_store.answers(desk.connection, _months(desk, span))
        served = sum(samples.households(desk, *one) for one in _of_each_centre(desk, span))
        return Figure(hits=sum(recorded.values()), total=served)

    def behind(self, desk: Desk, span: Span) -> Iterable[Behind]:
        """Each household: what came of those drawn, and the others."""
        for centre_id, month in _of_each_centre(desk, span):
            alone = Months((centre_id,), month.first, month.until)
            drawn = sample_store.visits_of(desk.connection, alone)
            for visit in drawn:
                outcome = Outcome.HIT if _is_recorded(visit) else Outcome.MISS
                yield _of_visit(visit, outcome, f"figures-visited-{_fate(visit)}")
            rooms = {visit.room_id for visit in drawn}
            for home in samples.homes(desk, centre_id, month):
                if home.room_id not in rooms:
                    yield Behind(
                        home.order_id,
                        Outcome.MISS,
                        "figures-visited-not-drawn",
                        span.until,
                        agreement_id=home.agreement_id,
                    )


def _months(desk: Desk, span: Span) -> Months:
    """The months that begin in the span, on the clocks of its centres."""
    zone = desk.zone(span.centre_ids[0])
    first, until = (one.astimezone(zone).date() for one in (span.since, span.until))
    return Months(span.centre_ids, first, until)


def _of_each_centre(desk: Desk, span: Span) -> Iterator[tuple[int, Period]]:
    """Each centre with each of these months."""
    months = _months(desk, span)
    month = rules.month_of(months.since)
    while month.first < months.until:
        if month.first >= months.since:
            yield from ((centre_id, month) for centre_id in span.centre_ids)
        month = rules.month_of(month.first, 1)


def _of_visit(visit: Visit, outcome: Outcome, key: str) -> Behind:
    at = visit.answered_at or visit.ended_at or visit.made_at
    return Behind(visit.order_id, outcome, key, at, agreement_id=visit.agreement_id)


def _is_recorded(visit: Visit) -> bool:
    return visit.state is VisitState.DONE and visit.satisfied is not None


def _fate(visit: Visit) -> str:
    """What came of a household that was drawn, as its line has it."""
    if _is_recorded(visit):
        return "hit"
    return f"{visit.state}".replace("_", "-") if visit.state in samples.UNANSWERED else "waiting"


def _promises(
    rule: Rule, *, also: Rule | None = None, trade: Trade | None = None, deferred: bool = False
) -> tuple[Source, ...]:
    return (Promises(PromiseOf(rule.value, also.value if also else None, trade, deferred)),)


SOURCES: Mapping[Measure, tuple[Source, ...]] = {
    Measure.EMERGENCY: _promises(Rule.EMERGENCY_ARRIVAL, also=Rule.EMERGENCY_STARTED),
    Measure.MINOR: _promises(Rule.MINOR_COMPLETION, also=Rule.PUNCTUALITY),
    Measure.MINOR_DEFERRED: _promises(Rule.MINOR_COMPLETION, also=Rule.PUNCTUALITY, deferred=True),
    Measure.MAJOR: _promises(Rule.MAJOR_RESPONSE),
    Measure.PUNCTUAL: _promises(Rule.PUNCTUALITY, trade=Trade.HOUSEKEEPING),
    Measure.PUNCTUAL_REPAIR: _promises(Rule.PUNCTUALITY, trade=Trade.REPAIR),
    Measure.STAFF_TOLD: _promises(Rule.STAFF_TOLD),
    Measure.REWORK: (Rework(),),
    Measure.FELT_ON_TIME: (Answers(store.ON_TIME, "felt"),),
    Measure.RATED: (Answers(store.SATISFIED, "rated"),),
    Measure.SATISFACTION: (Satisfied(),),
    Measure.VISITED: (Visited(),),
}


# Who may see them


def readable(desk: Desk, person: Person) -> list[int]:
    """The centres whose figures the person may see.

    Raises:
        NotYours: there are none.
    """
    mine = orders.centres_of(desk, person, *READERS)
    if not mine:
        raise NotYours
    return mine


def chosen(readable_ids: Sequence[int], centre_id: int) -> list[int]:
    """One of the centres that may be seen, or with 0 all of them, whose figures are added up.

    Raises:
        NotYours: it is not among them.
    """
    if centre_id and centre_id not in readable_ids:
        raise NotYours
    return [centre_id] if centre_id else list(readable_ids)


# Counting and opening


def count(
    desk: Desk, centre_ids: Sequence[int], period: Period, measures: Sequence[Measure] = ALL
) -> Figures:
    """The figures of the period, several centres added up, each against its target."""
    standard = _standard(desk, centre_ids)
    targets = _targets(standard)
    spans = _spans(desk, centre_ids, period)
    found = {one: _count(desk, one, spans) for one in measures}
    if Measure.VISITED in found and len(centre_ids) == 1 and period == rules.month_of(period.first):
        targets[Measure.VISITED] = _share_to_visit(found[Measure.VISITED].total, standard)
    return {one: figure.against(targets.get(one)) for one, figure in found.items()}


def _count(desk: Desk, measure: Measure, spans: Sequence[Span]) -> Figure:
    sources = SOURCES[measure]
    return _sum(source.count(desk, span) for source in sources for span in spans)


def behind(desk: Desk, centre_ids: Sequence[int], period: Period, measure: Measure) -> list[Behind]:
    """The orders a figure is made of: those that spoil it first, then by time."""
    at_most = measure is Measure.REWORK
    rank = {Outcome.HIT: 0 if at_most else 2, Outcome.MISS: 2 if at_most else 0, Outcome.WAIVED: 1}
    spans = _spans(desk, centre_ids, period)
    sources = SOURCES[measure]
    found = [one for source in sources for span in spans for one in source.behind(desk, span)]
    return sorted(found, key=lambda one: (rank[one.outcome], one.at, one.order_id or 0))


def lines(desk: Desk, found: Sequence[Behind]) -> list[tuple[Served, Saying]]:
    """What one page lists, each with its line."""
    wanted = [one.order_id for one in found] + [one.repeats for one in found]
    known = store.jobs(desk.connection, {key for key in wanted if key is not None})
    agreed = sample_store.agreements_seen(
        desk.connection, {one.agreement_id for one in found if one.agreement_id is not None}
    )
    return [_line(desk, one, known, agreed) for one in found]


def _line(
    desk: Desk, one: Behind, known: Mapping[int, Order], agreed: Mapping[int, AgreementSeen]
) -> tuple[Served, Saying]:
    served = known.get(one.order_id or 0) or agreed[one.agreement_id or 0]
    zone = desk.centre(served.centre_id).zone
    facts: dict[str, Fact] = {
        "number": served.number,
        "title": _title(served),
        "place": served.place,
        "who": _worker(desk, served),
        "at": Moment(one.at, zone),
        "actual": Moment(one.actual_at, zone) if one.actual_at else Word("did-not-happen"),
        "late": Minutes(-(-(one.missed_by_s or 0) // 60)),
    }
    earlier = known.get(one.repeats or 0)
    if earlier is not None and earlier.finished_at is not None:
        facts["earlier"] = earlier.number
        facts["finished"] = Moment(earlier.finished_at, zone)
    return served, Saying(one.key, facts)


def _title(served: Served) -> Named | Word:
    if isinstance(served, Order):
        return orders.title(served)
    return Named(served.title_zh, served.title_en)


def _worker(desk: Desk, served: Served) -> Fact:
    if isinstance(served, Order):
        return orders.technician_name(desk, served) or cards.NOBODY
    return people.person(desk.connection, served.worker_id).name or cards.NOBODY


def _spans(desk: Desk, centre_ids: Sequence[int], period: Period) -> list[Span]:
    """The period on each centre's own clocks: one span for each zone there is."""
    by_zone = defaultdict[str, list[int]](list)
    for centre_id in centre_ids:
        by_zone[desk.centre(centre_id).zone].append(centre_id)
    return [
        Span(tuple(together), *period.bounds(ZoneInfo(zone))) for zone, together in by_zone.items()
    ]


def _sum(parts: Iterable[Figure]) -> Figure:
    return reduce(add, parts, Figure())


def _standard(desk: Desk, centre_ids: Sequence[int]) -> Standard:
    """A centre is judged by its own targets, several together by the company's."""
    return desk.standard(centre_ids[0]) if len(centre_ids) == 1 else desk.company


def _targets(standard: Standard) -> dict[Measure, Target]:
    timely = Target(standard.timely_target_percent)
    return {
        Measure.EMERGENCY: timely,
        Measure.MINOR: timely,
        Measure.MINOR_DEFERRED: timely,
        Measure.REWORK: Target(standard.rework_target_percent, at_most=True),
        Measure.SATISFACTION: Target(standard.satisfaction_target_percent),
    }


def _share_to_visit(households: int, standard: Standard) -> Target:
    """What part of so many must be visited; only of one centre and month is there one (§5.4.3)."""
    bounds, percents = standard.sample_bounds, standard.sample_percents
    return Target(sampling.share(households, bounds, percents))


# Months


def this_month(desk: Desk, centre_ids: Sequence[int]) -> Period:
    """The running month, where the first of these centres is."""
    return rules.month_of(desk.today(centre_ids[0]))


def is_running(desk: Desk, centre_ids: Sequence[int], period: Period) -> bool:
    """Whether the period has not ended yet."""
    return desk.now < period.bounds(desk.zone(centre_ids[0]))[1]


def month_moment(desk: Desk, centre_ids: Sequence[int], month: Period) -> Moment:
    """The month as a fact of a message."""
    centre = desk.centre(centre_ids[0])
    return Moment(month.bounds(ZoneInfo(centre.zone))[0], centre.zone, "month")


def where(desk: Desk, centre_ids: Sequence[int]) -> Fact:
    """What the figures are of: a centre by name, or how many together."""
    if len(centre_ids) == 1:
        return desk.centre(centre_ids[0]).name
    return Word("figures-together")


def trend(desk: Desk, centre_ids: Sequence[int], last: Period) -> Chart:
    """The months up to this one as curves, for a picture."""
    months = [rules.month_of(last.first, later) for later in range(1 - MONTHS_SHOWN, 1)]
    by_month = [count(desk, centre_ids, month, CHARTED) for month in months]
    return Chart(
        title=Saying("chart-title", {"where": where(desk, centre_ids)}),
        months=tuple(month_moment(desk, centre_ids, month) for month in months),
        curves=tuple(_curve(one, [figures[one] for figures in by_month]) for one in CHARTED),
    )


def _curve(measure: Measure, figures: Sequence[Figure]) -> Curve:
    target = figures[-1].target
    return Curve(
        label=Saying(f"figure-{measure}"),
        points=tuple((figure.hits, figure.total) for figure in figures),
        target=target.percent if target else None,
        at_most=target is not None and target.at_most,
    )
