"""我的订单: what is open and what was, each order's card, another time (改约), and calling off."""

from __future__ import annotations

from bot.flow import Flow, ask_again, start
from bot.router import Router
from bot.slot_question import Job, Slotted, ask_start, near
from bot.turn import Reply, Turn, reply
from services import cards, changes, merging, orders, residents, reworks
from services.booking import SlotTaken
from services.desk import Desk
from services.errors import DomainError
from services.messages import Action, Message, Moment, Money, Saying, Word, do, say
from storage.records import Order, OrderKind, OrderState

router = Router("orders")

PAGE = 10


def card_name(order: Order) -> str:
    """The name of the household's card; the technician's is another."""
    return f"mine:{order.id}"


# The list


@router.action("orders.mine")
def mine(turn: Turn, desk: Desk) -> Reply:
    """我的订单: the open ones with a button each."""
    listed = residents_orders(turn, desk)
    still_open = [order for order in listed if orders.is_open(order)]
    message = say("orders-open" if still_open else "orders-none-open", count=len(still_open))
    for order in still_open:
        message = _listed(message, desk, order)
    if len(still_open) < len(listed):
        message = message.row(do("orders.past", 0))
    if not residents.homes(desk, turn.person):
        return reply(message)
    return reply(message.row(do("book.start")))


@router.action("orders.past")
def past(turn: Turn, desk: Desk, page: int) -> Reply:
    """Finished and cancelled ones, ten at a time."""
    over = [order for order in residents_orders(turn, desk) if not orders.is_open(order)]
    shown = over[page * PAGE : (page + 1) * PAGE]
    message = say("orders-past" if shown else "orders-none-past")
    for order in shown:
        message = _listed(message, desk, order)
    if (page + 1) * PAGE < len(over):
        message = message.row(do("orders.past", page + 1, label=Saying("do-orders-earlier")))
    return reply(message.row(do("orders.mine")))


def residents_orders(turn: Turn, desk: Desk) -> list[Order]:
    """The person's own orders and those of their rooms, the newest first."""
    rooms = [home.room.id for home in residents.homes(desk, turn.person)]
    return orders.of_household(desk, turn.person, rooms)


def _listed(message: Message, desk: Desk, order: Order) -> Message:
    """One line about the order, and the button to its card."""
    zone = desk.centre(order.centre_id).zone
    at = Moment(order.appointed_at or order.reported_at, zone)
    title, state = orders.title(order), orders.state_word(order)
    who = orders.technician_name(desk, order)
    if who is None:
        message = message.line("order-line", number=order.number, title=title, at=at, state=state)
    else:
        message = message.line(
            "order-line-with", number=order.number, title=title, at=at, state=state, who=who
        )
    label = Saying("do-order-row", {"title": title, "at": Moment(at.at, zone, "short")})
    return message.row(do("orders.show", order.id, label=label))


# One order


@router.action("orders.show")
def show(turn: Turn, desk: Desk, order_id: int) -> Reply:
    """The order's card with what can be done now."""
    order = orders.for_resident(desk, order_id, turn.person)
    return reply(card(desk, order))


def card(desk: Desk, order: Order) -> Message:
    """All a resident wants to know of an order, and the buttons that are true now."""
    zone = desk.centre(order.centre_id).zone
    message = say("order-head", number=order.number, title=orders.title(order))
    message = message.line("order-place", place=order.place)
    if order.appointed_at is not None:
        message = message.line("order-time", at=Moment(order.appointed_at, zone))
    else:
        message = message.line("order-reported", at=Moment(order.reported_at, zone))
    who = orders.technician_name(desk, order)
    running = merging.answering(desk, order)
    if running is not None:
        message = message.line("order-state", state=orders.state_word(order))
        message = Message((*message.parts, *merging.became(desk, running).parts))
    elif who is not None or orders.is_open(order):
        state, whose = orders.state_word(order), who or Word("nobody-yet")
        message = message.line("order-state-with", state=state, who=whose)
    else:
        message = message.line("order-state", state=orders.state_word(order))
    if order.held_until is not None:
        message = message.line("card-held-until", until=Moment(order.held_until, zone))
    if order.kind is OrderKind.APPOINTMENT or order.quote_fen is not None:
        message = message.line("order-price", price=_price(order))
    message = _with_rework(desk, order, message)
    message = message.line_if(order.note, "order-note", note=order.note)
    for row in _actions(desk, order):
        message = message.row(*row)
    return message.as_card(card_name(order), fresh=True)


def _with_rework(desk: Desk, order: Order, message: Message) -> Message:
    """The card with what it repeats, or with the order that repeats it."""
    if order.rework_of is not None:
        first = orders.load(desk, order.rework_of)
        return message.line("order-rework", **cards.repair_facts(desk, first)).line("rework-free")
    for again in reworks.of_repair(desk, order)[:1]:
        state = orders.state_word(again)
        message = message.line("order-reworked", number=again.number, state=state)
    return message


