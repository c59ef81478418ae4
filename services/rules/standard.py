"""Every number of the operating standard as one settings model, with the standard's values."""

import re
from collections.abc import Mapping
from datetime import time, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from services.rules.hours import DayWindow

_DURATION = re.compile(r"(\d+)\s*(s|min|h|d)")
_UNITS = {"s": "seconds", "min": "minutes", "h": "hours", "d": "days"}
_DAY = timedelta(days=1)
_CALENDAR = re.compile(r"none|[A-Z]{2}(-[A-Za-z0-9]{1,5})?")

NO_CALENDAR = "none"
"""Monday to Friday are worked, whatever is celebrated."""


class Looser(StrEnum):
    """In which direction a number becomes easier on us than the standard."""

    HIGHER = "higher"
    LOWER = "lower"
    WIDER = "wider"
    NARROWER = "narrower"


def parse_duration(value: object) -> object:
    """Read ``10 min``, ``72 h`` or ``7 d``; a bare number is refused, for it has no unit."""
    if isinstance(value, int | float):
        raise ValueError("write the unit too: 30 s, 10 min, 72 h or 7 d")
    found = _DURATION.fullmatch(value.strip()) if isinstance(value, str) else None
    return timedelta(**{_UNITS[found[2]]: int(found[1])}) if found else value


def parse_window(value: object) -> object:
    """Read ``09:00-22:00``; anything but text is left to pydantic."""
    return DayWindow.parse(value) if isinstance(value, str) else value


class Recipient(StrEnum):
    """Whom a stage of a ladder may speak to: the job's technician, or whoever holds the role."""

    TECHNICIAN = "technician"
    CS = "cs"
    CONTROL = "control"
    SUPERVISOR = "supervisor"
    HEAD = "head"
    BUSINESS = "business"


def parse_recipients(value: object) -> object:
    """Read ``cs+supervisor``, or a list of such."""
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, list | tuple):
        return value
    return tuple(one.strip() for part in value for one in str(part).split("+"))


Recipients = Annotated[
    tuple[Recipient, ...], BeforeValidator(parse_recipients), Field(min_length=1)
]
ToldTwice = Annotated[tuple[Recipients, ...], Field(min_length=2, max_length=2)]
ToldThrice = Annotated[tuple[Recipients, ...], Field(min_length=3, max_length=3)]
Laddered = Literal[
    "emergency_accept",
    "emergency_arrival",
    "accept",
    "appointment",
    "minor_completion",
    "major_response",
]


def _to(*stages: str) -> tuple[tuple[Recipient, ...], ...]:
    return tuple(tuple(Recipient(one) for one in stage.split("+")) for stage in stages)


def _calendar_code(value: str) -> str:
    if not _CALENDAR.fullmatch(value):
        raise ValueError("write a country, CN, a part of one, DE-BY, or none")
    return value


Duration = Annotated[timedelta, BeforeValidator(parse_duration), Field(ge=timedelta(0))]
Limit = Annotated[Duration, Looser.HIGHER]
Window = Annotated[DayWindow, BeforeValidator(parse_window)]
Percent = Annotated[int, Field(ge=0, le=100)]


