"""The house started from its settings, with [wecom]: both channels over one address."""

from __future__ import annotations

import asyncio
import shutil
from functools import partial
from pathlib import Path

import pytest

from bot import app
from bot.settings import Settings, load_settings
from storage import people
from storage.database import open_database
from tests.emulators.wecom import WeComEmulator
from tests.telegram.conftest import free_port
from tests.wecom.office import until
from tests.wecom.test_staff_at_work import name_on_wecom


async def _of_the_town(town: Path, folder: Path, wecom: WeComEmulator) -> Settings:
    """The settings of a house whose books are the town's, WeCom accounts on its roster."""
    shutil.copy(town, folder / "town.db")
    port = free_port()
    wecom.callback_url = f"http://127.0.0.1:{port}/"
    config = folder / "config.toml"
    config.write_text(
        f"""
        [database]
        url = "sqlite:///{folder / "town.db"}"
        [data]
        folder = "{folder / "data"}"
        [wecom]
        corp_id = "{wecom.corp_id}"
        agent_id = {wecom.agent_id}
        secret = "{wecom.secret}"
        token = "{wecom.token}"
        aes_key = "{wecom.aes_key}"
        kf_accounts = ["{wecom.kf}"]
        callback_port = {port}
        api_base = "{wecom.url}"
        """,
        encoding="utf-8",
    )
    database = open_database(f"sqlite:///{folder / 'town.db'}")
    await database.write(name_on_wecom)
    await database.close()
    return load_settings(config)


async def test_staff_and_owners_are_served_over_one_address(
    sqlite_town: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app.logs, "set_up", lambda *_, **__: None)
    async with WeComEmulator() as wecom:
        settings = await _of_the_town(sqlite_town, tmp_path, wecom)
        wang, owner = wecom.member("wangjianguo"), wecom.customer("wmOwner1")
        running = asyncio.create_task(app.run(settings))
        try:
            await until(lambda: bool(wang.menu) or running.done(), 30)
            assert not running.done()
            await wang.clicks_menu("我的任务")
            await wang.sees("现在没有未完成的任务")
            await owner.types("厨房水管爆了")
            await owner.sees("紧急报修")
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
        assert wecom.faults == []
    database = open_database(settings.database.url)
    known = await database.read(partial(people.who, channel="wecom", address="lizhiqiang"))
    await database.close()
    assert known is not None  # who has not written yet
    assert known[1].name == "李志强"
