"""How residents behave: they book, report, answer or stay silent, and change their minds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from bot.simulation.centre import CHANNEL, Household
from bot.simulation.diary import Did
from bot.simulation.world import Act, After, Letter, World, nothing
from services import (
    availability,
    booking,
    cases,
    changes,
    holds,
    orders,
    ratings,
    residents,
    reworks,
    serving,
    urgent,
)
from services.booking import Booking, SlotTaken
from services.desk import Desk
from services.reworks import Complaint
from services.rules.emergencies import EmergencyKind
from services.urgent import Report
from storage.records import Item, Order, Person, Source, Trade

STARTS_READ = 8
"""How many of the free starts somebody reads before choosing."""

NOT_MENDED = 0.08
"""How many repairs do not last: more than a centre may have (§5.2.2), so that some are seen."""


class Residents:
    """Every resident with a chat. Who has none telephones (`demand`, `desks`)."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._dice = world.luck.of("residents")
        self._faults = world.luck.of("faults")
        self._hears: dict[str, Callable[[Person, tuple[str, ...]], None]] = {
            "order.agree": self._weigh_price,
            "order.early_ok": self._weigh_early,
            "move.agree": self._weigh_move,
            "hold.yes": self._weigh_hold,
            "rate.yes": self._weigh_rating,
            "settle.yes": self._weigh_result,
        }
        self._people = {
            home.person.id: home.person for home in world.cast.households if home.person
        } | {stranger.id: stranger for stranger in world.cast.strangers}
        world.readers.append(self.read)

    def read(self, letter: Letter) -> None:
        """A resident looks at a message."""
        person = self._people.get(letter.person_id)
        if person is None:
            return
        for action, args in letter.offers:
            if action in self._hears:
                self._hears[action](person, args)
                return

    # Asking for something

    def book(self, home: Household, item: Item) -> Act:
        """What it takes to book an item from home: the free starts, and a choice among them."""

        def act(desk: Desk) -> After:
            person = _in_chat(home)
            mine = residents.require_home(desk, person, home.room.id)
            start, had_earlier = choose_start(self._world, desk, item)
            order = booking.book(
                desk,
                Booking(
                    centre_id=mine.centre_id,
                    item_id=item.id,
                    starts_at=start,
                    place=mine.room.room_no,
                    contact_name=mine.name,
                    contact_phone=mine.phone,
                    source=Source.OWNER,
                    channel=CHANNEL,
                    room_id=mine.room.id,
                    person_id=person.id,
                ),
            )
            return lambda: self._booked(order, person, had_earlier)

        return act

    def report(self, home: Household, kind: EmergencyKind, ago: timedelta | None) -> Act:
        """What it takes to report an emergency at home, that occurred so long `ago` if known."""
        person = _in_chat(home)
        said = Report(
            centre_id=home.room.centre_id,
            kind=kind,
            place=home.room.room_no,
            source=Source.OWNER,
            channel=CHANNEL,
            room_id=home.room.id,
            person_id=person.id,
            contact_name=home.line.name,
            contact_phone=home.line.phone,
        )
        return self._report(said, person, ago)

    def report_as_stranger(self, person: Person, kind: EmergencyKind) -> Act:
        """The same from somebody who is bound to no room (§3.3)."""
        said = Report(
            centre_id=self._world.cast.centre_id,
            kind=kind,
            place=f"{person.id}-0101",
            source=Source.STRANGER,
            channel=CHANNEL,
            person_id=person.id,
        )
        return self._report(said, person)

    def _report(self, said: Report, person: Person, ago: timedelta | None = None) -> Act:
        def act(desk: Desk) -> After:
            occurred_at = None if ago is None else desk.now - ago
            reported = urgent.report(desk, replace(said, occurred_at=occurred_at))
            if reported.again:
                return nothing
            return lambda: self._reported(reported.order, person, occurred_at, act)

        return act

    def _booked(self, order: Order, person: Person, had_earlier: bool) -> None:
        world, dice = self._world, self._dice
        world.begin(order, person, had_earlier=had_earlier)
        if order.appointed_at is None:
            return
        left = (order.appointed_at - world.now) / timedelta(minutes=1)
        plan = dice.pick(
            (("keep", 90), ("cancel", 4), ("move", 5), ("cancel late", 1), ("move late", 1))
        )
        match plan:
            case "cancel":
                self._intend(person, order.id, dice.within(1, max(left - 15, 2)), self._cancel)
            case "cancel late":
                self._intend(person, order.id, dice.within(left - 15, left + 4), self._cancel)
            case "move":
                self._intend(person, order.id, dice.within(1, max(left - 30, 2)), self._move)
            case "move late":
                self._intend(person, order.id, dice.within(left - 1, left + 5), self._move)

    def _reported(
        self, order: Order, person: Person, occurred_at: datetime | None, again: Act
    ) -> None:
        world, dice = self._world, self._dice
        world.begin(order, person, occurred_at=occurred_at)
        if dice.chance(0.04):
            self._intend(person, order.id, dice.about(6.0, 0.8), self._cancel)
        elif dice.chance(0.1):
            world.intend(person, f"again:{order.id}", dice.about(3.0), again)

    def _cancel(self, desk: Desk, person: Person, order_id: int) -> After:
        order = orders.for_resident(desk, order_id, person)
        order = changes.cancel(desk, order, person)
        return lambda: self._world.note(order, Did.CANCELLED, person)

    def _move(self, desk: Desk, person: Person, order_id: int) -> After:
        order = changes.movable(desk, orders.for_resident(desk, order_id, person))
        free = availability.free_slots(desk, changes.work_of(desk, order), besides=order.id)
        starts = [slot.start for slot in free if slot.start != order.appointed_at]
        if not starts:
            return nothing
        order = changes.move(desk, order, self._dice.choice(starts[:40]), person)
        return lambda: self._world.note(order, Did.MOVED_BY_OWNER, person)

    # Answering

    def _weigh_price(self, person: Person, args: tuple[str, ...]) -> None:
        order_id, price = int(args[0]), int(args[1])
        choice = self._dice.pick(((True, 90), (False, 6), (None, 4)))
        if choice is None:
            return
        answer = serving.agree if choice else serving.disagree
        did = Did.AGREED if choice else Did.REFUSED_PRICE

        def act(desk: Desk) -> After:
            order = answer(desk, order_id, person, price)
            return lambda: self._world.note(order, did, person)

        self._world.intend(person, f"price:{order_id}", self._dice.about(1.5, 0.8), act)

    def _weigh_early(self, person: Person, args: tuple[str, ...]) -> None:
        order_id, appointed, agrees = int(args[0]), int(args[1]), self._dice.chance(0.7)

        def act(desk: Desk) -> After:
            order = serving.consent_early(desk, order_id, person, appointed, agrees=agrees)
            if not agrees:
                return nothing
            return lambda: self._world.note(order, Did.WELCOMED_EARLY, person)

        self._world.intend(person, f"early:{order_id}", self._dice.about(0.6), act)

    def _weigh_move(self, person: Person, args: tuple[str, ...]) -> None:
        key = int(args[0])
        choice = self._dice.pick(((True, 84), (False, 8), (None, 8)))
        if choice is None:
            return

        def act(desk: Desk) -> After:
            order = (changes.agree if choice else changes.refuse)(desk, key, person)
            if not choice:
                return nothing
            return lambda: self._world.note(order, Did.MOVED_BY_DESK, person)

        self._world.intend(person, f"move:{key}", self._dice.about(20.0, 1.0), act)

    def _weigh_hold(self, person: Person, args: tuple[str, ...]) -> None:
        """Whether the later time is really his own wish; some never say."""
        order_id, second = int(args[0]), int(args[1])
        choice = self._dice.pick(((True, 50), (False, 20), (None, 30)))
        if choice is None:
            return
        answer = holds.confirm if choice else holds.contradict
        did = Did.WANTED_LATER if choice else Did.WENT_ON

        def act(desk: Desk) -> After:
            order, _ = answer(desk, order_id, person, second)
            return lambda: self._world.note(order, did, person)

        self._world.intend(person, f"hold:{order_id}", self._dice.about(30.0, 1.2), act)

    def _weigh_rating(self, person: Person, args: tuple[str, ...]) -> None:
        order_id = int(args[0])
        self._see_whether_it_lasts(person, order_id)
        if self._dice.chance(0.4):
            return
        satisfied = self._dice.chance(0.93)

        def act(desk: Desk) -> After:
            order = ratings.answer(desk, order_id, person, satisfied=satisfied)
            return lambda: self._rated(order, person, satisfied)

        self._world.intend(person, f"rate:{order_id}", self._dice.about(90.0, 1.3), act)

    def _see_whether_it_lasts(self, person: Person, order_id: int) -> None:
        """A few repairs do not; mostly that is seen within the day."""
        is_repair = self._world.diary.stories[order_id].trade is Trade.REPAIR
        if is_repair and self._faults.chance(NOT_MENDED):
            self._intend(person, order_id, self._faults.about(240.0, 1.0), self._not_mended)

    def _not_mended(self, desk: Desk, person: Person, order_id: int) -> After:
        """没修好: the earliest time is taken; the desk agrees one where there is none."""
        first = reworks.of_household(desk, order_id, person)
        said = Complaint(order_id, reworks.earliest(desk, first))
        again = reworks.report(desk, person, said, CHANNEL)
        return lambda: self._world.begin(again, person)

    def _weigh_result(self, person: Person, args: tuple[str, ...]) -> None:
        """What was done about their case: whether it is settled; some never say."""
        case_id = int(args[0])
        if self._dice.chance(0.4):
            return
        is_settled = self._dice.chance(0.95)

        def act(desk: Desk) -> After:
            cases.settle(desk, case_id, person, is_settled=is_settled)
            return nothing

        self._world.intend(person, f"settle:{case_id}", self._dice.about(90.0, 1.2), act)

    def _rated(self, order: Order, person: Person, satisfied: bool) -> None:
        did = Did.SATISFIED if satisfied else Did.DISSATISFIED
        self._world.note(order, did, person)
        later = self._dice.about(1.5)
        if not satisfied and self._dice.chance(0.6):
            self._intend(person, order.id, later, self._say_why)
        elif satisfied and self._dice.chance(0.5):
            self._intend(person, order.id, later, self._say_on_time)
        elif self._dice.chance(0.03):
            self._intend(person, order.id, self._dice.about(60.0), self._think_again)

    def _say_why(self, desk: Desk, person: Person, order_id: int) -> After:
        ratings.give_reason(desk, order_id, person, self._dice.choice(ratings.REASONS), "")
        return nothing

    def _say_on_time(self, desk: Desk, person: Person, order_id: int) -> After:
        ratings.answer_on_time(desk, order_id, person, on_time=self._dice.chance(0.9))
        return nothing

    def _think_again(self, desk: Desk, person: Person, order_id: int) -> After:
        order = ratings.changeable(desk, order_id, person)
        satisfied = not order.satisfied
        order = ratings.revise(desk, order_id, person, satisfied=satisfied)
        did = Did.SATISFIED if satisfied else Did.DISSATISFIED
        return lambda: self._world.note(order, did, person)

    def _intend(
        self,
        person: Person,
        order_id: int,
        after: timedelta,
        act: Callable[[Desk, Person, int], After],
    ) -> None:
        topic = f"{act.__name__}:{order_id}"
        self._world.intend(person, topic, after, lambda desk: act(desk, person, order_id))


def choose_start(world: World, desk: Desk, item: Item) -> tuple[datetime, bool]:
    """The start somebody chooses, and whether they were shown one within the next 24 hours.

    Raises:
        SlotTaken: nothing is free at all.
    """
    dice = world.luck.of("choices")
    starts = [slot.start for slot in booking.availability(desk, item)]
    if not starts:
        raise SlotTaken(at="—")
    had_earlier = starts[0] <= desk.now + timedelta(hours=24)
    offered = booking.suggested(starts, desk.zone(item.centre_id), STARTS_READ)
    among = dice.pick(((starts[:1], 0.4), (offered, 0.4), (starts, 0.2)))
    return dice.choice(among), had_earlier


def _in_chat(home: Household) -> Person:
    if home.person is None:
        raise ValueError(f"nobody in {home.room.room_no} has a chat")
    return home.person
