"""Return visits by a person: on site, by telephone, by intercom (§5.4.1).

Three taps take the result: the method, which names who visits; satisfied or not; on time or not.
A visit on site is done only with its evidence: a photo, or the household's own tap.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta

from services import alerts, cases, orders
from services.desk import Desk
from services.due import on_due
from services.errors import DomainError, NotYours
from services.messages import Message, Moment, Saying, do, say
from services.rules.grades import CaseSource
from services.rules.hours import quiet_until
from services.visits import cards as visit_cards
from services.visits import quarterly, samples, visitors
from services.visits import record as visits
from services.visits.cards import Stage, stage
from services.visits.visitors import VISITORS
from storage import visiting as store
from storage import visits as visit_store
from storage.records import Deadline, Person, Role, Visit, VisitMethod, VisitSource, VisitState
from storage.visiting import Seen

TRY_AGAIN_AFTER = timedelta(hours=2)
"""Whoever was out may be back by then."""


class VisitStands(visits.VisitOver):
    """The button is of an earlier moment of the visit: says what is true now."""

    key = "no-visit-stands"


class AnotherVisits(DomainError):
    """A colleague is named; who takes over says by which method they visit."""

    key = "no-visit-of-another"


class OnSiteOnly(DomainError):
    """An agreement's quarterly visit is made on site (§5.4.4)."""

    key = "no-visit-on-site-only"


# What waits


def centres_of(desk: Desk, person: Person) -> list[int]:
    """The centres in which the person may make return visits."""
    return orders.centres_held(desk, person, *VISITORS)


def waiting(desk: Desk, person: Person) -> list[Seen]:
    """The visits that wait for somebody of the person's centres, the soonest due first.

    Raises:
        NotYours: the person makes none anywhere.
    """
    mine = centres_of(desk, person)
    if not mine:
        raise NotYours
    return store.waiting(desk.connection, mine)


def named_for(desk: Desk, person: Person) -> list[Seen]:
    """The visits that the person is to make, the soonest due first."""
    found = store.waiting(desk.connection, centres_of(desk, person))
    return [seen for seen in found if seen.visit.visitor_id == person.id]


def standing(desk: Desk, person: Person) -> Saying | None:
    """How the month stands in the person's centres: households with an answer, of those required.

    Before the final draw nobody knows how many will be required.
    """
    months = [samples.running(desk, one) for one in centres_of(desk, person)]
    recorded = sum(month.recorded for month in months if month)
    required = [month.required for month in months if month and month.required is not None]
    if len(required) < len(months):
        return Saying("board-visits-recorded", {"recorded": recorded})
    return Saying("board-visits-standing", {"recorded": recorded, "required": sum(required)})


@on_due(visits.NAMED)
def tell_named(desk: Desk, deadline: Deadline) -> None:
    """Whoever has been named for a visit hears how many wait for them: one message for many."""
    theirs = defaultdict[int, list[Visit]](list)
    for seen in store.waiting(desk.connection, [deadline.subject_id]):
        if seen.visit.visitor_id is not None:
            theirs[seen.visit.visitor_id].append(seen.visit)
    for person_id, found in theirs.items():
        if any(_is_new(one, deadline) for one in found):
            due = visit_cards.last_day(desk, found[0])
            told = say("visiting-wait-for-you", do("board.visits"), count=len(found), due=due)
            desk.tell(person_id, told, once=f"{deadline.once}:{person_id}")


def _is_new(visit: Visit, deadline: Deadline) -> bool:
    """Whether somebody was named for it since the deadline was set."""
    since, named_at = deadline.set_at, visit.task_since
    return since is not None and named_at is not None and named_at >= since


def show(desk: Desk, visit_id: int, person: Person) -> Message:
    """The visit's card, with what this person can do about it now.

    Raises:
        NotYours: they make no return visits in its centre.
    """
    visit = _of_centre(desk, visit_id, person)
    return visit_cards.card(desk, visit, person, fresh=True)


# Who may press


def _of_centre(desk: Desk, visit_id: int, person: Person) -> Visit:
    visit = visit_store.get(desk.connection, visit_id)
    if visit is None or not orders.holds(desk, person, visit.centre_id, *VISITORS):
        raise NotYours
    return visit


def _at(desk: Desk, visit_id: int, person: Person, *stages: Stage) -> Visit:
    """The visit at one of these stages, for somebody whose own work it is not about.

    Raises:
        NotYours, VisitStands, visitors.OwnWork.
    """
    visit = _of_centre(desk, visit_id, person)
    if stage(visit) not in stages:
        raise _stands(desk, visit)
    visitors.require_other(desk, visit, person)
    return visit


