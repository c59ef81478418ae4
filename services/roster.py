"""Who is on duty, who is whose superior, and alerts that reach somebody.

When somebody works is asked here and nowhere else: their shift, by the centre's calendar, but for
the days on which they work otherwise (leave, a swap), and what they last said in chat.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from services import calendars
from services.briefs import in_brief
from services.desk import Desk
from services.messages import Message, Saying, Words
from services.rules.hours import alert_time
from services.rules.shifts import Shift, next_change, parse_shift, working_times
from services.rules.spans import Span
from services.rules.standard import Recipient
from services.rules.workdays import Workdays
from storage import deadlines, people, staffing
from storage.records import DeadlineState, Role, RosterDay, Staff

CHAIN = (Role.CS, Role.CONTROL, Role.SUPERVISOR, Role.HEAD, Role.BUSINESS)
"""Up the house: where nobody of a role is to be had, the next one is asked."""

SUPERIORS = (Role.SUPERVISOR, Role.HEAD)
"""Who stands above technicians and customer service in a centre (§3.2)."""

LONGEST_SAYING = timedelta(hours=12)
"""How long 上班 and 下班 hold at most."""

_DAY = timedelta(days=1)


# When somebody works


@dataclass(frozen=True, slots=True)
class Worker:
    """A line of the roster, and the days (of those asked for) on which it works otherwise."""

    line: Staff
    others: tuple[RosterDay, ...]


@lru_cache(maxsize=512)
def shift_of(text: str) -> Shift:
    """The roster's words as a shift."""
    return parse_shift(text)


def workers(desk: Desk, centre_id: int, days: Sequence[date]) -> list[Worker]:
    """The centre's roster, and what is different about it on these days (in order)."""
    found = staffing.team(desk.connection, centre_id, days[0], days[-1])
    return [Worker(line, others) for line, others in found]


def working(desk: Desk, worker: Worker, days: Sequence[date]) -> tuple[Span, ...]:
    """The times that start on these local days in which somebody works, by the roster."""
    line = worker.line
    others = tuple((other.day, other.shift) for other in worker.others)
    calendar = calendars.calendar_of(desk, line.centre_id)
    return _times(line.shift, others, tuple(days), desk.zone(line.centre_id), calendar)


@lru_cache(maxsize=1024)  # most of a team works the same few shifts, and asks about the same days
def _times(
    shift: str,
    others: tuple[tuple[date, str], ...],
    days: tuple[date, ...],
    zone: ZoneInfo,
    calendar: Workdays,
) -> tuple[Span, ...]:
    by_day = {day: shift_of(text) if text else None for day, text in others}
    return working_times(shift_of(shift), by_day, days, zone, calendar)


def said(desk: Desk, line: Staff) -> bool | None:
    """What somebody's 上班 or 下班 says of now; None where the roster speaks."""
    holds = line.duty_until is not None and desk.now < line.duty_until
    return line.duty if holds else None


def is_on_duty(desk: Desk, line: Staff) -> bool:
    """Whether somebody is on duty now: what they last said in chat, else the roster."""
    return bool(_at_work(desk, [line]))


def _at_work(desk: Desk, lines: Sequence[Staff]) -> list[Staff]:
    """Those of these lines who are on duty now."""
    silent = [line for line in lines if said(desk, line) is None]
    by_roster = {
        worker.line.id
        for worker in with_days(desk, silent, _around(desk))
        if any(span.contains(desk.now) for span in working(desk, worker, _around(desk)))
    }
    return [line for line in lines if said(desk, line) or line.id in by_roster]


def with_days(desk: Desk, lines: Sequence[Staff], days: Sequence[date]) -> list[Worker]:
    """These lines, and what is different about them on these days (in order)."""
    if not lines:
        return []
    found = staffing.days_of(desk.connection, [line.id for line in lines], days[0], days[-1])
    return [Worker(one, tuple(day for day in found if day.staff_id == one.id)) for one in lines]


def _around(desk: Desk) -> list[date]:
    """The dates on which, in any zone, the working times begin that matter now."""
    today = desk.now.date()
    return [today + n * _DAY for n in range(-2, 3)]


def say_duty(desk: Desk, line: Staff, on: bool) -> None:
    """上班/下班 said in chat: holds until the roster's next change, twelve hours at most."""
    (worker,) = with_days(desk, [line], _around(desk))
    times = working(desk, worker, _around(desk))
    latest = desk.now + LONGEST_SAYING
    until = min(next_change(times, desk.now) or latest, latest)
    people.set_duty(desk.connection, line.id, on, until)


# Who holds which role


def with_roles(desk: Desk, centre_id: int, roles: Collection[Role]) -> list[Staff]:
    """The centre's staff who hold one of the roles; the business department serves every centre."""
    wanted = set(roles)
    lines = [one for one in people.staff_in(desk.connection, centre_id) if wanted & set(one.roles)]
    if Role.BUSINESS in wanted:
        known = {line.id for line in lines}
        everywhere = people.staff_with(desk.connection, Role.BUSINESS)
        lines += [line for line in everywhere if line.id not in known]
    return lines


