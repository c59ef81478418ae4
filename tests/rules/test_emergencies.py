"""What people write in an emergency is recognised, and what they write otherwise is not."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.rules.emergencies import (
    Advice,
    EmergencyKind,
    advice,
    alerts_control_centre,
    building_of,
    emergency_limit,
    occurrence,
    recognise,
    skill_needed,
)
from services.rules.response_times import emergency_plan
from services.rules.standard import Standard

SHANGHAI = ZoneInfo("Asia/Shanghai")
STANDARD = Standard()


@pytest.mark.parametrize(
    ("clock", "minutes"),
    [
        ("08:59:59", 30),
        ("09:00:00", 10),
        ("12:00:00", 10),
        ("21:59:59", 10),
        ("22:00:00", 10),
        ("22:00:59", 10),
        ("22:01:00", 30),
        ("00:00:00", 30),
    ],
)
def test_5_2_7_emergency_limit_is_ten_minutes_by_day_and_thirty_by_night(
    clock: str, minutes: int
) -> None:
    reported_at = datetime.fromisoformat(f"2025-11-19T{clock}").replace(tzinfo=SHANGHAI)
    assert emergency_limit(reported_at, STANDARD, SHANGHAI) == timedelta(minutes=minutes)


@given(st.datetimes(timezones=st.just(SHANGHAI)))
def test_5_2_7_emergency_limit_depends_on_the_local_minute_alone(at: datetime) -> None:
    minute = at.replace(second=0, microsecond=0)
    last = minute.replace(second=59, microsecond=999_999)
    assert emergency_limit(minute, STANDARD, SHANGHAI) == emergency_limit(last, STANDARD, SHANGHAI)


def test_5_2_7_emergency_limit_follows_the_centres_zone() -> None:
    reported_at = datetime.fromisoformat("2025-11-19T20:00:00+08:00")  # 16:00 in Dubai
    assert emergency_limit(reported_at, STANDARD, ZoneInfo("Asia/Dubai")) == timedelta(minutes=10)
    assert emergency_limit(reported_at, STANDARD, ZoneInfo("America/New_York")) == timedelta(
        minutes=30
    )


@pytest.mark.parametrize(
    ("occurred", "reported", "minutes"),
    [
        ("19 21:59:59", "19 22:20:00", 10),
        ("19 22:00:59", "19 22:20:00", 10),
        ("19 22:01:00", "19 22:20:00", 30),
        ("19 08:59:59", "19 22:20:00", 30),
        ("19 09:00:00", "20 08:59:59", 10),
        ("19 08:59:59", "19 09:00:00", 10),
        ("20 03:00:00", "20 08:59:59", 30),
        ("20 03:00:00", "20 12:00:00", 10),
    ],
)
def test_reading_8_the_limit_is_that_of_the_occurrence_or_of_the_report(
    occurred: str, reported: str, minutes: int
) -> None:
    at, reported_at = (
        datetime.fromisoformat(f"2025-11-{one.replace(' ', 'T')}").replace(tzinfo=SHANGHAI)
        for one in (occurred, reported)
    )
    limit = emergency_limit(reported_at, STANDARD, SHANGHAI, at)
    assert limit == timedelta(minutes=minutes)
    plan = emergency_plan(reported_at, limit, STANDARD)
    assert max(due.at for due in plan) == reported_at + limit


MOMENTS = st.datetimes(timezones=st.just(SHANGHAI))
LIMITS = st.integers(1, 60).map(lambda minutes: timedelta(minutes=minutes))


@given(reported=MOMENTS, occurred=MOMENTS, by_day=LIMITS, by_night=LIMITS)
def test_reading_8_an_occurrence_never_makes_the_limit_longer(
    reported: datetime, occurred: datetime, by_day: timedelta, by_night: timedelta
) -> None:
    own = STANDARD.with_overrides(
        {"emergency_day_limit": by_day, "emergency_night_limit": by_night}
    )
    with_it = emergency_limit(reported, own, SHANGHAI, occurred)
    assert with_it <= emergency_limit(reported, own, SHANGHAI)
    assert with_it in (by_day, by_night)


NIGHT = datetime(2025, 11, 19, 22, 20, 30, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("words", "local"),
    [
        ("晚上九点半厨房水管就爆了", "19 21:30"),
        ("昨晚11点就停电了", "18 23:00"),
        ("水管爆了，半小时前开始的", "19 21:50"),
        ("the pipe burst at 9pm", "19 21:00"),
        ("an hour ago the power went out", "19 21:20"),
        ("昨晚10点水管爆了", None),  # more than 24 hours ago
        ("明天上午9点来修水管", None),
        ("3-1201 水管爆了", None),
        ("前天就漏了", None),
    ],
)
def test_reading_8_the_time_is_understood_in_a_residents_words(
    words: str, local: str | None
) -> None:
    at = occurrence(words, now=NIGHT, zone=SHANGHAI)
    assert (at and f"{at.astimezone(SHANGHAI):%d %H:%M}") == local


@given(st.text())
def test_reading_8_nothing_occurs_in_the_future_or_days_ago(words: str) -> None:
    at = occurrence(words, now=NIGHT, zone=SHANGHAI)
    assert at is None or timedelta(0) <= NIGHT - at <= timedelta(hours=24)


@pytest.mark.parametrize(
    ("place", "building"),
    [
        ("3-1201", "3"),
        ("12-3-402", "12"),
        ("３栋大堂", "3"),
        ("a座 1802，电话 13800000000", "A"),
        ("5号楼二层", "5"),
        ("3楼走廊", None),
        ("1201", None),
        ("东门岗亭", None),
        ("", None),
    ],
)
def test_the_building_is_what_stands_before_the_first_dash(
    place: str, building: str | None
) -> None:
    assert building_of(place) == building


EMERGENCIES = {
    EmergencyKind.BURST_PIPE: [
        "厨房水管爆了",
        "水管爆裂，快来人！",
        "卫生间爆管了",
        "角阀断了一直喷水",
        "热水器软管裂开了",
        "水管爆了，多少钱都行，快来",
        "the pipe burst",
        "A burst pipe in my kitchen",
        "water is spraying from under the sink",
        "the hose broke and I can't stop it",
    ],
    EmergencyKind.CRITICAL_LEAK: [
        "楼上漏水很严重",
        "天花板在漏水",
        "家里漏水了",
        "水表那里漏得厉害",
        "水龙头漏水关不住了",
        "已经漏到楼下了",
        "客厅被水淹了",
        "厨房全是水",
        "卫生间积水很深",
        "water is leaking through the ceiling",
        "bad leak under the bathroom",
        "my flat is flooding",
    ],
    EmergencyKind.POWER_OUTAGE: [
        "停电",
        "停电了",
        "家里突然没电了",
        "总闸跳闸了推不上去",
        "no power",
        "the power is out",
        "we have no electricity in 3-1201",
        "all the lights went out",
    ],
    EmergencyKind.ELECTRIC_HAZARD: [
        "插座冒烟了",
        "冒烟",
        "热水器漏电",
        "开关有火花",
        "闻到一股焦味",
        "我刚才摸水龙头触电了",
        "sparks are coming out of the socket",
        "I got an electric shock from the tap",
        "smoke from the outlet",
    ],
    EmergencyKind.NO_WATER: ["停水了", "家里没水", "断水", "there is no water", "water is cut off"],
    EmergencyKind.SEWAGE_BACKFLOW: [
        "污水返上来了",
        "地漏一直往外冒水",
        "马桶溢出来了",
        "厕所反水",
        "sewage is coming up the drain",
        "toilet is overflowing",
    ],
    EmergencyKind.GAS_SMELL: [
        "有煤气味",
        "厨房燃气泄漏了",
        "闻到煤气",
        "燃气管漏气怎么办",
        "gas smell",
        "I smell gas",
        "there's a gas leak",
    ],
    EmergencyKind.LOCKOUT_RISK: [
        "孩子一个人反锁在家里",
        "门反锁了，灶上还煮着汤",
        "老人被锁在房间里出不来",
        "my baby is locked in the bedroom",
        "I'm locked out and the stove is on",
    ],
    EmergencyKind.FALLING_RISK: [
        "阳台玻璃快掉下去了",
        "外墙瓷砖脱落",
        "窗户松动，感觉要掉",
        "空调外机摇摇欲坠",
        "the window is about to fall",
        "cladding is coming off the wall",
    ],
    EmergencyKind.FIRE_SMOKE: [
        "着火了！",
        "消防通道着火了",
        "烟雾报警器一直响",
        "灭火器旁边起火了",
        "楼道里有浓烟",
        "厨房冒烟",
        "插座着火了",
        "the kitchen is on fire",
        "Fire!",
        "there is smoke in the corridor",
    ],
    EmergencyKind.ELEVATOR_TRAP: [
        "电梯困人",
        "我被困在电梯里了",
        "电梯卡住了门打不开",
        "I'm stuck in the lift",
        "trapped in the elevator",
        "the elevator stopped with me inside",
    ],
}

ORDINARY = [
    "我想预约清洗油烟机",
    "换水龙头",
    "book AC cleaning",
    "燃气费怎么交",
    "停电通知在哪看",
    "水龙头漏水",
    "马桶漏水",
    "马桶堵了",
    "疏通地漏",
    "修水管多少钱",
    "暗管漏水检测维修怎么收费",
    "水管爆裂维修是什么价格",
    "how much is it to fix a burst pipe?",
    "明天停水吗",
    "什么时候停电",
    "没有停电",
    "换漏电保护器",
    "遥控器没电了",
    "门锁没电了",
    "电梯卡怎么办理",
    "灭火器过期了",
    "烟雾报警器要换电池",
    "有没有火锅店推荐",
    "门把手松了",
    "忘带钥匙了",
    "换锁芯",
    "代缴水电燃气费",
    "gas bill payment",
    "my smoke detector needs a battery",
    "the tap is dripping",
    "the tap is leaking",
    "install a power socket",
    "clean the fireplace",
    "no longer leaking, thank you",
    "明天下午3点",
    "灶台打不着火",
    "空调漏水",
    "有燃气管道吗",
    "孩子的书包锁在柜子里",
    "儿童锁 child lock installation",
    "玻璃胶脱落",
    "水压小，没水果刀",
    "我没电话",
    "关注一下电梯问题",
    "what time do the lights go off",
    "谢谢师傅",
    "",
]


@pytest.mark.parametrize(
    ("text", "kind"), [(text, kind) for kind, texts in EMERGENCIES.items() for text in texts]
)
def test_3_9_emergency_words_are_recognised(text: str, kind: EmergencyKind) -> None:
    assert recognise(text) is kind


@pytest.mark.parametrize("text", ORDINARY)
def test_3_9_ordinary_words_are_no_emergency(text: str) -> None:
    assert recognise(text) is None


def test_3_9_full_width_and_capitals_do_not_matter() -> None:
    assert recognise("ＧＡＳ　ＬＥＡＫ") is EmergencyKind.GAS_SMELL


@given(st.text())
def test_3_9_any_text_gets_an_answer(text: str) -> None:
    assert recognise(text) in (None, *EmergencyKind)


def test_3_9_gas_fire_and_lift_alert_the_control_centre_and_wait_for_no_skill() -> None:
    alerting = {kind for kind in EmergencyKind if alerts_control_centre(kind)}
    assert alerting == {
        EmergencyKind.GAS_SMELL,
        EmergencyKind.FIRE_SMOKE,
        EmergencyKind.ELEVATOR_TRAP,
    }
    assert {skill_needed(kind) for kind in alerting} == {None}


@pytest.mark.parametrize(
    ("kind", "skill", "first"),
    [
        (EmergencyKind.BURST_PIPE, "plumber", Advice.CLOSE_VALVE),
        (EmergencyKind.CRITICAL_LEAK, "plumber", Advice.CLOSE_VALVE),
        (EmergencyKind.ELECTRIC_HAZARD, "electrician", Advice.BREAKER_OFF),
        (EmergencyKind.GAS_SMELL, None, Advice.NO_SWITCH_OPEN_WINDOWS_GAS_COMPANY),
        (EmergencyKind.FIRE_SMOKE, None, Advice.CALL_119),
        (EmergencyKind.ELEVATOR_TRAP, None, Advice.KEEP_CALM_LIFT),
        (EmergencyKind.LOCKOUT_RISK, "locksmith", Advice.CALL_119_IF_LIFE_AT_RISK),
        (EmergencyKind.FALLING_RISK, "handyman", Advice.KEEP_DISTANCE),
    ],
)
def test_3_9_safety_comes_first(kind: EmergencyKind, skill: str | None, first: Advice) -> None:
    assert skill_needed(kind) == skill
    assert advice(kind)[0] is first
