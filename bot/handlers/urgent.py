"""紧急报修: two taps from the menu, one from words that sound like it; safety comes first."""

from __future__ import annotations

import re

from pydantic import BaseModel

from bot.event import Photo
from bot.flow import Ask, Choice, Flow, put_away, start
from bot.router import Router
from bot.turn import Reply, Turn, flash, reply
from services import orders, promises, residents, urgent
from services.desk import Desk
from services.messages import Action, Fact, Message, Moment, Saying, Word, do, say
from services.residents import Home
from services.rules.emergencies import EmergencyKind, advice, recognise, skill_needed
from services.rules.names import normalise_phone
from services.urgent import Report, Reported
from storage.records import Order, OrderState, Source

router = Router("urgent")

COMMON_FIRST = (
    EmergencyKind.BURST_PIPE,
    EmergencyKind.CRITICAL_LEAK,
    EmergencyKind.POWER_OUTAGE,
    EmergencyKind.ELECTRIC_HAZARD,
    EmergencyKind.SEWAGE_BACKFLOW,
    EmergencyKind.NO_WATER,
    EmergencyKind.GAS_SMELL,
    EmergencyKind.FIRE_SMOKE,
    EmergencyKind.ELEVATOR_TRAP,
    EmergencyKind.LOCKOUT_RISK,
    EmergencyKind.FALLING_RISK,
    EmergencyKind.OTHER,
)
CARD = "urgent"
ANY = "any"
LONGEST_PLACE = 200
_DIGITS = re.compile(r"\+?[0-9][0-9 -]{5,16}[0-9]")


def word_of(kind: EmergencyKind) -> Word:
    """What the kind of emergency is called."""
    return Word(f"emergency-{kind}".replace("_", "-"))


# Which emergency, and where


@router.action("urgent.start")
def begin(turn: Turn, desk: Desk) -> Reply:
    """紧急报修: everybody may, verified or not (§3.3)."""
    homes = residents.homes(desk, turn.person)
    return reply(_kinds(homes[0] if homes else None, homes).as_card(CARD, fresh=True))


def _kinds(home: Home | None, homes: list[Home]) -> Message:
    """All kinds, two to a row; the room they are reported for, where there is one."""
    message = say("urgent-which")
    if home is not None:
        message = message.line("urgent-room", room=home.room.room_no)
    buttons = [_kind_button(kind, home) for kind in COMMON_FIRST]
    for at in range(0, len(buttons), 2):
        message = message.row(*buttons[at : at + 2])
    return message.row(do("urgent.rooms", ANY)) if len(homes) > 1 else message


def _kind_button(kind: EmergencyKind, home: Home | None) -> Action:
    label = Saying(word_of(kind).key)
    return do("urgent.report", kind, home.room.id if home else 0, label=label)


@router.action("urgent.rooms")
def rooms(turn: Turn, desk: Desk, kind: str) -> Reply:
    """换房屋: which of the person's rooms it is about."""
    if kind != ANY and _known(kind) is None:
        return flash("toast-button-unknown")
    message = say("urgent-which-room")
    for home in residents.homes(desk, turn.person):
        label = Saying("choice-room", {"room": home.room.room_no})
        message = message.row(do("urgent.at", kind, home.room.id, label=label))
    return reply(message.as_card(CARD))


@router.action("urgent.at")
def at(turn: Turn, desk: Desk, kind: str, room_id: int) -> Reply:
    """Another room was chosen: the same question for it."""
    home = residents.require_home(desk, turn.person, room_id)
    homes = residents.homes(desk, turn.person)
    known = _known(kind)
    question = _kinds(home, homes) if known is None else _offer(known, home, homes)
    return reply(question.as_card(CARD))


# The report


