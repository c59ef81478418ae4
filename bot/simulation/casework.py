"""How cases are looked after: taken, corrected, the customer called, explained, verified."""

from __future__ import annotations

from collections.abc import Callable

from bot.simulation.centre import Member
from bot.simulation.world import Act, After, Letter, World, nothing
from services import cases
from services.desk import Desk
from storage.records import Case, Role

WORKERS = {Role.CS, Role.CONTROL, Role.SUPERVISOR, Role.HEAD}
VERIFIERS = {Role.SUPERVISOR, Role.HEAD, Role.BUSINESS}
NOBODY_DID = ("case-untouched", "case-uncorrected", "case-overdue")
WORDS = "…"

Doing = Callable[[Member, int], Act]
"""What a member means to do about a case, by its id."""


class Casework:
    """What the desk, their superiors and the business department do about cases."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._dice = world.luck.of("cases")
        world.readers.append(self.read)

    def read(self, letter: Letter) -> None:
        """Somebody looks at a message about a case."""
        member = self._world.member(letter.person_id)
        if member is None:
            return
        offered, roles = letter.args_of("case.take"), set(member.roles)
        if offered is not None and roles & WORKERS:
            often = 0.9 if Role.CS in roles else 0.1
            if self._dice.chance(0.8 if letter.key in NOBODY_DID else often):
                self._later(member, "case", int(offered[0]), 25.0, self._take)
        waits = letter.args_of("case.show")
        if waits is not None and roles & VERIFIERS and self._dice.chance(0.8):
            self._later(member, "verify", int(waits[0]), 400.0, self._verify)

    def _later(self, member: Member, topic: str, case_id: int, minutes: float, act: Doing) -> None:
        """A little later, or a little after they come to work; once they mean to, they do."""
        world, topic = self._world, f"{topic}:{case_id}"
        if not world.means_to(member.person.id, topic):
            wait = member.next_at_work(world.now) - world.now
            after = wait + self._dice.about(minutes, 1.0)
            world.intend(member.person, topic, after, act(member, case_id))

    def _take(self, member: Member, case_id: int) -> Act:
        def act(desk: Desk) -> After:
            cases.take(desk, case_id, member.person)
            return lambda: self._taken(member, case_id)

        return act

    def _taken(self, member: Member, case_id: int) -> None:
        if self._dice.chance(0.95):
            self._later(member, "correct", case_id, 240.0, self._correct)

    def _correct(self, member: Member, case_id: int) -> Act:
        disposition = self._dice.choice(cases.DISPOSITIONS)

        def act(desk: Desk) -> After:
            case = cases.correct(desk, case_id, member.person, disposition, WORDS)
            return lambda: self._corrected(member, case)

        return act

    def _corrected(self, member: Member, case: Case) -> None:
        if case.customer_told_at is None:
            self._later(member, "tell", case.id, 60.0, self._call)
        if case.action_due is not None and self._dice.chance(0.9):
            self._later(member, "act", case.id, 300.0, self._explain)

    def _call(self, member: Member, case_id: int) -> Act:
        is_settled = self._dice.pick(((True, 70), (False, 4), (None, 26)))

        def act(desk: Desk) -> After:
            cases.told(desk, case_id, member.person, is_settled=is_settled)
            return nothing

        return act

    def _explain(self, member: Member, case_id: int) -> Act:
        def act(desk: Desk) -> After:
            cases.act(desk, case_id, member.person, WORDS, WORDS)
            return nothing

        return act

    def _verify(self, member: Member, case_id: int) -> Act:
        helped = self._dice.chance(0.93)

        def act(desk: Desk) -> After:
            card = cases.show(desk, case_id, member.person)
            if not any(one.name == "case.verify" for row in card.rows for one in row):
                return nothing
            if helped:
                cases.verify(desk, case_id, member.person)
            else:
                cases.fail(desk, case_id, member.person, WORDS)
            return nothing

        return act
