"""Conversations between two people through the bot, and what was said in them."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, or_, select, update

from storage.records import Talk, TalkKind, TalkLine, TalkState
from storage.tables import talk_lines, talks

LIVE = (TalkState.WAITING, TalkState.OPEN)

_FIELDS = [field.name for field in fields(Talk) if field.name != "id"]
_BY_ID = select(*talks.c).where(talks.c.id == bindparam("id")).with_for_update()
_LIVE_OF = (
    select(*talks.c)
    .where(
        or_(talks.c.asker_id == bindparam("person_id"), talks.c.agent_id == bindparam("person_id")),
        talks.c.state.in_(LIVE),
    )
    .order_by(talks.c.id.desc())
)
_LINES = (
    select(*talk_lines.c)
    .where(talk_lines.c.talk_id == bindparam("talk_id"))
    .order_by(talk_lines.c.id)
)


def add(connection: Connection, talk: Talk) -> Talk:
    """Store a new talk (its `id` is ignored) and return it with its key."""
    values = {name: getattr(talk, name) for name in _FIELDS}
    made = connection.execute(talks.insert().returning(talks.c.id), values)
    return replace(talk, id=made.scalar_one())


def get(connection: Connection, talk_id: int) -> Talk | None:
    """The talk, its row locked until the commit."""
    row = connection.execute(_BY_ID, {"id": talk_id}).one_or_none()
    return Talk(*row) if row else None


def change(connection: Connection, talk: Talk, **changes: object) -> Talk:
    """Store changed fields and return the talk as it is now."""
    connection.execute(
        update(talks).where(talks.c.id == bindparam("talk_key")).values(**changes),
        {"talk_key": talk.id},
    )
    return replace(talk, **changes)  # type: ignore[arg-type]  # names are checked by `replace`


def live_of(connection: Connection, person_id: int) -> list[Talk]:
    """The talks a person is in, on either side, that are not over; the newest first."""
    return [Talk(*row) for row in connection.execute(_LIVE_OF, {"person_id": person_id})]


def waiting_in(connection: Connection, centre_id: int) -> list[Talk]:
    """The centre's talks that nobody has taken yet, oldest first."""
    rows = connection.execute(
        select(*talks.c)
        .where(talks.c.centre_id == centre_id, talks.c.state == TalkState.WAITING)
        .order_by(talks.c.id)
    )
    return [Talk(*row) for row in rows]


def visits_of(connection: Connection, order_id: int) -> list[Talk]:
    """The live talks between the technician and the household of one order."""
    rows = connection.execute(
        select(*talks.c).where(
            talks.c.order_id == order_id,
            talks.c.kind == TalkKind.VISIT,
            talks.c.state.in_(LIVE),
        )
    )
    return [Talk(*row) for row in rows]


def add_line(
    connection: Connection,
    talk_id: int,
    at: datetime,
    person_id: int,
    words: str,
    photo: str | None,
) -> None:
    """Keep what was said."""
    connection.execute(
        talk_lines.insert(),
        {"talk_id": talk_id, "at": at, "person_id": person_id, "words": words, "photo": photo},
    )


def lines_of(connection: Connection, talk_id: int) -> list[TalkLine]:
    """Everything said in the talk, oldest first."""
    return [TalkLine(*row) for row in connection.execute(_LINES, {"talk_id": talk_id})]


def last_word_at(connection: Connection, talk_id: int) -> datetime | None:
    """When somebody last said something in the talk."""
    at: datetime | None = connection.execute(
        select(func.max(talk_lines.c.at)).where(talk_lines.c.talk_id == talk_id)
    ).scalar_one()
    return at
