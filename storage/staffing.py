"""The roster as accounts see it: who is behind a platform's account, and single lines."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, select

from storage.records import Staff
from storage.tables import staff

_ACTIVE = select(*staff.c).where(staff.c.active)
_BY_ACCOUNT = {
    "telegram": _ACTIVE.where(staff.c.telegram_id == bindparam("address")),
    "wecom": _ACTIVE.where(staff.c.wecom_userid == bindparam("address")),
}
_BY_ID = _ACTIVE.where(staff.c.id == bindparam("staff_id"))


def named_on_roster(connection: Connection, channel: str, address: str) -> Staff | None:
    """The active roster line that names this account."""
    statement = _BY_ACCOUNT.get(channel)
    if statement is None:
        return None
    row = connection.execute(statement, {"address": address}).one_or_none()
    return Staff(*row) if row else None


def active_line(connection: Connection, staff_id: int) -> Staff | None:
    """The roster line, unless it is closed."""
    row = connection.execute(_BY_ID, {"staff_id": staff_id}).one_or_none()
    return Staff(*row) if row else None
