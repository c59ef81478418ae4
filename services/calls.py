"""Telephone calls for what no chat could carry: all texts of one matter are one call."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from services import orders
from services.desk import Desk
from services.errors import DomainError, NotYours
from services.messages import (
    Action,
    Fact,
    Message,
    Moment,
    Saying,
    Word,
    Words,
    do,
    load_message,
    say,
)
from services.rules.history import Step
from services.rules.names import mask_phone
from storage import cases as case_store
from storage import orders as order_store
from storage import people, phone_tasks
from storage.records import Order, Person, PhoneTask

MOST_READ = 8
"""So many texts stand on a card, which a platform takes as one message; then come the next."""

ANSWERS = {
    "order.agree": "desk.agree_for",
    "move.agree": "desk.move_agreed",
    "move.refuse": "desk.move_refused",
}
"""What the desk presses on behalf of whoever is asked: the tool by the button it answers for."""

ASKED = (*ANSWERS, "order.disagree", "order.early_ok", "order.early_no", "hold.yes", "hold.no")
"""The buttons that answer a question; others only offer a way on."""


class PhoneTaskDone(DomainError):
    """A colleague has made the call."""

    key = "no-phone-done"


@dataclass(frozen=True, slots=True)
class Call:
    """What one person must be told about one matter, oldest first, and whose desk calls."""

    centre_id: int
    order: Order | None
    tasks: tuple[PhoneTask, ...]

    @property
    def first(self) -> PhoneTask:
        """The text that has waited longest."""
        return self.tasks[0]

    @property
    def card(self) -> str:
        """The name of its card."""
        return f"phone:{self.first.id}"


def waiting(desk: Desk, centre_ids: Sequence[int]) -> list[Call]:
    """The calls that these centres' desks must make."""
    by_matter: dict[tuple[int, str | None], list[PhoneTask]] = {}
    for task in phone_tasks.undone(desk.connection):
        by_matter.setdefault((task.person_id, task.matter), []).append(task)
    calls = (_call(desk, tasks, centre_ids) for tasks in by_matter.values())
    return [one for one in calls if one is not None]


def _call(desk: Desk, tasks: Sequence[PhoneTask], centre_ids: Sequence[int]) -> Call | None:
    """These texts as a call of one of these centres; None where another one makes it."""
    order = _order_of(desk, tasks[0])
    home = _centre_of(desk, tasks[0], order)
    if not centre_ids or home not in (None, *centre_ids):
        return None
    return Call(home or centre_ids[0], order, tuple(tasks))


def _centre_of(desk: Desk, task: PhoneTask, order: Order | None) -> int | None:
    """Whose desk makes the call: the centre of what it is about, else of the person's home.

    None where nothing says it: then every desk sees it, so that somebody calls.
    """
    if task.centre_id is not None:
        return task.centre_id
    if order is not None:
        return order.centre_id
    homes = people.homes_of(desk.connection, task.person_id)
    return homes[0][1].centre_id if homes else None


def _order_of(desk: Desk, task: PhoneTask) -> Order | None:
    kind, _, key = (task.matter or "").partition(":")
    if not key.isdigit():
        return None
    if kind == "case":
        case = case_store.get(desk.connection, int(key))
        return order_store.get(desk.connection, case.order_id) if case and case.order_id else None
    return order_store.get(desk.connection, int(key)) if kind == "order" else None


def facts(desk: Desk, call: Call) -> dict[str, Fact]:
    """Who is called, by which number as it may be shown, and since when they should have known."""
    task, order = call.first, call.order
    person = people.person(desk.connection, task.person_id)
    name, phone = person.name, person.phone
    if order is not None and order.person_id == task.person_id:
        name, phone = order.contact_name, order.contact_phone
    return {
        "name": name or Word("a-stranger"),
        "phone": mask_phone(phone) if phone else "—",
        "at": _moment(desk, call, task),
    }


