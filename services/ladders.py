"""What happens at each stage of each ladder (§3.5): who is asked, who is told.

`RUNGS` is the whole of it. A stage re-reads the order and speaks only while its promise is open.
Ladders that wait for staff hours are put off to them. After an outage several stages of a ladder
are due at once: then only the newest speaks. At a limit the miss is put on record, whatever the
hour, and its case opened (`promises.settle`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from services import cards, dispatch, expected, orders, promises, roster
from services.desk import Desk
from services.due import on_due
from services.messages import Message, Minutes, say
from services.promises import LIMITS, STAGES, kind_of
from services.rules.history import Step
from services.rules.response_times import DeadlineKind as Ladder
from services.rules.response_times import Verdict
from services.rules.standard import Recipient, Standard
from storage import deadlines
from storage.records import Deadline, DeadlineState, Order, OrderState, Role, Size

ON_THE_WAY = (OrderState.WAITING, OrderState.ACCEPTED, OrderState.SET_OUT)

Rest = Callable[[Desk, Order, Deadline], None]


@dataclass(frozen=True, slots=True)
class Rung:
    """One stage of a ladder, taken while `still` holds.

    `tell` finds in the centre's standard who is told; `words` are what the desk hears and `ask`
    what the technician does, where named. `first` happens before, `rest` after that.
    """

    still: Callable[[Order], bool]
    words: Callable[[Order], str | None] | None = None
    tell: Callable[[Standard], Sequence[Recipient]] = lambda _standard: ()
    ask: str | None = None
    first: Callable[[Desk, Order], None] | None = None
    rest: Rest | None = None


def climb(desk: Desk, deadline: Deadline) -> None:
    """Take the stage that is due, if there is still anything to say."""
    ladder, stage = _stage(deadline)
    order, rung = orders.load(desk, deadline.subject_id), RUNGS[ladder, stage]
    if not rung.still(order) or not _speaks(desk, deadline):
        return
    if (ladder, stage) in LIMITS:
        if not _is_missed(desk, order, deadline):
            return
    elif _waits(desk, order, ladder, deadline):
        return
    _speak(desk, order, rung, deadline)


def _stage(deadline: Deadline) -> tuple[Ladder, int]:
    ladder, _, stage = deadline.kind.rpartition(".")
    return Ladder(ladder), int(stage)


def _speaks(desk: Desk, deadline: Deadline) -> bool:
    """Whether this stage is the newest of its ladder that is due, acted on already or not."""
    ladder, _ = _stage(deadline)
    stages = deadlines.of_subject(desk.connection, deadline.subject_id, promises.kinds_of(ladder))
    return not any(
        one.state is not DeadlineState.DROPPED
        and one.due_at <= desk.now
        # Two stages may be put off to the opening of one morning: the higher one speaks.
        and (deadline.due_at, deadline.kind) < (one.due_at, one.kind)
        for one in stages
    )


def _waits(desk: Desk, order: Order, ladder: Ladder, deadline: Deadline) -> bool:
    """Whether the stage is put off to the hours in which staff get ordinary alerts."""
    if ladder.value in desk.standard(order.centre_id).night_ladders:
        return False
    return roster.staff_hours_put_off(desk, order.centre_id, deadline.kind, order.id)


def _is_missed(desk: Desk, order: Order, deadline: Deadline) -> bool:
    """Put the miss on record, with a line in the history that says when it was seen."""
    orders.note(desk, order, Step.ESCALATED, None, stage=deadline.kind)
    rules = LIMITS[_stage(deadline)]
    found = [one for one in promises.settle(desk, order) if one.rule in rules]
    return any(one.verdict is Verdict.MISSED for one in found)


def _speak(desk: Desk, order: Order, rung: Rung, deadline: Deadline) -> None:
    if rung.first is not None:
        rung.first(desk, order)
    told = rung.tell(desk.standard(order.centre_id))
    if rung.ask is not None and (Recipient.TECHNICIAN in told or rung.words is None):
        _ask_technician(desk, order, deadline, rung.ask)
    roles = roster.roles_of(told)
    key = rung.words(order) if rung.words is not None else None
    if key is not None and roles:
        _alert(desk, order, deadline, roles, key)
    if rung.rest is not None:
        rung.rest(desk, order, deadline)


def _alert(desk: Desk, order: Order, deadline: Deadline, roles: Sequence[Role], key: str) -> None:
    """Tell these roles, with the order's card; a line in the history says how many were told."""
    minutes = int((desk.now - order.reported_at).total_seconds() // 60)
    head = say(
        key,
        number=order.number,
        within=_within(desk, order),
        since=Minutes(minutes),
        left=_left(desk, order),
        who=orders.technician_name(desk, order) or cards.NOBODY,
    )
    told = roster.alert(
        desk,
        order.centre_id,
        roles,
        partial(cards.alert_for, desk, order, head),
        matter=cards.matter(order),
        once=deadline.once,
    )
    if _stage(deadline) not in LIMITS:
        orders.note(desk, order, Step.ESCALATED, None, stage=deadline.kind, told=len(told))


def _ask_technician(desk: Desk, order: Order, deadline: Deadline, key: str) -> None:
    if order.technician_id is None:
        return
    head = say(key, number=order.number, left=_left(desk, order), within=_within(desk, order))
    card = cards.job_card(desk, order, order.technician_id)
    desk.tell(
        order.technician_id,
        Message((*head.parts, *card.parts), card.rows, card=card.card, fresh=True),
        matter=cards.matter(order),
        once=f"{deadline.once}:technician",
        everywhere=True,
    )


def _left(desk: Desk, order: Order) -> Minutes:
    """How long it is to the agreed time: a stage may be late, or a centre have its own times."""
    left = (order.appointed_at or desk.now) - desk.now
    return Minutes(max(0, -(-int(left.total_seconds()) // 60)))


def _within(desk: Desk, order: Order) -> Minutes:
    """What was promised of a repair: its completion, of a large problem the answer."""
    promised = promises.promised(desk, order)
    length = promised.major_within if order.size is Size.MAJOR else promised.minor_within
    return Minutes(int(length.total_seconds()) // 60)


# While what holds


def _waiting(order: Order) -> bool:
    return order.state is OrderState.WAITING


def _on_the_way(order: Order) -> bool:
    return order.state in ON_THE_WAY


def _not_handled(order: Order) -> bool:
    """Nobody is there, or somebody is and has not begun (reading 10)."""
    return orders.is_open(order) and order.started_at is None


def _minor(order: Order) -> bool:
    return order.size is Size.MINOR and orders.is_open(order)


def _major(order: Order) -> bool:
    return order.size is Size.MAJOR and orders.is_open(order)


# In which words


def _says(key: str) -> Callable[[Order], str | None]:
    return lambda _order: key


def _nobody_there(order: Order) -> str | None:
    """The limit is measured to arrival; the start of handling is stamped beside it (reading 10)."""
    return "alert-emergency-arrival-missed" if order.arrived_at is None else None


# And what else happens


def _near(desk: Desk, order: Order, deadline: Deadline) -> None:
    """Thirty minutes before, and nobody has it: the desk is alarmed.

    The household's reminder has hours of its own (`reminders`).
    """
    if order.technician_id is None:
        told = desk.standard(order.centre_id).appointment_tell
        roles = roster.roles_of(told)
        _alert(desk, order, deadline, roles, "alert-appointment-nobody")


def _ask_to_begin(desk: Desk, order: Order, deadline: Deadline) -> None:
    """There in time, and handling not stamped: the technician is asked."""
    if order.arrived_at is not None:
        _ask_technician(desk, order, deadline, "job-not-started")


def _late(desk: Desk, order: Order, _deadline: Deadline) -> None:
    """Past two minutes: the owner is told the truth, and the new time."""
    expected.tell_late(desk, order)


RUNGS: dict[tuple[Ladder, int], Rung] = {
    # An emergency nobody has accepted: everyone on duty is called at each stage, whatever the skill
    (Ladder.EMERGENCY_ACCEPT, 1): Rung(
        _waiting,
        _says("alert-emergency-untaken"),
        lambda standard: standard.emergency_accept_tell[0],
        first=dispatch.call_everybody,
    ),
    (Ladder.EMERGENCY_ACCEPT, 2): Rung(
        _waiting,
        _says("alert-emergency-untaken"),
        lambda standard: standard.emergency_accept_tell[1],
        first=dispatch.call_everybody,
    ),
    (Ladder.EMERGENCY_ACCEPT, 3): Rung(
        _waiting,
        _says("alert-emergency-untaken"),
        lambda standard: standard.emergency_accept_tell[2],
        first=dispatch.call_everybody,
    ),
    # An emergency nobody has arrived at, or begun to handle
    (Ladder.EMERGENCY_ARRIVAL, 1): Rung(
        _on_the_way,
        _says("alert-emergency-arrival-near"),
        lambda standard: standard.emergency_arrival_tell[0],
        ask="job-limit-near",
    ),
    (Ladder.EMERGENCY_ARRIVAL, 2): Rung(
        _not_handled,
        _nobody_there,
        lambda standard: standard.emergency_arrival_tell[1],
        rest=_ask_to_begin,
    ),
    # An ordinary job nobody has accepted; the first stage is the offer's own limit (`dispatch`)
    (Ladder.ACCEPT, 2): Rung(
        _waiting, _says("alert-untaken"), lambda standard: standard.accept_tell[1]
    ),
    (Ladder.ACCEPT, 3): Rung(
        _waiting, _says("alert-untaken"), lambda standard: standard.accept_tell[2]
    ),
    # An appointment: before it, at the agreed minute, past the end of the permitted time
    (Ladder.APPOINTMENT, 1): Rung(_on_the_way, ask="job-appointment-near", rest=_near),
    (Ladder.APPOINTMENT, 2): Rung(_on_the_way, ask="job-appointment-now"),
    (Ladder.APPOINTMENT, 3): Rung(_on_the_way, ask="job-late", rest=_late),
    # A small problem: two warnings, then the limit
    (Ladder.MINOR_COMPLETION, 1): Rung(
        _minor,
        _says("alert-minor-near"),
        lambda standard: standard.minor_tell[0],
        ask="job-minor-near",
    ),
    (Ladder.MINOR_COMPLETION, 2): Rung(
        _minor,
        _says("alert-minor-near"),
        lambda standard: standard.minor_tell[1],
        ask="job-minor-near",
    ),
    (Ladder.MINOR_COMPLETION, 3): Rung(_minor),
    # A large problem: the owner waits for an answer
    (Ladder.MAJOR_RESPONSE, 1): Rung(
        _major, _says("alert-major-near"), lambda standard: standard.major_tell[0]
    ),
    (Ladder.MAJOR_RESPONSE, 2): Rung(
        _major, _says("alert-major-near"), lambda standard: standard.major_tell[1]
    ),
    (Ladder.MAJOR_RESPONSE, 3): Rung(_major),
}

on_due(*(kind_of(ladder, stage) for ladder, stages in STAGES.items() for stage in stages))(climb)
