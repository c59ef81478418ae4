"""Where each chat stands: its open form, and the talk its words go to."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, bindparam, select, update

from storage.records import Conversation
from storage.tables import conversations

_BY_ENDPOINT = (
    select(*conversations.c)
    .where(conversations.c.endpoint_id == bindparam("endpoint_id"))
    .with_for_update()
)
_SAVE = update(conversations).where(conversations.c.endpoint_id == bindparam("endpoint"))


def create(connection: Connection, endpoint_id: int, now: datetime) -> Conversation:
    """A conversation that stands at nothing."""
    fresh = Conversation(endpoint_id, None, 0, "", "{}", None, now)
    connection.execute(
        conversations.insert().values(
            endpoint_id=endpoint_id, serial=0, step="", answers="{}", touched_at=now
        )
    )
    return fresh


def take(connection: Connection, endpoint_id: int) -> Conversation:
    """The conversation, its row locked: events of one chat happen one after the other."""
    row = connection.execute(_BY_ENDPOINT, {"endpoint_id": endpoint_id}).one()
    return Conversation(*row)


def keep_form(
    connection: Connection,
    endpoint_id: int,
    *,
    form: str,
    serial: int,
    step: str,
    answers: str,
    now: datetime,
) -> None:
    """Note where the open form stands."""
    connection.execute(
        _SAVE,
        {
            "endpoint": endpoint_id,
            "form": form,
            "serial": serial,
            "step": step,
            "answers": answers,
            "touched_at": now,
        },
    )


def close_form(connection: Connection, endpoint_id: int, now: datetime) -> None:
    """No form is open any more; the serial stays, so that its buttons are known as old."""
    connection.execute(
        _SAVE,
        {"endpoint": endpoint_id, "form": None, "step": "", "answers": "{}", "touched_at": now},
    )


def join_talk(connection: Connection, endpoint_id: int, talk_id: int | None) -> None:
    """From now on this chat's free words go to the talk (None: to no talk)."""
    connection.execute(_SAVE, {"endpoint": endpoint_id, "talk_id": talk_id})


def untouched_since(connection: Connection, before: datetime) -> list[Conversation]:
    """Conversations whose open form nobody has touched since `before`."""
    open_forms = select(*conversations.c).where(
        conversations.c.form.is_not(None), conversations.c.touched_at <= before
    )
    return [Conversation(*row) for row in connection.execute(open_forms.limit(500))]
