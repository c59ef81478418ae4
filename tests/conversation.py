"""Actors who type and press: conversations in domain speech over the real house.

    await owner.presses("预约服务")
    await owner.types("明天下午3点")
    assert "已预约" in await owner.hears()
    await town.passes(minutes=10)

The channel below is a telephone of our own: it keeps what is sent and edits in place, as a platform
would. The stories that go over HTTP drive the sandbox and the Telegram emulator instead.
"""

from __future__ import annotations

import io
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, select

from bot.channels.base import (
    Button,
    CannotEdit,
    Delivered,
    Intake,
    Limits,
    Outcome,
    Rejected,
    Sending,
    Spoken,
)
from bot.event import Command, Contact, Event, Photo, Press, Text, Trouble, Unusable, What
from bot.house import House
from bot.photos import PhotoStore
from storage import deadlines, people
from storage import orders as orders_store
from storage.records import DeadlineState, Endpoint, Order, Person
from storage.tables import deadlines as deadline_rows
from storage.tables import endpoints
from storage.types import written
from tests.town import ZONE, FakeClock

T = TypeVar("T")


on_ordinary_telephones = pytest.mark.parametrize(
    "town_url", ["sqlite", "postgresql"], indirect=True
)
"""What such a test looks at is how most platforms show it; `test_on_wecom` says how WeCom does."""

on_one_database = pytest.mark.parametrize("town_url", ["sqlite"], indirect=True)
"""For who may do what when, and who hears of it: it hangs neither on the database nor on how a
platform shows it, and others go the same ways on both."""

TYPED = "#"
"""Begins the data of what is no button, but a choice in the words whose number is typed."""


@dataclass
class Shown:
    """A message on a telephone's screen, as it is now."""

    ref: str
    spoken: Spoken
    edits: int = 0

    @property
    def text(self) -> str:
        return self.spoken.text

    @property
    def buttons(self) -> list[Button]:
        return [button for row in self.spoken.rows for button in row]


class Telephones:
    """A channel of telephones: one per address, with what each shows."""

    name: str = "phone"
    limits = Limits(
        text=4096,
        caption=1024,
        label=64,
        data_bytes=64,
        overall_per_s=1e6,
        chat_per_s=1e6,
        chat_burst=10_000,
    )

    def __init__(self, name: str = name) -> None:
        self.name = name
        self.screens: dict[str, list[Shown]] = {}
        self.menus: dict[str, tuple[tuple[str, ...], ...]] = {}
        self.asks_contact: dict[str, bool] = {}
        self.outcomes: list[Outcome] = []
        self._refs = itertools.count(1)
        self._sent: dict[str, str] = {}

    async def run(self, intake: Intake) -> None:
        """Telephones are pressed by tests; nothing comes in by itself."""

    async def close(self) -> None:
        """Nothing to let go of."""

    async def send(self, sending: Sending) -> Outcome:
        """Show a message, or edit one; a scripted outcome comes first."""
        if self.outcomes:
            return self.outcomes.pop(0)
        fault = _fault(sending.spoken, self.limits)
        if fault:
            return Rejected(fault)
        screen = self.screens.setdefault(sending.address, [])
        if sending.spoken.menu is not None:
            self.menus[sending.address] = sending.spoken.menu
        self.asks_contact[sending.address] = sending.spoken.ask_contact is not None
        if sending.replaces is not None:
            return self._edit(screen, sending)
        ref = f"r{next(self._refs)}"
        screen.append(Shown(ref, sending.spoken))
        return Delivered(ref)

    def _edit(self, screen: list[Shown], sending: Sending) -> Outcome:
        for shown in screen:
            if shown.ref == sending.replaces:
                shown.spoken = sending.spoken
                shown.edits += 1
                return Delivered(shown.ref)
        return CannotEdit()


def _fault(spoken: Spoken, limits: Limits) -> str | None:
    if not spoken.text and not spoken.photos:
        return "empty message"
    if len(spoken.text) > limits.text:
        return "text too long"
    for row in spoken.rows:
        for button in row:
            if len(button.data.encode()) > limits.data_bytes:
                return f"button data too long: {button.data}"
            if len(button.label) > limits.label:
                return f"label too long: {button.label}"
    return None


class NoSuchButton(AssertionError):
    """The label is nowhere on the actor's screen."""


