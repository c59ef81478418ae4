"""The outbox: order in a chat, one sender at a time, edits overtaken, other ways to people."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, create_engine, select
from sqlalchemy.pool import StaticPool

from storage import outbox, people
from storage.database import Database
from storage.outbox import Letter
from storage.records import OutboxState, Outgoing
from storage.tables import deadlines, lanes, metadata, phone_tasks
from storage.tables import outbox as outbox_table
from tests.town import TUESDAY_10

NOW = TUESDAY_10
LEASE = timedelta(seconds=90)
SOON = timedelta(seconds=1)
TABLES = (
    "windows",
    "last_used",
    "persons",
    "endpoints",
    "conversations",
    "lanes",
    "outbox",
    "cards",
    "phone_tasks",
    "deadlines",
)


@pytest.fixture
def connection() -> Iterator[Connection]:
    """An empty database of tables, in memory."""
    engine = empty()
    with engine.connect() as opened:
        yield opened
    engine.dispose()


def empty() -> Engine:
    engine = create_engine("sqlite://", poolclass=StaticPool)
    metadata.create_all(engine, [metadata.tables[name] for name in TABLES])
    return engine


def person(connection: Connection, *addresses: str) -> tuple[int, list[int]]:
    """Somebody with these chats, the last one used last."""
    made = people.add_person(connection, None, None, "zh-CN", NOW)
    chats = [
        people.add_endpoint(connection, made.id, "phone", one, NOW + timedelta(minutes=place)).id
        for place, one in enumerate(addresses)
    ]
    return made.id, chats


def claim(connection: Connection, by: str = "one", now: datetime = NOW) -> list[Outgoing]:
    return outbox.claim(connection, by=by, now=now, lease=LEASE, most=100)


def deliver(connection: Connection, letter: Outgoing, ref: str = "r", by: str = "one") -> None:
    """What the relay commits after a delivery."""
    outbox.end(connection, letter, OutboxState.DELIVERED, at=NOW, ref=ref)
    if letter.card:
        outbox.show_card(connection, letter.endpoint_id, letter.card, ref, NOW)
    outbox.free_lane(connection, letter.endpoint_id, by=by, not_before=NOW)


def drain(connection: Connection) -> list[str]:
    """Deliver all that is ready, as one relay would; returns what was sent, in order."""
    sent: list[str] = []
    while heads := claim(connection):
        for letter in heads:
            sent.append(letter.message)
            deliver(connection, letter)
    return sent


def states(connection: Connection) -> list[tuple[str, OutboxState]]:
    rows = connection.execute(
        select(outbox_table.c.message, outbox_table.c.state).order_by(outbox_table.c.id)
    )
    return [(row.message, row.state) for row in rows]


# A card that is closed


def test_a_closed_card_is_changed_where_it_is_shown_and_what_waits_of_it_never_comes(
    connection: Connection,
) -> None:
    somebody, chats = person(connection, "a", "b", "c")
    face = Letter(somebody, "q", card="visit:1", everywhere=True)
    outbox.put(connection, [face], now=NOW)
    for letter in claim(connection):
        if letter.endpoint_id != chats[0]:
            deliver(connection, letter, f"r{letter.endpoint_id}")
    reminder = replace(face, message="again", everywhere=False, endpoint_id=chats[1], fresh=True)
    end = replace(face, message="-", everywhere=False, closing=True, closed=lambda: "over")
    outbox.put(connection, [reminder, Letter(somebody, "news", endpoint_id=chats[1])], now=NOW)
    assert outbox.put(connection, [end], now=NOW) == 2
    assert outbox.waiting(connection) == 3
    outbox.free_lanes(connection)
    assert sorted(drain(connection)) == ["news", "over", "over"]


def test_a_closed_card_that_no_chat_shows_is_said_to_nobody(connection: Connection) -> None:
    somebody, _ = person(connection, "a", "b")
    end = Letter(somebody, "-", card="visit:1", closing=True, closed=lambda: "over")
    assert outbox.put(connection, [end], now=NOW) == 0


# Where a letter goes


def test_a_letter_goes_to_the_chat_used_last(connection: Connection) -> None:
    somebody, (_, newer) = person(connection, "a", "b")
    assert outbox.put(connection, [Letter(somebody, "x")], now=NOW) == 1
    assert [one.endpoint_id for one in claim(connection)] == [newer]


def test_everywhere_goes_to_all_reachable_chats(connection: Connection) -> None:
    somebody, (first, second, third) = person(connection, "a", "b", "c")
    people.unreachable(connection, second, NOW)
    assert outbox.put(connection, [Letter(somebody, "x", everywhere=True)], now=NOW) == 2
    assert {one.endpoint_id for one in claim(connection)} == {first, third}


def test_an_answer_goes_to_the_chat_that_asked(connection: Connection) -> None:
    somebody, (older, _) = person(connection, "a", "b")
    outbox.put(connection, [Letter(somebody, "x", endpoint_id=older)], now=NOW)
    assert [one.endpoint_id for one in claim(connection)] == [older]


def test_somebody_no_chat_reaches_becomes_a_telephone_task(connection: Connection) -> None:
    somebody, (only,) = person(connection, "a")
    people.unreachable(connection, only, NOW)
    letters = [Letter(somebody, "must", by_phone=True), Letter(somebody, "may")]
    assert outbox.put(connection, letters, now=NOW) == 0
    assert calls(connection) == ["must"]


def test_what_has_its_own_way_falls_due_instead_of_being_read_out(connection: Connection) -> None:
    somebody, (only,) = person(connection, "a")
    asked = Letter(somebody, "question", matter="visit:7", by_phone=True)
    outbox.put(connection, [asked], now=NOW)
    (letter,) = claim(connection)
    give_up(connection, letter)
    people.unreachable(connection, only, NOW)
    outbox.put(connection, [asked, Letter(somebody, "news", matter="visit:8")], now=NOW)
    assert calls(connection) == []
    due = connection.execute(select(deadlines.c.kind, deadlines.c.subject_id, deadlines.c.due_at))
    assert [tuple(row) for row in due] == [("visit.unreached", 7, NOW)]


def calls(connection: Connection) -> list[str]:
    return list(connection.execute(select(phone_tasks.c.message)).scalars())


def test_once_is_once_in_each_chat(connection: Connection) -> None:
    somebody, _ = person(connection, "a", "b")
    alert = Letter(somebody, "x", once="alert:1", everywhere=True)
    assert outbox.put(connection, [alert, alert], now=NOW) == 2
    assert outbox.put(connection, [alert, Letter(somebody, "y")], now=NOW) == 1
    assert outbox.waiting(connection) == 3
    assert sorted(drain(connection)) == ["x", "x", "y"]
    assert outbox.waiting(connection) == 0


# Who has several chats


def used(connection: Connection, somebody: int, chat: int, *matters: str) -> None:
    people.used(connection, somebody, chat, matters, NOW)


def test_a_matter_goes_to_the_chat_where_it_was_dealt_with_last(connection: Connection) -> None:
    somebody, (older, newer) = person(connection, "a", "b")
    used(connection, somebody, newer, "order:1")
    used(connection, somebody, older, "order:1", "order:2")
    letters = [Letter(somebody, "1", matter="order:1"), Letter(somebody, "3", matter="order:3")]
    outbox.put(connection, letters, now=NOW)
    assert {one.message: one.endpoint_id for one in claim(connection)} == {"1": older, "3": newer}


def test_a_matter_of_one_person_s_says_nothing_of_another_s(connection: Connection) -> None:
    somebody, (older, newer) = person(connection, "a", "b")
    other, (first, second) = person(connection, "c", "d")
    used(connection, somebody, older, "order:1")
    letters = [Letter(one, "x", matter="order:1") for one in (somebody, other)]
    outbox.put(connection, letters, now=NOW)
    assert {one.endpoint_id for one in claim(connection)} == {older, second}
    assert newer != first


def test_a_chat_that_cannot_be_reached_has_no_matters(connection: Connection) -> None:
    somebody, (older, newer) = person(connection, "a", "b")
    used(connection, somebody, older, "order:1")
    people.unreachable(connection, older, NOW)
    outbox.put(connection, [Letter(somebody, "x", matter="order:1")], now=NOW)
    assert [one.endpoint_id for one in claim(connection)] == [newer]


def test_where_a_matter_was_dealt_with_is_forgotten_in_time(connection: Connection) -> None:
    somebody, (older, newer) = person(connection, "a", "b")
    used(connection, somebody, older, "order:1")
    assert people.forget_used_before(connection, NOW) == 0
    assert people.forget_used_before(connection, NOW + SOON) == 1
    outbox.put(connection, [Letter(somebody, "x", matter="order:1")], now=NOW)
    assert [one.endpoint_id for one in claim(connection)] == [newer]


def moved_on(somebody: int, chat: int, **how: object) -> Letter:
    """A card that moves on in one chat, with the face it is to have in others."""
    face = Letter(somebody, "new", endpoint_id=chat, card="order:1", closed=lambda: "closed")
    return replace(face, **how)  # type: ignore[arg-type]


def test_a_card_that_moves_on_is_closed_where_else_it_shows(connection: Connection) -> None:
    somebody, (first, second, _third) = person(connection, "a", "b", "c")
    outbox.show_card(connection, first, "order:1", "r1", NOW)
    outbox.show_card(connection, second, "order:1", "r2", NOW)
    outbox.show_card(connection, second, "order:2", "r3", NOW)
    essential = moved_on(somebody, first, fresh=True, essential=True, by_phone=True)
    assert outbox.put(connection, [essential], now=NOW) == 2
    heads = {one.endpoint_id: one for one in claim(connection)}
    assert {chat: one.message for chat, one in heads.items()} == {first: "new", second: "closed"}
    closed = heads[second]
    assert (closed.replaces, closed.is_edit, closed.mirror) == ("r2", True, True)
    # Whatever the new face is, an old one takes nobody's last message and is worth no call.
    assert (closed.essential, closed.by_phone, closed.fresh) == (False, False, False)
    assert not heads[first].mirror


def test_a_closed_face_that_cannot_be_shown_is_given_up_without_a_word(
    connection: Connection,
) -> None:
    somebody, (first, second) = person(connection, "a", "b")
    for chat in (first, second):
        outbox.show_card(connection, chat, "order:1", "r", NOW)
    outbox.put(connection, [moved_on(somebody, first, by_phone=True)], now=NOW)
    assert sorted(run_out(connection, lambda chat: chat == first)) == [first, second]
    assert calls(connection) == []
    assert outbox.waiting(connection) == 0


def test_what_is_known_already_closes_no_card(connection: Connection) -> None:
    somebody, (first, second) = person(connection, "a", "b")
    outbox.show_card(connection, second, "order:1", "r", NOW)
    once = moved_on(somebody, first, once="told")
    assert outbox.put(connection, [once], now=NOW) == 2
    assert outbox.put(connection, [once], now=NOW) == 0


def test_a_message_known_by_its_name_falls_back_past_a_card_it_closed(
    connection: Connection,
) -> None:
    """The closed face in the other chat is no copy of it: the words are yet to be said there."""
    somebody, (first, second) = person(connection, "a", "b")
    outbox.show_card(connection, second, "order:1", "r", NOW)
    outbox.put(connection, [moved_on(somebody, first, once="told", by_phone=True)], now=NOW)
    sent = run_out(connection, lambda chat: chat == second)
    assert sorted(sent) == [first, second, second]
    assert ("new", OutboxState.DELIVERED) in states(connection)
    assert calls(connection) == []


def test_a_letter_to_all_chats_is_not_repeated_though_nobody_named_it(
    connection: Connection,
) -> None:
    somebody, (first, second) = person(connection, "a", "b")
    letters = [Letter(somebody, text, everywhere=True, by_phone=True) for text in "xy"]
    assert outbox.put(connection, letters, now=NOW) == 4
    assert sorted(run_out(connection, lambda chat: chat == second)) == [first] * 2 + [second] * 2
    assert calls(connection) == []


# Order, and one sender at a time


def test_a_chat_gets_its_messages_in_order_one_at_a_time(connection: Connection) -> None:
    somebody, (chat,) = person(connection, "a")
    outbox.put(connection, [Letter(somebody, str(n)) for n in range(5)], now=NOW)
    first = claim(connection)
    assert [one.message for one in first] == ["0"]
    assert claim(connection) == []
    assert claim(connection, by="two") == []
    deliver(connection, first[0])
    assert drain(connection) == ["1", "2", "3", "4"]
    assert outbox.waiting(connection, [chat]) == 0


def test_chats_do_not_wait_for_each_other(connection: Connection) -> None:
    one, _ = person(connection, "a")
    two, _ = person(connection, "b")
    outbox.put(connection, [Letter(one, "a1"), Letter(one, "a2"), Letter(two, "b1")], now=NOW)
    assert {letter.message for letter in claim(connection)} == {"a1", "b1"}


def test_a_lease_that_ends_gives_the_message_to_another(connection: Connection) -> None:
    somebody, _ = person(connection, "a")
    outbox.put(connection, [Letter(somebody, "x"), Letter(somebody, "y")], now=NOW)
    (lost,) = claim(connection, by="killed")
    assert claim(connection, by="two", now=NOW + LEASE) == []
    (again,) = claim(connection, by="two", now=NOW + LEASE + SOON)
    assert again.id == lost.id
    deliver(connection, again, by="two")
    # The one thought dead settles late: that is no second end, and frees nobody's lane.
    (second,) = claim(connection, by="two", now=NOW + LEASE + SOON)
    deliver(connection, lost, by="killed")
    assert not outbox.end(connection, lost, OutboxState.UNDELIVERABLE, at=NOW)
    assert claim(connection, by="three", now=NOW + LEASE + SOON) == []
    assert outbox.waiting(connection) == 1
    deliver(connection, second, by="two")
    assert outbox.waiting(connection) == 0


def test_leases_are_given_back_by_name_or_all(connection: Connection) -> None:
    somebody, _ = person(connection, "a")
    outbox.put(connection, [Letter(somebody, "x")], now=NOW)
    claim(connection, by="one")
    outbox.free_lanes(connection, by="two")
    assert claim(connection, by="two") == []
    outbox.free_lanes(connection)
    assert len(claim(connection, by="two")) == 1


def test_a_clock_set_back_an_hour_stalls_no_lane(connection: Connection) -> None:
    leased, _ = person(connection, "a")
    paused, (chat,) = person(connection, "b")
    outbox.put(connection, [Letter(leased, "x"), Letter(paused, "y")], now=NOW)
    heads = {one.message: one for one in claim(connection, by="killed")}
    outbox.free_lane(connection, chat, by="killed", not_before=NOW + timedelta(minutes=5))
    assert heads.keys() == {"x", "y"}
    earlier = NOW - timedelta(hours=1)
    assert {one.message for one in claim(connection, now=earlier)} == {"x", "y"}


def test_a_chat_met_by_a_clock_that_is_ahead_is_written_to_at_once(connection: Connection) -> None:
    """The sandbox's clock may be five minutes ahead of the machine's."""
    made = people.add_person(connection, None, None, "zh-CN", NOW)
    people.add_endpoint(connection, made.id, "phone", "a", NOW + timedelta(minutes=5))
    outbox.put(connection, [Letter(made.id, "x")], now=NOW + timedelta(minutes=5))
    assert len(claim(connection, now=NOW)) == 1


# Cards


def test_an_edit_that_a_later_edit_overtakes_is_left_out(connection: Connection) -> None:
    somebody, (chat,) = person(connection, "a")
    outbox.show_card(connection, chat, "order:1", "r1", NOW)
    faces = [Letter(somebody, str(n), card="order:1") for n in range(3)]
    outbox.put(connection, [*faces, Letter(somebody, "other", card="order:2")], now=NOW)
    assert drain(connection) == ["2", "other"]
    assert [state for _, state in states(connection)][:2] == [OutboxState.SUPERSEDED] * 2
    assert outbox.waiting(connection) == 0


def test_the_first_face_of_a_card_is_sent_and_edits_follow(connection: Connection) -> None:
    somebody, _ = person(connection, "a")
    faces = [Letter(somebody, str(n), card="order:1") for n in range(4)]
    outbox.put(connection, faces, now=NOW)
    (first,) = claim(connection)
    assert (first.message, first.replaces) == ("0", None)
    deliver(connection, first, ref="r1")
    (last,) = claim(connection)
    assert (last.message, last.replaces) == ("3", "r1")


def test_a_message_of_its_own_is_never_overtaken(connection: Connection) -> None:
    """An alert that shows the order's card is not an edit: the next face must not swallow it."""
    somebody, (chat,) = person(connection, "a")
    outbox.show_card(connection, chat, "order:1", "r1", NOW)
    letters = [
        Letter(somebody, "edit", card="order:1"),
        Letter(somebody, "alert", card="order:1", fresh=True),
        Letter(somebody, "face", card="order:1"),
    ]
    outbox.put(connection, letters, now=NOW)
    assert drain(connection) == ["alert", "face"]


