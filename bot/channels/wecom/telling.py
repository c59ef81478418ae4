"""What a check finds and why a request failed, told by keys: the words say how to mend it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.channels.wecom.api import codes
from bot.channels.wecom.api.codes import Meaning
from bot.channels.wecom.api.errors import Busy, Refused, WeComError

_OUR_IP = re.compile(r"from ip: ([0-9a-fA-F.:]+)")

_KEYS = {
    codes.CORP_UNKNOWN: "wecom-corp-bad",
    **dict.fromkeys(codes.WRONG_AGENT, "wecom-agent-bad"),
    codes.APP_OFF: "wecom-app-off",
    codes.KF_NOT_PERMITTED: "wecom-kf-not-permitted",
    codes.KF_NOT_AUTHORISED: "wecom-kf-not-permitted",
}
_KEYS_OF_MEANINGS = {Meaning.SECRET: "wecom-secret-bad", Meaning.TOKEN: "wecom-secret-bad"}


class Grade(StrEnum):
    """How something found is to be taken."""

    GOOD = "good"
    NOTE = "note"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Seen:
    """One thing looked at: the key of its words, and the facts they name. A code is text there, for
    it is a name: numbers are written with separators."""

    grade: Grade
    key: str
    facts: Mapping[str, str | int] = field(default_factory=dict)


def told(error: WeComError) -> Seen:
    """A failed request in plain words that say how to mend it."""
    match error:
        case Busy():
            return Seen(Grade.BAD, "wecom-busy", {"code": str(error.code)})
        case Refused(code=codes.IP_NOT_TRUSTED):
            return _untrusted(error.text)
        case Refused():
            key = _KEYS.get(error.code) or _KEYS_OF_MEANINGS.get(error.meaning, "wecom-refused")
            return Seen(Grade.BAD, key, {"code": str(error.code)})
        case _:
            return Seen(Grade.BAD, "wecom-silent", {"reason": str(error)})


def _untrusted(text: str) -> Seen:
    """WeCom names the address it saw: behind a router no other place does."""
    named = _OUR_IP.search(text)
    if named is None:
        return Seen(Grade.BAD, "wecom-ip-bad-unnamed")
    return Seen(Grade.BAD, "wecom-ip-bad", {"ip": named[1]})
