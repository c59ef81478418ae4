"""The clumsy and the hostile: each gets a clear answer; nothing is lost, doubled or shown."""

from __future__ import annotations

import asyncio
import itertools
import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
import structlog
from sqlalchemy import Connection, select, update
from sqlalchemy.exc import DataError
from structlog.testing import capture_logs
from structlog.typing import EventDict

from bot import house
from bot.event import Press, Text, Trouble
from bot.logs import set_up
from bot.router import ActionRoute
from bot.wording import Wording
from services import changes
from services import orders as orders_service
from services.desk import Desk
from services.errors import DomainError
from storage import visits
from storage.records import VisitMethod, VisitState
from storage.tables import metadata, order_events, outbox, residents
from tests.conversation import Actor, Town, known_as, picture
from tests.conversations.after_work import finished, finishes, under_way
from tests.conversations.visited import draw
from tests.conversations.visits import to_be_visited

# What anybody may look at to see whether anything has happened


BY_THE_WAY = {"inbox", "conversations", "outbox", "endpoints", "lanes", "cards"}
"""Tables in which every event leaves a trace, whoever it came from."""

Snapshot = dict[str, list[tuple[object, ...]]]


def snapshot(connection: Connection) -> Snapshot:
    """Every row of the tables that say how things stand."""
    return {
        table.name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
        for table in metadata.sorted_tables
        if table.name not in BY_THE_WAY
    }


def changed(before: Snapshot, after: Snapshot) -> list[str]:
    """The tables that differ."""
    return [name for name in before if before[name] != after[name]]


def steps(connection: Connection) -> Counter[tuple[int, str]]:
    """How often each step happened to each order."""
    found = connection.execute(select(order_events.c.order_id, order_events.c.what))
    return Counter((row.order_id, row.what) for row in found)


async def step(town: Town, what: str, order_id: int = 1) -> int:
    """How often a step happened to an order."""
    return (await town.look(steps))[order_id, what]


FAULTS = ("incident", "no-words", "message-rejected", "deadline-failed", "delivery-failed")


@pytest.fixture(autouse=True)
def logged(request: pytest.FixtureRequest) -> Iterator[list[EventDict]]:
    """What is logged; faults of ours among it fail the test."""
    if "capsys" in request.fixturenames:  # it looks at the log itself
        yield []
        return
    with capture_logs() as entries:
        yield entries
    faults = [entry for entry in entries if entry["event"] in FAULTS]
    assert not faults, faults


async def tells(actor: Actor, data: str) -> str:
    """Presses, and returns all that is said to it, flash and messages."""
    await actor.hears()
    await actor.presses_data(data)
    return f"{actor.toast or ''}\n{await actor.hears()}".strip()


# Pictures and other things sent


@pytest.mark.parametrize(
    ("trouble", "words", "in_english"),
    [
        (Trouble.PHOTO_TOO_LARGE, "照片太大了", "too large"),
        (Trouble.PHOTO_UNREADABLE, "不是能打开的照片", "not a photo"),
        (Trouble.KIND_NOT_TAKEN, "只能接收文字和照片", "words and photos only"),
    ],
)
async def test_what_cannot_be_taken_is_said_and_the_form_goes_on(
    owner: Actor, trouble: Trouble, words: str, in_english: str
) -> None:
    await owner.presses_data("book.start")
    await owner.presses("水暖")
    await owner.hears()
    await owner.sends_unusable(trouble)
    assert words in await owner.hears()
    await owner.presses("换水龙头")
    assert "时间" in await owner.hears()
    await owner.presses_data("language.set|en")
    await owner.hears()
    await owner.sends_unusable(trouble)
    assert in_english in await owner.hears()


async def test_a_file_that_only_says_it_is_a_picture_is_none(town: Town) -> None:
    for data in (b"", b"not a picture", b"\xff\xd8\xff" + b"\0" * 64, picture()[:100]):
        assert await town.photos.keep(data) is Trouble.PHOTO_UNREADABLE
    assert await town.photos.keep(b"\0" * 10_000_001) is Trouble.PHOTO_TOO_LARGE


async def test_a_picture_where_none_is_asked_for_leaves_the_form_as_it_is(
    owner: Actor, town: Town
) -> None:
    await owner.presses_data("language.choose")
    await owner.presses_data("bind.code")
    await owner.sends_photo()
    assert "用不到照片" in await owner.hears()


# Words


JUNK = (
    "😀👨‍👩‍👧‍👦🏳️‍🌈",
    "<b>&amp;</b><script>alert(1)</script>",
    "*_`[x](tg://user?id=1)~||__",
    "{ $name } {-term} { NUMBER($x) }",
    "%s %(x)s {0} {x!r} \\n \\u0000",
    "'; DROP TABLE orders; --",
    "\u202eשלום\u202c \u2067עברית",
    "\u200b\u200b\ufeff",
    "\u200b",
    "a\u0000b",
    "\u0000",
    "\ud83d",
    "x\ud83dy",
    "   \n\t ",
    "\r\n\r\n",
    "0",
    "-1",
    "1",
    "99",
    "99999999999999999999",
    "½",
    "²",
    "１２",
    "１０００００００００００",
    "٣",
    "1e9",
    "NaN",
    "∞",
    "¥-5",
    "2026-02-30",
    "25:99",
    "明天",
    "form.done|1",
    "order.cancel_yes|1",
    "|",
    "字" * 501,
    "字" * 5000,
    "👍" * 5000,
    "\u0301" * 300,
    "\n" * 1900 + "x",
)


