"""How fast one platform may be spoken to: overall, and per chat after a short burst.

All times are seconds on a clock that only goes forward (`time.monotonic`), handed in.
"""

from __future__ import annotations

from bot.channels.base import Limits

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
