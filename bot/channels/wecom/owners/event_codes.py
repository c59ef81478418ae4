"""The codes that come with events of 微信客服, each of which lets one message be sent (§5.4)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

LIFE = timedelta(seconds=20)
"""How long the code of a welcome, or of a session's end, may be used."""


@dataclass(frozen=True, slots=True)
class _Code:
    code: str
    until: datetime


class EventCodes:
    """The newest code of each customer, while it lasts. A restart takes longer than they do."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._codes: dict[str, _Code] = {}

    def keep(self, address: str, code: str) -> None:
        """A code has come."""
        now = self._now()
        self._codes = {who: one for who, one in self._codes.items() if one.until > now}
        self._codes[address] = _Code(code, now + LIFE)

    def of(self, address: str) -> str | None:
        """What may be used for this customer's next message."""
        found = self._codes.get(address)
        return found.code if found is not None and found.until > self._now() else None

    def drop(self, address: str, code: str) -> None:
        """A code has been used, or is good for nothing."""
        found = self._codes.get(address)
        if found is not None and found.code == code:
            del self._codes[address]
