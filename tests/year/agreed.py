"""The street's agreements: each asks for a visit on site every quarter (§5.4.4, reading 20)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from storage import people
from storage.tables import agreements, items
from tests.year.street import Household


@dataclass(frozen=True, slots=True)
class Signed:
    """What was agreed with the home of that number: what, who does it, and the days."""

    home: int
    item: str
    worker: str
    signed: date
    last: date
    stopped: date | None = None


SIGNED = (
    Signed(20, "HC01", "zhao", date(2026, 11, 2), date(2028, 3, 31)),
    Signed(21, "GR01", "cs2", date(2026, 11, 9), date(2028, 3, 31), stopped=date(2027, 8, 20)),
    # In the idle month: nobody goes there before the quarter is over.
    Signed(25, "HC01", "zhao", date(2027, 6, 3), date(2028, 3, 31)),
    # In the last days of the quarter: the first visit is the next one's.
    Signed(26, "HC01", "zhao", date(2027, 6, 20), date(2028, 3, 31)),
)


def sign(
    connection: Connection, street: list[Household], centre_id: int, channel: str, days: set[date]
) -> None:
    """Put down what was signed on these days."""
    for one in (one for one in SIGNED if one.signed in days):
        known = people.who(connection, channel, one.worker)
        assert known is not None
        item = select(items.c.id).where(items.c.code == one.item, items.c.centre_id == centre_id)
        row = {
            "number": f"XY-{one.home}",
            "centre_id": centre_id,
            "room_id": street[one.home].room_id,
            "item_id": connection.execute(item).scalar_one(),
            "worker_id": known[1].id,
            "signed_on": one.signed,
            "starts_on": one.signed,
            "ends_on": one.last,
            "ended_on": one.stopped,
        }
        connection.execute(agreements.insert(), row)
