"""Who can do a job when: the roster, what is promised already, and the hours work is allowed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from services import calendars, roster
from services.desk import Desk
from services.roster import Worker
from services.rules.hours import DayWindow, instant
from services.rules.slots import (
    Availability,
    NoisyHours,
    Slot,
    Unassigned,
    free_starts,
    is_free,
    who_is_free,
    with_buffer,
)
from services.rules.spans import Span
from storage.records import Role, Staff
from storage.workload import Burden, open_burdens

VISITING = DayWindow.parse("08:00-21:00")
"""When an ordinary visit may start. The night shift is on duty for emergencies (§3.10)."""

READING_TIME = timedelta(minutes=10)
"""A start that was offered stays bookable while somebody reads the summary."""

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Work:
    """What is to be fitted in. Noisy work has its own hours (§3.12)."""

    centre_id: int
    skills: tuple[str, ...]
    minutes: int
    noisy: bool = False


def free_slots(desk: Desk, work: Work, *, besides: int | None = None) -> tuple[Slot, ...]:
    """Every start that may be offered, in order, each with who could take it.

    `besides` is an order that is about to be moved: the time it takes now counts as free.
    """
    standard, zone = desk.standard(work.centre_id), desk.zone(work.centre_id)
    today = desk.today(work.centre_id)
    days = [today + n * _DAY for n in range(-1, standard.booking_horizon_days + 1)]
    seen = _look(desk, work, days, besides)
    slots = free_starts(
        seen.able,
        minutes=work.minutes,
        noisy=_noisy_hours(desk, work),
        unassigned=seen.unassigned,
        now=desk.now,
        lead=standard.booking_lead,
        grid=standard.slot_grid,
        horizon_days=standard.booking_horizon_days,
        zone=zone,
    )
    return tuple(slot for slot in slots if VISITING.includes(slot.start.astimezone(zone)))


@dataclass(frozen=True, slots=True)
class Look:
    """One look at the rows: who is qualified, what is taken of their time, and by how many jobs;
    and what nobody has taken yet."""

    able: tuple[Availability, ...]
    jobs: Counter[int]
    unassigned: tuple[Unassigned, ...]


def look(
    desk: Desk, work: Work, *times: tuple[datetime, datetime], besides: int | None = None
) -> Look:
    """What there is to know of the technicians' time from the first to the last of each pair."""
    zone = desk.zone(work.centre_id)
    days = set()
    for first, last in times:
        eve, end = first.astimezone(zone).date() - _DAY, last.astimezone(zone).date()
        days |= {eve + n * _DAY for n in range((end - eve).days + 1)}
    return _look(desk, work, sorted(days), besides)


def is_any_free(desk: Desk, work: Work, seen: Look, until: datetime) -> bool:
    """Whether `free_slots` has a start by `until`; stops looking at the first."""
    return any(
        free_then(desk, work, seen, start)
        for start in _starts(desk, work, until)
        if may_start(desk, work, start)
    )


