"""People with WeCom or WeChat on a phone: a member of the company, and a customer of 微信客服."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from urllib.parse import parse_qs, urlsplit

from tests.emulators.wecom_callbacks import Callback, Field
from tests.emulators.wecom_cards import Button, Card, SubmitButton

PATIENCE_S = 15.0
"""How long a person looks for something before the test is given up, in seconds."""

LARGEST_PHOTO = 2_000_000
"""A customer's larger photo comes as words only, in bytes."""

_NUMBER = re.compile(r"^\s*\d+\s*[.、．:：)）]?\s*")


class NoSuchButton(AssertionError):
    """Nothing on the screen has this label and can be pressed."""


@dataclass(frozen=True)
class Shown:
    """A message as the phone shows it now: words, one line a field, and what can be pressed.

    `kind` is "card", or the msgtype the API has for it: text, image, msgmenu and so on.
    """

    kind: str
    text: str
    buttons: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    """The entries of a card's ⋯ menu."""
    links: dict[str, str] = field(default_factory=dict)
    edits: int = 0
    photo: bytes | None = None
    msgid: str = ""

    def has(self, words: str) -> bool:
        """These words stand somewhere on it."""
        return any(words in text for text in (self.text, *self.buttons, *self.options))


@dataclass
class Bubble:
    """A message in a chat; a card on it may change, `greyed` is what its buttons became."""

    msgid: str
    kind: str
    text: str = ""
    photo: bytes | None = None
    card: Card | None = None
    greyed: str = ""
    edits: int = 0
    choices: tuple[tuple[str, str | None], ...] = ()
    """The items of a msgmenu that can be tapped: words and the id they send."""

    @property
    def shown(self) -> Shown:
        if self.card is None:
            labels = tuple(words for words, _ in self.choices)
            return Shown(self.kind, self.text, labels, photo=self.photo, msgid=self.msgid)
        card, menu = self.card, self.card.action_menu
        words = [line for line in (*card.lines, card.replace_text, self.greyed) if line]
        open_selections = [each for each in card.selections if not each.disable]
        return Shown(
            self.kind,
            "\n".join(words),
            buttons=tuple(each.text for each in self.live if each.calls_back),
            options=tuple(each.text for asked in open_selections for each in asked.option_list),
            actions=() if menu is None else tuple(item.text for item in menu.action_list),
            links={
                each.text: each.url for each in self.live if isinstance(each, Button) and each.url
            },
            edits=self.edits,
            msgid=self.msgid,
        )

    @property
    def live(self) -> Sequence[Button | SubmitButton]:
        """The card's buttons that can be tapped now."""
        return [] if self.card is None or self.greyed else self.card.buttons


class Chat:
    """One chat on a phone, and somebody who looks at it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.bubbles: list[Bubble] = []
        self._news = asyncio.Event()

    @property
    def screen(self) -> list[Shown]:
        """What came, the oldest first."""
        return [bubble.shown for bubble in self.bubbles]

    async def sees(self, words: str, seconds: float = PATIENCE_S) -> Shown:
        """The newest message with these words, old or new; waits for it."""
        found = await self._until(lambda: self._newest(lambda each: each.shown.has(words)), seconds)
        if found is None:
            seen = [shown.text for shown in self.screen]
            raise AssertionError(f"{self.name} looks for {words!r}, sees {seen}")
        return found.shown

    def put(self, bubble: Bubble) -> None:
        """Called by the platform: a message came."""
        self.bubbles.append(bubble)
        self._news.set()

    def changed(self) -> None:
        """Called by the platform: a message is another, or gone."""
        self._news.set()

    def _newest(self, fits: Callable[[Bubble], bool]) -> Bubble | None:
        return next((bubble for bubble in reversed(self.bubbles) if fits(bubble)), None)

    async def _until(self, look: Callable[[], Bubble | None], seconds: float) -> Bubble | None:
        found = look()
        if found is not None or seconds <= 0:
            return found
        try:
            async with asyncio.timeout(seconds):
                while found is None:
                    self._news.clear()
                    await self._news.wait()
                    found = look()
        except TimeoutError:
            return None
        return found

    async def _pressable(
        self, label: str, on: Shown | None, fits: Callable[[Bubble], bool], seconds: float
    ) -> Bubble:
        def look() -> Bubble | None:
            return self._newest(lambda each: (on is None or each.msgid == on.msgid) and fits(each))

        found = await self._until(look, seconds)
        if found is None:
            labels = [shown.buttons for shown in self.screen]
            raise NoSuchButton(f"{self.name} sees no button {label}, only {labels}")
        return found


class Office(Protocol):
    """What a member's phone needs of the platform."""

    @property
    def menu(self) -> dict[str, object] | None: ...

    async def post(self, member: Member, fields: Sequence[Field], *, message: bool) -> Callback:
        """A message to the app, or an event; returns once the app took it."""
        ...

    def media(self, content: bytes) -> tuple[str, str]:
        """Keep a photo; returns its media_id and address."""
        ...

    def click_code(self, member: Member, bubble: Bubble) -> str:
        """A fresh response_code for a click on this card."""
        ...

    def option_ids(self) -> str:
        """How the platform spells OptionId today."""
        ...


