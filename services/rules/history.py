"""An order's history as the rules read it: one line a happening, oldest first, never changed."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

Fact = str | int


class Step(StrEnum):
    """What can happen to an order; one line of its history each."""

    REGISTERED = "registered"
    OFFERED = "offered"
    DECLINED = "declined"
    LAPSED = "lapsed"
    TO_DESK = "to_desk"
    ASSIGNED = "assigned"
    ACCEPTED = "accepted"
    TRANSFERRED = "transferred"
    SET_OUT = "set_out"
    ARRIVED = "arrived"
    ARRIVAL_DISPUTED = "arrival_disputed"
    EARLY_CONSENT = "early_consent"
    EXPLAINED = "explained"
    AGREED = "agreed"
    PRICE_REFUSED = "price_refused"
    STARTED = "started"
    RETURN_NEEDED = "return_needed"
    HELD = "held"
    RESUMED = "resumed"
    EXPECTED = "expected"
    MERGED = "merged"
    FINISHED = "finished"
    CANCELLED = "cancelled"
    RESCHEDULE_ASKED = "reschedule_asked"
    RESCHEDULED = "rescheduled"
    RESCHEDULE_REFUSED = "reschedule_refused"
    DOWNGRADED = "downgraded"
    MAJOR_ASKED = "major_asked"
    MAJOR_APPROVED = "major_approved"
    MAJOR_REFUSED = "major_refused"
    MAJOR_ANSWERED = "major_answered"
    RATED = "rated"
    RATING_CLOSED = "rating_closed"
    ESCALATED = "escalated"
    REVEALED = "revealed"
    NOTE_ADDED = "note_added"
    REWORK_ASKED = "rework_asked"
    REWORK_BEGUN = "rework_begun"
    REWORK_CONFIRMED = "rework_confirmed"
    REWORK_DENIED = "rework_denied"
    MISHAP = "mishap"


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of the history: what happened when (aware UTC), by whom, and what it says."""

    at: datetime
    step: Step
    by: int | None = None
    facts: Mapping[str, Fact] = field(default_factory=dict)


class Promises(Protocol):
    """The numbers of the standard that an order's promises are made of."""

    @property
    def arrival_early(self) -> timedelta:
        """Earliest arrival before the agreed minute."""

    @property
    def arrival_late(self) -> timedelta:
        """Latest arrival after the agreed minute."""

    @property
    def minor_within(self) -> timedelta:
        """A small problem is done."""

    @property
    def major_within(self) -> timedelta:
        """A large problem is answered."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What was promised when the order was registered: kept with its first line, so that a number
    changed later judges nobody who was promised another.

    `limit` is an emergency's time to be on site (None: no emergency), `minor` whether it is a
    repair, `appointed_at` the agreed minute, `minutes` the length of the visit, `deferred` whether
    the owner himself chose a time later than the completion limit (reading 14).
    """

    told_within: timedelta
    arrival_early: timedelta
    arrival_late: timedelta
    minor_within: timedelta
    major_within: timedelta
    limit: timedelta | None = None
    minor: bool = False
    appointed_at: datetime | None = None
    minutes: int = 0
    deferred: bool = False

    def as_facts(self) -> dict[str, Fact]:
        """The terms as the facts of a line of history; lengths of time in seconds."""
        written = {one.name: _write(getattr(self, one.name)) for one in fields(self)}
        return {name: value for name, value in written.items() if value is not None}

    @classmethod
    def from_facts(cls, facts: Mapping[str, Fact]) -> "Terms":
        """The terms that `as_facts` wrote.

        Raises:
            KeyError: the line says nothing of one of the promises.
        """
        appointed, limit = facts.get("appointed_at"), facts.get("limit")
        return cls(
            **{name: _seconds(facts[name]) for name in _LENGTHS},
            limit=None if limit is None else _seconds(limit),
            minor=bool(facts.get("minor")),
            appointed_at=None if appointed is None else datetime.fromisoformat(str(appointed)),
            minutes=int(facts.get("minutes", 0)),
            deferred=bool(facts.get("deferred")),
        )


_LENGTHS = ("told_within", "arrival_early", "arrival_late", "minor_within", "major_within")


def _write(value: object) -> Fact | None:
    match value:
        case timedelta():
            return int(value.total_seconds())
        case datetime():
            return value.isoformat()
        case bool() | int():
            return int(value)
    return None


def _seconds(value: Fact) -> timedelta:
    return timedelta(seconds=int(value))


@dataclass(frozen=True, slots=True)
class Pause:
    """A time in which an order was held: why, until when it was meant to, and when it went on.

    A pause moves no deadline: only the owner's own choice of a later time does (reading 14).
    """

    since: datetime
    reason: str
    meant_until: datetime | None
    ended_at: datetime | None = None


_GOES_ON = frozenset({Step.RESUMED, Step.TRANSFERRED, Step.CANCELLED, Step.FINISHED})


def pauses(history: list[Happening]) -> tuple[Pause, ...]:
    """When the order was held (等配件, 等业主), from its history alone."""
    found: list[Pause] = []
    for line in history:
        running = bool(found) and found[-1].ended_at is None
        if running and (line.step in _GOES_ON or line.step is Step.HELD):
            last = found.pop()
            found.append(Pause(last.since, last.reason, last.meant_until, line.at))
        if line.step is Step.HELD:
            until = line.facts.get("until")
            meant = None if until is None else datetime.fromisoformat(str(until))
            found.append(Pause(line.at, str(line.facts.get("reason", "")), meant))
    return tuple(found)
