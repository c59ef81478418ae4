"""The schema's history leads to the tables in code, on both databases, and is applied once."""

from __future__ import annotations

import ast
import json
import sys
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, create_engine, inspect, text

from services import promises
from services.desk import Desk
from services.rules import verdicts
from services.rules.response_times import Finding, Rule, Verdict
from storage import deadlines, migrate
from storage.database import Database, open_database
from storage.migrate import newest, upgrade, version
from storage.tables import metadata


@pytest.fixture(params=["sqlite", "postgresql"])
async def blank(
    request: pytest.FixtureRequest, tmp_path: Path, postgres: Callable[[str, str | None], str]
) -> AsyncIterator[Database]:
    """A database without any table."""
    url = (
        f"sqlite:///{tmp_path}/blank.db"
        if request.param == "sqlite"
        else postgres(f"blank{request.node.name.replace('[', '_').rstrip(']')}"[:60].lower(), None)
    )
    database = open_database(url)
    yield database
    await database.close()


def _differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection)
    return list(compare_metadata(context, metadata))


async def test_the_migrations_lead_to_the_tables_in_code(blank: Database) -> None:
    await blank.migrate(upgrade)
    # On the writer: reflecting asks SQLite for PRAGMAs, which need no reader of their own.
    assert await blank.write(_differences) == []
    assert await blank.read(version) == newest()


async def test_an_empty_database_has_no_version(blank: Database) -> None:
    assert await blank.read(version) is None


async def test_a_second_upgrade_changes_nothing_and_keeps_what_was_entered(
    blank: Database,
) -> None:
    await blank.migrate(upgrade)
    await blank.write(
        lambda connection: connection.execute(
            text("INSERT INTO centres (code, name, zone, phone) VALUES ('A', 'a', 'UTC', '1')")
        )
    )
    await blank.migrate(upgrade)
    names = await blank.read(
        lambda connection: [
            tuple(row) for row in connection.execute(text("SELECT code FROM centres"))
        ]
    )
    assert names == [("A",)]


async def test_a_failing_migration_leaves_nothing_behind(blank: Database) -> None:
    def breaks(connection: Connection) -> None:
        upgrade(connection)
        raise RuntimeError("the power goes")

    with pytest.raises(RuntimeError):
        await blank.migrate(breaks)
    assert await blank.write(lambda connection: inspect(connection).get_table_names()) == []


def test_history_does_not_import_what_changes() -> None:
    for path in (migrate.MIGRATIONS / "versions").glob("r*.py"):
        imported = {
            alias.name if isinstance(node, ast.Import) else node.module
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Import | ast.ImportFrom)
            for alias in node.names
        }
        assert imported - sys.stdlib_module_names <= {"sqlalchemy", "alembic"}, path.name


OLD_ORDER = """
INSERT INTO orders (number, centre_id, place, contact_name, contact_phone, source, channel, kind,
                    title_zh, title_en, trade, skills, minutes, quantity, photos, after_photos,
                    state, size, appointed_at, owner_deferred, limit_minutes, reported_at)
VALUES (:number, 1, '3-1201', '张伟', '13800100001', 'owner', 'phone', :kind, '换水龙头',
        'Replace tap', 'repair', 'plumber', 40, 1, '', '', 'accepted', 'minor', :appointed,
        :deferred, :minutes, :reported)
"""
OLD_LINE = "INSERT INTO order_events (order_id, at, what, facts) VALUES (:id, :at, :what, :facts)"
REPORTED = "2026-11-20T02:00:00.000000+00:00"
MOVED = "2026-11-22T02:00:00.000000+00:00"
FIRST, SECOND = "2026-11-20T07:00:00+00:00", "2026-11-22T07:00:00.000000+00:00"
THIRD = "2026-11-23T07:00:00.000000+00:00"


