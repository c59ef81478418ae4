"""The life of an order: the only table of transitions, and the steps its history is made of."""

from __future__ import annotations

from enum import StrEnum

from storage.records import OrderState as S

TRANSITIONS: dict[S, frozenset[S]] = {
    S.WAITING: frozenset({S.ACCEPTED, S.CANCELLED}),
    S.ACCEPTED: frozenset({S.SET_OUT, S.ARRIVED, S.WAITING, S.CANCELLED}),
    S.SET_OUT: frozenset({S.ARRIVED, S.WAITING, S.CANCELLED}),
    S.ARRIVED: frozenset({S.EXPLAINED, S.AGREED, S.FINISHED, S.ACCEPTED, S.HELD, S.CANCELLED}),
    S.EXPLAINED: frozenset({S.ARRIVED, S.AGREED, S.EXPLAINED, S.FINISHED, S.CANCELLED}),
    S.AGREED: frozenset({S.EXPLAINED, S.FINISHED, S.ACCEPTED, S.HELD}),
    S.HELD: frozenset({S.ACCEPTED, S.WAITING, S.CANCELLED}),
    S.FINISHED: frozenset(),
    S.CANCELLED: frozenset(),
}
"""From each state, where an order may go.

Back to WAITING is a transfer (转单), from the site back to ACCEPTED another visit, and back to
ARRIVED a price the owner did not agree to. HELD waits for parts or for the owner, and ends in
another visit.
"""


class Step(StrEnum):
    """What can happen to an order; one line of its history each."""

    REGISTERED = "registered"
    OFFERED = "offered"
    DECLINED = "declined"
    LAPSED = "lapsed"
    TO_DESK = "to_desk"
    ASSIGNED = "assigned"
    ACCEPTED = "accepted"
    TRANSFERRED = "transferred"
    SET_OUT = "set_out"
    ARRIVED = "arrived"
    ARRIVAL_DISPUTED = "arrival_disputed"
    EARLY_CONSENT = "early_consent"
    EXPLAINED = "explained"
    AGREED = "agreed"
    PRICE_REFUSED = "price_refused"
    STARTED = "started"
    RETURN_NEEDED = "return_needed"
    HELD = "held"
    RESUMED = "resumed"
    EXPECTED = "expected"
    MERGED = "merged"
    FINISHED = "finished"
    CANCELLED = "cancelled"
    RESCHEDULE_ASKED = "reschedule_asked"
    RESCHEDULED = "rescheduled"
    RESCHEDULE_REFUSED = "reschedule_refused"
    DOWNGRADED = "downgraded"
    MAJOR_ASKED = "major_asked"
    MAJOR_APPROVED = "major_approved"
    MAJOR_REFUSED = "major_refused"
    MAJOR_ANSWERED = "major_answered"
    RATED = "rated"
    RATING_CLOSED = "rating_closed"
    ESCALATED = "escalated"
    REVEALED = "revealed"
    NOTE_ADDED = "note_added"


def may_move(now: S, to: S) -> bool:
    """Whether an order may go from one state to another."""
    return to in TRANSITIONS[now]
