"""The technician's way through a job: set out, arrive, explain the price, do the work, finish.

Each step stamps the time, moves the order, shows the technician's card anew and tells the
household. What a step needs is checked here, on the server, whatever button was pressed.
"""

from __future__ import annotations

from services import cards, dispatch, orders, promises, ratings, reach, roster
from services.cards import tell_household, update_technician
from services.desk import Desk
from services.due import minute_of
from services.errors import DomainError
from services.messages import Moment, Money, do, say
from services.rules.history import Step
from services.rules.response_times import arrival_window
from storage import orders as store
from storage import people
from storage.records import Order, OrderKind, OrderState, Person, Result, Role

RETURN_REASONS = ("time", "other")


class TooEarly(DomainError):
    """More than five minutes before the appointment: wait, or ask the owner (reading 12)."""

    key = "no-too-early"


class NotAgreed(DomainError):
    """Chargeable work waits for the owner's tap on the price (§5.2.3, reading 16)."""

    key = "no-not-agreed"


class AboveQuote(DomainError):
    """More is charged than the owner agreed to: explain the new price first."""

    key = "no-above-quote"


def set_out(desk: Desk, order_id: int, by: Person) -> Order:
    """出发: which also says that the tools on the card are on board (§5.2.1)."""
    order = orders.for_technician(desk, order_id, by)
    order = orders.move(desk, order, OrderState.SET_OUT, Step.SET_OUT, by.id, set_out_at=desk.now)
    tell_household(desk, order, "owner-set-out", do("talk.worker", order.id))
    return order


def arrive(desk: Desk, order_id: int, by: Person) -> Order:
    """已到达: judged against the promise; too early without consent is told to wait.

    Raises:
        TooEarly: the window has not begun and the owner has not consented.
    """
    order = orders.for_technician(desk, order_id, by)
    orders.require_state(desk, order, OrderState.ACCEPTED, OrderState.SET_OUT)
    if _is_too_early(desk, order):
        earliest, _ = arrival_window(order.appointed_at or desk.now, promises.promised(desk, order))
        raise TooEarly(
            rows=((do("order.ask_early", order.id),),),
            number=order.number,
            earliest=Moment(earliest, desk.centre(order.centre_id).zone, "time"),
        )
    order = orders.move(desk, order, OrderState.ARRIVED, Step.ARRIVED, by.id, arrived_at=desk.now)
    promises.arrived(desk, order)
    tell_household(desk, order, "owner-arrived", do("order.not_here", order.id))
    return order


def _is_too_early(desk: Desk, order: Order) -> bool:
    if order.appointed_at is None or order.early_consent_at is not None:
        return False
    earliest, _ = arrival_window(order.appointed_at, promises.promised(desk, order))
    return desk.now < earliest


def ask_early(desk: Desk, order_id: int, by: Person) -> Order:
    """Ask the owner whether coming before the agreed time is welcome (reading 12).

    Raises:
        NotYours, OrderTaken: not this technician's; OrderMoved: there already, or nothing to ask:
        it is time to come, or the owner has consented.
    """
    order = orders.for_technician(desk, order_id, by)
    orders.require_state(desk, order, OrderState.ACCEPTED, OrderState.SET_OUT)
    if order.appointed_at is None or not _is_too_early(desk, order):
        raise orders.moved(desk, order)
    zone, appointed = desk.centre(order.centre_id).zone, minute_of(order.appointed_at)
    tell_household(
        desk,
        order,
        "owner-ask-early",
        do("order.early_ok", order.id, appointed),
        do("order.early_no", order.id, appointed),
        card=cards.early_card(order),
        at=Moment(order.appointed_at, zone, "time"),
    )
    return order


def consent_early(desk: Desk, order_id: int, by: Person, appointed: int, *, agrees: bool) -> Order:
    """The owner's answer, beforehand, to coming early for the appointment at this minute.

    Raises:
        NotYours: not of the household; OrderMoved: somebody is there, or the time was changed
        since the question was asked: consent for one time is none for another (reading 12).
    """
    order = orders.for_resident(desk, order_id, by)
    orders.require_state(desk, order, OrderState.ACCEPTED, OrderState.SET_OUT)
    if order.appointed_at is None or minute_of(order.appointed_at) != appointed:
        raise orders.moved(desk, order)
    if agrees and order.early_consent_at is None:
        order = orders.change(desk, order, early_consent_at=desk.now)
        orders.note(desk, order, Step.EARLY_CONSENT, by.id)
    key = "job-early-ok" if agrees else "job-early-no"
    action = (do("order.arrive", order.id),) if agrees else ()
    desk.tell(
        order.technician_id, say(key, *action, number=order.number), matter=cards.matter(order)
    )
    return order


