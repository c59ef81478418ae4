"""However WeCom announces its news, each is taken in once, in order, and none is lost."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from bot.channels.wecom.owners.ledger import Ledger
from bot.channels.wecom.patience import Patience
from bot.event import HandedBack, TakenOver, Text
from tests.emulators.wecom import WeComEmulator
from tests.emulators.wecom_people import Customer
from tests.town import FakeClock
from tests.wecom.owners import HASTY, OWNER, Desk, shop, until


def texts(*words: str) -> list[Text]:
    return [Text(one) for one in words]


async def types_all(customer: Customer, *words: str) -> None:
    for one in words:
        await customer.types(one)


async def test_what_is_in_one_page_is_one_transaction_with_the_cursor(
    company: WeComEmulator, desk: Desk, zhang: Customer
) -> None:
    async with shop(company, desk) as open_shop:
        await zhang.types("您好")
        await open_shop.hears(1)
        (event,) = desk.events
        assert [(note.key, note.value) for note in event.notes] == [
            (f"cursor:{company.kf}", open_shop.cursor())
        ]
    assert open_shop.cursor() == f"on:c1.{company.kf}"


async def test_callbacks_that_come_twice_or_backwards_or_not_at_all(
    company: WeComEmulator, desk: Desk, zhang: Customer
) -> None:
    company.quirks.delivers_twice = True
    async with shop(company, desk) as open_shop:
        await types_all(zhang, "一", "二")
        company.hold()
        await types_all(zhang, "三", "四")
        company.release(backwards=True)
        await open_shop.hears(4)
        company.quirks.loses_callbacks = True
        await zhang.types("五")
        company.quirks.loses_callbacks = False
        await zhang.types("六")
        assert await open_shop.hears(6) == texts("一", "二", "三", "四", "五", "六")


async def test_where_no_callback_comes_the_account_is_asked_now_and_then(
    company: WeComEmulator, desk: Desk, zhang: Customer
) -> None:
    async with shop(company, desk, replace(HASTY, look_again_s=0.05)) as open_shop:
        await until(lambda: open_shop.pulls() > 0)
        company.quirks.loses_callbacks = True
        await zhang.types("一")
        assert await open_shop.hears(1) == texts("一")


async def test_many_calls_at_once_are_one_pull(
    company: WeComEmulator, desk: Desk, zhang: Customer
) -> None:
    async with shop(company, desk) as open_shop:
        await zhang.types("一")
        before = open_shop.pulls()
        company.hold()
        await types_all(zhang, "二", "三")
        tokens = [dict(one.fields)["Token"] for one in company.callbacks[-2:]]
        assert len(set(tokens)) == 2
        await asyncio.gather(*(open_shop.channel.news(company.kf, str(one)) for one in tokens * 20))
        assert desk.said == texts("一", "二", "三")
        assert open_shop.pulls() == before + 1
        company.release()


async def test_pages_that_are_short_or_empty_are_read_to_their_end(
    company: WeComEmulator, desk: Desk, zhang: Customer
) -> None:
    company.quirks.short_pages = 1
    company.quirks.empty_pages = 4
    company.hold()
    await types_all(zhang, "一", "二", "三")
    async with shop(company, desk) as open_shop:
        assert await open_shop.hears(3) == texts("一", "二", "三")
        company.quirks.empty_pages = 2
        company.release()
        await zhang.types("四")
        assert await open_shop.hears(4) == texts("一", "二", "三", "四")
    assert open_shop.cursor() == f"on:c4.{company.kf}"


async def test_a_token_that_is_over_is_left_out(
    company: WeComEmulator, desk: Desk, zhang: Customer, clock: FakeClock
) -> None:
    async with shop(company, desk) as open_shop:
        await zhang.types("一")
        await open_shop.hears(1)
        before = open_shop.pulls()
        company.hold()
        await zhang.types("二")
        clock.step(timedelta(minutes=11))
        company.release()
        assert await open_shop.hears(2) == texts("一", "二")
    asked = [dict(call.body) for call in company.calls_of("kf/sync_msg")]  # type: ignore[arg-type]
    assert ["token" in body for body in asked[before:]] == [True, False]


@pytest.mark.parametrize(
    "fault",
    [
        {"errcode": -1},
        {"errcode": 45009},
        {"errcode": 40001},
        {"errcode": 60020},
        {"status": 500},
        {"hang": True},
        {"drop": "before"},
        {"drop": "after"},
    ],
)
async def test_whatever_wecom_answers_the_news_is_fetched_in_the_end(
    company: WeComEmulator, desk: Desk, zhang: Customer, fault: dict[str, object]
) -> None:
    async with shop(company, desk, replace(HASTY, request_s=0.1)) as open_shop:
        await until(lambda: open_shop.pulls() == 1)
        company.fail("kf/sync_msg", 2, **fault)  # type: ignore[arg-type]
        await zhang.types("一")
        await zhang.types("二")
        assert await open_shop.hears(2) == texts("一", "二")


async def test_a_call_is_answered_in_time_however_long_the_pull_takes(
    company: WeComEmulator, desk: Desk, zhang: Customer
) -> None:
    gate = desk.gates[f"{OWNER}@{company.kf}"] = asyncio.Event()
    async with shop(company, desk, replace(HASTY, margin_s=19.9)) as open_shop:
        await zhang.types("一")
        assert company.callbacks[-1].taken
        assert company.callbacks[-1].tries == 1
        assert desk.said == []
        gate.set()
        assert await open_shop.hears(1) == texts("一")


async def test_a_call_waits_for_what_a_pull_before_it_has_brought(
    company: WeComEmulator, desk: Desk, zhang: Customer
) -> None:
    gate = desk.gates[f"{OWNER}@{company.kf}"] = asyncio.Event()
    company.hold()
    await zhang.types("一")
    async with shop(company, desk) as open_shop:
        await until(lambda: desk.at_once == 1)  # the pull at the start has brought it
        call = asyncio.create_task(open_shop.channel.news(company.kf, ""))
        await until(lambda: open_shop.pulls() == 2)
        await asyncio.sleep(0.05)
        assert not call.done()
        gate.set()
        await call
        assert desk.said == texts("一")
        company.release()


async def test_customers_are_dealt_with_side_by_side_and_each_in_order(
    company: WeComEmulator, desk: Desk
) -> None:
    people = [company.customer(f"wmMany{number:03d}") for number in range(80)]
    company.hold()
    for words in ("一", "二"):
        for one in people:
            await one.types(words)
    async with shop(company, desk) as open_shop:
        await open_shop.hears(160)
    assert 1 < desk.most_at_once <= 32
    for one in people:
        address = f"{one.external_userid}@{company.kf}"
        mine = [event.what for event in desk.events if event.address == address]
        assert mine == texts("一", "二")


async def test_a_database_that_is_away_loses_nothing(
    company: WeComEmulator, desk: Desk, zhang: Customer
) -> None:
    async with shop(company, desk) as open_shop:
        desk.failures = 3
        await zhang.types("一")
        await zhang.types("二")
        assert await open_shop.hears(2) == texts("一", "二")
    assert open_shop.cursor() == f"on:c2.{company.kf}"


@pytest.mark.parametrize("lives", [0, 1, 2, 3, 5])
async def test_a_kill_in_the_middle_of_a_page_loses_and_doubles_nothing(
    company: WeComEmulator, desk: Desk, zhang: Customer, liu: Customer, lives: int
) -> None:
    company.hold()
    for words in ("一", "二", "三"):
        await zhang.types(words)
        await liu.types(words)
    desk.lives = lives
    async with shop(company, desk):
        await until(lambda: len(desk.events) == lives)
    desk.lives = None
    async with shop(company, desk) as open_shop:
        await open_shop.hears(6)
    for one in (zhang, liu):
        address = f"{one.external_userid}@{company.kf}"
        mine = [event.what for event in desk.events if event.address == address]
        assert mine == texts("一", "二", "三")
    await until(lambda: open_shop.cursor() == f"on:c6.{company.kf}")


def test_nothing_is_given_up_while_wecom_still_keeps_it() -> None:
    usual = Patience()
    assert usual.tries * 0.75 * usual.longest_s >= timedelta(days=3).total_seconds()


async def test_what_was_committed_already_is_not_read_again_after_a_restart(
    company: WeComEmulator, desk: Desk, zhang: Customer
) -> None:
    async with shop(company, desk) as open_shop:
        await types_all(zhang, "一", "二")
        await open_shop.hears(2)
    kept = open_shop.cursor()
    async with shop(company, desk) as open_shop:
        await zhang.types("三")
        await open_shop.hears(3)
    cursors = [dict(call.body).get("cursor") for call in company.calls_of("kf/sync_msg")]  # type: ignore[arg-type]
    assert kept == f"on:{cursors[-2]}"


async def test_a_restart_without_news_forgets_nothing(
    company: WeComEmulator, desk: Desk, zhang: Customer
) -> None:
    async with shop(company, desk) as open_shop:
        await zhang.types("一")
        await open_shop.hears(1)
        kept = open_shop.cursor()
    async with shop(company, desk) as open_shop:
        await open_shop.channel.news(company.kf, "")
        assert open_shop.cursor() == kept


async def test_another_process_reads_on_where_the_first_has_got_to(
    company: WeComEmulator, desk: Desk, zhang: Customer
) -> None:
    async with shop(company, desk) as one, shop(company, desk) as other:
        await until(lambda: one.pulls() >= 2)
        company.callback_url = None
        await types_all(zhang, "一", "二")
        await one.channel.news(company.kf, "")
        assert desk.said == texts("一", "二")
        await until(lambda: one.cursor() == f"on:c2.{company.kf}")
        await other.channel.news(company.kf, "")
        assert dict(company.calls_of("kf/sync_msg")[-1].body)["cursor"] == f"c2.{company.kf}"  # type: ignore[arg-type]


async def test_a_slow_picture_keeps_nobody_waiting_and_the_cursor_behind_it(
    company: WeComEmulator, desk: Desk, zhang: Customer, liu: Customer
) -> None:
    gate = desk.gates[f"{OWNER}@{company.kf}"] = asyncio.Event()
    async with shop(company, desk, replace(HASTY, margin_s=19.9)) as open_shop:
        await zhang.types("一")
        await liu.types("二")
        await liu.types("三")
        assert await open_shop.hears(2) == texts("二", "三")
        assert open_shop.cursor() == ""
        gate.set()
        assert await open_shop.hears(3) == texts("二", "三", "一")
        await until(lambda: open_shop.cursor() == f"on:c3.{company.kf}")


# The first pull


async def test_where_no_cursor_is_known_what_is_old_is_not_answered(
    company: WeComEmulator, desk: Desk, zhang: Customer, clock: FakeClock
) -> None:
    company.hold()
    await types_all(zhang, "前天的", "也是")
    await zhang.enters("ABCD2345")
    await company.takes(zhang, "chenjing")
    await company.ends(zhang)
    clock.step(timedelta(minutes=11))
    await zhang.types("刚才的")
    with capture_logs() as logs:
        async with shop(company, desk) as open_shop:
            assert await open_shop.hears(3) == [TakenOver(), HandedBack(), Text("刚才的")]
            company.release()
            await company.quiet()
    assert [line["count"] for line in logs if line["event"] == "wecom.kf_too_old_to_answer"] == [3]


async def test_a_kill_in_the_first_pull_leaves_it_the_first(
    company: WeComEmulator, desk: Desk, zhang: Customer, clock: FakeClock
) -> None:
    company.quirks.short_pages = 2
    company.hold()
    await zhang.types("前天的")
    await company.takes(zhang, "chenjing")
    await company.ends(zhang)
    await types_all(zhang, "也是", "还是")
    clock.step(timedelta(minutes=11))
    await zhang.types("刚才的")
    desk.lives = 1
    async with shop(company, desk) as open_shop:
        await open_shop.hears(1)
    assert open_shop.cursor() == f"first:c2.{company.kf}"
    desk.lives = None
    async with shop(company, desk) as open_shop:
        assert await open_shop.hears(3) == [TakenOver(), HandedBack(), Text("刚才的")]


async def test_after_a_time_away_everything_since_is_answered_however_old(
    company: WeComEmulator, desk: Desk, zhang: Customer, clock: FakeClock
) -> None:
    async with shop(company, desk) as open_shop:
        await zhang.types("一")
        await open_shop.hears(1)
    company.callback_url = None
    await zhang.types("二")
    clock.step(timedelta(hours=5))
    async with shop(company, desk) as open_shop:
        assert await open_shop.hears(2) == texts("一", "二")


async def test_a_cursor_that_wecom_has_lost_is_begun_anew_and_doubles_nothing(
    company: WeComEmulator, desk: Desk, zhang: Customer
) -> None:
    async with shop(company, desk) as open_shop:
        await zhang.types("一")
        await open_shop.hears(1)
    company.fail("kf/sync_msg", 1, errcode=40058)
    async with shop(company, desk) as open_shop:
        await zhang.types("二")
        assert await open_shop.hears(2) == texts("一", "二")


async def test_two_accounts_are_read_by_themselves(
    company: WeComEmulator, desk: Desk, zhang: Customer
) -> None:
    other = company.kf_account("wkOther")
    guest = company.customer(OWNER, kf=other)
    async with shop(company, desk, kf_accounts=[company.kf, other]) as open_shop:
        await zhang.types("一")
        await guest.types("二")
        await open_shop.hears(2)
    assert {event.address for event in desk.events} == {f"{OWNER}@{company.kf}", f"{OWNER}@{other}"}
    assert {f"cursor:{company.kf}", f"cursor:{other}"} <= set(desk.notes.kept)


async def test_an_account_that_is_not_ours_is_left_alone(
    company: WeComEmulator, desk: Desk
) -> None:
    other = company.kf_account("wkOther")
    guest = company.customer("wmGuest", kf=other)
    async with shop(company, desk) as open_shop:
        await guest.types("您好")
        assert company.callbacks[-1].taken
        await until(lambda: open_shop.pulls() > 0)
    assert {dict(one.body)["open_kfid"] for one in company.calls_of("kf/sync_msg")} == {company.kf}  # type: ignore[arg-type]


# Arithmetic of pages


def test_the_cursor_goes_no_further_than_what_is_dealt_with() -> None:
    ledger = Ledger()
    first, second = ledger.begin("a", 2), ledger.begin("b", 1)
    assert ledger.rides_with_next(second) is None
    ledger.done(second)
    assert ledger.due() is None
    ledger.done(first)
    assert ledger.rides_with_next(first) == "a"
    ledger.kept("a")
    ledger.done(first)
    assert ledger.due() == "b"
    third = ledger.begin("c", 1)
    assert ledger.rides_with_next(third) is None  # "b" must not be kept after it
    ledger.kept("b")
    assert ledger.rides_with_next(third) == "c"
    ledger.begin("d", 0)
    assert ledger.due() is None
