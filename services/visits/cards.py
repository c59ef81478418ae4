"""The faces of a person's return visit: a line on the board, a card, words to the household.

The script on the card asks what §5.4.2 has us ask, and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from services import orders, ratings, reveals
from services.desk import Desk
from services.messages import Action, Fact, Message, Moment, Named, Rows, Saying, Word, do, say
from services.rules.names import mask_name, mask_phone
from services.visits import record as visits
from services.visits import visitors
from storage import visiting as store
from storage.records import (
    Person,
    Relation,
    Visit,
    VisitMethod,
    VisitSource,
    VisitState,
)
from storage.visiting import Seen

BY_PEOPLE = (VisitMethod.PHONE, VisitMethod.ON_SITE, VisitMethod.INTERCOM)
"""How a person may visit (§5.4.1); the fourth way is the questionnaire."""

NOBODY = Word("visiting-nobody")

_MOMENT = timedelta(seconds=1)


class Stage(StrEnum):
    """What a person's visit waits for next."""

    METHOD = "method"
    RESULT = "result"
    TIMELY = "timely"
    REASON = "reason"
    SAID = "said"
    EVIDENCE = "evidence"
    OVER = "over"


def stage(visit: Visit) -> Stage:
    """What it waits for; over is also what a household has answered in chat meanwhile."""
    if visit.state is VisitState.EVIDENCE:
        return Stage.EVIDENCE
    if visit.state is not VisitState.TASK:
        return Stage.OVER
    if visit.answered_at is None:
        return Stage.RESULT if visit.method in BY_PEOPLE else Stage.METHOD
    return _after_answer(visit) if visit.method in BY_PEOPLE else Stage.OVER


def _after_answer(visit: Visit) -> Stage:
    if visit.on_time is None:
        return Stage.TIMELY
    return Stage.SAID if visit.satisfied or visit.dislike else Stage.REASON


# What it is about


@dataclass(frozen=True, slots=True)
class Contact:
    """Who is asked: the name and number on record, and their person where a chat is known."""

    name: str
    phone: str
    person_id: int | None


def contact(desk: Desk, seen: Seen) -> Contact | None:
    """Who ordered the service; for an agreement without an order who lives there, owners first."""
    if seen.order is not None:
        order = seen.order
        return Contact(order.contact_name, order.contact_phone, order.person_id)
    lines = visits.household(desk, seen.visit)
    lines.sort(key=lambda line: line.relation is not Relation.OWNER)
    return next((Contact(line.name, line.phone, line.person_id) for line in lines), None)


def title(seen: Seen) -> Named | Word:
    """The service it is about, or what was agreed."""
    if seen.order is not None:
        return orders.title(seen.order)
    if seen.item is not None:
        return Named(seen.item.name_zh, seen.item.name_en)
    return Word("visiting-some-service")


def last_day(desk: Desk, visit: Visit) -> Moment:
    """The last day on which it may be made."""
    return Moment(visit.due_at - _MOMENT, desk.centre(visit.centre_id).zone, "day")


def is_overdue(desk: Desk, visit: Visit) -> bool:
    """Whether its time is over, and it was not made."""
    return visits.is_open(visit) and visit.due_at <= desk.now


def visitor_name(desk: Desk, visit: Visit) -> Fact:
    """Who is named to visit."""
    return orders.staff_name(desk, visit.visitor_id) if visit.visitor_id else NOBODY


def why(visit: Visit) -> Word:
    """Why a person visits, and not a questionnaire."""
    return Word(f"visit-why-{visit.task_why or visit.source}".replace("_", "-"))


def where_it_stands(desk: Desk, visit: Visit) -> dict[str, Fact]:
    """The facts of a polite true answer: which home, what became of it, by whom, when."""
    since = visit.ended_at or visit.answered_at or visit.task_since or visit.made_at
    return {
        "room": store.seen(desk.connection, visit.id).room.room_no,
        "how": Word(f"visiting-is-{_standing(visit)}".replace("_", "-")),
        "who": Word("visiting-household") if _in_chat(visit) else visitor_name(desk, visit),
        "at": Moment(since, desk.centre(visit.centre_id).zone),
    }


