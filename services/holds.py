"""等配件, 等业主: a job that cannot go on is held with a reason and a date, and nobody forgets it.

A hold moves no deadline by itself: the 24 hours run on, for waiting for our parts is ours to bear.
Only where the owner himself confirms that he wants a later time does that time replace them
(reading 14). When a hold was and why is read from the order's history alone (`history.pauses`).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from services import cards, changes, dispatch, orders, promises, roster
from services.desk import Desk
from services.due import on_due
from services.errors import DomainError, NotYours
from services.messages import Fact, Message, Moment, Word, do, say
from services.rules.history import Step
from storage.records import Deadline, HoldReason, Order, OrderState, Person, Role

ON_SITE = (OrderState.ARRIVED, OrderState.AGREED)


LONGEST = timedelta(days=90)
"""A mistyped year would be a job that nobody is asked about again."""


class HoldInThePast(DomainError):
    """A hold ends at a time to come."""

    key = "no-hold-past"


class HoldTooLong(DomainError):
    """A hold ends within `LONGEST`; what takes longer is held again."""

    key = "no-hold-long"


def require_holdable(desk: Desk, order_id: int, by: Person) -> Order:
    """The order, if its technician may hold it, or hold it for longer.

    Raises:
        OrderTaken, NotYours: see `orders.for_technician`; OrderMoved: nobody is on site.
    """
    order = orders.for_technician(desk, order_id, by)
    orders.require_state(desk, order, *ON_SITE, OrderState.HELD)
    return order


def hold(desk: Desk, order_id: int, by: Person, reason: HoldReason, until: datetime) -> Order:
    """Hold the job until a time; the owner is told or asked, customer service know.

    Raises:
        As `require_holdable`; HoldInThePast; HoldTooLong.
    """
    order = require_holdable(desk, order_id, by)
    if until <= desk.now:
        raise HoldInThePast
    if until > desk.now + LONGEST:
        raise HoldTooLong(days=LONGEST.days)
    order = orders.move(
        desk,
        order,
        OrderState.HELD,
        Step.HELD,
        by.id,
        because=reason.value,
        facts={"until": until.isoformat()},
        held_for=reason,
        held_until=until,
        set_out_at=None,
        expected_at=None,
    )
    promises.held(desk, order)
    _tell_owner(desk, order)
    dispatch.alert_desk(desk, order, (Role.CS,), say("desk-held", **_facts(desk, order)))
    return order


def _facts(desk: Desk, order: Order) -> dict[str, Fact]:
    return {
        "number": order.number,
        "who": orders.technician_name(desk, order) or "—",
        "reason": Word(f"hold-reason-{order.held_for}"),
        "until": until_moment(desk, order),
    }


def until_moment(desk: Desk, order: Order) -> Moment:
    """Until when the order is held, on the centre's clock."""
    return Moment(order.held_until or desk.now, desk.centre(order.centre_id).zone)


def _tell_owner(desk: Desk, order: Order) -> None:
    """What is waited for; where it is the owner, whether that is really his own wish."""
    until = until_moment(desk, order)
    if order.held_for is HoldReason.PARTS:
        cards.tell_household(desk, order, "owner-held-parts", do("talk.start"), until=until)
        return
    second = _second(order)
    yes, no = do("hold.yes", order.id, second), do("hold.no", order.id, second)
    cards.tell_household(
        desk, order, "owner-held-owner", yes, no, card=_question(order), until=until
    )


def _second(order: Order) -> int:
    """The time asked about, on the button itself: an older question's button confirms nothing."""
    return int(order.held_until.timestamp()) if order.held_until else 0


def _question(order: Order) -> str:
    return f"hold:{order.id}"


# Going on


def resume(desk: Desk, order_id: int, by: Person) -> Order:
    """继续: the parts are here, or the owner is; the technician comes again.

    Raises:
        NotYours: neither its technician nor the desk; OrderMoved: it is not held.
    """
    order = orders.load(desk, order_id)
    if order.technician_id != by.id:
        order = orders.for_desk(desk, order_id, by)
    orders.require_state(desk, order, OrderState.HELD)
    order = changes.go_on(desk, order, by)
    move = (do("order.move", order.id),) if orders.may_choose_time(order) else ()
    cards.tell_household(desk, order, "owner-resumed", *move)
    if order.technician_id != by.id:
        cards.update_technician(desk, order, fresh=True)
    return order


def confirm(desk: Desk, order_id: int, by: Person, second: int) -> tuple[Order, Message]:
    """The owner says that the later time is his own wish: it is the appointment now (reading 14).

    Raises:
        NotYours: not of the household; OrderMoved: something else is true by now.
    """
    order = _asked_about(desk, order_id, by, second)
    wanted = order.held_until or desk.now
    if wanted <= desk.now:
        raise orders.moved(desk, order)
    order = changes.agree_to(desk, order, wanted, by, owners_choice=True)
    at = Moment(wanted, desk.centre(order.centre_id).zone)
    answer = say("owner-hold-confirmed", number=order.number, at=at)
    if orders.may_choose_time(order):
        answer = answer.row(do("order.move", order.id))
    return order, answer.as_card(_question(order))


def contradict(desk: Desk, order_id: int, by: Person, second: int) -> tuple[Order, Message]:
    """The owner says that he wants no later time: the job goes on, and customer service know.

    Raises:
        As `confirm`.
    """
    order = _asked_about(desk, order_id, by, second)
    order = changes.go_on(desk, order, by)
    told = say("job-hold-contradicted", number=order.number)
    desk.tell(order.technician_id, told, matter=cards.matter(order))
    cards.update_technician(desk, order, fresh=True)
    head = say("desk-hold-contradicted", number=order.number)
    dispatch.alert_desk(desk, order, (Role.CS,), head)
    answer = say("owner-hold-refused", number=order.number)
    return order, answer.row(do("talk.start")).as_card(_question(order))


def _asked_about(desk: Desk, order_id: int, by: Person, second: int) -> Order:
    order = orders.for_resident(desk, order_id, by)
    orders.require_state(desk, order, OrderState.HELD)
    if order.held_for is not HoldReason.OWNER or _second(order) != second:
        raise orders.moved(desk, order)
    return order


def for_button(desk: Desk, order_id: int, by: Person, reason: str) -> tuple[Order, HoldReason]:
    """The order and the reason that a button names.

    Raises:
        NotYours: no such reason; and as `require_holdable`.
    """
    if reason not in set(HoldReason):
        raise NotYours
    return require_holdable(desk, order_id, by), HoldReason(reason)


@on_due(promises.HOLD_OVER)
def over(desk: Desk, deadline: Deadline) -> None:
    """The date has come: the technician and customer service are asked how it goes on."""
    order = orders.load(desk, deadline.subject_id)
    if order.state is not OrderState.HELD or (order.held_until or desk.now) > desk.now:
        return
    if roster.staff_hours_put_off(desk, order.centre_id, deadline.kind, order.id):
        return
    head, card = say("job-hold-over", **_facts(desk, order)), None
    if order.technician_id is not None:
        card = cards.job_card(desk, order, order.technician_id)
        asked = Message((*head.parts, *card.parts), card.rows, card=card.card, fresh=True)
        desk.tell(order.technician_id, asked, matter=cards.matter(order), everywhere=True)
    dispatch.alert_desk(desk, order, (Role.CS,), say("desk-hold-over", **_facts(desk, order)))
