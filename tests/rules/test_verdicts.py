"""Verdicts from history: each clause and reading line by line, then laws that hold for all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.rules.history import Happening, Pause, Step, Terms, pauses
from services.rules.response_times import Finding, Rule, Verdict, Why
from services.rules.verdicts import judge, of
from tests.rules.histories import (
    CS,
    DAY,
    HOUR,
    MINUTE,
    OWNER,
    REPORTED,
    SECOND,
    SUPERVISOR,
    TECHNICIAN,
    TERMS,
    after,
    emergency,
    ends,
    finished,
    gaps,
    histories,
    moved,
    registered,
    repair,
    terms,
    visit,
    wild_histories,
)

LATER = REPORTED + 30 * DAY
"""When everybody has long gone home: what is open then is missed."""

Said = tuple[Verdict, timedelta | None, Why | None, int | None]
"""What a finding says: the verdict, by how much it was missed, why, and who let it pass."""

MET: Said = (Verdict.MET, None, None, None)
PENDING: Said = (Verdict.PENDING, None, None, None)


def missed(by: timedelta, why: Why | None = None) -> Said:
    return (Verdict.MISSED, by, why, None)


def waived(why: Why, by: int) -> Said:
    return (Verdict.WAIVED, None, why, by)


def void(why: Why) -> Said:
    return (Verdict.NOT_APPLICABLE, None, why, None)


def said(rule: Rule, history: Sequence[Happening], now: datetime = LATER) -> Said:
    """What the history says of one rule at an instant."""
    found = of(rule, judge(history, now))
    return (found.verdict, found.missed_by, found.why, found.waived_by)


def arrived(gap: timedelta) -> Happening:
    return after(gap, Step.ARRIVED, TECHNICIAN)


def started(gap: timedelta) -> Happening:
    return after(gap, Step.STARTED, TECHNICIAN)


def downgraded(gap: timedelta) -> Happening:
    return after(gap, Step.DOWNGRADED, CS, reason="checked-by-phone")


def cancelled(gap: timedelta) -> Happening:
    return after(gap, Step.CANCELLED, OWNER)


def merged(gap: timedelta) -> Happening:
    """The later report of what somebody else has reported joins theirs."""
    return after(gap, Step.MERGED, CS, into="1")


def welcome(gap: timedelta) -> Happening:
    """The owner's consent to coming early."""
    return after(gap, Step.EARLY_CONSENT, OWNER)


def enlarged(gap: timedelta) -> Happening:
    """A supervisor's approval of a large problem."""
    return after(gap, Step.MAJOR_APPROVED, SUPERVISOR)


def answered(gap: timedelta, by: int | None = CS) -> Happening:
    return after(gap, Step.MAJOR_ANSWERED, by)


# Staff are told at the first moment


@pytest.mark.parametrize("step", [Step.OFFERED, Step.TO_DESK, Step.ASSIGNED])
@pytest.mark.parametrize(
    ("told", "verdict"),
    [(0 * SECOND, MET), (5 * MINUTE, MET), (5 * MINUTE + SECOND, missed(SECOND))],
)
def test_5_1_2_staff_are_told_within_five_minutes(
    step: Step, told: timedelta, verdict: Said
) -> None:
    assert said(Rule.STAFF_TOLD, visit(after(told, step))) == verdict


@pytest.mark.parametrize(
    ("lines", "now", "verdict"),
    [
        ((after(MINUTE, Step.OFFERED),), 30 * DAY, MET),
        ((after(MINUTE + SECOND, Step.OFFERED),), 30 * DAY, missed(SECOND)),
        ((), MINUTE, PENDING),
        ((), MINUTE + SECOND, missed(SECOND)),
        ((cancelled(MINUTE),), 30 * DAY, void(Why.CANCELLED)),
        ((cancelled(2 * MINUTE),), 30 * DAY, missed(MINUTE)),
        ((after(0 * SECOND, Step.OFFERED), after(HOUR, Step.OFFERED)), 30 * DAY, MET),
    ],
)
def test_reading_23_of_an_emergency_staff_are_told_within_a_minute(
    lines: tuple[Happening, ...], now: timedelta, verdict: Said
) -> None:
    assert said(Rule.STAFF_TOLD, emergency(*lines), REPORTED + now) == verdict


