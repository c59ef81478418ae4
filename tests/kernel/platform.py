"""A platform of our own for the relay: keeps what it is sent, says what it is told to."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Connection

from bot.channels.base import Delivered, Intake, Limits, Outcome, Quota, Sending
from bot.relay import Relay
from bot.wording import Wording
from services.desk import Desk
from services.messages import Message, Saying
from storage import people
from storage.database import Database
from storage.records import Endpoint
from tests.town import TUESDAY_10, FakeClock

WORDING = Wording(Path(__file__).parent / "words")


class Platform:
    """A channel. `says[address]` are outcomes given first; a chat in `held` answers when let go."""

    def __init__(
        self,
        name: str = "phone",
        *,
        quotas: tuple[Quota, ...] = (),
        choices: int | None = None,
        **limits: float,
    ) -> None:
        self.name = name
        pace = {"overall_per_s": 1e6, "chat_per_s": 1e6, "chat_burst": 1000, **limits}
        self.limits = Limits(
            text=4096,
            caption=1024,
            label=64,
            data_bytes=64,
            overall_per_s=pace["overall_per_s"],
            chat_per_s=pace["chat_per_s"],
            chat_burst=int(pace["chat_burst"]),
            quotas=quotas,
            choices=choices,
        )
        self.sent: list[Sending] = []
        self.says: dict[str, list[Outcome | Exception]] = defaultdict(list)
        self.held: dict[str, asyncio.Event] = {}
        self.reached: dict[str, asyncio.Event] = defaultdict(asyncio.Event)

    def texts(self, address: str) -> list[str]:
        """What was sent to a chat, in order."""
        return [one.spoken.text for one in self.sent if one.address == address]

    async def run(self, intake: Intake) -> None:
        """Nothing comes in."""

    async def close(self) -> None:
        """Nothing to let go of."""

    async def send(self, sending: Sending) -> Outcome:
        """Keep it, then say what is to be said."""
        self.sent.append(sending)
        self.reached[sending.address].set()
        if sending.address in self.held:
            await self.held[sending.address].wait()
        if self.says[sending.address]:
            outcome = self.says[sending.address].pop(0)
            if isinstance(outcome, Exception):
                raise outcome
            return outcome
        return Delivered(sending.replaces or f"r{len(self.sent)}")


def relay(
    database: Database,
    *platforms: Platform,
    machine: FakeClock,
    name: str = "one",
    clock: FakeClock | None = None,
) -> Relay:
    """A relay for these platforms, by a machine's clock that a test moves."""
    return Relay(
        database,
        {one.name: one for one in platforms},
        WORDING,
        clock or FakeClock(),
        name=name,
        photo=Path,
        machine=machine,
    )


def words(text: str) -> Message:
    """A message that says just this."""
    return Message((Saying("test-words", {"words": text}),))


async def newcomer(database: Database, *chats: str) -> list[Endpoint]:
    """Somebody with chats given as channel:address, the last one used last."""

    def add(connection: Connection) -> list[Endpoint]:
        made = people.add_person(connection, None, None, "zh-CN", TUESDAY_10)
        added = []
        for place, chat in enumerate(chats):
            channel, _, address = chat.partition(":")
            used = TUESDAY_10.replace(second=place)
            added.append(people.add_endpoint(connection, made.id, channel, address, used))
        return added

    return await database.write(add)


async def tell(database: Database, person_id: int, *messages: Message, **how: object) -> None:
    """Lay messages in the tray and post it, as a unit of work does."""

    def unit(connection: Connection) -> int:
        desk = Desk(connection, TUESDAY_10)
        for message in messages:
            desk.tell(person_id, message, **how)  # type: ignore[arg-type]  # as the caller says
        return desk.post()

    await database.write(unit)


def rows_of(statement: object) -> Callable[[Connection], list[tuple[object, ...]]]:
    """A unit that reads rows."""
    return lambda connection: [tuple(row) for row in connection.execute(statement)]  # type: ignore[call-overload]
