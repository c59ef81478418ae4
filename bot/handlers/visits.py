"""A person's return visit in three taps, its evidence, and the household's word on it; 抽查."""

from __future__ import annotations

from pydantic import BaseModel

from bot.flow import Ask, Choice, Flow, start
from bot.handlers.board import turn_over
from bot.router import Router
from bot.turn import Reply, Turn, reply, say
from services import ratings
from services.desk import Desk
from services.messages import Message, Moment, Saying, Word, do
from services.visits import cards as visit_cards
from services.visits import spot_checks, visiting
from services.visits.cards import Stage, stage
from storage.records import Visit, VisitMethod, VisitState

router = Router("visits")

PAGE = 8


def _card(turn: Turn, desk: Desk, visit: Visit, *, fresh: bool = False) -> Message:
    return visit_cards.card(desk, visit, turn.person, fresh=fresh)


@router.action("visiting.show")
def show(turn: Turn, desk: Desk, visit_id: int) -> Reply:
    """The visit's card at the foot of the chat."""
    return reply(visiting.show(desk, visit_id, turn.person))


# The method, which names the visitor


@router.action("visiting.phone")
def by_phone(turn: Turn, desk: Desk, visit_id: int) -> Reply:
    """电话."""
    return _choose(turn, desk, visit_id, VisitMethod.PHONE)


@router.action("visiting.on_site")
def on_site(turn: Turn, desk: Desk, visit_id: int) -> Reply:
    """上门."""
    return _choose(turn, desk, visit_id, VisitMethod.ON_SITE)


@router.action("visiting.intercom")
def by_intercom(turn: Turn, desk: Desk, visit_id: int) -> Reply:
    """对讲."""
    return _choose(turn, desk, visit_id, VisitMethod.INTERCOM)


def _choose(turn: Turn, desk: Desk, visit_id: int, method: VisitMethod) -> Reply:
    return reply(_card(turn, desk, visiting.choose(desk, visit_id, turn.person, method)))


@router.action("visiting.otherwise")
def otherwise(turn: Turn, desk: Desk, visit_id: int) -> Reply:
    """换方式."""
    return reply(_card(turn, desk, visiting.otherwise(desk, visit_id, turn.person)))


# The result


@router.action("visiting.satisfied")
def satisfied(turn: Turn, desk: Desk, visit_id: int) -> Reply:
    """满意."""
    visit = visiting.record(desk, visit_id, turn.person, satisfied=True)
    return reply(_card(turn, desk, visit))


@router.action("visiting.dissatisfied")
def dissatisfied(turn: Turn, desk: Desk, visit_id: int) -> Reply:
    """不满意: its case is open from now on."""
    visit = visiting.record(desk, visit_id, turn.person, satisfied=False)
    return reply(_card(turn, desk, visit))


@router.action("visiting.ontime")
def on_time(turn: Turn, desk: Desk, visit_id: int) -> Reply:
    """准时."""
    return _timely(turn, desk, visit_id, on_time=True)


@router.action("visiting.late")
def late(turn: Turn, desk: Desk, visit_id: int) -> Reply:
    """不准时."""
    return _timely(turn, desk, visit_id, on_time=False)


def _timely(turn: Turn, desk: Desk, visit_id: int, *, on_time: bool) -> Reply:
    visit = visiting.record_on_time(desk, visit_id, turn.person, on_time=on_time)
    answer = reply(_card(turn, desk, visit))
    if stage(visit) is not Stage.REASON:
        return answer
    return answer.and_say(*why(turn, desk, visit_id).messages)


# Why not, where they are not satisfied


class Complaint(BaseModel):
    """What a dissatisfied household says: one of our reasons or their own words, and an opinion."""

    visit_id: int = 0
    reason: str = ""
    opinion: str = ""


def _reasons(_turn: Turn, _desk: Desk, _draft: Complaint) -> list[Choice]:
    return [Choice(one, Saying(f"rating-because-{one}")) for one in ratings.REASONS]


def _told(draft: Complaint) -> tuple[str, str]:
    """The reason as it is kept, and the words where it is none of ours."""
    return (draft.reason, "") if draft.reason in ratings.REASONS else ("other", draft.reason)


def _summary(_turn: Turn, _desk: Desk, draft: Complaint) -> Message:
    reason, words = _told(draft)
    summary = say("visiting-recorded-reason", reason=Word(f"rating-because-{reason}"))
    summary = summary.line_if(words, "visiting-recorded-words", words=words)
    if draft.opinion:
        return summary.line("visiting-recorded-opinion", words=draft.opinion)
    return summary.line("visiting-complaint-more")


