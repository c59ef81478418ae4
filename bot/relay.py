"""The relay alone talks to platforms: outbox → words → channel → outcome, in order per chat.

Each ready lane (one per chat) is leased, its head is sent, and the outcome is committed; then the
lane is free for its next message at the pace the platform bears. One slow chat holds up nobody:
deliveries run side by side. After a kill between sending and committing, a message goes out
again: at least once, never lost.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from time import monotonic

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
    Spoken,
    Unreachable,
    WindowClosed,
)
from bot.charts.studio import Draw
from bot.pace import Pace
from bot.wording import Wording
from services.clock import Clock, SystemClock
from services.messages import Chart, load_message
from storage import outbox, people
from storage.database import Database
from storage.records import OutboxState, Outgoing

log = structlog.get_logger()

AT_ONCE = 30
LEASE = timedelta(seconds=45)
"""Longer than a delivery takes; how long a chat waits for a process killed on PostgreSQL."""

SEND_TIMEOUT_S = 30.0
POLL_S = 0.5
LONGEST_BACK_OFF_S = 300.0

PATIENCE_S = 10.0
"""A message that must wait longer for its channel gives its lane back meanwhile: a delivery that
waits keeps a place from other channels, and one that outlasts the lease is sent twice."""

MOST_FAULTS = 8
"""After so many tries, a message at which a channel breaks down is taken to be the cause."""


class Relay:
    """Delivers what the outbox holds, for the channels it is given.

    `clock` tells the centre's time, for the words (今天, 明天); leases and pauses go by the
    `machine`'s own clock, so that a sandbox that jumps an hour ahead still paces truly. `draw`
    makes pictures of charts; without it, and where it fails, their words go out alone.
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
        draw: Draw | None = None,
        machine: Clock | None = None,
    ) -> None:
        self._database = database
        self._channels = channels
        self._wording = wording
        self._clock = clock
        self._name = name
        self._photo = photo
        self._draw = draw
        self._machine = machine or SystemClock()
        self._paces = {name: Pace(channel.limits) for name, channel in channels.items()}
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
                if not await self._look():
                    with contextlib.suppress(TimeoutError):
                        await asyncio.wait_for(self._news.wait(), POLL_S)
        finally:
            if self._under_way:
                await asyncio.wait(self._under_way, timeout=SEND_TIMEOUT_S)
            await self._database.write(partial(outbox.free_lanes, by=self._name))

    async def _look(self) -> bool:
        """Start what is ready; a database that cannot be reached just now has nothing ready."""
        try:
            return await self._start_ready()
        except Exception:
            log.exception("outbox-unreadable")
            await asyncio.sleep(POLL_S)
            return False

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
            partial(outbox.claim, by=self._name, now=self._machine.now(), lease=LEASE, most=room)
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
            pace = self._paces[letter.channel]
            wait = pace.wait(monotonic())
            if wait > PATIENCE_S:
                await self._database.write(partial(self._put_off, letter, wait))
                return
            await asyncio.sleep(pace.take(monotonic()))
            outcome = await self._send(channel, letter)
            if isinstance(outcome, Retry) and outcome.everyone:
                pace.hold(outcome.seconds, monotonic())
        await self._database.write(partial(self._settle, letter, outcome))
        if channel is not None and letter.fresh and isinstance(outcome, Delivered):
            await self._retire_old_face(channel, letter)

    async def _retire_old_face(self, channel: Channel, letter: Outgoing) -> None:
        """A card has moved to the foot of the chat: its old face keeps its words, not its buttons.

        Only for the eye, so it is tried once: an old button that stays gets a true answer anyway.
        """
        if letter.replaces is None:
            return
        old = await self._database.read(
            partial(outbox.face, endpoint_id=letter.endpoint_id, ref=letter.replaces)
        )
        message = load_message(old) if old else None
        if message is None or not message.rows:
            return
        bare = replace(message, rows=(), photos=())
        spoken = self._wording.speak(bare, letter.locale, self._clock.now(), self._photo)
        key = f"m{letter.id}-old"
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(SEND_TIMEOUT_S):
                await channel.send(Sending(letter.address, spoken, key, letter.replaces))

    async def _send(self, channel: Channel, letter: Outgoing) -> Outcome:
        try:
            message = load_message(letter.message)
            spoken = self._wording.speak(message, letter.locale, self._clock.now(), self._photo)
        except Exception:
            # Of whatever kind: what cannot be said now cannot be said later, and others wait.
            log.exception("no-words", letter=letter.id)
            return Rejected("no words for it")
        if message.chart is not None:
            spoken = await self._illustrated(spoken, message.chart, letter.locale)
        replaces = None if letter.fresh else letter.replaces
        sending = Sending(letter.address, spoken, key=f"m{letter.id}", replaces=replaces)
        try:
            async with asyncio.timeout(SEND_TIMEOUT_S):
                outcome = await channel.send(sending)
                if isinstance(outcome, CannotEdit):
                    outcome = await channel.send(replace(sending, replaces=None))
        except TimeoutError:
            return Retry(5.0, reason="no answer in time")
        except Exception as fault:
            log.exception("channel-fault", letter=letter.id, channel=letter.channel)
            if letter.attempts < MOST_FAULTS:
                return Retry(1.0, reason=type(fault).__name__)
            return Rejected(type(fault).__name__)
        return outcome

    async def _illustrated(self, spoken: Spoken, chart: Chart, locale: str) -> Spoken:
        """The same with a picture of the chart, drawn in the listener's language."""
        if self._draw is None:
            return spoken
        drawing = self._wording.drawing(chart, locale, self._clock.now())
        drawn = await self._draw(drawing)
        return spoken if drawn is None else replace(spoken, photos=(*spoken.photos, drawn))

    def _put_off(self, letter: Outgoing, wait: float, connection: Connection) -> None:
        """Free the lane until its channel may be spoken to again."""
        until = self._machine.now() + _pause(wait)
        outbox.free_lane(connection, letter.endpoint_id, by=self._name, not_before=until)

    def _settle(self, letter: Outgoing, outcome: Outcome, connection: Connection) -> None:
        """Commit what came of a delivery and free the lane."""
        now = free_at = self._machine.now()
        match outcome:
            case Delivered(ref):
                outbox.end(connection, letter, OutboxState.DELIVERED, at=now, ref=ref)
                if letter.card and ref:
                    outbox.show_card(connection, letter.endpoint_id, letter.card, ref, now)
                rest = self._paces[letter.channel].rest(letter.endpoint_id, monotonic())
                free_at += _pause(rest)
            case Retry(seconds, _, reason):
                outbox.count_attempt(connection, letter.id, reason)
                backed_off = min(2.0**letter.attempts, LONGEST_BACK_OFF_S)
                free_at += _pause(max(seconds, backed_off))
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
        at = self._machine.now()
        outbox.end(connection, letter, OutboxState.UNDELIVERABLE, at=at, error=reason[:200])
        if fall_back:
            outbox.fall_back(connection, letter, at=at)


def _pause(seconds: float) -> timedelta:
    """A pause of a lane; a longer one would be taken for that of a clock since set back."""
    return min(timedelta(seconds=seconds), outbox.LONGEST_PAUSE)
