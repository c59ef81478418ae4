"""After the work: 满意 or 不满意, 准时 or 不准时, and for whoever is dissatisfied, why."""

from __future__ import annotations

from pydantic import BaseModel

from bot.flow import Ask, Choice, Flow, start
from bot.handlers.talks import urgent_offer
from bot.router import Router
from bot.turn import Reply, Turn, flash, reply, say
from services import ratings
from services.desk import Desk
from services.messages import Saying, do

router = Router("ratings")


class Dislike(BaseModel):
    """Why somebody is dissatisfied: one of our reasons, or their own words."""

    order_id: int = 0
    reason: str = ""


class Timely(BaseModel):
    """The last screen for whoever is dissatisfied."""

    order_id: int = 0
    on_time: str = ""
    opinion: str = ""


def _reasons(_turn: Turn, _desk: Desk, _draft: Dislike) -> list[Choice]:
    return [Choice(one, Saying(f"rating-because-{one}")) for one in ratings.REASONS]


def _on_time_choices(_turn: Turn, _desk: Desk, _draft: Timely) -> list[Choice]:
    return [Choice("yes", do("rate.ontime").saying), Choice("no", do("rate.late").saying)]


def _reason_given(turn: Turn, desk: Desk, draft: Dislike) -> Reply:
    chosen = draft.reason in ratings.REASONS
    reason, words = (draft.reason, "") if chosen else ("other", draft.reason)
    ratings.give_reason(desk, draft.order_id, turn.person, reason, words)
    more = start(timely, turn, desk, Timely(order_id=draft.order_id))
    return reply(say("rate-reason-kept"), *urgent_offer(turn, desk, words), *more.messages)


def _all_said(turn: Turn, desk: Desk, draft: Timely) -> Reply:
    if draft.opinion:
        ratings.give_opinion(desk, draft.order_id, turn.person, draft.opinion)
    on_time = draft.on_time == "yes"
    order = ratings.answer_on_time(desk, draft.order_id, turn.person, on_time=on_time)
    return reply(say("rate-thanks"), ratings.card(desk, order))


dislike = Flow(
    name="dislike",
    form=Dislike,
    steps=(Ask("reason", options=_reasons, text=True, columns=2),),
    finish=_reason_given,
)

timely = Flow(
    name="timely",
    form=Timely,
    steps=(
        Ask("on_time", options=_on_time_choices, columns=2),
        Ask("opinion", text=True, optional=True),
    ),
    finish=_all_said,
)

flows = (dislike, timely)


@router.action("rate.yes")
def satisfied(turn: Turn, desk: Desk, order_id: int) -> Reply:
    """满意: thanks, and was it on time?"""
    order = ratings.answer(desk, order_id, turn.person, satisfied=True)
    return reply(ratings.card(desk, order))


@router.action("rate.no")
def dissatisfied(turn: Turn, desk: Desk, order_id: int) -> Reply:
    """不满意: somebody knows at once; then the reason."""
    order = ratings.answer(desk, order_id, turn.person, satisfied=False)
    return reply(ratings.card(desk, order)).and_say(*_ask_why(turn, desk, order_id).messages)


@router.action("rate.ontime")
def on_time(turn: Turn, desk: Desk, order_id: int) -> Reply:
    """准时."""
    order = ratings.answer_on_time(desk, order_id, turn.person, on_time=True)
    return reply(ratings.card(desk, order))


@router.action("rate.late")
def late(turn: Turn, desk: Desk, order_id: int) -> Reply:
    """不准时."""
    order = ratings.answer_on_time(desk, order_id, turn.person, on_time=False)
    return reply(ratings.card(desk, order))


@router.action("rate.why")
def why(turn: Turn, desk: Desk, order_id: int) -> Reply:
    """The reason, where it was put off."""
    ratings.changeable(desk, order_id, turn.person)
    return _ask_why(turn, desk, order_id)


@router.action("rate.change")
def change(turn: Turn, desk: Desk, order_id: int) -> Reply:
    """修改评价: the question again."""
    return reply(ratings.change_card(desk, order_id, turn.person))


@router.action("rate.revise")
def revise(turn: Turn, desk: Desk, order_id: int, chosen: str) -> Reply:
    """The changed answer."""
    if chosen not in ("yes", "no"):
        return flash("toast-button-unknown")
    satisfied_now = chosen == "yes"
    order = ratings.revise(desk, order_id, turn.person, satisfied=satisfied_now)
    answer = reply(ratings.card(desk, order))
    if satisfied_now:
        return answer
    return answer.and_say(*_ask_why(turn, desk, order_id).messages)


@router.action("rate.keep")
def keep(turn: Turn, desk: Desk, order_id: int) -> Reply:
    """Not changed after all."""
    return reply(ratings.keep_card(desk, order_id, turn.person))


def _ask_why(turn: Turn, desk: Desk, order_id: int) -> Reply:
    return start(dislike, turn, desk, Dislike(order_id=order_id))
