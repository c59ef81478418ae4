"""The life of an order: the only table of transitions."""

from __future__ import annotations

from storage.records import OrderState as S

TRANSITIONS: dict[S, frozenset[S]] = {
    S.WAITING: frozenset({S.ACCEPTED, S.CANCELLED}),
    S.ACCEPTED: frozenset({S.SET_OUT, S.ARRIVED, S.WAITING, S.CANCELLED}),
    S.SET_OUT: frozenset({S.ARRIVED, S.WAITING, S.CANCELLED}),
    S.ARRIVED: frozenset({S.EXPLAINED, S.AGREED, S.FINISHED, S.ACCEPTED, S.HELD, S.CANCELLED}),
    S.EXPLAINED: frozenset({S.ARRIVED, S.AGREED, S.EXPLAINED, S.FINISHED, S.CANCELLED}),
    S.AGREED: frozenset({S.EXPLAINED, S.FINISHED, S.ACCEPTED, S.HELD}),
    S.HELD: frozenset({S.HELD, S.ACCEPTED, S.WAITING, S.CANCELLED}),
    S.FINISHED: frozenset(),
    S.CANCELLED: frozenset(),
}
"""From each state, where an order may go.

Back to WAITING is a transfer (转单), from the site back to ACCEPTED another visit, and back to
ARRIVED a price the owner did not agree to. HELD waits for parts or for the owner, and ends in
another visit.
"""


BEFORE_ARRIVAL = (S.WAITING, S.ACCEPTED, S.SET_OUT)
"""Nobody has been there yet."""

NOBODY_THERE = (*BEFORE_ARRIVAL, S.HELD)
"""Before the visit, or between two of them: it may be moved, placed anew, called off."""


def may_move(now: S, to: S) -> bool:
    """Whether an order may go from one state to another."""
    return to in TRANSITIONS[now]
