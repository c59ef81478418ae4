"""What the company promises about time, kept as rows: deadlines while open, verdicts when judged.

The rules say when (`rules.response_times`) and how it went (`rules.verdicts`, from the order's
history alone); here they meet an order. A deadline's kind is its ladder and stage
("appointment.3"); `ladders` says what each stage does.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from services import cases, orders
from services.desk import Desk
from services.rules import verdicts
from services.rules.grades import CaseSource
from services.rules.history import Terms
from services.rules.response_times import (
    JUST_AFTER,
    DeadlineKind,
    Due,
    Finding,
    Rule,
    Verdict,
    accept_plan,
    appointment_plan,
    emergency_accept_plan,
    emergency_plan,
    judge_by,
    major_plan,
    minor_plan,
)
from services.rules.standard import Standard
from storage import deadlines
from storage import orders as store
from storage.records import Order, OrderKind, Size, VerdictRow

LIMITS = {
    (DeadlineKind.EMERGENCY_ARRIVAL, 2): (Rule.EMERGENCY_ARRIVAL, Rule.EMERGENCY_STARTED),
    (DeadlineKind.APPOINTMENT, 3): (Rule.PUNCTUALITY,),
    (DeadlineKind.MINOR_COMPLETION, 3): (Rule.MINOR_COMPLETION,),
    (DeadlineKind.MAJOR_RESPONSE, 3): (Rule.MAJOR_RESPONSE,),
}
"""The last stages: what is missed once their time is over."""

HOLD_OVER = "hold.over"
"""A held job's date has come (`holds`)."""

CASES = {
    Rule.EMERGENCY_ARRIVAL: CaseSource.MISSED_EMERGENCY_LIMIT,
    Rule.PUNCTUALITY: CaseSource.LATE_ARRIVAL,
    Rule.MINOR_COMPLETION: CaseSource.MISSED_DEADLINE,
    Rule.MAJOR_RESPONSE: CaseSource.MISSED_DEADLINE,
}
"""What a miss is as a nonconformity (§3.4)."""

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
    standard = desk.standard(order.centre_id)
    plan: list[Due] = []
    if order.kind is OrderKind.EMERGENCY:
        limit = timedelta(minutes=order.limit_minutes or 0)
        plan += emergency_plan(order.reported_at, limit, standard)
    else:
        if order.appointed_at is not None:
            plan += appointment_plan(order.appointed_at, standard)
        plan += _acceptance_plan(desk, order)
        if order.size is Size.MINOR:
            plan += _completion_plan(order, _owner_chosen(order), standard)
    _add(desk, order, plan)


def _completion_plan(order: Order, owner_chosen: datetime | None, standard: Standard) -> list[Due]:
    """The stages of a minor repair's limit.

    Where the owner chose a later time there is nothing to warn of before it: only the limit stays.
    """
    plan = minor_plan(order.reported_at, owner_chosen, standard)
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
    deadlines.add_all(desk.connection, order.id, rows, at=desk.now, version=version)


def _acceptance_plan(desk: Desk, order: Order) -> tuple[Due, ...]:
    """Whom to call when, if nobody takes the job from now on."""
    standard, zone = desk.standard(order.centre_id), desk.zone(order.centre_id)
    if orders.is_urgent(order):
        return emergency_accept_plan(desk.now, standard)
    return accept_plan(desk.now, standard, zone, order.appointed_at)


def first_offer_until(desk: Desk, order: Order) -> datetime:
    """When the first offer of a new order lapses (its ladder is among what was promised)."""
    return _acceptance_plan(desk, order)[0].at


def expect_acceptance(desk: Desk, order: Order) -> datetime:
    """Start the ladder of a job nobody has; returns when the first offer of it lapses.

    The ladder runs from the moment the job has nobody: asking the next technician never moves it.
    """
    plan = _acceptance_plan(desk, order)
    if not deadlines.of_subject(desk.connection, order.id, kinds_of(plan[0].kind)):
        _add(desk, order, plan)
    return plan[0].at


def given_back(desk: Desk, order: Order) -> None:
    """Nobody has the job any more (转单): the ladder begins anew, however far it had climbed."""
    resumed(desk, order)
    plan = _acceptance_plan(desk, order)
    kinds = kinds_of(plan[0].kind)
    version = deadlines.newest_version(desk.connection, order.id, kinds) + 1
    _add(desk, order, plan, version)


