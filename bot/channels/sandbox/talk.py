"""A phone's conversation as WeCom would show it: the company's app for staff, 微信客服 for owners.

In the app a card changes in its place. 微信客服 changes nothing it has said: whatever is new comes
at the foot, and what was tapped stands there as the owner's own words.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from pydantic import AwareDatetime, BaseModel, ConfigDict

from bot.channels.base import Button, Labels, Spoken
from bot.channels.sandbox.history import (
    BUBBLES_KEPT,
    Content,
    Edited,
    Entry,
    Label,
    Menu,
    Pressed,
    Said,
    Screen,
)
from bot.channels.sandbox.parts import (
    Card,
    Part,
    Words,
    app_part_in_place,
    app_parts,
    kf_line,
    kf_parts,
)
from bot.channels.wecom.owners.window import MESSAGES, OPEN_FOR


class Window(BaseModel):
    """How many messages 微信客服 would still carry to an owner, and until when."""

    model_config = ConfigDict(frozen=True)

    left: int
    until: AwareDatetime


class Turn(BaseModel):
    """What one entry of the journal does to the phone.

    Its parts, and then its photos, come at the foot; or, `in_place`, they are what the newest
    message with that `ref` has become. `window` is what is left after it, for an owner who has
    written.
    """

    model_config = ConfigDict(frozen=True)

    seq: int
    phone: str
    ref: str
    own: bool
    at: AwareDatetime
    in_place: bool = False
    parts: tuple[Part, ...] = ()
    photos: tuple[str, ...] = ()
    contact: bool = False
    broken: bool = False
    window: Window | None = None


@dataclass(frozen=True, slots=True)
class _Face:
    """How a message was shown last."""

    text: str
    has_card: bool


class Talk:
    """One phone's conversation; catches up with the phone's screen when it is asked."""

    def __init__(self, screen: Screen, *, is_customer: bool) -> None:
        self._screen = screen
        self._is_customer = is_customer
        self._turns: deque[Turn] = deque(maxlen=BUBBLES_KEPT)
        self._faces: dict[str, _Face] = {}
        self._window: Window | None = None
        self._seen = 0

    def turns(self) -> list[Turn]:
        """What the phone keeps, oldest first."""
        for entry in self._screen.entries:
            if entry.seq > self._seen:
                self._seen = entry.seq
                self._turns.extend(self._take(entry))
        return list(self._turns)

    def turn(self, seq: int) -> Turn | None:
        """What the entry with that number did; None where it showed nothing new."""
        return next((turn for turn in reversed(self.turns()) if turn.seq == seq), None)

    def _take(self, entry: Entry) -> list[Turn]:
        match entry:
            case Pressed(choice=choice):
                return [self._own(entry, Content(text=kf_line(_button(choice))))]
            case Said(own=True, content=content):
                return [self._own(entry, content)]
            case Edited(ref=ref, content=content, menu=menu) if ref in self._faces:
                return self._changed(entry, _spoken(content, menu), content)
            case Said(content=content, menu=menu) | Edited(content=content, menu=menu):
                return [self._said(entry, _spoken(content, menu), content)]

    def _own(self, entry: Entry, content: Content) -> Turn:
        if self._is_customer:
            self._window = Window(left=MESSAGES, until=entry.at + OPEN_FOR)
        parts = (Words(text=content.text),) if content.text else ()
        return self._turn(entry, content, parts, own=True)

    def _said(self, entry: Entry, spoken: Spoken, content: Content) -> Turn:
        parts = kf_parts(spoken) if self._is_customer else app_parts(spoken)
        self._faces[entry.ref] = _Face(spoken.text, any(isinstance(one, Card) for one in parts))
        if self._window is not None:
            left = max(0, self._window.left - len(parts) - len(content.photos))
            self._window = Window(left=left, until=self._window.until)
        return self._turn(entry, content, parts)

    def _changed(self, entry: Edited, spoken: Spoken, content: Content) -> list[Turn]:
        face = self._faces[entry.ref]
        card = app_part_in_place(spoken) if face.has_card else None
        if card is not None:
            self._faces[entry.ref] = _Face(spoken.text, has_card=True)
            return [self._turn(entry, Content(), (card,), in_place=True)]
        if not spoken.rows and spoken.text == face.text:
            return []  # buttons are taken away, where none can be: there is nothing to say
        return [self._said(entry, spoken, content)]

    def _turn(
        self,
        entry: Entry,
        content: Content,
        parts: tuple[Part, ...],
        *,
        own: bool = False,
        in_place: bool = False,
    ) -> Turn:
        return Turn(
            seq=entry.seq,
            phone=entry.phone,
            ref=entry.ref,
            own=own,
            at=entry.at,
            in_place=in_place,
            parts=parts,
            photos=content.photos,
            contact=content.contact,
            broken=content.broken,
            window=self._window,
        )


def _spoken(content: Content, menu: Menu | None) -> Spoken:
    """The message as it was given to be sent; its photos are messages of their own."""
    return Spoken(
        text=content.text,
        rows=tuple(tuple(_button(label) for label in row) for row in content.rows),
        menu=None if menu is None else menu.rows,
        labels=Labels(choose=content.choose, closed=content.closed),
    )


def _button(label: Label) -> Button:
    return Button(label.label, label.data, label.number)
