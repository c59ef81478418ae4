"""Promises as rows: written with what they are about, claimed in batches, effective once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, func, or_, select, update

from storage.records import Deadline, DeadlineState
from storage.tables import deadlines
from storage.types import written
from storage.upsert import insert_new

_IS_PENDING = deadlines.c.state == written(DeadlineState.PENDING)
_ADD = deadlines.insert()
_OF_KINDS = (
    deadlines.c.subject_id == bindparam("subject"),
    deadlines.c.kind.in_(bindparam("of_kinds", expanding=True)),
)
_OF_SUBJECT = select(*deadlines.c).where(*_OF_KINDS).order_by(deadlines.c.due_at)
_NEWEST_VERSION = select(func.max(deadlines.c.version)).where(*_OF_KINDS)
_PLANNED = select(deadlines.c.kind, deadlines.c.subject_id, deadlines.c.version).where(
    deadlines.c.subject_id.in_(bindparam("subjects", expanding=True)),
    deadlines.c.kind.in_(bindparam("of_kinds", expanding=True)),
    deadlines.c.version >= bindparam("oldest"),
)
_DUE = (
    select(*deadlines.c)
    .where(
        _IS_PENDING,
        deadlines.c.due_at <= bindparam("now"),
        or_(
            deadlines.c.claimed_until.is_(None),
            deadlines.c.claimed_until < bindparam("now"),
            deadlines.c.claimed_until > bindparam("beyond"),
        ),
    )
    .order_by(deadlines.c.due_at, deadlines.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_CLAIM = (
    update(deadlines)
    .where(deadlines.c.id.in_(bindparam("ids", expanding=True)))
    .values(claimed_by=bindparam("by"), claimed_until=bindparam("until"))
)
_FIRE = (
    update(deadlines)
    .where(
        deadlines.c.id.in_(bindparam("ids", expanding=True)),
        _IS_PENDING,
        deadlines.c.claimed_by == bindparam("by"),
        deadlines.c.due_at <= bindparam("at"),
    )
    .values(state=DeadlineState.DONE, fired_at=bindparam("at"), claimed_until=None)
    .returning(deadlines.c.id)
)
_DROP = (
    update(deadlines)
    .where(*_OF_KINDS, _IS_PENDING)
    .values(state=DeadlineState.DROPPED, dropped_at=bindparam("at"))
)


def add(
    connection: Connection,
    kind: str,
    subject_id: int,
    due_at: datetime,
    *,
    at: datetime | None = None,
    version: int = 0,
) -> bool:
    """A deadline of `kind` about `subject_id`; False where this version of it is there already.

    `at` is when it was set, for who asks later why.
    """
    return insert_new(connection, deadlines, _row(kind, subject_id, due_at, at, version))


def _row(
    kind: str, subject_id: int, due_at: datetime, at: datetime | None, version: int = 0
) -> dict[str, object]:
    return {
        "once": f"{kind}:{subject_id}:{version}",
        "kind": kind,
        "subject_id": subject_id,
        "due_at": due_at,
        "version": version,
        "state": DeadlineState.PENDING,
        "set_at": at,
    }


def add_all(
    connection: Connection,
    subject_id: int,
    dues: Sequence[tuple[str, datetime]],
    *,
    at: datetime | None = None,
    version: int = 0,
) -> None:
    """Several new deadlines about one subject, in one statement."""
    if dues:
        connection.execute(
            _ADD,
            [_row(kind, subject_id, due_at, at, version) for kind, due_at in dues],
        )


def add_each(
    connection: Connection,
    kind: str,
    dues: Sequence[tuple[int, datetime]],
    *,
    at: datetime | None = None,
) -> None:
    """A new deadline of one kind about each of many subjects, in one statement."""
    if dues:
        connection.execute(
            _ADD,
            [_row(kind, subject_id, due_at, at) for subject_id, due_at in dues],
        )


def planned(
    connection: Connection, kinds: Collection[str], subject_ids: Collection[int], oldest: int
) -> set[tuple[str, int, int]]:
    """Deadlines of these kinds that were ever set for these subjects: (kind, subject, version).

    Versions below `oldest` are left out.
    """
    asked = {"of_kinds": sorted(kinds), "subjects": sorted(subject_ids), "oldest": oldest}
    return {(row[0], row[1], row[2]) for row in connection.execute(_PLANNED, asked)}


def claim(
    connection: Connection, *, by: str, now: datetime, lease: timedelta, most: int
) -> list[Deadline]:
    """Take up to `most` due deadlines for `by`, until the lease ends.

    A claim that seems to last for more than two leases was made by a clock since set back.
    """
    asked = {"now": now, "beyond": now + 2 * lease, "most": most}
    due = [Deadline(*row) for row in connection.execute(_DUE, asked)]
    if due:
        ids = [one.id for one in due]
        connection.execute(_CLAIM, {"ids": ids, "by": by, "until": now + lease})
    return due


def take_effect(
    connection: Connection, deadline_ids: Sequence[int], *, by: str, at: datetime
) -> set[int]:
    """Mark deadlines done; returns those that `by` may act on.

    A claim may have been lost, or the clock set back since: what is not due stays pending.
    """
    done = connection.execute(_FIRE, {"ids": list(deadline_ids), "by": by, "at": at})
    return set(done.scalars())


def drop(
    connection: Connection, subject_id: int, kinds: Sequence[str], *, at: datetime | None = None
) -> None:
    """These deadlines of the subject are no longer waited for, from `at` on."""
    if kinds:
        connection.execute(_DROP, {"subject": subject_id, "of_kinds": list(kinds), "at": at})


def newest_version(connection: Connection, subject_id: int, kinds: Sequence[str]) -> int:
    """How often deadlines of these kinds have been set anew for the subject."""
    newest: int | None = connection.execute(
        _NEWEST_VERSION, {"subject": subject_id, "of_kinds": list(kinds)}
    ).scalar_one()
    return newest or 0


def release(connection: Connection, *, by: str | None = None) -> None:
    """Give back what `by` had claimed; without a name (a process known to be alone), all claims."""
    claimed = update(deadlines).where(_IS_PENDING, deadlines.c.claimed_by.is_not(None))
    if by is not None:
        claimed = claimed.where(deadlines.c.claimed_by == by)
    connection.execute(claimed.values(claimed_by=None, claimed_until=None))


def next_due(connection: Connection) -> datetime | None:
    """When the next pending deadline falls due, but for those that somebody is at already."""
    soonest: datetime | None = connection.execute(
        select(func.min(deadlines.c.due_at)).where(_IS_PENDING, deadlines.c.claimed_by.is_(None))
    ).scalar_one()
    return soonest


def of_subject(connection: Connection, subject_id: int, kinds: Sequence[str]) -> list[Deadline]:
    """The subject's deadlines of these kinds, by due time."""
    rows = connection.execute(_OF_SUBJECT, {"subject": subject_id, "of_kinds": list(kinds)})
    return [Deadline(*row) for row in rows]
