"""The technician's card and its steps, my jobs, duty; and the owner's taps that answer a step."""

from __future__ import annotations

from pydantic import BaseModel

from bot.flow import Ask, Choice, Flow, start
from bot.router import Router
from bot.turn import Reply, Turn, reply
from services import cards, dispatch, expected, orders, reworks, serving
from services.desk import Desk
from services.errors import NotYours
from services.messages import Action, Fact, Moment, Money, Saying, do, say
from services.rules.pricing import parse_money
from storage.records import HoldReason, Order, Person, Result, Role

router = Router("jobs")

MOST_LISTED = 10


def _card(desk: Desk, order: Order, person: Person, toast: str) -> Reply:
    """The technician's card in its new state, in place of the old one."""
    return reply(cards.job_card(desk, order, person.id), toast=toast)


def _reasons(action: str, order_id: int, reasons: tuple[str, ...]) -> list[Action]:
    """A button for each reason; one tap says it."""
    return [do(action, order_id, one, label=Saying(f"reason-{one}")) for one in reasons]


@router.action("order.accept")
def accept(turn: Turn, desk: Desk, order_id: int) -> Reply:
    """接单."""
    order = dispatch.accept(desk, order_id, turn.person)
    return _card(desk, order, turn.person, "toast-accepted")


@router.action("order.decline")
def decline(turn: Turn, desk: Desk, order_id: int) -> Reply:
    """拒单: which reason?"""
    dispatch.require_declinable(desk, order_id, turn.person)
    card = say(
        "ask-decline-reason", *_reasons("order.decline_for", order_id, dispatch.DECLINE_REASONS)
    )
    return reply(card.row(do("order.keep", order_id)).as_card(f"order:{order_id}"))


@router.action("order.decline_for")
def decline_for(turn: Turn, desk: Desk, order_id: int, reason: str) -> Reply:
    """拒单 with its reason: the next technician is asked."""
    order = dispatch.decline(desk, order_id, turn.person, reason)
    return reply(say("job-declined", number=order.number).as_card(cards.matter(order)))


@router.action("order.keep")
def keep(turn: Turn, desk: Desk, order_id: int) -> Reply:
    """Thought better of it: the card again, as it is now."""
    order = dispatch.asked(desk, order_id, turn.person)
    return reply(cards.card_for(desk, order, turn.person))


@router.action("order.set_out")
def set_out(turn: Turn, desk: Desk, order_id: int) -> Reply:
    """出发."""
    order = serving.set_out(desk, order_id, turn.person)
    return _card(desk, order, turn.person, "toast-set-out")


@router.action("order.expect")
def say_when(turn: Turn, desk: Desk, order_id: int, minutes: int) -> Reply:
    """几分钟后到."""
    order = expected.say_when(desk, order_id, turn.person, minutes)
    return _card(desk, order, turn.person, "toast-expected")


@router.action("order.arrive")
def arrive(turn: Turn, desk: Desk, order_id: int) -> Reply:
    """已到达."""
    order = serving.arrive(desk, order_id, turn.person)
    return _card(desk, order, turn.person, "toast-arrived")


@router.action("order.ask_early")
def ask_early(turn: Turn, desk: Desk, order_id: int) -> Reply:
    """Ask the owner whether coming early is welcome."""
    order = serving.ask_early(desk, order_id, turn.person)
    return reply(say("job-asked-early", number=order.number))


@router.action("order.start")
def begin(turn: Turn, desk: Desk, order_id: int) -> Reply:
    """开始处理: the loss is being stopped."""
    order = serving.start(desk, order_id, turn.person)
    return _card(desk, order, turn.person, "toast-started")


@router.action("order.transfer")
def transfer(turn: Turn, desk: Desk, order_id: int) -> Reply:
    """转单: which reason?"""
    orders.for_technician(desk, order_id, turn.person)
    card = say(
        "ask-transfer-reason",
        *_reasons("order.transfer_for", order_id, dispatch.DECLINE_REASONS),
    )
    return reply(card.row(do("order.keep", order_id)).as_card(f"order:{order_id}"))


@router.action("order.transfer_for")
def transfer_for(turn: Turn, desk: Desk, order_id: int, reason: str) -> Reply:
    """转单 with its reason."""
    order = dispatch.transfer(desk, order_id, turn.person, reason)
    return reply(say("job-transferred", number=order.number).as_card(cards.matter(order)))


