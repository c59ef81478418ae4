"""First schema."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

INSTANT = sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite")
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """First schema."""
    op.create_table(
        "calendar_runs",
        sa.Column("job", sa.String(length=40), nullable=False),
        sa.Column("fire_at", INSTANT, nullable=False),
        sa.Column("ran_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("job", "fire_at", name=op.f("pk_calendar_runs")),
    )
    op.create_table(
        "centres",
        sa.Column("id", KEY, nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("phone", sa.String(length=32), nullable=False),
        sa.Column("overrides", sa.Text(), server_default="{}", nullable=False),
        sa.Column("number_day", sa.String(length=6), server_default="", nullable=False),
        sa.Column("number_seq", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_centres")),
        sa.UniqueConstraint("code", name=op.f("uq_centres_code")),
    )
    op.create_table(
        "deadlines",
        sa.Column("id", KEY, nullable=False),
        sa.Column("once", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("subject_id", KEY, nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("claimed_by", sa.String(length=40), nullable=True),
        sa.Column("claimed_until", INSTANT, nullable=True),
        sa.Column("fired_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadlines")),
        sa.UniqueConstraint("once", name=op.f("uq_deadlines_once")),
    )
    op.create_index(
        "ix_deadlines_due",
        "deadlines",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("state = 'pending'"),
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_index(
        op.f("ix_deadlines_subject_id_kind"), "deadlines", ["subject_id", "kind"], unique=False
    )
    op.create_table(
        "inbox",
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("dedup", sa.String(length=80), nullable=False),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("channel", "dedup", name=op.f("pk_inbox")),
    )
    op.create_index(op.f("ix_inbox_received_at"), "inbox", ["received_at"], unique=False)
    op.create_table(
        "persons",
        sa.Column("id", KEY, nullable=False),
        sa.Column("name", sa.String(length=80), nullable=True),
        sa.Column("phone", sa.String(length=32), nullable=True),
        sa.Column("locale", sa.String(length=8), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_persons")),
    )
    op.create_table(
        "alerts",
        sa.Column("matter", sa.String(length=40), nullable=False),
        sa.Column("person_id", KEY, autoincrement=False, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_alerts_person_id")),
        sa.PrimaryKeyConstraint("matter", "person_id", name=op.f("pk_alerts")),
    )
    op.create_table(
        "binding_requests",
        sa.Column("id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("centre_id", KEY, nullable=False),
        sa.Column("room_no", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("phone", sa.String(length=32), nullable=False),
        sa.Column("phone_proven", sa.Boolean(), nullable=False),
        sa.Column("relation", sa.String(32), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("decided_by", KEY, nullable=True),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centres.id"], name=op.f("fk_binding_requests_centre_id")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["persons.id"], name=op.f("fk_binding_requests_decided_by")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_binding_requests_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_binding_requests")),
    )
    op.create_index(
        op.f("ix_binding_requests_centre_id_state"),
        "binding_requests",
        ["centre_id", "state"],
        unique=False,
    )
    op.create_table(
        "code_attempts",
        sa.Column("id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_code_attempts_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_code_attempts")),
    )
    op.create_index(
        op.f("ix_code_attempts_person_id_at"), "code_attempts", ["person_id", "at"], unique=False
    )
    op.create_table(
        "endpoints",
        sa.Column("id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("address", sa.String(length=128), nullable=False),
        sa.Column("last_seen_at", INSTANT, nullable=False),
        sa.Column("unreachable_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_endpoints_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_endpoints")),
        sa.UniqueConstraint("channel", "address", name=op.f("uq_endpoints_channel_address")),
    )
    op.create_index(op.f("ix_endpoints_person_id"), "endpoints", ["person_id"], unique=False)
    op.create_table(
        "items",
        sa.Column("id", KEY, nullable=False),
        sa.Column("centre_id", KEY, nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("name_zh", sa.String(length=80), nullable=False),
        sa.Column("name_en", sa.String(length=80), nullable=False),
        sa.Column("category", sa.String(length=32), nullable=False),
        sa.Column("content_class", sa.String(length=16), nullable=False),
        sa.Column("unit", sa.String(length=16), nullable=False),
        sa.Column("price_fen", sa.Integer(), nullable=True),
        sa.Column("price_mode", sa.String(length=16), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("skills", sa.Text(), nullable=False),
        sa.Column("risk", sa.String(length=16), nullable=False),
        sa.Column("noisy", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.ForeignKeyConstraint(["centre_id"], ["centres.id"], name=op.f("fk_items_centre_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_items")),
        sa.UniqueConstraint("centre_id", "code", name=op.f("uq_items_centre_id_code")),
    )
    op.create_table(
        "phone_tasks",
        sa.Column("id", KEY, nullable=False),
        sa.Column("centre_id", KEY, nullable=True),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("matter", sa.String(length=40), nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("done_by", KEY, nullable=True),
        sa.Column("done_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centres.id"], name=op.f("fk_phone_tasks_centre_id")
        ),
        sa.ForeignKeyConstraint(["done_by"], ["persons.id"], name=op.f("fk_phone_tasks_done_by")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_phone_tasks_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phone_tasks")),
    )
    op.create_index(
        op.f("ix_phone_tasks_centre_id_done_at"),
        "phone_tasks",
        ["centre_id", "done_at"],
        unique=False,
    )
    op.create_table(
        "rooms",
        sa.Column("id", KEY, nullable=False),
        sa.Column("centre_id", KEY, nullable=False),
        sa.Column("room_no", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["centre_id"], ["centres.id"], name=op.f("fk_rooms_centre_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rooms")),
        sa.UniqueConstraint("centre_id", "room_no", name=op.f("uq_rooms_centre_id_room_no")),
    )
    op.create_table(
        "staff",
        sa.Column("id", KEY, nullable=False),
        sa.Column("centre_id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("phone", sa.String(length=32), nullable=False),
        sa.Column("roles", sa.Text(), nullable=False),
        sa.Column("skills", sa.Text(), nullable=False),
        sa.Column("shift", sa.String(length=120), nullable=False),
        sa.Column("wecom_userid", sa.String(length=64), nullable=True),
        sa.Column("telegram_id", sa.String(length=32), nullable=True),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("duty", sa.Boolean(), nullable=True),
        sa.Column("duty_until", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["centre_id"], ["centres.id"], name=op.f("fk_staff_centre_id")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_staff_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("centre_id", "phone", name=op.f("uq_staff_centre_id_phone")),
        sa.UniqueConstraint("telegram_id", name=op.f("uq_staff_telegram_id")),
        sa.UniqueConstraint("wecom_userid", name=op.f("uq_staff_wecom_userid")),
    )
    op.create_index(op.f("ix_staff_person_id"), "staff", ["person_id"], unique=False)
    op.create_table(
        "cards",
        sa.Column("endpoint_id", KEY, autoincrement=False, nullable=False),
        sa.Column("card", sa.String(length=40), nullable=False),
        sa.Column("ref", sa.String(length=64), nullable=False),
        sa.Column("shown_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["endpoint_id"], ["endpoints.id"], name=op.f("fk_cards_endpoint_id")
        ),
        sa.PrimaryKeyConstraint("endpoint_id", "card", name=op.f("pk_cards")),
    )
    op.create_table(
        "lanes",
        sa.Column("endpoint_id", KEY, autoincrement=False, nullable=False),
        sa.Column("pending", sa.Integer(), nullable=False),
        sa.Column("next_at", INSTANT, nullable=False),
        sa.Column("leased_by", sa.String(length=40), nullable=True),
        sa.Column("leased_until", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["endpoint_id"], ["endpoints.id"], name=op.f("fk_lanes_endpoint_id")
        ),
        sa.PrimaryKeyConstraint("endpoint_id", name=op.f("pk_lanes")),
    )
    op.create_index(
        "ix_lanes_next",
        "lanes",
        ["next_at"],
        unique=False,
        sqlite_where=sa.text("pending > 0"),
        postgresql_where=sa.text("pending > 0"),
    )
    op.create_table(
        "orders",
        sa.Column("id", KEY, nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("centre_id", KEY, nullable=False),
        sa.Column("room_id", KEY, nullable=True),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("person_id", KEY, nullable=True),
        sa.Column("contact_name", sa.String(length=80), nullable=False),
        sa.Column("contact_phone", sa.String(length=32), nullable=False),
        sa.Column("source", sa.String(32), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("registered_by", KEY, nullable=True),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("emergency", sa.String(length=32), nullable=True),
        sa.Column("item_id", KEY, nullable=True),
        sa.Column("title_zh", sa.String(length=80), nullable=False),
        sa.Column("title_en", sa.String(length=80), nullable=False),
        sa.Column("trade", sa.String(32), nullable=False),
        sa.Column("skills", sa.Text(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("price_fen", sa.Integer(), nullable=True),
        sa.Column("quote_fen", sa.Integer(), nullable=True),
        sa.Column("amount_fen", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("photos", sa.Text(), nullable=False),
        sa.Column("after_photos", sa.Text(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("size", sa.String(32), nullable=True),
        sa.Column("appointed_at", INSTANT, nullable=True),
        sa.Column("owner_deferred", sa.Boolean(), nullable=False),
        sa.Column("limit_minutes", sa.Integer(), nullable=True),
        sa.Column("technician_id", KEY, nullable=True),
        sa.Column("reported_at", INSTANT, nullable=False),
        sa.Column("staff_told_at", INSTANT, nullable=True),
        sa.Column("desk_since", INSTANT, nullable=True),
        sa.Column("accepted_at", INSTANT, nullable=True),
        sa.Column("set_out_at", INSTANT, nullable=True),
        sa.Column("arrived_at", INSTANT, nullable=True),
        sa.Column("arrival_disputed_at", INSTANT, nullable=True),
        sa.Column("early_consent_at", INSTANT, nullable=True),
        sa.Column("explained_at", INSTANT, nullable=True),
        sa.Column("agreed_at", INSTANT, nullable=True),
        sa.Column("started_at", INSTANT, nullable=True),
        sa.Column("finished_at", INSTANT, nullable=True),
        sa.Column("cancelled_at", INSTANT, nullable=True),
        sa.Column("result", sa.String(32), nullable=True),
        sa.Column("satisfied", sa.Boolean(), nullable=True),
        sa.Column("on_time", sa.Boolean(), nullable=True),
        sa.Column("dislike", sa.String(length=32), nullable=True),
        sa.Column("dislike_words", sa.Text(), server_default="", nullable=False),
        sa.Column("opinion", sa.Text(), server_default="", nullable=False),
        sa.Column("rated_at", INSTANT, nullable=True),
        sa.Column("rating_closed_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["centre_id"], ["centres.id"], name=op.f("fk_orders_centre_id")),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_orders_item_id")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_orders_person_id")),
        sa.ForeignKeyConstraint(
            ["registered_by"], ["persons.id"], name=op.f("fk_orders_registered_by")
        ),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name=op.f("fk_orders_room_id")),
        sa.ForeignKeyConstraint(
            ["technician_id"], ["persons.id"], name=op.f("fk_orders_technician_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_orders")),
        sa.UniqueConstraint("number", name=op.f("uq_orders_number")),
    )
    op.create_index(
        op.f("ix_orders_centre_id_state"), "orders", ["centre_id", "state"], unique=False
    )
    op.create_index(op.f("ix_orders_person_id_id"), "orders", ["person_id", "id"], unique=False)
    op.create_index(
        op.f("ix_orders_technician_id_state"), "orders", ["technician_id", "state"], unique=False
    )
    op.create_table(
        "outbox",
        sa.Column("id", KEY, nullable=False),
        sa.Column("endpoint_id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("once", sa.String(length=80), nullable=True),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("card", sa.String(length=40), nullable=True),
        sa.Column("matter", sa.String(length=40), nullable=True),
        sa.Column("by_phone", sa.Boolean(), nullable=False),
        sa.Column("fresh", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("ref", sa.String(length=64), nullable=True),
        sa.Column("error", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(
            ["endpoint_id"], ["endpoints.id"], name=op.f("fk_outbox_endpoint_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_outbox_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("once", name=op.f("uq_outbox_once")),
    )
    op.create_index(
        "ix_outbox_card",
        "outbox",
        ["endpoint_id", "card", "state", "id"],
        unique=False,
        sqlite_where=sa.text("card IS NOT NULL"),
        postgresql_where=sa.text("card IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_outbox_endpoint_id_state_id"),
        "outbox",
        ["endpoint_id", "state", "id"],
        unique=False,
    )
    op.create_table(
        "residents",
        sa.Column("id", KEY, nullable=False),
        sa.Column("room_id", KEY, nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("phone", sa.String(length=32), nullable=False),
        sa.Column("relation", sa.String(32), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("person_id", KEY, nullable=True),
        sa.Column("bound_at", INSTANT, nullable=True),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_residents_person_id")),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name=op.f("fk_residents_room_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_residents")),
        sa.UniqueConstraint(
            "room_id", "phone", "name", name=op.f("uq_residents_room_id_phone_name")
        ),
    )
    op.create_index(op.f("ix_residents_person_id"), "residents", ["person_id"], unique=False)
    op.create_index(op.f("ix_residents_phone"), "residents", ["phone"], unique=False)
    op.create_table(
        "cases",
        sa.Column("id", KEY, nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("centre_id", KEY, nullable=False),
        sa.Column("order_id", KEY, nullable=True),
        sa.Column("source", sa.String(length=32), nullable=False),
        sa.Column("grade", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("correct_by", INSTANT, nullable=False),
        sa.Column("verify_by", INSTANT, nullable=True),
        sa.Column("handler_id", KEY, nullable=True),
        sa.Column("taken_at", INSTANT, nullable=True),
        sa.Column("correction", sa.Text(), server_default="", nullable=False),
        sa.Column("disposition", sa.String(length=32), nullable=True),
        sa.Column("corrected_at", INSTANT, nullable=True),
        sa.Column("customer_told_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["centre_id"], ["centres.id"], name=op.f("fk_cases_centre_id")),
        sa.ForeignKeyConstraint(["handler_id"], ["persons.id"], name=op.f("fk_cases_handler_id")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_cases_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
        sa.UniqueConstraint("number", name=op.f("uq_cases_number")),
    )
    op.create_index(op.f("ix_cases_centre_id_state"), "cases", ["centre_id", "state"], unique=False)
    op.create_index(op.f("ix_cases_order_id"), "cases", ["order_id"], unique=False)
    op.create_table(
        "invites",
        sa.Column("id", KEY, nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("resident_id", KEY, nullable=True),
        sa.Column("staff_id", KEY, nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("used_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["residents.id"], name=op.f("fk_invites_resident_id")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_invites_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invites")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_invites_code_hash")),
    )
    op.create_table(
        "major_claims",
        sa.Column("id", KEY, nullable=False),
        sa.Column("order_id", KEY, nullable=False),
        sa.Column("proposed_by", KEY, nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("proposed_at", INSTANT, nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("decided_by", KEY, nullable=True),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.Column("cause", sa.Text(), server_default="", nullable=False),
        sa.Column("plan", sa.Text(), server_default="", nullable=False),
        sa.Column("plan_until", sa.Text(), server_default="", nullable=False),
        sa.Column("answered_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["persons.id"], name=op.f("fk_major_claims_decided_by")
        ),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_major_claims_order_id")),
        sa.ForeignKeyConstraint(
            ["proposed_by"], ["persons.id"], name=op.f("fk_major_claims_proposed_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_major_claims")),
    )
    op.create_index(op.f("ix_major_claims_order_id"), "major_claims", ["order_id"], unique=False)
    op.create_table(
        "offers",
        sa.Column("id", KEY, nullable=False),
        sa.Column("order_id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("offered_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("answered_at", INSTANT, nullable=True),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_offers_order_id")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_offers_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offers")),
    )
    op.create_index(
        "ix_offers_open",
        "offers",
        ["person_id"],
        unique=False,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(op.f("ix_offers_order_id"), "offers", ["order_id"], unique=False)
    op.create_table(
        "order_events",
        sa.Column("id", KEY, nullable=False),
        sa.Column("order_id", KEY, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("what", sa.String(length=32), nullable=False),
        sa.Column("person_id", KEY, nullable=True),
        sa.Column("facts", sa.Text(), server_default="{}", nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_events_order_id")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_order_events_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_events")),
    )
    op.create_index(op.f("ix_order_events_order_id"), "order_events", ["order_id"], unique=False)
    op.create_table(
        "reschedules",
        sa.Column("id", KEY, nullable=False),
        sa.Column("order_id", KEY, nullable=False),
        sa.Column("proposed_by", KEY, nullable=False),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("proposed_at", INSTANT, nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("answered_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_reschedules_order_id")),
        sa.ForeignKeyConstraint(
            ["proposed_by"], ["persons.id"], name=op.f("fk_reschedules_proposed_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reschedules")),
    )
    op.create_index(op.f("ix_reschedules_order_id"), "reschedules", ["order_id"], unique=False)
    op.create_table(
        "reveals",
        sa.Column("id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("order_id", KEY, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_reveals_order_id")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_reveals_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reveals")),
    )
    op.create_table(
        "talks",
        sa.Column("id", KEY, nullable=False),
        sa.Column("centre_id", KEY, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("asker_id", KEY, nullable=False),
        sa.Column("order_id", KEY, nullable=True),
        sa.Column("agent_id", KEY, nullable=True),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("taken_at", INSTANT, nullable=True),
        sa.Column("closed_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["agent_id"], ["persons.id"], name=op.f("fk_talks_agent_id")),
        sa.ForeignKeyConstraint(["asker_id"], ["persons.id"], name=op.f("fk_talks_asker_id")),
        sa.ForeignKeyConstraint(["centre_id"], ["centres.id"], name=op.f("fk_talks_centre_id")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_talks_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_talks")),
    )
    op.create_index(op.f("ix_talks_agent_id_state"), "talks", ["agent_id", "state"], unique=False)
    op.create_index(op.f("ix_talks_asker_id_state"), "talks", ["asker_id", "state"], unique=False)
    op.create_index(op.f("ix_talks_centre_id_state"), "talks", ["centre_id", "state"], unique=False)
    op.create_table(
        "verdicts",
        sa.Column("id", KEY, nullable=False),
        sa.Column("order_id", KEY, nullable=False),
        sa.Column("rule", sa.String(length=32), nullable=False),
        sa.Column("verdict", sa.String(length=16), nullable=False),
        sa.Column("due_at", INSTANT, nullable=True),
        sa.Column("actual_at", INSTANT, nullable=True),
        sa.Column("missed_by_s", sa.Integer(), nullable=True),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_verdicts_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verdicts")),
        sa.UniqueConstraint("order_id", "rule", name=op.f("uq_verdicts_order_id_rule")),
    )
    op.create_table(
        "case_events",
        sa.Column("id", KEY, nullable=False),
        sa.Column("case_id", KEY, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("what", sa.String(length=32), nullable=False),
        sa.Column("person_id", KEY, nullable=True),
        sa.Column("facts", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_events_case_id")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_case_events_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_events")),
    )
    op.create_index(op.f("ix_case_events_case_id"), "case_events", ["case_id"], unique=False)
    op.create_table(
        "conversations",
        sa.Column("endpoint_id", KEY, autoincrement=False, nullable=False),
        sa.Column("form", sa.String(length=32), nullable=True),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=32), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("talk_id", KEY, nullable=True),
        sa.Column("touched_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["endpoint_id"], ["endpoints.id"], name=op.f("fk_conversations_endpoint_id")
        ),
        sa.ForeignKeyConstraint(["talk_id"], ["talks.id"], name=op.f("fk_conversations_talk_id")),
        sa.PrimaryKeyConstraint("endpoint_id", name=op.f("pk_conversations")),
    )
    op.create_index(
        "ix_conversations_open",
        "conversations",
        ["touched_at"],
        unique=False,
        sqlite_where=sa.text("form IS NOT NULL"),
        postgresql_where=sa.text("form IS NOT NULL"),
    )
    op.create_table(
        "talk_lines",
        sa.Column("id", KEY, nullable=False),
        sa.Column("talk_id", KEY, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("words", sa.Text(), server_default="", nullable=False),
        sa.Column("photo", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_talk_lines_person_id")
        ),
        sa.ForeignKeyConstraint(["talk_id"], ["talks.id"], name=op.f("fk_talk_lines_talk_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_talk_lines")),
    )
    op.create_index(op.f("ix_talk_lines_talk_id"), "talk_lines", ["talk_id"], unique=False)
