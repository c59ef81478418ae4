"""预约服务: category, item, time, confirm; everything else is optional and waits on the summary."""

from __future__ import annotations

from collections.abc import Mapping

from bot.flow import Ask, Choice, Flow, ask_again, start
from bot.handlers.urgent import report_button, sounds_like, told_by
from bot.router import Router
from bot.slot_question import Job, Slotted, ask_start, near
from bot.turn import Reply, Turn, reply
from services import booking, catalogue, orders, residents
from services.booking import Booking, SlotTaken
from services.desk import Desk
from services.messages import Fact, Message, Minutes, Moment, Money, Saying, Word, do, say
from services.residents import Home
from services.rules.pricing import PriceMode, parse_quantity
from storage.records import Item, Order, Source

router = Router("booking")

UNITS = {
    "hour": "hour",
    "m²": "m2",
    "m2": "m2",
    "metre": "metre",
    "room": "room",
    "trip": "trip",
    "unit": "unit",
    "seat": "seat",
    "visit": "visit",
    "month": "month",
    "piece": "piece",
    "set": "set",
    "point": "point",
    "time": "time",
}
_CLOSED = "x"
"""Before the key of an item that is listed and cannot be booked."""


class BookingForm(Slotted):
    """What the resident wants. `refused` is the item they tapped that may not be booked."""

    several_centres: bool = False
    several_rooms: bool = False
    room: int = 0
    category: str = ""
    item: int = 0
    refused: int = 0
    quantity: int = 0
    note: str = ""
    photos: tuple[str, ...] = ()
    other_room: int = 0


def _home(turn: Turn, desk: Desk, draft: BookingForm) -> Home:
    return residents.require_home(desk, turn.person, draft.other_room or draft.room)


def _item(turn: Turn, desk: Desk, draft: BookingForm) -> Item:
    return catalogue.item_of(desk, _home(turn, desk, draft).centre_id, draft.item)


# Where


def _rooms(turn: Turn, desk: Desk, _draft: BookingForm) -> list[Choice]:
    return [_room_choice(home) for home in residents.homes(desk, turn.person)]


def _rooms_nearby(turn: Turn, desk: Desk, draft: BookingForm) -> list[Choice]:
    """The person's rooms in the same centre: another centre has another catalogue."""
    here = _home(turn, desk, draft).centre_id
    homes = residents.homes(desk, turn.person)
    return [_room_choice(home) for home in homes if home.centre_id == here]


def _room_choice(home: Home) -> Choice:
    return Choice(str(home.room.id), Saying("choice-room", {"room": home.room.room_no}))


# What


def _listed(turn: Turn, desk: Desk, draft: BookingForm) -> list[Item]:
    return catalogue.listed(desk, _home(turn, desk, draft).centre_id)


def _categories(turn: Turn, desk: Desk, draft: BookingForm) -> list[Choice]:
    present = {catalogue.category(item) for item in _listed(turn, desk, draft)}
    known = (*catalogue.CATEGORIES, catalogue.OTHER)
    return [Choice(one, Saying(f"category-{one}")) for one in known if one in present]


def _items(turn: Turn, desk: Desk, draft: BookingForm) -> list[Choice]:
    """The category's items with their prices; those that cannot be booked stand last."""
    return [
        Choice(_value(item), item_label(item))
        for item in _listed(turn, desk, draft)
        if catalogue.category(item) == draft.category
    ]


def _value(item: Item) -> str:
    return str(item.id) if catalogue.is_bookable(item) else f"{_CLOSED}{item.id}"


def item_label(item: Item) -> Saying:
    """An item on a button, with its price."""
    name = catalogue.title(item)
    if not catalogue.is_bookable(item):
        return Saying("item-closed", {"item": name})
    if item.price_fen is None or item.price_mode == PriceMode.QUOTE:
        return Saying("item-quoted", {"item": name})
    if item.price_fen == 0:
        return Saying("item-free", {"item": name})
    return Saying("item-priced", {"item": name, "price": Money(item.price_fen), "unit": unit(item)})


