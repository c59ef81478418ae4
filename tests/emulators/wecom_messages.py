"""What an app says to members: message/send, recall, update_template_card."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from tests.emulators.wecom_cards import AnyCard, Card
from tests.emulators.wecom_media import MediaStore
from tests.emulators.wecom_people import Bubble, Member, greyed, recarded
from tests.emulators.wecom_request import (
    Answer,
    Asked,
    Flag,
    Json,
    MediaId,
    Named,
    Refused,
    Strict,
    WebAddress,
    displayed,
    displayed_octets,
    faulty,
    octets,
    wrong,
)
from tests.emulators.wecom_state import (
    CODE_LIFE,
    App,
    Code,
    Corp,
    Dropped,
    Endpoint,
    own_agent,
)

_LINK = re.compile(r"</?a(\s[^>]*)?>")
_STYLE = re.compile(r"</?(div|br)(\s[^>]*)?/?>")
_RECALLABLE = timedelta(hours=24)
_MINUTE, _HOUR = timedelta(minutes=1), timedelta(hours=1)


class TextBody(Strict):
    content: Annotated[str, displayed_octets(2048)]

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.content.strip():
            raise wrong(44004, "empty content")
        return self


class MarkdownBody(Strict):
    content: Annotated[str, octets(2048, least=1, errcode=45002)]


class MediaBody(Strict):
    media_id: MediaId


class VideoBody(MediaBody):
    title: Annotated[str, octets(128)] = ""
    description: Annotated[str, octets(512)] = ""


class TextCardBody(Strict):
    title: Annotated[Named, displayed(128)]
    description: Annotated[Named, displayed(512)]
    url: Annotated[WebAddress, octets(2048, least=1)]
    btntxt: Annotated[str, displayed(4)] = "详情"


class Article(Strict):
    title: Annotated[str, octets(128, least=1)]
    description: Annotated[str, octets(512)] = ""
    url: WebAddress = ""
    picurl: WebAddress = ""


class NewsBody(Strict):
    articles: list[Article] = Field(min_length=1, max_length=8)


class Send(Strict):
    """The parameters of every message/send."""

    touser: str = ""
    toparty: str = ""
    totag: str = ""
    msgtype: str
    agentid: int
    safe: Flag = 0
    enable_id_trans: Flag = 0
    enable_duplicate_check: Flag = 0
    duplicate_check_interval: Annotated[int, Field(ge=1, le=14400)] = 1800

    @property
    def words(self) -> str:
        """What a person reads of it."""
        return ""

    @property
    def media(self) -> tuple[str, str] | None:
        """The file it carries, and of what kind that has to be."""
        return None

    @property
    def card(self) -> Card | None:
        return None


class SendText(Send):
    text: TextBody

    @property
    def words(self) -> str:
        return _LINK.sub("", self.text.content)


class SendMarkdown(Send):
    markdown: MarkdownBody

    @property
    def words(self) -> str:
        return self.markdown.content


class SendImage(Send):
    image: MediaBody

    @property
    def media(self) -> tuple[str, str] | None:
        return self.image.media_id, "image"


class SendVoice(Send):
    voice: MediaBody

    @property
    def media(self) -> tuple[str, str] | None:
        return self.voice.media_id, "voice"


class SendFile(Send):
    file: MediaBody

    @property
    def media(self) -> tuple[str, str] | None:
        return self.file.media_id, "file"


class SendVideo(Send):
    video: VideoBody

    @property
    def media(self) -> tuple[str, str] | None:
        return self.video.media_id, "video"

    @property
    def words(self) -> str:
        return _joined((self.video.title, self.video.description))


class SendTextCard(Send):
    textcard: TextCardBody

    @property
    def words(self) -> str:
        body = self.textcard
        return _joined((body.title, _STYLE.sub("", body.description), body.btntxt))


class SendNews(Send):
    news: NewsBody

    @property
    def words(self) -> str:
        return _joined(
            text for each in self.news.articles for text in (each.title, each.description)
        )


class SendCard(Send):
    template_card: AnyCard

    @property
    def card(self) -> Card | None:
        return self.template_card

    @model_validator(mode="after")
    def _is_new(self) -> Self:
        _demand_new(self.template_card)
        return self


_KINDS: dict[str, type[Send]] = {
    "text": SendText,
    "markdown": SendMarkdown,
    "image": SendImage,
    "voice": SendVoice,
    "video": SendVideo,
    "file": SendFile,
    "textcard": SendTextCard,
    "news": SendNews,
    "template_card": SendCard,
}


class Recall(Strict):
    msgid: Named


class GreyButton(Strict):
    replace_name: Named
    task_id: str = ""


class Update(Strict):
    """The parameters of update_template_card: the card anew, or one word for its buttons."""

    userids: list[str] = Field(default=[], max_length=1000)
    partyids: list[int] = Field(default=[], max_length=100)
    tagids: list[int] = Field(default=[], max_length=100)
    atall: Flag = 0
    agentid: int
    response_code: Named
    enable_id_trans: Flag = 0
    button: GreyButton | None = None
    template_card: AnyCard | None = None

    @model_validator(mode="after")
    def _changes_one_thing(self) -> Self:
        if (self.button is None) == (self.template_card is None):
            raise wrong(40058, "one of button and template_card is needed")
        return self


@dataclass
class Sent:
    """A message that was sent, and the copy on each recipient's phone."""

    msgid: str
    agent_id: int
    at: datetime
    copies: dict[str, Bubble]


