"""The stream loses nothing and doubles nothing, and the clock moves through what falls due."""

from __future__ import annotations

import asyncio
import json
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.channels.base import Sending, Spoken
from bot.channels.sandbox.talk import Turn
from bot.channels.sandbox.timepiece import month_end
from tests.sandbox.centre import Centre
from tests.sandbox.hand import Hand, News
from tests.sandbox.stand_in import CS, OWNER


async def tell(centre: Centre, *texts: str) -> None:
    for text in texts:
        await centre.channel.send(Sending(OWNER, Spoken(text), f"key-{text}"))


async def hear(
    hand: Hand, count: int, after: int, last: int | None = None, look: str = "plain"
) -> list[News]:
    """The next entries of the stream, leaving out the clock's."""
    journal = (await hand.state()).journal
    heard: list[News] = []
    async with aclosing(hand.listens(journal, after, last, look)) as news:
        async for one in news:
            if one.name != "clock":
                heard.append(one)
            if len(heard) == count:
                break
    return heard


async def test_a_page_hears_what_comes_after_what_it_loaded(centre: Centre, hand: Hand) -> None:
    await tell(centre, "一")
    seen = (await hand.state()).seq
    listening = asyncio.create_task(hear(hand, 2, seen))
    await asyncio.sleep(0)
    await tell(centre, "二", "三")
    assert [news.text for news in await listening] == ["二", "三"]


async def test_after_a_break_it_goes_on_where_it_was(centre: Centre, hand: Hand) -> None:
    await tell(centre, "一", "二")
    (first,) = await hear(hand, 1, 0)
    await tell(centre, "三")
    rest = await hear(hand, 2, after=0, last=first.seq)
    assert [news.text for news in (first, *rest)] == ["一", "二", "三"]


async def test_an_edit_is_news_of_its_own(centre: Centre, hand: Hand) -> None:
    await tell(centre, "一")
    await centre.channel.send(Sending(OWNER, Spoken("改"), "key-edit", replaces="1"))
    assert [news.name for news in await hear(hand, 2, 0)] == ["said", "edited"]


async def test_each_look_hears_what_it_shows(centre: Centre, hand: Hand) -> None:
    await hand.types(OWNER, "预约服务")
    await hand.presses(OWNER, "水龙头维修 · ¥60 起")
    await tell(centre, "完")
    plain = await hear(hand, 5, 0)
    assert [news.name for news in plain] == ["said", "said", "edited", "said", "said"]
    wecom = await hear(hand, 6, 0, look="wecom")
    turns = [turn for phone in (await hand.state("wecom")).phones for turn in phone.turns]
    assert {news.name for news in wecom} == {"turned"}
    assert [Turn.model_validate_json(news.data) for news in wecom] == sorted(
        turns, key=lambda turn: turn.seq
    )


async def test_no_key_of_a_delivery_reaches_the_page(centre: Centre, hand: Hand) -> None:
    await tell(centre, "一")
    (news,) = await hear(hand, 1, 0)
    assert "key-" not in news.data


async def test_a_page_from_another_life_is_told_to_load_anew(centre: Centre, hand: Hand) -> None:
    state = await hand.state()
    for journal, after in (("another", 0), (state.journal, 99)):
        async with aclosing(hand.listens(journal, after)) as news:
            assert (await anext(news)).name == "reset"


async def test_moving_the_clock_meets_every_promise_on_the_way(centre: Centre, hand: Hand) -> None:
    start = centre.clock.now()
    met: list[timedelta] = []
    for minutes in (10, 3, 30):
        due = start + timedelta(minutes=minutes)
        centre.clock.promises.append((due, lambda: met.append(centre.clock.now() - start)))
    assert (await hand.moves_clock(minutes=10)).status == 200
    assert met == [timedelta(minutes=3), timedelta(minutes=10)]
    assert centre.clock.now() == start + timedelta(minutes=10)


async def test_the_clock_is_put_to_the_centres_own_wall_time(centre: Centre, hand: Hand) -> None:
    assert (await hand.moves_clock(to="2026-11-24T09:00")).status == 200
    assert (
        centre.clock.now()
        .astimezone(centre.clock.zone)
        .isoformat()
        .startswith("2026-11-24T09:00:00+08:00")
    )


async def test_5_4_3_the_month_ends_when_its_visits_are_drawn_and_quiet_hours_over(
    centre: Centre, hand: Hand
) -> None:
    drawn = datetime(2026, 11, 30, 16, 5, tzinfo=UTC)  # 00:05 on the 1st, in Shanghai
    met: list[datetime] = []
    centre.clock.promises.append((drawn, lambda: met.append(centre.clock.now())))
    assert (await hand.ends_the_month()).status == 200
    assert met == [drawn]
    assert centre.clock.now() == datetime(2026, 12, 1, 1, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ("2026-12-31T15:59Z", "2027-01-01T01:05Z"),
        ("2026-12-31T16:00Z", "2027-02-01T01:05Z"),  # the year is over in Shanghai
        ("2027-01-31T02:00Z", "2027-02-01T01:05Z"),
        ("2028-02-29T02:00Z", "2028-03-01T01:05Z"),
    ],
)
def test_a_month_ends_where_the_centre_is(now: str, then: str) -> None:
    found = month_end(datetime.fromisoformat(now), ZoneInfo("Asia/Shanghai"))
    assert found == datetime.fromisoformat(then)


async def test_the_clock_neither_goes_back_nor_leaps_years(hand: Hand) -> None:
    assert (await hand.moves_clock(to="2026-11-23T14:00")).error == "past"
    assert (await hand.moves_clock(to="2028-01-01T00:00")).error == "too-far"
    assert (await hand.moves_clock()).status == 400


async def test_while_it_moves_everybody_sees_how_far_and_nobody_moves_it_twice(
    centre: Centre, hand: Hand
) -> None:
    held = asyncio.Event()
    centre.clock.held_by = held
    state = await hand.state()
    moving = asyncio.create_task(hand.moves_clock(minutes=60))
    async with aclosing(hand.listens(state.journal, state.seq)) as news:
        async for one in news:
            if json.loads(one.data)["target"]:
                break
        assert (await hand.moves_clock(minutes=1)).error == "busy"
        held.set()
        assert (await moving).status == 200
        async for one in news:
            if not json.loads(one.data)["target"]:
                break


async def test_a_promise_that_fails_is_told_and_the_page_lives_on(
    centre: Centre, hand: Hand
) -> None:
    def fail() -> None:
        raise RuntimeError("broken promise")

    centre.clock.promises.append((centre.clock.now() + timedelta(minutes=1), fail))
    assert (await hand.moves_clock(minutes=5)).error == "failed"
    assert (await hand.moves_clock(minutes=5)).status == 200
    assert (await hand.types(CS, "还在")).status == 200
