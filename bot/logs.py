"""Structured logs: order numbers and ids of persons; never names, phones, words or secrets."""

from __future__ import annotations

import logging
import sys

import structlog


def set_up(level: str, *, as_json: bool) -> None:
    """Log to standard error from `level` up, as lines for eyes or as JSON for a collector."""
    threshold = logging.getLevelNamesMapping()[level.upper()]
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer()
        if as_json
        else structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    )
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *([structlog.processors.format_exc_info] if as_json else []),
            renderer,
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    # Libraries say only what goes wrong; their debug lines would hold message texts.
    logging.basicConfig(level=max(threshold, logging.WARNING), stream=sys.stderr)
