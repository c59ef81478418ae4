"""How long the channel waits for others, and how it spaces its tries."""

from __future__ import annotations

from dataclasses import dataclass

from bot.channels.pauses import pause_s


@dataclass(frozen=True, slots=True)
class Patience:
    """Waits, all in seconds.

    `first_s` and `longest_s` bound the pauses between tries, of which an update has `tries` and a
    picture `photo_tries`; `intake_s`, `request_s`, `upload_s` and `photo_s` bound one try;
    `poll_margin_s` is how much longer than its own waiting time a poll may take; after
    `look_again_s` others are let in beside a slow chat; `farewell_s` is for finishing at the end.
    """

    first_s: float = 0.5
    longest_s: float = 30.0
    tries: int = 6
    intake_s: float = 60.0
    request_s: float = 20.0
    poll_margin_s: int = 10
    upload_s: float = 90.0
    photo_s: int = 10
    photo_tries: int = 2
    look_again_s: float = 0.25
    farewell_s: float = 5.0

    def pause_s(self, failures: int) -> float:
        """The pause after so many failures in a row."""
        return pause_s(failures, first_s=self.first_s, longest_s=self.longest_s)