# Emergencies


@pytest.mark.parametrize("limit", [10 * MINUTE, 30 * MINUTE])
@pytest.mark.parametrize(
    ("past", "verdict"),
    [(-SECOND, MET), (0 * SECOND, MET), (SECOND, missed(SECOND)), (HOUR, missed(HOUR))],
)
def test_5_2_7_emergency_is_attended_and_handled_within_its_limit(
    limit: timedelta, past: timedelta, verdict: Said
) -> None:
    there = limit + past
    history = emergency(arrived(there), started(there), finished(2 * HOUR), limit=limit)
    assert said(Rule.EMERGENCY_ARRIVAL, history) == verdict
    assert said(Rule.EMERGENCY_STARTED, history) == verdict


@pytest.mark.parametrize("rule", [Rule.EMERGENCY_ARRIVAL, Rule.EMERGENCY_STARTED])
@pytest.mark.parametrize(
    ("lines", "now", "verdict"),
    [
        ((), 10 * MINUTE, PENDING),
        ((), 10 * MINUTE + SECOND, missed(SECOND)),
        ((), 3 * HOUR, missed(170 * MINUTE)),
        ((cancelled(10 * MINUTE),), 30 * DAY, void(Why.CANCELLED)),
        ((cancelled(10 * MINUTE + SECOND),), 30 * DAY, missed(SECOND)),
        ((merged(9 * MINUTE),), 30 * DAY, void(Why.MERGED)),
        ((merged(12 * MINUTE),), 30 * DAY, missed(2 * MINUTE)),
        (
            (after(9 * MINUTE, Step.MERGED, CS, joined="2"),),
            30 * DAY,
            missed(30 * DAY - 10 * MINUTE),
        ),
        ((downgraded(10 * MINUTE),), 30 * DAY, waived(Why.DOWNGRADED, CS)),
        ((downgraded(11 * MINUTE),), 30 * DAY, missed(MINUTE)),
    ],
)
def test_5_2_7_emergency_nobody_came_to(
    rule: Rule, lines: tuple[Happening, ...], now: timedelta, verdict: Said
) -> None:
    assert said(rule, emergency(*lines), REPORTED + now) == verdict


@pytest.mark.parametrize(
    ("lines", "verdict"),
    [
        ((started(10 * MINUTE),), MET),
        ((started(11 * MINUTE),), missed(MINUTE)),
        ((after(9 * MINUTE, Step.EXPLAINED), after(10 * MINUTE, Step.AGREED, OWNER)), MET),
        ((finished(10 * MINUTE),), MET),
        ((finished(12 * MINUTE, "not_solved"),), missed(2 * MINUTE)),
        ((finished(10 * MINUTE, "no_work"),), void(Why.NO_WORK)),
        ((finished(11 * MINUTE, "no_work"),), missed(MINUTE)),
        ((cancelled(10 * MINUTE),), void(Why.CANCELLED)),
        ((), missed(30 * DAY - 10 * MINUTE)),
    ],
)
def test_reading_10_handling_is_judged_beside_the_arrival(
    lines: tuple[Happening, ...], verdict: Said
) -> None:
    """Who finishes with a result has begun, by then at the latest."""
    history = emergency(arrived(8 * MINUTE), *lines)
    assert said(Rule.EMERGENCY_ARRIVAL, history) == MET
    assert said(Rule.EMERGENCY_STARTED, history) == verdict


def test_reading_8_a_limit_is_that_of_the_report_whatever_the_hour_of_the_arrival() -> None:
    """The limit is kept with the registration: nothing in the history can change it."""
    history = emergency(arrived(20 * MINUTE), limit=30 * MINUTE)
    assert said(Rule.EMERGENCY_ARRIVAL, history) == MET
    assert of(Rule.EMERGENCY_ARRIVAL, judge(history, LATER)).due_at == REPORTED + 30 * MINUTE


