"""Quotas of a platform that drops the excess without a word: never more than it takes."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import relay as module
from bot.channels.base import Delivered, Quota
from bot.pace import quota_wait
from storage import outbox
from storage.database import Database
from storage.records import OutboxState
from tests.kernel.platform import Platform, newcomer, relay, tell, words
from tests.town import TUESDAY_10, FakeClock

NOW = TUESDAY_10


def before(seconds: int) -> datetime:
    return NOW - timedelta(seconds=seconds)


# Arithmetic

quotas = st.builds(Quota, st.integers(1, 6), st.integers(1, 20).map(float))
history = st.lists(st.tuples(st.integers(0, 30), st.integers(1, 3)), max_size=12)


def counted(sent: list[tuple[datetime, int]], quota: Quota, at: datetime) -> int:
    """The parts that a message at this instant finds within the quota's seconds."""
    since = at - timedelta(seconds=quota.seconds)
    return sum(parts for gone, parts in sent if gone > since)


@given(quotas, history, st.integers(1, 6))
def test_the_wait_is_the_shortest_that_keeps_the_quota(
    quota: Quota, ages: list[tuple[int, int]], parts: int
) -> None:
    sent = [(before(age), count) for age, count in sorted(ages)]
    ends = [gone + timedelta(seconds=quota.seconds) for gone, _ in sent]
    candidates = sorted({NOW, *(end for end in ends if end > NOW)})
    first = next(
        at
        for at in candidates
        if counted(sent, quota, at) + parts <= quota.messages or not counted(sent, quota, at)
    )
    assert quota_wait(quota, sent, NOW, parts) == (first - NOW).total_seconds()


@given(
    st.lists(quotas, min_size=1, max_size=3),
    st.lists(st.tuples(st.integers(0, 9), st.integers(1, 3)), min_size=1, max_size=30),
)
def test_who_waits_so_never_exceeds_any_quota(
    several: list[Quota], messages: list[tuple[int, int]]
) -> None:
    sent: list[tuple[datetime, int]] = []
    at = NOW
    for pause, parts in messages:
        at += timedelta(seconds=pause)
        # After the longest of the waits another quota may still want more: as the relay looks anew.
        while wait := max(quota_wait(one, sent, at, parts) for one in several):
            at += timedelta(seconds=wait)
        sent.insert(0, (at, parts))
    for quota in several:
        for place, (at, parts) in enumerate(sent):
            if parts <= quota.messages:
                assert counted(sent[place:], quota, at) <= quota.messages


# By the relay


async def told(database: Database, address: str, *texts: str) -> None:
    (chat,) = await newcomer(database, f"phone:{address}")
    await tell(database, chat.person_id, *(words(text) for text in texts))


async def test_a_quota_is_kept_over_a_restart_and_holds_up_nobody_else(
    database: Database, clock: FakeClock
) -> None:
    platform = Platform(quotas=(Quota(2, 60.0),))
    await told(database, "a", *"abcde")
    await relay(database, platform, machine=clock, name="killed").deliver_waiting()
    assert platform.texts("a") == ["a", "b"]
    await told(database, "b", "x")
    heir = relay(database, platform, machine=clock, name="heir")
    await heir.deliver_waiting()
    assert platform.texts("a") == ["a", "b"]
    assert platform.texts("b") == ["x"]
    for seconds, sent in ((59, "ab"), (1, "abcd"), (59, "abcd"), (1, "abcde")):
        clock.step(timedelta(seconds=seconds))
        await heir.deliver_waiting()
        assert platform.texts("a") == list(sent)


async def test_a_quota_counts_a_platform_s_messages_not_ours(
    database: Database, clock: FakeClock
) -> None:
    """Two pictures and their words are three, and are counted before they go, too."""
    platform = Platform(quotas=(Quota(4, 60.0),))
    platform.says["a"] = [Delivered("r", parts=2)]
    (chat,) = await newcomer(database, "phone:a")
    pictures = words("p").showing("ab", "cd")
    await tell(database, chat.person_id, words("a"), pictures, words("b"))
    deliver = relay(database, platform, machine=clock).deliver_waiting
    await deliver()
    assert platform.texts("a") == ["a"]
    clock.step(timedelta(seconds=60))
    await deliver()
    assert platform.texts("a") == ["a", "p", "b"]


