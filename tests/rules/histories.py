"""Histories of orders for the tests of the rules: told line by line, or drawn at random."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from services.rules.history import Fact, Happening, Step, Terms
from services.rules.standard import Standard

REPORTED = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
"""Tuesday, 10:00 in Shanghai: when every order of these tests is registered."""

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

OWNER, TECHNICIAN, CS, SUPERVISOR = 1, 2, 3, 4

STANDARD = Standard()
TERMS = Terms(
    told_within=STANDARD.staff_told_within,
    arrival_early=STANDARD.arrival_early,
    arrival_late=STANDARD.arrival_late,
    minor_within=STANDARD.minor_within,
    major_within=STANDARD.major_within,
)


def after(gap: timedelta, step: Step, by: int | None = None, **facts: Fact) -> Happening:
    """A line so long after the registration."""
    return Happening(REPORTED + gap, step, by, facts)


def moved(gap: timedelta, *, to: timedelta, deferred: bool = False) -> Happening:
    """A new time (`to`, from the registration), agreed to after the gap."""
    new = (REPORTED + to).isoformat()
    return after(gap, Step.RESCHEDULED, OWNER, to=new, deferred=int(deferred))


def finished(gap: timedelta, result: str = "done") -> Happening:
    """The end of the work, with its result."""
    return after(gap, Step.FINISHED, TECHNICIAN, reason=result)


def registered(terms: Terms, *lines: Happening) -> list[Happening]:
    """An order's history from its registration on."""
    return [Happening(REPORTED, Step.REGISTERED, OWNER, terms.as_facts()), *lines]


def emergency(*lines: Happening, limit: timedelta = 10 * MINUTE) -> list[Happening]:
    """An emergency's history: it is a repair, too."""
    told = STANDARD.emergency_staff_told_within
    return registered(replace(TERMS, told_within=told, limit=limit, minor=True), *lines)


def visit(*lines: Happening, at: timedelta = 5 * HOUR) -> list[Happening]:
    """The history of an appointment that is no repair, five hours from now."""
    return registered(replace(TERMS, appointed_at=REPORTED + at, minutes=40), *lines)


def repair(*lines: Happening, at: timedelta = 5 * HOUR, deferred: bool = False) -> list[Happening]:
    """The history of a repair by appointment, which takes forty minutes."""
    terms = replace(TERMS, minor=True, appointed_at=REPORTED + at, minutes=40, deferred=deferred)
    return registered(terms, *lines)


# Drawn at random

_ANYWHERE = (Step.ESCALATED, Step.NOTE_ADDED, Step.REVEALED)
_BEFORE_ARRIVAL = {Step.RESCHEDULED: None, Step.DOWNGRADED: None, Step.CANCELLED: "over"}
_ON_SITE = {
    Step.EXPLAINED: "explained",
    Step.STARTED: None,
    Step.MAJOR_ASKED: None,
    Step.MAJOR_APPROVED: None,
    Step.MAJOR_ANSWERED: None,
    Step.RETURN_NEEDED: "accepted",
    Step.FINISHED: "over",
}
LIFE: Mapping[str, Mapping[Step, str | None]] = {
    "waiting": {
        Step.OFFERED: None,
        Step.TO_DESK: None,
        Step.ASSIGNED: None,
        Step.ACCEPTED: "accepted",
        **_BEFORE_ARRIVAL,
    },
    "accepted": {
        Step.TRANSFERRED: "waiting",
        Step.SET_OUT: None,
        Step.EARLY_CONSENT: None,
        Step.MAJOR_ANSWERED: None,
        Step.ARRIVED: "on_site",
        **_BEFORE_ARRIVAL,
    },
    "on_site": {**_ON_SITE, Step.CANCELLED: "over"},
    "explained": {**_ON_SITE, Step.AGREED: "agreed", Step.PRICE_REFUSED: "on_site"},
    "agreed": {**_ON_SITE},
    "over": {Step.RATED: None},
}
"""Which lines may follow in each state of an order, and where they lead (None: nowhere else)."""

