"""The roster: who is behind a platform's account, single lines, and days that differ."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from itertools import groupby

from sqlalchemy import Connection, and_, bindparam, func, or_, select

from storage.records import RosterDay, Staff
from storage.tables import endpoints, roster_days, staff

_ACTIVE = select(*staff.c).where(staff.c.active)
_ADDRESSES = {
    "telegram": staff.c.telegram_id,
    # WeCom compares userids without case, and brings them in small letters.
    "wecom": func.lower(staff.c.wecom_userid),
}
"""By which address the roster names somebody's account, by channel."""

_BY_ACCOUNT = {
    channel: _ACTIVE.where(address == bindparam("address"))
    for channel, address in _ADDRESSES.items()
}
_NOT_THEIRS = {
    channel: select(staff.c.person_id, address.label("address"))
    .outerjoin(endpoints, and_(endpoints.c.channel == channel, endpoints.c.address == address))
    .where(
        staff.c.active,
        address.is_not(None),
        or_(endpoints.c.id.is_(None), endpoints.c.person_id != staff.c.person_id),
    )
    .order_by(staff.c.id)
    for channel, address in _ADDRESSES.items()
}
_BY_ID = _ACTIVE.where(staff.c.id == bindparam("staff_id"))

_WITHIN = roster_days.c.day.between(bindparam("first"), bindparam("last"))
# One statement for a team and its days: this is asked with every booking.
_TEAM = (
    select(*staff.c, *roster_days.c)
    .outerjoin(roster_days, and_(roster_days.c.staff_id == staff.c.id, _WITHIN))
    .where(staff.c.centre_id == bindparam("centre_id"), staff.c.active)
    .order_by(staff.c.id, roster_days.c.day)
)
_DAYS_OF = (
    select(*roster_days.c)
    .where(roster_days.c.staff_id.in_(bindparam("staff_ids", expanding=True)), _WITHIN)
    .order_by(roster_days.c.staff_id, roster_days.c.day)
)
_STAFF_COLUMNS = len(staff.c)

Rostered = tuple[Staff, tuple[RosterDay, ...]]
"""A line of the roster, and the days on which it works otherwise, in order."""


def named_on_roster(connection: Connection, channel: str, address: str) -> Staff | None:
    """The active roster line that names this account."""
    statement = _BY_ACCOUNT.get(channel)
    if statement is None:
        return None
    row = connection.execute(statement, {"address": address}).one_or_none()
    return Staff(*row) if row else None


def not_theirs_yet(connection: Connection, channel: str) -> list[tuple[int, str]]:
    """Whom the roster names by an account that is no chat of theirs: the person, the address."""
    rows = connection.execute(_NOT_THEIRS[channel])
    return [(row.person_id, row.address) for row in rows]


def active_line(connection: Connection, staff_id: int) -> Staff | None:
    """The roster line, unless it is closed."""
    row = connection.execute(_BY_ID, {"staff_id": staff_id}).one_or_none()
    return Staff(*row) if row else None


def team(connection: Connection, centre_id: int, first: date, last: date) -> list[Rostered]:
    """The centre's active roster, with its other days from the first to the last, included."""
    rows = connection.execute(_TEAM, {"centre_id": centre_id, "first": first, "last": last})
    return [
        (
            Staff(*lines[0][:_STAFF_COLUMNS]),
            tuple(
                RosterDay(*line[_STAFF_COLUMNS:])
                for line in lines
                if line[_STAFF_COLUMNS] is not None
            ),
        )
        for lines in (list(group) for _, group in groupby(rows, key=lambda row: row[0]))
    ]


def days_of(
    connection: Connection, staff_ids: Collection[int], first: date, last: date
) -> list[RosterDay]:
    """The days from the first to the last, included, on which these lines work otherwise."""
    facts = {"staff_ids": sorted(staff_ids), "first": first, "last": last}
    return [RosterDay(*row) for row in connection.execute(_DAYS_OF, facts)]
