"""What the rows of the tables mean: frozen values, one class a table, fields named as the columns.

Times are aware UTC; money is fen; lengths of time are minutes. `*_id` fields are keys of the
record they name; people are `persons`, whatever their role.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Role(StrEnum):
    """What a member of staff may do (a person may hold several)."""

    TECHNICIAN = "technician"
    CS = "cs"
    SUPERVISOR = "supervisor"
    CONTROL = "control"
    HEAD = "head"
    BUSINESS = "business"


class Relation(StrEnum):
    """A resident's tie to a room."""

    OWNER = "owner"
    FAMILY = "family"
    TENANT = "tenant"


class Trade(StrEnum):
    """Which book a job belongs to: the standard keeps housekeeping and repair apart."""

    HOUSEKEEPING = "housekeeping"
    REPAIR = "repair"
    OTHER = "other"


class OrderKind(StrEnum):
    """How soon: an appointment, or at once."""

    APPOINTMENT = "appointment"
    EMERGENCY = "emergency"


class OrderState(StrEnum):
    """Where an order stands; the transitions are in `services.lifecycle`."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    SET_OUT = "set_out"
    ARRIVED = "arrived"
    EXPLAINED = "explained"
    AGREED = "agreed"
    HELD = "held"
    FINISHED = "finished"
    CANCELLED = "cancelled"


class Source(StrEnum):
    """Who brought the request in (§5.1.2)."""

    OWNER = "owner"
    PHONE = "phone"
    STRANGER = "stranger"


class Size(StrEnum):
    """Minor repair (24 h) or major issue (72 h to an answer); readings 14 and 15."""

    MINOR = "minor"
    MAJOR = "major"


class Result(StrEnum):
    """What came of the work."""

    DONE = "done"
    NOT_SOLVED = "not_solved"
    NO_WORK = "no_work"


class HoldReason(StrEnum):
    """What a held order waits for (等配件, 等业主)."""

    PARTS = "parts"
    OWNER = "owner"


class DayReason(StrEnum):
    """Why somebody's day differs from their shift: leave, a day off, a swap, an extra shift."""

    LEAVE = "leave"
    OFF = "off"
    SWAP = "swap"
    EXTRA = "extra"


class OfferState(StrEnum):
    """What came of asking one technician."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"


class RequestState(StrEnum):
    """A question that a person must answer: open, agreed, refused."""

    OPEN = "open"
    AGREED = "agreed"
    REFUSED = "refused"


class CaseState(StrEnum):
    """Where a nonconformity case stands (§3.4 of the procedure)."""

    OPENED = "opened"
    TAKEN = "taken"
    CORRECTED = "corrected"
    VERIFIED = "verified"
    CLOSED = "closed"


class VisitSource(StrEnum):
    """Why a household is visited (回访): drawn, in another's place, spot check, agreement."""

    SAMPLE = "sample"
    REPLACEMENT = "replacement"
    SPOT_CHECK = "spot_check"
    QUARTERLY = "quarterly"


class VisitMethod(StrEnum):
    """How a household is visited (§5.4.1)."""

    QUESTIONNAIRE = "questionnaire"
    ON_SITE = "on_site"
    PHONE = "phone"
    INTERCOM = "intercom"


class VisitState(StrEnum):
    """Where a return visit stands.

    DRAWN waits for the time to ask, ASKED for the household's answer in chat, TASK for a person to
    visit, EVIDENCE for the photo or the tap that shows somebody was there. The rest is over: DONE
    with a recorded answer, REFUSED, SILENT (asked, and nobody answered), NOT_MADE (nobody asked).
    """

    DRAWN = "drawn"
    ASKED = "asked"
    TASK = "task"
    EVIDENCE = "evidence"
    DONE = "done"
    REFUSED = "refused"
    SILENT = "silent"
    NOT_MADE = "not_made"


class TalkKind(StrEnum):
    """Whom a conversation through the bot is between.

    DESK: anybody and customer service. CONTROL: a technician and the control centre (§5.2.6).
    VISIT: the technician and the resident of one live job.
    """

    DESK = "desk"
    CONTROL = "control"
    VISIT = "visit"


class TalkState(StrEnum):
    """A conversation between two people through the bot."""

    WAITING = "waiting"
    OPEN = "open"
    CLOSED = "closed"


class DeadlineState(StrEnum):
    """A deadline is due once: pending, then done or dropped."""

    PENDING = "pending"
    DONE = "done"
    DROPPED = "dropped"


class OutboxState(StrEnum):
    """A message on its way, or at its end."""

    QUEUED = "queued"
    DELIVERED = "delivered"
    SUPERSEDED = "superseded"
    UNDELIVERABLE = "undeliverable"


