"""What the year must have come to, read from the books with arithmetic of its own."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Table, select

from services.messages import load_message
from services.rules.history import Step
from storage.records import (
    Agreement,
    Case,
    CaseState,
    OrderState,
    Sample,
    Trade,
    Visit,
    VisitMethod,
    VisitSource,
    VisitState,
)
from storage.tables import (
    agreements,
    case_events,
    cases,
    endpoints,
    order_events,
    orders,
    outbox,
    samples,
    visits,
)
from tests.town import ZONE
from tests.year.exchange import Delivery

K = TypeVar("K")
V = TypeVar("V")
R = TypeVar("R")

WORK = (Step.ACCEPTED, Step.ARRIVED)
"""Whoever did one of these knows the home as a technician."""

UNANSWERED = (VisitState.REFUSED, VisitState.SILENT, VisitState.NOT_MADE)
REASONS = {state: f"sample-short-{state}".replace("_", "-") for state in UNANSWERED}
"""How each is worded where a month has too few answers."""

SUPERIORS = {"supervisor", "head"}
"""Who hears of what was not done in time."""

QUIET = ((time(12), time(14)), (time(20, 30), time.max), (time.min, time(9)))
BETWEEN_QUESTIONNAIRES = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Books:
    """All that the year has left behind, of one centre."""

    samples: list[Sample]
    visits: list[Visit]
    cases: list[Case]
    served: dict[date, dict[int, set[str]]]
    """In which rooms work was finished, of which kinds, by month on the centre's calendar."""
    steps: dict[int, set[str]]
    """What has happened to each case."""
    hands: dict[int, set[int]]
    """Who has accepted each order, or was there."""
    letters: list[Letter]
    agreements: list[Agreement] = field(default_factory=list)
    reworks: list[Rework] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Rework:
    """An order that repeats a repair: which, whether it was the same fault, and what it cost."""

    order_id: int
    first_id: int
    is_same: bool | None
    price_fen: int | None


@dataclass(frozen=True, slots=True)
class Letter:
    """A message that a platform took: where, when, its keys, and what it is unique by.

    `card` is what it shows; `in_place` says that it changed a message that was there already.
    """

    address: str
    at: datetime
    keys: tuple[str, ...]
    once: str
    card: str = ""
    in_place: bool = False


def read(centre_id: int, deliveries: Sequence[Delivery], connection: Connection) -> Books:
    """The books of the year, and what was delivered in it."""
    did = select(order_events.c.order_id, order_events.c.person_id)
    return Books(
        samples=_every(connection, Sample, samples, centre_id),
        visits=_every(connection, Visit, visits, centre_id),
        cases=_every(connection, Case, cases, centre_id),
        served=_served(connection, centre_id),
        steps=_sets(connection.execute(select(case_events.c.case_id, case_events.c.what))),
        hands=_sets(connection.execute(did.where(order_events.c.what.in_(WORK)))),
        letters=_letters(connection, deliveries),
        agreements=_every(connection, Agreement, agreements, centre_id),
        reworks=_reworks(connection, centre_id),
    )


def _reworks(connection: Connection, centre_id: int) -> list[Rework]:
    found = select(
        orders.c.id, orders.c.rework_of, orders.c.rework_confirmed, orders.c.price_fen
    ).where(orders.c.centre_id == centre_id, orders.c.rework_of.is_not(None))
    return [Rework(*row) for row in connection.execute(found)]


def _every(connection: Connection, record: type[R], table: Table, centre_id: int) -> list[R]:
    found = select(*table.c).where(table.c.centre_id == centre_id).order_by(table.c.id)
    return [record(*row) for row in connection.execute(found)]


