"""Two sweepers on one database: however they are interleaved, no stage is announced twice.

Each claims when it likes and acts on its claims when it likes, or never; leases end, the clock is
set forth and back, and people go on with the order meanwhile.
"""

from __future__ import annotations

import os
from collections import Counter, deque
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from schedules.sweep import LEASE
from services import changes, dispatch, interventions, orders, promises, serving
from services.desk import Desk
from services.errors import DomainError
from services.rules.history import Step
from services.rules.response_times import DeadlineKind
from storage import deadlines
from storage import orders as store
from storage.records import Deadline, DeadlineState, OfferState
from tests.model.centre import Centre
from tests.model.reference import DAY, HOUR, MINUTE, SECOND
from tests.town import TUESDAY_10

SOAK = int(os.environ.get("DOORSTEP_SOAK", "1"))

ORDER = 1
SILENT = promises.kind_of(DeadlineKind.APPOINTMENT, 2)
"""A question to the technician: where nobody has the job there is nobody to ask."""


class Sweepers:
    """Two of them, each with what it has claimed and not yet acted on."""

    def __init__(self, centre: Centre) -> None:
        self.centre = centre
        self._claimed: dict[str, deque[Deadline]] = {"one": deque(), "two": deque()}

    def claims(self, by: str) -> None:
        """It takes what is due and nobody's."""
        self._claimed[by] += self.centre.claim(by)

    def acts(self, by: str) -> None:
        """It acts on the first of its claims, whether that is its own still or not."""
        if self._claimed[by]:
            self.centre.fire(self._claimed[by].popleft(), by)

    def is_killed(self, by: str) -> None:
        """It forgets what it has claimed."""
        self._claimed[by].clear()

    def finish(self) -> None:
        """All has long been due, leases have ended, and both do what there is to do, by day too."""
        for _ in range(5):
            self.centre.step(DAY + 7 * HOUR)
            for by in self._claimed:
                while self._claimed[by]:
                    self.acts(by)
                self.centre.sweep(by)


Act = Callable[[Sweepers], None]

names = st.sampled_from(("one", "two"))
times = st.sampled_from(
    (SECOND, MINUTE, 2 * MINUTE, 5 * MINUTE, 20 * MINUTE, LEASE + SECOND, 2 * HOUR, 9 * HOUR)
)


def _passes(by: timedelta) -> Act:
    return lambda sweepers: sweepers.centre.step(by)


def _to_the_next(sweepers: Sweepers) -> None:
    due = sweepers.centre.next_due()
    if due is not None:
        sweepers.centre.now = max(due, sweepers.centre.now)


sweeping = st.one_of(
    names.map(lambda by: lambda sweepers: sweepers.claims(by)),
    names.map(lambda by: lambda sweepers: sweepers.acts(by)),
    names.map(lambda by: lambda sweepers: sweepers.is_killed(by)),
    times.map(_passes),
    st.sampled_from((HOUR, -HOUR)).map(_passes),
    st.just(_to_the_next),
)


def _press(step: Callable[[Centre, Desk], object]) -> Act:
    """A step of the order, where it may be taken (the lifecycle's own test says whether)."""

    def act(sweepers: Sweepers) -> None:
        try:
            sweepers.centre.do(lambda desk: step(sweepers.centre, desk))
        except DomainError:
            return

    return act


def _accept(centre: Centre, desk: Desk) -> None:
    offers = store.offers_of(desk.connection, ORDER)
    asked = {one.person_id for one in offers if one.state is OfferState.OPEN}
    for by in map(centre.person, ("wang", "li")):
        if by.id in asked:
            dispatch.accept(desk, ORDER, by)
            return


def _as_technician(step: Callable[..., object], *more: object) -> Callable[[Centre, Desk], object]:
    def take(centre: Centre, desk: Desk) -> None:
        has = orders.load(desk, ORDER).technician_id
        for by in map(centre.person, ("wang", "li")):
            if by.id == has:
                step(desk, ORDER, by, *more)

    return take


def _move(centre: Centre, desk: Desk) -> None:
    """The desk and the owner agree on three hours later."""
    order, cs = orders.load(desk, ORDER), centre.person("cs")
    changes.set_time(desk, order, desk.now + 3 * HOUR, cs)


