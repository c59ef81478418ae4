"""等配件 and 等业主: until when, and what the owner says to it."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from pydantic import BaseModel

from bot.flow import Ask, Choice, Flow, start
from bot.router import Router
from bot.turn import Reply, Turn, reply
from services import cards, holds, orders
from services.desk import Desk
from services.messages import Fact, Moment, Saying, Word, say
from services.rules.hours import instant
from services.rules.time_words import DayOnly, understand_time
from storage.records import HoldReason, OrderState

router = Router("holds")

MORNING, AFTERNOON = time(9), time(14)
USUAL = ((1, MORNING), (1, AFTERNOON), (2, MORNING), (3, MORNING), (7, MORNING))
"""How many days ahead, and at what time, a hold usually ends."""


class HoldForm(BaseModel):
    """What is waited for, and until when (seconds since the epoch)."""

    order_id: int = 0
    reason: HoldReason = HoldReason.PARTS
    until: int = 0


def _usual(turn: Turn, desk: Desk, draft: HoldForm) -> list[Choice]:
    order = holds.require_holdable(desk, draft.order_id, turn.person)
    zone = desk.zone(order.centre_id)
    today = desk.today(order.centre_id)
    ends = [instant(today + timedelta(days=days), clock, zone) for days, clock in USUAL]
    return [
        Choice(
            str(int(end.timestamp())),
            Saying("hold-until", {"at": Moment(end, zone.key, "short")}),
        )
        for end in ends
    ]


def _typed(turn: Turn, desk: Desk, draft: HoldForm, text: str) -> int | None:
    order = holds.require_holdable(desk, draft.order_id, turn.person)
    zone = desk.zone(order.centre_id)
    meant = understand_time(text, now=desk.now, zone=zone)
    if isinstance(meant, DayOnly):
        meant = instant(meant.day, MORNING, zone)
    return int(meant.timestamp()) if isinstance(meant, datetime) else None


def _facts(turn: Turn, desk: Desk, draft: HoldForm) -> dict[str, Fact]:
    order = holds.require_holdable(desk, draft.order_id, turn.person)
    return {
        "number": order.number,
        "title": orders.title(order),
        "reason": Word(f"hold-reason-{draft.reason}"),
    }


def _hold(turn: Turn, desk: Desk, draft: HoldForm) -> Reply:
    until = datetime.fromtimestamp(draft.until, UTC)
    order = holds.hold(desk, draft.order_id, turn.person, draft.reason, until)
    told = say("job-held", number=order.number, until=holds.until_moment(desk, order))
    return reply(told, cards.job_card(desk, order, turn.person.id, fresh=True))


hold_form = Flow(
    name="hold",
    form=HoldForm,
    steps=(Ask("until", options=_usual, understand=_typed, facts=_facts, columns=2),),
    finish=_hold,
)


@router.action("hold.start")
def hold(turn: Turn, desk: Desk, order_id: int, reason: str) -> Reply:
    """等配件 or 等业主: until when?"""
    order, why = holds.for_button(desk, order_id, turn.person, reason)
    return start(hold_form, turn, desk, HoldForm(order_id=order.id, reason=why))


@router.action("hold.longer")
def longer(turn: Turn, desk: Desk, order_id: int) -> Reply:
    """再等: for the same reason, until when?"""
    order = holds.require_holdable(desk, order_id, turn.person)
    orders.require_state(desk, order, OrderState.HELD)
    why = order.held_for or HoldReason.PARTS
    return start(hold_form, turn, desk, HoldForm(order_id=order.id, reason=why))


@router.action("hold.over")
def go_on(turn: Turn, desk: Desk, order_id: int) -> Reply:
    """继续."""
    order = holds.resume(desk, order_id, turn.person)
    if order.technician_id == turn.person.id:
        return reply(cards.job_card(desk, order, turn.person.id), toast="toast-resumed")
    card = cards.desk_card_for(desk, order, turn.roles_in(order.centre_id))
    return reply(card, toast="toast-resumed")


@router.action("hold.yes")
def confirm(turn: Turn, desk: Desk, order_id: int, second: int) -> Reply:
    """The owner: yes, I want that later time."""
    _, answer = holds.confirm(desk, order_id, turn.person, second)
    return reply(answer)


@router.action("hold.no")
def contradict(turn: Turn, desk: Desk, order_id: int, second: int) -> Reply:
    """The owner: no, please go on."""
    _, answer = holds.contradict(desk, order_id, turn.person, second)
    return reply(answer)


flows = (hold_form,)
