"""What came from Telegram, as a neutral event; a picture is named here and fetched elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from aiogram.enums import ChatType, ContentType
from aiogram.types import CallbackQuery, Document, Message, PhotoSize, Update
from pydantic import BaseModel, ConfigDict, ValidationError

from bot.channels.typed import typed
from bot.event import Contact, Event, Press, Trouble, Unusable, What

CHANNEL = "telegram"

UPDATES_TAKEN = ["message", "callback_query", "my_chat_member"]
"""The kinds of update we ask Telegram for; it keeps all others to itself."""

_SENT_BY_PEOPLE = frozenset(
    {
        # The library names a kind newer than itself UNKNOWN: the person is told rather than left.
        ContentType.UNKNOWN,
        ContentType.ANIMATION,
        ContentType.AUDIO,
        ContentType.CHECKLIST,
        ContentType.DICE,
        ContentType.DOCUMENT,
        ContentType.GAME,
        ContentType.LIVE_PHOTO,
        ContentType.LOCATION,
        ContentType.PAID_MEDIA,
        ContentType.POLL,
        ContentType.RICH_MESSAGE,
        ContentType.STICKER,
        ContentType.STORY,
        ContentType.VENUE,
        ContentType.VIDEO,
        ContentType.VIDEO_NOTE,
        ContentType.VOICE,
    }
)
"""Content a person sends; every other kind we do not take is the platform's own notice."""


class RawUpdate(BaseModel):
    """An update as it came, of which only the number has been read."""

    model_config = ConfigDict(extra="allow", frozen=True)

    update_id: int


@dataclass(frozen=True, slots=True)
class PhotoOffer:
    """A picture that lies on Telegram's server and is still to be fetched."""

    file_id: str
    caption: str


@dataclass(frozen=True, slots=True)
class Heard:
    """One thing a person did, read from an update.

    `received_at` is when it first reached us, in UTC; `query` is the tap to be answered.
    """

    update_id: int
    received_at: datetime
    address: str
    what: What | PhotoOffer
    language: str | None = None
    query: str | None = None

    def event(self, what: What) -> Event:
        """The neutral event; an update that is redelivered gives the same key again."""
        return Event(
            channel=CHANNEL,
            dedup=f"u{self.update_id}",
            address=self.address,
            what=what,
            received_at=self.received_at,
            language=self.language,
        )


class _Chat(BaseModel):
    id: int
    type: str


class _Message(BaseModel):
    chat: _Chat


class _Tap(BaseModel):
    id: str
    message: _Message


class _Outline(BaseModel):
    """The few fields by which an update that cannot be read in full still gets an answer."""

    update_id: int
    message: _Message | None = None
    callback_query: _Tap | None = None


def read_update(raw: RawUpdate, received_at: datetime, photo_max_bytes: int) -> Heard | None:
    """What a person did; None for groups, notices and what is nobody's saying.

    An update the library cannot read (a kind newer than itself) is heard as something we cannot
    take, so that it neither stops those behind it nor leaves the person without an answer.
    """
    try:
        update = Update.model_validate(raw.model_dump())
    except ValidationError:
        return _outlined(raw, received_at)
    if update.message is not None:
        return _message(update.update_id, received_at, update.message, photo_max_bytes)
    if update.callback_query is not None:
        return _tap(update.update_id, received_at, update.callback_query)
    return None


def _outlined(raw: RawUpdate, received_at: datetime) -> Heard | None:
    try:
        outline = _Outline.model_validate(raw.model_dump())
    except ValidationError:
        return None
    tap = outline.callback_query
    message = outline.message if tap is None else tap.message
    if message is None or message.chat.type != ChatType.PRIVATE:
        return None
    return Heard(
        outline.update_id,
        received_at,
        str(message.chat.id),
        Unusable(Trouble.KIND_NOT_TAKEN),
        query=None if tap is None else tap.id,
    )


def _message(
    update_id: int, received_at: datetime, message: Message, photo_max_bytes: int
) -> Heard | None:
    sender = message.from_user
    if message.chat.type != ChatType.PRIVATE or sender is None:
        return None
    what = _content(message, sender.id, photo_max_bytes)
    if what is None:
        return None
    return Heard(update_id, received_at, str(message.chat.id), what, language=sender.language_code)


def _content(message: Message, sender: int, photo_max_bytes: int) -> What | PhotoOffer | None:
    if message.text is not None:
        return typed(message.text)
    caption = message.caption or ""
    if message.photo:
        return _offer(message.photo, caption, photo_max_bytes)
    document = message.document
    # A film sent as a GIF carries a document too, beside its animation.
    if document is not None and message.animation is None and _is_image(document.mime_type):
        return _offer([document], caption, photo_max_bytes)
    if message.contact is not None:
        return _contact(message.contact.phone_number, own=message.contact.user_id == sender)
    if message.content_type in _SENT_BY_PEOPLE:
        return Unusable(Trouble.KIND_NOT_TAKEN)
    return None


def _is_image(mime_type: str | None) -> bool:
    return mime_type is not None and mime_type.startswith("image/")


def _offer(
    renditions: Sequence[PhotoSize | Document], caption: str, photo_max_bytes: int
) -> PhotoOffer | Unusable:
    """The largest rendition that may be fetched; Telegram lists the smallest first."""
    for rendition in reversed(renditions):
        if (rendition.file_size or 0) <= photo_max_bytes:
            return PhotoOffer(rendition.file_id, caption)
    return Unusable(Trouble.PHOTO_TOO_LARGE)


def _contact(phone: str, *, own: bool) -> Contact:
    # Telegram gives its own numbers in full but often without the plus.
    return Contact(f"+{phone.removeprefix('+')}" if own else phone, own)


def _tap(update_id: int, received_at: datetime, query: CallbackQuery) -> Heard | None:
    message = query.message
    if query.data is None or message is None or message.chat.type != ChatType.PRIVATE:
        return None
    return Heard(
        update_id,
        received_at,
        str(message.chat.id),
        Press(query.data, message_ref=str(message.message_id)),
        language=query.from_user.language_code,
        query=query.id,
    )