@dataclass
class Actor:
    """Somebody with a telephone; who has several is an actor on each (`gets_another`)."""

    key: str
    town: Town
    channel: str
    heard: int = 0
    toast: str | None = None
    _edits_heard: dict[str, int] = field(default_factory=dict)

    # What they do

    async def does(self, what: What, *, dedup: str | None = None) -> None:
        """One event, and the delivery of all that follows from it."""
        self.toast = await self.town.take(self.key, what, dedup=dedup, channel=self.channel)
        await self.town.settles()

    async def types(self, text: str) -> None:
        """Types and sends."""
        await self.does(Text(text))

    async def commands(self, name: str, argument: str = "") -> None:
        """Sends a slash command."""
        await self.does(Command(name, argument))

    async def presses(self, label: str, *, on: str | None = None) -> None:
        """Presses the newest button with this label; a label of the standing menu is typed.

        `on` picks the newest message that holds this text.
        """
        found = self.button(label, on=on) or await self._on_a_further_page(label, on)
        if found is not None:
            shown, button = found
            if button.data.startswith(TYPED):
                newest = next(one for one in reversed(self.screen) if one.buttons)
                number = button.data.removeprefix(TYPED)
                await self.types(number if shown is newest else button.label)
            else:
                await self.does(Press(button.data, shown.ref))
        elif label in self.menu():
            await self.types(label)
        else:
            raise NoSuchButton(f"{self.key} has no {label!r}; sees {self.buttons()} {self.menu()}")

    async def _on_a_further_page(self, label: str, on: str | None) -> tuple[Shown, Button] | None:
        """Where a platform shows few choices at once, the button may be on a later page."""
        more = self.button("更多选项") or self.button("More choices")
        if more is None or more[0] is not self.newest():
            return None
        await self.does(Press(more[1].data, more[0].ref))
        return self.button(label) or await self._on_a_further_page(label, on)

    async def presses_data(self, data: str) -> None:
        """Sends forged or remembered button data."""
        await self.does(Press(data, None))

    async def sends_photo(self, color: str = "red", caption: str = "") -> str:
        """Sends a small picture; returns its name."""
        kept = await self.town.photos.keep(picture(color))
        assert not isinstance(kept, Trouble)
        await self.does(Photo(kept, caption))
        return kept

    async def sends_unusable(self, trouble: Trouble) -> None:
        """Sends something the channel cannot take."""
        await self.does(Unusable(trouble))

    async def shares_contact(self, phone: str, *, own: bool = True) -> None:
        """Shares a telephone number."""
        await self.does(Contact(phone, own))

    async def gets_another(self, channel: str) -> Actor:
        """Another telephone of the same person's, on another channel; nothing is said of it."""

        def add(connection: Connection) -> None:
            known = people.who(connection, self.channel, self.key)
            assert known is not None
            people.add_endpoint(connection, known[1].id, channel, self.key, self.town.clock.now())

        await self.town.change(add)
        return Actor(self.key, self.town, channel)

    # What they see

    @property
    def telephones(self) -> Telephones:
        """The channel that this telephone is on."""
        return self.town.channels()[self.channel]

    @property
    def screen(self) -> list[Shown]:
        """Every message on the telephone, oldest first, as it is now."""
        return self.telephones.screens.get(self.key, [])

    async def hears(self) -> str:
        """All that came or changed since the last time, as one text."""
        await self.town.settles()
        new = [
            shown
            for place, shown in enumerate(self.screen)
            if place >= self.heard or shown.edits > self._edits_heard.get(shown.ref, 0)
        ]
        self.heard = len(self.screen)
        self._edits_heard = {shown.ref: shown.edits for shown in self.screen}
        return "\n".join(shown.text for shown in new)

    def says(self) -> str:
        """Everything on the screen as it is now, as one text."""
        return "\n".join(shown.text for shown in self.screen)

    def newest(self) -> Shown:
        """The newest message."""
        assert self.screen, f"{self.key} has heard nothing"
        return self.screen[-1]

    def button(self, label: str, *, on: str | None = None) -> tuple[Shown, Button] | None:
        """The newest button with this label (exactly, else beginning with it)."""
        for same in (str.__eq__, str.startswith):
            for shown in reversed(self.screen):
                if on is not None and on not in shown.text:
                    continue
                for button in shown.buttons:
                    if same(button.label, label):
                        return shown, button
        return None

    def sees(self, label: str) -> bool:
        """Whether a button or menu entry with this label is there."""
        return self.button(label) is not None or label in self.menu()

    def buttons(self) -> list[str]:
        """The labels under the newest message that has any."""
        for shown in reversed(self.screen):
            if shown.buttons:
                return [button.label for button in shown.buttons]
        return []

    def menu(self) -> list[str]:
        """The labels of the standing menu."""
        return [label for row in self.telephones.menus.get(self.key, ()) for label in row]


def _all_on_one(_key: str) -> str:
    return Telephones.name


