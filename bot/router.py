"""Finds the handler for what a person did; a handler with a wrong signature is refused at start-up.

router = Router("orders")

@router.command("help")
def help(turn: Turn, desk: Desk) -> Reply: ...

@router.action("order.accept")            # a button: do("order.accept", order.id)
def accept(turn: Turn, desk: Desk, order_id: int) -> Reply: ...

@router.action("orders.mine")             # without arguments it may stand in a menu,
def mine(turn: Turn, desk: Desk) -> Reply: ...   # and its label works when typed

@router.text                              # free words, photos, contacts: tried in order;
def relay(turn: Turn, desk: Desk, text: str) -> Reply | None: ...  # None passes it on
"""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bot.event import Contact, Photo
from bot.turn import Reply, Turn
from services.desk import Desk
from services.messages import Action

Handler = Callable[..., Reply | None]
H = typing.TypeVar("H", bound=Handler)


class WrongSignatureError(TypeError):
    """A handler asks for what no press or command can give."""


@dataclass(frozen=True, slots=True)
class ActionRoute:
    """A button's handler and the types of its arguments."""

    name: str
    handler: Handler
    types: tuple[type, ...]

    def call(self, turn: Turn, desk: Desk, args: tuple[str, ...]) -> Reply | None:
        """Run the handler; None where the arguments are not of its form (forged or outdated)."""
        if len(args) != len(self.types):
            return None
        values: list[str | int] = []
        for kind, arg in zip(self.types, args, strict=True):
            if kind is int:
                if not arg.isascii() or not arg.isdigit() or len(arg) > 18:
                    return None
                values.append(int(arg))
            else:
                values.append(arg)
        return self.handler(turn, desk, *values)


class Router:
    """The handlers of one conversation, or of all of them together."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.commands: dict[str, Handler] = {}
        self.actions: dict[str, ActionRoute] = {}
        self.texts: list[Handler] = []
        self.photos: list[Handler] = []
        self.contacts: list[Handler] = []

    def command(self, name: str) -> Callable[[H], H]:
        """A slash command; the handler is given what stood behind it."""

        def register(handler: H) -> H:
            _check(handler, (str,))
            _new(self.commands, name)
            self.commands[name] = handler
            return handler

        return register

    def action(self, name: str) -> Callable[[H], H]:
        """A button by its action's name; further parameters (int or str) are its arguments."""

        def register(handler: H) -> H:
            types = _argument_types(handler)
            if not set(types) <= {int, str}:
                raise WrongSignatureError(f"{handler.__qualname__}: arguments must be int or str")
            _new(self.actions, name)
            self.actions[name] = ActionRoute(name, handler, types)
            return handler

        return register

    def text(self, handler: H) -> H:
        """Free words; returns None to pass them on."""
        _check(handler, (str,))
        self.texts.append(handler)
        return handler

    def photo(self, handler: H) -> H:
        """A picture; returns None to pass it on."""
        _check(handler, (Photo,))
        self.photos.append(handler)
        return handler

    def contact(self, handler: H) -> H:
        """A shared phone number; returns None to pass it on."""
        _check(handler, (Contact,))
        self.contacts.append(handler)
        return handler

    def include(self, others: Iterable[Router]) -> Router:
        """This router with the handlers of others, in their order; names must be unique."""
        for other in others:
            for name, handler in other.commands.items():
                _new(self.commands, name)
                self.commands[name] = handler
            for name, route in other.actions.items():
                _new(self.actions, name)
                self.actions[name] = route
            self.texts += other.texts
            self.photos += other.photos
            self.contacts += other.contacts
        return self

    def press(self, turn: Turn, desk: Desk, data: str) -> Reply | None:
        """Run the handler of a button's data; None where no handler takes it."""
        name, *args = data.split("|")
        route = self.actions.get(name)
        return route.call(turn, desk, tuple(args)) if route else None

    def menu_actions(self) -> tuple[Action, ...]:
        """The actions that need no argument: their labels may be typed at any time."""
        return tuple(Action(route.name) for route in self.actions.values() if not route.types)


def _new(known: dict[str, typing.Any], name: str) -> None:
    if name in known:
        raise WrongSignatureError(f"two handlers for {name!r}")


def _argument_types(handler: Handler) -> tuple[type, ...]:
    """The types behind (turn, desk); checks these two and the result on the way."""
    hints = typing.get_type_hints(handler)
    names = list(inspect.signature(handler).parameters)
    if [hints.get(name) for name in names[:2]] != [Turn, Desk]:
        raise WrongSignatureError(f"{handler.__qualname__}: begin with (turn: Turn, desk: Desk)")
    if hints.get("return") not in (Reply, Reply | None):
        raise WrongSignatureError(f"{handler.__qualname__}: must return Reply")
    return tuple(hints[name] for name in names[2:])


def _check(handler: Handler, expected: tuple[type, ...]) -> None:
    if _argument_types(handler) != expected:
        wanted = ", ".join(kind.__name__ for kind in expected)
        raise WrongSignatureError(f"{handler.__qualname__}: must take (turn, desk, {wanted})")