def test_reading_9_the_clock_runs_from_the_registration_not_from_who_is_asked_or_accepts() -> None:
    late = (after(8 * MINUTE, Step.ASSIGNED, CS), after(9 * MINUTE, Step.ACCEPTED, TECHNICIAN))
    history = emergency(*late, arrived(11 * MINUTE))
    assert said(Rule.EMERGENCY_ARRIVAL, history) == missed(MINUTE)


def test_reading_11_after_a_downgrade_it_is_a_repair_with_a_day_from_the_report() -> None:
    assert said(Rule.MINOR_COMPLETION, emergency(downgraded(9 * MINUTE), finished(DAY))) == MET
    late = emergency(downgraded(9 * MINUTE), finished(DAY + SECOND))
    assert said(Rule.MINOR_COMPLETION, late) == missed(SECOND)


@pytest.mark.parametrize(
    ("there", "verdict"), [(8 * MINUTE, MET), (12 * MINUTE, missed(2 * MINUTE))]
)
def test_reading_11_a_downgrade_unsays_no_arrival(there: timedelta, verdict: Said) -> None:
    """Attended, then another visit is needed, for which the desk makes it an ordinary repair."""
    lines = (arrived(there), started(there), after(HOUR, Step.RETURN_NEEDED, TECHNICIAN))
    history = emergency(*lines, downgraded(2 * HOUR))
    assert said(Rule.EMERGENCY_ARRIVAL, history) == verdict
    assert said(Rule.EMERGENCY_STARTED, history) == verdict


def test_reading_11_who_comes_after_the_downgrade_mends_nothing() -> None:
    history = emergency(downgraded(9 * MINUTE), arrived(9 * MINUTE + SECOND))
    assert said(Rule.EMERGENCY_ARRIVAL, history) == waived(Why.DOWNGRADED, CS)


def test_5_2_7_an_emergency_has_neither_a_window_nor_a_day() -> None:
    history = emergency(arrived(8 * MINUTE), finished(HOUR))
    assert said(Rule.PUNCTUALITY, history) == void(Why.IS_EMERGENCY)
    assert said(Rule.MINOR_COMPLETION, history) == void(Why.IS_EMERGENCY)


def test_reading_11_what_is_no_emergency_any_more_lacks_only_an_appointment() -> None:
    history = emergency(downgraded(5 * MINUTE), finished(HOUR))
    assert said(Rule.PUNCTUALITY, history) == void(Why.NO_APPOINTMENT)


@pytest.mark.parametrize("rule", [Rule.EMERGENCY_ARRIVAL, Rule.EMERGENCY_STARTED])
def test_5_2_7_what_is_no_emergency_has_no_limit_of_minutes(rule: Rule) -> None:
    assert said(rule, repair(arrived(9 * HOUR))) == void(Why.NO_EMERGENCY)


# Appointments: at five hours after the registration

SLOT = 5 * HOUR


@pytest.mark.parametrize(
    ("gap", "verdict"),
    [
        (-5 * MINUTE - SECOND, missed(SECOND)),
        (-5 * MINUTE, MET),
        (0 * SECOND, MET),
        (2 * MINUTE, MET),
        (2 * MINUTE + SECOND, missed(SECOND)),
        (3 * HOUR, missed(178 * MINUTE)),
    ],
)
def test_5_2_2_arrival_is_judged_by_the_window_to_the_second(gap: timedelta, verdict: Said) -> None:
    assert said(Rule.PUNCTUALITY, visit(arrived(SLOT + gap))) == verdict