def staff_told(desk: Desk, order: Order) -> Order:
    """Stamp the first moment at which staff heard of the order (§5.1.2, reading 23).

    That is mostly the unit that stores it: its one verdict so far needs no look at the history.
    """
    if order.staff_told_at is not None:
        return order
    if desk.now > order.reported_at:
        settle(desk, order)
    else:
        due_at = order.reported_at + orders.told_within(order, desk.standard(order.centre_id))
        told = judge_by(Rule.STAFF_TOLD, due_at, desk.now, desk.now)
        store.keep_verdict(desk.connection, _row(desk, order, told))
    return store.change(desk.connection, order, staff_told_at=desk.now)


def taken(desk: Desk, order: Order) -> None:
    """Somebody has the order: nobody is asked any more."""
    _drop(desk, order, DeadlineKind.EMERGENCY_ACCEPT, DeadlineKind.ACCEPT)


def arrived(desk: Desk, order: Order) -> None:
    """Somebody is there: nobody is asked for it any more.

    In an emergency the limit is waited for still, until handling has begun (reading 10).
    """
    waits = kinds_of(DeadlineKind.EMERGENCY_ARRIVAL, DeadlineKind.APPOINTMENT)
    if order.kind is OrderKind.EMERGENCY and order.started_at is None:
        waits.remove(kind_of(DeadlineKind.EMERGENCY_ARRIVAL, 2))
    deadlines.drop(desk.connection, order.id, waits, at=desk.now)
    settle(desk, order)


def emergency_due(order: Order) -> datetime:
    """When somebody must be on site: the limit fixed at the report (reading 8)."""
    return order.reported_at + timedelta(minutes=order.limit_minutes or 0)


def started(desk: Desk, order: Order) -> None:
    """Handling has begun: for an emergency that is promised, too (reading 10)."""
    if order.kind is OrderKind.EMERGENCY:
        _drop(desk, order, DeadlineKind.EMERGENCY_ARRIVAL)
        settle(desk, order)


def held(desk: Desk, order: Order) -> None:
    """A job is held: its date is waited for, in place of an earlier one."""
    if order.held_until is None:
        return
    resumed(desk, order)
    version = deadlines.newest_version(desk.connection, order.id, [HOLD_OVER]) + 1
    until = order.held_until
    deadlines.add(desk.connection, HOLD_OVER, order.id, until, at=desk.now, version=version)


def resumed(desk: Desk, order: Order) -> None:
    """A held job goes on: its date is waited for no longer."""
    deadlines.drop(desk.connection, order.id, [HOLD_OVER], at=desk.now)


def ended(desk: Desk, order: Order) -> None:
    """The order is finished or called off: nothing is waited for, every promise has its verdict."""
    _drop(desk, order, *STAGES)
    resumed(desk, order)
    settle(desk, order)


def appointment_moved(desk: Desk, order: Order) -> None:
    """New deadlines for the new time the owner has agreed to (reading 13).

    To be called after the order carries its new time, and its history says so: a miss of the old
    one stands.
    """
    if order.appointed_at is None:
        return
    limit = verdicts.of(Rule.MINOR_COMPLETION, settle(desk, order)).due_at
    standard = promised(desk, order)
    plan = appointment_plan(order.appointed_at, standard)
    _set_anew(desk, order, DeadlineKind.APPOINTMENT, plan)
    if order.size is Size.MINOR and limit != _limit_waited_for(desk, order):
        minor = _completion_plan(order, limit, standard)
        _set_anew(desk, order, DeadlineKind.MINOR_COMPLETION, minor)


def _limit_waited_for(desk: Desk, order: Order) -> datetime | None:
    """The limit of a minor repair for which its ladder was last set."""
    last = [kind_of(DeadlineKind.MINOR_COMPLETION, 3)]
    known = deadlines.of_subject(desk.connection, order.id, last)
    newest = max(known, key=lambda one: one.version, default=None)
    return None if newest is None else newest.due_at - JUST_AFTER


def _set_anew(desk: Desk, order: Order, ladder: DeadlineKind, plan: Iterable[Due]) -> None:
    """Other times for a ladder; what they have overtaken is not announced."""
    _drop(desk, order, ladder)
    version = deadlines.newest_version(desk.connection, order.id, kinds_of(ladder)) + 1
    _add(desk, order, [due for due in plan if due.at > desk.now], version)


def became_major(desk: Desk, order: Order) -> None:
    """A large problem is answered within 72 hours of the report (reading 15)."""
    _drop(desk, order, DeadlineKind.MINOR_COMPLETION)
    settle(desk, order)
    _add(desk, order, major_plan(order.reported_at, promised(desk, order)))


