"""Half-open spans of time, and the three things one does with lists of them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """The time from ``start`` (included) to ``end`` (excluded), aware UTC instants.

    Raises ValueError when it would not last at all.
    """

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise ValueError("a span ends after it starts")

    def contains(self, instant: datetime) -> bool:
        """Whether the instant lies in the span."""
        return self.start <= instant < self.end

    def covers(self, other: "Span") -> bool:
        """Whether the other span lies wholly in this one."""
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: "Span") -> bool:
        """Whether the two share any time; touching is not sharing."""
        return self.start < other.end and other.start < self.end


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same time as the fewest spans, in order: those that overlap or touch become one."""
    result: list[Span] = []
    for span in sorted(spans, key=_start):
        if not result or result[-1].end < span.start:
            result.append(span)
        elif result[-1].end < span.end:
            result[-1] = Span(result[-1].start, span.end)
    return tuple(result)


def without(spans: Iterable[Span], taken: Iterable[Span]) -> tuple[Span, ...]:
    """What is left of the spans once the taken time is cut out, in order."""
    cuts = merged(taken)
    return tuple(rest for span in merged(spans) for rest in _cut(span, cuts))


def common(spans: Iterable[Span], others: Iterable[Span]) -> tuple[Span, ...]:
    """The time that lies in both lists, in order."""
    windows = merged(others)
    return tuple(
        span
        if window.covers(span)
        else Span(max(span.start, window.start), min(span.end, window.end))
        for span in merged(spans)
        for window in windows
        if span.overlaps(window)
    )


def _cut(span: Span, cuts: Sequence[Span]) -> Iterator[Span]:
    start = span.start
    for cut in cuts:
        if cut.end <= start:
            continue
        if cut.start >= span.end:
            break
        if start < cut.start:
            yield Span(start, cut.start)
        start = cut.end
    if start == span.start:
        yield span
    elif start < span.end:
        yield Span(start, span.end)


def _start(span: Span) -> datetime:
    return span.start
