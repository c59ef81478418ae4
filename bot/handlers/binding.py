"""Binding a chat to a home or to the roster: by phone, by code, or by asking; and unbinding."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from pydantic import BaseModel

from bot import flow
from bot.event import Contact
from bot.flow import Ask, Choice, Flow
from bot.handlers import answers
from bot.handlers.menu import menu_for, menu_of, seen_as
from bot.router import Router
from bot.turn import Reply, Turn, reply
from services import claims, residents
from services.claims import Claim
from services.desk import Desk
from services.messages import Fact, Message, Minutes, Moment, Saying, Word, Words, do, say
from services.residents import Bound, Home, WrongCode
from services.rules.names import mask_phone, normalise_phone
from services.rules.time_words import understand_day
from storage.records import BindingRequest, Relation

router = Router("binding")


@router.action("bind.start")
def ways(turn: Turn, desk: Desk) -> Reply:
    """Share the phone number, type a code, or have customer service look."""
    share = replace(say("bind-share").with_menu(menu_for(turn, desk)), ask_contact=True)
    return reply(share, say("bind-ways", do("bind.code"), do("bind.claim")))


def with_telephones(message: Message, desk: Desk) -> Message:
    """The message with each centre's telephone: the way in for whom no chat can help."""
    for centre in residents.centres(desk):
        message = message.line("centre-phone", centre=centre.name, phone=centre.phone)
    return message


# By a code


class CodeEntry(BaseModel):
    """The one-time code, as typed."""

    code: str = ""


def _redeem(turn: Turn, desk: Desk, entry: CodeEntry) -> Reply:
    return enter(turn, desk, entry.code)


code_form = Flow(name="code", form=CodeEntry, steps=(Ask("code", text=True),), finish=_redeem)


@router.action("bind.code")
def by_code(turn: Turn, desk: Desk) -> Reply:
    """Ask for the code, unless too many wrong ones came within the hour."""
    tries = residents.tries_left(desk, turn.person)
    return flow.start(code_form, turn, desk) if tries.left else _must_wait(turn, desk, tries)


def enter(turn: Turn, desk: Desk, code: str) -> Reply:
    """Redeem a code, typed or from a link."""
    outcome = residents.redeem(desk, turn.person, code)
    if isinstance(outcome, Bound):
        return _bound(turn, desk, outcome)
    if outcome.left == 0:
        return _must_wait(turn, desk, outcome)
    question, *rest = flow.start(code_form, turn, desk).messages
    why = Saying("code-wrong", {"left": outcome.left})
    return reply(replace(question, parts=(why, *question.parts)), *rest)


def _must_wait(turn: Turn, desk: Desk, tries: WrongCode) -> Reply:
    message = say("code-wait", most=residents.TRIES, wait=Minutes(tries.wait_minutes))
    return reply(_at_the_foot(with_telephones(message, desk), turn, desk))


def _bound(turn: Turn, desk: Desk, bound: Bound) -> Reply:
    turn = seen_as(turn, desk, bound.person)
    if bound.homes:
        message = say("bind-done", name=bound.homes[0].name)
    else:
        roles = dict.fromkeys(role for line in turn.staff for role in line.roles)
        held = Words(tuple(f"role-{role}" for role in roles))
        message = say("bind-done-staff", name=bound.person.name or "", roles=held)
    for home in bound.homes:
        message = message.line("bind-done-home", **home_facts(desk, home))
        message = message.line_if(home.until, "bind-done-until", until=day_text(home.until))
    return reply(_at_the_foot(message, turn, desk))


def _at_the_foot(message: Message, turn: Turn, desk: Desk) -> Message:
    """The message with the menu, sent anew: a menu cannot be put under a message shown before."""
    return message.with_menu(menu_for(turn, desk)).as_card("menu", fresh=True)


def home_facts(desk: Desk, home: Home) -> dict[str, Fact]:
    """What names a home: its centre, its room, and how the person belongs to it."""
    return {
        "centre": desk.centre(home.centre_id).name,
        "room": home.room.room_no,
        "relation": Word(f"relation-{home.relation}"),
    }


def day_text(day: date | None) -> str:
    """A date as both languages write it in records."""
    return day.isoformat() if day else ""


