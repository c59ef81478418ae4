"""What a member did in the app's chat, read from a letter; a picture is still to be fetched."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pydantic import TypeAdapter

from bot.channels.typed import typed
from bot.channels.wecom.calls import letters
from bot.channels.wecom.calls.letters import Letter
from bot.channels.wecom.staff import marks
from bot.channels.wecom.staff.cards import CHOOSE
from bot.event import Command, Event, Note, Place, Press, Text, Trouble, Unusable, What

CHANNEL = "wecom"

_LANGUAGE = "zh-CN"
"""WeCom does not say which language its members read."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A picture that lies on WeCom's server, for three days."""

    media_id: str


@dataclass(frozen=True, slots=True)
class Heard:
    """One thing a member did.

    `received_at` is when it reached us, in UTC (reading 9), however much later it is dealt with.
    `greets`: it only says that somebody has come, which is answered once in all.
    """

    userid: str
    dedup: str
    received_at: datetime
    what: Text | Command | Press | Place | Unusable | Offer
    notes: tuple[Note, ...] = ()
    greets: bool = False

    def event(self, what: What) -> Event:
        """The neutral event; a letter that is brought again gives the same key again."""
        return Event(
            channel=CHANNEL,
            dedup=self.dedup,
            address=self.userid,
            what=what,
            received_at=self.received_at,
            language=_LANGUAGE,
            notes=self.notes,
        )


def read(letter: Letter, received_at: datetime) -> Heard | None:
    """What a member did; None for what is nobody's saying."""
    what = _what(letter.what)
    if what is None:
        return None
    notes: tuple[Note, ...] = ()
    greets = isinstance(letter.what, letters.Entered | letters.Subscribed)
    if greets:
        notes = (Note(marks.met(letter.userid), received_at.isoformat()),)
    elif isinstance(letter.what, letters.CardPress):
        notes = _code(letter.what, received_at)
    return Heard(letter.userid, letter.fingerprint, received_at, what, notes, greets)


def _what(said: letters.What) -> Text | Command | Press | Place | Unusable | Offer | None:
    match said:
        case letters.Words(text):
            return typed(text)
        case letters.Picture(media_id):
            return Offer(media_id)
        case letters.Place(latitude, longitude, label):
            return Place(latitude, longitude, label)
        case letters.Unsupported():
            return Unusable(Trouble.KIND_NOT_TAKEN)
        case letters.CardPress(task_id=task_id):
            return Press(_pressed(said), marks.card_of(task_id), flashes=False)
        case letters.MenuClick(key):
            return Press(key, flashes=False)
        case letters.Entered() | letters.Subscribed():
            return Command("start")
    return None


def _pressed(press: letters.CardPress) -> str:
    """The button's own data, or that of the choice which a button confirms."""
    if press.key != CHOOSE:
        return press.key
    chosen = (one for item in press.selected for one in item.option_ids)
    return next(chosen, "")


def _code(press: letters.CardPress, at: datetime) -> tuple[Note, ...]:
    card = marks.card_of(press.task_id)
    if card is None or not press.response_code:
        return ()
    return (marks.code(card, press.response_code, at),)


_HEARD = TypeAdapter(Heard)


def dump(heard: Heard) -> str:
    """What was heard, to be kept."""
    return _HEARD.dump_json(heard).decode()


def load(text: str) -> Heard:
    """What `dump` wrote. Raises ValueError."""
    return _HEARD.validate_json(text)
