"""What should have become of every promise, by plain arithmetic from what the people did.

Nothing here asks the rules of the house: the standard's numbers are written down a second time,
on purpose, and the simulated centre lives eight hours ahead of UTC.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.simulation.diary import AGREES_A_TIME, Deed, Did, Story
from storage.records import Trade

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)
AHEAD = 8 * HOUR

OWNERS = (Did.MOVED_BY_OWNER, Did.WANTED_LATER)
"""Deeds by which the owner himself chooses another time."""

DAY_LIMIT, NIGHT_LIMIT = 10 * MINUTE, 30 * MINUTE
EARLY, LATE = 5 * MINUTE, 2 * MINUTE
MINOR_WITHIN, MAJOR_WITHIN = 24 * HOUR, 72 * HOUR
TOLD_WITHIN, TOLD_WITHIN_IN_AN_EMERGENCY = 5 * MINUTE, 1 * MINUTE


class Fate(StrEnum):
    """What becomes of a promise."""

    MET = "met"
    MISSED = "missed"
    WAIVED = "waived"
    NOT_APPLICABLE = "not_applicable"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What should stand in the books about one rule of one order.

    `limit` is when the promise was missed if nothing had happened by then; `actual` what happened,
    None where nothing did: then the miss is as long as somebody waited, `until` at most. `case` is
    the source of the case that a miss demands (§3.4).
    """

    rule: str
    fate: Fate
    limit: datetime
    until: datetime
    actual: datetime | None = None
    case: str | None = None

    @property
    def missed_by(self) -> timedelta | None:
        """By how much it was missed, where something happened in the end."""
        if self.fate is not Fate.MISSED or self.actual is None:
            return None
        return self.actual - self.limit


@dataclass(frozen=True, slots=True)
class Rung:
    """One stage of a ladder: due at an instant, idle from `closes` on.

    `above` are the instants at which higher stages of the same ladder are due. `speaks` says that
    somebody must be told, `by_night` that it does not wait for the alert hours.
    """

    kind: str
    due: datetime
    closes: datetime
    above: tuple[datetime, ...]
    speaks: bool
    by_night: bool


@dataclass(frozen=True, slots=True)
class Appointment:
    """An agreed time, from when it was agreed until it was replaced or all was over."""

    agreed_at: datetime
    starts_at: datetime
    until: datetime


class Life:
    """A story with what follows from it, as it stands at an instant."""

    def __init__(self, story: Story, now: datetime) -> None:
        self.story = story
        self.now = now
        self.over_at = story.over_at
        self.end = self.over_at or now
        self.downgraded_at = story.first(Did.DOWNGRADED)
        self.major_at = story.first(Did.FOUND_MAJOR)
        self.first_arrival = story.first(Did.ARRIVED)
        self.started = story.first(Did.STARTED, Did.AGREED, Did.FINISHED, Did.NOT_SOLVED)
        self.appointments = tuple(self._appointments())

    @property
    def is_repair(self) -> bool:
        """Whether the 24 hours of a minor repair run for it."""
        ordinary = not self.story.emergency or self.downgraded_at is not None
        return self.story.trade is Trade.REPAIR and ordinary

    def _appointments(self) -> Iterator[Appointment]:
        agreed = [deed for deed in self.story.deeds if deed.did in AGREES_A_TIME]
        for deed, following in zip(agreed, [*agreed[1:], None], strict=True):
            if deed.appointed_at is not None:
                until = following.at if following else self.end
                yield Appointment(deed.at, deed.appointed_at, until)

    def waits(self) -> Iterator[tuple[datetime, datetime, datetime | None]]:
        """The times in which nobody had the order, with the time agreed at their beginning."""
        since: Deed | None = None
        for deed in self.story.deeds:
            if deed.waiting and since is None:
                since = deed
            elif not deed.waiting and since is not None:
                yield since.at, deed.at, since.appointed_at
                since = None
        if since is not None:
            yield since.at, self.end, since.appointed_at

    def completion_limits(self) -> Iterator[tuple[datetime, datetime, bool]]:
        """Since when which limit holds for a minor repair, and whether the owner chose it."""
        usual = self.story.reported_at + MINOR_WITHIN
        chosen, before = False, None
        for deed in self.story.deeds:
            if deed.did not in AGREES_A_TIME and deed.did is not Did.DOWNGRADED:
                continue
            own = self._is_owners_choice(deed, before, usual) or (chosen and deed.did in OWNERS)
            is_first = before is None or deed.did is Did.DOWNGRADED
            counts = not self.story.emergency or self._was_downgraded(deed)
            if (own or is_first) and counts:
                # A time that the desk proposed moves nothing, whoever agreed to it.
                planned = (deed.appointed_at or usual) + self.story.minutes * MINUTE
                later = own and planned > usual
                yield deed.at, planned if later else usual, later
            chosen, before = chosen or own, deed.appointed_at

    def _is_owners_choice(self, deed: Deed, before: datetime | None, usual: datetime) -> bool:
        """Reading 14: a later time than the 24 hours, chosen while an earlier one was to be had.

        A hold is such a choice where he confirmed that it is his own wish.
        """
        if deed.appointed_at is None or deed.appointed_at <= usual:
            return False
        if deed.did is Did.ASKED_FOR:
            return self.story.had_earlier
        in_time = before is not None and before <= usual and deed.at <= usual
        return deed.did in OWNERS and in_time

    def holds(self) -> Iterator[tuple[datetime, datetime]]:
        """Each date for which the order was held, and when that hold was over."""
        deeds = self.story.deeds
        for deed, following in zip(deeds, [*deeds[1:], None], strict=True):
            if deed.held_until is not None:
                yield deed.held_until, following.at if following else self.end

    def _was_downgraded(self, deed: Deed) -> bool:
        return self.downgraded_at is not None and deed.at >= self.downgraded_at


