"""The relay alone talks to platforms: outbox → words → channel → outcome, in order per chat.

Each ready lane (one per chat) is leased, its head is sent, and the outcome is committed; then the
lane is free for its next message at the pace the platform bears. One slow chat holds up nobody:
deliveries run side by side. After a kill between sending and committing, a message goes out
again: at least once, never lost.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import structlog
from sqlalchemy import Connection

from bot.channels.base import (
    CannotEdit,
    Channel,
    Delivered,
    Outcome,
    Rejected,
    Retry,
    Sending,
    Unreachable,
    WindowClosed,
)
from bot.wording import Wording
from services.clock import Clock
from services.messages import load_message
from storage import outbox, people
from storage.database import Database
from storage.records import OutboxState, Outgoing

log = structlog.get_logger()

AT_ONCE = 30
LEASE = timedelta(seconds=90)
SEND_TIMEOUT_S = 60.0
POLL_S = 0.5
LONGEST_BACK_OFF_S = 300.0


class Relay:
    """Delivers what the outbox holds, for the channels it is given.

    `clock` tells the centre's time, for the words (今天, 明天); leases and pauses go by the
    machine's own clock, so that a sandbox that jumps an hour ahead still paces truly.
    """

    def __init__(
        self,
        database: Database,
        channels: Mapping[str, Channel],
        wording: Wording,
        clock: Clock,
        *,
        name: str,
        photo: Callable[[str], Path],
    ) -> None:
        self._database = database
        self._channels = channels
        self._wording = wording
        self._clock = clock
        self._name = name
        self._photo = photo
        self._paces = {name: _Pace(channel) for name, channel in channels.items()}
        self._news = asyncio.Event()
        self._under_way: set[asyncio.Task[None]] = set()

    def wake(self) -> None:
        """Something was queued: look at once instead of at the next poll."""
        self._news.set()

    async def run(self) -> None:
        """Deliver until cancelled; then finish what is being sent and give back the leases."""
        try:
            while True:
                self._news.clear()
                if not await self._start_ready():
                    with contextlib.suppress(TimeoutError):
                        await asyncio.wait_for(self._news.wait(), POLL_S)
        finally:
            if self._under_way:
                await asyncio.wait(self._under_way, timeout=SEND_TIMEOUT_S)
            await self._database.write(partial(outbox.free_lanes, by=self._name))

    async def deliver_waiting(self) -> None:
        """Deliver until no lane is ready any more (pauses and back-offs are not waited for)."""
        busy = True
        while busy:
            # What was under way may end while we look, and leave its lane ready behind our back.
            busy = bool(self._under_way)
            busy = await self._start_ready() or busy
            if self._under_way:
                await asyncio.wait(self._under_way, return_when=asyncio.FIRST_COMPLETED)

    async def _start_ready(self) -> bool:
        """Start a delivery for each ready lane there is room for; whether there was any."""
        room = AT_ONCE - len(self._under_way)
        if room <= 0:
            await asyncio.wait(self._under_way, return_when=asyncio.FIRST_COMPLETED)
            return True
        letters = await self._database.write(
            partial(outbox.claim, by=self._name, now=_now(), lease=LEASE, most=room)
        )
        for letter in letters:
            task = asyncio.create_task(self._deliver(letter))
            self._under_way.add(task)
            task.add_done_callback(self._finished)
        return bool(letters)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        self._news.set()
        if not task.cancelled() and task.exception() is not None:
            # The lane's lease runs out and the message is tried again.
            log.error("delivery-failed", exc_info=task.exception())

    async def _deliver(self, letter: Outgoing) -> None:
        channel = self._channels.get(letter.channel)
        if channel is None:
            outcome: Outcome = Retry(LONGEST_BACK_OFF_S, reason="channel not running")
        else:
            outcome = await self._send(channel, letter)
        await self._database.write(partial(self._settle, letter, outcome))

    async def _send(self, channel: Channel, letter: Outgoing) -> Outcome:
        message = load_message(letter.message)
        try:
            spoken = self._wording.speak(message, letter.locale, self._clock.now(), self._photo)
        except LookupError:
            log.exception("no-words", letter=letter.id)
            return Rejected("no words for it")
        replaces = None if message.fresh or message.photos else letter.replaces
        sending = Sending(letter.address, spoken, key=f"m{letter.id}", replaces=replaces)
        await self._paces[letter.channel].turn()
        try:
            async with asyncio.timeout(SEND_TIMEOUT_S):
                outcome = await channel.send(sending)
                if isinstance(outcome, CannotEdit):
                    outcome = await channel.send(replace(sending, replaces=None))
        except TimeoutError:
            outcome = Retry(5.0, reason="no answer in time")
        if isinstance(outcome, Retry) and outcome.everyone:
            self._paces[letter.channel].hold(outcome.seconds)
        return outcome

    def _settle(self, letter: Outgoing, outcome: Outcome, connection: Connection) -> None:
        """Commit what came of a delivery and free the lane."""
        now, free_at = _now(), _now()
        match outcome:
            case Delivered(ref):
                outbox.end(connection, letter, OutboxState.DELIVERED, at=now, ref=ref)
                if letter.card and ref:
                    outbox.show_card(connection, letter.endpoint_id, letter.card, ref, now)
                free_at += self._paces[letter.channel].rest(letter.endpoint_id)
            case Retry(seconds, _, reason):
                outbox.count_attempt(connection, letter.id, reason)
                backed_off = min(2.0**letter.attempts, LONGEST_BACK_OFF_S)
                free_at += timedelta(seconds=max(seconds, backed_off))
            case Unreachable(reason):
                people.unreachable(connection, letter.endpoint_id, now)
                self._give_up(connection, letter, reason or "unreachable", fall_back=True)
            case WindowClosed():
                self._give_up(connection, letter, "window closed", fall_back=True)
            case Rejected(reason):
                log.error("message-rejected", letter=letter.id, reason=reason)
                self._give_up(connection, letter, reason, fall_back=False)
            case CannotEdit():
                self._give_up(connection, letter, "cannot edit", fall_back=False)
        outbox.free_lane(connection, letter.endpoint_id, by=self._name, not_before=free_at)

    def _give_up(
        self, connection: Connection, letter: Outgoing, reason: str, *, fall_back: bool
    ) -> None:
        """End a message that this chat cannot carry; another way is found where there is one."""
        at = _now()
        outbox.end(connection, letter, OutboxState.UNDELIVERABLE, at=at, error=reason[:200])
        if fall_back:
            outbox.fall_back(connection, letter, at=at, tried=reason.split(" ")[0])


def _now() -> datetime:
    return datetime.now(UTC)


class _Pace:
    """How fast one platform may be spoken to: overall, and per chat after a short burst."""

    def __init__(self, channel: Channel) -> None:
        self._limits = channel.limits
        self._next = 0.0
        self._chats: dict[int, tuple[float, float]] = {}

    async def turn(self) -> None:
        """Wait for this message's turn under the overall limit."""
        now = time.monotonic()
        at = max(now, self._next)
        self._next = at + 1 / self._limits.overall_per_s
        if at > now:
            await asyncio.sleep(at - now)

    def hold(self, seconds: float) -> None:
        """The platform wants silence from all of us for so long."""
        self._next = max(self._next, time.monotonic() + seconds)

    def rest(self, chat: int) -> timedelta:
        """How long a chat must rest after a message: nothing while its burst lasts."""
        now = time.monotonic()
        left, since = self._chats.get(chat, (float(self._limits.chat_burst), now))
        left = min(self._limits.chat_burst, left + (now - since) * self._limits.chat_per_s) - 1
        self._chats[chat] = (left, now)
        if len(self._chats) > 10_000:
            self._chats = {one: kept for one, kept in self._chats.items() if now - kept[1] < 60}
        return timedelta(seconds=max(0.0, -left) / self._limits.chat_per_s)
