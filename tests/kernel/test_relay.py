"""The relay: every outcome a platform can have, order in a chat, and nobody waiting for another."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot import relay as module
from bot.channels.base import (
    CannotEdit,
    Delivered,
    Limits,
    Outcome,
    Rejected,
    Retry,
    Silenced,
    Unreachable,
    WindowClosed,
)
from bot.pace import Pace
from services.messages import do, say
from storage import outbox, people
from storage.database import Database
from storage.records import OutboxState
from storage.tables import outbox as outbox_table
from storage.tables import phone_tasks
from tests.kernel.platform import Platform, newcomer, relay, rows_of, tell, words
from tests.town import FakeClock

on_postgresql = pytest.mark.parametrize("town_url", ["postgresql"], indirect=True)


async def states(database: Database) -> list[OutboxState]:
    rows = await database.read(rows_of(select(outbox_table.c.state).order_by(outbox_table.c.id)))
    return [OutboxState(str(state)) for (state,) in rows]


async def calls(database: Database) -> int:
    return len(await database.read(rows_of(select(phone_tasks.c.id))))


# What a platform can answer


async def test_messages_arrive_in_order(database: Database, clock: FakeClock) -> None:
    platform = Platform()
    (chat,) = await newcomer(database, "phone:a")
    await tell(database, chat.person_id, *(words(str(n)) for n in range(10)))
    await relay(database, platform, machine=clock).deliver_waiting()
    assert platform.texts("a") == [str(n) for n in range(10)]
    assert await states(database) == [OutboxState.DELIVERED] * 10
    assert len({one.key for one in platform.sent}) == 10


async def test_a_card_is_edited_in_place(database: Database, clock: FakeClock) -> None:
    platform = Platform()
    (chat,) = await newcomer(database, "phone:a")
    deliver = relay(database, platform, machine=clock).deliver_waiting
    for text in ("first", "second"):
        await tell(database, chat.person_id, words(text).as_card("order:1"))
        await deliver()
    await tell(database, chat.person_id, words("alert").as_card("order:1", fresh=True))
    await deliver()
    await tell(database, chat.person_id, words("picture").as_card("order:1").showing("ab"))
    await deliver()
    assert [one.replaces for one in platform.sent] == [None, "r1", None, None]


async def test_what_cannot_be_edited_any_more_is_sent_anew(
    database: Database, clock: FakeClock
) -> None:
    platform = Platform()
    (chat,) = await newcomer(database, "phone:a")
    deliver = relay(database, platform, machine=clock).deliver_waiting
    await tell(database, chat.person_id, words("first").as_card("order:1"))
    await deliver()
    platform.says["a"] = [CannotEdit()]
    await tell(database, chat.person_id, words("second").as_card("order:1"))
    await deliver()
    await tell(database, chat.person_id, words("third").as_card("order:1"))
    await deliver()
    assert [one.replaces for one in platform.sent] == [None, "r1", None, "r3"]
    assert await states(database) == [OutboxState.DELIVERED] * 3


async def test_not_now_is_tried_again_later_and_later(database: Database, clock: FakeClock) -> None:
    platform = Platform()
    platform.says["a"] = [Retry(3.0), Retry(0.0), Retry(0.0)]
    (chat,) = await newcomer(database, "phone:a")
    await tell(database, chat.person_id, words("x"), words("y"))
    deliver = relay(database, platform, machine=clock).deliver_waiting
    for pause, sent in ((0.0, 1), (2.9, 1), (0.2, 2), (1.9, 2), (0.2, 3), (3.9, 3)):
        clock.step(timedelta(seconds=pause))
        await deliver()
        assert len(platform.sent) == sent
    clock.step(timedelta(seconds=1))
    await deliver()
    assert platform.texts("a") == ["x", "x", "x", "x", "y"]


async def test_a_long_pause_is_kept_though_no_longer_than_ten_minutes(
    database: Database, clock: FakeClock
) -> None:
    platform = Platform()
    platform.says["a"] = [Retry(3600.0)]
    (chat,) = await newcomer(database, "phone:a")
    await tell(database, chat.person_id, words("x"))
    deliver = relay(database, platform, machine=clock).deliver_waiting
    await deliver()
    clock.step(timedelta(minutes=9, seconds=59))
    await deliver()
    assert len(platform.sent) == 1
    clock.step(timedelta(seconds=2))
    await deliver()
    assert len(platform.sent) == 2


async def test_a_held_channel_is_silent_and_others_speak(
    database: Database, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No delivery waits in its place for longer than a lease lasts, so nothing is sent twice."""
    seconds = [1000.0]
    monkeypatch.setattr(module, "monotonic", lambda: seconds[0])
    held, other = Platform("phone"), Platform("mail")
    held.says["a"] = [Retry(120.0, everyone=True)]
    (first,) = await newcomer(database, "phone:a")
    await tell(database, first.person_id, words("x"))
    deliver = relay(database, held, other, machine=clock).deliver_waiting
    await deliver()
    for n in range(module.AT_ONCE + 5):
        (one,) = await newcomer(database, f"phone:b{n}")
        await tell(database, one.person_id, words("later"))
    (elsewhere,) = await newcomer(database, "mail:c")
    await tell(database, elsewhere.person_id, words("now"))
    await deliver()
    assert other.texts("c") == ["now"]
    assert len(held.sent) == 1
    seconds[0] += 121
    clock.step(timedelta(seconds=121))
    await deliver()
    assert len(held.sent) == 2 + module.AT_ONCE + 5
    assert await outbox_is_empty(database)


