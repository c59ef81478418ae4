"""The calendars of public holidays: what China decreed, other countries, and codes nobody keeps."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.settings import Kind, SettingsProblem, load_settings
from services import calendars
from services.imports import ImportKind
from services.readiness import Level, look_over
from services.rules.workdays import DayKind
from tests.data.conftest import Books

CENTRE = "编码,名称,时区,电话,holiday_calendar\nYH,云湖花园,Asia/Shanghai,021-55500100,{}\n"


def kinds(code: str, year: int, month: int) -> str:
    """A month as letters: work, rest, holiday, moved."""
    calendar = calendars.calendar(code)
    days = (date(year, month, day) for day in range(1, monthrange(year, month)[1] + 1))
    return "".join(calendar.kind(day)[0] for day in days)


@pytest.mark.parametrize(
    ("code", "year", "month", "expected"),
    [
        ("CN", 2025, 1, "hwwrrwwwwwrrwwwwwrrwwwwwrmwhhhh"),
        ("CN", 2025, 10, "hhhrrhhhwwmrwwwwwrrwwwwwrrwwwww"),
        ("CN", 2026, 10, "hhhrhhhwwmrwwwwwrrwwwwwrrwwwwwr"),
        ("CN", 2026, 9, "wwwwrrwwwwwrrwwwwwrmwwwwhrrwww"),
        ("DE-BY", 2026, 1, "hwrrwhwwwrrwwwwwrrwwwwwrrwwwwwr"),
        ("none", 2026, 10, "wwrrwwwwwrrwwwwwrrwwwwwrrwwwwwr"),
    ],
)
def test_3_4_the_calendar_knows_holidays_and_moved_workdays(
    code: str, year: int, month: int, expected: str
) -> None:
    assert kinds(code, year, month) == expected


def test_3_4_a_year_without_a_decree_has_its_statutory_holidays_only() -> None:
    calendar = calendars.calendar("CN")
    assert calendar.kind(date(2050, 10, 1)) is DayKind.HOLIDAY
    assert DayKind.MOVED not in {calendar.kind(date(2050, 10, day)) for day in range(1, 32)}


def test_3_4_it_is_known_whether_a_decree_is_missing() -> None:
    newest = newest_decree()
    years = range(2025, newest + 3)
    known = [year for year in years if calendars.knows_moved_days("CN", year)]
    assert known == list(range(2025, newest + 1))
    assert calendars.knows_moved_days("DE", newest + 1)
    assert calendars.knows_moved_days("none", newest + 1)


def newest_decree() -> int:
    """The last year whose moved workdays the package knows; a later release knows a later one."""
    months = (1, 2, 4, 5, 9, 10)
    decreed = (y for y in range(2026, 2050) if "m" in "".join(kinds("CN", y, m) for m in months))
    return max(decreed)


def test_a_holiday_is_named_in_our_languages_or_in_its_own() -> None:
    day = date(2026, 10, 1)
    assert calendars.holiday_name("CN", day, "zh-CN") == "国庆节"
    assert calendars.holiday_name("CN", day, "en") == "National Day"
    assert calendars.holiday_name("CN", date(2026, 10, 10), "zh-CN") == ""
    assert calendars.holiday_name("none", day, "en") == ""
    assert calendars.holiday_name("DE", date(2026, 10, 3), "zh-CN")


@pytest.mark.parametrize("code", ["XX", "CN-XX", "cn", "China", "NYSE", ""])
async def test_a_calendar_nobody_keeps_is_refused_at_the_start_and_in_a_sheet(
    books: Books, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(f'[standard]\nholiday_calendar = "{code}"\n', encoding="utf-8")
    with pytest.raises(SettingsProblem) as refused:
        load_settings(file)
    assert {one.kind for one in refused.value.problems} == {Kind.WRONG}
    if code:  # in a sheet an empty cell is the company's calendar
        report = await books.take(ImportKind.CENTRES, CENTRE.format(code))
        assert [(bad.column, bad.reason.key) for bad in report.problems] == [
            ("holiday_calendar", "import-bad-standard")
        ]


async def test_a_centre_goes_by_a_calendar_of_its_own(both: Books) -> None:
    for code, kind in (("DE-BY", DayKind.WORKDAY), ("", DayKind.HOLIDAY)):
        await both.take(ImportKind.CENTRES, CENTRE.format(code))
        found = await both.do(lambda desk: calendars.calendar_of(desk, 1).kind(date(2026, 10, 1)))
        assert found is kind


async def test_check_says_when_the_next_year_s_decree_is_missing(books: Books) -> None:
    await books.take(ImportKind.CENTRES, CENTRE.format(""))
    for day, missing in ((24, False), (28, True)):
        books.now = datetime(newest_decree(), 12, day, tzinfo=UTC)
        found = await books.do(look_over)
        notes = [one.saying.key for one in found if one.level is Level.NOTE]
        assert notes == (["check-no-decree"] if missing else [])
