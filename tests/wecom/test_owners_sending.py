"""What a customer sees of a message, and what is said of one that they do not see."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.channels.base import (
    CannotEdit,
    Delivered,
    Outcome,
    Rejected,
    Retry,
    Silenced,
    Spoken,
    Unreachable,
    WindowClosed,
)
from bot.channels.wecom.owners.msgids import msgid, named
from bot.event import Command
from tests.emulators.wecom import WeComEmulator
from tests.emulators.wecom_people import Customer
from tests.town import FakeClock
from tests.wecom.office import jpeg
from tests.wecom.owners import HASTY, Desk, photo, sending, shop, until


def seen(customer: Customer) -> list[tuple[str, str]]:
    """What stands on the telephone: kinds and words."""
    return [(one.kind, one.text) for one in customer.screen]


def sent(company: WeComEmulator) -> list[dict[str, object]]:
    """The messages that were asked to be sent, ordinarily."""
    return [dict(call.body) for call in company.calls_of("kf/send_msg")]  # type: ignore[arg-type]


async def test_words_and_choices_that_can_be_tapped_or_typed(
    company: WeComEmulator, desk: Desk, zhang: Customer
) -> None:
    async with shop(company, desk) as open_shop:
        await zhang.types("您好")
        plain = await open_shop.channel.send(sending(company, "已预约"))
        asked = await open_shop.channel.send(sending(company, "请选择", "换水龙头", key="m2"))
    install = desk.notes.kept["install"].value
    assert plain == Delivered(msgid(install, named("m1", "已预约")))
    assert asked == Delivered(msgid(install, named("m2", "请选择")))
    assert seen(zhang) == [("text", "已预约"), ("msgmenu", "请选择\n1. 换水龙头")]
    assert zhang.screen[1].buttons == ("1. 换水龙头",)


async def test_5_2_1_pictures_come_after_the_words(
    company: WeComEmulator, desk: Desk, zhang: Customer, tmp_path: Path
) -> None:
    pictures = (photo(tmp_path, "a"), tmp_path / "gone.jpg", photo(tmp_path, "b"))
    async with shop(company, desk) as open_shop:
        await zhang.types("您好")
        outcome = await open_shop.channel.send(sending(company, "就是这样", photos=pictures))
    assert isinstance(outcome, Delivered)
    assert outcome.parts == 3
    assert [one.kind for one in zhang.screen] == ["text", "image", "image"]
    assert zhang.screen[1].photo == jpeg()
    assert [one["msgid"] for one in sent(company)] == [
        outcome.ref,
        f"{outcome.ref}-p1",
        f"{outcome.ref}-p2",
    ]


async def test_no_more_messages_than_are_allowed_and_the_words_before_the_pictures(
    company: WeComEmulator, desk: Desk, zhang: Customer, tmp_path: Path
) -> None:
    pictures = (photo(tmp_path, "a"), photo(tmp_path, "b"))
    async with shop(company, desk) as open_shop:
        await zhang.types("您好")
        for most, kinds in ((1, ["msgmenu"]), (2, ["text", "msgmenu"]), (3, [])):
            said = sending(company, "水" * 400 + "\n好吗", "好", key=f"m{most}", photos=pictures)
            outcome = await open_shop.channel.send(replace(said, most=most))
            assert isinstance(outcome, Delivered)
            assert outcome.parts == most
            await zhang.types("好")
            kinds = kinds or ["text", "msgmenu", "image"]
            assert [one.kind for one in zhang.screen[-most:]] == kinds


async def test_there_are_no_edits_and_nothing_is_said_for_one(
    company: WeComEmulator, desk: Desk, zhang: Customer
) -> None:
    async with shop(company, desk) as open_shop:
        said = replace(sending(company, "您好"), replaces="r1")
        assert await open_shop.channel.send(said) == CannotEdit()
    assert sent(company) == []


async def test_a_message_with_nothing_in_it_is_a_fault_of_ours(
    company: WeComEmulator, desk: Desk, zhang: Customer
) -> None:
    async with shop(company, desk) as open_shop:
        assert isinstance(await open_shop.channel.send(sending(company, " \n ")), Rejected)


# Repeats


@pytest.mark.parametrize(
    "fault", [{"drop": "before"}, {"drop": "after"}, {"hang": True}, {"status": 500}]
)
async def test_a_message_whose_first_try_had_no_answer_is_there_once(
    company: WeComEmulator, desk: Desk, zhang: Customer, fault: dict[str, object]
) -> None:
    async with shop(company, desk, replace(HASTY, request_s=0.1)) as open_shop:
        await zhang.types("您好")
        company.fail("kf/send_msg", 1, **fault)  # type: ignore[arg-type]
        first = await open_shop.channel.send(sending(company, "已预约"))
        second = await open_shop.channel.send(sending(company, "已预约"))
    assert isinstance(first, Retry)
    assert not first.everyone
    assert isinstance(second, Delivered)
    assert seen(zhang) == [("text", "已预约")]
    assert {one["msgid"] for one in sent(company)} == {second.ref}


async def test_a_restart_between_the_tries_doubles_nothing(
    company: WeComEmulator, desk: Desk, zhang: Customer
) -> None:
    async with shop(company, desk) as open_shop:
        await zhang.types("您好")
        company.fail("kf/send_msg", 1, drop="after")
        assert isinstance(await open_shop.channel.send(sending(company, "已预约")), Retry)
    async with shop(company, desk) as open_shop:
        assert isinstance(await open_shop.channel.send(sending(company, "已预约")), Delivered)
    assert seen(zhang) == [("text", "已预约")]


async def test_a_retry_goes_on_where_the_last_try_stopped(
    company: WeComEmulator, desk: Desk, zhang: Customer, tmp_path: Path
) -> None:
    said = sending(company, "水" * 400 + "\n好吗", "好", photos=(photo(tmp_path),))
    async with shop(company, desk) as open_shop:
        await zhang.types("您好")
        company.fail("media/upload", 1, errcode=-1)
        assert isinstance(await open_shop.channel.send(said), Retry)
        outcome = await open_shop.channel.send(said)
    assert isinstance(outcome, Delivered)
    assert outcome.parts == 3
    assert [one["msgid"] for one in sent(company)] == [
        outcome.ref,
        f"{outcome.ref}-p1",
        f"{outcome.ref}-p2",
    ]


async def test_a_delivery_that_is_broken_off_goes_on_where_it_was(
    company: WeComEmulator, desk: Desk, zhang: Customer, tmp_path: Path
) -> None:
    said = sending(company, "已预约", photos=(photo(tmp_path),))
    async with shop(company, desk, replace(HASTY, upload_s=0.5)) as open_shop:
        await zhang.types("您好")
        company.fail("media/upload", 1, hang=True)
        first = asyncio.create_task(open_shop.channel.send(said))
        await until(lambda: len(company.calls_of("media/upload")) == 1)
        first.cancel()
        await asyncio.wait([first])
        assert isinstance(await open_shop.channel.send(said), Retry)
        outcome = await open_shop.channel.send(said)
        assert isinstance(outcome, Delivered)
    assert [one["msgid"] for one in sent(company)] == [outcome.ref, f"{outcome.ref}-p1"]


async def test_a_message_that_is_broken_off_may_have_arrived(
    company: WeComEmulator, desk: Desk, zhang: Customer
) -> None:
    async with shop(company, desk, replace(HASTY, request_s=60.0)) as open_shop:
        await zhang.types("您好")
        company.fail("kf/send_msg", 1, hang=True)
        first = asyncio.create_task(open_shop.channel.send(sending(company, "已预约")))
        await until(lambda: len(sent(company)) == 1)
        first.cancel()
        await asyncio.wait([first])
        company.fail("kf/send_msg", 1, errcode=40058, text="msgid is not as it should be")
        assert isinstance(await open_shop.channel.send(sending(company, "已预约")), Delivered)


# What WeCom will not have


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        ({"errcode": -1}, Retry(HASTY.busy_s, reason="-1 busy")),
        ({"errcode": 45033}, Retry(HASTY.busy_s, reason="45033 busy")),
        ({"errcode": 45009}, Retry(HASTY.limited_s, everyone=True, reason="45009 busy")),
        ({"errcode": 95001}, WindowClosed(spent=True)),
        ({"errcode": 95002}, WindowClosed()),
        ({"errcode": 95013}, WindowClosed()),
        ({"errcode": 95018}, WindowClosed()),
        ({"errcode": 40096}, Unreachable("40096 nobody-there")),
        ({"errcode": 95004}, Unreachable("95004 misconfigured")),
        ({"errcode": 48007}, Retry(0.05, everyone=True, reason="48007 misconfigured")),
        ({"errcode": 60020}, Retry(0.05, everyone=True, reason="60020 misconfigured")),
        ({"errcode": 48002}, Retry(0.05, everyone=True, reason="48002 misconfigured")),
        ({"errcode": 40201}, Rejected("40201 our-fault")),
        ({"errcode": 95030}, Rejected("95030 our-fault")),
        ({"status": 503}, Retry(HASTY.busy_s, reason="503 busy")),
    ],
)
async def test_each_refusal_is_an_outcome(
    company: WeComEmulator,
    desk: Desk,
    zhang: Customer,
    fault: dict[str, object],
    outcome: Outcome,
) -> None:
    with capture_logs() as logs:
        async with shop(company, desk) as open_shop:
            await zhang.types("您好")
            company.fail("kf/send_msg", 1, **fault)  # type: ignore[arg-type]
            assert await open_shop.channel.send(sending(company, "已预约")) == outcome
    told = [line["finding"] for line in logs if line["event"] == "wecom.misconfigured"]
    assert len(told) == (fault.get("errcode") in (48007, 60020, 48002))
    assert "已预约" not in str(logs)


async def test_5_2_8_the_sixth_message_is_one_too_many_until_the_customer_writes(
    company: WeComEmulator, desk: Desk, zhang: Customer
) -> None:
    async with shop(company, desk) as open_shop:
        await zhang.types("您好")
        outcomes = [
            await open_shop.channel.send(sending(company, "一条", key=f"m{number}"))
            for number in range(6)
        ]
        assert [type(one) for one in outcomes] == [Delivered] * 5 + [WindowClosed]
        assert outcomes[-1] == WindowClosed(spent=True)
        await zhang.types("还有吗")
        again = await open_shop.channel.send(sending(company, "一条", key="m5"))
        assert isinstance(again, Delivered)


@pytest.mark.parametrize("as_ended", [False, True])
async def test_after_two_days_the_window_is_closed(
    company: WeComEmulator, desk: Desk, zhang: Customer, clock: FakeClock, as_ended: bool
) -> None:
    company.quirks.late_is_95018 = as_ended
    async with shop(company, desk) as open_shop:
        await zhang.types("您好")
        clock.step(timedelta(hours=48, seconds=1))
        assert await open_shop.channel.send(sending(company, "提醒")) == WindowClosed()


async def test_words_that_arrived_are_not_taken_back_by_pictures_that_do_not(
    company: WeComEmulator, desk: Desk, zhang: Customer, tmp_path: Path
) -> None:
    pictures = tuple(photo(tmp_path, name) for name in "abcdefg")
    async with shop(company, desk) as open_shop:
        await zhang.types("您好")
        outcome = await open_shop.channel.send(sending(company, "就是这样", photos=pictures))
    assert isinstance(outcome, Delivered)
    assert outcome.parts == 5
    assert len(sent(company)) == 6


async def test_a_picture_wecom_has_let_go_of_is_uploaded_once_more(
    company: WeComEmulator, desk: Desk, zhang: Customer, clock: FakeClock, tmp_path: Path
) -> None:
    async with shop(company, desk) as open_shop:
        await zhang.types("您好")
        said = sending(company, "", photos=(photo(tmp_path),))
        await open_shop.channel.send(said)
        clock.step(timedelta(days=4))
        await zhang.types("再看看")
        outcome = await open_shop.channel.send(replace(said, key="m2"))
        assert isinstance(outcome, Delivered)
        company.fail("kf/send_msg", 2, errcode=40007)
        refused = await open_shop.channel.send(replace(said, key="m3"))
        assert isinstance(refused, Rejected)
    assert len(company.calls_of("media/upload")) == 3
    assert [one.kind for one in zhang.screen] == ["image", "image"]


# A colleague on the platform itself


async def test_who_speaks_with_a_colleague_is_left_in_peace_though_no_event_told_of_it(
    company: WeComEmulator, desk: Desk, zhang: Customer
) -> None:
    company.quirks.assigns_to = "chenjing"
    async with shop(company, desk) as open_shop:
        await zhang.types("您好")
        assert await open_shop.channel.send(sending(company, "已预约")) == Silenced()
    assert [note.key for note in await desk.notes.recall_all("human:")] == [
        f"human:{zhang.external_userid}@{company.kf}"
    ]


async def test_where_it_cannot_be_told_who_speaks_the_message_waits(
    company: WeComEmulator, desk: Desk, zhang: Customer
) -> None:
    company.fail("kf/service_state/get", 1, errcode=-1)
    async with shop(company, desk) as open_shop:
        await zhang.types("您好")
        await company.takes(zhang, "chenjing")
        assert isinstance(await open_shop.channel.send(sending(company, "已预约")), Retry)
        assert await open_shop.channel.send(sending(company, "已预约")) == Silenced()


async def test_when_the_colleague_ends_one_message_may_follow_within_twenty_seconds(
    company: WeComEmulator, desk: Desk, zhang: Customer
) -> None:
    async with shop(company, desk) as open_shop:
        await zhang.types("您好")
        await company.takes(zhang, "chenjing")
        await company.ends(zhang)
        await open_shop.hears(3)
        first = await open_shop.channel.send(sending(company, "请评价", "满意"))
        second = await open_shop.channel.send(sending(company, "提醒", key="m2"))
    assert isinstance(first, Delivered)
    assert second == WindowClosed()
    assert seen(zhang)[-1] == ("msgmenu", "请评价\n1. 满意")


# A welcome


async def test_a_welcome_is_said_with_the_code_once(
    company: WeComEmulator, desk: Desk, zhang: Customer
) -> None:
    async with shop(company, desk) as open_shop:
        await zhang.enters("ABCD2345")
        await open_shop.hears(1)
        welcome = sending(company, "欢迎")
        menu = replace(welcome, spoken=Spoken("欢迎", menu=(("预约服务", "更多"),)))
        assert isinstance(await open_shop.channel.send(menu), Delivered)
        late = await open_shop.channel.send(replace(welcome, key="m2"))
        assert late == WindowClosed()
    assert seen(zhang) == [("msgmenu", "欢迎\n预约服务\n更多")]


async def test_a_welcome_whose_code_is_over_goes_the_ordinary_way(
    company: WeComEmulator, desk: Desk, zhang: Customer, clock: FakeClock
) -> None:
    async with shop(company, desk) as open_shop:
        await zhang.enters("ABCD2345")
        await open_shop.hears(1)
        clock.step(timedelta(seconds=20))
        assert await open_shop.channel.send(sending(company, "欢迎")) == WindowClosed()
        assert company.calls_of("kf/send_msg_on_event") == []


async def test_a_code_that_is_refused_costs_nothing_where_the_window_is_open(
    company: WeComEmulator, desk: Desk, zhang: Customer
) -> None:
    async with shop(company, desk) as open_shop:
        await zhang.enters("ABCD2345")
        await zhang.types("您好")
        await open_shop.hears(2)
        company.fail("kf/send_msg_on_event", 1, errcode=40058)
        assert isinstance(await open_shop.channel.send(sending(company, "欢迎")), Delivered)
    assert desk.said[0] == Command("start", "ABCD2345")
    assert len(sent(company)) == 1


async def test_a_welcome_whose_first_try_had_no_answer_is_there_once(
    company: WeComEmulator, desk: Desk, zhang: Customer
) -> None:
    async with shop(company, desk) as open_shop:
        await zhang.enters("ABCD2345")
        await open_shop.hears(1)
        company.fail("kf/send_msg_on_event", 1, drop="after")
        assert isinstance(await open_shop.channel.send(sending(company, "欢迎")), Retry)
        assert isinstance(await open_shop.channel.send(sending(company, "欢迎")), Delivered)
    assert seen(zhang) == [("text", "欢迎")]
