"""An order as the standard has it: which step is allowed when, and what each promise is worth.

It is the specification in executable form, written without looking at how the house does it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from tests.town import ZONE

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = 24 * HOUR

BEFORE_ARRIVAL = ("waiting", "accepted", "set_out")
NOBODY_THERE = (*BEFORE_ARRIVAL, "held")
ON_SITE = ("arrived", "explained", "agreed")
OVER = ("finished", "cancelled")

ALLOWED: dict[str, tuple[str, ...]] = {
    "accept": ("waiting",),
    "decline": ("waiting",),
    "assign": NOBODY_THERE,
    "transfer": ("accepted", "set_out"),
    "set_out": ("accepted",),
    "arrive": ("accepted", "set_out"),
    "ask_early": ("accepted", "set_out"),
    "consent_early": ("accepted", "set_out"),
    "explain": ON_SITE,
    "agree": ("explained",),
    "disagree": ("explained",),
    "start": ON_SITE,
    "finish": ON_SITE,
    "return_visit": ("arrived", "agreed"),
    "hold": ("arrived", "agreed", "held"),
    "resume": ("held",),
    "confirm_hold": ("held",),
    "move": ("waiting", "accepted", "held"),
    "propose_time": NOBODY_THERE,
    "agree_time": NOBODY_THERE,
    "cancel": NOBODY_THERE,
    "call_off": (*NOBODY_THERE, "arrived", "explained"),
    "downgrade": BEFORE_ARRIVAL,
    "propose_major": ON_SITE,
    "decide_major": (*NOBODY_THERE, *ON_SITE),
    "answer_major": (*NOBODY_THERE, *ON_SITE),
}
"""The states in which each step may be taken at all."""

CALLED_FOR: dict[str, Callable[[Job], bool]] = {
    # Stopping a loss needs no quote; other work begins with the agreement (reading 16).
    "start": lambda job: job.emergency and job.started_at is None,
    "consent_early": lambda job: job.appointed_at is not None,
    # Only of a job held for the owner is he asked whether the later time is his own wish.
    "confirm_hold": lambda job: job.held_for == "owner",
    "move": lambda job: not job.emergency and job.appointed_at is not None,
    # The next visit of an emergency that was handled has a time; it is no emergency less for it.
    "propose_time": lambda job: not job.emergency or job.started_at is not None,
    "agree_time": lambda job: job.proposed is not None,
    "downgrade": lambda job: job.emergency and job.started_at is None,
    "propose_major": lambda job: job.repair and not job.major and job.claim != "open",
    "decide_major": lambda job: job.claim == "open",
    "answer_major": lambda job: job.major and job.answered_at is None,
}
"""What some of them ask for besides, whoever takes them whenever."""


def emergency_limit(reported_at: datetime) -> timedelta:
    """Ten minutes from 09:00 to 22:00, both minutes included; thirty by night (reading 8)."""
    minute = reported_at.astimezone(ZoneInfo(ZONE)).time().replace(second=0, microsecond=0)
    return 10 * MINUTE if time(9) <= minute <= time(22) else 30 * MINUTE


@dataclass
class Job:
    """One order. Times are what the order's history says, in which none runs backwards."""

    reported_at: datetime
    urgent: bool
    repair: bool
    minutes: int
    appointed_at: datetime | None = None
    """The agreed time, kept or not."""

    state: str = "waiting"
    technician: str | None = None
    quote: int | None = None
    welcome_early: bool = False
    deferred: bool = False
    proposed: datetime | None = None
    """A time the desk has proposed, while the owner may answer."""
    held_for: str | None = None
    held_until: datetime | None = None
    claim: str | None = None
    """The proposal of a large problem: open, agreed or refused."""

    limit: timedelta = field(init=False)
    awaited: datetime | None = field(init=False)
    """The agreed time, while nobody has come for it."""
    minor_due: datetime = field(init=False)
    visits: list[str] = field(default_factory=list)
    arrived_at: datetime | None = None
    started_at: datetime | None = None
    downgraded_at: datetime | None = None
    major: bool = False
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    result: str = ""

    def __post_init__(self) -> None:
        self.limit = emergency_limit(self.reported_at)
        self.awaited = self.appointed_at
        self.minor_due = self.first_day
        if self.repair and self.appointed_at is not None and self.appointed_at > self.first_day:
            self._choose(self.appointed_at)

    @property
    def first_day(self) -> datetime:
        """The end of the 24 hours from the report."""
        return self.reported_at + DAY

    @property
    def emergency(self) -> bool:
        """Whether it is one still."""
        return self.urgent and self.downgraded_at is None

    @property
    def over(self) -> bool:
        """Whether nothing is left to be done."""
        return self.state in OVER

    # Which step is allowed

    def may(self, step: str) -> bool:
        """Whether the step may be taken, by whoever may take it."""
        called_for = CALLED_FOR.get(step, lambda _job: True)
        return self.state in ALLOWED[step] and called_for(self)

    def may_as(self, step: str, technician: str) -> bool:
        """The same, for a technician: only the one who has the job takes its steps."""
        return self.may(step) and self.technician == technician

    def may_arrive(self, technician: str, clock: datetime) -> bool:
        """Not more than five minutes early, unless the owner has agreed (reading 12)."""
        return self.may_as("arrive", technician) and not self._too_early(clock)

    def may_ask_early(self, technician: str, clock: datetime) -> bool:
        """Where there is something to ask."""
        return self.may_as("ask_early", technician) and self._too_early(clock)

    def _too_early(self, clock: datetime) -> bool:
        early = self.appointed_at is not None and clock < self.appointed_at - 5 * MINUTE
        return early and not self.welcome_early

    def may_finish(self, technician: str, result: str) -> bool:
        """Chargeable work waits for the owner's tap on the price (§5.2.3)."""
        free = result == "no_work" or self.emergency or self.state == "agreed"
        return self.may_as("finish", technician) and free

    def may_answer_price(self, step: str, price: int) -> bool:
        """Only the price that was told last can be agreed to."""
        return self.may(step) and self.quote == price

    def may_propose_time(self, to: datetime, clock: datetime) -> bool:
        """The desk proposes a time that is still to come."""
        return self.may("propose_time") and to > clock

    def may_agree_time(self, clock: datetime) -> bool:
        """The owner agrees while there is a proposal and its time is still to come."""
        return self.may("agree_time") and self.proposed is not None and self.proposed > clock

    def may_confirm_hold(self, clock: datetime) -> bool:
        """The owner wishes for a time that is still to come."""
        return self.may("confirm_hold") and self.held_until is not None and self.held_until > clock

    def may_propose_major(self, technician: str, clock: datetime) -> bool:
        """A small problem, within the first 24 hours (reading 15)."""
        return self.may_as("propose_major", technician) and clock <= self.first_day

    def may_decide_major(self, clock: datetime, *, approve: bool) -> bool:
        """It is approved within the first 24 hours, too."""
        return self.may("decide_major") and (clock <= self.first_day or not approve)

    # What each step means; `at` is the time its line of history counts as

    def give_back(self) -> None:
        """Nobody has it."""
        self.state, self.technician = "waiting", None
        self.held_for = self.held_until = None

    def arrive(self, at: datetime) -> None:
        """A visit begins, and is judged by the time that was agreed for it."""
        self.state = "arrived"
        self.arrived_at = self.arrived_at or at
        if self.awaited is not None:
            self.visits.append(self._punctual(self.awaited, at))
            self.awaited = None

    def _punctual(self, awaited: datetime, at: datetime) -> str:
        if at < awaited - 5 * MINUTE:
            return "waived" if self.welcome_early else "missed"
        return "missed" if at >= awaited + 2 * MINUTE + SECOND else "met"

    def hold(self, reason: str, until: datetime) -> None:
        """It waits for parts or for the owner, which moves no limit (reading 14)."""
        self.state, self.held_for, self.held_until = "held", reason, until

    def resume(self) -> None:
        """It goes on: whoever has it comes again."""
        self.state, self.held_for, self.held_until = "accepted", None, None

    def agree_price(self, at: datetime) -> None:
        """The owner's tap on the price; work begins."""
        self.state, self.started_at = "agreed", self.started_at or at

    def appoint(self, to: datetime, at: datetime, clock: datetime, *, by_owner: bool) -> None:
        """Another time. It mends no miss (13), and only the owner's own choice moves a limit (14).

        His choice is one where he had a time within the day and took a later one himself.
        """
        if self.state == "held":
            self.resume()
        had, self.proposed = self.appointed_at, None
        if self.awaited is not None and at >= self.awaited + SECOND:
            self.visits.append("missed")
        self.appointed_at = self.awaited = to
        self.welcome_early = False
        had_one = had is not None and had <= self.first_day < to and clock <= self.first_day
        if self.repair and by_owner and (self.deferred or had_one):
            self.deferred = True
            if at <= self.minor_due:
                self._choose(to)

    def _choose(self, to: datetime) -> None:
        self.deferred = True
        self.minor_due = max(self.first_day, to + self.minutes * MINUTE)

    def end(self, state: str, at: datetime, result: str = "") -> None:
        """Finished or cancelled; what is finished with a result was begun."""
        self.state, self.ended_at, self.result = state, at, result
        if result in ("done", "not_solved"):
            self.started_at = self.started_at or at

    # What became of the promises

    def verdicts(self, now: datetime) -> dict[str, str]:
        """One word a rule, as things stand."""
        return {
            "emergency_arrival": self._of_emergency(self.arrived_at, now),
            "emergency_started": self._of_emergency(self.started_at, now),
            "punctuality": self._of_visits(now),
            "minor_completion": self._of_minor(now),
            "major_response": self._of_major(now),
            "staff_told": "met",
        }

    def _by(self, due: datetime, happened: datetime | None, now: datetime) -> str:
        """Exactly on a limit is in time; what the end has overtaken is owed no more."""
        if (happened or self.ended_at or now) >= due + SECOND:
            return "missed"
        if happened is not None:
            return "met"
        return "not_applicable" if self.ended_at else "pending"

    def _of_emergency(self, happened: datetime | None, now: datetime) -> str:
        if not self.urgent:
            return "not_applicable"
        due = self.reported_at + self.limit
        if self.downgraded_at is None:
            return self._by(due, happened, now)
        if happened is not None and happened <= self.downgraded_at:
            return self._by(due, happened, now)
        return "missed" if self.downgraded_at >= due + SECOND else "waived"

    def _of_visits(self, now: datetime) -> str:
        """One miss is a miss; else the last visit that was made counts, or the one to come."""
        coming = "not_applicable"
        if self.awaited is not None:
            coming = self._by(self.awaited + 2 * MINUTE, None, now)
        if "missed" in (*self.visits, coming):
            return "missed"
        return self.visits[-1] if self.visits else coming

    def _of_minor(self, now: datetime) -> str:
        if not self.repair or self.emergency or self.major:
            return "not_applicable"
        if self.result == "not_solved":
            return "missed"
        done_at = self.ended_at if self.result == "done" else None
        return self._by(self.minor_due, done_at, now)

    def _of_major(self, now: datetime) -> str:
        if not self.major:
            return "not_applicable"
        return self._by(self.reported_at + 3 * DAY, self.answered_at, now)