def unit(item: Item) -> Word:
    """What the item is counted in."""
    return Word(f"unit-{UNITS.get(item.unit, 'time')}")


def _item_facts(turn: Turn, desk: Desk, draft: BookingForm) -> dict[str, Fact]:
    """Why the item tapped last cannot be booked, if so."""
    if not draft.refused:
        return {"why": "none", "item": "", "category": Word(f"category-{draft.category}")}
    refused = catalogue.item_of(desk, _home(turn, desk, draft).centre_id, draft.refused)
    return {
        "why": "refer" if refused.risk == "refer" else "review",
        "item": catalogue.title(refused),
        "category": Word(f"category-{draft.category}"),
    }


def _named_item(turn: Turn, desk: Desk, draft: BookingForm, text: str) -> str | None:
    """The one item whose name somebody typed, wholly or in part."""
    typed = "".join(text.split()).casefold()
    found = [
        item
        for item in _listed(turn, desk, draft)
        if len(typed) > 1 and any(typed in name or name in typed for name in _names(item))
    ]
    exact = [item for item in found if typed in _names(item)]
    chosen = exact or found
    return f"{chosen[0].category}/{_value(chosen[0])}" if len(chosen) == 1 else None


def _names(item: Item) -> list[str]:
    return ["".join(name.split()).casefold() for name in (item.name_zh, item.name_en)]


def _fill_category(draft: BookingForm, value: object) -> Mapping[str, object]:
    """A category, or a category and an item in it that was named at once."""
    category, _, item = str(value).partition("/")
    known = category if category in catalogue.CATEGORIES else catalogue.OTHER
    return {"category": known, **(_fill_item(draft, item) if item else _AFRESH)}


def _fill_item(draft: BookingForm, value: object) -> Mapping[str, object]:
    """An item; one that cannot be booked leaves the question open and says why."""
    _, _, item = str(value).rpartition("/")
    if item.startswith(_CLOSED):
        return {"refused": int(item.removeprefix(_CLOSED))}
    return {**_AFRESH, "item": int(item)}


_AFRESH: dict[str, object] = {"refused": 0, "view": "", "quantity": 0}


# When


def _job(turn: Turn, desk: Desk, draft: BookingForm) -> Job:
    return Job(booking.work_of(_item(turn, desk, draft), draft.quantity or None))


# How many


def _quantities(turn: Turn, desk: Desk, draft: BookingForm) -> list[Choice]:
    item = _item(turn, desk, draft)
    if catalogue.is_measured(item):
        return []
    return [
        Choice(str(count), Saying("choice-quantity", {"count": count, "unit": unit(item)}))
        for count in range(1, 7)
    ]


def _quantity_typed(_turn: Turn, _desk: Desk, _draft: BookingForm, text: str) -> int | None:
    try:
        count = parse_quantity(text)
    except ValueError:
        return None
    return count if count <= catalogue.MOST else None


def _quantity_facts(turn: Turn, desk: Desk, draft: BookingForm) -> dict[str, Fact]:
    item = _item(turn, desk, draft)
    return {"item": catalogue.title(item), "unit": unit(item)}


# The summary, and the order


def _summary(turn: Turn, desk: Desk, draft: BookingForm) -> Message:
    home, item = _home(turn, desk, draft), _item(turn, desk, draft)
    quantity = draft.quantity or None
    zone = desk.centre(home.centre_id).zone
    summary = (
        say("book-summary", item=catalogue.title(item))
        .line("book-room", room=home.room.room_no)
        .line("book-time", at=Moment(draft.starts_at, zone))
        .line("book-duration", minutes=Minutes(catalogue.duration(item, quantity)))
    )
    summary = Message((*summary.parts, price_line(item, quantity)))
    summary = summary.line_if(draft.note, "book-note", note=draft.note)
    summary = summary.line_if(draft.photos, "book-photos", count=len(draft.photos))
    summary = summary.line_if(item.price_fen != 0, "book-price-agreed-first")
    return _with_emergency(turn, desk, summary, home, draft.note)


