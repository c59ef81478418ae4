"""Who is on duty, who is whose superior, and alerts that reach somebody."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta
from functools import lru_cache

from services.briefs import in_brief
from services.desk import Desk
from services.due import minute_of
from services.messages import Message
from services.rules.hours import alert_time
from services.rules.shifts import Shift, parse_shift
from storage import deadlines, people
from storage.records import Role, Staff

CHAIN = (Role.CS, Role.CONTROL, Role.SUPERVISOR, Role.HEAD, Role.BUSINESS)
"""Up the house: where nobody of a role is to be had, the next one is asked."""


@lru_cache(maxsize=512)
def shift_of(text: str) -> Shift:
    """The roster's words as a shift."""
    return parse_shift(text)


def is_on_duty(desk: Desk, line: Staff) -> bool:
    """Whether somebody is on duty now: what they last said in chat, else the roster."""
    if line.duty is not None and line.duty_until is not None and desk.now < line.duty_until:
        return line.duty
    return shift_of(line.shift).on_duty(desk.now, desk.zone(line.centre_id))


def with_roles(desk: Desk, centre_id: int, roles: Collection[Role]) -> list[Staff]:
    """The centre's staff who hold one of the roles; the business department serves every centre."""
    wanted = set(roles)
    lines = [one for one in people.staff_in(desk.connection, centre_id) if wanted & set(one.roles)]
    if Role.BUSINESS in wanted:
        known = {line.id for line in lines}
        everywhere = people.staff_with(desk.connection, Role.BUSINESS)
        lines += [line for line in everywhere if line.id not in known]
    return lines


def technicians(desk: Desk, centre_id: int, skills: Collection[str] = ()) -> list[Staff]:
    """The centre's technicians who have all these skills."""
    lines = with_roles(desk, centre_id, (Role.TECHNICIAN,))
    return [line for line in lines if set(skills) <= set(line.skills)]


def on_duty(desk: Desk, centre_id: int, *roles: Role, skills: Collection[str] = ()) -> list[Staff]:
    """Those of these roles, with all these skills, who are on duty now."""
    lines = with_roles(desk, centre_id, roles)
    return [line for line in lines if set(skills) <= set(line.skills) and is_on_duty(desk, line)]


def reach(desk: Desk, centre_id: int, roles: Sequence[Role]) -> list[Staff]:
    """Whom an alert to these roles goes to: those on duty, else all who hold one, else the next up.

    Only people whom a chat can reach are counted: an alert never goes to nobody while anybody up
    the chain can be told at all.
    """
    found = _reachable(desk, on_duty(desk, centre_id, *roles))
    found = found or _reachable(desk, with_roles(desk, centre_id, roles))
    highest = max((CHAIN.index(role) for role in roles if role in CHAIN), default=len(CHAIN))
    for role in CHAIN[highest + 1 :]:
        found = found or _reachable(desk, with_roles(desk, centre_id, (role,)))
    return found


def _reachable(desk: Desk, lines: list[Staff]) -> list[Staff]:
    able = people.reachable(desk.connection, [line.person_id for line in lines])
    return [line for line in lines if line.person_id in able]


def alert(
    desk: Desk,
    centre_id: int,
    roles: Sequence[Role],
    message: Message,
    *,
    matter: str | None = None,
    once: str | None = None,
    besides: Collection[int] = (),
) -> list[Staff]:
    """Tell whoever `reach` finds, on all their chats, once each; returns them.

    Where many alerts wait for somebody at once, they are told in brief (§3.5: bursts are batched).
    `besides` are person ids who have been told already.
    """
    message = in_brief(message, matter)
    told = [line for line in reach(desk, centre_id, roles) if line.person_id not in besides]
    for line in {line.person_id: line for line in told}.values():
        desk.tell(line.person_id, message, matter=matter, once=once, everywhere=True)
    return told


def staff_hours_put_off(desk: Desk, centre_id: int, kind: str, subject_id: int) -> bool:
    """Put an ordinary staff alert off to the next alert hours (08:30–22:00, §3.5).

    Returns whether it was put off: then the same kind of deadline is due again at their start.
    """
    standard = desk.standard(centre_id)
    at = alert_time(desk.now, standard.staff_alert_hours, desk.zone(centre_id))
    if at <= desk.now:
        return False
    # The due minute is the version: an alert put off twice to one morning is one alert.
    deadlines.add(desk.connection, kind, subject_id, at, version=minute_of(at))
    return True


def say_duty(desk: Desk, line: Staff, on: bool) -> None:
    """上班/下班 said in chat: holds until the roster's next change, twelve hours at most."""
    people.set_duty(desk.connection, line.id, on, desk.now + timedelta(hours=12))
