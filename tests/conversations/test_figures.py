"""本月指标 (§3.8): who sees them, what each counts, and the orders behind it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from services.rules.response_times import Rule
from storage import visits
from storage.records import Trade, VisitSource, VisitState
from tests.conversation import Actor, Town, on_ordinary_telephones
from tests.conversations.after_work import finished
from tests.conversations.drawing import (
    FIRST,
    agreed,
    answers,
    doors,
    drawn,
    it_is,
    stand,
    street,
)
from tests.conversations.ledger import (
    MET,
    MISSED,
    NOT_APPLICABLE,
    WAIVED,
    Job,
    entered,
)

pytestmark = pytest.mark.written

NOT_YOURS = "不归您办理"
NOVEMBER, DECEMBER = 202611, 202612

ON_SITE = {Rule.EMERGENCY_ARRIVAL: MET, Rule.EMERGENCY_STARTED: MET}
NOT_ON_SITE = {Rule.EMERGENCY_ARRIVAL: MISSED}


async def figure(reader: Actor, name: str) -> str:
    """The line of a figure on the reader's card, with what is indented below it."""
    text = reader.newest().text
    start = text.index(f" {name}　") + 1
    rest = text[start:].split("\n")
    below = [line.strip() for line in rest[1:2] if line.startswith("　")]
    return " ".join([rest[0], *below]).removeprefix(f"{name}　")


async def looks(reader: Actor, month: int = NOVEMBER, centre: int = 1) -> None:
    await reader.presses_data(f"figures.month|{centre}|{month}")


async def opens(reader: Actor, name: str, month: int = NOVEMBER) -> str:
    await reader.presses_data(f"figures.open|{name}|1|{month}|0")
    return reader.newest().text


# Who sees them


@on_ordinary_telephones
async def test_the_real_run_of_an_emergency_stands_in_the_figures_at_once(
    town: Town, owner: Actor, wang: Actor, neighbour: Actor, supervisor: Actor
) -> None:
    await finished(owner, wang)
    await neighbour.presses_data("urgent.report|burst_pipe|0")
    await supervisor.commands("start")
    await supervisor.presses("本月指标")
    assert await figure(supervisor, "急修及时率") == "100%（1/1）　目标 100%"
    await town.passes(minutes=11)  # nobody came to the neighbour: open and overdue
    await supervisor.presses("本月指标")
    assert "❌ 急修及时率　50%（1/2）" in supervisor.newest().text
    await supervisor.presses("急修")
    late, in_time = supervisor.newest().text.split("2. ")
    assert "5-802" in late
    assert "实际 未发生" in late
    assert "3-1201" in in_time
    await supervisor.presses(supervisor.buttons()[0])
    assert "水管爆裂" in supervisor.newest().text
    assert "派单" in supervisor.buttons()


@on_ordinary_telephones
async def test_customer_service_finds_the_figures_under_more(cs: Actor) -> None:
    await cs.commands("start")
    assert "本月指标" not in cs.menu()
    await cs.presses("更多")
    await cs.presses("本月指标")
    text = cs.newest().text
    assert "2026年11月指标　云湖花园服务中心" in text
    assert "截至 今天" in text
    assert "▫️ 回访满意率　—（0/0）　目标 95%" in text
    assert "▫️ 急修及时率　—（0/0）" in text


async def test_nobody_else_sees_figures(
    owner: Actor, wang: Actor, control: Actor, stranger: Actor
) -> None:
    pressed = (
        "figures.show",
        "figures.month|1|202611",
        "figures.month|0|202611",
        "figures.open|emergency|1|202611|0",
        "figures.trend|1|202611",
    )
    for reader in (owner, wang, control, stranger):
        for data in pressed:
            await reader.presses_data(data)
            assert NOT_YOURS in await reader.hears()


async def test_another_centre_s_figures_are_not_shown(town: Town, far_cs: Actor) -> None:
    await entered(town, Job(verdicts=NOT_ON_SITE, emergency="burst_pipe"))
    for data in ("figures.month|1|202611", "figures.open|emergency|1|202611|0"):
        await far_cs.presses_data(data)
        assert NOT_YOURS in await far_cs.hears()
    await looks(far_cs, centre=0)
    assert "—（0/0）" in await figure(far_cs, "急修及时率")


