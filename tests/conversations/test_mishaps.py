"""意外 (§5.2.3) and the sources of a nonconformity (§3.4): each opens its case, rightly graded."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import Connection

from services.messages import load_message
from storage import cases
from storage.records import Case
from tests.conversation import Actor, Town, on_one_database
from tests.conversations.after_work import case_history
from tests.conversations.jobs import cases_of, hush, urgent
from tests.conversations.repairs import at_work, back_on_site, booked, not_mended, repaired

NUMBER = "YH261124-001"


async def reports(
    who: Actor, kind: str, loss: str = "没有损失", words: str = "柜门碰掉一块漆", data: str = ""
) -> None:
    """Reports a mishap at order 1, from the card or by remembered data."""
    await (who.presses_data(data) if data else who.presses("报告意外"))
    await who.presses(kind)
    if kind != "有人受伤":
        await who.presses(loss)
    await who.types(words)
    await who.presses("确认上报")


async def the_case(town: Town, order_id: int = 1) -> Case:
    """The only case about an order."""
    [case] = await cases_of(town, order_id)
    return case


# Who hears of it


async def test_5_2_3_the_owner_hears_an_apology_and_the_desk_of_a_case_at_once(
    town: Town, owner: Actor, wang: Actor, cs: Actor, supervisor: Actor
) -> None:
    await at_work(town, owner, wang)
    await hush(owner, wang, cs, supervisor)
    await reports(wang, "损坏", "损失不超过 ¥1000")
    heard = await owner.hears()
    assert f"非常抱歉：换水龙头（{NUMBER}）上门服务时发生了意外（损坏）" in heard
    assert "客服会马上跟进" in heard
    case = await the_case(town)
    assert f"已上报：{NUMBER}，不合格 {case.number}" in await wang.hears()
    for colleague in (cs, supervisor):
        heard = await colleague.hears()
        assert "一般 · 损坏" in heard
        assert "王建国 报告 损坏，损失不超过 ¥1000" in heard
        assert "柜门碰掉一块漆" in heard
    await cs.presses_data("desk.history|1")
    assert "王建国 报告意外" in cs.newest().text
    assert "柜门碰掉一块漆" in cs.newest().text
    await wang.presses("完工")  # the job goes on


async def test_a_picture_is_kept_with_the_history_of_the_case(
    town: Town, owner: Actor, wang: Actor, cs: Actor
) -> None:
    await at_work(town, owner, wang)
    await wang.presses("报告意外")
    await wang.presses("弄脏")
    photo = await wang.sends_photo()
    await wang.presses("没有损失")
    await wang.types("地毯上滴了油")
    assert "照片：1 张" in wang.newest().text
    await wang.presses("确认上报")
    assert await case_history(town) == ["opened"]

    def facts(connection: Connection) -> str:
        return cases.history(connection, 1)[0].facts

    assert load_message(await town.look(facts)).photos == (photo,)
    assert any(shown.spoken.photos for shown in cs.screen)


@on_one_database
async def test_the_desk_reports_what_an_owner_tells_them_later(
    town: Town, owner: Actor, wang: Actor, cs: Actor
) -> None:
    await repaired(town, owner, wang)
    await cs.presses_data("desk.order|1")
    await hush(owner)
    await reports(cs, "弄脏")
    case = await the_case(town)
    assert (case.source, case.grade) == ("soiling", "general")
    assert "非常抱歉" in await owner.hears()


@on_one_database
async def test_the_same_again_is_added_to_its_case_and_may_raise_it(
    town: Town, owner: Actor, wang: Actor
) -> None:
    await at_work(town, owner, wang)
    await reports(wang, "损坏")
    await reports(wang, "损坏", "损失超过 ¥1000", "里面的主板也坏了")
    case = await the_case(town)
    assert case.grade == "serious"
    assert await case_history(town) == ["opened", "repeated", "raised", "action_asked"]


@on_one_database
async def test_5_2_3_what_is_noticed_on_leaving_is_reported_from_the_finished_card_that_day(
    town: Town, owner: Actor, wang: Actor
) -> None:
    await repaired(town, owner, wang)
    await reports(wang, "弄脏")
    assert (await the_case(town)).source == "soiling"
    await wang.presses_data("jobs.show|1")
    assert wang.sees("报告意外")
    await town.until("00:00")
    await wang.presses_data("jobs.show|1")
    assert not wang.sees("报告意外")


@on_one_database
async def test_3_10_the_six_choices_most_used_on_site_stand_first(
    town: Town, owner: Actor, wang: Actor
) -> None:
    await at_work(town, owner, wang)
    assert wang.buttons()[:6] == [
        "完工",
        "改报价",
        "需再次上门",
        "呼叫控制中心",
        "联系业主",
        "报告意外",
    ]


@on_one_database
async def test_nobody_reports_a_mishap_where_nobody_has_been(
    town: Town, owner: Actor, wang: Actor, cs: Actor
) -> None:
    await booked(owner)
    await wang.presses("接单")
    await hush(wang, cs)
    for data, who in (("mishap.report|1", wang), ("desk.mishap|1", cs)):
        await who.presses_data(data)
        assert "已接单" in await who.hears()
    assert not wang.sees("报告意外")


@on_one_database
@pytest.mark.parametrize("key", ["owner", "li", "neighbour", "far_cs", "stranger"])
async def test_only_its_technician_and_its_desk_report(
    town: Town, owner: Actor, wang: Actor, key: str
) -> None:
    await at_work(town, owner, wang)
    other = town.actor(key)
    for data in ("mishap.report|1", "desk.mishap|1"):
        await hush(other)
        await other.presses_data(data)
        assert "不归您办理" in await other.hears()
    assert await cases_of(town) == []


# §3.4: what opens a case, and how grave it is

Story = Callable[[Town], Awaitable[None]]


async def _dissatisfied(town: Town) -> None:
    await repaired(town, town.actor("owner"), town.actor("wang"))
    await town.actor("owner").presses("不满意")


async def _late(town: Town) -> None:
    await booked(town.actor("owner"))
    await town.actor("wang").presses("接单")
    await town.until("15:03")


async def _not_done_in_24_hours(town: Town) -> None:
    await at_work(town, town.actor("owner"), town.actor("wang"))
    await town.passes(hours=24)


async def _rework(town: Town) -> None:
    await repaired(town, town.actor("owner"), town.actor("wang"))
    await not_mended(town.actor("owner"))
    await back_on_site(town, town.actor("li"))
    await town.actor("li").presses("同一故障")


async def _missed_emergency(town: Town) -> None:
    await urgent(town.actor("owner"))
    await town.actor("wang").presses("接单")
    await town.passes(minutes=11)


def _mishap(kind: str, loss: str) -> Story:
    async def story(town: Town) -> None:
        await at_work(town, town.actor("owner"), town.actor("wang"))
        await reports(town.actor("wang"), kind, loss)

    return story


SOURCES: dict[str, tuple[Story, str, str]] = {
    "a dissatisfied answer": (_dissatisfied, "dissatisfied", "general"),
    "a late arrival": (_late, "late_arrival", "general"),
    "a repair that takes longer": (_not_done_in_24_hours, "missed_deadline", "general"),
    "rework": (_rework, "rework", "general"),
    "a missed emergency limit": (_missed_emergency, "missed_emergency_limit", "serious"),
    "soiling": (_mishap("弄脏", "没有损失"), "soiling", "general"),
    "great soiling": (_mishap("弄脏", "损失超过 ¥1000"), "soiling", "serious"),
    "damage": (_mishap("损坏", "损失不超过 ¥1000"), "damage", "general"),
    "great damage": (_mishap("损坏", "损失超过 ¥1000"), "damage", "serious"),
    "damage that nobody can value": (_mishap("损坏", "还不清楚损失"), "damage", "general"),
    "an injury": (_mishap("有人受伤", ""), "injury", "serious"),
}


@on_one_database
@pytest.mark.parametrize("name", SOURCES)
async def test_3_4_each_source_opens_one_case_of_its_grade_at_once(town: Town, name: str) -> None:
    happens, source, grade = SOURCES[name]
    superior = town.actor("head" if grade == "serious" else "supervisor")
    await happens(town)
    case = await the_case(town)
    assert (case.source, case.grade) == (source, grade)
    assert case.number in await superior.hears()
