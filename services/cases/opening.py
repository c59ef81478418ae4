"""How a case comes about (§5.1.3), and comes again: opened, added to, made graver, opened anew.

There is one case for an order and a source: what happens again is added to it, raises its grade
where the rules say so, and opens it anew where it was corrected already.
"""

from __future__ import annotations

from datetime import time, timedelta

from services import alerts, calendars, orders, roster
from services.cases import dues, life
from services.cases.casebook import CaseStep, Home, matter, record, save, zone_of
from services.cases.face import card, refresh
from services.desk import Desk
from services.messages import Message, Word, say
from services.rules import grades
from services.rules.grades import CaseSource, Grade
from services.rules.hours import alert_time, instant
from storage import cases as store
from storage import centres
from storage.records import Case, CaseState, Order, Role


def open_case(
    desk: Desk,
    about: Order | Home,
    source: CaseSource,
    facts: Message | None = None,
    *,
    by: int | None = None,
    loss_fen: int = 0,
    redo: timedelta = timedelta(0),
) -> Case:
    """A nonconformity has come up (§5.1.3): its case, new or known.

    Customer service and their superior are alerted at once, for a serious case the head and the
    business department too. `facts` says what happened, in words every listener gets in their
    own language; `by` is who noticed. A repeat of the same source adds to the case there is.
    """
    known = _known(desk, about, source)
    if known is not None:
        grade = grades.grade_of(source, earlier_dissatisfied=True, loss_fen=loss_fen, redo=redo)
        return _repeat(desk, life.with_loss(known, loss_fen), grade, facts, by)
    grade = grades.grade_of(source, loss_fen=loss_fen, redo=redo)
    case = store.add(desk.connection, _new_case(desk, about, source, grade, loss_fen))
    record(desk, case, CaseStep.OPENED, by, facts)
    dues.expect_correction(desk, case)
    case = _ask_for_action(desk, case)
    _alert(desk, case)
    return case


def case_about(desk: Desk, order_id: int, source: CaseSource) -> Case | None:
    """The case of this source about the order, if there is one, locked for this unit."""
    known = store.of_order(desk.connection, order_id)
    found = next((case for case in known if case.source == source), None)
    return store.get(desk.connection, found.id) if found else None


def note_fact(
    desk: Desk, about: Order | Home, source: CaseSource, facts: Message, by: int | None
) -> None:
    """Something more is known about a case (the reason, a change of mind); alerts show it too."""
    case = _known(desk, about, source)
    if case is not None:
        record(desk, case, CaseStep.NOTED, by, facts)
        refresh(desk, case)


def _known(desk: Desk, about: Order | Home, source: CaseSource) -> Case | None:
    if isinstance(about, Home):
        known = store.of_visit(desk.connection, about.visit_id)
        return next((case for case in known if case.source == source), None)
    orders.load(desk, about.id)  # its lock makes two discoverers open one case
    return case_about(desk, about.id, source)


def _new_case(
    desk: Desk, about: Order | Home, source: CaseSource, grade: Grade, loss_fen: int
) -> Case:
    zone = desk.zone(about.centre_id)
    day = desk.now.astimezone(zone).strftime("%y%m%d")
    return Case(
        id=0,
        number=f"C{centres.next_number(desk.connection, about.centre_id, day)}",
        centre_id=about.centre_id,
        order_id=about.id if isinstance(about, Order) else None,
        room_id=about.room_id,
        visit_id=about.visit_id if isinstance(about, Home) else None,
        person_id=about.person_id,
        source=source,
        grade=grade,
        state=CaseState.OPENED,
        opened_at=desk.now,
        correct_by=grades.correct_by(grade, desk.now, zone),
        verify_by=grades.verify_by(grade, desk.now, zone),
        handler_id=_first_handler(desk, about.centre_id),
        taken_at=None,
        correction="",
        disposition=None,
        corrected_at=None,
        customer_told_at=None,
        loss_fen=loss_fen,
    )


