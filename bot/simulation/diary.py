"""What the simulated people did, noted by themselves; the proof sets it beside the books."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

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
    FINISHED = "finished"
    CANCELLED = "cancelled"
    MOVED_BY_OWNER = "moved_by_owner"
    MOVED_BY_DESK = "moved_by_desk"
    DOWNGRADED = "downgraded"
    FOUND_MAJOR = "found_major"
    ANSWERED = "answered"
    SATISFIED = "satisfied"
    DISSATISFIED = "dissatisfied"


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing done, when, and how the order stood right after it.

    `waiting`: nobody had it. `appointed_at`: the agreed time.
    """

    at: datetime
    did: Did
    by: int
    waiting: bool
    appointed_at: datetime | None


@dataclass(slots=True)
class Story:
    """One order as its people lived it.

    `had_earlier` says that the owner was shown a start within the 24 hours when he chose his own.
    `staff_told_at` is when the first member of staff was shown it.
    """

    order_id: int
    number: str
    emergency: bool
    trade: Trade
    minutes: int
    reported_at: datetime
    had_earlier: bool
    by_chat: bool
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
        """When it was finished or cancelled."""
        return self.first(Did.FINISHED, Did.CANCELLED)


class Diary:
    """Every order's story, in the order in which they began."""

    def __init__(self) -> None:
        self.stories: dict[int, Story] = {}

    def begin(self, order: Order, at: datetime, by: int, *, had_earlier: bool = False) -> None:
        """Somebody has asked for something, and it is an order now."""
        self.stories[order.id] = Story(
            order_id=order.id,
            number=order.number,
            emergency=order.kind is OrderKind.EMERGENCY,
            trade=order.trade,
            minutes=order.minutes,
            reported_at=at,
            had_earlier=had_earlier,
            by_chat=order.person_id is not None,
        )
        self.note(order, Did.ASKED_FOR, at, by)

    def note(self, order: Order, did: Did, at: datetime, by: int) -> None:
        """Somebody has done something about an order."""
        waiting = order.state is OrderState.WAITING
        self.stories[order.id].deeds.append(Deed(at, did, by, waiting, order.appointed_at))

    def staff_told(self, order_id: int, at: datetime) -> None:
        """A member of staff was shown the order; the first time counts."""
        story = self.stories.get(order_id)
        if story is not None and story.staff_told_at is None:
            story.staff_told_at = at
