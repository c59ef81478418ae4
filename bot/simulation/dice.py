"""Luck that can be repeated: one stream of chance for each subsystem, all from one seed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import timedelta
from random import Random
from typing import TypeVar

T = TypeVar("T")


class Dice(Random):
    """One subsystem's luck; what another subsystem throws does not change it."""

    def chance(self, probability: float) -> bool:
        """Whether something of this probability happens."""
        return self.random() < probability

    def about(self, minutes: float, spread: float = 0.5) -> timedelta:
        """A time around so many minutes, its logarithm spread as people's delays are."""
        return _to_the_millisecond(self.lognormvariate(math.log(minutes), spread))

    def within(self, least: float, most: float) -> timedelta:
        """A time between so many minutes, each as likely."""
        return _to_the_millisecond(self.uniform(least, most))

    def poisson(self, mean: float) -> int:
        """How many of something happen where `mean` do on average."""
        limit, product, count = math.exp(-mean), self.random(), 0
        while product > limit:
            product *= self.random()
            count += 1
        return count

    def pick(self, weighted: Sequence[tuple[T, float]]) -> T:
        """One of several things, each as likely as its weight says."""
        things = [thing for thing, _ in weighted]
        return self.choices(things, [weight for _, weight in weighted])[0]

    def token(self) -> str:
        """A seed for somebody else's luck."""
        return f"{self.getrandbits(128):032x}"


class Luck:
    """The dice of each subsystem, by name."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._dice: dict[str, Dice] = {}

    def of(self, subsystem: str) -> Dice:
        """The subsystem's own dice."""
        if subsystem not in self._dice:
            self._dice[subsystem] = Dice(f"{self._seed}:{subsystem}")
        return self._dice[subsystem]


def _to_the_millisecond(minutes: float) -> timedelta:
    return timedelta(milliseconds=round(minutes * 60_000))
