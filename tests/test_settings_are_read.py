"""A setting exists only if code reads it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from bot.settings import Settings
from services.rules.standard import Standard

ROOT = Path(__file__).parent.parent
CODE = "\n".join(
    path.read_text(encoding="utf-8")
    for folder in ("bot", "services", "schedules", "storage")
    for path in (ROOT / folder).rglob("*.py")
    if path.name not in ("settings.py", "standard.py")
)


def names(model: type[BaseModel]) -> Iterator[str]:
    """The fields of a settings model, those of its sections included."""
    for name, field in model.model_fields.items():
        section = next(
            (
                kind
                for kind in (field.annotation, *getattr(field.annotation, "__args__", ()))
                if isinstance(kind, type) and issubclass(kind, BaseModel)
            ),
            None,
        )
        if section is None:
            yield name
        elif section is not Standard:
            yield from names(section)


@pytest.mark.parametrize("name", sorted({*names(Settings), *Standard.model_fields}))
def test_a_setting_is_read_by_code(name: str) -> None:
    assert re.search(rf"\.{name}\b", CODE), f"nobody reads {name}"