async def test_3_8_the_business_department_sees_every_centre_and_their_sum(
    town: Town, business: Actor
) -> None:
    far = Job(centre_id=2, room="1-101", emergency="burst_pipe", verdicts=ON_SITE)
    await entered(town, Job(verdicts=NOT_ON_SITE, emergency="burst_pipe"), far, far)
    await business.commands("start")
    await business.presses("本月指标")
    assert "各服务中心合计" in business.newest().text
    assert "66.6%（2/3）" in await figure(business, "急修及时率")
    await business.presses("溪山雅居服务中心")
    assert "100%（2/2）" in await figure(business, "急修及时率")
    await business.presses("云湖花园服务中心")
    assert "0%（0/1）" in await figure(business, "急修及时率")
    await business.presses("各服务中心合计")
    await business.presses("急修")
    assert business.newest().text.index("3-1201") < business.newest().text.index("1-101")


# What each counts


async def test_reading_25_an_emergency_is_timely_if_handling_began_in_time_too(
    town: Town, cs: Actor
) -> None:
    slow = {Rule.EMERGENCY_ARRIVAL: MET, Rule.EMERGENCY_STARTED: MISSED}
    await entered(town, Job(verdicts=slow), Job(verdicts=ON_SITE))
    await looks(cs)
    assert "50%（1/2）" in await figure(cs, "急修及时率")
    assert "没有按时开始处理" in await opens(cs, "emergency")


async def test_reading_14_repairs_the_owner_put_off_are_counted_and_shown_apart(
    town: Town, cs: Actor
) -> None:
    done = {Rule.MINOR_COMPLETION: MET, Rule.PUNCTUALITY: MET}
    late = {Rule.MINOR_COMPLETION: MET, Rule.PUNCTUALITY: MISSED}
    overdue = {Rule.MINOR_COMPLETION: MISSED}
    await entered(
        town,
        Job(verdicts=done),
        Job(verdicts=late),
        Job(verdicts=done, owner_deferred=True),
        Job(verdicts=overdue, owner_deferred=True),
    )
    await looks(cs)
    assert "50%（2/4）" in await figure(cs, "小修及时率")
    assert "50%（1/2）" in await figure(cs, "小修及时率（业主另约）")
    assert "66.6%（2/3）" in await figure(cs, "维修准时上门率")
    assert "上门不准时" in await opens(cs, "minor")


async def test_3_8_cancelled_waived_and_inapplicable_promises(town: Town, cs: Actor) -> None:
    await entered(
        town,
        Job(verdicts=ON_SITE),
        Job(verdicts=ON_SITE, cancelled=True),
        Job(verdicts=NOT_ON_SITE, cancelled=True),
        Job(verdicts={Rule.EMERGENCY_ARRIVAL: WAIVED}),
        Job(verdicts={Rule.EMERGENCY_ARRIVAL: NOT_APPLICABLE}),
    )
    await looks(cs)
    assert await figure(cs, "急修及时率") == "50%（1/2）　目标 100% 另有 1 单免计"
    lines = await opens(cs, "emergency")
    assert (lines.count("❌"), lines.count("▫️"), lines.count("✅")) == (1, 1, 1)


async def test_3_8_a_deadline_in_the_last_second_of_the_month_on_the_centre_s_clock(
    town: Town, cs: Actor
) -> None:
    await entered(
        town,
        Job(verdicts=ON_SITE, due="2026-11-30 23:59:59"),
        Job(verdicts=NOT_ON_SITE, due="2026-12-01 00:00:00"),
    )
    await looks(cs)
    assert "100%（1/1）" in await figure(cs, "急修及时率")
    await looks(cs, DECEMBER)
    assert "0%（0/1）" in await figure(cs, "急修及时率")


async def test_3_8_arrivals_of_housekeeping_and_of_repairs_apart(town: Town, cs: Actor) -> None:
    clean = Trade.HOUSEKEEPING
    await entered(
        town,
        Job(verdicts={Rule.PUNCTUALITY: MET}, trade=clean),
        Job(verdicts={Rule.PUNCTUALITY: MISSED}, trade=clean),
        Job(verdicts={Rule.PUNCTUALITY: MET}),
        Job(verdicts={Rule.PUNCTUALITY: MET}, trade=Trade.OTHER),
        Job(verdicts={Rule.MAJOR_RESPONSE: MISSED, Rule.STAFF_TOLD: MET}),
    )
    await looks(cs)
    assert await figure(cs, "家政准时上门率") == "50%（1/2）"
    assert await figure(cs, "维修准时上门率") == "100%（1/1）"
    assert await figure(cs, "大问题 72 小时答复率") == "0%（0/1）"
    assert await figure(cs, "第一时间通知率") == "100%（1/1）"


