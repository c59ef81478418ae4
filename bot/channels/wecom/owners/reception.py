"""The news of 微信客服 accounts as neutral events, handed in one by one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

import structlog

from bot.channels.base import Intake
from bot.channels.typed import typed
from bot.channels.wecom.owners.addresses import address_of
from bot.channels.wecom.owners.event_codes import LIFE, EventCodes
from bot.channels.wecom.owners.humans import Humans, given_back, taken
from bot.channels.wecom.owners.menus import decode
from bot.channels.wecom.owners.msgids import ref_of
from bot.channels.wecom.owners.news import (
    Ended,
    Entered,
    Failed,
    FailType,
    KfLetter,
    Picture,
    Said,
    Spot,
    Taken,
    Tapped,
    Unsupported,
    Words,
)
from bot.channels.wecom.owners.pictures import Pictures
from bot.channels.wecom.owners.window import MESSAGES, OPEN_FOR
from bot.event import (
    Command,
    Event,
    HandedBack,
    Loss,
    Lost,
    News,
    Note,
    Overheard,
    Place,
    Press,
    ReadOn,
    TakenOver,
    Text,
    Trouble,
    Unusable,
    What,
    Window,
)

_log = structlog.get_logger(__name__)

CHANNEL = "wecom-kf"

_LATE = timedelta(minutes=1)
"""News older than this was read late: a welcome can no longer be said. Less may be the difference
between WeCom's clock and ours."""

_LOSSES = {
    FailType.OVER_48_HOURS: Loss.WINDOW_CLOSED,
    FailType.SESSION_CLOSED: Loss.WINDOW_CLOSED,
    FailType.BUDGET_SPENT: Loss.BUDGET_SPENT,
    FailType.REFUSED_BY_CUSTOMER: Loss.UNREACHABLE,
}

Riding = Callable[[], tuple[Note, ...]]
"""Notes that are to be committed with an event; asked for when it is handed in."""


@dataclass(frozen=True, slots=True)
class _Heard:
    """What an event will say, and what it brings along."""

    what: What | News
    window: Window | None = None
    notes: tuple[Note, ...] = ()


class Reception:
    """Makes events of letters, with what the channel itself learns from them."""

    def __init__(
        self,
        pictures: Pictures,
        humans: Humans,
        codes: EventCodes,
        now: Callable[[], datetime],
    ) -> None:
        self._pictures = pictures
        self._humans = humans
        self._codes = codes
        self._now = now

    async def take(self, letter: KfLetter, account: str, intake: Intake, riding: Riding) -> None:
        """Hand a letter in; returns after the commit. Raises WeComError where it cannot be told yet
        whether it is for us."""
        address = address_of(letter.customer, account)
        heard = await self._left_to_a_colleague(letter, address, intake)
        heard = heard or await self._heard(letter, address)
        await intake(self._event(f"k:{letter.msgid}", address, heard, riding))

    async def _left_to_a_colleague(
        self, letter: KfLetter, address: str, intake: Intake
    ) -> _Heard | None:
        """What is said while a colleague speaks is theirs, also where it is read once more."""
        if not _is_spoken(letter.what) or not await self._humans.have(address):
            return None
        if await self._is_for_a_colleague(letter, address):
            _log.info("wecom.kf_left_to_a_colleague", kind=type(letter.what).__name__)
            return _Heard(Overheard())
        await self.hand_back(address, intake)
        return None

    async def _is_for_a_colleague(self, letter: KfLetter, address: str) -> bool:
        """A session may end without news of it (after 48 hours, by another program): then what is
        said from now on is said to us. What is read late was said while they spoke."""
        return self._is_late(letter) or await self._humans.ask(address)

    async def hand_back(self, address: str, intake: Intake) -> None:
        """WeCom was asked: no colleague speaks with this customer any more."""
        heard = _Heard(HandedBack(), notes=(given_back(address, self._now()),))
        who = sha256(address.encode()).hexdigest()[:16]  # the key of an event may be logged
        dedup = f"back:{self._now().timestamp():.3f}:{who}"
        await intake(self._event(dedup, address, heard, tuple))

    async def read_on(self, intake: Intake, note: Note) -> None:
        """Keep how far the news have been dealt with; it concerns nobody."""
        await intake(self._event("", "", _Heard(ReadOn(), notes=(note,)), tuple))

    def _event(self, dedup: str, address: str, heard: _Heard, riding: Riding) -> Event:
        return Event(
            channel=CHANNEL,
            dedup=dedup,
            address=address,
            what=heard.what,
            received_at=self._now(),
            window=heard.window,
            notes=(*heard.notes, *riding()),
        )

    async def _heard(self, letter: KfLetter, address: str) -> _Heard:
        match letter.what:
            case Entered(invitation, welcome_code):
                window = self._window_of(welcome_code, letter, address)
                return _Heard(Command("start", invitation), window)
            case Failed(msgid, why):
                return _Heard(Lost(ref_of(msgid), _LOSSES.get(why, Loss.OTHER)))
            case Taken():
                return _Heard(TakenOver(), notes=(taken(address),))
            case Ended(end_code):
                window = self._window_of(end_code, letter, address)
                return _Heard(HandedBack(), window, (given_back(address, self._now()),))
            case _:
                sent_at = letter.sent_at or self._now()
                return _Heard(await self._said(letter.what), Window(sent_at + OPEN_FOR, MESSAGES))

    def _window_of(self, code: str, letter: KfLetter, address: str) -> Window | None:
        """The leave to speak that the code of an event gives; none where it is over already."""
        if not code or self._is_late(letter):
            return None
        self._codes.keep(address, code)
        return Window(self._now() + LIFE, 1)

    def _is_late(self, letter: KfLetter) -> bool:
        now = self._now()
        return now - (letter.sent_at or now) > _LATE

    async def _said(self, said: Said) -> What:
        match said:
            case Words(text):
                return typed(text)
            case Tapped(menu_id, label):
                data = decode(menu_id)
                return Text(label) if data is None else Press(data, flashes=False)
            case Picture(media_id):
                return await self._pictures.fetch(media_id)
            case Spot(latitude, longitude, label):
                return Place(latitude, longitude, label)
            case Unsupported():
                return Unusable(Trouble.KIND_NOT_TAKEN)


def _is_spoken(what: object) -> bool:
    """Whether it is said to whoever listens; what is tapped is for us, whose menu it is."""
    return isinstance(what, Said) and not isinstance(what, Tapped)
