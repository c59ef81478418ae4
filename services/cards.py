"""The faces of an order: the technician's one card, the desk's card, and words to the household."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta

from services import orders, promises, reach
from services.desk import Desk
from services.messages import Action, Fact, Message, Moment, Money, Saying, Word, Words, do, say
from services.rules.emergencies import building_of
from services.visits import spot_checks
from storage import emergencies
from storage import orders as store
from storage.records import Order, OrderKind, OrderState, Person, Result, Role, Size, Staff, Trade

TOOLS = ("toolbox", "tool-bag", "work-mat", "shoe-covers")
"""What repair staff carry and put on at the door (§5.2.1)."""

NOBODY = Word("nobody-yet")

MINUTES_AWAY = (5, 10, 20, 30)
"""What a technician may say with one tap: in how many minutes they will be there."""

SAME_INCIDENT_WITHIN = timedelta(minutes=30)
"""Two reports of one kind from one building this close are thought to be one incident."""

ON_THE_WAY = (OrderState.ACCEPTED, OrderState.SET_OUT)

CLEANING_TOOLS = ("cleaning-kit", "cloths", "shoe-covers")


def matter(order: Order) -> str:
    """What messages about the order are filed under; also the name of its card."""
    return f"order:{order.id}"


def job_card(desk: Desk, order: Order, technician_id: int, *, fresh: bool = False) -> Message:
    """The technician's one card for a job, with the next step on the first button."""
    card = _facts_of_job(desk, order)
    card = card.line_if(order.photos, "job-photos", count=len(order.photos))
    if order.state in (OrderState.WAITING, OrderState.ACCEPTED):
        card = card.line("job-tools", tools=tools(order))
    card = card.line("job-state", state=orders.state_word(order))
    card = _held(desk, card, order)
    if order.technician_id == technician_id:
        if may_say_when(desk, order):
            card = _with_expected(desk, order, card, "job-expected") or card.line("job-when")
        sent = order.state is OrderState.EXPLAINED
        hint = "job-price-unreached" if sent else "job-unreached"
        card = card.line_if(_must_write_first(desk, order), hint)
    for row in _steps(desk, order, technician_id):
        card = card.row(*row)
    return card.as_card(matter(order), fresh=fresh)


def _facts_of_job(desk: Desk, order: Order) -> Message:
    zone = desk.centre(order.centre_id).zone
    if order.kind is OrderKind.EMERGENCY:
        card = say(
            "job-head-emergency",
            number=order.number,
            title=orders.title(order),
            limit=order.limit_minutes or 0,
            due=Moment(promises.emergency_due(order), zone, "time"),
        )
    else:
        card = say("job-head", number=order.number, title=orders.title(order))
    card = card.line("job-place", place=order.place, owner=orders.owner_name(order))
    for one in joined(desk, order):
        card = card.line("job-also", place=one.place, note=one.note)
    if order.appointed_at is not None:
        card = card.line("job-time", at=Moment(order.appointed_at, zone))
    card = card.line_if(order.quantity > 1, "job-quantity", count=order.quantity)
    card = _with_price(desk, order, card)
    return card.line_if(order.note, "job-note", note=order.note)


def _with_price(desk: Desk, order: Order, card: Message) -> Message:
    """The card with its price; of rework, with what it repeats and that labour is free."""
    price = order.quote_fen if order.quote_fen is not None else order.price_fen
    if order.rework_of is None:
        priced = order.kind is OrderKind.APPOINTMENT
        return card.line_if(priced, "job-price", price=Money(price))
    first = orders.load(desk, order.rework_of)
    card = card.line("job-rework", **repair_facts(desk, first))
    if order.rework_confirmed is not None:
        found = Word("rework-same" if order.rework_confirmed else "rework-other")
        card = card.line("job-rework-found", found=found)
    return card.line_if(order.quote_fen is not None, "job-price", price=Money(price))


def repair_facts(desk: Desk, first: Order) -> dict[str, Fact]:
    """What is said of a repair that an order repeats: its number, its end, whose work it was."""
    zone = desk.centre(first.centre_id).zone
    return {
        "first": first.number,
        "finished": Moment(first.finished_at or first.reported_at, zone),
        "did": orders.technician_name(desk, first) or NOBODY,
    }


