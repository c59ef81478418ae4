"""The settings: one TOML file, overridden by environment variables, checked before anything runs.

`[telegram] token` is `DOORSTEP_TELEGRAM__TOKEN` in the environment. Relative paths begin at the
folder the command is started in.
"""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, field_validator
from pydantic_core import ErrorDetails
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
)

from bot.channels.sandbox.settings import SandboxSettings
from bot.channels.telegram.settings import TelegramSettings
from bot.channels.wecom.settings import WeComSettings
from services import calendars
from services.rules.standard import Standard

DEFAULT_FILE = Path("config.toml")
PREFIX = "DOORSTEP_"
REAL_CHANNELS = ("telegram", "wecom")

_DATABASE_URL = re.compile(r"sqlite:///.+|postgresql(\+asyncpg)?://.+")


class _Section(BaseModel):
    """One table of the file: unknown keys are refused, and errors do not repeat what was given."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class DatabaseSettings(_Section):
    """Where everything is kept."""

    url: str = Field(
        default="sqlite:///data/doorstep.db",
        repr=False,  # it may hold a password
        description="sqlite:///PATH, or postgresql://USER:PASSWORD@HOST/NAME.",
    )

    @field_validator("url")
    @classmethod
    def _is_one_we_speak(cls, url: str) -> str:
        if not _DATABASE_URL.fullmatch(url):
            raise ValueError("write sqlite:///PATH or postgresql://USER:PASSWORD@HOST/NAME")
        return url


class DataSettings(_Section):
    """Files beside the database."""

    folder: Path = Field(default=Path("data"), description="Where photos are kept.")


class PhotoSettings(_Section):
    """Pictures that people send."""

    max_bytes: int = Field(
        default=10_000_000,
        ge=100_000,
        le=50_000_000,
        description="The largest picture taken, in bytes.",
    )


class LogLevel(StrEnum):
    """How much is written down."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class LogFormat(StrEnum):
    """For eyes, or for a log collector."""

    CONSOLE = "console"
    JSON = "json"


class LogSettings(_Section):
    """The log; it never holds names, phones or words of people."""

    level: LogLevel = Field(default=LogLevel.INFO, description="debug, info, warning or error.")
    format: LogFormat = Field(
        default=LogFormat.CONSOLE, description="console for eyes, json for a log collector."
    )


