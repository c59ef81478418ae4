"""People who talk through the bot: a resident and the desk, a technician and the control centre,
and at the door the technician and the household (§5.2.6: the bot is the intercom).

Words said before anybody has answered are kept and handed to whoever answers. Neither side sees
the other's number. Each chat has one talk its free words go to; where that talk is over, words
meant for it are never carried into another one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from services import alerts, orders, reveals, roster
from services.desk import Desk
from services.due import minute_of, on_due
from services.errors import DomainError, NotYours
from services.messages import Action, Fact, Message, Moment, Saying, Word, do, say
from services.rules.names import mask_name
from storage import centres, conversations, deadlines, people
from storage import talks as store
from storage.records import (
    Centre,
    Deadline,
    Order,
    OrderState,
    Person,
    Role,
    Talk,
    TalkKind,
    TalkLine,
    TalkState,
)

UNTAKEN = "talk.untaken"
REST = "talk.rest"

UNTAKEN_AFTER = timedelta(minutes=10)
"""How long somebody waits for a human before a supervisor hears of it."""

REST_AFTER = timedelta(hours=12)
"""How long an answered talk may be silent; then it is over, and words find their usual way."""

LADDERS = {
    TalkKind.DESK: (Role.CS, Role.CONTROL, Role.SUPERVISOR, Role.HEAD),
    TalkKind.CONTROL: (Role.CONTROL, Role.CS, Role.SUPERVISOR, Role.HEAD),
}
"""Who answers: the first of these roles that somebody on duty holds."""

AT_WORK = (
    OrderState.ACCEPTED,
    OrderState.SET_OUT,
    OrderState.ARRIVED,
    OrderState.EXPLAINED,
    OrderState.AGREED,
)
"""A technician has the job and it is not over: technician and household may talk."""

LINES_ON_CARD = 3
LISTED = 10


class TalkTaken(DomainError):
    """A colleague is talking to this person already."""

    key = "no-talk-taken"


class TalkOver(DomainError):
    """The talk has ended."""

    key = "no-talk-over"


class NoLiveJob(DomainError):
    """Technician and household can talk only while the technician is on the job."""

    key = "no-talk-no-job"


class NoChat(DomainError):
    """The customer ordered by telephone and has no chat."""

    key = "no-talk-no-chat"


# Beginning


def centres_for(desk: Desk, person: Person) -> list[Centre]:
    """The centres a person may mean: where they live, else where they work, else all there are."""
    homes = [room.centre_id for _, room in people.homes_of(desk.connection, person.id)]
    works = [line.centre_id for line in people.staff_of(desk.connection, person.id)]
    ids = dict.fromkeys(homes or works)
    return [desk.centre(one) for one in ids] or centres.every(desk.connection)


def start(desk: Desk, person: Person, centre_id: int, endpoint_id: int) -> Talk:
    """联系客服: anybody may, at any moment. Who asks twice has one talk.

    Raises:
        NotYours: the centre is not one this person may mean.
    """
    if centre_id not in {centre.id for centre in centres_for(desk, person)}:
        raise NotYours
    talk = _live_desk_talk(desk, person) or _open(desk, person, TalkKind.DESK, centre_id)
    conversations.join_talk(desk.connection, endpoint_id, talk.id)
    return talk


def _live_desk_talk(desk: Desk, person: Person) -> Talk | None:
    live = store.live_of(desk.connection, person.id)
    return next(
        (one for one in live if one.kind is TalkKind.DESK and one.asker_id == person.id), None
    )


def start_control(desk: Desk, person: Person, order_id: int | None, endpoint_id: int) -> Talk:
    """呼叫控制中心, by a technician, perhaps about a job of theirs (§5.2.6).

    Raises:
        NotYours: not on the roster, or the job is not theirs. OrderTaken: it is a colleague's.
    """
    if order_id is not None:
        order = orders.for_technician(desk, order_id, person)
        centre_id = order.centre_id
    else:
        lines = people.staff_of(desk.connection, person.id)
        if not lines:
            raise NotYours
        centre_id = lines[0].centre_id
    talk = next(
        (
            one
            for one in store.live_of(desk.connection, person.id)
            if one.kind is TalkKind.CONTROL
            and one.asker_id == person.id
            and one.order_id == order_id
        ),
        None,
    ) or _open(desk, person, TalkKind.CONTROL, centre_id, order_id)
    conversations.join_talk(desk.connection, endpoint_id, talk.id)
    return talk


def _open(
    desk: Desk, person: Person, kind: TalkKind, centre_id: int, order_id: int | None = None
) -> Talk:
    """A talk that waits for somebody to answer; whoever is on duty is alerted at once."""
    talk = store.add(desk.connection, _new(desk, person.id, kind, centre_id, order_id))
    deadlines.add(desk.connection, UNTAKEN, talk.id, desk.now + UNTAKEN_AFTER, at=desk.now)
    role = answering(desk, talk)
    alerts.alert(desk, centre_id, [role], alert_card(desk, talk), matter(talk), besides=[person.id])
    return talk


def _new(
    desk: Desk,
    asker_id: int,
    kind: TalkKind,
    centre_id: int,
    order_id: int | None,
    agent_id: int | None = None,
) -> Talk:
    return Talk(
        id=0,
        centre_id=centre_id,
        kind=kind,
        asker_id=asker_id,
        order_id=order_id,
        agent_id=agent_id,
        state=TalkState.OPEN if agent_id else TalkState.WAITING,
        opened_at=desk.now,
        taken_at=desk.now if agent_id else None,
        closed_at=None,
    )


def answering(desk: Desk, talk: Talk) -> Role:
    """Whose turn it is to answer: the first role with somebody on duty, else the first."""
    ladder = LADDERS[talk.kind]
    on_duty = (role for role in ladder if roster.on_duty(desk, talk.centre_id, role))
    return next(on_duty, ladder[0])


def start_customer(desk: Desk, order_id: int, person: Person, endpoint_id: int) -> Talk:
    """The desk writes to an order's customer (a case, a question), who need not have asked.

    Raises:
        NotYours: not of the centre's desk. NoChat: a caller. TalkTaken: a colleague is on it.
    """
    order = orders.for_desk(desk, order_id, person)
    if order.person_id is None:
        may_call = reveals.may_see(desk, order.centre_id, person)
        rows = ((do("order.reveal", order.id),),) if may_call else ()
        raise NoChat(number=order.number, rows=rows)
    customer = people.person(desk.connection, order.person_id)
    talk = _live_desk_talk(desk, customer)
    if talk is not None and talk.centre_id == order.centre_id:
        return take(desk, talk.id, person, endpoint_id)
    talk = _begin(desk, customer.id, person.id, TalkKind.DESK, order)
    conversations.join_talk(desk.connection, endpoint_id, talk.id)
    return talk


def start_visit_by_technician(desk: Desk, order_id: int, person: Person, endpoint_id: int) -> Talk:
    """The technician writes to whoever ordered the job they are on (§5.2.6).

    Raises:
        NotYours, OrderTaken, NoLiveJob; NoChat: the customer can only be telephoned, by the desk.
    """
    order = orders.for_technician(desk, order_id, person)
    if order.state not in AT_WORK:
        raise NoLiveJob(number=order.number)
    if order.person_id is None:
        raise NoChat(number=order.number, rows=((do("talk.control_about", order.id),),))
    return _visit(desk, order, order.person_id, person.id, endpoint_id)


def start_visit_by_resident(desk: Desk, order_id: int, person: Person, endpoint_id: int) -> Talk:
    """Somebody of the household writes to the technician who is on their job.

    Raises:
        NotYours: not of this household. NoLiveJob: no technician has it, or it is over.
    """
    order = orders.for_resident(desk, order_id, person)
    if order.state not in AT_WORK or order.technician_id is None:
        raise NoLiveJob(number=order.number, rows=((do("talk.start"),),))
    return _visit(desk, order, person.id, order.technician_id, endpoint_id)


def _visit(
    desk: Desk, order: Order, resident_id: int, technician_id: int, endpoint_id: int
) -> Talk:
    """The talk at the door; whoever began it, the resident is kept as its asker."""
    live = store.visits_of(desk.connection, order.id)
    pair = (resident_id, technician_id)
    known = next((one for one in live if (one.asker_id, one.agent_id) == pair), None)
    talk = known or _begin(desk, resident_id, technician_id, TalkKind.VISIT, order)
    conversations.join_talk(desk.connection, endpoint_id, talk.id)
    return talk


def _begin(desk: Desk, asker_id: int, agent_id: int, kind: TalkKind, order: Order) -> Talk:
    """A talk that has both its sides from the start."""
    new = _new(desk, asker_id, kind, order.centre_id, order.id, agent_id)
    talk = store.add(desk.connection, new)
    _let_rest(desk, talk)
    return talk


# Answering and ending


def take(desk: Desk, talk_id: int, person: Person, endpoint_id: int) -> Talk:
    """回复: the first of the desk to press has the talk; a member makes it the one they write to.

    Raises:
        NotYours: neither a member nor of the centre's desk. TalkTaken: a colleague has it.
        TalkOver: it has ended.
    """
    talk = _for_member_or_desk(desk, talk_id, person)
    if not _is_live(desk, talk):
        raise _over(desk, talk)
    if person.id not in _members(talk):
        if talk.agent_id is not None:
            raise TalkTaken(
                who=orders.staff_name(desk, talk.agent_id),
                at=_moment(desk, talk, talk.taken_at or talk.opened_at),
            )
        talk = _taken(desk, talk, person)
    conversations.join_talk(desk.connection, endpoint_id, talk.id)
    return talk


def _taken(desk: Desk, talk: Talk, person: Person) -> Talk:
    talk = store.change(
        desk.connection, talk, state=TalkState.OPEN, agent_id=person.id, taken_at=desk.now
    )
    deadlines.drop(desk.connection, talk.id, [UNTAKEN], at=desk.now)
    _let_rest(desk, talk)
    alerts.refresh(desk, matter(talk), alert_card(desk, talk), besides=[person.id])
    desk.tell(talk.asker_id, asker_card(desk, talk, fresh=True), matter=matter(talk))
    return talk


def is_mine(desk: Desk, talk_id: int, person: Person) -> bool:
    """Whether the person is on one of the talk's two sides."""
    talk = store.get(desk.connection, talk_id)
    return talk is not None and person.id in _members(talk)


