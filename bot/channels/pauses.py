"""The pauses between tries, on every channel."""

from __future__ import annotations

from random import SystemRandom

_chance = SystemRandom()


def pause_s(failures: int, *, first_s: float, longest_s: float) -> float:
    """The pause after so many failures in a row: doubled each time, and never quite the same,
    so that many who failed together do not come back together."""
    full = min(longest_s, first_s * 2.0 ** min(failures - 1, 16))
    return _chance.uniform(full / 2, full)