class Standard(BaseModel):
    """The operating standard of special services; a centre may override any of it.

    Durations are written with their unit (``10 min``), windows by the local wall clock
    (``09:00-22:00``).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    # emergencies
    emergency_day: Annotated[Window, Looser.NARROWER] = Field(
        DayWindow.parse("09:00-22:00"),
        description="when the day limit holds, closing minute included (§5.2.7, reading 8)",
    )
    emergency_day_limit: Limit = Field(
        timedelta(minutes=10), description="on site and handling, by day (§5.2.7)"
    )
    emergency_night_limit: Limit = Field(
        timedelta(minutes=30), description="on site and handling, by night (§5.2.7)"
    )
    emergency_accept_steps: Annotated[tuple[Duration, Duration, Duration], Looser.HIGHER] = Field(
        (timedelta(minutes=1), timedelta(minutes=3), timedelta(minutes=5)),
        description="after the report, not accepted: all on duty, supervisor, head (§3.5)",
    )
    emergency_accept_tell: ToldThrice = Field(
        _to("control+cs", "supervisor", "head"),
        description="who hears of an emergency nobody has accepted, stage by stage (§3.5)",
    )
    emergency_arrival_warning_percent: Annotated[Percent, Looser.HIGHER] = Field(
        70, description="share of the limit after which a missing arrival is announced (§3.5)"
    )
    emergency_arrival_tell: ToldTwice = Field(
        _to("technician+cs", "head"),
        description="who hears that nobody has arrived: before the limit, at the limit (§3.5)",
    )

    # appointments
    arrival_early: Limit = Field(
        timedelta(minutes=5), description="earliest arrival before the agreed minute (§5.2.2)"
    )
    arrival_late: Limit = Field(
        timedelta(minutes=2), description="latest arrival after the agreed minute (§5.2.2)"
    )
    appointment_reminder: Annotated[Duration, Looser.LOWER] = Field(
        timedelta(minutes=30), description="reminder ahead of the appointment (§3.5)"
    )
    accept_steps: Annotated[tuple[Duration, Duration, Duration], Looser.HIGHER] = Field(
        (timedelta(minutes=10), timedelta(minutes=30), timedelta(hours=2)),
        description="after the offer, not accepted: next technician, supervisor, head (§3.5)",
    )
    accept_tell: ToldThrice = Field(
        _to("cs", "supervisor", "head"),
        description="who hears that an ordinary job is not accepted, stage by stage (§3.5)",
    )
    appointment_tell: Recipients = Field(
        _to("cs+supervisor")[0],
        description="who hears of an appointment that comes up and nobody has taken (§3.5)",
    )

    # repairs
    minor_within: Limit = Field(
        timedelta(hours=24), description="a small problem is done (§5.2.2, reading 14)"
    )
    minor_warnings: Annotated[tuple[Duration, Duration], Looser.HIGHER] = Field(
        (timedelta(hours=18), timedelta(hours=22)),
        description="after the report, not done: technician and CS, head (§3.5)",
    )
    minor_tell: ToldTwice = Field(
        _to("technician+cs", "head"), description="who hears each of these warnings (§3.5)"
    )
    major_within: Limit = Field(
        timedelta(hours=72), description="a large problem is answered (§5.2.2, reading 15)"
    )
    major_warnings: Annotated[tuple[Duration, Duration], Looser.HIGHER] = Field(
        (timedelta(hours=48), timedelta(hours=66)),
        description="after the report, not answered: first warning, head (§3.5)",
    )
    major_tell: ToldTwice = Field(
        _to("cs+supervisor", "head"), description="who hears each of these warnings (§3.5)"
    )

    # telling people
    staff_told_within: Limit = Field(
        timedelta(minutes=5), description="staff hear of a confirmed request (§5.1.2, reading 23)"
    )
    emergency_staff_told_within: Limit = Field(
        timedelta(minutes=1), description="staff hear of an emergency (§5.1.2, reading 23)"
    )
    dissatisfied_steps: Annotated[tuple[Duration, Duration], Looser.HIGHER] = Field(
        (timedelta(hours=2), timedelta(hours=24)),
        description="after the answer: untouched to the head, uncorrected to business (§3.5)",
    )
    dissatisfied_tell: ToldTwice = Field(
        _to("head", "business"), description="who hears of it at each of these steps (§3.5)"
    )
    night_ladders: tuple[Laddered, ...] = Field(
        ("emergency_accept", "emergency_arrival", "appointment"),
        description="ladders that speak day and night; the others wait for alert hours (§3.5)",
    )
    staff_alert_hours: Annotated[Window, Looser.NARROWER] = Field(
        DayWindow.parse("08:30-22:00"), description="when staff get ordinary alerts (§3.5)"
    )
    quiet_hours: Annotated[tuple[Window, ...], Looser.NARROWER] = Field(
        (DayWindow.parse("12:00-14:00"), DayWindow.parse("20:30-09:00")),
        description="when questionnaires and reminders to residents wait (§3.6)",
    )
    evening_reminder_at: time = Field(
        time(19, 0), description="households hear of tomorrow's visits, by the centre's clock"
    )
    todo_reminder_at: time = Field(
        time(9, 0), description="the desk hears of what is open, by the centre's clock"
    )

    # days
    holiday_calendar: Annotated[str, AfterValidator(_calendar_code)] = Field(
        "CN",
        description="public holidays and moved workdays: a country, CN, or a part of one, DE-BY; "
        "none for neither (§3.4, §3.12)",
    )

    # booking
    noisy_hours: Annotated[tuple[Window, ...], Looser.WIDER] = Field(
        (DayWindow.parse("08:30-12:00"), DayWindow.parse("14:00-18:00")),
        description="when noisy work may be done: Monday to Friday, no public holiday (§3.12)",
    )
    travel_buffer: Duration = Field(
        timedelta(minutes=15), description="kept free between two jobs of a technician"
    )
    slot_grid: Duration = Field(
        timedelta(minutes=30), description="distance of bookable starts; divides the day"
    )
    booking_lead: Duration = Field(
        timedelta(minutes=60), description="shortest notice for a booking"
    )
    booking_horizon_days: int = Field(
        7, ge=1, le=90, description="days after today that can be booked"
    )
    form_expires_after: Duration = Field(
        timedelta(hours=24), description="an unfinished form in chat is dropped"
    )

    # ratings
    rating_change_within: Duration = Field(
        timedelta(hours=24), description="a rating may be changed by its author"
    )
    rating_reminder_after: Duration = Field(
        timedelta(hours=24), description="one reminder to an unanswered question (§3.6)"
    )
    rating_closes_after_reminder: Duration = Field(
        timedelta(hours=24), description="the question closes and a person calls (§3.6)"
    )
    # who is visited again, and how
    sample_bounds: Annotated[tuple[int, int], Looser.LOWER] = Field(
        (100, 300),
        description="households served in a month up to which the first, the second share of the "
        "next setting holds (§5.4.3, reading 1)",
    )
    sample_percents: Annotated[tuple[Percent, Percent, Percent], Looser.LOWER] = Field(
        (30, 20, 10), description="households to visit, of those served in a month (§5.4.3)"
    )
    visits_until_day: Annotated[int, Looser.HIGHER] = Field(
        3, ge=1, le=28, description="the month's visits end with this day of the next (reading 6)"
    )
    questionnaire_gap_days: Annotated[int, Looser.LOWER] = Field(
        30, ge=0, le=365, description="at most one questionnaire a household in so long (§3.6)"
    )
    questionnaire_reminder_after: Duration = Field(
        timedelta(hours=24), description="one reminder of an unanswered questionnaire (§3.6)"
    )
    questionnaire_call_after: Duration = Field(
        timedelta(hours=24), description="after the reminder: then a person calls (§3.6)"
    )
    visit_tries: Annotated[int, Looser.LOWER] = Field(
        2, ge=1, le=10, description="calls nobody answers before a household counts as silent"
    )
    late_signing_days: Annotated[int, Looser.HIGHER] = Field(
        14,
        ge=0,
        le=60,
        description="an agreement signed in the last days of a quarter is first visited in the "
        "next one (reading 20)",
    )

    # targets
    satisfaction_target_percent: Annotated[Percent, Looser.LOWER] = Field(
        95, description="satisfied among those who answered, at least (§5.2.2)"
    )
    rework_target_percent: Annotated[Percent, Looser.HIGHER] = Field(
        1, description="rework among completed repairs, at most (§5.2.2)"
    )
    rework_within_days: Annotated[int, Looser.LOWER] = Field(
        30, ge=1, le=365, description="the same fault again within so many days is rework (§3.8)"
    )
    timely_target_percent: Annotated[Percent, Looser.LOWER] = Field(
        100, description="minor and emergency repairs on time (§5.2.2)"
    )

    @model_validator(mode="after")
    def _is_consistent(self) -> Self:
        ladders = {
            "emergency_accept_steps": self.emergency_accept_steps,
            "accept_steps": self.accept_steps,
            "minor_warnings": (*self.minor_warnings, self.minor_within),
            "major_warnings": (*self.major_warnings, self.major_within),
            "dissatisfied_steps": self.dissatisfied_steps,
        }
        for name, steps in ladders.items():
            if any(later <= earlier for earlier, later in pairwise(steps)):
                raise ValueError(f"{name}: each step comes after the one before it")
        if self.sample_bounds[0] >= self.sample_bounds[1]:
            raise ValueError("sample_bounds: the second number is the larger")
        if not self.slot_grid or _DAY % self.slot_grid:
            raise ValueError("slot_grid: must divide the day evenly")
        if len(_minutes(self.quiet_hours)) == _DAY // timedelta(minutes=1):
            raise ValueError("quiet_hours: leave some of the day to send in")
        return self

    def with_overrides(self, overrides: Mapping[str, object]) -> "Standard":
        """This standard with a centre's own values; an unknown name is a ValidationError."""
        return Standard.model_validate({**dict(self), **overrides})

    def looser_than_standard(self) -> tuple[str, ...]:
        """Names of the values that are easier on us than the standard's, in order (part 2, end)."""
        standard = Standard()
        return tuple(
            name
            for name, field in Standard.model_fields.items()
            for direction in field.metadata
            if isinstance(direction, Looser)
            and _is_looser(getattr(self, name), getattr(standard, name), direction)
        )


def _is_looser(own: object, standard: object, direction: Looser) -> bool:
    match direction:
        case Looser.HIGHER:
            return any(a > b for a, b in zip(_amounts(own), _amounts(standard), strict=True))
        case Looser.LOWER:
            return any(a < b for a, b in zip(_amounts(own), _amounts(standard), strict=True))
        case Looser.WIDER:
            return not _minutes(own) <= _minutes(standard)
        case Looser.NARROWER:
            return not _minutes(own) >= _minutes(standard)


def _amounts(value: object) -> tuple[float, ...]:
    if isinstance(value, tuple):
        return tuple(amount for part in value for amount in _amounts(part))
    if isinstance(value, timedelta):
        return (value.total_seconds(),)
    if isinstance(value, int):
        return (value,)
    raise TypeError(f"neither a number nor a duration: {value!r}")


def _minutes(value: object) -> frozenset[int]:
    if isinstance(value, tuple):
        return frozenset[int]().union(*(_minutes(window) for window in value))
    if isinstance(value, DayWindow):
        return value.minutes()
    raise TypeError(f"not a window of the day: {value!r}")
