"""The desk of the year: whoever sits down opens a list, and does what its cards offer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from random import Random

from bot.channels.base import Button
from tests.conversation import Actor
from tests.year.calendar import Calendar
from tests.year.exchange import Offers, offers_of
from tests.year.residents import DISSATISFIED, UNSAID, UNSETTLED
from tests.year.street import Household

AWAY = 15
"""Of a hundred times somebody should sit down, so many they do not."""

OUT, DECLINES = 25, 8
"""Of a hundred calls so many find nobody, and so many are refused."""

INEFFECTIVE = 20
"""Of a hundred verifications so many find that it did not help."""

FIELDS = 6
"""No form has more screens."""

OPENS = ("visiting.show", "case.show")
"""What a line of a list opens."""

LATELY = 60
"""So many messages back somebody looks for the card they are at."""


class Colleague:
    """Somebody at the desk. `homes` finds a household by the visit or the case a card is about."""

    def __init__(
        self, calendar: Calendar, actor: Actor, homes: Callable[[Button], Awaitable[Household]]
    ) -> None:
        self.actor = actor
        self.dice = Random(f"{calendar.now}:{actor.key}")
        self._homes = homes

    def is_here(self) -> bool:
        """Whether they sit down this time."""
        return self.dice.randrange(100) >= AWAY

    # 回访

    async def makes_visits(self) -> None:
        """Opens 回访 and goes down the list."""
        for one in await self._listed("board.visits", "visiting.show"):
            await self._visits(one)

    async def _visits(self, one: Button) -> None:
        offers = await self._opens(one)
        ways = [name for name in ("phone", "intercom", "on_site") if f"visiting.{name}" in offers]
        if "visiting.photo" in offers:
            await self._shows_evidence(offers)
        elif ways:
            home = await self._homes(one)
            way = self.dice.choices(ways, (5, 1, 3)[: len(ways)])[0]
            await self._hears_out(home, await self._presses(offers[f"visiting.{way}"]))

    async def _hears_out(self, home: Household, offers: Offers) -> None:
        """Two taps more; a visit on site then waits for its evidence."""
        if "visiting.nobody" not in offers:
            return  # their own work, or a colleague's by now: the card has said so
        if home.happens(OUT):
            await self._presses(offers["visiting.nobody"])
        elif home.happens(DECLINES):
            await self._presses(offers["visiting.declined"])
        else:
            is_content = not home.happens(DISSATISFIED)
            content = "satisfied" if is_content else "dissatisfied"
            offers = await self._presses(offers[f"visiting.{content}"])
            timely = "late" if home.happens(10) else "ontime"
            await self._presses(offers[f"visiting.{timely}"])
            if not is_content:
                await self._fills_in()

    async def _shows_evidence(self, offers: Offers) -> None:
        await self._presses(offers["visiting.photo"])
        await self.actor.sends_photo()
        await self._fills_in()

    # 待办

    async def sees_to_cases(self) -> None:
        """Opens 待办 and takes each case one step further."""
        for one in await self._listed("board.todo", "case.show"):
            await self._sees_to(one)

    async def _sees_to(self, one: Button) -> None:
        offers = await self._opens(one)
        for step in ("case.correct", "case.action"):
            if step in offers:
                await self._presses(offers[step])
                await self._fills_in()
                return
        if "case.take" in offers:
            await self._presses(offers["case.take"])
        elif "case.verify" in offers:
            await self._verifies(offers)
        elif "case.told" in offers:
            await self._presses(offers[self._said(await self._homes(one))])

    async def _verifies(self, offers: Offers) -> None:
        if self.dice.randrange(100) < INEFFECTIVE:
            await self._presses(offers["case.fail"])
            await self._fills_in()
        else:
            await self._presses(offers["case.verify"])

    def _said(self, home: Household) -> str:
        """What the customer says on the telephone to what was done."""
        if home.happens(UNSAID):
            return "case.told"
        return "case.told_unsettled" if home.happens(UNSETTLED) else "case.told_settled"

    # Hands

    async def _listed(self, board: str, opens: str) -> list[Button]:
        await self.actor.presses_data(board)
        buttons = self.actor.newest().buttons
        return [one for one in buttons if one.data.partition("|")[0] == opens]

    async def _opens(self, one: Button) -> Offers:
        return await self._presses(one)

    async def _presses(self, button: Button) -> Offers:
        """Press, and see what is offered then of the same kind: an alert may have come after it."""
        await self.actor.presses_data(button.data)
        action, number = button.data.split("|")[:2]
        return self._offered(action.partition(".")[0], number)

    def _offered(self, kind: str, number: str) -> Offers:
        """What the newest of the last messages offers about this visit, case or form."""
        for shown in reversed(self.actor.screen[-LATELY:]):
            offers = offers_of(shown.spoken.rows)
            for action, button in offers.items():
                is_it = action.startswith(kind) and button.data.startswith(f"{action}|{number}")
                if is_it and action not in OPENS:
                    return offers
        return {}

    async def _fills_in(self) -> None:
        """Whatever form is open: its first choices, words where it wants some, and no more."""
        answered: Offers = {}
        for _ in range(FIELDS):
            offers = self._offered("form", "")
            if offers == answered:
                return  # the last question stands there yet: nothing came in its place
            answered = offers
            for action in ("form.pick", "form.done", "form.skip"):
                if action in offers:
                    await self.actor.presses_data(offers[action].data)
                    break
            else:
                if "form.cancel" not in offers:
                    return
                await self.actor.types("已当面说明，并约好再来一次")