_EDGES = (0 * SECOND, SECOND, MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 5 * HOUR, DAY, 3 * DAY)
_NEAR = (-SECOND, 0 * SECOND, SECOND / 2, SECOND)

gaps = st.one_of(
    st.builds(
        lambda edge, near: max(edge + near, 0 * SECOND), *map(st.sampled_from, (_EDGES, _NEAR))
    ),
    st.timedeltas(timedelta(0), 2 * DAY),
    st.timedeltas(timedelta(0), 15 * MINUTE),
)
"""Time between two lines: on the edges of the limits, within minutes, within days."""

wholes = st.integers(1, 4 * 24 * 3600).map(lambda seconds: timedelta(seconds=seconds))


@st.composite
def terms(draw: st.DrawFn) -> Terms:
    """What may be promised: the standard's numbers, or any others."""
    kind = draw(st.sampled_from(("emergency", "repair", "visit")))
    standard = draw(st.booleans())
    appointed = REPORTED + draw(st.sampled_from((HOUR, 5 * HOUR, 2 * DAY)))
    return Terms(
        told_within=TERMS.told_within if standard else draw(wholes),
        arrival_early=TERMS.arrival_early if standard else draw(wholes),
        arrival_late=TERMS.arrival_late if standard else draw(wholes),
        minor_within=TERMS.minor_within if standard else draw(wholes),
        major_within=TERMS.major_within if standard else draw(wholes),
        limit=draw(st.sampled_from((10 * MINUTE, 30 * MINUTE))) if kind == "emergency" else None,
        minor=kind != "visit",
        appointed_at=None if kind == "emergency" else appointed,
        minutes=draw(st.integers(0, 300)),
        deferred=kind == "repair" and draw(st.booleans()),
    )


@st.composite
def histories(draw: st.DrawFn) -> list[Happening]:
    """A history as the lifecycle allows it, its times in order."""
    promised = draw(terms())
    lines, state, urgent = registered(promised), "waiting", promised.limit is not None
    for gap in draw(st.lists(gaps, max_size=12)):
        allowed = [one for one in LIFE[state] if _fits(one, urgent=urgent)]
        step = draw(st.sampled_from((*allowed, *_ANYWHERE)))
        lines.append(_line(draw, lines[-1].at + gap, step))
        state = LIFE[state].get(step) or state
        urgent = urgent and step is not Step.DOWNGRADED
    return lines


def _fits(step: Step, *, urgent: bool) -> bool:
    """Only what is an emergency is downgraded, and only what is none is given another time."""
    if step is Step.DOWNGRADED:
        return urgent
    return step is not Step.RESCHEDULED or not urgent


def _line(draw: st.DrawFn, at: datetime, step: Step) -> Happening:
    facts: dict[str, Fact] = {}
    if step is Step.RESCHEDULED:
        new = at + draw(st.sampled_from((HOUR, 5 * HOUR, 2 * DAY)))
        facts = {"to": new.replace(second=0, microsecond=0).isoformat()}
        facts["deferred"] = int(draw(st.booleans()))
    if step is Step.MERGED:
        facts = draw(st.sampled_from(({"into": "1"}, {"joined": "2"})))
    if step is Step.FINISHED:
        facts = {"reason": draw(st.sampled_from(("done", "not_solved", "no_work")))}
    by = draw(st.sampled_from((None, TECHNICIAN, CS)))
    return Happening(at, step, by, facts)


@st.composite
def wild_histories(draw: st.DrawFn) -> list[Happening]:
    """Any lines in any order, their times forth and back."""
    lines = registered(draw(terms()))
    steps = st.sampled_from([step for step in Step if step is not Step.REGISTERED])
    back_or_forth = st.timedeltas(-DAY, 2 * DAY)
    for step in draw(st.lists(steps, max_size=12)):
        lines.append(_line(draw, lines[-1].at + draw(back_or_forth), step))
    return lines


def ends(history: Sequence[Happening]) -> bool:
    """Whether the order is over."""
    over = {Step.FINISHED, Step.CANCELLED}
    return any(line.step in over or "into" in line.facts for line in history)
