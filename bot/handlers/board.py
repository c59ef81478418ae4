"""The desk's boards, an order's card with all that the desk can do about it, telephone tasks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from pydantic import BaseModel

from bot.flow import Ask, Choice, Flow, start
from bot.router import Router
from bot.slot_question import Job, Slotted, ask_start
from bot.turn import Reply, Turn, reply
from services import boards, calls, cards, changes, interventions, merging, orders, reach, timelines
from services.boards import Row
from services.desk import Desk
from services.errors import NotYours
from services.interventions import CANCEL_REASONS, DOWNGRADE_REASONS, Candidate
from services.lifecycle import NOBODY_THERE
from services.messages import Action, Fact, Message, Moment, Money, Saying, Word, Words, do, say
from services.visits import spot_checks, visiting
from storage.records import Order, Person

router = Router("board")

PAGE = 10
TECHNICIANS_SHOWN = 8
INCIDENTS_SHOWN = 6
STEPS_SHOWN = 15

Board = Callable[[Desk, Person], list[Row]]
BOARDS: dict[str, Board] = {
    "waiting": boards.waiting,
    "running": boards.running,
    "todo": boards.todo,
    "unreached": boards.unreached,
    "visits": boards.return_visits,
}

Remark = Callable[[Desk, Person], Saying | None]
HEADS: dict[str, Remark] = {"visits": visiting.standing}
"""What a board says above its lines, or where it has none."""

FEET: dict[str, Remark] = {"unreached": boards.others_unreached}
"""What a board says below them."""

WAYS: dict[str, Callable[[Desk, Person], tuple[Action, ...]]] = {"visits": spot_checks.way}
"""Where a board leads besides to what it lists."""


@router.action("board.waiting")
def waiting(turn: Turn, desk: Desk) -> Reply:
    """待派单."""
    return reply(_board(turn, desk, "waiting", 0, fresh=True))


@router.action("board.running")
def running(turn: Turn, desk: Desk) -> Reply:
    """处理中."""
    return reply(_board(turn, desk, "running", 0, fresh=True))


@router.action("board.todo")
def todo(turn: Turn, desk: Desk) -> Reply:
    """待办."""
    return reply(_board(turn, desk, "todo", 0, fresh=True))


@router.action("board.unreached")
def unreached(turn: Turn, desk: Desk) -> Reply:
    """联系不上."""
    return reply(_board(turn, desk, "unreached", 0, fresh=True))


@router.action("board.visits")
def return_visits(turn: Turn, desk: Desk) -> Reply:
    """回访."""
    return reply(_board(turn, desk, "visits", 0, fresh=True))


@router.action("board.page")
def turn_page(turn: Turn, desk: Desk, name: str, page: int) -> Reply:
    """Another page of a board, in its place."""
    if name not in BOARDS:
        raise NotYours
    return reply(_board(turn, desk, name, page, fresh=False))


def _board(turn: Turn, desk: Desk, name: str, page: int, *, fresh: bool) -> Message:
    """A board as numbered lines, and a button for each."""
    rows = BOARDS[name](desk, turn.person)
    message = _page(name, rows, page) if rows else say(f"board-{name}-none")
    head = HEADS[name](desk, turn.person) if name in HEADS else None
    foot = FEET[name](desk, turn.person) if name in FEET else None
    parts = tuple(one for one in (head, *message.parts, foot) if one is not None)
    message = replace(message, parts=parts).row(
        *(WAYS[name](desk, turn.person) if name in WAYS else ())
    )
    return message.as_card(f"board:{name}", fresh=fresh)


def _page(name: str, rows: Sequence[Row], page: int) -> Message:
    first = page * PAGE if page * PAGE < len(rows) else 0
    shown = rows[first : first + PAGE]
    message = say(f"board-{name}-head", count=len(rows))
    for number, row in enumerate(shown, start=1):
        message = message.line(row.line.key, **{**row.line.facts, "n": number})
    for at in range(0, len(shown), 2):
        message = message.row(*(row.open for row in shown[at : at + 2]))
    return message.row(*turn_over(len(rows), first, PAGE, "board.page", name))


def turn_over(
    total: int, first: int, per_page: int, action: str, *args: str | int
) -> Sequence[Action]:
    """The way to the other pages, where there are any; after the last comes the first."""
    if total <= per_page:
        return ()
    page = first // per_page
    following = page + 1 if first + per_page < total else 0
    facts: dict[str, Fact] = {"page": page + 1, "pages": -(-total // per_page)}
    return (do(action, *args, following, label=Saying("board-page", facts)),)


# One order


@router.action("desk.order")
def show(turn: Turn, desk: Desk, order_id: int) -> Reply:
    """The order's card at the foot of the chat."""
    return reply(_card(turn, desk, orders.for_desk(desk, order_id, turn.person), fresh=True))


