"""The dispatcher: one event is one transaction, a redelivery nothing, a failure a word."""

from __future__ import annotations

import asyncio
from collections.abc import MutableMapping

import pytest
from sqlalchemy import Connection, func, select, text

from bot.event import Command, Contact, Event, Photo, Place, Press, Text, Trouble, Unusable
from services.messages import do
from storage import people
from storage.database import Database, open_database
from storage.tables import endpoints, last_used, persons
from storage.tables import inbox as inbox_table
from tests.conversation import Actor, Town
from tests.kernel.platform import rows_of, tell, words
from tests.kernel.trial import Done, trace_is_left
from tests.town import TUESDAY_10

on_postgresql = pytest.mark.parametrize("town_url", ["postgresql"], indirect=True)


async def count(town: Town, table: object) -> int:
    def unit(connection: Connection) -> int:
        counted = select(func.count()).select_from(table)  # type: ignore[arg-type]
        return connection.execute(counted).scalar_one()

    return await town.look(unit)


def event(town: Town, address: str, said: str, *, dedup: str = "1") -> Event:
    return Event("phone", dedup, address, Text(said), town.clock.now(), "zh-CN")


# Who answers what


async def test_each_kind_of_event_has_its_handler(guest: Actor) -> None:
    for what, answer in (
        (Command("trial", "abc"), "听到：/abc"),
        (Text("听一下"), "听到：听一下"),
        (Photo("a" * 64), "看到照片"),
        (Contact("13800100001", own=True), "收到号码"),
        (Unusable(Trouble.PHOTO_TOO_LARGE), "照片太大"),
        (Unusable(Trouble.KIND_NOT_TAKEN), "只能接收"),
        (Text("别的什么"), "没有看懂"),
        (Text("   "), "没有看懂"),
        (Command("nothing"), "没有看懂"),
    ):
        await guest.does(what)
        assert answer in await guest.hears(), what


async def test_a_number_picks_from_the_newest_message_that_offers_something(
    guest: Actor, trial: Town, database: Database
) -> None:
    await guest.types("听")
    known = await trial.look(lambda c: people.who(c, "phone", "guest"))
    assert known is not None
    offer = words("选").row(do("short.start"), do("trial.start"))
    await tell(database, known[1].id, offer, words("没有按钮"))
    await trial.settles()
    await guest.types("3")
    assert "没有看懂" in await guest.hears()
    await guest.types("2")
    assert "选哪一项" in await guest.hears()


async def test_words_of_an_action_that_has_since_been_renamed_disturb_nobody(
    guest: Actor, trial: Town, database: Database
) -> None:
    await guest.types("听")
    known = await trial.look(lambda c: people.who(c, "phone", "guest"))
    assert known is not None
    label = words("旧按钮").parts[0]
    await tell(database, known[1].id, words("旧").row(do("of.yore", label=label)))
    await trial.settles()
    stored = "UPDATE outbox SET message = replace(message, 'test-words', 'gone-words')"
    await trial.change(lambda c: c.execute(text(stored)))
    await guest.types("听得到")
    assert "听到：听得到" in await guest.hears()


async def test_a_stranger_is_met_once_in_the_language_of_the_platform(trial: Town) -> None:
    await trial.house.dispatcher.take(
        Event("phone", "1", "visitor", Text("听"), trial.clock.now(), "en-US")
    )
    await trial.house.dispatcher.take(
        Event("phone", "2", "visitor", Text("听"), trial.clock.now(), "zh-CN")
    )
    known = await trial.look(lambda c: people.who(c, "phone", "visitor"))
    assert known is not None
    assert known[1].locale == "en"


# Once, whatever is delivered twice


async def test_a_redelivered_event_has_no_second_effect(
    guest: Actor, trial: Town, done: Done
) -> None:
    await guest.types("小试")
    await guest.hears()
    pressed = guest.button("选项 s")
    assert pressed is not None
    for _ in range(3):
        await guest.does(Press(pressed[1].data), dedup="same")
    assert len(done.shorts) == 1
    trial.restarts()
    await guest.does(Press(pressed[1].data), dedup="same")
    assert len(done.shorts) == 1
    assert (await guest.hears()).count("已试") == 1


async def test_one_event_delivered_several_times_at_once_is_one(
    trial: Town, database: Database
) -> None:
    await trial.take("guest", Text("听"))
    before = await count(trial, inbox_table)
    one = event(trial, "guest", "听见了吗", dedup="same")
    await asyncio.gather(*(trial.house.dispatcher.take(one) for _ in range(8)))
    await trial.settles()
    assert trial.actor("guest").says().count("听见了吗") == 1
    assert await count(trial, inbox_table) == before + 1


async def test_two_first_events_of_one_address_at_once_meet_one_person(trial: Town) -> None:
    people_before, chats_before = await count(trial, persons), await count(trial, endpoints)
    await asyncio.gather(
        *(
            trial.house.dispatcher.take(event(trial, "new", f"听{n}", dedup=str(n)))
            for n in range(6)
        )
    )
    await trial.settles()
    assert await count(trial, persons) == people_before + 1
    assert await count(trial, endpoints) == chats_before + 1
    said = trial.actor("new").says()
    assert all(f"听{n}" in said for n in range(6))


