"""What colleagues do reaches the house once, in order, and is acknowledged when it is safe."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.base import Delivered
from bot.channels.wecom.staff.app_menu import Entry, Group
from bot.channels.wecom.staff.heard import Heard, Offer, dump, load
from bot.event import Command, Note, Photo, Place, Press, Text, Trouble, Unusable
from tests.emulators.wecom_people import Member
from tests.town import TUESDAY_10
from tests.wecom.office import Office, jpeg, open_office, until

MENU = (Group("我的", (Entry("我的任务", "jobs.mine"), Entry("上班", "duty.on"))),)


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with open_office(tmp_path) as opened:
        yield opened


@pytest.fixture
def wang(office: Office) -> Member:
    return office.wecom.member("WangJianGuo", name="王建国")


@pytest.fixture
def li(office: Office) -> Member:
    return office.wecom.member("lizhiqiang", name="李志强")


# Every kind


async def test_words_and_commands(office: Office, wang: Member) -> None:
    await wang.types("到了")
    await wang.types("/start AB12CD")
    assert office.desk.said == [Text("到了"), Command("start", "AB12CD")]
    (first, _) = office.desk.events
    assert (first.channel, first.address, first.language) == ("wecom", "wangjianguo", "zh-CN")
    assert first.received_at == office.clock.now()


async def test_a_place_and_what_cannot_be_taken(office: Office, wang: Member) -> None:
    await wang.sends_location(23.134, 113.358, "粤海小区")
    await wang.sends("voice", ("MediaId", "M1"), ("Format", "amr"))
    assert office.desk.said == [
        Place(23.134, 113.358, "粤海小区"),
        Unusable(Trouble.KIND_NOT_TAKEN),
    ]


async def test_a_picture_is_fetched_and_kept(office: Office, wang: Member) -> None:
    await wang.sends_photo(jpeg())
    await until(lambda: bool(office.desk.events))
    (photo,) = office.desk.said
    assert isinstance(photo, Photo)
    await until(lambda: not office.notes.spooled())


@pytest.mark.parametrize(
    ("content", "trouble"),
    [
        (b"\xff\xd8" + bytes(300_000), Trouble.PHOTO_TOO_LARGE),
        (b"not a picture at all", Trouble.PHOTO_UNREADABLE),
    ],
)
async def test_a_picture_that_is_too_large_or_none_is_said_to_be_so(
    office: Office, wang: Member, content: bytes, trouble: Trouble
) -> None:
    await wang.sends_photo(content)
    await until(lambda: bool(office.desk.events))
    assert office.desk.said == [Unusable(trouble)]


@pytest.mark.parametrize("misspelt", [False, True], ids=["OptionIds", "OpitonIds"])
async def test_a_choice_from_a_list_is_a_press_of_what_was_chosen(
    office: Office, wang: Member, misspelt: bool
) -> None:
    office.wecom.quirks.misspells_option_ids = misspelt
    ref = await office.shows(wang, "工单", *(f"第{number}步" for number in range(1, 10)))
    await wang.chooses("第8步", press="确定")
    await wang.presses("第2步")  # whatever the list stands at
    assert office.desk.said == [
        Press("act|8", ref, flashes=False),
        Press("act|2", ref, flashes=False),
    ]


async def test_an_empty_agent_id_is_ours(office: Office, wang: Member) -> None:
    office.wecom.quirks.empty_agent_id = True
    await wang.types("到了")
    assert office.desk.said == [Text("到了")]


async def test_who_comes_is_greeted_once_in_all(office: Office, wang: Member, li: Member) -> None:
    await wang.does("subscribe")
    await wang.enters()
    await office.restarts()
    await wang.enters()
    await li.enters()
    assert [(event.address, event.what) for event in office.desk.events] == [
        ("wangjianguo", Command("start")),
        ("lizhiqiang", Command("start")),
    ]


async def test_who_leaves_says_nothing(office: Office, wang: Member) -> None:
    assert (await wang.does("unsubscribe")).taken
    assert (await wang.does("LOCATION", ("Latitude", 23.1), ("Longitude", 113.3))).taken
    assert office.desk.events == []


async def test_news_of_customers_are_handed_on(tmp_path: Path) -> None:
    heard: list[tuple[str, str]] = []

    async def news(open_kfid: str, token: str) -> None:
        heard.append((open_kfid, token))

    async with open_office(tmp_path, kf_news=news) as office:
        customer = office.wecom.customer("wmOwner1")
        await customer.types("您好")
        assert [account for account, _ in heard] == [office.wecom.kf]
        assert heard[0][1]


async def test_news_of_customers_nobody_wants_are_acknowledged(office: Office) -> None:
    assert (await office.wecom.customer("wmOwner1").types("您好")).taken


async def test_the_address_is_verified(office: Office) -> None:
    assert await office.wecom.verify_callback()


# The menu


async def test_the_menu_is_put_up_at_the_start_however_often_it_fails(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office:
        wang = office.wecom.member("wangjianguo")
        office.menu = MENU
        office.wecom.fail("menu/create", times=3, errcode=-1)
        await office.restarts()
        await wang.types("在")  # nothing waits for it
        await until(lambda: bool(wang.menu))
        assert wang.menu == ["我的", "我的任务", "上班"]
        await wang.clicks_menu("上班")
        assert office.desk.said == [Text("在"), Press("duty.on", flashes=False)]


# Once, in order, and never lost


async def test_what_is_brought_twice_is_taken_once(office: Office, wang: Member) -> None:
    office.wecom.quirks.delivers_twice = True
    await office.shows(wang, "工单", "接单")
    await wang.types("到了")
    await wang.presses("接单")
    await wang.sends_photo(jpeg())
    await office.wecom.quiet()
    await until(lambda: not office.notes.spooled())
    assert [type(what) for what in office.desk.said] == [Text, Press, Photo]


async def test_two_presses_in_one_second_are_two(office: Office, wang: Member) -> None:
    await office.shows(wang, "工单", "满意")
    await wang.presses("满意")
    await wang.presses("满意")
    assert len(office.desk.events) == 2


async def test_what_comes_in_another_order_comes_whole(office: Office, wang: Member) -> None:
    office.wecom.hold()
    for number in range(5):
        await wang.types(f"第{number}")
    office.wecom.release(backwards=True)
    await office.wecom.quiet()
    assert sorted(what.text for what in office.desk.said) == [f"第{n}" for n in range(5)]  # type: ignore[union-attr]


async def test_where_the_books_are_away_wecom_is_told_and_calls_again(
    office: Office, wang: Member
) -> None:
    office.desk.failures = 2
    callback = await wang.types("到了")
    assert (callback.taken, callback.tries) == (True, 3)
    assert office.desk.said == [Text("到了")]
    assert office.notes.kept == {}


async def test_a_slow_house_is_no_reason_to_lose_or_double_anything(
    office: Office, wang: Member, li: Member
) -> None:
    await office.restarts(at_once_s=0.05)
    office.desk.gate = asyncio.Event()
    first = await wang.types("一")
    second = await wang.types("二")
    assert (first.taken, first.tries, second.taken, second.tries) == (True, 1, True, 1)
    assert len(office.notes.spooled()) == 2
    assert office.desk.events == []
    office.desk.gate.set()
    await until(lambda: not office.notes.spooled())
    assert office.desk.said == [Text("一"), Text("二")]


async def test_a_letter_that_is_done_while_it_is_kept_is_not_kept_any_more(
    office: Office, wang: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    await office.restarts(at_once_s=0.05)
    gate = office.desk.gate = asyncio.Event()
    kept = office.notes.keep

    async def keep(note: Note) -> None:
        gate.set()
        await until(lambda: bool(office.desk.events))
        await kept(note)

    monkeypatch.setattr(office.notes, "keep", keep)
    assert (await wang.types("一")).tries == 1
    await until(lambda: not office.notes.spooled())
    assert office.desk.said == [Text("一")]


async def test_a_letter_that_was_kept_is_tried_until_it_is_taken(
    office: Office, wang: Member
) -> None:
    await office.restarts(at_once_s=0.05)
    office.desk.gate = asyncio.Event()
    await wang.types("一")
    office.desk.failures = 7
    office.desk.gate.set()
    await until(lambda: not office.notes.spooled())
    assert office.desk.said == [Text("一")]
    assert len(office.desk.offered) == 8


async def test_a_slow_member_holds_up_nobody_else(office: Office, wang: Member, li: Member) -> None:
    office.wecom.fail("media/get", times=3, hang=True)
    await wang.sends_photo(jpeg())
    assert (await li.types("到了")).tries == 1
    assert office.desk.said == [Text("到了")]


async def test_while_pictures_cannot_be_fetched_the_order_is_kept(
    office: Office, wang: Member
) -> None:
    office.wecom.fail("media/get", times=3, status=500)
    await office.shows(wang, "工单", "完工")
    await wang.sends_photo(jpeg())
    await wang.types("换好了")
    await wang.presses("完工")
    await until(lambda: not office.notes.spooled())
    assert [type(what) for what in office.desk.said] == [Photo, Text, Press]
    assert all(callback.tries == 1 for callback in office.wecom.callbacks)


async def test_a_picture_that_cannot_be_fetched_for_minutes_is_said_to_be_unreadable(
    office: Office, wang: Member
) -> None:
    office.wecom.fail("media/get", times=5, errcode=-1)
    await wang.sends_photo(jpeg())
    await wang.types("看到了吗")
    await until(lambda: not office.notes.spooled())
    assert office.desk.said == [Unusable(Trouble.PHOTO_UNREADABLE), Text("看到了吗")]


async def test_what_was_kept_is_dealt_with_first_after_a_restart(
    office: Office, wang: Member
) -> None:
    await office.restarts(first_s=60.0, longest_s=60.0, at_once_s=60.0)
    office.wecom.fail("media/get", status=500)
    await wang.sends_photo(jpeg())
    sent_at = office.clock.now()
    await until(lambda: bool(office.wecom.calls_of("media/get")))
    assert (await wang.types("换好了")).tries == 1  # it does not wait behind the picture
    assert len(office.notes.spooled()) == 2
    await office.closes()
    office.clock.step(timedelta(minutes=20))
    await office.opens()
    await wang.types("还在吗")
    await until(lambda: len(office.desk.events) == 3)
    assert [type(what) for what in office.desk.said] == [Photo, Text, Text]
    assert [event.received_at for event in office.desk.events][:2] == [sent_at, sent_at]
    await until(lambda: not office.notes.spooled())


async def test_pictures_that_do_not_come_keep_no_press_waiting(
    office: Office, wang: Member
) -> None:
    await office.restarts(fetch_s=60.0, intake_s=60.0, farewell_s=0.05)
    office.wecom.fail("media/get", 40, hang=True)
    for number in range(40):
        await office.wecom.member(f"tech{number:02}", name="王建国").sends_photo(jpeg())
    await wang.types("到了")
    assert office.desk.said == [Text("到了")]
    assert len(office.notes.spooled()) == 40


async def test_what_another_process_kept_and_left_is_dealt_with(office: Office) -> None:
    await office.restarts(look_again_s=0.01)
    left = Heard("wangjianguo", "1", office.clock.now(), Text("到了"))
    await office.notes.keep(Note("spool:wangjianguo:00000000000000000001", dump(left)))
    await until(lambda: not office.notes.spooled())
    assert office.desk.said == [Text("到了")]


async def test_what_is_being_dealt_with_is_not_begun_again(
    office: Office, wang: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    await office.restarts(look_again_s=0.01)
    office.desk.gate = asyncio.Event()
    await wang.sends_photo(jpeg())
    recall_all, looks = office.notes.recall_all, list[str]()

    async def recall(prefix: str) -> list[Note]:
        looks.append(prefix)
        return await recall_all(prefix)

    monkeypatch.setattr(office.notes, "recall_all", recall)
    await until(lambda: len(looks) > 3)
    office.desk.gate.set()
    await office.closes()
    assert len(office.desk.offered) == 1


async def test_a_press_that_was_kept_brings_its_code_all_the_same(
    office: Office, wang: Member
) -> None:
    ref = await office.shows(wang, "工单", "完工")
    assert await office.changes(wang, ref, "工单", "好了") == Delivered(ref)
    await office.restarts(at_once_s=0.05)
    office.desk.gate = asyncio.Event()
    await wang.presses("好了")
    office.desk.gate.set()
    await until(lambda: not office.notes.spooled())
    assert await office.changes(wang, ref, "工单", "又好了", key="m3") == Delivered(ref)


async def test_a_kept_letter_nobody_can_read_stops_nothing(office: Office, wang: Member) -> None:
    await office.notes.keep(Note("spool:wangjianguo:00000000000000000001", "{}"))
    await office.restarts()
    await wang.types("到了")
    assert office.desk.said == [Text("到了")]
    assert office.notes.spooled() == []


async def test_what_cannot_be_kept_is_not_acknowledged(
    office: Office, wang: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = office.notes.keep
    failures = [ConnectionError("the database is away")] * 2

    async def keep(note: Note) -> None:
        if failures:
            raise failures.pop()
        await kept(note)

    monkeypatch.setattr(office.notes, "keep", keep)
    callback = await wang.sends_photo(jpeg())
    assert (callback.taken, callback.tries) == (True, 3)
    await until(lambda: not office.notes.spooled())
    assert [type(what) for what in office.desk.said] == [Photo]


_whats = st.one_of(
    st.builds(Text, st.text()),
    st.builds(Command, st.text(), st.text()),
    st.builds(Press, st.text(), st.none() | st.text(), st.booleans()),
    st.builds(Place, st.floats(-90, 90), st.floats(-180, 180), st.text()),
    st.builds(Unusable, st.sampled_from(Trouble)),
    st.builds(Offer, st.text()),
)


@given(_whats, st.booleans(), st.none() | st.just(TUESDAY_10))
@settings(max_examples=60, deadline=None)
def test_a_letter_comes_out_of_keeping_as_it_went_in(
    what: Text | Command | Press | Place | Unusable | Offer, greets: bool, until: object
) -> None:
    heard = Heard("a", "d", TUESDAY_10, what, (Note("k", "v", until),), greets)  # type: ignore[arg-type]
    assert load(dump(heard)) == heard
