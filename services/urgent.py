"""Reporting an emergency: one report is one order with its own clock (§5.2.7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from services import cards, dispatch, orders, promises
from services.desk import Desk
from services.messages import Message, Named, say
from services.rules.emergencies import EmergencyKind, emergency_limit, skill_needed
from services.rules.history import Step
from storage import centres, emergencies
from storage import orders as store
from storage.records import OfferState, Order, OrderKind, Role, Source, Trade

USUAL_MINUTES = 60
"""How long an emergency is reckoned to take somebody's time."""

STILL_TELLING = timedelta(minutes=15)
"""How long after the report further words and pictures belong to it."""

MOST_PHOTOS = 12


@dataclass(frozen=True, slots=True)
class Report:
    """What is happening, where, and who says so. `place` is a room number or a typed address.

    `occurred_at` is when it happened, where that was said (reading 8).
    """

    centre_id: int
    kind: EmergencyKind
    place: str
    source: Source
    channel: str
    room_id: int | None = None
    person_id: int | None = None
    contact_name: str = ""
    contact_phone: str = ""
    registered_by: int | None = None
    note: str = ""
    photos: tuple[str, ...] = ()
    occurred_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reported:
    """The order that answers a report; `again` where it was running already (reading 9).

    It may be another household's, which theirs was merged into: then it has been `joined`.
    """

    order: Order
    again: bool
    joined: bool = False


def report(desk: Desk, said: Report) -> Reported:
    """Call people out. The clock starts at the server's receipt of the first report (reading 9).

    The same household reporting the same thing again gets the running order: the earliest report
    is kept. Something else (其他) is always taken as new, for nobody knows that it is the same.
    """
    centres.lock(desk.connection, said.centre_id)
    running = _running(desk, said)
    if running is not None:
        if said.note:
            add_words(desk, running, said.note, said.person_id)
        return Reported(running, again=True, joined=not _is_of(running, said))
    order = orders.store_request(desk, _request(desk, said))
    promises.promise(desk, order)
    order = dispatch.begin(desk, order)
    if said.kind is EmergencyKind.OTHER:
        # Nobody knows the skill it takes: the control centre looks at it with customer service.
        head = say("desk-emergency-other", number=order.number)
        dispatch.alert_desk(desk, order, (Role.CONTROL,), head)
    return Reported(order, again=False)


def _running(desk: Desk, said: Report) -> Order | None:
    if said.kind is EmergencyKind.OTHER:
        return None
    return emergencies.running(
        desk.connection, said.kind.value, room_id=said.room_id, person_id=said.person_id
    )


def _is_of(order: Order, said: Report) -> bool:
    """Whether the order is the reporter's own, and not the one theirs was merged into."""
    if said.room_id is None:
        return order.room_id is None and order.person_id == said.person_id
    return order.room_id == said.room_id


def _request(desk: Desk, said: Report) -> orders.Request:
    standard, zone = desk.standard(said.centre_id), desk.zone(said.centre_id)
    limit = emergency_limit(desk.now, standard, zone, said.occurred_at)
    skill = skill_needed(said.kind)
    return orders.Request(
        centre_id=said.centre_id,
        room_id=said.room_id,
        place=said.place,
        person_id=said.person_id,
        contact_name=said.contact_name,
        contact_phone=said.contact_phone,
        source=said.source,
        channel=said.channel,
        kind=OrderKind.EMERGENCY,
        # What kinds of emergency are called stands in the catalogues of words (`orders.title`).
        title=Named(said.kind.value, said.kind.value),
        trade=Trade.REPAIR,
        skills=(skill,) if skill else (),
        minutes=USUAL_MINUTES,
        emergency=said.kind.value,
        limit_minutes=int(limit.total_seconds()) // 60,
        occurred_at=said.occurred_at,
        note=said.note,
        photos=said.photos,
        registered_by=said.registered_by,
    )


def called(desk: Desk, order: Order) -> int:
    """How many people have been asked and have not answered."""
    return len(_asked(desk, order))


def _asked(desk: Desk, order: Order) -> set[int]:
    offers = store.offers_of(desk.connection, order.id)
    return {offer.person_id for offer in offers if offer.state is OfferState.OPEN}


def just_reported(desk: Desk, person_id: int) -> Order | None:
    """The open order that answers the person's newest report, while they still tell about it."""
    return emergencies.newest_of(desk.connection, person_id, desk.now - STILL_TELLING)


def add_words(desk: Desk, order: Order, words: str, by: int | None) -> Order:
    """Further words about an emergency: on the order, and to whoever is on the way."""
    words = words.strip()
    note = "\n".join(part for part in (order.note, words) if part)
    order = orders.change(desk, order, note=note)
    orders.note(desk, order, Step.NOTE_ADDED, by)
    pass_on(desk, order, say("job-more-words", number=order.number, words=words))
    return order


def add_photo(desk: Desk, order: Order, sha256: str, words: str, by: int | None) -> Order:
    """A picture of an emergency: on the order, and to whoever is on the way."""
    if len(order.photos) < MOST_PHOTOS:
        order = orders.change(desk, order, photos=(*order.photos, sha256))
    orders.note(desk, order, Step.NOTE_ADDED, by)
    more = say("job-more-photo", number=order.number).showing(sha256)
    pass_on(desk, order, more)
    return add_words(desk, order, words, by) if words.strip() else order


def pass_on(desk: Desk, order: Order, message: Message) -> None:
    """To the technician who has it, or to all who are being asked."""
    people = _asked(desk, order) if order.technician_id is None else {order.technician_id}
    for person_id in sorted(people):
        desk.tell(person_id, message, matter=cards.matter(order))