def _first_handler(desk: Desk, centre_id: int) -> int | None:
    """Customer service on duty with the fewest unsolved cases; else a supervisor, else up."""
    lines = (
        roster.on_duty(desk, centre_id, Role.CS)
        or roster.on_duty(desk, centre_id, Role.SUPERVISOR)
        or roster.reach(desk, centre_id, (Role.CS, Role.SUPERVISOR))
    )
    burdens = store.burdens(desk.connection, centre_id)
    ids = [line.person_id for line in lines]
    return min(ids, key=lambda one: burdens.get(one, 0), default=None)


# The corrective action


def _ask_for_action(desk: Desk, case: Case) -> Case:
    """Cause and corrective action, where the grade or a second case of its type asks for them.

    The case that makes it two in a calendar month of the centre asks, and each one after it; what
    was opened before goes its way. The supervisor reads both numbers in its alert.
    """
    earlier = _earlier_this_month(desk, case)
    needed = grades.needs_corrective_action(Grade(case.grade), len(earlier) + 1)
    if case.action_due is not None or not needed:
        return case
    calendar = calendars.calendar_of(desk, case.centre_id)
    due = grades.plan_by(desk.now, zone_of(desk, case), calendar)
    asked = store.save(desk.connection, life.asked_to_act(case, due))
    record(desk, asked, CaseStep.ACTION_ASKED, None, _said_of(asked, earlier))
    dues.expect_action(desk, asked, due)
    return asked


def _earlier_this_month(desk: Desk, case: Case) -> list[str]:
    zone = zone_of(desk, case)
    first = instant(case.opened_at.astimezone(zone).date().replace(day=1), time.min, zone)
    return store.earlier_of_type(desk.connection, case, first)


def _said_of(case: Case, earlier: list[str]) -> Message | None:
    if not earlier:
        return None
    source = Word(f"case-source-{case.source}".replace("_", "-"))
    count = len(earlier) + 1
    return say("case-fact-again", count=count, source=source, other=earlier[-1], number=case.number)


# Again


def _repeat(desk: Desk, case: Case, grade: Grade, facts: Message | None, by: int | None) -> Case:
    """The same thing again: a line in the history, perhaps a higher grade, perhaps all anew."""
    save(desk, case, CaseStep.REPEATED, by, facts)
    graver = raise_to(desk, case, grade)
    if life.is_solved(graver):
        return open_anew(desk, graver)
    if graver == case:
        refresh(desk, case)
        return case
    graver = _ask_for_action(desk, graver)
    _alert(desk, graver)
    return graver


def raise_to(desk: Desk, case: Case, grade: Grade) -> Case:
    """At least of this grade from now on, with a line in its history where that is new."""
    raised = life.raised(case, grade, desk.now, zone_of(desk, case))
    return case if raised == case else save(desk, raised, CaseStep.RAISED, None)


def open_anew(desk: Desk, case: Case) -> Case:
    """What was done did not help: it is to be taken and corrected anew, and all hear of it."""
    dues.drop(desk, case)
    anew = save(desk, life.reopened(case, desk.now, zone_of(desk, case)), CaseStep.REOPENED, None)
    dues.expect_correction(desk, anew)
    anew = _ask_for_action(desk, anew)
    _alert(desk, anew)
    return anew


def _alert(desk: Desk, case: Case) -> None:
    """At once, whatever the hour (§5.1.3); by night only a serious case makes a sound."""
    serious = Grade(case.grade) is Grade.SERIOUS
    face = card(desk, case)
    hours = desk.standard(case.centre_id).staff_alert_hours
    by_day = alert_time(desk.now, hours, desk.zone(case.centre_id)) <= desk.now
    if not serious and not by_day:
        face = face.quietly()
    roles = [Role.CS, Role.SUPERVISOR]
    if serious:
        roles += [Role.HEAD, Role.BUSINESS]
    alerts.alert(desk, case.centre_id, roles, face, matter(case))