def _with_emergency(turn: Turn, desk: Desk, summary: Message, home: Home, note: str) -> Message:
    """A note that sounds like an emergency must not wait for an appointment: one tap reports it."""
    told = told_by(desk, turn.person, note) if note else None
    if told is None:
        return summary
    zone = desk.zone(home.centre_id)
    summary = Message((*summary.parts, *sounds_like(told, zone)), summary.rows)
    return summary.row(report_button(told, home.room.id, zone))


def price_line(item: Item, quantity: int | None) -> Saying:
    """What the customer is told of the price before anything is agreed (§5.2.3)."""
    if item.price_fen is None or item.price_mode == PriceMode.QUOTE:
        return Saying("book-price", {"price": Money(None)})
    if item.price_fen == 0:
        return Saying("book-price-free")
    facts: dict[str, Fact] = {"each": Money(item.price_fen), "unit": unit(item)}
    count = quantity or catalogue.usual_quantity(item)
    if count is None:
        return Saying("book-price-measured", facts)
    total = Money(catalogue.estimate(item, quantity))
    return Saying("book-price-counted", {**facts, "count": count, "total": total})


def _confirm(turn: Turn, desk: Desk, draft: BookingForm) -> Reply:
    home = _home(turn, desk, draft)
    try:
        order = booking.book(
            desk,
            Booking(
                centre_id=home.centre_id,
                item_id=draft.item,
                starts_at=draft.starts_at,
                place=home.room.room_no,
                contact_name=home.name,
                contact_phone=home.phone,
                source=Source.OWNER,
                channel=turn.endpoint.channel,
                room_id=home.room.id,
                person_id=turn.person.id,
                quantity=draft.quantity or None,
                note=draft.note,
                photos=draft.photos,
            ),
        )
    except SlotTaken as taken:
        elsewhere = draft.model_copy(update={"view": near(draft.starts_at)})
        why = Saying("slot-just-taken", taken.facts)
        return ask_again(book, turn, desk, elsewhere, "slot", why)
    return reply(_booked(desk, order))


def _booked(desk: Desk, order: Order) -> Message:
    """The number, the time, who is being asked, and what happens next."""
    zone = desk.centre(order.centre_id).zone
    told = say("booked", number=order.number).line(
        "booked-what",
        item=orders.title(order),
        room=order.place,
        at=Moment(order.appointed_at or order.reported_at, zone),
    )
    told = told.line("booked-desk" if order.desk_since else "booked-asking").line("booked-next")
    told = told.row(do("order.move", order.id), do("order.cancel", order.id))
    return told.row(do("orders.mine"))


book = Flow(
    name="book",
    form=BookingForm,
    steps=(
        Ask("room", options=_rooms, when=lambda draft: draft.several_centres),
        Ask(
            "category", options=_categories, understand=_named_item, fill=_fill_category, columns=2
        ),
        Ask(
            "item",
            options=_items,
            understand=_named_item,
            fill=_fill_item,
            facts=_item_facts,
            ways=(do("talk.start", label=Saying("do-book-not-listed")),),
        ),
        ask_start(_job),
        Ask(
            "quantity",
            options=_quantities,
            understand=_quantity_typed,
            facts=_quantity_facts,
            optional=True,
            columns=3,
        ),
        Ask("note", text=True, optional=True),
        Ask("photos", photos=True, optional=True),
        Ask(
            "other_room",
            options=_rooms_nearby,
            optional=True,
            when=lambda draft: draft.several_rooms,
        ),
    ),
    summary=_summary,
    finish=_confirm,
)

flows = (book,)


@router.action("book.start")
def start_booking(turn: Turn, desk: Desk) -> Reply:
    """预约服务, for verified residents; a form that is open gives way to a new one."""
    home = residents.require_home(desk, turn.person)
    homes = residents.homes(desk, turn.person)
    here = [one for one in homes if one.centre_id == home.centre_id]
    if not catalogue.bookable(desk, home.centre_id):
        return reply(say("nothing-to-book", do("talk.start")))
    if len(here) < len(homes):
        return start(book, turn, desk, BookingForm(several_centres=True))
    draft = BookingForm(room=home.room.id, several_rooms=len(homes) > 1)
    return start(book, turn, desk, draft)
