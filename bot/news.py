"""What a platform tells us of a chat, and what comes with events: windows, notes, lost messages."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.event import Event, HandedBack, Loss, Lost, ReadOn, TakenOver
from storage import channel_notes, inbox, outbox, people, windows
from storage.records import Endpoint

_EARLY = "lost:"
_EARLY_KEPT = timedelta(days=1)
"""How long a loss is remembered of a message that is not on record as delivered."""


def take(event: Event, connection: Connection) -> None:
    """Commit what the platform tells us; a repeat changes nothing."""
    keep_notes(event, connection)
    if isinstance(event.what, ReadOn):
        return
    if not inbox.first_time(connection, event.channel, event.dedup, event.received_at):
        return
    known = people.who(connection, event.channel, event.address)
    if known is not None:
        _take(event, known[0], connection)


def _take(event: Event, endpoint: Endpoint, connection: Connection) -> None:
    match event.what:
        case Lost(ref, loss):
            _lost(event, endpoint, ref, loss, connection)
        case TakenOver():
            windows.silence(connection, endpoint.id, event.received_at)
        case HandedBack():
            windows.hands_back(connection, endpoint.id)
    open_window(event, endpoint, connection)


def _lost(event: Event, endpoint: Endpoint, ref: str, loss: Loss, connection: Connection) -> None:
    """A message that seemed delivered was not: it takes the way of one that could not be sent."""
    now = event.received_at
    match loss:
        case Loss.WINDOW_CLOSED:
            windows.closes(connection, endpoint.id, now)
        case Loss.BUDGET_SPENT:
            windows.is_spent(connection, endpoint.id, now)
        case Loss.UNREACHABLE:
            people.unreachable(connection, endpoint.id, now)
        case Loss.OTHER:
            pass
    outbox.lock_lane(connection, endpoint.id)  # it may be about to go on record as delivered
    if not _falls_back(connection, endpoint.id, ref, now):
        channel_notes.keep(connection, event.channel, _EARLY + ref, "", now + _EARLY_KEPT)


def lost_early(
    connection: Connection, channel: str, endpoint_id: int, ref: str, now: datetime
) -> None:
    """A delivery is on record; perhaps the platform has told before that it did not arrive.

    One of several messages may be lost while the last of them is still on its way.
    """
    if channel_notes.recall(connection, channel, _EARLY + ref, now) is not None:
        channel_notes.forget(connection, channel, _EARLY + ref)
        _falls_back(connection, endpoint_id, ref, now)


def _falls_back(connection: Connection, endpoint_id: int, ref: str, now: datetime) -> bool:
    letter = outbox.lose(connection, endpoint_id, ref)
    if letter is not None:
        outbox.fall_back(connection, letter, at=now)
    return letter is not None


def keep_notes(event: Event, connection: Connection) -> None:
    """Keep what the channel must know again, with the event or not at all."""
    for note in event.notes:
        channel_notes.keep(connection, event.channel, note.key, note.value, note.until)


def open_window(event: Event, endpoint: Endpoint, connection: Connection) -> None:
    """The leave to speak that somebody gives us by writing."""
    if event.window is not None:
        windows.opens(
            connection,
            endpoint.id,
            until=event.window.until,
            left=event.window.messages,
            now=event.received_at,
        )