async def outbox_is_empty(database: Database) -> bool:
    return await database.read(outbox.waiting) == 0


@pytest.mark.parametrize("outcome", [WindowClosed(), Unreachable("blocked")])
async def test_where_a_chat_carries_nothing_the_other_is_used(
    database: Database, clock: FakeClock, outcome: Outcome
) -> None:
    phone, mail = Platform("phone"), Platform("mail")
    phone.says["a"] = [outcome]
    chats = await newcomer(database, "mail:m", "phone:a")
    await tell(database, chats[0].person_id, words("x"), by_phone=True)
    await relay(database, phone, mail, machine=clock).deliver_waiting()
    assert (phone.texts("a"), mail.texts("m")) == (["x"], ["x"])
    assert await calls(database) == 0


async def test_two_closed_windows_end_in_one_telephone_call(
    database: Database, clock: FakeClock
) -> None:
    phone, mail = Platform("phone"), Platform("mail")
    phone.says["a"] = [WindowClosed()] * 20
    mail.says["m"] = [WindowClosed()] * 20
    chats = await newcomer(database, "mail:m", "phone:a")
    await tell(database, chats[0].person_id, words("x"), by_phone=True)
    await relay(database, phone, mail, machine=clock).deliver_waiting()
    assert (len(phone.sent), len(mail.sent)) == (1, 1)
    assert await calls(database) == 1


async def test_an_unreachable_chat_is_marked_until_the_person_writes_again(
    database: Database, clock: FakeClock
) -> None:
    platform = Platform()
    platform.says["a"] = [Unreachable("blocked")]
    (chat,) = await newcomer(database, "phone:a")
    deliver = relay(database, platform, machine=clock).deliver_waiting
    await tell(database, chat.person_id, words("x"))
    await deliver()
    await tell(database, chat.person_id, words("y"), by_phone=True)
    await deliver()
    assert (platform.texts("a"), await calls(database)) == (["x"], 1)

    marked = await database.read(lambda c: people.who(c, "phone", "a"))
    assert marked is not None
    assert marked[0].unreachable_at is not None
    await database.write(lambda c: people.seen(c, marked[0], clock.now()))
    await tell(database, chat.person_id, words("z"))
    await deliver()
    assert platform.texts("a") == ["x", "z"]