@router.action("desk.back")
def back(turn: Turn, desk: Desk, order_id: int) -> Reply:
    """The order's card again, in place of a question about it."""
    return reply(_card(turn, desk, orders.for_desk(desk, order_id, turn.person)))


def _card(turn: Turn, desk: Desk, order: Order, *, fresh: bool = False) -> Message:
    return cards.desk_card_for(desk, order, turn.roles_in(order.centre_id), fresh=fresh)


def _with_way_back(message: Message, order: Order) -> Message:
    """A question about an order, in place of its card."""
    return message.row(do("desk.back", order.id)).as_card(cards.matter(order))


# 派单


@router.action("desk.assign")
def choose_technician(turn: Turn, desk: Desk, order_id: int) -> Reply:
    """派单: to whom?"""
    return choose_from_page(turn, desk, order_id, 0)


@router.action("desk.assign_page")
def choose_from_page(turn: Turn, desk: Desk, order_id: int, page: int) -> Reply:
    """派单 where there are many technicians."""
    order = orders.for_desk(desk, order_id, turn.person)
    orders.require_state(desk, order, *NOBODY_THERE)
    everybody = interventions.candidates(desk, order)
    if not everybody:
        return reply(_with_way_back(say("assign-nobody", number=order.number), order))
    first = page * TECHNICIANS_SHOWN if page * TECHNICIANS_SHOWN < len(everybody) else 0
    question = say("ask-assign", number=order.number, title=orders.title(order))
    for one in everybody[first : first + TECHNICIANS_SHOWN]:
        line = _candidate_line(one)
        question = question.line(line.key, **line.facts)
        label = Saying("assign-label-free" if one.free else "assign-label", {"who": one.line.name})
        question = question.row(do("desk.assign_to", order.id, one.line.person_id, label=label))
    more = turn_over(len(everybody), first, TECHNICIANS_SHOWN, "desk.assign_page", order.id)
    return reply(_with_way_back(question.row(*more), order))


def _candidate_line(one: Candidate) -> Saying:
    facts: dict[str, Fact] = {
        "who": one.line.name,
        "skills": Words(tuple(f"skill-{skill}".replace("_", "-") for skill in one.line.skills)),
        "count": one.open_jobs,
    }
    if one.doing is not None:
        where: dict[str, Fact] = {"job": orders.title(one.doing), "place": one.doing.place}
        return Saying("assign-doing", {**facts, **where})
    return Saying("assign-free" if one.free else "assign-busy", facts)


@router.action("desk.assign_to")
def assign(turn: Turn, desk: Desk, order_id: int, person_id: int) -> Reply:
    """派单 to this technician, who is asked at once."""
    order = interventions.assign(desk, order_id, person_id, turn.person)
    who = orders.staff_name(desk, person_id)
    told = say("desk-assigned", number=order.number, who=who)
    card = _card(turn, desk, order)
    return reply(Message((*told.parts, *card.parts), card.rows, card=card.card))


# 取消


