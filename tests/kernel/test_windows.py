"""Service windows: only for a while and only so often, and yet no message is lost by it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import Connection, select
from sqlalchemy.util import await_only

from bot import relay as module
from bot.channels.base import Rejected, Silenced, WindowClosed
from bot.leave import Hold, Leave
from services.messages import Message, do, say
from storage import outbox, windows
from storage.database import Database
from storage.records import Endpoint, OutboxState
from storage.tables import outbox as outbox_table
from storage.tables import phone_tasks
from storage.tables import windows as windows_table
from tests.kernel.platform import Platform, newcomer, relay, rows_of, tell, words
from tests.town import TUESDAY_10, FakeClock

on_postgresql = pytest.mark.parametrize("town_url", ["postgresql"], indirect=True)

HOURS_48 = timedelta(hours=48)
END = TUESDAY_10 + HOURS_48


def question(text: str) -> Message:
    return words(text).row(do("trial.start"))


def picture(text: str) -> Message:
    """News that is joined with nothing."""
    return words(text).showing("ab")


def in_one(*texts: str) -> str:
    return "\n————\n".join(texts)


async def opened(
    database: Database,
    chat: Endpoint,
    left: int,
    *,
    until: datetime = END,
    now: datetime = TUESDAY_10,
) -> None:
    """The person has written."""
    await database.write(
        partial(windows.opens, endpoint_id=chat.id, until=until, left=left, now=now)
    )


async def customer(database: Database, left: int, *others: str) -> Endpoint:
    """Somebody with a windowed chat at `a`, used last, and perhaps other chats."""
    chat = (await newcomer(database, *others, "phone:a"))[-1]
    await opened(database, chat, left)
    return chat


async def left_of(database: Database) -> int:
    ((left,),) = await database.read(rows_of(select(windows_table.c.left)))
    return int(str(left))


async def states(database: Database) -> list[OutboxState]:
    rows = await database.read(rows_of(select(outbox_table.c.state).order_by(outbox_table.c.id)))
    return [OutboxState(str(state)) for (state,) in rows]


async def calls(database: Database) -> int:
    return len(await database.read(rows_of(select(phone_tasks.c.id))))


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The chats whose lanes were claimed with something to say, one entry for each time."""
    claimed: list[int] = []
    real = outbox.claim

    def claim(
        connection: Connection, *, by: str, now: datetime, lease: timedelta, most: int
    ) -> list[outbox.Outgoing]:
        heads = real(connection, by=by, now=now, lease=lease, most=most)
        claimed.extend(head.endpoint_id for head in heads)
        return heads

    monkeypatch.setattr(module.outbox, "claim", claim)
    return claimed


# Within the window


async def test_what_waits_goes_as_one_message_and_the_window_counts_one(
    database: Database, clock: FakeClock
) -> None:
    platform = Platform()
    chat = await customer(database, 5)
    await tell(database, chat.person_id, words("a"), words("b"), words("c").as_card("order:1"))
    await relay(database, platform, machine=clock, clock=clock).deliver_waiting()
    assert platform.texts("a") == [in_one("a", "b", "c")]
    assert platform.sent[0].most == 4
    assert await left_of(database) == 4
    assert await states(database) == [OutboxState.SUPERSEDED] * 2 + [OutboxState.DELIVERED]
    # What was offered, and which message shows the card, is known of the whole.
    (newest,) = await database.read(partial(outbox.newest, endpoint_id=chat.id))
    assert await database.read(lambda c: outbox.face(c, chat.id, "r1")) == newest
    await tell(database, chat.person_id, words("d").as_card("order:1"))
    await relay(database, platform, machine=clock, clock=clock).deliver_waiting()
    assert platform.sent[1].replaces == "r1"


async def test_a_question_ends_a_message_and_pictures_go_by_themselves(
    database: Database, clock: FakeClock
) -> None:
    platform = Platform()
    chat = await customer(database, 9)
    news = (words("a"), question("q"), words("b"), picture("p"), words("c"), words("d"))
    await tell(database, chat.person_id, *news)
    await relay(database, platform, machine=clock, clock=clock).deliver_waiting()
    assert platform.texts("a") == [in_one("a", "q"), "b", "p", in_one("c", "d")]


async def test_no_more_is_joined_than_one_message_holds(
    database: Database, clock: FakeClock
) -> None:
    platform = Platform()
    chat = await customer(database, 9)
    texts = (words(letter * 2000) for letter in "xyz")
    await tell(database, chat.person_id, *texts, question("q" * 600))
    await relay(database, platform, machine=clock, clock=clock).deliver_waiting()
    # With buttons a message holds less.
    two = len(in_one("x" * 2000, "y" * 2000))
    assert [len(text) for text in platform.texts("a")] == [two, 2000, 600]


