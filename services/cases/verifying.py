"""Verification (验证, §3.4): somebody else finds that what was done helped, or did not."""

from __future__ import annotations

from services import orders
from services.cases import dues, face, hands, life, telling
from services.cases.casebook import (
    ActionFirst,
    CaseStep,
    CaseVerified,
    NotCorrected,
    record,
    save,
)
from services.cases.opening import open_anew, raise_to
from services.desk import Desk
from services.messages import Moment, do, say
from services.rules import grades
from services.rules.grades import Grade
from storage.records import Case, Person


def to_verify(desk: Desk, case_id: int, person: Person) -> Case:
    """The case, for somebody who may say now whether what was done helped.

    Raises:
        NotYours: not of the desk at all. NotTheVerifier: cases of this grade are another role's.
        OwnWork: it is about their work, or they dealt with it. CaseVerified: it has been.
        NotCorrected: nothing is on record yet. ActionFirst: cause and action are not.
    """
    case = hands.for_viewer(desk, case_id, person)
    if case.verifier_id is not None and case.verified_at is not None:
        zone = desk.centre(case.centre_id).zone
        who = orders.staff_name(desk, case.verifier_id)
        raise CaseVerified(number=case.number, who=who, at=Moment(case.verified_at, zone))
    if not life.is_solved(case):
        raise NotCorrected(number=case.number)
    hands.require_verifier(desk, case, person)
    if not life.may_be_verified(case):
        raise ActionFirst(number=case.number, rows=((do("case.show", case.id),),))
    return case


def verify(desk: Desk, case_id: int, person: Person) -> Case:
    """有效: it is verified, and closed where the customer knows the result.

    Raises:
        As `to_verify`.
    """
    case = to_verify(desk, case_id, person)
    case = save(desk, life.verified(case, person.id, desk.now), CaseStep.VERIFIED, person.id)
    dues.drop(desk, case, dues.UNVERIFIED)
    case = telling.close_where_done(desk, case)
    face.refresh(desk, case, besides=person.id)
    return case


def fail(desk: Desk, case_id: int, person: Person, reason: str) -> Case:
    """无效: it is opened anew, one grade higher (§3.4); the reason stands on its card.

    Raises:
        As `to_verify`.
    """
    case = to_verify(desk, case_id, person)
    who = orders.staff_name(desk, person.id)
    record(desk, case, CaseStep.FAILED, person.id, say("case-fact-failed", who=who, words=reason))
    return open_anew(desk, raise_to(desk, case, grades.one_higher(Grade(case.grade))))
