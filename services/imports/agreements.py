"""Agreements for long-term services: by their number, with home, item and named worker (§5.1.4)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from services.desk import Desk
from services.imports.intake import How, Intake, Placed, Plan, Report, Steps, take_in
from services.imports.rows import AgreementRow
from services.imports.sheet import Problem, Sheet
from storage import agreements as agreement_store
from storage import imports as store
from storage import people
from storage.records import Agreement, Role, Staff


@dataclass(frozen=True, slots=True)
class _Known:
    """What the lines of a sheet may name, by centre."""

    rooms: dict[tuple[int, str], int]
    items: dict[tuple[int, str], int]
    workers: dict[int, list[Staff]]

    def named(self, one: Placed[AgreementRow]) -> list[Staff]:
        """The technicians whom a line may mean: one number is one person, a name may be several."""
        row = one.row
        return [line for line in self.workers[one.centre_id] if row.worker in _names(line)]


def _names(line: Staff) -> tuple[str, str]:
    return line.name, line.phone


def import_agreements(desk: Desk, sheet: Sheet, how: How, steps: Steps) -> Report:
    intake = take_in(desk, AgreementRow, sheet, how, steps)
    intake.drop_repeats("number", lambda one: (one.centre_id, one.row.number))
    known = _known(desk, intake)
    intake.drop(lambda one: _unknown(intake, one, known))
    if intake.refused:
        return intake.report()
    booked = {
        (one.centre_id, one.number): one
        for one in agreement_store.of_centres(desk.connection, intake.centre_ids)
    }
    plan: Plan[Agreement] = Plan()
    for one in intake.rows:
        was = booked.get((one.centre_id, one.row.number))
        plan.put(_as_listed(intake, one, known, was), was)
    plan.write(desk, steps)
    return intake.report(plan)


def _known(desk: Desk, intake: Intake[AgreementRow]) -> _Known:
    centre_ids = intake.centre_ids
    catalogue = store.catalogue_of(desk.connection, centre_ids)
    return _Known(
        store.rooms_in(desk.connection, centre_ids),
        {(item.centre_id, item.code): item.id for item in catalogue},
        {
            centre_id: [
                line
                for line in people.staff_in(desk.connection, centre_id)
                if Role.TECHNICIAN in line.roles
            ]
            for centre_id in centre_ids
        },
    )


def _unknown(
    intake: Intake[AgreementRow], one: Placed[AgreementRow], known: _Known
) -> Problem | None:
    """What the line names and the books do not have."""
    row = one.row
    if (one.centre_id, row.room) not in known.rooms:
        return intake.problem(one, "room", "import-no-such-room", given=row.room)
    if (one.centre_id, row.item) not in known.items:
        return intake.problem(one, "item", "import-no-such-item", given=row.item)
    found = len(known.named(one))
    if found != 1:
        key = "import-which-staff" if found else "import-no-such-staff"
        return intake.problem(one, "worker", key, given=row.worker)
    return None


def _as_listed(
    intake: Intake[AgreementRow], one: Placed[AgreementRow], known: _Known, was: Agreement | None
) -> Agreement:
    """The agreement as the sheet has it; a column that the sheet lacks stays as it is."""
    row = one.row
    (worker,) = known.named(one)
    listed = Agreement(
        id=0,
        number=row.number,
        centre_id=one.centre_id,
        room_id=known.rooms[one.centre_id, row.room],
        item_id=known.items[one.centre_id, row.item],
        worker_id=worker.person_id,
        signed_on=row.signed_on,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        ended_on=row.ended_on,
    )
    if was is None:
        return listed
    ended_on = intake.given(row, "ended_on").get("ended_on", was.ended_on)
    return replace(listed, id=was.id, ended_on=ended_on)
