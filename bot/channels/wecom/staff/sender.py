"""Delivers a spoken message in as many of WeCom's as it takes, and says what came of it.

A repeat whose first try may have arrived must not arrive twice: a card is tried again under the
same task_id, which WeCom takes once; words and pictures ask WeCom to look for the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
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
)
from bot.channels.wecom.api.answers import Sent
from bot.channels.wecom.api.client import WeComClient
from bot.channels.wecom.api.codes import Meaning
from bot.channels.wecom.api.errors import Busy, Refused, WeComError
from bot.channels.wecom.api.media import Media
from bot.channels.wecom.attempts import Attempt, Install, UnderWay
from bot.channels.wecom.outcomes import outcome_of, unreachable
from bot.channels.wecom.patience import Patience
from bot.channels.wecom.staff import marks
from bot.channels.wecom.staff.cards import Json, face_in_place, shown
from bot.event import Note

_log = structlog.get_logger(__name__)

_INSTALL_BYTES = 4

_USERID = re.compile(r"[0-9a-z][0-9a-z_.@-]{0,63}")
"""One member: "@all" and "a|b" would be many."""

_LOOK_BACK = {"enable_duplicate_check": 1, "duplicate_check_interval": 600}
"""Only with a repeat: it would swallow a reminder that rightly says the same once more."""

_FAILURES_KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Words:
    text: str


@dataclass(frozen=True, slots=True)
class _Card:
    fields: Json


_Part = _Words | _Card | Path
"""One of WeCom's messages: words, a card, or a picture."""


@dataclass(slots=True)
class _Progress(Attempt):
    """How far a sending has got.

    `done` of its parts are over with, of which `taken` were taken; `card` is the one among them.
    `words` are what the card said at its first try: by another day's words it stays the same.
    `number` counts the tries of the card or edit, those apart whose answer is not known.
    """

    done: int = 0
    taken: int = 0
    card: str | None = None
    words: str = ""
    number: int = 1