class Member(Chat):
    """Somebody of the company who has the app; every deed returns once the app has taken it."""

    def __init__(self, office: Office, userid: str, name: str) -> None:
        super().__init__(name)
        self.userid = userid
        self.visible = True
        self.licensed = True
        """Without a licence a message is refused as `unlicenseduser`."""
        self.sent_to: list[tuple[datetime, str]] = []
        """Called by the platform: when what came, for its limits and the check for repeats."""
        self._office = office

    @property
    def menu(self) -> list[str]:
        """The labels of the app's menu at the foot of the chat, with those below them."""
        return [str(button["name"]) for button in self._menu_buttons()]

    def leaves(self) -> None:
        """The app is not visible to this member any more."""
        self.visible = False

    def returns(self) -> None:
        """The app is visible again."""
        self.visible = True

    async def types(self, words: str) -> Callback:
        return await self.sends("text", ("Content", words))

    async def sends_photo(self, content: bytes) -> Callback:
        media_id, url = self._office.media(content)
        return await self.sends("image", ("PicUrl", url), ("MediaId", media_id))

    async def sends_location(self, latitude: float, longitude: float, label: str) -> Callback:
        where: list[Field] = [("Location_X", latitude), ("Location_Y", longitude)]
        return await self.sends(
            "location", *where, ("Scale", 20), ("Label", label), ("AppType", "wxwork")
        )

    async def sends(self, kind: str, *content: Field) -> Callback:
        """Send anything: the message's own fields as the callback names them."""
        return await self._office.post(self, [("MsgType", kind), *content], message=True)

    async def does(self, event: str, *content: Field) -> Callback:
        """Anything else that is told to the app as an event."""
        fields: list[Field] = [("MsgType", "event"), ("Event", event), *content]
        return await self._office.post(self, fields, message=False)

    async def enters(self) -> Callback:
        """Open the app's chat."""
        return await self.does("enter_agent", ("EventKey", ""))

    async def clicks_menu(self, label: str) -> Callback:
        """Tap an entry of the app's menu."""
        for button in self._menu_buttons():
            if button["name"] == label and button.get("type") == "click":
                return await self.does("click", ("EventKey", str(button["key"])))
            if button["name"] == label and button.get("type") == "view":
                return await self.does("view", ("EventKey", str(button["url"])))
        raise NoSuchButton(f"{self.name} sees no {label} in the menu, only {self.menu}")

    async def presses(
        self, label: str, on: Shown | None = None, seconds: float = PATIENCE_S
    ) -> Callback:
        """Tap a card's button, or an entry of its ⋯ menu, that begins so: the newest such."""

        def fits(bubble: Bubble) -> bool:
            shown = bubble.shown
            return any(text.startswith(label) for text in (*shown.buttons, *shown.actions))

        bubble = await self._pressable(label, on, fits, seconds)
        return await self._press(bubble, label, {})

    async def chooses(
        self,
        *options: str,
        press: str = "",
        on: Shown | None = None,
        seconds: float = PATIENCE_S,
    ) -> Callback:
        """Choose what begins so on a card, then tap `press`, or its first button."""

        def fits(bubble: Bubble) -> bool:
            shown = bubble.shown
            offered = [each for each in shown.options if each.startswith(options)]
            return bool(offered) and any(text.startswith(press) for text in shown.buttons)

        bubble = await self._pressable(" ".join(options), on, fits, seconds)
        return await self._press(bubble, press, _chosen(bubble, options))

    async def _press(self, bubble: Bubble, label: str, chosen: dict[str, list[str]]) -> Callback:
        card = bubble.card
        assert card is not None
        shown = bubble.shown
        pressed = next((text for text in shown.buttons if text.startswith(label)), None)
        about: list[Field] = [
            ("TaskId", card.task_id),
            ("CardType", str(card.model_dump()["card_type"])),
            ("ResponseCode", self._office.click_code(self, bubble)),
        ]
        if pressed is None:
            assert card.action_menu is not None
            items = card.action_menu.action_list
            key = next(item.key for item in items if item.text.startswith(label))
            return await self.does("template_card_menu_event", ("EventKey", key), *about)
        key = next(each.key for each in bubble.live if each.calls_back and each.text == pressed)
        if card.selections:
            about.append(("SelectedItems", self._selected(card, chosen)))
        return await self.does("template_card_event", ("EventKey", key), *about)

    def _selected(self, card: Card, chosen: dict[str, list[str]]) -> list[Field]:
        spelt = self._office.option_ids()
        items: list[Field] = []
        for each in card.selections:
            ids = chosen.get(each.question_key, each.chosen)
            options: list[Field] = [(spelt, option) for option in ids]
            inside: list[Field] = [("QuestionKey", each.question_key), (f"{spelt}s", options)]
            items.append(("SelectedItem", inside))
        return items

    def _menu_buttons(self) -> list[dict[str, object]]:
        created = self._office.menu
        buttons: list[dict[str, object]] = []
        for top in (created or {}).get("button", []):  # type: ignore[attr-defined]
            buttons += [top, *top.get("sub_button", [])]
        return buttons


