"""What came of a request to WeCom, told in the port's words."""

from __future__ import annotations

import structlog

from bot.channels.base import Outcome, Rejected, Retry, Unreachable
from bot.channels.wecom.api.codes import Meaning
from bot.channels.wecom.api.errors import Busy, NoAnswer, Refused, WeComError
from bot.channels.wecom.patience import Patience
from bot.channels.wecom.telling import told

_log = structlog.get_logger(__name__)

NOT_THE_MESSAGE = (Meaning.TOKEN, Meaning.SECRET, Meaning.MISCONFIGURED)
"""Refusals that have nothing to do with what was asked: it will be taken once they are mended."""


def outcome_of(error: WeComError, patience: Patience) -> Outcome:
    """What a failed request means for the message."""
    match error:
        case Busy(seconds=seconds, everyone=everyone):
            return Retry(seconds, everyone, str(error))
        case NoAnswer():
            return Retry(patience.busy_s, reason=str(error))
        case Refused(meaning=meaning) if meaning in NOT_THE_MESSAGE:
            # The finding says where in the console it is mended: `doorstep check --wecom` words it.
            _log.error("wecom.misconfigured", code=error.code, finding=told(error).key)
            return Retry(patience.refused_s, everyone=True, reason=str(error))
        case Refused(meaning=Meaning.NOBODY_THERE):
            return unreachable(str(error))
    _log.error("wecom.message_refused", reason=str(error))
    return Rejected(str(error))


def unreachable(reason: str) -> Unreachable:
    """This person cannot be reached here; said in the log, without who it is."""
    _log.warning("wecom.unreachable", reason=reason)
    return Unreachable(reason)