# The promises


def outcomes(life: Life) -> Iterator[Outcome]:
    """Every promise that was made for the order, and what should have become of it."""
    yield _staff_told(life)
    if life.story.emergency:
        yield _emergency_arrival(life)
        yield _emergency_started(life)
    yield from _punctuality(life)
    yield from _minor_completion(life)
    yield from _major_response(life)


def emergency_limit(life: Life) -> datetime:
    """Ten minutes from 09:00 to 22:00, both minutes included, else thirty (reading 8).

    By the minute of the report or of the occurrence, where that was said: the stricter.
    """
    reported = life.story.reported_at
    times = (reported, life.story.occurred_at or reported)
    by_day = any(9 * 60 <= _minute_of_day(one) <= 22 * 60 for one in times)
    return reported + (DAY_LIMIT if by_day else NIGHT_LIMIT)


def _staff_told(life: Life) -> Outcome:
    story = life.story
    within = TOLD_WITHIN_IN_AN_EMERGENCY if story.emergency else TOLD_WITHIN
    return _judged(life, "staff_told", story.reported_at + within, story.staff_told_at, None)


def _emergency_arrival(life: Life) -> Outcome:
    return _urgent(life, "emergency_arrival", life.first_arrival, "missed_emergency_limit")


def _emergency_started(life: Life) -> Outcome:
    return _urgent(life, "emergency_started", life.started, None)


def _urgent(life: Life, rule: str, actual: datetime | None, case: str | None) -> Outcome:
    """By the limit of an emergency; a downgrade lets the rest of it pass (reading 11)."""
    limit, calmed = emergency_limit(life), life.downgraded_at
    if calmed is None:
        return _judged(life, rule, limit, actual, case)
    fate = Fate.WAIVED if calmed <= limit else Fate.MISSED
    return Outcome(rule, fate, limit, calmed, case=case)


def _punctuality(life: Life) -> Iterator[Outcome]:
    """The first agreed time that was missed, else the last that came to something (reading 13)."""
    each = [_kept_appointment(life, one) for one in life.appointments]
    judged = [outcome for outcome in each if outcome is not None]
    by_merit = [
        *(one for one in judged if one.fate is Fate.MISSED),
        *(one for one in reversed(judged) if one.fate in (Fate.MET, Fate.WAIVED)),
        *(one for one in reversed(judged) if one.fate is Fate.NOT_APPLICABLE),
    ]
    yield from by_merit[:1]