# By a shared phone number


@router.contact
def shared(turn: Turn, desk: Desk, contact: Contact) -> Reply | None:
    """Their own number binds an owner on the roll; otherwise it goes into a claim as proof."""
    if turn.conversation.form not in (None, code_form.name, claim_form.name):
        return None  # another form has asked for it
    if not contact.own:
        return reply(say("contact-not-own").with_menu(menu_for(turn, desk)))
    try:
        bound = residents.bind_by_phone(desk, turn.person, contact.phone)
    except ValueError:
        return reply(say("contact-unreadable").with_menu(menu_for(turn, desk)))
    if bound is not None:
        flow.put_away(turn, desk)
        return _bound(turn, desk, bound)
    return _claim_with(turn, desk, normalise_phone(contact.phone))


def _claim_with(turn: Turn, desk: Desk, phone: str) -> Reply:
    claims.require_none_open(desk, turn.person)
    draft = _known_beforehand(desk)
    if turn.conversation.form == claim_form.name:
        draft = ClaimForm.model_validate_json(turn.conversation.answers)
    draft = draft.model_copy(update={"proven_phone": phone})
    kept = say("contact-kept", phone=mask_phone(phone)).with_menu(menu_for(turn, desk))
    return reply(kept, *flow.start(claim_form, turn, desk, draft).messages)


# By asking


class ClaimForm(BaseModel):
    """What somebody says of themselves.

    `proven_phone` is a number the platform vouched for, `only_centre` the centre where there is
    one: they are never answers, so going back in the form cannot put typed words in their place.
    """

    proven_phone: str = ""
    only_centre: int = 0
    centre: int = 0
    relation: Relation = Relation.OWNER
    until: date | None = None
    room: str = ""
    name: str = ""
    phone: str = ""


def _centres(_turn: Turn, desk: Desk, _draft: ClaimForm) -> list[Choice]:
    return [
        Choice(str(centre.id), Saying("claim-centre", {"name": centre.name}))
        for centre in residents.centres(desk)
    ]


def _relations(_turn: Turn, _desk: Desk, _draft: ClaimForm) -> list[Choice]:
    return [Choice(relation, Saying(f"relation-{relation}")) for relation in Relation]


def _read_day(_turn: Turn, desk: Desk, draft: ClaimForm, text: str) -> date | None:
    return understand_day(text, now=desk.now, zone=desk.zone(_centre_of(draft)))


def _read_room(_turn: Turn, _desk: Desk, _draft: ClaimForm, text: str) -> str | None:
    return answers.room_in(text)


def _read_name(_turn: Turn, _desk: Desk, _draft: ClaimForm, text: str) -> str | None:
    return answers.name_in(text)


def _read_phone(_turn: Turn, _desk: Desk, _draft: ClaimForm, text: str) -> str | None:
    return answers.phone_in(text)


def _centre_of(draft: ClaimForm) -> int:
    return draft.only_centre or draft.centre


def _claim_summary(_turn: Turn, desk: Desk, draft: ClaimForm) -> Message:
    message = say(
        "claim-summary",
        centre=desk.centre(_centre_of(draft)).name,
        relation=Word(f"relation-{draft.relation}"),
        room=draft.room,
        name=draft.name,
        phone=draft.proven_phone or draft.phone,
    )
    return message.line_if(_until(draft), "claim-summary-until", until=day_text(draft.until))


def _until(draft: ClaimForm) -> date | None:
    return draft.until if draft.relation is Relation.TENANT else None


def _submit(turn: Turn, desk: Desk, draft: ClaimForm) -> Reply:
    claim = Claim(
        centre_id=_centre_of(draft),
        room_no=draft.room,
        name=draft.name,
        phone=draft.proven_phone or draft.phone,
        phone_proven=bool(draft.proven_phone),
        relation=draft.relation,
        until=_until(draft),
    )
    outcome = claims.submit(desk, turn.person, claim)
    if isinstance(outcome, Bound):
        return _bound(turn, desk, outcome)
    return reply(say("claim-sent", room=outcome.room_no))


