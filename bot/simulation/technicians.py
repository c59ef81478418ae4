"""How technicians behave: they accept, decline or miss the card, come early or late, and work."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from bot.simulation.centre import ZONE, Member
from bot.simulation.diary import Did
from bot.simulation.world import After, Letter, World, nothing
from services import cards, dispatch, expected, holds, majors, orders, reworks, serving
from services.desk import Desk
from services.errors import DomainError
from services.serving import TooEarly
from storage.records import HoldReason, Order, OrderKind, Person, Result, Role, Size, Trade

EMERGENCY_CARD = "job-head-emergency"
A_QUOTE = (60_00, 120_00, 180_00, 260_00)
PATIENCE = timedelta(minutes=15)
"""How long a technician waits at the door, or for an answer to a price."""

MOST_QUOTES = 2
REASONS = ("time", "other")
HOURS_OF_RETURN = (9, 10, 11, 14, 15, 16, 17)
"""At what o'clock a technician who must wait for something means to come again."""


class Technicians:
    """Every technician of the centre."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._dice = world.luck.of("technicians")
        self._faults = world.luck.of("faults found")
        self._site: dict[int, int] = {}
        self._quotes: dict[int, int] = {}
        self._explained_for: dict[int, Order] = {}
        self._hears: dict[str, Callable[[Person, int], None]] = {
            "job-price-agreed": self._work,
            "job-price-refused": self._talk_it_over,
            "job-time-moved": self._plan_again,
            "job-early-ok": self._come_now,
            "job-major-refused": self._work,
            "job-late": self._hurry,
            "job-appointment-now": self._say_how_long,
            "job-limit-near": self._say_how_long,
            "job-hold-contradicted": self._come_soon,
            "job-hold-over": self._see_how_it_goes_on,
            "job-minor-near": self._hurry,
        }
        world.readers.append(self.read)

    def read(self, letter: Letter) -> None:
        """A technician looks at a message."""
        member = self._world.member(letter.person_id)
        if member is None or Role.TECHNICIAN not in member.roles:
            return
        offered = letter.args_of("order.accept")
        if offered is not None:
            self._consider(member, int(offered[0]), urgent=letter.key == EMERGENCY_CARD)
        elif letter.order_id is None:
            return
        elif letter.key in self._hears:
            self._hears[letter.key](member.person, letter.order_id)
        elif letter.key == EMERGENCY_CARD and letter.args_of("order.arrive") is not None:
            # Theirs without having been asked: the report they went to has joined it.
            self._hurry(member.person, letter.order_id)

    # The offer

    def _consider(self, member: Member, order_id: int, *, urgent: bool) -> None:
        dice, person = self._dice, member.person
        noticed = self._urgent_delay() if urgent else self._ordinary_delay(member)
        busy = person.id in self._site
        choice = dice.pick(
            (("accept", 1.0), ("decline", 0.6 if busy and urgent else 0.05), ("ignore", 0.06))
        )
        if choice == "accept":
            self._intend(person, "offer", order_id, noticed, self._accept)
        elif choice == "decline":
            self._intend(person, "offer", order_id, noticed, self._decline)

    def _urgent_delay(self) -> timedelta:
        asleep = _is_night(self._world.now) and self._dice.chance(0.3)
        return self._dice.about(4.0 if asleep else 0.45, 0.7)

    def _ordinary_delay(self, member: Member) -> timedelta:
        """Off shift some look at the telephone, by day; the others when they come to work."""
        dice, now = self._dice, self._world.now
        if member.works_at(now) and not _is_night(now):
            return dice.about(3.0, 0.9)
        if not _is_night(now) and dice.chance(0.75):
            return dice.about(5.0, 0.8)
        return member.next_at_work(now + timedelta(minutes=1)) - now + dice.about(5.0)

    def _accept(self, desk: Desk, person: Person, order_id: int) -> After:
        order = dispatch.accept(desk, order_id, person)
        return lambda: self._accepted(order, person)

    def _accepted(self, order: Order, person: Person) -> None:
        self._world.note(order, Did.ACCEPTED, person)
        self._plan(order, person)

    def _decline(self, desk: Desk, person: Person, order_id: int) -> After:
        reason = self._dice.choice(dispatch.DECLINE_REASONS)
        order = dispatch.decline(desk, order_id, person, reason)
        return lambda: self._world.note(order, Did.DECLINED, person)

    # The way there

    def _plan(self, order: Order, person: Person) -> None:
        if order.appointed_at is None:
            self._go_at_once(order, person)
        elif not self._dice.chance(0.015):  # else it is forgotten until the desk asks
            self._go_to_appointment(order, person, order.appointed_at)

    def _go_at_once(self, order: Order, person: Person) -> None:
        dice = self._dice
        if dice.chance(0.02):
            self._intend(person, "trip", order.id, dice.about(2.0), self._transfer)
            return
        night = order.limit_minutes is not None and order.limit_minutes > 10
        way = dice.about(11.0 if night else 4.2, 0.4)
        if dice.chance(0.7):
            self._intend(person, "trip", order.id, dice.about(0.4), self._set_out)
        self._intend(person, "arrive", order.id, way, self._arrive, self._too_early)

    def _go_to_appointment(self, order: Order, person: Person, at: datetime) -> None:
        dice, now = self._dice, self._world.now
        target = at + timedelta(seconds=round(dice.gauss(-75, 75)))
        if dice.chance(0.05):
            target += dice.about(9.0, 0.8)
        if dice.chance(0.025):
            left = max((at - now) / timedelta(minutes=1) - 40, 1.0)
            self._intend(person, "trip", order.id, dice.within(0.5, left), self._transfer)
            return
        if dice.chance(0.9):
            leaving = target - dice.within(6, 20) - now
            self._intend(person, "trip", order.id, leaving, self._set_out)
        self._intend(person, "arrive", order.id, target - now, self._arrive, self._too_early)

    def _plan_again(self, person: Person, order_id: int) -> None:
        """The time was moved: plans for the old one are put away."""
        self._forget_trip(person, order_id)
        self._intend(person, "look", order_id, self._dice.about(1.0), self._look)

    def _look(self, desk: Desk, person: Person, order_id: int) -> After:
        mine = [order for order in serving.jobs_of(desk, person) if order.id == order_id]
        return lambda: self._plan(mine[0], person) if mine else None

    def _hurry(self, person: Person, order_id: int) -> None:
        """Asked where they are, who is not under way sets off."""
        world = self._world
        if world.means_to(person.id, f"arrive:{order_id}") or person.id in self._site:
            return
        self._intend(person, "arrive", order_id, self._dice.about(6.0), self._arrive)

    def _say_how_long(self, person: Person, order_id: int) -> None:
        """Asked where they are, some say in how many minutes they come: a guess."""
        if self._world.means_to(person.id, f"arrive:{order_id}") and self._dice.chance(0.6):
            self._intend(person, "say", order_id, self._dice.about(0.5), self._say_when)

    def _say_when(self, desk: Desk, person: Person, order_id: int) -> After:
        minutes = self._dice.choice(cards.MINUTES_AWAY[:3])
        order = expected.say_when(desk, order_id, person, minutes)
        return lambda: self._world.note(order, Did.SAID_WHEN, person)

    def _transfer(self, desk: Desk, person: Person, order_id: int) -> After:
        order = dispatch.transfer(
            desk, order_id, person, self._dice.choice(dispatch.DECLINE_REASONS)
        )
        return lambda: self._handed_on(order, person)

    def _handed_on(self, order: Order, person: Person) -> None:
        self._forget_trip(person, order.id)
        self._world.note(order, Did.HANDED_ON, person)

    def _set_out(self, desk: Desk, person: Person, order_id: int) -> After:
        order = serving.set_out(desk, order_id, person)
        return lambda: self._world.note(order, Did.SET_OUT, person)

    def _arrive(self, desk: Desk, person: Person, order_id: int) -> After:
        elsewhere = self._site.get(person.id)
        if elsewhere is not None and not self._dice.chance(0.1):
            return lambda: self._finish_there_first(person, order_id)
        order = serving.arrive(desk, order_id, person)
        return lambda: self._arrived(order, person)

    def _finish_there_first(self, person: Person, order_id: int) -> None:
        later = self._dice.within(2, 6)
        self._intend(person, "arrive", order_id, later, self._arrive, self._too_early)

    def _too_early(self, person: Person, order_id: int, refusal: DomainError) -> None:
        """Told to wait: some ask the owner, all try again in the window."""
        if not isinstance(refusal, TooEarly):
            return
        if self._dice.chance(0.5):
            self._intend(person, "ask", order_id, self._dice.about(0.3), self._ask_early)
        self._intend(
            person, "arrive", order_id, self._dice.within(1, 4), self._arrive, self._too_early
        )

    def _ask_early(self, desk: Desk, person: Person, order_id: int) -> After:
        serving.ask_early(desk, order_id, person)
        return nothing

    def _come_now(self, person: Person, order_id: int) -> None:
        soon = self._dice.about(0.4)
        self._intend(person, "arrive", order_id, soon, self._arrive, self._too_early)

    # On site

    def _arrived(self, order: Order, person: Person) -> None:
        self._forget_trip(person, order.id)
        self._world.note(order, Did.ARRIVED, person)
        self._site[person.id] = order.id
        dice = self._dice
        if order.kind is OrderKind.EMERGENCY and not dice.chance(0.05):
            self._intend(person, "site", order.id, dice.about(0.7, 0.7), self._start)
        elif order.kind is OrderKind.EMERGENCY:
            self._intend(person, "site", order.id, dice.about(6.0), self._find_nothing)
        elif dice.chance(0.025):
            self._intend(person, "site", order.id, PATIENCE, self._nobody_home)
        elif order.price_fen == 0:
            self._intend(person, "site", order.id, self._length(order), self._finish)
        else:
            self._intend(person, "site", order.id, dice.about(2.5), self._explain)

    def _start(self, desk: Desk, person: Person, order_id: int) -> After:
        order = serving.start(desk, order_id, person)
        return lambda: self._started(order, person)

    def _started(self, order: Order, person: Person) -> None:
        self._world.note(order, Did.STARTED, person)
        if self._dice.chance(0.35):
            self._intend(person, "site", order.id, self._dice.about(4.0), self._explain)
        else:
            self._intend(person, "site", order.id, self._dice.about(35.0, 0.6), self._finish)

    def _explain(self, desk: Desk, person: Person, order_id: int) -> After:
        order = orders.for_technician(desk, order_id, person)
        price = order.price_fen or self._dice.choice(A_QUOTE)
        if order_id in self._quotes:
            price = (order.quote_fen or price) * 4 // 5
        order = serving.explain(desk, order_id, person, price)
        return lambda: self._explained(order, person)

    def _explained(self, order: Order, person: Person) -> None:
        self._world.note(order, Did.EXPLAINED, person)
        self._explained_for[order.id] = order
        self._quotes[order.id] = self._quotes.get(order.id, 0) + 1
        again = self._quotes[order.id] < MOST_QUOTES
        act = self._explain if again else self._find_nothing
        self._intend(person, "site", order.id, PATIENCE, act)

    def _talk_it_over(self, person: Person, order_id: int) -> None:
        again = self._quotes.get(order_id, 0) < MOST_QUOTES
        act = self._explain if again else self._find_nothing
        self._intend(person, "site", order_id, self._dice.about(3.0), act)

    def _work(self, person: Person, order_id: int) -> None:
        order = self._explained_for.get(order_id)
        if order is None:
            return
        dice, repair = self._dice, order.trade is Trade.REPAIR
        left = self._length(order)
        if repair and order.size is Size.MINOR and dice.chance(0.05):
            soon, otherwise = dice.about(6.0), self._keep_working
            self._intend(person, "site", order.id, soon, self._propose_major, otherwise)
        elif repair and dice.chance(0.06):
            act = self._wait_for_parts if dice.chance(0.6) else self._come_again
            self._intend(person, "site", order.id, left / 2, act)
        else:
            self._intend(person, "site", order.id, left, self._finish)

    def _length(self, order: Order) -> timedelta:
        return timedelta(minutes=order.minutes) * self._dice.uniform(0.3, 0.8)

    def _propose_major(self, desk: Desk, person: Person, order_id: int) -> After:
        claim = majors.propose(desk, order_id, person, "…")
        return lambda: self._intend(
            person, "site", claim.order_id, self._dice.about(40.0), self._come_again
        )

    def _keep_working(self, person: Person, order_id: int, _refusal: DomainError) -> None:
        self._intend(person, "site", order_id, self._dice.about(20.0), self._finish)

    def _come_again(self, desk: Desk, person: Person, order_id: int) -> After:
        reason = self._dice.choice(REASONS)
        order = serving.return_needed(desk, order_id, person, reason)
        return lambda: self._left(order, person, Did.MUST_RETURN)

    # What cannot go on for now

    def _wait_for_parts(self, desk: Desk, person: Person, order_id: int) -> After:
        return self._hold(desk, person, order_id, HoldReason.PARTS)

    def _nobody_home(self, desk: Desk, person: Person, order_id: int) -> After:
        return self._hold(desk, person, order_id, HoldReason.OWNER)

    def _hold(self, desk: Desk, person: Person, order_id: int, reason: HoldReason) -> After:
        order = holds.hold(desk, order_id, person, reason, self._date_of_return())
        return lambda: self._left(order, person, Did.HELD)

    def _date_of_return(self) -> datetime:
        """Some o'clock of the next days."""
        today = self._world.now.astimezone(ZONE).replace(minute=0, second=0, microsecond=0)
        day = today + timedelta(days=self._dice.pick(((1, 6), (2, 3), (3, 1))))
        return day.replace(hour=self._dice.choice(HOURS_OF_RETURN)).astimezone(UTC)

    def _see_how_it_goes_on(self, person: Person, order_id: int) -> None:
        """The date has come: mostly it goes on, else it takes longer."""
        act = self._go_on if self._dice.chance(0.75) else self._hold_longer
        self._intend(person, "held", order_id, self._dice.about(10.0, 1.0), act)

    def _go_on(self, desk: Desk, person: Person, order_id: int) -> After:
        order = holds.resume(desk, order_id, person)
        return lambda: self._went_on(order, person)

    def _went_on(self, order: Order, person: Person) -> None:
        self._world.note(order, Did.WENT_ON, person)
        self._come_soon(person, order.id)

    def _come_soon(self, person: Person, order_id: int) -> None:
        soon = self._dice.within(15, 180)
        self._intend(person, "arrive", order_id, soon, self._arrive, self._too_early)

    def _hold_longer(self, desk: Desk, person: Person, order_id: int) -> After:
        reason = orders.for_technician(desk, order_id, person).held_for or HoldReason.PARTS
        return self._hold(desk, person, order_id, reason)

    # The end

    def _finish(self, desk: Desk, person: Person, order_id: int) -> After:
        result = self._dice.pick(((Result.DONE, 0.95), (Result.NOT_SOLVED, 0.05)))
        confirmed = self._compare_faults(desk, person, order_id)
        order = serving.finish(desk, order_id, person, result)
        did = Did.NOT_SOLVED if result is Result.NOT_SOLVED else Did.FINISHED
        return lambda: self._done(order, person, did, confirmed)

    def _done(self, order: Order, person: Person, did: Did, confirmed: Order | None) -> None:
        if confirmed is not None:
            self._world.note(confirmed, Did.SAME_FAULT, person)
        self._left(order, person, did)

    def _compare_faults(self, desk: Desk, person: Person, order_id: int) -> Order | None:
        """Of rework: whether it is the same fault; the repair that it repeats, where it is."""
        order = orders.for_technician(desk, order_id, person)
        if order.rework_of is None or order.rework_confirmed is not None:
            return None
        same = self._faults.chance(0.75)
        reworks.find(desk, order_id, person, same=same)
        return orders.load(desk, order.rework_of) if same else None

    def _find_nothing(self, desk: Desk, person: Person, order_id: int) -> After:
        order = serving.finish(desk, order_id, person, Result.NO_WORK)
        return lambda: self._left(order, person, Did.FOUND_NOTHING)

    def _left(self, order: Order, person: Person, did: Did) -> None:
        self._world.note(order, did, person)
        if self._site.get(person.id) == order.id:
            del self._site[person.id]
        self._quotes.pop(order.id, None)
        self._explained_for.pop(order.id, None)
        if did is Did.MUST_RETURN:  # where nobody agrees a time, they come by the next day
            self._intend(person, "arrive", order.id, self._dice.within(1200, 1800), self._arrive)

    # Intentions

    def _forget_trip(self, person: Person, order_id: int) -> None:
        for topic in ("trip", "arrive", "ask"):
            self._world.forget(person.id, f"{topic}:{order_id}")

    def _intend(
        self,
        person: Person,
        topic: str,
        order_id: int,
        after: timedelta,
        act: Callable[[Desk, Person, int], After],
        refused: Callable[[Person, int, DomainError], None] | None = None,
    ) -> None:
        self._world.intend(
            person,
            f"{topic}:{order_id}",
            after,
            lambda desk: act(desk, person, order_id),
            lambda refusal: self._refused(person, order_id, refusal, refused),
        )

    def _refused(
        self,
        person: Person,
        order_id: int,
        refusal: DomainError,
        refused: Callable[[Person, int, DomainError], None] | None,
    ) -> None:
        if refused is not None:
            refused(person, order_id, refusal)
        if refusal.key in ("no-order-taken", "no-not-yours", "no-order-moved"):
            self._gone(person, order_id)

    def _gone(self, person: Person, order_id: int) -> None:
        """The job is another's, or over: nothing keeps the technician there."""
        if self._site.get(person.id) == order_id:
            del self._site[person.id]


def _is_night(at: datetime) -> bool:
    return not 7 <= at.astimezone(ZONE).hour < 22