def _price(order: Order) -> Money:
    """The latest price that is known: charged, explained on site, or told at booking."""
    known = (order.amount_fen, order.quote_fen, order.price_fen)
    return Money(next((fen for fen in known if fen is not None), None))


def _actions(desk: Desk, order: Order) -> list[tuple[Action, ...]]:
    change: list[Action] = []
    if _may(changes.movable, desk, order):
        change.append(do("order.move", order.id))
    if _may(changes.cancellable, desk, order):
        change.append(do("order.cancel", order.id))
    if reworks.may_report(desk, order):
        change.append(do("rework.start", order.id))
    ask = [do("talk.start")]
    if order.technician_id is not None and orders.is_open(order):
        ask.insert(0, do("talk.worker", order.id))
    return [row for row in (tuple(change), tuple(ask), (do("orders.mine"),)) if row]


def _may(check: changes.Check, desk: Desk, order: Order) -> bool:
    try:
        check(desk, order)
    except DomainError:
        return False
    return True


# 改约


class MoveForm(Slotted):
    """Another time for an order."""

    order: int = 0


def _job(turn: Turn, desk: Desk, draft: MoveForm) -> Job:
    order = orders.for_resident(desk, draft.order, turn.person)
    return Job(changes.work_of(desk, order), besides=order.id)


def _move(turn: Turn, desk: Desk, draft: MoveForm) -> Reply:
    order = orders.for_resident(desk, draft.order, turn.person)
    try:
        order = changes.move(desk, order, draft.starts_at, turn.person)
    except SlotTaken as taken:
        elsewhere = draft.model_copy(update={"view": near(draft.starts_at)})
        return ask_again(
            move, turn, desk, elsewhere, "slot", Saying("slot-just-taken", taken.facts)
        )
    return reply(_moved(desk, order))


def _moved(desk: Desk, order: Order) -> Message:
    """The new time, and who comes."""
    zone = desk.centre(order.centre_id).zone
    at = Moment(order.appointed_at or order.reported_at, zone)
    message = say("moved", number=order.number, title=orders.title(order), at=at)
    who = orders.technician_name(desk, order)
    if who is not None:
        message = message.line("moved-same-worker", who=who)
    else:
        message = message.line("booked-desk" if order.desk_since else "booked-asking")
    message = message.row(do("order.move", order.id), do("order.cancel", order.id))
    return message.row(do("orders.mine"))


move = Flow(name="move", form=MoveForm, steps=(ask_start(_job),), finish=_move)

flows = (move,)


@router.action("order.move")
def start_moving(turn: Turn, desk: Desk, order_id: int) -> Reply:
    """改约: before the agreed time, to a time our side is able to keep (reading 13)."""
    order = changes.movable(desk, orders.for_resident(desk, order_id, turn.person))
    return start(move, turn, desk, MoveForm(order=order.id))


@router.action("move.agree")
def agree(turn: Turn, desk: Desk, reschedule_id: int) -> Reply:
    """同意改约."""
    order = changes.agree(desk, reschedule_id, turn.person)
    return reply(_moved(desk, order).as_card(f"move:{reschedule_id}"))


@router.action("move.refuse")
def refuse(turn: Turn, desk: Desk, reschedule_id: int) -> Reply:
    """不同意: the agreed time stays."""
    order = changes.refuse(desk, reschedule_id, turn.person)
    zone = desk.centre(order.centre_id).zone
    at = Moment(order.appointed_at or order.reported_at, zone)
    message = say("move-refused", number=order.number, at=at)
    return reply(message.as_card(f"move:{reschedule_id}"))


# 取消


@router.action("order.cancel")
def ask_to_cancel(turn: Turn, desk: Desk, order_id: int) -> Reply:
    """取消: what it means, and one tap to confirm."""
    order = changes.cancellable(desk, orders.for_resident(desk, order_id, turn.person))
    zone = desk.centre(order.centre_id).zone
    at = Moment(order.appointed_at or order.reported_at, zone)
    question = say("ask-cancel", number=order.number, title=orders.title(order), at=at)
    if order.kind is OrderKind.EMERGENCY:
        question = question.line("cancel-emergency")
    elif order.state is OrderState.SET_OUT:
        question = question.line("cancel-late", who=orders.technician_name(desk, order) or "—")
    else:
        question = question.line("cancel-free")
    keep = do("orders.show", order.id, label=Saying("do-cancel-no"))
    question = question.row(do("order.cancel_yes", order.id), keep)
    return reply(question.as_card(card_name(order), fresh=True))


@router.action("order.cancel_yes")
def cancel(turn: Turn, desk: Desk, order_id: int) -> Reply:
    """确认取消."""
    order = orders.for_resident(desk, order_id, turn.person)
    order = changes.cancel(desk, order, turn.person)
    message = say("cancelled", number=order.number, title=orders.title(order))
    message = message.line_if(order.kind is OrderKind.EMERGENCY, "cancelled-emergency")
    again = "urgent.start" if order.kind is OrderKind.EMERGENCY else "book.start"
    return reply(message.row(do(again), do("orders.mine")).as_card(card_name(order)))
