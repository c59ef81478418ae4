"""Delivers a spoken message to a customer in as many as it takes, and says what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

import structlog

from bot.channels.base import (
    CannotEdit,
    Delivered,
    Memory,
    Outcome,
    Rejected,
    Retry,
    Sending,
    Silenced,
    WindowClosed,
)
from bot.channels.wecom.api.client import WeComClient
from bot.channels.wecom.api.codes import Meaning
from bot.channels.wecom.api.errors import Refused, WeComError
from bot.channels.wecom.api.media import Media
from bot.channels.wecom.attempts import Attempt, Install, UnderWay
from bot.channels.wecom.owners import menus
from bot.channels.wecom.owners.addresses import party
from bot.channels.wecom.owners.event_codes import EventCodes
from bot.channels.wecom.owners.humans import Humans
from bot.channels.wecom.owners.menus import Content
from bot.channels.wecom.owners.msgids import msgid, named
from bot.channels.wecom.owners.outcomes import is_repeat, kf_outcome_of
from bot.channels.wecom.patience import Patience

_log = structlog.get_logger(__name__)

_INSTALL_BYTES = 3


@dataclass(slots=True)
class _Plan(Attempt):
    """What one delivery takes: the words, then the pictures; so many of them are sent.

    `key` names it at WeCom.
    """

    key: str
    words: list[Content]
    pictures: list[Path]
    sent: int = 0

    @property
    def is_begun(self) -> bool:
        """Whether the customer may have seen some of it."""
        return self.sent > 0 or self.doubtful

    def passed(self) -> None:
        """The next of them is over with."""
        self.sent += 1
        self.doubtful = False


class KfSender:
    """Sends for all accounts. No failure of WeCom's is raised: each is an outcome."""

    def __init__(
        self,
        client: WeComClient,
        media: Media,
        memory: Memory,
        humans: Humans,
        codes: EventCodes,
        patience: Patience,
    ) -> None:
        self._client = client
        self._media = media
        self._humans = humans
        self._codes = codes
        self._patience = patience
        self._under_way = UnderWay[str, _Plan]()
        self._install = Install(memory, _INSTALL_BYTES)

    async def send(self, sending: Sending) -> Outcome:
        """Deliver one message. A retry under the same key goes on where the last try stopped."""
        if sending.replaces is not None:
            return CannotEdit()  # there are no edits in 微信客服
        plan = self._under_way.of(sending.key, partial(_planned, sending))
        outcome = await self._go_on(sending, plan, await self._install.name())
        if isinstance(outcome, Delivered) or not plan.is_begun:
            self._under_way.over(sending.key)
        return outcome

    async def _go_on(self, sending: Sending, plan: _Plan, install: str) -> Outcome:
        if not plan.words and not plan.pictures:
            return Rejected("nothing to say")
        while plan.sent < len(plan.words):
            name = msgid(install, plan.key, plan.sent)
            outcome = await self._say(sending.address, plan, plan.words[plan.sent], name)
            if not isinstance(outcome, Delivered):
                return outcome
            plan.passed()
        return await self._show(sending, plan, install)

    async def _show(self, sending: Sending, plan: _Plan, install: str) -> Outcome:
        """The pictures. The words matter more: what has been said stays said without them."""
        arrived, refused = plan.sent, None
        for picture in plan.pictures[plan.sent - len(plan.words) :]:
            name = msgid(install, plan.key, plan.sent)
            outcome = await self._show_one(sending.address, plan, picture, name)
            if isinstance(outcome, Retry):
                return outcome
            plan.passed()
            if isinstance(outcome, Delivered):
                arrived += 1
                continue
            refused = outcome
            _log.warning("wecom.kf_picture_not_sent", outcome=type(outcome).__name__)
            if not isinstance(outcome, Rejected):
                break  # no other will get through either
        if refused is not None and not arrived:
            return refused
        return Delivered(msgid(install, plan.key), arrived)

    async def _show_one(self, address: str, plan: _Plan, picture: Path, name: str) -> Outcome:
        """One picture; where WeCom has let go of it, it is uploaded once more."""
        try:
            await self._media.given(
                picture,
                lambda media_id: self._ask(address, plan, menus.picture(media_id), name),
            )
        except WeComError as error:
            return await self._failed(error, address, plan, name)
        except OSError as error:  # its keeping time is over
            return Rejected(type(error).__name__)
        return Delivered(name)

    async def _say(self, address: str, plan: _Plan, content: Content, name: str) -> Outcome:
        """One message of words: by an event's code while one is good, else by the window."""
        code = self._codes.of(address)
        if code is not None:
            outcome = await self._by_code(address, code, plan, content, name)
            if outcome is not None:
                return outcome
        try:
            await self._ask(address, plan, content, name)
        except WeComError as error:
            return await self._failed(error, address, plan, name)
        return Delivered(name)

    async def _by_code(
        self, address: str, code: str, plan: _Plan, content: Content, name: str
    ) -> Outcome | None:
        """What came of it; None where the code is good for nothing, and the window may serve."""
        try:
            with plan.doubt():
                await self._client.kf_send_on_event(code, content, msgid=name)
        except Refused as refusal:
            self._codes.drop(address, code)
            if plan.doubtful and refusal.meaning is not Meaning.WITH_A_HUMAN:
                return Delivered(name)  # the code was used up by the try that had no answer
            _log.info("wecom.kf_code_refused", code=refusal.code)
            return None
        except WeComError as error:
            return await self._failed(error, address, plan, name)
        self._codes.drop(address, code)
        return Delivered(name)

    async def _ask(self, address: str, plan: _Plan, content: Content, name: str) -> None:
        customer, account = party(address)
        with plan.doubt():
            await self._client.kf_send(account, customer, content, msgid=name)

    async def _failed(self, error: WeComError, address: str, plan: _Plan, name: str) -> Outcome:
        if isinstance(error, Refused):
            if is_repeat(error, in_doubt=plan.doubtful):
                return Delivered(name)
            if error.meaning is Meaning.WITH_A_HUMAN:
                return await self._why_not(address)
        return kf_outcome_of(error, self._patience)

    async def _why_not(self, address: str) -> Outcome:
        """WeCom lets us say nothing: because a colleague speaks, or because all is over?"""
        try:
            is_with_people = await self._humans.ask(address)
        except WeComError as error:
            return kf_outcome_of(error, self._patience)
        if not is_with_people:
            return WindowClosed()
        await self._humans.found(address)
        return Silenced()


def _planned(sending: Sending) -> _Plan:
    words = menus.words(sending.spoken, sending.most)
    pictures = [picture for picture in sending.spoken.photos if picture.is_file()]
    room = None if sending.most is None else max(0, sending.most - len(words))
    return _Plan(named(sending.key, sending.spoken.text), words, pictures[:room])
