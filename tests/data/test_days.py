"""Days of the roster into the books: leave, swaps and extra work, line by line."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.desk import Desk
from services.imports import How, ImportKind, Report, import_sheet
from tests.data.conftest import CENTRE, ROSTER, Books, table

DAYS = "姓名,手机号,日期,开始日期,结束日期,班次,原因,换班对象\n"
TEAM = ROSTER + (
    "王建国,13800100001,服务人员,水暖,早班,,\n"
    "李志强,13800100002,服务人员,水暖,周一至周五 中班,,\n"
    "赵敏,13800100003,主管,,工作日 白班,,\n"
    "陈静,13800100004,客服,,客服班,,\n"
    "陈静,13800100005,客服,,客服班,,\n"
)
ROWS = (
    "SELECT s.name, d.day, d.shift, d.reason FROM roster_days d JOIN staff s ON s.id = d.staff_id"
    " ORDER BY d.day, s.id"
)


@pytest.fixture
async def team(both: Books) -> Books:
    """Books with a team, on each database."""
    return await _with_team(both)


@pytest.fixture
async def one(books: Books) -> Books:
    """The same on SQLite."""
    return await _with_team(books)


async def _with_team(books: Books) -> Books:
    await books.take(ImportKind.CENTRES, CENTRE)
    assert (await books.take(ImportKind.STAFF, TEAM)).written
    return books


async def _days(books: Books) -> list[tuple[object, ...]]:
    rows = await books.rows(ROWS)
    return [(name, int(str(day)[-2:]), shift, reason) for name, day, shift, reason in rows]


# What a line may say


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "王建国,,,2026-11-25,2026-11-26,休,请假,",
            [("王建国", 25, "", "leave"), ("王建国", 26, "", "leave")],
        ),
        ("王建国,,2026年11月25日,,,,,", [("王建国", 25, "", "off")]),
        (",13800100004,2026-11-25,,,,病假,", [("陈静", 25, "", "leave")]),
        ("王建国,,2026-11-25,,,08:00-12:00,leave,", [("王建国", 25, "08:00-12:00", "leave")]),
        # Extra hours are beside those of the shift, where there is one that day.
        (
            "王建国,,2026-11-25,,,18:00-22:00,加班,",
            [("王建国", 25, "08:00-16:00,18:00-22:00", "extra")],
        ),
        ("李志强,,2026-11-28,,,早班,加班,", [("李志强", 28, "08:00-16:00", "extra")]),
        # Saturday the 28th is no day of his: there is nothing to swap then.
        (
            "李志强,,,2026-11-27,2026-11-28,,换班,王建国",
            [("王建国", 27, "16:00-24:00", "swap"), ("李志强", 27, "", "swap")],
        ),
        (
            "王建国,,2026-11-25,,,中班,换班,13800100002",
            [("王建国", 25, "16:00-24:00", "swap"), ("李志强", 25, "08:00-16:00", "swap")],
        ),
    ],
)
async def test_3_10_what_a_line_says_of_days(
    team: Books, line: str, expected: list[tuple[object, ...]]
) -> None:
    report = await team.take(ImportKind.DAYS, DAYS + line + "\n")
    assert report.problems == ()
    assert await _days(team) == expected


async def test_english_headings_and_words_are_read(one: Books) -> None:
    heads = "Name,Phone,Date,Start date,End date,Shift,Reason,Swap with\n"
    lines = (
        "王建国,,2026-11-25,,,off,leave,\n"
        "王建国,,,2026-11-26,2026-11-26,night,swap,李志强\n"
        "王建国,,2026-11-27,,,as usual,,\n"
    )
    assert (await one.take(ImportKind.DAYS, heads + lines)).written
    assert await _days(one) == [
        ("王建国", 25, "", "leave"),
        ("王建国", 26, "00:00-08:00", "swap"),
        ("李志强", 26, "08:00-16:00", "swap"),
    ]


# Again, otherwise, and back


async def test_the_second_time_changes_nothing_and_a_change_changes_one_day(team: Books) -> None:
    first = "王建国,,,2026-11-25,2026-11-27,,请假,\n"
    report = await team.take(ImportKind.DAYS, DAYS + first)
    assert (report.added, report.changed, report.unchanged) == (3, 0, 0)
    before = await team.rows("SELECT * FROM roster_days ORDER BY id")
    again = await team.take(ImportKind.DAYS, DAYS + first, later=1)
    assert (again.added, again.changed, again.unchanged) == (0, 0, 3)
    assert await team.rows("SELECT * FROM roster_days ORDER BY id") == before
    other = await team.take(ImportKind.DAYS, DAYS + "王建国,,2026-11-26,,,,休息,\n")
    assert (other.added, other.changed, other.unchanged) == (0, 1, 0)
    assert [row[3] for row in await _days(team)] == ["leave", "off", "leave"]


async def test_as_usual_takes_a_day_back_and_a_swap_on_both_sides(team: Books) -> None:
    await team.take(ImportKind.DAYS, DAYS + "王建国,,,2026-11-25,2026-11-26,,换班,李志强\n")
    report = await team.take(ImportKind.DAYS, DAYS + "王建国,,2026-11-25,,,照常,,李志强\n")
    assert (report.written, report.gone, report.added) == (True, 2, 0)
    assert [row[:2] for row in await _days(team)] == [("王建国", 26), ("李志强", 26)]
    nothing = await team.take(ImportKind.DAYS, DAYS + "王建国,,2026-11-25,,,照常,,\n")
    assert (nothing.written, nothing.gone) == (True, 0)


_names = st.sampled_from(["王建国", "李志强", "赵敏", "陈静", "钱某"])
_dates = st.integers(0, 6).map(lambda n: str(date(2026, 11, 25) + timedelta(days=n)))
_lines = st.tuples(
    _names,
    st.just(""),
    _dates,
    st.just(""),
    st.just(""),
    st.sampled_from(["", "休", "照常", "早班", "22:00-06:00", "?"]),
    st.sampled_from(["", "请假", "休息", "换班", "加班"]),
    st.one_of(st.just(""), _names),
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(lines=st.lists(_lines, max_size=6))
async def test_whatever_a_sheet_says_of_days_taking_it_again_changes_nothing(
    one: Books, lines: list[tuple[str, ...]]
) -> None:
    sheet = one.sheet(DAYS + table(*lines))

    def take(desk: Desk) -> Report:
        return import_sheet(desk, ImportKind.DAYS, sheet, How(skip_bad=True))

    await one.do(take)
    before = await one.rows("SELECT * FROM roster_days ORDER BY id")
    again = await one.do(take)
    assert (again.added, again.changed, again.gone) == (0, 0, 0)
    assert await one.rows("SELECT * FROM roster_days ORDER BY id") == before


# What is wrong, and where


@pytest.mark.parametrize(
    ("line", "column", "key"),
    [
        (",,2026-11-25,,,,请假,", "姓名", "import-who"),
        ("钱某,,2026-11-25,,,,请假,", "姓名", "import-no-such-staff"),
        ("陈静,,2026-11-25,,,,请假,", "姓名", "import-which-staff"),
        ("王建国,13800100002,2026-11-25,,,,请假,", "手机号", "import-no-such-staff"),
        (",12x,2026-11-25,,,,请假,", "手机号", "import-bad-phone"),
        ("王建国,,30/11,,,,请假,", "日期", "import-bad-date"),
        ("王建国,,,,,,请假,", "结束日期", "import-when"),
        ("王建国,,2026-11-25,2026-11-25,2026-11-26,,请假,", "结束日期", "import-when"),
        ("王建国,,,2026-11-25,,,请假,", "结束日期", "import-when"),
        ("王建国,,2026-11-25,,2026-11-26,,请假,", "结束日期", "import-when"),
        ("王建国,,,2026-11-26,2026-11-25,,请假,", "结束日期", "import-bad-end"),
        ("王建国,,,2026-11-25,2062-11-26,,请假,", "结束日期", "import-bad-end"),
        ("王建国,,2026-11-25,,,有空时,加班,", "班次", "import-bad-day-shift"),
        ("王建国,,2026-11-25,,,周三 早班,加班,", "班次", "import-bad-day-shift"),
        ("王建国,,2026-11-25,,,夜班,,", "原因", "import-empty"),
        ("王建国,,2026-11-25,,,,下雨,", "原因", "import-not-a-choice"),
        ("王建国,,2026-11-25,,,,加班,", "原因", "import-extra-needs-shift"),
        ("王建国,,2026-11-25,,,,请假,李志强", "原因", "import-colleague-without-swap"),
        ("王建国,,2026-11-25,,,,换班,王建国", "换班对象", "import-swap-with-oneself"),
        ("王建国,,2026-11-25,,,,换班,陈静", "换班对象", "import-which-staff"),
        ("王建国,,2026-11-25,,,,换班,钱某", "换班对象", "import-no-such-staff"),
        # A Saturday that is no workday, moved or not, for either of the two.
        ("李志强,,2026-11-28,,,,换班,王建国", "换班对象", "import-nothing-to-swap"),
        ("赵敏,,2026-10-01,,,,换班,王建国", "换班对象", "import-nothing-to-swap"),
    ],
    ids=lambda value: value if str(value).startswith("import-") else "",
)
async def test_a_bad_line_is_named_and_nothing_is_taken(
    one: Books, line: str, column: str, key: str
) -> None:
    good = "赵敏,,2026-12-01,,,,请假,\n"
    report = await one.take(ImportKind.DAYS, DAYS + good + line + "\n")
    assert [(bad.line, bad.column, bad.reason.key) for bad in report.problems] == [(3, column, key)]
    assert not report.written
    assert await _days(one) == []
    taken = await one.take(ImportKind.DAYS, DAYS + good + line + "\n", How(skip_bad=True))
    assert (taken.written, taken.added) == (True, 1)


@pytest.mark.parametrize("again", ["王建国,,2026-11-26,,,早班,加班,", "李志强,,2026-11-26,,,,,"])
async def test_one_day_of_one_person_twice_is_a_question(one: Books, again: str) -> None:
    swap = "王建国,,,2026-11-25,2026-11-26,,换班,李志强\n"
    report = await one.take(ImportKind.DAYS, DAYS + swap + again + "\n")
    (problem,) = report.problems
    assert (problem.line, problem.reason.key, problem.reason.facts) == (
        3,
        "import-repeated",
        {"line": 2},
    )


async def test_staff_of_another_centre_are_not_meant(one: Books) -> None:
    await one.take(ImportKind.CENTRES, CENTRE.replace("YH", "NB"))
    line = "王建国,,2026-11-25,,,,请假,\n"
    report = await one.take(ImportKind.DAYS, DAYS + line, How(centre="NB"))
    assert [bad.reason.key for bad in report.problems] == ["import-no-such-staff"]
    assert (await one.take(ImportKind.DAYS, DAYS + line, How(centre="YH"))).written
