"""`doorstep sample show` as an administrator types it: a sample is drawn again from its lists."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import Connection, delete, select, update
from typer.testing import CliRunner

from bot.cli import app
from services.desk import Desk
from services.due import minute_of
from services.visits import record as visits
from services.visits import samples
from storage import samples as store
from storage import visits as visit_store
from storage.database import open_database
from storage.records import Deadline, DeadlineState, Trade, VisitState
from storage.tables import rooms
from storage.tables import samples as sample_rows
from storage.tables import visits as visit_rows
from tests.conversations.ledger import Job, enter, local

HOMES = 30


@pytest.fixture(autouse=True)
def _books(sqlite_town: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The town's database in a folder of its own, with November drawn on a Monday and finally."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    monkeypatch.setenv("DOORSTEP_DATABASE__URL", "sqlite:///town.db")
    shutil.copy(sqlite_town, "town.db")
    change(_november)


def change(unit: Callable[[Connection], None]) -> None:
    async def write() -> None:
        database = open_database("sqlite:///town.db")
        await database.write(unit)
        await database.close()

    asyncio.run(write())


def _november(connection: Connection) -> None:
    doors = [f"9-{number}" for number in range(1, HOMES + 1)]
    connection.execute(rooms.insert(), [{"centre_id": 1, "room_no": one} for one in doors])
    for number, door in enumerate(doors):
        trade = Trade.REPAIR if number else Trade.HOUSEKEEPING
        enter(connection, Job(room=door, finished="2026-11-20 12:00", trade=trade))
    _fall_due(connection, samples.draw, local("2026-11-23 00:05"))
    (lost, *_) = _drawn(connection)
    at = local("2026-11-26 10:00")
    desk = Desk(connection, at)
    visits.end_unanswered(desk, visits.load(desk, lost), VisitState.SILENT)
    _fall_due(connection, samples.replace, at, subject=lost)
    _fall_due(connection, samples.draw, local("2026-12-01 00:05"))


def _fall_due(
    connection: Connection,
    what: Callable[[Desk, Deadline], None],
    at: datetime,
    subject: int = 1,
) -> None:
    due = Deadline(
        1, "", "", subject, at, minute_of(at), DeadlineState.DONE, None, None, at, at, None
    )
    what(Desk(connection, at, new_seed=lambda: "a seed for november"), due)


def _drawn(connection: Connection) -> list[int]:
    sample = store.of_month(connection, 1, date(2026, 11, 1))
    assert sample is not None
    return [one.id for one in visit_store.of_sample(connection, sample.id)]


def show(*words: str) -> Result:
    return CliRunner().invoke(app, ["sample", "show", *words])


NOVEMBER = partial(show, "--centre", "yh", "--month", "2026-11")


def _squeezed(text: str) -> str:
    return "\n".join(" ".join(line.split()) for line in text.splitlines())


def test_reading_6_a_sample_is_drawn_again_from_what_was_kept() -> None:
    result = NOVEMBER()
    assert result.exit_code == 0, result.output
    shown = _squeezed(result.output)
    assert "YH 云湖花园服务中心 2026-11\nSeed a seed for november\n" in shown
    assert "30 households served, at least 30%: 9 to visit" in shown
    assert "Draw 1 2026-11-23 00:05 weekly:" in shown
    assert "Draw 2 2026-12-01 00:05 final:" in shown
    assert shown.count("drawn from a list of 30") == 2
    assert "housekeeping" in shown
    assert " sample silent" in shown
    assert " replacement drawn 9-" in shown
    assert "Recomputed from the stored lists: the same" in shown


def _one_less(connection: Connection) -> None:
    connection.execute(delete(visit_rows).where(visit_rows.c.id == _drawn(connection)[-1]))


def _another_room(connection: Connection) -> None:
    taken = select(visit_rows.c.room_id)
    free = select(rooms.c.id).where(rooms.c.room_no.like("9-%"), rooms.c.id.not_in(taken))
    room = connection.execute(free.limit(1)).scalar_one()
    last = visit_rows.c.id == _drawn(connection)[-1]
    connection.execute(update(visit_rows).where(last).values(room_id=room))


def _another_number(connection: Connection) -> None:
    connection.execute(update(sample_rows).values(households=29, required=8))


@pytest.mark.parametrize(
    ("tampering", "said"),
    [
        (_one_less, ["should be drawn and is not on record"]),
        (
            _another_room,
            ["should be drawn and is not on record", "is on record and should not be drawn"],
        ),
        (_another_number, ["is not that of the list", "the number required on record is wrong"]),
    ],
)
def test_reading_6_what_was_changed_afterwards_is_found(
    tampering: Callable[[Connection], None], said: list[str]
) -> None:
    change(tampering)
    result = NOVEMBER()
    assert result.exit_code == 1
    shown = _squeezed(result.output)
    assert "Recomputed from the stored lists: it differs" in shown
    assert all(line in shown for line in said)


def test_a_month_nothing_was_drawn_of_is_said_to_be_none() -> None:
    for words, said in (
        (("--centre", "yh", "--month", "2026-10"), "YH has no sample of 2026-10 yet"),
        (("--centre", "yh", "--month", "November"), "November is not a month"),
        (("--month", "2026-11"), "XS YH"),
        (("--centre", "zz", "--month", "2026-11"), "zz"),
    ):
        refused = show(*words)
        assert refused.exit_code == 1
        assert said in refused.output
