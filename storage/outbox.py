"""Messages on their way: one lane per endpoint keeps their order, a lease keeps two senders apart.

A fact and its announcement are saved together: services put letters here inside their unit, the
relay alone takes them out. The lane row counts what waits, so a lane with 20,000 messages is
claimed as quickly as one with ten. After a crash a message may go out again (at least once).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import Connection, and_, bindparam, case, or_, select, update

from storage import deadlines
from storage.people import LONG_AGO
from storage.records import OutboxState, Outgoing
from storage.tables import (
    cards,
    endpoints,
    lanes,
    last_used,
    outbox,
    persons,
    phone_tasks,
    windows,
)
from storage.types import written
from storage.upsert import insert_new, put_row

LONGEST_PAUSE = timedelta(minutes=10)
"""No lane is paused for longer; one that seems to be was paused by a clock since set back."""

OVERTAKING = 50
"""So many messages, or fewer, may have gone before one that was queued earlier (alerts do)."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One message to one person, before it is known which chat it goes to.

    A `fresh` one is a message of its own, though it shows a card; any other face of a card that
    the chat shows already is an edit in place. An `essential` one may have the last message that
    a platform's window allows. `closed` makes the face that the card is to have in other chats
    that show it: they are no longer where the matter is dealt with.

    A `closing` one goes to no chat as a message: what waits of its card is not sent any more, and
    chats that show the card are given the face that `closed` makes.
    """

    person_id: int
    message: str
    endpoint_id: int | None = None
    card: str | None = None
    matter: str | None = None
    once: str | None = None
    everywhere: bool = False
    by_phone: bool = False
    fresh: bool = False
    essential: bool = False
    closed: Callable[[], str] | None = None
    closing: bool = False


_OWN_WAY = ("visit", "settle")
"""Matters that are no text to read out: where no chat carries one, its deadline falls due."""


def has_own_way(matter: str | None) -> bool:
    """Whether what no chat could carry of this matter becomes a deadline instead of a call."""
    return matter is not None and matter.partition(":")[0] in _OWN_WAY


_ADD = outbox.insert()
_REACHABLE = (
    select(endpoints.c.person_id, endpoints.c.id)
    .where(
        endpoints.c.person_id.in_(bindparam("persons", expanding=True)),
        endpoints.c.unreachable_at.is_(None),
    )
    .order_by(endpoints.c.last_seen_at.desc(), endpoints.c.id)
)
_LAST_USED = select(last_used.c.person_id, last_used.c.matter, last_used.c.endpoint_id).where(
    last_used.c.person_id.in_(bindparam("persons", expanding=True)),
    last_used.c.matter.in_(bindparam("matters", expanding=True)),
)
_SHOWING = select(cards.c.endpoint_id).where(
    cards.c.endpoint_id.in_(bindparam("chats", expanding=True)),
    cards.c.card == bindparam("of_card"),
)
_MORE_WAIT = (
    update(lanes)
    .where(lanes.c.endpoint_id == bindparam("lane"))
    .values(
        pending=lanes.c.pending + bindparam("more"),
        # What is held back is looked at again: the new message may take it along.
        next_at=case((lanes.c.held, LONG_AGO), else_=lanes.c.next_at),
        held=False,
    )
)
_READY_LANES = (
    select(lanes.c.endpoint_id)
    .where(
        lanes.c.pending > written(0),
        or_(lanes.c.next_at <= bindparam("now"), lanes.c.next_at > bindparam("beyond")),
        or_(
            lanes.c.leased_until.is_(None),
            lanes.c.leased_until < bindparam("now"),
            lanes.c.leased_until > bindparam("beyond"),
        ),
    )
    .order_by(lanes.c.next_at)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_LEASE = (
    update(lanes)
    .where(lanes.c.endpoint_id == bindparam("lane"))
    .values(leased_by=bindparam("by"), leased_until=bindparam("until"))
)
_OUTGOING = (
    select(
        outbox.c.id,
        outbox.c.endpoint_id,
        outbox.c.person_id,
        outbox.c.once,
        outbox.c.message,
        outbox.c.card,
        outbox.c.matter,
        outbox.c.by_phone,
        outbox.c.fresh,
        outbox.c.attempts,
        endpoints.c.channel,
        endpoints.c.address,
        persons.c.locale,
        cards.c.ref,
        outbox.c.essential,
        outbox.c.mirror,
        windows.c.until,
        windows.c.left,
        windows.c.silenced_at.is_not(None),
    )
    .join(endpoints, endpoints.c.id == outbox.c.endpoint_id)
    .join(persons, persons.c.id == outbox.c.person_id)
    .outerjoin(
        cards, and_(cards.c.endpoint_id == outbox.c.endpoint_id, cards.c.card == outbox.c.card)
    )
    .outerjoin(windows, windows.c.endpoint_id == outbox.c.endpoint_id)
)
_WAITING = (
    _OUTGOING.where(
        outbox.c.endpoint_id == bindparam("lane"),
        outbox.c.state == OutboxState.QUEUED,
    )
    .order_by(outbox.c.id)
    .limit(bindparam("most"))
)
_FIRST_ESSENTIAL = (
    _OUTGOING.where(
        outbox.c.endpoint_id == bindparam("lane"),
        outbox.c.state == OutboxState.QUEUED,
        outbox.c.essential,
    )
    .order_by(outbox.c.id)
    .limit(1)
)
_QUEUED_OF_CARD = _OUTGOING.where(
    outbox.c.endpoint_id.in_(bindparam("chats", expanding=True)),
    outbox.c.state == OutboxState.QUEUED,
    outbox.c.card == bindparam("of_card"),
)
_BY_NUMBER = _OUTGOING.where(outbox.c.id == bindparam("number"))
_newest_sent = (
    select(outbox.c.ended_at, outbox.c.parts)
    .where(
        outbox.c.endpoint_id == bindparam("chat"),
        outbox.c.state == OutboxState.DELIVERED,
        outbox.c.parts > written(0),
    )
    .order_by(outbox.c.id.desc())
    .limit(bindparam("most"))
    .subquery()
)
_SENT_SINCE = (
    select(_newest_sent)
    .where(_newest_sent.c.ended_at > bindparam("since"))
    .order_by(_newest_sent.c.ended_at.desc())
)
_FACE = (
    select(outbox.c.message)
    .where(
        outbox.c.endpoint_id == bindparam("chat"),
        outbox.c.state == OutboxState.DELIVERED,
        outbox.c.ref == bindparam("shown_as"),
    )
    .order_by(outbox.c.id.desc())  # a face is recent, so it is found at once from this end
    .limit(1)
)
_NEWER_FACE = (
    select(outbox.c.id)
    .where(
        outbox.c.endpoint_id == bindparam("lane"),
        outbox.c.state == OutboxState.QUEUED,
        outbox.c.card == bindparam("of_card"),
        outbox.c.id > bindparam("head"),
    )
    .limit(1)
)
_END = (
    update(outbox)
    .where(outbox.c.id == bindparam("letter"), outbox.c.state == OutboxState.QUEUED)
    .values(
        state=bindparam("end"),
        ended_at=bindparam("at"),
        ref=bindparam("its_ref"),
        error=bindparam("its_error"),
        parts=bindparam("its_parts"),
    )
)
_LOCK_LANE = (
    select(lanes.c.endpoint_id).where(lanes.c.endpoint_id == bindparam("lane")).with_for_update()
)
_ONE_LESS = (
    update(lanes)
    .where(lanes.c.endpoint_id == bindparam("lane"))
    .values(pending=lanes.c.pending - 1)
)
_FREE_LANE = (
    update(lanes)
    .where(lanes.c.endpoint_id == bindparam("lane"), lanes.c.leased_by == bindparam("by"))
    .values(
        leased_by=None,
        leased_until=None,
        next_at=bindparam("not_before"),
        held=bindparam("held_back"),
    )
)


def put(connection: Connection, letters: Sequence[Letter], *, now: datetime) -> int:
    """Queue letters; returns how many messages now wait because of them.

    A person no chat can reach is written down for a telephone call where the letter asks for it.
    """
    homes = _homes(
        connection,
        {one.person_id for one in letters if one.endpoint_id is None or one.closed is not None},
    )
    used = _used(connection, letters, homes)
    rows: list[dict[str, object]] = []
    for letter in letters:
        home = homes.get(letter.person_id, [])
        addressed = _addressed(letter, home, used.get((letter.person_id, letter.matter)))
        if letter.closing:
            _withdraw(connection, letter, home, now)
        one = _named(letter) if len(addressed) > 1 else letter
        rows += [_row(one, endpoint_id, now) for endpoint_id in addressed]
        rows += _mirrors(connection, letter, [one for one in home if one not in addressed], now)
        if not addressed and letter.by_phone:
            _ask_to_call(connection, letter.person_id, letter.message, letter.matter, now)
    queued = _insert(connection, rows)
    if queued:
        more = [{"lane": lane, "more": count} for lane, count in sorted(queued.items())]
        connection.execute(_MORE_WAIT, more)
    return queued.total()


def _homes(connection: Connection, people: set[int]) -> dict[int, list[int]]:
    """Each person's reachable endpoints, the last used first."""
    homes: dict[int, list[int]] = {}
    if people:
        for person_id, endpoint_id in connection.execute(_REACHABLE, {"persons": sorted(people)}):
            homes.setdefault(person_id, []).append(endpoint_id)
    return homes


