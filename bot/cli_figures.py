"""`doorstep figures`: the figures as a table or as JSON, and the orders behind one of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from rich.console import Console
from rich.table import Table

from bot.cli_words import locale, say
from bot.wording import Wording, percent
from services import figures
from services.desk import Desk
from services.errors import DomainError
from services.figures import Behind, Figures, Served
from services.messages import Saying
from services.rules.figures import YEARS, Figure, Measure, Period, month_of
from storage import centres

DAY = timedelta(days=1)
WIDTH = 120
"""Of a table; a terminal that is narrower wraps it, a file does not care."""


class NoSuchCentre(DomainError):
    """No centre has this code."""

    key = "cli-no-such-centre"


class NoCentre(DomainError):
    """There is no centre yet."""

    key = "cli-no-centre"


@dataclass(frozen=True, slots=True)
class Job:
    """An order (or agreement) behind a figure: how it counted, and its line."""

    behind: Behind
    order: Served
    line: Saying


@dataclass(frozen=True, slots=True)
class Column:
    """One period's figures, and the orders behind the one that was opened."""

    period: Period
    figures: Figures
    jobs: tuple[Job, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """What stands in one table: a centre, or (`code` None) all of them together."""

    code: str | None
    name: str
    columns: tuple[Column, ...]


class NotAMonth(DomainError):
    """It is not written as a month is."""

    key = "cli-not-a-month"


class NotADay(DomainError):
    """It is not written as a day is."""

    key = "cli-not-a-day"


class MonthOrDays(DomainError):
    """A month and days were given together, or one end only, or the last day before the first."""

    key = "cli-month-or-days"


class NoSuchFigure(DomainError):
    """There is no figure of this name."""

    key = "cli-no-such-figure"


def periods(month: str | None, first: str | None, last: str | None) -> tuple[Period, ...]:
    """The month (2026-11) or the days (2026-11-01 to 2026-11-30) that were asked for, if any.

    Raises:
        NotAMonth, NotADay, MonthOrDays.
    """
    if month is not None and first is None and last is None:
        return (month_of(_day(f"{month}-01", NotAMonth(text=month))),)
    if month is None and first is None and last is None:
        return ()
    if month is not None or first is None or last is None:
        raise MonthOrDays
    try:
        return (Period(_day(first, NotADay(text=first)), _day(last, NotADay(text=last)) + DAY),)
    except ValueError:
        raise MonthOrDays from None


def _day(text: str, otherwise: DomainError) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise otherwise from None
    if day.year not in YEARS:
        raise otherwise
    return day


def measure(name: str | None) -> Measure | None:
    """The figure of this name.

    Raises:
        NoSuchFigure: there is none; says which there are.
    """
    if name is None:
        return None
    if name not in list(Measure):
        raise NoSuchFigure(name=name, names=" ".join(Measure))
    return Measure(name)


def blocks(
    desk: Desk, code: str | None, periods: Sequence[Period], opened: Measure | None
) -> list[Block]:
    """Each centre (or the one with this code), and all together where there are several.

    Without periods: this month so far, and the one before. `opened` lists a figure's orders.

    Raises:
        NoCentre, NoSuchCentre.
    """
    known = centres.every(desk.connection)
    if not known:
        raise NoCentre
    found = [one for one in known if code in (None, one.code)]
    if not found:
        raise NoSuchCentre(code=code or "")
    parts: list[tuple[str | None, str, list[int]]] = [
        (one.code, one.name, [one.id]) for one in found
    ]
    if len(found) > 1:
        parts.append((None, say("cli-figures-together"), [one.id for one in found]))
    return [Block(part, name, _columns(desk, ids, periods, opened)) for part, name, ids in parts]


def _columns(
    desk: Desk, centre_ids: list[int], periods: Sequence[Period], opened: Measure | None
) -> tuple[Column, ...]:
    this = figures.this_month(desk, centre_ids)
    return tuple(
        Column(
            period,
            figures.count(desk, centre_ids, period),
            _jobs(desk, centre_ids, period, opened) if opened else (),
        )
        for period in periods or (this, month_of(this.first, -1))
    )


def _jobs(desk: Desk, centre_ids: list[int], period: Period, measure: Measure) -> tuple[Job, ...]:
    behind = figures.behind(desk, centre_ids, period, measure)
    told = zip(behind, figures.lines(desk, behind), strict=True)
    return tuple(Job(one, order, line) for one, (order, line) in told)


# Printing


def show(found: Sequence[Block], now: datetime) -> None:
    """Print a table for each block, and under it the orders that were asked for."""
    console = Console(highlight=False, markup=False, emoji=False, width=WIDTH)
    for block in found:
        console.print(" ".join(filter(None, (block.code, block.name))))
        console.print(_table(block))
        for column in block.columns:
            for line in _job_lines(column, now):
                console.print(line)
        console.print()


def _table(block: Block) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0))
    table.add_column(say("cli-figures-figure"), no_wrap=True)
    table.add_column(say("cli-figures-target"), justify="right", no_wrap=True)
    for column in block.columns:
        table.add_column(_days(column.period), justify="right", no_wrap=True)
    for measure in Measure:
        shown = [column.figures[measure] for column in block.columns]
        table.add_row(say(f"figure-{measure}"), _aim(shown[0]), *map(_cell, shown))
    return table


