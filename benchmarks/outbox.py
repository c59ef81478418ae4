"""A recipient with 20,000 messages waiting beside one with ten: claiming the next and ending it.

Every message is an edit of a card of its own, the dearest kind: it is claimed only after a look at
whether a later edit has overtaken it. The statements are timed, without commits, which would only
bring the ratio nearer to one.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from functools import partial

from sqlalchemy import Connection

from benchmarks.measure import Line, alternate, folder
from services.messages import dump_message, say
from storage import outbox, people
from storage.database import open_database
from storage.migrate import upgrade
from storage.outbox import Letter
from storage.records import OutboxState

MESSAGE = dump_message(say("not-understood"))
LEASE = timedelta(minutes=1)


def turns(connection: Connection, waiting: int, times: int) -> float:
    """Seconds for one claim and end, while so many wait."""
    now = datetime.now(UTC)
    person = people.add_person(connection, "王师傅", None, "zh-CN", now)
    lane = people.add_endpoint(connection, person.id, "bench", "1", now).id
    letters = [Letter(person.id, MESSAGE, lane, card=f"order:{n}") for n in range(waiting)]
    outbox.put(connection, letters, now=now)
    for letter in letters:
        outbox.show_card(connection, lane, str(letter.card), "shown", now)
    took = 0.0
    for _ in range(times):
        began = time.perf_counter()
        (head,) = outbox.claim(connection, by="bench", now=now, lease=LEASE, most=1)
        outbox.end(connection, head, OutboxState.DELIVERED, at=now, ref="shown")
        outbox.free_lane(connection, lane, by="bench", not_before=now)
        took += time.perf_counter() - began
        again = Letter(person.id, MESSAGE, lane, card=head.card)
        outbox.put(connection, [again], now=now)
    return took / times


async def measure(waiting: int, times: int) -> float:
    """The same on a fresh database."""
    with folder() as place:
        database = open_database(f"sqlite:///{place / 'doorstep.db'}")
        await database.migrate(upgrade)
        took = await database.write(partial(turns, waiting=waiting, times=times))
        await database.close()
    return took


async def run(many: int = 20_000, few: int = 10, times: int = 300, rounds: int = 3) -> list[Line]:
    """The line `outbox_hot_lane`: a full lane's time to a short one's."""
    full, short, ratio = await alternate(
        partial(measure, many, times), partial(measure, few, times), rounds
    )
    figures = f"{full * 1e6:,.0f} µs with {many:,} waiting beside {short * 1e6:,.0f} µs with {few}"
    return [Line("outbox_hot_lane", ratio, figures)]
