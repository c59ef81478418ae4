"""What one of WeCom's calls says, once its seal is open: who did what, in which app, and when."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from xml.etree.ElementTree import Element

from bot.channels.wecom.calls.markup import Unreadable, read_xml, text

_COUNT = re.compile(r"[0-9]{1,10}")
_DEGREES = re.compile(r"-?[0-9]{1,3}(\.[0-9]{1,20})?")
_MESSAGE_ID = re.compile(r"[0-9A-Za-z_-]{1,40}")
_FINGERPRINT_LENGTH = 40

_OPTION_LISTS = ("OptionIds", "OpitonIds")
"""How WeCom spells the list of chosen options: rightly, and as its documents long had it."""

_TELL_APART = (
    "ToUserName",
    "FromUserName",
    "CreateTime",
    "Event",
    "EventKey",
    "TaskId",
    "ResponseCode",
    "AgentID",
    "AgentId",
    "OpenKfId",
    "Token",
    "Content",
    "MediaId",
)
"""The fields that tell two calls without a message id apart.

Sender and second, which WeCom's documents name, make one of two presses in a second.
"""


@dataclass(frozen=True, slots=True)
class Words:
    """Something typed."""

    text: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that lies on WeCom's server, for three days, and is still to be fetched."""

    media_id: str


@dataclass(frozen=True, slots=True)
class Place:
    """A place on the map, in degrees, with the address shown there."""

    latitude: float
    longitude: float
    label: str


@dataclass(frozen=True, slots=True)
class Unsupported:
    """Something sent that we cannot take: a kind such as `voice`, or one without its content."""

    kind: str


@dataclass(frozen=True, slots=True)
class Selected:
    """What was chosen in one of a card's questions."""

    question_key: str
    option_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CardPress:
    """A press on a card's button or in its menu, by the key the button was given (untrusted).

    `task_id` is the card; `response_code` changes that card once, within 72 hours.
    """

    key: str
    task_id: str
    response_code: str
    selected: tuple[Selected, ...]


@dataclass(frozen=True, slots=True)
class MenuClick:
    """A click in the app's standing menu, by the key the entry was given (untrusted)."""

    key: str


@dataclass(frozen=True, slots=True)
class Entered:
    """A member opened the app's chat."""


@dataclass(frozen=True, slots=True)
class Subscribed:
    """A member has come among those the app may reach."""


@dataclass(frozen=True, slots=True)
class Unsubscribed:
    """The app may no longer reach a member."""


@dataclass(frozen=True, slots=True)
class KfNews:
    """There is something to fetch from a 微信客服 account.

    For ten minutes `token` lets it be fetched without a strict limit. It concerns nobody in
    particular: its letter has no userid and no agent.
    """

    open_kfid: str
    token: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """An event that means nothing to us."""

    event: str


What = (
    Words
    | Picture
    | Place
    | Unsupported
    | CardPress
    | MenuClick
    | Entered
    | Subscribed
    | Unsubscribed
    | KfNews
    | Unknown
)


@dataclass(frozen=True, slots=True)
class Letter:
    """One of WeCom's calls.

    `userid` is in small letters, for WeCom compares userids without case. `agent_id` is the app
    and `created_at` WeCom's own time (UTC), None where it did not say. `fingerprint`, at most 40
    characters, is the same again when the call is repeated, and another for any other call.
    """

    userid: str
    agent_id: int | None
    created_at: datetime | None
    fingerprint: str
    what: What


def read_letter(content: bytes) -> Letter:
    """What a call says whose seal is open. Raises Unreadable.

    Fields may come in any order, and most may be missing: somebody who sent what cannot be read is
    better told so than left without an answer.
    """
    root = read_xml(content)
    what = _what(root)
    userid = text(root, "FromUserName").lower()
    if not userid and not isinstance(what, KfNews | Unknown):
        raise Unreadable("nobody sent it")
    created_at = _count(text(root, "CreateTime"))
    return Letter(
        userid=userid,
        agent_id=_count(text(root, "AgentID") or text(root, "AgentId")),
        created_at=None if created_at is None else datetime.fromtimestamp(created_at, UTC),
        fingerprint=_fingerprint(root, what),
        what=what,
    )


def _what(root: Element) -> What:
    kind = text(root, "MsgType")
    if not kind:
        raise Unreadable("neither message nor event")
    if kind == "event":
        event = text(root, "Event")
        return _EVENTS[event](root) if event in _EVENTS else Unknown(event)
    message = _MESSAGES[kind](root) if kind in _MESSAGES else None
    return message or Unsupported(kind)


def _words(root: Element) -> Words:
    return Words(text(root, "Content"))


def _picture(root: Element) -> Picture | None:
    media_id = text(root, "MediaId")
    return Picture(media_id) if media_id else None


def _place(root: Element) -> Place | None:
    latitude, longitude = text(root, "Location_X"), text(root, "Location_Y")
    if not (_DEGREES.fullmatch(latitude) and _DEGREES.fullmatch(longitude)):
        return None
    return Place(float(latitude), float(longitude), text(root, "Label"))


def _press(root: Element) -> CardPress:
    return CardPress(
        key=text(root, "EventKey"),
        task_id=text(root, "TaskId"),
        response_code=text(root, "ResponseCode"),
        selected=_selected(root),
    )


def _selected(root: Element) -> tuple[Selected, ...]:
    return tuple(
        Selected(text(item, "QuestionKey"), tuple(_options(item)))
        for item in root.iterfind("SelectedItems/SelectedItem")
    )


def _options(item: Element) -> Iterator[str]:
    for spelling in _OPTION_LISTS:
        for options in item.iterfind(spelling):
            yield from ((option.text or "").strip() for option in options)


_MESSAGES: Mapping[str, Callable[[Element], What | None]] = {
    "text": _words,
    "image": _picture,
    "location": _place,
}
"""Kinds of message that we take; None for one that lacks its content."""

_EVENTS: Mapping[str, Callable[[Element], What]] = {
    "template_card_event": _press,
    "template_card_menu_event": _press,
    "click": lambda root: MenuClick(text(root, "EventKey")),
    "enter_agent": lambda _: Entered(),
    "subscribe": lambda _: Subscribed(),
    "unsubscribe": lambda _: Unsubscribed(),
    "kf_msg_or_event": lambda root: KfNews(text(root, "OpenKfId"), text(root, "Token")),
}


def _fingerprint(root: Element, what: What) -> str:
    message_id = text(root, "MsgId")
    if _MESSAGE_ID.fullmatch(message_id):
        return message_id
    said = [text(root, tag) for tag in _TELL_APART]
    selected = what.selected if isinstance(what, CardPress) else ()
    chosen = [(item.question_key, item.option_ids) for item in selected]
    whole = json.dumps((said, chosen)).encode()
    return sha256(whole).hexdigest()[:_FINGERPRINT_LENGTH]


def _count(digits: str) -> int | None:
    return int(digits) if _COUNT.fullmatch(digits) else None
