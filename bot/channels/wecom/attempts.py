"""Deliveries under way: what of them has been tried, and whether it may have arrived."""

from __future__ import annotations

import asyncio
import secrets
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from bot.channels.base import Memory
from bot.channels.wecom.api.errors import WeComError
from bot.event import Note

_KEPT = 1000
"""Deliveries remembered that are not done; of older ones a repeat begins anew."""

INSTALL = "install"


@dataclass(slots=True)
class Attempt:
    """A delivery that is being tried. `doubtful`: for all we know, the last request may have been
    done."""

    doubtful: bool = field(default=False, kw_only=True)

    @contextmanager
    def doubt(self) -> Iterator[None]:
        """While a request is under way, and once it was cut off, nobody knows if it was done."""
        before = self.doubtful
        self.doubtful = True
        try:
            yield
        except WeComError as error:
            self.doubtful = before or error.maybe_done
            raise
        self.doubtful = False


K = TypeVar("K", bound=Hashable)
A = TypeVar("A", bound=Attempt)


class UnderWay(Generic[K, A]):
    """The attempts whose outcome is not known: a try that is broken off is gone on with."""

    def __init__(self) -> None:
        self._attempts: OrderedDict[K, A] = OrderedDict()

    def of(self, key: K, begin: Callable[[], A]) -> A:
        """The attempt of this name, begun if there is none."""
        attempt = self._attempts.get(key) or self._attempts.setdefault(key, begin())
        if len(self._attempts) > _KEPT:
            self._attempts.popitem(last=False)
        return attempt

    def over(self, key: K) -> None:
        """Its outcome is known."""
        self._attempts.pop(key, None)


class Install:
    """What the names of this installation's messages begin with, so that they differ from those of
    another under the same app or account; drawn once and kept."""

    def __init__(self, memory: Memory, drawn_bytes: int) -> None:
        self._memory = memory
        self._drawn_bytes = drawn_bytes
        self._drawing = asyncio.Lock()
        self._name: str | None = None

    async def name(self) -> str:
        """The same for ever, and for all processes on one database."""
        async with self._drawing:
            if self._name is None:
                if await self._memory.recall(INSTALL) is None:
                    await self._memory.keep(Note(INSTALL, secrets.token_hex(self._drawn_bytes)))
                self._name = await self._memory.recall(INSTALL) or ""
            return self._name
