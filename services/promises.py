"""What the company promises about time, kept as rows: deadlines while open, verdicts when judged.

The rules say when and how (`rules.response_times`); here they meet an order. A deadline's kind is
its ladder and stage ("appointment.3"); `ladders` says what each stage does.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from services.desk import Desk
from services.rules.response_times import (
    DeadlineKind,
    Due,
    Finding,
    Rule,
    Verdict,
    accept_plan,
    appointment_plan,
    emergency_accept_plan,
    emergency_plan,
    judge_arrival_window,
    judge_by,
    major_plan,
    minor_plan,
    staff_told_by,
)
from services.rules.standard import Standard
from storage import deadlines
from storage import orders as store
from storage.records import DeadlineState, Order, OrderKind, Size, VerdictRow

JUST_AFTER = timedelta(seconds=1)
"""Exactly on a limit is in time, so what happens at a missed limit happens a second later."""

LIMITS = {
    (DeadlineKind.EMERGENCY_ARRIVAL, 2),
    (DeadlineKind.APPOINTMENT, 3),
    (DeadlineKind.MINOR_COMPLETION, 3),
    (DeadlineKind.MAJOR_RESPONSE, 3),
}

STAGES = {
    DeadlineKind.EMERGENCY_ACCEPT: (1, 2, 3),
    DeadlineKind.EMERGENCY_ARRIVAL: (1, 2),
    DeadlineKind.ACCEPT: (2, 3),
    DeadlineKind.APPOINTMENT: (1, 2, 3),
    DeadlineKind.MINOR_COMPLETION: (1, 2, 3),
    DeadlineKind.MAJOR_RESPONSE: (1, 2, 3),
}
"""The stages that are rows. The first of ACCEPT is the offer's own time limit (`dispatch`)."""


def kind_of(ladder: DeadlineKind, stage: int) -> str:
    """The deadline kind of one stage of a ladder."""
    return f"{ladder}.{stage}"


def kinds_of(*ladders: DeadlineKind) -> list[str]:
    """The deadline kinds of all stages of these ladders."""
    return [kind_of(ladder, stage) for ladder in ladders for stage in STAGES[ladder]]


def promise(desk: Desk, order: Order) -> None:
    """Write the deadlines of a new order, in the unit that stores it."""
    standard, zone = desk.standard(order.centre_id), desk.zone(order.centre_id)
    plan: list[Due] = []
    if order.kind is OrderKind.EMERGENCY:
        plan += emergency_plan(order.reported_at, standard, zone, order.occurred_at)
    elif order.appointed_at is not None:
        plan += appointment_plan(order.appointed_at, standard)
        plan += _acceptance_plan(desk, order)
        if order.size is Size.MINOR:
            plan += _completion_plan(order, standard)
    _add(desk, order, plan)


def _completion_plan(order: Order, standard: Standard) -> list[Due]:
    """The stages of a minor repair's limit.

    Where the owner chose a later time there is nothing to warn of before it: only the limit stays.
    """
    plan = minor_plan(order.reported_at, _owner_chosen(order), standard)
    return [due for due in plan if not due.owner_deferred or due is plan[-1]]


def _owner_chosen(order: Order) -> datetime | None:
    """By when the owner himself wants the work done (reading 14): the end of his appointment.

    None where the later time was not his choice but all we had free: then the 24 hours stand.
    """
    if order.appointed_at is None or not order.owner_deferred:
        return None
    return order.appointed_at + timedelta(minutes=order.minutes)


def _add(desk: Desk, order: Order, plan: Iterable[Due], version: int = 0) -> None:
    rows = [
        (
            kind_of(due.kind, due.stage),
            due.at + JUST_AFTER if (due.kind, due.stage) in LIMITS else due.at,
        )
        for due in plan
        if due.stage in STAGES[due.kind]
    ]
    deadlines.add_all(desk.connection, order.id, rows, version=version)


def _acceptance_plan(desk: Desk, order: Order) -> tuple[Due, ...]:
    """Whom to call when, if nobody takes the job from now on."""
    standard, zone = desk.standard(order.centre_id), desk.zone(order.centre_id)
    if order.kind is OrderKind.EMERGENCY:
        return emergency_accept_plan(desk.now, standard)
    return accept_plan(desk.now, standard, zone, order.appointed_at)


