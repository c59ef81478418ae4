"""Service windows, what channels keep, and the chat last used for a matter."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

INSTANT = sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite")
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("lanes", _flag("held"))
    op.add_column("outbox", _flag("essential"))
    op.add_column("outbox", _flag("mirror"))
    op.add_column("outbox", sa.Column("parts", sa.Integer(), nullable=False, server_default="1"))
    op.create_table(
        "windows",
        sa.Column("endpoint_id", KEY, autoincrement=False, nullable=False),
        sa.Column("until", INSTANT, nullable=False),
        sa.Column("left", sa.Integer(), nullable=False),
        sa.Column("silenced_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["endpoint_id"], ["endpoints.id"], name=op.f("fk_windows_endpoint_id")
        ),
        sa.PrimaryKeyConstraint("endpoint_id", name=op.f("pk_windows")),
    )
    op.create_table(
        "last_used",
        sa.Column("person_id", KEY, autoincrement=False, nullable=False),
        sa.Column("matter", sa.String(length=40), nullable=False),
        sa.Column("endpoint_id", KEY, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_last_used_person_id")),
        sa.ForeignKeyConstraint(
            ["endpoint_id"], ["endpoints.id"], name=op.f("fk_last_used_endpoint_id")
        ),
        sa.PrimaryKeyConstraint("person_id", "matter", name=op.f("pk_last_used")),
    )
    op.create_index(op.f("ix_last_used_at"), "last_used", ["at"], unique=False)
    op.create_table(
        "channel_notes",
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("until", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("channel", "key", name=op.f("pk_channel_notes")),
    )
    op.create_index(op.f("ix_channel_notes_until"), "channel_notes", ["until"], unique=False)


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.text("false"))