def close(desk: Desk, talk_id: int, person: Person, endpoint_id: int) -> Talk:
    """Either side ends the talk; the other is told.

    Raises:
        NotYours: the person is on neither side. TalkOver: it has ended already.
    """
    talk = store.get(desk.connection, talk_id)
    if talk is None or person.id not in _members(talk):
        raise NotYours
    if talk.state is TalkState.CLOSED:
        raise _over(desk, talk)
    was_waiting = talk.state is TalkState.WAITING
    talk = _end(desk, talk)
    # Only the closer's own chat lets go: the other side may be typing, and must hear that the
    # words arrived nowhere instead of having them carried into another talk.
    conversations.join_talk(desk.connection, endpoint_id, None)
    if was_waiting:
        alerts.refresh(desk, matter(talk), alert_card(desk, talk))
        return talk
    other_id = _other(talk, person.id)
    ended = say("talk-ended-by", who=_name(desk, talk, person.id, for_id=other_id))
    if other_id == talk.asker_id and talk.kind is TalkKind.DESK:
        ended = ended.row(do("talk.start"))
    desk.tell(other_id, ended, matter=matter(talk))
    return talk


def _end(desk: Desk, talk: Talk) -> Talk:
    deadlines.drop(desk.connection, talk.id, [UNTAKEN, REST], at=desk.now)
    return store.change(desk.connection, talk, state=TalkState.CLOSED, closed_at=desk.now)


