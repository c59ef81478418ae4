"""What counts as an emergency, who is needed, what to do at once, and how fast we must be."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from services.rules.standard import Standard
from services.rules.time_words import understand_past

LONGEST_SINCE = timedelta(hours=24)
"""How far back an occurrence may lie: what is older was no emergency, or was reported already."""


class EmergencyKind(StrEnum):
    """The kinds of emergency we answer (§5.2.7, §3.9)."""

    BURST_PIPE = "burst_pipe"
    CRITICAL_LEAK = "critical_leak"
    POWER_OUTAGE = "power_outage"
    ELECTRIC_HAZARD = "electric_hazard"
    NO_WATER = "no_water"
    SEWAGE_BACKFLOW = "sewage_backflow"
    GAS_SMELL = "gas_smell"
    LOCKOUT_RISK = "lockout_risk"
    FALLING_RISK = "falling_risk"
    FIRE_SMOKE = "fire_smoke"
    ELEVATOR_TRAP = "elevator_trap"
    OTHER = "other"


class Advice(StrEnum):
    """One thing the resident should do before anybody arrives (§3.9)."""

    CLOSE_VALVE = "close_valve"
    CLOSE_TAPS = "close_taps"
    STOP_USING_DRAINS = "stop_using_drains"
    BREAKER_OFF = "breaker_off"
    NO_SWITCH_OPEN_WINDOWS_GAS_COMPANY = "no_switch_open_windows_gas_company"
    CALL_119 = "call_119"
    LEAVE_AT_ONCE = "leave_at_once"
    KEEP_CALM_LIFT = "keep_calm_lift"
    KEEP_DISTANCE = "keep_distance"
    CALL_119_IF_LIFE_AT_RISK = "call_119_if_life_at_risk"


@dataclass(frozen=True, slots=True)
class _Response:
    skill: str | None
    advice: tuple[Advice, ...] = ()
    control_centre: bool = False


_RESPONSES = {
    EmergencyKind.BURST_PIPE: _Response("plumber", (Advice.CLOSE_VALVE,)),
    EmergencyKind.CRITICAL_LEAK: _Response("plumber", (Advice.CLOSE_VALVE,)),
    EmergencyKind.POWER_OUTAGE: _Response("electrician"),
    EmergencyKind.ELECTRIC_HAZARD: _Response(
        "electrician", (Advice.BREAKER_OFF, Advice.KEEP_DISTANCE)
    ),
    EmergencyKind.NO_WATER: _Response("plumber", (Advice.CLOSE_TAPS,)),
    EmergencyKind.SEWAGE_BACKFLOW: _Response("plumber", (Advice.STOP_USING_DRAINS,)),
    EmergencyKind.GAS_SMELL: _Response(
        None, (Advice.NO_SWITCH_OPEN_WINDOWS_GAS_COMPANY, Advice.LEAVE_AT_ONCE), True
    ),
    EmergencyKind.LOCKOUT_RISK: _Response("locksmith", (Advice.CALL_119_IF_LIFE_AT_RISK,)),
    EmergencyKind.FALLING_RISK: _Response("handyman", (Advice.KEEP_DISTANCE,)),
    EmergencyKind.FIRE_SMOKE: _Response(None, (Advice.CALL_119, Advice.LEAVE_AT_ONCE), True),
    EmergencyKind.ELEVATOR_TRAP: _Response(None, (Advice.KEEP_CALM_LIFT,), True),
    EmergencyKind.OTHER: _Response(None),
}


def skill_needed(kind: EmergencyKind) -> str | None:
    """The skill offered the emergency first; None means whoever is nearest, whatever the skill."""
    return _RESPONSES[kind].skill


def alerts_control_centre(kind: EmergencyKind) -> bool:
    """Whether the control centre hears of it at once: gas, fire and lift (§3.9)."""
    return _RESPONSES[kind].control_centre


def advice(kind: EmergencyKind) -> tuple[Advice, ...]:
    """What the resident is told first, in order of urgency (§3.9)."""
    return _RESPONSES[kind].advice


def emergency_limit(
    reported_at: datetime,
    standard: Standard,
    zone: ZoneInfo,
    occurred_at: datetime | None = None,
) -> timedelta:
    """On-site limit of an emergency, fixed at the report for good (§5.2.7, reading 8).

    It is decided by the local minute of the report or of the occurrence, where that is known:
    whichever is stricter on us.
    """
    limit = _limit_at(reported_at, standard, zone)
    return limit if occurred_at is None else min(limit, _limit_at(occurred_at, standard, zone))


def _limit_at(at: datetime, standard: Standard, zone: ZoneInfo) -> timedelta:
    by_day = standard.emergency_day.includes_to_the_minute(at.astimezone(zone))
    return standard.emergency_day_limit if by_day else standard.emergency_night_limit


def may_have_occurred(at: datetime, now: datetime) -> bool:
    """Whether something reported now may be said to have occurred then: never later than now."""
    return now - LONGEST_SINCE <= at <= now


def occurrence(text: str, *, now: datetime, zone: ZoneInfo) -> datetime | None:
    """When it happened, by a resident's own words (昨晚10点, 半小时前); None where none says it."""
    at = understand_past(text, now=now, zone=zone)
    return at if at is not None and may_have_occurred(at, now) else None


