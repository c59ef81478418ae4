"""The standard's own numbers, a centre's overrides, and which of them are looser."""

from datetime import timedelta

import pytest
from pydantic import ValidationError

from services.rules.hours import DayWindow
from services.rules.standard import Standard


def test_5_2_2_and_5_2_7_defaults_are_the_standards() -> None:
    standard = Standard()
    assert standard.emergency_day == DayWindow.parse("09:00-22:00")
    assert standard.emergency_day_limit == timedelta(minutes=10)
    assert standard.emergency_night_limit == timedelta(minutes=30)
    assert (standard.arrival_early, standard.arrival_late) == (
        timedelta(minutes=5),
        timedelta(minutes=2),
    )
    assert (standard.minor_within, standard.major_within) == (
        timedelta(hours=24),
        timedelta(hours=72),
    )
    assert (
        standard.satisfaction_target_percent,
        standard.rework_target_percent,
        standard.timely_target_percent,
        standard.rework_within_days,
    ) == (95, 1, 100, 30)
    assert standard.looser_than_standard() == ()


def test_every_number_names_what_it_means() -> None:
    assert all(field.description for field in Standard.model_fields.values())


@pytest.mark.parametrize(
    ("name", "looser", "stricter"),
    [
        ("emergency_day_limit", "15 min", "8 min"),
        ("emergency_day", "10:00-22:00", "08:00-23:00"),
        ("emergency_arrival_warning_percent", 80, 50),
        ("emergency_accept_steps", ["1 min", "4 min", "5 min"], ["1 min", "2 min", "3 min"]),
        ("appointment_reminder", "10 min", "60 min"),
        ("arrival_late", "5 min", "0 s"),
        ("minor_within", "2 d", "23 h"),
        ("satisfaction_target_percent", 90, 98),
        ("rework_target_percent", 2, 0),
        ("rework_within_days", 14, 60),
        ("quiet_hours", ["20:30-09:00"], ["12:00-14:30", "20:00-09:00"]),
        ("noisy_hours", ["08:30-12:00", "13:00-18:00"], ["09:00-12:00"]),
        ("staff_alert_hours", "09:00-21:00", "08:00-22:00"),
    ],
)
def test_overrides_that_are_looser_than_the_standard_are_named(
    name: str, looser: object, stricter: object
) -> None:
    assert Standard().with_overrides({name: looser}).looser_than_standard() == (name,)
    assert Standard().with_overrides({name: stricter}).looser_than_standard() == ()


@pytest.mark.parametrize(
    "overrides",
    [
        {"emergency_limit": "10 min"},
        {"minor_within": 24},
        {"minor_within": "soon"},
        {"minor_within": "20 h"},
        {"accept_steps": ["30 min", "10 min", "2 h"]},
        {"timely_target_percent": 101},
        {"emergency_arrival_warning_percent": 101},
        {"emergency_day": "09:00"},
        {"slot_grid": "50 min"},
        {"slot_grid": "0 s"},
        {"quiet_hours": ["00:00-24:00"]},
    ],
)
def test_overrides_that_make_no_sense_are_refused(overrides: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Standard().with_overrides(overrides)


def test_overrides_add_up_and_survive_json() -> None:
    standard = Standard().with_overrides({"minor_within": "30 h"})
    standard = standard.with_overrides({"quiet_hours": ["21:00-08:00"]})
    assert standard.minor_within == timedelta(hours=30)
    assert Standard.model_validate_json(standard.model_dump_json()) == standard


def test_3_5_a_looser_ladder_is_shown_as_such() -> None:
    own = Standard().with_overrides({"accept_steps": ["20 min", "30 min", "2 h"]})
    assert own.looser_than_standard() == ("accept_steps",)
