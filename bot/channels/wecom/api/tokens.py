"""The access token of one secret: fetched once for all who wait for it, renewed before its end."""

from __future__ import annotations

from collections.abc import Callable, Coroutine

import structlog

from bot.channels.wecom.api.answers import FreshToken
from bot.channels.wecom.api.codes import Meaning
from bot.channels.wecom.api.errands import Errands
from bot.channels.wecom.api.errors import Busy, Refused
from bot.channels.wecom.patience import Patience

_log = structlog.get_logger(__name__)


class Tokens:
    """Keeps the token, and for a while a refusal: WeCom shuts out an address that keeps asking."""

    def __init__(
        self,
        fetch: Callable[[], Coroutine[None, None, FreshToken]],
        clock: Callable[[], float],
        patience: Patience,
    ) -> None:
        self._fetch = fetch
        self._clock = clock
        self._patience = patience
        self._errands = Errands[str]()
        self._token: str | None = None
        self._renew_at = 0.0
        self._refusal: Refused | Busy | None = None
        self._refused_until = 0.0

    async def current(self) -> str:
        """A token that should be taken.

        Raises:
            Refused: the secret was refused, now or lately.
            Busy: WeCom gives out no tokens just now.
            NoAnswer: WeCom could not be asked.
        """
        now = self._clock()
        if self._refusal is not None and now < self._refused_until:
            raise self._refusal.with_traceback(None)
        if self._token is not None and now < self._renew_at:
            return self._token
        return await self._errands.run("token", self._renew)

    def forget(self, token: str) -> None:
        """A token was refused. If another has come in the meantime, that one is kept."""
        if token == self._token:
            self._token = None

    def refuse(self, refusal: Refused) -> None:
        """Even a new token was refused: nothing is asked under this secret for a while."""
        report = "wecom.wrong_secret" if refusal.meaning is Meaning.SECRET else "wecom.no_token"
        _log.error(report, code=refusal.code, meaning=refusal.meaning)
        self._token = None
        self._remember(refusal, self._patience.refused_s)

    async def close(self) -> None:
        """Break off what is being fetched."""
        await self._errands.close()

    async def _renew(self) -> str:
        try:
            fresh = await self._fetch()
        except Refused as refusal:
            self.refuse(refusal)
            raise
        except Busy as refusal:
            self._remember(refusal, refusal.seconds)
            raise
        self._token = fresh.access_token
        # A token that is short-lived from the start is used for half of its life.
        early = min(self._patience.renew_early_s, fresh.expires_in / 2)
        self._renew_at = self._clock() + fresh.expires_in - early
        return fresh.access_token

    def _remember(self, refusal: Refused | Busy, seconds: float) -> None:
        self._refusal = refusal
        self._refused_until = self._clock() + seconds
