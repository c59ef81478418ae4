"""The centres, and where each departs from the operating standard."""

from __future__ import annotations

import json
import re
from dataclasses import replace

from pydantic import ValidationError

from services import calendars
from services.desk import Desk
from services.imports.intake import How, Placed, Plan, Report, Steps, pairs, take_in
from services.imports.rows import CentreRow
from services.imports.sheet import Problem, Sheet
from services.messages import Saying
from services.rules.standard import Standard
from storage import centres
from storage.records import Centre


def import_centres(desk: Desk, sheet: Sheet, how: How, steps: Steps) -> Report:
    """Centres; a column named as a value of the standard (`arrival_late`) overrides it there."""
    intake = take_in(desk, CentreRow, sheet, how, steps)
    intake.drop_repeats("code", lambda one: one.row.code)
    found = pairs(
        intake.rows,
        centres.every(desk.connection),
        lambda one: one.row.code,
        lambda centre: centre.code,
    )
    intake.drop(lambda one: _bad_overrides(desk, one, found.get(one.line)))
    if intake.refused:
        return intake.report()
    plan: Plan[Centre] = Plan()
    for one in intake.rows:
        row, was = one.row, found.get(one.line)
        blank = Centre(0, row.code, row.name, row.zone, row.phone, "{}", "", 0)
        overrides = json.dumps(_overrides(one, was), ensure_ascii=False, sort_keys=True)
        new = replace(
            was or blank, name=row.name, zone=row.zone, phone=row.phone, overrides=overrides
        )
        plan.put(new, was)
    plan.write(desk, steps)
    return intake.report(plan)


def _overrides(one: Placed[CentreRow], was: Centre | None) -> dict[str, str | list[str]]:
    """The centre's own values of the standard: as they were, with the sheet's columns applied."""
    own: dict[str, str | list[str]] = json.loads(was.overrides) if was else {}
    for name, text in one.beside.items():
        if not text:
            own.pop(name, None)
        elif isinstance(Standard.model_fields[name].default, tuple):
            own[name] = [part.strip() for part in re.split(r"[,，;；、]", text) if part.strip()]
        else:
            own[name] = text
    return own


def _bad_overrides(desk: Desk, one: Placed[CentreRow], was: Centre | None) -> Problem | None:
    try:
        own = desk.company.with_overrides(_overrides(one, was))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        column = str(first["loc"][0]) if first["loc"] else ""
        return _bad_standard(one, column, first["msg"].removeprefix("Value error, "))
    try:
        calendars.calendar(own.holiday_calendar)
    except ValueError as error:
        return _bad_standard(one, "holiday_calendar", str(error))
    return None


def _bad_standard(one: Placed[CentreRow], column: str, reason: str) -> Problem:
    return Problem(one.line, column, Saying("import-bad-standard", {"reason": reason}))
