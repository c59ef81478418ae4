"""Every kind of thing a customer does arrives as one neutral event, and with the leave it gives."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import pytest
from structlog.testing import capture_logs

from bot.channels.base import Delivered
from bot.channels.wecom.api.client import WeComClient
from bot.event import (
    Command,
    Event,
    HandedBack,
    Loss,
    Lost,
    Photo,
    Place,
    Press,
    TakenOver,
    Text,
    Trouble,
    Unusable,
    What,
    Window,
)
from tests.emulators.wecom import WeComEmulator
from tests.emulators.wecom_people import Customer
from tests.town import FakeClock
from tests.wecom.counter import settings
from tests.wecom.office import jpeg
from tests.wecom.owners import HASTY, OWNER, Desk, sending, shop, two_days, until


async def test_5_2_1_typed_words_become_an_event_that_opens_the_window(
    company: WeComEmulator, desk: Desk, zhang: Customer, clock: FakeClock
) -> None:
    async with shop(company, desk) as open_shop:
        await zhang.types("厨房漏水")
        await open_shop.hears(1)
    (event,) = desk.events
    assert event == Event(
        channel="wecom-kf",
        dedup=f"k:{zhang.wrote[0]}",
        address=f"{OWNER}@{company.kf}",
        what=Text("厨房漏水"),
        received_at=clock.now(),
        window=Window(clock.now() + two_days(), 5),
        notes=event.notes,
    )


async def test_the_kinds_a_customer_sends(
    company: WeComEmulator, desk: Desk, zhang: Customer
) -> None:
    async with shop(company, desk) as open_shop:
        for typed in ("/start", "/start ABC-7 ", "/Help 订单", "/预约"):
            await zhang.types(typed)
        await zhang.sends_location(22.5, 114.0, "云湖花园", "云湖路1号")
        await zhang.sends("voice", {"media_id": "MID"})
        await zhang.sends("link", {"title": "t", "url": "https://example.com"})
        expected: list[What] = [
            Command("start"),
            Command("start", "ABC-7"),
            Command("help", "订单"),
            Text("/预约"),
            Place(22.5, 114.0, "云湖花园"),
            *[Unusable(Trouble.KIND_NOT_TAKEN)] * 2,
        ]
        assert await open_shop.hears(7) == expected


async def test_a_tapped_item_is_a_press_and_one_of_the_standing_menu_is_its_words(
    company: WeComEmulator, desk: Desk, zhang: Customer
) -> None:
    async with shop(company, desk) as open_shop:
        await zhang.types("您好")
        await open_shop.channel.send(sending(company, "请选择", "换水龙头", "疏通"))
        await zhang.presses("疏通")
        await zhang.sends("text", {"content": "预约服务", "menu_id": "_said"})
        said = await open_shop.hears(3)
    assert said[1:] == [Press("pick|2", flashes=False), Text("预约服务")]


# Pictures


async def test_a_picture_is_fetched_and_kept_at_once(
    company: WeComEmulator, desk: Desk, zhang: Customer
) -> None:
    async with shop(company, desk) as open_shop:
        await zhang.sends_photo(jpeg())
        assert await open_shop.hears(1) == [Photo(sha256(jpeg()).hexdigest())]
    assert list(desk.photos.values()) == [jpeg()]


@pytest.mark.parametrize("fault", [{"status": 500}, {"errcode": -1}, {"drop": "before"}])
async def test_a_picture_that_cannot_be_fetched_is_tried_again_while_others_go_on(
    company: WeComEmulator, desk: Desk, zhang: Customer, liu: Customer, fault: dict[str, object]
) -> None:
    company.fail("media/get", 3, **fault)  # type: ignore[arg-type]
    async with shop(company, desk) as open_shop:
        await zhang.sends_photo(jpeg())
        await zhang.types("就是这里")
        assert await open_shop.hears(2) == [Photo(sha256(jpeg()).hexdigest()), Text("就是这里")]
    assert len(company.calls_of("media/get")) == 4


async def test_a_picture_that_never_comes_is_said_to_be_unreadable_and_holds_up_nobody(
    company: WeComEmulator, desk: Desk, zhang: Customer, liu: Customer
) -> None:
    company.fail("media/get", 1000, status=500)
    company.hold()
    async with shop(company, desk) as open_shop:
        await zhang.sends_photo(jpeg())
        await zhang.types("就是这里")
        await liu.types("您好")
        company.release()
        said = await open_shop.hears(3)
    assert said == [Text("您好"), Unusable(Trouble.PHOTO_UNREADABLE), Text("就是这里")]


async def test_pictures_that_are_none_or_too_large_or_gone(
    company: WeComEmulator, desk: Desk, zhang: Customer
) -> None:
    async with shop(company, desk, photo_max_bytes=100_000) as open_shop:
        await zhang.sends_photo(b"\x89PNG\r\n\x1a\n no picture at all")
        await zhang.sends_photo(jpeg() + b"\0" * 100_001)
        await zhang.sends("image", {"media_id": "never-was"})
        assert await open_shop.hears(3) == [
            Unusable(Trouble.PHOTO_UNREADABLE),
            Unusable(Trouble.PHOTO_TOO_LARGE),
            Unusable(Trouble.PHOTO_UNREADABLE),
        ]


# Entering


async def test_3_3_an_invitation_link_with_a_welcome(
    company: WeComEmulator, desk: Desk, zhang: Customer, clock: FakeClock
) -> None:
    async with shop(company, desk) as open_shop:
        await zhang.enters("ABCD2345")
        assert await open_shop.hears(1) == [Command("start", "ABCD2345")]
        assert desk.events[0].window == Window(clock.now() + timedelta(seconds=20), 1)
        outcome = await open_shop.channel.send(sending(company, "欢迎", "绑定"))
        assert isinstance(outcome, Delivered)
        await zhang.sees("欢迎")
    assert [call.path for call in company.calls if call.path.startswith("kf/send")] == [
        "kf/send_msg_on_event"
    ]


async def test_3_3_an_invitation_link_without_a_welcome_gives_no_leave_to_speak(
    company: WeComEmulator, desk: Desk, zhang: Customer
) -> None:
    company.quirks.native_welcome = True
    async with shop(company, desk) as open_shop:
        await zhang.enters("ABCD%2D2345")
        assert await open_shop.hears(1) == [Command("start", "ABCD2345")]
    assert desk.events[0].window is None


async def test_who_only_looks_in_says_nothing(
    company: WeComEmulator, desk: Desk, zhang: Customer
) -> None:
    company.quirks.native_welcome = True
    async with shop(company, desk) as open_shop:
        await zhang.enters()
        await zhang.types("您好")
        assert await open_shop.hears(1) == [Text("您好")]


async def test_3_3_an_entrance_that_is_read_late_binds_and_gives_no_leave_to_speak(
    company: WeComEmulator, desk: Desk, zhang: Customer, clock: FakeClock
) -> None:
    async with shop(company, desk) as open_shop:
        company.hold()
        await zhang.enters("ABCD2345")
        clock.step(timedelta(minutes=2))
        company.release()
        assert await open_shop.hears(1) == [Command("start", "ABCD2345")]
    assert desk.events[0].window is None


# A colleague on the platform itself


async def test_while_a_colleague_speaks_only_what_is_tapped_comes_to_us(
    company: WeComEmulator, desk: Desk, zhang: Customer, liu: Customer
) -> None:
    company.servicer("chenjing")
    with capture_logs() as logs:
        async with shop(company, desk) as open_shop:
            await zhang.types("有人吗")
            await open_shop.channel.send(sending(company, "请选择", "换水龙头"))
            await company.takes(zhang, "chenjing")
            await company.says(zhang, "您好，我是陈静")
            await zhang.types("我家的密码是 1234")
            await zhang.sends_photo(jpeg())
            await zhang.presses("换水龙头")
            await liu.types("您好")
            await company.ends(zhang)
            await zhang.types("谢谢")
            said = await open_shop.hears(6)
    assert said == [
        Text("有人吗"),
        TakenOver(),
        Press("pick|1", flashes=False),
        Text("您好"),
        HandedBack(),
        Text("谢谢"),
    ]
    assert desk.events[4].window == Window(desk.events[4].received_at + timedelta(seconds=20), 1)
    left = [line for line in logs if line["event"] == "wecom.kf_left_to_a_colleague"]
    assert [line["kind"] for line in left] == ["Words", "Picture"]
    assert "1234" not in str(logs)
    assert OWNER not in str(logs)


async def test_a_restart_forgets_nobody_who_speaks_with_a_colleague(
    company: WeComEmulator, desk: Desk, zhang: Customer
) -> None:
    async with shop(company, desk) as open_shop:
        await zhang.types("有人吗")
        await company.takes(zhang, "chenjing")
        await open_shop.hears(2)
    async with shop(company, desk) as open_shop:
        await zhang.types("还在吗")
        await company.ends(zhang)
        await zhang.types("谢谢")
        said = await open_shop.hears(4)
    assert said == [Text("有人吗"), TakenOver(), HandedBack(), Text("谢谢")]


async def test_where_no_news_of_the_end_comes_the_account_is_asked(
    company: WeComEmulator, desk: Desk, zhang: Customer
) -> None:
    async with shop(company, desk) as open_shop:
        await zhang.types("有人吗")
        await company.takes(zhang, "chenjing")
        await open_shop.hears(2)
    async with shop(company, desk, replace(HASTY, look_again_s=0.05)) as open_shop:
        await until(lambda: len(company.calls_of("kf/service_state/get")) > 0)
        assert desk.said == [Text("有人吗"), TakenOver()]
        await ends_by_program(company, zhang)
        assert await open_shop.hears(3) == [Text("有人吗"), TakenOver(), HandedBack()]
    assert await desk.notes.recall_all("human:") == []


async def test_what_is_said_after_an_end_without_news_is_said_to_us(
    company: WeComEmulator, desk: Desk, zhang: Customer
) -> None:
    async with shop(company, desk) as open_shop:
        await zhang.types("有人吗")
        await company.takes(zhang, "chenjing")
        await open_shop.hears(2)
        await ends_by_program(company, zhang)
        company.fail("kf/service_state/get", 1, errcode=-1)
        await zhang.types("谢谢")
        said = await open_shop.hears(4)
    assert said[2:] == [HandedBack(), Text("谢谢")]


async def test_what_was_said_to_a_colleague_while_we_were_away_is_theirs(
    company: WeComEmulator, desk: Desk, zhang: Customer, clock: FakeClock
) -> None:
    async with shop(company, desk) as open_shop:
        await zhang.types("有人吗")
        await open_shop.hears(1)
    company.callback_url = None
    await company.takes(zhang, "chenjing")
    await zhang.types("我家的密码是 1234")
    await company.ends(zhang)
    clock.step(timedelta(hours=1))
    async with shop(company, desk) as open_shop:
        assert (await open_shop.hears(3))[1:] == [TakenOver(), HandedBack()]


async def test_what_was_said_to_a_colleague_is_not_ours_when_it_is_read_again(
    company: WeComEmulator, desk: Desk, zhang: Customer, liu: Customer, clock: FakeClock
) -> None:
    async with shop(company, desk) as open_shop:
        await company.takes(zhang, "chenjing")
        await open_shop.hears(1)
    company.callback_url = None
    await zhang.types("我家的密码是 1234")
    await company.ends(zhang)
    await liu.types("您好")
    clock.step(timedelta(hours=1))
    desk.gates[f"{liu.external_userid}@{company.kf}"] = asyncio.Event()
    async with shop(company, desk) as open_shop:
        assert await open_shop.hears(2) == [TakenOver(), HandedBack()]
    desk.gates.clear()
    async with shop(company, desk) as open_shop:
        assert await open_shop.hears(3) == [TakenOver(), HandedBack(), Text("您好")]


async def test_what_one_process_leaves_to_a_colleague_another_does_not_answer(
    company: WeComEmulator, desk: Desk, zhang: Customer
) -> None:
    async with shop(company, desk) as one, shop(company, desk) as other:
        await zhang.types("有人吗")
        await other.hears(1)
        await company.takes(zhang, "chenjing")
        await other.hears(2)
        await zhang.types("我家的密码是 1234")
        await company.ends(zhang)
        await other.hears(3)
        await one.channel.news(company.kf, "")
        assert desk.said == [Text("有人吗"), TakenOver(), HandedBack()]


async def test_a_chat_in_trouble_keeps_no_other_silent(
    company: WeComEmulator, desk: Desk, zhang: Customer, liu: Customer
) -> None:
    patience = replace(HASTY, look_again_s=0.05, intake_s=60.0)
    async with shop(company, desk, patience) as open_shop:
        await company.takes(zhang, "chenjing")
        await company.takes(liu, "chenjing")
        await open_shop.hears(2)
        desk.gates[f"{OWNER}@{company.kf}"] = asyncio.Event()
        await ends_by_program(company, zhang)
        asked = len(company.calls_of("kf/service_state/get"))
        await until(lambda: len(company.calls_of("kf/service_state/get")) > asked + 2)
        await ends_by_program(company, liu)
        assert (await open_shop.hears(3))[2:] == [HandedBack()]


async def ends_by_program(company: WeComEmulator, customer: Customer) -> None:
    """The session is ended by another program of the company's, of which WeCom tells nobody."""
    client = WeComClient(settings(company))
    whom = {"open_kfid": customer.kf, "external_userid": customer.external_userid}
    await client.call("kf/service_state/trans", {**whom, "service_state": 4})
    await client.close()


