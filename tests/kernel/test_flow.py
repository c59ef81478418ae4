"""Forms: every way through, back and out of one, and nothing done twice on any of them."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, update

from bot.event import Photo, Press, Text, What
from bot.flow import MAX_PHOTOS, MAX_TEXT, PAGE, Forms
from bot.photos import PhotoStore
from bot.wording import Wording
from storage.database import SqliteDatabase
from storage.migrate import upgrade
from storage.tables import conversations
from tests.conversation import Actor, Town
from tests.kernel.trial import Done, Short, Trial, build_town, make_flows
from tests.town import FakeClock


def data(actor: Actor, label: str) -> str:
    """The data of a button, to be pressed later or changed."""
    found = actor.button(label)
    assert found is not None, actor.buttons()
    return found[1].data


async def at_the_summary(guest: Actor) -> None:
    await guest.types("试单")
    await guest.presses("选项 i01")
    await guest.presses("12 日")


# The way through


async def test_answers_lead_to_a_summary_and_confirming_does_it(guest: Actor, done: Done) -> None:
    await at_the_summary(guest)
    assert "试单：i01，12 日" in await guest.hears()
    assert done.trials == []
    await guest.presses("确认试单")
    assert done.trials == [Trial(item="i01", day=12)]
    assert "已试：i01" in guest.newest().text


async def test_one_card_takes_every_screen_of_a_form(guest: Actor) -> None:
    await at_the_summary(guest)
    await guest.presses("确认试单")
    assert len(guest.screen) == 1
    assert guest.newest().buttons == []


async def test_a_form_without_a_summary_ends_with_its_last_question(
    guest: Actor, done: Done
) -> None:
    await guest.types("小试")
    await guest.presses("改金额")
    await guest.types("35")
    assert done.shorts == []
    await guest.presses("选项 m")
    assert done.shorts == [Short(size="m", amount=35)]


async def test_back_takes_answers_back(guest: Actor, done: Done) -> None:
    await at_the_summary(guest)
    await guest.presses("返回")
    assert "哪一天" in guest.newest().text
    await guest.presses("返回")
    assert "选哪一项" in guest.newest().text
    assert not guest.sees("返回")
    await guest.presses("选项 i02")
    await guest.presses("14 日")
    await guest.presses("确认试单")
    assert done.trials == [Trial(item="i02", day=14)]


async def test_cancel_ends_it_without_a_trace(guest: Actor, done: Done) -> None:
    await at_the_summary(guest)
    confirm = data(guest, "确认试单")
    await guest.presses("取消")
    assert "没有保存" in guest.newest().text
    await guest.presses_data(confirm)
    assert (done.trials, guest.toast) == ([], "这张表单已经结束")


async def test_an_optional_question_is_asked_and_may_be_skipped(guest: Actor, done: Done) -> None:
    await at_the_summary(guest)
    await guest.presses("写备注")
    assert "请写备注" in guest.newest().text
    await guest.presses("跳过")
    await guest.presses("写备注")
    await guest.types("轻一点")
    assert "轻一点" in guest.newest().text
    await guest.presses("确认试单")
    assert done.trials[0].note == "轻一点"


async def test_words_at_the_summary_are_the_note(guest: Actor, done: Done) -> None:
    await at_the_summary(guest)
    await guest.types("门铃坏了")
    await guest.types("打电话吧")
    await guest.presses("确认试单")
    assert done.trials[0].note == "打电话吧"


async def test_many_choices_come_in_pages(guest: Actor, done: Done) -> None:
    await guest.types("试单")
    assert guest.sees("选项 i08")
    assert not guest.sees("选项 i09")
    for _ in range(2):
        await guest.presses("更多")
    assert guest.sees("选项 i20")
    await guest.presses("更多")
    assert guest.sees("选项 i01")
    assert len([one for one in guest.buttons() if one.startswith("选项")]) == PAGE
    await guest.presses("更多")
    await guest.presses("选项 i09")
    assert "哪一天" in guest.newest().text


async def test_a_form_is_resumed_by_another_process(guest: Actor, trial: Town, done: Done) -> None:
    await guest.types("试单")
    await guest.presses("选项 i03")
    trial.restarts()
    await guest.presses("12 日")
    trial.restarts()
    await guest.presses("确认试单")
    assert done.trials == [Trial(item="i03", day=12)]


# What is typed


async def test_labels_and_numbers_may_be_typed(guest: Actor, done: Done) -> None:
    await guest.types(" 试 单 ")
    await guest.types("2")
    await guest.types("14 日")
    await guest.types("确认试单")
    assert done.trials == [Trial(item="i02", day=14)]


async def test_a_label_may_be_typed_in_the_other_language(guest: Actor, done: Done) -> None:
    await guest.types("trial")
    await guest.types("choice I05")
    await guest.types("12号")
    await guest.types("CONFIRM TRIAL")
    assert done.trials == [Trial(item="i05", day=12)]


async def test_what_a_question_cannot_use_is_asked_again(guest: Actor) -> None:
    await guest.types("试单")
    await guest.types("随便")
    assert "没有看懂" in guest.newest().text
    assert "选哪一项" in guest.newest().text
    await guest.types("99")
    assert "没有看懂" in guest.newest().text


async def test_words_a_question_refuses_are_refused_politely(guest: Actor) -> None:
    await guest.types("试单")
    await guest.presses("选项 i01")
    await guest.types("从不")
    assert "不行：从不" in await guest.hears()
    await guest.types("12号")
    assert "12 日" in guest.newest().text


async def test_words_too_long_are_refused_with_the_limit(guest: Actor, done: Done) -> None:
    await at_the_summary(guest)
    await guest.types("长" * (MAX_TEXT + 1))
    assert f"{MAX_TEXT} 字" in guest.newest().text
    await guest.types("长" * 2001)
    assert "太长" in guest.newest().text
    await guest.types("长" * MAX_TEXT)
    await guest.presses("确认试单")
    assert len(done.trials[0].note) == MAX_TEXT


async def test_a_typed_answer_to_a_form_that_is_over_is_answered_in_words(guest: Actor) -> None:
    """A flash needs a tap; somebody who types a label of long ago must not meet silence."""
    await guest.types("试单")
    await guest.presses("取消")
    await guest.hears()
    await guest.types("选项 i01")
    assert "已经结束" in await guest.hears()


# Pictures


async def test_pictures_are_collected_anywhere_up_to_the_limit(guest: Actor, done: Done) -> None:
    await guest.types("试单")
    first = await guest.sends_photo("red", caption="看这里")
    assert "选哪一项" in guest.newest().text
    await guest.presses("选项 i01")
    await guest.presses("12 日")
    for color in ("blue", "green", "white", "black", "pink", "gold"):
        await guest.sends_photo(color)
    assert f"最多 {MAX_PHOTOS} 张" in guest.newest().text
    await guest.presses("确认试单")
    assert done.trials[0].photos[0] == first
    assert len(done.trials[0].photos) == MAX_PHOTOS
    assert done.trials[0].note == "看这里"


async def test_a_picture_answers_the_question_for_pictures(guest: Actor, done: Done) -> None:
    await guest.types("小试")
    await guest.presses("发图")
    await guest.sends_photo()
    assert "照片 1 张" in guest.newest().text
    await guest.presses("选项 s")
    assert len(done.shorts[0].photos) == 1


async def test_a_picture_without_a_form_goes_to_who_listens(guest: Actor) -> None:
    await guest.sends_photo()
    assert "看到照片" in await guest.hears()


# Old buttons, double taps, forgeries


async def test_a_double_tap_does_it_once(guest: Actor, done: Done) -> None:
    await at_the_summary(guest)
    confirm = data(guest, "确认试单")
    await guest.presses_data(confirm)
    await guest.presses_data(confirm)
    assert len(done.trials) == 1
    assert guest.toast == "这张表单已经结束"


async def test_two_taps_at_once_do_it_once(guest: Actor, trial: Town, done: Done) -> None:
    await at_the_summary(guest)
    press = Press(data(guest, "确认试单"), None)
    await asyncio.gather(*(trial.take("guest", press) for _ in range(5)))
    await trial.settles()
    assert len(guest.screen) == 1
    assert "已试" in guest.newest().text
    # On PostgreSQL a unit that lost to another is run again, but only one was committed.
    due = await trial.look(_dues)
    assert due == 1


def _dues(connection: Connection) -> int:
    from sqlalchemy import func, select

    from storage.tables import deadlines

    counted = select(func.count()).where(deadlines.c.kind == "trial.due")
    return connection.execute(counted).scalar_one()


async def test_an_answer_given_twice_is_not_taken_for_the_next_question(guest: Actor) -> None:
    await guest.types("试单")
    pick = data(guest, "选项 i01")
    await guest.presses_data(pick)
    await guest.presses_data(pick)
    assert guest.toast == "这一步已经答过了"
    assert "哪一天" in guest.newest().text


async def test_the_buttons_of_an_older_form_are_over(guest: Actor, done: Done) -> None:
    await at_the_summary(guest)
    old = data(guest, "确认试单")
    await guest.types("小试")
    await guest.presses_data(old)
    assert (guest.toast, done.trials) == ("这张表单已经结束", [])


@pytest.mark.parametrize(
    "args",
    [
        "form.pick|{serial}|item|i99",
        "form.pick|{serial}|item|",
        "form.pick|{serial}|note|x",
        "form.pick|{serial}|nothing|x",
        "form.pick|{serial}|item",
        "form.pick|{serial}",
        "form.done|{serial}",
        "form.skip|{serial}|item",
        "form.ask|{serial}|note",
        "form.ask|{serial}|item",
        "form.back|{serial}|confirm",
        "form.back|{serial}|item",
        "form.more|{serial}|item|99",
        "form.more|{serial}|item|²",
        "form.more|{serial}|item|٣",
        "form.more|{serial}|item|-1",
        "form.nothing|{serial}",
        "form.pick|²|item|i01",
        "form.",
        "form.pick",
        "",
        "|",
        "|||||",
        "trial.start|1",
        "nothing.at.all",
    ],
)
async def test_forged_buttons_do_nothing(guest: Actor, done: Done, args: str) -> None:
    await guest.types("试单")
    serial = data(guest, "选项 i01").split("|")[1]
    await guest.presses_data(args.format(serial=serial))
    assert "编号" not in guest.says()
    await guest.presses("选项 i01")
    await guest.presses("12 日")
    await guest.presses("确认试单")
    assert done.trials == [Trial(item="i01", day=12)]


async def test_a_choice_that_went_meanwhile_leads_to_those_there_are(
    guest: Actor, done: Done
) -> None:
    await guest.types("试单")
    await guest.presses("选项 i01")
    await guest.presses("13 日")
    await guest.presses("确认试单")
    assert "这天已满" in guest.newest().text
    await guest.presses("12 日")
    await guest.presses("确认试单")
    assert done.trials == [Trial(item="i01", day=12)]


# Another version of the code


async def change(trial: Town, **columns: object) -> None:
    await trial.change(
        lambda connection: connection.execute(
            update(conversations).where(conversations.c.form.is_not(None)).values(**columns)
        )
    )


async def test_a_question_that_is_gone_leads_to_the_next_open_one(
    guest: Actor, trial: Town, done: Done
) -> None:
    await guest.types("试单")
    await change(trial, step="colour", answers='{"item": "i04", "colour": "red"}')
    await guest.types("嗯？")
    assert "哪一天" in guest.newest().text
    await guest.presses("12 日")
    await guest.presses("确认试单")
    assert done.trials == [Trial(item="i04", day=12)]


@pytest.mark.parametrize("answers", ['{"day": "tomorrow"}', "nonsense", "[]"])
async def test_answers_nobody_can_read_any_more_end_the_form(
    guest: Actor, trial: Town, answers: str
) -> None:
    await guest.types("试单")
    pick = data(guest, "选项 i01")
    await change(trial, answers=answers)
    await guest.presses_data(pick)
    assert guest.toast == "这张表单已经结束"
    await guest.types("听得到吗")
    assert "听到：听得到吗" in guest.newest().text


async def test_a_form_that_is_gone_is_over(guest: Actor, trial: Town) -> None:
    await guest.types("试单")
    pick = data(guest, "选项 i01")
    await change(trial, form="of_yore")
    await guest.presses_data(pick)
    assert guest.toast == "这张表单已经结束"


def test_two_forms_of_one_name_are_refused() -> None:
    trial, _ = make_flows(Done())
    with pytest.raises(ValueError, match="share a name"):
        Forms([trial, trial])


# Both languages


async def test_a_form_speaks_the_language_of_the_person(trial: Town, done: Done) -> None:
    chinese, english = trial.actor("guest"), trial.actor("visitor")
    await chinese.types("试单")
    await english.types("试单")
    await trial.change(_speak_english)
    await english.presses("选项 i01")
    assert "Which day?" in english.newest().text
    await english.types("day 12")
    await english.presses("Confirm trial")
    await chinese.presses("选项 i02")
    assert "哪一天" in chinese.newest().text
    assert done.trials == [Trial(item="i01", day=12)]


def _speak_english(connection: Connection) -> None:
    from storage import people

    known = people.who(connection, "phone", "visitor")
    assert known is not None
    people.speak(connection, known[1].id, "en")


# Any way at all


_WALKS = itertools.count()
MOVES = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 10_000)), min_size=5, max_size=40)
WORDS = (
    "试单", "小试", "1", "2", "14号", "从不", "x" * 501, "取消", "返回", "跳过", "确认试单",
    "听一下", "更多", "99", "²", "写备注", "选项 i03", "day 12", "35", "出错", "拒绝",
)  # fmt: skip


@pytest.fixture(scope="module")
def walking(tmp_path_factory: pytest.TempPathFactory, words: Wording) -> Callable[[int], Town]:
    """Towns for walks, each on a copy of an empty database."""
    folder = tmp_path_factory.mktemp("walks")
    first = folder / "empty.db"

    async def make() -> None:
        database = SqliteDatabase(first)
        await database.migrate(upgrade)
        await database.close()

    asyncio.run(make())

    def town(number: int) -> Town:
        path = folder / f"{number}.db"
        path.write_bytes(first.read_bytes())
        photos = PhotoStore(folder / "photos", max_bytes=100_000)
        return build_town(SqliteDatabase(path), FakeClock(), words, photos, Done())

    return town


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(moves=MOVES)
def test_no_walk_through_a_form_fails_or_does_it_twice(
    walking: Callable[[int], Town], moves: list[tuple[int, int]]
) -> None:
    asyncio.run(_walk(walking(next(_WALKS)), moves))


async def _walk(town: Town, moves: list[tuple[int, int]]) -> None:
    """Press any button ever seen, type anything, send pictures, deliver everything twice."""
    guest = town.actor("guest")
    seen = ["form.done|1", "form.pick|1|item|i01"]
    await guest.types("试单")
    for number, (kind, choice) in enumerate(moves):
        present = [button.data for button in guest.newest().buttons]
        seen += [one for one in present if one not in seen]
        what = _what(kind, choice, present, seen)
        for _ in range(2):  # the platform delivers everything twice
            await town.take("guest", what, dedup=f"w{number}")
        said = await guest.hears()
        assert said.count("已试") <= 1
        assert "编号" not in said or what == Text("出错")
    await town.house.database.close()


def _what(kind: int, choice: int, present: list[str], seen: list[str]) -> What:
    if kind < 5 and present:
        return Press(present[choice % len(present)], None)
    if kind < 7:
        return Press(seen[choice % len(seen)], None)
    if kind == 7:
        return Photo(f"{choice % 9:064x}", "看" * (choice % 3))
    return Text(WORDS[choice % len(WORDS)])


def test_the_words_of_the_trial_are_there_in_both_languages() -> None:
    folder = Path(__file__).parent / "words"
    keys = [
        {line.split(" =")[0] for line in path.read_text().splitlines() if " = " in line}
        for path in folder.glob("*/test.ftl")
    ]
    assert keys[0] == keys[1]
