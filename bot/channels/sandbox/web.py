"""The page's server: its files, its state, one stream of news, and what a finger does."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal, TypeVar
from uuid import UUID

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.channels.base import Intake, KeepPhoto, Limits
from bot.channels.sandbox.guards import RefusedError, add_headers, only_this_page
from bot.channels.sandbox.history import Bubble, Content, Entry, History, Menu, Pressed
from bot.channels.sandbox.photos import find_photo
from bot.channels.sandbox.scene import Phone
from bot.channels.sandbox.talk import Talk, Turn
from bot.channels.sandbox.timepiece import Reading, Timepiece, month_end
from bot.channels.sandbox.upload import read_upload
from bot.channels.wecom.staff.app_menu import AppMenu
from bot.event import Command, Contact, Event, Photo, Press, Text, Trouble, Unusable, What

_PAGE = Path(__file__).parent / "page"
_TYPES = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}
_JSON_BYTES = 64 * 1024
_HEARTBEAT_S = 15.0
_PROGRESS_S = 0.25
"""How often an advance tells how far it is: often enough to be seen moving."""

Look = Literal["plain", "wecom"]
"""How the phones look: like any messenger, or as WeCom would show the same."""

_log = structlog.get_logger(__name__)
_M = TypeVar("_M", bound=BaseModel)


class _Posted(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _TextPost(_Posted):
    id: UUID
    text: str


class _PressPost(_Posted):
    """`ref` is the message the button is under; none for the app's own menu.

    `flashes`: the phone can flash a short word in answer, as WeCom's cannot.
    """

    id: UUID
    ref: str | None = Field(max_length=64)
    data: str
    flashes: bool = True


class _ContactPost(_Posted):
    id: UUID


class _ClockPost(_Posted):
    minutes: int | None = Field(default=None, ge=1, le=366 * 24 * 60)
    to: datetime | None = None
    month_end: bool = False


class _PhoneState(BaseModel):
    address: str
    title_zh: str
    title_en: str
    subtitle_zh: str
    subtitle_en: str
    role: str
    is_customer: bool
    bubbles: list[Bubble]
    menu: Menu
    turns: list[Turn]


class _State(BaseModel):
    """`bubbles` and `menu` are for the plain look, `turns` and `app_menu` for WeCom's."""

    journal: str
    seq: int
    look: Look
    app_menu: AppMenu
    clock: Reading
    text_limit: int
    caption_limit: int
    phones: list[_PhoneState]


class _Answer(BaseModel):
    toast: str | None


