"""Housekeeping of our own: forms left lying, keys and runs nobody will ask for again."""

from __future__ import annotations

from datetime import timedelta

from services.desk import Desk
from services.messages import say
from storage import calendar, channel_notes, conversations, inbox, people

KEPT = timedelta(days=14)
"""How long keys of events are kept; Telegram redelivers for a day, WeCom for three days."""

LAST_USED_KEPT = timedelta(days=90)
"""How long it is known in which chat somebody dealt with a matter."""


def expire_forms(desk: Desk) -> None:
    """Put away forms that nobody has touched for a day, with a word."""
    before = desk.now - desk.company.form_expires_after
    for left in conversations.untouched_since(desk.connection, before):
        conversations.close_form(desk.connection, left.endpoint_id, desk.now)
        owner = people.owner_of_endpoint(desk.connection, left.endpoint_id)
        desk.tell(owner, say("form-expired"), endpoint_id=left.endpoint_id)


def forget(desk: Desk) -> None:
    """Drop what protects from repeats once no repeat can come."""
    inbox.forget_before(desk.connection, desk.now - KEPT)
    calendar.forget_before(desk.connection, desk.now - KEPT)
    channel_notes.forget_before(desk.connection, desk.now)
    people.forget_used_before(desk.connection, desk.now - LAST_USED_KEPT)