def dispute_arrival(desk: Desk, order_id: int, by: Person) -> Order:
    """还没到: the owner contradicts a claimed arrival; recorded, and shown to customer service."""
    order = orders.for_resident(desk, order_id, by)
    orders.require_state(desk, order, OrderState.ARRIVED, OrderState.EXPLAINED)
    if order.arrival_disputed_at is not None:
        raise orders.moved(desk, order)
    order = orders.change(desk, order, arrival_disputed_at=desk.now)
    orders.note(desk, order, Step.ARRIVAL_DISPUTED, by.id)
    head = say(
        "desk-arrival-disputed", number=order.number, who=orders.technician_name(desk, order) or "—"
    )
    dispatch.alert_desk(desk, order, (Role.CS,), head)
    desk.tell(
        order.technician_id,
        say("job-arrival-disputed", number=order.number),
        matter=cards.matter(order),
    )
    return order


def explain(desk: Desk, order_id: int, by: Person, price_fen: int) -> Order:
    """已说明内容和价格: the price goes to the owner, who agrees with a tap (§5.2.3)."""
    order = orders.for_technician(desk, order_id, by)
    require_on_site(desk, order)
    order = orders.move(
        desk,
        order,
        OrderState.EXPLAINED,
        Step.EXPLAINED,
        by.id,
        explained_at=desk.now,
        quote_fen=price_fen,
        agreed_at=None,
    )
    is_rework = order.rework_of is not None and order.rework_confirmed is not False
    tell_household(
        desk,
        order,
        "owner-quote-rework" if is_rework else "owner-quote",
        do("order.agree", order.id, price_fen),
        do("order.disagree", order.id, price_fen),
        card=cards.quote_card(order),
        price=Money(price_fen),
    )
    if reach.of_customer(desk, order) is not None:
        head = say("desk-ask-caller", number=order.number, price=Money(price_fen))
        dispatch.alert_desk(desk, order, (Role.CS,), head)
    return order


def require_on_site(desk: Desk, order: Order) -> None:
    """The technician is there and has not finished."""
    orders.require_state(desk, order, *store.ON_SITE)


def agree(desk: Desk, order_id: int, by: Person, price_fen: int) -> Order:
    """同意报价, for exactly the price on the button: an older quote's button agrees to nothing."""
    order = orders.for_resident(desk, order_id, by)
    orders.require_state(desk, order, OrderState.EXPLAINED)
    if order.quote_fen != price_fen:
        raise orders.moved(desk, order)
    return record_agreement(desk, order, by.id)


def record_agreement(desk: Desk, order: Order, by: int) -> Order:
    """The price is agreed: work begins now, unless an emergency's has begun already."""
    order = orders.move(
        desk,
        order,
        OrderState.AGREED,
        Step.AGREED,
        by,
        agreed_at=desk.now,
        started_at=order.started_at or desk.now,
    )
    promises.started(desk, order)
    desk.tell(
        order.technician_id,
        say("job-price-agreed", number=order.number, price=Money(order.quote_fen)),
        matter=cards.matter(order),
    )
    update_technician(desk, order, fresh=True)
    return order


def disagree(desk: Desk, order_id: int, by: Person, price_fen: int) -> Order:
    """不同意: nothing is done until there is another price; customer service know."""
    order = orders.for_resident(desk, order_id, by)
    orders.require_state(desk, order, OrderState.EXPLAINED)
    if order.quote_fen != price_fen:
        raise orders.moved(desk, order)
    order = record_refusal(desk, order, by.id)
    head = say("desk-price-refused", number=order.number, price=Money(price_fen))
    dispatch.alert_desk(desk, order, (Role.CS,), head)
    return order


