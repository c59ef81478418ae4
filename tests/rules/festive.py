"""A calendar for rules: October 2026 with its holiday, and the Saturday worked in its place."""

from datetime import date

from services.rules.workdays import PLAIN_WEEKS, DayKind

HOLIDAYS = frozenset(date(2026, 10, day) for day in range(1, 8))
MOVED = date(2026, 10, 10)


class _Festive:
    def kind(self, day: date) -> DayKind:
        if day in HOLIDAYS:
            return DayKind.HOLIDAY
        return DayKind.MOVED if day == MOVED else PLAIN_WEEKS.kind(day)


FESTIVE = _Festive()
