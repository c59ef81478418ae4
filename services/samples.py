"""The month's sample of households to visit (§5.4.3)."""

from __future__ import annotations

from services import visits
from services.desk import Desk
from services.due import on_due
from storage.records import Deadline


@on_due(visits.REPLACE)
def replace(desk: Desk, deadline: Deadline) -> None:
    """Another household of the stratum takes the place of one that gave no answer."""