def roles_of(recipients: Sequence[Recipient]) -> list[Role]:
    """The roles that a setting names (the job's technician is not one of them)."""
    return [Role(one.value) for one in recipients if one is not Recipient.TECHNICIAN]


def technicians(desk: Desk, centre_id: int, skills: Collection[str] = ()) -> list[Staff]:
    """The centre's technicians who have all these skills."""
    lines = with_roles(desk, centre_id, (Role.TECHNICIAN,))
    return [line for line in lines if set(skills) <= set(line.skills)]


def on_duty(desk: Desk, centre_id: int, *roles: Role, skills: Collection[str] = ()) -> list[Staff]:
    """Those of these roles, with all these skills, who are on duty now."""
    lines = with_roles(desk, centre_id, roles)
    return _at_work(desk, [line for line in lines if set(skills) <= set(line.skills)])


# Alerts


@dataclass(frozen=True, slots=True)
class _Reached:
    """Whom an alert goes to, and what it says first where they are not who was asked for."""

    lines: list[Staff]
    notice: Saying | None = None


def reach(desk: Desk, centre_id: int, roles: Sequence[Role]) -> list[Staff]:
    """Whom an alert to these roles goes to: those on duty, else the next up who are, at once.

    Where nobody up the chain is on duty, everybody off duty who holds one of the roles is told,
    else the next up that anybody holds. Only people whom a chat can reach are counted: an alert
    never goes to nobody while anybody up the chain can be told at all.
    """
    return _reached(desk, centre_id, roles, CHAIN).lines


def _reached(desk: Desk, centre_id: int, roles: Sequence[Role], chain: Sequence[Role]) -> _Reached:
    highest = max((chain.index(role) for role in roles if role in chain), default=len(chain))
    tiers = [tuple(roles), *((role,) for role in chain[highest + 1 :])]
    mute: list[bool] = []
    for tier in tiers:
        working_now = on_duty(desk, centre_id, *tier)
        if found := _reachable(desk, working_now):
            return _Reached(found, _passed_up(roles, tier, mute))
        mute.append(bool(working_now))
    for tier in tiers:
        if found := _reachable(desk, with_roles(desk, centre_id, tier)):
            return _Reached(found, _off_duty(roles, tier, mute))
    return _Reached([])


def _passed_up(asked: Sequence[Role], to: Sequence[Role], mute: Sequence[bool]) -> Saying | None:
    """What is said where the asked are not on duty, or are and no chat reaches them (`mute`)."""
    if not mute:
        return None
    key = "alert-passed-up-mute" if mute[0] else "alert-passed-up"
    return Saying(key, {"asked": role_names(asked), "to": role_names(to)})


def _off_duty(asked: Sequence[Role], to: Sequence[Role], mute: Sequence[bool]) -> Saying:
    key = "alert-off-duty-mute" if any(mute) else "alert-off-duty"
    return Saying(key, {"asked": role_names(asked), "to": role_names(to)})


def role_names(roles: Sequence[Role]) -> Words:
    """Roles as they are said."""
    return Words(tuple(f"role-{role}" for role in roles))


def _reachable(desk: Desk, lines: list[Staff]) -> list[Staff]:
    able = people.reachable(desk.connection, [line.person_id for line in lines])
    return [line for line in lines if line.person_id in able]


def alert(
    desk: Desk,
    centre_id: int,
    roles: Sequence[Role],
    message: Message | Callable[[Staff], Message],
    *,
    matter: str | None = None,
    once: str | None = None,
    besides: Collection[int] = (),
    chain: Sequence[Role] = CHAIN,
) -> list[Staff]:
    """Tell whoever `reach` finds, on all their chats, once each; returns them.

    Where they are not who was asked for, the message says so first. Where many alerts wait for
    somebody at once, they are told in brief (§3.5: bursts are batched). `besides` are person ids
    who have been told already; `chain` is the way up, where not everybody on it may act on the
    matter. A `message` that depends on who reads it is a function of the roster line.
    """
    found = _reached(desk, centre_id, roles, chain)
    told = [line for line in found.lines if line.person_id not in besides]
    for line in {line.person_id: line for line in told}.values():
        face = in_brief(message(line) if callable(message) else message, matter)
        if found.notice is not None:
            face = replace(face, parts=(found.notice, *face.parts))
        desk.tell(line.person_id, face, matter=matter, once=once, everywhere=True)
    return told


def staff_hours_put_off(desk: Desk, centre_id: int, kind: str, subject_id: int) -> bool:
    """Put an ordinary staff alert off to the next alert hours (08:30–22:00, §3.5).

    Returns whether it was put off: then the same kind of deadline is due again at their start.
    """
    standard = desk.standard(centre_id)
    at = alert_time(desk.now, standard.staff_alert_hours, desk.zone(centre_id))
    if at <= desk.now:
        return False
    known = deadlines.of_subject(desk.connection, subject_id, [kind])
    # An alert put off twice to one morning is one alert.
    if not any(one.state is DeadlineState.PENDING and one.due_at == at for one in known):
        version = max((one.version for one in known), default=0) + 1
        deadlines.add(desk.connection, kind, subject_id, at, at=desk.now, version=version)
    return True
