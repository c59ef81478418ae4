"""WeCom's API: each request once, its answer as a value, its failure as one of three errors.

Nothing is tried again here but what met with an old token: who calls knows what may be repeated.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientResponse,
    ClientSession,
    ClientTimeout,
    DummyCookieJar,
    FormData,
    TCPConnector,
)

from bot.channels.wecom.api.answers import (
    Answer,
    CardUpdated,
    ContactWay,
    FreshToken,
    KfAccount,
    KfAccounts,
    KfSent,
    Page,
    Sent,
    Servicer,
    Servicers,
    Session,
    Uploaded,
    Verdict,
)
from bot.channels.wecom.api.codes import RATE_LIMITED, Meaning, meaning_of
from bot.channels.wecom.api.errors import Busy, NoAnswer, Refused, WeComError
from bot.channels.wecom.api.tokens import Tokens
from bot.channels.wecom.patience import Patience
from bot.channels.wecom.settings import WeComSettings
from bot.event import Trouble

T = TypeVar("T")

Body = Mapping[str, object]
"""What goes out as JSON."""

_CONNECTIONS = 100
_LONGEST_ANSWER = 32_000_000
"""Bytes; a page of news holds a thousand messages of a few kilobytes at most."""
_CHUNK = 65_536
_WORDS = ("application/json", "text/")
_ACCOUNTS_AT_ONCE = 100
_NEWS_AT_ONCE = 1000

_SERVERS_FAULT = 500
_TOO_MANY = 429
_OK = 200


@dataclass(frozen=True, slots=True)
class _Request:
    """One request but for the token; `body` is made anew for every try, as a form can be read once.

    Of the answer no more than `most_bytes` are read.
    """

    path: str
    seconds: float
    params: Mapping[str, str]
    body: Callable[[], bytes | FormData] | None = None
    most_bytes: int = _LONGEST_ANSWER


@dataclass(frozen=True, slots=True)
class _Reply:
    """What came back: no content is more of it than was wanted."""

    content: bytes | None
    is_words: bool


class WeComClient:
    """The API as one self-built app sees it; it counts time with `clock`, a steady one, in seconds.

    Every request may raise:
        Refused: it will never be taken.
        Busy: not now.
        NoAnswer: it is not known what came of it.
    """

    def __init__(
        self,
        settings: WeComSettings,
        patience: Patience | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings = settings
        self._patience = patience or Patience()
        self._tokens = Tokens(self._fetch_token, clock, self._patience)
        self._http: ClientSession | None = None

    async def call(
        self, path: str, body: Body | None = None, *, params: Mapping[str, str] | None = None
    ) -> Answer:
        """Ask for one thing: POST with a body, GET without. `path` begins behind `/cgi-bin/`."""
        packed = None if body is None else _pack(body)
        request = _Request(
            path,
            self._patience.request_s,
            params or {},
            None if packed is None else lambda: packed,
        )
        return await self._authorised(request, self._answer)

    async def sign_in(self) -> None:
        """Make sure that there is an access token; nothing else is asked."""
        await self._tokens.current()

    async def send(self, message: Body) -> Sent:
        """A message from our app to colleagues; it names them and holds all but the agent's id."""
        answer = await self.call("message/send", {**message, "agentid": self._settings.agent_id})
        return answer.read(Sent)

    async def update_card(
        self, response_code: str, users: Collection[str], change: Body
    ) -> frozenset[str]:
        """Change a card that these colleagues have; `change` is its `button` or `template_card`.

        Returns the userids whose card stays as it was.
        """
        body: Body = {
            **change,
            "userids": sorted(users),
            "agentid": self._settings.agent_id,
            "response_code": response_code,
        }
        return (await self.call("message/update_template_card", body)).read(CardUpdated).invalid

    async def create_menu(self, menu: Body) -> None:
        """Put a menu under the app's chat in place of the present one."""
        await self.call("menu/create", menu, params=self._agent)

    async def menu(self) -> None:
        """Ask for the app's menu; it is refused where the agent's id is wrong."""
        await self.call("menu/get", params=self._agent)

    async def upload(self, path: Path) -> str:
        """Give WeCom a picture under its own name; returns the media_id, good for three days."""
        content = await asyncio.to_thread(path.read_bytes)

        def form() -> FormData:
            # Names are not percent-encoded: people would be shown them so.
            made = FormData(quote_fields=False)
            made.add_field("media", content, filename=path.name)
            return made

        request = _Request("media/upload", self._patience.upload_s, {"type": "image"}, form)
        return (await self._authorised(request, self._answer)).read(Uploaded).media_id

    async def fetch(self, media_id: str, most_bytes: int) -> bytes | Trouble:
        """A file that somebody sent, or that it is larger than `most_bytes`."""
        request = _Request(
            "media/get", self._patience.fetch_s, {"media_id": media_id}, most_bytes=most_bytes
        )
        return await self._authorised(request, self._file)

    async def kf_sync(self, account: str, cursor: str | None, token: str | None = None) -> Page:
        """The news of a customer-service account behind `cursor`, or of the last three days.

        With the `token` of a callback, good for ten minutes, WeCom lets us ask more often.
        """
        body: dict[str, object] = {"open_kfid": account, "limit": _NEWS_AT_ONCE}
        if cursor:
            body["cursor"] = cursor
        if token:
            body["token"] = token
        return (await self.call("kf/sync_msg", body)).read(Page)

    async def kf_send(
        self, account: str, customer: str, content: Body, *, msgid: str | None = None
    ) -> str:
        """A message to a customer: `content` is `msgtype` and its field. Returns its msgid.

        A `msgid` of ours is taken once (32 letters, digits, _ and -).
        """
        body: Body = {**content, "touser": customer, "open_kfid": account, **_named(msgid)}
        return (await self.call("kf/send_msg", body)).read(KfSent).msgid

    async def kf_send_on_event(self, code: str, content: Body, *, msgid: str | None = None) -> str:
        """The one message that an event's code allows, welcome or farewell. Returns its msgid."""
        body: Body = {**content, "code": code, **_named(msgid)}
        return (await self.call("kf/send_msg_on_event", body)).read(KfSent).msgid

    async def kf_state(self, account: str, customer: str) -> Session:
        """Who looks after a customer just now."""
        body: Body = {"open_kfid": account, "external_userid": customer}
        return (await self.call("kf/service_state/get", body)).read(Session)

    async def kf_contact_way(self, account: str, scene: str) -> str:
        """The link that leads a customer to the account; `scene` (32 letters, digits, _ and -)
        comes back when they enter."""
        body: Body = {"open_kfid": account, "scene": scene}
        return (await self.call("kf/add_contact_way", body)).read(ContactWay).url

    async def kf_accounts(self) -> tuple[KfAccount, ...]:
        """The customer-service accounts that this app may see."""
        found: list[KfAccount] = []
        while True:
            body: Body = {"offset": len(found), "limit": _ACCOUNTS_AT_ONCE}
            page = (await self.call("kf/account/list", body)).read(KfAccounts).accounts
            found += page
            if len(page) < _ACCOUNTS_AT_ONCE:
                return tuple(found)

    async def kf_servicers(self, account: str) -> tuple[Servicer, ...]:
        """The colleagues and departments who serve an account's customers."""
        answer = await self.call("kf/servicer/list", params={"open_kfid": account})
        return answer.read(Servicers).servicers

    async def close(self) -> None:
        """Drop the connections."""
        await self._tokens.close()
        if self._http is not None:
            await self._http.close()

    @property
    def _agent(self) -> Mapping[str, str]:
        return {"agentid": str(self._settings.agent_id)}

    async def _authorised(self, request: _Request, read: Callable[[_Reply], T]) -> T:
        """Ask with a token, and with another if the first has died before its time."""
        token = await self._tokens.current()
        try:
            return read(await self._exchange(request, access_token=token))
        except Refused as refusal:
            if not _is_of_the_token(refusal):
                raise
        self._tokens.forget(token)
        token = await self._tokens.current()
        try:
            return read(await self._exchange(request, access_token=token))
        except Refused as refusal:
            if _is_of_the_token(refusal):
                self._tokens.refuse(refusal)
            raise

    async def _fetch_token(self) -> FreshToken:
        request = _Request("gettoken", self._patience.request_s, {})
        reply = await self._exchange(
            request,
            corpid=self._settings.corp_id,
            corpsecret=self._settings.secret.get_secret_value(),
        )
        return self._answer(reply).read(FreshToken)

    async def _exchange(self, request: _Request, **secrets: str) -> _Reply:
        """One request and its reply. The errors of the library may hold the address, and with it
        the secrets: what is raised in their place does not."""
        body = None if request.body is None else request.body()
        sending = self._connected().request(
            "GET" if body is None else "POST",
            f"{self._settings.api}/cgi-bin/{request.path}",
            params={**request.params, **secrets},
            data=body,
            headers={"Content-Type": "application/json"} if isinstance(body, bytes) else None,
            allow_redirects=False,  # the token goes nowhere else
        )
        try:
            async with asyncio.timeout(request.seconds), sending as response:
                self._demand_ok(response.status)
                content = await _read(response, request.most_bytes)
                return _Reply(content, response.content_type.startswith(_WORDS))
        except TimeoutError:
            raise NoAnswer("timeout", maybe_done=True) from None
        except ClientConnectorError as error:
            raise NoAnswer(type(error).__name__, maybe_done=False) from None
        except (ClientError, OSError) as error:
            raise NoAnswer(type(error).__name__, maybe_done=True) from None

    def _connected(self) -> ClientSession:
        if self._http is None:
            self._http = ClientSession(
                connector=TCPConnector(limit=_CONNECTIONS),
                timeout=ClientTimeout(total=None),  # each request has its own
                cookie_jar=DummyCookieJar(),
            )
        return self._http

    def _demand_ok(self, status: int) -> None:
        if status >= _SERVERS_FAULT or status == _TOO_MANY:
            raise Busy(status, self._patience.busy_s)
        if status != _OK:
            raise Refused(status)

    def _answer(self, reply: _Reply) -> Answer:
        answer = Answer(reply.content or b"")
        verdict = answer.read(Verdict)
        if verdict.errcode:
            raise self._failure(verdict)
        return answer

    def _file(self, reply: _Reply) -> bytes | Trouble:
        if reply.content is None:
            return Trouble.PHOTO_TOO_LARGE
        if reply.is_words:  # no picture, film or sound: it says why there is none
            self._answer(reply)
        return reply.content

    def _failure(self, verdict: Verdict) -> WeComError:
        code = verdict.errcode
        if meaning_of(code) is not Meaning.BUSY:
            return Refused(code, verdict.errmsg)
        if code == RATE_LIMITED:
            return Busy(code, self._patience.limited_s, everyone=True)
        return Busy(code, self._patience.busy_s)


def _is_of_the_token(refusal: Refused) -> bool:
    return refusal.meaning in (Meaning.TOKEN, Meaning.SECRET)


def _pack(body: Body) -> bytes:
    # Half of a pair, left over where somebody's words were cut, is no reason to send nothing.
    return json.dumps(body, ensure_ascii=False).encode(errors="replace")


def _named(msgid: str | None) -> Body:
    """WeCom refuses a name that is empty, so it is left out."""
    return {"msgid": msgid} if msgid else {}


async def _read(response: ClientResponse, most_bytes: int) -> bytes | None:
    """The whole reply, or None as soon as it is known to be too long."""
    content = bytearray()
    async for chunk in response.content.iter_chunked(_CHUNK):
        content += chunk
        if len(content) > most_bytes:
            return None
    return bytes(content)
