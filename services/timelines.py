"""An order's history as the desk reads it: each step, its time and its reason, and the verdicts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from services import orders, promises
from services.desk import Desk
from services.interventions import DOWNGRADE_REASONS
from services.messages import Fact, Minutes, Moment, MomentStyle, Saying, Word
from services.rules.history import Happening, Step
from services.rules.response_times import Finding, Verdict
from storage.records import Order

LONGEST = 120
"""How much of somebody's words stands in a line of the timeline."""

_CODED: Final = {
    Step.DECLINED: "reason",
    Step.TRANSFERRED: "reason",
    Step.RETURN_NEEDED: "reason",
    Step.HELD: "hold-reason",
    Step.FINISHED: "result",
    Step.CANCELLED: "cancel-reason",
    Step.DOWNGRADED: "downgrade-reason",
    Step.MAJOR_REFUSED: "major-reason",
    Step.RATED: "rating",
    Step.RATING_CLOSED: "rating",
    Step.MISHAP: "mishap",
}
"""Steps whose reason is one of ours (a downgrade's may be typed); all others are own words."""

_TIMED = (Step.RESCHEDULE_ASKED, Step.RESCHEDULED, Step.EXPECTED)

_SAID_BY = {"call": "called", "joined": "joined"}
"""Facts that tell more of what happened than their step: a call made, a report that joined."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Something on an order's timeline: its time (aware UTC), and the lines that tell of it."""

    at: datetime
    says: tuple[Saying, ...]


def steps(desk: Desk, order: Order, style: MomentStyle = "full") -> list[Entry]:
    """What happened, oldest first: each a line, followed by its reason where there is one."""
    lines = orders.happenings(desk, order.id)
    return [Entry(line.at, _step(desk, order, line, style)) for line in lines]


def _step(desk: Desk, order: Order, line: Happening, style: MomentStyle) -> tuple[Saying, ...]:
    step, known = line.step, line.facts
    zone = desk.centre(order.centre_id).zone
    facts: dict[str, Fact] = {
        "at": Moment(line.at, zone, style),
        "who": _who(desk, order, line.by),
        "to": _to(desk, line, zone, style),
        "until": _until(known, zone, style),
        "other": known.get("into") or known.get("joined") or known.get("other", ""),
    }
    return (Saying(f"history-{_key(line)}", facts), *_why(step, known))


def _key(line: Happening) -> str:
    """What the line is called: by its step, or by a fact that tells more of it."""
    if line.step is Step.ESCALATED and "told" not in line.facts:
        return "limit-over"
    special = next((key for fact, key in _SAID_BY.items() if fact in line.facts), None)
    return special or line.step.replace("_", "-")


def _who(desk: Desk, order: Order, person_id: int | None) -> Fact:
    if person_id is None:
        return Word("by-itself")
    if person_id == order.person_id:
        return order.contact_name or Word("a-stranger")
    return orders.staff_name(desk, person_id)


def _to(desk: Desk, line: Happening, zone: str, style: MomentStyle) -> Fact:
    """A step's target: how many were asked, who was chosen, or the new time."""
    to = line.facts.get("to", "")
    if line.step is Step.ASSIGNED:
        return orders.staff_name(desk, int(to))
    timed = line.step in _TIMED
    return Moment(datetime.fromisoformat(str(to)), zone, style) if timed else to


def _until(known: Mapping[str, str | int], zone: str, style: MomentStyle) -> Fact:
    """Until when an order is held."""
    until = known.get("until") if "reason" in known else None
    return Moment(datetime.fromisoformat(str(until)), zone, style) if until else "—"


def _why(step: Step, known: Mapping[str, str | int]) -> tuple[Saying, ...]:
    said = [_reason(step, str(known["reason"]))] if "reason" in known else []
    if "words" in known:
        said.append(Saying("history-words", {"words": _short(known["words"])}))
    if step is Step.MAJOR_ANSWERED:
        answer: dict[str, Fact] = {
            name: _short(known.get(name, "")) for name in ("cause", "plan", "until")
        }
        said.append(Saying("history-answer", answer))
    return tuple(said)


def _reason(step: Step, reason: str) -> Saying:
    typed = step is Step.DOWNGRADED and reason not in DOWNGRADE_REASONS
    if typed or step not in _CODED:
        return Saying("history-reason", {"reason": _short(reason)})
    code = f"{_CODED[step]}-{reason}".replace("_", "-")
    return Saying("history-reason", {"reason": Word(code)})


def _short(words: str | int) -> str:
    text = " ".join(str(words).split())
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def verdicts(desk: Desk, order: Order) -> list[Saying]:
    """How each promise that was made stands now: due, what happened, by how much it was missed."""
    made = [one for one in promises.judge(desk, order.id) if one.due_at is not None]
    return [verdict(desk, order, found) for found in made]


def verdict(desk: Desk, order: Order, found: Finding, style: MomentStyle = "full") -> Saying:
    """One finding in words."""
    zone, actual = desk.centre(order.centre_id).zone, found.actual_at
    facts: dict[str, Fact] = {
        "rule": Word(f"rule-{found.rule}".replace("_", "-")),
        "due": Moment(found.due_at, zone, style) if found.due_at else "—",
        "actual": Moment(actual, zone, style) if actual else Word("did-not-happen"),
    }
    if found.why is not None:
        facts["why"] = Word(f"why-{found.why}")
    match found.verdict:
        case Verdict.MISSED if found.missed_by:
            facts["late"] = Minutes(-(-int(found.missed_by.total_seconds()) // 60))
        case Verdict.MISSED:
            return Saying("verdict-left-undone", facts)
        case Verdict.WAIVED:
            facts["who"] = _who(desk, order, found.waived_by)
    return Saying(f"verdict-{found.verdict}".replace("_", "-"), facts)
