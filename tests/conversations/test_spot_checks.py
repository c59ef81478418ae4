"""Spot checks of housekeeping (§5.1.3): at any time, with the form of every return visit."""

from __future__ import annotations

from datetime import timedelta

from services.visits.spot_checks import WITHIN
from storage.records import Role, VisitMethod, VisitSource, VisitState
from tests.conversation import Actor, Town, on_one_database
from tests.conversations.after_work import cases_of, finished, quiet
from tests.conversations.visits import (
    being_cleaned,
    cleaned,
    every_visit,
    id_of,
    is_also,
    sample,
    visit,
)


async def test_5_1_3_housekeeping_under_way_is_checked_by_the_same_three_taps(
    town: Town, owner: Actor, zhao: Actor, cs: Actor, supervisor: Actor
) -> None:
    await sample(town, None)
    await being_cleaned(town, zhao, owner)
    await cs.presses_data("desk.order|1")
    await cs.presses("抽查")
    assert "保洁抽查，不计入抽样" in cs.newest().text
    checked = await visit(town)
    assert (checked.source, checked.state) == (VisitSource.SPOT_CHECK, VisitState.TASK)
    assert checked.sample_id is None
    assert checked.visitor_id == await id_of(town, "cs")
    # Begun at three on the 24th: until the end of the 25th.
    assert f"{checked.due_at:%d %H:%M}" == "25 16:00"
    await cs.presses("对讲")
    await quiet(supervisor)
    await cs.presses("不满意")
    assert "回访：住户不满意" in await supervisor.hears()
    await cs.presses("准时")
    await cs.presses("卫生")
    await cs.presses("记下")
    done = await visit(town)
    assert (done.state, done.method) == (VisitState.DONE, VisitMethod.INTERCOM)
    assert len(await cases_of(town)) == 1
    await cs.types("回访")
    assert "本月已有结果 0 户" in cs.newest().text  # it never counts in the sample


async def test_5_1_3_what_was_done_within_thirty_days_is_chosen_from_a_list(
    town: Town, owner: Actor, zhao: Actor, supervisor: Actor, cs: Actor
) -> None:
    await supervisor.types("回访")
    await supervisor.presses("抽查保洁")
    assert "没有可以抽查的保洁" in supervisor.newest().text
    await cleaned(town, zhao, owner)
    town.clock.step(WITHIN - timedelta(minutes=1))
    await supervisor.types("回访")
    await supervisor.presses("抽查保洁")
    number = (await town.order()).number
    assert number in supervisor.newest().text
    await supervisor.presses(number)
    assert (await visit(town)).visitor_id == await id_of(town, "supervisor")
    town.clock.step(timedelta(minutes=1))
    await cs.presses_data("spot.list")
    assert number not in cs.newest().text
    await cs.presses_data("spot.check|1")
    assert "现在不能抽查" in cs.newest().text


@on_one_database
async def test_one_check_of_an_order_is_under_way_at_a_time(
    town: Town, owner: Actor, zhao: Actor, cs: Actor, cs2: Actor
) -> None:
    await cleaned(town, zhao, owner)
    for one in (cs, cs2):
        await one.presses_data("spot.check|1")
    assert len(await every_visit(town)) == 1
    await cs2.presses("电话")  # she takes it over
    for tap in ("没接通／没人", "电话", "没接通／没人"):
        await cs2.presses(tap)
    ended = await visit(town)
    assert (ended.state, ended.visitor_id) == (VisitState.SILENT, await id_of(town, "cs2"))
    await cs.presses_data("spot.check|1")
    assert len(await every_visit(town)) == 2


@on_one_database
async def test_repairs_and_what_nobody_has_begun_are_not_checked(
    town: Town, owner: Actor, wang: Actor, cs: Actor
) -> None:
    await finished(owner, wang)
    await cs.presses_data("desk.order|1")
    assert "抽查" not in cs.buttons()
    await cs.presses_data("spot.check|1")
    assert "现在不能抽查" in cs.newest().text
    assert await every_visit(town) == []


@on_one_database
async def test_5_1_3_customer_service_and_supervisor_check_and_never_themselves(
    town: Town, owner: Actor, zhao: Actor, head: Actor
) -> None:
    await cleaned(town, zhao, owner)
    await head.types("回访")
    assert "抽查保洁" not in head.buttons()
    await is_also(town, "赵秀兰", Role.CS, Role.TECHNICIAN)
    await zhao.presses_data("spot.check|1")
    assert "不能由您回访" in await zhao.hears()
    for key in ("head", "control", "business", "wang", "owner", "stranger"):
        other = town.actor(key)
        for data in ("spot.check|1", "spot.list"):
            await quiet(other)
            await other.presses_data(data)
            assert "不归您办理" in await other.hears()
    assert await every_visit(town) == []