async def test_3_8_answers_right_after_the_job_and_silence_is_none(town: Town, cs: Actor) -> None:
    end = "2026-11-21 10:00"
    await entered(
        town,
        Job(finished=end, satisfied=True, on_time=True),
        Job(finished=end, satisfied=True),
        Job(finished=end, satisfied=False, on_time=False),
        Job(finished=end),
        Job(finished="2026-10-31 23:59", satisfied=False, on_time=False),
    )
    await looks(cs)
    assert await figure(cs, "完工评价满意率") == "66.6%（2/3）"
    assert await figure(cs, "业主感受准时率") == "50%（1/2）"
    assert await figure(cs, "回访满意率") == "—（0/0）　目标 95%"
    assert "不是回访满意率" in cs.newest().text
    lines = await opens(cs, "rated")
    assert lines.index("不满意") < lines.index("完工，满意")


TAP = Job(reported="2026-11-01 09:00", finished="2026-11-01 10:00", item="PL01")
AGAIN = Job(reported="2026-11-10 09:00", item="PL01")


async def test_3_8_rework_is_counted_in_the_month_of_the_second_report(
    town: Town, cs: Actor
) -> None:
    await entered(
        town,
        TAP,
        AGAIN,
        replace(TAP, room="5-802"),
        replace(AGAIN, room="5-802", reported="2026-12-01 23:59"),
        replace(TAP, room="2-301"),
        replace(AGAIN, room="2-301", reported="2026-12-02 00:00"),
    )
    await looks(cs)
    line = await figure(cs, "返修率")
    assert line == "33.4%（1/3）　目标不超过 1% 完工不足 100 单：返修 1 单"
    await looks(cs, DECEMBER)
    assert "—（1/0）" in await figure(cs, "返修率")


async def test_3_8_what_is_no_rework(town: Town, cs: Actor) -> None:
    await entered(
        town,
        TAP,
        replace(AGAIN, room="5-802"),
        replace(AGAIN, item="PL04"),
        replace(AGAIN, cancelled=True),
        replace(AGAIN, merged_into=1),
        replace(AGAIN, trade=Trade.HOUSEKEEPING),
        replace(AGAIN, item=None),
    )
    await looks(cs)
    assert "0%（0/1）" in await figure(cs, "返修率")


async def test_3_8_rework_opens_to_the_second_report_and_names_the_first(
    town: Town, cs: Actor
) -> None:
    leak = Job(finished="2026-11-03 10:00", reported="2026-11-02 10:00", emergency="burst_pipe")
    numbers = await entered(
        town, leak, TAP, replace(leak, finished=None, reported="2026-11-09 01:00")
    )
    lines = await opens(cs, "rework")
    first, *others = lines.split("\n1. ")[1].split("\n2. ")
    assert numbers[2] in first
    assert f"上次 {numbers[0]}" in first
    assert len(others) == 1


async def test_3_8_satisfaction_counts_the_households_of_the_sample_that_answered(
    town: Town, cs: Actor
) -> None:
    await street(town, 10)
    await it_is(town, FIRST)
    happy, unhappy, silent, *rest = await drawn(town)
    await answers(town, happy, satisfied=True)
    await answers(town, unhappy, satisfied=False)
    await stand(town, [silent], VisitState.SILENT)
    await stand(town, rest, VisitState.REFUSED)
    spot_check = replace(happy, source=VisitSource.SPOT_CHECK, sample_id=None, draw_id=None)
    await town.change(lambda c: visits.add(c, replace(spot_check, satisfied=False)))
    await looks(cs)
    assert await figure(cs, "回访满意率") == "50%（1/2）　目标 95%"
    lines = await opens(cs, "satisfaction")
    assert lines.index("回访，不满意") < lines.index("回访，满意")
    assert (await doors(town, [happy]))[0] in lines.split("2. ")[1]
    await looks(cs, DECEMBER)
    assert await figure(cs, "回访满意率") == "—（0/0）　目标 95%"
    await opens(cs, "satisfaction")
    await cs.presses(cs.buttons()[0])
    assert "换水龙头" in cs.newest().text