def answered(desk: Desk, order: Order) -> None:
    """A person has told the owner cause, plan and date of a large problem."""
    _drop(desk, order, DeadlineKind.MAJOR_RESPONSE)
    settle(desk, order)


def downgraded(desk: Desk, order: Order) -> None:
    """No emergency after all: its clock ran until now, and is waived from here (reading 11).

    From the report on it is a minor repair like any other.
    """
    _drop(desk, order, DeadlineKind.EMERGENCY_ACCEPT, DeadlineKind.EMERGENCY_ARRIVAL)
    settle(desk, order)
    if order.size is Size.MINOR:
        standard = promised(desk, order)
        _add(desk, order, minor_plan(order.reported_at, None, standard))


def _drop(desk: Desk, order: Order, *ladders: DeadlineKind) -> None:
    deadlines.drop(desk.connection, order.id, kinds_of(*ladders), at=desk.now)


# Verdicts


def promised(desk: Desk, order: Order) -> Standard:
    """The standard with the numbers that were promised to this order when it was registered."""
    terms = Terms.from_facts(orders.happenings(desk, order.id)[0].facts)
    return desk.standard(order.centre_id).model_copy(
        update={
            "arrival_early": terms.arrival_early,
            "arrival_late": terms.arrival_late,
            "minor_within": terms.minor_within,
            "major_within": terms.major_within,
        }
    )


def judge(desk: Desk, order_id: int) -> tuple[Finding, ...]:
    """How every promise of the order stands now, from its history alone."""
    return verdicts.judge(orders.happenings(desk, order_id), desk.now)


def settle(desk: Desk, order: Order) -> tuple[Finding, ...]:
    """Keep what is decided with the order; a miss that was not on record becomes a case (§3.4).

    What does not apply is written down when the order ends, so that each has a verdict a rule.
    Returns how every promise stands.
    """
    kept = {row.rule: row for row in store.verdicts_of(desk.connection, order.id)}
    findings = judge(desk, order.id)
    for found in findings:
        before = kept.get(found.rule)
        if not _is_decided(order, found) or (before is not None and _says(before, found)):
            continue
        store.keep_verdict(desk.connection, _row(desk, order, found))
        if before is None or before.verdict != Verdict.MISSED:
            _open_case(desk, order, found)
    return findings


def _open_case(desk: Desk, order: Order, found: Finding) -> None:
    """A miss is a nonconformity, one a source.

    Past the later time the owner chose, a visit that takes longer than planned is no slip of ours;
    what could not be solved is not late.
    """
    source = CASES.get(found.rule)
    late = found.verdict is Verdict.MISSED and bool(found.missed_by)
    if source is None or not late or _is_past_owners_time(desk, order, found):
        return
    if cases.case_about(desk, order.id, source) is None:
        cases.open_case(desk, order, source, redo=_redo(desk, order, found))


def _redo(desk: Desk, order: Order, found: Finding) -> timedelta:
    """How long mending it once more has taken (§3.4); nothing where it is no rework."""
    again = order.rework_of is not None and order.rework_confirmed is not False
    is_undone = again and found.rule is Rule.MINOR_COMPLETION
    return desk.now - order.reported_at if is_undone else timedelta(0)


def _is_past_owners_time(desk: Desk, order: Order, found: Finding) -> bool:
    """Whether the limit was the owner's own later time, not one he has moved back since."""
    if found.rule is not Rule.MINOR_COMPLETION or not order.owner_deferred or not found.due_at:
        return False
    return found.due_at > order.reported_at + promised(desk, order).minor_within


def _is_decided(order: Order, found: Finding) -> bool:
    if found.verdict is Verdict.NOT_APPLICABLE:
        return found.due_at is not None or not orders.is_open(order)
    return found.verdict is not Verdict.PENDING


def _row(desk: Desk, order: Order, found: Finding) -> VerdictRow:
    missed_by = found.missed_by
    return VerdictRow(
        id=0,
        order_id=order.id,
        rule=found.rule.value,
        verdict=found.verdict.value,
        due_at=found.due_at,
        actual_at=found.actual_at,
        missed_by_s=None if missed_by is None else int(missed_by.total_seconds()),
        recorded_at=desk.now,
        waived_by=found.waived_by,
        why=found.why.value if found.why else "",
    )


def _says(row: VerdictRow, found: Finding) -> bool:
    """Whether a verdict on record says this already; by how much a miss grows is no news."""
    said = (row.verdict, row.due_at, row.actual_at, row.waived_by, row.why)
    why = found.why.value if found.why else ""
    return said == (found.verdict, found.due_at, found.actual_at, found.waived_by, why)
