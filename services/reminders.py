"""Reminders (§3.5, §3.6): visits to households, the day's jobs to technicians, 待办 to the desk.

They are deadlines like all else: `plan` writes those of the coming day every minute, and each is
looked at anew when it falls due, so that it speaks once, of what is still true, to whoever has not
switched it off. What is essential is none of them: the ladders ask and alert for themselves. So
none takes the last message that a platform allows from a question that may follow.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from services import boards, cards, orders, residents, roster
from services.boards import Row
from services.desk import Desk
from services.due import minute_of, on_due, write_new
from services.errors import NotYours
from services.messages import Fact, Message, Moment, Saying, do, say
from services.rules import reminders as rules
from services.rules.history import Step
from services.rules.hours import instant, quiet_until
from services.rules.spans import Span
from storage import centres, deadlines, people, staffing
from storage import orders as order_store
from storage import reminders as store
from storage.records import Deadline, Order, OrderState, Person, Role, Staff

AHEAD = timedelta(days=1)
"""How long before its time a reminder is planned."""

MOST_JOBS = 10
MOST_ITEMS = 5

_A_DAY = timedelta(days=1)

AGREEING = (Step.REGISTERED, Step.RESCHEDULED, Step.RESUMED)
"""The steps by which a household agrees to, or hears of, the time that an order has."""


class Reminder(StrEnum):
    """What somebody may be reminded of, and may switch off."""

    EVENING = "evening"
    NEAR = "near"
    JOBS = "jobs"
    OPEN_ITEMS = "todo"
    QUESTIONNAIRE = "questionnaire"


HOUSEHOLDS = (Reminder.EVENING, Reminder.NEAR, Reminder.QUESTIONNAIRE)


def kind_of(reminder: Reminder) -> str:
    """The kind of deadline by which it falls due."""
    return f"reminder.{reminder}"


# Planning


@dataclass(frozen=True, slots=True)
class _Plan:
    """One reminder to come: about which order, centre or roster line, and when it is due.

    `version` tells apart those of a kind about one subject: the minute of the visit, or of the
    reminder.
    """

    reminder: Reminder
    subject_id: int
    due_at: datetime
    version: int

    @property
    def key(self) -> tuple[str, int, int]:
        return kind_of(self.reminder), self.subject_id, self.version


def plan(desk: Desk) -> None:
    """Write down the reminders of the coming day that are not written yet."""
    for centre in centres.every(desk.connection):
        plans = (
            *_evenings(desk, centre.id),
            *_visits_near(desk, centre.id),
            *_shifts(desk, centre.id),
            *_mornings(desk, centre.id),
        )
        write_new(desk, {one.key: one.due_at for one in plans if one.due_at <= desk.now + AHEAD})


def _evenings(desk: Desk, centre_id: int) -> Iterable[_Plan]:
    """For today, in case nobody ran yesterday evening, and for the two days that follow."""
    today = desk.today(centre_id)
    for day in (today, today + _A_DAY, today + 2 * _A_DAY):
        due = rules.evening_reminder(day, desk.standard(centre_id), desk.zone(centre_id))
        yield _Plan(Reminder.EVENING, centre_id, due, minute_of(due))


def _visits_near(desk: Desk, centre_id: int) -> Iterable[_Plan]:
    standard, zone = desk.standard(centre_id), desk.zone(centre_id)
    for order in store.awaited(desk.connection, centre_id, desk.now, desk.now + AHEAD):
        if order.appointed_at is not None and order.person_id is not None:
            due = rules.near_reminder(order.appointed_at, standard, zone)
            if due is not None:
                yield _Plan(Reminder.NEAR, order.id, due, minute_of(order.appointed_at))


def _shifts(desk: Desk, centre_id: int) -> Iterable[_Plan]:
    days = [desk.today(centre_id) + n * _A_DAY for n in (0, 1)]
    for worker in roster.with_days(desk, roster.technicians(desk, centre_id), days):
        for day in days:
            due = _jobs_due(desk, worker.line, roster.working(desk, worker, [day]))
            if due is not None and desk.now < due + rules.USEFUL_FOR:
                yield _Plan(Reminder.JOBS, worker.line.id, due, minute_of(due))


def _jobs_due(desk: Desk, line: Staff, hours: Sequence[Span]) -> datetime | None:
    """When the technician hears of a day's jobs; None on a day off."""
    if not hours:
        return None
    standard, zone = desk.standard(line.centre_id), desk.zone(line.centre_id)
    return rules.jobs_reminder(hours[0].start, hours[-1].end, standard, zone)


