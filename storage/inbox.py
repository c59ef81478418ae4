"""What has come in already: the record that makes a redelivery harmless."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete

from storage.tables import inbox
from storage.upsert import insert_new


def first_time(connection: Connection, channel: str, dedup: str, received_at: datetime) -> bool:
    """Note an event's key; False where it was noted before."""
    row = {"channel": channel, "dedup": dedup, "received_at": received_at}
    return insert_new(connection, inbox, row)


def forget_before(connection: Connection, before: datetime) -> int:
    """Drop keys so old that no platform redelivers them."""
    return connection.execute(delete(inbox).where(inbox.c.received_at < before)).rowcount
