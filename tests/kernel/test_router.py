"""The router: what could never be called is refused at start-up, a forged button at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import pytest

from bot import house
from bot.event import Contact, Photo
from bot.router import Router, WrongSignatureError
from bot.turn import Reply, Turn, reply
from services.desk import Desk
from services.messages import Action, say

NOBODY = cast("Turn", None)
NOTHING = cast("Desk", None)


def no_turn(desk: Desk) -> Reply:
    return reply()


def swapped(desk: Desk, turn: Turn) -> Reply:
    return reply()


def untyped(turn, desk):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    return reply()


def no_result(turn: Turn, desk: Desk) -> None:
    return None


def strange_argument(turn: Turn, desk: Desk, at: float) -> Reply:
    return reply()


def good(turn: Turn, desk: Desk) -> Reply:
    return reply()


def with_text(turn: Turn, desk: Desk, text: str) -> Reply | None:
    return reply(say("x", words=text))


def with_two(turn: Turn, desk: Desk, number: int, word: str) -> Reply:
    return reply(say("x", number=number, word=word))


def with_photo(turn: Turn, desk: Desk, photo: Photo) -> Reply | None:
    return reply()


def with_contact(turn: Turn, desk: Desk, contact: Contact) -> Reply | None:
    return reply()


@pytest.mark.parametrize("handler", [no_turn, swapped, untyped, no_result, strange_argument])
def test_an_action_that_could_not_be_called_is_refused(handler: Callable[..., Reply]) -> None:
    with pytest.raises(WrongSignatureError, match=handler.__name__):
        Router("r").action("a")(handler)


@pytest.mark.parametrize("handler", [good, with_two, with_photo, no_turn])
def test_commands_and_words_are_given_words(handler: Callable[..., Reply]) -> None:
    router = Router("r")
    with pytest.raises(WrongSignatureError):
        router.command("a")(handler)
    with pytest.raises(WrongSignatureError):
        router.text(handler)


def test_pictures_and_contacts_are_given_as_such() -> None:
    router = Router("r")
    for register in (router.photo, router.contact):
        with pytest.raises(WrongSignatureError):
            register(with_text)
    router.photo(with_photo)
    router.contact(with_contact)
    router.text(with_text)
    assert (router.photos, router.contacts, router.texts) == (
        [with_photo],
        [with_contact],
        [with_text],
    )


def test_two_of_one_name_are_refused() -> None:
    router = Router("r")
    router.action("a")(good)
    router.command("a")(with_text)
    with pytest.raises(WrongSignatureError, match="two handlers"):
        router.action("a")(good)
    with pytest.raises(WrongSignatureError, match="two handlers"):
        router.command("a")(with_text)
    with pytest.raises(WrongSignatureError, match="two handlers"):
        Router("all").include([router, router])


def test_handlers_keep_the_order_of_their_conversations() -> None:
    first, second = Router("1"), Router("2")
    first.text(with_text)

    def other(turn: Turn, desk: Desk, text: str) -> Reply | None:
        return None

    second.text(other)
    assert Router("all").include([first, second]).texts == [with_text, other]


def test_a_button_gives_its_arguments() -> None:
    router = Router("r")
    router.action("a")(with_two)
    answer = router.press(NOBODY, NOTHING, "a|7|word")
    assert answer == reply(say("x", number=7, word="word"))


@pytest.mark.parametrize(
    "data",
    [
        "a", "a|7", "a|7|x|y", "a|x|y", "a|-7|x", "a|7.0|x", "a| 7|x", "a|²|x", "a|٣|x", "a||x",
        "a|1234567890123456789|x", "b|7|x", "", "|", "A|7|x",
    ],
)  # fmt: skip
def test_a_forged_button_reaches_nobody(data: str) -> None:
    router = Router("r")
    router.action("a")(with_two)
    assert router.press(NOBODY, NOTHING, data) is None


def test_what_needs_no_argument_may_be_typed() -> None:
    router = Router("r")
    router.action("a")(with_two)
    router.action("b")(good)
    assert router.menu_actions() == (Action("b"),)


def test_the_real_router_is_whole() -> None:
    router = house.router()
    assert router.actions
    assert "start" in router.commands
    house.forms()
