"""Orders of the past, written straight into the books: figures look at weeks of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from services import orders
from services.desk import Desk
from services.messages import Named
from services.rules.response_times import Rule, Verdict
from storage import orders as store
from storage.records import OrderKind, OrderState, Source, Trade, VerdictRow
from storage.tables import items, rooms
from tests.conversation import Town
from tests.town import ZONE

MET, MISSED, WAIVED = Verdict.MET, Verdict.MISSED, Verdict.WAIVED
NOT_APPLICABLE = Verdict.NOT_APPLICABLE


def local(text: str) -> datetime:
    """A time on the town's clock: "2026-11-24 10:00"."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(ZONE)).astimezone(UTC)


@dataclass(frozen=True)
class Job:
    """One order as it stands in the books. `verdicts` are due at `due`."""

    reported: str = "2026-11-20 10:00"
    due: str = "2026-11-20 10:10"
    finished: str | None = None
    verdicts: Mapping[Rule, Verdict] = field(default_factory=dict)
    missed_by: timedelta = timedelta(minutes=4)
    centre_id: int = 1
    room: str = "3-1201"
    item: str | None = None
    emergency: str | None = None
    trade: Trade = Trade.REPAIR
    owner_deferred: bool = False
    cancelled: bool = False
    merged_into: int | None = None
    rework_of: int | None = None
    same_fault: bool | None = None
    satisfied: bool | None = None
    on_time: bool | None = None


async def entered(town: Town, *jobs: Job) -> list[str]:
    """Write the jobs into the books, in this order; returns their numbers."""
    return await town.change(partial(_enter_all, jobs=jobs))


def _enter_all(connection: Connection, jobs: tuple[Job, ...]) -> list[str]:
    return [enter(connection, job) for job in jobs]


def enter(connection: Connection, job: Job) -> str:
    """Write one job into the books; returns its number."""
    desk = Desk(connection, local(job.reported))
    order = orders.store_request(desk, _request(connection, job))
    state = OrderState.CANCELLED if job.cancelled else OrderState.ACCEPTED
    store.change(
        connection,
        order,
        state=OrderState.FINISHED if job.finished else state,
        finished_at=local(job.finished) if job.finished else None,
        merged_into=job.merged_into,
        rework_confirmed=job.same_fault,
        satisfied=job.satisfied,
        on_time=job.on_time,
    )
    for rule, verdict in job.verdicts.items():
        store.keep_verdict(connection, _verdict(order.id, rule, verdict, job))
    return order.number


def _request(connection: Connection, job: Job) -> orders.Request:
    room = (rooms.c.centre_id == job.centre_id, rooms.c.room_no == job.room)
    item = (items.c.centre_id == job.centre_id, items.c.code == job.item)
    return orders.Request(
        centre_id=job.centre_id,
        room_id=connection.execute(select(rooms.c.id).where(*room)).scalar_one(),
        place=job.room,
        person_id=None,
        contact_name="张伟",
        contact_phone="13800100001",
        source=Source.PHONE,
        channel="phone",
        kind=OrderKind.EMERGENCY if job.emergency else OrderKind.APPOINTMENT,
        title=Named("换水龙头", "Replace tap"),
        trade=job.trade,
        skills=("plumber",),
        minutes=40,
        item_id=connection.execute(select(items.c.id).where(*item)).scalar_one_or_none(),
        emergency=job.emergency,
        owner_deferred=job.owner_deferred,
        rework_of=job.rework_of,
    )


def _verdict(order_id: int, rule: Rule, verdict: Verdict, job: Job) -> VerdictRow:
    due = local(job.due)
    late = verdict is MISSED
    return VerdictRow(
        id=0,
        order_id=order_id,
        rule=rule.value,
        verdict=verdict.value,
        due_at=due,
        actual_at=due + job.missed_by if late else due,
        missed_by_s=int(job.missed_by.total_seconds()) if late else None,
        recorded_at=due,
        waived_by=None,
        why="",
    )
