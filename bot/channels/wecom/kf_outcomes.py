"""What the failure of a message to a customer means, told in the port's words."""

from __future__ import annotations

import re

import structlog

from bot.channels.base import Outcome, Rejected, Retry, Unreachable, WindowClosed
from bot.channels.wecom.codes import Meaning
from bot.channels.wecom.errors import Busy, NoAnswer, Refused, WeComError

_log = structlog.get_logger(__name__)

_SOON_S = 3.0
_TO_BE_MENDED_S = 60.0

_ACCOUNT_GONE = (95000, 95004)
"""The customer's account was deleted: this way to them is gone, and no other customer's."""

_OF_THE_HOUSE = (Meaning.MISCONFIGURED, Meaning.SECRET, Meaning.TOKEN)

_SAYS_REPEATED = re.compile(r"dup|repeat|exist|already|重复|已存在", re.IGNORECASE)


def outcome_of(error: WeComError) -> Outcome:
    """What a failed request means for the message."""
    match error:
        case Busy(seconds=seconds, everyone=everyone):
            return Retry(seconds, everyone=everyone, reason=str(error))
        case NoAnswer(reason=reason):
            return Retry(_SOON_S, reason=reason)
        case Refused():
            return _refused(error)
    return Retry(_SOON_S, reason=type(error).__name__)


def is_repeat(refusal: Refused, *, in_doubt: bool) -> bool:
    """Whether a message was refused because it had come before, under its msgid.

    WeCom's code for that is not known, so its text decides; after a try without an answer it is
    enough that the msgid is what is wrong.
    """
    if refusal.meaning is Meaning.DUPLICATE:
        return True
    names_it = "msgid" in refusal.text.lower()
    return names_it and (in_doubt or _SAYS_REPEATED.search(refusal.text) is not None)


def _refused(refusal: Refused) -> Outcome:
    if refusal.code in _ACCOUNT_GONE or refusal.meaning is Meaning.NOBODY_THERE:
        return Unreachable(str(refusal))
    if refusal.meaning in _OF_THE_HOUSE:
        # Nobody is served until somebody mends it: no message is at fault.
        _log.error(
            "wecom.kf_misconfigured",
            code=refusal.code,
            means=refusal.meaning,
            remedy="doorstep check --wecom",
        )
        return Retry(_TO_BE_MENDED_S, everyone=True, reason=str(refusal))
    if refusal.meaning in (Meaning.WINDOW_CLOSED, Meaning.BUDGET_SPENT, Meaning.WITH_A_HUMAN):
        return WindowClosed(spent=refusal.meaning is Meaning.BUDGET_SPENT)
    return Rejected(str(refusal))
