"""Bookable starts: when somebody can do a whole job, and nothing promised twice."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from services.rules.hours import DayWindow, daily_spans, instant
from services.rules.spans import Span, common, merged, without
from services.rules.workdays import Workdays, is_quiet

_NO_TIME = timedelta(0)


@dataclass(frozen=True, slots=True)
class Availability:
    """A qualified technician: working times, and what is taken of them (buffers included)."""

    technician: int
    working: tuple[Span, ...]
    busy: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Unassigned:
    """A promised job nobody has yet: its time (buffers included) and who could do it."""

    span: Span
    technicians: frozenset[int]


@dataclass(frozen=True, slots=True)
class Slot:
    """A start that may be offered, and the technicians who could take it, in the given order."""

    start: datetime
    technicians: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class NoisyHours:
    """When noisy work may be done: Monday to Friday, public holidays left out (§3.12)."""

    windows: tuple[DayWindow, ...]
    calendar: Workdays

    def on(self, days: Sequence[date], zone: ZoneInfo) -> tuple[Span, ...]:
        """Those hours of these local days."""
        loud = [day for day in days if not is_quiet(self.calendar, day)]
        return daily_spans(self.windows, loud, zone)


def with_buffer(span: Span, buffer: timedelta) -> Span:
    """The span with the travel time kept free before and after it."""
    return Span(span.start - buffer, span.end + buffer)


def is_free(
    availability: Availability, start: datetime, minutes: int, buffer: timedelta = _NO_TIME
) -> bool:
    """Whether one technician can do a job of so many minutes from ``start``.

    The whole job lies in one continuous working time. ``buffer`` is for busy times that do
    not carry their travel time yet.
    """
    job = Span(start, start + timedelta(minutes=minutes))
    around = with_buffer(job, buffer)
    return not any(busy.overlaps(around) for busy in availability.busy) and _is_worked(
        availability.working, job
    )


def _is_worked(working: tuple[Span, ...], job: Span) -> bool:
    """Whether one working time covers the job: a shift as it is, or shifts that touch."""
    return any(shift.covers(job) for shift in working) or any(
        shift.covers(job) for shift in merged(working)
    )


def free_starts(
    availability: Sequence[Availability],
    *,
    minutes: int,
    noisy: NoisyHours | None = None,
    unassigned: Sequence[Unassigned] = (),
    now: datetime,
    lead: timedelta,
    grid: timedelta,
    horizon_days: int,
    zone: ZoneInfo,
) -> tuple[Slot, ...]:
    """Every start that may be offered for a job of so many minutes, in order.

    Starts lie on the grid that begins at today's local midnight, at least ``lead`` from now, and
    the job ends by the end of the local day ``horizon_days`` after today. A noisy job lies wholly
    in one of the ``noisy`` hours (§3.12). A start is left out when an unassigned job would then
    have nobody: capacity is never promised twice.
    """
    today = now.astimezone(zone).date()
    earliest = now + max(lead, _NO_TIME)
    midnight = instant(today, time.min, zone)
    latest = instant(today + timedelta(days=horizon_days + 1), time.min, zone)
    if latest <= earliest:
        return ()
    permitted = _permitted(Span(earliest, latest), noisy, zone)
    length = timedelta(minutes=minutes)
    free: defaultdict[int, list[int]] = defaultdict(list)  # by the number of the grid step
    for one in availability:
        for gap in common(without(one.working, one.busy), permitted):
            first = -((midnight - gap.start) // grid)  # rounded up
            last = (gap.end - length - midnight) // grid
            for step in range(first, last + 1):
                free[step].append(one.technician)
    clusters = _clusters(unassigned)
    slots = []
    for step in sorted(free):
        start = midnight + step * grid
        if spare := _spare(free[step], Span(start, start + length), clusters):
            slots.append(Slot(start, spare))
    return tuple(slots)


def who_is_free(
    availability: Sequence[Availability],
    start: datetime,
    *,
    minutes: int,
    noisy: NoisyHours | None = None,
    unassigned: Sequence[Unassigned] = (),
    zone: ZoneInfo,
) -> tuple[int, ...]:
    """Who can take a job at this one start; the same answer ``free_starts`` gives for it."""
    job = Span(start, start + timedelta(minutes=minutes))
    if not any(window.covers(job) for window in _permitted(job, noisy, zone)):
        return ()
    free = [one.technician for one in availability if is_free(one, start, minutes)]
    return _spare(free, job, _clusters(unassigned))


@dataclass(frozen=True, slots=True)
class _Cluster:
    """Unassigned jobs that hang together in time, and who could do each of them."""

    span: Span
    able: tuple[frozenset[int], ...]


def _clusters(unassigned: Sequence[Unassigned]) -> tuple[_Cluster, ...]:
    """Group the jobs by touching time; a job that nobody could do takes nobody's time."""
    jobs = [job for job in unassigned if job.technicians]
    return tuple(
        _Cluster(extent, tuple(job.technicians for job in jobs if extent.covers(job.span)))
        for extent in merged(job.span for job in jobs)
    )


def _spare(free: Sequence[int], job: Span, clusters: Sequence[_Cluster]) -> tuple[int, ...]:
    """Those who can take the job and still leave one technician for each unassigned rival.

    Rivals are whole clusters, for a job that only overlaps a rival may need its technician.
    """
    rivals = [able for cluster in clusters if cluster.span.overlaps(job) for able in cluster.able]
    return tuple(one for one in free if not rivals or _all_served(rivals, taken=one))


def _all_served(jobs: Sequence[frozenset[int]], *, taken: int) -> bool:
    """Whether each job can have a technician of its own, none of them the taken one."""
    holder: dict[int, int] = {}

    def serve(job: int, tried: set[int]) -> bool:
        for technician in jobs[job]:
            if technician in tried:
                continue
            tried.add(technician)
            if technician not in holder or serve(holder[technician], tried):
                holder[technician] = job
                return True
        return False

    return all(serve(job, {taken}) for job in range(len(jobs)))


def _permitted(within: Span, noisy: NoisyHours | None, zone: ZoneInfo) -> tuple[Span, ...]:
    """The part of the time in which the job may be done at all."""
    if noisy is None:
        return (within,)
    first = within.start.astimezone(zone).date()
    last = within.end.astimezone(zone).date()
    days = [first + timedelta(days=n) for n in range(-1, (last - first).days + 1)]
    return common([within], noisy.on(days, zone))
