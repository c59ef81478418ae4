"""Who can do a job when: the roster, what is promised already, and the hours work is allowed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from services import roster
from services.desk import Desk
from services.rules.hours import DayWindow, instant
from services.rules.slots import (
    Availability,
    Slot,
    Unassigned,
    free_starts,
    is_free,
    who_is_free,
    with_buffer,
)
from services.rules.spans import Span
from services.rules.standard import Standard
from storage.records import Staff
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
    today = desk.now.astimezone(zone).date()
    days = [today + n * _DAY for n in range(-1, standard.booking_horizon_days + 1)]
    picture = _picture(desk, work, days, besides)
    slots = free_starts(
        picture.able,
        minutes=work.minutes,
        weekday_windows=_windows(work, standard),
        unassigned=picture.unassigned,
        now=desk.now,
        lead=standard.booking_lead,
        grid=standard.slot_grid,
        horizon_days=standard.booking_horizon_days,
        zone=zone,
    )
    return tuple(slot for slot in slots if VISITING.includes(slot.start.astimezone(zone)))


def is_any_free(desk: Desk, work: Work, until: datetime) -> bool:
    """Whether `free_slots` has a start by `until`; stops looking at the first."""
    standard, zone = desk.standard(work.centre_id), desk.zone(work.centre_id)
    today = desk.now.astimezone(zone).date()
    horizon = min(standard.booking_horizon_days, (until.astimezone(zone).date() - today).days)
    days = [today + n * _DAY for n in range(-1, horizon + 1)]
    picture = _picture(desk, work, days, besides=None)
    return any(
        _free_at(desk, work, picture, start)
        for start in _starts(desk, work, until)
        if may_start(desk, work, start)
    )


def _starts(desk: Desk, work: Work, until: datetime) -> Iterator[datetime]:
    """The starts on the grid, from the shortest notice on."""
    standard, zone = desk.standard(work.centre_id), desk.zone(work.centre_id)
    midnight = instant(desk.now.astimezone(zone).date(), time.min, zone)
    step = -((midnight - desk.now - standard.booking_lead) // standard.slot_grid)  # rounded up
    while (start := midnight + step * standard.slot_grid) <= until:
        yield start
        step += 1


def free_technicians(
    desk: Desk, work: Work, start: datetime, *, besides: int | None = None
) -> tuple[int, ...]:
    """Who could take the job at this start, in roster order; nobody where nothing is bookable."""
    day = start.astimezone(desk.zone(work.centre_id)).date()
    return _free_at(desk, work, _picture(desk, work, [day - _DAY, day], besides), start)


def _free_at(desk: Desk, work: Work, picture: _Picture, start: datetime) -> tuple[int, ...]:
    return who_is_free(
        picture.able,
        start,
        minutes=work.minutes,
        weekday_windows=_windows(work, desk.standard(work.centre_id)),
        unassigned=picture.unassigned,
        zone=desk.zone(work.centre_id),
    )


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


@dataclass(frozen=True, slots=True)
class _Picture:
    able: tuple[Availability, ...]
    unassigned: tuple[Unassigned, ...]


def _picture(desk: Desk, work: Work, days: Sequence[date], besides: int | None) -> _Picture:
    """Who is qualified, what is taken of their time, and what nobody has taken yet."""
    team = roster.technicians(desk, work.centre_id)
    burdens = [
        burden
        for burden in open_burdens(
            desk.connection, work.centre_id, [line.person_id for line in team]
        )
        if burden.order_id != besides
    ]
    buffer = desk.standard(work.centre_id).travel_buffer
    everybody = {
        line.person_id: Availability(
            line.person_id,
            _working(desk, line, days),
            _busy(desk, line.person_id, burdens, buffer),
        )
        for line in team
    }
    able = _with_skills(team, work.skills)
    return _Picture(
        tuple(everybody[person] for person in able),
        tuple(
            _unassigned(desk, burden, team, everybody, buffer)
            for burden in burdens
            if burden.technician_id is None and burden.asked_id is None
        ),
    )


def _with_skills(team: Sequence[Staff], skills: Collection[str]) -> list[int]:
    return [line.person_id for line in team if set(skills) <= set(line.skills)]


def _working(desk: Desk, line: Staff, days: Sequence[date]) -> tuple[Span, ...]:
    """The roster's working times; of a shift that runs now, nothing for who said 下班."""
    spans = _shift_spans(line.shift, tuple(days), desk.zone(line.centre_id))
    if line.duty is False and line.duty_until is not None and desk.now < line.duty_until:
        return tuple(span for span in spans if not span.contains(desk.now))
    return spans


@lru_cache(maxsize=1024)  # most of a team works the same few shifts
def _shift_spans(shift: str, days: tuple[date, ...], zone: ZoneInfo) -> tuple[Span, ...]:
    return tuple(span for day in days for span in roster.shift_of(shift).windows(day, zone))


def _busy(
    desk: Desk, person_id: int, burdens: Sequence[Burden], buffer: timedelta
) -> tuple[Span, ...]:
    return tuple(
        with_buffer(_span(desk, burden), buffer)
        for burden in burdens
        if person_id == (burden.technician_id or burden.asked_id)
    )


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


def _windows(work: Work, standard: Standard) -> Sequence[DayWindow] | None:
    return standard.noisy_hours if work.noisy else None