@router.action("order.return_needed")
def return_needed(turn: Turn, desk: Desk, order_id: int) -> Reply:
    """需再次上门: which reason?"""
    orders.for_technician(desk, order_id, turn.person)
    waits = [
        do("hold.start", order_id, reason, label=Saying(f"hold-reason-{reason}"))
        for reason in HoldReason
    ]
    returns = _reasons("order.return_for", order_id, serving.RETURN_REASONS)
    card = say("ask-return-reason", *waits, *returns)
    return reply(card.row(do("order.keep", order_id)).as_card(f"order:{order_id}"))


@router.action("order.return_for")
def return_for(turn: Turn, desk: Desk, order_id: int, reason: str) -> Reply:
    """需再次上门 with its reason."""
    order = serving.return_needed(desk, order_id, turn.person, reason)
    return _card(desk, order, turn.person, "toast-return-needed")


class Quote(BaseModel):
    """The price explained on site."""

    order_id: int = 0
    price: int | None = None


def _price_choices(turn: Turn, desk: Desk, draft: Quote) -> list[Choice]:
    """The price of the booking, where there is one, for one tap."""
    order = orders.for_technician(desk, draft.order_id, turn.person)
    known = order.quote_fen if order.quote_fen is not None else order.price_fen
    if known is None:
        return []
    return [Choice(str(known), Saying("choice-price", {"price": Money(known)}))]


def _price_typed(_turn: Turn, _desk: Desk, _draft: Quote, text: str) -> int | None:
    try:
        return parse_money(text)
    except ValueError:
        return None


def _price_facts(turn: Turn, desk: Desk, draft: Quote) -> dict[str, Fact]:
    order = orders.for_technician(desk, draft.order_id, turn.person)
    return {"number": order.number, "title": orders.title(order)}


def _send_quote(turn: Turn, desk: Desk, draft: Quote) -> Reply:
    order = serving.explain(desk, draft.order_id, turn.person, draft.price or 0)
    return reply(
        say("job-quote-sent", number=order.number, price=Money(order.quote_fen)),
        cards.job_card(desk, order, turn.person.id),
    )


quote = Flow(
    name="quote",
    form=Quote,
    steps=(Ask("price", options=_price_choices, understand=_price_typed, facts=_price_facts),),
    finish=_send_quote,
)


@router.action("order.explain")
def explain(turn: Turn, desk: Desk, order_id: int) -> Reply:
    """已说明内容和价格: for which price?"""
    order = orders.for_technician(desk, order_id, turn.person)
    serving.require_on_site(desk, order)
    return start(quote, turn, desk, Quote(order_id=order_id))


class Finish(BaseModel):
    """What the technician says on finishing; of rework first whether it is the same fault."""

    order_id: int = 0
    asks_fault: bool = False
    fault: str = ""
    result: Result | None = None
    photos: tuple[str, ...] = ()
    amount: int | None = None


def _results(turn: Turn, desk: Desk, draft: Finish) -> list[Choice]:
    orders.for_technician(desk, draft.order_id, turn.person)
    return [
        Choice(result.value, Saying(f"choice-result-{result}".replace("_", "-")))
        for result in Result
    ]


def _faults(turn: Turn, desk: Desk, draft: Finish) -> list[Choice]:
    orders.for_technician(desk, draft.order_id, turn.person)
    return [
        Choice("yes", Saying("do-rework-same")),
        Choice("no", Saying("do-rework-other")),
        Choice("unknown", Saying("do-rework-untold")),
    ]


def _amount_typed(_turn: Turn, _desk: Desk, _draft: Finish, text: str) -> int | None:
    try:
        return parse_money(text)
    except ValueError:
        return None


def _finish_facts(turn: Turn, desk: Desk, draft: Finish) -> dict[str, Fact]:
    order = orders.for_technician(desk, draft.order_id, turn.person)
    amount = draft.amount if draft.amount is not None else (order.quote_fen or 0)
    return {"number": order.number, "amount": Money(amount), "photos": len(draft.photos)}


def _finish(turn: Turn, desk: Desk, draft: Finish) -> Reply:
    if draft.fault in reworks.ANSWERS:
        same = reworks.ANSWERS[draft.fault]
        reworks.find(desk, draft.order_id, turn.person, same=same)
    order = serving.finish(
        desk,
        draft.order_id,
        turn.person,
        draft.result or Result.DONE,
        draft.amount,
        draft.photos,
    )
    if draft.fault == "unknown":
        reworks.leave_open(desk, order)
    done = say("job-finished", number=order.number, amount=Money(order.amount_fen))
    return reply(done, cards.job_card(desk, order, turn.person.id))


