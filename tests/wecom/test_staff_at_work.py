"""Colleagues at work in the company's app, over the real house on both databases."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, select, update

from bot import house
from bot.channels.wecom.api.client import WeComClient
from bot.channels.wecom.api.media import Media
from bot.channels.wecom.staff.channel import WeComStaff
from bot.house import House
from bot.memory import ChannelMemory
from bot.photos import PhotoStore
from bot.staff_menu import staff_menu
from bot.wording import Wording
from services import cards, staffing
from services.desk import Desk
from services.messages import say
from services.rules.standard import Standard
from storage import people
from storage.database import Database
from storage.records import Order, OutboxState
from storage.tables import endpoints, outbox, staff
from tests.conversation import Actor, Telephones, Town
from tests.emulators.wecom import WeComEmulator
from tests.emulators.wecom_people import Member
from tests.town import TUESDAY_10, FakeClock
from tests.wecom.counter import settings
from tests.wecom.office import HASTY, free_port, jpeg, until

ON_WECOM = {"wang": "WangJianGuo", "li": "LiZhiQiang", "cs": "chenjing"}
"""Whom the roster names by a WeCom account; the others have telephones of our own."""


@dataclass
class Company:
    """A town whose staff have WeCom; owners have telephones of our own."""

    database: Database
    clock: FakeClock
    wecom: WeComEmulator
    photos: PhotoStore
    town: Town = field(init=False)
    channel: WeComStaff = field(init=False)
    members: dict[str, Member] = field(default_factory=dict)
    _task: asyncio.Task[None] | None = None
    _client: WeComClient | None = None

    async def opens(self, telephones: Telephones) -> None:
        """A process begins."""
        port = free_port()
        given = settings(self.wecom, callback_port=port)
        self._client = WeComClient(given, HASTY)
        self.channel = WeComStaff(
            given,
            self._client,
            Media(self._client, HASTY),
            ChannelMemory(self.database, WeComStaff.name, self.clock),
            self.photos.keep,
            self.clock.now,
            menu=staff_menu(Wording(), self.clock.now()),
            patience=HASTY,
        )
        # The pace is tested by itself; a test that stands still in time would wait for it.
        self.channel.limits = replace(WeComStaff.limits, chat_per_s=1e6, overall_per_s=1e6)
        built = self._house(telephones)
        self.town = Town(self.clock, telephones, self.photos, restart=lambda: built)
        self.town.restarts()
        self._task = asyncio.create_task(self.channel.run(built.dispatcher.take))
        await self.channel.listening()
        self.wecom.callback_url = f"http://127.0.0.1:{port}/"

    def _house(self, telephones: Telephones) -> House:
        return house.build(
            self.database,
            {telephones.name: telephones, self.channel.name: self.channel},
            self.clock,
            name="company",
            photo=self.photos.path,
            company=Standard(),
            machine=self.clock,
        )

    async def closes(self) -> None:
        """The process ends."""
        if self._task is not None and self._client is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            await self._client.close()

    async def restarts(self) -> None:
        """Another process begins on the same database."""
        await self.closes()
        await self.opens(self.town.telephones)

    def __getattr__(self, key: str) -> Member:
        try:
            return self.members[key]
        except KeyError:
            raise AttributeError(key) from None


@asynccontextmanager
async def in_company(database: Database, clock: FakeClock, folder: Path) -> AsyncIterator[Company]:
    """The company at work; nothing it asked of WeCom may have been wrong."""
    await database.write(_on_wecom)
    async with WeComEmulator(now=clock.now) as wecom:
        photos = PhotoStore(folder / "photos", max_bytes=10_000_000)
        company = Company(database, clock, wecom, photos)
        company.members = {key: wecom.member(userid) for key, userid in ON_WECOM.items()}
        await company.opens(Telephones())
        try:
            yield company
        finally:
            await company.closes()
        assert wecom.faults == []


def name_on_wecom(connection: Connection) -> None:
    """The roster names accounts as somebody typed them; their telephones are out of use."""
    for key, userid in ON_WECOM.items():
        here = endpoints.c.address == key
        person = select(endpoints.c.person_id).where(here).scalar_subquery()
        connection.execute(
            update(staff).where(staff.c.person_id == person).values(wecom_userid=userid)
        )
        connection.execute(update(endpoints).where(here).values(unreachable_at=TUESDAY_10))


def _on_wecom(connection: Connection) -> None:
    name_on_wecom(connection)
    staffing.enlist(Desk(connection, TUESDAY_10), "wecom")


@pytest.fixture
async def company(database: Database, clock: FakeClock, tmp_path: Path) -> AsyncIterator[Company]:
    async with in_company(database, clock, tmp_path) as opened:
        yield opened


async def _books(company: Company) -> Actor:
    owner = company.town.actor("owner")
    await owner.presses_data("book.start")
    for label in ("水暖", "换水龙头"):
        await owner.presses(label)
    await owner.types("明天下午3点")
    await owner.presses("确认预约")
    return owner


async def test_who_never_wrote_is_asked_and_one_card_goes_with_the_job(company: Company) -> None:
    owner = await _books(company)
    town, wang = company.town, company.wang
    (card,) = wang.screen
    assert "换水龙头" in card.text
    assert card.buttons == ("接单", "拒单")

    await wang.presses("接单")
    await town.settles()
    assert "王建国 已接单" in await owner.hears()
    (card,) = wang.screen
    assert card.edits == 1
    assert "状态：已接单" in card.text
    assert card.buttons[0] == "出发"

    await town.passes(hours=28.5)  # tomorrow, 14:30
    await wang.presses("出发")
    await town.settles()
    assert "王建国 已出发" in await owner.hears()


async def test_3_8_nobody_is_left_without_an_answer_where_nothing_flashes(company: Company) -> None:
    await _books(company)
    (card,) = company.wang.screen
    await company.wang.presses("接单")
    await company.wang.does("click", ("EventKey", "no.such|thing"))
    await company.town.settles()
    await company.wang.sees("这个按钮已经失效", seconds=0)
    assert company.wang.screen[0].msgid == card.msgid


async def test_a_job_with_more_than_six_steps_has_the_rest_in_a_list(company: Company) -> None:
    owner = await _books(company)
    await company.wang.presses("接单")
    await company.town.passes(hours=28.75)  # tomorrow, 14:45
    newest = next(shown for shown in reversed(company.wang.screen) if shown.options)
    assert newest.buttons[0] == "出发"
    assert newest.buttons[-1] == "确定"
    await company.wang.chooses("20", press="确定")
    await company.town.settles()
    assert "15:05" in await owner.hears()


async def test_after_72_hours_a_card_comes_anew(company: Company) -> None:
    await _books(company)
    await company.wang.presses("接单")
    await company.town.settles()

    async def changes() -> list[int]:
        """The card is shown as it is; how often each on the screen has changed."""
        order = await company.town.order()
        await company.database.write(
            lambda connection: _posts(Desk(connection, company.clock.now()), order)
        )
        await company.town.settles()
        return [shown.edits for shown in company.wang.screen]

    company.clock.step(timedelta(hours=71))
    assert await changes() == [2]  # by the code of its sending
    company.clock.step(timedelta(hours=2))
    assert await changes() == [2, 0]
    assert await changes() == [2, 1]
    assert company.wang.screen[1].buttons[0] == "出发"


def _posts(desk: Desk, order: Order) -> None:
    cards.update_technician(desk, order)
    desk.post()


async def test_the_menu_is_one_for_all_and_answers_each_by_their_role(company: Company) -> None:
    await until(lambda: bool(company.wang.menu))
    assert company.wang.menu[:5] == ["我的", "我的任务", "上班", "下班", "呼叫控制中心"]
    await company.wang.clicks_menu("我的任务")
    await company.wang.clicks_menu("待派单")
    await company.cs.clicks_menu("待派单")
    await company.town.settles()
    assert [shown.text for shown in company.wang.screen] == [
        "现在没有未完成的任务。",
        "抱歉，这件事不归您办理，或者您没有这个权限。",
    ]
    assert [shown.text for shown in company.cs.screen] == ["现在没有待派的单。"]


async def test_a_newcomer_is_greeted_once_and_may_type_a_code(company: Company) -> None:
    newcomer = company.wecom.member("xinlai")
    await newcomer.enters()
    await newcomer.enters()
    await newcomer.types("/start XXXXXX")
    await company.town.settles()
    assert sum("到家服务台" in shown.text for shown in newcomer.screen) == 1
    assert len(newcomer.screen) == 2


async def test_a_place_and_a_picture_reach_whom_one_talks_to(company: Company) -> None:
    owner = await _books(company)
    await company.wang.presses("接单")
    await company.town.settles()
    await company.wang.presses("联系业主")
    await company.town.settles()
    await owner.hears()
    await company.wang.sends_location(23.13400, 113.35800, "粤海小区东门")
    await company.wang.sends_photo(jpeg("red", 64))
    await _dealt_with(company)
    await company.town.settles()
    heard = await owner.hears()
    assert "粤海小区东门" in heard
    assert owner.newest().spoken.photos


async def _dealt_with(company: Company) -> None:
    """Until no letter is kept any more."""
    memory = ChannelMemory(company.database, "wecom", company.clock)
    async with asyncio.timeout(10):
        while await memory.recall_all("spool:"):  # noqa: ASYNC110 - the database has no event
            await asyncio.sleep(0.005)


async def test_the_29th_message_in_a_minute_waits_and_none_is_dropped(company: Company) -> None:
    def many(connection: Connection) -> None:
        known = people.who(connection, "wecom", "wangjianguo")
        assert known is not None
        desk = Desk(connection, company.clock.now())
        for _ in range(40):
            desk.tell(known[1].id, say("not-understood"))
        desk.post()

    await company.database.write(many)
    await company.town.settles()
    assert len(company.wang.screen) == 28
    company.clock.step(timedelta(seconds=61))
    await company.town.settles()
    assert len(company.wang.screen) == 40
    assert company.wecom.dropped == []


async def test_whatever_fails_a_card_arrives_once_and_is_on_record(company: Company) -> None:
    for way in ({"drop": "after"}, {"errcode": -1}, {"status": 500}, {"drop": "before"}):
        company.wecom.fail("message/send", **way)  # type: ignore[arg-type]
    owner = await _books(company)
    for _ in range(6):
        company.clock.step(timedelta(seconds=40))
        await company.town.settles()
    assert [shown.buttons for shown in company.wang.screen] == [("接单", "拒单")]
    await company.wang.presses("接单")
    await company.town.settles()
    assert "王建国 已接单" in await owner.hears()
    states = await company.database.read(
        lambda connection: set(connection.execute(select(outbox.c.state)).scalars())
    )
    assert states <= {OutboxState.DELIVERED, OutboxState.SUPERSEDED}


async def test_a_restart_in_the_middle_loses_nothing_and_keeps_the_card(company: Company) -> None:
    owner = await _books(company)
    await company.restarts()
    await company.wang.presses("接单")
    await company.restarts()
    await company.town.settles()
    (card,) = company.wang.screen
    assert card.edits == 1
    assert "王建国 已接单" in company.town.actor(owner.key).says()
