"""Return visits by questionnaire in chat (§5.4.1, §3.6)."""

from __future__ import annotations

from services import visits
from services.desk import Desk
from services.due import on_due
from storage.records import Deadline


@on_due(visits.ASK)
def ask(desk: Desk, deadline: Deadline) -> None:
    """A drawn household is asked in chat, or becomes a person's task."""