# Where a chat cannot carry it


def give_up(connection: Connection, letter: Outgoing) -> None:
    """What the relay commits where a chat cannot carry a message."""
    outbox.end(connection, letter, OutboxState.UNDELIVERABLE, at=NOW, error="closed")
    outbox.fall_back(connection, letter, at=NOW)
    outbox.free_lane(connection, letter.endpoint_id, by="one", not_before=NOW)


def run_out(connection: Connection, carries: Callable[[int], bool]) -> list[int]:
    """Try until nothing waits; returns the chats that were tried, in order."""
    tried: list[int] = []
    while heads := claim(connection):
        for letter in heads:
            tried.append(letter.endpoint_id)
            if carries(letter.endpoint_id):
                deliver(connection, letter)
            else:
                give_up(connection, letter)
            assert len(tried) < 50, "it goes round and round"
    return tried


def test_each_other_chat_is_tried_once_and_then_somebody_calls(connection: Connection) -> None:
    somebody, chats = person(connection, "a", "b", "c")
    outbox.put(connection, [Letter(somebody, "x", by_phone=True)], now=NOW)
    assert run_out(connection, lambda _chat: False) == chats[::-1]
    assert calls(connection) == ["x"]


def test_a_chat_that_carries_it_ends_the_search(connection: Connection) -> None:
    somebody, (first, second, third) = person(connection, "a", "b", "c")
    outbox.put(connection, [Letter(somebody, "x", by_phone=True)], now=NOW)
    assert run_out(connection, lambda chat: chat == second) == [third, second]
    assert calls(connection) == []
    assert first not in {one.endpoint_id for one in claim(connection)}