async def test_5000_characters_are_refused_with_the_limit(owner: Actor) -> None:
    await owner.types("字" * 5000)
    assert "2,000 字以内" in await owner.hears()
    await owner.presses_data("language.set|en")
    await owner.hears()
    await owner.types("字" * 5000)
    assert "at most 2,000 characters" in await owner.hears()


async def test_invisible_words_are_no_words(owner: Actor, town: Town) -> None:
    for nothing in ("\u200b", "\u0000", "   ", "\u2060\ufeff", "\ud83d"):
        await owner.types(nothing)
        assert "没有看懂" in await owner.hears(), repr(nothing)


FORMS: dict[str, tuple[str, tuple[str, ...]]] = {
    "booking a category": ("owner", ("book.start",)),
    "booking an item": ("owner", ("book.start", "水暖")),
    "booking a time": ("owner", ("book.start", "水暖", "换水龙头")),
    "booking confirmed": ("owner", ("book.start", "水暖", "换水龙头", "明天")),
    "the count": ("owner", ("book.start", "水暖", "换水龙头", "明天", "数量")),
    "a note": ("owner", ("book.start", "水暖", "换水龙头", "明天", "备注")),
    "a code": ("stranger", ("bind.code",)),
    "a claim": ("stranger", ("bind.claim", "云湖", "业主")),
    "a tenancy": ("stranger", ("bind.claim", "云湖", "租户")),
    "an address": ("stranger", ("urgent.report|burst_pipe|0", "云湖")),
    "an emergency": ("owner", ("urgent.report|other|0",)),
    "a family member": ("owner", ("invite.start", "家人")),
    "a caller's room": ("cs", ("intake.start",)),
    "a caller's address": ("cs", ("intake.start", "不在名册上的地方")),
    "nothing": ("owner", ()),
    "nothing, as staff": ("wang", ()),
    "nothing, as a stranger": ("stranger", ()),
    "the desk": ("owner", ("talk.start",)),
}


@pytest.mark.parametrize("place", FORMS)
async def test_any_words_anywhere_get_an_answer(town: Town, place: str) -> None:
    key, way = FORMS[place]
    actor = town.actor(key)
    for words in JUNK:
        for one in way:
            if "." in one:
                await actor.presses_data(one)
            else:
                await actor.presses(one)
        await actor.hears()
        before = sum(shown.edits + 1 for shown in actor.screen)
        await actor.types(words)
        after = sum(shown.edits + 1 for shown in actor.screen)
        silent = place == "the desk" and after == before
        assert after > before or silent, (words, actor.toast)


LONGEST = "😀" * 499 + "!"
"""As many characters as a form takes, each of them two units for Telegram and four bytes."""


async def fills_in(actor: Actor, data: str, *answers: str) -> None:
    """Opens a form by its button and answers it: a label that is shown is pressed."""
    await actor.presses_data(data)
    for answer in answers:
        if actor.button(answer) is not None:
            await actor.presses(answer)
        else:
            await actor.types(answer)


async def test_the_longest_words_pass_through_a_whole_service(
    town: Town, owner: Actor, wang: Actor, cs: Actor, supervisor: Actor
) -> None:
    await fills_in(owner, "urgent.report|other|0", LONGEST)
    await wang.presses_data("order.accept|1")
    await wang.presses_data("order.arrive|1")
    await fills_in(wang, "major.propose|1", LONGEST)
    await supervisor.presses_data("major.approve|1")
    await fills_in(wang, "major.answer|1", LONGEST, LONGEST, LONGEST, "发给业主")
    await fills_in(cs, "desk.note|1", LONGEST)
    await cs.presses_data("desk.history|1")
    await wang.presses_data("talk.owner|1")
    await wang.types("字" * 2000)
    await owner.types("字" * 2000)
    await wang.presses_data("order.start|1")
    await fills_in(wang, "order.finish|1", "已修好")
    await owner.presses_data("rate.no|1")
    await owner.types(LONGEST)
    await owner.types(LONGEST)
    await owner.presses("不准时")
    await cs.presses_data("case.take|1")
    await fills_in(cs, "case.correct|1", "重做", LONGEST)
    assert LONGEST in await owner.hears()
    await cs.presses_data("case.show|1")
    await cs.presses_data("board.todo")
    assert (await town.order()).satisfied is False


@pytest.mark.parametrize("name", ["😀" * 200, "某" * 81, "x" * 500])
async def test_a_caller_with_an_endless_name_or_address_is_registered_or_asked_again(
    town: Town, cs: Actor, name: str
) -> None:
    way = ("不在名册上的地方", "路" * 450, name, "陈先生", "13900000000", "水管爆裂", "确认登记")
    await fills_in(cs, "intake.start", *way)
    order = await town.order()
    assert order.contact_name == "陈先生"
    assert order.place == "路" * 200