async def test_words_that_cannot_be_said_hold_up_nobody(
    database: Database, clock: FakeClock
) -> None:
    platform = Platform()
    chat = await customer(database, 9)
    await tell(database, chat.person_id, words("a"), say("no-such-words"), words("b"))
    await relay(database, platform, machine=clock, clock=clock).deliver_waiting()
    assert platform.texts("a") == ["a", "b"]
    delivered, unsaid = OutboxState.DELIVERED, OutboxState.UNDELIVERABLE
    assert await states(database) == [delivered, unsaid, delivered]


async def test_what_was_joined_and_is_refused_goes_out_one_by_one(
    database: Database, clock: FakeClock
) -> None:
    platform = Platform()
    platform.says["a"] = [Rejected("for a word in b")]
    chat = await customer(database, 9)
    await tell(database, chat.person_id, words("a"), words("b"), words("c"))
    deliver = relay(database, platform, machine=clock, clock=clock).deliver_waiting
    platform.says["a"] += [Rejected("that is a")]
    await deliver()
    assert platform.texts("a") == [in_one("a", "b", "c"), "a", "b", "c"]
    delivered = OutboxState.DELIVERED
    assert await states(database) == [OutboxState.UNDELIVERABLE, delivered, delivered]


# The last message, and none


async def test_the_last_message_is_kept_for_what_is_essential(
    database: Database, clock: FakeClock
) -> None:
    platform = Platform()
    chat = await customer(database, 3)
    deliver = relay(database, platform, machine=clock, clock=clock).deliver_waiting
    await tell(database, chat.person_id, picture("p1"), picture("p2"), picture("p3"))
    await deliver()
    assert platform.texts("a") == ["p1", "p2"]
    await tell(database, chat.person_id, question("q"))
    await deliver()
    assert platform.texts("a") == ["p1", "p2", "q"]
    await tell(database, chat.person_id, words("plain"))
    await deliver()
    assert await left_of(database) == 0
    assert (await states(database)).count(OutboxState.QUEUED) == 2
    # What was held back goes as soon as the person writes.
    await opened(database, chat, 5, until=END + timedelta(minutes=1))
    await deliver()
    assert platform.texts("a")[3:] == ["p3", "plain"]


async def test_what_waits_before_the_essential_goes_along(
    database: Database, clock: FakeClock
) -> None:
    platform = Platform()
    chat = await customer(database, 1)
    deliver = relay(database, platform, machine=clock, clock=clock).deliver_waiting
    for text in "ab":
        await tell(database, chat.person_id, words(text))
        await deliver()
    assert platform.texts("a") == []
    await tell(database, chat.person_id, words("alarm"), essential=True)
    await deliver()
    assert platform.texts("a") == [in_one("a", "b", "alarm")]


async def test_a_question_behind_much_news_is_asked_all_the_same(
    database: Database, clock: FakeClock
) -> None:
    platform = Platform()
    chat = await customer(database, 1)
    deliver = relay(database, platform, machine=clock, clock=clock).deliver_waiting
    await tell(database, chat.person_id, *(words(str(n)) for n in range(module.MOST_JOINED + 3)))
    await tell(database, chat.person_id, question("q"))
    await deliver()
    (text,) = platform.texts("a")
    assert text.endswith("q")


async def test_with_none_left_the_essential_finds_another_way_at_once(
    database: Database, clock: FakeClock
) -> None:
    phone, mail = Platform("phone"), Platform("mail")
    chat = await customer(database, 0, "mail:m")
    await tell(database, chat.person_id, words("plain"), question("q"), by_phone=True)
    await relay(database, phone, mail, machine=clock, clock=clock).deliver_waiting()
    assert phone.sent == []
    assert mail.texts("m") == ["q"]
    assert await calls(database) == 0
    assert (await states(database))[0] is OutboxState.QUEUED


@pytest.mark.parametrize("by_phone", [False, True])
async def test_when_the_window_ends_what_was_held_finds_another_way(
    database: Database, clock: FakeClock, by_phone: bool
) -> None:
    platform = Platform()
    chat = await customer(database, 1)
    await tell(database, chat.person_id, words("a"), words("b"), by_phone=by_phone)
    deliver = relay(database, platform, machine=clock, clock=clock).deliver_waiting
    await deliver()
    clock.at = END - timedelta(seconds=1)
    await deliver()
    assert await states(database) == [OutboxState.QUEUED] * 2
    clock.at = END
    await deliver()
    assert platform.sent == []
    assert await states(database) == [OutboxState.UNDELIVERABLE] * 2
    assert await calls(database) == (2 if by_phone else 0)


