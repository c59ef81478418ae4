"""A nonconformity case: 我来处理, what was done, its verification, and whether it is settled."""

from __future__ import annotations

from pydantic import BaseModel

from bot.flow import Ask, Choice, Flow, start
from bot.handlers.talks import urgent_offer
from bot.router import Router
from bot.turn import Reply, Turn, reply, say
from services import cases
from services.desk import Desk
from services.messages import Saying

router = Router("cases")


class Correction(BaseModel):
    """What was done about a case."""

    case_id: int = 0
    disposition: str = ""
    words: str = ""


def _dispositions(_turn: Turn, _desk: Desk, _draft: Correction) -> list[Choice]:
    return [Choice(one, Saying(f"disposition-{one}")) for one in cases.DISPOSITIONS]


def _done(turn: Turn, desk: Desk, draft: Correction) -> Reply:
    case = cases.correct(desk, draft.case_id, turn.person, draft.disposition, draft.words)
    return reply(say("case-recorded", number=case.number), cases.card(desk, case, turn.person))


correct = Flow(
    name="correct",
    form=Correction,
    steps=(
        Ask("disposition", options=_dispositions, columns=2),
        Ask("words", text=True),
    ),
    finish=_done,
)


class Action(BaseModel):
    """Why a case came about, and what keeps it from coming again."""

    case_id: int = 0
    cause: str = ""
    action: str = ""


def _acted(turn: Turn, desk: Desk, draft: Action) -> Reply:
    case = cases.act(desk, draft.case_id, turn.person, draft.cause, draft.action)
    recorded = say("case-action-recorded", number=case.number)
    return reply(recorded, cases.card(desk, case, turn.person))


act = Flow(
    name="act",
    form=Action,
    steps=(Ask("cause", text=True), Ask("action", text=True)),
    finish=_acted,
)


class Failure(BaseModel):
    """Why what was done about a case did not help."""

    case_id: int = 0
    reason: str = ""


def _failed(turn: Turn, desk: Desk, draft: Failure) -> Reply:
    case = cases.fail(desk, draft.case_id, turn.person, draft.reason)
    return reply(cases.card(desk, case, turn.person))


fail = Flow(name="fail", form=Failure, steps=(Ask("reason", text=True),), finish=_failed)


class Explanation(BaseModel):
    """What is not settled, in the words of the household."""

    case_id: int = 0
    words: str = ""


def _explained(turn: Turn, desk: Desk, draft: Explanation) -> Reply:
    case = cases.explain(desk, draft.case_id, turn.person, draft.words)
    return reply(
        cases.sorry_card(desk, case, explained=True), *urgent_offer(turn, desk, draft.words)
    )


explain = Flow(
    name="explain", form=Explanation, steps=(Ask("words", text=True),), finish=_explained
)

flows = (correct, act, fail, explain)


@router.action("case.show")
def show(turn: Turn, desk: Desk, case_id: int) -> Reply:
    """The case as it stands, at the foot of the chat."""
    return reply(cases.show(desk, case_id, turn.person))


@router.action("case.take")
def take(turn: Turn, desk: Desk, case_id: int) -> Reply:
    """我来处理."""
    case = cases.take(desk, case_id, turn.person)
    return reply(cases.card(desk, case, turn.person))


@router.action("case.correct")
def record_correction(turn: Turn, desk: Desk, case_id: int) -> Reply:
    """What was done: opens the form for it."""
    case = cases.to_correct(desk, case_id, turn.person)
    return start(correct, turn, desk, Correction(case_id=case.id))


@router.action("case.action")
def record_action(turn: Turn, desk: Desk, case_id: int) -> Reply:
    """Cause and corrective action: opens the form for them."""
    case = cases.to_act(desk, case_id, turn.person)
    return start(act, turn, desk, Action(case_id=case.id))


@router.action("case.verify")
def verify(turn: Turn, desk: Desk, case_id: int) -> Reply:
    """有效."""
    case = cases.verify(desk, case_id, turn.person)
    return reply(cases.card(desk, case, turn.person))


@router.action("case.fail")
def find_ineffective(turn: Turn, desk: Desk, case_id: int) -> Reply:
    """无效: asks for the reason."""
    case = cases.to_verify(desk, case_id, turn.person)
    return start(fail, turn, desk, Failure(case_id=case.id))


# The customer


@router.action("case.told")
def told(turn: Turn, desk: Desk, case_id: int) -> Reply:
    """The customer was told the result by telephone, and said nothing of it."""
    case = cases.told(desk, case_id, turn.person)
    return reply(cases.card(desk, case, turn.person))


@router.action("case.told_settled")
def told_settled(turn: Turn, desk: Desk, case_id: int) -> Reply:
    """Told by telephone, the customer said that it is settled."""
    case = cases.told(desk, case_id, turn.person, is_settled=True)
    return reply(cases.card(desk, case, turn.person))


@router.action("case.told_unsettled")
def told_unsettled(turn: Turn, desk: Desk, case_id: int) -> Reply:
    """Told by telephone, the customer said that it is not settled."""
    case = cases.told(desk, case_id, turn.person, is_settled=False)
    return reply(cases.card(desk, case, turn.person))


@router.action("case.reveal")
def reveal(turn: Turn, desk: Desk, case_id: int) -> Reply:
    """The full number of a home that is to be called; the look is logged (§3.11)."""
    case, whom = cases.number_of(desk, case_id, turn.person)
    place = cases.place_of(desk, case)
    facts = {"number": case.number, "name": whom.name, "phone": whom.phone}
    return reply(say("case-number-revealed", **facts, place=place))


@router.action("settle.yes")
def settled(turn: Turn, desk: Desk, case_id: int) -> Reply:
    """已解决, from the household."""
    case = cases.settle(desk, case_id, turn.person, is_settled=True)
    return reply(cases.result_card(desk, case))


@router.action("settle.no")
def not_settled(turn: Turn, desk: Desk, case_id: int) -> Reply:
    """没解决: a second dissatisfied answer."""
    case = cases.settle(desk, case_id, turn.person, is_settled=False)
    return reply(cases.sorry_card(desk, case))


@router.action("settle.why")
def why(turn: Turn, desk: Desk, case_id: int) -> Reply:
    """What is not settled, for whoever likes to say."""
    case = cases.to_explain(desk, case_id, turn.person)
    return start(explain, turn, desk, Explanation(case_id=case.id))
