"""What happens at each stage of each ladder (§3.5): who is asked, told, and when a case is opened.

Every function re-reads the order and says only what is still true. Emergencies speak day and
night; other alerts to staff wait for their hours. After an outage several stages of a ladder are
due at once: then only the newest speaks.
"""

from __future__ import annotations

from services import cards, cases, dispatch, orders, promises, roster
from services.desk import Desk
from services.due import on_due
from services.lifecycle import Step
from services.messages import Message, Minutes, do, say
from services.promises import kind_of
from services.rules.grades import CaseSource
from services.rules.response_times import DeadlineKind as Ladder
from services.rules.response_times import Finding, Verdict
from storage import deadlines
from storage.records import Deadline, DeadlineState, Order, OrderState, Role, Size

ON_THE_WAY = (OrderState.WAITING, OrderState.ACCEPTED, OrderState.SET_OUT)


def _speaks(desk: Desk, deadline: Deadline) -> bool:
    """Whether this stage is the newest of its ladder that is due."""
    ladder = Ladder(deadline.kind.rpartition(".")[0])
    stages = deadlines.of_subject(desk.connection, deadline.subject_id, promises.kinds_of(ladder))
    return not any(
        one.state is DeadlineState.PENDING
        and one.due_at <= desk.now
        # Two stages may be put off to the opening of one morning: the higher one speaks.
        and (deadline.due_at, deadline.kind) < (one.due_at, one.kind)
        for one in stages
    )


def _speaks_now(desk: Desk, order: Order, deadline: Deadline) -> bool:
    """The same for alerts that wait for staff hours: outside of them it is put off."""
    return _speaks(desk, deadline) and not roster.staff_hours_put_off(
        desk, order.centre_id, deadline.kind, order.id
    )


