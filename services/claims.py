"""Claims to a room that no proof settles: customer service compares them with the roll (§3.3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from services import residents, roster
from services.desk import Desk
from services.due import on_due
from services.errors import DomainError, NotYours
from services.messages import Fact, Message, Moment, Word, do, say
from services.residents import Bound, Home, same_name
from services.rules.names import mask_phone
from storage import people
from storage import residents as store
from storage.records import (
    BindingRequest,
    Deadline,
    Person,
    Relation,
    RequestState,
    Resident,
    Role,
    Room,
)

DECIDERS = (Role.CS, Role.SUPERVISOR, Role.HEAD)
"""Who may decide on a claim, and in which order they are asked."""

REVIEW = "binding.review"


class ClaimPending(DomainError):
    """The person has a claim that is still being looked at."""

    key = "no-claim-pending"


class ClaimDecided(DomainError):
    """A colleague has decided on the claim already."""

    key = "no-claim-decided"


class RoomNotOnRoll(DomainError):
    """The claimed room is not on the roll: there is nothing to bind to."""

    key = "no-room-on-roll"


class LineTaken(DomainError):
    """The roll's line is another account's, and typed words are no proof of being the same."""

    key = "no-line-taken"


class TenancyOver(DomainError):
    """The claimed tenancy has ended by now."""

    key = "no-tenancy-over"


@dataclass(frozen=True, slots=True)
class Claim:
    """What somebody says of themselves; `room_no` and `phone` normalised.

    `phone_proven` is set where the platform vouched for the number. `until` is the last day of a
    tenancy, in the centre's zone.
    """

    centre_id: int
    room_no: str
    name: str
    phone: str
    phone_proven: bool
    relation: Relation
    until: date | None


@dataclass(frozen=True, slots=True)
class Approved:
    """A claim that was granted: whose it was, who they are now, and the home it gave them."""

    request: BindingRequest
    person: Person
    home: Home


def submit(desk: Desk, person: Person, claim: Claim) -> Bound | BindingRequest:
    """Bind an owner whose room, name and proven number are on the roll; ask a person otherwise.

    A number that was only typed proves nothing, even where all three match.

    Raises:
        ClaimPending: one claim at a time; AccountTaken: see `accounts.become`.
    """
    matching = _proven_line(desk, claim)
    if matching is not None:
        line, room = matching
        return Bound(residents.take_line(desk, person, line), (residents.home_of(line, room),))
    require_none_open(desk, person)
    request = _add(desk, person, claim)
    _ask(desk, request)
    return request


def require_none_open(desk: Desk, person: Person) -> None:
    """Refuse a second claim while one is being looked at.

    Raises:
        ClaimPending: there is one.
    """
    request = store.open_request_of(desk.connection, person.id)
    if request is not None:
        centre = desk.centre(request.centre_id)
        raise ClaimPending(
            room=request.room_no, at=Moment(request.created_at, centre.zone), phone=centre.phone
        )


def waiting(desk: Desk, centre_id: int) -> list[BindingRequest]:
    """The centre's claims that wait for a decision, the oldest first."""
    return store.open_requests_in(desk.connection, centre_id)


def approve(desk: Desk, actor: Person, request_id: int) -> Approved:
    """Grant a claim: the roll's line for it, or a new one with what was claimed, is bound.

    Raises:
        NotYours: not of the centre's customer service; ClaimDecided: somebody was faster;
        RoomNotOnRoll, LineTaken, TenancyOver: it cannot be granted (yet).
    """
    request = _open(desk, actor, request_id)
    room = store.room_named(desk.connection, request.centre_id, request.room_no)
    if room is None:
        raise RoomNotOnRoll(room=request.room_no, rows=((do("bind.reject", request.id),),))
    line = residents.line_for(
        desk, room, request.name, request.phone, request.relation, request.until
    )
    if not residents.lives_there(desk, line, room):
        raise TenancyOver(rows=((do("bind.reject", request.id),),))
    if line.person_id not in (None, request.person_id) and not request.phone_proven:
        raise LineTaken(rows=((do("bind.reject", request.id),),))
    applicant = people.person(desk.connection, request.person_id)
    person = residents.take_line(desk, applicant, line)
    store.decide(desk.connection, request.id, RequestState.AGREED, actor.id, desk.now)
    return Approved(request, person, residents.home_of(line, room))


def reject(desk: Desk, actor: Person, request_id: int) -> BindingRequest:
    """Turn a claim down.

    Raises:
        NotYours: not of the centre's customer service; ClaimDecided: somebody was faster.
    """
    request = _open(desk, actor, request_id)
    store.decide(desk.connection, request.id, RequestState.REFUSED, actor.id, desk.now)
    return request