async def test_a_price_that_is_none_is_asked_for_again(
    town: Town, owner: Actor, wang: Actor
) -> None:
    await under_way(owner, wang)
    await wang.presses_data("order.arrive|1")
    await wang.presses_data("order.explain|1")
    for typed in ("-1", "½", "99999999999999999999", "1e9", "NaN", "٣٣", "4 0", "4.005"):
        await wang.hears()
        await wang.types(typed)
        assert "没有看懂" in await wang.hears(), typed
    assert (await town.order()).quote_fen is None
    await wang.types("１２０")
    assert (await town.order()).quote_fen == 12000


# Buttons of others


SECRETS = ("张伟", "张*", "3-1201", "13800100001", "王建国", "马丽", "13900000009", "9-909")
"""Who and where, of the matters below."""

STATES: dict[str, tuple[str, ...]] = {
    "burst_pipe": ("arrive", "start", "finish"),
    "critical_leak": (),
    "power_outage": ("accept",),
    "sewage_backflow": ("arrive",),
    "no_water": ("arrive", "explain"),
    "electric_hazard": ("arrive", "explain", "agree"),
    "lockout_risk": ("cancel",),
}
"""An order each, with how far it has come."""


async def a_full_desk(town: Town) -> None:
    """Something of everything that can be pressed, all of it the owner's or of the centre."""
    owner, wang = town.actor("owner"), town.actor("wang")
    for number, (kind, way) in enumerate(STATES.items(), start=1):
        await owner.presses_data(f"urgent.report|{kind}|0")
        if way and way[0] in ("arrive", "accept"):
            await wang.presses_data(f"order.accept|{number}")
        if "arrive" in way:
            await wang.presses_data(f"order.arrive|{number}")
        if "explain" in way:
            await fills_in(wang, f"order.explain|{number}", "40")
        if "agree" in way:
            await owner.presses_data(f"order.agree|{number}|4000")
        if "finish" in way:
            await wang.presses_data(f"order.start|{number}")
            await fills_in(wang, f"order.finish|{number}", "已修好")
            await owner.presses_data(f"rate.no|{number}")
        if "cancel" in way:
            await owner.presses_data(f"order.cancel_yes|{number}")
    await fills_in(owner, "book.start", "水暖", "换水龙头", "明天", "确认预约")
    await town.change(lambda one: _propose_time(one, town.clock.now()))
    await fills_in(wang, "major.propose|4", "立管要换")
    await owner.presses_data("talk.start")
    await wang.presses_data("talk.owner|3")
    await wang.presses_data("talk.control_about|5")
    applicant = town.actor("applicant")
    await fills_in(applicant, "bind.claim", "云湖", "业主", "9-909", "马丽", "13900000009", "提交")
    await town.change(_call_to_make)
    await town.change(partial(_asks_for_a_visit, now=town.clock.now()))
    await to_be_visited(town)
    there = await town.look(snapshot)
    counts = {name: len(there[name]) for name in MATTERS}
    assert counts == MATTERS


MATTERS = {"orders": 8, "cases": 1, "talks": 3, "binding_requests": 1, "major_claims": 1}
MATTERS |= {"phone_tasks": 1, "reschedules": 1, "visits": 2}


def _propose_time(connection: Connection, now: datetime) -> None:
    desk = Desk(connection, now)
    agent = known_as(connection, "cs")
    assert agent is not None
    order = orders_service.load(desk, len(STATES) + 1)
    changes.propose(desk, order, now + timedelta(days=1, hours=5), agent[1])


def _call_to_make(connection: Connection) -> None:
    letter = connection.execute(
        select(outbox.c.person_id, outbox.c.message).where(outbox.c.matter == "order:1")
    ).first()
    assert letter is not None
    task = {"person_id": letter.person_id, "message": letter.message, "matter": "order:1"}
    connection.execute(
        metadata.tables["phone_tasks"].insert().values(**task, created_at=datetime.now(UTC))
    )


def _asks_for_a_visit(connection: Connection, now: datetime) -> None:
    visit = draw(connection, now=now, order_id=1, room_id=1, due_at=now + timedelta(days=7))
    asked = {"state": VisitState.ASKED, "method": VisitMethod.QUESTIONNAIRE, "asked_at": now}
    visits.change(connection, visit, **asked)


def _has_moved_out_of_the_owners_home(connection: Connection) -> None:
    theirs = select(residents.c.room_id).where(residents.c.name == "张伟").scalar_subquery()
    connection.execute(update(residents).where(residents.c.name == "许亮").values(room_id=theirs))


