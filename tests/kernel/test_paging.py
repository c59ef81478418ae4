"""More choices than a platform has buttons for: each is reached, numbers pick what is seen."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import paging
from services.messages import Action, Message, do
from storage import people
from storage.database import Database
from tests.conversation import Actor, Town
from tests.kernel.platform import WORDING, tell, words
from tests.town import TUESDAY_10

CHOICES = 4


def choices(count: int, *, in_rows_of: int = 1) -> Message:
    """Choices named by their numbers."""
    actions = [
        do("trial.choose", n, label=words(f"choice {n}").parts[0]) for n in range(1, count + 1)
    ]
    rows = [tuple(actions[at : at + in_rows_of]) for at in range(0, count, in_rows_of)]
    return replace(words("choose"), rows=tuple(rows))


def pages(message: Message, most: int) -> list[list[Action]]:
    """Page by page, as somebody who always presses the way on."""
    found = []
    page: Message | None = message
    while page is not None:
        rows, more = paging.first_page(page.rows, most)
        found.append([action for row in rows for action in row])
        assert len(found) <= 100, "it goes round and round"
        page = paging.next_page(more.data, [page, words("other")]) if more else None
    return found


@given(st.integers(0, 40), st.integers(2, 12), st.integers(1, 3))
def test_every_choice_stands_on_one_page_in_order(count: int, most: int, in_rows_of: int) -> None:
    message = choices(count, in_rows_of=in_rows_of)
    found = pages(message, most)
    assert [action for page in found for action in page] == [
        action for row in message.rows for action in row
    ]
    assert all(len(page) == most - 1 for page in found[:-1])
    assert len(found[-1]) <= most


def test_what_fits_is_shown_as_it_is() -> None:
    message = choices(6, in_rows_of=2)
    for most in (6, 7, None):
        assert paging.first_page(message.rows, most) == (message.rows, None)


@given(st.integers(1, 20), st.integers(2, 12))
def test_numbers_count_what_is_shown(count: int, most: int) -> None:
    spoken = WORDING.speak(choices(count), "zh-CN", TUESDAY_10, Path, most)
    buttons = [button for row in spoken.rows for button in row]
    assert len(buttons) <= most
    has_more = count > most
    numbered = buttons[:-1] if has_more else buttons
    assert [button.number for button in numbered] == list(range(1, len(numbered) + 1))
    if has_more:
        assert buttons[-1].number is None
        assert buttons[-1].label == "更多选项"


@pytest.mark.parametrize(
    "data",
    [
        "choices.more",
        "choices.more|3",
        "choices.more|3|x",
        "choices.more|x|{mark}",
        "choices.more|3|{mark}|4",
    ],
)
def test_a_way_on_that_was_made_up_leads_to_a_polite_word(data: str) -> None:
    message = choices(6)
    more = paging.first_page(message.rows, CHOICES)[1]
    assert more is not None
    answer = paging.next_page(data.format(mark=more.args[1]), [message])
    assert answer is not None
    reached = [action for row in answer.rows for action in row]
    assert not reached or reached == [action for row in message.rows for action in row]


def test_a_page_beyond_the_last_is_out_of_date() -> None:
    message = choices(6)
    more = paging.first_page(message.rows, CHOICES)[1]
    assert more is not None
    answer = paging.next_page(f"{paging.MORE}|99|{more.args[1]}", [message])
    assert answer is not None
    assert answer.parts[0].key == "choices-gone"


def test_another_button_is_none_of_ours() -> None:
    assert paging.next_page("trial.choose|1", []) is None


# In a conversation


@pytest.fixture
async def offered(guest: Actor, trial: Town, database: Database) -> Message:
    """Somebody on a platform with four buttons a message is offered six things."""
    trial.telephones.limits = replace(trial.telephones.limits, choices=CHOICES)
    trial.restarts()
    await guest.types("听")
    known = await trial.look(lambda c: people.who(c, "phone", "guest"))
    assert known is not None
    label = words("第六").parts[0]
    offer = choices(5).row(do("short.start", label=label))
    await tell(database, known[1].id, offer)
    await trial.settles()
    await guest.hears()
    return offer


def labels(actor: Actor) -> list[str]:
    return [button.label for button in actor.newest().buttons]


async def test_the_way_on_shows_what_is_left(guest: Actor, offered: Message) -> None:
    assert labels(guest) == ["choice 1", "choice 2", "choice 3", "更多选项"]
    await guest.presses("更多选项")
    assert labels(guest) == ["choice 4", "choice 5", "第六"]
    await guest.types("3")
    assert "多大" in await guest.hears()


async def test_the_number_of_the_way_on_leads_on_and_not_to_what_nobody_sees(
    guest: Actor, offered: Message
) -> None:
    await guest.types("6")
    assert "没有看懂" in await guest.hears()
    await guest.types("4")
    assert labels(guest) == ["choice 4", "choice 5", "第六"]


async def test_the_way_on_may_be_typed_and_so_may_what_stands_behind_it(
    guest: Actor, offered: Message
) -> None:
    await guest.types("更多选项")
    assert labels(guest) == ["choice 4", "choice 5", "第六"]
    await guest.types("第六")
    assert "多大" in await guest.hears()


async def test_a_way_on_whose_message_is_long_gone_is_answered_politely(
    guest: Actor, offered: Message
) -> None:
    found = guest.button("更多选项")
    assert found is not None
    await guest.presses_data(found[1].data)  # not long gone: the same page again
    assert labels(guest) == ["choice 4", "choice 5", "第六"]
    for _ in range(12):
        await guest.types("听")
    await guest.hears()
    await guest.presses_data(found[1].data)
    assert "过时" in await guest.hears()
