"""How Doorstep reaches WeCom; reading it loads neither the client nor its cryptography."""

from __future__ import annotations

import re
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

from bot.channels.urls import demand_address

PUBLIC_API = "https://qyapi.weixin.qq.com"

_CORP = re.compile(r"[A-Za-z0-9_-]{4,64}")
_TOKEN = re.compile(r"[A-Za-z0-9]{1,32}")
_AES_KEY = re.compile(r"[A-Za-z0-9]{43}")
_KF_ACCOUNT = re.compile(r"[A-Za-z0-9_-]{2,64}")


class WeComSettings(BaseModel):
    """The company's self-built app, the address WeCom calls, and the 微信客服 accounts."""

    # A rejected value is often the secret itself: it must not be repeated in the error.
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    corp_id: str = Field(description="企业ID, from 我的企业 → 企业信息 (ww…).")
    agent_id: int = Field(ge=1, description="AgentId of the self-built app, from 应用管理.")
    secret: SecretStr = Field(description="Secret of that app.")
    token: SecretStr = Field(description="Token, from the app's 接收消息 → API接收.")
    aes_key: SecretStr = Field(description="EncodingAESKey from the same page, 43 characters.")
    kf_accounts: tuple[str, ...] = Field(
        default=(),
        description="The 微信客服 accounts owners write to (open_kfid, wk…); "
        "none means that owners are not served over WeCom.",
    )
    callback_host: str = Field(
        default="127.0.0.1", description="The address we listen on for WeCom's calls."
    )
    callback_port: int = Field(
        default=8444, ge=0, le=65535, description="The port we listen on for WeCom's calls."
    )
    callback_url: str | None = Field(
        default=None,
        description="The public address filled in as URL in 接收消息; your reverse proxy passes it "
        "on to callback_host and callback_port. `doorstep check --wecom` calls it.",
    )
    api_base: str | None = Field(
        default=None,
        description="Address of another API server (a gateway of your own); "
        f"none means {PUBLIC_API}.",
    )
    photo_max_bytes: int = Field(
        default=10_000_000,
        ge=100_000,
        le=20_000_000,
        description="The largest picture fetched, in bytes; WeCom takes none over 10 MB.",
    )

    @field_validator("corp_id")
    @classmethod
    def _corp_has_its_shape(cls, corp_id: str) -> str:
        if not _CORP.fullmatch(corp_id):
            raise ValueError("the corp id is letters and digits, such as ww1234567890abcdef")
        return corp_id

    @field_validator("token")
    @classmethod
    def _token_has_its_shape(cls, token: SecretStr) -> SecretStr:
        if not _TOKEN.fullmatch(token.get_secret_value()):
            raise ValueError("the token is up to 32 letters and digits")
        return token

    @field_validator("aes_key")
    @classmethod
    def _key_has_its_shape(cls, aes_key: SecretStr) -> SecretStr:
        if not _AES_KEY.fullmatch(aes_key.get_secret_value()):
            raise ValueError("the EncodingAESKey is 43 letters and digits")
        return aes_key

    @field_validator("kf_accounts")
    @classmethod
    def _accounts_have_their_shape(cls, accounts: tuple[str, ...]) -> tuple[str, ...]:
        if any(not _KF_ACCOUNT.fullmatch(one) for one in accounts):
            raise ValueError("a 微信客服 account is its open_kfid, such as wkAbCdEf")
        if len(set(accounts)) != len(accounts):
            raise ValueError("a 微信客服 account is named twice")
        return accounts

    @model_validator(mode="after")
    def _addresses_are_addresses(self) -> Self:
        for address in (self.callback_url, self.api_base):
            if address is not None:
                demand_address(address)
        return self

    @property
    def api(self) -> str:
        """Where the API is, without a slash at its end."""
        return (self.api_base or PUBLIC_API).rstrip("/")
