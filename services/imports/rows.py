"""The rows of each kind of sheet: their columns, and what must agree with what."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, ClassVar

from pydantic import BeforeValidator, Field, ValidationInfo, field_validator

from services.imports import cells
from services.imports.sheet import Row, headed
from services.rules.standard import Standard
from storage.records import DayReason, Relation, Role

# A centre's code opens the numbers of its orders (YH261123-007), which have 24 characters.
CentreCode = cells.code_of(r"[A-Z0-9]{1,8}", "import-bad-centre-code")
Name = Annotated[str, BeforeValidator(cells.plain), Field(max_length=80)]
Phone = Annotated[str, BeforeValidator(cells.phone)]
LONGEST_ABSENCE = timedelta(days=366)
"""More days than these in one line are a slip in the year."""

Home = Annotated[str | None, CentreCode, headed("服务中心", "中心")]


class ResidentRow(Row):
    """One person of one room (房屋住户名册)."""

    room: Annotated[
        str, BeforeValidator(cells.room), Field(max_length=64), headed("房号", "房间号", "room_no")
    ]
    name: Annotated[Name, headed("姓名", "业主姓名")]
    phone: Annotated[Phone, headed("手机号", "手机", "电话", "联系电话")]
    relation: Annotated[Relation, cells.one_of(cells.RELATIONS), headed("身份", "关系")]
    until: Annotated[
        date | None, BeforeValidator(cells.day), headed("到期日", "到期日期", "租期至", "截止日期")
    ] = Field(default=None, validate_default=True)
    centre: Home = None

    @field_validator("until")
    @classmethod
    def _tenants_leave_and_owners_do_not(
        cls, until: date | None, info: ValidationInfo
    ) -> date | None:
        """A tenant's binding ends on its date (§3.3), so there has to be one."""
        relation = info.data.get("relation")
        if relation is Relation.TENANT and until is None:
            raise cells.no("import-tenant-needs-date")
        if relation is Relation.OWNER and until is not None:
            raise cells.no("import-owner-has-no-date")
        return until


class StaffRow(Row):
    """One line of the roster (花名册)."""

    name: Annotated[Name, headed("姓名")]
    phone: Annotated[Phone, headed("手机号", "手机", "电话", "联系电话")]
    roles: Annotated[
        tuple[Role, ...],
        cells.some_of(cells.ROLES),
        Field(min_length=1),
        headed("岗位", "角色", "role"),
    ]
    skills: Annotated[
        tuple[str, ...],
        cells.some_of(cells.SKILLS),
        headed("技能", "skill"),
    ] = ()
    shift: Annotated[
        str,
        BeforeValidator(cells.plain),
        BeforeValidator(cells.shift),
        Field(max_length=120),
        headed("班次"),
    ]
    wecom_userid: Annotated[
        str | None, Field(max_length=64), headed("企业微信账号", "企业微信", "wecom")
    ] = None
    telegram_id: Annotated[
        str | None, BeforeValidator(cells.telegram_id), headed("telegram", "telegram账号")
    ] = None
    centre: Home = None


class DayRow(Row):
    """A day, or several, on which somebody works otherwise than their shift says (排班变动).

    `shift` is what they work then. The colleague of a swap works what would have been theirs.
    """

    phone: Annotated[Phone | None, headed("手机号", "手机", "电话", "联系电话")] = None
    name: Annotated[Name | None, headed("姓名")] = None
    day: Annotated[date | None, BeforeValidator(cells.day), headed("日期", "date")] = None
    first: Annotated[
        date | None, BeforeValidator(cells.day), headed("开始日期", "start date", "from")
    ] = None
    last: Annotated[
        date | None, BeforeValidator(cells.day), headed("结束日期", "end date", "to")
    ] = Field(default=None, validate_default=True)
    shift: Annotated[
        str, BeforeValidator(cells.day_shift), Field(max_length=120), headed("班次")
    ] = ""
    colleague: Annotated[Name | None, headed("换班对象", "swap with")] = None
    reason: Annotated[DayReason | None, BeforeValidator(cells.day_reason), headed("原因")] = Field(
        default=None, validate_default=True
    )
    centre: Home = None

    @field_validator("last")
    @classmethod
    def _is_one_day_or_has_both_ends(cls, last: date | None, info: ValidationInfo) -> date | None:
        if not {"day", "first"} <= info.data.keys():
            return last
        day, first = info.data["day"], info.data["first"]
        if (day is None) == (first is None) or (first is None) != (last is None):
            raise cells.no("import-when")
        if first and last and not timedelta(0) <= last - first < LONGEST_ABSENCE:
            raise cells.no("import-bad-end")
        return last

    @field_validator("reason")
    @classmethod
    def _reason_fits(cls, reason: DayReason | None, info: ValidationInfo) -> DayReason | None:
        """A day off needs no reason, and a swap says it by its colleague; other hours need one."""
        shift, colleague = info.data.get("shift"), info.data.get("colleague")
        if shift in (None, cells.AS_USUAL):
            return reason
        if colleague and reason not in (None, DayReason.SWAP):
            raise cells.no("import-colleague-without-swap")
        if not shift and reason is DayReason.EXTRA:
            raise cells.no("import-extra-needs-shift")
        if shift and reason is None and not colleague:
            raise cells.no("import-empty")
        return reason

    @property
    def dates(self) -> tuple[date, ...]:
        """The local days it speaks of."""
        first, last = self.day or self.first, self.day or self.last
        if first is None or last is None:
            return ()
        return tuple(first + timedelta(days=n) for n in range((last - first).days + 1))

    @property
    def because(self) -> DayReason:
        """The reason as given, or as it goes without saying."""
        return self.reason or (DayReason.SWAP if self.colleague else DayReason.OFF)