def _kept_appointment(life: Life, one: Appointment) -> Outcome | None:
    """What became of one agreed time; None where it was replaced before it came."""
    latest = one.starts_at + LATE
    case = "late_arrival"
    arrived = life.story.first(Did.ARRIVED, since=one.agreed_at)
    if arrived is not None and arrived <= one.until:
        # To the second, as people read a clock (reading 12).
        seen = arrived.replace(microsecond=0)
        if seen > latest:
            return Outcome("punctuality", Fate.MISSED, latest, one.until, seen, case)
        early = seen < one.starts_at - EARLY
        fate = Fate.WAIVED if early and _welcome(life, one, arrived) else Fate.MET
        return Outcome("punctuality", fate, latest, one.until, arrived)
    is_last = one is life.appointments[-1]
    if not is_last:
        missed = one.until > one.starts_at
        return Outcome("punctuality", Fate.MISSED, latest, one.until, case=case) if missed else None
    return _judged(life, "punctuality", latest, None, case)


def _welcome(life: Life, one: Appointment, arrived: datetime) -> bool:
    consented = life.story.first(Did.WELCOMED_EARLY, since=one.agreed_at)
    return consented is not None and consented <= arrived


def _minor_completion(life: Life) -> Iterator[Outcome]:
    if not life.is_repair:
        return
    rule, (_, limit, chosen) = "minor_completion", _limit_that_holds(life)
    case = None if chosen else "missed_deadline"
    became_major = life.major_at is not None and life.major_at <= limit
    unsolved = life.story.first(Did.NOT_SOLVED)
    if unsolved is None or became_major:
        done = None if became_major else life.story.first(Did.FINISHED)
        yield _judged(life, rule, limit, done, case, life.major_at if became_major else None)
    else:  # not done within the limit, however early that was found
        late = max(unsolved, limit)
        yield Outcome(rule, Fate.MISSED, limit, life.end, late, case if late > limit else None)


def _limit_that_holds(life: Life) -> tuple[datetime, datetime, bool]:
    """The last one agreed on before the one it replaces had passed."""
    limits = life.completion_limits()
    held = next(limits)
    for later in limits:
        if later[0] <= held[1]:
            held = later
    return held


def _major_response(life: Life) -> Iterator[Outcome]:
    if life.major_at is not None:
        limit = life.story.reported_at + MAJOR_WITHIN
        answered = life.story.first(Did.ANSWERED)
        yield _judged(life, "major_response", limit, answered, "missed_deadline")


def _judged(
    life: Life,
    rule: str,
    limit: datetime,
    actual: datetime | None,
    case: str | None,
    waived_at: datetime | None = None,
) -> Outcome:
    """A promise with a limit; exactly on it is in time. It ends with the order, or before."""
    if actual is not None:
        fate = Fate.MISSED if actual > limit else Fate.MET
        return Outcome(rule, fate, limit, life.end, actual, case)
    ended = waived_at or life.over_at
    if ended is not None:
        fate = Fate.MISSED if ended > limit else Fate.NOT_APPLICABLE
        return Outcome(rule, fate, limit, ended, case=case)
    fate = Fate.MISSED if life.now > limit + SECOND else Fate.OPEN
    return Outcome(rule, fate, limit, life.now, case=case)


# The ladders


def rungs(life: Life) -> Iterator[Rung]:
    """Every stage of every ladder that was set up for the order (§3.5)."""
    yield from _accepting(life)
    if life.story.emergency:
        yield from _emergency_arriving(life)
    for appointment in life.appointments:
        yield from _appointed(life, appointment)
    yield from _completing(life)
    yield from _answering(life)
    yield from _held(life)


def opening(at: datetime) -> datetime:
    """When staff may hear of something that is not urgent: from 08:30 to 22:00 at once."""
    local = at + AHEAD
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    morning, evening = midnight + 8.5 * HOUR, midnight + 22 * HOUR
    if local < morning:
        return morning - AHEAD
    return at if local < evening else morning + 24 * HOUR - AHEAD


def _accepting(life: Life) -> Iterator[Rung]:
    calmed = life.downgraded_at
    for start, end, appointed_at in life.waits():
        # A handled emergency whose next visit has a time is offered like any visit.
        attended = appointed_at is not None
        urgent = life.story.emergency and not attended and (calmed is None or start < calmed)
        if urgent:
            steps = (1 * MINUTE, 3 * MINUTE, 5 * MINUTE)
            closes = min(end, calmed or end)
            yield from _ladder("emergency_accept", start, steps, closes, by_night=True)
        since = max(start, calmed or start)
        if not urgent or (calmed is not None and calmed < end):
            yield from _ordinary_accepting(since, end, appointed_at)