def _for_member_or_desk(desk: Desk, talk_id: int, person: Person) -> Talk:
    talk = store.get(desk.connection, talk_id)
    if talk is None:
        raise NotYours
    if person.id in _members(talk):
        return talk
    of_desk = orders.serves(desk, person, talk.centre_id, *orders.DESK_ROLES)
    if talk.kind is TalkKind.VISIT or not of_desk:
        raise NotYours
    return talk


def _over(desk: Desk, talk: Talk) -> DomainError:
    """Why nothing can be said in the talk any more."""
    if talk.closed_at is None and talk.order_id is not None:
        return NoLiveJob(number=orders.load(desk, talk.order_id).number)
    return TalkOver(at=_moment(desk, talk, talk.closed_at or desk.now))


# Words


@dataclass(frozen=True, slots=True)
class Said:
    """What became of somebody's words: `answer` where there is more to say than "passed on".

    `by_resident` tells a resident's words from a colleague's.
    """

    answer: Message | None = None
    by_resident: bool = False


def pass_on(
    desk: Desk,
    person: Person,
    endpoint_id: int,
    talk_id: int | None,
    words: str,
    photo: str | None = None,
) -> Said | None:
    """Carry free words or a picture to the other side of the talk this chat is in.

    `talk_id` is where the chat's words went last. None: the person is in no talk, and the words
    are for somebody else.
    """
    if talk_id is not None:
        talk = store.get(desk.connection, talk_id)
        if talk is not None and person.id in _members(talk):
            if _is_live(desk, talk):
                return _say_in(desk, talk, person, words, photo)
            conversations.join_talk(desk.connection, endpoint_id, None)
            if not _is_resident_side(talk, person.id):
                return Said(say("talk-not-sent", who=_other_name(desk, talk, person.id)))
    live = [one for one in store.live_of(desk.connection, person.id) if _is_live(desk, one)]
    mine = [one for one in live if _is_resident_side(one, person.id)] or live
    if not mine:
        return None
    if len(mine) > 1 and not _is_resident_side(mine[0], person.id):
        return Said(_which(desk, mine, person))
    conversations.join_talk(desk.connection, endpoint_id, mine[0].id)
    return _say_in(desk, mine[0], person, words, photo)


