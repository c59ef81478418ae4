"""What came of a request, told in the port's words and without Telegram's quotations."""

from __future__ import annotations

import re
from typing import Literal

from aiogram.exceptions import (
    AiogramError,
    ClientDecodeError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from pydantic import BaseModel, ValidationError

from bot.channels.base import CannotEdit, Delivered, Outcome, Rejected, Retry, Unreachable

_SOON_S = 3.0
_TOKEN_REFUSED_S = 60.0

_NOBODY_THERE = ("chat not found", "user not found", "peer_id_invalid", "input_user_deactivated")
_NOT_MODIFIED = "message is not modified"
_EDIT_IN_VAIN = (
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "there is no text in the message to edit",
)
_QUOTED = re.compile(r"(['\"]).*?\1", re.DOTALL)
_REASON_LENGTH = 200


Failure = AiogramError | OSError | UnicodeError

FAILURES = (AiogramError, OSError, UnicodeError)
"""What a request can raise: Telegram's no, a timeout or network fault, a gateway's garbled page."""


class _Sent(BaseModel):
    message_id: int


class _Taken(BaseModel):
    """An answer that says yes, whatever else it holds."""

    ok: Literal[True]
    result: _Sent | None = None


def outcome_of(error: Failure, replaces: str | None = None) -> Outcome:
    """What a failed request means for the message; `replaces` is what it was to stand in for."""
    if isinstance(error, ClientDecodeError):
        return _unreadable_answer(error)
    if isinstance(error, TelegramBadRequest):
        return _bad_request(error, replaces)
    if isinstance(error, TelegramRetryAfter):
        # Telegram does not say whether it means this chat or the bot; the chat is the usual case.
        return Retry(float(error.retry_after), reason="flood control")
    if isinstance(error, TelegramForbiddenError):
        return Unreachable(reason_of(error))
    if isinstance(error, TelegramEntityTooLarge | TelegramMigrateToChat):
        return Rejected(reason_of(error))
    if isinstance(error, TelegramUnauthorizedError | TelegramNotFound):
        return Retry(_TOKEN_REFUSED_S, everyone=True, reason="token refused")
    return Retry(_SOON_S, reason=reason_of(error))


def reason_of(error: BaseException) -> str:
    """A short reason that is safe to log.

    A network error's own words may hold the address, and with it the token; an answer's may quote
    what somebody typed.
    """
    if isinstance(error, TelegramServerError):
        return "server error"
    if isinstance(error, TelegramNetworkError) or not isinstance(error, TelegramAPIError):
        return type(error).__name__
    return _QUOTED.sub("…", error.message)[:_REASON_LENGTH]


def _bad_request(error: TelegramBadRequest, replaces: str | None) -> Outcome:
    said = error.message.lower()
    if replaces is not None and _NOT_MODIFIED in said:
        return Delivered(replaces)
    if replaces is not None and any(phrase in said for phrase in _EDIT_IN_VAIN):
        return CannotEdit()
    if any(phrase in said for phrase in _NOBODY_THERE):
        return Unreachable(reason_of(error))
    return Rejected(reason_of(error))


def _unreadable_answer(error: ClientDecodeError) -> Outcome:
    """A "yes" the library cannot read is still a yes: trying again would repeat it."""
    try:
        taken = _Taken.model_validate(error.data)
    except ValidationError:
        return Retry(_SOON_S, reason="unreadable answer")
    return Delivered(None if taken.result is None else str(taken.result.message_id))
