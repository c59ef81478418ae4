"""紧急报修: two taps from the menu, one from words that sound like it; safety comes first."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from pydantic import BaseModel

from bot.event import Photo
from bot.flow import Ask, Choice, Flow, put_away, start
from bot.router import Router
from bot.turn import Reply, Turn, flash, reply
from services import merging, orders, promises, residents, urgent
from services.desk import Desk
from services.due import minute_of
from services.messages import Action, Fact, Message, Moment, Saying, Word, do, say
from services.residents import Home
from services.rules.emergencies import (
    EmergencyKind,
    advice,
    may_have_occurred,
    occurrence,
    recognise,
    skill_needed,
)
from services.rules.names import normalise_phone
from services.urgent import Report, Reported
from storage.records import Order, OrderState, Person, Source

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


_WHEN = re.compile(r"([a-z_]+)@([0-9]{1,9})")


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody's words tell: the kind, and when it happened, where they say that."""

    kind: EmergencyKind
    occurred_at: datetime | None = None

    @property
    def arg(self) -> str:
        """As a button carries it: the kind, and the minute where one is known."""
        at = self.occurred_at
        return self.kind.value if at is None else f"{self.kind}@{minute_of(at)}"


def _told(arg: str, now: datetime) -> Told | None:
    """What a button carries; a time that cannot be (any more) is left out, the report stands."""
    timed = _WHEN.fullmatch(arg)
    kind = timed[1] if timed else arg
    if kind not in set(EmergencyKind):
        return None
    at = datetime.fromtimestamp(int(timed[2]) * 60, UTC) if timed else None
    known = at if at is not None and may_have_occurred(at, now) else None
    return Told(EmergencyKind(kind), known)


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
    if kind != ANY and _told(kind, desk.now) is None:
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
    told = _told(kind, desk.now)
    question = _kinds(home, homes) if told is None else _offer(desk, told, home, homes)
    return reply(question.as_card(CARD))


# The report


@router.action("urgent.report")
def report(turn: Turn, desk: Desk, kind: str, room_id: int) -> Reply:
    """One tap on a kind reports it; a stranger and 其他 are asked the one thing that is missing."""
    told = _told(kind, desk.now)
    if told is None:
        return flash("toast-button-unknown")
    put_away(turn, desk)
    homes = residents.homes(desk, turn.person)
    if not homes:
        return _ask_stranger(turn, desk, told)
    home = residents.require_home(desk, turn.person, room_id or None)
    if told.kind is EmergencyKind.OTHER:
        return start(form, turn, desk, UrgentForm(kind=told.kind, room=home.room.id))
    return reply(_report_home(turn, desk, told, home).as_card(CARD))


@router.action("urgent.confirm")
def confirm(turn: Turn, desk: Desk, kind: str) -> Reply:
    """The same for the person's default room."""
    return report(turn, desk, kind, 0)


