"""A chat that proves to be somebody we know: all that is a resident's goes over, in every table."""

from __future__ import annotations

from storage.residents import OWNED_BY_PERSON
from storage.tables import metadata

OF_STAFF = {
    "agreements.worker_id",
    "alerts.person_id",
    "binding_requests.decided_by",
    "cases.action_by",
    "cases.handler_id",
    "cases.verifier_id",
    "major_claims.decided_by",
    "major_claims.proposed_by",
    "offers.person_id",
    "orders.registered_by",
    "orders.rework_by",
    "orders.technician_id",
    "phone_tasks.done_by",
    "reschedules.proposed_by",
    "reveals.person_id",
    "staff.person_id",
    "talks.agent_id",
    "verdicts.waived_by",
    "visits.visitor_id",
}
"""Who is on the roster never turns out to be somebody else."""

OF_THEN = {"case_events.person_id", "order_events.person_id", "talk_lines.person_id"}
"""A history keeps the account by which something was done."""

OF_THE_CHAT = {"last_used.person_id", "muted.person_id", "outbox.person_id"}
"""What goes with an account: where it was last used, what it would not be told, what was sent."""


def test_every_column_that_names_a_person_is_handed_over_or_stays_on_purpose() -> None:
    named = {
        f"{column.table.name}.{column.name}"
        for table in metadata.tables.values()
        for column in table.columns
        if any(key.column.table.name == "persons" for key in column.foreign_keys)
    }
    handed_over = {f"{column.table.name}.{column.name}" for column in OWNED_BY_PERSON}
    assert named == handed_over | OF_STAFF | OF_THEN | OF_THE_CHAT
