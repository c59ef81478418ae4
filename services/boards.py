"""What waits at the desk: orders to place (待派单) and under way (处理中), and all to do (待办)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services import cards, cases, claims, majors, orders, promises
from services.desk import Desk
from services.errors import DomainError, NotFound, NotYours
from services.messages import Action, Fact, Message, Moment, Saying, Word, do, load_message, say
from services.rules.history import Step
from services.rules.names import mask_phone
from storage import cases as case_store
from storage import orders as order_store
from storage import people, phone_tasks, residents, talks
from storage.records import (
    Order,
    OrderKind,
    OrderState,
    Person,
    PhoneTask,
    RequestState,
    Talk,
    TalkKind,
)

UNDER_WAY = tuple(state for state in order_store.OPEN_STATES if state is not OrderState.WAITING)

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Row:
    """One thing on a board: since when or until when it counts, its line, and what opens it."""

    at: datetime
    line: Saying
    open: Action


class PhoneTaskDone(DomainError):
    """A colleague has made the call."""

    key = "no-phone-done"


# 待派单 and 处理中


def waiting(desk: Desk, by: Person) -> list[Row]:
    """Orders nobody has: emergencies, then those the desk must place, then those being offered.

    Raises:
        NotYours: not of any centre's desk.
    """
    found = _orders_in(desk, by, [OrderState.WAITING])
    found.sort(key=lambda order: (_rank(order), order.reported_at, order.id))
    return [_row(order, _waiting_line(desk, order)) for order in found]


def _rank(order: Order) -> int:
    if order.kind is OrderKind.EMERGENCY:
        return 0
    return 1 if order.desk_since is not None else 2


def _waiting_line(desk: Desk, order: Order) -> Saying:
    if order.kind is OrderKind.EMERGENCY:
        left = (promises.emergency_due(order) - desk.now) // _MINUTE
        if left < 0:
            return Saying("board-emergency-over", _facts(desk, order, minutes=-left))
        return Saying("board-emergency", _facts(desk, order, minutes=left))
    key = "board-place" if order.desk_since is not None else "board-offered"
    return Saying(f"{key}-{_time_known(order)}", _facts(desk, order))


def running(desk: Desk, by: Person) -> list[Row]:
    """Orders somebody has, emergencies first, then by their time; disputed arrivals are flagged.

    Raises:
        NotYours: not of any centre's desk.
    """
    found = _orders_in(desk, by, UNDER_WAY)
    found.sort(key=lambda one: (_rank(one), one.appointed_at or one.reported_at, one.id))
    return [_row(order, _running_line(desk, order)) for order in found]


def _running_line(desk: Desk, order: Order) -> Saying:
    key = "board-running-disputed" if order.arrival_disputed_at else "board-running"
    return Saying(f"{key}-{_time_known(order)}", _facts(desk, order))


def _time_known(order: Order) -> str:
    return "at" if order.appointed_at is not None else "since"


def _orders_in(desk: Desk, by: Person, states: Sequence[OrderState]) -> list[Order]:
    mine = orders.centres_of(desk, by)
    if not mine:
        raise NotYours
    return [
        order for centre in mine for order in order_store.in_states(desk.connection, centre, states)
    ]


def _facts(desk: Desk, order: Order, **more: Fact) -> dict[str, Fact]:
    zone = desk.centre(order.centre_id).zone
    return {
        "number": order.number,
        "title": orders.title(order),
        "place": order.place,
        "state": orders.state_word(order),
        "who": orders.technician_name(desk, order) or cards.NOBODY,
        "at": Moment(order.appointed_at or order.reported_at, zone),
        "joined": len(cards.joined(desk, order)),
        **more,
    }


def _row(order: Order, line: Saying) -> Row:
    urgent = order.kind is OrderKind.EMERGENCY
    label = Saying("board-label-emergency" if urgent else "board-label", {"number": order.number})
    return Row(order.reported_at, line, do("desk.order", order.id, label=label))


# 待办


def todo(desk: Desk, by: Person) -> list[Row]:
    """Everything a person of the desk must see to, what is due soonest first.

    Cases, people who wait for an answer, telephone calls, claims to rooms, and large problems
    whose owner has not been answered.

    Raises:
        NotYours: not of any centre's desk.
    """
    mine = orders.centres_of(desk, by)
    if not mine:
        raise NotYours
    rows = [
        *_case_rows(desk, by),
        *_talk_rows(desk, mine),
        *_phone_rows(desk, mine),
        *_claim_rows(desk, by),
        *_major_rows(desk, by),
    ]
    return sorted(rows, key=lambda row: row.at)


def _case_rows(desk: Desk, by: Person) -> Iterable[Row]:
    for case in cases.todo(desk, by):
        facts: dict[str, Fact] = {
            "number": case.number,
            "grade": Word(f"grade-{case.grade}"),
            "due": _moment(desk, case.centre_id, case.correct_by),
        }
        key = "todo-tell-customer" if case.corrected_at else "todo-case-open"
        label = Saying("todo-label-case", {"number": case.number})
        yield Row(case.correct_by, Saying(key, facts), do("case.show", case.id, label=label))


def _talk_rows(desk: Desk, centre_ids: Sequence[int]) -> Iterable[Row]:
    for centre_id in centre_ids:
        for talk in talks.waiting_in(desk.connection, centre_id):
            key = "todo-control-talk" if talk.kind is TalkKind.CONTROL else "todo-talk"
            facts: dict[str, Fact] = {
                "who": _asker(desk, talk),
                "at": _moment(desk, centre_id, talk.opened_at),
            }
            take = do("talk.take", talk.id, label=Saying("todo-label-talk", facts))
            yield Row(talk.opened_at, Saying(key, facts), take)


def _asker(desk: Desk, talk: Talk) -> Fact:
    return people.person(desk.connection, talk.asker_id).name or Word("a-stranger")


def _claim_rows(desk: Desk, by: Person) -> Iterable[Row]:
    for centre_id in orders.centres_of(desk, by, *claims.DECIDERS):
        for request in claims.waiting(desk, centre_id):
            facts: dict[str, Fact] = {
                "room": request.room_no,
                "name": request.name,
                "at": _moment(desk, centre_id, request.created_at),
            }
            label = Saying("todo-label-claim", facts)
            show = do("board.claim", request.id, label=label)
            yield Row(request.created_at, Saying("todo-claim", facts), show)


def claim_card(desk: Desk, request_id: int, by: Person) -> Message:
    """A claim that waits, for those who decide on it.

    Raises:
        NotYours: not of that centre; NotFound: it has been decided.
    """
    request = residents.request(desk.connection, request_id)
    if request is None or request.centre_id not in orders.centres_of(desk, by, *claims.DECIDERS):
        raise NotYours
    if request.state is not RequestState.OPEN:
        raise NotFound
    return replace(claims.review_card(desk, request), fresh=True)


def _major_rows(desk: Desk, by: Person) -> Iterable[Row]:
    for order in majors.unanswered(desk, orders.centres_of(desk, by, *majors.ANSWERERS)):
        due = majors.answer_due(desk, order)
        facts = _facts(desk, order, due=_moment(desk, order.centre_id, due))
        label = Saying("todo-label-major", {"number": order.number})
        yield Row(due, Saying("todo-major", facts), do("major.answer", order.id, label=label))


def _moment(desk: Desk, centre_id: int, at: datetime) -> Moment:
    return Moment(at, desk.centre(centre_id).zone)


# Telephone calls


def _phone_rows(desk: Desk, centre_ids: Sequence[int]) -> Iterable[Row]:
    for task in phone_tasks.undone(desk.connection):
        home = _centre_of_task(desk, task)
        if home is None or home in centre_ids:
            facts = _task_facts(desk, task, home or centre_ids[0])
            label = Saying("todo-label-phone", facts)
            yield Row(
                task.created_at, Saying("todo-phone", facts), do("phone.show", task.id, label=label)
            )


def _task_facts(desk: Desk, task: PhoneTask, centre_id: int) -> dict[str, Fact]:
    person = people.person(desk.connection, task.person_id)
    order = _order_of_task(desk, task)
    name, phone = person.name, person.phone
    if order is not None and order.person_id == task.person_id:
        name, phone = order.contact_name, order.contact_phone
    return {
        "name": name or Word("a-stranger"),
        "phone": mask_phone(phone) if phone else "—",
        "at": _moment(desk, centre_id, task.created_at),
    }


def _centre_of_task(desk: Desk, task: PhoneTask) -> int | None:
    """Whose desk makes the call: the centre of what it is about, else of the person's home.

    None where nothing says it: then every desk sees it, so that somebody calls.
    """
    if task.centre_id is not None:
        return task.centre_id
    order = _order_of_task(desk, task)
    if order is not None:
        return order.centre_id
    homes = people.homes_of(desk.connection, task.person_id)
    return homes[0][1].centre_id if homes else None


def _order_of_task(desk: Desk, task: PhoneTask) -> Order | None:
    kind, _, key = (task.matter or "").partition(":")
    if not key.isdigit():
        return None
    if kind == "case":
        case = case_store.get(desk.connection, int(key))
        return order_store.get(desk.connection, case.order_id) if case and case.order_id else None
    return order_store.get(desk.connection, int(key)) if kind == "order" else None


def phone_card(desk: Desk, task_id: int, by: Person) -> Message:
    """What is to be read out, in the words the person would have read; 已拨打 when it is done.

    Raises:
        NotYours: not the desk it belongs to; PhoneTaskDone: a colleague has called.
    """
    task, centre_id = _open_task(desk, task_id, by)
    head = say("phone-task", **_task_facts(desk, task, centre_id))
    told = load_message(task.message)
    card = Message((*head.parts, *told.parts))
    order = _order_of_task(desk, task)
    if order is not None:
        card = card.row(do("order.reveal", order.id))
    return card.row(do("phone.done", task.id)).as_card(f"phone:{task.id}", fresh=True)


def phone_done(desk: Desk, task_id: int, by: Person) -> Message:
    """已拨打: somebody has read it out; the order's history says who.

    Raises:
        NotYours, PhoneTaskDone: see `phone_card`.
    """
    task, centre_id = _open_task(desk, task_id, by)
    phone_tasks.done(desk.connection, task.id, by.id, desk.now)
    order = _order_of_task(desk, task)
    if order is not None:
        orders.note(desk, order, Step.NOTE_ADDED, by.id, call=task.id)
    return say("phone-task-done", **_task_facts(desk, task, centre_id)).as_card(f"phone:{task.id}")


def _open_task(desk: Desk, task_id: int, by: Person) -> tuple[PhoneTask, int]:
    task = phone_tasks.get(desk.connection, task_id)
    mine = orders.centres_of(desk, by)
    home = _centre_of_task(desk, task) if task else None
    if task is None or not mine or home not in (None, *mine):
        raise NotYours
    centre_id = home or mine[0]
    if task.done_at is not None:
        raise PhoneTaskDone(
            who=orders.staff_name(desk, task.done_by or by.id),
            at=_moment(desk, centre_id, task.done_at),
        )
    return task, centre_id
