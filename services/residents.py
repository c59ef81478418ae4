"""Who lives where: the homes a person is bound to, and the ways to be bound by proof (§3.3)."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from services import accounts, staffing
from services.desk import Desk
from services.errors import NotBound, NotFound
from services.messages import do
from services.rules.names import normalise_phone
from storage import centres as centre_store
from storage import invites, people
from storage import residents as store
from storage.records import Centre, Person, Relation, Resident, Room

TRIES = 5
"""How many wrong codes one person may send within an hour (§3.3)."""

TRIES_WITHIN = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Home:
    """A room a person lives in, as the roll knows it.

    `since` is when they were bound to it; `until` is a tenant's last day there.
    """

    line_id: int
    room: Room
    centre_id: int
    relation: Relation
    name: str
    phone: str
    since: datetime | None
    until: date | None


@dataclass(frozen=True, slots=True)
class Bound:
    """A chat account has been bound: who the person is, and the homes this brought them.

    Without homes, it was a member of staff's account.
    """

    person: Person
    homes: tuple[Home, ...] = ()


@dataclass(frozen=True, slots=True)
class WrongCode:
    """The code is unknown, used or over: how many tries are left, or the minutes to wait."""

    left: int
    wait_minutes: int


# Homes


def homes(desk: Desk, person: Person) -> list[Home]:
    """The homes a person is bound to, the newest binding first (the default room).

    Who has moved out, or whose tenancy is over on the centre's calendar, has none there.
    """
    bound = people.homes_of(desk.connection, person.id)
    return [home_of(line, room) for line, room in bound if lives_there(desk, line, room)]


def require_home(desk: Desk, person: Person, room_id: int | None = None) -> Home:
    """The person's home: the one with this room, or else their default one.

    Raises:
        NotBound: they have none, or not this one; it offers to bind and to report an emergency.
    """
    found = [home for home in homes(desk, person) if room_id in (None, home.room.id)]
    if not found:
        raise NotBound(rows=((do("bind.start"),), (do("urgent.start"),)))
    return found[0]


def lives_there(desk: Desk, line: Resident, room: Room) -> bool:
    """Whether the roll has the person in the room today; a tenant's last day still counts."""
    if line.ended_at is not None or line.until is None:
        return line.ended_at is None
    return desk.today(room.centre_id) <= line.until


def living_in(desk: Desk, centre_id: int, room_id: int) -> list[Resident]:
    """Who lives in a room of the centre today, as the roll has it; their lines are locked."""
    room = Room(room_id, centre_id, "")
    lines = store.lines_in(desk.connection, room_id)
    return [line for line in lines if lives_there(desk, line, room)]


def centres(desk: Desk) -> list[Centre]:
    """The centres that somebody may claim to live in."""
    return centre_store.every(desk.connection)


def orders_placed(desk: Desk, person: Person) -> int:
    """How many orders the person has ever placed."""
    return store.orders_placed(desk.connection, person.id)


def home_of(line: Resident, room: Room) -> Home:
    """A line of the roll as its person's home."""
    return Home(
        line.id,
        room,
        room.centre_id,
        line.relation,
        line.name,
        line.phone,
        line.bound_at,
        line.until,
    )


# Binding on proof


def bind_by_phone(desk: Desk, person: Person, phone: str) -> Bound | None:
    """Bind an owner by a number the platform vouches for, to every room the roll has it for.

    None where the number alone does not say who it is: it is on the roll for nobody, for several
    names, for several accounts, or for no owner (family and tenants need a code, §3.3).

    Raises:
        ValueError: this is no telephone number.
        AccountTaken: see `accounts.become`.
    """
    lines = store.lines_with_phone(desk.connection, normalise_phone(phone))
    lines = [(line, room) for line, room in lines if lives_there(desk, line, room)]
    owned = [(line, room) for line, room in lines if line.relation is Relation.OWNER]
    names = {same_name(line.name) for line, _ in lines}
    accounts_known = {line.person_id for line, _ in owned} - {None, person.id}
    if not owned or len(names) > 1 or len(accounts_known) > 1:
        return None
    # Lines that are bound already come first: they say which person the account is.
    for line, _ in sorted(owned, key=lambda one: one[0].person_id is None):
        person = take_line(desk, person, line)
    return Bound(person, tuple(home_of(line, room) for line, room in owned))


