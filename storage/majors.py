"""Proposals that a repair is a major issue (大问题), their decision, and the owner's answer."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, bindparam, select, update

from storage.orders import OPEN_STATES
from storage.records import MajorClaim, RequestState
from storage.tables import major_claims, orders

_BY_ID = select(*major_claims.c).where(major_claims.c.id == bindparam("id"))
_OF_ORDER = (
    select(*major_claims.c)
    .where(major_claims.c.order_id == bindparam("order_id"))
    .order_by(major_claims.c.id)
)
_IN_CENTRES = (
    select(*major_claims.c)
    .join(orders, orders.c.id == major_claims.c.order_id)
    .where(
        orders.c.centre_id.in_(bindparam("centres", expanding=True)),
        orders.c.state.in_(OPEN_STATES),
        major_claims.c.state == bindparam("claim_state"),
        major_claims.c.answered_at.is_(None),
    )
    .order_by(orders.c.reported_at, major_claims.c.id)
)


def add(
    connection: Connection, order_id: int, proposed_by: int, reason: str, at: datetime
) -> MajorClaim:
    """A new open proposal."""
    key = connection.execute(
        major_claims.insert().returning(major_claims.c.id),
        {
            "order_id": order_id,
            "proposed_by": proposed_by,
            "reason": reason,
            "proposed_at": at,
            "state": RequestState.OPEN,
        },
    ).scalar_one()
    return MajorClaim(
        id=key,
        order_id=order_id,
        proposed_by=proposed_by,
        reason=reason,
        proposed_at=at,
        state=RequestState.OPEN,
        decided_by=None,
        decided_at=None,
        cause="",
        plan="",
        plan_until="",
        answered_at=None,
    )


def get(connection: Connection, claim_id: int) -> MajorClaim | None:
    """The proposal; whoever changes it holds its order's lock."""
    row = connection.execute(_BY_ID, {"id": claim_id}).one_or_none()
    return MajorClaim(*row) if row else None


def of_order(connection: Connection, order_id: int) -> list[MajorClaim]:
    """Every proposal about the order, oldest first."""
    return [MajorClaim(*row) for row in connection.execute(_OF_ORDER, {"order_id": order_id})]


def undecided_in(connection: Connection, centre_ids: Collection[int]) -> list[MajorClaim]:
    """Proposals about open orders of these centres that nobody has decided, oldest report first."""
    return _in_centres(connection, centre_ids, RequestState.OPEN)


def unanswered_in(connection: Connection, centre_ids: Collection[int]) -> list[MajorClaim]:
    """Approved ones whose owner has no answer yet, oldest report first."""
    return _in_centres(connection, centre_ids, RequestState.AGREED)


def _in_centres(
    connection: Connection, centre_ids: Collection[int], state: RequestState
) -> list[MajorClaim]:
    rows = connection.execute(_IN_CENTRES, {"centres": sorted(centre_ids), "claim_state": state})
    return [MajorClaim(*row) for row in rows]


def decide(
    connection: Connection, claim_id: int, state: RequestState, by: int | None, at: datetime
) -> None:
    """Note who decided, and how; `by` is None where time alone has decided."""
    _change(connection, claim_id, state=state, decided_by=by, decided_at=at)


def answer(
    connection: Connection, claim_id: int, cause: str, plan: str, until: str, at: datetime
) -> None:
    """Keep what the owner was told: cause, plan, and date or quote."""
    _change(connection, claim_id, cause=cause, plan=plan, plan_until=until, answered_at=at)


def _change(connection: Connection, claim_id: int, **changes: object) -> None:
    connection.execute(update(major_claims).where(major_claims.c.id == claim_id).values(**changes))
