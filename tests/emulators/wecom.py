"""WeCom (企业微信) over real HTTP on this machine: its API, its callbacks, and its people.

Members of the company have the app on their telephones, customers write through 微信客服. It
refuses what WeCom refuses, with its errcodes and in its order of checks, and is stricter where
WeCom forgives: whatever is wrong in a call by itself is written down in `faults`.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Literal, Self

from aiohttp import web

from tests.emulators.wecom_callbacks import Callback, Courier, Field
from tests.emulators.wecom_gate import Gate
from tests.emulators.wecom_kf import Account, CustomerService, Session
from tests.emulators.wecom_media import MediaStore
from tests.emulators.wecom_menu import Menus
from tests.emulators.wecom_messages import Messages
from tests.emulators.wecom_people import Bubble, Customer, Member
from tests.emulators.wecom_request import Answer, Asked, Refused, faulty, read_call
from tests.emulators.wecom_state import App, Call, Corp, Dropped, Endpoint, Limits, Now, Quirks

CORP_ID = "ww0a1b2c3d4e5f6a7b"
AGENT_ID = 1000002
SECRET = "emulated-secret-of-nobody_0123456789"
TOKEN = "EmulatedTokenOfNobody"
AES_KEY = "RG9vcnN0ZXBJbnZlbnRlZEtleU9mTm9ib2R5MDEyMzQ"
KF = "wkDoorstep"


@dataclass(frozen=True)
class _Spoilt:
    """What is done to a call instead of answering it."""

    errcode: int | None = None
    status: int | None = None
    hang: bool = False
    drop: Literal["before", "after"] | None = None
    text: str = "as the test wishes"


def _this_moment() -> datetime:
    return datetime.now(UTC)


class WeComEmulator:
    """One company at WeCom, with one app. Use it as `async with WeComEmulator(now=…) as wecom`.

    `now` is the platform's clock: every limit in time (48 hours, 20 seconds) is kept by it.
    """

    def __init__(self, now: Now = _this_moment) -> None:
        app = App(AGENT_ID, SECRET)
        self.url = ""
        self.corp_id, self.agent_id, self.secret = CORP_ID, app.agent_id, app.secret
        self.token, self.aes_key = TOKEN, AES_KEY
        self._corp = Corp(now, CORP_ID, [app])
        self._gate = Gate(self._corp)
        self._media = MediaStore(self._corp)
        self._messages = Messages(self._corp, self._media)
        self._menus = Menus(self._corp)
        self._courier = Courier(self._corp, TOKEN, AES_KEY)
        self._kf = CustomerService(
            self._corp, self._media, self._messages.members, self._notify_of_kf
        )
        self._spoilt: defaultdict[str, deque[_Spoilt]] = defaultdict(deque)
        self._deeds: dict[tuple[str, str], int] = {}
        self._endpoints = self._table()
        self._stopping = asyncio.Event()
        self._runner: web.AppRunner | None = None
        self.kf = self.kf_account(KF)

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()

    async def start(self) -> None:
        """Listen on a free port of this machine; `url` then says where."""
        app = web.Application(client_max_size=60_000_000)
        app.router.add_get("/picture/{media_id}", self._picture)
        app.router.add_route("*", "/cgi-bin/{path:.+}", self._call)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        self._courier.start()

    async def stop(self) -> None:
        """Let go of every call that hangs, give up every callback, and stop listening."""
        self._stopping.set()
        await self._courier.stop()
        if self._runner is not None:
            await self._runner.cleanup()

    # What a test looks at

    @property
    def faults(self) -> list[str]:
        """Calls that were wrong in themselves: unknown fields, wrong types, values too long."""
        return self._corp.faults

    @property
    def cuts(self) -> list[str]:
        """Texts a telephone does not show in full."""
        return self._corp.cuts

    @property
    def calls(self) -> list[Call]:
        """Every call, the oldest first, answered or not."""
        return self._corp.calls

    def calls_of(self, path: str) -> list[Call]:
        """Every call of this method, such as `message/send`."""
        return [call for call in self.calls if call.path == path]

    @property
    def dropped(self) -> list[Dropped]:
        """Messages that were answered with ok and never shown."""
        return self._corp.dropped

    @property
    def callbacks(self) -> list[Callback]:
        """Every callback, the oldest first: whether it was taken, after how many tries."""
        return self._courier.sent

    @property
    def quirks(self) -> Quirks:
        """What the platform does beside its documents; see there."""
        return self._corp.quirks

    @property
    def menu(self) -> dict[str, object] | None:
        """The app's menu as it was created."""
        return self._menus.of.get(self.agent_id)

    @property
    def courier(self) -> Courier:
        """Who brings the callbacks: their pace, and `again` for one that comes once more."""
        return self._courier

    @property
    def limits(self) -> Limits:
        """How many messages a member is shown."""
        return self._corp.limits

    # What a test does

    @property
    def callback_url(self) -> str | None:
        """Where callbacks go; None is an app without that setting."""
        return self._courier.url

    @callback_url.setter
    def callback_url(self, url: str | None) -> None:
        self._courier.url = url
        self._messages.calls_back = url is not None

    async def verify_callback(self) -> bool:
        """Press Save in the console: the address has to answer the check."""
        return await self._courier.verify()

    def hold(self) -> None:
        """Keep back all callbacks from now on, until `release`."""
        self._courier.hold()

    def release(self, *, backwards: bool = False) -> None:
        """Let the held callbacks go, the last first if `backwards`."""
        self._courier.release(backwards=backwards)

    async def quiet(self) -> None:
        """Until every callback on its way has been taken or given up."""
        await self._courier.quiet()

    def fail(
        self,
        path: str,
        times: int = 1,
        *,
        errcode: int | None = None,
        status: int | None = None,
        hang: bool = False,
        drop: Literal["before", "after"] | None = None,
        text: str = "as the test wishes",
    ) -> None:
        """The next so many calls of this method fail in one way.

        With an errcode and its text, with an HTTP status, by hanging until the emulator stops, or
        by a lost connection before or after what was asked has been done.
        """
        self._spoilt[path].extend([_Spoilt(errcode, status, hang, drop, text)] * times)

    def revoke_tokens(self) -> None:
        """Every access_token so far is unknown from now on (40014)."""
        self._gate.revoke_tokens()

    def trust(self, ours: bool) -> None:
        """Put our address among the trusted ones, or take it away: every call meets 60020."""
        self._gate.trusts_us = ours

    def another_app(self, *, may_kf: bool = True) -> App:
        """One more app of the company; no 微信客服 account is authorised to it."""
        app = App(AGENT_ID + len(self._corp.apps), f"{SECRET}-{len(self._corp.apps)}", may_kf)
        self._corp.apps.append(app)
        return app

    def member(self, userid: str, name: str = "") -> Member:
        """Somebody of the company to whom the app is visible."""
        member = Member(self, userid, name or userid)
        self._messages.members[userid.lower()] = member
        return member

    def login_code(self, member: Member) -> str:
        """The code of a page this member opens: once, within five minutes."""
        return self._gate.login_code(member.userid)

    def kf_account(self, open_kfid: str, name: str = "到家客服") -> str:
        """Create a 微信客服 account and authorise it to the app; gives its open_kfid."""
        self._kf.accounts[open_kfid] = Account(open_kfid, name, {self.agent_id})
        return open_kfid

    async def authorises(self, open_kfid: str, *, ours: bool = True) -> Callback:
        """Authorise an account to the app in the console, or take that back (48007)."""
        agents = self._kf.accounts[open_kfid].agents
        (agents.add if ours else agents.discard)(self.agent_id)
        fields: list[Field] = [
            ("ToUserName", self.corp_id),
            ("FromUserName", "sys"),
            ("CreateTime", int(self._corp.now().timestamp())),
            ("MsgType", "event"),
            ("Event", "kf_account_auth_change"),
            ("AuthAddOpenKfId" if ours else "AuthDelOpenKfId", open_kfid),
        ]
        return await self._taken(self._courier.post(fields, None))

    def servicer(self, userid: str, kf: str | None = None, *, receiving: bool = True) -> None:
        """A member answers customers of an account."""
        self._kf.accounts[kf or self.kf].servicers[userid] = 0 if receiving else 1

    def customer(self, external_userid: str, kf: str | None = None, name: str = "") -> Customer:
        """Somebody with WeChat who knows the way to an account."""
        customer = Customer(self, external_userid, kf or self.kf, name or external_userid)
        self._kf.accounts[customer.kf].sessions[external_userid] = Session(customer)
        return customer

    def state(self, customer: Customer) -> int:
        """The state of this customer's session, 0 to 4."""
        return self._kf.state(customer)

    async def takes(self, customer: Customer, servicer: str) -> Callback:
        """A servicer takes over the session in the WeCom client."""
        return await self._taken(self._kf.takes(customer, servicer))

    async def says(self, customer: Customer, words: str) -> Callback:
        """The servicer writes to the customer in the WeCom client."""
        return await self._taken(self._kf.servicer_says(customer, words))

    async def ends(self, customer: Customer) -> Callback:
        """The servicer ends the session in the WeCom client."""
        return await self._taken(self._kf.ends(customer))

    # What telephones need (Office and Counter of wecom_people)

    async def post(self, member: Member, fields: Sequence[Field], *, message: bool) -> Callback:
        """A member's message or event goes to the app."""
        first: list[Field] = [
            ("ToUserName", self.corp_id),
            ("FromUserName", member.userid),
            ("CreateTime", self._moment(member, fields)),
        ]
        last: list[Field] = [("MsgId", 10**15 + next(self._corp.numbers))] if message else []
        agent: Field = ("AgentID", "" if self.quirks.empty_agent_id else self.agent_id)
        return await self._taken(self._courier.post([*first, *fields, *last, agent], self.agent_id))

    def _moment(self, member: Member, fields: Sequence[Field]) -> int:
        """When it is done; nobody does the very same thing twice in one second."""
        deed = (member.userid, repr(fields))
        earliest = self._deeds.get(deed, 0) + 1
        self._deeds[deed] = max(int(self._corp.now().timestamp()), earliest)
        return self._deeds[deed]

    def media(self, content: bytes) -> tuple[str, str]:
        media = self._media.keep("image", content, "photo.jpg")
        return media.media_id, f"{self.url}/picture/{media.media_id}"

    def click_code(self, member: Member, bubble: Bubble) -> str:
        return self._messages.click_code(member, bubble)

    def option_ids(self) -> str:
        return "OpitonId" if self.quirks.misspells_option_ids else "OptionId"

    async def enter(self, customer: Customer, scene: str, scene_param: str | None) -> Callback:
        return await self._taken(self._kf.enters(customer, scene, scene_param))

    async def write(
        self, customer: Customer, kind: str, content: dict[str, object]
    ) -> tuple[str, Callback]:
        msgid, callback = self._kf.writes(customer, kind, content)
        return msgid, await self._taken(callback)

    async def recall(self, customer: Customer, msgid: str) -> Callback:
        return await self._taken(self._kf.recalls(customer, msgid))

    def photo(self, content: bytes) -> str:
        return self._media.keep("image", content, "photo.jpg").media_id

    def scene_of(self, enc_scene: str) -> str:
        return self._kf.scene_of(enc_scene)

    async def _taken(self, callback: Callback) -> Callback:
        """Wait until the app took it, unless callbacks are held back."""
        if not self._courier.holding:
            await callback.done.wait()
        return callback

    def _notify_of_kf(self, token: str, open_kfid: str) -> Callback:
        fields: list[Field] = [
            ("ToUserName", self.corp_id),
            ("CreateTime", int(self._corp.now().timestamp())),
            ("MsgType", "event"),
            ("Event", "kf_msg_or_event"),
            ("Token", token),
            ("OpenKfId", open_kfid),
        ]
        return self._courier.post(fields, None)

    # HTTP

    def _table(self) -> dict[str, Endpoint]:
        return {
            **self._gate.endpoints(),
            **self._messages.endpoints(),
            **self._media.endpoints(),
            **self._menus.endpoints(),
            **self._kf.endpoints(),
        }

    async def _picture(self, request: web.Request) -> web.Response:
        try:
            media = self._media.find(request.match_info["media_id"])
        except Refused:
            return web.Response(status=404)
        return web.Response(body=media.content, content_type=media.content_type)

    async def _call(self, request: web.Request) -> web.StreamResponse:
        path = request.match_info["path"]
        asked = await read_call(path, request)
        self._note(asked)
        queue = self._spoilt[path]
        spoilt = queue.popleft() if queue else _Spoilt()
        if spoilt.hang:
            await self._stopping.wait()
        if spoilt.hang or spoilt.drop == "before":
            return _cut_off(request)
        if spoilt.status is not None:
            return web.Response(status=spoilt.status, text="<html>trouble</html>")
        if spoilt.errcode is not None:
            return _said(self._refusal(asked, Refused(spoilt.errcode, spoilt.text)))
        answer = self._answer(request.method, asked)
        return answer if spoilt.drop is None else _cut_off(request)

    def _note(self, asked: Asked) -> None:
        body = asked.json
        if asked.upload is not None:
            body = {"filename": asked.upload.filename, "size": len(asked.upload.content)}
        self.calls.append(Call(asked.path, self._corp.now(), body, dict(asked.query)))

    def _answer(self, verb: str, asked: Asked) -> web.Response:
        try:
            if asked.path == "media/get":
                self._gate.permitted(asked, None)
                media = self._media.asked_for(asked)
                disposition = f'attachment; filename="{media.filename}"'
                return web.Response(
                    body=media.content,
                    headers={"Content-Disposition": disposition},
                    content_type=media.content_type,
                )
            return _said({"errcode": 0, "errmsg": "ok", **self._done(verb, asked)})
        except Refused as refused:
            return _said(self._refusal(asked, refused))

    def _done(self, verb: str, asked: Asked) -> Answer:
        if asked.path == "gettoken":
            return self._gate.give_token(asked)
        endpoint = self._endpoints.get(asked.path)
        app = self._gate.permitted(asked, endpoint)
        if endpoint is None:
            raise faulty(40058, f"no such method: {asked.path}")
        if verb != endpoint.verb:
            raise faulty(40058, f"the method is {endpoint.verb}, not {verb}")
        return endpoint.answer(app, asked)

    def _refusal(self, asked: Asked, refused: Refused) -> Answer:
        if refused.fault:
            self.faults.append(f"{asked.path}: {refused}")
        hint = f"hint: [{int(self._corp.now().timestamp())}_11_{next(self._corp.numbers):08x}]"
        page = f"https://open.work.weixin.qq.com/devtool/query?e={refused.errcode}"
        errmsg = f"{refused.why}, {hint}, from ip: 127.0.0.1, more info at {page}"
        return {"errcode": refused.errcode, "errmsg": errmsg}


def _said(answer: Answer) -> web.Response:
    return web.json_response(answer)


def _cut_off(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)
