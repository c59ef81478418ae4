"""A person with Telegram on a phone: reads the chat with the bot, types, presses, sends photos."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Protocol

from tests.emulators.telegram_request import Json

PATIENCE_S = 10.0
"""How long a person waits for the bot before the test is given up, in seconds."""


@dataclass
class Message:
    """A message in the chat, as the phone shows it; `revision` counts its edits."""

    message_id: int
    chat_id: int
    from_bot: bool
    text: str = ""
    caption: str = ""
    photo: bytes | None = None
    inline: list[Json] = field(default_factory=list)
    menu: list[Json] | None = None
    menu_removed: bool = False
    album: str | None = None
    silent: bool = False
    revision: int = 0
    wire: dict[str, Json] = field(default_factory=dict)

    @property
    def edited(self) -> bool:
        return self.revision > 0

    @property
    def buttons(self) -> list[list[str]]:
        """The labels of the buttons under the message, by row."""
        return _labels(self.inline)

    @property
    def labels(self) -> list[str]:
        """The labels of all buttons under the message."""
        return [label for row in self.buttons for label in row]

    def data_of(self, label: str) -> str | None:
        """What the button of this label carries; None if there is no such button."""
        for row in self.inline:
            for button in row if isinstance(row, list) else []:
                if isinstance(button, dict) and button.get("text") == label:
                    return str(button.get("callback_data"))
        return None


@dataclass
class Update:
    """One update on its way to the bot; `acknowledged` is set once the bot has taken it."""

    update_id: int
    chat_id: int
    kind: str
    payload: dict[str, Json]
    acknowledged: asyncio.Event = field(default_factory=asyncio.Event)
    # A redelivered update comes whatever the offset, and is confirmed only after it was shown.
    again: bool = False
    shown: bool = False

    @property
    def wire(self) -> dict[str, Json]:
        return {"update_id": self.update_id, self.kind: self.payload}


@dataclass
class Tap:
    """A pressed button whose spinner turns until the bot answers."""

    query_id: str
    update: Update
    answered: asyncio.Event = field(default_factory=asyncio.Event)
    toast: str | None = None
    alert: bool = False

    async def ends(self, timeout_s: float = PATIENCE_S) -> str | None:
        """The word flashed when the spinner stops; None if it stops without one."""
        async with asyncio.timeout(timeout_s):
            await self.answered.wait()
        return self.toast


class Exchange(Protocol):
    """What a person needs of the platform."""

    def post(self, person: Person, content: dict[str, Json]) -> Update:
        """Put a message of this person into the chat, and its update on the way."""
        ...

    def tap(self, person: Person, message: Message, data: str) -> Tap:
        """Put a tap on the way."""
        ...

    def membership(self, person: Person, status: str) -> Update | None:
        """Tell the bot that this person blocked it or lets it speak again."""
        ...

    def store(self, content: bytes) -> str:
        """Keep a file; returns its identifier."""
        ...


class Person:
    """Someone who chats with the bot in private.

    Whatever a person does, the method returns once the bot has acknowledged the update (a
    TimeoutError after ten seconds otherwise); with `wait=False` it returns at once.
    """

    def __init__(
        self, exchange: Exchange, name: str, person_id: int, language: str | None, phone: str
    ) -> None:
        self.name = name
        self.id = person_id
        self.language = language
        self.phone = phone
        self.known = True
        self.blocked = False
        self.deactivated = False
        self.chat: list[Message] = []
        """Everything in the chat as the phone shows it now, the oldest first."""
        self.menu: list[list[str]] = []
        """The labels of the standing menu, by row."""
        self._exchange = exchange
        self._news = asyncio.Condition()
        self._heard: dict[int, int] = {}

    @property
    def address(self) -> str:
        """The chat's identifier, as an event's `address` gives it."""
        return str(self.id)

    async def types(self, text: str, *, wait: bool = True) -> Update:
        content: dict[str, Json] = {"text": text}
        if text.startswith("/"):
            size = len(text.split(maxsplit=1)[0])
            content["entities"] = [{"type": "bot_command", "offset": 0, "length": size}]
        return await self._posts(content, wait=wait)

    async def starts(self, code: str = "", *, wait: bool = True) -> Update:
        """Open the chat by its link, with the code of a deep link if there is one."""
        self.known = True
        return await self.types(f"/start {code}".strip(), wait=wait)

    async def presses(
        self, label: str, *, on: Message | None = None, wait: bool = True
    ) -> Tap | Update:
        """Press a button in the newest message that shows it, or in the standing menu.

        Waits until there is one. `on` is a message as it was when heard: a phone that has not yet
        seen its edit still shows the old buttons. Raises AssertionError if no such button comes.
        """
        message = on or await self._newest_with(label)
        if message is None:
            return await self.types(label, wait=wait)
        data = message.data_of(label)
        assert data is not None, f"{self.name} sees no button {label} there"
        tap = self._exchange.tap(self, message, data)
        await self._until_taken(tap.update, wait=wait)
        return tap

    async def shares_contact(
        self, phone: str | None = None, *, own: bool = True, wait: bool = True
    ) -> Update:
        """Share a phone number; `own` is the person's, vouched for by the platform."""
        contact: dict[str, Json] = {"phone_number": phone or self.phone, "first_name": self.name}
        contact["user_id"] = self.id if own else self.id + 1
        return await self._posts({"contact": contact}, wait=wait)

    async def sends_photo(
        self,
        content: bytes,
        caption: str = "",
        *,
        smaller: Sequence[bytes] = (),
        album: str | None = None,
        wait: bool = True,
    ) -> Update:
        """Send a photo; `smaller` are its smaller renditions, the smallest first."""
        sizes: list[Json] = [self._rendition(each) for each in (*smaller, content)]
        message: dict[str, Json] = {"photo": sizes}
        if caption:
            message["caption"] = caption
        if album is not None:
            message["media_group_id"] = album
        return await self._posts(message, wait=wait)

    async def sends_file(
        self, content: bytes, mime_type: str, *, caption: str = "", wait: bool = True
    ) -> Update:
        """Send a file; an image sent this way keeps its full size."""
        document: dict[str, Json] = {
            "file_id": self._exchange.store(content),
            "file_unique_id": f"f{len(content)}",
            "file_name": "file",
            "mime_type": mime_type,
            "file_size": len(content),
        }
        message: dict[str, Json] = {"document": document}
        if caption:
            message["caption"] = caption
        return await self._posts(message, wait=wait)

    async def sends(self, content: dict[str, Json], *, wait: bool = True) -> Update:
        """Send anything else: the message's own fields as the Bot API names them."""
        return await self._posts(content, wait=wait)

    async def speaks(self, *, wait: bool = True) -> Update:
        """Send a voice message."""
        voice: dict[str, Json] = {"file_id": "v1", "file_unique_id": "v1", "duration": 3}
        return await self._posts({"voice": voice}, wait=wait)

    async def blocks(self, *, wait: bool = True) -> None:
        """Block the bot: from now on it is refused with 403."""
        self.blocked = True
        update = self._exchange.membership(self, "kicked")
        if update is not None:
            await self._until_taken(update, wait=wait)

    async def unblocks(self, *, wait: bool = True) -> None:
        """Let the bot speak again."""
        self.blocked = False
        update = self._exchange.membership(self, "member")
        if update is not None:
            await self._until_taken(update, wait=wait)

    def deletes_account(self) -> None:
        """Leave Telegram: from now on the bot is refused with 403."""
        self.deactivated = True

    async def hears(self, words: str | None = None, timeout_s: float = PATIENCE_S) -> list[Message]:
        """What the bot said or edited since the last call, as copies, the oldest first.

        Waits until there is something, or, with `words`, until something new contains them (in
        its text or caption). Raises AssertionError after `timeout_s`, naming what was heard.
        """
        try:
            async with asyncio.timeout(timeout_s), self._news:
                await self._news.wait_for(lambda: _contains(self._new(), words))
        except TimeoutError:
            heard = [message.text or message.caption for message in self._new()]
            raise AssertionError(f"{self.name} waits for {words!r}, heard {heard}") from None
        news = self._new()
        self._heard.update({message.message_id: message.revision for message in news})
        return [deepcopy(message) for message in news]

    async def sees(self, words: str, timeout_s: float = PATIENCE_S) -> Message:
        """The newest message on the screen with these words, old or new; waits for it."""
        async with asyncio.timeout(timeout_s), self._news:
            await self._news.wait_for(lambda: _contains(self._from_bot(), words))
        found = [each for each in self._from_bot() if words in (each.text, each.caption)]
        found = found or [each for each in self._from_bot() if words in each.text + each.caption]
        return deepcopy(found[-1])

    async def notice(self) -> None:
        """Called by the platform when something in the chat has changed."""
        async with self._news:
            self._news.notify_all()

    def _from_bot(self) -> list[Message]:
        return [message for message in self.chat if message.from_bot]

    def _new(self) -> list[Message]:
        return [
            message
            for message in self._from_bot()
            if self._heard.get(message.message_id, -1) < message.revision
        ]

    async def _newest_with(self, label: str) -> Message | None:
        """The newest message with this button; None if it is the standing menu that has it."""

        def showing() -> list[Message]:
            return [message for message in self._from_bot() if label in message.labels]

        def seen() -> bool:
            return bool(showing()) or any(label in row for row in self.menu)

        try:
            async with asyncio.timeout(PATIENCE_S), self._news:
                await self._news.wait_for(seen)
        except TimeoutError:
            raise AssertionError(f"{self.name} sees no button {label}") from None
        return showing()[-1] if showing() else None

    async def _posts(self, content: dict[str, Json], *, wait: bool) -> Update:
        return await self._until_taken(self._exchange.post(self, content), wait=wait)

    async def _until_taken(self, update: Update, *, wait: bool) -> Update:
        if wait:
            async with asyncio.timeout(PATIENCE_S):
                await update.acknowledged.wait()
        return update

    def _rendition(self, content: bytes) -> Json:
        file_id = self._exchange.store(content)
        return {
            "file_id": file_id,
            "file_unique_id": f"u{file_id}",
            "width": 800,
            "height": 600,
            "file_size": len(content),
        }


def _contains(messages: Sequence[Message], words: str | None) -> bool:
    if words is None:
        return bool(messages)
    return any(words in message.text or words in message.caption for message in messages)


def _labels(rows: Sequence[Json]) -> list[list[str]]:
    return [
        [str(button["text"]) for button in row if isinstance(button, dict)]
        for row in rows
        if isinstance(row, list)
    ]


def labels(rows: Sequence[Json]) -> list[list[str]]:
    """The labels in rows of buttons as the Bot API gives them."""
    return _labels(rows)
