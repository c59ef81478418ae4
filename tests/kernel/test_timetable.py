"""The timetable: each job once over all processes, what was missed made up once."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from apscheduler.triggers.cron import CronTrigger
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from schedules.timetable import TIMETABLE, Crank, Job
from services import upkeep
from services.desk import Desk
from services.messages import say
from storage import calendar, conversations, inbox, people
from storage.database import Database, open_database
from storage.records import Conversation
from storage.tables import calendar_runs
from tests.conversation import Town
from tests.kernel.platform import rows_of
from tests.town import TUESDAY_10, FakeClock

HOURLY = CronTrigger(minute="0", timezone=UTC)
MONTHLY = CronTrigger(day="1", hour="0", minute="5", timezone=UTC)


class Ran:
    """A job that counts, and fails when told to."""

    def __init__(self) -> None:
        self.at: list[datetime] = []
        self.fails = False

    def __call__(self, desk: Desk) -> None:
        if self.fails:
            raise RuntimeError("a fault of ours")
        self.at.append(desk.now)
        desk.tell(1, say("x"), matter="job")


@pytest.fixture
def ran() -> Ran:
    return Ran()


def crank(
    database: Database, clock: FakeClock, *jobs: Job, wake: Callable[[], None] = lambda: None
) -> Crank:
    return Crank(database, clock, open_desk=Desk, wake=wake, jobs=jobs)


async def runs(database: Database) -> list[datetime]:
    rows = await database.read(
        rows_of(select(calendar_runs.c.fire_at).order_by(calendar_runs.c.fire_at))
    )
    return [at for (at,) in rows if isinstance(at, datetime)]


async def test_a_job_runs_at_its_time_and_not_before(
    database: Database, clock: FakeClock, ran: Ran
) -> None:
    one = crank(database, clock, Job("hourly", HOURLY, ran))
    clock.step(timedelta(seconds=1))
    assert await one.once() == 0
    clock.step(timedelta(minutes=59, seconds=59))
    assert [await one.once(), await one.once()] == [1, 0]
    assert await runs(database) == [TUESDAY_10 + timedelta(hours=1)]


async def test_two_processes_run_it_once(
    database: Database, town_url: str, clock: FakeClock, ran: Ran
) -> None:
    other = open_database(town_url)
    job = Job("hourly", HOURLY, ran)
    cranks = [crank(database, clock, job), crank(other, clock, job)]
    clock.step(timedelta(seconds=1))
    for one in cranks:
        await one.once()
    for _ in range(3):
        clock.step(timedelta(hours=1))
        assert sum(await asyncio.gather(*(one.once() for one in cranks))) == 1
    await other.close()
    assert len(ran.at) == 3


async def test_what_was_missed_is_made_up_once(
    database: Database, clock: FakeClock, ran: Ran
) -> None:
    job = Job("hourly", HOURLY, ran)
    assert await crank(database, clock, job).once() == 1
    for down in (timedelta(hours=5), timedelta(days=9, minutes=7)):
        clock.step(down)
        restarts = [crank(database, clock, job) for _ in range(3)]
        assert [await one.once() for one in restarts] == [1, 0, 0]
    assert len(ran.at) == 3


@pytest.mark.parametrize("restarted", [False, True])
async def test_a_clock_that_was_a_year_ahead_leaves_no_job_waiting_for_that_year(
    database: Database, clock: FakeClock, ran: Ran, restarted: bool
) -> None:
    """Each fire time is run once: not at all again that year, and until then as always."""
    job = Job("hourly", HOURLY, ran)
    one = crank(database, clock, job)
    assert await one.once() == 1
    clock.step(timedelta(days=365))
    assert await one.once() == 1
    clock.step(timedelta(days=-365))
    if restarted:
        one = crank(database, clock, job)
    assert await one.once() == 0
    for _ in range(3):
        clock.step(timedelta(hours=1))
        assert [await one.once(), await one.once()] == [1, 0]
    hour = timedelta(hours=1)
    year = timedelta(days=365)
    assert await runs(database) == [
        TUESDAY_10 + by for by in (0 * hour, hour, 2 * hour, 3 * hour, year)
    ]


async def test_a_clock_set_back_an_hour_runs_nothing_twice(
    database: Database, clock: FakeClock, ran: Ran
) -> None:
    one = crank(database, clock, Job("hourly", HOURLY, ran))
    for by in (0, 1, -1, 1, 1):
        clock.step(timedelta(hours=by))
        await one.once()
    assert ran.at == [TUESDAY_10 + timedelta(hours=n) for n in (0, 1, 2)]
    assert await runs(database) == ran.at


@given(steps=st.lists(st.integers(-24, 24), min_size=1, max_size=12))
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
async def test_whatever_the_clock_does_a_fire_time_runs_once_and_is_no_time_to_come(
    steps: list[int], sqlite_town: Path
) -> None:
    """Whoever looks when an hour strikes has run for it, now or before."""
    with TemporaryDirectory() as folder:
        shutil.copy(sqlite_town, Path(folder) / "town.db")
        database = open_database(f"sqlite:///{Path(folder) / 'town.db'}")
        clock, ran = FakeClock(), Ran()
        one = crank(database, clock, Job("hourly", HOURLY, ran))
        seen: set[datetime] = set()
        for by in [0, *steps]:
            clock.step(timedelta(minutes=15 * by))
            before = set(await runs(database))
            await one.once()
            seen = set(await runs(database))
            assert seen - before <= {clock.at.replace(minute=0, second=0)}
            assert clock.at.minute or clock.at in seen
        await database.close()
    assert len(ran.at) == len(seen)


async def test_a_job_that_fails_is_tried_again_and_keeps_nobody(
    database: Database, clock: FakeClock, ran: Ran
) -> None:
    other = Ran()
    one = crank(database, clock, Job("bad", HOURLY, ran), Job("good", HOURLY, other))
    assert await one.once() == 2
    ran.fails = True
    clock.step(timedelta(hours=1))
    assert await one.once() == 1
    assert (len(ran.at), len(other.at)) == (1, 2)
    ran.fails = False
    clock.step(timedelta(seconds=5))
    assert await one.once() == 1
    assert (len(ran.at), len(other.at)) == (2, 2)


async def test_a_monthly_job_missed_while_down_is_made_up_though_old_runs_are_forgotten(
    database: Database, clock: FakeClock, ran: Ran
) -> None:
    job = Job("monthly", MONTHLY, ran)
    one = crank(database, clock, job)
    await one.once()
    clock.at = datetime(2026, 12, 1, 0, 5, tzinfo=UTC)
    assert await one.once() == 1
    clock.at = datetime(2026, 12, 31, 23, 0, tzinfo=UTC)
    await database.write(lambda c: upkeep.forget(Desk(c, clock.now())))
    clock.at = datetime(2027, 1, 2, tzinfo=UTC)
    assert await crank(database, clock, job).once() == 1
    assert await runs(database) == [
        datetime(2026, 12, 1, 0, 5, tzinfo=UTC),
        datetime(2027, 1, 1, 0, 5, tzinfo=UTC),
    ]


async def test_old_runs_but_the_latest_are_forgotten(database: Database) -> None:
    days = [TUESDAY_10 + timedelta(days=n) for n in range(5)]
    for day in days:
        await database.write(lambda c, day=day: calendar.first_to_run(c, "daily", day, day))
    await database.write(lambda c: calendar.forget_before(c, days[3]))
    assert await runs(database) == days[3:]
    await database.write(lambda c: calendar.forget_before(c, days[4] + timedelta(days=9)))
    assert await runs(database) == days[4:]


async def test_what_a_job_queues_wakes_the_relay(
    database: Database, clock: FakeClock, ran: Ran
) -> None:
    woken: list[None] = []
    one = crank(database, clock, Job("hourly", HOURLY, ran), wake=lambda: woken.append(None))
    clock.step(timedelta(seconds=1))
    await one.once()
    assert woken == []
    clock.step(timedelta(hours=1))
    await one.once()
    assert len(woken) == 1


async def test_after_a_long_sleep_a_job_of_every_minute_runs_once_for_the_last(
    database: Database, clock: FakeClock, ran: Ran
) -> None:
    one = crank(database, clock, Job("minute", CronTrigger(minute="*", timezone=UTC), ran))
    await one.once()
    clock.step(timedelta(days=3, seconds=30))
    assert [await one.once(), await one.once()] == [1, 0]
    assert await runs(database) == [TUESDAY_10, TUESDAY_10 + timedelta(days=3)]


async def test_a_job_off_the_record_runs_in_every_process_and_leaves_no_row(
    database: Database, clock: FakeClock, ran: Ran
) -> None:
    job = Job("hourly", HOURLY, ran, on_record=False)
    for one in (crank(database, clock, job), crank(database, clock, job)):
        assert [await one.once(), await one.once()] == [1, 0]
    assert (len(ran.at), await runs(database)) == (2, [])


@pytest.mark.parametrize(("on_record", "again"), [(True, 0), (False, 1)])
async def test_a_clock_set_back_stalls_no_job_and_repeats_none_on_record(
    database: Database, clock: FakeClock, ran: Ran, on_record: bool, again: int
) -> None:
    one = crank(database, clock, Job("hourly", HOURLY, ran, on_record=on_record))
    await one.once()
    clock.step(timedelta(hours=-1, seconds=-1))
    assert await one.once() == 0
    clock.step(timedelta(seconds=1))
    assert await one.once() == 1  # for an hour it has never run for
    clock.step(timedelta(hours=1))
    assert await one.once() == again


def test_every_job_has_a_name_of_its_own_and_a_time() -> None:
    assert len({job.name for job in TIMETABLE}) == len(TIMETABLE)
    for job in TIMETABLE:
        assert job.when.get_next_fire_time(None, TUESDAY_10) is not None


# What the jobs do


async def test_a_form_left_for_a_day_is_put_away_with_a_word(town: Town) -> None:
    def open_form(connection: object) -> Conversation:
        known = people.who(connection, "phone", "owner")  # type: ignore[arg-type]
        assert known is not None
        chat = known[0].id
        conversations.keep_form(
            connection,  # type: ignore[arg-type]
            chat,
            form="language",
            serial=1,
            step="x",
            answers="{}",
            now=town.clock.now(),
        )
        return conversations.take(connection, chat)  # type: ignore[arg-type]

    assert (await town.change(open_form)).form == "language"
    owner = town.actor("owner")
    await town.passes(hours=23, minutes=50)
    assert await owner.hears() == ""
    await town.passes(minutes=20)
    assert "重新开始" in await owner.hears()
    await town.passes(hours=1)
    assert await owner.hears() == ""


async def test_keys_of_events_are_forgotten_after_a_fortnight(database: Database) -> None:
    await database.write(lambda c: inbox.first_time(c, "phone", "old", TUESDAY_10))
    young = TUESDAY_10 + timedelta(days=10)
    await database.write(lambda c: inbox.first_time(c, "phone", "young", young))
    later = TUESDAY_10 + upkeep.KEPT + timedelta(hours=1)
    await database.write(lambda c: upkeep.forget(Desk(c, later)))
    assert await database.write(lambda c: inbox.first_time(c, "phone", "old", later))
    assert not await database.write(lambda c: inbox.first_time(c, "phone", "young", later))