# What did not arrive


@pytest.mark.parametrize(
    ("sixth_late", "refuses", "loss"),
    [(True, False, Loss.BUDGET_SPENT), (False, True, Loss.UNREACHABLE)],
)
async def test_a_message_that_was_taken_and_does_not_arrive_is_told_by_its_ref(
    company: WeComEmulator,
    desk: Desk,
    zhang: Customer,
    sixth_late: bool,
    refuses: bool,
    loss: Loss,
) -> None:
    company.quirks.sixth_fails_late = sixth_late
    async with shop(company, desk) as open_shop:
        await zhang.types("您好")
        for number in range(5):
            if not refuses:
                await open_shop.channel.send(sending(company, "第几条", key=f"n{number}"))
        zhang.refuses = refuses
        outcome = await open_shop.channel.send(sending(company, "再一条", key="m9"))
        assert isinstance(outcome, Delivered)
        assert outcome.ref is not None
        said = await open_shop.hears(2)
    assert said == [Text("您好"), Lost(outcome.ref, loss)]
    assert desk.events[1].window is None


async def test_a_lost_part_is_the_loss_of_its_message(
    company: WeComEmulator, desk: Desk, zhang: Customer
) -> None:
    async with shop(company, desk) as open_shop:
        await zhang.types("您好")
        zhang.refuses = True
        outcome = await open_shop.channel.send(sending(company, "水" * 1000, key="m9"))
        assert outcome == Delivered(outcome.ref, 2)  # type: ignore[union-attr]
        said = await open_shop.hears(3)
    assert said[1:] == [Lost(outcome.ref, Loss.UNREACHABLE)] * 2  # type: ignore[union-attr]
