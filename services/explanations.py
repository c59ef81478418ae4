"""Why an order was judged as it was: everything that happened, every deadline, each by its clause.

One timeline of the order's history and of its deadlines: when each was set, by which rule, what
it was set for, and what became of it. Behind it the pauses, and the verdict on each promise as the
history tells it anew; a verdict on record that says otherwise is pointed out.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from services import dispatch, holds, majors, orders, promises, ratings, timelines
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
    holds.OVER,
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
    for entry in sorted(_timeline(desk, order), key=lambda one: one.at):
        at = _exact(desk, order, entry.at)
        message = message.line("explain-at", at=at)
        message = Message((*message.parts, *entry.says))
    message = Message((*message.parts, *_pauses(desk, order)))
    return Message((*message.parts, Saying("explain-verdicts"), *_verdicts(desk, order)))


def _timeline(desk: Desk, order: Order) -> Iterator[Entry]:
    yield from timelines.steps(desk, order)
    for row in deadlines.of_subject(desk.connection, order.id, KINDS):
        yield from _life_of(desk, order, row)


def _life_of(desk: Desk, order: Order, row: Deadline) -> Iterator[Entry]:
    """When a deadline was set, and what became of it."""
    facts: dict[str, Fact] = {
        "what": Word(f"due-{row.kind}".replace(".", "-").replace("_", "-")),
        "due": _exact(desk, order, row.due_at),
    }
    if row.set_at is not None:
        yield Entry(row.set_at, (Saying("explain-set", facts),))
    if row.fired_at is not None:
        late = int((row.fired_at - row.due_at).total_seconds())
        key = "explain-fired" if late <= PUNCTUAL_S else "explain-fired-late"
        yield Entry(row.fired_at, (Saying(key, {**facts, "late": Minutes(-(-late // 60))}),))
    elif row.state is DeadlineState.DROPPED:
        yield Entry(row.dropped_at or row.due_at, (Saying("explain-dropped", facts),))
    else:
        yield Entry(row.due_at, (Saying("explain-pending", facts),))


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
        yield timelines.verdict(desk, order, found)
        yield Saying(_clause(found))
        if kept.get(found.rule, found.verdict) != found.verdict:
            yield Saying(
                "explain-differs", {"verdict": Word(f"kept-{kept[found.rule]}".replace("_", "-"))}
            )


def _clause(found: Finding) -> str:
    return f"clause-{found.rule}".replace("_", "-")


def _exact(desk: Desk, order: Order, at: datetime) -> Moment:
    return Moment(at, desk.centre(order.centre_id).zone, "exact")
