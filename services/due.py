"""What to do when a deadline falls due: each kind has one function, found here by name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from services.desk import Desk
from storage.records import Deadline

OnDue = Callable[[Desk, Deadline], None]

_ON_DUE: dict[str, OnDue] = {}


def on_due(*kinds: str) -> Callable[[OnDue], OnDue]:
    """Register a function for kinds of deadline.

    It runs in a unit of its own when the deadline is claimed, re-reads what the deadline is about,
    and announces only what is still true: what has been met meanwhile is not announced.
    """

    def register(function: OnDue) -> OnDue:
        for kind in kinds:
            if kind in _ON_DUE:
                raise ValueError(f"two functions for deadline {kind!r}")
            _ON_DUE[kind] = function
        return function

    return register


def fire(desk: Desk, deadline: Deadline) -> None:
    """Run what belongs to the deadline.

    Raises:
        LookupError: no function knows this kind.
    """
    try:
        function = _ON_DUE[deadline.kind]
    except KeyError:
        raise LookupError(f"nobody knows deadline {deadline.kind!r}") from None
    function(desk, deadline)


def minute_of(at: datetime) -> int:
    """The minute as a number: the version of a deadline that exists once per due time."""
    return int(at.timestamp()) // 60
