"""What the failure of a message to a customer means, beyond what it means to a colleague."""

from __future__ import annotations

import re

from bot.channels.base import Outcome, WindowClosed
from bot.channels.wecom.api.codes import Meaning
from bot.channels.wecom.api.errors import Refused, WeComError
from bot.channels.wecom.outcomes import outcome_of, unreachable
from bot.channels.wecom.patience import Patience

_ACCOUNT_GONE = (95000, 95004)
"""The account of this customer was deleted: the way to them is gone, and no other customer's."""

_NOT_NOW = (Meaning.WINDOW_CLOSED, Meaning.BUDGET_SPENT, Meaning.WITH_A_HUMAN)

_SAYS_REPEATED = re.compile(r"dup|repeat|exist|already|重复|已存在", re.IGNORECASE)


def kf_outcome_of(error: WeComError, patience: Patience) -> Outcome:
    """What a failed request means for the message."""
    if isinstance(error, Refused):
        if error.code in _ACCOUNT_GONE:
            return unreachable(str(error))
        if error.meaning in _NOT_NOW:
            return WindowClosed(spent=error.meaning is Meaning.BUDGET_SPENT)
    return outcome_of(error, patience)


def is_repeat(refusal: Refused, *, in_doubt: bool) -> bool:
    """Whether a message was refused because it had come before, under its msgid.

    WeCom's code for that is not known, so its text decides; after a try without an answer it is
    enough that the msgid is what is wrong.
    """
    if refusal.meaning is Meaning.DUPLICATE:
        return True
    names_it = "msgid" in refusal.text.lower()
    return names_it and (in_doubt or _SAYS_REPEATED.search(refusal.text) is not None)
