"""What WeCom's answers say, as values. Unknown fields are let go, userids are lower-cased."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Annotated, Any, TypeVar

from pydantic import BeforeValidator, Field, JsonValue, TypeAdapter, ValidationError

from bot.channels.wecom.api.errors import NoAnswer

T = TypeVar("T")


def _lowered(given: object) -> object:
    """WeCom itself lowers userids in some answers and not in others: they compare without case."""
    return given.lower() or None if isinstance(given, str) else given


def _each_lowered(given: object) -> object:
    """Several userids: "a|b" in the answer to a message, a list in the answer to a card."""
    if isinstance(given, str):
        given = given.split("|")
    return [one.lower() for one in given or () if one] if isinstance(given, list | None) else given


def _nothing_is_empty(given: object) -> object:
    """A list of nothing may be told as null: what cannot be read would be asked for without end."""
    return () if given is None else given


UserId = Annotated[str | None, BeforeValidator(_lowered)]
UserIds = Annotated[frozenset[str], BeforeValidator(_each_lowered)]


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that says yes, still to be read."""

    content: bytes

    def read(self, kind: type[T]) -> T:
        """The answer as a value.

        Raises:
            NoAnswer: it is not one; yet WeCom has said yes, so what was asked is done.
        """
        try:
            return _reader(kind).validate_json(self.content)
        except ValidationError:
            raise NoAnswer("unreadable", maybe_done=True) from None


_READERS: dict[type, TypeAdapter[Any]] = {}
"""How each kind is read: to find it out takes longer than to read."""


def _reader(kind: type[T]) -> TypeAdapter[T]:
    if kind not in _READERS:
        _READERS[kind] = TypeAdapter(kind)
    return _READERS[kind]


@dataclass(frozen=True, slots=True)
class Verdict:
    """How every answer begins: 0 for yes; the text is for no log."""

    errcode: int
    errmsg: str = ""


@dataclass(frozen=True, slots=True)
class FreshToken:
    """An access token, good for `expires_in` seconds."""

    access_token: Annotated[str, Field(min_length=1, repr=False)]
    expires_in: float


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that was taken, and who of those it was for gets nothing of it.

    `response_code` changes the card once within 72 hours; `invalid` are unknown or out of the app's
    range, `unlicensed` have no licence.
    """

    msgid: str = ""
    response_code: str | None = None
    invalid: Annotated[UserIds, Field(validation_alias="invaliduser")] = frozenset()
    unlicensed: Annotated[UserIds, Field(validation_alias="unlicenseduser")] = frozenset()


@dataclass(frozen=True, slots=True)
class CardUpdated:
    """A card that was changed, but not for these."""

    invalid: Annotated[UserIds, Field(validation_alias="invaliduser")] = frozenset()


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A file that WeCom keeps for three days."""

    media_id: Annotated[str, Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class Page:
    """News of a 微信客服 account as they came. `has_more` alone says whether there are more: a page
    may be empty and not the last. `next_cursor` is to be kept once the page is dealt with."""

    next_cursor: str = ""
    has_more: bool = False
    messages: Annotated[
        tuple[Mapping[str, JsonValue], ...],
        BeforeValidator(_nothing_is_empty),
        Field(validation_alias="msg_list"),
    ] = ()


@dataclass(frozen=True, slots=True)
class KfSent:
    """A message to a customer that was taken; taken is not yet delivered."""

    msgid: str = ""


class SessionState(IntEnum):
    """Who looks after a customer: we may write to them by program in the first two states."""

    NEW = 0
    ROBOT = 1
    WAITING = 2
    HUMAN = 3
    OVER = 4


@dataclass(frozen=True, slots=True)
class Session:
    """A customer's session."""

    state: Annotated[SessionState, Field(validation_alias="service_state")]


@dataclass(frozen=True, slots=True)
class ContactWay:
    """The link by which customers come to an account."""

    url: Annotated[str, Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class KfAccount:
    """A 微信客服 account; `ours` once it is authorised to this app."""

    open_kfid: str
    name: str = ""
    ours: Annotated[bool, Field(validation_alias="manage_privilege")] = False


@dataclass(frozen=True, slots=True)
class KfAccounts:
    """A page of accounts."""

    accounts: Annotated[tuple[KfAccount, ...], Field(validation_alias="account_list")] = ()


@dataclass(frozen=True, slots=True)
class Servicer:
    """A colleague who serves an account's customers, or without `userid` a whole department."""

    userid: UserId = None
    status: int | None = None

    @property
    def receives(self) -> bool:
        """Whether customers may be assigned to them just now: of a department it is not told."""
        return self.status in (None, _RECEIVING)


_RECEIVING = 0
"""In the list of servicers; the event about them counts from 1."""


@dataclass(frozen=True, slots=True)
class Servicers:
    """Who serves an account."""

    servicers: Annotated[tuple[Servicer, ...], Field(validation_alias="servicer_list")] = ()
