"""How a request to WeCom can fail. None of their words holds an id, a token or an address."""

from __future__ import annotations

from bot.channels.wecom.api.codes import Meaning, meaning_of

_SERVERS_FAULT = 500


class WeComError(Exception):
    """A request that brought nothing; `maybe_done` where it may have been done all the same."""

    maybe_done = False


class Refused(WeComError):
    """WeCom will not take this request, now or later.

    `text` is WeCom's own: it may quote ids of people, so it is not among the exception's words and
    belongs in no log.
    """

    def __init__(self, code: int, text: str = "") -> None:
        self.code = code
        self.meaning = meaning_of(code)
        self.text = text
        super().__init__(f"{code} {self.meaning}")


class Busy(WeComError):
    """Not now: worth another try in `seconds`; `everyone` where no call of this kind is let in.

    Under an HTTP status a gateway speaks, which may have passed on what it has no answer to.
    """

    meaning = Meaning.BUSY

    def __init__(self, code: int, seconds: float, *, everyone: bool = False) -> None:
        self.code = code
        self.seconds = seconds
        self.everyone = everyone
        self.maybe_done = code >= _SERVERS_FAULT
        super().__init__(f"{code} {self.meaning}")


class NoAnswer(WeComError):
    """Time ran out, the connection broke, or the answer cannot be read.

    `maybe_done` is False only where no connection came about: else WeCom may have done it.
    """

    def __init__(self, reason: str, *, maybe_done: bool) -> None:
        self.reason = reason
        self.maybe_done = maybe_done
        super().__init__(reason)
