"""The simulated centre keeps its promises, and repeats itself; its proof sees when it does not."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, Table, delete, func, insert, select, update
from typer.testing import CliRunner

from bot.cli import app
from bot.simulation.proof import Fault, Proof, Violation, prove, read_books
from bot.simulation.run import START, Plan, Report, Simulation
from storage.lone import open_alone
from storage.records import CaseState, DeadlineState, OrderState
from storage.tables import case_events, cases, deadlines, order_events, orders, outbox, verdicts
from tests.conftest import MakeDatabase

SMALL = Plan(days=3, rooms=200, busy=6.0, trouble=4.0)
SEEDS = (9, 2)
MIDDLE = START + timedelta(days=1, hours=12)

Change = Callable[[Connection], None]


def simulate(seed: int, url: str, midway: Change | None = None) -> Report:
    """Three days of a small, busy centre, perhaps with something done to its books midway."""

    async def live() -> Report:
        database = open_alone(url)
        simulation = await Simulation.open(replace(SMALL, seed=seed), database)
        await simulation.run(MIDDLE)
        if midway is not None:
            await database.write(midway)
        await simulation.run()
        report = await simulation.conclude()
        await database.close()
        return report

    return asyncio.run(live())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the simulated books are kept."""
    return tmp_path_factory.mktemp("simulated")


@pytest.fixture(scope="module")
def reports(folder: Path) -> dict[int, Report]:
    """A report for each seed."""
    return {seed: simulate(seed, f"sqlite:///{folder}/{seed}.db") for seed in SEEDS}


@pytest.mark.parametrize("seed", SEEDS)
def test_every_promise_is_met_or_escalated_in_time(reports: dict[int, Report], seed: int) -> None:
    proof = reports[seed].proof
    assert proof.violations == []
    assert proof.promises > 50
    assert proof.stages > 20


def test_the_seeds_together_have_seen_all_that_may_happen(
    reports: dict[int, Report],
) -> None:
    together = [report.figures for report in reports.values()]
    kinds = Counter[str]()
    for figures in together:
        kinds.update(figures.by_kind)
    assert set(kinds) == {"emergency", "housekeeping", "other", "repair"}
    assert sum(figures.emergencies.of - figures.emergencies.met for figures in together)
    assert sum(figures.punctual.of - figures.punctual.met for figures in together)
    assert sum(figures.lateness.longest_minutes for figures in together)
    assert sum(figures.said_no for figures in together)
    assert sum(figures.merged for figures in together)
    assert sum(figures.holds for figures in together) > sum(
        figures.wanted_later for figures in together
    )
    assert sum(figures.wanted_later for figures in together)
    assert sum(figures.reworks for figures in together)


def test_the_same_seed_gives_the_same_report_to_the_byte(
    reports: dict[int, Report], folder: Path
) -> None:
    again = simulate(SEEDS[0], f"sqlite:///{folder}/again.db")
    assert again.as_json() == reports[SEEDS[0]].as_json()
    assert len({report.as_json() for report in reports.values()}) == len(SEEDS)


def test_postgresql_gives_the_same_report_as_sqlite(
    reports: dict[int, Report], postgres: MakeDatabase
) -> None:
    on_postgres = simulate(SEEDS[0], postgres("simulation", None))
    assert on_postgres.as_json() == reports[SEEDS[0]].as_json()


def test_the_proof_finds_deadlines_that_were_lost_midway(folder: Path) -> None:
    report = simulate(SEEDS[1], f"sqlite:///{folder}/lost.db", midway=_lose_what_waits)
    assert Fault.NOT_FIRED in {one.fault for one in report.proof.violations}


def _lose_what_waits(connection: Connection) -> None:
    connection.execute(delete(deadlines).where(deadlines.c.state == DeadlineState.PENDING))


# Sabotage of finished books


@dataclass(frozen=True)
class Undone(Exception):
    """Carries the proof out of a unit, which is rolled back by it."""

    proof: Proof