@pytest.mark.parametrize(
    ("lines", "verdict"),
    [
        ((welcome(HOUR), arrived(4 * HOUR)), waived(Why.EARLY_CONSENT, OWNER)),
        ((arrived(4 * HOUR), welcome(4 * HOUR + SECOND)), missed(55 * MINUTE)),
        ((welcome(HOUR), arrived(SLOT - 5 * MINUTE)), MET),
        ((welcome(HOUR), arrived(SLOT + 3 * MINUTE)), missed(MINUTE)),
        ((welcome(HOUR), moved(2 * HOUR, to=7 * HOUR), arrived(6 * HOUR)), missed(55 * MINUTE)),
        (
            (welcome(HOUR), moved(2 * HOUR, to=7 * HOUR), welcome(3 * HOUR), arrived(6 * HOUR)),
            waived(Why.EARLY_CONSENT, OWNER),
        ),
    ],
)
def test_reading_12_early_is_a_miss_unless_the_owner_agreed_beforehand(
    lines: tuple[Happening, ...], verdict: Said
) -> None:
    """A consent is to one agreed time, and lapses with it."""
    assert said(Rule.PUNCTUALITY, visit(*lines)) == verdict


@pytest.mark.parametrize(
    ("lines", "now", "verdict"),
    [
        ((), SLOT + 2 * MINUTE, PENDING),
        ((), SLOT + 2 * MINUTE + SECOND, missed(SECOND)),
        ((cancelled(SLOT + 2 * MINUTE),), 30 * DAY, void(Why.CANCELLED)),
        ((cancelled(SLOT + 3 * MINUTE),), 30 * DAY, missed(MINUTE)),
        ((after(HOUR, Step.TRANSFERRED, TECHNICIAN),), SLOT + 3 * MINUTE, missed(MINUTE)),
    ],
)
def test_5_2_2_appointment_nobody_came_to(
    lines: tuple[Happening, ...], now: timedelta, verdict: Said
) -> None:
    assert said(Rule.PUNCTUALITY, visit(*lines), REPORTED + now) == verdict


@pytest.mark.parametrize(
    ("lines", "verdict"),
    [
        ((moved(HOUR, to=2 * DAY), arrived(2 * DAY)), MET),
        ((moved(HOUR, to=2 * DAY), arrived(SLOT)), missed(2 * DAY - SLOT - 5 * MINUTE)),
        ((moved(HOUR, to=2 * DAY),), missed(28 * DAY - 2 * MINUTE)),
        ((moved(SLOT, to=2 * DAY), arrived(2 * DAY)), MET),
        ((moved(SLOT + SECOND, to=2 * DAY), arrived(2 * DAY)), missed(SECOND)),
        ((moved(SLOT + HOUR, to=2 * DAY), arrived(2 * DAY)), missed(HOUR)),
        ((moved(SLOT + HOUR, to=2 * DAY), cancelled(DAY)), missed(HOUR)),
        ((moved(HOUR, to=2 * DAY), cancelled(DAY)), void(Why.CANCELLED)),
        ((moved(HOUR, to=DAY), moved(DAY + HOUR, to=2 * DAY), arrived(2 * DAY)), missed(HOUR)),
    ],
)
def test_reading_13_a_new_time_counts_only_where_agreed_to_before_the_old(
    lines: tuple[Happening, ...], verdict: Said
) -> None:
    assert said(Rule.PUNCTUALITY, visit(*lines)) == verdict


ONE_VISIT = (arrived(SLOT), after(SLOT + HOUR, Step.RETURN_NEEDED, TECHNICIAN))


@pytest.mark.parametrize(
    ("lines", "now", "verdict"),
    [
        (ONE_VISIT, 30 * DAY, MET),
        ((*ONE_VISIT, moved(6 * HOUR, to=DAY)), DAY, MET),
        ((*ONE_VISIT, moved(6 * HOUR, to=DAY)), DAY + 3 * MINUTE, missed(MINUTE)),
        ((*ONE_VISIT, moved(6 * HOUR, to=DAY), arrived(DAY)), 30 * DAY, MET),
        ((*ONE_VISIT, moved(6 * HOUR, to=DAY), arrived(DAY + HOUR)), 30 * DAY, missed(58 * MINUTE)),
        ((*ONE_VISIT, moved(6 * HOUR, to=DAY), cancelled(7 * HOUR)), 30 * DAY, MET),
        ((*ONE_VISIT, arrived(9 * HOUR)), 30 * DAY, MET),
    ],
)
def test_5_2_2_every_visit_has_its_own_time_and_one_miss_is_a_miss(
    lines: tuple[Happening, ...], now: timedelta, verdict: Said
) -> None:
    assert said(Rule.PUNCTUALITY, visit(*lines), REPORTED + now) == verdict