def take_line(desk: Desk, person: Person, line: Resident) -> Person:
    """Bind a line of the roll to the person who has proved to be the one on it; returns them.

    Where the line is another account's of the same human, this account joins that one.

    Raises:
        AccountTaken: see `accounts.become`.
    """
    if line.person_id is not None:
        person = accounts.become(desk, person, line.person_id)
    store.bind(desk.connection, line.id, person.id, desk.now)
    if not staffing.lines_of(desk, person):  # staff are called as the roster calls them
        people.rename(desk.connection, person.id, line.name, line.phone)
    return people.person(desk.connection, person.id)


def redeem(desk: Desk, person: Person, code: str) -> Bound | WrongCode:
    """Bind by a one-time code. A wrong one is counted: the caller must let the unit commit.

    Raises:
        AccountTaken: see `accounts.become`; the code is not used up.
    """
    spent = store.tries_since(desk.connection, person.id, desk.now - TRIES_WITHIN)
    if len(spent) < TRIES:
        bound = _use(desk, person, code)
        if bound is not None:
            return bound
        store.note_try(desk.connection, person.id, desk.now)
        spent.append(desk.now)
    return _left(desk, spent)


def tries_left(desk: Desk, person: Person) -> WrongCode:
    """How many codes the person may try now, or how long they must wait."""
    spent = store.tries_since(desk.connection, person.id, desk.now - TRIES_WITHIN)
    return _left(desk, spent)


def _left(desk: Desk, spent: list[datetime]) -> WrongCode:
    left = max(0, TRIES - len(spent))
    free_in = spent[-TRIES] + TRIES_WITHIN - desk.now if left == 0 else timedelta()
    return WrongCode(left, -(-free_in // timedelta(minutes=1)))


def _use(desk: Desk, person: Person, code: str) -> Bound | None:
    invite = invites.use(desk.connection, code, desk.now)
    if invite is None:
        return None
    if invite.staff_id is not None:
        member = staffing.join(desk, person, invite.staff_id)
        return Bound(member) if member else None
    found = store.line(desk.connection, invite.resident_id or 0)
    if found is None or not lives_there(desk, *found):
        return None
    return Bound(take_line(desk, person, found[0]), (home_of(*found),))


def home_bound_by(desk: Desk, person: Person, line_id: int) -> Home:
    """The person's home by the roll's line that binds them to it.

    Raises:
        NotFound: they are not bound by it (any more).
    """
    for home in homes(desk, person):
        if home.line_id == line_id:
            return home
    raise NotFound


def unbind(desk: Desk, person: Person, line_id: int) -> Home:
    """The person is no longer bound to this home; the roll keeps its line.

    Raises:
        NotFound: they are not bound to it (any more).
    """
    home = home_bound_by(desk, person, line_id)
    store.unbind(desk.connection, line_id)
    return home


def line_for(
    desk: Desk, room: Room, name: str, phone: str, relation: Relation, until: date | None
) -> Resident:
    """Somebody's line in a room: as it stands, renewed if they had left, or new as described."""
    line = same_line(store.lines_in(desk.connection, room.id), name, phone)
    if line is None:
        return store.add_line(desk.connection, room.id, name, phone, relation, until)
    if lives_there(desk, line, room):
        return line
    return store.renew(desk.connection, line, relation, until)


def same_line(lines: Sequence[Resident], name: str, phone: str) -> Resident | None:
    """The line with this name and this number (normalised)."""
    return next(
        (one for one in lines if one.phone == phone and same_name(one.name) == same_name(name)),
        None,
    )


def same_name(name: str) -> str:
    """A name so that equal names are equal text, whatever their spaces, width and case."""
    return "".join(unicodedata.normalize("NFKC", name).split()).casefold()
