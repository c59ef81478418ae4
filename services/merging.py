"""One incident that several have reported: the later reports join the earlier one (reading 9).

The earlier report keeps its number, its clock and its technician. The later one ends there, and
whoever reported it hears of the earlier one's progress from then on (`cards.tell_household`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from services import cards, dispatch, interventions, orders, promises, urgent
from services.desk import Desk
from services.errors import DomainError, NotYours
from services.lifecycle import BEFORE_ARRIVAL
from services.messages import Fact, Message, Moment, do, say
from services.rules.history import Step
from storage import emergencies
from storage import orders as store
from storage.records import Offer, OfferState, Order, OrderKind, OrderState, Person, Role

MAY_MERGE = (Role.CS, Role.CONTROL)
"""Customer service, and the control centre, who know both ends of a report."""

REPORTED_WITHIN = timedelta(hours=6)
"""Of what age other emergencies are offered for merging."""


class MergedAlready(DomainError):
    """That report has joined an earlier one."""

    key = "no-merged-already"


class NotOneIncident(DomainError):
    """A report is not merged with itself, nor with one of another centre."""

    key = "no-not-one-incident"


@dataclass(frozen=True, slots=True)
class Incident:
    """Two reports of one incident: the earlier one stays."""

    earlier: Order
    later: Order


def choices(desk: Desk, order_id: int, by: Person) -> tuple[Order, list[Order]]:
    """The emergency, and those it may be merged with: the same kind first, then the nearest report.

    Raises:
        NotYours: neither customer service nor control centre of its centre; MergedAlready;
        OrderMoved: no running emergency (any more).
    """
    order = _running(desk, order_id, by)
    since = desk.now - REPORTED_WITHIN
    known = emergencies.reported_since(desk.connection, order.centre_id, since)
    others = [one for one in known if one.id != order.id]

    def nearness(one: Order) -> tuple[bool, timedelta, int]:
        return one.emergency != order.emergency, abs(one.reported_at - order.reported_at), one.id

    return order, sorted(others, key=nearness)


def incident(desk: Desk, order_id: int, other_id: int, by: Person) -> Incident:
    """The two reports, which may be merged now.

    Raises:
        NotYours, MergedAlready, OrderMoved: as for `choices`, of either; NotOneIncident;
        OrderMoved: somebody has arrived for the later one, which must be settled there.
    """
    if order_id == other_id:
        order = _running(desk, order_id, by)
        raise NotOneIncident(number=order.number, other=order.number)
    # Both are locked in one order, so that two who merge crosswise wait for each other.
    first, second = (_running(desk, one, by) for one in sorted((order_id, other_id)))
    if first.centre_id != second.centre_id:
        raise NotOneIncident(number=first.number, other=second.number)
    earlier, later = sorted((first, second), key=lambda one: (one.reported_at, one.id))
    orders.require_state(desk, later, *BEFORE_ARRIVAL)
    return Incident(earlier, later)


def _running(desk: Desk, order_id: int, by: Person) -> Order:
    order = store.get(desk.connection, order_id)
    if order is None or not orders.holds(desk, by, order.centre_id, *MAY_MERGE):
        raise NotYours
    if order.merged_into is not None:
        into = orders.load(desk, order.merged_into)
        raise MergedAlready(number=order.number, other=into.number)
    if order.kind is not OrderKind.EMERGENCY or not orders.is_open(order):
        raise orders.moved(desk, order)
    return order


def merge(desk: Desk, order_id: int, other_id: int, by: Person) -> Incident:
    """合并: the later report ends and joins the earlier one, whichever was pressed.

    A technician who has the later one takes the earlier one over where nobody has it. Everybody
    who was asked, who waits, and the desk are told.

    Raises:
        As `incident`.
    """
    found = incident(desk, order_id, other_id, by)
    # Taken over before it is joined: who joins now hears all of it in one message.
    earlier = _take_over(desk, found) if _falls_to_their_technician(found) else found.earlier
    earlier = _take_along(desk, earlier, found.later)
    asked = _open_offers(desk, found.later)
    reports = [found.later, *cards.joined(desk, found.later)]
    done = Incident(earlier, _end(desk, Incident(earlier, found.later), by))
    _tell_workers(desk, done, asked)
    _tell_reporters(desk, earlier, reports)
    told = say("desk-merged", number=done.later.number, other=earlier.number, who=by.name or "—")
    dispatch.alert_desk(desk, earlier, (Role.CS,), told, besides=(by.id,))
    return done


def _falls_to_their_technician(found: Incident) -> bool:
    return found.earlier.state is OrderState.WAITING and found.later.technician_id is not None


def _take_over(desk: Desk, found: Incident) -> Order:
    """The later one's technician has the earlier one from now on, and is as near to it."""
    theirs = found.later
    order = orders.move(
        desk,
        found.earlier,
        OrderState.ACCEPTED,
        Step.ACCEPTED,
        theirs.technician_id,
        technician_id=theirs.technician_id,
        accepted_at=desk.now,
        expected_at=theirs.expected_at,
        desk_since=None,
    )
    if theirs.state is OrderState.SET_OUT:
        order = orders.move(
            desk,
            order,
            OrderState.SET_OUT,
            Step.SET_OUT,
            theirs.technician_id,
            set_out_at=desk.now,
        )
    _answer_their_offer(desk, order)
    interventions.withdraw_offers(desk, order)
    promises.taken(desk, order)
    cards.tell_household(desk, order, "owner-accepted-emergency")
    return order