def _complained(turn: Turn, desk: Desk, draft: Complaint) -> Reply:
    reason, words = _told(draft)
    visit = visiting.explain(desk, draft.visit_id, turn.person, reason, words, draft.opinion)
    return reply(say("visiting-complaint-kept"), _card(turn, desk, visit, fresh=True))


complaint = Flow(
    name="visitwhy",
    form=Complaint,
    steps=(
        Ask("reason", options=_reasons, text=True, columns=2),
        Ask("opinion", text=True, optional=True),
    ),
    summary=_summary,
    finish=_complained,
)


@router.action("visiting.why")
def why(turn: Turn, desk: Desk, visit_id: int) -> Reply:
    """The reason, where it was put off."""
    visit = visiting.to_explain(desk, visit_id, turn.person)
    return start(complaint, turn, desk, Complaint(visit_id=visit.id))


# Nobody to ask


@router.action("visiting.nobody")
def nobody_there(turn: Turn, desk: Desk, visit_id: int) -> Reply:
    """没接通／没人: when to try again, or that another home is visited instead."""
    visit = visiting.nobody_there(desk, visit_id, turn.person)
    card = _card(turn, desk, visit)
    if visit.state is VisitState.SILENT:
        return reply(card)
    at = Moment(visiting.next_try(desk, visit), desk.centre(visit.centre_id).zone)
    return reply(card.line("visiting-try-again", at=at))


@router.action("visiting.declined")
def declined(turn: Turn, desk: Desk, visit_id: int) -> Reply:
    """拒访."""
    return reply(_card(turn, desk, visiting.declined(desk, visit_id, turn.person)))


# The evidence of a visit on site


class Evidence(BaseModel):
    """A picture that shows that somebody was there."""

    visit_id: int = 0
    photos: tuple[str, ...] = ()


def _shown(turn: Turn, desk: Desk, draft: Evidence) -> Reply:
    visit = visiting.keep_photo(desk, draft.visit_id, turn.person, draft.photos[0])
    return reply(say("visiting-photo-kept"), _card(turn, desk, visit, fresh=True))


evidence = Flow(
    name="visitphoto",
    form=Evidence,
    steps=(Ask("photos", photos=True),),
    finish=_shown,
)


@router.action("visiting.photo")
def photo(turn: Turn, desk: Desk, visit_id: int) -> Reply:
    """发照片."""
    visit = visiting.to_evidence(desk, visit_id, turn.person)
    return start(evidence, turn, desk, Evidence(visit_id=visit.id))


@router.action("visited.confirm")
def confirm(turn: Turn, desk: Desk, visit_id: int) -> Reply:
    """确认: somebody of the home says that it was so."""
    visit = visiting.confirm(desk, visit_id, turn.person)
    return reply(say("visiting-confirmed").as_card(visit_cards.evidence_card_name(visit)))


@router.action("visited.wrong")
def wrong(turn: Turn, desk: Desk, visit_id: int) -> Reply:
    """不对: the desk hears of it."""
    visit = visiting.dispute(desk, visit_id, turn.person)
    return reply(say("visiting-not-so").as_card(visit_cards.evidence_card_name(visit)))


# 抽查


@router.action("spot.check")
def spot_check(turn: Turn, desk: Desk, order_id: int) -> Reply:
    """抽查 of a piece of housekeeping: its card, from the method on."""
    visit = spot_checks.begin(desk, order_id, turn.person)
    return reply(_card(turn, desk, visit, fresh=True))


@router.action("spot.list")
def recent_housekeeping(turn: Turn, desk: Desk) -> Reply:
    """The housekeeping that may be checked."""
    return _list(turn, desk, 0, fresh=True)


@router.action("spot.page")
def recent_page(turn: Turn, desk: Desk, page: int) -> Reply:
    """More of it."""
    return _list(turn, desk, page, fresh=False)


def _list(turn: Turn, desk: Desk, page: int, *, fresh: bool) -> Reply:
    found = spot_checks.recent(desk, turn.person)
    if not found:
        return reply(say("spot-none").as_card(_LIST, fresh=fresh))
    first = page * PAGE if page * PAGE < len(found) else 0
    message = say("spot-head")
    shown = found[first : first + PAGE]
    for number, order in enumerate(shown, start=1):
        message = message.line("spot-line", n=number, **spot_checks.facts(desk, order))
    for at in range(0, len(shown), 2):
        buttons = [
            do("spot.check", order.id, label=Saying("board-label", {"number": order.number}))
            for order in shown[at : at + 2]
        ]
        message = message.row(*buttons)
    message = message.row(*turn_over(len(found), first, PAGE, "spot.page"))
    return reply(message.as_card(_LIST, fresh=fresh))


_LIST = "board:spots"

flows = (complaint, evidence)