async def test_held_news_goes_to_the_other_chat_when_the_window_ends(
    database: Database, clock: FakeClock
) -> None:
    phone, mail = Platform("phone"), Platform("mail")
    chat = await customer(database, 1, "mail:m")
    await tell(database, chat.person_id, words("a"), words("b"), by_phone=True)
    deliver = relay(database, phone, mail, machine=clock, clock=clock).deliver_waiting
    await deliver()
    clock.at = END
    await deliver()
    assert (phone.texts("a"), mail.texts("m")) == ([], ["a", "b"])
    assert await calls(database) == 0


async def test_held_news_is_looked_at_every_ten_minutes_and_no_oftener(
    database: Database, clock: FakeClock, looks: list[int]
) -> None:
    chat = await customer(database, 1)
    await tell(database, chat.person_id, *(words(text) for text in "abc"))
    deliver = relay(database, Platform(), machine=clock, clock=clock).deliver_waiting
    for _ in range(60):
        await deliver()
        await deliver()
        clock.step(timedelta(minutes=1))
    assert len(looks) == 6
    clock.at = END - timedelta(seconds=1)
    await deliver()
    clock.step(timedelta(seconds=1))
    await deliver()  # once for each that has to find another way
    assert len(looks) == 6 + 1 + 3


# The platform knows better than our books


async def test_a_window_that_has_closed_before_we_thought_loses_nothing(
    database: Database, clock: FakeClock
) -> None:
    phone, mail = Platform("phone"), Platform("mail")
    phone.says["a"] = [WindowClosed()]
    chat = await customer(database, 5, "mail:m")
    await tell(database, chat.person_id, words("a"), picture("b"), by_phone=True)
    await relay(database, phone, mail, machine=clock, clock=clock).deliver_waiting()
    assert phone.texts("a") == ["a"]  # refused; the second was not even tried
    assert mail.texts("m") == ["a", "b"]
    assert await calls(database) == 0


async def test_a_window_that_is_spent_holds_plain_news(
    database: Database, clock: FakeClock, looks: list[int]
) -> None:
    platform = Platform()
    platform.says["a"] = [WindowClosed(spent=True)]
    chat = await customer(database, 5)
    deliver = relay(database, platform, machine=clock, clock=clock).deliver_waiting
    await tell(database, chat.person_id, words("a"), words("b"))
    await deliver()
    assert await states(database) == [OutboxState.QUEUED] * 2
    assert len(looks) == 2
    await tell(database, chat.person_id, question("q"), by_phone=True)
    await deliver()
    assert await calls(database) == 1
    await opened(database, chat, 5, until=END + timedelta(minutes=1))
    await deliver()
    assert platform.texts("a") == [in_one("a", "b")] * 2


@pytest.mark.parametrize("spent", [False, True])
async def test_an_outcome_that_comes_late_closes_no_newer_window(
    database: Database, clock: FakeClock, spent: bool
) -> None:
    platform = Platform()
    platform.says["a"] = [WindowClosed(spent=spent)]
    platform.held["a"] = asyncio.Event()
    chat = await customer(database, 5)
    await tell(database, chat.person_id, words("a"), by_phone=True)
    delivering = asyncio.create_task(
        relay(database, platform, machine=clock, clock=clock).deliver_waiting()
    )
    await platform.reached["a"].wait()
    await opened(database, chat, 5, until=END + timedelta(minutes=1))
    platform.held["a"].set()
    await delivering
    assert platform.texts("a") == ["a", "a"]
    assert await states(database) == [OutboxState.DELIVERED]


# While a colleague speaks


async def test_a_silenced_chat_is_held_whole_and_goes_on_in_order(
    database: Database, clock: FakeClock, looks: list[int]
) -> None:
    platform = Platform()
    platform.says["a"] = [Silenced()]
    chat = await customer(database, 5)
    deliver = relay(database, platform, machine=clock, clock=clock).deliver_waiting
    await tell(database, chat.person_id, words("a"), question("q"))
    await deliver()
    await tell(database, chat.person_id, picture("p"), by_phone=True)
    looks.clear()
    for _ in range(60):
        await deliver()
        clock.step(timedelta(minutes=1))
    assert len(looks) == 6
    assert await states(database) == [OutboxState.QUEUED] * 3
    await database.write(partial(windows.hands_back, endpoint_id=chat.id))
    await deliver()
    assert platform.texts("a") == [in_one("a", "q"), in_one("a", "q"), "p"]
    assert await calls(database) == 0


# What the person's writing gives