@dataclass(frozen=True, slots=True)
class Centre:
    """A service centre (服务中心): its zone, its telephone, and where it departs from the standard.

    `overrides` is JSON of changed values of the standard; `number_day` and `number_seq` count
    the orders of a day.
    """

    id: int
    code: str
    name: str
    zone: str
    phone: str
    overrides: str
    number_day: str
    number_seq: int


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who writes to us. `name` and `phone` are known once bound or on the roster."""

    id: int
    name: str | None
    phone: str | None
    locale: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One chat account of a person on one channel."""

    id: int
    person_id: int
    channel: str
    address: str
    last_seen_at: datetime
    unreachable_at: datetime | None


@dataclass(frozen=True, slots=True)
class Room:
    """A household (户): one room number in one centre (reading 3)."""

    id: int
    centre_id: int
    room_no: str


@dataclass(frozen=True, slots=True)
class Resident:
    """A line of the room roll, bound to a chat person once verified.

    `until` is the last day of a tenancy, in the centre's zone; `ended_at` is set on moving out.
    """

    id: int
    room_id: int
    name: str
    phone: str
    relation: Relation
    until: date | None
    person_id: int | None
    bound_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Staff:
    """A line of the roster. `shift` is roster text, as `services.rules.shifts` reads it.

    `duty` is what the person last said in chat (on or off) and `duty_until` when the roster
    speaks again.
    """

    id: int
    centre_id: int
    person_id: int
    name: str
    phone: str
    roles: tuple[Role, ...]
    skills: tuple[str, ...]
    shift: str
    wecom_userid: str | None
    telegram_id: str | None
    active: bool
    duty: bool | None
    duty_until: datetime | None


@dataclass(frozen=True, slots=True)
class RosterDay:
    """One day on which a member of staff works otherwise than their shift says.

    `day` is a local date of the centre; `shift` is roster text, empty for a day off.
    """

    id: int
    staff_id: int
    day: date
    shift: str
    reason: DayReason
    set_at: datetime


@dataclass(frozen=True, slots=True)
class Invite:
    """A one-time code, kept as its SHA-256, that binds its sender to a roll or roster line."""

    id: int
    code_hash: str
    resident_id: int | None
    staff_id: int | None
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class BindingRequest:
    """A person's claim to a room that CS must look at.

    `until` is the last day of a claimed tenancy. `phone_proven` is set where the platform vouched
    for the number; otherwise it was only typed.
    """

    id: int
    person_id: int
    centre_id: int
    room_no: str
    name: str
    phone: str
    phone_proven: bool
    relation: Relation
    until: date | None
    created_at: datetime
    state: RequestState
    decided_by: int | None
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class Item:
    """A catalogue item of one centre. `price_fen` None means by quote.

    `risk` is covered, approved, review or refer: only the first two can be booked (§3 note).
    """

    id: int
    centre_id: int
    code: str
    name_zh: str
    name_en: str
    category: str
    content_class: str
    unit: str
    price_fen: int | None
    price_mode: str
    minutes: int
    skills: tuple[str, ...]
    risk: str
    noisy: bool
    active: bool


@dataclass(frozen=True, slots=True)
class Order:
    """One job from request to rating; also its intake record (接待业主情况记录, §5.1.2).

    `price_fen` is the indicative price at booking, `quote_fen` what was explained on site,
    `amount_fen` what was charged. `desk_since` is set while customer service must place it.
    `limit_minutes` is the on-site limit of an emergency, fixed at the report (reading 8), from
    which `occurred_at` may have shortened it. `expected_at` is when the technician said they would
    be there. While it is held, `held_for` says what is waited for and `held_until` until when.
    `merged_into` is the earlier report of the same incident (reading 9). `rework_of` is the repair
    that its owner says was not mended (没修好); `rework_confirmed` is what a technician or customer
    service (`rework_by`) found: the same fault, or another; None while nobody has looked.
    """

    id: int
    number: str
    centre_id: int
    room_id: int | None
    place: str
    person_id: int | None
    contact_name: str
    contact_phone: str
    source: Source
    channel: str
    registered_by: int | None
    kind: OrderKind
    emergency: str | None
    item_id: int | None
    title_zh: str
    title_en: str
    trade: Trade
    skills: tuple[str, ...]
    minutes: int
    quantity: int
    price_fen: int | None
    quote_fen: int | None
    amount_fen: int | None
    note: str
    photos: tuple[str, ...]
    after_photos: tuple[str, ...]
    state: OrderState
    size: Size | None
    appointed_at: datetime | None
    owner_deferred: bool
    limit_minutes: int | None
    technician_id: int | None
    reported_at: datetime
    staff_told_at: datetime | None
    desk_since: datetime | None
    accepted_at: datetime | None
    set_out_at: datetime | None
    arrived_at: datetime | None
    arrival_disputed_at: datetime | None
    early_consent_at: datetime | None
    explained_at: datetime | None
    agreed_at: datetime | None
    started_at: datetime | None
    finished_at: datetime | None
    cancelled_at: datetime | None
    result: Result | None
    satisfied: bool | None
    on_time: bool | None
    dislike: str | None
    dislike_words: str
    opinion: str
    rated_at: datetime | None
    rating_closed_at: datetime | None
    occurred_at: datetime | None = None
    expected_at: datetime | None = None
    held_for: HoldReason | None = None
    held_until: datetime | None = None
    merged_into: int | None = None
    rework_of: int | None = None
    rework_confirmed: bool | None = None
    rework_by: int | None = None
    rework_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OrderEvent:
    """One line of an order's append-only history. `facts` is JSON of what the line needs."""

    id: int
    order_id: int
    at: datetime
    what: str
    person_id: int | None
    facts: str