def test_reading_13_the_first_of_several_misses_is_on_record() -> None:
    late = (arrived(SLOT + 3 * MINUTE), after(6 * HOUR, Step.RETURN_NEEDED, TECHNICIAN))
    history = visit(*late, moved(7 * HOUR, to=DAY), arrived(DAY + HOUR))
    found = of(Rule.PUNCTUALITY, judge(history, LATER))
    assert (found.due_at, found.missed_by) == (REPORTED + SLOT, MINUTE)


# Small problems


@pytest.mark.parametrize(
    ("lines", "now", "verdict"),
    [
        ((finished(DAY),), 30 * DAY, MET),
        ((finished(DAY + SECOND),), 30 * DAY, missed(SECOND)),
        ((), DAY, PENDING),
        ((), DAY + SECOND, missed(SECOND)),
        ((finished(6 * HOUR, "not_solved"),), 30 * DAY, missed(0 * SECOND, Why.NOT_SOLVED)),
        ((finished(DAY + HOUR, "not_solved"),), 30 * DAY, missed(HOUR, Why.NOT_SOLVED)),
        ((finished(DAY, "no_work"),), 30 * DAY, void(Why.NO_WORK)),
        ((finished(DAY + HOUR, "no_work"),), 30 * DAY, missed(HOUR)),
        ((cancelled(DAY),), 30 * DAY, void(Why.CANCELLED)),
        ((cancelled(DAY + HOUR),), 30 * DAY, missed(HOUR)),
    ],
)
def test_5_2_2_small_problem_is_solved_within_a_day(
    lines: tuple[Happening, ...], now: timedelta, verdict: Said
) -> None:
    assert said(Rule.MINOR_COMPLETION, repair(*lines), REPORTED + now) == verdict


def test_5_2_2_only_a_repair_has_a_day() -> None:
    assert said(Rule.MINOR_COMPLETION, visit(finished(2 * DAY))) == void(Why.NO_REPAIR)


@pytest.mark.parametrize(
    ("lines", "verdict"),
    [
        ((finished(2 * DAY + 40 * MINUTE),), MET),
        ((finished(2 * DAY + 41 * MINUTE),), missed(MINUTE)),
        ((moved(HOUR, to=3 * DAY, deferred=True), finished(3 * DAY + 40 * MINUTE)), MET),
        ((moved(HOUR, to=5 * HOUR, deferred=True), finished(DAY)), MET),
        ((moved(HOUR, to=5 * HOUR, deferred=True), finished(DAY + HOUR)), missed(HOUR)),
    ],
)
def test_reading_14_the_end_of_a_later_visit_the_owner_chose_replaces_the_day(
    lines: tuple[Happening, ...], verdict: Said
) -> None:
    history = repair(*lines, at=2 * DAY, deferred=True)
    assert said(Rule.MINOR_COMPLETION, history) == verdict


@pytest.mark.parametrize(
    ("lines", "verdict"),
    [
        ((moved(HOUR, to=2 * DAY, deferred=True), finished(2 * DAY)), MET),
        ((moved(DAY, to=2 * DAY, deferred=True), finished(2 * DAY)), MET),
        ((moved(DAY + SECOND, to=2 * DAY, deferred=True), finished(2 * DAY)), missed(DAY)),
        ((moved(HOUR, to=2 * DAY), finished(2 * DAY)), missed(DAY)),
    ],
)
def test_reading_14_only_the_owners_own_choice_within_the_limit_moves_it(
    lines: tuple[Happening, ...], verdict: Said
) -> None:
    assert said(Rule.MINOR_COMPLETION, repair(*lines)) == verdict