def _used(
    connection: Connection, letters: Sequence[Letter], homes: Mapping[int, Sequence[int]]
) -> dict[tuple[int, str | None], int]:
    """The chat somebody with several last used for a matter."""
    several = [one for one in letters if one.matter and len(homes.get(one.person_id, ())) > 1]
    if not several:
        return {}
    rows = connection.execute(
        _LAST_USED,
        {
            "persons": sorted({one.person_id for one in several}),
            "matters": sorted({one.matter for one in several if one.matter}),
        },
    )
    return {(row.person_id, row.matter): row.endpoint_id for row in rows}


def _addressed(letter: Letter, home: list[int], used: int | None) -> list[int]:
    if letter.closing:
        return []
    if letter.endpoint_id is not None:
        return [letter.endpoint_id]
    if letter.everywhere:
        return home
    return [used] if used in home else home[:1]


def _withdraw(connection: Connection, letter: Letter, home: list[int], now: datetime) -> None:
    """What waits of the card in the person's chats is not sent any more."""
    waiting = connection.execute(_QUEUED_OF_CARD, {"chats": home, "of_card": letter.card}).all()
    for row in waiting:
        end(connection, Outgoing(*tuple(row)), OutboxState.SUPERSEDED, at=now)


def _named(letter: Letter) -> Letter:
    """What goes to several chats is known by one name: where one fails, another has had it."""
    return letter if letter.once else replace(letter, once=f"all:{uuid4().hex}")


