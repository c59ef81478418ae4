"""Orders: registering a request, moving it along its life, and who has a tie to it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter

from services import lifecycle, residents
from services.desk import Desk
from services.errors import DomainError, NotFound, NotYours
from services.lifecycle import NOBODY_THERE
from services.messages import Fact, Moment, Named, Word
from services.rules.history import Happening, Step, Terms
from services.rules.names import mask_name
from services.rules.standard import Standard
from storage import centres, people
from storage import orders as store
from storage.records import (
    Order,
    OrderKind,
    OrderState,
    Person,
    Result,
    Role,
    Size,
    Source,
    Staff,
    Trade,
)


class OrderMoved(DomainError):
    """The order has moved on: the button pressed is of an earlier moment. Says what is true now."""

    key = "no-order-moved"


class OrderTaken(DomainError):
    """Somebody else has the order."""

    key = "no-order-taken"


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody wants, before it is an order (the columns of the intake record, §5.1.2).

    `place` is the room number, or the address a stranger typed. `appointed_at` is None for an
    emergency. `owner_deferred` is set where the owner chose a time later than a minor repair's
    24 hours (reading 14). `rework_of` is the repair that was not mended.
    """

    centre_id: int
    room_id: int | None
    place: str
    person_id: int | None
    contact_name: str
    contact_phone: str
    source: Source
    channel: str
    kind: OrderKind
    title: Named
    trade: Trade
    skills: tuple[str, ...]
    minutes: int
    item_id: int | None = None
    emergency: str | None = None
    limit_minutes: int | None = None
    occurred_at: datetime | None = None
    quantity: int = 1
    price_fen: int | None = None
    note: str = ""
    photos: tuple[str, ...] = ()
    appointed_at: datetime | None = None
    owner_deferred: bool = False
    registered_by: int | None = None
    rework_of: int | None = None


def store_request(desk: Desk, request: Request) -> Order:
    """Make the request an order with a number and the first line of its history.

    Numbering locks the centre until the commit: whoever checked a free time before this call in
    the same unit must do so after `storage.centres.lock`.
    """
    day = desk.now.astimezone(ZoneInfo(desk.centre(request.centre_id).zone)).strftime("%y%m%d")
    number = centres.next_number(desk.connection, request.centre_id, day)
    size = Size.MINOR if request.trade is Trade.REPAIR else None
    order = store.add(desk.connection, _new_order(request, number, size, desk.now))
    terms = _terms(order, desk.standard(request.centre_id))
    by = request.registered_by or request.person_id
    note(desk, order, Step.REGISTERED, by, **terms.as_facts())
    return order


def told_within(order: Order, standard: Standard) -> timedelta:
    """Within what time staff hear of the order (§5.1.2, reading 23)."""
    if order.kind is OrderKind.EMERGENCY:
        return standard.emergency_staff_told_within
    return standard.staff_told_within


def _terms(order: Order, standard: Standard) -> Terms:
    """What is promised with this order, for its first line of history."""
    limit = order.limit_minutes
    emergency = order.kind is OrderKind.EMERGENCY
    return Terms(
        told_within=told_within(order, standard),
        arrival_early=standard.arrival_early,
        arrival_late=standard.arrival_late,
        minor_within=standard.minor_within,
        major_within=standard.major_within,
        limit=timedelta(minutes=limit or 0) if emergency else None,
        minor=order.size is Size.MINOR,
        appointed_at=order.appointed_at,
        minutes=order.minutes,
        deferred=order.owner_deferred,
    )


def _new_order(request: Request, number: str, size: Size | None, now: datetime) -> Order:
    return Order(
        id=0,
        number=number,
        centre_id=request.centre_id,
        room_id=request.room_id,
        place=request.place,
        person_id=request.person_id,
        contact_name=request.contact_name,
        contact_phone=request.contact_phone,
        source=request.source,
        channel=request.channel,
        registered_by=request.registered_by,
        kind=request.kind,
        emergency=request.emergency,
        item_id=request.item_id,
        title_zh=request.title.zh,
        title_en=request.title.en,
        trade=request.trade,
        skills=request.skills,
        minutes=request.minutes,
        quantity=request.quantity,
        price_fen=request.price_fen,
        quote_fen=None,
        amount_fen=None,
        note=request.note,
        photos=request.photos,
        after_photos=(),
        state=OrderState.WAITING,
        size=size,
        appointed_at=request.appointed_at,
        owner_deferred=request.owner_deferred,
        limit_minutes=request.limit_minutes,
        technician_id=None,
        reported_at=now,
        staff_told_at=None,
        desk_since=None,
        accepted_at=None,
        set_out_at=None,
        arrived_at=None,
        arrival_disputed_at=None,
        early_consent_at=None,
        explained_at=None,
        agreed_at=None,
        started_at=None,
        finished_at=None,
        cancelled_at=None,
        result=None,
        satisfied=None,
        on_time=None,
        dislike=None,
        dislike_words="",
        opinion="",
        rated_at=None,
        rating_closed_at=None,
        occurred_at=request.occurred_at,
        rework_of=request.rework_of,
    )