def current(desk: Desk, person: Person, talk_id: int | None) -> Talk | None:
    """The talk that this chat's words go to now."""
    live = [one for one in store.live_of(desk.connection, person.id) if _is_live(desk, one)]
    joined = next((one for one in live if one.id == talk_id), None)
    return joined or (live[0] if len(live) == 1 else None)


def is_talking(desk: Desk, person: Person, talk_id: int | None) -> bool:
    """Whether this chat is in a talk, so that a bare number typed there is a word of it."""
    talk = store.get(desk.connection, talk_id) if talk_id is not None else None
    return talk is not None and person.id in _members(talk) and _is_live(desk, talk)


def _say_in(desk: Desk, talk: Talk, person: Person, words: str, photo: str | None) -> Said:
    store.add_line(desk.connection, talk.id, desk.now, person.id, words, photo)
    if talk.state is TalkState.WAITING:
        alerts.refresh(desk, matter(talk), alert_card(desk, talk))
        return Said(asker_card(desk, talk), talk.kind is TalkKind.DESK)
    other_id = _other(talk, person.id)
    line = TalkLine(0, talk.id, desk.now, person.id, words, photo)
    to_customer = talk.kind is TalkKind.DESK and other_id == talk.asker_id
    desk.tell(
        other_id,
        spoken_line(desk, talk, line),
        matter=matter(talk),
        by_phone=to_customer,
        essential=True,  # a person's own words; held back, they would be an answer days late
    )
    if _is_resident_side(talk, person.id):
        return Said(by_resident=True)
    if len(store.live_of(desk.connection, person.id)) > 1:
        return Said(say("talk-sent-to", who=_other_name(desk, talk, person.id)).quietly())
    return Said()


def kept_lines(desk: Desk, talk: Talk) -> list[Message]:
    """What was said so far, for whoever comes to the talk."""
    lines = store.lines_of(desk.connection, talk.id)
    return [spoken_line(desk, talk, line) for line in lines]


def spoken_line(desk: Desk, talk: Talk, line: TalkLine) -> Message:
    """Somebody's words as the other side hears them: who, about what, and the words themselves."""
    listener = _other(talk, line.person_id)
    facts: dict[str, Fact] = {
        "who": _name(desk, talk, line.person_id, for_id=listener),
        "about": _about(desk, talk),
        "words": line.words or Word("talk-picture"),
    }
    side = _side(talk, line.person_id)
    message = Message((Saying(f"talk-line-{side}", facts),))
    if line.photo:
        message = message.showing(line.photo)
    if talk.kind is TalkKind.DESK and listener == talk.asker_id:
        return message
    return message.row(do("talk.take", talk.id), do("talk.close", talk.id))