def _mirrors(
    connection: Connection, letter: Letter, others: Sequence[int], now: datetime
) -> list[dict[str, object]]:
    """The card's closed face for the person's other chats that show it."""
    if letter.card is None or letter.closed is None or not others:
        return []
    showing = connection.execute(_SHOWING, {"chats": others, "of_card": letter.card}).scalars()
    shown_in = list(showing)
    if not shown_in:
        return []
    bare = replace(
        letter,
        message=letter.closed(),
        fresh=False,
        # Where the letter was known already, the card has not moved on.
        once=f"{letter.once}~closed" if letter.once else None,
        by_phone=False,
        essential=False,
    )
    return [{**_row(bare, one, now), "mirror": True} for one in shown_in]


def _row(letter: Letter, endpoint_id: int, now: datetime) -> dict[str, object]:
    return {
        "endpoint_id": endpoint_id,
        "person_id": letter.person_id,
        "once": f"{letter.once}@{endpoint_id}" if letter.once else None,
        "message": letter.message,
        "card": letter.card,
        "matter": letter.matter,
        "by_phone": letter.by_phone,
        "fresh": letter.fresh,
        "essential": letter.essential,
        "mirror": False,
        "parts": 1,
        "state": OutboxState.QUEUED,
        "attempts": 0,
        "created_at": now,
    }


