"""What the simulated people did, noted by themselves; the proof sets it beside the books."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypedDict, Unpack

from storage.records import Order, OrderKind, OrderState, Trade


class Did(StrEnum):
    """What somebody has done about an order."""

    ASKED_FOR = "asked_for"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    HANDED_ON = "handed_on"
    ASSIGNED = "assigned"
    SET_OUT = "set_out"
    ARRIVED = "arrived"
    WELCOMED_EARLY = "welcomed_early"
    EXPLAINED = "explained"
    AGREED = "agreed"
    REFUSED_PRICE = "refused_price"
    STARTED = "started"
    MUST_RETURN = "must_return"
    HELD = "held"
    WENT_ON = "went_on"
    WANTED_LATER = "wanted_later"
    SAID_WHEN = "said_when"
    FINISHED = "finished"
    FOUND_NOTHING = "found_nothing"
    NOT_SOLVED = "not_solved"
    MERGED = "merged"
    TAKEN_OVER = "taken_over"
    CANCELLED = "cancelled"
    MOVED_BY_OWNER = "moved_by_owner"
    MOVED_BY_DESK = "moved_by_desk"
    DOWNGRADED = "downgraded"
    FOUND_MAJOR = "found_major"
    ANSWERED = "answered"
    SATISFIED = "satisfied"
    DISSATISFIED = "dissatisfied"
    SAME_FAULT = "same_fault"


AGREES_A_TIME = frozenset({Did.ASKED_FOR, Did.MOVED_BY_OWNER, Did.MOVED_BY_DESK, Did.WANTED_LATER})
ENDS = (Did.FINISHED, Did.FOUND_NOTHING, Did.NOT_SOLVED, Did.CANCELLED, Did.MERGED)


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing done, when, and how the order stood right after it.

    `waiting`: nobody had it. `appointed_at`: the agreed time. `held_until`: the date for which it
    was held.
    """

    at: datetime
    did: Did
    by: int
    waiting: bool
    appointed_at: datetime | None
    held_until: datetime | None


class Known(TypedDict, total=False):
    """What only the people know of an order.

    `had_earlier` says that the owner was shown a start within the 24 hours when he chose his own;
    `occurred_at` is when an emergency happened, where that was said.
    """

    had_earlier: bool
    occurred_at: datetime | None


@dataclass(slots=True)
class Story:
    """One order as its people lived it; for `had_earlier` and `occurred_at` see `Known`.

    `staff_told_at` is when the first member of staff was shown it.
    """

    order_id: int
    number: str
    emergency: bool
    trade: Trade
    minutes: int
    reported_at: datetime
    by_chat: bool
    had_earlier: bool = False
    occurred_at: datetime | None = None
    deeds: list[Deed] = field(default_factory=list)
    staff_told_at: datetime | None = None

    def first(self, *dids: Did, since: datetime | None = None) -> datetime | None:
        """When one of these was first done, from an instant on."""
        return next(
            (
                deed.at
                for deed in self.deeds
                if deed.did in dids and (since is None or deed.at >= since)
            ),
            None,
        )

    @property
    def over_at(self) -> datetime | None:
        """When it was finished, called off, or joined to an earlier report."""
        return self.first(*ENDS)


class Diary:
    """Every order's story, in the order in which they began."""

    def __init__(self) -> None:
        self.stories: dict[int, Story] = {}

    def begin(self, order: Order, at: datetime, by: int, **known: Unpack[Known]) -> None:
        """Somebody has asked for something, and it is an order now."""
        self.stories[order.id] = Story(
            order_id=order.id,
            number=order.number,
            emergency=order.kind is OrderKind.EMERGENCY,
            trade=order.trade,
            minutes=order.minutes,
            reported_at=at,
            by_chat=order.person_id is not None,
            **known,
        )
        self.note(order, Did.ASKED_FOR, at, by)

    def note(self, order: Order, did: Did, at: datetime, by: int) -> None:
        """Somebody has done something about an order."""
        waiting = order.state is OrderState.WAITING
        held_until = order.held_until if order.state is OrderState.HELD else None
        deed = Deed(at, did, by, waiting, order.appointed_at, held_until)
        self.stories[order.id].deeds.append(deed)

    def count(self, did: Did) -> int:
        """How often somebody has done something."""
        return sum(deed.did is did for story in self.stories.values() for deed in story.deeds)

    def staff_told(self, order_id: int, at: datetime) -> None:
        """A member of staff was shown the order; the first time counts."""
        story = self.stories.get(order_id)
        if story is not None and story.staff_told_at is None:
            story.staff_told_at = at
