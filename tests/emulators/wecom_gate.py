"""Who may call: access tokens, trusted addresses, permissions, and logins of pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from tests.emulators.wecom_request import Answer, Asked, Refused, faulty
from tests.emulators.wecom_state import App, Code, Corp, Endpoint

_TOKEN_LIFE = timedelta(seconds=7200)
_LOGIN_LIFE = timedelta(minutes=5)


@dataclass(frozen=True)
class _AccessToken:
    app: App
    expires: datetime


@dataclass
class _Login(Code):
    """The code with which a page learns who opened it."""

    userid: str = ""


class Gate:
    """Lets a call in, or refuses it in WeCom's order of checks."""

    def __init__(self, corp: Corp) -> None:
        self.trusts_us = True
        self._corp = corp
        self._tokens: dict[str, _AccessToken] = {}
        self._logins: dict[str, _Login] = {}

    def endpoints(self) -> dict[str, Endpoint]:
        return {
            "getcallbackip": Endpoint("GET", self._addresses),
            "get_api_domain_ip": Endpoint("GET", self._addresses),
            "auth/getuserinfo": Endpoint("GET", self._who_opened),
        }

    def permitted(self, asked: Asked, endpoint: Endpoint | None) -> App:
        """The app whose token this is, if it may call this."""
        text = asked.query.get("access_token", "")
        if not text:
            raise faulty(41001, "access_token missing")
        token = self._tokens.get(text)
        if token is None:
            raise Refused(40014, "invalid access_token")
        if token.expires <= self._corp.now():
            raise Refused(42001, "access_token expired")
        if not self.trusts_us:
            raise Refused(60020, "not allow to access from your ip")
        if endpoint is not None and endpoint.kf and not token.app.may_kf:
            raise Refused(48002, "api forbidden")
        return token.app

    def give_token(self, asked: Asked) -> Answer:
        """gettoken: the token that is valid still, or a new one."""
        corp_id, secret = asked.query.get("corpid", ""), asked.query.get("corpsecret", "")
        if not corp_id:
            raise faulty(41002, "corpid missing")
        if not secret:
            raise faulty(41004, "corpsecret missing")
        if corp_id != self._corp.corp_id:
            raise Refused(40013, "invalid corpid")
        app = next((each for each in self._corp.apps if each.secret == secret), None)
        if app is None:
            raise Refused(40001, "invalid credential")
        return self._living_token(app)

    def revoke_tokens(self) -> None:
        """Forget every access_token."""
        self._tokens.clear()

    def login_code(self, userid: str) -> str:
        """The code of a page this member opens."""
        code = self._corp.name("LOGIN")
        self._logins[code] = _Login(self._corp.now() + _LOGIN_LIFE, userid=userid)
        return code

    def _living_token(self, app: App) -> Answer:
        now = self._corp.now()
        for text, token in self._tokens.items():
            if token.app is app and token.expires > now:
                left = int((token.expires - now).total_seconds())
                return {"access_token": text, "expires_in": left}
        text = self._corp.name("TOKEN")
        self._tokens[text] = _AccessToken(app, now + _TOKEN_LIFE)
        return {"access_token": text, "expires_in": int(_TOKEN_LIFE.total_seconds())}

    def _addresses(self, _: App, __: Asked) -> Answer:
        return {"ip_list": ["127.0.0.1", "101.226.103.*"]}

    def _who_opened(self, _: App, asked: Asked) -> Answer:
        login = self._logins.get(asked.query.get("code", ""))
        if login is None or login.used or login.expires <= self._corp.now():
            raise Refused(40029, "invalid code")
        login.used = True
        return {"userid": login.userid}
