"""Samples of households (§5.4.3): who was served in a month, what was drawn from which list."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields, replace
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, bindparam, func, or_, select, update

from storage.records import (
    OrderState,
    Result,
    Sample,
    SampleDraw,
    Trade,
    Visit,
    VisitMethod,
    VisitState,
)
from storage.tables import agreements, items, orders, rooms, sample_draws, samples, visits
from storage.types import written
from storage.upsert import insert_new
from storage.visits import OPEN

_OF_MONTH = select(*samples.c).where(
    samples.c.centre_id == bindparam("centre"), samples.c.month == bindparam("month")
)
_BY_ID = select(*samples.c).where(samples.c.id == bindparam("id")).with_for_update()
_RUNNING = (
    select(*samples.c)
    .where(samples.c.centre_id == bindparam("centre"), samples.c.visits_until > bindparam("now"))
    .order_by(samples.c.month)
    .limit(1)
)
_UNFINISHED = select(samples.c.centre_id, samples.c.month).where(
    samples.c.finally_drawn_at.is_(None)
)
_DRAWS_OF = (
    select(*sample_draws.c)
    .where(sample_draws.c.sample_id == bindparam("sample"))
    .order_by(sample_draws.c.id)
)
_VISITS_DRAWN = (
    select(visits.c.id).where(visits.c.draw_id == bindparam("draw")).order_by(visits.c.id)
)
_SERVED = (
    select(orders.c.room_id, orders.c.trade, orders.c.id)
    .where(
        orders.c.centre_id == bindparam("centre"),
        orders.c.finished_at >= bindparam("since"),
        orders.c.finished_at < bindparam("until"),
        orders.c.finished_at <= bindparam("by"),
        orders.c.state == written(OrderState.FINISHED),
        orders.c.room_id.is_not(None),
        orders.c.merged_into.is_(None),
        orders.c.trade != written(Trade.OTHER),
        or_(orders.c.result.is_(None), orders.c.result != written(Result.NO_WORK)),
    )
    .order_by(orders.c.finished_at, orders.c.id)
)
_OF_SAMPLE = (visits.c.sample_id == bindparam("of_sample"), visits.c.state.in_(OPEN))


@dataclass(frozen=True, slots=True)
class Months:
    """The samples of these centres for the months that begin on a day or later, before another."""

    centre_ids: tuple[int, ...]
    since: date
    until: date


@dataclass(frozen=True, slots=True)
class AgreementSeen:
    """An agreement as it stands in a list: its number, its room, the item agreed on, the worker."""

    centre_id: int
    number: str
    place: str
    title_zh: str
    title_en: str
    worker_id: int


# Who was served


def served(
    connection: Connection, centre_id: int, since: datetime, until: datetime, by: datetime
) -> list[tuple[int, Trade, int]]:
    """Rooms in which somebody worked: (room, trade, order), by completion.

    Completed before `until`, and by an instant (a clock may have been set back since). No order
    that was cancelled, merged into another, or came to nothing; none that needs no visit.
    """
    asked = {"centre": centre_id, "since": since, "until": until, "by": by}
    return [(row[0], row[1], row[2]) for row in connection.execute(_SERVED, asked)]


# Samples and their draws


def begin(connection: Connection, sample: Sample) -> None:
    """Store a new sample (its `id` is ignored), unless its centre and month have one."""
    row = {name.name: getattr(sample, name.name) for name in fields(Sample) if name.name != "id"}
    insert_new(connection, samples, row)


def of_month(
    connection: Connection, centre_id: int, month: date, *, lock: bool = False
) -> Sample | None:
    """The sample of a centre for the month that begins on this day."""
    statement = _OF_MONTH.with_for_update() if lock else _OF_MONTH
    row = connection.execute(statement, {"centre": centre_id, "month": month}).one_or_none()
    return Sample(*row) if row else None


def running(connection: Connection, centre_id: int, now: datetime) -> Sample | None:
    """The centre's sample whose households may be visited now; of two, the earlier month's."""
    row = connection.execute(_RUNNING, {"centre": centre_id, "now": now}).one_or_none()
    return Sample(*row) if row else None


def lock(connection: Connection, sample_id: int) -> Sample:
    """The sample, its row locked until the commit; it must exist."""
    return Sample(*connection.execute(_BY_ID, {"id": sample_id}).one())


def change(connection: Connection, sample: Sample, **changes: object) -> Sample:
    """Store changed fields and return the sample as it is now."""
    connection.execute(update(samples).where(samples.c.id == sample.id).values(**changes))
    return replace(sample, **changes)  # type: ignore[arg-type]  # names are checked by `replace`


def unfinished(connection: Connection) -> list[tuple[int, date]]:
    """The centres and months of which the sample was begun and not drawn finally."""
    return [(row[0], row[1]) for row in connection.execute(_UNFINISHED)]


def add_draw(
    connection: Connection, sample_id: int, drawn_at: datetime, *, final: bool, candidates: str
) -> int:
    """Keep a draw with the list it was made from; returns its key."""
    made = connection.execute(
        sample_draws.insert().returning(sample_draws.c.id),
        {
            "sample_id": sample_id,
            "drawn_at": drawn_at,
            "final": final,
            "candidates": candidates,
        },
    )
    return int(made.scalar_one())


def draws_of(connection: Connection, sample_id: int) -> list[SampleDraw]:
    """The draws of a sample, in their order."""
    return [SampleDraw(*row) for row in connection.execute(_DRAWS_OF, {"sample": sample_id})]


def latest_draw(connection: Connection, sample_id: int) -> SampleDraw:
    """The last draw of a sample; there must be one."""
    newest = _DRAWS_OF.order_by(None).order_by(sample_draws.c.id.desc()).limit(1)
    return SampleDraw(*connection.execute(newest, {"sample": sample_id}).one())


def visits_drawn(connection: Connection, draw_id: int) -> list[int]:
    """The keys of the visits that a draw came to, in the order of drawing."""
    return list(connection.execute(_VISITS_DRAWN, {"draw": draw_id}).scalars())


# How it ends


def end_open(connection: Connection, sample_id: int, at: datetime) -> None:
    """End what is open of a sample: answered, asked in vain, or not made.

    An answer taken on site that still lacks its evidence is not made, for nothing shows that
    anybody was there.
    Each statement says which it ends, so that an answer that comes meanwhile is not lost.
    """
    on_site = visits.c.method.is_not_distinct_from(VisitMethod.ON_SITE)
    answered = visits.c.satisfied.is_not(None) & ~on_site
    called = (visits.c.state == VisitState.TASK) & (
        (visits.c.tries > 0) | visits.c.asked_at.is_not(None)
    )
    asked = visits.c.satisfied.is_(None) & ((visits.c.state == VisitState.ASKED) | called)
    for ending, state in (
        (answered, VisitState.DONE),
        (asked, VisitState.SILENT),
        (visits.c.state.in_(OPEN), VisitState.NOT_MADE),
    ):
        connection.execute(
            update(visits).where(*_OF_SAMPLE, ending).values(state=state, ended_at=at),
            {"of_sample": sample_id},
        )


def states(connection: Connection, sample_id: int) -> dict[VisitState, int]:
    """How many visits of a sample stand where."""
    found = (
        select(visits.c.state, func.count())
        .where(visits.c.sample_id == sample_id)
        .group_by(visits.c.state)
    )
    return {row[0]: row[1] for row in connection.execute(found)}


# What figures are counted from


def answers(connection: Connection, months: Months) -> dict[bool, int]:
    """How many households drawn have recorded that they are satisfied, and how many are not."""
    found = (
        select(visits.c.satisfied, func.count())
        .join(samples, samples.c.id == visits.c.sample_id)
        .where(*_in(months), visits.c.state == VisitState.DONE, visits.c.satisfied.is_not(None))
        .group_by(visits.c.satisfied)
    )
    return {row[0]: row[1] for row in connection.execute(found)}


def visits_of(connection: Connection, months: Months) -> list[Visit]:
    """The visits drawn, one by one."""
    found = (
        select(*visits.c)
        .join(samples, samples.c.id == visits.c.sample_id)
        .where(*_in(months))
        .order_by(visits.c.id)
    )
    return [Visit(*row) for row in connection.execute(found)]


def _in(months: Months) -> tuple[ColumnElement[bool], ...]:
    return (
        samples.c.centre_id.in_(months.centre_ids),
        samples.c.month >= months.since,
        samples.c.month < months.until,
    )


def agreements_seen(
    connection: Connection, agreement_ids: Collection[int]
) -> dict[int, AgreementSeen]:
    """These agreements by key; they are only looked at, so nothing is locked."""
    found = (
        select(
            agreements.c.id,
            agreements.c.centre_id,
            agreements.c.number,
            rooms.c.room_no,
            items.c.name_zh,
            items.c.name_en,
            agreements.c.worker_id,
        )
        .join(rooms, rooms.c.id == agreements.c.room_id)
        .join(items, items.c.id == agreements.c.item_id)
        .where(agreements.c.id.in_(agreement_ids))
    )
    return {row[0]: AgreementSeen(*row[1:]) for row in connection.execute(found)}