claim_form = Flow(
    name="claim",
    form=ClaimForm,
    steps=(
        Ask("centre", options=_centres, when=lambda draft: not draft.only_centre),
        Ask("relation", options=_relations),
        Ask(
            "until",
            understand=_read_day,
            when=lambda draft: draft.relation is Relation.TENANT,
        ),
        Ask("room", understand=_read_room),
        Ask("name", understand=_read_name),
        Ask("phone", understand=_read_phone, when=lambda draft: not draft.proven_phone),
    ),
    finish=_submit,
    summary=_claim_summary,
)

flows = (code_form, claim_form)


@router.action("bind.claim")
def by_claim(turn: Turn, desk: Desk) -> Reply:
    """The form for whom neither a number nor a code can help."""
    claims.require_none_open(desk, turn.person)
    return flow.start(claim_form, turn, desk, _known_beforehand(desk))


def _known_beforehand(desk: Desk) -> ClaimForm:
    centres = residents.centres(desk)
    return ClaimForm(only_centre=centres[0].id) if len(centres) == 1 else ClaimForm()


# Customer service decides


@router.action("bind.approve")
def approve(turn: Turn, desk: Desk, request_id: int) -> Reply:
    """同意: the applicant is bound and told, with their new menu."""
    granted = claims.approve(desk, turn.person, request_id)
    told = say("claim-approved", **home_facts(desk, granted.home))
    told = told.with_menu(menu_of(desk, granted.person))
    desk.tell(granted.person.id, told, matter=claims.card_name(granted.request), essential=True)
    return _decided(turn, desk, granted.request, "claim-card-approved")


@router.action("bind.reject")
def reject(turn: Turn, desk: Desk, request_id: int) -> Reply:
    """驳回: the applicant is told, and where to ask."""
    request = claims.reject(desk, turn.person, request_id)
    phone = desk.centre(request.centre_id).phone
    told = say("claim-rejected", do("bind.start"), room=request.room_no, phone=phone)
    desk.tell(request.person_id, told, matter=claims.card_name(request), essential=True)
    return _decided(turn, desk, request, "claim-card-rejected")


def _decided(turn: Turn, desk: Desk, request: BindingRequest, key: str) -> Reply:
    at = Moment(desk.now, desk.centre(request.centre_id).zone)
    who = turn.person.name or ""
    card = say(key, room=request.room_no, name=request.name, who=who, at=at)
    return reply(card.as_card(claims.card_name(request)))


# Unbinding


@router.action("unbind.start")
def choose_home(turn: Turn, desk: Desk) -> Reply:
    """Which home to unbind; with one, straight to the question."""
    homes = residents.homes(desk, turn.person)
    if not homes:
        return reply(say("unbind-none").with_menu(menu_for(turn, desk)))
    if len(homes) == 1:
        return ask_unbind(turn, desk, homes[0].line_id)
    buttons = [
        do("unbind.ask", home.line_id, label=Saying("unbind-home", home_facts(desk, home)))
        for home in homes
    ]
    return reply(say("unbind-which", *buttons))


@router.action("unbind.ask")
def ask_unbind(turn: Turn, desk: Desk, line_id: int) -> Reply:
    """Say what it means before it is done."""
    home = residents.home_bound_by(desk, turn.person, line_id)
    buttons = (do("unbind.confirm", line_id), do("unbind.keep", line_id))
    message = say("unbind-sure", *buttons, **home_facts(desk, home))
    return reply(message.as_card(_unbind_card(line_id), fresh=True))


@router.action("unbind.confirm")
def unbind(turn: Turn, desk: Desk, line_id: int) -> Reply:
    """The home is theirs no more, and the menu shows it."""
    home = residents.unbind(desk, turn.person, line_id)
    done = say("unbind-done", **home_facts(desk, home)).as_card(_unbind_card(line_id))
    return reply(done, say("menu-changed").with_menu(menu_for(turn, desk)))


@router.action("unbind.keep")
def keep(_turn: Turn, _desk: Desk, line_id: int) -> Reply:
    """Nothing is changed."""
    return reply(say("unbind-kept").as_card(_unbind_card(line_id)))


def _unbind_card(line_id: int) -> str:
    return f"unbind:{line_id}"
