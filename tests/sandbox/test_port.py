"""The sandbox keeps the channel port's promises: events in once, deliveries out once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.channels.base import (
    Button,
    CannotEdit,
    Delivered,
    Rejected,
    Sending,
    Spoken,
    Unreachable,
)
from bot.channels.sandbox.scene import Phone
from bot.event import Command, Contact, Event, Photo, Press, Text, Trouble, Unusable
from tests.sandbox.centre import Centre
from tests.sandbox.hand import Hand, new_id
from tests.sandbox.stand_in import CS, OWNER, TECHNICIAN

HELLO = Sending(OWNER, Spoken("您好"), "key-1")


def only_event(centre: Centre) -> Event:
    (event,) = centre.desk.events
    return event


class TestWhatAPersonDoes:
    async def test_typed_words_are_a_text_at_the_centres_time(
        self, centre: Centre, hand: Hand
    ) -> None:
        answer = await hand.types(OWNER, "  水龙头坏了\n厨房  ")
        event = only_event(centre)
        assert answer.status == 200
        assert event.what == Text("水龙头坏了\n厨房")
        assert (event.channel, event.address, event.language) == ("sandbox", OWNER, "zh-CN")
        assert event.received_at == centre.clock.now()

    @pytest.mark.parametrize(
        ("typed", "command"),
        [
            ("/start", Command("start")),
            ("/start H7K2-QX", Command("start", "H7K2-QX")),
            ("/Help", Command("help")),
        ],
    )
    async def test_a_slash_makes_a_command(
        self, centre: Centre, hand: Hand, typed: str, command: Command
    ) -> None:
        await hand.types(OWNER, typed)
        assert only_event(centre).what == command
        assert typed in (await hand.phone(OWNER)).texts

    async def test_a_press_carries_its_data_and_message_and_is_answered_with_a_toast(
        self, centre: Centre, hand: Hand
    ) -> None:
        await hand.types(OWNER, "预约服务")
        ref = (await hand.phone(OWNER)).bubbles[-1].ref
        answer = await hand.presses(OWNER, "水龙头维修 · ¥60 起")
        assert centre.desk.events[-1].what == Press("book", ref)
        assert answer.toast == "预约好了"

    async def test_an_old_button_is_still_heard(self, centre: Centre, hand: Hand) -> None:
        await hand.types(OWNER, "预约服务")
        ref = (await hand.phone(OWNER)).bubbles[-1].ref
        await hand.presses_old(OWNER, ref, "book")
        await hand.presses_old(OWNER, ref, "book")
        assert [event.what for event in centre.desk.events[-2:]] == [Press("book", ref)] * 2

    async def test_a_press_under_a_message_of_another_phone_is_refused(self, hand: Hand) -> None:
        await hand.types(OWNER, "预约服务")
        ref = (await hand.phone(OWNER)).bubbles[-1].ref
        answer = await hand.presses_old(TECHNICIAN, ref, "book")
        assert (answer.status, answer.error) == (404, "no-such-message")

    async def test_the_shared_number_is_the_phones_own(self, centre: Centre, hand: Hand) -> None:
        await hand.shares_number(OWNER)
        assert only_event(centre).what == Contact("13800001201", own=True)
        assert (await hand.phone(OWNER)).bubbles[0].content.contact

    async def test_a_photo_is_kept_and_travels_by_its_name(
        self, centre: Centre, hand: Hand, picture: bytes
    ) -> None:
        await hand.sends_photo(OWNER, picture, "厨房水槽下面")
        what = only_event(centre).what
        assert isinstance(what, Photo)
        assert what.caption == "厨房水槽下面"
        assert centre.photos.path(what.sha256).exists()
        assert (await hand.phone(OWNER)).bubbles[0].content.photos == (what.sha256,)
        assert (await hand.phone(TECHNICIAN)).bubbles[0].content.photos == (what.sha256,)

    async def test_a_broken_picture_is_told_of_not_swallowed(
        self, centre: Centre, hand: Hand
    ) -> None:
        await hand.sends_photo(OWNER, b"GIF, or so it says")
        assert only_event(centre).what == Unusable(Trouble.PHOTO_UNREADABLE)
        assert (await hand.phone(OWNER)).bubbles[0].content.broken

    async def test_a_retried_post_counts_once(self, centre: Centre, hand: Hand) -> None:
        action = new_id()
        await hand.types(OWNER, "在吗", action)
        await hand.types(OWNER, "在吗", action)
        first, second = centre.desk.events
        assert first.dedup == second.dedup
        assert (await hand.phone(OWNER)).texts == ["在吗", "收到：在吗"]

    async def test_the_same_words_twice_are_two_events(self, centre: Centre, hand: Hand) -> None:
        await hand.types(OWNER, "在吗")
        await hand.types(OWNER, "在吗")
        first, second = centre.desk.events
        assert first.dedup != second.dedup

    async def test_what_could_not_be_taken_is_taken_at_the_next_try(
        self, centre: Centre, hand: Hand
    ) -> None:
        action = new_id()
        centre.desk.refusing = True
        refused = await hand.types(OWNER, "在吗", action)
        centre.desk.refusing = False
        taken = await hand.types(OWNER, "在吗", action)
        assert (refused.status, refused.error, taken.status) == (503, "not-taken", 200)
        assert (await hand.phone(OWNER)).texts == ["在吗", "收到：在吗"]


class TestWhatIsDelivered:
    async def test_a_repeated_key_changes_nothing(self, centre: Centre, hand: Hand) -> None:
        first = await centre.channel.send(HELLO)
        again = await centre.channel.send(HELLO)
        assert isinstance(first, Delivered)
        assert first == again
        assert (await hand.phone(OWNER)).texts == ["您好"]

    async def test_an_edit_stays_in_its_place_and_is_marked(
        self, centre: Centre, hand: Hand
    ) -> None:
        first = await centre.channel.send(HELLO)
        assert isinstance(first, Delivered)
        await centre.channel.send(Sending(OWNER, Spoken("后来的"), "key-2"))
        edit = Sending(OWNER, Spoken("改过的", rows=((Button("好", "ok"),),)), "key-3", first.ref)
        assert await centre.channel.send(edit) == first
        assert await centre.channel.send(edit) == first
        changed, later = (await hand.phone(OWNER)).bubbles
        assert (changed.content.text, changed.edited) == ("改过的", True)
        assert changed.content.rows[0][0].data == "ok"
        assert (later.content.text, later.edited) == ("后来的", False)

    @pytest.mark.parametrize(("address", "ref"), [(OWNER, "no-such"), (CS, "1")])
    async def test_only_a_message_of_that_phone_can_be_edited(
        self, centre: Centre, address: str, ref: str
    ) -> None:
        first = await centre.channel.send(HELLO)
        assert first == Delivered("1")
        edit = Sending(address, Spoken("改"), "key-2", replaces=ref)
        assert await centre.channel.send(edit) == CannotEdit()

    async def test_a_menu_stands_until_the_next_one(self, centre: Centre, hand: Hand) -> None:
        menu = Spoken("您好", menu=(("预约服务",),), ask_contact="分享手机号")
        await centre.channel.send(Sending(OWNER, menu, "key-1"))
        await centre.channel.send(Sending(OWNER, Spoken("没有菜单的话"), "key-2"))
        shown = (await hand.phone(OWNER)).menu
        assert (shown.rows, shown.ask_contact) == ((("预约服务",),), "分享手机号")
        await centre.channel.send(Sending(OWNER, Spoken("再见", menu=()), "key-3"))
        assert (await hand.phone(OWNER)).menu.rows == ()

    async def test_a_phone_that_is_not_there_is_unreachable(self, centre: Centre) -> None:
        outcome = await centre.channel.send(replace(HELLO, address="nobody"))
        assert isinstance(outcome, Unreachable)

    @pytest.mark.parametrize(
        "spoken",
        [
            Spoken(""),
            Spoken("长" * 4097),
            Spoken("长" * 1025, photos=(Path("a" * 64),)),
            Spoken("照片", photos=(Path("holiday.jpg"),)),
            Spoken("钮", rows=((Button("长" * 65, "x"),),)),
            Spoken("钮", rows=((Button("好", "据" * 22),),)),
            Spoken("钮", menu=(("长" * 65,),)),
            Spoken("两样", rows=((Button("好", "x"),),), menu=(("好",),)),
        ],
    )
    async def test_what_a_real_platform_would_refuse_is_rejected(
        self, centre: Centre, spoken: Spoken
    ) -> None:
        assert isinstance(await centre.channel.send(replace(HELLO, spoken=spoken)), Rejected)


def test_an_address_fits_into_a_url() -> None:
    with pytest.raises(ValueError, match="address"):
        Phone("../x", "甲", "A", "", "", "owner")
