"""The owners' channel of WeCom: they write from WeChat to one of our 微信客服 accounts."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from functools import partial

import structlog

from bot.channels.base import Intake, KeepPhoto, Limits, Memory, Outcome, Receipt, Sending
from bot.channels.lanes import Lanes
from bot.channels.wecom.api.client import WeComClient
from bot.channels.wecom.api.media import Media
from bot.channels.wecom.owners.event_codes import EventCodes
from bot.channels.wecom.owners.humans import Humans
from bot.channels.wecom.owners.menus import MOST_TAPPED
from bot.channels.wecom.owners.pictures import Pictures
from bot.channels.wecom.owners.puller import Puller
from bot.channels.wecom.owners.reception import CHANNEL, Reception
from bot.channels.wecom.owners.sender import KfSender
from bot.channels.wecom.patience import Patience
from bot.channels.wecom.photos import PhotoFetcher
from bot.channels.wecom.settings import WeComSettings
from bot.event import Event

_log = structlog.get_logger(__name__)

_CUSTOMERS_AT_ONCE = 32


class WeComOwners:
    """All 微信客服 accounts of the settings as one channel; a chat is `customer@account`.

    Nothing comes by itself: `news` is called for each of WeCom's calls about an account. `client`
    and `media` are shared with the staff's channel, and closed by who made them.
    """

    name = CHANNEL
    limits = Limits(
        text=680,
        caption=340,
        label=40,
        data_bytes=64,
        overall_per_s=50.0,
        chat_per_s=10.0,
        chat_burst=10,
        choices=MOST_TAPPED,
    )

    def __init__(
        self,
        settings: WeComSettings,
        client: WeComClient,
        media: Media,
        memory: Memory,
        keep_photo: KeepPhoto,
        now: Callable[[], datetime],
        patience: Patience | None = None,
    ) -> None:
        self._patience = patience or Patience()
        self._lanes = Lanes(_CUSTOMERS_AT_ONCE)
        self._humans = Humans(memory, client)
        codes = EventCodes(now)
        self._sender = KfSender(client, media, memory, self._humans, codes, self._patience)
        photos = PhotoFetcher(client, keep_photo, settings.photo_max_bytes)
        pictures = Pictures(photos, self._patience)
        self._reception = Reception(pictures, self._humans, codes, now)
        self._pullers = {
            account: Puller(
                account, client, self._reception, memory, self._lanes, now, self._patience
            )
            for account in settings.kf_accounts
        }

    async def news(self, open_kfid: str, token: str) -> None:
        """WeCom has news of an account; returns once it is committed, or WeCom's patience ends."""
        puller = self._pullers.get(open_kfid)
        if puller is None:
            _log.warning("wecom.kf_account_not_ours")
            return
        await puller.news(token)

    async def run(self, intake: Intake) -> None:
        """Receive until cancelled; how far is kept with what was handed to `intake`."""
        taking = self._within_places(intake)
        try:
            async with asyncio.TaskGroup() as pulls:
                for puller in self._pullers.values():
                    pulls.create_task(puller.run(taking))
                pulls.create_task(self._look_after_silenced(taking))
        finally:
            await self._lanes.close(self._patience.farewell_s)

    async def send(self, sending: Sending) -> Outcome:
        """Deliver one message. A retry under the same key goes on where the last try stopped."""
        return await self._sender.send(sending)

    async def close(self) -> None:
        """Nothing of its own to let go of."""

    def _within_places(self, intake: Intake) -> Intake:
        async def take(event: Event) -> Receipt:
            async with self._lanes.places, asyncio.timeout(self._patience.intake_s):
                return await intake(event)

        return take

    async def _look_after_silenced(self, intake: Intake) -> None:
        """Release those whose colleague is done, where the news of it was lost."""
        looks: dict[str, asyncio.Task[None]] = {}
        while True:
            await asyncio.sleep(self._patience.look_again_s)
            # One look a chat, whatever keeps it waiting; no chat waits for another's.
            looks = {address: look for address, look in looks.items() if not look.done()}
            for address in await self._silenced():
                if address not in looks:
                    release = partial(self._release, address, intake)
                    looks[address] = self._lanes.start(address, release)

    async def _silenced(self) -> list[str]:
        try:
            return await self._humans.addresses()
        except Exception as error:  # the next look comes
            _log.warning("wecom.kf_silenced_not_known", error=type(error).__name__)
            return []

    async def _release(self, address: str, intake: Intake) -> None:
        try:
            if not await self._humans.ask(address):
                await self._reception.hand_back(address, intake)
        except Exception as error:  # the next look comes
            _log.warning("wecom.kf_not_released", error=type(error).__name__)
