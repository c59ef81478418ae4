"""Telegram's Bot API over real HTTP on this machine, with people who chat with the bot.

It refuses what Telegram refuses, in Telegram's words, so that a bot which passes here speaks the
Bot API and not the dialect of one library. Not played: markup (`parse_mode` is refused), groups,
inline mode, payments.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from io import BytesIO
from itertools import count
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from aiohttp import ClientError, ClientSession, ClientTimeout, web
from PIL import Image, UnidentifiedImageError

from tests.emulators.telegram_person import Message, Person, Tap, Update, labels
from tests.emulators.telegram_request import (
    Json,
    Markup,
    Parameters,
    Refused,
    Upload,
    bad_request,
    checked_caption,
    checked_markup,
    checked_text,
    length,
    read_parameters,
)

TOKEN = "700100200:emulated-token-of-nobody_0123456789"
SENT_AT = 1_770_000_000
"""The date of every message, in Unix seconds: nothing may depend on it."""

_KNOWN_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member", "chat_member")
_UNASKED_FOR = ("chat_member",)  # left out unless asked for by name
_ACTIONS = ("typing", "upload_photo", "upload_document", "find_location", "record_voice")
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_LARGEST_PHOTO = 10_000_000
_LARGEST_DOWNLOAD = 20_000_000


@dataclass(frozen=True)
class Fault:
    """What is done to a call instead of answering it.

    `after` first does what was asked: the answer alone is lost. `hangs` holds the call until the
    emulator stops, `drops` closes the connection.
    """

    status: int = 500
    body: str | bytes = "{}"
    hangs: bool = False
    drops: bool = False
    after: bool = False


def _error(refused: Refused) -> dict[str, Json]:
    answer: dict[str, Json] = {
        "ok": False,
        "error_code": refused.status,
        "description": refused.description,
    }
    if refused.retry_after is not None:
        answer["parameters"] = {"retry_after": refused.retry_after}
    return answer


def error(status: int, description: str, retry_after: int | None = None) -> Fault:
    """Any of Telegram's own errors."""
    return Fault(status, json.dumps(_error(Refused(status, description, retry_after))))


def flood(retry_after: int) -> Fault:
    """429: too many requests, for so many seconds."""
    return error(429, f"Too Many Requests: retry after {retry_after}", retry_after)


BREAKS = error(500, "Internal Server Error")
GATEWAY = Fault(502, "<html><h1>502 Bad Gateway</h1></html>")
GARBLED = Fault(502, b"\xff\xfe no text")
HANGS = Fault(hangs=True)
DROPS = Fault(drops=True)
ANSWER_LOST = Fault(drops=True, after=True)


@dataclass(frozen=True)
class Call:
    """One call the bot made, for a test to look into."""

    method: str
    parameters: Parameters


@dataclass
class _Webhook:
    url: str
    secret: str
    max_connections: int
    last_error: str | None = None


