"""待办: to each person what is theirs of the cases, what is due soonest first."""

from __future__ import annotations

from datetime import timedelta

from services.rules.grades import CaseSource
from tests.conversation import Actor, Town, on_one_database
from tests.conversations.after_work import finished, quiet
from tests.conversations.case_work import acted, corrected, dissatisfied, opens
from tests.conversations.reach import has_left

NOTHING = "待办都办完了"


async def list_of(actor: Actor) -> str:
    """What is on somebody's list."""
    await actor.presses_data("board.todo")
    return actor.newest().text


async def test_5_4_2_a_case_that_somebody_has_is_on_their_list_alone_until_it_is_late(
    town: Town, owner: Actor, wang: Actor, cs: Actor, cs2: Actor, supervisor: Actor
) -> None:
    await dissatisfied(owner, wang)
    for one in (cs, cs2, supervisor):
        assert "还没有人处理" in await list_of(one)
    await cs.presses_data("case.take|1")
    assert "处理完" in await list_of(cs)
    for one in (cs2, supervisor):
        assert NOTHING in await list_of(one)
    town.clock.step(timedelta(hours=24))
    assert "处理完" in await list_of(supervisor)
    assert NOTHING in await list_of(cs2)


@on_one_database
async def test_5_4_2_a_customer_to_be_called_is_on_the_handlers_list_and_in_a_day_higher_up(
    town: Town, owner: Actor, wang: Actor, cs: Actor, cs2: Actor, supervisor: Actor
) -> None:
    await dissatisfied(owner, wang)
    await has_left(town, "owner")
    await corrected(cs)
    await supervisor.presses_data("case.verify|1")
    assert "请电话告知业主" in await list_of(cs)
    for one in (cs2, supervisor):
        assert NOTHING in await list_of(one)
    town.clock.step(timedelta(hours=24))
    assert "请电话告知业主" in await list_of(supervisor)
    await cs.presses_data("case.told|1")
    for one in (cs, supervisor):
        assert NOTHING in await list_of(one)


@on_one_database
async def test_3_4_each_verification_is_on_the_list_of_whoever_it_belongs_to(
    town: Town, owner: Actor, wang: Actor, cs: Actor, supervisor: Actor, business: Actor
) -> None:
    await dissatisfied(owner, wang)
    await owner.presses_data("talk.start")  # of the desk, not of the business department
    await corrected(cs)
    injury = await opens(town, CaseSource.INJURY)
    await corrected(cs, "送医", injury.id)
    assert "最迟" in await list_of(cs)
    assert "记录原因和纠正措施" in await list_of(cs)
    assert NOTHING in await list_of(business)
    await acted(cs, injury.id)
    heard = await list_of(business)
    assert "待办：1 件" in heard
    assert injury.number in heard
    heard = await list_of(supervisor)
    assert injury.number not in heard
    assert "验证" in heard


@on_one_database
async def test_the_oldest_due_stands_first_and_a_case_stands_once(
    town: Town, owner: Actor, wang: Actor, cs: Actor
) -> None:
    await finished(owner, wang)
    injury = await opens(town, CaseSource.INJURY)  # 72 hours
    town.clock.step(timedelta(minutes=1))
    loss = await opens(town, CaseSource.LOSS)  # 24 hours
    heard = await list_of(cs)
    assert heard.index(loss.number) < heard.index(injury.number)
    await cs.presses_data(f"case.take|{injury.id}")
    assert (await list_of(cs)).count(injury.number) == 1


@on_one_database
async def test_the_business_department_finds_its_list_in_its_menu(business: Actor) -> None:
    await business.commands("start")
    await quiet(business)
    await business.presses("待办")
    assert NOTHING in await business.hears()