def _standing(visit: Visit) -> str:
    if _in_chat(visit):
        return "answered-in-chat"
    return visit.state if stage(visit) is Stage.OVER else f"at-{stage(visit)}"


def _in_chat(visit: Visit) -> bool:
    return visit.answered_at is not None and visit.method not in BY_PEOPLE


# On the board


def line(desk: Desk, seen: Seen) -> Saying:
    """A visit as one line of a list."""
    visit = seen.visit
    key = "board-visit-evidence" if visit.state is VisitState.EVIDENCE else "board-visit"
    facts: dict[str, Fact] = {
        "room": seen.room.room_no,
        "title": title(seen),
        "why": why(visit),
        "due": last_day(desk, visit),
        "who": visitor_name(desk, visit),
        "tries": visit.tries,
    }
    return Saying("board-visit-overdue" if is_overdue(desk, visit) else key, facts)


# The card


def card(desk: Desk, visit: Visit, viewer: Person | None = None, *, fresh: bool = False) -> Message:
    """How the visit stands; a viewer gets what they can do next, and the script while it helps."""
    seen = store.seen(desk.connection, visit.id)
    face = _about(desk, seen)
    now = stage(visit)
    if now is Stage.OVER:
        face = face.line("visiting-over", **where_it_stands(desk, visit))
        return _recorded(face, visit).as_card(visits.matter(visit), fresh=fresh)
    face = face.line("visiting-why-person", why=why(visit), due=last_day(desk, visit))
    face = face.line_if(is_overdue(desk, visit), "visiting-overdue")
    face = face.line("visiting-named", who=visitor_name(desk, visit))
    face = face.line_if(visit.tries, "visiting-tried", tries=visit.tries)
    face = _recorded(face, visit)
    if now in (Stage.METHOD, Stage.RESULT) and viewer is not None:
        face = _script(desk, seen, face, viewer)
    face = face.line(f"visiting-next-{now}")
    for row in _steps(desk, seen, viewer):
        face = face.row(*row)
    return face.as_card(visits.matter(visit), fresh=fresh)


def _about(desk: Desk, seen: Seen) -> Message:
    visit, who = seen.visit, contact(desk, seen)
    face = say(
        "visiting-head",
        room=seen.room.room_no,
        name=mask_name(who.name) if who else Word("a-stranger"),
        phone=mask_phone(who.phone) if who else "—",
        source=Word(f"visiting-source-{visit.source}".replace("_", "-")),
    )
    if seen.agreement is not None:
        worker = orders.staff_name(desk, seen.agreement.worker_id)
        number = seen.agreement.number
        face = face.line("visiting-agreement", number=number, title=title(seen), who=worker)
        face = face.line_if(visit.late_signed, "visiting-late-signed")
    if seen.order is None:
        return face
    order = seen.order
    zone = desk.centre(visit.centre_id).zone
    facts: dict[str, Fact] = {
        "number": order.number,
        "title": orders.title(order),
        "who": orders.technician_name(desk, order) or NOBODY,
        "at": Moment(order.finished_at or order.reported_at, zone),
    }
    return face.line("visiting-order" if order.finished_at else "visiting-order-running", **facts)


def _recorded(face: Message, visit: Visit) -> Message:
    """What is on record of it so far."""
    if visit.satisfied is None:
        return face
    face = face.line(
        "visiting-recorded",
        method=Word(f"visiting-method-{visit.method}".replace("_", "-")),
        result=ratings.result_word(visit),
    )
    if visit.on_time is not None:
        face = face.line("visiting-recorded-timing", timing=ratings.timing_word(visit))
    if visit.dislike:
        reason = Word(f"rating-because-{visit.dislike}")
        face = face.line("visiting-recorded-reason", reason=reason)
        words = visit.dislike_words
        face = face.line_if(words, "visiting-recorded-words", words=words)
    face = face.line_if(visit.opinion, "visiting-recorded-opinion", words=visit.opinion)
    face = face.line_if(visit.photo, "visiting-evidence-photo")
    return face.line_if(visit.confirmed_at, "visiting-evidence-tap")


