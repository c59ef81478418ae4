"""Agreements into the books: what a line may say, changes by number, and what is wrong with one."""

from __future__ import annotations

import pytest

from services.imports import How, ImportKind
from tests.data.conftest import CATALOGUE, CENTRE, ROLL, ROSTER, Books

HEADS = "协议编号,房号,项目编码,服务人员,签订日期,开始日期,到期日,终止日期\n"
WEEKLY = "XY-001,3栋1201室,hc01,赵秀兰,2026-09-20,2026-10-01,2027-09-30,\n"
ROWS = (
    "SELECT a.number, r.room_no, i.code, p.name, a.signed_on, a.starts_on, a.ends_on, a.ended_on"
    " FROM agreements a JOIN rooms r ON r.id = a.room_id JOIN items i ON i.id = a.item_id"
    " JOIN persons p ON p.id = a.worker_id ORDER BY a.id"
)


@pytest.fixture
async def house(both: Books) -> Books:
    """Books with a home, an item and a team, on each database."""
    return await _with_house(both)


@pytest.fixture
async def one(books: Books) -> Books:
    """The same on SQLite."""
    return await _with_house(books)


async def _with_house(books: Books) -> Books:
    team = (
        "赵秀兰,13800100001,服务人员,保洁,早班,,\n"
        "钱红,13800100002,服务人员,保洁,早班,,\n"
        "钱红,13800100003,服务人员,保洁,中班,,\n"
        "陈静,13800100004,客服,,客服班,,\n"
    )
    item = "HC01,钟点保洁,Hourly cleaning,cleaning,ordinary,hour,50,hourly,120,cleaner,covered\n"
    sheets = {
        ImportKind.CENTRES: CENTRE,
        ImportKind.RESIDENTS: ROLL + "3-1201,张伟,13800110001,业主,\n",
        ImportKind.STAFF: ROSTER + team,
        ImportKind.CATALOGUE: CATALOGUE + item,
    }
    for kind, sheet in sheets.items():
        assert (await books.take(kind, sheet)).written
    return books


async def _agreements(books: Books) -> list[tuple[str, ...]]:
    return [tuple(str(value) for value in row) for row in await books.rows(ROWS)]


async def test_a_line_names_home_item_and_worker_and_again_changes_nothing(house: Books) -> None:
    report = await house.take(ImportKind.AGREEMENTS, HEADS + WEEKLY)
    assert (report.written, report.added, report.problems) == (True, 1, ())
    expected = ("XY-001", "3-1201", "HC01", "赵秀兰")
    assert await _agreements(house) == [
        (*expected, "2026-09-20", "2026-10-01", "2027-09-30", "None")
    ]
    again = await house.take(ImportKind.AGREEMENTS, HEADS + WEEKLY, later=1)
    assert (again.added, again.changed, again.unchanged) == (0, 0, 1)


async def test_what_differs_is_changed_and_a_missing_column_is_left_alone(house: Books) -> None:
    await house.take(ImportKind.AGREEMENTS, HEADS + WEEKLY)
    other = WEEKLY.replace("赵秀兰", "13800100003").replace(",\n", ",2027-01-15\n")
    report = await house.take(ImportKind.AGREEMENTS, HEADS + other)
    assert (report.added, report.changed) == (0, 1)
    (row,) = await _agreements(house)
    assert (row[3], row[7]) == ("钱红", "2027-01-15")
    english = "number,room,item,worker,signed on,starts on,ends on\n"
    line = "XY-001,3-1201,HC01,13800100003,2026-09-20,2026-10-01,2027-06-30\n"
    report = await house.take(ImportKind.AGREEMENTS, english + line)
    assert (report.changed, report.problems) == (1, ())
    (row,) = await _agreements(house)
    assert (row[6], row[7]) == ("2027-06-30", "2027-01-15")


@pytest.mark.parametrize(
    ("was", "now", "column", "key"),
    [
        ("XY-001", "", "协议编号", "import-empty"),
        ("3栋1201室", "9-999", "房号", "import-no-such-room"),
        ("hc01", "HC99", "项目编码", "import-no-such-item"),
        ("赵秀兰", "周莉", "服务人员", "import-no-such-staff"),
        ("赵秀兰", "钱红", "服务人员", "import-which-staff"),
        ("赵秀兰", "陈静", "服务人员", "import-no-such-staff"),  # customer service do not clean
        ("2026-09-20", "20/9", "签订日期", "import-bad-date"),
        ("2027-09-30", "2026-09-30", "到期日", "import-ends-before-start"),
        ("2027-09-30,", "2027-09-30,2027-10-01", "终止日期", "import-ended-outside"),
        ("2027-09-30,", "2027-09-30,2026-09-30", "终止日期", "import-ended-outside"),
    ],
    ids=lambda value: value if str(value).startswith("import-") else "",
)
async def test_a_bad_line_is_named_and_nothing_is_taken(
    one: Books, was: str, now: str, column: str, key: str
) -> None:
    good = WEEKLY.replace("XY-001", "XY-002")
    sheet = HEADS + good + WEEKLY.replace(was, now)
    report = await one.take(ImportKind.AGREEMENTS, sheet)
    assert [(bad.line, bad.column, bad.reason.key) for bad in report.problems] == [(3, column, key)]
    assert not report.written
    assert await _agreements(one) == []
    taken = await one.take(ImportKind.AGREEMENTS, sheet, How(skip_bad=True))
    assert (taken.written, taken.added) == (True, 1)


async def test_one_number_twice_is_a_question(one: Books) -> None:
    report = await one.take(ImportKind.AGREEMENTS, HEADS + WEEKLY + WEEKLY)
    (problem,) = report.problems
    assert (problem.line, problem.reason.key) == (3, "import-repeated")
