"""A spoken message as WeCom shows it to colleagues: texts, and one card for what can be pressed.

A card cuts what is too long for it, so nothing may stand on a card alone that does not fit there:
the whole words then go before it as text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from bot.channels.base import Button, Labels, Spoken
from bot.channels.wecom.pages import pages

CHOOSE = "wecom.choose"
"""The key of the button that confirms a choice from a list."""
CLOSED = "wecom.closed"
"""The key of the button that cannot be pressed any more."""

_TITLE = 36
_SUBTITLE = 160
_PAIRS = 6
_BUTTONS = 6
_BUTTON_LABEL = 10
_OPTIONS = 10
_OPTION_LABEL = 16
_OPTION_ID_BYTES = 128

_PAIR = re.compile(r"([^\W\d_]{1,5})[：:]\s*(?!//)(\S.{0,29})")
"""A name and a value, such as 房号：3-1201, but no time of day and no address of a page."""

_LINK = re.compile(r"<(?=/?a[\s/>])", re.IGNORECASE)
"""WeCom makes links of these, whoever typed them."""

Json = dict[str, JsonValue]


@dataclass(frozen=True, slots=True)
class Shown:
    """The texts of a message in order, and the card behind them, still without its task_id."""

    texts: tuple[str, ...]
    card: Json | None = None


@dataclass(frozen=True, slots=True)
class _Keys:
    """What can be pressed: the card's fields, and the choices whose labels do not fit on it."""

    fields: Json
    too_long: tuple[Button, ...] = ()


def shown(spoken: Spoken) -> Shown:
    """A message anew. Choices that no card can carry are numbered, to be typed."""
    words, choices = spoken.text, _choices(spoken)
    if not choices:
        return Shown(_texts(words))
    keys = _keys(choices, spoken.labels)
    if keys is None:
        return Shown(_texts(_with_list(words, choices)))
    words = _with_list(words, keys.too_long)
    face, is_whole = _face(words)
    return Shown(() if is_whole else _texts(words), {**face, **keys.fields})


def face_in_place(spoken: Spoken) -> Json | None:
    """The card that takes the place of an earlier one; None where it cannot hold everything.

    Without anything to press it is closed.
    """
    choices = _choices(spoken)
    keys = _keys(choices, spoken.labels) if choices else _closed(spoken.labels)
    if keys is None:
        return None
    face, is_whole = _face(_with_list(spoken.text, keys.too_long))
    return {**face, **keys.fields} if is_whole else None


def _choices(spoken: Spoken) -> tuple[Button, ...]:
    """What can be pressed; of two that do the same the first, for a card takes no key twice."""
    found: dict[str, Button] = {}
    for row in spoken.rows:
        for button in row:
            found.setdefault(button.data, button)
    return tuple(found.values())


# The words


def _texts(words: str) -> tuple[str, ...]:
    return pages(_LINK.sub("＜", words))


def _face(words: str) -> tuple[Json, bool]:
    """The words on a card, and whether they are all there."""
    title, *lines = [line.strip() for line in words.splitlines() if line.strip()] or ["…"]
    pairs: list[JsonValue] = []
    rest: list[str] = []
    for line in lines:
        pair = _PAIR.fullmatch(line)
        if pair is not None and len(pairs) < _PAIRS:
            pairs.append({"keyname": pair[1], "value": pair[2]})
        else:
            rest.append(line)
    below = "\n".join(rest)
    face: Json = {"card_type": "button_interaction", "main_title": {"title": _cut(title, _TITLE)}}
    if below:
        face["sub_title_text"] = _cut(below, _SUBTITLE)
    if pairs:
        face["horizontal_content_list"] = pairs
    return face, len(title) <= _TITLE and len(below) <= _SUBTITLE


def _with_list(words: str, choices: Iterable[Button]) -> str:
    return "\n".join((words, *(_in_full(choice) for choice in choices)))


def _in_full(choice: Button) -> str:
    return choice.label if choice.number is None else f"{choice.number}. {choice.label}"


# What can be pressed


def _keys(choices: Sequence[Button], labels: Labels) -> _Keys | None:
    """Up to six buttons; with more choices a list beside the first five. None: too many."""
    if not all(0 < len(one.data.encode()) <= _OPTION_ID_BYTES for one in choices):
        return None
    if len(choices) <= _BUTTONS:
        too_long = tuple(one for one in choices if not _fits(one, _BUTTON_LABEL))
        texts = [_shortened(one) if one in too_long else one.label for one in choices]
        return _Keys(_buttons(zip(texts, (one.data for one in choices), strict=True)), too_long)
    # The next step comes first in every message: it stays one tap away.
    direct = choices[: _BUTTONS - 1]
    if not all(_fits(one, _BUTTON_LABEL) for one in direct):
        direct = ()
    options = choices[len(direct) :]
    if len(options) > _OPTIONS or not all(_fits(one, _OPTION_LABEL) for one in options):
        return None
    selection: Json = {
        "question_key": CHOOSE,
        "option_list": [{"id": one.data, "text": one.label} for one in options],
    }
    confirm = _cut(labels.choose, _BUTTON_LABEL) or "✓"
    buttons = _buttons([*((one.label, one.data) for one in direct), (confirm, CHOOSE)])
    return _Keys({**buttons, "button_selection": selection})


def _closed(labels: Labels) -> _Keys:
    closed = _cut(labels.closed, _BUTTON_LABEL) or "✓"
    return _Keys({**_buttons([(closed, CLOSED)]), "replace_text": closed})


def _buttons(labelled: Iterable[tuple[str, str]]) -> Json:
    """Labels with their keys; the first button stands out."""
    buttons: list[JsonValue] = [
        {"text": text, "style": 1 if place == 0 else 2, "key": key}
        for place, (text, key) in enumerate(labelled)
    ]
    return {"button_list": buttons}


def _fits(choice: Button, most: int) -> bool:
    return bool(choice.label.strip()) and len(choice.label) <= most


def _shortened(choice: Button) -> str:
    """What is left of a label that is too long, behind its number in the full list."""
    number = "" if choice.number is None else f"{choice.number} "
    return _cut(number + choice.label, _BUTTON_LABEL).strip() or "…"


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
