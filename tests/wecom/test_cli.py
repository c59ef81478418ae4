"""`doorstep check --wecom` and `doorstep invite --wecom`, as an administrator types them."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from click.testing import Result
from typer.testing import CliRunner

from bot.cli import app
from storage import people
from storage.database import open_database
from tests.data.conftest import CENTRE, ROLL, ROSTER
from tests.emulators.wecom import WeComEmulator
from tests.telegram.conftest import free_port

TELEGRAM = '[telegram]\ntoken = "123456789:invented-token"\napi_base = "http://127.0.0.1:9"\n'
OWNERS = ROLL + "3-1201,张伟,13800110001,业主,\n1-0101,马强,13800110004,业主,\n"
STAFF = ROSTER + "王建国,13800100001,服务人员,水暖,全天,,\n"
OWNER = ("invite", "--room", "3-1201")


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")


@pytest.fixture
async def wecom() -> AsyncIterator[WeComEmulator]:
    async with WeComEmulator() as emulator:
        yield emulator


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The books of a centre with two owners and a technician."""
    folder = tmp_path_factory.mktemp("centre")
    books, config, sheet = folder / "centre.db", folder / "config.toml", folder / "sheet.csv"
    config.write_text(f'[database]\nurl = "sqlite:///{books}"\n', encoding="utf-8")
    for kind, content in (("centres", CENTRE), ("residents", OWNERS), ("staff", STAFF)):
        sheet.write_text(content, encoding="utf-8")
        words = ("import", kind, str(sheet), "--config", str(config))
        taken = CliRunner().invoke(app, words)
        assert taken.exit_code == 0, taken.output
    return books


@pytest.fixture
def centre(books: Path, wecom: WeComEmulator) -> None:
    """These books, and WeCom in the settings."""
    Path("data").mkdir()
    shutil.copy(books, "data/doorstep.db")
    _settle(wecom)


async def doorstep(*words: str) -> Result:
    """A command on its own, while WeCom goes on."""
    return await asyncio.to_thread(CliRunner().invoke, app, words)


def _settle(wecom: WeComEmulator, *, more: str = "", **changed: object) -> None:
    """Write the settings: WeCom's, changed or not, and `more` sections."""
    values = {
        "corp_id": wecom.corp_id,
        "agent_id": wecom.agent_id,
        "secret": wecom.secret,
        "token": wecom.token,
        "aes_key": wecom.aes_key,
        "kf_accounts": [wecom.kf],
        "api_base": wecom.url,
        "callback_port": free_port(),
        **changed,
    }
    lines = "".join(f"{key} = {value!r}\n" for key, value in values.items())
    _file("config.toml", f"[wecom]\n{lines}{more}")


def _file(name: str, content: str) -> str:
    Path(name).write_text(content, encoding="utf-8")
    return name


# Check


async def test_check_asks_wecom_and_nothing_else_if_told_so(wecom: WeComEmulator) -> None:
    _settle(wecom)
    found = await doorstep("check", "--wecom")
    assert found.exit_code == 0, found.output
    assert "The app 1000002 is good." in found.output
    assert "WeCom takes the corp id and the secret." in found.output
    assert "wecom.callback_url is not set" in found.output
    assert "database" not in found.output


async def test_check_of_everything_asks_wecom_too(wecom: WeComEmulator) -> None:
    _settle(wecom, secret="another-apps-secret")
    found = await doorstep("check")
    assert found.exit_code == 1
    assert "WeCom does not take the secret (40001)" in found.output
    assert "The database is not there yet" in found.output
    assert "demonstration page" not in found.output
    assert "another-apps-secret" not in found.output
    assert "wecom.wrong_secret" in found.stderr
    assert "wecom.wrong_secret" not in found.stdout


async def test_check_of_wecom_that_is_not_set_up_says_so() -> None:
    found = await doorstep("check", "--wecom")
    assert found.exit_code == 1
    assert "no section [wecom]" in found.output


