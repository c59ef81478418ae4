"""The proof: what stands in the books, compared with what should, order by order, rule by rule."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection

from bot.simulation.diary import Diary, Did, Story
from bot.simulation.expectations import (
    HOUR,
    SECOND,
    Fate,
    Life,
    Outcome,
    Rung,
    opening,
    outcomes,
    rungs,
)
from bot.simulation.outages import Outages
from storage import audit
from storage.audit import File
from storage.records import (
    Case,
    CaseEvent,
    CaseState,
    Deadline,
    DeadlineState,
    OfferState,
    OrderEvent,
    OrderState,
    VerdictRow,
)

LADDERS = (
    "emergency_accept.",
    "emergency_arrival.",
    "accept.",
    "appointment.",
    "minor_completion.",
    "major_response.",
)
RULES = sorted(
    (
        "staff_told",
        "emergency_arrival",
        "emergency_started",
        "punctuality",
        "minor_completion",
        "major_response",
    )
)
RATING = ("rating.remind", "rating.close")
LAPSE = "offer.lapse"
ESCALATED = "escalated"
SLACK = SECOND
"""How much later than due something may take effect: the sweep looks several times a second."""


class Fault(StrEnum):
    """What the books may have wrong."""

    VERDICT = "verdict"
    LENGTH = "length"
    CASE = "case"
    NOT_FIRED = "not_fired"
    FIRED_TWICE = "fired_twice"
    FIRED_LATE = "fired_late"
    NOT_TOLD = "not_told"
    TOLD_TWICE = "told_twice"
    NO_OWNER = "no_owner"
    TWO_HANDS = "two_hands"
    OVERDUE = "overdue"
    MESSAGE_TWICE = "message_twice"
    UNKNOWN_ORDER = "unknown_order"


@dataclass(frozen=True, slots=True)
class Violation:
    """One thing that is wrong, and about which order (its number; "—" about none)."""

    number: str
    fault: Fault
    what: str
    expected: str = ""
    found: str = ""


@dataclass(slots=True)
class Proof:
    """What was proved: how many promises came to what, and all that is wrong."""

    promises: int = 0
    fates: dict[Fate, int] = field(default_factory=lambda: dict.fromkeys(Fate, 0))
    stages: int = 0
    unexplained: int = 0
    violations: list[Violation] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Books:
    """All that the proof reads, and the figures are counted from."""

    files: list[File]
    fired: list[Deadline]
    overdue: list[Deadline]
    repeated: list[tuple[int, str | None]]


def read_books(connection: Connection, now: datetime) -> Books:
    """The books as they stand at an instant at which the process is up."""
    return Books(
        audit.files(connection),
        audit.fired(connection),
        audit.overdue(connection, now - SLACK),
        audit.repeated_messages(connection),
    )


def prove(books: Books, diary: Diary, outages: Outages, now: datetime) -> Proof:
    """Compare the books with the diary."""
    proof = Proof()
    for file in books.files:
        story = diary.stories.get(file.order.id)
        if story is None:
            proof.violations.append(Violation(file.order.number, Fault.UNKNOWN_ORDER, "order"))
        else:
            _prove_order(proof, _Case(file, story, Life(story, now), outages, now))
    proof.violations += _deadlines(books, outages, now)
    proof.violations += [
        Violation("—", Fault.MESSAGE_TWICE, f"{person} {matter}")
        for person, matter in books.repeated
    ]
    return proof


@dataclass(frozen=True, slots=True)
class _Case:
    """One order's file beside its story."""

    file: File
    story: Story
    life: Life
    outages: Outages
    now: datetime

    @property
    def number(self) -> str:
        return self.file.order.number