def tools(order: Order) -> Words:
    """The departure checklist for the job (§5.2.1)."""
    listed = CLEANING_TOOLS if order.trade is Trade.HOUSEKEEPING else TOOLS
    return Words(tuple(f"tool-{one}" for one in listed))


def joined(desk: Desk, order: Order) -> list[Order]:
    """The later reports of the same incident, which were merged into this emergency."""
    return emergencies.joined(desk.connection, order) if order.emergency is not None else []


def may_say_when(desk: Desk, order: Order) -> bool:
    """Whether it is time to say when one will be there: on the way, and the job is at hand.

    An emergency is at hand at once, an appointment from its reminder on.
    """
    if order.state not in ON_THE_WAY:
        return False
    if order.appointed_at is None:
        return order.kind is OrderKind.EMERGENCY
    return desk.now >= order.appointed_at - desk.standard(order.centre_id).appointment_reminder


def _with_expected(desk: Desk, order: Order, card: Message, key: str) -> Message | None:
    """The card with the time at which somebody is expected; None where that is not known."""
    if order.expected_at is None or order.state not in ON_THE_WAY:
        return None
    zone = desk.centre(order.centre_id).zone
    return card.line(key, at=Moment(order.expected_at, zone, "time"))


def _must_write_first(desk: Desk, order: Order) -> bool:
    """Whether the price can reach the owner only once they have written a word to us.

    Worth knowing for a technician who is about to meet them, and until the price is agreed.
    """
    before_price = order.state in (OrderState.ARRIVED, OrderState.EXPLAINED)
    if not before_price and not may_say_when(desk, order):
        return False
    found = reach.of_customer(desk, order)
    return found is not None and found.why in reach.ENDED_BY_WRITING


def _when_rows(desk: Desk, order: Order) -> list[tuple[Action, ...]]:
    """In how many minutes, two to a row, while that can be said."""
    if not may_say_when(desk, order):
        return []
    buttons = [
        do("order.expect", order.id, one, label=Saying("minutes-away", {"minutes": one}))
        for one in MINUTES_AWAY
    ]
    return [tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2)]


def _steps(desk: Desk, order: Order, technician_id: int) -> list[tuple[Action, ...]]:
    """The buttons that are true now, the next step alone on top."""
    key = order.id
    if order.state is OrderState.WAITING:
        return [(do("order.accept", key), do("order.decline", key))]
    if order.technician_id != technician_id:
        return []
    help_row = (do("talk.control_about", key), do("talk.owner", key))
    match order.state:
        case OrderState.ACCEPTED:
            return [
                (do("order.set_out", key),),
                (do("order.arrive", key), do("order.transfer", key)),
                *_when_rows(desk, order),
                help_row,
            ]
        case OrderState.SET_OUT:
            return [
                (do("order.arrive", key),),
                (do("order.transfer", key),),
                *_when_rows(desk, order),
                help_row,
            ]
        case OrderState.ARRIVED | OrderState.AGREED:
            return [*_fault_row(order), *_work_steps(order), help_row, *_told_by_the_way(order)]
        case OrderState.EXPLAINED:
            requote = do("order.explain", key, label=_requote)
            return [(requote,), *_fault_row(order), help_row, *_told_by_the_way(order)]
        case OrderState.HELD:
            return [(do("hold.over", key), do("hold.longer", key)), help_row]
        case OrderState.FINISHED if _is_of_today(desk, order):
            return _told_by_the_way(order)
    return []


def _is_of_today(desk: Desk, order: Order) -> bool:
    """Whether it was finished on this very day: what shows on leaving is told from its card."""
    if order.finished_at is None:
        return False
    finished_on = order.finished_at.astimezone(desk.zone(order.centre_id)).date()
    return finished_on == desk.today(order.centre_id)


def _told_by_the_way(order: Order) -> list[tuple[Action, ...]]:
    """What comes up seldom stands last: a small screen keeps it on its list of further choices."""
    told: list[tuple[Action, ...]] = [(do("mishap.report", order.id),)]
    at_work = order.state in (OrderState.ARRIVED, OrderState.AGREED)
    if at_work and order.size is Size.MINOR and not _is_to_be_stopped(order):
        told.append((do("major.propose", order.id),))
    return told


