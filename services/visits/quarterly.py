"""Quarterly visits on site to customers with an agreement (§5.4.4, reading 20)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from services import alerts, roster
from services.desk import Desk
from services.due import minute_of, on_due
from services.messages import Fact, Message, Moment, Saying, do, say
from services.rules import quarters
from services.rules.hours import instant
from services.rules.quarters import QuarterlyVisit, Term
from services.visits import cards as visit_cards
from services.visits import record as visits
from services.visits import visitors
from storage import agreements, centres, deadlines
from storage import visiting as store
from storage import visits as visit_store
from storage.records import Agreement, Deadline, Role, Visit, VisitSource, VisitState

REMIND = "quarterly.remind"
OVERDUE = "quarterly.overdue"

REMINDED_BEFORE = timedelta(days=14)
"""So long before a quarter ends customer service hear of the visits that are left in it."""

MOST_LISTED = 10

_A_DAY = timedelta(days=1)


# Planning


def plan(desk: Desk) -> None:
    """Keep the running quarter's visits in step with the agreements: one for each that is active.

    Run as often as you like: what is planned already stays.
    """
    for centre in centres.every(desk.connection):
        _plan_quarter(desk, centre.id, quarters.quarter_of(desk.today(centre.id)))


def _plan_quarter(desk: Desk, centre_id: int, quarter: date) -> None:
    held = agreements.holding(desk.connection, centre_id, quarter, quarters.last_day(quarter))
    known = store.of_quarter(desk.connection, centre_id, quarter)
    if not held and not known:
        return
    desk.lock_centre(centre_id)
    known = store.of_quarter(desk.connection, centre_id, quarter)
    for agreement in held:
        due = _due_in(desk, agreement, quarter)
        visit = known.pop(agreement.id, None)
        if due is None:
            _call_off(desk, visit)
        elif visit is None:
            _open(desk, agreement, due)
        else:
            _keep_in_step(desk, visit, due)
    for visit in known.values():
        _call_off(desk, visit)
    _plan_reminder(desk, centre_id, quarter)


def _due_in(desk: Desk, agreement: Agreement, quarter: date) -> QuarterlyVisit | None:
    term = Term(agreement.signed_on, agreement.starts_on, agreement.ended_on or agreement.ends_on)
    return quarters.visit_in(term, quarter, desk.standard(agreement.centre_id).late_signing_days)


def _open(desk: Desk, agreement: Agreement, due: QuarterlyVisit) -> None:
    visit = Visit(
        id=0,
        centre_id=agreement.centre_id,
        room_id=agreement.room_id,
        source=VisitSource.QUARTERLY,
        state=VisitState.TASK,
        made_at=desk.now,
        due_at=_due_at(desk, agreement.centre_id, due, desk.now),
        order_id=store.latest_of_item(desk.connection, agreement.room_id, agreement.item_id),
        agreement_id=agreement.id,
        quarter=due.quarter,
        late_signed=due.late_signed,
        task_since=desk.now,
    )
    named = replace(visit, visitor_id=visitors.by_turns(desk, visit))
    _expect(desk, visit_store.add(desk.connection, named))


def _due_at(desk: Desk, centre_id: int, due: QuarterlyVisit, made_at: datetime) -> datetime:
    """The end of its last day; never before the end of the day on which it was made."""
    zone = desk.zone(centre_id)
    last = max(due.until, made_at.astimezone(zone).date())
    return instant(last + _A_DAY, time.min, zone)


def _expect(desk: Desk, visit: Visit) -> None:
    version = minute_of(visit.due_at)
    deadlines.add(desk.connection, OVERDUE, visit.id, visit.due_at, at=desk.now, version=version)


def _keep_in_step(desk: Desk, visit: Visit, due: QuarterlyVisit) -> None:
    """An agreement that ends earlier, or not so early after all, moves what is still to be made."""
    due_at = _due_at(desk, visit.centre_id, due, visit.made_at)
    if not visits.is_open(visit) or visit.due_at == due_at:
        return
    deadlines.drop(desk.connection, visit.id, [OVERDUE], at=desk.now)
    _expect(desk, visit_store.change(desk.connection, visit, due_at=due_at))


def _call_off(desk: Desk, visit: Visit | None) -> None:
    """The agreement turns out not to hold in this quarter: nobody needs to go."""
    if visit is None or not visits.is_open(visit) or visit.answered_at is not None:
        return
    deadlines.drop(desk.connection, visit.id, [OVERDUE], at=desk.now)
    visit_store.change(desk.connection, visit, state=VisitState.NOT_MADE, ended_at=desk.now)


def _plan_reminder(desk: Desk, centre_id: int, quarter: date) -> None:
    day = quarters.next_quarter(quarter) - REMINDED_BEFORE
    opening = desk.standard(centre_id).staff_alert_hours.start
    due = instant(day, opening, desk.zone(centre_id))
    deadlines.add(desk.connection, REMIND, centre_id, due, at=desk.now, version=quarter.toordinal())


def about_latest(desk: Desk, visit: Visit) -> Visit:
    """The visit as it is made: about the latest service under the agreement, if there is any.

    Once a case has come of it, it stays about what that is about.
    """
    seen = store.seen(desk.connection, visit.id)
    if seen.agreement is None or visit.complained_at is not None:
        return visit
    latest = store.latest_of_item(desk.connection, visit.room_id, seen.agreement.item_id)
    return visit_store.change(desk.connection, visit, order_id=latest)


# When the quarter ends


@on_due(REMIND)
def remind(desk: Desk, deadline: Deadline) -> None:
    """One message to customer service with the visits that are left in the quarter."""
    centre_id = deadline.subject_id
    quarter = quarters.quarter_of(deadline.due_at.astimezone(desk.zone(centre_id)).date())
    left = [
        seen
        for seen in store.waiting(desk.connection, [centre_id])
        if seen.visit.quarter == quarter
    ]
    if not left or roster.staff_hours_put_off(desk, centre_id, deadline.kind, centre_id):
        return
    message = say("quarterly-left", count=len(left), day=_last_day(desk, centre_id, quarter))
    for number, seen in enumerate(left[:MOST_LISTED], start=1):
        line = visit_cards.line(desk, seen)
        message = message.line(line.key, **{**line.facts, "n": number})
    message = message.row(do("board.visits"))
    roster.alert(desk, centre_id, (Role.CS,), message, once=f"{REMIND}:{centre_id}:{quarter}")


def _last_day(desk: Desk, centre_id: int, quarter: date) -> Moment:
    noon = instant(quarters.last_day(quarter), time(12), desk.zone(centre_id))
    return Moment(noon, desk.centre(centre_id).zone, "day")


@on_due(OVERDUE)
def overdue(desk: Desk, deadline: Deadline) -> None:
    """The time is over and nobody was there: supervisor and head hear of it, once."""
    visit = visits.load(desk, deadline.subject_id)
    if not visit_cards.is_overdue(desk, visit):
        return
    if roster.staff_hours_put_off(desk, visit.centre_id, deadline.kind, visit.id):
        return
    seen = store.seen(desk.connection, visit.id)
    facts: dict[str, Fact] = {
        "room": seen.room.room_no,
        "number": seen.agreement.number if seen.agreement else "—",
        "day": visit_cards.last_day(desk, visit),
    }
    card = visit_cards.card(desk, visit)
    alarm = Message((Saying("quarterly-overdue", facts), *card.parts), card.rows)
    alerts.alert(desk, visit.centre_id, roster.SUPERIORS, alarm, visits.matter(visit))
