"""The desk: what one unit of work has at hand: a connection, the time, a tray for messages.

A service changes rows through `desk.connection` and lays messages in the tray with `desk.tell`;
`desk.post` puts the tray into the outbox in the same transaction (the dispatcher and the sweep
call it, once, at the end of the unit).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter
from sqlalchemy import Connection

from services.messages import Message, dump_message
from services.rules.standard import Standard
from storage import centres, outbox
from storage.records import Centre


@dataclass(frozen=True, slots=True)
class _Tell:
    person_id: int
    endpoint_id: int | None
    message: Message
    matter: str | None
    once: str | None
    everywhere: bool
    by_phone: bool


@dataclass(slots=True)
class Desk:
    """One unit of work. `now` is read once, so that a unit happens at one instant (aware UTC).

    `company` is the standard as the company applies it; a centre may depart from it further.
    """

    connection: Connection
    now: datetime
    company: Standard = field(default_factory=Standard)
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

    def tell(
        self,
        person_id: int | None,
        message: Message,
        *,
        matter: str | None = None,
        once: str | None = None,
        everywhere: bool = False,
        by_phone: bool = False,
        endpoint_id: int | None = None,
    ) -> None:
        """Lay a message to one person in the tray; nobody is written to before the commit.

        It goes to the endpoint the person used last, `everywhere` to all of them (alerts to
        staff). `matter` ("order:17") says what it is about. `once` is a key that no second
        message may carry. With `by_phone`, a person no chat can reach becomes a telephone task
        for customer service. A `person_id` of None (a caller without a chat) is told nothing.
        """
        if person_id is not None:
            self._tray.append(
                _Tell(person_id, endpoint_id, message, matter, once, everywhere, by_phone)
            )

    def post(self) -> int:
        """Move the tray to the outbox; returns how many messages were queued."""
        letters = [
            outbox.Letter(
                person_id=tell.person_id,
                endpoint_id=tell.endpoint_id,
                message=dump_message(tell.message),
                card=tell.message.card,
                matter=tell.matter,
                once=tell.once,
                everywhere=tell.everywhere,
                by_phone=tell.by_phone,
                # A message with pictures cannot take another's place.
                fresh=tell.message.fresh or tell.message.is_pictured,
            )
            for tell in self._tray
        ]
        self._tray.clear()
        return outbox.put(self.connection, letters, now=self.now) if letters else 0


_OVERRIDES = TypeAdapter(dict[str, object])


OpenDesk = Callable[[Connection, datetime], Desk]
"""Opens a desk for one unit of work; the composition root gives it the company's standard."""


@lru_cache(maxsize=256)
def _standard(company: Standard, overrides: str) -> Standard:
    return company.with_overrides(_OVERRIDES.validate_json(overrides))
