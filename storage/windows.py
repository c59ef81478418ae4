"""How long, and how often, a chat may still be written to, where its platform sets a window.

A chat without a row here may be written to at any time.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, bindparam, case, select, update

from storage.people import LONG_AGO
from storage.tables import lanes, windows
from storage.upsert import insert_new

_ROW = (
    select(windows.c.until, windows.c.left)
    .where(windows.c.endpoint_id == bindparam("chat"))
    .with_for_update()
)
_CHANGE = update(windows).where(windows.c.endpoint_id == bindparam("chat"))
_SPEND = (
    update(windows)
    .where(windows.c.endpoint_id == bindparam("chat"))
    .values(left=windows.c.left - bindparam("used"))
)
_UNTIL = select(windows.c.until).where(windows.c.endpoint_id == bindparam("chat")).with_for_update()
_RELEASE = (
    update(lanes)
    # Not only of a lane that is held: this waits for a relay that is just about to hold it.
    .where(lanes.c.endpoint_id == bindparam("lane"))
    .values(next_at=case((lanes.c.held, LONG_AGO), else_=lanes.c.next_at), held=False)
)


def opens(
    connection: Connection, endpoint_id: int, *, until: datetime, left: int, now: datetime
) -> None:
    """The person may be written to until then, so many times; what was held back may go.

    A lesser leave (a welcome) takes nothing from a window that is open.
    """
    row = {"endpoint_id": endpoint_id, "until": until, "left": left}
    if not insert_new(connection, windows, row):
        present = connection.execute(_ROW, {"chat": endpoint_id}).one()
        if present.until <= until or present.left <= 0 or present.until <= now:
            connection.execute(_CHANGE, {"chat": endpoint_id, "until": until, "left": left})
    _release(connection, endpoint_id)


def ends(connection: Connection, endpoint_id: int) -> datetime | None:
    """Until when the chat may be written to, unchanged until the commit; None: it has no window."""
    found: datetime | None = connection.execute(_UNTIL, {"chat": endpoint_id}).scalar_one_or_none()
    return found


def closes(connection: Connection, endpoint_id: int, now: datetime) -> None:
    """The platform lets nothing through to this person until they write again."""
    row = {"endpoint_id": endpoint_id, "until": now, "left": 0}
    if not insert_new(connection, windows, row):
        connection.execute(_CHANGE, {"chat": endpoint_id, "until": now, "left": 0})


def spends(connection: Connection, endpoint_id: int, messages: int) -> None:
    """So many messages of the window's were used."""
    connection.execute(_SPEND, {"chat": endpoint_id, "used": messages})


def is_spent(connection: Connection, endpoint_id: int, now: datetime) -> None:
    """All that the window allowed has been used, though it is open."""
    row = {"endpoint_id": endpoint_id, "until": now, "left": 0}
    if not insert_new(connection, windows, row):
        connection.execute(_CHANGE, {"chat": endpoint_id, "left": 0})


def silence(connection: Connection, endpoint_id: int, now: datetime) -> None:
    """A colleague speaks with the person on the platform itself."""
    row = {"endpoint_id": endpoint_id, "until": now, "left": 0, "silenced_at": now}
    if not insert_new(connection, windows, row):
        connection.execute(_CHANGE, {"chat": endpoint_id, "silenced_at": now})


def hands_back(connection: Connection, endpoint_id: int) -> None:
    """The colleague is done; what was held back may go."""
    connection.execute(_CHANGE, {"chat": endpoint_id, "silenced_at": None})
    _release(connection, endpoint_id)


def _release(connection: Connection, endpoint_id: int) -> None:
    connection.execute(_RELEASE, {"lane": endpoint_id})
