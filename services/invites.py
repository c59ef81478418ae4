"""Invitations: one-time codes by which somebody on the roll or the roster is known in chat."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta

from services.desk import Desk
from services.errors import DomainError
from services.messages import Words
from services.residents import same_name
from services.rules.names import mask_phone, normalise_room
from storage import centres, invites, people
from storage import imports as store
from storage.records import Centre, Relation, Resident

ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Letters and digits that are not taken for one another: no 0 and O, no 1, I and L."""

LENGTH = 8
"""Forty bits: at five tries an hour, nobody guesses a code before it is over."""

VALID_FOR = timedelta(days=7)


def make_invite(
    desk: Desk,
    *,
    resident_id: int | None = None,
    staff_id: int | None = None,
    valid_for: timedelta = VALID_FOR,
) -> str:
    """A new code for exactly one line of the roll or of the roster. It is shown now or never.

    Raises:
        ValueError: not exactly one line is named.
    """
    if (resident_id is None) == (staff_id is None):
        raise ValueError("a code is for one line of the roll or one of the roster")
    code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    invites.add(
        desk.connection,
        code,
        resident_id=resident_id,
        staff_id=staff_id,
        created_at=desk.now,
        expires_at=desk.now + valid_for,
    )
    return code


class NoCentre(DomainError):
    """There is no centre at all."""

    key = "cli-no-centre"


class NoSuchCentre(DomainError):
    """No centre has this code."""

    key = "cli-no-such-centre"


class WhichCentre(DomainError):
    """There are several centres, and none was named."""

    key = "cli-which-centre"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whom to invite: the people of a room, a member of staff by name, or else every owner.

    People who are bound are left out, unless `name` names them. `centre` is a code, needed where
    there are several.
    """

    room: str | None = None
    name: str | None = None
    staff: str | None = None
    centre: str | None = None


@dataclass(frozen=True, slots=True)
class Invitation:
    """A code and whom it is for: a room number, or the roles of a member of staff."""

    room: str
    roles: Words
    name: str
    phone: str
    code: str


def invite_people(desk: Desk, wanted: Wanted, valid_for: timedelta) -> list[Invitation]:
    """A code for everybody who is wanted; the telephone is masked (§3.11).

    Raises:
        NoCentre: nothing has been imported yet.
        NoSuchCentre: the code is nobody's.
        WhichCentre: it must be said which.
    """
    centre = chosen_centre(desk, wanted.centre)
    if wanted.staff is not None:
        return [
            Invitation(
                room="",
                roles=Words(tuple(f"role-{role}" for role in line.roles)),
                name=line.name,
                phone=mask_phone(line.phone),
                code=make_invite(desk, staff_id=line.id, valid_for=valid_for),
            )
            for line in people.staff_in(desk.connection, centre.id)
            if same_name(line.name) == same_name(wanted.staff)
        ]
    return [
        Invitation(
            room=room_no,
            roles=Words(()),
            name=line.name,
            phone=mask_phone(line.phone),
            code=make_invite(desk, resident_id=line.id, valid_for=valid_for),
        )
        for room_no, line in _residents(desk, centre, wanted)
    ]


def _residents(desk: Desk, centre: Centre, wanted: Wanted) -> list[tuple[str, Resident]]:
    numbers = {
        room_id: room_no
        for (_, room_no), room_id in store.rooms_in(desk.connection, [centre.id]).items()
        if wanted.room is None or room_no == normalise_room(wanted.room)
    }
    today = desk.today(centre.id)
    return [
        (numbers[line.room_id], line)
        for line in store.roll_of(desk.connection, [centre.id])
        if line.room_id in numbers
        and line.ended_at is None
        and (line.until is None or today <= line.until)
        and _is_wanted(line, wanted)
    ]


def _is_wanted(line: Resident, wanted: Wanted) -> bool:
    if wanted.name is not None:
        return same_name(line.name) == same_name(wanted.name)
    if line.person_id is not None:
        return False
    return wanted.room is not None or line.relation is Relation.OWNER


def chosen_centre(desk: Desk, code: str | None) -> Centre:
    every = centres.every(desk.connection)
    if code is not None:
        found = centres.by_code(desk.connection, code.strip().upper())
        if found is None:
            raise NoSuchCentre(code=code)
        return found
    if not every:
        raise NoCentre
    if len(every) > 1:
        raise WhichCentre(codes=" ".join(centre.code for centre in every))
    return every[0]
