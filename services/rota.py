"""The roster as it is looked at: who works when, which days differ and why, who is on duty now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from services import calendars, roster
from services.desk import Desk
from services.messages import Words
from services.roster import Worker, role_names
from services.rules.workdays import DayKind
from storage.records import DayReason, Role, Staff


@dataclass(frozen=True, slots=True)
class Work:
    """What one member of staff works on one day: roster hours, empty for a day off.

    `reason` is why it is not what their shift says, None where it is.
    """

    name: str
    roles: Words
    hours: str
    reason: DayReason | None


@dataclass(frozen=True, slots=True)
class RotaDay:
    """One local day: what the calendar calls it, and who works, or would but for a reason."""

    day: date
    kind: DayKind
    holiday: str
    work: tuple[Work, ...]


@dataclass(frozen=True, slots=True)
class OnDuty:
    """Somebody on duty now; `until` is set where they said 上班 and the roster may not."""

    name: str
    roles: Words
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Rota:
    """Some days of a centre, and its present minute (in its own zone)."""

    days: tuple[RotaDay, ...]
    now: datetime
    on_duty: tuple[OnDuty, ...]


def rota(desk: Desk, centre_id: int, first: date | None, count: int, language: str) -> Rota:
    """So many days from the first (today by default); holidays are named in the language."""
    zone = desk.zone(centre_id)
    now = desk.now.astimezone(zone)
    first = first or now.date()
    days = [first + timedelta(days=n) for n in range(count)]
    team = roster.workers(desk, centre_id, days)
    present = roster.on_duty(desk, centre_id, *Role)
    return Rota(
        tuple(_day(desk, centre_id, team, day, language) for day in days),
        now,
        tuple(OnDuty(line.name, role_names(line.roles), _until(desk, line)) for line in present),
    )


def _until(desk: Desk, line: Staff) -> datetime | None:
    if line.duty_until is None or not roster.said(desk, line):
        return None
    return line.duty_until.astimezone(desk.zone(line.centre_id))


def _day(desk: Desk, centre_id: int, team: Sequence[Worker], day: date, language: str) -> RotaDay:
    code = desk.standard(centre_id).holiday_calendar
    work = (_work(desk, worker, day) for worker in team)
    return RotaDay(
        day,
        calendars.calendar(code).kind(day),
        calendars.holiday_name(code, day, language),
        tuple(one for one in work if one.hours or one.reason),
    )


def _work(desk: Desk, worker: Worker, day: date) -> Work:
    line = worker.line
    other = next((one for one in worker.others if one.day == day), None)
    if other is not None:
        return Work(line.name, role_names(line.roles), other.shift, other.reason)
    shift = roster.shift_of(line.shift)
    is_on = shift.is_on(day, calendars.calendar_of(desk, line.centre_id))
    return Work(line.name, role_names(line.roles), shift.hours_text() if is_on else "", None)