@on_postgresql
async def test_two_processes_meet_one_person(trial: Town, town_url: str) -> None:
    other = open_database(town_url)
    before = await count(trial, persons)
    second = trial.restart()
    object.__setattr__(second.dispatcher, "_database", other)
    takes = (trial.house.dispatcher.take, second.dispatcher.take)
    await asyncio.gather(
        *(takes[n % 2](event(trial, "new", f"听{n}", dedup=str(n))) for n in range(10))
    )
    await other.close()
    assert await count(trial, persons) == before + 1


# Refusals, faults, trouble


async def test_a_refusal_rolls_back_and_says_so(guest: Actor, trial: Town) -> None:
    await guest.types("拒绝")
    assert "不行：满了" in await guest.hears()
    assert not await trial.change(trace_is_left)


async def test_a_fault_gives_a_number_and_changes_nothing(
    guest: Actor, trial: Town, logged: list[MutableMapping[str, object]]
) -> None:
    await guest.types("小试")
    await guest.types("出错")
    said = guest.newest().text
    assert "什么都没有改动" in said
    assert not await trial.change(trace_is_left)
    (incident,) = [entry for entry in logged if entry["event"] == "incident"]
    assert str(incident["number"]) in said
    # The form that was open is where it was.
    await guest.presses("选项 s")
    assert "已试" in guest.says()


async def test_a_fault_that_comes_again_is_answered_once(guest: Actor) -> None:
    await guest.does(Text("出错"), dedup="same")
    await guest.does(Text("出错"), dedup="same")
    assert guest.says().count("编号") == 1


async def test_trouble_of_the_database_is_raised_and_the_event_comes_again(
    guest: Actor, trial: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, failures = trial.house.database.write, [ConnectionRefusedError("away")]

    async def away(unit: object) -> object:
        if failures:
            raise failures.pop()
        return await write(unit)  # type: ignore[arg-type]

    monkeypatch.setattr(trial.house.database, "write", away)
    with pytest.raises(ConnectionRefusedError):
        await trial.take("guest", Text("听一"), dedup="same")
    await guest.does(Text("听一"), dedup="same")
    assert "听到：听一" in await guest.hears()


async def test_a_fault_in_a_statement_is_ours_and_not_raised(guest: Actor, trial: Town) -> None:
    """SQLite calls it operational: raised, it would come again for ever."""

    def mistyped(_turn: object, desk: object, _text: str) -> None:
        desk.connection.execute(text("SELECT nonsense"))  # type: ignore[attr-defined]

    trial.house.dispatcher._router.texts.insert(0, mistyped)
    await guest.types("听")
    assert "编号" in await guest.hears()


@on_postgresql
async def test_a_restart_of_the_database_is_not_noticed(
    guest: Actor, trial: Town, town_url: str
) -> None:
    await guest.types("听一")
    other = open_database(town_url)
    cut = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    await other.write(lambda c: c.execute(text(cut)).all())
    await other.close()
    await guest.types("听二")
    assert "听到：听二" in await guest.hears()
    assert "编号" not in guest.says()


# What is said by the way


async def test_a_flash_comes_back_and_notices_are_told_once(guest: Actor) -> None:
    await guest.presses_data("trial.count")
    assert guest.toast == "数了"
    await guest.presses_data("trial.count")
    assert guest.says().count("数了") == 1


async def test_a_flash_to_typed_words_is_said(guest: Actor) -> None:
    await guest.types("数一数")
    assert "数了" in await guest.hears()


async def test_a_button_nobody_knows_flashes(guest: Actor) -> None:
    await guest.presses_data("no.such|1")
    assert guest.toast == "这个按钮已经失效"


# A place on the map


async def test_a_place_is_said_in_words_into_the_open_form(guest: Actor, done: Done) -> None:
    await guest.presses_data("trial.start")
    await guest.types("1")
    await guest.types("12号")
    await guest.presses("写备注")
    await guest.does(Place(31.2, 121.4, "东门"))
    await guest.presses("确认试单")
    assert done.trials[0].note == "位置：东门（31.20000, 121.40000）"


async def test_a_place_that_nobody_asked_for_is_answered_politely(guest: Actor) -> None:
    for place in (Place(31.2, 121.4, "听，东门"), Place(31.2, 121.4)):
        await guest.does(place)
        assert "收到位置" in await guest.hears()


# Who has several chats


async def test_what_somebody_does_says_where_they_deal_with_it(
    guest: Actor, trial: Town, database: Database
) -> None:
    """Only where they have several: else there is nothing to know."""
    await guest.presses_data("trial.count")
    assert await count(trial, last_used) == 0
    await guest.gets_another("radio")
    await guest.presses_data("trial.deal")
    rows = await database.read(
        rows_of(select(last_used.c.matter, endpoints.c.channel).join(endpoints))
    )
    assert rows == [("order:7", "phone")]


async def test_whoever_writes_again_is_reachable_again(guest: Actor, trial: Town) -> None:
    await guest.types("听")
    known = await trial.look(lambda c: people.who(c, "phone", "guest"))
    assert known is not None
    await trial.change(lambda c: people.unreachable(c, known[0].id, TUESDAY_10))
    await guest.types("听")
    again = await trial.look(lambda c: people.who(c, "phone", "guest"))
    assert again is not None
    assert again[0].unreachable_at is None
