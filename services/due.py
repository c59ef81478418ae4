"""What to do when a deadline falls due: each kind has one function, found here by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from services.desk import Desk
from storage import deadlines
from storage.records import Deadline

OnDue = Callable[[Desk, Deadline], None]

_ON_DUE: dict[str, OnDue] = {}
_ALONE: set[str] = set()


def on_due(*kinds: str, alone: bool = False) -> Callable[[OnDue], OnDue]:
    """Register a function for kinds of deadline.

    It runs in a unit of work when the deadline is claimed, re-reads what the deadline is about,
    and announces only what is still true: what has been met meanwhile is not announced. Heavy work
    is done `alone`: nothing light shares its unit, and no two of it are queued at a time.
    """

    def register(function: OnDue) -> OnDue:
        for kind in kinds:
            if kind in _ON_DUE:
                raise ValueError(f"two functions for deadline {kind!r}")
            _ON_DUE[kind] = function
        if alone:
            _ALONE.update(kinds)
        return function

    return register


def is_alone(deadline: Deadline) -> bool:
    """Whether what belongs to the deadline is done in a unit of its own, and one after another."""
    return deadline.kind in _ALONE


Key = tuple[str, int, int]
"""A deadline by its kind, its subject and its version."""


def write_new(desk: Desk, coming: Mapping[Key, datetime]) -> None:
    """Write down those of these deadlines that were never set; the others stay as they are."""
    if not coming:
        return
    known = deadlines.planned(
        desk.connection,
        {kind for kind, _, _ in coming},
        {subject_id for _, subject_id, _ in coming},
        min(version for _, _, version in coming),
    )
    for key, due_at in coming.items():
        if key not in known:
            kind, subject_id, version = key
            deadlines.add(desk.connection, kind, subject_id, due_at, at=desk.now, version=version)


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