class Settings(BaseSettings):
    """Everything an administrator may set. Without a real channel, the sandbox is on."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="forbid",
        hide_input_in_errors=True,
        env_prefix=PREFIX,
        env_nested_delimiter="__",
    )

    database: DatabaseSettings = DatabaseSettings()
    data: DataSettings = DataSettings()
    photos: PhotoSettings = PhotoSettings()
    log: LogSettings = LogSettings()
    telegram: TelegramSettings | None = None
    wecom: WeComSettings | None = None
    sandbox: SandboxSettings | None = Field(default=None, validate_default=True)
    standard: Standard = Standard()

    @field_validator("sandbox", mode="before")
    @classmethod
    def _stands_in_for_a_real_channel(cls, given: object, info: ValidationInfo) -> object:
        real = [name for name in REAL_CHANNELS if info.data.get(name) is not None]
        if given is not None and real:
            raise ValueError(
                f"the sandbox lets anybody act as anybody, so it does not run beside {real[0]}: "
                "take one of the two out"
            )
        return {} if given is None and not real else given

    @field_validator("standard")
    @classmethod
    def _goes_by_a_calendar_that_is_kept(cls, standard: Standard) -> Standard:
        calendars.calendar(standard.holiday_calendar)
        return standard


class Kind(StrEnum):
    """What is the matter with a setting; `cli.ftl` has words for each (`setting-…`)."""

    NO_FILE = "no-file"
    NOT_TOML = "not-toml"
    UNKNOWN = "unknown"
    MISSING = "missing"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Wrong:
    """One thing wrong: where (file or environment variable), which key, and why.

    `detail` is the reason in English, or the nearest known key of an unknown one; it never repeats
    a secret.
    """

    where: str
    key: str
    kind: Kind
    detail: str = ""


class SettingsProblem(Exception):
    """The settings cannot be used; `problems` lists all that is wrong."""

    def __init__(self, problems: Iterable[Wrong]) -> None:
        self.problems = tuple(problems)
        super().__init__(
            "; ".join(f"{one.where}: {one.key} {one.kind} {one.detail}" for one in self.problems)
        )


def load_settings(
    file: Path | None = None, *, host: str | None = None, port: int | None = None
) -> Settings:
    """The settings of `file` (by default `config.toml` where there is one) and the environment.

    `host` and `port`, from the command line, are the sandbox page's and win over both.

    Raises:
        SettingsProblem: something is wrong; nothing may run.
    """
    table = _read(file)
    where = str(file or (DEFAULT_FILE if DEFAULT_FILE.exists() else f"{PREFIX}…"))

    class FromFile(Settings):
        """The settings with this file below the environment."""

        @classmethod
        def settings_customise_sources(
            cls,
            settings_cls: type[BaseSettings],
            init_settings: PydanticBaseSettingsSource,
            env_settings: PydanticBaseSettingsSource,
            dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the library hands all in
            file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            return init_settings, env_settings, InitSettingsSource(settings_cls, table)

    page = {"host": host, "port": port}
    page = {name: value for name, value in page.items() if value is not None}
    problems = _unknown_variables()
    try:
        settings = FromFile.model_validate({"sandbox": page} if page else {})
    except ValidationError as error:
        problems += [_wrong(one, where) for one in error.errors(include_url=False)]
    except SettingsError as error:
        problems.append(Wrong(f"{PREFIX}…", "", Kind.WRONG, str(error)))
    if problems:
        raise SettingsProblem(problems)
    return settings


def _read(file: Path | None) -> dict[str, object]:
    if file is None and not DEFAULT_FILE.exists():
        return {}
    path = file or DEFAULT_FILE
    try:
        # Windows editors put a mark before the first letter, which TOML does not know.
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError:
        raise SettingsProblem([Wrong(str(path), "", Kind.NO_FILE)]) from None
    except UnicodeDecodeError:
        raise SettingsProblem([Wrong(str(path), "", Kind.NOT_TOML, "not UTF-8")]) from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsProblem([Wrong(str(path), "", Kind.NOT_TOML, str(error))]) from None


def _unknown_variables() -> list[Wrong]:
    """Variables meant for us that no setting answers to; a slip there would go unnoticed."""
    return [
        Wrong(name, section, Kind.UNKNOWN, _nearest(section, Settings.model_fields))
        for name in sorted(os.environ)
        if name.startswith(PREFIX) and "__" in name
        for section in [name.removeprefix(PREFIX).split("__")[0].lower()]
        if section not in Settings.model_fields
    ]


def _wrong(error: ErrorDetails, file: str) -> Wrong:
    path = [str(part) for part in error["loc"]]
    variable = PREFIX + "__".join(path).upper()
    where = variable if variable in os.environ else file
    match error["type"]:
        case "extra_forbidden":
            kind, detail = Kind.UNKNOWN, _nearest(path[-1], _keys_beside(path))
        case "missing":
            kind, detail = Kind.MISSING, ""
        case _:
            kind, detail = Kind.WRONG, error["msg"].removeprefix("Value error, ")
    return Wrong(where, ".".join(path), kind, detail)


def _keys_beside(path: list[str]) -> Iterable[str]:
    """The keys known at the place of an unknown one."""
    if len(path) == 1:
        return Settings.model_fields
    return SECTIONS[path[0]].model_fields if path[0] in SECTIONS else ()


def _nearest(key: str, known: Iterable[str]) -> str:
    return next(iter(difflib.get_close_matches(key, known, n=1)), "")


SECTIONS: dict[str, type[BaseModel]] = {
    "database": DatabaseSettings,
    "data": DataSettings,
    "photos": PhotoSettings,
    "log": LogSettings,
    "telegram": TelegramSettings,
    "wecom": WeComSettings,
    "sandbox": SandboxSettings,
    "standard": Standard,
}
"""The tables of the file."""