def _prove_order(proof: Proof, case: _Case) -> None:
    promised = set()
    for outcome in outcomes(case.life):
        promised.add(outcome.rule)
        wrong = list(_promise(case, outcome))
        proof.promises += 1
        proof.fates[outcome.fate] += 1
        proof.unexplained += bool(wrong)
        proof.violations += wrong
    proof.violations += _one_a_rule(case, promised)
    for rung in rungs(case.life):
        proof.stages += _takes_effect(case, rung)
        proof.violations += _stage(case, rung)
    proof.violations += _told_once(case)
    proof.violations += _opens_case(case, Did.DISSATISFIED, "dissatisfied")
    proof.violations += _opens_case(case, Did.SAME_FAULT, "rework")
    proof.violations += _lives_of_cases(case)
    proof.violations += _owner_of_next_step(case)
    proof.violations += _one_pair_of_hands(case)


# A promise and its verdict


def _promise(case: _Case, outcome: Outcome) -> Iterator[Violation]:
    row = next((one for one in case.file.verdicts if one.rule == outcome.rule), None)
    found = Fate.OPEN if row is None else Fate(row.verdict)
    if found is not outcome.fate and not _is_still_to_be_written(case, outcome, row):
        yield Violation(case.number, Fault.VERDICT, outcome.rule, outcome.fate, found)
    elif row is not None and outcome.fate is Fate.MISSED:
        yield from _length(case, outcome, row)
    if outcome.fate is Fate.MISSED and outcome.case is not None:
        yield from _case_of(case, outcome)


def _is_still_to_be_written(case: _Case, outcome: Outcome, row: VerdictRow | None) -> bool:
    """A miss is written down at once, all else when the order ends, at the latest."""
    return row is None and case.life.over_at is None and outcome.fate is not Fate.MISSED


def _one_a_rule(case: _Case, promised: set[str]) -> Iterator[Violation]:
    """An order that is over has a verdict for each rule, once; what was not promised says why."""
    if case.life.over_at is None:
        return
    rows = case.file.verdicts
    if sorted(row.rule for row in rows) != RULES:
        found = ", ".join(row.rule for row in rows)
        yield Violation(case.number, Fault.VERDICT, "rules", str(len(RULES)), found)
    for row in rows:
        if row.rule not in promised and (row.verdict != Fate.NOT_APPLICABLE or not row.why):
            yield Violation(case.number, Fault.VERDICT, row.rule, "not_applicable", row.verdict)


def _length(case: _Case, outcome: Outcome, row: VerdictRow) -> Iterator[Violation]:
    """By how much it was missed: exactly, or for what never happened no longer than waited for."""
    found = -1 if row.missed_by_s is None else row.missed_by_s
    exact = outcome.missed_by
    if exact is not None:
        wanted = int(exact.total_seconds())
        if found != wanted:
            yield Violation(case.number, Fault.LENGTH, outcome.rule, f"{wanted}", f"{found}")
    elif row.actual_at is not None or not 0 <= found <= _most(outcome):
        yield Violation(case.number, Fault.LENGTH, outcome.rule, f"≤{_most(outcome)}", f"{found}")


def _most(outcome: Outcome) -> int:
    # From the agreed minute, where the time was moved within the two minutes after it.
    return int((outcome.until - outcome.limit).total_seconds()) + 120


def _case_of(case: _Case, outcome: Outcome) -> Iterator[Violation]:
    """A missed promise has a case of its source, opened once it was missed, and no later."""
    known = [one for one in case.file.cases if one.source == outcome.case]
    by = max(case.outages.swept_at(outcome.limit + SECOND), outcome.actual or outcome.limit)
    in_time = [one for one in known if one.opened_at <= by + SLACK]
    if not in_time:
        opened = str(known[0].opened_at) if known else "—"
        yield Violation(case.number, Fault.CASE, str(outcome.case), str(by), opened)
    elif outcome.case == "missed_emergency_limit" and in_time[0].grade != "serious":
        yield Violation(case.number, Fault.CASE, str(outcome.case), "serious", in_time[0].grade)


