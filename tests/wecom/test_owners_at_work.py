"""Owners who write from WeChat, over the real house on both databases."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection, func, select, update

from bot import house
from bot.channels.base import Intake, Receipt
from bot.channels.wecom.api.client import WeComClient
from bot.channels.wecom.owners.channel import WeComOwners
from bot.event import Event
from bot.memory import ChannelMemory
from bot.photos import PhotoStore
from services.desk import Desk
from services.invites import make_invite
from services.messages import do, say
from services.rules.standard import Standard
from storage import people
from storage.database import Database
from storage.records import OutboxState
from storage.tables import endpoints, inbox, items, orders, outbox, phone_tasks, residents
from tests.conversation import Telephones, Town
from tests.emulators.wecom import WeComEmulator
from tests.emulators.wecom_people import Customer, Shown
from tests.town import FakeClock
from tests.wecom.counter import settings
from tests.wecom.office import jpeg
from tests.wecom.owners import HASTY, OWNER, opened, receiving, until

ON_WECHAT = {"owner": OWNER, "neighbour": "wmOwner02"}


@dataclass
class Owner:
    """Somebody who writes from WeChat; what follows is delivered before they look."""

    customer: Customer
    street: Street

    async def types(self, words: str) -> None:
        await self.customer.types(words)
        await self.street.town.settles()

    async def presses(self, label: str) -> None:
        await self.customer.presses(label, seconds=0)
        await self.street.town.settles()

    async def picks(self, label: str) -> None:
        """Types the number that stands before a choice."""
        lines = [line for shown in self.customer.screen for line in shown.text.splitlines()]
        found = [one for line in lines if (one := re.fullmatch(rf"(\d+)\. {label}.*", line))]
        await self.types(found[-1][1])

    async def enters(self, code: str) -> None:
        await self.customer.enters(code)
        await self.street.town.settles()

    async def sends_photo(self, color: str) -> None:
        await self.customer.sends_photo(jpeg(color, 64))
        await self.street.town.settles()

    @property
    def screen(self) -> list[Shown]:
        return self.customer.screen

    def says(self) -> str:
        """Everything on the screen."""
        return "\n".join(shown.text for shown in self.screen)


@dataclass
class Street:
    """A town whose owners have WeChat; its staff have telephones of our own."""

    database: Database
    clock: FakeClock
    wecom: WeComEmulator
    photos: PhotoStore
    telephones: Telephones = field(default_factory=Telephones)
    lives: int | None = None
    """So many more events are taken, and then no other: a kill."""
    town: Town = field(init=False)
    channel: WeComOwners = field(init=False)
    _stack: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def opens(self) -> None:
        """A process begins."""
        memory = ChannelMemory(self.database, WeComOwners.name, self.clock)
        # A request that a busy machine cuts short is tried again by a clock that stands still.
        patience = replace(HASTY, request_s=10.0)
        process = opened(self.wecom, memory, self.photos.keep, self.clock.now, patience)
        self.channel = await self._stack.enter_async_context(process)
        # The pace is tested by itself; a test that stands still in time would wait for it.
        self.channel.limits = replace(WeComOwners.limits, chat_per_s=1e6, overall_per_s=1e6)
        built = house.build(
            self.database,
            {self.telephones.name: self.telephones, self.channel.name: self.channel},
            self.clock,
            name="street",
            photo=self.photos.path,
            company=Standard(),
            machine=self.clock,
        )
        self.town = Town(self.clock, self.telephones, self.photos, restart=lambda: built)
        self.town.restarts()
        taking = receiving(self.channel, self._mortal(built.dispatcher.take))
        await self._stack.enter_async_context(taking)

    def _mortal(self, intake: Intake) -> Intake:
        async def take(event: Event) -> Receipt:
            if self.lives == 0:
                await asyncio.Event().wait()
            if self.lives is not None:
                self.lives -= 1
            return await intake(event)

        return take

    async def closes(self) -> None:
        """The process ends."""
        await self._stack.aclose()

    async def restarts(self) -> None:
        """Another process begins on the same database."""
        await self.closes()
        self.lives = None
        await self.opens()

    def owner(self, key: str = "owner", external_userid: str = "") -> Owner:
        """Somebody with WeChat, by their key or as a stranger."""
        return Owner(self.wecom.customer(external_userid or ON_WECHAT[key]), self)

    async def tells(self, *, asks: bool = False) -> None:
        """The house has something to say to the owner, or to ask."""

        def unit(connection: Connection) -> None:
            known = people.who(connection, WeComOwners.name, self.address)
            assert known is not None
            desk = Desk(connection, self.clock.now())
            actions = (do("orders.mine"),) if asks else ()
            desk.tell(known[1].id, say("chart-month-pattern", *actions), by_phone=True)
            desk.post()

        await self.database.write(unit)
        await self.town.settles()

    @property
    def address(self) -> str:
        return f"{OWNER}@{self.wecom.kf}"

    async def count(self, query: object) -> int:
        """How many rows there are."""
        return int(await self.database.read(lambda one: one.execute(query).scalar_one()))  # type: ignore[call-overload]


@pytest.fixture
async def street(
    database: Database, clock: FakeClock, company: WeComEmulator, tmp_path: Path
) -> AsyncIterator[Street]:
    async with _open_street(database, clock, company, tmp_path) as opened_street:
        yield opened_street


@asynccontextmanager
async def _open_street(
    database: Database, clock: FakeClock, company: WeComEmulator, folder: Path
) -> AsyncIterator[Street]:
    def move(connection: Connection) -> None:
        for key, customer in ON_WECHAT.items():
            connection.execute(
                update(endpoints)
                .where(endpoints.c.address == key)
                .values(channel=WeComOwners.name, address=f"{customer}@{company.kf}")
            )

    await database.write(move)
    photos = PhotoStore(folder / "photos", max_bytes=10_000_000)
    opened_street = Street(database, clock, company, photos)
    await opened_street.opens()
    try:
        yield opened_street
    finally:
        await opened_street.closes()


async def test_a_booking_by_presses(street: Street) -> None:
    owner, wang = street.owner(), street.town.actor("wang")
    await owner.types("/start")
    for label in ("预约服务", "水暖", "换水龙头"):
        await owner.presses(label)
    await owner.types("明天下午3点")
    await owner.presses("确认预约")
    assert "已预约，单号 YH261124-001" in owner.says()
    await wang.presses("接单")
    assert "王建国 已接单" in owner.says()


async def test_a_booking_by_numbers(street: Street) -> None:
    owner = street.owner()
    await owner.types("预约服务")
    for label in ("水暖", "换水龙头"):
        await owner.picks(label)
    await owner.types("明天下午3点")
    await owner.picks("确认预约")
    assert "已预约，单号 YH261124-001" in owner.says()


async def test_choices_beyond_the_tenth_come_on_a_page_of_their_own(street: Street) -> None:
    def many(connection: Connection) -> None:
        plumbing = select(items).where(items.c.code == "PL01").order_by(items.c.id).limit(1)
        line = dict(connection.execute(plumbing).mappings().one())
        del line["id"]
        for number in range(14):
            code, name = f"PX{number:02d}", f"水暖之{number:02d}"
            fresh = {**line, "code": code, "name_zh": name, "name_en": code}
            connection.execute(items.insert().values(fresh))

    await street.database.write(many)
    owner = street.owner()
    await owner.types("预约服务")
    await owner.presses("水暖")
    first = owner.screen[-1].buttons
    assert len(first) == 10
    await owner.presses(first[-1])
    assert owner.screen[-1].buttons == ("1. 没有我要的", "2. 返回", "3. 取消")
    await owner.picks("返回")
    assert "请选服务类别" in owner.screen[-1].text


async def test_a_picture_and_a_place_reach_whom_one_talks_to(street: Street) -> None:
    owner, cs = street.owner(), street.town.actor("cs")
    await owner.types("联系客服")
    await owner.types("水管在这里")
    await cs.presses("回复")
    await cs.hears()
    await owner.sends_photo("red")
    await owner.customer.sends_location(23.134, 113.358, "云湖花园东门")
    await street.town.settles()
    assert "云湖花园东门" in await cs.hears()
    assert any(shown.spoken.photos for shown in cs.screen)


# Invitations


def _invited(connection: Connection, clock: FakeClock) -> str:
    """罗平, who has no chat yet, is given a code."""
    line = connection.execute(select(residents.c.id).where(residents.c.name == "罗平")).scalar_one()
    return make_invite(Desk(connection, clock.now()), resident_id=line)


async def test_3_3_an_invitation_binds_and_welcomes_at_once(street: Street) -> None:
    code = await street.database.write(partial(_invited, clock=street.clock))
    newcomer = street.owner(external_userid="wmNewcomer")
    await newcomer.enters(code)
    assert "6-601" in newcomer.says()
    assert len(newcomer.screen) == 1


async def test_3_3_an_invitation_without_a_welcome_binds_and_says_so_when_they_write(
    street: Street,
) -> None:
    street.wecom.quirks.native_welcome = True
    code = await street.database.write(partial(_invited, clock=street.clock))
    newcomer = street.owner(external_userid="wmNewcomer")
    await newcomer.enters(code)
    assert newcomer.screen == []
    await newcomer.types("/start")
    assert "6-601" in newcomer.says()


# The window


async def test_5_2_8_plain_news_leave_the_last_message_to_a_question(street: Street) -> None:
    owner = street.owner()
    await owner.types("/start")
    for _ in range(6):
        await street.tells()
    assert len(owner.screen) == 4
    await street.tells(asks=True)
    assert len(owner.screen) == 5
    assert owner.screen[-1].kind == "msgmenu"
    await street.tells()
    assert len(owner.screen) == 5
    await owner.types("/start")
    assert len(owner.screen) > 5


@pytest.mark.parametrize("late", [False, True])
async def test_a_sixth_message_that_does_not_arrive_takes_the_telephone(
    street: Street, late: bool
) -> None:
    street.wecom.quirks.sixth_fails_late = late
    owner = street.owner()
    await owner.types("/start")
    # Another program of the company's has used what our books think is left.
    client = WeComClient(settings(street.wecom))
    for _ in range(4):
        content = {"msgtype": "text", "text": {"content": "通知"}}
        await client.kf_send(street.wecom.kf, OWNER, content)
    await client.close()
    await street.tells(asks=True)
    await street.wecom.quiet()
    await street.town.settles()
    assert await street.count(select(func.count()).select_from(phone_tasks)) == 1
    states = select(outbox.c.state).where(outbox.c.state != OutboxState.DELIVERED)
    assert await street.database.read(lambda one: len(one.execute(states).all())) == 1


# A colleague on the platform itself


@pytest.mark.parametrize("by_event", [True, False])
async def test_while_a_colleague_speaks_the_house_keeps_silent_and_loses_nothing(
    street: Street, by_event: bool
) -> None:
    owner, wang = street.owner(), street.town.actor("wang")
    await owner.types("预约服务")
    for label in ("水暖", "换水龙头"):
        await owner.presses(label)
    await owner.types("明天下午3点")
    await owner.presses("确认预约")
    before = len(owner.screen)
    if by_event:
        await street.wecom.takes(owner.customer, "chenjing")
    else:
        await _taken_by_program(street)
    await wang.presses("接单")
    await owner.customer.types("我还想问问别的")
    await street.town.settles()
    assert len(owner.screen) == before
    await street.wecom.ends(owner.customer)
    await street.town.settles()
    assert "王建国 已接单" in owner.says()


async def _taken_by_program(street: Street) -> None:
    """The session goes to a colleague by the API, of which WeCom tells nobody."""
    street.wecom.member("chenjing")
    street.wecom.servicer("chenjing")
    client = WeComClient(settings(street.wecom))
    whom = {"open_kfid": street.wecom.kf, "external_userid": OWNER}
    await client.call(
        "kf/service_state/trans", {**whom, "service_state": 3, "servicer_userid": "chenjing"}
    )
    await client.close()


# Restarts


@pytest.mark.parametrize("lives", [0, 3])
async def test_a_kill_in_the_middle_of_a_page_loses_and_doubles_nothing(
    street: Street, lives: int
) -> None:
    owner, neighbour = street.owner(), street.owner("neighbour")
    street.wecom.hold()
    steps = ("预约服务", "水暖", "换水龙头", "明天下午3点", "确认预约")
    for words in steps:
        await owner.customer.types(words)
        await neighbour.customer.types(words)
    street.lives = lives
    street.wecom.release()
    await until(lambda: street.lives == 0)
    await street.restarts()
    await street.wecom.quiet()
    await _taken(street, 10)
    await street.town.settles()
    assert await street.count(select(func.count()).select_from(orders)) == 2
    assert owner.says().count("已预约，单号") == 1
    assert neighbour.says().count("已预约，单号") == 1


async def test_a_cursor_that_was_lost_doubles_nothing(street: Street) -> None:
    owner = street.owner()
    await owner.types("预约服务")
    await owner.presses("水暖")
    memory = ChannelMemory(street.database, WeComOwners.name, street.clock)
    await street.closes()
    assert await memory.recall(f"cursor:{street.wecom.kf}") is not None
    await memory.forget(f"cursor:{street.wecom.kf}")
    shown = len(owner.screen)
    await street.opens()
    await owner.types("换水龙头")
    assert len(owner.screen) == shown + 1
    assert await street.count(select(func.count()).select_from(inbox)) == 3


async def _taken(street: Street, how_many: int) -> None:
    """Until so many events are committed."""
    query = select(func.count()).select_from(inbox)
    async with asyncio.timeout(10):
        while await street.count(query) < how_many:  # noqa: ASYNC110 - the database has no event
            await asyncio.sleep(0.005)


async def test_after_two_days_a_reminder_takes_the_telephone(street: Street) -> None:
    owner = street.owner()
    await owner.types("/start")
    shown = len(owner.screen)
    street.clock.step(timedelta(hours=49))
    await street.tells(asks=True)
    assert len(owner.screen) == shown
    assert await street.count(select(func.count()).select_from(phone_tasks)) == 1