def _ordinary_accepting(
    start: datetime, end: datetime, appointed_at: datetime | None
) -> Iterator[Rung]:
    soon = appointed_at is not None and appointed_at <= opening(start)
    counted_from = start if soon else opening(start)
    steps = (30 * MINUTE, 2 * HOUR)
    yield from _ladder("accept", counted_from, steps, end, first=2)


def _emergency_arriving(life: Life) -> Iterator[Rung]:
    """At the limit it is also asked who is there and has not begun (reading 10)."""
    limit, reported, kind = emergency_limit(life), life.story.reported_at, "emergency_arrival"
    near, over = reported + (limit - reported) * 0.7, limit + SECOND
    waits_until = min(life.downgraded_at or life.end, life.end)
    arrived = min(life.first_arrival or waits_until, waits_until)
    begun = min(life.started or waits_until, waits_until)
    yield Rung(f"{kind}.1", near, arrived, (over,), speaks=True, by_night=True)
    yield Rung(f"{kind}.2", over, begun, (), speaks=True, by_night=True)


def _appointed(life: Life, one: Appointment) -> Iterator[Rung]:
    arrived = life.story.first(Did.ARRIVED, since=one.agreed_at)
    closes = min(one.until, arrived or one.until)
    steps = (-30 * MINUTE, 0 * MINUTE, LATE + SECOND)
    for rung in _ladder("appointment", one.starts_at, steps, closes, speaks=0):
        if rung.due > one.agreed_at:
            yield _told_at_the_limit(rung, "appointment.3")
    # The household is reminded of it, in hours in which it may be.
    due = one.starts_at - 30 * MINUTE
    if life.story.by_chat and due > one.agreed_at + MINUTE and not _is_quiet(due):
        yield Rung("reminder.near", due, closes, (), speaks=False, by_night=False)


def _told_at_the_limit(rung: Rung, kind: str) -> Rung:
    """At a limit the miss is written down, whatever the hour."""
    return replace(rung, speaks=True, by_night=True) if rung.kind == kind else rung


def _is_quiet(at: datetime) -> bool:
    """From 12:00 to 14:00 and from 20:30 to 09:00 (§3.6)."""
    minute = _minute_of_day(at)
    return 12 * 60 <= minute < 14 * 60 or not 9 * 60 <= minute < 20 * 60 + 30


def _completing(life: Life) -> Iterator[Rung]:
    if not life.is_repair:
        return
    limits = list(life.completion_limits())
    until = min(life.end, life.major_at or life.end)
    for (since, limit, chosen), following in zip(limits, [*limits[1:], None], strict=True):
        closes = min(until, following[0]) if following else until
        steps = (limit - 6 * HOUR, limit - 2 * HOUR, limit + SECOND)
        for stage, due in enumerate(steps, start=1):
            # Where the owner chose a later time there is nothing to warn of before it.
            if due > since and not (chosen and stage < 3):
                kind = f"minor_completion.{stage}"
                yield Rung(kind, due, closes, steps[stage:], speaks=True, by_night=stage == 3)


def _answering(life: Life) -> Iterator[Rung]:
    if life.major_at is not None:
        answered = life.story.first(Did.ANSWERED) or life.end
        steps = (48 * HOUR, 66 * HOUR, MAJOR_WITHIN + SECOND)
        closes = min(answered, life.end)
        reported = life.story.reported_at
        for rung in _ladder("major_response", reported, steps, closes):
            yield _told_at_the_limit(rung, "major_response.3")


def _held(life: Life) -> Iterator[Rung]:
    """When the date has come for which a job was held, somebody is asked how it goes on."""
    for until, closes in life.holds():
        yield Rung("hold.over", until, closes, (), speaks=False, by_night=False)


def _ladder(
    kind: str,
    start: datetime,
    steps: tuple[timedelta, ...],
    closes: datetime,
    *,
    first: int = 1,
    speaks: int = 3,
    by_night: bool = False,
) -> Iterator[Rung]:
    """The stages of a ladder, of which the first `speaks` must tell somebody."""
    for place, step in enumerate(steps):
        above = tuple(start + higher for higher in steps[place + 1 :])
        yield Rung(f"{kind}.{first + place}", start + step, closes, above, place < speaks, by_night)


def _minute_of_day(at: datetime) -> int:
    local = at + AHEAD
    return local.hour * 60 + local.minute