def _hours_of(desk: Desk, line: Staff, day: date) -> Sequence[Span]:
    """When somebody works on a local day of their centre."""
    (worker,) = roster.with_days(desk, [line], [day])
    return roster.working(desk, worker, [day])


def _mornings(desk: Desk, centre_id: int) -> Iterable[_Plan]:
    today = desk.today(centre_id)
    for day in (today, today + _A_DAY):
        due = rules.todo_reminder(day, desk.standard(centre_id), desk.zone(centre_id))
        if desk.now < due + rules.USEFUL_FOR:
            yield _Plan(Reminder.OPEN_ITEMS, centre_id, due, minute_of(due))


# The evening before a visit


@on_due(kind_of(Reminder.EVENING))
def evening_before(desk: Desk, deadline: Deadline) -> None:
    """One message to each household that expects visits, with all of them.

    Late it comes only outside of quiet hours, and about visits that are not near already.
    """
    centre_id = deadline.subject_id
    standard, zone = desk.standard(centre_id), desk.zone(centre_id)
    permitted = quiet_until(desk.now, standard.quiet_hours, zone)
    if permitted > desk.now:
        version = minute_of(permitted)
        kind = deadline.kind
        deadlines.add(desk.connection, kind, centre_id, permitted, at=desk.now, version=version)
        return
    day = rules.day_reminded_of(deadline.due_at, standard, zone)
    visits = _visits_of(desk, centre_id, day)
    muted = _muted(desk, Reminder.EVENING, visits)
    for person_id, theirs in visits.items():
        if person_id not in muted:
            once = f"evening:{centre_id}:{day:%y%m%d}:{person_id}"
            about = cards.matter(theirs[0])
            message = _evening_message(desk, theirs)
            desk.tell(person_id, message, matter=about, once=once, by_phone=True, essential=False)


def _muted(desk: Desk, reminder: Reminder, person_ids: Iterable[int]) -> set[int]:
    return store.muted_among(desk.connection, reminder, set(person_ids))


def _visits_of(desk: Desk, centre_id: int, day: date) -> dict[int, list[Order]]:
    """Who expects which visits on a local day, of those worth reminding of this early."""
    standard, zone = desk.standard(centre_id), desk.zone(centre_id)
    start = instant(day, datetime.min.time(), zone)
    end = instant(day + _A_DAY, datetime.min.time(), zone) - timedelta(seconds=1)
    expected = store.awaited(desk.connection, centre_id, max(desk.now, start), end)
    agreed = _agreed_at(desk, expected)
    visits: dict[int, list[Order]] = {}
    for order in expected:
        fresh = rules.was_just_agreed(agreed[order.id], day, standard, zone)
        if order.person_id is not None and not fresh and not _is_near(desk, order):
            visits.setdefault(order.person_id, []).append(order)
    return visits


def _agreed_at(desk: Desk, visits: Sequence[Order]) -> dict[int, datetime]:
    """When each household agreed to the time that is appointed now."""
    steps = store.latest_steps(desk.connection, [order.id for order in visits], AGREEING)
    return {order.id: steps.get(order.id, order.reported_at) for order in visits}


def _is_near(desk: Desk, order: Order) -> bool:
    """Whether the reminder shortly before the visit speaks for it by now."""
    at = order.appointed_at or desk.now
    near = rules.near_reminder(at, desk.standard(order.centre_id), desk.zone(order.centre_id))
    return near is not None and near <= desk.now


