"""How a case looks to the desk: its card, with what its reader may do now."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from services import alerts, orders, reveals
from services.cases import hands, life
from services.cases.casebook import (
    CaseStep,
    barrier_to,
    household_of,
    matter,
    order_of,
    place_of,
    where_it_stands,
)
from services.desk import Desk
from services.messages import Action, Message, Moment, Word, do, load_message, say
from storage import cases as store
from storage import people
from storage.records import Case, CaseState, Order, Person

FACTS_SHOWN = 8
"""How much of its history a card tells: how it began, and the newest."""

OF_THE_STATE = (CaseStep.CORRECTED, CaseStep.ACTED)
"""What these say stands on the card by itself, for as long as it holds."""


def show(desk: Desk, case_id: int, person: Person) -> Message:
    """The case's card for one of the desk, with what this person can do now.

    At the foot of the chat: where it stood may be far above the list it is opened from.

    Raises:
        NotYours: neither staff of the centre's desk nor the business department.
    """
    return card(desk, hands.for_viewer(desk, case_id, person), person, fresh=True)


def refresh(desk: Desk, case: Case, *, besides: int | None = None) -> None:
    """Whoever holds the case's card sees how it stands now, but for who did it just now.

    Whoever has the case keeps their own steps on it.
    """
    shared = card(desk, case)
    own = {}
    if case.taken_at is not None and case.handler_id not in (None, besides):
        handler = people.person(desk.connection, case.handler_id)
        own[handler.id] = card(desk, case, handler)
    known = [] if besides is None else [besides]
    alerts.refresh(desk, matter(case), lambda one: own.get(one, shared), besides=known)


def card(desk: Desk, case: Case, viewer: Person | None = None, *, fresh: bool = False) -> Message:
    """How the case stands; without a viewer it offers only what the whole desk may press."""
    face = say(
        "case-head",
        number=case.number,
        grade=Word(f"grade-{case.grade}"),
        source=Word(f"case-source-{case.source}".replace("_", "-")),
    )
    order = order_of(desk, case)
    face = _home_lines(desk, case, face) if order is None else _order_lines(desk, order, face)
    for facts in _happened(desk, case):
        face = Message((*face.parts, *load_message(facts).parts))
    face = _state_lines(desk, case, face)
    for row in _steps(desk, case, order, viewer):
        face = face.row(*row)
    return face.as_card(matter(case), fresh=fresh)


def _happened(desk: Desk, case: Case) -> list[str]:
    """What its history says: also what was done in vain, once it is opened anew."""
    history = store.history(desk.connection, case.id)
    steps = [event.what for event in history]
    over = len(steps) - steps[::-1].index(CaseStep.REOPENED) if CaseStep.REOPENED in steps else 0
    said = [
        event.facts
        for at, event in enumerate(history)
        if event.facts and (at < over or event.what not in OF_THE_STATE)
    ]
    return said if len(said) <= FACTS_SHOWN else [said[0], *said[1 - FACTS_SHOWN :]]


# What it is about


def _order_lines(desk: Desk, order: Order, face: Message) -> Message:
    face = face.line(
        "case-order",
        number=order.number,
        title=orders.title(order),
        place=order.place,
        owner=order.contact_name,
    )
    worker = orders.technician_name(desk, order)
    return face.line("case-technician", who=worker) if worker else face


def _home_lines(desk: Desk, case: Case, face: Message) -> Message:
    household = household_of(desk, case)
    owner = household[0].name if household else Word("a-stranger")
    face = face.line("case-home", place=place_of(desk, case), owner=owner)
    worker = store.agreement_worker(desk.connection, case.visit_id)
    return face.line_if(worker, "case-technician", who=orders.staff_name(desk, worker or 0))


# How it stands


def _state_lines(desk: Desk, case: Case, face: Message) -> Message:
    facts = where_it_stands(desk, case)
    if not life.is_solved(case):
        face = face.line(f"case-is-{case.state}", **facts, due=_moment(desk, case, case.correct_by))
        return _action_lines(desk, case, face)
    face = Message((*face.parts, *result(case).parts)).line("case-is-corrected", **facts)
    face = _action_lines(desk, case, face)
    return _verification_line(desk, case, _customer_lines(desk, case, face))


def result(case: Case) -> Message:
    """What was done, in the words of who did it."""
    return say("case-result", disposition=disposition(case), words=case.correction)


def disposition(case: Case) -> Word:
    """What kind of thing was done."""
    return Word(f"disposition-{case.disposition}")


def action(case: Case) -> Message:
    """Why it came about, and what keeps it from coming again."""
    return say("case-action", cause=case.cause, action=case.action)


def _action_lines(desk: Desk, case: Case, face: Message) -> Message:
    if case.action_due is None:
        return face
    if life.waits_for_action(case):
        return face.line("case-action-due", due=_moment(desk, case, case.action_due))
    return Message((*face.parts, *action(case).parts))


def _customer_lines(desk: Desk, case: Case, face: Message) -> Message:
    if case.customer_told_at is None:
        return face.line("case-tell-by-phone")
    face = face.line("case-customer-told", at=_moment(desk, case, case.customer_told_at))
    return face.line_if(case.settled, "case-customer-settled")


def _verification_line(desk: Desk, case: Case, face: Message) -> Message:
    if case.verifier_id is not None and case.verified_at is not None:
        who, at = orders.staff_name(desk, case.verifier_id), case.verified_at
        face = face.line("case-is-verified", who=who, at=_moment(desk, case, at))
    elif case.verify_by is not None:
        return face.line("case-awaits-verification", at=_moment(desk, case, case.verify_by))
    if case.closed_at is None:
        return face
    return face.line("case-is-closed", at=_moment(desk, case, case.closed_at))


def _moment(desk: Desk, case: Case, at: datetime) -> Moment:
    return Moment(at, desk.centre(case.centre_id).zone)


# What its reader may do


def _steps(
    desk: Desk, case: Case, order: Order | None, viewer: Person | None
) -> Iterator[tuple[Action, ...]]:
    if case.state is CaseState.OPENED:
        yield (do("case.take", case.id),)
    elif viewer is not None:
        yield from _working_steps(desk, case, viewer)
        yield from _verifying_steps(desk, case, viewer)
        yield from _telling_steps(desk, case, order, viewer)
    elif case.state is not CaseState.CLOSED:
        yield (do("case.show", case.id),)  # what each of them may do, only their own card says


def _working_steps(desk: Desk, case: Case, viewer: Person) -> Iterator[tuple[Action, ...]]:
    if not hands.may_record(desk, case, viewer):
        return
    if case.state is CaseState.TAKEN:
        yield (do("case.correct", case.id),)
    if life.waits_for_action(case):
        yield (do("case.action", case.id),)


def _verifying_steps(desk: Desk, case: Case, viewer: Person) -> Iterator[tuple[Action, ...]]:
    if life.may_be_verified(case) and hands.may_verify(desk, case, viewer):
        yield do("case.verify", case.id), do("case.fail", case.id)


def _telling_steps(
    desk: Desk, case: Case, order: Order | None, viewer: Person
) -> Iterator[tuple[Action, ...]]:
    """Whoever deals with it may write or telephone; a result is told by whoever calls."""
    if life.is_untold(case):
        if hands.works_on(desk, case, viewer):
            yield (do("case.told", case.id),)
            yield do("case.told_settled", case.id), do("case.told_unsettled", case.id)
            yield from _ways_to_reach(desk, case, order, viewer)
    elif case.state is CaseState.TAKEN and hands.may_record(desk, case, viewer):
        yield from _ways_to_reach(desk, case, order, viewer)


def _ways_to_reach(
    desk: Desk, case: Case, order: Order | None, viewer: Person
) -> Iterator[tuple[Action, ...]]:
    if order is not None and barrier_to(desk, case) is None:
        yield (do("talk.customer", order.id),)
    elif reveals.may_see(desk, case.centre_id, viewer):
        yield (do("case.reveal", case.id) if order is None else do("order.reveal", order.id),)
