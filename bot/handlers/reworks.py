"""返修: 没修好 by the household or for a caller, and whether it is the same fault."""

from __future__ import annotations

from dataclasses import replace

from bot.flow import Ask, Flow, ask_again, start
from bot.handlers.urgent import report_button, sounds_like, told_by
from bot.router import Router
from bot.slot_question import Job, Slotted, ask_start, near
from bot.turn import Reply, Turn, flash, reply
from services import cards, changes, orders, reworks, talks
from services.booking import SlotTaken
from services.desk import Desk
from services.messages import Message, Moment, Saying, do, say
from services.reworks import ANSWERS, Complaint
from storage.records import Order

router = Router("reworks")

MOST_LISTED = 8


class ReworkForm(Slotted):
    """What is said of a repair. `for_caller`: by the desk; `by_desk`: the desk agrees a time."""

    order_id: int = 0
    for_caller: bool = False
    by_desk: bool = False
    note: str = ""
    photos: tuple[str, ...] = ()


def _first(turn: Turn, desk: Desk, draft: ReworkForm) -> Order:
    """The repair, checked anew at every step."""
    allowed = reworks.of_caller if draft.for_caller else reworks.of_household
    return allowed(desk, draft.order_id, turn.person)


def _job(turn: Turn, desk: Desk, draft: ReworkForm) -> Job:
    return Job(changes.work_of(desk, _first(turn, desk, draft)))


def _summary(turn: Turn, desk: Desk, draft: ReworkForm) -> Message:
    first = _first(turn, desk, draft)
    zone = desk.centre(first.centre_id).zone
    summary = say(
        "rework-summary",
        title=orders.title(first),
        place=first.place,
        **cards.repair_facts(desk, first),
    )
    if draft.by_desk:
        summary = summary.line("rework-time-by-desk")
    else:
        summary = summary.line("book-time", at=Moment(draft.starts_at, zone))
    summary = summary.line("rework-free")
    summary = summary.line_if(draft.note, "book-note", note=draft.note)
    summary = summary.line_if(draft.photos, "book-photos", count=len(draft.photos))
    if draft.for_caller:
        return summary
    return _with_emergency(turn, desk, summary, first, draft.note)


def _with_emergency(turn: Turn, desk: Desk, summary: Message, first: Order, note: str) -> Message:
    """What is dangerous now must not wait for a visit: one tap reports it (§5.2.7)."""
    told = told_by(desk, turn.person, note) if note else None
    if told is not None and first.room_id is not None:
        zone = desk.zone(first.centre_id)
        summary = Message((*summary.parts, *sounds_like(told, zone)), summary.rows)
        return summary.row(report_button(told, first.room_id, zone))
    if first.emergency is None:
        return summary
    return summary.line("rework-if-urgent").row(do("urgent.start"))


def _confirm(turn: Turn, desk: Desk, draft: ReworkForm) -> Reply:
    said = Complaint(
        order_id=draft.order_id,
        starts_at=None if draft.by_desk else draft.starts_at,
        note=draft.note,
        photos=draft.photos,
    )
    try:
        again = _report(turn, desk, draft, said)
    except SlotTaken as taken:
        if reworks.earliest(desk, _first(turn, desk, draft)) is not None:
            elsewhere = draft.model_copy(update={"view": near(draft.starts_at)})
            why = Saying("slot-just-taken", taken.facts)
            return ask_again(rework, turn, desk, elsewhere, "slot", why)
        again = _report(turn, desk, draft, replace(said, starts_at=None))
    if not draft.for_caller:
        return reply(reworks.outcome(desk, again))
    told = say("desk-rework-begun", number=again.number, title=orders.title(again))
    card = cards.desk_card_for(desk, again, turn.roles_in(again.centre_id), fresh=True)
    return reply(told, card)


def _report(turn: Turn, desk: Desk, draft: ReworkForm, said: Complaint) -> Order:
    if draft.for_caller:
        return reworks.report_for(desk, turn.person, said)
    return reworks.report(desk, turn.person, said, turn.endpoint.channel)


rework = Flow(
    name="rework",
    form=ReworkForm,
    steps=(
        replace(ask_start(_job), when=lambda draft: not draft.by_desk),
        Ask("note", text=True, optional=True),
        Ask("photos", photos=True, optional=True),
    ),
    summary=_summary,
    back=Saying("do-rework-other-time"),
    finish=_confirm,
)

flows = (rework,)


def _begin(turn: Turn, desk: Desk, first: Order, *, for_caller: bool) -> Reply:
    """The earliest time is proposed: without another wish, one more tap is all."""
    draft = ReworkForm(order_id=first.id, for_caller=for_caller)
    earliest = reworks.earliest(desk, first)
    known = {"by_desk": True} if earliest is None else {"slot": int(earliest.timestamp())}
    filled = draft.model_dump(exclude_unset=True) | known
    return start(rework, turn, desk, ReworkForm.model_validate(filled))


@router.action("rework.start")
def not_mended(turn: Turn, desk: Desk, order_id: int) -> Reply:
    """没修好, by somebody of the household."""
    first = reworks.of_household(desk, order_id, turn.person)
    return _begin(turn, desk, first, for_caller=False)


@router.action("desk.rework")
def not_mended_says_a_caller(turn: Turn, desk: Desk, order_id: int) -> Reply:
    """没修好, as the desk is told on the telephone."""
    first = reworks.of_caller(desk, order_id, turn.person)
    return _begin(turn, desk, first, for_caller=True)


@router.text
def repair_named(turn: Turn, desk: Desk, text: str) -> Reply | None:
    """A room or a number typed at the desk: the repairs there that may not have lasted."""
    if not turn.is_staff(*orders.DESK_ROLES):
        return None
    if talks.is_talking(desk, turn.person, turn.conversation.talk_id):
        return None
    found = reworks.named_by(desk, turn.person, text)
    if not found:
        return None
    listed = say("desk-repairs", count=len(found))
    for order in found[:MOST_LISTED]:
        facts = {"title": orders.title(order), **cards.repair_facts(desk, order)}
        listed = listed.line("desk-repair", place=order.place, **facts)
        label = Saying("desk-repair-label", {"number": order.number})
        listed = listed.row(do("desk.order", order.id, label=label))
    return reply(listed)


@router.action("rework.found")
def found(turn: Turn, desk: Desk, order_id: int, chosen: str) -> Reply:
    """同一故障 or 不是同一故障, by the technician on site."""
    if chosen not in ANSWERS:
        return flash("toast-button-unknown")
    order = reworks.find(desk, order_id, turn.person, same=ANSWERS[chosen])
    return reply(cards.job_card(desk, order, turn.person.id), toast="toast-rework-found")


@router.action("desk.rework_found")
def judged(turn: Turn, desk: Desk, order_id: int, chosen: str) -> Reply:
    """The same by customer service, who may also change what was said."""
    if chosen not in ANSWERS:
        return flash("toast-button-unknown")
    order = reworks.judge(desk, order_id, turn.person, same=ANSWERS[chosen])
    card = cards.desk_card_for(desk, order, turn.roles_in(order.centre_id))
    return reply(card, toast="toast-rework-found")
