"""The month's sample (§5.4.3, readings 1-6): when it is drawn, of whom, and how it ends."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import asdict
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine, event, select, update

from services.desk import Desk
from services.due import minute_of
from services.rules.sampling import RANKS, rank
from services.visits import samples
from storage import deadlines
from storage import samples as store
from storage.records import Order, Result, Trade, VisitMethod, VisitSource, VisitState
from storage.tables import centres, orders, rooms
from tests.conversation import Actor, Town
from tests.conversations.after_work import finished
from tests.conversations.drawing import (
    FIRST,
    NOVEMBER,
    agreed,
    answers,
    asks,
    doors,
    drawn,
    ends,
    it_is,
    sample,
    stand,
    street,
)
from tests.conversations.ledger import Job, enter, entered, local

pytestmark = pytest.mark.written

NOT_ENOUGH = "回访数不够"


# When, and of whom


async def test_5_4_3_a_service_of_november_is_drawn_at_five_past_midnight(
    town: Town, owner: Actor, wang: Actor
) -> None:
    await finished(owner, wang)
    await it_is(town, "2026-12-01 00:04")
    assert await drawn(town) == []
    await town.until("00:05")
    november = await sample(town)
    assert november is not None
    assert (november.households, november.percent, november.required) == (1, 30, 1)
    assert november.finally_drawn_at == town.clock.now()
    assert november.visits_until == local("2026-12-04 00:00")
    (visit,) = await drawn(town)
    assert (visit.order_id, visit.stratum, visit.source) == (1, "repair", VisitSource.SAMPLE)
    assert visit.due_at == november.visits_until
    # It would be night: the question waits for the end of quiet hours.
    assert await asks(town) == [(visit.id, "12-01 09:00:00")]


async def test_5_4_3_a_month_in_which_nobody_was_served_has_its_sample_too(town: Town) -> None:
    await it_is(town, "2026-11-30 12:00")
    await it_is(town, FIRST)
    november = await sample(town)
    assert november is not None
    assert (november.households, november.required) == (0, 0)
    assert await drawn(town) == []
    await it_is(town, "2026-12-04 09:00")
    november = await sample(town)
    assert november is not None
    assert november.concluded_at == town.clock.now()


async def test_reading_4_who_counts_as_served(town: Town) -> None:
    done = partial(Job, reported="2026-10-20 10:00")
    await entered(
        town,
        done(room="3-1201", finished="2026-11-01 00:00:00"),
        done(room="3-1201", finished="2026-11-30 23:59:59", trade=Trade.HOUSEKEEPING),
        done(room="5-802", finished="2026-10-31 23:59:59"),
        done(room="5-802", finished="2026-12-01 00:00:00"),
        done(room="2-301", finished="2026-11-20 10:00", trade=Trade.OTHER),
        done(room="2-301", finished="2026-11-20 10:00", merged_into=1),
        done(room="2-302", cancelled=True),
        done(room="6-601", finished="2026-11-20 10:00"),
    )

    def nothing_was_done(connection: Connection) -> None:
        last = update(orders).where(orders.c.id == 8).values(result=Result.NO_WORK)
        connection.execute(last)

    await town.change(nothing_was_done)
    await it_is(town, FIRST)
    november = await sample(town)
    assert november is not None
    assert november.households == 1
    (visit,) = await drawn(town)
    assert (visit.order_id, visit.stratum) == (2, "housekeeping+repair")
    assert await doors(town, [visit]) == ["3-1201"]


async def test_reading_4_homes_with_an_agreement_in_force_count(town: Town) -> None:
    past, future = date(2026, 1, 1), date(2027, 1, 1)
    await agreed(town, "3-1201", starts=date(2026, 11, 30), ends=future)
    await agreed(town, "5-802", starts=past, ends=date(2026, 11, 1))
    await agreed(town, "2-301", starts=past, ends=date(2026, 10, 31))
    await agreed(town, "2-302", starts=date(2026, 12, 1), ends=future)
    await agreed(town, "6-601", starts=past, ends=future, ended=date(2026, 10, 30))
    await agreed(town, "6-601", item="OT01", starts=past, ends=future)
    await entered(town, Job(room="5-802", reported="2026-11-02 10:00", finished="2026-11-02 11:00"))
    await it_is(town, FIRST)
    november = await sample(town)
    assert november is not None
    assert november.households == 2
    strata = {one.stratum: one for one in await drawn(town)}
    under = strata["housekeeping"]
    assert (under.order_id, under.agreement_id) == (None, 1)
    with_order = strata["housekeeping+repair"]
    assert (with_order.order_id, with_order.agreement_id) == (1, None)


async def test_reading_6_two_centres_in_two_zones_have_their_own_months(town: Town) -> None:
    def move(connection: Connection) -> None:
        paris = update(centres).where(centres.c.id == 2).values(zone="Europe/Paris")
        connection.execute(paris)

    await town.change(move)
    await town.fires()
    here = Job(finished="2026-12-01 03:00")  # in Shanghai; in Paris it is 20:00 the day before
    await entered(town, here, Job(centre_id=2, room="1-101", finished="2026-12-01 03:00"))
    await it_is(town, FIRST)
    near, far = await sample(town), await sample(town, centre_id=2)
    assert near is not None
    assert near.households == 0
    assert far is None or far.finally_drawn_at is None
    await it_is(town, "2026-12-01 07:04")
    far = await sample(town, centre_id=2)
    assert far is None or far.finally_drawn_at is None
    await it_is(town, "2026-12-01 07:05")
    far = await sample(town, centre_id=2)
    assert far is not None
    assert (far.households, far.finally_drawn_at) == (1, town.clock.now())
    assert far.visits_until == local("2026-12-04 07:00")


# Weekly, finally, once


async def test_reading_6_a_part_is_drawn_every_monday_and_the_rest_on_the_first(
    town: Town,
) -> None:
    await street(town, 40)
    await it_is(town, "2026-11-30 00:04")
    assert await drawn(town) == []
    await town.until("00:05")
    early = await drawn(town)
    november = await sample(town)
    assert november is not None
    assert november.finally_drawn_at is None
    seed = november.seed
    # The line is the smallest share any band has; below it everybody is drawn, whatever comes.
    assert early
    assert all(rank(seed, one.room_id) * 10 < RANKS for one in early)
    await it_is(town, FIRST)
    whole = await drawn(town)
    assert whole[: len(early)] == early
    assert len(whole) == max(12, len(early))
    planned = await asks(town)
    assert sorted(visit for visit, _ in planned) == [one.id for one in whole]
    assert planned[0][1] == "11-30 09:00:00"


async def test_5_4_3_every_kind_of_service_is_drawn_at_least_once(town: Town) -> None:
    await street(town, 30)
    await street(town, 1, name="8", trade=Trade.HOUSEKEEPING)
    await street(town, 2, name="7", trade=Trade.HOUSEKEEPING)
    await street(town, 2, name="7")
    await it_is(town, FIRST)
    strata = Counter(one.stratum for one in await drawn(town))
    assert strata.total() >= 10
    assert set(strata) == {"repair", "housekeeping", "housekeeping+repair"}
    assert strata["repair"] >= 9


async def test_5_4_3_each_household_once_whoever_draws_and_whatever_the_clock_does(
    town: Town,
) -> None:
    await street(town, 40)
    await it_is(town, "2026-11-30 00:05")
    town.clock.at = local(FIRST)
    other = town.restart()
    await asyncio.gather(town.house.crank.once(), other.crank.once())
    await asyncio.gather(town.house.sweep.once(), other.sweep.once())
    await town.fires()
    once, planned = await drawn(town), await asks(town)
    assert len({one.room_id for one in once}) == len(once) == len(planned) == 12
    town.clock.step(-timedelta(hours=2))
    await town.fires()
    await it_is(town, "2026-12-01 00:06")
    town.restarts()
    await it_is(town, "2026-12-01 00:30")
    assert (await drawn(town), await asks(town)) == (once, planned)


async def test_reading_6_a_draw_missed_by_an_outage_is_made_up_for(town: Town) -> None:
    """Down for ten days: nothing of it was planned, and there is a day left to ask."""
    await street(town, 10)
    await it_is(town, "2026-12-03 10:00")
    november = await sample(town)
    assert november is not None
    assert november.households == 10
    whole = await drawn(town)
    assert sorted(visit for visit, _ in await asks(town)) == [one.id for one in whole]


async def test_reading_6_a_month_drawn_after_its_visits_ended_asks_nobody_and_says_so(
    town: Town, supervisor: Actor
) -> None:
    await street(town, 10)
    await it_is(town, "2026-11-30 00:05")
    early = await drawn(town)
    await it_is(town, "2026-12-05 10:00")
    whole = await drawn(town)
    assert len(whole) == max(3, len(early))
    assert {visit for visit, _ in await asks(town)} == {one.id for one in early}
    assert {one.state for one in whole} <= {VisitState.NOT_MADE, VisitState.SILENT}
    assert NOT_ENOUGH in await supervisor.hears()


async def test_a_month_nobody_began_and_that_is_over_is_left_alone(town: Town) -> None:
    await it_is(town, "2026-11-24 10:00")
    assert await sample(town, date(2026, 10, 1)) is None


def test_5_4_3_a_draw_is_as_many_statements_whatever_its_size(sqlite_town: Path) -> None:
    few, many = (_statements_of_a_draw(sqlite_town, homes) for homes in (4, 400))
    assert few == many


def _statements_of_a_draw(sqlite_town: Path, homes: int) -> int:
    """How many go to the database for the final draw of so many homes; nothing is kept."""
    ran: list[str] = []
    engine = create_engine(f"sqlite:///{sqlite_town}")
    event.listen(engine, "before_cursor_execute", lambda *told: ran.append(told[2]))
    with engine.connect() as connection:
        numbers = [f"9-{number}" for number in range(homes)]
        connection.execute(rooms.insert(), [{"centre_id": 1, "room_no": one} for one in numbers])
        enter(connection, Job(finished="2026-11-24 15:00"))
        job = Order(*connection.execute(select(*orders.c)).one())
        of_street = select(rooms.c.id).where(rooms.c.room_no.in_(numbers))
        connection.execute(
            orders.insert(),
            [
                {**asdict(job), "id": 100 + room, "number": f"{room}", "room_id": room}
                for room in connection.execute(of_street).scalars()
            ],
        )
        due, version = local(FIRST), minute_of(local(FIRST))
        deadlines.add(connection, samples.DRAW, 1, due, version=version)
        (deadline,) = deadlines.of_subject(connection, 1, [samples.DRAW])
        ran.clear()
        samples.draw(Desk(connection, due), deadline)
        assert len(ran) > 5
        connection.rollback()
    engine.dispose()
    return len(ran)


# Replacements


@pytest.mark.parametrize("state", [VisitState.SILENT, VisitState.REFUSED])
async def test_reading_5_another_of_the_stratum_takes_the_place_of_one_that_gave_no_answer(
    town: Town, state: VisitState
) -> None:
    await street(town, 10)
    await street(town, 2, name="8", trade=Trade.HOUSEKEEPING)
    await it_is(town, FIRST)
    before = await drawn(town)
    lost = next(one for one in before if one.stratum == "housekeeping")
    await it_is(town, "2026-12-01 00:20")
    await ends(town, lost, state)
    *kept, new = await drawn(town)
    assert [one.id for one in kept] == [one.id for one in before]
    assert (new.source, new.replaces) == (VisitSource.REPLACEMENT, lost.id)
    assert new.stratum == "housekeeping"
    assert (new.id, "12-01 09:00:00") in await asks(town)
    assert kept[before.index(lost)].state is state


async def test_reading_5_nobody_is_drawn_any_more_where_nobody_is_left(town: Town) -> None:
    await street(town, 2)
    await it_is(town, FIRST)
    for _ in range(2):
        waiting = [one for one in await drawn(town) if one.state is VisitState.DRAWN]
        await ends(town, waiting[0], VisitState.REFUSED)
    whole = await drawn(town)
    assert [one.state for one in whole] == [VisitState.REFUSED] * 2


async def test_reading_5_silence_of_the_running_month_is_made_up_for_beside_the_quota(
    town: Town,
) -> None:
    await street(town, 40)
    await it_is(town, "2026-11-30 00:05")
    early = await drawn(town)
    for one in early:
        await ends(town, one, VisitState.SILENT)
    assert len(await drawn(town)) == 2 * len(early)
    await it_is(town, FIRST)
    assert len(await drawn(town)) >= 12 + len(early)


async def test_reading_6_after_the_3rd_nobody_is_drawn_any_more(town: Town) -> None:
    await street(town, 10)
    await it_is(town, FIRST)
    whole = await drawn(town)
    await stand(town, whole, VisitState.TASK)
    town.clock.at = local("2026-12-04 00:00")
    await ends(town, whole[0], VisitState.SILENT)
    assert len(await drawn(town)) == len(whole)


# How it ends


async def test_reading_6_on_the_3rd_what_is_open_ends_as_what_it_was(town: Town) -> None:
    await street(town, 40)
    await it_is(town, FIRST)
    asked, called, tried, task, evidence, there, answered, *rest = await drawn(town)
    asked_at = local("2026-12-01 09:00")
    await stand(town, rest, VisitState.REFUSED)
    await stand(town, [asked], VisitState.ASKED, asked_at=asked_at)
    await stand(town, [called], VisitState.TASK, asked_at=asked_at)
    await stand(town, [tried], VisitState.TASK, tries=1)
    await stand(town, [task], VisitState.TASK)
    on_site = partial(stand, town, method=VisitMethod.ON_SITE, satisfied=True, answered_at=asked_at)
    await on_site([evidence], VisitState.EVIDENCE)
    await on_site([there], VisitState.TASK, tries=1)  # whether they were on time is still to come
    await stand(town, [answered], VisitState.ASKED, satisfied=False, answered_at=asked_at)
    town.clock.at = local("2026-12-03 23:59:59")
    await town.house.sweep.once()
    assert (await drawn(town))[0].state is VisitState.ASKED
    await it_is(town, "2026-12-04 00:00")
    assert [one.state for one in await drawn(town)] == [
        *[VisitState.SILENT] * 3,
        *[VisitState.NOT_MADE] * 3,
        VisitState.DONE,
        *[VisitState.REFUSED] * len(rest),
    ]


async def test_5_4_3_a_shortfall_is_told_once_in_the_morning_with_its_reasons(
    town: Town, supervisor: Actor, head: Actor, cs: Actor
) -> None:
    await street(town, 10)
    await it_is(town, FIRST)
    one, *others = await drawn(town)
    await answers(town, one, satisfied=True)
    await stand(town, others[:1], VisitState.TASK, tries=2)
    await stand(town, others[1:], VisitState.TASK)
    await it_is(town, "2026-12-04 00:00")
    for actor in (supervisor, head, cs):
        assert NOT_ENOUGH not in await actor.hears()
    await it_is(town, "2026-12-04 08:30")
    for actor in (supervisor, head):
        told = await actor.hears()
        assert "应回访 3 户，有结果 1 户（当月服务 10 户）" in told
        assert "没有回应 1 户" in told
        assert f"没有去访 {len(others) - 1} 户" in told
        assert "谢绝" not in told
    assert NOT_ENOUGH not in await cs.hears()
    await it_is(town, "2026-12-05 08:30")
    assert NOT_ENOUGH not in await head.hears()
    await supervisor.presses("回访", on=NOT_ENOUGH)
    assert "10%（1/10）" in supervisor.newest().text


async def test_5_4_3_nobody_is_alarmed_where_enough_have_answered(
    town: Town, supervisor: Actor
) -> None:
    await street(town, 10)
    await it_is(town, FIRST)
    for one in await drawn(town):
        await answers(town, one, satisfied=True)
    await it_is(town, "2026-12-04 08:30")
    november = await sample(town)
    assert november is not None
    assert november.concluded_at is not None
    assert NOT_ENOUGH not in await supervisor.hears()


async def test_reading_6_the_list_that_was_drawn_from_is_kept(town: Town) -> None:
    await street(town, 3)
    await it_is(town, "2026-11-30 00:05")
    await street(town, 2, name="8", finished="2026-11-30 15:00", trade=Trade.HOUSEKEEPING)
    await it_is(town, FIRST)
    november = await sample(town, NOVEMBER)
    assert november is not None
    weekly, last = await town.look(partial(store.draws_of, sample_id=november.id))
    assert (weekly.final, last.final) == (False, True)
    assert "housekeeping" not in weekly.candidates
    assert "housekeeping" in last.candidates