@dataclass
class ResponseCode(Code):
    """Lets one card be changed: for all who got it, or for the one who clicked."""

    sent: Sent | None = None
    clicker: str | None = None


@dataclass
class _Audience:
    members: list[Member] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    unlicensed: list[str] = field(default_factory=list)


class Messages:
    """The chat between the apps and the members."""

    def __init__(self, corp: Corp, media: MediaStore) -> None:
        self.members: dict[str, Member] = {}
        self.calls_back = False
        """The app's callback address is known, so that cards with buttons are taken."""
        self._corp = corp
        self._media = media
        self._sent: dict[str, Sent] = {}
        self._codes: dict[str, ResponseCode] = {}
        self._tasks: set[tuple[int, str]] = set()

    def endpoints(self) -> dict[str, Endpoint]:
        return {
            "message/send": Endpoint("POST", self._send),
            "message/recall": Endpoint("POST", self._recall),
            "message/update_template_card": Endpoint("POST", self._update),
        }

    def click_code(self, member: Member, bubble: Bubble) -> str:
        """A fresh response_code for this member's click."""
        sent = self._sent[bubble.msgid]
        return self._new_code(sent, clicker=member.userid.lower())

    def _new_code(self, sent: Sent, clicker: str | None = None) -> str:
        code = self._corp.name("RC")
        expires = self._corp.now() + CODE_LIFE
        self._codes[code] = ResponseCode(expires, sent=sent, clicker=clicker)
        return code

    def _send(self, app: App, asked: Asked) -> Answer:
        message = self._corp.read(_shape(asked), asked)
        own_agent(app, message.agentid)
        audience = self._audience(message)
        self._demand_card(app, message.card)
        photo = self._photo(message)
        sent = Sent(self._corp.name("MSG"), app.agent_id, self._corp.now(), {})
        self._sent[sent.msgid] = sent
        for member in audience.members:
            if self._reaches(member, message, asked.json):
                self._show(member, message, sent, photo)
        answer: Answer = {
            "invaliduser": "|".join(audience.unknown),
            "invalidparty": message.toparty,
            "invalidtag": message.totag,
            "unlicenseduser": "|".join(audience.unlicensed),
            "msgid": sent.msgid,
        }
        if message.card is not None and message.card.calls_back:
            answer["response_code"] = self._new_code(sent)
        return answer

    def _audience(self, message: Send) -> _Audience:
        """Who is written to; nobody here belongs to a party or has a tag."""
        _demand_recipients(message)
        if message.touser == "@all":
            named = [member.userid for member in self.members.values() if member.visible]
        else:
            named = [userid.strip() for userid in message.touser.split("|") if userid.strip()]
        audience = _Audience()
        for userid in dict.fromkeys(name.lower() for name in named):
            member = self.members.get(userid)
            if member is None or not member.visible:
                audience.unknown.append(userid)
            elif not member.licensed:
                audience.unlicensed.append(userid)
            else:
                audience.members.append(member)
        if not audience.members and not audience.unlicensed:
            raise Refused(81013, "user & party & tag all invalid")
        return audience

    def _demand_card(self, app: App, card: Card | None) -> None:
        if card is None:
            return
        if card.calls_back and not self.calls_back:
            raise Refused(40058, "template_card that calls back, and no callback url is set")
        self._use_task(app, card)

    def _use_task(self, app: App, card: Card) -> None:
        if not card.task_id:
            return
        task = (app.agent_id, card.task_id)
        if task in self._tasks:
            raise Refused(42014, "taskid has existed or empty or exceed max len")
        self._tasks.add(task)

    def _photo(self, message: Send) -> bytes | None:
        if message.media is None:
            return None
        media_id, kind = message.media
        return self._media.find(media_id, kind).content

    def _reaches(self, member: Member, message: Send, body: Json) -> bool:
        """Whether the member is shown it; if not, WeCom says nothing, and it is written down."""
        now, content = self._corp.now(), _content(body)
        why = self._obstacle(member, message, content, now)
        if why is None:
            member.sent_to.append((now, content))
            return True
        self._corp.dropped.append(Dropped(member.userid, now, why, message.msgtype, body))
        return False

    def _obstacle(
        self, member: Member, message: Send, content: str, now: datetime
    ) -> Literal["minute", "hour", "repeat"] | None:
        if sum(at > now - _MINUTE for at, _ in member.sent_to) >= self._corp.limits.per_minute:
            return "minute"
        if sum(at > now - _HOUR for at, _ in member.sent_to) >= self._corp.limits.per_hour:
            return "hour"
        interval = timedelta(seconds=message.duplicate_check_interval)
        earlier = [said for at, said in member.sent_to if at > now - interval]
        return "repeat" if message.enable_duplicate_check and content in earlier else None

    def _show(self, member: Member, message: Send, sent: Sent, photo: bytes | None) -> None:
        kind = "card" if message.card is not None else message.msgtype
        shown = photo if message.msgtype == "image" else None
        bubble = Bubble(sent.msgid, kind, message.words, shown, message.card)
        sent.copies[member.userid.lower()] = bubble
        member.put(bubble)

    def _recall(self, app: App, asked: Asked) -> Answer:
        sent = self._sent.get(self._corp.read(Recall, asked).msgid)
        if sent is None or sent.agent_id != app.agent_id:
            raise Refused(40058, "no such message of this app")
        if self._corp.now() - sent.at > _RECALLABLE:
            raise Refused(42052, "msgid expired")
        for userid, bubble in sent.copies.items():
            member = self.members[userid]
            if bubble in member.bubbles:
                member.bubbles.remove(bubble)
                member.changed()
        sent.copies.clear()
        return {}

    def _update(self, app: App, asked: Asked) -> Answer:
        update = self._corp.read(Update, asked)
        own_agent(app, update.agentid)
        if not (update.userids or update.partyids or update.tagids or update.atall):
            raise faulty(82001, "no one to update")
        code, sent = self._code(app, update.response_code)
        copies = _copies(sent, code)
        if update.template_card is not None:
            self._demand_task(app, update.template_card, copies.values())
        code.used = True
        named = list(copies) if update.atall else [userid.lower() for userid in update.userids]
        for userid in named:
            if userid in copies:
                self._change(self.members[userid], copies[userid], update)
        return {"invaliduser": [userid for userid in named if userid not in copies]}

    def _code(self, app: App, text: str) -> tuple[ResponseCode, Sent]:
        code = self._codes.get(text)
        if code is None or code.sent is None or code.used or code.expires <= self._corp.now():
            raise Refused(60140, "response_code is invalid, maybe expired")
        if code.sent.agent_id != app.agent_id:
            raise Refused(42015, "the updating app is not the sending app")
        return code, code.sent

    def _demand_task(self, app: App, card: Card, copies: Iterable[Bubble]) -> None:
        had = {bubble.card.task_id for bubble in copies if bubble.card is not None}
        if not (self._corp.quirks.update_keeps_task_id and card.task_id in had):
            self._use_task(app, card)

    def _change(self, member: Member, bubble: Bubble, update: Update) -> None:
        if update.template_card is not None:
            recarded(bubble, update.template_card)
        elif update.button is not None:
            greyed(bubble, update.button.replace_name)
        member.changed()


