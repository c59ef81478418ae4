"""What channels must know again after a restart: where to read on, which cards may be changed."""

from __future__ import annotations

from datetime import datetime
from operator import itemgetter

from sqlalchemy import Connection, bindparam, delete, func, or_, select

from storage.tables import channel_notes
from storage.upsert import put_row

_LIVE = or_(channel_notes.c.until.is_(None), channel_notes.c.until > bindparam("now"))
_ONE = select(channel_notes.c.value).where(
    channel_notes.c.channel == bindparam("of"), channel_notes.c.key == bindparam("named"), _LIVE
)
_DROP = delete(channel_notes).where(
    channel_notes.c.channel == bindparam("of"), channel_notes.c.key == bindparam("named")
)


def keep(
    connection: Connection, channel: str, key: str, value: str, until: datetime | None
) -> None:
    """Keep a value under a key, in the place of an earlier one."""
    row = {"channel": channel, "key": key, "value": value, "until": until}
    put_row(connection, channel_notes, row, ("value", "until"))


def recall(connection: Connection, channel: str, key: str, now: datetime) -> str | None:
    """The value under a key; None where there is none, or its time is over."""
    found: str | None = connection.execute(
        _ONE, {"of": channel, "named": key, "now": now}
    ).scalar_one_or_none()
    return found


def recall_all(
    connection: Connection, channel: str, prefix: str, now: datetime
) -> list[tuple[str, str, datetime | None]]:
    """Keys that begin so, with their values and until when each is of use; by key."""
    # Neither LIKE nor the databases' order of letters: to SQLite's LIKE, a and A are the same.
    begins = func.substr(channel_notes.c.key, 1, len(prefix)) == prefix
    rows = connection.execute(
        select(channel_notes.c.key, channel_notes.c.value, channel_notes.c.until).where(
            channel_notes.c.channel == channel, begins, _LIVE
        ),
        {"now": now},
    )
    return sorted(((row.key, row.value, row.until) for row in rows), key=itemgetter(0))


def forget(connection: Connection, channel: str, key: str) -> None:
    """Drop a note."""
    connection.execute(_DROP, {"of": channel, "named": key})


def forget_before(connection: Connection, before: datetime) -> int:
    """Drop notes whose time has long been over."""
    old = delete(channel_notes).where(channel_notes.c.until < before)
    return connection.execute(old).rowcount
