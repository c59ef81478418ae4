"""How fast one platform may be spoken to: overall, per chat after a short burst, and by quotas.

Times of a `Pace` are seconds on a clock that only goes forward (`time.monotonic`), handed in;
quotas are counted from what is on record, so that a restart forgets nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.channels.base import Limits, Quota

FORGET_AFTER_S = 60.0
MOST_CHATS = 10_000


class Pace:
    """What one channel has sent of late, and when the next message may go."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._next = 0.0
        self._chats: dict[int, tuple[float, float]] = {}

    def wait(self, now: float) -> float:
        """How long the next message has to wait under the overall limit."""
        return max(0.0, self._next - now)

    def take(self, now: float) -> float:
        """Take the next place under the overall limit; returns how long to wait for it."""
        wait = self.wait(now)
        self._next = now + wait + 1 / self._limits.overall_per_s
        return wait

    def hold(self, seconds: float, now: float) -> None:
        """The platform wants silence from all of us for so long."""
        self._next = max(self._next, now + seconds)

    def rest(self, chat: int, now: float) -> float:
        """How long a chat must rest after this message: not at all while its burst lasts."""
        burst, per_s = float(self._limits.chat_burst), self._limits.chat_per_s
        left, since = self._chats.get(chat, (burst, now))
        left = min(burst, left + (now - since) * per_s) - 1
        self._chats[chat] = (left, now)
        if len(self._chats) > MOST_CHATS:
            self._chats = {
                one: kept for one, kept in self._chats.items() if now - kept[1] < FORGET_AFTER_S
            }
        return max(0.0, -left) / per_s


def quota_wait(
    quota: Quota, sent: Sequence[tuple[datetime, int]], now: datetime, parts: int = 1
) -> float:
    """How long, in seconds, a message of so many parts must wait so as not to exceed the quota.

    `sent` are the times of the chat's last messages, newest first, and how many each was. What
    has more parts than the quota allows goes once nothing else counts.
    """
    count = parts
    for at, counted in sent:
        count += counted
        if count > quota.messages:
            free_at = at + timedelta(seconds=quota.seconds)
            return max(0.0, (free_at - now).total_seconds())
    return 0.0
