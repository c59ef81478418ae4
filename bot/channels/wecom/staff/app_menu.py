"""The menu at the foot of the app's chat, the same for all its members."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import JsonValue


@dataclass(frozen=True, slots=True)
class Entry:
    """Something to click: its label, and the action's data it brings."""

    label: str
    data: str


@dataclass(frozen=True, slots=True)
class Group:
    """Entries that unfold under one label."""

    label: str
    entries: tuple[Entry, ...]


AppMenu = tuple[Group, ...]
"""At most three groups of at most five entries; labels of at most 16 and 40 bytes."""


def written(menu: AppMenu) -> dict[str, JsonValue]:
    """The menu as WeCom wants it."""
    return {"button": [_group(group) for group in menu]}


def _group(group: Group) -> JsonValue:
    return {"name": group.label, "sub_button": [_entry(entry) for entry in group.entries]}


def _entry(entry: Entry) -> JsonValue:
    return {"type": "click", "name": entry.label, "key": entry.data}
