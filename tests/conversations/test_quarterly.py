"""Quarterly visits on site to customers with an agreement (§5.4.4, reading 20)."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, update

from storage.records import Role, VisitMethod, VisitSource, VisitState
from storage.tables import items, orders
from tests.conversation import Actor, Town, on_one_database
from tests.conversations.after_work import quiet
from tests.conversations.visits import (
    agreed,
    cleaned,
    ends_on,
    for_agreements,
    id_of,
    is_also,
    on_the_day,
    visit,
)


async def planned(town: Town) -> None:
    """The next look at the agreements, within the hour."""
    await town.fires()
    await town.passes(hours=1)


async def test_5_4_4_an_active_agreement_has_one_visit_a_quarter_on_site(
    town: Town, owner: Actor, cs: Actor
) -> None:
    await agreed(town)
    await planned(town)
    await planned(town)
    [made] = await for_agreements(town)
    assert (made.source, made.state) == (VisitSource.QUARTERLY, VisitState.TASK)
    assert f"{made.due_at:%Y-%m-%d %H:%M}" == "2026-12-31 16:00"  # the last day's end, in Shanghai
    await cs.types("回访")
    await cs.presses("3-1201")
    card = cs.newest().text
    assert "协议 XY-001：钟点保洁，固定服务人员 赵秀兰" in card
    assert "最迟 12月31日 周四" in card
    assert cs.buttons() == ["上门"]
    for method in ("phone", "intercom"):
        await cs.presses_data(f"visiting.{method}|1")
        assert "必须上门" in cs.newest().text
    for tap in ("上门", "满意", "准时"):
        await cs.presses(tap)
    await owner.presses("确认")
    done = await visit(town)
    assert (done.state, done.method) == (VisitState.DONE, VisitMethod.ON_SITE)
    assert (done.respondent, done.order_id) == ("张伟", None)
    await on_the_day(town, "2027-01-04")
    await planned(town)
    first, second = await for_agreements(town)
    assert first == done
    assert f"{second.quarter}" == "2027-01-01"


async def test_reading_20_signed_in_the_last_days_it_is_first_visited_in_the_next_quarter(
    town: Town, cs: Actor
) -> None:
    await on_the_day(town, "2026-12-18")
    await agreed(town, signed="2026-12-18", starts="2026-12-18")
    await planned(town)
    assert await for_agreements(town) == []
    await on_the_day(town, "2027-01-04")
    await planned(town)
    [made] = await for_agreements(town)
    assert made.late_signed
    await cs.presses_data(f"visiting.show|{made.id}")
    assert "上季度最后几天才签的协议，第一次回访在本季度" in cs.newest().text


async def test_5_4_4_an_agreement_that_ends_first_is_visited_first(town: Town) -> None:
    await agreed(town)
    await planned(town)
    await ends_on(town, "2026-12-05")
    await planned(town)
    assert f"{(await visit(town)).due_at:%m-%d %H:%M}" == "12-05 16:00"
    # Known only afterwards: it is due with the day on which it was made, never before.
    await ends_on(town, "2026-10-20")
    await planned(town)
    assert f"{(await visit(town)).due_at:%m-%d %H:%M}" == "11-24 16:00"
    await ends_on(town, "2026-09-30")
    await planned(town)
    assert (await visit(town)).state is VisitState.NOT_MADE


async def test_5_4_4_customer_service_hear_of_those_left_fourteen_days_before_the_end(
    town: Town, cs: Actor, cs2: Actor, supervisor: Actor
) -> None:
    await agreed(town)
    await agreed(town, number="XY-002", room="5-802")
    await planned(town)
    await on_the_day(town, "2026-12-18", "08:29")
    await quiet(cs, cs2, supervisor)
    await on_the_day(town, "2026-12-18", "09:00")
    for one in (cs, cs2):
        heard = await one.hears()
        assert heard.count("本季度还有 2 户协议没有上门回访，最迟 12月31日 周四") == 1
        assert "5-802" in heard
    await on_the_day(town, "2026-12-30")
    assert "本季度还有" not in await cs.hears()
    assert "本季度还有" not in await supervisor.hears()


async def test_5_4_4_an_overdue_visit_is_told_once_and_stays_until_it_is_made(
    town: Town, cs: Actor, supervisor: Actor, head: Actor
) -> None:
    await agreed(town)
    await planned(town)
    await on_the_day(town, "2027-01-01", "08:29")
    for one in (supervisor, head):
        assert "应在 12月31日" not in await one.hears()
    await on_the_day(town, "2027-01-01", "08:30")
    for one in (supervisor, head):
        assert (await one.hears()).count("协议 XY-001（3-1201）的季度上门回访应在 12月31日") == 1
    await on_the_day(town, "2027-01-05")
    assert "协议 XY-001" not in await head.hears()
    await cs.types("回访")
    assert "⚠️ 逾期 3-1201" in cs.newest().text
    for tap in ("on_site", "nobody", "on_site", "nobody", "on_site", "nobody"):
        await cs.presses_data(f"visiting.{tap}|1")
    assert (await visit(town)).state is VisitState.TASK  # every quarter, however often nobody is in
    for tap in ("on_site", "satisfied", "ontime", "photo"):
        await cs.presses_data(f"visiting.{tap}|1")
    await cs.sends_photo()
    assert (await visit(town)).state is VisitState.DONE


@on_one_database
async def test_5_4_4_what_was_made_in_time_is_not_told(
    town: Town, cs: Actor, supervisor: Actor
) -> None:
    await agreed(town)
    await planned(town)
    for tap in ("on_site", "satisfied", "ontime", "photo"):
        await cs.presses_data(f"visiting.{tap}|1")
    await cs.sends_photo()
    await on_the_day(town, "2027-01-01", "09:00")
    assert "季度上门回访" not in supervisor.says()
    assert "本季度还有" not in cs.says()


@on_one_database
async def test_the_named_worker_does_not_visit_and_the_latest_service_is_asked_about(
    town: Town, owner: Actor, zhao: Actor, li: Actor, cs: Actor
) -> None:
    await is_also(town, "李志强", Role.CS, Role.TECHNICIAN)
    await agreed(town, worker="li")
    await planned(town)
    assert (await visit(town)).visitor_id != await id_of(town, "li")
    await li.presses_data("visiting.on_site|1")
    assert "不能由您回访" in await li.hears()
    await cleaned(town, zhao, owner)
    await town.change(
        lambda connection: (
            connection.execute(
                update(orders).values(
                    item_id=select(items.c.id)
                    .where(items.c.code == "HC01", items.c.centre_id == 1)
                    .scalar_subquery()
                )
            )
            and None
        )
    )
    await cs.presses_data("visiting.on_site|1")
    assert (await visit(town)).order_id == 1
    assert (await town.order()).number in cs.newest().text


@on_one_database
async def test_5_4_4_quarters_are_the_centres_own(town: Town) -> None:
    await agreed(town, starts="2027-01-01")
    await on_the_day(town, "2026-12-31", "23:30")
    await planned(town)  # half past midnight in Shanghai, the afternoon before in Greenwich
    [made] = await for_agreements(town)
    assert f"{made.quarter}" == "2027-01-01"
    assert made.due_at - made.made_at > timedelta(days=89)
