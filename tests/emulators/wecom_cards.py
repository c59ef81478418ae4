"""Template cards: what each card_type may and must carry, and what a phone shows of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from tests.emulators.wecom_request import (
    Flag,
    Key,
    MediaId,
    Named,
    Strict,
    WebAddress,
    displayed,
    octets,
    up_to,
    wrong,
)

_TASK_ID = re.compile(r"[0-9A-Za-z_@-]{1,128}")


def _task_id(text: str) -> str:
    if text and not _TASK_ID.fullmatch(text):
        raise wrong(42014, "taskid has existed or empty or exceed max len")
    return text


def _demand_unique(keys: Sequence[str], what: str) -> None:
    if len(set(keys)) != len(keys):
        raise wrong(40058, f"{what} twice in one card")


class _Target(Strict):
    """Where a tap leads: nowhere (0), to a page (1), or into a mini-program (2)."""

    type: Annotated[int, up_to(2)] = 0
    url: WebAddress = ""
    appid: str = ""
    pagepath: str = ""

    @model_validator(mode="after")
    def _leads_somewhere(self) -> Self:
        if self.type == 1 and not self.url:
            raise wrong(40058, "type 1 without url")
        if self.type == 2 and not self.appid:
            raise wrong(40058, "type 2 without appid")
        return self


class Source(Strict):
    icon_url: WebAddress = ""
    desc: Annotated[str, displayed(20)] = ""
    desc_color: Annotated[int, up_to(3)] = 0


class MenuItem(Strict):
    text: Named
    key: Key


class ActionMenu(Strict):
    desc: str = ""
    action_list: list[MenuItem] = Field(min_length=1, max_length=3)

    @model_validator(mode="after")
    def _keys_differ(self) -> Self:
        _demand_unique([item.key for item in self.action_list], "a key")
        return self


class MainTitle(Strict):
    title: Annotated[str, displayed(36)] = ""
    desc: Annotated[str, displayed(44)] = ""


class QuoteArea(_Target):
    title: str = ""
    quote_text: str = ""


class Emphasis(Strict):
    title: Annotated[str, displayed(14)] = ""
    desc: Annotated[str, displayed(22)] = ""


class Line(Strict):
    type: Annotated[int, up_to(3)] = 0
    keyname: Annotated[Named, displayed(5)]
    value: Annotated[str, displayed(30)] = ""
    url: WebAddress = ""
    media_id: MediaId | None = None
    userid: str = ""

    @model_validator(mode="after")
    def _carries_what_its_type_needs(self) -> Self:
        needed = {0: True, 1: bool(self.url), 2: bool(self.media_id), 3: bool(self.userid)}
        if not needed[self.type]:
            raise wrong(40058, f"type {self.type} without what it leads to")
        return self


class Jump(_Target):
    title: Annotated[Named, displayed(18)]


class Picture(Strict):
    url: WebAddress
    aspect_ratio: Annotated[float, Field(ge=1.3, le=2.25)] = 1.3


class PictureText(_Target):
    title: str = ""
    desc: str = ""
    image_url: WebAddress


class Paragraph(Strict):
    title: Annotated[Named, displayed(38)]
    desc: str = ""


class Option(Strict):
    id: Annotated[str, octets(128, least=1)]
    text: Annotated[Named, displayed(16)]


class Selection(Strict):
    """One of several; the first is chosen where none is named."""

    question_key: Key
    title: str = ""
    disable: bool = False
    selected_id: str = ""
    option_list: list[Option] = Field(min_length=1, max_length=10)

    @model_validator(mode="after")
    def _options_differ(self) -> Self:
        _demand_unique([option.id for option in self.option_list], "an option")
        return self

    @property
    def chosen(self) -> list[str]:
        known = [option.id for option in self.option_list]
        return [self.selected_id if self.selected_id in known else known[0]]


class CheckOption(Strict):
    id: Annotated[str, octets(128, least=1)]
    text: Annotated[Named, displayed(17)]
    is_checked: bool = False


class Checkbox(Strict):
    question_key: Key
    mode: Flag = 0
    disable: bool = False
    option_list: list[CheckOption] = Field(min_length=1, max_length=20)

    @model_validator(mode="after")
    def _options_differ(self) -> Self:
        _demand_unique([option.id for option in self.option_list], "an option")
        return self

    @property
    def chosen(self) -> list[str]:
        return [option.id for option in self.option_list if option.is_checked]


class Button(Strict):
    type: Flag = 0
    text: Annotated[Named, displayed(10)]
    style: Annotated[int, up_to(4, least=1)] = 1
    key: Annotated[str, octets(1024)] = ""
    url: WebAddress = ""

    @model_validator(mode="after")
    def _does_something(self) -> Self:
        if self.type == 0 and not self.key:
            raise wrong(42018, "a callback button without a key")
        if self.type == 1 and not self.url:
            raise wrong(40058, "a link button without a url")
        return self

    @property
    def calls_back(self) -> bool:
        return self.type == 0


class SubmitButton(Strict):
    text: Annotated[str, displayed(10)] = "提交"
    key: Key

    @property
    def calls_back(self) -> bool:
        return True


class Card(Strict):
    """What all cards have; `replace_text` and `disable` are for updates."""

    source: Source | None = None
    main_title: MainTitle = MainTitle()
    action_menu: ActionMenu | None = None
    task_id: Annotated[str, AfterValidator(_task_id)] = ""
    card_action: _Target | None = None
    replace_text: str = ""

    @property
    def calls_back(self) -> bool:
        """Something on it can be pressed, and the press comes to the app."""
        return self.action_menu is not None

    @property
    def buttons(self) -> list[Button | SubmitButton]:
        return []

    @property
    def selections(self) -> list[Selection | Checkbox]:
        return []

    @property
    def lines(self) -> list[str]:
        """Everything a person reads on it but buttons and options, one line a field."""
        first = [self.source.desc] if self.source is not None else []
        return [*first, self.main_title.title, self.main_title.desc]

    @model_validator(mode="after")
    def _has_a_task(self) -> Self:
        if self.calls_back and not self.task_id:
            raise wrong(42014, "taskid has existed or empty or exceed max len")
        return self


class _Titled(Card):
    @model_validator(mode="after")
    def _has_a_title(self) -> Self:
        if not self.main_title.title:
            raise wrong(40058, "main_title.title is empty")
        return self


class _Informing(Card):
    """What text, news and button cards have beside the title."""

    quote_area: QuoteArea | None = None
    horizontal_content_list: list[Line] = Field(default=[], max_length=6)

    @property
    def lines(self) -> list[str]:
        quote = self.quote_area
        quoted = [] if quote is None else [quote.title, quote.quote_text]
        rows = [f"{line.keyname}：{line.value}" for line in self.horizontal_content_list]
        return [*super().lines, *quoted, *rows]


class _Notice(_Informing):
    card_action: _Target
    jump_list: list[Jump] = Field(default=[], max_length=3)

    @property
    def lines(self) -> list[str]:
        return [*super().lines, *(jump.title for jump in self.jump_list)]

    @model_validator(mode="after")
    def _leads_somewhere(self) -> Self:
        if self.card_action.type == 0:
            raise wrong(40058, "card_action of a notice leads nowhere")
        return self


class TextNotice(_Notice):
    card_type: Literal["text_notice"]
    emphasis_content: Emphasis = Emphasis()
    sub_title_text: Annotated[str, displayed(160)] = ""

    @property
    def lines(self) -> list[str]:
        emphasis = self.emphasis_content
        return [*super().lines, emphasis.title, emphasis.desc, self.sub_title_text]

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.main_title.title and not self.sub_title_text:
            raise wrong(40058, "neither main_title.title nor sub_title_text")
        return self


class NewsNotice(_Notice, _Titled):
    card_type: Literal["news_notice"]
    card_image: Picture | None = None
    image_text_area: PictureText | None = None
    vertical_content_list: list[Paragraph] = Field(default=[], max_length=4)

    @property
    def lines(self) -> list[str]:
        area = self.image_text_area
        beside = [] if area is None else [area.title, area.desc]
        below = [text for part in self.vertical_content_list for text in (part.title, part.desc)]
        return [*super().lines, *beside, *below]

    @model_validator(mode="after")
    def _has_one_picture(self) -> Self:
        if (self.card_image is None) == (self.image_text_area is None):
            raise wrong(40058, "one of card_image and image_text_area is needed")
        return self


class ButtonInteraction(_Informing, _Titled):
    card_type: Literal["button_interaction"]
    sub_title_text: Annotated[str, displayed(160)] = ""
    button_selection: Selection | None = None
    button_list: list[Button] = Field(min_length=1, max_length=6)

    @property
    def calls_back(self) -> bool:
        return True

    @property
    def buttons(self) -> list[Button | SubmitButton]:
        return [] if self.replace_text else [*self.button_list]

    @property
    def selections(self) -> list[Selection | Checkbox]:
        return [] if self.button_selection is None else [self.button_selection]

    @property
    def lines(self) -> list[str]:
        asked = [] if self.button_selection is None else [self.button_selection.title]
        return [*super().lines, self.sub_title_text, *asked]

    @model_validator(mode="after")
    def _keys_differ(self) -> Self:
        _demand_unique([button.key for button in self.button_list if button.type == 0], "a key")
        return self


class _Form(Card):
    submit_button: SubmitButton

    @property
    def calls_back(self) -> bool:
        return True

    @property
    def buttons(self) -> list[Button | SubmitButton]:
        return [] if self.replace_text else [self.submit_button]


class VoteInteraction(_Form):
    card_type: Literal["vote_interaction"]
    action_menu: None = None
    checkbox: Checkbox

    @property
    def selections(self) -> list[Selection | Checkbox]:
        return [self.checkbox]


class MultipleInteraction(_Form, _Titled):
    card_type: Literal["multiple_interaction"]
    action_menu: None = None
    select_list: list[Selection] = Field(min_length=1, max_length=3)

    @property
    def selections(self) -> list[Selection | Checkbox]:
        return [*self.select_list]

    @property
    def lines(self) -> list[str]:
        return [*super().lines, *(question.title for question in self.select_list)]

    @model_validator(mode="after")
    def _questions_differ(self) -> Self:
        _demand_unique([question.question_key for question in self.select_list], "a question")
        return self


AnyCard = Annotated[
    TextNotice | NewsNotice | ButtonInteraction | VoteInteraction | MultipleInteraction,
    Field(discriminator="card_type"),
]