def _script(desk: Desk, seen: Seen, face: Message, viewer: Person) -> Message:
    """What is read aloud, word for word."""
    facts: dict[str, Fact] = {
        "centre": desk.centre(seen.visit.centre_id).name,
        "me": viewer.name or "—",
        "title": title(seen),
    }
    finished = seen.order.finished_at if seen.order is not None else None
    if finished is None:
        return face.line("visiting-script-agreed", **facts)
    at = Moment(finished, desk.centre(seen.visit.centre_id).zone, "day")
    return face.line("visiting-script", at=at, **facts)


def _steps(desk: Desk, seen: Seen, viewer: Person | None) -> Rows:
    """The buttons that are true now: the next step first, then the ways to reach the home."""
    key, now = seen.visit.id, stage(seen.visit)
    is_theirs = viewer is not None and viewer.id == seen.visit.visitor_id
    if now is Stage.METHOD or (now is Stage.RESULT and not is_theirs):
        return (_methods(seen.visit), *_ways(desk, seen, viewer))
    if viewer is not None and not visitors.may_go_on(desk, seen.visit, viewer):
        return ()
    steps: dict[Stage, Rows] = {
        Stage.RESULT: (
            (do("visiting.satisfied", key), do("visiting.dissatisfied", key)),
            (do("visiting.nobody", key), do("visiting.declined", key)),
            (do("visiting.otherwise", key),),
            *_number(desk, seen, viewer),
        ),
        Stage.TIMELY: ((do("visiting.ontime", key), do("visiting.late", key)),),
        Stage.REASON: ((do("visiting.why", key),),),
        Stage.EVIDENCE: ((do("visiting.photo", key),),),
    }
    return steps.get(now, ())


def _methods(visit: Visit) -> tuple[Action, ...]:
    """How it may be made: an agreement's on site alone (§5.4.4)."""
    on_site = do("visiting.on_site", visit.id)
    if visit.source is VisitSource.QUARTERLY:
        return (on_site,)
    return do("visiting.phone", visit.id), on_site, do("visiting.intercom", visit.id)


def _ways(desk: Desk, seen: Seen, viewer: Person | None) -> Rows:
    if seen.order is None:
        return ()
    label = Saying("board-label", {"number": seen.order.number})
    return (*_number(desk, seen, viewer), (do("desk.order", seen.order.id, label=label),))


def _number(desk: Desk, seen: Seen, viewer: Person | None) -> Rows:
    """The full number, for whom it may be shown to (§3.11)."""
    if seen.order is None or viewer is None:
        return ()
    may_call = reveals.may_see(desk, seen.visit.centre_id, viewer)
    return ((do("order.reveal", seen.order.id),),) if may_call else ()


# To the household


def evidence_card(desk: Desk, visit: Visit) -> Message:
    """What was recorded of a visit on site, for the household to confirm or not (§5.4.1)."""
    seen = store.seen(desk.connection, visit.id)
    face = say(
        "visiting-confirm-ask",
        room=seen.room.room_no,
        title=title(seen),
        who=visitor_name(desk, visit),
        at=Moment(visit.answered_at or desk.now, desk.centre(visit.centre_id).zone),
    )
    face = _recorded(face, visit)
    face = face.row(do("visited.confirm", visit.id), do("visited.wrong", visit.id))
    return face.as_card(evidence_card_name(visit), fresh=True)


def evidence_card_name(visit: Visit) -> str:
    """What the card is called by which a household confirms."""
    return f"visiting-confirm:{visit.id}"
