"""What the news of a 微信客服 account say: who did what, and when; each is read by itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum
from typing import Annotated, TypeVar
from urllib.parse import unquote

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, JsonValue, ValidationError

_CODE_LENGTH = 16
_NOT_OF_A_CODE = re.compile(r"[^A-Za-z0-9]")


@dataclass(frozen=True, slots=True)
class Words:
    """Something typed."""

    text: str


@dataclass(frozen=True, slots=True)
class Tapped:
    """An item of one of our menus, by the id it was given (untrusted), and the words on it."""

    menu_id: str
    label: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that lies on WeCom's server, for three days, and is still to be fetched."""

    media_id: str


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on the map, in degrees, with its name."""

    latitude: float
    longitude: float
    label: str


@dataclass(frozen=True, slots=True)
class Unsupported:
    """Something sent that we cannot take."""


@dataclass(frozen=True, slots=True)
class Entered:
    """Somebody opened the chat: by a link with an invitation, or where a welcome may be said.

    Anybody can write the `invitation` into a link; `welcome_code` lets one message be sent.
    """

    invitation: str
    welcome_code: str


class FailType(IntEnum):
    """Why a message that was taken did not arrive; WeCom has more reasons than we tell apart."""

    OTHER = 0
    OVER_48_HOURS = 4
    SESSION_CLOSED = 5
    BUDGET_SPENT = 6
    REFUSED_BY_CUSTOMER = 10


@dataclass(frozen=True, slots=True)
class Failed:
    """A message of ours that was taken did not arrive."""

    msgid: str
    why: FailType


@dataclass(frozen=True, slots=True)
class Taken:
    """A colleague speaks with the customer in WeCom's own client."""


@dataclass(frozen=True, slots=True)
class Ended:
    """The colleague has ended the session; `end_code` lets one message be sent after it."""

    end_code: str


Said = Words | Tapped | Picture | Spot | Unsupported
"""What a customer sent; each opens the window to write to them."""

What = Said | Entered | Failed | Taken | Ended


@dataclass(frozen=True, slots=True)
class KfLetter:
    """One piece of news; `sent_at` is WeCom's time (UTC), None where it did not say."""

    msgid: str
    customer: str
    sent_at: datetime | None
    what: What


def read_kf_letter(raw: Mapping[str, JsonValue]) -> KfLetter | None:
    """What the news says; None where it is nothing to us, or of nobody."""
    item = _read(_Item, raw)
    if item is None:
        return None
    event = item.event or _Event()
    customer = item.external_userid or event.external_userid
    what = _what(item, event, raw)
    if what is None or not customer:
        return None
    return KfLetter(item.msgid, customer, _instant(item.send_time), what)


def _none_is_empty(given: object) -> object:
    return "" if given is None else given


_Str = Annotated[str, BeforeValidator(_none_is_empty)]


class _Part(BaseModel):
    model_config = ConfigDict(coerce_numbers_to_str=True)


class _Event(_Part):
    event_type: _Str = ""
    external_userid: _Str = ""
    scene_param: _Str = ""
    welcome_code: _Str = ""
    fail_msgid: _Str = ""
    fail_type: int | None = None
    change_type: int | None = None
    msg_code: _Str = ""


class _Item(_Part):
    msgid: str = Field(min_length=1, max_length=64)
    external_userid: _Str = ""
    send_time: int | None = None
    origin: int
    msgtype: str
    event: _Event | None = None


class _Text(_Part):
    content: _Str = ""
    menu_id: _Str = ""


class _Media(_Part):
    media_id: str = Field(min_length=1)


class _Location(_Part):
    latitude: float = Field(ge=-90, le=90)
    longitude: float = Field(ge=-180, le=180)
    name: _Str = ""
    address: _Str = ""


_Shape = TypeVar("_Shape", bound=_Part)


def _read(shape: type[_Shape], raw: JsonValue | Mapping[str, JsonValue]) -> _Shape | None:
    try:
        return shape.model_validate(raw)
    except ValidationError:
        return None


_BY_CUSTOMER, _BY_SYSTEM = 3, 4
_TAKEN_FROM_POOL, _HANDED_ON, _ENDED, _TAKEN_UP_AGAIN = 1, 2, 3, 4


def _what(item: _Item, event: _Event, raw: Mapping[str, JsonValue]) -> What | None:
    if item.origin == _BY_CUSTOMER:
        return _said(item.msgtype, raw.get(item.msgtype))
    if item.origin == _BY_SYSTEM and event.event_type in _EVENTS:
        return _EVENTS[event.event_type](event)
    return None


def _said(kind: str, content: JsonValue) -> Said:
    said = _KINDS[kind](content) if kind in _KINDS else None
    return said or Unsupported()


def _text(content: JsonValue) -> Said | None:
    text = _read(_Text, content)
    if text is None:
        return None
    return Tapped(text.menu_id, text.content) if text.menu_id else Words(text.content)


def _picture(content: JsonValue) -> Said | None:
    media = _read(_Media, content)
    return None if media is None else Picture(media.media_id)


def _spot(content: JsonValue) -> Said | None:
    place = _read(_Location, content)
    if place is None:
        return None
    return Spot(place.latitude, place.longitude, place.name or place.address)


_KINDS: Mapping[str, Callable[[JsonValue], Said | None]] = {
    "text": _text,
    "image": _picture,
    "location": _spot,
}
"""Kinds of message that we take; None for one that lacks its content."""


def _entered(event: _Event) -> What | None:
    if not event.welcome_code and not event.scene_param:
        return None
    # WeCom's documents do not say whether it comes back decoded.
    code = _NOT_OF_A_CODE.sub("", unquote(event.scene_param))[:_CODE_LENGTH]
    return Entered(code, event.welcome_code)


def _failed(event: _Event) -> What | None:
    why = next((one for one in FailType if one == event.fail_type), FailType.OTHER)
    return Failed(event.fail_msgid, why)


def _changed(event: _Event) -> What | None:
    if event.change_type in (_TAKEN_FROM_POOL, _HANDED_ON, _TAKEN_UP_AGAIN):
        return Taken()
    return Ended(event.msg_code) if event.change_type == _ENDED else None


_EVENTS: Mapping[str, Callable[[_Event], What | None]] = {
    "enter_session": _entered,
    "msg_send_fail": _failed,
    "session_status_change": _changed,
}
"""Events that mean something to us; what a customer takes back has been dealt with already."""


def _instant(seconds: int | None) -> datetime | None:
    try:
        return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError):
        return None