pressing = st.sampled_from(
    (
        _press(_accept),
        _press(_as_technician(dispatch.transfer, "far")),
        _press(_as_technician(serving.set_out)),
        _press(_as_technician(serving.arrive)),
        _press(_as_technician(serving.return_needed, "time")),
        _press(_move),
        _press(
            lambda centre, desk: interventions.downgrade(
                desk, ORDER, centre.person("cs"), "no-danger"
            )
        ),
        _press(
            lambda centre, desk: interventions.cancel(desk, ORDER, centre.person("cs"), "owner")
        ),
    )
)

often = settings(
    max_examples=60 * SOAK,
    derandomize=SOAK == 1,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
orders_begin = {"hour": st.sampled_from((0, 10, 13)), "urgent": st.booleans()}


def _live(centre: Centre, acts: list[Act], *, urgent: bool) -> None:
    """An order is made, all this happens, and in the end all has long been due."""
    if urgent:
        centre.hears_of_an_emergency()
    else:
        centre.books("PL01", 0)
    sweepers = Sweepers(centre)
    for act in acts:
        act(sweepers)
    sweepers.finish()


def _stages(centre: Centre) -> list[Deadline]:
    kinds = promises.kinds_of(*promises.STAGES)
    return centre.look(lambda c: deadlines.of_subject(c, ORDER, kinds))


def _announced(centre: Centre) -> Counter[str]:
    lines = centre.do(lambda desk: orders.happenings(desk, ORDER))
    return Counter(str(line.facts["stage"]) for line in lines if line.step is Step.ESCALATED)


def test_3_5_a_stage_that_comes_after_a_later_one_is_silent(connection: Connection) -> None:
    """One sweeper has claimed the first stage and dawdles; meanwhile the other takes the second."""
    with closing(Centre(connection)) as centre:
        centre.hears_of_an_emergency()
        sweepers = Sweepers(centre)
        centre.step(3 * MINUTE - SECOND)
        sweepers.claims("one")
        centre.step(SECOND)
        centre.sweep("two")
        sweepers.acts("one")
        assert _announced(centre) == Counter([promises.kind_of(DeadlineKind.EMERGENCY_ACCEPT, 2)])


@pytest.mark.soak
@pytest.mark.timeout(300 * SOAK)
@often
@given(acts=st.lists(st.one_of(sweeping, sweeping, pressing), max_size=40), **orders_begin)
def test_3_5_no_stage_is_announced_twice(
    connection: Connection, hour: int, urgent: bool, acts: list[Act]
) -> None:
    """Once each time its ladder is set: at first, after a transfer, for another appointment."""
    with closing(Centre(connection, TUESDAY_10 + hour * HOUR)) as centre:
        _live(centre, acts, urgent=urgent)
        stages, announced = _stages(centre), _announced(centre)
    # A stage put off to the morning is set by nobody: it is the same one.
    assert announced <= Counter(one.kind for one in stages if one.set_at is not None)
    assert not [one for one in stages if one.state is DeadlineState.PENDING]


@pytest.mark.soak
@pytest.mark.timeout(300 * SOAK)
@often
@given(acts=st.lists(sweeping, max_size=40), **orders_begin)
def test_3_5_of_a_promise_left_open_every_stage_is_announced_once_unless_overtaken(
    connection: Connection, hour: int, urgent: bool, acts: list[Act]
) -> None:
    """Overtaken: when it came to be announced, a later stage of its ladder was due."""
    with closing(Centre(connection, TUESDAY_10 + hour * HOUR)) as centre:
        _live(centre, acts, urgent=urgent)
        stages, announced = _stages(centre), _announced(centre)
    # Of a stage put off to the morning, what became of it then counts.
    last = {one.kind: one for one in sorted(stages, key=lambda one: one.set_at is None)}
    due = {kind for kind, one in last.items() if not _is_overtaken(one, stages)}
    assert announced == Counter(due - {SILENT})


def _is_overtaken(stage: Deadline, stages: list[Deadline]) -> bool:
    ladder = stage.kind.rpartition(".")[0]
    assert stage.fired_at is not None
    return any(
        one.kind.rpartition(".")[0] == ladder
        and (stage.due_at, stage.kind) < (one.due_at, one.kind)
        and one.due_at <= stage.fired_at
        for one in stages
    )