ARGUMENTS: dict[str, tuple[str | int, ...]] = {
    "order_id": tuple(range(1, len(STATES) + 2)),
    "case_id": (1,),
    "visit_id": (1, 2),
    "talk_id": (1, 2, 3),
    "request_id": (1,),
    "claim_id": (1,),
    "task_id": (1,),
    "line_id": (1,),
    "reschedule_id": (1,),
    "second": (1_764_000_000,),
    "room_id": (1,),
    "person_id": (1,),
    "centre_id": (1,),
    "year_month": (202611,),
    "price_fen": (4000,),
    "page": (0,),
    "other_id": (2,),
    "minutes": (5,),
    "appointed": (29_000_000,),
    "reason": ("other",),  # which every list of reasons has
    "chosen": ("yes", "no"),
    "name": ("waiting", "running", "todo", "unreached", "visits", "emergency"),
    "kind": ("burst_pipe",),
    "language": ("en",),
}

OF_ONES_OWN = {"language.set", "urgent.confirm", "talk.start_at", "reminders.set"}
"""What anybody may do with an argument, and changes something: it is about nobody else."""

HARMLESS = {"orders.past", "board.page", "spot.page", "unbind.keep"}
HARMLESS |= {"urgent.rooms", "urgent.at", "urgent.report"}
"""What answers everybody, with what is their own."""

REFUSALS = ("不归您办理", "没有找到", "请先绑定房屋", "已经失效")


def presses_of(route: ActionRoute) -> list[str]:
    """The button data of an action, for all that there is to press it about."""
    names = list(route.handler.__annotations__)[2:-1]
    return [
        "|".join([route.name, *map(str, arguments)])
        for arguments in itertools.product(*(ARGUMENTS[name] for name in names))
    ]


ABOUT_SOMETHING = [
    route
    for route in house.router().actions.values()
    if route.types and route.name not in OF_ONES_OWN
]


# Who may do what does not hang on the database, and a matrix of thousands of presses takes time.
@pytest.mark.parametrize("town_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "who", ["stranger", "neighbour", "moved_out", "far_tech", "far_cs", "zhao"]
)
async def test_no_button_of_others_does_or_tells_anything(town: Town, who: str) -> None:
    await a_full_desk(town)
    await town.change(_has_moved_out_of_the_owners_home)
    actor = town.actor(who)
    await actor.commands("start")
    before = await town.look(snapshot)
    screens = {key: len(shown) for key, shown in town.telephones.screens.items() if key != who}
    for route in ABOUT_SOMETHING:
        for data in presses_of(route):
            told = await tells(actor, data)
            assert not [secret for secret in SECRETS if secret in told], (data, told)
            refused = any(refusal in told for refusal in REFUSALS)
            assert refused or route.name in HARMLESS, (data, told)
    assert not changed(before, await town.look(snapshot))
    now = {key: len(shown) for key, shown in town.telephones.screens.items() if key != who}
    assert now == screens


REFUSED_ON_THE_JOB = (*REFUSALS, "已由")

OF_THE_HOUSEHOLD: tuple[str, ...] = (
    "order.agree",
    "order.disagree",
    "order.not_here",
    "order.early",
    "order.move",
)
OF_THE_HOUSEHOLD += ("order.cancel", "rate.", "move.", "orders.show", "talk.worker", "unbind.a")
OF_THE_HOUSEHOLD += ("rework.start", "questionnaire.", "visited.", "settle.")
OF_THE_DESK: tuple[str, ...] = (
    "desk.",
    "case.",
    "phone.",
    "bind.approve",
    "bind.reject",
    "board.claim",
    "visiting.",
    "spot.",
)
OF_THE_DESK += ("figures.",)
OF_THE_DESK += ("order.reveal", "major.show", "major.approve", "major.refuse", "talk.customer")
OF_THE_WORKER: tuple[str, ...] = (
    "order.accept",
    "order.decline",
    "order.keep",
    "order.set_out",
    "order.arrive",
    "order.expect",
)
OF_THE_WORKER += ("order.ask_early", "order.start", "order.transfer", "order.return", "jobs.show")
OF_THE_WORKER += ("order.explain", "order.finish", "major.", "talk.owner", "talk.control_about")
OF_THE_WORKER += ("rework.found", "mishap.")


@pytest.mark.parametrize("town_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("who", "others"),
    [
        ("owner", OF_THE_DESK + OF_THE_WORKER),
        ("wang", OF_THE_HOUSEHOLD + OF_THE_DESK),
        ("cs", (*OF_THE_HOUSEHOLD, "order.accept", "order.finish", "order.explain")),
        ("supervisor", (*OF_THE_HOUSEHOLD, "order.accept", "order.reveal")),
        ("business", (*OF_THE_HOUSEHOLD, "order.accept", "order.reveal", "bind.approve")),
    ],
)
async def test_nobody_answers_for_another_on_the_same_job(
    town: Town, who: str, others: tuple[str, ...]
) -> None:
    await a_full_desk(town)
    actor = town.actor(who)
    before = await town.look(snapshot)
    for route in ABOUT_SOMETHING:
        if not route.name.startswith(others):
            continue
        for data in presses_of(route):
            told = await tells(actor, data)
            assert any(refusal in told for refusal in REFUSED_ON_THE_JOB), (data, told)
    assert not changed(before, await town.look(snapshot))