def _orders_of_the_first_version(connection: Connection) -> None:
    """An appointment, two that were moved by their owner, and an emergency, all without terms."""
    own = '{"arrival_late": "10 min"}'
    connection.execute(
        text(
            "INSERT INTO centres (code, name, zone, phone, overrides)"
            " VALUES ('A', 'a', 'UTC', '1', :own)"
        ),
        {"own": own},
    )
    instant = datetime.fromisoformat
    sqlite = connection.dialect.name == "sqlite"
    rows = (
        ("A-1", "appointment", FIRST, False, None),
        ("A-2", "appointment", SECOND, True, None),
        ("A-3", "emergency", None, False, 10),
        ("A-4", "appointment", THIRD, True, None),
    )
    for key, (number, kind, appointed, deferred, minutes) in enumerate(rows, start=1):
        facts = {
            "number": number,
            "kind": kind,
            "appointed": appointed if sqlite or appointed is None else instant(appointed),
            "deferred": deferred,
            "minutes": minutes,
            "reported": REPORTED if sqlite else instant(REPORTED),
        }
        connection.execute(text(OLD_ORDER), facts)
        line = {"id": key, "at": facts["reported"], "what": "registered", "facts": "{}"}
        connection.execute(text(OLD_LINE), line)
    moved = json.dumps({"to": SECOND, "from": FIRST})
    line = {"id": 2, "at": facts["reported"], "what": "rescheduled", "facts": moved}
    connection.execute(text(OLD_LINE), line)
    # Booked past the limit, and moved once more when the 24 hours were long over.
    again = json.dumps({"to": THIRD, "from": SECOND})
    late = MOVED if sqlite else instant(MOVED)
    line = {"id": 4, "at": late, "what": "rescheduled", "facts": again}
    connection.execute(text(OLD_LINE), line)


async def test_orders_of_the_first_version_are_judged_by_what_they_were_promised(
    blank: Database,
) -> None:
    await blank.migrate(partial(upgrade, to="0001"))
    await blank.write(_orders_of_the_first_version)
    await blank.migrate(upgrade)

    def judged(connection: Connection) -> list[tuple[Finding, ...]]:
        desk = Desk(connection, datetime(2026, 11, 20, 12, tzinfo=UTC))
        return [promises.judge(desk, order_id) for order_id in (1, 2, 3, 4)]

    first, moved, urgent, again = await blank.read(judged)
    late = verdicts.of(Rule.PUNCTUALITY, first)
    assert (late.verdict, late.due_at) == (Verdict.MISSED, datetime.fromisoformat(FIRST))
    assert late.missed_by == timedelta(hours=4, minutes=50)  # ten minutes are this centre's own
    open_still = verdicts.of(Rule.PUNCTUALITY, moved)
    assert (open_still.verdict, open_still.due_at) == (
        Verdict.PENDING,
        datetime.fromisoformat(SECOND),
    )
    deferred = verdicts.of(Rule.MINOR_COMPLETION, moved)
    assert deferred.due_at == datetime.fromisoformat(SECOND) + timedelta(minutes=40)
    twice = verdicts.of(Rule.MINOR_COMPLETION, again)
    assert twice.due_at == datetime.fromisoformat(THIRD) + timedelta(minutes=40)
    assert twice.verdict is Verdict.PENDING
    limit = verdicts.of(Rule.EMERGENCY_ARRIVAL, urgent)
    assert limit.due_at == datetime.fromisoformat(REPORTED) + timedelta(minutes=10)


OLD_CASE = """
INSERT INTO cases (number, centre_id, order_id, source, grade, state, opened_at, correct_by,
                   verify_by, correction)
VALUES (:number, 1, 1, 'dissatisfied', 'general', :state, :at, :at, :due, '…')
"""


def _cases_of_the_first_version(connection: Connection) -> None:
    _orders_of_the_first_version(connection)
    times = {"at": REPORTED, "due": MOVED}
    if connection.dialect.name != "sqlite":
        times = {name: datetime.fromisoformat(at) for name, at in times.items()}  # type: ignore[misc]
    for number, state in (("C1", "corrected"), ("C2", "taken")):
        connection.execute(text(OLD_CASE), {"number": number, "state": state, **times})


async def test_3_4_what_was_corrected_before_is_due_for_its_verification(blank: Database) -> None:
    await blank.migrate(partial(upgrade, to="0001"))
    await blank.write(_cases_of_the_first_version)
    await blank.migrate(upgrade)
    kinds = ["case.unverified"]
    [due] = await blank.read(partial(deadlines.of_subject, subject_id=1, kinds=kinds))
    assert due.due_at == datetime.fromisoformat(MOVED)
    assert await blank.read(partial(deadlines.of_subject, subject_id=2, kinds=kinds)) == []


def test_a_draft_leads_to_the_tables_in_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "versions").mkdir()
    monkeypatch.setattr(migrate, "MIGRATIONS", tmp_path)
    written = migrate._draft("All at once")
    assert written.name == "r0001_all_at_once.py"
    with create_engine("sqlite://").begin() as connection:
        upgrade(connection)
        assert _differences(connection) == []
    with pytest.raises(SystemExit):
        migrate._draft("Nothing")
