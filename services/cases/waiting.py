"""The list of what is to be done about cases (待办): to each person what is theirs."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services import orders, roster
from services.cases import dues, hands, life
from services.desk import Desk
from services.rules.grades import Grade
from storage import cases as store
from storage import people
from storage.records import Case, CaseState, Person, Role, Staff


class Todo(StrEnum):
    """What somebody is to do about a case."""

    TAKE = "take"
    CORRECT = "correct"
    ACT = "act"
    VERIFY = "verify"
    TELL = "tell"


@dataclass(frozen=True, slots=True)
class Task:
    """One case on somebody's list: what they do about it, until when."""

    case: Case
    what: Todo
    due_at: datetime


@dataclass(frozen=True, slots=True)
class _Reader:
    """Whose list it is: their roles in the case's centre, and the hour."""

    person_id: int
    roles: frozenset[Role]
    now: datetime

    def has(self, roles: Collection[Role]) -> bool:
        return bool(self.roles & set(roles))

    def sees_late(self, due_at: datetime, roles: Collection[Role] = roster.SUPERIORS) -> bool:
        """What is a colleague's is seen by these only once it is overdue."""
        return due_at <= self.now and self.has(roles)


def todo(desk: Desk, person: Person) -> list[Task]:
    """What waits for this person, the oldest due first; a case stands there once.

    An unclaimed case is everybody's of its centre's desk; one that somebody has is theirs, and
    their superiors' once it is overdue. Verifications are whose they are by grade (§3.4).
    """
    lines = people.staff_of(desk.connection, person.id)
    tasks = [
        task
        for centre_id in orders.centres_of(desk, person)
        for task in _in_centre(desk, centre_id, _reader(desk, centre_id, person, lines))
    ]
    return sorted(tasks, key=lambda task: (task.due_at, task.case.id))


def _reader(desk: Desk, centre_id: int, person: Person, lines: Sequence[Staff]) -> _Reader:
    here = {role for line in lines if line.centre_id == centre_id for role in line.roles}
    everywhere = {Role.BUSINESS for line in lines if Role.BUSINESS in line.roles}
    return _Reader(person.id, frozenset(here | everywhere), desk.now)


def _in_centre(desk: Desk, centre_id: int, reader: _Reader) -> Iterator[Task]:
    unclosed = store.unclosed_in(desk.connection, centre_id)
    judged = [case.id for case in unclosed if life.may_be_verified(case)]
    involved = store.involved_in(desk.connection, judged)
    for case in unclosed:
        tasks = [
            *_work(case, reader),
            *_action(case, reader),
            *_verification(case, reader, involved.get(case.id, set())),
            *_call(case, reader),
        ]
        if tasks:
            yield min(tasks, key=lambda task: task.due_at)


def _work(case: Case, reader: _Reader) -> Iterator[Task]:
    if case.state is CaseState.OPENED and reader.has(hands.WORKERS):
        yield Task(case, Todo.TAKE, case.correct_by)
    elif case.state is CaseState.TAKEN:
        mine = case.handler_id == reader.person_id
        if mine or reader.sees_late(case.correct_by):
            yield Task(case, Todo.CORRECT, case.correct_by)


def _action(case: Case, reader: _Reader) -> Iterator[Task]:
    if case.action_due is None or not life.waits_for_action(case):
        return
    mine = case.handler_id == reader.person_id and case.state is not CaseState.OPENED
    if mine or reader.sees_late(case.action_due, (Role.HEAD,)):
        yield Task(case, Todo.ACT, case.action_due)


def _verification(case: Case, reader: _Reader, involved: Collection[int]) -> Iterator[Task]:
    """The business department sees what a centre should have verified once it is overdue."""
    if not life.may_be_verified(case) or not life.is_impartial(case, reader.person_id, involved):
        return
    due = case.verify_by or case.correct_by
    mine = (Role.BUSINESS,) if case.grade == Grade.SERIOUS else roster.SUPERIORS
    if reader.has(mine) or reader.sees_late(due, (Role.BUSINESS,)):
        yield Task(case, Todo.VERIFY, due)


def _call(case: Case, reader: _Reader) -> Iterator[Task]:
    if case.corrected_at is None or not life.is_untold(case):
        return
    if case.handler_id == reader.person_id or reader.sees_late(
        case.corrected_at + dues.TELL_WITHIN
    ):
        yield Task(case, Todo.TELL, case.corrected_at)
