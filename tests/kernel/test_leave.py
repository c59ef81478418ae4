"""What a chat's window leaves us to say, and what is said in one breath: pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import parcels
from bot.leave import RESERVE, Elsewhere, Go, Hold, leave_for
from services.messages import Message, Saying, do, dump_message, load_message
from storage.records import Outgoing
from tests.kernel.platform import words
from tests.town import TUESDAY_10

NOW = TUESDAY_10
LATER = NOW + timedelta(hours=48)
LINE = Saying("joined-line")


def letter(
    number: int, message: Message, *, essential: bool | None = None, mirror: bool = False
) -> Outgoing:
    """A letter in a chat whose window is open wide; a question is essential, as at the desk."""
    return Outgoing(
        id=number,
        endpoint_id=1,
        person_id=1,
        once=None,
        message=dump_message(message),
        card=message.card,
        matter=None,
        by_phone=False,
        fresh=message.fresh,
        attempts=0,
        channel="phone",
        address="a",
        locale="zh-CN",
        replaces=None,
        essential=bool(message.rows) if essential is None else essential,
        mirror=mirror,
        window_until=LATER,
        window_left=5,
    )


def question(text: str) -> Message:
    return words(text).row(do("trial.start"))


def numbered(*messages: Message) -> list[Outgoing]:
    return [letter(number, message) for number, message in enumerate(messages, 1)]


def always(_message: Message) -> bool:
    return True


def never(_message: Message) -> bool:
    return False


def said(message: Message | None) -> list[str]:
    """The words of a message, part by part, without the lines between."""
    assert message is not None
    return [str(part.facts["words"]) for part in message.parts if part != LINE]


# What is said in one


def test_what_waits_is_joined_with_a_line_between() -> None:
    parcel = parcels.joined(numbered(words("a"), words("b"), words("c")), always)
    assert parcel.message is not None
    assert said(parcel.message) == ["a", "b", "c"]
    assert list(parcel.message.parts).count(LINE) == 2
    assert not parcel.is_list


def test_what_offers_something_ends_the_message() -> None:
    menu = words("menu").with_menu(((do("trial.start"),),))
    contact = replace(words("contact"), ask_contact=True)
    for offer in (question("q"), menu, contact):
        waiting = numbered(words("a"), offer, words("b"))
        parcel = parcels.joined(waiting, always)
        assert [one.id for one in parcel.letters] == [1, 2]
        assert parcel.message is not None
        asked = (parcel.message.rows, parcel.message.menu, parcel.message.ask_contact)
        assert asked == (offer.rows, offer.menu, offer.ask_contact)
        assert parcels.joined(waiting[1:], always).is_alone


def test_pictures_go_by_themselves() -> None:
    waiting = numbered(words("a"), words("p").showing("ab"), words("b"))
    assert parcels.joined(waiting, always).is_alone
    assert parcels.joined(waiting[1:], always).is_alone


def test_what_would_not_fit_or_is_to_go_apart_goes_by_itself() -> None:
    waiting = numbered(words("a"), words("b"))
    assert parcels.joined(waiting, never).is_alone
    assert parcels.joined(waiting, always, apart={1}).is_alone
    assert parcels.joined(waiting, always, apart={2}).is_alone


@pytest.mark.parametrize("matter", ["visit:1", "settle:1"])
def test_what_goes_its_own_way_takes_nothing_along_that_would_be_telephoned(matter: str) -> None:
    news, asked = numbered(words("news"), question("q"))
    called = replace(news, by_phone=True)
    assert not parcels.joined([called, asked], always).is_alone
    assert not parcels.joined([news, replace(asked, matter=matter)], always).is_alone
    assert parcels.joined([called, replace(asked, matter=matter)], always).is_alone


def test_a_face_closed_in_another_chat_is_said_to_nobody() -> None:
    """It is an edit in place or nothing, so it may begin no message, nor be part of one."""
    waiting = [letter(1, words("old"), mirror=True), letter(2, words("a"))]
    assert parcels.joined(waiting, always).is_alone
    assert parcels.joined(waiting[::-1], always).is_alone


def test_one_that_is_heard_makes_all_of_them_heard() -> None:
    parcel = parcels.joined(numbered(words("a"), words("b").quietly()), always)
    assert parcel.message is not None
    assert not parcel.message.silent


def test_a_letter_that_cannot_be_read_goes_by_itself() -> None:
    waiting = numbered(words("a"), words("b"), words("c"))
    waiting[1] = replace(waiting[1], message="{")
    assert [one.id for one in parcels.joined(waiting, always).letters] == [1]
    assert parcels.joined(waiting[1:], always).message is None


# What may be sent


def opened(waiting: Sequence[Outgoing], left: int, **window: object) -> list[Outgoing]:
    return [replace(one, window_left=left, **window) for one in waiting]  # type: ignore[arg-type]


def test_a_window_that_ends_now_has_ended() -> None:
    waiting = opened(numbered(words("a"), question("q")), 5, window_until=NOW)
    assert leave_for(waiting, NOW, always) == Elsewhere(waiting[0])
    assert isinstance(leave_for(waiting, NOW - timedelta(seconds=1), always), Go)


def test_the_last_message_is_kept_for_what_is_essential() -> None:
    plain = opened(numbered(words("a"), words("b")), RESERVE)
    assert leave_for(plain, NOW, always) == Hold(LATER)
    asked = opened(numbered(words("a"), words("b"), question("q"), words("c")), RESERVE)
    go = leave_for(asked, NOW, always)
    assert isinstance(go, Go)
    assert said(go.parcel.message) == ["a", "b", "q"]
    alone = leave_for(asked, NOW, never)
    assert isinstance(alone, Go)
    assert said(alone.parcel.message) == ["q"]


def test_pictures_of_plain_news_leave_the_last_message_alone() -> None:
    plain = opened(numbered(words("p").showing("ab", "cd", "ef")), 3)
    go = leave_for(plain, NOW, always)
    assert isinstance(go, Go)
    assert go.most == 2
    asked = opened(numbered(question("q").showing("ab", "cd", "ef")), 3)
    go = leave_for(asked, NOW, always)
    assert isinstance(go, Go)
    assert go.most == 3


def test_with_none_left_what_is_essential_finds_another_way_and_the_rest_waits() -> None:
    waiting = opened(numbered(words("a"), question("q")), 0)
    assert leave_for(waiting, NOW, always) == Elsewhere(waiting[1])
    assert leave_for(waiting[:1], NOW, always) == Hold(LATER)


def test_while_a_colleague_speaks_nothing_goes_anywhere() -> None:
    for until in (NOW, LATER):
        asked = numbered(question("q"))
        waiting = opened(asked, 5, silenced=True, window_until=until)
        assert leave_for(waiting, NOW, always) == Hold(None)


@dataclass
class Chat:
    """What became of a chat's letters, played to the end by `leave_for` alone."""

    waiting: list[Outgoing]
    left: int
    fits: int
    sent: list[list[int]]
    elsewhere: list[int]

    def play(self) -> None:
        """Until it holds or nothing waits; each step ends at least one letter."""
        while self.waiting:
            leave = leave_for(opened(self.waiting, self.left), NOW, self._fits)
            if isinstance(leave, Hold):
                return
            if isinstance(leave, Elsewhere):
                self._drop([leave.letter.id])
                self.elsewhere.append(leave.letter.id)
                continue
            numbers = [one.id for one in leave.parcel.letters]
            assert leave.most is not None
            assert 1 <= leave.most <= self.left
            self.sent.append(numbers)
            self.left -= 1
            self._drop(numbers)

    def _fits(self, message: Message) -> bool:
        return len(message.parts) <= self.fits

    def _drop(self, numbers: list[int]) -> None:
        before = len(self.waiting)
        self.waiting = [one for one in self.waiting if one.id not in numbers]
        assert len(self.waiting) < before