FORGED = (
    "",
    "|",
    "order.accept",
    "order.accept|",
    "order.accept|1|1",
    "order.accept|-1",
    "order.accept|1.0",
    "order.accept|１",
    "order.accept|²",
    "order.accept|0",
    "order.accept|999999999999999999",
    "order.accept|9999999999999999999999",
    "order.accept|\x00",
    "\x00",
    "\ud83d",
    "order.finish|999999999999999999",
    "order.agree|1|999999999999999999",
    "case.take|999999999999999999",
    "talk.take|999999999999999999",
    "talk.start_at|999999999999999999",
    "major.approve|999999999999999999",
    "major.answer|999999999999999999",
    "move.agree|999999999999999999",
    "phone.done|999999999999999999",
    "bind.approve|999999999999999999",
    "unbind.confirm|999999999999999999",
    "desk.assign_to|1|999999999999999999",
    "desk.history_page|1|999999999999999999",
    "orders.past|999999999999999999",
    "board.page|todo|999999999999999999",
    "board.page|nothing|0",
    "figures.month|1|999999999999999999",
    "figures.open|nothing|1|202611|0",
    "urgent.report|nothing|0",
    "urgent.report|burst_pipe|999999999999999999",
    "urgent.rooms|" + "x" * 50,
    "urgent.at|nothing|0",
    "urgent.report|nothing@29000000|0",
    "desk.merge_with|1|999999999999999999",
    "desk.merge_now|1|1",
    "desk.merge_page|1|999999999999999999",
    "language.set|../../etc",
    "rate.revise|1|maybe",
    "order.decline_for|1|none",
    "form.pick",
    "form.pick|1",
    "form.pick|x|y|z",
    "form.done|999999999999999999",
    "form.more|1|category|²",
)


async def test_forged_data_gets_an_answer_and_does_nothing(town: Town) -> None:
    await a_full_desk(town)
    before = await town.look(snapshot)
    for actor in (town.actor("owner"), town.actor("wang"), town.actor("cs")):
        for data in FORGED:
            assert await tells(actor, data), data
    assert not changed(before, await town.look(snapshot))


async def test_forged_answers_to_an_open_form_leave_it_as_it_is(town: Town, owner: Actor) -> None:
    await fills_in(owner, "book.start", "水暖", "换水龙头")
    serial = owner.newest().buttons[0].data.split("|")[1]
    values = ("0", "-1", "²", "9" * 11, "9" * 40, "d2026-13-45", "d", "n1", "p", "days|1", "\x00")
    for value in values:
        await owner.presses_data(f"form.pick|{serial}|slot|{value}")
    others = ("form.more|{}|slot|²", "form.more|{}|slot|9999", "form.ask|{}|x", "form.skip|{}|x")
    for data in others:
        assert await tells(owner, data.format(serial))
    assert "时间" in owner.newest().text
    await owner.presses("明天")
    await owner.presses("确认预约")
    assert await step(town, "registered") == 1


# Two taps at once


async def at_once(town: Town, *presses: tuple[Actor, str]) -> list[str]:
    """The presses come in side by side, from different telephones or twice from one."""
    for actor, _ in presses:
        await actor.hears()
    toasts = await asyncio.gather(*(town.take(actor.key, Press(data)) for actor, data in presses))
    await town.settles()
    return [toast or "" for toast in toasts]


async def test_two_technicians_accept_at_once_and_one_has_it(
    town: Town, owner: Actor, wang: Actor, li: Actor
) -> None:
    await owner.presses_data("urgent.report|burst_pipe|0")
    await at_once(town, (wang, "order.accept|1"), (li, "order.accept|1"), (wang, "order.accept|1"))
    assert await step(town, "accepted") == 1
    order = await town.order()
    winner, loser = (wang, li) if "已由" in await li.hears() else (li, wang)
    assert order.technician_id is not None
    assert "已接单" in winner.says()
    assert "已由" in loser.says()
    assert (await owner.hears()).count("已接单") == 1


TWICE: dict[str, tuple[str, tuple[str, ...], str, str]] = {
    "agrees": ("owner", ("arrive", "explain"), "order.agree|1|4000", "agreed"),
    "disagrees": ("owner", ("arrive", "explain"), "order.disagree|1|4000", "price_refused"),
    "sets out": ("wang", (), "order.set_out|1", "set_out"),
    "arrives": ("wang", (), "order.arrive|1", "arrived"),
    "begins": ("wang", ("arrive",), "order.start|1", "started"),
    "hands on": ("wang", (), "order.transfer_for|1|busy", "transferred"),
    "is satisfied": ("owner", ("arrive", "start", "finish"), "rate.yes|1", "rated"),
    "is dissatisfied": ("owner", ("arrive", "start", "finish"), "rate.no|1", "rated"),
    "calls off": ("owner", (), "order.cancel_yes|1", "cancelled"),
    "disputes": ("owner", ("arrive",), "order.not_here|1", "arrival_disputed"),
    "is called off": ("cs", (), "desk.cancel_now|1|mistake", "cancelled"),
}


