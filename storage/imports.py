"""The rolls, the catalogue, the agreements and the centres as imports read and write them: whole.

`add` and `change` take records as they shall stand; a record's `id` is ignored by `add`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, select, update

from storage.records import Agreement, Centre, Item, Resident, RosterDay, Staff
from storage.tables import agreements, centres, items, residents, rooms, roster_days, staff

Done = Callable[[int], None]
"""Told how many more records have been written."""

Record = Centre | Resident | Staff | Item | RosterDay | Agreement

_TABLES = {
    Centre: centres,
    Resident: residents,
    Staff: staff,
    Item: items,
    RosterDay: roster_days,
    Agreement: agreements,
}

# What a sheet may change. The rest (a binding, the duty somebody said, an order's number) is
# other people's, who may be writing it at the same moment.
_CHANGED = {
    Centre: ("name", "zone", "phone", "overrides"),
    Resident: ("name", "phone", "relation", "until", "ended_at"),
    Staff: (
        "person_id",
        "name",
        "phone",
        "roles",
        "skills",
        "shift",
        "wecom_userid",
        "telegram_id",
        "active",
    ),
    Item: tuple(
        column.name for column in items.c if column.name not in ("id", "centre_id", "code")
    ),
    RosterDay: ("shift", "reason", "set_at"),
    Agreement: (
        "room_id",
        "item_id",
        "worker_id",
        "signed_on",
        "starts_on",
        "ends_on",
        "ended_on",
    ),
}
_STEP = 500
"""Rows per statement: PostgreSQL and SQLite both limit how many values one may carry."""


def rooms_in(connection: Connection, centre_ids: Collection[int]) -> dict[tuple[int, str], int]:
    """Every room of these centres: (centre, number) → key."""
    rows = connection.execute(
        select(rooms.c.centre_id, rooms.c.room_no, rooms.c.id).where(
            rooms.c.centre_id.in_(centre_ids)
        )
    )
    return {(centre_id, room_no): room_id for centre_id, room_no, room_id in rows}


def add_rooms(connection: Connection, numbers: Iterable[tuple[int, str]]) -> None:
    """New rooms, by centre and number."""
    values = [{"centre_id": centre_id, "room_no": room_no} for centre_id, room_no in numbers]
    for start in range(0, len(values), _STEP):
        connection.execute(rooms.insert(), values[start : start + _STEP])


def roll_of(connection: Connection, centre_ids: Collection[int]) -> list[Resident]:
    """Everybody the roll of these centres has ever had."""
    rows = connection.execute(
        select(*residents.c)
        .join(rooms, rooms.c.id == residents.c.room_id)
        .where(rooms.c.centre_id.in_(centre_ids))
        .order_by(residents.c.id)
    )
    return [Resident(*row) for row in rows]


def whole_roster(connection: Connection) -> list[Staff]:
    """Everybody who is or was on a roster, in every centre."""
    return [Staff(*row) for row in connection.execute(select(*staff.c).order_by(staff.c.id))]


def catalogue_of(connection: Connection, centre_ids: Collection[int]) -> list[Item]:
    """Every item of these centres' catalogues, sold or not."""
    rows = connection.execute(
        select(*items.c).where(items.c.centre_id.in_(centre_ids)).order_by(items.c.id)
    )
    return [Item(*row) for row in rows]


def add(connection: Connection, records: Sequence[Record], done: Done) -> None:
    """Store new records of one kind."""
    for part in _parts(records):
        values = [asdict(record) for record in part]
        for one in values:
            del one["id"]
        connection.execute(_TABLES[type(part[0])].insert(), values)
        done(len(part))


def change(connection: Connection, records: Sequence[Record], done: Done) -> None:
    """Write to existing records of one kind what a sheet may change."""
    for part in _parts(records):
        table, names = _TABLES[type(part[0])], _CHANGED[type(part[0])]
        connection.execute(
            update(table)
            .where(table.c.id == bindparam("of_id"))
            .values({name: bindparam(f"to_{name}") for name in names}),
            [
                {"of_id": record.id, **{f"to_{name}": getattr(record, name) for name in names}}
                for record in part
            ],
        )
        done(len(part))


def unbind(connection: Connection, resident_ids: Sequence[int]) -> None:
    """These lines of the roll are nobody's in chat any more."""
    _set(connection, resident_ids, person_id=None, bound_at=None)


def move_out(connection: Connection, resident_ids: Sequence[int], at: datetime) -> None:
    """These people have left their rooms: the lines are kept, their bindings end."""
    _set(connection, resident_ids, person_id=None, bound_at=None, ended_at=at)


def _set(connection: Connection, resident_ids: Sequence[int], **values: object) -> None:
    for start in range(0, len(resident_ids), _STEP):
        part = resident_ids[start : start + _STEP]
        connection.execute(update(residents).where(residents.c.id.in_(part)).values(values))


def as_usual(connection: Connection, day_ids: Sequence[int]) -> None:
    """On these days of the roster the shift holds again."""
    for start in range(0, len(day_ids), _STEP):
        part = day_ids[start : start + _STEP]
        connection.execute(delete(roster_days).where(roster_days.c.id.in_(part)))


def clear_accounts(connection: Connection, staff_ids: Sequence[int]) -> None:
    """These lines name no accounts, so that others may; accounts are unique at every statement."""
    connection.execute(
        update(staff).where(staff.c.id.in_(staff_ids)).values(wecom_userid=None, telegram_id=None)
    )


def _parts(records: Sequence[Record]) -> Iterable[Sequence[Record]]:
    return (records[start : start + _STEP] for start in range(0, len(records), _STEP))