def _insert(connection: Connection, rows: list[dict[str, object]]) -> Counter[int]:
    """Insert in order; a row whose `once` is known is left out and not counted."""
    queued: Counter[int] = Counter()
    if any(row["once"] for row in rows):
        rows = [row for row in rows if insert_new(connection, outbox, row)]
    elif rows:
        connection.execute(_ADD, rows)
    for row in rows:
        queued[int(str(row["endpoint_id"]))] += 1
    return queued


def _ask_to_call(
    connection: Connection, person_id: int, message: str, matter: str | None, now: datetime
) -> None:
    """Somebody is to be told otherwise: by telephone, or as the matter has it itself."""
    if matter is not None and has_own_way(matter):
        kind, _, subject_id = matter.partition(":")
        minute = int(now.timestamp()) // 60  # what is told anew may come back anew
        unreached = f"{kind}.unreached"
        deadlines.add(connection, unreached, int(subject_id), now, at=now, version=minute)
        return
    connection.execute(
        phone_tasks.insert().values(
            person_id=person_id, message=message, matter=matter, created_at=now
        )
    )


def claim(
    connection: Connection, *, by: str, now: datetime, lease: timedelta, most: int
) -> list[Outgoing]:
    """Lease up to `most` ready lanes to `by`; returns the head of each.

    An edit that a later edit of the same card has overtaken is skipped.
    """
    ready = connection.execute(
        _READY_LANES, {"now": now, "beyond": now + LONGEST_PAUSE, "most": most}
    )
    heads = []
    for (lane,) in ready.all():
        connection.execute(_LEASE, {"lane": lane, "by": by, "until": now + lease})
        head = _head(connection, lane, now)
        if head is None:
            free_lane(connection, lane, by=by, not_before=now)
        else:
            heads.append(head)
    return heads


def _head(connection: Connection, lane: int, now: datetime) -> Outgoing | None:
    while True:
        heads = waiting_in(connection, lane, 1)
        if not heads:
            return None
        (head,) = heads
        # A face that was closed in another chat meanwhile has nothing left to close.
        idle = head.mirror and head.replaces is None
        if not idle and not (head.is_edit and _overtaken(connection, head)):
            return head
        end(connection, head, OutboxState.SUPERSEDED, at=now)


def waiting_in(connection: Connection, lane: int, most: int) -> list[Outgoing]:
    """The next messages of a chat, in their order; whoever has leased its lane may send them."""
    rows = connection.execute(_WAITING, {"lane": lane, "most": most})
    return [Outgoing(*tuple(row)) for row in rows]


def first_essential(connection: Connection, lane: int) -> list[Outgoing]:
    """The first essential message that waits in a chat, if any."""
    return [Outgoing(*tuple(row)) for row in connection.execute(_FIRST_ESSENTIAL, {"lane": lane})]


def _overtaken(connection: Connection, head: Outgoing) -> bool:
    newer = connection.execute(
        _NEWER_FACE, {"lane": head.endpoint_id, "of_card": head.card, "head": head.id}
    )
    return newer.first() is not None