@router.action("urgent.report")
def report(turn: Turn, desk: Desk, kind: str, room_id: int) -> Reply:
    """One tap on a kind reports it; a stranger and 其他 are asked the one thing that is missing."""
    known = _known(kind)
    if known is None:
        return flash("toast-button-unknown")
    put_away(turn, desk)
    homes = residents.homes(desk, turn.person)
    if not homes:
        return _ask_stranger(turn, desk, known)
    home = residents.require_home(desk, turn.person, room_id or None)
    if known is EmergencyKind.OTHER:
        return start(form, turn, desk, UrgentForm(kind=known, room=home.room.id))
    return reply(_report_home(turn, desk, known, home).as_card(CARD))


@router.action("urgent.confirm")
def confirm(turn: Turn, desk: Desk, kind: str) -> Reply:
    """The same for the person's default room."""
    return report(turn, desk, kind, 0)


def _known(kind: str) -> EmergencyKind | None:
    return EmergencyKind(kind) if kind in set(EmergencyKind) else None


def _report_home(
    turn: Turn,
    desk: Desk,
    kind: EmergencyKind,
    home: Home,
    words: str = "",
    photos: tuple[str, ...] = (),
) -> Message:
    said = Report(
        centre_id=home.centre_id,
        kind=kind,
        place=home.room.room_no,
        source=Source.OWNER,
        channel=turn.endpoint.channel,
        room_id=home.room.id,
        person_id=turn.person.id,
        contact_name=home.name,
        contact_phone=home.phone,
        note=words,
        photos=photos,
    )
    return _answer(desk, urgent.report(desk, said))


def _answer(desk: Desk, reported: Reported) -> Message:
    """What to do now, first of all; then the number, who is coming, and until when."""
    order = reported.order
    kind = EmergencyKind(order.emergency or EmergencyKind.OTHER)
    keys = [f"advice-{one}".replace("_", "-") for one in advice(kind)]
    parts = [Saying("urgent-advice-first")] if keys else []
    parts += [Saying(key) for key in keys]
    message = Message(tuple(parts))
    facts = _facts(desk, order)
    if reported.again:
        message = message.line("urgent-running", **facts)
    else:
        message = message.line("urgent-reported", **facts)
        message = message.line("urgent-calling", called=urgent.called(desk, order))
    message = message.line("urgent-limit", **facts).line("urgent-more", **facts)
    return message.row(do("talk.start"), do("order.cancel", order.id))


def _facts(desk: Desk, order: Order) -> dict[str, Fact]:
    centre = desk.centre(order.centre_id)
    return {
        "number": order.number,
        "kind": orders.title(order),
        "place": order.place,
        "state": orders.state_word(order),
        "who": orders.technician_name(desk, order) or Word("nobody-yet"),
        "limit": order.limit_minutes or 0,
        "due": Moment(promises.emergency_due(order), centre.zone, "time"),
        "phone": centre.phone,
    }


# What a stranger, or 其他, is asked


class UrgentForm(BaseModel):
    """The little that is missing: `room` for a resident, `centre` and `place` for a stranger."""

    kind: EmergencyKind = EmergencyKind.OTHER
    room: int = 0
    several_centres: bool = False
    centre: int = 0
    words: str = ""
    place: str = ""
    photos: tuple[str, ...] = ()


def _ask_stranger(turn: Turn, desk: Desk, kind: EmergencyKind) -> Reply:
    centres = residents.centres(desk)
    if len(centres) == 1:
        return start(form, turn, desk, UrgentForm(kind=kind, centre=centres[0].id))
    return start(form, turn, desk, UrgentForm(kind=kind, several_centres=True))


def _centres(_turn: Turn, desk: Desk, _draft: UrgentForm) -> list[Choice]:
    return [
        Choice(str(centre.id), Saying("choice-centre", {"centre": centre.name}))
        for centre in residents.centres(desk)
    ]


