"""报告意外, by a technician or the desk: something soiled or damaged, or somebody hurt."""

from __future__ import annotations

from pydantic import BaseModel

from bot.flow import Ask, Choice, Flow, start
from bot.router import Router
from bot.turn import Reply, Turn, reply
from services import cards, mishaps, orders
from services.desk import Desk
from services.messages import Fact, Message, Saying, Word, say
from services.mishaps import Loss, Mishap, MishapKind
from storage.records import Order

router = Router("mishaps")


class MishapForm(BaseModel):
    """What has happened at a job. `by_desk`: the desk reports it."""

    order_id: int = 0
    by_desk: bool = False
    kind: MishapKind = MishapKind.SOILING
    loss: Loss = Loss.UNKNOWN
    words: str = ""
    photos: tuple[str, ...] = ()


def _order(turn: Turn, desk: Desk, draft: MishapForm) -> Order:
    """The job, checked anew at every step."""
    allowed = mishaps.of_desk if draft.by_desk else mishaps.of_technician
    return allowed(desk, draft.order_id, turn.person)


def _facts(turn: Turn, desk: Desk, draft: MishapForm) -> dict[str, Fact]:
    order = _order(turn, desk, draft)
    return {"number": order.number, "title": orders.title(order)}


def _kinds(_turn: Turn, _desk: Desk, _draft: MishapForm) -> list[Choice]:
    return [Choice(kind.value, Saying(mishaps.word_of(kind).key)) for kind in MishapKind]


def _losses(_turn: Turn, _desk: Desk, _draft: MishapForm) -> list[Choice]:
    return [Choice(loss.value, Saying(f"mishap-loss-{loss}")) for loss in Loss]


def _is_loss_asked(draft: MishapForm) -> bool:
    """Where somebody is hurt, nobody is asked what that costs: it is serious as it is."""
    return draft.kind is not MishapKind.INJURY


def _summary(turn: Turn, desk: Desk, draft: MishapForm) -> Message:
    summary = say(
        "mishap-summary",
        what=mishaps.word_of(draft.kind),
        loss=Word(f"mishap-loss-{draft.loss}"),
        words=draft.words,
        **_facts(turn, desk, draft),
    )
    return summary.line_if(draft.photos, "book-photos", count=len(draft.photos))


def _report(turn: Turn, desk: Desk, draft: MishapForm) -> Reply:
    order = _order(turn, desk, draft)
    mishap = Mishap(draft.kind, draft.loss, draft.words, draft.photos)
    case = mishaps.report(desk, order, turn.person, mishap)
    told = say("mishap-reported", number=order.number, case=case.number)
    if draft.by_desk:
        return reply(told, cards.desk_card_for(desk, order, turn.roles_in(order.centre_id)))
    return reply(told, cards.job_card(desk, order, turn.person.id))


mishap = Flow(
    name="mishap",
    form=MishapForm,
    steps=(
        Ask("kind", options=_kinds, facts=_facts),
        Ask("loss", options=_losses, when=_is_loss_asked),
        Ask("words", text=True),
        Ask("photos", photos=True, optional=True),
    ),
    summary=_summary,
    finish=_report,
)

flows = (mishap,)


@router.action("mishap.report")
def by_technician(turn: Turn, desk: Desk, order_id: int) -> Reply:
    """报告意外, from the job card."""
    order = mishaps.of_technician(desk, order_id, turn.person)
    return start(mishap, turn, desk, MishapForm(order_id=order.id))


@router.action("desk.mishap")
def by_desk(turn: Turn, desk: Desk, order_id: int) -> Reply:
    """报告意外, from the desk's card of the order."""
    order = mishaps.of_desk(desk, order_id, turn.person)
    return start(mishap, turn, desk, MishapForm(order_id=order.id, by_desk=True))