def end(
    connection: Connection,
    letter: Outgoing,
    state: OutboxState,
    *,
    at: datetime,
    ref: str | None = None,
    error: str | None = None,
    parts: int = 1,
) -> bool:
    """The message is at its end; one less waits in its lane. A second end is no end: False.

    `parts` is how many of the platform's messages it took.
    """
    ended = connection.execute(
        _END,
        {
            "letter": letter.id,
            "end": state,
            "at": at,
            "its_ref": ref,
            "its_error": error,
            "its_parts": parts,
        },
    )
    is_first = ended.rowcount == 1
    if is_first:
        connection.execute(_ONE_LESS, {"lane": letter.endpoint_id})
    return is_first


def end_together(
    connection: Connection,
    letters: Sequence[Outgoing],
    message: str,
    *,
    at: datetime,
    ref: str | None,
    parts: int = 1,
) -> None:
    """Several messages went out as one: `message`, which the platform calls `ref`.

    The last of them keeps its words, for what was offered is read from here; it has taken the
    place of the others.
    """
    *others, last = letters
    for letter in others:
        end(connection, letter, OutboxState.SUPERSEDED, at=at, ref=ref)
    by_phone = any(letter.by_phone for letter in letters)  # it would all have to be read out
    connection.execute(
        update(outbox).where(outbox.c.id == last.id).values(message=message, by_phone=by_phone)
    )
    end(connection, last, OutboxState.DELIVERED, at=at, ref=ref, parts=parts)


def lock_lane(connection: Connection, endpoint_id: int) -> None:
    """Until the commit nothing is added to what waits in the lane, and nobody lets it go."""
    connection.execute(_LOCK_LANE, {"lane": endpoint_id})


def free_lane(
    connection: Connection, endpoint_id: int, *, by: str, not_before: datetime, held: bool = False
) -> None:
    """Give the lane back; its next message may go at `not_before`.

    Of a `held` lane earlier, as soon as there is more to say or the chat may be written to.
    """
    connection.execute(
        _FREE_LANE,
        {"lane": endpoint_id, "by": by, "not_before": not_before, "held_back": held},
    )


def free_lanes(connection: Connection, *, by: str | None = None) -> None:
    """Give back all that `by` had leased; without a name, all there is.

    The latter only where this process is known to be alone: it takes over from one that was
    killed without waiting for its leases to end.
    """
    leased = update(lanes).where(lanes.c.leased_by.is_not(None))
    if by is not None:
        leased = leased.where(lanes.c.leased_by == by)
    connection.execute(leased.values(leased_by=None, leased_until=None))


def count_attempt(connection: Connection, letter_id: int, error: str) -> None:
    """Another try failed, and why (a platform's word, never the message's)."""
    connection.execute(
        update(outbox)
        .where(outbox.c.id == letter_id)
        .values(attempts=outbox.c.attempts + 1, error=error[:200])
    )


def show_card(connection: Connection, endpoint_id: int, card: str, ref: str, at: datetime) -> None:
    """From now on the card's face in this chat is the message `ref`."""
    row = {"endpoint_id": endpoint_id, "card": card, "ref": ref, "shown_at": at}
    put_row(connection, cards, row, ("ref", "shown_at"))


def face(connection: Connection, endpoint_id: int, ref: str) -> str | None:
    """What the message `ref` of a chat shows now."""
    found: str | None = connection.execute(
        _FACE, {"chat": endpoint_id, "shown_as": ref}
    ).scalar_one_or_none()
    return found


def fall_back(connection: Connection, letter: Outgoing, *, at: datetime) -> None:
    """A chat could not carry it: the person's other chats in turn, else a telephone call.

    A message that is live only in the chat (not `by_phone`) ends here, on record.
    """
    if not pass_on(connection, letter, at=at) and letter.by_phone:
        _ask_to_call(connection, letter.person_id, letter.message, letter.matter, at)


