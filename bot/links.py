"""The links that bring somebody into chat with their code: to the Telegram bot, and to 微信客服."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from bot.settings import Settings
from bot.telegram_name import TelegramSilent, telegram_name
from services.messages import Saying

SCENE = "doorstep"
"""By this WeCom tells our link from others to the same account."""


class CannotLink(Exception):
    """Such links cannot be made under these settings; `saying` tells the administrator why."""

    def __init__(self, saying: Saying) -> None:
        super().__init__(saying.key)
        self.saying = saying


@dataclass(frozen=True, slots=True)
class Wish:
    """Which links are wanted. `bot` is the Telegram bot's name, and `account` the open_kfid, where
    they are known without asking."""

    telegram: bool
    wechat: bool
    bot: str | None = None
    account: str | None = None


def wish(settings: Settings, *, bot: str | None, wecom: bool, kf: str | None) -> Wish:
    """The links that an administrator asked for; those of every channel if no channel was named.

    Raises:
        CannotLink: WeCom is not set up, or the account is not one of ours.
    """
    named = wecom or kf is not None
    wechat = named or (bot is None and settings.wecom is not None)
    telegram = bot is not None or (not named and settings.telegram is not None)
    if not wechat:
        return Wish(telegram, wechat, bot)
    if settings.wecom is None:
        raise CannotLink(Saying("cli-no-wecom"))
    accounts = settings.wecom.kf_accounts
    if kf is not None and kf not in accounts:
        raise CannotLink(Saying("cli-no-such-kf", {"account": kf}))
    return Wish(telegram, wechat, bot, kf or next(iter(accounts), None))


@dataclass(frozen=True, slots=True)
class Links:
    """What stands before a code in each kind of link: nothing where it could not be learned, None
    where that kind is not wanted. `troubles` are why."""

    telegram: str | None
    wechat: str | None
    troubles: tuple[Saying, ...]

    @property
    def heading(self) -> str:
        """The key of the heading over codes and links."""
        if self.wechat is None:
            return "cli-invites"
        return "cli-invites-wecom" if self.telegram is None else "cli-invites-both"

    def to(self, code: str) -> tuple[str, ...]:
        """The links with this code, one of each kind."""
        return tuple(
            before and before + quote(code, safe="")
            for before in (self.telegram, self.wechat)
            if before is not None
        )


async def find_links(settings: Settings, wanted: Wish, *, for_staff: bool) -> Links:
    """Ask the platforms what links to us look like. Staff have none to 微信客服: they are not its
    customers."""
    telegram, of_telegram = await _telegram(settings, wanted) if wanted.telegram else (None, ())
    wechat: str | None = None
    of_wechat: tuple[Saying, ...] = ()
    if wanted.wechat and for_staff:
        wechat, of_wechat = "", (Saying("cli-kf-link-for-owners"),)
    elif wanted.wechat:
        wechat, of_wechat = await _wechat(settings, wanted.account)
    return Links(telegram, wechat, (*of_telegram, *of_wechat))


async def _telegram(settings: Settings, wanted: Wish) -> tuple[str, tuple[Saying, ...]]:
    try:
        name = wanted.bot or await telegram_name(settings)
    except TelegramSilent as error:
        return "", (Saying("cli-no-link", {"reason": str(error)}),)
    return f"https://t.me/{name.removeprefix('@')}?start=", ()


async def _wechat(settings: Settings, account: str | None) -> tuple[str, tuple[Saying, ...]]:
    if settings.wecom is None or account is None:
        return "", (Saying("cli-no-kf-link"), Saying("wecom-kf-none"))
    from bot.channels.wecom.api.client import WeComClient  # only where wanted
    from bot.channels.wecom.api.errors import WeComError
    from bot.channels.wecom.telling import told

    client = WeComClient(settings.wecom)
    try:
        url = await client.kf_contact_way(account, SCENE)
    except WeComError as error:
        why = told(error)
        return "", (Saying("cli-no-kf-link"), Saying(why.key, {**why.facts}))
    finally:
        await client.close()
    return f"{url}&scene_param=", ()