def _held(desk: Desk, card: Message, order: Order) -> Message:
    """Until when a held job waits."""
    if order.held_until is None:
        return card
    return card.line(
        "card-held-until", until=Moment(order.held_until, desk.centre(order.centre_id).zone)
    )


_requote = do("order.requote").saying


def _fault_row(order: Order) -> list[tuple[Action, ...]]:
    """Of rework: is it the same fault? Asked until somebody has said."""
    if order.rework_of is None or order.rework_confirmed is not None:
        return []
    return [(_found("rework.found", order, "yes"), _found("rework.found", order, "no"))]


def _found(action: str, order: Order, chosen: str) -> Action:
    key = "do-rework-same" if chosen == "yes" else "do-rework-other"
    return do(action, order.id, chosen, label=Saying(key))


def _work_steps(order: Order) -> list[tuple[Action, ...]]:
    """On site: the price first, then the work; an emergency is stopped first (reading 16)."""
    key = order.id
    explain, finish = do("order.explain", key), do("order.finish", key)
    again = do("order.return_needed", key)
    if _is_to_be_stopped(order):
        return [(do("order.start", key),), (explain,)]
    if order.state is OrderState.AGREED:
        return [(finish,), (do("order.explain", key, label=_requote), again)]
    if orders.is_free_of_charge(order):
        return [(finish,), (explain, again)]
    return [(explain,), (again,)]


def _is_to_be_stopped(order: Order) -> bool:
    """Whether an emergency does damage still."""
    return order.kind is OrderKind.EMERGENCY and order.started_at is None


def card_for(desk: Desk, order: Order, person: Person) -> Message:
    """The card as it is true for somebody who was asked: with steps, or who has the job."""
    if order.state is OrderState.WAITING or order.technician_id == person.id:
        return job_card(desk, order, person.id)
    return gone_card(desk, order)


def gone_card(desk: Desk, order: Order) -> Message:
    """What a card shows to those who were asked and need not go: who has the job, without steps."""
    return say(
        "job-gone", **orders.where_it_stands(desk, order), title=orders.title(order)
    ).as_card(matter(order))


def desk_card_for(
    desk: Desk, order: Order, roles: Collection[Role], *, fresh: bool = False
) -> Message:
    """The desk's card as somebody with these roles may use it."""
    may_call = Role.CS in roles or Role.CONTROL in roles
    card = desk_card(desk, order, may_call=may_call, may_judge=Role.CS in roles)
    if set(roles) & set(spot_checks.CHECKERS) and spot_checks.is_checkable(desk, order):
        card = card.row(do("spot.check", order.id))
    return replace(card, fresh=fresh)


def alert_for(desk: Desk, order: Order, head: Message, reader: Staff) -> Message:
    """The desk's card under what has happened, as this reader may use it."""
    card = desk_card_for(desk, order, reader.roles, fresh=True)
    return replace(card, parts=(*head.parts, *card.parts))


def desk_card(
    desk: Desk, order: Order, *, may_call: bool = True, may_judge: bool = False
) -> Message:
    """The desk's card: everything they may know, and what they can do now.

    `may_call` offers the customer's number, which only customer service (and the control centre
    by night) may see (§3.11), and the merging of reports, which is theirs as well; superiors get
    the card without it. `may_judge` is for customer service alone: whether an emergency is one
    (reading 11), and whether rework is the same fault.
    """
    zone = desk.centre(order.centre_id).zone
    card = _facts_of_job(desk, order)
    card = card.line(
        "desk-state",
        state=orders.state_word(order),
        who=orders.technician_name(desk, order) or NOBODY,
    )
    card = _held(desk, card, order)
    card = card.line(
        "desk-source", source=Word(f"source-{order.source}"), at=Moment(order.reported_at, zone)
    )
    card = _with_expected(desk, order, card, "desk-expected") or card
    if order.arrival_disputed_at is not None:
        card = card.line("desk-disputed", at=Moment(order.arrival_disputed_at, zone, "time"))
    card = card.line_if(order.owner_deferred, "desk-deferred")
    barred = reach.of_customer(desk, order) if orders.is_open(order) else None
    if barred is not None:
        card = card.line(f"desk-unreached-{barred.why}", **reach.facts(desk, order, barred))
    if order.emergency is not None:
        card = _with_incident(desk, order, card, may_merge=may_call)
    for again in store.reworks_of(desk.connection, order.id)[:1] if is_repaired(order) else ():
        card = card.line("desk-reworked", number=again.number, state=orders.state_word(again))
    steps = _desk_steps(order, may_call=may_call, may_judge=may_judge, by_phone=barred is not None)
    for row in steps:
        card = card.row(*row)
    return card.as_card(matter(order))