def first_offer_until(desk: Desk, order: Order) -> datetime:
    """When the first offer of a new order lapses (its ladder is among what was promised)."""
    return _acceptance_plan(desk, order)[0].at


def expect_acceptance(desk: Desk, order: Order) -> datetime:
    """Start the ladder of a job nobody has; returns when the first offer of it lapses.

    The ladder runs from the moment the job has nobody: asking the next technician never moves
    it; only a job given back (转单) starts it anew.
    """
    plan = _acceptance_plan(desk, order)
    kinds = kinds_of(plan[0].kind)
    known = deadlines.of_subject(desk.connection, order.id, kinds)
    if all(one.state is DeadlineState.DROPPED for one in known):
        version = max((one.version + 1 for one in known), default=0)
        _add(desk, order, plan, version)
    return plan[0].at


def staff_told(desk: Desk, order: Order) -> Order:
    """Stamp the first moment at which staff heard of the order (§5.1.2, reading 23)."""
    if order.staff_told_at is not None:
        return order
    due = staff_told_by(
        order.reported_at,
        emergency=order.kind is OrderKind.EMERGENCY,
        standard=desk.standard(order.centre_id),
    )
    record(desk, order, judge_by(Rule.STAFF_TOLD, due, desk.now, desk.now))
    return store.change(desk.connection, order, staff_told_at=desk.now)


def taken(desk: Desk, order: Order) -> None:
    """Somebody has the order: nobody is asked any more."""
    waits = kinds_of(DeadlineKind.EMERGENCY_ACCEPT, DeadlineKind.ACCEPT)
    deadlines.drop(desk.connection, order.id, waits)


def arrived(desk: Desk, order: Order) -> Finding | None:
    """Judge the arrival; nobody is asked for it any more. None where it was judged before."""
    deadlines.drop(
        desk.connection,
        order.id,
        kinds_of(DeadlineKind.EMERGENCY_ARRIVAL, DeadlineKind.APPOINTMENT),
    )
    finding = judge_arrival(desk, order, order.arrived_at)
    return finding if finding is not None and record(desk, order, finding) else None


def judge_arrival(desk: Desk, order: Order, arrived_at: datetime | None) -> Finding | None:
    """The verdict on an arrival (None: not yet there) as it stands now."""
    standard = desk.standard(order.centre_id)
    if order.kind is OrderKind.EMERGENCY:
        return judge_by(Rule.EMERGENCY_ARRIVAL, emergency_due(order), arrived_at, desk.now)
    if order.appointed_at is None:
        return None
    if arrived_at is None:
        return judge_by(
            Rule.PUNCTUALITY, order.appointed_at + standard.arrival_late, None, desk.now
        )
    consent = order.early_consent_at is not None
    return judge_arrival_window(order.appointed_at, arrived_at, consent, standard)


def emergency_due(order: Order) -> datetime:
    """When somebody must be on site: the limit fixed at the report (reading 8)."""
    return order.reported_at + timedelta(minutes=order.limit_minutes or 0)


def started(desk: Desk, order: Order) -> None:
    """Handling has begun: for an emergency that is promised, too (reading 10)."""
    if order.kind is OrderKind.EMERGENCY:
        record(
            desk,
            order,
            judge_by(Rule.EMERGENCY_STARTED, emergency_due(order), order.started_at, desk.now),
        )


def finished(desk: Desk, order: Order) -> None:
    """The work is over: judge what was promised about its end."""
    _drop_all(desk, order)
    if order.size is Size.MINOR and order.kind is OrderKind.APPOINTMENT:
        record(desk, order, judge_completion(desk, order, order.finished_at))


def judge_completion(desk: Desk, order: Order, finished_at: datetime | None) -> Finding:
    """The verdict on a minor repair's 24 hours, or the later time the owner chose (reading 14)."""
    plan = minor_plan(order.reported_at, _owner_chosen(order), desk.standard(order.centre_id))
    return judge_by(Rule.MINOR_COMPLETION, plan[-1].at, finished_at, desk.now)


def called_off(desk: Desk, order: Order) -> None:
    """The order is cancelled: what had not fallen due is not applicable; a miss stays a miss."""
    _drop_all(desk, order)
    finding = judge_arrival(desk, order, order.arrived_at)
    if finding is not None and finding.verdict is Verdict.PENDING:
        rule, due = finding.rule, finding.due_at
        record(desk, order, Finding(rule, Verdict.NOT_APPLICABLE, due))


