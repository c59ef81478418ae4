"""Typed days and times mean one instant, in both languages, and never a past one."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.rules.time_words import (
    DayOnly,
    Past,
    understand_day,
    understand_past,
    understand_time,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2025, 11, 19, 10, 7, 33, tzinfo=SHANGHAI).astimezone(UTC)  # a Wednesday


@pytest.mark.parametrize(
    ("text", "local"),
    [
        ("明天下午3点", "2025-11-20 15:00"),
        ("后天上午十点半", "2025-11-21 10:30"),
        ("今天18:30", "2025-11-19 18:30"),
        ("周六下午两点", "2025-11-22 14:00"),
        ("下周一 9点", "2025-11-24 09:00"),
        ("周一十点", "2025-11-24 10:00"),
        ("周三 9点", "2025-11-26 09:00"),
        ("周三 11点", "2025-11-19 11:00"),
        ("11月25日 15:00", "2025-11-25 15:00"),
        ("十一月二十五日下午三点一刻", "2025-11-25 15:15"),
        ("25号上午9点05分", "2025-11-25 09:05"),
        ("11/25 3pm", "2025-11-25 15:00"),
        ("2025-11-25 15:00", "2025-11-25 15:00"),
        ("2025年11月25日15：00", "2025-11-25 15:00"),
        ("1/3 10:00", "2026-01-03 10:00"),
        ("晚上8点", "2025-11-19 20:00"),
        ("今晚12点", "2025-11-20 00:00"),
        ("明早八点", "2025-11-20 08:00"),
        ("大后天晚上七点", "2025-11-22 19:00"),
        ("凌晨3点", "2025-11-20 03:00"),
        ("中午", "2025-11-19 12:00"),
        ("中午1点", "2025-11-19 13:00"),
        ("明天下午3点到5点，带梯子", "2025-11-20 15:00"),
        ("两小时后", "2025-11-19 12:07"),
        ("半小时后", "2025-11-19 10:37"),
        ("一个半小时后", "2025-11-19 11:37"),
        ("3天后上午9点", "2025-11-22 09:00"),
        ("tomorrow 3pm", "2025-11-20 15:00"),
        ("tomorrow 9", "2025-11-20 09:00"),
        ("Sat 10:30 am", "2025-11-22 10:30"),
        ("next Monday at 9", "2025-11-24 09:00"),
        ("next Saturday 9:00", "2025-11-29 09:00"),
        ("day after tomorrow 10am", "2025-11-21 10:00"),
        ("this afternoon 4:30", "2025-11-19 16:30"),
        ("tonight at 8", "2025-11-19 20:00"),
        ("noon tomorrow", "2025-11-20 12:00"),
        ("Nov 25 at 3 p.m.", "2025-11-25 15:00"),
        ("25 Nov 10:00", "2025-11-25 10:00"),
        ("January 3rd, 2026 12pm", "2026-01-03 12:00"),
        ("half past 3", "2025-11-19 15:30"),
        ("in 2 hours", "2025-11-19 12:07"),
        ("in half an hour", "2025-11-19 10:37"),
    ],
)
def test_typed_times_are_understood(text: str, local: str) -> None:
    meant = understand_time(text, now=NOW, zone=SHANGHAI)
    assert isinstance(meant, datetime)
    assert meant.utcoffset() == timedelta(0)
    assert f"{meant.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" == local


@pytest.mark.parametrize(
    ("text", "local"),
    [
        ("3点", "2025-11-19 15:00"),
        ("6:30", "2025-11-19 18:30"),
        ("9点", "2025-11-20 09:00"),
        ("11点", "2025-11-19 11:00"),
        ("03:00", "2025-11-20 03:00"),
    ],
)
def test_a_bare_hour_is_the_next_one_within_working_hours(text: str, local: str) -> None:
    meant = understand_time(text, now=NOW, zone=SHANGHAI)
    assert isinstance(meant, datetime)
    assert f"{meant.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" == local


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("今天", date(2025, 11, 19)),
        ("明天下午", date(2025, 11, 20)),
        ("周三", date(2025, 11, 19)),
        ("下周日", date(2025, 11, 30)),
        ("11/25", date(2025, 11, 25)),
        ("Friday please", date(2025, 11, 21)),
        ("in 3 days", date(2025, 11, 22)),
    ],
)
def test_a_day_without_a_time_stays_a_day(text: str, day: date) -> None:
    assert understand_time(text, now=NOW, zone=SHANGHAI) == DayOnly(day)
    assert understand_day(text, now=NOW, zone=SHANGHAI) == day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("今天9点", date(2025, 11, 19)),
        ("昨天", date(2025, 11, 18)),
        ("昨晚8点", date(2025, 11, 18)),
        ("yesterday 3pm", date(2025, 11, 18)),
        ("11月1日 9点", date(2025, 11, 1)),
        ("2024-11-25 15:00", date(2024, 11, 25)),
        ("this Monday 9am", date(2025, 11, 17)),
    ],
)
def test_a_time_that_is_over_is_called_past(text: str, day: date) -> None:
    assert understand_time(text, now=NOW, zone=SHANGHAI) == Past(day)


@pytest.mark.parametrize(
    ("text", "local"),
    [
        ("昨晚10点", "18 22:00"),
        ("昨晚12点", "19 00:00"),
        ("昨晚1点", "19 01:00"),
        ("凌晨3点", "19 03:00"),
        ("9点半", "19 09:30"),
        ("10点半", "18 22:30"),
        ("09:30", "19 09:30"),
        ("21:40", "18 21:40"),
        ("11:00", "18 23:00"),
        ("中午", "18 12:00"),
        ("今天10:07", "19 10:07"),
        ("周一9点", "17 21:00"),
        ("周四 9:00am", "13 09:00"),
        ("11月18日下午3点", "18 15:00"),
        ("半小时前", "19 09:37"),
        ("一个半小时以前", "19 08:37"),
        ("十分钟前", "19 09:57"),
        ("2 hours ago", "19 08:07"),
        ("half an hour ago", "19 09:37"),
        ("yesterday 3pm", "18 15:00"),
    ],
)
def test_what_has_happened_is_the_last_such_time(text: str, local: str) -> None:
    meant = understand_past(text, now=NOW, zone=SHANGHAI)
    assert meant is not None
    assert f"{meant.astimezone(SHANGHAI):%d %H:%M}" == local


@pytest.mark.parametrize("text", ["明天3点", "今天10:08", "昨天", "刚才", "2小时后", "25点", ""])
def test_what_names_no_time_gone_by_has_not_happened(text: str) -> None:
    assert understand_past(text, now=NOW, zone=SHANGHAI) is None


@given(st.text())
def test_nothing_has_happened_after_now(text: str) -> None:
    meant = understand_past(text, now=NOW, zone=SHANGHAI)
    assert meant is None or meant <= NOW


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "9",
        "3号楼",
        "换3个灯泡",
        "2小时保洁",
        "每周一次",
        "3-1201",
        "99:99",
        "9999-12-31 24:00",
        "25点",
        "2/30",
        "2月30日下午3点",
        "Nov 31 3pm",
        "0001-01-01 00:00",
        "in 0 hours",
    ],
)
def test_what_means_no_time_is_not_understood(text: str) -> None:
    assert understand_time(text, now=NOW, zone=SHANGHAI) is None
    assert understand_day(text, now=NOW, zone=SHANGHAI) is None


def test_the_day_is_understood_whatever_time_is_added() -> None:
    assert understand_day("明天下午3点", now=NOW, zone=SHANGHAI) == date(2025, 11, 20)
    assert understand_day("今天9点", now=NOW, zone=SHANGHAI) == date(2025, 11, 19)
    assert understand_day("昨天9点", now=NOW, zone=SHANGHAI) is None


zones = st.sampled_from([SHANGHAI, ZoneInfo("Europe/London"), ZoneInfo("America/New_York")])
minutes_ahead = st.integers(1, 170 * 24 * 60)
STYLES = (
    "%Y-%m-%d %H:%M",
    "%m/%d %H:%M",
    "%m月%d日 %H:%M",
    "%m月%d日%H点%M分",
    "%b %d %I:%M %p",
    "%d %B %Y, %I:%M%p",
)


@given(minutes_ahead, zones, st.sampled_from(STYLES))
def test_a_future_time_survives_being_written(minutes: int, zone: ZoneInfo, style: str) -> None:
    at = (NOW + timedelta(minutes=minutes)).replace(second=0, microsecond=0).astimezone(zone)
    text = at.strftime(style)
    meant = understand_time(text, now=NOW, zone=zone)
    assert isinstance(meant, datetime)
    assert meant.astimezone(zone).strftime(style) == text


WEEKDAYS = "一二三四五六日"


@given(st.integers(1, 6 * 24 * 60))
def test_a_weekday_and_time_within_the_week_survive_being_written(minutes: int) -> None:
    at = (NOW + timedelta(minutes=minutes)).replace(second=0, microsecond=0).astimezone(SHANGHAI)
    for text in (f"周{WEEKDAYS[at.weekday()]} {at:%H:%M}", f"{at:%A %I:%M %p}"):
        assert understand_time(text, now=NOW, zone=SHANGHAI) == at


PIECES = "明天 昨天 周五 下周 上午 晚上 3点 十二点半 三天后 31号 2/29 24:00 00:00"
ENGLISH_PIECES = ("12am", "Nov 31", "in 2 hours", "next", "Sunday", "at 7", "noon", "tonight")
pieces = st.sampled_from((*PIECES.split(), *ENGLISH_PIECES))


@given(st.lists(pieces, max_size=4).map(" ".join) | st.text(), st.integers(0, 525_600), zones)
def test_no_words_ever_mean_a_past_instant(text: str, minutes: int, zone: ZoneInfo) -> None:
    now = NOW + timedelta(minutes=minutes)
    meant = understand_time(text, now=now, zone=zone)
    assert not isinstance(meant, datetime) or meant > now
    day = understand_day(text, now=now, zone=zone)
    assert day is None or day >= now.astimezone(zone).date()
