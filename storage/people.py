"""Who writes to us: persons, their chat accounts, the roster, and the rooms they are bound to."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, bindparam, delete, select, update

from storage import conversations
from storage.records import Conversation, Endpoint, Person, Resident, Role, Room, Staff
from storage.tables import conversations as chats
from storage.tables import endpoints, lanes, last_used, persons, residents, rooms, staff
from storage.upsert import put_row

SEEN_STEP = timedelta(minutes=1)
"""How coarsely the last use of an endpoint is kept; finer would cost a write for every word."""

LONG_AGO = datetime.fromtimestamp(0, UTC)
"""From when on a new chat may be written to: at once, whatever the clock that met it says."""

_WHO = (
    select(*endpoints.c, *persons.c)
    .join(persons, persons.c.id == endpoints.c.person_id)
    .where(endpoints.c.channel == bindparam("channel"), endpoints.c.address == bindparam("address"))
)
_other = endpoints.alias("other")
_HAS_OTHERS = (
    select(_other.c.id)
    .where(_other.c.person_id == endpoints.c.person_id, _other.c.id != endpoints.c.id)
    .exists()
)
_WHO_WRITES = (
    select(*endpoints.c, *persons.c, *chats.c, _HAS_OTHERS)
    .join(persons, persons.c.id == endpoints.c.person_id)
    .join(chats, chats.c.endpoint_id == endpoints.c.id)
    .where(endpoints.c.channel == bindparam("channel"), endpoints.c.address == bindparam("address"))
    .with_for_update(of=chats)
)
_PERSON = select(*persons.c).where(persons.c.id == bindparam("id"))
_STAFF_OF = (
    select(*staff.c)
    .where(staff.c.person_id == bindparam("person_id"), staff.c.active)
    .order_by(staff.c.id)
)
_STAFF_IN = (
    select(*staff.c)
    .where(staff.c.centre_id == bindparam("centre_id"), staff.c.active)
    .order_by(staff.c.id)
)
_HOMES_OF = (
    select(*residents.c, *rooms.c)
    .join(rooms, rooms.c.id == residents.c.room_id)
    .where(residents.c.person_id == bindparam("person_id"), residents.c.ended_at.is_(None))
    .order_by(residents.c.bound_at.desc(), residents.c.id.desc())
)
_REACHABLE = select(endpoints.c.person_id).where(
    endpoints.c.person_id.in_(bindparam("people", expanding=True)),
    endpoints.c.unreachable_at.is_(None),
)
_ENDPOINT_COLUMNS = len(endpoints.c)
_PERSON_COLUMNS = len(persons.c)
_RESIDENT_COLUMNS = len(residents.c)


def who(connection: Connection, channel: str, address: str) -> tuple[Endpoint, Person] | None:
    """The endpoint with this address and whose it is."""
    row = connection.execute(_WHO, {"channel": channel, "address": address}).one_or_none()
    if row is None:
        return None
    return Endpoint(*row[:_ENDPOINT_COLUMNS]), Person(*row[_ENDPOINT_COLUMNS:])


@dataclass(frozen=True, slots=True)
class Writer:
    """Who writes, from which chat, and where that chat stands.

    `has_others`: the person has further chats.
    """

    endpoint: Endpoint
    person: Person
    conversation: Conversation
    has_others: bool = False


def who_writes(connection: Connection, channel: str, address: str) -> Writer | None:
    """The writer known by this address, the conversation's row locked until the commit.

    So the events of one chat happen one after the other.
    """
    row = connection.execute(_WHO_WRITES, {"channel": channel, "address": address}).one_or_none()
    if row is None:
        return None
    person, conversation = _ENDPOINT_COLUMNS, _ENDPOINT_COLUMNS + _PERSON_COLUMNS
    return Writer(
        Endpoint(*row[:person]),
        Person(*row[person:conversation]),
        Conversation(*row[conversation:-1]),
        bool(row[-1]),
    )


def used(
    connection: Connection,
    person_id: int,
    endpoint_id: int,
    matters: Sequence[str],
    now: datetime,
) -> None:
    """The person deals with these matters in this chat."""
    for matter in matters:
        row = {"person_id": person_id, "matter": matter, "endpoint_id": endpoint_id, "at": now}
        put_row(connection, last_used, row, ("endpoint_id", "at"))


def forget_used_before(connection: Connection, before: datetime) -> int:
    """Drop what says where somebody dealt with a matter that has long been over."""
    return connection.execute(delete(last_used).where(last_used.c.at < before)).rowcount


def meet(
    connection: Connection, channel: str, address: str, locale: str, now: datetime
) -> tuple[Endpoint, Person]:
    """A stranger's first word: a person without a name, with one endpoint."""
    person = add_person(connection, None, None, locale, now)
    return add_endpoint(connection, person.id, channel, address, now), person


