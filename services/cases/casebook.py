"""What every part of a case's life shares: its history, whom it is about, its refusals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from services import orders, reach, residents
from services.desk import Desk
from services.errors import DomainError
from services.messages import Fact, Message, Moment, Word, dump_message
from services.reach import Barrier
from storage import cases as store
from storage import residents as roll
from storage.records import Case, Order, Resident


class CaseStep(StrEnum):
    """What can happen to a case; one line of its history each."""

    OPENED = "opened"
    REPEATED = "repeated"
    RAISED = "raised"
    REOPENED = "reopened"
    NOTED = "noted"
    TAKEN = "taken"
    CORRECTED = "corrected"
    ACTION_ASKED = "action_asked"
    ACTED = "acted"
    TOLD = "told"
    RETURNED = "returned"
    SETTLED = "settled"
    UNSETTLED = "unsettled"
    VERIFIED = "verified"
    FAILED = "failed"
    CLOSED = "closed"
    ESCALATED = "escalated"
    REVEALED = "revealed"


@dataclass(frozen=True, slots=True)
class Home:
    """What a case is about where there is no order: a home that was visited for an agreement.

    `person_id` is the customer to be told; None where no chat of theirs is known.
    """

    centre_id: int
    room_id: int
    visit_id: int
    person_id: int | None = None


# Refusals


class CaseTaken(DomainError):
    """Somebody is dealing with the case already."""

    key = "no-case-taken"


class CaseNotTaken(DomainError):
    """Nobody has taken the case yet, so no result can be recorded."""

    key = "no-case-not-taken"


class CaseCorrected(DomainError):
    """What was done about the case is on record already."""

    key = "no-case-corrected"


class NoActionAsked(DomainError):
    """No corrective action is asked for (§3.4), or it is on record already."""

    key = "no-case-action"


class NotCorrected(DomainError):
    """The case is not corrected, so there is nothing to verify."""

    key = "no-case-not-corrected"


class ActionFirst(DomainError):
    """Cause and corrective action must be on record before the verification (§3.4)."""

    key = "no-case-action-first"


class NotTheVerifier(DomainError):
    """Somebody of another role verifies cases of this grade (§3.4)."""

    key = "no-case-verifier"


class OwnWork(DomainError):
    """The verifier is never the person at fault, nor who dealt with it (§3.4)."""

    key = "no-case-own-work"


class CaseVerified(DomainError):
    """The case has been verified."""

    key = "no-case-verified"


class NothingToSettle(DomainError):
    """The case is being dealt with, so the customer has no result to judge."""

    key = "no-case-nothing-to-settle"


class NothingToExplain(DomainError):
    """The customer has not said that it is not settled, or there is a new result since."""

    key = "no-case-nothing-to-explain"


# Its book


def save(
    desk: Desk, case: Case, step: CaseStep, by: int | None, facts: Message | None = None
) -> Case:
    """Store the case as it is now, with the line of its history that says why."""
    record(desk, store.save(desk.connection, case), step, by, facts)
    return case


def record(
    desk: Desk, case: Case, step: CaseStep, by: int | None, facts: Message | None = None
) -> None:
    """A line in the case's history; `facts` are words that its card goes on to show."""
    stored = dump_message(facts) if facts else ""
    store.record(desk.connection, case.id, desk.now, step, by, stored)


def matter(case: Case) -> str:
    """What messages about the case are filed under; also the name of its card."""
    return f"case:{case.id}"


def zone_of(desk: Desk, case: Case) -> ZoneInfo:
    """The clock its dues go by."""
    return desk.zone(case.centre_id)


def waits_since(desk: Desk, case: Case) -> datetime:
    """Since when it has waited to be dealt with: it was opened, or at last opened anew."""
    history = store.history(desk.connection, case.id)
    return max((one.at for one in history if one.what == CaseStep.REOPENED), default=case.opened_at)


def where_it_stands(desk: Desk, case: Case) -> dict[str, Fact]:
    """The facts of a polite true answer: which case, who has it, since when."""
    since = case.corrected_at or case.taken_at or waits_since(desk, case)
    handler = case.handler_id
    return {
        "number": case.number,
        "who": orders.staff_name(desk, handler) if handler else Word("case-nobody"),
        "at": Moment(since, desk.centre(case.centre_id).zone),
    }


# Whom it is about


def order_of(desk: Desk, case: Case) -> Order | None:
    """The order it is about; None where it is about a home."""
    return None if case.order_id is None else orders.load(desk, case.order_id)


def customer_of(desk: Desk, case: Case) -> int | None:
    """Who is told of it; None where no chat of theirs is known."""
    order = order_of(desk, case)
    return case.person_id or (order.person_id if order else None)


def barrier_to(desk: Desk, case: Case) -> Barrier | None:
    """Why its customer cannot be written to now; None where they can."""
    return reach.of_person(desk, customer_of(desk, case))


def household_of(desk: Desk, case: Case) -> list[Resident]:
    """Who lives in the home that it is about, the customer first."""
    if case.room_id is None:
        return []
    lines = residents.living_in(desk, case.centre_id, case.room_id)
    return sorted(lines, key=lambda line: line.person_id != case.person_id)


def place_of(desk: Desk, case: Case) -> str:
    """The room of the home that it is about."""
    if case.room_id is None:
        return "—"
    return roll.room_numbers(desk.connection, [case.room_id])[case.room_id]
