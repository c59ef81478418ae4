"""`doorstep figures` as an administrator types it."""

from __future__ import annotations

import asyncio
import json
import shutil
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from bot.cli import app
from services.rules.response_times import Rule
from storage.database import open_database
from tests.conversations.ledger import MET, MISSED, Job, enter

JOBS = (
    Job(due="2026-11-20 10:00", verdicts={Rule.EMERGENCY_ARRIVAL: MET}, emergency="burst_pipe"),
    Job(due="2026-11-21 10:00", verdicts={Rule.EMERGENCY_ARRIVAL: MISSED}, emergency="burst_pipe"),
    Job(centre_id=2, room="1-101", due="2026-11-22 10:00", verdicts={Rule.EMERGENCY_ARRIVAL: MET}),
)


@pytest.fixture(autouse=True)
def _books(sqlite_town: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The town's database in a folder of its own, with a few emergencies in November."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    monkeypatch.setenv("DOORSTEP_DATABASE__URL", "sqlite:///town.db")
    shutil.copy(sqlite_town, "town.db")
    asyncio.run(_fill())


async def _fill() -> None:
    database = open_database("sqlite:///town.db")
    await database.write(lambda connection: [enter(connection, job) for job in JOBS])
    await database.close()


def doorstep(*words: str) -> Result:
    return CliRunner().invoke(app, ["figures", *words])


def _squeezed(result: Result) -> str:
    assert result.exit_code == 0, result.output
    return "\n".join(" ".join(line.split()) for line in result.output.splitlines())


def test_3_8_a_table_for_each_centre_and_for_all_together() -> None:
    shown = _squeezed(doorstep("--month", "2026-11"))
    xs, yh, together = shown.split("Figure Target 2026-11")[1:]
    assert "Emergencies on time 100% 1/1 100% ✓" in xs
    assert "Emergencies on time 100% 1/2 50% ✗" in yh
    assert "Emergencies on time 100% 2/3 66.6% ✗" in together
    assert "Satisfied in return visits 95% 0/0 — —" in together


def test_this_month_and_the_last_stand_side_by_side_where_none_is_named() -> None:
    heading = next(line for line in doorstep().output.splitlines() if line.startswith("Figure"))
    assert len(heading.split()) == 4


def test_the_orders_behind_a_figure_the_missed_first() -> None:
    shown = _squeezed(doorstep("--centre", "yh", "--month", "2026-11", "--open", "emergency"))
    late, in_time = shown.split("1. ❌")[1].split("2. ✅")
    assert "3-1201" in late
    assert "Due Sat 21 Nov 10:00, done Sat 21 Nov 10:04, off by 4 min" in late
    assert "Due Fri 20 Nov 10:00" in in_time


def test_json_of_any_days_is_for_other_programs() -> None:
    days = ("--from", "2026-11-21", "--to", "2026-11-22")
    entries = json.loads(doorstep(*days, "--open", "emergency", "--json").output)
    assert [entry["centre"] for entry in entries] == ["XS", "YH", None]
    together = entries[-1]
    assert (together["from"], together["to"]) == ("2026-11-21", "2026-11-22")
    assert together["figures"]["emergency"] == {
        "hits": 1,
        "total": 2,
        "waived": 0,
        "target_percent": 100,
        "at_most": False,
        "meets": False,
    }
    assert [order["missed_by_s"] for order in together["orders"]] == [240, None]
    assert together["orders"][0]["due"] == "2026-11-21T02:00:00+00:00"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--month", "November"), "November is not a month"),
        (("--month", "0001-01"), "0001-01 is not a month"),
        (("--from", "2026-11-01"), "--from and --to together"),
        (("--from", "2026-11-02", "--to", "2026-11-01"), "in that order"),
        (("--from", "2026-11-02", "--to", "yesterday"), "yesterday is not a day"),
        (("--month", "2026-11", "--to", "2026-11-02"), "Give either --month"),
        (("--open", "luck"), "no figure called luck; there are: emergency minor"),
        (("--centre", "ZZ"), "ZZ"),
    ],
)
def test_what_cannot_be_done_is_said_and_ends_with_1(words: tuple[str, ...], said: str) -> None:
    refused = doorstep(*words)
    assert refused.exit_code == 1
    assert said in refused.output