@dataclass(frozen=True, slots=True)
class Offer:
    """One technician asked to take one order, until `expires_at`."""

    id: int
    order_id: int
    person_id: int
    offered_at: datetime
    expires_at: datetime
    state: OfferState
    answered_at: datetime | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Deadline:
    """Something due at an instant, about an order, a case or a form. `once` makes it unique.

    `version` guards against an order that has moved on (an appointment changed meanwhile).
    `set_at` and `dropped_at` say since when it was waited for, and since when no more.
    """

    id: int
    once: str
    kind: str
    subject_id: int
    due_at: datetime
    version: int
    state: DeadlineState
    claimed_by: str | None
    claimed_until: datetime | None
    fired_at: datetime | None
    set_at: datetime | None
    dropped_at: datetime | None


@dataclass(frozen=True, slots=True)
class VerdictRow:
    """What became of one promise of one order.

    `waived_by` is the person who let a miss pass, None where nobody did; `why` is the reason of
    a waiver or of what is not applicable, as a word of ours.
    """

    id: int
    order_id: int
    rule: str
    verdict: str
    due_at: datetime | None
    actual_at: datetime | None
    missed_by_s: int | None
    recorded_at: datetime
    waived_by: int | None
    why: str


@dataclass(frozen=True, slots=True)
class Case:
    """A nonconformity (不合格品控制): who deals with it, until when, and what was done.

    It is about an order, or about a home (`room_id`) that was visited (`visit_id`); `person_id` is
    the customer to be told, None where no chat is known. `action_due` is set where a corrective
    action is asked for, with its `cause`. `effective` is what the verification found; `settled`
    what the customer answered to whether it is settled, None where they have not.
    """

    id: int
    number: str
    centre_id: int
    order_id: int | None
    source: str
    grade: str
    state: CaseState
    opened_at: datetime
    correct_by: datetime
    verify_by: datetime | None
    handler_id: int | None
    taken_at: datetime | None
    correction: str
    disposition: str | None
    corrected_at: datetime | None
    customer_told_at: datetime | None
    room_id: int | None = None
    visit_id: int | None = None
    person_id: int | None = None
    loss_fen: int = 0
    cause: str = ""
    action: str = ""
    action_due: datetime | None = None
    action_by: int | None = None
    action_at: datetime | None = None
    verifier_id: int | None = None
    verified_at: datetime | None = None
    effective: bool | None = None
    settled: bool | None = None
    settled_at: datetime | None = None
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class CaseEvent:
    """One line of a case's append-only history. `facts` is a stored message, or empty."""

    id: int
    case_id: int
    at: datetime
    what: str
    person_id: int | None
    facts: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """A long-term service agreed with a home (特约服务协议书): what, from when until when, by whom.

    Dates are local days of the centre, both included; `ended_on` is the last day where it was
    stopped before `ends_on`.
    """

    id: int
    number: str
    centre_id: int
    room_id: int
    item_id: int
    worker_id: int
    signed_on: date
    starts_on: date
    ends_on: date
    ended_on: date | None = None


@dataclass(frozen=True, slots=True)
class Sample:
    """The return visits of one centre and month of service (§5.4.3): seed, and what it asks for.

    `month` is its first day, on the centre's calendar. `households` (N) and `required` are those of
    the final draw, None before it. Visits may be made until `visits_until`, not included.
    """

    id: int
    centre_id: int
    month: date
    seed: str
    visits_until: datetime
    households: int | None = None
    percent: int | None = None
    required: int | None = None
    finally_drawn_at: datetime | None = None
    concluded_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SampleDraw:
    """One draw of a sample, weekly or final: from which stored list. `candidates` is JSON."""

    id: int
    sample_id: int
    drawn_at: datetime
    final: bool
    candidates: str