def _starts(desk: Desk, work: Work, until: datetime) -> Iterator[datetime]:
    """The starts on the grid, from the shortest notice on."""
    standard, zone = desk.standard(work.centre_id), desk.zone(work.centre_id)
    midnight = instant(desk.today(work.centre_id), time.min, zone)
    step = -((midnight - desk.now - standard.booking_lead) // standard.slot_grid)  # rounded up
    while (start := midnight + step * standard.slot_grid) <= until:
        yield start
        step += 1


def free_technicians(
    desk: Desk, work: Work, start: datetime, *, besides: int | None = None
) -> tuple[int, ...]:
    """Who could take the job at this start, whoever has the fewest open jobs first.

    Nobody where nothing is bookable.
    """
    return free_then(desk, work, look(desk, work, (start, start), besides=besides), start)


def free_then(desk: Desk, work: Work, seen: Look, start: datetime) -> tuple[int, ...]:
    """The same, where somebody has just looked."""
    free = who_is_free(
        seen.able,
        start,
        minutes=work.minutes,
        noisy=_noisy_hours(desk, work),
        unassigned=seen.unassigned,
        zone=desk.zone(work.centre_id),
    )
    return tuple(sorted(free, key=lambda one: (seen.jobs[one], one)))


def may_start(desk: Desk, work: Work, start: datetime) -> bool:
    """Whether the start obeys notice, grid, horizon and visiting hours, whoever may be free."""
    standard, zone = desk.standard(work.centre_id), desk.zone(work.centre_id)
    local, today = start.astimezone(zone), desk.now.astimezone(zone).date()
    since_midnight = timedelta(hours=local.hour, minutes=local.minute, seconds=local.second)
    return (
        start >= desk.now + standard.booking_lead - READING_TIME
        and local.date() <= today + timedelta(days=standard.booking_horizon_days)
        and not since_midnight % standard.slot_grid
        and not local.microsecond
        and VISITING.includes(local)
    )


def _look(desk: Desk, work: Work, days: Sequence[date], besides: int | None) -> Look:
    workers = [
        worker
        for worker in roster.workers(desk, work.centre_id, days)
        if Role.TECHNICIAN in worker.line.roles
    ]
    team = [worker.line for worker in workers]
    burdens = [
        burden
        for burden in open_burdens(
            desk.connection, work.centre_id, [line.person_id for line in team]
        )
        if burden.order_id != besides
    ]
    buffer = desk.standard(work.centre_id).travel_buffer
    busy = _busy(desk, burdens, buffer)
    everybody = {
        worker.line.person_id: Availability(
            worker.line.person_id,
            _working(desk, worker, days),
            tuple(busy[worker.line.person_id]),
        )
        for worker in workers
    }
    able = _with_skills(team, work.skills)
    # An order several have been asked to take has a row for each.
    in_hand = {burden.order_id: burden.technician_id for burden in burdens if burden.technician_id}
    return Look(
        tuple(everybody[person] for person in able),
        Counter(in_hand.values()),
        tuple(
            _unassigned(desk, burden, team, everybody, buffer)
            for burden in burdens
            if burden.technician_id is None and burden.asked_id is None
        ),
    )


def _with_skills(team: Sequence[Staff], skills: Collection[str]) -> list[int]:
    return [line.person_id for line in team if set(skills) <= set(line.skills)]


def _working(desk: Desk, worker: Worker, days: Sequence[date]) -> tuple[Span, ...]:
    """The roster's working times; of a shift that runs now, nothing for who said 下班."""
    spans = roster.working(desk, worker, days)
    if roster.said(desk, worker.line) is False:
        return tuple(span for span in spans if not span.contains(desk.now))
    return spans


def _busy(desk: Desk, burdens: Sequence[Burden], buffer: timedelta) -> defaultdict[int, list[Span]]:
    """What is taken of each one's time by jobs they have or have been asked to take."""
    busy: defaultdict[int, list[Span]] = defaultdict(list)
    for burden in burdens:
        person_id = burden.technician_id or burden.asked_id
        if person_id is not None:
            busy[person_id].append(with_buffer(_span(desk, burden), buffer))
    return busy


def _span(desk: Desk, burden: Burden) -> Span:
    """The time an order takes; one that runs late takes at least until now."""
    start = burden.appointed_at or burden.reported_at
    travel = timedelta(minutes=0 if burden.appointed_at else burden.limit_minutes or 0)
    end = start + travel + timedelta(minutes=max(burden.minutes, 1))
    return Span(start, max(end, desk.now))


def _unassigned(
    desk: Desk,
    burden: Burden,
    team: Sequence[Staff],
    everybody: dict[int, Availability],
    buffer: timedelta,
) -> Unassigned:
    """A promised job nobody has, and who is really free for it (not merely qualified)."""
    job = _span(desk, burden)
    free = frozenset(
        person
        for person in _with_skills(team, burden.skills)
        if is_free(everybody[person], job.start, max(burden.minutes, 1))
    )
    return Unassigned(with_buffer(job, buffer), free)


def _noisy_hours(desk: Desk, work: Work) -> NoisyHours | None:
    if not work.noisy:
        return None
    hours = desk.standard(work.centre_id).noisy_hours
    return NoisyHours(hours, calendars.calendar_of(desk, work.centre_id))
