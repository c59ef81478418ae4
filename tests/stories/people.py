"""A person with a telephone, whatever is on it: types, presses, picks by number, looks."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Sequence

PATIENCE_S = 15.0
_LOOK_AGAIN_S = 0.02


class Somebody(ABC):
    """What each platform's people can do; the waiting is the same for all."""

    name: str

    @abstractmethod
    async def types(self, text: str) -> None:
        """Types and sends."""

    @abstractmethod
    async def sends_photo(self, content: bytes) -> None:
        """Sends a picture."""

    @abstractmethod
    async def texts(self) -> Sequence[str]:
        """Every message on the telephone, oldest first."""

    @abstractmethod
    async def pictures(self) -> int:
        """How many pictures we have sent to this telephone."""

    @abstractmethod
    async def choices(self) -> Sequence[str]:
        """What the newest message that offers anything offers, in the order of its numbers."""

    @abstractmethod
    async def press(self, label: str) -> bool:
        """Press the newest button or menu entry that begins so; False where there is none."""

    async def presses(self, label: str) -> None:
        """Waits for a button or a menu entry that begins so, and presses it."""
        if not await self._until(lambda: self.press(label)):
            raise AssertionError(f"{self.name} never had {label!r}: {await self.texts()}")

    async def picks(self, label: str) -> None:
        """Waits for a choice that begins so, and types its number."""
        if not await self._until(lambda: self._picked(label)):
            raise AssertionError(f"{self.name} could not pick {label!r}: {await self.choices()}")

    async def sees(self, words: str) -> None:
        """Waits until a message says so."""
        if not await self._until(lambda: self._says(words)):
            raise AssertionError(f"{self.name} never saw {words!r}, but {await self.texts()}")

    async def sees_pictures(self, count: int) -> None:
        """Waits until so many pictures have come."""

        async def enough() -> bool:
            return await self.pictures() >= count

        if not await self._until(enough):
            raise AssertionError(f"{self.name} has {await self.pictures()} pictures")

    async def _picked(self, label: str) -> bool:
        for number, choice in enumerate(await self.choices(), 1):
            if choice.startswith(label):
                await self.types(str(number))
                return True
        return False

    async def _says(self, words: str) -> bool:
        return any(words in text for text in await self.texts())

    async def _until(self, look: Callable[[], Awaitable[bool]]) -> bool:
        loop = asyncio.get_running_loop()
        end = loop.time() + PATIENCE_S
        while not await look():
            if loop.time() > end:
                return False
            await asyncio.sleep(_LOOK_AGAIN_S)
        return True
