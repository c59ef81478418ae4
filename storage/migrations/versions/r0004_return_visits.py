"""Return visits and their samples, agreements, the closing of cases, rework."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

INSTANT = sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite")
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "samples",
        sa.Column("id", KEY, nullable=False),
        sa.Column("centre_id", KEY, nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("seed", sa.String(length=64), nullable=False),
        sa.Column("visits_until", INSTANT, nullable=False),
        sa.Column("households", sa.Integer(), nullable=True),
        sa.Column("percent", sa.Integer(), nullable=True),
        sa.Column("required", sa.Integer(), nullable=True),
        sa.Column("finally_drawn_at", INSTANT, nullable=True),
        sa.Column("concluded_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["centre_id"], ["centres.id"], name=op.f("fk_samples_centre_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_samples")),
        sa.UniqueConstraint("centre_id", "month", name=op.f("uq_samples_centre_id_month")),
    )
    op.create_table(
        "agreements",
        sa.Column("id", KEY, nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("centre_id", KEY, nullable=False),
        sa.Column("room_id", KEY, nullable=False),
        sa.Column("item_id", KEY, nullable=False),
        sa.Column("worker_id", KEY, nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centres.id"], name=op.f("fk_agreements_centre_id")
        ),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_agreements_item_id")),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name=op.f("fk_agreements_room_id")),
        sa.ForeignKeyConstraint(
            ["worker_id"], ["persons.id"], name=op.f("fk_agreements_worker_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreements")),
        sa.UniqueConstraint("centre_id", "number", name=op.f("uq_agreements_centre_id_number")),
    )
    op.create_index(op.f("ix_agreements_room_id"), "agreements", ["room_id"], unique=False)
    op.create_table(
        "sample_draws",
        sa.Column("id", KEY, nullable=False),
        sa.Column("sample_id", KEY, nullable=False),
        sa.Column("drawn_at", INSTANT, nullable=False),
        sa.Column("final", sa.Boolean(), nullable=False),
        sa.Column("candidates", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["sample_id"], ["samples.id"], name=op.f("fk_sample_draws_sample_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sample_draws")),
    )
    op.create_index(op.f("ix_sample_draws_sample_id"), "sample_draws", ["sample_id"], unique=False)
    op.create_table(
        "visits",
        sa.Column("id", KEY, nullable=False),
        sa.Column("centre_id", KEY, nullable=False),
        sa.Column("room_id", KEY, nullable=False),
        sa.Column("source", sa.String(32), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("order_id", KEY, nullable=True),
        sa.Column("agreement_id", KEY, nullable=True),
        sa.Column("quarter", sa.Date(), nullable=True),
        sa.Column("late_signed", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("sample_id", KEY, nullable=True),
        sa.Column("draw_id", KEY, nullable=True),
        sa.Column("stratum", sa.String(length=80), server_default="", nullable=False),
        sa.Column("replaces", KEY, nullable=True),
        sa.Column("method", sa.String(32), nullable=True),
        sa.Column("asked_at", INSTANT, nullable=True),
        sa.Column("asked_id", KEY, nullable=True),
        sa.Column("task_since", INSTANT, nullable=True),
        sa.Column("task_why", sa.String(length=32), server_default="", nullable=False),
        sa.Column("visitor_id", KEY, nullable=True),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("respondent_id", KEY, nullable=True),
        sa.Column("respondent", sa.String(length=80), server_default="", nullable=False),
        sa.Column("satisfied", sa.Boolean(), nullable=True),
        sa.Column("on_time", sa.Boolean(), nullable=True),
        sa.Column("dislike", sa.String(length=32), nullable=True),
        sa.Column("dislike_words", sa.Text(), server_default="", nullable=False),
        sa.Column("opinion", sa.Text(), server_default="", nullable=False),
        sa.Column("answered_at", INSTANT, nullable=True),
        sa.Column("photo", sa.String(length=64), nullable=True),
        sa.Column("confirmed_at", INSTANT, nullable=True),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("complained_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreements.id"], name=op.f("fk_visits_agreement_id")
        ),
        sa.ForeignKeyConstraint(["asked_id"], ["persons.id"], name=op.f("fk_visits_asked_id")),
        sa.ForeignKeyConstraint(["centre_id"], ["centres.id"], name=op.f("fk_visits_centre_id")),
        sa.ForeignKeyConstraint(["draw_id"], ["sample_draws.id"], name=op.f("fk_visits_draw_id")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_visits_order_id")),
        sa.ForeignKeyConstraint(["replaces"], ["visits.id"], name=op.f("fk_visits_replaces")),
        sa.ForeignKeyConstraint(
            ["respondent_id"], ["persons.id"], name=op.f("fk_visits_respondent_id")
        ),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name=op.f("fk_visits_room_id")),
        sa.ForeignKeyConstraint(["sample_id"], ["samples.id"], name=op.f("fk_visits_sample_id")),
        sa.ForeignKeyConstraint(["visitor_id"], ["persons.id"], name=op.f("fk_visits_visitor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visits")),
        sa.UniqueConstraint("agreement_id", "quarter", name=op.f("uq_visits_agreement_id_quarter")),
        sa.UniqueConstraint("sample_id", "room_id", name=op.f("uq_visits_sample_id_room_id")),
    )
    op.create_index(
        op.f("ix_visits_centre_id_state"), "visits", ["centre_id", "state"], unique=False
    )
    op.create_index(op.f("ix_visits_order_id"), "visits", ["order_id"], unique=False)
    op.create_index(
        op.f("ix_visits_room_id_asked_at"), "visits", ["room_id", "asked_at"], unique=False
    )
    op.add_column("cases", _ref("cases", "room_id", "rooms"), inline_references=True)
    op.add_column("cases", _ref("cases", "visit_id", "visits"), inline_references=True)
    op.add_column("cases", _ref("cases", "person_id", "persons"), inline_references=True)
    op.add_column("cases", sa.Column("loss_fen", sa.Integer(), server_default="0", nullable=False))
    op.add_column("cases", sa.Column("cause", sa.Text(), server_default="", nullable=False))
    op.add_column("cases", sa.Column("action", sa.Text(), server_default="", nullable=False))
    op.add_column("cases", sa.Column("action_due", INSTANT, nullable=True))
    op.add_column("cases", _ref("cases", "action_by", "persons"), inline_references=True)
    op.add_column("cases", sa.Column("action_at", INSTANT, nullable=True))
    op.add_column("cases", _ref("cases", "verifier_id", "persons"), inline_references=True)
    op.add_column("cases", sa.Column("verified_at", INSTANT, nullable=True))
    op.add_column("cases", sa.Column("effective", sa.Boolean(), nullable=True))
    op.add_column("cases", sa.Column("settled", sa.Boolean(), nullable=True))
    op.add_column("cases", sa.Column("settled_at", INSTANT, nullable=True))
    op.add_column("cases", sa.Column("closed_at", INSTANT, nullable=True))
    op.create_index(op.f("ix_cases_visit_id"), "cases", ["visit_id"], unique=False)
    # What was corrected so far waited for a verification that nobody was reminded of.
    op.execute(
        """
        INSERT INTO deadlines (once, kind, subject_id, due_at, version, state)
        SELECT 'case.unverified:' || id || '\\:1', 'case.unverified', id, verify_by, 1, 'pending'
        FROM cases WHERE state = 'corrected' AND verify_by IS NOT NULL
        """
    )
    op.add_column("orders", _ref("orders", "rework_of", "orders"), inline_references=True)
    op.add_column("orders", sa.Column("rework_confirmed", sa.Boolean(), nullable=True))
    op.add_column("orders", _ref("orders", "rework_by", "persons"), inline_references=True)
    op.add_column("orders", sa.Column("rework_at", INSTANT, nullable=True))
    op.create_index(
        "ix_orders_rework_of",
        "orders",
        ["rework_of"],
        unique=False,
        sqlite_where=sa.text("rework_of IS NOT NULL"),
        postgresql_where=sa.text("rework_of IS NOT NULL"),
    )


def _ref(table: str, name: str, to: str) -> sa.Column[int]:
    key = sa.ForeignKey(f"{to}.id", name=op.f(f"fk_{table}_{name}"))
    return sa.Column(name, KEY, key, nullable=True)
