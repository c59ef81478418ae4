"""What a platform tells us of a chat, and what comes with events: all of it with its commit."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from bot import dispatcher as dispatching
from bot.event import (
    Event,
    HandedBack,
    Loss,
    Lost,
    News,
    Note,
    Overheard,
    Press,
    ReadOn,
    TakenOver,
    Text,
    What,
    Window,
)
from services.messages import do
from storage import channel_notes, outbox, people
from storage.database import Database
from storage.records import Endpoint, OutboxState
from storage.tables import channel_notes as notes_table
from storage.tables import outbox as outbox_table
from storage.tables import phone_tasks
from storage.tables import windows as windows_table
from tests.conversation import Town
from tests.kernel.platform import Platform, relay, rows_of, tell, words
from tests.town import TUESDAY_10, FakeClock

END = TUESDAY_10 + timedelta(hours=48)


class Chat:
    """A person's windowed chat at `a` of the trial bot; a relay of its own speaks for it."""

    def __init__(self, trial: Town, clock: FakeClock, chat: Endpoint) -> None:
        self.trial = trial
        self.clock = clock
        self.chat = chat
        self.platform = Platform()
        self.others = Platform("mail")
        self._relay = relay(
            trial.house.database, self.platform, self.others, machine=clock, clock=clock
        )

    async def takes(
        self, what: What | News, *notes: Note, dedup: str = "1", window: Window | None = None
    ) -> None:
        """An event of the channel, and all that follows."""
        event = Event(
            "phone", dedup, "a", what, self.clock.now(), "zh-CN", window=window, notes=notes
        )
        await self.trial.house.dispatcher.take(event)
        await self.settles()

    async def settles(self) -> None:
        """What waits is delivered."""
        await self._relay.deliver_waiting()

    async def hears(self, *texts: str, **how: object) -> None:
        """Somebody tells them this."""
        await tell(
            self.trial.house.database, self.chat.person_id, *(words(one) for one in texts), **how
        )
        await self.settles()


@pytest.fixture
async def chat(trial: Town, clock: FakeClock) -> Chat:
    """Somebody who has just written at `a`, so that five messages may go there."""
    event = Event("phone", "0", "a", Text("听"), clock.now(), "zh-CN", window=Window(END, 5))
    await trial.house.dispatcher.take(event)
    known = await trial.look(lambda c: people.who(c, "phone", "a"))
    assert known is not None
    made = Chat(trial, clock, known[0])
    await made.settles()
    return made


async def window(database: Database) -> tuple[object, ...]:
    """Until when, how many are left, and since when a colleague speaks."""
    columns = (windows_table.c.until, windows_table.c.left, windows_table.c.silenced_at)
    (row,) = await database.read(rows_of(select(*columns)))
    return row


async def states(database: Database) -> list[OutboxState]:
    rows = await database.read(rows_of(select(outbox_table.c.state).order_by(outbox_table.c.id)))
    return [OutboxState(str(state)) for (state,) in rows]


async def calls(database: Database) -> int:
    return len(await database.read(rows_of(select(phone_tasks.c.id))))


async def notes(database: Database) -> list[tuple[object, ...]]:
    columns = (notes_table.c.channel, notes_table.c.key, notes_table.c.value)
    return await database.read(rows_of(select(*columns).order_by(notes_table.c.key)))


# Windows and notes


async def test_who_writes_may_be_written_to(chat: Chat, database: Database) -> None:
    assert chat.platform.sent[-1].most == 5
    assert await window(database) == (END, 4, None)


async def test_a_welcome_has_its_one_message(trial: Town, clock: FakeClock) -> None:
    """The leave for one message would else be kept for a question that nobody asks."""
    event = Event(
        "phone",
        "0",
        "a",
        Text("听"),
        clock.now(),
        "zh-CN",
        window=Window(clock.now() + timedelta(seconds=20), 1),
    )
    await trial.house.dispatcher.take(event)
    platform = Platform()
    await relay(trial.house.database, platform, machine=clock, clock=clock).deliver_waiting()
    assert platform.texts("a") == ["听到：听"]