def appointment_moved(desk: Desk, order: Order) -> None:
    """New deadlines for the new time the owner has agreed to (reading 13).

    To be called after the order carries its new time, and a miss of the old one is on record.
    """
    if order.appointed_at is None:
        return
    moving = [DeadlineKind.APPOINTMENT]
    standard = desk.standard(order.centre_id)
    plan = list(appointment_plan(order.appointed_at, standard))
    if order.size is Size.MINOR:
        moving.append(DeadlineKind.MINOR_COMPLETION)
        plan += _completion_plan(order, standard)
    deadlines.drop(desk.connection, order.id, kinds_of(*moving))
    version = deadlines.newest_version(desk.connection, order.id, kinds_of(*moving)) + 1
    _add(desk, order, [due for due in plan if due.at > desk.now], version)


def became_major(desk: Desk, order: Order) -> None:
    """A large problem is answered within 72 hours of the report (reading 15)."""
    deadlines.drop(desk.connection, order.id, kinds_of(DeadlineKind.MINOR_COMPLETION))
    finding = judge_completion(desk, order, None)
    if finding.verdict is Verdict.PENDING:
        record(desk, order, Finding(finding.rule, Verdict.NOT_APPLICABLE, finding.due_at))
    _add(desk, order, major_plan(order.reported_at, desk.standard(order.centre_id)))


def answered(desk: Desk, order: Order) -> None:
    """A person has told the owner cause, plan and date of a large problem."""
    deadlines.drop(desk.connection, order.id, kinds_of(DeadlineKind.MAJOR_RESPONSE))
    record(desk, order, judge_response(desk, order, desk.now))


def judge_response(desk: Desk, order: Order, answered_at: datetime | None) -> Finding:
    """The verdict on a large problem's 72 hours."""
    due = major_plan(order.reported_at, desk.standard(order.centre_id))[-1].at
    return judge_by(Rule.MAJOR_RESPONSE, due, answered_at, desk.now)


def downgraded(desk: Desk, order: Order) -> None:
    """No emergency after all: its clock ran until now, and is waived from here (reading 11)."""
    ladders = (DeadlineKind.EMERGENCY_ACCEPT, DeadlineKind.EMERGENCY_ARRIVAL)
    deadlines.drop(desk.connection, order.id, kinds_of(*ladders))
    finding = judge_by(Rule.EMERGENCY_ARRIVAL, emergency_due(order), order.arrived_at, desk.now)
    if finding.verdict is Verdict.PENDING:
        finding = Finding(finding.rule, Verdict.WAIVED, finding.due_at)
    record(desk, order, finding)


def promise_minor(desk: Desk, order: Order) -> None:
    """The deadlines of a minor repair that was an emergency until now, counted from its report."""
    if order.size is Size.MINOR:
        standard = desk.standard(order.centre_id)
        _add(desk, order, minor_plan(order.reported_at, _owner_chosen(order), standard))


def _drop_all(desk: Desk, order: Order) -> None:
    deadlines.drop(desk.connection, order.id, kinds_of(*STAGES))


def record(desk: Desk, order: Order, finding: Finding) -> bool:
    """Keep a verdict with its order; whether it was kept.

    A miss stays a miss though a later time was kept, and what was judged by what really happened
    is not judged again by a second visit.
    """
    if finding.verdict is Verdict.PENDING:
        return False
    missed_by = finding.missed_by
    row = VerdictRow(
        id=0,
        order_id=order.id,
        rule=finding.rule.value,
        verdict=finding.verdict.value,
        due_at=finding.due_at,
        actual_at=finding.actual_at,
        missed_by_s=None if missed_by is None else int(missed_by.total_seconds()),
        recorded_at=desk.now,
        waived_by=None,
        why="",
    )
    if store.add_verdict(desk.connection, row):
        return True
    for kept in store.verdicts_of(desk.connection, order.id):
        if kept.rule == finding.rule and _stands(order, kept, finding):
            return False
    store.replace_verdict(desk.connection, row)
    return True


def _stands(order: Order, kept: VerdictRow, finding: Finding) -> bool:
    """Whether a verdict kept earlier outlives a new one on the same rule."""
    if kept.due_at == finding.due_at:
        # A time before the report is that of a clock set back: it mends no miss.
        is_real = finding.actual_at is None or finding.actual_at >= order.reported_at
        return kept.actual_at is not None or not is_real
    return kept.verdict == Verdict.MISSED
