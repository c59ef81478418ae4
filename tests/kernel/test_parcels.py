"""Bursts are batched (§3.5): many alerts of one chat go out as one list, and none is lost by it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from bot import relay as module
from bot.channels.base import Rejected, Retry, Unreachable
from services import briefs
from services.messages import Brief, Message, do
from storage import outbox
from storage.database import Database
from storage.records import OutboxState
from storage.tables import outbox as outbox_table
from storage.tables import phone_tasks
from tests.kernel.platform import Platform, newcomer, relay, rows_of, tell, words
from tests.town import FakeClock

QUEUED, DELIVERED = OutboxState.QUEUED, OutboxState.DELIVERED
SUPERSEDED, LOST = OutboxState.SUPERSEDED, OutboxState.UNDELIVERABLE


def alert(name: str, *, urgent: bool = False, card: str = "", fresh: bool = True) -> Message:
    """An alert that says its name at length, and in brief."""
    label = words(f"open {name}").parts[0]
    brief = Brief(words(name).parts[0], do("desk.order", name, label=label), urgent=urgent)
    face = replace(words(f"all about {name}"), brief=brief)
    return face.as_card(card or f"order:{name}", fresh=fresh)


def alerts(names: str) -> list[Message]:
    return [alert(name) for name in names]


def listed(names: str) -> str:
    return "\n".join([f"{len(names)}:", *names])


async def ended(database: Database) -> list[OutboxState]:
    rows = await database.read(rows_of(select(outbox_table.c.state).order_by(outbox_table.c.id)))
    return [OutboxState(str(state)) for (state,) in rows]


async def told(database: Database, *messages: Message, **how: object) -> None:
    """Alerts for the one person there is, with a chat at `a`."""
    (chat,) = await newcomer(database, "phone:a")
    await tell(database, chat.person_id, *messages, **how)


async def test_3_5_what_waits_at_once_is_one_list_with_a_button_for_each(
    database: Database, clock: FakeClock
) -> None:
    platform = Platform()
    await told(database, *alerts("abcd"))
    await relay(database, platform, machine=clock).deliver_waiting()
    assert platform.texts("a") == [listed("abcd")]
    buttons = [one.data for row in platform.sent[0].spoken.rows for one in row]
    assert buttons == [f"desk.order|{name}" for name in "abcd"]
    assert await ended(database) == [SUPERSEDED] * 3 + [DELIVERED]
    assert await database.read(outbox.waiting) == 0


async def test_two_alerts_are_two_messages(database: Database, clock: FakeClock) -> None:
    platform = Platform()
    await told(database, *alerts("ab"))
    await relay(database, platform, machine=clock).deliver_waiting()
    assert platform.texts("a") == ["all about a", "all about b"]


async def test_what_is_no_alert_keeps_its_place(database: Database, clock: FakeClock) -> None:
    platform = Platform()
    await told(database, *alerts("ab"), words("x"), *alerts("cde"), words("y"), alert("f"))
    await relay(database, platform, machine=clock).deliver_waiting()
    said = ["all about a", "all about b", "x", listed("cde"), "y", "all about f"]
    assert platform.texts("a") == said


async def test_3_5_an_emergency_goes_first_and_by_itself(
    database: Database, clock: FakeClock
) -> None:
    platform = Platform()
    await told(database, *alerts("ab"), alert("E", urgent=True), *alerts("cd"))
    await relay(database, platform, machine=clock).deliver_waiting()
    assert platform.texts("a") == ["all about E", listed("abcd")]


async def test_emergencies_are_no_list_however_many(database: Database, clock: FakeClock) -> None:
    platform = Platform()
    await told(database, *(alert(name, urgent=True) for name in "abcd"))
    await relay(database, platform, machine=clock).deliver_waiting()
    assert platform.texts("a") == [f"all about {name}" for name in "abcd"]


async def test_a_card_stands_in_the_list_once_as_it_was_last(
    database: Database, clock: FakeClock
) -> None:
    platform = Platform()
    early, late = (alert(name, card="order:1") for name in "ez")
    await told(database, early, *alerts("bc"), late)
    await relay(database, platform, machine=clock).deliver_waiting()
    assert platform.texts("a") == [listed("bcz")]


async def test_alerts_of_one_card_are_no_list(database: Database, clock: FakeClock) -> None:
    platform = Platform()
    await told(database, *(alert(name, card="order:1") for name in "abc"))
    await relay(database, platform, machine=clock).deliver_waiting()
    assert platform.texts("a")[0] == "all about a"


async def test_a_list_is_no_card_s_face(database: Database, clock: FakeClock) -> None:
    platform = Platform()
    (chat,) = await newcomer(database, "phone:a")
    deliver = relay(database, platform, machine=clock).deliver_waiting
    await tell(database, chat.person_id, alert("a"))
    await deliver()
    await tell(database, chat.person_id, *alerts("abc"))
    await deliver()
    await tell(database, chat.person_id, alert("a", fresh=False), alert("b", fresh=False))
    await deliver()
    assert [one.spoken.text for one in platform.sent] == [
        "all about a",
        listed("abc"),
        "all about a",
        "all about b",
    ]
    # The card shown before is edited in its place, one that was only listed comes by itself.
    assert [one.replaces for one in platform.sent] == [None, None, "r1", None]


async def test_edits_in_place_are_not_listed(database: Database, clock: FakeClock) -> None:
    platform = Platform()
    (chat,) = await newcomer(database, "phone:a")
    deliver = relay(database, platform, machine=clock).deliver_waiting
    for name in "abc":
        await tell(database, chat.person_id, alert(name))
        await deliver()
    await tell(database, chat.person_id, *(alert(name, fresh=False) for name in "abc"))
    await deliver()
    assert [one.replaces for one in platform.sent[3:]] == ["r1", "r2", "r3"]


async def test_what_was_offered_last_is_the_list(database: Database, clock: FakeClock) -> None:
    """A typed number picks from the newest choices: those of the list, not of what is in it."""
    from services.messages import load_message

    platform = Platform()
    (chat,) = await newcomer(database, "phone:a")
    await tell(database, chat.person_id, *alerts("abc"))
    await relay(database, platform, machine=clock).deliver_waiting()
    offered = await database.read(lambda c: outbox.newest(c, chat.id))
    (message,) = [load_message(one) for one in offered]
    assert [action.data for row in message.rows for action in row] == [
        f"desk.order|{name}" for name in "abc"
    ]


async def test_a_face_closed_in_another_chat_is_in_no_list(
    database: Database, clock: FakeClock
) -> None:
    """It is an edit in place or nothing; what waits around it is told as if it were not there."""
    phone, mail = Platform("phone"), Platform("mail")
    other, chat = await newcomer(database, "mail:m", "phone:a")
    deliver = relay(database, phone, mail, machine=clock).deliver_waiting
    await tell(database, chat.person_id, alert("a"), everywhere=True)
    await deliver()
    await tell(database, chat.person_id, alert("b"), alert("c"), endpoint_id=other.id)
    await tell(database, chat.person_id, alert("a", fresh=False), endpoint_id=chat.id)
    await tell(database, chat.person_id, alert("d"), endpoint_id=other.id)
    await deliver()
    assert mail.texts("m") == [f"all about {name}" for name in "abcad"]
    closed = mail.sent[3]
    assert closed.replaces == "r1"
    assert (closed.spoken.rows, closed.spoken.silent) == ((), True)


# When it fails


async def test_not_now_is_tried_again_with_all_that_waits_by_then(
    database: Database, clock: FakeClock
) -> None:
    platform = Platform()
    platform.says["a"] = [Retry(3.0)]
    (chat,) = await newcomer(database, "phone:a")
    await tell(database, chat.person_id, *alerts("abc"))
    deliver = relay(database, platform, machine=clock).deliver_waiting
    await deliver()
    assert await ended(database) == [QUEUED] * 3
    await tell(database, chat.person_id, alert("d"))
    clock.step(timedelta(seconds=4))
    await deliver()
    assert platform.texts("a") == [listed("abc"), listed("abcd")]
    # Another message than the one that may have arrived: its key says so.
    assert platform.sent[0].key != platform.sent[1].key


async def test_killed_between_sending_and_saying_so_the_same_list_is_sent_again(
    database: Database, clock: FakeClock
) -> None:
    platform = Platform()
    platform.held["a"] = asyncio.Event()
    await told(database, *alerts("abc"))
    killed = relay(database, platform, machine=clock, name="killed")
    claimed = asyncio.create_task(killed.deliver_waiting())
    await platform.reached["a"].wait()
    for task in killed._under_way:
        task.cancel()
    await asyncio.wait([claimed, *killed._under_way])
    platform.held.clear()
    clock.step(module.LEASE + timedelta(seconds=1))
    await relay(database, platform, machine=clock, name="heir").deliver_waiting()
    assert platform.texts("a") == [listed("abc")] * 2
    assert platform.sent[0].key == platform.sent[1].key
    assert await ended(database) == [SUPERSEDED, SUPERSEDED, DELIVERED]


async def test_where_a_chat_carries_nothing_each_goes_the_other_way(
    database: Database, clock: FakeClock
) -> None:
    phone, mail = Platform("phone"), Platform("mail")
    phone.says["a"] = [Unreachable("blocked")]
    chats = await newcomer(database, "mail:m", "phone:a")
    await tell(database, chats[0].person_id, *alerts("abc"), by_phone=True)
    await relay(database, phone, mail, machine=clock).deliver_waiting()
    assert mail.texts("m") == [listed("abc")]
    assert await ended(database) == [LOST] * 3 + [SUPERSEDED, SUPERSEDED, DELIVERED]

    mail.says["m"] = [Unreachable("blocked")]
    await tell(database, chats[0].person_id, *alerts("xyz"), by_phone=True)
    await relay(database, phone, mail, machine=clock).deliver_waiting()
    assert len(await database.read(rows_of(select(phone_tasks.c.id)))) == 3


async def test_a_list_that_is_refused_goes_out_one_by_one(
    database: Database, clock: FakeClock
) -> None:
    platform = Platform()
    platform.says["a"] = [Rejected("for some reason"), Rejected("this one")]
    await told(database, *alerts("abc"))
    await relay(database, platform, machine=clock).deliver_waiting()
    assert platform.texts("a") == [listed("abc"), *(f"all about {name}" for name in "abc")]
    assert await ended(database) == [LOST, DELIVERED, DELIVERED]


async def test_a_list_too_long_for_its_channel_is_two(database: Database, clock: FakeClock) -> None:
    platform = Platform()
    platform.limits = replace(platform.limits, text=len(listed("abcd")))
    await told(database, *alerts("abcdefgh"))
    await relay(database, platform, machine=clock).deliver_waiting()
    assert platform.texts("a") == [listed("abcd"), listed("efgh")]


def test_3_5_more_than_ten_lead_to_the_boards() -> None:
    many = [one.brief for one in alerts("abcdefghijkl") if one.brief]
    *rows, last = briefs.together(many).rows
    assert sum(len(row) for row in rows) == briefs.BUTTONS
    assert [action.name for action in last] == list(briefs.BOARDS)
