"""The token and what people say stay out of logs and errors; wrong settings are refused."""

from __future__ import annotations

import subprocess
import sys
import traceback

import pytest
from pydantic import ValidationError
from structlog.testing import capture_logs

from bot.channels.base import Channel
from bot.channels.telegram.channel import TelegramChannel, TelegramUnavailableError
from bot.channels.telegram.settings import Mode, TelegramSettings
from tests.emulators.telegram import BREAKS, DROPS, TOKEN, TelegramEmulator, error
from tests.emulators.telegram_person import Person
from tests.telegram.conftest import HASTY, NOW, Desk, jpeg, open_channel, running, sending

HOOK = {"webhook_url": "https://doorstep.example/hook", "webhook_secret": "0123456789abcdef"}


async def test_the_channel_fits_the_port(sender: TelegramChannel) -> None:
    channel: Channel = sender
    assert channel.name == "telegram"
    assert channel.limits.data_bytes == 64


async def test_the_username_is_asked_for_once(
    sender: TelegramChannel, telegram: TelegramEmulator
) -> None:
    assert await sender.username() == await sender.username() == telegram.username
    assert len(telegram.calls_of("getMe")) == 1


@pytest.mark.parametrize("fault", [BREAKS, DROPS, error(401, "Unauthorized")])
async def test_a_username_not_to_be_had(
    sender: TelegramChannel, telegram: TelegramEmulator, fault: object
) -> None:
    telegram.fails("getMe", fault)  # type: ignore[arg-type]
    with pytest.raises(TelegramUnavailableError) as raised:
        await sender.username()
    shown = "".join(traceback.format_exception(raised.value))
    assert TOKEN.partition(":")[2] not in shown


async def test_no_token_no_name_and_no_words_in_the_log(
    telegram: TelegramEmulator, desk: Desk, zhang: Person
) -> None:
    with capture_logs() as logs:
        telegram.fails("deleteWebhook", DROPS)
        telegram.fails("getUpdates", DROPS)
        telegram.fails("download", BREAKS, times=2)
        async with running(open_channel(telegram, desk, Mode.POLLING), desk) as channel:
            desk.failures[zhang.address] = 4
            await zhang.types("我的密码是钥匙")
            await zhang.sends_photo(jpeg(), "我的密码是钥匙")
            await channel.send(sending(zhang, "我的密码是钥匙", photos=()))
    written = repr(logs)
    assert {log["event"] for log in logs} >= {
        "telegram.not_ready",
        "telegram.no_updates",
        "telegram.intake_failed",
        "telegram.update_given_up",
        "telegram.photo_not_fetched",
    }
    assert TOKEN.partition(":")[2] not in written
    assert "钥匙" not in written
    assert zhang.name not in written


async def test_a_server_that_is_not_there_is_named_without_the_token(desk: Desk) -> None:
    channel = TelegramChannel(
        TelegramSettings.model_validate({"token": TOKEN, "api_base": "http://127.0.0.1:9/x"}),
        desk.keep,
        lambda: NOW,
        HASTY,
    )
    with pytest.raises(TelegramUnavailableError, match="TelegramNetworkError"):
        await channel.username()
    assert TOKEN.partition(":")[2] not in repr(channel.__dict__["_settings"])
    await channel.close()


def test_settings_do_not_load_the_library() -> None:
    code = "import sys, bot.channels.telegram.settings as s; sys.exit('aiogram' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0  # noqa: S603


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"token": "s3cret with blanks"}, "should look like"),
        ({"token": "s3cret"}, "should look like"),
        ({"mode": "webhook"}, "webhook mode needs"),
        ({"mode": "webhook", "webhook_url": "https://doorstep.example/"}, "webhook mode needs"),
        ({"mode": "webhook", **HOOK, "webhook_secret": "s3cret"}, "16 to 256"),
        ({"mode": "webhook", **HOOK, "webhook_secret": "s3cret! s3cret! s3cret!"}, "16 to 256"),
        ({"mode": "webhook", **HOOK, "webhook_url": "http://doorstep.example/"}, "https://"),
        ({"api_base": "doorstep.example"}, "https or http://"),
        ({"photo_max_bytes": 30_000_000}, "less than or equal to 20000000"),
        ({"typo": 1}, "not permitted"),
    ],
)
def test_wrong_settings_are_refused_without_repeating_them(
    values: dict[str, object], why: str
) -> None:
    with pytest.raises(ValidationError, match=why) as raised:
        TelegramSettings.model_validate({"token": TOKEN, **values})
    assert "s3cret" not in str(raised.value)
    assert TOKEN not in str(raised.value)


def test_right_settings_are_taken() -> None:
    plain = TelegramSettings.model_validate({"token": TOKEN})
    assert (plain.mode, plain.photo_max_bytes) == (Mode.POLLING, 10_000_000)
    hook = TelegramSettings.model_validate({"token": TOKEN, "mode": "webhook", **HOOK})
    assert hook.webhook_port == 8443
    assert TOKEN not in repr(hook)
    assert all(field.description for field in TelegramSettings.model_fields.values())