def add_person(
    connection: Connection, name: str | None, phone: str | None, locale: str, now: datetime
) -> Person:
    """A new person."""
    made = connection.execute(
        persons.insert().values(name=name, phone=phone, locale=locale, created_at=now)
    )
    return Person(_key(made.inserted_primary_key), name, phone, locale, now)


def add_endpoint(
    connection: Connection, person_id: int, channel: str, address: str, now: datetime
) -> Endpoint:
    """A new chat account of a person, last used `now`, with its lane and its conversation."""
    made = connection.execute(
        endpoints.insert().values(
            person_id=person_id, channel=channel, address=address, last_seen_at=now
        )
    )
    endpoint_id = _key(made.inserted_primary_key)
    connection.execute(lanes.insert().values(endpoint_id=endpoint_id, pending=0, next_at=LONG_AGO))
    conversations.create(connection, endpoint_id, now)
    return Endpoint(endpoint_id, person_id, channel, address, now, None)


def _key(keys: Sequence[object] | None) -> int:
    if not keys:
        raise LookupError("the database gave no key")
    return int(str(keys[0]))


def seen(connection: Connection, endpoint: Endpoint, now: datetime) -> None:
    """The person has used this endpoint: it is reachable, and the one to answer on."""
    stale = abs(now - endpoint.last_seen_at) >= SEEN_STEP
    if stale or endpoint.unreachable_at is not None:
        connection.execute(
            update(endpoints)
            .where(endpoints.c.id == endpoint.id)
            .values(last_seen_at=now, unreachable_at=None)
        )


def reachable(connection: Connection, person_ids: Collection[int]) -> set[int]:
    """Those of these people who have a chat that takes messages."""
    return set(connection.execute(_REACHABLE, {"people": sorted(person_ids)}).scalars())


def unreachable(connection: Connection, endpoint_id: int, at: datetime) -> None:
    """The platform says that this chat takes nothing any more."""
    connection.execute(
        update(endpoints).where(endpoints.c.id == endpoint_id).values(unreachable_at=at)
    )


def person(connection: Connection, person_id: int) -> Person:
    """The person; must exist."""
    return Person(*connection.execute(_PERSON, {"id": person_id}).one())


def rename(connection: Connection, person_id: int, name: str, phone: str) -> None:
    """What the roll or roster calls the person."""
    connection.execute(
        update(persons).where(persons.c.id == person_id).values(name=name, phone=phone)
    )


def speak(connection: Connection, person_id: int, locale: str) -> None:
    """The person's language from now on."""
    connection.execute(update(persons).where(persons.c.id == person_id).values(locale=locale))


def staff_of(connection: Connection, person_id: int) -> tuple[Staff, ...]:
    """The person's active roster lines."""
    rows = connection.execute(_STAFF_OF, {"person_id": person_id})
    return tuple(Staff(*row) for row in rows)


def staff_in(connection: Connection, centre_id: int) -> tuple[Staff, ...]:
    """The centre's active roster."""
    rows = connection.execute(_STAFF_IN, {"centre_id": centre_id})
    return tuple(Staff(*row) for row in rows)


def staff_with(connection: Connection, role: Role) -> tuple[Staff, ...]:
    """Everybody who holds a role, in any centre."""
    rows = connection.execute(select(*staff.c).where(staff.c.active).order_by(staff.c.id))
    return tuple(line for line in (Staff(*row) for row in rows) if role in line.roles)


def set_duty(
    connection: Connection, staff_id: int, on: bool | None, until: datetime | None
) -> None:
    """What the person said of their duty, until the roster speaks again."""
    connection.execute(
        update(staff).where(staff.c.id == staff_id).values(duty=on, duty_until=until)
    )


def homes_of(connection: Connection, person_id: int) -> list[tuple[Resident, Room]]:
    """The rooms a person is bound to (ended bindings left out), the newest first."""
    rows = connection.execute(_HOMES_OF, {"person_id": person_id})
    return [(Resident(*row[:_RESIDENT_COLUMNS]), Room(*row[_RESIDENT_COLUMNS:])) for row in rows]


def owner_of_endpoint(connection: Connection, endpoint_id: int) -> int:
    """Whose endpoint it is."""
    found = connection.execute(
        select(endpoints.c.person_id).where(endpoints.c.id == endpoint_id)
    ).scalar_one()
    return int(found)
