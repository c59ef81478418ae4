"""Verdicts from history: every promise of an order, judged by what has happened to it in order.

`judge` folds the append-only history and nothing else, so a verdict can be had again at any time.
Times never run backwards in it: what a clock since set back has stamped counts as happening no
earlier than what stands before it, so that no miss is mended by it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from services.rules.history import Happening, Step, Terms
from services.rules.response_times import (
    JUST_AFTER,
    Finding,
    Rule,
    Verdict,
    Why,
    arrival_window,
    judge_arrival_window,
    judge_by,
    minor_due,
)


def judge(history: Iterable[Happening], now: datetime) -> tuple[Finding, ...]:
    """One finding a rule, as things stand at `now` (aware UTC); of an ended order it is final.

    Raises:
        ValueError: the history does not begin with the order's registration.
        KeyError: that line does not say what was promised.
    """
    life = _live(history)
    until = life.ended_at or max(now, life.seen)
    return tuple(_RULES[rule](life, until) for rule in Rule)


def of(rule: Rule, findings: Sequence[Finding]) -> Finding:
    """The finding on one rule."""
    return next(one for one in findings if one.rule is rule)


@dataclass(slots=True)
class _Life:
    """What matters of an order's life, gathered line by line."""

    reported_at: datetime
    terms: Terms
    seen: datetime
    appointed_at: datetime | None
    minor_due: datetime
    told_at: datetime | None = None
    first_arrived_at: datetime | None = None
    started_at: datetime | None = None
    answered_at: datetime | None = None
    major_at: datetime | None = None
    downgraded_at: datetime | None = None
    downgraded_by: int | None = None
    consent_by: int | None = None
    consents: bool = False
    visits: list[Finding] = field(default_factory=list)
    """The findings on the appointments that are over."""
    finished_at: datetime | None = None
    result: str = ""
    ended_at: datetime | None = None
    ended: Why | None = None


def _live(history: Iterable[Happening]) -> _Life:
    lines = iter(history)
    first = next(lines, None)
    if first is None or first.step is not Step.REGISTERED:
        raise ValueError("a history begins with the order's registration")
    terms = Terms.from_facts(first.facts)
    life = _Life(
        reported_at=first.at,
        terms=terms,
        seen=first.at,
        appointed_at=terms.appointed_at,
        minor_due=_minor_due(terms, first.at, terms.appointed_at if terms.deferred else None),
    )
    for line in lines:
        life.seen = max(life.seen, line.at)
        take_in = _TAKE_IN.get(line.step)
        if take_in is not None and life.ended_at is None:
            take_in(life, replace(line, at=life.seen))
    return life


def _minor_due(terms: Terms, reported_at: datetime, chosen: datetime | None) -> datetime:
    """The end of the visit the owner chose, where he chose one past the limit (reading 14)."""
    visit_over = None if chosen is None else chosen + timedelta(minutes=terms.minutes)
    return minor_due(reported_at, visit_over, terms.minor_within)


# What each line of the history means for what was promised


def _told(life: _Life, line: Happening) -> None:
    life.told_at = life.told_at or line.at


def _consented(life: _Life, line: Happening) -> None:
    life.consents, life.consent_by = True, line.by


def _arrived(life: _Life, line: Happening) -> None:
    life.first_arrived_at = life.first_arrived_at or line.at
    if life.appointed_at is not None:
        found = judge_arrival_window(life.appointed_at, line.at, life.consents, life.terms)
        if found.verdict is Verdict.WAIVED:
            found = replace(found, waived_by=life.consent_by)
        life.visits.append(found)
        life.appointed_at = None  # kept or missed: a further visit is another appointment's


def _started(life: _Life, line: Happening) -> None:
    life.started_at = life.started_at or line.at


def _rescheduled(life: _Life, line: Happening) -> None:
    """A new time; agreed to only after the old one, it mends nothing (reading 13).

    Nor does it move a repair's limit, but where the owner himself chose it (reading 14).
    """
    old, new = life.appointed_at, datetime.fromisoformat(str(line.facts["to"]))
    if old is not None and line.at - old >= JUST_AFTER:
        missed = Finding(Rule.PUNCTUALITY, Verdict.MISSED, old, missed_by=line.at - old)
        life.visits.append(missed)
    life.appointed_at = new
    life.consents, life.consent_by = False, None
    if line.facts.get("deferred") and line.at <= life.minor_due:
        life.minor_due = _minor_due(life.terms, life.reported_at, new)


def _downgraded(life: _Life, line: Happening) -> None:
    life.downgraded_at, life.downgraded_by = line.at, line.by


def _became_major(life: _Life, line: Happening) -> None:
    life.major_at = life.major_at or line.at


def _answered(life: _Life, line: Happening) -> None:
    """A person's answer; one that no person gave is none (reading 15)."""
    if line.by is not None:
        life.answered_at = life.answered_at or line.at


def _finished(life: _Life, line: Happening) -> None:
    life.finished_at = life.ended_at = line.at
    life.result = str(line.facts.get("reason", ""))
    life.ended = Why.NO_WORK if life.result == "no_work" else Why.FINISHED
    if life.result != "no_work":
        _started(life, line)  # what is finished was begun, by then at the latest


def _cancelled(life: _Life, line: Happening) -> None:
    life.ended_at, life.ended = line.at, Why.CANCELLED


def _merged(life: _Life, line: Happening) -> None:
    """The later report ends; the earlier one, which it joined, goes on."""
    if "into" not in line.facts:
        return
    life.ended_at, life.ended = line.at, Why.MERGED


