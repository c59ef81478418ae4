"""Every word we say, in every language, within every platform's limits."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from fluent.syntax import ast as ftl
from fluent.syntax import parse
from fluent.syntax.visitor import Visitor

from bot import house
from bot.channels.base import Channel
from bot.channels.sandbox.channel import SandboxChannel
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.wecom.owners.channel import WeComOwners
from bot.channels.wecom.staff.channel import WeComStaff
from bot.wording import LOCALES, Wording

ROOT = Path(__file__).parent.parent
LANGUAGES = sorted(path.name for path in LOCALES.iterdir() if path.is_dir())
CHANNELS = (SandboxChannel, TelegramChannel, WeComStaff, WeComOwners)
LABEL = re.compile(r"^(do|choice|reason)-")
KEY = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)+")


def catalogue(language: str) -> dict[str, ftl.Message]:
    """Every message of a language; nothing may stand twice, nothing may fail to parse."""
    found: dict[str, ftl.Message] = {}
    for path in sorted((LOCALES / language).glob("*.ftl")):
        for entry in parse(path.read_text(encoding="utf-8")).body:
            assert not isinstance(entry, ftl.Junk), f"{path.name}: {entry.content}"
            if isinstance(entry, ftl.Message):
                assert entry.id.name not in found, f"{entry.id.name} stands twice in {language}"
                found[entry.id.name] = entry
    return found


CATALOGUES = {language: catalogue(language) for language in LANGUAGES}


class _Variables(Visitor):
    """The facts a message asks for, and those it selects by."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def visit_VariableReference(self, node: ftl.VariableReference) -> None:  # noqa: N802 - the library's name
        self.names.add(node.id.name)


def variables(message: ftl.Message) -> set[str]:
    found = _Variables()
    found.visit(message)
    return found.names


def test_every_language_says_the_same_keys() -> None:
    first, *others = LANGUAGES
    for other in others:
        assert set(CATALOGUES[first]) == set(CATALOGUES[other])


@pytest.mark.parametrize("key", sorted(CATALOGUES["zh-CN"]))
def test_every_language_asks_for_the_same_facts(key: str) -> None:
    asked = {language: variables(CATALOGUES[language][key]) for language in LANGUAGES}
    assert len({frozenset(names) for names in asked.values()}) == 1, asked


@pytest.mark.parametrize("channel", CHANNELS, ids=lambda channel: channel.name)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_key_is_rendered_within_the_limits_of_every_channel(
    language: str, channel: type[Channel]
) -> None:
    wording = Wording()
    for key, message in CATALOGUES[language].items():
        for size in (1, 30):
            facts = {
                name: size if _is_number(message, name) else "字" * size
                for name in variables(message)
            }
            words = wording.format(key, facts, language)
            assert words, key
            limit = channel.limits.label if LABEL.match(key) else channel.limits.text
            if LABEL.match(key) and (size > 1 and facts):
                continue  # labels with names in them are cut by the screens that make them
            assert len(words) <= limit, (key, words)


def _is_number(message: ftl.Message, name: str) -> bool:
    """Whether a fact chooses between plural forms (only numbers do)."""

    class Selects(Visitor):
        found = False

        def visit_SelectExpression(self, node: ftl.SelectExpression) -> None:  # noqa: N802
            selector = node.selector
            if isinstance(selector, ftl.VariableReference) and selector.id.name == name:
                self.found = True
            self.generic_visit(node)

    looked = Selects()
    looked.visit(message)
    return looked.found


def test_every_button_has_a_label() -> None:
    shown = _shown_by_default()
    missing = [name for name in house.router().actions if name in shown and not _labelled(name)]
    assert not missing


def _labelled(action: str) -> bool:
    key = "do-" + action.replace(".", "-").replace("_", "-")
    return key in CATALOGUES["zh-CN"]


def _shown_by_default() -> set[str]:
    """The actions that some code shows without a label of their own."""
    return {
        str(call.args[0].value)
        for call in _calls()
        if getattr(call.func, "id", "") == "do"
        and call.args
        and isinstance(call.args[0], ast.Constant)
        and not any(keyword.arg == "label" for keyword in call.keywords)
    }


@cache
def _sources() -> list[ast.Module]:
    rooms = ("bot/handlers/*.py", "services/*.py", "services/cases/*.py")
    files = [file for room in rooms for file in ROOT.glob(room)]
    return [ast.parse(file.read_text(encoding="utf-8")) for file in files]


def _calls() -> list[ast.Call]:
    return [node for tree in _sources() for node in ast.walk(tree) if isinstance(node, ast.Call)]


def test_every_key_that_code_says_has_words() -> None:
    """The first argument of say(), Saying(), Word(), .line() and flash() is a known key."""
    missing = sorted(
        key
        for call in _calls()
        if _says(call)
        for key in _keys(call)
        if key not in CATALOGUES["zh-CN"]
    )
    assert not missing


def _says(call: ast.Call) -> bool:
    name = getattr(call.func, "id", "") or getattr(call.func, "attr", "")
    return name in ("say", "Saying", "Word", "line", "line_if", "flash", "tell_household")


def _keys(call: ast.Call) -> list[str]:
    """The constants among a call's arguments that look like keys (conditional ones, too)."""
    return [
        node.value
        for argument in call.args
        for node in ast.walk(argument)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and KEY.fullmatch(node.value)
        and not isinstance(argument, ast.Call)
        and not any(isinstance(inner, ast.JoinedStr | ast.Call) for inner in ast.walk(argument))
    ]


def test_no_prose_in_python() -> None:
    """Chinese stands in docstrings and comments only: what we say, Fluent says."""
    chinese = re.compile(r"[\u4e00-\u9fff]{2,}")
    spoken = [
        node.value
        for tree in _sources()
        for node in _not_documenting(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and chinese.search(node.value)
    ]
    assert not spoken


def _not_documenting(tree: ast.Module) -> list[ast.AST]:
    """The nodes of a module, those of bare strings (docstrings) left out."""
    documenting = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return [node for node in ast.walk(tree) if id(node) not in documenting]
