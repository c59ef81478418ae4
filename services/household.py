"""Who else lives there: an owner lets family and tenants in by a one-time code (§3.3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from services import residents
from services.desk import Desk
from services.errors import DomainError, NotYours
from services.invites import VALID_FOR, make_invite
from services.residents import Home
from storage.records import Person, Relation

DAYS_VALID = VALID_FOR.days


class AlreadyHome(DomainError):
    """Who is invited is bound to this room already."""

    key = "no-already-home"


@dataclass(frozen=True, slots=True)
class Guest:
    """Who is to be let in, family or tenant; `phone` normalised, `until` a tenant's last day."""

    name: str
    phone: str
    relation: Relation
    until: date | None


def own_homes(desk: Desk, person: Person) -> list[Home]:
    """The homes a person may let others into: those they own."""
    return [home for home in residents.homes(desk, person) if home.relation is Relation.OWNER]


def own_home(desk: Desk, person: Person, line_id: int) -> Home:
    """The home a person owns by this line of the roll.

    Raises:
        NotYours: they do not (any more).
    """
    for home in own_homes(desk, person):
        if home.line_id == line_id:
            return home
    raise NotYours


def invite(desk: Desk, host: Person, line_id: int, guest: Guest) -> str:
    """A one-time code for somebody the owner lets in; the roll gets a line for them.

    Raises:
        NotYours: the home is not the host's own; AlreadyHome: no code is needed.
    """
    room = own_home(desk, host, line_id).room
    line = residents.line_for(desk, room, guest.name, guest.phone, guest.relation, guest.until)
    if line.person_id is not None:
        raise AlreadyHome(name=guest.name, room=room.room_no)
    return make_invite(desk, resident_id=line.id)
