"""`doorstep explain`: the timeline of an order, each deadline with its clause, and the verdicts."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from functools import partial

import pytest
from sqlalchemy import Connection
from typer.testing import CliRunner

from bot.cli import app
from bot.wording import Wording
from services import explanations
from services.desk import Desk
from services.ladders import RUNGS
from services.promises import kind_of
from services.rules.response_times import Rule, Why
from storage import orders
from tests.conversation import Actor, Town
from tests.conversations.jobs import agreed, appointed, finishes, urgent

ON_SQLITE = pytest.mark.parametrize("town_url", ["sqlite"], indirect=True)


def _told(connection: Connection, town: Town, number: str, locale: str = "zh-CN") -> str:
    desk = Desk(connection, town.clock.now())
    order = orders.by_number(connection, number)
    assert order is not None
    told = explanations.explain(desk, order)
    wording = Wording()
    return "\n".join(wording.text(part, locale, desk.now) for part in told.parts)


async def test_a_missed_emergency_is_explained_line_by_line(
    town: Town, owner: Actor, wang: Actor
) -> None:
    await urgent(owner)
    await town.passes(minutes=2)
    await wang.presses("接单")
    await town.passes(minutes=10)
    await wang.presses("已到达")
    number = (await town.order()).number
    told = await town.look(partial(_told, town=town, number=number))
    for line in (
        "2026-11-24 10:00:00　⏱ 定下时限 2026-11-24 10:10:01：紧急到场时限（§5.2.7，读法 8–10）",
        "2026-11-24 10:01:00　⏰ 时限到：紧急无人接单，第 1 级：叫全体当班（§3.5）",
        "2026-11-24 10:02:00　✓ 不用再等（原定 2026-11-24 10:03:00）：紧急无人接单，第 2 级",
        "2026-11-24 10:10:01　⏰ 时限到：紧急到场时限",
        "⚠️ 超时 2 分钟：紧急到场",
        "按上报（或发生）的分钟定 10 或 30 分钟",
        "不适用：大问题 72 小时答复（不是大问题）",
    ):
        assert line in told, told
    assert "当时记下的" not in told
    times = re.findall(r"^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)　", told, re.MULTILINE)
    assert times == sorted(times)


async def test_an_outage_is_told_as_such(town: Town, owner: Actor, wang: Actor) -> None:
    """The process was down for a quarter of an hour: what fell due was seen to late."""
    await urgent(owner)
    town.clock.at = town.clock.at.replace(minute=15)
    await town.fires()
    number = (await town.order()).number
    told = await town.look(partial(_told, town=town, number=number))
    assert "时限到，晚了 5 分钟 才处理（原定 2026-11-24 10:10:01）：紧急到场时限" in told


async def test_pauses_and_waivers_are_in_it(
    town: Town, owner: Actor, wang: Actor, cs: Actor
) -> None:
    await appointed(town)
    await agreed(town, wang, owner)
    await wang.presses("需再次上门")
    await wang.presses("等配件")
    await wang.presses("明天 周三 14:00")
    number = (await town.order()).number
    told = await town.look(partial(_told, town=town, number=number))
    assert "暂停（等配件）：2026-11-24 15:00:00 至 现在；时限照常计算" in told
    assert "时限到：上门前提醒业主（§3.6）" in told
    english = await town.look(partial(_told, town=town, number=number, locale="en"))
    assert "On hold (waiting for parts): 2026-11-24 15:00:00 to now" in english


async def test_a_verdict_on_record_that_the_history_does_not_bear_out_is_pointed_out(
    town: Town, owner: Actor, wang: Actor
) -> None:
    await appointed(town)
    await agreed(town, wang, owner)
    await finishes(wang)
    number = (await town.order()).number

    def falsify(connection: Connection) -> str:
        (row,) = [row for row in orders.verdicts_of(connection, 1) if row.rule == Rule.PUNCTUALITY]
        orders.keep_verdict(connection, replace(row, verdict="missed"))
        told = _told(connection, town, number)
        orders.keep_verdict(connection, row)
        return told

    assert "当时记下的是“超时”" in await town.change(falsify)


def test_every_deadline_rule_and_reason_has_words() -> None:
    wording = Wording()
    kinds = {kind_of(*rung) for rung in RUNGS} | set(explanations.KINDS)
    keys = {f"due-{kind}" for kind in kinds} | {f"clause-{rule}" for rule in Rule}
    keys |= {f"why-{why}" for why in Why}
    lacking = {
        key
        for key in keys
        for locale in wording.locales
        if not wording.has(key.replace(".", "-").replace("_", "-"), locale)
    }
    assert not lacking


@ON_SQLITE
async def test_the_command_prints_it(
    town: Town, town_url: str, owner: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    await urgent(owner)
    number = (await town.order()).number
    monkeypatch.setenv("DOORSTEP_DATABASE__URL", town_url)
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    monkeypatch.delenv("LC_ALL", raising=False)
    ran = await asyncio.to_thread(CliRunner().invoke, app, ["explain", number.lower()])
    assert ran.exit_code == 0, ran.output
    assert number in ran.output
    assert "紧急到场时限" in ran.output
    unknown = await asyncio.to_thread(CliRunner().invoke, app, ["explain", "YH000000-001"])
    assert unknown.exit_code == 1