@router.action("desk.cancel")
def ask_cancel_reason(turn: Turn, desk: Desk, order_id: int) -> Reply:
    """取消: why?"""
    order = interventions.require_cancellable(desk, order_id, turn.person)
    question = say("ask-desk-cancel", number=order.number, title=orders.title(order))
    for reason in CANCEL_REASONS:
        label = Saying(f"cancel-reason-{reason}")
        question = question.row(do("desk.cancel_for", order.id, reason, label=label))
    return reply(_with_way_back(question, order))


@router.action("desk.cancel_for")
def confirm_cancel(turn: Turn, desk: Desk, order_id: int, reason: str) -> Reply:
    """取消 for this reason: really?"""
    order = interventions.require_cancellable(desk, order_id, turn.person)
    if reason not in CANCEL_REASONS:
        raise orders.moved(desk, order)
    question = say(
        "ask-desk-cancel-sure",
        do("desk.cancel_now", order.id, reason),
        number=order.number,
        title=orders.title(order),
        reason=Word(f"cancel-reason-{reason}"),
    )
    return reply(_with_way_back(question, order))


@router.action("desk.cancel_now")
def cancel(turn: Turn, desk: Desk, order_id: int, reason: str) -> Reply:
    """确认取消."""
    order = interventions.cancel(desk, order_id, turn.person, reason)
    return reply(_card(turn, desk, order), toast="toast-cancelled")


# 合并


@router.action("desk.merge")
def choose_incident(turn: Turn, desk: Desk, order_id: int) -> Reply:
    """合并: with which report of the same incident?"""
    return choose_incident_from_page(turn, desk, order_id, 0)


@router.action("desk.merge_page")
def choose_incident_from_page(turn: Turn, desk: Desk, order_id: int, page: int) -> Reply:
    """合并 where many emergencies are running."""
    order, others = merging.choices(desk, order_id, turn.person)
    if not others:
        return reply(_with_way_back(say("merge-none", number=order.number), order))
    first = page * INCIDENTS_SHOWN if page * INCIDENTS_SHOWN < len(others) else 0
    question = say("ask-merge", number=order.number, title=orders.title(order), place=order.place)
    for one in others[first : first + INCIDENTS_SHOWN]:
        question = question.line("merge-choice", **_incident_facts(desk, one))
        label = Saying("merge-label", {"number": one.number})
        question = question.row(do("desk.merge_with", order.id, one.id, label=label))
    more = turn_over(len(others), first, INCIDENTS_SHOWN, "desk.merge_page", order.id)
    return reply(_with_way_back(question.row(*more), order))


def _incident_facts(desk: Desk, order: Order) -> dict[str, Fact]:
    return {
        "number": order.number,
        "title": orders.title(order),
        "place": order.place,
        "at": Moment(order.reported_at, desk.centre(order.centre_id).zone, "time"),
        "state": orders.state_word(order),
        "who": orders.technician_name(desk, order) or cards.NOBODY,
    }


@router.action("desk.merge_with")
def confirm_merge(turn: Turn, desk: Desk, order_id: int, other_id: int) -> Reply:
    """合并 with this one: really? It says which of the two stays."""
    found = merging.incident(desk, order_id, other_id, turn.person)
    question = say("ask-merge-sure", later=found.later.number, earlier=found.earlier.number)
    for one in (found.earlier, found.later):
        question = question.line("merge-choice", **_incident_facts(desk, one))
    question = question.row(do("desk.merge_now", order_id, other_id))
    pressed = found.later if found.later.id == order_id else found.earlier
    return reply(_with_way_back(question, pressed))


@router.action("desk.merge_now")
def merge(turn: Turn, desk: Desk, order_id: int, other_id: int) -> Reply:
    """确认合并: the later one's card says where it went, the earlier one's how it stands."""
    done = merging.merge(desk, order_id, other_id, turn.person)
    later, earlier = _card(turn, desk, done.later), _card(turn, desk, done.earlier, fresh=True)
    return reply(later, earlier, toast="toast-merged")


