"""The first word and the way about: /start, /help, 更多, my data, and what nobody understood."""

from __future__ import annotations

from bot.event import Photo
from bot.flow import put_away
from bot.handlers import binding
from bot.handlers.language import own_name
from bot.handlers.menu import menu_for, menu_of, seen_as
from bot.router import Router
from bot.turn import Reply, Turn, reply
from services import figures, household, residents, staffing
from services.desk import Desk
from services.messages import Message, Words, do, say
from services.rules.names import mask_phone
from storage.records import Role

__all__ = ["menu_for", "menu_of", "router"]

router = Router("start")
"""It must be included last: its free words and pictures are what nobody else understood."""

HELP = (
    ("help-technician", (Role.TECHNICIAN,)),
    ("help-desk", (Role.CS, Role.CONTROL)),
    ("help-superior", (Role.SUPERVISOR, Role.HEAD, Role.BUSINESS)),
)


@router.command("start")
def start(turn: Turn, desk: Desk, code: str) -> Reply:
    """A welcome; with a code behind it (a link that was followed), the code is redeemed."""
    put_away(turn, desk)
    # The roster may have been read in after this account's very first word.
    turn = seen_as(turn, desk, staffing.recognise(desk, turn.endpoint, turn.person))
    if code.strip():
        return binding.enter(turn, desk, code)
    return reply(_helping(_greeting(turn, desk), turn, desk))


@router.command("help")
def help_(turn: Turn, desk: Desk, _argument: str) -> Reply:
    """What can be done here, for this person."""
    return explain(turn, desk)


@router.action("help.show")
def explain(turn: Turn, desk: Desk) -> Reply:
    """帮助, typed."""
    return reply(_helping(say("help-head"), turn, desk))


@router.command("menu")
def menu(turn: Turn, desk: Desk, _argument: str) -> Reply:
    """`/menu`."""
    return show_menu(turn, desk)


@router.action("menu.show")
def show_menu(turn: Turn, desk: Desk) -> Reply:
    """菜单, typed: for a chat in which no menu stands at the foot."""
    return reply(say("menu-here").with_menu(menu_for(turn, desk)))


def _greeting(turn: Turn, desk: Desk) -> Message:
    homes = residents.homes(desk, turn.person)
    if turn.staff:
        return say("hello-staff", name=turn.person.name or "", roles=_roles(turn))
    if homes:
        home = homes[0]
        centre = desk.centre(home.centre_id).name
        return say("hello-resident", name=home.name, centre=centre, room=home.room.room_no)
    return say("hello-stranger")


def _helping(message: Message, turn: Turn, desk: Desk) -> Message:
    for key, roles in HELP:
        message = message.line_if(turn.is_staff(*roles), key)
    if residents.homes(desk, turn.person):
        message = message.line("help-resident")
    elif not turn.staff:
        message = binding.with_telephones(message.line("help-stranger"), desk)
    return message.line("help-words").with_menu(menu_for(turn, desk))


def _roles(turn: Turn) -> Words:
    held = dict.fromkeys(role for line in turn.staff for role in line.roles)
    return Words(tuple(f"role-{role}" for role in held))


# More


@router.action("more.open")
def more(turn: Turn, desk: Desk) -> Reply:
    """Everything that is needed seldom."""
    message = say("more-head", do("language.choose"), do("bind.start"), do("data.mine"))
    if turn.is_staff(*figures.READERS, Role.BUSINESS):
        message = message.row(do("figures.show"))
    message = message.row(do("reminders.open"))
    if household.own_homes(desk, turn.person):
        message = message.row(do("invite.start"))
    if residents.homes(desk, turn.person):
        message = message.row(do("unbind.start"))
    return reply(message)


@router.action("data.mine")
def my_data(turn: Turn, desk: Desk) -> Reply:
    """What is stored about the person, in full except for the telephone number."""
    person = turn.person
    message = say("data-head", language=own_name(person.locale))
    message = message.line_if(person.name, "data-name", name=person.name or "")
    message = message.line_if(person.phone, "data-phone", phone=mask_phone(person.phone or ""))
    for home in residents.homes(desk, person):
        message = message.line("data-home", **binding.home_facts(desk, home))
        message = message.line_if(home.until, "data-home-until", until=binding.day_text(home.until))
    message = message.line_if(turn.staff, "data-roles", roles=_roles(turn))
    return reply(message.line("data-orders", count=residents.orders_placed(desk, person)))


# What nobody else understood


@router.text
def not_understood(turn: Turn, desk: Desk, _text: str) -> Reply | None:
    """Say so plainly and show the menu; an open form asks its question again by itself."""
    if turn.conversation.form:
        return None
    key = "not-understood" if _is_known(turn, desk) else "not-understood-stranger"
    return reply(say(key).with_menu(menu_for(turn, desk)))


@router.photo
def photo_out_of_the_blue(turn: Turn, desk: Desk, _photo: Photo) -> Reply | None:
    """A picture without a word is most often of something broken."""
    if turn.conversation.form:
        return None
    if residents.homes(desk, turn.person):
        return reply(say("photo-what", do("urgent.start"), do("book.start")))
    if turn.staff:
        return reply(say("not-understood").with_menu(menu_for(turn, desk)))
    return reply(say("photo-what-stranger", do("urgent.start"), do("bind.start")))


def _is_known(turn: Turn, desk: Desk) -> bool:
    return bool(turn.staff or residents.homes(desk, turn.person))