def _served(connection: Connection, centre_id: int) -> dict[date, dict[int, set[str]]]:
    found = connection.execute(
        select(orders.c.room_id, orders.c.trade, orders.c.finished_at).where(
            orders.c.centre_id == centre_id,
            orders.c.state == OrderState.FINISHED,
            orders.c.room_id.is_not(None),
        )
    )
    served = defaultdict[date, dict[int, set[str]]](dict)
    for room_id, trade, at in found:
        month = _local(at).date().replace(day=1)
        served[month].setdefault(room_id, set()).add(trade)
    for one in _every(connection, Agreement, agreements, centre_id):
        for month in _months(one):
            # All that is agreed in the street is housekeeping.
            served[month].setdefault(one.room_id, set()).add(Trade.HOUSEKEEPING)
    return dict(served)


def _months(agreement: Agreement) -> Iterator[date]:
    """The months on any day of which it holds."""
    month = agreement.starts_on.replace(day=1)
    while month <= _last_on(agreement):
        yield month
        month = (month + timedelta(days=31)).replace(day=1)


def _last_on(agreement: Agreement) -> date:
    return agreement.ended_on or agreement.ends_on


def _letters(connection: Connection, deliveries: Sequence[Delivery]) -> list[Letter]:
    found = select(
        outbox.c.id, endpoints.c.address, outbox.c.message, outbox.c.once, outbox.c.card
    ).join(endpoints, endpoints.c.id == outbox.c.endpoint_id)
    written = {number: rest for number, *rest in connection.execute(found)}
    return [
        Letter(
            address,
            one.at,
            tuple(part.key for part in load_message(text).parts),
            once or "",
            card or "",
            one.in_place,
        )
        for one in deliveries
        for number in range(one.first, one.last + 1)
        for address, text, once, card in (written[number],)
        if address == one.address
    ]


def _sets(pairs: Iterable[tuple[K, V]]) -> dict[K, set[V]]:
    found = defaultdict[K, set[V]](set)
    for key, value in pairs:
        found[key].add(value)
    return dict(found)


def _local(at: datetime) -> datetime:
    return at.astimezone(ZoneInfo(ZONE))


# The sample (§5.4.3, readings 1-6)


