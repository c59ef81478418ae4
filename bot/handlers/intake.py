"""代客登记: what a caller wants, asked in the order in which it is told on the phone (§5.1.2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.flow import Ask, Choice, Flow, ask_again, start
from bot.handlers import answers
from bot.handlers.booking import item_label, price_line
from bot.handlers.urgent import COMMON_FIRST, LONGEST_PLACE, word_of
from bot.router import Router
from bot.slot_question import Job, Slotted, ask_start, near
from bot.turn import Reply, Turn, reply
from services import booking, cards, catalogue, intake, orders, residents
from services.booking import SlotTaken
from services.desk import Desk
from services.due import minute_of
from services.errors import NotFound, NotYours
from services.intake import Call
from services.messages import Fact, Message, Minutes, Moment, Saying, Word, say
from services.rules.emergencies import EmergencyKind, may_have_occurred
from services.rules.names import mask_name, mask_phone, normalise_phone
from services.rules.pricing import parse_quantity
from storage.records import Item, Order, Resident, Room

router = Router("intake")

ELSEWHERE = "elsewhere"
SOMEBODY_ELSE = "0"
URGENT = "urgent"
VISIT = "visit"
NEEDS = (URGENT, VISIT)
MINUTES_AGO = (10, 30, 60, 120)


class Intake(Slotted):
    """What the caller says. `caller` is a line of the roll, 0 for somebody else.

    With `elsewhere`, `place` is an address and no room of the centre: then it is an emergency.
    `occurred` is the minute since the epoch at which that happened, 0 where nobody said.
    """

    several_centres: bool = False
    centre: int = 0
    room: int = 0
    room_no: str = ""
    elsewhere: bool = False
    place: str = ""
    caller: int = 0
    name: str = ""
    phone: str = ""
    need: str = ""
    emergency: str = ""
    occurred: int = 0
    category: str = ""
    item: int = 0
    quantity: int = 0
    note: str = ""
    callback: str = ""


def _is_visit(draft: Intake) -> bool:
    return draft.need == VISIT and not draft.elsewhere


def _is_urgent(draft: Intake) -> bool:
    return draft.need == URGENT or draft.elsewhere


def _is_somebody_else(draft: Intake) -> bool:
    return draft.caller == 0


# Where, and who


def _centres(turn: Turn, desk: Desk, _draft: Intake) -> list[Choice]:
    mine = orders.centres_of(desk, turn.person)
    return [
        Choice(str(one), Saying("choice-centre-name", {"centre": desk.centre(one).name}))
        for one in mine
    ]


def _elsewhere(_turn: Turn, _desk: Desk, _draft: Intake) -> list[Choice]:
    return [Choice(ELSEWHERE, Saying("choice-elsewhere"))]


def _room_typed(_turn: Turn, desk: Desk, draft: Intake, text: str) -> str:
    room = intake.room_named(desk, draft.centre, text)
    return f"{room.id}/{room.room_no}"


def _fill_room(_draft: Intake, value: object) -> Mapping[str, object]:
    if value == ELSEWHERE:
        return {"room": 0, "room_no": "", "elsewhere": True}
    key, _, room_no = str(value).partition("/")
    return {"room": int(key), "room_no": room_no, "elsewhere": False, "place": ""}


def _room(draft: Intake) -> Room | None:
    return None if draft.elsewhere else Room(draft.room, draft.centre, draft.room_no)


def _callers(_turn: Turn, desk: Desk, draft: Intake) -> list[Choice]:
    """Who lives there, as far as the desk need see it; whoever else calls gives name and number."""
    room = _room(draft)
    living = residents.living_in(desk, room.centre_id, room.id) if room else []
    known = [Choice(str(line.id), Saying("choice-caller", _masked(line))) for line in living]
    return [*known, Choice(SOMEBODY_ELSE, Saying("choice-somebody-else"))]


def _masked(line: Resident) -> dict[str, Fact]:
    return {
        "name": mask_name(line.name),
        "relation": Word(f"relation-{line.relation}"),
        "phone": mask_phone(line.phone),
    }


def _room_facts(_turn: Turn, _desk: Desk, draft: Intake) -> dict[str, Fact]:
    return {"room": draft.room_no}


def _name_typed(_turn: Turn, _desk: Desk, _draft: Intake, text: str) -> str | None:
    return answers.name_in(text)


def _phone_typed(_turn: Turn, _desk: Desk, _draft: Intake, text: str) -> str | None:
    try:
        return normalise_phone(text)
    except ValueError:
        return None


# What


def _needs(_turn: Turn, _desk: Desk, _draft: Intake) -> list[Choice]:
    return [Choice(one, Saying(f"choice-need-{one}")) for one in NEEDS]


def _emergencies(_turn: Turn, _desk: Desk, _draft: Intake) -> list[Choice]:
    return [Choice(kind.value, Saying(word_of(kind).key)) for kind in COMMON_FIRST]


def _occurred_choices(_turn: Turn, desk: Desk, _draft: Intake) -> list[Choice]:
    """A while ago, as callers say it; what was tapped stays that minute."""
    return [
        Choice(
            str(minute_of(desk.now - timedelta(minutes=ago))),
            Saying("choice-ago", {"ago": Minutes(ago)}),
        )
        for ago in MINUTES_AGO
    ]


def _was_offered(_turn: Turn, desk: Desk, _draft: Intake, value: str) -> bool:
    """A choice of an older screen names its minute, which is still true."""
    return value.isascii() and value.isdigit() and len(value) < 10 and _is_past(desk, int(value))


def _is_past(desk: Desk, minute: int) -> bool:
    return may_have_occurred(_instant(minute), desk.now)


def _instant(minute: int) -> datetime:
    return datetime.fromtimestamp(minute * 60, UTC)


def _occurred_typed(_turn: Turn, desk: Desk, draft: Intake, text: str) -> int:
    return minute_of(intake.occurred(desk, draft.centre, text))


def _categories(_turn: Turn, desk: Desk, draft: Intake) -> list[Choice]:
    present = {catalogue.category(item) for item in catalogue.bookable(desk, draft.centre)}
    known = (*catalogue.CATEGORIES, catalogue.OTHER)
    return [Choice(one, Saying(f"category-{one}")) for one in known if one in present]


def _code_typed(_turn: Turn, desk: Desk, draft: Intake, text: str) -> str | None:
    """An item by its code (PL01), for those who know the catalogue by heart."""
    try:
        item = catalogue.find_item(desk, draft.centre, text)
    except catalogue.NotOffered:
        return None
    return f"{catalogue.category(item)}/{item.id}"


def _fill_category(_draft: Intake, value: object) -> Mapping[str, object]:
    category, _, item = str(value).partition("/")
    afresh: dict[str, object] = {"category": category, "view": "", "quantity": 0}
    return {**afresh, "item": int(item)} if item else afresh


def _items(_turn: Turn, desk: Desk, draft: Intake) -> list[Choice]:
    return [
        Choice(str(item.id), item_label(item))
        for item in catalogue.bookable(desk, draft.centre)
        if catalogue.category(item) == draft.category
    ]


def _item(desk: Desk, draft: Intake) -> Item:
    return catalogue.item_of(desk, draft.centre, draft.item)


def _job(_turn: Turn, desk: Desk, draft: Intake) -> Job:
    return Job(booking.work_of(_item(desk, draft), draft.quantity or None))


def _quantity_typed(_turn: Turn, _desk: Desk, _draft: Intake, text: str) -> int | None:
    try:
        count = parse_quantity(text)
    except ValueError:
        return None
    return count if count <= catalogue.MOST else None


# The summary, and the order


def _call(desk: Desk, draft: Intake) -> Call:
    """Who is on the telephone: by the roll where they are on it, as they said otherwise."""
    room = _room(draft)
    place = room.room_no if room else draft.place[:LONGEST_PLACE]
    if _is_somebody_else(draft):
        phone = draft.callback or draft.phone
        return Call(draft.centre, place, draft.name, phone, room, note=draft.note)
    line = intake.line_in(desk, room, draft.caller) if room else None
    if line is None:
        raise NotFound
    phone = draft.callback or line.phone
    return Call(draft.centre, place, line.name, phone, room, line.person_id, draft.note)


def _summary(_turn: Turn, desk: Desk, draft: Intake) -> Message:
    call = _call(desk, draft)
    shown = call.phone if draft.callback or _is_somebody_else(draft) else mask_phone(call.phone)
    summary = say("intake-summary", place=call.place, name=call.name, phone=shown)
    if _is_urgent(draft):
        kind = EmergencyKind(draft.emergency)
        summary = summary.line("intake-emergency", kind=word_of(kind))
        at = Moment(_instant(draft.occurred), desk.centre(draft.centre).zone)
        summary = summary.line_if(draft.occurred, "intake-occurred", at=at)
        advice = intake.to_read_out(kind)
        summary = summary.line_if(advice, "intake-read-out")
        summary = Message((*summary.parts, *advice))
    else:
        item, quantity = _item(desk, draft), draft.quantity or None
        zone = desk.centre(draft.centre).zone
        at = Moment(draft.starts_at, zone)
        summary = summary.line("intake-visit", item=catalogue.title(item), at=at)
        summary = Message((*summary.parts, price_line(item, quantity)))
    summary = summary.line_if(draft.note, "intake-note", note=draft.note)
    return summary.line("intake-chat" if call.person_id else "intake-no-chat")


def _register(turn: Turn, desk: Desk, draft: Intake) -> Reply:
    call = _call(desk, draft)
    if _is_urgent(draft):
        kind = EmergencyKind(draft.emergency)
        at = _instant(draft.occurred) if _is_past(desk, draft.occurred) else None
        reported = intake.report(desk, turn.person, call, kind, at)
        key = "intake-running-already" if reported.again else "intake-registered-emergency"
        return _registered(turn, desk, reported.order, key, *intake.to_read_out(kind))
    try:
        order = intake.book(
            desk, turn.person, call, draft.item, draft.starts_at, draft.quantity or None
        )
    except SlotTaken as taken:
        elsewhen = draft.model_copy(update={"view": near(draft.starts_at)})
        why = Saying("slot-just-taken", taken.facts)
        return ask_again(intake_form, turn, desk, elsewhen, "slot", why)
    return _registered(turn, desk, order, "intake-registered")


def _registered(turn: Turn, desk: Desk, order: Order, key: str, *read_out: Saying) -> Reply:
    told = say(key, number=order.number, place=order.place)
    told = Message((*told.parts, *read_out))
    roles = turn.roles_in(order.centre_id)
    return reply(told, cards.desk_card_for(desk, order, roles, fresh=True))


intake_form = Flow(
    name="intake",
    form=Intake,
    steps=(
        Ask("centre", options=_centres, when=lambda draft: draft.several_centres),
        Ask("room", options=_elsewhere, understand=_room_typed, fill=_fill_room),
        Ask("place", text=True, when=lambda draft: draft.elsewhere),
        Ask(
            "caller",
            options=_callers,
            facts=_room_facts,
            when=lambda draft: not draft.elsewhere,
        ),
        Ask("name", understand=_name_typed, when=_is_somebody_else),
        Ask("phone", understand=_phone_typed, when=_is_somebody_else),
        Ask("need", options=_needs, when=lambda draft: not draft.elsewhere),
        Ask("emergency", options=_emergencies, columns=2, when=_is_urgent),
        Ask(
            "category",
            options=_categories,
            understand=_code_typed,
            fill=_fill_category,
            columns=2,
            when=_is_visit,
        ),
        Ask("item", options=_items, when=_is_visit),
        replace(ask_start(_job), when=_is_visit),
        Ask("quantity", understand=_quantity_typed, optional=True, when=_is_visit),
        Ask(
            "occurred",
            options=_occurred_choices,
            understand=_occurred_typed,
            takes=_was_offered,
            columns=2,
            optional=True,
            when=_is_urgent,
        ),
        Ask("note", text=True, optional=True),
        Ask(
            "callback",
            understand=_phone_typed,
            optional=True,
            when=lambda draft: not _is_somebody_else(draft),
        ),
    ),
    summary=_summary,
    finish=_register,
)

flows = (intake_form,)


@router.action("intake.start")
def begin(turn: Turn, desk: Desk) -> Reply:
    """代客登记, for the desk."""
    mine = orders.centres_of(desk, turn.person)
    if not mine:
        raise NotYours
    draft = Intake(centre=mine[0]) if len(mine) == 1 else Intake(several_centres=True)
    return start(intake_form, turn, desk, draft)
