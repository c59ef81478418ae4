"""A small invented town: one centre with its people, a second centre, and a clock that obeys."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Connection

from services.desk import Desk
from storage import people
from storage.records import Relation, Role
from storage.tables import centres, items, residents, rooms, staff

ZONE = "Asia/Shanghai"
TUESDAY_10 = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
"""Tuesday 24 November 2026, 10:00 in Shanghai: when every test begins, unless it says otherwise."""


class FakeClock:
    """A clock that stands still until it is told to move."""

    def __init__(self, at: datetime = TUESDAY_10) -> None:
        self.at = at

    def now(self) -> datetime:
        """The present instant."""
        return self.at

    def local(self) -> datetime:
        """The same in Shanghai."""
        from zoneinfo import ZoneInfo

        return self.at.astimezone(ZoneInfo(ZONE))

    def step(self, by: timedelta) -> None:
        """Forward, or back."""
        self.at += by


STAFF = (
    # key, name, roles, skills, shift, centre
    ("wang", "王建国", (Role.TECHNICIAN,), ("electrician", "locksmith", "plumber"), "全天", "YH"),
    ("li", "李志强", (Role.TECHNICIAN,), ("electrician", "handyman", "plumber"), "全天", "YH"),
    ("zhao", "赵秀兰", (Role.TECHNICIAN,), ("cleaner",), "08:00-18:00", "YH"),
    ("cs", "陈静", (Role.CS,), (), "客服班", "YH"),
    ("cs2", "吴敏", (Role.CS,), (), "客服班", "YH"),
    ("supervisor", "钱进", (Role.SUPERVISOR,), (), "白班", "YH"),
    ("control", "孙立", (Role.CONTROL,), (), "全天", "YH"),
    ("head", "周强", (Role.HEAD,), (), "白班", "YH"),
    ("business", "郑华", (Role.BUSINESS,), (), "白班", "YH"),
    ("far_cs", "何丽", (Role.CS,), (), "客服班", "XS"),
    ("far_tech", "冯涛", (Role.TECHNICIAN,), ("electrician", "plumber"), "全天", "XS"),
)

RESIDENTS = (
    # key, room, name, phone, relation, until, centre, bound
    ("owner", "3-1201", "张伟", "13800100001", Relation.OWNER, None, "YH", True),
    ("neighbour", "5-802", "刘芳", "13800100002", Relation.OWNER, None, "YH", True),
    ("tenant", "2-301", "林一凡", "13800100003", Relation.TENANT, date(2027, 1, 31), "YH", True),
    ("moved_out", "2-302", "许亮", "13800100004", Relation.TENANT, date(2026, 11, 20), "YH", True),
    ("far_owner", "1-101", "沈月", "13800100005", Relation.OWNER, None, "XS", True),
    ("newcomer", "6-601", "罗平", "13800100006", Relation.OWNER, None, "YH", False),
)

CATALOGUE = (
    # code, zh, en, category, unit, fen, mode, minutes, skills, risk, noisy
    (
        "HC01",
        "钟点保洁",
        "Hourly cleaning",
        "cleaning",
        "hour",
        5000,
        "hourly",
        120,
        ("cleaner",),
        "covered",
        False,
    ),
    (
        "HC03",
        "深度保洁",
        "Deep cleaning",
        "cleaning",
        "m²",
        500,
        "fixed",
        300,
        ("cleaner",),
        "covered",
        False,
    ),
    (
        "HC06",
        "擦外窗",
        "Outside window cleaning",
        "cleaning",
        "m²",
        None,
        "quote",
        120,
        ("high_work",),
        "review",
        False,
    ),
    (
        "PL01",
        "换水龙头",
        "Replace tap",
        "plumbing",
        "piece",
        4000,
        "fixed",
        40,
        ("plumber",),
        "covered",
        False,
    ),
    (
        "PL04",
        "疏通马桶",
        "Unblock toilet",
        "plumbing",
        "visit",
        10000,
        "fixed",
        45,
        ("plumber",),
        "covered",
        False,
    ),
    (
        "PL09",
        "暗管漏水检测维修",
        "Hidden leak work",
        "plumbing",
        "visit",
        None,
        "quote",
        120,
        ("plumber",),
        "review",
        False,
    ),
    (
        "EL04",
        "线路检修",
        "Circuit check",
        "electric",
        "hour",
        8000,
        "hourly",
        60,
        ("electrician",),
        "covered",
        False,
    ),
    (
        "EL05",
        "装浴霸",
        "Bathroom heater install",
        "electric",
        "piece",
        12000,
        "fixed",
        60,
        ("electrician", "handyman"),
        "covered",
        False,
    ),
    (
        "IN01",
        "打孔挂装（噪声）",
        "Drill and mount (noisy)",
        "install",
        "point",
        2000,
        "fixed",
        25,
        ("handyman",),
        "covered",
        True,
    ),
    (
        "OT01",
        "代收邮件快递",
        "Mail holding",
        "agency",
        "piece",
        0,
        "fixed",
        5,
        ("cleaner",),
        "covered",
        False,
    ),
    (
        "GS01",
        "燃气具改装移位",
        "Gas appliance alteration",
        "gas",
        "",
        None,
        "quote",
        60,
        ("gas_firm",),
        "refer",
        False,
    ),
)


def build(desk: Desk, channel: str) -> None:
    """Fill an empty database with the town. Everybody's address is their key."""
    connection = desk.connection
    ids = {
        "YH": _centre(connection, "YH", "云湖花园服务中心", "02000000001"),
        "XS": _centre(connection, "XS", "溪山雅居服务中心", "02000000002"),
    }
    for number, (key, name, roles, skills, shift, centre) in enumerate(STAFF):
        _staff(desk, channel, key, name, f"138002{number:05d}", roles, skills, shift, ids[centre])
    for key, room_no, name, phone, relation, until, centre, bound in RESIDENTS:
        room = _room(connection, ids[centre], room_no)
        _resident(desk, channel if bound else None, key, room, name, phone, relation, until)
    for centre_id in ids.values():
        connection.execute(items.insert(), [_item(centre_id, line) for line in CATALOGUE])


