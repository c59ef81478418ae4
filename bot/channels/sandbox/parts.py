"""What WeCom would be sent for a message, in the few shapes that the page draws.

Nothing is imitated here: the messages are those of WeCom's own channels, only read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from bot.channels.base import Button, Spoken
from bot.channels.wecom.owners import menus
from bot.channels.wecom.staff import cards


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class Choice(_Frozen):
    """Something to tap. Without `data` its label is said, as if it had been typed."""

    label: str
    data: str | None = None


class Words(_Frozen):
    """A message of words alone."""

    form: Literal["words"] = "words"
    text: str


class Pair(_Frozen):
    """A line of a card: a name and its value."""

    name: str
    value: str


class Card(_Frozen):
    """A card of the company's app: words, buttons, and a list whose choice `choose` confirms.

    `closed` stands on the grey button of a card that has done its work.
    """

    form: Literal["card"] = "card"
    title: str
    below: str = ""
    pairs: tuple[Pair, ...] = ()
    buttons: tuple[Choice, ...] = ()
    options: tuple[Choice, ...] = ()
    choose: str | None = None
    closed: str | None = None


class Listing(_Frozen):
    """A menu of 微信客服's: words, lines to tap under them, and lines that can only be typed."""

    form: Literal["list"] = "list"
    head: str = ""
    lines: tuple[Choice, ...] = ()
    typed: tuple[str, ...] = ()


Part = Annotated[Words | Card | Listing, Field(discriminator="form")]


def app_parts(spoken: Spoken) -> tuple[Part, ...]:
    """A message to a colleague, in the company's app."""
    shown = cards.shown(spoken)
    words = tuple(Words(text=text) for text in shown.texts)
    return words if shown.card is None else (*words, _card(shown.card))


def app_part_in_place(spoken: Spoken) -> Part | None:
    """The card that a card becomes; None where WeCom is sent the message anew."""
    card = cards.face_in_place(spoken)
    return None if card is None else _card(card)


def kf_parts(spoken: Spoken) -> tuple[Part, ...]:
    """A message to an owner, from 微信客服."""
    return tuple(_kf_part(content) for content in menus.words(spoken))


def kf_line(button: Button) -> str:
    """What WeChat lets an owner say who taps this button's line."""
    (part,) = kf_parts(Spoken("", rows=((button,),)))
    return next(iter(_labels(part)))


def _labels(part: Part) -> Iterable[str]:
    if not isinstance(part, Listing):
        return ()
    return (*(line.label for line in part.lines), *part.typed)


# A card, as it is sent


class _Title(_Frozen):
    title: str


class _SentPair(_Frozen):
    keyname: str
    value: str


class _SentButton(_Frozen):
    text: str
    key: str


class _SentOption(_Frozen):
    id: str
    text: str


class _SentSelection(_Frozen):
    option_list: tuple[_SentOption, ...]


class _SentCard(_Frozen):
    main_title: _Title
    sub_title_text: str = ""
    horizontal_content_list: tuple[_SentPair, ...] = ()
    button_list: tuple[_SentButton, ...]
    button_selection: _SentSelection = _SentSelection(option_list=())

    def button(self, key: str) -> str | None:
        """The label of the button with that key."""
        return next((one.text for one in self.button_list if one.key == key), None)


_NOT_OURS = (cards.CHOOSE, cards.CLOSED)


def _card(sent: Mapping[str, JsonValue]) -> Card:
    card = _SentCard.model_validate(sent)
    return Card(
        title=card.main_title.title,
        below=card.sub_title_text,
        pairs=tuple(
            Pair(name=one.keyname, value=one.value) for one in card.horizontal_content_list
        ),
        buttons=tuple(
            Choice(label=one.text, data=one.key)
            for one in card.button_list
            if one.key not in _NOT_OURS
        ),
        options=tuple(
            Choice(label=one.text, data=one.id) for one in card.button_selection.option_list
        ),
        choose=card.button(cards.CHOOSE),
        closed=card.button(cards.CLOSED),
    )


# A message of 微信客服's, as it is sent


class _SentText(_Frozen):
    content: str


class _SentClick(_Frozen):
    id: str
    content: str


class _SentItem(_Frozen):
    click: _SentClick | None = None
    text: _SentText | None = None


class _SentMenu(_Frozen):
    head_content: str = ""
    items: tuple[_SentItem, ...] = Field(alias="list")


class _SentKf(_Frozen):
    text: _SentText | None = None
    msgmenu: _SentMenu | None = None


def _kf_part(sent: Mapping[str, JsonValue]) -> Part:
    message = _SentKf.model_validate(sent)
    if message.msgmenu is None:
        return Words(text=message.text.content if message.text is not None else "")
    menu = message.msgmenu
    return Listing(
        head=menu.head_content,
        lines=tuple(
            Choice(label=one.click.content, data=menus.decode(one.click.id))
            for one in menu.items
            if one.click is not None
        ),
        typed=tuple(one.text.content for one in menu.items if one.text is not None),
    )
