"""Delivers a spoken message to a customer in as many as it takes, and says what came of it."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

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
from bot.channels.wecom.api.errors import NoAnswer, Refused, WeComError
from bot.channels.wecom.api.media import Media
from bot.channels.wecom.owners import menus
from bot.channels.wecom.owners.addresses import party
from bot.channels.wecom.owners.event_codes import EventCodes
from bot.channels.wecom.owners.humans import Humans
from bot.channels.wecom.owners.menus import Content
from bot.channels.wecom.owners.msgids import msgid, named, new_install
from bot.channels.wecom.owners.outcomes import is_repeat, kf_outcome_of
from bot.channels.wecom.patience import Patience
from bot.event import Note

T = TypeVar("T")

_log = structlog.get_logger(__name__)

_KEPT = 1000
_INSTALL = "install"


@dataclass(slots=True)
class _Plan:
    """What one delivery takes: the words, then the pictures; so many of them are sent.

    `key` names it at WeCom.
    """

    key: str
    words: list[Content]
    pictures: list[Path]
    sent: int = 0


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
        self._memory = memory
        self._humans = humans
        self._codes = codes
        self._patience = patience
        self._half_sent: OrderedDict[str, _Plan] = OrderedDict()
        self._in_doubt: OrderedDict[str, None] = OrderedDict()
        self._install: str | None = None
        self._installing = asyncio.Lock()

    async def send(self, sending: Sending) -> Outcome:
        """Deliver one message. A retry under the same key goes on where the last try stopped."""
        if sending.replaces is not None:
            return CannotEdit()  # there are no edits in 微信客服
        plan = self._half_sent.pop(sending.key, None) or _planned(sending)
        if not plan.words and not plan.pictures:
            return Rejected("nothing to say")
        outcome = await self._go_on(sending, plan, await self._installed())
        if not isinstance(outcome, Delivered) and plan.sent:
            _remember(self._half_sent, sending.key, plan)
        return outcome

    async def _go_on(self, sending: Sending, plan: _Plan, install: str) -> Outcome:
        while plan.sent < len(plan.words):
            name = msgid(install, plan.key, plan.sent)
            outcome = await self._say(sending.address, plan.words[plan.sent], name)
            if not isinstance(outcome, Delivered):
                return outcome
            plan.sent += 1
        return await self._show(sending, plan, install)

    async def _show(self, sending: Sending, plan: _Plan, install: str) -> Outcome:
        """The pictures. The words matter more: what has been said stays said without them."""
        arrived, refused = plan.sent, None
        for picture in plan.pictures[plan.sent - len(plan.words) :]:
            name = msgid(install, plan.key, plan.sent)
            outcome = await self._show_one(sending.address, picture, name)
            if isinstance(outcome, Retry):
                return outcome
            plan.sent += 1
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

    async def _show_one(self, address: str, picture: Path, name: str) -> Outcome:
        """One picture; where WeCom has let go of it, it is uploaded once more."""
        for last in (False, True):
            try:
                media_id = await self._media.media_id(picture)
                await self._ask(address, menus.picture(media_id), name)
            except Refused as refusal:
                if refusal.meaning is Meaning.MEDIA_GONE and not last:
                    self._media.forget(picture, media_id)
                    continue
                return await self._failed(refusal, address, name)
            except WeComError as error:
                return await self._failed(error, address, name)
            except OSError as error:  # its keeping time is over
                return Rejected(type(error).__name__)
            break
        return Delivered(name)

    async def _say(self, address: str, content: Content, name: str) -> Outcome:
        """One message of words: by an event's code while one is good, else by the window."""
        code = self._codes.of(address)
        if code is not None:
            outcome = await self._by_code(address, code, content, name)
            if outcome is not None:
                return outcome
        try:
            await self._ask(address, content, name)
        except WeComError as error:
            return await self._failed(error, address, name)
        return Delivered(name)

    async def _by_code(
        self, address: str, code: str, content: Content, name: str
    ) -> Outcome | None:
        """What came of it; None where the code is good for nothing, and the window may serve."""
        try:
            await self._client.kf_send_on_event(code, content, msgid=name)
        except Refused as refusal:
            self._codes.drop(address, code)
            if name in self._in_doubt and refusal.meaning is not Meaning.WITH_A_HUMAN:
                return Delivered(name)  # the code was used up by the try that had no answer
            _log.info("wecom.kf_code_refused", code=refusal.code)
            return None
        except WeComError as error:
            return await self._failed(error, address, name)
        self._codes.drop(address, code)
        return Delivered(name)

    async def _ask(self, address: str, content: Content, name: str) -> None:
        customer, account = party(address)
        await self._client.kf_send(account, customer, content, msgid=name)

    async def _failed(self, error: WeComError, address: str, name: str) -> Outcome:
        if isinstance(error, NoAnswer):
            if error.maybe_done:
                _remember(self._in_doubt, name, None)
            return kf_outcome_of(error, self._patience)
        if isinstance(error, Refused):
            if is_repeat(error, in_doubt=name in self._in_doubt):
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

    async def _installed(self) -> str:
        """What this installation's messages begin with, drawn once and kept."""
        async with self._installing:
            if self._install is None:
                self._install = await self._memory.recall(_INSTALL)
            if self._install is None:
                self._install = new_install()
                await self._memory.keep(Note(_INSTALL, self._install))
            return self._install


def _planned(sending: Sending) -> _Plan:
    words = menus.words(sending.spoken, sending.most)
    pictures = [picture for picture in sending.spoken.photos if picture.is_file()]
    room = None if sending.most is None else max(0, sending.most - len(words))
    return _Plan(named(sending.key, sending.spoken.text), words, pictures[:room])


def _remember(kept: OrderedDict[str, T], key: str, value: T) -> None:
    """Keep it; the oldest are let go."""
    kept[key] = value
    if len(kept) > _KEPT:
        kept.popitem(last=False)