def _alert(desk: Desk, order: Order, deadline: Deadline, roles: list[Role], key: str) -> None:
    """Tell these roles, with the order's card; a line in the history says who was told."""
    minutes = int((desk.now - order.reported_at).total_seconds() // 60)
    head = say(
        key,
        number=order.number,
        since=Minutes(minutes),
        who=orders.technician_name(desk, order) or cards.NOBODY,
    )
    card = cards.desk_card(desk, order, may_call=Role.CS in roles or Role.CONTROL in roles)
    told = roster.alert(
        desk,
        order.centre_id,
        roles,
        Message((*head.parts, *card.parts), card.rows, card=card.card, fresh=True),
        matter=cards.matter(order),
        once=deadline.once,
    )
    orders.note(desk, order, Step.ESCALATED, None, stage=deadline.kind, told=len(told))


def _ask_technician(desk: Desk, order: Order, deadline: Deadline, key: str) -> None:
    if order.technician_id is None:
        return
    head = say(key, number=order.number)
    card = cards.job_card(desk, order, order.technician_id)
    desk.tell(
        order.technician_id,
        Message((*head.parts, *card.parts), card.rows, card=card.card, fresh=True),
        matter=cards.matter(order),
        once=f"{deadline.once}:technician",
        everywhere=True,
    )


# Emergency: nobody has accepted


@on_due(kind_of(Ladder.EMERGENCY_ACCEPT, 1))
def emergency_untaken(desk: Desk, deadline: Deadline) -> None:
    """After a minute: everyone on duty, whatever the skill, and the control centre."""
    order = orders.load(desk, deadline.subject_id)
    if order.state is OrderState.WAITING and _speaks(desk, deadline):
        dispatch.call_everybody(desk, order)
        _alert(desk, order, deadline, [Role.CONTROL, Role.CS], "alert-emergency-untaken")


@on_due(kind_of(Ladder.EMERGENCY_ACCEPT, 2))
def emergency_untaken_supervisor(desk: Desk, deadline: Deadline) -> None:
    """After three minutes: the supervisor."""
    order = orders.load(desk, deadline.subject_id)
    if order.state is OrderState.WAITING and _speaks(desk, deadline):
        dispatch.call_everybody(desk, order)
        _alert(desk, order, deadline, [Role.SUPERVISOR], "alert-emergency-untaken")


@on_due(kind_of(Ladder.EMERGENCY_ACCEPT, 3))
def emergency_untaken_head(desk: Desk, deadline: Deadline) -> None:
    """After five minutes: the department head."""
    order = orders.load(desk, deadline.subject_id)
    if order.state is OrderState.WAITING:
        dispatch.call_everybody(desk, order)
        _alert(desk, order, deadline, [Role.HEAD], "alert-emergency-untaken")


# Emergency: nobody has arrived


@on_due(kind_of(Ladder.EMERGENCY_ARRIVAL, 1))
def emergency_arrival_near(desk: Desk, deadline: Deadline) -> None:
    """At 70 % of the limit: the technician and customer service."""
    order = orders.load(desk, deadline.subject_id)
    if order.state in ON_THE_WAY and _speaks(desk, deadline):
        _ask_technician(desk, order, deadline, "job-limit-near")
        _alert(desk, order, deadline, [Role.CS], "alert-emergency-arrival-near")


@on_due(kind_of(Ladder.EMERGENCY_ARRIVAL, 2))
def emergency_arrival_missed(desk: Desk, deadline: Deadline) -> None:
    """At the limit: the miss is recorded, the head told, a serious case opened (§3.4)."""
    order = orders.load(desk, deadline.subject_id)
    if order.state not in ON_THE_WAY:
        return
    _record(desk, order, promises.judge_arrival(desk, order, None))
    _alert(desk, order, deadline, [Role.HEAD], "alert-emergency-arrival-missed")
    cases.open_case(desk, order, CaseSource.MISSED_EMERGENCY_LIMIT)


def _record(desk: Desk, order: Order, finding: Finding | None) -> None:
    if finding is not None and finding.verdict is Verdict.MISSED:
        promises.record(desk, order, finding)


# An ordinary job nobody has accepted (its first stage is the offer's own limit, in `dispatch`)


@on_due(kind_of(Ladder.ACCEPT, 2))
def untaken_supervisor(desk: Desk, deadline: Deadline) -> None:
    """After half an hour: the supervisor."""
    _untaken(desk, deadline, Role.SUPERVISOR)


@on_due(kind_of(Ladder.ACCEPT, 3))
def untaken_head(desk: Desk, deadline: Deadline) -> None:
    """After two hours: the department head."""
    _untaken(desk, deadline, Role.HEAD)


def _untaken(desk: Desk, deadline: Deadline, role: Role) -> None:
    order = orders.load(desk, deadline.subject_id)
    if order.state is OrderState.WAITING and _speaks_now(desk, order, deadline):
        _alert(desk, order, deadline, [role], "alert-untaken")


# An appointment


@on_due(kind_of(Ladder.APPOINTMENT, 1))
def appointment_near(desk: Desk, deadline: Deadline) -> None:
    """Thirty minutes before: the technician is asked, and the desk alarmed where there is none.

    The household's reminder has hours of its own (`reminders`).
    """
    order = orders.load(desk, deadline.subject_id)
    if order.state not in ON_THE_WAY or not _speaks(desk, deadline):
        return
    _ask_technician(desk, order, deadline, "job-appointment-near")
    if order.state is OrderState.WAITING:
        _alert(desk, order, deadline, [Role.CS, Role.SUPERVISOR], "alert-appointment-nobody")


@on_due(kind_of(Ladder.APPOINTMENT, 2))
def appointment_now(desk: Desk, deadline: Deadline) -> None:
    """At the agreed minute: the technician is asked."""
    order = orders.load(desk, deadline.subject_id)
    if order.state in ON_THE_WAY and _speaks(desk, deadline):
        _ask_technician(desk, order, deadline, "job-appointment-now")


@on_due(kind_of(Ladder.APPOINTMENT, 3))
def appointment_missed(desk: Desk, deadline: Deadline) -> None:
    """Past two minutes: the owner is told the truth, and a case is opened (§3.4)."""
    order = orders.load(desk, deadline.subject_id)
    finding = promises.judge_arrival(desk, order, None)
    if order.state not in ON_THE_WAY or finding is None or finding.verdict is not Verdict.MISSED:
        return
    _record(desk, order, finding)
    cards.tell_household(desk, order, "owner-late", do("talk.start"), do("order.move", order.id))
    _ask_technician(desk, order, deadline, "job-late")
    cases.open_case(desk, order, CaseSource.LATE_ARRIVAL)


# A minor repair's 24 hours, a large problem's 72


@on_due(kind_of(Ladder.MINOR_COMPLETION, 1))
def minor_near(desk: Desk, deadline: Deadline) -> None:
    """After 18 hours: the technician and customer service."""
    order = orders.load(desk, deadline.subject_id)
    if _unfinished(order, Size.MINOR) and _speaks_now(desk, order, deadline):
        _ask_technician(desk, order, deadline, "job-minor-near")
        _alert(desk, order, deadline, [Role.CS], "alert-minor-near")


@on_due(kind_of(Ladder.MINOR_COMPLETION, 2))
def minor_very_near(desk: Desk, deadline: Deadline) -> None:
    """After 22 hours: the department head."""
    _unfinished_head(desk, deadline, Size.MINOR, "alert-minor-near")


@on_due(kind_of(Ladder.MINOR_COMPLETION, 3))
def minor_missed(desk: Desk, deadline: Deadline) -> None:
    """After 24 hours a miss and a case; past the later time the owner chose, a miss on record.

    That time is the end of the visit as planned: a visit that takes longer is no slip of ours,
    and whether it began on time is judged by the appointment.
    """
    order = orders.load(desk, deadline.subject_id)
    if _unfinished(order, Size.MINOR):
        _record(desk, order, promises.judge_completion(desk, order, None))
        if not order.owner_deferred:
            cases.open_case(desk, order, CaseSource.MISSED_DEADLINE)


@on_due(kind_of(Ladder.MAJOR_RESPONSE, 1))
def major_near(desk: Desk, deadline: Deadline) -> None:
    """After 48 hours: customer service and the supervisor, who must answer the owner."""
    order = orders.load(desk, deadline.subject_id)
    if _unfinished(order, Size.MAJOR) and _speaks_now(desk, order, deadline):
        _alert(desk, order, deadline, [Role.CS, Role.SUPERVISOR], "alert-major-near")


@on_due(kind_of(Ladder.MAJOR_RESPONSE, 2))
def major_very_near(desk: Desk, deadline: Deadline) -> None:
    """After 66 hours: the department head."""
    _unfinished_head(desk, deadline, Size.MAJOR, "alert-major-near")


@on_due(kind_of(Ladder.MAJOR_RESPONSE, 3))
def major_missed(desk: Desk, deadline: Deadline) -> None:
    """After 72 hours without an answer: a miss and a case."""
    order = orders.load(desk, deadline.subject_id)
    if _unfinished(order, Size.MAJOR):
        _record(desk, order, promises.judge_response(desk, order, None))
        cases.open_case(desk, order, CaseSource.MISSED_DEADLINE)


def _unfinished(order: Order, size: Size) -> bool:
    over = (OrderState.FINISHED, OrderState.CANCELLED)
    return order.size is size and order.state not in over


def _unfinished_head(desk: Desk, deadline: Deadline, size: Size, key: str) -> None:
    order = orders.load(desk, deadline.subject_id)
    if _unfinished(order, size) and _speaks_now(desk, order, deadline):
        _alert(desk, order, deadline, [Role.HEAD], key)
