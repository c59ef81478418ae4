"""WeCom's look is what WeCom would be sent: the company's app for staff, 微信客服 for owners."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import ClientSession
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.base import Button, Labels, Spoken
from bot.channels.sandbox.parts import Card, Choice, Listing, Pair, Part, Words, app_parts, kf_parts
from bot.channels.sandbox.talk import Turn, Window
from bot.channels.wecom.owners.window import MESSAGES
from bot.event import Press
from tests.sandbox.centre import Centre, open_centre
from tests.sandbox.hand import Hand
from tests.sandbox.stand_in import CARD, MENU, OWNER, PHONES, TAKEN, TECHNICIAN

TAP = "水龙头维修 · ¥60 起"

LABELS = Labels(choose="确定", closed="已处理")


def only_part(turn: Turn) -> Part:
    (part,) = turn.parts
    return part


def window(centre: Centre, left: int) -> Window:
    """The window of an owner who wrote just now."""
    return Window(left=left, until=centre.clock.now() + timedelta(hours=48))


async def last(hand: Hand, address: str) -> Turn:
    return (await hand.turns(address))[-1]


class TestTheCompanysApp:
    async def test_a_job_is_a_card_with_its_buttons(self, centre: Centre, hand: Hand) -> None:
        job = Spoken("工单 DD-0117\n房号：3-1201\n带好鞋套", CARD.rows, labels=LABELS)
        await centre.desk.say(TECHNICIAN, job)
        assert only_part(await last(hand, TECHNICIAN)) == Card(
            title="工单 DD-0117",
            below="带好鞋套",
            pairs=(Pair(name="房号", value="3-1201"),),
            buttons=(Choice(label="接单", data="accept"), Choice(label="拒单", data="decline")),
        )

    async def test_a_card_changes_in_its_place(self, centre: Centre, hand: Hand) -> None:
        ref = await centre.desk.say(TECHNICIAN, CARD)
        await hand.presses(TECHNICIAN, "接单")
        changed = await last(hand, TECHNICIAN)
        card = only_part(changed)
        assert (changed.ref, changed.in_place) == (ref, True)
        assert isinstance(card, Card)
        assert [one.label for one in card.buttons] == ["出发", "呼叫控制中心", "转单"]

    async def test_a_card_that_has_done_its_work_shows_a_grey_button(
        self, centre: Centre, hand: Hand
    ) -> None:
        ref = await centre.desk.say(TECHNICIAN, CARD)
        await centre.desk.say(TECHNICIAN, Spoken("已完工", labels=LABELS), replaces=ref)
        assert only_part(await last(hand, TECHNICIAN)) == Card(title="已完工", closed="已处理")

    async def test_words_cannot_be_changed_and_what_is_new_comes_at_the_foot(
        self, centre: Centre, hand: Hand
    ) -> None:
        ref = await centre.desk.say(TECHNICIAN, Spoken("稍等"))
        await centre.desk.say(TECHNICIAN, Spoken("好了"), replaces=ref)
        first, second = await hand.turns(TECHNICIAN)
        assert (only_part(first), only_part(second)) == (Words(text="稍等"), Words(text="好了"))
        assert not second.in_place

    async def test_a_change_too_long_for_a_card_comes_whole_at_the_foot(
        self, centre: Centre, hand: Hand
    ) -> None:
        ref = await centre.desk.say(TECHNICIAN, CARD)
        long = Spoken("任务\n" + "很长的说明。" * 40, CARD.rows)
        await centre.desk.say(TECHNICIAN, long, replaces=ref)
        turn = await last(hand, TECHNICIAN)
        assert [part.form for part in turn.parts] == ["words", "card"]
        assert not turn.in_place

    def test_many_choices_are_a_list_with_one_button(self) -> None:
        many = tuple((Button(f"项目{number}", f"item.{number}"),) for number in range(9))
        (card,) = app_parts(Spoken("哪一项？", many, labels=LABELS))
        assert isinstance(card, Card)
        assert card.choose == "确定"
        assert [one.data for one in (*card.buttons, *card.options)] == [
            f"item.{number}" for number in range(9)
        ]

    async def test_wecom_flashes_nothing_so_the_answer_to_a_tap_is_a_message(
        self, centre: Centre, hand: Hand
    ) -> None:
        ref = await centre.desk.say(TECHNICIAN, CARD)
        await hand.presses_old(TECHNICIAN, ref, "accept")
        await hand.presses_old(TECHNICIAN, ref, "accept", flashes=False)
        assert centre.desk.events[-1].what == Press("accept", ref, flashes=False)
        assert only_part(await last(hand, TECHNICIAN)) == Words(text=TAKEN)

    async def test_the_apps_menu_is_pressed_under_no_message(
        self, centre: Centre, hand: Hand
    ) -> None:
        assert (await hand.presses_old(TECHNICIAN, None, "jobs.mine")).status == 200
        assert centre.desk.events[-1].what == Press("jobs.mine", None)
        assert await hand.turns(TECHNICIAN) == []  # WeCom shows nothing of it

    @pytest.mark.parametrize(("address", "data"), [(OWNER, "jobs.mine"), (TECHNICIAN, "accept")])
    async def test_what_is_not_in_the_apps_menu_is_refused(
        self, hand: Hand, address: str, data: str
    ) -> None:
        assert (await hand.presses_old(address, None, data)).error == "no-such-message"


class TestCustomerService:
    async def test_the_menu_is_lines_that_say_their_own_words(
        self, centre: Centre, hand: Hand
    ) -> None:
        await centre.desk.say(OWNER, Spoken("您好", menu=MENU))
        assert only_part(await last(hand, OWNER)) == Listing(
            head="您好",
            lines=tuple(Choice(label=label) for row in MENU for label in row),
        )

    async def test_every_change_is_a_message_and_a_tap_the_owners_words(
        self, centre: Centre, hand: Hand
    ) -> None:
        question = Spoken("哪一项？", ((Button("换水龙头", "book", 1),),))
        ref = await centre.desk.say(OWNER, question)
        await hand.presses(OWNER, "换水龙头")
        asked, tapped, booked = await hand.turns(OWNER)
        assert only_part(asked) == Listing(
            head="哪一项？", lines=(Choice(label="1. 换水龙头", data="book"),)
        )
        assert (tapped.own, only_part(tapped)) == (True, Words(text="1. 换水龙头"))
        assert (booked.ref, booked.in_place) == (ref, False)
        assert (
            (await hand.phone(OWNER)).texts[0].startswith("已预约")
        )  # the plain look's one bubble

    async def test_an_old_menu_stays_and_is_still_heard(self, centre: Centre, hand: Hand) -> None:
        await hand.types(OWNER, "预约服务")
        ref = (await last(hand, OWNER)).ref
        await hand.presses(OWNER, TAP)
        await hand.presses_old(OWNER, ref, "book")
        assert [event.what for event in centre.desk.events[-2:]] == [Press("book", ref)] * 2
        own = [only_part(turn) for turn in await hand.turns(OWNER) if turn.own]
        assert own == [Words(text="预约服务"), Words(text=TAP), Words(text=TAP)]

    async def test_buttons_that_go_away_are_no_news(self, centre: Centre, hand: Hand) -> None:
        ref = await centre.desk.say(OWNER, CARD)
        await centre.desk.say(OWNER, Spoken(CARD.text), replaces=ref)
        assert len(await hand.turns(OWNER)) == 1
        await centre.desk.say(OWNER, Spoken("已取消"), replaces=ref)
        assert only_part(await last(hand, OWNER)) == Words(text="已取消")

    async def test_a_repeated_tap_is_one(self, centre: Centre, hand: Hand) -> None:
        await centre.desk.say(OWNER, CARD)
        for _ in range(2):
            await hand.presses(OWNER, "拒单", "5c1e2f2a-30f3-4ad8-b2b8-0a4d5e2c3b11")
        assert [turn.own for turn in await hand.turns(OWNER)] == [False, True]

    async def test_before_an_owner_has_written_there_is_no_window(
        self, centre: Centre, hand: Hand
    ) -> None:
        await centre.desk.say(OWNER, Spoken("您好"))
        assert (await last(hand, OWNER)).window is None

    async def test_five_messages_until_the_owner_writes_or_taps(
        self, centre: Centre, hand: Hand, picture: bytes
    ) -> None:
        await hand.types(OWNER, "预约服务")
        ref = (await last(hand, OWNER)).ref
        left = [turn.window.left for turn in await hand.turns(OWNER) if turn.window]
        assert left == [MESSAGES, MESSAGES - 1]
        kept = await centre.photos.keep(picture)
        assert isinstance(kept, str)
        pictured = Spoken("照片", photos=(centre.photos.path(kept),))
        await centre.desk.say(OWNER, pictured)  # the words are one message, the picture another
        await centre.desk.say(OWNER, Spoken("换个说法"), replaces=ref)
        assert (await last(hand, OWNER)).window == window(centre, MESSAGES - 4)
        for _ in range(3):
            await centre.desk.say(OWNER, Spoken("还有"))
        assert (await last(hand, OWNER)).window == window(centre, 0)

        await centre.clock.advance(timedelta(hours=1))
        await centre.desk.say(OWNER, CARD)
        await hand.presses(OWNER, "拒单")
        assert (await last(hand, OWNER)).window == window(centre, MESSAGES)

    async def test_a_colleagues_phone_has_no_window(self, hand: Hand) -> None:
        await hand.types(TECHNICIAN, "在")
        assert [turn.window for turn in await hand.turns(TECHNICIAN)] == [None, None]


async def test_a_restart_shows_the_same_in_wecoms_look_too(tmp_path: Path) -> None:
    async with ClientSession() as session:
        async with open_centre(tmp_path) as centre:
            hand = Hand(session, centre.url)
            await hand.types(OWNER, "预约服务")
            await hand.presses(OWNER, TAP)
            await hand.presses(TECHNICIAN, "接单")
            before = await hand.state("wecom")
        async with open_centre(tmp_path) as centre:
            assert await Hand(session, centre.url).state("wecom") == before


async def test_a_journal_of_before_there_was_a_look_is_read(tmp_path: Path) -> None:
    (tmp_path / "sandbox.jsonl").write_text(
        '{"kind":"opened","journal":"old"}\n'
        '{"kind":"said","seq":1,"phone":"tech-wang","ref":"1","key":"k","own":false,'
        '"at":"2026-11-23T04:00:00Z","content":{"text":"新任务","photos":[],'
        '"rows":[[{"label":"接单","data":"accept"}]],"contact":false,"broken":false},'
        '"menu":null,"silent":false}\n',
        encoding="utf-8",
    )
    async with open_centre(tmp_path) as centre, ClientSession() as session:
        turn = await last(Hand(session, centre.url), TECHNICIAN)
    assert only_part(turn) == Card(title="新任务", buttons=(Choice(label="接单", data="accept"),))


def test_owners_write_to_customer_service_and_staff_to_the_app() -> None:
    assert {phone.role for phone in PHONES if phone.is_customer} == {"owner"}


letters = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S")), min_size=1)
buttons = st.builds(
    Button, letters, letters.filter(lambda data: len(data.encode()) <= 64), st.integers(1, 99)
)
messages = st.builds(
    Spoken,
    st.text(st.characters(codec="utf-8"), min_size=1, max_size=600).filter(str.strip),
    st.lists(buttons, max_size=14, unique_by=lambda one: one.data).map(
        lambda found: tuple((one,) for one in found)
    ),
    labels=st.just(LABELS),
)


@given(messages)
def test_whatever_is_said_can_be_tapped_or_typed_in_either_look(spoken: Spoken) -> None:
    offered = {button.data for row in spoken.rows for button in row}
    app, kf = app_parts(spoken), kf_parts(spoken)
    on_card = {one.data for part in app if isinstance(part, Card) for one in part.buttons}
    on_card |= {one.data for part in app if isinstance(part, Card) for one in part.options}
    assert on_card in (offered, set())
    if not on_card:  # no card has room for so many: they are numbered in the words
        said = "".join(part.text for part in app if isinstance(part, Words)).replace("\n", "")
        assert all(f"{button.number}. " in said for row in spoken.rows for button in row)
    lines = [part for part in kf if isinstance(part, Listing)]
    tapped = [line.data for part in lines for line in part.lines]
    typed = sum(len(part.typed) for part in lines)
    assert set(tapped) <= offered
    assert len(tapped) + typed == len(offered)
