"""The room roll and who is bound to it: its lines, the claims to rooms, and tries at codes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, select, update

from storage.records import BindingRequest, Relation, RequestState, Resident, Room
from storage.tables import (
    binding_requests,
    cases,
    code_attempts,
    endpoints,
    orders,
    phone_tasks,
    residents,
    rooms,
    talks,
    visits,
)

_LINES = select(*residents.c, *rooms.c).join(rooms, rooms.c.id == residents.c.room_id)
_RESIDENT_COLUMNS = len(residents.c)
_REQUEST_FIELDS = [field.name for field in fields(BindingRequest) if field.name != "id"]

Line = tuple[Resident, Room]


# The roll


def room_named(connection: Connection, centre_id: int, room_no: str) -> Room | None:
    """The centre's room with this number (normalised)."""
    row = connection.execute(
        select(*rooms.c).where(rooms.c.centre_id == centre_id, rooms.c.room_no == room_no)
    ).one_or_none()
    return Room(*row) if row else None


def room_numbers(connection: Connection, room_ids: Sequence[int]) -> dict[int, str]:
    """What is written on the doors of these rooms."""
    found = select(rooms.c.id, rooms.c.room_no).where(rooms.c.id.in_(room_ids))
    return {row[0]: row[1] for row in connection.execute(found)}


def line(connection: Connection, resident_id: int) -> Line | None:
    """A line of the roll and its room, locked until the commit."""
    rows = connection.execute(
        _LINES.where(residents.c.id == resident_id).with_for_update(of=residents)
    )
    return next((_line(row) for row in rows), None)


def lines_with_phone(connection: Connection, phone: str) -> list[Line]:
    """The lines with this number (normalised) of people who have not moved out, locked."""
    rows = connection.execute(
        _LINES.where(residents.c.phone == phone, residents.c.ended_at.is_(None))
        .order_by(residents.c.id)
        .with_for_update(of=residents)
    )
    return [_line(row) for row in rows]


def lines_in(connection: Connection, room_id: int) -> list[Resident]:
    """Everybody the roll has ever had in a room, locked until the commit."""
    rows = connection.execute(
        select(*residents.c)
        .where(residents.c.room_id == room_id)
        .order_by(residents.c.id)
        .with_for_update()
    )
    return [Resident(*row) for row in rows]


def add_line(
    connection: Connection,
    room_id: int,
    name: str,
    phone: str,
    relation: Relation,
    until: date | None,
) -> Resident:
    """A new line of the roll, bound to nobody yet."""
    made = connection.execute(
        residents.insert().values(
            room_id=room_id, name=name, phone=phone, relation=relation, until=until
        )
    )
    key = _key(made.inserted_primary_key)
    return Resident(key, room_id, name, phone, relation, until, None, None, None)


def bind(connection: Connection, resident_id: int, person_id: int, now: datetime) -> None:
    """The line is this chat person, from now on."""
    connection.execute(
        update(residents)
        .where(residents.c.id == resident_id)
        .values(person_id=person_id, bound_at=now)
    )


def renew(
    connection: Connection, line: Resident, relation: Relation, until: date | None
) -> Resident:
    """Somebody lives there again: in this relation, until that day."""
    connection.execute(
        update(residents)
        .where(residents.c.id == line.id)
        .values(relation=relation, until=until, ended_at=None)
    )
    return replace(line, relation=relation, until=until, ended_at=None)


def unbind(connection: Connection, resident_id: int) -> None:
    """The line stays on the roll and is nobody's in chat."""
    connection.execute(
        update(residents).where(residents.c.id == resident_id).values(person_id=None, bound_at=None)
    )


def _line(row: Row[Any]) -> Line:
    return Resident(*row[:_RESIDENT_COLUMNS]), Room(*row[_RESIDENT_COLUMNS:])


# Claims that customer service looks at


def add_request(connection: Connection, request: BindingRequest) -> BindingRequest:
    """Store a claim (its `id` is ignored) and return it with its key."""
    values = {name: getattr(request, name) for name in _REQUEST_FIELDS}
    made = connection.execute(binding_requests.insert(), values)
    return replace(request, id=_key(made.inserted_primary_key))


def request(connection: Connection, request_id: int) -> BindingRequest | None:
    """The claim, its row locked until the commit."""
    rows = connection.execute(
        select(*binding_requests.c).where(binding_requests.c.id == request_id).with_for_update()
    )
    return next((BindingRequest(*row) for row in rows), None)


def open_request_of(connection: Connection, person_id: int) -> BindingRequest | None:
    """The person's claim that nobody has decided yet."""
    rows = connection.execute(
        select(*binding_requests.c).where(
            binding_requests.c.person_id == person_id,
            binding_requests.c.state == RequestState.OPEN,
        )
    )
    return next((BindingRequest(*row) for row in rows), None)


def open_requests_in(connection: Connection, centre_id: int) -> list[BindingRequest]:
    """The centre's claims that nobody has decided yet, the oldest first."""
    rows = connection.execute(
        select(*binding_requests.c)
        .where(
            binding_requests.c.centre_id == centre_id,
            binding_requests.c.state == RequestState.OPEN,
        )
        .order_by(binding_requests.c.id)
    )
    return [BindingRequest(*row) for row in rows]


def decide(
    connection: Connection, request_id: int, state: RequestState, by: int, at: datetime
) -> None:
    """Note who decided a claim, and how."""
    connection.execute(
        update(binding_requests)
        .where(binding_requests.c.id == request_id)
        .values(state=state, decided_by=by, decided_at=at)
    )


# Tries at one-time codes


def note_try(connection: Connection, person_id: int, at: datetime) -> None:
    """A code was tried in vain."""
    connection.execute(code_attempts.insert().values(person_id=person_id, at=at))


def tries_since(connection: Connection, person_id: int, since: datetime) -> list[datetime]:
    """When the person tried a code in vain after `since`, the oldest first."""
    rows = connection.execute(
        select(code_attempts.c.at)
        .where(code_attempts.c.person_id == person_id, code_attempts.c.at > since)
        .order_by(code_attempts.c.at)
    )
    return [at for (at,) in rows]


# One person


def orders_placed(connection: Connection, person_id: int) -> int:
    """How many orders the person has placed."""
    placed = select(func.count()).where(orders.c.person_id == person_id)
    return int(connection.execute(placed).scalar_one())


OWNED_BY_PERSON = (
    endpoints.c.person_id,
    residents.c.person_id,
    orders.c.person_id,
    cases.c.person_id,
    visits.c.asked_id,
    visits.c.respondent_id,
    talks.c.asker_id,
    phone_tasks.c.person_id,
    binding_requests.c.person_id,
    code_attempts.c.person_id,
)


def hand_over(connection: Connection, stray: int, known: int) -> None:
    """All that is a resident's of person `stray` is person `known`'s; the empty row stays."""
    for column in OWNED_BY_PERSON:
        connection.execute(
            update(column.table)
            .where(column == bindparam("stray"))
            .values({column.name: bindparam("known")}),
            {"stray": stray, "known": known},
        )


def _key(keys: Sequence[object] | None) -> int:
    if not keys:
        raise LookupError("the database gave no key")
    return int(str(keys[0]))