def _under_way(desk: Desk, visit_id: int, person: Person, now: Stage) -> Visit:
    """The visit at this stage, for its visitor; with its answer on record, also for a superior.

    Raises:
        AnotherVisits: a colleague makes it. NotYours, VisitStands, visitors.OwnWork.
    """
    visit = _at(desk, visit_id, person, now)
    if not visitors.may_go_on(desk, visit, person):
        raise AnotherVisits(who=visit_cards.visitor_name(desk, visit))
    return visit


def _stands(desk: Desk, visit: Visit) -> VisitStands:
    return VisitStands(rows=(), **visit_cards.where_it_stands(desk, visit))


def _shown(desk: Desk, visit: Visit, by: Person) -> Visit:
    """Whoever was alerted to it sees how it stands now, and so does its visitor."""
    card, matter = visit_cards.card(desk, visit), visits.matter(visit)
    alerts.refresh(desk, matter, card, besides=[by.id, visit.visitor_id or by.id])
    if visit.visitor_id != by.id:
        desk.tell(visit.visitor_id, card, matter=matter)
    return visit


# Visiting


def choose(desk: Desk, visit_id: int, person: Person, method: VisitMethod) -> Visit:
    """How it is made; whoever says so is the one who visits (§5.4.2), also in a colleague's place.

    Raises:
        NotYours, VisitStands; visitors.OwnWork; OnSiteOnly: it is an agreement's.
    """
    visit = _at(desk, visit_id, person, Stage.METHOD, Stage.RESULT)
    if visit.source is VisitSource.QUARTERLY:
        if method is not VisitMethod.ON_SITE:
            raise OnSiteOnly
        visit = quarterly.about_latest(desk, visit)
        visitors.require_other(desk, visit, person)
    chosen = visit_store.change(desk.connection, visit, method=method, visitor_id=person.id)
    return _shown(desk, chosen, person)


def otherwise(desk: Desk, visit_id: int, person: Person) -> Visit:
    """换方式: the method is open again.

    Raises:
        As `record`.
    """
    return _open_again(desk, _under_way(desk, visit_id, person, Stage.RESULT))


def _open_again(desk: Desk, visit: Visit) -> Visit:
    """The method is to be chosen; who was asked in chat may answer there until it is."""
    asked = VisitMethod.QUESTIONNAIRE if visit.asked_at is not None else None
    return visit_store.change(desk.connection, visit, method=asked)


def record(desk: Desk, visit_id: int, person: Person, *, satisfied: bool) -> Visit:
    """What the household says (§5.4.2); a dissatisfied answer opens its case in this very unit.

    Raises:
        NotYours, VisitStands, AnotherVisits, visitors.OwnWork.
    """
    visit = _under_way(desk, visit_id, person, Stage.RESULT)
    asked = visit_cards.contact(desk, store.seen(desk.connection, visit.id))
    return visits.answer(
        desk,
        visit,
        satisfied=satisfied,
        by=person.id,
        respondent_id=asked.person_id if asked else None,
        respondent=asked.name if asked else "",
    )


def record_on_time(desk: Desk, visit_id: int, person: Person, *, on_time: bool) -> Visit:
    """Whether they came on time, as the household felt it; of the satisfied no more is asked.

    Raises:
        As `record`.
    """
    visit = _under_way(desk, visit_id, person, Stage.TIMELY)
    return _conclude(desk, visit_store.change(desk.connection, visit, on_time=on_time), person)


def to_explain(desk: Desk, visit_id: int, person: Person) -> Visit:
    """The visit, where the reason of a dissatisfied household is still to be written down.

    Raises:
        As `record`.
    """
    return _under_way(desk, visit_id, person, Stage.REASON)


def explain(
    desk: Desk, visit_id: int, person: Person, reason: str, words: str, opinion: str
) -> Visit:
    """Why they are dissatisfied, and what they think of our other work, where they said so.

    Raises:
        As `record`.
    """
    visit = visits.give_reason(
        desk, to_explain(desk, visit_id, person), reason, words, by=person.id
    )
    if opinion:
        visit = visits.give_opinion(desk, visit, opinion, by=person.id)
    return _conclude(desk, visit, person)


def _conclude(desk: Desk, visit: Visit, by: Person) -> Visit:
    """Done once everything is said; on site it needs its evidence first (§5.4.1)."""
    if stage(visit) is not Stage.SAID:
        return visit
    if visit.method is not VisitMethod.ON_SITE:
        return _shown(desk, visits.done(desk, visit), by)
    visit = visit_store.change(desk.connection, visit, state=VisitState.EVIDENCE)
    card = visit_cards.evidence_card(desk, visit)
    for person_id in _to_confirm(desk, visit):
        desk.tell(person_id, card, matter=visits.matter(visit))
    return visit


