"""Days of the roster, holds, merged reports and waivers."""

import json
import re

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

INSTANT = sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite")
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


_STANDARD = {
    "arrival_early": 5 * 60,
    "arrival_late": 2 * 60,
    "minor_within": 24 * 3600,
    "major_within": 72 * 3600,
}
"""What orders were promised before their histories said so: the standard's values, in seconds."""

_UNITS = {"s": 1, "min": 60, "h": 3600, "d": 86400}
_LENGTH = re.compile(r"(\d+)\s*(s|min|h|d)")

_orders = sa.table(
    "orders",
    *(
        sa.column(name)
        for name in (
            "id",
            "centre_id",
            "size",
            "limit_minutes",
            "minutes",
            "owner_deferred",
        )
    ),
    sa.column("appointed_at", INSTANT),
)
_events = sa.table(
    "order_events", *(sa.column(name) for name in ("id", "order_id", "what", "facts"))
)
_centres = sa.table("centres", sa.column("id"), sa.column("overrides"))


def _promised(overrides: str) -> dict[str, int]:
    """The numbers of a centre, where it departs from the standard."""
    own = {name: _LENGTH.fullmatch(str(value)) for name, value in json.loads(overrides).items()}
    lengths = {name: int(found[1]) * _UNITS[found[2]] for name, found in own.items() if found}
    return {name: lengths.get(name, seconds) for name, seconds in _STANDARD.items()} | {
        "told_within": lengths.get("staff_told_within", 5 * 60),
        "told_within_emergency": lengths.get("emergency_staff_told_within", 60),
    }


def _tell_what_was_promised() -> None:
    """Verdicts are read from an order's history: its first line now says what was promised.

    The first agreed minute is the one from which the order was moved first, else the present one.
    """
    connection = op.get_bind()
    centres = {row.id: _promised(row.overrides) for row in connection.execute(sa.select(_centres))}
    for order in connection.execute(sa.select(_orders)).all():
        lines = connection.execute(
            sa.select(_events)
            .where(
                _events.c.order_id == order.id, _events.c.what.in_(["registered", "rescheduled"])
            )
            .order_by(_events.c.id)
        ).all()
        if lines and lines[0].what == "registered":
            moves = [json.loads(line.facts) for line in lines[1:]]
            facts = json.loads(lines[0].facts) | _terms(order, moves, centres[order.centre_id])
            _write(connection, lines[0].id, facts)
            if moves and order.owner_deferred:
                _write(connection, lines[-1].id, moves[-1] | {"deferred": 1})


def _write(connection: sa.Connection, event_id: int, facts: dict[str, object]) -> None:
    said = json.dumps(facts, ensure_ascii=False)
    connection.execute(sa.update(_events).where(_events.c.id == event_id).values(facts=said))


def _terms(
    order: sa.Row[tuple[object, ...]], moves: list[dict[str, str]], promised: dict[str, int]
) -> dict[str, object]:
    emergency = order.limit_minutes is not None  # also where it was found to be none later
    known = dict(promised)
    told = (known.pop("told_within"), known.pop("told_within_emergency"))[emergency]
    facts: dict[str, object] = {**known, "told_within": told, "minutes": order.minutes}
    facts["minor"] = int(order.size is not None)
    facts["deferred"] = int(bool(order.owner_deferred) and not moves)
    if emergency:
        return facts | {"limit": order.limit_minutes * 60}
    first = moves[0].get("from") if moves else order.appointed_at
    return facts if first is None else facts | {"appointed_at": _iso(first)}


def _iso(at: object) -> str:
    return at if isinstance(at, str) else at.isoformat()  # type: ignore[attr-defined]


def upgrade() -> None:
    """Days of the roster, holds, merged reports and waivers."""
    op.create_table(
        "muted",
        sa.Column("person_id", KEY, autoincrement=False, nullable=False),
        sa.Column("reminder", sa.String(length=32), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_muted_person_id")),
        sa.PrimaryKeyConstraint("person_id", "reminder", name=op.f("pk_muted")),
    )
    op.create_table(
        "roster_days",
        sa.Column("id", KEY, nullable=False),
        sa.Column("staff_id", KEY, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("shift", sa.String(length=120), nullable=False),
        sa.Column("reason", sa.String(32), nullable=False),
        sa.Column("set_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_roster_days_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_days")),
        sa.UniqueConstraint("staff_id", "day", name=op.f("uq_roster_days_staff_id_day")),
    )
    op.add_column("deadlines", sa.Column("set_at", INSTANT, nullable=True))
    op.add_column("deadlines", sa.Column("dropped_at", INSTANT, nullable=True))
    op.add_column("orders", sa.Column("occurred_at", INSTANT, nullable=True))
    op.add_column("orders", sa.Column("expected_at", INSTANT, nullable=True))
    op.add_column("orders", sa.Column("held_for", sa.String(32), nullable=True))
    op.add_column("orders", sa.Column("held_until", INSTANT, nullable=True))
    op.add_column(
        "orders",
        sa.Column(
            "merged_into",
            KEY,
            sa.ForeignKey("orders.id", name=op.f("fk_orders_merged_into")),
            nullable=True,
        ),
        inline_references=True,
    )
    op.create_index(
        op.f("ix_orders_centre_id_reported_at"),
        "orders",
        ["centre_id", "reported_at"],
        unique=False,
    )
    op.create_index(
        "ix_orders_finished",
        "orders",
        ["centre_id", "finished_at"],
        unique=False,
        sqlite_where=sa.text("finished_at IS NOT NULL"),
        postgresql_where=sa.text("finished_at IS NOT NULL"),
    )
    op.add_column(
        "verdicts",
        sa.Column(
            "waived_by",
            KEY,
            sa.ForeignKey("persons.id", name=op.f("fk_verdicts_waived_by")),
            nullable=True,
        ),
        inline_references=True,
    )
    op.add_column(
        "verdicts", sa.Column("why", sa.String(length=32), server_default="", nullable=False)
    )
    op.create_index(op.f("ix_verdicts_rule_due_at"), "verdicts", ["rule", "due_at"], unique=False)
    _tell_what_was_promised()