_BUILDING = re.compile(r"([0-9A-Z]{1,4})(?:-|栋|幢|座|号楼)")


def building_of(place: str) -> str | None:
    """The building of a room number or a typed address: 3 of 3-1201 and of 3栋大堂; else None."""
    found = _BUILDING.match(unicodedata.normalize("NFKC", place).strip().upper())
    return found[1] if found else None


def recognise(text: str) -> EmergencyKind | None:
    """The emergency a resident's own words describe, in Chinese or English; None when none does.

    Gas, fire and people trapped are recognised even inside a question; anything else is not
    when the message is about a booking, a price or a bill. In doubt it is an emergency
    (reading 11), for the resident still confirms with one tap.
    """
    plain = _HARMLESS.sub(" ", unicodedata.normalize("NFKC", text).lower().replace("’", "'"))
    ordinary = _ORDINARY.search(plain) is not None
    for kind, sign in _SIGNS.items():
        if sign.search(plain) and not (ordinary and kind not in _LIFE_AT_RISK):
            return kind
    return None


_LIFE_AT_RISK = frozenset(
    {EmergencyKind.ELEVATOR_TRAP, EmergencyKind.GAS_SMELL, EmergencyKind.FIRE_SMOKE}
)


def _any_of(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns))


# Words that contain a sign and mean no harm, and signs that are denied; cut out first.
_HARMLESS = _any_of(
    r"油烟|烟道|灭火器?|消防|防火|火锅|烟感(?!\S{0,3}[响叫])",
    r"烟雾?(?:报警|感应|探测)器?(?!\S{0,3}[响叫])",
    r"(?:燃气|煤气|天然气)(?:费|表|卡|灶|公司|改装|缴|充值)|电梯卡(?!住|在)",
    r"漏电(?:保护|开关)器?|漏水检测|计划停[电水]",
    r"(?:停电|停水|断电|断水)(?:的?通知|公告|安排|计划|时间)",
    r"(?:明天|后天|下周|什么时候|几点)\S{0,4}停[电水]",
    r"(?:遥控器?|手机|电池|门锁|门铃|玩具)\S{0,3}(?:没电|断电)",
    r"(?:没有?|不再?|已经?不)(?:停电|停水|漏水?|着火|冒烟|失火|爆管?|断电)",
    r"smoke[- ](?:detector|alarm|free)s?(?!.{0,12}(?:going off|ringing|beeping))",
    r"no smoking|fire (?:extinguisher|drill|place|door|escape|alarm test)s?|fireplace",
    r"gas (?:bill|fee|meter|stove|card|company)s?|power (?:outlet|strip|bank|socket)s?",
    r"(?:not|isn't|no longer|stopped|no more) (?:leak|smok|burn|flood)\w*",
)