def test_reading_14_a_time_the_desk_proposes_moves_no_limit_the_owner_has_chosen() -> None:
    history = repair(moved(HOUR, to=4 * DAY), finished(4 * DAY), at=2 * DAY, deferred=True)
    found = of(Rule.MINOR_COMPLETION, judge(history, LATER))
    assert found.due_at == REPORTED + 2 * DAY + 40 * MINUTE
    assert found.verdict is Verdict.MISSED


# Large problems


@pytest.mark.parametrize(
    ("lines", "minor", "major"),
    [
        ((enlarged(6 * HOUR),), void(Why.BECAME_MAJOR), missed(27 * DAY)),
        ((enlarged(DAY),), void(Why.BECAME_MAJOR), missed(27 * DAY)),
        ((enlarged(DAY + SECOND), finished(2 * DAY)), missed(DAY), void(Why.FINISHED)),
        ((enlarged(DAY), answered(3 * DAY)), void(Why.BECAME_MAJOR), MET),
        ((enlarged(DAY), answered(3 * DAY + SECOND)), void(Why.BECAME_MAJOR), missed(SECOND)),
        ((enlarged(DAY), answered(DAY, by=None)), void(Why.BECAME_MAJOR), missed(27 * DAY)),
        (
            (enlarged(DAY), answered(DAY, by=None), answered(4 * DAY)),
            void(Why.BECAME_MAJOR),
            missed(DAY),
        ),
        ((enlarged(DAY), answered(2 * DAY), answered(9 * DAY)), void(Why.BECAME_MAJOR), MET),
        ((enlarged(DAY), finished(3 * DAY)), void(Why.BECAME_MAJOR), void(Why.FINISHED)),
        ((enlarged(DAY), finished(4 * DAY)), void(Why.BECAME_MAJOR), missed(DAY)),
        ((enlarged(DAY), cancelled(2 * DAY)), void(Why.BECAME_MAJOR), void(Why.CANCELLED)),
        ((after(DAY, Step.MAJOR_ASKED, TECHNICIAN),), missed(29 * DAY), void(Why.NO_MAJOR)),
    ],
)
def test_reading_15_large_problem_is_approved_within_a_day_and_answered_within_three(
    lines: tuple[Happening, ...], minor: Said, major: Said
) -> None:
    history = repair(*lines)
    assert said(Rule.MINOR_COMPLETION, history) == minor
    assert said(Rule.MAJOR_RESPONSE, history) == major


def test_reading_15_the_first_day_is_a_day_also_where_the_owner_chose_a_later_time() -> None:
    history = repair(enlarged(DAY + HOUR), finished(3 * DAY), at=2 * DAY, deferred=True)
    assert said(Rule.MINOR_COMPLETION, history) == missed(DAY - 40 * MINUTE)


def test_reading_15_an_emergency_may_turn_out_large_and_keeps_its_minutes() -> None:
    history = emergency(
        arrived(12 * MINUTE), started(12 * MINUTE), enlarged(HOUR), answered(2 * DAY)
    )
    assert said(Rule.EMERGENCY_ARRIVAL, history) == missed(2 * MINUTE)
    assert said(Rule.MINOR_COMPLETION, history) == void(Why.IS_EMERGENCY)
    assert said(Rule.MAJOR_RESPONSE, history) == MET


# To the second


@pytest.mark.parametrize(
    ("rule", "history"),
    [
        (Rule.EMERGENCY_ARRIVAL, emergency(arrived(10 * MINUTE + 0.9 * SECOND))),
        (Rule.PUNCTUALITY, visit(arrived(SLOT + 2 * MINUTE + 0.9 * SECOND))),
        (Rule.PUNCTUALITY, visit(moved(SLOT + 0.9 * SECOND, to=DAY), arrived(DAY))),
        (Rule.MINOR_COMPLETION, repair(finished(DAY + 0.9 * SECOND))),
    ],
)
def test_5_2_2_a_part_of_a_second_is_no_delay(rule: Rule, history: list[Happening]) -> None:
    """What happens at a missed limit is due a second after it: until then nobody has missed."""
    assert said(rule, history) == MET
    assert said(rule, history[:1], history[1].at) == PENDING


# What a history must be