finish_job = Flow(
    name="finish",
    form=Finish,
    steps=(
        Ask("fault", options=_faults, facts=_finish_facts, when=lambda draft: draft.asks_fault),
        Ask("result", options=_results, facts=_finish_facts),
        Ask("photos", photos=True, optional=True),
        Ask("amount", understand=_amount_typed, optional=True),
    ),
    finish=_finish,
)


@router.action("order.finish")
def finish(turn: Turn, desk: Desk, order_id: int) -> Reply:
    """完工: with what result?"""
    order = orders.for_technician(desk, order_id, turn.person)
    serving.require_on_site(desk, order)
    asks_fault = order.rework_of is not None and order.rework_confirmed is None
    draft = Finish(order_id=order_id, asks_fault=asks_fault)
    return start(finish_job, turn, desk, draft)


@router.action("jobs.mine")
def mine(turn: Turn, desk: Desk) -> Reply:
    """我的任务: the open jobs, each with its card a tap away."""
    if not turn.is_staff(Role.TECHNICIAN):
        raise NotYours
    jobs = serving.jobs_of(desk, turn.person)
    if not jobs:
        return reply(say("jobs-none"))
    listing = say("jobs-head", count=len(jobs))
    for order in jobs[:MOST_LISTED]:
        zone = desk.centre(order.centre_id).zone
        label = Saying(
            "jobs-line" if order.rework_of is None else "jobs-line-rework",
            {
                "at": Moment(order.appointed_at or order.reported_at, zone),
                "title": orders.title(order),
                "place": order.place,
            },
        )
        listing = listing.row(do("jobs.show", order.id, label=label))
    return reply(listing)


@router.action("jobs.show")
def show(turn: Turn, desk: Desk, order_id: int) -> Reply:
    """The card again, at the foot of the chat."""
    order = orders.for_technician(desk, order_id, turn.person)
    return reply(cards.job_card(desk, order, turn.person.id, fresh=True))


@router.action("duty.on")
def duty_on(turn: Turn, desk: Desk) -> Reply:
    """上班."""
    return _duty(turn, desk, on=True)


@router.action("duty.off")
def duty_off(turn: Turn, desk: Desk) -> Reply:
    """下班."""
    return _duty(turn, desk, on=False)


def _duty(turn: Turn, desk: Desk, *, on: bool) -> Reply:
    if not turn.is_staff():
        raise NotYours
    serving.say_duty(desk, turn.person, on=on)
    open_jobs = len(serving.jobs_of(desk, turn.person))
    said = say("duty-on" if on else "duty-off")
    return reply(said.line_if(open_jobs and not on, "duty-open-jobs", count=open_jobs))


# The owner's answers to a step


@router.action("order.agree")
def agree(turn: Turn, desk: Desk, order_id: int, price_fen: int) -> Reply:
    """同意报价."""
    order = serving.agree(desk, order_id, turn.person, price_fen)
    agreed = say("owner-agreed", number=order.number, price=Money(price_fen))
    return reply(agreed.as_card(cards.quote_card(order)))


@router.action("order.disagree")
def disagree(turn: Turn, desk: Desk, order_id: int, price_fen: int) -> Reply:
    """不同意 the price."""
    order = serving.disagree(desk, order_id, turn.person, price_fen)
    noted = say("owner-disagreed", do("talk.start"), number=order.number)
    return reply(noted.as_card(cards.quote_card(order)))


@router.action("order.not_here")
def not_here(turn: Turn, desk: Desk, order_id: int) -> Reply:
    """还没到."""
    order = serving.dispute_arrival(desk, order_id, turn.person)
    return reply(say("owner-dispute-noted", do("talk.worker", order.id), number=order.number))


@router.action("order.early_ok")
def early_ok(turn: Turn, desk: Desk, order_id: int, appointed: int) -> Reply:
    """The technician may come early."""
    order = serving.consent_early(desk, order_id, turn.person, appointed, agrees=True)
    return reply(say("owner-early-ok").as_card(cards.early_card(order)), toast="toast-early-ok")


@router.action("order.early_no")
def early_no(turn: Turn, desk: Desk, order_id: int, appointed: int) -> Reply:
    """Please come at the agreed time."""
    order = serving.consent_early(desk, order_id, turn.person, appointed, agrees=False)
    return reply(say("owner-early-no").as_card(cards.early_card(order)), toast="toast-early-no")


flows = (quote, finish_job)