def pass_on(connection: Connection, letter: Outgoing, *, at: datetime) -> bool:
    """Give it to another chat of the person's; False where there is none that has not had it.

    From chat to chat the message keeps its `once` (it is given one where it has none), so that no
    chat is tried twice, and an alert that went to all chats is not repeated.
    """
    if letter.mirror:
        return True  # only this chat's own face was to be put right
    once = _once_of(connection, letter)
    others = [
        one
        for one in _homes(connection, {letter.person_id}).get(letter.person_id, [])
        if one != letter.endpoint_id
    ]
    copies = _copies(connection, once, others)
    if any(state is not OutboxState.UNDELIVERABLE for state in copies.values()):
        return True
    untried = [one for one in others if one not in copies]
    if not untried:
        return False
    again = Letter(
        letter.person_id,
        letter.message,
        endpoint_id=untried[0],
        card=letter.card,
        matter=letter.matter,
        once=once,
        by_phone=letter.by_phone,
        fresh=letter.fresh,
        essential=letter.essential,
    )
    put(connection, [again], now=at)
    return True


def lose(connection: Connection, endpoint_id: int, ref: str) -> Outgoing | None:
    """What the platform took as `ref` has not arrived: undelivered; returns what it said last."""
    taken = connection.execute(
        select(outbox.c.id)
        .where(
            outbox.c.endpoint_id == endpoint_id,
            outbox.c.state == OutboxState.DELIVERED,
            outbox.c.ref == ref,
        )
        .order_by(outbox.c.id)
    ).scalars()
    numbers = list(taken)
    if not numbers:
        return None
    connection.execute(
        update(outbox)
        .where(outbox.c.id.in_(numbers))
        .values(state=OutboxState.UNDELIVERABLE, error="lost")
    )
    return Outgoing(*tuple(connection.execute(_BY_NUMBER, {"number": numbers[-1]}).one()))


def sent_since(
    connection: Connection, endpoint_id: int, since: datetime, most: int
) -> list[tuple[datetime, int]]:
    """When a chat's last messages went, newest first, and how many each was on the platform.

    The last `most` of them, and perhaps a few more.
    """
    rows = connection.execute(
        _SENT_SINCE, {"chat": endpoint_id, "since": since, "most": most + OVERTAKING}
    )
    return [(row.ended_at, row.parts) for row in rows]


def _once_of(connection: Connection, letter: Outgoing) -> str:
    """What all copies of a letter have in common, noted with this one if it was alone so far."""
    if letter.once is not None:
        return letter.once.removesuffix(f"@{letter.endpoint_id}")
    once = f"letter:{letter.id}"
    connection.execute(
        update(outbox).where(outbox.c.id == letter.id).values(once=f"{once}@{letter.endpoint_id}")
    )
    return once


def _copies(connection: Connection, once: str, lanes: Sequence[int]) -> dict[int, OutboxState]:
    """What became of a letter in these lanes, where it was put there."""
    found = connection.execute(
        select(outbox.c.endpoint_id, outbox.c.state).where(
            outbox.c.once.in_([f"{once}@{lane}" for lane in lanes])
        )
    )
    return {row.endpoint_id: row.state for row in found}


def newest(connection: Connection, endpoint_id: int, most: int = 10) -> list[str]:
    """The newest messages of a chat, newest first: what a typed number or label refers to."""
    found: list[tuple[int, str]] = []
    for state in (OutboxState.QUEUED, OutboxState.DELIVERED):
        rows = connection.execute(
            select(outbox.c.id, outbox.c.message)
            .where(outbox.c.endpoint_id == endpoint_id, outbox.c.state == state)
            .order_by(outbox.c.id.desc())
            .limit(most)
        )
        found += [(row.id, row.message) for row in rows]
    return [message for _, message in sorted(found, reverse=True)[:most]]


def waiting(connection: Connection, endpoint_ids: Iterable[int] | None = None) -> int:
    """How many messages wait (of these endpoints, or of all)."""
    counted = select(lanes.c.pending).where(lanes.c.pending > written(0))
    if endpoint_ids is not None:
        counted = counted.where(lanes.c.endpoint_id.in_(list(endpoint_ids)))
    return sum(connection.execute(counted).scalars())
