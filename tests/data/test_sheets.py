"""Files as offices write them: encodings, separators, headings, and cells that are numbers."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from bot.sheets import SheetUnreadable, read_sheet
from services.imports.rows import ResidentRow
from services.imports.sheet import Read, read_headings, read_lines

TEXT = "房号,姓名,手机号,身份\n3-1201,张伟,13800110001,业主\n"


def _written(folder: Path, data: bytes) -> Path:
    path = folder / "sheet.csv"
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(TEXT.encode(), id="utf-8"),
        pytest.param(TEXT.encode("utf-8-sig"), id="utf-8 with mark"),
        pytest.param(TEXT.encode("gbk"), id="gbk"),
        pytest.param(TEXT.encode("utf-16"), id="unicode text"),
        pytest.param(TEXT.replace(",", ";").encode(), id="semicolons"),
        pytest.param(TEXT.replace(",", "\t").encode(), id="tabs"),
        pytest.param(TEXT.replace("\n", "\r\n").encode(), id="windows line ends"),
    ],
)
def test_the_same_sheet_in_every_dress(tmp_path: Path, data: bytes) -> None:
    sheet = read_sheet(_written(tmp_path, data))
    assert sheet.headings == ("房号", "姓名", "手机号", "身份")
    assert [line.cells for line in sheet.lines] == [("3-1201", "张伟", "13800110001", "业主")]


def test_lines_keep_their_numbers(tmp_path: Path) -> None:
    text = '住户名册\n\n房号,姓名\n1-1,"张\n伟"\n,\n1-2,李\n'
    sheet = read_sheet(_written(tmp_path, text.encode()))
    assert sheet.header == 3
    assert [line.number for line in sheet.lines] == [4, 7]


def test_numbers_and_dates_of_a_workbook_are_read_as_people_see_them(tmp_path: Path) -> None:
    book = Workbook()
    page = book.active
    assert page is not None
    page.append(["房号", "姓名", "手机号", "身份", "到期日", "备注"])
    page.append(["3-1201", "张伟", 13800110001.0, "租户", datetime(2028, 6, 30), None])  # noqa: DTZ001
    page.append([])
    page.append(["3-1202", "刘芳", 13800110002, "租户", date(2028, 7, 1)])
    path = tmp_path / "roll.xlsx"
    book.save(path)
    sheet = read_sheet(path)
    headings = read_headings(ResidentRow, sheet)
    rows = [one for one in read_lines(ResidentRow, sheet, headings) if isinstance(one, Read)]
    assert [(one.line, one.row.phone, one.row.until) for one in rows] == [
        (2, "13800110001", date(2028, 6, 30)),
        (4, "13800110002", date(2028, 7, 1)),
    ]
    assert headings.unknown == ("备注",)


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (b"", "sheet-empty"),
        (b"\n,,\n", "sheet-empty"),
        (b"PK\x03\x04 not a workbook", "sheet-not-xlsx"),
        (b"\x00\x01\x02\xff\xff\xff", "sheet-not-text"),
    ],
)
def test_what_is_no_sheet_is_said_to_be_none(tmp_path: Path, data: bytes, key: str) -> None:
    with pytest.raises(SheetUnreadable) as refused:
        read_sheet(_written(tmp_path, data))
    assert refused.value.key == key


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(SheetUnreadable) as refused:
        read_sheet(tmp_path / "none.csv")
    assert refused.value.key == "sheet-no-file"


@pytest.mark.parametrize(
    "headings",
    ["房号,姓名,手机号,身份", "room,name,phone,relation", " Room_No ,NAME*,联系电话：,关系"],
)
def test_headings_are_known_in_both_languages(tmp_path: Path, headings: str) -> None:
    sheet = read_sheet(_written(tmp_path, f"{headings}\n1,2,3,4\n".encode()))
    found = read_headings(ResidentRow, sheet)
    assert found.places == {"room": 0, "name": 1, "phone": 2, "relation": 3}
    assert not found.problems


def test_a_missing_and_a_doubled_column_are_named(tmp_path: Path) -> None:
    sheet = read_sheet(_written(tmp_path, "房号,手机,手机号,身份\n1,2,3,4\n".encode()))
    problems = read_headings(ResidentRow, sheet).problems
    assert [(one.column, one.reason.key) for one in problems] == [
        ("手机号", "import-column-twice"),
        ("姓名/name", "import-no-column"),
    ]