kinds = st.sampled_from(["plain", "question", "picture", "alarm", "menu"])


def of_kind(number: int, kind: str) -> Outgoing:
    message = words(str(number))
    match kind:
        case "question":
            message = question(str(number))
        case "picture":
            message = message.showing("ab")
        case "menu":
            message = message.with_menu(((do("trial.start"),),))
    return letter(number, message, essential=kind in {"question", "alarm"})


@given(st.lists(kinds, max_size=12), st.integers(0, 6), st.integers(1, 9))
def test_a_chat_is_never_told_more_than_its_window_allows(
    walk: list[str], left: int, fits: int
) -> None:
    letters = [of_kind(number, kind) for number, kind in enumerate(walk)]
    chat = Chat(letters, left, fits, [], [])
    chat.play()
    told = [number for numbers in chat.sent for number in numbers]
    kept = [one.id for one in chat.waiting]
    # Nothing is lost, nothing said twice, and never more than the window's messages.
    assert sorted(told + kept + chat.elsewhere) == list(range(len(walk)))
    assert len(chat.sent) <= left
    # Nothing essential waits, and only what is essential goes elsewhere while the window is open.
    essential = {one.id for one in letters if one.essential}
    assert not essential & set(kept)
    assert set(chat.elsewhere) <= essential
    # What goes elsewhere does so only after the last message; that one carries what is essential.
    if chat.elsewhere:
        assert len(chat.sent) == left
    if left and len(chat.sent) == left:
        assert essential & set(chat.sent[-1])
    # In order, but for what the last message could not take along.
    assert all(numbers == sorted(numbers) for numbers in chat.sent)
    before_the_last = [number for numbers in chat.sent[: max(left - 1, 0)] for number in numbers]
    assert before_the_last == list(range(len(before_the_last)))


@given(st.lists(kinds, min_size=1, max_size=8), st.integers(1, 15))
def test_a_joined_message_says_all_its_letters_and_asks_at_most_once(
    walk: list[str], fits: int
) -> None:
    waiting = [of_kind(number, kind) for number, kind in enumerate(walk)]
    parcel = parcels.joined(waiting, lambda message: len(message.parts) <= fits)
    assert list(parcel.letters) == waiting[: len(parcel.letters)]
    assert said(parcel.message) == [str(one.id) for one in parcel.letters]
    loaded = [load_message(one.message) for one in parcel.letters]
    assert not any(one.rows or one.menu is not None for one in loaded[:-1])
    assert parcel.is_alone or not any(one.is_pictured for one in loaded)
    # As long as it could be: the next one would not fit, or ends it, or stands by itself.
    if len(parcel.letters) < len(waiting):
        following = load_message(waiting[len(parcel.letters)].message)
        ended = loaded[-1].rows or loaded[-1].menu is not None
        pictured = loaded[-1].is_pictured or following.is_pictured
        too_long = 2 * len(parcel.letters) + 1 > fits
        assert ended or pictured or too_long