@dataclass(frozen=True, slots=True)
class Visit:
    """A return visit (回访记录, §5.4): whom, about which service, how, and what they answered.

    `order_id` is the latest service in the home; a visit for an agreement may have none. `stratum`
    is the kinds of service the home had. `replaces` is the visit in whose place this one was drawn.
    `asked_at` is when a questionnaire went out; it is taken back where that reached nobody.
    `visitor_id` is who is named to visit, at the end who did; `tries` counts calls that nobody
    answered. `photo` and `confirmed_at` are the evidence of a visit on site. `late_signed` flags
    the first visit of an agreement signed in the last days of a quarter (reading 20).
    `complained_at` is when it first had a dissatisfied answer, though that was changed since.
    """

    id: int
    centre_id: int
    room_id: int
    source: VisitSource
    state: VisitState
    made_at: datetime
    due_at: datetime
    order_id: int | None = None
    agreement_id: int | None = None
    quarter: date | None = None
    late_signed: bool = False
    sample_id: int | None = None
    draw_id: int | None = None
    stratum: str = ""
    replaces: int | None = None
    method: VisitMethod | None = None
    asked_at: datetime | None = None
    asked_id: int | None = None
    task_since: datetime | None = None
    task_why: str = ""
    visitor_id: int | None = None
    tries: int = 0
    respondent_id: int | None = None
    respondent: str = ""
    satisfied: bool | None = None
    on_time: bool | None = None
    dislike: str | None = None
    dislike_words: str = ""
    opinion: str = ""
    answered_at: datetime | None = None
    photo: str | None = None
    confirmed_at: datetime | None = None
    ended_at: datetime | None = None
    complained_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class MajorClaim:
    """A technician's proposal that a repair is a major issue (大问题, reading 15)."""

    id: int
    order_id: int
    proposed_by: int
    reason: str
    proposed_at: datetime
    state: RequestState
    decided_by: int | None
    decided_at: datetime | None
    cause: str
    plan: str
    plan_until: str
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Reschedule:
    """A new time proposed for an order; it counts only with the owner's consent (reading 13)."""

    id: int
    order_id: int
    proposed_by: int
    starts_at: datetime
    proposed_at: datetime
    state: RequestState
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation relayed through the bot: the asker on one side, `agent_id` on the other."""

    id: int
    centre_id: int
    kind: TalkKind
    asker_id: int
    order_id: int | None
    agent_id: int | None
    state: TalkState
    opened_at: datetime
    taken_at: datetime | None
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class TalkLine:
    """What one side said: words, or a picture (its SHA-256) with words beside it."""

    id: int
    talk_id: int
    at: datetime
    person_id: int
    words: str
    photo: str | None


@dataclass(frozen=True, slots=True)
class PhoneTask:
    """A message that no chat could carry: somebody reads it out on the telephone."""

    id: int
    centre_id: int | None
    person_id: int
    message: str
    matter: str | None
    created_at: datetime
    done_by: int | None
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class Conversation:
    """Where one endpoint's conversation stands: the open form, and the talk that words go to.

    `form` is a flow's name; `serial` tells this form's buttons from an older one's; `step` is the
    field being asked; `answers` is JSON by field.
    """

    endpoint_id: int
    form: str | None
    serial: int
    step: str
    answers: str
    talk_id: int | None
    touched_at: datetime


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message at the head of its lane, with all the relay needs to send it.

    `once` is as it is stored, with the endpoint behind it. `replaces` is the platform's name of the
    message that shows the same card now; a `fresh` message is sent beside it all the same. An
    `essential` one may have the last message a platform allows; a `mirror` only keeps the face of
    a card true in a chat where nobody acted. `window_until`, `window_left` and `silenced` are the
    chat's service window, where its platform has one: how long and how many messages, and whether
    a colleague speaks there.
    """

    id: int
    endpoint_id: int
    person_id: int
    once: str | None
    message: str
    card: str | None
    matter: str | None
    by_phone: bool
    fresh: bool
    attempts: int
    channel: str
    address: str
    locale: str
    replaces: str | None
    essential: bool = False
    mirror: bool = False
    window_until: datetime | None = None
    window_left: int | None = None
    silenced: bool = False

    @property
    def has_window(self) -> bool:
        """Whether the platform lets us speak only for a while."""
        return self.window_until is not None

    @property
    def is_edit(self) -> bool:
        """Whether it takes the place of what the chat shows."""
        return self.replaces is not None and not self.fresh