# The caller's answer to the price


@router.action("desk.agree_for")
def ask_for_caller(turn: Turn, desk: Desk, order_id: int) -> Reply:
    """代为确认报价: the price to be read out, and what the caller says to it."""
    order = interventions.require_agreeable(desk, order_id, turn.person)
    price = order.quote_fen or 0
    question = say(
        "ask-agree-for",
        number=order.number,
        title=orders.title(order),
        name=order.contact_name,
        price=Money(price),
    )
    answers = (do("desk.agreed", order.id, price), do("desk.disagreed", order.id, price))
    return reply(_with_way_back(question.row(*answers), order))


@router.action("desk.agreed")
def agreed(turn: Turn, desk: Desk, order_id: int, price_fen: int) -> Reply:
    """The caller agrees to exactly this price."""
    order = interventions.answer_for(desk, order_id, turn.person, price_fen, agrees=True)
    return reply(_card(turn, desk, order), toast="toast-agreed-for")


@router.action("desk.disagreed")
def disagreed(turn: Turn, desk: Desk, order_id: int, price_fen: int) -> Reply:
    """The caller does not agree to it."""
    order = interventions.answer_for(desk, order_id, turn.person, price_fen, agrees=False)
    return reply(_card(turn, desk, order), toast="toast-disagreed-for")


# 转为普通维修


class Downgrade(BaseModel):
    """Why an emergency is none."""

    order_id: int = 0
    reason: str = ""


def _downgrade_reasons(_turn: Turn, _desk: Desk, _draft: Downgrade) -> list[Choice]:
    return [Choice(one, Saying(f"downgrade-reason-{one}")) for one in DOWNGRADE_REASONS]


def _downgrade_facts(turn: Turn, desk: Desk, draft: Downgrade) -> dict[str, Fact]:
    order = interventions.require_downgradable(desk, draft.order_id, turn.person)
    return {"number": order.number, "title": orders.title(order)}


def _downgrade(turn: Turn, desk: Desk, draft: Downgrade) -> Reply:
    order = interventions.downgrade(desk, draft.order_id, turn.person, draft.reason)
    return reply(say("desk-downgraded", number=order.number), _card(turn, desk, order, fresh=True))


downgrade_form = Flow(
    name="downgrade",
    form=Downgrade,
    steps=(Ask("reason", options=_downgrade_reasons, text=True, facts=_downgrade_facts),),
    finish=_downgrade,
)


@router.action("desk.downgrade")
def downgrade(turn: Turn, desk: Desk, order_id: int) -> Reply:
    """No emergency after all: why?"""
    order = interventions.require_downgradable(desk, order_id, turn.person)
    return start(downgrade_form, turn, desk, Downgrade(order_id=order.id))


# 改约


class Move(Slotted):
    """The new time for an order."""

    order_id: int = 0


def _move_job(turn: Turn, desk: Desk, draft: Move) -> Job:
    order = interventions.require_movable(desk, draft.order_id, turn.person)
    return Job(changes.work_of(desk, order), besides=order.id)


def _move_summary(turn: Turn, desk: Desk, draft: Move) -> Message:
    order = interventions.require_movable(desk, draft.order_id, turn.person)
    by_phone = reach.of_customer(desk, order) is not None
    key = "desk-move-summary-phone" if by_phone else "desk-move-summary"
    return say(
        key,
        number=order.number,
        title=orders.title(order),
        at=Moment(draft.starts_at, desk.centre(order.centre_id).zone),
    )


def _move(turn: Turn, desk: Desk, draft: Move) -> Reply:
    order = interventions.move(desk, draft.order_id, turn.person, draft.starts_at)
    key = "desk-moved" if order.appointed_at == draft.starts_at else "desk-move-asked"
    at = Moment(draft.starts_at, desk.centre(order.centre_id).zone)
    return reply(say(key, number=order.number, at=at), _card(turn, desk, order, fresh=True))


