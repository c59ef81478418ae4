"""Staff in chat: an account on the roster is its roster line from its first word on."""

from __future__ import annotations

from services import accounts
from services.desk import Desk
from storage import people
from storage import staffing as store
from storage.records import Endpoint, Person, Staff


def recognise(desk: Desk, endpoint: Endpoint, person: Person) -> Person:
    """Whose chat account this is: the member of staff whose account the roster names, if any.

    The platform vouches for the account's address, so it is proof enough. A person who is on the
    roster already stays who they are.
    """
    line = store.named_on_roster(desk.connection, endpoint.channel, endpoint.address)
    if line is None or lines_of(desk, person):
        return person
    return accounts.become(desk, person, line.person_id)


def enlist(desk: Desk, channel: str) -> None:
    """Whoever the roster names by an account of this channel can be written to from now on.

    For a platform where we may write first. A chat that somebody really uses goes before one that
    they have never opened; who wrote before they were on the roster is recognised now.
    """
    for person_id, address in store.not_theirs_yet(desk.connection, channel):
        known = people.who(desk.connection, channel, address)
        if known is None:
            people.add_endpoint(desk.connection, person_id, channel, address, people.LONG_AGO)
        else:
            recognise(desk, *known)


def lines_of(desk: Desk, person: Person) -> tuple[Staff, ...]:
    """The person's active roster lines; who has left has none."""
    return people.staff_of(desk.connection, person.id)


def join(desk: Desk, person: Person, staff_id: int) -> Person | None:
    """A code made out to a roster line binds its sender to it; None where the line is closed.

    Raises:
        AccountTaken: the account is another roster line's.
    """
    line = store.active_line(desk.connection, staff_id)
    return accounts.become(desk, person, line.person_id) if line else None