def _opens_case(case: _Case, did: Did, source: str) -> Iterator[Violation]:
    """What is said (不满意, §5.1.3; 同一故障, §3.4) opens a case in the very unit it is said in."""
    at = case.story.first(did)
    if at is not None and not any(_is_opened(one, source, at) for one in case.file.cases):
        yield Violation(case.number, Fault.CASE, source, str(at), "—")


def _is_opened(one: Case, source: str, at: datetime) -> bool:
    return one.source == source and one.opened_at == at and one.grade != "minor"


# The life of a case


def _lives_of_cases(case: _Case) -> Iterator[Violation]:
    """A case ends verified by another and told to the customer; one that waits is escalated."""
    for one in case.file.cases:
        if one.state is CaseState.CLOSED:
            yield from _end_of(case, one)
        else:
            yield from _waiting_of(case, one)


def _end_of(case: _Case, one: Case) -> Iterator[Violation]:
    """Never closed without a verification and the customer told (§3.4)."""
    hands = {one.handler_id, one.action_by, case.file.order.technician_id, None}
    if one.verified_at is None or one.verifier_id in hands:
        yield Violation(one.number, Fault.CASE, "verified", "another", str(one.verifier_id))
    if one.customer_told_at is None:
        yield Violation(one.number, Fault.CASE, "told", "—", "—")
    if one.action_due is not None and one.action_at is None:
        yield Violation(one.number, Fault.CASE, "action", str(one.action_due), "—")


def _waiting_of(case: _Case, one: Case) -> Iterator[Violation]:
    """What is due and not done has been said to somebody higher, when staff could hear it."""
    events = [event for event in case.file.case_events if event.case_id == one.id]
    for due in _dues_of(one, events):
        seen = case.outages.swept_at(opening(case.outages.swept_at(due)))
        said = [event for event in events if event.what == ESCALATED and event.at >= due]
        if seen + SLACK < case.now and not said:
            yield Violation(one.number, Fault.NOT_TOLD, one.state, str(due), "—")


def _dues_of(one: Case, events: list[CaseEvent]) -> Iterator[datetime]:
    began = max(event.at for event in events if event.what in ("opened", "reopened"))
    if one.corrected_at is None:
        yield began + 24 * HOUR
    elif one.state is CaseState.CORRECTED and one.verify_by is not None:
        is_late = one.corrected_at >= one.verify_by
        yield one.corrected_at + 24 * HOUR if is_late else one.verify_by
    if one.action_due is not None and one.action_at is None:
        yield one.action_due


# A stage of a ladder


def _takes_effect(case: _Case, rung: Rung) -> bool:
    """Whether the promise was still unmet when the stage was seen to be due."""
    seen = case.outages.swept_at(rung.due)
    return seen < rung.closes and seen <= case.now


def _stage(case: _Case, rung: Rung) -> Iterator[Violation]:
    if not _takes_effect(case, rung):
        return
    seen = case.outages.swept_at(rung.due)
    done = [row for row in case.file.deadlines if _is_stage(row, rung)]
    if not done:
        yield Violation(case.number, Fault.NOT_FIRED, rung.kind, str(rung.due), "—")
    elif len(done) > 1:
        yield Violation(case.number, Fault.FIRED_TWICE, rung.kind, "1", str(len(done)))
    elif not _is_between(done[0].fired_at, rung.due, seen + SLACK):
        yield Violation(case.number, Fault.FIRED_LATE, rung.kind, str(seen), str(done[0].fired_at))
    if rung.speaks:
        yield from _speaks(case, rung, seen)


def _is_stage(row: Deadline, rung: Rung) -> bool:
    return row.kind == rung.kind and row.due_at == rung.due and row.state is DeadlineState.DONE