async def test_a_sabotaged_setting_is_told_in_the_terminals_language(
    wecom: WeComEmulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    wecom.trust(False)
    _settle(wecom)
    found = await doorstep("check", "--wecom")
    assert found.exit_code == 1
    assert "企业可信IP 里加上 127.0.0.1" in found.output


# Invite


def _lines(made: Result) -> list[list[str]]:
    assert made.exit_code == 0, made.output
    return [line.split("\t") for line in made.stdout.splitlines()]


@pytest.mark.usefixtures("centre")
@pytest.mark.parametrize("words", [(), ("--wecom",), ("--kf", "wkDoorstep")])
async def test_an_owners_code_comes_with_a_link_that_works_in_wechat(
    wecom: WeComEmulator, words: tuple[str, ...]
) -> None:
    heading, line = _lines(await doorstep(*OWNER, *words))
    assert heading == ["Room or role", "Name", "Phone", "Code", "WeChat link"]
    room, name, phone, code, link = line
    assert (room, name, phone) == ("3-1201", "张伟", "138****0001")
    query = parse_qs(urlsplit(link).query)
    assert wecom.scene_of(query["enc_scene"][0]) == "doorstep"
    assert query["scene_param"] == [code]


@pytest.mark.usefixtures("centre")
async def test_many_codes_ask_for_one_link(wecom: WeComEmulator) -> None:
    lines = _lines(await doorstep("invite", "--all-owners"))
    assert len(lines) == 3
    assert len(wecom.calls_of("kf/add_contact_way")) == 1


@pytest.mark.usefixtures("centre")
async def test_the_account_is_the_one_that_is_named(wecom: WeComEmulator) -> None:
    second = wecom.kf_account("wkSecond")
    _settle(wecom, kf_accounts=[wecom.kf, second])
    for words, account in (((), wecom.kf), (("--kf", second), second)):
        _lines(await doorstep(*OWNER, *words))
        body = wecom.calls_of("kf/add_contact_way")[-1].body
        assert body == {"open_kfid": account, "scene": "doorstep"}


@pytest.mark.usefixtures("centre")
async def test_two_channels_are_two_columns_unless_one_is_named(wecom: WeComEmulator) -> None:
    _settle(wecom, more=TELEGRAM)
    made = await doorstep(*OWNER)
    assert _lines(made)[0][4:] == ["Telegram link", "WeChat link"]
    assert _lines(made)[1][4] == ""
    assert "scene_param" in _lines(made)[1][5]
    assert "Telegram did not tell the bot's user name" in made.stderr
    heading, line = _lines(await doorstep(*OWNER, "--bot", "@invented_bot"))
    assert heading[4:] == ["Link"]
    assert line[4] == f"https://t.me/invented_bot?start={line[3]}"
    heading, line = _lines(await doorstep(*OWNER, "--bot", "invented_bot", "--wecom"))
    assert heading[4:] == ["Telegram link", "WeChat link"]
    assert [part.rpartition("=")[2] for part in line[4:]] == [line[3], line[3]]


@pytest.mark.usefixtures("centre")
async def test_staff_type_their_code_and_are_told_so(wecom: WeComEmulator) -> None:
    made = await doorstep("invite", "--staff", "王建国")
    assert len(_lines(made)[1]) == 4
    assert "open the app in WeCom and type the code" in made.stderr
    assert not wecom.calls_of("kf/add_contact_way")


@pytest.mark.usefixtures("centre")
async def test_codes_come_without_a_link_where_wecom_gives_none(wecom: WeComEmulator) -> None:
    wecom.trust(False)
    made = await doorstep(*OWNER)
    assert len(_lines(made)[1]) == 4
    assert "can be typed into the chat" in made.stderr
    assert "Add 127.0.0.1 at 应用管理" in made.stderr
    _settle(wecom, kf_accounts=[])
    made = await doorstep(*OWNER)
    assert len(_lines(made)[1]) == 4
    assert "No 微信客服 account is set" in made.stderr


@pytest.mark.usefixtures("centre")
async def test_links_that_cannot_be_made_stop_before_codes_are(wecom: WeComEmulator) -> None:
    refused = await doorstep(*OWNER, "--kf", "wkNobodys")
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "wkNobodys is not among wecom.kf_accounts" in refused.stderr
    _file("config.toml", "")
    refused = await doorstep(*OWNER, "--wecom")
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "no section [wecom]" in refused.stderr


async def test_an_imported_roster_can_be_written_to_at_once(centre: None) -> None:
    sheet = _file("staff.csv", STAFF.replace(",,\n", ",WangJianGuo,\n"))
    taken = await doorstep("import", "staff", sheet)
    assert taken.exit_code == 0, taken.output
    database = open_database("sqlite:///data/doorstep.db")
    known = await database.read(partial(people.who, channel="wecom", address="wangjianguo"))
    await database.close()
    assert known is not None
    assert known[1].name == "王建国"
