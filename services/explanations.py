"""Why an order was judged as it was: everything that happened, every deadline, each by its clause.

One timeline of the order's history and of its deadlines: when each was set, by which rule, what
it was set for, and what became of it. Behind it the pauses, and the verdict on each promise as the
history tells it anew; a verdict on record that says otherwise is pointed out.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from services import dispatch, majors, orders, promises, ratings, reminders, timelines
from services.desk import Desk
from services.messages import Fact, Message, Minutes, Moment, Saying, Word, say
from services.rules.history import pauses
from services.rules.response_times import Finding
from services.timelines import Entry
from storage import deadlines
from storage import orders as store
from storage.records import Deadline, DeadlineState, Order

KINDS = (
    *promises.kinds_of(*promises.STAGES),
    dispatch.OFFER_LAPSE,
    majors.REVIEW,
    majors.LAPSE,
    promises.HOLD_OVER,
    reminders.kind_of(reminders.Reminder.NEAR),
    ratings.REMIND,
    ratings.CLOSE,
)
"""Every kind of deadline that is about an order."""

PUNCTUAL_S = 5
"""A deadline that took effect within this is on time: the sweep looks several times a second."""


def explain(desk: Desk, order: Order) -> Message:
    """The order's timeline and verdicts, to be read from top to bottom; times to the second."""
    message = say(
        "explain-head",
        number=order.number,
        title=orders.title(order),
        place=order.place,
        state=orders.state_word(order),
    )
    timeline = sorted(_timeline(desk, order), key=lambda one: one.at)
    told = [part for entry in timeline for part in entry.says]
    verdicts = (Saying("explain-verdicts"), *_verdicts(desk, order))
    return Message((*message.parts, *told, *_pauses(desk, order), *verdicts))


def _timeline(desk: Desk, order: Order) -> Iterator[Entry]:
    yield from timelines.steps(desk, order, "exact")
    for row in deadlines.of_subject(desk.connection, order.id, KINDS):
        yield from _life_of(desk, order, row)


def _life_of(desk: Desk, order: Order, row: Deadline) -> Iterator[Entry]:
    """When a deadline was set, and what became of it."""
    facts: dict[str, Fact] = {
        "what": Word(f"due-{row.kind}".replace(".", "-").replace("_", "-")),
        "due": _exact(desk, order, row.due_at),
    }

    def entry(key: str, at: datetime, **more: Fact) -> Entry:
        return Entry(at, (Saying(key, {**facts, "at": _exact(desk, order, at), **more}),))

    if row.set_at is not None:
        yield entry("explain-set", row.set_at)
    if row.fired_at is not None:
        late = int((row.fired_at - row.due_at).total_seconds())
        if late <= PUNCTUAL_S:
            yield entry("explain-fired", row.fired_at)
        else:
            yield entry("explain-fired-late", row.fired_at, late=Minutes(-(-late // 60)))
    elif row.state is DeadlineState.DROPPED:
        yield entry("explain-dropped", row.dropped_at or row.due_at)
    else:
        yield entry("explain-pending", row.due_at)


def _pauses(desk: Desk, order: Order) -> Iterator[Saying]:
    for pause in pauses(orders.happenings(desk, order.id)):
        yield Saying(
            "explain-pause",
            {
                "reason": Word(f"hold-reason-{pause.reason}"),
                "since": _exact(desk, order, pause.since),
                "until": _exact(desk, order, pause.ended_at) if pause.ended_at else Word("so-far"),
            },
        )


def _verdicts(desk: Desk, order: Order) -> Iterator[Saying]:
    """Each rule's verdict and its clause; what was kept on record, where that differs."""
    kept = {row.rule: row.verdict for row in store.verdicts_of(desk.connection, order.id)}
    for found in promises.judge(desk, order.id):
        yield timelines.verdict(desk, order, found, "exact")
        yield Saying(_clause(found))
        if kept.get(found.rule, found.verdict) != found.verdict:
            yield Saying(
                "explain-differs", {"verdict": Word(f"kept-{kept[found.rule]}".replace("_", "-"))}
            )


def _clause(found: Finding) -> str:
    return f"clause-{found.rule}".replace("_", "-")


def _exact(desk: Desk, order: Order, at: datetime) -> Moment:
    return Moment(at, desk.centre(order.centre_id).zone, "exact")
