"""Errands that several ask for at one moment, and that are run once for all of them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from functools import partial
from typing import Generic, TypeVar

T = TypeVar("T")


class Errands(Generic[T]):
    """Errands under way, by name. Who stops waiting stops it for nobody else."""

    def __init__(self) -> None:
        self._under_way: dict[Hashable, asyncio.Task[T]] = {}

    async def run(self, name: Hashable, errand: Callable[[], Coroutine[None, None, T]]) -> T:
        """What the errand of this name brings; one that is under way is joined. It may raise."""
        task = self._under_way.get(name)
        if task is None:
            task = self._under_way[name] = asyncio.create_task(errand())
            task.add_done_callback(partial(self._done, name))
        return await asyncio.shield(task)

    async def close(self) -> None:
        """Break off what is under way."""
        tasks = list(self._under_way.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _done(self, name: Hashable, task: asyncio.Task[T]) -> None:
        del self._under_way[name]
        if not task.cancelled():
            task.exception()  # nobody may be waiting for it any more
