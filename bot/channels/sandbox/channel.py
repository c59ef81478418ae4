"""The sandbox as a channel: plays the platform for every phone on the page."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import structlog
from aiohttp import web

from bot.channels.base import (
    CannotEdit,
    Delivered,
    Intake,
    KeepPhoto,
    Limits,
    Outcome,
    Rejected,
    Retry,
    Sending,
    Spoken,
    Unreachable,
)
from bot.channels.sandbox.history import Content, History, Label, Menu
from bot.channels.sandbox.photos import photo_name
from bot.channels.sandbox.scene import ClockControl, Phone
from bot.channels.sandbox.settings import SandboxSettings, loopback_address
from bot.channels.sandbox.timepiece import Timepiece
from bot.channels.sandbox.web import Server
from bot.channels.wecom.staff.app_menu import AppMenu

_log = structlog.get_logger(__name__)

_DISK_RETRY_S = 5.0
_GOODBYE_S = 2.0
"""How long an open request may still take when the server stops."""


class SandboxChannel:
    """A chat platform of our own on one local page; see `Channel` for what the methods promise.

    `photo_folder` holds pictures named by their SHA-256, where `keep_photo` puts them. `journal`
    is the file that keeps what the phones show; without it they begin empty. `app_menu` stands at
    the foot of the staff's phones where these look like WeCom's. Raises `JournalDamagedError` if
    the journal is something else.
    """

    name = "sandbox"
    # Telegram's sizes, so that what fits here fits there; a pace no hand can reach.
    limits = Limits(
        text=4096,
        caption=1024,
        label=64,
        data_bytes=64,
        overall_per_s=1000.0,
        chat_per_s=200.0,
        chat_burst=200,
    )

    def __init__(
        self,
        *,
        settings: SandboxSettings,
        phones: Sequence[Phone],
        keep_photo: KeepPhoto,
        photo_folder: Path,
        clock: ClockControl,
        journal: Path,
        app_menu: AppMenu = (),
    ) -> None:
        addresses = [phone.address for phone in phones]
        if len(set(addresses)) != len(addresses):
            raise ValueError("two phones on the page have the same address")
        self._settings = settings
        self._phones = tuple(phones)
        self._app_menu = app_menu
        self._addresses = frozenset(addresses)
        self._keep_photo = keep_photo
        self._photo_folder = photo_folder
        self._timepiece = Timepiece(clock)
        self._history = History(journal)
        self._listening = asyncio.Event()
        self._url = ""

    async def url(self) -> str:
        """The page's address in a browser, once it is being served."""
        await self._listening.wait()
        return self._url

    async def run(self, intake: Intake) -> None:
        """Serve the page until cancelled.

        Raises `NotLoopbackError` if the host has come to mean another machine, `OSError` if the
        port is taken.
        """
        host = await asyncio.to_thread(loopback_address, self._settings.host, self._settings.port)
        server = Server(
            phones=self._phones,
            app_menu=self._app_menu,
            history=self._history,
            timepiece=self._timepiece,
            keep_photo=self._keep_photo,
            photo_folder=self._photo_folder,
            channel=self.name,
            limits=self.limits,
            intake=intake,
        )
        runner = web.AppRunner(server.app(), access_log=None, shutdown_timeout=_GOODBYE_S)
        await runner.setup()
        try:
            site = web.TCPSite(runner, host, self._settings.port)
            await site.start()
            self._announce(host, runner)
            await asyncio.Event().wait()
        finally:
            self._listening.clear()
            await server.close()
            await runner.cleanup()

    async def send(self, sending: Sending) -> Outcome:
        """Put one message on a phone, or edit one there; a repeated key changes nothing."""
        if sending.address not in self._addresses:
            return Unreachable("no phone on the page has this address")
        earlier = self._history.ref_of(sending.key)
        if earlier is not None:
            return Delivered(earlier)
        fault = _fault(sending.spoken, self.limits)
        if fault is not None:
            return Rejected(fault)
        if sending.replaces is not None and not self._has(sending.address, sending.replaces):
            return CannotEdit()
        try:
            return Delivered(self._show(sending))
        except OSError:
            return Retry(_DISK_RETRY_S, everyone=True, reason="the journal cannot be written")

    async def close(self) -> None:
        """Bring the journal to the disk; the server ends with `run`."""
        await asyncio.to_thread(self._history.close)

    def _has(self, address: str, ref: str) -> bool:
        return ref in self._history.screen(address).bubbles

    def _show(self, sending: Sending) -> str:
        spoken, address, key = sending.spoken, sending.address, sending.key
        content, menu, at = _content(spoken), _menu(spoken), self._timepiece.now()
        if sending.replaces is not None:
            self._history.edit(address, sending.replaces, content, key=key, at=at, menu=menu)
            return sending.replaces
        return self._history.say(
            address, content, key=key, own=False, at=at, menu=menu, silent=spoken.silent
        )

    def _announce(self, host: str, runner: web.AppRunner) -> None:
        port = runner.addresses[0][1]
        self._url = f"http://{f'[{host}]' if ':' in host else host}:{port}/"
        self._listening.set()
        _log.info("sandbox.serving", url=self._url)


def _content(spoken: Spoken) -> Content:
    return Content(
        text=spoken.text,
        photos=tuple(name for path in spoken.photos if (name := photo_name(path))),
        rows=tuple(
            tuple(
                Label(label=button.label, data=button.data, number=button.number) for button in row
            )
            for row in spoken.rows
        ),
        choose=spoken.labels.choose,
        closed=spoken.labels.closed,
    )


def _menu(spoken: Spoken) -> Menu | None:
    if spoken.menu is None and spoken.ask_contact is None:
        return None
    return Menu(rows=spoken.menu or (), ask_contact=spoken.ask_contact)


def _fault(spoken: Spoken, limits: Limits) -> str | None:
    """Why a platform with these limits would refuse the message, if it would."""
    if not spoken.text and not spoken.photos:
        return "the message is empty"
    if len(spoken.text) > (limits.caption if spoken.photos else limits.text):
        return "the text is too long"
    if any(photo_name(path) is None for path in spoken.photos):
        return "a photo is not named by its SHA-256"
    if spoken.rows and (spoken.menu is not None or spoken.ask_contact is not None):
        return "a message has buttons or a menu, never both"
    return _button_fault(spoken, limits)


def _button_fault(spoken: Spoken, limits: Limits) -> str | None:
    buttons = [button for row in spoken.rows for button in row]
    labels = [button.label for button in buttons]
    labels += [label for row in spoken.menu or () for label in row]
    labels += [spoken.ask_contact] if spoken.ask_contact is not None else []
    if any(not 0 < len(label) <= limits.label for label in labels):
        return "a button's label is empty or too long"
    if any(not 0 < len(button.data.encode()) <= limits.data_bytes for button in buttons):
        return "a button's data is empty or too long"
    return None