class ItemRow(Row):
    """One service of the catalogue (服务目录). The price is in yuan in the sheet, in fen here."""

    code: Annotated[
        str,
        cells.code_of(r"[A-Z0-9-]{1,16}", "import-bad-item-code"),
        headed("编码", "编号", "代码"),
    ]
    name_zh: Annotated[Name, headed("名称", "中文名称", "服务名称")]
    name_en: Annotated[Name, headed("英文名称", "英文名")]
    category: Annotated[
        str, BeforeValidator(cells.category), Field(max_length=32), headed("类别", "分类")
    ]
    content_class: Annotated[str, cells.one_of(cells.CLASSES), headed("内容分类", "性质")]
    risk: Annotated[str, cells.one_of(cells.RISKS), headed("风险", "风险评审")]
    unit: Annotated[str, Field(max_length=16, validate_default=True), headed("单位")] = ""
    price_mode: Annotated[
        str,
        cells.one_of(cells.PRICE_MODES),
        headed("计价方式", "价格方式"),
    ] = "quote"
    price_cny: Annotated[
        int | None,
        BeforeValidator(cells.fen),
        Field(validate_default=True),
        headed("价格", "单价", "参考价"),
    ] = None
    minutes: Annotated[
        int,
        BeforeValidator(cells.minutes),
        Field(validate_default=True),
        headed("时长", "分钟", "时长(分钟)"),
    ] = 0
    skill: Annotated[
        tuple[str, ...],
        cells.some_of(cells.SKILLS),
        Field(min_length=1),
        headed("技能", "skills"),
    ]
    noisy: Annotated[
        bool | None,
        BeforeValidator(lambda text: cells.choice(cells.YES_NO, text) == "yes"),
        headed("噪声", "噪音"),
    ] = None
    centre: Home = None

    @field_validator("unit", "minutes")
    @classmethod
    def _given_for_what_is_sold(cls, value: object, info: ValidationInfo) -> object:
        """Only what is merely referred to somebody else may do without."""
        if not value and info.data.get("risk") != "refer":
            raise cells.no("import-empty")
        return value

    @field_validator("price_cny")
    @classmethod
    def _price_goes_with_its_mode(cls, fen: int | None, info: ValidationInfo) -> int | None:
        mode = info.data.get("price_mode")
        if mode == "quote" and fen is not None:
            raise cells.no("import-quote-has-no-price")
        if mode in ("fixed", "hourly") and fen is None:
            raise cells.no("import-empty")
        return fen

    @property
    def is_noisy(self) -> bool:
        """As the sheet says; without such a column, as the name says."""
        if self.noisy is not None:
            return self.noisy
        return bool(cells.NOISE.search(self.name_zh + self.name_en))


class CentreRow(Row):
    """One service centre (服务中心); values of the standard that it changes have columns too."""

    beside: ClassVar[frozenset[str]] = frozenset(Standard.model_fields)

    code: Annotated[str, CentreCode, headed("编码", "编号", "代码")]
    name: Annotated[Name, headed("名称", "服务中心", "中心名称")]
    zone: Annotated[str, BeforeValidator(cells.zone), Field(max_length=64), headed("时区")]
    phone: Annotated[Phone, headed("电话", "联系电话")]


class AgreementRow(Row):
    """One agreement for a long-term service (特约服务协议书), by its number.

    `worker` is the name or the telephone number of a technician of the centre. `ended_on` is the
    last day where it was stopped early.
    """

    number: Annotated[
        str,
        BeforeValidator(cells.plain),
        Field(max_length=40),
        headed("协议编号", "编号", "协议号"),
    ]
    room: Annotated[
        str, BeforeValidator(cells.room), Field(max_length=64), headed("房号", "房间号", "room_no")
    ]
    item: Annotated[
        str,
        cells.code_of(r"[A-Z0-9-]{1,16}", "import-bad-item-code"),
        headed("项目编码", "服务编码", "项目", "item code"),
    ]
    worker: Annotated[Name, headed("服务人员", "固定服务人员", "named worker")]
    signed_on: Annotated[date, BeforeValidator(cells.day), headed("签订日期", "签约日期", "signed")]
    starts_on: Annotated[
        date, BeforeValidator(cells.day), headed("开始日期", "起始日期", "starts", "from")
    ]
    ends_on: Annotated[date, BeforeValidator(cells.day), headed("到期日", "到期日期", "ends", "to")]
    ended_on: Annotated[
        date | None, BeforeValidator(cells.day), headed("终止日期", "提前终止", "ended")
    ] = None
    centre: Home = None

    @field_validator("ends_on")
    @classmethod
    def _ends_after_it_starts(cls, ends_on: date, info: ValidationInfo) -> date:
        if "starts_on" in info.data and ends_on < info.data["starts_on"]:
            raise cells.no("import-ends-before-start")
        return ends_on

    @field_validator("ended_on")
    @classmethod
    def _is_ended_within_its_time(cls, ended_on: date | None, info: ValidationInfo) -> date | None:
        first, last = info.data.get("starts_on"), info.data.get("ends_on")
        if ended_on and first and last and not first <= ended_on <= last:
            raise cells.no("import-ended-outside")
        return ended_on