def _moment(desk: Desk, call: Call, task: PhoneTask) -> Moment:
    return Moment(task.created_at, desk.centre(call.centre_id).zone)


# The card


def card(desk: Desk, task_id: int, by: Person) -> Message:
    """What is to be read out, in the words the person would have read, and what they are asked.

    The answers that the desk can record for them are its buttons; 已拨打 ends the call.

    Raises:
        NotYours: not the desk it belongs to; PhoneTaskDone: a colleague has called.
    """
    call = _open_call(desk, task_id, by)
    shown = call.tasks[:MOST_READ]
    told = [load_message(task.message) for task in shown]
    face = _head(desk, call, shown)
    for number, (task, text) in enumerate(zip(shown, told, strict=True), start=1):
        face = face.line_if(len(shown) > 1, "call-text", n=number, at=_moment(desk, call, task))
        face = Message((*face.parts, *text.parts))
        face = face.line_if(_choices(text), "call-asks", choices=Words(_choices(text)))
    for answer in dict.fromkeys(one for text in told for one in _answers(text)):
        face = face.row(answer)
    for row in _about_order(call):
        face = face.row(*row)
    return face.row(do("phone.done", shown[-1].id)).as_card(call.card, fresh=True)


def _head(desk: Desk, call: Call, shown: Sequence[PhoneTask]) -> Message:
    if len(shown) == 1:
        return say("phone-task", **facts(desk, call))
    return say("call-head", **facts(desk, call), count=len(shown))


def _choices(text: Message) -> tuple[str, ...]:
    """What stands on the buttons of a question."""
    return tuple(one.saying.key for one in _buttons(text) if one.name in ASKED)


def _answers(text: Message) -> Iterator[Action]:
    for one in _buttons(text):
        if one.name in ANSWERS:
            yield do(ANSWERS[one.name], one.args[0])


def _buttons(text: Message) -> Iterator[Action]:
    return (one for row in text.rows for one in row)


def _about_order(call: Call) -> Iterator[tuple[Action, ...]]:
    """The full number, and the order with all that the desk can do about it."""
    if call.order is not None:
        label = Saying("board-label", {"number": call.order.number})
        yield do("order.reveal", call.order.id), do("desk.order", call.order.id, label=label)


# 已拨打


def done(desk: Desk, task_id: int, by: Person) -> Message:
    """已拨打: all texts up to this one were read out; the order's history says by whom, each.

    What has come since the card was shown was not: it stays to be told.

    Raises:
        NotYours, PhoneTaskDone: see `card`.
    """
    call = _open_call(desk, task_id, by)
    if task_id not in {one.id for one in call.tasks}:
        raise _done_already(desk, call, task_id, by)
    for one in call.tasks:
        if one.id <= task_id:
            phone_tasks.done(desk.connection, one.id, by.id, desk.now)
            _note(desk, call, one, by)
    return say("phone-task-done", **facts(desk, call)).as_card(call.card)


def _note(desk: Desk, call: Call, task: PhoneTask, by: Person) -> None:
    if call.order is not None:
        orders.note(desk, call.order, Step.NOTE_ADDED, by.id, call=task.id)


def _open_call(desk: Desk, task_id: int, by: Person) -> Call:
    """What is still to be told of the call that the task is part of, its rows locked."""
    mine = orders.centres_of(desk, by)
    task = phone_tasks.get(desk.connection, task_id)
    asked = _call(desk, [task], mine) if task is not None else None
    if task is None or asked is None:
        raise NotYours
    left = phone_tasks.undone_with(desk.connection, task)
    if not left:
        raise _done_already(desk, asked, task_id, by)
    return replace(asked, tasks=tuple(left))


def _done_already(desk: Desk, call: Call, task_id: int, by: Person) -> PhoneTaskDone:
    task = phone_tasks.get(desk.connection, task_id) or call.first
    return PhoneTaskDone(
        who=orders.staff_name(desk, task.done_by or by.id),
        at=Moment(task.done_at or desk.now, desk.centre(call.centre_id).zone),
    )
