"""Mishaps (意外, §5.2.3): something soiled or damaged, or somebody hurt, where we worked.

Whoever sees it first says so: its case is open in that very unit, and the owner hears an apology
and that somebody will see to it. What is agreed on is recorded with the case.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from services import cards, cases, orders, roster
from services.desk import Desk
from services.messages import Fact, Message, Moment, Word, do, say
from services.rules.grades import SERIOUS_LOSS_FEN, CaseSource
from services.rules.history import Step
from storage.records import Case, Order, Person, Role


class MishapKind(StrEnum):
    """What has happened."""

    SOILING = "soiling"
    DAMAGE = "damage"
    INJURY = "injury"


SOURCES = {
    MishapKind.SOILING: CaseSource.SOILING,
    MishapKind.DAMAGE: CaseSource.DAMAGE,
    MishapKind.INJURY: CaseSource.INJURY,
}
"""What each is as a nonconformity (§3.4)."""


class Loss(StrEnum):
    """How great the loss is, as far as anybody can say on the spot."""

    NONE = "none"
    SMALL = "small"
    GREAT = "great"
    UNKNOWN = "unknown"

    @property
    def fen(self) -> int:
        """The amount it is graded by: the most it can be, of a great one the least (§3.4)."""
        return {Loss.SMALL: SERIOUS_LOSS_FEN, Loss.GREAT: SERIOUS_LOSS_FEN + 1}.get(self, 0)


@dataclass(frozen=True, slots=True)
class Mishap:
    """What somebody reports: the kind, the loss, what happened in their words, and pictures."""

    kind: MishapKind
    loss: Loss
    words: str
    photos: tuple[str, ...] = ()


def of_technician(desk: Desk, order_id: int, by: Person) -> Order:
    """The job, for its technician, who is or was there.

    Raises:
        NotYours, OrderTaken: not this technician's; OrderMoved: nobody has been there yet.
    """
    return _require_visited(desk, orders.for_technician(desk, order_id, by))


def of_desk(desk: Desk, order_id: int, by: Person) -> Order:
    """The job, for the desk of its centre, which has heard of it.

    Raises:
        NotYours: not of that desk; OrderMoved: nobody has been there yet.
    """
    return _require_visited(desk, orders.for_desk(desk, order_id, by))


def _require_visited(desk: Desk, order: Order) -> Order:
    if order.arrived_at is None:
        raise orders.moved(desk, order)
    return order


def report(desk: Desk, order: Order, by: Person, mishap: Mishap) -> Case:
    """Open its case at once (§5.1.3), tell the owner with an apology (§5.2.3); returns the case.

    `order` comes from `of_technician` or `of_desk`. An injury, and a loss above ¥1000, are serious.
    """
    words = mishap.words
    orders.note(desk, order, Step.MISHAP, by.id, reason=mishap.kind.value, words=words)
    fact = _fact(desk, order, by, mishap)
    source = SOURCES[mishap.kind]
    case = cases.open_case(desk, order, source, fact, by=by.id, loss_fen=mishap.loss.fen)
    if mishap.photos:
        pictures = say("mishap-pictures", number=order.number, case=case.number)
        shown = pictures.showing(*mishap.photos)
        roster.alert(desk, order.centre_id, (Role.CS,), shown, matter=cards.matter(order))
    _apologise(desk, order, mishap.kind)
    return case


def _fact(desk: Desk, order: Order, by: Person, mishap: Mishap) -> Message:
    """Who says what of when, for the case; its pictures are kept with it."""
    at = Moment(desk.now, desk.centre(order.centre_id).zone)
    facts: dict[str, Fact] = {
        "who": by.name or cards.NOBODY,
        "what": word_of(mishap.kind),
        "loss": Word(f"mishap-loss-{mishap.loss}"),
        "at": at,
    }
    fact = say("case-fact-mishap", **facts).line("case-fact-mishap-words", words=mishap.words)
    return fact.showing(*mishap.photos)


def _apologise(desk: Desk, order: Order, kind: MishapKind) -> None:
    """To the household at once, while the job goes on or after it."""
    about = do("talk.start")
    cards.tell_household(desk, order, "owner-mishap", about, what=word_of(kind))


def word_of(kind: MishapKind) -> Word:
    """What the kind of mishap is called."""
    return Word(f"mishap-{kind}")