async def test_a_rejected_message_is_put_aside_and_the_next_goes(
    database: Database, clock: FakeClock
) -> None:
    platform = Platform()
    platform.says["a"] = [Rejected("too long")]
    (chat,) = await newcomer(database, "phone:a")
    await tell(database, chat.person_id, words("x"), words("y"))
    await relay(database, platform, machine=clock).deliver_waiting()
    assert platform.texts("a") == ["x", "y"]
    assert await states(database) == [OutboxState.UNDELIVERABLE, OutboxState.DELIVERED]


async def test_what_a_platform_refuses_goes_another_way(
    database: Database, clock: FakeClock
) -> None:
    phone, radio = Platform(), Platform("radio")
    _, there = await newcomer(database, "phone:a", "radio:a")
    radio.says["a"] = [Rejected("its filter")]
    await tell(database, there.person_id, words("已预约"), by_phone=True)
    await relay(database, phone, radio, machine=clock).deliver_waiting()
    assert phone.texts("a") == ["已预约"]
    assert await calls(database) == 0
    phone.says["a"] = [Rejected("its filter, too")]
    radio.says["a"] = [Rejected("its filter")]
    await tell(database, there.person_id, words("已取消"), by_phone=True)
    await relay(database, phone, radio, machine=clock).deliver_waiting()
    assert await calls(database) == 1


async def test_a_message_without_words_is_put_aside(database: Database, clock: FakeClock) -> None:
    platform = Platform()
    (chat,) = await newcomer(database, "phone:a")
    await tell(database, chat.person_id, say("no-such-words"), words("y"))
    await relay(database, platform, machine=clock).deliver_waiting()
    assert platform.texts("a") == ["y"]


async def test_a_message_at_which_the_channel_breaks_is_put_aside_at_last(
    database: Database, clock: FakeClock
) -> None:
    platform = Platform()
    platform.says["a"] = [ValueError("a fault of ours")] * 100
    platform.says["b"] = [ValueError("a passing one")]
    chats = [(await newcomer(database, f"phone:{one}"))[0] for one in "ab"]
    for chat in chats:
        await tell(database, chat.person_id, words("x"))
    deliver = relay(database, platform, machine=clock).deliver_waiting
    for _ in range(20):
        await deliver()
        clock.step(timedelta(minutes=5))
    assert len(platform.texts("a")) == module.MOST_FAULTS + 1
    assert len(platform.texts("b")) == 2
    assert await states(database) == [OutboxState.UNDELIVERABLE, OutboxState.DELIVERED]


async def test_a_channel_that_does_not_run_keeps_its_messages(
    database: Database, clock: FakeClock
) -> None:
    (chat,) = await newcomer(database, "phone:a")
    await tell(database, chat.person_id, words("x"))
    await relay(database, machine=clock).deliver_waiting()
    platform = Platform()
    clock.step(timedelta(minutes=6))
    await relay(database, platform, machine=clock).deliver_waiting()
    assert platform.texts("a") == ["x"]


