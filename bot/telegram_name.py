"""Asks Telegram what our bot is called, for deep links and to see whether the token is taken."""

from __future__ import annotations

from bot.event import Trouble
from bot.settings import Settings
from services.clock import SystemClock


class TelegramSilent(Exception):
    """Telegram did not answer, or refused the token; says why, and never the token."""


async def telegram_name(settings: Settings) -> str:
    """The bot's user name, without the @.

    Raises:
        TelegramSilent: it cannot be learned, or no Telegram bot is set up.
    """
    if settings.telegram is None:
        raise TelegramSilent("telegram.token")
    from bot.channels.telegram.channel import TelegramChannel, TelegramUnavailableError

    channel = TelegramChannel(settings.telegram, _keep_nothing, SystemClock().now)
    try:
        return await channel.username()
    except TelegramUnavailableError as error:
        raise TelegramSilent(str(error)) from None
    finally:
        await channel.close()


async def _keep_nothing(_picture: bytes) -> Trouble:
    return Trouble.KIND_NOT_TAKEN
