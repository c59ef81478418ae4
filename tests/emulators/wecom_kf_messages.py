"""The messages a company sends through 微信客服: their shapes, limits and looks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from tests.emulators.wecom_request import (
    Flag,
    Json,
    MediaId,
    Named,
    Strict,
    WebAddress,
    faulty,
    octets,
    wrong,
)
from tests.emulators.wecom_state import Corp

_MSGID = re.compile(r"[0-9a-zA-Z_-]{1,32}")
_CLICK_ID = re.compile(r"[A-Za-z0-9_]{1,128}")
_MOST_ITEMS, _MOST_LINKS = 50, 10


def _msgid(text: str) -> str:
    if not _MSGID.fullmatch(text):
        raise wrong(40058, "msgid is 1 to 32 letters, digits, _ and -")
    return text


def _words_at_all(text: str) -> str:
    if not text.strip():
        raise wrong(44004, "empty content")
    return text


def _click_id(text: str) -> str:
    if not _CLICK_ID.fullmatch(text):
        raise wrong(40058, "a menu item's id is up to 128 letters, digits and _")
    return text


MsgId = Annotated[str, AfterValidator(_msgid)]


class Text(Strict):
    content: Annotated[str, AfterValidator(_words_at_all), octets(2048, errcode=45002)]


class MediaOnly(Strict):
    media_id: MediaId


class Link(Strict):
    title: Annotated[str, octets(128, least=1)]
    desc: Annotated[str, octets(512)] = ""
    url: Annotated[WebAddress, octets(2048, least=1)]
    thumb_media_id: MediaId


class Location(Strict):
    name: str = ""
    address: str = ""
    latitude: Annotated[float, Field(ge=-90, le=90)]
    longitude: Annotated[float, Field(ge=-180, le=180)]


class MiniProgram(Strict):
    appid: Named
    title: Annotated[str, octets(64)] = ""
    thumb_media_id: MediaId
    pagepath: Named


class BusinessCard(Strict):
    userid: Named


class AcquisitionLink(Strict):
    link_url: Annotated[WebAddress, octets(2048, least=1)]


class Click(Strict):
    id: Annotated[str, AfterValidator(_click_id)] | None = None
    content: Annotated[str, octets(128, least=1)]


class View(Strict):
    url: Annotated[WebAddress, octets(2048, least=1)]
    content: Annotated[str, octets(1024, least=1)]


class MenuMiniProgram(Strict):
    appid: Annotated[str, octets(32, least=1)]
    pagepath: Annotated[str, octets(1024)]
    content: Annotated[str, octets(1024, least=1)]


class MenuText(Strict):
    content: Annotated[str, octets(256, least=1)]
    no_newline: Flag = 0


class ClickItem(Strict):
    type: Literal["click"]
    click: Click


class ViewItem(Strict):
    type: Literal["view"]
    view: View


class MiniProgramItem(Strict):
    type: Literal["miniprogram"]
    miniprogram: MenuMiniProgram


class TextItem(Strict):
    type: Literal["text"]
    text: MenuText


Item = ClickItem | ViewItem | MiniProgramItem | TextItem

_ITEMS: dict[str, type[Item]] = {
    "click": ClickItem,
    "view": ViewItem,
    "miniprogram": MiniProgramItem,
    "text": TextItem,
}


class MsgMenu(Strict):
    """A menu as it comes; its items are read by `look`, since they are checked last."""

    head_content: Annotated[str, octets(1024)] = ""
    items: list[dict[str, object]] = Field(alias="list", min_length=1)
    tail_content: Annotated[str, octets(1024)] = ""


class Said(Strict):
    """One message; exactly the body that its msgtype names."""

    msgtype: str
    text: Text | None = None
    image: MediaOnly | None = None
    voice: MediaOnly | None = None
    video: MediaOnly | None = None
    file: MediaOnly | None = None
    link: Link | None = None
    miniprogram: MiniProgram | None = None
    location: Location | None = None
    business_card: BusinessCard | None = None
    ca_link: AcquisitionLink | None = None
    msgmenu: MsgMenu | None = None

    @property
    def media(self) -> Sequence[tuple[str, str]]:
        """The files it needs, each with the kind that has to be."""
        named = [(kind, getattr(self, kind)) for kind in ("image", "voice", "video", "file")]
        files = [(body.media_id, kind) for kind, body in named if body is not None]
        framed = [body for body in (self.link, self.miniprogram) if body is not None]
        return [*files, *((body.thumb_media_id, "image") for body in framed)]


class Send(Said):
    """kf/send_msg."""

    touser: Named
    open_kfid: str
    msgid: MsgId | None = None


class SendOnEvent(Said):
    """kf/send_msg_on_event."""

    code: Named
    msgid: MsgId | None = None


_BODIES = frozenset(Said.model_fields) - {"msgtype"}


def demand_body(said: Said) -> None:
    """Refuse a message without the body its msgtype names, or with another one beside it."""
    if said.msgtype not in _BODIES:
        raise faulty(40008, "invalid message type")
    given = {name for name in _BODIES if getattr(said, name) is not None}
    if said.msgtype not in given:
        raise faulty(40063, f"{said.msgtype} is missing")
    if given != {said.msgtype}:
        raise faulty(40058, f"{given} in a message of type {said.msgtype}")


@dataclass(frozen=True)
class Look:
    """What a customer sees of a message: words, and what can be tapped with the id it sends."""

    words: str
    choices: tuple[tuple[str, str | None], ...] = ()


def look(corp: Corp, said: Said) -> Look:
    """How the message stands on the phone; refuses a menu that is not right."""
    if said.msgmenu is not None:
        return _menu(corp, said.msgmenu)
    return Look(_words(said))


def _words(said: Said) -> str:
    lines: list[str] = []
    if said.text is not None:
        lines = [said.text.content]
    elif said.link is not None:
        lines = [said.link.title, said.link.desc]
    elif said.location is not None:
        lines = [said.location.name, said.location.address]
    elif said.miniprogram is not None:
        lines = [said.miniprogram.title]
    return "\n".join(line for line in lines if line)


def _menu(corp: Corp, menu: MsgMenu) -> Look:
    items = [_item(corp, content) for content in menu.items]
    links = [item for item in items if not isinstance(item, TextItem)]
    if len(items) > _MOST_ITEMS or len(links) > _MOST_LINKS:
        raise faulty(95008, f"too many menu items: {len(items)}, of which {len(links)} links")
    clicks = [item.click for item in items if isinstance(item, ClickItem)]
    return Look(_lines(menu, items), tuple((click.content, click.id) for click in clicks))


def _item(corp: Corp, content: dict[str, object]) -> Item:
    shape = _ITEMS.get(str(content.get("type")))
    if shape is None:
        raise faulty(95009, f"invalid menu item type {content.get('type')}")
    read: Json = content  # type: ignore[assignment]
    return corp.shaped(shape, read)


def _lines(menu: MsgMenu, items: Sequence[Item]) -> str:
    body = "".join(_line(item) for item in items).removesuffix("\n")
    return "\n".join(part for part in (menu.head_content, body, menu.tail_content) if part)


def _line(item: Item) -> str:
    if isinstance(item, TextItem):
        return item.text.content + ("" if item.text.no_newline else "\n")
    if isinstance(item, ClickItem):
        return f"{item.click.content}\n"
    if isinstance(item, ViewItem):
        return f"{item.view.content}\n"
    return f"{item.miniprogram.content}\n"
