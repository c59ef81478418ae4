"""The schema: every table, its keys and its indexes. `records` says what the columns mean."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from storage import records as r
from storage.types import BigId, Chosen, Instant, Listed

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _id() -> Column[int]:
    return Column("id", BigId, primary_key=True)


def _ref(name: str, table: str, *, nullable: bool = False) -> Column[int]:
    return Column(name, BigId, ForeignKey(f"{table}.id"), nullable=nullable)


def _time(name: str, *, nullable: bool = False) -> Column[object]:
    return Column(name, Instant, nullable=nullable)


def _words(name: str) -> Column[str]:
    """Free text, empty where nothing was said."""
    return Column(name, Text, nullable=False, server_default="")


centres = Table(
    "centres",
    metadata,
    _id(),
    Column("code", String(16), nullable=False, unique=True),
    Column("name", String(80), nullable=False),
    Column("zone", String(64), nullable=False),
    Column("phone", String(32), nullable=False),
    Column("overrides", Text, nullable=False, server_default="{}"),
    Column("number_day", String(6), nullable=False, server_default=""),
    Column("number_seq", Integer, nullable=False, server_default="0"),
)

persons = Table(
    "persons",
    metadata,
    _id(),
    Column("name", String(80)),
    Column("phone", String(32)),
    Column("locale", String(8), nullable=False),
    _time("created_at"),
)

endpoints = Table(
    "endpoints",
    metadata,
    _id(),
    _ref("person_id", "persons"),
    Column("channel", String(16), nullable=False),
    Column("address", String(128), nullable=False),
    _time("last_seen_at"),
    _time("unreachable_at", nullable=True),
    UniqueConstraint("channel", "address"),
    Index(None, "person_id"),
)

rooms = Table(
    "rooms",
    metadata,
    _id(),
    _ref("centre_id", "centres"),
    Column("room_no", String(64), nullable=False),
    UniqueConstraint("centre_id", "room_no"),
)

residents = Table(
    "residents",
    metadata,
    _id(),
    _ref("room_id", "rooms"),
    Column("name", String(80), nullable=False),
    Column("phone", String(32), nullable=False),
    Column("relation", Chosen(r.Relation), nullable=False),
    Column("until", Date),
    _ref("person_id", "persons", nullable=True),
    _time("bound_at", nullable=True),
    _time("ended_at", nullable=True),
    UniqueConstraint("room_id", "phone", "name"),
    Index(None, "person_id"),
    Index(None, "phone"),
)

staff = Table(
    "staff",
    metadata,
    _id(),
    _ref("centre_id", "centres"),
    _ref("person_id", "persons"),
    Column("name", String(80), nullable=False),
    Column("phone", String(32), nullable=False),
    Column("roles", Listed(r.Role), nullable=False),
    Column("skills", Listed(), nullable=False),
    Column("shift", String(120), nullable=False),
    Column("wecom_userid", String(64), unique=True),
    Column("telegram_id", String(32), unique=True),
    Column("active", Boolean, nullable=False, server_default=text("true")),
    Column("duty", Boolean),
    _time("duty_until", nullable=True),
    UniqueConstraint("centre_id", "phone"),
    Index(None, "person_id"),
)

roster_days = Table(
    "roster_days",
    metadata,
    _id(),
    _ref("staff_id", "staff"),
    Column("day", Date, nullable=False),
    Column("shift", String(120), nullable=False),
    Column("reason", Chosen(r.DayReason), nullable=False),
    _time("set_at"),
    UniqueConstraint("staff_id", "day"),
)

muted = Table(
    "muted",
    metadata,
    Column("person_id", BigId, ForeignKey("persons.id"), primary_key=True, autoincrement=False),
    Column("reminder", String(32), primary_key=True),
    _time("at"),
)

invites = Table(
    "invites",
    metadata,
    _id(),
    Column("code_hash", String(64), nullable=False, unique=True),
    _ref("resident_id", "residents", nullable=True),
    _ref("staff_id", "staff", nullable=True),
    _time("created_at"),
    _time("expires_at"),
    _time("used_at", nullable=True),
)

code_attempts = Table(
    "code_attempts",
    metadata,
    _id(),
    _ref("person_id", "persons"),
    _time("at"),
    Index(None, "person_id", "at"),
)

binding_requests = Table(
    "binding_requests",
    metadata,
    _id(),
    _ref("person_id", "persons"),
    _ref("centre_id", "centres"),
    Column("room_no", String(64), nullable=False),
    Column("name", String(80), nullable=False),
    Column("phone", String(32), nullable=False),
    Column("phone_proven", Boolean, nullable=False),
    Column("relation", Chosen(r.Relation), nullable=False),
    Column("until", Date),
    _time("created_at"),
    Column("state", Chosen(r.RequestState), nullable=False),
    _ref("decided_by", "persons", nullable=True),
    _time("decided_at", nullable=True),
    Index(None, "centre_id", "state"),
)

items = Table(
    "items",
    metadata,
    _id(),
    _ref("centre_id", "centres"),
    Column("code", String(16), nullable=False),
    Column("name_zh", String(80), nullable=False),
    Column("name_en", String(80), nullable=False),
    Column("category", String(32), nullable=False),
    Column("content_class", String(16), nullable=False),
    Column("unit", String(16), nullable=False),
    Column("price_fen", Integer),
    Column("price_mode", String(16), nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("skills", Listed(), nullable=False),
    Column("risk", String(16), nullable=False),
    Column("noisy", Boolean, nullable=False),
    Column("active", Boolean, nullable=False, server_default=text("true")),
    UniqueConstraint("centre_id", "code"),
)

orders = Table(
    "orders",
    metadata,
    _id(),
    Column("number", String(24), nullable=False, unique=True),
    _ref("centre_id", "centres"),
    _ref("room_id", "rooms", nullable=True),
    Column("place", String(200), nullable=False),
    _ref("person_id", "persons", nullable=True),
    Column("contact_name", String(80), nullable=False),
    Column("contact_phone", String(32), nullable=False),
    Column("source", Chosen(r.Source), nullable=False),
    Column("channel", String(16), nullable=False),
    _ref("registered_by", "persons", nullable=True),
    Column("kind", Chosen(r.OrderKind), nullable=False),
    Column("emergency", String(32)),
    _ref("item_id", "items", nullable=True),
    Column("title_zh", String(80), nullable=False),
    Column("title_en", String(80), nullable=False),
    Column("trade", Chosen(r.Trade), nullable=False),
    Column("skills", Listed(), nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("price_fen", Integer),
    Column("quote_fen", Integer),
    Column("amount_fen", Integer),
    _words("note"),
    Column("photos", Listed(), nullable=False),
    Column("after_photos", Listed(), nullable=False),
    Column("state", Chosen(r.OrderState), nullable=False),
    Column("size", Chosen(r.Size)),
    _time("appointed_at", nullable=True),
    Column("owner_deferred", Boolean, nullable=False),
    Column("limit_minutes", Integer),
    _ref("technician_id", "persons", nullable=True),
    _time("reported_at"),
    _time("staff_told_at", nullable=True),
    _time("desk_since", nullable=True),
    _time("accepted_at", nullable=True),
    _time("set_out_at", nullable=True),
    _time("arrived_at", nullable=True),
    _time("arrival_disputed_at", nullable=True),
    _time("early_consent_at", nullable=True),
    _time("explained_at", nullable=True),
    _time("agreed_at", nullable=True),
    _time("started_at", nullable=True),
    _time("finished_at", nullable=True),
    _time("cancelled_at", nullable=True),
    Column("result", Chosen(r.Result)),
    Column("satisfied", Boolean),
    Column("on_time", Boolean),
    Column("dislike", String(32)),
    _words("dislike_words"),
    _words("opinion"),
    _time("rated_at", nullable=True),
    _time("rating_closed_at", nullable=True),
    _time("occurred_at", nullable=True),
    _time("expected_at", nullable=True),
    Column("held_for", Chosen(r.HoldReason)),
    _time("held_until", nullable=True),
    _ref("merged_into", "orders", nullable=True),
    _ref("rework_of", "orders", nullable=True),
    Column("rework_confirmed", Boolean),
    _ref("rework_by", "persons", nullable=True),
    _time("rework_at", nullable=True),
    Index(None, "person_id", "id"),
    Index(
        "ix_orders_rework_of",
        "rework_of",
        sqlite_where=text("rework_of IS NOT NULL"),
        postgresql_where=text("rework_of IS NOT NULL"),
    ),
    Index(None, "technician_id", "state"),
    Index(None, "centre_id", "state"),
    Index(None, "centre_id", "reported_at"),
    Index(
        "ix_orders_finished",
        "centre_id",
        "finished_at",
        sqlite_where=text("finished_at IS NOT NULL"),
        postgresql_where=text("finished_at IS NOT NULL"),
    ),
)

order_events = Table(
    "order_events",
    metadata,
    _id(),
    _ref("order_id", "orders"),
    _time("at"),
    Column("what", String(32), nullable=False),
    _ref("person_id", "persons", nullable=True),
    Column("facts", Text, nullable=False, server_default="{}"),
    Index(None, "order_id"),
)

offers = Table(
    "offers",
    metadata,
    _id(),
    _ref("order_id", "orders"),
    _ref("person_id", "persons"),
    _time("offered_at"),
    _time("expires_at"),
    Column("state", Chosen(r.OfferState), nullable=False),
    _time("answered_at", nullable=True),
    _words("reason"),
    Index(None, "order_id"),
    Index(
        "ix_offers_open",
        "person_id",
        sqlite_where=text("state = 'open'"),
        postgresql_where=text("state = 'open'"),
    ),
)

deadlines = Table(
    "deadlines",
    metadata,
    _id(),
    Column("once", String(64), nullable=False, unique=True),
    Column("kind", String(32), nullable=False),
    Column("subject_id", BigId, nullable=False),
    _time("due_at"),
    Column("version", Integer, nullable=False, server_default="0"),
    Column("state", Chosen(r.DeadlineState), nullable=False),
    Column("claimed_by", String(40)),
    _time("claimed_until", nullable=True),
    _time("fired_at", nullable=True),
    _time("set_at", nullable=True),
    _time("dropped_at", nullable=True),
    Index(
        "ix_deadlines_due",
        "due_at",
        sqlite_where=text("state = 'pending'"),
        postgresql_where=text("state = 'pending'"),
    ),
    Index(None, "subject_id", "kind"),
)

calendar_runs = Table(
    "calendar_runs",
    metadata,
    Column("job", String(40), primary_key=True),
    Column("fire_at", Instant, primary_key=True),
    _time("ran_at"),
)

verdicts = Table(
    "verdicts",
    metadata,
    _id(),
    _ref("order_id", "orders"),
    Column("rule", String(32), nullable=False),
    Column("verdict", String(16), nullable=False),
    _time("due_at", nullable=True),
    _time("actual_at", nullable=True),
    Column("missed_by_s", Integer),
    _time("recorded_at"),
    _ref("waived_by", "persons", nullable=True),
    Column("why", String(32), nullable=False, server_default=""),
    UniqueConstraint("order_id", "rule"),
    Index(None, "rule", "due_at"),
)

cases = Table(
    "cases",
    metadata,
    _id(),
    Column("number", String(24), nullable=False, unique=True),
    _ref("centre_id", "centres"),
    _ref("order_id", "orders", nullable=True),
    Column("source", String(32), nullable=False),
    Column("grade", String(16), nullable=False),
    Column("state", Chosen(r.CaseState), nullable=False),
    _time("opened_at"),
    _time("correct_by"),
    _time("verify_by", nullable=True),
    _ref("handler_id", "persons", nullable=True),
    _time("taken_at", nullable=True),
    _words("correction"),
    Column("disposition", String(32)),
    _time("corrected_at", nullable=True),
    _time("customer_told_at", nullable=True),
    _ref("room_id", "rooms", nullable=True),
    _ref("visit_id", "visits", nullable=True),
    _ref("person_id", "persons", nullable=True),
    Column("loss_fen", Integer, nullable=False, server_default="0"),
    _words("cause"),
    _words("action"),
    _time("action_due", nullable=True),
    _ref("action_by", "persons", nullable=True),
    _time("action_at", nullable=True),
    _ref("verifier_id", "persons", nullable=True),
    _time("verified_at", nullable=True),
    Column("effective", Boolean),
    Column("settled", Boolean),
    _time("settled_at", nullable=True),
    _time("closed_at", nullable=True),
    Index(None, "centre_id", "state"),
    Index(None, "order_id"),
    Index(None, "visit_id"),
)

case_events = Table(
    "case_events",
    metadata,
    _id(),
    _ref("case_id", "cases"),
    _time("at"),
    Column("what", String(32), nullable=False),
    _ref("person_id", "persons", nullable=True),
    _words("facts"),
    Index(None, "case_id"),
)

alerts = Table(
    "alerts",
    metadata,
    Column("matter", String(40), primary_key=True),
    Column("person_id", BigId, ForeignKey("persons.id"), primary_key=True, autoincrement=False),
    _time("at"),
)

agreements = Table(
    "agreements",
    metadata,
    _id(),
    Column("number", String(40), nullable=False),
    _ref("centre_id", "centres"),
    _ref("room_id", "rooms"),
    _ref("item_id", "items"),
    _ref("worker_id", "persons"),
    Column("signed_on", Date, nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date, nullable=False),
    Column("ended_on", Date),
    UniqueConstraint("centre_id", "number"),
    Index(None, "room_id"),
)

samples = Table(
    "samples",
    metadata,
    _id(),
    _ref("centre_id", "centres"),
    Column("month", Date, nullable=False),
    Column("seed", String(64), nullable=False),
    _time("visits_until"),
    Column("households", Integer),
    Column("percent", Integer),
    Column("required", Integer),
    _time("finally_drawn_at", nullable=True),
    _time("concluded_at", nullable=True),
    UniqueConstraint("centre_id", "month"),
)

sample_draws = Table(
    "sample_draws",
    metadata,
    _id(),
    _ref("sample_id", "samples"),
    _time("drawn_at"),
    Column("final", Boolean, nullable=False),
    Column("candidates", Text, nullable=False),
    Index(None, "sample_id"),
)

visits = Table(
    "visits",
    metadata,
    _id(),
    _ref("centre_id", "centres"),
    _ref("room_id", "rooms"),
    Column("source", Chosen(r.VisitSource), nullable=False),
    Column("state", Chosen(r.VisitState), nullable=False),
    _time("made_at"),
    _time("due_at"),
    _ref("order_id", "orders", nullable=True),
    _ref("agreement_id", "agreements", nullable=True),
    Column("quarter", Date),
    Column("late_signed", Boolean, nullable=False, server_default=text("false")),
    _ref("sample_id", "samples", nullable=True),
    _ref("draw_id", "sample_draws", nullable=True),
    Column("stratum", String(80), nullable=False, server_default=""),
    _ref("replaces", "visits", nullable=True),
    Column("method", Chosen(r.VisitMethod)),
    _time("asked_at", nullable=True),
    _ref("asked_id", "persons", nullable=True),
    _time("task_since", nullable=True),
    Column("task_why", String(32), nullable=False, server_default=""),
    _ref("visitor_id", "persons", nullable=True),
    Column("tries", Integer, nullable=False, server_default="0"),
    _ref("respondent_id", "persons", nullable=True),
    Column("respondent", String(80), nullable=False, server_default=""),
    Column("satisfied", Boolean),
    Column("on_time", Boolean),
    Column("dislike", String(32)),
    _words("dislike_words"),
    _words("opinion"),
    _time("answered_at", nullable=True),
    Column("photo", String(64)),
    _time("confirmed_at", nullable=True),
    _time("ended_at", nullable=True),
    _time("complained_at", nullable=True),
    UniqueConstraint("sample_id", "room_id"),
    UniqueConstraint("agreement_id", "quarter"),
    Index(None, "centre_id", "state"),
    Index(None, "room_id", "asked_at"),
    Index(None, "order_id"),
)

major_claims = Table(
    "major_claims",
    metadata,
    _id(),
    _ref("order_id", "orders"),
    _ref("proposed_by", "persons"),
    _words("reason"),
    _time("proposed_at"),
    Column("state", Chosen(r.RequestState), nullable=False),
    _ref("decided_by", "persons", nullable=True),
    _time("decided_at", nullable=True),
    _words("cause"),
    _words("plan"),
    _words("plan_until"),
    _time("answered_at", nullable=True),
    Index(None, "order_id"),
)

reschedules = Table(
    "reschedules",
    metadata,
    _id(),
    _ref("order_id", "orders"),
    _ref("proposed_by", "persons"),
    _time("starts_at"),
    _time("proposed_at"),
    Column("state", Chosen(r.RequestState), nullable=False),
    _time("answered_at", nullable=True),
    Index(None, "order_id"),
)

talks = Table(
    "talks",
    metadata,
    _id(),
    _ref("centre_id", "centres"),
    Column("kind", Chosen(r.TalkKind), nullable=False),
    _ref("asker_id", "persons"),
    _ref("order_id", "orders", nullable=True),
    _ref("agent_id", "persons", nullable=True),
    Column("state", Chosen(r.TalkState), nullable=False),
    _time("opened_at"),
    _time("taken_at", nullable=True),
    _time("closed_at", nullable=True),
    Index(None, "asker_id", "state"),
    Index(None, "agent_id", "state"),
    Index(None, "centre_id", "state"),
)

talk_lines = Table(
    "talk_lines",
    metadata,
    _id(),
    _ref("talk_id", "talks"),
    _time("at"),
    _ref("person_id", "persons"),
    _words("words"),
    Column("photo", String(64)),
    Index(None, "talk_id"),
)

phone_tasks = Table(
    "phone_tasks",
    metadata,
    _id(),
    _ref("centre_id", "centres", nullable=True),
    _ref("person_id", "persons"),
    Column("message", Text, nullable=False),
    Column("matter", String(40)),
    _time("created_at"),
    _ref("done_by", "persons", nullable=True),
    _time("done_at", nullable=True),
    Index(None, "centre_id", "done_at"),
)

reveals = Table(
    "reveals",
    metadata,
    _id(),
    _ref("person_id", "persons"),
    _ref("order_id", "orders"),
    _time("at"),
)

conversations = Table(
    "conversations",
    metadata,
    Column("endpoint_id", BigId, ForeignKey("endpoints.id"), primary_key=True, autoincrement=False),
    Column("form", String(32)),
    Column("serial", Integer, nullable=False),
    Column("step", String(32), nullable=False),
    Column("answers", Text, nullable=False),
    _ref("talk_id", "talks", nullable=True),
    _time("touched_at"),
    Index(
        "ix_conversations_open",
        "touched_at",
        sqlite_where=text("form IS NOT NULL"),
        postgresql_where=text("form IS NOT NULL"),
    ),
)

inbox = Table(
    "inbox",
    metadata,
    Column("channel", String(16), primary_key=True),
    Column("dedup", String(80), primary_key=True),
    _time("received_at"),
    Index(None, "received_at"),
)

lanes = Table(
    "lanes",
    metadata,
    Column("endpoint_id", BigId, ForeignKey("endpoints.id"), primary_key=True, autoincrement=False),
    Column("pending", Integer, nullable=False),
    _time("next_at"),
    Column("leased_by", String(40)),
    _time("leased_until", nullable=True),
    Column("held", Boolean, nullable=False, server_default=text("false")),
    Index(
        "ix_lanes_next",
        "next_at",
        sqlite_where=text("pending > 0"),
        postgresql_where=text("pending > 0"),
    ),
)

outbox = Table(
    "outbox",
    metadata,
    _id(),
    Column("endpoint_id", BigId, ForeignKey("endpoints.id"), nullable=False),
    _ref("person_id", "persons"),
    Column("once", String(80), unique=True),
    Column("message", Text, nullable=False),
    Column("card", String(40)),
    Column("matter", String(40)),
    Column("by_phone", Boolean, nullable=False),
    Column("fresh", Boolean, nullable=False),
    Column("essential", Boolean, nullable=False, server_default=text("false")),
    Column("mirror", Boolean, nullable=False, server_default=text("false")),
    Column("parts", Integer, nullable=False, server_default="1"),
    Column("state", Chosen(r.OutboxState), nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    _time("created_at"),
    _time("ended_at", nullable=True),
    Column("ref", String(64)),
    Column("error", String(200)),
    Index(None, "endpoint_id", "state", "id"),
    Index(
        "ix_outbox_card",  # whether a later edit waits
        "endpoint_id",
        "card",
        "state",
        "id",
        sqlite_where=text("card IS NOT NULL"),
        postgresql_where=text("card IS NOT NULL"),
    ),
)

cards = Table(
    "cards",
    metadata,
    Column("endpoint_id", BigId, ForeignKey("endpoints.id"), primary_key=True, autoincrement=False),
    Column("card", String(40), primary_key=True),
    Column("ref", String(64), nullable=False),
    _time("shown_at"),
)

windows = Table(
    "windows",
    metadata,
    Column("endpoint_id", BigId, ForeignKey("endpoints.id"), primary_key=True, autoincrement=False),
    _time("until"),
    Column("left", Integer, nullable=False),
    _time("silenced_at", nullable=True),
)

last_used = Table(
    "last_used",
    metadata,
    Column("person_id", BigId, ForeignKey("persons.id"), primary_key=True, autoincrement=False),
    Column("matter", String(40), primary_key=True),
    _ref("endpoint_id", "endpoints"),
    _time("at"),
    Index(None, "at"),
)

channel_notes = Table(
    "channel_notes",
    metadata,
    Column("channel", String(16), primary_key=True),
    Column("key", String(160), primary_key=True),
    Column("value", Text, nullable=False),
    _time("until", nullable=True),
    Index(None, "until"),
)