def _with_incident(desk: Desk, order: Order, card: Message, *, may_merge: bool) -> Message:
    """The desk's card with when it occurred, and how many reports of the incident there are.

    Where an earlier report looks like the same incident, that is said, with the way to merge.
    """
    zone = desk.centre(order.centre_id).zone
    if order.occurred_at is not None:
        card = card.line("desk-occurred", at=Moment(order.occurred_at, zone))
    if order.merged_into is not None:
        return card.line("desk-merged-into", number=orders.load(desk, order.merged_into).number)
    count = len(joined(desk, order))
    card = card.line_if(count, "desk-joined", count=count)
    same = alike(desk, order)
    if same is None:
        return card
    since = Moment(same.reported_at, zone, "time")
    card = card.line("desk-alike", number=same.number, place=same.place, at=since)
    if not may_merge:
        return card
    label = Saying("do-desk-merge-alike", {"number": same.number})
    return card.row(do("desk.merge_with", order.id, same.id, label=label))


def alike(desk: Desk, order: Order) -> Order | None:
    """An earlier running emergency of the same kind and building, reported shortly before."""
    building = building_of(order.place)
    if order.kind is not OrderKind.EMERGENCY or not orders.is_open(order) or building is None:
        return None
    since = order.reported_at - SAME_INCIDENT_WITHIN
    for one in emergencies.reported_since(desk.connection, order.centre_id, since):
        is_same = one.emergency == order.emergency and building_of(one.place) == building
        if is_same and (one.reported_at, one.id) < (order.reported_at, order.id):
            return one
    return None


def _desk_steps(
    order: Order, *, may_call: bool, may_judge: bool, by_phone: bool
) -> list[tuple[Action, ...]]:
    """What the desk can do now; all of it ends with the history."""
    steps = []
    if orders.is_open(order):
        steps = _steps_while_open(
            order, may_call=may_call, may_downgrade=may_judge, by_phone=by_phone
        )
    steps += _steps_about_the_work(order, may_judge=may_judge)
    return [*steps, (do("desk.history", order.id),)]


def _steps_about_the_work(order: Order, *, may_judge: bool) -> list[tuple[Action, ...]]:
    """What can be said of what was done there: not mended, the same fault or not, a mishap."""
    steps: list[tuple[Action, ...]] = []
    if order.rework_of is not None and may_judge and order.state is not OrderState.CANCELLED:
        answers = (("yes", True), ("no", False))
        left = [chosen for chosen, same in answers if order.rework_confirmed is not same]
        steps.append(tuple(_found("desk.rework_found", order, one) for one in left))
    after = [do("desk.rework", order.id)] if is_repaired(order) else []
    if order.arrived_at is not None:
        after.append(do("desk.mishap", order.id))
    return [*steps, tuple(after)] if after else steps


def is_repaired(order: Order) -> bool:
    """Whether it is a repair that was done, and may turn out not to last."""
    return order.trade is Trade.REPAIR and order.result is Result.DONE