@pytest.mark.parametrize("what", TWICE)
async def test_the_same_tap_twice_at_once_has_one_effect(town: Town, what: str) -> None:
    who, way, data, happened = TWICE[what]
    owner, wang = town.actor("owner"), town.actor("wang")
    await under_way(owner, wang)
    for one in way:
        if one == "explain":
            await fills_in(wang, "order.explain|1", "40")
        elif one == "finish":
            await fills_in(wang, "order.finish|1", "已修好")
        else:
            await wang.presses_data(f"order.{one}|1")
    actor = town.actor(who)
    await at_once(town, (actor, data), (actor, data), (actor, data))
    assert await step(town, happened) == 1


async def test_finished_twice_at_once_is_finished_once_and_asks_once(
    town: Town, owner: Actor, wang: Actor
) -> None:
    await under_way(owner, wang)
    await wang.presses_data("order.arrive|1")
    await wang.presses_data("order.start|1")
    await wang.presses_data("order.finish|1")
    data = wang.newest().buttons[0].data
    await at_once(town, (wang, data), (wang, data), (wang, data))
    assert await step(town, "finished") == 1
    assert (await owner.hears()).count("满意吗") == 1


async def test_a_booking_confirmed_twice_at_once_is_one_order(town: Town, owner: Actor) -> None:
    await fills_in(owner, "book.start", "水暖", "换水龙头", "明天")
    found = owner.button("确认预约")
    assert found is not None
    toasts = await at_once(town, (owner, found[1].data), (owner, found[1].data))
    assert len((await town.look(snapshot))["orders"]) == 1
    assert "这张表单已经结束" in toasts


async def test_two_of_the_desk_take_a_case_and_a_talk_at_once(
    town: Town, owner: Actor, wang: Actor, cs: Actor, cs2: Actor
) -> None:
    await finished(owner, wang)
    await owner.presses_data("rate.no|1")
    await owner.presses_data("talk.start")
    await at_once(town, (cs, "case.take|1"), (cs2, "case.take|1"))
    await at_once(town, (cs, "talk.take|1"), (cs2, "talk.take|1"))
    now = await town.look(snapshot)
    assert len([row for row in now["case_events"] if "taken" in row]) == 1
    assert owner.says().count("正在处理") <= 1
    assert len(now["talks"]) == 1


async def test_the_last_free_time_goes_to_one_of_two_who_confirm_at_once(
    town: Town, owner: Actor, neighbour: Actor
) -> None:
    def only_wang(connection: Connection) -> None:
        staff = metadata.tables["staff"]
        connection.execute(update(staff).where(staff.c.name == "李志强").values(active=False))

    await town.change(only_wang)
    for actor in (owner, neighbour):
        await fills_in(actor, "book.start", "水暖", "换水龙头", "明天下午3点")
    presses = [
        (actor, found[1].data)
        for actor in (owner, neighbour)
        if (found := actor.button("确认预约")) is not None
    ]
    assert len(presses) == 2
    await at_once(town, *presses)
    assert len((await town.look(snapshot))["orders"]) == 1
    assert "刚被约走" in owner.says() + neighbour.says()


async def test_a_redelivery_beside_the_first_delivery_is_one(town: Town, owner: Actor) -> None:
    report = Press("urgent.report|other|0")
    await asyncio.gather(*(town.take("owner", report, dedup="same") for _ in range(4)))
    words = Text("楼道里有怪味")
    await asyncio.gather(*(town.take("owner", words, dedup="again") for _ in range(4)))
    await town.settles()
    assert len((await town.look(snapshot))["orders"]) == 1


# Anybody, anything


EVERYBODY: tuple[str, ...] = (
    "owner",
    "neighbour",
    "tenant",
    "moved_out",
    "far_owner",
    "stranger",
    "wang",
    "li",
)
EVERYBODY += ("zhao", "cs", "cs2", "supervisor", "control", "head", "business", "far_cs")
ONCE = ("registered", "finished", "cancelled")


@dataclass
class Chance:
    """Somebody does something: presses what they or others were shown, says what comes to mind."""

    town: Town
    dice: random.Random

    async def strikes(self) -> None:
        actor = self.town.actor(self.dice.choice(EVERYBODY))
        deed = self.dice.choice([self._own, self._own, self._own, self._other, self._words])
        await deed(actor)

    async def _own(self, actor: Actor) -> None:
        buttons = [button for shown in actor.screen[-4:] for button in shown.buttons]
        if not buttons:
            await actor.commands("start")
            await actor.presses_data(self.dice.choice(BEGINNINGS))
            return
        data = self.dice.choice(buttons).data
        times = self.dice.choice((1, 1, 2))
        await asyncio.gather(*(self.town.take(actor.key, Press(data)) for _ in range(times)))
        await self.town.settles()

    async def _other(self, actor: Actor) -> None:
        screens = [screen for screen in self.town.telephones.screens.values() if screen]
        shown = self.dice.choice(self.dice.choice(screens)) if screens else None
        if shown is not None and shown.buttons:
            await actor.presses_data(self.dice.choice(shown.buttons).data)

    async def _words(self, actor: Actor) -> None:
        what = self.dice.choice([self._label, self._label, self._junk, self._photo, self._time])
        await what(actor)

    async def _label(self, actor: Actor) -> None:
        words = (*actor.menu(), *actor.buttons(), "1", "明天下午3点", "40", "水管爆了", "谢谢")
        await actor.types(self.dice.choice(words))

    async def _junk(self, actor: Actor) -> None:
        await actor.types(self.dice.choice(JUNK))

    async def _photo(self, actor: Actor) -> None:
        await actor.sends_photo(caption=self.dice.choice(("", "漏水了", "\u0000")))

    async def _time(self, _actor: Actor) -> None:
        await self.town.passes(minutes=self.dice.choice((1, 7, 40)))


