"""An order's history as the desk reads it: each step, its time and its reason, and the verdicts."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from pydantic import TypeAdapter

from services import orders
from services.desk import Desk
from services.interventions import DOWNGRADE_REASONS
from services.lifecycle import Step
from services.messages import Fact, Minutes, Moment, Saying, Word
from services.rules.response_times import Verdict
from storage import orders as store
from storage.records import Order, OrderEvent, VerdictRow

LONGEST = 120
"""How much of somebody's words stands in a line of the timeline."""

_FACTS = TypeAdapter(dict[str, str | int])

_CODED: Final = {
    Step.DECLINED: "reason",
    Step.TRANSFERRED: "reason",
    Step.RETURN_NEEDED: "reason",
    Step.FINISHED: "result",
    Step.CANCELLED: "cancel-reason",
    Step.DOWNGRADED: "downgrade-reason",
    Step.MAJOR_REFUSED: "major-reason",
    Step.RATED: "rating",
    Step.RATING_CLOSED: "rating",
}
"""Steps whose reason is one of ours (a downgrade's may be typed); all others are own words."""

_TIMED = (Step.RESCHEDULE_ASKED, Step.RESCHEDULED, Step.EXPECTED)

_SAID_BY = {"call": "called", "joined": "joined"}
"""Facts that tell more of what happened than their step: a call made, a report that joined."""


def steps(desk: Desk, order: Order) -> list[tuple[Saying, ...]]:
    """What happened, oldest first: each a line, followed by its reason where there is one."""
    return [_step(desk, order, event) for event in store.history(desk.connection, order.id)]


def _step(desk: Desk, order: Order, event: OrderEvent) -> tuple[Saying, ...]:
    step, known = Step(event.what), _FACTS.validate_json(event.facts)
    zone = desk.centre(order.centre_id).zone
    facts: dict[str, Fact] = {
        "at": Moment(event.at, zone),
        "who": _who(desk, order, event.person_id),
        "to": _to(desk, step, known.get("to", ""), zone),
        "other": known.get("into") or known.get("joined", ""),
    }
    special = next((key for fact, key in _SAID_BY.items() if fact in known), None)
    key = special or step.replace("_", "-")
    return (Saying(f"history-{key}", facts), *_why(step, known))


def _who(desk: Desk, order: Order, person_id: int | None) -> Fact:
    if person_id is None:
        return Word("by-itself")
    if person_id == order.person_id:
        return order.contact_name or Word("a-stranger")
    return orders.staff_name(desk, person_id)


def _to(desk: Desk, step: Step, to: str | int, zone: str) -> Fact:
    """A step's target: how many were asked, who was chosen, or the new time."""
    if step is Step.ASSIGNED:
        return orders.staff_name(desk, int(to))
    return Moment(datetime.fromisoformat(str(to)), zone) if step in _TIMED else to


def _why(step: Step, known: dict[str, str | int]) -> tuple[Saying, ...]:
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
    """What became of each promise: due, what happened, and by how much it was missed."""
    rows = store.verdicts_of(desk.connection, order.id)
    return [_verdict(row, desk.centre(order.centre_id).zone) for row in rows]


def _verdict(row: VerdictRow, zone: str) -> Saying:
    facts: dict[str, Fact] = {
        "rule": Word(f"rule-{row.rule}".replace("_", "-")),
        "due": Moment(row.due_at, zone) if row.due_at else "—",
        "actual": Moment(row.actual_at, zone) if row.actual_at else Word("did-not-happen"),
    }
    if Verdict(row.verdict) is Verdict.MISSED:
        facts["late"] = Minutes(-(-(row.missed_by_s or 0) // 60))
    return Saying(f"verdict-{row.verdict}".replace("_", "-"), facts)