move_form = Flow(
    name="deskmove",
    form=Move,
    steps=(ask_start(_move_job),),
    summary=_move_summary,
    finish=_move,
)


@router.action("desk.move")
def move(turn: Turn, desk: Desk, order_id: int) -> Reply:
    """改约: to when?"""
    order = interventions.require_movable(desk, order_id, turn.person)
    return start(move_form, turn, desk, Move(order_id=order.id))


@router.action("desk.move_agreed")
def move_agreed(turn: Turn, desk: Desk, reschedule_id: int) -> Reply:
    """The owner agrees on the telephone to the new time they were to be asked about in chat."""
    order = interventions.answer_move(desk, reschedule_id, turn.person, agrees=True)
    return reply(_card(turn, desk, order, fresh=True), toast="toast-move-agreed-for")


@router.action("desk.move_refused")
def move_refused(turn: Turn, desk: Desk, reschedule_id: int) -> Reply:
    """They do not agree: the time stays as it is."""
    order = interventions.answer_move(desk, reschedule_id, turn.person, agrees=False)
    return reply(_card(turn, desk, order, fresh=True), toast="toast-move-refused-for")


# What has happened


@router.action("desk.history")
def history(turn: Turn, desk: Desk, order_id: int) -> Reply:
    """Every step of the order and the verdicts, from the beginning."""
    return history_page(turn, desk, order_id, 0)


@router.action("desk.history_page")
def history_page(turn: Turn, desk: Desk, order_id: int, page: int) -> Reply:
    """A long history goes over several pages; the verdicts stand on the last."""
    order = orders.for_desk(desk, order_id, turn.person)
    steps = timelines.steps(desk, order)
    first = page * STEPS_SHOWN if page * STEPS_SHOWN < len(steps) else 0
    parts = [Saying("history-head", {"number": order.number, "title": orders.title(order)})]
    parts += [part for step in steps[first : first + STEPS_SHOWN] for part in step.says]
    if first + STEPS_SHOWN >= len(steps):
        parts += timelines.verdicts(desk, order)
    message = Message(tuple(parts)).row(
        *turn_over(len(steps), first, STEPS_SHOWN, "desk.history_page", order.id)
    )
    return reply(_with_way_back(message.row(do("desk.note", order.id)), order))


class Note(BaseModel):
    """A note of the desk."""

    order_id: int = 0
    words: str = ""


def _note_facts(turn: Turn, desk: Desk, draft: Note) -> dict[str, Fact]:
    return {"number": orders.for_desk(desk, draft.order_id, turn.person).number}


def _note(turn: Turn, desk: Desk, draft: Note) -> Reply:
    order = interventions.add_note(desk, draft.order_id, turn.person, draft.words)
    return reply(say("desk-noted", number=order.number), _card(turn, desk, order, fresh=True))


note_form = Flow(
    name="note",
    form=Note,
    steps=(Ask("words", text=True, facts=_note_facts),),
    finish=_note,
)


@router.action("desk.note")
def note(turn: Turn, desk: Desk, order_id: int) -> Reply:
    """A note in the order's history: which words?"""
    order = orders.for_desk(desk, order_id, turn.person)
    return start(note_form, turn, desk, Note(order_id=order.id))


# Telephone tasks, and claims to rooms


@router.action("phone.show")
def show_phone_task(turn: Turn, desk: Desk, task_id: int) -> Reply:
    """What is to be read out on the telephone."""
    return reply(calls.card(desk, task_id, turn.person))


@router.action("phone.done")
def phone_task_done(turn: Turn, desk: Desk, task_id: int) -> Reply:
    """已拨打."""
    return reply(calls.done(desk, task_id, turn.person), toast="toast-phone-done")


@router.action("board.claim")
def show_claim(turn: Turn, desk: Desk, request_id: int) -> Reply:
    """A claim to a room, with 同意 and 驳回."""
    return reply(boards.claim_card(desk, request_id, turn.person))


flows = (downgrade_form, move_form, note_form)
