"""The life of a case (§3.4) as pure steps: a case goes in, the case one step further comes out.

opened → taken → corrected → verified → closed. Where a corrective action is asked for, cause and
action stand before the verification; before it closes, the customer has been told the result.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from services.rules import grades
from services.rules.grades import Grade
from storage.records import Case, CaseState

# Where it stands


def waits_for_action(case: Case) -> bool:
    """Whether cause and corrective action are asked for and not on record yet."""
    return case.action_due is not None and case.action_at is None


def may_be_verified(case: Case) -> bool:
    """Whether all that a verification looks at is there."""
    return case.state is CaseState.CORRECTED and not waits_for_action(case)


def is_solved(case: Case) -> bool:
    """Whether a result is on record that the customer can be told of."""
    return case.corrected_at is not None


def is_untold(case: Case) -> bool:
    """Whether there is a result that the customer does not know yet."""
    return is_solved(case) and case.customer_told_at is None


def may_close(case: Case) -> bool:
    """Never without a verification and the customer told (§3.4); their silence holds up nothing."""
    return case.state is CaseState.VERIFIED and case.customer_told_at is not None


def is_impartial(case: Case, person_id: int, involved: Collection[int]) -> bool:
    """Whether somebody may judge the case (§3.4): neither at fault nor the one who set it right.

    `involved` are those whose work it is about, and who recorded what was done.
    """
    return person_id not in {*involved, case.handler_id, case.action_by}


# Step by step


def taken(case: Case, by: int, at: datetime) -> Case:
    """Somebody has it."""
    return replace(case, state=CaseState.TAKEN, handler_id=by, taken_at=at)


def corrected(case: Case, disposition: str, words: str, at: datetime) -> Case:
    """What was done is on record."""
    return replace(
        case,
        state=CaseState.CORRECTED,
        disposition=disposition,
        correction=words,
        corrected_at=at,
    )


def asked_to_act(case: Case, due: datetime) -> Case:
    """Cause and corrective action are asked for; whoever was asked before keeps their time."""
    return case if case.action_due else replace(case, action_due=due)


def acted(case: Case, cause: str, action: str, by: int, at: datetime) -> Case:
    """Why it came about, and what keeps it from coming again, is on record."""
    return replace(case, cause=cause, action=action, action_by=by, action_at=at)


def told(case: Case, at: datetime) -> Case:
    """The customer knows the result; the first time counts."""
    return case if case.customer_told_at else replace(case, customer_told_at=at)


def untold(case: Case) -> Case:
    """What was told has not arrived: it is to be told again, and nothing closes before."""
    state = CaseState.VERIFIED if case.state is CaseState.CLOSED else case.state
    return replace(case, state=state, customer_told_at=None, closed_at=None)


def settled(case: Case, at: datetime) -> Case:
    """The customer says that it is settled."""
    return replace(case, settled=True, settled_at=at)


def verified(case: Case, by: int, at: datetime) -> Case:
    """Somebody else found that it helped."""
    return replace(case, state=CaseState.VERIFIED, verifier_id=by, verified_at=at, effective=True)


def closed(case: Case, at: datetime) -> Case:
    """The end, where nothing is left to be done; else the case as it is."""
    return replace(case, state=CaseState.CLOSED, closed_at=at) if may_close(case) else case


# Graver, and all anew


def rank(grade: str) -> int:
    """Grades in order of gravity."""
    return list(Grade).index(Grade(grade))


def raised(case: Case, grade: Grade, at: datetime, zone: ZoneInfo) -> Case:
    """A grade never falls; a higher one never makes what was due earlier due later."""
    if rank(grade) <= rank(case.grade):
        return case
    due = min(case.correct_by, grades.correct_by(grade, at, zone))
    return replace(case, grade=grade, correct_by=due)


def with_loss(case: Case, loss_fen: int) -> Case:
    """What is known of the loss; a later report never makes it less."""
    return replace(case, loss_fen=max(case.loss_fen, loss_fen))


def reopened(case: Case, at: datetime, zone: ZoneInfo) -> Case:
    """What was done did not help: everything is to be done anew, and is due anew."""
    grade = Grade(case.grade)
    return replace(
        case,
        state=CaseState.OPENED,
        correct_by=grades.correct_by(grade, at, zone),
        verify_by=grades.verify_by(grade, at, zone),
        taken_at=None,
        correction="",
        disposition=None,
        corrected_at=None,
        customer_told_at=None,
        cause="",
        action="",
        action_due=None,
        action_by=None,
        action_at=None,
        verifier_id=None,
        verified_at=None,
        effective=None,
        settled=None,
        settled_at=None,
        closed_at=None,
    )
