"""A human at any moment: 联系客服, 呼叫控制中心, and technician and household at the door."""

from __future__ import annotations

from bot.event import Photo
from bot.handlers.urgent import told_by
from bot.router import Router
from bot.turn import Reply, Turn, reply, say
from services import reveals, talks
from services.desk import Desk
from services.messages import Message, Saying, do
from storage.records import Talk

router = Router("talks")


@router.action("talk.start")
def begin(turn: Turn, desk: Desk) -> Reply:
    """联系客服: who has a home or works in several centres says which is meant."""
    centres = talks.centres_for(desk, turn.person)
    if len(centres) == 1:
        return begin_at(turn, desk, centres[0].id)
    question = say("talk-which-centre")
    for centre in centres:
        label = Saying("talk-centre", {"centre": centre.name})
        question = question.row(do("talk.start_at", centre.id, label=label))
    return reply(question)


@router.action("talk.start_at")
def begin_at(turn: Turn, desk: Desk, centre_id: int) -> Reply:
    """联系客服 of one centre."""
    talk = talks.start(desk, turn.person, centre_id, turn.endpoint.id)
    return _joined(turn, desk, talk)


@router.action("talk.control")
def call_control(turn: Turn, desk: Desk) -> Reply:
    """呼叫控制中心."""
    talk = talks.start_control(desk, turn.person, None, turn.endpoint.id)
    return _joined(turn, desk, talk)


@router.action("talk.control_about")
def call_control_about(turn: Turn, desk: Desk, order_id: int) -> Reply:
    """呼叫控制中心 about a job."""
    talk = talks.start_control(desk, turn.person, order_id, turn.endpoint.id)
    return _joined(turn, desk, talk)


@router.action("talk.owner")
def write_to_owner(turn: Turn, desk: Desk, order_id: int) -> Reply:
    """The technician on the job writes to the household."""
    talk = talks.start_visit_by_technician(desk, order_id, turn.person, turn.endpoint.id)
    return _joined(turn, desk, talk)


@router.action("talk.worker")
def write_to_worker(turn: Turn, desk: Desk, order_id: int) -> Reply:
    """The household writes to the technician on their job."""
    talk = talks.start_visit_by_resident(desk, order_id, turn.person, turn.endpoint.id)
    return _joined(turn, desk, talk)


@router.action("talk.customer")
def write_to_customer(turn: Turn, desk: Desk, order_id: int) -> Reply:
    """The desk writes to an order's customer."""
    talk = talks.start_customer(desk, order_id, turn.person, turn.endpoint.id)
    return _joined(turn, desk, talk)


@router.action("talk.take")
def take(turn: Turn, desk: Desk, talk_id: int) -> Reply:
    """回复: takes a talk nobody has, or goes back to one's own."""
    fresh = turn.conversation.talk_id != talk_id
    was_mine = talks.is_mine(desk, talk_id, turn.person)
    talk = talks.take(desk, talk_id, turn.person, turn.endpoint.id)
    answer = reply(talks.card(desk, talk, turn.person).as_card(talks.matter(talk), fresh=fresh))
    return answer if was_mine else answer.and_say(*talks.kept_lines(desk, talk))


@router.action("talk.close")
def close(turn: Turn, desk: Desk, talk_id: int) -> Reply:
    """结束, from either side."""
    talk = talks.close(desk, talk_id, turn.person, turn.endpoint.id)
    return reply(talks.card(desk, talk, turn.person))


@router.action("talk.end")
def end(turn: Turn, desk: Desk) -> Reply:
    """结束对话, typed: the talk this chat is in."""
    talk = talks.current(desk, turn.person, turn.conversation.talk_id)
    if talk is None:
        return reply(say("talk-none", do("talk.start")))
    return close(turn, desk, talk.id)


@router.action("order.reveal")
def reveal(turn: Turn, desk: Desk, order_id: int) -> Reply:
    """The customer's full number, for the desk, while the job is live; each look is on record."""
    order = reveals.phone(desk, order_id, turn.person)
    facts = {"number": order.number, "name": order.contact_name, "phone": order.contact_phone}
    return reply(Message((Saying("number-revealed", dict(facts)),)))


@router.text
def words(turn: Turn, desk: Desk, text: str) -> Reply | None:
    """Free words go to the talk this chat is in."""
    return _pass_on(turn, desk, text, None)


@router.photo
def picture(turn: Turn, desk: Desk, photo: Photo) -> Reply | None:
    """So do pictures, with the words beside them."""
    return _pass_on(turn, desk, photo.caption, photo.sha256)


def _pass_on(turn: Turn, desk: Desk, text: str, photo: str | None) -> Reply | None:
    joined = turn.conversation.talk_id
    said = talks.pass_on(desk, turn.person, turn.endpoint.id, joined, text, photo)
    if said is None:
        return None
    answer = reply(said.answer) if said.answer else Reply()
    return answer.and_say(*urgent_offer(turn, desk, text)) if said.by_resident else answer


def urgent_offer(turn: Turn, desk: Desk, text: str) -> tuple[Message, ...]:
    """Words meant for a person may tell of an emergency: one tap reports it (§5.2.7)."""
    told = told_by(desk, turn.person, text)
    return (say("talk-urgent", do("urgent.confirm", told.arg)),) if told else ()


def _joined(turn: Turn, desk: Desk, talk: Talk) -> Reply:
    card = talks.card(desk, talk, turn.person)
    return reply(card.as_card(talks.matter(talk), fresh=True))
