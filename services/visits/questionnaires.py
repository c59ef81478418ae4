"""Return visits by questionnaire in chat (§5.4.1, §3.6): asked once, reminded once, then a call.

At most three questions: satisfied or not; on time or not; and of who is dissatisfied, why. The
first answer is the result of the visit (reading 5), what follows completes it. A questionnaire
that no chat could carry was never asked: a person visits instead, and it does not count for the
rest that a home has between two of them.
"""

from __future__ import annotations

from collections.abc import Sequence

from services import cases, ratings, reach, reminders
from services.desk import Desk
from services.due import on_due
from services.errors import DomainError, NotYours
from services.messages import Action, Message, Moment, Saying, Word, do, load_message, say
from services.reminders import Reminder
from services.rules import questionnaires as rules
from services.rules.grades import CaseSource
from services.rules.hours import quiet_until
from services.visits import record as visits
from storage import deadlines, outbox
from storage import visits as store
from storage.records import Deadline, Order, Person, Relation, Resident, Visit, VisitMethod
from storage.records import VisitState as State

REMIND = "visit.remind"
CALL = "visit.call"
UNREACHED = "visit.unreached"
"""Due at once where no chat could carry a questionnaire (see `storage.outbox.has_own_way`)."""

MOST_WORDS = 500
"""So many characters of somebody's own words are kept, as in every form."""

RELATIONS = (Relation.OWNER, Relation.FAMILY, Relation.TENANT)
"""Who of a home is asked rather, where whoever ordered cannot be."""


class AlreadyAnswered(DomainError):
    """The household has answered; the answer may be changed only through 修改回答."""

    key = "no-questionnaire-answered"


class AnswerTaken(DomainError):
    """A colleague has taken down the household's answer, which chat changes no more."""

    key = "no-questionnaire-taken"


class AnswerSettled(DomainError):
    """The time to change or complete the answer is over."""

    key = "no-questionnaire-settled"


class WordsTooLong(DomainError):
    """More was typed than is kept."""

    key = "form-too-long"


class QuestionnaireOver(DomainError):
    """Nothing is asked in chat: the visit is over, or a person makes it."""

    key = "no-questionnaire-over"


class NotAnswered(DomainError):
    """A detail was given before the first answer."""

    key = "no-questionnaire-not-answered"


# Asking


@on_due(visits.ASK)
def ask(desk: Desk, deadline: Deadline) -> None:
    """A drawn household is asked in chat, or becomes a person's task (§5.4.2, §3.6).

    A person's at once where a questionnaire would leave no time for its reminder: `late`, or
    `recent` where it is the last one's rest that has to be waited for. What an outage has kept
    waiting goes out one by one all the same.
    """
    visit = visits.load(desk, deadline.subject_id)
    if visit.state is not State.DRAWN:
        return
    # Read first, for its lock: of two visits to one home, one knows of the other's questionnaire.
    lines = visits.household(desk, visit)
    last = store.last_asked(desk.connection, [visit.room_id]).get(visit.room_id)
    standard, zone = desk.standard(visit.centre_id), desk.zone(visit.centre_id)
    at = rules.may_ask_at(desk.now, last, standard, zone)
    if rules.leaves_time(at, visit.due_at, standard, zone):
        if at > desk.now or rules.is_late(deadline.due_at, desk.now):
            visits.put_off(desk, deadline, at)
        else:
            _ask(desk, visit, lines)
        return
    would_do = rules.may_ask_at(desk.now, None, standard, zone)
    rested = rules.leaves_time(would_do, visit.due_at, standard, zone)
    visits.hand_over(desk, visit, "recent" if rested else "late")


def _ask(desk: Desk, visit: Visit, lines: Sequence[Resident]) -> None:
    """Ask the first of the household who can be written to; where nobody can, a person visits."""
    people = _in_order(lines, visits.order_of(desk, visit))
    barred = reach.barriers(desk, people)
    asked_id = next((one for one in people if one not in barred), None)
    if asked_id is None:
        visits.hand_over(desk, visit, reach.soonest(barred.values()).why)
        return
    asked = store.change(
        desk.connection,
        visit,
        state=State.ASKED,
        method=VisitMethod.QUESTIONNAIRE,
        asked_at=desk.now,
        asked_id=asked_id,
    )
    standard, zone = desk.standard(visit.centre_id), desk.zone(visit.centre_id)
    remind_at = rules.reminder_at(desk.now, standard, zone)
    deadlines.add(desk.connection, REMIND, visit.id, remind_at, at=desk.now)
    desk.tell(
        asked_id,
        card(desk, asked),
        matter=visits.matter(visit),
        once=f"{visits.ASK}:{visit.id}",
        by_phone=True,
    )


