"""When somebody wants something: a Poisson process by hour and weekday, over the demo catalogue."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from bot.simulation.centre import ZONE, Household
from bot.simulation.desks import Desks
from bot.simulation.residents import Residents
from bot.simulation.world import Act, After, World
from services import catalogue
from services.desk import Desk
from services.rules.emergencies import EmergencyKind
from storage.records import Item, Person

ORDERS_A_ROOM_AND_DAY = 0.012
EMERGENCIES_A_ROOM_AND_DAY = 0.0014

HOUR = timedelta(hours=1)

BY_HOUR = (
    1,
    0.5,
    0.5,
    0.5,
    1,
    3,
    12,
    30,
    60,
    85,
    90,
    70,
    40,
    45,
    65,
    70,
    65,
    60,
    55,
    60,
    60,
    40,
    15,
    4,
)
"""How much is booked in each hour of the day."""

EMERGENCIES_BY_HOUR = (
    6,
    5,
    4,
    4,
    4,
    7,
    14,
    18,
    16,
    14,
    13,
    13,
    14,
    12,
    11,
    11,
    12,
    16,
    20,
    22,
    20,
    16,
    12,
    8,
)

BY_WEEKDAY = (1.0, 0.9, 0.9, 0.9, 1.0, 1.25, 1.1)

CATEGORIES = {
    "cleaning": 30.0,
    "plumbing": 24.0,
    "electric": 15.0,
    "door": 8.0,
    "install": 5.0,
    "appliance": 7.0,
    "care": 3.0,
    "green": 3.0,
    "agency": 5.0,
}

KINDS = (
    (EmergencyKind.BURST_PIPE, 18.0),
    (EmergencyKind.CRITICAL_LEAK, 20.0),
    (EmergencyKind.POWER_OUTAGE, 18.0),
    (EmergencyKind.ELECTRIC_HAZARD, 6.0),
    (EmergencyKind.NO_WATER, 7.0),
    (EmergencyKind.SEWAGE_BACKFLOW, 9.0),
    (EmergencyKind.GAS_SMELL, 4.0),
    (EmergencyKind.LOCKOUT_RISK, 6.0),
    (EmergencyKind.FALLING_RISK, 3.0),
    (EmergencyKind.FIRE_SMOKE, 1.0),
    (EmergencyKind.ELEVATOR_TRAP, 2.0),
    (EmergencyKind.OTHER, 6.0),
)

FROM_A_STRANGER = 0.04
TRIES_AGAIN_AFTER_MINUTES = 5.0

OF_THE_BUILDING = {
    EmergencyKind.BURST_PIPE,
    EmergencyKind.CRITICAL_LEAK,
    EmergencyKind.POWER_OUTAGE,
    EmergencyKind.NO_WATER,
    EmergencyKind.SEWAGE_BACKFLOW,
}
"""What neighbours notice as well."""

TWO_REPORTS = 0.2
"""How often two households of a building report one incident."""

SAYS_SINCE = 0.2
SINCE = (90.0, 1.5)
"""How often it is said since when, and for about how many minutes it has been so."""


class Demand:
    """What the residents of the centre will want, put on the agenda for the whole time."""

    def __init__(self, world: World, residents: Residents, desks: Desks, busy: float) -> None:
        self._world = world
        self._residents = residents
        self._desks = desks
        self._busy = busy
        self._dice = world.luck.of("demand")
        self._items = _weighted(world.cast.items)
        self._buildings: defaultdict[str, list[Household]] = defaultdict(list)
        for home in world.cast.households:
            self._buildings[_building(home)].append(home)

    def arrive(self, start: datetime, end: datetime) -> None:
        """Decide when what will be wanted."""
        rooms = len(self._world.cast.households) * self._busy
        ordinary = rooms * ORDERS_A_ROOM_AND_DAY
        self._by_hour(start, end, ordinary, BY_HOUR, self._wants_item)
        self._by_hour(
            start, end, rooms * EMERGENCIES_A_ROOM_AND_DAY, EMERGENCIES_BY_HOUR, self._has_emergency
        )

    def _by_hour(
        self,
        start: datetime,
        end: datetime,
        a_day: float,
        profile: Sequence[float],
        want: Callable[[timedelta], None],
    ) -> None:
        for hour in range((end - start) // HOUR):
            local = (start + hour * HOUR).astimezone(ZONE)
            share = profile[local.hour] / sum(profile) * BY_WEEKDAY[local.weekday()]
            for _ in range(self._dice.poisson(a_day * share)):
                want(hour * HOUR + self._dice.within(0, 60))

    def _wants_item(self, after: timedelta) -> None:
        home, item = self._dice.choice(self._world.cast.households), self._dice.pick(self._items)
        if home.person is not None and self._dice.chance(0.9):
            book = self._residents.book(home, item)
            self._world.intend(home.person, f"book:{after}", after, book)
        else:
            self._telephone(home, after, lambda agent: self._desks.book_for(agent, home, item))

    def _has_emergency(self, after: timedelta) -> None:
        dice, world = self._dice, self._world
        home, kind = dice.choice(world.cast.households), dice.pick(KINDS)
        if dice.chance(FROM_A_STRANGER):
            stranger = dice.choice(world.cast.strangers)
            act = self._residents.report_as_stranger(stranger, kind)
            world.intend(stranger, f"report:{after}", after, act)
            return
        self._reports(home, kind, after)
        if kind in OF_THE_BUILDING and dice.chance(TWO_REPORTS):
            neighbour = dice.choice(self._buildings[_building(home)])
            self._reports(neighbour, kind, after + dice.within(0.5, 8))

    def _reports(self, home: Household, kind: EmergencyKind, after: timedelta) -> None:
        """A household tells of an emergency; some say since when."""
        dice, world = self._dice, self._world
        ago = dice.about(*SINCE) if dice.chance(SAYS_SINCE) else None
        if home.person is not None and dice.chance(0.6):
            act = self._residents.report(home, kind, ago)
            world.intend(home.person, f"report:{after}", after, act)
        else:
            self._telephone(
                home, after, lambda agent: self._desks.report_for(agent, home, kind, ago)
            )

    def _telephone(self, home: Household, after: timedelta, what: Callable[[Person], Act]) -> None:
        """Call the centre; where nobody answers, again a little later."""
        caller = self._world.cast.members[min(self._world.cast.members)].person

        def act(desk: Desk) -> After:
            agent = self._desks.on_the_telephone()
            if agent is not None:
                return what(agent.person)(desk)
            again = timedelta(minutes=TRIES_AGAIN_AFTER_MINUTES)
            return lambda: self._telephone(home, again, what)

        self._world.intend(caller, f"call:{home.room.id}:{after}", after, act)


def _building(home: Household) -> str:
    return home.room.room_no.partition("-")[0]


def _weighted(items: Sequence[Item]) -> list[tuple[Item, float]]:
    """Every item that is sold; the items of a category share its weight."""
    by_category = [catalogue.category(item) for item in items]
    return [
        (item, CATEGORIES.get(category, 1.0) / by_category.count(category))
        for item, category in zip(items, by_category, strict=True)
    ]