async def test_the_wider_quota_counts_though_few_messages_were_sent(
    database: Database, clock: FakeClock
) -> None:
    platform = Platform(quotas=(Quota(4, 10.0), Quota(6, 3600.0)))
    platform.says["a"] = [Delivered("r", parts=3), Delivered("r", parts=3)]
    await told(database, "a", *"abc")
    deliver = relay(database, platform, machine=clock).deliver_waiting
    await deliver()
    clock.step(timedelta(seconds=11))
    await deliver()
    assert platform.texts("a") == ["a", "b"]
    clock.step(timedelta(minutes=59))
    await deliver()
    assert platform.texts("a") == ["a", "b"]
    clock.step(timedelta(seconds=49))
    await deliver()
    assert platform.texts("a") == ["a", "b", "c"]


async def test_what_is_no_message_to_the_platform_counts_for_nothing_and_hides_nothing(
    database: Database, clock: FakeClock
) -> None:
    platform = Platform(quotas=(Quota(2, 60.0),))
    edits = [Delivered("r", parts=0) for _ in range(outbox.OVERTAKING + 5)]
    platform.says["a"] = [Delivered("r"), Delivered("r"), *edits]
    (chat,) = await newcomer(database, "phone:a")
    deliver = relay(database, platform, machine=clock).deliver_waiting
    await tell(database, chat.person_id, words("a"))
    await deliver()
    platform.says["a"] = edits
    await tell(database, chat.person_id, *(words("edit") for _ in edits))
    await deliver()
    platform.says["a"] = []
    await tell(database, chat.person_id, words("b"), words("c"))
    await deliver()
    assert [one for one in platform.texts("a") if one != "edit"] == ["a", "b"]


async def test_messages_are_counted_by_when_they_went_not_by_when_they_were_written(
    database: Database, clock: FakeClock
) -> None:
    """An alarm goes before what was written earlier; that must not seem to have gone earlier."""
    (chat,) = await newcomer(database, "phone:a")
    await tell(database, chat.person_id, *(words(text) for text in "abc"))
    sent_at = {"c": NOW, "a": NOW + timedelta(seconds=30), "b": NOW + timedelta(seconds=40)}
    waiting = await database.read(lambda c: outbox.waiting_in(c, chat.id, 9))
    for letter, text in zip(waiting, "abc", strict=True):
        delivered = partial(
            outbox.end, letter=letter, state=OutboxState.DELIVERED, at=sent_at[text], ref="r"
        )
        await database.write(delivered)
    since = NOW - timedelta(seconds=1)
    sent = await database.read(lambda c: outbox.sent_since(c, chat.id, since, 9))
    assert [at for at, _ in sent] == [sent_at["b"], sent_at["a"], sent_at["c"]]
    late = await database.read(lambda c: outbox.sent_since(c, chat.id, sent_at["a"], 9))
    assert [at for at, _ in late] == [sent_at["b"]]


async def test_a_chat_that_waits_for_its_quota_is_looked_at_seldom(
    database: Database, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[int] = []
    real = outbox.claim

    def claim(*args: object, **kwargs: object) -> list[object]:
        heads = real(*args, **kwargs)  # type: ignore[arg-type]
        looks.extend(head.id for head in heads)
        return heads  # type: ignore[return-value]

    monkeypatch.setattr(module.outbox, "claim", claim)
    platform = Platform(quotas=(Quota(1, 3600.0),))
    await told(database, "a", "a", "b")
    deliver = relay(database, platform, machine=clock).deliver_waiting
    for _ in range(61):
        await deliver()
        clock.step(timedelta(minutes=1))
    assert platform.texts("a") == ["a", "b"]
    assert len(looks) <= 10