@pytest.fixture(scope="module")
def sabotaged(folder: Path) -> Iterator[Callable[[Change], list[Violation]]]:
    """Finished books, in which something is changed, looked at, and changed back."""
    loop = asyncio.new_event_loop()
    database = open_alone(f"sqlite:///{folder}/sabotage.db")
    simulation = loop.run_until_complete(Simulation.open(replace(SMALL, seed=10), database))
    loop.run_until_complete(simulation.run())
    world = simulation.world
    before = loop.run_until_complete(simulation.conclude()).proof

    def after(change: Change) -> list[Violation]:
        def unit(connection: Connection) -> None:
            change(connection)
            books = read_books(connection, world.now)
            raise Undone(prove(books, world.diary, world.outages, world.now))

        with pytest.raises(Undone) as undone:
            loop.run_until_complete(database.write(unit))
        return [one for one in undone.value.proof.violations if one not in before.violations]

    yield after
    loop.run_until_complete(database.close())
    loop.close()


def _first(connection: Connection, table: Table, *conditions: object) -> dict[str, object]:
    """A row that there has to be, as what its columns hold."""
    query = select(table).where(*conditions).order_by(table.c.id)  # type: ignore[arg-type]
    row = connection.execute(query).first()
    assert row is not None, f"the books have no such row in {table.name}"
    return dict(row._mapping)


def _copy(connection: Connection, table: Table, row: dict[str, object], **other: object) -> None:
    connection.execute(insert(table).values({**row, "id": None, **other}))


def _change(connection: Connection, table: Table, row: dict[str, object], **to: object) -> None:
    connection.execute(update(table).where(table.c.id == row["id"]).values(**to))


def _stage(connection: Connection) -> dict[str, object]:
    asked = (deadlines.c.kind == "appointment.2", deadlines.c.state == DeadlineState.DONE)
    return _first(connection, deadlines, *asked)


def whitewash(connection: Connection) -> None:
    missed = _first(connection, verdicts, verdicts.c.verdict == "missed")
    _change(connection, verdicts, missed, verdict="met", missed_by_s=None)


def shorten_a_miss(connection: Connection) -> None:
    late = (verdicts.c.verdict == "missed", verdicts.c.actual_at.is_not(None))
    _change(connection, verdicts, _first(connection, verdicts, *late), missed_by_s=0)


def forget_a_verdict(connection: Connection) -> None:
    kept = _first(connection, verdicts, verdicts.c.verdict == "met")
    connection.execute(delete(verdicts).where(verdicts.c.id == kept["id"]))


def lose_a_case(connection: Connection) -> None:
    case = _first(connection, cases, cases.c.source == "late_arrival")
    _change(connection, cases, case, source="internal_slip")


def close_unverified(connection: Connection) -> None:
    closed = _first(connection, cases, cases.c.state == CaseState.CLOSED)
    _change(connection, cases, closed, verified_at=None)


def verify_ones_own(connection: Connection) -> None:
    closed = _first(connection, cases, cases.c.state == CaseState.CLOSED)
    _change(connection, cases, closed, verifier_id=closed["handler_id"])


def leave_a_case_alone(connection: Connection) -> None:
    closed = _first(connection, cases, cases.c.state == CaseState.CLOSED)
    due = closed["opened_at"] - timedelta(days=2)  # type: ignore[operator]
    waits = {"state": CaseState.CORRECTED, "verify_by": due, "corrected_at": due - timedelta(1)}
    _change(connection, cases, closed, **waits)
    connection.execute(delete(case_events).where(case_events.c.what == "escalated"))


def fire_twice(connection: Connection) -> None:
    _copy(connection, deadlines, _stage(connection), once="again", version=9)


def fire_late(connection: Connection) -> None:
    stage = _stage(connection)
    later = stage["due_at"] + timedelta(seconds=2)  # type: ignore[operator]
    _change(connection, deadlines, stage, fired_at=later)


def leave_undone(connection: Connection) -> None:
    _change(connection, deadlines, _stage(connection), state=DeadlineState.PENDING)


def keep_silent(connection: Connection) -> None:
    escalated = order_events.c.what == "escalated"
    assert connection.execute(delete(order_events).where(escalated)).rowcount