def _answer_their_offer(desk: Desk, order: Order) -> None:
    """Whoever has an order was asked to take it: their steps are checked by that."""
    if order.technician_id is None:
        return
    if order.technician_id not in {offer.person_id for offer in _open_offers(desk, order)}:
        store.offer(desk.connection, order.id, order.technician_id, desk.now, desk.now)
    for offer in store.offers_of(desk.connection, order.id):
        if offer.person_id == order.technician_id and offer.state is OfferState.OPEN:
            store.answer_offer(desk.connection, offer.id, OfferState.ACCEPTED, desk.now)


def _take_along(desk: Desk, earlier: Order, later: Order) -> Order:
    """The later report's pictures are the incident's; who goes hears of place and words too."""
    photos = (*earlier.photos, *later.photos)[: urgent.MOST_PHOTOS]
    if photos != earlier.photos:
        earlier = orders.change(desk, earlier, photos=photos)
    more = say("job-joined", number=earlier.number, place=later.place)
    more = more.line_if(later.note, "job-joined-words", words=later.note)
    urgent.pass_on(desk, earlier, more.showing(*later.photos))
    return earlier


def _open_offers(desk: Desk, order: Order) -> list[Offer]:
    offers = store.offers_of(desk.connection, order.id)
    return [offer for offer in offers if offer.state is OfferState.OPEN]


def _end(desk: Desk, found: Incident, by: Person) -> Order:
    """The later order ends; whoever had joined it joins the earlier one with it."""
    earlier, later = found.earlier, found.later
    later = orders.move(
        desk,
        later,
        OrderState.CANCELLED,
        Step.MERGED,
        by.id,
        facts={"into": earlier.number},
        cancelled_at=desk.now,
        desk_since=None,
        merged_into=earlier.id,
    )
    orders.note(desk, earlier, Step.MERGED, by.id, joined=later.number)
    emergencies.rejoin(desk.connection, later.id, earlier.id)
    promises.ended(desk, later)
    store.close_offers(desk.connection, later.id, OfferState.WITHDRAWN, desk.now)
    return later


def _tell_workers(desk: Desk, done: Incident, asked: list[Offer]) -> None:
    """Their card of the later order says that it is over; who goes has the earlier one's card."""
    earlier, later = done.earlier, done.later
    people = {offer.person_id for offer in asked}
    if later.technician_id is not None:
        people.add(later.technician_id)
    for person_id in sorted(people):
        goes_on = person_id == earlier.technician_id
        told = say(
            "job-merged-go-on" if goes_on else "job-merged",
            number=later.number,
            other=earlier.number,
            who=orders.technician_name(desk, earlier) or cards.NOBODY,
        )
        card = told.as_card(cards.matter(later), fresh=True)
        desk.tell(person_id, card, matter=cards.matter(later), everywhere=True)
    cards.update_technician(desk, earlier, fresh=True)


def _tell_reporters(desk: Desk, earlier: Order, reports: list[Order]) -> None:
    """The later report's household, and those who had joined it: plainly, and at once."""
    for one in {report.person_id: report for report in reversed(reports)}.values():
        told = say("merged-told", number=one.number, other=earlier.number)
        told = Message((*told.parts, *became(desk, earlier).parts)).row(do("talk.start"))
        desk.tell(one.person_id, told, matter=cards.matter(one), by_phone=True)


# What became of it


def answering(desk: Desk, order: Order) -> Order | None:
    """The earlier report that a merged one has joined; None where it was not merged."""
    return orders.load(desk, order.merged_into) if order.merged_into is not None else None


def became(desk: Desk, earlier: Order) -> Message:
    """What becomes of a report that joined the earlier one: who comes, and until when.

    Nothing is said of the other household.
    """
    facts: dict[str, Fact] = {
        "other": earlier.number,
        "state": orders.state_word(earlier),
        "who": orders.technician_name(desk, earlier) or cards.NOBODY,
    }
    if not orders.is_open(earlier):
        return say("merged-over", **facts)
    if earlier.state not in BEFORE_ARRIVAL:
        return say("merged-on-site", **facts)
    told = say("merged-nobody" if earlier.technician_id is None else "merged-coming", **facts)
    return _until_when(desk, earlier, told) if earlier.kind is OrderKind.EMERGENCY else told


def _until_when(desk: Desk, earlier: Order, told: Message) -> Message:
    zone = desk.centre(earlier.centre_id).zone
    if earlier.expected_at is not None and earlier.expected_at > desk.now:
        told = told.line("merged-expected", at=Moment(earlier.expected_at, zone, "time"))
    due = promises.emergency_due(earlier)
    key = "merged-due" if desk.now <= due else "merged-overdue"
    return told.line(key, due=Moment(due, zone, "time"))