def _in_order(lines: Sequence[Resident], order: Order | None) -> list[int]:
    """Those of a home who are bound, whom to ask first: who ordered, then owner, family, tenant."""
    ordered_by = order.person_id if order is not None else None
    bound = [(line, line.person_id) for line in lines if line.person_id is not None]
    ranked = sorted(bound, key=lambda one: (one[1] != ordered_by, RELATIONS.index(one[0].relation)))
    return list(dict.fromkeys(person_id for _, person_id in ranked))


@on_due(REMIND)
def remind(desk: Desk, deadline: Deadline) -> None:
    """The one reminder; one that comes late waits for its place outside of quiet hours.

    What has waited in a chat's lane until now was not asked: a person visits.
    """
    visit = visits.load(desk, deadline.subject_id)
    if visit.state is not State.ASKED:
        return
    standard, zone = desk.standard(visit.centre_id), desk.zone(visit.centre_id)
    at = quiet_until(desk.now, standard.quiet_hours, zone)
    if at > desk.now or rules.is_late(deadline.due_at, desk.now):
        visits.put_off(desk, deadline, at)
    elif not reach.was_asked(desk, visit.asked_id, visits.matter(visit)):
        visits.close_in_chat(desk, visit, "visit-card-over")  # so that it never comes
        _was_not_asked(desk, visit)
    else:
        _remind(desk, visit)
        at = rules.call_at(desk.now, visit.due_at, standard)
        deadlines.add(desk.connection, CALL, visit.id, at, at=desk.now)


def _remind(desk: Desk, visit: Visit) -> None:
    """Ask once more, unless they have moved out or want no reminder: the call is made anyway."""
    here = visit.asked_id in [line.person_id for line in visits.household(desk, visit)]
    if visit.asked_id is None or not here:
        return
    if not reminders.wants(desk, visit.asked_id, Reminder.QUESTIONNAIRE):
        return
    again = visits.subject(desk, visit).line("questionnaire-reminder").row(*_yes_or_no(visit))
    desk.tell(
        visit.asked_id,
        again.row(do("reminders.open")).as_card(visits.matter(visit), fresh=True),
        matter=visits.matter(visit),
        once=f"{REMIND}:{visit.id}",
        essential=False,
    )


@on_due(CALL)
def call(desk: Desk, deadline: Deadline) -> None:
    """Still no answer: a person calls (§3.6), while the card in the chat goes on taking one."""
    visit = visits.load(desk, deadline.subject_id)
    if visit.state is State.ASKED:
        visits.hand_over(desk, visit, "silent")


@on_due(UNREACHED)
def unreached(desk: Desk, deadline: Deadline) -> None:
    """It went out, and no chat has carried it: a person visits at once."""
    visit = visits.load(desk, deadline.subject_id)
    if visit.asked_at is not None and visit.satisfied is None:
        _was_not_asked(desk, visit)


def _was_not_asked(desk: Desk, visit: Visit) -> None:
    """Take back that they were asked: a person visits, and nothing counts for the 30 days."""
    barred = reach.barriers(desk, [visit.asked_id] if visit.asked_id is not None else [])
    why = next((one.why for one in barred.values()), "unreached")
    deadlines.drop(desk.connection, visit.id, [REMIND, CALL], at=desk.now)
    back = store.change(desk.connection, visit, asked_at=None, asked_id=None)
    if back.state is State.ASKED:
        visits.hand_over(desk, back, why)


# Answering


def answer(desk: Desk, visit_id: int, person: Person, *, satisfied: bool) -> Visit:
    """The first answer of somebody who lives there (§5.4.2), which ends the visit.

    It counts while a person has the visit to make already, too: whichever comes first.

    Raises:
        NotYours: they do not live there. AlreadyAnswered: there is an answer, which stays.
        AnswerTaken: a colleague has taken it down. QuestionnaireOver: nothing is asked in chat.
    """
    visit, line = _of_household(desk, visit_id, person)
    if visit.satisfied is not None:
        raise _already(desk, visit)
    if not _takes_answers(visit):
        raise QuestionnaireOver(rows=((do("talk.start"),),))
    deadlines.drop(desk.connection, visit.id, [REMIND, CALL], at=desk.now)
    answered = visits.answer(
        desk,
        visit,
        satisfied=satisfied,
        by=person.id,
        respondent_id=person.id,
        respondent=line.name,
        # It was asked after all, though a platform may have told us otherwise.
        asked_at=visit.asked_at or desk.now,
        asked_id=visit.asked_id or person.id,
        visitor_id=None,
    )
    return visits.done(desk, answered)


