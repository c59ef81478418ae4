"""The desk: what one unit of work has at hand: a connection, the time, a tray for messages.

A service changes rows through `desk.connection` and lays messages in the tray with `desk.tell`;
`desk.post` puts the tray into the outbox in the same transaction (the dispatcher and the sweep
call it, once, at the end of the unit).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache, partial
from secrets import token_hex
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter
from sqlalchemy import Connection

from services.messages import Message, dump_message
from services.rules.standard import Standard
from storage import centres, outbox, people
from storage.records import Centre


@dataclass(frozen=True, slots=True)
class _Tell:
    person_id: int
    message: Message
    endpoint_id: int | None = None
    matter: str | None = None
    once: str | None = None
    everywhere: bool = False
    by_phone: bool = False
    essential: bool = False
    closing: bool = False


@dataclass(frozen=True, slots=True)
class Acting:
    """Whose act the unit is, and in which chat: for somebody who has several, news of a matter
    goes where they last dealt with it."""

    person_id: int
    endpoint_id: int


def chance() -> str:
    """A seed that nobody can foresee."""
    return token_hex(16)


@dataclass(slots=True)
class Desk:
    """One unit of work. `now` is read once, so that a unit happens at one instant (aware UTC).

    `company` is the standard as the company applies it; a centre may depart from it further.
    `acting` is set where somebody with several chats did this. `new_seed` is where what is drawn by
    lot has its seed from, which is stored with what was drawn.
    """

    connection: Connection
    now: datetime
    company: Standard = field(default_factory=Standard)
    acting: Acting | None = None
    new_seed: Callable[[], str] = chance
    _tray: list[_Tell] = field(default_factory=list)
    _centres: dict[int, Centre] = field(default_factory=dict)

    def centre(self, centre_id: int) -> Centre:
        """The centre, read once a unit."""
        if centre_id not in self._centres:
            self._centres[centre_id] = centres.get(self.connection, centre_id)
        return self._centres[centre_id]

    def lock_centre(self, centre_id: int) -> Centre:
        """The centre, locked until the commit: who checks a free time after this books it alone."""
        self._centres[centre_id] = centres.lock(self.connection, centre_id)
        return self._centres[centre_id]

    def standard(self, centre_id: int) -> Standard:
        """The operating standard as the centre applies it."""
        overrides = self.centre(centre_id).overrides
        return self.company if overrides == "{}" else _standard(self.company, overrides)

    def zone(self, centre_id: int) -> ZoneInfo:
        """The centre's time zone."""
        return ZoneInfo(self.centre(centre_id).zone)

    def today(self, centre_id: int) -> date:
        """The date on the centre's clocks."""
        return self.now.astimezone(self.zone(centre_id)).date()

    def tell(
        self,
        person_id: int | None,
        message: Message,
        *,
        matter: str | None = None,
        once: str | None = None,
        everywhere: bool = False,
        by_phone: bool = False,
        essential: bool | None = None,
        endpoint_id: int | None = None,
    ) -> None:
        """Lay a message to one person in the tray; nobody is written to before the commit.

        It goes to the endpoint the person last used for this matter, else last at all;
        `everywhere` to all of them (alerts to staff). `matter` ("order:17") says what it is about.
        `once` is a key that no second message may carry. With `by_phone`, a person no chat can
        reach becomes a telephone task for customer service. An `essential` message may take the
        last one that a platform allows: what somebody would be angry not to have heard. Unless
        it is said, that is each that offers something to press, for most of them ask. A
        `person_id` of None (a caller without a chat) is told nothing.
        """
        if person_id is not None:
            essential = bool(message.rows) if essential is None else essential
            self._tray.append(
                _Tell(
                    person_id, message, endpoint_id, matter, once, everywhere, by_phone, essential
                )
            )

    def close(self, person_id: int | None, face: Message) -> None:
        """Lay a card's last face in the tray: nobody is written to for it.

        Chats of the person that show the card show this instead, without buttons; what waits of
        the card is not sent any more.
        """
        if person_id is not None:
            self._tray.append(_Tell(person_id, face, closing=True))

    def post(self) -> int:
        """Move the tray to the outbox; returns how many messages were queued."""
        if self.acting is not None:
            matters = {one for tell in self._tray for one in _matters_of(tell)}
            people.used(
                self.connection,
                self.acting.person_id,
                self.acting.endpoint_id,
                sorted(matters),
                self.now,
            )
        letters = [_letter(tell) for tell in self._tray]
        self._tray.clear()
        return outbox.put(self.connection, letters, now=self.now) if letters else 0


def _letter(tell: _Tell) -> outbox.Letter:
    message = tell.message
    return outbox.Letter(
        person_id=tell.person_id,
        endpoint_id=tell.endpoint_id,
        message=dump_message(message),
        card=message.card,
        matter=tell.matter,
        once=tell.once,
        everywhere=tell.everywhere,
        by_phone=tell.by_phone,
        # A message with pictures cannot take another's place.
        fresh=message.fresh or message.is_pictured,
        essential=tell.essential,
        closing=tell.closing,
        closed=partial(_closed_face, message) if _is_of_record(message.card) else None,
    )


def _closed_face(message: Message) -> str:
    """The card as a chat shows it in which nothing can be done about it any more."""
    bare = replace(message, rows=(), photos=(), chart=None, brief=None, fresh=False)
    return dump_message(bare.quietly())


def _matters_of(tell: _Tell) -> Iterator[str]:
    if tell.matter is not None:
        yield tell.matter
    if tell.message.card is not None and _is_of_record(tell.message.card):
        yield tell.message.card


def _is_of_record(card: str | None) -> bool:
    """Whether the card shows an order, a case or the like: the same in every chat of a person."""
    return card is not None and not card.startswith(_OF_ONE_CHAT) and ":" in card


_OF_ONE_CHAT = ("form:", "board:")


_OVERRIDES = TypeAdapter(dict[str, object])


OpenDesk = Callable[[Connection, datetime], Desk]
"""Opens a desk for one unit of work; the composition root gives it the company's standard."""


@lru_cache(maxsize=256)
def _standard(company: Standard, overrides: str) -> Standard:
    return company.with_overrides(_OVERRIDES.validate_json(overrides))
