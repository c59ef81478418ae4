"""What WeCom's parts share: the company and its apps, the journal for a test, and the quirks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Literal

from tests.emulators.wecom_request import Answer, Asked, Json, Refused, Shape, read, shaped

Now = Callable[[], datetime]

CODE_LIFE = timedelta(hours=72)
"""How long the response_code of a card may be used, and once."""

STORED_FOR = timedelta(days=3)
"""How long media and the history of 微信客服 are kept."""

WINDOW = timedelta(hours=48)
"""How long after a customer's last message the company may write."""


@dataclass(frozen=True)
class App:
    """A self-built app of the company; `may_kf` says whether 微信客服 is open to it at all."""

    agent_id: int
    secret: str
    may_kf: bool = True


@dataclass(frozen=True)
class Call:
    """One call that was made, for a test to look into; a file stands in `body` as its size."""

    path: str
    at: datetime
    body: Json
    query: dict[str, str]


@dataclass(frozen=True)
class Dropped:
    """A message WeCom said yes to and did not show: the 31st in a minute, or a repeat."""

    userid: str
    at: datetime
    why: Literal["minute", "hour", "repeat"]
    msgtype: str
    body: Json


@dataclass
class Quirks:
    """What the real platform is known or suspected to do, each off until a test turns it on."""

    delivers_twice: bool = False
    loses_callbacks: bool = False
    misspells_option_ids: bool = False
    empty_agent_id: bool = False
    json_callbacks: bool = False
    empty_pages: int = 0
    """So many answers of sync_msg say has_more and bring nothing."""
    short_pages: int | None = None
    """The most messages sync_msg brings at once."""
    sixth_fails_late: bool = False
    """The sixth message to a customer is taken, and msg_send_fail (type 6) follows."""
    late_is_95018: bool = False
    """A message after 48 hours meets 95018, as if the session had ended, instead of 95002."""
    assigns_to: str | None = None
    """A customer's message goes to this servicer at once, where no session is open."""
    native_welcome: bool = False
    """The console has a welcome of its own, so that enter_session brings no code."""
    repeated_msgid_errcode: int = 40058
    update_keeps_task_id: bool = False
    """An updated card may carry the task_id it had."""


@dataclass
class Limits:
    """So many messages of the app a member is shown; what is more is dropped without a word."""

    per_minute: int = 30
    per_hour: int = 1000


@dataclass
class Corp:
    """The company, its clock, and what the emulator writes down for a test."""

    now: Now
    corp_id: str
    apps: list[App]
    quirks: Quirks = field(default_factory=Quirks)
    limits: Limits = field(default_factory=Limits)
    faults: list[str] = field(default_factory=list)
    cuts: list[str] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)
    numbers: count[int] = field(default_factory=lambda: count(1))

    def name(self, kind: str) -> str:
        """A fresh identifier nobody could guess the order of."""
        return f"{kind}{next(self.numbers):05d}_{id(self) % 9973:04d}"

    def read(self, shape: type[Shape], asked: Asked) -> Shape:
        """The body of a call in this shape; what it loses on the phone is written down."""
        return read(shape, asked, self.cuts)

    def shaped(self, shape: type[Shape], content: Json) -> Shape:
        """A part of a body in this shape."""
        return shaped(shape, content, self.cuts)


@dataclass(frozen=True)
class Endpoint:
    """One method of the API; `kf` if it needs 微信客服 to be open to the app."""

    verb: Literal["GET", "POST"]
    answer: Callable[[App, Asked], Answer]
    kf: bool = False


@dataclass
class Code:
    """A code to be used once and before it expires."""

    expires: datetime
    used: bool = False


def own_agent(app: App, agent_id: int) -> None:
    """Refuse an agentid that is not the one the token is for."""
    if agent_id != app.agent_id:
        raise Refused(301002, "not allow operate another agent with this accesstoken")
