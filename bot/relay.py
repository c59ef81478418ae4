"""The relay alone talks to platforms: outbox → words → channel → outcome, in order per chat.

Each ready lane (one per chat) is leased, its head is sent, and the outcome is committed; then the
lane is free for its next message at the pace the platform bears. One slow chat holds up nobody:
deliveries run side by side. After a kill between sending and committing, a message goes out
again: at least once, never lost. Alerts that wait behind one another go out as one list.
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

from bot import news, parcels
from bot.channels.base import (
    CannotEdit,
    Channel,
    Delivered,
    Outcome,
    Rejected,
    Retry,
    Sending,
    Silenced,
    Spoken,
    Unreachable,
    WindowClosed,
)
from bot.charts.studio import Draw
from bot.leave import Elsewhere, Go, Hold, Leave, leave_for
from bot.pace import Pace, quota_wait
from bot.parcels import Parcel
from bot.wording import Wording
from services import briefs
from services.clock import Clock, SystemClock
from services.messages import Chart, Message, dump_message, load_message
from storage import outbox, people, windows
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

MOST_JOINED = 10
"""So many waiting messages are looked at where several are to be said in one."""

MOST_FAULTS = 8
"""After so many tries, a message at which a channel breaks down is taken to be the cause."""


_MOMENT = timedelta(seconds=1)


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
        self._apart: set[int] = set()  # of lists that a platform refused: these go one by one

    def wake(self) -> None:
        """Something was queued: look at once instead of at the next poll."""
        self._news.set()

    async def run(self) -> None:
        """Deliver until cancelled; then finish what is being sent and give back the leases."""
        try:
            while True:
                self._news.clear()
                if not await self._look():
                    # Not `wait_for`: woken and cancelled at one moment, it forgets the latter.
                    with contextlib.suppress(TimeoutError):
                        async with asyncio.timeout(POLL_S):
                            await self._news.wait()
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
            await self._database.write(partial(self._settle, parcels.alone(letter), outcome))
            return
        quota, pace = await self._quota_wait(letter, channel), self._paces[letter.channel]
        wait = pace.wait(monotonic())
        if quota > 0 or wait > PATIENCE_S:
            await self._database.write(partial(self._put_off, letter, max(quota, wait)))
            return
        await asyncio.sleep(pace.take(monotonic()))
        leave = await self._leave(letter, channel)
        if not isinstance(leave, Go):
            await self._database.write(partial(self._not_here, letter, channel))
            return
        outcome = await self._send(channel, leave)
        if isinstance(outcome, Retry) and outcome.everyone:
            pace.hold(outcome.seconds, monotonic())
        await self._database.write(partial(self._settle, leave.parcel, outcome))
        if isinstance(outcome, Delivered):
            await self._retire_old_face(channel, leave.parcel)

    async def _quota_wait(self, letter: Outgoing, channel: Channel) -> float:
        """How long the chat must wait under the platform's quotas, counted over restarts."""
        quotas, now = channel.limits.quotas, self._machine.now()
        if not quotas:
            return 0.0
        sent = await self._database.read(
            partial(
                outbox.sent_since,
                endpoint_id=letter.endpoint_id,
                since=now - timedelta(seconds=max(quota.seconds for quota in quotas)),
                most=max(quota.messages for quota in quotas),
            )
        )
        parts = parcels.parts_of(letter)
        return max(quota_wait(quota, sent, now, parts) for quota in quotas)

    async def _leave(self, letter: Outgoing, channel: Channel) -> Leave:
        """What may be sent now, with what waits behind it."""
        if letter.has_window:
            return await self._database.read(partial(self._leave_in_window, letter, channel))
        parcel = parcels.alone(letter)
        if parcel.may_be_listed:
            parcel = await self._with_what_waits_behind(parcel, channel)
        return Go(parcel)

    def _leave_in_window(self, letter: Outgoing, channel: Channel, connection: Connection) -> Leave:
        waiting = outbox.waiting_in(connection, letter.endpoint_id, MOST_JOINED)
        if len(waiting) == MOST_JOINED and not any(one.essential for one in waiting):
            waiting += outbox.first_essential(connection, letter.endpoint_id)
        fits = partial(self._fits, letter, channel)
        return leave_for(waiting or [letter], self._clock.now(), fits, self._apart)

    def _fits(self, letter: Outgoing, channel: Channel, message: Message) -> bool:
        """Whether a message made of several would still be one on the platform."""
        spoken = self._spoken(message, letter, channel)
        if spoken is None:
            return False
        has_buttons = spoken.rows or spoken.menu
        return len(spoken.text) <= (channel.limits.caption if has_buttons else channel.limits.text)

    def _not_here(self, letter: Outgoing, channel: Channel, connection: Connection) -> None:
        """Hold the chat back, or find another way for one of its messages.

        Read anew within the unit: what was queued or done meanwhile may have changed it.
        """
        outbox.lock_lane(connection, letter.endpoint_id)
        leave = self._leave_in_window(letter, channel, connection)
        now = self._machine.now()
        held, free_at = False, now
        match leave:
            case Hold(until):
                held, free_at = True, now + outbox.LONGEST_PAUSE
                if until is not None:
                    free_at = min(free_at, now + max(until - self._clock.now(), _MOMENT))
            case Elsewhere(one):
                self._end_unsaid(connection, one, "window closed", fall_back=True)
        outbox.free_lane(
            connection, letter.endpoint_id, by=self._name, not_before=free_at, held=held
        )

    async def _with_what_waits_behind(self, parcel: Parcel, channel: Channel) -> Parcel:
        """The first of what waits in this chat: a list as long as its message may be, if any."""
        lane = parcel.head.endpoint_id
        waiting = await self._database.read(partial(outbox.waiting_in, lane=lane, most=briefs.MOST))
        # Nothing waits where our lease ended meanwhile, and another process has sent it.
        parcel = parcels.first_of(waiting, self._apart) if waiting else parcel
        while parcel.is_list and self._is_too_long(parcel, channel):
            parcel = parcels.half_of(parcel)
        return parcel

    def _is_too_long(self, parcel: Parcel, channel: Channel) -> bool:
        spoken = self._spoken(parcel.message, parcel.head, channel)
        return spoken is not None and len(spoken.text) > channel.limits.text

    async def _retire_old_face(self, channel: Channel, parcel: Parcel) -> None:
        """A card has moved to the foot of the chat: its old face keeps its words, not its buttons.

        Only for the eye, so it is tried once: an old button that stays gets a true answer anyway.
        """
        letter = parcel.head
        if not parcel.is_alone or not letter.fresh or letter.replaces is None:
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

    async def _send(self, channel: Channel, go: Go) -> Outcome:
        parcel = go.parcel
        letter = parcel.head
        spoken = self._spoken(parcel.message, letter, channel)
        if spoken is None:
            return Rejected("no words for it", sayable=False)
        chart = parcel.message.chart if parcel.message is not None else None
        if chart is not None:
            spoken = await self._illustrated(spoken, chart, letter.locale)
        replaces = letter.replaces if letter.is_edit and parcel.is_alone else None
        sending = Sending(letter.address, spoken, parcel.key, replaces, go.most)
        try:
            async with asyncio.timeout(SEND_TIMEOUT_S):
                outcome = await channel.send(sending)
                if isinstance(outcome, CannotEdit) and not letter.mirror:
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

    def _spoken(self, message: Message | None, letter: Outgoing, channel: Channel) -> Spoken | None:
        """A message in the listener's language; None where it has no words."""
        try:
            if message is None:
                raise ValueError("unreadable")
            locale, now = letter.locale, self._clock.now()
            choices = channel.limits.choices
            return self._wording.speak(message, locale, now, self._photo, choices)
        except Exception:
            # Of whatever kind: what cannot be said now cannot be said later, and others wait.
            log.exception("no-words", letter=letter.id)
            return None

    def _put_off(self, letter: Outgoing, wait: float, connection: Connection) -> None:
        """Free the lane until its channel may be spoken to again."""
        until = self._machine.now() + _pause(wait)
        outbox.free_lane(connection, letter.endpoint_id, by=self._name, not_before=until)

    def _settle(self, parcel: Parcel, outcome: Outcome, connection: Connection) -> None:
        """Commit what came of a delivery and free the lane."""
        letter = parcel.head
        now = free_at = self._machine.now()
        match outcome:
            case Delivered(ref, parts):
                self._delivered(connection, parcel, ref, parts)
                rest = self._paces[letter.channel].rest(letter.endpoint_id, monotonic())
                free_at += _pause(rest)
            case Retry(seconds, _, reason):
                for one in parcel.letters:
                    outbox.count_attempt(connection, one.id, reason)
                backed_off = min(2.0**letter.attempts, LONGEST_BACK_OFF_S)
                free_at += _pause(max(seconds, backed_off))
            case Unreachable(reason):
                people.unreachable(connection, letter.endpoint_id, now)
                self._give_up(connection, parcel, reason or "unreachable", fall_back=True)
            case WindowClosed() | Silenced():
                self._learn(connection, letter, outcome)
            case Rejected():
                log.error("message-rejected", letter=letter.id, reason=outcome.reason)
                self._reject(connection, parcel, outcome)
            case CannotEdit():
                # A face in a chat where nobody acted: that it is old is said when it is pressed.
                self._give_up(connection, parcel, "cannot edit", fall_back=False)
        outbox.free_lane(connection, letter.endpoint_id, by=self._name, not_before=free_at)

    def _learn(
        self, connection: Connection, letter: Outgoing, outcome: WindowClosed | Silenced
    ) -> None:
        """The platform knows better than our books; by these, the next look finds what to do."""
        now, endpoint_id = self._clock.now(), letter.endpoint_id
        if isinstance(outcome, Silenced):
            windows.silence(connection, endpoint_id, now)
        elif windows.ends(connection, endpoint_id) != letter.window_until:
            return  # while we spoke the person wrote: there is another window by now
        elif outcome.spent:
            windows.is_spent(connection, endpoint_id, now)
        else:
            windows.closes(connection, endpoint_id, now)

    def _delivered(
        self, connection: Connection, parcel: Parcel, ref: str | None, parts: int
    ) -> None:
        """A list is no card's face: the next edit of one in it comes as a message of its own."""
        letter, now = parcel.head, self._machine.now()
        if letter.has_window:
            windows.spends(connection, letter.endpoint_id, parts)
        if parcel.is_alone or parcel.message is None:
            self._apart.discard(letter.id)
            outbox.end(connection, letter, OutboxState.DELIVERED, at=now, ref=ref, parts=parts)
        else:
            words = dump_message(parcel.message)
            outbox.end_together(connection, parcel.letters, words, at=now, ref=ref, parts=parts)
        if letter.has_window and ref:
            news.lost_early(connection, letter.channel, letter.endpoint_id, ref, self._clock.now())
        for one in parcel.letters:
            if one.card and ref and not parcel.is_list:
                outbox.show_card(connection, one.endpoint_id, one.card, ref, now)

    def _reject(self, connection: Connection, parcel: Parcel, rejected: Rejected) -> None:
        """Several that a platform refuses go out one by one: most are no fault of it.

        What one platform refuses, another may take, and customer service can say.
        """
        if not parcel.is_alone:
            self._apart.update(letter.id for letter in parcel.letters)
        else:
            self._give_up(connection, parcel, rejected.reason, fall_back=rejected.sayable)

    def _give_up(
        self, connection: Connection, parcel: Parcel, reason: str, *, fall_back: bool
    ) -> None:
        """End what this chat cannot carry; another way is found for each where there is one."""
        for letter in parcel.letters:
            self._apart.discard(letter.id)
            self._end_unsaid(connection, letter, reason, fall_back=fall_back)

    def _end_unsaid(
        self, connection: Connection, letter: Outgoing, reason: str, *, fall_back: bool
    ) -> None:
        """Once only: a relay whose lease ran out meanwhile must not ask for a second call."""
        at, unsaid = self._machine.now(), OutboxState.UNDELIVERABLE
        is_first = outbox.end(connection, letter, unsaid, at=at, error=reason[:200])
        if is_first and fall_back:
            # What follows is of the centre's time, as the letter was.
            outbox.fall_back(connection, letter, at=self._clock.now())


def _pause(seconds: float) -> timedelta:
    """A pause of a lane; a longer one would be taken for that of a clock since set back."""
    return min(timedelta(seconds=seconds), outbox.LONGEST_PAUSE)