def _which(desk: Desk, live: Sequence[Talk], person: Person) -> Message:
    """Several talks and none chosen: to whom were these words?"""
    message = say("talk-which")
    for talk in live[:LISTED]:
        message = message.row(_reply_button(desk, talk, person.id))
    return message


def _reply_button(desk: Desk, talk: Talk, viewer_id: int) -> Action:
    who = _other_name(desk, talk, viewer_id)
    return do("talk.take", talk.id, label=Saying("talk-reply-to", {"who": who}))


# Who is who


def _members(talk: Talk) -> set[int | None]:
    return {talk.asker_id, talk.agent_id} - {None}


def _other(talk: Talk, person_id: int) -> int:
    """The one on the other side; of a talk nobody has taken, its asker."""
    return talk.asker_id if person_id != talk.asker_id else (talk.agent_id or talk.asker_id)


def _is_resident_side(talk: Talk, person_id: int) -> bool:
    """Residents ask the desk; at the door they are always kept as the asker."""
    return talk.kind is not TalkKind.CONTROL and person_id == talk.asker_id


def _side(talk: Talk, person_id: int) -> str:
    if person_id == talk.asker_id:
        return "technician" if talk.kind is TalkKind.CONTROL else "resident"
    sides = {TalkKind.DESK: "desk", TalkKind.CONTROL: "control", TalkKind.VISIT: "technician"}
    return sides[talk.kind]


def _is_live(desk: Desk, talk: Talk) -> bool:
    """Whether the talk goes on: one at the door ends with the technician's job."""
    if talk.state is TalkState.CLOSED or talk.order_id is None or talk.kind is not TalkKind.VISIT:
        return talk.state is not TalkState.CLOSED
    order = orders.load(desk, talk.order_id)
    return order.state in AT_WORK and order.technician_id == talk.agent_id


def _name(desk: Desk, talk: Talk, person_id: int, *, for_id: int) -> Fact:
    """What the listener may call somebody: a technician sees a resident's name masked (§3.11)."""
    name = people.person(desk.connection, person_id).name
    if not name:
        return Word("talk-visitor")
    masked = talk.kind is TalkKind.VISIT and _is_resident_side(talk, person_id)
    return mask_name(name) if masked and for_id != person_id else name


def _other_name(desk: Desk, talk: Talk, person_id: int) -> Fact:
    return _name(desk, talk, _other(talk, person_id), for_id=person_id)


def _about(desk: Desk, talk: Talk) -> Fact:
    """The order, else the asker's room in this centre."""
    if talk.order_id is not None:
        order = orders.load(desk, talk.order_id)
        return f"{order.number} {order.place}"
    homes = people.homes_of(desk.connection, talk.asker_id)
    rooms = [room.room_no for _, room in homes if room.centre_id == talk.centre_id]
    if rooms:
        return " ".join(dict.fromkeys(rooms))
    return Word("talk-no-job" if talk.kind is TalkKind.CONTROL else "talk-no-room")


def _moment(desk: Desk, talk: Talk, at: datetime) -> Moment:
    return Moment(at, desk.centre(talk.centre_id).zone)


# Cards


def matter(talk: Talk) -> str:
    """What messages about the talk are filed under; also the name of its card."""
    return f"talk:{talk.id}"


def card(desk: Desk, talk: Talk, person: Person) -> Message:
    """How the talk stands for one of its two sides."""
    if person.id == talk.asker_id and talk.kind is not TalkKind.VISIT:
        return asker_card(desk, talk)
    if talk.state is TalkState.CLOSED:
        return say("talk-ended").as_card(matter(talk))
    facts = {"who": _other_name(desk, talk, person.id), "about": _about(desk, talk)}
    face = Message((Saying("talk-open", facts),))
    return face.row(_end_button(talk)).as_card(matter(talk))