async def test_a_channel_that_never_answers_is_given_up_after_a_while(
    database: Database, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SEND_TIMEOUT_S", 0.0)
    platform = Platform()
    platform.held["a"] = asyncio.Event()
    (chat,) = await newcomer(database, "phone:a")
    await tell(database, chat.person_id, words("x"))
    deliver = relay(database, platform, machine=clock).deliver_waiting
    await deliver()
    platform.held.clear()
    monkeypatch.setattr(module, "SEND_TIMEOUT_S", 60.0)
    clock.step(timedelta(seconds=6))
    await deliver()
    assert await states(database) == [OutboxState.DELIVERED]


# Nobody waits for another


async def test_one_slow_chat_holds_up_nobody(database: Database, clock: FakeClock) -> None:
    platform = Platform()
    platform.held["slow"] = asyncio.Event()
    (slow,) = await newcomer(database, "phone:slow")
    (quick,) = await newcomer(database, "phone:quick")
    await tell(database, slow.person_id, words("s1"), words("s2"))
    running = asyncio.create_task(relay(database, platform, machine=clock).deliver_waiting())
    await platform.reached["slow"].wait()
    await tell(database, quick.person_id, *(words(f"q{n}") for n in range(5)))
    # A second relay of the same process's kind finds the slow lane leased, the quick one free.
    await relay(database, platform, machine=clock, name="two").deliver_waiting()
    assert platform.texts("quick") == [f"q{n}" for n in range(5)]
    assert platform.texts("slow") == ["s1"]
    platform.held["slow"].set()
    await running
    assert platform.texts("slow") == ["s1", "s2"]


async def test_a_running_relay_is_woken_and_ends_in_order(
    database: Database, clock: FakeClock
) -> None:
    platform = Platform()
    platform.held["a"] = asyncio.Event()
    (chat,) = await newcomer(database, "phone:a")
    one = relay(database, platform, machine=clock)
    running = asyncio.create_task(one.run())
    await tell(database, chat.person_id, words("x"), words("y"))
    one.wake()
    await platform.reached["a"].wait()
    running.cancel()
    await asyncio.sleep(0)
    platform.held["a"].set()
    with pytest.raises(asyncio.CancelledError):
        await running
    # What was being sent is settled, and the rest is free for the next process.
    assert await states(database) == [OutboxState.DELIVERED, OutboxState.QUEUED]
    await relay(database, platform, machine=clock, name="two").deliver_waiting()
    assert platform.texts("a") == ["x", "y"]


async def test_a_relay_outlives_a_database_that_is_away_for_a_moment(
    database: Database, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "POLL_S", 0.0)
    platform = Platform()
    (chat,) = await newcomer(database, "phone:a")
    await tell(database, chat.person_id, words("x"))
    one = relay(database, platform, machine=clock)
    claim, failures = outbox.claim, [OSError("away"), OSError("away")]

    def away(*args: object, **how: object) -> object:
        if failures:
            raise failures.pop()
        return claim(*args, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(outbox, "claim", away)
    running = asyncio.create_task(one.run())
    await platform.reached["a"].wait()
    running.cancel()
    await asyncio.wait([running])
    assert platform.texts("a") == ["x"]


async def test_killed_between_sending_and_saying_so_it_is_sent_again(
    database: Database, clock: FakeClock
) -> None:
    platform = Platform()
    platform.held["a"] = asyncio.Event()
    (chat,) = await newcomer(database, "phone:a")
    await tell(database, chat.person_id, words("x"), words("y"))
    killed = relay(database, platform, machine=clock, name="killed")
    claimed = asyncio.create_task(killed.deliver_waiting())
    await platform.reached["a"].wait()
    for task in killed._under_way:
        task.cancel()
    await asyncio.wait([claimed, *killed._under_way])
    platform.held.clear()
    heir = relay(database, platform, machine=clock, name="heir")
    await heir.deliver_waiting()
    assert platform.texts("a") == ["x"]
    clock.step(module.LEASE + timedelta(seconds=1))
    await heir.deliver_waiting()
    assert platform.texts("a") == ["x", "x", "y"]
    assert platform.sent[0].key == platform.sent[1].key


async def test_a_clock_set_back_an_hour_stalls_nobody(database: Database, clock: FakeClock) -> None:
    platform = Platform()
    (chat,) = await newcomer(database, "phone:a")
    deliver = relay(database, platform, machine=clock).deliver_waiting
    await tell(database, chat.person_id, words("x"))
    await deliver()
    clock.step(timedelta(hours=-1))
    await tell(database, chat.person_id, words("y"))
    await deliver()
    assert platform.texts("a") == ["x", "y"]


@on_postgresql
async def test_two_relays_at_once_keep_order_and_send_nothing_twice(
    database: Database, town_url: str, clock: FakeClock
) -> None:
    from storage.database import open_database

    platform = Platform()
    other = open_database(town_url)
    chats = [(await newcomer(database, f"phone:c{n}"))[0] for n in range(12)]
    relays = [
        relay(database, platform, machine=clock, name="one"),
        relay(other, platform, machine=clock, name="two"),
    ]

    async def talk(chat_number: int) -> None:
        for n in range(8):
            await tell(database, chats[chat_number].person_id, words(str(n)))

    async def keep_delivering(one: module.Relay) -> None:
        while not told.is_set() or not await outbox_is_empty(database):
            await one.deliver_waiting()

    told = asyncio.Event()
    delivering = [asyncio.create_task(keep_delivering(one)) for one in relays]
    await asyncio.gather(*(talk(n) for n in range(12)))
    told.set()
    await asyncio.gather(*delivering)
    await other.close()
    for n in range(12):
        assert platform.texts(f"c{n}") == [str(one) for one in range(8)]


# Pace


LIMITS = Limits(
    text=1, caption=1, label=1, data_bytes=1, overall_per_s=10.0, chat_per_s=1.0, chat_burst=3
)


def test_the_overall_limit_spaces_messages() -> None:
    pace = Pace(LIMITS)
    assert [round(pace.take(100.0), 2) for _ in range(4)] == [0.0, 0.1, 0.2, 0.3]
    assert pace.wait(100.0) == pytest.approx(0.4)
    assert pace.take(200.0) == 0.0


def test_a_hold_is_for_everybody() -> None:
    pace = Pace(LIMITS)
    pace.hold(5.0, 100.0)
    pace.hold(1.0, 100.0)
    assert pace.wait(100.0) == 5.0
    assert pace.wait(106.0) == 0.0


def test_a_chat_rests_after_its_burst_and_recovers() -> None:
    pace = Pace(LIMITS)
    assert [pace.rest(1, 100.0) for _ in range(5)] == [0.0, 0.0, 0.0, 1.0, 2.0]
    assert pace.rest(2, 100.0) == 0.0
    assert pace.rest(1, 110.0) == 0.0


def test_chats_of_long_ago_are_forgotten() -> None:
    pace = Pace(replace(LIMITS, chat_burst=1))
    for chat in range(10_001):
        pace.rest(chat, 0.0)
    pace.rest(0, 1000.0)
    assert len(pace._chats) == 1


async def test_a_chat_rests_by_the_limits_of_its_platform(
    database: Database, clock: FakeClock
) -> None:
    platform = Platform(chat_per_s=0.001, chat_burst=2)
    (chat,) = await newcomer(database, "phone:a")
    await tell(database, chat.person_id, *(words(str(n)) for n in range(4)))
    deliver = relay(database, platform, machine=clock).deliver_waiting
    await deliver()
    assert platform.texts("a") == ["0", "1", "2"]
    clock.step(timedelta(minutes=11))
    await deliver()
    assert platform.texts("a") == ["0", "1", "2", "3"]


async def test_buttons_carry_their_data(database: Database, clock: FakeClock) -> None:
    platform = Platform()
    (chat,) = await newcomer(database, "phone:a")
    label = words("go").parts[0]
    await tell(database, chat.person_id, words("x").row(do("order.accept", 7, label=label)))
    await relay(database, platform, machine=clock).deliver_waiting()
    ((button,),) = platform.sent[0].spoken.rows
    assert (button.label, button.data) == ("go", "order.accept|7")


def test_outcomes_are_all_of_them() -> None:
    """A new outcome needs a test here or in `test_windows`."""
    kinds = {Delivered, Retry, WindowClosed, Silenced, Unreachable, Rejected, CannotEdit}
    assert set(Outcome.__args__) == kinds  # type: ignore[attr-defined]
