"""What was done in a centre's homes before now: real histories, made through the services.

Each order lives its life on the desks of the moments in which things happened. Nothing is posted
from those: the past writes to nobody any more.
"""

from __future__ import annotations

import csv
import heapq
from collections.abc import Generator, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from services import booking, dispatch, interventions, ratings, reworks, serving
from services.booking import Booking
from services.desk import Desk
from services.intake import CHANNEL as BY_TELEPHONE
from services.rules.hours import instant
from storage import deadlines, people
from storage import orders as store
from storage import residents as roll
from storage.records import Centre, Order, Person, Relation, Resident, Result, Role, Source

Life = Generator[datetime, Desk, None]
"""What becomes of one order: it names the moment of each next step and is sent the desk of it."""

REGISTERED = time(18, 0)
"""On the eve of the visit: the desk is open, and a minor repair is done within its 24 hours."""

OPENING = time(8, 30)
"""From when a visit is wanted that must be over before noon of the month's first day."""

_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Wish:
    """One line of a history: in which home what was wanted, at what time of a day."""

    room_no: str
    item: str
    at: time


@dataclass(frozen=True, slots=True)
class Plan:
    """When a wish is registered, from when its visit is wanted, and by when it must be over.

    Whoever has a chat books on `channel`, the others call.
    """

    centre: Centre
    wish: Wish
    registered: datetime
    wanted: datetime
    until: datetime
    channel: str


def read_wishes(file: Path) -> list[Wish]:
    """The lines of a history sheet."""
    with file.open(encoding="utf-8", newline="") as sheet:
        rows = csv.DictReader(sheet)
        return [Wish(row["room_no"], row["item"], time.fromisoformat(row["at"])) for row in rows]


def live_through(desk: Desk, centre: Centre, wishes: Sequence[Wish], channel: str) -> None:
    """Let the wishes come true in the month that runs, spread over its days before now.

    On its first day only what finds a free time before now comes true.
    """
    zone = desk.zone(centre.id)
    today = desk.today(centre.id)
    days = _over(today)
    plans = []
    for number, wish in enumerate(wishes):
        day = days[number * len(days) // len(wishes)]
        registered = instant(day - _DAY, REGISTERED, zone) + number * _MINUTE
        wanted = instant(day, wish.at if day < today else OPENING, zone)
        plans.append(Plan(centre, wish, registered, wanted, desk.now, channel))
    live(desk, map(life, plans))


def _over(today: date) -> list[date]:
    """The days of the month that are over; on the first day, that one."""
    return [today.replace(day=number) for number in range(1, today.day)] or [today]


def live(desk: Desk, lives: Iterable[Life]) -> None:
    """Take all steps of all lives, in the order in which they happened."""
    agenda = [(next(one), number, one) for number, one in enumerate(lives)]
    heapq.heapify(agenda)
    while agenda:
        at, number, one = heapq.heappop(agenda)
        with suppress(StopIteration):
            then = one.send(Desk(desk.connection, at, desk.company))
            heapq.heappush(agenda, (then, number, one))


def life(plan: Plan) -> Life:
    """A service as it should be: taken at once, on time, agreed to, done and liked."""
    desk = yield plan.registered
    customer = _living_in(desk, plan)
    order = _book(desk, plan, customer)
    if order is None or order.appointed_at is None:
        return
    yield from visit(desk, order, order.appointed_at)


def visit(desk: Desk, order: Order, at: datetime, *, same_fault: bool | None = None) -> Life:
    """The visit to a home from its offer on; `same_fault` is what is found of a rework (返修)."""
    technician = _asked(desk, order)
    desk = yield desk.now + 4 * _MINUTE
    dispatch.accept(desk, order.id, technician)
    deadlines.drop(desk.connection, order.id, [dispatch.OFFER_LAPSE], at=desk.now)
    desk = yield at - 12 * _MINUTE
    serving.set_out(desk, order.id, technician)
    desk = yield at
    serving.arrive(desk, order.id, technician)
    if same_fault is not None:
        reworks.find(desk, order.id, technician, same=same_fault)
    desk = yield desk.now + _MINUTE
    serving.explain(desk, order.id, technician, order.price_fen or 0)
    desk = yield desk.now + _MINUTE
    _agree(desk, order)
    desk = yield at + order.minutes * _MINUTE * 4 / 5
    serving.finish(desk, order.id, technician, Result.DONE)
    if order.person_id is not None:
        desk = yield desk.now + 2 * _MINUTE
        customer_now = people.person(desk.connection, order.person_id)
        ratings.answer(desk, order.id, customer_now, satisfied=True)


def _living_in(desk: Desk, plan: Plan) -> Resident:
    room = roll.room_named(desk.connection, plan.centre.id, plan.wish.room_no)
    if room is None:
        raise ValueError(f"no room {plan.wish.room_no}")
    lines = roll.lines_in(desk.connection, room.id)
    return next(line for line in lines if line.relation is Relation.OWNER)


def _book(desk: Desk, plan: Plan, customer: Resident) -> Order | None:
    """The order at the next free time; None where its visit would not be over in time."""
    item = booking.find_item(desk, plan.centre.id, plan.wish.item)
    starts = booking.next_free(desk, item, after=plan.wanted, count=1)
    if not starts or starts[0] + booking.work_of(item).minutes * _MINUTE > plan.until:
        return None
    calls = customer.person_id is None
    return booking.book(
        desk,
        Booking(
            centre_id=plan.centre.id,
            item_id=item.id,
            starts_at=starts[0],
            place=plan.wish.room_no,
            contact_name=customer.name,
            contact_phone=customer.phone,
            source=Source.PHONE if calls else Source.OWNER,
            channel=BY_TELEPHONE if calls else plan.channel,
            room_id=customer.room_id,
            person_id=customer.person_id,
            registered_by=at_the_desk(desk, plan.centre.id).id if calls else None,
        ),
    )


def _asked(desk: Desk, order: Order) -> Person:
    """The technician to whom the job was offered."""
    (offer,) = store.offers_of(desk.connection, order.id)
    return people.person(desk.connection, offer.person_id)


def at_the_desk(desk: Desk, centre_id: int) -> Person:
    lines = people.staff_in(desk.connection, centre_id)
    line = next(line for line in lines if Role.CS in line.roles)
    return people.person(desk.connection, line.person_id)


def _agree(desk: Desk, order: Order) -> None:
    """The price is agreed to: with a tap, or to customer service on the telephone."""
    price = order.price_fen or 0
    if order.person_id is not None:
        owner = people.person(desk.connection, order.person_id)
        serving.agree(desk, order.id, owner, price)
    else:
        agent = at_the_desk(desk, order.centre_id)
        interventions.answer_for(desk, order.id, agent, price, agrees=True)
