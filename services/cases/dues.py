"""What a case is due for, and who hears of it where nobody did it (§3.4, §3.5).

`LADDERS` is the whole of it. A stage re-reads the case and speaks only while what it waits for is
undone. All but those of serious cases wait for staff hours. After an outage several stages of a
ladder are due at once: then only the newest speaks.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from services import alerts, roster
from services.cases import life
from services.cases.casebook import CaseStep, matter, record, waits_since
from services.cases.face import card
from services.desk import Desk
from services.due import on_due
from services.messages import Fact, Message, Moment, Saying
from services.rules.grades import Grade
from services.rules.standard import Recipient, Standard
from storage import cases as store
from storage import deadlines
from storage.records import Case, CaseState, Deadline, DeadlineState

UNTOUCHED = "case.untouched"
UNCORRECTED = "case.uncorrected"
OVERDUE = "case.overdue"
UNPLANNED = "case.unplanned"
UNVERIFIED = "case.unverified"
UNTOLD = "case.untold"

TELL_WITHIN = timedelta(days=1)
"""After so long their superiors hear that a customer has not been called."""

LATE_VERIFICATION = timedelta(days=1)
"""What was corrected after its verification was due is verified within so long."""


@dataclass(frozen=True, slots=True)
class Rung:
    """One stage, taken while `still` holds: who is told, in which words, and whether by night.

    `by_night` is meant of serious cases; the others never make a sound then.
    """

    still: Callable[[Case], bool]
    tell: Callable[[Standard, Grade], Sequence[Recipient]]
    words: str
    by_night: bool = True


def _is_opened(case: Case) -> bool:
    return case.state is CaseState.OPENED


def _is_unsolved(case: Case) -> bool:
    return case.state in store.UNSOLVED


def _is_unverified(case: Case) -> bool:
    return case.state is CaseState.CORRECTED


def _one_up(_standard: Standard, grade: Grade) -> Sequence[Recipient]:
    """Above whoever sees to it (§3.4): the head; of a serious case the business department, too."""
    serious = grade is Grade.SERIOUS
    return (Recipient.HEAD, Recipient.BUSINESS) if serious else (Recipient.HEAD,)


def _head(_standard: Standard, _grade: Grade) -> Sequence[Recipient]:
    return (Recipient.HEAD,)


LADDERS: tuple[dict[str, Rung], ...] = (
    # Nobody has taken it, nothing is on record; the last where its grade has a time of its own
    {
        UNTOUCHED: Rung(
            _is_opened, lambda standard, _: standard.dissatisfied_tell[0], "case-untouched"
        ),
        UNCORRECTED: Rung(
            _is_unsolved, lambda standard, _: standard.dissatisfied_tell[1], "case-uncorrected"
        ),
        OVERDUE: Rung(_is_unsolved, _one_up, "case-overdue"),
    },
    {UNPLANNED: Rung(life.waits_for_action, _head, "case-unplanned", by_night=False)},
    {UNVERIFIED: Rung(_is_unverified, _one_up, "case-unverified")},
    {UNTOLD: Rung(life.is_untold, _one_up, "case-untold", by_night=False)},
)

_LADDER_OF = {kind: tuple(ladder) for ladder in LADDERS for kind in ladder}
_RUNGS = {kind: rung for ladder in LADDERS for kind, rung in ladder.items()}


# Setting them up


def expect_correction(desk: Desk, case: Case) -> None:
    """The case is open: somebody takes it and records what was done (§3.5)."""
    untouched, uncorrected = desk.standard(case.centre_id).dissatisfied_steps
    dues = [(UNTOUCHED, desk.now + untouched), (UNCORRECTED, desk.now + uncorrected)]
    if case.correct_by != desk.now + uncorrected:
        dues.append((OVERDUE, case.correct_by))
    _set(desk, case, _LADDER_OF[UNTOUCHED], dues)


def expect_action(desk: Desk, case: Case, due: datetime) -> None:
    """Cause and corrective action are asked for (§3.4)."""
    _set(desk, case, (UNPLANNED,), [(UNPLANNED, due)])


def expect_verification(desk: Desk, case: Case) -> None:
    """It is corrected: somebody else verifies it (§3.4)."""
    due = case.verify_by
    if due is None or due <= desk.now:
        due = desk.now + LATE_VERIFICATION
    _set(desk, case, (UNVERIFIED,), [(UNVERIFIED, due)])


def expect_call(desk: Desk, case: Case) -> None:
    """No chat reaches the customer: somebody telephones them (§5.4.2)."""
    _set(desk, case, (UNTOLD,), [(UNTOLD, desk.now + TELL_WITHIN)])


def _set(
    desk: Desk, case: Case, kinds: Sequence[str], dues: Sequence[tuple[str, datetime]]
) -> None:
    version = deadlines.newest_version(desk.connection, case.id, kinds) + 1
    deadlines.add_all(desk.connection, case.id, dues, at=desk.now, version=version)


def drop(desk: Desk, case: Case, *kinds: str) -> None:
    """These are waited for no more: of all kinds, where none is named."""
    deadlines.drop(desk.connection, case.id, kinds or tuple(_RUNGS), at=desk.now)


# When nobody does


@on_due(*_RUNGS)
def climb(desk: Desk, deadline: Deadline) -> None:
    """Take the stage that is due, if there is still anything to say."""
    case, rung = store.get(desk.connection, deadline.subject_id), _RUNGS[deadline.kind]
    if case is None or not rung.still(case) or not _speaks(desk, deadline):
        return
    by_night = rung.by_night and Grade(case.grade) is Grade.SERIOUS
    if by_night or not roster.staff_hours_put_off(desk, case.centre_id, deadline.kind, case.id):
        _speak(desk, case, rung)


def _speaks(desk: Desk, deadline: Deadline) -> bool:
    """Whether this stage is the newest of its ladder that is due, acted on already or not."""
    ladder = _LADDER_OF[deadline.kind]
    # Two stages may be put off to the opening of one morning: the higher one speaks.
    mine = deadline.due_at, ladder.index(deadline.kind)
    return not any(
        one.state is not DeadlineState.DROPPED
        and one.due_at <= desk.now
        and mine < (one.due_at, ladder.index(one.kind))
        for one in deadlines.of_subject(desk.connection, deadline.subject_id, ladder)
    )


def _speak(desk: Desk, case: Case, rung: Rung) -> None:
    face = card(desk, case)
    zone = desk.centre(case.centre_id).zone
    since = Moment(waits_since(desk, case), zone)
    facts: dict[str, Fact] = {"found": Moment(case.opened_at, zone), "at": since}
    head = Saying(rung.words, {"number": case.number, **facts})
    alarm = Message((head, *face.parts), face.rows)
    told = rung.tell(desk.standard(case.centre_id), Grade(case.grade))
    alerts.alert(desk, case.centre_id, roster.roles_of(told), alarm, matter(case))
    record(desk, case, CaseStep.ESCALATED, None)