def _takes_answers(visit: Visit) -> bool:
    """Whether it was asked in chat, and neither ended nor answered since."""
    by_chat = visit.method is VisitMethod.QUESTIONNAIRE
    return by_chat and visit.state in (State.ASKED, State.TASK)


def revise(desk: Desk, visit_id: int, person: Person, *, satisfied: bool) -> Visit:
    """A mistaken tap put right, within the time there is from the first answer (24 hours).

    Dissatisfied now opens a case as at first; satisfied now is noted with the case, which must be
    dealt with all the same.

    Raises:
        NotYours, NotAnswered, AnswerTaken, AnswerSettled; AlreadyAnswered: that is the answer.
    """
    visit, line = _changeable(desk, visit_id, person)
    if visit.satisfied is satisfied:
        raise _already(desk, visit)
    changed = visits.answer(
        desk,
        visit,
        satisfied=satisfied,
        by=person.id,
        respondent_id=person.id,
        respondent=line.name,
        dislike=None,
        dislike_words="",
    )
    if satisfied:
        at = Moment(desk.now, desk.centre(visit.centre_id).zone)
        fact = say("case-fact-now-satisfied", at=at)
        about = visits.about(desk, changed)
        cases.note_fact(desk, about, CaseSource.DISSATISFIED, fact, person.id)
    return changed


def answer_on_time(desk: Desk, visit_id: int, person: Person, *, on_time: bool) -> Visit:
    """准时 or 不准时, as the household felt it: a figure of its own, never a case by itself (§3.8).

    Raises:
        NotYours, NotAnswered, AnswerTaken, AnswerSettled.
    """
    visit, _ = _changeable(desk, visit_id, person)
    return store.change(desk.connection, visit, on_time=on_time)


def give_reason(desk: Desk, visit_id: int, person: Person, reason: str, words: str = "") -> Visit:
    """Why they are dissatisfied (§5.4.2): one of `ratings.REASONS`, and their own words.

    Raises:
        As `answer_on_time`; AlreadyAnswered: they are satisfied by now.
    """
    visit = _dissatisfied(desk, visit_id, person)
    return visits.give_reason(desk, visit, reason, words, person.id)


def take_words(desk: Desk, endpoint_id: int, person: Person, words: str) -> Visit | None:
    """Typed words answer what the chat was asked last; None where that asks for no words.

    Raises:
        As `give_reason`; WordsTooLong.
    """
    asked = _asked_last(desk, endpoint_id)
    if asked is None:
        return None
    if len(words) > MOST_WORDS:
        raise WordsTooLong(most=MOST_WORDS)
    visit_id, question = asked
    if question == ASK_OPINION:
        visit = _dissatisfied(desk, visit_id, person)
        return visits.give_opinion(desk, visit, words, person.id)
    return give_reason(desk, visit_id, person, "other", words)


ASK_WHY = "questionnaire-ask-why"
ASK_OPINION = "questionnaire-ask-opinion"


def _asked_last(desk: Desk, endpoint_id: int) -> tuple[int, str] | None:
    """The visit whose card offers the newest choices of the chat, and the question it puts.

    None where it is no card of a visit, or none that asks for words.
    """
    newest = map(load_message, outbox.newest(desk.connection, endpoint_id))
    shown = next((message for message in newest if message.rows), None)
    kind, _, visit_id = ((shown.card if shown else None) or "").partition(":")
    if shown is None or kind != "visit":
        return None
    asked = [part.key for part in shown.parts if part.key in (ASK_WHY, ASK_OPINION)]
    return (int(visit_id), asked[0]) if asked else None


def _dissatisfied(desk: Desk, visit_id: int, person: Person) -> Visit:
    visit, _ = _changeable(desk, visit_id, person)
    if visit.satisfied:
        raise _already(desk, visit)
    return visit


def _changeable(desk: Desk, visit_id: int, person: Person) -> tuple[Visit, Resident]:
    """The visit, where this person may still change or complete its answer given in chat."""
    visit, line = _of_household(desk, visit_id, person)
    if visit.satisfied is None:
        if not _takes_answers(visit):
            raise QuestionnaireOver(rows=((do("talk.start"),),))
        raise NotAnswered(rows=(_yes_or_no(visit),))
    if visit.method is not VisitMethod.QUESTIONNAIRE:
        raise _already(desk, visit)
    if not _may_change(desk, visit):
        raise AnswerSettled(answer=ratings.result_word(visit), rows=((do("talk.start"),),))
    return visit, line


