"""The life of a case as pure steps, in whatever order they are tried (§3.4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from services.cases import life
from services.rules import grades
from services.rules.grades import CaseSource, Grade
from storage.records import Case, CaseState

ZONE = ZoneInfo("Asia/Shanghai")
OPENED = datetime(2026, 11, 24, 2, tzinfo=UTC)
HANDLERS, VERIFIERS, WORKER = (1, 2), (2, 3, 4), 4
"""Person 2 is a superior who may do both; person 4 verifies, and it is their work."""


def opened(source: CaseSource) -> Case:
    """A case as it is opened."""
    grade = grades.grade_of(source)
    return Case(
        id=1,
        number="C1",
        centre_id=1,
        order_id=1,
        source=source,
        grade=grade,
        state=CaseState.OPENED,
        opened_at=OPENED,
        correct_by=grades.correct_by(grade, OPENED, ZONE),
        verify_by=grades.verify_by(grade, OPENED, ZONE),
        handler_id=1,
        taken_at=None,
        correction="",
        disposition=None,
        corrected_at=None,
        customer_told_at=None,
    )


class Life(RuleBasedStateMachine):
    """Whatever is open is tried by anybody; a step is taken where the services would let it be."""

    @initialize(source=st.sampled_from(CaseSource))
    def opens(self, source: CaseSource) -> None:
        self.now = OPENED
        self.case = opened(source)
        self.before = self.case
        self.correctors: set[int] = set()
        self._ask()

    def _goes(self, case: Case) -> None:
        self.before, self.case = self.case, case
        self.now += timedelta(minutes=7)

    def _ask(self) -> None:
        if grades.needs_corrective_action(Grade(self.case.grade), 1):
            self.case = life.asked_to_act(self.case, self.now + timedelta(days=3))

    def _opens_anew(self, case: Case) -> None:
        self._goes(life.reopened(case, self.now, ZONE))
        self._ask()

    @precondition(lambda self: self.case.state is CaseState.OPENED)
    @rule(by=st.sampled_from(HANDLERS))
    def is_taken(self, by: int) -> None:
        self._goes(life.taken(self.case, by, self.now))

    @precondition(lambda self: self.case.state is CaseState.TAKEN)
    @rule(by=st.sampled_from(HANDLERS))
    def is_corrected(self, by: int) -> None:
        self.correctors.add(by)
        self._goes(life.corrected(self.case, "redo", "…", self.now))

    @precondition(lambda self: self.case.taken_at and life.waits_for_action(self.case))
    @rule(by=st.sampled_from(HANDLERS))
    def is_explained(self, by: int) -> None:
        self._goes(life.acted(self.case, "…", "…", by, self.now))

    @precondition(lambda self: life.is_untold(self.case))
    @rule()
    def the_customer_is_told(self) -> None:
        self._goes(life.closed(life.told(self.case, self.now), self.now))

    @precondition(lambda self: self.case.customer_told_at and not self.case.settled)
    @rule()
    def the_customer_says_it_is_settled(self) -> None:
        self._goes(life.closed(life.settled(self.case, self.now), self.now))

    @precondition(lambda self: self.case.customer_told_at)
    @rule()
    def the_customer_says_it_is_not(self) -> None:
        self._opens_anew(life.raised(self.case, Grade.SERIOUS, self.now, ZONE))

    @precondition(lambda self: life.is_solved(self.case) and not self.case.verified_at)
    @rule(by=st.sampled_from(VERIFIERS), helped=st.booleans())
    def is_verified(self, by: int, helped: bool) -> None:
        involved = {WORKER, *self.correctors}
        if not life.may_be_verified(self.case) or not life.is_impartial(self.case, by, involved):
            return
        if helped:
            self._goes(life.closed(life.verified(self.case, by, self.now), self.now))
        else:
            higher = grades.one_higher(Grade(self.case.grade))
            self._opens_anew(life.raised(self.case, higher, self.now, ZONE))

    @precondition(lambda self: self.case.state in (CaseState.TAKEN, CaseState.CLOSED))
    @rule(grade=st.sampled_from(Grade))
    def comes_again(self, grade: Grade) -> None:
        raised = life.raised(self.case, grade, self.now, ZONE)
        if life.is_solved(raised):
            self._opens_anew(raised)
        else:
            self._goes(raised)
            self._ask()

    @invariant()
    def closed_is_verified_and_told(self) -> None:
        if self.case.state is CaseState.CLOSED:
            assert self.case.verified_at is not None
            assert self.case.customer_told_at is not None
            assert self.case.corrected_at is not None

    @invariant()
    def nobody_verifies_their_own(self) -> None:
        if self.case.verifier_id is not None:
            own = {WORKER, self.case.handler_id, self.case.action_by, *self.correctors}
            assert self.case.verifier_id not in own

    @invariant()
    def what_is_verified_has_its_action(self) -> None:
        if self.case.verified_at is not None:
            assert self.case.action_due is None or self.case.action_at is not None
            assert self.case.grade != "serious" or self.case.action

    @invariant()
    def the_grade_never_falls(self) -> None:
        assert life.rank(self.case.grade) >= life.rank(self.before.grade)

    @invariant()
    def what_is_open_anew_is_as_new(self) -> None:
        if self.case.state is CaseState.OPENED:
            asked = replace(self.case, action_due=None)
            blank = opened(CaseSource(self.case.source))
            same = ("taken_at", "correction", "disposition", "corrected_at", "customer_told_at")
            same += ("cause", "action", "action_at", "verified_at", "effective", "settled")
            assert [getattr(asked, name) for name in same] == [
                getattr(blank, name) for name in same
            ]

    @invariant()
    def waiting_ends_by_itself_in_nothing_but_closing(self) -> None:
        """Whoever may close is closed in the same step: nothing lingers verified and told."""
        assert not life.may_close(self.case)


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=50, stateful_step_count=20, deadline=None)


def test_3_4_a_higher_grade_never_makes_what_was_due_earlier_due_later() -> None:
    case = opened(CaseSource.LATE_ARRIVAL)
    raised = life.raised(case, Grade.SERIOUS, OPENED + timedelta(hours=20), ZONE)
    assert (raised.grade, raised.correct_by) == (Grade.SERIOUS, case.correct_by)
    assert life.raised(raised, Grade.MINOR, OPENED, ZONE) == raised


@pytest.mark.parametrize("is_told", [True, False])
@pytest.mark.parametrize("state", CaseState)
def test_3_4_only_what_is_verified_and_told_closes(state: CaseState, is_told: bool) -> None:
    case = replace(opened(CaseSource.LOSS), state=state)
    case = life.told(case, OPENED) if is_told else case
    may = state is CaseState.VERIFIED and is_told
    assert (life.closed(case, OPENED).closed_at is not None) is may


@pytest.mark.parametrize("is_asked", [True, False])
@pytest.mark.parametrize("state", CaseState)
def test_3_4_only_what_is_corrected_with_its_action_is_verified(
    state: CaseState, is_asked: bool
) -> None:
    case = replace(opened(CaseSource.LOSS), state=state)
    case = life.asked_to_act(case, OPENED) if is_asked else case
    assert life.may_be_verified(case) is (state is CaseState.CORRECTED and not is_asked)
    done = life.acted(case, "…", "…", 1, OPENED)
    assert life.may_be_verified(done) is (state is CaseState.CORRECTED)
