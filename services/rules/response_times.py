"""The promises about time: the plan of due times for each job, and the verdict on each promise."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from services.rules.history import Promises
from services.rules.hours import alert_time
from services.rules.standard import Standard

JUST_AFTER = timedelta(seconds=1)
"""Exactly on a limit is in time, and limits are kept to the second: what is missed is missed by a
second at least, and what happens at a missed limit happens a second after it."""


class DeadlineKind(StrEnum):
    """One ladder of escalation each (§3.5)."""

    EMERGENCY_ACCEPT = "emergency_accept"
    EMERGENCY_ARRIVAL = "emergency_arrival"
    ACCEPT = "accept"
    APPOINTMENT = "appointment"
    MINOR_COMPLETION = "minor_completion"
    MAJOR_RESPONSE = "major_response"
    DISSATISFIED = "dissatisfied"


@dataclass(frozen=True, slots=True)
class Due:
    """The step ``stage`` (from 1, as in the ladder) of a ladder, to be taken at ``at`` (UTC)."""

    kind: DeadlineKind
    at: datetime
    stage: int
    owner_deferred: bool = False


class Rule(StrEnum):
    """A promise that gets a verdict."""

    EMERGENCY_ARRIVAL = "emergency_arrival"
    EMERGENCY_STARTED = "emergency_started"
    PUNCTUALITY = "punctuality"
    MINOR_COMPLETION = "minor_completion"
    MAJOR_RESPONSE = "major_response"
    STAFF_TOLD = "staff_told"


class Verdict(StrEnum):
    """What became of a promise; only ``met`` counts as on time."""

    MET = "met"
    MISSED = "missed"
    WAIVED = "waived"
    NOT_APPLICABLE = "not_applicable"
    PENDING = "pending"


class Why(StrEnum):
    """Why a miss was let pass, why a promise does not apply, or why it was missed in time."""

    EARLY_CONSENT = "early-consent"
    DOWNGRADED = "downgraded"
    NO_EMERGENCY = "no-emergency"
    IS_EMERGENCY = "is-emergency"
    NO_APPOINTMENT = "no-appointment"
    NO_REPAIR = "no-repair"
    NO_MAJOR = "no-major"
    BECAME_MAJOR = "became-major"
    CANCELLED = "cancelled"
    MERGED = "merged"
    NO_WORK = "no-work"
    NOT_SOLVED = "not-solved"
    FINISHED = "finished"


@dataclass(frozen=True, slots=True)
class Finding:
    """The verdict on one promise: what was due, what happened, and by how much it missed.

    `due_at` is None where nothing was promised. `waived_by` is the person who let a miss pass.
    """

    rule: Rule
    verdict: Verdict
    due_at: datetime | None
    actual_at: datetime | None = None
    missed_by: timedelta | None = None
    why: Why | None = None
    waived_by: int | None = None


def emergency_plan(reported_at: datetime, limit: timedelta, standard: Standard) -> tuple[Due, ...]:
    """The two ladders of an emergency from its first report (§5.2.7, readings 8-10, §3.5).

    `limit` is the time to be on site, as it was fixed at the report.
    """
    warning = limit * standard.emergency_arrival_warning_percent / 100
    accept = emergency_accept_plan(reported_at, standard)
    arrival = _ladder(DeadlineKind.EMERGENCY_ARRIVAL, reported_at, (warning, limit))
    return (*accept, *arrival)


def emergency_accept_plan(asked_at: datetime, standard: Standard) -> tuple[Due, ...]:
    """The ladder of an emergency nobody has accepted since it was asked for (§3.5)."""
    return _ladder(DeadlineKind.EMERGENCY_ACCEPT, asked_at, standard.emergency_accept_steps)


def accept_plan(
    offered_at: datetime,
    standard: Standard,
    zone: ZoneInfo,
    appointed_at: datetime | None = None,
) -> tuple[Due, ...]:
    """The ladder of an ordinary job nobody has accepted (§3.5).

    An offer outside the staff-alert hours counts from their next opening, unless the
    appointment comes no later than that: then it counts at once.
    """
    opening = alert_time(offered_at, standard.staff_alert_hours, zone)
    soon = appointed_at is not None and appointed_at <= opening
    return _ladder(DeadlineKind.ACCEPT, offered_at if soon else opening, standard.accept_steps)


def appointment_plan(appointed_at: datetime, standard: Standard) -> tuple[Due, ...]:
    """Reminder, question to the technician, and lateness (§5.2.2, reading 12, §3.5).

    The last step is taken at the end of the permitted time; only what is after it is late.
    """
    steps = (-standard.appointment_reminder, timedelta(0), standard.arrival_late)
    return _ladder(DeadlineKind.APPOINTMENT, appointed_at, steps)


def minor_due(reported_at: datetime, owner_chosen: datetime | None, within: timedelta) -> datetime:
    """When a small problem is to be done: the limit, or the later time the owner himself chose."""
    limit = reported_at + within
    return limit if owner_chosen is None else max(limit, owner_chosen)


def minor_plan(
    reported_at: datetime, owner_chosen: datetime | None, standard: Standard
) -> tuple[Due, ...]:
    """The ladder of a small problem, its last step the completion limit (§5.2.2, reading 14).

    ``owner_chosen`` is the time by which the owner himself wants it done. Where that is later
    than the limit it replaces it, the warnings keep their distance, and all is flagged.
    """
    within = standard.minor_within
    deferred_by = minor_due(reported_at, owner_chosen, within) - (reported_at + within)
    return _ladder(
        DeadlineKind.MINOR_COMPLETION,
        reported_at + deferred_by,
        (*standard.minor_warnings, standard.minor_within),
        owner_deferred=deferred_by > timedelta(0),
    )


def major_plan(reported_at: datetime, standard: Standard) -> tuple[Due, ...]:
    """The ladder of a large problem, its last step the response limit (§5.2.2, reading 15)."""
    steps = (*standard.major_warnings, standard.major_within)
    return _ladder(DeadlineKind.MAJOR_RESPONSE, reported_at, steps)


def dissatisfied_plan(answered_at: datetime, standard: Standard) -> tuple[Due, ...]:
    """Second and third step after a dissatisfied answer; the first is at once (§5.1.3, §3.5)."""
    steps = standard.dissatisfied_steps
    return _ladder(DeadlineKind.DISSATISFIED, answered_at, steps, first_stage=2)


def arrival_window(appointed_at: datetime, standard: Promises) -> tuple[datetime, datetime]:
    """The earliest and the latest punctual arrival, both included (§5.2.2, reading 12)."""
    return appointed_at - standard.arrival_early, appointed_at + standard.arrival_late


def judge_arrival_window(
    appointed_at: datetime, arrived_at: datetime, early_consent: bool, standard: Promises
) -> Finding:
    """The verdict on an arrival at an appointment, to the second (§5.2.2, reading 12).

    Too early is a miss like too late; with the owner's consent given beforehand it is waived.
    ``missed_by`` is the distance from the permitted time on either side. A technician who has
    not arrived is judged by ``judge_by`` and the end of ``arrival_window``.
    """
    earliest, latest = arrival_window(appointed_at, standard)
    arrived = arrived_at.replace(microsecond=0)
    outside = max(earliest - arrived, arrived - latest)
    if outside <= timedelta(0):
        return Finding(Rule.PUNCTUALITY, Verdict.MET, appointed_at, arrived_at)
    if arrived < earliest and early_consent:
        return Finding(
            Rule.PUNCTUALITY, Verdict.WAIVED, appointed_at, arrived_at, why=Why.EARLY_CONSENT
        )
    return Finding(Rule.PUNCTUALITY, Verdict.MISSED, appointed_at, arrived_at, outside)


def judge_by(rule: Rule, due_at: datetime, actual_at: datetime | None, now: datetime) -> Finding:
    """The verdict on a promise with a limit; exactly on the limit is in time (reading 8).

    What has not happened is pending until the limit has passed, then missed and growing. A part
    of a second is no delay, as in the window of an arrival.
    """
    late = (now if actual_at is None else actual_at) - due_at
    if late >= JUST_AFTER:
        return Finding(rule, Verdict.MISSED, due_at, actual_at, late)
    return Finding(rule, Verdict.PENDING if actual_at is None else Verdict.MET, due_at, actual_at)


def _ladder(
    kind: DeadlineKind,
    start: datetime,
    steps: Sequence[timedelta],
    *,
    first_stage: int = 1,
    owner_deferred: bool = False,
) -> tuple[Due, ...]:
    return tuple(
        Due(kind, start + step, stage, owner_deferred)
        for stage, step in enumerate(steps, start=first_stage)
    )