def _evening_message(desk: Desk, visits: Sequence[Order]) -> Message:
    several = len(visits) > 1
    message = say("reminder-visits", count=len(visits)) if several else Message(())
    for order in visits:
        message = _with_visit(message, desk, order, several=several)
    return message.row(do("reminders.open"))


def _with_visit(message: Message, desk: Desk, order: Order, *, several: bool) -> Message:
    """A visit's day, time, work and place, who comes if that is known, 改约 and 取消."""
    facts = _facts(desk, order)
    message = message.line("reminder-visit-line" if several else "reminder-visit", **facts)
    message = message.line_if(order.technician_id, "reminder-visit-who", who=facts["who"])
    if not several:
        return message.row(do("order.move", order.id), do("order.cancel", order.id))
    return message.row(
        do("order.move", order.id, label=Saying("reminder-label-move", facts)),
        do("order.cancel", order.id, label=Saying("reminder-label-cancel", facts)),
    )


def _facts(desk: Desk, order: Order) -> dict[str, Fact]:
    zone = desk.centre(order.centre_id).zone
    at = order.appointed_at or order.reported_at
    return {
        "number": order.number,
        "title": orders.title(order),
        "place": order.place,
        "who": orders.technician_name(desk, order) or cards.NOBODY,
        "at": Moment(at, zone),
        "time": Moment(at, zone, "time"),
    }


# Shortly before a visit


@on_due(kind_of(Reminder.NEAR))
def shortly_before(desk: Desk, deadline: Deadline) -> None:
    """Who comes, and when; not where the household has just been told so.

    A visit that nobody has taken is not announced: the ladder sees to it.
    """
    order = orders.load(desk, deadline.subject_id)
    if not _is_announced(desk, order, deadline):
        return
    message = say("owner-appointment-near", **_facts(desk, order))
    if order.state is OrderState.ACCEPTED:
        message = message.row(do("order.move", order.id), do("order.cancel", order.id))
    desk.tell(
        order.person_id,
        message.row(do("reminders.open")),
        matter=cards.matter(order),
        once=deadline.once,
        by_phone=True,
        essential=False,
    )


def _is_announced(desk: Desk, order: Order, deadline: Deadline) -> bool:
    """Whether the visit is to be as it was planned, and the person may and would hear of it now."""
    at, person_id, taken_at = order.appointed_at, order.person_id, order.accepted_at
    if at is None or minute_of(at) != deadline.version or at <= desk.now:
        return False
    is_taken = order.state in (OrderState.ACCEPTED, OrderState.SET_OUT) and taken_at is not None
    if not is_taken or order.merged_into is not None or person_id is None:
        return False
    told_at = max(_agreed_at(desk, [order])[order.id], taken_at or desk.now)
    quiet = desk.standard(order.centre_id).quiet_hours
    is_permitted = quiet_until(desk.now, quiet, desk.zone(order.centre_id)) <= desk.now
    return (
        is_permitted and told_at <= deadline.due_at and not _muted(desk, Reminder.NEAR, [person_id])
    )


# The technician's day


@on_due(kind_of(Reminder.JOBS))
def jobs_of_the_day(desk: Desk, deadline: Deadline) -> None:
    """As a shift starts: what the technician has to do until it ends, in order of time."""
    line = staffing.active_line(desk.connection, deadline.subject_id)
    if line is None or not _begins(desk, line, deadline):
        return
    jobs = _jobs_of(desk, line, deadline)
    if jobs and not _muted(desk, Reminder.JOBS, [line.person_id]):
        desk.tell(line.person_id, _jobs_message(desk, jobs), once=deadline.once)


def _begins(desk: Desk, line: Staff, deadline: Deadline) -> bool:
    """Whether this is the beginning of the technician's working day still."""
    day = deadline.due_at.astimezone(desk.zone(line.centre_id)).date()
    return (
        Role.TECHNICIAN in line.roles
        and _jobs_due(desk, line, _hours_of(desk, line, day)) == deadline.due_at
        and desk.now < deadline.due_at + rules.USEFUL_FOR
        and roster.is_on_duty(desk, line)
    )


