"""Reads CSV and XLSX files into sheets of text, as the programs of an office write them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from pathlib import Path
from zipfile import BadZipFile

from services.imports import Line, Sheet

ENCODINGS = ("utf-8-sig", "gb18030")
"""Excel in China saves CSV as GBK, which GB18030 contains; UTF-8 is never taken for it."""

_SEPARATORS = ",;\t，"
_TITLE_LINES = 5
"""How far down the headings may begin."""

_UTF16 = (b"\xff\xfe", b"\xfe\xff")


class SheetUnreadable(Exception):
    """The file is no sheet; `key` finds the words."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def read_sheet(path: Path) -> Sheet:
    """The first sheet of an XLSX file, or a CSV file in UTF-8 or GB18030.

    Empty lines are left out, and so is everything above the headings that has one cell only (a
    title). Lines keep the numbers they have in the file.

    Raises:
        SheetUnreadable: the file is missing, empty, or of another kind.
    """
    try:
        data = path.read_bytes()
    except OSError:
        raise SheetUnreadable("sheet-no-file") from None
    lines = list(_xlsx(data) if data.startswith(b"PK") else _csv(data))
    while lines and sum(map(bool, lines[0].cells)) < 2:
        lines.pop(0)
    if not lines:
        raise SheetUnreadable("sheet-empty")
    return Sheet(lines[0].cells, lines[0].number, tuple(lines[1:]))


def _csv(data: bytes) -> Iterator[Line]:
    text = _decoded(data)
    lines = text.splitlines()[:_TITLE_LINES]
    head = next((one for one in lines if any(mark in one for mark in _SEPARATORS)), "")
    separator = max(_SEPARATORS, key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    while True:
        # A quoted cell may hold line ends: the number is where the line begins.
        number = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise SheetUnreadable("sheet-not-csv") from None
        yield from _line(number, cells)


def _decoded(data: bytes) -> str:
    if data.startswith(_UTF16):
        return data.decode("utf-16")  # what Excel calls Unicode text
    for encoding in ENCODINGS:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise SheetUnreadable("sheet-not-text")


def _xlsx(data: bytes) -> Iterator[Line]:
    from openpyxl import load_workbook  # slow to load, and wanted for this kind of file only
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError, ValueError, OSError):
        raise SheetUnreadable("sheet-not-xlsx") from None
    try:
        rows = book.worksheets[0].iter_rows(values_only=True)
        for number, row in enumerate(rows, start=1):
            yield from _line(number, [_text(value) for value in row])
    finally:
        book.close()


def _line(number: int, cells: Iterable[str]) -> Iterator[Line]:
    stripped = tuple(cell.strip() for cell in cells)
    if any(stripped):
        yield Line(number, stripped)


def _text(value: object) -> str:
    """A cell as its owner reads it: telephone numbers are stored as numbers, dates as moments."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case float() if value.is_integer():
            return str(int(value))
        case datetime() if value.time() == time.min:
            return value.date().isoformat()
        case date():
            return value.isoformat()
        case _:
            return str(value)
