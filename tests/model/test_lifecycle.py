"""The life of an order at random: whatever is done when, the house agrees with the standard.

Every step is tried in every state by whoever might press it. What the reference refuses the house
refuses, and writes nothing; what it allows succeeds; and after each step both say the same of the
order, its promises, their deadlines and their cases.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import ClassVar, TypeVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Connection, func, select

from services import (
    availability,
    changes,
    dispatch,
    holds,
    interventions,
    majors,
    orders,
    promises,
    serving,
)
from services.desk import Desk
from services.due import minute_of
from services.errors import DomainError
from services.rules.history import Step
from services.rules.response_times import DeadlineKind
from storage import cases, deadlines
from storage import majors as claims
from storage import orders as store
from storage.records import (
    CaseState,
    Deadline,
    DeadlineState,
    HoldReason,
    OfferState,
    Order,
    Result,
)
from storage.tables import order_events, reschedules
from tests.model.centre import Centre
from tests.model.reference import DAY, HOUR, MINUTE, SECOND, Job
from tests.town import TUESDAY_10

T = TypeVar("T")
Method = TypeVar("Method", bound=Callable[..., None])

SOAK = int(os.environ.get("DOORSTEP_SOAK", "1"))
"""How many times as many stories are told; few by default."""

ORDER = 1
TEAM = {"PL01": ("wang", "li"), "HC01": ("zhao",)}
"""Who is able to do the work of an item, by the roster of the town."""

MINUTES = {"PL01": 40, "HC01": 120}
USUAL_EMERGENCY = 60
CASE_OF = {  # the source of the case that a miss of each rule opens (§3.4)
    "emergency_arrival": "missed_emergency_limit",
    "punctuality": "late_arrival",
    "minor_completion": "missed_deadline",
    "major_response": "missed_deadline",
}

ENDS = ("finish", "cancel", "call_off")
LONG_ENOUGH = 15

THEIR_TURN = "whose turn it is"
technicians = st.sampled_from((THEIR_TURN, THEIR_TURN, THEIR_TURN, "wang", "li", "zhao"))
prices = st.sampled_from((4000, 4000, 4000, 6000, 0))
pauses = st.one_of(
    st.sampled_from((SECOND, MINUTE, 3 * MINUTE, 9 * MINUTE, 10 * MINUTE, 30 * MINUTE, HOUR, DAY)),
    st.timedeltas(SECOND, 30 * HOUR),
)


def tried(step: str, **drawn: st.SearchStrategy[object]) -> Callable[[Method], Method]:
    """A step of the order: tried in the states that allow it, now and then in the others, too.

    What ends the story is not done before it has been long enough.
    """

    def is_tried(self: Lifecycle) -> bool:
        early = step in ENDS and self.turns < LONG_ENOUGH
        return not early and (self.job.may(step) or self.turns % 4 == 0)

    return lambda method: precondition(is_tried)(rule(**drawn)(method))


class Lifecycle(RuleBasedStateMachine):
    """One order of the town, in the house and on paper."""

    connection: ClassVar[Connection]
    centre: Centre
    job: Job

    # How it begins

    @initialize(
        hour=st.sampled_from((0 * HOUR, 12 * HOUR, 13 * HOUR, 22 * HOUR)),
        what=st.sampled_from(("burst_pipe", "PL01", "HC01")),
        slot=st.sampled_from((0, 1, 5, 25, 60)),
        steps=st.integers(0, 6),
    )
    def somebody_asks(self, hour: timedelta, what: str, slot: int, steps: int) -> None:
        """By day, at its edges, or in the next morning; it has come so many steps when we look."""
        self.turns = 0
        self.missed: set[str] = set()
        self.centre = Centre(self.connection, TUESDAY_10 + hour)
        if what == "burst_pipe":
            self._report()
        else:
            self._book(what, slot)
        for _ in range(steps):
            self.goes_on(Result.DONE)

    def _report(self) -> None:
        self.team: tuple[str, ...] = TEAM["PL01"]
        self.centre.hears_of_an_emergency()
        self.job = Job(self.centre.now, urgent=True, repair=True, minutes=USUAL_EMERGENCY)

    def _book(self, code: str, slot: int) -> None:
        self.team = TEAM[code]
        starts_at = self.centre.books(code, slot)
        repair = code == "PL01"
        self.job = Job(self.centre.now, False, repair, MINUTES[code], starts_at)

    def teardown(self) -> None:
        if hasattr(self, "centre"):
            self.centre.close()

    # Trying a step

    def _turn(self, who: str) -> str:
        """Whoever has the job, or is asked to take it, where it is said so; anybody else's name."""
        if who != THEIR_TURN:
            return who
        asked = next(filter(self._is_asked_now, self.team), self.team[0])
        return self.job.technician or asked

    def tries(self, unit: Callable[[Desk], T], *, allowed: bool) -> bool:
        """Do it in the house; whether it was done, which must be as the model has it."""
        written = self.centre.changes()
        try:
            self.centre.do(unit)
        except DomainError:
            assert not allowed
            assert self.centre.changes() == written
            return False
        assert allowed
        return True

    @property
    def at(self) -> datetime:
        """What the next line of the history counts as: no earlier than any before it."""
        newest = select(func.max(order_events.c.at)).where(order_events.c.order_id == ORDER)
        seen: datetime = self.centre.look(lambda c: c.execute(newest).scalar_one())
        return max(seen, self.centre.now)

    def order(self) -> Order:
        return self.centre.do(lambda desk: orders.load(desk, ORDER))

    # Who takes the job

    def _asked(self, technician: str) -> OfferState | None:
        """What became of asking this technician last: whom to ask is the dispatcher's affair."""
        person = self.centre.person(technician).id
        offers = self.centre.look(lambda c: store.offers_of(c, ORDER))
        return next((one.state for one in reversed(offers) if one.person_id == person), None)

    @tried("accept", who=technicians)
    def accepts(self, who: str) -> None:
        who = self._turn(who)
        asked = [OfferState.OPEN, OfferState.LAPSED]
        if self.job.emergency:
            asked.append(OfferState.DECLINED)
        allowed = self.job.may("accept") and self._asked(who) in asked
        by = self.centre.person(who)
        if self.tries(lambda desk: dispatch.accept(desk, ORDER, by), allowed=allowed):
            self.job.state, self.job.technician = "accepted", who

    @tried("decline", who=technicians)
    def declines(self, who: str) -> None:
        who = self._turn(who)
        allowed = self.job.may("decline") and self._asked(who) is OfferState.OPEN
        by = self.centre.person(who)
        self.tries(lambda desk: dispatch.decline(desk, ORDER, by, "busy"), allowed=allowed)

    @tried("transfer", who=technicians)
    def transfers(self, who: str) -> None:
        who = self._turn(who)
        by, allowed = self.centre.person(who), self.job.may_as("transfer", who)
        if self.tries(lambda desk: dispatch.transfer(desk, ORDER, by, "far"), allowed=allowed):
            self.job.give_back()

    @tried("assign", who=technicians)
    def is_assigned_by_hand(self, who: str) -> None:
        who = self._turn(who)
        cs, chosen = self.centre.person("cs"), self.centre.person(who)
        only_one = [one for one in TEAM["PL01"] + TEAM["HC01"] if self._is_asked_now(one)] == [who]
        known = who == self.job.technician or only_one
        allowed = self.job.may("assign") and who in self.team and not known

        def assign(desk: Desk) -> Order:
            return interventions.assign(desk, ORDER, chosen.id, cs)

        if self.tries(assign, allowed=allowed):
            self.job.give_back()

    def _is_asked_now(self, technician: str) -> bool:
        return self._asked(technician) is OfferState.OPEN

    # On the way and on site

    @tried("set_out", who=technicians)
    def sets_out(self, who: str) -> None:
        who = self._turn(who)
        by, allowed = self.centre.person(who), self.job.may_as("set_out", who)
        if self.tries(lambda desk: serving.set_out(desk, ORDER, by), allowed=allowed):
            self.job.state = "set_out"

    @tried("arrive", who=technicians)
    def arrives(self, who: str) -> None:
        who = self._turn(who)
        by, at = self.centre.person(who), self.at
        allowed = self.job.may_arrive(who, self.centre.now)
        if self.tries(lambda desk: serving.arrive(desk, ORDER, by), allowed=allowed):
            self.job.arrive(at)

    @tried("ask_early", who=technicians)
    def asks_to_come_early(self, who: str) -> None:
        who = self._turn(who)
        by, allowed = self.centre.person(who), self.job.may_ask_early(who, self.centre.now)
        self.tries(lambda desk: serving.ask_early(desk, ORDER, by), allowed=allowed)

    @tried("consent_early", agrees=st.booleans(), since_moved=st.sampled_from((0, 0, 60)))
    def owner_answers_about_early(self, agrees: bool, since_moved: int) -> None:
        """Consent for one time is none for another (reading 12)."""
        owner, appointed = self.centre.person("owner"), self.job.appointed_at
        asked_about = minute_of(appointed) + since_moved if appointed else 0
        allowed = self.job.may("consent_early") and not since_moved

        def consent(desk: Desk) -> Order:
            return serving.consent_early(desk, ORDER, owner, asked_about, agrees=agrees)

        if self.tries(consent, allowed=allowed) and agrees:
            self.job.welcome_early = True

    @tried("explain", who=technicians, price=prices)
    def explains(self, who: str, price: int) -> None:
        who = self._turn(who)
        by, allowed = self.centre.person(who), self.job.may_as("explain", who)
        if self.tries(lambda desk: serving.explain(desk, ORDER, by, price), allowed=allowed):
            self.job.state, self.job.quote = "explained", price

    @tried("agree", price=prices)
    def owner_agrees(self, price: int) -> None:
        owner, at = self.centre.person("owner"), self.at
        allowed = self.job.may_answer_price("agree", price)
        if self.tries(lambda desk: serving.agree(desk, ORDER, owner, price), allowed=allowed):
            self.job.agree_price(at)

    @tried("disagree", price=prices)
    def owner_disagrees(self, price: int) -> None:
        owner, allowed = self.centre.person("owner"), self.job.may_answer_price("disagree", price)
        if self.tries(lambda desk: serving.disagree(desk, ORDER, owner, price), allowed=allowed):
            self.job.state = "arrived"

    @tried("start", who=technicians)
    def starts(self, who: str) -> None:
        who = self._turn(who)
        by, at, allowed = self.centre.person(who), self.at, self.job.may_as("start", who)
        if self.tries(lambda desk: serving.start(desk, ORDER, by), allowed=allowed):
            self.job.started_at = at

    @tried("finish", who=technicians, result=st.sampled_from(Result))
    def finishes(self, who: str, result: Result) -> None:
        who = self._turn(who)
        by, at = self.centre.person(who), self.at
        allowed = self.job.may_finish(who, result)
        if self.tries(lambda desk: serving.finish(desk, ORDER, by, result), allowed=allowed):
            self.job.end("finished", at, result)

    @tried("return_visit", who=technicians)
    def must_come_again(self, who: str) -> None:
        who = self._turn(who)
        by, allowed = self.centre.person(who), self.job.may_as("return_visit", who)

        def come_again(desk: Desk) -> Order:
            return serving.return_needed(desk, ORDER, by, "time")

        if self.tries(come_again, allowed=allowed):
            self.job.state = "accepted"

    # On hold

    @tried("hold", who=technicians, reason=st.sampled_from(HoldReason), gap=pauses)
    def holds(self, who: str, reason: HoldReason, gap: timedelta) -> None:
        who = self._turn(who)
        by, until = self.centre.person(who), _minute(self.centre.now + gap)
        allowed = self.job.may_as("hold", who) and until > self.centre.now

        def hold(desk: Desk) -> Order:
            return holds.hold(desk, ORDER, by, reason, until)

        if self.tries(hold, allowed=allowed):
            self.job.hold(reason, until)

    @tried("resume", who=technicians)
    def resumes(self, who: str) -> None:
        who = self._turn(who)
        by, allowed = self.centre.person(who), self.job.may_as("resume", who)
        if self.tries(lambda desk: holds.resume(desk, ORDER, by), allowed=allowed):
            self.job.resume()

    @tried("confirm_hold", wishes=st.booleans())
    def owner_answers_about_the_hold(self, wishes: bool) -> None:
        """A later time of his own wish is the appointment; of another's it is none."""
        owner, at, now, to = (
            self.centre.person("owner"),
            self.at,
            self.centre.now,
            self.job.held_until,
        )
        second = int(to.timestamp()) if to else 0
        if not wishes:
            no = self.job.may("confirm_hold")
            if self.tries(lambda desk: holds.contradict(desk, ORDER, owner, second), allowed=no):
                self.job.resume()
            return
        yes = self.job.may_confirm_hold(now)
        if self.tries(lambda desk: holds.confirm(desk, ORDER, owner, second), allowed=yes):
            assert to is not None
            self.job.appoint(to, at, now, by_owner=True)
            self._keeps_or_hands_on()

    # Another time, or none

    @tried("move", slot=st.integers(0, 80))
    def owner_moves(self, slot: int) -> None:
        owner, at, now = self.centre.person("owner"), self.at, self.centre.now

        def free(desk: Desk) -> list[datetime]:
            work = changes.work_of(desk, orders.load(desk, ORDER))
            slots = availability.free_slots(desk, work, besides=ORDER)
            return [one.start for one in slots]

        starts = self.centre.do(free)
        to = starts[min(slot, len(starts) - 1)]

        def move(desk: Desk) -> Order:
            return changes.move(desk, orders.for_resident(desk, ORDER, owner), to, owner)

        if self.tries(move, allowed=self.job.may("move")):
            self.job.appoint(to, at, now, by_owner=True)
            self._keeps_or_hands_on()

    def _keeps_or_hands_on(self) -> None:
        """Whether whoever has it is free then is the roster's affair; who has set out is not."""
        if self.order().technician_id is None:
            self.job.give_back()
        else:
            assert self.job.state == "accepted"

    @tried(
        "propose_time",
        after=st.sampled_from((-HOUR, 0 * HOUR, SECOND, 2 * HOUR, 20 * HOUR, 2 * DAY)),
    )
    def desk_proposes_a_time(self, after: timedelta) -> None:
        cs, to = self.centre.person("cs"), _minute(self.centre.now + after)
        allowed = self.job.may_propose_time(to, self.centre.now)
        if self.tries(lambda desk: interventions.move(desk, ORDER, cs, to), allowed=allowed):
            self.job.proposed = to

    def _proposal(self) -> int:
        newest = select(func.max(reschedules.c.id)).where(reschedules.c.order_id == ORDER)
        return int(self.centre.look(lambda c: c.execute(newest).scalar_one()) or 0)

    @tried("agree_time")
    def owner_agrees_to_the_time(self) -> None:
        owner, at, now, to = (
            self.centre.person("owner"),
            self.at,
            self.centre.now,
            self.job.proposed,
        )
        key, allowed = self._proposal(), self.job.may_agree_time(self.centre.now)
        if self.tries(lambda desk: changes.agree(desk, key, owner), allowed=allowed):
            assert to is not None
            self.job.appoint(to, at, now, by_owner=False)
            self._keeps_or_hands_on()

    @tried("agree_time")
    def owner_refuses_the_time(self) -> None:
        owner, key, allowed = self.centre.person("owner"), self._proposal(), bool(self.job.proposed)
        if self.tries(lambda desk: changes.refuse(desk, key, owner), allowed=allowed):
            self.job.proposed = None

    @tried("cancel")
    def owner_cancels(self) -> None:
        owner, at = self.centre.person("owner"), self.at

        def cancel(desk: Desk) -> Order:
            return changes.cancel(desk, orders.for_resident(desk, ORDER, owner), owner)

        if self.tries(cancel, allowed=self.job.may("cancel")):
            self._is_cancelled(at)

    @tried("call_off")
    def desk_calls_off(self) -> None:
        cs, at, allowed = self.centre.person("cs"), self.at, self.job.may("call_off")
        if self.tries(lambda desk: interventions.cancel(desk, ORDER, cs, "owner"), allowed=allowed):
            self._is_cancelled(at)

    def _is_cancelled(self, at: datetime) -> None:
        self.job.end("cancelled", at)
        self.job.proposed = None

    @tried("downgrade")
    def is_no_emergency(self) -> None:
        cs, at, allowed = self.centre.person("cs"), self.at, self.job.may("downgrade")

        def downgrade(desk: Desk) -> Order:
            return interventions.downgrade(desk, ORDER, cs, "no-danger")

        if self.tries(downgrade, allowed=allowed):
            self.job.downgraded_at = at

    # A large problem

    def _claim(self) -> int:
        known = self.centre.look(lambda c: claims.of_order(c, ORDER))
        return known[-1].id if known else 0

    @tried("propose_major", who=technicians)
    def proposes_a_large_problem(self, who: str) -> None:
        who = self._turn(who)
        by, allowed = self.centre.person(who), self.job.may_propose_major(who, self.centre.now)
        if self.tries(lambda desk: majors.propose(desk, ORDER, by, "bad"), allowed=allowed):
            self.job.claim = "open"

    @tried("decide_major", approve=st.booleans())
    def supervisor_decides(self, approve: bool) -> None:
        supervisor, key = self.centre.person("supervisor"), self._claim()
        allowed = self.job.may_decide_major(self.centre.now, approve=approve)
        decide = majors.approve if approve else majors.refuse
        if self.tries(lambda desk: decide(desk, key, supervisor), allowed=allowed):
            self.job.claim = "agreed" if approve else "refused"
            self.job.major = approve

    @tried("answer_major")
    def owner_is_answered(self) -> None:
        cs, at, allowed = self.centre.person("cs"), self.at, self.job.may("answer_major")

        def answer(desk: Desk) -> Order:
            return majors.answer(desk, ORDER, cs, "pipe", "replace", "Friday")

        if self.tries(answer, allowed=allowed):
            self.job.answered_at = at

    # The usual way, so that stories get far

    @precondition(lambda self: self.job.state != "agreed" or self.turns > LONG_ENOUGH)
    @rule(result=st.sampled_from(Result))
    def goes_on(self, result: Result) -> None:
        """Whatever comes next when all goes well, at the time it should."""
        who = self._turn(THEIR_TURN)
        if self.job.over or (self.job.technician is None and not self._is_asked_now(who)):
            return
        if self.job.state == "set_out" and self.job.appointed_at is not None:
            self._lives_until(self.job.appointed_at - MINUTE)
        steps: dict[str, Callable[[], None]] = {
            "waiting": lambda: self.accepts(who),
            "accepted": lambda: self.sets_out(who),
            "set_out": lambda: self.arrives(who),
            "arrived": lambda: self.explains(who, 4000),
            "explained": lambda: self.owner_agrees(self.job.quote or 0),
            "agreed": lambda: self.finishes(who, result),
            "held": lambda: self.resumes(who),
        }
        steps[self.job.state]()

    # Time

    @rule(gap=pauses)
    def time_passes(self, gap: timedelta) -> None:
        self._lives_until(self.centre.now + gap)

    @rule(off=st.sampled_from((-SECOND, 0 * SECOND, SECOND)))
    def time_passes_to_the_next_deadline(self, off: timedelta) -> None:
        due = self.centre.next_due()
        if due is not None and due - self.centre.now < 4 * DAY:
            self._lives_until(due + off)

    def _lives_until(self, at: datetime) -> None:
        self.centre.live_until(at)
        self._was_swept()

    @rule(gap=pauses)
    def nobody_is_running(self, gap: timedelta) -> None:
        self.centre.step(gap)

    @rule(back=st.booleans())
    def clock_is_set(self, back: bool) -> None:
        self.centre.step(-HOUR if back else HOUR)

    @rule()
    def is_swept(self) -> None:
        """After an outage only the newest stage of each ladder speaks (§3.5)."""
        waiting = [one for one in self._stages(*DeadlineKind) if _waits(one, self.centre.now)]
        before = self._announced()
        self.centre.sweep()
        said = self._announced() - before
        for ladder in DeadlineKind:
            due = sorted((one.due_at, one.kind) for one in waiting if _is_of(one.kind, ladder))
            spoke = [kind for kind in said if _is_of(kind, ladder)]
            assert spoke in ([], [due[-1][1]] if due else [])
            assert sum(said[kind] for kind in spoke) <= 1
        self._was_swept()

    def _was_swept(self) -> None:
        """Nothing is due any more, and whatever is missed is on record."""
        if self.job.claim == "open" and self.centre.now > self.job.first_day and not self.job.over:
            self.job.claim = "refused"  # a proposal nobody approves in time
        assert not [one for one in self._stages(*DeadlineKind) if _waits(one, self.centre.now)]
        if self.centre.now < self.at:
            return  # the clock was set back behind what has been written down
        for name, verdict in self.job.verdicts(self.at).items():
            if verdict == "missed":
                assert self._stored().get(name) == "missed"

    # What holds after every step

    def _stages(self, *ladders: DeadlineKind) -> list[Deadline]:
        kinds = promises.kinds_of(*(one for one in ladders if one in promises.STAGES))
        return self.centre.look(lambda c: deadlines.of_subject(c, ORDER, kinds))

    def _stored(self) -> dict[str, str]:
        rows = self.centre.look(lambda c: store.verdicts_of(c, ORDER))
        return {row.rule: row.verdict for row in rows}

    def _announced(self) -> Counter[str]:
        """How often each stage of each ladder has spoken, by the order's history."""
        lines = self.centre.do(lambda desk: orders.happenings(desk, ORDER))
        return Counter(str(line.facts["stage"]) for line in lines if line.step is Step.ESCALATED)

    @invariant()
    def another_turn(self) -> None:
        self.turns += 1

    @invariant()
    def order_is_where_it_should_be(self) -> None:
        order = self.order()
        assert order.state == self.job.state
        has = self.job.technician
        assert order.technician_id == (None if has is None else self.centre.person(has).id)

    @invariant()
    def verdicts_are_those_of_the_standard(self) -> None:
        found = self.centre.do(lambda desk: promises.judge(desk, ORDER))
        judged = {one.rule.value: one.verdict.value for one in found}
        assert judged == self.job.verdicts(self.at)
        stored = self._stored()
        for name, verdict in stored.items():
            assert judged[name] in (verdict, "missed")  # which the next sweep puts on record
        if self.job.over:
            assert stored == judged

    @invariant()
    def a_miss_on_record_stays_and_has_its_case(self) -> None:
        stored = self._stored()
        missed = {name for name, verdict in stored.items() if verdict == "missed"}
        assert self.missed <= missed
        self.missed = missed
        known = self.centre.look(lambda c: cases.of_order(c, ORDER))
        sources = Counter(str(case.source) for case in known)
        assert all(count == 1 for count in sources.values())
        assert all(case.state is CaseState.OPENED for case in known)
        assert {CASE_OF[name] for name in missed if self._is_a_case(name)} <= set(sources)

    def _is_a_case(self, name: str) -> bool:
        """Not what the owner put off himself, nor what could not be solved in the time it had."""
        if name != "minor_completion":
            return name in CASE_OF
        in_time = self.job.ended_at is not None and self.job.ended_at < self.job.minor_due + SECOND
        return not self.job.deferred and not in_time

    @invariant()
    def every_stage_speaks_at_most_once_a_version(self) -> None:
        done = Counter(
            one.kind for one in self._stages(*DeadlineKind) if one.state is DeadlineState.DONE
        )
        assert self._announced() <= done

    @invariant()
    def nothing_is_awaited_of_what_is_over(self) -> None:
        if self.job.over:
            stages = self._stages(*DeadlineKind)
            assert not [one for one in stages if one.state is DeadlineState.PENDING]


def _minute(at: datetime) -> datetime:
    """People agree on minutes."""
    return at.replace(second=0, microsecond=0)


def _waits(one: Deadline, now: datetime) -> bool:
    return one.state is DeadlineState.PENDING and one.due_at <= now


def _is_of(kind: str, ladder: DeadlineKind) -> bool:
    return kind.startswith(f"{ladder}.")


@pytest.mark.soak
@pytest.mark.timeout(300 * SOAK)
def test_an_order_lives_as_the_standard_has_it(connection: Connection) -> None:
    Lifecycle.connection = connection
    told = settings(
        max_examples=25 * SOAK,
        stateful_step_count=40,
        derandomize=SOAK == 1,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        # To shrink a story takes minutes: from day to day it is reported as it was found.
        phases=(Phase.generate, Phase.shrink) if SOAK > 1 else (Phase.generate,),
    )
    run_state_machine_as_test(Lifecycle, settings=told)
