"""The proof of the year sees what it is there to see: books in order, and single faults."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from storage.records import (
    Agreement,
    Case,
    CaseState,
    Sample,
    Visit,
    VisitMethod,
    VisitSource,
    VisitState,
)
from tests.year import proof
from tests.year.proof import Books, Letter, Rework

MONTH = date(2027, 3, 1)
FIRST = datetime(2027, 4, 1, 1, tzinfo=UTC)
"""09:00 on the 1st in Shanghai."""

END = datetime(2027, 4, 3, 16, tzinfo=UTC)
AGENT, TECHNICIAN, SUPERVISOR = 11, 12, 13

SAMPLE = Sample(1, 1, MONTH, "seed", END, 4, 30, 2, FIRST, END)


def visit(number: int, state: VisitState = VisitState.DONE, **changes: object) -> Visit:
    """A visit about the order of its own number in the room of that number."""
    whole = Visit(
        number,
        1,
        number,
        VisitSource.SAMPLE,
        state,
        FIRST,
        END,
        order_id=number,
        sample_id=1,
        method=VisitMethod.PHONE,
        visitor_id=AGENT,
        satisfied=True if state is VisitState.DONE else None,
        ended_at=FIRST,
    )
    return replace(whole, **changes)


CASE = Case(
    id=1,
    number="C1",
    centre_id=1,
    order_id=2,
    source="dissatisfied",
    grade="general",
    state=CaseState.CLOSED,
    opened_at=FIRST,
    correct_by=END,
    verify_by=END,
    handler_id=AGENT,
    taken_at=FIRST,
    correction="said sorry",
    disposition="apology",
    corrected_at=FIRST,
    customer_told_at=FIRST,
    verifier_id=SUPERVISOR,
    verified_at=FIRST,
)

DRAWN = ANSWERED, UNHAPPY, SILENT = (
    visit(1, asked_at=FIRST, asked_id=1, visitor_id=None),
    visit(2, satisfied=False),
    visit(3, VisitState.SILENT, ended_at=END),
)

QUARTER = date(2027, 1, 1)
QUARTER_ENDS = datetime(2027, 3, 31, 16, tzinfo=UTC)
AGREEMENT = Agreement(
    id=1,
    number="XY-9",
    centre_id=1,
    room_id=9,
    item_id=1,
    worker_id=TECHNICIAN,
    signed_on=date(2027, 1, 4),
    starts_on=date(2027, 1, 4),
    ends_on=date(2027, 12, 31),
)
IN_THE_QUARTER = visit(
    9,
    source=VisitSource.QUARTERLY,
    due_at=QUARTER_ENDS,
    order_id=None,
    agreement_id=1,
    sample_id=None,
    quarter=QUARTER,
    method=VisitMethod.ON_SITE,
    photo="of the door",
    ended_at=QUARTER_ENDS - timedelta(days=20),
)

GOOD = Books(
    samples=[SAMPLE],
    visits=[*DRAWN, IN_THE_QUARTER],
    cases=[CASE],
    served={MONTH: {room: {"repair"} for room in (1, 2, 3, 4)}},
    steps={1: {"opened", "closed"}},
    hands={1: {TECHNICIAN}, 2: {TECHNICIAN}},
    letters=[Letter("home-1", FIRST, ("visit-about", "questionnaire-ask"), "visit.ask:1@1")],
    agreements=[AGREEMENT],
)
PRESSED: dict[str, set[datetime]] = {"home-1": {FIRST}}


def faults(books: Books) -> set[str]:
    """The names of the proofs that find something."""
    found: dict[str, Iterator[str]] = {
        "quotas": proof.quotas(books, date(2027, 4, 1)),
        "draws": proof.draws(books),
        "quiet": proof.quiet(books, PRESSED, ("case-owner",)),
        "rests": proof.rests(books),
        "visitors": proof.visitors(books),
        "followed up": proof.followed_up(books),
        "repeated": proof.repeated(books),
        "quarterly": proof.quarterly(books, date(2027, 4, 1)),
    }
    return {name for name, told in found.items() if [*told]}


def test_books_in_order_are_found_in_order() -> None:
    assert faults(GOOD) == set()


def visits_are(*found: Visit) -> Callable[[Books], Books]:
    """The same books with other visits of the sample."""
    return lambda books: replace(books, visits=[*found, IN_THE_QUARTER])


def quarter_is(**changes: object) -> Callable[[Books], Books]:
    """The same books with another quarterly visit."""
    return lambda books: replace(books, visits=[*DRAWN, replace(IN_THE_QUARTER, **changes)])


def superiors_hear(at: datetime, *keys: str, card: str = "") -> Callable[[Books], Books]:
    """The same books with a message to supervisor and head."""
    told = [Letter(who, at, keys, "", card) for who in ("supervisor", "head")]
    return lambda books: replace(books, letters=[*books.letters, *told])


def rework_is(*found: Rework) -> Callable[[Books], Books]:
    """The same books with repairs that did not last."""
    return lambda books: replace(books, reworks=[*found])


def letter(
    hours: float, *keys: str, once: str = "", in_place: bool = False
) -> Callable[[Books], Books]:
    """The same books with one more message to the first home, so long after nine."""
    at = FIRST + timedelta(hours=hours)
    more = Letter("home-1", at, keys, once, in_place=in_place)
    return lambda books: replace(books, letters=[*books.letters, more])


def case_is(**changes: object) -> Callable[[Books], Books]:
    """The same books with the case in another state."""
    return lambda books: replace(books, cases=[replace(CASE, **changes)])


DAY = timedelta(days=1)
MORNING_AFTER = END + timedelta(hours=9)
AFTER_THE_QUARTER = QUARTER_ENDS + timedelta(hours=9)

FAULTS: dict[str, tuple[Callable[[Books], Books], str]] = {
    "a home was served that is not counted": (
        lambda books: replace(books, served={MONTH: {room: {"repair"} for room in range(1, 8)}}),
        "quotas",
    ),
    "too few answers, and nobody heard of it": (visits_are(UNHAPPY, SILENT), "quotas"),
    "too few answers, told without the reason": (
        lambda books: superiors_hear(MORNING_AFTER, "sample-short", "sample-short-refused")(
            visits_are(UNHAPPY, SILENT)(books)
        ),
        "quotas",
    ),
    "a visit is still open": (
        visits_are(*DRAWN, visit(4, VisitState.TASK, ended_at=None)),
        "quotas",
    ),
    "silence, and nobody in their place": (
        visits_are(ANSWERED, UNHAPPY, replace(SILENT, ended_at=END - DAY)),
        "quotas",
    ),
    "done without an answer": (
        visits_are(*DRAWN, replace(visit(4), satisfied=None)),
        "quotas",
    ),
    "one home twice": (visits_are(*DRAWN, visit(4, room_id=1)), "draws"),
    "a home that was not served": (visits_are(*DRAWN, visit(5)), "draws"),
    "asked at noon": (letter(3.5, "visit-about"), "quiet"),
    "asked at night": (letter(12, "visit-about"), "quiet"),
    "asked before nine": (letter(-0.1, "visit-about"), "quiet"),
    "asked twice in a month": (
        visits_are(*DRAWN, visit(4, room_id=1, sample_id=None, asked_at=FIRST + 29 * DAY)),
        "rests",
    ),
    "two questionnaires in a chat": (
        letter(29 * 24, "visit-about", once="visit.ask:2@1"),
        "rests",
    ),
    "their own work": (
        lambda books: replace(books, hands={1: {TECHNICIAN}, 2: {AGENT}}),
        "visitors",
    ),
    "dissatisfied without a case": (lambda books: replace(books, cases=[]), "followed up"),
    "never told": (case_is(customer_told_at=None), "followed up"),
    "verified by who dealt with it": (case_is(verifier_id=AGENT), "followed up"),
    "verified by who did the work": (case_is(verifier_id=TECHNICIAN), "followed up"),
    "left lying, and nobody alarmed": (case_is(state=CaseState.TAKEN), "followed up"),
    "the same fault, and no case": (rework_is(Rework(7, 1, True, 0)), "repeated"),
    "rework at a price": (rework_is(Rework(7, 2, True, 4000)), "repeated"),
    "nobody went there in the quarter": (
        lambda books: replace(books, visits=[*DRAWN]),
        "quarterly",
    ),
    "telephoned instead": (quarter_is(method=VisitMethod.PHONE), "quarterly"),
    "nothing shows that somebody was there": (quarter_is(photo=None), "quarterly"),
    "too late, and nobody heard of it": (quarter_is(ended_at=QUARTER_ENDS), "quarterly"),
    "alarmed about another": (
        lambda books: superiors_hear(AFTER_THE_QUARTER, "quarterly-overdue", card="visit:8")(
            quarter_is(ended_at=QUARTER_ENDS)(books)
        ),
        "quarterly",
    ),
    "alarmed without cause": (
        superiors_hear(AFTER_THE_QUARTER, "quarterly-overdue", card="visit:9"),
        "quarterly",
    ),
    "the named worker asks": (quarter_is(visitor_id=TECHNICIAN), "visitors"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_single_fault_is_found(name: str) -> None:
    spoil, proof_that_finds_it = FAULTS[name]
    assert faults(spoil(GOOD)) == {proof_that_finds_it}


@pytest.mark.parametrize(
    "innocent",
    [
        letter(3.5, "case-owner-result"),  # what became of their own case
        letter(30 * 24, "visit-about", once="visit.ask:2@1"),
        lambda books: replace(
            case_is(state=CaseState.TAKEN)(books), steps={1: {"opened", "escalated"}}
        ),
        letter(3.5, "visit-about", "visit-card-answered", in_place=True),
        lambda books: superiors_hear(
            MORNING_AFTER, "sample-short", "sample-short-refused", "sample-short-silent"
        )(visits_are(UNHAPPY, SILENT, visit(1, VisitState.REFUSED, ended_at=END))(books)),
        rework_is(Rework(7, 2, True, 0), Rework(8, 1, False, 0)),
        lambda books: superiors_hear(AFTER_THE_QUARTER, "quarterly-overdue", card="visit:9")(
            quarter_is(ended_at=QUARTER_ENDS + DAY)(books)
        ),
        lambda books: replace(
            books,
            agreements=[replace(AGREEMENT, signed_on=date(2027, 3, 18))],
            visits=[*DRAWN],
        ),
    ],
)
def test_what_is_allowed_is_no_fault(innocent: Callable[[Books], Books]) -> None:
    assert faults(innocent(GOOD)) == set()