def _centre(connection: Connection, code: str, name: str, phone: str) -> int:
    made = connection.execute(centres.insert().values(code=code, name=name, zone=ZONE, phone=phone))
    return int(made.inserted_primary_key[0])  # type: ignore[index]


def _room(connection: Connection, centre_id: int, room_no: str) -> int:
    made = connection.execute(rooms.insert().values(centre_id=centre_id, room_no=room_no))
    return int(made.inserted_primary_key[0])  # type: ignore[index]


def _staff(
    desk: Desk,
    channel: str,
    key: str,
    name: str,
    phone: str,
    roles: tuple[Role, ...],
    skills: tuple[str, ...],
    shift: str,
    centre_id: int,
) -> None:
    person = people.add_person(desk.connection, name, phone, "zh-CN", desk.now)
    people.add_endpoint(desk.connection, person.id, channel, key, desk.now)
    desk.connection.execute(
        staff.insert().values(
            centre_id=centre_id,
            person_id=person.id,
            name=name,
            phone=phone,
            roles=roles,
            skills=skills,
            shift=shift,
            active=True,
        )
    )


def _resident(
    desk: Desk,
    channel: str | None,
    key: str,
    room_id: int,
    name: str,
    phone: str,
    relation: Relation,
    until: date | None,
) -> None:
    person_id = None
    if channel is not None:
        person = people.add_person(desk.connection, name, phone, "zh-CN", desk.now)
        people.add_endpoint(desk.connection, person.id, channel, key, desk.now)
        person_id = person.id
    desk.connection.execute(
        residents.insert().values(
            room_id=room_id,
            name=name,
            phone=phone,
            relation=relation,
            until=until,
            person_id=person_id,
            bound_at=desk.now if person_id else None,
        )
    )


def _item(centre_id: int, line: tuple[object, ...]) -> dict[str, object]:
    names = (
        "code",
        "name_zh",
        "name_en",
        "category",
        "unit",
        "price_fen",
        "price_mode",
        "minutes",
        "skills",
        "risk",
        "noisy",
    )
    content = "other" if line[3] == "agency" else "ordinary"
    return {
        **dict(zip(names, line, strict=True)),
        "centre_id": centre_id,
        "content_class": content,
        "active": True,
    }