async def test_3_8_the_visit_rate_stands_beside_the_share_that_must_be_visited(
    town: Town, cs: Actor, business: Actor
) -> None:
    await street(town, 10)
    await street(town, 101, centre_id=2)
    await looks(cs)  # the month still runs: of those served so far
    assert await figure(cs, "回访率") == "0%（0/10）　目标 30%"
    await it_is(town, FIRST)
    happy, silent, *waiting = await drawn(town)
    await answers(town, happy, satisfied=True)
    await stand(town, [silent], VisitState.SILENT)
    await street(town, 10, name="8")  # entered too late: the month is closed
    await looks(cs)
    assert await figure(cs, "回访率") == "10%（1/10）　目标 30%"
    lines = await opens(cs, "visited")
    assert lines.count("没有回应") == 1
    assert lines.count("还没有结果") == len(waiting)
    assert lines.count("没有抽中") == 8 - len(waiting)
    assert lines.index("没有抽中") < lines.index("回访，有结果")
    await looks(business, centre=2)
    assert await figure(business, "回访率") == "0%（0/101）　目标 20%"
    await looks(business, centre=0)
    assert await figure(business, "回访率") == "0.9%（1/111）"


async def test_3_8_a_home_served_under_an_agreement_alone_is_shown_by_its_number(
    town: Town, cs: Actor
) -> None:
    await agreed(town, "3-1201", starts=date(2026, 11, 2), ends=date(2027, 11, 1))
    await it_is(town, FIRST)
    (visit,) = await drawn(town)
    await answers(town, visit, satisfied=True)
    await looks(cs)
    assert "100%（1/1）" in await figure(cs, "回访率")
    lines = await opens(cs, "satisfaction")
    assert "✅ XY-3-1201-HC01　钟点保洁　3-1201" in lines
    assert cs.buttons() == ["返回指标"]


async def test_a_trend_that_nobody_can_draw_goes_out_as_words(cs: Actor) -> None:
    await cs.presses_data("figures.trend|1|202611")
    assert "近 6 个月的趋势" in cs.newest().text
    assert cs.newest().spoken.photos == ()


# Months, pages, forged presses


async def test_the_month_before_is_one_tap_away(town: Town, head: Actor) -> None:
    await entered(town, Job(verdicts=ON_SITE, due="2026-10-02 10:00"))
    await head.commands("start")
    await head.presses("本月指标")
    assert "—（0/0）" in await figure(head, "急修及时率")
    assert not head.sees("2026年12月 →")
    await head.presses("← 2026年10月")
    assert "100%（1/1）" in await figure(head, "急修及时率")
    assert "截至" not in head.newest().text
    await head.presses("急修")
    await head.presses("返回指标")
    await head.presses("2026年11月 →")
    assert "2026年11月指标" in head.newest().text
    assert "急修" not in head.buttons()  # nothing is behind it


async def test_a_long_list_of_orders_goes_over_pages_the_missed_ones_first(
    town: Town, cs: Actor
) -> None:
    await entered(town, *[Job(verdicts=ON_SITE)] * 11, Job(verdicts=NOT_ON_SITE))
    first = await opens(cs, "emergency")
    assert (first.count("❌"), first.count("✅")) == (1, 9)
    await cs.presses("下一页（1/2）")
    assert cs.newest().text.count("✅") == 2
    assert "91.6%（11/12）" in cs.newest().text
    await cs.presses("下一页（2/2）")
    assert "❌" in cs.newest().text


async def test_a_forged_month_or_figure_is_an_old_button(cs: Actor) -> None:
    forged = (
        "figures.month|1|202613",
        "figures.month|1|101",
        "figures.month|1|999999999999",
        "figures.open|nothing|1|202611|0",
        "figures.open|emergency|1|0|0",
        "figures.trend|1|202600",
    )
    for data in forged:
        await cs.presses_data(data)
        assert cs.toast == "这个按钮已经失效"
    assert not cs.screen