def _days(period: Period) -> str:
    if period == month_of(period.first):
        return f"{period.first:%Y-%m}"
    return f"{period.first} – {period.until - DAY}"


def _aim(figure: Figure) -> str:
    if figure.target is None:
        return ""
    key = "cli-figures-most" if figure.target.at_most else "cli-figures-least"
    return say(key, target=figure.target.percent)


def _cell(figure: Figure) -> str:
    """12/13 92.3% ✗: both numbers, the share, and whether the target is met."""
    mark = {True: "✓", False: "✗", None: "—"}[figure.meets()]
    waived = say("cli-figures-waived", count=figure.waived) if figure.waived else ""
    return f"{waived}{figure.hits}/{figure.total} {percent(figure.tenths()):>6} {mark}"


def _job_lines(column: Column, now: datetime) -> list[str]:
    """The orders under their period, in the words the chat has for them."""
    if not column.jobs:
        return []
    wording = Wording()
    said = [
        Saying(job.line.key, {**job.line.facts, "n": number})
        for number, job in enumerate(column.jobs, start=1)
    ]
    return [_days(column.period), *(wording.text(line, locale(), now) for line in said)]


def as_json(found: Sequence[Block]) -> str:
    """The same as data, an entry for each block and period; days are included, times are UTC."""
    entries = [_entry(block.code, column) for block in found for column in block.columns]
    return json.dumps(entries, ensure_ascii=False, indent=2)


def _entry(code: str | None, column: Column) -> dict[str, object]:
    return {
        "centre": code,
        "from": column.period.first.isoformat(),
        "to": (column.period.until - DAY).isoformat(),
        "figures": {one.value: _numbers(figure) for one, figure in column.figures.items()},
        "orders": [_job(job) for job in column.jobs],
    }


def _numbers(figure: Figure) -> dict[str, object]:
    target = figure.target
    return {
        "hits": figure.hits,
        "total": figure.total,
        "waived": figure.waived,
        "target_percent": target and target.percent,
        "at_most": target is not None and target.at_most,
        "meets": figure.meets(),
    }


def _job(job: Job) -> dict[str, object]:
    order, behind = job.order, job.behind
    return {
        "number": order.number,
        "room": order.place,
        "what": order.title_en if locale() == "en" else order.title_zh,
        "outcome": behind.outcome.value,
        "at": behind.at.isoformat(),
        "due": behind.due_at and behind.due_at.isoformat(),
        "actual": behind.actual_at and behind.actual_at.isoformat(),
        "missed_by_s": behind.missed_by_s,
    }
