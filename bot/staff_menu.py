"""The menu at the foot of the company's app in WeCom: one for all who have it.

WeCom shows everybody the same, so it holds what each role needs; a press by somebody whose role
has no such thing is answered as any other.
"""

from __future__ import annotations

from datetime import datetime

from bot.channels.wecom.staff.app_menu import AppMenu, Entry, Group
from bot.wording import DEFAULT, Wording
from services.messages import Action, Saying, do

_GROUPS: tuple[tuple[str, tuple[Action, ...]], ...] = (
    ("staff-menu-work", (do("jobs.mine"), do("duty.on"), do("duty.off"), do("talk.control"))),
    (
        "staff-menu-desk",
        (
            do("board.waiting"),
            do("board.running"),
            do("board.todo"),
            do("board.visits"),
            do("intake.start"),
        ),
    ),
    (
        "staff-menu-more",
        (
            do("approvals.list"),
            do("figures.show"),
            do("reminders.open"),
            do("board.unreached"),
            do("more.open", label=Saying("staff-menu-more-open")),
        ),
    ),
)


def staff_menu(wording: Wording, now: datetime) -> AppMenu:
    """The menu in the language of the house."""
    return tuple(
        Group(
            wording.text(Saying(name), DEFAULT, now),
            tuple(Entry(wording.label(one, DEFAULT, now), one.data) for one in actions),
        )
        for name, actions in _GROUPS
    )
