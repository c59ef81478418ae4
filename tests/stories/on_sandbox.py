"""The stories on the sandbox's page, over its HTTP."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import aiohttp

from bot.channels.sandbox.channel import SandboxChannel
from bot.channels.sandbox.scene import Phone
from bot.channels.sandbox.settings import SandboxSettings
from tests.sandbox.hand import Hand
from tests.stories.people import Somebody
from tests.stories.stage import KEYS, Opened, Scene, everybody_moves
from tests.town import ZONE, FakeClock


class StillClock:
    """The test's clock as the page wants it; nobody pushes it from the page here."""

    def __init__(self, clock: FakeClock) -> None:
        self._clock = clock
        self.zone = ZoneInfo(ZONE)

    def now(self) -> datetime:
        """The test's time."""
        return self._clock.now()

    async def advance(self, by: timedelta) -> None:
        """Forward."""
        self._clock.step(by)

    async def advance_to(self, at: datetime) -> None:
        """Forward to a moment."""
        self._clock.at = at


@dataclass
class SandboxPerson(Somebody):
    """Somebody's telephone on the sandbox page."""

    hand: Hand
    name: str

    async def types(self, text: str) -> None:
        """Types and sends."""
        answer = await self.hand.types(self.name, text)
        assert answer.status == 200, answer

    async def sends_photo(self, content: bytes) -> None:
        """Sends a picture."""
        answer = await self.hand.sends_photo(self.name, content)
        assert answer.status == 200, answer

    async def texts(self) -> Sequence[str]:
        """Every bubble."""
        return (await self.hand.phone(self.name)).texts

    async def pictures(self) -> int:
        """Pictures in bubbles that are not the person's own."""
        bubbles = (await self.hand.phone(self.name)).bubbles
        return sum(len(one.content.photos) for one in bubbles if not one.own)

    async def choices(self) -> Sequence[str]:
        """The buttons of the newest bubble that has any."""
        for bubble in reversed((await self.hand.phone(self.name)).bubbles):
            if bubble.content.rows:
                return [button.label for row in bubble.content.rows for button in row]
        return ()

    async def press(self, label: str) -> bool:
        """A button is pressed, a menu entry typed."""
        shown = await self.hand.phone(self.name)
        if label in [entry for row in shown.menu.rows for entry in row]:
            await self.types(label)
            return True
        for bubble in reversed(shown.bubbles):
            for button in (one for row in bubble.content.rows for one in row):
                if button.label.startswith(label):
                    await self.hand.presses_old(self.name, bubble.ref, button.data)
                    return True
        return False


@contextlib.asynccontextmanager
async def opened(scene: Scene) -> AsyncIterator[Opened]:
    """The page, with a telephone for everybody in town."""
    channel = SandboxChannel(
        settings=SandboxSettings(port=0),
        phones=[Phone(key, key, key, "", "", "owner") for key in KEYS],
        keep_photo=scene.photos.keep,
        photo_folder=scene.photos.folder,
        clock=StillClock(scene.clock),
        journal=scene.folder / "sandbox.jsonl",
    )
    await everybody_moves(scene.database, {key: ("sandbox", key) for key in KEYS})
    async with aiohttp.ClientSession() as session:

        async def people() -> dict[str, Somebody]:
            hand = Hand(session, await channel.url())
            return {key: SandboxPerson(hand, key) for key in KEYS}

        yield Opened((channel,), people)
