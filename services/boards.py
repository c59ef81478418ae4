"""What waits at the desk: 待派单 and 处理中, all to do (待办), whom no chat reaches (联系不上)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services import calls, cards, cases, claims, majors, orders, promises, reach, reworks
from services.desk import Desk
from services.errors import NotFound, NotYours
from services.messages import Action, Fact, Message, Moment, Saying, Word, do
from services.reach import Barrier, Why
from services.visits import cards as visit_cards
from services.visits import visiting
from storage import orders as order_store
from storage import people, residents, talks
from storage import reach as reach_store
from storage.records import Order, OrderKind, OrderState, Person, RequestState, Talk, TalkKind
from storage.visiting import Seen

UNDER_WAY = tuple(state for state in order_store.OPEN_STATES if state is not OrderState.WAITING)

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Row:
    """One thing on a board: since when or until when it counts, its line, and what opens it."""

    at: datetime
    line: Saying
    open: Action


# 待派单 and 处理中


def waiting(desk: Desk, by: Person) -> list[Row]:
    """Orders nobody has: emergencies, rework, those the desk must place, those being offered.

    Raises:
        NotYours: not of any centre's desk.
    """
    found = _orders_in(desk, by, [OrderState.WAITING])
    found.sort(key=lambda order: (_rank(order), order.reported_at, order.id))
    return [_row(order, _waiting_line(desk, order)) for order in found]


def _rank(order: Order) -> tuple[int, bool]:
    return orders.precedence(order), order.desk_since is None


def _waiting_line(desk: Desk, order: Order) -> Saying:
    if orders.is_urgent(order):
        left = (promises.emergency_due(order) - desk.now) // _MINUTE
        if left < 0:
            return Saying("board-emergency-over", _facts(desk, order, minutes=-left))
        return Saying("board-emergency", _facts(desk, order, minutes=left))
    key = "board-place" if order.desk_since is not None else "board-offered"
    return Saying(f"{key}-{_time_known(order)}", _facts(desk, order))


def running(desk: Desk, by: Person) -> list[Row]:
    """Orders somebody has: emergencies, rework, then by their time; disputed arrivals are flagged.

    Raises:
        NotYours: not of any centre's desk.
    """
    found = _orders_in(desk, by, UNDER_WAY)
    found.sort(key=lambda one: (_rank(one), one.appointed_at or one.reported_at, one.id))
    return [_row(order, _running_line(desk, order)) for order in found]


def _running_line(desk: Desk, order: Order) -> Saying:
    key = "board-running-disputed" if order.arrival_disputed_at else "board-running"
    return Saying(f"{key}-{_time_known(order)}", _facts(desk, order))


def _time_known(order: Order) -> str:
    return "at" if order.appointed_at is not None else "since"


def _orders_in(desk: Desk, by: Person, states: Sequence[OrderState]) -> list[Order]:
    mine = orders.centres_of(desk, by)
    if not mine:
        raise NotYours
    return [
        order for centre in mine for order in order_store.in_states(desk.connection, centre, states)
    ]


def _facts(desk: Desk, order: Order, **more: Fact) -> dict[str, Fact]:
    zone = desk.centre(order.centre_id).zone
    return {
        "number": order.number,
        "title": orders.title(order),
        "place": order.place,
        "state": orders.state_word(order),
        "who": orders.technician_name(desk, order) or cards.NOBODY,
        "at": Moment(order.appointed_at or order.reported_at, zone),
        "joined": len(cards.joined(desk, order)),
        **more,
    }


def _row(order: Order, line: Saying) -> Row:
    label = Saying(_label_key(order), {"number": order.number})
    return Row(order.reported_at, line, do("desk.order", order.id, label=label))


def _label_key(order: Order) -> str:
    if order.kind is OrderKind.EMERGENCY:
        return "board-label-emergency"
    return "board-label" if order.rework_of is None else "board-label-rework"


# 待办


def todo(desk: Desk, by: Person) -> list[Row]:
    """Everything a person of the desk must see to, what is due soonest first.

    Cases, people who wait for an answer, telephone calls, claims to rooms, large problems whose
    owner has not been answered, rework of which nobody could tell whether the fault is the same,
    and the return visits that this person is named for. The business
    department has no desk of its own: cases only.

    Raises:
        NotYours: not of any centre's desk.
    """
    served = orders.centres_of(desk, by)
    if not served:
        raise NotYours
    mine = orders.centres_held(desk, by, *orders.DESK_ROLES)
    rows = [
        *_case_rows(desk, by),
        *_talk_rows(desk, mine),
        *_phone_rows(desk, mine),
        *_claim_rows(desk, by),
        *_major_rows(desk, by),
        *_rework_rows(desk, by),
        *_visit_rows(desk, by),
    ]
    return sorted(rows, key=lambda row: row.at)


def _case_rows(desk: Desk, by: Person) -> Iterable[Row]:
    for task in cases.todo(desk, by):
        case = task.case
        facts: dict[str, Fact] = {
            "number": case.number,
            "grade": Word(f"grade-{case.grade}"),
            "due": _moment(desk, case.centre_id, task.due_at),
        }
        label = Saying("todo-label-case", {"number": case.number})
        line = Saying(f"todo-case-{task.what}", facts)
        yield Row(task.due_at, line, do("case.show", case.id, label=label))


def _talk_rows(desk: Desk, centre_ids: Sequence[int]) -> Iterable[Row]:
    for centre_id in centre_ids:
        for talk in talks.waiting_in(desk.connection, centre_id):
            key = "todo-control-talk" if talk.kind is TalkKind.CONTROL else "todo-talk"
            facts: dict[str, Fact] = {
                "who": _asker(desk, talk),
                "at": _moment(desk, centre_id, talk.opened_at),
            }
            take = do("talk.take", talk.id, label=Saying("todo-label-talk", facts))
            yield Row(talk.opened_at, Saying(key, facts), take)


def _asker(desk: Desk, talk: Talk) -> Fact:
    return people.person(desk.connection, talk.asker_id).name or Word("a-stranger")


def _claim_rows(desk: Desk, by: Person) -> Iterable[Row]:
    for centre_id in orders.centres_held(desk, by, *claims.DECIDERS):
        for request in claims.waiting(desk, centre_id):
            facts: dict[str, Fact] = {
                "room": request.room_no,
                "name": request.name,
                "at": _moment(desk, centre_id, request.created_at),
            }
            label = Saying("todo-label-claim", facts)
            show = do("board.claim", request.id, label=label)
            yield Row(request.created_at, Saying("todo-claim", facts), show)


def claim_card(desk: Desk, request_id: int, by: Person) -> Message:
    """A claim that waits, for those who decide on it.

    Raises:
        NotYours: not of that centre; NotFound: it has been decided.
    """
    request = residents.request(desk.connection, request_id)
    if request is None or request.centre_id not in orders.centres_of(desk, by, *claims.DECIDERS):
        raise NotYours
    if request.state is not RequestState.OPEN:
        raise NotFound
    return replace(claims.review_card(desk, request), fresh=True)


def _major_rows(desk: Desk, by: Person) -> Iterable[Row]:
    where = orders.centres_held(desk, by, *majors.ANSWERERS)
    for order in majors.unanswered(desk, where):
        due = majors.answer_due(desk, order)
        facts = _facts(desk, order, due=_moment(desk, order.centre_id, due))
        label = Saying("todo-label-major", {"number": order.number})
        yield Row(due, Saying("todo-major", facts), do("major.answer", order.id, label=label))


def _rework_rows(desk: Desk, by: Person) -> Iterable[Row]:
    where = orders.centres_held(desk, by, *reworks.JUDGES)
    for order in reworks.untold(desk, where) if where else ():
        line = Saying("todo-rework", _facts(desk, order))
        yield replace(_row(order, line), at=order.finished_at or order.reported_at)


def _visit_rows(desk: Desk, by: Person) -> Iterable[Row]:
    for seen in visiting.named_for(desk, by):
        line = visit_cards.line(desk, seen)
        yield _visit_row(seen, Saying(line.key.replace("board-visit", "todo-visit"), line.facts))


# 回访


def return_visits(desk: Desk, by: Person) -> list[Row]:
    """The return visits that wait for a person, the soonest due first.

    Raises:
        NotYours: the person makes none in any centre.
    """
    return [_visit_row(seen, visit_cards.line(desk, seen)) for seen in visiting.waiting(desk, by)]


def _visit_row(seen: Seen, line: Saying) -> Row:
    label = Saying("board-label-visit", {"room": seen.room.room_no})
    return Row(seen.visit.due_at, line, do("visiting.show", seen.visit.id, label=label))


def _moment(desk: Desk, centre_id: int, at: datetime) -> Moment:
    return Moment(at, desk.centre(centre_id).zone)


# Telephone calls


def _phone_rows(desk: Desk, centre_ids: Sequence[int]) -> Iterable[Row]:
    for call in calls.waiting(desk, centre_ids):
        facts: dict[str, Fact] = {**calls.facts(desk, call), "count": len(call.tasks)}
        key = "todo-phone" if len(call.tasks) == 1 else "todo-phone-several"
        show = do("phone.show", call.first.id, label=Saying("todo-label-phone", facts))
        yield Row(call.first.created_at, Saying(key, facts), show)


# 联系不上


def unreached(desk: Desk, by: Person) -> list[Row]:
    """Who waits to hear of an order or a case and cannot be written to, by their next visit.

    A line a person, which opens the order that brings us to them soonest.

    Raises:
        NotYours: not of any centre's desk.
    """
    return [
        _row(order, Saying(f"board-unreached-{found.why}", _unreached_facts(desk, order, found)))
        for order, found in _unreached(desk, by)
    ]


def others_unreached(desk: Desk, by: Person) -> Saying | None:
    """How many more, of those bound to a home, could not be written to if there were a reason.

    Raises:
        NotYours: not of any centre's desk.
    """
    others: set[int] = set()
    for centre_id in orders.centres_of(desk, by):
        today = desk.today(centre_id)
        others |= reach_store.bound_unreached(desk.connection, centre_id, today, desk.now)
    others -= {order.person_id or 0 for order, _ in _unreached(desk, by)}
    return Saying("board-unreached-others", {"count": len(others)}) if others else None


def _unreached(desk: Desk, by: Person) -> list[tuple[Order, Barrier]]:
    """The soonest order of each person who cannot be written to, and why they cannot."""
    mine = orders.centres_of(desk, by)
    if not mine:
        raise NotYours
    waited = [one for centre in mine for one in reach_store.concerned(desk.connection, centre)]
    waited.sort(key=_next_visit)
    barred = reach.barriers(desk, {one.person_id for one in waited if one.person_id is not None})
    soonest = {one.person_id or one.contact_phone: one for one in reversed(waited)}
    return [
        (order, barred.get(order.person_id or 0, Barrier(Why.NO_CHAT)))
        for order in sorted(soonest.values(), key=_next_visit)
        if order.person_id is None or order.person_id in barred
    ]


def _next_visit(order: Order) -> tuple[int, datetime, int]:
    """What brings somebody to them soonest: an emergency, a visit with a time, the rest."""
    if not orders.is_open(order):
        return 3, order.reported_at, order.id
    if orders.is_urgent(order):
        return 0, order.reported_at, order.id
    rank = 2 if order.appointed_at is None else 1
    return rank, order.appointed_at or order.reported_at, order.id


_VISITS = (Word("visit-now"), None, Word("visit-unset"), Word("visit-over"))


def _unreached_facts(desk: Desk, order: Order, found: Barrier) -> dict[str, Fact]:
    rank, at, _ = _next_visit(order)
    return {
        "place": order.place,
        "name": order.contact_name or Word("a-stranger"),
        "number": order.number,
        "title": orders.title(order),
        "visit": _VISITS[rank] or _moment(desk, order.centre_id, at),
        **reach.facts(desk, order, found),
    }