def _speaks(case: _Case, rung: Rung, seen: datetime) -> Iterator[Violation]:
    """Somebody was told, where the stage was still true and the highest one when it could be."""
    at = seen if rung.by_night else case.outages.swept_at(opening(seen))
    if at >= rung.closes or at > case.now or any(higher <= at for higher in rung.above):
        return
    lines = [line for line in _escalations(case.file, rung.kind) if at <= line.at <= at + SLACK]
    if len(lines) != 1:
        yield Violation(case.number, Fault.NOT_TOLD, rung.kind, str(at), str(len(lines)))


def _escalations(file: File, kind: str) -> list[OrderEvent]:
    return [line for line in file.events if line.what == ESCALATED and stage_of(line) == kind]


def stage_of(line: OrderEvent) -> str:
    """The stage that a line of escalation speaks of."""
    facts: dict[str, str | int] = json.loads(line.facts)
    return str(facts.get("stage", ""))


def _told_once(case: _Case) -> Iterator[Violation]:
    """No stage speaks oftener than it took effect, whatever it was."""
    effects = Counter(
        (row.kind, row.fired_at)
        for row in case.file.deadlines
        if row.state is DeadlineState.DONE and row.kind.startswith(LADDERS)
    )
    stages = {kind for kind, _ in effects}
    told = Counter((kind, line.at) for kind in stages for line in _escalations(case.file, kind))
    for (kind, at), times in told.items():
        if times > effects[kind, at]:
            yield Violation(case.number, Fault.TOLD_TWICE, kind, str(effects[kind, at]), str(times))
    spoken = sum(line.what == ESCALATED for line in case.file.events)
    if spoken > told.total():
        yield Violation(case.number, Fault.TOLD_TWICE, ESCALATED, f"{told.total()}", f"{spoken}")


# An order and its hands


def _owner_of_next_step(case: _Case) -> Iterator[Violation]:
    """Who must act next: the technician, somebody who is asked, the desk, or the household."""
    order = case.file.order
    pending = {row.kind for row in case.file.deadlines if row.state is DeadlineState.PENDING}
    match order.state:
        case OrderState.CANCELLED:
            cared_for = True
        case OrderState.FINISHED:
            is_answered = order.satisfied is not None or order.rating_closed_at is not None
            cared_for = is_answered or bool(pending & set(RATING))
        case OrderState.WAITING:
            asked = any(offer.state is OfferState.OPEN for offer in case.file.offers)
            cared_for = asked or order.desk_since is not None
        case _:
            cared_for = order.technician_id is not None
    if not cared_for:
        yield Violation(case.number, Fault.NO_OWNER, order.state)


def _one_pair_of_hands(case: _Case) -> Iterator[Violation]:
    """Who accepts takes it from nobody: between two acceptances it was given back."""
    holder: int | None = None
    for line in case.file.events:
        if line.what == "accepted":
            if holder is not None:
                yield Violation(
                    case.number, Fault.TWO_HANDS, str(line.at), str(holder), str(line.person_id)
                )
            holder = line.person_id
        elif line.what == "transferred":
            holder = None
    order = case.file.order
    if holder != order.technician_id:
        found = str(order.technician_id)
        yield Violation(case.number, Fault.TWO_HANDS, order.state, str(holder), found)


# All deadlines, whatever they are about


def _deadlines(books: Books, outages: Outages, now: datetime) -> Iterator[Violation]:
    for row in books.overdue:
        yield Violation(f"#{row.subject_id}", Fault.OVERDUE, row.kind, str(row.due_at), str(now))
    for row in books.fired:
        # A reminder planned for a visit of today may be due already when it is written down.
        since = max(row.due_at, row.set_at or row.due_at)
        if not _is_between(row.fired_at, since, outages.swept_at(since) + SLACK):
            number, late = f"#{row.subject_id}", str(row.fired_at)
            yield Violation(number, Fault.FIRED_LATE, row.kind, str(row.due_at), late)


def _is_between(at: datetime | None, first: datetime, last: datetime) -> bool:
    return at is not None and first <= at <= last