def _report_home(
    turn: Turn,
    desk: Desk,
    told: Told,
    home: Home,
    words: str = "",
    photos: tuple[str, ...] = (),
) -> Message:
    said = Report(
        centre_id=home.centre_id,
        kind=told.kind,
        place=home.room.room_no,
        source=Source.OWNER,
        channel=turn.endpoint.channel,
        room_id=home.room.id,
        person_id=turn.person.id,
        contact_name=home.name,
        contact_phone=home.phone,
        note=words,
        photos=photos,
        occurred_at=told.occurred_at,
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
    if reported.joined:
        return _answer_joined(desk, message, order)
    if reported.again:
        message = message.line("urgent-running", **facts)
    else:
        message = message.line("urgent-reported", **facts)
        message = message.line("urgent-calling", called=urgent.called(desk, order))
    if order.occurred_at is not None:
        zone = desk.centre(order.centre_id).zone
        message = message.line("urgent-occurred", at=Moment(order.occurred_at, zone))
    message = message.line("urgent-limit", **facts).line("urgent-more", **facts)
    return message.row(do("talk.start"), do("order.cancel", order.id))


def _answer_joined(desk: Desk, advised: Message, running: Order) -> Message:
    """Theirs was merged into another household's report: how that one stands, and no more."""
    parts = (*advised.parts, Saying("urgent-joined", {"other": running.number}))
    message = Message((*parts, *merging.became(desk, running).parts))
    phone = desk.centre(running.centre_id).phone
    return message.line("urgent-more", phone=phone).row(do("talk.start"))


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
    """The little that is missing: `room` for a resident, `centre` and `place` for a stranger.

    `occurred` is the minute since the epoch at which it happened, 0 where that was not said.
    """

    kind: EmergencyKind = EmergencyKind.OTHER
    occurred: int = 0
    room: int = 0
    several_centres: bool = False
    centre: int = 0
    words: str = ""
    place: str = ""
    photos: tuple[str, ...] = ()


def _ask_stranger(turn: Turn, desk: Desk, told: Told) -> Reply:
    centres = residents.centres(desk)
    occurred = minute_of(told.occurred_at) if told.occurred_at is not None else 0
    draft = UrgentForm(kind=told.kind, occurred=occurred, several_centres=len(centres) > 1)
    if len(centres) == 1:
        draft = draft.model_copy(update={"centre": centres[0].id})
    return start(form, turn, desk, draft)


def _centres(_turn: Turn, desk: Desk, _draft: UrgentForm) -> list[Choice]:
    return [
        Choice(str(centre.id), Saying("choice-centre", {"centre": centre.name}))
        for centre in residents.centres(desk)
    ]


def _finish(turn: Turn, desk: Desk, draft: UrgentForm) -> Reply:
    if draft.room:
        home = residents.require_home(desk, turn.person, draft.room)
        told = _told_in_form(desk, draft, home.centre_id)
        return reply(_report_home(turn, desk, told, home, draft.words, draft.photos))
    told = _told_in_form(desk, draft, draft.centre)
    said = Report(
        centre_id=draft.centre,
        kind=told.kind,
        place=draft.place[:LONGEST_PLACE],
        source=Source.STRANGER,
        channel=turn.endpoint.channel,
        person_id=turn.person.id,
        contact_name=turn.person.name or "",
        contact_phone=_phone_in(draft.place) or turn.person.phone or "",
        note=draft.words,
        photos=draft.photos,
        occurred_at=told.occurred_at,
    )
    return reply(_answer(desk, urgent.report(desk, said)).line("urgent-checked-at-door"))


def _told_in_form(desk: Desk, draft: UrgentForm, centre_id: int) -> Told:
    """其他 that the words describe as a known kind becomes that kind: it gets its advice."""
    known = _told(f"{draft.kind}@{draft.occurred}", desk.now) or Told(draft.kind)
    if known.kind is not EmergencyKind.OTHER:
        return known
    at = occurrence(draft.words, now=desk.now, zone=desk.zone(centre_id))
    return Told(recognise(draft.words) or known.kind, at)


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
    told = told_by(desk, turn.person, text)
    running = urgent.just_reported(desk, turn.person.id)
    offers: tuple[Message, ...] = ()
    if told is not None and not (running is not None and _is_part_of(running, told.kind)):
        home = homes[0] if homes else None
        offers = (_offer(desk, told, home, homes).as_card(CARD, fresh=True),)
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


def told_by(desk: Desk, person: Person, text: str) -> Told | None:
    """The emergency that somebody's words tell of, and when it happened; None where there is none.

    A time is meant by the clock of their home.
    """
    kind = recognise(text)
    if kind is None:
        return None
    zone = _zone(desk, residents.homes(desk, person))
    return Told(kind, occurrence(text, now=desk.now, zone=zone))


def sounds_like(told: Told, zone: ZoneInfo) -> tuple[Saying, ...]:
    """What was understood, to be confirmed."""
    said = Saying("urgent-sounds-like", {"kind": word_of(told.kind)})
    if told.occurred_at is None:
        return (said,)
    return said, Saying("urgent-occurred", {"at": Moment(told.occurred_at, zone.key)})


def report_button(told: Told, room_id: int, zone: ZoneInfo) -> Action:
    """The one confirming tap (§3.9), which says what it reports."""
    facts: dict[str, Fact] = {"kind": word_of(told.kind)}
    key = "do-urgent-confirm-kind"
    if told.occurred_at is not None:
        facts["at"] = Moment(told.occurred_at, zone.key, "short")
        key = "do-urgent-confirm-since"
    return do("urgent.report", told.arg, room_id, label=Saying(key, facts))


def _zone(desk: Desk, homes: list[Home]) -> ZoneInfo:
    """By whose clock somebody means a time: their home's, a stranger's by the first centre's."""
    return desk.zone(homes[0].centre_id if homes else residents.centres(desk)[0].id)


def _offer(desk: Desk, told: Told, home: Home | None, homes: list[Home]) -> Message:
    """One confirming tap (§3.9), or not an emergency after all."""
    zone = _zone(desk, [home] if home else [])
    message = Message(sounds_like(told, zone))
    if home is not None:
        message = message.line("urgent-room", room=home.room.room_no)
    message = message.row(report_button(told, home.room.id if home else 0, zone))
    message = message.row(do("urgent.not"))
    return message.row(do("urgent.rooms", told.arg)) if len(homes) > 1 else message


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
