"""待审批: large problems proposed, approved or refused, and answered to the owner (reading 15)."""

from __future__ import annotations

from dataclasses import replace

from pydantic import BaseModel

from bot.flow import Ask, Flow, start
from bot.router import Router
from bot.turn import Reply, Turn, reply
from services import majors, orders
from services.desk import Desk
from services.errors import NotYours
from services.messages import Fact, Message, Moment, Saying, do, say

router = Router("approvals")

MOST_LISTED = 10


@router.action("approvals.list")
def waiting(turn: Turn, desk: Desk) -> Reply:
    """待审批."""
    if not orders.centres_of(desk, turn.person, *majors.DECIDERS):
        raise NotYours
    found = majors.undecided(desk, turn.person)
    if not found:
        return reply(say("approvals-none"))
    listing = say("approvals-head", count=len(found))
    for claim, order in found[:MOST_LISTED]:
        zone = desk.centre(order.centre_id).zone
        listing = listing.line(
            "approvals-line",
            number=order.number,
            title=orders.title(order),
            who=orders.staff_name(desk, claim.proposed_by),
            until=Moment(majors.limit(desk, order), zone),
        )
        label = Saying("approvals-label", {"number": order.number})
        listing = listing.row(do("major.show", claim.id, label=label))
    rest = len(found) - MOST_LISTED
    return reply(listing.line_if(rest > 0, "approvals-more", count=rest))


@router.action("major.show")
def show(turn: Turn, desk: Desk, claim_id: int) -> Reply:
    """The proposal as it stands, at the foot of the chat."""
    return reply(replace(majors.card_for(desk, claim_id, turn.person), fresh=True))


@router.action("major.approve")
def approve(turn: Turn, desk: Desk, claim_id: int) -> Reply:
    """同意."""
    majors.approve(desk, claim_id, turn.person)
    decided = majors.card_for(desk, claim_id, turn.person)
    return reply(decided, toast="toast-major-approved")


@router.action("major.refuse")
def refuse(turn: Turn, desk: Desk, claim_id: int) -> Reply:
    """驳回."""
    majors.refuse(desk, claim_id, turn.person)
    decided = majors.card_for(desk, claim_id, turn.person)
    return reply(decided, toast="toast-major-refused")


# The technician's proposal


class Proposal(BaseModel):
    """Why a repair is a large problem."""

    order_id: int = 0
    reason: str = ""


def _proposal_facts(turn: Turn, desk: Desk, draft: Proposal) -> dict[str, Fact]:
    order = majors.require_proposable(desk, draft.order_id, turn.person)
    return {"number": order.number, "title": orders.title(order)}


def _propose(turn: Turn, desk: Desk, draft: Proposal) -> Reply:
    claim = majors.propose(desk, draft.order_id, turn.person, draft.reason)
    order = orders.load(desk, claim.order_id)
    until = Moment(majors.limit(desk, order), desk.centre(order.centre_id).zone)
    return reply(say("job-major-proposed", number=order.number, until=until))


proposal_form = Flow(
    name="major",
    form=Proposal,
    steps=(Ask("reason", text=True, facts=_proposal_facts),),
    finish=_propose,
)


@router.action("major.propose")
def propose(turn: Turn, desk: Desk, order_id: int) -> Reply:
    """大问题: for which reason?"""
    order = majors.require_proposable(desk, order_id, turn.person)
    return start(proposal_form, turn, desk, Proposal(order_id=order.id))


# The answer to the owner


class Answer(BaseModel):
    """What the owner is told: cause, plan, and a date or a quote."""

    order_id: int = 0
    cause: str = ""
    plan: str = ""
    until: str = ""


def _answer_facts(turn: Turn, desk: Desk, draft: Answer) -> dict[str, Fact]:
    order, _ = majors.require_answerable(desk, draft.order_id, turn.person)
    return {"number": order.number, "title": orders.title(order)}


def _answer_summary(turn: Turn, desk: Desk, draft: Answer) -> Message:
    order, _ = majors.require_answerable(desk, draft.order_id, turn.person)
    return say(
        "answer-summary",
        number=order.number,
        cause=draft.cause,
        plan=draft.plan,
        until=draft.until,
    )


def _answer(turn: Turn, desk: Desk, draft: Answer) -> Reply:
    order = majors.answer(desk, draft.order_id, turn.person, draft.cause, draft.plan, draft.until)
    key = "major-answered" if order.person_id is not None else "major-answered-read-out"
    return reply(say(key, number=order.number))


answer_form = Flow(
    name="answer",
    form=Answer,
    steps=(
        Ask("cause", text=True, facts=_answer_facts),
        Ask("plan", text=True),
        Ask("until", text=True),
    ),
    summary=_answer_summary,
    finish=_answer,
)


@router.action("major.answer")
def answer(turn: Turn, desk: Desk, order_id: int) -> Reply:
    """答复业主: cause, plan, and a date or a quote."""
    order, _ = majors.require_answerable(desk, order_id, turn.person)
    return start(answer_form, turn, desk, Answer(order_id=order.id))


flows = (proposal_form, answer_form)
