"""The stories over WeCom: staff in the company's app, owners in 微信客服."""

from __future__ import annotations

import contextlib
import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace

from bot.channels.wecom.api.client import WeComClient
from bot.channels.wecom.api.media import Media
from bot.channels.wecom.owners.channel import WeComOwners
from bot.channels.wecom.patience import Patience
from bot.channels.wecom.staff.channel import WeComStaff
from bot.memory import ChannelMemory
from bot.staff_menu import staff_menu
from bot.wording import Wording
from tests.emulators.wecom import WeComEmulator
from tests.emulators.wecom_people import Chat, Customer, Member
from tests.stories.people import Somebody
from tests.stories.stage import KEYS, Opened, Scene, everybody_moves
from tests.town import STAFF
from tests.wecom.counter import settings as settings_for

CHOOSE = "确定"
_NUMBERED = re.compile(r"^\d+\. (.+)$", re.MULTILINE)
_SHORTENED = re.compile(r"^\d+ ")
"""A label too long for a button stands behind its number in the words."""

_WORKERS = [line[0] for line in STAFF]


class WeComPerson(Somebody):
    """What both kinds of telephone have in common."""

    chat: Chat

    async def texts(self) -> Sequence[str]:
        """Every message, a card's fields one to a line."""
        return [shown.text for shown in self.chat.screen]

    async def pictures(self) -> int:
        """Pictures that came."""
        return sum(shown.photo is not None for shown in self.chat.screen)


@dataclass
class Colleague(WeComPerson):
    """A member of staff, in the company's app."""

    name: str
    chat: Member

    async def types(self, text: str) -> None:
        """Types and sends."""
        await self.chat.types(text)

    async def sends_photo(self, content: bytes) -> None:
        """Sends a picture."""
        await self.chat.sends_photo(content)

    async def choices(self) -> Sequence[str]:
        """What the newest card or numbered list offers, by number."""
        for shown in reversed(self.chat.screen):
            if shown.options:
                return [*shown.buttons[:-1], *shown.options]
            if shown.buttons:
                return [_SHORTENED.sub("", one) for one in shown.buttons]
            listed = _NUMBERED.findall(shown.text)
            if listed:
                return listed
        return ()

    async def press(self, label: str) -> bool:
        """A button or an option of a card, else an entry of the app's menu."""
        for shown in reversed(self.chat.screen):
            for button in shown.buttons:
                if _SHORTENED.sub("", button).startswith(label):
                    await self.chat.presses(button)
                    return True
            if any(one.startswith(label) for one in shown.options):
                await self.chat.chooses(label, press=CHOOSE)
                return True
        if label in self.chat.menu:
            await self.chat.clicks_menu(label)
            return True
        return False


@dataclass
class Owner(WeComPerson):
    """An owner, in WeChat, writing to the 微信客服 account."""

    name: str
    chat: Customer

    async def types(self, text: str) -> None:
        """Types and sends."""
        await self.chat.types(text)

    async def sends_photo(self, content: bytes) -> None:
        """Sends a picture."""
        await self.chat.sends_photo(content)

    async def choices(self) -> Sequence[str]:
        """What the newest menu offers, by number."""
        for shown in reversed(self.chat.screen):
            numbered = [_NUMBERED.sub(r"\1", one) for one in shown.buttons if _NUMBERED.match(one)]
            if numbered:
                return numbered
        return ()

    async def press(self, label: str) -> bool:
        """The newest line of a menu that begins so."""
        for shown in reversed(self.chat.screen):
            if any(_NUMBERED.sub(r"\1", one).startswith(label) for one in shown.buttons):
                await self.chat.presses(label)
                return True
        return False


@contextlib.asynccontextmanager
async def opened(scene: Scene) -> AsyncIterator[Opened]:
    """The emulator, with an account for everybody in town."""
    async with WeComEmulator(now=scene.clock.now) as wecom:
        wecom.limits.per_minute = 10_000  # a story stands still in time; quotas have their tests
        moves = {
            key: ("wecom", key) if key in _WORKERS else ("wecom-kf", f"wm{key}@{wecom.kf}")
            for key in KEYS
        }
        await everybody_moves(scene.database, moves)
        settings = settings_for(wecom, callback_port=0)
        patience = Patience(farewell_s=1.0, look_again_s=3600.0)
        client = WeComClient(settings, patience)
        media = Media(client, patience)
        owners = WeComOwners(
            settings,
            client,
            media,
            ChannelMemory(scene.database, WeComOwners.name, scene.clock),
            scene.photos.keep,
            scene.clock.now,
            patience,
        )
        staff = WeComStaff(
            settings,
            client,
            media,
            ChannelMemory(scene.database, WeComStaff.name, scene.clock),
            scene.photos.keep,
            scene.clock.now,
            menu=staff_menu(Wording(), scene.clock.now()),
            kf_news=owners.news,
            patience=patience,
        )
        # A story has more messages a minute than a member may get; the quota is tested by itself.
        staff.limits = replace(WeComStaff.limits, quotas=())
        everybody: dict[str, Somebody] = {
            key: Colleague(key, wecom.member(key))
            if key in _WORKERS
            else Owner(key, wecom.customer(f"wm{key}"))
            for key in KEYS
        }

        async def people() -> dict[str, Somebody]:
            wecom.callback_url = f"http://127.0.0.1:{await staff.listening()}/"
            return everybody

        try:
            yield Opened((staff, owners), people)
        finally:
            await client.close()
        assert wecom.faults == []
