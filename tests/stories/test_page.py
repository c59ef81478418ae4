"""The real process and the real page: what a newcomer sees in the first five minutes."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.crash.victim import Victim
from tests.sandbox.browser import MISSING, PhoneOnPage, SandboxPage, open_browser

pytestmark = [pytest.mark.browser, pytest.mark.skipif(bool(MISSING), reason=MISSING)]


async def test_a_newcomer_sees_a_service_through_on_the_page(tmp_path: Path) -> None:
    await _told_on_the_page(tmp_path, _service)


async def test_5_4_2_a_newcomer_sees_the_months_return_visits_on_the_page(tmp_path: Path) -> None:
    await _told_on_the_page(tmp_path, _month_end)


async def _told_on_the_page(tmp_path: Path, story: Callable[[SandboxPage], None]) -> None:
    victim = Victim(tmp_path / "data")
    (tmp_path / "data").mkdir()
    await victim.starts()
    await victim.answers()
    try:
        await asyncio.to_thread(_in_the_browser, victim.url, tmp_path / "browser", story)
    finally:
        await victim.stops()
    assert "error" not in victim.log(), victim.log()


def _in_the_browser(url: str, folder: Path, story: Callable[[SandboxPage], None]) -> None:
    with open_browser(folder) as browser:
        page = SandboxPage(browser, url)
        story(page)
        assert not page.complaints()


def _service(page: SandboxPage) -> None:
    page.closes_guide()
    owner, other = page.phone("owner-1"), page.phone("owner-2")
    wang, li, cs = page.phone("tech-1"), page.phone("tech-2"), page.phone("cs-1")

    owner.presses("预约服务")
    owner.presses("水暖")
    owner.presses("换水龙头 ¥40/个")
    owner.types("明天上午9点")
    owner.presses("确认预约")
    owner.waits_for("已预约，单号")
    wang.presses("接单")
    owner.waits_for("王建国 已接单")

    other.types("厨房水管爆了")
    other.presses("紧急报修：水管爆裂")
    other.waits_for("关上总水阀")
    cs.waits_for("紧急报修：水管爆裂")
    page.advances("+1 分钟")
    page.phone("control-1").waits_for("无人接单")
    li.presses("接单")
    other.waits_for("李志强 已接单")
    wang.waits_for("李志强")


def _month_end(page: SandboxPage) -> None:
    page.closes_guide()
    owner, cs = page.phone("owner-1"), page.phone("cs-1")
    page.advances("月末")
    owner.waits_for("您对这次服务满意吗？")
    owner.presses("不满意")
    owner.presses("准时")
    owner.presses("技术或质量")
    owner.waits_for("原因：技术或质量")
    cs.waits_for("业主说的原因：技术或质量")
    cs.presses("待办")
    _presses_one(cs, r"不合格 .*")
    cs.presses("我来处理")
    owner.waits_for("客服 陈静 正在跟进")

    cs.presses("回访")
    _presses_one(cs, r"\d-\d{4}")
    cs.presses("电话")
    cs.presses("满意")
    cs.presses("准时")
    cs.waits_for("已记录（电话）：满意\n时间：准时")


def _presses_one(phone: PhoneOnPage, pattern: str) -> None:
    """Press the first of the buttons that are labelled like this."""

    def found() -> str:
        return next((label for label in phone.labels() if re.fullmatch(pattern, label)), "")

    phone.presses(phone.page.waits_until(found, f"a button like {pattern}", phone.labels))