async def test_notes_are_kept_with_their_event_and_with_its_repeat(
    chat: Chat, database: Database
) -> None:
    await chat.takes(Text("听"), Note("cursor", "1"))
    assert await notes(database) == [("phone", "cursor", "1")]
    said = len(chat.platform.sent)
    await chat.takes(Text("听"), Note("cursor", "2"))
    await chat.takes(ReadOn(), Note("cursor", "3"), dedup="")
    await chat.takes(ReadOn(), Note("cursor", "4"), dedup="")
    assert await notes(database) == [("phone", "cursor", "4")]
    assert len(chat.platform.sent) == said


@pytest.mark.parametrize("data", ["trial.refuse", "trial.boom"])
async def test_notes_are_kept_though_the_event_was_refused(
    chat: Chat, database: Database, data: str
) -> None:
    await chat.takes(Press(data), Note("cursor", "1"))
    assert await notes(database) == [("phone", "cursor", "1")]


async def test_notes_and_event_are_kept_together_or_not_at_all(
    chat: Chat, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut_off(*_args: object) -> bool:
        raise OperationalError("", {}, ConnectionError("gone"), connection_invalidated=True)

    with monkeypatch.context() as patched:
        patched.setattr(dispatching.inbox, "first_time", cut_off)
        for what in (Text("听"), TakenOver()):
            with pytest.raises(OperationalError):
                await chat.takes(what, Note("cursor", "1"))
    assert await notes(database) == []
    await chat.takes(TakenOver(), Note("cursor", "1"))
    assert await notes(database) == [("phone", "cursor", "1")]
    assert (await window(database))[2] == TUESDAY_10


async def test_news_that_cannot_be_taken_do_not_stop_the_next(
    chat: Chat, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object) -> None:
        raise ValueError("of our own making")

    with monkeypatch.context() as patched:
        patched.setattr(outbox, "lose", broken)
        await chat.takes(Lost("r1", Loss.OTHER), Note("cursor", "1"))
    assert await notes(database) == [("phone", "cursor", "1")]


async def test_news_of_a_chat_that_nobody_knows_keep_their_notes(
    trial: Town, database: Database, clock: FakeClock
) -> None:
    event = Event("phone", "1", "nobody", TakenOver(), clock.now(), notes=(Note("k", "v"),))
    await trial.house.dispatcher.take(event)
    assert await notes(database) == [("phone", "k", "v")]


# A colleague speaks


async def test_taken_over_and_handed_back(chat: Chat, database: Database) -> None:
    await chat.takes(TakenOver(), dedup="t")
    said = len(chat.platform.sent)
    await chat.hears("a", "b", by_phone=True)
    assert len(chat.platform.sent) == said
    await chat.takes(HandedBack(), dedup="h", window=Window(END + timedelta(minutes=1), 5))
    assert chat.platform.texts("a")[said:] == ["a\n————\nb"]
    assert await window(database) == (END + timedelta(minutes=1), 4, None)
    # The same news again are old news, and silence nobody.
    await chat.takes(TakenOver(), dedup="t")
    await chat.hears("c")
    assert chat.platform.texts("a")[-1] == "c"


async def test_what_was_said_to_a_colleague_is_never_answered(chat: Chat) -> None:
    said = len(chat.platform.sent)
    await chat.takes(Overheard(), dedup="o")
    await chat.takes(Text("听"), dedup="o")
    assert len(chat.platform.sent) == said


# Lost messages


@pytest.mark.parametrize("by_phone", [False, True])
async def test_a_lost_message_falls_back_as_if_it_could_not_be_sent(
    chat: Chat, database: Database, by_phone: bool
) -> None:
    await chat.hears("a", by_phone=by_phone)
    ref = f"r{len(chat.platform.sent)}"
    for _ in range(2):
        await chat.takes(Lost(ref, Loss.OTHER), dedup="l")
    assert (await states(database))[-1] is OutboxState.UNDELIVERABLE
    assert await calls(database) == (1 if by_phone else 0)
    await chat.takes(Lost(ref, Loss.OTHER), dedup="told in other words")
    await chat.takes(Lost("r99", Loss.OTHER), dedup="never sent")
    assert await calls(database) == (1 if by_phone else 0)


async def test_a_message_may_be_lost_before_it_has_wholly_gone(
    chat: Chat, database: Database
) -> None:
    gate = chat.platform.held["a"] = asyncio.Event()
    chat.platform.reached["a"].clear()
    hearing = asyncio.create_task(chat.hears("a", by_phone=True))
    await chat.platform.reached["a"].wait()
    lost = Lost(f"r{len(chat.platform.sent)}", Loss.OTHER)
    await chat.trial.house.dispatcher.take(Event("phone", "l", "a", lost, chat.clock.now()))
    gate.set()
    await hearing
    assert (await states(database))[-1] is OutboxState.UNDELIVERABLE
    assert await calls(database) == 1
    assert await notes(database) == []


async def test_a_lost_message_goes_to_the_other_chat(chat: Chat, database: Database) -> None:
    await chat.trial.change(
        lambda c: people.add_endpoint(c, chat.chat.person_id, "mail", "m", TUESDAY_10)
    )
    await chat.hears("a", by_phone=True, endpoint_id=chat.chat.id)
    await chat.takes(Lost(f"r{len(chat.platform.sent)}", Loss.UNREACHABLE), dedup="l")
    assert chat.others.texts("m") == ["a"]
    assert await calls(database) == 0


async def test_what_was_joined_falls_back_once_with_all_its_words(
    chat: Chat, database: Database
) -> None:
    await chat.trial.change(
        lambda c: people.add_endpoint(c, chat.chat.person_id, "mail", "m", TUESDAY_10)
    )
    await tell(
        database,
        chat.chat.person_id,
        words("a"),
        words("b").row(do("trial.start")),
        endpoint_id=chat.chat.id,
    )
    await chat.settles()
    await chat.takes(Lost(f"r{len(chat.platform.sent)}", Loss.OTHER), dedup="l")
    assert chat.others.texts("m") == ["a\n————\nb"]
    assert [len(row) for row in chat.others.sent[0].spoken.rows] == [1]


async def test_of_a_card_that_was_lost_only_what_it_said_last_falls_back(
    chat: Chat, database: Database
) -> None:
    for text in ("first", "second"):
        await tell(database, chat.chat.person_id, words(text).as_card("order:1"), by_phone=True)
        await chat.settles()
    ref = chat.platform.sent[-1].replaces
    assert ref is not None
    await chat.takes(Lost(ref, Loss.OTHER), dedup="l")
    assert await calls(database) == 1
    assert (await states(database))[-2:] == [OutboxState.UNDELIVERABLE] * 2


@pytest.mark.parametrize(
    ("loss", "until", "left", "reachable"),
    [
        (Loss.WINDOW_CLOSED, TUESDAY_10, 0, True),
        (Loss.BUDGET_SPENT, END, 0, True),
        (Loss.UNREACHABLE, END, 3, False),
        (Loss.OTHER, END, 3, True),
    ],
)
async def test_why_a_message_was_lost_is_a_lesson(
    chat: Chat, database: Database, loss: Loss, until: object, left: int, reachable: bool
) -> None:
    await chat.hears("a")
    await chat.takes(Lost(f"r{len(chat.platform.sent)}", loss), dedup="l")
    assert await window(database) == (until, left, None)
    found = await database.read(partial(people.reachable, person_ids=[chat.chat.person_id]))
    assert bool(found) is reachable


async def test_a_note_of_another_channel_is_not_touched(chat: Chat, database: Database) -> None:
    await database.write(
        partial(channel_notes.keep, channel="mail", key="cursor", value="m", until=None)
    )
    await chat.takes(Text("听"), Note("cursor", "p"))
    assert sorted(await notes(database), key=str) == [
        ("mail", "cursor", "m"),
        ("phone", "cursor", "p"),
    ]
