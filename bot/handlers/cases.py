"""A nonconformity case on the desk: 我来处理, what was done, and the customer told of it."""

from __future__ import annotations

from pydantic import BaseModel

from bot.flow import Ask, Choice, Flow, start
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

flows = (correct,)


@router.action("case.show")
def show(turn: Turn, desk: Desk, case_id: int) -> Reply:
    """The case as it stands."""
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


@router.action("case.told")
def told(turn: Turn, desk: Desk, case_id: int) -> Reply:
    """The customer was told the result by telephone."""
    case = cases.told(desk, case_id, turn.person)
    return reply(cases.card(desk, case, turn.person))
