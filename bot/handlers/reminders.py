"""提醒设置: which reminders somebody gets, switched on and off in place."""

from __future__ import annotations

from bot.router import Router
from bot.turn import Reply, Turn, flash, reply
from services import reminders, staffing
from services.desk import Desk
from services.messages import Fact, Message, Saying, Word, do, say
from services.reminders import Switch
from storage.records import Person

router = Router("reminders")

ON, OFF = "on", "off"


@router.action("reminders.open")
def show(turn: Turn, desk: Desk) -> Reply:
    """提醒设置, at the foot of the chat."""
    return reply(_card(desk, turn.person, fresh=True))


@router.action("reminders.set")
def switch(turn: Turn, desk: Desk, name: str, state: str) -> Reply:
    """One of them on or off; pressed twice it stays so."""
    if state not in (ON, OFF):
        return flash("toast-button-unknown")
    reminders.switch(desk, turn.person, name, on=state == ON)
    return reply(_card(desk, turn.person), toast=f"toast-reminder-{state}")


def _card(desk: Desk, person: Person, *, fresh: bool = False) -> Message:
    switches = reminders.switches(desk, person)
    message = say("reminders-head" if switches else "reminders-none")
    for one in switches:
        message = message.line("reminders-on" if one.on else "reminders-off", **_name(one))
    message = message.line_if(switches and staffing.lines_of(desk, person), "reminders-essential")
    for one in switches:
        key = "reminders-label-off" if one.on else "reminders-label-on"
        state = OFF if one.on else ON
        label = Saying(key, _name(one))
        message = message.row(do("reminders.set", one.reminder, state, label=label))
    return message.as_card("reminders", fresh=fresh)


def _name(one: Switch) -> dict[str, Fact]:
    return {"what": Word(f"reminder-name-{one.reminder}")}
