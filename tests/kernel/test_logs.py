"""The log: where a fault is, and not a word of what people said."""

from __future__ import annotations

import subprocess
import sys

import pytest

FAULT = """
import logging, sys
import structlog
from bot import logs

logs.set_up("info", as_json=sys.argv[1] == "json")

def look_up(name):
    raise KeyError(name)

try:
    try:
        look_up("张伟")
    except KeyError as first:
        raise ValueError("13800100001 said 厨房漏水") from first
except ValueError:
    structlog.get_logger().exception("incident", number="A1B2C3")
    logging.getLogger("library").exception("it failed")
"""


@pytest.mark.parametrize("form", ["json", "lines"])
def test_a_fault_is_logged_by_place_and_kind_without_what_it_says(form: str) -> None:
    """A database quotes the row it refuses, a parser the words it cannot read."""
    ran = subprocess.run(  # noqa: S603 - our own interpreter and words
        [sys.executable, "-c", FAULT, form], capture_output=True, text=True, check=True
    )
    for wanted in ("incident", "A1B2C3", "it failed", "look_up", "ValueError", "KeyError"):
        assert wanted in ran.stderr
    for secret in ("张伟", "\\u5f20", "13800100001", "漏水"):
        assert secret not in ran.stderr