# A booking, a price or a bill: not something happening now.
_ORDINARY = _any_of(
    r"预约|预定|清洗|保洁|多少钱(?!都)|价格|报价|收费|费用|怎么[交收缴]|[交缴]费|哪[里儿]?看",
    r"\bbook\b|\bprice|how much (?:is|does|do|would|will|for|to)\b|\bcost|\bquote\b|\bbills?\b",
    r"\bclean(?:ing|ed)?\b|\bappointment\b",
)

_WEAK_ZH = r"(?:孩子|小孩|宝宝|婴儿|老人|奶奶|爷爷|火|煮|炖|灶)"
_WEAK_EN = (
    r"\b(?:child|kid|baby|toddler|son|daughter|elderly|mother|father|grand\w+|stove|oven"
    r"|cooking|pot)\b"
)
_WIRING = r"\b(?:socket|outlet|breaker|switch|plug|wir\w+|fuse box)\b"
_PIPES = r"(?:水管|管子|管道|软管|角阀|阀门|水龙头|接头|热水器|暖气|地暖)"
_DRAINS = r"(?:污水|粪水|脏水|下水|马桶|地漏|厕所|排水)"
_FIXTURES = ("龙头", "马桶", "花洒", "面盆", "水槽", "空调", "洗衣机", "冰箱")
_NOT_A_FIXTURE = "".join(f"(?<!{fixture})" for fixture in _FIXTURES)
_END = r"(?:[\s,。!?]|$)"

