"""Deadlines as rows: once per version, claimed under a lease, dropped when met."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Connection

from storage import deadlines
from storage.database import Database
from storage.records import Deadline, DeadlineState
from tests.town import TUESDAY_10

NOW = TUESDAY_10
LEASE = timedelta(seconds=60)
MINUTE = timedelta(minutes=1)


def claim(connection: Connection, by: str = "one", later: timedelta = timedelta(0)) -> list[str]:
    taken = deadlines.claim(connection, by=by, now=NOW + later, lease=LEASE, most=10)
    return [one.once for one in taken]


async def test_a_version_is_there_once(database: Database) -> None:
    def unit(connection: Connection) -> list[bool]:
        return [
            deadlines.add(connection, "job.near", 7, NOW),
            deadlines.add(connection, "job.near", 7, NOW + MINUTE),
            deadlines.add(connection, "job.near", 7, NOW, version=1),
            deadlines.add(connection, "job.near", 8, NOW),
            deadlines.add(connection, "job.late", 7, NOW),
        ]

    assert await database.write(unit) == [True, False, True, True, True]
    newest = await database.read(lambda c: deadlines.newest_version(c, 7, ["job.near"]))
    assert newest == 1
    assert await database.read(lambda c: deadlines.newest_version(c, 9, ["job.near"])) == 0


async def test_what_is_due_is_claimed_oldest_first_and_by_one(database: Database) -> None:
    def unit(connection: Connection) -> list[list[str]]:
        dues = [("c", NOW + MINUTE), ("b", NOW), ("a", NOW - MINUTE)]
        deadlines.add_all(connection, 1, dues)
        return [claim(connection, "one"), claim(connection, "two"), claim(connection, "one")]

    assert await database.write(unit) == [["a:1:0", "b:1:0"], [], []]


async def test_only_who_has_the_claim_may_act_and_once(database: Database) -> None:
    def unit(connection: Connection) -> list[set[int]]:
        deadlines.add(connection, "a", 1, NOW)
        (one,) = deadlines.claim(connection, by="one", now=NOW, lease=LEASE, most=10)
        return [
            deadlines.take_effect(connection, [one.id], by=name, at=NOW)
            for name in ("two", "one", "one")
        ]

    others, mine, again = await database.write(unit)
    assert (others, len(mine), again) == (set(), 1, set())


async def test_a_claim_ends_with_its_lease(database: Database) -> None:
    def unit(connection: Connection) -> list[list[str]]:
        deadlines.add(connection, "a", 1, NOW)
        return [
            claim(connection, "killed"),
            claim(connection, "two", LEASE),
            claim(connection, "two", LEASE + timedelta(seconds=1)),
        ]

    assert await database.write(unit) == [["a:1:0"], [], ["a:1:0"]]


async def test_claims_are_given_back_by_name_or_all(database: Database) -> None:
    def unit(connection: Connection) -> list[list[str]]:
        deadlines.add(connection, "a", 1, NOW)
        taken = [claim(connection, "one")]
        deadlines.release(connection, by="two")
        taken.append(claim(connection, "two"))
        deadlines.release(connection)
        taken.append(claim(connection, "two"))
        return taken

    assert await database.write(unit) == [["a:1:0"], [], ["a:1:0"]]


async def test_a_clock_set_back_an_hour_stalls_no_claim(database: Database) -> None:
    """A process died while the clock was an hour ahead: nobody waits out that hour."""

    def unit(connection: Connection) -> list[str]:
        deadlines.add(connection, "a", 1, NOW - timedelta(hours=2))
        claim(connection, "killed")
        return claim(connection, "two", -timedelta(hours=1))

    assert await database.write(unit) == ["a:1:0"]


async def test_what_is_met_is_dropped_and_what_is_done_stays_done(database: Database) -> None:
    def unit(connection: Connection) -> list[Deadline]:
        deadlines.add_all(connection, 1, [("a", NOW), ("b", NOW + MINUTE), ("c", NOW + MINUTE)])
        deadlines.add(connection, "b", 2, NOW + MINUTE)
        (due,) = deadlines.claim(connection, by="one", now=NOW, lease=LEASE, most=1)
        deadlines.take_effect(connection, [due.id], by="one", at=NOW)
        deadlines.drop(connection, 1, ["a", "b"])
        deadlines.drop(connection, 1, [])
        return [
            one
            for subject in (1, 2)
            for one in deadlines.of_subject(connection, subject, ["a", "b", "c"])
        ]

    found = {one.once: one.state for one in await database.write(unit)}
    assert found == {
        "a:1:0": DeadlineState.DONE,
        "b:1:0": DeadlineState.DROPPED,
        "c:1:0": DeadlineState.PENDING,
        "b:2:0": DeadlineState.PENDING,
    }


async def test_a_dropped_version_is_not_there_anew_and_a_higher_one_is(database: Database) -> None:
    def unit(connection: Connection) -> tuple[bool, bool, list[str]]:
        deadlines.add(connection, "a", 1, NOW)
        deadlines.drop(connection, 1, ["a"])
        same = deadlines.add(connection, "a", 1, NOW)
        version = deadlines.newest_version(connection, 1, ["a"]) + 1
        higher = deadlines.add(connection, "a", 1, NOW, version=version)
        return same, higher, claim(connection)

    assert await database.write(unit) == (False, True, ["a:1:1"])


async def test_the_next_due_leaves_out_what_somebody_is_at(database: Database) -> None:
    def unit(connection: Connection) -> list[object]:
        seen = [deadlines.next_due(connection)]
        deadlines.add_all(connection, 1, [("a", NOW), ("b", NOW + MINUTE)])
        seen.append(deadlines.next_due(connection))
        claim(connection)
        seen.append(deadlines.next_due(connection))
        return seen

    assert await database.write(unit) == [None, NOW, NOW + MINUTE]
