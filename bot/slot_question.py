"""How a free time is asked for, in any form: a helpful few, a day, or words like 明天下午3点.

The form keeps which starts it shows in `view` and the answer in `slot`. Looking further (其他日期)
and typed times that are not free leave the question open and show other starts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from pydantic import BaseModel

from bot.flow import Ask, Choice
from bot.turn import Turn
from services import availability
from services.availability import Work
from services.booking import SUGGESTED, suggested
from services.desk import Desk
from services.messages import Fact, Moment, MomentStyle, Saying
from services.rules.time_words import DayOnly, Past, understand_time

DAYS = "days"
_ON_DAY = "d"
_NEAR = "n"
_PAST = "p"

A_YEAR = timedelta(days=366)
"""No button of ours names a day further off."""


class Slotted(BaseModel):
    """A form that asks for a start: `slot` in seconds since the epoch."""

    view: str = ""
    slot: int = 0

    @property
    def starts_at(self) -> datetime:
        """The chosen start."""
        return datetime.fromtimestamp(self.slot, UTC)


S = TypeVar("S", bound=Slotted)


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be fitted in; `besides` is the order that is being moved."""

    work: Work
    besides: int | None = None


def ask_start(job: Callable[[Turn, Desk, S], Job]) -> Ask[S]:
    """The question for a start, its field being `slot`."""

    def options(turn: Turn, desk: Desk, draft: S) -> list[Choice]:
        return _choices(_look(desk, job(turn, desk, draft), draft.view))

    def facts(turn: Turn, desk: Desk, draft: S) -> dict[str, Fact]:
        look = _look(desk, job(turn, desk, draft), draft.view)
        return {"view": look.key, "wanted": look.wanted}

    def understand(turn: Turn, desk: Desk, draft: S, text: str) -> str | None:
        return _understood(desk, job(turn, desk, draft), text)

    def takes(turn: Turn, desk: Desk, draft: S, value: str) -> bool:
        return _is_free_still(desk, job(turn, desk, draft), value)

    return Ask(
        "slot",
        options=options,
        facts=facts,
        understand=understand,
        takes=takes,
        fill=_fill,
        columns=2,
    )


def near(start: datetime) -> str:
    """The view that shows what is free around a start that is not."""
    return f"{_NEAR}{_seconds(start)}"


def _fill(_draft: BaseModel, value: object) -> Mapping[str, object]:
    """A start answers the question; anything else is another look at the free times."""
    answer = str(value)
    return {"slot": int(answer)} if answer.isdigit() else {"view": answer}


def _seconds(start: datetime) -> int:
    return int(start.timestamp())


@dataclass(frozen=True, slots=True)
class _Look:
    """What the question shows: which words, which starts, and the time it is about."""

    key: str
    starts: Sequence[datetime]
    wanted: Moment
    zone: ZoneInfo
    more: bool


def _free(desk: Desk, job: Job) -> list[datetime]:
    return [slot.start for slot in availability.free_slots(desk, job.work, besides=job.besides)]


def _look(desk: Desk, job: Job, view: str) -> _Look:
    starts = _free(desk, job)
    zone = desk.zone(job.work.centre_id)
    if not starts:
        return _Look("none", (), _moment(desk.now, zone), zone, more=False)
    if view == DAYS:
        return _Look(DAYS, starts, _moment(starts[0], zone), zone, more=False)
    if view.startswith(_ON_DAY):
        return _look_at_day(starts, date.fromisoformat(view[1:]), zone)
    if view.startswith(_NEAR):
        wanted = datetime.fromtimestamp(int(view[1:]), UTC)
        return _Look("near", _nearest(starts, wanted), _moment(wanted, zone), zone, more=True)
    few = suggested(starts, zone)
    key = "past" if view == _PAST else "soon"
    return _Look(key, few, _moment(few[0], zone), zone, more=len(starts) > len(few))


def _look_at_day(starts: Sequence[datetime], day: date, zone: ZoneInfo) -> _Look:
    of_day = [start for start in starts if start.astimezone(zone).date() == day]
    noon = datetime.combine(day, time(12), zone)
    wanted = _moment(noon, zone, "day")
    if of_day:
        return _Look("day", of_day, wanted, zone, more=True)
    return _Look("near", _nearest(starts, noon), wanted, zone, more=True)


def _moment(at: datetime, zone: ZoneInfo, style: MomentStyle = "full") -> Moment:
    return Moment(at, zone.key, style)


def _nearest(starts: Sequence[datetime], wanted: datetime) -> list[datetime]:
    return sorted(sorted(starts, key=lambda start: abs(start - wanted))[:SUGGESTED])


def _choices(look: _Look) -> list[Choice]:
    if look.key == DAYS:
        return _days(look)
    style: MomentStyle = "time" if look.key == "day" else "short"
    choices = [
        Choice(str(_seconds(start)), Saying("slot-start", {"at": _moment(start, look.zone, style)}))
        for start in look.starts
    ]
    return [*choices, Choice(DAYS, Saying("slot-other-days"))] if look.more else choices


def _days(look: _Look) -> list[Choice]:
    first: dict[date, datetime] = {}
    for start in look.starts:
        local = start.astimezone(look.zone)
        first.setdefault(local.date(), start)
    return [
        Choice(
            f"{_ON_DAY}{day.isoformat()}",
            Saying("slot-day", {"day": _moment(start, look.zone, "day")}),
        )
        for day, start in first.items()
    ]


def _understood(desk: Desk, job: Job, text: str) -> str | None:
    zone = desk.zone(job.work.centre_id)
    meant = understand_time(text, now=desk.now, zone=zone)
    match meant:
        case None:
            return None
        case Past():
            return _PAST
        case DayOnly(day):
            return f"{_ON_DAY}{day.isoformat()}"
        case datetime():
            return str(_seconds(meant)) if meant in _free(desk, job) else near(meant)


def _is_free_still(desk: Desk, job: Job, value: str) -> bool:
    """Whether a value that is not shown now is a free start, or a way to look further."""
    if not value.isascii() or not value.isdigit() or len(value) > 11:
        return value == DAYS or _is_day(value, desk.now.date())
    start = datetime.fromtimestamp(int(value), UTC)
    if not availability.may_start(desk, job.work, start):
        return False
    return bool(availability.free_technicians(desk, job.work, start, besides=job.besides))


def _is_day(value: str, today: date) -> bool:
    try:
        day = date.fromisoformat(value[1:])
    except ValueError:
        return False
    return value.startswith(_ON_DAY) and abs(day - today) <= A_YEAR