@pytest.mark.parametrize("history", [[], [after(0 * SECOND, Step.OFFERED)]])
def test_a_history_begins_with_the_registration(history: list[Happening]) -> None:
    with pytest.raises(ValueError, match="registration"):
        judge(history, LATER)


def test_a_registration_that_promises_nothing_is_refused() -> None:
    with pytest.raises(KeyError):
        judge([after(0 * SECOND, Step.REGISTERED, OWNER)], LATER)


@pytest.mark.parametrize(
    ("rule", "history"),
    [
        (Rule.EMERGENCY_ARRIVAL, emergency(after(HOUR, Step.NOTE_ADDED), arrived(5 * MINUTE))),
        (Rule.PUNCTUALITY, visit(after(6 * HOUR, Step.ESCALATED), arrived(SLOT))),
        (Rule.PUNCTUALITY, visit(after(6 * HOUR, Step.ESCALATED), moved(HOUR, to=8 * HOUR))),
        (Rule.MINOR_COMPLETION, repair(after(2 * DAY, Step.ESCALATED), finished(HOUR))),
        (Rule.MAJOR_RESPONSE, repair(enlarged(HOUR), after(4 * DAY, Step.RATED), answered(DAY))),
    ],
)
def test_a_clock_set_back_mends_no_miss(rule: Rule, history: list[Happening]) -> None:
    """What stands after a later line happened no earlier than that line."""
    assert of(rule, judge(history, REPORTED)).verdict is Verdict.MISSED


def test_what_follows_the_end_changes_nothing() -> None:
    history = emergency(cancelled(5 * MINUTE))
    again = [*history, arrived(6 * MINUTE), finished(HOUR)]
    assert judge(again, LATER) == judge(history, LATER)


# Laws: whatever has happened

rules = st.sampled_from(list(Rule))
anything = st.one_of(histories(), wild_histories())


def _is_missed(rule: Rule, history: Sequence[Happening], now: datetime) -> bool:
    return of(rule, judge(history, now)).verdict is Verdict.MISSED


def _too_early(found: Finding) -> bool:
    return (
        found.actual_at is not None and found.due_at is not None and found.actual_at < found.due_at
    )


@given(anything, st.timedeltas(timedelta(0), 60 * DAY))
def test_every_rule_has_one_finding_in_order_and_says_what_it_means(
    history: list[Happening], later: timedelta
) -> None:
    found = judge(history, REPORTED + later)
    assert [one.rule for one in found] == list(Rule)
    for one in found:
        assert (one.missed_by is not None) == (one.verdict is Verdict.MISSED)
        assert (one.waived_by is None) or one.verdict is Verdict.WAIVED
        if one.verdict in (Verdict.NOT_APPLICABLE, Verdict.WAIVED):
            assert one.why is not None
        if one.verdict is Verdict.MISSED and one.why is not Why.NOT_SOLVED:
            assert one.missed_by is not None
            assert one.missed_by >= SECOND


@given(terms())
def test_terms_are_read_as_they_were_written(promised: Terms) -> None:
    assert Terms.from_facts(promised.as_facts()) == promised


@given(histories(), st.data(), gaps)
def test_a_delay_never_helps(
    history: list[Happening], data: st.DataObject, delay: timedelta
) -> None:
    """Whatever happens later than it did, and all after it with it, is judged no better."""
    since = data.draw(st.integers(1, len(history)))
    late = [*history[:since], *(replace(line, at=line.at + delay) for line in history[since:])]
    for before, then in zip(judge(history, LATER), judge(late, LATER + delay), strict=True):
        if before.verdict is Verdict.MISSED and not _too_early(before):
            assert then.verdict is Verdict.MISSED


@given(anything, st.timedeltas(timedelta(0), 60 * DAY))
def test_of_an_ended_order_every_verdict_is_final(
    history: list[Happening], later: timedelta
) -> None:
    first = judge(history, max(line.at for line in history))
    if ends(history):
        assert judge(history, REPORTED + later) == first
        assert all(one.verdict is not Verdict.PENDING for one in first)