def _to_confirm(desk: Desk, visit: Visit) -> list[int]:
    """Whoever was spoken with, while they live there; else everybody of the home in chat."""
    there = [line.person_id for line in visits.household(desk, visit) if line.person_id is not None]
    asked = [one for one in there if one == visit.respondent_id]
    return list(dict.fromkeys(asked or there))


# Nobody to ask


def next_try(desk: Desk, visit: Visit) -> datetime:
    """When it makes sense to try again: a while later, and not in quiet hours (§3.6)."""
    quiet = desk.standard(visit.centre_id).quiet_hours
    return quiet_until(desk.now + TRY_AGAIN_AFTER, quiet, desk.zone(visit.centre_id))


def nobody_there(desk: Desk, visit_id: int, person: Person) -> Visit:
    """没接通／没人: one more try; after the last one the household is silent (reading 5).

    An agreement's customer is visited every quarter (§5.4.4): that visit stays to be made.

    Raises:
        As `record`.
    """
    visit = _under_way(desk, visit_id, person, Stage.RESULT)
    tried = visit_store.change(desk.connection, visit, tries=visit.tries + 1)
    most = desk.standard(visit.centre_id).visit_tries
    if tried.tries >= most and tried.source is not VisitSource.QUARTERLY:
        return _shown(desk, visits.end_unanswered(desk, tried, VisitState.SILENT), person)
    return _open_again(desk, tried)


def declined(desk: Desk, visit_id: int, person: Person) -> Visit:
    """拒访: the household does not want to be asked, which stays on record (reading 5).

    Raises:
        As `record`.
    """
    visit = _under_way(desk, visit_id, person, Stage.RESULT)
    return _shown(desk, visits.end_unanswered(desk, visit, VisitState.REFUSED), person)


# Evidence


def to_evidence(desk: Desk, visit_id: int, person: Person) -> Visit:
    """The visit on site, where the photo is still to come.

    Raises:
        As `record`.
    """
    return _under_way(desk, visit_id, person, Stage.EVIDENCE)


def keep_photo(desk: Desk, visit_id: int, person: Person, photo: str) -> Visit:
    """A picture (its SHA-256) shows that somebody was there: the visit is done.

    Raises:
        As `record`.
    """
    visit = to_evidence(desk, visit_id, person)
    return _shown(desk, visits.done(desk, visit, photo=photo), person)


def confirm(desk: Desk, visit_id: int, person: Person) -> Visit:
    """Somebody of the home says that it was so: the visit is done, and the visitor knows.

    Raises:
        NotYours: they do not live there. VisitStands: there is nothing to confirm any more.
    """
    visit = _to_be_confirmed(desk, visit_id, person)
    done = visits.done(
        desk,
        visit,
        confirmed_at=desk.now,
        respondent_id=person.id,
        respondent=person.name or visit.respondent,
    )
    return _shown(desk, done, person)


def dispute(desk: Desk, visit_id: int, person: Person) -> Visit:
    """不对: it was not so. What was recorded is taken back, the desk hears of it, a person visits.

    A case that it opened goes on, with the household's word beside it. Who wrote down what was
    not so is not named again, where there is somebody else.

    Raises:
        As `confirm`.
    """
    visit = _to_be_confirmed(desk, visit_id, person)
    if visit.satisfied is False:
        at = Moment(desk.now, desk.centre(visit.centre_id).zone)
        fact = say("case-fact-visit-disputed", at=at)
        cases.note_fact(
            desk, visits.about(desk, visit), CaseSource.DISSATISFIED, fact, by=person.id
        )
    other = visitors.first(desk, visit, besides=visit.visitor_id)
    anew = visits.hand_over(desk, _blank(desk, visit, other or visit.visitor_id), "disputed")
    card = visit_cards.card(desk, anew)
    head = Saying("visiting-disputed", {"room": visit_cards.where_it_stands(desk, anew)["room"]})
    alarm = Message((head, *card.parts), card.rows)
    alerts.alert(desk, anew.centre_id, (Role.CS, Role.SUPERVISOR), alarm, visits.matter(anew))
    return anew


def _to_be_confirmed(desk: Desk, visit_id: int, person: Person) -> Visit:
    visit = visit_store.get(desk.connection, visit_id)
    if visit is None or visits.line_of(desk, visit, person) is None:
        raise NotYours
    if visit.state is not VisitState.EVIDENCE:
        raise _stands(desk, visit)
    return visit


def _blank(desk: Desk, visit: Visit, visitor_id: int | None) -> Visit:
    """The visit as if nobody had been asked yet."""
    return visit_store.change(
        desk.connection,
        visit,
        method=None,
        satisfied=None,
        on_time=None,
        dislike=None,
        dislike_words="",
        opinion="",
        answered_at=None,
        respondent_id=None,
        respondent="",
        visitor_id=visitor_id,
    )
