"""What WeCom's error codes mean for us: one table, read by whoever sends, fetches or checks."""

from __future__ import annotations

from enum import StrEnum


class Meaning(StrEnum):
    """What to make of a refusal; its value may be logged, WeCom's own text may not."""

    BUSY = "busy"
    """Try again later."""
    TOKEN = "token"  # noqa: S105 - the name of a meaning
    """The access token has died before its time: fetch another and ask once more."""
    SECRET = "secret"  # noqa: S105
    """The secret is not this app's, was renewed, or the app is switched off."""
    NOBODY_THERE = "nobody-there"
    """This person cannot be reached: unknown, or out of the app's visible range."""
    WINDOW_CLOSED = "window-closed"
    """Over 48 hours since the customer wrote, or their session has ended."""
    BUDGET_SPENT = "budget-spent"
    """Five messages have gone out since the customer wrote."""
    WITH_A_HUMAN = "with-a-human"
    """The session waits for or is with one of our people: nothing may be sent by program."""
    DUPLICATE = "duplicate"
    """A message under this key has been taken before."""
    CANNOT_EDIT = "cannot-edit"
    """The card can no longer be changed: its code is used up, over, or another card's."""
    MEDIA_GONE = "media-gone"
    """WeCom no longer has this file: upload it again."""
    NEWS_TOKEN_OVER = "news-token-over"  # noqa: S105
    """The token of a customer-service callback is over: ask without it."""
    MISCONFIGURED = "misconfigured"
    """Something is not as it should be in the console or in our settings; nobody is served."""
    OUR_FAULT = "our-fault"
    """The request itself will never be taken."""


RATE_LIMITED = 45009
"""Too many calls of this kind: WeCom lets none in for a minute (§2.4 of its limits)."""
CORP_UNKNOWN = 40013
WRONG_AGENT = frozenset({40056, 301002})
APP_OFF = 50003
IP_NOT_TRUSTED = 60020
KF_NOT_PERMITTED = 48002
KF_NOT_AUTHORISED = 48007

_CODES = {
    Meaning.BUSY: (-1, RATE_LIMITED, 45033),
    Meaning.TOKEN: (40014, 42001),
    Meaning.SECRET: (40001,),
    Meaning.NOBODY_THERE: (40003, 40096, 50002, 60011, 60111, 81013),
    Meaning.WINDOW_CLOSED: (95002, 95013, 95031),
    Meaning.BUDGET_SPENT: (95001,),
    Meaning.WITH_A_HUMAN: (95016, 95018),
    Meaning.DUPLICATE: (42014,),
    Meaning.CANNOT_EDIT: (42015, 42016, 42017, 42018, 42022, 42052, 60140),
    Meaning.MEDIA_GONE: (40007,),
    Meaning.NEWS_TOKEN_OVER: (95007,),
    Meaning.MISCONFIGURED: (
        *(CORP_UNKNOWN, 41002, 41004, *WRONG_AGENT, 50001, APP_OFF, IP_NOT_TRUSTED),
        *(KF_NOT_PERMITTED, KF_NOT_AUTHORISED, 60252, 95000, 95003, 95004),
        *(95011, 95012, 95015, 95017, 95023, 95027),
    ),
}

_MEANINGS = {code: meaning for meaning, codes in _CODES.items() for code in codes}

_OF_THE_WAY = range(300, 500)
"""HTTP statuses, which share no number with WeCom's codes: a gateway that is not WeCom answers."""


def meaning_of(code: int) -> Meaning:
    """What a code says. One we do not know is a fault of ours: nothing is tried again in vain."""
    if code in _OF_THE_WAY:
        return Meaning.MISCONFIGURED
    return _MEANINGS.get(code, Meaning.OUR_FAULT)