def _shape(asked: Asked) -> type[Send]:
    body = asked.json
    msgtype = body.get("msgtype") if isinstance(body, dict) else None
    if isinstance(msgtype, str) and msgtype not in _KINDS:
        raise faulty(40008, "invalid message type")
    return _KINDS.get(str(msgtype), Send)


def _demand_recipients(message: Send) -> None:
    if not (message.touser or message.toparty or message.totag):
        raise faulty(82001, "touser, toparty and totag are all empty")
    if message.touser.count("|") >= 1000:
        raise faulty(40032, "invalid userid list size")
    if message.toparty.count("|") >= 100:
        raise faulty(82002, "more than 100 parties")
    if message.totag.count("|") >= 100:
        raise faulty(82003, "more than 100 tags")


def _demand_new(card: Card) -> None:
    if card.replace_text or any(each.disable for each in card.selections):
        raise wrong(40058, "replace_text and disable are for updates")


def _copies(sent: Sent, code: ResponseCode) -> dict[str, Bubble]:
    """The copies a code may change: a click's own is the clicker's alone."""
    if code.clicker is None:
        return sent.copies
    return {userid: copy for userid, copy in sent.copies.items() if userid == code.clicker}


def _content(body: Json) -> str:
    """What makes two messages one: what is said, not the flags beside it."""
    assert isinstance(body, Mapping)
    msgtype = str(body["msgtype"])
    return json.dumps([msgtype, body.get(msgtype)], sort_keys=True)


def _joined(lines: Iterable[str]) -> str:
    return "\n".join(line for line in lines if line)