def review_card(desk: Desk, request: BindingRequest) -> Message:
    """The claim for customer service: what was claimed, and how it compares with the roll."""
    proof = "claim-phone-proven" if request.phone_proven else "claim-phone-typed"
    facts: dict[str, Fact] = {
        "centre": desk.centre(request.centre_id).name,
        "room": request.room_no,
        "name": request.name,
        "phone": mask_phone(request.phone),
        "proof": Word(proof),
        "relation": Word(f"relation-{request.relation}"),
    }
    card = say("claim-card", **facts)
    card = card.line_if(request.until, "claim-card-until", until=_day(request.until))
    for key, facts_of_line in _comparison(desk, request):
        card = card.line(key, **facts_of_line)
    buttons = (do("bind.approve", request.id), do("bind.reject", request.id))
    return card.row(*buttons).as_card(card_name(request))


def card_name(request: BindingRequest) -> str:
    """What the claim's card is called."""
    return f"binding:{request.id}"


@on_due(REVIEW)
def ask_in_the_morning(desk: Desk, deadline: Deadline) -> None:
    """A claim of the night reaches customer service when their alert hours begin."""
    request = store.request(desk.connection, deadline.subject_id)
    if request is not None and request.state is RequestState.OPEN:
        _ask(desk, request)


def _ask(desk: Desk, request: BindingRequest) -> None:
    if roster.staff_hours_put_off(desk, request.centre_id, REVIEW, request.id):
        return
    card = review_card(desk, request)
    # The control centre stands next to customer service in the house, yet may not decide on this.
    roster.alert(
        desk, request.centre_id, (Role.CS,), card, matter=card_name(request), chain=DECIDERS
    )


def _add(desk: Desk, person: Person, claim: Claim) -> BindingRequest:
    request = BindingRequest(
        id=0,
        person_id=person.id,
        centre_id=claim.centre_id,
        room_no=claim.room_no,
        name=claim.name,
        phone=claim.phone,
        phone_proven=claim.phone_proven,
        relation=claim.relation,
        until=claim.until,
        created_at=desk.now,
        state=RequestState.OPEN,
        decided_by=None,
        decided_at=None,
    )
    return store.add_request(desk.connection, request)


def _open(desk: Desk, actor: Person, request_id: int) -> BindingRequest:
    request = store.request(desk.connection, request_id)
    if request is None or not _may_decide(desk, actor, request):
        raise NotYours
    if request.state is not RequestState.OPEN:
        raise _decided(desk, request)
    return request


def _may_decide(desk: Desk, actor: Person, request: BindingRequest) -> bool:
    """Customer service of the centre and their superiors; nobody on a claim of their own."""
    return actor.id != request.person_id and any(
        line.centre_id == request.centre_id and set(DECIDERS) & set(line.roles)
        for line in people.staff_of(desk.connection, actor.id)
    )


def _decided(desk: Desk, request: BindingRequest) -> ClaimDecided:
    decider = people.person(desk.connection, request.decided_by or request.person_id)
    zone = desk.centre(request.centre_id).zone
    return ClaimDecided(
        room=request.room_no,
        who=decider.name or "—",
        at=Moment(request.decided_at or request.created_at, zone),
        verdict=Word(f"claim-{request.state}"),
    )


# Claims beside the roll


def _proven_line(desk: Desk, claim: Claim) -> tuple[Resident, Room] | None:
    """The owner's line that room, name and proven number lead to."""
    room = store.room_named(desk.connection, claim.centre_id, claim.room_no)
    if room is None or not claim.phone_proven or claim.relation is not Relation.OWNER:
        return None
    line = residents.same_line(store.lines_in(desk.connection, room.id), claim.name, claim.phone)
    if line is None or line.relation is not Relation.OWNER:
        return None
    return (line, room) if residents.lives_there(desk, line, room) else None


def _comparison(desk: Desk, request: BindingRequest) -> list[tuple[str, dict[str, Fact]]]:
    """What the roll says to each field, a line each; never more of it than CS must know."""
    room = store.room_named(desk.connection, request.centre_id, request.room_no)
    if room is None:
        return [("claim-room-unknown", {})]
    lines = store.lines_in(desk.connection, room.id)
    name_known = any(same_name(line.name) == same_name(request.name) for line in lines)
    phone_known = any(line.phone == request.phone for line in lines)
    same = residents.same_line(lines, request.name, request.phone)
    found: list[tuple[str, dict[str, Fact]]] = [
        ("claim-compared", {"name": _agrees(name_known), "phone": _agrees(phone_known)})
    ]
    if same is None:
        return found + ([("claim-two-lines", {})] if name_known and phone_known else [])
    found.append(("claim-line", {"relation": Word(f"relation-{same.relation}")}))
    if same.until is not None:
        found.append(("claim-line-until", {"until": _day(same.until)}))
    if not residents.lives_there(desk, same, room):
        found.append(("claim-line-ended", {}))
    if same.person_id not in (None, request.person_id):
        found.append(("claim-line-taken", {}))
    return found


def _agrees(known: bool) -> Word:
    return Word("claim-match" if known else "claim-mismatch")


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
