"""Whether the books agree: the verdicts on record with those that the history tells anew."""

from __future__ import annotations

from sqlalchemy import Connection, select

from services import promises
from services.desk import Desk
from services.rules.history import Step
from services.rules.response_times import Finding, Rule
from services.rules.standard import Standard
from storage import orders as store
from storage.records import Order, VerdictRow
from storage.tables import orders

STANDARD = Standard()
"""Made once: a year's verdicts are thousands, and each desk would check its own anew."""


def differences(connection: Connection) -> list[str]:
    """Each verdict on record that its order's history does not bear out, and each that lacks."""
    every = [Order(*row) for row in connection.execute(select(*orders.c).order_by(orders.c.id))]
    return [fault for order in every for fault in _of_order(connection, order)]


def _of_order(connection: Connection, order: Order) -> list[str]:
    rows = {row.rule: row for row in store.verdicts_of(connection, order.id)}
    faults = []
    for row in rows.values():
        told = _as_of(connection, order, row)
        if (told.verdict, told.due_at, told.actual_at) != (row.verdict, row.due_at, row.actual_at):
            faults.append(
                f"{order.number} {row.rule}: {row.verdict} on record, {told.verdict} told"
            )
    history = {line.what for line in store.history(connection, order.id)}
    if history & {Step.FINISHED, Step.CANCELLED} or order.merged_into is not None:
        lacking = {str(one) for one in Rule} - set(rows)
        faults += [f"{order.number} ended without a verdict on {rule}" for rule in sorted(lacking)]
    return faults


def _as_of(connection: Connection, order: Order, row: VerdictRow) -> Finding:
    """The finding on the same rule, as things stood when the row was written."""
    findings = promises.judge(Desk(connection, row.recorded_at, STANDARD), order.id)
    (found,) = [one for one in findings if one.rule == row.rule]
    return found
