"""A small real conversation behind the page, so that the sandbox is tested from end to end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

from bot.channels.base import Button, CannotEdit, Delivered, Receipt, Sending, Spoken
from bot.channels.sandbox.channel import SandboxChannel
from bot.channels.sandbox.scene import Phone
from bot.channels.wecom.staff.app_menu import Entry, Group
from bot.event import Command, Contact, Event, Photo, Press, Text, Unusable
from bot.photos import PhotoStore

OWNER = "owner-lin"
TECHNICIAN = "tech-wang"
CS = "cs-chen"

PHONES = (
    Phone(OWNER, "林女士", "Ms Lin", "3 栋 1201", "Building 3, 1201", "owner", "13800001201"),
    Phone(
        "owner-zhao", "赵先生", "Mr Zhao", "8 栋 0502", "Building 8, 0502", "owner", "13800000502"
    ),
    Phone(TECHNICIAN, "王师傅", "Wang", "水电 · 在班", "Plumbing, on duty", "technician"),
    Phone("tech-li", "李师傅", "Li", "家政 · 在班", "Housekeeping, on duty", "technician"),
    Phone(CS, "客服小陈", "Chen", "云麓里服务中心", "Yunluli centre", "cs"),
    Phone("supervisor-he", "何主管", "He", "工程主管", "Works supervisor", "supervisor"),
    Phone("head-song", "宋经理", "Song", "部门负责人", "Department head", "head"),
)

APP_MENU = (
    Group("我的", (Entry("我的任务", "jobs.mine"), Entry("下班", "duty.off"))),
    Group("工作台", (Entry("待派单", "board.waiting"), Entry("待办", "board.todo"))),
)

MENU = (("预约服务", "紧急报修"), ("我的订单", "联系客服"))


class WorkingClock:
    """A clock that stands where it is put, with promises that fall due when it is moved."""

    zone = ZoneInfo("Asia/Shanghai")

    def __init__(self) -> None:
        self.present = datetime(2026, 11, 23, 6, 5, tzinfo=UTC)
        self.promises: list[tuple[datetime, Callable[[], object]]] = []
        self.held_by: asyncio.Event | None = None

    def now(self) -> datetime:
        return self.present

    async def advance(self, by: timedelta) -> None:
        await self.advance_to(self.present + by)

    async def advance_to(self, at: datetime) -> None:
        if self.held_by is not None:
            await self.held_by.wait()
        for due, promise in sorted(self.promises, key=lambda one: one[0]):
            if due <= at:
                self.present = max(self.present, due)
                self.promises.remove((due, promise))
                promise()
        self.present = at


class StandIn:
    """Takes events in as the dispatcher would: each once, by its key; answers through `send`."""

    def __init__(self, photos: PhotoStore) -> None:
        self.events: list[Event] = []
        self.refusing = False
        self._photos = photos
        self._channel: SandboxChannel | None = None
        self._done: dict[str, Receipt] = {}
        self._accepted_by = ""

    def speaks_through(self, channel: SandboxChannel) -> None:
        self._channel = channel

    async def take(self, event: Event) -> Receipt:
        if self.refusing:
            raise ConnectionError("the database is away")
        self.events.append(event)
        if event.dedup not in self._done:
            self._done[event.dedup] = await self._answer(event)
        return self._done[event.dedup]

    async def say(self, address: str, spoken: Spoken, replaces: str | None = None) -> str:
        """Deliver at once; an edit that cannot be made is sent anew, as the relay does."""
        assert self._channel is not None
        sending = Sending(address, spoken, uuid4().hex, replaces)
        outcome = await self._channel.send(sending)
        if isinstance(outcome, CannotEdit):
            outcome = await self._channel.send(replace(sending, replaces=None))
        assert isinstance(outcome, Delivered)
        assert outcome.ref is not None
        return outcome.ref

    async def _answer(self, event: Event) -> Receipt:
        match event.what:
            case Command("start"):
                await self._welcome(event.address)
            case Text("预约服务"):
                await self.say(event.address, SERVICES)
            case Text(text):
                await self.say(event.address, Spoken(f"收到：{text}"))
            case Photo(sha256, caption):
                picture = Spoken(caption or "业主发来照片", photos=(self._photos.path(sha256),))
                await self.say(TECHNICIAN, picture)
            case Contact(phone, own):
                await self.say(event.address, Spoken(f"号码已核对 {phone[-4:]} {own}", menu=MENU))
            case Unusable(trouble):
                await self.say(event.address, Spoken(f"没能收下：{trouble}"))
            case Press() as press:
                return await self._pressed(event.address, press)
        return Receipt()

    async def _welcome(self, address: str) -> None:
        greeting = "您好，这里是云麓里服务中心。\n需要什么，点下面的按钮，或直接告诉我。"
        await self.say(address, Spoken(greeting, menu=MENU, ask_contact="分享手机号"))

    async def _pressed(self, address: str, press: Press) -> Receipt:
        data, ref = press.data, press.message_ref
        if data == "book":
            await self.say(address, BOOKED, replaces=ref)
            await self.say(TECHNICIAN, CARD)
            return Receipt("预约好了")
        if data == "accept" and self._accepted_by and not press.flashes:
            await self.say(address, Spoken(TAKEN))
        if data == "accept" and self._accepted_by:
            return Receipt(TAKEN)
        if data == "accept":
            self._accepted_by = address
            await self.say(address, ACCEPTED, replaces=ref)
            await self.say(OWNER, Spoken("王师傅已接单，今天 15:00 上门。"))
        return Receipt()


TAKEN = "这一单已有人接了"
SERVICES = Spoken(
    "想预约哪项服务？",
    rows=(
        (Button("水龙头维修 · ¥60 起", "book"),),
        (Button("日常保洁 · ¥50/小时", "book"), Button("空调清洗", "book")),
        (Button("返回", "back"),),
    ),
)
BOOKED = Spoken(
    "已预约：水龙头维修\n时间：今天 15:00\n地点：3 栋 1201",
    rows=((Button("改约", "move"), Button("取消", "cancel")),),
)
CARD = Spoken(
    "新任务 DD-0117\n水龙头维修 · 3 栋 1201\n今天 15:00 前到（可早 5 分钟，最多晚 2 分钟）",
    rows=((Button("接单", "accept"), Button("拒单", "decline")),),
)
ACCEPTED = Spoken(
    "任务 DD-0117 · 已接单\n水龙头维修 · 3 栋 1201\n今天 15:00 前到",
    rows=((Button("出发", "go"),), (Button("呼叫控制中心", "call"), Button("转单", "pass"))),
)
