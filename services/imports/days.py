"""Days on which somebody works otherwise than their shift says: leave, days off, swaps, extra work.

A line says what somebody works on a day, or on each day from one to another. A swap makes two
days: the colleague works the hours that were theirs. 照常 takes back what was said before.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from services import calendars
from services.desk import Desk
from services.imports.cells import AS_USUAL
from services.imports.intake import How, Intake, Placed, Plan, Report, Steps, take_in
from services.imports.rows import DayRow
from services.imports.sheet import Problem, Sheet
from services.roster import shift_of
from services.rules.shifts import together
from storage import imports as store
from storage import people, staffing
from storage.records import DayReason, RosterDay, Staff


@dataclass(frozen=True, slots=True)
class _Said:
    """What a line of the sheet says of one day of one person; `shift` None: as usual."""

    line: int
    staff_id: int
    day: date
    shift: str | None
    reason: DayReason

    @property
    def key(self) -> tuple[int, date]:
        return self.staff_id, self.day


def import_days(desk: Desk, sheet: Sheet, how: How, steps: Steps) -> Report:
    intake = take_in(desk, DayRow, sheet, how, steps)
    team = {one: people.staff_in(desk.connection, one) for one in intake.centre_ids}
    said: dict[tuple[int, date], _Said] = {}
    intake.drop(lambda one: _take(desk, intake, one, team[one.centre_id], said))
    if intake.refused:
        return intake.report()
    known = _known(desk, said)
    plan: Plan[RosterDay] = Plan()
    usual = []
    for key, one in said.items():
        was = known.get(key)
        if one.shift is not None:
            plan.put(_as_said(desk, one, one.shift, was), was)
        elif was is not None:
            usual.append(was.id)
    store.as_usual(desk.connection, usual)
    plan.write(desk, steps)
    return intake.report(plan, len(usual))


def _as_said(desk: Desk, one: _Said, shift: str, was: RosterDay | None) -> RosterDay:
    """The day as the sheet has it; one that says the same keeps the time at which it was said."""
    if was is None:
        return RosterDay(0, one.staff_id, one.day, shift, one.reason, desk.now)
    if (was.shift, was.reason) == (shift, one.reason):
        return was
    return replace(was, shift=shift, reason=one.reason, set_at=desk.now)


def _known(desk: Desk, said: dict[tuple[int, date], _Said]) -> dict[tuple[int, date], RosterDay]:
    if not said:
        return {}
    dates = [day for _, day in said]
    ids = {staff_id for staff_id, _ in said}
    found = staffing.days_of(desk.connection, ids, min(dates), max(dates))
    return {(one.staff_id, one.day): one for one in found}


def _take(
    desk: Desk,
    intake: Intake[DayRow],
    one: Placed[DayRow],
    team: tuple[Staff, ...],
    said: dict[tuple[int, date], _Said],
) -> Problem | None:
    """Add what a line says to what was said before it, or tell what is wrong with it."""
    row = one.row
    column = "phone" if row.phone else "name"
    if not (row.phone or row.name):
        return intake.problem(one, column, "import-who")
    who = [line for line in team if _is_named(line, row.phone, row.name)]
    if len(who) != 1:
        return _not_one(intake, one, column, len(who), row.phone or row.name or "")
    other = [line for line in team if row.colleague in (line.phone, line.name)]
    if row.colleague and len(other) != 1:
        return _not_one(intake, one, "colleague", len(other), row.colleague)
    if other == who:
        return intake.problem(one, "colleague", "import-swap-with-oneself")
    days = list(_days(desk, one, who[0], other[0] if other else None))
    if not days:
        return intake.problem(one, "colleague", "import-nothing-to-swap", name=who[0].name)
    for day in days:
        if day.key in said:
            return intake.problem(one, column, "import-repeated", line=said[day.key].line)
    said.update((day.key, day) for day in days)
    return None


def _is_named(line: Staff, phone: str | None, name: str | None) -> bool:
    return phone in (None, line.phone) and name in (None, line.name)


def _not_one(
    intake: Intake[DayRow], one: Placed[DayRow], column: str, found: int, given: str
) -> Problem:
    key = "import-which-staff" if found else "import-no-such-staff"
    return intake.problem(one, column, key, given=given)


def _days(desk: Desk, one: Placed[DayRow], who: Staff, other: Staff | None) -> Iterator[_Said]:
    """Each day of a line; those of a swap are the days on which there is something to swap."""
    row, shift = one.row, shift_of(who.shift)
    calendar = calendars.calendar_of(desk, one.centre_id)
    for day in row.dates:
        own = shift if shift.is_on(day, calendar) else None
        if row.shift == AS_USUAL:
            yield from (
                _Said(one.line, line.id, day, None, row.because) for line in (who, other) if line
            )
        elif other is None:
            added = row.shift and row.because is DayReason.EXTRA
            text = together(own, shift_of(row.shift)).hours_text() if added else row.shift
            yield _Said(one.line, who.id, day, text, row.because)
        elif own is not None:
            yield _Said(one.line, who.id, day, row.shift, DayReason.SWAP)
            yield _Said(one.line, other.id, day, own.hours_text(), DayReason.SWAP)