@pytest.mark.parametrize(
    ("present", "left"),
    [
        (None, 1),  # the first word
        ((END, 3), 3),  # a welcome takes nothing from an open window
        ((END, 0), 1),  # it gives one where all are spent
        ((TUESDAY_10, 3), 1),  # or where it has ended
    ],
)
async def test_a_lesser_leave_takes_nothing_away(
    database: Database, present: tuple[datetime, int] | None, left: int
) -> None:
    (chat,) = await newcomer(database, "phone:a")
    if present is not None:
        await opened(database, chat, present[1], until=present[0])
    await opened(database, chat, 1, until=TUESDAY_10 + timedelta(seconds=20))
    assert await left_of(database) == left


async def test_another_word_gives_the_whole_budget_anew(database: Database) -> None:
    chat = await customer(database, 2)
    await opened(database, chat, 5, until=END + timedelta(seconds=1))
    assert await left_of(database) == 5


# Between the decision to hold and the hold

Meanwhile = Callable[[Database, Endpoint], "asyncio.Future[None]"]


def _is_asked(database: Database, chat: Endpoint) -> asyncio.Future[None]:
    return asyncio.ensure_future(tell(database, chat.person_id, question("q")))


def _writes(database: Database, chat: Endpoint) -> asyncio.Future[None]:
    return asyncio.ensure_future(opened(database, chat, 5, until=END + timedelta(minutes=1)))


async def meanwhile_nothing_is_stuck(
    database: Database,
    clock: FakeClock,
    monkeypatch: pytest.MonkeyPatch,
    *,
    decision: int,
    happens: Meanwhile,
) -> None:
    """Something happens just after the first or the second decision to hold."""
    platform = Platform()
    chat = await customer(database, 1)
    decisions: list[Leave] = []
    under_way: list[asyncio.Future[None]] = []
    real = module.leave_for

    def leave_for(*args: object) -> Leave:
        leave = real(*args)  # type: ignore[arg-type]  # as the relay gives them
        decisions.append(leave)
        if len(decisions) == decision:
            assert isinstance(leave, Hold)
            under_way.append(happens(database, chat))
            # It gets its chance to commit; where it has to wait for us, it comes after us.
            await_only(asyncio.wait(under_way, timeout=0.2))
        return leave

    monkeypatch.setattr(module, "leave_for", leave_for)
    await tell(database, chat.person_id, words("a"))
    deliver = relay(database, platform, machine=clock, clock=clock).deliver_waiting
    await deliver()
    await asyncio.gather(*under_way)
    await deliver()
    assert await states(database) != [OutboxState.QUEUED]
    assert platform.sent
    assert await database.read(outbox.waiting) == 0


@pytest.mark.parametrize("happens", [_is_asked, _writes])
async def test_what_happens_after_the_first_decision_is_seen_by_the_second(
    database: Database, clock: FakeClock, monkeypatch: pytest.MonkeyPatch, happens: Meanwhile
) -> None:
    await meanwhile_nothing_is_stuck(database, clock, monkeypatch, decision=1, happens=happens)


@on_postgresql
@pytest.mark.parametrize("happens", [_is_asked, _writes])
async def test_what_happens_while_a_chat_is_being_held_lets_it_go(
    database: Database, clock: FakeClock, monkeypatch: pytest.MonkeyPatch, happens: Meanwhile
) -> None:
    """On SQLite units follow one another; on PostgreSQL they meet."""
    await meanwhile_nothing_is_stuck(database, clock, monkeypatch, decision=2, happens=happens)


@on_postgresql
async def test_two_relays_keep_to_one_window(database: Database, clock: FakeClock) -> None:
    platform = Platform()
    chat = await customer(database, 5)
    relays = [relay(database, platform, machine=clock, clock=clock, name=name) for name in "xy"]
    for n in range(6):
        await asyncio.gather(
            tell(database, chat.person_id, picture(f"p{n}"), by_phone=True),
            *(one.deliver_waiting() for one in relays),
        )
    await tell(database, chat.person_id, question("q"), question("none left"), by_phone=True)
    await asyncio.gather(*(one.deliver_waiting() for one in relays))
    assert platform.texts("a") == ["p0", "p1", "p2", "p3", "q"]
    assert await calls(database) == 1
    assert (await states(database)).count(OutboxState.QUEUED) == 2


async def test_a_relay_that_comes_too_late_asks_for_no_second_call(
    database: Database, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its lease ran out between the decision and the deed, and another has done it."""
    chat = await customer(database, 0)
    await tell(database, chat.person_id, question("q"), by_phone=True)
    slow = relay(database, Platform(), machine=clock, clock=clock, name="slow")
    (head,) = await database.write(
        partial(outbox.claim, by="slow", now=clock.now(), lease=module.LEASE, most=1)
    )
    clock.step(module.LEASE + timedelta(seconds=1))
    await relay(database, Platform(), machine=clock, clock=clock, name="heir").deliver_waiting()
    assert await calls(database) == 1
    await database.write(partial(slow._not_here, head, Platform()))
    assert await calls(database) == 1
