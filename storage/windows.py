"""How long, and how often, a chat may still be written to, where its platform sets a window.

A chat without a row here may be written to at any time.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, bindparam, case, or_, select, update

from storage.people import LONG_AGO
from storage.tables import lanes, windows
from storage.types import written
from storage.upsert import insert_new, put_row

_OPEN_FURTHER = (
    update(windows)
    .where(
        windows.c.endpoint_id == bindparam("chat"),
        or_(
            windows.c.until <= bindparam("opens_until"),
            windows.c.left <= written(0),
            windows.c.until <= bindparam("now"),
        ),
    )
    .values(until=bindparam("opens_until"), left=bindparam("allowed"))
)
_HAND_BACK = (
    update(windows).where(windows.c.endpoint_id == bindparam("chat")).values(silenced_at=None)
)
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
        connection.execute(
            _OPEN_FURTHER,
            {"chat": endpoint_id, "opens_until": until, "allowed": left, "now": now},
        )
    _release(connection, endpoint_id)


def ends(connection: Connection, endpoint_id: int) -> datetime | None:
    """Until when the chat may be written to, unchanged until the commit; None: it has no window."""
    found: datetime | None = connection.execute(_UNTIL, {"chat": endpoint_id}).scalar_one_or_none()
    return found


def closes(connection: Connection, endpoint_id: int, now: datetime) -> None:
    """The platform lets nothing through to this person until they write again."""
    put_row(connection, windows, _closed(endpoint_id, now), ("until", "left"))


def spends(connection: Connection, endpoint_id: int, messages: int) -> None:
    """So many messages of the window's were used."""
    connection.execute(_SPEND, {"chat": endpoint_id, "used": messages})


def is_spent(connection: Connection, endpoint_id: int, now: datetime) -> None:
    """All that the window allowed has been used, though it is open."""
    put_row(connection, windows, _closed(endpoint_id, now), ("left",))


def silence(connection: Connection, endpoint_id: int, now: datetime) -> None:
    """A colleague speaks with the person on the platform itself."""
    silenced = {**_closed(endpoint_id, now), "silenced_at": now}
    put_row(connection, windows, silenced, ("silenced_at",))


def hands_back(connection: Connection, endpoint_id: int) -> None:
    """The colleague is done; what was held back may go."""
    connection.execute(_HAND_BACK, {"chat": endpoint_id})
    _release(connection, endpoint_id)


def _closed(endpoint_id: int, now: datetime) -> dict[str, object]:
    """A window that is over."""
    return {"endpoint_id": endpoint_id, "until": now, "left": 0}


def _release(connection: Connection, endpoint_id: int) -> None:
    connection.execute(_RELEASE, {"lane": endpoint_id})
