"""How long the channel waits for WeCom, and how long it believes what WeCom said."""

from __future__ import annotations

from dataclasses import dataclass

from bot.channels.pauses import pause_s


@dataclass(frozen=True, slots=True)
class Patience:
    """Waits, all in seconds.

    `request_s`, `upload_s` and `fetch_s` bound one request, one file sent and one file fetched.
    After "busy" it is `busy_s` until the next try, after "too many calls" `limited_s`, which is how
    long WeCom then lets nobody in. A refused secret is not shown again for `refused_s`: WeCom shuts
    out an address that keeps trying. A token is renewed `renew_early_s` before its end, and a file
    counts as WeCom's for `media_s` after its upload (three days, less an hour). `callback_s` bounds
    one of WeCom's calls, for which it waits 5; `echo_s` is how long it waits for its word to come
    back when the callback address is saved. `farewell_s` is for finishing at the end.

    What a colleague sent is kept to be dealt with later where it takes longer than `at_once_s`; one
    try at it has `intake_s`. `first_s` and `longest_s` bound the pauses between tries, of which a
    colleague's picture has `photo_tries` (some two minutes).

    News of 微信客服 have `tries` before one is given up: some three days, after which WeCom
    would not give it out again either. A picture there is fetched for `photo_for_s` at most. A call
    about them is answered `margin_s` before its time is over.

    Every `look_again_s` each account is asked without a call, whether customers are still with a
    colleague, and what colleagues' letters another process has left.
    """

    request_s: float = 10.0
    upload_s: float = 60.0
    fetch_s: float = 30.0
    busy_s: float = 3.0
    limited_s: float = 60.0
    refused_s: float = 60.0
    renew_early_s: float = 300.0
    media_s: float = 71 * 3600.0
    callback_s: float = 4.5
    echo_s: float = 1.0
    farewell_s: float = 5.0
    at_once_s: float = 3.0
    intake_s: float = 60.0
    first_s: float = 0.5
    longest_s: float = 30.0
    photo_tries: int = 10
    tries: int = 12_000
    photo_for_s: float = 20.0
    margin_s: float = 0.5
    look_again_s: float = 240.0

    def pause_s(self, failures: int) -> float:
        """The pause after so many failures in a row."""
        return pause_s(failures, first_s=self.first_s, longest_s=self.longest_s)
