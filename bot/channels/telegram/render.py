"""A spoken message as Telegram's requests: the photos, then the words with what is tapped."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from aiogram.methods import EditMessageText, SendMediaGroup, SendMessage, SendPhoto
from aiogram.types import (
    FSInputFile,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    KeyboardButton,
    LinkPreviewOptions,
    MediaUnion,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)

from bot.channels.base import Button, Spoken
from bot.channels.pages import pages

TEXT_UNITS = 4096
"""The longest message, in the UTF-16 units Telegram counts; most emoji are two of them."""

_ALBUM = 10

# A typed address must neither blow up a card nor be fetched by Telegram's servers.
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)

PhotoRequest = SendPhoto | SendMediaGroup


def photo_requests(address: str, spoken: Spoken) -> list[PhotoRequest]:
    """The photos in albums of ten; a file that is gone (its keeping time is over) is left out."""
    photos = [photo for photo in spoken.photos if photo.is_file()]
    albums = [photos[start : start + _ALBUM] for start in range(0, len(photos), _ALBUM)]
    return [_album(address, album, silent=spoken.silent) for album in albums]


def text_requests(address: str, spoken: Spoken) -> list[SendMessage]:
    """The words, over several messages if they are too many; what is tapped is under the last.

    There is no parse mode, so that a `<` or `_` somebody typed stays what it is.
    """
    requests = [
        SendMessage(
            chat_id=address,
            text=page,
            disable_notification=spoken.silent,
            link_preview_options=_NO_PREVIEW,
        )
        for page in _pages(_sound(spoken.text))
    ]
    requests[-1].reply_markup = _keyboard(spoken)
    return requests


def edit_request(address: str, message_id: int, spoken: Spoken) -> EditMessageText:
    """The words and buttons in the place of an earlier message; photos above it stay as they are.

    One message cannot become several: words beyond the limit end in an ellipsis.
    """
    return EditMessageText(
        chat_id=address,
        message_id=message_id,
        text=_cut(_sound(spoken.text)),
        link_preview_options=_NO_PREVIEW,
        reply_markup=_buttons(spoken.rows) if spoken.rows else None,
    )


def _album(address: str, photos: Sequence[Path], *, silent: bool) -> PhotoRequest:
    files = [FSInputFile(photo) for photo in photos]
    if len(files) == 1:  # an album has at least two
        return SendPhoto(chat_id=address, photo=files[0], disable_notification=silent)
    media: list[MediaUnion] = [InputMediaPhoto(media=file) for file in files]
    return SendMediaGroup(chat_id=address, media=media, disable_notification=silent)


def _keyboard(
    spoken: Spoken,
) -> InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove | None:
    if spoken.rows:
        return _buttons(spoken.rows)
    if spoken.menu or spoken.ask_contact is not None:
        return _menu(spoken.menu or (), spoken.ask_contact)
    return None if spoken.menu is None else ReplyKeyboardRemove(remove_keyboard=True)


def _buttons(rows: Sequence[Sequence[Button]]) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        inline_keyboard=[
            [InlineKeyboardButton(text=button.label, callback_data=button.data) for button in row]
            for row in rows
        ]
    )


def _menu(menu: Sequence[Sequence[str]], ask_contact: str | None) -> ReplyKeyboardMarkup:
    rows = [[KeyboardButton(text=label) for label in row] for row in menu]
    if ask_contact is not None:
        rows.insert(0, [KeyboardButton(text=ask_contact, request_contact=True)])
    return ReplyKeyboardMarkup(keyboard=rows, resize_keyboard=True, is_persistent=True)


def _pages(text: str) -> list[str]:
    """The text in parts of `TEXT_UNITS` at most."""
    found = list(pages(text, partial(_head, units=TEXT_UNITS)))
    return [page for page in found if page] or found[-1:]


def _cut(text: str) -> str:
    if len(_head(text, TEXT_UNITS)) == len(text):
        return text
    return _head(text, TEXT_UNITS - 1).rstrip() + "…"


def _sound(text: str) -> str:
    """The text without halves of characters, which no request can carry."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _head(text: str, units: int) -> str:
    """The longest beginning of so many UTF-16 units; a character of two units is never halved."""
    return text.encode("utf-16-le")[: 2 * units].decode("utf-16-le", "ignore")
