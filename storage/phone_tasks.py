"""Messages no chat could carry, waiting for somebody to read them out on the telephone."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, bindparam, select, update

from storage.records import PhoneTask
from storage.tables import phone_tasks

_BY_ID = select(*phone_tasks.c).where(phone_tasks.c.id == bindparam("id"))
_UNDONE = (
    select(*phone_tasks.c)
    .where(phone_tasks.c.done_at.is_(None))
    .order_by(phone_tasks.c.created_at, phone_tasks.c.id)
)

_UNDONE_WITH = (
    select(*phone_tasks.c)
    .where(
        phone_tasks.c.done_at.is_(None),
        phone_tasks.c.person_id == bindparam("person"),
        phone_tasks.c.matter.is_not_distinct_from(bindparam("about")),
    )
    .order_by(phone_tasks.c.id)
    .with_for_update()
)


def get(connection: Connection, task_id: int) -> PhoneTask | None:
    """The task, to look at."""
    row = connection.execute(_BY_ID, {"id": task_id}).one_or_none()
    return PhoneTask(*row) if row else None


def undone(connection: Connection) -> list[PhoneTask]:
    """What nobody has read out yet, in all centres, oldest first."""
    return [PhoneTask(*row) for row in connection.execute(_UNDONE)]


def undone_with(connection: Connection, task: PhoneTask) -> list[PhoneTask]:
    """What nobody has read out yet to this task's person about its matter, oldest first, locked."""
    bounds = {"person": task.person_id, "about": task.matter}
    return [PhoneTask(*row) for row in connection.execute(_UNDONE_WITH, bounds)]


def done(connection: Connection, task_id: int, by: int, at: datetime) -> None:
    """Somebody has called."""
    connection.execute(
        update(phone_tasks).where(phone_tasks.c.id == task_id).values(done_by=by, done_at=at)
    )