def quotas(books: Books, until: date) -> Iterator[str]:
    """Each month as many answers as must be, or fewer, on record with reasons that add up.

    `until` is the first month that is not over.
    """
    by_sample = _sets((visit.sample_id, visit) for visit in books.visits)
    for sample in books.samples:
        if sample.month >= until:
            continue
        drawn = by_sample.get(sample.id, set())
        served = len(books.served.get(sample.month, ()))
        required = -(-served * 30 // 100)
        if (sample.households, sample.required) != (served, required):
            yield f"{sample.month}: {served} served, {sample} on record"
        yield from _outcome(sample, drawn, books)


def _outcome(sample: Sample, drawn: set[Visit], books: Books) -> Iterator[str]:
    states = Counter(visit.state for visit in drawn)
    recorded = sum(visit.satisfied is not None for visit in drawn)
    unanswered = sum(states[state] for state in UNANSWERED)
    if sample.concluded_at is None or recorded + unanswered != len(drawn):
        yield f"{sample.month}: {len(drawn)} drawn, {dict(states)}"
    if states[VisitState.DONE] != recorded:
        yield f"{sample.month}: {recorded} answers, {states[VisitState.DONE]} done"
    told = {
        (letter.address, *sorted(set(letter.keys) & {*REASONS.values()}))
        for letter in _heard(books, "sample-short", sample.visits_until)
    }
    reasons = sorted(REASONS[state] for state in UNANSWERED if states[state])
    is_short = recorded < (sample.required or 0)
    if told != ({(one, *reasons) for one in SUPERIORS} if is_short else set()):
        yield f"{sample.month}: {recorded} of {sample.required}, {dict(states)}, {told} heard"
    yield from _replacements(sample, drawn, books.served.get(sample.month, {}))


def _heard(books: Books, key: str, since: datetime) -> Iterator[Letter]:
    """What was said of something within a day."""
    for letter in books.letters:
        if key in letter.keys and since <= letter.at < since + timedelta(days=1):
            yield letter


def _replacements(sample: Sample, drawn: set[Visit], served: dict[int, set[str]]) -> Iterator[str]:
    """Who gave no answer while there was time has somebody in their place.

    Unless none is left who had the same kinds of service.
    """
    replaced = {visit.replaces for visit in drawn}
    rooms = {visit.room_id for visit in drawn}
    for visit in drawn:
        is_lost = visit.state in UNANSWERED and visit.ended_at is not None
        if not is_lost or visit.id in replaced or visit.ended_at >= sample.visits_until:
            continue
        alike = {room for room, kinds in served.items() if kinds == served[visit.room_id]}
        if alike - rooms:
            yield f"{sample.month}: nobody in the place of visit {visit.id}"


def draws(books: Books) -> Iterator[str]:
    """No home is drawn twice in one month, and only homes that were served."""
    for (sample_id, room_id), times in Counter(
        (visit.sample_id, visit.room_id) for visit in books.visits if visit.sample_id is not None
    ).items():
        if times > 1:
            yield f"sample {sample_id}: room {room_id} drawn {times} times"
    months = {sample.id: sample.month for sample in books.samples}
    for visit in books.visits:
        if visit.sample_id is None:
            continue
        if visit.room_id not in books.served.get(months[visit.sample_id], {}):
            yield f"visit {visit.id}: room {visit.room_id} was not served"


# Asking (§3.6)


def quiet(books: Books, pressed: dict[str, set[datetime]], live: tuple[str, ...]) -> Iterator[str]:
    """In quiet hours a household gets answers to what it does, and what is said of its own case.

    What changes in place is no message: no telephone makes a sound for it. What was to, and came as
    a message because its platform cannot, is one.
    """
    for letter in books.letters:
        if letter.in_place:
            continue
        clock = _local(letter.at).time()
        if letter.address not in pressed or not any(a <= clock < b for a, b in QUIET):
            continue
        if letter.at in pressed[letter.address] or letter.keys[0].startswith(live):
            continue
        yield f"{letter.address} at {_local(letter.at)}: {letter.keys}"


def rests(books: Books) -> Iterator[str]:
    """Between two questionnaires to one home lie thirty days."""
    asked = _sets((one.room_id, one.asked_at) for one in books.visits if one.asked_at is not None)
    for room_id, times in asked.items():
        yield from (f"room {room_id} asked {_local(at)}" for at in _too_soon(times))
    sent = _sets(
        (letter.address, letter.at)
        for letter in books.letters
        if letter.once.startswith("visit.ask:")
    )
    for address, times in sent.items():
        yield from (f"{address} was sent a questionnaire {_local(at)}" for at in _too_soon(times))


def _too_soon(times: set[datetime]) -> Iterator[datetime]:
    ordered = sorted(times)
    for before, after in pairwise(ordered):
        if after - before < BETWEEN_QUESTIONNAIRES:
            yield after


# Who visits (§5.4.2)


def visitors(books: Books) -> Iterator[str]:
    """Nobody has visited their own work."""
    named = _sets((one.id, one.worker_id) for one in books.agreements)
    for visit in books.visits:
        theirs = books.hands.get(visit.order_id or 0, set()) | named.get(visit.agreement_id, set())
        if visit.visitor_id in theirs:
            yield f"visit {visit.id}: {visit.visitor_id} visited their own work"


# Every quarter (§5.4.4, reading 20)


def quarterly(books: Books, until: date) -> Iterator[str]:
    """Each active agreement was visited on site each quarter, or superiors heard that it was not.

    `until` is the first day of the first quarter that is not over.
    """
    made = _sets(
        ((visit.agreement_id, visit.quarter), visit)
        for visit in books.visits
        if visit.source is VisitSource.QUARTERLY
    )
    for agreement in books.agreements:
        for quarter in _quarters(agreement, until):
            found = made.get((agreement.id, quarter), set())
            if len(found) != 1:
                yield f"{agreement.number}, {quarter}: {len(found)} visits"
            yield from (f"{agreement.number}, {quarter}: {one}" for one in found if _lacks(one))
            yield from (
                f"{agreement.number}, {quarter}: overdue, and {_told_of(one, books)} heard"
                for one in found
                if _told_of(one, books) != (SUPERIORS if _is_late(one) else set())
            )


def _quarters(agreement: Agreement, until: date) -> Iterator[date]:
    """Those in which it holds, but for one in whose last fourteen days it was signed."""
    quarter = agreement.starts_on.replace(month=(agreement.starts_on.month + 2) // 3 * 3 - 2, day=1)
    while quarter < until and quarter <= _last_on(agreement):
        following = (quarter + timedelta(days=92)).replace(day=1)
        if agreement.signed_on < following - timedelta(days=14):
            yield quarter
        quarter = following


def _is_late(visit: Visit) -> bool:
    return visit.ended_at is None or visit.ended_at >= visit.due_at


def _lacks(visit: Visit) -> bool:
    """Whether a visit that was made was not on site, or lacks what shows it (§5.4.1)."""
    is_shown = visit.photo is not None or visit.confirmed_at is not None
    is_made = visit.method is VisitMethod.ON_SITE and is_shown
    return visit.state is VisitState.DONE and not is_made


def _told_of(visit: Visit, books: Books) -> set[str]:
    heard = _heard(books, "quarterly-overdue", visit.due_at)
    return {letter.address for letter in heard if letter.card == f"visit:{visit.id}"}


# Cases (§3.4, §5.4.2)


def repeated(books: Books) -> Iterator[str]:
    """Rework is free, and the same fault once more is followed up as a case (§3.4, §5.2.2)."""
    about = _sets((case.order_id, case) for case in books.cases)
    for one in books.reworks:
        if one.price_fen != 0:
            yield f"order {one.order_id}: rework at {one.price_fen}"
        found = about.get(one.first_id, set())
        if one.is_same and not any(_is_in_order(case, books) for case in found):
            yield f"order {one.order_id}: the same fault, and {found}"


def followed_up(books: Books) -> Iterator[str]:
    """A dissatisfied answer ends in a closed case with the customer told, or in an escalation."""
    about = _sets((case.order_id or 0, case) for case in books.cases)
    at_home = _sets((case.visit_id, case) for case in books.cases if case.visit_id is not None)
    for visit in books.visits:
        if visit.satisfied is not False:
            continue
        found = about.get(visit.order_id or -1, set()) | at_home.get(visit.id, set())
        if not found:
            yield f"visit {visit.id}: dissatisfied, and no case"
        yield from (f"visit {visit.id}: {case}" for case in found if not _is_in_order(case, books))


def _is_in_order(case: Case, books: Books) -> bool:
    if case.state is CaseState.CLOSED:
        return _is_well_closed(case, books)
    return "escalated" in books.steps[case.id]


def _is_well_closed(case: Case, books: Books) -> bool:
    """Told, and verified by somebody who neither dealt with it nor did the work."""
    others = {case.handler_id, *books.hands.get(case.order_id or 0, set())}
    known = case.customer_told_at is not None and case.verified_at is not None
    return known and case.verifier_id is not None and case.verifier_id not in others


# What the dice have brought


def missed(books: Books) -> set[str]:
    """What has not happened in the year, of all that the proofs are there for."""
    steps = {step for of_case in books.steps.values() for step in of_case}
    said = {key for letter in books.letters for key in letter.keys}
    whys = {visit.task_why for visit in books.visits}
    happened = {
        "short": not said.isdisjoint(REASONS.values()),
        "replaced": any(visit.replaces is not None for visit in books.visits),
        "escalated": "escalated" in steps,
        "unsettled": "unsettled" in steps,
        "failed": "failed" in steps,
        "closed chat": not whys.isdisjoint({"closed", "unreached", "gone"}),
        "silent chat": "silent" in whys,
        "disputed": "disputed" in whys,
        "on site": any(visit.confirmed_at is not None for visit in books.visits),
        "quarter overdue": "quarterly-overdue" in said,
        "late signed": any(visit.late_signed for visit in books.visits),
        "the same fault": any(one.is_same for one in books.reworks),
        "another fault": any(one.is_same is False for one in books.reworks),
    }
    return {name for name, has_happened in happened.items() if not has_happened}