def test_a_message_only_for_the_chat_ends_on_record(connection: Connection) -> None:
    somebody, (chat,) = person(connection, "a")
    outbox.put(connection, [Letter(somebody, "x")], now=NOW)
    assert run_out(connection, lambda _chat: False) == [chat]
    assert calls(connection) == []
    assert states(connection) == [("x", OutboxState.UNDELIVERABLE)]


def test_an_alert_on_all_chats_is_not_repeated_where_one_fails(connection: Connection) -> None:
    somebody, (first, second) = person(connection, "a", "b")
    alert = Letter(somebody, "x", once="alert:1", everywhere=True, by_phone=True)
    outbox.put(connection, [alert], now=NOW)
    assert sorted(run_out(connection, lambda chat: chat == second)) == [first, second]
    assert calls(connection) == []


def test_an_alert_that_no_chat_carries_is_called_once(connection: Connection) -> None:
    somebody, _ = person(connection, "a", "b")
    alert = Letter(somebody, "x", once="alert:1", everywhere=True, by_phone=True)
    outbox.put(connection, [alert], now=NOW)
    assert len(run_out(connection, lambda _chat: False)) == 2
    assert calls(connection) == ["x"]


# Against a model


CHATS = 3
Step = tuple[str, int, int, bool]
steps = st.lists(
    st.one_of(
        st.tuples(
            st.just("put"),
            st.integers(0, CHATS - 1),
            st.integers(0, 2),  # 0: no card
            st.booleans(),
        ),
        st.tuples(st.sampled_from(["send", "fail", "die"]), st.just(0), st.just(0), st.just(False)),
    ),
    max_size=40,
)


