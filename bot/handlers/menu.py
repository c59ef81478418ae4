"""The standing menu: what stands at the foot of a person's chat, by who they are."""

from __future__ import annotations

from dataclasses import replace

from bot.turn import Turn
from services import residents, roster, staffing
from services.desk import Desk
from services.messages import Action, Rows, do
from storage.records import Person, Role, Staff

MORE = "more.open"

STRANGER = ("urgent.start", "bind.start", "language.choose")
RESIDENT = ("book.start", "urgent.start", "orders.mine", "talk.start", MORE)
CS = (
    "board.waiting",
    "board.running",
    "board.todo",
    "board.unreached",
    "board.visits",
    "intake.start",
    MORE,
)
CONTROL = ("board.waiting", "board.running", "board.todo", "board.unreached", "intake.start", MORE)
SUPERIOR = (
    "approvals.list",
    "board.running",
    "board.todo",
    "board.unreached",
    "board.visits",
    "figures.show",
    MORE,
)
BY_ROLE: dict[Role, tuple[str, ...]] = {
    Role.CS: CS,
    Role.CONTROL: CONTROL,
    Role.SUPERVISOR: SUPERIOR,
    Role.HEAD: SUPERIOR,
    Role.BUSINESS: ("approvals.list", "board.todo", "figures.show", MORE),
}
"""A technician's menu is not here: its middle says whether they are on duty."""


def menu_for(turn: Turn, desk: Desk) -> Rows:
    """The standing menu of the person who is writing."""
    return _menu(desk, turn.person, turn.staff)


def menu_of(desk: Desk, person: Person) -> Rows:
    """The standing menu of somebody else."""
    return _menu(desk, person, staffing.lines_of(desk, person))


def seen_as(turn: Turn, desk: Desk, person: Person) -> Turn:
    """The turn as that of the person whose chat it has just turned out to be."""
    return replace(turn, person=person, staff=staffing.lines_of(desk, person))


def _menu(desk: Desk, person: Person, staff: tuple[Staff, ...]) -> Rows:
    names = [name for line in staff for name in _of_line(desk, line)]
    if residents.homes(desk, person):
        names += RESIDENT
    return _rows(names or list(STRANGER))


def _of_line(desk: Desk, line: Staff) -> list[str]:
    names: list[str] = []
    if Role.TECHNICIAN in line.roles:
        duty = "duty.off" if roster.is_on_duty(desk, line) else "duty.on"
        names += ("jobs.mine", duty, "talk.control", MORE)
    for role in line.roles:
        names += BY_ROLE.get(role, ())
    return names


def _rows(names: list[str]) -> Rows:
    """Two to a row, each once, the way to everything else at the end."""
    once = [name for name in dict.fromkeys(names) if name != MORE]
    once += [MORE] if MORE in names else []
    actions: list[Action] = [do(name) for name in once]
    return tuple(tuple(actions[at : at + 2]) for at in range(0, len(actions), 2))