def asker_card(desk: Desk, talk: Talk, *, fresh: bool = False) -> Message:
    """What the asker sees: who will answer and when, then who has answered."""
    centre = desk.centre(talk.centre_id)
    if talk.state is TalkState.CLOSED:
        return say("talk-ended").as_card(matter(talk))
    if talk.agent_id is not None:
        face = say(f"talk-answered-{talk.kind}", who=orders.staff_name(desk, talk.agent_id))
        return face.row(_end_button(talk)).as_card(matter(talk), fresh=fresh)
    role = answering(desk, talk)
    face = say(f"talk-asked-{talk.kind}", role=Word(f"role-{role}"), centre=centre.name)
    if not roster.on_duty(desk, talk.centre_id, role):
        face = face.line("talk-nobody-on-duty")
    if talk.kind is TalkKind.DESK:
        hours = desk.standard(talk.centre_id).staff_alert_hours
        face = face.line("talk-hours", hours=str(hours), phone=centre.phone)
    kept = len(store.lines_of(desk.connection, talk.id))
    face = face.line_if(kept, "talk-kept", count=kept)
    return face.row(_end_button(talk)).as_card(matter(talk), fresh=fresh)


def _end_button(talk: Talk) -> Action:
    return do("talk.close", talk.id, label=do("talk.end").saying)


def alert_card(desk: Desk, talk: Talk) -> Message:
    """What the desk sees of somebody who wants to talk: who, the last words, who has answered."""
    who = _name(desk, talk, talk.asker_id, for_id=0)
    face = Message((Saying(f"talk-alert-{talk.kind}", {"who": who, "about": _about(desk, talk)}),))
    for line in store.lines_of(desk.connection, talk.id)[-LINES_ON_CARD:]:
        words = line.words or Word("talk-picture")
        face = Message((*face.parts, Saying("talk-alert-words", {"words": words})))
    if talk.state is TalkState.WAITING:
        face = face.line("talk-alert-since", at=_moment(desk, talk, talk.opened_at))
        face = face.row(do("talk.take", talk.id))
    elif talk.agent_id is not None and talk.taken_at is not None:
        agent = orders.staff_name(desk, talk.agent_id)
        face = face.line("talk-alert-taken", who=agent, at=_moment(desk, talk, talk.taken_at))
    else:
        face = face.line("talk-alert-given-up")
    return face.as_card(matter(talk))


# What falls due


@on_due(UNTAKEN)
def untaken(desk: Desk, deadline: Deadline) -> None:
    """Nobody has answered for ten minutes: a supervisor hears of it, and the asker the truth."""
    talk = store.get(desk.connection, deadline.subject_id)
    if talk is None or talk.state is not TalkState.WAITING:
        return
    centre = desk.centre(talk.centre_id)
    sorry = say(f"talk-still-waiting-{talk.kind}", phone=centre.phone)
    desk.tell(talk.asker_id, sorry, matter=matter(talk), once=f"untaken:{talk.id}", essential=True)
    at_home = talk.kind is TalkKind.DESK
    if at_home and roster.staff_hours_put_off(desk, talk.centre_id, deadline.kind, talk.id):
        return
    face = alert_card(desk, talk)
    alarm = Message((Saying("talk-untaken"), *face.parts), face.rows)
    alerts.alert(
        desk, talk.centre_id, [Role.SUPERVISOR], alarm, matter(talk), besides=[talk.asker_id]
    )


def _let_rest(desk: Desk, talk: Talk) -> None:
    due = desk.now + REST_AFTER
    deadlines.add(desk.connection, REST, talk.id, due, at=desk.now, version=minute_of(due))


@on_due(REST)
def rest(desk: Desk, deadline: Deadline) -> None:
    """Silent for half a day: the talk is over, so that later words find their usual way."""
    talk = store.get(desk.connection, deadline.subject_id)
    if talk is None or talk.state is not TalkState.OPEN:
        return
    last = store.last_word_at(desk.connection, talk.id) or talk.taken_at or talk.opened_at
    due = last + REST_AFTER
    if due > desk.now:
        deadlines.add(desk.connection, REST, talk.id, due, at=desk.now, version=minute_of(due))
        return
    _end(desk, talk)
