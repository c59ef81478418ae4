"""The composition root: from settings to a running house."""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
import socket
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import structlog
from filelock import FileLock, Timeout
from sqlalchemy import Connection

from bot import house, logs
from bot.channels.base import Channel
from bot.channels.wecom.settings import WeComSettings
from bot.charts.studio import Studio
from bot.demo import DEMO_PHONES, DEMO_ZONE, load_demo
from bot.event import Command, Event
from bot.house import House
from bot.memory import ChannelMemory
from bot.photos import PhotoStore
from bot.sandbox_clock import SandboxClock
from bot.settings import Settings
from bot.staff_menu import staff_menu
from bot.wording import Wording
from schedules.turning import keep_turning
from services import staffing
from services.clock import Clock, SteadyClock
from services.desk import Desk
from storage import deadlines
from storage.database import Database, open_database
from storage.migrate import upgrade

log = structlog.get_logger()

FAREWELL_S = 10.0
"""How long the house waits at its end for what is under way; the books keep what is left."""


class AlreadyRunning(RuntimeError):
    """Another process runs on this data folder."""


async def run(settings: Settings) -> None:
    """Run until told to stop (SIGINT, SIGTERM); then finish what is under way.

    Raises:
        AlreadyRunning: another process has the data folder.
    """
    logs.set_up(settings.log.level, as_json=settings.log.format == "json")
    folder = settings.data.folder
    folder.mkdir(parents=True, exist_ok=True)
    async with AsyncExitStack() as stack:
        alone = settings.database.url.startswith("sqlite")
        if alone:
            _lock(folder, stack)
        database = open_database(settings.database.url)
        stack.push_async_callback(database.close)
        await database.migrate(upgrade)
        machine = SteadyClock()
        clock = _clock(settings, machine)
        photos = PhotoStore(folder / "photos", max_bytes=settings.photos.max_bytes)
        studio = Studio(photos.keep_drawing)
        stack.push_async_callback(studio.close)
        if settings.sandbox is not None:
            await database.write(lambda connection: load_demo(Desk(connection, clock.now())))
        channels = _channels(settings, photos, clock)
        if settings.wecom is not None:
            await database.write(lambda connection: _enlist(connection, clock))
            channels |= _wecom(settings.wecom, database, photos, clock, stack)
        for channel in channels.values():
            stack.push_async_callback(channel.close)
        built = house.build(
            database,
            channels,
            clock,
            name=f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(2)}",
            photo=photos.path,
            company=settings.standard,
            draw=studio.picture,
            machine=machine,
        )
        if alone:
            await built.take_over()
        if isinstance(clock, SandboxClock):
            _drive(clock, built)
            await _open_chats(built, clock)
        await _serve(built, channels)


def _lock(folder: Path, stack: AsyncExitStack) -> None:
    """One process on an embedded database: leases of a killed one may then be taken at once."""
    lock = FileLock(folder / "doorstep.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise AlreadyRunning(str(folder)) from None
    stack.callback(lock.release)


def _clock(settings: Settings, machine: Clock) -> Clock:
    """The centre's time: the machine's, unless a sandbox pushes it ahead."""
    if settings.sandbox is None:
        return machine
    return SandboxClock(settings.data.folder / "sandbox-clock.txt", ZoneInfo(DEMO_ZONE), machine)


def _channels(settings: Settings, photos: PhotoStore, clock: Clock) -> dict[str, Channel]:
    """The channels that are configured; what a channel needs is imported only with it."""
    channels: dict[str, Channel] = {}
    if settings.telegram is not None:
        from bot.channels.telegram.channel import TelegramChannel  # 100 MB, only where wanted

        channels["telegram"] = TelegramChannel(settings.telegram, photos.keep, clock.now)
    if settings.sandbox is not None and isinstance(clock, SandboxClock):
        from bot.channels.sandbox.channel import SandboxChannel

        channels["sandbox"] = SandboxChannel(
            settings=settings.sandbox,
            phones=DEMO_PHONES,
            keep_photo=photos.keep,
            photo_folder=photos.folder,
            clock=clock,
            journal=settings.data.folder / "sandbox.jsonl",
            app_menu=staff_menu(Wording(), clock.now()),
        )
    return channels


def _enlist(connection: Connection, clock: Clock) -> None:
    """A company's app may write first: colleagues are told of jobs before they ever write."""
    staffing.enlist(Desk(connection, clock.now()), "wecom")


def _wecom(
    settings: WeComSettings,
    database: Database,
    photos: PhotoStore,
    clock: Clock,
    stack: AsyncExitStack,
) -> dict[str, Channel]:
    """WeCom's two channels: colleagues in the app and, where there is an account, owners.

    They share the client, and the server that WeCom calls.
    """
    from bot.channels.wecom.api.client import WeComClient  # cryptography, only where wanted
    from bot.channels.wecom.api.media import Media
    from bot.channels.wecom.owners.channel import WeComOwners
    from bot.channels.wecom.staff.channel import WeComStaff

    client = WeComClient(settings)
    media = Media(client)
    stack.push_async_callback(client.close)
    stack.push_async_callback(media.close)
    owners = WeComOwners(
        settings,
        client,
        media,
        ChannelMemory(database, WeComOwners.name, clock),
        photos.keep,
        clock.now,
    )
    staff = WeComStaff(
        settings,
        client,
        media,
        ChannelMemory(database, WeComStaff.name, clock),
        photos.keep,
        clock.now,
        menu=staff_menu(Wording(), clock.now()),
        kf_news=owners.news,
    )
    return {staff.name: staff, **({owners.name: owners} if settings.kf_accounts else {})}


def _drive(clock: SandboxClock, built: House) -> None:
    """Let the sandbox's clock step through what falls due, and wait for what that says."""

    async def settle() -> None:
        await built.crank.once()  # it may plan what is due already
        while await built.sweep.once():
            pass
        await built.relay.deliver_waiting()

    clock.drive(partial(built.database.read, deadlines.next_due), settle)


async def _open_chats(built: House, clock: Clock) -> None:
    """Everybody on the sandbox page has opened the chat once, so that menus stand there."""
    for phone in DEMO_PHONES:
        opened = Event(
            "sandbox",
            f"opened:{phone.address}",
            phone.address,
            Command("start"),
            clock.now(),
            phone.language,
        )
        await built.dispatcher.take(opened)


async def _serve(built: House, channels: dict[str, Channel]) -> None:
    """Run channels, relay and schedule until a signal; a channel that fails ends it all."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    relay = asyncio.create_task(built.relay.run())
    taking = [asyncio.create_task(one.run(built.dispatcher.take)) for one in channels.values()]
    turning = keep_turning(built.sweep, built.crank)
    log.info("running", channels=sorted(channels))
    stopped = asyncio.create_task(stop.wait())
    try:
        done, _ = await asyncio.wait([stopped, relay, *taking], return_when=asyncio.FIRST_COMPLETED)
        for task in done - {stopped}:
            task.result()
    finally:
        running = [*turning, *taking, stopped, relay]
        for task in running:
            task.cancel()
        # Bounded: a driver cut off in the middle of a statement may never answer again.
        _, late = await asyncio.wait(running, timeout=FAREWELL_S)
        if late:
            log.warning("farewell-cut-short", tasks=sorted(task.get_name() for task in late))
        log.info("stopped")
