"""The room roll: who lives where. Rooms come from it; a chat account stays with its line."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import replace

from services.desk import Desk
from services.imports.intake import How, Placed, Plan, Report, Steps, pairs, take_in
from services.imports.rows import ResidentRow
from services.imports.sheet import Sheet
from storage import imports as store
from storage import people
from storage.records import Resident


def import_residents(desk: Desk, sheet: Sheet, how: How, steps: Steps) -> Report:
    intake = take_in(desk, ResidentRow, sheet, how, steps)
    intake.drop_repeats("", lambda one: (_room(one), one.row.phone, one.row.name))
    if intake.refused:
        return intake.report()
    rooms = store.rooms_in(desk.connection, intake.centre_ids)
    new_rooms = dict.fromkeys(_room(one) for one in intake.rows if _room(one) not in rooms)
    store.add_rooms(desk.connection, new_rooms)
    rooms = store.rooms_in(desk.connection, intake.centre_ids)
    roll = store.roll_of(desk.connection, intake.centre_ids)
    found = _same_residents(intake.rows, roll, rooms, complete=how.complete)
    plan: Plan[Resident] = Plan()
    for one in intake.rows:
        row, was = one.row, found.get(one.line)
        blank = Resident(
            0, rooms[_room(one)], row.name, row.phone, row.relation, row.until, None, None, None
        )
        says = intake.given(row, "name", "phone", "relation", "until")
        plan.put(replace(was, **says, ended_at=None) if was else blank, was)
    returned = [was.id for was, _ in plan.changed if was.ended_at is not None]
    store.unbind(desk.connection, returned)  # who once moved out has to show who they are again
    plan.write(desk, steps)
    for was, new in plan.changed:
        _call_as_listed(desk, was, new)
    gone = _unlisted(roll, found) if how.complete else []
    store.move_out(desk.connection, gone, desk.now)
    return intake.report(plan, len(gone))


def _room(one: Placed[ResidentRow]) -> tuple[int, str]:
    return one.centre_id, one.row.room


def _same_residents(
    rows: list[Placed[ResidentRow]],
    roll: list[Resident],
    rooms: Mapping[tuple[int, str], int],
    *,
    complete: bool,
) -> dict[int, Resident]:
    """Which line of the roll each line of the sheet speaks of, by line number.

    It is the same room, name and number. Failing that, somebody in the room has the same name
    and another number now; or, where nobody is missing from the sheet, the same number and
    relation, and the name was put right. Only where no one else in the room could be meant.
    """
    found = pairs(
        rows,
        roll,
        lambda one: (rooms[_room(one)], one.row.phone, one.row.name),
        lambda line: (line.room_id, line.phone, line.name),
    )
    ways: list[tuple[Callable[[Placed[ResidentRow]], Hashable], Callable[[Resident], Hashable]]]
    ways = [
        (
            lambda one: (rooms[_room(one)], one.row.name),
            lambda line: (line.room_id, line.name),
        )
    ]
    if complete:
        ways.append(
            (
                lambda one: (rooms[_room(one)], one.row.phone, one.row.relation),
                lambda line: (line.room_id, line.phone, line.relation),
            )
        )
    for row_key, line_key in ways:
        taken = {line.id for line in found.values()}
        left = [line for line in roll if line.id not in taken and line.ended_at is None]
        found |= pairs([one for one in rows if one.line not in found], left, row_key, line_key)
    return found


def _call_as_listed(desk: Desk, was: Resident, new: Resident) -> None:
    """A bound person goes by the roll's name, unless they are staff and go by the roster's."""
    if was.person_id is None or was.ended_at is not None:
        return
    renamed = (was.name, was.phone) != (new.name, new.phone)
    if renamed and not people.staff_of(desk.connection, was.person_id):
        people.rename(desk.connection, was.person_id, new.name, new.phone)


def _unlisted(roll: list[Resident], found: Mapping[int, Resident]) -> list[int]:
    listed = {line.id for line in found.values()}
    return [line.id for line in roll if line.id not in listed and line.ended_at is None]