def _finish(turn: Turn, desk: Desk, draft: UrgentForm) -> Reply:
    """其他 that the words describe as a known kind becomes that kind: it gets its advice."""
    kind = draft.kind
    if kind is EmergencyKind.OTHER:
        kind = recognise(draft.words) or kind
    if draft.room:
        home = residents.require_home(desk, turn.person, draft.room)
        return reply(_report_home(turn, desk, kind, home, draft.words, draft.photos))
    said = Report(
        centre_id=draft.centre,
        kind=kind,
        place=draft.place[:LONGEST_PLACE],
        source=Source.STRANGER,
        channel=turn.endpoint.channel,
        person_id=turn.person.id,
        contact_name=turn.person.name or "",
        contact_phone=_phone_in(draft.place) or turn.person.phone or "",
        note=draft.words,
        photos=draft.photos,
    )
    return reply(_answer(desk, urgent.report(desk, said)).line("urgent-checked-at-door"))


def _phone_in(text: str) -> str | None:
    """A telephone number somebody wrote beside the address."""
    for found in _DIGITS.finditer(text):
        try:
            number = normalise_phone(found[0])
        except ValueError:
            continue
        if len(number.lstrip("+")) >= 7:
            return number
    return None


form = Flow(
    name="urgent",
    form=UrgentForm,
    steps=(
        Ask("centre", options=_centres, when=lambda draft: draft.several_centres),
        Ask("words", text=True, when=lambda draft: draft.kind is EmergencyKind.OTHER),
        Ask("place", text=True, when=lambda draft: not draft.room),
        Ask("photos", photos=True, optional=True),
    ),
    finish=_finish,
)

flows = (form,)


# Words and pictures


@router.text
def heard(turn: Turn, desk: Desk, text: str) -> Reply | None:
    """Words right after a report belong to it; words that sound like an emergency are offered."""
    homes = residents.homes(desk, turn.person)
    if turn.staff and not homes:
        return None
    kind = recognise(text)
    running = urgent.just_reported(desk, turn.person.id)
    offers: tuple[Message, ...] = ()
    if kind is not None and not (running is not None and _is_part_of(running, kind)):
        offers = (_offer(kind, homes[0] if homes else None, homes).as_card(CARD, fresh=True),)
    if running is not None:
        urgent.add_words(desk, running, text, turn.person.id)
        return reply(say("urgent-words-added", number=running.number), *offers)
    return reply(*offers) if offers else None


def _is_part_of(running: Order, kind: EmergencyKind) -> bool:
    """Whether words belong to what is running: the same thing, or work for the same hands.

    Water on the floor after a burst pipe is no second emergency; smoke after it would be.
    """
    known = EmergencyKind(running.emergency or EmergencyKind.OTHER)
    same_hands = skill_needed(kind) is not None and skill_needed(kind) == skill_needed(known)
    return kind is known or same_hands


def _offer(kind: EmergencyKind, home: Home | None, homes: list[Home]) -> Message:
    """One confirming tap (§3.9), or not an emergency after all."""
    message = say("urgent-sounds-like", kind=word_of(kind))
    if home is not None:
        message = message.line("urgent-room", room=home.room.room_no)
    label = Saying("do-urgent-confirm-kind", {"kind": word_of(kind)})
    message = message.row(do("urgent.report", kind, home.room.id if home else 0, label=label))
    message = message.row(do("urgent.not"))
    return message.row(do("urgent.rooms", kind)) if len(homes) > 1 else message


@router.action("urgent.not")
def not_urgent(turn: Turn, desk: Desk) -> Reply:
    """不是紧急情况: then an appointment, or a person."""
    if not residents.homes(desk, turn.person):
        return reply(say("urgent-not", do("bind.start"), do("talk.start")).as_card(CARD))
    return reply(say("urgent-not", do("book.start"), do("talk.start")).as_card(CARD))


@router.photo
def seen(turn: Turn, desk: Desk, photo: Photo) -> Reply | None:
    """A picture right after a report belongs to it."""
    running = urgent.just_reported(desk, turn.person.id)
    if running is None or running.state is OrderState.CANCELLED:
        return None
    urgent.add_photo(desk, running, photo.sha256, photo.caption, turn.person.id)
    return reply(say("urgent-photo-added", number=running.number))
