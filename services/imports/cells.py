"""What a cell may say: in Chinese, in English, and in the ways people write dates and numbers.

Every function takes a cell's text and returns its value, or refuses by the key of its words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from services.messages import Fact
from services.rules.names import normalise_phone, normalise_room
from services.rules.shifts import parse_shift
from storage.records import DayReason, Relation, Role


def no(key: str, **facts: Fact) -> PydanticCustomError:
    """A refusal of a cell, by the key of its words."""
    return PydanticCustomError(key, key, facts)


SKILLS = {
    "plumber": ("水暖", "水工", "管道工"),
    "electrician": ("电工",),
    "handyman": ("杂修", "综合维修", "杂工"),
    "cleaner": ("保洁",),
    "appliance": ("家电", "家电清洗"),
    "floor_care": ("地面养护",),
    "gardener": ("绿化", "园艺"),
    "locksmith": ("开锁", "锁匠"),
    "pest": ("消杀", "有害生物防治"),
    "high_work": ("高空作业",),
    "front_desk": ("前台",),
    "concierge": ("管家",),
    "gas_firm": ("燃气公司",),
}
ROLES = {
    Role.TECHNICIAN: ("服务人员", "维修工", "技术工", "保洁员"),
    Role.CS: ("客服",),
    Role.SUPERVISOR: ("主管",),
    Role.CONTROL: ("控制中心",),
    Role.HEAD: ("部门负责人", "负责人"),
    Role.BUSINESS: ("业务管理部", "业务部"),
}
RELATIONS = {
    Relation.OWNER: ("业主",),
    Relation.FAMILY: ("家庭成员", "家人", "家属"),
    Relation.TENANT: ("租户", "租客"),
}
DAY_REASONS: dict[str, tuple[str, ...]] = {
    DayReason.LEAVE: ("请假", "年假", "病假", "事假"),
    DayReason.OFF: ("休息", "调休"),
    DayReason.SWAP: ("换班", "调班"),
    DayReason.EXTRA: ("加班", "增班"),
}
CATEGORIES = {
    "cleaning": ("保洁", "家政保洁"),
    "appliance": ("家电", "家电清洗"),
    "care": ("养护", "地面养护"),
    "pest": ("消杀",),
    "green": ("绿化",),
    "plumbing": ("水暖",),
    "electric": ("电气", "电工"),
    "door": ("门窗",),
    "install": ("安装",),
    "agency": ("代办",),
    "gas": ("燃气",),
}
CLASSES = {"ordinary": ("一般", "普通"), "specific": ("特定", "专项"), "other": ("其他", "其它")}
PRICE_MODES = {"fixed": ("固定", "定价"), "hourly": ("计时", "按时"), "quote": ("报价", "面议")}
RISKS = {
    "covered": ("体系内", "已覆盖"),
    "approved": ("已批准", "评审通过"),
    "review": ("待评审", "需评审"),
    "refer": ("不承接", "转介"),
}
YES_NO = {"yes": ("是", "有", "y", "true", "1"), "no": ("否", "无", "n", "false", "0")}

AS_USUAL = "usual"
"""What stands for a day on which the shift holds again."""

_USUAL = ("照常", "正常", "as usual", AS_USUAL)
_OFF = ("休", "休息", "off")
_JOINTS = re.compile(r"[,，、;；+/|\s]+")
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
NOISE = re.compile(r"噪声|noisy", re.IGNORECASE)


def plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def choice(words: Mapping[str, tuple[str, ...]], text: str) -> str:
    """The word in code for a cell's word; the refusal names what may stand there."""
    given = plain(text).casefold()
    for code, others in words.items():
        if given == code or given in others:
            return code
    choices = " ".join(f"{code}={others[0]}" for code, others in words.items())
    raise no("import-not-a-choice", given=text, choices=choices)


def category(text: str) -> str:
    """A category: one of ours by any of its names, or the centre's own word for its own."""
    given = plain(text).casefold()
    return next((code for code, names in CATEGORIES.items() if given in names), given)


def one_of(words: Mapping[str, tuple[str, ...]]) -> BeforeValidator:
    """A cell with one of these words."""
    return BeforeValidator(lambda text: choice(words, text))


def some_of(words: Mapping[str, tuple[str, ...]]) -> BeforeValidator:
    """A cell with any number of these words, joined as people join words."""

    def read(text: str) -> tuple[str, ...]:
        parts = [part for part in _JOINTS.split(plain(text)) if part]
        return tuple(dict.fromkeys(choice(words, part) for part in parts))

    return BeforeValidator(read)


def phone(text: str) -> str:
    try:
        return normalise_phone(text)
    except ValueError:
        raise no("import-bad-phone", given=text) from None


def room(text: str) -> str:
    room = normalise_room(text)
    if not room:
        raise no("import-bad-room", given=text)
    return room


def day(text: object) -> object:
    if not isinstance(text, str):
        return text
    found = _DATE.fullmatch(plain(text)) or re.fullmatch(r"(\d{4})(\d\d)(\d\d)", plain(text))
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else _bad_day(text)
    except ValueError:
        return _bad_day(text)


def _bad_day(text: str) -> date:
    raise no("import-bad-date", given=text)


def shift(text: str) -> str:
    try:
        parse_shift(text)
    except ValueError:
        raise no("import-bad-shift", given=text) from None
    return text


def day_shift(text: str) -> str:
    """What is worked on one day: hours, nothing for a day off, or `AS_USUAL`."""
    given = " ".join(plain(text).casefold().split())
    if given in _USUAL:
        return AS_USUAL
    if given in _OFF:
        return ""
    try:
        hours = parse_shift(text)
    except ValueError:
        raise no("import-bad-day-shift", given=text) from None
    if not hours.is_daily:
        raise no("import-bad-day-shift", given=text)
    return hours.hours_text()


def day_reason(text: object) -> object:
    return choice(DAY_REASONS, text) if isinstance(text, str) else text


def zone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (KeyError, ValueError, OSError):  # no such zone, no name of one, only a folder of them
        raise no("import-bad-zone", given=text) from None
    return text


def fen(text: object) -> object:
    if not isinstance(text, str):
        return text
    try:
        fen = Decimal(plain(text).lstrip("¥").removesuffix("元").replace(",", "")) * 100
    except InvalidOperation:
        raise no("import-bad-price", given=text) from None
    if not fen.is_finite() or fen < 0 or fen != fen.to_integral_value() or fen > _DEAREST_FEN:
        raise no("import-bad-price", given=text)
    return int(fen)


_DEAREST_FEN = 100_000_000
"""A million yuan: more is a slip of the pen, and would not fit the column."""


def minutes(text: object) -> object:
    if not isinstance(text, str):
        return text
    if not re.fullmatch(r"[0-9]{1,4}", plain(text)) or not int(plain(text)):
        raise no("import-bad-minutes", given=text)
    return int(plain(text))


def code_of(pattern: str, key: str) -> BeforeValidator:
    def check(text: str) -> str:
        code = plain(text).upper()
        if not re.fullmatch(pattern, code):
            raise no(key, given=text)
        return code

    return BeforeValidator(check)


def telegram_id(text: str) -> str:
    if not re.fullmatch(r"[1-9][0-9]{0,19}", plain(text)):
        raise no("import-bad-telegram", given=text)
    return plain(text)
