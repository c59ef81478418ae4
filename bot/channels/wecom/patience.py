"""How long the channel waits for others."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Patience:
    """Waits, all in seconds.

    `callback_s` bounds one of WeCom's calls, for which it waits 5; `farewell_s` is for finishing at
    the end.
    """

    callback_s: float = 4.5
    farewell_s: float = 5.0