BEGINNINGS: tuple[str, ...] = (
    "book.start",
    "urgent.report|burst_pipe|0",
    "urgent.start",
    "talk.start",
    "more.open",
)
BEGINNINGS += ("jobs.mine", "board.waiting", "board.todo", "intake.start", "approvals.list")


@pytest.mark.parametrize("seed", range(3))
async def test_whatever_anybody_does_nothing_breaks_and_nothing_happens_twice(
    town: Town, seed: int
) -> None:
    chance = Chance(town, random.Random(seed))
    await town.actor("owner").presses_data("urgent.report|burst_pipe|0")
    await town.actor("wang").presses_data("order.accept|1")
    for _ in range(120):
        await chance.strikes()
    done = await town.look(steps)
    assert not {key: count for key, count in done.items() if key[1] in ONCE and count > 1}
    ends = Counter(order for order, what in done if what in ("finished", "cancelled"))
    assert not [order for order, count in ends.items() if count > 1]


# A clock set back


HOUR = timedelta(hours=1)


async def test_an_emergency_goes_its_way_though_the_clock_is_set_back(
    town: Town, owner: Actor, wang: Actor, head: Actor
) -> None:
    await owner.presses_data("urgent.report|burst_pipe|0")
    await town.passes(minutes=6)
    town.clock.step(-HOUR)
    await wang.presses("接单")
    await wang.presses_data("order.arrive|1")
    await wang.presses_data("order.start|1")
    await fills_in(wang, "order.finish|1", "已修好")
    await owner.presses("满意")
    before = len(head.screen)
    await town.passes(hours=3)
    assert len(head.screen) == before
    assert (await town.verdicts())["emergency_arrival"] == "met"
    history = Counter(await town.history())
    assert history["arrived"] == history["started"] == history["finished"] == 1
    assert (await town.look(snapshot))["cases"] == []


async def test_what_has_fired_fires_no_second_time_when_the_clock_is_set_back(
    town: Town, owner: Actor, wang: Actor, head: Actor
) -> None:
    await owner.presses_data("urgent.report|burst_pipe|0")
    await wang.presses("接单")
    await town.passes(minutes=11)
    told, missed = len(head.screen), await town.verdicts()
    assert missed["emergency_arrival"] == "missed"
    town.clock.step(-HOUR)
    await town.passes(minutes=70)
    assert len(head.screen) == told
    town.clock.step(-HOUR)
    await wang.presses_data("order.arrive|1")
    assert (await town.verdicts())["emergency_arrival"] == "missed"
    assert len((await town.look(snapshot))["cases"]) == 1


async def test_an_appointment_is_judged_by_the_time_there_is(
    town: Town, owner: Actor, wang: Actor, li: Actor
) -> None:
    await fills_in(owner, "book.start", "水暖", "换水龙头", "明天下午3点", "确认预约")
    worker = wang if wang.sees("接单") else li
    await worker.presses("接单")
    await town.until("09:00")
    await town.until("14:58")
    town.clock.step(-HOUR)
    await worker.hears()
    await worker.presses_data("order.arrive|1")
    assert "14:55" in await worker.hears()  # too early, by the clock there is
    await town.until("15:01")
    await worker.presses_data("order.arrive|1")
    assert (await town.verdicts())["punctuality"] == "met"
    assert await step(town, "arrived") == 1


async def test_messages_that_wait_are_sent_though_the_clock_is_set_back(
    town: Town, owner: Actor, wang: Actor
) -> None:
    await town.take("owner", Press("urgent.report|burst_pipe|0"))
    town.clock.step(-HOUR)
    town.restarts()
    await town.settles()
    assert wang.sees("接单")
    assert owner.sees("取消")


async def test_numbers_stay_unique_when_the_clock_is_set_back_over_midnight(
    town: Town, owner: Actor
) -> None:
    await town.until("23:50")
    await owner.presses_data("urgent.report|burst_pipe|0")
    await town.passes(minutes=20)
    await owner.presses_data("urgent.report|no_water|0")
    town.clock.step(-HOUR)
    await owner.presses_data("urgent.report|power_outage|0")
    await town.passes(minutes=70)
    await owner.presses_data("urgent.report|lockout_risk|0")
    numbers = [(await town.order(number)).number for number in (1, 2, 3, 4)]
    assert len(set(numbers)) == 4