def _chosen(bubble: Bubble, options: tuple[str, ...]) -> dict[str, list[str]]:
    assert bubble.card is not None
    chosen: dict[str, list[str]] = {}
    for each in bubble.card.selections:
        ids = [option.id for option in each.option_list if option.text.startswith(options)]
        if ids:
            chosen[each.question_key] = ids if hasattr(each, "mode") else ids[:1]
    return chosen


class Counter(Protocol):
    """What a customer's phone needs of 微信客服."""

    async def enter(self, customer: Customer, scene: str, scene_param: str | None) -> Callback: ...

    async def write(
        self, customer: Customer, kind: str, content: dict[str, object]
    ) -> tuple[str, Callback]:
        """A message to the account; returns its msgid once the app took the callback."""
        ...

    async def recall(self, customer: Customer, msgid: str) -> Callback: ...

    def photo(self, content: bytes) -> str:
        """Keep a photo; returns its media_id."""
        ...

    def scene_of(self, enc_scene: str) -> str:
        """The scene behind the parameter of a link made by add_contact_way."""
        ...


class Customer(Chat):
    """Somebody with WeChat in the chat of one 微信客服 account."""

    def __init__(self, counter: Counter, external_userid: str, kf: str, name: str) -> None:
        super().__init__(name)
        self.external_userid = external_userid
        self.kf = kf
        self.refuses = False
        """Refuses messages: each is followed by msg_send_fail of type 10."""
        self.wrote: list[str] = []
        """The msgids of what this customer wrote."""
        self._counter = counter

    async def enters(self, scene_param: str | None = None, scene: str = "") -> Callback:
        """Open the chat, perhaps through a link with an invitation."""
        return await self._counter.enter(self, scene, scene_param)

    async def opens(self, url: str) -> Callback:
        """Open a link of add_contact_way; its scene_param comes back as it stands there."""
        query = urlsplit(url).query
        scene = self._counter.scene_of(parse_qs(query).get("enc_scene", [""])[0])
        given = [part for part in query.split("&") if part.startswith("scene_param=")]
        return await self.enters(given[0].removeprefix("scene_param=") if given else None, scene)

    async def types(self, words: str) -> Callback:
        return await self._writes("text", {"content": words})

    async def sends_photo(self, content: bytes) -> Callback:
        """A photo; one that is too large comes as words, as WeCom does it."""
        if len(content) > LARGEST_PHOTO:
            return await self.types("[图片] 文件过大，请在手机上查看")
        return await self._writes("image", {"media_id": self._counter.photo(content)})

    async def sends_location(
        self, latitude: float, longitude: float, name: str, address: str = ""
    ) -> Callback:
        where = {"latitude": latitude, "longitude": longitude, "name": name, "address": address}
        return await self._writes("location", where)

    async def sends(self, kind: str, content: dict[str, object]) -> Callback:
        """Anything else, as the API words it."""
        return await self._writes(kind, content)

    async def presses(
        self, label: str, on: Shown | None = None, seconds: float = PATIENCE_S
    ) -> Callback:
        """Tap the newest menu item that begins so, after its number if it has one."""

        def fits(bubble: Bubble) -> bool:
            return any(_begins(words, label) for words, _ in bubble.choices)

        bubble = await self._pressable(label, on, fits, seconds)
        words, menu_id = next(each for each in bubble.choices if _begins(each[0], label))
        content: dict[str, object] = {"content": words}
        return await self._writes(
            "text", content if menu_id is None else {**content, "menu_id": menu_id}
        )

    async def recalls(self, msgid: str | None = None) -> Callback:
        """Take back a message, the last one if none is named."""
        return await self._counter.recall(self, msgid or self.wrote[-1])

    async def _writes(self, kind: str, content: dict[str, object]) -> Callback:
        msgid, callback = await self._counter.write(self, kind, content)
        self.wrote.append(msgid)
        return callback


def _begins(words: str, label: str) -> bool:
    return words.startswith(label) or _NUMBER.sub("", words).startswith(label)


def greyed(bubble: Bubble, label: str) -> None:
    """The card's buttons become one word that cannot be pressed."""
    bubble.greyed = label
    bubble.edits += 1


def recarded(bubble: Bubble, card: Card) -> None:
    """The card becomes another."""
    bubble.card, bubble.greyed = card, ""
    bubble.edits += 1