def _steps_while_open(
    order: Order, *, may_call: bool, may_downgrade: bool, by_phone: bool
) -> list[tuple[Action, ...]]:
    key = order.id
    emergency = order.kind is OrderKind.EMERGENCY
    to_come = emergency and order.started_at is None
    change = [do("desk.downgrade", key)] if may_downgrade else []
    steps: list[tuple[Action, ...]] = [
        (do("desk.assign", key), *(change if to_come else [do("desk.move", key)])),
        (*([do("order.reveal", key)] if may_call else []), do("desk.cancel", key)),
    ]
    if order.state is OrderState.HELD:
        steps.append((do("hold.over", key),))
    if emergency and may_call:
        steps.append((do("desk.merge", key),))
    if order.state is OrderState.EXPLAINED and by_phone:
        steps.append((do("desk.agree_for", key),))
    return steps


JOINED_HEAR = {
    "owner-accepted-emergency": "joined-accepted",
    "owner-expected": "joined-expected",
    "owner-expected-again": "joined-expected",
    "owner-set-out": "joined-set-out",
    "owner-arrived": "joined-arrived",
    "owner-transferred": "joined-transferred",
    "owner-return-needed": "joined-return-needed",
    "owner-held-parts": "joined-held-parts",
    "owner-resumed": "joined-resumed",
    "owner-downgraded": "joined-downgraded",
    "owner-cancelled-by-desk": "joined-cancelled",
    "owner-finished-done": "joined-finished-done",
    "owner-finished-not-solved": "joined-finished-not-solved",
    "owner-finished-no-work": "joined-finished-no-work",
}
"""What those hear whose report was merged into this one, by what its own household hears.

The progress is the same for all; prices and questions are between us and that household alone.
"""


MUST_HEAR = {
    "owner-late",
    "owner-late-expected",
    "owner-late-nobody",
    "owner-cancelled-by-desk",
    "owner-downgraded",
    "owner-held-parts",
    "owner-resumed",
    "owner-return-needed",
    "owner-finished-not-solved",
    "owner-major",
    "owner-major-answer",
    "owner-mishap",
}
"""News an owner would be angry not to have heard: nobody comes when it was said, or it is not done.

Who has taken an ordinary job, who has set out for it and that they have come is not among them.
"""


def tell_household(
    desk: Desk,
    order: Order,
    key: str,
    *actions: Action,
    card: str | None = None,
    essential: bool = False,
    **more: Fact,
) -> None:
    """Plain status to whoever ordered it, at each step (they would call otherwise, §3.10).

    Live status of one's own job is exempt from quiet hours (§3.6). A question is a `card`, so
    that its answer takes the place of its buttons. Where a platform allows one more message only,
    it is kept for questions, for all about an emergency, and for `MUST_HEAR`: the rest waits and
    goes along, though it offers a way to talk. `essential` says that this piece of news is such.
    """
    zone = desk.centre(order.centre_id).zone
    facts: dict[str, Fact] = {
        "number": order.number,
        "title": orders.title(order),
        "who": orders.technician_name(desk, order) or NOBODY,
        "now": Moment(desk.now, zone, "time"),
    }
    message = say(key, *actions, **facts, **more)
    if card:
        message = message.as_card(card, fresh=True)
    must_hear = card is not None or order.kind is OrderKind.EMERGENCY or key in MUST_HEAR
    desk.tell(
        order.person_id,
        message,
        matter=matter(order),
        by_phone=True,
        essential=essential or must_hear,
    )
    if key in JOINED_HEAR:
        for one in _other_reporters(desk, order):
            told = say(JOINED_HEAR[key], **facts, **more)
            desk.tell(one.person_id, told, matter=matter(one), by_phone=True, essential=True)


def _other_reporters(desk: Desk, order: Order) -> Collection[Order]:
    """A merged report for each further person who waits for this order."""
    merged = {one.person_id: one for one in joined(desk, order)}
    return [one for person_id, one in merged.items() if person_id != order.person_id]


def quote_card(order: Order) -> str:
    """The card that asks the owner for the price."""
    return f"quote:{order.id}"


def early_card(order: Order) -> str:
    """The card that asks the owner whether an early start is welcome."""
    return f"early:{order.id}"


def update_technician(desk: Desk, order: Order, *, fresh: bool = False) -> None:
    """Show the technician's card as it is now (after somebody else's step)."""
    if order.technician_id is not None:
        card = job_card(desk, order, order.technician_id, fresh=fresh)
        desk.tell(order.technician_id, card, matter=matter(order))