# In the order of danger: the first that fits is the answer.
_SIGNS = {
    EmergencyKind.ELEVATOR_TRAP: _any_of(
        r"(?:困|关在|卡在).{0,4}(?:电梯|轿厢)",
        r"(?:电梯|轿厢).{0,8}(?:困|出不来|关住|卡住|卡在|打不开)",
        r"(?:stuck|trapped|locked|shut).{0,12}\b(?:lift|elevator)",
        r"\b(?:lift|elevator)\b.{0,20}(?:stuck|trapped|inside|won't open|not opening)",
    ),
    EmergencyKind.GAS_SMELL: _any_of(
        r"(?:燃气|煤气|天然气|瓦斯|液化气).{0,6}[味漏泄]|闻到.{0,6}(?:煤气|燃气|天然气|瓦斯)",
        r"smell.{0,12}\bgas\b|\bgas\b.{0,10}(?:smell|leak|odou?r|escap)|leak.{0,8}\bgas\b",
    ),
    EmergencyKind.FIRE_SMOKE: _any_of(
        r"着火|起火|失火|火灾|火警|浓烟|起大火|烧起来|烟(?:感|雾?报警器?)\S{0,3}[响叫]",
        r"(?:厨房|屋|房间|楼|家|阳台|走廊).{0,4}[冒有]烟",
        r"\b(?:on|caught|catching) fire\b|there(?:'s| is) (?:a )?fire\b|\bflames?\b",
        r"\bfire\b\s*(?:!|in\b|at\b|$)",
        rf"\bsmoke\b(?!.{{0,20}}{_WIRING})",
    ),
    EmergencyKind.ELECTRIC_HAZARD: _any_of(
        r"漏电|触电|电到|被电了|火花|烧焦|焦味|焦糊|短路|冒烟|冒火",
        r"\bspark(?:s|ing|ed)?\b|electric(?:al)? shock|electrocut|burning smell|smells? burn",
        rf"{_WIRING}.{{0,20}}(?:smok|burn|melt)|\bsmoke\b|short[- ]circuit|live wire",
    ),
    EmergencyKind.LOCKOUT_RISK: _any_of(
        rf"(?:反锁|锁在|关在|锁住).{{0,14}}{_WEAK_ZH}",
        rf"{_WEAK_ZH}(?!的).{{0,14}}(?:反锁|锁在|关在|锁住|锁屋)",
        rf"{_WEAK_EN}.{{0,40}}\blocked\b|\blocked (?:in|inside|out).{{0,40}}{_WEAK_EN}",
    ),
    EmergencyKind.FALLING_RISK: _any_of(
        r"(?:玻璃(?!胶)|窗|外墙|墙砖|外机|招牌|雨棚|幕墙).{0,8}"
        r"(?:掉下|要掉|快掉|松动|松了|脱落|坠|摇摇欲坠|砸)",
        r"门.{0,3}(?:要掉|快掉|掉下)|高空坠物",
        r"\b(?:window|glass|pane|facade|cladding|outer wall|tiles?|balcony|door)\b.{0,30}"
        r"(?:about to (?:fall|drop)|fall(?:ing|en)|fell|hanging|coming off)",
    ),
    EmergencyKind.BURST_PIPE: _any_of(
        rf"{_PIPES}.{{0,6}}(?:爆|炸|喷|断了|断开|裂)",
        r"爆管|爆水管|水喷|(?<!花洒)喷水(?![壶池头器])",
        r"\b(?:pipe|hose|valve|tap|faucet)s?\b.{0,12}(?:burst|broke|explod|spray|split)",
        r"\bburst.{0,8}(?:pipe|hose|main)|water.{0,14}(?:spraying|gushing|shooting)",
    ),
    EmergencyKind.SEWAGE_BACKFLOW: _any_of(
        rf"{_DRAINS}.{{0,8}}(?:返|反水|倒灌|溢|冒|涌|喷)|[返反]水(?!点)|粪水",
        r"\bsewage\b|\b(?:toilet|drain)s?\b.{0,16}(?:overflow|back(?:ing|ed)? up|coming up)",
    ),
    EmergencyKind.CRITICAL_LEAK: _any_of(
        r"(?:楼上|天花板|吊顶|屋顶|主管|总阀|水表|配?电箱).{0,8}(?:漏[水得下了]|渗水|滴水)",
        r"漏水.{0,6}(?:严重|大|厉害|不停|停不|止不|关不)|漏到?楼下|(?:严重|大量|到处|一直)在?漏水",
        r"淹|水漫|泡水|都泡了|发大水|[全都]是水|(?:到处|满地)是水|积水.{0,4}(?:深|严重|多)",
        rf"{_NOT_A_FIXTURE}漏水",
        r"\bleak\w*\b.{0,30}(?:ceiling|upstairs|downstairs|bad|heav|a lot|everywhere|main)",
        r"(?:ceiling|upstairs|water main|main valve|bad|heavy|serious|huge)\b.{0,20}\bleak",
        r"\bflood(?:ed|ing|s)?\b|\bwater leak|\ba leak\b",
        r"water.{0,10}(?:everywhere|pouring|coming through)",
    ),
    EmergencyKind.POWER_OUTAGE: _any_of(
        rf"停电|断电|跳闸|没有?电(?:了|怎|{_END})",
        r"\b(?:no|lost|without) (?:power|electricity)|\bblackout\b|\bbreaker.{0,10}tripp",
        r"\b(?:power|electricity)\b.{0,12}\b(?:out|outage|off|cut|gone|fail\w*|down)\b",
        r"\blights (?:are |have |just )?(?:all )?(?:gone |went )?(?:out|off)\b",
    ),
    EmergencyKind.NO_WATER: _any_of(
        rf"停水|断水|水停了|自来水没|没有?水(?:了|用|怎|{_END})",
        r"\bno (?:running )?water\b(?=[\s.,!?]*(?:$|in\b|at\b|from\b|since\b|now\b|coming\b))",
        r"\bwater\b.{0,12}\b(?:cut|off|stopped|gone)\b",
    ),
}
