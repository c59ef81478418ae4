"""Sends per second to a hundred people while one is held by a quota, beside those before.

The relay delivers over a channel with WeCom's quotas that answers at once. In the one case a
hundred people have messages waiting; in the other a further one has three thousand, of which the
platform takes 28 a minute. What is counted is what the hundred got, per second.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from sqlalchemy import Connection

from benchmarks.measure import Line, alternate, folder
from bot.channels.base import Delivered, Intake, Limits, Outcome, Quota, Sending
from bot.relay import Relay
from bot.wording import Wording
from services.clock import SystemClock
from services.messages import dump_message, say
from storage import outbox, people
from storage.database import open_database
from storage.migrate import upgrade
from storage.outbox import Letter

MESSAGE = dump_message(say("not-understood"))
HELD = "held"


class Instant:
    """A platform that takes everything at once, and counts what it took for the others."""

    name = "bench"
    limits = Limits(
        text=4096,
        caption=1024,
        label=64,
        data_bytes=64,
        overall_per_s=1e6,
        chat_per_s=1e6,
        chat_burst=1000,
        quotas=(Quota(28, 60.0), Quota(950, 3600.0)),
    )

    def __init__(self) -> None:
        self.to_others = 0
        self.to_the_held = 0
        self.last = 0.0

    async def run(self, intake: Intake) -> None:
        """Nothing comes in."""

    async def close(self) -> None:
        """Nothing to let go of."""

    async def send(self, sending: Sending) -> Outcome:
        """Taken."""
        if sending.address == HELD:
            self.to_the_held += 1
        else:
            self.to_others += 1
            self.last = time.perf_counter()
        return Delivered(sending.key)


def queue(connection: Connection, others: int, each: int, held: int) -> None:
    """Everybody's messages, in the outbox."""
    now = datetime.now(UTC)
    letters = []
    for address, count in (*((f"u{n}", each) for n in range(others)), (HELD, held)):
        person = people.add_person(connection, "王师傅", None, "zh-CN", now)
        lane = people.add_endpoint(connection, person.id, Instant.name, address, now).id
        letters += [Letter(person.id, MESSAGE, lane) for _ in range(count)]
    outbox.put(connection, letters, now=now)


async def speed(others: int, each: int, held: int) -> float:
    """Messages a second to the others."""
    with folder() as place:
        database = open_database(f"sqlite:///{place / 'doorstep.db'}")
        await database.migrate(upgrade)
        await database.write(partial(queue, others=others, each=each, held=held))
        platform = Instant()
        relay = Relay(
            database, {platform.name: platform}, Wording(), SystemClock(), name="b", photo=Path
        )
        began = time.perf_counter()
        await relay.deliver_waiting()
        took = platform.last - began
        assert platform.to_others == others * each
        assert platform.to_the_held == min(held, 28)
        await database.close()
    return platform.to_others / took


async def run(others: int = 100, each: int = 20, held: int = 3000, rounds: int = 5) -> list[Line]:
    """The line `sends_while_one_is_held`: with one held to without."""
    beside, alone, ratio = await alternate(
        partial(speed, others, each, held), partial(speed, others, each, 0), rounds
    )
    return [Line("sends_while_one_is_held", ratio, f"{beside:,.0f}/s beside {alone:,.0f}/s")]
