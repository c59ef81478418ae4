"""Service centres, and the numbering of their orders and cases."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, case, select, update

from storage.records import Centre
from storage.tables import centres

_BY_ID = select(*centres.c).where(centres.c.id == bindparam("id"))
_LOCKED = _BY_ID.with_for_update()
_NEXT_NUMBER = (
    update(centres)
    .where(centres.c.id == bindparam("centre_id"))
    .values(
        number_seq=case(
            (centres.c.number_day >= bindparam("day"), centres.c.number_seq + 1), else_=1
        ),
        number_day=case(
            (centres.c.number_day >= bindparam("day"), centres.c.number_day),
            else_=bindparam("day"),
        ),
    )
    .returning(centres.c.code, centres.c.number_day, centres.c.number_seq)
)


def get(connection: Connection, centre_id: int) -> Centre:
    """The centre; it must exist."""
    return Centre(*connection.execute(_BY_ID, {"id": centre_id}).one())


def lock(connection: Connection, centre_id: int) -> Centre:
    """The centre, its row locked until the commit: who checks a free time here books it alone."""
    return Centre(*connection.execute(_LOCKED, {"id": centre_id}).one())


def every(connection: Connection) -> list[Centre]:
    """All centres, by code."""
    return [Centre(*row) for row in connection.execute(select(*centres.c).order_by(centres.c.code))]


def by_code(connection: Connection, code: str) -> Centre | None:
    """The centre with this code."""
    row = connection.execute(select(*centres.c).where(centres.c.code == code)).one_or_none()
    return Centre(*row) if row else None


def next_number(connection: Connection, centre_id: int, day: str) -> str:
    """The next number of the day (`day` as YYMMDD, centre time), such as YH261123-007.

    It locks the centre's row until the commit, so whoever numbers something may also rely on
    being the only one to book in this centre. A day before the last one numbered (a clock was set
    back over midnight) goes on with the last one's numbers, for its own are given already.
    """
    row = connection.execute(_NEXT_NUMBER, {"centre_id": centre_id, "day": day}).one()
    code, numbered, seq = row
    return f"{code}{numbered}-{seq:03d}"
