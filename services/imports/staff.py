"""The roster: who works where, as what, and when. Each line has a person from the start."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import replace
from typing import Any

from services.desk import Desk
from services.imports.intake import How, Intake, Placed, Plan, Report, Steps, pairs, take_in
from services.imports.rows import StaffRow
from services.imports.sheet import Problem, Sheet
from storage import imports as store
from storage import people
from storage.records import Staff


def import_staff(desk: Desk, sheet: Sheet, how: How, steps: Steps) -> Report:
    intake = take_in(desk, StaffRow, sheet, how, steps)
    intake.drop_repeats("phone", lambda one: (one.centre_id, one.row.phone))
    intake.drop_repeats("wecom_userid", lambda one: _compared(one.row.wecom_userid))
    intake.drop_repeats("telegram_id", lambda one: one.row.telegram_id)
    roster = store.whole_roster(desk.connection)
    found = _same_staff(intake.rows, roster)
    listed = {line.id for line in found.values()}
    unlisted = [line for line in roster if line.id not in listed]
    leaving = [
        line
        for line in unlisted
        if how.complete and line.active and line.centre_id in intake.centre_ids
    ]
    staying = [line for line in unlisted if line.active and line not in leaving]
    intake.drop(lambda one: _account_taken(intake, one, staying))
    if intake.refused:
        return intake.report()
    plan: Plan[Staff] = Plan()
    for one in intake.rows:
        plan.put(_as_listed(desk, intake, one, found.get(one.line), roster), found.get(one.line))
    left = [
        replace(line, active=False, wecom_userid=None, telegram_id=None)
        for line in unlisted
        if line in leaving or (not line.active and (line.wecom_userid or line.telegram_id))
    ]
    moved = [was.id for was, new in plan.changed if _accounts(was) != _accounts(new)]
    store.clear_accounts(desk.connection, moved)
    store.change(desk.connection, left, lambda _count: None)
    plan.write(desk, steps)
    for was, new in plan.changed:
        if (was.name, was.phone) != (new.name, new.phone):
            people.rename(desk.connection, new.person_id, new.name, new.phone)
    return intake.report(plan, len(leaving))


def _accounts(line: Staff) -> tuple[str | None, str | None]:
    return _compared(line.wecom_userid), line.telegram_id


def _compared(account: str | None) -> str | None:
    """An account as it is compared: WeCom's userids are the same in capitals."""
    return account.lower() if account else None


def _same_staff(rows: list[Placed[StaffRow]], roster: list[Staff]) -> dict[int, Staff]:
    """Which roster line each line of the sheet speaks of: the same number, or the same account."""
    ways: tuple[tuple[Callable[[Placed[StaffRow]], Hashable], Callable[[Staff], Hashable]], ...]
    ways = (
        (lambda one: (one.centre_id, one.row.phone), lambda line: (line.centre_id, line.phone)),
        (
            lambda one: one.row.wecom_userid and (one.centre_id, _compared(one.row.wecom_userid)),
            lambda line: line.wecom_userid and (line.centre_id, _compared(line.wecom_userid)),
        ),
        (
            lambda one: one.row.telegram_id and (one.centre_id, one.row.telegram_id),
            lambda line: line.telegram_id and (line.centre_id, line.telegram_id),
        ),
    )
    found: dict[int, Staff] = {}
    for row_key, line_key in ways:
        taken = {line.id for line in found.values()}
        left = [line for line in roster if line.id not in taken]
        found |= pairs([one for one in rows if one.line not in found], left, row_key, line_key)
    return found


def _account_taken(
    intake: Intake[StaffRow], one: Placed[StaffRow], others: list[Staff]
) -> Problem | None:
    """An account is one human's: two lines with it would each get the other's cards."""
    for column in ("wecom_userid", "telegram_id"):
        account = getattr(one.row, column)
        for line in others:
            if account and _compared(getattr(line, column)) == _compared(account):
                return intake.problem(one, column, "import-account-taken", name=line.name)
    return None


def _as_listed(
    desk: Desk,
    intake: Intake[StaffRow],
    one: Placed[StaffRow],
    was: Staff | None,
    roster: list[Staff],
) -> Staff:
    """The roster line as the sheet has it, with the person it is.

    Another name under the same number is another human (a telephone handed on), who must not get
    the first one's chat; the same account shows that only the name was put right.
    """
    row = one.row
    optional = intake.given(row, "skills", "wecom_userid", "telegram_id")
    says: dict[str, Any] = {
        "name": row.name,
        "phone": row.phone,
        "roles": row.roles,
        "shift": row.shift,
        "active": True,
        **optional,
    }
    if was is not None:
        new = replace(was, **says)
        same_account = any(
            a and a == b for a, b in zip(_accounts(was), _accounts(new), strict=True)
        )
        if was.name == new.name or same_account:
            return new
        return replace(new, person_id=_person(desk, row, roster), duty=None, duty_until=None)
    return Staff(
        id=0,
        centre_id=one.centre_id,
        person_id=_person(desk, row, roster),
        name=row.name,
        phone=row.phone,
        roles=row.roles,
        skills=row.skills,
        shift=row.shift,
        wecom_userid=row.wecom_userid,
        telegram_id=row.telegram_id,
        active=True,
        duty=None,
        duty_until=None,
    )


def _person(desk: Desk, row: StaffRow, roster: list[Staff]) -> int:
    """The person of the same name and number on another centre's roster, or a new one."""
    for line in roster:
        if (line.name, line.phone) == (row.name, row.phone):
            return line.person_id
    return people.add_person(desk.connection, row.name, row.phone, _LOCALE, desk.now).id


_LOCALE = "zh-CN"
"""The language staff are written to until they choose another."""
