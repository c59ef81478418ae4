"""The `doorstep` command as an administrator types it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from bot.cli import app
from bot.demo import FOLDER
from tests.data.conftest import CENTRE, ROLL

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")


def doorstep(*words: str | Path) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def _file(content: str) -> Path:
    path = Path("sheet.csv")
    path.write_text(content, encoding="utf-8")
    return path


def _demo(*kinds: str) -> None:
    for kind in kinds:
        done = doorstep("import", kind, FOLDER / f"{kind}.csv")
        assert done.exit_code == 0, done.output


def test_sheets_go_in_and_the_second_time_nothing_changes() -> None:
    _demo("centres", "catalogue", "staff", "residents")
    again = doorstep("import", "residents", FOLDER / "residents.csv", "--complete")
    assert again.exit_code == 0
    assert "0 added, 0 changed, 179 unchanged" in again.output


def test_bad_lines_are_shown_by_number_and_nothing_goes_in() -> None:
    _demo("centres")
    sheet = _file(ROLL + "3-1201,张伟,13800110001,业主,\n3-1202,刘芳,12x,业主,\n")
    refused = doorstep("import", "residents", sheet)
    assert refused.exit_code == 1
    assert "Line 3, 手机号: “12x” is not a telephone number" in refused.output
    taken = doorstep("import", "residents", sheet, "--skip-bad")
    assert taken.exit_code == 0
    assert "1 added" in taken.output


def test_the_terminal_s_language_is_spoken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert "已导入：新增 1" in doorstep("import", "centres", _file(CENTRE)).output


@pytest.mark.parametrize(
    "words",
    [
        ("import", "residents", "x.csv", "--skip-bad", "--complete"),
        ("import", "centres", "x.csv", "--complete"),
        ("import", "days", "x.csv", "--complete"),
        ("import", "agreements", "x.csv", "--complete"),
        ("roster", "--day", "soon"),
        ("roster",),
        ("import", "residents", "none.csv"),
        ("invite",),
        ("invite", "--room", "1", "--staff", "x"),
        ("invite", "--all-owners"),
        ("check", "--config", "none.toml"),
    ],
)
def test_what_cannot_be_done_is_said_and_ends_with_1(words: tuple[str, ...]) -> None:
    refused = doorstep(*words)
    assert refused.exit_code == 1
    assert refused.output.strip()
    assert isinstance(refused.exception, SystemExit)


def test_codes_come_with_links_where_the_bot_is_named() -> None:
    _demo("centres", "staff", "residents")
    made = doorstep("invite", "--room", "3-1201", "--name", "张伟", "--bot", "@invented_bot")
    assert made.exit_code == 0, made.output
    _, line, *_ = made.output.splitlines()
    room, name, phone, code, link = line.split("\t")
    assert (room, name, phone) == ("3-1201", "张伟", "138****0001")
    assert link == f"https://t.me/invented_bot?start={code}"
    staff = doorstep("invite", "--staff", "陈静")
    assert staff.output.splitlines()[1].startswith("customer service\t陈静\t138****0011\t")
    nobody = doorstep("invite", "--room", "9-9999")
    assert (nobody.exit_code, "Nobody" in nobody.output) == (1, True)


def test_owners_of_a_centre_by_code() -> None:
    _demo("centres", "residents")
    made = doorstep("invite", "--all-owners", "--centre", "yh", "--days", "1")
    assert "120 codes, good for one day" in made.output


# The roster

DAYS = (
    "姓名,日期,班次,原因,换班对象\n"
    "孙德海,2026-10-01,,换班,蒋国平\n"
    "韩志远,2026-10-01,18:00-22:00,加班,\n"
)


def test_the_roster_shows_who_works_when_and_why_a_day_differs() -> None:
    _demo("centres", "staff")
    taken = doorstep("import", "days", _file(DAYS))
    assert "3 added, 0 changed, 0 unchanged" in taken.output
    shown = doorstep("roster", "--centre", "yh", "--day", "2026-10-01", "--days", "10")
    assert shown.exit_code == 0, shown.output
    days = re.split(r"^(?=2026|On duty now)", shown.output, flags=re.MULTILINE)[1:]
    assert days[0].startswith("2026-10-01 Thu public holiday: National Day\n")
    assert days[2].startswith("2026-10-03 Sat public holiday: National Day\n")
    assert days[7].startswith("2026-10-08 Thu working day\n")
    assert days[9].startswith("2026-10-10 Sat moved workday\n")
    assert "\t孙德海 (technician)\toff\tswap\n" in days[0]
    assert "\t蒋国平 (technician)\t00:00-08:00\tswap\n" in days[0]
    assert "\t韩志远 (technician)\t08:30-17:30,18:00-22:00\textra work\n" in days[0]
    assert "\t韩志远 (technician)\t08:30-17:30\n" in days[1]
    assert "郑桂兰" not in days[3]  # a Sunday, and her week is Monday to Saturday
    assert "\t王建国 (technician)\n" in days[10]


def test_a_day_is_taken_back_by_a_line_of_its_own() -> None:
    _demo("centres", "staff")
    doorstep("import", "days", _file(DAYS))
    back = doorstep("import", "days", _file("姓名,日期,班次\n韩志远,2026-10-01,照常\n"))
    assert "Back to the usual shift: 1 day." in back.output


# Check


def test_check_before_the_first_start_leaves_no_trace() -> None:
    found = doorstep("check")
    assert found.exit_code == 0, found.output
    assert not Path("data/doorstep.db").exists()


def test_check_of_the_whole_demo_is_good() -> None:
    _demo("centres", "catalogue", "staff", "residents")
    found = doorstep("check")
    assert found.exit_code == 0, found.output
    assert "YH: 179 residents, 17 staff, " in found.output


def test_check_says_what_is_missing_and_how_to_mend_it() -> None:
    _demo("centres", "catalogue")
    _file("姓名,手机号,岗位,技能,班次\n李,13800100001,服务人员,水暖,全天\n")
    assert doorstep("import", "staff", "sheet.csv").exit_code == 0
    found = doorstep("check")
    assert found.exit_code == 1
    assert "YH: there is no room roll" in found.output
    assert "nobody is customer service" in found.output
    assert "nobody is department head" in found.output
    assert "no technician can do EL01 EL02 EL03 EL04 EL05 (" in found.output
    assert "PL01" not in found.output


def test_check_shows_what_is_looser_than_the_standard() -> None:
    Path("config.toml").write_text('[standard]\narrival_late = "5 min"\n', encoding="utf-8")
    _demo("centres", "catalogue", "staff", "residents")
    found = doorstep("check")
    assert found.exit_code == 0
    assert "looser than the standard: arrival_late" in found.output


def test_check_of_a_database_that_is_not_there_hides_the_password(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DOORSTEP_DATABASE__URL", "postgresql://me:hunter2@127.0.0.1:1/none")
    for words in (("check",), ("import", "centres", str(_file(CENTRE)))):
        refused = doorstep(*words)
        assert refused.exit_code == 1
        assert "cannot be opened" in refused.output
        assert "hunter2" not in refused.output


def test_check_of_a_folder_that_cannot_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("taken").write_text("a file", encoding="utf-8")
    monkeypatch.setenv("DOORSTEP_DATA__FOLDER", "taken")
    refused = doorstep("check")
    assert refused.exit_code == 1
    assert "cannot be written to" in refused.output


def test_check_of_a_bot_that_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOORSTEP_TELEGRAM__TOKEN", "123456789:invented-token")
    monkeypatch.setenv("DOORSTEP_TELEGRAM__API_BASE", "http://127.0.0.1:1")
    refused = doorstep("check")
    assert refused.exit_code == 1
    assert "Telegram did not take the token" in refused.output
    assert "invented-token" not in refused.output


# Starting


def test_help_loads_neither_database_nor_telegram() -> None:
    script = (
        "import sys, bot.cli; from typer.testing import CliRunner;"
        "r = CliRunner().invoke(bot.cli.app, ['--help']); assert r.exit_code == 0, r.output;"
        "slow = {'sqlalchemy', 'aiogram', 'alembic', 'openpyxl', 'PIL', 'aiohttp'};"
        "print(slow & set(sys.modules) or 'none')"
    )
    run = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert run.stdout.strip() == "none"


def test_python_m_bot_is_the_same_command() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "bot", "--help"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=ROOT,
        check=True,
    )
    assert "invite" in run.stdout
