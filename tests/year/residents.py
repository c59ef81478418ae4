"""How households answer: at once, late, after the reminder or never; content, or not at all."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection

from bot.event import Press
from storage import people, windows
from tests.conversation import Shown
from tests.year.calendar import Calendar
from tests.year.exchange import offers_of
from tests.year.street import Chat, Household, Pace

DISSATISFIED = 18
"""Of a hundred answers so many are 不满意."""

UNSETTLED, UNSAID = 25, 20
"""Of a hundred told what was done, so many say 没解决, and so many nothing."""

DISPUTED = 35
"""Of a hundred records of a visit on site so many are 不对."""

HOUR = 60


class Resident:
    """Reads what comes to a household's chat and presses what it offers."""

    def __init__(self, calendar: Calendar, home: Household) -> None:
        self.home = home
        self.pressed: set[datetime] = set()
        """The instants at which they did something."""
        self._calendar = calendar
        calendar.readers[home.key] = self.reads

    def reads(self, shown: Shown) -> None:
        """Form an intention, where the message offers something."""
        offers = offers_of(shown.spoken.rows)
        for action, answer in (
            ("questionnaire.yes", self._is_asked),
            ("questionnaire.ontime", self._is_asked_on_time),
            ("questionnaire.because", self._is_asked_why),
            ("settle.yes", self._is_told),
            ("visited.confirm", self._is_to_confirm),
        ):
            if action in offers:
                data = offers[action].data
                self.home.seen[data] = self.home.seen.get(data, 0) + 1
                answer(data, shown.ref)

    def _is_asked(self, data: str, ref: str) -> None:
        """满意 or 不满意: when, depends on who they are."""
        home, times = self.home, self.home.seen[data]
        wait = {
            (Pace.AT_ONCE, 1): home.minutes(1, 40),
            (Pace.LATE, 1): home.minutes(2 * HOUR, 20 * HOUR),
            (Pace.REMINDED, 2): home.minutes(1, 10 * HOUR),
        }.get((home.pace, times))
        if wait is not None:
            said = "no" if home.happens(DISSATISFIED) else "yes"
            self._press(data.replace(".yes", f".{said}"), ref, wait)

    def _is_asked_on_time(self, data: str, ref: str) -> None:
        if self.home.happens(90) and self.home.seen[data] == 1:
            said = "late" if self.home.happens(10) else "ontime"
            self._press(data.replace(".ontime", f".{said}"), ref, 1)

    def _is_asked_why(self, data: str, ref: str) -> None:
        if self.home.happens(80) and self.home.seen[data] == 1:
            self._press(data, ref, 1)

    def _is_told(self, data: str, ref: str) -> None:
        """已解决, 没解决, or nothing; nobody says 没解决 for ever."""
        home = self.home
        if home.happens(UNSAID):
            return
        unsettled = home.happens(UNSETTLED) and home.seen[data] < 3
        said = data.replace(".yes", ".no") if unsettled else data
        self._press(said, ref, home.minutes(1, 8 * HOUR))

    def _is_to_confirm(self, data: str, ref: str) -> None:
        """That it was so, or not; or nothing."""
        if self.home.happens(60):
            said = data.replace(".confirm", ".wrong") if self.home.happens(DISPUTED) else data
            self._press(said, ref, self.home.minutes(1, 30))

    async def writes(self) -> None:
        """They write to us for some reason of their own, which opens their window."""
        await self._opens()

    async def _opens(self) -> None:
        await self._calendar.town.change(partial(_open, key=self.home.key, calendar=self._calendar))

    def _press(self, data: str, ref: str, minutes: float) -> None:
        self._calendar.later(partial(self._presses, data, ref), minutes=minutes)

    async def _presses(self, data: str, ref: str) -> None:
        self.pressed.add(self._calendar.now)
        if self.home.chat is Chat.WINDOW:
            await self._opens()
        await self._calendar.town.actor(self.home.key).does(Press(data, ref))


def _open(connection: Connection, key: str, calendar: Calendar) -> None:
    known = people.who(connection, "phone", key)
    assert known is not None
    until = calendar.now + timedelta(hours=48)
    windows.opens(connection, known[0].id, until=until, left=5, now=calendar.now)
