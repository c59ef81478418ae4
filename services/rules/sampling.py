"""The random sample of a month's households (§5.4.3, readings 1-6): shares, strata, ranks, draws.

Every household has a rank: a number that seed and room alone decide, as good as drawn by lot. Each
stratum (the kinds of service a home had that month) gives its lowest ranks, as many as its quota
asks for. So whoever has the list and the seed draws the same again.

Part of it is drawn while the month still runs, and the draw stays fair all the same. A weekly draw
takes whoever has been served by then and whose rank lies below the *line*: the smallest share that
any band has. A home below the line is in the sample whatever becomes of the month, and one above it
never before the final draw. The weekly draws thus ask early and choose nobody: what is drawn in the
end is a lower part of the ranks of each stratum, of a length that its size and the number of ranks
below the line decide. Ranks are the same lot for every home and know nothing of when it was served;
exchange two homes of a stratum, and everything is as likely as before.

A replacement is the next rank of those served by then. One that is drawn early can only be a home
served early; it is drawn beside the quota, for a home that is silent on the 8th must not be
replaced in the last three days for the sake of that small difference.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from hashlib import sha256

RANKS = 2**64
"""Ranks lie from 0 to below this."""


@dataclass(frozen=True, slots=True)
class Household:
    """A home that was served in the month: its kinds of service, its latest order or agreement."""

    room_id: int
    stratum: str
    order_id: int | None = None
    agreement_id: int | None = None


@dataclass(frozen=True, slots=True)
class Urn:
    """All that a draw is made from, but the seed and who was drawn before.

    `line` is the percentage below whose rank everybody is drawn. `percent` is the share of every
    stratum that the final draw fills; a weekly draw has none. `unanswered` are rooms drawn before
    that gave no answer: they fill no quota (reading 5).
    """

    served: tuple[Household, ...]
    line: int
    percent: int | None = None
    unanswered: tuple[int, ...] = ()


def share(households: int, bounds: Sequence[int], percents: Sequence[int]) -> int:
    """The percentage to visit of so many households; a bound belongs to the band below (reading 1).

    `percents` has one more entry than `bounds`.
    """
    return percents[bisect_left(bounds, households)]


def required(households: int, percent: int) -> int:
    """How many households a share comes to, rounded up in integers (reading 2)."""
    return (households * percent + 99) // 100


def stratum_of(kinds: Collection[str]) -> str:
    """The kinds of service a home had in the month, as the name of its stratum."""
    return "+".join(sorted(set(kinds)))


def rank(seed: str, room_id: int) -> int:
    """The lot of a room under a seed, the same in every process and for ever."""
    return int.from_bytes(sha256(f"{seed}:{room_id}".encode()).digest()[:8], "big")


def quotas(urn: Urn) -> Counter[str]:
    """How many households each stratum gives: its share rounded up, and so at least one."""
    percent = urn.percent or 0
    sizes = Counter(one.stratum for one in urn.served)
    return Counter({stratum: required(size, percent) for stratum, size in sizes.items()})


def draw(urn: Urn, seed: str, drawn: Collection[int]) -> list[Household]:
    """Who is drawn beside the rooms `drawn` before, the lowest rank first.

    Whoever is below the line; in the final draw also the lowest ranks of each stratum, until its
    quota is full of homes that have answered or may yet. A home counts in the stratum in which it
    is now, whatever it was when it was drawn.
    """
    filled = Counter(
        one.stratum
        for one in urn.served
        if one.room_id in drawn and one.room_id not in urn.unanswered
    )
    quota, chosen = quotas(urn), list[Household]()
    for lot, one in _by_rank(urn.served, seed, drawn):
        # The ranks below the line come first: what they leave of a quota is for the others.
        if lot * 100 < urn.line * RANKS or filled[one.stratum] < quota[one.stratum]:
            filled[one.stratum] += 1
            chosen.append(one)
    return chosen


def replacement(urn: Urn, seed: str, stratum: str, drawn: Collection[int]) -> Household | None:
    """Who takes the place of a home that gave no answer (reading 5); None where nobody is left.

    It is the lowest rank of the stratum that is not drawn yet; of all, where the stratum has no
    more, so that the number required can be reached while there are any households.
    """
    left = _by_rank(urn.served, seed, drawn)
    return min(left, key=lambda lot: (lot[1].stratum != stratum, lot[0]), default=(0, None))[1]


def _by_rank(
    served: Sequence[Household], seed: str, drawn: Collection[int]
) -> list[tuple[int, Household]]:
    """The households not drawn yet with their ranks, the lowest first."""
    lots = [(rank(seed, one.room_id), one) for one in served if one.room_id not in drawn]
    return sorted(lots, key=lambda lot: (lot[0], lot[1].room_id))
