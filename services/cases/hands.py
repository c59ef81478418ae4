"""Who may do what about a case: work on it, record for a colleague, and judge it (§3.4)."""

from __future__ import annotations

from services import orders, roster
from services.cases import life
from services.cases.casebook import NotTheVerifier, OwnWork
from services.desk import Desk
from services.errors import NotYours
from services.messages import Word
from services.rules import grades
from services.rules.grades import Grade
from storage import cases as store
from storage.records import Case, Person, Role

WORKERS = (Role.CS, Role.CONTROL, Role.SUPERVISOR, Role.HEAD)
"""Who may take a case of their centre: everybody to whom its first alert may be passed up."""


def for_worker(desk: Desk, case_id: int, person: Person) -> Case:
    """The case, locked for this unit, for one of those who may work on it.

    Raises:
        NotYours: not customer service, control centre, supervisor or head of this centre.
    """
    case = store.get(desk.connection, case_id)
    if case is None or not works_on(desk, case, person):
        raise NotYours
    return case


def for_viewer(desk: Desk, case_id: int, person: Person) -> Case:
    """The case, locked for this unit, for one of those who may look at it.

    Raises:
        NotYours: neither staff of the centre's desk nor the business department.
    """
    case = store.get(desk.connection, case_id)
    if case is None or not orders.serves(desk, person, case.centre_id, *orders.DESK_ROLES):
        raise NotYours
    return case


def works_on(desk: Desk, case: Case, person: Person) -> bool:
    """Whether they are one of those who may take it, in this very centre."""
    return orders.holds(desk, person, case.centre_id, *WORKERS)


def may_record(desk: Desk, case: Case, person: Person) -> bool:
    """Whether what was done may be recorded by them: its handler, or a superior of this centre."""
    return case.handler_id == person.id or orders.holds(
        desk, person, case.centre_id, *roster.SUPERIORS
    )


def verifiers(case: Case) -> list[Role]:
    """The roles that verify a case of this grade."""
    return roster.roles_of(grades.VERIFIERS[Grade(case.grade)])


def may_verify(desk: Desk, case: Case, person: Person) -> bool:
    """Whether they hold one of these roles, and are none of those whom it is about."""
    return _judges(desk, case, person) and _is_impartial(desk, case, person)


def require_verifier(desk: Desk, case: Case, person: Person) -> None:
    """Refuse whoever must not judge this case.

    Raises:
        NotTheVerifier: another role does. OwnWork: they had a hand in it.
    """
    if not _judges(desk, case, person):
        grade = Word(f"grade-{case.grade}")
        roles = roster.role_names(verifiers(case))
        raise NotTheVerifier(number=case.number, grade=grade, roles=roles)
    if not _is_impartial(desk, case, person):
        raise OwnWork(number=case.number)


def _judges(desk: Desk, case: Case, person: Person) -> bool:
    return orders.serves(desk, person, case.centre_id, *verifiers(case))


def _is_impartial(desk: Desk, case: Case, person: Person) -> bool:
    involved = store.involved_in(desk.connection, [case.id]).get(case.id, set())
    return life.is_impartial(case, person.id, involved)
