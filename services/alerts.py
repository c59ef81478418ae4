"""Alert cards that several people hold: whoever was alerted sees in place what became of it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace

from services import roster
from services.briefs import in_brief
from services.desk import Desk
from services.messages import Message
from storage import alerts as store
from storage.records import Role


def alert(
    desk: Desk,
    centre_id: int,
    roles: Collection[Role],
    card: Message,
    matter: str,
    *,
    besides: Collection[int] = (),
) -> list[int]:
    """Show the matter's card anew to each of these roles, or whoever stands in for it.

    Each role is reached by itself, so that a superior hears of it although customer service are
    on duty. `besides` are person ids who need no telling. Returns the ids of those told.
    """
    told: list[int] = []
    fresh = replace(card, card=matter, fresh=True)
    for role in roles:
        known = {*besides, *told}
        lines = roster.alert(desk, centre_id, (role,), fresh, matter=matter, besides=known)
        told += dict.fromkeys(line.person_id for line in lines)
    store.add(desk.connection, matter, told, desk.now)
    return told


def refresh(
    desk: Desk,
    matter: str,
    card: Message | Callable[[int], Message],
    *,
    besides: Collection[int] = (),
) -> None:
    """Show everybody who was alerted, except `besides`, how the matter stands now, in place.

    Those who are no staff by now are shown nothing. A `card` that depends on who reads it is a
    function of the person's id.
    """
    for person_id in store.alerted(desk.connection, matter):
        if person_id not in besides:
            own = card(person_id) if callable(card) else card
            face = in_brief(replace(own, card=matter, fresh=False), matter)
            desk.tell(person_id, face, matter=matter, everywhere=True)


def join(desk: Desk, matter: str, person_id: int) -> None:
    """Somebody who opened the matter's card by themselves is shown what becomes of it, too."""
    store.add(desk.connection, matter, [person_id], desk.now)