_TAKE_IN: dict[Step, Callable[[_Life, Happening], None]] = {
    Step.OFFERED: _told,
    Step.TO_DESK: _told,
    Step.ASSIGNED: _told,
    Step.EARLY_CONSENT: _consented,
    Step.ARRIVED: _arrived,
    Step.STARTED: _started,
    Step.AGREED: _started,
    Step.RESCHEDULED: _rescheduled,
    Step.DOWNGRADED: _downgraded,
    Step.MAJOR_APPROVED: _became_major,
    Step.MAJOR_ANSWERED: _answered,
    Step.FINISHED: _finished,
    Step.CANCELLED: _cancelled,
    Step.MERGED: _merged,
}


# The rules


def _limit(
    life: _Life, rule: Rule, due_at: datetime, actual_at: datetime | None, until: datetime
) -> Finding:
    """A promise with a limit; of one the end of the order overtook, only a miss is left."""
    found = judge_by(rule, due_at, actual_at, until)
    if found.verdict is Verdict.PENDING and life.ended is not None:
        return Finding(rule, Verdict.NOT_APPLICABLE, due_at, why=life.ended)
    return found


def _nothing(rule: Rule, why: Why) -> Finding:
    return Finding(rule, Verdict.NOT_APPLICABLE, None, why=why)


def _staff_told(life: _Life, until: datetime) -> Finding:
    due_at = life.reported_at + life.terms.told_within
    return _limit(life, Rule.STAFF_TOLD, due_at, life.told_at, until)


def _emergency_arrival(life: _Life, until: datetime) -> Finding:
    return _emergency(life, Rule.EMERGENCY_ARRIVAL, life.first_arrived_at, until)


def _emergency_started(life: _Life, until: datetime) -> Finding:
    return _emergency(life, Rule.EMERGENCY_STARTED, life.started_at, until)


def _emergency(life: _Life, rule: Rule, actual_at: datetime | None, until: datetime) -> Finding:
    """By the limit fixed at the report; the clock runs until a downgrade, too (reading 11)."""
    if life.terms.limit is None:
        return _nothing(rule, Why.NO_EMERGENCY)
    due_at = life.reported_at + life.terms.limit
    if life.downgraded_at is None:
        return _limit(life, rule, due_at, actual_at, until)
    if actual_at is not None and actual_at > life.downgraded_at:
        actual_at = None  # an ordinary visit's
    found = judge_by(rule, due_at, actual_at, life.downgraded_at)
    if found.verdict is not Verdict.PENDING:
        return found
    by = life.downgraded_by
    return Finding(rule, Verdict.WAIVED, due_at, why=Why.DOWNGRADED, waived_by=by)


def _is_emergency(life: _Life) -> bool:
    return life.terms.limit is not None and life.downgraded_at is None


def _punctuality(life: _Life, until: datetime) -> Finding:
    """Over all appointments of the order: one miss is a miss, else the last one kept counts."""
    visits = list(life.visits)
    if life.appointed_at is not None:
        visits.append(_not_arrived(life, life.appointed_at, until))
    if not visits:
        why = Why.IS_EMERGENCY if _is_emergency(life) else Why.NO_APPOINTMENT
        return _nothing(Rule.PUNCTUALITY, why)
    missed = [one for one in visits if one.verdict is Verdict.MISSED]
    if missed:
        return missed[0]
    judged = [one for one in visits if one.verdict in (Verdict.MET, Verdict.WAIVED)]
    return (judged or visits)[-1]


def _not_arrived(life: _Life, appointed_at: datetime, until: datetime) -> Finding:
    latest = arrival_window(appointed_at, life.terms)[1]
    found = _limit(life, Rule.PUNCTUALITY, latest, None, until)
    return replace(found, due_at=appointed_at)


def _minor_completion(life: _Life, until: datetime) -> Finding:
    rule, due_at = Rule.MINOR_COMPLETION, life.minor_due
    if not life.terms.minor:
        return _nothing(rule, Why.NO_REPAIR)
    if _is_emergency(life):
        return _nothing(rule, Why.IS_EMERGENCY)
    if life.major_at is not None and life.major_at <= life.reported_at + life.terms.minor_within:
        return Finding(rule, Verdict.NOT_APPLICABLE, due_at, why=Why.BECAME_MAJOR)
    done_at = life.finished_at if life.result != "no_work" else None
    found = _limit(life, rule, due_at, done_at, until)
    if life.result == "not_solved":
        # What was left undone was not done within the limit, however early that was found.
        missed_by = found.missed_by or timedelta(0)
        return replace(found, verdict=Verdict.MISSED, missed_by=missed_by, why=Why.NOT_SOLVED)
    return found


def _major_response(life: _Life, until: datetime) -> Finding:
    if life.major_at is None:
        return _nothing(Rule.MAJOR_RESPONSE, Why.NO_MAJOR)
    due_at = life.reported_at + life.terms.major_within
    return _limit(life, Rule.MAJOR_RESPONSE, due_at, life.answered_at, until)


_RULES: dict[Rule, Callable[[_Life, datetime], Finding]] = {
    Rule.EMERGENCY_ARRIVAL: _emergency_arrival,
    Rule.EMERGENCY_STARTED: _emergency_started,
    Rule.PUNCTUALITY: _punctuality,
    Rule.MINOR_COMPLETION: _minor_completion,
    Rule.MAJOR_RESPONSE: _major_response,
    Rule.STAFF_TOLD: _staff_told,
}