def _of_household(desk: Desk, visit_id: int, person: Person) -> tuple[Visit, Resident]:
    """The visit, and the line of the roll by which this person lives in that home today."""
    visit = visits.load(desk, visit_id)
    line = visits.line_of(desk, visit, person)
    if line is None:
        raise NotYours
    return visit, line


def _may_change(desk: Desk, visit: Visit) -> bool:
    by_chat = visit.method is VisitMethod.QUESTIONNAIRE
    return by_chat and ratings.may_be_changed(desk, visit.centre_id, visit.answered_at)


def _already(desk: Desk, visit: Visit) -> AlreadyAnswered | AnswerTaken:
    if visit.method is not VisitMethod.QUESTIONNAIRE:
        return AnswerTaken(answer=ratings.result_word(visit), rows=((do("talk.start"),),))
    rows = ((do("questionnaire.change", visit.id),),) if _may_change(desk, visit) else ()
    return AlreadyAnswered(answer=ratings.result_word(visit), rows=rows)


# The card


def card(desk: Desk, visit: Visit) -> Message:
    """How the questionnaire stands, with the question that is open and the way to change it."""
    face = visits.subject(desk, visit)
    if visit.satisfied is None:
        face = face.line("questionnaire-ask").row(*_yes_or_no(visit))
        return face.as_card(visits.matter(visit))
    key = "questionnaire-satisfied" if visit.satisfied else "questionnaire-dissatisfied"
    face = face.line(key)
    if visit.on_time is not None:
        face = face.line("rate-kept-on-time", on_time=ratings.timing_word(visit))
    if visit.dislike:
        face = face.line("rate-kept-reason", reason=Word(f"rating-because-{visit.dislike}"))
    face = face.line_if(visit.opinion, "questionnaire-opinion-kept")
    if _may_change(desk, visit):
        face = _with_next_question(face, visit)
    return face.as_card(visits.matter(visit))


def _with_next_question(face: Message, visit: Visit) -> Message:
    """What is still open, and the way to put a mistaken tap right."""
    if visit.on_time is None:
        face = face.row(
            do("questionnaire.ontime", visit.id, label=do("rate.ontime").saying),
            do("questionnaire.late", visit.id, label=do("rate.late").saying),
        )
        return face.row(do("questionnaire.change", visit.id)).line("rate-ask-on-time")
    if not visit.satisfied and not visit.dislike:
        for row in _reasons(visit):
            face = face.row(*row)
        face = face.line(ASK_WHY)
    if not visit.satisfied and not visit.opinion:
        face = face.line("questionnaire-invite").row(do("questionnaire.opinion", visit.id))
    return face.row(do("questionnaire.change", visit.id))


def _yes_or_no(visit: Visit) -> tuple[Action, Action]:
    return (
        do("questionnaire.yes", visit.id, label=do("rate.yes").saying),
        do("questionnaire.no", visit.id, label=do("rate.no").saying),
    )


def _reasons(visit: Visit) -> list[tuple[Action, ...]]:
    """The reasons there are, two to a row."""
    buttons = [
        do("questionnaire.because", visit.id, one, label=Saying(f"rating-because-{one}"))
        for one in ratings.REASONS
    ]
    return [tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2)]


def opinion_card(desk: Desk, visit_id: int, person: Person) -> Message:
    """对我们其他服务的意见: the card asks for it in words.

    Raises:
        As `give_reason`.
    """
    visit = _dissatisfied(desk, visit_id, person)
    face = visits.subject(desk, visit).line(ASK_OPINION)
    return face.row(do("questionnaire.keep", visit.id)).as_card(visits.matter(visit))


def change_card(desk: Desk, visit_id: int, person: Person) -> Message:
    """修改回答: the first question again, in its place.

    Raises:
        As `answer_on_time`.
    """
    visit, _ = _changeable(desk, visit_id, person)
    face = visits.subject(desk, visit).line(
        "questionnaire-change", answer=ratings.result_word(visit)
    )
    yes = do("questionnaire.revise", visit.id, "yes", label=do("rate.yes").saying)
    no = do("questionnaire.revise", visit.id, "no", label=do("rate.no").saying)
    face = face.row(yes, no).row(do("questionnaire.keep", visit.id))
    return face.as_card(visits.matter(visit))


def keep_card(desk: Desk, visit_id: int, person: Person) -> Message:
    """The questionnaire as it stands, after second thoughts.

    Raises:
        NotYours; QuestionnaireOver: nothing is asked in chat.
    """
    visit, _ = _of_household(desk, visit_id, person)
    if visit.satisfied is None and not _takes_answers(visit):
        raise QuestionnaireOver(rows=((do("talk.start"),),))
    return card(desk, visit)