class TelegramEmulator:
    """One bot's account at Telegram. Use it as `async with TelegramEmulator() as telegram`."""

    def __init__(self, token: str = TOKEN, username: str = "doorstep_demo_bot") -> None:
        self.token = token
        self.username = username
        self.base_url = ""
        self.calls: list[Call] = []
        """Every call answered by this token, the oldest first, polls included."""
        self.commands: dict[str, Json] = {}
        self._me: dict[str, Json] = {
            "id": int(token.partition(":")[0]),
            "is_bot": True,
            "first_name": "到家",
            "username": username,
        }
        self._people: dict[int, Person] = {}
        self._files: dict[str, bytes] = {}
        self._faults: defaultdict[str, deque[Fault]] = defaultdict(deque)
        self._taps: dict[str, Tap] = {}
        self._pending: list[Update] = []
        self._held: list[Update] | None = None
        self._allowed: tuple[str, ...] = _default_updates()
        self._webhook: _Webhook | None = None
        self._deliveries: dict[int, asyncio.Task[None]] = {}
        self._poll = 0
        self._changed = asyncio.Condition()
        self._notices: set[asyncio.Task[None]] = set()
        self._stopping = asyncio.Event()
        self._update_ids = count(812_000_001)
        self._message_ids = count(1)
        self._names = count(1)
        self._runner: web.AppRunner | None = None
        self._session: ClientSession | None = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()

    async def start(self) -> None:
        """Listen on a free port of this machine; `base_url` then says where."""
        app = web.Application(client_max_size=60_000_000)
        app.router.add_get("/file/bot{token}/{name}", self._download)
        app.router.add_route("*", "/bot{token}/{method}", self._call)
        self._session = ClientSession(timeout=ClientTimeout(total=30))
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.base_url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        """End every poll and delivery, and stop listening."""
        self._stopping.set()
        self._announce()
        for delivery in self._deliveries.values():
            delivery.cancel()
        await asyncio.gather(*self._deliveries.values(), return_exceptions=True)
        if self._runner is not None:
            await self._runner.cleanup()
        if self._session is not None:
            await self._session.close()
        await asyncio.gather(*self._notices)

    # What a test does

    def person(
        self,
        name: str,
        person_id: int,
        *,
        language: str | None = "zh-hans",
        phone: str = "+8613800000000",
        stranger: bool = False,
    ) -> Person:
        """Somebody with Telegram; a `stranger` has never opened the chat, and cannot be written to
        before `starts()` or `types()`."""
        person = Person(self, name, person_id, language, phone)
        person.known = not stranger
        self._people[person_id] = person
        return person

    def fails(self, method: str, fault: Fault, times: int = 1) -> None:
        """The next so many calls of this method meet this fault."""
        self._faults[method.lower()].extend([fault] * times)

    def calls_of(self, method: str) -> list[Parameters]:
        """The parameters of every call of this method so far."""
        return [call.parameters for call in self.calls if call.method == method.lower()]

    def hold(self) -> None:
        """Keep back all updates from now on, until `release`."""
        self._held = []

    def release(self, *, backwards: bool = False) -> None:
        """Let the held updates go, the last first if `backwards`."""
        held = self._held or []
        self._held = None
        for update in reversed(held) if backwards else held:
            self._queue(update)

    async def redeliver(self, update: Update, *, wait: bool = True) -> None:
        """Bring an update once more, as after an acknowledgement that got lost."""
        update.again, update.shown = True, False
        update.acknowledged.clear()
        self._queue(update)
        if wait:
            async with asyncio.timeout(10):
                await update.acknowledged.wait()

    def push(self, chat_id: int, kind: str, payload: dict[str, Json]) -> Update:
        """Put any update on its way, such as one from a group or of a kind nobody knows yet."""
        update = Update(next(self._update_ids), chat_id, kind, payload)
        if kind in _KNOWN_UPDATES and kind not in self._allowed:
            update.acknowledged.set()
        elif self._held is not None:
            self._held.append(update)
        else:
            self._queue(update)
        return update

    def expire_taps(self) -> None:
        """Let every tap so far grow too old to be answered."""
        self._taps.clear()

    @property
    def pending(self) -> list[int]:
        """The numbers of the updates the bot has not acknowledged."""
        return [update.update_id for update in self._pending]

    # What a person does (the Exchange of telegram_person)

    def post(self, person: Person, content: dict[str, Json]) -> Update:
        person.known = True
        message = Message(next(self._message_ids), person.id, from_bot=False)
        message.text = str(content.get("text", ""))
        message.wire = {
            "message_id": message.message_id,
            "from": _user(person),
            "chat": _chat(person),
            "date": SENT_AT,
            **content,
        }
        person.chat.append(message)
        return self.push(person.id, "message", message.wire)

    def tap(self, person: Person, message: Message, data: str) -> Tap:
        query_id = str(4_000_000_000 + next(self._names))
        query: dict[str, Json] = {
            "id": query_id,
            "from": _user(person),
            "message": self._wire(person, message),
            "chat_instance": f"c{person.id}",
            "data": data,
        }
        tap = Tap(query_id, self.push(person.id, "callback_query", query))
        self._taps[query_id] = tap
        return tap

    def membership(self, person: Person, status: str) -> Update | None:
        old = "member" if status == "kicked" else "kicked"
        change: dict[str, Json] = {
            "chat": _chat(person),
            "from": _user(person),
            "date": SENT_AT,
            "old_chat_member": self._member(old),
            "new_chat_member": self._member(status),
        }
        return self.push(person.id, "my_chat_member", change)

    def store(self, content: bytes) -> str:
        file_id = f"file{next(self._names)}"
        self._files[file_id] = content
        return file_id

    # The way of an update to the bot

    def _queue(self, update: Update) -> None:
        self._pending.append(update)
        self._announce()

    def _announce(self) -> None:
        self._in_background(self._notify())
        if self._webhook is None or self._stopping.is_set():
            return
        for chat_id in {update.chat_id for update in self._pending}:
            if chat_id not in self._deliveries or self._deliveries[chat_id].done():
                self._deliveries[chat_id] = asyncio.create_task(self._deliver(chat_id))

    async def _notify(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    def _in_background(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._notices.add(task)
        task.add_done_callback(self._notices.discard)

    async def _deliver(self, chat_id: int) -> None:
        """One chat's updates to the webhook, in order, each until it is taken."""
        while self._webhook is not None and (update := self._first_of(chat_id)) is not None:
            if await self._knock(self._webhook, update):
                self._confirm(update)
            else:
                await asyncio.sleep(0.02)

    def _first_of(self, chat_id: int) -> Update | None:
        return next((update for update in self._pending if update.chat_id == chat_id), None)

    async def _knock(self, webhook: _Webhook, update: Update) -> bool:
        assert self._session is not None
        headers = {"X-Telegram-Bot-Api-Secret-Token": webhook.secret} if webhook.secret else {}
        try:
            async with self._session.post(webhook.url, json=update.wire, headers=headers) as answer:
                if answer.ok:
                    return True
                webhook.last_error = f"Wrong response from the webhook: {answer.status}"
        except (ClientError, TimeoutError) as fault:
            webhook.last_error = f"Connection failed: {type(fault).__name__}"
        return False

    def _confirm(self, update: Update) -> None:
        self._pending.remove(update)
        update.acknowledged.set()

    # HTTP

    async def _download(self, request: web.Request) -> web.StreamResponse:
        if request.match_info["token"] != self.token:
            return web.json_response(_error(Refused(401, "Unauthorized")), status=401)
        spoilt = await self._spoil("download", request)
        if spoilt is not None:
            return spoilt
        file_id = request.match_info["name"].partition(".")[0]
        if file_id not in self._files:
            return web.json_response(_error(Refused(404, "Not Found")), status=404)
        return web.Response(body=self._files[file_id])

    async def _call(self, request: web.Request) -> web.StreamResponse:
        token, method = request.match_info["token"], request.match_info["method"].lower()
        try:
            if not re.fullmatch(r"[0-9]+:[A-Za-z0-9_-]+", token):
                raise Refused(404, "Not Found")
            if token != self.token:
                raise Refused(401, "Unauthorized")
            if method not in _METHODS:
                raise Refused(404, "Not Found: method not found")
            parameters = await read_parameters(request)
            self.calls.append(Call(method, parameters))
            spoilt = await self._spoil(method, request, parameters)
            if spoilt is not None:
                return spoilt
            result = await _METHODS[method](self, parameters)
        except Refused as refused:
            return web.json_response(_error(refused), status=refused.status)
        return web.json_response({"ok": True, "result": result})

    async def _spoil(
        self, method: str, request: web.Request, parameters: Parameters | None = None
    ) -> web.StreamResponse | None:
        if not self._faults[method]:
            return None
        fault = self._faults[method].popleft()
        if fault.after and parameters is not None:
            await _METHODS[method](self, parameters)
        if fault.hangs:
            await self._stopping.wait()
        if fault.drops or fault.hangs:
            if request.transport is not None:
                request.transport.abort()
            return web.Response(status=500)
        body = fault.body.encode() if isinstance(fault.body, str) else fault.body
        return web.Response(status=fault.status, body=body, content_type="application/json")

    # The methods of the Bot API

    async def _get_me(self, _: Parameters) -> Json:
        return {**self._me, "can_join_groups": False, "supports_inline_queries": False}

    async def _get_updates(self, parameters: Parameters) -> Json:
        if self._webhook is not None:
            raise Refused(
                409,
                "Conflict: can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first",
            )
        offset = parameters.integer("offset", 0)
        limit = parameters.integer("limit", 100)
        if not 1 <= limit <= 100:
            limit = 100
        timeout_s = min(max(parameters.integer("timeout", 0), 0), 50)
        self._allow(parameters)
        self._poll += 1
        mine = self._poll
        await self._notify()  # an older poll is told that it has been ended
        self._confirm_before(offset)
        await self._wait_for_updates(mine, timeout_s)
        if self._poll != mine:
            raise Refused(
                409,
                "Conflict: terminated by other getUpdates request; "
                "make sure that only one bot instance is running",
            )
        shown = self._pending[:limit]
        for update in shown:
            update.shown = True
        return [update.wire for update in shown]

    async def _wait_for_updates(self, mine: int, timeout_s: int) -> None:
        def over() -> bool:
            return bool(self._pending) or self._poll != mine or self._stopping.is_set()

        try:
            async with asyncio.timeout(timeout_s), self._changed:
                await self._changed.wait_for(over)
        except TimeoutError:
            return

    def _confirm_before(self, offset: int) -> None:
        if offset < 0:
            keep = self._pending[offset:]
            confirmed = [update for update in self._pending if update not in keep]
        else:
            confirmed = [
                update
                for update in self._pending
                if update.update_id < offset and (update.shown or not update.again)
            ]
        for update in confirmed:
            self._confirm(update)

    def _allow(self, parameters: Parameters) -> None:
        asked = parameters.strings("allowed_updates")
        if asked is not None:  # otherwise the previous choice stays
            self._allowed = tuple(asked) or _default_updates()

    async def _set_webhook(self, parameters: Parameters) -> Json:
        url, secret = parameters.text("url"), parameters.text("secret_token")
        if not url:
            return await self._delete_webhook(parameters)
        parts = urlsplit(url)
        # A Bot API server of one's own, which this plays, calls plain http on its own machine.
        if parts.scheme != "https" and parts.hostname != "127.0.0.1":
            raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
        if secret and not _SECRET.fullmatch(secret):
            raise bad_request("secret token contains unallowed characters")
        self._allow(parameters)
        self._drop_if_asked(parameters)
        self._webhook = _Webhook(url, secret, parameters.integer("max_connections", 40))
        self._announce()
        return True

    async def _delete_webhook(self, parameters: Parameters) -> Json:
        self._drop_if_asked(parameters)
        self._webhook = None
        return True

    def _drop_if_asked(self, parameters: Parameters) -> None:
        if parameters.flag("drop_pending_updates"):
            for update in list(self._pending):
                self._confirm(update)

    async def _get_webhook_info(self, _: Parameters) -> Json:
        info: dict[str, Json] = {
            "url": "",
            "has_custom_certificate": False,
            "pending_update_count": len(self._pending),
        }
        if self._webhook is not None:
            info["url"] = self._webhook.url
            info["max_connections"] = self._webhook.max_connections
            info["allowed_updates"] = list(self._allowed)
            if self._webhook.last_error is not None:
                info["last_error_date"] = SENT_AT
                info["last_error_message"] = self._webhook.last_error
        return info

    async def _send_message(self, parameters: Parameters) -> Json:
        person = self._recipient(parameters)
        text, markup = checked_text(parameters), checked_markup(parameters)
        message = self._new_message(person, parameters, markup)
        message.text = text
        return self._show(person, message)

    async def _send_photo(self, parameters: Parameters) -> Json:
        person = self._recipient(parameters)
        photo = self._photo(parameters.file(parameters.values.get("photo"), "photo"))
        caption = checked_caption(parameters.text("caption"))
        message = self._new_message(person, parameters, checked_markup(parameters))
        message.photo, message.caption = photo, caption
        return self._show(person, message)

    async def _send_media_group(self, parameters: Parameters) -> Json:
        person = self._recipient(parameters)
        media = parameters.structure("media")
        if not isinstance(media, list) or not 2 <= len(media) <= 10:
            raise bad_request("group send failed: 2-10 media are expected")
        album = str(next(self._names))
        messages = []
        for item in media:
            if not isinstance(item, dict) or item.get("type") != "photo":
                raise bad_request("media of this type are not played here")
            message = self._new_message(person, parameters, Markup())
            message.photo = self._photo(parameters.file(item.get("media"), "media"))
            message.caption = checked_caption(str(item.get("caption", "")))
            message.album = album
            messages.append(message)
        return [self._show(person, message) for message in messages]

    async def _edit_message_text(self, parameters: Parameters) -> Json:
        person, message = self._editable(parameters)
        text, markup = checked_text(parameters), checked_markup(parameters)
        if message.photo is not None:
            raise bad_request("there is no text in the message to edit")
        return self._change(person, message, text, markup)

    async def _edit_message_reply_markup(self, parameters: Parameters) -> Json:
        person, message = self._editable(parameters)
        return self._change(person, message, message.text, checked_markup(parameters))

    def _change(self, person: Person, message: Message, text: str, markup: Markup) -> Json:
        if markup.menu is not None or markup.removes_menu:
            raise bad_request("inline keyboard expected")
        inline = markup.inline or []
        if (message.text, message.inline) == (text, inline):
            raise bad_request(
                "message is not modified: specified new message content and reply markup are "
                "exactly the same as a current content and reply markup of the message"
            )
        message.text, message.inline = text, inline
        message.revision += 1
        self._in_background(person.notice())
        return self._wire(person, message)

    async def _delete_message(self, parameters: Parameters) -> Json:
        person = self._recipient(parameters)
        message = _found(person, parameters.integer("message_id", 0))
        if message is None:
            raise bad_request("message to delete not found")
        person.chat.remove(message)
        return True

    async def _answer_callback_query(self, parameters: Parameters) -> Json:
        text = parameters.text("text")
        if length(text) > 200:
            raise bad_request("MESSAGE_TOO_LONG")
        tap = self._taps.pop(parameters.text("callback_query_id"), None)
        if tap is None:
            raise bad_request(
                "query is too old and response timeout expired or query ID is invalid"
            )
        tap.toast, tap.alert = text or None, parameters.flag("show_alert")
        tap.answered.set()
        return True

    async def _get_file(self, parameters: Parameters) -> Json:
        file_id = parameters.text("file_id")
        if file_id not in self._files:
            raise bad_request("wrong file_id or the file is temporarily unavailable")
        size = len(self._files[file_id])
        if size > _LARGEST_DOWNLOAD:
            raise bad_request("file is too big")
        return {
            "file_id": file_id,
            "file_unique_id": f"u{file_id}",
            "file_size": size,
            "file_path": f"{file_id}.jpg",
        }

    async def _set_my_commands(self, parameters: Parameters) -> Json:
        commands = parameters.structure("commands")
        if not isinstance(commands, list) or len(commands) > 100:
            raise bad_request("can't parse commands: expected an Array of BotCommand")
        for command in commands:
            name = command.get("command") if isinstance(command, dict) else None
            said = command.get("description") if isinstance(command, dict) else None
            if not isinstance(name, str) or not _COMMAND.fullmatch(name.removeprefix("/")):
                raise bad_request("BOT_COMMAND_INVALID")
            if not isinstance(said, str) or not 1 <= length(said) <= 256:
                raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
        self.commands[parameters.text("language_code")] = commands
        return True

    async def _get_my_commands(self, parameters: Parameters) -> Json:
        return self.commands.get(parameters.text("language_code"), [])

    async def _send_chat_action(self, parameters: Parameters) -> Json:
        self._recipient(parameters)
        if parameters.text("action") not in _ACTIONS:
            raise bad_request("wrong parameter action in request")
        return True

    # What the methods share

    def _recipient(self, parameters: Parameters) -> Person:
        chat_id = parameters.text("chat_id")
        if not chat_id:
            raise bad_request("chat_id is empty")
        person = self._people.get(int(chat_id)) if re.fullmatch(r"-?\d+", chat_id) else None
        if person is None:
            raise bad_request("chat not found")
        if person.deactivated:
            raise Refused(403, "Forbidden: user is deactivated")
        if person.blocked:
            raise Refused(403, "Forbidden: bot was blocked by the user")
        if not person.known:
            raise Refused(403, "Forbidden: bot can't initiate conversation with a user")
        return person

    def _editable(self, parameters: Parameters) -> tuple[Person, Message]:
        person = self._recipient(parameters)
        message_id = parameters.integer("message_id", 0)
        if message_id <= 0:
            raise bad_request("message identifier is not specified")
        message = _found(person, message_id)
        if message is None:
            raise bad_request("message to edit not found")
        # A message that brought a menu cannot be edited, as little as a person's own.
        if not message.from_bot or message.menu is not None or message.menu_removed:
            raise bad_request("message can't be edited")
        return person, message

    def _new_message(self, person: Person, parameters: Parameters, markup: Markup) -> Message:
        return Message(
            next(self._message_ids),
            person.id,
            from_bot=True,
            inline=markup.inline or [],
            menu=markup.menu,
            menu_removed=markup.removes_menu,
            silent=parameters.flag("disable_notification"),
        )

    def _show(self, person: Person, message: Message) -> Json:
        if message.menu is not None:
            person.menu = labels(message.menu)
        elif message.menu_removed:
            person.menu = []
        person.chat.append(message)
        self._in_background(person.notice())
        return self._wire(person, message)

    def _photo(self, source: Upload | str) -> bytes:
        if isinstance(source, str):
            if source not in self._files:
                raise bad_request("wrong remote file identifier specified: Wrong string length")
            return self._files[source]
        if len(source.content) > _LARGEST_PHOTO:
            raise Refused(413, "Request Entity Too Large")
        try:
            with Image.open(BytesIO(source.content)) as image:
                width, height = image.size
        except (UnidentifiedImageError, OSError):
            raise bad_request("IMAGE_PROCESS_FAILED") from None
        if width + height > 10_000 or max(width, height) > 20 * min(width, height):
            raise bad_request("PHOTO_INVALID_DIMENSIONS")
        return source.content

    def _wire(self, person: Person, message: Message) -> dict[str, Json]:
        wire: dict[str, Json] = {
            "message_id": message.message_id,
            "from": self._me,
            "chat": _chat(person),
            "date": SENT_AT,
        }
        if message.edited:
            wire["edit_date"] = SENT_AT
        if message.inline:
            wire["reply_markup"] = {"inline_keyboard": message.inline}
        if message.album is not None:
            wire["media_group_id"] = message.album
        if message.photo is None:
            return {**wire, "text": message.text}
        if message.caption:
            wire["caption"] = message.caption
        file_id = self.store(message.photo)
        size: dict[str, Json] = {"file_id": file_id, "file_unique_id": f"u{file_id}"}
        size |= {"width": 800, "height": 600, "file_size": len(message.photo)}
        return {**wire, "photo": [size]}

    def _member(self, status: str) -> Json:
        member: dict[str, Json] = {"user": self._me, "status": status}
        return {**member, "until_date": 0} if status == "kicked" else member


_Method = Callable[[TelegramEmulator, Parameters], Awaitable[Json]]

_METHODS: dict[str, _Method] = {
    "getme": TelegramEmulator._get_me,
    "getupdates": TelegramEmulator._get_updates,
    "setwebhook": TelegramEmulator._set_webhook,
    "deletewebhook": TelegramEmulator._delete_webhook,
    "getwebhookinfo": TelegramEmulator._get_webhook_info,
    "sendmessage": TelegramEmulator._send_message,
    "sendphoto": TelegramEmulator._send_photo,
    "sendmediagroup": TelegramEmulator._send_media_group,
    "editmessagetext": TelegramEmulator._edit_message_text,
    "editmessagereplymarkup": TelegramEmulator._edit_message_reply_markup,
    "deletemessage": TelegramEmulator._delete_message,
    "answercallbackquery": TelegramEmulator._answer_callback_query,
    "getfile": TelegramEmulator._get_file,
    "setmycommands": TelegramEmulator._set_my_commands,
    "getmycommands": TelegramEmulator._get_my_commands,
    "sendchataction": TelegramEmulator._send_chat_action,
}


def _default_updates() -> tuple[str, ...]:
    return tuple(kind for kind in _KNOWN_UPDATES if kind not in _UNASKED_FOR)


def _found(person: Person, message_id: int) -> Message | None:
    return next((each for each in person.chat if each.message_id == message_id), None)


def _user(person: Person) -> dict[str, Json]:
    user: dict[str, Json] = {"id": person.id, "is_bot": False, "first_name": person.name}
    return user if person.language is None else {**user, "language_code": person.language}


def _chat(person: Person) -> dict[str, Json]:
    return {"id": person.id, "type": "private", "first_name": person.name}
