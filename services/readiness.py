"""Whether the books hold what the house needs to run: centres, a roll, a roster, a catalogue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from services import calendars, catalogue, roster
from services.desk import Desk
from services.messages import Fact, Saying, Word, Words
from storage import centres
from storage import imports as store
from storage.records import Centre, Item, Role

NEEDED = (Role.CS, Role.HEAD)
"""Without these, an alert has to go to somebody who is not meant for it."""


class Level(StrEnum):
    """How a finding is to be taken."""

    GOOD = "good"
    NOTE = "note"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at, and what was found, in words that say how to mend it."""

    level: Level
    saying: Saying


def look_over(desk: Desk) -> list[Finding]:
    """What the books hold and lack, centre by centre."""
    found = _looser("check-looser-company", desk.company.looser_than_standard())
    every = centres.every(desk.connection)
    if not every:
        return [*found, Finding(Level.BAD, Saying("check-no-centres"))]
    return [*found, *(finding for centre in every for finding in _centre(desk, centre))]


def _centre(desk: Desk, centre: Centre) -> list[Finding]:
    code = centre.code
    lines = [line for line in store.roll_of(desk.connection, [centre.id]) if line.ended_at is None]
    staff = roster.with_roles(desk, centre.id, tuple(Role))
    items = catalogue.bookable(desk, centre.id)
    found = [
        Finding(Level.BAD, Saying(key, {"centre": code}))
        for key, there in (
            ("check-no-residents", lines),
            ("check-no-staff", staff),
            ("check-no-catalogue", items),
        )
        if not there
    ]
    if staff:
        found += _roles(desk, centre) + _skills(desk, centre, items)
    if not found:
        counts = {"residents": len(lines), "staff": len(staff), "items": len(items)}
        found.append(Finding(Level.GOOD, Saying("check-centre", {"centre": code, **counts})))
    found += _calendar(desk, centre)
    own = desk.standard(centre.id).looser_than_standard()
    changed = [name for name in own if name not in desk.company.looser_than_standard()]
    return found + _looser("check-looser-centre", changed, centre=code)


def _calendar(desk: Desk, centre: Centre) -> list[Finding]:
    """A new year's moved workdays come with a new release of the calendar package."""
    standard = desk.standard(centre.id)
    last = desk.now + timedelta(days=standard.booking_horizon_days)
    year, code = last.astimezone(desk.zone(centre.id)).year, standard.holiday_calendar
    if calendars.knows_moved_days(code, year):
        return []
    facts: dict[str, Fact] = {"centre": centre.code, "code": code, "year": str(year)}
    return [Finding(Level.NOTE, Saying("check-no-decree", facts))]


def _roles(desk: Desk, centre: Centre) -> list[Finding]:
    return [
        Finding(
            Level.BAD,
            Saying("check-no-role", {"centre": centre.code, "role": Word(f"role-{role}")}),
        )
        for role in NEEDED
        if not roster.with_roles(desk, centre.id, (role,))
    ]


def _skills(desk: Desk, centre: Centre, items: list[Item]) -> list[Finding]:
    """Items on sale that nobody there can do, by the skills they ask for."""
    nobody: dict[tuple[str, ...], list[str]] = {}
    for item in items:
        if not roster.technicians(desk, centre.id, item.skills):
            nobody.setdefault(item.skills, []).append(item.code)
    return [
        Finding(
            Level.BAD,
            Saying(
                "check-no-skill",
                {
                    "centre": centre.code,
                    "items": " ".join(codes),
                    "skills": Words(tuple(f"skill-{one.replace('_', '-')}" for one in skills)),
                },
            ),
        )
        for skills, codes in nobody.items()
    ]


def _looser(key: str, names: list[str] | tuple[str, ...], **facts: str) -> list[Finding]:
    """Looser than the standard is allowed, and never hidden."""
    if not names:
        return []
    return [Finding(Level.NOTE, Saying(key, {**facts, "names": " ".join(names)}))]
