"""The telephones of the year: what arrives is noted for who reads it; some lines are dead."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.channels.base import Button, Delivered, Outcome, Sending, Unreachable, WindowClosed
from tests.conversation import Shown, Telephones
from tests.town import FakeClock

Offers = dict[str, Button]
"""What a message offers: its buttons by the name of their action, the first of each."""


def offers_of(shown: Sequence[Sequence[Button]]) -> Offers:
    """The buttons of a message by the name of their action."""
    found: Offers = {}
    for button in (button for row in shown for button in row):
        found.setdefault(button.data.partition("|")[0], button)
    return found


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a platform took, and when: the letters of the outbox from the first to the last.

    `in_place` is what changed a message that was there: no telephone makes a sound for it.
    """

    address: str
    at: datetime
    first: int
    last: int
    in_place: bool


_KEY = re.compile(r"m(\d+)(?:-(\d+))?")


class Exchange(Telephones):
    """Telephones that keep what has just arrived, and refuse as platforms do."""

    def __init__(self, clock: FakeClock) -> None:
        super().__init__()
        self.deliveries: list[Delivery] = []
        self._clock = clock
        self.shut: set[str] = set()
        self.left: set[str] = set()
        self._arrived: deque[tuple[str, Shown]] = deque()

    async def send(self, sending: Sending) -> Outcome:
        """Deliver, unless the line is shut or dead."""
        if sending.address in self.left:
            return Unreachable("blocked")
        if sending.address in self.shut:
            return WindowClosed()
        outcome = await super().send(sending)
        if isinstance(outcome, Delivered) and outcome.ref is not None:
            self.deliveries.append(self._delivery(sending))
            self._arrived.append((sending.address, Shown(outcome.ref, sending.spoken)))
        return outcome

    def _delivery(self, sending: Sending) -> Delivery:
        key = _KEY.match(sending.key)
        assert key is not None
        first = int(key[1])
        return Delivery(
            sending.address,
            self._clock.now(),
            first,
            int(key[2] or first),
            in_place=sending.replaces is not None,
        )

    def arrivals(self) -> Iterator[tuple[str, Shown]]:
        """What has arrived where since the last time, in order."""
        while self._arrived:
            yield self._arrived.popleft()
