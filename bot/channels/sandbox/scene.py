"""What the composition root puts on the page: the phones, and the clock they all go by."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

_ADDRESS = re.compile(r"[A-Za-z0-9_.-]{1,64}")


@dataclass(frozen=True, slots=True)
class Phone:
    """One person's phone on the page.

    `address` is the chat's name in events and deliveries (letters, digits and `_.-`). Titles and
    subtitles say who holds it, for the page in either language; `role` picks the colour and the
    tour's steps (owner, technician, cs, control, supervisor, head, business; any other is shown
    plain). `number` is what a tap on "share my number" shares; `language` is the hint given with
    each event, as a platform would (BCP 47).
    """

    address: str
    title_zh: str
    title_en: str
    subtitle_zh: str
    subtitle_en: str
    role: str
    number: str = ""
    language: str = "zh-CN"

    def __post_init__(self) -> None:
        if not _ADDRESS.fullmatch(self.address):
            raise ValueError(f"a phone's address is letters, digits and _.- only: {self.address!r}")

    @property
    def is_customer(self) -> bool:
        """Whether its holder writes to us from outside the company: in WeCom, to 微信客服."""
        return self.role == "owner"


class ClockControl(Protocol):
    """The centre's clock, which the page shows and may push forward.

    Advancing goes through every deadline that falls due on the way, in order, and returns once
    the clock stands at its target.
    """

    @property
    def zone(self) -> ZoneInfo:
        """The centre's time zone, in which the page shows every time."""
        ...

    def now(self) -> datetime:
        """The centre's present time, aware, in UTC."""
        ...

    async def advance(self, by: timedelta) -> None:
        """Move the clock forward by so much."""
        ...

    async def advance_to(self, at: datetime) -> None:
        """Move the clock forward to a moment (aware)."""
        ...