class Model:
    """What a chat should get: every message in order, less the edits that were overtaken."""

    def __init__(self) -> None:
        self.queue: list[tuple[str, str | None, bool]] = []
        self.shown: set[str] = set()

    def head(self) -> str | None:
        while self.queue:
            message, card, fresh = self.queue[0]
            is_edit = card in self.shown and not fresh
            if not is_edit or not any(later[1] == card for later in self.queue[1:]):
                return message
            self.queue.pop(0)
        return None

    def sent(self) -> None:
        _, card, _ = self.queue.pop(0)
        if card:
            self.shown.add(card)


@settings(max_examples=60, deadline=None)
@given(steps)
def test_a_chat_gets_what_a_simple_queue_would_give_it(walk: list[Step]) -> None:
    engine = empty()
    with engine.connect() as connection:
        _walk(connection, walk)
    engine.dispose()


def _walk(connection: Connection, walk: list[Step]) -> None:
    owners = [person(connection, f"chat{n}") for n in range(CHATS)]
    models = {chats[0]: Model() for _, chats in owners}
    now, count = NOW, 0
    for what, which, card_number, fresh in [*walk, *[("send", 0, 0, False)] * (len(walk) + 1)]:
        if what == "put":
            count += 1
            somebody, (chat,) = owners[which]
            card = f"order:{card_number}" if card_number else None
            letter = Letter(somebody, str(count), card=card, fresh=fresh)
            outbox.put(connection, [letter], now=now)
            models[chat].queue.append((str(count), card, fresh))
            continue
        heads = {one.endpoint_id: one for one in claim(connection, now=now)}
        expected = {chat: head for chat, model in models.items() if (head := model.head())}
        assert {chat: one.message for chat, one in heads.items()} == expected
        for chat, one in heads.items():
            if what == "send":
                deliver(connection, one)
                models[chat].sent()
            elif what == "fail":
                outbox.free_lane(connection, chat, by="one", not_before=now)
        if what == "die":
            now += LEASE + SOON
    assert outbox.waiting(connection) == 0
    assert all(not model.queue for model in models.values())
    leased = select(lanes.c.endpoint_id).where(lanes.c.leased_by.is_not(None))
    assert connection.execute(leased).first() is None


# On both databases: what the statements above lean on


async def test_both_databases_keep_order_and_counts(database: Database) -> None:
    def queue(connection: Connection) -> list[int]:
        somebody, chats = person(connection, "x1", "x2")
        outbox.put(connection, [Letter(somebody, str(n)) for n in range(20)], now=NOW)
        alert = Letter(somebody, "20", once="a", everywhere=True)
        outbox.put(connection, [alert, alert], now=NOW)
        return chats

    first, second = await database.write(queue)
    assert await database.read(lambda c: outbox.waiting(c, [first])) == 1
    assert await database.read(lambda c: outbox.waiting(c, [second])) == 21
    sent = await database.write(drain)
    assert [one for one in sent if one != "20"] == [str(n) for n in range(20)]
    assert await database.read(outbox.waiting) == 0
