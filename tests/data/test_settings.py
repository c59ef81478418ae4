"""Settings: the file, the environment, what is refused and how, and the example."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from pydantic import BaseModel

from bot.settings import SECTIONS, Kind, Settings, SettingsProblem, load_settings
from services.rules.standard import Standard

TOKEN = "123456789:invented-token"
EXAMPLE = Path(__file__).parents[2] / "config.example.toml"
WECOM = {
    "corp_id": "wwinvented",
    "agent_id": "1000002",
    "secret": "invented-secret",
    "token": "InventedToken",
    "aes_key": "InventedEncodingAESKeyOf43CharactersAAAAAAA",
}
WITHOUT_DEFAULT = {
    *("telegram.token", "telegram.api_base", "telegram.webhook_url", "telegram.webhook_secret"),
    *(f"wecom.{key}" for key in (*WECOM, "callback_url", "api_base")),
}


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def _load(text: str) -> Settings:
    path = Path("mine.toml")
    path.write_text(text, encoding="utf-8")
    return load_settings(path)


def _wecom(**changed: str) -> str:
    """The section [wecom], all of it or changed."""
    lines = (f'{key} = "{value}"\n' for key, value in {**WECOM, **changed}.items())
    return "[wecom]\n" + "".join(lines)


def _problems(text: str) -> list[tuple[str, str, Kind]]:
    with pytest.raises(SettingsProblem) as refused:
        _load(text)
    return [(one.where, one.key, one.kind) for one in refused.value.problems]


def test_nothing_set_is_a_sandbox_with_the_standard() -> None:
    found = load_settings()
    assert found.sandbox is not None
    assert found.telegram is None
    assert found.standard == Standard()


def test_config_toml_of_the_present_folder_is_taken() -> None:
    Path("config.toml").write_text("\ufeff[sandbox]\nport = 9000\n", encoding="utf-8")
    found = load_settings()
    assert found.sandbox is not None
    assert found.sandbox.port == 9000


def test_the_environment_wins_over_the_file_and_the_command_line_over_both(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DOORSTEP_SANDBOX__PORT", "9001")
    monkeypatch.setenv("DOORSTEP_STANDARD__ARRIVAL_LATE", "1 min")
    path = Path("mine.toml")
    path.write_text('[sandbox]\nport = 9000\nhost = "localhost"\n', encoding="utf-8")
    for port, expected in ((None, 9001), (9002, 9002)):
        found = load_settings(path, port=port)
        assert found.sandbox is not None
        assert (found.sandbox.port, found.sandbox.host) == (expected, "localhost")
        assert found.standard.arrival_late.total_seconds() == 60


def test_a_real_channel_takes_the_place_of_the_sandbox() -> None:
    found = _load(f'[telegram]\ntoken = "{TOKEN}"\n')
    assert found.telegram is not None
    assert found.sandbox is None


def test_two_real_channels_go_together() -> None:
    found = _load(f'[telegram]\ntoken = "{TOKEN}"\n{_wecom()}')
    assert found.telegram is not None
    assert found.wecom is not None
    assert found.wecom.agent_id == 1000002
    assert found.sandbox is None


@pytest.mark.parametrize("real", [f'[telegram]\ntoken = "{TOKEN}"\n', _wecom()])
def test_the_sandbox_beside_a_real_channel_is_refused(real: str) -> None:
    assert _problems(f"{real}[sandbox]\n") == [("mine.toml", "sandbox", Kind.WRONG)]


@pytest.mark.parametrize(
    ("text", "key", "kind"),
    [
        ("[databse]\n", "databse", Kind.UNKNOWN),
        ("[log]\nlvl = 'info'\n", "log.lvl", Kind.UNKNOWN),
        ("[log]\nlevel = 'loud'\n", "log.level", Kind.WRONG),
        ("[photos]\nmax_bytes = 'big'\n", "photos.max_bytes", Kind.WRONG),
        ("[database]\nurl = 'mysql://h/d'\n", "database.url", Kind.WRONG),
        ("[sandbox]\nhost = '0.0.0.0'\n", "sandbox.host", Kind.WRONG),
        ("[telegram]\nmode = 'polling'\n", "telegram.token", Kind.MISSING),
        (_wecom().replace("\nsecret", "\n#"), "wecom.secret", Kind.MISSING),
        (_wecom(aes_key="short"), "wecom.aes_key", Kind.WRONG),
        ("[standard]\narrival_late = 2\n", "standard.arrival_late", Kind.WRONG),
        ("[standard]\nquiet_hours = ['00:00-24:00']\n", "standard", Kind.WRONG),
        ("[log", "", Kind.NOT_TOML),
    ],
)
def test_what_is_wrong_is_named(text: str, key: str, kind: Kind) -> None:
    assert _problems(text) == [("mine.toml", key, kind)]


def test_everything_wrong_is_said_at_once_and_where(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOORSTEP_LOG__LEVEL", "loud")
    monkeypatch.setenv("DOORSTEP_TELEGRM__TOKEN", "x")
    assert set(_problems("[photos]\nmax_bytes = 1\n")) == {
        ("mine.toml", "photos.max_bytes", Kind.WRONG),
        ("DOORSTEP_LOG__LEVEL", "log.level", Kind.WRONG),
        ("DOORSTEP_TELEGRM__TOKEN", "telegrm", Kind.UNKNOWN),
    }


def test_a_file_that_is_not_there_or_not_text() -> None:
    with pytest.raises(SettingsProblem) as refused:
        load_settings(Path("none.toml"))
    assert refused.value.problems[0].kind is Kind.NO_FILE
    Path("gbk.toml").write_bytes("# 设置".encode("gbk"))
    with pytest.raises(SettingsProblem) as refused:
        load_settings(Path("gbk.toml"))
    assert refused.value.problems[0].kind is Kind.NOT_TOML


@pytest.mark.parametrize(
    "text",
    [
        "[telegram]\ntoken = 'hunter2-hunter2'\n",
        f"[telegram]\ntoken = '{TOKEN}'\nwebhook_secret = 'hunter2'\n",
        "[telegram]\ntoken = ['hunter2']\n",
        _wecom(secret="hunter2", aes_key="hunter2"),
        _wecom(token="hunter2 hunter2"),
        "[database]\nurl = 'mysql://me:hunter2@host/d'\n",
        "[database]\nurl = ['hunter2']\n",
    ],
)
def test_a_secret_is_not_repeated(text: str) -> None:
    with pytest.raises(SettingsProblem) as refused:
        _load(text)
    assert "hunter2" not in str(refused.value)
    assert not any("hunter2" in one.detail for one in refused.value.problems)


def test_settings_do_not_show_secrets() -> None:
    shown = repr(
        _load(
            f'[telegram]\ntoken="{TOKEN}"\n[database]\nurl="postgresql://me:hunter2@host/d"\n'
            + _wecom()
        )
    )
    assert "hunter2" not in shown
    for secret in ("invented-token", WECOM["secret"], WECOM["token"], WECOM["aes_key"]):
        assert secret not in shown


# The example


def _example() -> dict[str, dict[str, object]]:
    """The example with its settings taken out of their comments."""
    text = EXAMPLE.read_text(encoding="utf-8")
    settings = re.findall(r"^# (\[\w+\]|\w+ = .+)$", text, flags=re.MULTILINE)
    return tomllib.loads("\n".join(settings))


def _every_setting() -> set[str]:
    return {f"{name}.{key}" for name, section in SECTIONS.items() for key in section.model_fields}


def test_every_section_is_known() -> None:
    assert set(SECTIONS) == set(Settings.model_fields)


def test_the_example_has_every_setting_and_no_other() -> None:
    listed = {f"{name}.{key}" for name, section in _example().items() for key in section}
    assert listed == _every_setting()


@pytest.mark.parametrize("name", sorted(SECTIONS))
def test_the_example_shows_the_defaults(name: str) -> None:
    section: type[BaseModel] = SECTIONS[name]
    example = section.model_validate(_example()[name])
    for key, field in section.model_fields.items():
        if f"{name}.{key}" not in WITHOUT_DEFAULT:
            assert getattr(example, key) == field.get_default(call_default_factory=True), key


def test_the_example_as_it_stands_changes_nothing() -> None:
    assert load_settings(EXAMPLE).model_dump() == load_settings().model_dump()