class Server:
    """Serves the page and turns what is done on it into events for the intake."""

    def __init__(
        self,
        *,
        phones: Sequence[Phone],
        app_menu: AppMenu,
        history: History,
        timepiece: Timepiece,
        keep_photo: KeepPhoto,
        photo_folder: Path,
        channel: str,
        limits: Limits,
        intake: Intake,
    ) -> None:
        self._phones: Mapping[str, Phone] = {phone.address: phone for phone in phones}
        self._app_menu = app_menu
        self._talks = {
            phone.address: Talk(history.screen(phone.address), is_customer=phone.is_customer)
            for phone in phones
        }
        self._history = history
        self._timepiece = timepiece
        self._keep_photo = keep_photo
        self._photo_folder = photo_folder
        self._channel = channel
        self._limits = limits
        self._intake = intake
        self._closing = False
        self._advances: set[asyncio.Task[str]] = set()

    def app(self) -> web.Application:
        """The routes, behind the guards."""
        app = web.Application(middlewares=[only_this_page], client_max_size=_JSON_BYTES)
        app.on_response_prepare.append(add_headers)
        app.add_routes(
            [
                web.get("/", _page_file("index.html")),
                *(web.get(f"/{file.name}", _page_file(file.name)) for file in _PAGE.iterdir()),
                web.get("/favicon.ico", _page_file("door.svg")),
                web.get("/api/state", self._state),
                web.get("/api/feed", self._feed),
                web.post("/api/clock", self._advance),
                web.post("/api/phones/{address}/text", self._text),
                web.post("/api/phones/{address}/press", self._press),
                web.post("/api/phones/{address}/contact", self._contact),
                web.post("/api/phones/{address}/photo", self._photo),
                web.get("/photo/{sha256}", self._show_photo),
            ]
        )
        return app

    async def close(self) -> None:
        """End the streams, so that the server need not wait for pages that stay open."""
        self._closing = True
        self._history.wake()
        for advance in self._advances:
            advance.cancel()

    # What the page is shown

    async def _state(self, request: web.Request) -> web.Response:
        look = _look(request)
        return _json(
            _State(
                journal=self._history.journal,
                seq=self._history.last,
                look=look,
                app_menu=self._app_menu,
                clock=self._timepiece.read(),
                text_limit=self._limits.text,
                caption_limit=self._limits.caption,
                phones=[self._phone_state(phone, look) for phone in self._phones.values()],
            )
        )

    def _phone_state(self, phone: Phone, look: Look) -> _PhoneState:
        screen = self._history.screen(phone.address)
        plain = look == "plain"
        return _PhoneState(
            address=phone.address,
            title_zh=phone.title_zh,
            title_en=phone.title_en,
            subtitle_zh=phone.subtitle_zh,
            subtitle_en=phone.subtitle_en,
            role=phone.role,
            is_customer=phone.is_customer,
            bubbles=list(screen.bubbles.values()) if plain else [],
            menu=screen.menu if plain else Menu(),
            turns=[] if plain else self._talks[phone.address].turns(),
        )

    async def _feed(self, request: web.Request) -> web.StreamResponse:
        """News after the number the page has seen: each once, in order, across reconnections."""
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        with self._history.watch() as wake:
            await response.prepare(request)
            with suppress(ConnectionResetError):  # the page was closed
                await response.write(b"retry: 1000\n\n")
                await self._stream(response, wake, self._seen_by(request), _look(request))
        return response

    async def _stream(
        self, response: web.StreamResponse, wake: asyncio.Event, seen: int | None, look: Look
    ) -> None:
        while not self._closing:
            wake.clear()
            entries = None if seen is None else self._history.since(seen)
            if entries is None:
                await response.write(_news("reset", "{}"))
                return
            for entry in entries:
                news = self._entry_news(entry, look)
                if news is not None:
                    await response.write(news)
                seen = entry.seq
            await response.write(_news("clock", self._timepiece.read().model_dump_json()))
            try:
                pause = _PROGRESS_S if self._timepiece.advancing else _HEARTBEAT_S
                # Not `wait_for`: woken and cancelled at one moment, it forgets the latter.
                async with asyncio.timeout(pause):
                    await wake.wait()
            except TimeoutError:
                continue

    def _entry_news(self, entry: Entry, look: Look) -> bytes | None:
        """An entry as that look shows it; None where it shows nothing."""
        if look == "plain":
            return None if isinstance(entry, Pressed) else _entry_news(entry)
        talk = self._talks.get(entry.phone)
        turn = talk.turn(entry.seq) if talk is not None else None
        return None if turn is None else _news("turned", turn.model_dump_json(), turn.seq)

    def _seen_by(self, request: web.Request) -> int | None:
        if request.query.get("journal") != self._history.journal:
            return None
        # After a break the browser says itself how far it had come; the address is older.
        seen = request.headers.get("Last-Event-ID") or request.query.get("after", "")
        return int(seen) if re.fullmatch(r"\d{1,15}", seen) else None

    async def _show_photo(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["sha256"]
        found = await asyncio.to_thread(find_photo, self._photo_folder, name)
        if found is None:
            raise RefusedError(404, "no-such-photo")
        path, kind = found
        headers = {
            "Content-Type": kind,
            "Cache-Control": "private, max-age=31536000, immutable",
        }
        return web.FileResponse(path, headers=headers)

    # What a finger does

    async def _text(self, request: web.Request) -> web.Response:
        phone = self._phone(request)
        posted = await _read(request, _TextPost)
        text = posted.text.strip()
        if not text:
            raise RefusedError(400, "empty")
        if len(text) > self._limits.text:
            raise RefusedError(413, "text-too-long")
        return await self._did(phone, posted.id, _words(text), shown=Content(text=text))

    async def _press(self, request: web.Request) -> web.Response:
        phone = self._phone(request)
        posted = await _read(request, _PressPost)
        if not self._is_on(phone, posted.ref, posted.data):
            raise RefusedError(404, "no-such-message")
        if len(posted.data.encode()) > self._limits.data_bytes:
            raise RefusedError(413, "data-too-long")
        pressed = Press(posted.data, posted.ref, flashes=posted.flashes)
        return await self._did(phone, posted.id, pressed)

    def _is_on(self, phone: Phone, ref: str | None, data: str) -> bool:
        """Whether the phone shows that message; without one, whether the app's menu has it."""
        if ref is not None:
            return ref in self._history.screen(phone.address).bubbles
        entries = [entry for group in self._app_menu for entry in group.entries]
        return not phone.is_customer and data in {entry.data for entry in entries}

    async def _contact(self, request: web.Request) -> web.Response:
        phone = self._phone(request)
        posted = await _read(request, _ContactPost)
        what = Contact(phone.number, own=True)
        return await self._did(
            phone, posted.id, what, shown=Content(text=phone.number, contact=True)
        )

    async def _photo(self, request: web.Request) -> web.Response:
        phone = self._phone(request)
        upload = await read_upload(request)
        if len(upload.caption) > self._limits.caption:
            raise RefusedError(413, "text-too-long")
        kept: str | Trouble = Trouble.PHOTO_TOO_LARGE
        if upload.photo is not None:
            kept = await self._keep_photo(upload.photo)
        if isinstance(kept, Trouble):
            shown = Content(text=upload.caption, broken=True)
            return await self._did(phone, upload.id, Unusable(kept), shown=shown)
        shown = Content(text=upload.caption, photos=(kept,))
        return await self._did(phone, upload.id, Photo(kept, upload.caption), shown=shown)

    async def _did(
        self, phone: Phone, action: UUID, what: What, *, shown: Content | None = None
    ) -> web.Response:
        """Hand on what was done, once its bubble is kept; answers after the commit.

        A repeat is handed on too, since the first try may have failed: its key lets the
        dispatcher drop it, and the bubble is not doubled.
        """
        key = f"{phone.address}:{action}"
        now = self._timepiece.now()
        event = Event(self._channel, key, phone.address, what, now, phone.language)
        try:
            if self._history.ref_of(key) is None:
                self._note(phone, event, shown)
        except OSError:
            raise RefusedError(503, "disk") from None
        try:
            receipt = await self._intake(event)
        except Exception as error:
            # Not taken in: the page is told, and tries again under the same key.
            _log.error("sandbox.intake_failed", error=type(error).__name__)
            raise RefusedError(503, "not-taken") from None
        return _json(_Answer(toast=receipt.toast))

    def _note(self, phone: Phone, event: Event, shown: Content | None) -> None:
        """Keep what was done where it is to be seen: a press is, on an owner's WeCom."""
        key, at = event.dedup, event.received_at
        if shown is not None:
            self._history.say(phone.address, shown, key=key, own=True, at=at)
            return
        match event.what:
            case Press(data, str(ref)) if phone.is_customer:
                choice = self._history.screen(phone.address).choice(ref, data)
                if choice is not None:
                    self._history.press(phone.address, ref, choice, key=key, at=at)

    async def _advance(self, request: web.Request) -> web.Response:
        to = self._target(await _read(request, _ClockPost))
        # Its own task: a page closed half-way must not stop the clock between two deadlines.
        advance: asyncio.Task[str] = asyncio.create_task(self._timepiece.advance(to))
        self._advances.add(advance)
        advance.add_done_callback(self._advances.discard)
        advance.add_done_callback(lambda _: self._history.wake())
        await asyncio.sleep(0)
        self._history.wake()
        outcome = await asyncio.shield(advance)
        if outcome != "done":
            raise RefusedError(500 if outcome == "failed" else 409, outcome)
        return _json(self._timepiece.read())

    def _target(self, posted: _ClockPost) -> timedelta | datetime:
        zone = self._timepiece.zone
        if posted.month_end:
            return month_end(self._timepiece.now(), zone)
        if posted.minutes is not None:
            return timedelta(minutes=posted.minutes)
        if posted.to is not None:
            return posted.to if posted.to.tzinfo else posted.to.replace(tzinfo=zone)
        raise RefusedError(400, "bad-request")

    def _phone(self, request: web.Request) -> Phone:
        phone = self._phones.get(request.match_info["address"])
        if phone is None:
            raise RefusedError(404, "no-such-phone")
        return phone


def _look(request: web.Request) -> Look:
    return "wecom" if request.query.get("look") == "wecom" else "plain"


def _words(text: str) -> Text | Command:
    command = re.fullmatch(r"/(\w{1,32})(?:\s+(.*))?", text, re.DOTALL)
    if command is None:
        return Text(text)
    return Command(command[1].lower(), (command[2] or "").strip())


async def _read(request: web.Request, kind: type[_M]) -> _M:
    # A form of another site can post no JSON without asking first, and we never say yes.
    if request.content_type != "application/json":
        raise RefusedError(415, "not-json")
    try:
        return kind.model_validate_json(await request.read())
    except web.HTTPRequestEntityTooLarge:
        raise RefusedError(413, "text-too-long") from None
    except ValidationError:
        raise RefusedError(400, "bad-request") from None


def _json(body: BaseModel) -> web.Response:
    return web.Response(text=body.model_dump_json(), content_type="application/json")


def _page_file(name: str) -> Handler:
    path = _PAGE / name
    kind = f"{_TYPES[path.suffix]}; charset=utf-8"

    async def serve(_request: web.Request) -> web.StreamResponse:
        headers = {"Content-Type": kind, "Cache-Control": "no-cache"}
        return web.FileResponse(path, headers=headers)

    return serve


def _entry_news(entry: Entry) -> bytes:
    return _news(entry.kind, entry.model_dump_json(exclude={"key", "kind"}), entry.seq)


def _news(name: str, data: str, seq: int | None = None) -> bytes:
    number = "" if seq is None else f"id: {seq}\n"
    return f"{number}event: {name}\ndata: {data}\n\n".encode()
