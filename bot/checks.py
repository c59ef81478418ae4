"""`doorstep check`: looks at everything the service needs before it is started."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

from bot.settings import Settings
from bot.telegram_name import TelegramSilent, telegram_name
from services.clock import SystemClock
from services.desk import Desk
from services.messages import Fact, Saying
from services.readiness import Finding, Level, look_over
from storage.database import Database, open_database
from storage.migrate import newest, version

DATABASE_TROUBLE = (OSError, SQLAlchemyError)
"""What opening or asking a database may raise."""


def reason_of(error: BaseException) -> str:
    """What is the matter with the database, in one line, without the address and its password."""
    cause = getattr(error, "orig", None) or error
    return " ".join(str(cause).split("\n")[0].split()) or type(cause).__name__


async def check(settings: Settings) -> list[Finding]:
    """Everything that was looked at, good and bad; nothing is changed."""
    found = [_finding(Level.GOOD, "check-settings"), _folder(settings.data.folder)]
    return [*found, *await _channels(settings), *await _books(settings)]


async def check_wecom(settings: Settings) -> list[Finding]:
    """What WeCom itself says about how it is set up, or that nothing is set."""
    if settings.wecom is None:
        return [_finding(Level.BAD, "cli-no-wecom")]
    from bot.channels.wecom.checkup import check_up  # the client, only where wanted

    return [
        _finding(Level(one.grade), one.key, **one.facts) for one in await check_up(settings.wecom)
    ]


def _finding(level: Level, key: str, **facts: Fact) -> Finding:
    return Finding(level, Saying(key, facts))


def _folder(folder: Path) -> Finding:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return _finding(Level.GOOD, "check-folder", folder=str(folder))
    except OSError as error:
        reason = error.strerror or type(error).__name__
        return _finding(Level.BAD, "check-folder-bad", folder=str(folder), reason=reason)


async def _channels(settings: Settings) -> list[Finding]:
    found: list[Finding] = []
    if settings.telegram is not None:
        found.append(await _telegram(settings))
    if settings.wecom is not None:
        found += await check_wecom(settings)
    return found or [_finding(Level.GOOD, "check-sandbox")]


async def _telegram(settings: Settings) -> Finding:
    try:
        return _finding(Level.GOOD, "check-telegram", name=await telegram_name(settings))
    except TelegramSilent as error:
        return _finding(Level.BAD, "check-telegram-bad", reason=str(error))


async def _books(settings: Settings) -> list[Finding]:
    if _not_there_yet(settings.database.url):
        return _new_books(settings)
    try:
        async with _opened(settings) as database:
            present = await database.read(version)
            if present is None:
                return _new_books(settings)
            if present != newest():
                return [_other_version(present)]
            good = _finding(Level.GOOD, "check-database", version=present)
            now = SystemClock().now()
            found = await database.read(
                lambda connection: look_over(Desk(connection, now, settings.standard))
            )
            return [good, *found]
    except DATABASE_TROUBLE as error:
        return [_finding(Level.BAD, "check-database-bad", reason=reason_of(error))]


@asynccontextmanager
async def _opened(settings: Settings) -> AsyncIterator[Database]:
    database = open_database(settings.database.url)
    try:
        yield database
    finally:
        await database.close()


def _not_there_yet(url: str) -> bool:
    """Opening an SQLite file would create it; a check leaves no trace."""
    parsed = make_url(url)
    return parsed.get_backend_name() == "sqlite" and not Path(parsed.database or "").exists()


def _new_books(settings: Settings) -> list[Finding]:
    found = [_finding(Level.GOOD, "check-database-new")]
    if settings.sandbox is None:
        found.append(_finding(Level.BAD, "check-no-centres"))
    return found


def _other_version(present: str) -> Finding:
    if present < newest():
        return _finding(Level.NOTE, "check-database-older", version=present, newest=newest())
    return _finding(Level.BAD, "check-database-newer", version=present)