def load(desk: Desk, order_id: int) -> Order:
    """The order, locked for this unit.

    Raises:
        NotFound: there is none.
    """
    order = store.get(desk.connection, order_id)
    if order is None:
        raise NotFound
    return order


def note(desk: Desk, order: Order, step: Step, by: int | None, **facts: str | int) -> None:
    """Add a line to the order's history."""
    store.record(desk.connection, order.id, desk.now, step.value, by, facts)


_FACTS = TypeAdapter(dict[str, str | int])


def happenings(desk: Desk, order_id: int) -> list[Happening]:
    """The order's history, oldest first."""
    return [
        Happening(event.at, Step(event.what), event.person_id, _FACTS.validate_json(event.facts))
        for event in store.history(desk.connection, order_id)
    ]


def change(desk: Desk, order: Order, **changes: object) -> Order:
    """Change fields that are no step of the life (the caller notes why)."""
    return store.change(desk.connection, order, **changes)


def move(
    desk: Desk,
    order: Order,
    to: OrderState,
    step: Step,
    by: int | None,
    because: str = "",
    facts: Mapping[str, str | int] | None = None,
    **changes: object,
) -> Order:
    """Take the order to another state, with a line (its reason and facts) in its history.

    Raises:
        OrderMoved: the life of an order has no such step from here.
    """
    if not lifecycle.may_move(order.state, to):
        raise moved(desk, order)
    now_there = store.change(desk.connection, order, state=to, **changes)
    why: dict[str, str | int] = {"reason": because} if because else {}
    note(desk, now_there, step, by, **why, **(facts or {}))
    return now_there


def require_state(desk: Desk, order: Order, *states: OrderState) -> None:
    """Refuse an outdated button with the truth of the moment.

    Raises:
        OrderMoved: the order is in none of these states.
    """
    if order.state not in states:
        raise moved(desk, order)


def moved(desk: Desk, order: Order) -> OrderMoved:
    """The refusal of a step that is not to be taken now."""
    return OrderMoved(rows=(), **where_it_stands(desk, order))


def taken(desk: Desk, order: Order) -> OrderTaken:
    """The refusal of a job that a colleague has."""
    return OrderTaken(rows=(), **where_it_stands(desk, order))


def where_it_stands(desk: Desk, order: Order) -> dict[str, Fact]:
    """The facts of a polite true answer: number, state, who has it and since when."""
    since = order.cancelled_at or order.finished_at or order.arrived_at or order.accepted_at
    return {
        "number": order.number,
        "state": state_word(order),
        "who": technician_name(desk, order) or Word("nobody-yet"),
        "at": Moment(since or order.reported_at, desk.centre(order.centre_id).zone, "time"),
    }


def title(order: Order) -> Named | Word:
    """What the job is: a kind of emergency is a word of ours, an item is named by the catalogue."""
    if order.emergency is not None:
        return Word(f"emergency-{order.emergency}".replace("_", "-"))
    return Named(order.title_zh, order.title_en)


def state_word(order: Order) -> Word:
    """The order's state as a word."""
    if order.merged_into is not None:
        return Word("state-merged")
    if order.state is OrderState.FINISHED and order.result not in (None, Result.DONE):
        return Word(f"result-{order.result}".replace("_", "-"))
    if order.state is OrderState.HELD:
        return Word(f"state-held-{order.held_for}")
    return Word(f"state-{order.state}".replace("_", "-"))


def technician_name(desk: Desk, order: Order) -> str | None:
    """What owners and colleagues call the technician in charge, if anybody is."""
    if order.technician_id is None:
        return None
    return staff_name(desk, order.technician_id)


def staff_name(desk: Desk, person_id: int) -> str:
    """A member of staff's name."""
    return people.person(desk.connection, person_id).name or "—"


def owner_name(order: Order) -> str:
    """The owner as workers may see them (§3.11): 张*."""
    return mask_name(order.contact_name)


def is_open(order: Order) -> bool:
    """Whether anything is still to be done."""
    return order.state in store.OPEN_STATES


def is_urgent(order: Order) -> bool:
    """Whether people must come at once: an emergency, until its next visit has a time."""
    return order.kind is OrderKind.EMERGENCY and order.appointed_at is None


