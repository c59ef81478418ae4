"""The command line's words: in English where the terminal speaks it, in Chinese otherwise."""

from __future__ import annotations

import os
from datetime import date
from functools import cache
from pathlib import Path

from fluent.runtime import FluentBundle, FluentResource

from services.messages import Saying, Word, Words

_LOCALES = Path(__file__).parent / "locales"
_FILES = (
    "agreements.ftl",
    "cli.ftl",
    "common.ftl",
    "figures.ftl",
    "roster.ftl",
    "samples.ftl",
    "simulate.ftl",
    "wecom.ftl",
)


def say(key: str, /, **facts: object) -> str:
    """The words for a key in the administrator's language.

    Raises:
        LookupError: there are none, or a fact is missing.
    """
    return speak(Saying(key), **facts)


def speak(saying: Saying, /, **facts: object) -> str:
    """A saying in the administrator's language, with any further facts."""
    bundle = _bundle(locale())
    pattern = bundle.get_message(saying.key).value
    if pattern is None:
        raise LookupError(f"{saying.key} has no words")
    given = {
        name.replace("_", "-"): spoken(fact) for name, fact in {**saying.facts, **facts}.items()
    }
    words, errors = bundle.format_pattern(pattern, given)
    if errors:
        raise LookupError(f"{saying.key}: {errors}")
    return str(words)


def locale() -> str:
    """The terminal's language, from the variables by which terminals say it."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if os.environ.get(name):
            return "en" if os.environ[name].lower().startswith("en") else "zh-CN"
    return "zh-CN"


def weekday(day: date) -> str:
    """A date with the name of its weekday."""
    from babel.dates import format_date  # its tables are wanted by few commands

    return format_date(day, "y-MM-dd EEE", locale=locale().replace("-", "_"))


def spoken(fact: object) -> str | int:
    """A fact as it stands in a line of words."""
    match fact:
        case int():
            return fact
        case Word(key):
            return say(key)
        case Words(keys):
            return say("list-joint").strip("|").join(say(key) for key in keys)
        case _:
            return str(fact)


@cache
def _bundle(language: str) -> FluentBundle:
    """Only the files needed: the whole catalogue would make every command start late."""
    bundle = FluentBundle([language], use_isolating=False)
    for name in _FILES:
        text = (_LOCALES / language / name).read_text(encoding="utf-8")
        bundle.add_resource(FluentResource(text))
    return bundle
