"""The app's menu at the foot of the chat (menu/create, get, delete)."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field

from tests.emulators.wecom_request import Answer, Asked, Refused, Strict, faulty
from tests.emulators.wecom_state import App, Corp, Endpoint, own_agent

_TYPES = (
    "click",
    "view",
    "view_miniprogram",
    "scancode_push",
    "scancode_waitmsg",
    "pic_sysphoto",
    "pic_photo_or_album",
    "pic_weixin",
    "location_select",
)


class Entry(Strict):
    type: str = ""
    name: str
    key: str = ""
    url: str = ""
    pagepath: str = ""
    appid: str = ""


class Top(Entry):
    sub_button: list[Entry] = Field(default=[])


class Menu(Strict):
    button: list[Top] = Field(min_length=1)


class Menus:
    """The menu of each app."""

    def __init__(self, corp: Corp) -> None:
        self.of: dict[int, dict[str, object]] = {}
        self._corp = corp

    def endpoints(self) -> dict[str, Endpoint]:
        return {
            "menu/create": Endpoint("POST", self._create),
            "menu/get": Endpoint("GET", self._get),
            "menu/delete": Endpoint("GET", self._delete),
        }

    def _create(self, app: App, asked: Asked) -> Answer:
        _demand_agent(app, asked)
        menu = self._corp.read(Menu, asked)
        if len(menu.button) > 3:
            raise faulty(40016, "invalid button size")
        for top in menu.button:
            _check_top(top)
        self.of[app.agent_id] = menu.model_dump(exclude_defaults=True)
        return {}

    def _get(self, app: App, asked: Asked) -> Answer:
        _demand_agent(app, asked)
        if app.agent_id not in self.of:
            raise Refused(46003, "menu no exist")
        return dict(self.of[app.agent_id])  # type: ignore[arg-type]

    def _delete(self, app: App, asked: Asked) -> Answer:
        _demand_agent(app, asked)
        self.of.pop(app.agent_id, None)
        return {}


def _demand_agent(app: App, asked: Asked) -> None:
    text = asked.query.get("agentid", "")
    if not text:
        raise faulty(41011, "missing agentid")
    if not text.isdigit():
        raise faulty(40056, "invalid agentid")
    own_agent(app, int(text))


def _check_top(top: Top) -> None:
    _demand(len(top.name.encode()) <= 16 and bool(top.name), 40018, "button name size")
    if not top.sub_button:
        _check_entry(top, (40017, 40019, 40020))
        return
    _demand(not top.type, 40017, "a button with buttons below it has no type")
    _demand(len(top.sub_button) <= 5, 40023, "sub button size")
    for entry in top.sub_button:
        _demand(len(entry.name.encode()) <= 40 and bool(entry.name), 40025, "sub button name size")
        _check_entry(entry, (40024, 40026, 40027))


def _check_entry(entry: Entry, codes: Sequence[int]) -> None:
    wrong_type, wrong_key, wrong_url = codes
    _demand(entry.type in _TYPES, wrong_type, "button type")
    _demand(len(entry.key.encode()) <= 128, wrong_key, "button key size")
    _demand(len(entry.url.encode()) <= 1024, wrong_url, "button url size")
    if entry.type == "view":
        _demand(bool(entry.url), wrong_url, "no url")
    elif entry.type != "view_miniprogram":
        _demand(bool(entry.key), wrong_key, "no key")


def _demand(fits: bool, errcode: int, what: str) -> None:
    if not fits:
        raise faulty(errcode, f"invalid {what}")
