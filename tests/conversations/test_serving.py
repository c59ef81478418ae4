"""The technician's way through a job: one card, two taps a step, and every step checked."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.event import Press
from services.rules.grades import CaseSource, Grade
from storage.records import OrderState, Result, Trade
from tests.conversation import Actor, Town
from tests.conversations.jobs import (
    agreed,
    appointed,
    cases_of,
    finishes,
    hush,
    on_site,
    urgent,
)


async def test_a_job_from_the_offer_to_the_end(town: Town, owner: Actor, wang: Actor) -> None:
    await appointed(town)
    assert wang.buttons() == ["接单", "拒单"]
    heard = await wang.hears()
    assert "3-1201" in heard
    assert "张*" in heard
    assert "13800100001" not in heard
    for label, said in (("接单", "已接单"), ("出发", "已出发")):
        await wang.presses(label)
        assert said in await owner.hears()
    await town.until("15:00")
    await owner.hears()
    await wang.presses("已到达")
    assert "已到达（15:00）" in await owner.hears()
    await wang.presses("已说明内容和价格")
    await wang.presses("¥40")
    assert "报价" in await owner.hears()
    await owner.presses("同意报价")
    assert "可以开工" in await wang.hears()
    await finishes(wang)
    assert "收费 ¥40" in await owner.hears()
    order = await town.order()
    assert (order.state, order.result, order.amount_fen) == (
        OrderState.FINISHED,
        Result.DONE,
        4000,
    )
    verdicts = await town.verdicts()
    assert verdicts["punctuality"] == verdicts["minor_completion"] == "met"
    assert verdicts["staff_told"] == "met"
    assert await cases_of(town) == []
    history = await town.history()
    steps = ["registered", "offered", "accepted", "set_out", "arrived", "explained", "agreed"]
    assert history[:8] == [*steps, "finished"]


async def test_3_10_the_next_step_is_the_first_button(
    town: Town, owner: Actor, wang: Actor
) -> None:
    await appointed(town)
    for label in ("接单", "出发"):
        assert wang.buttons()[0] == label
        await wang.presses(label)
    await town.until("15:00")
    assert wang.buttons()[0] == "已到达"
    await wang.presses("已到达")
    assert wang.buttons()[0] == "已说明内容和价格"


# §5.2.1


@pytest.mark.parametrize(
    ("trade", "skills", "key", "tools"),
    [
        (Trade.REPAIR, ("plumber",), "wang", ("工具箱", "工具包", "垫布", "鞋套")),
        (Trade.HOUSEKEEPING, ("cleaner",), "zhao", ("保洁工具", "抹布", "鞋套")),
    ],
)
async def test_5_2_1_tools_are_listed_until_setting_out_which_confirms_them(
    town: Town, trade: Trade, skills: tuple[str, ...], key: str, tools: tuple[str, ...]
) -> None:
    await appointed(town, trade=trade, skills=skills)
    technician = town.actor(key)
    for label in ("接单", "出发"):
        card = technician.newest().text
        assert "出发即确认已带" in card
        assert all(tool in card for tool in tools)
        await technician.presses(label)
    assert "出发即确认已带" not in technician.newest().text
    assert "set_out" in await town.history()


# §5.2.2 and reading 12


@pytest.mark.parametrize(
    ("arrives", "verdict"),
    [
        (timedelta(minutes=-5), "met"),
        (timedelta(0), "met"),
        (timedelta(minutes=2), "met"),
        (timedelta(minutes=2, seconds=1), "missed"),
        (timedelta(minutes=40), "missed"),
    ],
)
async def test_5_2_2_arrival_window_is_five_early_to_two_late(
    town: Town, wang: Actor, arrives: timedelta, verdict: str
) -> None:
    await appointed(town)
    await wang.presses("接单")
    order = await town.order()
    assert order.appointed_at is not None
    await town.until(order.appointed_at + arrives)
    await wang.presses("已到达")
    assert (await town.verdicts())["punctuality"] == verdict
    sources = [case.source for case in await cases_of(town)]
    assert sources == ([CaseSource.LATE_ARRIVAL] if verdict == "missed" else [])


async def test_reading_12_too_early_is_told_to_wait(town: Town, owner: Actor, wang: Actor) -> None:
    await appointed(town)
    await wang.presses("接单")
    order = await town.order()
    assert order.appointed_at is not None
    await town.until(order.appointed_at - timedelta(minutes=5, seconds=1))
    await wang.presses("已到达")
    assert "最早 14:55 才能登记到达" in await wang.hears()
    assert (await town.order()).state is OrderState.ACCEPTED
    assert "punctuality" not in await town.verdicts()


async def test_reading_12_who_was_told_to_wait_taps_again(
    town: Town, owner: Actor, wang: Actor
) -> None:
    await appointed(town)
    await wang.presses("接单")
    order = await town.order()
    assert order.appointed_at is not None
    await town.until(order.appointed_at - timedelta(minutes=5, seconds=1))
    await wang.presses("已到达")
    assert wang.buttons() == ["问业主可否提前"]
    await town.passes(seconds=1)
    await wang.presses("已到达")
    assert (await town.verdicts())["punctuality"] == "met"
    order = await town.order()
    assert (order.arrived_at, order.early_consent_at) == (town.clock.now(), None)


async def test_reading_12_consent_counts_only_beforehand(
    town: Town, owner: Actor, wang: Actor
) -> None:
    await appointed(town)
    await wang.presses("接单")
    await town.until("14:40")
    await wang.presses_data("order.ask_early|1")
    consent = owner.button("可以提前")
    assert consent is not None
    await town.until("15:03")
    await wang.presses("已到达")
    await owner.presses_data(consent[1].data)
    assert "现在是“已到达”" in await owner.hears()
    assert (await town.order()).early_consent_at is None
    assert (await town.verdicts())["punctuality"] == "missed"


async def test_reading_12_consent_is_for_the_appointment_it_was_asked_for(
    town: Town, owner: Actor, wang: Actor
) -> None:
    await appointed(town)
    await wang.presses("接单")
    await town.until("14:40")
    await wang.presses("已到达")
    await wang.presses("问业主可否提前")
    consent = owner.button("可以提前")
    assert consent is not None
    await owner.presses("可以提前")
    assert (await town.order()).early_consent_at == town.clock.now()
    await owner.presses_data("order.move|1")
    await owner.types("今天18:00")
    order = await town.order()
    assert order.early_consent_at is None
    assert order.appointed_at == town._instant("18:00")
    await owner.presses_data(consent[1].data)
    assert (await town.order()).early_consent_at is None
    await wang.presses_data("order.arrive|1")
    assert "最早 17:55" in await wang.hears()


async def test_reading_12_there_is_nothing_to_ask_once_it_is_time(
    town: Town, owner: Actor, wang: Actor
) -> None:
    await appointed(town)
    await wang.presses("接单")
    await town.until("14:55")
    await owner.hears()
    await wang.presses_data("order.ask_early|1")
    assert "这个按钮已经不能用了" in await wang.hears()
    assert await owner.hears() == ""


async def test_reading_12_the_owner_may_let_the_technician_in_early(
    town: Town, owner: Actor, wang: Actor
) -> None:
    await appointed(town)
    await wang.presses("接单")
    await town.until("14:40")
    await wang.presses("已到达")
    await wang.presses("问业主可否提前")
    await owner.presses("可以提前")
    assert "业主同意提前" in await wang.hears()
    await wang.presses("已到达")
    assert (await town.verdicts())["punctuality"] == "waived"
    assert await cases_of(town) == []


async def test_reading_12_the_owner_may_say_no(town: Town, owner: Actor, wang: Actor) -> None:
    await appointed(town)
    await wang.presses("接单")
    await town.until("14:40")
    await wang.presses_data("order.ask_early|1")
    await owner.presses("请准时来")
    assert "请稍等" in await wang.hears()
    await wang.presses("已到达")
    assert (await town.order()).state is OrderState.ACCEPTED


async def test_a_late_arrival_keeps_its_one_case_and_verdict(town: Town, wang: Actor) -> None:
    """At two minutes past it was late already; arriving later does not make a second miss."""
    await appointed(town)
    await wang.presses("接单")
    await town.until("15:30")
    assert (await town.verdicts())["punctuality"] == "missed"
    await wang.presses("已到达")
    assert (await town.verdicts())["punctuality"] == "missed"
    assert len(await cases_of(town)) == 1


# §5.2.3 and reading 16


async def test_5_2_3_price_before_work_is_a_tap_of_the_owner(
    town: Town, owner: Actor, wang: Actor
) -> None:
    await appointed(town)
    await on_site(town, wang)
    await wang.presses_data("order.finish|1")
    await wang.presses("已修好／已做完")
    assert "业主还没有同意" in await wang.hears()
    await wang.presses_data("order.explain|1")
    await wang.types("55.5")
    order = await town.order()
    assert (order.state, order.quote_fen, order.agreed_at) == (OrderState.EXPLAINED, 5550, None)
    assert not wang.sees("完工")
    await owner.presses("同意报价")
    order = await town.order()
    assert (order.state, order.started_at) == (OrderState.AGREED, town.clock.now())


async def test_5_2_3_an_old_price_cannot_be_agreed_to(
    town: Town, owner: Actor, wang: Actor
) -> None:
    await appointed(town)
    await on_site(town, wang)
    await wang.presses("已说明内容和价格")
    await wang.presses("¥40")
    await wang.presses("改报价")
    await wang.types("80")
    await owner.presses_data("order.agree|1|4000")
    assert (await town.order()).state is OrderState.EXPLAINED
    await owner.presses_data("order.agree|1|1")
    assert (await town.order()).state is OrderState.EXPLAINED
    await owner.presses_data("order.agree|1|8000")
    assert (await town.order()).state is OrderState.AGREED


async def test_5_2_3_a_refused_price_stops_the_work(
    town: Town, owner: Actor, wang: Actor, cs: Actor
) -> None:
    await appointed(town)
    await on_site(town, wang)
    await wang.presses("已说明内容和价格")
    await wang.presses("¥40")
    await hush(wang, cs)
    await owner.presses("不同意")
    assert (await town.order()).state is OrderState.ARRIVED
    assert "业主不同意报价" in await wang.hears()
    assert "业主不同意报价" in await cs.hears()
    await wang.presses("已说明内容和价格")
    await wang.types("30")
    await owner.presses("同意报价")
    assert (await town.order()).quote_fen == 3000


async def test_5_2_3_no_more_is_charged_than_was_agreed(
    town: Town, owner: Actor, wang: Actor
) -> None:
    await appointed(town)
    await agreed(town, wang, owner)
    await wang.presses("完工")
    await wang.presses("改金额")
    await wang.types("50")
    await wang.presses("已修好／已做完")
    assert "不能多收" in await wang.hears()
    assert (await town.order()).state is OrderState.AGREED
    await wang.presses_data("order.finish|1")
    await wang.presses("改金额")
    await wang.types("35")
    await wang.presses("已修好／已做完")
    assert (await town.order()).amount_fen == 3500


async def test_reading_16_stopping_the_loss_is_free_and_needs_no_quote(
    town: Town, owner: Actor, wang: Actor
) -> None:
    await urgent(owner)
    await wang.presses("接单")
    await town.passes(minutes=8)
    await wang.presses("已到达")
    await wang.presses("开始处理")
    await finishes(wang)
    order = await town.order()
    assert (order.state, order.amount_fen) == (OrderState.FINISHED, 0)
    verdicts = await town.verdicts()
    assert verdicts["emergency_arrival"] == verdicts["emergency_started"] == "met"


async def test_reading_16_chargeable_work_in_an_emergency_waits_for_the_tap(
    town: Town, owner: Actor, wang: Actor
) -> None:
    await urgent(owner)
    for label in ("接单", "已到达", "开始处理", "完工", "改金额"):
        await wang.presses(label)
    await wang.types("100")
    await wang.presses("已修好／已做完")
    assert "业主还没有同意" in await wang.hears()
    await wang.presses_data("order.explain|1")
    await wang.types("100")
    await owner.presses("同意报价")
    await finishes(wang)
    assert (await town.order()).amount_fen == 10_000


async def test_reading_10_arrival_alone_does_not_start_the_handling(
    town: Town, owner: Actor, wang: Actor
) -> None:
    await urgent(owner)
    await wang.presses("接单")
    await town.passes(minutes=9)
    await wang.presses("已到达")
    await town.passes(minutes=3)
    await wang.presses("开始处理")
    verdicts = await town.verdicts()
    assert (verdicts["emergency_arrival"], verdicts["emergency_started"]) == ("met", "missed")


# What else may happen on the way


async def test_the_owner_may_contradict_an_arrival_once(
    town: Town, owner: Actor, wang: Actor, cs: Actor
) -> None:
    await appointed(town)
    await on_site(town, wang)
    await hush(wang, cs)
    await owner.presses("还没到")
    assert "业主说还没看到您" in await wang.hears()
    assert "请核实" in await cs.hears()
    assert (await town.order()).arrival_disputed_at == town.clock.now()
    await owner.presses_data("order.not_here|1")
    assert await cs.hears() == ""


async def test_a_job_given_back_goes_to_the_next_and_the_owner_knows(
    town: Town, owner: Actor, wang: Actor, li: Actor, cs: Actor
) -> None:
    await appointed(town)
    await wang.presses("接单")
    await wang.presses("出发")
    await hush(owner, li, cs)
    await wang.presses("转单")
    await wang.presses("赶不过来")
    assert "正在安排其他师傅" in await owner.hears()
    assert "王建国 转单" in await cs.hears()
    await li.presses("接单")
    order = await town.order()
    assert (order.state, order.set_out_at) == (OrderState.ACCEPTED, None)
    assert "李志强 已接单" in await owner.hears()


async def test_another_visit_keeps_the_technician(
    town: Town, owner: Actor, wang: Actor, cs: Actor
) -> None:
    await appointed(town)
    await agreed(town, wang, owner)
    await hush(owner, cs)
    await wang.presses("需再次上门")
    await wang.presses("时间不够")
    assert "需要再次上门" in await owner.hears()
    assert "请与业主约时间" in await cs.hears()
    order = await town.order()
    assert order.state is OrderState.ACCEPTED
    assert order.technician_id is not None
    await wang.presses("已到达")
    assert (await town.verdicts())["punctuality"] == "met"  # of the first visit


@pytest.mark.parametrize(
    ("label", "result", "amount"), [("没能解决", "not_solved", 4000), ("没有施工", "no_work", 0)]
)
async def test_work_that_came_to_nothing_is_told_to_the_desk(
    town: Town, owner: Actor, wang: Actor, cs: Actor, label: str, result: str, amount: int
) -> None:
    await appointed(town)
    await agreed(town, wang, owner)
    await hush(cs)
    await finishes(wang, label)
    order = await town.order()
    assert (str(order.result), order.amount_fen) == (result, amount)
    assert order.number in await cs.hears()


async def test_pictures_of_the_work_reach_the_owner(town: Town, owner: Actor, wang: Actor) -> None:
    await appointed(town)
    await agreed(town, wang, owner)
    await wang.presses("完工")
    kept = await wang.sends_photo()
    await wang.presses("已修好／已做完")
    assert (await town.order()).after_photos == (kept,)
    shown = [path.stem for one in owner.screen for path in one.spoken.photos]
    assert shown == [kept]


async def test_my_jobs_and_going_off_duty(town: Town, owner: Actor, wang: Actor) -> None:
    await wang.types("我的任务")
    assert "没有未完成的任务" in await wang.hears()
    await appointed(town)
    await wang.presses("接单")
    await wang.types("我的任务")
    assert "未完成的任务：1 个" in await wang.hears()
    await wang.types("下班")
    assert "还有 1 个未完成的任务" in await wang.hears()
    await owner.types("下班")
    assert "不归您办理" in await owner.hears()


# Every press is checked


async def test_nobody_else_takes_a_step(town: Town, owner: Actor, wang: Actor, li: Actor) -> None:
    await appointed(town)
    await wang.presses("接单")
    pressed = ("set_out|1", "arrive|1", "explain|1", "finish|1", "transfer|1", "agree|1|4000")
    others = (li, town.actor("far_tech"), town.actor("neighbour"), town.actor("stranger"))
    for action in pressed:
        for actor in others:
            await actor.presses_data(f"order.{action}")
    assert (await town.order()).state is OrderState.ACCEPTED
    assert await town.history() == ["registered", "offered", "accepted"]
    assert "3-1201" not in li.says()


async def test_a_late_accept_hears_who_has_it(
    town: Town, owner: Actor, wang: Actor, li: Actor
) -> None:
    await urgent(owner)
    old = li.button("接单")
    assert old is not None
    await town.passes(seconds=20)
    await wang.presses("接单")
    assert not li.sees("接单")
    await li.presses_data(old[1].data)
    assert "王建国" in await li.hears()
    assert (await town.history()).count("accepted") == 1


async def test_two_who_accept_at_once_and_one_wins(
    town: Town, owner: Actor, wang: Actor, li: Actor
) -> None:
    await urgent(owner)
    await asyncio.gather(
        *(town.take(key, Press("order.accept|1")) for key in ("wang", "li", "wang", "li"))
    )
    await town.settles()
    assert (await town.history()).count("accepted") == 1
    assert owner.says().count("已接单") == 1


async def test_each_step_tapped_twice_is_taken_once(town: Town, owner: Actor, wang: Actor) -> None:
    await appointed(town)
    for data in ("order.accept|1", "order.set_out|1"):
        for _ in range(2):
            await wang.presses_data(data)
    await town.until("15:00")
    for _ in range(2):
        await wang.presses_data("order.arrive|1")
    history = await town.history()
    for step in ("accepted", "set_out", "arrived"):
        assert history.count(step) == 1
    assert owner.says().count("已到达（") == 1


@pytest.mark.parametrize(
    "data",
    [
        "order.accept|99",
        "order.accept|999999999999999999",
        "order.decline_for|1|nonsense",
        "order.transfer_for|1|nonsense",
        "order.return_for|1|time",
        "hold.start|1|parts",
        "hold.yes|1|1764000000",
        "order.start|1",
        "order.not_here|1",
        "order.early_ok|1|1",
        "order.expect|1|7",
        "order.expect|1|5",
        "jobs.show|99",
    ],
)
async def test_a_forged_step_changes_nothing(
    town: Town, owner: Actor, wang: Actor, data: str
) -> None:
    await appointed(town)
    await wang.presses("接单")
    before = await town.order()
    for actor in (wang, owner):
        await actor.presses_data(data)
        assert "编号" not in actor.newest().text
    assert await town.order() == before


async def test_a_missed_emergency_limit_is_serious_even_when_the_arrival_says_it_first(
    town: Town, owner: Actor, wang: Actor
) -> None:
    """The technician taps at the very second the limit falls due."""
    await urgent(owner)
    await wang.presses("接单")
    order = await town.order()
    town.clock.at = order.reported_at + timedelta(minutes=10, seconds=1)
    await wang.presses("已到达")
    await town.fires()
    (case,) = await cases_of(town)
    assert (case.source, case.grade) == (CaseSource.MISSED_EMERGENCY_LIMIT, Grade.SERIOUS)
    assert (await town.verdicts())["emergency_arrival"] == "missed"
