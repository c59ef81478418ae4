"""Cards and words reach colleagues once and in order, and cards change while WeCom lets them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.channels.base import CannotEdit, Delivered, Outcome, Rejected, Retry, Unreachable
from bot.event import Press
from tests.emulators.wecom_people import Member
from tests.emulators.wecom_state import Call
from tests.wecom.office import Office, open_office, sending, until


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with open_office(tmp_path) as opened:
        yield opened


@pytest.fixture
def wang(office: Office) -> Member:
    return office.wecom.member("WangJianGuo", name="王建国")


async def _insists(sends: Callable[[], Awaitable[Outcome]]) -> Outcome:
    """Try as the relay does, until it is done."""
    for _ in range(10):
        outcome = await sends()
        if not isinstance(outcome, Retry):
            return outcome
    raise AssertionError("never done")


# Words, cards, pictures


async def test_words_arrive_as_they_are(office: Office, wang: Member) -> None:
    assert await office.sends(wang, "您好，王师傅。\n<b>今天</b> 有雨") == Delivered(None)
    assert [one.text for one in wang.screen] == ["您好，王师傅。\n<b>今天</b> 有雨"]


async def test_many_words_are_several_messages_and_counted(office: Office, wang: Member) -> None:
    lines = [f"第{number}行，说的是一件不大不小的事情" for number in range(60)]
    assert await office.sends(wang, "\n".join(lines)) == Delivered(None, parts=2)
    assert "\n".join(one.text for one in wang.screen).split("\n") == lines
    assert office.wecom.cuts == []


async def test_a_card_is_pressed_and_its_press_names_it(office: Office, wang: Member) -> None:
    ref = await office.shows(wang, "工单 1\n房号：3-1201", "接单", "拒单")
    assert wang.screen[0].buttons == ("接单", "拒单")
    await wang.presses("拒单")
    assert office.desk.said == [Press("act|2", ref, flashes=False)]


async def test_pictures_come_after_the_words_and_are_uploaded_once(
    office: Office, wang: Member
) -> None:
    assert await office.illustrates(wang, "照片", "red", "blue") == Delivered(None, parts=3)
    await office.illustrates(wang, "再看", "red", key="m2")
    assert [one.kind for one in wang.screen] == ["text", "image", "image", "text", "image"]
    assert wang.screen[1].photo == wang.screen[4].photo
    assert len(office.wecom.calls_of("media/upload")) == 2


async def test_a_picture_wecom_has_let_go_of_is_uploaded_again(
    office: Office, wang: Member
) -> None:
    await office.illustrates(wang, "照片", "red")
    office.clock.step(timedelta(days=3, minutes=1))  # which our own clock has not noticed
    assert await office.illustrates(wang, "照片", "red", key="m2") == Delivered(None, parts=2)
    assert len(office.wecom.calls_of("media/upload")) == 2


async def test_a_picture_that_is_refused_does_not_hold_up_the_words(
    office: Office, wang: Member
) -> None:
    office.wecom.fail("media/upload", errcode=40009)
    assert await office.illustrates(wang, "照片", "red", "blue") == Delivered(None, parts=2)
    assert [one.kind for one in wang.screen] == ["text", "image"]


# In place


async def test_a_card_changes_once_by_the_code_of_its_sending(office: Office, wang: Member) -> None:
    ref = await office.shows(wang, "工单 1", "接单")
    assert await office.changes(wang, ref, "工单 1\n状态：已接单", "出发") == Delivered(ref)
    (card,) = wang.screen
    assert (card.text, card.buttons, card.edits) == ("工单 1\n状态：已接单", ("出发",), 1)
    assert await office.changes(wang, ref, "工单 1", "已到达", key="m3") == CannotEdit()


async def test_each_press_lets_a_card_change_once_more_and_its_later_faces_are_the_same_card(
    office: Office, wang: Member
) -> None:
    ref = await office.shows(wang, "工单 1", "接单")
    for number, (pressed, then) in enumerate(
        [("接单", "出发"), ("出发", "到达"), ("到达", "完工")]
    ):
        await wang.presses(pressed)
        changed = await office.changes(wang, ref, "工单 1", then, key=f"m{number + 2}")
        assert changed == Delivered(ref)
    # The code of its sending is left.
    assert await office.changes(wang, ref, "工单 1", "好", key="m9") == Delivered(ref)
    assert await office.changes(wang, ref, "工单 1", "坏", key="m10") == CannotEdit()
    assert {event.what.message_ref for event in office.desk.events} == {ref}  # type: ignore[union-attr]
    assert wang.screen[0].buttons == ("好",)
    assert len(wang.screen) == 1


async def test_a_code_that_is_used_up_elsewhere_gives_way_to_the_next(
    office: Office, wang: Member
) -> None:
    ref = await office.shows(wang, "工单 1", "接单")
    await wang.presses("接单")
    office.wecom.fail("message/update_template_card", errcode=42022)
    assert await office.changes(wang, ref, "工单 1", "出发") == Delivered(ref)
    assert len(office.wecom.calls_of("message/update_template_card")) == 2
    assert await office.notes.recall_all("code:") == []  # none is kept that is good for nothing


async def test_codes_outlast_a_restart_and_end_after_72_hours(office: Office, wang: Member) -> None:
    ref = await office.shows(wang, "工单 1", "接单")
    await wang.presses("接单")
    await office.restarts()
    office.clock.step(timedelta(hours=71, minutes=59))
    assert await office.changes(wang, ref, "工单 1", "出发") == Delivered(ref)
    office.clock.step(timedelta(minutes=2))
    assert await office.changes(wang, ref, "工单 1", "到达", key="m3") == CannotEdit()


async def test_words_that_no_card_holds_come_as_a_fresh_card(office: Office, wang: Member) -> None:
    ref = await office.shows(wang, "工单 1", "接单")
    assert await office.changes(wang, ref, "工单 1\n" + "很长" * 100, "出发") == CannotEdit()
    assert office.wecom.calls_of("message/update_template_card") == []


async def test_a_card_with_nothing_left_to_press_is_closed(office: Office, wang: Member) -> None:
    ref = await office.shows(wang, "工单 1", "接单")
    assert await office.changes(wang, ref, "工单 1\n李志强 已接单") == Delivered(ref)
    assert wang.screen[0].buttons == ()
    assert wang.screen[0].text == "工单 1\n李志强 已接单\n已处理"


async def test_a_text_cannot_change(office: Office, wang: Member) -> None:
    ref = await office.shows(wang, "您好")
    assert ref is None
    assert await office.changes(wang, "m1", "再见") == CannotEdit()


# Repeats: every way a request can fail, and one message all the same

_WAYS: dict[str, dict[str, object]] = {
    "busy": {"errcode": -1},
    "limited": {"errcode": 45009},
    "crowded": {"errcode": 45033},
    "gateway": {"status": 502},
    "hangs": {"hang": True},
    "cut-off": {"drop": "before"},
    "answer-lost": {"drop": "after"},
    "token-dies": {"errcode": 42001},
}


async def _spoils(office: Office, path: str, way: str) -> None:
    if way == "hangs":
        await office.restarts(request_s=0.2)
    office.wecom.fail(path, **_WAYS[way])  # type: ignore[arg-type]


@pytest.mark.parametrize("way", _WAYS)
@pytest.mark.parametrize("labels", [(), ("接单", "拒单")], ids=["text", "card"])
async def test_a_message_whose_sending_fails_arrives_once(
    office: Office, wang: Member, way: str, labels: tuple[str, ...]
) -> None:
    await _spoils(office, "message/send", way)
    outcome = await _insists(lambda: office.sends(wang, "工单 1", *labels))
    assert isinstance(outcome, Delivered)
    assert [one.text for one in wang.screen] == ["工单 1"]
    if labels:
        await wang.presses("接单")
        assert office.desk.said == [Press("act|1", outcome.ref, flashes=False)]


@pytest.mark.parametrize("way", _WAYS)
async def test_a_change_that_fails_is_made_all_the_same(
    office: Office, wang: Member, way: str
) -> None:
    ref = await office.shows(wang, "工单 1", "接单")
    await _spoils(office, "message/update_template_card", way)
    changed = await _insists(lambda: office.changes(wang, ref, "工单 1\n状态：已接单", "出发"))
    assert changed == Delivered(ref)
    (card,) = wang.screen
    assert card.buttons == ("出发",)


async def test_a_try_that_is_broken_off_in_the_middle_arrives_once(
    office: Office, wang: Member
) -> None:
    office.wecom.fail("message/send", drop="after")
    first = asyncio.create_task(office.sends(wang, "工单 1", "接单"))
    await until(lambda: bool(office.wecom.calls_of("message/send")))
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    assert isinstance(await office.sends(wang, "工单 1", "接单"), Delivered)
    assert len(wang.screen) == 1


@pytest.mark.parametrize("labels", [(), ("接单",)], ids=["text", "card"])
async def test_a_lost_answer_is_not_forgotten_over_a_busy_moment(
    office: Office, wang: Member, labels: tuple[str, ...]
) -> None:
    office.wecom.fail("message/send", drop="after")
    office.wecom.fail("message/send", errcode=-1)
    outcome = await _insists(lambda: office.sends(wang, "工单 1", *labels))
    assert isinstance(outcome, Delivered)
    assert [one.text for one in wang.screen] == ["工单 1"]


async def test_a_process_killed_between_sending_and_committing_sends_no_second_card(
    office: Office, wang: Member
) -> None:
    ref = await office.shows(wang, "工单 1", "接单")
    await office.restarts()
    assert await office.sends(wang, "工单 1", "接单") == Delivered(ref)
    assert len(wang.screen) == 1


async def test_a_card_is_not_lost_whose_task_an_earlier_process_knew_to_have_failed(
    office: Office, wang: Member
) -> None:
    office.wecom.fail("message/send", errcode=-1)
    assert isinstance(await office.sends(wang, "工单 1", "接单"), Retry)
    await office.restarts()
    ref = await office.shows(wang, "工单 1", "接单")
    await office.restarts()  # killed before the outcome was committed
    assert await office.sends(wang, "工单 1", "接单") == Delivered(ref)
    assert len(wang.screen) == 1
    first, second, third = (_task_of(call) for call in office.wecom.calls_of("message/send"))
    assert first != second == third


async def test_where_the_books_were_set_back_another_message_is_no_repeat(
    office: Office, wang: Member
) -> None:
    await office.shows(wang, "工单 1", "接单")
    await office.restarts()
    await office.shows(wang, "工单 7", "接单")  # under the same number, a second time
    assert [one.text for one in wang.screen] == ["工单 1", "工单 7"]


async def test_a_card_whose_words_change_while_it_is_tried_arrives_once(
    office: Office, wang: Member
) -> None:
    office.wecom.fail("message/send", drop="after")
    assert isinstance(await office.sends(wang, "还剩 9 分钟", "接单"), Retry)
    assert isinstance(await office.sends(wang, "还剩 8 分钟", "接单"), Delivered)
    assert [one.text for one in wang.screen] == ["还剩 9 分钟"]


async def test_a_picture_whose_answer_is_lost_arrives_once(office: Office, wang: Member) -> None:
    await office.shows(wang, "早", key="m0")
    sends = len(office.wecom.calls_of("message/send"))

    async def cuts_off_the_picture() -> None:
        await until(lambda: len(office.wecom.calls_of("message/send")) > sends)
        office.wecom.fail("message/send", drop="after")

    spoiling = asyncio.create_task(cuts_off_the_picture())
    outcome = await _insists(lambda: office.illustrates(wang, "照片", "red"))
    await spoiling
    assert outcome == Delivered(None, parts=2)
    assert [one.kind for one in wang.screen] == ["text", "text", "image"]
    assert len(office.wecom.calls_of("message/send")) == sends + 3


async def test_a_reminder_that_says_the_same_is_not_swallowed(office: Office, wang: Member) -> None:
    await office.sends(wang, "请看待办")
    await office.sends(wang, "请看待办", key="m2")
    assert len(wang.screen) == 2


async def test_a_message_of_several_goes_on_where_it_stopped(office: Office, wang: Member) -> None:
    words = "题" * 50 + "\n" + "很长的说明" * 100
    office.wecom.fail("message/send", errcode=45033)
    assert isinstance(await office.sends(wang, words, "好"), Retry)
    assert await office.sends(wang, words, "好") == Delivered(_newest_ref(office), parts=2)
    assert [one.kind for one in wang.screen] == ["text", "card"]


async def test_words_that_arrived_are_not_said_again_for_a_card_that_did_not(
    office: Office, wang: Member
) -> None:
    words = "题" * 50 + "\n" + "很长的说明" * 100
    await office.illustrates(wang, "照片", "red", key="m0")  # a token is there
    sends = len(office.wecom.calls_of("message/send"))

    async def cuts_off_the_card() -> None:
        await until(lambda: len(office.wecom.calls_of("message/send")) > sends)
        office.wecom.fail("message/send", drop="after")

    spoiling = asyncio.create_task(cuts_off_the_card())
    outcome = await _insists(lambda: office.sends(wang, words, "好"))
    await spoiling
    assert isinstance(outcome, Delivered)
    assert [one.kind for one in wang.screen[2:]] == ["text", "card"]
    assert len(office.wecom.calls_of("message/send")) == sends + 3  # the card was asked for twice


def _newest_ref(office: Office) -> str:
    return _task_of(office.wecom.calls_of("message/send")[-1])


def _task_of(call: Call) -> str:
    return str(call.body["template_card"]["task_id"])  # type: ignore[index, call-overload]


# Who cannot be reached, and what is no fault of the message


async def test_who_is_out_of_range_or_has_no_licence_is_unreachable(
    office: Office, wang: Member
) -> None:
    wang.licensed = False
    assert isinstance(await office.sends(wang, "您好"), Unreachable)
    wang.leaves()
    with capture_logs() as logged:
        assert isinstance(await office.sends(wang, "您好"), Unreachable)
    assert [entry["event"] for entry in logged] == ["wecom.unreachable"]
    assert "wangjianguo" not in str(logged).lower()


@pytest.mark.parametrize("address", ["@all", "a|b", "", "王建国"])
async def test_nobody_is_written_to_by_an_address_that_is_no_single_userid(
    office: Office, wang: Member, address: str
) -> None:
    assert office.channel is not None
    given = replace(sending(wang, "您好"), address=address)
    assert isinstance(await office.channel.send(given), Unreachable)
    assert office.wecom.calls_of("message/send") == []


async def test_an_address_that_is_not_trusted_holds_everything_and_names_the_finding(
    office: Office, wang: Member
) -> None:
    office.wecom.trust(False)
    with capture_logs() as logged:
        outcome = await office.sends(wang, "您好", "好")
    assert outcome == Retry(60.0, everyone=True, reason="60020 misconfigured")
    (entry,) = [entry for entry in logged if entry["event"] == "wecom.misconfigured"]
    assert (entry["code"], entry["finding"]) == (60020, "wecom-ip-bad")
    office.wecom.trust(True)
    assert isinstance(await office.sends(wang, "您好", "好"), Delivered)


@pytest.mark.parametrize("code", [48002, 301002, 50003])
async def test_what_the_console_must_mend_keeps_the_message(
    office: Office, wang: Member, code: int
) -> None:
    office.wecom.fail("message/send", errcode=code)
    outcome = await office.sends(wang, "您好")
    assert isinstance(outcome, Retry)
    assert outcome.everyone
    assert await office.sends(wang, "您好") == Delivered(None)


async def test_a_message_that_wecom_will_never_take_is_given_up_loudly(
    office: Office, wang: Member
) -> None:
    office.wecom.fail("message/send", errcode=40201)
    with capture_logs() as logged:
        assert isinstance(await office.sends(wang, "您好"), Rejected)
    assert [entry["log_level"] for entry in logged] == ["error"]
    assert "您好" not in str(logged)


async def test_a_token_that_has_expired_stops_nobody(office: Office, wang: Member) -> None:
    await office.sends(wang, "早")
    office.clock.step(timedelta(hours=3))
    assert await office.sends(wang, "晚", "好", key="m2") == Delivered(_newest_ref(office))
