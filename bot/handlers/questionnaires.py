"""Return visits in chat: 满意 or 不满意, 准时 or 不准时, and of who is dissatisfied, why."""

from __future__ import annotations

from bot.handlers.talks import urgent_offer
from bot.router import Router
from bot.turn import Reply, Turn, flash, reply
from services import ratings
from services.desk import Desk
from services.visits import questionnaires

router = Router("questionnaires")


@router.action("questionnaire.yes")
def satisfied(turn: Turn, desk: Desk, visit_id: int) -> Reply:
    """满意: thanks, and was it on time?"""
    visit = questionnaires.answer(desk, visit_id, turn.person, satisfied=True)
    return reply(questionnaires.card(desk, visit))


@router.action("questionnaire.no")
def dissatisfied(turn: Turn, desk: Desk, visit_id: int) -> Reply:
    """不满意: somebody knows at once; then the time, then the reason."""
    visit = questionnaires.answer(desk, visit_id, turn.person, satisfied=False)
    return reply(questionnaires.card(desk, visit))


@router.action("questionnaire.ontime")
def on_time(turn: Turn, desk: Desk, visit_id: int) -> Reply:
    """准时."""
    visit = questionnaires.answer_on_time(desk, visit_id, turn.person, on_time=True)
    return reply(questionnaires.card(desk, visit))


@router.action("questionnaire.late")
def late(turn: Turn, desk: Desk, visit_id: int) -> Reply:
    """不准时."""
    visit = questionnaires.answer_on_time(desk, visit_id, turn.person, on_time=False)
    return reply(questionnaires.card(desk, visit))


@router.action("questionnaire.because")
def because(turn: Turn, desk: Desk, visit_id: int, reason: str) -> Reply:
    """One of our reasons."""
    if reason not in ratings.REASONS:
        return flash("toast-button-unknown")
    visit = questionnaires.give_reason(desk, visit_id, turn.person, reason)
    return reply(questionnaires.card(desk, visit))


@router.action("questionnaire.opinion")
def opinion(turn: Turn, desk: Desk, visit_id: int) -> Reply:
    """其他意见: to be typed, for whoever likes."""
    return reply(questionnaires.opinion_card(desk, visit_id, turn.person))


@router.action("questionnaire.change")
def change(turn: Turn, desk: Desk, visit_id: int) -> Reply:
    """修改回答: the question again."""
    return reply(questionnaires.change_card(desk, visit_id, turn.person))


@router.action("questionnaire.revise")
def revise(turn: Turn, desk: Desk, visit_id: int, chosen: str) -> Reply:
    """The changed answer."""
    if chosen not in ("yes", "no"):
        return flash("toast-button-unknown")
    visit = questionnaires.revise(desk, visit_id, turn.person, satisfied=chosen == "yes")
    return reply(questionnaires.card(desk, visit))


@router.action("questionnaire.keep")
def keep(turn: Turn, desk: Desk, visit_id: int) -> Reply:
    """Not changed, or nothing to add, after all."""
    return reply(questionnaires.keep_card(desk, visit_id, turn.person))


@router.text
def own_words(turn: Turn, desk: Desk, text: str) -> Reply | None:
    """Words typed where the questionnaire asks for some."""
    visit = questionnaires.take_words(desk, turn.endpoint.id, turn.person, text)
    if visit is None:
        return None
    return reply(questionnaires.card(desk, visit), *urgent_offer(turn, desk, text))
