"""Days of the roster, holds, merged reports and waivers."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

INSTANT = sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite")
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


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