def speak_twice(connection: Connection) -> None:
    _copy(
        connection,
        order_events,
        _first(connection, order_events, order_events.c.what == "escalated"),
    )


def give_to_a_second(connection: Connection) -> None:
    taken = _first(connection, order_events, order_events.c.what == "accepted")
    _copy(connection, order_events, taken, person_id=1)


def take_from_all(connection: Connection) -> None:
    held = _first(connection, orders, orders.c.state == OrderState.ACCEPTED)
    _change(connection, orders, held, technician_id=None)


def forget_a_hold(connection: Connection) -> None:
    over = (deadlines.c.kind == "hold.over", deadlines.c.state == DeadlineState.DONE)
    asked = _first(connection, deadlines, *over)
    _change(connection, deadlines, asked, state=DeadlineState.DROPPED)


def forget_a_reminder(connection: Connection) -> None:
    near = (deadlines.c.kind == "reminder.near", deadlines.c.state == DeadlineState.DONE)
    for row in connection.execute(select(deadlines.c.id).where(*near)).all():
        _change(connection, deadlines, {"id": row.id}, state=DeadlineState.DROPPED)


def leave_a_rule_without_verdict(connection: Connection) -> None:
    idle = _first(connection, verdicts, verdicts.c.why == "no-major")
    connection.execute(delete(verdicts).where(verdicts.c.id == idle["id"]))


def say_twice(connection: Connection) -> None:
    newest = connection.execute(select(func.max(outbox.c.id))).scalar_one()
    _copy(connection, outbox, _first(connection, outbox, outbox.c.id == newest), once=None)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (whitewash, Fault.VERDICT),
        (shorten_a_miss, Fault.LENGTH),
        (forget_a_verdict, Fault.VERDICT),
        (lose_a_case, Fault.CASE),
        (close_unverified, Fault.CASE),
        (verify_ones_own, Fault.CASE),
        (leave_a_case_alone, Fault.NOT_TOLD),
        (fire_twice, Fault.FIRED_TWICE),
        (fire_late, Fault.FIRED_LATE),
        (leave_undone, Fault.OVERDUE),
        (keep_silent, Fault.NOT_TOLD),
        (speak_twice, Fault.TOLD_TWICE),
        (give_to_a_second, Fault.TWO_HANDS),
        (take_from_all, Fault.NO_OWNER),
        (say_twice, Fault.MESSAGE_TWICE),
        (forget_a_hold, Fault.NOT_FIRED),
        (forget_a_reminder, Fault.NOT_FIRED),
        (leave_a_rule_without_verdict, Fault.VERDICT),
    ],
    ids=lambda one: getattr(one, "__name__", one),
)
def test_the_proof_finds_sabotage(
    sabotaged: Callable[[Change], list[Violation]], change: Change, fault: Fault
) -> None:
    assert fault in {one.fault for one in sabotaged(change)}


# The command


def test_the_command_tells_figures_proof_and_speed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    words = ["simulate", "--days", "1", "--rooms", "300", "--seed", "8"]
    told = CliRunner().invoke(app, words)
    assert told.exit_code == 0, told.output
    assert "1 days, 300 rooms, 20 staff, seed 8" in told.output
    assert "0 unexplained" in told.output
    assert "simulated orders a second" in told.output
    said = json.loads(CliRunner().invoke(app, [*words, "--json"]).stdout)
    assert said["report"]["figures"]["orders"] > 3
    assert said["report"]["proof"]["violations"] == []
    assert said["measured"]["seconds"] > 0


def test_books_in_use_and_databases_we_do_not_speak_are_refused(folder: Path) -> None:
    used = f"sqlite:///{folder}/used.db"
    words = ["simulate", "--days", "1", "--rooms", "20", "--database", used]
    assert CliRunner().invoke(app, words).exit_code == 0
    for database in (used, "mysql://somewhere"):
        refused = CliRunner().invoke(app, [*words[:-1], database])
        assert refused.exit_code == 1
        assert isinstance(refused.exception, SystemExit)
        assert refused.output.strip()