def precedence(order: Order) -> int:
    """What goes first on every list of work: who is in danger, then whom we have failed once."""
    if is_urgent(order):
        return 0
    return 1 if order.rework_of is not None else 2


def is_free_of_charge(order: Order) -> bool:
    """Whether work may be done without a price agreed: stopping a loss (reading 16), or it is 0."""
    return order.kind is OrderKind.EMERGENCY or order.price_fen == 0


def may_choose_time(order: Order) -> bool:
    """Whether the owner may still choose another time: an appointment nobody has set out for."""
    agreed = order.kind is OrderKind.APPOINTMENT and order.appointed_at is not None
    return agreed and order.state in NOBODY_THERE and order.state is not OrderState.SET_OUT


MOST_REMEMBERED = 200
"""How many of a household's orders are looked through for a list; older ones are in the records."""


def of_household(desk: Desk, person: Person, room_ids: Sequence[int]) -> list[Order]:
    """What the person ordered, and what was ordered for their rooms, the newest first."""
    known = store.of_residents(desk.connection, [person.id], room_ids, MOST_REMEMBERED)
    return [order for order in known if is_resident_of(desk, order, person)]


# Ties: who may do what. Checked on the server for every press (law 8).


def is_resident_of(desk: Desk, order: Order, person: Person) -> bool:
    """Whether the person ordered it, or it was ordered for their home while it was theirs.

    What was ordered for a room before somebody was bound to it is the former residents' affair,
    unless it was registered for them by their own number.
    """
    if order.person_id == person.id:
        return True
    return any(
        home.room.id == order.room_id
        and (home.phone == order.contact_phone or _was_home(home, order.reported_at))
        for home in residents.homes(desk, person)
    )


def _was_home(home: residents.Home, at: datetime) -> bool:
    return home.since is not None and home.since <= at


def for_resident(desk: Desk, order_id: int, person: Person) -> Order:
    """The order, for somebody of its household.

    Raises:
        NotYours: the person has no tie to it; nothing about it is told.
    """
    order = store.get(desk.connection, order_id)
    if order is None or not is_resident_of(desk, order, person):
        raise NotYours
    return order


def for_technician(desk: Desk, order_id: int, person: Person) -> Order:
    """The order, for the technician who has it now.

    Raises:
        OrderTaken: a colleague has it now; NotYours: no tie at all, or no technician any more.
    """
    order = store.get(desk.connection, order_id)
    if order is None or not serves(desk, person, order.centre_id, Role.TECHNICIAN):
        raise NotYours
    if order.technician_id == person.id:
        return order
    asked = {offer.person_id for offer in store.offers_of(desk.connection, order_id)}
    if person.id in asked:
        raise taken(desk, order)
    raise NotYours


DESK_ROLES = (Role.CS, Role.SUPERVISOR, Role.CONTROL, Role.HEAD)


def for_desk(desk: Desk, order_id: int, person: Person, *roles: Role) -> Order:
    """The order, for staff of its centre who hold one of the roles (the desk's, by default).

    Raises:
        NotYours: the person holds no such role in that centre.
    """
    order = store.get(desk.connection, order_id)
    if order is None or not serves(desk, person, order.centre_id, *(roles or DESK_ROLES)):
        raise NotYours
    return order


def serves(desk: Desk, person: Person, centre_id: int, *roles: Role) -> bool:
    """Whether the person holds one of the roles in the centre; the business department, in all."""
    return any(
        Role.BUSINESS in line.roles
        or (line.centre_id == centre_id and set(roles) & set(line.roles))
        for line in people.staff_of(desk.connection, person.id)
    )


def holds(desk: Desk, person: Person, centre_id: int, *roles: Role) -> bool:
    """Whether the person holds one of the roles in this very centre, whatever else they serve."""
    return centre_id in centres_held(desk, person, *roles)


def centres_held(desk: Desk, person: Person, *roles: Role) -> list[int]:
    """The very centres in which the person holds one of the roles, whatever else they serve."""
    return _centres_in(people.staff_of(desk.connection, person.id), roles)


def centres_of(desk: Desk, person: Person, *roles: Role) -> list[int]:
    """The centres in which the person holds one of the roles (the desk's, by default)."""
    lines = people.staff_of(desk.connection, person.id)
    if any(Role.BUSINESS in line.roles for line in lines):
        return [centre.id for centre in centres.every(desk.connection)]
    return _centres_in(lines, roles or DESK_ROLES)


def _centres_in(lines: Sequence[Staff], roles: Collection[Role]) -> list[int]:
    wanted = set(roles)
    return list(dict.fromkeys(line.centre_id for line in lines if wanted & set(line.roles)))