def _jobs_of(desk: Desk, line: Staff, deadline: Deadline) -> list[Order]:
    day = deadline.due_at.astimezone(desk.zone(line.centre_id)).date()
    end = _hours_of(desk, line, day)[-1].end
    return [
        order
        for order in order_store.open_of(desk.connection, [line.person_id])
        if order.centre_id == line.centre_id
        and order.state is not OrderState.HELD
        and order.merged_into is None
        and (order.appointed_at is None or order.appointed_at < end)
    ]


def _jobs_message(desk: Desk, jobs: Sequence[Order]) -> Message:
    message = say("reminder-jobs", count=len(jobs))
    for order in jobs[:MOST_JOBS]:
        facts = _facts(desk, order)
        message = message.line("reminder-job", **facts)
        label = Saying("reminder-label-job", facts)
        message = message.row(do("jobs.show", order.id, label=label))
    if len(jobs) > MOST_JOBS:
        message = message.row(do("jobs.mine"))
    return message.row(do("reminders.open"))


# The desk's morning


@on_due(kind_of(Reminder.OPEN_ITEMS))
def open_items(desk: Desk, deadline: Deadline) -> None:
    """待办 to customer service who work today, or to whoever stands in for them."""
    if desk.now >= deadline.due_at + rules.USEFUL_FOR:
        return
    day = desk.today(deadline.subject_id)
    lines = _at_the_desk(desk, deadline.subject_id, day)
    muted = _muted(desk, Reminder.OPEN_ITEMS, [line.person_id for line in lines])
    for person_id in dict.fromkeys(line.person_id for line in lines):
        items = boards.todo(desk, people.person(desk.connection, person_id))
        if items and person_id not in muted:
            once = f"todo:{day:%y%m%d}:{person_id}"
            desk.tell(person_id, _todo_message(items), once=once)


def _at_the_desk(desk: Desk, centre_id: int, day: date) -> list[Staff]:
    """Who works that day of the first role, from customer service up, of which anybody does."""
    for role in roster.CHAIN:
        everybody = roster.with_roles(desk, centre_id, (role,))
        lines = [
            worker.line
            for worker in roster.with_days(desk, everybody, [day])
            if roster.working(desk, worker, [day])
        ]
        able = people.reachable(desk.connection, [line.person_id for line in lines])
        if able:
            return [line for line in lines if line.person_id in able]
    return []


def _todo_message(items: Sequence[Row]) -> Message:
    message = say("reminder-todo", count=len(items))
    for number, item in enumerate(items[:MOST_ITEMS], start=1):
        message = message.line(item.line.key, **{**item.line.facts, "n": number})
    return message.row(do("board.todo")).row(do("reminders.open"))


# Switching them off


@dataclass(frozen=True, slots=True)
class Switch:
    """A reminder that a person may get, and whether they want it."""

    reminder: Reminder
    on: bool


def switches(desk: Desk, person: Person) -> list[Switch]:
    """The reminders there are for this person."""
    muted = store.muted_by(desk.connection, person.id)
    return [Switch(one, one not in muted) for one in _for(desk, person)]


def _for(desk: Desk, person: Person) -> list[Reminder]:
    roles = {role for line in people.staff_of(desk.connection, person.id) for role in line.roles}
    found: list[Reminder] = []
    # Who has moved out may have visits to come all the same.
    if residents.homes(desk, person) or residents.orders_placed(desk, person):
        found += HOUSEHOLDS
    if Role.TECHNICIAN in roles:
        found.append(Reminder.JOBS)
    if roles & set(roster.CHAIN):
        found.append(Reminder.OPEN_ITEMS)
    return found


def wants(desk: Desk, person_id: int, reminder: Reminder) -> bool:
    """Whether the person has left this reminder on."""
    return not _muted(desk, reminder, [person_id])


def switch(desk: Desk, person: Person, name: str, *, on: bool) -> None:
    """The person wants a reminder, or does not.

    Raises:
        NotYours: there is no such reminder for this person.
    """
    if name not in _for(desk, person):
        raise NotYours
    if on:
        store.unmute(desk.connection, person.id, name)
    else:
        store.mute(desk.connection, person.id, name, desk.now)
