"""A sheet on its way in: its good lines, what is wrong with the rest, and what is to be written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar

from services.desk import Desk
from services.imports.rows import CentreRow
from services.imports.sheet import Headings, Problem, Row, Sheet, read_headings, read_lines
from services.messages import Saying
from storage import centres
from storage import imports as store
from storage.records import Agreement, Centre, Item, Resident, RosterDay, Staff


@dataclass(frozen=True, slots=True)
class How:
    """How to take a sheet.

    `centre` is the code for lines that name none (needed only where there are several centres);
    `skip_bad` takes the good lines of a sheet with bad ones; `complete` says that whoever the
    sheet leaves out, in the centres it names, is no longer there.
    """

    centre: str | None = None
    skip_bad: bool = False
    complete: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """What came of a sheet. `gone` counts those moved out, left or no longer sold, and
    days on which the shift holds again.

    Where `written` is False nothing was changed, and `problems` says why; `bad_headings` where
    not even skipping lines would help. `ignored` are headings that mean nothing to us.
    """

    written: bool
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    gone: int = 0
    problems: tuple[Problem, ...] = ()
    bad_headings: bool = False
    ignored: tuple[str, ...] = ()


Progress = Callable[[int, int], None]
"""Told how much of how much is done; called from the thread that does it."""


@dataclass(slots=True)
class Steps:
    """Every line is read, then written: two steps each."""

    progress: Progress
    total: int
    done: int = 0

    def by(self, steps: int) -> None:
        self.done = min(self.total, self.done + steps)
        self.progress(self.done, self.total)


R = TypeVar("R", bound=Row)
L = TypeVar("L", Centre, Resident, Staff, Item, RosterDay, Agreement)


@dataclass(frozen=True, slots=True)
class Placed(Generic[R]):
    """A good line, and the centre it belongs to (0 for a line that is a centre)."""

    line: int
    row: R
    centre_id: int
    beside: Mapping[str, str]


@dataclass(slots=True)
class Intake(Generic[R]):
    """A sheet on its way in: its good lines so far, and what is wrong with the others."""

    headings: Headings
    how: How
    rows: list[Placed[R]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def refused(self) -> bool:
        """Whether the sheet stays out."""
        return bool(self.headings.problems) or (bool(self.problems) and not self.how.skip_bad)

    @property
    def centre_ids(self) -> set[int]:
        return {one.centre_id for one in self.rows}

    def drop(self, bad: Callable[[Placed[R]], Problem | None]) -> None:
        """Take out the lines with which something turns out to be wrong."""
        kept = []
        for one in self.rows:
            problem = bad(one)
            if problem is None:
                kept.append(one)
            else:
                self.problems.append(problem)
        self.rows = kept

    def drop_repeats(self, column: str, key: Callable[[Placed[R]], Hashable | None]) -> None:
        """Two lines for one thing are a question that only the administrator can answer."""
        first: dict[Hashable, int] = {}

        def bad(one: Placed[R]) -> Problem | None:
            value = key(one)
            earlier = one.line if value is None else first.setdefault(value, one.line)
            if earlier == one.line:
                return None
            return self.problem(one, column, "import-repeated", line=earlier)

        self.drop(bad)

    def problem(self, one: Placed[R], column: str, key: str, **facts: str | int) -> Problem:
        shown = self.headings.shown.get(column, column)
        return Problem(one.line, shown, Saying(key, dict(facts)))

    def given(self, row: R, *columns: str) -> dict[str, Any]:
        """What the sheet says in those of these columns that it has."""
        return {name: getattr(row, name) for name in columns if name in self.headings.places}

    def report(self, plan: Plan[Any] | None = None, gone: int = 0) -> Report:
        problems = sorted((*self.headings.problems, *self.problems), key=lambda one: one.line)
        ignored = self.headings.unknown
        if plan is None:
            return Report(
                written=False,
                problems=tuple(problems),
                bad_headings=bool(self.headings.problems),
                ignored=ignored,
            )
        return Report(
            written=True,
            added=len(plan.added),
            changed=len(plan.changed),
            unchanged=plan.unchanged,
            gone=gone,
            problems=tuple(problems),
            ignored=ignored,
        )


@dataclass(slots=True)
class Plan(Generic[L]):
    """What is to be written: new records, and records as they shall stand beside what they were."""

    added: list[L] = field(default_factory=list)
    changed: list[tuple[L, L]] = field(default_factory=list)
    unchanged: int = 0

    def put(self, new: L, was: L | None) -> None:
        if was is None:
            self.added.append(new)
        elif new != was:
            self.changed.append((was, new))
        else:
            self.unchanged += 1

    def write(self, desk: Desk, steps: Steps) -> None:
        steps.by(self.unchanged)
        store.change(desk.connection, [new for _, new in self.changed], steps.by)
        store.add(desk.connection, self.added, steps.by)


def take_in(desk: Desk, kind: type[R], sheet: Sheet, how: How, steps: Steps) -> Intake[R]:
    """Read a sheet and find the centre of each line."""
    intake: Intake[R] = Intake(read_headings(kind, sheet), how)
    if intake.headings.problems:
        return intake
    known = {centre.code: centre.id for centre in centres.every(desk.connection)}
    for outcome in read_lines(kind, sheet, intake.headings):
        steps.by(1)
        if isinstance(outcome, list):
            intake.problems += outcome
            continue
        placed = Placed(outcome.line, outcome.row, 0, outcome.beside)
        if kind is not CentreRow:
            code = getattr(outcome.row, "centre", None) or how.centre
            if code is None and len(known) == 1:
                (code,) = known
            if code not in known:
                key = "import-no-such-centre" if code else "import-which-centre"
                intake.problems.append(intake.problem(placed, "centre", key, code=code or ""))
                continue
            placed = replace(placed, centre_id=known[code])
        intake.rows.append(placed)
    return intake


def pairs(
    rows: Iterable[Placed[R]],
    lines: Iterable[L],
    row_key: Callable[[Placed[R]], Hashable],
    line_key: Callable[[L], Hashable],
) -> dict[int, L]:
    """Lines of a sheet and records of the same key, where there is one of each; None is no key."""
    keyed_rows = [(key, one) for one in rows if (key := row_key(one)) is not None]
    keyed_lines = [(key, line) for line in lines if (key := line_key(line)) is not None]
    counts = Counter(key for key, _ in keyed_rows)
    line_counts = Counter(key for key, _ in keyed_lines)
    single = {key: line for key, line in keyed_lines if line_counts[key] == 1}
    return {one.line: single[key] for key, one in keyed_rows if counts[key] == 1 and key in single}
