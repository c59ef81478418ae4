"""Whether somebody can be written to now, and why not: who cannot must be phoned (§3.10).

WeCom's customer chat lets us write for 48 hours after somebody wrote, five messages at most; others
block us or leave. This is what our books say; a platform may know better, and then they learn.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from services.desk import Desk
from services.messages import Fact, Moment
from storage import outbox
from storage import reach as store
from storage.reach import Chat
from storage.records import Order


class Why(StrEnum):
    """What stands between us and somebody, from what may pass soonest to what lasts longest."""

    SPOKEN_WITH = "spoken-with"
    SPENT = "spent"
    CLOSED = "closed"
    GONE = "gone"
    NO_CHAT = "no-chat"


_LONGEST_WINDOW = timedelta(days=2)

ENDED_BY_WRITING = (Why.SPENT, Why.CLOSED, Why.GONE)
"""What is over as soon as the person writes to us."""


@dataclass(frozen=True, slots=True)
class Barrier:
    """Why somebody cannot be written to, since when (UTC), and in which chat of theirs.

    Who has no chat at all never could be: without a time.
    """

    why: Why
    since: datetime | None = None
    endpoint_id: int | None = None


def barrier(chats: Sequence[Chat], now: datetime) -> Barrier | None:
    """What stands between us and the owner of these chats; None where one of them is open.

    Of several it is the one that may pass soonest.
    """
    found = [_of_chat(chat, now) for chat in chats]
    closed = [one for one in found if one is not None]
    if len(closed) < len(found):
        return None
    return soonest(closed)


def soonest(found: Iterable[Barrier]) -> Barrier:
    """Of several barriers the one that may pass soonest; of none, that there is no chat."""
    return min(found, key=lambda one: list(Why).index(one.why), default=Barrier(Why.NO_CHAT))


def _of_chat(chat: Chat, now: datetime) -> Barrier | None:
    if chat.gone_at is not None:
        return Barrier(Why.GONE, chat.gone_at, chat.endpoint_id)
    if chat.silenced_at is not None:
        return Barrier(Why.SPOKEN_WITH, chat.silenced_at, chat.endpoint_id)
    if chat.until is None or chat.left is None:
        return None
    if chat.until <= now:
        return Barrier(Why.CLOSED, chat.until, chat.endpoint_id)
    return Barrier(Why.SPENT, now, chat.endpoint_id) if chat.left <= 0 else None


def barriers(desk: Desk, person_ids: Collection[int]) -> dict[int, Barrier]:
    """Those of these people who cannot be written to now, and why."""
    chats = store.chats_of(desk.connection, person_ids)
    found = {one: barrier(chats.get(one, ()), desk.now) for one in person_ids}
    return {one: _dated(desk, why) for one, why in found.items() if why is not None}


def _dated(desk: Desk, found: Barrier) -> Barrier:
    """A window is used up since its last message."""
    if found.why is not Why.SPENT or found.endpoint_id is None:
        return found
    last = outbox.sent_since(desk.connection, found.endpoint_id, desk.now - _LONGEST_WINDOW, 1)
    return replace(found, since=last[0][0]) if last else found


def was_asked(desk: Desk, person_id: int | None, card: str) -> bool | None:
    """Whether a question, a card, came to whom it was for; None while it waits in a chat's lane."""
    return False if person_id is None else store.has_seen(desk.connection, person_id, card)


def of_customer(desk: Desk, order: Order) -> Barrier | None:
    """Why whoever ordered it cannot be written to now; None where they can."""
    return of_person(desk, order.person_id)


def of_person(desk: Desk, person_id: int | None) -> Barrier | None:
    """Why somebody cannot be written to now; None where they can."""
    if person_id is None:
        return Barrier(Why.NO_CHAT)
    return barriers(desk, [person_id]).get(person_id)


def facts(desk: Desk, order: Order, found: Barrier) -> dict[str, Fact]:
    """Since when, on the clock of the order's centre."""
    if found.since is None:
        return {"since": "—"}
    return {"since": Moment(found.since, desk.centre(order.centre_id).zone)}
