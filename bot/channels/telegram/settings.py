"""How Doorstep reaches Telegram; reading it does not load the Telegram library."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

from bot.channels.urls import ANY_HTTP, demand_address

_TOKEN = re.compile(r"[0-9]{1,20}:[A-Za-z0-9_-]{8,128}")
_SECRET = re.compile(r"[A-Za-z0-9_-]{16,256}")


class Mode(StrEnum):
    """Who opens the connection: we ask for updates, or Telegram calls us."""

    POLLING = "polling"
    WEBHOOK = "webhook"


class TelegramSettings(BaseModel):
    """The bot's account, where the Bot API is, and how updates come in."""

    # A rejected value is often the token itself: it must not be repeated in the error.
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    token: SecretStr = Field(description="The bot's token, as given by @BotFather.")
    api_base: str | None = Field(
        default=None,
        description="Address of another Bot API server (your own, or a gateway); "
        "none means https://api.telegram.org.",
    )
    mode: Mode = Field(
        default=Mode.POLLING,
        description="How updates come in: polling needs no public address; webhook needs one.",
    )
    webhook_url: str | None = Field(
        default=None,
        description="Webhook mode: the public https address Telegram calls; "
        "your reverse proxy passes it on to webhook_host and webhook_port.",
    )
    webhook_host: str = Field(
        default="127.0.0.1", description="Webhook mode: the address we listen on."
    )
    webhook_port: int = Field(
        default=8443, ge=1, le=65535, description="Webhook mode: the port we listen on."
    )
    webhook_secret: SecretStr | None = Field(
        default=None,
        description="Webhook mode: a secret of 16 to 256 letters, digits, _ and - "
        "by which Telegram's calls are told from anybody else's.",
    )
    photo_max_bytes: int = Field(
        default=10_000_000,
        ge=100_000,
        le=20_000_000,
        description="The largest picture fetched, in bytes; the Bot API serves no more than 20 MB.",
    )
    poll_timeout_s: int = Field(
        default=30,
        ge=1,
        le=50,
        description="Polling mode: how long one request waits for news, in seconds.",
    )

    @field_validator("token")
    @classmethod
    def _token_has_its_shape(cls, token: SecretStr) -> SecretStr:
        if not _TOKEN.fullmatch(token.get_secret_value()):
            raise ValueError(
                "the token should look like 123456789:AbC-dEf_…, as @BotFather gave it"
            )
        return token

    @field_validator("api_base")
    @classmethod
    def _api_base_is_an_address(cls, api_base: str | None) -> str | None:
        if api_base is not None:
            demand_address(api_base)
        return api_base

    @field_validator("webhook_secret")
    @classmethod
    def _secret_is_one_telegram_takes(cls, secret: SecretStr | None) -> SecretStr | None:
        if secret is not None and not _SECRET.fullmatch(secret.get_secret_value()):
            raise ValueError("the webhook secret is 16 to 256 letters, digits, _ and -")
        return secret

    @model_validator(mode="after")
    def _webhook_is_complete(self) -> Self:
        if self.mode is Mode.WEBHOOK:
            if self.webhook_url is None or self.webhook_secret is None:
                raise ValueError("webhook mode needs webhook_url and webhook_secret")
            # Telegram itself calls https only; a Bot API server of one's own may call http.
            demand_address(self.webhook_url, ("https",) if self.api_base is None else ANY_HTTP)
        return self