def record_refusal(desk: Desk, order: Order, by: int) -> Order:
    """The price is not agreed to: the technician talks it over, and nothing is done meanwhile."""
    order = orders.move(desk, order, OrderState.ARRIVED, Step.PRICE_REFUSED, by)
    desk.tell(
        order.technician_id,
        say("job-price-refused", number=order.number, price=Money(order.quote_fen)),
        matter=cards.matter(order),
    )
    update_technician(desk, order, fresh=True)
    return order


def start(desk: Desk, order_id: int, by: Person) -> Order:
    """开始处理: stopping the loss is free and needs no quote (readings 10 and 16)."""
    order = orders.for_technician(desk, order_id, by)
    require_on_site(desk, order)
    if order.started_at is not None or order.kind is not OrderKind.EMERGENCY:
        raise orders.moved(desk, order)
    order = orders.change(desk, order, started_at=desk.now)
    orders.note(desk, order, Step.STARTED, by.id)
    promises.started(desk, order)
    return order


def finish(
    desk: Desk,
    order_id: int,
    by: Person,
    result: Result,
    amount_fen: int | None = None,
    photos: tuple[str, ...] = (),
) -> Order:
    """完工 with a result; then the household is asked how it was.

    Raises:
        NotAgreed: chargeable work without the owner's tap; AboveQuote: more than was agreed.
    """
    order = orders.for_technician(desk, order_id, by)
    require_on_site(desk, order)
    amount = _amount(order, result, amount_fen)
    order = orders.move(
        desk,
        order,
        OrderState.FINISHED,
        Step.FINISHED,
        by.id,
        because=result.value,
        finished_at=desk.now,
        result=result,
        amount_fen=amount,
        after_photos=photos,
    )
    promises.ended(desk, order)
    _announce_finish(desk, order)
    ratings.ask(desk, order)
    return order


def _amount(order: Order, result: Result, amount_fen: int | None) -> int:
    """What is charged: the agreed quote or less; nothing where no work was done."""
    if result is Result.NO_WORK:
        return 0
    agreed = order.state is OrderState.AGREED
    quote = order.quote_fen if agreed and order.quote_fen is not None else 0
    amount = quote if amount_fen is None else amount_fen
    if not agreed and (amount or not orders.is_free_of_charge(order)):
        raise NotAgreed(rows=((do("order.explain", order.id),),), number=order.number)
    if amount > quote:
        raise AboveQuote(
            rows=((do("order.explain", order.id),),), number=order.number, price=Money(quote)
        )
    return amount


def _announce_finish(desk: Desk, order: Order) -> None:
    key = f"owner-finished-{order.result}".replace("_", "-")
    tell_household(desk, order, key, amount=Money(order.amount_fen))
    if order.after_photos:
        pictures = say("owner-after-photos", number=order.number).showing(*order.after_photos)
        desk.tell(order.person_id, pictures, matter=cards.matter(order))
    if order.result is not Result.DONE:
        head = say(f"desk-finished-{order.result}".replace("_", "-"), number=order.number)
        dispatch.alert_desk(desk, order, (Role.CS,), head)


def return_needed(desk: Desk, order_id: int, by: Person, reason: str) -> Order:
    """Another visit is needed: the job stays the technician's, the desk agrees a time."""
    order = orders.for_technician(desk, order_id, by)
    orders.require_state(desk, order, OrderState.ARRIVED, OrderState.AGREED)
    if reason not in RETURN_REASONS:
        raise orders.moved(desk, order)
    order = orders.move(
        desk,
        order,
        OrderState.ACCEPTED,
        Step.RETURN_NEEDED,
        by.id,
        because=reason,
        set_out_at=None,
        expected_at=None,
    )
    tell_household(desk, order, "owner-return-needed")
    head = say("desk-return-needed", number=order.number, who=by.name or "—")
    dispatch.alert_desk(desk, order, (Role.CS,), head)
    return order


def jobs_of(desk: Desk, by: Person) -> list[Order]:
    """The technician's open jobs: emergencies, then rework, then the others, the next one first."""
    return sorted(store.open_of(desk.connection, [by.id]), key=orders.precedence)


def say_duty(desk: Desk, by: Person, *, on: bool) -> None:
    """上班/下班 for all of the person's technician lines."""
    for line in people.staff_of(desk.connection, by.id):
        roster.say_duty(desk, line, on)
