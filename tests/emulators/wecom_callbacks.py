"""WeCom's calls to the app: encrypted, in order, three tries each, and the check of the address.

The encryption is wechatpy's, so that it shares nothing with ours.
"""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias, cast

from aiohttp import ClientError, ClientSession, ClientTimeout, TCPConnector
from defusedxml import ElementTree
from wechatpy.work.crypto import WeChatCrypto

from tests.emulators.wecom_state import Corp

Field: TypeAlias = "tuple[str, str | int | float | Sequence[Field]]"
"""One element of a callback: text stands in CDATA, a number as it is, a sequence as children."""

_TRIES = 3


@dataclass(frozen=True)
class _Envelope:
    """What goes over the wire for one callback, the same at every try."""

    query: dict[str, str]
    body: str


@dataclass
class Callback:
    """One callback on its way; `done` once the app took it or WeCom gave up."""

    fields: Sequence[Field]
    agent_id: int | None
    tries: int = 0
    taken: bool = False
    done: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def kind(self) -> str:
        """The event's name, or the message's type."""
        named = dict(self.fields)
        return str(named.get("Event", named["MsgType"]))


def written(name: str, content: str | int | float | Sequence[Field]) -> str:
    """An element of a callback's XML."""
    if isinstance(content, str):
        inner = f"<![CDATA[{content.replace(']]>', ']]]]><![CDATA[>')}]]>"
    elif isinstance(content, int | float):
        inner = str(content)
    else:
        inner = "".join(written(*each) for each in content)
    return f"<{name}>{inner}</{name}>"


class Courier:
    """Brings the callbacks of one app, one after the other."""

    def __init__(self, corp: Corp, token: str, aes_key: str) -> None:
        self.url: str | None = None
        self.pause_s = 0.05
        """Between the tries of one callback, in seconds."""
        self.deadline_s = 5.0
        """How long the app may take to answer, in seconds."""
        self.verify_s = 1.0
        """How long it may take to answer the check of its address, in seconds."""
        self.sent: list[Callback] = []
        """Every callback so far, the oldest first."""
        self._corp = corp
        self._crypto = WeChatCrypto(token, aes_key, corp.corp_id)
        self._queue: asyncio.Queue[Callback] = asyncio.Queue()
        self._held: list[Callback] | None = None
        self._worker: asyncio.Task[None] | None = None
        self._session: ClientSession | None = None

    def start(self) -> None:
        self._session = ClientSession(connector=TCPConnector(force_close=True))
        self._worker = asyncio.create_task(self._run())

    async def stop(self) -> None:
        if self._worker is not None:
            self._worker.cancel()
            await asyncio.gather(self._worker, return_exceptions=True)
        for callback in self.sent:
            callback.done.set()
        if self._session is not None:
            await self._session.close()

    def post(self, fields: Sequence[Field], agent_id: int | None) -> Callback:
        """Put a callback on its way; nowhere to bring it, it is over at once."""
        callback = Callback(fields, agent_id)
        self.sent.append(callback)
        if self.url is None or self._corp.quirks.loses_callbacks:
            callback.done.set()
        elif self._held is not None:
            self._held.append(callback)
        else:
            self._queue.put_nowait(callback)
        return callback

    def again(self, callback: Callback) -> Callback:
        """Bring a callback once more, as after an answer that got lost."""
        return self.post(callback.fields, callback.agent_id)

    @property
    def holding(self) -> bool:
        return self._held is not None

    def hold(self) -> None:
        """Keep back all callbacks from now on, until `release`."""
        self._held = []

    def release(self, *, backwards: bool = False) -> None:
        """Let the held callbacks go, the last first if `backwards`."""
        held = self._held or []
        self._held = None
        for callback in reversed(held) if backwards else held:
            self._queue.put_nowait(callback)

    async def quiet(self) -> None:
        """Until every callback on its way has been taken or given up."""
        await self._queue.join()

    async def verify(self) -> bool:
        """Call the address as the console's Save does: the very bytes, in time."""
        if self.url is None or self._session is None:
            return False
        secret = str(secrets.randbelow(10**19)).zfill(19)
        sealed, query = self._seal(secret)
        try:
            async with self._session.get(
                self.url,
                params={**query, "echostr": sealed},
                timeout=ClientTimeout(total=self.verify_s),
                allow_redirects=False,
            ) as answer:
                return answer.status == 200 and await answer.read() == secret.encode()
        except (ClientError, TimeoutError):
            return False

    async def _run(self) -> None:
        while True:
            callback = await self._queue.get()
            try:
                await self._bring(callback)
                if self._corp.quirks.delivers_twice:
                    await self._bring(callback)
            finally:
                callback.done.set()
                self._queue.task_done()

    async def _bring(self, callback: Callback) -> None:
        envelope = self._envelope(callback)
        for attempt in range(_TRIES):
            if attempt:
                await asyncio.sleep(self.pause_s)
            callback.tries += 1
            if await self._knock(envelope):
                callback.taken = True
                return

    async def _knock(self, envelope: _Envelope) -> bool:
        if self.url is None or self._session is None:
            return False
        try:
            async with self._session.post(
                self.url,
                params=envelope.query,
                data=envelope.body.encode(),
                headers={"Content-Type": "text/xml"},
                timeout=ClientTimeout(total=self.deadline_s),
                allow_redirects=False,
            ) as answer:
                return answer.status == 200
        except (ClientError, TimeoutError):
            return False

    def _envelope(self, callback: Callback) -> _Envelope:
        sealed, query = self._seal(written("xml", callback.fields))
        agent_id = "" if callback.agent_id is None else str(callback.agent_id)
        if self._corp.quirks.empty_agent_id:
            agent_id = ""
        if self._corp.quirks.json_callbacks:
            content = {"tousername": self._corp.corp_id, "encrypt": sealed, "agentid": agent_id}
            return _Envelope(query, json.dumps(content))
        parts = [("ToUserName", self._corp.corp_id), ("AgentID", agent_id), ("Encrypt", sealed)]
        return _Envelope(query, written("xml", parts))

    def _seal(self, plain: str) -> tuple[str, dict[str, str]]:
        """The plain text encrypted, and the query that proves where it comes from."""
        nonce, timestamp = secrets.token_hex(8), str(int(self._corp.now().timestamp()))
        reply = ElementTree.fromstring(self._crypto.encrypt_message(plain, nonce, timestamp))
        signature = cast(str, reply.findtext("MsgSignature"))
        query = {"msg_signature": signature, "timestamp": timestamp, "nonce": nonce}
        return cast(str, reply.findtext("Encrypt")), query