class Sender:
    """Sends and changes cards for one app. No failure of WeCom's is raised: each is an outcome."""

    def __init__(
        self,
        client: WeComClient,
        media: Media,
        memory: Memory,
        now: Callable[[], datetime],
        patience: Patience,
    ) -> None:
        self._client = client
        self._media = media
        self._memory = memory
        self._now = now
        self._patience = patience
        self._install = Install(memory, _INSTALL_BYTES)
        self._under_way = UnderWay[tuple[str, str | None], _Progress]()

    async def send(self, sending: Sending) -> Outcome:
        """Deliver one message. A retry under the same key goes on where the last try stopped."""
        if not _USERID.fullmatch(sending.address):
            return unreachable("no userid")
        progress = self._under_way.of((sending.key, sending.replaces), _Progress)
        try:
            if sending.replaces is None:
                outcome = await self._send_anew(sending, progress)
            else:
                outcome = await self._change(sending, sending.replaces, progress)
        except WeComError as error:
            outcome = outcome_of(error, self._patience)
        if not isinstance(outcome, Retry):
            self._under_way.over((sending.key, sending.replaces))
        return outcome

    # Anew

    async def _send_anew(self, sending: Sending, progress: _Progress) -> Outcome:
        for part in _parts(sending)[progress.done :]:
            refusal = await self._try(sending, part, progress)
            if isinstance(refusal, Rejected) and isinstance(part, Path):
                # The words matter more than the pictures behind them.
                _log.error("wecom.picture_left_out", reason=refusal.reason)
            elif refusal is not None:
                return refusal
            else:
                progress.taken += 1
            progress.done += 1
            progress.doubtful = False
        return Delivered(progress.card, progress.taken)

    async def _try(self, sending: Sending, part: _Part, progress: _Progress) -> Outcome | None:
        """Send one part; what speaks against it, if anything does."""
        try:
            sent = await self._deliver(sending, part, progress)
        except WeComError as error:
            return outcome_of(error, self._patience)
        if sending.address in sent.invalid:
            return unreachable("out of the app's range")
        if sending.address in sent.unlicensed:
            return unreachable("no licence")
        return None

    async def _deliver(self, sending: Sending, part: _Part, progress: _Progress) -> Sent:
        match part:
            case _Words(text):
                content: Json = {"msgtype": "text", "text": {"content": text}}
                return await self._ask(sending, content, progress)
            case _Card(fields):
                return await self._send_card(sending, fields, progress)
            case Path():
                return await self._send_picture(sending, part, progress)

    async def _send_card(self, sending: Sending, fields: Json, progress: _Progress) -> Sent:
        if not progress.words:
            progress.words = marks.words_of(fields)
            progress.number = int(await self._memory.recall(marks.failed(sending.key)) or 1)
        install = await self._install.name()
        card = marks.first_face(install, sending.key, progress.words, progress.number)
        content: Json = {"msgtype": "template_card", "template_card": {**fields, "task_id": card}}
        try:
            sent = await self._ask(sending, content, progress)
        except Busy:
            await self._failed(sending.key, progress)
            raise
        except Refused as refusal:
            if refusal.meaning is not Meaning.DUPLICATE:
                raise
            # It has arrived: in a try without an answer, or before we were killed.
            sent = Sent()
        progress.card = card
        await self._keep_code(card, sent.response_code)
        return sent

    async def _failed(self, key: str, progress: _Progress) -> None:
        """A try that is known to have failed may have used up its task_id all the same."""
        if not progress.doubtful:
            progress.number += 1
            until = self._now() + _FAILURES_KEPT
            await self._memory.keep(Note(marks.failed(key), str(progress.number), until))

    async def _send_picture(self, sending: Sending, picture: Path, progress: _Progress) -> Sent:
        return await self._media.given(
            picture, lambda media_id: self._ask(sending, _image(media_id), progress)
        )

    async def _ask(self, sending: Sending, content: Json, progress: _Progress) -> Sent:
        is_card = "template_card" in content  # which its task_id keeps from coming twice
        repeat: Json = {**_LOOK_BACK} if progress.doubtful and not is_card else {}
        with progress.doubt():
            return await self._client.send({**content, **repeat, "touser": sending.address})

    async def _keep_code(self, card: str, value: str | None) -> None:
        if value is None:
            return
        try:
            await self._memory.keep(marks.code(card, value, self._now()))
        except Exception as error:  # the card has arrived: it must not be sent once more for this
            _log.warning("wecom.code_not_kept", error=type(error).__name__)

    # In place

    async def _change(self, sending: Sending, card: str, progress: _Progress) -> Outcome:
        """Show the card's new face with one of its codes, the newest first; each is good once."""
        face = face_in_place(sending.spoken)
        if face is None:
            return CannotEdit()
        for note in reversed(await self._memory.recall_all(marks.codes_of(card))):
            may_be_done = progress.doubtful
            task_id = marks.later_face(card, sending.key, progress.number)
            change: Json = {"template_card": {**face, "task_id": task_id}}
            try:
                with progress.doubt():
                    untouched = await self._client.update_card(
                        note.value, [sending.address], change
                    )
            except Refused as refusal:
                if refusal.meaning not in (Meaning.CANNOT_EDIT, Meaning.DUPLICATE):
                    raise
                untouched = frozenset()
                if not may_be_done:
                    progress.number += 1
                    await self._memory.forget(note.key)
                    continue
            await self._memory.forget(note.key)
            return CannotEdit() if sending.address in untouched else Delivered(card)
        return CannotEdit()


def _parts(sending: Sending) -> list[_Part]:
    """Words before pictures; a picture whose keeping time is over is left out."""
    face = shown(sending.spoken)
    parts: list[_Part] = [_Words(text) for text in face.texts]
    if face.card is not None:
        parts.append(_Card(face.card))
    return parts + [photo for photo in sending.spoken.photos if photo.is_file()]


def _image(media_id: str) -> Json:
    return {"msgtype": "image", "image": {"media_id": media_id}}
