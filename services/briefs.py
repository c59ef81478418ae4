"""Alerts in brief: one line each and one button, and the list of many that wait at once (§3.5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from services.messages import Brief, Message, Saying, Word, do, say

OPENS = {
    "order": "desk.order",
    "case": "case.show",
    "major": "major.show",
    "visit": "visiting.show",
}
"""What opens the card that an alert is filed under, by the first word of its matter."""

URGENT_HEAD = "job-head-emergency"
SERIOUS = Word("grade-serious")

FEWEST = 3
"""So many make a list; fewer are told one by one."""

MOST = 50
"""More would be too long a message; they make a second list."""

BUTTONS = 10
BOARDS = ("board.waiting", "board.running", "board.todo")
"""Where the rest is found that has no button."""


def in_brief(message: Message, matter: str | None) -> Message:
    """An alert with what is said of it among many: its first line, and the way to its card.

    Unchanged where it is filed under nothing that staff can open, or has no number.
    """
    kind, _, key = (matter or "").partition(":")
    line = message.parts[0]
    number = line.facts.get("number")
    if kind not in OPENS or number is None:
        return message
    button = do(OPENS[kind], key, label=Saying("brief-open", {"number": number}))
    return replace(message, brief=Brief(line, button, urgent=_is_urgent(message)))


def _is_urgent(message: Message) -> bool:
    """Whether it is about an emergency or a serious case: those alert day and night (§3.5)."""
    return any(
        part.key == URGENT_HEAD or part.facts.get("grade") == SERIOUS for part in message.parts
    )


def together(briefs: Sequence[Brief]) -> Message:
    """Many alerts as one message: how many, a line for each, and a button for the first ten."""
    message = say("brief-many", count=len(briefs))
    for brief in briefs:
        message = message.line(brief.line.key, **brief.line.facts)
    buttons = [brief.open for brief in briefs[:BUTTONS]]
    for at in range(0, len(buttons), 2):
        message = message.row(*buttons[at : at + 2])
    if len(briefs) > BUTTONS:
        message = message.row(*(do(board) for board in BOARDS))
    return message
