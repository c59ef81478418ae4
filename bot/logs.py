"""Structured logs: order numbers and ids of persons; never names, phones, words or secrets."""

from __future__ import annotations

import logging
import sys
import traceback
from typing import Any

import structlog


def set_up(level: str, *, as_json: bool) -> None:
    """Log to standard error from `level` up, as lines for eyes or as JSON for a collector."""
    threshold = logging.getLevelNamesMapping()[level.upper()]
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer()
    )
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.ExceptionRenderer(where),
            renderer,
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    # Libraries say only what goes wrong; their debug lines would hold message texts.
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Formatter(logging.BASIC_FORMAT))
    logging.basicConfig(level=max(threshold, logging.WARNING), handlers=[handler])


def to_stderr() -> None:
    """Of a command that is not the house: what it logs stands beside what it prints, not in it."""
    structlog.configure(logger_factory=lambda *_: structlog.PrintLogger(sys.stderr))


def where(exc_info: structlog.typing.ExcInfo) -> str:
    """Where an error came from, and of what kind it was, the first cause first.

    Not what it says: a database quotes the row it refuses, a parser the words it cannot read, and
    these are people's names, numbers and messages.
    """
    told = []
    cause: BaseException | None = exc_info[1]
    while cause is not None:
        frames = "".join(traceback.format_tb(cause.__traceback__))
        state = getattr(getattr(cause, "orig", None), "sqlstate", None)
        told.append(f"{frames}{type(cause).__qualname__}{f' {state}' if state else ''}")
        cause = cause.__cause__ or cause.__context__
    return "\n".join(reversed(told))


class _Formatter(logging.Formatter):
    """Lines of libraries; their errors are told like ours."""

    def formatException(self, ei: Any) -> str:  # noqa: N802, ANN401 - the library's own
        return where(ei)
