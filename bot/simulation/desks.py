"""How the desk behaves: they answer the telephone, place jobs, and decide."""

from __future__ import annotations

from datetime import timedelta

from bot.simulation.centre import Household, Member
from bot.simulation.diary import Did
from bot.simulation.residents import choose_start
from bot.simulation.world import Act, After, Letter, World, nothing
from services import availability, changes, intake, interventions, majors, merging, orders
from services.desk import Desk
from services.intake import Call
from services.merging import Incident
from services.rules.emergencies import EmergencyKind
from storage.records import Item, Order, OrderState, Person, Role

DESK = (Role.CS, Role.CONTROL, Role.SUPERVISOR, Role.HEAD)
NOBODY_TAKES_IT = {
    "desk-nobody-left",
    "alert-untaken",
    "alert-appointment-nobody",
    "alert-emergency-untaken",
    "desk-emergency-other",
}
NEEDS_A_TIME = {"desk-return-needed", "desk-hold-contradicted", "desk-rework"}
URGENT = {"alert-emergency-untaken", "desk-emergency-other"}
WORDS = "…"
MOST_SLOTS = 8


class Desks:
    """Customer service, control centre, supervisors and heads."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._dice = world.luck.of("desks")
        world.readers.append(self.read)

    def read(self, letter: Letter) -> None:
        """Somebody of the desk looks at a message."""
        member = self._world.member(letter.person_id)
        if member is None or not set(DESK) & set(member.roles):
            return
        if letter.order_id is not None:
            self._read_of_order(member, letter, letter.order_id)
        alike = letter.args_of("desk.merge_with")
        if alike is not None and Role.CS in member.roles and self._dice.chance(0.85):
            order_id, other_id = int(alike[0]), int(alike[1])
            act = self._merge(member.person, order_id, other_id)
            self._when_at_work(member, f"merge:{order_id}", 1.5, act)
        claim = letter.args_of("major.approve")
        if claim is not None and self._dice.chance(0.9):
            self._when_at_work(
                member, f"claim:{claim[0]}", 20.0, self._decide(member, int(claim[0]))
            )

    def _read_of_order(self, member: Member, letter: Letter, order_id: int) -> None:
        key, dice, person = letter.key, self._dice, member.person
        if key in NOBODY_TAKES_IT and dice.chance(0.85):
            delay = 0.8 if key in URGENT else 9.0
            self._when_at_work(member, f"place:{order_id}", delay, self._place(person, order_id))
        elif key == "desk-emergency" and dice.chance(0.03):
            self._when_at_work(member, f"calm:{order_id}", 2.5, self._downgrade(person, order_id))
        elif key in NEEDS_A_TIME and dice.chance(0.92):
            self._when_at_work(member, f"time:{order_id}", 25.0, self._find_time(person, order_id))
        elif key == "desk-ask-caller":
            self._when_at_work(member, f"ask:{order_id}", 2.0, self._ask_caller(person, order_id))
        elif letter.args_of("major.answer") is not None or key == "alert-major-near":
            often, delay = (0.95, 40.0) if key == "alert-major-near" else (0.6, 420.0)
            if dice.chance(often):
                act = self._answer(person, order_id)
                self._when_at_work(member, f"answer:{order_id}", delay, act)

    def _when_at_work(
        self, member: Member, topic: str, minutes: float, act: Act, *, spread: float = 0.7
    ) -> None:
        """A little later, or a little after they come to work; once they mean to, they do."""
        world = self._world
        if world.means_to(member.person.id, topic):
            return
        wait = member.next_at_work(world.now) - world.now
        world.intend(member.person, topic, wait + self._dice.about(minutes, spread), act)

    # The telephone

    def on_the_telephone(self) -> Member | None:
        """Who answers now: customer service, else the control centre, else nobody."""
        at_work = [
            one for one in self._world.cast.members.values() if one.works_at(self._world.now)
        ]
        for role in (Role.CS, Role.CONTROL):
            found = [one for one in at_work if role in one.roles]
            if found:
                return self._dice.choice(found)
        return None

    def book_for(self, agent: Person, home: Household, item: Item) -> Act:
        """An ordinary order for a caller."""

        def act(desk: Desk) -> After:
            start, had_earlier = choose_start(self._world, desk, item)
            order = intake.book(desk, agent, _call(home), item.id, start)
            return lambda: self._registered(order, agent, had_earlier)

        return act

    def report_for(
        self, agent: Person, home: Household, kind: EmergencyKind, ago: timedelta | None
    ) -> Act:
        """An emergency told on the telephone, that occurred so long `ago` if the caller knows."""

        def act(desk: Desk) -> After:
            occurred_at = None if ago is None else desk.now - ago
            reported = intake.report(desk, agent, _call(home), kind, occurred_at)
            if reported.again:
                return nothing
            return lambda: self._world.begin(reported.order, agent, occurred_at=occurred_at)

        return act

    def _registered(self, order: Order, agent: Person, had_earlier: bool) -> None:
        world, dice = self._world, self._dice
        world.begin(order, agent, had_earlier=had_earlier)
        if order.appointed_at is None:
            return
        left = (order.appointed_at - world.now) / timedelta(minutes=1)
        if dice.chance(0.04):
            after = dice.within(1, max(left, 2))
            world.intend(agent, f"cancel:{order.id}", after, self._cancel(agent, order.id))
        elif dice.chance(0.03):
            after = dice.within(1, max(left, 2))
            world.intend(agent, f"time:{order.id}", after, self._find_time(agent, order.id))

    # Orders

    def _place(self, person: Person, order_id: int) -> Act:
        """派单 to somebody free; where nobody can be chosen, another time is looked for."""

        def act(desk: Desk) -> After:
            order = orders.for_desk(desk, order_id, person)
            if order.state is not OrderState.WAITING:
                return nothing
            able = interventions.candidates(desk, order)
            free = [one for one in able if one.free] or able
            if not free:
                return nothing
            chosen = self._dice.choice(free[:3]).line.person_id
            placed = interventions.assign(desk, order_id, chosen, person)
            return lambda: self._world.note(placed, Did.ASSIGNED, person)

        return act

    def _cancel(self, person: Person, order_id: int) -> Act:
        def act(desk: Desk) -> After:
            order = interventions.cancel(desk, order_id, person, "owner")
            return lambda: self._world.note(order, Did.CANCELLED, person)

        return act

    def _downgrade(self, person: Person, order_id: int) -> Act:
        def act(desk: Desk) -> After:
            order = interventions.downgrade(desk, order_id, person, "checked-by-phone")
            return lambda: self._downgraded(order, person)

        return act

    def _downgraded(self, order: Order, person: Person) -> None:
        self._world.note(order, Did.DOWNGRADED, person)
        act = self._find_time(person, order.id)
        self._world.intend(person, f"time:{order.id}", self._dice.about(4.0), act)

    def _find_time(self, person: Person, order_id: int) -> Act:
        """改约 from the desk: the owner is asked, a caller agrees on the telephone."""

        def act(desk: Desk) -> After:
            order = interventions.require_movable(desk, order_id, person)
            work = changes.work_of(desk, order)
            free = availability.free_slots(desk, work, besides=order.id)[:MOST_SLOTS]
            if not free:
                return nothing
            moved = interventions.move(desk, order_id, person, self._dice.choice(free).start)
            if moved.person_id is not None:
                return nothing
            return lambda: self._world.note(moved, Did.MOVED_BY_DESK, person)

        return act

    def _ask_caller(self, person: Person, order_id: int) -> Act:
        agrees = self._dice.chance(0.92)

        def act(desk: Desk) -> After:
            asked = interventions.require_agreeable(desk, order_id, person)
            price = asked.quote_fen or 0
            order = interventions.answer_for(desk, order_id, person, price, agrees=agrees)
            did = Did.AGREED if agrees else Did.REFUSED_PRICE
            return lambda: self._world.note(order, did, person)

        return act

    def _merge(self, person: Person, order_id: int, other_id: int) -> Act:
        """合并 of what a neighbour has reported too."""

        def act(desk: Desk) -> After:
            before = merging.incident(desk, order_id, other_id, person).earlier
            done = merging.merge(desk, order_id, other_id, person)
            return lambda: self._merged(done, person, before.state is OrderState.WAITING)

        return act

    def _merged(self, done: Incident, person: Person, was_waiting: bool) -> None:
        self._world.note(done.later, Did.MERGED, person)
        if was_waiting and done.earlier.technician_id is not None:
            self._world.note(done.earlier, Did.TAKEN_OVER, person)

    # Large problems

    def _decide(self, member: Member, claim_id: int) -> Act:
        approves = self._dice.chance(0.75)

        def act(desk: Desk) -> After:
            decide = majors.approve if approves else majors.refuse
            order = decide(desk, claim_id, member.person)
            if not approves:
                return nothing
            return lambda: self._world.note(order, Did.FOUND_MAJOR, member.person)

        return act

    def _answer(self, person: Person, order_id: int) -> Act:
        def act(desk: Desk) -> After:
            order = majors.answer(desk, order_id, person, WORDS, WORDS, WORDS)
            return lambda: self._world.note(order, Did.ANSWERED, person)

        return act


def _call(home: Household) -> Call:
    return Call(
        centre_id=home.room.centre_id,
        place=home.room.room_no,
        name=home.line.name,
        phone=home.line.phone,
        room=home.room,
        person_id=home.person.id if home.person else None,
    )