# What the log holds


async def test_the_log_of_a_service_holds_nobodys_name_number_room_or_words(
    town: Town, owner: Actor, wang: Actor, cs: Actor, capsys: pytest.CaptureFixture[str]
) -> None:
    words, phone = "厨房在漏水请快来", "13912345678"
    set_up("debug", as_json=False)
    structlog.configure(cache_logger_on_first_use=False)
    try:
        await under_way(owner, wang)
        await owner.types(words)
        await wang.presses_data("talk.owner|1")
        await owner.types(words)
        await finishes(wang)
        await owner.presses_data("rate.no|1")
        await owner.types(words)
        await owner.presses("准时")
        claim = ("云湖", "业主", "3-1201", "张伟", phone)
        await fills_in(town.actor("stranger"), "bind.claim", *claim)
        await cs.presses_data("order.reveal|1")
        for fault in _faults(words):
            await owner.presses_data("talk.start")
            with pytest.MonkeyPatch.context() as broken:
                broken.setattr("storage.talks.add_line", _raises(fault))
                await owner.hears()
                await owner.types(words)
            assert "什么都没有改动" in await owner.hears()
    finally:
        structlog.reset_defaults()
    logged = capsys.readouterr()
    assert "incident" in logged.err
    for secret in (words, phone, "张伟", "3-1201", "13800100001", "王建国"):
        assert secret not in logged.err + logged.out, secret


def _faults(words: str) -> list[Exception]:
    """Errors as libraries make them, with what they were given in their words."""
    return [
        ValueError(f"cannot read {words!r}"),
        DataError("INSERT", {"words": words}, Exception(f"invalid input: {words!r}")),
        KeyError(words),
    ]


def _raises(fault: Exception) -> Callable[..., None]:
    def fails(*_given: object) -> None:
        raise fault

    return fails


# In the person's language


def refusals(kind: type[DomainError] = DomainError) -> Iterator[type[DomainError]]:
    """Every way of saying no that the services have (tests have some of their own)."""
    for one in kind.__subclasses__():
        if one.__module__.startswith("services."):
            yield one
        yield from refusals(one)


@pytest.mark.parametrize("language", Wording().locales)
def test_every_refusal_has_words(language: str) -> None:
    wording = Wording()
    wordless = [one.__name__ for one in refusals() if not wording.has(one.key, language)]
    assert wordless == []


async def test_refusals_are_said_in_the_persons_language(
    town: Town, owner: Actor, wang: Actor, neighbour: Actor, li: Actor, newcomer: Actor
) -> None:
    await under_way(owner, wang)
    for actor in (owner, wang, neighbour, li, newcomer):
        await actor.presses_data("language.set|en")
    said = [
        await tells(neighbour, "order.cancel_yes|1"),
        await tells(li, "order.accept|1"),
        await tells(newcomer, "book.start"),
        await tells(owner, "order.agree|1|100"),
        await tells(owner, "no.such|1"),
        await tells(owner, "form.done|99"),
        await tells(wang, "order.finish|1"),
        await tells(wang, "case.take|1"),
        await tells(owner, "rate.yes|1"),
        await tells(owner, "move.agree|7"),
    ]
    await owner.types("ﷺ" * 30)
    said.append(await owner.hears())
    names = ("王建国", "李志强")
    for words in said:
        assert words
        for name in names:
            words = words.replace(name, "")
        assert not [letter for letter in words if "\u4e00" <= letter <= "\u9fff"], words


async def test_an_old_card_takes_no_job_from_whom_the_desk_has_chosen(
    town: Town, owner: Actor, wang: Actor, li: Actor, cs: Actor
) -> None:
    await fills_in(owner, "book.start", "水暖", "换水龙头", "明天下午3点", "确认预约")
    first, second = (wang, li) if wang.sees("接单") else (li, wang)
    chosen = (await town.look(lambda one: known_as(one, second.key)) or (None, None))[1]
    assert chosen is not None
    await cs.presses_data(f"desk.assign_to|1|{chosen.id}")
    assert "已经不能用了" in await tells(first, "order.accept|1")
    await second.presses_data("order.accept|1")
    assert (await town.order()).technician_id == chosen.id
    await second.presses_data("order.transfer_for|1|busy")
    assert "已经不能用了" in await tells(second, "order.accept|1")


async def test_a_technician_who_has_left_can_do_nothing_more_on_the_job(
    town: Town, owner: Actor, wang: Actor
) -> None:
    await under_way(owner, wang)

    def leaves(connection: Connection) -> None:
        staff = metadata.tables["staff"]
        connection.execute(update(staff).where(staff.c.name == "王建国").values(active=False))

    await town.change(leaves)
    before = await town.look(snapshot)
    for action in ("arrive", "set_out", "start", "finish", "explain", "transfer"):
        assert "不归您办理" in await tells(wang, f"order.{action}|1")
    for action in ("jobs.show|1", "talk.owner|1", "talk.control_about|1", "jobs.mine"):
        assert "不归您办理" in await tells(wang, action)
    assert not changed(before, await town.look(snapshot))