@dataclass
class Town:
    """The house under test, its clock, and everybody in it."""

    clock: FakeClock
    telephones: Telephones
    photos: PhotoStore
    restart: Callable[[], House]
    house: House = field(init=False)
    zone: str = ZONE
    others: tuple[Telephones, ...] = ()
    channel_of: Callable[[str], str] = _all_on_one
    _events: itertools.count[int] = field(default_factory=itertools.count)

    def actor(self, key: str) -> Actor:
        """Somebody by their key (a new key is a stranger)."""
        return Actor(key, self, self.channel_of(key))

    def channels(self) -> dict[str, Telephones]:
        """Every channel of telephones there is."""
        return {one.name: one for one in (self.telephones, *self.others)}

    async def take(
        self, address: str, what: What, *, dedup: str | None = None, channel: str | None = None
    ) -> str | None:
        """Hand one event in, as a channel would; returns the flash."""
        event = Event(
            channel=channel or self.channel_of(address),
            dedup=dedup or f"e{next(self._events)}",
            address=address,
            what=what,
            received_at=self.clock.now(),
            language="zh-CN",
        )
        receipt = await self.house.dispatcher.take(event)
        return receipt.toast

    async def settles(self) -> None:
        """Everything that waits is delivered."""
        await self.house.relay.deliver_waiting()

    async def fires(self) -> None:
        """Everything that is due now happens, and is delivered."""
        await self.house.crank.once()  # it may plan what is due already
        while await self.house.sweep.once():
            pass
        failed = await self.look(_failed)
        assert not failed, f"failed when due: {failed}"
        await self.settles()

    async def passes(self, *, seconds: float = 0, minutes: float = 0, hours: float = 0) -> None:
        """Time passes; what falls due on the way happens at its time."""
        await self.until(
            self.clock.now() + timedelta(seconds=seconds, minutes=minutes, hours=hours)
        )

    async def until(self, at: datetime | str) -> None:
        """The clock moves to an instant, or to a local time of this day or the next ("15:00")."""
        target = self._instant(at) if isinstance(at, str) else at
        while (due := await self.house.database.read(deadlines.next_due)) and due <= target:
            self.clock.at = max(due, self.clock.at)
            await self.fires()
        self.clock.at = max(target, self.clock.at)
        await self.fires()

    def _instant(self, clock: str) -> datetime:
        hour, minute = map(int, clock.split(":"))
        local = self.clock.now().astimezone(ZoneInfo(self.zone))
        at = local.replace(hour=hour, minute=minute, second=0, microsecond=0, fold=0)
        return (at if at > local else at + timedelta(days=1)).astimezone(self.clock.now().tzinfo)

    def restarts(self) -> None:
        """The process ends and another begins on the same database."""
        self.house = self.restart()

    async def look(self, unit: Callable[[Connection], T]) -> T:
        """Read from the database."""
        return await self.house.database.read(unit)

    async def change(self, unit: Callable[[Connection], T]) -> T:
        """Change the database directly (an administrator's hand)."""
        return await self.house.database.write(unit)

    async def order(self, order_id: int = 1) -> Order:
        """An order as it is stored."""
        found = await self.change(partial(orders_store.get, order_id=order_id))
        assert found is not None
        return found

    async def verdicts(self, order_id: int = 1) -> dict[str, str]:
        """The verdicts of an order: rule → verdict."""
        rows = await self.look(partial(orders_store.verdicts_of, order_id=order_id))
        return {row.rule: row.verdict for row in rows}

    async def history(self, order_id: int = 1) -> list[str]:
        """What has happened to an order."""
        lines = await self.look(partial(orders_store.history, order_id=order_id))
        return [line.what for line in lines]


def known_as(connection: Connection, key: str) -> tuple[Endpoint, Person] | None:
    """Somebody in town by their key, and their first telephone, whatever channel it is on."""
    channel = connection.execute(
        select(endpoints.c.channel).where(endpoints.c.address == key).order_by(endpoints.c.id)
    ).scalar()
    return None if channel is None else people.who(connection, channel, key)


def _failed(connection: Connection) -> list[str]:
    """Deadlines that a sweep has claimed and could not fire."""
    left = select(deadline_rows.c.once).where(
        deadline_rows.c.state == written(DeadlineState.PENDING),
        deadline_rows.c.claimed_by.is_not(None),
    )
    return list(connection.execute(left).scalars())


def picture(color: str = "red", size: tuple[int, int] = (32, 24), kind: str = "JPEG") -> bytes:
    """A small picture of one colour."""
    from PIL import Image

    data = io.BytesIO()
    Image.new("RGB", size, color).save(data, kind)
    return data.getvalue()
