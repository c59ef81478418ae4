"""邀请家人或租户: an owner lets somebody into their home with a one-time code."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel

from bot import flow
from bot.flow import Ask, Choice, Flow
from bot.handlers import answers
from bot.handlers.binding import day_text, home_facts
from bot.router import Router
from bot.turn import Reply, Turn, reply
from services import household
from services.desk import Desk
from services.household import Guest
from services.messages import Message, Saying, Word, say
from services.residents import Home
from services.rules.time_words import understand_day
from storage.records import Relation

router = Router("household")


class InviteForm(BaseModel):
    """Whom to let in, and where; `only_home` is the roll's line where there is one home."""

    only_home: int = 0
    home: int = 0
    relation: Relation = Relation.FAMILY
    until: date | None = None
    name: str = ""
    phone: str = ""


def _line_id(draft: InviteForm) -> int:
    return draft.only_home or draft.home


def _home(turn: Turn, desk: Desk, draft: InviteForm) -> Home:
    return household.own_home(desk, turn.person, _line_id(draft))


def _homes(turn: Turn, desk: Desk, _draft: InviteForm) -> list[Choice]:
    return [
        Choice(str(home.line_id), Saying("invite-home", home_facts(desk, home)))
        for home in household.own_homes(desk, turn.person)
    ]


def _relations(_turn: Turn, _desk: Desk, _draft: InviteForm) -> list[Choice]:
    guests = (Relation.FAMILY, Relation.TENANT)
    return [Choice(relation, Saying(f"relation-{relation}")) for relation in guests]


def _read_day(turn: Turn, desk: Desk, draft: InviteForm, text: str) -> date | None:
    zone = desk.zone(_home(turn, desk, draft).centre_id)
    return understand_day(text, now=desk.now, zone=zone)


def _read_name(_turn: Turn, _desk: Desk, _draft: InviteForm, text: str) -> str | None:
    return answers.name_in(text)


def _read_phone(_turn: Turn, _desk: Desk, _draft: InviteForm, text: str) -> str | None:
    return answers.phone_in(text)


def _until(draft: InviteForm) -> date | None:
    return draft.until if draft.relation is Relation.TENANT else None


def _summary(turn: Turn, desk: Desk, draft: InviteForm) -> Message:
    message = say(
        "invite-summary",
        room=_home(turn, desk, draft).room.room_no,
        name=draft.name,
        relation=Word(f"relation-{draft.relation}"),
        phone=draft.phone,
    )
    return message.line_if(_until(draft), "invite-summary-until", until=day_text(draft.until))


def _invite(turn: Turn, desk: Desk, draft: InviteForm) -> Reply:
    guest = Guest(draft.name, draft.phone, draft.relation, _until(draft))
    code = household.invite(desk, turn.person, _line_id(draft), guest)
    return reply(say("invite-code", name=guest.name, code=code, days=household.DAYS_VALID))


invite_form = Flow(
    name="invite",
    form=InviteForm,
    steps=(
        Ask("home", options=_homes, when=lambda draft: not draft.only_home),
        Ask("relation", options=_relations),
        Ask(
            "until",
            understand=_read_day,
            when=lambda draft: draft.relation is Relation.TENANT,
        ),
        Ask("name", understand=_read_name),
        Ask("phone", understand=_read_phone),
    ),
    finish=_invite,
    summary=_summary,
)

flows = (invite_form,)


@router.action("invite.start")
def start(turn: Turn, desk: Desk) -> Reply:
    """Ask whom to let in; only an owner may."""
    homes = household.own_homes(desk, turn.person)
    if not homes:
        return reply(say("invite-owners-only"))
    draft = InviteForm(only_home=homes[0].line_id) if len(homes) == 1 else InviteForm()
    return flow.start(invite_form, turn, desk, draft)
