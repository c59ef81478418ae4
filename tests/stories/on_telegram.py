"""The stories over the Telegram Bot API, by polling and by webhook."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace

from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.settings import Mode
from tests.emulators.telegram import TelegramEmulator
from tests.emulators.telegram_person import Person
from tests.stories.people import Somebody
from tests.stories.stage import KEYS, Opened, Scene, everybody_moves
from tests.telegram.conftest import HASTY
from tests.telegram.conftest import settings as settings_for
from tests.town import RESIDENTS


@dataclass
class TelegramUser(Somebody):
    """Somebody with Telegram; buttons may be named by how they begin."""

    name: str
    person: Person

    async def types(self, text: str) -> None:
        """Types and sends."""
        await self.person.types(text)

    async def sends_photo(self, content: bytes) -> None:
        """Sends a picture."""
        await self.person.sends_photo(content)

    async def texts(self) -> Sequence[str]:
        """Every message, captions too."""
        return [f"{one.text}{one.caption}" for one in self.person.chat]

    async def pictures(self) -> int:
        """Pictures from the bot."""
        return sum(one.from_bot and one.photo is not None for one in self.person.chat)

    async def choices(self) -> Sequence[str]:
        """The buttons of the newest message that has any."""
        return next((one.labels for one in reversed(self.person.chat) if one.labels), ())

    async def press(self, label: str) -> bool:
        """A button is tapped, a menu entry typed by the telephone itself."""
        whole = self._beginning_with(label)
        if whole is not None:
            await self.person.presses(whole)
        return whole is not None

    def _beginning_with(self, label: str) -> str | None:
        shown = [one for message in reversed(self.person.chat) for one in message.labels]
        entries = [entry for row in self.person.menu or [] for entry in row]
        return next((one for one in (*shown, *entries) if one.startswith(label)), None)


@contextlib.asynccontextmanager
async def opened(scene: Scene) -> AsyncIterator[Opened]:
    """The emulator, with an account for everybody in town."""
    numbers = {key: 1000 + place for place, key in enumerate(KEYS)}
    moves = {key: ("telegram", str(number)) for key, number in numbers.items()}
    await everybody_moves(scene.database, moves)
    async with TelegramEmulator() as emulator:
        webhook = scene.kind == "telegram-webhook"
        settings = settings_for(emulator, Mode.WEBHOOK if webhook else Mode.POLLING)
        channel = TelegramChannel(settings, scene.photos.keep, scene.clock.now, HASTY)
        # A story has more messages a second than a chat may get; the pace is tested by itself.
        channel.limits = replace(TelegramChannel.limits, chat_per_s=100.0, overall_per_s=1000.0)
        everybody: dict[str, Somebody] = {
            key: TelegramUser(key, emulator.person(key, number, phone=_phone_of(key)))
            for key, number in numbers.items()
        }

        async def people() -> dict[str, Somebody]:
            return everybody

        yield Opened((channel,), people)


def _phone_of(key: str) -> str:
    phones = {line[0]: line[3] for line in RESIDENTS}
    return f"+86{phones.get(key, '13800000000')}"