@given(anything, rules)
def test_reading_13_a_miss_is_never_unsaid_by_what_comes_after(
    history: list[Happening], rule: Rule
) -> None:
    """At each line, and in the very last moment before the next."""
    seen = [
        _is_missed(rule, history[: place + 1], now)
        for place, (line, following) in enumerate(pairwise(history))
        for now in (line.at, following.at)
    ]
    seen.append(_is_missed(rule, history, LATER))
    assert seen == sorted(seen)


@given(histories(), terms(), rules)
def test_looser_terms_never_judge_more_strictly(
    history: list[Happening], looser: Terms, rule: Rule
) -> None:
    strict = Terms.from_facts(history[0].facts)
    longer = {
        one.name: max(getattr(strict, one.name), getattr(looser, one.name))
        for one in fields(Terms)
        if isinstance(getattr(strict, one.name), timedelta)
        and isinstance(getattr(looser, one.name), timedelta)
    }
    loose = registered(replace(strict, **longer), *history[1:])
    assert _is_missed(rule, history, LATER) or not _is_missed(rule, loose, LATER)


@given(wild_histories())
def test_time_never_runs_backwards_in_a_history(history: list[Happening]) -> None:
    seen, straight = history[0].at, []
    for line in history:
        seen = max(seen, line.at)
        straight.append(replace(line, at=seen))
    assert judge(history, LATER) == judge(straight, LATER)


# Pauses


def _with_pauses(
    history: Sequence[Happening], places: Sequence[int], share: int
) -> list[Happening]:
    """Held and resumed between two lines, wherever there are two."""
    paused = list(history)
    for place in sorted({place % len(history) for place in places}, reverse=True):
        start = history[place].at
        end = history[place + 1].at if place + 1 < len(history) else start
        until = (end + DAY).isoformat()
        held = Happening(start, Step.HELD, TECHNICIAN, {"reason": "parts", "until": until})
        resumed = Happening(start + (end - start) / share, Step.RESUMED, CS)
        paused[place + 1 : place + 1] = [held, resumed]
    return paused


@given(histories(), st.lists(st.integers(0, 12), min_size=1), st.integers(1, 5))
def test_5_2_2_to_be_held_moves_no_verdict(
    history: list[Happening], places: list[int], share: int
) -> None:
    assert judge(_with_pauses(history, places, share), LATER) == judge(history, LATER)


@given(histories(), st.lists(st.integers(0, 12), min_size=1), st.integers(1, 5))
def test_pauses_are_as_many_as_were_made_and_never_overlap(
    history: list[Happening], places: list[int], share: int
) -> None:
    found = pauses(_with_pauses(history, places, share))
    assert len(found) == len({place % len(history) for place in places})
    for one, following in pairwise(found):
        assert one.ended_at is not None
        assert one.since <= one.ended_at <= following.since


@pytest.mark.parametrize(
    "ending", [Step.RESUMED, Step.TRANSFERRED, Step.CANCELLED, Step.FINISHED, Step.HELD]
)
def test_a_pause_lasts_until_the_order_goes_on(ending: Step) -> None:
    until = REPORTED + DAY
    held = after(HOUR, Step.HELD, TECHNICIAN, reason="owner", until=until.isoformat())
    running = Pause(REPORTED + HOUR, "owner", until)
    assert pauses([held, after(2 * HOUR, Step.NOTE_ADDED)]) == (running,)
    over, *_ = pauses([held, after(2 * HOUR, ending)])
    assert over == replace(running, ended_at=REPORTED + 2 * HOUR)


@given(wild_histories())
def test_pauses_of_any_history_come_one_after_the_other(history: list[Happening]) -> None:
    found = pauses(history)
    assert len(found) == sum(line.step is Step.HELD for line in history)
    assert all(one.ended_at is not None for one in found[:-1])


def test_terms_are_the_standards() -> None:
    """What these tests reckon with."""
    assert (TERMS.arrival_early, TERMS.arrival_late) == (5 * MINUTE, 2 * MINUTE)
    assert (TERMS.minor_within, TERMS.major_within) == (DAY, 3 * DAY)
