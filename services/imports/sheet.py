"""Reads a sheet by its headings into rows; what cannot be read is a problem, never a guess."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import ClassVar, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from services.messages import Saying


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a sheet, numbered as the administrator's program numbers it."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet as text: its headings, at line `header`, and the lines below them."""

    headings: tuple[str, ...]
    header: int
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, at which line and under which heading (empty: the whole line)."""

    line: int
    column: str
    reason: Saying


@dataclass(frozen=True, slots=True)
class Headed:
    """The headings a column may have, besides its English name."""

    names: tuple[str, ...]


def headed(*names: str) -> Headed:
    return Headed(names)


class Row(BaseModel):
    """A line under its headings; an empty cell counts as not given."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    beside: ClassVar[frozenset[str]] = frozenset()
    """Columns taken as they are, whatever is in them."""


R = TypeVar("R", bound=Row)


@dataclass(frozen=True, slots=True)
class Read(Generic[R]):
    """A line that could be read, and its cells in the columns taken as they are."""

    line: int
    row: R
    beside: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Headings:
    """Which column of a sheet is which.

    `places` and `beside` say where a column is, `shown` what the sheet calls it, `unknown` which
    headings mean nothing to us.
    """

    places: Mapping[str, int]
    beside: Mapping[str, int]
    shown: Mapping[str, str]
    unknown: tuple[str, ...]
    problems: tuple[Problem, ...]


def read_headings(kind: type[Row], sheet: Sheet) -> Headings:
    """Find the columns of a kind of sheet; a needed column that is not there is a problem."""
    known = _known(kind)
    places: dict[str, int] = {}
    beside: dict[str, int] = {}
    unknown: list[str] = []
    problems: list[Problem] = []
    for place, heading in enumerate(sheet.headings):
        field = known.get(_heading(heading))
        if heading.strip().casefold() in kind.beside:
            beside[heading.strip().casefold()] = place
        elif field is None:
            unknown += [heading] if heading else []
        elif field in places:
            problems.append(Problem(sheet.header, heading, Saying("import-column-twice")))
        else:
            places[field] = place
    shown = {field: _title(kind, field) for field in kind.model_fields}
    shown |= {field: sheet.headings[place] for field, place in places.items()}
    problems += [
        Problem(sheet.header, shown[name], Saying("import-no-column"))
        for name, field in kind.model_fields.items()
        if field.is_required() and name not in places
    ]
    return Headings(places, beside, shown, tuple(unknown), tuple(problems))


def read_lines(
    kind: type[R], sheet: Sheet, headings: Headings
) -> Iterator[Read[R] | list[Problem]]:
    """Each line as a row, or what is wrong with it."""
    for line in sheet.lines:
        given = _cells(line, headings.places)
        beside = _cells(line, headings.beside)
        try:
            row = kind.model_validate({name: text for name, text in given.items() if text})
            yield Read(line.number, row, beside)
        except ValidationError as error:
            yield [
                Problem(line.number, headings.shown.get(str(one["loc"][0]), ""), _reason(one))
                for one in error.errors(include_url=False)
            ]


def _cells(line: Line, places: Mapping[str, int]) -> dict[str, str]:
    """The line's cells by column; programs leave out empty ones at the end."""
    cells = line.cells
    return {
        name: cells[place].strip() if place < len(cells) else "" for name, place in places.items()
    }


def _reason(error: ErrorDetails) -> Saying:
    match error["type"]:
        case "missing" | "too_short":
            return Saying("import-empty")
        case "string_too_long" | "too_long":
            return Saying("import-too-long", {"most": int(error["ctx"]["max_length"])})
        case key if key.startswith("import-"):
            return Saying(key, dict(error.get("ctx", {})))
        case _:
            return Saying("import-bad-value")


@cache
def _known(kind: type[Row]) -> dict[str, str]:
    """Every heading of a kind of sheet, made comparable → field."""
    return {
        _heading(heading): name
        for name, field in kind.model_fields.items()
        for heading in (name, *_other_names(kind, name))
    }


def _other_names(kind: type[Row], field: str) -> tuple[str, ...]:
    metadata = kind.model_fields[field].metadata
    return next((one.names for one in metadata if isinstance(one, Headed)), ())


def _title(kind: type[Row], field: str) -> str:
    return "/".join((*_other_names(kind, field)[:1], field))


def _heading(text: str) -> str:
    """A heading so that 手机号*, ` Phone ` and ＰＨＯＮＥ are found."""
    return re.sub(r"[\s*:_]+", "", unicodedata.normalize("NFKC", text)).casefold()
