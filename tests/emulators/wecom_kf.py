"""微信客服: accounts, sessions, the log behind sync_msg, and what a company may say when."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from tests.emulators.wecom_callbacks import Callback
from tests.emulators.wecom_kf_messages import (
    Look,
    Said,
    Send,
    SendOnEvent,
    demand_body,
    look,
)
from tests.emulators.wecom_media import MediaStore
from tests.emulators.wecom_people import Bubble, Customer, Member
from tests.emulators.wecom_request import (
    Answer,
    Asked,
    Flag,
    Json,
    Named,
    Refused,
    Strict,
    faulty,
    octets,
    wrong,
)
from tests.emulators.wecom_state import STORED_FOR, WINDOW, App, Code, Corp, Endpoint

NEW, BOT, POOL, HUMAN, ENDED = range(5)
"""The states of a session, as the API numbers them."""

_TOKEN_LIFE = timedelta(minutes=10)
_SHORT_CODE = timedelta(seconds=20)
_BUDGET = 5
_SCENE = re.compile(r"[0-9a-zA-Z_-]{0,32}")
_CURSOR = re.compile(r"c(\d+)\.([\w-]+)")
_ALLOWED = {
    NEW: (BOT, POOL, HUMAN, ENDED),
    BOT: (POOL, HUMAN, ENDED),
    POOL: (HUMAN, ENDED),
    HUMAN: (HUMAN, ENDED),
    ENDED: (),
}
_FREE = "text", "msgmenu"

Notify = Callable[[str, str], Callback]
"""Puts kf_msg_or_event on its way: with this token, for this account."""


def _scene(text: str) -> str:
    if not _SCENE.fullmatch(text):
        raise wrong(40058, "scene is up to 32 letters, digits, _ and -")
    return text


class Pull(Strict):
    cursor: Annotated[str, octets(64)] = ""
    token: Annotated[str, octets(128)] = ""
    limit: Annotated[int, Field(ge=1, le=1000)] = 1000
    voice_format: Flag = 0
    open_kfid: str


class OfAccount(Strict):
    open_kfid: str


class ContactWay(OfAccount):
    scene: Annotated[str, AfterValidator(_scene)] = ""


class Who(OfAccount):
    external_userid: Named


class Transfer(Who):
    service_state: Annotated[int, Field(ge=0, le=4)]
    servicer_userid: str = ""


class Customers(Strict):
    external_userid_list: list[str] = Field(min_length=1, max_length=100)
    need_enter_session_context: Flag = 0


class Accounts(Strict):
    offset: Annotated[int, Field(ge=0)] = 0
    limit: Annotated[int, Field(ge=1, le=100)] = 100


class Servicers(OfAccount):
    userid_list: list[str] = Field(default=[], max_length=100)
    department_id_list: list[int] = Field(default=[], max_length=20)


@dataclass
class Session:
    """What is between one customer and one account."""

    customer: Customer
    state: int = ENDED
    servicer: str = ""
    entered_at: datetime | None = None
    wrote_at: datetime | None = None
    taken_at: datetime | None = None
    welcomed_at: datetime | None = None
    answered: int = 0
    """Messages sent since the customer last wrote."""
    scene: str = ""
    scene_param: str = ""

    def within_window(self, at: datetime, since: datetime | None) -> bool:
        return since is not None and at - since <= WINDOW


@dataclass
class Account:
    """One 微信客服 account: who may answer, and everything that happened, the oldest first."""

    open_kfid: str
    name: str
    agents: set[int]
    servicers: dict[str, int] = field(default_factory=dict)
    log: list[tuple[datetime, Answer]] = field(default_factory=list)
    sessions: dict[str, Session] = field(default_factory=dict)
    msgids: set[str] = field(default_factory=set)


@dataclass
class EventCode(Code):
    """Lets one message be sent for an event, while the session stays in `state` if it has one."""

    session: Session | None = None
    state: int | None = None
    kinds: Sequence[str] = ("text",)
    welcomes: bool = False


class CustomerService:
    """All 微信客服 accounts of the company."""

    def __init__(
        self, corp: Corp, media: MediaStore, members: dict[str, Member], notify: Notify
    ) -> None:
        self.accounts: dict[str, Account] = {}
        self._corp = corp
        self._media = media
        self._members = members
        self._notify = notify
        self._tokens: dict[str, tuple[str, datetime]] = {}
        self._codes: dict[str, EventCode] = {}
        self._scenes: dict[str, str] = {}

    def endpoints(self) -> dict[str, Endpoint]:
        table: dict[str, tuple[Literal["GET", "POST"], Callable[[App, Asked], Answer]]] = {
            "kf/account/list": ("POST", self._list_accounts),
            "kf/servicer/list": ("GET", self._list_servicers),
            "kf/servicer/add": ("POST", self._add_servicers),
            "kf/servicer/del": ("POST", self._remove_servicers),
            "kf/add_contact_way": ("POST", self._contact_way),
            "kf/sync_msg": ("POST", self._sync),
            "kf/send_msg": ("POST", self._send),
            "kf/send_msg_on_event": ("POST", self._send_on_event),
            "kf/service_state/get": ("POST", self._state),
            "kf/service_state/trans": ("POST", self._transfer),
            "kf/customer/batchget": ("POST", self._customers),
        }
        return {path: Endpoint(verb, answer, kf=True) for path, (verb, answer) in table.items()}

    # What people do

    def session(self, customer: Customer) -> Session:
        """The session of this customer with the account they write to."""
        return self.accounts[customer.kf].sessions[customer.external_userid]

    def state(self, customer: Customer) -> int:
        """The state as the API tells it: a session ends by itself after 48 hours."""
        session, now = self.session(customer), self._corp.now()
        alive = [session.within_window(now, at) for at in (session.wrote_at, session.taken_at)]
        return session.state if any(alive) else ENDED

    def enters(self, customer: Customer, scene: str, scene_param: str | None) -> Callback:
        session, now = self.session(customer), self._corp.now()
        session.scene, session.scene_param = scene, scene_param or ""
        event: Answer = {"scene": scene, "scene_param": session.scene_param}
        quiet = not session.within_window(now, session.welcomed_at)
        unheard = not session.within_window(now, session.wrote_at)
        if quiet and unheard and not self._corp.quirks.native_welcome:
            code = EventCode(now + _SHORT_CODE, session=session, kinds=_FREE, welcomes=True)
            event["welcome_code"] = self._new_code(code)
        session.entered_at = now
        return self._happens(session, "enter_session", event)

    def writes(
        self, customer: Customer, kind: str, content: dict[str, object]
    ) -> tuple[str, Callback]:
        session, now = self.session(customer), self._corp.now()
        if self.state(customer) == ENDED:
            assigned = self._corp.quirks.assigns_to
            session.state = NEW if assigned is None else HUMAN
            session.servicer = assigned or ""
        session.wrote_at, session.answered = now, 0
        return self._message(session, 3, kind, content)

    def recalls(self, customer: Customer, msgid: str) -> Callback:
        return self._happens(self.session(customer), "user_recall_msg", {"recall_msgid": msgid})

    def takes(self, customer: Customer, servicer: str) -> Callback:
        """A servicer takes the session in the client: from the pool, a colleague, or its end."""
        session = self.session(customer)
        before, state = session.servicer, self.state(customer)
        kind = {HUMAN: 2, ENDED: 4}.get(state, 1)
        event: Answer = {"change_type": kind, "new_servicer_userid": servicer}
        if kind != 1:
            event["old_servicer_userid"] = before
        session.state, session.servicer = HUMAN, servicer
        session.taken_at = self._corp.now()
        if kind == 1:
            event["msg_code"] = self._reply_code(session)
        return self._happens(session, "session_status_change", event)

    def ends(self, customer: Customer) -> Callback:
        """The servicer ends the session in the client."""
        session = self.session(customer)
        event: Answer = {"change_type": 3, "old_servicer_userid": session.servicer}
        event["msg_code"] = self._end(session)
        return self._happens(session, "session_status_change", event)

    def servicer_says(self, customer: Customer, words: str) -> Callback:
        """The servicer writes to the customer in the client."""
        session = self.session(customer)
        msgid, callback = self._message(
            session, 5, "text", {"content": words}, servicer_userid=session.servicer
        )
        customer.put(Bubble(msgid, "text", words))
        return callback

    def scene_of(self, enc_scene: str) -> str:
        return self._scenes.get(enc_scene, "")

    # The log

    def _message(
        self,
        session: Session,
        origin: int,
        kind: str,
        content: dict[str, object],
        **more: Json,
    ) -> tuple[str, Callback]:
        msgid = self._corp.name("msg")
        body: Json = content  # type: ignore[assignment]
        wire: Answer = {
            "msgid": msgid,
            "open_kfid": session.customer.kf,
            "external_userid": session.customer.external_userid,
            "send_time": int(self._corp.now().timestamp()),
            "origin": origin,
            "msgtype": kind,
            kind: body,
            **more,
        }
        return msgid, self._log(session.customer.kf, wire)

    def _happens(self, session: Session, event_type: str, about: Answer) -> Callback:
        event: Answer = {
            "event_type": event_type,
            "open_kfid": session.customer.kf,
            "external_userid": session.customer.external_userid,
            **about,
        }
        wire: Answer = {
            "msgid": self._corp.name("evt"),
            "send_time": int(self._corp.now().timestamp()),
            "origin": 4,
            "msgtype": "event",
            "event": event,
        }
        return self._log(session.customer.kf, wire)

    def _log(self, open_kfid: str, wire: Answer) -> Callback:
        self.accounts[open_kfid].log.append((self._corp.now(), wire))
        token = self._corp.name("ENC")
        self._tokens[token] = open_kfid, self._corp.now() + _TOKEN_LIFE
        return self._notify(token, open_kfid)

    def _sync(self, app: App, asked: Asked) -> Answer:
        pull = self._corp.read(Pull, asked)
        account = self._account(app, pull.open_kfid)
        if pull.token:
            self._demand_token(pull.token, account)
        start = self._position(pull.cursor, account)
        quirks = self._corp.quirks
        if quirks.empty_pages > 0:
            quirks.empty_pages -= 1
            return {"next_cursor": _cursor(start, account), "has_more": 1, "msg_list": []}
        end = min(len(account.log), start + min(pull.limit, quirks.short_pages or pull.limit))
        page: list[Json] = [dict(wire) for _, wire in account.log[start:end]]
        more = int(end < len(account.log))
        return {"next_cursor": _cursor(end, account), "has_more": more, "msg_list": page}

    def _demand_token(self, token: str, account: Account) -> None:
        open_kfid, expires = self._tokens.get(token, ("", self._corp.now()))
        if open_kfid != account.open_kfid or expires <= self._corp.now():
            raise Refused(95007, "invalid msg token")

    def _position(self, cursor: str, account: Account) -> int:
        """Where the log is read from: never from before the last three days."""
        oldest = self._corp.now() - STORED_FOR
        kept = sum(at < oldest for at, _ in account.log)
        if not cursor:
            return kept
        known = _CURSOR.fullmatch(cursor)
        if known is None or known[2] != account.open_kfid or int(known[1]) > len(account.log):
            raise faulty(40058, "invalid cursor")
        return max(kept, int(known[1]))

    # What the company says

    def _send(self, app: App, asked: Asked) -> Answer:
        said = self._corp.read(Send, asked)
        demand_body(said)
        account = self._account(app, said.open_kfid)
        session = self._session(account, said.touser)
        late = self._demand_window(session)
        if said.msgid is not None and said.msgid in account.msgids:
            raise Refused(self._corp.quirks.repeated_msgid_errcode, "duplicate msgid")
        seen = self._look(said)
        session.answered += 1
        return {"msgid": self._deliver(account, session, said, seen, late)}

    def _demand_window(self, session: Session) -> bool:
        """Whether the message is one too many, which shows late only; refused if it may not go."""
        quirks, now = self._corp.quirks, self._corp.now()
        if session.state not in (NEW, BOT):
            raise Refused(95018, "send msg session status invalid")
        if not session.within_window(now, session.wrote_at):
            errcode = 95018 if quirks.late_is_95018 else 95002
            raise Refused(errcode, "send msg to user over 48 hours")
        if session.answered >= _BUDGET and not quirks.sixth_fails_late:
            raise Refused(95001, "send msg count over 5")
        return session.answered >= _BUDGET

    def _look(self, said: Said) -> tuple[Look, bytes | None]:
        seen = look(self._corp, said)
        files = [self._media.find(media_id, kind) for media_id, kind in said.media]
        return seen, files[0].content if said.image is not None else None

    def _deliver(
        self,
        account: Account,
        session: Session,
        said: Send | SendOnEvent,
        seen: tuple[Look, bytes | None],
        late: bool = False,
    ) -> str:
        msgid = said.msgid or self._corp.name("sent")
        account.msgids.add(msgid)
        failed = 10 if session.customer.refuses else 6 if late else None
        if failed is not None:
            self._happens(session, "msg_send_fail", {"fail_msgid": msgid, "fail_type": failed})
            return msgid
        what, photo = seen
        session.customer.put(Bubble(msgid, said.msgtype, what.words, photo, choices=what.choices))
        return msgid

    def _send_on_event(self, app: App, asked: Asked) -> Answer:
        said = self._corp.read(SendOnEvent, asked)
        demand_body(said)
        code, session = self._code(said.code)
        account = self._account(app, session.customer.kf)
        if said.msgtype not in code.kinds:
            raise faulty(40008, f"{said.msgtype} may not be sent for this event")
        if code.state is not None and session.state != code.state:
            raise Refused(95018, "the session has left the state of this code")
        seen = self._look(said)
        code.used = True
        if code.welcomes:
            session.welcomed_at = self._corp.now()
        return {"msgid": self._deliver(account, session, said, seen)}

    def _code(self, text: str) -> tuple[EventCode, Session]:
        code = self._codes.get(text)
        if code is None or code.session is None:
            raise Refused(40029, "invalid code")
        if code.used:
            raise Refused(42022, "code has been used")
        if code.expires <= self._corp.now():
            raise Refused(42003, "code expired")
        return code, code.session

    def _new_code(self, code: EventCode) -> str:
        text = self._corp.name("WC" if code.welcomes else "MC")
        self._codes[text] = code
        return text

    # Sessions

    def _state(self, app: App, asked: Asked) -> Answer:
        who = self._corp.read(Who, asked)
        session = self._session(self._account(app, who.open_kfid), who.external_userid)
        state = self.state(session.customer)
        answer: Answer = {"service_state": state}
        return {**answer, "servicer_userid": session.servicer} if state == HUMAN else answer

    def _transfer(self, app: App, asked: Asked) -> Answer:
        wish = self._corp.read(Transfer, asked)
        account = self._account(app, wish.open_kfid)
        session = self._session(account, wish.external_userid)
        state = self.state(session.customer)
        if state == ENDED:
            raise Refused(95013, "conversation has ended")
        if wish.service_state not in _ALLOWED[state]:
            raise Refused(95016, f"session status transfer from {state} not allowed")
        if wish.service_state == HUMAN:
            self._demand_servicer(account, session, wish.servicer_userid)
        return self._put(session, wish)

    def _put(self, session: Session, wish: Transfer) -> Answer:
        if wish.service_state == ENDED:
            return {"msg_code": self._end(session)}
        before, session.state = session.state, wish.service_state
        session.servicer = wish.servicer_userid if wish.service_state == HUMAN else ""
        if session.state == BOT or before == HUMAN:
            return {}
        return {"msg_code": self._reply_code(session)}

    def _demand_servicer(self, account: Account, session: Session, userid: str) -> None:
        if not userid:
            raise faulty(40058, "servicer_userid is needed for state 3")
        if userid not in account.servicers:
            raise Refused(60253, "userid is not in the servicer list")
        member = self._members.get(userid.lower())
        if member is None or not member.visible:
            raise Refused(95014, "the servicer is not activated")
        if account.servicers[userid] == 1:
            raise Refused(95019, "the servicer has stopped receiving")
        if session.state == HUMAN and session.servicer == userid:
            raise Refused(95016, "the session is this servicer's already")

    def _reply_code(self, session: Session) -> str:
        expires = self._corp.now() + WINDOW
        return self._new_code(EventCode(expires, session=session, state=session.state))

    def _end(self, session: Session) -> str:
        session.state, session.servicer = ENDED, ""
        expires = self._corp.now() + _SHORT_CODE
        return self._new_code(EventCode(expires, session=session, state=ENDED, kinds=_FREE))

    # Accounts, servicers, customers

    def _account(self, app: App, open_kfid: str) -> Account:
        if not open_kfid:
            raise faulty(60251, "open_kfid is missing")
        if not re.fullmatch(r"wk[\w-]+", open_kfid):
            raise faulty(95000, "invalid open_kfid")
        account = self.accounts.get(open_kfid)
        if account is None:
            raise Refused(95004, "open_kfid does not exist")
        if app.agent_id not in account.agents:
            raise Refused(48007, "the account is not authorised to this app")
        return account

    def _session(self, account: Account, external_userid: str) -> Session:
        session = account.sessions.get(external_userid)
        if session is None:
            raise Refused(40096, "invalid external userid")
        return session

    def _list_accounts(self, app: App, asked: Asked) -> Answer:
        page = self._corp.read(Accounts, asked)
        mine = [each for each in self.accounts.values() if app.agent_id in each.agents]
        listed: list[Json] = [
            {
                "open_kfid": each.open_kfid,
                "name": each.name,
                "avatar": "https://wework.example/a.png",
                "manage_privilege": True,
            }
            for each in mine[page.offset : page.offset + page.limit]
        ]
        return {"account_list": listed}

    def _list_servicers(self, app: App, asked: Asked) -> Answer:
        account = self._account(app, asked.query.get("open_kfid", ""))
        listed: list[Json] = [
            {"userid": userid, "status": status} for userid, status in account.servicers.items()
        ]
        return {"servicer_list": listed}

    def _add_servicers(self, app: App, asked: Asked) -> Answer:
        wish = self._corp.read(Servicers, asked)
        account = self._account(app, wish.open_kfid)
        results: list[Json] = []
        for userid in wish.userid_list:
            member = self._members.get(userid.lower())
            errcode, errmsg = 0, "ignored" if userid in account.servicers else "success"
            if member is None or not member.visible:
                errcode, errmsg = 60111, "userid not found"
            else:
                account.servicers.setdefault(userid, 0)
            results.append({"userid": userid, "errcode": errcode, "errmsg": errmsg})
        return {"result_list": results}

    def _remove_servicers(self, app: App, asked: Asked) -> Answer:
        wish = self._corp.read(Servicers, asked)
        account = self._account(app, wish.open_kfid)
        results: list[Json] = []
        for userid in wish.userid_list:
            known = account.servicers.pop(userid, None) is not None
            errcode, errmsg = (0, "success") if known else (60253, "not in the servicer list")
            results.append({"userid": userid, "errcode": errcode, "errmsg": errmsg})
        return {"result_list": results}

    def _contact_way(self, app: App, asked: Asked) -> Answer:
        way = self._corp.read(ContactWay, asked)
        account = self._account(app, way.open_kfid)
        enc_scene = self._corp.name("ENC")
        self._scenes[enc_scene] = way.scene
        link = f"https://work.weixin.qq.com/kf/kfc{account.open_kfid}?enc_scene={enc_scene}"
        return {"url": link}

    def _customers(self, app: App, asked: Asked) -> Answer:
        wish = self._corp.read(Customers, asked)
        known = {each.customer.external_userid: each for each in self._consulted(app)}
        found = [known[each] for each in wish.external_userid_list if each in known]
        unknown: list[Json] = [each for each in wish.external_userid_list if each not in known]
        listed: list[Json] = [
            self._described(each, context=bool(wish.need_enter_session_context)) for each in found
        ]
        return {"customer_list": listed, "invalid_external_userid": unknown}

    def _consulted(self, app: App) -> list[Session]:
        """Who came or wrote within 48 hours; nobody else is told about."""
        now = self._corp.now()
        return [
            session
            for account in self.accounts.values()
            if app.agent_id in account.agents
            for session in account.sessions.values()
            if session.within_window(now, session.wrote_at)
            or session.within_window(now, session.entered_at)
        ]

    def _described(self, session: Session, *, context: bool) -> Answer:
        customer = session.customer
        described: Answer = {
            "external_userid": customer.external_userid,
            "nickname": customer.name,
            "avatar": "https://wx.example/a.png",
            "gender": 0,
        }
        if context and session.within_window(self._corp.now(), session.entered_at):
            described["enter_session_context"] = {
                "scene": session.scene,
                "scene_param": session.scene_param,
            }
        return described


def _cursor(position: int, account: Account) -> str:
    return f"c{position}.{account.open_kfid}"
